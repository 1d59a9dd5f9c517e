// A collector's own SQLite: what it has taken, and what it still owes to D1. Only two-dot files may import this.

import { blob, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The bytes as they came: evidence, kept until a log has sealed them. The id is the order of arrival. One envelope a
 * region and minute, ~180 bytes: 7 regions make 1.8 MB a day, and an object's 10 GB last 15 years.
 */
export const envelopes = sqliteTable("envelopes", {
  // Not AUTOINCREMENT, whose bookkeeping is a billed row each time: the newest row is never deleted, so no id comes again.
  id: integer("id").primaryKey(),
  receivedAt: integer("received_at").notNull(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
  /** Positions of the records in it that count, each for the first time: JSON. Null: from before this was kept. */
  counted: text("counted"),
});

/** Series by this collector's own number (D1's is learnt when D1 first answers). */
export const localSeries = sqliteTable(
  "series",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    region: text("region").notNull(),
    journey: text("journey").notNull(),
    peer: text("peer").notNull(),
    /** Its number in D1; null until D1 has given one. */
    number: integer("number"),
  },
  (t) => [uniqueIndex("series_name").on(t.region, t.journey, t.peer)],
);

/**
 * Each round once: id = (series * 2^32 + slot start in s) * 4 + purpose. Where its bytes are. Kept for 8 days: a late
 * record (up to 7) must find the other rounds of its hour.
 */
export const rounds = sqliteTable("rounds", {
  id: integer("id").primaryKey(),
  envelope: integer("envelope").notNull(),
  position: integer("position").notNull(),
});

/** Minutes that D1 has not got as they are now: id = series * 2^26 + minute. `envelope`: the newest that touched it. */
export const dueMinutes = sqliteTable("due_minutes", {
  id: integer("id").primaryKey(),
  envelope: integer("envelope").notNull(),
});

/** One row, id 1: whose collector this is, and how many writes to D1 were begun (the source of `as_of`). */
export const identity = sqliteTable("identity", {
  id: integer("id").primaryKey(),
  target: text("target").notNull(),
  writesBegun: integer("writes_begun").notNull(),
});
