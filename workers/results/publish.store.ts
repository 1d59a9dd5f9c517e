// Brings D1 up to what the collector holds: closed minutes, the rollups around them, the snapshot, in one atomic batch.
// Reads first, then decides, then writes once. If anything fails, nothing has changed and the same is tried again.

import type { CurrentConfig } from "../config/current.ts";
import type { Config, Target } from "../config/config.ts";
import { seriesOf } from "../config/fleet.ts";
import { lateLimitMsOf, UNIT_OF } from "../config/journeys.ts";
import { okMeaningOf } from "../probes/capabilities.ts";
import type { IdRange } from "./bulk.store.ts";
import { dayOf, monthOf } from "./calendar.ts";
import type { CalendarSpan } from "./calendar.ts";
import type { CollectorStore, DueMinute, LocalSeries } from "./collector.store.ts";
import type { Schedule } from "./expected.ts";
import { frontScopeOf } from "./front.store.ts";
import { LATE_LIMIT_MS } from "./intake.ts";
import { foldMinute, isComplete, sealAt } from "./minute.ts";
import type { ArrivedRound } from "./minute.ts";
import { joinPairs } from "./pairs.ts";
import type { MinuteRecord, RoundRecord } from "./records.ts";
import { needsOf, recount } from "./recount.ts";
import type { Range, Recounted } from "./recount.ts";
import type { ResultsStore, ResultsWrite, SnapshotText } from "./results.store.ts";
import type { CalendarRow, HourRow, MinuteRow } from "./rows.store.ts";
import {
  calendarRow,
  hourFromRow,
  hourRow,
  idOf,
  minuteFromRow,
  minuteRow,
  rollupFromRow,
  SERIES_SPAN,
} from "./rows.store.ts";
import { isOfZone, toRecount } from "./rezoned.ts";
import type { DayRow } from "./rezoned.ts";
import { extendSchedules, retireSchedules } from "./schedules.ts";
import { composeSnapshot, DAYS_SHOWN, recentMs, summaryOf } from "./snapshot.ts";
import type { SeriesHistory } from "./snapshot.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Minutes written at once: 500 x ~600 bytes of JSON are 300 kB of D1's 2 MB a parameter. */
const MINUTES_AT_ONCE = 500;
const MINUTES_KEPT_MS = 90 * DAY_MS;
const HOURS_KEPT_MS = 400 * DAY_MS;
/** A day longer than late records may be: they must find the other rounds of their minute. */
const ROUNDS_KEPT_MS = LATE_LIMIT_MS + DAY_MS;
/** Rows that one write may prune of each kind, of one series in turn: 1,440 writes a day x 200 is 20 times what comes. */
const PRUNED_AT_ONCE = 200;

interface Fresh {
  readonly due: DueMinute;
  readonly record: MinuteRecord;
  readonly everyMs: number;
}

/**
 * Answers when it is wanted next, ms since the epoch; null when nothing is left to do. Rejects when D1 did not take it:
 * then everything is still due.
 */
export async function publish(
  store: CollectorStore,
  results: ResultsStore,
  current: CurrentConfig,
  now: number,
): Promise<number | null> {
  const name = store.target();
  if (name === null) return null;
  const target = current.config.targets.find((each) => each.id === name) ?? null;
  const due = store.due(MINUTES_AT_ONCE);
  const known = store.series();
  const { fresh, open } = split(store, known, due, now);
  // Before the first wait: what comes during it is in none of these, and belongs to the next write.
  const written = new Map(known.map((local) => [local.id, writtenThrough(store, local, open)]));
  const asOf = store.beginWrite();
  await numberSeries(store, results, name, target);
  const versions = await configVersions(results, current, fresh, now);
  const wanted = seriesOf(current.config).filter((each) => each.target === name);
  const measured = new Set(wanted.map(seriesKey));
  const matter = { config: current.config, target, fresh, open, written, versions, measured, asOf, now };
  // A series that has come since has no number yet.
  const all = store.series();
  const locals = all.filter((local) => local.number !== null);
  const held = await read(results, locals, matter);
  const changes = locals.map((local) => changeOf(store, all, held, local, matter));
  await results.write(writeOf(matter, changes));
  // From here on D1 has it: a crash below only means that the same is written again. And if this one was given up and
  // another has begun since, that one may have recounted without what this one just wrote: then it is all still due.
  if (store.writesBegun() !== asOf) return now;
  store.settle(fresh.map((each) => each.due));
  if (due.length === MINUTES_AT_ONCE && fresh.length > 0) return now;
  // Never while something is owed from so long ago: its rounds must outlive D1's absence, however long that is.
  for (const { local } of changes) store.pruneRounds(local.id, now - ROUNDS_KEPT_MS, PRUNED_AT_ONCE);
  return open.length === 0 ? null : Math.min(...open.map((each) => sealAt(each.minute)));
}

