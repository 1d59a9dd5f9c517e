// Aim: the SLA pages as a browser shows and prints them: accessible in both themes and languages, on a phone and on paper,
// without script, without complaints. Method: a real Chromium on pages served from fixtures over loopback; axe judges.

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";
import * as fixtures from "./sla-fixtures.ts";
import { MONEY, as, contractOf, readerOf, stored } from "./sla-world.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;

const REPORTS = [
  as(fixtures.kept(), "kept"),
  as(fixtures.breached(), "breached", "access"),
  as(fixtures.openMonth(), "open"),
  as(fixtures.combined(), "combined"),
  as(fixtures.nothingMeasured(), "nothing"),
  as(fixtures.hostileReport(), "hostile"),
];
const PATHS = ["/sla", ...REPORTS.map((one) => `/sla/${one.contract.id}`)];

let browser: Browser | undefined;
let served: Served | undefined;

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  served = await serve(async () => frontRow([healthy()]), {
    contracts: [...REPORTS.map(contractOf), { ...contractOf(fixtures.kept()), id: "new" }],
    sla: readerOf(REPORTS.map((one) => stored(one, MONEY))),
    guard: () => Promise.resolve({ ok: true, who: "lin@example.com" }),
  });
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

/** Opens a page and hands it over together with everything the browser complained about. */
const open = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<Seen<T>> =>
  visit(browser, `${served?.url ?? ""}${path}`, options, look);

