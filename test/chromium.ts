// The system's Chromium, for tests and pictures: headless, and silent towards the network beyond loopback; and axe, which judges a page
// as it stands. Contexts are kept per browser and look, since a new one costs more than a page. Asserts nothing itself.

import { createRequire } from "node:module";

import { chromium } from "playwright-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

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

const contexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

function contextOf(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const known = contexts.get(browser) ?? new Map<string, Promise<BrowserContext>>();
  contexts.set(browser, known);
  const look = JSON.stringify(options);
  const context = known.get(look) ?? browser.newContext(options);
  known.set(look, context);
  return context;
}

/** Opens a page and hands it over; visits with the same options share a context. `expected`: what the console may say; `cookie`: one that is there before, in a context of its own. */
export async function visit<T>(
  browser: Browser | undefined,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  { expected, cookie }: { readonly expected?: RegExp; readonly cookie?: string | undefined } = {},
): Promise<Seen<T>> {
  if (browser === undefined) throw new Error("no browser was started");
  const context = cookie === undefined ? await contextOf(browser, options) : await browser.newContext(options);
  if (cookie !== undefined) await context.addCookies([{ name: cookie, value: "1", url: new URL(url).origin }]);
  const complaints: string[] = [];
  const page = await context.newPage();
  try {
    // CSP violations arrive as console errors; so do missing files.
    page.on("console", (message) => {
      if (expected?.test(message.text()) !== true) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
    await page.goto(url);
    return { seen: await look(page), complaints };
  } finally {
    await (cookie === undefined ? page : context).close();
  }
}

/** The very axe that @axe-core/playwright brings. */
const { source: AXE } = createRequire(createRequire(import.meta.url).resolve("@axe-core/playwright"))("axe-core") as {
  readonly source: string;
};

export interface Judged {
  /** `rule: html of the first element`. */
  readonly violations: readonly string[];
  /** Rules that were kept by something. */
  readonly passes: number;
}

/**
 * All rules of axe, and the size of what is touched (WCAG 2.5.8), on the page as it stands, less those in `without`. Run in the page
 * itself, which has no frames: the package opens a second page for each judgement, and takes three times as long. What closed details
 * hide is not judged in any case; it is put aside meanwhile, since to find that out takes as long again.
 */
export async function axe(page: Page, without: readonly string[] = []): Promise<Judged> {
  await page.evaluate(AXE);
  const rules = {
    "target-size": { enabled: true },
    ...Object.fromEntries(without.map((id) => [id, { enabled: false }])),
  };
  return page.evaluate<Judged>(`(async () => {
    const aside = [...document.querySelectorAll("details:not([open]) > :not(summary)")].map((e) => {
      const mark = document.createComment("");
      e.replaceWith(mark);
      return () => mark.replaceWith(e);
    });
    const all = await axe.run(document, { resultTypes: ["violations"], rules: ${JSON.stringify(rules)} });
    for (const back of aside) back();
    return {
      violations: all.violations.map((each) => each.id + ": " + each.nodes.map((node) => node.html).slice(0, 3).join(" ")),
      passes: all.passes.length,
    };
  })()`);
}
