// One objective of a report in words: its value, what it is held against, the contract's verdict, Sonde's and the evidence
// apart from each other, and the budget. Pure; called by sla-view.ts and sla-list.ts. Judges nothing: every verdict is the
// report's. Shares are cut off, never rounded up; only upper bounds are, since cutting would strengthen them.

import type {
  Budget,
  ContractSays,
  DurationResult,
  Evidence,
  Grade,
  ObjectiveResult,
  ProportionFigures,
  QuantileResult,
  RatioResult,
  SlotsFigures,
  SlotsResult,
  Verdict,
} from "../workers/sla/report-shape.ts";
import { digitsSupported } from "../workers/sla/proportion.ts";
import { floorShare } from "./figures.ts";
import type { PeriodClock } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import type { SlaWords } from "./words/sla-words.ts";
import { proportion } from "./words/numbers.ts";
import type { Share, Verdict as Sign, Words } from "./words/words.ts";

/** Words and instants that every part of a report is written with. */
export interface Writing {
  readonly words: Words;
  readonly sla: SlaWords;
  readonly clock: PeriodClock;
}

/** A judgement: its sign, and the word that says it. */
export interface Judgement {
  readonly sign: Sign;
  readonly text: string;
}

export interface ObjectiveView {
  readonly name: string;
  readonly id: string;
  /** What counts as bad, and as down. */
  readonly rules: readonly string[];
  readonly target: string;
  readonly value: string;
  readonly notes: readonly string[];
  readonly range: string;
  readonly rangeNotes: readonly string[];
  readonly says: Judgement;
  readonly word: Judgement;
  /** Null: the objective asks for no proof, since all of it is counted. */
  readonly evidence: Judgement | null;
  readonly proof: readonly string[];
  readonly budget: string;
  readonly budgetNotes: readonly string[];
}

const DIGITS_MOST = 4;

/** A quotient of which only the value is known: cut off after as many digits as one more of `whole` would move. */
export function cutShare(value: number, whole: number): Share {
  if (value >= 1) return { units: 100, digits: 0 };
  if (value <= 0) return { units: 0, digits: 0 };
  const digits = Math.min(DIGITS_MOST, Math.max(0, Math.ceil(Math.log10(Math.max(1, whole))) - 2));
  // A quotient of integers below 10^9 that is no multiple of the last digit is further from it than the slack.
  return { units: Math.floor(value * 10 ** (digits + 2) + 1e-7), digits };
}

/** An upper bound with the digits of `cutShare`, rounded up: cut off, it would claim more than is known. */
export function boundAbove(value: number, whole: number): Share {
  const { digits } = cutShare(value, whole);
  const scale = 10 ** (digits + 2);
  const units = Math.ceil(value * scale - 1e-7);
  return units >= scale ? { units: 100, digits: 0 } : { units, digits };
}

/** So many that a share of them has all the digits that are ever shown. */
export const WHOLE = 1e6;

/** A share that stands for itself, with all the digits that are ever shown. */
export const cutBound = (value: number): Share => cutShare(value, WHOLE);

/**
 * What the sample supports, with as many digits as lie between its ends: the lower end cut off, the upper one rounded up, since a
 * bound may be weakened by printing it, and never strengthened. Null without a sample.
 */
export function supported(evidence: Pick<Evidence, "at_least" | "at_most">): { least: Share; most: Share } | null {
  const { at_least: least, at_most: most } = evidence;
  if (least === null || most === null) return null;
  const digits = Math.min(DIGITS_MOST, digitsSupported(evidence));
  const scale = 10 ** (digits + 2);
  return {
    least: short(Math.floor(least * scale + 1e-7), digits),
    most: short(Math.min(scale, Math.ceil(most * scale - 1e-7)), digits),
  };
}

/** Without zeros at the end: 99.3100 % is 99.31 %. */
function short(units: number, digits: number): Share {
  return digits > 0 && units % 10 === 0 ? short(units / 10, digits - 1) : { units, digits };
}

const SAYS_SIGN: Readonly<Record<ContractSays, Sign>> = { met: "met", breached: "breached", no_data: "no_data" };
const WORD_SIGN: Readonly<Record<Verdict, Sign>> = {
  met: "met",
  breached: "breached",
  undetermined: "undetermined",
  resolution_insufficient: "undetermined",
  no_data: "no_data",
};
const GRADE_SIGN: Readonly<Record<Grade, Sign>> = {
  proven_met: "met",
  proven_breached: "breached",
  not_enough_evidence: "undetermined",
};

