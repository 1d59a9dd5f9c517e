// Aim: only what is for everybody becomes news, in words without names of people; each subscriber's line has one message on its way and
// gathers the rest; the senders carry mail, Slack and webhook messages as real receivers want them. Method: tables of incidents and of
// timelines; local receivers that speak the dialects and complain when misused.

import { describe, expect, it, onTestFinished } from "vitest";

import type { ChannelAnswer } from "../../workers/alerts/alert.ts";
import { send } from "../../workers/alerts/channels.send.ts";
import { END_OPTION } from "../../workers/alerts/mail.ts";
import { GATHER_MS, type NewsLine, tried, wanting } from "../../workers/alerts/news-line.ts";
import { confirmMessage, newsMessage } from "../../workers/alerts/news-message.ts";
import { isChosen, type News, newsOfIncident, newsOfMaintenance } from "../../workers/alerts/news.ts";
import type { IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { outside } from "../../workers/outside.ts";
import { startReceiver } from "../local/alert-receivers.server.ts";
import { must } from "../observations.ts";

const AT = Date.UTC(2026, 10, 23, 12);
const SENTENCE = { en: "12 of 20 messages lost.", zh: "20 条消息中丢失 12 条。" };
const OPENED = {
  kind: "opened",
  of: "outage",
  audience: "service",
  severity: "error",
  scope: "region",
  regions: ["weur"],
  about: null,
  sentence: SENTENCE,
  drill: false,
} as const;

function newsOf(...changes: readonly IncidentChange[]): News | null {
  const events = changes.map((change, i): IncidentEvent => {
    return {
      incident: "chat-1",
      number: i + 1,
      key: `k${i}`,
      at: AT + i,
      recordedAt: AT + i,
      author: "lin@example.com",
      change,
    };
  });
  return newsOfIncident(incidentOf("chat", events), events.slice(-1));
}

describe("what is news", () => {
  const text = { en: "It is the core." };
  const table: readonly (readonly [string, readonly IncidentChange[], News["kind"] | null])[] = [
    ["an outage begins", [OPENED], "began"],
    ["a brown-out begins", [{ ...OPENED, of: "brownout" }], "began"],
    ["a drill", [{ ...OPENED, drill: true }], null],
    ["a blind region", [{ ...OPENED, of: "blind", audience: "keepers" }], null],
    ["a budget", [{ ...OPENED, of: "budget" }], null],
    ["a support clock", [{ ...OPENED, of: "support", audience: "support" }], null],
    ["an outage that keepers alone hear of", [{ ...OPENED, audience: "keepers" }], null],
    ["a region joins", [OPENED, { kind: "joined", region: "oc" }], "began"],
    ["a public word", [OPENED, { kind: "published", statement: "identified", text }], "statement"],
    ["a note among ourselves", [OPENED, { kind: "noted", note: "lin's fault" }], null],
    ["somebody acknowledges", [OPENED, { kind: "acknowledged", note: "mine" }], null],
    ["measured anew", [OPENED, { kind: "measured", severity: "critical", sentence: SENTENCE, impact: [] }], null],
    ["measured good", [OPENED, { kind: "restored" }], "restored"],
    ["declared over", [OPENED, { kind: "restored" }, { kind: "resolved", note: "lin's fault" }], "resolved"],
    ["back again", [OPENED, { kind: "restored" }, { kind: "reopened", region: "weur", note: "" }], "again"],
    [
      "what was learnt",
      [OPENED, { kind: "restored" }, { kind: "resolved", note: "" }, { kind: "postmortem", text }],
      "postmortem",
    ],
    ["another one took over", [OPENED, { kind: "merged", into: "chat-2" }], "off"],
    [
      "a drill in public words",
      [
        { ...OPENED, drill: true },
        { kind: "published", statement: "identified", text },
      ],
      null,
    ],
  ];
  it.each(table)("%s", (_name, changes, kind) => {
    const news = newsOf(...changes);
    expect(news?.kind ?? null).toBe(kind);
    expect(JSON.stringify(news)).not.toMatch(/lin@|lin's|mine/);
  });
  it("is maintenance that is announced, and that it is called off", () => {
    const window = { kind: "once", fromAt: AT, toAt: AT + 3_600_000 } as const;
    const record = {
      id: "chat-m1",
      key: "k",
      target: "chat",
      regions: null,
      title: { en: "Disks" },
      window,
      author: "lin@example.com",
      recordedAt: AT,
      withdraws: null,
    };
    expect(newsOfMaintenance(record)).toMatchObject({ matter: "chat-m1", kind: "planned", endedAt: AT + 3_600_000 });
    expect(newsOfMaintenance({ ...record, id: "chat-m2", withdraws: "chat-m1" })).toMatchObject({
      matter: "chat-m1",
      kind: "calledOff",
    });
    expect(JSON.stringify(newsOfMaintenance(record))).not.toContain("lin@");
  });
  it("is for those who chose its target and one of its regions", () => {
    const of = { language: "en" } as const;
    const news = { target: "chat", regions: ["weur", "oc"] };
    const cases: readonly (readonly [readonly string[] | null, readonly string[] | null, boolean])[] = [
      [null, null, true],
      [["chat"], null, true],
      [["push"], null, false],
      [null, ["oc"], true],
      [null, ["enam"], false],
      [["chat", "push"], ["enam", "weur"], true],
      [["push"], ["weur"], false],
    ];
    for (const [targets, regions, isTold] of cases) expect(isChosen({ ...of, targets, regions }, news)).toBe(isTold);
    expect(isChosen({ ...of, targets: null, regions: ["enam"] }, { target: "chat", regions: null })).toBe(true);
  });
});

const OK: ChannelAnswer = {
  accepted: true,
  httpStatus: 200,
  code: null,
  said: "",
  again: { when: "never" },
  disable: false,
};
const LATER: ChannelAnswer = { ...OK, accepted: false, httpStatus: 503, again: { when: "backoff" } };
const NEVER: ChannelAnswer = { ...OK, accepted: false, httpStatus: 400 };
const OF = { subscriber: "s", matter: "chat-1" };
const trying = (line: NewsLine, now: number) => ({
  ...line,
  trying: line.trying ?? line.wanted,
  firstTriedAt: line.firstTriedAt ?? now,
});

describe("a line", () => {
  it("sends the first at once, gathers the rest for ten minutes, and ends when all is told", () => {
    const first = wanting(null, OF, 1, AT);
    expect(first.tryAt).toBe(AT);
    const told = tried(trying(first, AT), OK, AT + 500, 0.5).line;
    expect(told).toMatchObject({ told: 1, tryAt: null, trying: null });
    const second = wanting(told, OF, 2, AT + 60_000);
    const third = wanting(second, OF, 3, AT + 120_000);
    expect([second.tryAt, third.tryAt, third.wanted]).toEqual([AT + 500 + GATHER_MS, AT + 500 + GATHER_MS, 3]);
    expect(tried(trying(third, AT + 700_000), OK, AT + 700_000, 0.5).line).toMatchObject({ told: 3, tryAt: null });
    expect(wanting(told, OF, 2, AT + 3 * GATHER_MS).tryAt, "long after it nothing waits").toBe(AT + 3 * GATHER_MS);
  });
  it("keeps to the words of its first try, and then tells what came meanwhile", () => {
    const failed = tried(trying(wanting(null, OF, 1, AT), AT), LATER, AT + 100, 0.5);
    expect(failed).toMatchObject({ isOver: false, line: { trying: 1, tries: 1, told: 0 } });
    const more = wanting(failed.line, OF, 2, AT + 1_000);
    expect(more).toMatchObject({ trying: 1, wanted: 2, tryAt: failed.line.tryAt });
    const after = tried(trying(more, AT), OK, AT + 6_000, 0.5).line;
    expect(after).toMatchObject({ told: 1, trying: null, tryAt: AT + 6_000 + GATHER_MS });
  });
  it("gives up what would be refused again, and after a day; what was given up was not told", () => {
    expect(tried(trying(wanting(null, OF, 1, AT), AT), NEVER, AT, 0.5)).toMatchObject({
      isOver: true,
      line: { told: 0, tryAt: null },
    });
    let line: NewsLine = trying(wanting(null, OF, 1, AT), AT);
    let tries = 0;
    for (let now = AT; line.tryAt !== null && tries < 1_000; now = line.tryAt ?? now) {
      line = tried(trying(line, now), LATER, now, 0.5).line;
      tries += 1;
    }
    console.log(`subscriptions: given up after ${tries} tries`);
    expect(tries).toBeGreaterThan(100);
    expect(tries).toBeLessThan(200);
    expect(line).toMatchObject({ told: 0, tryAt: null, toldAt: AT + 86_400_000 });
  });
});

const VOICE = {
  name: "Acme",
  url: "https://status.example",
  targets: [{ id: "chat", label: { en: "Chat\r\nBcc: x@example.org", zh: "聊天" } }],
  regions: [{ id: "weur", label: { en: "Frankfurt", zh: "法兰克福" } }],
} as never;
const END = "https://status.example/en/subscription/tok.en";

describe("a first message", () => {
  const base = must(newsOf(OPENED) ?? undefined);
  const over = { endedAt: AT + 60_000 };
  const table: readonly (readonly [Partial<News>, string, string])[] = [
    [{}, "trigger", "New"],
    [{ kind: "statement" }, "trigger", "New"],
    [{ kind: "again" }, "trigger", "Back again"],
    [{ kind: "statement", ...over }, "update", "Update"],
    [{ kind: "postmortem", ...over }, "update", "Postmortem"],
    // Declared over, and never measured good.
    [{ kind: "postmortem" }, "update", "Postmortem"],
    [{ kind: "resolved", ...over }, "resolve", "Resolved"],
    [{ what: "maintenance", kind: "planned", ...over }, "trigger", "Announced"],
    [{ what: "maintenance", kind: "calledOff", ...over }, "resolve", "Called off"],
  ];
  it("never says of what is over that it begins", () => {
    for (const [more, kind, lead] of table) {
      const news = { ...base, ...more } as Parameters<typeof newsMessage>[0];
      const message = newsMessage(news, { language: "en" }, VOICE, { key: "k", endUrl: END, isFirst: true });
      expect([message.kind, message.title.split(": ")[0]], JSON.stringify(more)).toEqual([kind, lead]);
    }
    console.log(`subscriptions: ${table.length} first messages`);
  });
});

describe("real receivers", () => {
  const news = must(newsOf(OPENED) ?? undefined) as News & { kind: "began" };
  const message = (language: "en" | "zh", key: string) =>
    newsMessage(news, { language }, VOICE, { key, endUrl: END, isFirst: true });
  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  it.each(["email-http", "webhook", "slack"] as const)(
    "%s takes news and questions, once under one key",
    async (dialect) => {
      const receiver = await startReceiver(dialect, {
        key: dialect === "webhook" ? SECRET : dialect === "email-http" ? "re_0123456789" : null,
        keyword: null,
      });
      onTestFinished(() => receiver.close());
      const paths = {
        "email-http": "/emails",
        webhook: "/in",
        slack: "/services/T01234567/B01234567/slackpath0123456789",
      };
      const world = {
        outside,
        secretOf: (name: string) =>
          name === "url" ? `${receiver.origin}${paths[dialect]}` : dialect === "webhook" ? SECRET : "re_0123456789",
        allowsLoopback: true,
        sendEmail: null,
      };
      const options = { from: "sonde@example.com", to: "lin@example.org", [END_OPTION]: END };
      const settings = {
        channel: dialect,
        id: "s",
        language: "en",
        urlSecret: "url",
        keySecret: "key",
        options,
      } as const;
      for (const [language, key] of [
        ["en", "news/s/chat-1/1"],
        ["en", "news/s/chat-1/1"],
        ["zh", "news/t/chat-1/1"],
      ] as const) {
        expect(await send(message(language, key), settings, world)).toMatchObject({ accepted: true });
      }
      const question = confirmMessage({ language: "zh", askedAt: AT }, VOICE, {
        key: "confirm/s",
        confirmUrl: "https://status.example/zh/subscribe/confirm/tok.en",
      });
      expect(await send(question, settings, world)).toMatchObject({ accepted: true });
      expect(receiver.seen).toHaveLength(4);
      const said = receiver.seen.map(({ body }) => body);
      expect(said[0]?.replace(/"timestamp":"[^"]+"/, "")).toBe(said[1]?.replace(/"timestamp":"[^"]+"/, ""));
      expect(said[0]).toContain("https://status.example/en/subscription/tok.en");
      expect(said[2]).toContain("聊天");
      expect(said[3]).toContain("/zh/subscribe/confirm/tok.en");
      if (dialect !== "email-http") return;
      const mail = JSON.parse(must(said[0])) as Readonly<Record<string, unknown>>;
      expect(mail["to"]).toEqual(["lin@example.org"]);
      expect(mail["headers"]).toEqual({
        "List-Unsubscribe": `<${END}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      });
      expect(mail["subject"]).toBe("New: Chat Bcc: x@example.org: outage (Frankfurt)");
      expect(String(mail["text"])).toContain("12 of 20 messages lost.");
    },
  );
});
