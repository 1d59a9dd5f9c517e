// Journey `dialogue`: an asker and an answerer, a session each. Turn i is a question at ready + i x gap whose bytes grow; the
// answerer sends the same bytes back; the turn is ok when the whole right answer is back by the deadline. Open schedule: no
// turn waits for the one before. A session that the service ends costs the turns under way and those that are due until
// it is open again: they are errors, and each reconnect is counted.

import { hexOf } from "../config/hex.ts";
import type { Failure, Incoming, Session } from "./driver.ts";
import { asFailure, observedSession, unfitOf } from "./attempts.ts";
import type { JourneyOrder } from "./journey-order.probe.ts";
import type { Observation, ObservedConnect, ObservedMessage } from "./observation.ts";
import { OneTimer } from "./one-timer.probe.ts";
import { payloadOf, readPayload } from "./payload.ts";
import { diagnosed, openWithin, subscribeWithin } from "./session.probe.ts";
import { watchClock } from "./watch.probe.ts";

export interface DialoguePlan {
  readonly turns: number;
  readonly gapMs: number;
  readonly payloadBytesLast: number;
}

/** Each of the two sessions is opened anew this often at most: a service that ends every one must not be stormed. */
const RECONNECTS_MAX = 3;

type Role = "publisher" | "subscriber";
const ROLES: readonly Role[] = ["publisher", "subscriber"];

/** Never rejects. Takes at most connect deadline + (turns - 1) gaps + deadline + 0.5 s. */
export function runDialogue(order: JourneyOrder, plan: DialoguePlan): Promise<Observation> {
  return new Dialogue(order, plan).run();
}

/** Sizes from `first` to `last`, evenly, in whole bytes. */
function sizesOf(turns: number, first: number, last: number): number[] {
  return Array.from({ length: turns }, (_, turn) =>
    Math.round(first + ((last - first) * turn) / Math.max(1, turns - 1)),
  );
}

class Dialogue {
  readonly #order: JourneyOrder;
  readonly #timer: OneTimer;
  readonly #plan: DialoguePlan;
  readonly #runId: string;
  readonly #payloads: readonly Uint8Array[];
  readonly #question: string;
  readonly #answer: string;
  readonly #sentAt: (number | null)[];
  readonly #receivedAt: (number | null)[];
  readonly #failures: (Failure | null)[];
  /** Turns whose session ended under them: they have failed, and an answer that comes in the next session is none. */
  readonly #broken = new Set<number>();
  readonly #arrivals: number[] = [];
  readonly #connects: ObservedConnect[] = [];
  /** All that were ever opened; closing twice does no harm. */
  readonly #opened: Session[] = [];
  readonly #sides = new Map<Role, Session>();
  /** Why a side is not there. */
  readonly #missing = new Map<Role, Failure>();
  readonly #reconnects: Record<Role, number> = { publisher: 0, subscriber: 0 };
  #readyAt: number | null = null;
  #corrupt = 0;
  #foreign = 0;
  #unfit: Observation["unfit"] = "none";
  #landing = false;
  #land = (): void => {};

  constructor(order: JourneyOrder, plan: DialoguePlan) {
    const { outside, target, region } = order;
    this.#order = order;
    this.#timer = new OneTimer(outside, null);
    this.#plan = plan;
    this.#question = order.channelOf(region, "dialogue", "ask");
    this.#answer = order.channelOf(region, "dialogue", "answer");
    // Built before anything is sent: CPU work between stamp and send would count as the service's latency.
    this.#runId = hexOf(outside.random(8));
    this.#payloads = sizesOf(plan.turns, target.payloadBytes, plan.payloadBytesLast).map((bytes, turn) =>
      payloadOf(this.#runId, turn, hexOf(outside.random(8)), bytes),
    );
    this.#sentAt = this.#payloads.map(() => null);
    this.#receivedAt = this.#payloads.map(() => null);
    this.#failures = this.#payloads.map(() => null);
  }

