// Aim: the console as a browser has it: accessible in both themes and languages, on a phone, with the keyboard alone and without
// script; its own forms get through its door, and nobody else's do. Method: a real Chromium on the real door over loopback, with
// records in memory; axe judges.

import { createServer } from "node:http";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { HAS_CHROMIUM, axe, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { must } from "../observations.ts";
import { NOW, opsWorld, recordsInMemory } from "./ops-world.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;

const records = recordsInMemory();
const LONG = "Wartungsarbeitenankündigungsschreiben".repeat(8);

let browser: Browser | undefined;
let url = "";
let close = (): void => {};

/** The door on a loopback port, as the Worker has it. */
async function serve(): Promise<void> {
  const world = opsWorld({
    records,
    verdicts: async () => [
      { contract: "standard", period: "2031-05", revision: 0, contractSays: "met", verdict: "undetermined" },
    ],
  });
  const strangers = opsWorld({
    records,
    guardOf: () => () => Promise.resolve({ ok: false, status: 401, reason: "no token" }),
  });
  const server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [key, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(key, value);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method ?? "GET";
    const body = method === "POST" ? { body: Buffer.concat(chunks) } : {};
    // The Worker's own origin is the name that it was called by.
    const origin = `http://${request.headers.host ?? ""}`;
    const asked = headers.get("cookie") === "stranger=1" ? strangers : world;
    const answer = await asked.ask(request.url ?? "/", { method, headers, ...body, origin });
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
  const both = { target: "chat", author: "ada@acme.example", recordedAt: NOW, withdraws: null };
  const exclusion = {
    ...both,
    contract: null,
    type: "scheduled-maintenance",
    fromAt: NOW,
    toAt: NOW + 1,
    regions: null,
  } as const;
  const proof = { where: `https://example.com/${LONG}`, sha256: "a".repeat(64) };
  await records.appendExclusions([
    { ...exclusion, key: "1", reason: LONG, announcedAt: NOW, proof },
    { ...exclusion, key: "2", reason: "short", announcedAt: null, proof: null },
    { ...exclusion, key: "3", reason: "wrong day", announcedAt: null, proof: null, withdraws: 2 },
  ]);
  const event = {
    contract: "standard",
    author: "ada",
    severity: null,
    waiting: null,
    by: "human",
    recordedAt: NOW,
  } as const;
  await records.appendTicketEvents([
    { ...event, key: "1", ticket: "OPS-1", kind: "opened", severity: "P1", at: NOW - 7_200_000, note: LONG },
    { ...event, key: "2", ticket: "OPS-1", kind: "regraded", severity: "P2", at: NOW - 3_000_000, note: "" },
    { ...event, key: "3", ticket: "OPS-2", kind: "closed", by: "automatic", at: NOW - 1_000, note: "" },
  ]);
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  close();
});

/** Opens a page and hands it over together with everything the browser complained about. */
const open = <T>(
  path: string,
  { cookie, ...options }: BrowserContextOptions & { readonly cookie?: string },
  look: (page: Page) => Promise<T>,
): Promise<Seen<T>> =>
  // A refused form is a 422 or 401 on purpose, which the browser mentions; violations of the policy are what is looked for.
  visit(browser, `${url}${path}`, { locale: "en-US", ...options }, look, { expected: /status of (401|422)/, cookie });

/** Sends the form as it stands, past the browser's own judgement. */
async function sendEmpty(page: Page): Promise<void> {
  await page.locator("summary").click();
  await page.evaluate('document.querySelectorAll("[required]").forEach((each) => each.removeAttribute("required"))');
  await Promise.all([page.waitForEvent("load"), page.locator("form button").click()]);
}

const SHOWN: readonly (readonly [
  what: string,
  path: string,
  act: (page: Page) => Promise<unknown>,
  cookie?: string,
])[] = [
  ["overview", "/ops", async () => {}],
  ["exclusions", "/ops/exclusions?recorded=1", (page) => page.locator("summary").click()],
  ["a refused exclusion", "/ops/exclusions", sendEmpty],
  ["a withdrawal", "/ops/exclusions/1/withdraw", async () => {}],
  ["tickets", "/ops/tickets?contract=standard&ticket=OPS-1", async () => {}],
  ["a refused event", "/ops/tickets", sendEmpty],
  ["a stranger's page", "/ops", async () => {}, "stranger"],
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
  const cases = SHOWN.flatMap(([what, path, act, cookie]) =>
    looks.map((look) => ({ what, path, act, cookie, ...look })),
  );

  test.each(cases)(
    "$what, $locale, $colorScheme",
    async ({ path, act, cookie, ...look }) => {
      const { seen, complaints } = await open(path, { ...look, ...(cookie && { cookie }) }, async (page) => {
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
    "an exclusion is recorded, and its withdrawal too",
    async () => {
      const before = records.exclusions.length;
      const { complaints } = await open("/ops", PLAIN, async (page) => {
        const { keyboard } = page;
        const tab = (): Promise<void> => keyboard.press("Tab");
        // However many pages the menu has: the way to this one, and from its top to the summary, which opens the form.
        while (!(await page.locator('nav a[href="/ops/exclusions"]:focus').count())) await tab();
        await Promise.all([page.waitForURL("**/ops/exclusions"), keyboard.press("Enter")]);
        while (!(await page.locator("summary:focus").count())) await tab();
        await keyboard.press("Enter");
        await tab();
        await keyboard.type("push");
        await tab();
        await keyboard.type("Force");
        await tab();
        // Month, day, year; Tab to the hour; then the button of the picker, and the zone.
        for (const [date, time] of [
          ["05102031", "0200AM"],
          ["05102031", "0330AM"],
        ] as const) {
          await keyboard.type(date);
          await tab();
          await keyboard.type(time);
          while (!(await page.locator("select:focus").count())) await tab();
          await keyboard.type("UTC");
          await tab();
        }
        while (!(await page.locator("#f-reason:focus").count())) await tab();
        await keyboard.type("earthquake");
        await Promise.all([page.waitForURL("**/ops/exclusions?recorded=*"), keyboard.press("Enter")]);
        expect(await page.getByRole("status").innerText()).toBe(`Record ${before + 1} is written.`);
        const way = page.locator(`a[href="/ops/exclusions/${before + 1}/withdraw"]`);
        await way.focus();
        await Promise.all([page.waitForURL("**/withdraw"), keyboard.press("Enter")]);
        while (!(await page.locator("#f-reason:focus").count())) await tab();
        await keyboard.type("there was none");
        await tab();
        await Promise.all([page.waitForURL("**/ops/exclusions?recorded=*"), keyboard.press("Enter")]);
        expect(await page.locator(`#r${before + 1}`).innerText()).toContain("there was none");
      });
      expect(complaints).toEqual([]);
      expect(records.exclusions.slice(before)).toMatchObject([
        {
          target: "push",
          contract: null,
          type: "force-majeure",
          fromAt: Date.UTC(2031, 4, 10, 2),
          toAt: Date.UTC(2031, 4, 10, 3, 30),
          reason: "earthquake",
          author: "ada@acme.example",
        },
        { withdraws: before + 1, reason: "there was none" },
      ]);
    },
    SLOW_MS,
  );

  it(
    "a refused event keeps what was typed, says so first, and leads to each field",
    async () => {
      const before = records.events.length;
      const { seen } = await open("/ops/tickets?contract=standard&ticket=OPS-9", PLAIN, async (page) => {
        await page.locator("#f-kind").selectOption("waiting");
        await page.locator("#f-at").fill("2031-05-15T13:00");
        await page.locator("#f-by").selectOption("human");
        await page.locator("#f-note").fill('"quoted" <b>');
        await page.locator("#f-note").press("Enter");
        await page.waitForSelector("#e-waiting");
        const focused = await page.locator("[role=alert]:focus").count();
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        const field = page.locator("#f-waiting");
        const describedBy = (await field.getAttribute("aria-describedby")) ?? "";
        const kept = ["#f-ticket", "#f-at", "#f-note", "#f-contract", "#f-kind"].map((id) =>
          page.locator(id).inputValue(),
        );
        const typed = await Promise.all(kept);
        await field.selectOption("waiting-customer");
        await Promise.all([page.waitForURL("**/ops/tickets?recorded=*"), page.locator("form button").press("Enter")]);
        return { focused, describedBy, typed };
      });
      expect(seen).toEqual({
        focused: 1,
        describedBy: "h-waiting e-waiting",
        typed: ["OPS-9", "2031-05-15T13:00", '"quoted" <b>', "standard", "waiting"],
      });
      expect(records.events.slice(before)).toMatchObject([
        {
          ticket: "OPS-9",
          kind: "waiting",
          waiting: "waiting-customer",
          at: Date.UTC(2031, 4, 15, 11),
          note: '"quoted" <b>',
        },
      ]);
    },
    SLOW_MS,
  );

  it(
    "the focus is seen, and the first stop leads to the content",
    async () => {
      const { seen } = await open("/ops/tickets", { viewport: DESKTOP }, async (page) => {
        await page.keyboard.press("Tab");
        const skip = await page.locator(":focus").innerText();
        const box = await page.locator(":focus").boundingBox();
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
        return { skip, isSeen: (box?.height ?? 0) > 20, inside: await page.locator("main :focus").count(), outline };
      });
      expect(seen).toEqual({ skip: "Skip to content", isSeen: true, inside: 1, outline: "solid" });
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("a form on another site", () => {
  it(
    "of somebody who is signed in here records nothing, on this name's other port as little",
    async () => {
      const before = records.events.length;
      const evil = createServer((_request, response) => {
        const inputs = {
          key: `ops-${"e".repeat(32)}`,
          contract: "standard",
          ticket: "EVIL",
          kind: "closed",
          by: "human",
        };
        const fields = Object.entries({ ...inputs, at: "2031-05-15T12:00", at_zone: "UTC" })
          .map(([name, value]) => `<input name="${name}" value="${value}">`)
          .join("");
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<form method="post" action="${url}/ops/tickets">${fields}<button>x</button></form>`);
      });
      await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
      const { port } = must(evil.address() as { port: number });
      for (const host of ["127.0.0.1", "localhost"]) {
        await open("/ops", { viewport: DESKTOP }, async (page) => {
          await page.goto(`http://${host}:${port}/`);
          const [answer] = await Promise.all([
            page.waitForResponse(`${url}/ops/tickets`),
            page.locator("button").click(),
          ]);
          expect(answer.status()).toBe(403);
        });
      }
      evil.closeAllConnections();
      evil.close();
      expect(records.events).toHaveLength(before);
    },
    SLOW_MS,
  );
});
