// Aim: minutes become slots and sums as sla.md, sections 2 to 4.7, has it: what is measured, bad, excluded, down. Method: minutes
// written as signs; tables of rules at their borders; a stretch cut at every minute.

import { describe, expect, test } from "vitest";
import type { Objective, SlotsObjective } from "../../workers/config/contracts/contract.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import { mergeParts } from "../../workers/sla/merge.ts";
import type { ExcludedSpan, Part } from "../../workers/sla/part.ts";
import { ORIGIN, contractOf, slotsObjective } from "./golden-month.ts";
import { countsPart, minuteOf, slotsOf, slotsPart, span, streamOf } from "./sla-minutes.ts";

const ALL_FAIL = slotsObjective({ downIf: { rule: "all-fail" } });
const RATIO: Objective = { id: "r", kind: "ratio", journey: "loop", target: 0.99, withinMs: 200, confidence: 0.95 };

describe("a minute", () => {
  test("is measured, unmeasured for a reason, or outside", () => {
    const { applied } = slotsOf(ALL_FAIL, ".x?fu-!..");
    expect(applied).toMatchObject({ counted: 9, unmeasured: 5, excluded: 0, gaps: [] });
    expect(applied.unmeasuredMinutes).toEqual({ controls: 1, never_scheduled: 2, silent: 1, too_few: 1 });
    expect(slotsOf(ALL_FAIL, ".x?fu__..").applied).toMatchObject({ counted: 7, unmeasured: 3, runs: applied.runs });
    expect(applied.runs).toEqual([
      { fromMinute: ORIGIN + 1, toMinute: ORIGIN + 2, slots: 1, down: 1, bad: 20, attempted: 20 },
    ]);
  });

  test("needs half of what was scheduled, and something", () => {
    const cases = [
      { minute: minuteOf({ ok: 10 }), measured: true },
      { minute: minuteOf({ ok: 9 }), measured: false },
      { minute: minuteOf({ ok: 4, lost: 3, error: 3 }), measured: true },
      { minute: minuteOf({ scheduled: 0, ok: 0 }), measured: false },
      { minute: minuteOf({ unfit: "clock_step" }), measured: false },
    ];
    for (const { minute, measured } of cases) {
      const stream = { ...streamOf("."), minutes: new Map([[ORIGIN, minute]]) };
      const part = foldPart(contractOf([ALL_FAIL]), ORIGIN, ORIGIN, ORIGIN + 1, [stream], []);
      expect(slotsPart(part, "weur").applied.unmeasured).toBe(measured ? 0 : 1);
    }
  });

  test("has a slot only as the cadence says: every third minute from the epoch on, in its schedule and beside it", () => {
    const schedules = [{ fromMinute: ORIGIN + 1, untilMinute: ORIGIN + 9, everyMs: 180_000 }];
    const part = foldPart(contractOf([ALL_FAIL]), ORIGIN, ORIGIN, ORIGIN + 12, [streamOf("", { schedules })], []);
    expect(ORIGIN % 3).toBe(0);
    const { applied } = slotsPart(part, "weur");
    expect(applied).toMatchObject({ counted: 4, unmeasured: 4 });
    // 3 and 6 of the schedule; 0 and 9 of what is beside it.
    expect(applied.unmeasuredMinutes).toEqual({ silent: 2, never_scheduled: 2 });
  });

  test("schedules that overlap are a broken belief", () => {
    const one = { fromMinute: ORIGIN, untilMinute: null, everyMs: 60_000 };
    const stream = streamOf("..", { schedules: [one, { ...one, fromMinute: ORIGIN + 1 }] });
    expect(() => foldPart(contractOf([ALL_FAIL]), ORIGIN, ORIGIN, ORIGIN + 2, [stream], [])).toThrow("two schedules");
  });
});

