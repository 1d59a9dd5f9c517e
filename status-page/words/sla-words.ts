// What the SLA pages can say, as one interface that every language fills completely, beside words.ts. Functions take
// numbers, judged words and finished texts and return whole phrases. Pure; called by the SLA views and parts.

import type {
  Bad,
  Clock,
  CreditTerms,
  DownRule,
  DurationObjective,
  ExclusionType,
  QuantileObjective,
  RegionRule,
} from "../../workers/config/contracts/contract.ts";
import type {
  ContractSays,
  CreditLine,
  Evidence,
  Grade,
  IncidentResult,
  IncidentsResult,
  JudgedExclusion,
  Verdict,
} from "../../workers/sla/report-shape.ts";
import type { Unjudged } from "../sla.ts";

/** When a slot is down, as the contract says it. */
export interface SlotRule {
  readonly minutes: number;
  readonly bad: readonly Bad[];
  /** Only where `late` is bad. */
  readonly late: string | null;
  readonly downIf: DownRule;
  readonly minRun: number;
}

/** What the sentence on the evidence is made of. Percentages and counts are finished texts. */
export interface EvidenceFacts {
  readonly bad: string;
  readonly attempted: string;
  /** What counts as bad: "lost or refused". */
  readonly badWord: string;
  readonly grade: Grade;
  readonly confidence: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly target: string;
  readonly more: string | null;
}

export interface SlaMethodFacts {
  readonly every: string;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadline: string;
  readonly connectDeadline: string;
  readonly zone: string;
  readonly confidence: string;
  readonly kinds: ReadonlySet<"slots" | "ratio" | "quantile" | "duration">;
}

/** What the list is summed up by. */
export interface ListFacts {
  readonly contracts: number;
  /** So many of them have a verdict of their own arithmetic. */
  readonly judged: number;
  readonly breached: number;
  /** Every one of these by a period that is still open. */
  readonly present: boolean;
}

export interface SlaWords {
  // Pages that say one thing
  readonly none: string;
  readonly noneMore: string;
  readonly notYet: Readonly<Record<Unjudged["why"], string>>;
  notYetMore(why: Unjudged): string;
  readonly unreadable: string;
  readonly unreadableMore: string;
  readonly refused: Readonly<Record<401 | 403 | 503, string>>;
  readonly refusedMore: Readonly<Record<401 | 403 | 503, string>>;
  readonly notFound: string;
  readonly notFoundMore: string;

  // Figures
  /** 1 h 30 min, 45 s, 200 ms; cut off. */
  span(ms: number): string;
  /** At most `digits` decimals, two if not said; `up` or `down` says which way the rest goes. */
  amount(n: number, toward: "up" | "down", digits?: number): string;
  minutes(amount: string): string;
  /** 10 %, 11.8 %: of credits, at most four decimals, cut off. */
  pct(n: number): string;
  money(n: number, currency: string): string;

  // The list
  readonly reports: string;
  readonly all: string;
  listSentence(facts: ListFacts): string;
  readonly heads: Readonly<
    Record<
      | "period"
      | "says"
      | "word"
      | "evidence"
      | "objective"
      | "target"
      | "measured"
      | "range"
      | "budget"
      | "credit"
      | "revision"
      | "composed"
      | "region"
      | "from"
      | "to"
      | "length"
      | "down"
      | "bad"
      | "edges"
      | "type"
      | "reason"
      | "notice"
      | "proof"
      | "counts"
      | "clock"
      | "calendar"
      | "incident"
      | "impact"
      | "detected"
      | "notified"
      | "acked"
      | "resolved"
      | "published"
      | "tickets"
      | "kept"
      | "missed"
      | "running"
      | "median"
      | "max"
      | "rule"
      | "ofFee",
      string
    >
  >;
  tier(tier: string): string;
  readonly access: string;
  readonly older: string;

  // Judgements
  readonly says: Readonly<Record<ContractSays, string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly grades: Readonly<Record<Grade, string>>;
  readonly noGrade: string;
  readonly saysTitle: string;
  readonly wordTitle: string;
  readonly evidenceTitle: string;
  readonly creditTitle: string;
  readonly saysMeaning: string;
  readonly wordMeaning: string;
  readonly evidenceMeaning: string;
  /** The three, beside each other and never made one. */
  sentence(says: ContractSays, verdict: Verdict, grade: Grade | null, open: boolean): string;
  inSome(n: number, of: number): string;
  worst(region: string): string;
  noDataIn(regions: number): string;

