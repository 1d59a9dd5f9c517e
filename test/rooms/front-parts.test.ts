// Aim: what stands on the front page beside the snapshots is what everybody may see, cut to what a row can hold, and of each
// objective the worst that binds. Method: tables of incidents, maintenance and scopes, one change each from a plain one.

import { describe, expect, test } from "vitest";

import type { Incident } from "../../workers/incidents/incident.ts";
import { frontIncidentOf, incidentsPartOf, maintenancePartOf } from "../../workers/incidents/front-parts.ts";
import type { Maintenance, MaintenanceWindow } from "../../workers/incidents/maintenance.ts";
import { boardOf } from "../../workers/sla/board.ts";
import type {
  DurationResult,
  ObjectiveResult,
  Report,
  ScopeResult,
  SlotsResult,
} from "../../workers/sla/report-shape.ts";
import { must } from "../observations.ts";
import { HIDDEN, incident } from "../page/incident-world.ts";
import { REPORT } from "./report-literal.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);

describe("incidents", () => {
  test("say what everybody may know", () => {
    const said = {
      at: NOW - 1_000,
      author: "lin@example.com",
      statement: "identified",
      text: { en: "A disk." },
    } as const;
    const whole = incident("rtm-7", NOW - 60_000, {
      acked: { at: NOW - 20_000, by: "lin@example.com" },
      firstAckedAt: NOW - 30_000,
      publishedAt: NOW - 9_000,
      statements: [{ ...said, at: NOW - 9_000, text: { en: "We look." } }, said],
      postmortem: { at: NOW, author: "lin@example.com", text: { en: "secret until read" } },
    });
    const { sentence } = whole;
    expect(frontIncidentOf(whole)).toEqual({
      id: "rtm-7",
      kind: "outage",
      severity: "critical",
      scope: "region",
      state: "open",
      regions: ["weur"],
      bad_regions: ["weur"],
      sentence,
      impact_start: NOW - 60_000,
      impact_end: null,
      detected_at: NOW - 20_000,
      acknowledged_at: NOW - 30_000,
      resolved_at: null,
      published_at: NOW - 9_000,
      statement: { at: NOW - 1_000, statement: "identified", text: { en: "A disk." } },
      postmortem: true,
      told_at: NOW - 20_000,
    });
  });

  test("that are not for everybody, or have no story of their own, are none", () => {
    const hidden: readonly Incident[] = [
      ...HIDDEN.map((kept) => kept.incident),
      incident("rtm-9", NOW, { state: "merged", mergedInto: "rtm-8" }),
    ];
    expect(hidden.map(frontIncidentOf)).toEqual(hidden.map(() => null));
    expect(hidden).toHaveLength(6);
  });

  test("have words of at most 1,000 characters, none of them halved", () => {
    const textOf = (en: string) => {
      const one = { at: NOW, author: "a", statement: "identified", text: { en } } as const;
      return frontIncidentOf(incident("rtm-7", NOW, { statements: [one] }))?.statement?.text.en;
    };
    expect(textOf("x".repeat(1_000))).toBe("x".repeat(1_000));
    expect(textOf("x".repeat(1_001))).toBe(`${"x".repeat(999)}…`);
    expect(textOf(`${"x".repeat(998)}😀😀`)).toBe(`${"x".repeat(998)}…`);
  });

  test("are the newest 20 that live and 10 that were resolved in 90 days; nothing where nothing ever was", () => {
    const told = Array.from({ length: 60 }, (_, i) => {
      const state = i % 2 === 0 ? "restored" : "resolved";
      const resolvedAt = state === "resolved" ? NOW - (60 - i) * 7 * DAY : null;
      const front = frontIncidentOf(incident(`rtm-${i}`, NOW - DAY, { state, resolvedAt }));
      return { front, number: i, recordedAt: NOW - (60 - i) };
    });
    const merged = { front: null, number: 60, recordedAt: NOW + 5 };
    const part = must(incidentsPartOf("rtm", [merged, ...told], NOW) ?? undefined);
    expect([part.live.length, part.live[0]?.id, part.live.at(-1)?.id]).toEqual([20, "rtm-58", "rtm-20"]);
    expect(part.more, "thirty were restored").toBe(10);
    expect(incidentsPartOf("rtm", told.slice(0, 40), NOW)).not.toHaveProperty("more");
    expect(part.past.map(({ id }) => id)).toEqual([59, 57, 55, 53, 51, 49].map((i) => `rtm-${i}`));
    expect(incidentsPartOf("rtm", told, NOW - 60 * DAY)?.past).toHaveLength(10);
    expect(part.as_of, "of a merged one, too: the part has changed").toBe(NOW + 5);
    expect(incidentsPartOf("rtm", [], NOW)).toBeNull();
  });
});

