// Aim: what is owed is the contract's own arithmetic, no line twice, none above its cap, and no cent by binary dust. Method: the
// twelve rules of reference/sla.md, section 3, through the real fold; tables of tiers, hours, regions, segments and stacking by
// hand; amounts against integers; seeded credits that keep their cap.

import { describe, expect, test } from "vitest";
import type { CreditRule, CreditTerms } from "../../workers/config/contracts/contract.ts";
import { slotsFigures } from "../../workers/sla/availability.ts";
import { creditOf, moneyOf } from "../../workers/sla/credits.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { CreditResult, ObjectiveResult, SlotsFigures } from "../../workers/sla/report-shape.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import type { Terms } from "./credit-literals.ts";
import { FAST, LADDER, MONTH, MS, partOf, PER_HOUR, PERIOD, ratioResult, slotsResult } from "./credit-literals.ts";
import { contractOf, GOLDEN_RULES, goldenMinutes, goldenStream, ORIGIN, slotsObjective } from "./golden-month.ts";

const one = (result: ObjectiveResult, terms: Terms = {}): CreditResult =>
  creditOf([partOf([["weur", [result]]], terms)], PERIOD);
const counting = ({ lines }: CreditResult) => lines.filter((line) => !line.set_aside);

test("the golden month: what twelve rules owe", () => {
  const stream = goldenStream(goldenMinutes().minutes);
  const owed = GOLDEN_RULES.map(({ contract, objective, spans, name }) => {
    const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + MONTH, [stream], spans);
    const found = part.scopes[0]?.objectives[0];
    if (found?.kind !== "slots") throw new RangeError("not of slots");
    const result = slotsResult(slotsFigures(objective, found.applied, 0));
    const credit = creditOf([{ ...partOf([["weur", [result]]]), contract }], PERIOD);
    expect(credit.lines).toHaveLength(credit.pct > 0 ? 1 : 0);
    return [name, credit.pct];
  });
  console.log(`credits: ${owed.length} golden rules: ${owed.map(([name, pct]) => `${name} ${pct}`).join(", ")}`);
  expect(owed.map(([, pct]) => pct)).toEqual(GOLDEN_RULES.map((rule) => expect.closeTo(rule.creditPct, 9)));
  expect(owed).toHaveLength(12);
});

describe("a ladder", () => {
  test.each<[string, number, number | null]>([
    ["just below the target", 0.9989999, 10],
    ["on the border between two tiers: the upper one", 0.99, 10],
    ["on the border but for binary dust", 1 - 0.01 - 1e-16, 10],
    ["a single slot of a year below the border", 0.99 - 1 / 525_600, 25],
    ["the last tier", 0.5, 50],
    ["nothing worked", 0, 50],
    ["above all tiers though breached", 0.9995, null],
  ])("%s", (_, value, pct) => {
    const credit = one(slotsResult({ value }));
    expect(credit.pct).toBe(pct ?? 0);
    expect(credit.lines.map((line) => line.tier?.pct ?? null)).toEqual(pct === null ? [] : [pct]);
  });

  test.each<[string, Partial<SlotsFigures>]>([
    ["met", { value: 0.5, contract_says: "met" }],
    ["nothing measured", { value: null, contract_says: "no_data" }],
  ])("%s: no line", (_, figures) => {
    expect(one(slotsResult(figures))).toMatchObject({ lines: [], pct: 0, capped: false });
  });

  test("a line says where it comes from", () => {
    expect(one(slotsResult({ value: 0.985, minutes_down: 648 })).lines).toEqual([
      {
        contract_version: 1,
        region: "weur",
        objective: "availability",
        kind: "ladder",
        value: 0.985,
        target: 0.999,
        minutes_down: 648,
        tier: { below: 0.99, at_least: 0.95, pct: 25 },
        pct: 25,
        of_fee: 1,
        set_aside: false,
      },
    ]);
  });

  test("it is told whether a contract says anything of credits: 0 is else no word", () => {
    const met = ["weur", [slotsResult({ contract_says: "met" })]] as const;
    const [bare, written] = [partOf([met], { rules: [] }), partOf([met])];
    expect(creditOf([written], PERIOD)).toMatchObject({ terms_written: true, pct: 0 });
    expect(creditOf([bare], PERIOD)).toMatchObject({ terms_written: false, pct: 0 });
    expect(creditOf([written, bare], PERIOD).terms_written).toBe(true);
  });

  test("the terms stand beside it without the least amount, and an open period is provisional", () => {
    const part = partOf([["weur", [slotsResult({ value: 0.5 })]]], { minAmount: 1, form: "voucher" });
    const credit = creditOf([part], { ...PERIOD, closed: false });
    expect(credit).toMatchObject({
      pct: 50,
      capped: false,
      provisional: true,
      terms: { form: "voucher", capPct: 100 },
    });
    expect(credit.terms).not.toHaveProperty("minAmount");
  });
});

