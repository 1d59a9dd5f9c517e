// Aim: the three words on a proportion (what the contract says, what is open, what is proven) are right and stay apart.
// Method: edges by hand; the numbers of reference/sla.md 4.2, 4.4 and 4.5 through the figures; seeded properties.

import { describe, expect, test } from "vitest";
import type { CountsPart } from "../../workers/sla/part.ts";
import { digitsSupported, proportionFigures } from "../../workers/sla/proportion.ts";
import type { ProportionFigures } from "../../workers/sla/report-shape.ts";
import { DESIGN_EFFECT_PRIOR, lossAtMost } from "../../workers/sla/statistics.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const NOTHING: CountsPart = {
  n: 0,
  bad: 0,
  unjudged: 0,
  minutes: 0,
  measured: 0,
  unmeasured: 0,
  badBad: 0,
  badN: 0,
  nn: 0,
  blocks: { count: 0, badBad: 0, badN: 0, nn: 0 },
};
/** Two minutes alike, on one day: no trace of bursts. */
const even = (bad: number, n: number, unjudged = 0): CountsPart => ({
  n,
  bad,
  unjudged,
  minutes: 2,
  measured: 2,
  unmeasured: 0,
  badBad: (bad * bad) / 2,
  badN: (bad * n) / 2,
  nn: (n * n) / 2,
  blocks: { count: 1, badBad: bad * bad, badN: bad * n, nn: n * n },
});
/** Minutes' sums that give this design effect: all clusters alike in size, so large in number that k / (k - 1) is 1. */
const clustered = (bad: number, n: number, effect: number): CountsPart => {
  const minutes = n / 20;
  const p = bad / n;
  const squares = (effect * p * (1 - p) * n * (minutes - 1)) / minutes;
  return { ...even(bad, n), minutes, badN: bad * 20, nn: n * 20, badBad: squares + 20 * p * bad };
};
/** With design effect 1 for 10 bad and more, and 1 as the prior for fewer. */
const figures = (bad: number, n: number, target: number, unjudged = 0): ProportionFigures =>
  proportionFigures(even(bad, n, unjudged), target, 0.95, 1);

describe("a period that is still open", () => {
  test.each([
    // 10 of 100,000 are allowed at .9999; what is to come may be all good or all bad.
    [50_000, 0, 50_000, "undetermined"],
    [50_000, 11, 50_000, "breached"],
    [99_999, 9, 1, "met"],
    [100, 0, 99_900, "undetermined"],
    [100, 0, 0, "resolution_insufficient"],
  ])("%d attempted, %d bad, %d to come: %s", (n, bad, toCome, verdict) => {
    expect(proportionFigures({ ...NOTHING, n, bad }, 0.9999, 0.95, 1, toCome).verdict).toBe(verdict);
  });
});

