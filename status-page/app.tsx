// All routes of the public page, in one place. Carries the front row from last-good.ts through pages/ to bytes; decides
// nothing about figures, and touches nothing itself: clock, database and cache come in as arguments. Mounted by
// main.entry.ts. Needs D1 for what it shows, never for whether it answers.

import { Hono } from "hono";
import type { Context } from "hono";

import { LANGUAGES } from "../schema/words.ts";
import type { Language } from "../schema/words.ts";
import type { Front, FrontRow, PageBindings } from "./front.ts";
import { CACHED, RETRY_AFTER_S, SECURITY, htmlHeaders, matches } from "./headers.ts";
import { incidentPages } from "./incidents-routes.tsx";
import type { IncidentReader, Places } from "./incidents.ts";
import { lastGood } from "./last-good.ts";
import type { Background, Spare } from "./last-good.ts";
import type { Frame } from "./parts/layout.tsx";
import { etagOf, pathOf, renderPlain, renderStatus } from "./render.tsx";
import type { Said } from "./render.tsx";
import { renderings } from "./renderings.ts";
import type { Rendering } from "./renderings.ts";
import { slaPages } from "./sla-routes.tsx";
import type { Guard, PageContract, SlaReader } from "./sla.ts";
import { incidentWordsOf, languageFor, slaWordsOf, wordsOf } from "./words/languages.ts";

export interface StatusPageOptions {
  readonly now: () => number;
  /** Reads the front row: `readFront` of read.store.ts. */
  readonly read: (env: PageBindings) => Promise<FrontRow | null>;
  /** Where a copy is kept for bad times: `cacheSpare()` of spare.store.ts; null for nowhere. */
  readonly spare: Spare | null;
  /** Told of failed reads and broken renderings: the fleet's keepers want to know. */
  readonly report: (error: unknown) => void;
  /** The page's name, the config's `name`. */
  readonly name?: string;
  /** Offered languages, the default first: the config's `languages`. */
  readonly languages?: readonly Language[];
  /** Targets that exist though nothing may have been measured yet: their page is then empty, not missing. */
  readonly knownTargets?: readonly string[];
  /** Contracts that have pages, in the order of the configuration. */
  readonly contracts?: readonly PageContract[];
  /** Reads their reports: `storedReports` of sla.store.ts. */
  readonly sla?: SlaReader;
  /** Tells who asks for a contract whose page is `access`. Without it nobody is let in. */
  readonly guard?: Guard;
  /** Reads incidents: `storedIncidents` of incidents.store.ts. Without it they have no pages. */
  readonly incidents?: IncidentReader;
  /** What incidents call targets, regions and their zone: the config. Without it: their ids, and UTC. */
  readonly places?: Places;
}

type PageEnv = { Bindings: PageBindings };
type Ctx = Context<PageEnv>;

const EMPTY_JSON = new TextEncoder().encode("[]");

/** The public status page with all its routes. */
export function statusPage(options: StatusPageOptions): Hono<PageEnv> {
  const { now, read, spare, report, name = "Sonde", languages = LANGUAGES, knownTargets = [] } = options;
  const { contracts = [], sla = null, guard = nobody, incidents = null, places = NOWHERE } = options;
  const shownNow = lastGood({ now, read, spare, report });
  const rendered = renderings();
  // Not strict: /en/ is /en.
  const app = new Hono<PageEnv>({ strict: false });

  const languageOf = (c: Ctx): Language => languageFor(c.req.path, c.req.header("accept-language"), languages);
  const frameOf = (language: Language, path: string | null): Frame => ({
    words: wordsOf(language),
    name,
    languages,
    path,
    reports: contracts.length > 0 ? slaWordsOf(language).reports : undefined,
    incidents: incidents === null ? undefined : incidentWordsOf(language).incidents,
  });

  const plain = (c: Ctx, status: 404 | 500 | 503, said: Said): Response => {
    const frame = frameOf(languageOf(c), null);
    const headers = htmlHeaders(SECURITY, frame.words.tag);
    headers.set("cache-control", status === 404 ? "public, max-age=5" : "no-store");
    if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
    return new Response(renderPlain(frame, said, null), { status, headers });
  };

  async function page(c: Ctx, target: string | null): Promise<Response> {
    const language = languageOf(c);
    const shown = await shownNow(c.env, backgroundOf(c));
    if (shown.kind === "unreadable") return plain(c, 503, "unreadable");
    const { front } = shown;
    if (target !== null && !knownTargets.includes(target) && !hasTarget(front, target)) {
      return plain(c, 404, "notFound");
    }
    const stale = shown.kind === "stale";
    const at = now();
    const rendering = rendered({ key: `${language} ${target ?? ""}`, front, stale, now: at }, () =>
      renderStatus({ frame: frameOf(language, pathOf(target)), front, target, stale, now: at }),
    );
    return answer(c, rendering, htmlHeaders(SECURITY, wordsOf(language).tag), stale);
  }

  app.get("/healthz", () => {
    const headers = { ...SECURITY, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
    return new Response("ok", { headers });
  });

  app.get("/api/v1/snapshot.json", async (c) => {
    const shown = await shownNow(c.env, backgroundOf(c));
    const headers = new Headers(SECURITY);
    headers.set("content-type", "application/json");
    headers.set("access-control-allow-origin", "*");
    if (shown.kind === "unreadable") {
      headers.set("retry-after", RETRY_AFTER_S);
      headers.set("cache-control", "no-store");
      return new Response('{"error":"database_unreadable"}', { status: 503, headers });
    }
    const { front } = shown;
    const stale = shown.kind === "stale";
    return answer(c, { bytes: front?.json ?? EMPTY_JSON, etag: etagOf(front, "json", stale) }, headers, stale);
  });

  app.get("/", (c) => page(c, null));
  app.get("/targets/:target", (c) => page(c, c.req.param("target")));
  for (const language of languages) {
    app.get(`/${language}`, (c) => page(c, null));
    app.get(`/${language}/targets/:target`, (c) => page(c, c.req.param("target") ?? ""));
  }

  if (sla !== null && contracts.length > 0) {
    app.route("/", slaPages({ now, report, languages, contracts, sla, guard, frameOf }));
  }

  if (incidents !== null) {
    app.route("/", incidentPages({ now, report, languages, incidents, places, frameOf }));
  }

  app.notFound((c) => plain(c, 404, "notFound"));
  app.onError((error, c) => {
    report(error);
    return plain(c, 500, "broken");
  });
  return app;
}

const NOWHERE: Places = { timeZone: "UTC", targets: [], regions: [] };

const nobody: Guard = () => Promise.resolve({ ok: false, status: 403, reason: "no guard is configured" });

function backgroundOf(c: Ctx): Background {
  return (work) => {
    try {
      c.executionCtx.waitUntil(work);
    } catch {
      // Outside Workers there is no such context, and nothing there ends a promise early either.
    }
  };
}

function hasTarget(front: Front | null, target: string): boolean {
  return front?.snapshots.some((snapshot) => snapshot.target === target) ?? false;
}

/** An answer with figures: prepared bytes, or 304 where the reader has them. */
function answer(c: Ctx, rendering: Rendering, headers: Headers, stale: boolean): Response {
  headers.set("cache-control", CACHED);
  headers.set("etag", rendering.etag);
  if (stale) headers.set("x-sonde-stale", "1");
  if (matches(c.req.header("if-none-match"), rendering.etag)) {
    headers.delete("content-type");
    return new Response(null, { status: 304, headers });
  }
  return new Response(rendering.bytes, { headers });
}
