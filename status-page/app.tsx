// All routes of the public page, in one place. Carries the front row from last-good.ts through pages/ to bytes; decides
// nothing about figures, and touches nothing itself: clock, database and cache come in as arguments. Mounted by
// main.entry.ts. Needs D1 for what it shows, never for whether it answers.

import { Hono } from "hono";

import { LANGUAGES } from "../schema/words.ts";
import type { Language } from "../schema/words.ts";
import type { Config } from "../workers/config/config.ts";
import { apiPages } from "./api/api-routes.tsx";
import type { RawReader } from "./api/raw.ts";
import type { HeraldDesk } from "../workers/alerts/subscription.ts";
import { badgePages } from "./badges/badges-routes.ts";
import { statuspagePages } from "./compat/statuspage-routes.ts";
import { cardPages } from "./card.tsx";
import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { accentStyle, withStyle } from "./brand.ts";
import { feedLinks } from "./feeds/feed-links.ts";
import { feedPages } from "./feeds/feeds-routes.ts";
import { fleetPages } from "./fleet-routes.tsx";
import type { SilenceReader } from "./fleet.ts";
import type { Front, FrontRow, PageBindings } from "./front.ts";
import { herePages } from "./here-routes.tsx";
import { CACHED, RETRY_AFTER_S, SECURITY, htmlHeaders, matches } from "./headers.ts";
import { historyPages } from "./history-routes.tsx";
import type { PastReader } from "./history.ts";
import { incidentPages } from "./incidents-routes.tsx";
import type { IncidentReader, Places } from "./incidents.ts";
import { plainLabel } from "./labels.ts";
import { lastGood } from "./last-good.ts";
import type { Background, Spare } from "./last-good.ts";
import { machineFiles } from "./machine-routes.ts";
import { methodPages } from "./method-routes.tsx";
import { otherMethod } from "./methods.ts";
import { metricsPages } from "./metrics/metrics-routes.ts";
import type { Frame } from "./parts/layout.tsx";
import { pathOf, renderPlain, renderStatus } from "./render.tsx";
import type { Said } from "./render.tsx";
import { renderings } from "./renderings.ts";
import type { Rendering } from "./renderings.ts";
import { slaPages } from "./sla-routes.tsx";
import type { Guard, PageContract, SlaReader } from "./sla.ts";
import { subscribePages } from "./subscribe-routes.tsx";
import type { Onward } from "./view.ts";
import { widgetPages } from "./widget-routes.tsx";
import { feedsThatAre, waysOf } from "./ways.ts";
import { languageFor, wordsOf } from "./words/languages.ts";
import { carryZone, zoneFor } from "./zones.ts";

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
  /** Who knows the subscribers: `heraldDesk` of subscribe.store.ts. Without it nobody can subscribe. */
  readonly herald?: (env: PageBindings) => HeraldDesk | null;
  /** All of the configuration; null: it is refused. */
  readonly config?: Config | null;
  /** Reads raw history: `storedRows` of api/raw.store.ts. Without it the API has no series. */
  readonly raw?: RawReader;
  /** Reads the past by region: `storedPast` of history.store.ts. Without it there are no pages of it. */
  readonly past?: PastReader;
  /** Reads silences of probers: `storedSilences` of fleet.store.ts. Without it the fleet has no page. */
  readonly silences?: SilenceReader;
  /** What incidents call targets, regions and their zone: the config. Without it: their ids, and UTC. */
  readonly places?: Places;
}

type Ctx = PageContext;

