// The routes of incidents: the list and one of them, as page and as JSON. Mounted by app.tsx. Keeps two laws: what is not for
// everybody is not there, and a failed read is the last good answer with its age, or a 503 that says so. Touches nothing
// itself: clock and database are given.

import { Hono } from "hono";
import type { Context } from "hono";

import type { Language } from "../schema/words.ts";
import type { PageDoor } from "./door.ts";
import type { PageBindings } from "./front.ts";
import { PRIVATE, RETRY_AFTER_S, SECURITY, htmlHeaders, securityOf } from "./headers.ts";
import { rememberedIncidents } from "./incidents-memory.ts";
import type { Remembered, RememberedIncidents } from "./incidents-memory.ts";
import { listFile, renderIncident, renderIncidents, storyFile } from "./incidents-render.tsx";
import { pathOfIncident } from "./incidents-view.ts";
import type { Telling } from "./incidents-view.ts";
import { IncidentsUnreadable } from "./incidents.ts";
import type { IncidentReader, Places } from "./incidents.ts";
import { PlainPage } from "./pages/plain.tsx";
import type { Frame } from "./parts/layout.tsx";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";
import { answer } from "./sla-answers.tsx";
import { incidentWordsOf } from "./words/languages.ts";

type PageEnv = { Bindings: PageBindings };
type Ctx = Context<PageEnv>;
type Format = "html" | "json";

interface IncidentPagesOptions {
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  readonly languages: readonly Language[];
  readonly incidents: IncidentReader;
  readonly places: Places;
  readonly frameOf: PageDoor["frameOf"];
}

interface Door extends IncidentPagesOptions {
  readonly reader: RememberedIncidents;
}

const BEFORE = /^\d{1,15}$/;
/** Target and number, as incidents are named; whatever else is asked for is not looked up. */
const FILE = /^([a-z][a-z0-9-]{0,30}-[1-9]\d{0,8})(\.json)?$/;

/** All routes below /incidents, without a language and with each. */
export function incidentPages(options: IncidentPagesOptions): Hono<PageEnv> {
  const { incidents, now, report, languages } = options;
  const door: Door = { ...options, reader: rememberedIncidents(incidents, now, report) };
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/incidents", ...languages.map((language) => `/${language}/incidents`)]) {
    app.get(base, (c) => guarded(c, door, "html", () => list(c, door, "html")));
    app.get(`${base}.json`, (c) => guarded(c, door, "json", () => list(c, door, "json")));
    app.get(`${base}/:file`, (c) => {
      const match = FILE.exec(c.req.param("file") ?? "");
      const format = c.req.path.endsWith(".json") ? "json" : "html";
      return guarded(c, door, format, () => one(c, door, match?.[1] ?? null, format));
    });
  }
  return app;
}

const tellingOf = (frame: Frame, { now, places }: Door): Telling => ({
  words: frame.words,
  said: incidentWordsOf(frame.words.language),
  // The visitor's zone, where he chose one.
  places: { ...places, timeZone: frame.zone },
  now: now(),
});

async function guarded(c: Ctx, door: Door, format: Format, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IncidentsUnreadable)) throw error;
    door.report(error);
    return trouble(c, door, "incidents_unreadable", format);
  }
}

function trouble(c: Ctx, door: Door, what: "not_found" | "incidents_unreadable", format: Format): Response {
  const status = what === "not_found" ? 404 : 503;
  const frame = door.frameOf(c, null);
  const said = incidentWordsOf(frame.words.language);
  const headers = format === "json" ? fileHeaders() : htmlHeaders(SECURITY, frame.words.tag);
  headers.set("cache-control", status === 404 ? "public, max-age=5" : PRIVATE);
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  if (format === "json") return new Response(`{"error":"${what}"}`, { status, headers });
  const [sentence, more] = status === 404 ? [said.notFound, said.notFoundMore] : [said.unreadable, said.unreadableMore];
  const page = <PlainPage {...frame} sentence={sentence} more={more} notice={null} />;
  return new Response(toBytes(page), { status, headers });
}

function fileHeaders(): Headers {
  const headers = new Headers(SECURITY);
  headers.set("content-type", "application/json");
  headers.set("access-control-allow-origin", "*");
  return headers;
}

/** For everybody; old news say so in a header too. */
function given(c: Ctx, rendering: Rendering, headers: Headers, { stale }: Remembered<unknown>): Response {
  if (stale) headers.set("x-sonde-stale", "1");
  return answer(c, rendering, headers, false);
}

async function list(c: Ctx, door: Door, format: Format): Promise<Response> {
  const asked = c.req.query("before");
  if (asked !== undefined && !BEFORE.test(asked)) return trouble(c, door, "not_found", format);
  const before = asked === undefined ? null : Number(asked);
  const found = await door.reader.list(c.env, before);
  if (format === "json") return given(c, listFile(found.value), fileHeaders(), found);
  const frame = door.frameOf(c, `/incidents${before === null ? "" : `?before=${before}`}`);
  const rendering = renderIncidents(frame, found, before, tellingOf(frame, door));
  return given(c, rendering, htmlHeaders(securityOf("incidents"), frame.words.tag), found);
}

async function one(c: Ctx, door: Door, id: string | null, format: Format): Promise<Response> {
  const found = id === null ? null : await door.reader.story(c.env, id);
  const story = found?.value ?? null;
  if (found === null || id === null || story === null) return trouble(c, door, "not_found", format);
  const shown = { ...found, value: story };
  if (format === "json") return given(c, storyFile(story), fileHeaders(), found);
  const frame = door.frameOf(c, pathOfIncident(id));
  const rendering = renderIncident(frame, shown, tellingOf(frame, door));
  return given(c, rendering, htmlHeaders(securityOf("incidents"), frame.words.tag), found);
}
