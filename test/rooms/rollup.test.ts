// Aim: hours add up to days: the sum of rollups is the rollup of all minutes, exactly, in any order and grouping.
// Method: a small period by hand; seeded minutes cut into random hours and shuffled; percentiles of the sum compared with
// the raw values' own; limits that came and went.

import { describe, expect, test } from "vitest";
import { histogramOf, quantile } from "../../workers/results/histogram.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import type { MinuteRecord } from "../../workers/results/records.ts";
import { periodFigures } from "../../workers/results/figures.ts";
import { rollupMinutes, sumRollups } from "../../workers/results/rollup.ts";
import { assertAccounting, recordRound } from "../../workers/results/round-record.ts";
import { MINUTE0, facts, must, neverReady, observe, randomObservation } from "../observations.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";

const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };

function minuteOf(
  offset: number,
  seen: (slotAt: number) => Observation,
  limitsMs = [100, 200, 500],
  scheduled = 20,
): MinuteRecord {
  const slotAt = (MINUTE0 + offset) * 60_000;
  const record = recordRound(seen(slotAt), facts({ slotAt, limitsMs, scheduled }));
  return foldMinute(MINUTE0 + offset, [{ record, receivedAt: slotAt + 7_000, envelope: offset }]);
}
const signs = (line: string) => (slotAt: number) => observe(line, {}, slotAt);

describe("a period by hand", () => {
  const minutes = [
    minuteOf(0, signs("....................")),
    minuteOf(1, signs("...................o")),
    minuteOf(2, signs("..................oo")),
    minuteOf(3, signs("xxxx................")),
    minuteOf(4, (slotAt) => neverReady({}, slotAt)),
    minuteOf(5, (slotAt) =>
      neverReady({ failure: null, connects: [], unfit: "controls", startedAt: slotAt + 9_000 }, slotAt),
    ),
  ];
  const rollup = rollupMinutes(minutes, RULE);

  test("what a blind prober saw counts as not sent, and stays in its minute", () => {
    const blind = minuteOf(0, (slotAt) => observe("xxxx!!..............", { unfit: "controls" }, slotAt));
    expect(blind).toMatchObject({ ok: 14, lost: 4, error: 2 });
    const sum = rollupMinutes([blind, minuteOf(1, signs("...................."))], RULE);
    expect(sum).toMatchObject({ scheduled: 40, ok: 20, lost: 0, error: 0, notSent: 20 });
    expect(sum).toMatchObject({ minutesUp: 1, minutesDown: 0, minutesUnmeasured: 1 });
    expect(sum.latency.map((each) => each.infinite)).toEqual([0]);
  });

  test("sums, states, limits and maxima", () => {
    expect(rollup).toEqual({
      minutesUp: 2,
      minutesDegraded: 1,
      minutesDown: 2,
      minutesUnmeasured: 1,
      scheduled: 120,
      ok: 76,
      lost: 4,
      error: 20,
      connectFail: 20,
      notSent: 20,
      duplicate: 0,
      reordered: 0,
      corrupt: 0,
      foreign: 0,
      afterDeadline: 0,
      over: [
        { limitMs: 100, count: 3, of: 76 },
        { limitMs: 200, count: 3, of: 76 },
        { limitMs: 500, count: 0, of: 76 },
      ],
      latency: [histogramOf([...Array<number>(73).fill(42), 300, 300, 300], 24, 5_000)],
      connect: [histogramOf([70, 80, 70, 80, 70, 80, 70, 80], 1, 3_000)],
      phases: { handshake: [], login: [] },
      heard: null,
      reconnects: 0,
      latencyMsMax: 300,
      lagMsMax: 9_000,
    });
  });

  test("lost and refused ones are in the percentiles: the 76th of 100 is a number, the 77th is not", () => {
    expect(quantile(rollup.latency, 0.76)).toMatchObject({ kind: "value", ms: expect.closeTo(300, 0) });
    expect(quantile(rollup.latency, 0.77)).toEqual({ kind: "over", ms: 5_000 });
  });

  test("another rule gives other states of the same minutes", () => {
    const strict = rollupMinutes(minutes, { downShare: 0.01, degradedShare: 0.01, lateLimitMs: 500 });
    expect(strict).toMatchObject({ minutesUp: 3, minutesDegraded: 0, minutesDown: 2, minutesUnmeasured: 1 });
    expect(rollupMinutes(minutes, { ...RULE, downShare: 1 })).toMatchObject({ minutesDown: 1, minutesDegraded: 2 });
  });

  test("a minute there twice is a broken belief", () => {
    const revised = { ...must(minutes[0]), revision: 1 };
    expect(() => rollupMinutes([...minutes, revised], RULE)).toThrow("is there twice");
  });
});

test("a limit that only some minutes counted keeps their base", () => {
  const a = minuteOf(0, signs("...o"), [200], 4);
  const b = minuteOf(1, signs("..oo"), [200, 250], 4);
  const c = minuteOf(2, signs("...."), [250], 4);
  expect(rollupMinutes([c, a, b], RULE).over).toEqual([
    { limitMs: 200, count: 3, of: 8 },
    { limitMs: 250, count: 2, of: 8 },
  ]);
});

test("nothing adds up to nothing", () => {
  const none = rollupMinutes([], RULE);
  expect(none).toMatchObject({
    scheduled: 0,
    minutesUp: 0,
    minutesUnmeasured: 0,
    latency: [],
    over: [],
    latencyMsMax: null,
  });
  expect(sumRollups([])).toEqual(none);
  const one = rollupMinutes([minuteOf(0, signs(".".repeat(20)))], RULE);
  expect(sumRollups([one, none])).toEqual(one);
});

test("seeded: hours in any order and grouping add up to the whole", () => {
  const random = mulberry32(61);
  for (let round = 0; round < 60; round++) {
    const minutes = Array.from({ length: between(random, 1, 60) }, (_, offset) => {
      const limitsMs = oneOf(random, [[100, 200], [200], [200, 500]]);
      return minuteOf(offset, (slotAt) => randomObservation(random, 20, slotAt), limitsMs);
    });
    const whole = rollupMinutes(minutes, RULE);
    const hours = Map.groupBy(shuffled(random, minutes), () => between(random, 0, 4));
    const rollups = [...hours.values()].map((hour) => rollupMinutes(hour, RULE));
    expect(sumRollups(shuffled(random, rollups))).toEqual(whole);
    expect(sumRollups([sumRollups(rollups.slice(0, 2)), sumRollups(rollups.slice(2))])).toEqual(whole);
    // Counts over limits have different bases here, so that they need not fall with the limit.
    assertAccounting({ ...whole, over: [] });
    expect(whole.minutesUp + whole.minutesDegraded + whole.minutesDown + whole.minutesUnmeasured).toBe(minutes.length);
    for (const { count, of } of whole.over) expect(count <= of && of <= whole.ok).toBe(true);
  }
});

test("what was never held against the present limit is not counted as if it were", () => {
  const nothing = sumRollups([]);
  const before = { ...nothing, ok: 72, over: [{ limitMs: 200, count: 1, of: 72 }] };
  const since = { ...nothing, ok: 24, over: [{ limitMs: 100, count: 20, of: 24 }] };
  const figuresOf = (limitMs: number, ...parts: readonly (typeof nothing)[]) => {
    const { late, late_of: of } = periodFigures(sumRollups(parts), 0, 0, 0, 0, limitMs);
    return [late, of];
  };
  expect(figuresOf(100, since)).toEqual([20, undefined]);
  expect(figuresOf(100, before, since)).toEqual([20, 24]);
  expect(figuresOf(200, before)).toEqual([1, undefined]);
});
