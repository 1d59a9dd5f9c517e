// Aim: an exported histogram says what ours says: nothing lost on the way there and back, lost messages above the deadline
// in any backend, and coarser scales that only merge neighbours.
// Method: a known point by hand; seeded round trips; coarser scales compared with indices computed from the raw values by
// the specification's own formula; contradicting points, which must be refused.

import { describe, expect, test } from "vitest";
import type { OtelDataPoint } from "../../workers/results/histogram-otel.ts";
import { downscale, fit, fromOtel, toOtel } from "../../workers/results/histogram-otel.ts";
import { emptyHistogram, histogramOf } from "../../workers/results/histogram.ts";
import { between, mulberry32 } from "../random.ts";

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);

describe("at scale 7", () => {
  test("a known point", () => {
    expect(toOtel(histogramOf([42, 42, 43], 0, 5_000))).toEqual({
      scale: 7,
      count: 3,
      zeroCount: 0,
      positive: { offset: 690, bucketCounts: [2, 0, 0, 0, 1] },
      deadlineMs: 5_000,
      infinite: 0,
    });
  });

  test("lost ones are counted right above the deadline's bucket, 1572", () => {
    const point = toOtel(histogramOf([5_000], 7, 5_000));
    expect(point).toMatchObject({ count: 8, positive: { offset: 1572, bucketCounts: [1, 7] } });
    // A rank that falls among them is above the deadline in any backend.
    expect(2 ** (1573 / 128)).toBeGreaterThanOrEqual(5_000);
  });

  test("every histogram comes back, and the counts are the population", () => {
    const random = mulberry32(21);
    for (let round = 0; round < 300; round++) {
      const deadlineMs = between(random, 1, 60_000);
      const values = Array.from({ length: between(random, 0, 40) }, () => 0.1 * (deadlineMs / 0.1) ** random());
      const histogram = histogramOf(values, between(random, 0, 3), deadlineMs);
      const point = toOtel(histogram);
      expect(fromOtel(point)).toEqual(histogram);
      expect(sum(point.positive.bucketCounts) + point.zeroCount).toBe(point.count);
    }
    expect(fromOtel(toOtel(emptyHistogram(5_000)))).toEqual(emptyHistogram(5_000));
  });

  const point = toOtel(histogramOf([42, 43], 2, 5_000));
  test.each<[string, Partial<OtelDataPoint>]>([
    ["another scale", { scale: 6 }],
    ["zeros", { zeroCount: 1 }],
    ["a count that is not the sum", { count: 5 }],
    ["another number of lost ones", { infinite: 1 }],
    ["a deadline below its values", { deadlineMs: 42, infinite: 0 }],
  ])("%s is refused", (_, change) => {
    expect(() => fromOtel({ ...point, ...change })).toThrow(RangeError);
  });
});

describe("coarser", () => {
  test("each value lies where the specification's formula puts it", () => {
    const random = mulberry32(22);
    for (let round = 0; round < 100; round++) {
      const values = Array.from({ length: between(random, 1, 30) }, () => 0.1 * 50_000 ** random());
      const point = toOtel(histogramOf(values, 0, 5_000));
      for (const scale of [6, 3, 0, -1, -4, -10]) {
        const coarse = downscale(point, scale);
        const expected = new Map<number, number>();
        for (const ms of values) {
          const index = Math.ceil(Math.log2(ms) * 2 ** scale) - 1;
          expected.set(index, (expected.get(index) ?? 0) + 1);
        }
        const actual = coarse.positive.bucketCounts.map((n, at) => [coarse.positive.offset + at, n] as const);
        expect(new Map(actual.filter(([, n]) => n > 0))).toEqual(expected);
        expect(coarse).toMatchObject({ scale, count: point.count });
      }
    }
  });

  test("two steps are one", () => {
    const point = toOtel(histogramOf([0.3, 1, 42, 43, 999], 2, 5_000));
    expect(downscale(downscale(point, 5), 2)).toEqual(downscale(point, 2));
    expect(downscale(point, 7)).toEqual(point);
  });

  test("fits, at the finest scale that does", () => {
    const point = toOtel(histogramOf([38, 42, 640], 2, 5_000));
    for (const most of [3, 20, 160, 1_000]) {
      const fitted = fit(point, most);
      expect(fitted.positive.bucketCounts.length).toBeLessThanOrEqual(most);
      expect(sum(fitted.positive.bucketCounts)).toBe(5);
      if (fitted.scale < 7)
        expect(downscale(point, fitted.scale + 1).positive.bucketCounts.length).toBeGreaterThan(most);
    }
    expect(fit(point, 160).scale).toBe(4);
    expect(fit(toOtel(histogramOf([0.1, 1, 5_000], 1, 2 ** 52)), 3).positive.bucketCounts).toEqual([2, 1, 1]);
  });

  test("lost ones are never among the delivered, at any scale", () => {
    const random = mulberry32(23);
    let points = 0;
    for (let round = 0; round < 100; round++) {
      const deadlineMs = between(random, 2, 60_000);
      const values = Array.from({ length: between(random, 1, 30) }, () => 0.1 * (deadlineMs / 0.1) ** random());
      const lost = between(random, 1, 9);
      for (let scale = 7; scale >= -10; scale--) {
        const { positive } = downscale(toOtel(histogramOf([...values, deadlineMs], lost, deadlineMs)), scale);
        // Begins where the deadline is, or above it: whoever ranks there is not below it.
        const lastFrom = 2 ** ((positive.offset + positive.bucketCounts.length - 1) / 2 ** scale);
        expect(positive.bucketCounts.at(-1)).toBe(lost);
        expect(lastFrom).toBeGreaterThanOrEqual(deadlineMs * (1 - 1e-9));
        points++;
      }
    }
    expect(points).toBe(1_800);
  });

  test("finer is refused: it was not measured", () => {
    const point = downscale(toOtel(histogramOf([42], 0, 5_000)), 3);
    expect(() => downscale(point, 4)).toThrow(RangeError);
    expect(() => downscale(point, 2.5)).toThrow(RangeError);
    expect(() => downscale(point, -11)).toThrow(RangeError);
    expect(() => fit(point, 2)).toThrow(RangeError);
    expect(() => fromOtel(point)).toThrow(RangeError);
  });
});
