// Signatures that receivers ask for. Feishu and DingTalk use the same letters the other way round: one puts the secret into the
// key, the other time and secret into the message. Pure: time is an argument. Called by the channels.

import { Webhook } from "standardwebhooks";

import { webhookSecretBytes } from "../config/base64.ts";

/** Feishu: HMAC-SHA256 of nothing, the key is "seconds\nsecret"; base64 (go-gitea/gitea 34802). Valid for an hour. */
export function feishuSignature(secret: string, seconds: number): Promise<string> {
  return hmacBase64(`${seconds}\n${secret}`, "");
}

/** DingTalk: HMAC-SHA256 of "ms\nsecret", the key is the secret; base64, to be percent-encoded in the query. Valid for an hour. */
export function dingtalkSignature(secret: string, ms: number): Promise<string> {
  return hmacBase64(secret, `${ms}\n${secret}`);
}

/**
 * Standard Webhooks, symmetric: one `v1` signature for each secret, newest first; two while a secret is changed. `secrets`: `whsec_`
 * and 24 to 64 bytes of base64 each, with a space between. Null: that is not what they are.
 */
export function webhookSignature(
  secrets: string,
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
): string | null {
  const signatures = secrets.split(/\s+/).map((secret) => {
    if (webhookSecretBytes(secret) === null) return null;
    return new Webhook(secret).sign(id, new Date(seconds * 1_000), body);
  });
  return signatures.includes(null) ? null : signatures.join(" ");
}

async function hmacBase64(key: string, message: string): Promise<string> {
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", text.encode(key), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", imported, text.encode(message));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
