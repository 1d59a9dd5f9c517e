// Which Debian programs the servers of driver tests can count on. One that is missing, or that SONDE_SKIP names, makes its
// tests be skipped, loudly; with CI=true nothing may be skipped, so that its absence is an error. Called by `*.server.ts`.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import type { Started } from "./servers.cli.ts";

/** Debian keeps daemons where a user's PATH does not look. */
const FOLDERS = [
  ...(process.env["PATH"] ?? "").split(delimiter),
  "/usr/sbin",
  "/usr/local/sbin",
  "/opt/homebrew/sbin",
].filter((folder) => folder !== "");

/** What `start()` answers where its program cannot be had: tests get null for an address, and skip. */
export const NOT_HERE: Started = { address: null, stop: async () => {} };

/** The program's path, or null where there is none or `npm test` said that it is left out. Throws instead with CI=true. */
export function programOf(name: string): string | null {
  const skipped = (process.env["SONDE_SKIP"] ?? "").split(",").includes(name);
  const path = skipped ? undefined : FOLDERS.map((folder) => join(folder, name)).find(isProgram);
  if (path === undefined && process.env["CI"] === "true")
    throw new Error(`CI=true skips nothing, and ${name} is missing`);
  return path ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
