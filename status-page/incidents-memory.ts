// What was read of incidents, kept in this isolate: fresh for seconds, and shown with its age while the database is away. Pure
// but for its memory. Holds no promise: one of another request may never settle. Called by incidents-routes.tsx.

import type { PageBindings } from "./front.ts";
import type { IncidentList, IncidentReader, IncidentStory } from "./incidents.ts";

/** As long as a browser keeps a page: max-age of headers.ts. */
export const KEPT_MS = 5000;
/** A story has 2 to 100 kB. What strangers ask for by chance pushes out other old things, never the newest list. */
const MAX_KEPT = 32;

/** What may be shown. `stale`: the database did not answer, and this is from `readAt`. */
export interface Remembered<Value> {
  readonly value: Value;
  readonly readAt: number;
  readonly stale: boolean;
}

interface Kept<Value> {
  readonly read: Remembered<Value>;
  readonly askedAt: number;
}

/** Remembers at most `most` answers by key: fresh for KEPT_MS, then asked for again, and stale where that fails. "None" (null) is not kept. */
export function memory<Value>(now: () => number, report: (error: unknown) => void, most: number) {
  const kept = new Map<string, Kept<Value>>();
  const keep = (key: string, read: Remembered<Value>): Remembered<Value> => {
    kept.delete(key);
    kept.set(key, { read, askedAt: now() });
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return read;
  };
  // One that was asked later may have answered before.
  const newer = (key: string, at: number): Remembered<Value> | null => {
    const read = kept.get(key)?.read;
    return read !== undefined && read.readAt > at ? read : null;
  };
  // "There is none" (null) is not kept: strangers may ask for any number of things that are not there.
  return async (key: string, ask: () => Promise<Value>): Promise<Remembered<Value>> => {
    const found = kept.get(key);
    const at = now();
    if (found !== undefined && at - found.askedAt < KEPT_MS && at >= found.askedAt) return found.read;
    try {
      const value = await ask();
      const read = { value, readAt: at, stale: false };
      return value === null ? read : keep(key, newer(key, at) ?? read);
    } catch (error) {
      const last = newer(key, at) ?? kept.get(key)?.read;
      if (last === undefined) throw error;
      report(error);
      return last.readAt > at ? last : keep(key, { ...last, stale: true });
    }
  };
}

/** Incidents as they are, or as they were when the database last answered. */
export interface RememberedIncidents {
  list(env: PageBindings, before: number | null, target?: string | null): Promise<Remembered<IncidentList>>;
  story(env: PageBindings, id: string): Promise<Remembered<IncidentStory | null>>;
}

/** Asks the reader at most once in KEPT_MS for the same thing; throws what it throws only where nothing was ever read. */
export function rememberedIncidents(
  reader: IncidentReader,
  now: () => number,
  report: (error: unknown) => void,
): RememberedIncidents {
  const newest = memory<IncidentList>(now, report, 1);
  const older = memory<IncidentList>(now, report, MAX_KEPT);
  const stories = memory<IncidentStory | null>(now, report, MAX_KEPT);
  return {
    list: (env, before, target = null) => {
      const isNewest = before === null && target === null;
      return (isNewest ? newest : older)(JSON.stringify([before, target]), () => reader.list(env, before, target));
    },
    story: (env, id) => stories(id, () => reader.story(env, id)),
  };
}
