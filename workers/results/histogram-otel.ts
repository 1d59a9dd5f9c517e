// Our histogram as OpenTelemetry's exponential histogram data point, and back without loss; coarser ones for export only.
// Sources: OpenTelemetry metrics data model, "ExponentialHistogram"; opentelemetry-proto metrics.proto,
// ExponentialHistogramDataPoint. Never computes a percentile, never sends. Called by the push of metrics.

import { SCALE, bucketIndex, count } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

/**
 * The fields of ExponentialHistogramDataPoint that we fill, in ms; OTLP/JSON prints the 64-bit counts as strings. `sum`,
 * `min` and `max` are optional there and absent here: the first would be infinite as soon as a message is lost.
 */
export interface OtelDataPoint {
  /** Buckets are at powers of 2^(2^-scale): index i holds (base^i, base^(i+1)]. */
  readonly scale: number;
  /** zeroCount plus the sum of all bucket counts, as the specification demands. */
  readonly count: number;
  readonly zeroCount: number;
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] };
  /**
   * Lost and refused messages are infinite, and the format has no such bucket. Left out, every backend would compute the
   * percentiles of the survivors: the very lie that design.md 2.3 forbids. They are therefore counted in the bucket next
   * above the deadline's, where no value of ours can be: a rank that falls among them is above the deadline everywhere.
   * It is theirs alone at every scale, and these two say which it is and how many they are.
   */
  readonly deadlineMs: number;
  readonly infinite: number;
}

/** The data point of a histogram, at our scale 7. Dense: 42 ms to 5 s are 883 counts, so `fit` it before sending. */
export function toOtel(histogram: Histogram): OtelDataPoint {
  const { deadlineMs, infinite, buckets } = histogram;
  const counts = new Map(buckets);
  if (infinite > 0) counts.set(aboveDeadline(deadlineMs, SCALE), infinite);
  return {
    scale: SCALE,
    count: count(histogram) + infinite,
    zeroCount: 0,
    positive: dense(counts),
    deadlineMs,
    infinite,
  };
}

/** The bucket of what is infinite, at a scale. */
function aboveDeadline(deadlineMs: number, scale: number): number {
  return Math.floor(bucketIndex(deadlineMs) / 2 ** (SCALE - scale)) + 1;
}

/** The histogram of a data point that `toOtel` made. RangeError for another scale, or counts that contradict. */
export function fromOtel(point: OtelDataPoint): Histogram {
  if (point.scale !== SCALE)
    throw new RangeError(`scale ${point.scale} is not ${SCALE}: its buckets can not come back`);
  if (point.zeroCount !== 0) throw new RangeError(`${point.zeroCount} zeros: our values are at least 0.1 ms`);
  const { deadlineMs, infinite } = point;
  const above = aboveDeadline(deadlineMs, SCALE);
  const buckets = new Map<number, number>();
  for (const [at, n] of point.positive.bucketCounts.entries()) {
    if (n > 0) buckets.set(point.positive.offset + at, n);
  }
  if ((buckets.get(above) ?? 0) !== infinite)
    throw new RangeError(`${infinite} infinite ones are not in bucket ${above}`);
  buckets.delete(above);
  const histogram = { deadlineMs, infinite, buckets };
  if (count(histogram) + infinite !== point.count) throw new RangeError(`count ${point.count} is not the buckets' sum`);
  if (Math.max(...buckets.keys()) > above) throw new RangeError("values above the deadline");
  return histogram;
}

/**
 * The same point at a coarser scale: bucket i of scale s lies wholly in bucket floor(i / 2^(s-t)) of scale t ("perfect
 * subsetting" in the data model), so no count is moved wrongly; what is infinite stays above the deadline's. RangeError unless toScale is whole, -10 at least (the
 * specification's lowest) and not finer than the point's: finer would invent what was not measured.
 */
export function downscale(point: OtelDataPoint, toScale: number): OtelDataPoint {
  if (!Number.isInteger(toScale) || toScale > point.scale || toScale < -10) {
    throw new RangeError(`scale ${point.scale} can not become ${toScale}`);
  }
  const indexOf = indexAt(point, toScale);
  const counts = new Map<number, number>();
  for (const [at, n] of point.positive.bucketCounts.entries()) {
    const index = indexOf(point.positive.offset + at);
    if (n > 0) counts.set(index, (counts.get(index) ?? 0) + n);
  }
  return { ...point, scale: toScale, positive: dense(counts) };
}

/** Where a bucket of the point is at that scale. */
function indexAt({ scale, deadlineMs }: OtelDataPoint, toScale: number): (index: number) => number {
  const width = 2 ** (scale - toScale);
  const [above, aboveThen] = [aboveDeadline(deadlineMs, scale), aboveDeadline(deadlineMs, toScale)];
  return (index) => (index === above ? aboveThen : Math.floor(index / width));
}

/**
 * The finest version of a point with at most `maxBuckets` dense buckets; receivers commonly take 160. RangeError below 3:
 * buckets -1 and 0, either side of 1 ms, never become one, nor does what is above the deadline.
 */
export function fit(point: OtelDataPoint, maxBuckets: number): OtelDataPoint {
  if (!(maxBuckets >= 3)) throw new RangeError(`${maxBuckets} buckets are too few`);
  const { offset, bucketCounts } = point.positive;
  const bucketsAt = (scale: number): number => {
    const indexOf = indexAt(point, scale);
    return indexOf(offset + bucketCounts.length - 1) - indexOf(offset) + 1;
  };
  let { scale } = point;
  // Ends: each step halves the width, and at scale -10 all of 0.1 ms to 2^53 ms is in buckets -1 and 0, and one is above.
  while (bucketCounts.length > 0 && bucketsAt(scale) > maxBuckets) scale -= 1;
  return scale === point.scale ? point : downscale(point, scale);
}

/** Offset of the first bucket and all counts from there to the last, zeros included. */
function dense(counts: ReadonlyMap<number, number>): { offset: number; bucketCounts: number[] } {
  if (counts.size === 0) return { offset: 0, bucketCounts: [] };
  const offset = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  return { offset, bucketCounts: Array.from({ length: last - offset + 1 }, (_, at) => counts.get(offset + at) ?? 0) };
}
