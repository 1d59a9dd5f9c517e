// Times as people write them about alerts: "15m", "22:00", "2026-01-05T09:00", and hours of some days of the week. Says what is wrong
// with one; knows no zone and no clock. Called by the readers beside it.

import * as z from "zod";
import { textOf } from "../contracts/term-fields.ts";
import { refusalOfDate } from "../dates.ts";
import { type Field, field } from "../fields.ts";
import type { Path, Refusal, Report } from "../problems.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
export const DAY_MINUTES = 1440;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/** "15m" as whole ms between two bounds, both included. `orNever`: "0s" may stand there as well. */
export function waitSchema(bounds: readonly [string, string], write: string, orNever = false): z.ZodType<number> {
  const [minMs, maxMs] = bounds.map(waitMs);
  return textOf((text) => {
    const ms = waitMs(text);
    if (Number.isNaN(ms)) {
      return { problem: "is not a length of time", mend: `write ${write} (a whole number and s, m, h or d)` };
    }
    if (orNever && ms === 0) return { value: 0 };
    if (ms >= (minMs ?? 0) && ms <= (maxMs ?? 0)) return { value: ms };
    const range = `${orNever ? '"0s", or ' : ""}${bounds[0]} to ${bounds[1]}`;
    return { problem: `is not within ${range}`, mend: `write ${range}, as in ${write}` };
  });
}

/** A length of time that may be left out. */
export function wait(key: string, fallback: string, bounds: readonly [string, string], orNever = false): Field<number> {
  const write = `${key}: "${fallback}"`;
  return field(waitSchema(bounds, write, orNever).prefault(fallback), write);
}

function waitMs(text: string): number {
  const match = /^(\d{1,9})(s|min|m|h|d)$/.exec(text);
  return Number(match?.[1] ?? Number.NaN) * (UNITS_MS[match?.[2] ?? ""] ?? Number.NaN);
}

/** A wall-clock time as it was written, if the calendar and the clock have it. The form sorts as text. */
export const WALL_TIME: z.ZodType<string> = textOf((text) => {
  const [, day = "", hour = "", minute = ""] = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})$/.exec(text) ?? [];
  const mend = 'write it as in "2026-01-05T09:00", without a zone';
  if (day === "") return { problem: "is not a date and a time", mend };
  const refusal = refusalOfDate(day);
  if (refusal !== null) return { problem: refusal.problem, mend };
  if (Number(hour) > 23 || Number(minute) > 59) return { problem: "is no time of the day", mend };
  if (day >= "2000-01-01" && day < "2101-01-01") return { value: text };
  return { problem: "is not within the years 2000 to 2100", mend };
});

const BEGINNING = textOf((text) => minuteOfDay(text, DAY_MINUTES - 1, 'write it as in "09:30"'));
const END = textOf((text) => minuteOfDay(text, DAY_MINUTES, 'write it as in "09:30"; "24:00" is the end of the day'));

const DAYS = z
  .array(z.number().int().min(1).max(7))
  .min(1)
  .default([...ALL_DAYS]);

/** The fields of hours of some days. */
export const HOURS_FIELDS = {
  days: field(DAYS, "days: [1, 2, 3, 4, 5] (1 is Monday, 7 is Sunday)"),
  from: field(BEGINNING, 'from: "09:00"'),
  to: field(END, 'to: "17:00"'),
};

/** Hours of some days; `toMinute` below `fromMinute` crosses midnight, and belongs to the day on which it begins. */
export interface Hours {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What has been read by HOURS_FIELDS, whole. Null: bad, and reported. */
export function hoursOf(
  read: {
    readonly days: readonly number[] | undefined;
    readonly from: number | undefined;
    readonly to: number | undefined;
  },
  path: Path,
  report: Report,
): Hours | null {
  const { days, from, to } = read;
  if (days === undefined || from === undefined || to === undefined) return null;
  const twice = days.findIndex((day, index) => days.indexOf(day) !== index);
  if (twice !== -1) {
    report.add([...path, "days", twice], days[twice], { problem: "stands here twice", mend: "write each day once" });
    return null;
  }
  if (from === to) {
    const mend = 'write another end; a whole day is from: "00:00", to: "24:00"';
    report.add([...path, "to"], textOfMinute(to), { problem: "is when it begins", mend });
    return null;
  }
  return { days: [...days].sort((a, b) => a - b), fromMinute: from, toMinute: to };
}

export function isAlways({ days, fromMinute, toMinute }: Hours): boolean {
  return days.length === ALL_DAYS.length && fromMinute === 0 && toMinute === DAY_MINUTES;
}

function minuteOfDay(text: string, max: number, mend: string): { readonly value: number } | Refusal {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  const minute = Number(match?.[1]) * 60 + Number(match?.[2]);
  return minute <= max ? { value: minute } : { problem: "is no time of the day", mend };
}

function textOfMinute(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
