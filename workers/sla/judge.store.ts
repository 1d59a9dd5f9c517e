// D1, as the judge of one target reads and writes it: series, hours with their strips, edges of loss, contract texts, reports. The
// judge is the only writer of its contracts' reports. Every read that fails throws; nothing here is ever taken for empty.

import { and, desc, eq, gt, lt, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { contractVersions, hours, minutes, reports, series } from "../../schema/d1-tables.ts";
import type { Journey } from "../../schema/words.ts";
import { inRanges } from "../results/bulk.store.ts";
import type { IdRange } from "../results/bulk.store.ts";
import type { Schedule } from "../results/expected.ts";
import { dropBoardsStatement, frontPartStatement, frontStatement } from "../results/front.store.ts";
import type { FrontScope, PartText } from "../results/front.store.ts";
import { decodeHistograms } from "../results/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import type { LossRun } from "../results/records.ts";
import { SERIES_SPAN } from "../results/rows.store.ts";
import { decodeStrip } from "../results/strip.ts";
import type { StripMinute } from "../results/strip.ts";

const MINUTE_MS = 60_000;

export type JudgeStore = ReturnType<typeof judgeStore>;
export type ReportRow = typeof reports.$inferSelect;

/** What is measured of a target. */
export interface JudgedSeries {
  readonly id: number;
  readonly region: string;
  readonly journey: Journey;
  readonly schedules: readonly Schedule[];
}

/** Minutes since the epoch, half-open. */
export interface FrozenPeriod {
  readonly name: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What the front page shows of a contract, and what else may be on it. */
export interface ShownBoard {
  readonly board: PartText;
  readonly front: FrontScope;
}

/** What an hour holds for a verdict. */
export interface JudgedHour {
  readonly series: number;
  /** Hours since the epoch. */
  readonly hour: number;
  /** By minute of the hour. */
  readonly strip: ReadonlyMap<number, StripMinute>;
  readonly latency: readonly Histogram[];
  readonly latencyMsMax: number | null;
}

export function judgeStore(d1: D1Database) {
  const db = drizzle(d1);
  const same = (contract: string, period: string) => and(eq(reports.contract, contract), eq(reports.period, period));
  return {
    async seriesOf(target: string): Promise<JudgedSeries[]> {
      const rows = await db.select().from(series).where(eq(series.target, target));
      return rows.map((row) => ({
        id: row.id,
        region: row.region,
        journey: row.journey as Journey,
        schedules: row.schedules.map(([fromMinute, untilMinute, everyMs]) => ({ fromMinute, untilMinute, everyMs })),
      }));
    },
    /** Ascending by series and hour. Each row is one that D1 bills. */
    async hours(ranges: readonly IdRange[]): Promise<JudgedHour[]> {
      const { from, where } = inRanges(hours, ranges);
      const { id, strip, latency, latencyMsMax } = hours;
      const rows = await db.select({ id, strip, latency, latencyMsMax }).from(from).crossJoin(hours).where(where);
      return rows
        .sort((a, b) => a.id - b.id)
        .map((row) => ({
          series: Math.floor(row.id / SERIES_SPAN),
          hour: row.id % SERIES_SPAN,
          strip: decodeStrip(row.strip),
          latency: decodeHistograms(row.latency),
          latencyMsMax: row.latencyMsMax,
        }));
    },
    /** Runs of loss of these minutes, by id, where the minutes are still there. */
    async lossRuns(ranges: readonly IdRange[]): Promise<{ readonly id: number; readonly runs: readonly LossRun[] }[]> {
      const { from, where } = inRanges(minutes, ranges);
      const rows = await db
        .select({ id: minutes.id, lossRuns: minutes.lossRuns })
        .from(from)
        .crossJoin(minutes)
        .where(where);
      return rows.map((row) => ({
        id: row.id,
        runs: (row.lossRuns ?? []).map(([length, firstBadAt, nextGoodAt]) => ({ length, firstBadAt, nextGoodAt })),
      }));
    },
    /** Since when this text of a contract is known: from now on, if nobody has seen it before. */
    async seenAt(contract: string, version: number, hash: string, body: string, now: number): Promise<number> {
      const row = { contract, version, hash, body, firstSeenAt: now };
      const find = () =>
        db
          .select({ firstSeenAt: contractVersions.firstSeenAt })
          .from(contractVersions)
          .where(
            and(
              eq(contractVersions.contract, contract),
              eq(contractVersions.version, version),
              eq(contractVersions.hash, hash),
            ),
          )
          .get();
      const known = await find();
      if (known !== undefined) return known.firstSeenAt;
      await db.insert(contractVersions).values(row).onConflictDoNothing();
      const written = await find();
      if (written === undefined) throw new Error(`contract ${contract} was written and cannot be read`);
      return written.firstSeenAt;
    },
    /** The text of a contract that a report was made with. Rejects when it is not there. */
    async textOf(contract: string, version: number, hash: string): Promise<string> {
      const row = await db
        .select({ body: contractVersions.body })
        .from(contractVersions)
        .where(
          and(
            eq(contractVersions.contract, contract),
            eq(contractVersions.version, version),
            eq(contractVersions.hash, hash),
          ),
        )
        .get();
      if (row === undefined) throw new Error(`version ${version} of ${contract} has no text with the hash ${hash}`);
      return row.body;
    },
    /** Frozen periods of a contract, as their first revision has them. */
    async frozen(contract: string): Promise<FrozenPeriod[]> {
      const rows = await db
        .select({ name: reports.period, fromAt: reports.fromAt, toAt: reports.toAt })
        .from(reports)
        .where(and(eq(reports.contract, contract), eq(reports.revision, 1)));
      return rows.map(({ name, fromAt, toAt }) => ({
        name,
        fromMinute: fromAt / MINUTE_MS,
        toMinute: toAt / MINUTE_MS,
      }));
    },
    /** The newest revision of a period; null when it has none. */
    async newest(contract: string, period: string): Promise<ReportRow | null> {
      const row = await db
        .select()
        .from(reports)
        .where(same(contract, period))
        .orderBy(desc(reports.revision))
        .limit(1)
        .get();
      return row ?? null;
    },
    /**
     * The report of an open period takes the place of the one before. One that was given up as lost and lands late does not. What
     * the front page shows of it goes in the same batch; `shown` null: the contract is not public.
     */
    async writeOpen(row: ReportRow, shown: ShownBoard | null): Promise<void> {
      const { contract: _c, period: _p, revision: _r, ...rest } = row;
      const upsert = db
        .insert(reports)
        .values(row)
        .onConflictDoUpdate({
          target: [reports.contract, reports.period, reports.revision],
          set: rest,
          setWhere: sql`excluded.composed_at > ${reports.composedAt}`,
        });
      // An open period of another name and the same time: the contract's periods were changed meanwhile.
      const replaced = and(
        eq(reports.contract, row.contract),
        eq(reports.revision, 0),
        ne(reports.period, row.period),
        lt(reports.fromAt, row.toAt),
        gt(reports.toAt, row.fromAt),
      );
      await d1.batch([
        ...[upsert, db.delete(reports).where(replaced)].map((query) => {
          const { sql: text, params } = query.toSQL();
          return d1.prepare(text).bind(...params);
        }),
        ...(shown === null ? [] : [frontPartStatement(d1, shown.board), frontStatement(d1, shown.front, true)]),
      ]);
    },
    /** The front page forgets a target's contracts but these, which are public. */
    async keepBoards(target: string, contracts: readonly string[], front: FrontScope): Promise<void> {
      await d1.batch([dropBoardsStatement(d1, target, contracts), frontStatement(d1, front, true)]);
    },
    /** A revision is written once: if it is there already, nothing happens. The open period's row goes in the same batch. */
    async freeze(row: ReportRow): Promise<void> {
      await db.batch([
        db.insert(reports).values(row).onConflictDoNothing(),
        db.delete(reports).where(and(same(row.contract, row.period), eq(reports.revision, 0))),
      ]);
    },
  };
}