describe("by downtime", () => {
  test.each<[string, CreditRule, number, number]>([
    ["a hundred times the down share", FAST, 51, (100 * 100 * 51) / 43_200],
    ["accelerated to its cap", FAST, 4_320, 30],
    ["an hour started is a day of thirty", PER_HOUR, 1, 100 / 30],
    ["an hour to the minute", PER_HOUR, 60, 100 / 30],
    ["an hour but for binary dust", PER_HOUR, 60 + 1e-11, 100 / 30],
    ["a second hour started", PER_HOUR, 61, 200 / 30],
    ["whole hours only", { ...PER_HOUR, hours: "whole" }, 119, 100 / 30],
    ["not a whole hour: no line", { ...PER_HOUR, hours: "whole" }, 59, 0],
    ["exact hours, two days each", { ...PER_HOUR, feeDays: 2, hours: "exact" }, 90, 300 / 30],
  ])("%s", (_, rule, minutes, pct) => {
    const credit = one(slotsResult({ minutes_down: minutes, value: 0.9 }), { rules: [rule], capPct: 30 });
    expect(credit.pct).toBeCloseTo(pct, 9);
    expect(credit.lines).toHaveLength(pct > 0 ? 1 : 0);
  });

  test("days are the calendar's, also where the clocks go back", () => {
    const blank = contractOf([slotsObjective({})]);
    const part = partOf([["weur", [slotsResult({ minutes_down: 60, value: 0.9 })]]], {
      rules: [PER_HOUR],
      own: { period: { ...blank.period, zone: "Europe/Berlin" } },
    });
    const fromMinute = Date.UTC(2026, 8, 30, 22) / MS;
    const october = { fromMinute, toMinute: fromMinute + 31 * 1440 + 60, closed: true };
    expect(creditOf([part], october).pct).toBeCloseTo(100 / 31, 9);
  });

  test("a ratio is accelerated by its bad share", () => {
    const credit = one(ratioResult(862_200, 1_082), { rules: [{ ...FAST, objective: "delivery" }] });
    expect(credit.pct).toBeCloseTo((100 * 100 * 1_082) / 862_200, 9);
    expect(credit.lines[0]).toMatchObject({ minutes_down: null, target: 0.9999, kind: "accelerated" });
  });
});

