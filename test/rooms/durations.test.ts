// Aim: times of incidents are judged without pretending to know those that nobody knows. Method: a table of incidents by hand for
// each time and statistic; then every pattern of known and unknown times against all completions of the unknown.

import { describe, expect, test } from "vitest";
import type { DurationObjective } from "../../workers/config/contracts/contract.ts";
import { durationResult } from "../../workers/sla/durations.ts";
import type { IncidentTimes } from "../../workers/sla/durations.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const MIN = 60_000;
const START = 1_788_220_800_000;

function objectiveOf(own: Partial<DurationObjective> = {}): DurationObjective {
  return { id: "restore", kind: "duration", of: "recover", limitMs: 30 * MIN, stat: "max", ...own };
}

/** Minutes after the impact began; null: unknown. */
function incident(detected: number | null, notified: number | null, acked: number | null, end: number | null) {
  const after = (minutes: number | null): number | null => (minutes === null ? null : START + minutes * MIN);
  const times = { detected: after(detected), notified: after(notified), acked: after(acked), impactEnd: after(end) };
  return { impactStart: START, drill: false, ...times };
}
const lasting = (minutes: number | null): IncidentTimes => incident(1, 2, 3, minutes);

describe("which time", () => {
  const one = incident(2, 3, 8, 25);
  test.each<[DurationObjective["of"], number]>([
    ["detect", 2 * MIN],
    ["ack", 5 * MIN],
    ["recover", 25 * MIN],
  ])("%s", (of, value) => {
    expect(durationResult(objectiveOf({ of }), [one], true)).toEqual({
      kind: "duration",
      id: "restore",
      of,
      limit_ms: 30 * MIN,
      stat: "max",
      incidents: 1,
      known: 1,
      median_ms: value,
      max_ms: value,
      value_ms: value,
      contract_says: "met",
      verdict: "met",
    });
  });

  test("acknowledged before the page arrived is 0, and without a page unknown", () => {
    const ack = objectiveOf({ of: "ack" });
    expect(durationResult(ack, [incident(1, 5, 4, 9)], true).value_ms).toBe(0);
    expect(durationResult(ack, [incident(1, null, 4, 9)], true)).toMatchObject({ incidents: 1, known: 0 });
  });

  test("drills are in no figure", () => {
    const drill = { ...lasting(500), drill: true };
    const result = durationResult(objectiveOf(), [drill, lasting(10)], true);
    expect(result).toMatchObject({ incidents: 1, known: 1, max_ms: 10 * MIN, verdict: "met" });
  });
});

describe("which statistic", () => {
  const minutes = [10, 40, 20, 60, 30, 50, 80, 70, 100, 90];
  test.each<[DurationObjective["stat"], readonly number[], number]>([
    ["max", minutes, 100],
    ["mean", minutes, 55],
    ["p90", minutes, 90],
    ["p90", minutes.slice(0, 9), 100],
    ["p90", [7], 7],
    ["p90", [7, 8], 8],
    ["mean", [1, 2], 1.5],
  ])("%s of %j is %d min", (stat, list, value) => {
    const result = durationResult(objectiveOf({ stat }), list.map(lasting), true);
    expect(result.value_ms).toBe(value * MIN);
  });

  test("median and max stand beside it", () => {
    expect(durationResult(objectiveOf({ stat: "mean" }), minutes.map(lasting), true)).toMatchObject({
      median_ms: 55 * MIN,
      max_ms: 100 * MIN,
    });
    expect(durationResult(objectiveOf(), [3, 9, 5].map(lasting), true).median_ms).toBe(5 * MIN);
  });
});

describe("what it proves", () => {
  const cases: readonly [string, DurationObjective["stat"], readonly (number | null)[], boolean, string, string][] = [
    ["no incident, over", "max", [], true, "met", "met"],
    ["no incident so far", "max", [], false, "met", "undetermined"],
    ["exactly the limit", "max", [30], true, "met", "met"],
    ["one over it", "max", [10, 31], true, "breached", "breached"],
    ["one over it, the period goes on: no mending a max", "max", [10, 31], false, "breached", "breached"],
    ["kept so far", "max", [10, 20], false, "met", "undetermined"],
    ["one unknown", "max", [10, null], true, "met", "undetermined"],
    ["one unknown, one over", "max", [31, null], true, "breached", "breached"],
    ["all unknown", "max", [null, null], true, "no_data", "no_data"],
    ["all unknown so far", "mean", [null], false, "no_data", "no_data"],
    ["a mean over it", "mean", [10, 60], true, "breached", "breached"],
    ["a mean over it, the period goes on: short ones may come", "mean", [10, 60], false, "breached", "undetermined"],
    ["a mean that an unknown short one would mend", "mean", [50, null], true, "breached", "undetermined"],
    ["a mean that no unknown one can mend", "mean", [70, null], true, "breached", "breached"],
    ["nine of ten, one unknown: rank 9 is known", "p90", [...Array<number>(9).fill(5), null], true, "met", "met"],
    ["four of five, one unknown", "p90", [5, 5, 5, 5, null], true, "met", "undetermined"],
    ["two of ten too long", "p90", [...Array<number>(8).fill(5), 40, 40], true, "breached", "breached"],
    ["one of ten too long", "p90", [...Array<number>(9).fill(5), 40], true, "met", "met"],
  ];
  test.each(cases)("%s", (_, stat, minutes, closed, says, verdict) => {
    const result = durationResult(objectiveOf({ stat }), minutes.map(lasting), closed);
    expect([result.contract_says, result.verdict]).toEqual([says, verdict]);
    expect(result.incidents).toBe(minutes.length);
    expect(result.known).toBe(minutes.filter((each) => each !== null).length);
  });

  test("of a closed period the verdict is what every completion of the unknown says", () => {
    const random = mulberry32(3);
    const seen = new Map<string, number>();
    for (let round = 0; round < 3_000; round++) {
      const objective = objectiveOf({ stat: oneOf(random, ["max", "mean", "p90"]) });
      const minutes = Array.from({ length: between(random, 1, 12) }, () =>
        random() < 0.2 ? null : between(random, 0, 45),
      );
      const says = (fill: number): string =>
        durationResult(
          objective,
          minutes.map((each) => lasting(each ?? fill)),
          true,
        ).contract_says;
      const [best, worst] = [says(0), says(1e9)];
      const expected = minutes.every((each) => each === null) ? "no_data" : best === worst ? best : "undetermined";
      const { verdict } = durationResult(objective, minutes.map(lasting), true);
      expect(verdict).toBe(expected);
      seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
    }
    console.log(`durations: ${cases.length} by hand, 3000 random: ${JSON.stringify(Object.fromEntries(seen))}`);
    expect(seen.size).toBe(4);
  });
});
