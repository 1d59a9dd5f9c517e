// Ids and instants as Statuspage writes them. Pure. An id is made from what the thing is called in the configuration or in our
// own tables, so that it is the same for ever and on every copy of the page; called by the other files of this folder.

import { createHash } from "node:crypto";

/** As long as Statuspage's own. */
const ID_LENGTH = 12;

/** Twelve of 0-9 and a-z from the SHA-256 of the names: `idOf("region", "chat", "weur", "loop")`. */
export function idOf(...names: readonly (string | number)[]): string {
  const hash = createHash("sha256").update(JSON.stringify(names)).digest("hex");
  return BigInt(`0x${hash}`).toString(36).slice(0, ID_LENGTH);
}

/** ISO 8601 with milliseconds, UTC. */
export const iso = (at: number): string => new Date(at).toISOString();
