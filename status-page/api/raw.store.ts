// Reads series and their rows from D1 as they were written, for everybody: `series`, `minutes`, `hours`, `days`, `months`, and
// nothing else. Given to the page by main.entry.ts. A failed read throws RawUnreadable and is never an empty list. Each
// read is bounded by its key and a limit; histograms leave the database as hex, and only where somebody asked for them.

import { and, asc, count, eq, gt, gte, lt, max, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { days, hours, minutes, months, series } from "../../schema/d1-tables.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { FailureKind, Phase } from "../../schema/words.ts";
import { latencyFigures } from "../../workers/results/figures.ts";
import { decodeHistograms } from "../../workers/results/histogram.ts";
import { decodeStrip } from "../../workers/results/strip.ts";
import { outside, within } from "../../workers/outside.ts";
import type { PageBindings } from "../front.ts";
import { plainLabel } from "../labels.ts";
import { RawUnreadable, keysOf } from "./raw.ts";
import type { RawReader, SeriesFilter, Wanted } from "./raw.ts";
import type { CalendarAnswer, HourAnswer, MinuteAnswer, RowAnswer, SeriesAnswer } from "./shapes-rows.ts";

/** A step of a stream is 3,000 rows; nobody waits longer than this for one. */
const READ_DEADLINE_MS = 8000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TWO_DAYS_MS = 48 * HOUR_MS;
/** As rows are numbered: 2^26 of each kind a series (schema/d1-tables.ts). */
const SERIES_SPAN = 2 ** 26;
/** 3,000 runs are 100,000 characters, of which a step of 3,000 minutes would be 300 MB: longer lists are left out. */
const RUNS_MOST = 2000;

async function reading<T>(what: string, query: Promise<T>): Promise<T> {
  try {
    return await within(outside, READ_DEADLINE_MS, "D1", query);
  } catch (cause) {
    throw new RawUnreadable(`D1 did not give ${what}`, { cause });
  }
}

function seriesAnswer({ asOf: _asOf, okMeans, schedules, ...row }: typeof series.$inferSelect): SeriesAnswer {
  const at = (minute: number | null): number | null => (minute === null ? null : minute * MINUTE_MS);
  return {
    ...row,
    ok_means: okMeans,
    measured_since: at(schedules[0]?.[0] ?? null),
    measured_until: at(schedules.at(-1)?.[1] ?? null),
    schedules: schedules.map(([from, to, everyMs]) => ({ from: from * MINUTE_MS, to: at(to), every_ms: everyMs })),
  };
}

async function list(env: PageBindings, filter: SeriesFilter, most: number): Promise<readonly SeriesAnswer[]> {
  const { target, region, journey, after } = filter;
  const query = drizzle(env.DB)
    .select()
    .from(series)
    .where(
      and(
        gt(series.id, after),
        target === null ? undefined : eq(series.target, target),
        region === null ? undefined : eq(series.region, region),
        journey === null ? undefined : eq(series.journey, journey),
      ),
    )
    .orderBy(asc(series.id))
    .limit(most);
  return (await reading("the series", query.execute())).map(seriesAnswer);
}

async function one(env: PageBindings, id: number): Promise<SeriesAnswer | null> {
  const query = drizzle(env.DB).select().from(series).where(eq(series.id, id)).limit(1);
  const [row] = await reading(`series ${id}`, query.execute());
  return row === undefined ? null : seriesAnswer(row);
}

const TABLES = { minutes, hours, days, months } as const;

function inSpan(table: (typeof TABLES)[Wanted["kind"]], { series: id, kind, span }: Wanted) {
  const { first, end } = keysOf(kind, span);
  return and(gte(table.id, id * SERIES_SPAN + first), lt(table.id, id * SERIES_SPAN + end));
}

/**
 * A write brings a minute and all that is made of it in one batch, so that the days know of every change of a minute; and what
 * retention takes away moves the first row.
 */
async function mark(env: PageBindings, wanted: Wanted): Promise<string> {
  const db = drizzle(env.DB);
  const table = TABLES[wanted.kind];
  const what = `the state of series ${wanted.series}`;
  const begin = db.select({ id: table.id }).from(table).where(inSpan(table, wanted)).orderBy(asc(table.id)).limit(1);
  const [first] = await reading(what, begin.execute());
  if (first === undefined) return "none";
  const fine = wanted.kind === "minutes" || wanted.kind === "hours";
  const held = fine ? days : months;
  const key = first.id % SERIES_SPAN;
  // No day is looked at that begins long before there is any row: those are kept for ever, and minutes are not.
  const from = fine ? key * (wanted.kind === "minutes" ? MINUTE_MS : HOUR_MS) : wanted.span.from;
  // No zone is two days from UTC.
  const span = { from: Math.max(0, from - TWO_DAYS_MS), to: wanted.span.to + TWO_DAYS_MS };
  const newest = db
    .select({ asOf: max(held.asOf), rows: count() })
    .from(held)
    .where(inSpan(held, { ...wanted, kind: fine ? "days" : "months", span }));
  const [known] = await reading(what, newest.execute());
  return [known?.asOf ?? 0, known?.rows ?? 0, first.id].map((n) => n.toString(36)).join(".");
}

type Counted = typeof minutes | typeof hours | typeof days | typeof months;

const hex = (wanted: boolean, column: Counted["latency"] | Counted["connect"]) =>
  wanted ? sql<string>`hex(${column})` : sql<null>`NULL`;

function columnsOf(table: Counted, latency: boolean) {
  return {
    id: table.id,
    scheduled: table.scheduled,
    ok: table.ok,
    lost: table.lost,
    error: table.error,
    connectFail: table.connectFail,
    notSent: table.notSent,
    duplicate: table.duplicate,
    reordered: table.reordered,
    corrupt: table.corrupt,
    foreign: table.foreign,
    afterDeadline: table.afterDeadline,
    latencyMsMax: table.latencyMsMax,
    lagMsMax: table.lagMsMax,
    heard: table.heard,
    reconnects: table.reconnects,
    latency: hex(latency, table.latency),
    connect: hex(latency, table.connect),
  };
}

interface CountRow {
  readonly id: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly connectFail: number;
  readonly notSent: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly corrupt: number;
  readonly foreign: number;
  readonly afterDeadline: number;
  readonly latencyMsMax: number | null;
  readonly lagMsMax: number;
  readonly heard: number | null;
  readonly reconnects: number;
  readonly latency: string | null;
  readonly connect: string | null;
}

function counts(row: CountRow) {
  return {
    scheduled: row.scheduled,
    ok: row.ok,
    lost: row.lost,
    error: row.error,
    not_sent: row.notSent,
    connect_fail: row.connectFail,
    duplicate: row.duplicate,
    reordered: row.reordered,
    corrupt: row.corrupt,
    foreign: row.foreign,
    after_deadline: row.afterDeadline,
    latency_ms_max: row.latencyMsMax,
    lag_ms_max: row.lagMsMax,
    heard: row.heard,
    reconnects: row.reconnects,
  };
}

function figures({ latency, connect, latencyMsMax }: CountRow): Pick<HourAnswer, "latency" | "connect"> {
  if (latency === null || connect === null) return {};
  const set = (digits: string) => decodeHistograms(Buffer.from(digits, "hex"));
  return { latency: latencyFigures(set(latency), latencyMsMax), connect: latencyFigures(set(connect), null) };
}

async function minuteRows(env: PageBindings, wanted: Wanted, most: number): Promise<readonly MinuteAnswer[]> {
  const { lossRuns } = minutes;
  const query = drizzle(env.DB)
    .select({
      ...columnsOf(minutes, wanted.latency),
      slots: minutes.slots,
      rounds: minutes.rounds,
      revision: minutes.revision,
      config: minutes.config,
      unfit: minutes.unfit,
      place: minutes.place,
      queuedMsMax: minutes.queuedMsMax,
      afterDeadlineMsMax: minutes.afterDeadlineMsMax,
      over: minutes.over,
      failures: minutes.failures,
      lossRuns: sql<string | null>`CASE WHEN length(${lossRuns}) <= ${RUNS_MOST} THEN ${lossRuns} END`,
      runsKept: sql<number>`${lossRuns} IS NULL OR length(${lossRuns}) <= ${RUNS_MOST}`,
    })
    .from(minutes)
    .where(inSpan(minutes, wanted))
    .orderBy(asc(minutes.id))
    .limit(most);
  return (await reading(`minutes of series ${wanted.series}`, query.execute())).map((row) => {
    const unfit = UNFIT_REASONS[row.unfit];
    if (unfit === undefined) throw new RawUnreadable(`minute ${row.id}: no reason has the number ${row.unfit}`);
    const runs = JSON.parse(row.lossRuns ?? "[]") as readonly (readonly [number, number, number | null])[];
    const from = (row.id % SERIES_SPAN) * MINUTE_MS;
    return {
      from,
      to: from + MINUTE_MS,
      ...counts(row),
      slots: row.slots,
      rounds: row.rounds,
      revision: row.revision,
      config: row.config,
      unfit,
      place: row.place === "" ? "" : plainLabel(row.place, "?"),
      queued_ms_max: row.queuedMsMax,
      after_deadline_ms_max: row.afterDeadlineMsMax,
      over: row.over.map(([limit_ms, n]) => ({ limit_ms, count: n })),
      failures: (row.failures ?? []).map(([phase, kind, n]) => ({
        phase: phase as Phase,
        kind: kind as FailureKind,
        count: n,
      })),
      loss_runs:
        row.runsKept === 0
          ? null
          : runs.map(([length, first_bad_at, next_good_at]) => ({ length, first_bad_at, next_good_at })),
      ...figures(row),
    };
  });
}

const rollupColumns = (table: typeof hours | typeof days | typeof months, latency: boolean) => ({
  ...columnsOf(table, latency),
  minutesUp: table.minutesUp,
  minutesDegraded: table.minutesDegraded,
  minutesDown: table.minutesDown,
  minutesUnmeasured: table.minutesUnmeasured,
  over: table.over,
});

interface RollupRow extends CountRow {
  readonly minutesUp: number;
  readonly minutesDegraded: number;
  readonly minutesDown: number;
  readonly minutesUnmeasured: number;
  readonly over: readonly (readonly [number, number, number])[];
}

const rollup = (row: RollupRow): Omit<HourAnswer, "from" | "to" | "latency" | "connect"> => ({
  ...counts(row),
  minutes_up: row.minutesUp,
  minutes_degraded: row.minutesDegraded,
  minutes_down: row.minutesDown,
  minutes_unmeasured: row.minutesUnmeasured,
  over: row.over.map(([limit_ms, n, of]) => ({ limit_ms, count: n, of })),
});

async function hourRows(env: PageBindings, wanted: Wanted, most: number): Promise<readonly HourAnswer[]> {
  const query = drizzle(env.DB)
    .select({
      ...rollupColumns(hours, wanted.latency),
      strip: wanted.minutes ? sql<string>`hex(${hours.strip})` : sql<null>`NULL`,
    })
    .from(hours)
    .where(inSpan(hours, wanted))
    .orderBy(asc(hours.id))
    .limit(most);
  return (await reading(`hours of series ${wanted.series}`, query.execute())).map((row) => {
    const from = (row.id % SERIES_SPAN) * HOUR_MS;
    const inside = row.strip === null ? {} : { minutes: minutesOf(from, row.strip) };
    return { from, to: from + HOUR_MS, ...rollup(row), ...figures(row), ...inside };
  });
}

/** The recorded minutes of an hour, the oldest first. */
function minutesOf(hourFrom: number, strip: string): HourAnswer["minutes"] {
  return [...decodeStrip(Buffer.from(strip, "hex"))].map(([at, { connectFail, over, ...minute }]) => {
    const { scheduled, ok, lost, error, unfit, revision } = minute;
    return {
      from: hourFrom + at * MINUTE_MS,
      scheduled,
      ok,
      lost,
      error,
      not_sent: scheduled - ok - lost - error,
      connect_fail: connectFail,
      over: over.map((each) => ({ limit_ms: each.limitMs, count: each.count })),
      unfit,
      revision,
    };
  });
}

/** Days and months begin where their row says. */
async function calendarRows(
  env: PageBindings,
  table: typeof days | typeof months,
  wanted: Wanted,
  most: number,
): Promise<readonly CalendarAnswer[]> {
  const begin = sql`${table.fromMinute} * ${MINUTE_MS}`;
  const query = drizzle(env.DB)
    .select({
      ...rollupColumns(table, wanted.latency),
      zone: table.zone,
      fromMinute: table.fromMinute,
      toMinute: table.toMinute,
    })
    .from(table)
    .where(and(inSpan(table, wanted), gte(begin, wanted.span.from), lt(begin, wanted.span.to)))
    .orderBy(asc(table.id))
    .limit(most);
  return (await reading(`${wanted.kind} of series ${wanted.series}`, query.execute())).map((row) => ({
    from: row.fromMinute * MINUTE_MS,
    to: row.toMinute * MINUTE_MS,
    ...rollup(row),
    zone: row.zone,
    ...figures(row),
  }));
}

async function rows(env: PageBindings, wanted: Wanted, most: number): Promise<readonly RowAnswer[]> {
  try {
    switch (wanted.kind) {
      case "minutes":
        return await minuteRows(env, wanted, most);
      case "hours":
        return await hourRows(env, wanted, most);
      case "days":
      case "months":
        return await calendarRows(env, TABLES[wanted.kind], wanted, most);
    }
  } catch (cause) {
    if (cause instanceof RawUnreadable) throw cause;
    throw new RawUnreadable(`${wanted.kind} of series ${wanted.series} are not what this version writes`, { cause });
  }
}

/** History as D1 holds it. */
export const storedRows: RawReader = { list, one, mark, rows };
