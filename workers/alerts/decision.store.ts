// One decision on the Duty's own disk: the events that it brings about, what the detectors remember, and the messages that follow
// from it, whole or not at all. Whoever decides (a look at rounds, a person, a message that was given up) comes through here.

import { incidentOf } from "../incidents/life.ts";
import type { Incident, IncidentEvent, NewIncidentEvent } from "../incidents/incident.ts";
import { BURN_MINUTES } from "../incidents/burn.ts";
import type { MinuteCounts } from "../incidents/burn.ts";
import type { Memory } from "../incidents/look.ts";
import { activeUntil } from "../incidents/maintenance.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import type { Alerting } from "../config/alerts/alerting.ts";
import type { DutyStore, Story } from "./duty.store.ts";
import type { OutboxStore } from "./outbox.store.ts";
import { plan } from "./plan.ts";

const MINUTE_MS = 60_000;
/** Regions that go bad so near to each other may be most of them; a page about the second waits so long for the others. */
const TOGETHER_MS = 60_000;
const GATHER_MS = 15_000;

export interface DutyStores {
  readonly store: DutyStore;
  readonly outbox: OutboxStore;
}

export interface DecisionFacts {
  readonly target: string;
  readonly alerting: Alerting | null;
  /** Of the contracts on the target. */
  readonly tiers: readonly string[];
  readonly now: number;
}

export interface Decision {
  readonly events: readonly NewIncidentEvent[];
  /** Null: it was no look. */
  readonly look: {
    /** Where it ended, and what is remembered of it. */
    readonly cursor: number;
    readonly memory: Memory;
    readonly pooled: readonly MinuteCounts[];
    /** Of an incident that is over: no look can be about it any more. */
    readonly isSpent: (incident: Incident) => boolean;
  } | null;
}

/** Answers the events that are new, and when to plan again though nothing happens. */
export function settle(
  { store, outbox }: DutyStores,
  facts: DecisionFacts,
  decide: (stories: readonly Story[]) => Decision,
): { readonly kept: readonly IncidentEvent[]; readonly nextAt: number | null } {
  return store.atOnce(() => {
    const { events, look } = decide(store.live());
    if (look !== null) {
      store.remember(look.cursor, JSON.stringify(look.memory));
      store.pool(look.pooled, Math.floor(facts.now / MINUTE_MS) - BURN_MINUTES);
    }
    const kept = store.append(events, facts.now);
    // What was over and is touched again lives again.
    for (const id of new Set(kept.map(({ incident }) => incident))) store.setLive(id, true);
    const stories = store.live();
    const incidents = stories.map((story) => incidentOf(facts.target, story.events));
    const wide = incidents.filter(({ scope, state, audience, drill }) => {
      return scope === "global" && state === "open" && audience === "service" && !drill;
    });
    const windows = store.maintenance();
    let nextAt: number | null = null;
    for (const [i, incident] of incidents.entries()) {
      const story = stories[i];
      if (story === undefined) continue;
      const mutedUntil = later(
        mutedOf(incident, story.events, windows),
        gatheredUntil(incident, incidents.slice(0, i)),
      );
      const planned = plan(incident, story.events, outbox.of(story.id), {
        ...facts,
        mutedUntil,
        held: isHeld(incident, wide),
      });
      outbox.plan(planned.entries, facts.now);
      outbox.drop(planned.drop);
      if (planned.nextAt !== null) nextAt = nextAt === null ? planned.nextAt : Math.min(nextAt, planned.nextAt);
      const isOver = incident.state === "resolved" || incident.state === "merged";
      const isToldAll = outbox.of(story.id).every(({ state }) => state !== "waiting");
      const isDone = isOver && isToldAll && planned.nextAt === null;
      if (isDone && look !== null && look.isSpent(incident)) store.setLive(story.id, false);
    }
    return { kept, nextAt };
  });
}

/**
 * A second region that goes bad within a minute of another: perhaps most are about to, and one page says it then. The first of all
 * waits for nothing. Null: nothing to wait for.
 */
function gatheredUntil(
  { kind, scope, audience, detected, drill }: Incident,
  earlier: readonly Incident[],
): number | null {
  if (audience !== "service" || scope !== "region" || drill) return null;
  const isSecond = earlier.some(
    (each) => each.kind === kind && each.scope === "region" && !each.drill && detected - each.detected <= TOGETHER_MS,
  );
  return isSecond ? detected + GATHER_MS : null;
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** What is told as part of a global one: an outage explains whatever else is bad, a brown-out only brown-outs. */
function isHeld({ id, kind, drill }: Incident, wide: readonly Incident[]): boolean {
  return !drill && wide.some((each) => each.id !== id && (each.kind === "outage" || each.kind === kind));
}

/** Until when nobody is paged: all of its regions were under maintenance when it began, or came back. */
export function mutedOf(
  { audience, regions, impactStart }: Incident,
  events: readonly IncidentEvent[],
  windows: readonly Maintenance[],
): number | null {
  if (audience !== "service" || windows.length === 0 || regions.length === 0) return null;
  const began = events.findLast(({ change }) => change.kind === "reopened")?.at ?? impactStart;
  const ends = regions.map((region) => activeUntil(windows, region, began));
  return ends.every((end) => end !== null) ? Math.max(...ends) : null;
}