describe.skipIf(!HAS_CHROMIUM)("accessible to all", () => {
  const looks = [
    { language: "en", colorScheme: "light", viewport: DESKTOP },
    { language: "zh", colorScheme: "dark", viewport: PHONE },
    { language: "en", colorScheme: "dark", viewport: DESKTOP },
    { language: "zh", colorScheme: "light", viewport: PHONE },
  ] as const;
  // The fullest page in all four looks; the others in two that differ in everything, since axe takes seconds for each.
  const cases = [...PATHS, "/sla/new"].flatMap((path) =>
    looks.slice(0, path === "/sla/breached" ? 4 : 2).map((look) => ({ path, ...look })),
  );

  test.each(cases)(
    "$path, $language, $colorScheme, $viewport.width",
    async ({ path, language, colorScheme, viewport }) => {
      const { seen, complaints } = await open(`/${language}${path}`, { colorScheme, viewport }, async (page) => {
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        return { violations: violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ""}`), passes: passes.length };
      });
      expect(seen.violations).toEqual([]);
      expect(seen.passes).toBeGreaterThan(10);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("fits", () => {
  test.each(PATHS)(
    "%s into 360 pixels, in both languages",
    async (path) => {
      for (const language of ["en", "zh"]) {
        const { seen } = await open(`/${language}${path}`, { viewport: { width: 360, height: 740 } }, (page) =>
          page.evaluate<unknown>(`({
            scroll: document.documentElement.scrollWidth,
            wide: [...document.querySelectorAll("main *")]
              .filter((e) => e.closest("svg, .slist") === null && e.getBoundingClientRect().right > 361)
              .map((e) => e.outerHTML.slice(0, 80)),
          })`),
        );
        expect(seen).toEqual({ scroll: 360, wide: [] });
      }
    },
    SLOW_MS,
  );

  test.each([
    ["/en/sla/kept", 2],
    ["/zh/sla/kept", 2],
    ["/en/sla/breached", 5],
  ])(
    "%s onto at most %i sheets of A4, with nothing cut off",
    async (path, most) => {
      const { seen } = await open(path, { viewport: { width: 703, height: 1040 } }, async (page) => {
        const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
        await page.emulateMedia({ media: "print" });
        const wide = await page.evaluate<readonly string[]>(
          `[...document.querySelectorAll("main td, main th")]
            .filter((e) => e.getBoundingClientRect().right > 704).map((e) => e.outerHTML.slice(0, 80))`,
        );
        return { sheets: (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length, wide };
      });
      expect(seen.sheets).toBeGreaterThan(0);
      expect(seen.sheets).toBeLessThanOrEqual(most);
      expect(seen.wide).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("the header of a phone", () => {
  test.each(["/en", "/zh", "/en/sla", "/zh/sla", "/zh/sla/breached"])(
    "%s breaks no word from 320 to 390 pixels, and fits",
    async (path) => {
      const { seen } = await open(path, { viewport: { width: 390, height: 740 } }, async (page) => {
        const found: unknown[] = [];
        for (let width = 320; width <= 390; width += 10) {
          await page.setViewportSize({ width, height: 740 });
          found.push(
            await page.evaluate<unknown>(`[...document.querySelectorAll("header a")].filter((link) => {
              const range = document.createRange();
              range.selectNodeContents(link.lastChild);
              return range.getClientRects().length !== 1 || link.getBoundingClientRect().right > ${width};
            }).map((link) => link.textContent)`),
          );
        }
        return { found, links: await page.locator("header a").count() };
      });
      expect(seen).toEqual({ found: Array.from({ length: 8 }, () => []), links: 4 });
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("on paper", () => {
  test.each(["/en", "/zh", "/en/sla", "/en/sla/kept", "/en/sla/breached", "/en/sla/open", "/zh/sla/nothing"])(
    "%s has the same colours whether the screen is dark or light",
    async (path) => {
      const colours = async (colorScheme: "light" | "dark") =>
        open(path, { colorScheme, viewport: DESKTOP }, async (page) => {
          await page.emulateMedia({ media: "print", colorScheme });
          return page.evaluate<readonly string[]>(`[...document.querySelectorAll("html, body, body *")].map((e) => {
            const style = getComputedStyle(e);
            return [e.tagName, e.className.baseVal ?? e.className, style.color, style.backgroundColor, style.fill, style.stroke, style.borderTopColor].join(" ");
          })`);
        });
      const [light, dark] = [(await colours("light")).seen, (await colours("dark")).seen];
      expect(light.length).toBeGreaterThan(50);
      expect(dark.filter((each, i) => each !== light[i])).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("without script", () => {
  it(
    "is a table for a phone's screen reader too, where its rows are laid out as blocks",
    async () => {
      const options = { javaScriptEnabled: false, viewport: PHONE };
      const { seen, complaints } = await open("/en/sla/kept", options, async (page) => {
        const table = page.getByRole("table", { name: "Objectives: Western Europe" });
        const columns = await table.getByRole("columnheader").allInnerTexts();
        const rows = await table.getByRole("rowheader").allInnerTexts();
        return { columns: columns.length, rows: rows.map((text) => text.split("\n")[0]) };
      });
      expect(seen).toEqual({
        columns: 6,
        rows: ["Availability", "Delivery", "P99 delivery time\u00a0≤\u00a0200\u00a0ms"].map((t) =>
          t.replace("time\u00a0", "time "),
        ),
      });
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    "is reached by keyboard: from the front page to the list, to a report, to its region",
    async () => {
      const { seen } = await open("/en", { viewport: DESKTOP }, async (page) => {
        for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
        for (const next of ["/en/sla", "/en/sla/breached", "/en/sla/breached#s0-weur"]) {
          // The first is where three tabs lead; the others are looked for, since there are dozens of stops.
          if (next !== "/en/sla") await page.locator(`a[href="${next.replace(/^.*#/, "#")}"]`).focus();
          await Promise.all([page.waitForURL(`**${next}`), page.keyboard.press("Enter")]);
        }
        return page.evaluate<string>("location.pathname + location.hash");
      });
      expect(seen).toBe("/en/sla/breached#s0-weur");
    },
    SLOW_MS,
  );

  it(
    "is styled: the policy lets both stylesheets in",
    async () => {
      const { seen } = await open("/en/sla/kept", { viewport: DESKTOP }, (page) =>
        page.evaluate<unknown>(
          '[".hero", ".sscope"].map((each) => getComputedStyle(document.querySelector(each)).borderRadius)',
        ),
      );
      expect(seen).toEqual(["14px", "12px"]);
    },
    SLOW_MS,
  );
});
