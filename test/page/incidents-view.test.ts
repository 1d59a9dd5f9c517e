// Aim: what the pages of incidents say: times and the spans between them, what was measured beside what was published, the
// timeline, and hostile texts. Method: tables of incidents and the words that the real pages then have.

import { describe, expect, it, test } from "vitest";

import { storyView } from "../../status-page/incident-story.ts";
import { listView } from "../../status-page/incidents-view.ts";
import type { Telling } from "../../status-page/incidents-view.ts";
import { parseEvent, parseIncident } from "../../status-page/incidents.ts";
import type { PublicIncident } from "../../status-page/incidents.ts";
import { incidentWordsOf, wordsOf } from "../../status-page/words/languages.ts";
import type { Language } from "../../schema/words.ts";
import type { Incident, IncidentEvent } from "../../workers/incidents/incident.ts";
import { NOW } from "./fixtures.ts";
import {
  MINUTE,
  PERSON,
  PLACES,
  eventsOf,
  flapping,
  global,
  hostile,
  incident,
  incidentWorld,
  ongoing,
} from "./incident-world.ts";
import { missing, read, text } from "./world.ts";

const plain = (said: string | null): string | null => said?.replaceAll("\u00a0", " ") ?? null;

const tellingIn = (language: Language, now = NOW, timeZone = "UTC"): Telling => ({
  words: wordsOf(language),
  said: incidentWordsOf(language),
  places: { ...PLACES, timeZone },
  now,
});

const START = Date.UTC(2026, 10, 22, 11, 43, 12);

function shownOf(change: Partial<Incident>, notifiedAt: number | null = null): PublicIncident {
  const one = incident("rtm-1", START, change);
  const shown = parseIncident({ id: one.id, notifiedAt, body: JSON.stringify(one) });
  if (shown === null) throw new Error("not public");
  return shown;
}

interface Given {
  readonly change?: Partial<Incident>;
  readonly notifiedAt?: number | null;
  readonly events?: readonly IncidentEvent[];
  readonly telling?: Telling;
}

function view({ change = {}, notifiedAt = null, events = [], telling = tellingIn("en") }: Given) {
  const shown = events.map((event) => parseEvent({ ...event, change: JSON.stringify(event.change) }));
  return storyView({ incident: shownOf(change, notifiedAt), events: shown, cut: false, related: [] }, telling);
}

const stampsOf = (given: Given) => view(given).stamps.map((one) => [one.label, one.at?.text ?? null, plain(one.note)]);

