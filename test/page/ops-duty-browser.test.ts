// Aim: the pages of maintenance, fleet, deliveries and previews as a browser has them: accessible in both themes and languages, on a
// phone, with the keyboard alone and without script. Method: a real Chromium on the real door over loopback, with the fleet in
// memory; axe judges.

import { createServer } from "node:http";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, axe, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { fleetWorld, ONCE, ONE, WEEK, WEEKLY } from "./duty-forms.ts";
import { HEALTHY } from "./fleet-world.ts";
import { NOW, sent } from "./ops-world.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;
const LONG = "Wartungsarbeitenankündigungsschreiben".repeat(5);

const world = fleetWorld();
const { fleet } = world;

let browser: Browser | undefined;
let url = "";
let close = (): void => {};

/** The door on a loopback port, as the Worker has it. */
async function serve(): Promise<void> {
  const server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [key, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(key, value);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method ?? "GET";
    const body = method === "POST" ? { body: Buffer.concat(chunks) } : {};
    const origin = `http://${request.headers.host ?? ""}`;
    const answer = await world.ask(request.url ?? "/", { method, headers, ...body, origin });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
}

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  await serve();
  const key = (letter: string): string => `ops-${letter.repeat(32)}`;
  await world.ask(ONE, sent({ ...ONCE, key: key("a"), title_en: LONG }));
  await world.ask(WEEK, sent({ ...WEEKLY, key: key("b") }));
  await world.ask(ONE, sent({ ...ONCE, key: key("c"), from: "2031-05-15T04:00", to: "2031-05-16T04:00" }));
  await world.ask("/ops/maintenance/chat-m1/call-off", sent({ key: key("d") }));
  // One is well, one does not answer.
  Object.assign(fleet.probers, { "weur.0.v1": HEALTHY });
  const health = { lookedAt: NOW - 5_000, newestRoundAt: NOW - 60_000, waiting: 2, nextTryAt: NOW + 9_000, owed: 7 };
  Object.assign(fleet.duties, { chat: health, fleet_keepers: health });
  const delivery = {
    key: "k",
    incident: "chat-7",
    channel: LONG,
    kind: "trigger",
    plannedAt: NOW - 60_000,
    tryAt: NOW + 60_000,
    tries: 1,
    title: LONG,
    receipts: [{ attempt: 1, at: NOW - 59_000, accepted: false, httpStatus: 500, code: "x", said: LONG }],
  } as const;
  const states = ["waiting", "sent", "given_up", "dropped"] as const;
  fleet.deliveries["chat"] = states.map((state) => ({ ...delivery, state, sentAt: state === "sent" ? NOW : null }));
  fleet.previews = [
    { channel: "pager", route: "all", level: 0, afterMs: 0, title: "Outage of Chat", sentence: LONG },
    { channel: LONG, route: "all", level: 1, afterMs: 900_000, title: "Outage of Chat", sentence: "20 of 20 lost" },
  ];
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  close();
});

const open = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<Seen<T>> =>
  // Refused and partly unknown on purpose, which the browser mentions; violations of the policy are what is looked for.
  visit(browser, `${url}${path}`, { locale: "en-US", ...options }, look, { expected: /status of (422|503)/ });

/** Sends the form as it stands, past the browser's own judgement. */
async function sendEmpty(page: Page): Promise<void> {
  await page.evaluate('document.querySelectorAll("[required]").forEach((each) => each.removeAttribute("required"))');
  await Promise.all([page.waitForEvent("load"), page.locator("form button").click()]);
}

const nothing = async (): Promise<void> => {};
const SHOWN: readonly (readonly [what: string, path: string, act: (page: Page) => Promise<unknown>])[] = [
  ["maintenance", "/ops/maintenance?recorded=chat-m4", nothing],
  ["a single window", ONE, nothing],
  ["a refused single window", ONE, sendEmpty],
  ["a weekly window", WEEK, nothing],
  ["a refused weekly window", WEEK, sendEmpty],
  ["calling off", "/ops/maintenance/push-m2/call-off", nothing],
  ["the fleet", "/ops/fleet", nothing],
  ["deliveries", "/ops/deliveries", nothing],
  ["a preview", "/ops/preview?service=chat", nothing],
  ["a refused preview", "/ops/preview?service=none", nothing],
];

/** On a phone: what is wider than it, and what is touched and lower than 44 px. */
const FIT = `({
  scroll: document.documentElement.scrollWidth - innerWidth,
  wide: [...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80)),
  low: [...document.querySelectorAll("main :is(input:not([type=hidden], [type=checkbox]), select, button)")]
    .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 80)),
})`;

