// Reads the past from D1 for the pages of regions, days, months and years: `series`, `hours`, `days` and `months`, and nothing else.
// Given to the page by main.entry.ts. All that a page needs is one batch. A failed read throws PastUnreadable and is never an empty
// list. Histograms leave the database as hex: as bytes D1 sends each one as a JSON number.

import { decodeHistograms } from "../workers/results/histogram.ts";
import type { Histogram } from "../workers/results/histogram.ts";
import type { HourRecord } from "../workers/results/recount.ts";
import type { RollupRecord } from "../workers/results/rollup.ts";
import { decodeStrip } from "../workers/results/strip.ts";
import { outside, within } from "../workers/outside.ts";
import type { PageBindings } from "./front.ts";
import { PastUnreadable, SERIES_MOST } from "./history.ts";
import type { CalendarPiece, PastReader, PastWanted, Range, SeriesHead, SeriesPast } from "./history.ts";

/** A reader of a page waits no longer than this for the database. */
const READ_DEADLINE_MS = 3000;
/** As rows are numbered: 2^26 of each kind a series (schema/d1-tables.ts). */
const SERIES_SPAN = 2 ** 26;

/**
 * A series for each region of a target: ?1 target, ?2 region or null, ?3 journey. Regions are found by going from one to the next in
 * the index of names, since to look through it reads each pair of a mesh, too. Those that are still measured come first: of the first
 * ones only rows are read.
 */
const SERIES = `WITH RECURSIVE "regions" ("region") AS (
    SELECT coalesce(?2, (SELECT min("region") FROM "series" WHERE "target" = ?1))
    UNION ALL
    SELECT (SELECT min("region") FROM "series" WHERE "target" = ?1 AND "region" > "regions"."region")
    FROM "regions" WHERE ?2 IS NULL AND "regions"."region" IS NOT NULL
  ), "wanted" AS (
    SELECT "series".* FROM "regions" CROSS JOIN "series"
    WHERE "series"."target" = ?1 AND "series"."region" = "regions"."region" AND "series"."journey" = ?3 AND "series"."peer" = ''
    ORDER BY json_extract("series"."schedules", '$[#-1][1]') IS NOT NULL, "series"."id"
  )`;

const COUNTS = (
  "minutes_up minutes_degraded minutes_down minutes_unmeasured scheduled ok lost error connect_fail not_sent duplicate reordered " +
  "corrupt foreign_messages after_deadline latency_ms_max lag_ms_max reconnects over"
)
  .split(" ")
  .map((name) => `"rows"."${name}"`);
const ROLLUP = [...COUNTS, ...["latency", "connect"].map((name) => `hex("rows"."${name}") AS "${name}"`)].join(", ");
const CALENDAR = `"rows"."zone", "rows"."from_minute", "rows"."to_minute"`;
const EXTRAS = { hours: `hex("rows"."strip") AS "strip"`, days: CALENDAR, months: CALENDAR } as const;

type Table = keyof typeof EXTRAS;
type Row = Readonly<Record<string, unknown>>;

function rowsStatement(d1: D1Database, table: Table, wanted: PastWanted, [first, end]: Range): D1PreparedStatement {
  const statement = `${SERIES}
    SELECT "rows"."id", ${ROLLUP}, ${EXTRAS[table]}
    FROM (SELECT "id" FROM "wanted" LIMIT ${SERIES_MOST}) AS "of" CROSS JOIN "${table}" AS "rows"
    WHERE "rows"."id" >= "of"."id" * ${SERIES_SPAN} + ?4 AND "rows"."id" < "of"."id" * ${SERIES_SPAN} + ?5`;
  return d1.prepare(statement).bind(wanted.target, wanted.region, wanted.journey, first, end);
}

const number = (row: Row, name: string): number => {
  const value = row[name];
  if (typeof value !== "number") throw new PastUnreadable(`${name} of row ${String(row["id"])} is no number`);
  return value;
};
const text = (row: Row, name: string): string => {
  const value = row[name];
  if (typeof value !== "string") throw new PastUnreadable(`${name} of row ${String(row["id"])} is no text`);
  return value;
};
const histograms = (row: Row, name: string): readonly Histogram[] =>
  decodeHistograms(Buffer.from(text(row, name), "hex"));

