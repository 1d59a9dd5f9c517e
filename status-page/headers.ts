// The headers of every answer: what a browser may do with it, and how long anybody may keep it. Pure.

import { createHash } from "node:crypto";

import { STYLE } from "./style.ts";

/** The hash that allows the one inline stylesheet. Computed from the same string that the page prints. */
export const STYLE_HASH = `sha256-${createHash("sha256").update(STYLE).digest("base64")}`;

const POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** On every answer. */
export const SECURITY: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "strict-origin-when-cross-origin",
  "cross-origin-opener-policy": "same-origin",
};

/** Answers with figures: five seconds old is new, an hour old is better than none when we are away. */
export const CACHED = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400";

/** Whether If-None-Match names this ETag; weak comparison (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => opaque(tag) === opaque(etag));
}
