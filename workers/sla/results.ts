// What each objective of a contract came to, in one scope of one segment: from summed parts to the figures of a report. Pure;
// called by `report.ts`. Judges nothing itself: availability, proportions, budgets and durations have rooms of their own.

import type {
  Contract,
  Objective,
  QuantileObjective,
  RatioObjective,
  SlotsObjective,
} from "../config/contracts/contract.ts";
import { DELIVERIES } from "../config/journeys.ts";
import { countedRuns, slotsFigures } from "./availability.ts";
import { proportionBudget, slotsBudget } from "./budget.ts";
import { durationResult } from "./durations.ts";
import type { IncidentTimes } from "./durations.ts";
import type { KeptIncidents } from "./incident-times.ts";
import type { BadRun, CountsPart, ObjectivePart, ScopePart, SlotsPart } from "./part.ts";
import { proportionFigures } from "./proportion.ts";
import type {
  DownRun,
  ObjectiveResult,
  ProportionFigures,
  QuantileResult,
  RatioResult,
  SlotsResult,
} from "./report-shape.ts";

const MINUTE_MS = 60_000;
/** A segment's time, in minutes since the epoch: it is judged up to `throughMinute`. */
export interface SegmentTime {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly throughMinute: number;
}

/** First bad and next good message of a run, ms since the epoch; null where no minute was left to tell. */
export interface RunInstants {
  readonly firstBadAt: number | null;
  readonly nextGoodAt: number | null;
}

/** What the results of one scope are made from. */
export interface ScopeMatter {
  readonly contract: Contract;
  readonly time: SegmentTime;
  readonly scope: ScopePart;
  /** How many regions the scope has. */
  readonly regions: number;
  /** From one minute with a round to the next. */
  readonly everyMinutes: number;
  /** Of a journey: taken for the design effect while there are too few losses to estimate it from (sla.md 4.5). */
  readonly priorOf: (journey: string) => number;
  /** Where the edges of a run lie, as far as messages told. */
  readonly instantsOf: (region: string | null, objective: string, run: BadRun) => RunInstants;
  /** Those that began in the segment and touched the scope. */
  readonly incidents: KeptIncidents;
  /** The period's end has passed and all of it is judged. */
  readonly closed: boolean;
  /** Runs that are listed of one objective, the longest. All of them are in the minutes. */
  readonly runsKept: number;
}

/**
 * One result for each objective, in the contract's order. RangeError if the part is of another contract.
 *
 * Times are those of incidents. Before any was written down nobody knows more than the minutes: each run of the first objective of
 * slots that was over before the first incident ever began is taken for one, of which nobody knows who noticed and who answered. A
 * run that goes on into that incident is told by it; one later on is no incident unless it was written down as one.
 */
export function resultsOf(matter: ScopeMatter): ObjectiveResult[] {
  const results: ObjectiveResult[] = [];
  const needsTimes = matter.contract.objectives.some((objective) => objective.kind === "duration");
  const { since, list } = matter.incidents;
  let outages: IncidentTimes[] = [];
  for (const objective of matter.contract.objectives) {
    if (objective.kind === "slots") {
      const part = slotsPartOf(matter, objective);
      if (needsTimes && outages.length === 0)
        outages = countedRuns(objective, part.applied)
          .filter((run) => since === null || run.toMinute * MINUTE_MS <= since)
          .map((run) => timesOf(matter, objective.id, run));
      results.push(slotsResult(matter, objective, part));
    } else if (objective.kind !== "duration") results.push(proportionResult(matter, objective));
  }
  const durations = matter.contract.objectives.flatMap((objective) =>
    objective.kind === "duration" ? [durationResult(objective, [...outages, ...list], matter.closed)] : [],
  );
  const byId = new Map([...results, ...durations].map((result) => [result.id, result] as const));
  return matter.contract.objectives.map((objective) => known(byId.get(objective.id), objective.id));
}

