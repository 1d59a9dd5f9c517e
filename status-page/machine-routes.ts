// The routes of small files for machines: /healthz, /robots.txt, /sitemap.xml and /llms.txt. Mounted by app.tsx. None of them needs the
// database, save /healthz?deep=1, which is asked to say how old the figures are and costs what the front page costs.

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { CACHED, RETRY_AFTER_S, SECURITY } from "./headers.ts";
import { answerText, renderingOf } from "./machine-answers.ts";
import { llmsTxt, robotsTxt, sitemapXml } from "./machine-files.ts";
import type { Site } from "./machine-files.ts";
import { healthOf } from "./machine-health.ts";
import type { Rendering } from "./renderings.ts";

/** A refused configuration says nothing that could be told. */
const NOWHERE = { name: "Sonde", url: null, targets: [], contracts: [] };

export function machineFiles(door: PageDoor): Hono<PageEnv> {
  const app = new Hono<PageEnv>({ strict: false });
  const { config, languages } = door;
  const site: Site = config ?? { ...NOWHERE, languages };
  // Whoever writes anything there wants to know how old the figures are: "ok" would not say it.
  app.get("/healthz", (c) => (c.req.query("deep") === undefined ? alive() : health(c, door)));
  const robots = file(() => robotsTxt(languages, site.url), "text/plain");
  app.get("/robots.txt", (c) => robots(c));
  const llms = file(() => llmsTxt(site, door.has), "text/plain");
  app.get("/llms.txt", (c) => llms(c));
  // Its addresses must be whole: without the configuration's `url` there is none.
  const { url } = site;
  if (url !== null) {
    const sitemap = file(() => sitemapXml(site, url, door.has), "application/xml");
    app.get("/sitemap.xml", (c) => sitemap(c));
  }
  return app;
}

/** The page answers: asks nobody. */
function alive(): Response {
  const headers = { ...SECURITY, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  return new Response("ok", { headers });
}

/** 200 while the figures are new, else 503. */
async function health(c: PageContext, door: PageDoor): Promise<Response> {
  const found = healthOf(await door.front(c), door.now());
  const headers = new Headers({ ...SECURITY, "content-type": "application/json", "cache-control": "no-store" });
  if (found.status === "ok") return new Response(JSON.stringify(found), { headers });
  headers.set("retry-after", RETRY_AFTER_S);
  return new Response(JSON.stringify(found), { status: 503, headers });
}

/** Text that stays the same as long as the configuration does: made when it is first asked for. */
function file(make: () => string, type: string): (c: PageContext) => Response {
  let rendering: Rendering | null = null;
  return (c) => {
    rendering ??= renderingOf(make());
    const headers = new Headers({ ...SECURITY, "content-type": `${type}; charset=utf-8`, "cache-control": CACHED });
    return answerText(c, rendering, headers, false);
  };
}
