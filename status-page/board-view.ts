// What was promised, what was measured, and what that proves: the open period of each public contract, as the front row has it. Pure;
// called by render.tsx. Judges nothing: every verdict is the report's. Shares are cut off, never rounded up.

import type { BoardObjective, BoardPart } from "../workers/sla/board.ts";
import { periodClock, stamp } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { rememberedViews } from "./remembered.ts";
import { boundAbove, budgetOf, cutBound, cutShare, WHOLE, gradeOf, percentile, wordOf } from "./sla-figures.ts";
import type { Judgement } from "./sla-figures.ts";
import type { FrontWords } from "./words/front-words.ts";
import type { SlaWords } from "./words/sla-words.ts";
import type { Words } from "./words/words.ts";

export interface BoardRow {
  readonly name: string;
  readonly target: string;
  readonly value: string;
  /** Where it is worst, the sample, the interval. */
  readonly notes: readonly string[];
  readonly word: Judgement;
  /** Null: the objective asks for no proof, since all of it is counted. */
  readonly evidence: Judgement | null;
  readonly more: string | null;
  readonly budget: string;
  readonly budgetNotes: readonly string[];
}

export interface BoardView {
  readonly title: string;
  readonly href: string;
  readonly asOf: string;
  readonly says: string;
  readonly word: Judgement;
  readonly rows: readonly BoardRow[];
}

export interface BoardFacts {
  readonly words: Words;
  readonly sla: SlaWords;
  readonly front: FrontWords;
  readonly zone: string;
}

/** Those of these targets, in the order of their ids. */
export function boardViews(boards: readonly BoardPart[], targets: readonly string[], facts: BoardFacts): BoardView[] {
  const ours = boards.filter(({ target }) => targets.includes(target));
  const { words, zone } = facts;
  return ours.map((board) =>
    rememberedBoards(`${words.language} ${zone} ${board.contract}`, board, () => boardView(board, facts)),
  );
}

/** A judge writes every five minutes. */
const rememberedBoards = rememberedViews<BoardView>(200);

function boardView(board: BoardPart, facts: BoardFacts): BoardView {
  const { words, sla, front, zone } = facts;
  const { contract, label, period } = board;
  return {
    title: front.boardOf(plainLabel(label[words.language], contract), plainLabel(period.name, "–")),
    href: `/${words.language}/sla/${encodeURIComponent(contract)}`,
    asOf: front.judgedUntil(stamp(period.through, zone)),
    says: sla.says[board.contract_says],
    word: wordOf(board.verdict, sla),
    rows: board.objectives.map((objective) => rowOf(objective, board, facts)),
  };
}

function rowOf(one: BoardObjective, { period }: BoardPart, facts: BoardFacts): BoardRow {
  const { words, sla, front } = facts;
  const { region, sample, grade, more_good_needed: more } = one;
  const clock = periodClock(period.zone, period.from, period.to);
  const isKnown = one.coverage === null || one.coverage >= 1;
  const budget = one.budget === null || one.value === null ? null : budgetOf(one.budget, { sla, clock }, isKnown);
  const where =
    region === null || one.value === null
      ? []
      : [front.worstOf(plainLabel(region.label[words.language], region.id), region.of)];
  return {
    name: nameOf(one, facts),
    target: targetOf(one, facts),
    value: valueOf(one, facts),
    notes: [...where, front.sample(one.kind, words.number(sample)), ...intervalOf(one, facts)],
    word: wordOf(one.verdict, sla),
    evidence: grade === null ? null : gradeOf(grade, sla),
    more: more === null || more === 0 ? null : front.moreNeeded(words.number(more)),
    budget: budget?.text ?? "–",
    budgetNotes: budget?.notes ?? [],
  };
}

function nameOf(one: BoardObjective, { words, sla }: BoardFacts): string {
  const { kind, limit_ms: limit, target, direction, duration, journey } = one;
  const named = (): string => {
    if (kind === "slots") return sla.availability;
    if (kind === "ratio") return sla.ratio(limit === null ? null : words.duration(limit));
    if (kind === "duration")
      return duration === null ? plainLabel(one.id, "–") : sla.durationOf(duration.of, duration.stat);
    return sla.quantile(percentile(target ?? 0), words.duration(limit ?? 0), direction ?? "delivery");
  };
  return journey === null || journey === "loop" ? named() : `${named()} · ${words.journeys[journey]}`;
}

function targetOf({ kind, target, limit_ms: limit }: BoardObjective, { words, sla }: BoardFacts): string {
  if (kind === "duration") return sla.atMost(sla.span(limit ?? 0));
  const share = words.target(target ?? 0);
  return kind === "quantile" ? sla.within(share, words.duration(limit ?? 0)) : sla.atLeast(share);
}

function valueOf({ kind, value, sample }: BoardObjective, { words, sla }: BoardFacts): string {
  if (value === null) return words.noData;
  return kind === "duration" ? sla.span(value) : words.percent(cutShare(value, sample));
}

/** What the unmeasured slots leave open; nothing where all of them were measured. */
function intervalOf({ low, high, coverage }: BoardObjective, { words, sla }: BoardFacts): readonly string[] {
  if (low === null || high === null || coverage === null || coverage >= 1) return [];
  return [
    sla.interval(words.percent(cutBound(low)), words.percent(boundAbove(high, WHOLE))),
    sla.coverage(words.percent(cutBound(coverage))),
  ];
}
