// What became of an attempt to open a session, and whose fault it was: shared by all journeys. Pure.

import type { Phase, UnfitReason } from "../../schema/words.ts";
import type { Failure, Session } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";
import type { ObservedConnect } from "./observation.ts";

export function observedConnect(attempt: PromiseSettledResult<Session>): ObservedConnect {
  return attempt.status === "rejected" ? { failure: asFailure(attempt.reason) } : observedSession(attempt.value);
}

/** As `connects` of an observation has it: waiting for a handshake's place is no part of connecting. */
export function observedSession({ timing }: Session): Extract<ObservedConnect, { connectMs: number }> {
  return { timing, connectMs: timing.handshakeMs + timing.loginMs };
}

/** A driver rejects with Failures only; anything else is a defect of ours and must not read as the service's. */
export function asFailure(problem: unknown, phase: Phase = "connect"): Failure {
  return isFailure(problem) ? problem : failed("platform", phase, "the driver broke", { sure: false });
}

/** The fleet's own failures prove nothing about the service. */
export function unfitOf(failure: Failure): UnfitReason {
  if (failure.kind === "platform" || failure.kind === "aborted") return "platform";
  return failure.kind === "config" ? "configuration" : "none";
}
