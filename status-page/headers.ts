// The headers of every answer: what a browser may do with it, and how long anybody may keep it. Pure.

import { createHash } from "node:crypto";

import { INCIDENT_STYLE } from "./incident-style.ts";
import { SLA_STYLE } from "./sla-style.ts";
import { STYLE } from "./style.ts";

/** The hash that allows an inline stylesheet. Computed from the same string that the page prints. */
const hashOf = (style: string): string => `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

const policy = (...styles: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${styles.map(hashOf).join(" ")}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** On every answer. */
export const SECURITY: Readonly<Record<string, string>> = {
  "content-security-policy": policy(STYLE),
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
};

/** On every answer of the SLA pages, which have a second stylesheet. */
export const SLA_SECURITY: Readonly<Record<string, string>> = {
  ...SECURITY,
  "content-security-policy": policy(STYLE, SLA_STYLE),
};

/** On every answer of the pages of incidents, which have another second one. */
export const INCIDENT_SECURITY: Readonly<Record<string, string>> = {
  ...SECURITY,
  "content-security-policy": policy(STYLE, INCIDENT_STYLE),
};

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