/** Closed minutes are folded; open ones wait for their last slot or their seal. */
function split(
  store: CollectorStore,
  known: readonly LocalSeries[],
  due: readonly DueMinute[],
  now: number,
): { fresh: Fresh[]; open: DueMinute[] } {
  const fresh: Fresh[] = [];
  const open: DueMinute[] = [];
  for (const each of due) {
    const fromAt = each.minute * MINUTE_MS;
    const { rounds, witnesses } = roundsOf(store, known, each.series, fromAt, fromAt + MINUTE_MS);
    const newest = rounds.at(-1);
    if (newest === undefined) throw new Error(`minute ${each.minute} is due and has no rounds`);
    const sides = witnesses === null ? [rounds] : [rounds, witnesses];
    if (now < sealAt(each.minute) && !sides.every((side) => isComplete(each.minute, side))) open.push(each);
    else {
      const record = foldMinute(each.minute, rounds, witnesses ?? []);
      fresh.push({ due: each, record, everyMs: newest.record.everyMs });
    }
  }
  return { fresh, open };
}

/** A series' rounds with slots in [fromAt, toAt): those of `mesh` joined with its peer's, which are the witnesses. */
function roundsOf(
  store: CollectorStore,
  known: readonly LocalSeries[],
  series: number,
  fromAt: number,
  toAt: number,
): { rounds: ArrivedRound[]; witnesses: ArrivedRound[] | null } {
  const own = store.roundsBetween(series, fromAt, toAt);
  const local = known.find((each) => each.id === series);
  if (local?.journey !== "mesh") return { rounds: own, witnesses: null };
  const back = known.find(
    (each) => each.journey === "mesh" && each.region === local.peer && each.peer === local.region,
  );
  const witnesses = back === undefined ? [] : store.roundsBetween(back.id, fromAt, toAt);
  return { rounds: joinPairs(own, witnesses), witnesses };
}

async function numberSeries(
  store: CollectorStore,
  results: ResultsStore,
  name: string,
  target: Target | null,
): Promise<void> {
  for (const { id, region, journey, peer } of store.unnumbered()) {
    // Of a target that was taken out before it ever reached D1 nobody knows the driver any more: the least is claimed.
    const okMeans = target === null ? "accepted" : okMeaningOf(target.driver, target.options, journey);
    store.number(id, await results.seriesNumber({ target: name, region, journey, peer }, UNIT_OF[journey], okMeans));
  }
}