/** The public status page with all its routes. */
export function statusPage(options: StatusPageOptions): Hono<PageEnv> {
  const { now, read, spare, report, languages = LANGUAGES, knownTargets = [] } = options;
  const name = plainLabel(options.name, "Sonde");
  const { contracts = [], sla = null, guard = nobody, incidents = null, places = NOWHERE } = options;
  const { config = null, raw = null } = options;
  const shownNow = lastGood({ now, read, spare, report });
  const rendered = renderings();
  /** Headers of a rendering are made once, as its bytes are. */
  const dressed = new WeakMap<Rendering, Headers>();
  // Not strict: /en/ is /en.
  const app = new Hono<PageEnv>({ strict: false });

  const languageOf = (c: Ctx): Language => languageFor(c.req.path, c.req.header("accept-language"), languages);
  const zoneOf = (c: Ctx): ReturnType<typeof zoneFor> => zoneFor(c.req.query("zone"), places.timeZone);
  const brand = config?.brand ?? null;
  const url = config?.url ?? null;
  const has = (route: string): boolean => app.routes.some((one) => one.method === "GET" && one.path === route);
  const frameOf = (c: Ctx, path: string | null): Frame => {
    const words = wordsOf(languageOf(c));
    const { zone, chosen } = zoneOf(c);
    const nav = waysOf(words, path, has);
    const feeds = feedsThatAre(feedLinks(words.language, incidents !== null), has);
    return { words, zone, zoneChosen: chosen, ownZone: places.timeZone, name, languages, path, nav, url, brand, feeds };
  };

  const plain = (c: Ctx, status: 404 | 500 | 503, said: Said): Response => {
    const frame = frameOf(c, null);
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
    const key = `${language} ${zoneOf(c).zone} ${target ?? ""}`;
    const rendering = rendered({ key, front, stale, now: at }, () =>
      renderStatus({ frame: frameOf(c, pathOf(target)), onward: onward(), front, target, stale, now: at }),
    );
    let headers = dressed.get(rendering);
    if (headers === undefined) {
      headers = headersOf(rendering, wordsOf(language).tag, stale);
      dressed.set(rendering, headers);
    }
    return answer(c, rendering, headers);
  }

  const onward = (): Onward => ({
    here: has("/here"),
    method: has("/method"),
    incidents: incidents !== null,
    regions: has("/targets/:target/regions/:region"),
  });

  const accent = accentStyle(brand);
  app.use(async (c, next) => {
    await next();
    if (c.res.status === 304) {
      // A browser would hold a policy that came with a 304 against the page that it has, whose styles may be of an older edition.
      c.res.headers.delete("content-security-policy");
      return;
    }
    // Most ask for nothing.
    if (accent === null && !c.req.url.includes("?")) return;
    const { zone, chosen } = zoneOf(c);
    if ((accent === null && !chosen) || c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
    const policy = c.res.headers.get("content-security-policy");
    if (accent !== null && policy !== null) c.res.headers.set("content-security-policy", withStyle(policy, accent));
    if (chosen && c.res.body !== null) c.res = new Response(carryZone(await c.res.text(), zone), c.res);
  });

  app.get("/", (c) => page(c, null));
  app.get("/targets/:target", (c) => page(c, c.req.param("target")));
  for (const language of languages) {
    app.get(`/${language}`, (c) => page(c, null));
    app.get(`/${language}/targets/:target`, (c) => page(c, c.req.param("target") ?? ""));
  }

  // Each group of routes is one line here.
  const door: PageDoor = {
    now,
    report,
    languages,
    config,
    incidents,
    places,
    languageOf,
    frameOf,
    front: (c) => shownNow(c.env, backgroundOf(c)),
    has,
    plain,
  };
  for (const group of GROUPS) app.route("/", group(door));
  if (options.past !== undefined) app.route("/", historyPages(door, options.past));
  if (options.herald !== undefined) app.route("/", subscribePages(door, options.herald));

  if (options.silences !== undefined) app.route("/", fleetPages(door, options.silences));

  if (sla !== null && contracts.length > 0) {
    app.route("/", slaPages({ now, report, languages, contracts, sla, guard, frameOf }));
  }

  if (incidents !== null) {
    app.route("/", incidentPages({ now, report, languages, incidents, places, frameOf }));
  }

  // Behind all others: what else lies below /api/v1 is refused as our API refuses.
  app.route("/", apiPages(door, { raw, reports: sla, contracts }));

  app.notFound((c) => otherMethod(app, c) ?? plain(c, 404, "notFound"));
  app.onError((error, c) => {
    report(error);
    return plain(c, 500, "broken");
  });
  return app;
}

/** Routes that need nothing but the door. */
const GROUPS: readonly ((door: PageDoor) => Hono<PageEnv>)[] = [
  metricsPages,
  machineFiles,
  statuspagePages,
  feedPages,
  badgePages,
  herePages,
  methodPages,
  widgetPages,
  cardPages,
];

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

function headersOf({ etag }: Rendering, tag: string, stale: boolean): Headers {
  const headers = htmlHeaders(SECURITY, tag);
  headers.set("cache-control", CACHED);
  headers.set("etag", etag);
  if (stale) headers.set("x-sonde-stale", "1");
  return headers;
}

/** An answer with figures: prepared bytes, or 304 where the reader has them. */
function answer(c: Ctx, { bytes, etag }: Rendering, headers: Headers): Response {
  if (!matches(c.req.header("if-none-match"), etag)) return new Response(bytes, { headers });
  const known = new Headers(headers);
  known.delete("content-type");
  return new Response(null, { status: 304, headers: known });
}
