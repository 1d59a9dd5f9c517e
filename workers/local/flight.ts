// Remembers each message between its way up (publisher to broker) and its ways down (broker to subscribers), since MQTT
// itself carries nothing by which a subscriber's copy could be told from another message's. Matched by topic and payload
// key. No clock, no network. Called by the network simulator only.

import type { Fate } from "./fault.ts";
import type { LedgerEntry } from "./ledger.ts";

export interface Flight {
  readonly entry: LedgerEntry;
  readonly fate: Fate;
  /** Monotonic instant of `entry.seenAt`, ms. */
  readonly seenMs: number;
}

export interface Flights {
  /** A message went up. */
  up(topic: string, key: string, flight: Flight): void;
  /** Whether a message with this name is known: a retransmission (DUP) is no new message. */
  knows(topic: string, key: string): boolean;
  /**
   * A message comes down to connection `to`, which opened when `since` messages had gone up: the oldest with this name
   * that it has not had yet. Null for what never came up here: the broker's own, or retained from before.
   */
  down(topic: string, key: string, to: number, since: number): Flight | null;
  /** How many have gone up so far. */
  count(): number;
}

/**
 * A message is matched when the broker hands it on, milliseconds after it went up (a fault's delay comes later), so this
 * is 10 s of 2,000 messages a second. Older ones are forgotten; one that still came down would pass unharmed, unentered.
 */
export const FLIGHT_CAP = 20_000;

/** An empty memory of at most `cap` messages. */
export function createFlights(cap: number = FLIGHT_CAP): Flights {
  interface Known extends Flight {
    readonly ordinal: number;
    readonly takenBy: Set<number>;
  }
  const byName = new Map<string, Known[]>();
  // One name for each message in order of going up; a name that went up twice is in it twice.
  const names: string[] = [];
  let forgotten = 0;
  let count = 0;

  function forgetOldest(): void {
    const name = names[forgotten] as string;
    forgotten += 1;
    const known = byName.get(name) as Known[];
    known.shift();
    if (known.length === 0) byName.delete(name);
    // Now and then, since a shift for each message would move the whole list every time.
    if (forgotten > cap) {
      names.splice(0, forgotten);
      forgotten = 0;
    }
  }

  return {
    up(topic, key, flight) {
      const name = `${topic}\n${key}`;
      const known: Known = { ...flight, ordinal: count, takenBy: new Set() };
      count += 1;
      names.push(name);
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [known]);
      else same.push(known);
      if (names.length - forgotten > cap) forgetOldest();
    },
    knows: (topic, key) => byName.has(`${topic}\n${key}`),
    down(topic, key, to, since) {
      const same = byName.get(`${topic}\n${key}`) ?? [];
      const flight = same.find((known) => known.ordinal >= since && !known.takenBy.has(to));
      flight?.takenBy.add(to);
      return flight ?? null;
    },
    count: () => count,
  };
}