/** What the contract's own arithmetic says. */
export const saysOf = (says: ContractSays, sla: SlaWords): Judgement => ({
  sign: SAYS_SIGN[says],
  text: sla.says[says],
});
/** Sonde's own word. */
export const wordOf = (verdict: Verdict, sla: SlaWords): Judgement => ({
  sign: WORD_SIGN[verdict],
  text: sla.verdicts[verdict],
});
/** What the sample proves; null where no objective asks. */
export const gradeOf = (grade: Grade | null, sla: SlaWords): Judgement =>
  grade === null ? { sign: "no_data", text: sla.noGrade } : { sign: GRADE_SIGN[grade], text: sla.grades[grade] };

type Figures = SlotsResult | RatioResult | QuantileResult;

/** "99.864 %"; a dash where nothing was measured, which the verdict beside it says in words. */
export function valueOf(result: Figures, which: "figures" | "without_exclusions", words: Words): string {
  const share = result.kind === "slots" ? slotsShare(result[which]) : proportionShare(result[which]);
  return share === null ? "–" : words.percent(share);
}

const slotsShare = (f: SlotsFigures): Share | null =>
  f.value === null ? null : cutShare(f.value, f.counted - f.unmeasured);
const proportionShare = (f: ProportionFigures): Share | null => floorShare(f.attempted - f.bad, f.attempted);

/** "P99", "P99.9"; written the same in every language. */
export const percentile = (q: number): string => `P${proportion("en", q)}`;

/** What the objective is called, with its journey where it is another than the usual. */
export function nameOf(result: ObjectiveResult, { words, sla }: Writing): string {
  const named = (): string => {
    switch (result.kind) {
      case "slots":
        return sla.availability;
      case "ratio":
        return sla.ratio(result.within_ms === null ? null : words.duration(result.within_ms));
      case "quantile":
        return sla.quantile(percentile(result.q), words.duration(result.limit_ms), result.direction);
      case "duration":
        return sla.durationOf(result.of, result.stat);
    }
  };
  const usual = result.kind === "duration" || result.journey === "loop";
  return usual ? named() : `${named()} · ${words.journeys[result.journey]}`;
}

/** What the objective is held against. */
function targetOf(result: ObjectiveResult, { words, sla }: Writing): string {
  switch (result.kind) {
    case "slots":
    case "ratio":
      return sla.atLeast(words.target(result.target));
    case "quantile":
      return sla.within(words.target(result.q), words.duration(result.limit_ms));
    case "duration":
      return sla.atMost(sla.span(result.limit_ms));
  }
}

/** What is left of the budget, or by how much it is overdrawn; and how fast it goes. */
export function budgetOf(
  budget: Budget,
  { sla, clock }: Pick<Writing, "sla" | "clock">,
  isKnown: boolean,
): { readonly text: string; readonly notes: readonly string[] } {
  const unit = budget.unit === "minute" ? sla.minutes : sla.badMessages;
  // Parts of a message are told only where there are few.
  const whole = budget.unit === "message" && budget.allowed >= 10;
  const amount = (n: number, toward: "up" | "down"): string => unit(sla.amount(n, toward, whole ? 0 : 2));
  const allowed = amount(budget.allowed, "down");
  const left = amount(budget.left, "down");
  const over = amount(-budget.left, "up");
  // What nobody measured may have used some of it too.
  const burn = budget.burn_rate === null ? null : sla.amount(budget.burn_rate, "up");
  const text =
    budget.left < 0
      ? sla.budgetOver(isKnown ? over : sla.atLeast(over), allowed)
      : sla.budgetLeft(isKnown ? left : sla.atMost(left), allowed);
  const notes = burn === null ? [] : [sla.burn(isKnown ? burn : sla.atLeast(burn))];
  const { exhausted_at: at } = budget;
  return { text, notes: at === null ? notes : [...notes, sla.exhausted(clock.minute(at))] };
}

type Judged = Pick<
  ObjectiveView,
  "rules" | "value" | "notes" | "range" | "rangeNotes" | "says" | "word" | "evidence" | "proof"
>;

