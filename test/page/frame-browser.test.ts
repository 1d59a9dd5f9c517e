// Aim: the little script does what it says and nothing else: news without reload, the visitor's own zone, explanations for pointer and
// keyboard; how every page looks is the sweep's. Method: a real Chromium on the page over loopback, whose row and clock the test moves.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { FrontRow } from "../../status-page/front.ts";
import { HAS_CHROMIUM, launchChromium, visit } from "../chromium.ts";
import * as fixtures from "./fixtures.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { PAST } from "./past-in-memory.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

const SLOW_MS = 60_000;

let browser: Browser | undefined;
let served: Served | undefined;
let row: FrontRow | Error = frontRow([healthy()]);
let now = NOW;

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  served = await serve(() => (row instanceof Error ? Promise.reject(row) : Promise.resolve(row)), {
    now: () => now,
    past: PAST,
  });
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

beforeEach(() => {
  row = frontRow([healthy()]);
  now = NOW;
});

/** As if the visitor had come back to the tab: the script looks at once. */
async function look(page: Page): Promise<void> {
  const answered = page.waitForResponse(() => true, { timeout: 10_000 }).catch(() => undefined);
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await answered;
}

/** Until this is true in the page. Asked from outside: the page's policy lets nobody evaluate text within it. */
const until = (page: Page, condition: string): Promise<void> =>
  expect.poll(() => page.evaluate(condition), { timeout: 10_000 }).toBe(true);

const open = <T>(path: string, work: (page: Page) => Promise<T>, more: object = {}): ReturnType<typeof visit<T>> =>
  visit(browser, `${served?.url ?? ""}${path}`, { timezoneId: "Asia/Tokyo", ...more }, work, { expected: /50\d|404/ });

