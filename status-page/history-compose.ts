// What each page of the past is read and composed as: one read, and figures of it. Pure but for the reader that is given; called by
// history-routes.tsx, which keeps the figures for some seconds. Null: there is no such series.

import { dayNumbered } from "../workers/results/calendar.ts";
import type { CalendarSpan } from "../workers/results/calendar.ts";
import { expectedMinutes } from "../workers/results/expected.ts";
import type { RollupRule } from "../workers/results/rollup.ts";
import type { PageBindings } from "./front.ts";
import { hoursOf, lastDays, lastHours, lastMonths, monthNumbered, numbersOf } from "./history-ask.ts";
import type { PeriodAsked } from "./history-ask.ts";
import { calendarPast, dayPast, hoursPast, newestMinuteOf } from "./history-figures.ts";
import type { CalendarPast, DayPast, Piece } from "./history-figures.ts";
import { SERIES_MOST } from "./history.ts";
import type { PastJourney, PastReader, SeriesHead } from "./history.ts";

/** As the bars of the front page. */
export const DAYS_SHOWN = 90;

/** Who asks for what, and by which rule minutes are judged. */
export interface Composing {
  readonly env: PageBindings;
  readonly reader: PastReader;
  readonly target: string;
  readonly journey: PastJourney;
  readonly rule: RollupRule;
  /** The page's own: days and months are summed up in it. */
  readonly zone: string;
  readonly now: number;
}

/**
 * One day of a region. One read of 25 rows and the series; of a day that begins or ends within an hour also its own row, which has the
 * latencies of the part hours, where it is a day of the page's own zone.
 */
export async function composeDay(asking: Composing, region: string, span: CalendarSpan): Promise<DayPast | null> {
  const { env, reader, target, journey, rule, zone, now } = asking;
  const isCut = span.fromMinute % 60 !== 0 || span.toMinute % 60 !== 0;
  const own = isCut ? dayNumbered(span.number, zone) : null;
  const hasRow = own?.fromMinute === span.fromMinute && own.toMinute === span.toMinute;
  const days = hasRow ? ([span.number, span.number + 1] as const) : null;
  const wanted = { target, region, journey, hours: hoursOf(span), days, months: null };
  const [past] = await reader.read(env, wanted);
  return past === undefined ? null : dayPast(past, span, rule, now);
}

export interface RegionPast {
  readonly series: SeriesHead;
  readonly hours: readonly Piece[];
  readonly days: readonly CalendarPast[];
  readonly months: readonly CalendarPast[];
}

/** A region's hours, days and months up to now. 24, 90 and 13 rows. */
export async function composeRegion(asking: Composing, region: string): Promise<RegionPast | null> {
  const { env, reader, target, journey, rule, zone, now } = asking;
  const hours = lastHours(now);
  const days = lastDays(now, zone, DAYS_SHOWN);
  const months = lastMonths(now, zone).range;
  const [past] = await reader.read(env, { target, region, journey, hours, days, months });
  if (past === undefined) return null;
  const newest = newestMinuteOf(past.hours);
  const by = { zone, limitMs: rule.lateLimitMs, now, newest };
  const dayOf = (number: number): CalendarSpan => dayNumbered(number, zone);
  const monthOf = (number: number): CalendarSpan => monthNumbered(number, zone);
  return {
    series: past.series,
    hours: hoursPast(past, hours[0], hours[1], rule.lateLimitMs, now),
    days: calendarPast(past.series, past.days, numbersOf(days), { ...by, spanOf: dayOf }).pieces,
    months: calendarPast(past.series, past.months, numbersOf(months), { ...by, spanOf: monthOf }).pieces,
  };
}

export interface PeriodPart {
  readonly series: SeriesHead;
  readonly pieces: readonly CalendarPast[];
  readonly sum: Piece | null;
}

export interface PeriodPast {
  readonly parts: readonly PeriodPart[];
  /** Regions whose rows were not read, and which may have some. */
  readonly more: readonly string[];
  /** Since when anything was scheduled, minutes since the epoch; null: nobody knows. */
  readonly since: number | null;
}

/**
 * Months or days of a target, by region. 8 regions of 31 days at most; the sum of a month is that of its days. `newestOf`: the newest minute
 * of a region that is known to be written: without it minutes that were written early would fill the holes of before.
 */
export async function composePeriod(
  asking: Composing,
  region: string | null,
  period: PeriodAsked,
  newestOf: (region: string) => number | null,
): Promise<PeriodPast | null> {
  const { env, reader, target, journey, rule, zone, now } = asking;
  const ofDays = period.kind === "month";
  const [days, months] = ofDays ? [period.range, null] : [null, period.range];
  const numbers = numbersOf(period.range);
  const spans = new Map<number, CalendarSpan>();
  // The same for each region, and not for nothing.
  const spanOf = (number: number): CalendarSpan => {
    const span = spans.get(number) ?? (ofDays ? dayNumbered(number, zone) : monthNumbered(number, zone));
    spans.set(number, span);
    return span;
  };
  const all = await reader.read(env, { target, region, journey, hours: null, days, months });
  if (all.length === 0) return null;
  const calendar = { zone, spanOf, limitMs: rule.lateLimitMs, now };
  const starts = all.flatMap(({ series }) => series.schedules.map(({ fromMinute }) => fromMinute));
  return {
    parts: all.slice(0, SERIES_MOST).map(({ series, ...rows }) => ({
      series,
      ...calendarPast(series, ofDays ? rows.days : rows.months, numbers, {
        ...calendar,
        newest: newestOf(series.region),
      }),
    })),
    more: all.slice(SERIES_MOST).flatMap(({ series }) => (mayHave(series, numbers, spanOf) ? [series.region] : [])),
    since: starts.length === 0 ? null : Math.min(...starts),
  };
}

/** Something was to be measured in these pieces; of what is older than its schedules nobody knows. */
function mayHave(
  { schedules }: SeriesHead,
  numbers: readonly number[],
  spanOf: (number: number) => CalendarSpan,
): boolean {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return false;
  return schedules.length === 0 || expectedMinutes(schedules, spanOf(first).fromMinute, spanOf(last).toMinute) > 0;
}
