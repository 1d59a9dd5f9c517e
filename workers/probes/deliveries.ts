// The books of a room: what became of each seat and of each delivery, and whether anything is still to be expected. A
// delivery is numbered seat x messages + message, so that order and duplicates are each subscriber's own. No clock, no
// network; instants are arguments. Kept by `room.probe.ts`.

import type { Failure } from "./driver.ts";
import type { ObservedMessage } from "./observation.ts";

/** Duplicates and strangers beyond this many for each delivery are not noted: a storm must not fill the memory. */
const NOTED_MAX = 4;

type Seat =
  /** `gone`: with the object that held it, which is our own fault. */
  | { readonly is: "awaited" | "joined" | "gone" }
  /** `from`: the first message that was not sent to it. */
  | { readonly is: "out"; readonly failure: Failure; readonly from: number };

export class Deliveries {
  readonly #messages: number;
  readonly #seats: Seat[];
  readonly #sentAt: (number | null)[];
  readonly #refusals: (Failure | null)[];
  readonly #receivedAt: (number | null)[];
  readonly #arrivals: number[][];
  /** Deliveries of which nothing more is to be expected. */
  readonly #settled: Uint8Array;
  #open: number;
  #noted = 0;
  readonly strangers = { corrupt: 0, foreign: 0 };

  constructor(seats: number, messages: number) {
    this.#messages = messages;
    this.#open = seats * messages;
    this.#seats = Array.from({ length: seats }, (): Seat => ({ is: "awaited" }));
    this.#sentAt = Array.from({ length: messages }, () => null);
    this.#refusals = this.#sentAt.map(() => null);
    this.#receivedAt = Array.from({ length: this.#open }, () => null);
    this.#settled = new Uint8Array(this.#open);
    this.#arrivals = this.#seats.map(() => []);
  }

  /** How many messages have been sent. */
  get sent(): number {
    return this.#sentAt.filter((at) => at !== null).length;
  }

  /** Whether nothing more is to be expected. */
  get isComplete(): boolean {
    return this.#open === 0;
  }

  /** Whether something may still happen in a seat. */
  isOpen(seat: number): boolean {
    const { is } = this.#seats[seat] ?? {};
    return is === "awaited" || is === "joined";
  }

  /** Seats of which it is not known yet whether they will be filled. */
  awaited(): number[] {
    return this.#seats.flatMap((seat, number) => (seat.is === "awaited" ? [number] : []));
  }

  get hasJoined(): boolean {
    return this.#seats.some((seat) => seat.is === "joined");
  }

  join(seat: number): void {
    this.#seats[seat] = { is: "joined" };
  }

  /** What was sent to it and has not come is lost; what comes next is refused. */
  end(seat: number, failure: Failure): void {
    this.#seats[seat] = { is: "out", failure, from: this.#seats[seat]?.is === "joined" ? this.sent : 0 };
    this.#settleSeat(seat);
  }

  /** What had not been reported of it proves nothing about the service. */
  lose(seat: number): void {
    this.#seats[seat] = { is: "gone" };
    this.#settleSeat(seat);
  }

  send(message: number, at: number): void {
    this.#sentAt[message] = at;
  }

  /** The service's word on one message: nobody will hear it. */
  refuse(message: number, failure: Failure): void {
    this.#refusals[message] = failure;
    this.#settleMessage(message);
  }

  /** Nothing more will be sent. */
  stop(): void {
    for (let message = this.sent; message < this.#messages; message++) this.#settleMessage(message);
  }

  hear(seat: number, message: number, at: number): void {
    const delivery = seat * this.#messages + message;
    if (this.#receivedAt[delivery] !== null && !this.#isNoted()) return;
    this.#receivedAt[delivery] ??= at;
    this.#arrivals[seat]?.push(delivery);
    this.#settle(delivery);
  }

  hearStranger(kind: "corrupt" | "foreign"): void {
    if (this.#isNoted()) this.strangers[kind] += 1;
  }

  /** Looks at each seat that is out once more. */
  async refine(look: (failure: Failure) => Promise<Failure>): Promise<void> {
    for (const [number, seat] of this.#seats.entries()) {
      if (seat.is === "out") this.#seats[number] = { ...seat, failure: await look(seat.failure) };
    }
  }

  /** Each subscriber's, one after the other. */
  arrivals(): number[] {
    return this.#arrivals.flat();
  }

  observed(intendedAt: (message: number) => number): ObservedMessage[] {
    return this.#seats.flatMap((seat, number) =>
      this.#sentAt.map((sentAt, message): ObservedMessage => {
        const seq = number * this.#messages + message;
        const isRefused = seat.is === "out" && message >= seat.from;
        const wasThere = seat.is === "joined" || (seat.is === "out" && !isRefused);
        return {
          seq,
          intendedAt: intendedAt(message),
          sentAt: wasThere ? sentAt : null,
          receivedAt: this.#receivedAt[seq] ?? null,
          failure: isRefused ? seat.failure : (this.#refusals[message] ?? null),
        };
      }),
    );
  }

  #settleSeat(seat: number): void {
    for (let message = 0; message < this.#messages; message++) this.#settle(seat * this.#messages + message);
  }

  #settleMessage(message: number): void {
    for (let seat = 0; seat < this.#seats.length; seat++) this.#settle(seat * this.#messages + message);
  }

  #settle(delivery: number): void {
    if (this.#settled[delivery] === 1) return;
    this.#settled[delivery] = 1;
    this.#open -= 1;
  }

  #isNoted(): boolean {
    this.#noted += 1;
    return this.#noted <= NOTED_MAX * this.#receivedAt.length;
  }
}
