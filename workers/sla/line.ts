// Minutes in a row, as arrays of integers: what one region and journey said minute by minute, and what of it is bad by one
// objective. Owns when a minute is measured, and why it is not. Applies no slot, no exclusion and no threshold, and holds
// no object for a minute, since a year has 525,600 of them. Called by `fold.ts`; read by `slots.ts`.

import type { Bad } from "../config/contracts/contract.ts";
import { assertApart } from "../results/expected.ts";
import type { Schedule } from "../results/expected.ts";
import type { StripMinute } from "../results/strip.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";

const MINUTE_MS = 60_000;

/** What was to be measured, and what was, by minutes since the epoch. */
export interface Recorded {
  readonly schedules: readonly Schedule[];
  readonly minutes: ReadonlyMap<number, StripMinute>;
}

/**
 * Why an expected minute says nothing, in the order of what is told where several streams say nothing for different
 * reasons: what somebody wrote down comes before silence. A minute's state is 1 + its position here.
 */
export const REASONS: readonly string[] = [
  "never_scheduled",
  "silent",
  "too_few",
  ...UNFIT_REASONS.filter((reason) => reason !== "none"),
  "limit_not_counted",
];

/** States of a minute that are no reason. `OUTSIDE`: by the schedules no round begins in it. */
export const OUTSIDE = 0;
export const MEASURED = 255;
const NEVER_SCHEDULED = 1;
const SILENT = 2;
const TOO_FEW = 3;
/** Attempted, but not judged: only in a `BadLine`. */
export const LIMIT_NOT_COUNTED = REASONS.length;

/** All arrays by minutes after the line's first. Counts of minutes that were not measured are 0. */
export interface MinuteLine {
  readonly state: Uint8Array;
  readonly attempted: Float64Array;
  readonly lost: Float64Array;
  readonly error: Float64Array;
  readonly connectFail: Float64Array;
  /** By limit in ms: how many took longer. NaN where something was delivered and this very limit was not counted. */
  readonly over: ReadonlyMap<number, Float64Array>;
}

/** The same by one objective. A minute whose limit was not counted has its `attempted`, and none of them is bad. */
export interface BadLine {
  readonly state: Uint8Array;
  readonly attempted: Float64Array;
  readonly bad: Float64Array;
}

/**
 * The line of the minutes [fromMinute, toMinute). Several streams (one for each peer) are added up minute by minute: it is
 * measured if any of them is, and only those add. A record outside of its schedules is in nothing. What no schedule covers, before
 * the first probe or after the last, is as unknown as silence: the contract held then. `steps`: of these minutes, see `stepsOf`.
 * RangeError for schedules that overlap (`expected.ts`).
 */
export function lineOf(
  streams: readonly Recorded[],
  limitsMs: readonly number[],
  fromMinute: number,
  toMinute: number,
  steps: Float64Array,
): MinuteLine {
  const size = toMinute - fromMinute;
  const line: MinuteLine = {
    state: new Uint8Array(size),
    attempted: new Float64Array(size),
    lost: new Float64Array(size),
    error: new Float64Array(size),
    connectFail: new Float64Array(size),
    over: new Map(limitsMs.map((limitMs) => [limitMs, new Float64Array(size)])),
  };
  const covered = new Uint8Array(size);
  for (const { schedules, minutes } of streams) {
    assertApart(schedules);
    for (const { fromMinute: sinceMinute, untilMinute, everyMs } of schedules) {
      const since = Math.max(fromMinute, sinceMinute);
      const until = Math.min(toMinute, untilMinute ?? toMinute);
      if (since >= until) continue;
      covered.fill(1, since - fromMinute, until - fromMinute);
      const own = stepOf(everyMs);
      for (let minute = Math.ceil(since / own) * own; minute < until; minute += own)
        addMinute(line, minute - fromMinute, minutes.get(minute));
    }
  }
  for (let at = 0; at < size; at++) {
    if (covered[at] === 0 && (fromMinute + at) % (steps[at] ?? 1) === 0) line.state[at] = NEVER_SCHEDULED;
  }
  return line;
}

