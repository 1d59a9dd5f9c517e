// The routes of our API below /api/v1, made from the list in routes.ts, and the page /api that explains it. Mounted by app.tsx behind
// all other groups, since whatever else lies below /api/v1 is answered here: there is no such thing. Every error is a
// problem that says what would be right. Touches nothing itself: clock, databases and counters are given.

import { createHash } from "node:crypto";

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "../door.ts";
import { CACHED, SECURITY, htmlHeaders, matches, securityOf } from "../headers.ts";
import { rememberedIncidents } from "../incidents-memory.ts";
import { IncidentsUnreadable } from "../incidents.ts";
import { ApiPage } from "../pages/api.tsx";
import { toBytes } from "../render.tsx";
import { rememberedReports } from "../sla-memory.ts";
import { SlaUnreadable } from "../sla.ts";
import type { PageContract, SlaReader } from "../sla.ts";
import { apiWordsOf } from "../words/languages.ts";
import { ANSWERING } from "./answers.ts";
import type { Answer, ApiSources, Asking } from "./answers.ts";
import { TYPES, askedOf } from "./asked.ts";
import { openApi } from "./document.ts";
import type { Names } from "./document.ts";
import { counted, policyOf } from "./limits.ts";
import { OPEN, Refusal, problemAnswer } from "./problem.ts";
import type { RawReader } from "./raw.ts";
import { ROUTES, inPath } from "./routes.ts";
import type { ApiRoute, Source } from "./routes.ts";
import { findRows, isAway, rowsPage, rowsStream } from "./rows.ts";

interface ApiReaders {
  /** `storedRows` of raw.store.ts; null: history has no addresses. */
  readonly raw: RawReader | null;
  readonly reports: SlaReader | null;
  readonly contracts: readonly PageContract[];
}

const READ_ONLY = "GET, HEAD, OPTIONS";
/** Hono keeps HEAD to itself: it is GET without a body. */
const OTHERS = ["POST", "PUT", "PATCH", "DELETE"];

/** All routes of the API, and its page. */
export function apiPages(door: PageDoor, readers: ApiReaders): Hono<PageEnv> {
  const { now, report, languages, config } = door;
  const { raw, contracts } = readers;
  const incidents = door.incidents === null ? null : rememberedIncidents(door.incidents, now, report);
  const reports = readers.reports === null ? null : rememberedReports(readers.reports, now);
  const has: Readonly<Record<Source, boolean>> = {
    front: true,
    nothing: true,
    raw: raw !== null,
    incidents: incidents !== null,
    reports: reports !== null,
  };
  const routes = ROUTES.filter(({ source }) => has[source]);
  const names = namesOf(door, contracts);
  let made: ReturnType<typeof openApi> | null = null;
  const openapi = () => (made ??= openApi(routes, config?.name ?? "Sonde", names));
  const sources: ApiSources = { raw, reports, contracts, incidents, openapi };

  const app = new Hono<PageEnv>({ strict: false });
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    app.get(path, (c) => guarded(door, () => answered({ c, door, sources, route, asked: {} })));
    app.options(path, preflight);
    app.on(OTHERS, path, () =>
      problemAnswer(new Refusal("method_not_allowed", `Ask by ${READ_ONLY}.`, [], { allow: READ_ONLY })),
    );
  }
  for (const base of ["/api", ...languages.map((language) => `/${language}/api`)]) {
    app.get(base, (c) => page(c, door, routes, names));
  }
  app.all("/api/v1", nothing);
  app.all("/api/v1/*", nothing);
  return app;
}

const nothing = (): Response =>
  problemAnswer(new Refusal("not_found", "/api/v1/openapi.json has all that there is, and /api explains it."));

/** Names of this fleet that examples work with. Only what is public. */
function namesOf({ config }: PageDoor, contracts: readonly PageContract[]): Names {
  const target = config?.targets[0]?.id;
  const contract = contracts.find(({ page: open }) => open === "public")?.id;
  return {
    ...(target === undefined ? {} : { target, incident: `${target}-1` }),
    ...(contract === undefined ? {} : { contract }),
  };
}

/** Everybody may read from everywhere. */
function preflight(): Response {
  const headers = new Headers({ ...SECURITY, ...OPEN, allow: READ_ONLY });
  headers.set("access-control-allow-methods", READ_ONLY);
  headers.set("access-control-allow-headers", "accept, if-none-match");
  headers.set("access-control-max-age", "86400");
  return new Response(null, { status: 204, headers });
}

