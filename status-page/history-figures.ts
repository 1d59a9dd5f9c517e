// From rows of the past to figures of pieces of time: an hour, a day, a month. Pure: the present is an argument. Sums, and percentiles
// of merged histograms, never averages; what the schedule expected and nobody wrote is unmeasured. Called by history-routes.tsx, which
// keeps what this makes, since figures are small and histograms are not.

import type { State } from "../schema/words.ts";
import { expectedMinutes } from "../workers/results/expected.ts";
import type { Schedule } from "../workers/results/expected.ts";
import { periodFigures } from "../workers/results/figures.ts";
import { SEAL_AFTER_MS, lateOf, stateOfMinute } from "../workers/results/minute.ts";
import type { HourRecord } from "../workers/results/recount.ts";
import { sumRollups } from "../workers/results/rollup.ts";
import type { RollupRecord, RollupRule } from "../workers/results/rollup.ts";
import type { PeriodFigures } from "../workers/results/snapshot-shape.ts";
import type { StripMinute } from "../workers/results/strip.ts";
import type { CalendarPiece, SeriesHead, SeriesPast } from "./history.ts";

const MINUTE_MS = 60_000;
/** A minute is written within this many minutes after it is sealed; before that it is still to come, not unmeasured. */
const WRITTEN_WITHIN = 2;

/** Minutes since the epoch, half-open. */
export interface Minutes {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A piece of time with its figures. */
export interface Piece extends Minutes {
  readonly figures: PeriodFigures;
  /** It goes on. */
  readonly open: boolean;
  /** Some of its latencies are left out: an hour lies in two days, and a histogram can not be cut. */
  readonly cut: boolean;
}

/** The first minute that need not be written yet: `newest` is the last one that was, null: none. */
export function closedUntil(now: number, newest: number | null): number {
  const sealed = Math.floor((now - SEAL_AFTER_MS) / MINUTE_MS) - WRITTEN_WITHIN;
  return Math.max(sealed, newest === null ? 0 : newest + 1);
}

/** The last minute of hours that was written; null: none. */
export function newestMinuteOf(hours: readonly HourRecord[]): number | null {
  const last = hours.at(-1);
  return last === undefined ? null : last.hour * 60 + Math.max(...last.strip.keys());
}

/** What a piece is judged by. */
export interface Judging {
  readonly schedules: readonly Schedule[];
  readonly now: number;
  readonly limitMs: number;
  /** The newest minute that is known to be written. */
  readonly newest: number | null;
}

/** A sum over a span of minutes. Recorded minutes are never less than what was expected: a series may be older than its schedules. */
export function pieceOf(rollup: RollupRecord, { fromMinute, toMinute }: Minutes, by: Judging, cut = false): Piece {
  const end = Math.min(toMinute, Math.max(fromMinute, closedUntil(by.now, by.newest)));
  const { minutesUp, minutesDegraded, minutesDown, minutesUnmeasured } = rollup;
  const recorded = minutesUp + minutesDegraded + minutesDown + minutesUnmeasured;
  const expected = Math.max(recorded, expectedMinutes(by.schedules, fromMinute, end));
  const whole = Math.max(expected, expectedMinutes(by.schedules, fromMinute, toMinute));
  const [from, to] = [fromMinute * MINUTE_MS, toMinute * MINUTE_MS];
  const figures = periodFigures(rollup, expected, whole, from, to, by.limitMs);
  return { fromMinute, toMinute, figures, open: end < toMinute, cut };
}

/** What happened in one minute; null: it is still to come, or nothing was scheduled. */
export type MinuteState = State | null;

/** A stretch of minutes with the same counts. */
export interface MinuteRun extends Minutes {
  readonly state: MinuteState;
  /** Null: nobody wrote it. */
  readonly minute: StripMinute | null;
}

/** An hour of a day, or what of it lies in the day. */
export interface DayHour extends Piece {
  readonly runs: readonly MinuteRun[];
}

/** Minutes of one state that follow each other. */
export interface Stretch extends Minutes {
  readonly state: MinuteState;
}

export interface DayPast {
  readonly series: SeriesHead;
  readonly day: Piece;
  readonly hours: readonly DayHour[];
  /** Since when until when it was down, the first first. */
  readonly down: readonly Stretch[];
  /** The sums were made by a rule that is not today's, by which minutes are drawn. */
  readonly otherRule: boolean;
}

const stateBy = (minute: StripMinute, rule: RollupRule): State =>
  stateOfMinute({ ...minute, late: lateOf(minute.over, rule.lateLimitMs) }, rule);

const same = (a: MinuteRun, state: MinuteState, minute: StripMinute | null): boolean =>
  a.state === state && JSON.stringify(a.minute) === JSON.stringify(minute);

function runsOf(hour: HourRecord | null, span: Minutes, by: Judging, rule: RollupRule): readonly MinuteRun[] {
  const closed = closedUntil(by.now, by.newest);
  const runs: MinuteRun[] = [];
  for (let at = span.fromMinute; at < span.toMinute; at++) {
    const minute = hour?.strip.get(at % 60) ?? null;
    const silent = at < closed && expectedMinutes(by.schedules, at, at + 1) > 0;
    const state = minute !== null ? stateBy(minute, rule) : silent ? "unmeasured" : null;
    const last = runs.at(-1);
    if (last !== undefined && same(last, state, minute)) runs[runs.length - 1] = { ...last, toMinute: at + 1 };
    else runs.push({ fromMinute: at, toMinute: at + 1, state, minute });
  }
  return runs;
}

/** Of an hour that lies partly in a day: its minutes, without latencies. What an unfit prober saw counts as not sent. */
function rollupOfRuns(runs: readonly MinuteRun[]): RollupRecord {
  const list = runs.flatMap(({ fromMinute, toMinute, state, minute }) => {
    if (minute === null) return [];
    const times = toMinute - fromMinute;
    const fit = minute.unfit === "none";
    const [ok, lost, error] = fit ? [minute.ok, minute.lost, minute.error] : [0, 0, 0];
    const is = (one: State): number => (state === one ? times : 0);
    return {
      ...sumRollups([]),
      minutesUp: is("up"),
      minutesDegraded: is("degraded"),
      minutesDown: is("down"),
      minutesUnmeasured: is("unmeasured"),
      scheduled: times * minute.scheduled,
      ok: times * ok,
      lost: times * lost,
      error: times * error,
      connectFail: fit ? times * minute.connectFail : 0,
      notSent: times * (minute.scheduled - ok - lost - error),
      over: fit ? minute.over.map(({ limitMs, count }) => ({ limitMs, count: times * count, of: times * ok })) : [],
    };
  });
  return sumRollups(list);
}

/** Stretches of one state, whatever their counts. */
export function stretchesOf(runs: readonly MinuteRun[]): readonly Stretch[] {
  const all: Stretch[] = [];
  for (const { fromMinute, toMinute, state } of runs) {
    const last = all.at(-1);
    if (last !== undefined && last.state === state && last.toMinute === fromMinute)
      all[all.length - 1] = { ...last, toMinute };
    else all.push({ fromMinute, toMinute, state });
  }
  return all;
}

/**
 * A day hour by hour and minute by minute. `span`: of the day, in whichever zone; its hours are those of UTC, cut where it begins or ends.
 * The day's own row, where it was read, has all of its latencies; the sum of cut hours has not.
 */
export function dayPast({ series, hours, days }: SeriesPast, span: Minutes, rule: RollupRule, now: number): DayPast {
  const by = { schedules: series.schedules, now, limitMs: rule.lateLimitMs, newest: newestMinuteOf(hours) };
  const parts: { readonly part: DayHour; readonly rollup: RollupRecord }[] = [];
  for (let hour = Math.floor(span.fromMinute / 60); hour * 60 < span.toMinute; hour++) {
    const record = hours.find((each) => each.hour === hour) ?? null;
    const fromMinute = Math.max(span.fromMinute, hour * 60);
    const own = { fromMinute, toMinute: Math.min(span.toMinute, hour * 60 + 60) };
    const runs = runsOf(record, own, by, rule);
    const cut = own.toMinute - own.fromMinute < 60;
    const rollup = cut ? rollupOfRuns(runs) : (record?.rollup ?? sumRollups([]));
    parts.push({ part: { ...pieceOf(rollup, own, by, cut && record !== null), runs }, rollup });
  }
  const all = parts.map(({ part }) => part);
  const stretches = stretchesOf(all.flatMap(({ runs }) => runs));
  const drawn = (state: State): number =>
    stretches.reduce((sum, each) => sum + (each.state === state ? each.toMinute - each.fromMinute : 0), 0);
  const row = days.find(({ fromMinute, toMinute }) => fromMinute === span.fromMinute && toMinute === span.toMinute);
  const isPartial = row === undefined && all.some(({ cut }) => cut);
  const day = pieceOf(row?.rollup ?? sumRollups(parts.map(({ rollup }) => rollup)), span, by, isPartial);
  const { minutes_down: down, minutes_degraded: degraded } = day.figures;
  return {
    series,
    day,
    hours: all,
    down: stretches.filter(({ state }) => state === "down"),
    otherRule: drawn("down") !== down || drawn("degraded") !== degraded,
  };
}

/** Whole hours that follow each other, those that nobody wrote among them. */
export function hoursPast(
  { series, hours }: SeriesPast,
  first: number,
  end: number,
  limitMs: number,
  now: number,
): readonly Piece[] {
  const by = { schedules: series.schedules, now, limitMs, newest: newestMinuteOf(hours) };
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => {
    const hour = first + i;
    const rollup = hours.find((each) => each.hour === hour)?.rollup ?? sumRollups([]);
    return pieceOf(rollup, { fromMinute: hour * 60, toMinute: hour * 60 + 60 }, by);
  });
}

