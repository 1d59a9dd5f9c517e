// Which time zones a configuration may name: those that this runtime knows, by their IANA names. Pure; for the page's own zone, the
// periods of contracts and the calendars of business days.

import type { Refusal } from "./problems.ts";

/** Null: it is a zone. */
export function refusalOfZone(zone: string): Refusal | null {
  const refusal = {
    problem: "is not a time zone that is known here",
    mend: 'write an IANA name, as in "Asia/Shanghai"',
  };
  // Offsets such as +08:00 are accepted by Intl, but they have no history: days would shift where summer time exists.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return refusal;
  try {
    // Throws a RangeError for a zone that it does not know.
    return new Intl.DateTimeFormat("en", { timeZone: zone }) instanceof Intl.DateTimeFormat ? null : refusal;
  } catch {
    return refusal;
  }
}
