// Aim: loss that comes in bursts shrinks the sample by as much as it should, and a real month is judged through it.
// Method: small sums by hand; messages lost alone, by halves and by whole rounds, drawn with a seed; the golden month's
// messages of reference/sla.md 3, as they came and as if they had shared no fate.

import { describe, expect, test } from "vitest";
import type { CountsPart } from "../../workers/sla/part.ts";
import { proportionFigures } from "../../workers/sla/proportion.ts";
import { designEffect } from "../../workers/sla/statistics.ts";
import { between, mulberry32, shuffled } from "../random.ts";

interface Minute {
  readonly n: number;
  readonly bad: number;
}
const sums = (list: readonly Minute[]): Pick<CountsPart, "badBad" | "badN" | "nn"> => ({
  badBad: list.reduce((sum, each) => sum + each.bad * each.bad, 0),
  badN: list.reduce((sum, each) => sum + each.bad * each.n, 0),
  nn: list.reduce((sum, each) => sum + each.n * each.n, 0),
});
const added = (list: readonly Minute[]): Minute => ({
  n: list.reduce((sum, each) => sum + each.n, 0),
  bad: list.reduce((sum, each) => sum + each.bad, 0),
});
/** Each list is a day. */
const partOf = (days: readonly (readonly Minute[])[]): CountsPart => ({
  ...added(days.flat()),
  ...sums(days.flat()),
  unjudged: 0,
  minutes: days.flat().length,
  measured: days.flat().length,
  unmeasured: 0,
  blocks: { count: days.length, ...sums(days.map(added)) },
});
describe("the design effect", () => {
  const drawn = (minutes: number, days: number, draw: () => number): CountsPart =>
    partOf(Array.from({ length: days }, () => Array.from({ length: minutes }, () => ({ n: 20, bad: draw() }))));

  test("messages that share no fate: about 1; whole rounds of 20 that do: 20", () => {
    const random = mulberry32(7);
    const alone = drawn(1_440, 9, () => {
      let bad = 0;
      for (let message = 0; message < 20; message++) if (random() < 0.01) bad++;
      return bad;
    });
    expect(designEffect(alone)).toBeGreaterThanOrEqual(1);
    expect(designEffect(alone)).toBeLessThan(1.05);
    const together = drawn(1_440, 9, () => (random() < 0.01 ? 20 : 0));
    expect(designEffect(together)).toBeCloseTo(20, 1);
  });

  test("rounds that lose half of theirs: 1 + 19 x rho, rho from the variance within", () => {
    const random = mulberry32(8);
    // A bad minute (1 of 50) loses each of its messages with probability 1/2: p = .01, rho = (.02/4 - p^2) / (p(1 - p)).
    const halves = drawn(1_440, 20, () => {
      if (random() >= 0.02) return 0;
      let bad = 0;
      for (let message = 0; message < 20; message++) if (random() < 0.5) bad++;
      return bad;
    });
    const rho = (0.02 / 4 - 1e-4) / (0.01 * 0.99);
    expect(Math.abs((designEffect(halves) ?? 0) - (1 + 19 * rho))).toBeLessThan(0.6);
  });

  test("by hand: two of ten minutes lose half", () => {
    const part = partOf([
      Array.from({ length: 10 }, (_, minute) => ({ n: 20, bad: minute === 3 || minute === 7 ? 10 : 0 })),
    ]);
    // p = .1; sum of (x - 2)^2 = 2 x 64 + 8 x 4 = 160; p(1 - p) n = 18; times 10/9.
    expect(designEffect(part)).toBeCloseTo(((160 / 18) * 10) / 9, 12);
  });

  test("by hand: minutes of unequal size with the same share differ in nothing, and rounding is no harm", () => {
    const alike = partOf([[10, 200, 3_000, 60, 4_440].map((n) => ({ n, bad: n / 10 }))]);
    expect(designEffect(alike)).toBe(1);
    const large = partOf([Array.from({ length: 9 }, () => ({ n: 1e8, bad: 3e7 }))]);
    expect(designEffect(large)).toBe(1);
  });

  test("days count from ten days on, and the larger one holds", () => {
    // Loss that no minute shows (one a minute at most), all of it on every fifth day.
    const day = (bad: number): Minute[] =>
      Array.from({ length: 1_440 }, (_, minute) => ({ n: 20, bad: minute < bad ? 1 : 0 }));
    const month = (days: number): CountsPart =>
      partOf(Array.from({ length: days }, (_, index) => day(index % 5 === 0 ? 50 : 0)));
    expect(designEffect(month(9))).toBe(1);
    // 100 bad of 10 days: two days of 50: sum of (x - 10)^2 = 2 x 1600 + 8 x 100 = 4000, of 100 expected, times 10/9.
    expect(designEffect(month(10))).toBeCloseTo(((4_000 / 100) * 10) / 9 / (1 - 100 / 288_000), 9);
    const bursts = partOf(
      Array.from({ length: 10 }, () =>
        Array.from({ length: 100 }, (_, minute) => ({ n: 20, bad: minute === 5 ? 20 : 0 })),
      ),
    );
    expect(designEffect(bursts)).toBeCloseTo(20, 1);
  });

  test("null while fewer than 10 are bad or good, or there is one minute", () => {
    const lost = (bad: number, of = 100): CountsPart =>
      partOf([[...Array<number>(bad).fill(1), ...Array<number>(of - bad).fill(0)].map((one) => ({ n: 1, bad: one }))]);
    expect(designEffect(lost(0))).toBeNull();
    expect(designEffect(lost(9))).toBeNull();
    expect(designEffect(lost(10))).not.toBeNull();
    expect(designEffect(lost(90))).not.toBeNull();
    expect(designEffect(lost(91))).toBeNull();
    expect(designEffect(lost(100))).toBeNull();
    expect(designEffect(partOf([[{ n: 100, bad: 50 }]]))).toBeNull();
    expect(designEffect(partOf([]))).toBeNull();
  });

  test("seeded: never below 1, and the order of minutes and days is nothing to it", () => {
    const random = mulberry32(31);
    let estimated = 0;
    for (let round = 0; round < 200; round++) {
      const days = Array.from({ length: between(random, 1, 15) }, () =>
        Array.from({ length: between(random, 1, 30) }, () => {
          const n = between(random, 1, 60);
          return { n, bad: random() < 0.5 ? 0 : between(random, 0, n) };
        }),
      );
      const effect = designEffect(partOf(days));
      const again = designEffect(partOf(shuffled(random, days).map((day) => shuffled(random, day))));
      expect(again).toBe(effect);
      if (effect === null) continue;
      expect(effect).toBeGreaterThanOrEqual(1);
      estimated++;
    }
    expect(estimated).toBeGreaterThan(150);
  });
});

