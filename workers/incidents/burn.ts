// How fast an error budget is used up now: burn rates over pairs of windows, and whether that is worth a ticket. Pure; the
// counts of three days are an argument. Never says that a service is down: the detector sees an outage within rounds, and
// pages. Called for each delivery and latency objective by whoever decides incidents; `burn-words.ts` says it to people.

import type { QuantileObjective, RatioObjective } from "../config/contracts/contract.ts";
import { DESIGN_EFFECT_PRIOR, designEffect, lossAtLeast } from "../sla/statistics.ts";

const MINUTE_MS = 60_000;

/** So many minutes of counts are looked at; older ones may be forgotten. */
export const BURN_MINUTES = 4_320;
/** Fewer messages in the larger window say nothing (sla.md 6). */
const POOLED_MIN = 2_400;
/**
 * A service exactly on its target burns at 1, and would hold a ticket half of the time by the last pair. So the larger window must
 * prove, with the design effect of its own losses, that the target itself is missed. One in a million windows errs: there are
 * four pairs and half a million minutes in a year, but windows that overlap err together. Fewer than ten bad ones never prove
 * it (`designEffect` has its prior then), which is more than the five that sla.md asks for.
 */
const CONFIDENCE = 1 - 1e-6;
/** Over, once every short window that began it has been below its factor for so long. */
const CALM_MS = 60 * MINUTE_MS;
/** Factors have one decimal; sums of doubles miss them by far less. */
const SLACK = 1e-9;

/**
 * The pairs of the SRE workbook (conventions.md 7): on while both windows burn at least that fast. Both severities are tickets and
 * page nobody, although the workbook pages for the first two: messages that are lost that fast are an outage or a brown-out
 * too, which has its own incident already. `warning`: within days the period's budget is gone. `info`: it will not last.
 */
const PAIRS = [
  { name: "1h", severity: "warning", factor: 14.4, longMinutes: 60, shortMinutes: 5 },
  { name: "6h", severity: "warning", factor: 6, longMinutes: 360, shortMinutes: 30 },
  { name: "1d", severity: "info", factor: 3, longMinutes: 1_440, shortMinutes: 120 },
  { name: "3d", severity: "info", factor: 1, longMinutes: BURN_MINUTES, shortMinutes: 360 },
] as const;
type Pair = (typeof PAIRS)[number];
export type BurnPairName = Pair["name"];

export type BurnObjective = RatioObjective | QuantileObjective;

/** One minute of all regions of a target together, of the objective's journey. */
export interface MinuteCounts {
  /** Minutes since the epoch; each at most once, in any order. */
  readonly minute: number;
  readonly attempted: number;
  /** Lost and refused. */
  readonly bad: number;
  /** Later than each limit; in none of those `bad`. */
  readonly over: readonly { readonly limitMs: number; readonly count: number }[];
}

/** `rate`: 1 uses up the period's budget exactly at its end. Null: nothing was measured. */
export interface BurnWindow {
  readonly minutes: number;
  readonly attempted: number;
  readonly bad: number;
  readonly rate: number | null;
}

export interface BurnReading {
  readonly at: number;
  /** The fastest first. */
  readonly pairs: readonly {
    readonly name: BurnPairName;
    readonly severity: Pair["severity"];
    readonly factor: number;
    readonly long: BurnWindow;
    readonly short: BurnWindow;
    readonly isOn: boolean;
  }[];
}

/** A budget that burns: plain data, to be kept from one look to the next. */
export interface Burning {
  readonly sinceAt: number;
  /** The worst since then. */
  readonly severity: Pair["severity"];
  /** All that were on since then. */
  readonly pairs: readonly BurnPairName[];
  /** Since when all of their short windows are below. Null: one is not, or nobody knows. */
  readonly calmSinceAt: number | null;
}

/**
 * The rates at `now`, over the minutes that ended by then. Bad is what the objective calls so: lost, refused, and later than its
 * limit where it has one; a minute that did not count the limit is in no window. RangeError for a target outside of 0..1, and
 * for more bad than attempted messages.
 */
export function burnOf(counts: readonly MinuteCounts[], objective: BurnObjective, now: number): BurnReading {
  const target = objective.kind === "ratio" ? objective.target : objective.q;
  if (!(target > 0 && target < 1)) throw new RangeError(`a target of ${target}`);
  // 1 - .9999 is 9.999999999998899e-5 in doubles; targets have few digits.
  const share = Number((1 - target).toFixed(12));
  const sums = sumsOf(counts, objective.kind === "ratio" ? objective.withinMs : objective.countedMs, now);
  const pairs = PAIRS.map(({ name, severity, factor, longMinutes, shortMinutes }) => {
    const ofLong = sums.get(longMinutes) ?? NOTHING;
    const long = windowOf(ofLong, longMinutes, share);
    const short = windowOf(sums.get(shortMinutes) ?? NOTHING, shortMinutes, share);
    const isFast = long.attempted >= POOLED_MIN && reaches(long, factor) && reaches(short, factor);
    return { name, severity, factor, long, short, isOn: isFast && provesMissed(ofLong, share) };
  });
  return { at: now, pairs };
}

