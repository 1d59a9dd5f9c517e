// The one statement that composes the front row, and the one that keeps a part of it. Made here, run by whoever writes: collector,
// Duty and judge put them into their own batch, so that the row never says something else than the rows that it is made of.
// Reads nothing by itself.

import { createHash } from "node:crypto";

import type { Config } from "../config/config.ts";

/** Snapshots and parts of this many characters in all go whole into the front row; of more only summaries (D1: 2 MB a row). */
const FRONT_CHARACTERS = 1_200_000;
/** The parts alone, in bytes: where they are more, those that take more than an equal share are left out, and named. */
const PARTS_BYTES = 400_000;
/** All of the row, in bytes, with room for what frames it: D1 refuses more, and all that is in the same batch. */
const ROW_BYTES = 1_950_000;

const OF_TARGETS = `instr(?1, json_quote("target")) > 0`;

/** What may enter the front row: whatever else was kept once stays out. */
export interface FrontScope {
  /** Ids of the configuration's targets. */
  readonly targets: readonly string[];
  /** Ids of its contracts that have a public page. */
  readonly contracts: readonly string[];
}

/** A part as it is kept. `asOf`: only grows, by key. */
export interface PartText {
  readonly key: string;
  readonly target: string;
  readonly asOf: number;
  readonly body: string;
}

export function frontScopeOf({ targets, contracts }: Pick<Config, "targets" | "contracts">): FrontScope {
  const open = contracts.filter(({ page }) => page === "public").map(({ id }) => id);
  return { targets: targets.map(({ id }) => id), contracts: [...new Set(open)] };
}

/** Key of a target's part, or of a contract's. */
export function partKey(part: "incidents" | "maintenance" | "board", id: string): string {
  return `${part}/${id}`;
}

const OF_KEYS = `instr(?2, json_quote("key")) > 0`;

/**
 * Of parts that fit all of them, else those that take no more than an equal share, and the names of the others. Reads each part twice,
 * since none is put together before all are measured: D1 refuses texts that are too long, also those that are thrown away.
 */
const PARTS_ANEW = `(
    SELECT '"parts":[' || coalesce((
        SELECT group_concat("body", ',') FROM "front_parts"
        WHERE ${OF_KEYS} AND ("bytes" <= ?4 OR length(CAST("body" AS BLOB)) <= ?4 / "n")
      ), '') || ']' || CASE WHEN "bytes" <= ?4 THEN '' ELSE ',"left_out":' || (
        SELECT json_group_array("key") FROM "front_parts" WHERE ${OF_KEYS} AND length(CAST("body" AS BLOB)) > ?4 / "n"
      ) END
    FROM (
      SELECT coalesce(sum(length(CAST("body" AS BLOB))), 0) AS "bytes", count(*) AS "n" FROM "front_parts" WHERE ${OF_KEYS}
    )
  )`;

/**
 * As the row has them that is there, from behind its beginning ?5 on: whoever changes a part composes anew. Null where it was composed
 * for other targets or contracts, or by an older version. No text can hold the mark of their end: quotes in texts are escaped.
 */
const PARTS_AS_THEY_ARE = `(
    SELECT substr("body", length(?5) + 1, instr("body", ',"snapshots":[') - length(?5) - 1)
    FROM "front" WHERE "id" = 1 AND substr("body", 1, length(?5)) = ?5
  )`;

/**
 * Composes the front row from snapshots and parts, in the same transaction. Whole as long as they fit (about 40 targets of 7
 * regions, 27 kB each), else snapshots without their 90 days. Nothing is written where nothing has changed. `composed_at` is that
 * of the newest snapshot, since figures are as old as they are whatever is said beside them; where only a part has changed it
 * is one more than before: it always grows, and a reader's ETag with it. Snapshots come in no order: who reads the row sorts them.
 *
 * Looks through snapshots and parts one by one: to look each key up would read three rows for each. Each snapshot is then two rows
 * that D1 bills, and each part another two. `partsChanged` false spares the parts, and is for whoever has written none. Where not even summaries leave room for parts, all parts are left out, and named; where summaries
 * alone are too many the row stays as it was, and its age says so, but what is in the same batch is written.
 */
export function frontStatement(
  d1: D1Database,
  { targets, contracts }: FrontScope,
  partsChanged: boolean,
): D1PreparedStatement {
  const keys = JSON.stringify([
    ...targets.flatMap((id) => [partKey("incidents", id), partKey("maintenance", id)]),
    ...contracts.map((id) => partKey("board", id)),
  ]);
  const scope = createHash("sha256").update(keys).digest("hex").slice(0, 16);
  // Without a WHERE before it SQLite reads ON CONFLICT as a join's ON (sqlite.org/lang_upsert.html, parsing ambiguity).
  const statement = `INSERT INTO "front" ("id", "composed_at", "body")
    WITH "told" AS MATERIALIZED (
      SELECT ${partsChanged ? PARTS_ANEW : `coalesce(${PARTS_AS_THEY_ARE}, ${PARTS_ANEW})`} AS "parts"
    ), "shown" AS MATERIALIZED (
      SELECT max("composed_at") AS "at", sum(length("body")) AS "characters",
        sum(length(CAST("summary" AS BLOB))) AS "bytes"
      FROM "snapshots" WHERE ${OF_TARGETS} HAVING count(*) > 0
    )
    SELECT 1, "at", ?5
      || CASE WHEN "bytes" + length(CAST("told"."parts" AS BLOB)) <= ?6 THEN "told"."parts" ELSE '"parts":[],"left_out":' || ?2 END
      || ',"snapshots":['
      || CASE WHEN "characters" + length("told"."parts") <= ?3
        THEN (SELECT group_concat("body", ',') FROM "snapshots" WHERE ${OF_TARGETS})
        ELSE (SELECT group_concat("summary", ',') FROM "snapshots" WHERE ${OF_TARGETS}) END || ']}'
    FROM "shown" CROSS JOIN "told" WHERE "bytes" <= ?6
    ON CONFLICT ("id") DO UPDATE SET "body" = excluded."body",
      "composed_at" = max(excluded."composed_at", "front"."composed_at" + 1)
      WHERE excluded."body" <> "front"."body"`;
  const begin = `{"version":2,"scope":"${scope}",`;
  return d1.prepare(statement).bind(JSON.stringify(targets), keys, FRONT_CHARACTERS, PARTS_BYTES, begin, ROW_BYTES);
}

/** Keeps a part unless a newer one is there, or the same. */
export function frontPartStatement(d1: D1Database, { key, target, asOf, body }: PartText): D1PreparedStatement {
  const statement = `INSERT INTO "front_parts" ("key", "target", "as_of", "body") VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT ("key") DO UPDATE SET "target" = excluded."target", "as_of" = excluded."as_of", "body" = excluded."body"
      WHERE excluded."as_of" >= "front_parts"."as_of" AND excluded."body" <> "front_parts"."body"`;
  return d1.prepare(statement).bind(key, target, asOf, body);
}

/** Forgets the boards of a target's contracts but these: the others have gone, or are not for everybody any more. */
export function dropBoardsStatement(d1: D1Database, target: string, contracts: readonly string[]): D1PreparedStatement {
  const kept = JSON.stringify(contracts.map((id) => partKey("board", id)));
  // By the range of keys, which the index knows: '0' follows '/'.
  const statement = `DELETE FROM "front_parts" WHERE "key" >= 'board/' AND "key" < 'board0' AND "target" = ?1
    AND "key" NOT IN (SELECT value FROM json_each(?2))`;
  return d1.prepare(statement).bind(target, kept);
}
