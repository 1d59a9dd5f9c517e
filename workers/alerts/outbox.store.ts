// Messages on their way, on the Duty's own disk: at least once each, always under the same key, and what was answered to each
// try. A message that is behind another one of its incident and channel waits for it. Synchronous; reads that fail throw.

import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";

import { outbox, receipts } from "../../schema/duty-tables.ts";
import type { Alert, AlertKind, ChannelAnswer } from "./alert.ts";
import type { GiveUp, PlannedEntry, ToldState } from "./told.ts";

export type OutboxStore = ReturnType<typeof outboxStore>;

/** A message as it waits. */
export interface Entry extends PlannedEntry {
  readonly id: number;
  readonly state: ToldState;
  readonly plannedAt: number;
  readonly tryAt: number;
  readonly firstTriedAt: number | null;
  readonly tries: number;
  readonly sentAt: number | null;
  /** Why it was given up; else null. */
  readonly gaveUp: GiveUp | null;
  /** As it was first tried; null before. */
  readonly alert: Alert | null;
}

/** One try, for the auditor. */
export interface Receipt {
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
  readonly at: number;
  readonly accepted: boolean;
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly said: string;
}

type Row = typeof outbox.$inferSelect;

/** In the words of its index. */
const WAITING = sql`${outbox.state} = 'waiting'`;

export function outboxStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);
  return {
    of(incident: string): Entry[] {
      const rows = db.select().from(outbox).where(eq(outbox.incident, incident)).orderBy(asc(outbox.id)).all();
      return rows.map(entryOf);
    },
    /** Those whose key is new. */
    plan(entries: readonly PlannedEntry[], now: number): void {
      for (const entry of entries) {
        const row = { ...entry, state: "waiting" as const, plannedAt: now, tryAt: entry.dueAt };
        db.insert(outbox).values(row).onConflictDoNothing().run();
      }
    },
    /** Overtaken before they left. One that was tried may have arrived: it is not dropped any more. */
    drop(keys: readonly string[]): void {
      if (keys.length === 0) return;
      const waiting = and(amongKeys(outbox.key, keys), eq(outbox.state, "waiting"), isNull(outbox.firstTriedAt));
      db.update(outbox).set({ state: "dropped", owed: true }).where(waiting).run();
    },
    /** Those to try now, oldest first: of each incident and channel only the first that waits. */
    due(now: number): Entry[] {
      return heads().filter((entry) => entry.tryAt <= now);
    },
    /** When the next one is to be tried; null: nothing waits. */
    nextAt(): number | null {
      return heads().reduce<number | null>((next, { tryAt }) => (next === null ? tryAt : Math.min(next, tryAt)), null);
    },
    /** What it says is settled with the first try: all that is known by `event`, the newest of its incident. */
    compose(id: number, alert: Alert, event: number, now: number): void {
      const said = { alert: JSON.stringify(alert), event, firstTriedAt: now };
      db.update(outbox).set(said).where(eq(outbox.id, id)).run();
    },
    /** What was answered, and what becomes of it: sent, given up, or tried again at `tryAt`. */
    answered(
      entry: Entry,
      answer: ChannelAnswer,
      at: number,
      next: { readonly state: ToldState; readonly tryAt: number; readonly gaveUp: GiveUp | null },
    ): void {
      const attempt = entry.tries + 1;
      const { accepted, httpStatus, code, said } = answer;
      db.insert(receipts)
        .values({ key: entry.key, attempt, at, accepted, httpStatus, code, said })
        .onConflictDoNothing()
        .run();
      const sentAt = next.state === "sent" ? at : null;
      db.update(outbox)
        .set({ ...next, firstTriedAt: entry.firstTriedAt ?? at, tries: attempt, sentAt, owed: true })
        .where(eq(outbox.id, entry.id))
        .run();
    },
    /** Without another try: its channel is gone. */
    giveUp(id: number, at: number): void {
      db.update(outbox)
        .set({ state: "given_up", tryAt: at, gaveUp: "disabled", owed: true })
        .where(eq(outbox.id, id))
        .run();
    },
    entry(key: string): Entry | null {
      const row = db.select().from(outbox).where(eq(outbox.key, key)).get();
      return row === undefined ? null : entryOf(row);
    },
    /** The newest ones, those first. */
    newest(limit: number): Entry[] {
      return db.select().from(outbox).orderBy(desc(outbox.id)).limit(limit).all().map(entryOf);
    },
    receiptsOf(keys: readonly string[]): Receipt[] {
      const own = amongKeys(receipts.key, keys);
      const rows = db.select().from(receipts).where(own).orderBy(asc(receipts.key), asc(receipts.attempt)).all();
      return rows.map(({ owed: _owed, ...receipt }) => receipt);
    },
    waiting(): number {
      const row = db
        .select({ n: sql<number>`count(*)` })
        .from(outbox)
        .where(WAITING)
        .get();
      return row?.n ?? 0;
    },

    owed(limit: number): Entry[] {
      return db
        .select()
        .from(outbox)
        .where(sql`${outbox.owed}`)
        .orderBy(asc(outbox.id))
        .limit(limit)
        .all()
        .map(entryOf);
    },
    /** How many messages and receipts D1 has not got. */
    owedRows(): number {
      const n = sql<number>`count(*)`;
      const planned =
        db
          .select({ n })
          .from(outbox)
          .where(sql`${outbox.owed}`)
          .get()?.n ?? 0;
      return (
        planned +
        (db
          .select({ n })
          .from(receipts)
          .where(sql`${receipts.owed}`)
          .get()?.n ?? 0)
      );
    },
    owedReceipts(limit: number): Receipt[] {
      const rows = db
        .select()
        .from(receipts)
        .where(sql`${receipts.owed}`)
        .limit(limit)
        .all();
      return rows.map(({ owed: _owed, ...receipt }) => receipt);
    },
    /** D1 has them as they were read: one that was changed since stays owed. */
    settle(entries: readonly Entry[], told: readonly Receipt[]): void {
      storage.transactionSync(() => {
        for (const { id, state, tries } of entries) {
          const same = and(eq(outbox.id, id), eq(outbox.state, state), eq(outbox.tries, tries));
          db.update(outbox).set({ owed: false }).where(same).run();
        }
        for (const { key, attempt } of told) {
          db.update(receipts)
            .set({ owed: false })
            .where(and(eq(receipts.key, key), eq(receipts.attempt, attempt)))
            .run();
        }
      });
    },
  };

  function heads(): Entry[] {
    const rows = db.select().from(outbox).where(WAITING).orderBy(asc(outbox.id)).all();
    const met = new Set<string>();
    return rows.map(entryOf).filter(({ incident, channel }) => {
      const line = JSON.stringify([incident, channel]);
      return !met.has(line) && met.add(line);
    });
  }
}

function entryOf(row: Row): Entry {
  const { owed: _owed, alert, ...entry } = row;
  return {
    ...entry,
    kind: entry.kind as AlertKind,
    state: entry.state as ToldState,
    gaveUp: entry.gaveUp as GiveUp | null,
    alert: alert === null ? null : (JSON.parse(alert) as Alert),
  };
}

/** One parameter, however many they are: SQLite in an object takes a hundred. */
function amongKeys(column: typeof outbox.key | typeof receipts.key, keys: readonly string[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`;
}
