// What our API answers where it cannot give what was asked for: RFC 9457, with what would be right. Pure; thrown as `Refusal` by
// whoever reads a request, and made an answer by api-routes.tsx. Says nothing that the caller has not sent or may not know.

import { RETRY_AFTER_S, SECURITY } from "../headers.ts";
import type { Problem } from "./shapes.ts";

/** What is wrong with which parameter. */
export interface Wrong {
  readonly parameter: string;
  readonly detail: string;
}

const TITLES = {
  bad_parameter: [400, "A parameter is not right"],
  not_found: [404, "There is no such thing"],
  method_not_allowed: [405, "This is only for reading"],
  not_acceptable: [406, "Not in this format"],
  too_many_requests: [429, "Too many requests"],
  broken: [500, "This answer could not be made"],
  database_unreadable: [503, "Our own database cannot be read"],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ProblemType = keyof typeof TITLES;

/** A request that gets a problem for an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly type: ProblemType;
  readonly wrong: readonly Wrong[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    type: ProblemType,
    detail: string,
    wrong: readonly Wrong[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.type = type;
    this.wrong = wrong;
    this.headers = headers;
  }
}

/** Who may read our API from a page of another origin, and what of the headers: everybody, all that we set. */
export const OPEN: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, link, ratelimit, ratelimit-policy, retry-after, x-sonde-stale",
};

/** The answer. Kept by nobody, save that there is no such thing. */
export function problemAnswer({ type, message, wrong, headers: more }: Refusal): Response {
  const [status, title] = TITLES[type];
  const body: Problem = {
    type: `urn:sonde:problem:${type}`,
    title,
    status,
    detail: message,
    ...(wrong.length === 0 ? {} : { errors: [...wrong] }),
  };
  const headers = new Headers({ ...SECURITY, ...OPEN, "content-type": "application/problem+json" });
  headers.set("cache-control", status === 404 ? "public, max-age=5" : "no-store");
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(JSON.stringify(body), { status, headers });
}
