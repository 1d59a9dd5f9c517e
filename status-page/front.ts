// The front row: the snapshots of all targets as one JSON array, parsed. Pure; called by last-good.ts. What it cannot
// understand is an error with a name, never an empty page: "nothing" and "unreadable" are different news.

import type { Snapshot } from "../workers/results/snapshot-shape.ts";

/** What the page needs of the Worker's bindings. */
export interface PageBindings {
  readonly DB: D1Database;
}

/** The row as stored. */
export interface FrontRow {
  readonly composedAt: number;
  readonly body: string;
}

/** The row as understood. `json` is the body's bytes, for the API. */
export interface Front {
  readonly row: FrontRow;
  readonly snapshots: readonly Snapshot[];
  readonly json: Uint8Array;
}

/** The front row could not be read, or not be understood. */
export class FrontUnreadable extends Error {
  override readonly name = "FrontUnreadable";
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Our own collectors wrote it, so only what tells a stranger is checked: the version, and that the parts are there.
 * A snapshot of another version fails the whole row: to leave it out would show a target as if it were not watched.
 */
function isSnapshot(value: unknown): value is Snapshot {
  return (
    isRecord(value) &&
    value["version"] === 1 &&
    typeof value["target"] === "string" &&
    isRecord(value["label"]) &&
    typeof value["composed_at"] === "number" &&
    typeof value["time_zone"] === "string" &&
    isRecord(value["objectives"]) &&
    Array.isArray(value["regions"]) &&
    value["regions"].every(
      (r: unknown) => isRecord(r) && isRecord(r["today"]) && isRecord(r["month"]) && Array.isArray(r["days"]),
    )
  );
}

/** Parses the row, or throws FrontUnreadable with the reason. */
export function parseFront(row: FrontRow): Front {
  let parsed: unknown;
  try {
    parsed = JSON.parse(row.body);
  } catch (cause) {
    throw new FrontUnreadable("the front row is not JSON", { cause });
  }
  if (!Array.isArray(parsed)) throw new FrontUnreadable("the front row is not an array");
  const strange = parsed.findIndex((snapshot) => !isSnapshot(snapshot));
  if (strange >= 0) throw new FrontUnreadable(`snapshot ${strange} of the front row is not of version 1`);
  return { row, snapshots: parsed as readonly Snapshot[], json: new TextEncoder().encode(row.body) };
}
