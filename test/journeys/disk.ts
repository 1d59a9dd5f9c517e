// What the objects of a fleet have on disk, read from copies of their SQLite files, so that it may run, be stopped or have
// been killed a moment ago: the rounds that collectors have counted, those that probers still hold, and D1's minutes.

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { decodeEnvelope } from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { unpackWake } from "../../workers/results/wake.ts";

export interface Kept {
  /** Each counted once, by its key. */
  readonly collected: readonly RoundRecord[];
  /** Also such as are collected already and not forgotten yet. */
  readonly held: readonly RoundRecord[];
  /** D1's minutes: which write made them, and of how many rounds. */
  readonly minutes: readonly { readonly id: number; readonly asOf: number; readonly rounds: number }[];
}

export function keptOnDisk(dataDir: string): Kept {
  const copy = mkdtempSync(join(tmpdir(), "sonde-disk-"));
  try {
    const collectors = databases(join(dataDir, "do/sonde-Collector"), join(copy, "collectors"));
    const probers = databases(join(dataDir, "do/sonde-Prober"), join(copy, "probers"));
    const d1 = databases(join(dataDir, "d1"), join(copy, "d1"));
    return {
      collected: collectors.flatMap((path) => read(path, "rounds", collectedOf)),
      held: probers.flatMap((path) => read(path, "wakes", heldOf)),
      minutes: d1.flatMap((path) => read(path, "minutes", minutesOf)),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The name of a round: what makes it the same one when it is delivered twice. */
export function keyOf(record: Pick<RoundRecord, "series" | "slotAt" | "purpose">): string {
  const { target, region, journey, peer } = record.series;
  return [target, region, journey, peer, record.slotAt, record.purpose].join(" ");
}

/** Copies of the objects' own files; the -wal comes too, since what is committed may be only there. */
function databases(from: string, to: string): string[] {
  if (!existsSync(from)) return [];
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith("-shm") });
  const names = readdirSync(to, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".sqlite") && !name.endsWith("metadata.sqlite"),
  );
  return names.map((name) => join(to, name));
}

function read<T>(path: string, table: string, of: (db: DatabaseSync) => T[]): T[] {
  const db = new DatabaseSync(path);
  try {
    // An object that was killed before its first migration has no tables, and holds nothing.
    const isThere =
      db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
    return isThere ? of(db) : [];
  } finally {
    db.close();
  }
}

function collectedOf(db: DatabaseSync): RoundRecord[] {
  const rows = db
    .prepare("SELECT r.position, e.bytes FROM rounds r JOIN envelopes e ON e.id = r.envelope ORDER BY r.id")
    .all();
  const rounds = db.prepare("SELECT count(*) AS n FROM rounds").get();
  if (rounds?.["n"] !== rows.length)
    throw new Error(`${rounds?.["n"]} rounds, of which ${rows.length} have their envelope`);
  return rows.map(({ position, bytes }) => {
    const record = decodeEnvelope(bytes as Uint8Array).records[position as number];
    if (record === undefined) throw new Error(`an envelope has no record ${position}`);
    return record;
  });
}

function heldOf(db: DatabaseSync): RoundRecord[] {
  const rows = db.prepare("SELECT bytes FROM wakes ORDER BY sequence").all();
  return rows
    .flatMap(({ bytes }) => unpackWake(bytes as Uint8Array))
    .flatMap((part) => decodeEnvelope(part.envelope).records);
}

function minutesOf(db: DatabaseSync): { id: number; asOf: number; rounds: number }[] {
  const rows = db.prepare("SELECT id, as_of, rounds FROM minutes ORDER BY id").all();
  return rows.map((row) => ({ id: Number(row["id"]), asOf: Number(row["as_of"]), rounds: Number(row["rounds"]) }));
}
