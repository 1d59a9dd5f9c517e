// The console's way to those on duty: each question goes to the one Duty that an id names, and is given up after some seconds, so
// that one that hangs never makes a page wait longer. Decides nothing and keeps nothing. Called by the Worker's entry.

import type {
  ActAnswer,
  DrillOrder,
  IncidentReport,
  ListedIncident,
  ListQuery,
  Order,
} from "../alerts/duty-answers.ts";
import type { Bindings } from "../bindings.ts";
import { type Outside, within } from "../outside.ts";
import { targetOf } from "./duty-door.ts";
import type { IncidentDesk } from "./incident-desk.ts";

const READ_MS = 5_000;
/** It is written when it is answered; whoever waited longer for that would only be told later that nobody knows. */
const WRITE_MS = 10_000;

/** What a Duty answers is plain data; the types of remote calls lose that. */
interface Remote {
  listed(target: string, query: ListQuery): Promise<readonly ListedIncident[]>;
  incident(target: string, id: string): Promise<IncidentReport | null>;
  act(target: string, order: Order): Promise<ActAnswer>;
  drill(target: string, order: DrillOrder): Promise<ActAnswer>;
}

export function incidentDesk(from: Outside, { DUTY }: Pick<Bindings, "DUTY">): IncidentDesk {
  const duty = (name: string): Remote => DUTY.get(DUTY.idFromName(name)) as unknown as Remote;
  const ask = <T>(name: string, waitMs: number, asked: PromiseLike<T>): Promise<T> =>
    within(from, waitMs, `duty ${name}`, Promise.resolve(asked));
  return {
    listed: async (target, query) => ask(target, READ_MS, duty(target).listed(target, query)),
    incident: async (id) => {
      const target = targetOf(id);
      return target === null ? null : ask(target, READ_MS, duty(target).incident(target, id));
    },
    act: async (order) => {
      const target = targetOf(order.incident);
      if (target === null) return { ok: false, refused: "unknown_incident", before: null };
      return ask(target, WRITE_MS, duty(target).act(target, order));
    },
    drill: async (target, order) => ask(target, WRITE_MS, duty(target).drill(target, order)),
  };
}
