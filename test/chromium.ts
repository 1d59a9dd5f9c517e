// The system's Chromium, for tests and pictures: headless, and silent towards the network beyond loopback.

import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

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

export interface Seen<T> {
  readonly seen: T;
  /** Everything the browser complained about. */
  readonly complaints: readonly string[];
}

/** Opens a page in a context of its own and hands it over. `expected`: what the console may say; `cookie`: one that is there before. */
export async function visit<T>(
  browser: Browser | undefined,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  { expected, cookie }: { readonly expected?: RegExp; readonly cookie?: string | undefined } = {},
): Promise<Seen<T>> {
  if (browser === undefined) throw new Error("no browser was started");
  const context = await browser.newContext(options);
  if (cookie !== undefined) await context.addCookies([{ name: cookie, value: "1", url: new URL(url).origin }]);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    // CSP violations arrive as console errors; so do missing files.
    page.on("console", (message) => {
      if (expected?.test(message.text()) !== true) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
    await page.goto(url);
    return { seen: await look(page), complaints };
  } finally {
    await context.close();
  }
}
