// The report of one contract and one period, from its judged segments. Pure: the present is an argument, and the same
// minutes, records and contracts give the same report to the byte. Called by `report-row.store.ts`, which reads.

import type { Contract, SlotsObjective } from "../config/contracts/contract.ts";
import type { Config, Region, Target } from "../config/config.ts";
import { scheduledOf } from "../config/journeys.ts";
import { latencyFigures } from "../results/figures.ts";
import { mergeSets } from "../results/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import type { Journey } from "../../schema/words.ts";
import { countedRuns } from "./availability.ts";
import { claimOf } from "./claims.ts";
import { creditOf, moneyOf } from "./credits.ts";
import { begunIn, incidentsOf, NO_INCIDENTS } from "./incident-times.ts";
import type { KeptIncidents } from "./incident-times.ts";
import type { BadRun, Part, ScopePart } from "./part.ts";
import type { PeriodSpan } from "./periods.ts";
import type { ClockReading } from "./records.ts";
import type {
  ClaimResult,
  ContractSays,
  JudgedExclusion,
  LatencyDisplay,
  ObjectiveResult,
  Report,
  ReportMoney,
  ScopeResult,
  Segment,
  Verdict,
} from "./report-shape.ts";
import { resultsOf } from "./results.ts";
import type { RunInstants, SegmentTime } from "./results.ts";
import { DESIGN_EFFECT_PRIOR } from "./statistics.ts";
import { supportResults } from "./support.ts";

const MINUTE_MS = 60_000;
/** Messages that are so far apart, or farther, are no burst. */
export const SPREAD_GAP_MS = 1_000;
/** Runs listed in a report, in all: of ~130 bytes each, 0.5 MB of the 2 MB that a row of D1 holds. Some of each objective, always. */
const RUNS_KEPT = 4_000;
const RUNS_KEPT_LEAST = 5;

/** Histograms of one region and journey, for display. */
export interface SegmentLatency {
  readonly region: string;
  readonly journey: Journey;
  readonly set: readonly Histogram[];
  readonly maxMs: number | null;
}

/** One version of the contract in the time that it holds, judged as far as there are minutes. */
export interface JudgedSegment {
  readonly contract: Contract;
  readonly hash: string;
  readonly seenAt: number;
  readonly time: SegmentTime;
  readonly part: Part;
  readonly latency: readonly SegmentLatency[];
  readonly exclusions: readonly JudgedExclusion[];
  readonly instantsOf: (region: string | null, objective: string, run: BadRun) => RunInstants;
}

export interface ReportMatter {
  readonly config: Config;
  readonly target: Target;
  /** All versions of the contract, ascending. */
  readonly versions: readonly Contract[];
  readonly period: PeriodSpan;
  /** At least one. */
  readonly segments: readonly JudgedSegment[];
  /** Of tickets that were opened in the period. */
  readonly clocks: readonly ClockReading[];
  /** Of the target, folded, of any time. */
  readonly incidents: KeptIncidents;
  readonly closed: boolean;
  readonly revision: number;
  readonly replaces: Report["replaces"];
  /** The frozen report that this one corrects: what it says of labels and of how was measured holds. Null: none is frozen. */
  readonly frozen: Report | null;
  readonly software: string;
  readonly now: number;
}

/** The report, and the money beside it (null without a fee). RangeError without segments. */
export function composeReport(matter: ReportMatter): { readonly report: Report; readonly money: ReportMoney | null } {
  const { target, period, closed, now } = matter;
  const last = matter.segments.at(-1);
  if (last === undefined) throw new RangeError(`period ${period.name} has no segment`);
  const { contract } = last;
  const segments = matter.segments.map((segment) => segmentOf(segment, matter));
  const judged = segments.map((segment, at) => ({ contract: matter.segments[at]?.contract ?? contract, segment }));
  const credit = creditOf(judged, { fromMinute: period.fromMinute, toMinute: period.toMinute, closed });
  const regions = matter.segments.flatMap((segment) => segment.contract.regions);
  const span = { from: period.fromMinute * MINUTE_MS, to: period.toMinute * MINUTE_MS };
  const report: Report = {
    version: 1,
    contract: {
      id: contract.id,
      label: contract.label,
      tier: contract.tier,
      page: contract.page,
      target: target.id,
      target_label: matter.frozen?.contract.target_label ?? target.label,
      region_rule: contract.regionRule,
      source:
        contract.source === null
          ? null
          : {
              preset: contract.source.preset,
              url: contract.source.url,
              checked_on: contract.source.checkedOn,
              warning: contract.source.warning,
            },
    },
    period: {
      name: period.name,
      ...span,
      zone: contract.period.zone,
      closed,
      through: last.time.throughMinute * MINUTE_MS,
    },
    revision: matter.revision,
    replaces: matter.replaces,
    composed_at: now,
    ...overall(segments),
    segments,
    exclusions: matter.segments.flatMap((segment) => segment.exclusions),
    incidents: incidentsOf(matter.incidents, span, regions),
    support: supportResults(contract, matter.clocks),
    credit,
    claim: credit.pct > 0 ? claim(matter, contract) : null,
    method: { ...(matter.frozen?.method ?? methodOf(target)), software: matter.software },
  };
  return { report, money: contract.fee === null ? null : moneyOf(credit, contract.fee, contract.creditTerms) };
}

