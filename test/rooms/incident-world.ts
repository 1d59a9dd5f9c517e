// A target under a hand-held clock: what its regions show, look by look, and what is kept of what was decided, as a Duty keeps it.
// Checks after each look what must always hold. Called by the tests of incidents; decides nothing itself.

import { expect } from "vitest";
import { actOf } from "../../workers/incidents/acts.ts";
import type { Act } from "../../workers/incidents/acts.ts";
import { decide } from "../../workers/incidents/decide.ts";
import type { Incident, IncidentEvent, NewIncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { isSpent } from "../../workers/incidents/spells.ts";
import type { Bout, RegionSeen } from "../../workers/incidents/spells.ts";

export const MIN = 60_000;
export const T0 = 1_788_220_800_000;
export const SETTINGS = { resolveMs: 30 * MIN, blindMs: 3 * MIN };
const sentenceOf = () => ({ en: "Bad.", zh: "坏。" });

/** What a sign says of a region: `.` good, `x` outage, `f` one of a flapping region, `F` flapping and good, `~` brown-out, `?` unmeasured, `-` gone. */
export type Sign = "." | "x" | "f" | "F" | "~" | "?" | "-";

interface Place {
  outage: Bout | null;
  brownout: Bout | null;
  blindSince: number | null;
  gone: boolean;
}

/** `forgetful`: a bout that has ended is shown once, not for ever. */
export class World {
  readonly kept: IncidentEvent[] = [];
  readonly places = new Map<string, Place>();
  #live = new Set<string>();
  readonly #forgetful: boolean;

  constructor(regions: readonly string[], forgetful = false) {
    this.#forgetful = forgetful;
    for (const region of regions) {
      this.places.set(region, { outage: null, brownout: null, blindSince: null, gone: false });
    }
  }

  /** One sign for each region, in order. Instants of bouts are those of the look. */
  show(signs: string, at: number): void {
    for (const [i, [, place]] of [...this.places].entries()) {
      const sign = signs[i] as Sign;
      place.gone = sign === "-";
      place.blindSince = sign === "?" ? (place.blindSince ?? at) : null;
      if (sign === "?") continue;
      const flapping = sign === "f" || sign === "F";
      place.outage = next(place.outage, sign === "x" || sign === "f", flapping, at, this.#forgetful);
      place.brownout = next(place.brownout, sign === "~", false, at, this.#forgetful);
    }
  }

  seen(): RegionSeen[] {
    return [...this.places].flatMap(([region, { outage, brownout, blindSince, gone }]) => {
      if (gone) return [];
      const measured = blindSince === null;
      return [{ region, measured, outage, brownout, blindSince, blindReason: measured ? null : "controls" }];
    });
  }

  /** Looks at what is shown, keeps what follows, and answers it. */
  look(at: number): IncidentEvent[] {
    const fresh = this.#decide(at);
    const kept = this.keep(fresh, at);
    expect(kept.length, "each key is given once").toBe(fresh.length);
    expect(this.#decide(at), `decided twice at ${(at - T0) / MIN}`).toEqual([]);
    this.#judge();
    for (const id of this.#live) if (isSpent(this.incident(id), this.seen())) this.#live.delete(id);
    expect(this.#decide(at), "what is spent is missed by nobody").toEqual([]);
    return kept;
  }

  keep(fresh: readonly NewIncidentEvent[], at: number): IncidentEvent[] {
    return fresh.flatMap((event) => {
      if (this.kept.some(({ key }) => key === event.key)) return [];
      const number = this.eventsOf(event.incident).length + 1;
      const kept: IncidentEvent = { ...event, number, recordedAt: at };
      this.kept.push(kept);
      this.#live.add(event.incident);
      return [kept];
    });
  }

  eventsOf(id: string): IncidentEvent[] {
    return this.kept.filter((event) => event.incident === id);
  }

  incident(id: string): Incident {
    return incidentOf("chat", this.eventsOf(id));
  }

  all(): Incident[] {
    return [...new Set(this.kept.map(({ incident }) => incident))].map((id) => this.incident(id));
  }

  #decide(now: number): NewIncidentEvent[] {
    const incidents = [...this.#live].map((id) => this.incident(id));
    const nextNumber = new Set(this.kept.map(({ incident }) => incident)).size + 1;
    return decide({ incidents, nextNumber }, this.seen(), { target: "chat", now, settings: SETTINGS, sentenceOf });
  }

  #judge(): void {
    const open = this.all().filter(({ state, drill }) => state === "open" && !drill);
    for (const kind of ["outage", "brownout", "blind"] as const) {
      const own = open.filter((incident) => incident.kind === kind);
      const regions = own.flatMap(({ badRegions }) => badRegions);
      expect(new Set(regions).size, `a region in two open incidents: ${kind}`).toBe(regions.length);
      expect(own.filter(({ scope }) => scope === "global").length).toBeLessThanOrEqual(1);
    }
    for (const { kind, audience } of this.all()) expect(audience).toBe(kind === "blind" ? "keepers" : "service");
  }
}

function next(was: Bout | null, isBad: boolean, flapping: boolean, at: number, forgetful: boolean): Bout | null {
  const goesOn = was !== null && was.endedAt === null;
  if (isBad && goesOn) return { ...was, attempted: was.attempted + 20, bad: was.bad + 18, flapping };
  if (isBad) return { startedAt: at, endedAt: null, attempted: 20, bad: 18, flapping };
  if (goesOn) return { ...was, endedAt: at, flapping };
  return forgetful && !flapping ? null : was === null ? null : { ...was, flapping };
}

/** One event in few letters: "+1 outage error a", "1+b", "1-b", "1-b removed", "1>2", "2<1", "1 restored 12", "1 again a", "1 resolved". */
export function short({ incident, at, change }: IncidentEvent): string {
  const id = incident.slice(incident.lastIndexOf("-") + 1);
  const minute = (at - T0) / MIN;
  switch (change.kind) {
    case "opened":
      return `+${id} ${change.of} ${change.severity}${change.scope === "global" ? " global" : ""} ${change.regions.join("")} ${minute}`;
    case "joined":
      return `${id}+${change.region}`;
    case "left":
      return `${id}-${change.region}${change.removed === true ? " removed" : ""} ${minute}`;
    case "merged":
      return `${id}>${change.into.slice(change.into.lastIndexOf("-") + 1)}`;
    case "absorbed":
      return `${id}<${change.incident.slice(change.incident.lastIndexOf("-") + 1)} ${change.regions.join("")}`.trim();
    case "restored":
      return `${id} restored ${minute}`;
    case "reopened":
      return `${id} again ${change.region ?? "by word"}`;
    case "flapping":
      return `${id} flapping ${change.on ? "on" : "off"}`;
    default:
      return `${id} ${change.kind}`;
  }
}

/** Whether it was let through. */
export function act(world: World, what: Act, at: number, id = "chat-1"): boolean {
  const key = `${id}/${what.kind}/${world.kept.length}`;
  const events = actOf(world.incident(id), what, { who: "lin", at, now: at, key, isKept: false });
  if ("refused" in events) return false;
  world.keep(events, at);
  return true;
}
