// Latency as exponential buckets at the frozen scale 7: sums exactly, so that percentiles come from merged histograms and
// are never averaged. Owns the bucket mapping, the EH1 bytes and the quantile that knows lost messages are infinite.
// Never rounds for print, never drops an infinite one. Called by round records, minutes, rollups, page and reports.
// Format and mapping: reference/sla.md section 5; boundaries: OpenTelemetry metrics data model, ExponentialHistogram.

import {
  MalformedBytes,
  newReader,
  newWriter,
  readByte,
  readBytes,
  readCount,
  readEnd,
  readVarint,
  unzigzag,
  writeByte,
  writeBytes,
  writeVarint,
  written,
  zigzag,
} from "./varint.ts";

/** Values in ms up to a deadline, and those that never came by it. */
export interface Histogram {
  /** Whole ms, at least 1: everything that took longer is among `infinite`. */
  readonly deadlineMs: number;
  /** Lost and refused messages (EH1's `lost`): they rank above every value. */
  readonly infinite: number;
  /** Bucket index to count (>= 1), ascending. */
  readonly buckets: ReadonlyMap<number, number>;
}

/** A percentile: a value, "longer than this deadline", or nothing was measured. */
export type Quantile =
  | { readonly kind: "value"; readonly ms: number }
  | { readonly kind: "over"; readonly ms: number }
  | { readonly kind: "empty" };

const VERSION = 1;
/** b = 2^(1/128): an estimate is within (b-1)/(b+1) = 0.271 % of every value in its bucket. Frozen with the format. */
export const SCALE = 7;
const BUCKETS_PER_DOUBLING = 2 ** SCALE;
const BASE = 2 ** (1 / BUCKETS_PER_DOUBLING);
/** The clock has 1 ms steps, so nothing below 0.1 ms is a measurement; the clamp keeps zero out of the logarithm. */
const FLOOR_MS = 0.1;
const FLOOR_INDEX = -426;
/** Deadlines in one set: each comes from a change of configuration within the period. */
const MAX_SET = 64;

/** The bucket of a value: ceil(log2(ms) x 128) - 1, upper-inclusive. RangeError unless ms is finite and > 0. */
export function bucketIndex(ms: number): number {
  if (!(ms > 0 && ms < Infinity)) throw new RangeError(`${ms} ms has no bucket`);
  // log2 is exact at powers of two; log x (128 / LN2) misplaces 0.125, and log x 128 / LN2 misplaces 2^29.
  return Math.ceil(Math.log2(ms) * BUCKETS_PER_DOUBLING) - 1;
}

/** The value in ms that stands for a bucket: 2 b^(i+1) / (1+b), which errs equally at both edges. */
export function bucketEstimateMs(index: number): number {
  return (2 * 2 ** ((index + 1) / BUCKETS_PER_DOUBLING)) / (1 + BASE);
}

/** A histogram without values. RangeError unless the deadline is whole ms, at least 1. */
export function emptyHistogram(deadlineMs: number): Histogram {
  return histogramOf([], 0, deadlineMs);
}

/**
 * A histogram of values in ms; each is clamped to [0.1, deadline]. RangeError for NaN, infinite values (count those in
 * `infinite`), and a negative or fractional `infinite` or deadline.
 */
export function histogramOf(valuesMs: readonly number[], infinite: number, deadlineMs: number): Histogram {
  const buckets = new Map<number, number>();
  for (const value of valuesMs) {
    if (!Number.isFinite(value)) throw new RangeError(`${value} ms is not a measurement`);
    const index = bucketIndex(Math.min(Math.max(value, FLOOR_MS), deadlineMs));
    buckets.set(index, (buckets.get(index) ?? 0) + 1);
  }
  return checked({ deadlineMs, infinite, buckets: ascending(buckets) });
}

/** The sum of histograms of one deadline. RangeError for none, or for two deadlines: use `mergeSets`. */
export function mergeHistograms(list: readonly Histogram[]): Histogram {
  const first = list[0];
  if (first === undefined) throw new RangeError("no histogram to merge: the deadline is unknown");
  const buckets = new Map<number, number>();
  let infinite = 0;
  for (const each of list) {
    if (each.deadlineMs !== first.deadlineMs) {
      throw new RangeError(`deadlines differ: ${first.deadlineMs} and ${each.deadlineMs} ms`);
    }
    infinite += each.infinite;
    for (const [index, n] of each.buckets) buckets.set(index, (buckets.get(index) ?? 0) + n);
  }
  return checked({ deadlineMs: first.deadlineMs, infinite, buckets: ascending(buckets) });
}

