// A prober's own SQLite: who it is, and the wakes it has not yet handed over. Only two-dot files may import this.

import { blob, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row, id 1. Written when it is first armed and when its place is looked up. */
export const identity = sqliteTable("identity", {
  id: integer("id").primaryKey(),
  /** `weur.0.v1`: region, shard, generation. */
  name: text("name").notNull(),
  bornAt: integer("born_at").notNull(),
  /** The observed colo, "" while unknown, and when it was asked for. */
  place: text("place").notNull().default(""),
  placeAt: integer("place_at"),
  /** When it last looked at its controls without any need. */
  examinedAt: integer("examined_at"),
});

/** One packed row a wake: the envelopes of all its targets. The newest stays after hand-over, as memory of what was run. */
export const wakes = sqliteTable("wakes", {
  sequence: integer("sequence").primaryKey(),
  beganAt: integer("began_at").notNull(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
});
