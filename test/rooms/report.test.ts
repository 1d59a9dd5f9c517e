// Aim: a report puts together what the rooms before it came to, and says nothing that none of them said: which scopes bind, the
// worst word of all, whole periods against what is still to come, lists that stay short, the same text for the same minutes.
// Method: the golden month and small made-up ones, folded for real, composed, and looked at.

import { describe, expect, it } from "vitest";

import type { Contract, Objective } from "../../workers/config/contracts/contract.ts";
import { configOf } from "../../workers/config/parse.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { histogramOf } from "../../workers/results/histogram.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import { composeReport, contentOf } from "../../workers/sla/report.ts";
import type { ServiceIncident } from "../../workers/sla/incident-times.ts";
import type { JudgedSegment, ReportMatter } from "../../workers/sla/report.ts";
import type { ObjectiveResult, Report } from "../../workers/sla/report-shape.ts";
import { must } from "../observations.ts";
import {
  contractOf,
  GOLDEN_RULES,
  goldenMinutes,
  goldenStream,
  MONTH_MINUTES,
  ORIGIN,
  slotsObjective,
} from "./golden-month.ts";

const MINUTE = 60_000;
const GOLDEN_STREAM = goldenStream(goldenMinutes().minutes);
const RATIO: Objective = {
  kind: "ratio",
  id: "delivery",
  journey: "loop",
  target: 0.9999,
  withinMs: null,
  confidence: 0.95,
};
const RECOVER: Objective = { kind: "duration", id: "recover", of: "recover", limitMs: 900_000, stat: "max" };

function minute(lost: number): StripMinute {
  const over = [{ limitMs: 200, count: 0 }];
  return { scheduled: 20, ok: 20 - lost, lost, error: 0, connectFail: 0, over, unfit: "none", revision: 0 };
}

/** A region whose minutes [from, to) of the month lost everything; the others up to `count` lost nothing. */
function streamOf(region: string, from: number, to: number, count = MONTH_MINUTES): Stream {
  const minutes = new Map<number, StripMinute>();
  for (let at = 0; at < count; at++) minutes.set(ORIGIN + at, minute(at >= from && at < to ? 20 : 0));
  const schedules = [{ fromMinute: ORIGIN, untilMinute: null, everyMs: 60_000 }];
  return { region, journey: "loop", schedules, minutes };
}

function composed(
  contract: Contract,
  streams: readonly Stream[],
  more: Partial<Pick<ReportMatter, "closed" | "revision" | "replaces" | "now" | "incidents">> & {
    through?: number;
  } = {},
): Report {
  const { through = MONTH_MINUTES, closed = true, revision = 1, replaces = null, now = 0 } = more;
  const { incidents = { since: null, list: [] } } = more;
  const [from, to] = [ORIGIN, ORIGIN + MONTH_MINUTES];
  const config = configOf({
    name: "Test",
    regions: ["weur", "enam", "oc"],
    targets: [{ id: "broker", driver: "mqtt", address: "wss://broker.example.com/mqtt" }],
  });
  const segment: JudgedSegment = {
    contract,
    hash: "00".repeat(32),
    seenAt: 0,
    time: { fromMinute: from, toMinute: to, throughMinute: ORIGIN + through },
    part: foldPart(contract, from, from, ORIGIN + through, streams, []),
    latency: contract.regions.map((region) => ({
      region,
      journey: "loop",
      set: [
        histogramOf(
          Array.from({ length: 300 }, () => 40),
          0,
          5_000,
        ),
      ],
      maxMs: 40,
    })),
    exclusions: [],
    instantsOf: () => ({ firstBadAt: null, nextGoodAt: null }),
  };
  const { report } = composeReport({
    config,
    target: must(config.targets[0]),
    versions: [contract],
    period: { name: "2026-09", fromMinute: from, toMinute: to },
    segments: [segment],
    clocks: [],
    incidents,
    software: "test",
    closed,
    revision,
    replaces,
    frozen: null,
    now,
  });
  return report;
}

