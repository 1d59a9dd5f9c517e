// D1, as the collector of one target writes and reads it. The collector is the only writer of its target's rows. Every
// read that fails throws; nothing here is ever taken for empty. All that one write changes goes in one atomic batch.

import { and, eq, getTableColumns, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { configVersions, days, hours, minutes, months, series } from "../../schema/d1-tables.ts";
import type { OkMeaning, Unit } from "../../schema/words.ts";
import { inRanges, upserts } from "./bulk.store.ts";
import type { IdRange } from "./bulk.store.ts";
import type { Schedule } from "./expected.ts";
import { frontStatement } from "./front.store.ts";
import type { FrontScope } from "./front.store.ts";
import type { SeriesName } from "./records.ts";
import type { CalendarRow, HourRow, MinuteRow } from "./rows.store.ts";

export type ResultsStore = ReturnType<typeof resultsStore>;

export interface SeriesSchedules {
  readonly series: number;
  readonly schedules: readonly Schedule[];
}

export interface SnapshotText {
  readonly target: string;
  readonly composedAt: number;
  readonly body: string;
  readonly summary: string;
}

/** Everything that one write changes. It is written whole or not at all. */
export interface ResultsWrite {
  readonly asOf: number;
  readonly minutes: readonly MinuteRow[];
  readonly hours: readonly HourRow[];
  readonly days: readonly CalendarRow[];
  readonly months: readonly CalendarRow[];
  readonly schedules: readonly SeriesSchedules[];
  /** Null for a target that the configuration no longer names: it has a history, but no place on the page. */
  readonly snapshot: SnapshotText | null;
  /** What may enter the front row. */
  readonly front: FrontScope;
  /** Ranges whose oldest rows may go, at most `limit` each. */
  readonly prune: readonly { readonly table: "minutes" | "hours"; readonly range: IdRange; readonly limit: number }[];
}

export function resultsStore(d1: D1Database) {
  const db = drizzle(d1);
  return {
    /** The number of a series: given at first sight, and the same ever after. */
    async seriesNumber(name: SeriesName, unit: Unit, okMeans: OkMeaning): Promise<number> {
      await db
        .insert(series)
        .values({ ...name, unit, okMeans })
        .onConflictDoNothing();
      const same = and(
        eq(series.target, name.target),
        eq(series.region, name.region),
        eq(series.journey, name.journey),
        eq(series.peer, name.peer),
      );
      const row = await db.select({ id: series.id }).from(series).where(same).get();
      if (row === undefined) throw new Error("a series was written and cannot be read");
      return row.id;
    },
    /** The number of a configuration. `body` null: its text is not known here. */
    async configVersion(hash: string, firstSeenAt: number, body: string | null): Promise<number> {
      const find = () => db.select().from(configVersions).where(eq(configVersions.hash, hash)).get();
      const known = await find();
      // Asked first: an insert that finds its row there already is billed all the same.
      if (known === undefined)
        await db.insert(configVersions).values({ hash, firstSeenAt, body }).onConflictDoNothing();
      const row = known ?? (await find());
      if (row === undefined) throw new Error("a configuration was written and cannot be read");
      if (row.body === null && body !== null)
        await db.update(configVersions).set({ body }).where(eq(configVersions.hash, hash));
      return row.version;
    },
    /** By series number. */
    async schedules(numbers: readonly number[]): Promise<ReadonlyMap<number, readonly Schedule[]>> {
      const wanted = sql`${series.id} IN (SELECT value FROM json_each(${JSON.stringify(numbers)}))`;
      const rows = await db.select({ id: series.id, schedules: series.schedules }).from(series).where(wanted);
      return new Map(
        rows.map((row) => [
          row.id,
          row.schedules.map(([fromMinute, untilMinute, everyMs]) => ({ fromMinute, untilMinute, everyMs })),
        ]),
      );
    },
    minutes: async (ranges: readonly IdRange[]): Promise<MinuteRow[]> => {
      const { from, where } = inRanges(minutes, ranges);
      return ascending(await db.select(getTableColumns(minutes)).from(from).crossJoin(minutes).where(where));
    },
    hours: async (ranges: readonly IdRange[]): Promise<HourRow[]> => {
      const { from, where } = inRanges(hours, ranges);
      return ascending(await db.select(getTableColumns(hours)).from(from).crossJoin(hours).where(where));
    },
    days: async (ranges: readonly IdRange[]): Promise<CalendarRow[]> => {
      const { from, where } = inRanges(days, ranges);
      return ascending(await db.select(getTableColumns(days)).from(from).crossJoin(days).where(where));
    },
    months: async (ranges: readonly IdRange[]): Promise<CalendarRow[]> => {
      const { from, where } = inRanges(months, ranges);
      return ascending(await db.select(getTableColumns(months)).from(from).crossJoin(months).where(where));
    },
    /** One batch, which D1 runs as one transaction. Answers the rows it was billed for. */
    async write(change: ResultsWrite): Promise<number> {
      const statements = [
        ...upserts(d1, minutes, change.minutes),
        ...upserts(d1, hours, change.hours),
        ...upserts(d1, days, change.days),
        ...upserts(d1, months, change.months),
        ...change.schedules.map((each) => scheduleStatement(d1, change.asOf, each)),
        ...(change.snapshot === null ? [] : [snapshotStatement(d1, change.asOf, change.snapshot)]),
        frontStatement(d1, change.front, false),
        ...change.prune.map(({ table, range, limit }) => pruneStatement(d1, table, range, limit)),
      ];
      const results = await d1.batch(statements);
      return results.reduce((rows, result) => rows + result.meta.rows_written, 0);
    },
  };
}

/** Sorted here: ORDER BY would read each row twice, and D1 would bill it twice. */
function ascending<R extends { readonly id: number }>(rows: R[]): R[] {
  return rows.sort((a, b) => a.id - b.id);
}

function scheduleStatement(
  d1: D1Database,
  asOf: number,
  { series: id, schedules }: SeriesSchedules,
): D1PreparedStatement {
  const text = JSON.stringify(schedules.map((each) => [each.fromMinute, each.untilMinute, each.everyMs]));
  return d1
    .prepare(`UPDATE "series" SET "schedules" = ?1, "as_of" = ?2 WHERE "id" = ?3 AND "as_of" < ?2`)
    .bind(text, asOf, id);
}

function snapshotStatement(d1: D1Database, asOf: number, snapshot: SnapshotText): D1PreparedStatement {
  const statement = `INSERT INTO "snapshots" ("target", "as_of", "composed_at", "body", "summary") VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT ("target") DO UPDATE SET "as_of" = excluded."as_of", "composed_at" = excluded."composed_at",
      "body" = excluded."body", "summary" = excluded."summary" WHERE excluded."as_of" > "snapshots"."as_of"`;
  return d1.prepare(statement).bind(snapshot.target, asOf, snapshot.composedAt, snapshot.body, snapshot.summary);
}

function pruneStatement(
  d1: D1Database,
  table: "minutes" | "hours",
  range: IdRange,
  limit: number,
): D1PreparedStatement {
  const statement = `DELETE FROM "${table}" WHERE "id" IN
    (SELECT "id" FROM "${table}" WHERE "id" >= ?1 AND "id" < ?2 ORDER BY "id" LIMIT ?3)`;
  return d1.prepare(statement).bind(range[0], range[1], limit);
}
