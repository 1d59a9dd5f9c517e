// What a sample of good and bad messages proves: exact (Clopper-Pearson) one-sided bounds of the bad share, how many messages
// a proof needs, and by how much loss that comes in bursts shrinks the sample. Owns the numerical mathematics under them.
// Pure numbers: knows no contract, no target and no word for a verdict. Called by `proportion.ts`.

import type { CountsPart } from "./part.ts";

/**
 * The design effect to assume while there are too few bad messages to estimate it: messages sent one by one share less of
 * their fate than a burst on one connection does (reference/sla.md 4.5).
 */
export const DESIGN_EFFECT_PRIOR = { spread: 3, burst: 10 } as const;

/** Fewer bad ones (or fewer good ones) say nothing about how they cluster. */
const ESTIMATED_FROM = 10;
/** Fewer days say nothing about how days differ. */
const BLOCKS_FROM = 10;

/** Below exp(this) a share is 0 to us: far under one message of all that were ever sent. */
const LOG_SHARE_MIN = -700;
const INVERSE_STEPS = 200;
/** At its slowest, half bad of a billion, the fraction takes 4,400 terms; of a million 430. */
const FRACTION_TERMS = 100_000;
const STIRLING_FROM = 16;

/**
 * The upper bound of the bad share, 0..1, that `confidence` (0..1, one-sided) supports after `bad` of `n`: the share at which
 * so few bad ones would be seen only with probability 1 - confidence. Clopper and Pearson 1934, U = qbeta(c, bad + 1, n - bad).
 * Both counts may be fractions, as a design effect leaves them. All bad gives 1. RangeError unless 0 <= bad <= n, finite.
 */
export function lossAtMost(bad: number, n: number, confidence: number): number {
  assertSample(bad, n, confidence);
  return bad === n ? 1 : inverseBeta(confidence, bad + 1, n - bad);
}

/** The lower bound, L = qbeta(1 - c, bad, n - bad + 1); none bad gives 0. Otherwise as `lossAtMost`. */
export function lossAtLeast(bad: number, n: number, confidence: number): number {
  assertSample(bad, n, confidence);
  return bad === 0 ? 0 : inverseBeta(1 - confidence, bad, n - bad + 1);
}

/**
 * The smallest whole n of which `bad` (may be a fraction) prove that the bad share is at most `share`: lossAtMost(bad, n) <=
 * share. RangeError unless 0 < share < 1, and where n would be beyond exact integers.
 */
