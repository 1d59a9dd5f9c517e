// Aim: silence is counted from the first record on, and only while a series is wanted.
// Method: timelines of seen minutes and the schedules after each.

import { expect, it } from "vitest";

import { expectedMinutes } from "../../workers/results/expected.ts";
import { extendSchedules, retireSchedules } from "../../workers/results/schedules.ts";

const seen = (minute: number, everyMs = 60_000): { minute: number; everyMs: number } => ({ minute, everyMs });
const from = (fromMinute: number, untilMinute: number | null = null, everyMs = 60_000): object => ({
  fromMinute,
  untilMinute,
  everyMs,
});

it("begins with the first record, and a late one from before moves its beginning", () => {
  const first = extendSchedules([], [seen(100), seen(101)]);
  expect(first).toEqual([from(100)]);
  expect(extendSchedules(first, [seen(97)])).toEqual([from(97)]);
  // A gap changes nothing: 102 to 109 were expected and silent.
  expect(expectedMinutes(extendSchedules(first, [seen(110)]), 0, 111)).toBe(11);
});

it("another interval ends one and begins the next", () => {
  const changed = extendSchedules([{ fromMinute: 100, untilMinute: null, everyMs: 60_000 }], [seen(120, 10_000)]);
  expect(changed).toEqual([from(100, 120), from(120, null, 10_000)]);
  // Late records of the old interval do not end the new one.
  expect(extendSchedules(changed, [seen(110)])).toEqual(changed);
});

it("retired: nothing is expected any more; measured again: the time between stays outside", () => {
  const retired = retireSchedules([{ fromMinute: 100, untilMinute: null, everyMs: 60_000 }], 130);
  expect(retired).toEqual([from(100, 130)]);
  expect(retireSchedules(retired, 500)).toEqual(retired);
  const again = extendSchedules(retired, [seen(200)]);
  expect(again).toEqual([from(100, 130), from(200)]);
  expect(expectedMinutes(again, 0, 210)).toBe(40);
});

it("leaves its argument alone", () => {
  const before = [{ fromMinute: 100, untilMinute: null, everyMs: 60_000 }];
  extendSchedules(before, [seen(90), seen(120, 10_000)]);
  expect(before).toEqual([from(100)]);
});
