// Journey `room`: one publisher, N subscribers; each message to each of them is a delivery. First the room fills, then the
// publisher sends on a fixed open schedule. Delivery s x messages + m is message m in seat s, so that order and duplicates
// are each subscriber's own. This object holds the publisher and the first seats; what it does not hold itself others do
// (`room-rows.probe.ts`): their arrivals are stamped here when they are reported, an upper bound by one call within the
// region, because clocks of two objects are never subtracted.

import { hexOf } from "../config/hex.ts";
import { ROOM_PER_OBJECT } from "../config/journeys.ts";
import type { JourneyPlan } from "../config/config.ts";
import { within } from "../outside.ts";
import { asFailure, unfitOf } from "./attempts.ts";
import { Deliveries } from "./deliveries.ts";
import type { Failure, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import type { JourneyOrder } from "./journey-order.probe.ts";
import { OneTimer } from "./one-timer.probe.ts";
import type { Observation, ObservedConnect } from "./observation.ts";
import { payloadOf } from "./payload.ts";
import type { FurtherRows, Row, SeatEvent, Sitting } from "./rows.ts";
import { Seats } from "./seats.probe.ts";
import { diagnosed, openWithin } from "./session.probe.ts";
import { watchClock } from "./watch.probe.ts";

export type RoomPlan = Extract<JourneyPlan, { journey: "room" }>;

/** Within the half second that a round has for closing. */
const LEAVE_MS = 400;

const LATE = failed("timeout", "connect", "not in the room by the deadline for joining", { transient: true });

/** Never rejects. Takes at most joinDeadline + (messages - 1) gaps + deadline + 0.5 s. */
export function runRoom(order: JourneyOrder, plan: RoomPlan): Promise<Observation> {
  return new Room(order, plan).run();
}

class Room {
  readonly #order: JourneyOrder;
  readonly #timer: OneTimer;
  readonly #plan: RoomPlan;
  readonly #runId: string;
  readonly #payloads: readonly Uint8Array[];
  readonly #channel: string;
  readonly #deliveries: Deliveries;
  readonly #connects: ObservedConnect[] = [];
  #readyAt: number | null = null;
  #closed: Failure | null = null;
  #unfit: Observation["unfit"] = "none";
  #filled = (): void => {};
  #land = (): void => {};
  #landing = false;

  constructor(order: JourneyOrder, plan: RoomPlan) {
    const { outside, target, region } = order;
    this.#order = order;
    this.#timer = new OneTimer(outside, null);
    this.#plan = plan;
    this.#channel = order.channelOf(region, "room");
    this.#runId = hexOf(outside.random(8));
    this.#payloads = Array.from({ length: plan.messages }, (_, message) =>
      payloadOf(this.#runId, message, hexOf(outside.random(8)), target.payloadBytes),
    );
    this.#deliveries = new Deliveries(plan.subscribers, plan.messages);
  }

  async run(): Promise<Observation> {
    const { outside } = this.#order;
    const startedAt = outside.now();
    const watch = watchClock(outside, () => this.#finish());
    let failure: Failure | null = null;
    // First at the door: without it there is no room.
    const opening = this.#openPublisher().catch((problem: unknown) => {
      failure = asFailure(problem);
      return null;
    });
    const { own, rows } = this.#askForSeats();
    const filled = this.#fill();
    own.fill();
    const publisher = await opening;
    if (publisher !== null) {
      await filled;
      if (this.#deliveries.hasJoined) await this.#fly(publisher);
    }
    this.#finish();
    const noticed = watch.stop();
    for (const row of rows) row.leave();
    const leaving = Promise.all([own.leave(), publisher?.close(), ...rows.map((row) => row.left)]);
    await within(outside, LEAVE_MS, "the room's end", leaving).catch(() => {});
    const until = startedAt + this.#journeyMs();
    failure = failure === null ? this.#closed : await this.#refine(failure, until);
    if (failure !== null && this.#unfit === "none") this.#unfit = unfitOf(failure);
    await this.#refineSeats(until);
    return {
      startedAt,
      readyAt: this.#readyAt,
      endedAt: outside.now(),
      connects: this.#connects,
      messages: publisher === null ? [] : this.#deliveries.observed((message) => this.#intendedAt(message, startedAt)),
      arrivals: this.#deliveries.arrivals(),
      ...this.#deliveries.strangers,
      heard: null,
      reconnects: 0,
      failure,
      unfit: noticed === "none" ? this.#unfit : noticed,
    };
  }

  #journeyMs(): number {
    const { joinDeadlineMs, messages, gapMs } = this.#plan;
    return joinDeadlineMs + (messages - 1) * gapMs + this.#order.target.deadlineMs;
  }

  /** The first seats here, the others in rows of as many as one object may hold. */
  #askForSeats(): { own: Seats; rows: Row[] } {
    const { further } = this.#order;
    const { subscribers, joinDeadlineMs } = this.#plan;
    const here = further === undefined ? subscribers : Math.min(subscribers, ROOM_PER_OBJECT);
    const common = {
      channel: this.#channel,
      runId: this.#runId,
      payloads: this.#payloads,
      joinMs: joinDeadlineMs,
      sitMs: this.#journeyMs(),
    };
    const rows = further === undefined ? [] : this.#furtherRows(further, here, common);
    const own = new Seats(this.#order, { ...common, first: 0, seats: here }, (event, at) => this.#notice(event, at));
    return { own, rows };
  }

  #furtherRows(further: FurtherRows, here: number, common: Omit<Sitting, "first" | "seats">): Row[] {
    const rows: Row[] = [];
    for (let first = here; first < this.#plan.subscribers; first += ROOM_PER_OBJECT) {
      const seats = Math.min(ROOM_PER_OBJECT, this.#plan.subscribers - first);
      const row = further(rows.length + 1, { ...common, first, seats }, (events) => {
        const at = this.#order.outside.now();
        for (const event of events) this.#notice(event, at);
      });
      // An object that ends before it was asked to can not be had: that is our own fault, not the service's.
      void row.left.then(() => this.#goneFrom(first, seats));
      rows.push(row);
    }
    return rows;
  }

  #openPublisher(): Promise<Session> {
    const leftMs = Math.min(this.#order.target.connectDeadlineMs, this.#plan.joinDeadlineMs);
    return openWithin(this.#order, "publisher", leftMs).then((session) => {
      session.onClosed((failure) => this.#publisherClosed(failure));
      return session;
    });
  }

  /** Settles when nobody is awaited any more: who has not joined by the deadline is refused. */
  #fill(): Promise<void> {
    return new Promise((resolve) => {
      this.#filled = () => {
        this.#timer.callOff();
        resolve();
      };
      this.#timer.arm(this.#plan.joinDeadlineMs, () => {
        for (const seat of this.#deliveries.awaited()) this.#refuse(seat, LATE);
        this.#filled();
      });
    });
  }

  #fly(publisher: Session): Promise<void> {
    this.#readyAt = this.#order.outside.now();
    return new Promise((resolve) => {
      this.#land = resolve;
      if (this.#landing) resolve();
      else if (this.#closed !== null) this.#finish();
      else this.#sendFrom(0, publisher);
    });
  }

  #sendFrom(first: number, publisher: Session): void {
    const { outside, target } = this.#order;
    for (let message = first; !this.#landing && this.#closed === null; message++) {
      const payload = this.#payloads[message];
      if (payload === undefined) {
        const leftMs = this.#intendedAt(message - 1) + target.deadlineMs - outside.now() + 1;
        if (!this.#deliveries.isComplete) this.#timer.arm(leftMs, () => this.#finish());
        return;
      }
      const dueInMs = this.#intendedAt(message) - outside.now();
      if (dueInMs > 0) {
        this.#timer.arm(dueInMs, () => this.#sendFrom(message, publisher));
        return;
      }
      const { sentAt, answer } = publisher.publish(this.#channel, payload);
      this.#deliveries.send(message, sentAt);
      void answer.then((word) =>
        word.kind === "refused" ? this.#book(() => this.#deliveries.refuse(message, word.failure)) : undefined,
      );
    }
  }

  #notice(event: SeatEvent, at: number): void {
    const { seat } = event;
    if (this.#landing || !this.#deliveries.isOpen(seat)) return;
    switch (event.kind) {
      case "joined":
        this.#connects.push({ timing: event.timing, connectMs: event.joinMs });
        this.#deliveries.join(seat);
        return this.#fillIfAll();
      case "refused":
        return this.#refuse(seat, event.failure);
      case "ended":
        return this.#book(() => this.#deliveries.end(seat, event.failure));
      case "heard":
        return this.#book(() => this.#deliveries.hear(seat, event.message, at));
      case "corrupt":
      case "foreign":
        this.#deliveries.hearStranger(event.kind);
    }
  }

  #refuse(seat: number, failure: Failure): void {
    this.#connects.push({ failure });
    if (this.#unfit === "none") this.#unfit = unfitOf(failure);
    this.#deliveries.end(seat, failure);
    this.#fillIfAll();
  }

  #goneFrom(first: number, seats: number): void {
    if (this.#landing) return;
    this.#unfit = "platform";
    this.#book(() => {
      for (let seat = first; seat < first + seats; seat++) {
        if (this.#deliveries.isOpen(seat)) this.#deliveries.lose(seat);
      }
    });
    this.#fillIfAll();
  }

  #fillIfAll(): void {
    if (this.#readyAt === null && this.#deliveries.awaited().length === 0) this.#filled();
  }

  /** Enters something; the round lingers from the moment on when nothing more is to be expected. */
  #book(enter: () => void): void {
    if (this.#landing) return;
    const wasComplete = this.#deliveries.isComplete;
    enter();
    if (wasComplete || !this.#deliveries.isComplete || this.#readyAt === null) return;
    this.#timer.linger(() => this.#finish());
  }

  /** Nothing more is sent, yet what is out may still arrive until its deadline. */
  #publisherClosed(failure: Failure): void {
    if (this.#landing || this.#closed !== null) return;
    this.#closed = failure;
    if (this.#readyAt === null) return;
    const { sent } = this.#deliveries;
    const { outside, target } = this.#order;
    const leftMs = this.#intendedAt(sent - 1) + target.deadlineMs - outside.now() + 1;
    this.#timer.arm(sent === 0 ? 0 : leftMs, () => this.#finish());
    this.#book(() => this.#deliveries.stop());
  }

  /** `otherwise`: where the room never was ready. */
  #intendedAt(message: number, otherwise = 0): number {
    return this.#readyAt === null ? otherwise : this.#readyAt + message * this.#plan.gapMs;
  }

  #finish(): void {
    this.#landing = true;
    this.#timer.callOff();
    this.#filled();
    this.#land();
  }

  /** Refused seats are alike: one layered look for each sort of them, after the round, where there is time. */
  async #refineSeats(until: number): Promise<void> {
    const looked = new Map<string, Failure>();
    await this.#deliveries.refine(async (failure) => {
      if (failure.sure) return failure;
      const sort = `${failure.phase} ${failure.kind}`;
      const better = looked.get(sort) ?? (await this.#refine(failure, until));
      looked.set(sort, better);
      return better;
    });
  }

  #refine(failure: Failure, until: number): Promise<Failure> {
    return diagnosed(this.#order, failure, until - this.#order.outside.now());
  }
}