const regions = ["weur", "enam", "oc"];
const resultOf = (report: Report, region: string | null, id: string): ObjectiveResult =>
  must(report.segments[0]?.scopes.find((scope) => scope.region === region)?.objectives.find((each) => each.id === id));

describe("the golden month as a report", () => {
  it.each(GOLDEN_RULES.map((rule) => [rule.name, rule] as const))("%s: verdict and credit", (_name, rule) => {
    // Maintenance is another room's: here all of it counts, so only what does not depend on it is compared.
    const report = composed(rule.contract, [GOLDEN_STREAM]);
    const result = resultOf(report, "weur", "availability");
    if (result.kind !== "slots") throw new Error("not of slots");
    expect(result.figures.unmeasured).toBe(rule.unmeasured);
    expect(report.verdict).toBe(result.figures.verdict);
    expect(report.contract_says).toBe(result.figures.contract_says);
    expect(report.credit.provisional).toBe(false);
    if (rule.spans.length === 0) {
      expect(report.verdict).toBe(rule.verdict);
      expect(report.credit.pct).toBeCloseTo(rule.creditPct, 9);
    }
  });
});

describe("which scopes bind", () => {
  const streams = [streamOf("weur", 100, 200), streamOf("enam", 150, 250), streamOf("oc", 0, 0)];

  it("each region, where each is held to it", () => {
    const report = composed(contractOf([slotsObjective({})], { regions }), streams);
    const scopes = report.segments[0]?.scopes ?? [];
    expect(scopes.map((scope) => [scope.region, scope.binding])).toEqual(regions.map((id) => [id, true]));
    // 100 minutes are more than the 43.2: two regions are breached, the third is met, and the worst is the contract's.
    expect(scopes.map((scope) => (scope.objectives[0] as { figures: { verdict: string } }).figures.verdict)).toEqual([
      "breached",
      "breached",
      "met",
    ]);
    expect(report.verdict).toBe("breached");
    expect(scopes[0]?.label?.en).toBe("Western Europe");
  });

  it.each([
    ["any-down", 150, "breached"],
    ["all-down", 0, "met"],
    [{ atLeast: 2 }, 50, "breached"],
  ] as const)("all of them by %j: %d minutes down, %s", (regionRule, down, verdict) => {
    const report = composed(contractOf([slotsObjective({})], { regions, regionRule }), streams);
    const scopes = report.segments[0]?.scopes ?? [];
    expect(scopes.map((scope) => scope.binding)).toEqual([false, false, false, true]);
    const combined = resultOf(report, null, "availability");
    expect(combined).toMatchObject({ figures: { down, verdict } });
    expect(report.verdict).toBe(verdict);
    expect(scopes.at(-1)?.latency).toMatchObject([{ journey: "loop", samples: 900, p99: 40 }]);
  });
});

describe("an open period", () => {
  it("is judged whole: what is to come is unknown, in slots as in messages", () => {
    const contract = contractOf([slotsObjective({}), RATIO]);
    const day = composed(contract, [streamOf("weur", 0, 0, 1_440)], { through: 1_440, closed: false });
    expect(resultOf(day, "weur", "availability")).toMatchObject({
      figures: { contract_says: "met", verdict: "undetermined", low: 1 },
    });
    expect(resultOf(day, "weur", "delivery")).toMatchObject({
      figures: { attempted: 28_800, contract_says: "met", verdict: "undetermined", unjudged: 0 },
    });
    // 86.4 of the month's 864,000 messages may be lost: 100 are too many whatever comes, 80 may still do.
    const verdict = (minutes: number): string => {
      const report = composed(contract, [streamOf("weur", 0, minutes, 1_440)], { through: 1_440, closed: false });
      const result = resultOf(report, "weur", "delivery");
      return result.kind === "ratio" ? result.figures.verdict : "";
    };
    expect([verdict(4), verdict(5)]).toEqual(["undetermined", "breached"]);
  });

  it("does not end an outage that goes on", () => {
    const contract = contractOf([slotsObjective({}), RECOVER]);
    const goesOn = composed(contract, [streamOf("weur", 1_430, 1_440, 1_440)], { through: 1_440, closed: false });
    expect(resultOf(goesOn, "weur", "recover")).toMatchObject({ incidents: 1, known: 0, value_ms: null });
    const ended = composed(contract, [streamOf("weur", 1_430, 1_440, 1_441)], { through: 1_441, closed: false });
    expect(resultOf(ended, "weur", "recover")).toMatchObject({ incidents: 1, known: 1, value_ms: 10 * MINUTE });
  });
});

