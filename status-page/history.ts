// What the pages of the past know of stored history: one series with its hours, days and months, and who reads them. Pure types and
// limits; implemented for D1 by history.store.ts, turned into figures by history-figures.ts. A row that is not there is unmeasured by
// the schedules of its series, never zero.

import type { Journey, OkMeaning, Unit } from "../schema/words.ts";
import type { Schedule } from "../workers/results/expected.ts";
import type { HourRecord } from "../workers/results/recount.ts";
import type { RollupRecord } from "../workers/results/rollup.ts";
import type { PageBindings } from "./front.ts";

/** As long as hours are kept (schema/d1-tables.ts): days can be shown minute by minute for so long. */
export const HOURS_KEPT_DAYS = 400;
/** Series whose rows a page reads: 31 days of each are 248 rows, and to find them among eleven regions takes about a hundred. */
export const SERIES_MOST = 8;

/** Journeys that have pages of their past; `mesh` has a matrix. */
export const PAST_JOURNEYS = ["loop", "room", "dialogue", "connect"] as const satisfies readonly Journey[];
export type PastJourney = (typeof PAST_JOURNEYS)[number];

export interface SeriesHead {
  readonly id: number;
  readonly region: string;
  readonly journey: PastJourney;
  readonly unit: Unit;
  readonly okMeans: OkMeaning;
  readonly schedules: readonly Schedule[];
}

/** A day or a month as its row says; `number`: days since 1970-01-01, or year * 12 + month - 1. Minutes since the epoch. */
export interface CalendarPiece {
  readonly number: number;
  readonly zone: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly rollup: RollupRecord;
}

/** Numbers of hours, days or months, half-open. */
export type Range = readonly [first: number, end: number];

/** Which series, and which of their rows; null: none of that kind. */
export interface PastWanted {
  readonly target: string;
  /** Null: each region's. */
  readonly region: string | null;
  readonly journey: PastJourney;
  readonly hours: Range | null;
  readonly days: Range | null;
  readonly months: Range | null;
}

export interface SeriesPast {
  readonly series: SeriesHead;
  /** Ascending, as all of these. */
  readonly hours: readonly HourRecord[];
  readonly days: readonly CalendarPiece[];
  readonly months: readonly CalendarPiece[];
}

/** Reads history. Throws PastUnreadable when it cannot tell. */
export interface PastReader {
  /** Those still measured first, then by the number of the series; [] where there is none. Rows only of the first SERIES_MOST: of the others [] although there may be some. */
  read(env: PageBindings, wanted: PastWanted): Promise<readonly SeriesPast[]>;
}

/** History could not be read, or not be understood. */
export class PastUnreadable extends Error {
  override readonly name = "PastUnreadable";
}
