// Aim: a message says what is known, with its numbers, in both languages, and nothing that is not known; short in its title, plain
// in its texts.
// Method: one incident told at each turn of its story, compared word by word; a table of titles; hostile names in every place.

import { describe, expect, test } from "vitest";
import { alertOf } from "../../workers/alerts/message.ts";
import type { MessageContext } from "../../workers/alerts/message.ts";
import type { AlertKind } from "../../workers/alerts/alert.ts";
import { INCIDENT_KINDS } from "../../workers/incidents/incident.ts";
import type { IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { CHANGES, NOON, OPENED, measured, span } from "./alert-worlds.ts";

const CONTEXT: MessageContext = {
  source: "Status",
  targetLabel: "Chat",
  regionLabels: { tyo: "Tokyo", fra: "Frankfurt", sin: "Singapore", syd: "Sydney", iad: "Virginia" },
  language: "en",
  now: NOON + span("0:12:34"),
  pageUrl: "https://status.example/incidents/chat-7",
  ackUrl: "https://status.example/ack/x",
  emptyLevels: [],
};
const CHINESE: Partial<MessageContext> = {
  language: "zh",
  targetLabel: "聊天",
  regionLabels: { tyo: "东京", fra: "法兰克福" },
};

type Told = readonly [at: string, change: IncidentChange, author?: string];

function alertAfter(story: readonly Told[], kind: AlertKind, more: Partial<MessageContext> = {}, what: string = kind) {
  const events = story.map(([at, change, author = "sonde"], i): IncidentEvent => {
    const then = NOON + span(at);
    return { incident: "chat-7", number: i + 1, key: `e${i}`, at: then, recordedAt: then, author, change };
  });
  const incident = incidentOf("chat", events);
  return alertOf(incident, events, { key: `chat-7/0/${what}/ops`, kind }, { ...CONTEXT, ...more });
}

const BEGAN: Told = ["0:00:00", OPENED];
const MEASURED: Told = ["0:01:00", measured("error", [["tyo", 61, 2_480]])];
const opened = (more: object): Told => ["0:00:00", { ...OPENED, ...more } as IncidentChange];

describe("at each turn of a story", () => {
  test("it begins", () => {
    expect(alertAfter([BEGAN, MEASURED], "trigger")).toEqual({
      key: "chat-7/0/trigger/ops",
      incident: "chat-7",
      kind: "trigger",
      severity: "error",
      language: "en",
      source: "Status",
      target: "chat",
      regions: ["tyo"],
      title: "Chat: outage (Tokyo)",
      sentence: "Tokyo: bad.",
      facts: [
        { name: "Regions", value: "Tokyo" },
        { name: "Severity", value: "error" },
        { name: "Since", value: "2026-11-22 12:00:00 UTC" },
        { name: "So far", value: "12 min 34 s" },
        { name: "lost or refused", value: "61 of 2,480" },
        { name: "Incident", value: "chat-7" },
      ],
      startedAt: NOON,
      endedAt: null,
      pageUrl: "https://status.example/incidents/chat-7",
      ackUrl: "https://status.example/ack/x",
    });
  });

  test("in Chinese", () => {
    const alert = alertAfter([BEGAN], "trigger", CHINESE);
    expect(alert).toMatchObject({
      title: "聊天：中断（东京）",
      sentence: "往返东京：20 条消息中 12 条丢失或被拒绝。",
      facts: [
        { name: "区域", value: "东京" },
        { name: "级别", value: "错误" },
        { name: "开始于", value: "2026-11-22 12:00:00 UTC" },
        { name: "至今", value: "12 分钟 34 秒" },
        { name: "事件", value: "chat-7" },
      ],
    });
  });

  test("nobody is on call, and it goes on", () => {
    const alert = alertAfter([BEGAN], "trigger", { emptyLevels: [0, 1] }, "again");
    expect(alert.title).toBe("Still open: Chat: outage (Tokyo)");
    expect(alert.sentence).toMatch(/^Nobody is on call in level 1, 2 of the escalation\. To and from Tokyo/);
    const chinese = alertAfter([BEGAN], "trigger", { ...CHINESE, emptyLevels: [0] }, "again");
    expect(chinese.title).toBe("仍未结束：聊天：中断（东京）");
    expect(chinese.sentence).toMatch(/^升级的第 1 级无人值班。/);
  });

  const WORSE: readonly Told[] = [
    BEGAN,
    MEASURED,
    ["0:02:00", CHANGES.joined],
    [
      "0:03:00",
      measured("critical", [
        ["tyo", 70, 2_600],
        ["fra", 5, 20],
      ]),
    ],
  ];

  test("it becomes worse, in one more region", () => {
    const alert = alertAfter(WORSE, "update");
    expect(alert.title).toBe("Update: Chat: outage (Tokyo, Frankfurt)");
    expect(alert.severity).toBe("critical");
    expect(alert.sentence).toBe(
      "Tokyo: bad. Frankfurt is bad as well since 2026-11-22 12:02:00 UTC. It is critical since 2026-11-22 12:03:00 UTC.",
    );
    expect(alert.facts).toContainEqual({ name: "lost or refused", value: "75 of 2,620" });
    expect(alert.facts).toContainEqual({ name: "Tokyo", value: "70 of 2,600" });
    expect(alert.facts).toContainEqual({ name: "Frankfurt", value: "5 of 20" });
    expect(alertAfter(WORSE, "update", CHINESE).sentence).toBe(
      "东京：异常。法兰克福自 2026-11-22 12:02:00 UTC 起也出现异常。自 2026-11-22 12:03:00 UTC 起级别为“严重”。",
    );
  });

  test("one region is good again, and it comes and goes", () => {
    const story: readonly Told[] = [...WORSE, ["0:04:00", CHANGES.left], ["0:05:00", CHANGES.flapping]];
    const alert = alertAfter(story, "update");
    expect(alert.regions).toEqual(["tyo"]);
    expect(alert.sentence).toMatch(/Frankfurt is good again since .* It comes and goes since .*regions\.$/);
    // The three newest are said; that Frankfurt joined is in the past by now.
    expect(alert.sentence).not.toContain("as well");
  });

  test("somebody takes it: there is nothing left to acknowledge", () => {
    const story: readonly Told[] = [
      BEGAN,
      ["0:04:00", { kind: "acknowledged", note: "restarting\nthe broker" }, "ana@example.com"],
    ];
    const alert = alertAfter(story, "acknowledge");
    expect(alert.title).toBe("Acknowledged: Chat: outage (Tokyo)");
    expect(alert.sentence).toContain(
      "Acknowledged by ana@example.com at 2026-11-22 12:04:00 UTC: restarting the broker.",
    );
    expect(alert.facts).toContainEqual({ name: "Acknowledged", value: "ana@example.com, 2026-11-22 12:04:00 UTC" });
    expect(alert.ackUrl).toBeNull();
  });

  test("a public statement, without its Markdown, in the language there is", () => {
    const text = { en: "We found **it**: see [more](https://example.com)." };
    const story: readonly Told[] = [BEGAN, ["0:04:00", { kind: "published", statement: "identified", text }]];
    const fact = alertAfter(story, "update").facts.find(({ name }) => name === "Identified");
    expect(fact?.value).toContain("We found it");
    expect(fact?.value).not.toContain("**");
    expect(alertAfter(story, "update", CHINESE).facts.find(({ name }) => name === "已定位")?.value).toContain(
      "We found it",
    );
  });

  const OVER: readonly Told[] = [...WORSE, ["0:12:30", CHANGES.restored]];

  test("it is over: how long it was and what was lost", () => {
    const alert = alertAfter(OVER, "resolve");
    expect(alert).toMatchObject({
      title: "Over: Chat: outage (Tokyo, Frankfurt)",
      endedAt: NOON + span("0:12:30"),
      ackUrl: null,
    });
    expect(alert.sentence).toBe(
      "Tokyo: bad. Measured to be good again since 2026-11-22 12:12:30 UTC. It lasted 12 min 30 s. 75 of 2,620 messages were lost or refused.",
    );
    expect(alert.facts).toContainEqual({ name: "Lasted", value: "12 min 30 s" });
    expect(alert.facts.map(({ name }) => name)).not.toContain("So far");
    expect(alertAfter(OVER, "resolve", CHINESE).sentence).toBe(
      "东京：异常。自 2026-11-22 12:12:30 UTC 起测得恢复正常。持续了 12 分钟 30 秒。2,620 条消息中 75 条丢失或被拒绝。",
    );
  });

  test("over without a count: nobody knows what was lost, and no 0 is said", () => {
    const alert = alertAfter([BEGAN, ["0:10:00", CHANGES.restored]], "resolve");
    expect(alert.sentence).toContain("How much was lost is not known.");
    expect(JSON.stringify(alert)).not.toContain("0 of 0");
  });

  test("ended by a person, who alone had kept it open: nothing is called measured", () => {
    const again = { kind: "reopened", region: null, note: "wait" } as const;
    const said = { kind: "resolved", note: "all is well" } as const;
    const story: readonly Told[] = [
      ...OVER,
      ["0:20:00", again, "lin@example.com"],
      ["0:40:00", said, "lin@example.com"],
    ];
    const { sentence } = alertAfter(story, "resolve");
    expect(sentence).toContain("lin@example.com");
    expect(sentence).toContain("all is well");
    expect(sentence).not.toContain("Measured");
  });

  test("back again: what was new before is not told again, and worse is worse than when it began", () => {
    const story: readonly Told[] = [...OVER, ["0:20:00", CHANGES.reopened], ["0:21:00", measured("critical")]];
    const { sentence } = alertAfter(story, "update");
    expect(sentence).not.toContain("Frankfurt");
    expect(sentence).toContain("It is critical since 2026-11-22 12:21:00 UTC.");
  });

  test("part of another one", () => {
    const alert = alertAfter([BEGAN, ["0:10:00", CHANGES.merged]], "resolve");
    expect(alert.title).toBe("Part of another one: Chat: outage (Tokyo)");
    expect(alert.sentence).toContain("It goes on as part of chat-8.");
  });

  test("a first message that was late says that it is over", () => {
    const alert = alertAfter(OVER, "trigger");
    expect(alert.sentence).toContain("It lasted 12 min 30 s.");
    expect(alert.ackUrl).toBeNull();
  });
});

const TITLES: readonly (readonly [string, Told, string, string])[] = [
  ["brown-out", opened({ of: "brownout" }), "Chat: degraded (Tokyo)", "聊天：性能下降（东京）"],
  [
    "global",
    opened({ scope: "global", regions: ["tyo", "fra"] }),
    "Chat: outage (most regions)",
    "聊天：中断（多数区域）",
  ],
  ["blind", opened({ of: "blind", audience: "keepers" }), "Chat: not measured (Tokyo)", "聊天：未测得（东京）"],
  [
    "budget",
    opened({ of: "budget", regions: [], about: "gold/delivery" }),
    "Chat: error budget burns too fast",
    "聊天：错误预算消耗过快",
  ],
  [
    "support",
    opened({ of: "support", audience: "support", regions: [] }),
    "Chat: support time has run out",
    "聊天：支持时限已过",
  ],
  ["drill", opened({ drill: true }), "[Drill] Chat: outage (Tokyo)", "【演练】 聊天：中断（东京）"],
  ["a region without a label", opened({ regions: ["xyz"] }), "Chat: outage (xyz)", "聊天：中断（xyz）"],
  [
    "a region called like a method",
    opened({ regions: ["toString"] }),
    "Chat: outage (toString)",
    "聊天：中断（toString）",
  ],
];

describe("titles", () => {
  test.each(TITLES)("%s", (_name, story, en, zh) => {
    expect(alertAfter([story], "trigger").title).toBe(en);
    expect(alertAfter([story], "trigger", CHINESE).title).toBe(zh);
  });

  test("every kind of incident has its words", () => {
    const titles = INCIDENT_KINDS.map((of) => alertAfter([opened({ of })], "trigger").title);
    expect(new Set(titles).size).toBe(INCIDENT_KINDS.length);
  });

  test("many regions are three and a number", () => {
    const regions = ["tyo", "fra", "sin", "syd", "iad"];
    expect(alertAfter([opened({ regions })], "trigger").title).toBe(
      "Chat: outage (Tokyo, Frankfurt, Singapore and 2 more)",
    );
  });

  test("hostile names: one line, at most 120 characters, never half a character", () => {
    const names = ["😀".repeat(500), "a\nb\r\nc", "\u202eevil", "x".repeat(10_000), "", "<script>alert(1)</script>"];
    let tried = 0;
    for (const name of names) {
      for (const kind of ["trigger", "update", "acknowledge", "resolve"] as const) {
        for (const drill of [true, false]) {
          const alert = alertAfter([opened({ drill })], kind, {
            targetLabel: name,
            regionLabels: { tyo: name },
            source: name,
          });
          const texts = [alert.title, alert.sentence, ...alert.facts.map(({ value }) => value)];
          expect(alert.title.length).toBeLessThanOrEqual(120);
          expect(texts.every((text) => text.isWellFormed())).toBe(true);
          expect(texts.join("")).not.toMatch(/[\n\r\u202e]/);
          tried += 1;
        }
      }
    }
    console.log(`messages: ${TITLES.length * 2} titles, ${tried} with hostile names`);
    expect(tried).toBe(48);
  });
});
