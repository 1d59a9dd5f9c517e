// A key that every receiver takes: in headers, in JSON, and before the full stop that Standard Webhooks signs behind it. The same
// key always gives the same, and two keys never give one. Pure; called by the channels.

import { createHash } from "node:crypto";

/** The key itself where it is 1 to 150 harmless characters; else its SHA-256, marked. */
export function safeKey(key: string): string {
  if (/^[\w/:-]{1,150}$/.test(key)) return key;
  return `sha256=${createHash("sha256").update(key.toWellFormed()).digest("hex")}`;
}
