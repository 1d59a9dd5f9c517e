// The fleet's metrics as an OTLP/HTTP JSON request (opentelemetry-proto, metrics.proto and docs/specification.md). Pure; sent by
// `otlp.send.ts`. Names are the page's without their suffixes, so that a receiver which turns OTLP into Prometheus gives the same
// series. Sums are cumulative from the month's beginning: a push that was lost is made good by the next one. Enums are integers, 64-bit
// integers are strings, and numbers without end are the words of proto3's JSON mapping.

import type { Family, Labels } from "./family.ts";
import type { LatencyPoint } from "./latency.ts";

/** AGGREGATION_TEMPORALITY_CUMULATIVE. */
const CUMULATIVE = 2;

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

export interface OtlpRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly object[];
    }[];
  }[];
}

/**
 * `name`: the fleet's, the config's `name`. `now`: ms since the epoch, the time of all points, as of a scrape. `latency`: whole
 * histograms, which no family holds; where there are none, there is no such metric.
 */
export function otlpRequest(
  families: readonly Family[],
  name: string,
  now: number,
  latency: readonly LatencyPoint[] = [],
): OtlpRequest {
  const resource = { attributes: attributes({ "service.name": "sonde", "service.namespace": name }) };
  const metrics = [
    ...families.map((family) => metricOf(family, nanos(now))),
    ...(latency.length === 0 ? [] : [exponential(latency, nanos(now))]),
  ];
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "sonde" }, metrics }] }] };
}

/** How many points a request carries: what `partialSuccess` counts in. */
export function pointsOf(families: readonly Family[], latency: readonly LatencyPoint[] = []): number {
  const each = (family: Family): number =>
    family.type === "stateset" ? family.points.length * family.states.length : family.points.length;
  return families.reduce((sum, family) => sum + each(family), latency.length);
}

/** Buckets are at powers of two of milliseconds, which no power of two of seconds is: hence its unit, and its own name. */
function exponential(latency: readonly LatencyPoint[], timeUnixNano: string): object {
  const dataPoints = latency.map(({ labels, startedAt, point: { scale, count, zeroCount, positive } }) => ({
    attributes: attributes(labels),
    startTimeUnixNano: nanos(startedAt),
    timeUnixNano,
    count: String(count),
    scale,
    zeroCount: String(zeroCount),
    positive: { offset: positive.offset, bucketCounts: positive.bucketCounts.map(String) },
  }));
  return {
    name: "probe_message_latency",
    description:
      "How long messages of the calendar month took; lost and refused ones are in the last bucket, above the deadline.",
    unit: "ms",
    exponentialHistogram: { dataPoints, aggregationTemporality: CUMULATIVE },
  };
}

function metricOf(family: Family, timeUnixNano: string): object {
  const { name, help } = family;
  const head = { name, description: help, ...(family.unit === "seconds" ? { unit: "s" } : {}) };
  const gauge = (labels: Labels, value: number): object => {
    return { attributes: attributes(labels), timeUnixNano, asDouble: double(value) };
  };
  const since = (labels: Labels, startedAt: number): object => {
    return { attributes: attributes(labels), startTimeUnixNano: nanos(startedAt), timeUnixNano };
  };
  switch (family.type) {
    case "gauge":
      return { ...head, gauge: { dataPoints: family.points.map(({ labels, value }) => gauge(labels, value)) } };
    case "info":
      // The format knows no such type; the translation to Prometheus adds nothing to a gauge without a unit.
      return {
        ...head,
        name: `${name}_info`,
        gauge: { dataPoints: family.points.map(({ labels }) => gauge(labels, 1)) },
      };
    case "stateset": {
      const dataPoints = family.points.flatMap(({ labels, state }) =>
        family.states.map((one) => gauge({ ...labels, [name]: one }, one === state ? 1 : 0)),
      );
      return { ...head, gauge: { dataPoints } };
    }
    case "counter": {
      const dataPoints = family.points.map(({ labels, value, startedAt }) => {
        return { ...since(labels, startedAt), asInt: String(value) };
      });
      return { ...head, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
    }
    case "summary": {
      const dataPoints = family.points.map(({ labels, startedAt, sum, count }) => {
        return { ...since(labels, startedAt), count: String(count), sum, quantileValues: [] };
      });
      return { ...head, summary: { dataPoints } };
    }
    case "histogram": {
      const dataPoints = family.points.map(({ labels, startedAt, buckets, count }) => {
        // Theirs are not cumulative; the last one has no limit. The sum is left out: what never came has no time.
        const upTo = [...buckets.map(([, n]) => n), count];
        const bucketCounts = upTo.map((n, at) => String(n - (upTo[at - 1] ?? 0)));
        const explicitBounds = buckets.map(([limitS]) => limitS);
        return { ...since(labels, startedAt), count: String(count), bucketCounts, explicitBounds };
      });
      return { ...head, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
    }
  }
}

function attributes(labels: Labels): readonly Attribute[] {
  return Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: value.toWellFormed() } }));
}

/** Whole ms as ns: more than a number holds exactly. */
function nanos(ms: number): string {
  return `${ms}000000`;
}

function double(value: number): number | "Infinity" | "-Infinity" | "NaN" {
  if (Number.isFinite(value)) return value;
  return value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN";
}
