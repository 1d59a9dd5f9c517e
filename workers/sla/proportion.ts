// Judges one proportion: good messages of those attempted, for delivery and, since late is a proportion too, for a quantile of
// the latency. Keeps apart what the contract's arithmetic says, what unjudged messages leave open, and what the sample proves.
// Pure: knows no clock, counts nothing itself and has no statistics of its own. Called by `results.ts`.

import type { CountsPart } from "./part.ts";
import type { ContractSays, Evidence, Grade, ProportionFigures, Verdict } from "./report-shape.ts";
import { designEffect, lossAtLeast, lossAtMost, sampleNeeded } from "./statistics.ts";

/**
 * The figures of a part. `target`: the least good share, 0..1 without its ends (of a quantile objective its q); `confidence`:
 * one-sided, 0..1; `prior`: the design effect to assume where the data cannot tell, at least 1 (`DESIGN_EFFECT_PRIOR`); `toCome`:
 * messages of which nothing is known, as many as the period is still expected to bring and silent minutes would have brought: as unknown
 * for the verdict as those that nobody could judge. RangeError for other numbers, and for a part with more bad messages than
 * attempted ones.
 */
export function proportionFigures(
  part: CountsPart,
  target: number,
  confidence: number,
  prior: number,
  toCome = 0,
): ProportionFigures {
  if (!(target > 0 && target < 1)) throw new RangeError(`a target of ${target}`);
  if (!(prior >= 1 && prior < Infinity)) throw new RangeError(`a design effect of ${prior}`);
  const share = 1 - target;
  return {
    attempted: part.n,
    bad: part.bad,
    unjudged: part.unjudged,
    value: part.n === 0 ? null : (part.n - part.bad) / part.n,
    contract_says: contractSays(part, share),
    verdict: verdictOn(part, share, toCome),
    evidence: evidenceOf(part, share, confidence, prior),
  };
}

/**
 * How many decimals of a percentage the evidence supports: to the third digit of what lies between its bounds. 0 of 28,800
 * lost leaves .0104 % open, so four: "at least 99.9895 %" (reference/sla.md 4.4). Whoever prints cuts off after them and never
 * rounds up. 0 without a sample.
 */
export function digitsSupported(evidence: Pick<Evidence, "at_least" | "at_most">): number {
  const { at_least: least, at_most: most } = evidence;
  if (least === null || most === null || !(most > least)) return 0;
  // A width of 1e-4 is .01 %: its first digit is the second decimal of the percentage, its third one the fourth.
  return Math.max(0, -Math.floor(Math.log10(most - least)));
}

function contractSays({ n, bad }: CountsPart, share: number): ContractSays {
  if (n === 0) return "no_data";
  return isWithin(bad, n, share) ? "met" : "breached";
}

function verdictOn({ n, bad, unjudged }: CountsPart, share: number, toCome: number): Verdict {
  if (n === 0) return "no_data";
  const unknown = unjudged + toCome;
  // More than one too many are too many, even of a sample that is too small to allow for a single one.
  if (!isWithin(bad - 1, n + unknown, share)) return "breached";
  // A single bad message would already be more than the whole allowance.
  if (!isWithin(1, n + toCome, share)) return "resolution_insufficient";
  if (isWithin(bad + unknown, n + unknown, share)) return "met";
  return isWithin(bad, n + unknown, share) ? "undetermined" : "breached";
}

/**
 * Whether so many bad ones are allowed. 1 of 10,000 at .9999 is, but 1 - .9999 is 9.999999999998899e-5 in doubles. It errs by
 * less than 2^-53, so n x 2^-52 forgives all of it: for a billion messages 2e-7 of one. No allowance that people write comes
 * as near to a whole message without being it.
 */
function isWithin(bad: number, n: number, share: number): boolean {
  return bad <= share * n + n * Number.EPSILON;
}

function evidenceOf(part: CountsPart, share: number, confidence: number, prior: number): Evidence {
  const estimated = designEffect(part);
  const effect = estimated ?? prior;
  const bad = part.bad / effect;
  const n = part.n / effect;
  const atMost = lossAtMost(bad, n, confidence);
  const atLeast = lossAtLeast(bad, n, confidence);
  // Good messages that share fate as those seen do. At the very border the last digit of the bound may say otherwise than that
  // of the need: unproven needs at least one.
  const moreGoodNeeded = (): number => Math.max(1, Math.ceil(sampleNeeded(bad, share, confidence) * effect) - part.n);
  const grade: Grade =
    part.n === 0
      ? "not_enough_evidence"
      : atMost <= share
        ? "proven_met"
        : atLeast > share
          ? "proven_breached"
          : "not_enough_evidence";
  return {
    grade,
    confidence,
    at_least: part.n === 0 ? null : 1 - atMost,
    at_most: part.n === 0 ? null : 1 - atLeast,
    design_effect: effect,
    design_effect_from: estimated === null ? "prior" : "estimated",
    effective_sample: n,
    more_good_needed: grade === "proven_breached" ? null : grade === "proven_met" ? 0 : moreGoodNeeded(),
  };
}