  // The period
  period(from: string, to: string, zone: string): string;
  elapsed(minutes: number): string;
  soFar(judged: string, share: string): string;
  readonly open: string;
  readonly frozen: string;
  segment(version: number, from: string, to: string): string;

  // Scopes and objectives
  readonly overview: string;
  combined(rule: Exclude<RegionRule, "each">, regions: number): string;
  readonly forInformation: string;
  objectivesOf(scope: string): string;
  readonly availability: string;
  ratio(within: string | null): string;
  quantile(percentile: string, limit: string, direction: QuantileObjective["direction"]): string;
  durationOf(of: DurationObjective["of"], stat: DurationObjective["stat"]): string;
  readonly estimate: string;
  bads(bad: readonly Bad[], late: string | null): string;
  slower(limit: string, connecting: boolean): string;
  slotRule(rule: SlotRule): string;
  atLeast(percent: string): string;
  within(percent: string, limit: string): string;
  atMost(limit: string): string;
  /** Slots down of those counted, and the minutes that the contract makes of it. */
  slotsDown(down: string, counted: string, minutes: string): string;
  unmeasuredSlots(n: string): string;
  excludedSlots(n: string): string;
  badOf(bad: string, attempted: string, badWord: string): string;
  unjudged(n: string): string;
  withoutExclusions(value: string): string;
  interval(low: string, high: string): string;
  coverage(percent: string): string;
  /** Of the two ends of an interval. */
  bounds(confidence: string): string;
  incidents(known: number, of: number): string;
  medianAndMax(median: string, max: string): string;
  budgetLeft(left: string, allowed: string): string;
  budgetOver(over: string, allowed: string): string;
  badMessages(n: string): string;
  burn(rate: string): string;
  exhausted(at: string): string;
  evidence(facts: EvidenceFacts): string;
  readonly noSample: string;
  clustered(effect: string, from: Evidence["design_effect_from"], sample: string): string;
  latencyLine(journey: string, figures: string, samples: string): string;
  readonly latencyTitle: string;

  // Lists below
  runs(objective: string): string;
  readonly noRuns: string;
  moreRuns(n: number): string;
  edges(firstBad: string | null, nextGood: string | null): string;
  unmeasured(total: string, parts: readonly string[]): string;
  reasonMinutes(reason: string, minutes: string): string;
  readonly reasons: Readonly<Record<"silent" | "too_few" | "never_scheduled", string>>;
  readonly exclusions: string;
  readonly noExclusions: string;
  readonly types: Readonly<Record<ExclusionType, string>>;
  readonly refusals: Readonly<Record<NonNullable<JudgedExclusion["refused"]>, string>>;
  announced(at: string, ahead: string | null): string;
  readonly notAnnounced: string;
  readonly noProof: string;
  by(author: string, at: string): string;
  readonly everyRegion: string;
  counted(minutes: string): string;
  notCounted(why: string): string;
  partly(minutes: string, why: string): string;
  readonly incidentsTitle: string;
  readonly noIncidents: string;
  readonly incidentKinds: Readonly<Record<IncidentResult["kind"], string>>;
  /** Of the end of an incident. */
  readonly goesOn: string;
  incidentTime(of: keyof IncidentsResult["times"], median: string, max: string, n: number, all: number): string;
  keptSince(at: string): string;
  readonly support: string;
  readonly clocks: Readonly<Record<Clock, string>>;
  readonly always: string;

  // Credit
  readonly credit: string;
  readonly noCredit: string;
  readonly noCreditSoFar: string;
  readonly noTerms: string;
  tierRule(below: string, atLeast: string, pct: string): string;
  readonly kinds: Readonly<Record<CreditLine["kind"], string>>;
  readonly setAside: string;
  creditSum(pct: string, basis: CreditTerms["basis"], form: CreditTerms["form"], provisional: boolean): string;
  capped(pct: string): string;
  readonly stacking: Readonly<Record<CreditTerms["stacking"], string>>;
  readonly oncePerIncident: string;
  owed(amount: string, fee: string): string;
  readonly belowMinimum: string;
  readonly claim: string;

  // The foot
  readonly method: string;
  methodLines(facts: SlaMethodFacts): readonly string[];
  readonly record: string;
  composed(at: string, software: string): string;
  revision(revision: number): string;
  replaces(revision: number, hash: string): string;
  contractHash(version: number, hash: string, seenAt: string): string;
  reportHash(hash: string): string;
  source(preset: string, checkedOn: string, url: string | null): string;
  readonly downloads: string;
  readonly calendarFile: string;
}
