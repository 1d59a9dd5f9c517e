// Aim: what a sample proves is right to the last digit that the reference shows, at any size, and never flatters the service.
// Method: every number of reference/sla.md section 4; values computed elsewhere with 30 digits; the binomial tail itself for
// small samples; seeded properties. The design effect is in design-effect.test.ts.

import { describe, expect, test } from "vitest";
import { lossAtLeast, lossAtMost, sampleNeeded } from "../../workers/sla/statistics.ts";
import { between, mulberry32 } from "../random.ts";

const LOSS_MAX = 1e-4;

describe("golden bounds", () => {
  test.each([
    [0, 28_800, "1.040131e-4"],
    [70, 864_000, "9.884703e-5"],
    [71, 864_000, "1.001172e-4"],
    [0, 299, "9.969147e-3"],
  ])("at most, %i of %i: %s", (bad, n, shown) => {
    expect(lossAtMost(bad, n, 0.95).toExponential(6)).toBe(shown);
  });

  test.each([
    [102, 864_000, "9.950945e-5"],
    [103, 864_000, "1.005727e-4"],
  ])("at least, %i of %i: %s", (bad, n, shown) => {
    expect(lossAtLeast(bad, n, 0.95).toExponential(6)).toBe(shown);
  });

  // mpmath 1.3, 30 digits, I_x(a, b) = p solved by halving.
  test.each([
    [0.05, 144.25, 0.95, 0.021209647757601, 3.8513487106977e-29],
    [0.5, 10, 0.99, 0.44168323387618, 7.6605173422501e-6],
    [3.6, 288.4, 0.95, 0.029559194203574, 0.0039593735077903],
    [12.75, 600.5, 0.95, 0.033694759777751, 0.012529750055225],
    [0.9, 30.5, 0.975, 0.1644512293146, 0.00052438483694064],
    [450.5, 900, 0.95, 0.52849444727649, 0.4726139616315],
  ])("fractions of messages, %f of %f at %f", (bad, n, confidence, most, least) => {
    expect(lossAtMost(bad, n, confidence) / most).toBeCloseTo(1, 11);
    expect(lossAtLeast(bad, n, confidence) / least).toBeCloseTo(1, 11);
  });

  // The binomial tail of so few bad ones, solved with mpmath, 40 digits.
  test.each([
    [1, 50_045_024, 0.9, 7.77244118729272e-8],
    [2, 90_836_470, 0.95, 6.93090943869043e-8],
    [8, 7_623_469, 0.9, 1.7045661606821e-6],
    [12, 3_413_867, 0.95, 5.69516859811668e-6],
  ])("large samples, %i of %i at %f", (bad, n, confidence, most) => {
    expect(lossAtMost(bad, n, confidence) / most).toBeCloseTo(1, 12);
  });

  test("without loss and with nothing but loss the bounds have a closed form, up to a billion", () => {
    let checked = 0;
    for (const n of [0.5, 1, 2, 20, 299, 28_800, 864_000, 1e7, 123_456_789, 1e9]) {
      for (const confidence of [0.5, 0.95, 0.975, 0.99, 0.999]) {
        const most = -Math.expm1(Math.log1p(-confidence) / n);
        expect(lossAtMost(0, n, confidence) / most).toBeCloseTo(1, 12);
        expect(lossAtLeast(0, n, confidence)).toBe(0);
        expect(lossAtMost(n, n, confidence)).toBe(1);
        expect(lossAtLeast(n, n, confidence)).toBeCloseTo((1 - confidence) ** (1 / n), 12);
        checked++;
      }
    }
    expect(checked).toBe(50);
    expect(lossAtMost(0, 0, 0.95)).toBe(1);
    expect(lossAtLeast(0, 0, 0.95)).toBe(0);
  });

  test("half a billion bad of a billion: the normal distribution's bounds, to what it is good for", () => {
    const halfWidth = 1.6448536269514722 * Math.sqrt(0.25 / 1e9);
    expect((lossAtMost(5e8, 1e9, 0.95) - 0.5) / halfWidth).toBeCloseTo(1, 4);
    expect((0.5 - lossAtLeast(5e8, 1e9, 0.95)) / halfWidth).toBeCloseTo(1, 4);
  });
});

