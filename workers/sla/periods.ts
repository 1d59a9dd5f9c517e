// The periods that a contract is judged by: months, quarters and years of its zone, or counted from its own day, in elapsed
// minutes. No clock: the minute is an argument. Knows nothing of measurements. Called by reports, pages, claims and support.
//
// How versions and periods fit together: a version holds from the start of its first day to the end of its last, or until the
// next one begins. A new version does not begin a new period, unless its period settings are others: then the old period is
// cut where the new settings begin. Days without any version are cut off both ends of a period; a gap inside stays in it.

import { Temporal } from "temporal-polyfill";
import type { Contract, Period } from "../config/contracts/contract.ts";
import { dayNumbered, dayOf } from "../results/calendar.ts";

const MINUTE_MS = 60_000;

/** Half-open, minutes since the epoch, elapsed. */
export interface PeriodSpan {
  /**
   * "2026-11", "2026-Q4", "2026" where the period is the calendar's, even when the contract begins in its middle. Else its
   * first day, "2026-03-17": anchored periods, clipped pieces, and what is left of a calendar period when settings change.
   */
  readonly name: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A version and the time in which it is in force; `toMinute` is Infinity while nothing ends it. */
export interface VersionSpan {
  readonly contract: Contract;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The period that holds a minute; null: no version is in force then. `versions`: all of one contract, ascending. */
export function periodAt(versions: readonly Contract[], minute: number): PeriodSpan | null {
  if (segmentsOf(versions, { fromMinute: minute, toMinute: minute + 1 }).length === 0) return null;
  return periodsBetween(versions, minute, minute + 1)[0] ?? null;
}

/** All periods that overlap [fromMinute, toMinute), ascending; they never overlap each other. Both ends are finite. */
export function periodsBetween(versions: readonly Contract[], fromMinute: number, toMinute: number): PeriodSpan[] {
  return regimesOf(versions).flatMap((regime) => periodsOf(regime, fromMinute, toMinute));
}

/** The versions in force in a span, each cut to it, ascending. */
export function segmentsOf(
  versions: readonly Contract[],
  span: { readonly fromMinute: number; readonly toMinute: number },
): VersionSpan[] {
  return versions.flatMap((contract, at) => {
    const next = versions[at + 1];
    const { effective, period } = contract;
    const last = effective.to === null ? null : Temporal.PlainDate.from(effective.to);
    const fromMinute = Math.max(span.fromMinute, startOf(Temporal.PlainDate.from(effective.from), period.zone));
    const toMinute = Math.min(
      span.toMinute,
      last === null ? Infinity : startOf(last.add({ days: 1 }), period.zone),
      next === undefined ? Infinity : startOf(Temporal.PlainDate.from(next.effective.from), next.period.zone),
    );
    return fromMinute < toMinute ? [{ contract, fromMinute, toMinute }] : [];
  });
}

/** Local days of a span, the first and the last one cut to it. A day that the zone skipped is not there. */
export function daysOf(
  fromMinute: number,
  toMinute: number,
  zone: string,
): { readonly fromMinute: number; readonly toMinute: number }[] {
  const days = [];
  if (!(fromMinute < toMinute)) return [];
  for (let day = dayOf(fromMinute, zone); day.fromMinute < toMinute; day = dayNumbered(day.number + 1, zone)) {
    const cut = { fromMinute: Math.max(fromMinute, day.fromMinute), toMinute: Math.min(toMinute, day.toMinute) };
    if (cut.fromMinute < cut.toMinute) days.push(cut);
  }
  return days;
}

/**
 * End of the `count`th billing cycle after the one that holds `minute`, by the settings of one version as if it went on for
 * ever: what is claimed by then must not move when the contract ends or changes. A clipped cycle counts as a whole one.
 */
export function cycleEnd(versions: readonly Contract[], contract: Contract, minute: number, count: number): number {
  const cycles = cyclesOf(contract.period, versions[0] ?? contract);
  const at = cycleAt(cycles, dateOf(minute, contract.period.zone));
  return startOf(cycleStart(cycles, at + count + 1), contract.period.zone);
}

/** Consecutive versions with the same period settings. */
interface Regime {
  readonly period: Period;
  readonly cycles: Cycles;
  readonly holds: readonly VersionSpan[];
  /** The day on which other settings begin; null: none do. */
  readonly until: Temporal.PlainDate | null;
  readonly isFirst: boolean;
}

function regimesOf(versions: readonly Contract[]): Regime[] {
  const runs: VersionSpan[][] = [];
  for (const hold of segmentsOf(versions, { fromMinute: -Infinity, toMinute: Infinity })) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && samePeriods(before.contract.period, hold.contract.period)) {
      run.push(hold);
    } else runs.push([hold]);
  }
  return runs.flatMap((holds, at) => {
    const [first] = holds;
    const next = runs[at + 1]?.[0];
    if (first === undefined) return [];
    const { period } = first.contract;
    const until = next === undefined ? null : Temporal.PlainDate.from(next.contract.effective.from);
    return [{ period, cycles: cyclesOf(period, versions[0] ?? first.contract), holds, until, isFirst: at === 0 }];
  });
}

