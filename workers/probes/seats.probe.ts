// Seats of a room that one object holds: each is a session that subscribes to the room and hears every message. Fills them
// through the gate, tells at once what happens in each, and leaves when told to or when its time is up, whoever asked.

import { HANDSHAKES_AT_ONCE, openGate } from "./gate.ts";
import type { Failure, Gate, Session } from "./driver.ts";
import { asFailure, observedSession } from "./attempts.ts";
import { failed } from "./failure.ts";
import { readPayload } from "./payload.ts";
import type { SeatEvent, Sitting } from "./rows.ts";
import { openWithin, subscribeWithin } from "./session.probe.ts";
import type { Way } from "./session.probe.ts";

export class Seats {
  readonly #way: Way;
  readonly #sitting: Sitting;
  readonly #tell: (event: SeatEvent, at: number) => void;
  /** Two of an object's six handshakes might else wait unseen: how long each waits here is reported. */
  readonly #door: Gate;
  readonly #sessions = new Set<Session>();
  readonly #joinedBy: number;
  readonly #callOff: () => void;
  readonly left: Promise<void>;
  #sayLeft = (): void => {};
  #leaving = false;

  /** `tell` is called with what happens and when, ms since the epoch on this object's clock. */
  constructor(way: Way, sitting: Sitting, tell: (event: SeatEvent, at: number) => void) {
    const { outside } = way;
    this.#way = way;
    this.#sitting = sitting;
    this.#tell = tell;
    this.#door = openGate(outside.now, HANDSHAKES_AT_ONCE);
    this.#joinedBy = outside.now() + sitting.joinMs;
    this.#callOff = outside.after(sitting.sitMs, () => void this.leave());
    this.left = new Promise((resolve) => (this.#sayLeft = resolve));
  }

  /** Begins; everything that comes of it is told. */
  fill(): void {
    for (let i = 0; i < this.#sitting.seats; i++) void this.#join(this.#sitting.first + i);
  }

  /** Closes every session; settles when all are closed. Idempotent. */
  async leave(): Promise<void> {
    if (!this.#leaving) {
      this.#leaving = true;
      this.#callOff();
      await Promise.all(Array.from(this.#sessions, (session) => session.close()));
      this.#sayLeft();
    }
    await this.left;
  }

  /** A place at the door is held until the handshake is over, whether it went well or not; the login needs none. */
  async #join(seat: number): Promise<void> {
    const { outside } = this.#way;
    const askedAt = outside.now();
    await this.#door.run(
      () => new Promise<void>((over) => void this.#sitDown(seat, outside.now() - askedAt, over).finally(over)),
    );
  }

  async #sitDown(seat: number, waitedMs: number, handshakeOver: () => void): Promise<void> {
    const { outside, context } = this.#way;
    const gate: Gate = { run: (handshake) => context.gate.run(handshake).finally(handshakeOver) };
    let session: Session | null = null;
    let sits = false;
    const end: { failure: Failure | null } = { failure: null };
    try {
      if (this.#leftMs() <= 0) throw failed("timeout", "connect", "its turn came after the deadline for joining");
      session = await openWithin(this.#way, "subscriber", this.#leftMs(), gate);
      this.#sessions.add(session);
      if (this.#leaving) return await session.close();
      session.onClosed((failure) => {
        end.failure = failure;
        if (sits) this.#say({ kind: "ended", seat, failure });
      });
      const { timing, connectMs } = observedSession(session);
      const askedAt = outside.now();
      // Connect and subscribe share one deadline; what the connect has used is gone.
      const leftMs = Math.min(this.#leftMs(), context.deadlines.connectMs - connectMs);
      await subscribeWithin(outside, session, this.#sitting.channel, leftMs, ({ data, receivedAt }) =>
        this.#heard(seat, data, receivedAt),
      );
      if (end.failure !== null) throw end.failure;
      sits = true;
      const queuedMs = timing.queuedMs + waitedMs;
      const joinMs = connectMs + (outside.now() - askedAt);
      this.#say({ kind: "joined", seat, timing: { ...timing, queuedMs }, joinMs });
    } catch (problem) {
      this.#say({ kind: "refused", seat, failure: asFailure(problem) });
      await session?.close();
    }
  }

  #heard(seat: number, data: Uint8Array, receivedAt: number): void {
    const { runId, payloads } = this.#sitting;
    const reading = readPayload(data, runId, payloads);
    if (reading.kind === "ours") this.#say({ kind: "heard", seat, message: reading.seq }, receivedAt);
    else this.#say({ kind: reading.kind, seat }, receivedAt);
  }

  #say(event: SeatEvent, at = this.#way.outside.now()): void {
    if (!this.#leaving) this.#tell(event, at);
  }

  #leftMs(): number {
    return this.#joinedBy - this.#way.outside.now();
  }
}
