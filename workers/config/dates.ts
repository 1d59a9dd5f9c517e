// Days as people write them in a configuration: "2027-01-31". Pure; says which texts are days that a calendar has.

import type { Refusal } from "./problems.ts";

const DAY_MS = 86_400_000;

/** Null: it is a day. */
export function refusalOfDate(text: string): Refusal | null {
  return Number.isNaN(endOfDay(text)) ? { problem: "is not a date", mend: 'write it as in "2027-01-31"' } : null;
}

/** The first ms after that day, UTC; NaN: no such day. */
export function endOfDay(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 30 February is read as 2 March by some.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? Number.NaN : at + DAY_MS;
}

/** The day before a day. */
export function dayBefore(text: string): string {
  return new Date(endOfDay(text) - 2 * DAY_MS).toISOString().slice(0, 10);
}
