// Results, segments and contracts as credits are made from, written short. Their figures agree only where a credit looks. Checks
// nothing itself; used by the test of credits.

import type { Contract, CreditRule, CreditTerms, Objective } from "../../workers/config/contracts/contract.ts";
import type { CreditPart } from "../../workers/sla/credits.ts";
import type { ObjectiveResult, Segment, SlotsFigures } from "../../workers/sla/report-shape.ts";
import { contractOf, ORIGIN, slotsObjective } from "./golden-month.ts";

export const MS = 60_000;
export const MONTH = 43_200;
export const PERIOD = { fromMinute: ORIGIN, toMinute: ORIGIN + MONTH, closed: true };
export const LADDER: Extract<CreditRule, { kind: "ladder" }> = {
  objective: "availability",
  kind: "ladder",
  tiers: [
    { below: 0.95, atLeast: 0, pct: 50 },
    { below: 0.99, atLeast: 0.95, pct: 25 },
    { below: 0.999, atLeast: 0.99, pct: 10 },
  ],
};
export const PER_HOUR: Extract<CreditRule, { kind: "per-hour" }> = {
  objective: "availability",
  kind: "per-hour",
  feeDays: 1,
  hours: "started",
};
export const FAST: CreditRule = { objective: "availability", kind: "accelerated", factor: 100 };

/** Breached in a whole month of single minutes, unless it is said otherwise. */
export function slotsResult(figures: Partial<SlotsFigures>, id = "availability"): ObjectiveResult {
  const all: SlotsFigures = {
    counted: MONTH,
    down: figures.minutes_down ?? 0,
    unmeasured: 0,
    excluded: 0,
    minutes_down: 0,
    value: 1,
    low: 0,
    high: 1,
    coverage: 1,
    contract_says: "breached",
    verdict: "undetermined",
    ...figures,
  };
  return {
    kind: "slots",
    id,
    journey: "loop",
    target: 0.999,
    slot_minutes: 1,
    bad: ["lost", "error"],
    late_ms: null,
    down_if: { rule: "all-fail" },
    min_run_slots: 1,
    figures: all,
    without_exclusions: all,
    budget: { unit: "minute", allowed: 0, used: 0, left: 0, burn_rate: null, exhausted_at: null },
    runs: [],
    runs_left_out: 0,
    unmeasured_minutes: [],
  };
}

/** Breached. */
export function ratioResult(attempted: number, bad: number, id = "delivery"): ObjectiveResult {
  const evidence = {
    grade: "not_enough_evidence",
    confidence: 0.95,
    at_least: null,
    at_most: null,
    design_effect: 1,
    design_effect_from: "prior",
    effective_sample: attempted,
    more_good_needed: null,
  } as const;
  const value = (attempted - bad) / attempted;
  const words = { contract_says: "breached", verdict: "undetermined" } as const;
  const figures = { attempted, bad, unjudged: 0, value, ...words, evidence };
  return {
    kind: "ratio",
    id,
    journey: "loop",
    target: 0.9999,
    within_ms: null,
    figures,
    without_exclusions: figures,
    budget: { unit: "message", allowed: 0, used: 0, left: 0, burn_rate: null, exhausted_at: null },
  };
}

/** Terms of credits, and what else the contract has. */
export interface Terms extends Partial<CreditTerms> {
  readonly rules?: readonly CreditRule[];
  readonly own?: Partial<Contract>;
}

/** A segment of the month whose regions (null: all of them) came to these results. */
export function partOf(
  regions: readonly (readonly [string | null, readonly ObjectiveResult[]])[],
  { rules = [LADDER], own = {}, ...terms }: Terms = {},
  from = 0,
  to = MONTH,
): CreditPart {
  const objectives: readonly Objective[] = [slotsObjective({})];
  const blank = contractOf(objectives, { credits: rules, ...own });
  const segment: Segment = {
    contract_version: blank.version,
    contract_hash: "00".repeat(32),
    contract_seen_at: 0,
    from: (ORIGIN + from) * MS,
    to: (ORIGIN + to) * MS,
    through: (ORIGIN + to) * MS,
    scopes: regions.map(([region, results]) => ({
      region,
      label: null,
      binding: blank.regionRule === "each" || region === null,
      objectives: results,
      latency: [],
    })),
  };
  return { contract: { ...blank, creditTerms: { ...blank.creditTerms, ...terms } }, segment };
}