function rollupOf(row: Row): RollupRecord {
  const over = JSON.parse(text(row, "over")) as readonly (readonly [number, number, number])[];
  return {
    minutesUp: number(row, "minutes_up"),
    minutesDegraded: number(row, "minutes_degraded"),
    minutesDown: number(row, "minutes_down"),
    minutesUnmeasured: number(row, "minutes_unmeasured"),
    scheduled: number(row, "scheduled"),
    ok: number(row, "ok"),
    lost: number(row, "lost"),
    error: number(row, "error"),
    connectFail: number(row, "connect_fail"),
    notSent: number(row, "not_sent"),
    duplicate: number(row, "duplicate"),
    reordered: number(row, "reordered"),
    corrupt: number(row, "corrupt"),
    foreign: number(row, "foreign_messages"),
    afterDeadline: number(row, "after_deadline"),
    latencyMsMax: row["latency_ms_max"] === null ? null : number(row, "latency_ms_max"),
    lagMsMax: number(row, "lag_ms_max"),
    reconnects: number(row, "reconnects"),
    over: over.map(([limitMs, count, of]) => ({ limitMs, count, of })),
    latency: histograms(row, "latency"),
    connect: histograms(row, "connect"),
    // Neither is on these pages, and neither is read.
    phases: { handshake: [], login: [] },
    heard: null,
  };
}

const hourOf = (row: Row): HourRecord => ({
  hour: number(row, "id") % SERIES_SPAN,
  rollup: rollupOf(row),
  strip: decodeStrip(Buffer.from(text(row, "strip"), "hex")),
});

const pieceOf = (row: Row): CalendarPiece => ({
  number: number(row, "id") % SERIES_SPAN,
  zone: text(row, "zone"),
  fromMinute: number(row, "from_minute"),
  toMinute: number(row, "to_minute"),
  rollup: rollupOf(row),
});

function headOf(row: Row, { journey }: PastWanted): SeriesHead {
  const schedules = JSON.parse(text(row, "schedules")) as readonly (readonly [number, number | null, number])[];
  return {
    id: number(row, "id"),
    region: text(row, "region"),
    journey,
    unit: text(row, "unit") as SeriesHead["unit"],
    okMeans: text(row, "ok_means") as SeriesHead["okMeans"],
    schedules: schedules.map(([fromMinute, untilMinute, everyMs]) => ({ fromMinute, untilMinute, everyMs })),
  };
}

function pastOf(
  wanted: PastWanted,
  heads: readonly Row[],
  tables: Readonly<Record<Table, readonly Row[]>>,
): SeriesPast[] {
  const own = <Piece>(table: Table, id: number, made: (row: Row) => Piece): readonly Piece[] =>
    tables[table]
      .filter((row) => Math.floor(number(row, "id") / SERIES_SPAN) === id)
      // Sorted here: ORDER BY would read each row twice, and D1 would bill it twice.
      .toSorted((a, b) => number(a, "id") - number(b, "id"))
      .map(made);
  return heads.map((row) => {
    const series = headOf(row, wanted);
    const { id } = series;
    return {
      series,
      hours: own("hours", id, hourOf),
      days: own("days", id, pieceOf),
      months: own("months", id, pieceOf),
    };
  });
}

async function read({ DB }: PageBindings, wanted: PastWanted): Promise<readonly SeriesPast[]> {
  const what = `the history of ${wanted.target}`;
  const named = (["hours", "days", "months"] as const).flatMap((table) => {
    const range = wanted[table];
    return range === null ? [] : [{ table, statement: rowsStatement(DB, table, wanted, range) }];
  });
  const heads = DB.prepare(`${SERIES} SELECT * FROM "wanted"`).bind(wanted.target, wanted.region, wanted.journey);
  try {
    const all = [heads, ...named.map(({ statement }) => statement)];
    const [series, ...found] = await within(outside, READ_DEADLINE_MS, "D1", DB.batch<Row>(all));
    const tables: Record<Table, readonly Row[]> = { hours: [], days: [], months: [] };
    for (const [at, { table }] of named.entries()) tables[table] = found[at]?.results ?? [];
    return pastOf(wanted, series?.results ?? [], tables);
  } catch (cause) {
    throw cause instanceof PastUnreadable ? cause : new PastUnreadable(`D1 did not give ${what}`, { cause });
  }
}

/** The past as D1 holds it. */
export const storedPast: PastReader = { read };