describe("times", () => {
  it("of an open one say what has not happened, and for how long", () => {
    expect(stampsOf({ change: { firstAckedAt: START + 90_000 }, notifiedAt: START + 47_000 })).toEqual([
      ["First failed message", "2026-11-22 11:43:12", null],
      ["Detected", "2026-11-22 11:43:52", "40 s after the first failed message"],
      ["First page sent", "2026-11-22 11:43:59", "47 s after the first failed message"],
      ["Acknowledged", "2026-11-22 11:44:42", "1 min 30 s after the first failed message"],
      ["First public word", null, "no public word yet, 17 min so far"],
      ["Measured restored", null, "not yet, 17 min so far"],
      ["Declared resolved", null, "not yet"],
    ]);
  });

  test.each<[string, Partial<Incident>, number, string | null, string]>([
    [
      "published",
      { publishedAt: START + 724_000 },
      4,
      "2026-11-22 11:55:16",
      "12 min 4 s after the first failed message",
    ],
    [
      "announced before",
      { publishedAt: START - 60_000 },
      4,
      "2026-11-22 11:42:12",
      "1 min before the first failed message",
    ],
    ["at once", { detected: START }, 1, "2026-11-22 11:43:12", "with the first failed message"],
    [
      "a brownout",
      { kind: "brownout", detected: START + 61_000 },
      1,
      "2026-11-22 11:44:13",
      "1 min 1 s after the first late or failed message",
    ],
    [
      "restored, nobody spoke",
      { state: "restored", impactEnd: START + MINUTE },
      4,
      null,
      "no public word yet, 17 min so far",
    ],
    ["resolved, nobody spoke", { state: "resolved" }, 4, null, "no public word was given"],
    ["resolved, never restored", { state: "resolved" }, 5, null, "never"],
    ["resolved, never paged", { state: "resolved" }, 2, null, "none was accepted by a receiver"],
    ["open, not paged yet", {}, 2, null, "not yet"],
    ["merged, nobody spoke", { state: "merged", mergedInto: "rtm-8" }, 4, null, "see the larger one"],
    ["came back: an end that was taken back is none", { impactEnd: START + MINUTE }, 5, null, "not yet, 17 min so far"],
  ])("%s", (_, change, index, at, note) => {
    const [, stampAt, stampNote] = stampsOf({ change })[index] ?? [];
    expect([stampAt, stampNote]).toEqual([at, note]);
  });

  // Cut off, never rounded up; a clock that is behind says no negative span.
  test.each<[number, string]>([
    [START - 5000, "less than 1 min"],
    [START + 59_999, "less than 1 min"],
    [START + 119_999, "1 min"],
    [START + 3_599_999, "59 min"],
    [START + 3_600_000, "1 h"],
    [START + 47 * 3_600_000 + 59 * MINUTE, "47 h 59 min"],
    [START + 71 * 3_600_000, "2 days"],
  ])("at %i an open one lasts %s so far", (now, span) => {
    const shown = view({ telling: tellingIn("en", now) });
    expect([plain(shown.lasted), plain(shown.stamps[4]?.note ?? null)]).toEqual([
      `${span} so far`,
      `no public word yet, ${span} so far`,
    ]);
  });

  it("have their zone, and where clocks change within, their offset", () => {
    const shanghai = view({ telling: tellingIn("en", NOW, "Asia/Shanghai") });
    expect([shanghai.when, shanghai.zone, shanghai.stamps[0]?.at?.iso]).toEqual([
      "2026-11-22 19:43:12 – still going on (Asia/Shanghai)",
      "Asia/Shanghai",
      "2026-11-22T11:43:12.000Z",
    ]);
    const start = Date.UTC(2026, 9, 25, 0, 30);
    const change = { impactStart: start, detected: start, impactEnd: start + 60 * MINUTE, state: "resolved" } as const;
    expect(view({ change, telling: tellingIn("en", NOW, "Europe/Berlin") }).when).toBe(
      "2026-10-25 02:30:00 +02:00 – 2026-10-25 02:30:00 +01:00 (Europe/Berlin)",
    );
  });
});

describe("the list", () => {
  test.each<[string, Partial<Incident>, string, string, string | null]>([
    ["open", {}, "down", "still going on", "17 min so far"],
    ["open brownout", { kind: "brownout" }, "degraded", "still going on", "17 min so far"],
    ["restored", { state: "restored", impactEnd: START + 61_500 }, "up", "2026-11-22 11:44:13", "lasted 1 min 1 s"],
    ["resolved", { state: "resolved", impactEnd: START + 500 }, "up", "2026-11-22 11:43:12", "lasted 500 ms"],
    ["declared", { state: "resolved" }, "up", "end not measured", null],
    ["merged", { state: "merged", mergedInto: "rtm-8" }, "merged", "then part of a larger one", null],
  ])("%s: sign, end, length", (_, change, sign, end, lasted) => {
    const list = { incidents: [shownOf(change)], merged: [], olderBefore: null };
    const row = listView(list, true, tellingIn("en")).months[0]?.rows[0];
    expect([row?.sign, row?.when, plain(row?.lasted ?? null)]).toEqual([
      sign,
      `2026-11-22 11:43:12 – ${end} (UTC)`,
      lasted,
    ]);
  });

  test.each<[readonly Partial<Incident>[], string, string]>([
    [[{}], "1 outage open now", "down"],
    [[{ kind: "brownout" }], "1 brownout open now", "degraded"],
    [[{}, { kind: "brownout" }, { kind: "brownout" }], "1 outage and 2 brownouts open now", "down"],
    [[{ state: "restored" }], "No incident is open", "unmeasured"],
    [[], "No incident has been recorded.", "unmeasured"],
  ])("of %o says %s", (changes, sentence, state) => {
    const shown = listView(
      { incidents: changes.map((c) => shownOf(c)), merged: [], olderBefore: null },
      true,
      tellingIn("en"),
    );
    expect([shown.sentence, shown.state]).toEqual([sentence, state]);
  });

  it("goes by months of the page's zone", () => {
    const starts = [Date.UTC(2026, 10, 1, 0, 30), Date.UTC(2026, 9, 31, 20), Date.UTC(2026, 9, 31, 10)];
    const incidents = starts.map((impactStart) => shownOf({ impactStart }));
    const months = (zone: string) =>
      listView({ incidents, merged: [], olderBefore: null }, true, tellingIn("en", NOW, zone)).months.map((m) => [
        m.name,
        m.rows.length,
      ]);
    expect(months("UTC")).toEqual([
      ["November 2026", 1],
      ["October 2026", 2],
    ]);
    expect(months("Asia/Shanghai")).toEqual([
      ["November 2026", 2],
      ["October 2026", 1],
    ]);
  });
});

