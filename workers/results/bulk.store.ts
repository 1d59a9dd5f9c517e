// Writes and reads many rows of D1 by one bound JSON parameter: D1 takes 100 parameters a statement, and an INSERT of
// records one by one would take as many statements. Column names and types come from the Drizzle tables.

import { getTableColumns, getTableName, sql } from "drizzle-orm";
import type { InferInsertModel, SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

/** A table whose rows are keyed by `id` and numbered by the write that made them. */
type Numbered = SQLiteTable & { readonly id: SQLiteColumn; readonly asOf: SQLiteColumn };

/**
 * One statement that inserts or replaces these rows. A row that is already there is replaced only by a newer write:
 * one that was given up as lost and lands late changes nothing. Each record is one billed row.
 */
export function upsert<T extends Numbered>(
  db: D1Database,
  table: T,
  rows: readonly InferInsertModel<T>[],
): D1PreparedStatement {
  const columns = Object.entries(getTableColumns(table));
  const values = rows.map((row) =>
    columns.map(([key, column]) => jsonValue(column, (row as Record<string, unknown>)[key])),
  );
  const name = getTableName(table);
  const names = columns.map(([, column]) => `"${column.name}"`);
  const picked = columns.map(([, column], i) => (isBlob(column) ? `unhex(value->>${i})` : `value->>${i}`));
  const updates = names.filter((each) => each !== '"id"').map((each) => `${each} = excluded.${each}`);
  // "WHERE true": without it SQLite reads ON CONFLICT as a join's ON (sqlite.org/lang_upsert.html, parsing ambiguity).
  const statement = `INSERT INTO "${name}" (${names.join(", ")})
    SELECT ${picked.join(", ")} FROM json_each(?1) WHERE true
    ON CONFLICT ("id") DO UPDATE SET ${updates.join(", ")} WHERE excluded."as_of" > "${name}"."as_of"`;
  return db.prepare(statement).bind(JSON.stringify(values));
}

/**
 * A parameter of D1 holds 2,000,000 bytes: half of it, since some characters take more than one. The longest minute that
 * a configuration allows (6,000 messages, every other one lost) has about 100,000 characters.
 */
const PARAMETER_CHARACTERS = 1_000_000;

/** As many such statements as these rows need, each within what a parameter holds. None for no rows. */
export function upserts<T extends Numbered>(
  db: D1Database,
  table: T,
  rows: readonly InferInsertModel<T>[],
): D1PreparedStatement[] {
  const statements: D1PreparedStatement[] = [];
  let [from, characters] = [0, 0];
  for (const [at, row] of rows.entries()) {
    const more = charactersOf(row);
    if (at > from && characters + more > PARAMETER_CHARACTERS) {
      statements.push(upsert(db, table, rows.slice(from, at)));
      [from, characters] = [at, 0];
    }
    characters += more;
  }
  return from < rows.length ? [...statements, upsert(db, table, rows.slice(from))] : statements;
}

/** At least what the row takes in the parameter: there its JSON is quoted once more, and bytes are two digits each. */
function charactersOf(row: object): number {
  return Object.values(row).reduce<number>((sum, value: unknown) => {
    if (value instanceof Uint8Array) return sum + 2 * value.length + 3;
    const text = JSON.stringify(value) ?? "";
    return sum + text.length + text.split('"').length + 2;
  }, 2);
}

/** A half-open range of ids. */
export type IdRange = readonly [fromId: number, toId: number];

/**
 * FROM and WHERE that read all rows in many ranges, each by the primary key. To be joined by CROSS JOIN, which SQLite
 * never turns round (sqlite.org/optoverview.html, 8.2): else it may scan the whole table, and did when asked to sort by id.
 */
export function inRanges(table: Numbered, ranges: readonly IdRange[]): { from: SQL; where: SQL } {
  return {
    from: sql`json_each(${JSON.stringify(ranges)}) AS wanted`,
    where: sql`${table.id} >= (wanted.value->>0) AND ${table.id} < (wanted.value->>1)`,
  };
}

function isBlob(column: SQLiteColumn): boolean {
  return column.getSQLType() === "blob";
}

function jsonValue(column: SQLiteColumn, value: unknown): string | number | null {
  if (value === undefined || value === null) return null;
  const driverValue = column.mapToDriverValue(value);
  if (typeof driverValue === "string" || typeof driverValue === "number") return driverValue;
  if (driverValue instanceof Uint8Array) return Buffer.from(driverValue).toString("hex");
  throw new TypeError(`column ${column.name} holds what JSON cannot carry`);
}