test("several streams of one region and journey: any measured one measures, and only those add", () => {
  const count = slotsObjective({ downIf: { rule: "count", gte: 1 } });
  const streams = [streamOf("3?-?-u?"), streamOf("u.4?-u1")];
  const part = foldPart(contractOf([count, RATIO]), ORIGIN, ORIGIN, ORIGIN + 7, streams, []);
  expect(slotsPart(part, "weur").applied).toMatchObject({
    counted: 7,
    unmeasured: 3,
    unmeasuredMinutes: { silent: 1, controls: 1, never_scheduled: 1 },
    runs: [
      { fromMinute: ORIGIN, bad: 3, attempted: 20 },
      { fromMinute: ORIGIN + 2, bad: 4, attempted: 20 },
      { fromMinute: ORIGIN + 6, bad: 1, attempted: 20 },
    ],
  });
  const twice = foldPart(contractOf([count, RATIO]), ORIGIN, ORIGIN, ORIGIN + 2, [streamOf("1."), streamOf("25")], []);
  expect(slotsPart(twice, "weur").applied.runs).toMatchObject([{ slots: 2, bad: 8, attempted: 80 }]);
  expect(countsPart(twice, "weur", 1).applied).toMatchObject({ n: 80, bad: 8, minutes: 2, badBad: 34, nn: 3_200 });
  const [one, other] = [streamOf("f"), streamOf("?")];
  for (const both of [
    [one, other],
    [other, one],
  ]) {
    const silent = foldPart(contractOf([count]), ORIGIN, ORIGIN, ORIGIN + 1, both, []);
    expect(slotsPart(silent, "weur").applied.unmeasuredMinutes).toEqual({ too_few: 1 });
  }
});

describe("how much of the counts is known", () => {
  const fold = (streams: readonly Stream[], size: number, spans: readonly ExcludedSpan[] = []) =>
    countsPart(foldPart(contractOf([RATIO]), ORIGIN, ORIGIN, ORIGIN + size, streams, spans), "weur");

  test("minutes that were measured, and those that were not, without excluded ones and those without a round", () => {
    const { applied, raw } = fold([streamOf("1.?fu-!x?")], 9, [span(1, 3), span(5, 6)]);
    expect(applied).toMatchObject({ n: 40, minutes: 2, measured: 2, unmeasured: 4 });
    expect(raw).toMatchObject({ n: 60, minutes: 3, measured: 3, unmeasured: 6 });
    const slow = fold([streamOf("1.?fu__x?")], 9, [span(1, 3), span(5, 6)]);
    expect(slow.applied).toMatchObject({ n: 40, minutes: 2, measured: 2, unmeasured: 3 });
    expect(slow.raw).toMatchObject({ n: 60, minutes: 3, measured: 3, unmeasured: 4 });
  });

  test("several streams of one region are one: a minute is unmeasured if none of them measured it", () => {
    const { applied } = fold([streamOf(".?-?u"), streamOf(".f?-.")], 5);
    expect(applied).toMatchObject({ n: 60, measured: 2, unmeasured: 3 });
  });

  test("two of thirty days: the others are unknown, none is made up", () => {
    const signs = ".".repeat(2 * 1_440) + "?".repeat(28 * 1_440);
    expect(fold([streamOf(signs)], 30 * 1_440).applied).toMatchObject({ measured: 2_880, unmeasured: 40_320 });
  });
});

describe("with and without exclusions", () => {
  const objectives = [ALL_FAIL, RATIO];
  const contract = contractOf(objectives, { regions: ["weur", "enam"], regionRule: "any-down" });
  const streams = [streamOf(".x.?..", { region: "weur" }), streamOf("..1...", { region: "enam" })];
  const fold = (from: number, to: number, spans: readonly ExcludedSpan[]) =>
    foldPart(contract, ORIGIN, ORIGIN + from, ORIGIN + to, streams, spans);
  const same = (part: Part) =>
    part.scopes.map(({ region, objectives: own }) => [region, ...own.map(({ applied, raw }) => applied === raw)]);

  test("is one object where no exclusion touches a part, however it was merged, and two from the first on", () => {
    const all = [
      ["weur", true, true],
      ["enam", true, true],
      [null, true, true],
    ];
    const outside = [span(-3, 0), span(6, 9), span(0, 6, ["oc"])];
    expect(same(fold(0, 6, outside))).toEqual(all);
    const merged = mergeParts(mergeParts(fold(0, 0, []), fold(0, 2, outside)), fold(2, 4, []));
    expect(same(merged)).toEqual(all);
    expect(slotsPart(merged, null)).toEqual(slotsPart(fold(0, 4, []), null));
    const some = [
      ["weur", false, false],
      ["enam", true, true],
      [null, false, false],
    ];
    const touched = fold(4, 6, [span(4, 5, ["weur"])]);
    expect([same(touched), same(mergeParts(merged, touched))]).toEqual([some, some]);
    expect(same(mergeParts(touched, foldPart(contract, ORIGIN, ORIGIN + 6, ORIGIN + 8, streams, [])))).toEqual(some);
    const whole = fold(0, 6, [span(4, 5, ["weur"])]);
    for (const region of ["weur", null])
      expect(slotsPart(mergeParts(merged, touched), region)).toEqual(slotsPart(whole, region));
    // Those of the last minutes differ, and so do the sums: one was not taken for the other.
    const { applied, raw } = countsPart(mergeParts(merged, touched), null, 1);
    expect([applied.n, raw.n]).toEqual([200, 220]);
  });
});

