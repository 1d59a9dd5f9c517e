// Aim: the number of minutes a series was scheduled in, from which silence is counted, is exact at every edge.
// Method: a table; then seeded schedules compared with a loop over every minute; then schedules that contradict.

import { describe, expect, test } from "vitest";
import type { Schedule } from "../../workers/results/expected.ts";
import { expectedMinutes } from "../../workers/results/expected.ts";
import { must } from "../observations.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";

const each = (fromMinute: number, untilMinute: number | null, everyMs = 60_000): Schedule => ({
  fromMinute,
  untilMinute,
  everyMs,
});

describe("expected minutes", () => {
  test.each<[string, Schedule[], number, number, number]>([
    ["never scheduled", [], 0, 100, 0],
    ["all along", [each(0, null)], 100, 160, 60],
    ["an empty period", [each(0, null)], 100, 100, 0],
    ["a cadence within the minute counts the minute once", [each(0, null, 10_000)], 100, 160, 60],
    ["a region added within the period has no past", [each(130, null)], 100, 160, 30],
    ["a region removed keeps its own", [each(0, 130)], 100, 160, 30],
    ["before and after the period", [each(0, 100), each(160, null)], 100, 160, 0],
    ["every five minutes", [each(0, null, 300_000)], 100, 160, 12],
    ["every five minutes, edges between slots", [each(0, null, 300_000)], 101, 106, 1],
    ["every five minutes, no slot inside", [each(0, null, 300_000)], 101, 105, 0],
    ["the slot at the end is the next period's", [each(0, null, 300_000)], 100, 105, 1],
    ["a paused hour", [each(0, 120), each(180, null)], 60, 240, 120],
    ["a changed cadence", [each(0, 110, 10_000), each(110, null, 300_000)], 100, 120, 12],
    ["taken back at once", [each(100, 100), each(100, null)], 100, 160, 60],
    ["a month of 30 days", [each(0, null)], 29_000_000, 29_043_200, 43_200],
  ])("%s", (_, schedules, from, to, expected) => {
    expect(expectedMinutes(schedules, from, to)).toBe(expected);
    expect(expectedMinutes(schedules.toReversed(), from, to)).toBe(expected);
  });

  test("equals a count minute by minute, and periods add up", () => {
    const random = mulberry32(71);
    for (let round = 0; round < 500; round++) {
      const cuts = Array.from({ length: 6 }, () => between(random, 0, 400)).sort((a, b) => a - b);
      const cut = (at: number): number => must(cuts[at]);
      const everyMs = () => oneOf(random, [10_000, 60_000, 120_000, 420_000, 3_600_000]);
      const schedules = [
        each(cut(0), cut(1), everyMs()),
        each(cut(2), cut(3), everyMs()),
        each(cut(4), random() < 0.5 ? null : cut(5), everyMs()),
      ];
      const [from, middle, to] = [between(random, 0, 150), between(random, 150, 300), between(random, 300, 500)];
      let counted = 0;
      for (let minute = from; minute < to; minute++) {
        const holds = ({ fromMinute, untilMinute, everyMs: every }: Schedule): boolean =>
          fromMinute <= minute &&
          minute < (untilMinute ?? Infinity) &&
          (every <= 60_000 || (minute * 60_000) % every === 0);
        if (schedules.some(holds)) counted += 1;
      }
      expect(expectedMinutes(shuffled(random, schedules), from, to)).toBe(counted);
      expect(expectedMinutes(schedules, from, middle) + expectedMinutes(schedules, middle, to)).toBe(counted);
    }
  });

  test.each<[string, Schedule[], number, number, string]>([
    ["overlapping schedules", [each(0, 101), each(100, null)], 0, 1, "two schedules hold minute 100"],
    ["one that never ended, and another", [each(0, null), each(100, null)], 0, 1, "two schedules"],
    ["a schedule that ends before it begins", [each(10, 5)], 0, 1, "from minute 10 to 5"],
    ["a cadence that fits no minute", [each(0, null, 7_000)], 0, 1, "every 7000 ms"],
    ["90 s", [each(0, null, 90_000)], 0, 1, "every 90000 ms"],
    ["no cadence", [each(0, null, 0)], 0, 1, "every 0 ms"],
    ["half minutes", [each(0.5, null)], 0, 1, "not whole minutes"],
    ["a reversed period", [], 2, 1, "from minute 2 to 1"],
  ])("%s: refused", (_, schedules, from, to, message) => {
    expect(() => expectedMinutes(schedules, from, to)).toThrow(message);
  });
});
