// What a Duty knows of its contracts' tickets: asked of D1 at most every five minutes, kept on its own disk, so that neither its looks
// nor its clocks wait for D1. Keeps those tickets only that a clock may still run on. Writes nothing to D1. A read that fails throws,
// and what was known before stays known. Called by the Duty beside its looks.

import type { Contract } from "../config/contracts/contract.ts";
import { openTickets } from "../incidents/support-look.ts";
import { outside, within } from "../outside.ts";
import type { TicketEvent } from "../sla/records.ts";
import type { RecordsStore } from "../sla/records.store.ts";

const ASK_EVERY_MS = 300_000;
const ASK_MS = 10_000;
const KEY = "tickets";

export type TicketsStore = ReturnType<typeof ticketsStore>;

interface Kept {
  /** When D1 was asked last, whatever it said. */
  readonly askedAt: number;
  /** By contract; one that is not there was never read. */
  readonly events: Readonly<Record<string, readonly TicketEvent[]>>;
}

const NOTHING: Kept = { askedAt: -Infinity, events: {} };

export function ticketsStore(storage: DurableObjectStorage) {
  let kept: Kept | null = null;
  let isAsking = false;
  const load = async (): Promise<Kept> => (kept ??= (await storage.get<Kept>(KEY)) ?? NOTHING);
  return {
    /** Asks nobody. */
    known: async (): Promise<Kept["events"]> => (await load()).events,
    /** Asks D1 where it is time; `asked`: the versions of each contract, by its id. Rejects when D1 fails. */
    async refresh(
      asked: ReadonlyMap<string, readonly Contract[]>,
      records: Pick<RecordsStore, "ticketEventsOf">,
      now: number,
    ): Promise<void> {
      const before = await load();
      if (isAsking || asked.size === 0 || now - before.askedAt < ASK_EVERY_MS) return;
      isAsking = true;
      // One that fails is asked no sooner.
      kept = { ...before, askedAt: now };
      try {
        const events: Record<string, readonly TicketEvent[]> = {};
        for (const [id, versions] of asked) {
          const read = await within(outside, ASK_MS, "D1", records.ticketEventsOf(id));
          events[id] = openTickets(versions, read, now);
        }
        kept = { askedAt: now, events };
      } finally {
        isAsking = false;
        await storage.put(KEY, kept);
      }
    },
  };
}
