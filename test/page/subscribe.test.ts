// Aim: the pages about subscriptions say in both languages what is sent and kept, work by keyboard and without a script, can be read by
// everybody, and answer each trouble with its own words; nothing that names a subscription is cached, framed or passed on. Method: the
// real page before a herald that answers as the test says; a table of requests; Chromium with axe for the pages that people see.

import { describe, expect, it } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { subscribeWordsOf } from "../../status-page/words/languages.ts";
import type { HeraldDesk, SubscriptionAnswer, SubscriptionAsk } from "../../workers/alerts/subscription.ts";
import type { Config } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";

const EVIL = `"><script>alert(1)</script>\u202e`;
const CONFIG = configOf({
  name: "Acme",
  url: "https://status.example",
  regions: ["weur", "enam"],
  targets: [
    { id: "chat", label: EVIL.replace("\u202e", ""), driver: "mqtt", address: "wss://mq.example.com/mqtt" },
    { id: "push", driver: "mqtt", address: "wss://mq.example.com/mqtt" },
  ],
  alerts: {
    channels: [{ id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } }],
    routes: [{ id: "all", to: ["post"] }],
    links: "LINKS",
  },
  subscriptions: { email: "post", webhooks: true, slack: true },
});

const KEPT = {
  channel: "email",
  language: "en",
  targets: ["push"],
  regions: null,
  hint: "l…@example.org",
  token: "tok.en",
} as const;
const FORM = { "content-type": "application/x-www-form-urlencoded" };

interface Site {
  readonly asked: (SubscriptionAsk | readonly unknown[])[];
  readonly reports: string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

function siteOf(answer: SubscriptionAnswer | Error, config: Config | null = CONFIG): Site {
  const asked: Site["asked"] = [];
  const reports: string[] = [];
  const say = (...told: readonly unknown[]): Promise<SubscriptionAnswer> => {
    asked.push(told);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const desk: HeraldDesk = {
    ask: say,
    unconfirmed: (text) => say("unconfirmed", text),
    confirm: (text) => say("confirm", text),
    show: (text) => say("show", text),
    change: (text, choice) => say("change", text, choice),
    end: (text) => say("end", text),
  };
  const page = statusPage({
    now: () => 0,
    read: () => Promise.reject(new Error("D1 is away")),
    spare: null,
    report: (problem) => void reports.push(String(problem)),
    herald: () => desk,
    config,
    ...(config === null ? {} : { places: config, languages: config.languages }),
  });
  const env = { DB: null as never };
  return {
    asked,
    reports,
    fetch: async (path, init) => page.fetch(new Request(`https://status.example${path}`, init), env),
  };
}

const post = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: "POST",
  headers: { ...FORM, ...headers },
  body,
});
const ASKED: SubscriptionAnswer = { ok: true, done: "asked", secret: null, token: null };