describe("several regions", () => {
  const [bad, worse, good] = [
    slotsResult({ value: 0.985 }),
    slotsResult({ value: 0.5 }),
    slotsResult({ contract_says: "met" }),
  ];
  const three = [
    ["weur", [bad]],
    ["enam", [worse]],
    ["oc", [good]],
  ] as const;

  test("each of its own fee: shares of it add up", () => {
    const credit = creditOf([partOf(three, { basis: "region-fee" })], PERIOD);
    expect(credit.lines.map((line) => [line.region, line.pct, line.of_fee, line.set_aside])).toEqual([
      ["weur", 25, 1 / 3, false],
      ["enam", 50, 1 / 3, false],
    ]);
    expect(credit.pct).toBe(25);
  });

  test.each(["service-fee", "total-fee"] as const)("of the %s only the worst counts", (basis) => {
    const credit = creditOf([partOf(three, { basis })], PERIOD);
    expect(credit.lines.map((line) => [line.region, line.set_aside])).toEqual([
      ["weur", true],
      ["enam", false],
    ]);
    expect(credit.pct).toBe(50);
  });

  test("where the rule makes one stream of them, they are only looked at", () => {
    const parts = [partOf([...three, [null, [bad]]], { basis: "region-fee", own: { regionRule: "any-down" } })];
    const credit = creditOf(parts, PERIOD);
    expect(credit.lines.map((line) => [line.region, line.pct, line.of_fee])).toEqual([[null, 25, 1]]);
  });

  test("the cap holds for a region's own fee", () => {
    const down = slotsResult({ value: 0, minutes_down: MONTH });
    const credit = creditOf(
      [
        partOf(
          [
            ["weur", [down]],
            ["enam", [good]],
          ],
          {
            basis: "region-fee",
            rules: [FAST],
            capPct: 80,
          },
        ),
      ],
      PERIOD,
    );
    expect(credit).toMatchObject({ pct: 40, capped: true });
  });
});

describe("several objectives", () => {
  const rules: readonly CreditRule[] = [
    LADDER,
    { objective: "delivery", kind: "ladder", tiers: [{ below: 0.9999, atLeast: 0, pct: 20 }] },
  ];
  const both = [slotsResult({ value: 0.985 }), ratioResult(1_000, 10)];

  test.each<[string, Partial<CreditTerms>, number, string[]]>([
    ["the largest", { stacking: "max" }, 25, ["availability"]],
    ["their sum", { stacking: "sum" }, 45, ["availability", "delivery"]],
    ["their sum, capped", { stacking: "sum", capPct: 30 }, 30, ["availability", "delivery"]],
    ["one for an incident", { stacking: "sum", onePerIncident: true }, 25, ["availability"]],
  ])("%s", (_, terms, pct, kept) => {
    const credit = creditOf([partOf([["weur", both]], { rules, ...terms })], PERIOD);
    expect(credit.pct).toBe(pct);
    expect(credit.capped).toBe(terms.capPct === 30);
    expect(counting(credit).map((line) => line.objective)).toEqual(kept);
    expect(credit.lines).toHaveLength(2);
  });

  test("of equal ones the first counts", () => {
    const twice = [LADDER, LADDER];
    const credit = creditOf([partOf([["weur", [slotsResult({ value: 0.985 })]]], { rules: twice })], PERIOD);
    expect(credit.lines.map((line) => line.set_aside)).toEqual([false, true]);
    expect(credit.pct).toBe(25);
  });

  test("summed, the worst region is the one with the largest sum", () => {
    const regions = [
      ["weur", [slotsResult({ value: 0.985 }), ratioResult(1_000, 10)]],
      ["enam", [slotsResult({ value: 0.96 }), ratioResult(1_000, 0)]],
    ] as const;
    const fine = regions.map(
      ([region, results]) =>
        [
          region,
          results.map((each) =>
            each.kind === "ratio" && each.figures.bad === 0
              ? { ...each, figures: { ...each.figures, contract_says: "met" as const } }
              : each,
          ),
        ] as const,
    );
    const credit = creditOf([partOf(fine, { rules, stacking: "sum" })], PERIOD);
    expect(counting(credit).map((line) => [line.region, line.objective])).toEqual([
      ["weur", "availability"],
      ["weur", "delivery"],
    ]);
    expect(credit.pct).toBe(45);
  });

  test("a rule without a result is an error, and so is a period without a segment", () => {
    expect(() => creditOf([partOf([["weur", [ratioResult(10, 1)]]])], PERIOD)).toThrow(RangeError);
    expect(() => creditOf([], PERIOD)).toThrow(RangeError);
  });

  test("a latency objective owes nothing", () => {
    const ratio = ratioResult(1_000, 500);
    if (ratio.kind !== "ratio") throw new RangeError("not a ratio");
    const quantile: ObjectiveResult = {
      ...ratio,
      kind: "quantile",
      q: 0.99,
      limit_ms: 200,
      direction: "delivery",
      estimate: true,
    };
    expect(one(quantile, { rules: [{ ...LADDER, objective: "delivery" }] })).toMatchObject({ lines: [], pct: 0 });
    expect(one(ratio, { rules: [{ ...LADDER, objective: "delivery" }] }).pct).toBe(50);
  });
});

