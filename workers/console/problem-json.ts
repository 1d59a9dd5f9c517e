// What our API answers: never kept, never anything but data. A refusal is as RFC 9457 has it: `application/problem+json` with type, title, status and detail, and what is wrong with which
// entry in `errors`. Pure. Called by the doors of our API; says nothing that the caller has not sent or may not know.

import type { InputError } from "../sla/record-fields.ts";

/** `type` becomes urn:sonde:problem:<type>: a name, not a page. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 503;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer: whoever opens one in a browser gets text, and nothing of it runs. */
const API_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'",
  "x-content-type-options": "nosniff",
} as const;

export function jsonAnswer(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: API_HEADERS });
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
    headers: { "content-type": "application/problem+json", ...API_HEADERS, ...headers },
  });
}
