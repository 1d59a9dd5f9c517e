// Rows to write: a day of minutes, hours, days and months of a series, from a seed, through the functions that make them
// in production. Pure; runs in the bench's Worker.

import type { dayOf, monthOf } from "../../../workers/results/calendar.ts";
import type { MinuteRecord } from "../../../workers/results/records.ts";
import { rollupMinutes } from "../../../workers/results/rollup.ts";
import type { RollupRule } from "../../../workers/results/rollup.ts";
import { calendarRow, hourRow, minuteRow } from "../../../workers/results/rows.store.ts";
import type { CalendarRow, HourRow, MinuteRow } from "../../../workers/results/rows.store.ts";
import { mulberry32 } from "../../random.ts";
import { minuteOf, roundOf, roundTrips } from "../month.ts";

export const RULE: RollupRule = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };

export function minutesOf(series: number, from: number, count: number): MinuteRecord[] {
  const random = mulberry32(series);
  const name = { target: "broker", region: "weur", journey: "loop", peer: "" } as const;
  return Array.from({ length: count }, (_, i) =>
    minuteOf(roundOf(name, from + i, roundTrips(random, 20, "whole ms"), random)),
  );
}

export function minuteRows(series: number, asOf: number, minutes: readonly MinuteRecord[]): MinuteRow[] {
  return minutes.map((minute) => minuteRow(series, asOf, 1, minute));
}

/** One row an hour that these minutes lie in. */
export function hourRows(series: number, asOf: number, minutes: readonly MinuteRecord[]): HourRow[] {
  const hours = Map.groupBy(minutes, (minute) => Math.floor(minute.minute / 60));
  return Array.from(hours, ([hour, inside]) => {
    const strip = new Map(inside.map((minute) => [minute.minute - hour * 60, minute] as const));
    return hourRow(series, asOf, { hour, rollup: rollupMinutes(inside, RULE), strip });
  });
}

/** One row for the day, or the month, of the first minute; its contents are all of these minutes. */
export function calendarRows(
  series: number,
  asOf: number,
  minutes: readonly MinuteRecord[],
  of: typeof dayOf | typeof monthOf,
): CalendarRow[] {
  const first = minutes[0];
  if (first === undefined) return [];
  return [calendarRow(series, asOf, "UTC", of(first.minute, "UTC"), rollupMinutes(minutes, RULE))];
}
