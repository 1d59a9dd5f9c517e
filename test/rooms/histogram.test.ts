// Aim: histograms store, merge and rank exactly as reference/sla.md section 5 says, and lost messages stay infinite.
// Method: its golden vectors and indices; seeded comparisons with the exact quantile of the raw values (ranked with
// BigInt, so without floating point); every truncation and thousands of mutations of the bytes, which must decode to
// something that encodes to the same bytes again, or be refused by name.

import { describe, expect, test } from "vitest";
import type { Histogram, Quantile } from "../../workers/results/histogram.ts";
import {
  bucketEstimateMs,
  bucketIndex,
  count,
  decodeHistogram,
  decodeHistograms,
  emptyHistogram,
  encodeHistogram,
  encodeHistograms,
  histogramOf,
  mergeHistograms,
  mergeSets,
  quantile,
  samples,
} from "../../workers/results/histogram.ts";
import { MalformedBytes } from "../../workers/results/varint.ts";
import { between, mulberry32, shuffled } from "../random.ts";

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const TYPICAL = [38, 41, 42, 42, 42, 43, 44, 44, 45, 47, 47, 48, 51, 55, 61, 87, 203, 640];
const EDGES = [0, 0.1, 0.4, 1, 1, 5000, 7000];
const POWERS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
const VECTORS: [string, Histogram, string][] = [
  ["none", emptyHistogram(5000), "010700882700"],
  ["powers of two", histogramOf(POWERS, 0, 5000), "01070088270d02fe01fe01fe01fe01fe01fe01fe01fe01fe01fe01fe01fe01"],
  ["a minute", histogramOf(TYPICAL, 2, 5000), "01070288270efc141a0901060700060f0006161a248001b802a603"],
  ["edges", histogramOf(EDGES, 300, 5000), "0107ac02882704a70d00fe03d10200c91800"],
  [
    "the last two merged",
    mergeHistograms([histogramOf(TYPICAL, 2, 5000), histogramOf(EDGES, 300, 5000)]),
    "0107ae02882712a70d00fe03d10200be0a1a0901060700060f0006161a248001b802a603f50500",
  ],
];

/** A histogram of up to 60 log-uniform values, with its raw values. */
function randomHistogram(
  random: () => number,
  deadlineMs: number,
): { values: number[]; infinite: number; histogram: Histogram } {
  const values = Array.from({ length: between(random, 0, 60) }, () => 0.1 * (deadlineMs / 0.1) ** random());
  const infinite = random() < 0.5 ? 0 : between(random, 0, 5);
  return { values, infinite, histogram: histogramOf(values, infinite, deadlineMs) };
}

describe("EH1", () => {
  test.each(VECTORS)("golden vector: %s", (_, histogram, hex) => {
    expect(hexOf(encodeHistogram(histogram))).toBe(hex);
    expect(decodeHistogram(bytesOf(hex))).toEqual(histogram);
  });

  test.each([
    [0.1, -426],
    [0.125, -385],
    [0.5, -129],
    [1, -1],
    [2, 127],
    [42, 690],
    [200, 978],
    [1000, 1275],
    [5000, 1572],
  ])("%d ms is in bucket %d", (ms, index) => {
    expect(bucketIndex(ms)).toBe(index);
  });

  test("powers of two are the upper edge of their bucket", () => {
    for (let power = -3; power <= 52; power++) {
      expect(bucketIndex(2 ** power)).toBe(power * 128 - 1);
      expect(bucketIndex(2 ** power * 1.0001)).toBe(power * 128);
    }
  });

  test("an estimate is within 0.271 % of any value of its bucket", () => {
    const random = mulberry32(3);
    for (let round = 0; round < 10_000; round++) {
      const ms = 0.1 * 600_000 ** random();
      expect(Math.abs(bucketEstimateMs(bucketIndex(ms)) / ms - 1)).toBeLessThan(0.00271);
    }
  });

  test("random histograms and sets come back", () => {
    const random = mulberry32(4);
    for (let round = 0; round < 300; round++) {
      const { histogram } = randomHistogram(random, between(random, 1, 60_000));
      expect(decodeHistogram(encodeHistogram(histogram))).toEqual(histogram);
      const set = mergeSets([
        [5000, 3000, 9000].slice(between(random, 0, 3)).map((ms) => randomHistogram(random, ms).histogram),
      ]);
      expect(decodeHistograms(encodeHistograms(set))).toEqual(set);
    }
    expect(decodeHistograms(encodeHistograms([]))).toEqual([]);
  });

  test("a minute of 20 messages is small", () => {
    const bytes = encodeHistogram(histogramOf(TYPICAL, 2, 5000)).length;
    console.log(`EH1 of 18 values and 2 lost: ${bytes} bytes`);
    expect(bytes).toBeLessThanOrEqual(28);
  });
});

