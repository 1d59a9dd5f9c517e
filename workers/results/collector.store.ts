// The collector's own SQLite: envelopes as they came, each round once, and which minutes D1 is still owed. Synchronous;
// what is written when a call returns is durable before any answer leaves the object. Reads that fail throw.

import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";

import { dueMinutes, envelopes, identity, localSeries, rounds } from "../../schema/collector-tables.ts";
import migrations from "../../schema/migrations/collector/migrations.js";
import type { Journey } from "../../schema/words.ts";
import { PURPOSES } from "../../schema/words.ts";
import { decodeEnvelope } from "./envelope.ts";
import type { ArrivedRound } from "./minute.ts";
import type { RoundRecord } from "./records.ts";
import { SERIES_SPAN } from "./rows.store.ts";

const MINUTE_MS = 60_000;
/** (series * 2^32 + s) * 4 + purpose stays below 2^53 up to series 2^19. */
const ROUND_SPAN = 2 ** 32;
/** 50 wakes that seven probers hand over once more are 350 envelopes. */
const LATELY = 400;

export type CollectorStore = ReturnType<typeof collectorStore>;

/** A series by this collector's own number; `number` is D1's, null until D1 has given one. */
export interface LocalSeries {
  readonly id: number;
  readonly region: string;
  readonly journey: Journey;
  readonly peer: string;
  readonly number: number | null;
}

/** An envelope as it was taken; `counted`: positions of the records in it that count, each for the first time. */
export interface ArrivedEnvelope {
  readonly id: number;
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
  readonly counted: readonly number[];
}

/** The records that count, in order of arrival. */
export function countedIn(arrived: readonly ArrivedEnvelope[]): RoundRecord[] {
  return arrived.flatMap(({ bytes, counted }) => {
    const { records } = decodeEnvelope(bytes);
    return counted.flatMap((position) => records[position] ?? []);
  });
}

/** A minute that D1 has not got as it is now. `envelope`: the newest that touched it, as read. */
export interface DueMinute {
  readonly id: number;
  readonly envelope: number;
  readonly series: number;
  readonly minute: number;
}

/** The least id that a round of this series with a slot at or after `at` can have. */
function idAt(series: number, at: number): number {
  return (series * ROUND_SPAN + Math.ceil(at / 1_000)) * 4;
}

function dueMinute(row: { readonly id: number; readonly envelope: number }): DueMinute {
  return { ...row, series: Math.floor(row.id / SERIES_SPAN), minute: row.id % SERIES_SPAN };
}

export async function migrateCollector(storage: DurableObjectStorage): Promise<void> {
  await migrate(drizzle(storage), migrations);
}

