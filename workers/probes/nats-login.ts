// What a NATS server says first (INFO), and what we answer (CONNECT) with the credentials that a target names.
// Protocol: docs.nats.io, reference, protocols, client. Called by `nats.probe.ts`.

import type { Endpoint, Failure } from "./driver.ts";
import { failed } from "./failure.ts";
import { signNonce } from "./nats-nkey.ts";

/** What we need to know of an INFO. */
export interface Greeting {
  readonly tls: "required" | "available" | "none";
  /** Bytes that one message may have. */
  readonly maxPayloadBytes: number;
  /** Whether it knows headers, and so can say that nobody listens to a request. */
  readonly headers: boolean;
  /** What an nkey must sign. */
  readonly nonce: string | undefined;
}

/** Null: no INFO of a NATS server. */
export function readGreeting(data: Uint8Array): Greeting | null {
  try {
    const info: unknown = JSON.parse(new TextDecoder().decode(data));
    if (typeof info !== "object" || info === null) return null;
    const read = (key: string): unknown => Reflect.get(info, key);
    const [maxPayload, nonce] = [read("max_payload"), read("nonce")];
    if (typeof maxPayload !== "number" || !Number.isSafeInteger(maxPayload) || maxPayload < 0) return null;
    return {
      tls: read("tls_required") === true ? "required" : read("tls_available") === true ? "available" : "none",
      maxPayloadBytes: maxPayload,
      headers: read("headers") === true,
      nonce: typeof nonce === "string" ? nonce : undefined,
    };
  } catch {
    return null;
  }
}

/** The CONNECT line. Rejects with a Failure of kind `config` where a secret is not what its name says. */
export async function connectLine(greeting: Greeting, secrets: Endpoint["secrets"]): Promise<string> {
  const connect = {
    verbose: false,
    pedantic: false,
    protocol: 1,
    lang: "typescript",
    version: "1",
    name: "sonde",
    // With both, a request that nobody is subscribed to is answered at once by status 503 (NATS ADR-4).
    headers: greeting.headers,
    no_responders: greeting.headers,
    ...(await authOf(greeting.nonce, secrets)),
  };
  return `CONNECT ${JSON.stringify(connect)}\r\n`;
}

/** The fields of CONNECT that log in. The configuration has seen to it that only one way is named. */
async function authOf(nonce: string | undefined, secrets: Endpoint["secrets"]): Promise<object> {
  const { user, password, token, nkey, jwt, creds } = secrets;
  if (token !== undefined) return { auth_token: token };
  if (user !== undefined) return { user, pass: password };
  if (creds !== undefined) {
    const parts = partsOf(creds);
    const signed = parts === null ? null : await signNonce(parts.nkey, nonce);
    if (parts === null || signed === null) throw badSecret("creds", "the text of a .creds file");
    return { jwt: parts.jwt, ...signed };
  }
  if (nkey === undefined) return {};
  const signed = await signNonce(nkey.trim(), nonce);
  if (signed === null) throw badSecret("nkey", "the seed of a user's nkey (SU...)");
  return jwt === undefined ? signed : { jwt: jwt.trim(), ...signed };
}

/** A .creds file: a JWT and a seed, each between a line of dashes with BEGIN and one with END. */
function partsOf(creds: string): { jwt: string; nkey: string } | null {
  const found = [...creds.matchAll(/-{3,} *BEGIN[^\n-]*-{3,}\s+([\w.-]+)\s+-{3,} *END/g)].map((match) => match[1]);
  const [jwt, nkey] = found;
  return jwt === undefined || nkey === undefined ? null : { jwt, nkey };
}

function badSecret(purpose: string, what: string): Failure {
  return failed("config", "connect", `the secret for ${purpose} is not ${what}`);
}
