// Which support clocks of a target's contracts have run out or are about to, on tickets and on its own incidents: what opens incidents
// of kind `support`, and by no longer being there ends them. Pure. Decides no incident, and reads no ticket: `alerts/tickets.store.ts`
// does, now and then. Called by the Duty with each look.

import type { Config } from "../config/config.ts";
import type { Contract } from "../config/contracts/contract.ts";
import type { TicketEvent } from "../sla/records.ts";
import { readClocks } from "../sla/support.ts";
import type { AboutSeen } from "./about.ts";
import type { Incident, IncidentEvent } from "./incident.ts";
import { incidentTickets } from "./incident-tickets.ts";
import { supportSeen } from "./support-alarm.ts";
import type { SupportSeen } from "./support-alarm.ts";

export interface SupportFacts {
  readonly config: Pick<Config, "contracts">;
  readonly target: string;
  /** By contract: events of those tickets that a clock may still run on. A contract that is not there: nobody knows. */
  readonly tickets: Readonly<Record<string, readonly TicketEvent[]>>;
  /** All that live, and their events. */
  readonly incidents: readonly Incident[];
  readonly stories: readonly { readonly id: string; readonly events: readonly IncidentEvent[] }[];
  readonly now: number;
}

/** The target's contracts that promise anything about support: by id, all versions, ascending. */
export function promisesOf({ contracts }: Pick<Config, "contracts">, target: string) {
  const own = contracts.filter((contract) => contract.target === target);
  const all: Map<string, readonly Contract[]> = Map.groupBy(own, ({ id }) => id);
  return new Map([...all].filter(([, versions]) => versions.some(({ support }) => support.length > 0)));
}

/** The events of those tickets that a clock runs on now, or has run out on without an answer; what was said in them is left out. */
export function openTickets(
  versions: readonly Contract[],
  events: readonly TicketEvent[],
  now: number,
): readonly TicketEvent[] {
  const open = new Set(
    readClocks(versions, events, now).flatMap(({ ticket, stoppedAt }) => (stoppedAt === null ? [ticket] : [])),
  );
  return events.filter(({ ticket }) => open.has(ticket)).map((event) => ({ ...event, note: "" }));
}

/**
 * One for each contract, clock and ticket that nobody has answered yet. What was answered too late is in the reports: nobody can do
 * anything about it any more. Where a contract's tickets are not known, what is open about them stays as it is.
 */
export function supportLook({ config, target, tickets, incidents, stories, now }: SupportFacts): readonly AboutSeen[] {
  const eventsOf = new Map(stories.map((story) => [story.id, story.events]));
  return [...promisesOf(config, target)].flatMap(([id, versions]) => {
    const regions = versions.at(-1)?.regions ?? [];
    const own = incidents.filter((incident) => incident.regions.some((region) => regions.includes(region)));
    const ofIncidents = own.flatMap((incident) => incidentTickets(id, incident, eventsOf.get(incident.id) ?? []));
    // As if looked at a moment ago: what was answered by now is not seen.
    const read = (events: readonly TicketEvent[], named: "ticket" | "incident"): readonly AboutSeen[] =>
      events.length === 0
        ? []
        : supportSeen(id, readClocks(versions, events, now), now, named).map((seen) => aboutOf(seen, incidents, now));
    const known = tickets[id];
    const ofTickets = known === undefined ? unknownStill(id, incidents) : read(known, "ticket");
    // A ticket may be named after its incident: one story.
    return [...new Map([...read(ofIncidents, "incident"), ...ofTickets].map((seen) => [seen.about, seen])).values()];
  });
}

function aboutOf(
  { about: clock, ticket, severity, sentence, dueAt }: SupportSeen,
  incidents: readonly Incident[],
  now: number,
): AboutSeen {
  const about = `${clock}/${ticket}`;
  if (severity === "error") return { about, startedAt: Math.min(dueAt, now), severity, sentence };
  // One that will run out is told now: nothing begins in the future. Once told it began then, also for one that a person has ended.
  const told = incidents.findLast((each) => each.kind === "support" && each.about === about);
  return { about, startedAt: told?.impactStart ?? now, severity, sentence };
}

/** What is open about tickets of this contract. Those about incidents are known without anybody's tickets. */
function unknownStill(contract: string, incidents: readonly Incident[]): AboutSeen[] {
  const own = new Set(incidents.map(({ id }) => id));
  return incidents.flatMap(({ kind, state, about, impactStart, severity, sentence }) => {
    const isOpen = kind === "support" && state === "open" && about !== null && about.startsWith(`${contract}/`);
    if (!isOpen || own.has(about.split("/").slice(2).join("/"))) return [];
    return [{ about, startedAt: impactStart, severity, sentence }];
  });
}
