// Reads incidents and their events from D1 for everybody: `incidents` and `incident_events`, and nothing else. Given to the
// page by main.entry.ts. A failed read throws IncidentsUnreadable and is never an empty list. Notes among ourselves stay in
// the database; what else is not for the public is left behind by incidents.ts.

import { and, asc, desc, eq, gte, inArray, lt, max, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { incidentEvents, incidents } from "../schema/d1-tables.ts";
import { outside, within } from "../workers/outside.ts";
import type { PageBindings } from "./front.ts";
import { IncidentsUnreadable, PUBLIC_KINDS, parseEvent, parseIncident } from "./incidents.ts";
import type { IncidentList, IncidentReader, IncidentStory, PublicIncident } from "./incidents.ts";

/** A reader of a page waits no longer than this for the database. */
const READ_DEADLINE_MS = 3000;
/** Incidents a page; a few more where several begin in the same millisecond. */
const PAGE = 20;
/** The timeline is read so far: a day of measurements, one each five minutes, is 288. */
const EVENTS_MOST = 1000;

const ROW = { id: incidents.id, notifiedAt: incidents.notifiedAt, body: incidents.body } as const;

/** What may be shown at all; drills are told apart in the body only. */
const PUBLIC = and(
  eq(incidents.audience, "service"),
  inArray(incidents.kind, [...PUBLIC_KINDS]),
  sql`json_extract(${incidents.body}, '$.drill') = 0`,
);

async function reading<T>(what: string, query: Promise<T>): Promise<T> {
  try {
    return await within(outside, READ_DEADLINE_MS, "D1", query);
  } catch (cause) {
    throw new IncidentsUnreadable(`D1 did not give ${what}`, { cause });
  }
}

const shownOf = (rows: readonly Parameters<typeof parseIncident>[0][]): readonly PublicIncident[] =>
  rows.flatMap((row) => parseIncident(row) ?? []);

/** Those of these ids that are public, the oldest first. */
async function named(env: PageBindings, ids: readonly string[]): Promise<readonly PublicIncident[]> {
  if (ids.length === 0) return [];
  // One parameter for all of them: D1 takes a hundred.
  const wanted = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const query = drizzle(env.DB)
    .select(ROW)
    .from(incidents)
    .where(and(sql`${incidents.id} IN ${wanted}`, PUBLIC))
    .orderBy(asc(incidents.impactStart), asc(incidents.id));
  return shownOf(await reading("merged incidents", query.execute()));
}

async function list(env: PageBindings, before: number | null, target: string | null = null): Promise<IncidentList> {
  const db = drizzle(env.DB);
  const listed = and(
    PUBLIC,
    ne(incidents.state, "merged"),
    before === null ? undefined : lt(incidents.impactStart, before),
    target === null ? undefined : eq(incidents.target, target),
  );
  const begin = incidents.impactStart;
  const last = db
    .select({ begin })
    .from(incidents)
    .where(listed)
    .orderBy(desc(begin))
    .limit(1)
    .offset(PAGE - 1);
  // The twentieth and all that began with it: whoever goes on before its begin then misses none.
  const least = sql`coalesce((${last}), 0)`;
  const rows = db
    .select(ROW)
    .from(incidents)
    .where(and(listed, gte(begin, least)))
    .orderBy(desc(begin), desc(incidents.id));
  const older = db
    .select({ begin: max(begin) })
    .from(incidents)
    .where(and(listed, lt(begin, least)));
  const [found, rest] = await reading("the incidents", db.batch([rows, older]));
  const shown = shownOf(found);
  const merged = await named(
    env,
    shown.flatMap((one) => one.absorbed),
  );
  const more = (rest[0]?.begin ?? null) !== null;
  return { incidents: shown, merged, olderBefore: more ? (shown.at(-1)?.impactStart ?? null) : null };
}

async function story(env: PageBindings, id: string): Promise<IncidentStory | null> {
  const db = drizzle(env.DB);
  const head = db.select(ROW).from(incidents).where(eq(incidents.id, id));
  const { incident, number, at, recordedAt, author, change } = incidentEvents;
  const events = db
    .select({ incident, number, at, recordedAt, author, change })
    .from(incidentEvents)
    .where(and(eq(incident, id), ne(incidentEvents.kind, "noted")))
    .orderBy(asc(number))
    .limit(EVENTS_MOST + 1);
  // One batch is one transaction: the incident and its events are of the same moment.
  const [[row], timeline] = await reading(`incident ${id}`, db.batch([head, events]));
  const shown = row === undefined ? null : parseIncident(row);
  if (shown === null) return null;
  const related = await named(env, [...shown.absorbed, ...(shown.mergedInto === null ? [] : [shown.mergedInto])]);
  const cut = timeline.length > EVENTS_MOST;
  return { incident: shown, events: timeline.slice(0, EVENTS_MOST).map(parseEvent), cut, related };
}

/** Incidents as D1 holds them. */
export const storedIncidents: IncidentReader = { list, story };