describe("messages needed to certify 99.99 % (table 4.1)", () => {
  const TABLE: readonly (readonly [
    bad: number,
    cp95: number,
    cp99: number,
    cp975: number,
    w95: number,
    w99: number,
  ])[] = [
    [0, 29_956, 46_050, 36_887, 27_053, 54_114],
    [1, 47_437, 66_381, 55_715, 44_822, 72_739],
    [2, 62_956, 84_057, 72_245, 60_434, 89_652],
    [3, 77_535, 100_448, 87_670, 75_063, 105_590],
    [5, 105_128, 131_081, 116_680, 102_714, 135_690],
    [10, 169_619, 201_442, 183_900, 167_269, 205_437],
    [20, 290_616, 331_025, 308_879, 288_317, 334_550],
    [50, 632_865, 690_663, 659_180, 630_614, 693_757],
    [100, 1_180_784, 1_258_374, 1_216_258, 1_178_559, 1_261_249],
  ];

  test("each of its 27 exact needs, and that one message fewer is not enough", () => {
    let checked = 0;
    for (const [bad, ...needs] of TABLE) {
      for (const [index, confidence] of [0.95, 0.99, 0.975].entries()) {
        const needed = sampleNeeded(bad, LOSS_MAX, confidence);
        expect([bad, confidence, needed]).toEqual([bad, confidence, needs[index]]);
        expect(lossAtMost(bad, needed, confidence)).toBeLessThanOrEqual(LOSS_MAX);
        expect(lossAtMost(bad, needed - 1, confidence)).toBeGreaterThan(LOSS_MAX);
        checked++;
      }
    }
    expect(checked).toBe(27);
  });

  test("Wilson's interval would certify earlier at 95 %, by a tenth without loss: that is why it is not used", () => {
    const wilsonNeeded = (bad: number, z: number): number => {
      const b = 2 * bad + z * z * (1 - LOSS_MAX);
      return Math.ceil((b + Math.sqrt(b * b - 4 * bad * bad)) / (2 * LOSS_MAX));
    };
    for (const [bad, exact, , , wilson95, wilson99] of TABLE) {
      expect(wilsonNeeded(bad, 1.6448536269514722)).toBe(wilson95);
      expect(wilsonNeeded(bad, 2.3263478740408408)).toBe(wilson99);
      expect(wilson95).toBeLessThan(exact);
    }
    expect(lossAtMost(0, 27_053, 0.95)).toBeGreaterThan(1.1e-4);
  });

  test("loss-free, for 99.9 % and 99.999 %", () => {
    expect([0.95, 0.99].map((confidence) => sampleNeeded(0, 1e-3, confidence))).toEqual([2_995, 4_603]);
    expect([0.95, 0.99].map((confidence) => sampleNeeded(0, 1e-5, confidence))).toEqual([299_572, 460_515]);
  });

  test("a share as a contract's target leaves it, one bit too small, needs no more", () => {
    expect(1 - 0.9999).toBeLessThan(LOSS_MAX);
    expect(sampleNeeded(0, 1 - 0.9999, 0.95)).toBe(29_956);
    expect(sampleNeeded(100, 1 - 0.9999, 0.95)).toBe(1_180_784);
  });

  test("seeded: the need is where the bound passes the share, with fractions and for 1e-9", () => {
    const random = mulberry32(41);
    let checked = 0;
    for (let round = 0; round < 300; round++) {
      const bad = random() < 0.3 ? 0 : random() * 10 ** between(random, -2, 4);
      const share = 10 ** (-9 * random()) * 0.9;
      const confidence = 0.8 + 0.199 * random();
      const needed = sampleNeeded(bad, share, confidence);
      expect(lossAtMost(bad, needed, confidence)).toBeLessThanOrEqual(share * (1 + 1e-12));
      if (needed - 1 >= bad) expect(lossAtMost(bad, needed - 1, confidence)).toBeGreaterThan(share * (1 - 1e-12));
      checked++;
    }
    expect(checked).toBe(300);
  });
});

