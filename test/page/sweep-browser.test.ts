// Aim: every kind of public page is fit to be seen in every look: both languages, light and dark, phone and desk, with and without
// script, enlarged, by keyboard and on paper. Method: a real Chromium on the whole page over loopback, each page loaded once per
// language; axe judges, the page measures itself, and each link that was seen is followed once.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, axe, launchChromium, visit } from "../chromium.ts";
import { EVERY_PAGE, serveSites } from "./every-page.ts";
import type { PageKind, Sites } from "./every-page.ts";

// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** A4 less its margins. */
const PAPER = { width: 710, height: 1055 };
/** A folder for pictures: `npm run shots` sets it. */
const SHOTS = process.env["SONDE_SHOTS"] ?? null;
/** The header is everybody's; these have a first stop of another kind behind it. */
const TABBED = new Set(["front", "day", "incident-over", "sla-breached", "method", "subscribe"]);
// Not the page's own zone, so that the script has something to add.
const timezoneId = "Asia/Tokyo";

let browser: Browser | undefined;
let sites: Sites | undefined;
/** Addresses of our own origin that were seen, by the page that has them. */
const links = new Map<string, string>();

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  if (SHOTS !== null) mkdirSync(SHOTS, { recursive: true });
  [browser, sites] = await Promise.all([launchChromium(), serveSites()]);
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  await sites?.close();
});

/** Raw history and a first incident are not in these sites, though pages lead there. */
const ABSENT = /^\/api\/v1\/(series|incidents\/)|incidents\/rtm-1$/;

// What runs inside the page is given as text: this project has the types of Workers, not of the DOM.

/** What sticks out of the screen, is cut off, or is a way whose words are broken. What scrolls by itself may be wider than its frame. */
const FIT = `(() => {
  const names = (all) => all.slice(0, 3).map((e) => e.outerHTML.slice(0, 90));
  const style = (e) => getComputedStyle(e);
  const framed = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (style(p).overflowX !== "visible") return true; return false; };
  const all = [...document.querySelectorAll("header *, main, main *, footer *")].filter((e) =>
    !e.closest("svg, .hidden, #tip, details:not([open]) > :not(summary)") && e.getClientRects().length > 0 && !(e.closest("thead") && style(e.closest("thead")).clipPath !== "none"));
  const lines = (link) => { const range = document.createRange(); range.selectNodeContents(link.lastChild); return range.getClientRects().length; };
  return {
    broken: names([...document.querySelectorAll(".top a")].filter((link) => lines(link) > 1)),
    wider: document.documentElement.scrollWidth - innerWidth,
    wide: names(all.filter((e) => (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1) && !framed(e))),
    cut: names(all.filter((e) => ["hidden", "clip"].includes(style(e).overflowX) && !e.matches(".bars") && e.scrollWidth > e.clientWidth + 1)),
  };
})()`;
const FITS = { broken: [], wider: 0, wide: [], cut: [] };

/** What the document is made of. */
const BUILT = `(() => {
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((e) => Number(e.tagName[1]));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const own = [...document.querySelectorAll("a[href], link[href]")].map((e) => e.getAttribute("href"));
  return {
    lang: document.documentElement.lang,
    tops: levels.filter((level) => level === 1).length,
    skipped: levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1),
    twice: ids.filter((id, i) => ids.indexOf(id) !== i),
    lost: own.filter((href) => href.startsWith("#") && !document.getElementById(decodeURIComponent(href.slice(1)))),
    odd: /undefined|NaN|\\[object /.exec(document.body.innerText)?.[0] ?? null,
    links: own.filter((href) => !href.startsWith("#") && !href.startsWith("data:")),
  };
})()`;

/** What moved by itself since the page was asked for, and how much. Below a thousandth it is a busy machine that painted half a line of the header. */
const SHIFTED = `new Promise((done) => {
  const all = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) if (value >= 0.001) all.push(value + ": " + sources.map(({ node }) => node?.outerHTML?.slice(0, 90)).join(" "));
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(all), 30));
})`;

