// A period by its name, as tests write it down. Checks nothing itself.

import type { Contract } from "../../workers/config/contracts/contract.ts";
import { periodsBetween } from "../../workers/sla/periods.ts";
import type { PeriodSpan } from "../../workers/sla/periods.ts";

const DAY_MINUTES = 1_440;

/** The period of exactly this name; null for any other text. Looks within a year and a half of the year that it begins with. */
export function periodNamed(versions: readonly Contract[], name: string): PeriodSpan | null {
  const [year] = /^\d{4}/.exec(name) ?? [];
  if (year === undefined) return null;
  const newYear = Date.UTC(Number(year), 0, 1) / 60_000;
  const periods = periodsBetween(versions, newYear - 2 * DAY_MINUTES, newYear + 400 * DAY_MINUTES);
  return periods.find((period) => period.name === name) ?? null;
}
