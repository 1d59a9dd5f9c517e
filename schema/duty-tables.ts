// The own SQLite of a target's Duty: what the detector remembers, every event, what is to be sent and what was answered. D1 has
// a copy of most of it; this is what decides. Only two-dot files may import this.

import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** One row, id 1: whose Duty this is, up to which round it has seen, and how often it wrote to D1. */
export const duty = sqliteTable("duty", {
  id: integer("id").primaryKey(),
  target: text("target").notNull(),
  /** Rowid of the newest round that was taken from the collector. */
  cursor: integer("cursor").notNull().default(0),
  /** What a look keeps for the next one: JSON; empty before the first. */
  memory: text("memory").notNull().default(""),
  incidents: integer("incidents").notNull().default(0),
  maintenance: integer("maintenance").notNull().default(0),
  writesBegun: integer("writes_begun").notNull().default(0),
});

/** Each incident's events in order. `key`: the same act told twice is one event. */
export const events = sqliteTable(
  "events",
  {
    incident: text("incident").notNull(),
    number: integer("number").notNull(),
    key: text("key").notNull(),
    at: integer("at").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    author: text("author").notNull(),
    change: text("change", { mode: "json" }).notNull(),
    /** D1 has not got it yet. */
    owed: integer("owed", { mode: "boolean" }).notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.incident, t.number] }),
    uniqueIndex("events_key").on(t.key),
    // What is owed is looked for with each look, among all that ever was. A query finds such an index only by the same words.
    index("events_owed")
      .on(t.recordedAt)
      .where(sql`${t.owed}`),
  ],
);

/** Incidents by whether they still live: what is over is read no more. */
export const incidents = sqliteTable(
  "incidents",
  {
    id: text("id").primaryKey(),
    number: integer("number").notNull(),
    live: integer("live", { mode: "boolean" }).notNull(),
    /** The first page that a channel accepted. */
    notifiedAt: integer("notified_at"),
  },
  (t) => [
    uniqueIndex("incidents_number").on(t.number),
    index("incidents_live")
      .on(t.number)
      .where(sql`${t.live}`),
  ],
);

/** Messages on their way, and those that were. */
export const outbox = sqliteTable(
  "outbox",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    key: text("key").notNull(),
    incident: text("incident").notNull(),
    channel: text("channel").notNull(),
    route: text("route").notNull(),
    kind: text("kind").notNull(),
    event: integer("event").notNull(),
    level: integer("level").notNull(),
    state: text("state").notNull(),
    plannedAt: integer("planned_at").notNull(),
    dueAt: integer("due_at").notNull(),
    /** When it is tried next. */
    tryAt: integer("try_at").notNull(),
    firstTriedAt: integer("first_tried_at"),
    tries: integer("tries").notNull().default(0),
    sentAt: integer("sent_at"),
    /** `too_long` (tried for a day: it may have arrived), `never` or `disabled`; null: it was not given up. */
    gaveUp: text("gave_up"),
    /** The message: JSON. As it was first tried, so that each try says the same. */
    alert: text("alert"),
    owed: integer("owed", { mode: "boolean" }).notNull().default(true),
  },
  (t) => [
    uniqueIndex("outbox_key").on(t.key),
    index("outbox_incident").on(t.incident),
    index("outbox_waiting")
      .on(t.id)
      .where(sql`${t.state} = 'waiting'`),
    index("outbox_owed")
      .on(t.id)
      .where(sql`${t.owed}`),
  ],
);

export const receipts = sqliteTable(
  "receipts",
  {
    key: text("key").notNull(),
    attempt: integer("attempt").notNull(),
    at: integer("at").notNull(),
    accepted: integer("accepted", { mode: "boolean" }).notNull(),
    httpStatus: integer("http_status"),
    code: text("code"),
    said: text("said").notNull(),
    owed: integer("owed", { mode: "boolean" }).notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.key, t.attempt] }),
    index("receipts_owed")
      .on(t.key)
      .where(sql`${t.owed}`),
  ],
);

