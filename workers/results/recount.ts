// Recounts hours, days and months around the minutes that are about to be written: from what is stored, with the new
// minutes laid over it. Never increments: a rollup is always the sum of the records below it. No clock, no database.

import { dayOf, daysIn, monthOf } from "./calendar.ts";
import type { CalendarSpan, Span } from "./calendar.ts";
import { rollupMinutes, sumRollups } from "./rollup.ts";
import type { CountedMinute } from "./records.ts";
import type { RollupRecord, RollupRule } from "./rollup.ts";
import type { StripMinute } from "./strip.ts";

/** Hour since the epoch, with the integers of its minutes by minute of the hour. */
export interface HourRecord {
  readonly hour: number;
  readonly rollup: RollupRecord;
  readonly strip: ReadonlyMap<number, StripMinute>;
}

export interface CalendarRecord {
  readonly span: CalendarSpan;
  readonly rollup: RollupRecord;
}

/** Half-open ranges of keys without their series, of what a recount must read. */
export interface Needs {
  readonly minutes: readonly Range[];
  readonly hours: readonly Range[];
  readonly days: readonly Range[];
}
export type Range = readonly [from: number, to: number];

/** What is stored of one series in those ranges. */
export interface Stored {
  readonly minutes: readonly CountedMinute[];
  readonly hours: readonly HourRecord[];
  /** By day number. */
  readonly days: ReadonlyMap<number, RollupRecord>;
}

export interface Recounted {
  readonly hours: readonly HourRecord[];
  readonly days: readonly CalendarRecord[];
  readonly months: readonly CalendarRecord[];
}

/** What must be read of a series before these of its minutes (numbers since the epoch) can be written; `anew`: further days to count. */
export function needsOf(minutes: readonly number[], zone: string, anew: readonly CalendarSpan[] = []): Needs {
  const hours = unique(minutes.map(hourOf));
  const days = withDays(
    spansOf(minutes, (minute) => dayOf(minute, zone)),
    anew,
  );
  const months = spansOf(minutes, (minute) => monthOf(minute, zone));
  return {
    minutes: [...hours.map(minutesOfHour), ...days.flatMap(edgesOf)],
    hours: days.map((day) => wholeHours(day)),
    days: months.map((month) => {
      const { first, last } = daysIn(month, zone);
      return [first, last + 1];
    }),
  };
}

/** `written`: the new minutes of one series. `stored`: all that `needsOf` asked for. */
export function recount(
  written: readonly CountedMinute[],
  stored: Stored,
  zone: string,
  rule: RollupRule,
  anew: readonly CalendarSpan[] = [],
): Recounted {
  const minutes = overlay(stored.minutes, written, (minute) => minute.minute);
  const numbers = written.map((minute) => minute.minute);
  const newHours = unique(numbers.map(hourOf)).map((hour) => hourRecord(hour, minutes, rule));
  const hours = overlay(stored.hours, newHours, (each) => each.hour);

  const spans = withDays(
    spansOf(numbers, (minute) => dayOf(minute, zone)),
    anew,
  );
  const days = spans.map((span) => {
    const [from, to] = wholeHours(span);
    const whole = hours.filter((each) => each.hour >= from && each.hour < to).map((each) => each.rollup);
    // A zone of half an hour begins its day inside an hour: that part is counted from its minutes.
    const edges = edgesOf(span).map(([a, b]) =>
      rollupMinutes(
        minutes.filter((m) => m.minute >= a && m.minute < b),
        rule,
      ),
    );
    return { span, rollup: sumRollups([...whole, ...edges]) };
  });

  const allDays = new Map([...stored.days, ...days.map((day) => [day.span.number, day.rollup] as const)]);
  const months = spansOf(numbers, (minute) => monthOf(minute, zone)).map((span) => {
    const { first, last } = daysIn(span, zone);
    const inside = [...allDays].filter(([day]) => day >= first && day <= last).map(([, rollup]) => rollup);
    return { span, rollup: sumRollups(inside) };
  });
  return { hours: newHours, days, months };
}

function hourRecord(hour: number, minutes: readonly CountedMinute[], rule: RollupRule): HourRecord {
  const [from, to] = minutesOfHour(hour);
  const inside = minutes.filter((minute) => minute.minute >= from && minute.minute < to);
  return {
    hour,
    rollup: rollupMinutes(inside, rule),
    strip: new Map(inside.map((minute) => [minute.minute - from, minute])),
  };
}

function hourOf(minute: number): number {
  return Math.floor(minute / 60);
}

function minutesOfHour(hour: number): Range {
  return [hour * 60, hour * 60 + 60];
}

/** The hours that lie wholly inside. */
function wholeHours(span: Span): Range {
  return [Math.ceil(span.fromMinute / 60), Math.floor(span.toMinute / 60)];
}

/** What is left at either end, in minutes: nothing in zones of whole hours. */
function edgesOf(span: Span): Range[] {
  const [first, end] = wholeHours(span);
  const edges: Range[] = [
    [span.fromMinute, first * 60],
    [end * 60, span.toMinute],
  ];
  return edges.filter(([from, to]) => from < to);
}

function spansOf(minutes: readonly number[], of: (minute: number) => CalendarSpan): CalendarSpan[] {
  const spans: CalendarSpan[] = [];
  for (const minute of minutes) {
    if (!spans.some((span) => minute >= span.fromMinute && minute < span.toMinute)) spans.push(of(minute));
  }
  return spans;
}

function withDays(days: readonly CalendarSpan[], more: readonly CalendarSpan[]): CalendarSpan[] {
  return [...days, ...more.filter(({ number }) => !days.some((day) => day.number === number))];
}

function overlay<T>(stored: readonly T[], newer: readonly T[], key: (each: T) => number): T[] {
  return [...new Map([...stored, ...newer].map((each) => [key(each), each])).values()];
}

function unique(numbers: readonly number[]): number[] {
  return [...new Set(numbers)];
}
