// D1: the readable history. One integer key a row, series first (`series * 2^26 + minute`), so that a record is one
// billed row and a region reads only its own. Only two-dot files may import
// this. Columns are integers, not verdicts.
//
// `as_of` is the number of the collector's write that made the row. It only grows, and an older one never replaces a
// newer one: a write that was given up as lost and lands late changes nothing.

import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What is measured, numbered once and never again: AUTOINCREMENT, and rows are never deleted. */
export const series = sqliteTable(
  "series",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    target: text("target").notNull(),
    region: text("region").notNull(),
    journey: text("journey").notNull(),
    peer: text("peer").notNull(),
    unit: text("unit").notNull(),
    okMeans: text("ok_means").notNull(),
    /** Since when until when it was scheduled, and how often: [[from_minute, until_minute | null, every_ms]]. Silence counts against it. */
    schedules: text("schedules", { mode: "json" })
      .notNull()
      .default([])
      .$type<readonly (readonly [number, number | null, number])[]>(),
    asOf: integer("as_of").notNull().default(0),
  },
  (t) => [uniqueIndex("series_name").on(t.target, t.region, t.journey, t.peer)],
);

/** Each configuration that made a record. `body` is canonical JSON, without any secret's value. */
export const configVersions = sqliteTable(
  "config_versions",
  {
    version: integer("version").primaryKey({ autoIncrement: true }),
    hash: text("hash").notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
    body: text("body"),
  },
  (t) => [uniqueIndex("config_versions_hash").on(t.hash)],
);

const counts = {
  scheduled: integer("scheduled").notNull(),
  ok: integer("ok").notNull(),
  lost: integer("lost").notNull(),
  error: integer("error").notNull(),
  connectFail: integer("connect_fail").notNull(),
  notSent: integer("not_sent").notNull(),
  duplicate: integer("duplicate").notNull(),
  reordered: integer("reordered").notNull(),
  corrupt: integer("corrupt").notNull(),
  foreign: integer("foreign_messages").notNull(),
  afterDeadline: integer("after_deadline").notNull(),
  latencyMsMax: integer("latency_ms_max"),
  lagMsMax: integer("lag_ms_max").notNull(),
  /** Sets of EH1 histograms, one for each deadline. */
  latency: blob("latency", { mode: "buffer" }).notNull(),
  connect: blob("connect", { mode: "buffer" }).notNull(),
  /** Parts of `connect`, of the journey `connect` only. */
  handshake: blob("handshake", { mode: "buffer" }),
  login: blob("login", { mode: "buffer" }),
  /** `mesh`: messages that the peer says it heard. */
  heard: integer("heard"),
  /** `dialogue`: sessions opened anew. */
  reconnects: integer("reconnects").notNull().default(0),
};

/** 90 days. id: series, minutes since the epoch. */
export const minutes = sqliteTable("minutes", {
  id: integer("id").primaryKey(),
  asOf: integer("as_of").notNull(),
  revision: integer("revision").notNull(),
  config: integer("config").notNull(),
  slots: integer("slots").notNull(),
  rounds: integer("rounds").notNull(),
  ...counts,
  queuedMsMax: integer("queued_ms_max").notNull().default(0),
  afterDeadlineMsMax: integer("after_deadline_ms_max").notNull(),
  /** Position in UNFIT_REASONS; 0 is fit. */
  unfit: integer("unfit").notNull(),
  place: text("place").notNull(),
  /** [[limit_ms, count]] */
  over: text("over", { mode: "json" }).notNull().$type<readonly (readonly [number, number])[]>(),
  /** [[phase, kind, count]]; null when nothing was refused. */
  failures: text("failures", { mode: "json" }).$type<readonly (readonly [string, string, number])[]>(),
  /** [[length, first_bad_at, next_good_at | null]]; null when nothing was lost. */
  lossRuns: text("loss_runs", { mode: "json" }).$type<readonly (readonly [number, number, number | null])[]>(),
});

const rollup = {
  id: integer("id").primaryKey(),
  asOf: integer("as_of").notNull(),
  minutesUp: integer("minutes_up").notNull(),
  minutesDegraded: integer("minutes_degraded").notNull(),
  minutesDown: integer("minutes_down").notNull(),
  /** Recorded as unmeasured. Silent minutes have no record: they are what the schedule expects and nobody wrote. */
  minutesUnmeasured: integer("minutes_unmeasured").notNull(),
  ...counts,
  /** [[limit_ms, count, of]]: `of` is how many delivered messages were held against that limit. */
  over: text("over", { mode: "json" }).notNull().$type<readonly (readonly [number, number, number])[]>(),
};

