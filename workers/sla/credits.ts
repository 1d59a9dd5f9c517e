// What is owed for a missed objective: in percent of the fee, by the contract's own arithmetic on figures with exclusions, line by
// line, and as money beside it. Pure; called when a report is composed. Decides nothing about up, down or met: it takes the word
// `breached` from the figures. Amounts never enter a report: `moneyOf` is for those whom the contract's own page lets in.

import type { Contract, CreditRule, CreditTerms, CreditTier, Fee } from "../config/contracts/contract.ts";
import { dayOf } from "../results/calendar.ts";
import type { Span } from "../results/calendar.ts";
import type {
  CreditLine,
  CreditResult,
  RatioResult,
  ReportMoney,
  ScopeResult,
  Segment,
  SlotsResult,
} from "./report-shape.ts";

const MINUTE_MS = 60_000;
/** Nearer to a border than this is on it: quotients of integers below 1e9 are further apart, their binary dust is not. */
const DUST = 1e-12;

/** One version of the contract and what it came to. */
export interface CreditPart {
  readonly contract: Contract;
  readonly segment: Segment;
}

/** The whole period, minutes since the epoch, half-open. */
interface CreditPeriod extends Span {
  readonly closed: boolean;
}

/**
 * What is owed for a period, of its segments in order. RangeError without one, or if a rule's objective is in no result.
 *
 * A ladder pays for the segment's share of the period; `accelerated` (factor x downtime / whole period) and `per-hour` (days' fee
 * per hour / calendar days of the period) of the whole fee, since a segment's downtime is already its own. Of an accelerated ratio
 * the bad share takes the place of downtime, and it pays for its segment. With `region-fee` and rule `each` the regions share the
 * fee equally and add up; with any other basis only the worst region counts. Within a region the objectives' lines count as
 * `stacking` says. The cap holds for each region's part of the fee and for the whole. Segments add up, each by its own version's rules
 * and cap; the terms in force last cap the sum.
 */
export function creditOf(parts: readonly CreditPart[], period: CreditPeriod): CreditResult {
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError("a period without a segment owes nothing that could be told");
  const { minAmount: _minAmount, ...terms } = last.contract.creditTerms;
  const segments = parts.map((part) => creditOfSegment(part, period));
  const pct = Math.min(tidy(segments.reduce((sum, { capped }) => sum + capped, 0)), terms.capPct);
  const lines = segments.flatMap((each) => each.lines);
  return {
    lines,
    terms_written: parts.some(({ contract }) => contract.credits.length > 0),
    pct,
    capped: pct < tidy(sumOf(lines.filter((line) => !line.set_aside))),
    terms,
    provisional: !period.closed,
  };
}

/** Lines of one segment, those that do not count marked, and what they come to under its cap, in percent of the whole fee. */
function creditOfSegment(part: CreditPart, period: CreditPeriod): { lines: CreditLine[]; capped: number } {
  const { contract, segment } = part;
  const { basis, capPct, stacking, onePerIncident } = contract.creditTerms;
  const binding = segment.scopes.filter((scope) => scope.binding);
  const isShared = basis === "region-fee" && contract.regionRule === "each";
  const ofFee = isShared ? 1 / binding.length : 1;
  const regions = binding.map((scope) =>
    contract.credits.flatMap((rule) => lineOf(rule, scope, part, period, ofFee) ?? []),
  );
  const isSummed = stacking === "sum" && !onePerIncident;
  const counting = isSummed ? regions : regions.map((lines) => largest(lines, weightOf));
  const adding = isShared ? counting : largest(counting, sumOf);
  const kept = new Set(adding.flat());
  return {
    lines: regions.flat().map((line) => ({ ...line, set_aside: !kept.has(line) })),
    capped: adding.reduce((sum, lines) => sum + Math.min(sumOf(lines), capPct * ofFee), 0),
  };
}

