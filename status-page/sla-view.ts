// A report as its page shows it: everything in words, in the order in which a reader asks. Pure; called by sla-render.tsx.
// Decides nothing: verdicts, credits and bounds are the report's; only the worst grade of evidence is looked up here.

import type { State } from "../schema/words.ts";
import type { Grade, LatencyDisplay, Report, ReportMoney, ScopeResult, Segment } from "../workers/sla/report-shape.ts";
import { floorShare } from "./figures.ts";
import { periodClock, zoneName } from "./instants.ts";
import { anchor, plainLabel } from "./labels.ts";
import { gradeOf, nameOf, objectiveView, saysOf, valueOf, wordOf } from "./sla-figures.ts";
import type { Judgement, ObjectiveView, Writing } from "./sla-figures.ts";
import { creditView, exclusionsView, owedText, regionNames, runsView, supportView } from "./sla-lists.ts";
import { incidentsView } from "./sla-incidents.ts";
import type { CreditView, RunsView, TableView } from "./sla-lists.ts";
import type { SlaMethodFacts, SlaWords } from "./words/sla-words.ts";
import type { Words } from "./words/words.ts";

const MINUTE_MS = 60_000;

export interface TileView {
  readonly title: string;
  readonly judgement: Judgement | null;
  readonly text: string;
  readonly notes: readonly string[];
}

/** All regions against all objectives. */
export interface OverviewView {
  readonly objectives: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly href: string;
    readonly cells: readonly { readonly value: string; readonly word: Judgement }[];
  }[];
}

export interface ScopeView {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly note: string | null;
  readonly caption: string;
  readonly objectives: readonly ObjectiveView[];
  readonly runs: readonly RunsView[];
  readonly latency: readonly string[];
}

export interface SegmentView {
  /** Null where one version holds for the whole period. */
  readonly title: string | null;
  readonly overview: OverviewView | null;
  readonly scopes: readonly ScopeView[];
}

export interface ReportView {
  readonly state: State;
  readonly sentence: string;
  readonly label: string;
  readonly facts: readonly string[];
  readonly period: readonly string[];
  readonly warning: string | null;
  readonly tiles: readonly TileView[];
  readonly segments: readonly SegmentView[];
  readonly exclusions: TableView;
  /** Null: it was composed before there were incidents. */
  readonly incidents: TableView | null;
  readonly support: TableView | null;
  readonly credit: CreditView;
  readonly method: readonly string[];
  readonly record: readonly string[];
}

export interface ReportInput {
  readonly report: Report;
  /** Of the stored body. */
  readonly hash: string;
  /** Null on a public page, always. */
  readonly money: ReportMoney | null;
  readonly words: Words;
  readonly sla: SlaWords;
}

const grades = (scopes: readonly ScopeResult[]): readonly Grade[] =>
  scopes.flatMap((scope) =>
    scope.objectives.flatMap((one) =>
      one.kind === "ratio" || one.kind === "quantile" ? [one.figures.evidence.grade] : [],
    ),
  );

const bindingScopes = (report: Report): readonly ScopeResult[] =>
  report.segments.flatMap((segment) => segment.scopes.filter((scope) => scope.binding));

/** The worst grade among what binds; null where no objective asks for proof. */
export function worstGrade(report: Report): Grade | null {
  const all = grades(bindingScopes(report));
  const order: readonly Grade[] = ["proven_breached", "not_enough_evidence", "proven_met"];
  return order.find((grade) => all.includes(grade)) ?? null;
}

/** The sign on top. Amber where the two verdicts differ and one of them is bad; unknown is never green. */
export function stateOf({ contract_says: says, verdict }: Pick<Report, "contract_says" | "verdict">): State {
  if (says === "breached" && verdict === "breached") return "down";
  if (says === "breached" || verdict === "breached") return "degraded";
  return says === "met" && verdict === "met" ? "up" : "unmeasured";
}