export function sampleNeeded(bad: number, share: number, confidence: number): number {
  assertSample(bad, bad, confidence);
  if (!(share > 0 && share < 1)) throw new RangeError(`no sample proves a share of at most ${share}`);
  // U <= share where the distribution function at the share has reached the confidence: no inverse is needed.
  const proves = (n: number): boolean => betaDistribution(share, bad + 1, n - bad) >= confidence;
  let tooFew = Math.floor(bad);
  let enough = tooFew + 1;
  while (!proves(enough)) {
    tooFew = enough;
    enough *= 2;
    if (enough > Number.MAX_SAFE_INTEGER) throw new RangeError(`a share of at most ${share} needs too many messages`);
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (proves(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/**
 * By how much correlated loss inflates the variance of the bad share, compared with messages that share no fate: the larger
 * of what minutes and (from 10 days on) days show, at least 1. Null while fewer than 10 are bad, or fewer than 10 good, or
 * there is but one minute: a prior has to stand in. Kish's deff, with the variance of a proportion in clusters of unequal size
 * (Cochran, Sampling Techniques, 1977, 3.12).
 */
export function designEffect(part: CountsPart): number | null {
  if (Math.min(part.bad, part.n - part.bad) < ESTIMATED_FROM || part.minutes < 2) return null;
  const { blocks } = part;
  return Math.max(
    1,
    inflation(part, part.minutes, part),
    blocks.count >= BLOCKS_FROM ? inflation(part, blocks.count, blocks) : 0,
  );
}

/** Sum of (x - pn)^2 over clusters / what independent messages would show, p(1 - p) x sum of n; with k / (k - 1). */
function inflation(
  { n, bad }: CountsPart,
  clusters: number,
  { badBad, badN, nn }: { readonly badBad: number; readonly badN: number; readonly nn: number },
): number {
  const p = bad / n;
  // Three terms that nearly cancel where clusters hardly differ: what rounding leaves may be below 0, never far from it.
  const squares = badBad - 2 * p * badN + p * p * nn;
  return ((clusters / (clusters - 1)) * squares) / (p * (1 - p) * n);
}

function assertSample(bad: number, n: number, confidence: number): void {
  if (!(bad >= 0 && bad <= n && n < Infinity)) throw new RangeError(`${bad} bad of ${n}`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${confidence}`);
}

/**
 * The x with I_x(a, b) = p, for 0 < p < 1, a and b > 0, one of them at least 1. Newton's method for ln I over ln x, which is
 * concave and in the lower tail a straight line; halving takes over wherever a step would leave what is known to hold x.
 */
function inverseBeta(p: number, a: number, b: number): number {
  // Seen from the other end: x keeps its digits where it is small.
  if (a > b) return 1 - inverseBeta(1 - p, b, a);
  let low = LOG_SHARE_MIN;
  let high = 0;
  let at = Math.log(a / (a + b));
  if (betaDistribution(Math.exp(low), a, b) >= p) return 0;
  for (let step = 0; step < INVERSE_STEPS; step++) {
    const x = Math.exp(at);
    const reached = betaDistribution(x, a, b);
    if (reached === p) return x;
    if (reached < p) low = at;
    else high = at;
    const slope = betaTerm(x, a, b) / (1 - x);
    const next = at + (Math.log(p / reached) * reached) / slope;
    const to = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(to - at) < 1e-14) return Math.exp(to);
    at = to;
  }
  return Math.exp(at);
}

/** The regularised incomplete beta function I_x(a, b), 0 < x < 1, from the side of the mean where its fraction is fast. */
function betaDistribution(x: number, a: number, b: number): number {
  const term = betaTerm(x, a, b);
  return x < (a + 1) / (a + b + 2) ? term / betaFraction(x, 1 - x, a, b) : 1 - term / betaFraction(1 - x, x, b, a);
}

/**
 * The continued fraction of DiDonato and Morris (Algorithm 708, 1992, BFRAC), by Lentz's method (Numerical Recipes, 5.2). It
 * takes x and y = 1 - x apart: the better known form (DLMF 8.17.22) subtracts numbers that are equal in all but the last
 * digits where one of them is small and the sample large.
 */
function betaFraction(x: number, y: number, a: number, b: number): number {
  // Lentz: a denominator that happens to be 0 is nudged, since the next term takes it back.
  const awayFromZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  const ahead = a * y - b * x + 1;
  let fraction = awayFromZero((a * ahead) / (a + 1));
  let c = fraction;
  let d = 0;
  for (let m = 1; m <= FRACTION_TERMS; m++) {
    const odd = a + 2 * m - 1;
    const over = ((a + m - 1) / odd) * ((a + b + m - 1) / odd) * m * (b - m) * x * x;
    const under = m + (m * (b - m) * x) / odd + ((a + m) * (ahead + m * (1 + y))) / (odd + 2);
    d = 1 / awayFromZero(under + over * d);
    c = awayFromZero(under + over / c);
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) return fraction;
  }
  throw new RangeError(`the incomplete beta function of ${a} and ${b} at ${x} does not settle`);
}

/**
 * x^a (1 - x)^b / B(a, b), in Loader's form (Fast and Accurate Computation of Binomial Probabilities, 2000): as distances from
 * the mean, since the logarithms of the gamma function of a billion would cancel each other's digits.
 */
function betaTerm(x: number, a: number, b: number): number {
  const n = a + b;
  const gammas = stirlingRest(n) - stirlingRest(a) - stirlingRest(b);
  const distance = deviance(a, n * x) + deviance(b, n * (1 - x));
  return Math.exp(gammas - distance) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** x ln(x / m) + m - x, without cancellation where x is near m. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) > 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let power = 2 * x * v;
  let sum = (x - m) * v;
  // Powers of v^2 <= .01: ten terms are more digits than a number has.
  for (let j = 3; j <= 21; j += 2) {
    power *= v * v;
    sum += power / j;
  }
  return sum;
}

/** ln gamma(z + 1) - [(z + 1/2) ln z - z + ln(2 pi) / 2], z > 0: Stirling's series (DLMF 5.11.1), small z stepped up to it. */
function stirlingRest(z: number): number {
  let rest = 0;
  let at = z;
  for (; at < STIRLING_FROM; at++) rest += (at + 0.5) * Math.log1p(1 / at) - 1;
  const square = at * at;
  return rest + (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / at;
}
