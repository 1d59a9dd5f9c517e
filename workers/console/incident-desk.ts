// What the console's pages of incidents ask of those on duty, one Duty for each target and one for the fleet's keepers. Shapes only,
// and without D1; `incident-desk.entry.ts` makes the real one.

import type {
  ActAnswer,
  DrillOrder,
  IncidentReport,
  ListedIncident,
  ListQuery,
  Order,
} from "../alerts/duty-answers.ts";

/** Everything rejects when the Duty does not answer in time: what it has written by then is not known. */
export interface IncidentDesk {
  /** Of one target, or of the keepers, newest first. */
  listed(target: string, query: ListQuery): Promise<readonly ListedIncident[]>;
  /** Null: there is none with that id. */
  incident(id: string): Promise<IncidentReport | null>;
  act(order: Order): Promise<ActAnswer>;
  drill(target: string, order: DrillOrder): Promise<ActAnswer>;
}
