// Journey `connect`: sessions opened and closed again, one after the other; how long each takes from nothing to usable.
// An attempt begins when its handshake has a place: waiting for one is in no figure but `queuedMsMax`. `ok` means that the
// service accepted the session, and nothing more.

import { CLOSING_MS } from "../config/journeys.ts";
import type { Failure, Gate, Session } from "./driver.ts";
import { observedSession, unfitOf } from "./attempts.ts";
import { failed } from "./failure.ts";
import type { JourneyOrder } from "./journey-order.probe.ts";
import type { Observation, ObservedConnect, ObservedMessage } from "./observation.ts";
import { diagnosed, openWithin } from "./session.probe.ts";
import { watchClock } from "./watch.probe.ts";

/** What came of one attempt; `message` is null where it never began. */
interface Attempt {
  readonly message: Omit<ObservedMessage, "seq"> | null;
  readonly connect: ObservedConnect;
  readonly session: Session | null;
}

/** Never rejects. Takes at most attempts x (connect deadline + 0.5 s). */
export async function runConnect(order: JourneyOrder, attempts: number): Promise<Observation> {
  const { outside, target } = order;
  const startedAt = outside.now();
  const endsAt = startedAt + attempts * (target.connectDeadlineMs + CLOSING_MS);
  const step = { isBack: false };
  const watch = watchClock(outside, () => void (step.isBack = true));
  const messages: ObservedMessage[] = [];
  const connects: ObservedConnect[] = [];
  let unfit: Observation["unfit"] = "none";
  for (let seq = 0; seq < attempts && !step.isBack; seq++) {
    // No time is left, or no place came free: our own fault, and so is what would have come next. `not_sent`.
    if (outside.now() >= endsAt) {
      unfit = "platform";
      break;
    }
    const { message, connect, session } = await attempt(order, endsAt);
    await session?.close();
    connects.push(connect);
    if ("failure" in connect && unfit === "none") unfit = unfitOf(connect.failure);
    if (message !== null) messages.push({ seq, ...message });
  }
  const noticed = watch.stop();
  return {
    startedAt,
    readyAt: messages[0]?.intendedAt ?? null,
    endedAt: outside.now(),
    connects,
    messages,
    arrivals: messages.flatMap(({ seq, receivedAt }) => (receivedAt === null ? [] : [seq])),
    corrupt: 0,
    foreign: 0,
    heard: null,
    reconnects: 0,
    failure: null,
    unfit: noticed === "none" ? unfit : noticed,
  };
}

async function attempt(order: JourneyOrder, endsAt: number): Promise<Attempt> {
  const { outside, context, target } = order;
  const { connectDeadlineMs } = target;
  const begin: { at: number | null } = { at: null };
  const gate: Gate = {
    run: (handshake) =>
      context.gate.run(() => {
        // With less than its whole deadline left, what it waited in our queue would be charged to the service.
        if (outside.now() + connectDeadlineMs > endsAt) throw NO_TIME;
        begin.at ??= outside.now();
        return handshake();
      }),
  };
  const askedAt = outside.now();
  try {
    const session = await openWithin(order, "publisher", endsAt - askedAt, gate);
    // A driver that opens nothing of its own has no handshake to wait for.
    const intendedAt = begin.at ?? askedAt;
    const connect = observedSession(session);
    const { connectMs } = connect;
    if (connectMs > connectDeadlineMs) return { ...refused(TOO_LATE, intendedAt), session };
    return {
      message: { intendedAt, sentAt: intendedAt, receivedAt: intendedAt + connectMs, failure: null },
      connect,
      session,
    };
  } catch (problem) {
    const failure = problem as Failure;
    if (begin.at === null && (failure === NO_TIME || outside.now() >= endsAt))
      return { message: null, connect: { failure }, session: null };
    const intendedAt = begin.at ?? askedAt;
    const leftMs = intendedAt + connectDeadlineMs - outside.now();
    return { ...refused(await diagnosed(order, failure, leftMs), intendedAt), session: null };
  }
}

const NO_TIME = failed("aborted", "connect", "no time left for a whole attempt");
const TOO_LATE = failed("timeout", "connect", "ready after the connect deadline", { transient: true });

function refused(failure: Failure, intendedAt: number): Pick<Attempt, "message" | "connect"> {
  // What we could not even try was not sent.
  const sentAt = unfitOf(failure) === "none" ? intendedAt : null;
  return { message: { intendedAt, sentAt, receivedAt: null, failure }, connect: { failure } };
}
