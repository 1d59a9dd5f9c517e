// The list of contracts, and the list of a contract's periods, in words. Pure; called by sla-render.tsx. A contract is shown
// by its newest report: for each objective the region that is worst, since regions are never averaged.

import type { State } from "../schema/words.ts";
import type { ContractSays, ObjectiveResult, Report, ScopeResult } from "../workers/sla/report-shape.ts";
import { periodClock } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { gradeOf, nameOf, objectiveView, saysOf, wordOf } from "./sla-figures.ts";
import type { Judgement, Writing } from "./sla-figures.ts";
import type { PageContract, ReportHead, Unjudged } from "./sla.ts";
import { stateOf, worstGrade } from "./sla-view.ts";
import type { SlaWords } from "./words/sla-words.ts";
import type { Words } from "./words/words.ts";

export interface ListRow {
  readonly name: string;
  readonly href: string;
  readonly facts: readonly string[];
  readonly state: State;
  /** Why there is no report, in sentences; none where there is one. */
  readonly unjudged: readonly string[];
  readonly judged: {
    readonly period: string;
    readonly says: Judgement;
    readonly word: Judgement;
    readonly evidence: Judgement;
    readonly objectives: readonly ListObjective[];
  } | null;
}

interface ListObjective {
  readonly name: string;
  readonly value: string;
  /** Which region is worst, where there are several, and in how many nothing was measured. */
  readonly where: string | null;
  readonly target: string;
  readonly says: Judgement;
  readonly budget: string;
}

export interface ListView {
  readonly sentence: string;
  readonly state: State;
  readonly rows: readonly ListRow[];
}

/** A contract and its newest report, or why it has none. */
export interface Listed {
  readonly contract: PageContract;
  readonly report: Report | Unjudged;
}

const isReport = (report: Listed["report"]): report is Report => !("why" in report);

/** Lower is worse; null: nobody knows. */
function goodness(one: ObjectiveResult): number | null {
  if (one.kind === "duration") return one.value_ms === null ? null : -one.value_ms;
  return one.figures.value;
}

const saysIn = (one: ObjectiveResult): ContractSays =>
  one.kind === "duration" ? one.contract_says : one.figures.contract_says;

// From bad to good, as the judge ranks them: a region without data is not a good one.
const WORST_FIRST: readonly ContractSays[] = ["breached", "no_data", "met"];

function objectivesOf(report: Report, writing: Writing): readonly ListObjective[] {
  const scopes = report.segments.at(-1)?.scopes.filter((scope) => scope.binding) ?? [];
  const ids = [...new Set(scopes.flatMap((scope) => scope.objectives.map((one) => one.id)))];
  return ids.flatMap((id) => {
    const all = scopes.flatMap((scope) =>
      scope.objectives.filter((one) => one.id === id).map((one): Placed => ({ scope, one, good: goodness(one) })),
    );
    const known = all.filter((each) => each.good !== null).toSorted((a, b) => (a.good ?? 0) - (b.good ?? 0));
    const worst = known[0] ?? all[0];
    if (worst === undefined) return [];
    const view = objectiveView(worst.one, writing);
    const says = WORST_FIRST.find((word) => all.some(({ one }) => saysIn(one) === word)) ?? "no_data";
    return [
      {
        name: nameOf(worst.one, writing),
        value: view.value,
        where: whereText(known, all.length - known.length, writing),
        target: view.target,
        says: saysOf(says, writing.sla),
        budget: view.budget,
      },
    ];
  });
}

interface Placed {
  readonly scope: ScopeResult;
  readonly one: ObjectiveResult;
  readonly good: number | null;
}

/** Of the regions in which it is known, from the worst on, and the number of the others. */
function whereText(known: readonly Placed[], unknown: number, { words, sla }: Writing): string | null {
  const [worst] = known;
  if (known.length + unknown < 2) return null;
  const same = known.length > 1 && known.every(({ good }) => good === worst?.good);
  if (same && unknown === 0) return words.sameEverywhere;
  const region = worst === undefined || same ? null : worst.scope.region;
  const parts = [
    ...(region === null ? [] : [sla.worst(plainLabel(worst?.scope.label?.[words.language], region))]),
    ...(unknown === 0 ? [] : [sla.noDataIn(unknown)]),
  ];
  return parts.length === 0 ? null : words.parts(parts);
}

