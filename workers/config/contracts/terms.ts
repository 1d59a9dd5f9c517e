// Reads the terms of one contract, the user's and a preset's alike: all that does not depend on which target it is about. Each part
// has its own file; here is what is left, and what must hold between the parts. Pure; called by `contracts.ts`.

import * as z from "zod";
import { field, type Fields, inner, isRecord, judged, readFields } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { refusalOfZone } from "../zones.ts";
import { readCalendars } from "./calendars.ts";
import { readClaim } from "./claim-fields.ts";
import type { Contract, Period, RegionRule } from "./contract.ts";
import { readCredits, readCreditTerms } from "./credit-fields.ts";
import { readExclusions } from "./exclusion-fields.ts";
import { readContractObjectives } from "./objective-fields.ts";
import { readEscalation, readSupport } from "./support-fields.ts";
import { oneOf } from "./term-fields.ts";

/** What a preset may hold, and a contract beside what is its own. */
export const TERMS_FIELDS = {
  regions: inner('regions: ["weur"]', "optional"),
  regionRule: inner('regionRule: "each"', "optional"),
  period: inner('period: { unit: "month" }', "optional"),
  objectives: inner("objectives: [...]", "optional"),
  exclusions: inner("exclusions: [...]", "optional"),
  credits: inner("credits: [...]", "optional"),
  creditTerms: inner("creditTerms: { capPct: 100 }", "optional"),
  claim: inner('claim: { deadline: "30d", channel: "ticket" }', "optional"),
  calendars: inner("calendars: { office: { zone, hours } }", "optional"),
  support: inner("support: [...]", "optional"),
  escalation: inner("escalation: [...]", "optional"),
} satisfies Fields;

export type WrittenTerms = { readonly [K in keyof typeof TERMS_FIELDS]: Plain };

/** Terms that need no target. Null parts: bad, and reported. */
export type Terms = Pick<
  Contract,
  "objectives" | "exclusions" | "credits" | "claim" | "calendars" | "support" | "escalation"
> & { readonly period: Period | null; readonly creditTerms: Contract["creditTerms"] | null };

const PERIOD_FIELDS = {
  unit: field(oneOf(["month", "quarter", "year"]).default("month"), 'unit: "month"'),
  anchor: field(oneOf(["calendar", "service-start", "billing-day"]).default("calendar"), 'anchor: "calendar"'),
  anchorDay: field(z.number().int().min(1).max(31).optional(), "anchorDay: 17"),
  zone: field(judged(z.string(), refusalOfZone).optional(), 'zone: "Asia/Shanghai"'),
  clip: field(oneOf(["calendar", "none"]).default("none"), 'clip: "none"'),
};

const AT_LEAST = { atLeast: field(z.number().int().min(1), "atLeast: 2") };

/** `path` is the contract's; `zone` its default. */
export function readTerms(written: WrittenTerms, path: Path, zone: string, report: Report): Terms {
  const period = readPeriod(written.period, [...path, "period"], zone, report);
  const objectives = readContractObjectives(written.objectives, [...path, "objectives"], report);
  const { calendars, names } = readCalendars(written.calendars, [...path, "calendars"], report);
  const around = { unit: period?.unit ?? "month", calendars: names };
  return {
    period,
    objectives: objectives.objectives,
    exclusions: readExclusions(written.exclusions, [...path, "exclusions"], report),
    credits: readCredits(written.credits, [...path, "credits"], objectives, report),
    creditTerms: readCreditTerms(written.creditTerms, [...path, "creditTerms"], report),
    claim: readClaim(written.claim, [...path, "claim"], around, report),
    calendars,
    support: readSupport(written.support, [...path, "support"], names, report),
    escalation: readEscalation(written.escalation, [...path, "escalation"], report),
  };
}

/** `count`: of the regions that the contract is about; 0: they are not known. */
export function readRegionRule(value: Plain, path: Path, count: number, report: Report): RegionRule | null {
  if (value === undefined) return "each";
  if (value === "each" || value === "any-down" || value === "all-down") return value;
  if (!isRecord(value)) {
    const mend = 'write "each", "any-down", "all-down" or { atLeast: 2 }';
    if (value !== REFUSED) report.add(path, value, { problem: "is not a rule for regions", mend });
    return null;
  }
  const { atLeast } = readFields(AT_LEAST, value, path, report);
  if (atLeast === undefined) return null;
  if (count > 0 && atLeast > count) {
    const problem = `is more than the ${count} regions of this contract: it could never be down`;
    report.add([...path, "atLeast"], atLeast, { problem, mend: `write atLeast: ${count} or less` });
  }
  return { atLeast };
}

function readPeriod(value: Plain, path: Path, fallbackZone: string, report: Report): Period | null {
  const read = readFields(PERIOD_FIELDS, value === undefined ? {} : value, path, report);
  const { unit, anchor, anchorDay, zone, clip } = read;
  if (unit === undefined || anchor === undefined || clip === undefined) return null;
  const isWritten = isRecord(value) && value["anchorDay"] !== undefined;
  if (anchor === "billing-day" && !isWritten) {
    const problem = "is missing: nobody knows on which day of the month it begins";
    report.add([...path, "anchorDay"], undefined, { problem, mend: "write anchorDay: 17, 1 to 31" });
  }
  if (anchor !== "billing-day" && anchorDay !== undefined) {
    const mend = 'write anchor: "billing-day", or leave anchorDay out';
    report.add([...path, "anchorDay"], anchorDay, { problem: `stands beside anchor "${anchor}"`, mend });
  }
  if (anchor === "calendar" && clip === "calendar") {
    const mend = 'leave clip out, or write anchor: "service-start" or "billing-day"';
    const problem = 'cuts nothing: with anchor "calendar" every period is made of whole calendar months';
    report.add([...path, "clip"], clip, { problem, mend });
  }
  return { unit, anchor, anchorDay: anchorDay ?? null, zone: zone ?? fallbackZone, clip };
}