/** All that is written in it. */
const SAID = '(document.querySelector("main") ?? document.body).textContent';

/** Of everything, on paper. */
const COLOURS = `[...document.querySelectorAll("html, body, body *")].map((e) => {
  const style = getComputedStyle(e);
  return [e.tagName, e.className.baseVal ?? e.className, style.color, style.backgroundColor, style.fill, style.stroke, style.borderTopColor].join(" ");
})`;

interface Built {
  readonly lang: string;
  readonly links: readonly string[];
}

/** Judges the page as it was loaded: what it is made of, whether it moved, whether axe likes it with its first detail open. */
async function judge(page: Page, { site, path, name }: PageKind, lang: string): Promise<void> {
  const shifted = await page.evaluate<readonly string[]>(SHIFTED);
  const { links: seen, ...built } = await page.evaluate<Built>(BUILT);
  expect.soft([shifted, built]).toEqual([[], { lang, tops: 1, skipped: [], twice: [], lost: [], odd: null }]);
  for (const href of seen) {
    const origin = sites?.of(site) ?? "";
    const url = new URL(href.replace("https://status.example", origin), `${origin}${path}`);
    if (url.origin === origin && site === "well" && !ABSENT.test(url.pathname))
      links.set(`${url.origin}${url.pathname}${url.search}`, name);
  }
  expect.soft(await page.evaluate(FIT)).toEqual(FITS);
  await page.evaluate('document.querySelector("details")?.setAttribute("open", "")');
  // The widget has no script, so it can only ask for itself anew; it has nothing to lose one's place in.
  const { violations, passes } = await axe(page, path.endsWith("/widget") ? ["meta-refresh"] : []);
  expect.soft(violations).toEqual([]);
  expect.soft(passes).toBeGreaterThan(10);
}

/** `textPercent`: as a visitor sets it in the browser's own settings. */
async function fits(page: Page, widths: readonly number[], textPercent = 100): Promise<void> {
  if (textPercent !== 100) {
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setFontSizes", { fontSizes: { standard: 0.16 * textPercent } });
    expect(await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")).toBe(
      0.16 * textPercent,
    );
  }
  for (const width of widths) {
    await page.setViewportSize({ width, height: 740 });
    expect.soft([width, textPercent, await page.evaluate(FIT)]).toEqual([width, textPercent, FITS]);
  }
}

/** A stop of the keyboard: in which part it is, and whether it is on the screen with an outline around it. */
const STOP = `(() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const part = e.closest(".skip, .brand, .ways, .langs, main")?.className.split(" ")[0] ?? e.tagName;
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && box.height > 10 && box.top >= 0 && box.bottom <= innerHeight;
  return { part, seen };
})()`;

/** From the top to the first stop in the content. */
async function tabs(page: Page): Promise<void> {
  const parts: string[] = [];
  for (let i = 0; i < 20 && parts.at(-1) !== "wrap"; i++) {
    await page.keyboard.press("Tab");
    const { part, seen } = await page.evaluate<{ readonly part: string; readonly seen: boolean }>(STOP);
    expect.soft([part, seen]).toEqual([part, true]);
    if (parts.at(-1) !== part) parts.push(part);
  }
  expect.soft(parts).toEqual(["skip", "brand", "ways", "langs", "wrap"]);
}

const shoot = async (page: Page, name: string): Promise<void> => {
  if (SHOTS !== null) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
};

const addressOf = ({ site, path }: PageKind, language: string): string => `${sites?.of(site) ?? ""}/${language}${path}`;

type Look = readonly [language: "en" | "zh", colorScheme: "light" | "dark", size: "desktop" | "phone"];

