// Days and months in a named zone, as elapsed minutes: a day has 23, 24 or 25 hours (or half an hour more or less), and
// nobody assumes 1,440 minutes. No clock: the minute is an argument.

// Imported, never feature-detected: the runtime's own Temporal once stood at epoch 0 in production (workerd#6907).
import { Temporal } from "temporal-polyfill";

const MINUTE_MS = 60_000;

/** Half-open, in minutes since the epoch. */
export interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A calendar day or month: `number` is its key (days since 1970-01-01; year * 12 + month - 1), `text` ISO 8601. */
export interface CalendarSpan extends Span {
  readonly number: number;
  readonly text: string;
}

/** The day that a minute lies in. RangeError for an unknown zone. */
export function dayOf(minute: number, zone: string): CalendarSpan {
  return dayAt(dateOf(minute, zone), zone);
}

/** The day by its number, in a zone. */
export function dayNumbered(number: number, zone: string): CalendarSpan {
  return dayAt(new Temporal.PlainDate(1970, 1, 1).add({ days: number }), zone);
}

/** The calendar month that a minute lies in. */
export function monthOf(minute: number, zone: string): CalendarSpan {
  const first = dateOf(minute, zone).with({ day: 1 });
  const span = { fromMinute: startOf(first, zone), toMinute: startOf(first.add({ months: 1 }), zone) };
  return { ...span, number: first.year * 12 + first.month - 1, text: first.toString().slice(0, 7) };
}

/** Numbers of the first and the last day of a month span, for a range of day keys. */
export function daysIn(month: CalendarSpan, zone: string): { readonly first: number; readonly last: number } {
  return { first: dayOf(month.fromMinute, zone).number, last: dayOf(month.toMinute - 1, zone).number };
}

function dateOf(minute: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS)
    .toZonedDateTimeISO(zone)
    .toPlainDate();
}

function dayAt(date: Temporal.PlainDate, zone: string): CalendarSpan {
  const number = date.since(new Temporal.PlainDate(1970, 1, 1), { largestUnit: "days" }).days;
  const span = { fromMinute: startOf(date, zone), toMinute: startOf(date.add({ days: 1 }), zone) };
  return { ...span, number, text: date.toString() };
}

// Where midnight does not exist (some zones change at midnight) the day starts with its first existing moment. Zones of
// the past had offsets with seconds; none does in the years that a probe can have run.
function startOf(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds / MINUTE_MS;
}