/** How a target is measured now, journey by journey. */
function methodOf(target: Target): Omit<Report["method"], "software"> {
  return {
    every_ms: target.everyMs,
    messages: target.messages,
    gap_ms: target.gapMs,
    deadline_ms: target.deadlineMs,
    connect_deadline_ms: target.connectDeadlineMs,
    journeys: target.journeys.map((plan) => ({
      journey: plan.journey,
      scheduled: scheduledOf(plan, target),
      gap_ms: "gapMs" in plan ? plan.gapMs : target.gapMs,
    })),
  };
}

/** The report without what differs from one composition to the next though nothing has changed. */
export function contentOf(report: Report): Omit<Report, "composed_at" | "revision" | "replaces"> {
  const { composed_at: _at, revision: _revision, replaces: _replaces, ...content } = report;
  // One that was frozen before there were incidents says as much as one that has none.
  const { incidents = NO_INCIDENTS, method } = content;
  return { ...content, incidents, method: { ...method, software: "" } };
}

function segmentOf(segment: JudgedSegment, matter: ReportMatter): Segment {
  const { config, target, closed, frozen, segments } = matter;
  const { contract, time, part } = segment;
  const lists =
    segments.length * part.scopes.length * contract.objectives.filter((each) => each.kind === "slots").length;
  const runsKept = Math.max(RUNS_KEPT_LEAST, Math.min(200, Math.floor(RUNS_KEPT / Math.max(1, lists))));
  const method = frozen?.method ?? methodOf(target);
  const priorOf = (journey: string): number => {
    const gapMs = method.journeys.find((each) => each.journey === journey)?.gap_ms ?? 0;
    return DESIGN_EFFECT_PRIOR[gapMs >= SPREAD_GAP_MS ? "spread" : "burst"];
  };
  const labels = new Map(
    (frozen?.segments ?? []).flatMap((each) => each.scopes.map((scope) => [scope.region, scope.label] as const)),
  );
  const span = { from: time.fromMinute * MINUTE_MS, to: time.toMinute * MINUTE_MS };
  const { since, list } = matter.incidents;
  const scopeOf = (scope: ScopePart): ScopeResult => {
    const regions = scope.region === null ? contract.regions : [scope.region];
    return {
      region: scope.region,
      label: labels.get(scope.region) ?? labelOf(config.regions, scope.region),
      binding: isBinding(contract, scope),
      objectives: resultsOf({
        contract,
        time,
        scope,
        priorOf,
        closed,
        runsKept,
        regions: regions.length,
        everyMinutes: Math.max(1, method.every_ms / MINUTE_MS),
        instantsOf: segment.instantsOf,
        incidents: { since, list: begunIn(list, span, regions) },
      }),
      latency: displayOf(segment.latency, regions),
    };
  };
  return {
    contract_version: contract.version,
    contract_hash: segment.hash,
    contract_seen_at: segment.seenAt,
    ...span,
    through: time.throughMinute * MINUTE_MS,
    scopes: part.scopes.map(scopeOf),
  };
}

function displayOf(latency: readonly SegmentLatency[], regions: readonly string[]): LatencyDisplay[] {
  const own = latency.filter((each) => regions.includes(each.region));
  return [...new Set(own.map((each) => each.journey))].map((journey) => {
    const of = own.filter((each) => each.journey === journey);
    const maxima = of.flatMap((each) => (each.maxMs === null ? [] : [each.maxMs]));
    const merged = mergeSets(of.map((each) => each.set));
    return { journey, ...latencyFigures(merged, maxima.length === 0 ? null : Math.max(...maxima)) };
  });
}

/** Worst of all that binds. */
function overall(segments: readonly Segment[]): { readonly contract_says: ContractSays; readonly verdict: Verdict } {
  const binding = segments.flatMap((segment) => segment.scopes.filter((scope) => scope.binding));
  const words = binding.flatMap((scope) => scope.objectives.map(wordsOf));
  const worst = <T extends string>(order: readonly T[], of: (each: (typeof words)[number]) => T): T =>
    order.find((word) => words.some((each) => of(each) === word)) ?? ("no_data" as T);
  return {
    contract_says: worst(["breached", "no_data", "met"], (each) => each.says),
    verdict: worst(["breached", "resolution_insufficient", "undetermined", "no_data", "met"], (each) => each.verdict),
  };
}

function wordsOf(result: ObjectiveResult): { readonly says: ContractSays; readonly verdict: Verdict } {
  return result.kind === "duration"
    ? { says: result.contract_says, verdict: result.verdict }
    : { says: result.figures.contract_says, verdict: result.figures.verdict };
}

function claim({ versions, period, segments }: ReportMatter, contract: Contract): ClaimResult | null {
  const ends = segments.flatMap((segment) =>
    segment.part.scopes.flatMap((scope) =>
      isBinding(segment.contract, scope)
        ? segment.contract.objectives.flatMap((each) => (each.kind === "slots" ? runsOf(each, scope) : []))
        : [],
    ),
  );
  const last = ends.length === 0 ? null : Math.max(...ends.map((run) => run.toMinute)) * MINUTE_MS;
  return claimOf(contract, versions, period, last);
}

function runsOf(objective: SlotsObjective, scope: ScopePart): readonly BadRun[] {
  const part = scope.objectives.find((each) => each.id === objective.id);
  return part?.kind === "slots" ? countedRuns(objective, part.applied) : [];
}

function isBinding({ regionRule }: Contract, { region }: ScopePart): boolean {
  return regionRule === "each" || region === null;
}

function labelOf(regions: readonly Region[], id: string | null): Region["label"] | null {
  return regions.find((region) => region.id === id)?.label ?? null;
}
