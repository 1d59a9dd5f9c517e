// The key that signs links which acknowledge, from the secret that the configuration names. Pure; called by whoever makes or
// follows such a link.

/** Null: no secret is named, none is set, or it is not `whsec_` and base64 of at least 24 bytes. */
export function linkKeyOf(
  name: string | null,
  secretOf: (name: string) => string | null,
): Uint8Array<ArrayBuffer> | null {
  const base64 = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/.exec(name === null ? "" : (secretOf(name) ?? ""))?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) return null;
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