describe("refused bytes", () => {
  test.each([
    ["", "histogram version: truncated at byte 0"],
    ["020700882700", "histogram version: 2 is unknown at byte 0"],
    ["010600882700", "histogram scale: 6 is not 7 at byte 1"],
    ["0107000000", "histogram deadline: 0 ms at byte 3"],
    ["01070088270000", "histogram: 1 trailing bytes at byte 6"],
    ["010700882701", "histogram buckets: truncated: 1 announced at byte 5"],
    // Bucket 1573 lies above the deadline of 5000 ms, -427 below 0.1 ms.
    ["0107008827019431", "histogram bucket: index 1573 at byte 6"],
    ["010700882701aa0d", "histogram bucket: index -427 at byte 6"],
    // A count of 2^53-1 and one lost one more.
    ["01070188270103fdffffffffffff0f", "histogram count: sum above 2^53-1 at byte 6"],
    // Announces 2^40 buckets.
    ["0107008827808080808020", "histogram buckets: 1099511627776 is more than 1999"],
  ])("%s", (hex, message) => {
    expect(() => decodeHistogram(bytesOf(hex))).toThrow(MalformedBytes);
    expect(() => decodeHistogram(bytesOf(hex))).toThrow(message);
  });

  test("a set whose deadlines do not ascend is neither written nor read", () => {
    expect(() => encodeHistograms([emptyHistogram(5000), emptyHistogram(5000)])).toThrow("merge it first");
    expect(() => decodeHistograms(bytesOf("020601070088270006010700882700"))).toThrow("do not ascend");
  });

  test("truncated and mutated bytes decode to what they say, or are refused by name", () => {
    const random = mulberry32(5);
    const outcome = { decoded: 0, refused: 0 };
    const tryOne = (bytes: Uint8Array): void => {
      try {
        expect(hexOf(encodeHistogram(decodeHistogram(bytes)))).toBe(hexOf(bytes));
        outcome.decoded += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedBytes);
        outcome.refused += 1;
      }
    };
    for (const [, , hex] of VECTORS) {
      const bytes = bytesOf(hex);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => decodeHistogram(bytes.subarray(0, length))).toThrow(MalformedBytes);
      }
      for (let at = 0; at < bytes.length; at++) {
        for (let value = 0; value < 256; value++) tryOne(bytes.with(at, value));
      }
    }
    for (let round = 0; round < 5_000; round++) {
      const noise = Uint8Array.from({ length: between(random, 0, 40) }, () => between(random, 0, 255));
      noise.set([1, 7].slice(0, noise.length));
      tryOne(noise);
    }
    expect(outcome.decoded).toBeGreaterThan(500);
    expect(outcome.refused).toBeGreaterThan(500);
  });

  test.each<[string, () => unknown]>([
    ["an infinite value", () => histogramOf([Infinity], 0, 5000)],
    ["no number", () => histogramOf([Number.NaN], 0, 5000)],
    ["a negative count of lost ones", () => histogramOf([], -1, 5000)],
    ["a fractional deadline", () => emptyHistogram(0.5)],
    ["a deadline of zero", () => emptyHistogram(0)],
    [
      "a bucket that counts zero",
      () => encodeHistogram({ deadlineMs: 5000, infinite: 0, buckets: new Map([[690, 0]]) }),
    ],
    [
      "a bucket above the deadline",
      () => encodeHistogram({ deadlineMs: 5000, infinite: 0, buckets: new Map([[1573, 1]]) }),
    ],
    ["a bucket of zero ms", () => bucketIndex(0)],
  ])("%s is a broken belief", (_, act) => {
    expect(act).toThrow(RangeError);
  });
});

describe("merging", () => {
  test("is the histogram of all values, in any order and grouping", () => {
    const random = mulberry32(6);
    for (let round = 0; round < 100; round++) {
      const parts = Array.from({ length: between(random, 1, 8) }, () => randomHistogram(random, 5000));
      const all = histogramOf(
        parts.flatMap((part) => part.values),
        parts.reduce((sum, part) => sum + part.infinite, 0),
        5000,
      );
      const histograms = shuffled(
        random,
        parts.map((part) => part.histogram),
      );
      expect(mergeHistograms(histograms)).toEqual(all);
      const cut = between(random, 0, histograms.length);
      expect(mergeSets([histograms.slice(0, cut), [], histograms.slice(cut)])).toEqual([all]);
      expect([...mergeHistograms(histograms).buckets.keys()]).toEqual([...all.buckets.keys()]);
    }
  });

  test("keeps deadlines apart, ascending", () => {
    const set = mergeSets([[histogramOf([1], 0, 5000)], [histogramOf([2], 1, 3000), histogramOf([3], 2, 5000)]]);
    expect(set).toEqual([histogramOf([2], 1, 3000), histogramOf([1, 3], 2, 5000)]);
    expect(() => mergeHistograms(set)).toThrow("deadlines differ: 3000 and 5000 ms");
    expect(() => mergeHistograms([])).toThrow(RangeError);
    expect(mergeSets([])).toEqual([]);
  });
});

