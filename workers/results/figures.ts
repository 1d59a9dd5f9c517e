// Figures as they may be printed, from rollups and rounds: percentiles only where the sample supports them, a lost
// message as "> deadline". No clock, no database. Called by the snapshot.

import { mergeSets, quantile, samples } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import { lateOf } from "./minute.ts";
import type { RoundRecord } from "./records.ts";
import type { RollupRecord } from "./rollup.ts";
import { sumFailures } from "./round-record.ts";
import type { LatencyFigures, PeriodFigures, PrintableQuantile, RecentFigures, TrendDay } from "./snapshot-shape.ts";

/**
 * Fewest samples for which the largest one bounds the q-quantile with 95 % confidence: 1 - q^n >= .95 (order
 * statistics; 5 for P50, 59 for P95, 299 for P99). With fewer, maximum and count say more than a percentile.
 */
export function samplesNeeded(q: number): number {
  return Math.ceil(Math.log(0.05) / Math.log(q));
}

function printable(set: readonly Histogram[], q: number): PrintableQuantile {
  if (samples(set) < samplesNeeded(q)) return null;
  const found = quantile(set, q);
  if (found.kind === "empty") return null;
  return found.kind === "over" ? { over_ms: found.ms } : Math.round(found.ms);
}

export function latencyFigures(set: readonly Histogram[], maxMs: number | null): LatencyFigures {
  const of = (q: number): PrintableQuantile => printable(set, q);
  return { samples: samples(set), p50: of(0.5), p95: of(0.95), p99: of(0.99), max_ms: maxMs };
}

/** One day of a line that shows how latency went; `set`: all its messages. */
export function trendDay(set: readonly Histogram[]): TrendDay {
  return [printable(set, 0.5), printable(set, 0.99)];
}

/** A period of closed minutes. `expected`: minutes with a slot up to the last closed one; `whole`: in all of the period. */
export function periodFigures(
  rollup: RollupRecord,
  expected: number,
  whole: number,
  from: number,
  to: number,
  limitMs: number,
): PeriodFigures {
  const known = rollup.minutesUp + rollup.minutesDegraded + rollup.minutesDown;
  return {
    from,
    to,
    minutes_expected: expected,
    minutes_whole: whole,
    minutes_up: rollup.minutesUp,
    minutes_degraded: rollup.minutesDegraded,
    minutes_down: rollup.minutesDown,
    minutes_unmeasured: expected - known,
    scheduled: rollup.scheduled,
    ok: rollup.ok,
    lost: rollup.lost,
    error: rollup.error,
    not_sent: rollup.notSent,
    duplicate: rollup.duplicate,
    reordered: rollup.reordered,
    corrupt: rollup.corrupt,
    late: lateOf(rollup.over, limitMs),
    ...lateBase(rollup, limitMs),
    latency: latencyFigures(rollup.latency, rollup.latencyMsMax),
    connect: latencyFigures(rollup.connect, null),
  };
}

/** Where a period began under another limit, some of its messages were never held against this one. */
function lateBase({ over, ok }: RollupRecord, limitMs: number): Pick<PeriodFigures, "late_of"> {
  const of = over.find((each) => each.limitMs === limitMs)?.of ?? 0;
  return of === ok ? {} : { late_of: of };
}

/** The last rounds as they came, whether their minute is closed or not; null when there are none. */
export function recentFigures(
  rounds: readonly RoundRecord[],
  from: number,
  to: number,
  limitMs: number,
): RecentFigures | null {
  if (rounds.length === 0) return null;
  // As in the rollups: what an unfit prober saw proves nothing, and counts as not sent.
  const proven = rounds.filter((round) => round.unfit === "none");
  const sumOf = (list: readonly RoundRecord[], of: (round: RoundRecord) => number): number =>
    list.reduce((total, round) => total + of(round), 0);
  const sum = (of: (round: RoundRecord) => number): number => sumOf(proven, of);
  const maxima = proven.flatMap((round) => (round.latencyMsMax === null ? [] : [round.latencyMsMax]));
  const failures = sumFailures(proven.flatMap((round) => round.failures)).toSorted((a, b) => b.count - a.count);
  const worst = failures[0];
  return {
    from,
    to,
    rounds: rounds.length,
    attempted: sum((round) => round.ok + round.lost + round.error),
    ok: sum((round) => round.ok),
    lost: sum((round) => round.lost),
    error: sum((round) => round.error),
    not_sent: sumOf(rounds, (round) => (round.unfit === "none" ? round.notSent : round.scheduled)),
    late: sum((round) => lateOf(round.over, limitMs)),
    latency: latencyFigures(
      mergeSets(proven.map((round) => [round.latency])),
      maxima.length === 0 ? null : Math.max(...maxima),
    ),
    failure: worst === undefined ? null : `${worst.phase}: ${worst.kind}`,
    // About ourselves: of all rounds, the unfit ones above all.
    lag_ms_max: Math.max(...rounds.map((round) => round.startedAt - round.slotAt)),
    controls: newestControls(rounds),
  };
}

function newestControls(rounds: readonly RoundRecord[]): RecentFigures["controls"] {
  const asked = rounds.flatMap(({ slotAt, controls }) => (controls === null ? [] : [{ at: slotAt, ...controls }]));
  return asked.toSorted((a, b) => a.at - b.at).at(-1) ?? null;
}
