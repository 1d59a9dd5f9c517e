// Ninety days as blocks and in one sentence; their table is on the region's own page. Pure; called by the view. A day without data is
// no good day: it has no colour, and it is never part of "lowest".

import type { DayCounts } from "../workers/results/snapshot-shape.ts";
import { floorShare } from "./figures.ts";
import { dayBefore } from "./instants.ts";
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
}

export interface DaysView {
  /** The closed days, oldest first: the same array as long as they are the same days. */
  readonly closed: readonly DayBlock[];
  /** Null: there is no day at all. */
  readonly today: DayBlock | null;
  /** The bars in one sentence, for those who do not see them. */
  readonly label: string;
}

// A single bad minute is 0.07 % of a day: the square root and a floor keep it visible, the number is in the title.
const visible = (share: number, least: number): number => (share <= 0 ? 0 : Math.max(least, Math.sqrt(share)));

function block(day: DayCounts): DayBlock {
  const shut = { hatched: 1, down: 0, degraded: 0 };
  if (day === null) return { kind: "none", ...shut };
  const [expected, up, degraded, down] = day;
  const measured = up + degraded + down;
  if (measured <= 0 || expected <= 0) return { kind: "unmeasured", ...shut };
  const unmeasured = Math.max(0, expected - measured);
  const downHeight = Math.min(1, visible(down / measured, 0.25));
  return {
    kind: down > 0 ? "down" : degraded > 0 ? "degraded" : "up",
    hatched: unmeasured === 0 ? 0 : Math.max(0.12, unmeasured / expected),
    down: downHeight,
    degraded: Math.min(1 - downHeight, visible(degraded / measured, 0.2)),
  };
}

/** The lowest of some days, of those with data. */
interface Lowest {
  readonly good: number;
  readonly measured: number;
  /** Days from the oldest one. */
  readonly at: number;
}

/** What is known of days that are over. */
export interface ClosedDays {
  readonly blocks: readonly DayBlock[];
  readonly withData: number;
  readonly lowest: Lowest | null;
}

/** The lower of two, compared crosswise, so that no rounding decides; the newest of equals. */
function lower(lowest: Lowest | null, day: DayCounts, at: number): Lowest | null {
  if (day === null) return lowest;
  const good = day[1] + day[2];
  const measured = good + day[3];
  if (measured <= 0) return lowest;
  return lowest === null || good * lowest.measured <= lowest.good * measured ? { good, measured, at } : lowest;
}

const hasData = (day: DayCounts): boolean => day !== null && day[1] + day[2] + day[3] > 0;

export function closedDays(days: readonly DayCounts[]): ClosedDays {
  return {
    blocks: days.map(block),
    withData: days.filter(hasData).length,
    lowest: days.reduce(lower, null),
  };
}

/** Blocks and summary of a region's days. `closed`: of all but the last, which is still open. */
export function daysView(
  days: readonly DayCounts[],
  today: string,
  words: Words,
  closed: ClosedDays = closedDays(days.slice(0, -1)),
): DaysView {
  const open = days.at(-1);
  const lowest = lower(closed.lowest, open ?? null, days.length - 1);
  const share: Share | null = lowest === null ? null : floorShare(lowest.good, lowest.measured);
  return {
    closed: closed.blocks,
    today: open === undefined ? null : block(open),
    label: words.daysLabel(
      days.length,
      closed.withData + (hasData(open ?? null) ? 1 : 0),
      lowest === null || share === null
        ? null
        : // A hundred percent each day is not the fault of one of them.
          {
            percent: words.percent(share),
            date: lowest.good === lowest.measured ? null : dateOf(lowest.at, days.length, today, words),
          },
    ),
  };
}

/** Without a readable `today` the days still have their order, only no dates. */
function dateOf(at: number, count: number, today: string, words: Words): string {
  const ago = count - 1 - at;
  return dayBefore(today, ago) ?? words.daysAgo(ago);
}
