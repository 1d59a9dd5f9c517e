// Composes what the page shows of one target, from its history and its last rounds. A pure function of them and the
// present instant. Called by the collector after each write; never averages, never fills a gap.

import type { Config, Region, Target } from "../config/config.ts";
import { lateLimitMsOf, roundsMsMax, UNIT_OF } from "../config/journeys.ts";
import { okMeaningOf, publishAckOf } from "../probes/capabilities.ts";
import type { Journey, State } from "../../schema/words.ts";
import { dayNumbered, dayOf, monthOf } from "./calendar.ts";
import type { Span } from "./calendar.ts";
import { expectedMinutes } from "./expected.ts";
import type { Schedule } from "./expected.ts";
import { latencyFigures, periodFigures, recentFigures, trendDay } from "./figures.ts";
import { matrixOf } from "./matrix.ts";
import { lateOf, SEAL_AFTER_MS, stateOfRound } from "./minute.ts";
import type { RoundRecord } from "./records.ts";
import { sumRollups } from "./rollup.ts";
import type { RollupRecord } from "./rollup.ts";
import type {
  DayCounts,
  JourneyFigures,
  JourneySnapshot,
  PeriodFigures,
  RegionSnapshot,
  Snapshot,
} from "./snapshot-shape.ts";

const MINUTE_MS = 60_000;
/** How many days the page's bars reach back, today included. */
export const DAYS_SHOWN = 90;
/** And its lines of latency: of the same rows, which are read anyway. */
const TREND_DAYS = 30;
/** How far back `recent` looks, in ms: five minutes, or further where rounds are rarer than that. */
export function recentMs(target: Target): number {
  return Math.max(5 * MINUTE_MS, staleAfterMs(target));
}

/** Two slots and one whole round without anything new, in ms: then a region is not seen any more. */
function staleAfterMs(target: Target): number {
  return 2 * target.everyMs + roundsMsMax(target);
}

/** "Now" is judged by as many of the last rounds as hold this many messages, by two at most: a fault shows in two rounds. */
const MESSAGES_JUDGED = 20;
const ROUNDS_JUDGED = 2;

/** What is known of one region's series. */
export interface SeriesHistory {
  readonly region: string;
  /** The region at the other end, of `mesh`; else "". */
  readonly peer: string;
  readonly journey: Journey;
  readonly schedules: readonly Schedule[];
  /** By day number: the days that have a record. */
  readonly days: ReadonlyMap<number, RollupRecord>;
  readonly month: RollupRecord | null;
  /** The rounds of the last `recentMs`, by slot. */
  readonly recent: readonly RoundRecord[];
  /** Newest of all, also when it is older than that; null before the first. */
  readonly newest: RoundRecord | null;
  /** The newest minute that has been written; null before the first. */
  readonly writtenMinute: number | null;
  /** Minutes that wait for a slot or for their seal: neither counted nor expected yet. Left out: none. */
  readonly open?: readonly number[];
}

const NOTHING: RollupRecord = sumRollups([]);

/** `now` in ms. The document of schema version 1, see snapshot-shape.ts. */
export function composeSnapshot(
  config: Config,
  target: Target,
  histories: readonly SeriesHistory[],
  now: number,
): Snapshot {
  const { objectives } = config;
  const regions = config.regions
    .filter((region) => target.regions.includes(region.id))
    .map((region) => regionSnapshot(config, target, region, histories, now));
  return {
    version: 1,
    target: target.id,
    label: target.label,
    driver: target.driver,
    publish_ack: publishAckOf(target.driver, target.options),
    composed_at: now,
    time_zone: config.timeZone,
    today: dayOf(Math.floor(now / MINUTE_MS), config.timeZone).text,
    every_ms: target.everyMs,
    messages: target.messages,
    gap_ms: target.gapMs,
    deadline_ms: target.deadlineMs,
    connect_deadline_ms: target.connectDeadlineMs,
    objectives: {
      availability: objectives.availability,
      delivery: objectives.delivery,
      latency_ms_p99: objectives.latencyMsP99,
      connect_ms_p99: objectives.connectMsP99,
      down_share: objectives.downShare,
      degraded_share: objectives.degradedShare,
    },
    regions,
    matrix: matrixOf(config, target, histories, now, staleAfterMs(target)),
  };
}

/** The same without the days, the trend, the other journeys and the matrix, for a front page of many targets. */
export function summaryOf(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    matrix: [],
    regions: snapshot.regions.map((region) => ({ ...region, days: [], others: undefined, trend: undefined })),
  };
}

function unseen(region: string, journey: Journey): SeriesHistory {
  return {
    region,
    peer: "",
    journey,
    schedules: [],
    days: new Map(),
    month: null,
    recent: [],
    newest: null,
    writtenMinute: null,
  };
}

