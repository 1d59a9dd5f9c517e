// All routes of our API that only read, as data: path, parameters, answer, example. The Hono routes and the OpenAPI document are
// both made from this list, so that none can be missing from either. Pure; decides nothing about figures. Called by
// api-routes.tsx, document.ts and the page /api. What each does in words: words/api-*.ts, by the same ids.

import { z } from "zod";

import type { Parameter } from "./asked.ts";
import { NAMED, next } from "./fields.ts";
import { CELL, REGION, SNAPSHOT, TARGET } from "./shapes.ts";
import { DAY, HOUR, MINUTE, MONTH, SERIES } from "./shapes-rows.ts";
import { EVENT, INCIDENT, POSTMORTEM, STATEMENT, VERDICT } from "./shapes-told.ts";

/** Where an answer comes from; a route whose source is missing is neither there nor in the document. */
export type Source = "front" | "raw" | "reports" | "incidents" | "nothing";

const version = z.literal(1);
const front = {
  version,
  composed_at: z
    .int()
    .nullable()
    .describe("When the newest figures were composed, ms since the epoch; null: there are none"),
  stale: z.boolean().describe("Our database does not answer: this is what it said last"),
};

const rowsOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    version,
    series: z.int(),
    from: z.int().describe("As asked: rows begin here or later, ms since the epoch"),
    to: z.int().describe("And before this"),
    kept_from: z
      .int()
      .nullable()
      .describe("Rows that begin before this are not kept: ms since the epoch; null: they are kept for ever"),
    older: z
      .string()
      .nullable()
      .describe("Where the part of the range before `kept_from` is, in coarser rows; null: there is no such part"),
    rows: z.array(row).describe("The oldest first. What is not there, and not older than is kept, was not measured"),
    next,
  });

export const ANSWERS = {
  targets: z.object({
    ...front,
    targets: z.array(TARGET),
    not_measured: z.array(z.string()).describe("Configured, and no figures yet"),
  }),
  regions: z.object({ ...front, regions: z.array(REGION), next }),
  matrix: z.object({ ...front, cells: z.array(CELL), next }),
  snapshot: z.array(SNAPSHOT),
  series: z.object({ version, series: z.array(SERIES), next }),
  minutes: rowsOf(MINUTE),
  hours: rowsOf(HOUR),
  days: rowsOf(DAY),
  months: rowsOf(MONTH),
  verdicts: z.object({
    version,
    verdicts: z.array(VERDICT).describe("The newest first, of public contracts only"),
    next,
  }),
  incidents: z.object({
    version,
    incidents: z.array(INCIDENT).describe("The newest first"),
    merged: z.array(INCIDENT).describe("Those that the ones above have absorbed"),
    older_before: z.int().nullable().describe("The `before` of what follows"),
    stale: front.stale,
    next,
  }),
  incident: z.object({
    version,
    incident: INCIDENT,
    statements: z.array(STATEMENT),
    postmortem: POSTMORTEM,
    events: z.array(EVENT),
    events_complete: z.boolean().describe("False: there are more than are shown"),
    related: z.array(INCIDENT),
    stale: front.stale,
  }),
  openapi: z.looseObject({ openapi: z.string() }),
} as const;

export type RouteId = keyof typeof ANSWERS;
for (const [id, schema] of Object.entries(ANSWERS)) NAMED.add(schema, { id: `${id}_answer` });

export interface ApiRoute {
  readonly id: RouteId;
  /** With its parameters in braces. */
  readonly path: string;
  readonly query: readonly Parameter[];
  readonly source: Source;
  /** Rows of history: as NDJSON and CSV as well, streamed. */
  readonly streams: boolean;
  /** Parameters of an example that works. Names of this fleet stand in for `target`, `contract` and `incident`. */
  readonly examples: readonly Readonly<Partial<Record<Parameter, string>>>[];
}

const route = (
  id: RouteId,
  path: string,
  source: Source,
  query: readonly Parameter[],
  ...examples: ApiRoute["examples"]
): ApiRoute => ({ id, path: `/api/v1/${path}`, source, query, streams: false, examples: [...examples] });

const OF_ROWS = ["from", "to", "limit", "latency", "format"] as const;
const OF_HOURS = ["from", "to", "limit", "latency", "minutes", "format"] as const;

const rows = (id: "minutes" | "hours" | "days" | "months", ...examples: ApiRoute["examples"]): ApiRoute => ({
  ...route(id, `series/{series}/${id}`, "raw", id === "hours" ? OF_HOURS : OF_ROWS, ...examples),
  streams: true,
});

/** In the order in which they are explained. */
export const ROUTES: readonly ApiRoute[] = [
  route("targets", "targets", "front", [], {}),
  route("regions", "regions", "front", ["target", "after"], {}, { target: "chat" }),
  route("matrix", "matrix", "front", ["target", "after"], { target: "chat" }),
  route("snapshot", "snapshot.json", "front", [], {}),
  route(
    "series",
    "series",
    "raw",
    ["target", "region", "journey", "after", "limit"],
    {},
    { target: "chat", journey: "loop" },
  ),
  rows(
    "minutes",
    { series: "1" },
    { series: "1", latency: "true", limit: "10" },
    { series: "1", from: "2026-11-22", to: "2026-11-22T06:00:00Z", format: "ndjson" },
    { series: "1", from: "2026-11-22T00:00:00Z", to: "1795327200000", format: "csv" },
  ),
  rows(
    "hours",
    { series: "1", latency: "true" },
    { series: "1", minutes: "true", limit: "24" },
    { series: "1", from: "2026-11-01", to: "2026-11-23", format: "csv" },
  ),
  rows("days", { series: "1" }, { series: "1", from: "2026-01-01", to: "2027-01-01", format: "ndjson" }),
  rows("months", { series: "1", latency: "true" }),
  route("verdicts", "verdicts", "reports", ["contract", "before", "limit"], {}, { contract: "gold", limit: "12" }),
  route("incidents", "incidents", "incidents", ["before"], {}, { before: "2026-11-22" }),
  route("incident", "incidents/{incident}", "incidents", [], { incident: "chat-1" }),
  route("openapi", "openapi.json", "nothing", [], {}),
];

/** Names of the parameters in a path. */
export function inPath({ path }: Pick<ApiRoute, "path">): readonly Parameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as Parameter);
}

/** The address of an example, on this origin. `names`: what stands in for names that no other fleet has. */
export function addressOf(
  { path }: Pick<ApiRoute, "path">,
  example: ApiRoute["examples"][number],
  names: Readonly<Partial<Record<Parameter, string>>>,
): string {
  const valueOf = (name: string): string => {
    const said = example[name as Parameter] ?? "";
    return names[name as Parameter] !== undefined && said !== "" ? (names[name as Parameter] ?? said) : said;
  };
  const own = inPath({ path });
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(valueOf(name)));
  const query = Object.keys(example).filter((name) => !own.some((each) => each === name));
  return query.length === 0
    ? filled
    : `${filled}?${new URLSearchParams(query.map((name) => [name, valueOf(name)]))}`.replaceAll("%3A", ":");
}