describe("what is bad", () => {
  const minute = minuteOf({
    lost: 1,
    error: 6,
    connectFail: 2,
    over: [
      { limitMs: 200, count: 5 },
      { limitMs: 500, count: 3 },
    ],
  });
  const stream = { ...streamOf("."), minutes: new Map([[ORIGIN, minute]]) };
  const cases: readonly [SlotsObjective["bad"], number | null, number][] = [
    [["lost"], null, 1],
    [["error"], null, 6],
    [["connect-fail"], null, 2],
    [["error", "connect-fail"], null, 6],
    [["lost", "error"], null, 7],
    [["late"], 200, 5],
    [["late"], 500, 3],
    [["lost", "connect-fail", "late"], 500, 6],
    [["lost", "error", "late", "connect-fail"], 200, 12],
  ];
  test.each(cases)("%j with a limit of %j: %i", (bad, lateMs, count) => {
    const objective = slotsObjective({ bad, lateMs, downIf: { rule: "count", gte: 1 } });
    const part = foldPart(contractOf([objective]), ORIGIN, ORIGIN, ORIGIN + 1, [stream], []);
    expect(slotsPart(part, "weur").applied.runs).toMatchObject([{ bad: count, attempted: 20 }]);
  });

  test("a limit that was not counted makes the minute unknown, unless nothing was delivered", () => {
    const minutes = new Map([
      [ORIGIN, minuteOf({ lost: 2, over: [{ limitMs: 200, count: 3 }] })],
      [ORIGIN + 1, minuteOf({ lost: 2, over: [{ limitMs: 250, count: 3 }] })],
      [ORIGIN + 2, minuteOf({ lost: 20, over: [] })],
    ]);
    const late = slotsObjective({ bad: ["lost", "late"], lateMs: 200, downIf: { rule: "count", gte: 5 } });
    const quantile: Objective = {
      id: "q",
      kind: "quantile",
      journey: "loop",
      q: 0.99,
      confidence: 0.95,
      limitMs: 125,
      countedMs: 250,
      direction: "delivery",
    };
    const contract = contractOf([late, RATIO, quantile, ALL_FAIL, { ...RATIO, id: "d", withinMs: null }]);
    const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 3, [{ ...streamOf("..."), minutes }], []);
    expect(slotsPart(part, "weur").applied).toMatchObject({
      counted: 3,
      unmeasured: 1,
      unmeasuredMinutes: { limit_not_counted: 1 },
      runs: [
        { bad: 5, attempted: 20 },
        { bad: 20, attempted: 20 },
      ],
    });
    expect(countsPart(part, "weur", 1).applied).toMatchObject({ n: 40, bad: 25, unjudged: 20, minutes: 2 });
    expect(countsPart(part, "weur", 2).applied).toMatchObject({ n: 40, bad: 25, unjudged: 20, badBad: 425, badN: 500 });
    // What did not count the limit was measured, and its messages are known: no message is unknown twice.
    expect(countsPart(part, "weur", 1).applied).toMatchObject({ measured: 2, unmeasured: 0 });
    expect(slotsPart(part, "weur", 3).applied).toMatchObject({ unmeasured: 0, unmeasuredMinutes: {} });
    expect(countsPart(part, "weur", 4).applied).toMatchObject({ n: 60, bad: 24, unjudged: 0, minutes: 3 });
    // Of two streams one counted it: what is late of both is unknown.
    const both = [{ ...streamOf("..."), minutes }, streamOf("...")];
    const sum = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 3, both, []);
    expect(slotsPart(sum, "weur").applied.unmeasuredMinutes).toEqual({ limit_not_counted: 1 });
    expect(countsPart(sum, "weur", 1).applied).toMatchObject({ n: 80, unjudged: 40 });
  });
});