async function configVersions(
  results: ResultsStore,
  current: CurrentConfig,
  fresh: readonly Fresh[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (const hash of new Set(fresh.map((each) => each.record.configHash))) {
    versions.set(hash, await results.configVersion(hash, now, hash === current.hash ? current.body : null));
  }
  return versions;
}

/** What one write is about. */
interface Matter {
  readonly config: Config;
  /** Null once the configuration no longer names it. */
  readonly target: Target | null;
  readonly fresh: readonly Fresh[];
  readonly open: readonly DueMinute[];
  /** The newest minute that D1 will have by this write, by this collector's number of a series. */
  readonly written: ReadonlyMap<number, number | null>;
  readonly versions: ReadonlyMap<string, number>;
  /** Series that the configuration measures, of this target. */
  readonly measured: ReadonlySet<string>;
  readonly asOf: number;
  readonly now: number;
}

/** What changes for one series. */
interface Change {
  readonly local: LocalSeries;
  readonly number: number;
  readonly fresh: readonly Fresh[];
  readonly recounted: Recounted;
  /** Null: as before. */
  readonly schedules: readonly Schedule[] | null;
  readonly history: SeriesHistory | null;
}

/** What D1 holds around the minutes that are to be written. Five queries, however many series there are. */
async function read(results: ResultsStore, locals: readonly LocalSeries[], matter: Matter): Promise<Held> {
  const { config, fresh, now } = matter;
  const today = dayOf(Math.floor(now / MINUTE_MS), config.timeZone).number;
  const month = monthOf(Math.floor(now / MINUTE_MS), config.timeZone).number;
  const own = locals.map((local) => {
    const written = fresh.filter((each) => each.due.series === local.id).map((each) => each.record.minute);
    const needs = needsOf(written, config.timeZone);
    return { number: numberOf(local), isLoop: local.journey === "loop", written, needs };
  });
  const idsOf = (of: (each: (typeof own)[number], at: number) => readonly Range[]): IdRange[] =>
    own.flatMap((each, i) => of(each, i).map(([a, b]): IdRange => [idOf(each.number, a), idOf(each.number, b)]));
  // One after the other: D1 runs one query at a time anyway. Only `loop` is shown day by day; the others would be 90 rows a series
  // and write, which D1 bills.
  const days = await results.days(
    idsOf(({ isLoop, needs }) => [[today - (isLoop ? DAYS_SHOWN : 1) + 1, today + 1], ...needs.days]),
  );
  const needs = own.map(({ number, written, needs: before }) => {
    const anew = toRecount(daysOf(days, number), config.timeZone);
    return anew.length === 0 ? before : needsOf(written, config.timeZone, anew);
  });
  return {
    minutes: await results.minutes(idsOf((_, i) => needs[i]?.minutes ?? [])),
    hours: await results.hours(idsOf((_, i) => needs[i]?.hours ?? [])),
    days,
    months: await results.months(idsOf(() => [[month, month + 1]])),
    schedules: await results.schedules(own.map((each) => each.number)),
  };
}

/** Of one series. */
function daysOf(rows: readonly CalendarRow[], series: number): (CalendarRow & DayRow)[] {
  const own = rows.filter((row) => Math.floor(row.id / SERIES_SPAN) === series);
  return own.map((row) => ({ ...row, number: row.id % SERIES_SPAN }));
}

interface Held {
  readonly minutes: readonly MinuteRow[];
  readonly hours: readonly HourRow[];
  readonly days: readonly CalendarRow[];
  /** The present month only. */
  readonly months: readonly CalendarRow[];
  readonly schedules: ReadonlyMap<number, readonly Schedule[]>;
}

function changeOf(
  store: CollectorStore,
  all: readonly LocalSeries[],
  held: Held,
  local: LocalSeries,
  matter: Matter,
): Change {
  const { config, target, now } = matter;
  const number = numberOf(local);
  const own = <R extends { readonly id: number }>(rows: readonly R[]): R[] =>
    rows.filter((row) => Math.floor(row.id / SERIES_SPAN) === number);
  const fresh = matter.fresh.filter((each) => each.due.series === local.id);
  const before = held.schedules.get(number);
  if (before === undefined) throw new Error(`series ${number} is not in D1`);

  const dayRows = daysOf(held.days, number);
  const anew = toRecount(dayRows, config.timeZone);
  const [ofZone, elsewhere] = [true, false].map((is) => dayRows.filter((row) => isOfZone(row, config.timeZone) === is));
  const storedDays = new Map(ofZone?.map((row) => [row.number, rollupFromRow(row)]));
  const stored = {
    minutes: own(held.minutes).map(minuteFromRow),
    hours: own(held.hours).map(hourFromRow),
    days: storedDays,
  };
  const rule = { ...config.objectives, lateLimitMs: lateLimitMsOf(local.journey, config.objectives) };
  const counted = recount(
    fresh.map((each) => each.record),
    stored,
    config.timeZone,
    rule,
    anew,
  );
  const thisMonth = monthOf(Math.floor(now / MINUTE_MS), config.timeZone).number;
  // A month that is over keeps its sum while some of its days are another zone's: it would lose them.
  const isLosing = ({ number: month, fromMinute, toMinute }: CalendarSpan): boolean =>
    month !== thisMonth && elsewhere?.some((row) => row.toMinute > fromMinute && row.fromMinute < toMinute) === true;
  const recounted = { ...counted, months: counted.months.filter(({ span }) => !isLosing(span)) };

  const seen = extendSchedules(
    before,
    fresh.map((each) => ({ minute: each.record.minute, everyMs: each.everyMs })),
  );
  const newest = store.newestRound(local.id)?.record ?? null;
  const isRetired = !matter.measured.has(seriesKey(local));
  // It was expected until the configuration let it go: silence before that was silence.
  const retiredAt = newest === null ? null : Math.max(minuteOf(newest) + 1, Math.floor(now / MINUTE_MS));
  const schedules = isRetired && retiredAt !== null ? retireSchedules(seen, retiredAt) : seen;
  const isSame = JSON.stringify(before) === JSON.stringify(schedules);
  const change = { local, number, fresh, recounted, schedules: isSame ? null : schedules };
  if (target === null) return { ...change, history: null };

  const month =
    recounted.months.find((each) => each.span.number === thisMonth)?.rollup ?? own(held.months).map(rollupFromRow)[0];
  const history = {
    region: local.region,
    peer: local.peer,
    journey: local.journey,
    schedules,
    days: new Map([...storedDays, ...recounted.days.map((day) => [day.span.number, day.rollup] as const)]),
    month: month ?? null,
    recent: roundsOf(store, all, local.id, now - recentMs(target), now + MINUTE_MS).rounds.map((round) => round.record),
    newest,
    writtenMinute: matter.written.get(local.id) ?? null,
    open: matter.open.filter((each) => each.series === local.id).map((each) => each.minute),
  };
  return { ...change, history };
}

function writeOf(matter: Matter, changes: readonly Change[]): ResultsWrite {
  const { config, target, asOf, now } = matter;
  const zone = config.timeZone;
  const turn = changes[asOf % Math.max(1, changes.length)];
  return {
    asOf,
    minutes: changes.flatMap((c) => c.fresh.map((f) => minuteRow(c.number, asOf, versionOf(matter, f), f.record))),
    hours: changes.flatMap((c) => c.recounted.hours.map((hour) => hourRow(c.number, asOf, hour))),
    days: changes.flatMap((c) =>
      c.recounted.days.map((day) => calendarRow(c.number, asOf, zone, day.span, day.rollup)),
    ),
    months: changes.flatMap((c) =>
      c.recounted.months.map((each) => calendarRow(c.number, asOf, zone, each.span, each.rollup)),
    ),
    schedules: changes.flatMap((c) => (c.schedules === null ? [] : [{ series: c.number, schedules: c.schedules }])),
    snapshot: target === null ? null : snapshotText(config, target, changes, now),
    front: frontScopeOf(config),
    prune: turn === undefined ? [] : pruned(turn.number, now),
  };
}

function snapshotText(config: Config, target: Target, changes: readonly Change[], now: number): SnapshotText {
  const histories = changes.flatMap((change) => (change.history === null ? [] : [change.history]));
  const snapshot = composeSnapshot(config, target, histories, now);
  return {
    target: target.id,
    composedAt: now,
    body: JSON.stringify(snapshot),
    summary: JSON.stringify(summaryOf(snapshot)),
  };
}

/** The newest minute that D1 has, or will have by this write; null before the first round. */
function writtenThrough(store: CollectorStore, local: LocalSeries, open: readonly DueMinute[]): number | null {
  const newest = store.newestRound(local.id);
  if (newest === null) return null;
  const minute = minuteOf(newest.record);
  return open.some((each) => each.series === local.id && each.minute === minute) ? minute - 1 : minute;
}

function seriesKey({ region, journey, peer }: Pick<LocalSeries, "region" | "journey" | "peer">): string {
  return `${region} ${journey} ${peer}`;
}

function minuteOf(record: RoundRecord): number {
  return Math.floor(record.slotAt / MINUTE_MS);
}

function versionOf(matter: Matter, fresh: Fresh): number {
  const version = matter.versions.get(fresh.record.configHash);
  if (version === undefined) throw new Error("a minute's configuration has no number");
  return version;
}

function numberOf(series: LocalSeries): number {
  if (series.number === null) throw new Error(`series ${series.id} has no number yet`);
  return series.number;
}

function pruned(series: number, now: number): ResultsWrite["prune"] {
  const before = (keptMs: number, unitMs: number): [number, number] => [
    idOf(series, 0),
    idOf(series, Math.floor((now - keptMs) / unitMs)),
  ];
  return [
    { table: "minutes", range: before(MINUTES_KEPT_MS, MINUTE_MS), limit: PRUNED_AT_ONCE },
    { table: "hours", range: before(HOURS_KEPT_MS, HOUR_MS), limit: PRUNED_AT_ONCE },
  ];
}
