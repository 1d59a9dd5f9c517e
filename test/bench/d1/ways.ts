// Three ways to write the same rows in one batch: by one JSON parameter (ours), by INSERTs of as many rows as 100
// parameters allow, and by one INSERT a row. All replace only what an older write made. Runs in the bench's Worker.

import { getTableColumns, getTableName } from "drizzle-orm";

import { minutes } from "../../../schema/d1-tables.ts";
import { upsert } from "../../../workers/results/bulk.store.ts";
import type { MinuteRow } from "../../../workers/results/rows.store.ts";

export type Way = "json_each" | "chunks" | "singles";

/** D1's limit a statement. */
const PARAMETERS = 100;
const COLUMNS = Object.entries(getTableColumns(minutes));

export function statementsOf(way: Way, db: D1Database, rows: readonly MinuteRow[]): D1PreparedStatement[] {
  switch (way) {
    case "json_each":
      return [upsert(db, minutes, rows)];
    case "chunks":
      return inserts(db, rows, Math.floor(PARAMETERS / COLUMNS.length));
    case "singles":
      return inserts(db, rows, 1);
  }
}

function inserts(db: D1Database, rows: readonly MinuteRow[], each: number): D1PreparedStatement[] {
  const count = Math.ceil(rows.length / each);
  return Array.from({ length: count }, (_, i) => {
    const part = rows.slice(i * each, (i + 1) * each);
    return db.prepare(insertOf(part.length)).bind(...part.flatMap(valuesOf));
  });
}

function valuesOf(row: MinuteRow): unknown[] {
  return COLUMNS.map(([key, column]) => {
    const value = (row as Readonly<Record<string, unknown>>)[key];
    return value === null || value === undefined ? null : column.mapToDriverValue(value);
  });
}

function insertOf(rows: number): string {
  const name = getTableName(minutes);
  const names = COLUMNS.map(([, column]) => `"${column.name}"`);
  const places = `(${names.map(() => "?").join(", ")})`;
  const updates = names.filter((each) => each !== '"id"').map((each) => `${each} = excluded.${each}`);
  return `INSERT INTO "${name}" (${names.join(", ")}) VALUES ${Array.from({ length: rows }, () => places).join(", ")}
    ON CONFLICT ("id") DO UPDATE SET ${updates.join(", ")} WHERE excluded."as_of" > "${name}"."as_of"`;
}