function regionSnapshot(
  config: Config,
  target: Target,
  region: Region,
  histories: readonly SeriesHistory[],
  now: number,
): RegionSnapshot {
  const own = (journey: Journey): SeriesHistory =>
    histories.find((each) => each.region === region.id && each.journey === journey) ?? unseen(region.id, journey);
  const loop = own("loop");
  const { minutes, today, month } = spansOf(config, loop, now);
  const others = target.journeys.flatMap(({ journey }) =>
    journey === "loop" || journey === "mesh" ? [] : [journeySnapshot(config, target, own(journey), journey, now)],
  );
  return {
    region: region.id,
    label: region.label,
    journey: loop.journey,
    ok_means: okMeaningOf(target.driver, target.options, loop.journey),
    place: loop.newest?.place ?? "",
    ...asOfNow(config, target, loop, now),
    today: minutes.figures(loop.days.get(today.number), today),
    month: minutes.figures(loop.month ?? undefined, month),
    ...(others.length === 0 ? {} : { others }),
    days: Array.from({ length: DAYS_SHOWN }, (_, i): DayCounts => {
      const day = dayNumbered(today.number - DAYS_SHOWN + 1 + i, config.timeZone);
      const rollup = loop.days.get(day.number);
      const expected = minutes.expected(day.fromMinute, day.toMinute);
      if (rollup === undefined) return expected === 0 ? null : [expected, 0, 0, 0, 0, 0];
      const { minutesUp, minutesDegraded, minutesDown, ok, lost, error } = rollup;
      return [expected, minutesUp, minutesDegraded, minutesDown, ok + lost + error, ok];
    }),
    trend: Array.from({ length: TREND_DAYS }, (_, i) =>
      trendDay(loop.days.get(today.number - TREND_DAYS + 1 + i)?.latency ?? []),
    ),
  };
}

function journeySnapshot(
  config: Config,
  target: Target,
  history: SeriesHistory,
  journey: JourneySnapshot["journey"],
  now: number,
): JourneySnapshot {
  const { minutes, today, month } = spansOf(config, history, now);
  const figures = (rollup: RollupRecord = NOTHING, span: Span): JourneyFigures => ({
    ...minutes.figures(rollup, span),
    reconnects: rollup.reconnects,
    phases:
      journey === "connect"
        ? {
            handshake: latencyFigures(rollup.phases.handshake, null),
            login: latencyFigures(rollup.phases.login, null),
          }
        : null,
  });
  return {
    journey,
    unit: UNIT_OF[journey],
    ok_means: okMeaningOf(target.driver, target.options, journey),
    ...asOfNow(config, target, history, now),
    today: figures(history.days.get(today.number), today),
    month: figures(history.month ?? undefined, month),
  };
}

/** What is said of a series' present. */
function asOfNow(
  config: Config,
  target: Target,
  history: SeriesHistory,
  now: number,
): Pick<RegionSnapshot, "state" | "why" | "last_slot_at" | "stale_after_ms" | "measured_since" | "recent"> {
  const [first] = history.schedules;
  const limitMs = lateLimitMsOf(history.journey, config.objectives);
  return {
    ...stateNow(config, history, now, staleAfterMs(target)),
    last_slot_at: history.newest?.slotAt ?? null,
    stale_after_ms: staleAfterMs(target),
    measured_since: first === undefined ? null : first.fromMinute * MINUTE_MS,
    recent: recentFigures(history.recent, now - recentMs(target), now, limitMs),
  };
}

/** A series' minutes up to the last closed one, and the periods that hold `now`. */
function spansOf(config: Config, history: SeriesHistory, now: number) {
  const limitMs = lateLimitMsOf(history.journey, config.objectives);
  const thisMinute = Math.floor(now / MINUTE_MS);
  const to = countedTo(history, now);
  const scheduled = (fromMinute: number, toMinute: number): number =>
    expectedMinutes(history.schedules, fromMinute, toMinute);
  const expected = (from: number, until: number): number => {
    const end = Math.max(from, Math.min(until, to));
    const open = (history.open ?? []).filter((minute) => minute >= from && minute < end);
    return open.reduce((rest, minute) => rest - scheduled(minute, minute + 1), scheduled(from, end));
  };
  const figures = (rollup: RollupRecord = NOTHING, span: Span): PeriodFigures =>
    periodFigures(
      rollup,
      expected(span.fromMinute, span.toMinute),
      scheduled(span.fromMinute, span.toMinute),
      span.fromMinute * MINUTE_MS,
      to * MINUTE_MS,
      limitMs,
    );
  return {
    minutes: { expected, figures },
    today: dayOf(thisMinute, config.timeZone),
    month: monthOf(thisMinute, config.timeZone),
  };
}

/**
 * The first minute that is not counted yet: everything before it is sealed, or has been written early because all its
 * slots were there. What the schedule expects before it and nobody wrote is unmeasured.
 */
function countedTo(history: SeriesHistory, now: number): number {
  const sealed = Math.floor((now - SEAL_AFTER_MS) / MINUTE_MS);
  return Math.max(sealed, (history.writtenMinute ?? 0) + 1);
}

function stateNow(
  config: Config,
  history: SeriesHistory,
  now: number,
  staleMs: number,
): { readonly state: State; readonly why: string | null } {
  const newest = history.newest;
  if (newest === null || now - newest.slotAt > staleMs) return { state: "unmeasured", why: "silent" };
  const enough = Math.min(ROUNDS_JUDGED, Math.ceil(MESSAGES_JUDGED / Math.max(1, newest.scheduled)));
  // Where the newest round proves something, one before it that proves nothing has no say.
  const judged = history.recent.slice(-enough).filter((round) => newest.unfit !== "none" || round.unfit === "none");
  const sum = (of: (round: RoundRecord) => number): number => judged.reduce((total, round) => total + of(round), 0);
  const facts = {
    scheduled: sum((round) => round.scheduled),
    ok: sum((round) => round.ok),
    lost: sum((round) => round.lost),
    error: sum((round) => round.error),
    unfit: newest.unfit,
    late: sum((round) => lateOf(round.over, lateLimitMsOf(history.journey, config.objectives))),
  };
  const state = stateOfRound(facts, config.objectives);
  if (state !== "unmeasured") return { state, why: null };
  return { state, why: newest.unfit === "none" ? "not_sent" : newest.unfit };
}
