// The route /metrics: the front row as OpenMetrics or as Prometheus' text, whichever the scraper asks for. Mounted by app.tsx.
// Costs at most the one row of D1 that the front page costs. While D1 is away it gives the last good figures and says so
// (`sonde_front_stale`), or a 503; a failed read is never an answer without figures.

import { Hono } from "hono";

import { familiesOf } from "../../workers/metrics/families.ts";
import type { PageContext, PageDoor, PageEnv } from "../door.ts";
import type { Front } from "../front.ts";
import { CACHED, RETRY_AFTER_S, SECURITY } from "../headers.ts";
import { answerText, renderingOf } from "../machine-answers.ts";
import { renderings } from "../renderings.ts";
import type { Rendering } from "../renderings.ts";
import { CONTENT_TYPES, formatFor } from "./accept.ts";
import { writeMetrics } from "./text.ts";

/** As many targets as a configuration may have. */
const SERVICES_MAX = 100;

/** `/metrics`, and `/metrics?service=chat&service=mail` for some targets alone: a fleet of many is scraped in parts. */
export function metricsPages(door: PageDoor): Hono<PageEnv> {
  const rendered = renderings();
  const app = new Hono<PageEnv>({ strict: false });
  app.get("/metrics", (c) => metrics(c, door, rendered));
  return app;
}

async function metrics(c: PageContext, door: PageDoor, rendered: ReturnType<typeof renderings>): Promise<Response> {
  const shown = await door.front(c);
  if (shown.kind === "unreadable") return unreadable();
  const { front } = shown;
  const format = formatFor(c.req.header("accept"));
  const services = servicesOf(c, front);
  const isStale = shown.kind === "stale";
  const now = door.now();
  const make = (): Rendering => renderingOf(writeMetrics(familiesOf(front, { now, isStale, services }), format));
  // All and each one are kept for a second. Selections are as many as anybody likes, so they are not.
  const isKept = services === null || services.length === 1;
  const made = { key: `${format} ${services?.[0] ?? ""}`, front, stale: isStale, now };
  const rendering = isKept ? rendered(made, make) : make();
  const headers = new Headers({ ...SECURITY, vary: "Accept", "cache-control": CACHED });
  headers.set("content-type", CONTENT_TYPES[format]);
  return answerText(c, rendering, headers, isStale);
}

/** Only the status counts for a scraper: what it scrapes is then `up 0`, and no series of ours is a wrong one. */
function unreadable(): Response {
  const headers = new Headers({
    ...SECURITY,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
  });
  headers.set("retry-after", RETRY_AFTER_S);
  return new Response("the database did not answer, and nothing is remembered\n", { status: 503, headers });
}

/** Null: all. Only what there is, each once: whatever else is asked for has no figures. */
function servicesOf(c: PageContext, front: Front | null): readonly string[] | null {
  const asked = new Set((c.req.queries("service") ?? []).slice(0, SERVICES_MAX));
  if (asked.size === 0) return null;
  return front?.snapshots.map(({ target }) => target).filter((target) => asked.has(target)) ?? [];
}
