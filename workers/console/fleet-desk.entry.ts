// The console's way to the fleet's own objects: each question goes to one object, and is given up after five seconds, so that one
// that hangs never makes a page wait longer. Decides nothing and keeps nothing. Called by the Worker's entry.

import { KEEPERS } from "../alerts/duty.do.ts";
import type { Duty } from "../alerts/duty.do.ts";
import type { Bindings } from "../bindings.ts";
import { type Outside, within } from "../outside.ts";
import { openSilences } from "../rounds/silences.store.ts";
import type { FleetDesk } from "./fleet-desk.ts";

const ANSWER_MS = 5_000;

export function fleetDesk(from: Outside, bindings: Pick<Bindings, "DUTY" | "PROBER" | "COLLECTOR" | "DB">): FleetDesk {
  const { DUTY, PROBER, COLLECTOR, DB } = bindings;
  const ask = <T>(what: string, asked: PromiseLike<T>): Promise<T> =>
    within(from, ANSWER_MS, what, Promise.resolve(asked));
  const duty = (name: string): DurableObjectStub<Duty> => DUTY.get(DUTY.idFromName(name));
  return {
    keepers: KEEPERS,
    maintenance: async (target) => ask(`duty ${target}`, duty(target).maintenance()),
    announce: async (record) => ask(`duty ${record.target}`, duty(record.target).announce(record.target, record)),
    deliveries: async (name, limit) => ask(`duty ${name}`, duty(name).deliveries(limit)),
    preview: async (target, regions) => ask(`duty ${target}`, duty(target).preview(target, regions)),
    prober: async ({ name, region }) => {
      // Only the first get of an id honours the hint, and this one may be the first.
      const prober = PROBER.get(PROBER.idFromName(name), { locationHint: region.hint });
      return ask(name, prober.health());
    },
    duty: async (name) => ask(`duty ${name}`, duty(name).health()),
    owedMinutes: async (target) =>
      ask(`collector ${target}`, COLLECTOR.get(COLLECTOR.idFromName(target)).owedMinutes()),
    silences: async () => {
      const open = await ask("D1", openSilences(DB));
      return new Map(open.map(({ prober, seenAt }) => [prober, seenAt]));
    },
  };
}