/** 400 days. id: series, hours since the epoch. */
export const hours = sqliteTable("hours", {
  ...rollup,
  /** The 60 minutes' integers, so that any contract, zone or day can be recomputed from hours alone. */
  strip: blob("strip", { mode: "buffer" }).notNull(),
});

const calendar = {
  ...rollup,
  /** The zone that says where it begins and ends, and where that was: a day has 23, 24 or 25 hours. */
  zone: text("zone").notNull(),
  fromMinute: integer("from_minute").notNull(),
  toMinute: integer("to_minute").notNull(),
};

/** For ever. id: series, days since 1970-01-01 in `zone`. */
export const days = sqliteTable("days", calendar);

/** For ever. id: series, year * 12 + month - 1 in `zone`. */
export const months = sqliteTable("months", calendar);

/** One row a target: the document that its page shows, and the same without its 90 days for a front page of many targets. */
export const snapshots = sqliteTable("snapshots", {
  target: text("target").primaryKey(),
  asOf: integer("as_of").notNull(),
  composedAt: integer("composed_at").notNull(),
  body: text("body").notNull(),
  summary: text("summary").notNull(),
});

/** One row, id 1: the snapshots of all targets and what stands beside them, as one JSON object. The front page reads nothing else. */
export const front = sqliteTable("front", {
  id: integer("id").primaryKey(),
  composedAt: integer("composed_at").notNull(),
  body: text("body").notNull(),
});

/**
 * What stands on the front page beside the snapshots, written by whoever knows it: a target's incidents and maintenance by its Duty,
 * the open period of each public contract by its target's judge. Composed into the front row with each write.
 */
export const frontParts = sqliteTable("front_parts", {
  /** `incidents/chat`, `maintenance/chat`, `board/gold` */
  key: text("key").primaryKey(),
  target: text("target").notNull(),
  /** Only grows, by writer: an older one never replaces a newer one. */
  asOf: integer("as_of").notNull(),
  /** JSON with `part` in it. */
  body: text("body").notNull(),
});

/** When the watchdog found a prober silent. One row a silence; `until_at` null while it lasts. */
export const silences = sqliteTable(
  "silences",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** `weur.0.v1`: region, shard, generation. */
    prober: text("prober").notNull(),
    region: text("region").notNull(),
    /** `no_wake`: it answers, and has missed a slot. `no_answer`: it does not answer. */
    reason: text("reason").notNull(),
    newestWakeAt: integer("newest_wake_at"),
    seenAt: integer("seen_at").notNull(),
    untilAt: integer("until_at"),
  },
  // Looked for each minute: the few that last, among all that ever were.
  (t) => [
    index("silences_open")
      .on(t.prober)
      .where(sql`${t.untilAt} IS NULL`),
  ],
);

/** Each text of each contract that was ever in force, and since when it is known: one that changes without a new version shows. */
export const contractVersions = sqliteTable(
  "contract_versions",
  {
    contract: text("contract").notNull(),
    version: integer("version").notNull(),
    /** SHA-256 of `body`, 64 hex digits. */
    hash: text("hash").notNull(),
    /** Canonical JSON, without the fee. */
    body: text("body").notNull(),
    firstSeenAt: integer("first_seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.contract, t.version, t.hash] })],
);

/** What somebody says should not count, and why. Appended, never changed: what is wrong is withdrawn by a row of its own. */
export const exclusions = sqliteTable(
  "exclusions",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** The writer's own: the same record sent twice is one row. */
    key: text("key").notNull().unique(),
    target: text("target").notNull(),
    /** Null: of every contract of the target. */
    contract: text("contract"),
    type: text("type").notNull(),
    fromAt: integer("from_at").notNull(),
    toAt: integer("to_at").notNull(),
    /** Null: all. */
    regions: text("regions", { mode: "json" }).$type<readonly string[]>(),
    announcedAt: integer("announced_at"),
    author: text("author").notNull(),
    reason: text("reason").notNull(),
    proofWhere: text("proof_where"),
    proofSha256: text("proof_sha256"),
    recordedAt: integer("recorded_at").notNull(),
    withdraws: integer("withdraws"),
  },
  (t) => [index("exclusions_target").on(t.target)],
);

/** What happened to support tickets. Appended, never changed; clocks are computed from it on read. */
export const ticketEvents = sqliteTable(
  "ticket_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    key: text("key").notNull().unique(),
    contract: text("contract").notNull(),
    ticket: text("ticket").notNull(),
    kind: text("kind").notNull(),
    at: integer("at").notNull(),
    severity: text("severity"),
    waiting: text("waiting"),
    by: text("by").notNull(),
    author: text("author").notNull(),
    note: text("note").notNull(),
    recordedAt: integer("recorded_at").notNull(),
  },
  (t) => [index("ticket_events_contract").on(t.contract)],
);

