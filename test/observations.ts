// Rounds to test with: one written as a line of signs, so that a table of them can be read aloud, or one from a seed.
// Fakes nothing: it makes the plain data that a journey would have made.

import { FAILURE_KINDS, PHASES, UNFIT_REASONS } from "../schema/words.ts";
import type { Failure } from "../workers/probes/driver.ts";
import type { Observation, ObservedMessage } from "../workers/probes/observation.ts";
import type { RoundFacts } from "../workers/results/round-record.ts";
import { between, oneOf } from "./random.ts";

/** 2026-11-01T00:00:00Z: a whole hour, and the first minute of it. */
export const T0 = Date.UTC(2026, 10, 1);
export const MINUTE0 = T0 / 60_000;
export const HASH = "0123456789abcdef".repeat(4);
/** From slot to ready, in these rounds. */
export const READY_MS = 120;
export const GAP_MS = 50;

/** The value, where a test knows that there is one. */
export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing there");
  return value;
}

export function failure(phase: Failure["phase"], kind: Failure["kind"]): Failure {
  return { phase, kind, detail: `${phase}: ${kind}`, transient: true, sure: true };
}

export function facts(more: Partial<RoundFacts> = {}): RoundFacts {
  return {
    series: { target: "chat", region: "weur", journey: "loop", peer: "" },
    slotAt: T0,
    purpose: "scheduled",
    everyMs: 60_000,
    deadlineMs: 5_000,
    connectDeadlineMs: 3_000,
    limitsMs: [100, 200, 500],
    scheduled: 20,
    place: "FRA",
    configHash: HASH,
    ...more,
  };
}

/**
 * A round, a sign a message: `.` came after 42 ms, `o` after 300 ms, `x` was sent and never came, `X` came after 6 s,
 * `!` was refused when it was sent, `-` was not sent. Intended sends are slot + 120 ms, then every 50 ms.
 */
export function observe(signs: string, more: Partial<Observation> = {}, slotAt = T0): Observation {
  const readyAt = slotAt + READY_MS;
  const delayMs: Record<string, number> = { ".": 42, o: 300, X: 6_000 };
  const messages = [...signs].map((sign, seq): ObservedMessage => {
    const intendedAt = readyAt + seq * GAP_MS;
    const delay = delayMs[sign];
    return {
      seq,
      intendedAt,
      sentAt: sign === "-" ? null : intendedAt,
      receivedAt: delay === undefined ? null : intendedAt + delay,
      failure: sign === "!" ? failure("publish", "rate_limit") : null,
    };
  });
  const arrived = messages.filter((message) => message.receivedAt !== null);
  return {
    startedAt: slotAt + 3,
    readyAt,
    endedAt: slotAt + 6_000,
    connects: [70, 80].map((connectMs) => ({
      timing: { queuedMs: 0, handshakeMs: 50, loginMs: connectMs - 50 },
      connectMs,
    })),
    messages,
    arrivals: arrived.toSorted((a, b) => (a.receivedAt ?? 0) - (b.receivedAt ?? 0)).map((message) => message.seq),
    corrupt: 0,
    foreign: 0,
    heard: null,
    reconnects: 0,
    failure: null,
    unfit: "none",
    ...more,
  };
}

/** A round in which no session became ready: refused by the service, or (with `unfit`) our own fault. */
export function neverReady(more: Partial<Observation> = {}, slotAt = T0): Observation {
  const refused = failure("connect", "tcp");
  const connects = [{ failure: refused }];
  return { ...observe("", {}, slotAt), readyAt: null, connects, failure: refused, ...more };
}

/** Any round that a journey could report, unfit and closed ones included. */
export function randomObservation(random: () => number, scheduled: number, slotAt = T0): Observation {
  const any = (): Failure => failure(oneOf(random, PHASES), oneOf(random, FAILURE_KINDS));
  const unfit = random() < 0.15 ? oneOf(random, UNFIT_REASONS) : "none";
  if (random() < 0.1) return neverReady({ failure: any(), unfit }, slotAt);
  const closedAfter = random() < 0.2 ? between(random, 0, scheduled) : scheduled;
  const trouble = random() < 0.5 ? 0 : random();
  const sign = (): string => (random() < trouble ? oneOf(random, ["x", "X", "!", "o"]) : ".");
  const signs = Array.from({ length: scheduled }, (_, seq) => (seq < closedAfter ? sign() : "-")).join("");
  const seen = observe(signs, { unfit, failure: closedAfter < scheduled ? any() : null }, slotAt);
  const messages = seen.messages.map((message) => ({
    ...message,
    receivedAt: message.receivedAt === null ? null : message.receivedAt + between(random, -20, 200),
  }));
  const twice = random() < 0.2 ? seen.arrivals.slice(0, 2) : [];
  const startedAt = slotAt + between(random, 0, 3_000);
  return {
    ...seen,
    messages,
    startedAt,
    arrivals: [...seen.arrivals, ...twice],
    foreign: between(random, 0, 2),
    corrupt: 0,
  };
}
