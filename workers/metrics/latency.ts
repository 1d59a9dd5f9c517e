// How long messages took in the calendar month, whole, as OpenTelemetry's exponential histograms: what percentiles of any rank, and sums
// over regions, can be computed from without being averaged. Pure. Read by `latency.store.ts`, sent by `otlp.send.ts`; the text formats
// of /metrics have no such type. Lost and refused messages stand above the deadline, so that no backend ranks the survivors alone.

import type { Histogram } from "../results/histogram.ts";
import { fit, toOtel } from "../results/histogram-otel.ts";
import type { OtelDataPoint } from "../results/histogram-otel.ts";
import type { Snapshot } from "../results/snapshot-shape.ts";
import type { Labels } from "./family.ts";

/** The month of a region's `loop` so far. Instants: ms since the epoch. */
export interface MonthLatency {
  readonly target: string;
  readonly region: string;
  readonly startedAt: number;
  /** One for each deadline that there was in the month. */
  readonly latency: readonly Histogram[];
}

export interface LatencyPoint {
  readonly labels: Labels;
  readonly startedAt: number;
  readonly point: OtelDataPoint;
}

/** What receivers and SDKs commonly take: of 42 ms to 5 s it makes buckets 4.4 % wide. */
const BUCKETS_MOST = 160;

/** Of the targets that the front row shows, so that all metrics are of the same fleet. */
export function latencyPoints(
  months: readonly MonthLatency[],
  snapshots: readonly Pick<Snapshot, "target" | "driver">[],
): readonly LatencyPoint[] {
  const drivers = new Map(snapshots.map(({ target, driver }) => [target, driver]));
  return months.flatMap(({ target, region, startedAt, latency }) => {
    const driver = drivers.get(target);
    if (driver === undefined) return [];
    const labels = { service: target, driver, region_from: region, region_to: region, journey: "loop" };
    return latency.map((histogram) => ({
      labels: { ...labels, deadline_ms: String(histogram.deadlineMs) },
      startedAt,
      point: fit(toOtel(histogram), BUCKETS_MOST),
    }));
  });
}
