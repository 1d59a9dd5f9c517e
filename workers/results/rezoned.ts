// Days that were counted in another zone than the configuration's present one. They are other days there: summed up with those of the
// present zone, messages would count twice and time would be missing. Until they are counted anew, from their hours, nothing is
// known of them. Pure. Called by publish.store.ts, at each write.

import { dayNumbered } from "./calendar.ts";
import type { CalendarSpan, Span } from "./calendar.ts";

/** Days that one write counts anew, of each series: a day is 24 hours to read, and a year of a wide fleet is no work for one write. */
const AT_ONCE = 1;

/** A day as it is stored. `number`: its key, in whichever zone. */
export interface DayRow extends Span {
  readonly number: number;
  readonly zone: string;
}

/** Whether a row is of the day that has its number in this zone. */
export function isOfZone(row: DayRow, zone: string): boolean {
  if (row.zone === zone) return true;
  const { fromMinute, toMinute } = dayNumbered(row.number, zone);
  return row.fromMinute === fromMinute && row.toMinute === toMinute;
}

/** What is to be counted anew first: the newest day of another zone; behind the oldest one the day before it, of which there may be no row. */
export function toRecount(rows: readonly DayRow[], zone: string): readonly CalendarSpan[] {
  const elsewhere = rows.filter((row) => !isOfZone(row, zone)).map(({ number }) => number);
  const oldest = Math.min(...elsewhere);
  const before = elsewhere.length > 0 && !rows.some(({ number }) => number === oldest - 1) ? [oldest - 1] : [];
  const newestFirst = elsewhere.toSorted((a, b) => b - a);
  const due = newestFirst.length > AT_ONCE ? newestFirst.slice(0, AT_ONCE) : [...newestFirst, ...before];
  return due.map((number) => dayNumbered(number, zone));
}
