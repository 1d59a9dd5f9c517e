// From pieces of the past to what a page prints of them: rows of a table, bars, a band of latencies, sums. Pure; called by
// history-render.tsx. Every figure has its sample and what is not known of it; shares are cut off, never rounded up.

import type { OkMeaning } from "../schema/words.ts";
import type { PeriodFigures } from "../workers/results/snapshot-shape.ts";
import { anyOver, latencyBand } from "./charts/band.ts";
import { barChart } from "./charts/bars.ts";
import { latency, rankOf } from "./figures.ts";
import type { Piece } from "./history-figures.ts";
import { availabilityView, delivery } from "./region-view.ts";
import type { HistoryWords } from "./words/history-words.ts";
import type { Words } from "./words/words.ts";

/** In which words, and against what. */
export interface PastWriting {
  readonly words: Words;
  readonly said: HistoryWords;
  readonly okMeans: OkMeaning;
  /** Least share of minutes that are not down. */
  readonly availability: number;
  readonly limitMs: number;
}

/** A piece with its names. */
export interface NamedPiece {
  readonly piece: Piece;
  readonly name: string;
  /** Below a chart. */
  readonly short: string;
  /** Its own page; null: there is none. */
  readonly href: string | null;
  readonly note: string | null;
}

/** Two lines of a cell, the second one small. */
export type Cell = readonly [text: string, more: string | null];

export interface PastRow {
  readonly name: string;
  readonly href: string | null;
  readonly note: string | null;
  /** Availability, measured, down, what came of the messages, latency; null: `nothing` says why. */
  readonly cells: readonly Cell[] | null;
  readonly nothing: string;
}

export interface SectionView {
  readonly title: string;
  /** Markup. */
  readonly bars: string;
  /** Markup. */
  readonly band: string;
  readonly summary: string;
  readonly over: boolean;
  readonly rows: readonly PastRow[];
}

const measuredOf = (figures: PeriodFigures): number =>
  figures.minutes_up + figures.minutes_degraded + figures.minutes_down;

/** What a piece came to. */
export function cellsOf({ figures, open, cut }: Piece, writing: PastWriting): readonly Cell[] {
  const { words, said, okMeans, limitMs } = writing;
  const available = availabilityView(figures, writing.availability, words);
  const measured = measuredOf(figures);
  const came = delivery(figures, okMeans, words);
  const ranked = latency(figures.latency, limitMs, words);
  // Of a part of the messages there is no percentile: the lost ones may be in the other part.
  const quantiles = cut ? "" : ranked.quantiles.map(({ text }) => text).join(" · ");
  const { minutes_unmeasured: unmeasured } = figures;
  const notes = [...(unmeasured > 0 ? [words.minutesUnmeasured(unmeasured)] : []), ...(open ? [words.open] : [])];
  return [
    [measured > 0 ? available.text : words.notMeasured, available.interval],
    [
      said.minutesOf(words.number(measured), words.number(figures.minutes_expected)),
      notes.length > 0 ? words.missing(notes) : null,
    ],
    [
      measured > 0 ? words.minutesDown(figures.minutes_down) : "–",
      figures.minutes_degraded > 0 ? words.minutesDegraded(figures.minutes_degraded) : null,
    ],
    [came.text, came.missing],
    [quantiles === "" ? "–" : quantiles, cut ? null : ranked.without],
  ];
}

/** Why nothing was expected of it. */
const nothingOf = ({ open }: Piece, said: HistoryWords): string => (open ? said.stillToCome : said.nothingScheduled);

function rowOf({ piece, name, href, note }: NamedPiece, writing: PastWriting): PastRow {
  const { said } = writing;
  const nothing = nothingOf(piece, said);
  return { name, href, note, nothing, cells: piece.figures.minutes_expected > 0 ? cellsOf(piece, writing) : null };
}

function barsOf(title: string, pieces: readonly NamedPiece[], writing: PastWriting): string {
  const { words, said } = writing;
  const bars = pieces.map(({ piece, name }) => {
    const cells = cellsOf(piece, writing).slice(0, 3);
    const told = piece.figures.minutes_expected > 0 ? cells.map(([text]) => text) : [said.nothingScheduled];
    return { ...piece, title: words.dayTitle(name, [...told, ...(piece.open ? [words.open] : [])]) };
  });
  const measured = pieces.filter(({ piece }) => measuredOf(piece.figures) > 0).length;
  return barChart(bars, said.barsLabel(title, pieces.length, measured));
}

/** The band in words: its ends, and how many pieces kept the limit. */
function summaryOf(pieces: readonly NamedPiece[], { words, said, limitMs }: PastWriting): string {
  const all = pieces.map(({ piece }) => piece.figures.latency);
  const p99s = all.flatMap(({ p99 }) => (p99 === null ? [] : [p99])).toSorted((a, b) => rankOf(a) - rankOf(b));
  const p50s = all.flatMap(({ p50 }) => (p50 === null ? [] : [p50])).toSorted((a, b) => rankOf(a) - rankOf(b));
  const [lowest, highest] = [p50s[0], p99s.at(-1)];
  if (lowest === undefined || highest === undefined) return said.latencyNothing(pieces.length);
  const text = (q: typeof lowest): string =>
    typeof q === "number" ? words.ms(q) : words.over(words.duration(q.over_ms));
  return said.latencySummary({
    p50: text(lowest),
    p99: text(highest),
    within: p99s.filter((q) => rankOf(q) < limitMs).length,
    known: p99s.length,
    limit: words.duration(limitMs),
    none: pieces.length - p99s.length,
  });
}

/** Pieces that follow each other, as bars, band and table. `id`: of the section, one on a page. */
export function sectionView(
  id: string,
  title: string,
  pieces: readonly NamedPiece[],
  writing: PastWriting,
): SectionView {
  const { words, said, limitMs } = writing;
  const points = pieces.map(({ piece, name, short }) => {
    const { p50, p95, p99 } = piece.figures.latency;
    const ranked = latency(piece.figures.latency, limitMs, words);
    const told = ranked.quantiles.map((q) => `${q.name} ${q.text}`).join(", ");
    const nothing = measuredOf(piece.figures) > 0 ? (ranked.without ?? words.noSamples) : words.notMeasured;
    const none = piece.figures.minutes_expected > 0 ? nothing : nothingOf(piece, said);
    return { p50, p95, p99, label: short, title: `${name}: ${told === "" ? none : told}` };
  });
  const summary = summaryOf(pieces, writing);
  const overs = pieces.flatMap(({ piece: { figures } }) => {
    const { p50, p95, p99 } = figures.latency;
    return [p50, p95, p99].flatMap((q) => (q !== null && typeof q !== "number" ? [q.over_ms] : []));
  });
  const band = latencyBand(points, limitMs, {
    id: `${id}-l`,
    title: said.latencyChart(title),
    summary,
    limit: said.limit(words.duration(limitMs)),
    over: overs.length > 0 ? words.over(words.duration(Math.min(...overs))) : null,
    ms: words.ms,
  });
  return {
    title,
    bars: barsOf(title, pieces, writing),
    band,
    summary,
    over: anyOver(points),
    // The newest first: that is what one looks for.
    rows: pieces.map((each) => rowOf(each, writing)).toReversed(),
  };
}