describe("when a slot is down", () => {
  const at = (scheduled: number, lost: number, downIf: SlotsObjective["downIf"], own: Partial<SlotsObjective> = {}) => {
    const stream = { ...streamOf("."), minutes: new Map([[ORIGIN, minuteOf({ scheduled, lost })]]) };
    const contract = contractOf([slotsObjective({ downIf, ...own })]);
    const { applied } = slotsPart(foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 1, [stream], []), "weur");
    return [applied.runs[0]?.down ?? 0, applied.coarse, applied.unmeasured];
  };
  const rate = (op: ">" | ">=", value: number) => ({ rule: "rate", op, value }) as const;
  const cases: readonly [number, number, SlotsObjective["downIf"], number, number][] = [
    [20, 4, rate(">=", 0.2), 1, 0],
    [20, 3, rate(">=", 0.2), 0, 0],
    [20, 4, rate(">", 0.2), 0, 0],
    [20, 5, rate(">", 0.2), 1, 0],
    // .07 x 100 is 7.000000000000001 and .29 x 100 is 28.999999999999996.
    [100, 7, rate(">=", 0.07), 1, 0],
    [100, 7, rate(">", 0.07), 0, 0],
    [100, 29, rate(">", 0.29), 0, 0],
    [100, 29, rate(">=", 0.29), 1, 0],
    [20, 1, rate(">", 0.05), 0, 0],
    [19, 1, rate(">", 0.05), 1, 1],
    [20, 0, rate(">", 0.01), 0, 1],
    [100, 1, rate(">=", 0.01), 1, 0],
    [20, 20, { rule: "all-fail" }, 1, 0],
    [20, 19, { rule: "all-fail" }, 0, 0],
    [20, 5, { rule: "count", gte: 5 }, 1, 0],
    [20, 4, { rule: "count", gte: 5 }, 0, 0],
    [4, 4, { rule: "count", gte: 5 }, 0, 1],
    [5, 4, { rule: "count", gte: 5 }, 0, 0],
    [20, 5, { rule: "fractional" }, 0.25, 0],
    [20, 0, { rule: "fractional" }, 0, 0],
  ];
  test.each(cases)("%i attempted, %i lost, %j: %d down, %i coarse", (scheduled, lost, downIf, down, coarse) => {
    expect(at(scheduled, lost, downIf)).toEqual([down, coarse, 0]);
  });

  test("fewer samples than the rule wants are no judgement, whatever they say", () => {
    expect(at(20, 20, { rule: "all-fail" }, { minSamples: 21 })).toEqual([0, 0, 1]);
    expect(at(20, 20, rate(">", 0.01), { minSamples: 21 })).toEqual([0, 0, 1]);
    expect(at(20, 20, { rule: "all-fail" }, { minSamples: 20 })).toEqual([1, 0, 0]);
  });
});

describe("slots of five minutes", () => {
  const five = slotsObjective({ slotMinutes: 5, downIf: { rule: "all-fail" }, minRunSlots: 2 });

  test("a slot is excluded only if all of its expected minutes are", () => {
    const both = slotsOf(five, "xxxxx x.... ___x_ xx...", [span(0, 5), span(6, 10), span(13, 17)]);
    expect(both.applied).toMatchObject({ counted: 2, excluded: 2, unmeasured: 0, runs: [{ slots: 1, attempted: 20 }] });
    expect(both.raw).toMatchObject({ counted: 4, excluded: 0, runs: [{ slots: 1 }, { fromMinute: ORIGIN + 10 }] });
    // The half of the last slot that is kept has no bad minute in it.
    expect(both.applied.runs).toEqual([
      { fromMinute: ORIGIN + 5, toMinute: ORIGIN + 10, slots: 1, down: 1, bad: 20, attempted: 20 },
    ]);
    // Minutes that were never scheduled are not excluded with the one that was.
    const never = slotsOf(five, "xxxxx x.... ---x- xx...", [span(0, 5), span(6, 10), span(13, 17)]);
    expect(never.applied).toMatchObject({ counted: 3, excluded: 1, unmeasured: 1, runs: both.applied.runs });
    expect(never.applied.unmeasuredMinutes).toEqual({ never_scheduled: 3 });
    expect(never.raw).toMatchObject({ counted: 4, excluded: 0, unmeasured: 0, runs: both.raw.runs });
  });

  test("is unmeasured only if too little was sent in all of it, and a run goes over borders", () => {
    const { applied } = slotsOf(five, "????? ????x xxxxx fffuu ----- x-?xx");
    expect(applied).toMatchObject({ counted: 6, unmeasured: 3, coarse: 0 });
    expect(applied.runs.map(({ slots, attempted }) => [slots, attempted])).toEqual([
      [2, 120],
      [1, 60],
    ]);
    expect(applied.gaps).toEqual([
      { fromMinute: ORIGIN, toMinute: ORIGIN + 5 },
      { fromMinute: ORIGIN + 15, toMinute: ORIGIN + 25 },
    ]);
    expect(applied.unmeasuredMinutes).toEqual({ silent: 10, too_few: 3, controls: 2, never_scheduled: 6 });
  });

  test("is outside without any round, and ends a run and a gap", () => {
    const { applied } = slotsOf(five, "xxxxx _____ x___x ????? _____ ?????");
    expect(applied).toMatchObject({ counted: 4, unmeasured: 2 });
    expect(applied.runs.map(({ slots, attempted }) => [slots, attempted])).toEqual([
      [1, 100],
      [1, 40],
    ]);
    expect(applied.gaps).toEqual([
      { fromMinute: ORIGIN + 15, toMinute: ORIGIN + 20 },
      { fromMinute: ORIGIN + 25, toMinute: ORIGIN + 30 },
    ]);
    expect(applied.unmeasuredMinutes).toEqual({ silent: 10 });
  });

  test("excluded minutes are unknown for no reason", () => {
    const both = slotsOf(five, "????. ?????", [span(2, 10)]);
    expect(both.applied.unmeasuredMinutes).toEqual({ silent: 2 });
    expect(both.raw.unmeasuredMinutes).toEqual({ silent: 9 });
    expect(both.applied).toMatchObject({ counted: 1, unmeasured: 1, excluded: 1 });
  });

  test("a border that cuts a slot is refused, counted from where the segment begins", () => {
    const fold = (from: number, to: number) =>
      foldPart(contractOf([five]), ORIGIN + 3, ORIGIN + from, ORIGIN + to, [], []);
    expect(fold(3, 8)).toMatchObject({ fromMinute: ORIGIN + 3, toMinute: ORIGIN + 8 });
    expect(() => fold(0, 8)).toThrow(RangeError);
    expect(() => fold(3, 10)).toThrow(`minute ${ORIGIN + 10} cuts a slot of 5 minutes of availability`);
    expect(() => fold(8, 3)).toThrow(RangeError);
  });
});

