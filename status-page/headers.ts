// The headers of every answer: what a browser may do with it, and how long anybody may keep it. Pure.

import { createHash } from "node:crypto";

import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { MORE_STYLES } from "./styles.ts";
import type { StyleName } from "./styles.ts";
import { WIDGET_STYLE } from "./widget-style.ts";

/** The hash that allows an inline stylesheet or script. Computed from the same string that the page prints. */
export const hashOf = (inline: string): string => `'sha256-${createHash("sha256").update(inline).digest("base64")}'`;

const SCRIPT_HASH = hashOf(SCRIPT);

const policy = (...styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${styles.map(hashOf).join(" ")}`,
    // The script asks for the page's own address again; the form in the foot chooses a zone.
    `script-src ${SCRIPT_HASH}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/** On every answer. */
export const SECURITY: Readonly<Record<string, string>> = {
  "content-security-policy": policy(STYLE),
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
};

const withMore = new Map<StyleName, Readonly<Record<string, string>>>();

/** On every answer of a page with this second stylesheet. */
export function securityOf(more: StyleName): Readonly<Record<string, string>> {
  let headers = withMore.get(more);
  if (headers === undefined) {
    headers = { ...SECURITY, "content-security-policy": policy(STYLE, MORE_STYLES[more]) };
    withMore.set(more, headers);
  }
  return headers;
}

/** Eight characters that are others when one of the texts is another. */
export function editionOf(texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url").slice(0, 8);
}

/**
 * Of all that stands inline in pages. In each ETag that is made of what a page tells and not of its bytes: after a deploy with another
 * style a browser must not be told that what it has is still the page.
 */
export const EDITION = editionOf([STYLE, SCRIPT, WIDGET_STYLE, ...Object.values(MORE_STYLES)]);

/** Answers with figures: five seconds old is new, an hour old is better than none when we are away. */
export const CACHED = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400";

/** Of what only some may see: kept by nobody. */
export const PRIVATE = "private, no-store";

/** Seconds after which it is worth asking again when a database did not answer. */
export const RETRY_AFTER_S = "10";

/** Of a page in this language. */
export function htmlHeaders(security: Readonly<Record<string, string>>, tag: string): Headers {
  const headers = new Headers(security);
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set("content-language", tag);
  headers.set("vary", "Accept-Language");
  return headers;
}

/** Whether If-None-Match names this ETag; weak comparison (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => opaque(tag) === opaque(etag));
}