/** One line, or null where nothing is owed by this rule in this scope. */
function lineOf(
  rule: CreditRule,
  scope: ScopeResult,
  { contract, segment }: CreditPart,
  period: CreditPeriod,
  ofFee: number,
): CreditLine | null {
  const result = scope.objectives.find((each) => each.id === rule.objective);
  if (result === undefined) throw new RangeError(`a credit for objective ${rule.objective}, which has no result`);
  if (result.kind !== "slots" && result.kind !== "ratio") return null;
  const { value, contract_says: says } = result.figures;
  if (says !== "breached" || value === null) return null;
  const ofSegment = (segment.to - segment.from) / MINUTE_MS / (period.toMinute - period.fromMinute);
  const tier = rule.kind === "ladder" ? tierOf(rule.tiers, value) : null;
  const pct = tier?.pct ?? percentOf(rule, result, period, contract.period.zone);
  if (pct <= 0) return null;
  const isOfSegment = rule.kind === "ladder" || result.kind === "ratio";
  return {
    contract_version: contract.version,
    region: scope.region,
    objective: rule.objective,
    kind: rule.kind,
    value,
    target: result.target,
    minutes_down: result.kind === "slots" ? result.figures.minutes_down : null,
    tier: tier === null ? null : { below: tier.below, at_least: tier.atLeast, pct: tier.pct },
    pct,
    of_fee: isOfSegment ? ofFee * ofSegment : ofFee,
    set_aside: false,
  };
}

/** No rounding of the value: 99.8999 % is below 99.9 %. */
function tierOf(tiers: readonly CreditTier[], value: number): CreditTier | null {
  return tiers.find((tier) => value < tier.below - DUST && value >= tier.atLeast - DUST) ?? null;
}

/** Percent by downtime; 0 of a ladder, none of whose tiers holds. */
function percentOf(rule: CreditRule, result: SlotsResult | RatioResult, period: Span, zone: string): number {
  if (rule.kind === "ladder") return 0;
  if (rule.kind === "accelerated") {
    if (result.kind === "ratio") return (rule.factor * 100 * result.figures.bad) / result.figures.attempted;
    return (rule.factor * 100 * result.figures.minutes_down) / (period.toMinute - period.fromMinute);
  }
  if (result.kind === "ratio") return 0;
  const hours = hoursOf(result.figures.minutes_down / 60, rule.hours);
  return (rule.feeDays * 100 * hours) / calendarDays(period, zone);
}

function hoursOf(hours: number, counted: "started" | "whole" | "exact"): number {
  if (counted === "exact") return hours;
  return counted === "started" ? Math.ceil(tidy(hours)) : Math.floor(tidy(hours));
}

/** Days that the calendar has, not elapsed 24 hours: October has 31 although its clocks go back. */
function calendarDays({ fromMinute, toMinute }: Span, zone: string): number {
  return dayOf(toMinute - 1, zone).number - dayOf(fromMinute, zone).number + 1;
}

function weightOf(line: CreditLine): number {
  return line.pct * line.of_fee;
}

function sumOf(lines: readonly CreditLine[]): number {
  return lines.reduce((sum, line) => sum + weightOf(line), 0);
}

/** The heaviest, the first of equals; none of none. */
function largest<T>(list: readonly T[], weight: (each: T) => number): T[] {
  return [...list].sort((a, b) => weight(b) - weight(a)).slice(0, 1);
}

/** Without the dust of binary fractions, a trillionth of a percent. */
function tidy(value: number): number {
  return Number(value.toFixed(12));
}

/**
 * The amount of a credit, in whole multiples of `roundTo`. `below_minimum`: a credit above 0 that comes to less than the least
 * amount that is paid, or than one `roundTo`.
 */
export function moneyOf(credit: CreditResult, fee: Fee, terms: CreditTerms): ReportMoney {
  const { roundTo, rounding, minAmount } = terms;
  const steps = stepsOf((fee.amount * credit.pct) / 100 / roundTo, rounding);
  const amount = Number((steps * roundTo).toFixed(digitsOf(roundTo)));
  const isPaid = amount > 0 && amount >= (minAmount ?? 0);
  return {
    fee: fee.amount,
    currency: fee.currency,
    owed: isPaid ? amount : 0,
    note: !isPaid && credit.pct > 0 ? "below_minimum" : null,
  };
}

/** What is a whole number but for binary dust is that number; .29 / .01 must not lose a cent, nor a third of 3,000 one. */
function stepsOf(exact: number, rounding: CreditTerms["rounding"]): number {
  const nearest = Math.round(exact);
  const dust = Math.max(1e-6, exact * 1e-11);
  if (Math.abs(exact - nearest) <= dust) return nearest;
  if (rounding === "nearest") return Math.floor(exact + 0.5 + dust);
  return rounding === "down" ? Math.floor(exact) : Math.ceil(exact);
}

/** Decimals of a step: 2 of .01 and of .05. */
function digitsOf(step: number): number {
  for (let digits = 0; digits < 12; digits++) {
    if (Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-9) return digits;
  }
  return 12;
}