function slotsResult(
  matter: ScopeMatter,
  objective: SlotsObjective,
  part: { applied: SlotsPart; raw: SlotsPart },
): SlotsResult {
  const { time, scope } = matter;
  const toCome = slotsToCome(matter, objective);
  const figures = slotsFigures(objective, part.applied, toCome);
  const runs = countedRuns(objective, part.applied);
  const kept = [...runs].sort((a, b) => b.down - a.down || a.fromMinute - b.fromMinute).slice(0, matter.runsKept);
  const unmeasured = Object.entries(part.applied.unmeasuredMinutes).filter(([, minutes]) => minutes > 0);
  return {
    kind: "slots",
    id: objective.id,
    journey: objective.journey,
    target: objective.target,
    slot_minutes: objective.slotMinutes,
    bad: objective.bad,
    late_ms: objective.lateMs,
    down_if: objective.downIf,
    min_run_slots: objective.minRunSlots,
    figures,
    without_exclusions: slotsFigures(objective, part.raw, toCome),
    budget: slotsBudget(objective, figures, { ...time, slotsWhole: figures.counted + toCome }),
    runs: kept
      .sort((a, b) => a.fromMinute - b.fromMinute)
      .map((run) => downRun(run, matter.instantsOf(scope.region, objective.id, run))),
    runs_left_out: runs.length - kept.length,
    unmeasured_minutes: unmeasured
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([reason, minutes]) => ({ reason, minutes })),
  };
}

function proportionResult(
  matter: ScopeMatter,
  objective: RatioObjective | QuantileObjective,
): RatioResult | QuantileResult {
  const { id, journey, confidence } = objective;
  const target = objective.kind === "ratio" ? objective.target : objective.q;
  const { applied, raw } = countsPartOf(matter, objective);
  const toCome = minutesToCome(matter);
  const figuresOf = (part: CountsPart): ProportionFigures =>
    proportionFigures(part, target, confidence, matter.priorOf(journey), messagesIn(part, part.unmeasured + toCome));
  const figures = figuresOf(applied);
  const shared = {
    id,
    journey,
    figures,
    without_exclusions: figuresOf(raw),
    budget: proportionBudget(target, figures, { ...matter.time, messagesToCome: messagesIn(applied, toCome) }),
  };
  if (objective.kind === "ratio") return { kind: "ratio", target, within_ms: objective.withinMs, ...shared };
  const { limitMs, direction } = objective;
  const estimate = direction === "delivery" && journey !== "connect" && DELIVERIES[journey] > 1;
  return { kind: "quantile", q: objective.q, limit_ms: limitMs, direction, estimate, ...shared };
}

/** Slots that are still to come. */
function slotsToCome({ time }: ScopeMatter, { slotMinutes }: SlotsObjective): number {
  return Math.floor((time.toMinute - time.throughMinute) / slotMinutes);
}

/** Messages of so many minutes that nobody measured, or that are still to come: as many as in the mean minute until now. */
function messagesIn(part: CountsPart, minutes: number): number {
  return part.measured === 0 ? 0 : Math.round((part.n / part.measured) * minutes);
}

/** Minutes with a round that are still to come, of all regions of the scope. */
function minutesToCome({ time, regions, everyMinutes }: ScopeMatter): number {
  return regions * Math.floor((time.toMinute - time.throughMinute) / everyMinutes);
}

function downRun(run: BadRun, instants: RunInstants): DownRun {
  return {
    from: run.fromMinute * MINUTE_MS,
    to: run.toMinute * MINUTE_MS,
    down: run.down,
    bad: run.bad,
    attempted: run.attempted,
    first_bad_at: instants.firstBadAt,
    next_good_at: instants.nextGoodAt,
  };
}

function timesOf({ scope, time, instantsOf }: ScopeMatter, objective: string, run: BadRun): IncidentTimes {
  const { firstBadAt, nextGoodAt } = instantsOf(scope.region, objective, run);
  const goesOn = run.toMinute >= time.throughMinute && time.throughMinute < time.toMinute;
  return {
    impactStart: firstBadAt ?? run.fromMinute * MINUTE_MS,
    impactEnd: nextGoodAt ?? (goesOn ? null : run.toMinute * MINUTE_MS),
    // Who noticed and who answered is in no minute.
    detected: null,
    notified: null,
    acked: null,
    drill: false,
  };
}

function slotsPartOf({ scope }: ScopeMatter, { id }: Objective): { applied: SlotsPart; raw: SlotsPart } {
  const part = partOf(scope, id);
  if (part.kind !== "slots") throw new RangeError(`objective ${id}: its part is not of slots`);
  return part;
}

function countsPartOf({ scope }: ScopeMatter, { id }: Objective): { applied: CountsPart; raw: CountsPart } {
  const part = partOf(scope, id);
  if (part.kind !== "counts") throw new RangeError(`objective ${id}: its part is not of counts`);
  return part;
}

function partOf(scope: ScopePart, id: string): ObjectivePart {
  return known(
    scope.objectives.find((part) => part.id === id),
    id,
  );
}

function known<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw new RangeError(`objective ${id} is not in the part`);
  return found;
}
