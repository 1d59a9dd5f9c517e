// Business time: hours and days that somebody works, in a named zone, with holidays and with the days that China moves.
// Pure: instants are arguments. Knows neither tickets nor contracts. Called by `support.ts` and `claims.ts`.
//
// Hours are wall-clock times, what they hold is elapsed time: a night shift over the change to summer time is an hour
// shorter. A wall-clock time that comes twice is the earlier one; one that the zone skips lies as much later.

import { Temporal } from "temporal-polyfill";
import type { BusinessCalendar } from "../config/contracts/contract.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** After so many days without an hour of work there will never be one. */
const IDLE_DAYS_MAX = 400;
/** A claim counts such days where its contract names no calendar. */
const MONDAY_TO_FRIDAY = { days: [1, 2, 3, 4, 5], fromMinute: 0, toMinute: 1440 } as const;

/** Instants, half-open. */
interface Stretch {
  readonly fromAt: number;
  readonly toAt: number;
}

/**
 * The earliest instant by which `ms` of business time have passed since `fromAt`: 16:30 + 1 h with closing at 17:00 is 09:30
 * of the next opening (sla.md 7). Null: 24x7. RangeError if `ms` is not finite or below 0, or if nobody works for 400 days.
 */
export function addBusinessTime(fromAt: number, ms: number, calendar: BusinessCalendar | null): number {
  if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`${ms} ms of business time`);
  if (calendar === null || ms === 0) return fromAt + ms;
  let leftMs = ms;
  let idleDays = 0;
  for (const day of workingDays(fromAt, calendar)) {
    let isIdle = true;
    for (const { fromAt: opensAt, toAt: closesAt } of day.stretches) {
      const from = Math.max(opensAt, fromAt);
      if (from >= closesAt) continue;
      if (closesAt - from >= leftMs) return from + leftMs;
      leftMs -= closesAt - from;
      isIdle = false;
    }
    idleDays = isIdle ? idleDays + 1 : 0;
    if (idleDays > IDLE_DAYS_MAX) break;
  }
  throw new RangeError(`nobody works in the ${IDLE_DAYS_MAX} days from ${fromAt}`);
}

/** Business time in [fromAt, toAt), ms. Null: 24x7. RangeError if it is reversed. */
export function businessTimeBetween(fromAt: number, toAt: number, calendar: BusinessCalendar | null): number {
  if (!(fromAt <= toAt && toAt < Infinity)) throw new RangeError(`business time from ${fromAt} to ${toAt}`);
  if (calendar === null) return toAt - fromAt;
  let sumMs = 0;
  for (const day of workingDays(fromAt, calendar)) {
    if (day.fromAt >= toAt) break;
    for (const stretch of day.stretches) {
      sumMs += Math.max(0, Math.min(toAt, stretch.toAt) - Math.max(fromAt, stretch.fromAt));
    }
  }
  return sumMs;
}

/**
 * The `count`th business day after the day that holds `at`, from midnight to midnight of the calendar's zone. Null: Monday to
 * Friday of `zone`, without holidays. RangeError if `count` is not a whole number above 0, or if nobody works for 400 days.
 */
export function addBusinessDays(at: number, count: number, calendar: BusinessCalendar | null, zone: string): Stretch {
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`business day ${count} after`);
  const week = calendar ?? { zone, hours: [MONDAY_TO_FRIDAY], holidays: [], workdays: [] };
  let seen = 0;
  let idleDays = 0;
  for (const { fromAt, toAt, stretches } of workingDays(at, week)) {
    // The first of them holds `at`.
    if (fromAt <= at) continue;
    if (stretches.length > 0) seen += 1;
    if (seen === count) return { fromAt, toAt };
    idleDays = stretches.length > 0 ? 0 : idleDays + 1;
    if (idleDays > IDLE_DAYS_MAX) break;
  }
  throw new RangeError(`nobody works in the ${IDLE_DAYS_MAX} days from ${at}`);
}

/** Days from the one that holds `at`, for ever; `stretches` ascend and never overlap. Days that the zone skips have none. */
function* workingDays(
  at: number,
  calendar: BusinessCalendar,
): Generator<Stretch & { readonly stretches: readonly Stretch[] }> {
  const { zone } = calendar;
  const holidays = new Set(calendar.holidays);
  const workdays = new Set(calendar.workdays);
  let date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  let fromAt = date.toZonedDateTime(zone).epochMilliseconds;
  for (;;) {
    const next = date.add({ days: 1 });
    const toAt = next.toZonedDateTime(zone).epochMilliseconds;
    const text = date.toString();
    const weekday = workdays.has(text) ? 1 : date.dayOfWeek;
    // A holiday is one even where somebody listed the day as a workday, too.
    const hours =
      fromAt === toAt || holidays.has(text) ? [] : calendar.hours.filter((each) => each.days.includes(weekday));
    yield { fromAt, toAt, stretches: joined(hours.map((each) => stretchOf(each, date, { fromAt, toAt }, zone))) };
    date = next;
    fromAt = toAt;
  }
}

function stretchOf(
  { fromMinute, toMinute }: BusinessCalendar["hours"][number],
  date: Temporal.PlainDate,
  day: Stretch,
  zone: string,
): Stretch {
  const instantOf = (minute: number): number => {
    if (minute <= 0) return day.fromAt;
    if (minute >= 1440) return day.toAt;
    // Only a day of another length has a change of the clocks in it; all others are plain arithmetic.
    if (day.toAt - day.fromAt === DAY_MS) return day.fromAt + minute * MINUTE_MS;
    const time = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
    return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
  };
  return { fromAt: instantOf(fromMinute), toAt: instantOf(toMinute) };
}

/** Ascending, overlaps joined, so that an hour listed twice is one hour. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.fromAt - b.fromAt)) {
    const last = result.at(-1);
    if (last !== undefined && next.fromAt <= last.toAt) {
      result[result.length - 1] = { fromAt: last.fromAt, toAt: Math.max(last.toAt, next.toAt) };
    } else if (next.fromAt < next.toAt) result.push(next);
  }
  return result;
}