/** The whole page of a report. */
export function reportView({ report, hash, money, words, sla }: ReportInput): ReportView {
  const { period, contract } = report;
  const writing: Writing = { words, sla, clock: periodClock(period.zone, period.from, period.to) };
  const names = regionNames(
    report.segments.flatMap((segment) => segment.scopes),
    writing,
  );
  const grade = worstGrade(report);
  const label = plainLabel(contract.label[words.language], contract.id);
  const { source } = contract;
  return {
    state: stateOf(report),
    sentence: sla.sentence(report.contract_says, report.verdict, grade, !period.closed),
    label,
    facts: [
      sla.tier(plainLabel(contract.tier, "–")),
      plainLabel(contract.target_label[words.language], contract.target),
      ...(contract.page === "access" ? [sla.access] : []),
    ],
    period: periodLines(report, writing),
    warning: source?.warning === null || source === null ? null : plainLabel(source.warning[words.language], "–", 500),
    tiles: tilesOf(report, grade, writing),
    segments: report.segments.map((segment, i) => segmentView(report, segment, i, writing)),
    exclusions: exclusionsView(report, names, writing),
    incidents: incidentsView(report, names, writing),
    support: supportView(report, writing),
    credit: creditView(report, names, money, writing),
    method: sla.methodLines(methodFacts(report, words)),
    record: recordLines(report, hash, writing),
  };
}

function periodLines({ period }: Report, { words, sla, clock }: Writing): readonly string[] {
  const elapsed = Math.round((period.to - period.from) / MINUTE_MS);
  const judged = Math.max(0, Math.min(elapsed, Math.floor((period.through - period.from) / MINUTE_MS)));
  const share = floorShare(judged, elapsed);
  const whole = [
    sla.period(clock.minute(period.from), clock.minute(period.to), zoneName(period.zone)),
    sla.elapsed(elapsed),
  ];
  if (period.closed && judged >= elapsed) return [...whole, sla.frozen];
  const soFar = sla.soFar(sla.minutes(words.number(judged)), share === null ? words.noData : words.percent(share));
  return [...whole, soFar, period.closed ? sla.frozen : sla.open];
}

function tilesOf(report: Report, grade: Grade | null, { sla }: Writing): readonly TileView[] {
  const binding = bindingScopes(report).filter((scope) => scope.region !== null);
  const regions = new Set(binding.map((scope) => scope.region)).size;
  const inSome = (bad: (scope: ScopeResult) => boolean): readonly string[] => {
    const some = new Set(binding.filter(bad).map((scope) => scope.region)).size;
    return regions > 1 && some > 0 ? [sla.inSome(some, regions)] : [];
  };
  const figures = (scope: ScopeResult) => scope.objectives.map((one) => (one.kind === "duration" ? one : one.figures));
  const { pct, terms_written: written } = report.credit;
  const says = saysOf(report.contract_says, sla);
  const word = wordOf(report.verdict, sla);
  const proof = gradeOf(grade, sla);
  return [
    {
      title: sla.saysTitle,
      judgement: says,
      text: says.text,
      notes: [
        ...inSome((scope) => figures(scope).some((one) => one.contract_says === report.contract_says)),
        sla.saysMeaning,
      ],
    },
    {
      title: sla.wordTitle,
      judgement: word,
      text: word.text,
      notes: [...inSome((scope) => figures(scope).some((one) => one.verdict === report.verdict)), sla.wordMeaning],
    },
    {
      title: sla.evidenceTitle,
      judgement: grade === null ? null : proof,
      text: proof.text,
      notes: [...inSome((scope) => grade !== null && grades([scope]).includes(grade)), sla.evidenceMeaning],
    },
    {
      title: sla.creditTitle,
      judgement: null,
      text: written || pct > 0 ? sla.pct(pct) : "–",
      notes: [owedText(report.credit, sla)],
    },
  ];
}

function segmentView(report: Report, segment: Segment, index: number, writing: Writing): SegmentView {
  const { sla, clock } = writing;
  const alone = report.segments.length === 1;
  const regions = segment.scopes.filter((scope) => scope.region !== null).length;
  // What the contract is judged by comes first.
  const ordered = segment.scopes.toSorted((a, b) => Number(b.binding) - Number(a.binding));
  const scopes = ordered.map((scope) => scopeView(report, scope, { index, regions }, writing));
  const [first] = ordered;
  return {
    title: alone ? null : sla.segment(segment.contract_version, clock.minute(segment.from), clock.minute(segment.to)),
    overview:
      first === undefined || ordered.length < 2
        ? null
        : {
            objectives: first.objectives.map((one) => nameOf(one, writing)),
            rows: scopes.map((scope, i) => ({
              name: scope.title,
              href: `#${scope.id}`,
              cells: (ordered[i]?.objectives ?? []).map((one, o) => ({
                value:
                  one.kind === "duration"
                    ? (scope.objectives[o]?.value ?? "–")
                    : valueOf(one, "figures", writing.words),
                word: wordOf(one.kind === "duration" ? one.verdict : one.figures.verdict, sla),
              })),
            })),
          },
    scopes,
  };
}

