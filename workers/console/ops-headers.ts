// The headers of every answer of the console: what a browser may do with it, and that nobody keeps it. Pure.

import { createHash } from "node:crypto";

import { OPS_STYLE } from "./ops-style.ts";

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(OPS_STYLE).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** On every answer, redirects among them. */
export const OPS_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
  // Not "no-referrer": browsers would then send `Origin: null` with our own forms, which the door refuses.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

export function htmlHeaders(tag: string): Headers {
  return new Headers({ ...OPS_HEADERS, "content-type": "text/html; charset=utf-8", "content-language": tag });
}