describe("several segments", () => {
  const bad = slotsResult({ value: 0.985, minutes_down: 51 });
  const halves = (first: Terms, second: Terms) => [
    partOf([["weur", [bad]]], first, 0, 10_800),
    partOf([["weur", [bad]]], { ...second, own: { version: 2 } }, 10_800, MONTH),
  ];

  test("a ladder pays for its segment's share", () => {
    const strict = { rules: [{ ...LADDER, tiers: [{ below: 0.999, atLeast: 0, pct: 100 }] }] as const };
    const credit = creditOf(halves(strict, {}), PERIOD);
    expect(credit.lines.map((line) => [line.contract_version, line.pct, line.of_fee])).toEqual([
      [1, 100, 0.25],
      [2, 25, 0.75],
    ]);
    expect(credit.pct).toBe(43.75);
  });

  test("downtime is paid once, whatever the segments", () => {
    const cut = creditOf(halves({ rules: [FAST] }, { rules: [FAST] }), PERIOD);
    const whole = one(slotsResult({ value: 0.9, minutes_down: 102 }), { rules: [FAST] });
    expect(cut.pct).toBeCloseTo(whole.pct, 9);
    const hours = creditOf(halves({ rules: [PER_HOUR] }, { rules: [PER_HOUR] }), PERIOD);
    expect(hours.pct).toBeCloseTo(200 / 30, 9);
  });

  test("each keeps its own cap, the last one's caps the sum", () => {
    const credit = creditOf(halves({ rules: [FAST], capPct: 5 }, { rules: [FAST], capPct: 100 }), PERIOD);
    expect(credit.pct).toBeCloseTo(5 + (100 * 100 * 51) / 43_200, 9);
    expect(credit.capped).toBe(true);
    expect(creditOf(halves({ rules: [FAST] }, { rules: [FAST], capPct: 15 }), PERIOD)).toMatchObject({
      pct: 15,
      capped: true,
    });
  });
});

