// Aim: a deploy never loses what an earlier version stored. Method: each of the three databases is brought to every earlier
// version in turn, a row is put into each of its tables as that version knew them, and the rest of the migrations runs:
// the old rows must be there with their old values, and today's code must be able to read and to write beside them.

import { applyD1Migrations, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableName } from "drizzle-orm";
import { drizzle as drizzleD1 } from "drizzle-orm/d1";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { migrate } from "drizzle-orm/durable-sqlite/migrator";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { afterAll, beforeEach, describe, expect, inject, it } from "vitest";

import * as collectorTables from "../../schema/collector-tables.ts";
import * as d1Tables from "../../schema/d1-tables.ts";
import collectorMigrations from "../../schema/migrations/collector/migrations.js";
import proberMigrations from "../../schema/migrations/prober/migrations.js";
import * as proberTables from "../../schema/prober-tables.ts";
import type { Bindings } from "../../workers/bindings.ts";
import { migrateCollector } from "../../workers/results/collector.store.ts";
import { migrateProber } from "../../workers/rounds/prober.store.ts";

const bindings = env as unknown as Bindings;
let versions = 0;

type Row = Record<string, unknown>;
/** Runs SQL, answers rows: D1 and an object's SQLite look alike through it. */
type Sql = (statement: string, ...values: unknown[]) => Promise<Row[]>;

/** A value that the column may hold, different for each column. */
function valueFor(column: Row, i: number): unknown {
  const type = String(column["type"]).toLowerCase();
  if (type === "integer") return 7_000 + i;
  if (type === "blob") return Uint8Array.of(0, 1, 254, 255, i);
  return `[${i}]`;
}

/** Our tables: not SQLite's, the platform's or the migrator's own. */
async function tablesOf(sql: Sql): Promise<string[]> {
  const rows = await sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return rows.map((row) => String(row["name"])).filter((name) => !/^(sqlite|_cf|__drizzle|d1)_/.test(name));
}

/** Puts a row into each table as it now is; answers them by table. */
async function fill(sql: Sql): Promise<Map<string, Row>> {
  const filled = new Map<string, Row>();
  for (const table of await tablesOf(sql)) {
    const columns = await sql(`SELECT name, type FROM pragma_table_info('${table}')`);
    const row = Object.fromEntries(columns.map((column, i) => [String(column["name"]), valueFor(column, i)]));
    const names = Object.keys(row).map((name) => `"${name}"`);
    await sql(
      `INSERT INTO "${table}" (${names.join()}) VALUES (${names.map(() => "?").join()})`,
      ...Object.values(row),
    );
    filled.set(table, row);
  }
  return filled;
}

async function expectKept(sql: Sql, filled: ReadonlyMap<string, Row>): Promise<void> {
  for (const [table, row] of filled) {
    const [kept, ...others] = await sql(`SELECT * FROM "${table}"`);
    expect(others, table).toEqual([]);
    for (const [name, value] of Object.entries(row)) {
      const stored = kept?.[name];
      // D1 gives a BLOB as an array of numbers, an object's SQLite as an ArrayBuffer.
      const bytes = stored instanceof ArrayBuffer ? new Uint8Array(stored) : stored;
      const isBytes = value instanceof Uint8Array;
      expect(isBytes ? [...(bytes as Iterable<number>)] : bytes, `${table}.${name}`).toEqual(
        isBytes ? [...value] : value,
      );
    }
  }
}

/** Every table of today's code is there with all its columns, whether it held something or not. */
async function expectReadable(read: (table: SQLiteTable) => Promise<unknown[]>, tables: object): Promise<void> {
  for (const table of Object.values(tables) as SQLiteTable[]) {
    expect(Array.isArray(await read(table)), getTableName(table)).toBe(true);
  }
}

beforeEach(() => reset());

afterAll(() => {
  console.log(`migrations: ${versions} versions were tried`);
  expect(versions).toBeGreaterThanOrEqual(2);
});

describe("D1", () => {
  const migrations = inject("migrations");
  const sql: Sql = async (statement, ...values) =>
    (
      await bindings.DB.prepare(statement)
        .bind(...values)
        .all<Row>()
    ).results;

  it.each(migrations.map((each, n) => [each.name, n] as const))("from before %s", async (_name, n) => {
    await applyD1Migrations(bindings.DB, migrations.slice(0, n));
    const filled = await fill(sql);
    expect(filled.size > 0).toBe(n > 0);
    await applyD1Migrations(bindings.DB, migrations);
    await expectKept(sql, filled);
    const db = drizzleD1(bindings.DB);
    await expectReadable((table) => db.select().from(table), d1Tables);
    // Applied again, nothing happens.
    await applyD1Migrations(bindings.DB, migrations);
    await expectKept(sql, filled);
    versions += 1;
  });
});

const KINDS = [
  {
    kind: "prober",
    namespace: () => bindings.PROBER,
    migrations: proberMigrations,
    rest: migrateProber,
    tables: proberTables,
  },
  {
    kind: "collector",
    namespace: () => bindings.COLLECTOR,
    migrations: collectorMigrations,
    rest: migrateCollector,
    tables: collectorTables,
  },
] as const;

describe.each(KINDS)("a $kind's own database", ({ namespace, migrations, rest, tables }) => {
  const { journal } = migrations;

  it.each(journal.entries.map((entry, n) => [entry.tag, n] as const))("from before %s", async (_tag, n) => {
    const stub = namespace().get(namespace().newUniqueId() as never) as DurableObjectStub;
    await runInDurableObject(stub, async (_object, { storage }) => {
      // The object has migrated itself when it was made: back to nothing.
      await storage.deleteAll();
      const sql: Sql = (statement, ...values) =>
        Promise.resolve(storage.sql.exec(statement, ...(values as SqlStorageValue[])).toArray());
      expect(await tablesOf(sql)).toEqual([]);
      await migrate(drizzle(storage), { ...migrations, journal: { ...journal, entries: journal.entries.slice(0, n) } });
      const filled = await fill(sql);
      expect(filled.size > 0).toBe(n > 0);
      await rest(storage);
      await expectKept(sql, filled);
      await expectReadable((table) => Promise.resolve(drizzle(storage).select().from(table).all()), tables);
      await rest(storage);
      await expectKept(sql, filled);
    });
    versions += 1;
  });
});