/** Links that were followed to their end: none works twice. */
export const spentLinks = sqliteTable("spent_links", {
  nonce: text("nonce").primaryKey(),
  expiresAt: integer("expires_at").notNull(),
});

/** Maintenance windows, as they were recorded. */
export const maintenance = sqliteTable(
  "maintenance",
  {
    id: text("id").primaryKey(),
    key: text("key").notNull().unique(),
    recordedAt: integer("recorded_at").notNull(),
    body: text("body", { mode: "json" }).notNull(),
    owed: integer("owed", { mode: "boolean" }).notNull().default(true),
  },
  (t) => [
    index("maintenance_owed")
      .on(t.id)
      .where(sql`${t.owed}`),
  ],
);

/** What all regions together sent and lost, hour by hour for three days: what budgets burn by. */
export const pooledHours = sqliteTable("pooled_hours", {
  hour: integer("hour").primaryKey(),
  /** [{ minute, attempted, bad, over: [{ limitMs, count }] }], each minute once. */
  minutes: text("minutes", { mode: "json" }).notNull(),
});

// What the fleet's herald keeps. It is one object beside the Duties, of the same family of tables.

/** Visitors who want to be told. Not confirmed: forgotten when `expiresAt` has come. */
export const subscribers = sqliteTable(
  "subscribers",
  {
    id: text("id").primaryKey(),
    channel: text("channel").notNull(),
    /** Where to: an address of mail, or an URL. */
    address: text("address").notNull(),
    /** HMAC of the channel and the address: all that is left in receipts. */
    who: text("who").notNull(),
    /** What signs a webhook; null: nothing does. */
    secret: text("secret"),
    language: text("language").notNull(),
    /** Ids as JSON; null: all. */
    targets: text("targets", { mode: "json" }),
    regions: text("regions", { mode: "json" }),
    askedAt: integer("asked_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    expiresAt: integer("expires_at"),
  },
  (t) => [index("subscribers_who").on(t.who)],
);

/** Of each matter (an incident, a maintenance) what may be told, as often as it changed. */
export const news = sqliteTable(
  "news",
  {
    matter: text("matter").notNull(),
    number: integer("number").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    body: text("body", { mode: "json" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.matter, t.number] })],
);

/** What one subscriber has been told of one matter, and what is on its way. */
export const newsLines = sqliteTable(
  "news_lines",
  {
    subscriber: text("subscriber").notNull(),
    matter: text("matter").notNull(),
    /** Number of the news that was told last; 0: none. */
    told: integer("told").notNull().default(0),
    /** And of the newest. */
    wanted: integer("wanted").notNull(),
    toldAt: integer("told_at"),
    /** When it is tried next; null: nothing waits. */
    tryAt: integer("try_at"),
    /** What is being tried: each try says the same. Null: no try yet. */
    trying: integer("trying"),
    firstTriedAt: integer("first_tried_at"),
    tries: integer("tries").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.subscriber, t.matter] }), index("news_lines_try").on(t.tryAt)],
);

export const newsReceipts = sqliteTable(
  "news_receipts",
  {
    key: text("key").notNull(),
    attempt: integer("attempt").notNull(),
    at: integer("at").notNull(),
    who: text("who").notNull(),
    accepted: integer("accepted", { mode: "boolean" }).notNull(),
    httpStatus: integer("http_status"),
    code: text("code"),
    said: text("said").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.attempt] }), index("news_receipts_at").on(t.at)],
);

/** Up to which event and which record of maintenance each target's Duty has told the herald. */
export const newsCursors = sqliteTable("news_cursors", {
  target: text("target").primaryKey(),
  event: integer("event").notNull(),
  maintenance: integer("maintenance").notNull(),
});

/** Confirmations and proofs that were asked for, by hashes of whom they went to and who asked. */
export const newsAsked = sqliteTable("news_asked", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  who: text("who").notNull(),
  at: integer("at").notNull(),
});
