// Aim: what no schedule of a region holds is unmeasured and never outside, so that a fleet which came late meets nothing by it, and
// each such minute counts as often as the cadence of its time has it. Method: schedules by hand, counted minute by minute; one stretch
// cut at every minute; the same past with and without what was scheduled later.

import { describe, expect, test } from "vitest";
import type { Objective } from "../../workers/config/contracts/contract.ts";
import { slotsFigures } from "../../workers/sla/availability.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import { mergeParts } from "../../workers/sla/merge.ts";
import type { Part } from "../../workers/sla/part.ts";
import { ORIGIN, contractOf, slotsObjective } from "./golden-month.ts";
import { countsPart, slotsPart, span, streamOf } from "./sla-minutes.ts";

const ALL_FAIL = slotsObjective({ downIf: { rule: "all-fail" } });
const RATIO: Objective = { id: "r", kind: "ratio", journey: "loop", target: 0.99, withinMs: 200, confidence: 0.95 };

describe("what no schedule holds", () => {
  const schedule = (from: number, until: number | null, everyMs: number) => ({
    fromMinute: ORIGIN + from,
    untilMinute: until === null ? null : ORIGIN + until,
    everyMs,
  });
  const two = contractOf([ALL_FAIL, RATIO], { regions: ["weur", "enam"] });
  const reasons = (part: Part, region: string) => slotsPart(part, region).applied.unmeasuredMinutes;

  test("is most of a month to a fleet that came on its last day: nothing is met by it", () => {
    const days = 30;
    const since = (days - 1) * 1_440;
    for (const sign of [".", "x"]) {
      const stream = streamOf(sign.repeat(1_440), { schedules: [schedule(since, null, 60_000)] }, ORIGIN + since);
      const part = foldPart(contractOf([ALL_FAIL, RATIO]), ORIGIN, ORIGIN, ORIGIN + days * 1_440, [stream], []);
      const { applied } = slotsPart(part, "weur");
      expect(applied).toMatchObject({ counted: 43_200, unmeasured: 41_760 });
      expect(applied.unmeasuredMinutes).toEqual({ never_scheduled: 41_760 });
      const figures = slotsFigures(ALL_FAIL, applied, 0);
      expect(figures.verdict).toBe(sign === "x" ? "breached" : "undetermined");
      expect(figures.coverage).toBe(1_440 / 43_200);
      expect(figures.coverage).toBeLessThan(1 / 29);
      expect(countsPart(part, "weur", 1).applied).toMatchObject({ measured: 1_440, unmeasured: 41_760 });
    }
  });

  test("is stepped by the cadence: every 300 s, before, between and after two schedules", () => {
    const stream = streamOf("", { schedules: [schedule(10, 30, 300_000), schedule(52, 80, 300_000)] });
    const part = foldPart(contractOf([ALL_FAIL, RATIO]), ORIGIN, ORIGIN, ORIGIN + 100, [stream], []);
    expect(slotsPart(part, "weur").applied).toMatchObject({ counted: 20, unmeasured: 20 });
    // 10 to 25 and 55 to 75; 0, 5, 30 to 50 (the second begins in 52), 80 to 95.
    expect(reasons(part, "weur")).toEqual({ silent: 4 + 5, never_scheduled: 2 + 5 + 4 });
    expect(countsPart(part, "weur", 1).applied).toMatchObject({ measured: 0, unmeasured: 20 });
  });

  test("is stepped by the cadence of its own time: what was scheduled later changes no past", () => {
    const slow = [schedule(10, 20, 300_000), schedule(20, 20, 60_000)];
    const later = [...slow, schedule(40, 60, 60_000), schedule(70, null, 600_000)];
    const fold = (schedules: Stream["schedules"], from: number, to: number, others: readonly Stream[] = []) =>
      foldPart(two, ORIGIN, ORIGIN + from, ORIGIN + to, [streamOf("", { schedules }), ...others], []);
    expect(fold(later, 0, 40)).toEqual(fold(slow, 0, 40));
    const whole = fold(later, 0, 90);
    // 10 and 15, 40 to 59, 70 and 80; 0 and 5, 20 to 35, then by minutes from 60 on: the last that was there.
    expect(reasons(whole, "weur")).toEqual({ silent: 2 + 20 + 2, never_scheduled: 2 + 4 + 10 });
    // The other region would have been measured as the first one was.
    expect(reasons(whole, "enam")).toEqual({ never_scheduled: 40 });
    for (let cut = 0; cut <= 90; cut++) {
      const merged = mergeParts(fold(later, 0, cut), fold(later, cut, 90));
      expect([cut, slotsPart(merged, "weur")]).toEqual([cut, slotsPart(whole, "weur")]);
      expect([cut, slotsPart(merged, "enam")]).toEqual([cut, slotsPart(whole, "enam")]);
    }
    // After a slow one it is the slow one's, though a finer one was before it.
    const slowed = [schedule(0, 10, 60_000), schedule(20, 30, 300_000)];
    expect(reasons(fold(slowed, 0, 60), "weur")).toEqual({ silent: 10 + 2, never_scheduled: 10 + 6 });
    expect(reasons(fold(slowed, 40, 60), "weur")).toEqual({ never_scheduled: 4 });
    // Streams that the contract is not about say nothing of it.
    const every = { schedules: [schedule(0, null, 60_000)] };
    const foreign = [streamOf("", { ...every, region: "oc" }), streamOf("", { ...every, journey: "connect" })];
    expect(fold(later, 0, 90, foreign)).toEqual(whole);
    // Where two cadences hold a minute the finer one is the other regions'.
    const finer = fold(slow, 0, 40, [streamOf("", { region: "enam", schedules: [schedule(0, 20, 60_000)] })]);
    expect(reasons(finer, "weur")).toEqual({ silent: 2, never_scheduled: 10 + 20 });
  });

  test("is every minute where there is no schedule at all", () => {
    const part = foldPart(two, ORIGIN, ORIGIN, ORIGIN + 60, [], [span(10, 30, ["enam"])]);
    expect([reasons(part, "weur"), reasons(part, "enam")]).toEqual([{ never_scheduled: 60 }, { never_scheduled: 40 }]);
    expect(slotsPart(part, "enam").applied).toMatchObject({ counted: 40, unmeasured: 40, excluded: 20 });
  });
});
