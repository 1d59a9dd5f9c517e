// The page of a day as it is printed: a heat map of its minutes, its hours, when it was down, and each minute's counts. Pure; called by
// history-render.tsx. A day has 23, 24 or 25 hours, and an hour that comes twice is told apart by its distance from UTC.

import type { State } from "../schema/words.ts";
import { heatMap } from "./charts/heat.ts";
import type { HeatRow } from "./charts/heat.ts";
import { stretchesOf } from "./history-figures.ts";
import type { DayHour, DayPast, MinuteRun, Minutes, Stretch } from "./history-figures.ts";
import { cellsOf } from "./history-view.ts";
import type { Cell, PastWriting } from "./history-view.ts";
import { periodClock } from "./instants.ts";

const MINUTE_MS = 60_000;

/** A stretch of minutes that came to the same. */
export interface RunRow {
  readonly when: string;
  readonly state: string;
  /** Planned, good, lost, refused, not sent: of each of these minutes; null: nobody wrote them. */
  readonly counts: readonly string[] | null;
}

export interface HourView {
  readonly name: string;
  readonly cells: readonly Cell[] | null;
  readonly nothing: string;
  readonly runs: readonly RunRow[];
}

export interface DayView {
  /** Markup. */
  readonly heat: string;
  readonly summary: string;
  readonly sums: readonly Cell[] | null;
  readonly hours: readonly HourView[];
  readonly down: readonly { readonly when: string; readonly span: string; readonly open: boolean }[];
  readonly measured: boolean;
}

/** 14:05, with the distance from UTC on days that change it; the end of a day is 24:00. */
type Clock = (minute: number) => string;

function clockOf({ fromMinute, toMinute }: DayPast["day"], zone: string): Clock {
  const clock = periodClock(zone, fromMinute * MINUTE_MS, toMinute * MINUTE_MS);
  return (minute) => (minute === toMinute ? "24:00" : clock.minute(minute * MINUTE_MS).slice(11));
}

function runRow(run: MinuteRun, clock: Clock, { words, said }: PastWriting): RunRow {
  const { fromMinute, toMinute, state, minute } = run;
  const one = toMinute - fromMinute === 1;
  const when = one ? clock(fromMinute) : said.fromTo(clock(fromMinute), clock(toMinute));
  const word = state === null ? said.stillToCome : words.states[state];
  if (minute === null) return { when, state: state === null ? word : `${word}: ${said.notWritten}`, counts: null };
  const notSent = minute.scheduled - minute.ok - minute.lost - minute.error;
  const counts = [minute.scheduled, minute.ok, minute.lost, minute.error, notSent].map(words.number);
  const why = minute.unfit === "none" ? "" : ` (${words.unknown(minute.unfit, null)})`;
  return { when, state: `${word}${why}`, counts };
}

function hourView(hour: DayHour, clock: Clock, writing: PastWriting): HourView {
  const { words, said } = writing;
  return {
    name: said.fromTo(clock(hour.fromMinute), clock(hour.toMinute)),
    cells: hour.figures.minutes_expected > 0 ? cellsOf(hour, writing) : null,
    nothing: hour.open ? said.stillToCome : said.nothingScheduled,
    runs: hour.runs.filter(({ state }) => state !== null).map((run) => runRow(run, clock, { ...writing, words })),
  };
}

/** Hours from the day's first minute on: those of UTC begin at half past in some zones. */
function heatRows(day: Minutes, stretches: readonly Stretch[], clock: Clock, { words, said }: PastWriting): HeatRow[] {
  const rows: HeatRow[] = [];
  for (let begin = day.fromMinute; begin < day.toMinute; begin += 60) {
    const cells = stretches.flatMap(({ fromMinute, toMinute, state }) => {
      const [from, to] = [Math.max(fromMinute, begin), Math.min(toMinute, begin + 60)];
      if (state === null || from >= to) return [];
      return [
        {
          from: from - begin,
          to: to - begin,
          state,
          title: `${said.fromTo(clock(from), clock(to))}: ${words.states[state]}`,
        },
      ];
    });
    rows.push({ label: clock(begin), cells });
  }
  return rows;
}

/** `name`: of what was measured, from where; `date`: of the day in `zone`. */
export function dayView(past: DayPast, zone: string, name: string, date: string, writing: PastWriting): DayView {
  const { said } = writing;
  const clock = clockOf(past.day, zone);
  const stretches = stretchesOf(past.hours.flatMap(({ runs }) => runs));
  const counted: Record<State, number> = { up: 0, degraded: 0, down: 0, unmeasured: 0 };
  for (const { fromMinute, toMinute, state } of stretches) if (state !== null) counted[state] += toMinute - fromMinute;
  const rows = heatRows(past.day, stretches, clock, writing);
  const { figures } = past.day;
  const summary = said.heatSummary(counted);
  return {
    heat: heatMap(rows, "day-heat", said.heatTitle(name, date), summary),
    summary,
    sums: figures.minutes_expected > 0 ? cellsOf(past.day, writing) : null,
    hours: past.hours.map((hour) => hourView(hour, clock, writing)),
    down: past.down.map(({ fromMinute, toMinute }) => ({
      when: said.fromTo(clock(fromMinute), clock(toMinute)),
      span: said.span(toMinute - fromMinute),
      // The last one of a day that goes on, up to what is known.
      open:
        past.day.open &&
        past.hours.every(({ runs }) => runs.every((run) => run.state === null || run.toMinute <= toMinute)),
    })),
    measured: counted.up + counted.degraded + counted.down > 0,
  };
}