describe("maintenance", () => {
  const once = (toAt: number): MaintenanceWindow => ({ kind: "once", fromAt: toAt - 1_000, toAt });
  const weekly = (untilDay: string | null): MaintenanceWindow => {
    return { kind: "weekly", zone: "UTC", days: [1], fromMinute: 0, toMinute: 60, fromDay: "2020-01-01", untilDay };
  };
  const record = (id: string, window: MaintenanceWindow, own: Partial<Maintenance> = {}): Maintenance => {
    const title = { en: "Disks" };
    const plain = { key: id, target: "rtm", regions: null, title, author: "lin@example.com", withdraws: null };
    return { ...plain, id, window, recordedAt: NOW - 100 * DAY, ...own };
  };
  const idsOf = (records: readonly Maintenance[]) =>
    maintenancePartOf("rtm", records, NOW)?.records.map(({ id }) => id);

  const CASES: readonly (readonly [string, readonly Maintenance[], readonly string[]])[] = [
    ["to come", [record("a", once(NOW + DAY))], ["a"]],
    ["over for 30 days", [record("a", once(NOW - 30 * DAY))], ["a"]],
    ["over for longer", [record("a", once(NOW - 30 * DAY - 1))], []],
    ["for ever", [record("a", weekly(null))], ["a"]],
    ["weekly until not long ago", [record("a", weekly("2026-10-30"))], ["a"]],
    ["weekly until long ago", [record("a", weekly("2026-10-01"))], []],
    [
      "called off not long ago: both",
      [record("a", weekly(null)), record("b", weekly(null), { withdraws: "a", recordedAt: NOW - DAY })],
      ["a", "b"],
    ],
    [
      "called off long ago: neither",
      [record("a", weekly(null)), record("b", weekly(null), { withdraws: "a", recordedAt: NOW - 31 * DAY })],
      [],
    ],
  ];
  test.each(CASES)("%s", (_what, records, ids) => {
    expect(idsOf(records)).toEqual(ids);
  });

  test("where they are too many, what is under way and what comes next stay", () => {
    const ahead = Array.from({ length: 60 }, (_, i) => record(`f${i}`, once(NOW + (i + 2) * DAY)));
    const now = record("now", { kind: "once", fromAt: NOW - 1_000, toAt: NOW + 1_000 });
    const each = record("each", weekly(null));
    const over = record("over", once(NOW - DAY));
    const ids = idsOf([...ahead.toReversed(), over, now, each]) ?? [];
    expect([ids.length, ids.includes("now"), ids.includes("each"), ids.includes("over")]).toEqual([
      50,
      true,
      true,
      false,
    ]);
    expect(ids.filter((id) => id.startsWith("f")).toSorted()).toEqual(
      Array.from({ length: 48 }, (_, i) => `f${i}`).toSorted(),
    );
  });

  test("are at most 50; one that is called off never without its withdrawal", () => {
    const many = Array.from({ length: 49 }, (_, i) => record(`m${i}`, once(NOW + i * DAY + DAY)));
    const pair = [record("a", once(NOW - DAY)), record("b", once(NOW - DAY), { withdraws: "a" })];
    const old = record("z", once(NOW - 2 * DAY));
    expect(idsOf([...pair, old, ...many])?.filter((id) => !id.startsWith("m"))).toEqual(["z"]);
    expect(idsOf([...many, ...many.map((each) => ({ ...each, id: `x${each.id}` }))])).toHaveLength(50);
  });

  test("names nobody, and is as old as its newest record", () => {
    const part = maintenancePartOf("rtm", [record("a", once(NOW)), record("b", once(0), { recordedAt: NOW })], NOW);
    expect(JSON.stringify(part)).not.toContain("lin@");
    expect(part?.as_of).toBe(NOW);
    expect(maintenancePartOf("rtm", [], NOW)).toBeNull();
  });
});

