// The prober's own SQLite: its identity and the wakes that not all collectors have acknowledged. Reads that fail throw.
// One row a wake; bounded; the newest row always stays, as the memory of what was run.

import { asc, desc, eq, gt, inArray, lt } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";

import migrations from "../../schema/migrations/prober/migrations.js";
import { identity, wakes } from "../../schema/prober-tables.ts";

/**
 * Wakes kept while collectors do not answer: 20,000 rows of ~1 kB are 20 MB of the object's
 * 10 GB. At one wake a minute that is 13.9 days, twice what a collector still counts (7 days); at 10 s, 2.3 days.
 * When it is full the oldest goes, and the next envelope says how many went.
 */
export const WAKES_KEPT = 20_000;

export interface Identity {
  readonly name: string;
  readonly bornAt: number;
  readonly place: string;
  readonly placeAt: number | null;
  /** When it last looked at its controls; null: never. */
  readonly examinedAt: number | null;
}

export interface Wake {
  readonly sequence: number;
  readonly beganAt: number;
  readonly bytes: Uint8Array;
}

export type ProberStore = ReturnType<typeof proberStore>;

export async function migrateProber(storage: DurableObjectStorage): Promise<void> {
  await migrate(drizzle(storage), migrations);
}

/** All of it is synchronous SQLite: what has been written when a call returns is durable before anything is sent out. */
export function proberStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);
  const end = (order: SQL): Pick<Wake, "sequence" | "beganAt"> | null =>
    db.select({ sequence: wakes.sequence, beganAt: wakes.beganAt }).from(wakes).orderBy(order).limit(1).get() ?? null;
  return {
    identity(): Identity | null {
      return db.select().from(identity).where(eq(identity.id, 1)).get() ?? null;
    },
    /** Gives a new prober its name; an existing one keeps its own. */
    nameOnce(name: string, bornAt: number): void {
      db.insert(identity).values({ id: 1, name, bornAt }).onConflictDoNothing().run();
    },
    rememberPlace(place: string, placeAt: number): void {
      db.update(identity).set({ place, placeAt }).where(eq(identity.id, 1)).run();
    },
    rememberExamined(examinedAt: number): void {
      db.update(identity).set({ examinedAt }).where(eq(identity.id, 1)).run();
    },
    /** The newest wake with its bytes, and how many are kept: one that all have is kept as memory. Null: it never woke. */
    newestWhole(): { readonly wake: Wake; readonly kept: number } | null {
      const wake = db.select().from(wakes).orderBy(desc(wakes.sequence)).limit(1).get();
      const first = end(asc(wakes.sequence));
      return wake === undefined || first === null ? null : { wake, kept: wake.sequence - first.sequence + 1 };
    },
    newest(): Pick<Wake, "sequence" | "beganAt"> | null {
      return end(desc(wakes.sequence));
    },
    /** Makes room for one more; answers how many wakes had to go unheard for it. */
    makeRoom(kept: number = WAKES_KEPT): number {
      // Sequences have no gaps, since only the oldest ever go: two look-ups in place of a count of all rows.
      const first = end(asc(wakes.sequence));
      const last = end(desc(wakes.sequence));
      const excess = first === null || last === null ? 0 : last.sequence - first.sequence + 2 - kept;
      if (excess <= 0) return 0;
      const oldest = db.select({ id: wakes.sequence }).from(wakes).orderBy(asc(wakes.sequence)).limit(excess);
      db.delete(wakes).where(inArray(wakes.sequence, oldest)).run();
      return excess;
    },
    keep(wake: Wake): void {
      db.insert(wakes)
        .values({ ...wake, bytes: Buffer.from(wake.bytes) })
        .run();
    },
    /** Oldest first, after `sequence`. */
    pendingAfter(sequence: number, limit: number): Wake[] {
      return db
        .select()
        .from(wakes)
        .where(gt(wakes.sequence, sequence))
        .orderBy(asc(wakes.sequence))
        .limit(limit)
        .all();
    },
    /** Every collector has acknowledged everything up to and including `sequence`. The newest row stays. Whether any went. */
    forgetThrough(sequence: number): boolean {
      const before = Math.min(sequence + 1, end(desc(wakes.sequence))?.sequence ?? 0);
      return (
        db.delete(wakes).where(lt(wakes.sequence, before)).returning({ sequence: wakes.sequence }).all().length > 0
      );
    },
  };
}