describe("quantile", () => {
  const minute = [histogramOf(TYPICAL, 2, 5000)];
  test("the golden minute", () => {
    expect([count(minute[0] as Histogram), samples(minute)]).toEqual([18, 20]);
    expect(quantile(minute, 0.5)).toEqual({ kind: "value", ms: expect.closeTo(46.876, 3) });
    expect(quantile(minute, 0.9)).toEqual({ kind: "value", ms: expect.closeTo(641.015, 3) });
    expect(quantile(minute, 0.95)).toEqual({ kind: "over", ms: 5000 });
    expect(quantile(minute, 0.99)).toEqual({ kind: "over", ms: 5000 });
  });

  test("nothing measured is no number; only lost is over", () => {
    expect(quantile([], 0.5)).toEqual({ kind: "empty" });
    expect(quantile([emptyHistogram(5000)], 0.5)).toEqual({ kind: "empty" });
    expect(quantile([histogramOf([], 1, 5000)], 0)).toEqual({ kind: "over", ms: 5000 });
    expect(() => quantile(minute, 1.01)).toThrow(RangeError);
    expect(() => quantile(minute, Number.NaN)).toThrow(RangeError);
  });

  // The last rank that is still a value: k infinite ones of n fit if the rank stays at or below n - k.
  test.each([
    [0.99, 300, 3, "value"],
    [0.99, 300, 4, "over"],
    [0.99, 299, 2, "value"],
    [0.99, 299, 3, "over"],
    [0.07, 100, 93, "value"],
    [0.29, 100, 71, "value"],
    [0.57, 100, 43, "value"],
    [0.57, 100, 44, "over"],
    [0.999, 1000, 1, "value"],
    [0.1, 1_000_000_000, 900_000_000, "value"],
    [0.1, 1_000_000_000, 900_000_001, "over"],
    [1, 20, 0, "value"],
    [1, 20, 1, "over"],
  ])("P%d of %d with %d lost is %s", (q, n, lost, kind) => {
    const histogram = { deadlineMs: 5000, infinite: lost, buckets: new Map([[690, n - lost]]) };
    expect(quantile([histogram], q).kind).toBe(kind);
  });

  test("agrees with the exact quantile of the raw values", () => {
    const random = mulberry32(8);
    const kinds = new Set<string>();
    for (let round = 0; round < 400; round++) {
      const parts = Array.from({ length: between(random, 1, 4) }, () => randomHistogram(random, 5000));
      const raw = parts
        .flatMap((part) => [...part.values, ...Array<number>(part.infinite).fill(Infinity)])
        .sort((a, b) => a - b);
      const set = mergeSets([parts.map((part) => part.histogram)]);
      for (const thousandths of [1, 70, 290, 500, 570, 900, 950, 990, 999, 1000]) {
        const answer = quantile(set, thousandths / 1000);
        kinds.add(answer.kind);
        expectNear(answer, raw, thousandths);
      }
    }
    expect(kinds).toEqual(new Set(["value", "over", "empty"]));
  });

  test("under several deadlines nothing is ranked against what was lost earlier", () => {
    // Ten were lost at 1 s; where the values of 2 s and more lie among them is unknown.
    const set = [histogramOf([100, 200, 300], 10, 1000), histogramOf([400, 2000, 3000], 2, 5000)];
    expect(quantile(set, 4 / 18)).toMatchObject({ kind: "value", ms: expect.closeTo(400, 0) });
    expect(quantile(set, 5 / 18)).toEqual({ kind: "over", ms: 1000 });
    expect(quantile(set, 1)).toEqual({ kind: "over", ms: 1000 });
    // Nothing lost under the short deadline: the longer one's values are ranked as usual.
    const fine = [histogramOf([100, 200, 300], 0, 1000), histogramOf([400, 2000, 3000], 2, 5000)];
    expect(quantile(fine, 6 / 8)).toMatchObject({ kind: "value", ms: expect.closeTo(3000, -1) });
    expect(quantile(fine, 7 / 8)).toEqual({ kind: "over", ms: 5000 });
    expect(quantile([...fine].reverse(), 7 / 8)).toEqual({ kind: "over", ms: 5000 });
  });

  test("a value is never printed beyond the deadline", () => {
    expect(quantile([histogramOf([5000], 0, 5000)], 1)).toMatchObject({ kind: "value" });
    for (let deadlineMs = 1; deadlineMs < 6000; deadlineMs += 7) {
      const answer = quantile([histogramOf([deadlineMs], 0, deadlineMs)], 1);
      expect(answer.kind === "value" && answer.ms <= deadlineMs).toBe(true);
    }
  });
});

/** Nearest rank in whole numbers: ceil(q x n) with q in thousandths. */
function expectNear(answer: Quantile, raw: readonly number[], thousandths: number): void {
  if (raw.length === 0) return expect(answer).toEqual({ kind: "empty" });
  const rank = Number((BigInt(thousandths) * BigInt(raw.length) + 999n) / 1000n);
  const exact = raw[rank - 1] as number;
  if (exact === Infinity) return expect(answer).toEqual({ kind: "over", ms: 5000 });
  expect(answer.kind).toBe("value");
  if (answer.kind === "value") expect(Math.abs(answer.ms / exact - 1)).toBeLessThan(0.00271);
}
