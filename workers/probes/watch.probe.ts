// Whether a round's clock can be believed: a pulse of timers that notices when this process stood still or its clock was
// stepped. Either makes the round prove nothing, and a step back would hang it: the schedule is then far ahead.

import type { UnfitReason } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";

const PULSE_MS = 250;
/** As in one-timer.probe.ts: a timer that comes this late or early was not the service's doing. */
const STALL_MS = 1_000;

export interface Watch {
  /** Ends it, and answers what it noticed. */
  stop(): UnfitReason;
}

/** Begins at once; `onStepBack` is called once at most, and the pulse ends with it. */
export function watchClock(outside: Outside, onStepBack: () => void): Watch {
  let unfit: UnfitReason = "none";
  let callOff = (): void => {};
  let dueAt = 0;
  const look = (): void => {
    const lateMs = outside.now() - dueAt;
    // Before the next beat it is not late at all; a whole pulse early is what it may be between two of them.
    if (lateMs < -STALL_MS - PULSE_MS) unfit = "clock_step";
    else if (lateMs > STALL_MS) unfit = "scheduler_lag";
  };
  const beat = (): void => {
    dueAt = outside.now() + PULSE_MS;
    callOff = outside.after(PULSE_MS, () => {
      look();
      if (unfit === "clock_step") onStepBack();
      else beat();
    });
  };
  beat();
  return {
    stop() {
      callOff();
      // What happened since the last beat counts as well.
      look();
      return unfit;
    },
  };
}
