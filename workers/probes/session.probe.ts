// Opens sessions and subscribes for the journeys. Each wait has its own end, a session that comes
// after it is closed unseen, and whatever goes wrong is a Failure.

import type { Phase } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";
import { TimeoutError, within } from "../outside.ts";
import type { Driver, DriverContext, Endpoint, Failure, Gate, Incoming, Session } from "./driver.ts";
import { asFailure } from "./attempts.ts";
import { failed } from "./failure.ts";

/** Whom to talk to, and through which door. */
export interface Way {
  readonly outside: Outside;
  readonly driver: Driver;
  readonly endpoint: Endpoint;
  readonly context: DriverContext;
}

type Role = "publisher" | "subscriber";

/** A session that is ready within `leftMs`, the gate's queue included. Rejects with a Failure only. */
export async function openWithin(
  way: Way,
  role: Role,
  leftMs: number,
  gate: Gate = way.context.gate,
): Promise<Session> {
  const { outside, driver, endpoint, context } = way;
  const { deadlines } = context;
  const connectMs = Math.max(1, Math.min(deadlines.connectMs, leftMs));
  const opening = driver.connect(endpoint, role, { deadlines: { ...deadlines, connectMs }, gate });
  try {
    return await within(outside, Math.max(1, leftMs), "connect", opening);
  } catch (problem) {
    if (!(problem instanceof TimeoutError)) throw asFailure(problem);
    // Nobody waits for it any more, but somebody has to close it.
    opening.then(
      (late) => void late.close(),
      () => {},
    );
    throw tooLate("connect");
  }
}

/** A subscription that is confirmed within `leftMs`. Rejects with a Failure only. */
export async function subscribeWithin(
  outside: Outside,
  session: Session,
  channel: string,
  leftMs: number,
  onMessage: (message: Incoming) => void,
): Promise<void> {
  try {
    await within(outside, Math.max(1, leftMs), "subscribe", session.subscribe(channel, onMessage));
  } catch (problem) {
    throw problem instanceof TimeoutError ? tooLate("subscribe") : asFailure(problem, "subscribe");
  }
}

/** What a layered look makes of a refused connect, where there is time for one. */
export async function diagnosed(way: Way, failure: Failure, leftMs: number): Promise<Failure> {
  if (failure.sure || leftMs <= 0) return failure;
  const { outside, driver, endpoint, context } = way;
  const looking = driver.diagnose(endpoint, failure, context);
  return within(outside, leftMs, "diagnosis", looking).catch(() => failure);
}

function tooLate(phase: Phase): Failure {
  return failed("timeout", phase, "not ready by the deadline", { transient: true });
}
