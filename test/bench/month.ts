// A month of one series to measure with, from a seed: 43,200 minutes of 20 round trips as a probe across a continent sees
// them. Made through the same pure functions as in production, so that what is weighed is what is stored.

import type { Observation } from "../../workers/probes/observation.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import type { MinuteRecord, RoundRecord, SeriesName } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { mulberry32 } from "../random.ts";

export const MINUTES = 43_200;
export const MESSAGES = 20;
export const DEADLINE_MS = 5_000;
const CONNECT_DEADLINE_MS = 3_000;
const GAP_MS = 50;
export const SEED = 2026;
/** 2026-11-01T00:00:00Z */
export const FIRST_MINUTE = Date.UTC(2026, 10, 1) / 60_000;

/** One message of 2,000 is lost: five times what an SLA of 99.99 % allows, so that loss is seen. */
const LOST_SHARE = 1 / 2_000;
/** One of 50 has to be sent again by somebody on the way. */
const TAIL_SHARE = 1 / 50;

/**
 * Round trips in ms; null: lost. Log-normal around 45 ms; 2 % have an exponential 150 ms on top. With fractions: what the
 * reference measured. In whole ms: what the clock of a Worker can tell.
 */
export function roundTrips(random: () => number, messages: number, grain: "fractions" | "whole ms"): (number | null)[] {
  return Array.from({ length: messages }, () => {
    if (random() < LOST_SHARE) return null;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const tail = random() < TAIL_SHARE ? -Math.log(1 - random()) * 150 : 0;
    const ms = 45 * Math.exp(0.25 * normal) + tail;
    return ms >= DEADLINE_MS ? null : grain === "whole ms" ? Math.round(ms) : ms;
  });
}

/** The month's round trips, minute by minute. The same each time. */
export function monthOfRoundTrips(grain: "fractions" | "whole ms"): (number | null)[][] {
  const random = mulberry32(SEED);
  return Array.from({ length: MINUTES }, () => roundTrips(random, MESSAGES, grain));
}

/** The record of a round with these round trips, in the minute's only slot. */
export function roundOf(
  series: SeriesName,
  minute: number,
  tripsMs: readonly (number | null)[],
  random: () => number,
): RoundRecord {
  const slotAt = minute * 60_000;
  const connectsMs = [between(random, 80, 140), between(random, 80, 140)];
  const readyAt = slotAt + Math.max(...connectsMs) + 45;
  const messages = tripsMs.map((ms, seq) => {
    const intendedAt = readyAt + seq * GAP_MS;
    return { seq, intendedAt, sentAt: intendedAt, receivedAt: ms === null ? null : intendedAt + ms, failure: null };
  });
  const arrived = messages.filter((message) => message.receivedAt !== null);
  const seen: Observation = {
    startedAt: slotAt + between(random, 0, 4),
    readyAt,
    endedAt: readyAt + MESSAGES * GAP_MS + 300,
    connects: connectsMs.map((connectMs) => ({
      timing: { queuedMs: 0, handshakeMs: connectMs - 45, loginMs: 45 },
      connectMs,
    })),
    messages,
    arrivals: arrived.toSorted((a, b) => (a.receivedAt ?? 0) - (b.receivedAt ?? 0)).map((message) => message.seq),
    corrupt: 0,
    heard: null,
    reconnects: 0,
    foreign: 0,
    failure: null,
    unfit: "none",
  };
  return recordRound(seen, {
    series,
    slotAt,
    purpose: "scheduled",
    everyMs: 60_000,
    deadlineMs: DEADLINE_MS,
    connectDeadlineMs: CONNECT_DEADLINE_MS,
    limitsMs: [200, 600],
    scheduled: tripsMs.length,
    place: "AMS",
    configHash: "0123456789abcdef".repeat(4),
  });
}

/** The minute that such a round makes. */
export function minuteOf(record: RoundRecord): MinuteRecord {
  const minute = Math.floor(record.slotAt / 60_000);
  return foldMinute(minute, [{ record, receivedAt: record.endedAt + 100, envelope: 1 }]);
}

function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}