export function collectorStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);

  /** Null for a series of which nothing was ever counted. */
  function knownSeries({ series: { region, journey, peer } }: RoundRecord): number | null {
    const name = and(eq(localSeries.region, region), eq(localSeries.journey, journey), eq(localSeries.peer, peer));
    return db.select({ id: localSeries.id }).from(localSeries).where(name).get()?.id ?? null;
  }

  /** The series of the way back, for `mesh`; null for other journeys, and before anything of it was counted. */
  function peerOf(record: RoundRecord): number | null {
    const { region, peer } = record.series;
    if (peer === "") return null;
    return knownSeries({ ...record, series: { ...record.series, region: peer, peer: region } });
  }

  function hasRounds(series: number, fromAt: number, toAt: number): boolean {
    const scheduled = sql`${rounds.id} % 4 = ${PURPOSES.indexOf("scheduled")}`;
    const range = and(gte(rounds.id, idAt(series, fromAt)), lt(rounds.id, idAt(series, toAt)), scheduled);
    return db.select({ id: rounds.id }).from(rounds).where(range).limit(1).get() !== undefined;
  }

  function has(record: RoundRecord): boolean {
    const series = knownSeries(record);
    if (series === null) return false;
    const own = eq(rounds.id, roundId(series, record));
    return db.select({ id: rounds.id }).from(rounds).where(own).get() !== undefined;
  }

  /** Those of `counted` that are not here yet, each round once. Known before the envelope is written, so that it is one row. */
  function freshOf(records: readonly RoundRecord[], counted: readonly number[]): number[] {
    const met = new Set<string>();
    return counted.filter((position) => {
      const record = records[position];
      if (record === undefined) throw new RangeError(`no record ${position}`);
      const { region, journey, peer } = record.series;
      const name = [region, journey, peer, Math.floor(record.slotAt / 1_000), record.purpose].join("/");
      return !met.has(name) && met.add(name) && !has(record);
    });
  }

  /** Only what counts makes a series: one that is mere evidence would be scheduled and shown for ever. */
  function seriesId(record: RoundRecord): number {
    const { region, journey, peer } = record.series;
    return (
      knownSeries(record) ??
      db.insert(localSeries).values({ region, journey, peer }).returning({ id: localSeries.id }).get().id
    );
  }

  function roundId(series: number, record: RoundRecord): number {
    const second = Math.floor(record.slotAt / 1_000);
    return (series * ROUND_SPAN + second) * 4 + PURPOSES.indexOf(record.purpose);
  }

  /** Rounds whose bytes are in these rows, decoded once an envelope. */
  function arrived(rows: readonly { envelope: number; position: number }[]): ArrivedRound[] {
    const wanted = [...new Set(rows.map((row) => row.envelope))];
    const decoded = new Map(
      wanted.map((id) => {
        const row = db.select().from(envelopes).where(eq(envelopes.id, id)).get();
        if (row === undefined) throw new Error(`envelope ${id} is gone while a round of it is still kept`);
        return [id, { receivedAt: row.receivedAt, records: decodeEnvelope(row.bytes).records }] as const;
      }),
    );
    return rows.map(({ envelope, position }) => {
      const from = decoded.get(envelope);
      const record = from?.records[position];
      if (from === undefined || record === undefined) throw new Error(`envelope ${envelope} has no record ${position}`);
      return { record, receivedAt: from.receivedAt, envelope };
    });
  }

  return {
    /** Whose collector this is; null before the first envelope. */
    target(): string | null {
      return db.select().from(identity).where(eq(identity.id, 1)).get()?.target ?? null;
    },
    nameOnce(target: string): void {
      db.insert(identity).values({ id: 1, target, writesBegun: 0 }).onConflictDoNothing().run();
    },
    /** Number of this write to D1. Counted before it is begun, so that no two attempts share one. */
    beginWrite(): number {
      const row = db
        .update(identity)
        .set({ writesBegun: sql`${identity.writesBegun} + 1` })
        .where(eq(identity.id, 1))
        .returning({ begun: identity.writesBegun })
        .get();
      if (row === undefined) throw new Error("a collector writes before it has a name");
      return row.begun;
    },
    /** Number of the newest write that was begun. */
    writesBegun(): number | null {
      return db.select().from(identity).where(eq(identity.id, 1)).get()?.writesBegun ?? null;
    },

    /** Which of these rounds it has already, by position. Changes nothing. */
    has(records: readonly RoundRecord[]): boolean[] {
      return records.map(has);
    },
    /** Whether these very bytes are among the newest envelopes: what is told again is told again soon. */
    keptLately(bytes: Uint8Array): boolean {
      const newest = db.select().from(envelopes).orderBy(desc(envelopes.id)).limit(LATELY);
      return newest.all().some((row) => Buffer.compare(row.bytes, bytes) === 0);
    },
    /**
     * Keeps an envelope's bytes, and of its records those at `counted` as rounds, in one transaction. A round that it
     * has already stays what it was: the first delivery counts.
     */
    keep(bytes: Uint8Array, receivedAt: number, records: readonly RoundRecord[], counted: readonly number[]): void {
      storage.transactionSync(() => {
        const fresh = JSON.stringify(freshOf(records, counted));
        const kept = db
          .insert(envelopes)
          .values({ receivedAt, bytes: Buffer.from(bytes), counted: fresh })
          .returning({ id: envelopes.id })
          .get();
        for (const position of counted) {
          const record = records[position];
          if (record === undefined) throw new RangeError(`no record ${position}`);
          const series = seriesId(record);
          const round = { id: roundId(series, record), envelope: kept.id, position };
          const isNew = db.insert(rounds).values(round).onConflictDoNothing().returning().get() !== undefined;
          if (!isNew || record.purpose !== "scheduled") continue;
          const minute = Math.floor(record.slotAt / MINUTE_MS);
          // A pair's minute is made of both sides' rounds; of one that has none itself there is nothing to write.
          const other = peerOf(record);
          const isPaired = other !== null && hasRounds(other, minute * MINUTE_MS, (minute + 1) * MINUTE_MS);
          for (const each of isPaired ? [series, other] : [series]) {
            db.insert(dueMinutes)
              .values({ id: each * SERIES_SPAN + minute, envelope: kept.id })
              .onConflictDoUpdate({ target: dueMinutes.id, set: { envelope: kept.id } })
              .run();
          }
        }
      });
    },

    series(): LocalSeries[] {
      return db.select().from(localSeries).orderBy(asc(localSeries.id)).all() as LocalSeries[];
    },
    unnumbered(): LocalSeries[] {
      return db.select().from(localSeries).where(isNull(localSeries.number)).all() as LocalSeries[];
    },
    number(id: number, number: number): void {
      db.update(localSeries).set({ number }).where(eq(localSeries.id, id)).run();
    },

    /** Oldest minutes first within each series. */
    due(limit: number): DueMinute[] {
      return db.select().from(dueMinutes).orderBy(asc(dueMinutes.id)).limit(limit).all().map(dueMinute);
    },
    /** How many minutes D1 is owed. */
    dueCount(): number {
      const n = sql<number>`count(*)`;
      return db.select({ n }).from(dueMinutes).get()?.n ?? 0;
    },
    /** D1 has these as they were read: one that was touched since stays due. */
    settle(done: readonly DueMinute[]): void {
      storage.transactionSync(() => {
        for (const { id, envelope } of done) {
          db.delete(dueMinutes)
            .where(and(eq(dueMinutes.id, id), eq(dueMinutes.envelope, envelope)))
            .run();
        }
      });
    },
    /** Envelopes after the one with this id that brought a round, in order of arrival; at most `limit` of them. */
    since(id: number, limit: number): ArrivedEnvelope[] {
      const brought = and(gt(envelopes.id, id), isNotNull(envelopes.counted), ne(envelopes.counted, "[]"));
      const rows = db.select().from(envelopes).where(brought).orderBy(asc(envelopes.id)).limit(limit).all();
      return rows.map((row) => ({
        id: row.id,
        receivedAt: row.receivedAt,
        bytes: row.bytes,
        counted: JSON.parse(row.counted ?? "[]") as number[],
      }));
    },
    /** Id of the newest envelope; 0 before the first. */
    newestEnvelope(): number {
      return db.select({ id: envelopes.id }).from(envelopes).orderBy(desc(envelopes.id)).limit(1).get()?.id ?? 0;
    },
    /** The scheduled rounds of a series with slots in [fromAt, toAt), by slot. */
    roundsBetween(series: number, fromAt: number, toAt: number): ArrivedRound[] {
      const rows = db
        .select()
        .from(rounds)
        .where(and(gte(rounds.id, idAt(series, fromAt)), lt(rounds.id, idAt(series, toAt))))
        .orderBy(asc(rounds.id))
        .all();
      return arrived(rows.filter((row) => row.id % 4 === PURPOSES.indexOf("scheduled")));
    },
    /** The scheduled round with the newest slot; null before the first. */
    newestRound(series: number): ArrivedRound | null {
      const range = and(gte(rounds.id, series * ROUND_SPAN * 4), lt(rounds.id, (series + 1) * ROUND_SPAN * 4));
      const scheduled = sql`${rounds.id} % 4 = ${PURPOSES.indexOf("scheduled")}`;
      const row = db.select().from(rounds).where(and(range, scheduled)).orderBy(desc(rounds.id)).limit(1).get();
      return row === undefined ? null : (arrived([row])[0] ?? null);
    },
    /** Forgets at most `limit` rounds of slots before `beforeAt`; their envelopes stay, as evidence. */
    pruneRounds(series: number, beforeAt: number, limit: number): void {
      const old = db
        .select({ id: rounds.id })
        .from(rounds)
        .where(and(gte(rounds.id, idAt(series, 0)), lt(rounds.id, idAt(series, beforeAt))))
        .orderBy(asc(rounds.id))
        .limit(limit);
      db.delete(rounds).where(inArray(rounds.id, old)).run();
    },
  };
}
