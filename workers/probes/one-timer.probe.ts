// The one timer of a round that is on its way: whatever comes next replaces what was armed. Notices when it fires at an
// impossible moment, which is never the service's doing, and lingers once at the end, however often it is asked to.

import type { UnfitReason } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";

/** A round closes this long after its last message has arrived: long enough to see a duplicate. */
const LINGER_MS = 250;
/** A timer that comes this late, or this early: the clock was stepped, or this process stood still. */
const STALL_MS = 1_000;

export class OneTimer {
  readonly #outside: Outside;
  readonly #onImpossible: ((unfit: UnfitReason) => void) | null;
  #isLingering = false;
  #callOff = (): void => {};

  /**
   * `onImpossible` gets "scheduler_lag" before the late call is made, and "clock_step" in place of it: the schedule is then
   * in a time that will not come for so long, and waiting for it would hang the round. Null where the round's clock is
   * watched by a pulse (watch.probe.ts).
   */
  constructor(outside: Outside, onImpossible: ((unfit: UnfitReason) => void) | null) {
    this.#outside = outside;
    this.#onImpossible = onImpossible;
  }

  /** What is due already comes at once, in a turn of its own. */
  arm(delayMs: number, then: () => void): void {
    this.callOff();
    const inMs = Math.max(0, delayMs);
    const dueAt = this.#outside.now() + inMs;
    this.#callOff = this.#outside.after(inMs, () => {
      const lateMs = this.#outside.now() - dueAt;
      if (this.#onImpossible !== null && lateMs < -STALL_MS) return this.#onImpossible("clock_step");
      if (lateMs > STALL_MS) this.#onImpossible?.("scheduler_lag");
      then();
    });
  }

  /** Arms the end, once: else duplicates without end would keep a round open without end. */
  linger(end: () => void): void {
    if (this.#isLingering) return;
    this.arm(LINGER_MS, end);
    this.#isLingering = true;
  }

  callOff(): void {
    this.#callOff();
    this.#isLingering = false;
  }
}
