// A target's Duty on its own disk: what its detectors remember, and each event of each incident. Appended, never changed; what
// one act brings about is one transaction, whoever calls. Synchronous: what is written when a call returns is durable before
// any answer leaves the object. Reads that fail throw. Messages are in `outbox.store.ts`.

import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";

import { duty, events, incidents, maintenance, pooledHours, spentLinks } from "../../schema/duty-tables.ts";
import migrations from "../../schema/migrations/duty/migrations.js";
import type { IncidentChange, IncidentEvent, NewIncidentEvent } from "../incidents/incident.ts";
import type { Maintenance, NewMaintenance } from "../incidents/maintenance.ts";
import type { MinuteCounts } from "../incidents/burn.ts";
import { joined } from "../incidents/look.ts";

const HOUR_MINUTES = 60;

export type DutyStore = ReturnType<typeof dutyStore>;

/** Whose Duty this is, and up to where it has looked. */
export interface DutyHead {
  readonly target: string;
  /** Id of the newest envelope that was looked at. */
  readonly cursor: number;
  /** JSON, as it was last given. */
  readonly memory: string;
  /** How many incidents there ever were. */
  readonly incidents: number;
  /** And how many records of maintenance. */
  readonly maintenance: number;
}

/** An incident's events, in order. */
export interface Story {
  readonly id: string;
  readonly notifiedAt: number | null;
  readonly events: readonly IncidentEvent[];
}

export async function migrateDuty(storage: DurableObjectStorage): Promise<void> {
  await migrate(drizzle(storage), migrations);
}