function slotsView(result: SlotsResult, { words, sla }: Writing): Judged {
  const f = result.figures;
  const late = result.late_ms === null ? null : words.duration(result.late_ms);
  const { slot_minutes: minutes, bad, down_if: downIf, min_run_slots: minRun } = result;
  const notes: string[] = [];
  if (f.value !== null) {
    const down = sla.minutes(sla.amount(f.minutes_down, "up"));
    notes.push(sla.slotsDown(sla.amount(f.down, "up"), words.number(f.counted), down));
  }
  if (f.excluded > 0) {
    notes.push(sla.excludedSlots(words.number(f.excluded)));
    notes.push(sla.withoutExclusions(valueOf(result, "without_exclusions", words)));
  }
  const coverage = words.percent(cutShare(f.coverage, f.counted));
  return {
    rules: [sla.slotRule({ minutes, bad, late, downIf, minRun })],
    value: valueOf(result, "figures", words),
    notes,
    range: sla.interval(words.percent(cutShare(f.low, f.counted)), words.percent(boundAbove(f.high, f.counted))),
    rangeNotes: [
      sla.coverage(coverage),
      ...(f.unmeasured > 0 ? [sla.unmeasuredSlots(words.number(f.unmeasured))] : []),
    ],
    says: saysOf(f.contract_says, sla),
    word: wordOf(f.verdict, sla),
    evidence: null,
    proof: [],
  };
}

function proportionView(result: RatioResult | QuantileResult, { words, sla }: Writing): Judged {
  const f = result.figures;
  const { evidence } = f;
  const limit = result.kind === "ratio" ? result.within_ms : result.limit_ms;
  const badWord =
    limit === null
      ? sla.bads(["lost", "error"], null)
      : sla.slower(words.duration(limit), result.journey === "connect");
  const notes = f.attempted > 0 ? [sla.badOf(words.number(f.bad), words.number(f.attempted), badWord)] : [];
  if (f.unjudged > 0) notes.push(sla.unjudged(words.number(f.unjudged)));
  const raw = result.without_exclusions;
  if (raw.attempted !== f.attempted || raw.bad !== f.bad) {
    notes.push(sla.withoutExclusions(valueOf(result, "without_exclusions", words)));
  }
  const confidence = words.target(evidence.confidence);
  const bounds = supported(evidence);
  const [low, high] = bounds === null ? ["", ""] : [words.percent(bounds.least), words.percent(bounds.most)];
  return {
    rules: result.kind === "quantile" && result.estimate ? [sla.estimate] : [],
    value: valueOf(result, "figures", words),
    notes,
    range: bounds === null ? "–" : sla.interval(low, high),
    rangeNotes: bounds === null ? [] : [sla.bounds(confidence)],
    says: saysOf(f.contract_says, sla),
    word: wordOf(f.verdict, sla),
    evidence: gradeOf(evidence.grade, sla),
    proof: bounds === null ? [sla.noSample] : proofOf(result, low, high, badWord, { words, sla }),
  };
}

function proofOf(
  result: RatioResult | QuantileResult,
  low: string,
  high: string,
  badWord: string,
  { words, sla }: Pick<Writing, "words" | "sla">,
): readonly string[] {
  const { attempted, bad, evidence } = result.figures;
  const sentence = sla.evidence({
    bad: words.number(bad),
    attempted: words.number(attempted),
    badWord,
    grade: evidence.grade,
    confidence: words.target(evidence.confidence),
    atLeast: low,
    atMost: high,
    target: words.target(result.kind === "ratio" ? result.target : result.q),
    more: evidence.more_good_needed === null ? null : words.number(evidence.more_good_needed),
  });
  if (evidence.design_effect <= 1) return [sentence];
  const sample = words.number(Math.floor(evidence.effective_sample));
  return [sentence, sla.clustered(sla.amount(evidence.design_effect, "up"), evidence.design_effect_from, sample)];
}

function durationView(result: DurationResult, { sla }: Writing): Judged {
  const { median_ms: median, max_ms: max, value_ms: value } = result;
  const notes = [sla.incidents(result.known, result.incidents)];
  if (median !== null && max !== null) notes.push(sla.medianAndMax(sla.span(median), sla.span(max)));
  return {
    rules: [],
    value: value === null ? "–" : sla.span(value),
    notes,
    range: "–",
    rangeNotes: [],
    says: saysOf(result.contract_says, sla),
    word: wordOf(result.verdict, sla),
    evidence: null,
    proof: [],
  };
}

/** All that a report says about one objective in one scope. */
export function objectiveView(result: ObjectiveResult, writing: Writing): ObjectiveView {
  const judged =
    result.kind === "slots"
      ? slotsView(result, writing)
      : result.kind === "duration"
        ? durationView(result, writing)
        : proportionView(result, writing);
  // Of what nobody measured nobody knows what is left.
  const known = result.kind !== "duration" && result.figures.value !== null;
  const isWhole = result.kind !== "slots" || result.figures.coverage >= 1;
  const budget = known ? budgetOf(result.budget, writing, isWhole) : { text: "–", notes: [] };
  return {
    name: nameOf(result, writing),
    id: plainLabel(result.id, "–"),
    target: targetOf(result, writing),
    ...judged,
    budget: budget.text,
    budgetNotes: budget.notes,
  };
}