describe("decisions (tables 4.2 and 4.3)", () => {
  type Row = readonly [
    n: number,
    certify95: number | null,
    breach95: number,
    certify99: number | null,
    breach99: number,
  ];
  const decide = (rows: readonly Row[], share: number): number => {
    let checked = 0;
    for (const [n, certify95, breach95, certify99, breach99] of rows) {
      for (const [confidence, certify, breach] of [
        [0.95, certify95, breach95],
        [0.99, certify99, breach99],
      ] as const) {
        // Never: not even without loss.
        if (certify !== null) expect(lossAtMost(certify, n, confidence)).toBeLessThanOrEqual(share);
        expect(lossAtMost(certify === null ? 0 : certify + 1, n, confidence)).toBeGreaterThan(share);
        expect(lossAtLeast(breach, n, confidence)).toBeGreaterThan(share);
        expect(lossAtLeast(breach - 1, n, confidence)).toBeLessThanOrEqual(share);
        checked++;
      }
    }
    return checked;
  };

  test("99.99 % delivery", () => {
    const rows: readonly Row[] = [
      [1_200, null, 2, null, 2],
      [28_800, null, 7, null, 8],
      [201_600, 12, 29, 10, 32],
      [864_000, 70, 103, 65, 110],
      [1_728_000, 150, 196, 142, 205],
      [5_184_000, 480, 557, 465, 573],
      [288_000, 19, 39, 16, 43],
      [8_640_000, 815, 914, 795, 934],
    ];
    expect(decide(rows, LOSS_MAX)).toBe(16);
  });

  test("P99: certify and breach at 95 %", () => {
    for (const [n, certify, breach] of [
      [100, null, 4],
      [1_200, 6, 19],
      [28_800, 260, 317],
      [864_000, 8_487, 8_793],
    ] as const) {
      if (certify !== null) expect(lossAtMost(certify, n, 0.95)).toBeLessThanOrEqual(0.01);
      expect(lossAtMost(certify === null ? 0 : certify + 1, n, 0.95)).toBeGreaterThan(0.01);
      expect(lossAtLeast(breach, n, 0.95)).toBeGreaterThan(0.01);
      expect(lossAtLeast(breach - 1, n, 0.95)).toBeLessThanOrEqual(0.01);
    }
  });

  test("P99: messages needed; P99.9 without any late one", () => {
    const needs = [
      [0, 299, 459],
      [1, 473, 662],
      [2, 628, 838],
      [3, 773, 1_001],
      [5, 1_049, 1_307],
      [10, 1_693, 2_010],
    ] as const;
    for (const [bad, at95, at99] of needs) {
      expect([sampleNeeded(bad, 0.01, 0.95), sampleNeeded(bad, 0.01, 0.99)]).toEqual([at95, at99]);
    }
    expect(sampleNeeded(0, 0.001, 0.95)).toBe(2_995);
  });
});

describe("correlated loss (table 4.5)", () => {
  test("864,000 messages, none lost: the effective sample, its bound, and the messages needed", () => {
    const rows = [
      [0, 1, 864_000, "3.5e-6", 29_956],
      [0.05, 1.95, 443_077, "6.8e-6", 58_414],
      [0.2, 4.8, 180_000, "1.7e-5", 143_789],
      [0.5, 10.5, 82_286, "3.6e-5", 314_538],
      [1, 20, 43_200, "6.9e-5", 599_120],
    ] as const;
    for (const [rho, effect, effective, bound, needed] of rows) {
      expect(1 + 19 * rho).toBeCloseTo(effect, 12);
      expect(Math.round(864_000 / effect)).toBe(effective);
      expect(lossAtMost(0, 864_000 / effect, 0.95).toExponential(1)).toBe(bound);
      // The table rounds to the nearest message.
      expect(Math.round(sampleNeeded(0, LOSS_MAX, 0.95) * effect)).toBe(needed);
    }
    expect(lossAtMost(0, 43_200, 0.99).toExponential(2)).toBe("1.07e-4");
  });

  test("60 and 120 lost of 864,000: a design effect of 3 and of 6 take the proof away", () => {
    const most = (effect: number): number => lossAtMost(60 / effect, 864_000 / effect, 0.95);
    const least = (effect: number): number => lossAtLeast(120 / effect, 864_000 / effect, 0.95);
    expect(most(1).toExponential(1)).toBe("8.6e-5");
    expect(most(3).toExponential(2)).toBe("1.01e-4");
    expect(least(1).toExponential(2)).toBe("1.19e-4");
    expect(least(6).toExponential(1)).toBe("9.2e-5");
  });
});

