// When credentials run out, as far as they say so themselves: a JWT's `exp` (RFC 7519, section 4.1.4), bare or within a text
// such as NATS' .creds file. Pure; never repeats what it reads.

/** The earliest expiry among these values, ms since the epoch; null: none of them says. */
export function expiryOf(secrets: readonly string[]): number | null {
  const all = secrets.flatMap((secret) => [...secret.matchAll(JWT)].flatMap(([token]) => expOf(token) ?? []));
  return all.length === 0 ? null : Math.min(...all);
}

/** Three parts of base64url, the first an object's beginning (`{"`). Bounded, so that a long secret costs little. */
const JWT = /eyJ[\w-]{2,4000}\.([\w-]{2,16000})\.[\w-]{0,4000}/g;

function expOf(token: string): number | null {
  try {
    const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(atob(body)) as unknown;
    const exp = typeof claims === "object" && claims !== null && "exp" in claims ? claims.exp : null;
    // 0 means "never" to NATS.
    return typeof exp === "number" && exp > 0 ? exp * 1_000 : null;
  } catch {
    return null;
  }
}
