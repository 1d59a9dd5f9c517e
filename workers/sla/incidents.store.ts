// D1's incidents, as the judge reads them: outages and brown-outs of a target's service, and since when any were written down. Reads
// `incidents` and nothing else, writes nothing. A read that fails and a row that cannot be understood throw: neither is "none".

import { and, asc, eq, gte, inArray } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { z } from "zod";

import { incidents } from "../../schema/d1-tables.ts";
import { ALERT_SEVERITIES } from "../../schema/words.ts";
import { folded } from "./incident-times.ts";
import type { KeptIncidents, ServiceIncident } from "./incident-times.ts";

export type IncidentsStore = ReturnType<typeof incidentsStore>;

const KINDS = ["outage", "brownout"] as const;
const instant = z.int().nonnegative();

/** What of an incident's JSON a report is made of. */
const BODY = z.object({
  id: z.string(),
  target: z.string(),
  kind: z.enum(KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  scope: z.enum(["region", "global"]),
  drill: z.boolean(),
  regions: z.array(z.string()),
  mergedInto: z.string().nullable(),
  impactStart: instant,
  detected: instant,
  firstAckedAt: instant.nullable(),
  impactEnd: instant.nullable(),
  resolvedAt: instant.nullable(),
  publishedAt: instant.nullable(),
});

export function incidentsStore(d1: D1Database) {
  const db = drizzle(d1);
  return {
    /** Those that began at `fromAt` (ms since the epoch) or later, merged ones folded. Rejects when D1 fails, and for a row that it cannot read. */
    async keptOf(target: string, fromAt: number): Promise<KeptIncidents> {
      const { id, impactStart, notifiedAt, body } = incidents;
      const own = eq(incidents.target, target);
      // By the index of their beginnings: it stops at the first.
      const first = db.select({ impactStart }).from(incidents).where(own).orderBy(asc(impactStart)).limit(1);
      const service = and(own, eq(incidents.audience, "service"), inArray(incidents.kind, [...KINDS]));
      const all = db
        .select({ id, notifiedAt, body })
        .from(incidents)
        .where(and(service, gte(impactStart, fromAt)));
      const [[oldest], rows] = await db.batch([first, all]);
      return { since: oldest?.impactStart ?? null, list: folded(rows.map((row) => incidentOf(target, row))) };
    },
  };
}

interface Row {
  readonly id: string;
  readonly notifiedAt: number | null;
  readonly body: string;
}

function incidentOf(target: string, row: Row): ServiceIncident {
  const { firstAckedAt, target: whose, ...body } = understood(row);
  if (body.id !== row.id || whose !== target)
    throw new Error(`incident ${row.id} of ${target} says that it is another`);
  return { ...body, notified: row.notifiedAt, acked: firstAckedAt };
}

function understood({ id, body }: Row): z.infer<typeof BODY> {
  try {
    return BODY.parse(JSON.parse(body));
  } catch (cause) {
    throw new Error(`incident ${id} in D1 cannot be read`, { cause });
  }
}
