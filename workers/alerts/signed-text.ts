// Texts that only we can have written: URL-safe, HMAC-SHA256 over the text in front of the dot. Signed, not encrypted. Pure. Whatever
// is signed for one purpose is good for none other. Called by the links that acknowledge and those of subscriptions.

import { base64UrlOf } from "../config/base64.ts";

export type SecretBytes = Uint8Array<ArrayBuffer>;

const SECRET_BYTES_MIN = 24;

/** `purpose` ends with a line feed, which no body has. RangeError for a secret of less than 24 bytes (the bound of Standard Webhooks). */
export async function signed(purpose: string, value: unknown, secret: SecretBytes): Promise<string> {
  const body = base64UrlOf(new TextEncoder().encode(JSON.stringify(value)));
  const mac = await crypto.subtle.sign("HMAC", await keyOf(secret, "sign"), bytesToSign(purpose, body));
  return `${body}.${base64UrlOf(new Uint8Array(mac))}`;
}

/** What was signed, as `signed` got it; null for any text that it did not give with this purpose and secret, to the character. */
export async function openSigned(
  purpose: string,
  text: string,
  secret: SecretBytes,
): Promise<{ readonly value: unknown } | null> {
  const [, body = "", mac = ""] = /^([\w-]+)\.([\w-]{43})$/.exec(text) ?? [];
  const bytes = bytesOf(mac);
  const key = await keyOf(secret, "verify");
  // In a time that does not depend on where the two differ.
  if (bytes === null || !(await crypto.subtle.verify("HMAC", key, bytes, bytesToSign(purpose, body)))) return null;
  const signedBytes = bytesOf(body);
  return signedBytes === null ? null : { value: JSON.parse(new TextDecoder().decode(signedBytes)) };
}

function bytesToSign(purpose: string, body: string): Uint8Array {
  return new TextEncoder().encode(purpose + body);
}

async function keyOf(secret: SecretBytes, use: "sign" | "verify"): Promise<CryptoKey> {
  if (secret.length < SECRET_BYTES_MIN) throw new RangeError(`a secret of ${secret.length} bytes is too short`);
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

/** Null for a text that is not the one way to write these bytes: its last character has bits that mean nothing. */
function bytesOf(text: string): SecretBytes | null {
  if (text.length % 4 === 1) return null;
  const chars = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(chars.length);
  for (let i = 0; i < chars.length; i += 1) bytes[i] = chars.charCodeAt(i);
  return base64UrlOf(bytes) === text ? bytes : null;
}