describe("what the contract's arithmetic says", () => {
  test("exactly the allowance is met, one more is not, at any size", () => {
    let checked = 0;
    for (const digits of [1, 2, 3, 4, 5]) {
      for (let nines = 1; nines <= 9; nines++) {
        const target = Number((1 - nines / 10 ** digits).toFixed(digits));
        for (const times of [1, 3, 7, 1_000, 99_999]) {
          const n = 10 ** digits * times;
          const allowed = nines * times;
          expect(figures(allowed, n, target).contract_says).toBe("met");
          expect(figures(allowed + 1, n, target).contract_says).toBe("breached");
          checked++;
        }
      }
    }
    expect(checked).toBe(225);
  });

  test("the value is the quotient of the integers", () => {
    expect(figures(1_082, 862_200, 0.9999)).toMatchObject({ attempted: 862_200, bad: 1_082, unjudged: 0 });
    expect(figures(1_082, 862_200, 0.9999).value).toBe(861_118 / 862_200);
    expect(figures(0, 20, 0.99).value).toBe(1);
    expect(figures(20, 20, 0.99).value).toBe(0);
  });

  test("nothing attempted is no data, not up and not down, and proves nothing", () => {
    expect(proportionFigures(NOTHING, 0.9999, 0.95, 10)).toEqual({
      attempted: 0,
      bad: 0,
      unjudged: 0,
      value: null,
      contract_says: "no_data",
      verdict: "no_data",
      evidence: {
        grade: "not_enough_evidence",
        confidence: 0.95,
        at_least: null,
        at_most: null,
        design_effect: 10,
        design_effect_from: "prior",
        effective_sample: 0,
        more_good_needed: 299_560,
      },
    });
    expect(proportionFigures({ ...NOTHING, unjudged: 500 }, 0.99, 0.95, 3)).toMatchObject({
      value: null,
      contract_says: "no_data",
      verdict: "no_data",
    });
  });

  test.each([
    [0, 0.95, 3],
    [1, 0.95, 3],
    [Number.NaN, 0.95, 3],
    [0.99, 1, 3],
    [0.99, 0, 3],
    [0.99, 0.95, 0.9],
    [0.99, 0.95, Infinity],
    [0.99, 0.95, Number.NaN],
  ])("a target of %f, a confidence of %f, a prior of %f: nonsense", (target, confidence, prior) => {
    expect(() => proportionFigures(even(2, 2_000), target, confidence, prior)).toThrow(RangeError);
  });

  test("more bad ones than attempted ones are a broken belief", () => {
    expect(() => figures(12, 10, 0.9)).toThrow(RangeError);
  });
});

describe("Sonde's own word", () => {
  test("a sample in which one bad message is already too much cannot judge", () => {
    expect(figures(0, 9_999, 0.9999).verdict).toBe("resolution_insufficient");
    expect(figures(0, 10_000, 0.9999).verdict).toBe("met");
    expect(figures(1, 10_000, 0.9999).verdict).toBe("met");
    expect(figures(2, 10_000, 0.9999).verdict).toBe("breached");
    expect(figures(0, 99, 0.99).verdict).toBe("resolution_insufficient");
    expect(figures(0, 100, 0.99).verdict).toBe("met");
    // The other two words are not touched by it.
    expect(figures(1, 1, 0.999)).toMatchObject({
      contract_says: "breached",
      verdict: "resolution_insufficient",
      evidence: { grade: "proven_breached" },
    });
  });

  test("more than one message too many breach, however small the sample", () => {
    expect(figures(864_000, 864_000, 0.999999)).toMatchObject({ contract_says: "breached", verdict: "breached" });
    // .864 are allowed.
    expect(figures(1, 864_000, 0.999999).verdict).toBe("resolution_insufficient");
    expect(figures(2, 864_000, 0.999999).verdict).toBe("breached");
    // 1 is allowed of 10 and what is unknown, .9 without it; 2 are one too many, 3 are more.
    expect([1, 2, 3].map((bad) => figures(bad, 9, 0.9, 1).verdict)).toEqual([
      "resolution_insufficient",
      "resolution_insufficient",
      "breached",
    ]);
    const open = (bad: number) => proportionFigures(even(bad, 100), 0.9999, 0.95, 1, 9_000).verdict;
    expect([open(1), open(2)]).toEqual(["resolution_insufficient", "breached"]);
  });

  test("unjudged messages: met if all of them may be bad, breached if all may be good, else undetermined", () => {
    // 1 % of 20,000 is 200.
    expect(figures(100, 19_900, 0.99, 100).verdict).toBe("met");
    expect(figures(101, 19_900, 0.99, 100).verdict).toBe("undetermined");
    expect(figures(200, 19_900, 0.99, 100)).toMatchObject({ contract_says: "breached", verdict: "undetermined" });
    expect(figures(201, 19_900, 0.99, 100).verdict).toBe("breached");
    expect(figures(0, 1_000, 0.99, 11)).toMatchObject({ contract_says: "met", verdict: "undetermined", unjudged: 11 });
    expect(figures(0, 1_000, 0.99, 10).verdict).toBe("met");
  });

  test("seeded: more unjudged ones never make a word surer", () => {
    const random = mulberry32(71);
    const seen = new Set<string>();
    for (let round = 0; round < 500; round++) {
      const n = between(random, 1_000, 100_000);
      const bad = between(random, 0, Math.floor(n / 40));
      const unjudged = between(random, 0, Math.floor(n / 60));
      const without = figures(bad, n, 0.99).verdict;
      const withSome = figures(bad, n, 0.99, unjudged).verdict;
      const withMore = figures(bad, n, 0.99, unjudged * 2).verdict;
      expect([without, "undetermined"]).toContain(withSome);
      expect([withSome, "undetermined"]).toContain(withMore);
      seen.add(`${without} ${withMore}`);
    }
    expect([...seen].sort()).toEqual(["breached breached", "breached undetermined", "met met", "met undetermined"]);
  });
});