/** Days or months as figures: each with the span that its row says, else the one it has in the page's zone. */
export interface CalendarPast {
  readonly number: number;
  readonly zone: string;
  readonly piece: Piece;
}

/** How days or months are found and judged. */
export interface Calendar {
  readonly zone: string;
  /** Where a piece begins and ends of which there is no row. */
  spanOf(number: number): Minutes;
  readonly limitMs: number;
  readonly now: number;
  /** Of the minutes that are known to be written; null: not known. */
  readonly newest: number | null;
}

/** All of `numbers` in their order, and their sum; null: there are none. */
export function calendarPast(
  series: SeriesHead,
  rows: readonly CalendarPiece[],
  numbers: readonly number[],
  { zone, spanOf, limitMs, now, newest }: Calendar,
): { readonly pieces: readonly CalendarPast[]; readonly sum: Piece | null } {
  const by = { schedules: series.schedules, now, limitMs, newest };
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const pieces = numbers.map((number) => {
    const row = byNumber.get(number);
    const piece = pieceOf(row?.rollup ?? sumRollups([]), row ?? spanOf(number), by);
    return { number, zone: row?.zone ?? zone, piece };
  });
  const [first, last] = [pieces[0]?.piece, pieces.at(-1)?.piece];
  if (first === undefined || last === undefined) return { pieces, sum: null };
  const shown = numbers.flatMap((number) => byNumber.get(number)?.rollup ?? []);
  const whole = { fromMinute: first.fromMinute, toMinute: last.toMinute };
  return { pieces, sum: pieceOf(sumRollups(shown), whole, by) };
}
