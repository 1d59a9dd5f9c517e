// The lists of a report in words: runs of downtime, exclusions, support clocks, credits and the claim. Pure; called by
// sla-view.ts. What people wrote (reasons, authors, proofs) is made plain text here, and never a link.

import { UNFIT_REASONS } from "../schema/words.ts";
import { claimLines } from "../workers/sla/claim-words.ts";
import type {
  CreditLine,
  CreditResult,
  JudgedExclusion,
  ObjectiveResult,
  Report,
  ReportMoney,
  ScopeResult,
  SlotsResult,
} from "../workers/sla/report-shape.ts";
import { plainLabel } from "./labels.ts";
import { cutBound, nameOf } from "./sla-figures.ts";
import type { Writing } from "./sla-figures.ts";
import type { SlaWords } from "./words/sla-words.ts";
import type { Unknown } from "./words/words.ts";

const MINUTE_MS = 60_000;
/** A reason may be a paragraph, and is no book. */
const PROSE_MOST = 500;

/** Rows of a table that is printed as it is; `head` names its columns. */
export interface TableView {
  readonly caption: string;
  /** The caption with what stands around the table, for those who come upon it by itself. */
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said below it. */
  readonly notes: readonly string[];
}

/** One line of text, or several; the first is the main one, and may lead somewhere. */
export type Cell = string | readonly string[] | LinkedCell;

export interface LinkedCell {
  readonly href: string;
  readonly lines: readonly string[];
}

export interface RunsView {
  readonly table: TableView;
  /** Said where there is no run; null where nothing was measured either, since then nobody knows. */
  readonly none: string | null;
  readonly unmeasured: string | null;
}

function reasonText(reason: string, { words, sla }: Writing): string {
  if (reason === "silent" || reason === "too_few" || reason === "never_scheduled") return sla.reasons[reason];
  const known = UNFIT_REASONS.some((one) => one === reason && one !== "none");
  return known ? words.unknown(reason as Unknown, null) : plainLabel(reason, "–");
}

/** When an objective of slots was down, and what was not measured. */
export function runsView(result: SlotsResult, scope: string, writing: Writing): RunsView {
  const { words, sla, clock } = writing;
  const { heads } = sla;
  const rows = result.runs.map((run): readonly Cell[] => [
    clock.minute(run.from),
    clock.minute(run.to),
    sla.minutes(words.number((run.to - run.from) / MINUTE_MS)),
    sla.amount(run.down, "up"),
    words.of(run.bad, run.attempted),
    run.first_bad_at === null && run.next_good_at === null
      ? "–"
      : sla.edges(
          run.first_bad_at === null ? null : clock.second(run.first_bad_at),
          run.next_good_at === null ? null : clock.second(run.next_good_at),
        ),
  ]);
  const caption = sla.runs(nameOf(result, writing));
  const lost = result.unmeasured_minutes.filter((one) => one.minutes > 0);
  const minutes = (n: number): string => sla.minutes(words.number(n));
  const total = minutes(lost.reduce((sum, one) => sum + one.minutes, 0));
  const parts = lost.map((one) => sla.reasonMinutes(reasonText(one.reason, writing), minutes(one.minutes)));
  return {
    table: {
      caption,
      label: `${scope} – ${caption}`,
      head: [heads.from, heads.to, heads.length, heads.down, heads.bad, heads.edges],
      rows,
      notes: result.runs_left_out > 0 ? [sla.moreRuns(result.runs_left_out)] : [],
    },
    none: result.figures.value === null ? null : sla.noRuns,
    unmeasured: lost.length === 0 ? null : sla.unmeasured(total, parts),
  };
}

export type Names = ReadonlyMap<string, string>;

/** Region ids as the report calls them. */
export function regionNames(scopes: readonly ScopeResult[], { words }: Writing): Names {
  return new Map(
    scopes.flatMap((scope) =>
      scope.region === null ? [] : [[scope.region, plainLabel(scope.label?.[words.language], scope.region)] as const],
    ),
  );
}

export const nameIn = (names: Names, region: string): string => names.get(region) ?? plainLabel(region, "–");

function countsText(one: JudgedExclusion, { words, sla }: Writing): string {
  const minutes = sla.minutes(words.number(one.minutes));
  if (one.refused === null) return sla.counted(minutes);
  const why = sla.refusals[one.refused];
  return one.minutes > 0 ? sla.partly(minutes, why) : sla.notCounted(why);
}

function noticeText(one: JudgedExclusion, { sla, clock }: Writing): string {
  if (one.announced_at === null) return sla.notAnnounced;
  const ahead = one.from - one.announced_at;
  return sla.announced(clock.minute(one.announced_at), ahead < 0 ? null : sla.span(ahead));
}

