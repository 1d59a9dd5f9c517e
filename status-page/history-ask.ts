// What a page of the past is asked for: which target, region, journey, day or period, and which rows that takes. Pure: the present is
// an argument. Called by history-routes.tsx. What is not a day or period of ours is not read.

import { dayNumbered, dayOf, daysIn, monthOf } from "../workers/results/calendar.ts";
import type { CalendarSpan } from "../workers/results/calendar.ts";
import { HOURS_KEPT_DAYS, PAST_JOURNEYS } from "./history.ts";
import type { PastJourney, Range } from "./history.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_OF_DAY = 1440;
/** As ids are in a configuration, and no longer. */
const ID = /^[a-z][a-z0-9-]{0,63}$/;

export const isId = (text: string): boolean => ID.test(text);

/** Null: no such journey has pages. */
export function journeyOf(asked: string | undefined): PastJourney | null {
  if (asked === undefined) return "loop";
  return PAST_JOURNEYS.find((journey) => journey === asked) ?? null;
}

/** A month by its number, year * 12 + month - 1. */
export function monthNumbered(number: number, zone: string): CalendarSpan {
  // The middle of a month lies in it in every zone.
  return monthOf(Date.UTC(Math.floor(number / 12), number % 12, 15) / MINUTE_MS, zone);
}

/** 2026-03 */
export const monthText = (number: number): string =>
  `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;

/** 2026-03-01 */
export const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/** The days that can be shown minute by minute in a zone: numbers, both inclusive. */
export function daysShown(now: number, zone: string): { readonly first: number; readonly last: number } {
  const last = dayOf(Math.floor(now / MINUTE_MS), zone).number;
  return { first: last - HOURS_KEPT_DAYS + 1, last };
}

/** The day that was asked for; null: it is none, or none that can be shown. */
export function dayAsked(text: string, now: number, zone: string): CalendarSpan | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  // 2026-02-30 is March to some parsers.
  if (Number.isNaN(at) || dayText(at / DAY_MS) !== text) return null;
  const { first, last } = daysShown(now, zone);
  const number = at / DAY_MS;
  if (number < first || number > last) return null;
  const day = dayNumbered(number, zone);
  // Who moves across the date line loses a day: Samoa had no 30th of December 2011.
  return day.fromMinute === day.toMinute ? null : day;
}

/** Hours of UTC that hold a span. */
export const hoursOf = ({ fromMinute, toMinute }: CalendarSpan): Range => [
  Math.floor(fromMinute / 60),
  Math.ceil(toMinute / 60),
];

/** A year or a month, or the last months: which of its pieces are there, and what comes before and after it. */
export interface PeriodAsked {
  readonly kind: "last" | "year" | "month";
  /** 2026, 2026-03; "" for the last months. */
  readonly text: string;
  /** Numbers of months, or of days of a month; those to come are left out. */
  readonly range: Range;
  readonly before: string | null;
  readonly after: string | null;
}

/** Months on the page without a period: this one, and a year before it. */
const MONTHS_LAST = 13;

export function lastMonths(now: number, zone: string): PeriodAsked {
  const { number } = monthOf(Math.floor(now / MINUTE_MS), zone);
  return { kind: "last", text: "", range: [number + 1 - MONTHS_LAST, number + 1], before: null, after: null };
}

/** Null: it is no period, or one to come. */
export function periodAsked(text: string, now: number, zone: string): PeriodAsked | null {
  const found = /^(\d{4})(?:-(0[1-9]|1[0-2]))?$/.exec(text);
  const year = Number(found?.[1]);
  if (found === null || year < 1970) return null;
  const minute = Math.floor(now / MINUTE_MS);
  const present = monthOf(minute, zone).number;
  if (found[2] === undefined) {
    const first = year * 12;
    if (first > present) return null;
    const after = first + 12 > present ? null : String(year + 1);
    const range = [first, Math.min(first + 12, present + 1)] as const;
    return { kind: "year", text, range, before: year > 1970 ? String(year - 1) : null, after };
  }
  const number = year * 12 + Number(found[2]) - 1;
  if (number > present) return null;
  const { first, last } = daysIn(monthNumbered(number, zone), zone);
  const range = [first, Math.min(last, dayOf(minute, zone).number) + 1] as const;
  const after = number === present ? null : monthText(number + 1);
  return { kind: "month", text, range, before: number > 1970 * 12 ? monthText(number - 1) : null, after };
}

/** Numbers of a range. */
export const numbersOf = ([first, end]: Range): readonly number[] =>
  Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);

/** The last whole day's hours up to the one that goes on. */
export function lastHours(now: number): Range {
  const hour = Math.floor(now / (60 * MINUTE_MS));
  return [hour - MINUTES_OF_DAY / 60 + 1, hour + 1];
}

/** So many days, today the last. */
export function lastDays(now: number, zone: string, count: number): Range {
  const { number } = dayOf(Math.floor(now / MINUTE_MS), zone);
  return [number + 1 - count, number + 1];
}