/**
 * How many minutes lie from one with a round to the next, for each minute of [fromMinute, toMinute): by the finest of the schedules
 * that hold it, and where none does by those before it, or, before all of them, by the first. So what is scheduled later changes no
 * minute of a past that had a schedule. 1 where there is none at all.
 */
export function stepsOf(schedules: readonly Schedule[], fromMinute: number, toMinute: number): Float64Array {
  const held = schedules
    .map((each) => ({ from: each.fromMinute, until: each.untilMinute ?? Infinity, step: stepOf(each.everyMs) }))
    .filter(({ from, until }) => from < until);
  const steps = new Float64Array(toMinute - fromMinute);
  for (const { from, until, step } of held) {
    const end = Math.min(until, toMinute);
    for (let minute = Math.max(from, fromMinute); minute < end; minute++) {
      const at = minute - fromMinute;
      steps[at] = Math.min(steps[at] || step, step);
    }
  }
  const begun = held.filter(({ from }) => from < fromMinute);
  const endedAt = Math.max(...begun.map(({ until }) => until));
  const firstAt = Math.min(...held.map(({ from }) => from));
  const nearest =
    begun.length > 0 ? begun.filter(({ until }) => until === endedAt) : held.filter(({ from }) => from === firstAt);
  let last = nearest.length === 0 ? 1 : Math.min(...nearest.map(({ step }) => step));
  for (let at = 0; at < steps.length; at++) steps[at] = last = steps[at] || last;
  return steps;
}

/** Minutes from one with a round to the next, at this cadence: at least 1. */
function stepOf(everyMs: number): number {
  return everyMs <= MINUTE_MS ? 1 : everyMs / MINUTE_MS;
}

function addMinute(line: MinuteLine, at: number, minute: StripMinute | undefined): void {
  const state = stateOf(minute);
  // Measured is the largest; below it, the reason that tells more.
  line.state[at] = Math.max(line.state[at] ?? OUTSIDE, state);
  if (minute === undefined || state !== MEASURED) return;
  const { ok, lost, error, connectFail } = minute;
  line.attempted[at] = (line.attempted[at] ?? 0) + ok + lost + error;
  line.lost[at] = (line.lost[at] ?? 0) + lost;
  line.error[at] = (line.error[at] ?? 0) + error;
  line.connectFail[at] = (line.connectFail[at] ?? 0) + connectFail;
  for (const [limitMs, over] of line.over) {
    const counted = minute.over.find((each) => each.limitMs === limitMs)?.count;
    // Where nothing was delivered nothing was late, whatever limits were counted. NaN stays NaN whatever is added.
    over[at] = (over[at] ?? 0) + (counted ?? (ok === 0 ? 0 : Number.NaN));
  }
}

/** As `stateOfMinute` has it: unfit, or less than half attempted, or nothing, says nothing about the service. */
function stateOf(minute: StripMinute | undefined): number {
  if (minute === undefined) return SILENT;
  if (minute.unfit !== "none") return 1 + REASONS.indexOf(minute.unfit);
  const attempted = minute.ok + minute.lost + minute.error;
  return attempted === 0 || attempted * 2 < minute.scheduled ? TOO_FEW : MEASURED;
}

/**
 * What is bad of a line. `connect-fail` is part of `error` and not added to it; `late` needs `limitMs`, one of the line's
 * limits (RangeError).
 */
export function badLineOf(line: MinuteLine, bad: readonly Bad[], limitMs: number | null): BadLine {
  const over = bad.includes("late") ? line.over.get(limitMs ?? Number.NaN) : null;
  if (over === undefined) throw new RangeError(`late without a limit that was read: ${limitMs} ms`);
  const refused = bad.includes("error") ? line.error : bad.includes("connect-fail") ? line.connectFail : null;
  const lost = bad.includes("lost") ? line.lost : null;
  const state = line.state.slice();
  const sum = new Float64Array(state.length);
  for (let at = 0; at < state.length; at++) {
    if (state[at] !== MEASURED) continue;
    const count = (lost?.[at] ?? 0) + (refused?.[at] ?? 0) + (over?.[at] ?? 0);
    if (Number.isNaN(count)) state[at] = LIMIT_NOT_COUNTED;
    else sum[at] = count;
  }
  return { state, attempted: line.attempted, bad: sum };
}
