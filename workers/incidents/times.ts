// How long incidents took: until they were detected, acknowledged, spoken of, restored, resolved (sla.md 7). Pure. Never a mean: one
// long night would hide behind many short ones. Called by reports and pages.

import type { IncidentTimes } from "../sla/durations.ts";
import type { Incident } from "./incident.ts";

/** `notifiedAt`: the first page that a channel accepted, which only the outbox knows. Null: none was, or not yet. */
export interface TimedIncident {
  readonly incident: Incident;
  readonly notifiedAt: number | null;
}

/** Of one kind of time. `unknown` of the incidents have none: it has not happened, or nobody knows when. */
export interface TimeSummary {
  readonly n: number;
  readonly unknown: number;
  /** ms; null: of none. */
  readonly medianMs: number | null;
  readonly maxMs: number | null;
}

export interface TimesSummary {
  readonly incidents: number;
  /** From the first bad message. */
  readonly detect: TimeSummary;
  /** From the first page that a channel accepted. */
  readonly acknowledge: TimeSummary;
  readonly restore: TimeSummary;
  readonly resolve: TimeSummary;
  /** Until a person's first public word. */
  readonly publish: TimeSummary;
}

/** The instants of one incident, ms since the epoch. */
export function timesOf(incident: Incident, notifiedAt: number | null): IncidentTimes {
  const { impactStart, detected, firstAckedAt, impactEnd, drill } = incident;
  return { impactStart, detected, notified: notifiedAt, acked: firstAckedAt, impactEnd, drill };
}

/** Whether it enters figures: drills are rehearsed, and a merged one's story is told by the one that it went into. */
export function isCounted(incident: Incident): boolean {
  return !incident.drill && incident.state !== "merged";
}

/** Of those that are counted. A time below 0, as when somebody acknowledges before the page arrives, is 0. */
export function summaryOfTimes(list: readonly TimedIncident[]): TimesSummary {
  const counted = list.filter(({ incident }) => isCounted(incident));
  const of = (from: (one: TimedIncident) => number | null, to: (incident: Incident) => number | null): TimeSummary =>
    summaryOf(counted.map((one) => between(from(one), to(one.incident))));
  const start = ({ incident }: TimedIncident): number => incident.impactStart;
  return {
    incidents: counted.length,
    detect: of(start, (incident) => incident.detected),
    acknowledge: of(
      (one) => one.notifiedAt,
      (incident) => incident.firstAckedAt,
    ),
    restore: of(start, (incident) => incident.impactEnd),
    resolve: of(start, (incident) => incident.resolvedAt),
    publish: of(start, (incident) => incident.publishedAt),
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}

/** The median of an even number is the mean of the two in its middle, as in `sla/durations.ts`. */
function summaryOf(times: readonly (number | null)[]): TimeSummary {
  const known = times.flatMap((time) => time ?? []).sort((a, b) => a - b);
  const low = known[Math.ceil(known.length / 2) - 1];
  const high = known[Math.floor(known.length / 2)];
  const medianMs = low === undefined || high === undefined ? null : (low + high) / 2;
  return { n: known.length, unknown: times.length - known.length, medianMs, maxMs: known.at(-1) ?? null };
}
