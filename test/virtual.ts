// An outside that the test holds: a clock that moves only when it is told to, timers that fire in order, seeded chance,
// and no network at all. Deterministic: the same seed gives the same run.

import type { Outside, Reach } from "../workers/outside.ts";
import { between, mulberry32 } from "./random.ts";

export interface VirtualOutside extends Outside {
  /** Fires everything that is due in the next `ms`, in order, letting promises settle between. */
  run(ms: number): Promise<void>;
  /** The process stands still: time passes and nothing fires. */
  stall(ms: number): void;
  /** The clock is set to another time, which timers do not notice. */
  stepClock(ms: number): void;
}

export function virtualOutside(startAt: number, seed = 7): VirtualOutside {
  const random = mulberry32(seed);
  const timers = new Map<number, { at: number; callback: () => void }>();
  let elapsed = 0;
  let clockOffset = startAt;
  let made = 0;
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return {
    now: () => clockOffset + elapsed,
    random: (bytes) => Uint8Array.from({ length: bytes }, () => between(random, 0, 255)),
    fetch: () => Promise.reject(new Error("there is no network here")),
    dial: () => {
      throw new Error("there is no network here");
    },
    secure: () => {
      throw new Error("there is no network here");
    },
    reach: (): Promise<Reach> => Promise.resolve("tcp"),
    after(delayMs, callback) {
      const id = (made += 1);
      timers.set(id, { at: elapsed + Math.max(0, delayMs), callback });
      return () => void timers.delete(id);
    },
    stall: (ms) => void (elapsed += ms),
    stepClock: (ms) => void (clockOffset += ms),
    async run(ms) {
      const until = elapsed + ms;
      for (let turns = 0; turns < 100_000; turns++) {
        await settle();
        const next = [...timers]
          .filter(([, timer]) => timer.at <= until)
          .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (next === undefined) {
          elapsed = until;
          return;
        }
        timers.delete(next[0]);
        elapsed = Math.max(elapsed, next[1].at);
        next[1].callback();
      }
      throw new Error("the timers never end");
    },
  };
}
