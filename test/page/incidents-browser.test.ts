// Aim: the pages of incidents as a browser shows and prints them: accessible in both themes and languages, on a phone and on
// paper, without script, without complaints. Method: a real Chromium on pages served from fixtures over loopback; axe judges.

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { ALL, PLACES, readerOf } from "./incident-world.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";
import * as slaFixtures from "./sla-fixtures.ts";
import { contractOf, readerOf as slaReaderOf } from "./sla-world.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;

/** The list, one that is resolved with all there is, one that is open, one that was merged, a hostile one. */
const PATHS = ["/incidents", ...[8, 9, 7, 2].map((number) => `/incidents/rtm-${number}`)];

let browser: Browser | undefined;
let served: Served | undefined;

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  served = await serve(async () => frontRow([healthy()]), {
    incidents: readerOf(ALL),
    places: PLACES,
    contracts: [contractOf(slaFixtures.kept())],
    sla: slaReaderOf([]),
  });
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const open = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<Seen<T>> =>
  visit(browser, `${served?.url ?? ""}${path}`, options, look);

describe.skipIf(!HAS_CHROMIUM)("accessible to all", () => {
  const looks = [
    { language: "en", colorScheme: "light", viewport: DESKTOP },
    { language: "zh", colorScheme: "dark", viewport: PHONE },
    { language: "en", colorScheme: "dark", viewport: DESKTOP },
    { language: "zh", colorScheme: "light", viewport: PHONE },
  ] as const;
  // The list and the fullest page in all four looks; the others in two that differ in everything.
  const cases = PATHS.flatMap((path, i) => looks.slice(0, i < 2 ? 4 : 2).map((look) => ({ path, ...look })));

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
              .filter((e) => e.closest("svg, pre, .hidden, thead") === null && e.getBoundingClientRect().right > 361)
              .map((e) => e.outerHTML.slice(0, 80)),
          })`),
        );
        expect(seen).toEqual({ scroll: 360, wide: [] });
      }
    },
    SLOW_MS,
  );

  it(
    "the measured and the published beside each other on a desk, one after the other on a phone",
    async () => {
      const boxes = async (viewport: { width: number; height: number }) =>
        (
          await open("/en/incidents/rtm-8", { viewport }, (page) =>
            page.evaluate<readonly number[]>(
              '[...document.querySelectorAll(".iboth > section")].flatMap((e) => { const r = e.getBoundingClientRect(); return [Math.round(r.left), Math.round(r.top)]; })',
            ),
          )
        ).seen;
      const [left = 0, top = 0, right = 0, beside = 0] = await boxes(DESKTOP);
      expect([right > left, top === beside]).toEqual([true, true]);
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = await boxes(PHONE);
      expect([x1 === x2, y2 > y1]).toEqual([true, true]);
    },
    SLOW_MS,
  );

  test.each([
    ["/en/incidents/rtm-8", 2],
    ["/zh/incidents/rtm-9", 1],
    ["/zh/incidents", 2],
  ])(
    "%s onto at most %i sheets of A4, with nothing cut off",
    async (path, most) => {
      const { seen } = await open(path, { viewport: { width: 703, height: 1040 } }, async (page) => {
        const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
        await page.emulateMedia({ media: "print" });
        const wide = await page.evaluate<readonly string[]>(
          `[...document.querySelectorAll("main *")]
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

describe.skipIf(!HAS_CHROMIUM)("on paper", () => {
  test.each(PATHS.slice(0, 4))(
    "%s has the same colours whether the screen is dark or light",
    async (path) => {
      const colours = async (colorScheme: "light" | "dark") =>
        open(`/en${path}`, { colorScheme, viewport: DESKTOP }, async (page) => {
          await page.emulateMedia({ media: "print", colorScheme });
          return page.evaluate<readonly string[]>(`[...document.querySelectorAll("html, body, body *")].map((e) => {
            const style = getComputedStyle(e);
            return [e.tagName, style.color, style.backgroundColor, style.fill, style.stroke, style.borderTopColor].join(" ");
          })`);
        });
      const [light, dark] = [(await colours("light")).seen, (await colours("dark")).seen];
      expect(light.length).toBeGreaterThan(50);
      expect(dark.filter((each, i) => each !== light[i])).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("the header of a phone", () => {
  test.each(["/en", "/zh", "/en/incidents", "/zh/incidents/rtm-8"])(
    "%s breaks no word from 320 to 390 pixels, with the ways to incidents and to reports",
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
      expect(seen).toEqual({ found: Array.from({ length: 8 }, () => []), links: 5 });
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("without script", () => {
  it(
    "is reached by keyboard: from the front page to the list, to a global one, to what it absorbed and back",
    async () => {
      const { seen, complaints } = await open("/en", { viewport: DESKTOP }, async (page) => {
        for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
        for (const next of ["/en/incidents", "/en/incidents/rtm-8", "/en/incidents/rtm-7", "/en/incidents/rtm-8"]) {
          // The first is where three tabs lead; the others are looked for, since there are dozens of stops.
          if (next !== "/en/incidents") await page.locator(`main a[href="${next}"]`).first().focus();
          await Promise.all([page.waitForURL(`**${next}`), page.keyboard.press("Enter")]);
        }
        return page.evaluate<string>("location.pathname");
      });
      expect([seen, complaints]).toEqual(["/en/incidents/rtm-8", []]);
    },
    SLOW_MS,
  );

  it(
    "the timeline is a table for a phone's screen reader too, where its rows are laid out as blocks",
    async () => {
      const { seen } = await open(
        "/en/incidents/rtm-9",
        { javaScriptEnabled: false, viewport: PHONE },
        async (page) => {
          const table = page.getByRole("table", { name: "Timeline" });
          return [await table.getByRole("columnheader").count(), await table.getByRole("row").count()];
        },
      );
      expect(seen).toEqual([3, 9]);
    },
    SLOW_MS,
  );

  it(
    "is styled: the policy lets both stylesheets in",
    async () => {
      const { seen } = await open("/en/incidents/rtm-8", { viewport: DESKTOP }, (page) =>
        page.evaluate<unknown>(
          '[".hero", ".ibox"].map((each) => getComputedStyle(document.querySelector(each)).borderRadius)',
        ),
      );
      expect(seen).toEqual(["14px", "12px"]);
    },
    SLOW_MS,
  );
});