/**
 * Reports: one row a contract, period and revision. Revision 0 is the open period's, and is replaced; 1 is written when the
 * period is closed, and neither it nor a later one ever changes.
 */
export const reports = sqliteTable(
  "reports",
  {
    contract: text("contract").notNull(),
    period: text("period").notNull(),
    revision: integer("revision").notNull(),
    target: text("target").notNull(),
    fromAt: integer("from_at").notNull(),
    toAt: integer("to_at").notNull(),
    composedAt: integer("composed_at").notNull(),
    contractSays: text("contract_says").notNull(),
    verdict: text("verdict").notNull(),
    creditPct: real("credit_pct").notNull(),
    /** SHA-256 of `body`, 64 hex digits. */
    hash: text("hash").notNull(),
    /** The report: canonical JSON. */
    body: text("body").notNull(),
    /** Fee and amounts, for those whom Access lets in; null without a fee. */
    money: text("money"),
  },
  (t) => [primaryKey({ columns: [t.contract, t.period, t.revision] })],
);

/** What each incident's events add up to, as its target's Duty last told: one row an incident. */
export const incidents = sqliteTable(
  "incidents",
  {
    /** `chat-7` */
    id: text("id").primaryKey(),
    /** Number of its newest event: an older one never replaces a newer one. */
    events: integer("events").notNull(),
    target: text("target").notNull(),
    kind: text("kind").notNull(),
    audience: text("audience").notNull(),
    state: text("state").notNull(),
    impactStart: integer("impact_start").notNull(),
    impactEnd: integer("impact_end"),
    /** The first page that a channel accepted. */
    notifiedAt: integer("notified_at"),
    /** The incident: JSON. */
    body: text("body").notNull(),
  },
  (t) => [index("incidents_start").on(t.impactStart)],
);

/** The timeline: appended, never changed. */
export const incidentEvents = sqliteTable(
  "incident_events",
  {
    incident: text("incident").notNull(),
    number: integer("number").notNull(),
    key: text("key").notNull(),
    at: integer("at").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    author: text("author").notNull(),
    kind: text("kind").notNull(),
    /** The change: JSON. */
    change: text("change").notNull(),
  },
  (t) => [primaryKey({ columns: [t.incident, t.number] })],
);

/** Each message that was to leave, and what became of it: one row a message. Links that acknowledge are not in it. */
export const deliveries = sqliteTable(
  "deliveries",
  {
    /** The idempotency key. */
    key: text("key").primaryKey(),
    asOf: integer("as_of").notNull(),
    target: text("target").notNull(),
    incident: text("incident").notNull(),
    /** The receiver's id in the configuration, and its kind. */
    channel: text("channel").notNull(),
    via: text("via").notNull(),
    kind: text("kind").notNull(),
    state: text("state").notNull(),
    plannedAt: integer("planned_at").notNull(),
    sentAt: integer("sent_at"),
    tries: integer("tries").notNull(),
    title: text("title").notNull(),
  },
  (t) => [index("deliveries_incident").on(t.incident)],
);

/** What a receiver answered to each try: kept for the auditor. */
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
  },
  (t) => [primaryKey({ columns: [t.key, t.attempt] })],
);

/** Maintenance as it was announced: appended, never changed; a window that is called off is withdrawn by a row of its own. */
export const maintenance = sqliteTable(
  "maintenance",
  {
    /** `chat-m3` */
    id: text("id").primaryKey(),
    target: text("target").notNull(),
    recordedAt: integer("recorded_at").notNull(),
    /** The record: JSON. */
    body: text("body").notNull(),
  },
  (t) => [index("maintenance_target").on(t.target)],
);
