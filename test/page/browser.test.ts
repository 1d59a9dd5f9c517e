// Aim: what a visitor can do with the pages by keyboard, without script and with a screen reader on a phone; how they look is the
// sweep's. Method: a real Chromium on the whole page over loopback; roles and names as the browser computes them.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { serveSites } from "./every-page.ts";
import type { SiteName, Sites } from "./every-page.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;
const PLAIN = { javaScriptEnabled: false, viewport: PHONE };

let browser: Browser | undefined;
let sites: Sites | undefined;

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  [browser, sites] = await Promise.all([launchChromium(), serveSites()]);
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  await sites?.close();
});

/** Opens a page and hands it over together with everything the browser complained about. */
const open = <T>(
  site: SiteName,
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
): Promise<Seen<T>> => visit(browser, `${sites?.of(site) ?? ""}${path}`, options, look);

describe.skipIf(!HAS_CHROMIUM)("without script", () => {
  it(
    "the front page says everything, and leads to the days as a table",
    async () => {
      const { seen, complaints } = await open("well", "/en", PLAIN, async (page) => {
        const title = await page.title();
        const heading = await page.locator("h1").innerText();
        const bars = await page.getByRole("img").first().getAttribute("aria-label");
        await page.getByRole("link", { name: /Day by day.*Western Europe/ }).click();
        await page.locator("#days summary").click();
        const row = await page
          .locator("#days")
          .getByRole("row", { name: /2026-11-20/ })
          .innerText();
        return { title, heading, bars, row, where: new URL(page.url()).pathname };
      });
      expect(seen.heading).toBe("All 7 regions measured and operational");
      expect(seen.title).toBe("All 7 regions measured and operational · Sonde");
      expect(seen.bars?.replaceAll("\u00a0", " ")).toBe(
        "90 days: 89 with data, 1 without; lowest 70.83 % on 2026-09-22",
      );
      expect(seen.where).toBe("/en/targets/rtm/regions/weur");
      expect(seen.row.replaceAll("\u00a0", " ")).toMatch(/2026-11-20\s+99.37 %\s+1,440 of 1,440 min\s+9 min down/);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  // Rows are laid out as grids and blocks there, and some browsers then forget that they are rows.
  test.each([
    ["/en", "Figures of Western Europe", 3, ["Availability", "Delivered", "Round trip", "Connecting"], 5],
    ["/en/sla/kept", "Objectives: Western Europe", 6, ["Availability", "Delivery", "P99 delivery time ≤ 200 ms"], 7],
    ["/en/incidents/rtm-9", "Timeline", 3, [], 9],
  ] as const)(
    "%s: %s is a table for a phone's screen reader too",
    async (path, name, columns, heads, rows) => {
      const { seen, complaints } = await open("well", path, PLAIN, async (page) => {
        const table = page.getByRole("table", { name });
        const texts = await table.getByRole("rowheader").allInnerTexts();
        return [
          await table.getByRole("columnheader").count(),
          texts.map((text) => (text.split("\n")[0] ?? "").replaceAll("\u00a0", " ")),
          await table.getByRole("row").count(),
        ];
      });
      expect(seen).toEqual([columns, heads, rows]);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("by keyboard alone", () => {
  test.each([
    ["reports, a report, its region", "sla", ["/en/sla/breached", "/en/sla/breached#s0-weur"]],
    [
      "incidents, a global one, what it absorbed, and back",
      "incidents",
      ["/en/incidents/rtm-8", "/en/incidents/rtm-7", "/en/incidents/rtm-8"],
    ],
  ] as const)(
    "%s are reached from the front page",
    async (_, first, then) => {
      const { seen, complaints } = await open("well", "/en", { viewport: DESKTOP }, async (page) => {
        const list = `/en/${first}`;
        for (let i = 0; i < 12 && !(await page.locator(`.ways a[href="${list}"]:focus`).count()); i++) {
          await page.keyboard.press("Tab");
        }
        await Promise.all([page.waitForURL(`**${list}`), page.keyboard.press("Enter")]);
        for (const next of then) {
          // These are looked for, since there are dozens of stops.
          await page
            .locator(`main a[href="${next.replace(/^.*#/, "#")}"]`)
            .first()
            .focus();
          await Promise.all([page.waitForURL(`**${next}`), page.keyboard.press("Enter")]);
        }
        return page.evaluate<string>("location.pathname + location.hash");
      });
      expect([seen, complaints]).toEqual([then.at(-1), []]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("an incident", () => {
  it(
    "has the measured and the published beside each other on a desk, one after the other on a phone",
    async () => {
      const BOXES = `[...document.querySelectorAll(".iboth > section")].flatMap((e) => {
        const r = e.getBoundingClientRect(); return [Math.round(r.left), Math.round(r.top)]; })`;
      const { seen } = await open("well", "/en/incidents/rtm-8", { viewport: DESKTOP }, async (page) => {
        const desk = await page.evaluate<readonly number[]>(BOXES);
        await page.setViewportSize(PHONE);
        return [desk, await page.evaluate<readonly number[]>(BOXES)] as const;
      });
      const [[left = 0, top = 0, right = 0, beside = 0], [x1 = 0, y1 = 0, x2 = 0, y2 = 0]] = seen;
      expect([right > left, top === beside]).toEqual([true, true]);
      expect([x1 === x2, y2 > y1]).toEqual([true, true]);
    },
    SLOW_MS,
  );
});
