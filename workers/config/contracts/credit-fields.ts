// Reads `credits` and `creditTerms` of a contract: what is owed when an objective is missed. A worse month must never pay less: tiers
// have no gaps and no steps back. Pure; called by `terms.ts`.

import * as z from "zod";
import { field, inner, isRecord, judged, readFields, shareSchema } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import { nearest, type Path, type Refusal, type Report } from "../problems.ts";
import type { CreditRule, CreditTerms, CreditTier, Objective, RegionRule } from "./contract.ts";
import type { ObjectiveListRead } from "./objective-fields.ts";
import { oneOf, positive, readEach } from "./term-fields.ts";

const CREDITS_MAX = 20;
const TIERS_MAX = 20;
const KINDS = ["ladder", "accelerated", "per-hour"] as const;
const LADDER = 'kind: "ladder", tiers: [{ below: .999, atLeast: .99, pct: 10 }, { below: .99, atLeast: 0, pct: 25 }]';
const EXAMPLE = `credits: [{ ${LADDER} }]`;

const KIND = { kind: field(oneOf(KINDS), 'kind: "ladder"') };
const HEAD = { objective: field(z.string().optional(), 'objective: "availability"'), ...KIND };
const LADDER_FIELDS = { ...HEAD, tiers: inner(LADDER.slice(LADDER.indexOf("tiers")), "required") };
const ACCELERATED_FIELDS = { ...HEAD, factor: field(positive("factor: 100", 100_000), "factor: 100") };
const PER_HOUR_FIELDS = {
  ...HEAD,
  feeDays: field(positive("feeDays: 1", 366), "feeDays: 1"),
  hours: field(oneOf(["started", "whole", "exact"]).default("started"), 'hours: "started"'),
};
const TIER_FIELDS = {
  below: field(shareSchema("below: .999", "one included"), "below: .999"),
  atLeast: field(judged(z.number(), refusalOfLeast), "atLeast: .99"),
  pct: field(percent("pct: 10"), "pct: 10"),
};
const TERMS_FIELDS = {
  basis: field(oneOf(["service-fee", "region-fee", "total-fee"]).default("service-fee"), 'basis: "service-fee"'),
  capPct: field(percent("capPct: 100").default(100), "capPct: 100"),
  minAmount: field(positive("minAmount: 1").optional(), "minAmount: 1"),
  form: field(oneOf(["credit", "voucher", "cash"]).default("credit"), 'form: "credit"'),
  stacking: field(oneOf(["max", "sum"]).default("max"), 'stacking: "max"'),
  onePerIncident: field(z.boolean().default(false), "onePerIncident: true"),
  roundTo: field(positive("roundTo: .01").default(0.01), "roundTo: .01"),
  rounding: field(oneOf(["down", "up", "nearest"]).default("down"), 'rounding: "down"'),
};

export function readCredits(list: Plain, path: Path, around: ObjectiveListRead, report: Report): readonly CreditRule[] {
  const seen = new Set<string>();
  return readEach(list, path, { max: CREDITS_MAX, write: EXAMPLE }, report, (one, at): CreditRule | null => {
    const objective = readObjectiveOf(one, at, around, report);
    if (objective !== null) {
      const mend = "write one rule for each objective";
      const problem = `is a second rule for the objective "${objective.id}"`;
      if (seen.has(objective.id)) report.add(at, one, { problem, mend });
      seen.add(objective.id);
    }
    return readCredit(one, at, objective, report);
  });
}

export function readCreditTerms(value: Plain, path: Path, report: Report): CreditTerms | null {
  const read = readFields(TERMS_FIELDS, value === undefined ? {} : value, path, report);
  const { basis, capPct, minAmount, form, stacking, onePerIncident, roundTo, rounding } = read;
  if (basis === undefined || capPct === undefined || form === undefined || stacking === undefined) return null;
  if (onePerIncident === undefined || roundTo === undefined || rounding === undefined) return null;
  return { basis, capPct, minAmount: minAmount ?? null, form, stacking, onePerIncident, roundTo, rounding };
}

/** What must hold between the terms and the rest of the contract. `written`: the contract as the user wrote it, without its preset. */
export function reportCreditTerms(
  { basis }: CreditTerms,
  path: Path,
  around: { readonly regionRule: RegionRule; readonly written: Plain },
  report: Report,
): void {
  if (basis === "region-fee" && around.regionRule !== "each") {
    const mend = 'write regionRule: "each", or basis: "service-fee" in creditTerms';
    const problem = 'needs regionRule "each": where the regions make one stream, none of them has a fee of its own';
    report.add([...path, "basis"], basis, { problem, mend });
  }
  // A preset may bring one: it waits for whoever writes a fee.
  const { creditTerms: own, fee } = isRecord(around.written) ? around.written : {};
  const minAmount = isRecord(own) ? own["minAmount"] : undefined;
  if (minAmount !== undefined && minAmount !== REFUSED && fee === undefined) {
    const mend = 'write fee: { amount: 1000, currency: "CNY" } in the contract, or leave minAmount out';
    report.add([...path, "minAmount"], minAmount, { problem: "needs a fee: without one there are no amounts", mend });
  }
}

