// What the front page shows of a contract's open period: each objective's value, verdict, evidence and budget, of the scope that is
// worst. Pure; made from an open report by the judge, which keeps it for public contracts only. snake_case, since it is our JSON.
// Holds no fee and no credit.

import type { Journey, Language } from "../../schema/words.ts";
import type {
  Budget,
  ContractSays,
  DurationResult,
  Grade,
  ObjectiveResult,
  QuantileResult,
  Report,
  ScopeResult,
  Verdict,
} from "./report-shape.ts";

/** One objective in the binding scope where it is worst. Shares: 0..1, exact, to be cut off when printed. */
export interface BoardObjective {
  readonly id: string;
  readonly kind: "slots" | "ratio" | "quantile" | "duration";
  /** Null: of a duration. */
  readonly journey: Journey | null;
  /** Where the contract is judged region by region: the worst one, and of how many. Null: all regions together. */
  readonly region: {
    readonly id: string;
    readonly label: Readonly<Record<Language, string>>;
    readonly of: number;
  } | null;
  /** The share that is promised (of a quantile: q); null: of a duration. */
  readonly target: number | null;
  /** Of a quantile, a ratio within a limit, or a duration; else null. */
  readonly limit_ms: number | null;
  /** What a quantile is the time of; else null. */
  readonly direction: QuantileResult["direction"] | null;
  /** Which time of incidents, and which figure of them; null: of no duration. */
  readonly duration: Pick<DurationResult, "of" | "stat"> | null;
  /** Measured share, or ms of a duration; null: nothing was measured. */
  readonly value: number | null;
  /** Of slots: all unmeasured ones down, and up; else null. */
  readonly low: number | null;
  readonly high: number | null;
  readonly coverage: number | null;
  /** Slots measured, messages attempted, or incidents. */
  readonly sample: number;
  readonly contract_says: ContractSays;
  readonly verdict: Verdict;
  readonly grade: Grade | null;
  readonly more_good_needed: number | null;
  readonly budget: Budget | null;
}

/** A contract whose page is public. */
export interface BoardPart {
  readonly part: "board";
  readonly target: string;
  readonly contract: string;
  readonly label: Readonly<Record<Language, string>>;
  readonly tier: string;
  readonly period: {
    readonly name: string;
    readonly from: number;
    readonly to: number;
    readonly zone: string;
    readonly through: number;
  };
  readonly composed_at: number;
  readonly contract_says: ContractSays;
  readonly verdict: Verdict;
  /** Of the version in force last. */
  readonly objectives: readonly BoardObjective[];
}

/** Sonde's own word, worst before best: what is proven broken, what nobody can say yet, what is kept. */
const WORST_FIRST: readonly Verdict[] = ["breached", "undetermined", "resolution_insufficient", "no_data", "met"];

/** The part of an open report that everybody may see. The caller knows whether the contract is public. */
export function boardOf(report: Report): BoardPart {
  const { contract, period } = report;
  const scopes = report.segments.at(-1)?.scopes.filter(({ binding }) => binding) ?? [];
  const ids = new Set(scopes.flatMap(({ objectives }) => objectives.map(({ id }) => id)));
  return {
    part: "board",
    target: contract.target,
    contract: contract.id,
    label: contract.label,
    tier: contract.tier,
    period: { name: period.name, from: period.from, to: period.to, zone: period.zone, through: period.through },
    composed_at: report.composed_at,
    contract_says: report.contract_says,
    verdict: report.verdict,
    objectives: [...ids].flatMap((id) => {
      const all = scopes.flatMap(({ region, label, objectives }) => {
        const own = objectives.find((each) => each.id === id);
        return own === undefined ? [] : [{ region, label, result: own }];
      });
      const worst = all.toSorted((a, b) => byBadness(a.result, b.result))[0];
      return worst === undefined ? [] : [objectiveOf(worst.result, regionOf(worst, all.length))];
    }),
  };
}

/** Below 0: `a` is worse. Of the same verdict the lower share, the longer duration; what has no value comes last. */
function byBadness(a: ObjectiveResult, b: ObjectiveResult): number {
  const verdictOf = (one: ObjectiveResult): number =>
    WORST_FIRST.indexOf(one.kind === "duration" ? one.verdict : one.figures.verdict);
  const goodness = (one: ObjectiveResult): number =>
    one.kind === "duration" ? -(one.value_ms ?? -Infinity) : (one.figures.value ?? Infinity);
  const [ours, theirs] = [goodness(a), goodness(b)];
  return verdictOf(a) - verdictOf(b) || (ours === theirs ? 0 : ours - theirs);
}

function regionOf({ region, label }: Pick<ScopeResult, "region" | "label">, of: number): BoardObjective["region"] {
  return region === null ? null : { id: region, label: label ?? { en: region, zh: region }, of };
}

function objectiveOf(result: ObjectiveResult, region: BoardObjective["region"]): BoardObjective {
  const nothing = {
    low: null,
    high: null,
    coverage: null,
    grade: null,
    more_good_needed: null,
    direction: null,
    duration: null,
  };
  if (result.kind === "duration") {
    const { id, kind, limit_ms: limitMs, value_ms: value, incidents, contract_says: says, verdict } = result;
    const own = { id, kind, journey: null, region, target: null, limit_ms: limitMs, value, sample: incidents };
    const duration = { of: result.of, stat: result.stat };
    return { ...own, ...nothing, duration, contract_says: says, verdict, budget: null };
  }
  const { id, journey, budget } = result;
  const { value, contract_says: says, verdict } = result.figures;
  const shared = { id, journey, region, value, contract_says: says, verdict, budget };
  if (result.kind === "slots") {
    const { low, high, coverage, counted, unmeasured } = result.figures;
    const sample = counted - unmeasured;
    const own = { kind: "slots", target: result.target, limit_ms: null, sample } as const;
    return { ...nothing, ...shared, ...own, low, high, coverage };
  }
  const { attempted, evidence } = result.figures;
  const promised =
    result.kind === "ratio"
      ? ({ kind: "ratio", target: result.target, limit_ms: result.within_ms } as const)
      : ({ kind: "quantile", target: result.q, limit_ms: result.limit_ms, direction: result.direction } as const);
  const proof = { grade: evidence.grade, more_good_needed: evidence.more_good_needed };
  return { ...nothing, ...shared, ...promised, ...proof, sample: attempted };
}