/** The sum of sets: one histogram for each deadline, ascending. Order of the input does not matter. */
export function mergeSets(sets: readonly (readonly Histogram[])[]): Histogram[] {
  const byDeadline = Map.groupBy(sets.flat(), (histogram) => histogram.deadlineMs);
  return [...byDeadline.keys()]
    .sort((a, b) => a - b)
    .map((deadline) => mergeHistograms(byDeadline.get(deadline) ?? []));
}

/** How many values came by the deadline. */
export function count(histogram: Histogram): number {
  let sum = 0;
  for (const n of histogram.buckets.values()) sum += n;
  return sum;
}

/** Delivered, lost and refused together: what a percentile of the set is ranked over. */
export function samples(set: readonly Histogram[]): number {
  return set.reduce((sum, histogram) => sum + count(histogram) + histogram.infinite, 0);
}

/**
 * The q-quantile (0..1) of a set, by nearest rank r = ceil(q x samples), from 1. `over` where the rank falls among
 * infinite ones. RangeError for q outside 0..1. Whether there are enough samples to print it is the caller's question.
 */
export function quantile(set: readonly Histogram[], q: number): Quantile {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`${q} is no quantile`);
  const total = samples(set);
  if (total === 0) return { kind: "empty" };
  // A message lost at 5 s may have come at 5.1 s or never. A value of 7 s, measured under a longer deadline, can
  // therefore be above or below it: nothing beyond the smallest deadline that lost something has a known rank.
  const censorMs = Math.min(...set.map((histogram) => (histogram.infinite > 0 ? histogram.deadlineMs : Infinity)));
  // A bucket that the deadline lies in counts as before it: within it the histogram can not tell.
  const lastIndex = censorMs === Infinity ? Infinity : bucketIndex(censorMs);
  const buckets = new Map<number, number>();
  for (const histogram of set) {
    for (const [index, n] of histogram.buckets) {
      if (index <= lastIndex) buckets.set(index, (buckets.get(index) ?? 0) + n);
    }
  }
  const rank = rankOf(q, total);
  const longestMs = Math.max(...set.map((histogram) => histogram.deadlineMs));
  let below = 0;
  for (const [index, n] of ascending(buckets)) {
    below += n;
    // The last bucket's middle may lie beyond the deadline, where no value of it can be.
    if (below >= rank) return { kind: "value", ms: Math.min(bucketEstimateMs(index), longestMs) };
  }
  return { kind: "over", ms: censorMs };
}

/** EH1 bytes of one histogram. RangeError for anything that could not be decoded again. */
export function encodeHistogram(histogram: Histogram): Uint8Array<ArrayBuffer> {
  const { deadlineMs, infinite, buckets } = checked(histogram);
  const writer = newWriter();
  writeByte(writer, VERSION);
  writeByte(writer, SCALE);
  writeVarint(writer, infinite);
  writeVarint(writer, deadlineMs);
  writeVarint(writer, buckets.size);
  let previous: number | null = null;
  for (const [index, n] of ascending(buckets)) {
    const gap: number = previous === null ? zigzag(index) : index - previous - 1;
    writeVarint(writer, gap * 2 + (n > 1 ? 1 : 0));
    if (n > 1) writeVarint(writer, n - 2);
    previous = index;
  }
  return written(writer);
}

