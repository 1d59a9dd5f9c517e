// Lists of a Duty's incidents, and the drills that people start, on its own disk. A list folds each story that it reads and takes
// no deliveries along, so that hundreds are cheap. Called by the Duty's doors; writes nothing: the Duty does, in one decision.

import { openDrill } from "../incidents/acts.ts";
import type { Refusal } from "../incidents/acts.ts";
import type { NewIncidentEvent } from "../incidents/incident.ts";
import { incidentOf } from "../incidents/life.ts";
import type { DutyStores } from "./decision.store.ts";
import type { DrillOrder, ListedIncident, ListQuery } from "./duty-answers.ts";
import { numberOf } from "./duty.store.ts";
import type { Story } from "./duty.store.ts";

/** Read in parts, since few of many may be in the state that is asked for. */
const READ_AT_ONCE = 100;

/** Newest first. */
export function listedOf(
  { store }: DutyStores,
  target: string,
  { limit, before, state }: ListQuery,
): readonly ListedIncident[] {
  if (state === "live") {
    const live = store.live().filter(({ id }) => numberOf(id) < before);
    const open = live
      .map((story) => listedFrom(target, story))
      .filter(({ incident }) => incident.state === "open" || incident.state === "restored");
    return open.reverse().slice(0, limit);
  }
  const listed: ListedIncident[] = [];
  for (let from = before; listed.length < limit;) {
    const part = store.newest(READ_AT_ONCE, from);
    const own = part.map((story) => listedFrom(target, story));
    listed.push(...own.filter(({ incident }) => state === null || incident.state === state));
    const last = part.at(-1);
    if (last === undefined || part.length < READ_AT_ONCE) break;
    from = numberOf(last.id);
  }
  return listed.slice(0, limit);
}

function listedFrom(target: string, { events, notifiedAt }: Story): ListedIncident {
  return { incident: incidentOf(target, events), notifiedAt };
}

/** A drill's id and its opening; no events: this key is kept, and `id` is the incident that has it. */
export function drillOf(
  { store }: DutyStores,
  target: string,
  { who, key, ...drill }: DrillOrder,
  now: number,
): { readonly id: string; readonly events: readonly NewIncidentEvent[] | Refusal } {
  const known = store.incidentOfKey(key);
  const id = known ?? `${target}-${(store.head()?.incidents ?? 0) + 1}`;
  return { id, events: openDrill({ ...drill, id }, { who, at: now, now, key, isKept: known !== null }) };
}
