// The system's Chromium, for tests and pictures: headless, and silent towards the network beyond loopback.

import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

/** False where `npm test` has said that there is none, and that its tests are left out. */
export const HAS_CHROMIUM = !(process.env["SONDE_SKIP"] ?? "").split(",").includes("chromium");

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Rejects with the browser's own words. CHROMIUM names another program. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ARGS });
}