describe.skipIf(!HAS_CHROMIUM)("accessible to all, and fit for a phone", () => {
  const looks = [
    { locale: "en-US", colorScheme: "light", viewport: DESKTOP },
    { locale: "zh-CN", colorScheme: "dark", viewport: PHONE },
  ] as const;
  const cases = SHOWN.flatMap(([what, path, act]) => looks.map((look) => ({ what, path, act, ...look })));

  test.each(cases)(
    "$what, $locale, $colorScheme",
    async ({ path, act, ...look }) => {
      const { seen, complaints } = await open(path, look, async (page) => {
        await act(page);
        const { violations, passes } = await axe(page);
        const lang = await page.locator("html").getAttribute("lang");
        await page.setViewportSize({ width: 360, height: 740 });
        return { violations, passes, lang, fit: await page.evaluate<unknown>(FIT) };
      });
      expect(seen.violations).toEqual([]);
      expect(seen.passes).toBeGreaterThan(10);
      expect(seen.lang).toBe(look.locale === "en-US" ? "en" : "zh-Hans");
      expect(seen.fit).toEqual({ scroll: 0, wide: [], low: [] });
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("with the keyboard alone, without script", () => {
  const PLAIN = { javaScriptEnabled: false, viewport: DESKTOP };

  it(
    "a weekly window is recorded and called off, and an exclusion is begun from it",
    async () => {
      const before = fleet.windows.length;
      const { complaints } = await open("/ops/maintenance", PLAIN, async (page) => {
        const { keyboard } = page;
        const to = async (selector: string): Promise<void> => {
          for (let i = 0; i < 80 && !(await page.locator(`${selector}:focus`).count()); i += 1)
            await keyboard.press("Tab");
          expect([selector, await page.locator(`${selector}:focus`).count()]).toEqual([selector, 1]);
        };
        await to(`a[href="${WEEK}"]`);
        await Promise.all([page.waitForURL(`**${WEEK}`), keyboard.press("Enter")]);
        await to("#f-service");
        await keyboard.type("push");
        await to("#f-title_en");
        await keyboard.type("Weekly restart");
        await to('input[name="days"][value="7"]');
        await keyboard.press("Space");
        await to("#f-from_time");
        await keyboard.type("0230AM");
        await to("#f-to_time");
        await keyboard.type("0400AM");
        await to("#f-time_zone");
        await keyboard.type("Europe");
        await to("#f-from_day");
        await keyboard.type("05182031");
        await to("form button");
        await Promise.all([page.waitForURL("**/ops/maintenance?recorded=*"), keyboard.press("Enter")]);
        const id = `push-m${before + 1}`;
        expect(await page.getByRole("status").innerText()).toBe(`${id} is recorded.`);
        const exclude = page.locator(`#${id} a`).last();
        await exclude.focus();
        await Promise.all([page.waitForURL("**/ops/exclusions?about=push*"), keyboard.press("Enter")]);
        expect(await page.locator("#f-about").inputValue()).toBe("push");
        expect(await page.locator("#f-from").inputValue()).toBe("2031-05-18T00:30");
        await page.goBack();
        await page.locator(`a[href="/ops/maintenance/${id}/call-off"]`).focus();
        await Promise.all([page.waitForURL("**/call-off"), keyboard.press("Enter")]);
        await to("form button");
        await Promise.all([page.waitForURL("**/ops/maintenance?recorded=*"), keyboard.press("Enter")]);
        expect(await page.getByRole("status").innerText()).toContain(`${id} is called off`);
      });
      expect(complaints).toEqual([]);
      expect(fleet.windows.slice(before)).toMatchObject([
        {
          target: "push",
          window: { kind: "weekly", zone: "Europe/Berlin", days: [7], fromMinute: 150, toMinute: 240 },
        },
        { withdraws: `push-m${before + 1}` },
      ]);
    },
    SLOW_MS,
  );

  it(
    "a refused window keeps what was typed, says so first, and leads to each field",
    async () => {
      const { seen } = await open(ONE, PLAIN, async (page) => {
        await page.locator("#f-service").selectOption("chat");
        await page.locator("#f-title_en").fill('"quoted" <b>');
        await page.locator("#f-from").fill("2032-03-28T02:30");
        await page.locator("#f-to").fill("2032-03-28T06:00");
        await Promise.all([page.waitForSelector("#e-from"), page.locator("form button").press("Enter")]);
        const focused = await page.locator("[role=alert]:focus").count();
        const typed = ["#f-service", "#f-title_en", "#f-from"].map((id) => page.locator(id).inputValue());
        const describedBy = await page.locator("#f-from").getAttribute("aria-describedby");
        return {
          focused,
          describedBy,
          typed: await Promise.all(typed),
          said: await page.locator("#e-from").innerText(),
        };
      });
      expect(seen).toMatchObject({
        focused: 1,
        describedBy: "h-from e-from",
        typed: ["chat", '"quoted" <b>', "2032-03-28T02:30"],
      });
      expect(seen.said).toContain("There is no such time");
    },
    SLOW_MS,
  );

  it(
    "a preview is asked for",
    async () => {
      const { seen } = await open("/ops/preview", PLAIN, async (page) => {
        await page.locator("#f-service").selectOption("chat");
        await page.locator('input[value="oc"]').press("Space");
        await Promise.all([page.waitForURL("**/ops/preview?service=chat&regions=oc"), page.keyboard.press("Enter")]);
        return page.locator("tbody tr").count();
      });
      expect(seen).toBe(2);
    },
    SLOW_MS,
  );
});