describe("what the sample proves", () => {
  test("0 of 28,800: at least 99.9895 %; the target needs 29,956 loss-free ones, 1,156 to go (4.4)", () => {
    const { evidence } = figures(0, 28_800, 0.9999);
    expect(evidence).toMatchObject({ grade: "not_enough_evidence", at_most: 1, effective_sample: 28_800 });
    expect(evidence.more_good_needed).toBe(1_156);
    expect(evidence.at_least).toBeCloseTo(0.9998959869, 10);
    const digits = digitsSupported(evidence);
    expect(digits).toBe(4);
    expect(Math.floor((evidence.at_least ?? 0) * 10 ** (digits + 2)) / 10 ** digits).toBe(99.9895);
  });

  test("1 region, 30 days: 70 certify, 71 to 102 cannot tell, 103 prove a breach", () => {
    const grade = (bad: number, confidence: number): string =>
      proportionFigures(even(bad, 864_000), 0.9999, confidence, 1).evidence.grade;
    expect([70, 71, 102, 103].map((bad) => grade(bad, 0.95))).toEqual([
      "proven_met",
      "not_enough_evidence",
      "not_enough_evidence",
      "proven_breached",
    ]);
    expect([65, 66, 109, 110].map((bad) => grade(bad, 0.99))).toEqual([
      "proven_met",
      "not_enough_evidence",
      "not_enough_evidence",
      "proven_breached",
    ]);
  });

  test("none lost: a prior stands in, and the need grows with it (4.5)", () => {
    const of = (n: number, prior: number) => proportionFigures(even(0, n), 0.9999, 0.95, prior).evidence;
    for (const [effect, needed] of [
      [1, 29_956],
      // The reference rounds 58,414.2; a message that is begun is sent.
      [1.95, 58_415],
      [4.8, 143_789],
      [10.5, 314_538],
      [20, 599_120],
    ] as const) {
      expect(of(2, effect).more_good_needed).toBe(needed - 2);
      expect(of(needed, effect)).toMatchObject({ grade: "proven_met", more_good_needed: 0 });
      expect(of(864_000, effect)).toMatchObject({
        grade: "proven_met",
        design_effect: effect,
        design_effect_from: "prior",
        effective_sample: 864_000 / effect,
      });
    }
    expect(proportionFigures(even(0, 864_000), 0.9999, 0.99, 20).evidence.grade).toBe("not_enough_evidence");
    expect(of(100_000, DESIGN_EFFECT_PRIOR.spread).grade).toBe("proven_met");
    expect(of(100_000, DESIGN_EFFECT_PRIOR.burst).grade).toBe("not_enough_evidence");
  });

  test("60 and 120 lost of 864,000: what the data say about bursts decides (4.5)", () => {
    const of = (bad: number, effect: number) =>
      proportionFigures(clustered(bad, 864_000, effect), 0.9999, 0.95, 10).evidence;
    for (const [bad, effect, grade] of [
      [60, 1, "proven_met"],
      [60, 3, "not_enough_evidence"],
      [120, 1, "proven_breached"],
      [120, 6, "not_enough_evidence"],
    ] as const) {
      const evidence = of(bad, effect);
      expect(evidence).toMatchObject({ grade, design_effect_from: "estimated" });
      expect(evidence.design_effect).toBeCloseTo(effect, 6);
      expect(evidence.effective_sample).toBeCloseTo(864_000 / effect, 0);
    }
  });

  test("proven breached, no good message takes it back; proven met, none is needed", () => {
    expect(figures(103, 864_000, 0.9999).evidence.more_good_needed).toBeNull();
    // Nor is it reckoned: what could make up for this is no exact integer.
    expect(figures(1e7, 1e9, 1 - 1e-9)).toMatchObject({
      evidence: { grade: "proven_breached", more_good_needed: null },
    });
    expect(figures(70, 864_000, 0.9999).evidence.more_good_needed).toBe(0);
    expect(figures(102, 864_000, 0.9999).evidence.more_good_needed).toBeGreaterThan(0);
  });

  test("seeded: as many good ones as are said to be needed prove it, and the last one is needed", () => {
    const random = mulberry32(73);
    let checked = 0;
    for (let round = 0; round < 300; round++) {
      const target = oneOf(random, [0.95, 0.99, 0.999, 0.9999]);
      const bad = between(random, 0, 9);
      const prior = oneOf(random, [1, 3, 10]);
      const n = bad + between(random, 1, Math.ceil(5 / (1 - target)));
      const { more_good_needed: more, grade } = proportionFigures(even(bad, n), target, 0.95, prior).evidence;
      if (more === null) expect(grade).toBe("proven_breached");
      else {
        expect(more === 0).toBe(grade === "proven_met");
        expect(proportionFigures(even(bad, n + more), target, 0.95, prior).evidence.grade).toBe("proven_met");
        // Whole messages of the effective sample: the need is at most one of them too large.
        if (more > prior)
          expect(lossAtMost(bad / prior, (n + more - prior - 1) / prior, 0.95)).toBeGreaterThan(1 - target);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(200);
  });

  test("seeded: with the same design effect good messages only better the grade, bad ones only worsen it", () => {
    const random = mulberry32(79);
    const rank = { proven_breached: 0, not_enough_evidence: 1, proven_met: 2 };
    const met = new Set<string>();
    for (let round = 0; round < 500; round++) {
      const target = oneOf(random, [0.9, 0.99, 0.999]);
      const n = between(random, 20, Math.ceil(30 / (1 - target)));
      const bad = between(random, 0, Math.min(8, n - 10));
      const of = (lost: number, all: number) => proportionFigures(even(lost, all), target, 0.95, 3).evidence;
      const here = of(bad, n);
      const better = of(bad, n + between(random, 1, n));
      expect(rank[better.grade]).toBeGreaterThanOrEqual(rank[here.grade]);
      expect(better.at_least ?? 0).toBeGreaterThanOrEqual(here.at_least ?? 1);
      expect(better.at_most ?? 0).toBeGreaterThanOrEqual(here.at_most ?? 1);
      expect(rank[of(bad + 1, n).grade]).toBeLessThanOrEqual(rank[here.grade]);
      met.add(here.grade);
    }
    expect(met.size).toBe(3);
  });
});

describe("digits", () => {
  test.each([
    [null, null, 0],
    [0, 1, 0],
    [0.45, 0.55, 1],
    [0.984, 1, 2],
    [0.998_6, 0.998_9, 4],
    [0.999_999_997, 1, 9],
    [0.5, 0.5, 0],
  ])("bounds %f and %f: %i decimals", (least, most, digits) => {
    expect(digitsSupported({ at_least: least, at_most: most })).toBe(digits);
  });

  test("what is printed, cut off, is never more than the bound and nearer to it than a hundredth of what is open", () => {
    let checked = 0;
    for (const n of [1, 20, 299, 28_800, 864_000, 8_640_000]) {
      for (const bad of [0, 1, 7, n / 10]) {
        if (bad > n) continue;
        const { evidence } = figures(bad, n, 0.999);
        const least = evidence.at_least ?? 0;
        const scale = 10 ** (digitsSupported(evidence) + 2);
        const shown = Math.floor(least * scale) / scale;
        expect(shown).toBeLessThanOrEqual(least);
        if (digitsSupported(evidence) > 0)
          expect(least - shown).toBeLessThanOrEqual(((evidence.at_most ?? 1) - least) / 100 + 1e-15);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(20);
  });
});
