// The token in a link that acknowledges: who was sent it, about which incident, and until when it is good. Signed, not encrypted:
// nothing in it is secret. Pure. Whoever follows it is asked first, and it works once: both are the caller's business, by the nonce.

import { base64UrlOf } from "../config/base64.ts";

/** What a link says. */
export interface AckToken {
  /** Incident id. */
  readonly incident: string;
  /** Id of the contact, or of the channel, that it was sent to: who acknowledges, as far as is known. */
  readonly to: string;
  /** The first instant at which it is no longer good, whole ms. */
  readonly expiresAt: number;
  /** Its own, never given twice. */
  readonly nonce: string;
}

/** An URL with it should fit into every receiver's limits. */
const CHARS_MAX = 300;
const SECRET_BYTES_MIN = 24;
/** The same secret may sign other things: what is signed for one purpose is none for another. */
const PURPOSE = "sonde acknowledge v1\n";

/**
 * URL-safe, at most 300 characters; HMAC-SHA256 over the text in front of the dot. RangeError if it would be longer, or for a
 * secret of less than 24 bytes (the bound of Standard Webhooks).
 */
export async function tokenOf(token: AckToken, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const { incident, to, expiresAt, nonce } = token;
  const body = base64UrlOf(new TextEncoder().encode(JSON.stringify([incident, to, expiresAt, nonce])));
  const key = await keyOf(secret, "sign");
  const mac = await crypto.subtle.sign("HMAC", key, signedBytes(body));
  const text = `${body}.${base64UrlOf(new Uint8Array(mac))}`;
  if (text.length > CHARS_MAX) throw new RangeError(`a link of ${text.length} characters is too long`);
  return text;
}

/** What a token says; `forged` for any text that `tokenOf` did not give with this secret, to the character. */
export async function readToken(
  text: string,
  secret: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<AckToken | "expired" | "forged"> {
  const [, body = "", mac = ""] = (text.length <= CHARS_MAX && /^([\w-]+)\.([\w-]{43})$/.exec(text)) || [];
  const bytes = bytesOf(mac);
  const key = await keyOf(secret, "verify");
  // In a time that does not depend on where the two differ.
  if (bytes === null || !(await crypto.subtle.verify("HMAC", key, bytes, signedBytes(body)))) return "forged";
  const token = parsed(body);
  if (token === null) return "forged";
  return token.expiresAt <= now ? "expired" : token;
}

function parsed(body: string): AckToken | null {
  const bytes = bytesOf(body);
  if (bytes === null) return null;
  // Signed by us, so that it is what was written above.
  const [incident, to, expiresAt, nonce] = JSON.parse(new TextDecoder().decode(bytes)) as [
    string,
    string,
    number,
    string,
  ];
  return { incident, to, expiresAt, nonce };
}

function signedBytes(body: string): Uint8Array {
  return new TextEncoder().encode(PURPOSE + body);
}

async function keyOf(secret: Uint8Array<ArrayBuffer>, use: "sign" | "verify"): Promise<CryptoKey> {
  if (secret.length < SECRET_BYTES_MIN) throw new RangeError(`a secret of ${secret.length} bytes is too short`);
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

/** Null for a text that is not the one way to write these bytes: its last character has bits that mean nothing. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const chars = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(chars.length);
  for (let i = 0; i < chars.length; i += 1) bytes[i] = chars.charCodeAt(i);
  return base64UrlOf(bytes) === text ? bytes : null;
}
