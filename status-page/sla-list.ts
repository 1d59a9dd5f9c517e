// The list of contracts, and the list of a contract's periods, in words. Pure; called by sla-render.tsx. A contract is shown
// by its newest report: for each objective the region that is worst, since regions are never averaged.

import type { State } from "../schema/words.ts";
import type { ObjectiveResult, Report } from "../workers/sla/report-shape.ts";
import { periodClock } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { gradeOf, nameOf, objectiveView, saysOf, wordOf } from "./sla-figures.ts";
import type { Judgement, Writing } from "./sla-figures.ts";
import type { PageContract, ReportHead } from "./sla.ts";
import { stateOf, worstGrade } from "./sla-view.ts";
import type { SlaWords } from "./words/sla-words.ts";
import type { Words } from "./words/words.ts";

export interface ListRow {
  readonly name: string;
  readonly href: string;
  readonly facts: readonly string[];
  readonly state: State;
  /** Null: not judged yet. */
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
  /** Which region is worst, where there are several. */
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

/** A contract and its newest report; null while it has none. */
export interface Listed {
  readonly contract: PageContract;
  readonly report: Report | null;
}

// Lower is worse. What nobody measured sorts behind everything that is known.
function goodness(one: ObjectiveResult): number {
  if (one.kind === "duration") return one.value_ms === null ? Number.POSITIVE_INFINITY : -one.value_ms;
  return one.figures.value ?? Number.POSITIVE_INFINITY;
}

function objectivesOf(report: Report, writing: Writing): readonly ListObjective[] {
  const scopes = report.segments.at(-1)?.scopes.filter((scope) => scope.binding) ?? [];
  const ids = [...new Set(scopes.flatMap((scope) => scope.objectives.map((one) => one.id)))];
  return ids.flatMap((id) => {
    const all = scopes
      .flatMap((scope) => scope.objectives.filter((one) => one.id === id).map((one) => ({ scope, one })))
      .toSorted((a, b) => goodness(a.one) - goodness(b.one));
    const [worst] = all;
    if (worst === undefined) return [];
    const same = all.every(({ one: other }) => goodness(other) === goodness(worst.one));
    const { scope, one } = worst;
    const view = objectiveView(one, writing);
    const { words } = writing;
    const region = scope.region === null ? null : plainLabel(scope.label?.[words.language], scope.region);
    return [
      {
        name: nameOf(one, writing),
        value: view.value,
        where: region === null || scopes.length < 2 ? null : same ? words.sameEverywhere : writing.sla.worst(region),
        target: view.target,
        says: view.says,
        budget: view.budget,
      },
    ];
  });
}

/** The list of the contracts that this visitor may see. */
export function listView(listed: readonly Listed[], words: Words, sla: SlaWords): ListView {
  const rows = listed.map(({ contract, report }) => rowOf(contract, report, words, sla));
  const breached = listed.filter(({ report }) => report?.contract_says === "breached").length;
  const states = new Set(rows.map((row) => row.state));
  return {
    sentence: sla.listSentence(rows.length, breached),
    // One sign for all: the worst, and green only if every single one is.
    state: (["down", "degraded", "unmeasured"] as const).find((state) => states.has(state)) ?? "up",
    rows,
  };
}

function rowOf(contract: PageContract, report: Report | null, words: Words, sla: SlaWords): ListRow {
  const target = plainLabel(report?.contract.target_label[words.language], contract.target);
  const row = {
    name: plainLabel(contract.label[words.language], contract.id),
    href: `/${words.language}/sla/${encodeURIComponent(contract.id)}`,
    facts: [sla.tier(plainLabel(contract.tier, "–")), target, ...(contract.page === "access" ? [sla.access] : [])],
  };
  if (report === null) return { ...row, state: "unmeasured", judged: null };
  const { period } = report;
  const clock = periodClock(period.zone, period.from, period.to);
  const name = plainLabel(period.name, "–");
  return {
    ...row,
    state: stateOf(report),
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
        credit: sla.pct(newest.creditPct),
        composed: clock.minute(newest.composedAt),
      },
    ];
  });
}
