// Who may see what is not public: whoever brings a token that Cloudflare Access has signed for our application. Never trusts
// a header without its signature, never logs a token, and lets nobody in when in doubt. Made once an isolate by the Worker's
// entry, so that the team's keys are fetched once. It keeps keys and instants, never promises: one that was begun in a
// request that has died is never settled, and everybody after it would wait for ever.

import { decodeProtectedHeader, errors, importJWK, jwtVerify } from "jose";
import type { JWK, JWTPayload } from "jose";

import type { Access } from "../config/config.ts";
import { hasUnprintable } from "../config/problems.ts";
import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { bytesOf } from "../probes/http-ask.probe.ts";
import type { Visitor } from "./visitor.ts";

/** Access signs with this one only (Cloudflare One: Validate JWTs). No other is read, whatever a token says of itself. */
const ALGORITHM = "RS256";
/** Between Cloudflare's clock and ours. */
const CLOCK_TOLERANCE_S = 30;
/** Keys rotate every six weeks, and the one before stays valid for seven days: an hour is early, a day is in time. */
const FRESH_MS = 3_600_000;
const USABLE_MS = 24 * 3_600_000;
/** Whoever makes up key ids makes us ask no more often than this; so does a team whose keys do not come. */
const ASK_EVERY_MS = 10_000;
/** Access answers in well under a second; nobody waits longer for a page. */
const KEYS_TIMEOUT_MS = 3_000;
/** Two keys in two forms are 5 kB. */
const KEYS_BYTES_MAX = 64 * 1_024;
/** A token with many groups has a few kB. */
const TOKEN_CHARS_MAX = 16_384;
const KEYS_MAX = 20;
/** A browser keeps one for each path and domain that set it, and sends the stale one first as often as not. */
const COOKIES_MAX = 4;

type Keys = ReadonlyMap<string, CryptoKey>;

const refused = (status: 401 | 403 | 503, reason: string): Visitor => ({ ok: false, status, reason });

/** Judges requests. Never rejects. `access` null: nobody is let in. */
export function accessGuard(outside: Outside, access: Access | null): (request: Request) => Promise<Visitor> {
  if (access === null) return async () => refused(403, "Access is not configured");
  const issuer = `https://${access.team}.cloudflareaccess.com`;
  const keyOf = teamKeys(outside, `${issuer}/cdn-cgi/access/certs`);
  const judge = async (token: string): Promise<Visitor> => {
    try {
      const kid = kidOf(token);
      if (kid === null) return refused(401, "no valid token");
      const key = await keyOf(kid);
      if (key === "unavailable") return refused(503, "keys unavailable");
      if (key === "unknown") return refused(401, "no valid token");
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer,
        audience: access.audience,
        requiredClaims: ["exp"],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(outside.now()),
      });
      const who = nameOf(payload);
      return who === null ? refused(401, "the token names nobody") : { ok: true, who };
    } catch (problem) {
      // Whatever else goes wrong is our own fault: the token may be good.
      return problem instanceof errors.JOSEError ? refused(401, reasonOf(problem)) : refused(503, "the guard failed");
    }
  };
  return async (request) => {
    let first: Visitor | null = null;
    for (const token of tokensOf(request.headers)) {
      const visitor = await judge(token);
      if (visitor.ok || visitor.status === 503) return visitor;
      first ??= visitor;
    }
    return first ?? refused(401, "no token");
  };
}

/** Access recommends the header: the cookie is not always passed on. Where there is a header, it alone counts. */
function tokensOf(headers: Headers): readonly string[] {
  const cookies = (headers.get("cookie") ?? "").matchAll(/(?:^|;)\s*CF_Authorization=([^;\s]+)/g);
  const assertion = headers.get("cf-access-jwt-assertion");
  const all = assertion === null ? [...cookies].map(([, token = ""]) => token) : [assertion];
  return all.filter((token) => token !== "" && token.length <= TOKEN_CHARS_MAX).slice(0, COOKIES_MAX);
}

/** Null for what is no token. Nothing that it says is believed: it only names the key that the signature is tried with. */
function kidOf(token: string): string | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    return typeof kid === "string" ? kid : null;
  } catch {
    return null;
  }
}

/** People have an address, service tokens a common name and an empty `sub`. */
function nameOf(payload: JWTPayload): string | null {
  const names = [payload["email"], payload["common_name"], payload.sub];
  const isName = (name: unknown): name is string =>
    typeof name === "string" && name !== "" && name.length <= 320 && !hasUnprintable(name);
  return names.find(isName) ?? null;
}

/** The signature was good where this says more than "no valid token": claims are judged after it. */
function reasonOf(problem: unknown): string {
  if (problem instanceof errors.JWTExpired) return "the token has expired";
  if (!(problem instanceof errors.JWTClaimValidationFailed)) return "no valid token";
  if (problem.claim === "aud") return "the token is for another application";
  if (problem.claim === "iss") return "the token is of another team";
  if (problem.claim === "nbf") return "the token is not valid yet";
  return "no valid token";
}

/** The team's key of that id, from memory where it is fresh. "unavailable": there are none that may still be used. */
function teamKeys(outside: Outside, url: string): (kid: string) => Promise<CryptoKey | "unknown" | "unavailable"> {
  let keys: Keys = new Map();
  let fetchedAt = -Infinity;
  let askedAt = -Infinity;
  const isUsable = (): boolean => outside.now() - fetchedAt < USABLE_MS;
  return async (kid) => {
    const isFresh = outside.now() - fetchedAt < FRESH_MS;
    if (!(isFresh && keys.has(kid)) && outside.now() - askedAt >= ASK_EVERY_MS) {
      // With keys one request asks for all; without, each of those that come at once has to, since nobody waits for another.
      if (isUsable()) askedAt = outside.now();
      const fetched = await fetchKeys(outside, url).catch(() => null);
      askedAt = outside.now();
      if (fetched !== null) [keys, fetchedAt] = [fetched, askedAt];
    }
    return isUsable() ? (keys.get(kid) ?? "unknown") : "unavailable";
  };
}

/** Rejects for whatever is no set of keys, comes late, or leads elsewhere. */
async function fetchKeys(outside: Outside, url: string): Promise<Keys> {
  const abort = new AbortController();
  const read = async (): Promise<Keys> =>
    readKeys(await outside.fetch(url, { redirect: "manual", signal: abort.signal }));
  try {
    return await within(outside, KEYS_TIMEOUT_MS, "keys of Access", read());
  } finally {
    abort.abort();
  }
}

async function readKeys(answer: Response): Promise<Keys> {
  if (answer.status !== 200) throw new TypeError(`keys of Access: HTTP ${answer.status}`);
  const bytes = await bytesOf(answer, KEYS_BYTES_MAX);
  if (bytes === null) throw new TypeError("keys of Access: too long");
  const body = JSON.parse(new TextDecoder().decode(bytes)) as { readonly keys?: readonly JWK[] } | null;
  const wanted = (body?.keys ?? []).filter(
    ({ kid, kty, use = "sig", alg = ALGORITHM }) => kid && kty === "RSA" && use === "sig" && alg === ALGORITHM,
  );
  const keys = new Map<string, CryptoKey>();
  for (const { kid = "", kty, n, e } of wanted.slice(0, KEYS_MAX)) {
    // Only the public parts of it are read, so that nothing else can come of it.
    const key = await importJWK({ kty, n, e } as JWK, ALGORITHM);
    if (key instanceof CryptoKey) keys.set(kid, key);
  }
  if (keys.size === 0) throw new TypeError("keys of Access: none");
  return keys;
}
