// Who may act through the API: whoever brings the bearer token whose secret the configuration names, or a token of Cloudflare Access.
// Never a cookie alone: a page of somebody else's could make a browser send it. Called by the door for acts.

import { createHash } from "node:crypto";

import type { Config } from "../config/config.ts";
import { problemAnswer } from "./problem-json.ts";
import { isSame } from "./signature.ts";
import type { Visitor } from "./visitor.ts";

/** `api`: a program, which says for whom it acts; `access`: a person, or a service, who signed in. */
export type Caller = { readonly by: "api" } | { readonly by: "access"; readonly who: string };

export interface CallerOptions {
  readonly config: Config;
  readonly secretOf: (name: string) => string | null;
  /** Makes `accessGuard` of access.entry.ts, or has it. */
  readonly guardOf: (config: Config) => (request: Request) => Promise<Visitor>;
  readonly report: (problem: string) => void;
}

/** Shorter ones are made up by people. */
const TOKEN_CHARS_MIN = 24;

/** The answer that says why not is never one that a stranger can learn from. */
export async function callerOf(request: Request, options: CallerOptions): Promise<Caller | Response> {
  const { config, secretOf, guardOf, report } = options;
  const tokenSecret = config.alerting?.tokenSecret ?? null;
  if (tokenSecret === null && config.access === null) {
    const detail =
      "Nobody acts here: the configuration has neither `access` nor `alerts.token`. " +
      'Write token: "SONDE_OPS_TOKEN" in its alerts, the name of a secret that is set.';
    return problemAnswer({ status: 404, type: "closed", title: "Closed", detail });
  }
  if (isFromElsewhere(request)) {
    const detail = "No page of another origin acts here.";
    return problemAnswer({ status: 403, type: "other-origin", title: "From another origin", detail });
  }
  const [, brought] = /^Bearer +([\x21-\x7e]+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (brought !== undefined) {
    const token = tokenSecret === null ? "" : (secretOf(tokenSecret) ?? "");
    if (tokenSecret !== null && token.length < TOKEN_CHARS_MIN) {
      report(`the secret ${tokenSecret} is not set, or has less than ${TOKEN_CHARS_MIN} characters`);
      const detail = "No token is good until whoever runs this has set its secret.";
      return problemAnswer({ status: 503, type: "no-secret", title: "Not ready", detail });
    }
    // Of equal length, whatever was brought.
    return token !== "" && isSame(hashOf(brought), hashOf(token)) ? { by: "api" } : unknown();
  }
  // The guard would take a cookie, too.
  if (request.headers.get("cf-access-jwt-assertion") === null) return unknown();
  const visitor = await guardOf(config)(request);
  if (visitor.ok) return { by: "access", who: visitor.who };
  if (visitor.status === 401) return unknown();
  if (visitor.status === 403) {
    const detail = "No token of Cloudflare Access is good here: the configuration has no `access`.";
    return problemAnswer({ status: 403, type: "denied", title: "Denied", detail });
  }
  const detail = "It cannot be told now who you are: try again.";
  const headers = { "retry-after": "10" };
  return problemAnswer({ status: 503, type: "unsure", title: "Not known who you are", detail, headers });
}

/** Access makes its header of a cookie before we see it, so the header alone does not say that a page of ours has asked. */
function isFromElsewhere({ headers, url }: Request): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site") ?? "none";
  return (origin !== null && origin !== new URL(url).origin) || (site !== "none" && site !== "same-origin");
}

/** Never which part: whoever has the token finds it in the sender. */
function unknown(): Response {
  const detail = "Bring the token of this place, as Authorization: Bearer, or sign in with Cloudflare Access.";
  const headers = { "www-authenticate": "Bearer" };
  return problemAnswer({ status: 401, type: "unknown-caller", title: "Not known who you are", detail, headers });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