describe("the board", () => {
  const segment = must(REPORT.segments[0]);
  const whole = must(segment.scopes[1]);
  const slots = must(whole.objectives[0]) as SlotsResult;
  const duration = must(whole.objectives[3]) as DurationResult;
  const reportOf = (scopes: readonly ScopeResult[]): Report => ({
    ...REPORT,
    segments: [
      { ...segment, scopes: [whole] },
      { ...segment, scopes },
    ],
  });
  const scope = (region: string, one: ObjectiveResult, binding = true): ScopeResult => {
    return { region, label: { en: region, zh: region }, binding, objectives: [one], latency: [] };
  };
  const figured = (verdict: SlotsResult["figures"]["verdict"], value: number | null): SlotsResult => {
    return { ...slots, figures: { ...slots.figures, verdict, value } };
  };
  const lasting = (verdict: DurationResult["verdict"], valueMs: number | null): DurationResult => {
    return { ...duration, verdict, value_ms: valueMs };
  };

  test("holds each kind of objective of the scope that binds, and no money", () => {
    const board = boardOf(REPORT);
    const brief = board.objectives.map((one) => [one.id, one.kind, one.target, one.limit_ms, one.sample, one.grade]);
    expect(brief).toEqual([
      ["availability", "slots", 0.999, null, 42_930, null],
      ["delivery", "ratio", 0.9999, 4_321, 862_200, "proven_breached"],
      ["latency", "quantile", 0.99, 200, 862_200, "proven_breached"],
      ["restore", "duration", null, 14_400_000, 9, null],
    ]);
    const { low, high, coverage, value } = slots.figures;
    expect(board.objectives[0]).toMatchObject({ low, high, coverage, value, region: null, budget: slots.budget });
    expect(board.objectives[3]).toMatchObject({ journey: null, value: null, budget: null, verdict: "undetermined" });
    expect(board).toMatchObject({ contract: "standard", target: "broker", tier: "gold", verdict: "breached" });
    expect(Object.keys(board.period)).toEqual(["name", "from", "to", "zone", "through"]);
    expect(JSON.stringify(board)).not.toMatch(/credit|fee|author/);
  });

  const WORST: readonly (readonly [string, readonly ObjectiveResult[], number])[] = [
    ["the lower share", [figured("met", 0.9999), figured("met", 0.9995)], 1],
    ["breached before undetermined, whatever the share", [figured("undetermined", 0.9), figured("breached", 0.99)], 1],
    ["undetermined before met", [figured("met", 0.5), figured("undetermined", 0.9)], 1],
    ["what has too few samples before met", [figured("met", 0.5), figured("resolution_insufficient", null)], 1],
    ["no data before met", [figured("met", 1), figured("no_data", null)], 1],
    ["what has no value last of its verdict", [figured("undetermined", null), figured("undetermined", 1)], 1],
    ["the longer duration", [lasting("met", 5_000), lasting("met", 9_000), lasting("met", null)], 1],
    ["the first of equals", [figured("met", 1), figured("met", 1)], 0],
  ];
  test.each(WORST)("shows the worst region: %s", (_what, results, at) => {
    const regions = ["weur", "enam", "oc"].slice(0, results.length);
    const scopes = results.map((one, i) => scope(must(regions[i]), one));
    const others = [scope("afr", figured("breached", 0), false)];
    const [shown, ...more] = boardOf(reportOf([...others, ...scopes])).objectives;
    expect(shown?.region).toEqual({ id: regions[at], label: { en: regions[at], zh: regions[at] }, of: results.length });
    const worst = must(results[at]);
    expect(shown?.value).toBe(worst.kind === "duration" ? worst.value_ms : worst.figures.value);
    expect(more).toEqual([]);
  });
});