/** The objective that the credit is for; null: there is none, or nobody can tell yet. */
function readObjectiveOf(one: Plain, path: Path, around: ObjectiveListRead, report: Report): Objective | null {
  const written = isRecord(one) ? one["objective"] : undefined;
  const entry = [...path, "objective"];
  // What is no text, the fields report.
  if (!around.isWhole || (written !== undefined && typeof written !== "string")) return null;
  const paid = around.objectives.filter(({ kind }) => kind === "slots" || kind === "ratio");
  const ids = paid.map(({ id }) => id);
  if (ids.length === 0) {
    const mend = "write an objective of kind slots or ratio, or leave the credits out";
    report.add(entry, written, { problem: "is for nothing: no objective is of kind slots or ratio", mend });
    return null;
  }
  if (written === undefined) return paid[0] ?? null;
  const objective = around.objectives.find(({ id }) => id === written) ?? null;
  if (objective !== null && paid.includes(objective)) return objective;
  const near = objective === null ? nearest(written, ids) : null;
  const problem =
    objective === null
      ? "is not the id of an objective of this contract"
      : `is an objective of kind ${objective.kind}: nothing says how far it was missed`;
  const mend = near === null ? `write one of: ${ids.map((id) => `"${id}"`).join(", ")}` : `did you mean "${near}"?`;
  report.add(entry, written, { problem, mend });
  return objective;
}

function readCredit(one: Plain, path: Path, objective: Objective | null, report: Report): CreditRule | null {
  const kind = isRecord(one) ? one["kind"] : undefined;
  const own = objective?.id ?? "";
  switch (kind) {
    case "ladder": {
      const { tiers } = readFields(LADDER_FIELDS, one, path, report);
      return { objective: own, kind, tiers: readTiers(tiers, [...path, "tiers"], objective, report) };
    }
    case "accelerated": {
      const { factor } = readFields(ACCELERATED_FIELDS, one, path, report);
      return factor === undefined ? null : { objective: own, kind, factor };
    }
    case "per-hour": {
      const { feeDays, hours } = readFields(PER_HOUR_FIELDS, one, path, report);
      if (objective?.kind === "ratio") {
        const mend = "write the id of an objective of kind slots, or another kind of credit";
        report.add([...path, "objective"], own, { problem: "has no hours of downtime: it is of kind ratio", mend });
      }
      return feeDays === undefined || hours === undefined ? null : { objective: own, kind, feeDays, hours };
    }
    default:
      if (!isRecord(one)) report.add(path, one, { problem: "is not an object", mend: `write ${EXAMPLE}` });
      else if (kind !== REFUSED) readFields(KIND, { kind }, path, report);
      return null;
  }
}

/** From mild to severe, however they were written: the same choice gives the same hash. */
function readTiers(list: Plain, path: Path, objective: Objective | null, report: Report): readonly CreditTier[] {
  if (Array.isArray(list) && list.length === 0) {
    report.add(path, list, { problem: "has 0 entries", mend: `write ${LADDER_FIELDS.tiers.write}` });
  }
  const shape = { max: TIERS_MAX, write: LADDER_FIELDS.tiers.write };
  const read = readEach(list, path, shape, report, (one, at) => {
    const { below, atLeast, pct } = readFields(TIER_FIELDS, one, at, report);
    if (below === undefined || atLeast === undefined || pct === undefined) return null;
    if (atLeast < below) return { at, tier: { below, atLeast, pct } };
    const mend = `write atLeast: a value below ${below}; from atLeast up to below, which is not in it`;
    report.add([...at, "atLeast"], atLeast, { problem: `is not less than below (${below})`, mend });
    return null;
  });
  const tiers = read.toSorted((a, b) => b.tier.below - a.tier.below);
  // A tier that was refused leaves a gap of its own; it is looked for once it is mended.
  if (Array.isArray(list) && tiers.length === list.length) {
    tiers.forEach(({ at, tier }, index) => reportStep(tier, tiers[index + 1]?.tier ?? null, at, report));
  }
  const first = tiers[0];
  if (first !== undefined && objective !== null && "target" in objective && first.tier.below > objective.target) {
    report.add([...first.at, "below"], first.tier.below, {
      problem: `is above the target of the objective "${objective.id}" (${objective.target}): a credit would be owed for a kept promise`,
      mend: `write below: ${objective.target} or less`,
    });
  }
  return tiers.map(({ tier }) => tier);
}

/** Between a tier and the next worse one; null: it is the worst. */
function reportStep(tier: CreditTier, worse: CreditTier | null, path: Path, report: Report): void {
  const entry = [...path, "atLeast"];
  const to = worse?.below ?? 0;
  if (tier.atLeast < to) {
    const mend = `write atLeast: ${to}`;
    report.add(entry, tier.atLeast, { problem: `overlaps the tier below ${to}: a value would be in both`, mend });
  } else if (tier.atLeast > to) {
    const mend = `write atLeast: ${to}${worse === null ? "" : ", or begin the next tier here"}`;
    const problem = `leaves a gap from ${to} to ${tier.atLeast}: a worse value would pay nothing`;
    report.add(entry, tier.atLeast, { problem, mend });
  } else if (worse !== null && worse.pct < tier.pct) {
    const problem = `is more than the ${worse.pct} percent of the worse tier below it`;
    report.add([...path, "pct"], tier.pct, { problem, mend: `write pct: ${worse.pct} or less` });
  }
}

function refusalOfLeast(value: number): Refusal | null {
  if (value >= 0 && value < 1) return null;
  return {
    problem: "is not at least 0 and below 1",
    mend: "write a proportion, as in atLeast: .99; 0 for the worst tier",
  };
}

/** Money is in percent, as contracts write it: 10 is a tenth of the fee. */
function percent(write: string): z.ZodType<number> {
  return judged(z.number(), (value) =>
    value > 0 && value <= 100
      ? null
      : { problem: "is not above 0 and at most 100", mend: `write ${write} (percent of the fee)` },
  );
}
