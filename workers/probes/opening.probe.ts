// The two waits that every driver of a connection has alike: until it is open, through the gate, and until the service has
// answered on it. Whoever waits too long gets a Failure in our own words.

import type { Phase } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";
import { TimeoutError, within } from "../outside.ts";
import type { ConnectTiming, DriverContext } from "./driver.ts";
import { failed } from "./failure.ts";

/** An open connection, not yet logged in, and how it came to be. */
export interface Opening<T> {
  readonly value: T;
  readonly queuedMs: number;
  readonly handshakeMs: number;
  /** ms since the epoch. */
  readonly openedAt: number;
  /** What the handshake has left of the connect deadline, of which the gate's queue takes nothing. */
  readonly leftMs: number;
}

/** `open` has a deadline of its own, and rejects with a Failure. */
export async function throughGate<T>(
  outside: Outside,
  context: DriverContext,
  open: () => Promise<T>,
): Promise<Opening<T>> {
  const askedAt = outside.now();
  const { value, queuedMs } = await context.gate.run(open);
  const openedAt = outside.now();
  const handshakeMs = openedAt - askedAt - queuedMs;
  // Never less than 1 ms: a handshake that took all of the deadline has lost, by a timeout of the login.
  const leftMs = Math.max(1, context.deadlines.connectMs - handshakeMs);
  return { value, queuedMs, handshakeMs, openedAt, leftMs };
}

/** What a session says of its connect, once its login is done. */
export function timingOf(outside: Outside, { queuedMs, handshakeMs, openedAt }: Opening<unknown>): ConnectTiming {
  return { queuedMs, handshakeMs, loginMs: outside.now() - openedAt };
}

/** What is waited for, and how long. */
export interface Due {
  readonly phase: Phase;
  /** What does not come: "SUBACK". A function where that shows only in the end. */
  readonly what: string | (() => string);
  readonly timeoutMs: number;
  /** The deadline that the failure names, where `timeoutMs` is only what is left of it. */
  readonly ofMs?: number;
}

/** Settles as `work` does; rejects with a timeout of this phase, where nothing comes in time: "no SUBACK within 2000 ms". */
export async function inTime<T>(outside: Outside, due: Due, work: Promise<T>): Promise<T> {
  const { phase, what, timeoutMs, ofMs = timeoutMs } = due;
  try {
    return await within(outside, timeoutMs, phase, work);
  } catch (problem) {
    if (!(problem instanceof TimeoutError)) throw problem;
    const missing = typeof what === "string" ? what : what();
    throw failed("timeout", phase, `no ${missing} within ${ofMs} ms`, { transient: true });
  }
}

/** As `inTime`, for the login of a connection that was opened just now. */
export function loginInTime<T>(
  outside: Outside,
  { leftMs }: Opening<unknown>,
  context: DriverContext,
  what: Due["what"],
  login: Promise<T>,
): Promise<T> {
  return inTime(outside, { phase: "connect", what, timeoutMs: leftMs, ofMs: context.deadlines.connectMs }, login);
}
