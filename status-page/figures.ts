// Figures as they may be printed: shares cut off and never rounded up, availability with its interval and verdict,
// percentiles or the reason why there is none. Pure; called by the view. The statistics live elsewhere: this judges
// nothing but what the counts themselves decide.

import { samplesNeeded } from "../workers/results/figures.ts";
import type { LatencyFigures, PeriodFigures, PrintableQuantile } from "../workers/results/snapshot-shape.ts";
import type { Share, Verdict, Words } from "./words/words.ts";

/** P99 of fewer samples than this is not shown: below it the largest value is the estimate (design, section 2). */
export const P99_MIN_SAMPLES = samplesNeeded(0.99);

/**
 * `part` of `whole` in percent, cut off. As many digits as one more unit of the whole would move, at most four:
 * of 1,440 minutes one is 0.07 %, so two digits; of 43,200 three. Exactly all is 100 %, nothing less is.
 */
export function floorShare(part: number, whole: number): Share | null {
  if (!(whole > 0)) return null;
  if (part >= whole) return { units: 100, digits: 0 };
  if (part <= 0) return { units: 0, digits: 0 };
  const digits = Math.min(4, Math.max(0, Math.ceil(Math.log10(whole)) - 2));
  // Whole numbers up to here: 10^9 messages times 10^6 stay below 2^53.
  return { units: Math.floor((part * 10 ** (digits + 2)) / whole), digits };
}

export interface Availability {
  /** Of the measured minutes; null while none was measured. */
  readonly value: Share | null;
  /** All unmeasured minutes taken as down, and as up. */
  readonly low: Share;
  readonly high: Share;
  readonly coverage: Share;
  /** Every expected minute was measured: the interval is a point. */
  readonly complete: boolean;
  readonly verdict: Verdict;
}

const NONE: Share = { units: 0, digits: 0 };
const ALL: Share = { units: 100, digits: 0 };

/** Availability of a period so far, and the verdict on all of it, with what the unmeasured minutes leave open. */
export function availability(period: PeriodFigures, target: number): Availability {
  const good = period.minutes_up + period.minutes_degraded;
  const measured = good + period.minutes_down;
  const expected = period.minutes_expected;
  if (measured <= 0 || expected <= 0) {
    return { value: null, low: NONE, high: ALL, coverage: NONE, complete: false, verdict: "no_data" };
  }
  // The shape promises expected = up + degraded + down + unmeasured; `high` is made from the first four alone.
  const best = Math.min(expected, good + period.minutes_unmeasured);
  // The target is about the whole period. What is still to come is as unknown as what was not measured.
  const toCome = Math.max(0, period.minutes_whole - expected);
  // Targets are decimal fractions; the slack is far below one minute of any period.
  const needed = target * (expected + toCome) - 1e-6;
  return {
    value: floorShare(good, measured),
    low: floorShare(good, expected) ?? NONE,
    high: floorShare(best, expected) ?? NONE,
    coverage: floorShare(measured, expected) ?? NONE,
    complete: measured >= expected,
    verdict: good >= needed ? "met" : best + toCome < needed ? "breached" : "undetermined",
  };
}

export interface QuantileView {
  readonly name: string;
  readonly text: string;
  /** Why there is no figure. */
  readonly why: string | null;
  /** Against the limit of the SLA, in words. */
  readonly judged: string | null;
  readonly ok: boolean | null;
}

/** A percentile in words. `limitMs` is given for the one that the SLA speaks of. */
export function quantile(
  name: string,
  value: PrintableQuantile,
  samples: number,
  limitMs: number | null,
  words: Words,
): QuantileView {
  if (value === null) {
    const needed = name === "P99" ? P99_MIN_SAMPLES : null;
    const why = samples <= 0 ? words.noSamples : words.tooFew(samples, needed);
    return { name, text: "–", why, judged: null, ok: null };
  }
  const text = typeof value === "number" ? words.ms(Math.ceil(value)) : words.over(words.duration(value.over_ms));
  if (limitMs === null) return { name, text, why: null, judged: null, ok: null };
  // "> 5 s" is over any limit: the rank fell among messages that never came.
  const ok = typeof value === "number" && value < limitMs;
  const limit = words.duration(limitMs);
  return { name, text, why: null, judged: ok ? words.within(limit) : words.notWithin(limit), ok };
}

/** P50, P95 and P99 (none of them without samples); where P99 may not be shown, why not, and the largest with the count instead. */
export interface LatencyView {
  readonly quantiles: readonly QuantileView[];
  readonly without: string | null;
}

/** Latency or connect time of a period. */
export function latency(figures: LatencyFigures, limitMs: number, words: Words): LatencyView {
  const of = (name: string, value: PrintableQuantile, limit: number | null): QuantileView =>
    quantile(name, value, figures.samples, limit, words);
  if (figures.samples <= 0) return { quantiles: [], without: words.noSamples };
  const p99 = of("P99", figures.p99, limitMs);
  const said = p99.why === null ? [] : [words.missingFigure(p99.name, p99.why)];
  if (figures.p99 === null && figures.max_ms !== null) said.push(words.slowest(words.ms(Math.ceil(figures.max_ms))));
  return {
    quantiles: [of("P50", figures.p50, null), of("P95", figures.p95, null), p99],
    without: said.length > 0 ? words.missing(said) : null,
  };
}

/** For "the highest of the regions": missing < numbers < "> limit". */
export function rankOf(value: PrintableQuantile): number {
  if (value === null) return -1;
  return typeof value === "number" ? value : Number.POSITIVE_INFINITY;
}