  async run(): Promise<Observation> {
    const { outside, target } = this.#order;
    const startedAt = outside.now();
    const watch = watchClock(outside, () => this.#finish());
    const tries = await Promise.allSettled(ROLES.map((role) => this.#open(role, target.connectDeadlineMs)));
    const refusal = tries.find((each) => each.status === "rejected");
    let failure: Failure | null = null;
    if (refusal === undefined) {
      await this.#talk();
    } else {
      const leftMs = startedAt + target.connectDeadlineMs + target.deadlineMs - outside.now();
      failure = await diagnosed(this.#order, asFailure(refusal.reason), leftMs);
      this.#unfit = unfitOf(failure);
    }
    this.#finish();
    const noticed = watch.stop();
    await Promise.all(this.#opened.map((session) => session.close()));
    return {
      startedAt,
      readyAt: this.#readyAt,
      endedAt: outside.now(),
      connects: this.#connects,
      messages: this.#messages(),
      arrivals: this.#arrivals,
      corrupt: this.#corrupt,
      foreign: this.#foreign,
      heard: null,
      reconnects: this.#reconnects.publisher + this.#reconnects.subscriber,
      failure,
      unfit: noticed === "none" ? this.#unfit : noticed,
    };
  }

  /** A session of one side, subscribed; rejects with a Failure when it is not there within `leftMs`. */
  async #open(role: Role, leftMs: number): Promise<void> {
    const { outside } = this.#order;
    const byAt = outside.now() + leftMs;
    const session = await openWithin(this.#order, role, leftMs).catch((problem: unknown) => {
      const failure = asFailure(problem);
      this.#connects.push({ failure });
      throw failure;
    });
    // A reconnect that outlasts the round: nobody else would close it.
    if (this.#landing) return session.close();
    this.#connects.push(observedSession(session));
    this.#opened.push(session);
    const end: { failure: Failure | null } = { failure: null };
    session.onClosed((failure) => {
      end.failure = failure;
      if (this.#sides.get(role) === session) this.#broke(role, failure);
    });
    const left = byAt - outside.now();
    if (role === "subscriber") {
      await subscribeWithin(outside, session, this.#question, left, (message) => this.#asked(session, message));
    } else if (session.onReply === undefined) {
      await subscribeWithin(outside, session, this.#answer, left, (message) => this.#answered(message));
    } else {
      // Request and reply: the service's own way back, and the other side answers by itself.
      session.onReply((message) => this.#answered(message));
    }
    if (end.failure !== null) throw end.failure;
    if (this.#landing) return;
    this.#sides.set(role, session);
    this.#missing.delete(role);
  }

  #talk(): Promise<void> {
    this.#readyAt = this.#order.outside.now();
    return new Promise((resolve) => {
      this.#land = resolve;
      // Ended between the last subscription and here, or the clock was stepped: then this settles at once.
      if (this.#landing) resolve();
      else this.#askFrom(0);
    });
  }

  /** Asks what is due now and arms the next by the schedule, however late this call came. */
  #askFrom(first: number): void {
    const { outside, target } = this.#order;
    for (let turn = first; !this.#landing; turn++) {
      const payload = this.#payloads[turn];
      if (payload === undefined) {
        if (this.#isComplete()) return;
        this.#timer.arm(this.#intendedAt(turn - 1) + target.deadlineMs - outside.now() + 1, () => this.#finish());
        return;
      }
      const dueInMs = this.#intendedAt(turn) - outside.now();
      if (dueInMs > 0) {
        this.#timer.arm(dueInMs, () => this.#askFrom(turn));
        return;
      }
      this.#ask(turn, payload);
    }
  }

  #ask(turn: number, payload: Uint8Array): void {
    const [why] = this.#missing.values();
    const asker = this.#sides.get("publisher");
    if (why !== undefined || asker === undefined) {
      this.#refuse(turn, why ?? null);
      return;
    }
    const { sentAt, answer } = asker.publish(this.#question, payload);
    this.#sentAt[turn] = sentAt;
    void answer.then((word) => (word.kind === "refused" ? this.#refuse(turn, word.failure) : undefined));
  }

  /** The answerer's part: the same bytes back, whole or not at all. */
  #asked(session: Session, { data }: Incoming): void {
    const reading = readPayload(data, this.#runId, this.#payloads);
    if (this.#landing) return;
    if (reading.kind !== "ours") return this.#strange(reading.kind);
    const { answer } = session.publish(this.#answer, data);
    void answer.then((word) => (word.kind === "refused" ? this.#refuse(reading.seq, word.failure) : undefined));
  }

  #answered({ data, receivedAt }: Incoming): void {
    const reading = readPayload(data, this.#runId, this.#payloads);
    if (reading.kind !== "ours") return this.#strange(reading.kind);
    if (this.#broken.has(reading.seq)) return;
    this.#arrivals.push(reading.seq);
    this.#receivedAt[reading.seq] ??= receivedAt;
    this.#endIfComplete();
  }

  #strange(kind: "corrupt" | "foreign"): void {
    if (kind === "corrupt") this.#corrupt += 1;
    else this.#foreign += 1;
  }

  /** An arrival beats it; `outcomes.ts` sees to that. The first reason stays. */
  #refuse(turn: number, failure: Failure | null): void {
    if (this.#landing) return;
    this.#failures[turn] ??= failure;
    this.#endIfComplete();
  }

  /** The service ended a session: what is under way is an error, and what comes next waits for nothing. */
  #broke(role: Role, failure: Failure): void {
    if (this.#landing) return;
    const { outside, target } = this.#order;
    this.#sides.delete(role);
    this.#missing.set(role, failure);
    const now = outside.now();
    this.#payloads.forEach((_, turn) => {
      const isUnderWay = this.#sentAt[turn] !== null && this.#receivedAt[turn] === null;
      // One whose deadline has passed is lost already, and stays so.
      if (!isUnderWay || now > this.#intendedAt(turn) + target.deadlineMs) return;
      this.#failures[turn] ??= failure;
      this.#broken.add(turn);
    });
    this.#endIfComplete();
    void this.#mend(role, failure);
  }

  /** Once for each break, and only while there are turns to come. */
  async #mend(role: Role, why: Failure): Promise<void> {
    const { outside, target } = this.#order;
    const turnsToCome = this.#sentAt.some((at, turn) => at === null && this.#failures[turn] === null);
    if (this.#readyAt !== null && !turnsToCome) return;
    const leftMs = this.#intendedAt(this.#plan.turns - 1) + target.deadlineMs - outside.now();
    if (this.#reconnects[role] >= RECONNECTS_MAX || leftMs <= 0) return this.#giveUp(role, why);
    this.#reconnects[role] += 1;
    try {
      await this.#open(role, Math.min(target.connectDeadlineMs, leftMs));
    } catch (problem) {
      const endsAt = this.#intendedAt(this.#plan.turns - 1) + target.deadlineMs;
      this.#giveUp(role, await diagnosed(this.#order, asFailure(problem), endsAt - outside.now()));
    }
  }

  /** No session any more: no turn that is still to come can be anything but an error. */
  #giveUp(role: Role, why: Failure): void {
    if (this.#landing) return;
    this.#missing.set(role, why);
    if (this.#unfit === "none") this.#unfit = unfitOf(why);
    this.#sentAt.forEach((at, turn) => {
      if (at === null) this.#failures[turn] ??= why;
    });
    this.#endIfComplete();
  }

  #isComplete(): boolean {
    return this.#receivedAt.every((at, turn) => at !== null || this.#failures[turn] !== null);
  }

  #endIfComplete(): void {
    if (!this.#landing && this.#readyAt !== null && this.#isComplete()) this.#timer.linger(() => this.#finish());
  }

  #intendedAt(turn: number): number {
    return (this.#readyAt ?? this.#order.outside.now()) + turn * this.#plan.gapMs;
  }

  #finish(): void {
    this.#landing = true;
    this.#timer.callOff();
    this.#land();
  }

  #messages(): ObservedMessage[] {
    if (this.#readyAt === null) return [];
    return this.#payloads.map((_, seq) => ({
      seq,
      intendedAt: this.#intendedAt(seq),
      sentAt: this.#sentAt[seq] ?? null,
      receivedAt: this.#receivedAt[seq] ?? null,
      failure: this.#failures[seq] ?? null,
    }));
  }
}