function samePeriods(a: Period, b: Period): boolean {
  return (
    a.unit === b.unit &&
    a.anchor === b.anchor &&
    a.anchorDay === b.anchorDay &&
    a.zone === b.zone &&
    (a.clip === b.clip || a.anchor === "calendar")
  );
}

function periodsOf(regime: Regime, fromMinute: number, toMinute: number): PeriodSpan[] {
  const { period, holds, until } = regime;
  const from = Math.max(fromMinute, holds[0]?.fromMinute ?? Infinity);
  const to = Math.min(toMinute, holds.at(-1)?.toMinute ?? -Infinity);
  const periods: PeriodSpan[] = [];
  if (!(from < to)) return periods;
  // A day earlier, since a clock set back over midnight makes a date come twice.
  let date = dateOf(from, period.zone).subtract({ days: 1 });
  if (until !== null && !isBefore(date, until)) date = until.subtract({ days: 1 });
  const isOver = (day: Temporal.PlainDate): boolean =>
    startOf(day, period.zone) >= to || (until !== null && !isBefore(day, until));
  while (!isOver(date)) {
    const piece = pieceAt(regime, date);
    const span = spanOf(regime, piece);
    if (span !== null && span.fromMinute < to && span.toMinute > from) periods.push(span);
    date = piece.next;
  }
  return periods;
}

/** A period by its days, before versions cut it; `next` is the day after its last. */
interface Piece {
  readonly first: Temporal.PlainDate;
  readonly next: Temporal.PlainDate;
}

function pieceAt({ period, cycles }: Regime, date: Temporal.PlainDate): Piece {
  const at = cycleAt(cycles, date);
  const piece = { first: cycleStart(cycles, at), next: cycleStart(cycles, at + 1) };
  if (period.clip === "none" || period.anchor === "calendar") return piece;
  const month = date.with({ day: 1 });
  const following = month.add({ months: 1 });
  return {
    first: isBefore(piece.first, month) ? month : piece.first,
    next: isBefore(following, piece.next) ? following : piece.next,
  };
}

function spanOf(regime: Regime, { first, next }: Piece): PeriodSpan | null {
  const { period, holds, until, isFirst } = regime;
  const begins = startOf(first, period.zone);
  // Where the settings change with the zone, hours lie between the two midnights: they belong to the last old period.
  const ends = until !== null && !isBefore(next, until) ? Infinity : startOf(next, period.zone);
  const inside = holds.filter((hold) => hold.fromMinute < ends && hold.toMinute > begins);
  const fromMinute = Math.max(begins, inside[0]?.fromMinute ?? Infinity);
  const toMinute = Math.min(ends, inside.at(-1)?.toMinute ?? -Infinity);
  if (!(fromMinute < toMinute)) return null;
  const isNamedByCalendar = period.anchor === "calendar" && (isFirst || begins >= (holds[0]?.fromMinute ?? Infinity));
  return {
    name: isNamedByCalendar ? calendarName(period.unit, first) : dateOf(fromMinute, period.zone).toString(),
    fromMinute,
    toMinute,
  };
}

function calendarName(unit: Period["unit"], first: Temporal.PlainDate): string {
  const text = first.toString();
  if (unit === "year") return text.slice(0, 4);
  return unit === "month" ? text.slice(0, 7) : `${text.slice(0, 4)}-Q${Math.ceil(first.month / 3)}`;
}

/** Cycle 0 begins in this month, on `day`, or on the month's last day where it has no such day. */
interface Cycles {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly months: number;
}

/** Calendar cycles are counted from a January; the others from the month in which version 1 began. */
function cyclesOf({ unit, anchor, anchorDay }: Period, firstVersion: Contract): Cycles {
  const { year, month, day } = Temporal.PlainDate.from(firstVersion.effective.from);
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  if (anchor === "calendar") return { year, month: 1, day: 1, months };
  return { year, month, day: anchor === "service-start" ? day : (anchorDay ?? 1), months };
}

/** Counted from cycle 0 each time, so that a short February never moves the months after it. */
function cycleStart({ year, month, day, months }: Cycles, at: number): Temporal.PlainDate {
  const begins = new Temporal.PlainYearMonth(year, month).add({ months: at * months });
  return Temporal.PlainDate.from({ year: begins.year, month: begins.month, day });
}

function cycleAt(cycles: Cycles, date: Temporal.PlainDate): number {
  const at = Math.floor(((date.year - cycles.year) * 12 + date.month - cycles.month) / cycles.months);
  return isBefore(date, cycleStart(cycles, at)) ? at - 1 : at;
}

function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}

function dateOf(minute: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(minute * MINUTE_MS)
    .toZonedDateTimeISO(zone)
    .toPlainDate();
}

function startOf(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds / MINUTE_MS;
}
