// What the pages of incidents know of a stored incident: only what is for everybody. Pure; used by incidents-routes.tsx,
// implemented for D1 by incidents.store.ts. Names of people and notes among ourselves are left behind where a row is read,
// so that no page can print them. What cannot be understood is an error with a name, never an empty list.

import { z } from "zod";

import { ALERT_SEVERITIES } from "../schema/words.ts";
import type { Language } from "../schema/words.ts";
import { INCIDENT_STATES, SONDE, STATEMENTS } from "../workers/incidents/incident.ts";
import type { PageBindings } from "./front.ts";

/** What is an incident of the service. The others are the fleet's own business, or a contract's. */
export const PUBLIC_KINDS = ["outage", "brownout"] as const;
export type PublicKind = (typeof PUBLIC_KINDS)[number];

/** Who spoke, as far as it is told. */
export type Speaker = "sonde" | "operations";

/** What a date can hold. */
const instant = z.int().nonnegative().max(8_640_000_000_000_000);
/** What was written before a language was added lacks it, and stays readable. */
const text = z.object({ en: z.string().optional(), zh: z.string().optional() } satisfies Record<Language, z.ZodType>);
const speaker = z.string().transform((author): Speaker => (author === SONDE ? "sonde" : "operations"));
const count = z.int().nonnegative();
const impact = z.array(z.object({ region: z.string(), attempted: count, bad: count }));
const severity = z.enum(ALERT_SEVERITIES);
const scope = z.enum(["region", "global"]);
const ids = z.array(z.string());

// What is not named here is left out: an object of zod drops the keys that it does not know.
const INCIDENT = z.object({
  id: z.string(),
  target: z.string(),
  kind: z.enum(PUBLIC_KINDS),
  severity,
  scope,
  state: z.enum(INCIDENT_STATES),
  regions: ids,
  badRegions: ids,
  sentence: text,
  impact,
  flapping: z.boolean(),
  mergedInto: z.string().nullable(),
  absorbed: ids,
  impactStart: instant,
  detected: instant,
  firstAckedAt: instant.nullable(),
  impactEnd: instant.nullable(),
  resolvedAt: instant.nullable(),
  publishedAt: instant.nullable(),
  statements: z.array(z.object({ at: instant, author: speaker, statement: z.enum(STATEMENTS), text })),
  postmortem: z.object({ at: instant, author: speaker, text }).nullable(),
  reopened: count,
  /** Bodies of an older Duty lack it. */
  toldAt: instant.optional(),
});

/** Who it is for; without these three nothing is known about that. */
const READERS = z.object({ audience: z.string(), kind: z.string(), drill: z.boolean() });

const CHANGE = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("opened"), severity, scope, regions: ids, sentence: text }),
  z.object({ kind: z.literal("joined"), region: z.string() }),
  z.object({ kind: z.literal("left"), region: z.string(), removed: z.literal(true).optional() }),
  z.object({ kind: z.literal("measured"), severity, sentence: text, impact }),
  z.object({ kind: z.literal("acknowledged") }),
  z.object({ kind: z.literal("published"), statement: z.enum(STATEMENTS), text }),
  z.object({ kind: z.literal("restored") }),
  z.object({ kind: z.literal("resolved") }),
  z.object({ kind: z.literal("reopened"), region: z.string().nullable() }),
  z.object({ kind: z.literal("merged"), into: z.string() }),
  z.object({ kind: z.literal("absorbed"), incident: z.string(), regions: ids }),
  z.object({ kind: z.literal("postmortem"), text }),
  z.object({ kind: z.literal("flapping"), on: z.boolean() }),
]);

const EVENT = z.object({ number: count, at: instant, recordedAt: instant, author: speaker, change: CHANGE });

/** An incident without what is not for everybody. `notifiedAt`: the first page that a channel accepted. */
export type PublicIncident = z.infer<typeof INCIDENT> & { readonly notifiedAt: number | null };
export type PublicChange = z.infer<typeof CHANGE>;
/** What somebody said, in one language at least. */
export type PublicText = z.infer<typeof text>;

/** One line of the timeline. Instants: ms since the epoch. */
export type PublicEvent = z.infer<typeof EVENT>;

/** Some incidents, the newest first, none that was merged away. */
export interface IncidentList {
  readonly incidents: readonly PublicIncident[];
  /** Those that the ones above have absorbed. */
  readonly merged: readonly PublicIncident[];
  /** Begin of the oldest one above, where there are still older ones; else null. */
  readonly olderBefore: number | null;
}

/** One incident with its timeline, and those that it was merged with. */
export interface IncidentStory {
  readonly incident: PublicIncident;
  readonly events: readonly PublicEvent[];
  /** There are more events than are read. */
  readonly cut: boolean;
  readonly related: readonly PublicIncident[];
}

/** Reads incidents. Every method throws IncidentsUnreadable when it cannot tell; null and empty mean that there is none. */
export interface IncidentReader {
  /** Those that began before that instant; null: the newest. `target`: of that one alone; null or left out: of all. */
  list(env: PageBindings, before: number | null, target?: string | null): Promise<IncidentList>;
  story(env: PageBindings, id: string): Promise<IncidentStory | null>;
}

/** What the configuration calls things, and the zone of its days. The configuration itself is one. */
export interface Places {
  readonly timeZone: string;
  readonly targets: readonly Named[];
  readonly regions: readonly Named[];
}

interface Named {
  readonly id: string;
  readonly label: Readonly<Record<Language, string>>;
}

/** Incidents could not be read, or not be understood. */
export class IncidentsUnreadable extends Error {
  override readonly name = "IncidentsUnreadable";
}

function understood<Value>(what: string, read: () => unknown, schema: z.ZodType<Value>): Value {
  try {
    return schema.parse(read());
  } catch (cause) {
    throw new IncidentsUnreadable(`${what} is not what this version writes`, { cause });
  }
}

/** A stored incident. Null: it is not for everybody. Throws IncidentsUnreadable. */
export function parseIncident(row: {
  readonly id: string;
  readonly notifiedAt: number | null;
  readonly body: string;
}): PublicIncident | null {
  const what = `incident ${row.id}`;
  const body = (): unknown => JSON.parse(row.body);
  const { audience, kind, drill } = understood(what, body, READERS);
  if (audience !== "service" || drill || !PUBLIC_KINDS.some((one) => one === kind)) return null;
  const incident = understood(what, body, INCIDENT);
  if (incident.id !== row.id) throw new IncidentsUnreadable(`${what} says that it is another one`);
  return { ...incident, notifiedAt: understood(what, () => row.notifiedAt, instant.nullable()) };
}

/** A stored event, not one of kind `noted`. Throws IncidentsUnreadable. */
export function parseEvent(row: {
  readonly incident: string;
  readonly number: number;
  readonly at: number;
  readonly recordedAt: number;
  readonly author: string;
  readonly change: string;
}): PublicEvent {
  const { change, ...rest } = row;
  return understood(
    `event ${row.number} of ${row.incident}`,
    () => ({ ...rest, change: JSON.parse(change) as unknown }),
    EVENT,
  );
}
