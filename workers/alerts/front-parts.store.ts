// What the front page shows of one Duty's incidents and maintenance, as D1 keeps it: made from the Duty's own disk, of which only
// what has changed is read again. Writes nothing, and never reads D1. Called by the mirror with each batch.

import { frontIncidentOf, incidentsPartOf, maintenancePartOf } from "../incidents/front-parts.ts";
import type { IncidentsPart, MaintenancePart, ToldIncident } from "../incidents/front-parts.ts";
import { incidentOf, isPublic } from "../incidents/life.ts";
import { partKey } from "../results/front.store.ts";
import type { PartText } from "../results/front.store.ts";
import { numberOf } from "./duty.store.ts";
import type { DutyStore } from "./duty.store.ts";

/** Incidents that are looked at, the newest: drills and budgets are among them. What is not over is looked at however old it is. */
const LOOKED_AT = 100;

export type FrontParts = ReturnType<typeof frontParts>;

export function frontParts(store: DutyStore) {
  /** Those that are over; null: not for everybody. An event that comes later is owed, and its incident is then forgotten here. */
  const over = new Map<string, ToldIncident | null>();

  function told(target: string, id: string): ToldIncident | null {
    const events = store.story(id)?.events ?? [];
    const incident = incidentOf(target, events);
    if (!isPublic(incident)) return null;
    const recordedAt = Math.max(...events.map((event) => event.recordedAt));
    return { front: frontIncidentOf(incident), number: numberOf(id), recordedAt };
  }

  function incidentsPart(target: string, now: number): IncidentsPart | null {
    const newest = store.newestIds(LOOKED_AT);
    const seen = new Set(newest.map(({ id }) => id));
    const older = store.live().flatMap(({ id }) => (seen.has(id) ? [] : [{ id, live: true }]));
    const all = [...newest, ...older].map(({ id, live }) => {
      const known = live ? undefined : over.get(id);
      const one = known === undefined ? told(target, id) : known;
      if (!live) over.set(id, one);
      return one;
    });
    return incidentsPartOf(
      target,
      all.flatMap((one) => one ?? []),
      now,
    );
  }

  const textOf = (part: IncidentsPart | MaintenancePart | null): PartText[] => {
    if (part === null) return [];
    const { target, as_of: asOf } = part;
    return [{ key: partKey(part.part, target), target, asOf, body: JSON.stringify(part) }];
  };

  return {
    /** `touched`: incidents of which something is owed. `isPlanned`: so is a record of maintenance. `now` in ms. */
    of(target: string, touched: ReadonlySet<string>, isPlanned: boolean, now: number): PartText[] {
      for (const id of touched) over.delete(id);
      return [
        ...(touched.size === 0 ? [] : textOf(incidentsPart(target, now))),
        ...(isPlanned ? textOf(maintenancePartOf(target, store.maintenance(), now)) : []),
      ];
    },
  };
}