describe("the form", () => {
  it.each(["en", "zh"] as const)(
    "says in %s what is sent and what is kept, and can be kept by caches",
    async (language) => {
      const site = siteOf(ASKED);
      const answer = await site.fetch(`/${language}/subscribe`);
      const html = await answer.text();
      const words = subscribeWordsOf(language);
      for (const line of [words.lead, ...words.sent, ...words.kept, words.noneIsAll])
        expect(html).toContain(line.replaceAll("'", "&#39;"));
      expect(html).not.toContain("<script>alert");
      expect(answer.headers.get("content-security-policy")).toContain("form-action 'self'");
      expect(answer.headers.get("content-security-policy")).not.toContain("form-action 'none'");
      expect(answer.headers.get("cache-control")).toMatch(/^public/);
      const etag = answer.headers.get("etag") ?? "";
      expect((await site.fetch(`/${language}/subscribe`, { headers: { "if-none-match": etag } })).status).toBe(304);
      const head = await site.fetch(`/${language}/subscribe`, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      expect(site.asked, "nobody was asked, and D1 neither").toEqual([]);
      expect(site.reports).toEqual([]);
    },
  );

  it("is not there where nobody offers it", async () => {
    for (const config of [null, { ...CONFIG, subscriptions: null }])
      for (const path of ["/subscribe", "/en/subscribe", "/en/subscription/x.y", "/subscribe/confirm/x.y"])
        expect((await siteOf(ASKED, config).fetch(path)).status, path).toBe(404);
  });

  it("offers only what is configured", async () => {
    const config = { ...CONFIG, subscriptions: { email: "post", webhooks: false, slack: false } };
    const html = await (await siteOf(ASKED, config).fetch("/en/subscribe")).text();
    expect(html).toContain('value="email"');
    expect(html).not.toContain('value="slack"');
    expect(html).not.toContain('value="webhook"');
  });
});

describe("each request", () => {
  const token = "/en/subscription/tok.en";
  const confirm = "/en/subscribe/confirm/tok.en";
  const refused = (word: Extract<SubscriptionAnswer, { ok: false }>["refused"]): SubscriptionAnswer => ({
    ok: false,
    refused: word,
  });
  const words = subscribeWordsOf("en");
  const table: readonly (readonly [name: string, SubscriptionAnswer | Error, string, RequestInit, number, string])[] = [
    ["asked", ASKED, "/en/subscribe", post("channel=email&address=a%40b.org"), 200, words.asked],
    [
      "address",
      refused("address"),
      "/en/subscribe",
      post(`channel=email&address=${encodeURIComponent(EVIL)}`),
      422,
      words.troubles.address[0],
    ],
    [
      "choice",
      refused("choice"),
      "/en/subscribe",
      post("channel=email&address=a%40b.org&target=x"),
      422,
      words.troubles.choice[0],
    ],
    ["no channel", ASKED, "/en/subscribe", post("address=a%40b.org"), 422, words.troubles.channel[0]],
    [
      "closed",
      refused("closed"),
      "/en/subscribe",
      post("channel=email&address=a%40b.org"),
      404,
      words.troubles.closed[0],
    ],
    ["full", refused("full"), "/en/subscribe", post("channel=email&address=a%40b.org"), 503, words.troubles.full[0]],
    ["busy", refused("busy"), "/en/subscribe", post("channel=email&address=a%40b.org"), 429, words.troubles.busy[0]],
    [
      "away",
      new Error("a@b.org"),
      "/en/subscribe",
      post("channel=email&address=a%40b.org"),
      503,
      words.troubles.away[0],
    ],
    [
      "too long",
      ASKED,
      "/en/subscribe",
      post(`channel=email&address=${"a".repeat(20_000)}`),
      403,
      words.troubles.form[0],
    ],
    [
      "foreign",
      ASKED,
      "/en/subscribe",
      post("channel=email", { origin: "https://evil.example" }),
      403,
      words.troubles.form[0],
    ],
    [
      "no form",
      ASKED,
      "/en/subscribe",
      post("{}", { "content-type": "application/json" }),
      403,
      words.troubles.form[0],
    ],
    ["look", { ok: true, done: "seen", kept: KEPT }, confirm, {}, 200, words.confirmTitle],
    ["confirm", { ok: true, done: "confirmed", kept: KEPT }, confirm, post("act=confirm"), 200, words.confirmed],
    ["confirm without a button", ASKED, confirm, post(""), 403, words.troubles.form[0]],
    ["unproven", refused("unproven"), confirm, post("act=confirm"), 422, words.troubles.unproven[0]],
    ["unknown", refused("unknown"), confirm, {}, 404, words.troubles.unknown[0]],
    ["own", { ok: true, done: "seen", kept: KEPT }, token, {}, 200, words.ownTitle],
    [
      "own changed",
      { ok: true, done: "changed", kept: KEPT },
      token,
      post("act=change&target=push"),
      200,
      words.changed,
    ],
    ["own nothing", ASKED, token, post("x=y"), 403, words.troubles.form[0]],
    ["ended", { ok: true, done: "ended" }, token, post("act=end"), 200, words.ended],
    [
      "ended by one click",
      { ok: true, done: "ended" },
      token,
      post("List-Unsubscribe=One-Click", { origin: "https://mail.example" }),
      200,
      words.ended,
    ],
    ["unknown own", refused("unknown"), token, {}, 404, words.troubles.unknown[0]],
  ];
  it.each(table)("%s", async (_name, answer, path, init, status, sentence) => {
    const site = siteOf(answer);
    const said = await site.fetch(path, init);
    const html = await said.text();
    expect(said.status).toBe(status);
    expect(html).toContain(sentence.replaceAll("'", "&#39;"));
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("\u202e");
    expect(said.headers.get("cache-control")).toBe("private, no-store");
    expect(said.headers.get("x-robots-tag")).toBe("noindex");
    expect(said.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    if (path !== "/en/subscribe") expect(said.headers.get("referrer-policy")).toBe("no-referrer");
    expect(site.reports.join(), "no address in a log").not.toContain("a@b.org");
  });

  it("reads of a body no more than a form has, whatever it is called, though nobody says how long it is", async () => {
    const types = ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"];
    for (const type of types) {
      const site = siteOf({ ok: true, done: "ended" });
      let pulled = 0;
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1;
          if (pulled > 1_000) return controller.close();
          controller.enqueue(new Uint8Array(8_192).fill(97));
        },
      });
      const init = { method: "POST", headers: { "content-type": type }, body, duplex: "half" };
      expect((await site.fetch(token, init)).status, type).toBe(403);
      expect(pulled, type).toBeLessThan(10);
      expect(site.asked).toEqual([]);
    }
    // And a mail program's short one ends it, with its length or without.
    const site = siteOf({ ok: true, done: "ended" });
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    expect((await site.fetch(token, { method: "POST", body: form })).status).toBe(200);
    expect(site.asked).toEqual([["end", "tok.en"]]);
    console.log(`subscriptions: ${types.length} endless bodies`);
  });

  it("counts by network: IPv4 whole, IPv6 by its first half, and nobody where the platform says nothing", async () => {
    const visitors = [
      ["192.0.2.7", "192.0.2.7"],
      ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
      ["2001:db8::9", "2001:db8:0:0"],
      ["", null],
    ] as const;
    for (const [address, visitor] of visitors) {
      const site = siteOf(ASKED);
      await site.fetch("/en/subscribe", post("channel=email&address=a%40b.org", { "cf-connecting-ip": address }));
      expect(site.asked).toEqual([[expect.objectContaining({ address: "a@b.org" }), visitor]]);
    }
    console.log(`subscriptions: ${visitors.length} visitors`);
  });

  it("hands over what was ticked, and nothing that was not", async () => {
    const site = siteOf(ASKED);
    await site.fetch(
      "/zh/subscribe",
      post("channel=slack&address=x&target=chat&target=push&region=weur&language=en&secret=no"),
    );
    expect(site.asked).toEqual([
      [{ channel: "slack", address: "x", language: "en", targets: ["chat", "push"], regions: ["weur"] }, null],
    ]);
  });

  it("shows a secret once, with the button that asks for the proof", async () => {
    const site = siteOf({ ok: true, done: "asked", secret: "whsec_abc", token: "tok.en" });
    const html = await (
      await site.fetch("/en/subscribe", post("channel=webhook&address=https%3A%2F%2Fa.example"))
    ).text();
    expect(html).toContain("<code>whsec_abc</code>");
    expect(html).toContain('action="/en/subscribe/confirm/tok.en"');
  });
});
