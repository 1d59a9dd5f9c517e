// Aim: the figures of a period are the contract's own arithmetic, and Sonde's word holds whatever the unknown slots were. Method:
// parts by hand for each option; targets met exactly at their border; and for seeded stretches, every way in which the
// unmeasured and the coming slots could have turned out.

import { describe, expect, test } from "vitest";
import type { SlotsObjective } from "../../workers/config/contracts/contract.ts";
import { countedRuns, slotsFigures } from "../../workers/sla/availability.ts";
import type { SlotsPart } from "../../workers/sla/part.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { slotsObjective } from "./golden-month.ts";
import { slotsOf, span } from "./sla-minutes.ts";

/** A part of one run with so much down. */
function partOf(counted: number, down: number, own: Partial<SlotsPart> = {}): SlotsPart {
  const slots = Math.ceil(down);
  const run = { fromMinute: 0, toMinute: slots, slots, down, bad: 0, attempted: 0 };
  const runs = down === 0 ? [] : [run];
  return { counted, unmeasured: 0, excluded: 0, coarse: 0, runs, gaps: [], unmeasuredMinutes: {}, ...own };
}

describe("the contract's own share", () => {
  const silent = partOf(1_000, 10, { unmeasured: 100 });
  const cases: readonly [SlotsObjective["belowMin"], SlotsObjective["denominator"], number, number][] = [
    ["unmeasured", "measured", 890, 900],
    ["unmeasured", "all", 990, 1_000],
    ["up", "measured", 990, 1_000],
    ["up", "all", 990, 1_000],
    ["down", "all", 890, 1_000],
    ["down", "measured", 890, 1_000],
  ];
  test.each(cases)("silence is %s, of %s slots: %i of %i", (belowMin, denominator, up, of) => {
    const figures = slotsFigures(slotsObjective({ target: up / of, belowMin, denominator }), silent, 0);
    // What is known and what is not is the same whatever the contract makes of it.
    const bounds = {
      counted: 1_000,
      down: 10,
      unmeasured: 100,
      low: 0.89,
      high: 0.99,
      coverage: 0.9,
      minutes_down: 10,
    };
    expect(figures).toMatchObject({ ...bounds, value: up / of, contract_says: "met" });
    const stricter = slotsObjective({ target: up / of + 1e-5, belowMin, denominator });
    expect(slotsFigures(stricter, silent, 0).contract_says).toBe("breached");
  });

  test("a target is met exactly at its border: 43.2 of 43,200 at 99.9 %", () => {
    const objective = slotsObjective({ downIf: { rule: "fractional" }, belowMin: "up", denominator: "all" });
    expect(slotsFigures(objective, partOf(43_200, 43.2), 0)).toMatchObject({ contract_says: "met", verdict: "met" });
    const over = slotsFigures(objective, partOf(43_200, 43.200001), 0);
    expect(over).toMatchObject({ contract_says: "breached", verdict: "breached" });
  });

  test("so it is for each target that people write", () => {
    let tried = 0;
    for (const target of [0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999]) {
      // Periods whose allowance is a whole number of slots.
      const each = Math.round(1 / (1 - target));
      for (const allowed of [1, 2, 3, 7, 43, 525]) {
        const counted = each * allowed;
        const objective = slotsObjective({ target });
        const at = slotsFigures(objective, partOf(counted, allowed), 0);
        const over = slotsFigures(objective, partOf(counted, allowed + 1), 0);
        expect([counted, at.contract_says, at.verdict]).toEqual([counted, "met", "met"]);
        expect([counted, over.contract_says, over.verdict]).toEqual([counted, "breached", "breached"]);
        tried++;
      }
    }
    expect(tried).toBe(54);
  });

  test("downtime is of counted runs, and rounded run by run where the contract says so", () => {
    const objective = slotsObjective({ slotMinutes: 5, downIf: { rule: "fractional" } });
    const run = { fromMinute: 0, toMinute: 5, slots: 1, down: 0.3, bad: 30, attempted: 100 };
    const long = { ...run, fromMinute: 50, toMinute: 60, slots: 2, down: 1.05 };
    const part = partOf(1_000, 0, { runs: [run, long] });
    const rounded = { ...objective, runRounding: "ceil-minute" } as const;
    expect(slotsFigures(objective, part, 0)).toMatchObject({ down: 1.35, minutes_down: 6.75, value: 998.65 / 1_000 });
    expect(slotsFigures(rounded, part, 0)).toMatchObject({ down: 1.35, minutes_down: 8 });
    expect(slotsFigures({ ...rounded, minRunSlots: 2 }, part, 0)).toMatchObject({ down: 1.05, minutes_down: 6 });
    expect(countedRuns({ ...objective, minRunSlots: 2 }, part)).toEqual([long]);
    // What was kept in binary fractions reads as what it is.
    const fifth = partOf(1_000, 0, { runs: [{ ...run, down: Math.round(0.2 * 2 ** 32) / 2 ** 32 }] });
    expect(slotsFigures(rounded, fifth, 0)).toMatchObject({ down: 0.2, minutes_down: 1, value: 999.8 / 1_000 });
  });

  test("what was never measured has no share, and says nothing", () => {
    const nothing = { value: null, contract_says: "no_data", verdict: "no_data", coverage: 0, low: 0, high: 1 };
    for (const belowMin of ["unmeasured", "up", "down"] as const) {
      const objective = slotsObjective({ belowMin, denominator: "all" });
      expect(slotsFigures(objective, partOf(50, 0, { unmeasured: 50 }), 100)).toMatchObject(nothing);
      expect(slotsFigures(objective, partOf(0, 0, { excluded: 9 }), 0)).toMatchObject({ ...nothing, excluded: 9 });
    }
  });
});

