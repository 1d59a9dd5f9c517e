// The front row: the snapshots of all targets and the parts beside them as one JSON object, parsed. Pure; called by
// last-good.ts. Older rows are an array of snapshots only. What it cannot understand is an error with a name, never an
// empty page: "nothing" and "unreadable" are different news.

import type { IncidentsPart, MaintenancePart } from "../workers/incidents/front-parts.ts";
import type { Snapshot } from "../workers/results/snapshot-shape.ts";
import type { BoardPart } from "../workers/sla/board.ts";

/** The platform's counter of requests by key. */
export interface RateCounter {
  limit(of: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** What the page needs of the Worker's bindings. */
export interface PageBindings {
  readonly DB: D1Database;
  /** `[[ratelimits]]` of wrangler.toml; without them nobody is refused. */
  readonly API_RATE?: RateCounter;
  readonly API_STREAM_RATE?: RateCounter;
  readonly SUBSCRIBE_RATE?: RateCounter;
  /** The objects of whom one knows the subscribers. */
  readonly HERALD?: { idFromName(name: string): DurableObjectId; get(id: DurableObjectId): unknown };
}

/** The row as stored. */
export interface FrontRow {
  readonly composedAt: number;
  readonly body: string;
}

/** What stands beside the snapshots. A target without incidents, or without maintenance, has no part of that kind. */
export interface FrontParts {
  /** By target. */
  readonly incidents: ReadonlyMap<string, IncidentsPart>;
  /** By target. */
  readonly maintenance: ReadonlyMap<string, MaintenancePart>;
  /** Of public contracts only, by their ids in ascending order. */
  readonly boards: readonly BoardPart[];
  /** Keys of parts that there was no room for, "incidents/chat", or not for all of it: that nothing is here means nothing. */
  readonly leftOut: readonly string[];
}

/** The row as understood. `json`: the snapshots as one JSON array in UTF-8, for the API. */
export interface Front {
  readonly row: FrontRow;
  readonly snapshots: readonly Snapshot[];
  readonly parts: FrontParts;
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

const hasTimes = (value: Record<string, unknown>, ...names: readonly string[]): boolean =>
  names.every((name) => value[name] === null || typeof value[name] === "number");

function isIncident(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value["id"] === "string" &&
    typeof value["state"] === "string" &&
    typeof value["impact_start"] === "number" &&
    hasTimes(value, "impact_end", "resolved_at", "published_at") &&
    isRecord(value["sentence"]) &&
    Array.isArray(value["regions"]) &&
    Array.isArray(value["bad_regions"])
  );
}

function isIncidentsPart(value: unknown): value is IncidentsPart {
  return (
    isRecord(value) &&
    value["part"] === "incidents" &&
    typeof value["target"] === "string" &&
    [value["live"], value["past"]].every((list) => Array.isArray(list) && list.every(isIncident))
  );
}

function isMaintenancePart(value: unknown): value is MaintenancePart {
  return (
    isRecord(value) &&
    value["part"] === "maintenance" &&
    typeof value["target"] === "string" &&
    Array.isArray(value["records"]) &&
    value["records"].every((r: unknown) => isRecord(r) && isRecord(r["title"]) && isRecord(r["window"]))
  );
}

function isBoardPart(value: unknown): value is BoardPart {
  return (
    isRecord(value) &&
    value["part"] === "board" &&
    typeof value["target"] === "string" &&
    typeof value["contract"] === "string" &&
    isRecord(value["label"]) &&
    isRecord(value["period"]) &&
    typeof value["verdict"] === "string" &&
    Array.isArray(value["objectives"]) &&
    value["objectives"].every((o: unknown) => isRecord(o) && typeof o["verdict"] === "string")
  );
}

function partsOf(values: readonly unknown[], leftOut: readonly string[]): FrontParts {
  const incidents = new Map<string, IncidentsPart>();
  const maintenance = new Map<string, MaintenancePart>();
  const boards: BoardPart[] = [];
  for (const [at, value] of values.entries()) {
    if (isIncidentsPart(value)) incidents.set(value.target, value);
    else if (isMaintenancePart(value)) maintenance.set(value.target, value);
    else if (isBoardPart(value)) boards.push(value);
    else throw new FrontUnreadable(`part ${at} of the front row is not one that this page knows`);
  }
  boards.sort((a, b) => (a.contract < b.contract ? -1 : 1));
  const cut = [...incidents.values()].flatMap(({ target, more = 0 }) => (more > 0 ? [`incidents/${target}`] : []));
  return { incidents, maintenance, boards, leftOut: [...leftOut, ...cut] };
}

interface Pieces {
  readonly snapshots: readonly unknown[];
  readonly parts: readonly unknown[];
  readonly leftOut: readonly string[];
}

function piecesOf(parsed: unknown): Pieces {
  if (Array.isArray(parsed)) {
    // Older composers knew of nothing else: it may be quiet there, or not.
    const targets = parsed.flatMap((one: unknown) => (isRecord(one) ? [String(one["target"])] : []));
    return {
      snapshots: parsed,
      parts: [],
      leftOut: targets.flatMap((target) => [`incidents/${target}`, `maintenance/${target}`]),
    };
  }
  if (!isRecord(parsed) || parsed["version"] !== 2) throw new FrontUnreadable("the front row is not of version 2");
  const { snapshots, parts, left_out: leftOut = [] } = parsed;
  if (!Array.isArray(snapshots) || !Array.isArray(parts) || !Array.isArray(leftOut))
    throw new FrontUnreadable("the front row lacks its lists");
  return { snapshots, parts, leftOut: leftOut.map(String) };
}

/** Parses the row, or throws FrontUnreadable with the reason. */
export function parseFront(row: FrontRow): Front {
  let parsed: unknown;
  try {
    parsed = JSON.parse(row.body);
  } catch (cause) {
    throw new FrontUnreadable("the front row is not JSON", { cause });
  }
  const { snapshots, parts, leftOut } = piecesOf(parsed);
  const strange = snapshots.findIndex((snapshot) => !isSnapshot(snapshot));
  if (strange >= 0) throw new FrontUnreadable(`snapshot ${strange} of the front row is not of version 1`);
  let json: Uint8Array | null = null;
  // Composers keep no order.
  const sorted = (snapshots as readonly Snapshot[]).toSorted((a, b) => (a.target < b.target ? -1 : 1));
  return {
    row,
    snapshots: sorted,
    parts: partsOf(parts, leftOut),
    // Made for the first who asks: a page has no use for a megabyte of text.
    get json(): Uint8Array {
      json ??= new TextEncoder().encode(Array.isArray(parsed) ? row.body : JSON.stringify(sorted));
      return json;
    },
  };
}
