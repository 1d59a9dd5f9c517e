// Folds minutes into hours, days and months. No clock, no database. Sums, never averages, so that hours add up to days:
// the sum of rollups equals the rollup of all their minutes, in any order. Percentiles are left to the merged histograms,
// shares to the reader. Called by the collector, which recounts (never increments), and by the page for a period.

import { mergeSets } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { lateOf, stateOfMinute } from "./minute.ts";
import type { StateRule } from "./minute.ts";
import type { ConnectPhases, CountedMinute, Counts } from "./records.ts";

/**
 * How many of `of` delivered messages took longer than a limit: minutes that did not count this limit are in neither. Two
 * limits may have different bases, so that only count / of can be compared, never count with count.
 */
export interface OverOf {
  readonly limitMs: number;
  readonly count: number;
  readonly of: number;
}

/** The rule that makes a minute's state; late means longer than `lateLimitMs`. */
export interface RollupRule extends StateRule {
  readonly lateLimitMs: number;
}

/** A period of one series, or of several added up. */
export interface RollupRecord extends Counts {
  readonly minutesUp: number;
  readonly minutesDegraded: number;
  readonly minutesDown: number;
  /** Recorded as unmeasured. Silent minutes are in no record: see `expected.ts`. */
  readonly minutesUnmeasured: number;
  /** Ascending by limit. */
  readonly over: readonly OverOf[];
  /** One for each deadline, ascending. */
  readonly latency: readonly Histogram[];
  readonly connect: readonly Histogram[];
  /** Empty sets in all journeys but `connect`. */
  readonly phases: ConnectPhases<readonly Histogram[]>;
  /** `mesh`: messages that the peer says it heard; null in other journeys. */
  readonly heard: number | null;
  readonly reconnects: number;
  readonly latencyMsMax: number | null;
  readonly lagMsMax: number;
}

/**
 * The rollup of minutes of one series, in any order; none gives a rollup of zeros. RangeError if a minute is there twice:
 * two revisions of it would both be counted. For several series add their rollups with `sumRollups`.
 */
export function rollupMinutes(minutes: readonly CountedMinute[], rule: RollupRule): RollupRecord {
  const seen = new Set<number>();
  for (const { minute } of minutes) {
    if (seen.has(minute)) throw new RangeError(`minute ${minute} is there twice`);
    seen.add(minute);
  }
  return sumRollups(minutes.map((minute) => rollupOf(minute, rule)));
}

/** The sum of rollups, in any order; none gives a rollup of zeros. */
export function sumRollups(list: readonly RollupRecord[]): RollupRecord {
  const sum = (of: (rollup: RollupRecord) => number): number => list.reduce((total, each) => total + of(each), 0);
  const maxima = list.flatMap((each) => (each.latencyMsMax === null ? [] : [each.latencyMsMax]));
  return {
    minutesUp: sum((each) => each.minutesUp),
    minutesDegraded: sum((each) => each.minutesDegraded),
    minutesDown: sum((each) => each.minutesDown),
    minutesUnmeasured: sum((each) => each.minutesUnmeasured),
    scheduled: sum((each) => each.scheduled),
    ok: sum((each) => each.ok),
    lost: sum((each) => each.lost),
    error: sum((each) => each.error),
    connectFail: sum((each) => each.connectFail),
    notSent: sum((each) => each.notSent),
    duplicate: sum((each) => each.duplicate),
    reordered: sum((each) => each.reordered),
    corrupt: sum((each) => each.corrupt),
    foreign: sum((each) => each.foreign),
    afterDeadline: sum((each) => each.afterDeadline),
    over: sumOver(list.flatMap((each) => each.over)),
    latency: mergeSets(list.map((each) => each.latency)),
    connect: mergeSets(list.map((each) => each.connect)),
    phases: {
      handshake: mergeSets(list.map((each) => each.phases.handshake)),
      login: mergeSets(list.map((each) => each.phases.login)),
    },
    heard: list.some((each) => each.heard !== null) ? sum((each) => each.heard ?? 0) : null,
    reconnects: sum((each) => each.reconnects),
    latencyMsMax: maxima.reduce<number | null>((most, each) => Math.max(most ?? each, each), null),
    lagMsMax: list.reduce((most, each) => Math.max(most, each.lagMsMax), 0),
  };
}

/** One minute as a rollup: the only place where a minute's state becomes a number. */
function rollupOf(written: CountedMinute, rule: RollupRule): RollupRecord {
  const state = stateOfMinute({ ...written, late: lateOf(written.over, rule.lateLimitMs) }, rule);
  const minute = written.unfit === "none" ? written : withoutProof(written);
  return {
    minutesUp: state === "up" ? 1 : 0,
    minutesDegraded: state === "degraded" ? 1 : 0,
    minutesDown: state === "down" ? 1 : 0,
    minutesUnmeasured: state === "unmeasured" ? 1 : 0,
    scheduled: minute.scheduled,
    ok: minute.ok,
    lost: minute.lost,
    error: minute.error,
    connectFail: minute.connectFail,
    notSent: minute.notSent,
    duplicate: minute.duplicate,
    reordered: minute.reordered,
    corrupt: minute.corrupt,
    foreign: minute.foreign,
    afterDeadline: minute.afterDeadline,
    over: minute.over.map(({ limitMs, count }) => ({ limitMs, count, of: minute.ok })),
    latency: minute.latency,
    connect: minute.connect,
    phases: minute.phases,
    heard: minute.heard,
    reconnects: minute.reconnects,
    latencyMsMax: minute.latencyMsMax,
    lagMsMax: minute.lagMsMax,
  };
}

/**
 * A minute in which the prober itself was unfit, as sums take it: whatever it saw may be its own fault, so it counts as not
 * sent. What it saw stays in the minute and in its rounds, as evidence.
 */
function withoutProof(minute: CountedMinute): CountedMinute {
  return {
    ...minute,
    ok: 0,
    lost: 0,
    error: 0,
    connectFail: 0,
    notSent: minute.scheduled,
    duplicate: 0,
    reordered: 0,
    corrupt: 0,
    foreign: 0,
    afterDeadline: 0,
    over: [],
    latency: [],
    connect: [],
    phases: { handshake: [], login: [] },
    heard: minute.heard === null ? null : 0,
    reconnects: 0,
    latencyMsMax: null,
  };
}

function sumOver(list: readonly OverOf[]): OverOf[] {
  const byLimit = new Map<number, OverOf>();
  for (const { limitMs, count, of } of list) {
    const known = byLimit.get(limitMs);
    byLimit.set(limitMs, { limitMs, count: (known?.count ?? 0) + count, of: (known?.of ?? 0) + of });
  }
  return [...byLimit.values()].sort((a, b) => a.limitMs - b.limitMs);
}
