// What became of each message of a round: the one place where instants and failures turn into ok, lost, error, not_sent.
// Rules: design.md section 2 (accounting, latency from the intended send, unknown is not bad). Never looks at a clock,
// never counts over limits. Called by `results/round-record.ts`.

import type { Outcome } from "../../schema/words.ts";
import type { Observation, ObservedMessage } from "./observation.ts";

/** The verdicts on one round. */
export interface Judged {
  /** By seq; as many as were scheduled. */
  readonly outcomes: readonly Outcome[];
  /** By seq: ms from intended send to first arrival, for `ok` messages; null for all others. */
  readonly latencyMs: readonly (number | null)[];
  /** Arrivals beyond the first of each seq. */
  readonly duplicate: number;
  /** First arrivals below the highest seq seen (RFC 4737, Type-P-Reordered). */
  readonly reordered: number;
  /** Messages that came after the deadline; they are `lost`. */
  readonly afterDeadline: number;
  /** Largest delay of those, ms from intended send; 0 when there are none. */
  readonly afterDeadlineMsMax: number;
}

/**
 * Judges `scheduled` messages with a deadline in ms. RangeError (a broken belief) if the observation names a seq outside
 * 0..scheduled-1, or one twice.
 */
export function judge(observation: Observation, deadlineMs: number, scheduled: number): Judged {
  const bySeq = messagesBySeq(observation.messages, scheduled);
  const outcomes: Outcome[] = [];
  const latencyMs: (number | null)[] = [];
  const lateMs: number[] = [];
  for (const message of bySeq) {
    const delayMs = message === undefined ? null : delayOf(message);
    const inTime = delayMs !== null && delayMs <= deadlineMs;
    if (delayMs !== null && !inTime) lateMs.push(delayMs);
    outcomes.push(inTime ? "ok" : delayMs !== null ? "lost" : outcomeOfMissing(message, observation));
    latencyMs.push(inTime ? delayMs : null);
  }
  return {
    outcomes,
    latencyMs,
    ...orderOf(observation.arrivals, scheduled),
    afterDeadline: lateMs.length,
    // No spread: a room's 50,000 arguments may be more than the stack takes.
    afterDeadlineMsMax: lateMs.reduce((most, ms) => Math.max(most, ms), 0),
  };
}

/** The messages by seq; undefined where nothing became ready and so none was observed. */
function messagesBySeq(messages: readonly ObservedMessage[], scheduled: number): (ObservedMessage | undefined)[] {
  const bySeq = Array.from({ length: scheduled }, (): ObservedMessage | undefined => undefined);
  for (const message of messages) {
    assertSeq(message.seq, scheduled);
    if (bySeq[message.seq] !== undefined) throw new RangeError(`seq ${message.seq} was observed twice`);
    bySeq[message.seq] = message;
  }
  return bySeq;
}

/**
 * Ms from intended send to first arrival, null when it never came. Below zero only if the clock stepped back: then the
 * round is unfit ("clock_step") and proves nothing, but its numbers must still be numbers.
 */
function delayOf(message: ObservedMessage): number | null {
  return message.receivedAt === null ? null : Math.max(0, message.receivedAt - message.intendedAt);
}

/** What became of a message that never arrived. An arrival beats a refusal: it was delivered, whatever was said. */
function outcomeOfMissing(message: ObservedMessage | undefined, observation: Observation): Outcome {
  const sent = message !== undefined && message.sentAt !== null;
  // Our own fault comes first: what we never sent must not be held against the service.
  if (!sent && observation.unfit !== "none") return "not_sent";
  if (message !== undefined && message.failure !== null) return "error";
  // The service closed the round after this one was sent: it took it and did not deliver it.
  if (sent) return "lost";
  return observation.failure === null ? "not_sent" : "error";
}

/** Duplicates and reordering, from the seqs in order of arrival. */
function orderOf(arrivals: readonly number[], scheduled: number): { duplicate: number; reordered: number } {
  const seen = new Set<number>();
  let highest = -1;
  let reordered = 0;
  for (const seq of arrivals) {
    assertSeq(seq, scheduled);
    // A duplicate is no second sample of order (RFC 4737, section 3.3).
    if (seen.has(seq)) continue;
    seen.add(seq);
    if (seq < highest) reordered += 1;
    highest = Math.max(highest, seq);
  }
  return { duplicate: arrivals.length - seen.size, reordered };
}

function assertSeq(seq: number, scheduled: number): void {
  // The journey counts a seq that it did not send as corrupt; here it can only be a fault of ours.
  if (!Number.isInteger(seq) || seq < 0 || seq >= scheduled)
    throw new RangeError(`seq ${seq} of ${scheduled} scheduled`);
}
