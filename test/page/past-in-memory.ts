// A past without a database for the pages of history: one series of forty days, made by a rule and without chance. Used by the sweep of
// all pages and by the pictures. Checks nothing itself.

import type { PastReader } from "../../status-page/history.ts";
import { dayNumbered, monthOf } from "../../workers/results/calendar.ts";
import { sumRollups } from "../../workers/results/rollup.ts";
import { NOW } from "./fixtures.ts";
import { hourRecord } from "./history-world.ts";
import type { Story } from "./history-world.ts";

const SINCE = Math.floor(NOW / 60_000) - 40 * 1440;

/** Down for some minutes of some hours, and away for others. */
const STORY: Story = (minute) =>
  minute % 3607 < 9 ? { ok: 12, lost: 12 } : minute % 5003 < 40 ? null : minute % 1201 < 4 ? { ok: 21, lost: 3 } : {};

const made = new Map<number, ReturnType<typeof hourRecord>>();

/** Made once: a month of minutes is a second's work. */
function hourOf(hour: number): ReturnType<typeof hourRecord> {
  if (hour * 60 < SINCE || (hour + 1) * 3_600_000 > NOW) return null;
  const known = made.get(hour);
  if (known !== undefined) return known;
  const fresh = hourRecord(hour, STORY);
  made.set(hour, fresh);
  return fresh;
}

const hoursOf = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, i) => hourOf(first + i)).flatMap((each) => each ?? []);

function rolled<S extends { readonly fromMinute: number; readonly toMinute: number }>(span: S) {
  const rollups = hoursOf(span.fromMinute / 60, span.toMinute / 60).map(({ rollup }) => rollup);
  return rollups.length === 0 ? [] : [{ ...span, zone: "UTC", rollup: sumRollups(rollups) }];
}

/** Whatever region is asked for has this past. */
export const PAST: PastReader = {
  read: (_, { region, hours, days, months }) => {
    const series = {
      id: 1,
      region: region ?? "weur",
      journey: "loop",
      unit: "message",
      okMeans: "delivered",
      schedules: [{ fromMinute: SINCE, untilMinute: null, everyMs: 10_000 }],
    } as const;
    const range = (span: readonly [number, number] | null) =>
      span === null ? [] : Array.from({ length: span[1] - span[0] }, (_each, i) => span[0] + i);
    return Promise.resolve([
      {
        series,
        hours: hours === null ? [] : hoursOf(...hours),
        days: range(days).flatMap((number) => rolled(dayNumbered(number, "UTC"))),
        months: range(months).flatMap((number) =>
          rolled(monthOf(Date.UTC(Math.floor(number / 12), number % 12) / 60_000, "UTC")),
        ),
      },
    ]);
  },
};
