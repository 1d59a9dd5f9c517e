// Aim: one look ties everything together: rounds become incidents, blindness goes to the keepers and is one story however many
// targets see it, budgets and what has run out have one incident each, and a target that is no more leaves nothing open.
// Method: looks a minute apart over rounds written as signs, with the memory passed on as JSON, as a Duty keeps it.

import { describe, expect, it } from "vitest";

import { configOf } from "../../workers/config/parse.ts";
import type { Target } from "../../workers/config/config.ts";
import { decideAbout } from "../../workers/incidents/about.ts";
import type { AboutSeen } from "../../workers/incidents/about.ts";
import type { Incident, IncidentEvent, NewIncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { lookAtBlind, lookAtGone, lookAtRounds, NO_MEMORY } from "../../workers/incidents/look.ts";
import type { BlindRegion, Looked, Memory, TargetLook } from "../../workers/incidents/look.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts, must, observe, T0 } from "../observations.ts";

const MINUTE = 60_000;
const GOOD = ".".repeat(20);
const LOST = "x".repeat(20);
const config = configOf({
  name: "Test",
  regions: ["weur", "enam", "oc"],
  targets: [{ id: "chat", driver: "mqtt", address: "ws://127.0.0.1:1/mqtt" }],
  contracts: [{ id: "standard", target: "chat", preset: "realtime-messaging", effective: { from: "2026-01-01" } }],
});
const target = must(config.targets[0]) as Target;

/** A Duty without its disk: what it decides is kept, and what it remembers goes through JSON. */
class Desk {
  memory: Memory = NO_MEMORY;
  readonly stories = new Map<string, IncidentEvent[]>();
  opened = 0;

  incidents(of = "chat"): Incident[] {
    return [...this.stories.values()].map((events) => incidentOf(of, events));
  }

  keep(events: readonly NewIncidentEvent[], now: number): void {
    for (const event of events) {
      const story = this.stories.get(event.incident) ?? [];
      if (story.some(({ key }) => key === event.key)) continue;
      if (story.length === 0) this.opened += 1;
      this.stories.set(event.incident, [...story, { ...event, number: story.length + 1, recordedAt: now }]);
    }
  }

  look(now: number, records: readonly RoundRecord[], more: Partial<TargetLook> = {}): Looked {
    const input = { config, now, memory: this.memory, incidents: this.incidents(), nextNumber: this.opened + 1 };
    const looked = lookAtRounds({ ...input, target, records, minutes: null, support: null, ...more });
    this.memory = JSON.parse(JSON.stringify(looked.memory)) as Memory;
    this.keep(looked.events, now);
    return looked;
  }
}

function round(region: string, minute: number, signs: string): RoundRecord {
  const slotAt = T0 + minute * MINUTE;
  const series = { target: "chat", region, journey: "loop", peer: "" } as const;
  return recordRound(observe(signs, {}, slotAt), facts({ slotAt, series, limitsMs: [200, 600] }));
}

/** Looks after each of these minutes; a region without signs is silent. */
function minutes(desk: Desk, from: number, lines: readonly Readonly<Record<string, string>>[]): Looked[] {
  return lines.map((line, nth) => {
    const rounds = Object.entries(line).map(([region, signs]) => round(region, from + nth, signs));
    return desk.look(T0 + (from + nth) * MINUTE + 7_000, rounds);
  });
}

const all = (signs: string) => ({ weur: signs, enam: signs, oc: signs });
const repeat = <T>(times: number, what: T): T[] => Array.from({ length: times }, () => what);

describe("a look at rounds", () => {
  it("opens an outage with its place in both languages, asks for confirmation first, and ends it by measurement", () => {
    const desk = new Desk();
    minutes(desk, 0, repeat(5, all(GOOD)));
    const [first] = minutes(desk, 5, [{ ...all(GOOD), weur: LOST }]);
    expect(first?.events).toEqual([]);
    expect(first?.confirm).toMatchObject([{ region: "weur", dueAt: T0 + 5 * MINUTE + 6_000 }]);
    minutes(desk, 6, repeat(3, { ...all(GOOD), weur: LOST }));
    const [bad] = desk.incidents();
    expect(bad).toMatchObject({
      id: "chat-1",
      kind: "outage",
      audience: "service",
      severity: "error",
      state: "open",
      regions: ["weur"],
    });
    expect(bad?.impactStart).toBe(T0 + 5 * MINUTE + 120);
    expect(bad?.sentence.en).toMatch(
      /^To and from Western Europe: \d+ of \d+ messages lost or refused; 2 of 2 other paths healthy/,
    );
    expect(bad?.sentence.zh).toContain("西欧");
    minutes(desk, 9, repeat(6, all(GOOD)));
    expect(desk.incidents()).toMatchObject([{ state: "restored", impactEnd: T0 + 9 * MINUTE + 120 }]);
    minutes(desk, 15, repeat(40, all(GOOD)));
    expect(desk.incidents()).toMatchObject([{ state: "resolved", impactEnd: T0 + 9 * MINUTE + 120 }]);
    expect(desk.opened).toBe(1);
  });

  it("keeps an outage open through silence, and tells nobody of the service's that a region is silent", () => {
    const desk = new Desk();
    minutes(desk, 0, [...repeat(5, all(GOOD)), ...repeat(4, { ...all(GOOD), weur: LOST })]);
    const silent = minutes(desk, 9, repeat(10, { enam: GOOD, oc: GOOD }));
    expect(desk.incidents()).toMatchObject([{ state: "open", badRegions: ["weur"] }]);
    expect(silent.at(-1)?.blind).toMatchObject([{ region: "weur", reason: "silence" }]);
    // All silent: still nobody's incident but the keepers'.
    minutes(desk, 19, repeat(10, {}));
    expect(desk.incidents()).toMatchObject([{ kind: "outage", state: "open" }]);
  });

  it("tells of a burning budget once, and hands out the minutes of hours that are over", () => {
    const desk = new Desk();
    // 8 % in every round: too little for an outage, and hundreds of times what the month allows.
    const poor = `xx${".".repeat(18)}`;
    const looks = minutes(desk, 0, repeat(50, all(poor)));
    const before = desk.memory.pooled;
    expect(before.reduce((sum, { attempted }) => sum + attempted, 0)).toBe(50 * 60);
    expect(looks.every(({ pooled }) => pooled.length === 0)).toBe(true);
    desk.look(T0 + 50 * MINUTE, [], { minutes: [] });
    const budgets = desk.incidents().filter(({ kind }) => kind === "budget");
    expect(budgets.map(({ about }) => about)).toContain("standard/delivery");
    expect(budgets.find(({ about }) => about === "standard/delivery")?.sentence.en).toMatch(
      /delivery budget burns .* 300 of 3,000/,
    );
    desk.look(T0 + 51 * MINUTE, [], { minutes: [] });
    expect(desk.incidents().filter(({ kind }) => kind === "budget")).toHaveLength(budgets.length);
    const next = desk.look(T0 + 61 * MINUTE, []);
    expect(next.pooled).toEqual(before);
    expect(desk.memory.pooled).toEqual([]);
  });
});

describe("the keepers' look", () => {
  const two = { ...config, targets: [target, { ...target, id: "push" }] };
  const blind: readonly BlindRegion[] = [{ region: "oc", since: T0, reason: "silence" }];
  const look = (desk: Desk, now: number): Looked => {
    const input = {
      config: two,
      now,
      memory: desk.memory,
      incidents: desk.incidents("k"),
      nextNumber: desk.opened + 1,
    };
    const looked = lookAtBlind({ ...input, keepers: "k" });
    desk.memory = looked.memory;
    desk.keep(looked.events, now);
    return looked;
  };

  it("is one incident however many targets see nothing of a region, and is over when all of them see it", () => {
    const desk = new Desk();
    desk.memory = {
      ...NO_MEMORY,
      blind: { chat: blind, push: [{ region: "oc", since: T0 + 9_000, reason: "silence" }] },
    };
    look(desk, T0 + 2 * MINUTE);
    expect(desk.opened, "not blind for three minutes").toBe(0);
    look(desk, T0 + 4 * MINUTE);
    look(desk, T0 + 5 * MINUTE);
    expect(desk.incidents("k")).toMatchObject([
      { id: "k-1", kind: "blind", audience: "keepers", severity: "warning", regions: ["oc"], impactStart: T0 },
    ]);
    expect(desk.incidents("k")[0]?.sentence.en).toContain("says nothing about the service");
    desk.memory = { ...desk.memory, blind: { chat: [], push: blind } };
    look(desk, T0 + 6 * MINUTE);
    expect(desk.incidents("k")).toMatchObject([{ state: "open" }]);
    desk.memory = { ...desk.memory, blind: { chat: [], push: [] } };
    look(desk, T0 + 7 * MINUTE);
    expect(desk.incidents("k")).toMatchObject([{ state: "restored" }]);
  });

  it("forgets what a target told that is no more", () => {
    const desk = new Desk();
    desk.memory = { ...NO_MEMORY, blind: { gone: blind } };
    look(desk, T0 + 10 * MINUTE);
    expect(desk.opened).toBe(0);
    expect(desk.memory.blind).toEqual({});
  });
});

it("ends what is open of a target that the configuration no longer has, without an end that nobody measured", () => {
  const desk = new Desk();
  minutes(desk, 0, [...repeat(5, all(GOOD)), ...repeat(4, { ...all(GOOD), weur: LOST })]);
  const now = T0 + 60 * MINUTE;
  const gone = () => lookAtGone({ config, now, memory: desk.memory, incidents: desk.incidents(), nextNumber: 2 });
  desk.keep(gone().events, now);
  expect(desk.incidents()).toMatchObject([{ state: "resolved", resolvedAt: now, impactEnd: null }]);
  expect(gone().events).toEqual([]);
});

describe("incidents about something", () => {
  const burn = (about: string, severity: AboutSeen["severity"] = "info"): AboutSeen => {
    return { about, startedAt: T0, severity, sentence: { en: `${about} burns`, zh: `${about} 过快` } };
  };
  const TABLE: readonly (readonly [string, readonly (readonly AboutSeen[])[], readonly string[]])[] = [
    [
      "one each",
      [
        [burn("a"), burn("b")],
        [burn("a"), burn("b")],
      ],
      ["a open info", "b open info"],
    ],
    ["over when it is not so any more", [[burn("a")], []], ["a restored info"]],
    ["back when it is so again", [[burn("a")], [], [burn("a")]], ["a open info 1"]],
    ["worse is told, better is not", [[burn("a")], [burn("a", "warning")], [burn("a")]], ["a open warning"]],
    ["each by itself", [[burn("a")], [burn("b")], [burn("b")]], ["a restored info", "b open info"]],
  ];
  it.each(TABLE)("%s", (_, looks, told) => {
    const desk = new Desk();
    for (const [nth, seen] of looks.entries()) {
      const now = T0 + nth * MINUTE;
      const about = { target: "chat", kind: "budget", audience: "service", regions: ["weur"], now } as const;
      const decided = () => decideAbout(desk.incidents(), seen, { ...about, nextNumber: desk.opened + 1 });
      desk.keep(decided(), now);
      expect(decided(), "the same once more").toEqual([]);
    }
    const shown = desk
      .incidents()
      .map(({ about, state, severity, reopened }) =>
        [about, state, severity, ...(reopened > 0 ? [reopened] : [])].join(" "),
      );
    expect(shown).toEqual(told);
  });
});