/** Loads the page in this look and judges it; then in the sizes and with the text that others have. Says what stands in it. */
async function inLook(kind: PageKind, [language, colorScheme, size]: Look): Promise<string> {
  const { name, status } = kind;
  const options = { timezoneId, colorScheme, viewport: size === "phone" ? PHONE : DESK };
  const expected = status === 200 ? /^$/ : new RegExp(`status of ${status}`);
  const work = async (page: Page): Promise<string> => {
    await judge(page, kind, language === "en" ? "en" : "zh-Hans");
    if (size === "desktop" && TABBED.has(name)) await tabs(page);
    await shoot(page, `${name}-${language}-${colorScheme}-${size}`);
    await fits(page, [320, 820]);
    if (SHOTS !== null) {
      const other = size === "phone" ? "desktop" : "phone";
      await page.setViewportSize(other === "phone" ? PHONE : DESK);
      await shoot(page, `${name}-${language}-${colorScheme}-${other}`);
    }
    await fits(page, [1280, 640], 200);
    return page.evaluate<string>(SAID);
  };
  const { seen, complaints } = await visit(browser, addressOf(kind, language), options, work, { expected });
  expect.soft(complaints).toEqual([]);
  return seen;
}

/** Each kind in two looks that differ in everything, and without script; another state of it in one, by turns. */
async function sweep(kind: PageKind): Promise<void> {
  const isOdd = EVERY_PAGE.indexOf(kind) % 2 === 1;
  if (!kind.again || isOdd) await inLook(kind, ["en", "light", "desktop"]);
  if (kind.again && isOdd) return;
  const seen = await inLook(kind, ["zh", "dark", "phone"]);
  if (kind.again) return;
  const expected = kind.status === 200 ? /^$/ : new RegExp(`status of ${kind.status}`);
  const options = { javaScriptEnabled: false, viewport: PHONE };
  const without = await visit(browser, addressOf(kind, "zh"), options, (page) => page.evaluate<string>(SAID), {
    expected,
  });
  expect.soft(without.complaints).toEqual([]);
  expect.soft([without.seen.length > 20, without.seen === seen]).toEqual([true, true]);
}

async function print(kind: PageKind, language: string, sheets: number): Promise<void> {
  await visit(browser, addressOf(kind, language), { viewport: PAPER }, async (page) => {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const found = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect.soft(Math.max(sheets, found.length), `sheets in ${language}`).toBe(sheets);
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    expect.soft(await page.evaluate(FIT), language).toEqual(FITS);
    const light = await page.evaluate<readonly string[]>(COLOURS);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const dark = await page.evaluate<readonly string[]>(COLOURS);
    expect(light.length).toBeGreaterThan(50);
    expect.soft(dark.filter((each, i) => each !== light[i])).toEqual([]);
  });
}

describe.skipIf(!HAS_CHROMIUM)("every kind of page", () => {
  test.each(EVERY_PAGE)("$name", sweep, SLOW_MS);

  it(
    "leads nowhere that is not there",
    async () => {
      const found = await Promise.all(
        [...links].map(async ([url, name]) => {
          const { status } = await fetch(url, { method: "HEAD" });
          return status < 400 ? [] : [`${status} ${url.replace(/^.*?\/\/[^/]+/, "")} on ${name}`];
        }),
      );
      console.log(`${links.size} addresses followed`);
      expect(found.flat()).toEqual([]);
      expect(links.size).toBeGreaterThan(120);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("on paper", () => {
  const papers = [
    ["front", 1],
    ["front-trouble", 1],
    ["front-young", 1],
    ["sla", 3],
    ["sla-kept", 2],
    ["sla-breached", 5],
    ["incident-over", 2],
    ["incident-open", 1],
    ["region", 6],
    ["method", 5],
    ["fleet", 2],
  ] as const;
  test.each(papers)(
    "%s: at most %i sheets of A4, nothing cut off, the same colours from a dark screen",
    async (name, sheets) => {
      for (const kind of EVERY_PAGE.filter((each) => each.name === name)) {
        for (const language of ["en", "zh"]) await print(kind, language, sheets);
      }
      expect.assertions(8);
    },
    SLOW_MS,
  );
});
