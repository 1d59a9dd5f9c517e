// Those on duty in memory, for the tests of the console: incidents as events, each key once, acts by the same pure rules as a real
// Duty's. Sends nothing. Used by the tests of its pages in a browser, and, empty, by whoever tests other pages. Checks nothing.

import type { DeliveryReport, IncidentReport } from "../../workers/alerts/duty-answers.ts";
import type { IncidentDesk } from "../../workers/console/incident-desk.ts";
import { actOf, openDrill } from "../../workers/incidents/acts.ts";
import type { IncidentEvent, NewIncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";

interface DeskInMemory extends IncidentDesk {
  readonly events: IncidentEvent[];
  readonly notified: Map<string, number>;
  readonly deliveries: DeliveryReport[];
  keep(fresh: readonly NewIncidentEvent[]): readonly IncidentEvent[];
}

const targetOf = (id: string): string => id.replace(/-\d+$/, "");
const numberOf = (id: string): number => Number(/\d+$/.exec(id)?.[0]);

export function incidentsInMemory(now: () => number): DeskInMemory {
  const events: IncidentEvent[] = [];
  const notified = new Map<string, number>();
  const deliveries: DeliveryReport[] = [];
  const eventsOf = (id: string): IncidentEvent[] => events.filter(({ incident }) => incident === id);
  const idsOf = (target: string): string[] =>
    [...new Set(events.map(({ incident }) => incident))].filter((id) => targetOf(id) === target);

  function report(id: string): IncidentReport | null {
    const own = eventsOf(id);
    if (own.length === 0) return null;
    const notifiedAt = notified.get(id) ?? null;
    const sent = deliveries.filter(({ incident }) => incident === id);
    return { incident: incidentOf(targetOf(id), own), events: own, notifiedAt, deliveries: sent };
  }

  function keep(fresh: readonly NewIncidentEvent[]): readonly IncidentEvent[] {
    return fresh.flatMap((event): readonly IncidentEvent[] => {
      if (events.some(({ key }) => key === event.key)) return [];
      const kept = { ...event, number: eventsOf(event.incident).length + 1, recordedAt: Math.max(now(), event.at) };
      events.push(kept);
      return [kept];
    });
  }

  function acted(id: string, fresh: ReturnType<typeof actOf>): Awaited<ReturnType<IncidentDesk["act"]>> {
    if ("refused" in fresh) return { ok: false, ...fresh };
    const repeated = keep(fresh).length === 0;
    const whole = report(id);
    return whole === null
      ? { ok: false, refused: "unknown_incident", before: null }
      : { ok: true, repeated, incident: whole.incident };
  }

  return {
    events,
    notified,
    deliveries,
    keep,
    listed: async (target, { limit, before, state }) =>
      idsOf(target)
        .filter((id) => numberOf(id) < before)
        .sort((a, b) => numberOf(b) - numberOf(a))
        .flatMap((id) => report(id) ?? [])
        .filter(({ incident: { state: is } }) =>
          state === "live" ? is === "open" || is === "restored" : state === null || is === state,
        )
        .slice(0, limit),
    incident: async (id) => report(id),
    act: async ({ incident, act, who, key }) => {
      const known = report(incident);
      if (known === null) return { ok: false, refused: "unknown_incident", before: null };
      const into = act.kind === "merge" ? report(act.into) : null;
      const actor = { who, at: now(), now: now(), key, isKept: known.events.some((event) => event.key === key) };
      const whole = act.kind !== "merge" ? act : into !== null && { kind: act.kind, into: into.incident };
      if (whole === false) return { ok: false, refused: "unknown_incident", before: null };
      return acted(incident, actOf(known.incident, whole, actor));
    },
    drill: async (target, { who, key, ...drill }) => {
      const known = events.find((event) => event.key === key)?.incident;
      const id = known ?? `${target}-${Math.max(0, ...idsOf(target).map(numberOf)) + 1}`;
      const actor = { who, at: now(), now: now(), key, isKept: known !== undefined };
      return acted(id, openDrill({ ...drill, id }, actor));
    },
  };
}
