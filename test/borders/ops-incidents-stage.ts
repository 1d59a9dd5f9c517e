// What the tests of the console's incidents share: a real Duty that has found an outage and paged a fake receiver, behind the real
// door, and what its forms send. Checks nothing.

import type { Bindings } from "../../workers/bindings.ts";
import { incidentDesk } from "../../workers/console/incident-desk.entry.ts";
import type { IncidentDesk } from "../../workers/console/incident-desk.ts";
import type { OpsOptions } from "../../workers/console/ops.entry.tsx";
import type { IncidentEvent } from "../../workers/incidents/incident.ts";
import { outside } from "../../workers/outside.ts";
import { opsWorld, recordsInMemory, sent } from "../page/ops-world.ts";
import type { OpsWorld } from "../page/ops-world.ts";
import { BAD, GOOD, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

export const KEY = `ops-${"k".repeat(32)}`;
export const keyed = (n: number | string): string => `ops-${String(n).padStart(32, "x")}`;

export interface Stage {
  readonly made: OnDuty;
  readonly desk: IncidentDesk;
  readonly world: OpsWorld;
  /** The door to somebody, in a language. */
  door(more?: Partial<OpsOptions>): OpsWorld;
  events(id: string): Promise<readonly IncidentEvent[]>;
  post(id: string, values: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

/** One region of `chat` is down for three minutes and paged; nobody has said anything. */
export async function stage(
  signs: Readonly<Record<string, string>> = { weur: BAD, enam: GOOD, oc: GOOD },
): Promise<Stage> {
  const made = await onDuty();
  await made.minutes(3, signs);
  const { config } = await made.fleet.current();
  // The names are their own ids: a world's Duties are found without its deaf namespace.
  const byName = { idFromName: (name: string) => name, get: (name: string) => made.fleet.duty(name) };
  const DUTY = byName as unknown as Bindings["DUTY"];
  const desk = incidentDesk(outside, { DUTY });
  const door = (more: Partial<OpsOptions> = {}): OpsWorld => {
    const all = { config, records: recordsInMemory(), incidents: desk, now: () => made.now(), ...more };
    return opsWorld(all);
  };
  const world = door();
  return {
    made,
    desk,
    world,
    door,
    events: async (id) => (await desk.incident(id))?.events ?? [],
    post: (id, values, headers) => world.ask(`/ops/incidents/${id}`, sent(values, headers)),
  };
}

/** What the test's Duty goes on with by itself is over. */
export const settled = ({ made }: Stage): Promise<void> => made.during("chat", () => {});
