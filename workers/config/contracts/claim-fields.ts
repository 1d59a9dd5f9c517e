// Reads `claim` of a contract: until when a credit can be asked for, where, and whose records decide. Pure; called by `terms.ts`.

import * as z from "zod";
import { field, isRecord, lineSchema, readFields } from "../fields.ts";
import type { Plain } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import type { Claim, ClaimSpan, Period } from "./contract.ts";
import { reportCalendar } from "./support-fields.ts";
import { claimSpan, oneOf } from "./term-fields.ts";

const EVIDENCE_MAX = 20;

const CLAIM_FIELDS = {
  opensAfter: field(claimSpan('opensAfter: "5d"').optional(), 'opensAfter: "5bd"'),
  deadline: field(claimSpan('deadline: "30d"'), 'deadline: "30d"'),
  from: field(oneOf(["period-end", "incident"]).default("period-end"), 'from: "period-end"'),
  channel: field(lineSchema(), 'channel: "ticket"'),
  evidence: field(z.array(lineSchema()).max(EVIDENCE_MAX).default([]), 'evidence: ["times", "region"]'),
  authority: field(
    oneOf(["provider", "customer", "third-party", "joint"]).default("provider"),
    'authority: "provider"',
  ),
  calendar: field(z.string().optional(), 'calendar: "office"'),
};

/** `unit`: of the contract's period. Null: none is written, or it is bad and reported. */
export function readClaim(
  value: Plain,
  path: Path,
  around: { readonly unit: Period["unit"]; readonly calendars: readonly string[] },
  report: Report,
): Claim | null {
  if (value === undefined) return null;
  const read = readFields(CLAIM_FIELDS, value, path, report);
  const { opensAfter, deadline, from, channel, evidence, authority, calendar } = read;
  if (calendar !== undefined) reportCalendar(calendar, [...path, "calendar"], around.calendars, report);
  if (deadline === undefined) return null;
  if (opensAfter !== undefined && isOver(deadline, opensAfter, around.unit)) {
    const mend = 'write a deadline after that, as in deadline: "60d"';
    const problem = "has passed before the claim opens (opensAfter)";
    report.add([...path, "deadline"], isRecord(value) ? value["deadline"] : undefined, { problem, mend });
  }
  if (from === undefined || channel === undefined || evidence === undefined || authority === undefined) return null;
  const opens = opensAfter ?? null;
  return { opensAfter: opens, deadline, from, channel, evidence, authority, calendar: calendar ?? null };
}

const CYCLE_DAYS: Readonly<Record<Period["unit"], { readonly least: number; readonly most: number }>> = {
  month: { least: 28, most: 31 },
  quarter: { least: 90, most: 92 },
  year: { least: 365, most: 366 },
};

/** Whether nobody can be in time: both end with a day, so the same day is too late. */
function isOver(deadline: ClaimSpan, opens: ClaimSpan, period: Period["unit"]): boolean {
  if (deadline.unit === opens.unit) return deadline.count <= opens.count;
  return daysAtMost(deadline, period) <= daysAtLeast(opens, period);
}

/** A business day is a day at least. */
function daysAtLeast({ unit, count }: ClaimSpan, period: Period["unit"]): number {
  return unit === "billing-cycle" ? count * CYCLE_DAYS[period].least : count;
}

/** One day a week and a fortnight of holidays are the fewest that anybody works; who works fewer is let pass. */
function daysAtMost({ unit, count }: ClaimSpan, period: Period["unit"]): number {
  if (unit === "billing-cycle") return count * CYCLE_DAYS[period].most;
  return unit === "business-day" ? 7 * count + 14 : count;
}
