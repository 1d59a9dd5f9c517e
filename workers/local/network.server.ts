// The network between the fleet and the broker on this machine: one loopback port for each region, behind it the region's
// base delay and whatever faults are in force. Decides the fate of each message once, on its way up, and enters it into the
// ledger, which is the truth that tests compare with. Knows nothing of rounds. Started by `start.cli.ts` and by tests.

import { openDoor } from "./door.server.ts";
import type { Door } from "./door.server.ts";
import { fateOf, faultWords } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { createFlights } from "./flight.ts";
import { createLedger, payloadKey } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import type { LinkWorld } from "./link.server.ts";
import { startSchedule } from "./schedule.server.ts";

/** A region's way to the broker. */
export interface NetworkRegion {
  readonly id: string;
  /** 0 or none takes a free one. */
  readonly port?: number;
  /** From a publisher to a subscriber of this region: half of it on the way up, half on the way down. */
  readonly oneWayMs: number;
  /** At most this much more, evenly spread, half each way; never reorders. */
  readonly jitterMs: number;
}

export interface Network {
  /** Port by region; a prober's address is `ws://127.0.0.1:<port>/mqtt`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Replaces the faults of one region; resolves when the port is as they say. Rejects for an unknown region. */
  fault(region: string, fault: Fault): Promise<void>;
  /** What is in force, by region, in the words of the grammar; counts are what is left of them. */
  faults(): Record<string, string>;
  /** The same, as data. */
  faultsInForce(): Record<string, Fault>;
  readonly ledger: Ledger;
  /** Cuts every connection and closes every port. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts one port for each region, in front of the broker at `ws://127.0.0.1:<brokerPort>`.
 * `random` answers numbers in [0, 1), for jitter and for fates. Rejects when a port is taken.
 */
export async function startNetwork(options: {
  brokerPort: number;
  regions: readonly NetworkRegion[];
  random?: () => number;
}): Promise<Network> {
  const random = options.random ?? Math.random;
  const schedule = startSchedule();
  const ledger = createLedger();
  const flights = createFlights();
  const doors = new Map<string, Door>();
  let links = 0;

  function worldOf(region: NetworkRegion, door: Door): LinkWorld {
    const number = (links += 1);
    const since = flights.count();
    return {
      schedule,
      delayMs: () => (region.oneWayMs + random() * region.jitterMs) / 2,
      up(topic, payload, retransmission) {
        const key = payloadKey(payload);
        if (retransmission && flights.knows(topic, key)) return;
        const { next, ...fate } = fateOf(door.fault, random);
        door.fault = next;
        const entry = ledger.enter({ region: region.id, topic, key, seenAt: Date.now(), dropped: fate.drop });
        flights.up(topic, key, { entry, fate, seenMs: performance.now() });
      },
      down: (topic, payload) => flights.down(topic, payloadKey(payload), number, since),
      wrote: (flight) => ledger.wrote(flight.entry, performance.now() - flight.seenMs, number),
    };
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...doors.values()].map((door) => door.close()));
    schedule.clear();
  }

  const ports: Record<string, number> = {};
  try {
    for (const region of options.regions) {
      const door = await openDoor(region.port ?? 0, options.brokerPort, (itself) => worldOf(region, itself));
      doors.set(region.id, door);
      ports[region.id] = door.port;
    }
  } catch (error) {
    await closeAll();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    ports,
    async fault(region, fault) {
      const door = doors.get(region);
      if (door === undefined) throw new Error(`network: no region ${region}`);
      await door.change(fault);
    },
    faults: () => Object.fromEntries([...doors].map(([id, door]) => [id, faultWords(door.fault)])),
    faultsInForce: () => Object.fromEntries([...doors].map(([id, door]) => [id, door.fault])),
    ledger,
    close: () => (closing ??= closeAll()),
  };
}
