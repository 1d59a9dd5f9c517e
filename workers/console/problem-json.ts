// A refusal as RFC 9457 has it: `application/problem+json` with type, title, status and detail, and what is wrong with which
// entry in `errors`. Pure. Called by the doors of our API; says nothing that the caller has not sent or may not know.

import type { InputError } from "../sla/record-fields.ts";

/** `type` becomes urn:sonde:problem:<type>: a name, not a page. */
export interface Refused {
  readonly status: 400 | 401 | 404 | 405 | 409 | 413 | 422 | 503;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function problemAnswer({ status, type, title, detail, errors, headers }: Refused): Response {
  const body = {
    type: `urn:sonde:problem:${type}`,
    title,
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}
