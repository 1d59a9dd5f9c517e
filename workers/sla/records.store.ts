// Exclusions and events of tickets in D1: appended, never changed and never deleted. What one call appends goes in one
// statement of one batch, which D1 runs as one transaction: all of it or nothing. Reads that fail throw. Called by the door
// that records, and by whoever judges.

import { asc, eq, getTableColumns, getTableName, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { exclusions, ticketEvents } from "../../schema/d1-tables.ts";
import { canonicalJson } from "../config/canonical.ts";
import type { NewExclusion, NewTicketEvent } from "./record-input.ts";
import type { ExclusionRecord, TicketEvent } from "./records.ts";

export type RecordsStore = ReturnType<typeof recordsStore>;

/** `repeated`: it was there already, with the same content. `withdrawnBy`: the record that has taken it back meanwhile. */
export interface Recorded {
  readonly key: string;
  readonly id: number;
  readonly repeated: boolean;
  readonly withdrawnBy?: number;
}

/** `conflicts`: positions of those whose key has another content, or whose record was withdrawn meanwhile; nothing was written. */
export type Appended =
  | { readonly ok: true; readonly recorded: readonly Recorded[] }
  | { readonly ok: false; readonly conflicts: readonly number[] };

type RecordsTable = typeof exclusions | typeof ticketEvents;
type Row = Readonly<Record<string, unknown>> & { readonly key: string };

export function recordsStore(d1: D1Database) {
  const db = drizzle(d1);
  /** Ascending ids, as they were recorded. */
  const exclusionsWhere = async (
    column: typeof exclusions.target | typeof exclusions.key,
    values: readonly string[],
  ) => {
    const rows = await db.select().from(exclusions).where(isAmong(column, values)).orderBy(asc(exclusions.id));
    return rows.map(exclusionOf);
  };
  return {
    /** Of these targets, withdrawals among them. */
    exclusionsOf: (...targets: string[]): Promise<ExclusionRecord[]> => exclusionsWhere(exclusions.target, targets),
    async ticketEventsOf(contract: string): Promise<TicketEvent[]> {
      const own = eq(ticketEvents.contract, contract);
      return (await db.select().from(ticketEvents).where(own).orderBy(asc(ticketEvents.id))) as TicketEvent[];
    },
    /** At most 100 with different keys. Rejects when D1 fails: then all of it is recorded or nothing, and it may be repeated. */
    async appendExclusions(records: readonly NewExclusion[]): Promise<Appended> {
      const rows = records.map(exclusionRow);
      try {
        return await append(d1, exclusions, rows, WITHDRAWALS);
      } catch (problem) {
        const known = await exclusionsWhere(exclusions.key, keysOf(rows));
        const ofTargets = await exclusionsWhere(exclusions.target, [...new Set(records.map((each) => each.target))]);
        const conflicts = conflictsOf(rows, known.map(exclusionRow), (row) =>
          ofTargets.some(
            ({ withdraws, key }) => withdraws !== null && withdraws === row["withdraws"] && key !== row.key,
          ),
        );
        if (conflicts.length === 0) throw problem;
        return { ok: false, conflicts };
      }
    },
    /** As `appendExclusions`. */
    async appendTicketEvents(events: readonly NewTicketEvent[]): Promise<Appended> {
      const rows = events.map((event) => ({ ...event }));
      try {
        return await append(d1, ticketEvents, rows, NO_WITHDRAWALS);
      } catch (problem) {
        const known = await db
          .select()
          .from(ticketEvents)
          .where(isAmong(ticketEvents.key, keysOf(rows)));
        const conflicts = conflictsOf(rows, known, () => false);
        if (conflicts.length === 0) throw problem;
        return { ok: false, conflicts };
      }
    },
  };
}

/** SQL of what a table knows about withdrawals. */
interface Withdrawals {
  /** Another record takes back the same one as "new". */
  readonly before: string;
  /** The id of the record that takes back the one that is found. */
  readonly by: string;
}

const WITHDRAWALS: Withdrawals = {
  before: `"new"."withdraws" IS NOT NULL AND EXISTS (SELECT 1 FROM "exclusions" AS "other" WHERE "other"."target" = "new"."target"
  AND "other"."withdraws" = "new"."withdraws" AND "other"."key" <> "new"."key")`,
  by: `(SELECT "other"."id" FROM "exclusions" AS "other" WHERE "other"."target" = "exclusions"."target"
  AND "other"."withdraws" = "exclusions"."id")`,
};
/** Events of tickets are never taken back. */
const NO_WITHDRAWALS: Withdrawals = { before: "0", by: "NULL" };

/**
 * One batch: which of them are there, those that are not, which ids they have. SQL itself settles every race: one that is there
 * with another content breaks UNIQUE, one that `before` names gets no key and breaks NOT NULL; either undoes the whole batch.
 */
async function append(
  d1: D1Database,
  table: RecordsTable,
  rows: readonly Row[],
  { before: refused, by }: Withdrawals,
): Promise<Appended> {
  const name = getTableName(table);
  const columns = Object.entries(getTableColumns(table)).filter(([property]) => property !== "id");
  const values = rows.map((row) =>
    columns.map(([property, column]) => {
      const value = row[property] ?? null;
      return value === null ? null : column.mapToDriverValue(value);
    }),
  );
  const names = columns.map(([, column]) => `"${column.name}"`);
  const said = names.filter((each) => each !== '"recorded_at"');
  // "=" for the key, so that its index is used.
  const isThere = said.map((each) => `"${name}".${each} ${each === '"key"' ? "=" : "IS"} "new".${each}`).join(" AND ");
  const picked = names.map((each) => (each === '"key"' ? `CASE WHEN ${refused} THEN NULL ELSE "key" END` : each));
  const find = `SELECT "id", "key", ${by} AS "withdrawnBy" FROM "${name}" WHERE "key" IN (SELECT value FROM json_each(?1))`;
  // Not ON CONFLICT: a record that is there would use up a number, and a gap looks like one that was deleted.
  const insert = `WITH "new" AS (SELECT ${names.map((each, i) => `value->>${i} AS ${each}`).join(", ")} FROM json_each(?1))
    INSERT INTO "${name}" (${names.join(", ")}) SELECT ${picked.join(", ")} FROM "new"
    WHERE NOT EXISTS (SELECT 1 FROM "${name}" WHERE ${isThere})`;
  const keys = JSON.stringify(keysOf(rows));
  const [before, , after] = await d1.batch<{ id: number; key: string; withdrawnBy: number | null }>([
    d1.prepare(find).bind(keys),
    d1.prepare(insert).bind(JSON.stringify(values)),
    d1.prepare(find).bind(keys),
  ]);
  const known = new Set(before?.results.map(({ key }) => key));
  const found = new Map(after?.results.map((row) => [row.key, row]));
  const recorded = rows.map(({ key }) => {
    const row = found.get(key);
    if (row === undefined) throw new Error("a record was written and cannot be read");
    const { id, withdrawnBy } = row;
    return { key, id, repeated: known.has(key), ...(withdrawnBy === null ? {} : { withdrawnBy }) };
  });
  return { ok: true, recorded };
}

/** For D1's answer that it failed: what was there before that does not go with these? */
function conflictsOf(rows: readonly Row[], known: readonly Row[], isRefused: (row: Row) => boolean): number[] {
  const told = (row: Row): string => canonicalJson({ ...row, id: 0, recordedAt: 0 });
  const contents = new Map(known.map((row) => [row.key, told(row)]));
  return rows.flatMap((row, position) => {
    const content = contents.get(row.key);
    return isRefused(row) || (content !== undefined && content !== told(row)) ? [position] : [];
  });
}

function isAmong(
  column: typeof exclusions.target | typeof exclusions.key | typeof ticketEvents.key,
  of: readonly string[],
) {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(of)}))`;
}

function keysOf(rows: readonly Row[]): string[] {
  return rows.map(({ key }) => key);
}

function exclusionRow({ proof, ...record }: NewExclusion): Row {
  return { ...record, proofWhere: proof?.where ?? null, proofSha256: proof?.sha256 ?? null };
}

function exclusionOf(row: typeof exclusions.$inferSelect): ExclusionRecord {
  const { proofWhere: where, proofSha256: sha256, ...record } = row;
  const proof = where === null || sha256 === null ? null : { where, sha256 };
  return { ...record, proof } as ExclusionRecord;
}