/** The list of the contracts that this visitor may see. */
export function listView(listed: readonly Listed[], words: Words, sla: SlaWords): ListView {
  const rows = listed.map(({ contract, report }) => rowOf(contract, report, words, sla));
  const judged = listed.flatMap(({ report }) => (isReport(report) && report.contract_says !== "no_data" ? report : []));
  const states = new Set(rows.map((row) => row.state));
  return {
    sentence: sla.listSentence({
      contracts: rows.length,
      judged: judged.length,
      breached: judged.filter((report) => report.contract_says === "breached").length,
      present: judged.every((report) => !report.period.closed),
    }),
    // One sign for all: the worst, and green only if every single one is.
    state: (["down", "degraded", "unmeasured"] as const).find((state) => states.has(state)) ?? "up",
    rows,
  };
}

function rowOf(contract: PageContract, report: Listed["report"], words: Words, sla: SlaWords): ListRow {
  const known = isReport(report) ? report.contract.target_label[words.language] : undefined;
  const target = plainLabel(known, contract.target);
  const row = {
    name: plainLabel(contract.label[words.language], contract.id),
    href: `/${words.language}/sla/${encodeURIComponent(contract.id)}`,
    facts: [sla.tier(plainLabel(contract.tier, "–")), target, ...(contract.page === "access" ? [sla.access] : [])],
  };
  if (!isReport(report))
    return { ...row, state: "unmeasured", unjudged: [sla.notYet[report.why], sla.notYetMore(report)], judged: null };
  const { period } = report;
  const clock = periodClock(period.zone, period.from, period.to);
  const name = plainLabel(period.name, "–");
  return {
    ...row,
    state: stateOf(report),
    unjudged: [],
    judged: {
      period: period.closed ? name : words.soFar(name),
      says: saysOf(report.contract_says, sla),
      word: wordOf(report.verdict, sla),
      evidence: gradeOf(worstGrade(report), sla),
      objectives: objectivesOf(report, { words, sla, clock }),
    },
  };
}

export interface PeriodRow {
  readonly period: string;
  /** Every revision, the newest first. */
  readonly revisions: readonly { readonly text: string; readonly href: string; readonly current: boolean }[];
  readonly says: Judgement;
  readonly word: Judgement;
  readonly credit: string;
  readonly composed: string;
}

/** A contract's periods, the newest first; verdicts are those of the newest revision. `shown` is the one on this page. */
export function periodRows(
  heads: readonly ReportHead[],
  shown: Pick<ReportHead, "period" | "revision"> & { readonly zone: string },
  words: Words,
  sla: SlaWords,
): readonly PeriodRow[] {
  const names = [...new Set(heads.map((head) => head.period))];
  return names.flatMap((name) => {
    const all = heads.filter((head) => head.period === name).toSorted((a, b) => b.revision - a.revision);
    const [newest] = all;
    if (newest === undefined) return [];
    const clock = periodClock(shown.zone, newest.fromAt, newest.toAt);
    const base = `/${words.language}/sla/${encodeURIComponent(newest.contract)}/${encodeURIComponent(name)}`;
    return [
      {
        period: name,
        revisions: all.map((head) => ({
          text: words.number(head.revision),
          href: `${base}?revision=${head.revision}`,
          current: head.period === shown.period && head.revision === shown.revision,
        })),
        says: saysOf(newest.contractSays, sla),
        word: wordOf(newest.verdict, sla),
        // Whether 0 means that nothing is owed, only the report itself says.
        credit: newest.creditPct > 0 ? sla.pct(newest.creditPct) : "–",
        composed: clock.minute(newest.composedAt),
      },
    ];
  });
}
