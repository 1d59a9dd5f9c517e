// Judges what a prober hands over: which records of an envelope count. No clock, no database. A refusal is a sentence;
// the bytes are kept all the same, for whoever asks a year later.

import type { Envelope } from "./envelope.ts";
import type { RoundRecord } from "./records.ts";

const DAY_MS = 86_400_000;
/** A record may be this late: after that its minute is closed for good. */
export const LATE_LIMIT_MS = 7 * DAY_MS;
/** A slot this far ahead of our clock was made by a clock that is wrong. */
export const AHEAD_LIMIT_MS = 5 * 60_000;

export interface Judged {
  readonly records: readonly RoundRecord[];
  /** Positions of the records that count. */
  readonly counted: readonly number[];
  /** Why something does not count; null when everything does. */
  readonly refusal: string | null;
}

/** Never throws, whatever the bytes are. */
export function countable(
  target: string,
  bytes: Uint8Array,
  now: number,
  decode: (bytes: Uint8Array) => Envelope,
): Judged {
  let envelope: Envelope;
  try {
    envelope = decode(bytes);
  } catch (problem) {
    return { records: [], counted: [], refusal: problem instanceof Error ? problem.message : "not an envelope" };
  }
  const refusals = envelope.records.map((record) => refusalOf(target, record, now));
  return {
    records: envelope.records,
    counted: refusals.flatMap((refusal, position) => (refusal === null ? [position] : [])),
    refusal: refusals.find((refusal) => refusal !== null) ?? null,
  };
}

function refusalOf(target: string, record: RoundRecord, now: number): string | null {
  if (record.series.target !== target)
    return `a record of target ${record.series.target} reached the collector of ${target}`;
  if (record.slotAt < now - LATE_LIMIT_MS) return `slot ${record.slotAt} is more than 7 days old`;
  if (record.slotAt > now + AHEAD_LIMIT_MS) return `slot ${record.slotAt} is more than 5 minutes ahead`;
  return null;
}
