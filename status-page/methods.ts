// Who asks for a page by another method than GET: which there are (405, RFC 9110, 15.5.6), and whether pages of other origins may ask
// (Fetch, CORS preflight). Pure but for what Hono's context holds. Called by app.tsx for what no group of routes has taken.

import type { Hono } from "hono";

import type { PageContext, PageEnv } from "./door.ts";
import { SECURITY } from "./headers.ts";

/** What every origin may read (`access-control-allow-origin` on the answer itself): files for machines. Guarded ones refuse by themselves. */
const OPEN_FILE = /(?:\.(?:json|csv|ics|atom|rss)|\/badge\.svg)$/;

/** Null: there is nothing at this address, or it was asked for by GET. */
export function otherMethod(app: Hono<PageEnv>, c: PageContext): Response | null {
  const { method } = c.req;
  // Addresses of ours may end in a slash.
  const path = c.req.path.replace(/(?<=.)\/$/, "");
  const has = (one: string): boolean => app.router.match(one, path)[0].some(([[, route]]) => route.method === one);
  if (method === "GET" || method === "HEAD" || !has("GET")) return null;
  const allow = ["GET", "HEAD", ...(has("POST") ? ["POST"] : []), "OPTIONS"].join(", ");
  const headers = new Headers({ ...SECURITY, allow, "cache-control": "no-store" });
  if (method === "OPTIONS") {
    if (OPEN_FILE.test(path)) {
      headers.set("access-control-allow-origin", "*");
      headers.set("access-control-allow-methods", "GET, HEAD");
      // Without this word a page of another origin cannot ask whether anything has changed.
      headers.set("access-control-allow-headers", "if-none-match");
      headers.set("access-control-max-age", "86400");
    }
    return new Response(null, { status: 204, headers });
  }
  headers.set("content-type", "text/plain; charset=utf-8");
  return new Response(`ask by ${allow}\n`, { status: 405, headers });
}