describe("a closed month that was measured on its last day alone", () => {
  const since = 29 * 1_440;
  const schedules = [{ fromMinute: ORIGIN + since, untilMinute: null, everyMs: 60_000 }];
  const last = { ...streamOf("weur", 0, 0), schedules };

  it("is undetermined, in slots as in messages, and says what was never scheduled", () => {
    const report = composed(contractOf([slotsObjective({}), RATIO]), [last]);
    const slots = resultOf(report, "weur", "availability");
    expect(slots).toMatchObject({
      figures: { counted: 43_200, unmeasured: since, contract_says: "met", verdict: "undetermined" },
      unmeasured_minutes: [{ reason: "never_scheduled", minutes: since }],
    });
    expect(resultOf(report, "weur", "delivery")).toMatchObject({
      figures: { attempted: 20 * 1_440, verdict: "undetermined" },
    });
    expect(report.verdict).toBe("undetermined");
  });

  it("is no data for a region that was never there, and by the rule of all", () => {
    const contract = contractOf([slotsObjective({})], { regions: ["weur", "oc"] });
    const each = composed(contract, [streamOf("weur", 0, 0)]);
    expect(resultOf(each, "weur", "availability")).toMatchObject({ figures: { verdict: "met" } });
    expect(resultOf(each, "oc", "availability")).toMatchObject({ figures: { verdict: "no_data" } });
    expect(each.verdict).not.toBe("met");
    const any = composed({ ...contract, regionRule: "any-down" }, [last]);
    expect(resultOf(any, null, "availability")).toMatchObject({ figures: { verdict: "no_data", coverage: 0 } });
  });
});

describe("the text", () => {
  it("is the same for the same minutes, but for when and as which revision it was composed", () => {
    const contract = contractOf([slotsObjective({}), RATIO]);
    const first = composed(contract, [GOLDEN_STREAM], { now: 1 });
    const second = composed(contract, [GOLDEN_STREAM], {
      now: 2,
      revision: 2,
      replaces: { revision: 1, hash: "ab".repeat(32) },
    });
    expect(canonicalJson(second)).not.toBe(canonicalJson(first));
    expect(canonicalJson(contentOf(second))).toBe(canonicalJson(contentOf(first)));
    const other = composed(contract, [streamOf("weur", 5, 6)]);
    expect(canonicalJson(contentOf(other))).not.toBe(canonicalJson(contentOf(first)));
  });

  it("lists the longest runs of a hopeless month, says how many there are, and judges by all of them", () => {
    // Every other minute is down: 21,600 runs.
    const minutes = new Map(
      Array.from({ length: MONTH_MINUTES }, (_, at) => [ORIGIN + at, minute(at % 2 === 0 ? 20 : 0)]),
    );
    const stream = { ...streamOf("weur", 0, 0, 1), minutes };
    const report = composed(contractOf([slotsObjective({}), RECOVER]), [stream]);
    const result = resultOf(report, "weur", "availability");
    if (result.kind !== "slots") throw new Error("not of slots");
    expect(result.figures.down).toBe(21_600);
    expect([result.runs.length, result.runs_left_out]).toEqual([200, 21_400]);
    expect(resultOf(report, "weur", "recover")).toMatchObject({ incidents: 21_600 });
    expect(canonicalJson(report).length).toBeLessThan(100_000);
  });

  it("needs a segment", () => {
    const contract = contractOf([slotsObjective({})]);
    const report = composed(contract, [GOLDEN_STREAM]);
    expect(report.segments).toHaveLength(1);
    expect(() =>
      composeReport({
        ...({} as ReportMatter),
        period: { name: "2026-09", fromMinute: 0, toMinute: 1 },
        segments: [],
      }),
    ).toThrow("period 2026-09 has no segment");
  });
});

