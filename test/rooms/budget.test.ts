// Aim: budgets are exact in their decimals, and say when they run out only where that can be told. Method: tables of months and
// targets with the reference's minutes; edges (nothing passed, nothing measured, nothing allowed, overdrawn, over); seeded paces.

import { describe, expect, test } from "vitest";
import { proportionBudget, slotsBudget } from "../../workers/sla/budget.ts";
import type { ProportionFigures, SlotsFigures } from "../../workers/sla/report-shape.ts";
import { between, mulberry32 } from "../random.ts";
import { ORIGIN, slotsObjective } from "./golden-month.ts";

const MS = 60_000;
const MONTH = 43_200;

function slotsOf(own: Partial<SlotsFigures>): SlotsFigures {
  return {
    counted: 21_600,
    down: 0,
    unmeasured: 0,
    excluded: 0,
    minutes_down: 0,
    value: 1,
    low: 1,
    high: 1,
    coverage: 1,
    contract_says: "met",
    verdict: "undetermined",
    ...own,
  };
}

function proportionOf(attempted: number, bad: number): ProportionFigures {
  return {
    attempted,
    bad,
    unjudged: 0,
    value: attempted === 0 ? null : (attempted - bad) / attempted,
    contract_says: "no_data",
    verdict: "no_data",
    evidence: {
      grade: "not_enough_evidence",
      confidence: 0.95,
      at_least: null,
      at_most: null,
      design_effect: 1,
      design_effect_from: "prior",
      effective_sample: attempted,
      more_good_needed: null,
    },
  };
}

const halfway = { fromMinute: ORIGIN, toMinute: ORIGIN + MONTH, throughMinute: ORIGIN + MONTH / 2 };
const over = { ...halfway, throughMinute: ORIGIN + MONTH };

describe("downtime", () => {
  // The first four are the reference's (sla.md, 1): .1 % of 28, 29, 30 and 31 days.
  test.each<[number, number, 1 | 5 | 10, number]>([
    [0.999, 40_320, 1, 40.32],
    [0.999, 41_760, 1, 41.76],
    [0.999, 43_200, 1, 43.2],
    [0.999, 44_640, 1, 44.64],
    [0.9999, 43_200, 1, 4.32],
    [0.99999, 43_200, 1, 0.432],
    [0.9995, 8_640, 5, 21.6],
    [0.99, 4_320, 10, 432],
    [0.9995, 525_600, 1, 262.8],
    [1, 43_200, 1, 0],
  ])("%d of %d slots of %d min leaves %d minutes", (target, slotsWhole, slotMinutes, allowed) => {
    const objective = slotsObjective({ target, slotMinutes });
    const budget = slotsBudget(objective, slotsOf({ counted: slotsWhole }), { ...over, slotsWhole });
    expect(budget.allowed).toBe(allowed);
    expect(budget).toMatchObject({ unit: "minute", used: 0, left: allowed, exhausted_at: null });
  });

  const half = (minutes: number, own: Partial<SlotsFigures> = {}) =>
    slotsBudget(slotsObjective({}), slotsOf({ minutes_down: minutes, ...own }), { ...halfway, slotsWhole: MONTH });

  test.each<[string, number, number, number, number | null]>([
    ["nothing used", 0, 43.2, 0, null],
    ["exactly at pace: used up at the end, which is not within", 21.6, 21.6, 1, null],
    ["a quarter too fast: after 24 of 30 days", 27, 16.2, 1.25, ORIGIN + MONTH * 0.8],
    ["used up at this moment", 43.2, 0, 2, ORIGIN + MONTH / 2],
    ["overdrawn: nobody knows since when", 50, -6.8, 50 / 21.6, null],
  ])("%s", (_, used, left, burnRate, exhausted) => {
    const budget = half(used);
    expect(budget.left).toBe(left);
    expect(budget.burn_rate).toBeCloseTo(burnRate, 12);
    expect(budget.exhausted_at).toBe(exhausted === null ? null : exhausted * MS);
  });

  test("what has passed is told by slots, not by the clock", () => {
    // Half of the month has passed, but most of it was paused: 2,160 slots were, 19,440 are to come.
    const budget = slotsBudget(slotsObjective({}), slotsOf({ counted: 2_160, minutes_down: 2.16 }), {
      ...halfway,
      slotsWhole: 21_600,
    });
    expect(budget).toMatchObject({ allowed: 21.6, left: 19.44 });
    expect(budget.burn_rate).toBeCloseTo(1, 12);
  });

  test("nothing measured, nothing passed, nothing expected, nothing allowed: no rate", () => {
    expect(half(0, { value: null, unmeasured: 21_600 }).burn_rate).toBeNull();
    const start = { ...halfway, throughMinute: ORIGIN };
    expect(slotsBudget(slotsObjective({}), slotsOf({ counted: 0 }), { ...start, slotsWhole: MONTH })).toEqual({
      unit: "minute",
      allowed: 43.2,
      used: 0,
      left: 43.2,
      burn_rate: null,
      exhausted_at: null,
    });
    expect(slotsBudget(slotsObjective({}), slotsOf({ counted: 0 }), { ...start, slotsWhole: 0 })).toMatchObject({
      allowed: 0,
      burn_rate: null,
    });
    const strict = slotsBudget(slotsObjective({ target: 1 }), slotsOf({ minutes_down: 3 }), {
      ...halfway,
      slotsWhole: MONTH,
    });
    expect(strict).toEqual({ unit: "minute", allowed: 0, used: 3, left: -3, burn_rate: null, exhausted_at: null });
  });

  test("a period that is over runs out of nothing any more", () => {
    const figures = slotsOf({ counted: MONTH, minutes_down: 43 });
    const budget = slotsBudget(slotsObjective({}), figures, { ...over, slotsWhole: MONTH });
    expect(budget).toMatchObject({ left: 0.2, exhausted_at: null });
    expect(budget.burn_rate).toBeCloseTo(43 / 43.2, 12);
  });
});

