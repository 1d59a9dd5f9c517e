// Reads `contracts`: each entry, with what its preset brings, becomes one version of a contract. Reports everything that is wrong
// with them. Called by `parse.ts`.

import * as z from "zod";
import type { Objectives, Target } from "../config.ts";
import { field, id, inner, isRecord, judged, readFields, reportRepeated } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import { nearest, type Path, type Refusal, type Report } from "../problems.ts";
import { readLabel, sameForAll } from "../regions.ts";
import { reportAgainstTarget } from "./contract-conflicts.ts";
import { inOrder, type WrittenContract } from "./contract-versions.ts";
import type { Contract, Effective, Fee } from "./contract.ts";
import { reportCreditTerms } from "./credit-fields.ts";
import { withPreset } from "./preset-terms.ts";
import { PRESET_NAMES } from "./presets.ts";
import { DAY, oneOf, positive, readEach } from "./term-fields.ts";
import { readRegionRule, readTerms, TERMS_FIELDS, type WrittenTerms } from "./terms.ts";

/** What contracts are checked against. */
export interface AroundContracts {
  /** Ids of all targets that were written, good or bad. */
  readonly targetIds: readonly string[];
  readonly regionIds: readonly string[];
  /** Null while anything else in the configuration is bad: then contracts are judged by themselves alone. */
  readonly fleet: { readonly targets: readonly Target[]; readonly objectives: Objectives } | null;
  readonly timeZone: string;
  /** Whether `access` was written. */
  readonly hasAccess: boolean;
}

const CONTRACTS_MAX = 50;
const EXAMPLE =
  'contracts: [{ id: "standard", target: "broker", preset: "realtime-messaging", effective: { from: "2026-01-01" } }]';

const CONTRACT_FIELDS = {
  id: id('id: "standard"'),
  version: field(z.number().int().min(1).max(9999).default(1), "version: 1"),
  label: inner('label: "Standard"', "optional"),
  tier: field(id('tier: "standard"').schema.default("standard"), 'tier: "standard"'),
  page: field(oneOf(["public", "access"]).default("public"), 'page: "public"'),
  preset: field(oneOf(PRESET_NAMES).optional(), 'preset: "realtime-messaging"'),
  target: field(z.string(), 'target: "broker"'),
  effective: inner('effective: { from: "2026-01-01" }', "required"),
  fee: inner('fee: { amount: 1000, currency: "CNY" }', "optional"),
  ...TERMS_FIELDS,
};
const EFFECTIVE_FIELDS = {
  from: field(DAY, 'from: "2026-01-01"'),
  to: field(DAY.optional(), 'to: "2026-12-31"'),
};
const FEE_FIELDS = {
  amount: field(positive("amount: 1000 (for one period)"), "amount: 1000 (for one period)"),
  currency: field(judged(z.string(), refusalOfCurrency), 'currency: "CNY"'),
};

/** By id in the order of the configuration, then by version. Whole only when nothing was reported. */
export function readContracts(value: Plain, path: Path, around: AroundContracts, report: Report): readonly Contract[] {
  const shape = { max: CONTRACTS_MAX, write: EXAMPLE };
  const read = readEach(value, path, shape, report, (one, at): WrittenContract | null => {
    const contract = readContract(one, at, around, report);
    return contract === null ? null : { contract, path: at };
  });
  return inOrder(read, report);
}

