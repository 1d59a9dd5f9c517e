// Slow loss: a capped CUSUM over blocks of about 20 messages (sla.md 6). It adds up how much likelier what was seen is with a
// loss of 2 % than with one of 1e-4. Pure; called by `slow.ts`.

/** Shares of loss: what is normal by the usual promise of 99.99 %, and what is to be found. */
export const P0 = 1e-4;
export const P1 = 0.02;
/** At this score it is found. */
export const CUSUM_ALARM = 15;
/** A block adds this much at most: uncapped, one reconnect (20 lost at once) would be an alarm. */
const CAP = 6;

const PER_BAD = Math.log(P1 / P0);
const PER_GOOD = Math.log((1 - P1) / (1 - P0));

/**
 * The score after a block: k ln(p1/p0) + (n - k) ln((1 - p1)/(1 - p0)), 6 at most, and never below 0. Nor above the alarm, which
 * a day of loss would else take weeks to come back from: a good block of 20 takes .402 off.
 */
export function cusumAfter(score: number, attempted: number, bad: number): number {
  const more = Math.min(CAP, bad * PER_BAD + (attempted - bad) * PER_GOOD);
  return Math.min(CUSUM_ALARM, Math.max(0, score + more));
}