describe("incidents in a report", () => {
  const contract = contractOf([slotsObjective({ downIf: { rule: "all-fail" } }), RECOVER], { regions });
  const streams = [streamOf("weur", 100, 110), streamOf("enam", 20_000, 20_030), streamOf("oc", 0, 0)];
  const at = (minutes: number): number => (ORIGIN + minutes) * MINUTE;
  const incident = (id: string, region: string, begin: number, end: number | null): ServiceIncident => ({
    id,
    kind: "outage",
    severity: "error",
    scope: "region",
    drill: false,
    regions: [region],
    mergedInto: null,
    impactStart: at(begin),
    detected: at(begin + 1),
    notified: null,
    acked: null,
    impactEnd: end === null ? null : at(end),
    resolvedAt: null,
    publishedAt: null,
  });
  const timesIn = (report: Report, region: string | null): readonly [number, number, number | null] => {
    const result = resultOf(report, region, "recover");
    if (result.kind !== "duration") throw new Error("not of times");
    return [result.incidents, result.known, result.value_ms === null ? null : result.value_ms / MINUTE];
  };

  it.each<[string, number | null, readonly ServiceIncident[], readonly (readonly [number, number, number | null])[]]>([
    [
      "none was ever written down: runs are incidents",
      null,
      [],
      [
        [1, 1, 10],
        [1, 1, 30],
        [0, 0, null],
      ],
    ],
    [
      "the first one tells the run that it begins in, and runs that were over before it are told by themselves",
      20_000.5,
      [incident("a", "enam", 20_000.5, 20_029.5)],
      [
        [1, 1, 10],
        [1, 1, 29],
        [0, 0, null],
      ],
    ],
    [
      "a run that ends where the first one begins was over",
      110,
      [],
      [
        [1, 1, 10],
        [0, 0, null],
        [0, 0, null],
      ],
    ],
    [
      "a run that is not over by then is no longer told",
      109.9,
      [],
      [
        [0, 0, null],
        [0, 0, null],
        [0, 0, null],
      ],
    ],
    [
      "written down from the start: runs tell nothing, unknown ends stay unknown",
      -1_000,
      [incident("a", "weur", 50, 62), incident("b", "weur", 70, null), incident("c", "oc", -10, 20)],
      [
        [2, 1, 12],
        [0, 0, null],
        [0, 0, null],
      ],
    ],
  ])("times to recover: %s", (_name, since, list, expected) => {
    const incidents = { since: since === null ? null : at(since), list };
    const report = composed(contract, streams, { incidents });
    expect(regions.map((region) => timesIn(report, region))).toEqual(expected);
  });

  it("one that never ended keeps a closed month undetermined, and only in its region", () => {
    const incidents = { since: at(-1_000), list: [incident("b", "weur", 70, null)] };
    const report = composed(contract, streams, { incidents });
    expect(
      regions.map((region) => resultOf(report, region, "recover")).map((each) => "verdict" in each && each.verdict),
    ).toEqual(["no_data", "met", "met"]);
    expect(report.incidents).toMatchObject({ kept_since: at(0), list: [{ id: "b", impact_end: null }] });
  });

  it("a report from before there were incidents says the same as one of a period without any", () => {
    const report = composed(contract, streams);
    const { incidents: _none, ...old } = report;
    expect(contentOf(old)).toEqual(contentOf(report));
    const later = composed(contract, streams, { incidents: { since: at(MONTH_MINUTES), list: [] } });
    expect(contentOf(later), "the first ever was in the next month").toEqual(contentOf(old));
    const within = composed(contract, streams, { incidents: { since: at(MONTH_MINUTES - 1), list: [] } });
    expect(contentOf(within)).not.toEqual(contentOf(old));
  });
});
