// Pictures of the page, to look at (`npm run shots -- --help`): every kind of page from the fixtures, as the sweep in a real browser sees
// them, or one page of a running fleet; light and dark, phone and desktop, both languages. Judges nothing itself; run by people.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { launchChromium } from "./chromium.ts";

const ROOT = join(import.meta.dirname, "..");
const SHOTS = join(ROOT, ".sonde/shots");
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;

/** Every kind of page, with its name, language, theme and size as the name of the file. The status is that of the sweep. */
function every(outDir: string): number {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--project", "browsers", "test/page/sweep-browser.test.ts"];
  const env = { ...process.env, SONDE_SHOTS: resolve(outDir) };
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: "inherit" });
  console.log(`pictures are in ${outDir}`);
  return status ?? 1;
}

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

async function one(url: string, outDir: string, path: string): Promise<void> {
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

const HELP = `npm run shots                              every kind of page, from fixtures, into .sonde/shots
npm run shots -- <folder>                  the same, elsewhere
npm run shots -- <url> <folder> [/path]    one page of a running fleet
npm run shots -- --readme [<url>]          docs/screenshot.png, the picture in the README, of a running fleet (port 8787)`;

const [first = SHOTS, second, path = ""] = process.argv.slice(2);
if (first === "--help") console.log(HELP);
else if (first === "--readme") await readme(second ?? "http://127.0.0.1:8787", join(ROOT, "docs/screenshot.png"));
else if (/^https?:/.test(first)) await one(first.replace(/\/$/, ""), second ?? SHOTS, path);
else process.exitCode = every(first);
