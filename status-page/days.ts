// Ninety days as blocks and as words. Pure; called by the view. A day without data is no good day: it has no colour,
// and it is never part of "lowest".

import type { DayCounts } from "../workers/results/snapshot-shape.ts";
import { floorShare } from "./figures.ts";
import { calendarDays } from "./instants.ts";
import type { Share, Words } from "./words/words.ts";

/** What a block looks like first of all. `none`: outside, nothing was scheduled; `unmeasured`: scheduled, nothing known. */
export type DayKind = "none" | "unmeasured" | "up" | "degraded" | "down";

export interface DayBlock {
  readonly kind: DayKind;
  /** Share of the block's height that is hatched, from the top. */
  readonly hatched: number;
  /** Shares of the block's height, from the bottom; drawn larger than they are, so that one minute is seen. */
  readonly down: number;
  readonly degraded: number;
  readonly open: boolean;
  /** What a pointer is told. */
  readonly title: string;
}

/** A row of the table: one day, or a run of days without data. */
export interface DayRow {
  readonly day: string;
  readonly cells: readonly [availability: string, measured: string, down: string, delivered: string] | null;
}

export interface DaysView {
  readonly blocks: readonly DayBlock[];
  readonly rows: readonly DayRow[];
  /** The bars in one sentence, for those who do not see them. */
  readonly label: string;
}

// A single bad minute is 0.07 % of a day: the square root and a floor keep it visible, the number is in the title.
const visible = (share: number, least: number): number => (share <= 0 ? 0 : Math.max(least, Math.sqrt(share)));

function block(day: DayCounts, date: string, open: boolean, words: Words): DayBlock {
  const shut = { hatched: 1, down: 0, degraded: 0, open };
  const tail = open ? [words.open] : [];
  if (day === null) return { kind: "none", ...shut, title: words.dayTitle(date, [words.noData, ...tail]) };
  const [expected, up, degraded, down] = day;
  const measured = up + degraded + down;
  const value = floorShare(up + degraded, measured);
  if (value === null || expected <= 0) {
    return { kind: "unmeasured", ...shut, title: words.dayTitle(date, [words.notMeasured, ...tail]) };
  }
  const unmeasured = Math.max(0, expected - measured);
  const downHeight = Math.min(1, visible(down / measured, 0.25));
  const said = [words.percent(value)];
  if (down > 0) said.push(words.minutesDown(down));
  if (degraded > 0) said.push(words.minutesDegraded(degraded));
  if (unmeasured > 0) said.push(words.minutesUnmeasured(unmeasured));
  return {
    kind: down > 0 ? "down" : degraded > 0 ? "degraded" : "up",
    hatched: unmeasured === 0 ? 0 : Math.max(0.12, unmeasured / expected),
    down: downHeight,
    degraded: Math.min(1 - downHeight, visible(degraded / measured, 0.2)),
    open,
    title: words.dayTitle(date, [...said, ...tail]),
  };
}

function cells(day: NonNullable<DayCounts>, words: Words): NonNullable<DayRow["cells"]> {
  const [expected, up, degraded, down, attempted, ok] = day;
  const measured = up + degraded + down;
  const value = floorShare(up + degraded, measured);
  const coverage = floorShare(measured, expected);
  return [
    value === null ? words.notMeasured : words.percent(value),
    coverage === null ? "–" : words.percent(coverage),
    value === null ? "–" : words.minutesDown(down),
    attempted > 0 ? `${words.number(ok)} / ${words.number(attempted)}` : "–",
  ];
}

function rowsOf(days: readonly DayCounts[], dates: readonly string[], words: Words): DayRow[] {
  const rows: DayRow[] = [];
  // Newest first: that is what one looks for. Runs without data are one row.
  for (let i = days.length - 1; i >= 0; i--) {
    const day = days[i] ?? null;
    const date = dates[i] ?? "";
    const name = i === days.length - 1 ? words.dayTitle(date, [words.open]) : date;
    if (day !== null) {
      rows.push({ day: name, cells: cells(day, words) });
      continue;
    }
    let from = i;
    while (from > 0 && (days[from - 1] ?? null) === null) from--;
    rows.push({ day: from === i ? name : words.dateRange(dates[from] ?? "", date), cells: null });
    i = from;
  }
  return rows;
}

interface Lowest {
  readonly good: number;
  readonly measured: number;
  readonly date: string;
}

/** The blocks, rows and summary of a region's days. */
export function daysView(days: readonly DayCounts[], today: string, words: Words): DaysView {
  // Without a readable `today` the days still have their order, only no dates.
  const dates = calendarDays(today, days.length) ?? days.map((_, i) => words.daysAgo(days.length - 1 - i));
  let lowest: Lowest | null = null;
  let withData = 0;
  days.forEach((day, i) => {
    if (day === null) return;
    const good = day[1] + day[2];
    const measured = good + day[3];
    if (measured <= 0) return;
    withData++;
    // Compared crosswise, so that no rounding decides; the newest of equals.
    if (lowest === null || good * lowest.measured <= lowest.good * measured) {
      lowest = { good, measured, date: dates[i] ?? "" };
    }
  });
  const low = lowest as Lowest | null;
  const share: Share | null = low === null ? null : floorShare(low.good, low.measured);
  return {
    blocks: days.map((day, i) => block(day, dates[i] ?? "", i === days.length - 1, words)),
    rows: rowsOf(days, dates, words),
    label: words.daysLabel(
      days.length,
      withData,
      low === null || share === null
        ? null
        : // A hundred percent each day is not the fault of one of them.
          { percent: words.percent(share), date: low.good === low.measured ? null : low.date },
    ),
  };
}
