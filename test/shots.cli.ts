// Pictures of a running page, to look at: `node test/shots.cli.ts <url> <outDir> [path]`. Light and dark, phone and
// desktop, English and Chinese, and the printed page as PDF. Judges nothing; run by people.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function main(url: string, outDir: string, path: string): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ARGS,
  });
  try {
    for (const language of ["en", "zh"]) {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const [size, viewport] of Object.entries(SIZES)) {
          const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5 });
          await page.goto(`${url}/${language}${path}`);
          await page.screenshot({ path: join(outDir, `${language}-${colorScheme}-${size}.png`), fullPage: true });
          await page.close();
        }
      }
      const page = await browser.newPage();
      await page.goto(`${url}/${language}${path}`);
      await page.pdf({ path: join(outDir, `${language}-print.pdf`), preferCSSPageSize: true, printBackground: true });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

const [url, outDir, path = ""] = process.argv.slice(2);
if (url === undefined || outDir === undefined) {
  console.error("usage: node test/shots.cli.ts <url> <outDir> [/targets/<target>]");
  process.exitCode = 2;
} else {
  await main(url.replace(/\/$/, ""), outDir, path);
}
