// What a Duty has decided, written to D1, where the page, the reports and the auditor read it. Idempotent: each row is told again
// until D1 has it, and one that lands late never replaces a newer one. Links that acknowledge stay behind. Called by the Duty,
// which never waits for it.

import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { deliveries, incidentEvents, incidents, maintenance, receipts } from "../../schema/d1-tables.ts";
import type { Config } from "../config/config.ts";
import { incidentOf } from "../incidents/life.ts";
import { frontPartStatement, frontScopeOf, frontStatement } from "../results/front.store.ts";
import type { FrontScope, PartText } from "../results/front.store.ts";
import type { DutyStores } from "./decision.store.ts";
import type { FrontParts } from "./front-parts.store.ts";
import type { Incident, IncidentEvent } from "../incidents/incident.ts";
import { outside } from "../outside.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import type { Entry, Receipt } from "./outbox.store.ts";

/** What D1 is told in one batch. */
interface Owed {
  readonly asOf: number;
  readonly target: string;
  readonly events: readonly IncidentEvent[];
  /** As they are now, with the first page that was accepted. */
  readonly incidents: readonly { readonly incident: Incident; readonly notifiedAt: number | null }[];
  readonly entries: readonly (Entry & { readonly via: string })[];
  readonly receipts: readonly Receipt[];
  readonly maintenance: readonly Maintenance[];
  /** What the front page shows of it from now on. */
  readonly parts: readonly PartText[];
  readonly front: FrontScope;
}

/** A Worker of the Free plan may ask 50 things of D1 at once: these, an incident for each event and entry, two parts and the front row. */
const ROWS = { events: 8, entries: 8, receipts: 8, maintenance: 4 } as const;

/**
 * Tells D1 all that it is owed, in several batches, each with what the front page shows from then on. Rejects when D1 fails: then
 * the rest is owed still. What a target that was taken out shows is kept, too, for the day it comes back.
 */
export async function mirrorOwed(
  d1: D1Database,
  { store, outbox, parts }: DutyStores & { readonly parts: FrontParts },
  config: Pick<Config, "alerting" | "targets" | "contracts">,
  target: string,
): Promise<void> {
  for (;;) {
    const events = store.owedEvents(ROWS.events);
    const entries = outbox.owed(ROWS.entries);
    const told = outbox.owedReceipts(ROWS.receipts);
    const windows = store.owedMaintenance(ROWS.maintenance);
    if (events.length + entries.length + told.length + windows.length === 0) return;
    const touched = new Set([...events.map((each) => each.incident), ...entries.map((each) => each.incident)]);
    const stories = [...touched].flatMap((id) => store.story(id) ?? []);
    const channels = new Map(config.alerting?.channels.map(({ id, channel }) => [id, channel]));
    await mirror(d1, {
      asOf: store.beginWrite(),
      target,
      events,
      incidents: stories.map((story) => {
        return { incident: incidentOf(target, story.events), notifiedAt: story.notifiedAt };
      }),
      entries: entries.map((entry) => ({ ...entry, via: channels.get(entry.channel) ?? "" })),
      receipts: told,
      maintenance: windows,
      parts: parts.of(target, touched, windows.length > 0, outside.now()),
      front: frontScopeOf(config),
    });
    store.settle(
      events.map(({ key }) => key),
      windows.map(({ id }) => id),
    );
    outbox.settle(entries, told);
  }
}

/** All of it or nothing. Rejects when D1 fails: then it may have been written all the same, and may be told again. */
async function mirror(d1: D1Database, owed: Owed): Promise<void> {
  const db = drizzle(d1);
  const statements = [
    ...owed.events.map(({ change, ...event }) =>
      db
        .insert(incidentEvents)
        .values({ ...event, kind: change.kind, change: JSON.stringify(change) })
        .onConflictDoNothing(),
    ),
    ...owed.incidents.map(({ incident, notifiedAt }) => {
      const { id, events, target, kind, audience, state, impactStart, impactEnd } = incident;
      const row = { id, events, target, kind, audience, state, impactStart, impactEnd, notifiedAt };
      return db
        .insert(incidents)
        .values({ ...row, body: JSON.stringify(incident) })
        .onConflictDoUpdate({
          target: incidents.id,
          set: {
            ...excluded("events", "audience", "state", "impact_start", "impact_end", "body"),
            // The first one is the first one, whoever lands later.
            notifiedAt: sql`coalesce("incidents"."notified_at", excluded."notified_at")`,
          },
          setWhere: sql`excluded."events" >= "incidents"."events"`,
        });
    }),
    ...owed.entries.map((entry) => {
      const { key, incident, channel, via, kind, state, plannedAt, sentAt, tries, alert } = entry;
      const row = { key, incident, channel, via, kind, state, plannedAt, sentAt, tries };
      return db
        .insert(deliveries)
        .values({ ...row, asOf: owed.asOf, target: owed.target, title: alert?.title ?? "" })
        .onConflictDoUpdate({
          target: deliveries.key,
          set: excluded("as_of", "state", "sent_at", "tries", "title"),
          setWhere: sql`excluded."as_of" > "deliveries"."as_of"`,
        });
    }),
    ...owed.receipts.map((receipt) => db.insert(receipts).values(receipt).onConflictDoNothing()),
    ...owed.maintenance.map((record) => {
      const { id, target, recordedAt } = record;
      return db
        .insert(maintenance)
        .values({ id, target, recordedAt, body: JSON.stringify(record) })
        .onConflictDoNothing();
    }),
  ];
  // Prepared, since those of the front row are no queries of Drizzle's.
  const prepared = statements.map((query) => {
    const { sql: text, params } = query.toSQL();
    return d1.prepare(text).bind(...params);
  });
  const parts = owed.parts.map((part) => frontPartStatement(d1, part));
  await d1.batch([...prepared, ...parts, ...(parts.length === 0 ? [] : [frontStatement(d1, owed.front, true)])]);
}

type Snake =
  | "events"
  | "audience"
  | "state"
  | "impact_start"
  | "impact_end"
  | "body"
  | "as_of"
  | "sent_at"
  | "tries"
  | "title";

/** Columns that take the value that was to be inserted, by their names in TypeScript. */
function excluded(...columns: readonly Snake[]) {
  return Object.fromEntries(
    columns.map((name) => [
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      sql.raw(`excluded."${name}"`),
    ]),
  );
}