describe("excluded slots that count as up", () => {
  const objective = slotsObjective({ target: 0.9, excludedSlots: "count-up", belowMin: "up", denominator: "all" });
  const nothing = { value: null, contract_says: "no_data", verdict: "no_data", coverage: 0 };

  test("are no measurement: a day of them and silence, or nothing else, is no data", () => {
    const cases: readonly [counted: number, unmeasured: number, excluded: number][] = [
      [43_200, 41_760, 1_440],
      [1_440, 0, 1_440],
      [100, 100, 0],
    ];
    for (const [counted, unmeasured, excluded] of cases) {
      const part = partOf(counted, 0, { unmeasured, excluded });
      for (const own of [objective, slotsObjective({ excludedSlots: "count-up" })]) {
        expect(slotsFigures(own, part, 0)).toMatchObject({ ...nothing, counted, unmeasured, excluded });
      }
    }
    // Dropped ones are in no count to begin with.
    const dropped = { ...objective, excludedSlots: "drop" } as const;
    expect(slotsFigures(dropped, partOf(1_440, 0, { excluded: 1_440 }), 0)).toMatchObject({ value: 1, coverage: 1 });
  });

  test("are in the contract's share and not in the coverage", () => {
    const part = partOf(100, 6, { unmeasured: 40, excluded: 20 });
    expect(slotsFigures(objective, part, 0)).toMatchObject({ value: 0.94, coverage: 0.5, low: 0.54, high: 0.94 });
    const measured = slotsObjective({ target: 0.9, excludedSlots: "count-up" });
    expect(slotsFigures(measured, part, 0)).toMatchObject({ value: 54 / 60, contract_says: "met", coverage: 0.5 });
    expect(slotsOf(measured, "..xx..", [span(2, 4)]).applied).toMatchObject({ counted: 6, excluded: 2, runs: [] });
  });
});

describe("Sonde's word", () => {
  const objective = slotsObjective({ target: 0.9 });

  test("is on the whole period: what is to come is unknown", () => {
    const cases: readonly [down: number, unmeasured: number, toCome: number, verdict: string][] = [
      [0, 10, 0, "met"],
      [0, 11, 0, "undetermined"],
      [5, 5, 0, "met"],
      [10, 0, 0, "met"],
      [11, 0, 0, "breached"],
      [0, 0, 11, "met"],
      [0, 0, 12, "undetermined"],
      [11, 0, 9, "breached"],
      [11, 0, 10, "undetermined"],
      [10, 20, 0, "undetermined"],
      [11, 20, 100, "undetermined"],
    ];
    for (const [down, unmeasured, toCome, verdict] of cases) {
      const figures = slotsFigures(objective, partOf(100, down, { unmeasured }), toCome);
      expect([down, unmeasured, toCome, figures.verdict]).toEqual([down, unmeasured, toCome, verdict]);
      // The shares are of what has been.
      expect([figures.low, figures.high]).toEqual([(100 - down - unmeasured) / 100, (100 - down) / 100]);
    }
  });

  test("is that the samples are too few where slots too coarse for the rule could decide it", () => {
    const verdict = (coarse: number, down: number) => slotsFigures(objective, partOf(100, down, { coarse }), 0).verdict;
    expect([verdict(10, 0), verdict(11, 0), verdict(10, 11), verdict(11, 11)]).toEqual([
      "met",
      "resolution_insufficient",
      "breached",
      "resolution_insufficient",
    ]);
    expect(slotsFigures(objective, partOf(100, 11, { coarse: 11 }), 0).contract_says).toBe("breached");
  });

  test("does not call a run short that silence may have cut", () => {
    const runs = slotsObjective({ target: 0.9, minRunSlots: 3 });
    const cases: readonly [signs: string, down: number, low: number][] = [
      ["xx?xx ...............", 0, 15],
      ["xx.?. ...............", 0, 19],
      ["xx??. ...............", 0, 16],
      ["x?.x? ...............", 0, 18],
      ["xxx?x ...............", 3, 15],
      ["xx_?x ...............", 0, 18],
      ["xx-?x ...............", 0, 15],
      ["xx-.x ...............", 0, 17],
    ];
    for (const [signs, down, low] of cases) {
      const { applied } = slotsOf(runs, signs);
      const figures = slotsFigures(runs, applied, 0);
      expect([signs, figures.down, Math.round(figures.low * figures.counted)]).toEqual([signs, down, low]);
    }
    // Where silence is down by the contract, it makes runs: four of five and none of the lonely one.
    const strict = { ...runs, belowMin: "down", denominator: "all" } as const;
    const figures = slotsFigures(strict, slotsOf(strict, "x?x..?....").applied, 0);
    expect(figures).toMatchObject({ counted: 10, down: 0, value: 0.7, low: 0.6, high: 1 });
  });

  test("a run at the end may go on", () => {
    const runs = slotsObjective({ target: 0.9, minRunSlots: 3 });
    const verdict = (signs: string) => slotsFigures(runs, slotsOf(runs, signs).applied, 1).verdict;
    expect([verdict(".................xx"), verdict(".".repeat(38) + "xx"), verdict(".".repeat(17) + "x.")]).toEqual([
      "undetermined",
      "met",
      "met",
    ]);
  });
});

