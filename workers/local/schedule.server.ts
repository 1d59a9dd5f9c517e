// Runs things at instants of the monotonic clock, as exactly as Node can, and those of one instant in the order in which
// they were asked for. Owns one timer. Called by the network simulator, which makes a network's delays of it.

export interface Schedule {
  /** Runs at `dueMs` on the scale of `performance.now()`; at once when that is not in the future. */
  at(dueMs: number, run: () => void): void;
  /** Forgets everything that has not run. */
  clear(): void;
}

/**
 * setTimeout counts whole milliseconds and comes up to one and a bit late, so it is asked to wake us this much early and
 * the rest is passed in turns of the event loop, which goes on with its I/O meanwhile.
 */
const EARLY_MS = 2;

/** A schedule with nothing in it. It keeps the process alive only while something is due. */
export function startSchedule(): Schedule {
  let queue: { dueMs: number; run: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  let running = false;

  function runDue(): void {
    // What runs may ask for more; that is taken up by this very loop, in its place.
    if (running) return;
    running = true;
    try {
      for (let head = queue[0]; head !== undefined && head.dueMs <= performance.now(); head = queue[0]) {
        queue.shift();
        head.run();
      }
    } finally {
      running = false;
      arm();
    }
  }

  function arm(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    const head = queue[0];
    if (head === undefined) return;
    const waitMs = head.dueMs - performance.now() - EARLY_MS;
    if (waitMs >= 1) timer = setTimeout(runDue, Math.floor(waitMs));
    else turn = setImmediate(runDue);
  }

  return {
    at(dueMs, run) {
      // From the back: almost everything is due later than what is waiting already.
      let place = queue.length;
      while (place > 0 && (queue[place - 1] as { dueMs: number }).dueMs > dueMs) place -= 1;
      queue.splice(place, 0, { dueMs, run });
      if (place === 0 || dueMs <= performance.now()) runDue();
    },
    clear() {
      queue = [];
      arm();
    },
  };
}