describe("what was measured", () => {
  it("counts region by region, floors shares, and says which are bad now", () => {
    const impact = [
      { region: "weur", attempted: 2480, bad: 61 },
      { region: "eeur", attempted: 0, bad: 0 },
      { region: "oc", attempted: 3, bad: 2 },
    ];
    const open = view({ change: { regions: ["weur", "eeur", "enam"], impact } });
    expect(open.impact.map((one) => [one.region, plain(one.counts), one.now])).toEqual([
      ["Western Europe", "61 of 2,480 (2.45 %)", "bad now"],
      ["Eastern Europe", "no counts", "good again"],
      ["Eastern North America", "no counts", "good again"],
      ["Oceania", "2 of 3 (66 %)", "good again"],
    ]);
    expect(view({ change: { state: "resolved", impact } }).impact.map((one) => one.now)).toEqual([null, null, null]);
  });

  it("says that it flaps and how often it came back", () => {
    expect(view({ change: { flapping: true, reopened: 2 } }).notes).toEqual([
      "Flapping: it comes and goes. What follows is one story.",
      "Came back 2 times before it was resolved.",
    ]);
    expect(view({}).notes).toEqual([]);
  });
});

describe("the timeline", () => {
  const lines = (given: Given) =>
    view(given).lines.map((one) => [one.at.text.slice(11), one.what, one.who, one.sentence?.text ?? null]);

  it("is in the order of time, without notes, and of measurements in a row has the last", () => {
    const { incident: one, events } = ongoing();
    const shown = events.filter((event) => event.change.kind !== "noted");
    expect(lines({ change: { ...one, id: "rtm-1" }, notifiedAt: one.impactStart + 47_000, events: shown })).toEqual([
      ["11:43:12", "First failed message", "Sonde", null],
      ["11:43:52", "Detected (critical): Western Europe and Eastern Europe", "Sonde", one.sentence.en],
      ["11:43:59", "First page sent", "Sonde", null],
      ["11:45:12", "Also bad: Eastern Europe", "Sonde", null],
      ["11:47:12", "Acknowledged", "operations team", null],
      ["11:48:12", "Measured (critical)", "Sonde", "Western Europe: 41 of 340 lost."],
      ["11:52:12", "Good again: Eastern Europe", "Sonde", null],
      ["11:58:12", "Measured (critical)", "Sonde", "Western Europe: 97 of 340 lost."],
    ]);
  });

  it("says when something was entered late, of people only", () => {
    const [acked] = eventsOf("rtm-1", START, [[MINUTE, PERSON, { kind: "acknowledged", note: "" }]]);
    const [restored] = eventsOf("rtm-1", START, [[MINUTE, "sonde", { kind: "restored" }]]);
    if (acked === undefined || restored === undefined) throw new Error("no events");
    const late = { recordedAt: START + 30 * MINUTE };
    const shown = view({ events: [{ ...acked, ...late }, { ...restored, ...late }, acked] });
    expect(shown.lines.map((one) => one.entered)).toEqual([null, "entered 2026-11-22 12:13:12", null, null]);
  });

  it("calls no region good again that was taken away", () => {
    const gone = { kind: "left", region: "weur", removed: true } as const;
    const shown = view({ events: eventsOf("rtm-1", START, [[MINUTE, "sonde", gone]]) });
    expect(shown.lines.at(-1)?.what).toMatch(/^No longer measured from: .*not known$/);
  });

  it("of hundreds keeps both ends and says how many are between", () => {
    const many = Array.from({ length: 300 }, (_, i) => [i * 1000, "sonde", { kind: "left", region: `r${i}` }] as const);
    const shown = view({ events: eventsOf("rtm-1", START, many) });
    expect([shown.lines.length, shown.leftOut]).toEqual([120, 181]);
    expect([shown.lines[59]?.what, shown.lines[60]?.what, shown.lines[119]?.what]).toEqual([
      "Good again: r58",
      "Good again: r240",
      "Good again: r299",
    ]);
  });
});

