// Aim: a visitor subscribes, confirms, changes and ends it with the keyboard alone and without a script, in a real browser whose policy
// and origin rules are the real ones; the answers on the way are accessible and fit a phone. Method: Chromium on the real page over
// loopback, before a herald that answers as the real one would; axe judges. The forms as such are the sweep's.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { subscribeWordsOf } from "../../status-page/words/languages.ts";
import type { HeraldDesk, KeptChoice, SubscriptionAnswer } from "../../workers/alerts/subscription.ts";
import { configOf } from "../../workers/config/parse.ts";
import { HAS_CHROMIUM, axe, launchChromium, visit } from "../chromium.ts";

const SLOW_MS = 60_000;
const PHONE = { width: 390, height: 844 };
const CONFIG = configOf({
  name: "Acme",
  url: "https://status.example",
  regions: ["weur", "enam", "oc"],
  targets: ["chat", "push"].map((id) => ({ id, driver: "mqtt", address: "wss://mq.example.com/mqtt" })),
  alerts: {
    channels: [{ id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } }],
    routes: [{ id: "all", to: ["post"] }],
    links: "LINKS",
  },
  subscriptions: { email: "post", webhooks: true, slack: true },
});
const KEPT: KeptChoice = {
  channel: "email",
  language: "en",
  targets: ["push"],
  regions: null,
  hint: "l…@example.org",
  token: "tok.en",
};
const asked: unknown[] = [];
const say = (answer: SubscriptionAnswer, ...told: readonly unknown[]): Promise<SubscriptionAnswer> => {
  asked.push(told);
  return Promise.resolve(answer);
};
const DESK: HeraldDesk = {
  ask: (one) =>
    one.channel === "webhook"
      ? say({ ok: true, done: "asked", secret: `whsec_${"A".repeat(43)}=`, token: "tok.en" }, "ask", one)
      : say({ ok: true, done: "asked", secret: null, token: null }, "ask", one),
  unconfirmed: (text) => say({ ok: true, done: "seen", kept: KEPT }, "unconfirmed", text),
  confirm: (text) => say({ ok: true, done: "confirmed", kept: KEPT }, "confirm", text),
  show: (text) => say({ ok: true, done: "seen", kept: KEPT }, "show", text),
  change: (text, choice) => say({ ok: true, done: "changed", kept: { ...KEPT, ...choice } }, "change", text, choice),
  end: (text) => say({ ok: true, done: "ended" }, "end", text),
};

let browser: Browser | undefined;
let origin = "";
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "GET", url = "/" } = request;
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as [string, string]] : [],
  );
  const site = statusPage({
    now: () => 0,
    read: () => Promise.resolve(null),
    spare: null,
    report: () => {},
    herald: () => DESK,
    config: CONFIG,
    places: CONFIG,
  });
  const env = { DB: null as never };
  const body = method === "POST" ? Buffer.concat(chunks) : null;
  const answer = await site.fetch(new Request(`${origin}${url}`, { method, headers, body }), env);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
});

beforeAll(async () => {
  if (!HAS_CHROMIUM) return;
  browser = await launchChromium();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, SLOW_MS);

afterAll(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

async function judge(page: Page): Promise<readonly string[]> {
  const { violations } = await axe(page);
  const isWide = await page.evaluate<boolean>("document.documentElement.scrollWidth > innerWidth");
  return [...violations, ...(isWide ? ["wider than the screen"] : [])];
}

describe.skipIf(!HAS_CHROMIUM)("by keyboard, without a script", () => {
  const options = { javaScriptEnabled: true, viewport: PHONE };
  it(
    "subscribes to a webhook, is shown the secret, and proves it",
    async () => {
      const words = subscribeWordsOf("en");
      const { seen, complaints } = await visit(browser, `${origin}/en/subscribe`, options, async (page) => {
        await page.getByLabel(words.channels.email).focus();
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Tab");
        await page.keyboard.type("https://hooks.example.com/in");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Space");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/subscribe");
        await page.getByRole("heading", { name: words.secretTitle }).waitFor();
        const first = await judge(page);
        await page.getByRole("button", { name: words.prove }).focus();
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: words.confirmed }).waitFor();
        return [...first, ...(await judge(page))];
      });
      expect(seen).toEqual([]);
      expect(complaints).toEqual([]);
      expect(asked).toContainEqual([
        "ask",
        {
          channel: "webhook",
          address: "https://hooks.example.com/in",
          language: "en",
          targets: ["chat"],
          regions: null,
        },
      ]);
      expect(asked).toContainEqual(["confirm", "tok.en"]);
    },
    SLOW_MS,
  );
  it(
    "changes and ends what it has; only the buttons do",
    async () => {
      asked.length = 0;
      const words = subscribeWordsOf("zh");
      const { seen } = await visit(
        browser,
        `${origin}/zh/subscription/tok.en`,
        { javaScriptEnabled: false, viewport: PHONE },
        async (page) => {
          const before = asked.map((told) => (told as unknown[])[0]);
          const ticked = await page
            .locator("input:checked")
            .evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value));
          await page.getByRole("button", { name: words.change }).click();
          await page.getByText(words.changed).waitFor();
          await page.getByRole("button", { name: words.end }).click();
          await page.getByRole("heading", { name: words.ended }).waitFor();
          return { before, ticked };
        },
      );
      expect(seen).toEqual({ before: ["show"], ticked: ["push"] });
      expect(asked.map((told) => (told as unknown[])[0])).toEqual(["show", "change", "end"]);
      expect(asked[1]).toEqual(["change", "tok.en", { language: "en", targets: ["push"], regions: null }]);
    },
    SLOW_MS,
  );
});