test("seeded: met and breached are proven, low and high hold, whatever the unknown was", () => {
  const random = mulberry32(77);
  const seen = new Map<string, number>();
  let ways = 0;
  for (let round = 0; round < 600; round++) {
    const minRunSlots = between(random, 1, 4);
    const objective = slotsObjective({
      target: oneOf(random, [0.5, 0.7, 0.8, 0.9, 0.95]),
      downIf: { rule: "all-fail" },
      minRunSlots,
      belowMin: oneOf(random, ["unmeasured", "up", "down"]),
      denominator: oneOf(random, ["measured", "all"]),
    });
    let sign = ".";
    // Never scheduled, or without a round.
    const rare = oneOf(random, ["-", "_"]);
    const signs = Array.from(
      { length: between(random, 4, 24) },
      () => (sign = random() < 0.5 ? sign : oneOf(random, [..."...xx?", rare])),
    );
    const text = signs
      .join("")
      .replace(/\?{6,}/g, "?????")
      .replace(/-{4,}/g, "---");
    const toCome = oneOf(random, [0, 0, 1, 3]);
    if (text.replaceAll(/[^?-]/g, "").length + toCome > 9) continue;
    const figures = slotsFigures(objective, slotsOf(objective, text, [span(0, 2)]).applied, toCome);
    // What was never scheduled may have been anything.
    const kept = `ee${text.slice(2)}`.replaceAll("-", "?");
    const shares = everyWay(kept).map((way) => shareOf(way, minRunSlots));
    const whole = everyWay(kept + "?".repeat(toCome)).map((way) => shareOf(way, minRunSlots));
    const name = `${text} runs of ${minRunSlots}, ${toCome} to come`;
    if (figures.counted > 0) {
      expect([name, figures.low <= Math.min(...shares) + 1e-12]).toEqual([name, true]);
      expect([name, figures.high]).toEqual([name, Math.max(...shares)]);
      // Without a rule on runs they are the very ends.
      if (minRunSlots === 1) expect([name, figures.low]).toEqual([name, Math.min(...shares)]);
    }
    if (figures.value !== null) {
      expect(figures.low).toBeLessThanOrEqual(figures.value);
      expect(figures.high).toBeGreaterThanOrEqual(figures.value);
    }
    if (figures.verdict === "met")
      expect([name, whole.every((share) => share >= objective.target - 1e-12)]).toEqual([name, true]);
    if (figures.verdict === "breached")
      expect([name, whole.some((share) => share >= objective.target - 1e-12)]).toEqual([name, false]);
    if (figures.verdict === "undetermined" && minRunSlots === 1) {
      expect([
        name,
        whole.some((share) => share >= objective.target),
        whole.every((share) => share >= objective.target),
      ]).toEqual([name, true, false]);
    }
    seen.set(figures.verdict, (seen.get(figures.verdict) ?? 0) + 1);
    ways += whole.length;
  }
  console.log(
    `${ways} ways to fill ${[...seen.values()].reduce((a, b) => a + b)} stretches:`,
    Object.fromEntries(seen),
  );
  expect([...seen.keys()].sort()).toEqual(["breached", "met", "no_data", "undetermined"]);
  expect(ways).toBeGreaterThan(2_000);
});

/** All texts in which each `?` is `.` or `x`. */
function everyWay(text: string): string[] {
  return text.includes("?") ? [".", "x"].flatMap((sign) => everyWay(text.replace("?", sign))) : [text];
}

/** Up slots of counted ones, read from the text itself. */
function shareOf(text: string, minRunSlots: number): number {
  const counted = text.replaceAll(/[_e]/g, "").length;
  const down = (text.match(/x+/g) ?? []).filter((run) => run.length >= minRunSlots).join("").length;
  return (counted - down) / counted;
}