interface Place {
  readonly index: number;
  readonly regions: number;
}

function scopeView(report: Report, scope: ScopeResult, { index, regions }: Place, writing: Writing): ScopeView {
  const { words, sla } = writing;
  const rule = report.contract.region_rule;
  const title =
    scope.region !== null
      ? plainLabel(scope.label?.[words.language], scope.region)
      : rule === "each"
        ? sla.everyRegion
        : sla.combined(rule, regions);
  return {
    id: anchor(`s${index}`, scope.region ?? "all"),
    title,
    code: scope.region === null ? "" : plainLabel(scope.region, "–"),
    note: scope.binding ? null : sla.forInformation,
    caption: sla.objectivesOf(title),
    objectives: told(scope.objectives.map((one) => objectiveView(one, writing))),
    runs: scope.objectives.flatMap((one) => (one.kind === "slots" ? [runsView(one, title, writing)] : [])),
    latency: scope.latency.map((one) => latencyText(one, writing)),
  };
}

/** The id is said where the name is not enough to tell two objectives apart. */
function told(objectives: readonly ObjectiveView[]): readonly ObjectiveView[] {
  const twice = (name: string): boolean => objectives.filter((one) => one.name === name).length > 1;
  return objectives.map((one) => (twice(one.name) ? { ...one, name: `${one.name} (${one.id})` } : one));
}

function latencyText(display: LatencyDisplay, { words, sla }: Writing): string {
  const value = (one: LatencyDisplay["p50"]): string =>
    one === null ? "–" : typeof one === "number" ? words.ms(Math.ceil(one)) : words.over(words.duration(one.over_ms));
  const { p50, p95, p99, max_ms: max } = display;
  const figures = `P50 ${value(p50)}, P95 ${value(p95)}, P99 ${value(p99)}`;
  const slowest = max === null ? "" : `, ${words.slowest(words.ms(Math.ceil(max)))}`;
  return sla.latencyLine(words.journeys[display.journey], figures + slowest, words.number(display.samples));
}

function methodFacts(report: Report, words: Words): SlaMethodFacts {
  const all = bindingScopes(report).flatMap((scope) => scope.objectives);
  const { method, period } = report;
  const confidences = all.flatMap((one) =>
    one.kind === "ratio" || one.kind === "quantile" ? [one.figures.evidence.confidence] : [],
  );
  return {
    every: words.duration(method.every_ms),
    messages: method.messages,
    gapMs: method.gap_ms,
    deadline: words.duration(method.deadline_ms),
    connectDeadline: words.duration(method.connect_deadline_ms),
    zone: zoneName(period.zone),
    confidence: [...new Set(confidences)].map((one) => words.target(one)).join(" / "),
    kinds: new Set(all.map((one) => one.kind)),
  };
}

function recordLines(report: Report, hash: string, { sla, clock }: Writing): readonly string[] {
  const { source } = report.contract;
  return [
    sla.composed(clock.minute(report.composed_at), plainLabel(report.method.software, "–")),
    sla.revision(report.revision),
    ...(report.replaces === null
      ? []
      : [sla.replaces(report.replaces.revision, plainLabel(report.replaces.hash, "–"))]),
    ...report.segments.map((one) =>
      sla.contractHash(one.contract_version, plainLabel(one.contract_hash, "–"), clock.minute(one.contract_seen_at)),
    ),
    ...(source === null
      ? []
      : [
          sla.source(
            plainLabel(source.preset, "–"),
            plainLabel(source.checked_on, "–"),
            source.url === null ? null : plainLabel(source.url, "–", 200),
          ),
        ]),
    sla.reportHash(hash),
  ];
}
