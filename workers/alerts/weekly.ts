// Hours of some days of the week on the clock of a zone: whether an instant lies in them, and until when that is so. Pure: the instant
// is an argument. Called for quiet hours and for hours on call.
//
// A time that the clocks skip (02:30 when they go from 02:00 to 03:00) is as much later as they skip; one that comes twice is the
// first of the two. That is "compatible" of RFC 5545 and of Temporal.

// Imported, never feature-detected: the runtime's own Temporal once stood at epoch 0 in production (workerd#6907).
import { Temporal } from "temporal-polyfill";

const DAY_MINUTES = 1440;
/** A week, and a day for hours that go on: those of one day a week are in it, unless the clocks skip them. */
const LOOK_AHEAD_DAYS = 8;

/** ISO days (1 is Monday) and minutes of the day; `toMinute` at or below `fromMinute` is on the next day. */
interface WeeklyHours {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/**
 * `until`, ms: the end of these hours and of those that follow on them without a break, or the beginning of the next ones. Where that is
 * more than a week away, the end of the eighth day: it is so at least until then.
 */
export function hoursAt(
  hours: WeeklyHours,
  zone: string,
  at: number,
): { readonly inside: boolean; readonly until: number } {
  let end: number | null = null;
  for (const { from, to } of spansAround(hours, zone, at)) {
    if (end === null && at < from) return { inside: false, until: from };
    if (end !== null && end < from) break;
    if (at < to) end = Math.max(end ?? to, to);
  }
  if (end === null)
    return { inside: false, until: wallInstant(dateAt(at, zone).add({ days: LOOK_AHEAD_DAYS + 1 }), 0, zone) };
  return { inside: true, until: end };
}

/** ms of a wall-clock time, "2026-01-05T09:00" or Temporal's own, in a zone. */
export function instantOf(time: string | Temporal.PlainDateTime, zone: string): number {
  return Temporal.PlainDateTime.from(time).toZonedDateTime(zone).epochMilliseconds;
}

/** The day that the zone's calendar shows. */
export function dateAt(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

/** Ascending; those of yesterday may go on today. One by one: the next is mostly enough, and the calendar is slow. */
function* spansAround(
  { days, fromMinute, toMinute }: WeeklyHours,
  zone: string,
  at: number,
): Generator<{ readonly from: number; readonly to: number }> {
  const today = dateAt(at, zone);
  for (let offset = -1; offset <= LOOK_AHEAD_DAYS; offset += 1) {
    const date = today.add({ days: offset });
    if (!days.includes(date.dayOfWeek)) continue;
    const endMinute = toMinute > fromMinute ? toMinute : toMinute + DAY_MINUTES;
    const span = { from: wallInstant(date, fromMinute, zone), to: wallInstant(date, endMinute, zone) };
    if (span.from < span.to) yield span;
  }
}

function wallInstant(date: Temporal.PlainDate, minute: number, zone: string): number {
  return instantOf(date.toPlainDateTime().add({ minutes: minute }), zone);
}
