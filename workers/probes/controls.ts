// Tells a blind prober from a broken service: what a few independent endpoints answered, and what the clock makes of it.
// Pure. `controls.probe.ts` asks them.

import type { UnfitReason } from "../../schema/words.ts";

/** One control check. Instants in ms since the epoch, on the prober's clock. */
export interface ControlAnswer {
  /** When it answered, with whatever HTTP status below 500; null: it did not. */
  readonly answeredAt: number | null;
  /** Its own clock, by the Date header (whole seconds, RFC 9110 section 6.6.1); null where it gave none. */
  readonly serverAt: number | null;
}

/**
 * A Date header is cut to the second and may be a cache's, and an answer is a while under way: two seconds prove nothing,
 * five do.
 */
const CLOCK_OFF_MS = 5_000;

/**
 * `controls`: fewer than half of them answered, so what failed may be on our side. `clock_step`: half of them at least
 * say that our clock is wrong by more than 5 s. `none`: the prober can see. Without any control there is no finding.
 */
export function findingOf(answers: readonly ControlAnswer[]): Extract<UnfitReason, "none" | "controls" | "clock_step"> {
  const answered = answers.filter((each) => each.answeredAt !== null);
  if (answers.length > 0 && answered.length * 2 < answers.length) return "controls";
  const off = answered.filter(
    ({ answeredAt, serverAt }) =>
      answeredAt !== null && serverAt !== null && Math.abs(answeredAt - serverAt - 500) > CLOCK_OFF_MS,
  );
  return off.length > 0 && off.length * 2 >= answers.length ? "clock_step" : "none";
}
