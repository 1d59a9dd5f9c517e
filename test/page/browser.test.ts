// Aim: the page as a browser shows it: accessible in both themes and languages, on a phone and on paper, without
// script, without complaints. Method: a real Chromium on the page served from fixtures over loopback; axe judges.

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import type { FrontRow } from "../../status-page/front.ts";
import { HAS_CHROMIUM, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import * as fixtures from "./fixtures.ts";
import { frontRow, healthy, many } from "./fixtures.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;

const PAGES = {
  healthy: () => frontRow([healthy()]),
  mixed: () => frontRow([fixtures.mixed()]),
  journeys: () => frontRow([fixtures.withJourneys()]),
  first: () => frontRow([fixtures.firstSeconds()]),
  young: () => frontRow([fixtures.young()]),
  many: () => frontRow(many(100)),
  hostile: () => frontRow([fixtures.hostile()]),
  empty: () => null,
} as const satisfies Record<string, () => FrontRow | null>;
type PageName = keyof typeof PAGES;

// What runs inside the page is given as text: this project has the types of Workers, not of the DOM.
let browser: Browser | undefined;
const served = new Map<string, Served>();

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  for (const [name, row] of Object.entries(PAGES)) served.set(name, await serve(async () => row()));
  served.set("unreadable", await serve(() => Promise.reject(new Error("away"))));
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  for (const each of served.values()) await each.close();
});

/** Opens a page and hands it over together with everything the browser complained about. */
const open = <T>(
  name: PageName | "unreadable",
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<Seen<T>> => visit(browser, `${served.get(name)?.url ?? ""}${path}`, options, look);

describe.skipIf(!HAS_CHROMIUM)("accessible to all", () => {
  const looks = (["en", "zh"] as const).flatMap((language) =>
    (["light", "dark"] as const).flatMap((colorScheme) =>
      (
        [
          ["phone", PHONE],
          ["desktop", DESKTOP],
        ] as const
      ).map(([size, viewport]) => ({ language, colorScheme, size, viewport })),
    ),
  );
  // The healthy page in all eight looks; the others in two that differ in everything, since axe takes seconds for each.
  const cases = (["healthy", "mixed", "journeys", "first", "many", "empty", "unreadable"] as const).flatMap((name) =>
    looks.filter((_, i) => name === "healthy" || i === 1 || i === 6).map((look) => ({ name, ...look })),
  );

  test.each(cases)(
    "$name, $language, $colorScheme, $size",
    async ({ name, language, colorScheme, viewport }) => {
      const { seen, complaints } = await open(name, `/${language}`, { colorScheme, viewport }, async (page) => {
        // Closed details hide their content from axe: the first is opened.
        await page
          .locator("summary")
          .first()
          .click({ timeout: 500 })
          .catch(() => undefined);
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        return { violations: violations.map((v) => `${v.id}: ${v.nodes[0]?.html ?? ""}`), passes: passes.length };
      });
      expect(seen.violations).toEqual([]);
      expect(seen.passes).toBeGreaterThan(10);
      // The browser reports the status of the unreadable page itself.
      expect(complaints.filter((c) => name !== "unreadable" || !c.includes("503"))).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("fits", () => {
  test.each(Object.keys(PAGES) as PageName[])(
    "%s into 360 pixels, in both languages",
    async (name) => {
      for (const language of ["en", "zh"]) {
        const { seen } = await open(name, `/${language}`, { viewport: { width: 360, height: 740 } }, (page) =>
          page.evaluate<unknown>(`({
            scroll: document.documentElement.scrollWidth,
            wide: [...document.querySelectorAll("main *")]
              .filter((e) => e.closest("svg") === null && e.getBoundingClientRect().right > 361)
              .map((e) => e.outerHTML.slice(0, 80)),
          })`),
        );
        expect(seen).toEqual({ scroll: 360, wide: [] });
      }
    },
    SLOW_MS,
  );

  it.each(["en", "zh"])(
    "two sheets of A4, in %s",
    async (language) => {
      const { seen } = await open("healthy", `/${language}`, {}, (page) =>
        page.pdf({ preferCSSPageSize: true, printBackground: true }),
      );
      const pages = seen.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
      expect(pages.length).toBeGreaterThan(0);
      expect(pages.length).toBeLessThanOrEqual(2);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("without script", () => {
  it(
    "says everything, and the days open",
    async () => {
      const { seen, complaints } = await open(
        "healthy",
        "/en",
        { javaScriptEnabled: false, viewport: DESKTOP },
        async (page) => {
          const title = await page.title();
          const heading = await page.locator("h1").innerText();
          const bars = await page.getByRole("img").first().getAttribute("aria-label");
          await page.locator("summary").first().click();
          const row = await page
            .getByRole("row", { name: /2026-11-20/ })
            .first()
            .innerText();
          const figures = await page.getByRole("table", { name: "Figures of Western Europe" }).getByRole("row").count();
          return { title, heading, bars, row, figures };
        },
      );
      expect(seen.heading).toBe("All 7 regions measured and operational");
      expect(seen.title).toBe("All 7 regions measured and operational · Sonde");
      expect(seen.bars?.replaceAll("\u00a0", " ")).toBe(
        "90 days: 89 with data, 1 without; lowest 70.83 % on 2026-09-22",
      );
      expect(seen.row.replaceAll("\u00a0", " ")).toMatch(/2026-11-20\s+99.30 %\s+100 %\s+10 min down/);
      expect(seen.figures).toBe(5);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    "is a table for a phone's screen reader too, where its rows are laid out as grids",
    async () => {
      const { seen } = await open("healthy", "/en", { viewport: PHONE }, (page) =>
        page.getByRole("table", { name: "Figures of Western Europe" }).getByRole("rowheader").allInnerTexts(),
      );
      expect(seen).toEqual(["Availability", "Delivered", "Round trip", "Connecting"]);
    },
    SLOW_MS,
  );

  it(
    "is reached by keyboard: skip link, languages, regions",
    async () => {
      const { seen } = await open("healthy", "/en", { viewport: DESKTOP }, async (page) => {
        const stops: string[] = [];
        for (let i = 0; i < 5; i++) {
          await page.keyboard.press("Tab");
          stops.push(await page.evaluate<string>("document.activeElement.textContent.trim().slice(0, 21)"));
        }
        return stops;
      });
      expect(seen).toEqual(["Skip to the figures", "Sonde", "English", "中文", "Western North America"]);
    },
    SLOW_MS,
  );

  it(
    "is styled: the policy lets its own stylesheet in",
    async () => {
      const { seen } = await open("healthy", "/en", { viewport: DESKTOP }, (page) =>
        page.evaluate<string>('getComputedStyle(document.querySelector(".hero")).borderRadius'),
      );
      expect(seen).toBe("14px");
    },
    SLOW_MS,
  );
});
