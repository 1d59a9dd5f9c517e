// What the API knows of stored history: kinds of rows, ranges of keys, and who reads them. Pure; used by the answers,
// implemented for D1 by raw.store.ts. Rows are integers as they were written, not verdicts; a row that is not there is
// unmeasured, never zero.

import type { PageBindings } from "../front.ts";
import type { RowAnswer, SeriesAnswer } from "./shapes-rows.ts";

/** The four tables of history. */
export const KINDS = ["minutes", "hours", "days", "months"] as const;
export type Kind = (typeof KINDS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What begins in [from, to), ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How much is shown where nothing else is asked for. */
export const USUAL_MS: Readonly<Record<Kind, number>> = {
  minutes: HOUR_MS,
  hours: 2 * DAY_MS,
  days: 31 * DAY_MS,
  months: 366 * DAY_MS,
};

/** How long rows are kept, as the collector prunes them (publish.store.ts); null: for ever. */
export const KEPT_MS: Readonly<Record<Kind, number | null>> = {
  minutes: 90 * DAY_MS,
  hours: 400 * DAY_MS,
  days: null,
  months: null,
};

/** Number of the calendar month in UTC, year * 12 + month - 1. */
function monthNumber(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/**
 * Keys within a series that can begin in the span: `first` to `end`, half-open. Minutes and hours are exact; days and months
 * begin by their zone, up to 14 hours from UTC, so that there is one more at either end.
 */
export function keysOf(kind: Kind, { from, to }: Span): { readonly first: number; readonly end: number } {
  switch (kind) {
    case "minutes":
      return { first: Math.ceil(from / MINUTE_MS), end: Math.ceil(to / MINUTE_MS) };
    case "hours":
      return { first: Math.ceil(from / HOUR_MS), end: Math.ceil(to / HOUR_MS) };
    case "days":
      return { first: Math.max(0, Math.floor(from / DAY_MS) - 1), end: Math.ceil(to / DAY_MS) + 1 };
    case "months":
      return { first: Math.max(0, monthNumber(from) - 1), end: monthNumber(to) + 2 };
  }
}

/** What is wanted of one series. */
export interface Wanted {
  readonly series: number;
  readonly kind: Kind;
  readonly span: Span;
  /** With percentiles: two histograms a row are read and ranked. */
  readonly latency: boolean;
  /** Hours with their minutes: 60 a row. */
  readonly minutes: boolean;
}

/** Which series: of all, or only of these. */
export interface SeriesFilter {
  readonly target: string | null;
  readonly region: string | null;
  readonly journey: string | null;
  /** Those with a greater number. */
  readonly after: number;
}

/** Reads history. Every method throws RawUnreadable when it cannot tell; null and [] mean that there is none. */
export interface RawReader {
  /** At most `most`, by their numbers. Reads each series of the fleet up to there: some hundred rows. */
  list(env: PageBindings, filter: SeriesFilter, most: number): Promise<readonly SeriesAnswer[]>;
  /** One row. */
  one(env: PageBindings, series: number): Promise<SeriesAnswer | null>;
  /** Text that changes whenever rows of the span may have: a row a day of it, a month where days or months are wanted, and one. */
  mark(env: PageBindings, wanted: Wanted): Promise<string>;
  /** At most `most` rows, the oldest first. */
  rows(env: PageBindings, wanted: Wanted, most: number): Promise<readonly RowAnswer[]>;
}

/** History could not be read, or not be understood. */
export class RawUnreadable extends Error {
  override readonly name = "RawUnreadable";
}