/** The histogram of EH1 bytes. MalformedBytes for anything that `encodeHistogram` would not have written. */
export function decodeHistogram(bytes: Uint8Array): Histogram {
  const reader = newReader(bytes);
  const version = readByte(reader, "histogram version");
  if (version !== VERSION) throw new MalformedBytes("histogram version", `${version} is unknown`, 0);
  const scale = readByte(reader, "histogram scale");
  if (scale !== SCALE) throw new MalformedBytes("histogram scale", `${scale} is not ${SCALE}`, 1);
  const infinite = readVarint(reader, "histogram infinite");
  const deadlineAt = reader.offset;
  const deadlineMs = readVarint(reader, "histogram deadline");
  if (deadlineMs < 1) throw new MalformedBytes("histogram deadline", "0 ms", deadlineAt);
  // Indices lie in [-426, index of the deadline]: 1,999 for 5 s, 2,458 for 60 s, and never above
  // 53 x 128 + 426 = 7,210, since a deadline is below 2^53. Each takes a byte at least.
  const lastIndex = bucketIndex(deadlineMs);
  const size = readCount(reader, "histogram buckets", lastIndex - FLOOR_INDEX + 1, 1);
  const buckets = new Map<number, number>();
  let index = 0;
  let total = infinite;
  for (let position = 0; position < size; position++) {
    const at = reader.offset;
    const word = readVarint(reader, "histogram bucket");
    const gap = Math.floor(word / 2);
    index = position === 0 ? unzigzag(gap) : index + gap + 1;
    if (index < FLOOR_INDEX || index > lastIndex) throw new MalformedBytes("histogram bucket", `index ${index}`, at);
    const n = word % 2 === 1 ? readVarint(reader, "histogram count") + 2 : 1;
    total += n;
    if (total > Number.MAX_SAFE_INTEGER) throw new MalformedBytes("histogram count", "sum above 2^53-1", at);
    buckets.set(index, n);
  }
  readEnd(reader, "histogram");
  return { deadlineMs, infinite, buckets };
}

/** A set's bytes: varint count, then each histogram's EH1 with a varint length. RangeError unless deadlines ascend. */
export function encodeHistograms(set: readonly Histogram[]): Uint8Array<ArrayBuffer> {
  if (set.length > MAX_SET) throw new RangeError(`${set.length} deadlines in one set; the limit is ${MAX_SET}`);
  const writer = newWriter();
  writeVarint(writer, set.length);
  let previousMs = 0;
  for (const histogram of set) {
    if (histogram.deadlineMs <= previousMs) throw new RangeError("deadlines of a set do not ascend: merge it first");
    previousMs = histogram.deadlineMs;
    const bytes = encodeHistogram(histogram);
    writeVarint(writer, bytes.length);
    writeBytes(writer, bytes);
  }
  return written(writer);
}

/** The set of such bytes. MalformedBytes, whose offset counts within the histogram it names. */
export function decodeHistograms(bytes: Uint8Array): Histogram[] {
  const reader = newReader(bytes);
  // A histogram has 5 bytes at least, and one of length.
  const size = readCount(reader, "histogram set", MAX_SET, 6);
  const set: Histogram[] = [];
  let previousMs = 0;
  for (let position = 0; position < size; position++) {
    const at = reader.offset;
    const histogram = decodeHistogram(readBytes(reader, readVarint(reader, "histogram length"), "histogram"));
    if (histogram.deadlineMs <= previousMs) throw new MalformedBytes("histogram set", "deadlines do not ascend", at);
    previousMs = histogram.deadlineMs;
    set.push(histogram);
  }
  readEnd(reader, "histogram set");
  return set;
}

/** ceil(q x total), at least 1. .07 x 100 is 7.000000000000001 in doubles; its rank is 7. */
function rankOf(q: number, total: number): number {
  const exact = q * total;
  const nearest = Math.round(exact);
  // q as a double and the product err by half a unit in the last place each: two of them together, with room.
  const isWhole = Math.abs(exact - nearest) <= 2 * Number.EPSILON * exact;
  return Math.max(1, isWhole ? nearest : Math.ceil(exact));
}

function ascending(buckets: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...buckets].sort(([a], [b]) => a - b));
}

/** Throws RangeError on a histogram that breaks its own rules; it would otherwise be stored and found out too late. */
function checked(histogram: Histogram): Histogram {
  const { deadlineMs, infinite, buckets } = histogram;
  if (!Number.isSafeInteger(deadlineMs) || deadlineMs < 1) throw new RangeError(`deadline of ${deadlineMs} ms`);
  if (!Number.isSafeInteger(infinite) || infinite < 0) throw new RangeError(`${infinite} infinite values`);
  const lastIndex = bucketIndex(deadlineMs);
  let total = infinite;
  for (const [index, n] of buckets) {
    if (!Number.isInteger(index) || index < FLOOR_INDEX || index > lastIndex) throw new RangeError(`bucket ${index}`);
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`bucket ${index} counts ${n}`);
    total += n;
  }
  if (total > Number.MAX_SAFE_INTEGER) throw new RangeError("more values than 2^53-1");
  return histogram;
}
