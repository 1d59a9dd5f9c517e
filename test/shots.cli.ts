// Pictures of a running page, to look at (`npm run shots -- --help`): light and dark, phone and desktop, English and
// Chinese, and the printed page as PDF; and the one in the README. Judges nothing; run by people.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { launchChromium } from "./chromium.ts";

const ROOT = join(import.meta.dirname, "..");
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
/** The upper part of the page, as a visitor sees it. */
async function readme(url: string, path: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1180 }, deviceScaleFactor: 1 });
    await page.goto(`${url}/en`);
    await page.screenshot({ path });
    console.log(path);
  } finally {
    await browser.close();
  }
}

async function main(url: string, outDir: string, path: string): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const browser = await launchChromium();
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

const HELP = `npm run shots                              of the page on port 8787, into .sonde/shots
npm run shots -- <url> <folder> [/path]    of another page
npm run shots -- --readme [<url>]          docs/screenshot.png, the picture in the README`;

const [first = "http://127.0.0.1:8787", second, path = ""] = process.argv.slice(2);
if (first === "--help") console.log(HELP);
else if (first === "--readme") await readme(second ?? "http://127.0.0.1:8787", join(ROOT, "docs/screenshot.png"));
else await main(first.replace(/\/$/, ""), second ?? join(ROOT, ".sonde/shots"), path);
