// Reads what a fleet has stored on disk, for `inspect.ts`: from the folder that `startFleet` (workers/local/fleet.server.ts)
// writes. Read-only; the fleet should be stopped, or at rest: each file is read in one instant, but not all in the same.
// A file that cannot be read is an error, never an empty fleet. Node only.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { getTableColumns, getTableName } from "drizzle-orm";
import type { InferSelectModel } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

import * as collectorTables from "../schema/collector-tables.ts";
import * as d1Tables from "../schema/d1-tables.ts";
import * as dutyTables from "../schema/duty-tables.ts";
import * as proberTables from "../schema/prober-tables.ts";
import type { Config } from "../workers/config/config.ts";
import { ruleOf } from "./inspect.ts";
import type { CollectorState, D1State, DutyState, FleetState, ProberState } from "./inspect.ts";

/** The rows of a table by its Drizzle columns, as Drizzle itself would give them. */
function rowsOf<T extends SQLiteTable>(db: DatabaseSync, table: T): InferSelectModel<T>[] {
  const columns = Object.entries(getTableColumns(table));
  return db
    .prepare(`SELECT * FROM "${getTableName(table)}"`)
    .all()
    .map((raw) => {
      const values = columns.map(([key, column]) => {
        const value = raw[column.name];
        if (value === undefined) throw new Error(`${getTableName(table)} has no column ${column.name}`);
        return [key, value === null ? null : column.mapFromDriverValue(value)] as const;
      });
      return Object.fromEntries(values) as InferSelectModel<T>;
    });
}

/** Opens, reads, closes. The WAL beside a file is read with it. */
function reading<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** The databases in a folder and below; `metadata.sqlite` is miniflare's own. */
function databases(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sqlite") && !name.endsWith("metadata.sqlite"))
    .map((name) => join(folder, name));
}

/** Objects that were named but never came to write anything have a file without our tables. */
function has(db: DatabaseSync, table: SQLiteTable): boolean {
  return (
    db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(getTableName(table)) !== undefined
  );
}

function collectorOf(db: DatabaseSync): CollectorState[] {
  if (!has(db, collectorTables.identity)) return [];
  const identity = rowsOf(db, collectorTables.identity);
  const target = identity[0]?.target;
  if (target === undefined) return [];
  return [
    {
      target,
      identity,
      envelopes: rowsOf(db, collectorTables.envelopes),
      rounds: rowsOf(db, collectorTables.rounds),
      series: rowsOf(db, collectorTables.localSeries),
      dueMinutes: rowsOf(db, collectorTables.dueMinutes),
    },
  ];
}

function proberOf(db: DatabaseSync): ProberState[] {
  if (!has(db, proberTables.identity)) return [];
  const name = rowsOf(db, proberTables.identity)[0]?.name;
  return name === undefined ? [] : [{ name, wakes: rowsOf(db, proberTables.wakes) }];
}

function dutyOf(db: DatabaseSync): DutyState[] {
  if (!has(db, dutyTables.duty)) return [];
  const identity = rowsOf(db, dutyTables.duty);
  const target = identity[0]?.target;
  if (target === undefined) return [];
  return [
    {
      target,
      identity,
      events: rowsOf(db, dutyTables.events),
      incidents: rowsOf(db, dutyTables.incidents),
      outbox: rowsOf(db, dutyTables.outbox),
      receipts: rowsOf(db, dutyTables.receipts),
      maintenance: rowsOf(db, dutyTables.maintenance),
    },
  ];
}

function historyOf(db: DatabaseSync): D1State {
  return {
    series: rowsOf(db, d1Tables.series),
    configVersions: rowsOf(db, d1Tables.configVersions),
    minutes: rowsOf(db, d1Tables.minutes),
    hours: rowsOf(db, d1Tables.hours),
    days: rowsOf(db, d1Tables.days),
    months: rowsOf(db, d1Tables.months),
    snapshots: rowsOf(db, d1Tables.snapshots),
    front: rowsOf(db, d1Tables.front),
    frontParts: rowsOf(db, d1Tables.frontParts),
    reports: rowsOf(db, d1Tables.reports),
    incidents: rowsOf(db, d1Tables.incidents),
    incidentEvents: rowsOf(db, d1Tables.incidentEvents),
    deliveries: rowsOf(db, d1Tables.deliveries),
    receipts: rowsOf(db, d1Tables.receipts),
    maintenance: rowsOf(db, d1Tables.maintenance),
  };
}

/** Everything below `dataDir`. `config`: the one that the fleet ran with last. */
export function stateOnDisk(dataDir: string, config: Pick<Config, "timeZone" | "objectives" | "targets">): FleetState {
  const objects = (kind: string): string[] => {
    const folder = join(dataDir, "do", `sonde-${kind}`);
    return existsSync(folder) ? databases(folder) : [];
  };
  const [d1, ...others] = databases(join(dataDir, "d1"));
  if (d1 === undefined || others.length > 0) throw new Error(`${dataDir}: ${others.length + 1} D1 databases, not one`);
  return {
    collectors: objects("Collector").flatMap((path) => reading(path, collectorOf)),
    probers: objects("Prober").flatMap((path) => reading(path, proberOf)),
    duties: objects("Duty").flatMap((path) => reading(path, dutyOf)),
    d1: reading(d1, historyOf),
    zone: config.timeZone,
    rule: ruleOf(config.objectives),
    targets: config.targets.map((target) => target.id),
  };
}