describe("the golden month's messages (reference/sla.md, 3)", () => {
  const random = mulberry32(7);
  const within = (minute: number, from: number, to: number): boolean => minute >= from && minute <= to;
  const lossOf = (minute: number): number => {
    if (within(minute, 5_000, 5_011) || within(minute, 25_000, 25_019)) return 1;
    if (within(minute, 12_000, 12_039)) return 0.3;
    return within(minute, 20_000, 20_700) && minute % 100 === 0 ? 0.75 : 1e-4;
  };
  const minutes = Array.from({ length: 43_200 }, (_, minute) => {
    let lost = 0;
    let late = 0;
    const n = within(minute, 30_000, 30_089) ? 0 : 20;
    for (let k = 0; k < n; k++) {
      if (random() < lossOf(minute)) lost++;
      else if (random() < (within(minute, 35_000, 35_029) ? 0.6 : 0.004)) late++;
    }
    return { n, lost, late };
  });
  const sumsOf = (badOf: (minute: (typeof minutes)[number]) => number): CountsPart =>
    partOf(
      Array.from({ length: 30 }, (_, day) =>
        minutes
          .slice(day * 1_440, (day + 1) * 1_440)
          .filter(({ n }) => n > 0)
          .map((minute) => ({ n: minute.n, bad: badOf(minute) })),
      ),
    );
  const lost = sumsOf((minute) => minute.lost);
  const slow = sumsOf((minute) => minute.lost + minute.late);

  /** The same messages, as if each had been a minute of its own. */
  const apart = (part: CountsPart): CountsPart => ({
    ...part,
    minutes: part.n,
    badBad: part.bad,
    badN: part.bad,
    nn: part.n,
    blocks: { count: 1, badBad: part.bad ** 2, badN: part.bad * part.n, nn: part.n ** 2 },
  });

  test("delivery 99.99 %: .998745, proven breached, although its bursts leave little of the sample", () => {
    expect(lost).toMatchObject({ n: 862_200, bad: 1_082, minutes: 43_110 });
    const alone = proportionFigures(apart(lost), 0.9999, 0.95, 10);
    const real = proportionFigures(lost, 0.9999, 0.95, 10);
    for (const each of [alone, real]) {
      expect(each.value?.toFixed(6)).toBe("0.998745");
      expect(each).toMatchObject({
        contract_says: "breached",
        verdict: "breached",
        evidence: { grade: "proven_breached" },
      });
    }
    expect(alone.evidence.design_effect).toBeCloseTo(1, 5);
    expect(real.evidence.design_effect).toBeCloseTo(241.6, 1);
  });

  test("P99 within 200 ms: .0057052 late or lost, proven met", () => {
    expect(slow).toMatchObject({ n: 862_200, bad: 1_082 + 3_837 });
    const alone = proportionFigures(apart(slow), 0.99, 0.95, 10);
    const real = proportionFigures(slow, 0.99, 0.95, 10);
    for (const each of [alone, real]) {
      expect((1 - (each.value ?? 0)).toFixed(7)).toBe("0.0057052");
      expect(each).toMatchObject({
        contract_says: "met",
        verdict: "met",
        evidence: { grade: "proven_met", more_good_needed: 0 },
      });
    }
    expect(real.evidence.design_effect).toBeCloseTo(74.5, 1);
  });
});