describe("money", () => {
  const terms = partOf([]).contract.creditTerms;
  const credit = (pct: number): CreditResult => ({ ...one(slotsResult({ contract_says: "met" })), pct });
  const of = (amount: number, pct: number, own: Partial<CreditTerms> = {}) =>
    moneyOf(credit(pct), { amount, currency: "CNY" }, { ...terms, ...own });

  test.each<[string, number, number, Partial<CreditTerms>, number]>([
    ["a tenth", 1_000, 10, {}, 100],
    [".29 is 29 cents", 2.9, 10, {}, 0.29],
    ["1.005 down", 10.05, 10, {}, 1],
    ["1.005 up", 10.05, 10, { rounding: "up" }, 1.01],
    ["1.005 to the nearest, halves up", 10.05, 10, { rounding: "nearest" }, 1.01],
    ["1.004 to the nearest", 10.04, 10, { rounding: "nearest" }, 1],
    ["a whole cent is not rounded up", 10.1, 10, { rounding: "up" }, 1.01],
    ["a third of the fee, three times over", 3_000, 100 / 3, {}, 1_000],
    ["11.8055 % of 1,000, down", 1_000, (100 * 100 * 51) / 43_200, {}, 118.05],
    ["the same, up", 1_000, (100 * 100 * 51) / 43_200, { rounding: "up" }, 118.06],
    ["steps of .05", 12.34, 100, { roundTo: 0.05 }, 12.3],
    ["whole yuan", 999, 10, { roundTo: 1 }, 99],
    ["tens, up", 999, 10, { roundTo: 10, rounding: "up" }, 100],
    ["thousandths", 1, 33.3333, { roundTo: 0.001 }, 0.333],
    ["a large fee", 987_654_321.09, 30, {}, 296_296_296.32],
    ["nothing", 1_000, 0, {}, 0],
  ])("%s", (_, amount, pct, own, owed) => {
    expect(of(amount, pct, own)).toEqual({ fee: amount, currency: "CNY", owed, note: null });
  });

  test.each<[string, number, number, Partial<CreditTerms>, number, string | null]>([
    ["exactly the least amount", 10, 10, { minAmount: 1 }, 1, null],
    ["a cent below it", 9.9, 10, { minAmount: 1 }, 0, "below_minimum"],
    ["below it only before rounding", 9.99, 10, { minAmount: 1, rounding: "up" }, 1, null],
    ["less than one step", 0.01, 10, {}, 0, "below_minimum"],
    ["nothing owed", 9.9, 0, { minAmount: 1 }, 0, null],
  ])("%s", (_, amount, pct, own, owed, note) => {
    expect(of(amount, pct, own)).toMatchObject({ owed, note });
  });

  test("amounts equal those by integers", () => {
    const random = mulberry32(99);
    for (let round = 0; round < 5_000; round++) {
      const [cents, tenths] = [between(random, 1, 100_000_000), between(random, 1, 1_000)];
      const rounding = oneOf(random, ["down", "up", "nearest"] as const);
      const product = BigInt(cents) * BigInt(tenths);
      const plus = { down: 0n, up: 999n, nearest: 500n }[rounding];
      const { owed } = of(cents / 100, tenths / 10, { rounding });
      expect([cents, tenths, rounding, owed]).toEqual([
        cents,
        tenths,
        rounding,
        Number((product + plus) / 1_000n) / 100,
      ]);
    }
    console.log("credits: 5000 amounts equal to integers");
  });
});

test("never above the cap, never below the largest line under it", () => {
  const random = mulberry32(5);
  const capped = { yes: 0, no: 0 };
  for (let round = 0; round < 1_000; round++) {
    const capPct = oneOf(random, [10, 30, 100]);
    const basis = oneOf(random, ["service-fee", "region-fee", "total-fee"] as const);
    const stacking = oneOf(random, ["max", "sum"] as const);
    const regions = Array.from({ length: between(random, 1, 4) }, (_, at) => {
      const minutes = between(random, 0, 400);
      return [`r${at}`, [slotsResult({ minutes_down: minutes, value: 1 - minutes / MONTH })]] as const;
    });
    const rules = [LADDER, FAST, PER_HOUR].filter(() => random() < 0.6);
    const credit = creditOf([partOf(regions, { rules, capPct, basis, stacking })], PERIOD);
    const weights = counting(credit).map((line) => line.pct * line.of_fee);
    expect(credit.pct).toBeLessThanOrEqual(capPct);
    expect(credit.pct).toBeLessThanOrEqual(weights.reduce((sum, each) => sum + each, 0) + 1e-9);
    const most = Math.max(0, ...credit.lines.map((line) => Math.min(line.pct, capPct) * line.of_fee));
    expect(credit.pct).toBeGreaterThanOrEqual(most - 1e-9);
    capped[credit.capped ? "yes" : "no"]++;
  }
  console.log(`credits: 1000 random contracts, ${capped.yes} capped`);
  expect(Math.min(capped.yes, capped.no)).toBeGreaterThan(100);
});