test("runs end at anything that is not down, and join where parts meet", () => {
  const signs = "xx.xx?xx-xxxxx";
  const contract = contractOf([slotsObjective({ minRunSlots: 3 })]);
  const fold = (from: number, to: number, spans: ExcludedSpan[]) =>
    foldPart(contract, ORIGIN, ORIGIN + from, ORIGIN + to, [streamOf(signs)], spans);
  const whole = fold(0, 14, [span(11, 12)]);
  const lengths = (part: Part) => slotsPart(part, "weur").applied.runs.map((run) => run.slots);
  expect(lengths(whole)).toEqual([2, 2, 2, 2, 2]);
  expect(slotsPart(whole, "weur").raw.runs.map((run) => run.slots)).toEqual([2, 2, 2, 5]);
  for (let cut = 1; cut < 14; cut++) {
    const [a, b] = [fold(0, cut, [span(11, 12)]), fold(cut, 14, [span(11, 12)])];
    expect(mergeParts(a, b)).toEqual(whole);
  }
});

test("excluded slots are dropped, or counted as up", () => {
  const drop = slotsOf(ALL_FAIL, "x?xx.", [span(1, 3)]).applied;
  const up = slotsOf({ ...ALL_FAIL, excludedSlots: "count-up" }, "x?xx.", [span(1, 3)]);
  expect(drop).toMatchObject({ counted: 3, unmeasured: 0, excluded: 2, runs: [{ slots: 1 }, { slots: 1 }] });
  expect(up.applied).toEqual({ ...drop, counted: 5 });
  expect(up.raw).toMatchObject({ counted: 5, unmeasured: 1, excluded: 0 });
});

test("parts that do not follow each other, or are of other contracts, do not merge", () => {
  const fold = (objectives: readonly Objective[], from: number, to: number, own = {}) =>
    foldPart(contractOf(objectives, own), ORIGIN, ORIGIN + from, ORIGIN + to, [], []);
  const first = fold([ALL_FAIL, RATIO], 0, 5);
  expect(mergeParts(first, fold([ALL_FAIL, RATIO], 5, 5))).toEqual(first);
  const others = [
    fold([ALL_FAIL, RATIO], 6, 9),
    fold([ALL_FAIL, RATIO], 4, 9),
    fold([ALL_FAIL], 5, 9),
    fold([ALL_FAIL, { ...RATIO, id: "other" }], 5, 9),
    fold([RATIO, ALL_FAIL], 5, 9),
    fold([{ ...RATIO, id: "availability" }, RATIO], 5, 9),
    fold([ALL_FAIL, RATIO], 5, 9, { regions: ["oc"] }),
    fold([ALL_FAIL, RATIO], 5, 9, { regionRule: "any-down" }),
  ];
  for (const other of others) expect(() => mergeParts(first, other)).toThrow(RangeError);
});
