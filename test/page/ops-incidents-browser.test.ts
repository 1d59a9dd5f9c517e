// Aim: the console's pages of incidents as a browser has them: accessible in both themes and languages, on a phone, and with the
// keyboard alone and without script an incident is acknowledged, spoken of after a look at how it will read, and resolved.
// Method: a real Chromium on the real door over loopback, with those on duty in memory; axe judges.

import { createServer } from "node:http";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import type { DeliveryReport } from "../../workers/alerts/duty-answers.ts";
import type { IncidentChange } from "../../workers/incidents/incident.ts";
import { HAS_CHROMIUM, axe, launchChromium, visit } from "../chromium.ts";
import type { Seen } from "../chromium.ts";
import { incidentsInMemory } from "./ops-incidents-world.ts";
import { NOW, opsWorld, recordsInMemory } from "./ops-world.ts";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
// Two cores and a cold Chromium: slower than the default of five seconds, far from a minute.
const SLOW_MS = 60_000;
const MINUTE = 60_000;
const LONG = "Wartungsarbeitenankündigungsschreiben".repeat(8);
const ADA = "ada@acme.example";

const desk = incidentsInMemory(() => NOW);
let browser: Browser | undefined;
let url = "";
let close = (): void => {};

/** The door on a loopback port, as the Worker has it. */
async function serve(): Promise<void> {
  const world = opsWorld({ records: recordsInMemory(), incidents: desk });
  const server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [key, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(key, value);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.method ?? "GET";
    const body = method === "POST" ? { body: Buffer.concat(chunks) } : {};
    // The Worker's own origin is the name that it was called by.
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

/** Events of one incident, `[minutes before now, author, change]`. */
function tell(id: string, told: readonly (readonly [before: number, author: string, change: IncidentChange])[]): void {
  const fresh = told.map(([before, author, change], i) => ({
    incident: id,
    key: `${id}/${i}`,
    at: NOW - before * MINUTE,
    author,
    change,
  }));
  desk.keep(fresh);
}

const sentence = {
  en: "Western Europe: 61 of 240 messages lost or refused.",
  zh: "西欧：240 条消息中 61 条丢失或被拒绝。",
};
const opened = (of: "outage" | "brownout", regions: readonly string[]): IncidentChange => ({
  kind: "opened",
  of,
  audience: "service",
  severity: "critical",
  scope: "region",
  regions,
  about: null,
  sentence,
  drill: false,
});
const TEXT = `# Cause\n\n1. **one**\n2. \`two\`\n\n> quoted\n\n\`\`\`\n${LONG}\n\`\`\`\n\n[more](https://example.com/${LONG})`;

function fill(): void {
  const impact = [{ region: "weur", attempted: 240, bad: 61 }];
  const measured = { kind: "measured", severity: "critical", sentence, impact } as const;
  tell("chat-1", [
    [3000, "sonde", opened("outage", ["weur", "oc"])],
    [2990, ADA, { kind: "acknowledged", note: "on it" }],
    [2980, ADA, { kind: "published", statement: "identified", text: { en: TEXT, zh: TEXT } }],
    [2970, "sonde", { kind: "restored" }],
    [2960, ADA, { kind: "resolved", note: LONG }],
    [2000, ADA, { kind: "postmortem", text: { en: TEXT, zh: "# 经过" } }],
  ]);
  tell("chat-2", [
    [50, "sonde", opened("outage", ["weur"])],
    [49, "sonde", measured],
    [48, "sonde", measured],
    [40, ADA, { kind: "noted", note: `${LONG}\ntwo lines` }],
  ]);
  tell("chat-3", [[30, "sonde", opened("brownout", ["oc"])]]);
  tell("push-1", [[20, "sonde", opened("outage", ["weur"])]]);
  desk.notified.set("chat-2", NOW - 49 * MINUTE);
  const receipt = { at: NOW, httpStatus: 429, code: "rate_limited", said: LONG };
  const sent = { incident: "chat-2", plannedAt: NOW, tryAt: NOW, sentAt: NOW, tries: 2, title: LONG } as const;
  const states = ["sent", "waiting", "given_up", "dropped"] as const;
  desk.deliveries.push(
    ...states.map((state): DeliveryReport => {
      const receipts = [1, 2].map((attempt) => ({ ...receipt, attempt, accepted: attempt === 2 }));
      return { ...sent, key: `chat-2/0/${state}`, channel: `pager-${state}`, kind: "trigger", state, receipts };
    }),
  );
}

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  fill();
  browser = await launchChromium();
  await serve();
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  close();
});

/** Opens a page and hands it over together with everything the browser complained about. */
const open = <T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<Seen<T>> =>
  // A refused form is a 422 on purpose, which the browser mentions; violations of the policy are what is looked for.
  visit(browser, `${url}${path}`, { locale: "en-US", ...options }, look, { expected: /status of 422/ });

const openAll = (page: Page): Promise<unknown> =>
  page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');

/** Sends the form as it stands, past the browser's own judgement. */
const send =
  (form: string) =>
  async (page: Page): Promise<void> => {
    await openAll(page);
    await page.evaluate('document.querySelectorAll("[required]").forEach((each) => each.removeAttribute("required"))');
    const button = page.locator(`form:has(input[value="${form}"]) button`).last();
    await Promise.all([page.waitForEvent("load"), button.click()]);
  };

async function preview(page: Page): Promise<void> {
  await openAll(page);
  await page.locator("#f-publish-statement").selectOption("monitoring");
  await page.locator("#f-publish-text_en").fill(TEXT);
  await Promise.all([page.waitForEvent("load"), page.locator('form:has(#f-publish-text_en) [name="preview"]').click()]);
}

