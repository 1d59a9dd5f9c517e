// Whether a request was signed with our secret, after Standard Webhooks (symmetric, v1): HMAC-SHA256 of "id.timestamp.body".
// Pure: the clock is an argument, which is why the library signs here and does not verify (its own verify reads a clock).
// Called by the door that records what is sent.

import { Webhook } from "standardwebhooks";

import { webhookSecretBytes } from "../config/base64.ts";

/** How far the sender's clock may be off, and how long a request may be replayed; the same id writes nothing twice. */
const TOLERANCE_S = 5 * 60;
/** While a secret is changed there are two; more is somebody who tries. */
const SIGNATURES_MAX = 5;

export interface SignedHeaders {
  get(name: string): string | null;
}

/** Null for a secret that is not `whsec_` and 24 to 64 bytes of base64 (the specification's bounds). */
export function signerOf(secret: string): Webhook | null {
  if (webhookSecretBytes(secret) === null) return null;
  try {
    return new Webhook(secret);
  } catch {
    return null;
  }
}

/** The id of a message that is signed and fresh; null for any other, without saying why. `now` in ms. */
export function signedId(signer: Webhook, headers: SignedHeaders, body: string, now: number): string | null {
  const id = headers.get("webhook-id") ?? "";
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const signatures = (headers.get("webhook-signature") ?? "").split(" ").slice(0, SIGNATURES_MAX);
  if (!/^[\x21-\x7e]{1,150}$/.test(id) || !/^[1-9]\d{0,11}$/.test(timestamp)) return null;
  const seconds = Number(timestamp);
  if (Math.abs(Math.floor(now / 1_000) - seconds) > TOLERANCE_S) return null;
  const expected = signer.sign(id, new Date(seconds * 1_000), body);
  // Each is compared, whatever the ones before it came to.
  const matches = signatures.map((signature) => isSame(signature, expected));
  return matches.includes(true) ? id : null;
}

/** In a time that does not depend on where the two differ. */
export function isSame(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
