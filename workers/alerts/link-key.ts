// The key that signs links which acknowledge, from the secret that the configuration names. Pure; called by whoever makes or
// follows such a link.

import { webhookSecretBytes } from "../config/base64.ts";

/** Null: no secret is named, none is set, or it is not `whsec_` and base64 of at least 24 bytes. */
export function linkKeyOf(
  name: string | null,
  secretOf: (name: string) => string | null,
): Uint8Array<ArrayBuffer> | null {
  return webhookSecretBytes(name === null ? "" : (secretOf(name) ?? ""));
}