describe("laws of the bounds", () => {
  /** P(X <= bad) of n at p, summed term by term. */
  const tailTo = (bad: number, n: number, p: number): number => {
    let term = (1 - p) ** n;
    let sum = term;
    for (let k = 1; k <= bad; k++) {
      term *= ((n - k + 1) / k) * (p / (1 - p));
      sum += term;
    }
    return sum;
  };

  test("at a bound, a result as extreme as this one has just the probability that the confidence leaves", () => {
    let checked = 0;
    for (let n = 1; n <= 40; n++) {
      for (let bad = 0; bad <= n; bad++) {
        for (const confidence of [0.6, 0.95, 0.99]) {
          if (bad < n) expect(tailTo(bad, n, lossAtMost(bad, n, confidence))).toBeCloseTo(1 - confidence, 12);
          if (bad > 0) expect(1 - tailTo(bad - 1, n, lossAtLeast(bad, n, confidence))).toBeCloseTo(1 - confidence, 11);
          checked++;
        }
      }
    }
    expect(checked).toBe(3 * 860);
  });

  test("seeded: L <= bad / n <= U; more good ones lower both, more bad ones raise both; more confidence widens", () => {
    const random = mulberry32(17);
    let checked = 0;
    for (let round = 0; round < 1_000; round++) {
      const n = 1 + 10 ** (9 * random());
      const bad = random() < 0.2 ? 0 : n * (random() < 0.5 ? random() : 10 ** (-9 * random()));
      const confidence = 0.9 + 0.09 * random();
      const [most, least] = [lossAtMost(bad, n, confidence), lossAtLeast(bad, n, confidence)];
      expect(least).toBeLessThanOrEqual(bad / n);
      expect(most).toBeGreaterThanOrEqual(bad / n);
      const more = n * (1 + random());
      expect(lossAtMost(bad, more, confidence)).toBeLessThanOrEqual(most);
      expect(lossAtLeast(bad, more, confidence)).toBeLessThanOrEqual(least);
      const worse = bad + (n - bad) * random();
      expect(lossAtMost(worse, n, confidence)).toBeGreaterThanOrEqual(most);
      expect(lossAtLeast(worse, n, confidence)).toBeGreaterThanOrEqual(least);
      expect(lossAtMost(bad, n, confidence + 0.005)).toBeGreaterThanOrEqual(most);
      expect(lossAtLeast(bad, n, confidence + 0.005)).toBeLessThanOrEqual(least);
      checked++;
    }
    expect(checked).toBe(1_000);
  });

  test("seeded: bad ones and good ones change places, and so do the bounds", () => {
    const random = mulberry32(23);
    for (let round = 0; round < 200; round++) {
      const n = between(random, 2, 5_000);
      const bad = between(random, 1, n - 1);
      expect(lossAtMost(bad, n, 0.95)).toBeCloseTo(1 - lossAtLeast(n - bad, n, 0.95), 12);
    }
  });

  test("seeded: the bound holds as often as it says, and for rare loss more often", () => {
    const random = mulberry32(29);
    let held = 0;
    for (let trial = 0; trial < 2_000; trial++) {
      let bad = 0;
      for (let message = 0; message < 300; message++) if (random() < 0.02) bad++;
      if (lossAtMost(bad, 300, 0.95) >= 0.02) held++;
    }
    expect(held).toBeGreaterThanOrEqual(1_900);
  });

  test.each([
    [-1, 10, 0.95],
    [11, 10, 0.95],
    [Number.NaN, 10, 0.95],
    [0, Number.NaN, 0.95],
    [0, Infinity, 0.95],
    [0, 10, 0],
    [0, 10, 1],
    [0, 10, Number.NaN],
  ])("%f of %f at %f is nonsense", (bad, n, confidence) => {
    expect(() => lossAtMost(bad, n, confidence)).toThrow(RangeError);
    expect(() => lossAtLeast(bad, n, confidence)).toThrow(RangeError);
  });

  test("and so is a need without an answer", () => {
    for (const share of [0, 1, -0.1, 2, Number.NaN, 1e-17]) {
      expect(() => sampleNeeded(0, share, 0.95)).toThrow(RangeError);
    }
    expect(() => sampleNeeded(-1, 0.01, 0.95)).toThrow(RangeError);
    expect(() => sampleNeeded(0, 0.01, 1)).toThrow(RangeError);
  });
});
