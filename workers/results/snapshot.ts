// Composes what the page shows of one target, from its history and its last rounds. A pure function of them and the
// present instant. Called by the collector after each write; never averages, never fills a gap.

import type { Config, Region, Target } from "../config/config.ts";
import { roundMsMax } from "../config/timing.ts";
import { CAPABILITIES, okMeaningOf } from "../probes/capabilities.ts";
import type { Journey, State } from "../../schema/words.ts";
import { dayNumbered, dayOf, monthOf } from "./calendar.ts";
import type { Span } from "./calendar.ts";
import { expectedMinutes } from "./expected.ts";
import type { Schedule } from "./expected.ts";
import { periodFigures, recentFigures } from "./figures.ts";
import { lateOf, SEAL_AFTER_MS, stateOfRound } from "./minute.ts";
import type { RoundRecord } from "./records.ts";
import { sumRollups } from "./rollup.ts";
import type { RollupRecord } from "./rollup.ts";
import type { DayCounts, RegionSnapshot, Snapshot } from "./snapshot-shape.ts";

const MINUTE_MS = 60_000;
/** How many days the page's bars reach back, today included. */
export const DAYS_SHOWN = 90;
/** How far back `recent` looks, in ms: five minutes, or further where rounds are rarer than that. */
export function recentMs(target: Target): number {
  return Math.max(5 * MINUTE_MS, staleAfterMs(target));
}

/** Two slots and one whole round without anything new, in ms: then a region is not seen any more. */
function staleAfterMs(target: Target): number {
  return 2 * target.everyMs + roundMsMax(target);
}

/** "Now" is judged by as many of the last rounds as hold this many messages, by two at most: a fault shows in two rounds. */
const MESSAGES_JUDGED = 20;
const ROUNDS_JUDGED = 2;

/** What is known of one region's series. */
export interface SeriesHistory {
  readonly region: string;
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
  const journey: Journey = "loop";
  const regions = config.regions
    .filter((region) => target.regions.includes(region.id))
    .map((region) => {
      const history = histories.find((each) => each.region === region.id && each.journey === journey);
      return regionSnapshot(config, target, region, history ?? unseen(region.id, journey), now);
    });
  return {
    version: 1,
    target: target.id,
    label: target.label,
    driver: target.driver,
    publish_ack: CAPABILITIES[target.driver].publishAck,
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
  };
}

/** The same without the days, for a front page of many targets. */
export function summaryOf(snapshot: Snapshot): Snapshot {
  return { ...snapshot, regions: snapshot.regions.map((region) => ({ ...region, days: [] })) };
}

function unseen(region: string, journey: Journey): SeriesHistory {
  return {
    region,
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
  history: SeriesHistory,
  now: number,
): RegionSnapshot {
  const { timeZone, objectives } = config;
  const limitMs = objectives.latencyMsP99;
  const thisMinute = Math.floor(now / MINUTE_MS);
  const today = dayOf(thisMinute, timeZone);
  const month = monthOf(thisMinute, timeZone);
  const to = countedTo(history, now);
  const scheduled = (fromMinute: number, toMinute: number): number =>
    expectedMinutes(history.schedules, fromMinute, toMinute);
  const expected = (from: number, until: number): number => {
    const end = Math.max(from, Math.min(until, to));
    const open = (history.open ?? []).filter((minute) => minute >= from && minute < end);
    return open.reduce((rest, minute) => rest - scheduled(minute, minute + 1), scheduled(from, end));
  };
  const whole = (span: Span): number => scheduled(span.fromMinute, span.toMinute);
  const from = now - recentMs(target);
  return {
    region: region.id,
    label: region.label,
    journey: history.journey,
    ok_means: okMeaningOf(target.driver),
    place: history.newest?.place ?? "",
    ...stateNow(config, history, now, staleAfterMs(target)),
    last_slot_at: history.newest?.slotAt ?? null,
    stale_after_ms: staleAfterMs(target),
    measured_since: history.schedules[0] === undefined ? null : history.schedules[0].fromMinute * MINUTE_MS,
    recent: recentFigures(history.recent, from, now, limitMs),
    today: periodFigures(
      history.days.get(today.number) ?? NOTHING,
      expected(today.fromMinute, today.toMinute),
      whole(today),
      today.fromMinute * MINUTE_MS,
      to * MINUTE_MS,
      limitMs,
    ),
    month: periodFigures(
      history.month ?? NOTHING,
      expected(month.fromMinute, month.toMinute),
      whole(month),
      month.fromMinute * MINUTE_MS,
      to * MINUTE_MS,
      limitMs,
    ),
    days: Array.from({ length: DAYS_SHOWN }, (_, i): DayCounts => {
      const day = dayNumbered(today.number - DAYS_SHOWN + 1 + i, timeZone);
      const rollup = history.days.get(day.number);
      const minutes = expected(day.fromMinute, day.toMinute);
      if (rollup === undefined) return minutes === 0 ? null : [minutes, 0, 0, 0, 0, 0];
      const { minutesUp, minutesDegraded, minutesDown, ok, lost, error } = rollup;
      return [minutes, minutesUp, minutesDegraded, minutesDown, ok + lost + error, ok];
    }),
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
  const judged = history.recent.slice(-enough);
  const sum = (of: (round: RoundRecord) => number): number => judged.reduce((total, round) => total + of(round), 0);
  const facts = {
    scheduled: sum((round) => round.scheduled),
    ok: sum((round) => round.ok),
    lost: sum((round) => round.lost),
    error: sum((round) => round.error),
    unfit: newest.unfit,
    late: sum((round) => lateOf(round.over, config.objectives.latencyMsP99)),
  };
  const state = stateOfRound(facts, config.objectives);
  if (state !== "unmeasured") return { state, why: null };
  return { state, why: newest.unfit === "none" ? "not_sent" : newest.unfit };
}
