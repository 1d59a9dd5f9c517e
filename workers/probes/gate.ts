// The door for handshakes: six at most may wait for an answer in one Durable Object (platform limit: six connections
// waiting for response headers; the seventh queues unseen). Queueing here is counted, and never part of connect time.

import type { Gate } from "./driver.ts";

export const HANDSHAKES_AT_ONCE = 6;

/** A gate for one object. `now` in ms. First come, first served; a handshake that fails frees its place too. */
export function openGate(now: () => number, places: number = HANDSHAKES_AT_ONCE): Gate {
  let free = places;
  const queue: (() => void)[] = [];
  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async run(handshake) {
      const askedAt = now();
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => void queue.push(resolve));
      const queuedMs = now() - askedAt;
      try {
        return { value: await handshake(), queuedMs };
      } finally {
        leave();
      }
    },
  };
}