/**
 * Whether the budget burns, from what was so at the look before; null: it does not. It begins with the first pair that is on and
 * ends when the short windows of all pairs that have been on were below their factors for an hour. Time in which nothing is
 * measured is not calm.
 */
export function burning(before: Burning | null, reading: BurnReading): Burning | null {
  const { at } = reading;
  const on = reading.pairs.filter(({ isOn }) => isOn);
  if (before === null && on.length === 0) return null;
  const been = reading.pairs.filter((pair) => pair.isOn || before?.pairs.includes(pair.name) === true);
  const isCalm = been.every(({ short, factor }) => short.rate !== null && !reaches(short, factor));
  const calmSinceAt = isCalm ? (before?.calmSinceAt ?? at) : null;
  if (calmSinceAt !== null && at - calmSinceAt >= CALM_MS) return null;
  return {
    sinceAt: before?.sinceAt ?? at,
    severity: been.some(({ severity }) => severity === "warning") ? "warning" : "info",
    pairs: been.map(({ name }) => name),
    calmSinceAt,
  };
}

/** Of judged minutes: how many, their messages, and the sums that `designEffect` wants. */
interface Sums {
  readonly minutes: number;
  readonly n: number;
  readonly bad: number;
  readonly badBad: number;
  readonly badN: number;
  readonly nn: number;
}
const NOTHING: Sums = { minutes: 0, n: 0, bad: 0, badBad: 0, badN: 0, nn: 0 };

const SPANS = [...new Set(PAIRS.flatMap(({ longMinutes, shortMinutes }) => [longMinutes, shortMinutes]))].sort(
  (a, b) => a - b,
);

/** By length of window in minutes. One pass: a minute is added to the shortest window that holds it, and each to the next. */
function sumsOf(counts: readonly MinuteCounts[], limitMs: number | null, now: number): ReadonlyMap<number, Sums> {
  const toMinute = Math.floor(now / MINUTE_MS);
  const own = SPANS.map(() => ({ ...NOTHING }));
  for (const each of counts) {
    const ago = toMinute - each.minute;
    const sums = ago < 1 ? undefined : own[SPANS.findIndex((minutes) => ago <= minutes)];
    const bad = sums === undefined ? null : badOf(each, limitMs);
    if (sums === undefined || bad === null) continue;
    const n = each.attempted;
    sums.minutes++;
    sums.n += n;
    sums.bad += bad;
    sums.badBad += bad * bad;
    sums.badN += bad * n;
    sums.nn += n * n;
  }
  const bySpan = new Map<number, Sums>();
  let until = NOTHING;
  for (const [at, minutes] of SPANS.entries()) {
    const more = own[at] ?? NOTHING;
    until = {
      minutes: until.minutes + more.minutes,
      n: until.n + more.n,
      bad: until.bad + more.bad,
      badBad: until.badBad + more.badBad,
      badN: until.badN + more.badN,
      nn: until.nn + more.nn,
    };
    bySpan.set(minutes, until);
  }
  return bySpan;
}

/** Null: nothing was attempted, or the limit was not counted. */
function badOf({ minute, attempted, bad, over }: MinuteCounts, limitMs: number | null): number | null {
  // Where all are bad none can be late besides.
  const isKnown = limitMs === null || bad === attempted;
  const late = isKnown ? 0 : over.find((each) => each.limitMs === limitMs)?.count;
  if (late === undefined || attempted === 0) return null;
  if (!(bad + late <= attempted))
    throw new RangeError(`${bad} bad and ${late} late of ${attempted} in minute ${minute}`);
  return bad + late;
}

function windowOf({ n, bad }: Sums, minutes: number, share: number): BurnWindow {
  return { minutes, attempted: n, bad, rate: n === 0 ? null : bad / (n * share) };
}

function reaches({ rate }: BurnWindow, factor: number): boolean {
  return rate !== null && rate >= factor - SLACK;
}

/** Whether chance alone, in bursts as they are seen here, would hardly ever lose so many of a service that keeps its target. */
function provesMissed(sums: Sums, share: number): boolean {
  const { minutes, n, bad } = sums;
  // Three days are too few to tell how days differ.
  const blocks = { count: 0, badBad: 0, badN: 0, nn: 0 };
  const part = { ...sums, unjudged: 0, measured: minutes, unmeasured: 0, blocks };
  const effect = designEffect(part) ?? DESIGN_EFFECT_PRIOR.burst;
  return lossAtLeast(bad / effect, n / effect, CONFIDENCE) > share;
}
