// History in a real D1 as the collector would have written it, and the app over it, for the tests of our API. No chance in it: every
// figure follows from its minute. Checks nothing itself.

import { statusPage } from "../../status-page/app.tsx";
import type { StatusPageOptions } from "../../status-page/app.tsx";
import { storedRows } from "../../status-page/api/raw.store.ts";
import type { PageBindings } from "../../status-page/front.ts";
import { encodeHistograms, histogramOf } from "../../workers/results/histogram.ts";
import { encodeStrip } from "../../workers/results/strip.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import { NOW, frontRow, healthy, latencyFigures } from "./fixtures.ts";
import { ALL, readerOf as incidentsOf } from "./incident-world.ts";
import { CONTRACTS, ROWS, readerOf as reportsOf } from "./sla-world.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const SPAN = 2 ** 26;

/** A target with a matrix. */
export function meshed(): Snapshot {
  const one = healthy();
  const [from, to] = one.regions.map(({ region }) => region);
  const cell = { from: from ?? "", to: to ?? "", state: "up", why: null, last_slot_at: NOW - 30_000 } as const;
  const counts = { rounds: 5, rounds_unmeasured: 0, sent: 15, heard: 15, ok: 15, lost: 0, error: 0, late: 0 };
  return { ...one, matrix: [{ ...cell, ...counts, latency: latencyFigures(80, 15) }] };
}

/** Latencies of 10 to 19 ms, 400 of them, and three that were lost: P99 is there, and P50 is known. */
export const HISTOGRAM = encodeHistograms([
  histogramOf(
    Array.from({ length: 400 }, (_, i) => 10 + (i % 10)),
    3,
    5000,
  ),
]);

const insert = (DB: D1Database, table: string, row: Readonly<Record<string, unknown>>): D1PreparedStatement => {
  const names = Object.keys(row);
  return DB.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`).bind(
    ...Object.values(row),
  );
};

const COUNTS = {
  as_of: 1,
  scheduled: 24,
  ok: 22,
  lost: 1,
  error: 1,
  connect_fail: 1,
  not_sent: 0,
  duplicate: 0,
  reordered: 0,
  corrupt: 0,
  foreign_messages: 0,
  after_deadline: 0,
  latency_ms_max: 19,
  lag_ms_max: 3,
  latency: HISTOGRAM,
  connect: HISTOGRAM,
};

export function minute(DB: D1Database, series: number, at: number, change: Readonly<Record<string, unknown>> = {}) {
  return insert(DB, "minutes", {
    ...COUNTS,
    id: series * SPAN + at / MINUTE,
    revision: 0,
    config: 1,
    slots: 6,
    rounds: 6,
    after_deadline_ms_max: 0,
    unfit: 0,
    place: "FRA",
    over: "[[500,2]]",
    failures: '[["connect","tcp",1]]',
    loss_runs: `[[1,${at + 5000},null]]`,
    ...change,
  });
}

const ROLLUP = {
  ...COUNTS,
  minutes_up: 50,
  minutes_degraded: 5,
  minutes_down: 3,
  minutes_unmeasured: 1,
  over: "[[500,2,22]]",
};

/** Of its first two minutes one lost and one was refused; the third proves nothing; the others were not recorded. */
export const STRIP: ReadonlyMap<number, StripMinute> = new Map(
  (["none", "none", "controls"] as const).map((unfit, at) => {
    const over = [{ limitMs: 500, count: 2 - at }];
    const [lost, error, connectFail] = [at === 0 ? 1 : 0, at === 1 ? 1 : 0, at === 1 ? 1 : 0];
    return [at, { scheduled: 24, ok: 22, lost, error, connectFail, over, unfit, revision: at }] as const;
  }),
);

export const hour = (DB: D1Database, series: number, at: number) =>
  insert(DB, "hours", { ...ROLLUP, id: series * SPAN + at / HOUR, strip: encodeStrip(STRIP) });

/** In Shanghai: it begins at 16:00 UTC of the day before. */
export const day = (DB: D1Database, series: number, number: number, asOf = 1) =>
  insert(DB, "days", {
    ...ROLLUP,
    as_of: asOf,
    id: series * SPAN + number,
    zone: "Asia/Shanghai",
    from_minute: number * 1440 - 480,
    to_minute: (number + 1) * 1440 - 480,
  });

export const month = (DB: D1Database, series: number, year: number, of: number) =>
  insert(DB, "months", {
    ...ROLLUP,
    id: series * SPAN + year * 12 + of - 1,
    zone: "Asia/Shanghai",
    from_minute: Date.UTC(year, of - 1) / MINUTE - 480,
    to_minute: Date.UTC(year, of) / MINUTE - 480,
  });

export const series = (DB: D1Database, id: number, change: Readonly<Record<string, unknown>> = {}) =>
  insert(DB, "series", {
    id,
    target: "chat",
    region: `r${id}`,
    journey: "loop",
    peer: "",
    unit: "message",
    ok_means: "delivered",
    schedules: `[[${Math.floor((NOW - 100 * DAY) / MINUTE)},null,10000]]`,
    as_of: 1,
    ...change,
  });

/** The app over this D1, with reports and incidents in memory. */
export function apiApp(env: Partial<PageBindings>, options: Partial<StatusPageOptions> = {}) {
  const reports: unknown[] = [];
  const app = statusPage({
    now: () => NOW,
    read: () => Promise.resolve(frontRow([{ ...meshed(), target: "chat" }])),
    spare: null,
    report: (error) => reports.push(error),
    contracts: CONTRACTS,
    sla: reportsOf(ROWS),
    incidents: incidentsOf(ALL),
    raw: storedRows,
    ...options,
  });
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}, method = "GET"): Promise<Response> =>
    app.request(path, { method, headers }, env as PageBindings);
  return { app, get, reports };
}
