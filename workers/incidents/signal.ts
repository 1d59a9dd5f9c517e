// What detection looks at in one round of `loop`: its messages in order of intended send, as runs of good and bad ones, or why it
// proves nothing. Never counts late messages as bad, never judges. Called by whoever hands rounds to `detector.ts`.

import type { UnfitReason } from "../../schema/words.ts";
import { lateOf } from "../results/minute.ts";
import type { LossRun, RoundRecord } from "../results/records.ts";

/** Messages that went the same way, one after the other. `at`: intended send of the first of them. */
export interface SignalRun {
  readonly ok: boolean;
  readonly count: number;
  readonly at: number;
}

/** Why a round proves nothing: the prober's own word, or less than half of it was attempted. */
export type NoProof = Exclude<UnfitReason, "none"> | "not_sent";

/** One round of one region. Instants: ms since the epoch. */
export interface Signal {
  readonly region: string;
  readonly slotAt: number;
  readonly endedAt: number;
  readonly purpose: "scheduled" | "confirm";
  /** Null: it was fit. */
  readonly unfit: NoProof | null;
  /** Lost or refused among those attempted; `late` is part of the others. */
  readonly attempted: number;
  readonly bad: number;
  readonly late: number;
  /** In order of intended send; empty where it was not fit. */
  readonly runs: readonly SignalRun[];
}

/** Null for what detection does not look at: other journeys, controls, load. Late: it took longer than `lateLimitMs`. */
export function signalOf(record: RoundRecord, lateLimitMs: number): Signal | null {
  const { series, slotAt, endedAt, purpose, lost, error, ok } = record;
  if (series.journey !== "loop" || (purpose !== "scheduled" && purpose !== "confirm")) return null;
  const [attempted, bad] = [ok + lost + error, lost + error];
  const unfit = noProof(record, attempted);
  const runs = unfit === null ? runsOf(record) : [];
  return {
    region: series.region,
    slotAt,
    endedAt,
    purpose,
    unfit,
    attempted,
    bad,
    late: lateOf(record.over, lateLimitMs),
    runs,
  };
}

/** The rule by which a minute is unmeasured (`stateOfMinute`), so that an alarm never rests on what the page calls unknown. */
function noProof(record: RoundRecord, attempted: number): NoProof | null {
  if (record.unfit !== "none") return record.unfit;
  return attempted === 0 || attempted * 2 < record.scheduled ? "not_sent" : null;
}

/**
 * A record holds where bad messages were and how many good ones; where those were follows from the gap, which each run that ended
 * with a good message tells. A run that none ended stands behind all good messages of before. Messages that were not sent are in
 * no run. Where nothing tells the gap (one instant for all, or runs that were joined for being too many), bad ones come first.
 */
function runsOf(record: RoundRecord): SignalRun[] {
  const runs: SignalRun[] = [];
  const gapMs = gapOf(record.lossRuns);
  let [good, goodAt] = [record.ok, record.readyAt ?? record.slotAt];
  for (const [place, loss] of record.lossRuns.entries()) {
    const isLast = place === record.lossRuns.length - 1;
    const before =
      isLast && loss.nextGoodAt === null ? good : Math.min(good, goodBefore(goodAt, loss.firstBadAt, gapMs));
    if (before > 0) runs.push({ ok: true, count: before, at: goodAt });
    runs.push({ ok: false, count: loss.length, at: loss.firstBadAt });
    good -= before;
    goodAt = loss.nextGoodAt ?? loss.firstBadAt;
  }
  if (good > 0) runs.push({ ok: true, count: good, at: goodAt });
  return runs;
}

function goodBefore(goodAt: number, badAt: number, gapMs: number): number {
  return gapMs > 0 ? Math.max(0, Math.round((badAt - goodAt) / gapMs)) : 0;
}

/** Ms between two messages; 0: unknown. */
function gapOf(runs: readonly LossRun[]): number {
  const gaps = runs.flatMap(({ firstBadAt, nextGoodAt, length }) =>
    nextGoodAt !== null && nextGoodAt > firstBadAt ? [(nextGoodAt - firstBadAt) / length] : [],
  );
  // Joined runs hold good messages as well, which makes their gap too long.
  return gaps.length === 0 ? 0 : gaps.reduce((least, each) => Math.min(least, each));
}