async function guarded(door: PageDoor, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return problemAnswer(error);
    door.report(error);
    const away = isAway(error) || error instanceof SlaUnreadable || error instanceof IncidentsUnreadable;
    if (away) return problemAnswer(new Refusal("database_unreadable", "Ask again in some seconds."));
    return problemAnswer(new Refusal("broken", "The fleet's keepers were told."));
  }
}

/** Path and query as one: a path parameter that is not understood is not there. */
function asOf({ c, route }: Asking): Asking["asked"] {
  const own = inPath(route);
  const query = askedOf(c.req.queries(), route.query);
  try {
    return { ...query, ...askedOf(Object.fromEntries(own.map((name) => [name, [c.req.param(name) ?? ""]])), own) };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal("not_found", error.message, error.wrong) : error;
  }
}

async function answered(asking: Asking): Promise<Response> {
  const { c, door, sources, route } = asking;
  const address = c.req.header("cf-connecting-ip");
  await counted(c.env, "API_RATE", address, door.report);
  const asked = { ...asking, asked: asOf(asking) };
  const headers = new Headers({ ...SECURITY, ...OPEN, ...policyOf("API_RATE") });
  headers.set("cache-control", CACHED);
  switch (route.id) {
    case "minutes":
    case "hours":
    case "days":
    case "months":
      return sources.raw === null ? nothing() : rows(asked, sources.raw, headers, address);
    default:
      return json(c, await ANSWERING[route.id](asked), headers, null);
  }
}

// The front row's bytes are the same ones for many requests, and may be a megabyte.
const digests = new WeakMap<Uint8Array, string>();

function etagOf(bytes: Uint8Array, stale: boolean): string {
  const digest = digests.get(bytes) ?? createHash("sha256").update(bytes).digest("base64url").slice(0, 24);
  digests.set(bytes, digest);
  return `W/"${digest}${stale ? "-stale" : ""}"`;
}

function json(c: PageContext, { body, next, stale }: Answer, headers: Headers, mark: string | null): Response {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const etag = mark ?? etagOf(bytes, stale);
  headers.set("etag", etag);
  headers.set("content-type", TYPES.json);
  if (next !== null) headers.append("link", `<${next}>; rel="next"`);
  if (stale) headers.set("x-sonde-stale", "1");
  return matches(c.req.header("if-none-match"), etag) ? unchanged(headers) : new Response(bytes.slice(), { headers });
}

function unchanged(headers: Headers): Response {
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}

async function rows(asking: Asking, raw: RawReader, headers: Headers, address: string | undefined): Promise<Response> {
  const { c, door } = asking;
  headers.set("vary", "Accept");
  const found = await findRows(asking, raw);
  const { format, etag, known, wanted, older } = found;
  // A file has no place for it; and who reads pages finds it there, too.
  if (older !== null) headers.set("link", `<${older}>; rel="related"`);
  if (format === "json") {
    headers.set("etag", etag);
    return known ? unchanged(headers) : json(c, await rowsPage(asking, raw, found), headers, etag);
  }
  for (const [name, value] of Object.entries(policyOf("API_STREAM_RATE"))) headers.append(name, value);
  headers.set("etag", etag);
  if (known) return unchanged(headers);
  await counted(c.env, "API_STREAM_RATE", address, door.report);
  headers.set("content-type", format === "csv" ? `${TYPES.csv}; charset=utf-8; header=present` : TYPES.ndjson);
  const name = `series-${wanted.series}-${wanted.kind}.${format}`;
  if (format === "csv") headers.set("content-disposition", `attachment; filename="${name}"`);
  return new Response(await rowsStream(asking, raw, found), { headers });
}

/** The page that explains it. */
function page(c: PageContext, door: PageDoor, routes: readonly ApiRoute[], names: Names): Response {
  const frame = door.frameOf(c, "/api");
  const said = apiWordsOf(frame.words.language);
  const bytes = toBytes(<ApiPage {...frame} said={said} routes={routes} names={names} />);
  const headers = htmlHeaders(securityOf("desk"), frame.words.tag);
  headers.set("cache-control", CACHED);
  const etag = `W/"api-${createHash("sha256").update(bytes).digest("base64url").slice(0, 24)}"`;
  headers.set("etag", etag);
  return matches(c.req.header("if-none-match"), etag) ? unchanged(headers) : new Response(bytes, { headers });
}