describe.skipIf(!HAS_CHROMIUM)("news without reload", () => {
  it(
    "come in place: focus stays, the new sentence is said, then nothing more",
    async () => {
      const { seen, complaints } = await open("/en", async (page) => {
        await page.locator(".days a").nth(3).focus();
        await page.evaluate("window.here = document.activeElement");
        row = frontRow([fixtures.oneDown()], NOW + 1000);
        now += 5000;
        await look(page);
        await until(page, "document.querySelector('h1').textContent.includes('lost')");
        const first = await page.evaluate(`[
          document.activeElement === window.here,
          document.querySelector('#live').textContent, document.title.startsWith('Western Europe: messages are being lost'),
          document.querySelector('link[rel=icon]').href.includes('b3201b'), document.querySelector('#r-rtm-weur-loop').textContent.includes('28')]`);
        now += 2000;
        row = frontRow([fixtures.oneDown()], NOW + 3000);
        await look(page);
        await until(page, "document.querySelector('#live').textContent === ''");
        return first;
      });
      expect(seen).toEqual([true, "Western Europe: messages are being lost", true, true, true]);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    "leave details open that were opened, and closed that were not",
    async () => {
      const { seen, complaints } = await open("/en/targets/rtm/regions/weur", async (page) => {
        await page.locator("summary").nth(1).click();
        row = frontRow([fixtures.oneDown()], NOW + 1000);
        now += 5000;
        await look(page);
        await until(page, "document.querySelector('link[rel=icon]').href.includes('b3201b')");
        return page.evaluate("[...document.querySelectorAll('details')].slice(0, 3).map((each) => each.open)");
      });
      expect(seen).toEqual([false, true, false]);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );

  it(
    "end as the very page that a reload gives, for every pair of pages",
    async () => {
      const rows = [healthy(), fixtures.oneDown(), fixtures.mixed(), fixtures.firstSeconds(), fixtures.withJourneys()];
      // Each pair once, as a walk: what an earlier step left behind would be seen too.
      const pairs = rows.flatMap((_, i) => rows.flatMap((_each, j) => (i < j ? [[i, j]] : [])));
      const walk = pairs.flatMap(([i = 0, j = 0]) => [i, j, i]);
      const told = new Set<string>();
      const { seen } = await open("/en", async (page) => {
        const wrong: unknown[] = [];
        for (const [step, to] of walk.entries()) {
          row = frontRow([rows[to] ?? healthy()], (now += 5000));
          await look(page);
          const same = await page.evaluate<boolean>(`(async () => {
            const fresh = new DOMParser().parseFromString(await (await fetch(location, { cache: "no-store" })).text(), "text/html");
            await new Promise((done) => setTimeout(done, 20));
            return document.querySelector("main").innerHTML === fresh.querySelector("main").innerHTML;
          })()`);
          if (!same) wrong.push([walk[step - 1], to]);
          told.add(`${walk[step - 1] ?? 0} ${to}`);
        }
        return wrong;
      });
      expect(seen).toEqual([]);
      const changes = [...told].filter((pair) => pair[0] !== pair.at(-1));
      console.log(`${changes.length} pairs of pages`);
      expect(changes).toHaveLength(20);
    },
    SLOW_MS,
  );

  it(
    "that cannot be had are said after the second failure, and no more once they are there again",
    async () => {
      const { seen } = await open("/en", async (page) => {
        const live = (): Promise<string> =>
          page.evaluate("(e => e.className + '|' + e.textContent)(document.querySelector('#live'))");
        const states: string[] = [];
        await page.route("**/*", (route) => route.fulfill({ status: 503, body: "away" }));
        for (let i = 0; i < 2; i++) {
          await look(page);
          await page.waitForTimeout(50);
          states.push(await live());
        }
        const kept = await page.locator("h1").textContent();
        await page.unroute("**/*");
        await look(page);
        await until(page, "document.querySelector('#live').className === 'hidden'");
        return [...states, kept, await live()];
      });
      expect(seen).toEqual([
        "hidden|",
        "wrap|This page could not be refreshed. What it shows is as old as it says.",
        "All 7 regions measured and operational",
        "hidden|",
      ]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("the zone", () => {
  it(
    "of the browser is offered once, and the form works without script",
    async () => {
      const { seen } = await open("/en", async (page) => {
        const offer = page.getByRole("button", { name: "Show times in Asia/Tokyo" });
        await offer.click();
        await page.waitForURL(/zone=Asia%2FTokyo/);
        return [(await page.content()).includes("21:00:14 Asia/Tokyo"), await offer.count()];
      });
      expect(seen).toEqual([true, 0]);
      const without = await open(
        "/zh",
        async (page) => {
          await page.locator("select[name=zone]").selectOption("Europe/Berlin");
          await page.locator("#zones button").click();
          await page.waitForURL(/\/zh\?zone=Europe%2FBerlin/);
          await page.locator(".langs a").first().click();
          return [page.url().replace(/^.*?\/en/, "/en"), (await page.content()).includes("13:00:14 Europe/Berlin")];
        },
        { javaScriptEnabled: false },
      );
      expect(without.seen).toEqual(["/en?zone=Europe%2FBerlin", true]);
      expect(without.complaints).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("explanations", () => {
  it(
    "show for pointer and keyboard, may be pointed at, and Escape closes them",
    async () => {
      const { seen, complaints } = await open("/en", async (page) => {
        await page.evaluate(
          `(() => { const e = document.querySelector('.langs a'); e.dataset.tip = 'Rank 7 of 120'; e.id = 'with-tip'; })()`,
        );
        const shown = (): Promise<unknown> =>
          page.evaluate("(() => { const t = document.querySelector('#tip'); return !t.hidden && t.textContent; })()");
        await page.locator("#with-tip").hover();
        const states = [await shown()];
        await page.locator("#tip").hover();
        states.push(await shown());
        await page.keyboard.press("Escape");
        states.push(await shown());
        await page.locator("#with-tip").focus();
        states.push(await shown(), await page.locator("#with-tip").getAttribute("aria-describedby"));
        await page.locator("h1").hover();
        states.push(await shown());
        return states;
      });
      expect(seen).toEqual(["Rank 7 of 120", "Rank 7 of 120", false, "Rank 7 of 120", "tip", false]);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});
