// Journey `loop`: two clients in one region, publisher to subscriber, on one clock. Sends on a fixed open schedule that
// never waits for the previous message; touches no storage and makes no other request while messages fly. Yields what
// it saw; `outcomes.ts` decides what that means. With a driver that cannot receive there is no subscriber, and the
// service's answer to a message is what arrives: then `ok` means accepted or acknowledged, never delivered.

import type { UnfitReason } from "../../schema/words.ts";
import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import type { Answer, Driver, DriverContext, Endpoint, Failure, Incoming, Session } from "./driver.ts";
import { asFailure, observedConnect, unfitOf } from "./attempts.ts";
import type { Observation, ObservedMessage } from "./observation.ts";
import { OneTimer } from "./one-timer.probe.ts";
import { payloadOf, readPayload } from "./payload.ts";
import { diagnosed, subscribeWithin } from "./session.probe.ts";

export interface LoopPlan {
  readonly slotAt: number;
  readonly channel: string;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadlineMs: number;
  readonly connectDeadlineMs: number;
  readonly payloadBytes: number;
}

const NOTHING = { corrupt: 0, foreign: 0, heard: null, reconnects: 0 } as const;

/** Never rejects: whatever happens is in the observation. Takes at most connect deadline + (n - 1) gaps + deadline + 0.5 s. */
export async function runLoop(
  outside: Outside,
  driver: Driver,
  endpoint: Endpoint,
  plan: LoopPlan,
  context: DriverContext,
): Promise<Observation> {
  const startedAt = outside.now();
  const roles = driver.capabilities.push ? (["publisher", "subscriber"] as const) : (["publisher"] as const);
  const tries = await Promise.allSettled(roles.map((role) => driver.connect(endpoint, role, context)));
  const sessions = tries.filter((t) => t.status === "fulfilled").map((t) => t.value);
  const connects = tries.map(observedConnect);
  const [publisher, subscriber] = sessions;
  const nothing = { startedAt, readyAt: null, connects, messages: [], arrivals: [], ...NOTHING };
  try {
    if (publisher === undefined || sessions.length < roles.length) {
      const first = tries.find((t) => t.status === "rejected");
      // Nothing flies: what would have been the messages' time is there for a look at the layers.
      const leftMs = plan.connectDeadlineMs + plan.deadlineMs - (outside.now() - startedAt);
      const way = { outside, driver, endpoint, context };
      const failure = await diagnosed(way, asFailure(first?.reason), leftMs);
      return { ...nothing, endedAt: outside.now(), failure, unfit: unfitOf(failure) };
    }
    const flight = new Flight(outside, plan, publisher, subscriber ?? null);
    try {
      // Connect and subscribe share one deadline; what the connect has used is gone, what it waited in our queue is not.
      const queuedMs = Math.max(...sessions.map((session) => session.timing.queuedMs));
      const leftMs = plan.connectDeadlineMs - (outside.now() - startedAt - queuedMs);
      const receive = (message: Incoming): void => flight.receive(message.data, message.receivedAt);
      publisher.onReply?.(receive);
      if (subscriber !== undefined) {
        await subscribeWithin(outside, subscriber, plan.channel, leftMs, receive);
      }
    } catch (problem) {
      const failure = asFailure(problem, "subscribe");
      return { ...nothing, endedAt: outside.now(), failure, unfit: unfitOf(failure) };
    }
    await flight.fly();
    return { ...nothing, ...flight.seen(), endedAt: outside.now() };
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

/** The burst itself: sends by the clock, notes what comes back, and knows when there is nothing more to wait for. */
class Flight {
  readonly #outside: Outside;
  readonly #timer: OneTimer;
  readonly #plan: LoopPlan;
  readonly #publisher: Session;
  readonly #answersOnly: boolean;
  readonly #runId: string;
  readonly #payloads: readonly Uint8Array[];
  readonly #sentAt: (number | null)[];
  readonly #receivedAt: (number | null)[];
  readonly #refusals: (Failure | null)[];
  readonly #arrivals: number[] = [];
  #readyAt = 0;
  #corrupt = 0;
  #foreign = 0;
  #failure: Failure | null = null;
  #unfit: UnfitReason = "none";
  #land = (): void => {};
  #landing = false;

  constructor(outside: Outside, plan: LoopPlan, publisher: Session, subscriber: Session | null) {
    this.#outside = outside;
    this.#timer = new OneTimer(outside, (unfit) => {
      this.#unfit = unfit;
      if (unfit === "clock_step") this.#finish();
    });
    this.#plan = plan;
    this.#publisher = publisher;
    this.#answersOnly = subscriber === null;
    // Built before anything is sent: CPU work between stamp and send would count as the service's latency.
    this.#runId = hexOf(outside.random(8));
    this.#payloads = Array.from({ length: plan.messages }, (_, seq) =>
      payloadOf(this.#runId, seq, hexOf(outside.random(8)), plan.payloadBytes),
    );
    this.#sentAt = this.#payloads.map(() => null);
    this.#receivedAt = this.#payloads.map(() => null);
    this.#refusals = this.#payloads.map(() => null);
    publisher.onClosed((failure) => this.#closed(failure));
    // Nothing can arrive any more: what is out is lost, and waiting for the deadline would tell nothing new.
    subscriber?.onClosed((failure) => {
      this.#closed(failure);
      this.#finish();
    });
  }

  fly(): Promise<void> {
    this.#readyAt = this.#outside.now();
    // Closed by the service between SUBACK and here: nothing was sent, and the timer that would land us may be gone.
    if (this.#failure !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#land = resolve;
      this.#sendFrom(0);
    });
  }

  receive(data: Uint8Array, receivedAt: number): void {
    // The round is over: what comes now belongs to nobody.
    if (this.#landing) return;
    const reading = readPayload(data, this.#runId, this.#payloads);
    if (reading.kind === "corrupt") this.#corrupt += 1;
    else if (reading.kind === "foreign") this.#foreign += 1;
    else this.#arrived(reading.seq, receivedAt);
  }

  #arrived(seq: number, receivedAt: number): void {
    this.#arrivals.push(seq);
    this.#receivedAt[seq] ??= receivedAt;
    if (this.#isComplete()) this.#timer.linger(() => this.#finish());
  }

  /** What the service says of a message that it was given. An arrival beats a refusal; `outcomes.ts` sees to that. */
  #answered(seq: number, answer: Answer): void {
    if (this.#landing) return;
    if (answer.kind === "acknowledged" && this.#answersOnly) this.#arrived(seq, answer.receivedAt);
    if (answer.kind !== "refused") return;
    this.#refusals[seq] = answer.failure;
    if (this.#isComplete()) this.#timer.linger(() => this.#finish());
  }

  /** Whether there is nothing more to wait for: every message has come, or was refused. */
  #isComplete(): boolean {
    return this.#receivedAt.every((at, seq) => at !== null || this.#refusals[seq] !== null);
  }

  seen(): Pick<Observation, "readyAt" | "messages" | "arrivals" | "corrupt" | "foreign" | "failure" | "unfit"> {
    const messages = this.#payloads.map((_, seq): ObservedMessage => ({
      seq,
      intendedAt: this.#intendedAt(seq),
      sentAt: this.#sentAt[seq] ?? null,
      receivedAt: this.#receivedAt[seq] ?? null,
      failure: this.#refusals[seq] ?? null,
    }));
    return {
      readyAt: this.#readyAt,
      messages,
      // Answers to requests that run side by side: their order says nothing about the order of messages.
      arrivals: this.#answersOnly ? this.#arrivals.toSorted((a, b) => a - b) : this.#arrivals,
      corrupt: this.#corrupt,
      foreign: this.#foreign,
      failure: this.#failure,
      unfit: this.#unfit,
    };
  }

  #intendedAt(seq: number): number {
    return this.#readyAt + seq * this.#plan.gapMs;
  }

  /** Sends what is due now and arms the next by the schedule, however late this call came. */
  #sendFrom(first: number): void {
    for (let seq = first; this.#failure === null && !this.#landing; seq++) {
      const payload = this.#payloads[seq];
      if (payload === undefined) {
        const lastDeadlineAt = this.#intendedAt(seq - 1) + this.#plan.deadlineMs;
        this.#armUnlessComplete(lastDeadlineAt - this.#outside.now() + 1);
        return;
      }
      const dueInMs = this.#intendedAt(seq) - this.#outside.now();
      if (dueInMs > 0) {
        this.#timer.arm(dueInMs, () => this.#sendFrom(seq));
        return;
      }
      const { sentAt, answer } = this.#publisher.publish(this.#plan.channel, payload);
      this.#sentAt[seq] = sentAt;
      void answer.then((word) => this.#answered(seq, word));
    }
  }

  // On a fast loop the last message may have arrived already: then the linger is armed, and must stay so.
  #armUnlessComplete(delayMs: number): void {
    if (!this.#isComplete()) this.#timer.arm(delayMs, () => this.#finish());
  }

  /** The publisher is gone: nothing more is sent, yet what is out may still arrive until its deadline. */
  #closed(failure: Failure): void {
    if (this.#landing || this.#failure !== null) return;
    this.#failure = failure;
    const lastSent = this.#sentAt.findLastIndex((at) => at !== null);
    const waitMs = lastSent < 0 ? 0 : this.#intendedAt(lastSent) + this.#plan.deadlineMs - this.#outside.now();
    const out = this.#sentAt.some(
      (at, seq) => at !== null && this.#receivedAt[seq] === null && this.#refusals[seq] === null,
    );
    this.#timer.arm(out ? waitMs : 0, () => this.#finish());
  }

  #finish(): void {
    if (this.#landing) return;
    this.#landing = true;
    this.#timer.callOff();
    this.#land();
  }
}
