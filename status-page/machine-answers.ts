// Answers with text for machines that is made anew when it is asked for: bytes, an ETag from them, 304, who may read it, how long it may
// be kept. Pure but for what Hono's context holds. Called by the routes of Statuspage's documents, feeds, calendars and badges.

import { createHash } from "node:crypto";

import type { Language } from "../schema/words.ts";
import type { PageContext, PageDoor } from "./door.ts";
import { RETRY_AFTER_S, SECURITY, matches } from "./headers.ts";
import type { Rendering } from "./renderings.ts";

const utf8 = new TextEncoder();

/** A text and its ETag. */
export function renderingOf(text: string): Rendering {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  return { bytes: utf8.encode(text), etag };
}

/** Readable from pages of any origin; `type` with its charset. */
export function machineHeaders(type: string, cacheControl: string): Headers {
  return new Headers({
    ...SECURITY,
    "content-type": type,
    "cache-control": cacheControl,
    "access-control-allow-origin": "*",
  });
}

/** The text, or 304. Old news say so in a header. */
export function answerText(c: PageContext, { bytes, etag }: Rendering, headers: Headers, stale: boolean): Response {
  headers.set("etag", etag);
  if (stale) headers.set("x-sonde-stale", "1");
  if (!matches(c.req.header("if-none-match"), etag)) return new Response(bytes, { headers });
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}

/** What is wrong, in a word. 503 is ours: it may be asked again soon. */
export function answerTrouble(status: 404 | 503, what: string): Response {
  const headers = machineHeaders("application/json", status === 404 ? "public, max-age=5" : "no-store");
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  return new Response(JSON.stringify({ error: what }), { status, headers });
}

/** The page's own address without a slash at its end: the configuration's, else the one that was asked. */
export function originOf(c: PageContext, { config }: PageDoor): string {
  return config?.url ?? new URL(c.req.url).origin;
}

/** Of the path, else the page's first: what machines read does not change with who carries it. */
export function languageOfPath(c: PageContext, { languages }: PageDoor): Language {
  const [, first] = c.req.path.split("/");
  return languages.find((language) => language === first) ?? languages[0] ?? "en";
}

/** Names of targets as the configuration takes them. */
const TARGET = /^[a-z][a-z0-9-]{0,30}$/;

/** Whether a target of that name may be asked for; where the configuration is refused, any could be one. */
export function isTarget(id: string, { config }: PageDoor): boolean {
  return config === null ? TARGET.test(id) : config.targets.some((target) => target.id === id);
}
