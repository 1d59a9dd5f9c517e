// The incidents of a report: which belong to a period, what merging makes of their times, and how long they took. Pure. Knows
// incidents as a plain type of its own: how one comes about is told further down the stream. Called when a report is composed
// or looked at again.

import type { AlertSeverity } from "../../schema/words.ts";
import { between, medianOf } from "./durations.ts";
import type { IncidentTimes } from "./durations.ts";
import type { IncidentResult, IncidentsResult, TimesResult } from "./report-shape.ts";

/** An outage or a brown-out of a target, as it stands now. Instants: ms since the epoch; null: not yet, or never. */
export interface ServiceIncident extends IncidentTimes {
  readonly id: string;
  readonly kind: "outage" | "brownout";
  readonly severity: AlertSeverity;
  readonly scope: "region" | "global";
  /** All that it ever touched. */
  readonly regions: readonly string[];
  readonly resolvedAt: number | null;
  /** The first public word of a person. */
  readonly publishedAt: number | null;
  /** Its story goes on there. */
  readonly mergedInto: string | null;
}

/** All that is known of a target's incidents. */
export interface KeptIncidents {
  /** Begin of the first incident of any kind that was ever written down; null: none was. */
  readonly since: number | null;
  readonly list: readonly ServiceIncident[];
}

/** ms since the epoch, half-open. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const NO_TIME: TimesResult = { n: 0, unknown: 0, median_ms: null, max_ms: null };
/** Of a period before which no incident was ever written down. */
export const NO_INCIDENTS: IncidentsResult = {
  kept_since: null,
  list: [],
  times: { detect: NO_TIME, acknowledge: NO_TIME, restore: NO_TIME, resolve: NO_TIME, publish: NO_TIME },
};

/**
 * Without drills, by their begin. A merged one is folded into the one that has its story in the end: the earliest begin, detection,
 * page, acknowledgement and public word of all of them count, and every region. The end is that of the one that is left.
 */
export function folded(list: readonly ServiceIncident[]): ServiceIncident[] {
  const real = new Map(list.filter(({ drill }) => !drill).map((each) => [each.id, each]));
  const parts = Map.groupBy(real.values(), (each) => lastOf(each, real));
  return [...parts]
    .flatMap(([last, all]) => (last === null ? [] : [joined(last, all)]))
    .sort((a, b) => a.impactStart - b.impactStart || (a.id < b.id ? -1 : 1));
}

/** Those that began in the span and touched one of the regions: each is in one period, and in one version's part of it. */
export function begunIn(
  list: readonly ServiceIncident[],
  span: Span,
  regions: readonly string[],
): readonly ServiceIncident[] {
  return list.filter(
    ({ impactStart, regions: own }) =>
      impactStart >= span.from && impactStart < span.to && own.some((region) => regions.includes(region)),
  );
}

/** What a report says of a period's incidents. `kept.list` is folded. */
export function incidentsOf(kept: KeptIncidents, period: Span, regions: readonly string[]): IncidentsResult {
  const list = begunIn(kept.list, period, regions);
  const of = (time: (each: ServiceIncident) => number | null): TimesResult => timesOf(list.map(time));
  return {
    kept_since: kept.since === null || kept.since >= period.to ? null : Math.max(kept.since, period.from),
    list: list.map(resultOf),
    times: {
      detect: of((each) => between(each.impactStart, each.detected)),
      acknowledge: of((each) => between(each.notified, each.acked)),
      restore: of((each) => between(each.impactStart, each.impactEnd)),
      resolve: of((each) => between(each.impactStart, each.resolvedAt)),
      publish: of((each) => between(each.impactStart, each.publishedAt)),
    },
  };
}

/** Where its story ends; null: what it was merged into is not known, or it goes round in a circle. */
function lastOf(one: ServiceIncident, known: ReadonlyMap<string, ServiceIncident>): ServiceIncident | null {
  let last = one;
  for (let steps = 0; steps <= known.size; steps += 1) {
    if (last.mergedInto === null) return last;
    const next = known.get(last.mergedInto);
    if (next === undefined) return null;
    last = next;
  }
  return null;
}

function joined(last: ServiceIncident, all: readonly ServiceIncident[]): ServiceIncident {
  const first = (of: (each: ServiceIncident) => number | null): number | null => {
    const known = all.flatMap((each) => of(each) ?? []);
    return known.length === 0 ? null : Math.min(...known);
  };
  return {
    ...last,
    regions: [...new Set([...last.regions, ...all.flatMap(({ regions }) => regions)])],
    impactStart: Math.min(...all.map(({ impactStart }) => impactStart)),
    detected: first((each) => each.detected),
    notified: first((each) => each.notified),
    acked: first((each) => each.acked),
    publishedAt: first((each) => each.publishedAt),
  };
}

function timesOf(times: readonly (number | null)[]): TimesResult {
  const known = times.flatMap((time) => time ?? []).sort((a, b) => a - b);
  return {
    n: known.length,
    unknown: times.length - known.length,
    median_ms: medianOf(known),
    max_ms: known.at(-1) ?? null,
  };
}

function resultOf(one: ServiceIncident): IncidentResult {
  const { id, kind, severity, scope, regions } = one;
  return {
    id,
    kind,
    severity,
    scope,
    regions,
    impact_start: one.impactStart,
    detected: one.detected,
    notified: one.notified,
    acked: one.acked,
    impact_end: one.impactEnd,
    resolved: one.resolvedAt,
    published: one.publishedAt,
  };
}
