// Bytes as letters: base64 for URLs, and secrets as Standard Webhooks writes them. Pure; never says why a secret is none.

/** RFC 4648, section 5, without padding. */
export function base64UrlOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The bytes of `whsec_` and base64 of 24 to 64 of them (the specification's bounds); null for anything else. */
export function webhookSecretBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  const base64 = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/.exec(secret)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return null;
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
