// What the incidents of a simulated year say, region by region: from when to when each was bad, by whose incident in the end, and
// since when that was known. Read from the kept events alone. Pure. Called by `judge-incidents.ts`.

import type { IncidentEvent, IncidentKind } from "../../workers/incidents/incident.ts";

const SHARED_MS = 20 * 60_000;

export interface Bout {
  /** The incident that tells it, and the one that this was merged into in the end. */
  readonly incident: string;
  readonly told: string;
  readonly kind: IncidentKind;
  readonly region: string;
  readonly fromAt: number;
  /** Null: it has no end. */
  toAt: number | null;
  /** When it was written down. */
  readonly knownAt: number;
}

export type Kept = ReadonlyMap<string, readonly IncidentEvent[]>;

export function boutsOf(kept: Kept): Bout[] {
  return [...kept.keys()].flatMap((id) => ofIncident(kept, id));
}

/** Where its story is told in the end. */
export function finalOf(kept: Kept, id: string): string {
  for (let at = id; ;) {
    const change = kept.get(at)?.findLast((event) => event.change.kind === "merged")?.change;
    if (change?.kind !== "merged") return at;
    at = change.into;
  }
}

function ofIncident(kept: Kept, id: string): Bout[] {
  const events = kept.get(id) ?? [];
  const [first] = events;
  if (first?.change.kind !== "opened") throw new Error(`${id} does not begin`);
  const kind = first.change.of;
  const told = finalOf(kept, id);
  const bouts: Bout[] = [];
  const open = new Map<string, Bout>();
  const begin = (region: string, { at, recordedAt, change }: IncidentEvent): void => {
    if (open.has(region)) return;
    // One instant for several regions is that of the first of them, which may have been bad for long.
    const isShared = change.kind === "opened" && change.regions.length > 1;
    const fromAt = isShared ? Math.max(at, recordedAt - SHARED_MS) : at;
    const bout = { incident: id, told, kind, region, fromAt, toAt: null, knownAt: recordedAt };
    open.set(region, bout);
    bouts.push(bout);
  };
  const end = (region: string, at: number): void => {
    const bout = open.get(region);
    if (bout !== undefined) bout.toAt = Math.max(bout.fromAt, at);
    open.delete(region);
  };
  for (const event of events) {
    const { change, at } = event;
    switch (change.kind) {
      case "opened":
      case "absorbed":
        change.regions.forEach((region) => begin(region, event));
        break;
      case "joined":
        begin(change.region, event);
        break;
      case "reopened":
        if (change.region !== null) begin(change.region, event);
        break;
      case "left":
        end(change.region, at);
        break;
      case "restored":
      case "resolved":
      case "merged":
        for (const region of open.keys()) end(region, at);
        break;
      default:
    }
  }
  return bouts;
}
