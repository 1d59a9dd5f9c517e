// The newest incidents that are for everybody, fifty at most, for documents that list them: Statuspage's and the feeds. Reads through
// the memory of incidents-memory.ts, so that while the database is away it is the last good list, and a failed first read throws
// IncidentsUnreadable. Costs three pages of the list at most (about 60 rows of D1) in five seconds. Pure but for its memory.

import type { PageBindings } from "../front.ts";
import { rememberedIncidents } from "../incidents-memory.ts";
import type { IncidentReader, PublicIncident } from "../incidents.ts";

/** As many as Statuspage gives. */
const MOST = 50;
/** Of twenty each. */
const PAGES_MOST = 3;

export interface Latest {
  /** The newest first. */
  readonly incidents: readonly PublicIncident[];
  /** Of the oldest reading among them, ms since the epoch. */
  readonly readAt: number;
  readonly stale: boolean;
}

/** `target`: the newest of that one; null or left out: of all. */
export type ReadLatest = (env: PageBindings, target?: string | null) => Promise<Latest>;

/** One for each group of routes. `reader` null: incidents have no pages, and nobody is told of any. */
export function latestIncidents(
  reader: IncidentReader | null,
  now: () => number,
  report: (error: unknown) => void,
): ReadLatest {
  if (reader === null) return () => Promise.resolve({ incidents: [], readAt: 0, stale: false });
  const memory = rememberedIncidents(reader, now, report);
  return async (env, target = null) => {
    const incidents: PublicIncident[] = [];
    let before: number | null = null;
    let readAt = Infinity;
    let stale = false;
    for (let page = 0; page < PAGES_MOST && incidents.length < MOST; page++) {
      const read: Awaited<ReturnType<typeof memory.list>> = await memory.list(env, before, target);
      incidents.push(...read.value.incidents);
      readAt = Math.min(readAt, read.readAt);
      stale ||= read.stale;
      before = read.value.olderBefore;
      if (before === null) break;
    }
    return { incidents: incidents.slice(0, MOST), readAt, stale };
  };
}