const SHOWN: readonly (readonly [what: string, path: string, act: (page: Page) => Promise<unknown>])[] = [
  ["the overview", "/ops", async () => {}],
  ["the list", "/ops/incidents", openAll],
  ["a list without any", "/ops/incidents?target=push&state=merged", async () => {}],
  ["a refused drill", "/ops/incidents", send("drill")],
  ["one that is open", "/ops/incidents/chat-2", openAll],
  ["one that is over", "/ops/incidents/chat-1", openAll],
  ["a refused act", "/ops/incidents/chat-2", send("resolve")],
  ["a preview", "/ops/incidents/chat-2", preview],
];

/** On a phone: what is wider than it, and what is touched and lower than 44 px. */
const FIT = `({
  scroll: document.documentElement.scrollWidth - innerWidth,
  wide: [...document.querySelectorAll("main *:not(pre *)")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80)),
  low: [...document.querySelectorAll("main :is(input:not([type=hidden], [type=checkbox]), select, textarea, button)")]
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
        const ids = await page.evaluate<string[]>('[...document.querySelectorAll("[id]")].map((each) => each.id)');
        const names = await page.evaluate<string>("document.body.innerText");
        await page.setViewportSize({ width: 360, height: 740 });
        return { violations, passes, lang, fit: await page.evaluate<unknown>(FIT), ids, names };
      });
      expect(seen.violations).toEqual([]);
      expect(seen.passes).toBeGreaterThan(10);
      expect(seen.lang).toBe(look.locale === "en-US" ? "en" : "zh-Hans");
      expect(seen.fit).toEqual({ scroll: 0, wide: [], low: [] });
      expect(new Set(seen.ids).size).toBe(seen.ids.length);
      expect(seen.names).not.toMatch(/undefined|NaN|\[object/);
      expect(complaints).toEqual([]);
    },
    SLOW_MS,
  );
});

describe.skipIf(!HAS_CHROMIUM)("with the keyboard alone, without script", () => {
  const PLAIN = { javaScriptEnabled: false, viewport: DESKTOP };

  it(
    "an incident is acknowledged from the overview, spoken of after a look, and resolved although it is bad",
    async () => {
      const { complaints } = await open("/ops", PLAIN, async (page) => {
        const { keyboard } = page;
        const to = async (selector: string): Promise<void> => {
          for (let i = 0; i < 100 && !(await page.locator(`${selector}:focus`).count()); i += 1)
            await keyboard.press("Tab");
          expect(await page.locator(`${selector}:focus`).count(), selector).toBe(1);
        };
        await to('form[action="/ops/incidents/push-1"] button');
        await Promise.all([page.waitForURL("**/ops/incidents/push-1?done=2"), keyboard.press("Enter")]);
        expect(await page.getByRole("status").innerText()).toContain("It is acknowledged");

        await to("details:has(#f-publish-text_en) summary");
        await keyboard.press("Enter");
        await to("#f-publish-statement");
        await keyboard.type("Ident");
        await to("#f-publish-text_en");
        await keyboard.type("We see **it**.");
        await to('form:has(#f-publish-text_en) button[name="preview"]');
        const before = desk.events.length;
        await Promise.all([page.waitForEvent("load"), keyboard.press("Enter")]);
        // The browser begins to read at the preview.
        expect(await page.locator("section[role=status]:focus").innerText()).toContain("Nothing is published yet.");
        expect(await page.locator("section[role=status] strong").innerText()).toBe("it");
        expect(desk.events).toHaveLength(before);
        await to("form:has(#f-publish-text_en) button:not([name])");
        await Promise.all([page.waitForURL("**/ops/incidents/push-1?done=3"), keyboard.press("Enter")]);

        await to("details:has(#f-resolve-note) summary");
        await keyboard.press("Enter");
        await to("#f-resolve-force");
        await keyboard.press("Space");
        await to("#f-resolve-note");
        await keyboard.type("the customer says so");
        await to("form:has(#f-resolve-note) button");
        await Promise.all([page.waitForURL("**/ops/incidents/push-1?done=5"), keyboard.press("Enter")]);
        expect(await page.getByRole("status").innerText()).toBe("It is declared resolved.");
      });
      expect(complaints).toEqual([]);
      const own = desk.events.filter(({ incident, author }) => incident === "push-1" && author === ADA);
      expect(own.map(({ change }) => change)).toMatchObject([
        { kind: "acknowledged", note: "" },
        { kind: "published", statement: "identified", text: { en: "We see **it**." } },
        { kind: "noted", note: "Resolved although measured bad: weur." },
        { kind: "resolved", note: "the customer says so" },
      ]);
    },
    SLOW_MS,
  );

  it(
    "a refused act says so first, and leads to its field, which keeps its text",
    async () => {
      const { seen } = await open("/ops/incidents/chat-2", PLAIN, async (page) => {
        await page.locator("details:has(#f-publish-statement) summary").click();
        await page.locator("#f-publish-statement").selectOption("monitoring");
        await page.locator("#f-publish-text_zh").fill("\n\n  ");
        await page.locator("form:has(#f-publish-text_zh) button:not([name])").click();
        await page.waitForSelector("#e-publish-text_en");
        const isFocused = await page.locator("[role=alert]:focus").count();
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.keyboard.type("typed");
        return [
          isFocused,
          await page.locator("#f-publish-text_en").inputValue(),
          await page.locator("#f-publish-text_zh").inputValue(),
          await page.locator("#f-publish-statement").inputValue(),
          await page.locator("#f-publish-text_en").getAttribute("aria-describedby"),
        ];
      });
      expect(seen).toEqual([1, "typed", "\n\n  ", "monitoring", "h-publish-text_en e-publish-text_en"]);
    },
    SLOW_MS,
  );
});