/** What somebody says should not count, and whether it does. */
export function exclusionsView(report: Report, names: Names, writing: Writing): TableView {
  const { sla, clock, words } = writing;
  const { heads } = sla;
  return {
    caption: sla.exclusions,
    label: sla.exclusions,
    head: [heads.type, heads.from, heads.to, heads.counts, heads.reason, heads.notice, heads.proof],
    rows: report.exclusions.map((one) => [
      [
        sla.types[one.type],
        one.regions === null
          ? sla.everyRegion
          : words.list(
              one.regions.map((id) => nameIn(names, id)),
              0,
            ),
      ],
      clock.minute(one.from),
      clock.minute(one.to),
      countsText(one, writing),
      [plainLabel(one.reason, "–", PROSE_MOST), sla.by(plainLabel(one.author, "–"), clock.minute(one.recorded_at))],
      noticeText(one, writing),
      one.proof === null
        ? sla.noProof
        : [plainLabel(one.proof.where, "–", 200), `SHA-256 ${plainLabel(one.proof.sha256, "–")}`],
    ]),
    notes: report.exclusions.length === 0 ? [sla.noExclusions] : [],
  };
}

/** How fast support was; null where the contract promises nothing about it. */
export function supportView(report: Report, { sla, words }: Writing): TableView | null {
  if (report.support.length === 0) return null;
  const { heads } = sla;
  const span = (ms: number | null): string => (ms === null ? "–" : sla.span(ms));
  return {
    caption: sla.support,
    label: sla.support,
    head: [
      heads.clock,
      heads.target,
      heads.calendar,
      heads.tickets,
      heads.kept,
      heads.missed,
      heads.running,
      heads.median,
      heads.max,
    ],
    rows: report.support.map((one) => [
      `${one.severity} · ${sla.clocks[one.clock]}`,
      sla.atMost(sla.span(one.target_ms)),
      one.calendar === "24x7" ? sla.always : plainLabel(one.calendar, "–"),
      words.number(one.tickets),
      words.number(one.kept),
      words.number(one.missed),
      words.number(one.running),
      span(one.median_ms),
      span(one.max_ms),
    ]),
    notes: [],
  };
}

export interface CreditView {
  /** Null: nothing is owed, nothing was lined up. */
  readonly table: TableView | null;
  readonly lines: readonly string[];
  /** Only for those whom the contract's own page lets in. */
  readonly money: readonly string[];
  readonly claim: readonly string[];
}

function ruleText(line: CreditLine, { words, sla }: Writing): string {
  if (line.tier === null) return sla.kinds[line.kind];
  return sla.tierRule(words.target(line.tier.below), words.target(line.tier.at_least), sla.pct(line.tier.pct));
}

/** What it comes to. Nothing is owed only where terms say what would be, and the period is over. */
export function owedText({ pct, terms, terms_written: written, provisional }: CreditResult, sla: SlaWords): string {
  if (pct > 0) return sla.creditSum(sla.pct(pct), terms.basis, terms.form, provisional);
  if (!written) return sla.noTerms;
  return provisional ? sla.noCreditSoFar : sla.noCredit;
}

/** Every line of what is owed, what it comes to, and how it is claimed. */
export function creditView(report: Report, names: Names, money: ReportMoney | null, writing: Writing): CreditView {
  const { sla, words } = writing;
  const { heads } = sla;
  const { lines, capped, terms } = report.credit;
  const everyName = new Map(
    report.segments.flatMap((s) => s.scopes.flatMap((c) => c.objectives)).map((o) => [o.id, o]),
  );
  const objective = (id: string): string => {
    const found: ObjectiveResult | undefined = everyName.get(id);
    return found === undefined ? plainLabel(id, "–") : nameOf(found, writing);
  };
  const rows = lines.map((line): readonly Cell[] => [
    line.region === null ? sla.everyRegion : nameIn(names, line.region),
    objective(line.objective),
    words.percent(cutBound(line.value)),
    sla.atLeast(words.target(line.target)),
    ruleText(line, writing),
    sla.pct(line.of_fee * 100),
    line.set_aside ? [sla.pct(line.pct), sla.setAside] : sla.pct(line.pct),
  ]);
  const terse = [
    owedText(report.credit, sla),
    ...(capped ? [sla.capped(sla.pct(terms.capPct))] : []),
    ...(lines.length > 1 ? [sla.stacking[terms.stacking]] : []),
    ...(lines.length > 0 && terms.onePerIncident ? [sla.oncePerIncident] : []),
  ];
  const head = [heads.region, heads.objective, heads.measured, heads.target, heads.rule, heads.ofFee, heads.credit];
  return {
    table: rows.length === 0 ? null : { caption: sla.credit, label: sla.credit, head, rows, notes: [] },
    lines: terse,
    money: moneyLines(money, writing),
    claim: claimText(report, writing),
  };
}

function moneyLines(money: ReportMoney | null, { sla }: Writing): readonly string[] {
  if (money === null) return [];
  const owed = sla.owed(sla.money(money.owed, money.currency), sla.money(money.fee, money.currency));
  return money.note === "below_minimum" ? [owed, sla.belowMinimum] : [owed];
}

function claimText({ claim, period }: Report, { words }: Writing): readonly string[] {
  if (claim === null) return [];
  const plain = (text: string): string => plainLabel(text, "–", PROSE_MOST);
  const shown = { ...claim, channel: plain(claim.channel), evidence: claim.evidence.map(plain) };
  return claimLines(shown, period.zone, words.language);
}