export function dutyStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);
  const self = eq(duty.id, 1);

  function head(): DutyHead | null {
    return db.select().from(duty).where(self).get() ?? null;
  }

  function eventsOf(incident: string): IncidentEvent[] {
    const own = db.select().from(events).where(eq(events.incident, incident)).orderBy(asc(events.number)).all();
    return own.map(({ owed: _owed, change, ...event }) => ({ ...event, change: change as IncidentChange }));
  }

  function storyOf({ id, notifiedAt }: { readonly id: string; readonly notifiedAt: number | null }): Story {
    return { id, notifiedAt, events: eventsOf(id) };
  }

  return {
    head,
    nameOnce(target: string): void {
      db.insert(duty).values({ id: 1, target }).onConflictDoNothing().run();
    },
    /** Everything that `work` writes, or nothing. */
    atOnce<T>(work: () => T): T {
      return storage.transactionSync(work);
    },
    /** Nothing is written where nothing has changed. */
    remember(cursor: number, memory: string): void {
      const known = head();
      if (known !== null && known.cursor === cursor && known.memory === memory) return;
      db.update(duty).set({ cursor, memory }).where(self).run();
    },

    /** Those that are not over. */
    live(): Story[] {
      const rows = db
        .select()
        .from(incidents)
        .where(sql`${incidents.live}`)
        .orderBy(asc(incidents.number))
        .all();
      return rows.map(storyOf);
    },
    /** Null for one that never was. */
    story(id: string): Story | null {
      const row = db.select().from(incidents).where(eq(incidents.id, id)).get();
      return row === undefined ? null : storyOf(row);
    },
    /** The incident that has an event with this key; null: none has. */
    incidentOfKey(key: string): string | null {
      return db.select({ id: events.incident }).from(events).where(eq(events.key, key)).get()?.id ?? null;
    },
    /** Of the newest ones, those first; without their events. */
    newestIds(limit: number): { readonly id: string; readonly live: boolean }[] {
      const { id, live } = incidents;
      return db.select({ id, live }).from(incidents).orderBy(desc(incidents.number)).limit(limit).all();
    },
    /** The newest ones, those first; `before`: only those with lower numbers. */
    newest(limit: number, before: number): Story[] {
      const older = lt(incidents.number, before);
      const rows = db.select().from(incidents).where(older).orderBy(desc(incidents.number)).limit(limit).all();
      return rows.map(storyOf);
    },
    /** Appends those whose key is new, each with the next number of its incident; answers them. A new incident is one more. */
    append(fresh: readonly NewIncidentEvent[], recordedAt: number): IncidentEvent[] {
      return fresh.flatMap((event): IncidentEvent[] => {
        const known = db.select({ key: events.key }).from(events).where(eq(events.key, event.key)).get();
        if (known !== undefined) return [];
        const own = eq(events.incident, event.incident);
        const last =
          db
            .select({ last: sql<number>`max(${events.number})` })
            .from(events)
            .where(own)
            .get()?.last ?? 0;
        const kept: IncidentEvent = { ...event, number: last + 1, recordedAt };
        if (last === 0) {
          const number = numberOf(event.incident);
          db.insert(incidents).values({ id: event.incident, number, live: true }).run();
          db.update(duty)
            .set({ incidents: sql`max(${duty.incidents}, ${number})` })
            .where(self)
            .run();
        }
        db.insert(events).values(kept).run();
        return [kept];
      });
    },
    /** Whether it is still looked at with each round. */
    setLive(id: string, live: boolean): void {
      db.update(incidents).set({ live }).where(eq(incidents.id, id)).run();
    },
    /** The first page that a channel accepted; a later one changes nothing. */
    notified(id: string, at: number): void {
      const first = and(eq(incidents.id, id), sql`${incidents.notifiedAt} IS NULL`);
      db.update(incidents).set({ notifiedAt: at }).where(first).run();
    },

    /** False: this link was followed to its end before. */
    spend(nonce: string, expiresAt: number, now: number): boolean {
      db.delete(spentLinks).where(lt(spentLinks.expiresAt, now)).run();
      const spent = db.insert(spentLinks).values({ nonce, expiresAt }).onConflictDoNothing().returning().get();
      return spent !== undefined;
    },
    isSpent(nonce: string): boolean {
      return db.select().from(spentLinks).where(eq(spentLinks.nonce, nonce)).get() !== undefined;
    },

    maintenance(): Maintenance[] {
      return db
        .select()
        .from(maintenance)
        .orderBy(asc(maintenance.recordedAt))
        .all()
        .map(({ body }) => body as Maintenance);
    },
    /** The record as it is kept; the same key again answers what was kept first. */
    announce(record: NewMaintenance, recordedAt: number): Maintenance {
      const known = db.select().from(maintenance).where(eq(maintenance.key, record.key)).get();
      if (known !== undefined) return known.body as Maintenance;
      const number = (head()?.maintenance ?? 0) + 1;
      const kept: Maintenance = { ...record, id: `${record.target}-m${number}`, recordedAt };
      db.update(duty).set({ maintenance: number }).where(self).run();
      db.insert(maintenance).values({ id: kept.id, key: record.key, recordedAt, body: kept }).run();
      return kept;
    },

    /** Adds to the minutes of all regions together, and forgets what is before `fromMinute`. */
    pool(fresh: readonly MinuteCounts[], fromMinute: number): void {
      for (const [hour, minutes] of Map.groupBy(fresh, ({ minute }) => Math.floor(minute / HOUR_MINUTES))) {
        const known = db.select().from(pooledHours).where(eq(pooledHours.hour, hour)).get()?.minutes ?? [];
        const sums = { hour, minutes: joined([...(known as MinuteCounts[]), ...minutes]) };
        db.insert(pooledHours).values(sums).onConflictDoUpdate({ target: pooledHours.hour, set: sums }).run();
      }
      db.delete(pooledHours)
        .where(lt(pooledHours.hour, Math.floor(fromMinute / HOUR_MINUTES)))
        .run();
    },
    pooledSince(minute: number): MinuteCounts[] {
      const since = gte(pooledHours.hour, Math.floor(minute / HOUR_MINUTES));
      const rows = db.select().from(pooledHours).where(since).orderBy(asc(pooledHours.hour)).all();
      return rows.flatMap((row) => row.minutes as MinuteCounts[]);
    },

    owedEvents(limit: number): IncidentEvent[] {
      const rows = db
        .select()
        .from(events)
        .where(sql`${events.owed}`)
        .orderBy(asc(events.recordedAt))
        .limit(limit)
        .all();
      return rows.map(({ owed: _owed, change, ...event }) => ({ ...event, change: change as IncidentChange }));
    },
    /** How many events and records of maintenance D1 has not got. */
    owedRows(): number {
      const n = sql<number>`count(*)`;
      const told =
        db
          .select({ n })
          .from(events)
          .where(sql`${events.owed}`)
          .get()?.n ?? 0;
      return (
        told +
        (db
          .select({ n })
          .from(maintenance)
          .where(sql`${maintenance.owed}`)
          .get()?.n ?? 0)
      );
    },
    owedMaintenance(limit: number): Maintenance[] {
      const rows = db
        .select()
        .from(maintenance)
        .where(sql`${maintenance.owed}`)
        .limit(limit)
        .all();
      return rows.map(({ body }) => body as Maintenance);
    },
    settle(keys: readonly string[], windows: readonly string[]): void {
      storage.transactionSync(() => {
        for (const key of keys) db.update(events).set({ owed: false }).where(eq(events.key, key)).run();
        if (windows.length > 0)
          db.update(maintenance)
            .set({ owed: false })
            .where(sql`${maintenance.id} IN (SELECT value FROM json_each(${JSON.stringify(windows)}))`)
            .run();
      });
    },
    /** Number of this write to D1, counted before it is begun: no two attempts share one. */
    beginWrite(): number {
      const next = sql`${duty.writesBegun} + 1`;
      const row = db.update(duty).set({ writesBegun: next }).where(self).returning({ begun: duty.writesBegun }).get();
      if (row === undefined) throw new Error("a Duty writes before it has a name");
      return row.begun;
    },
  };
}

/** 7 of `chat-7`. */
export function numberOf(incident: string): number {
  const number = Number(/-(\d+)$/.exec(incident)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(number)) throw new RangeError(`"${incident}" is no incident's id`);
  return number;
}