function readContract(one: Plain, path: Path, around: AroundContracts, report: Report): Contract | null {
  const { merged, own, source } = withPreset(one, path, report);
  const read = readFields(CONTRACT_FIELDS, merged, path, own);
  if (!isRecord(merged)) return null;
  const label = readLabel(read.label, sameForAll(read.id ?? ""), [...path, "label"], own);
  const effective = readEffective(read.effective, [...path, "effective"], own);
  const fee = readFee(read.fee, [...path, "fee"], own);
  const target = readTarget(read.target, [...path, "target"], around, own);
  const regions = readRegions(read.regions, [...path, "regions"], target, around, own);
  // Regions that were refused are counted once they are mended.
  const isCounted = Array.isArray(read.regions) ? read.regions.length === regions.length : target !== null;
  const count = isCounted ? regions.length : 0;
  const regionRule = readRegionRule(read.regionRule, [...path, "regionRule"], count, own);
  // As it came: a list that was refused already is not missing.
  const written: WrittenTerms = { ...read, objectives: merged["objectives"] };
  const { period, creditTerms, ...terms } = readTerms(written, path, around.timeZone, own);
  if (creditTerms !== null && regionRule !== null) {
    reportCreditTerms(creditTerms, [...path, "creditTerms"], { regionRule, written: one }, own);
  }
  if (read.page === "access" && !around.hasAccess) {
    const mend = 'write access: { team: "acme", audience: "64 hex digits" } in the configuration, or page: "public"';
    own.add([...path, "page"], read.page, {
      problem: "needs `access` in the configuration: nobody could come in",
      mend,
    });
  }
  if (target !== null && around.fleet !== null) {
    const { objectives } = around.fleet;
    reportAgainstTarget(terms.objectives, [...path, "objectives"], { target, regions, objectives }, own);
  }
  const { id: contractId, version, tier, page } = read;
  if (contractId === undefined || version === undefined || tier === undefined || page === undefined) return null;
  if (label === null || read.target === undefined || effective === null || regionRule === null) return null;
  if (period === null || creditTerms === null) return null;
  const head = { id: contractId, version, label, tier, page, source, target: read.target, regions, regionRule };
  return { ...head, effective, period, ...terms, creditTerms, fee };
}

function readTarget(written: string | undefined, path: Path, around: AroundContracts, report: Report): Target | null {
  if (written === undefined) return null;
  if (!around.targetIds.includes(written)) {
    const near = nearest(written, around.targetIds);
    const mend = near === null ? "write the id of an entry of targets" : `did you mean "${near}"?`;
    report.add(path, written, { problem: "is not the id of a target", mend });
  }
  return around.fleet?.targets.find((one) => one.id === written) ?? null;
}

/** In the order of the configuration, however they were written: the same choice gives the same hash. */
function readRegions(
  list: Plain,
  path: Path,
  target: Target | null,
  around: AroundContracts,
  report: Report,
): readonly string[] {
  const known = target?.regions ?? around.regionIds;
  if (list === undefined) return known;
  if (!Array.isArray(list) || list.length === 0) {
    const mend = "write regions: [...], or leave it out for all regions that measure the target";
    if (list !== REFUSED) report.add(path, list, { problem: "is not a list of at least one region", mend });
    return [];
  }
  reportRepeated(list, path, report);
  list.forEach((one: Plain, index) => {
    if (one === REFUSED || (typeof one === "string" && known.includes(one))) return;
    const isElsewhere = typeof one === "string" && around.regionIds.includes(one);
    const near = typeof one === "string" ? nearest(one, known) : null;
    const problem = isElsewhere
      ? `does not measure the target "${target?.id ?? ""}"`
      : "is not among the regions of this fleet";
    const mend = isElsewhere || near === null ? `write some of: ${known.join(", ")}` : `did you mean "${near}"?`;
    report.add([...path, index], one, { problem, mend });
  });
  return known.filter((region) => list.includes(region));
}

function readEffective(value: Plain, path: Path, report: Report): Effective | null {
  if (value === undefined) return null;
  const { from, to } = readFields(EFFECTIVE_FIELDS, value, path, report);
  if (from === undefined) return null;
  if (to !== undefined && to < from) {
    const mend = `write a day from ${from} on, or leave it out until the next version begins`;
    report.add([...path, "to"], to, { problem: `is before ${from}, the first day`, mend });
  }
  return { from, to: to ?? null };
}

/** What somebody pays is nobody's business who reads the log of a deploy: it is never repeated. */
function readFee(value: Plain, path: Path, report: Report): Fee | null {
  if (value === undefined) return null;
  const hidden: Report = { ...report, add: (at, _, refusal) => report.addHidden(at, refusal) };
  const { amount, currency } = readFields(FEE_FIELDS, value, path, hidden);
  return amount === undefined || currency === undefined ? null : { amount, currency };
}

function refusalOfCurrency(text: string): Refusal | null {
  return /^[A-Z]{3}$/.test(text) ? null : { problem: "is not a code of ISO 4217", mend: 'write currency: "CNY"' };
}
