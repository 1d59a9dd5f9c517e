// Objectives about the times of incidents: how long until one was detected, acknowledged by a human, restored. Pure; called when
// a report is composed. Knows nothing of what an incident is: whoever calls hands over its instants.

import type { DurationObjective } from "../config/contracts/contract.ts";
import type { DurationResult } from "./report-shape.ts";

/** Instants of one incident, ms since the epoch; null: it did not happen (yet), or nobody knows. */
export interface IncidentTimes {
  readonly impactStart: number;
  readonly detected: number | null;
  /** The first page that a channel accepted. */
  readonly notified: number | null;
  /** By a human. */
  readonly acked: number | null;
  readonly impactEnd: number | null;
  /** Rehearsed: in no figure. */
  readonly drill: boolean;
}

/**
 * Time to detect is detected - impact start, to acknowledge acked - notified, to recover impact end - impact start (sla.md 7); one
 * below 0, as when somebody acknowledges before the page arrives, is 0. p90 is the value of rank ceil(.9 n).
 *
 * `contract_says` looks at the known times: none of several incidents has one: `no_data`; no incident at all: `met`, since there was
 * nothing to do. The verdict is `met` only of a closed period and even if each unknown time was endless; `breached` even if each
 * was nothing, and of an open period only by `max`, which no later incident can mend; `no_data` as above; else `undetermined`.
 */
export function durationResult(
  objective: DurationObjective,
  incidents: readonly IncidentTimes[],
  closed: boolean,
): DurationResult {
  const { id, of, limitMs, stat } = objective;
  const real = incidents.filter((incident) => !incident.drill);
  const known = real.flatMap((incident) => timeOf(of, incident) ?? []).sort((a, b) => a - b);
  const unknown = real.length - known.length;
  const value = statistic(stat, known);
  const best = statistic(stat, [...Array.from({ length: unknown }, () => 0), ...known]);
  const worst = statistic(stat, [...known, ...Array.from({ length: unknown }, () => Infinity)]);
  const isUnheard = real.length > 0 && known.length === 0;
  const isBreached = best !== null && best > limitMs && (closed || stat === "max");
  const isMet = closed && (worst === null || worst <= limitMs);
  return {
    kind: "duration",
    id,
    of,
    limit_ms: limitMs,
    stat,
    incidents: real.length,
    known: known.length,
    median_ms: medianOf(known),
    max_ms: known.at(-1) ?? null,
    value_ms: value,
    contract_says: isUnheard ? "no_data" : value === null || value <= limitMs ? "met" : "breached",
    verdict: isUnheard ? "no_data" : isBreached ? "breached" : isMet ? "met" : "undetermined",
  };
}

function timeOf(of: DurationObjective["of"], incident: IncidentTimes): number | null {
  const { impactStart, detected, notified, acked, impactEnd } = incident;
  switch (of) {
    case "detect":
      return between(impactStart, detected);
    case "ack":
      return between(notified, acked);
    case "recover":
      return between(impactStart, impactEnd);
  }
}

/** From one to the other, at least 0; null: one of them is not known. */
export function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

/** Of ascending times; null: of none. */
function statistic(stat: DurationObjective["stat"], times: readonly number[]): number | null {
  if (times.length === 0) return null;
  switch (stat) {
    case "max":
      return times.at(-1) ?? null;
    case "mean":
      return times.reduce((sum, each) => sum + each, 0) / times.length;
    case "p90":
      // In tenths, since .9 x 10 is not always 9 in binary.
      return times[Math.ceil((9 * times.length) / 10) - 1] ?? null;
  }
}

/** Of ascending times; the mean of the two in the middle where their number is even; null: of none. */
export function medianOf(times: readonly number[]): number | null {
  const upper = times[Math.floor(times.length / 2)];
  const lower = times[Math.ceil(times.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