describe("the page of one", () => {
  it("has the measured and the published side by side, in both languages", async () => {
    const w = incidentWorld([global(), flapping(), ongoing()]);
    const en = await read(await w.get("/en/incidents/rtm-8"));
    expect(
      missing(
        en,
        "First public word 2026-11-19 20:14:17 14 min after the first failed message",
        "2026-11-19 20:00:17 – 2026-11-19 20:48:29 (Asia/Shanghai) lasted 48 min 12 s",
        "Western North America 172 of 960 (17.9 %)",
        "Came back once before it was resolved.",
        "Investigating, by the operations team 2026-11-19 20:14:17 We see lost messages in most regions.",
        "Postmortem 2026-11-20 20:00:17, by the operations team What happened A certificate ran out",
      ),
    ).toEqual([]);
    const order = ["Investigating, by", "Identified, by", "Resolved, by"].map((each) => en.indexOf(each));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const zh = await text(await w.get("/zh/incidents/rtm-8"));
    expect(
      missing(
        zh,
        "测量结果",
        "公开说明",
        "首次公开说明",
        "我们发现多数区域出现<strong>消息丢失</strong>。",
        "事后复盘",
        "由运维团队发布",
      ),
    ).toEqual([]);
    // What was said in English only is shown as that.
    expect(zh).toMatch(/原文为其他语言<\/p><div class="itext" lang="en"><p>A broker node/);
    expect(await read(await w.get("/en/incidents/rtm-5"))).toContain("Flapping: it comes and goes.");
    expect(await read(await w.get("/en/incidents/rtm-9"))).toContain(
      "First public word no public word yet, 17 min so far",
    );
  });

  it("reads Markdown, and only that", async () => {
    const html = await text(await incidentWorld([global()]).get("/en/incidents/rtm-8"));
    expect(
      missing(
        html,
        "<strong>lost messages</strong>",
        "<li><p>others wait</p></li>",
        'href="https://example.com/report"',
        "<h3>What happened</h3>",
      ),
    ).toEqual([]);
  });
});

describe("hostile texts", () => {
  it.each(["/en/incidents", "/zh/incidents", "/en/incidents/rtm-2", "/zh/incidents/rtm-2"])(
    "in %s stay text, and bounded",
    async (path) => {
      const html = (await text(await incidentWorld([hostile()]).get(path))).replace(/<style>.*?<\/style>/gs, "");
      expect(missing(html, "&lt;script&gt;alert(1)&lt;/script&gt;")).toEqual([]);
      expect(
        html.match(
          /<script(?!>\{let d=document,)|<img|<[^>]*\son\w+=|href="javascript:|[\u202a-\u202e\u2066-\u2069]/i,
        )?.[0],
      ).toBeUndefined();
      // Two texts of 20,000 characters, and the rest in some lines of 80 or 400 characters.
      expect(html.length).toBeLessThan(path.endsWith("incidents") ? 30_000 : 160_000);
      // It was absorbed by, and has absorbed, what has no page: named, not linked.
      expect(html.match(/<a [^>]*href="[^"]*(script|%3C)/i)?.[0]).toBeUndefined();
    },
  );

  it("in the JSON are data of at most 20,000 characters each", async () => {
    const json = await (await incidentWorld([hostile()]).get("/incidents/rtm-2.json")).json();
    const lengths: number[] = [];
    JSON.stringify(json, (key, value: unknown) => {
      if (typeof value === "string" && (key === "en" || key === "zh")) lengths.push(value.length);
      return value;
    });
    expect([lengths.length > 200, Math.max(...lengths)]).toEqual([true, 20_000]);
  });
});
