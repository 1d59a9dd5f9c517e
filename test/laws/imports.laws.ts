// The laws about who may know whom. Types count as well: who knows a type knows the room.
// Pure; `check` gets one file at a time. Called by house.test.ts and laws.test.ts.

import { type Finding, isCorridor, isDoor, isSource, isTwoDot, type Law, roomOf } from "./law.ts";
import type { Import, Source } from "./source.ts";

/** The order in which data walks. A room looks upstream only. */
export const ROOMS = [
  "config",
  "rounds",
  "probes",
  "results",
  "sla",
  "incidents",
  "alerts",
  "metrics",
  "evidence",
  "console",
  "agent",
  "local",
] as const;

/** Rooms that run the whole fleet in another place, so they may know every room. */
const FREE_ROOMS: ReadonlySet<string> = new Set(["agent", "local"]);

const TABLES = /^schema\/[^/]+-tables\.ts$/;

function each(file: Source, judge: (one: Import) => string | null): Finding[] {
  return file.imports.flatMap((one) => {
    const what = judge(one);
    return what === null ? [] : [{ line: one.line, what: `imports ${one.specifier}: ${what}` }];
  });
}

export const schemaStandsAlone: Law = {
  name: "schema/ imports nothing of ours; only its tables know drizzle-orm",
  why: "everything else stands on it: an arrow out of it would be a circle",
  covers: (path) => path.startsWith("schema/") && isSource(path),
  check: (file) =>
    each(file, ({ specifier, target }) => {
      if (target !== null) return target.startsWith("schema/") ? null : "it is outside of schema/";
      if (specifier !== "drizzle-orm" && !specifier.startsWith("drizzle-orm/")) return "schema/ needs no other package";
      return TABLES.test(file.path) ? null : "only *-tables.ts know it";
    }),
};

export const tablesAreForTwoDots: Law = {
  name: "only two-dot files, schema/ and tests import the tables",
  why: "a pure file that knows a table cannot be tested without a database, nor outlive a migration",
  covers: isSource,
  check: (file) =>
    each(file, ({ target }) => {
      if (target === null || !TABLES.test(target)) return null;
      if (isTwoDot(file.path) || file.path.startsWith("schema/") || file.path.startsWith("test/")) return null;
      return "this file has one dot";
    }),
};

const HASH_ONLY = /^import \{ createHash \} from "node:crypto";$/m;

export const pureKnowsNoDoor: Law = {
  name: "pure files import no two-dot file, no door and no runtime",
  why: "time, chance and the network are arguments, so that every decision can be replayed",
  covers: (path) => /^(workers|status-page)\//.test(path) && isSource(path) && !isTwoDot(path) && !isDoor(path),
  check: (file) =>
    each(file, ({ specifier, target }) => {
      // A hash is a function of its bytes; the rest of that module is chance.
      if (specifier === "node:crypto" && HASH_ONLY.test(file.text)) return null;
      if (target === null) return /^(node|cloudflare|bun|deno):/.test(specifier) ? "that is the runtime's" : null;
      if (isDoor(target)) return "that is a door to the outside";
      return isTwoDot(target) ? "that file touches the world" : null;
    }),
};

export const roomsLookUpstream: Law = {
  name: `rooms look upstream only: ${ROOMS.join(", ")}; *.do.ts, *.entry.ts, local and agent may know all`,
  why: "data walks one way, so that each step can be understood and tested from its inputs alone",
  covers: (path) => roomOf(path) !== null && isSource(path) && !isDoor(path),
  check: (file) => {
    const own = roomOf(file.path) ?? "";
    if (isCorridor(file.path) || FREE_ROOMS.has(own)) return [];
    const rank = (ROOMS as readonly string[]).indexOf(own);
    if (rank === -1) return [{ line: 1, what: `lies in workers/${own}, which has no place in the order of rooms` }];
    return each(file, ({ target }) => {
      if (target === null || target.startsWith("schema/")) return null;
      // The user's one file, and the version's, are read by the room that judges it, and by nobody else.
      if (target === "sonde.config.ts" || target === "package.json")
        return own === "config" ? null : "only workers/config/ reads it";
      if (isDoor(target)) return isTwoDot(file.path) ? null : "only two-dot files go through the doors";
      const room = roomOf(target);
      if (room === null) return "it is no room of workers/";
      const other = (ROOMS as readonly string[]).indexOf(room);
      if (other === -1) return "it is no room in the order";
      return other <= rank ? null : `${room} comes after ${own}`;
    });
  },
};

export const pageKnowsOnlyPureRooms: Law = {
  name: "status-page/ imports only itself, schema/, packages, and one-dot files of workers/",
  why: "a failing fleet must never take the page down",
  covers: (path) => path.startsWith("status-page/") && isSource(path),
  check: (file) =>
    each(file, ({ target }) => {
      if (target === null || target.startsWith("status-page/") || target.startsWith("schema/")) return null;
      if (!target.startsWith("workers/")) return "it is none of these";
      if (isDoor(target)) return isTwoDot(file.path) ? null : "only two-dot files go through the doors";
      return isTwoDot(target) ? "that file touches the world of the fleet" : null;
    }),
};

export const importsNameTheirFile: Law = {
  name: "every relative import ends in .ts, .tsx, .sql or .json",
  why: "Node, workerd and the bundler then all open the same file, without guessing",
  covers: isSource,
  check: (file) =>
    each(file, ({ target }) =>
      // drizzle-kit writes migrations.js itself, and the migrator of Durable Objects wants it so.
      target === null || /\.(tsx?|sql|json)$|^schema\/migrations\/.+\/migrations\.js$/.test(target)
        ? null
        : "it does not name a file",
    ),
};

export const IMPORT_LAWS: readonly Law[] = [
  schemaStandsAlone,
  tablesAreForTwoDots,
  pureKnowsNoDoor,
  roomsLookUpstream,
  pageKnowsOnlyPureRooms,
  importsNameTheirFile,
];