describe("messages", () => {
  test.each<[string, number, number, number, number, number | null]>([
    ["a month of 864,000, half passed", 0.9999, 432_000, 0, 86.4, null],
    ["used up after two thirds", 0.9999, 432_000, 64.8, 86.4, ORIGIN + (MONTH * 2) / 3],
    ["P99 of the same", 0.99, 432_000, 8_640, 8_640, ORIGIN + MONTH / 2],
    ["one more is overdrawn", 0.99, 432_000, 8_641, 8_640, null],
  ])("%s", (_, target, attempted, bad, allowed, exhausted) => {
    const budget = proportionBudget(target, proportionOf(attempted, bad), { ...halfway, messagesToCome: 432_000 });
    expect(budget).toMatchObject({ unit: "message", allowed, used: bad });
    expect(budget.burn_rate).toBeCloseTo(bad / attempted / (1 - target), 9);
    expect(budget.exhausted_at).toBe(exhausted === null ? null : exhausted * MS);
  });

  test("nothing attempted, and nothing passed", () => {
    const nothing = { unit: "message", allowed: 0, used: 0, left: 0, burn_rate: null, exhausted_at: null };
    expect(proportionBudget(0.9999, proportionOf(0, 0), { ...halfway, messagesToCome: 0 })).toEqual(nothing);
    const start = { ...halfway, throughMinute: ORIGIN, messagesToCome: 864_000 };
    expect(proportionBudget(0.9999, proportionOf(0, 0), start)).toEqual({ ...nothing, allowed: 86.4, left: 86.4 });
  });

  test("a fleet that begins late in the period has no budget of the time before it", () => {
    // 100 messages in the last five minutes but five: 100 more are to come, and one bad one of them is at its pace.
    const last = { toMinute: ORIGIN + MONTH, throughMinute: ORIGIN + MONTH - 5, messagesToCome: 100 };
    expect(proportionBudget(0.99, proportionOf(100, 1), last)).toMatchObject({ allowed: 2, burn_rate: 1 });
    const figures = slotsOf({ counted: 5, minutes_down: 1 });
    const budget = slotsBudget(slotsObjective({ target: 0.85 }), figures, { ...last, slotsWhole: 10 });
    expect(budget.exhausted_at).toBe((ORIGIN + MONTH - 2.5) * MS);
  });

  test("a period that is over allows of what there was", () => {
    const budget = proportionBudget(0.9999, proportionOf(862_200, 1_082), { ...over, messagesToCome: 0 });
    expect(budget).toMatchObject({ allowed: 86.22, left: -995.78, exhausted_at: null });
  });
});

test("at a steady pace the budget runs out exactly when it says", () => {
  const random = mulberry32(41);
  let told = 0;
  for (let round = 0; round < 2_000; round++) {
    const elapsed = between(random, 1, MONTH - 1);
    const used = between(random, 1, 60);
    const time = { ...halfway, throughMinute: ORIGIN + elapsed };
    const figures = slotsOf({ counted: elapsed, minutes_down: used });
    const budget = slotsBudget(slotsObjective({}), figures, { ...time, slotsWhole: MONTH });
    const rate = budget.burn_rate ?? 0;
    expect(rate).toBeCloseTo(used / 43.2 / (elapsed / MONTH), 6);
    // Told exactly while it is not overdrawn and too fast for the period.
    expect(budget.exhausted_at !== null).toBe(used <= 43 && rate > 1);
    if (budget.exhausted_at === null) continue;
    told++;
    const after = budget.exhausted_at / MS - ORIGIN;
    expect((used / elapsed) * after).toBeCloseTo(43.2, 3);
    expect(after).toBeGreaterThanOrEqual(elapsed);
    expect(after).toBeLessThan(MONTH);
  }
  console.log(`budget: 2000 paces, ${told} with an end within the period`);
  expect(told).toBeGreaterThan(300);
});
