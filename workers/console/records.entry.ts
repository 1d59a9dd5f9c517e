// The door through which exclusions and events of tickets are recorded: POST /api/v1/exclusions and /api/v1/tickets, signed
// after Standard Webhooks. It checks, writes in one batch and answers what is recorded; sent again, it is recorded once. It
// never changes a record, nor a minute. Called by the Worker's entry, which passes on what is null here.

import { bytesOf } from "../probes/http-ask.probe.ts";
import type { InputError } from "../sla/record-fields.ts";
import { readExclusions, readTicketEvents, resolveWithdrawals } from "../sla/record-input.ts";
import type { InputFacts, InputRead, Placed } from "../sla/record-input.ts";
import type { Appended, Recorded, RecordsStore } from "../sla/records.store.ts";
import { jsonAnswer, problemAnswer } from "./problem-json.ts";
import { signedId, signerOf } from "./signature.ts";

export interface RecordsApiOptions {
  readonly now: () => number;
  readonly config: InputFacts["config"] & { readonly recordsSecret: string | null };
  /** Value of a secret by its name; null when nobody has set it. */
  readonly secretOf: (name: string) => string | null;
  readonly store: RecordsStore;
  /** For the log: failures that the caller is told without details. */
  readonly report: (problem: string) => void;
}

/** What a body of 100 events with a sentence each needs, twice over. */
const BODY_BYTES_MAX = 64 * 1_024;
const RETRY_AFTER_S = "10";

const PATHS: ReadonlySet<string> = new Set(["/api/v1/exclusions", "/api/v1/tickets"]);

/** Whether a request for this path is for this door, whatever its method. */
export function isRecords(pathname: string): boolean {
  return PATHS.has(pathname);
}

/** Null for a request to any other path. Never rejects. */
export function recordsApi(options: RecordsApiOptions): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!isRecords(pathname)) return null;
    const { store } = options;
    if (pathname === "/api/v1/tickets") {
      return record(request, options, { read: readTicketEvents, append: store.appendTicketEvents, conflict: TICKETS });
    }
    const read = async (body: unknown, facts: InputFacts) => {
      const events = readExclusions(body, facts);
      if (!events.ok || events.events.every(({ event }) => "fromAt" in event)) return resolved(events, []);
      const targets = new Set(events.events.map(({ event }) => event.target));
      return resolved(events, await store.exclusionsOf(...targets));
    };
    return record(request, options, { read, append: store.appendExclusions, conflict: EXCLUSIONS });
  };
}

function resolved(read: ReturnType<typeof readExclusions>, known: Parameters<typeof resolveWithdrawals>[1]) {
  return read.ok ? resolveWithdrawals(read.events, known) : read;
}

/** What is done with a body, and how it is said that something else is recorded: to the whole, and to each event. */
interface Door<T> {
  readonly read: (body: unknown, facts: InputFacts) => InputRead<T> | Promise<InputRead<T>>;
  readonly append: (events: readonly T[]) => Promise<Appended>;
  readonly conflict: { readonly whole: string; readonly each: string };
}

const EXCLUSIONS: Door<never>["conflict"] = {
  whole: "Nothing was recorded: what is recorded is never changed. Withdraw it and record it anew, with another key.",
  each: "its key is recorded with another content, or what it withdraws was withdrawn by another record",
};
const TICKETS: Door<never>["conflict"] = {
  whole: "Nothing was recorded: what is recorded is never changed. What happened besides is an event with another key.",
  each: "its key is recorded with another content",
};

async function record<T>(
  request: Request,
  options: RecordsApiOptions,
  { read, append, conflict }: Door<T>,
): Promise<Response> {
  const signed = await signedBody(request, options);
  if (signed instanceof Response) return signed;
  let body: unknown;
  try {
    body = JSON.parse(signed.body);
  } catch {
    return problemAnswer({ status: 400, type: "not-json", title: "Not JSON", detail: "The body is no JSON." });
  }
  try {
    const { config } = options;
    const input = await read(body, { config, now: options.now(), messageId: signed.id });
    if (!input.ok) return invalid(input.errors);
    const appended = await append(input.events.map(({ event }) => event));
    if (!appended.ok) return conflicting(appended.conflicts, input.events, conflict);
    const isNew = appended.recorded.some(({ repeated }) => !repeated);
    return jsonAnswer(isNew ? 201 : 200, { recorded: appended.recorded.map(toldOf) });
  } catch (problem) {
    options.report(`nothing is known to be recorded: ${String(problem)}`);
    return problemAnswer({
      status: 503,
      type: "not-recorded",
      title: "The database does not answer",
      detail: "It is not known whether this was recorded. Send the same again: it is recorded once.",
      headers: { "retry-after": RETRY_AFTER_S },
    });
  }
}

/** The body of a POST that is signed with our secret, and the id of its message; else the answer that says why not. */
async function signedBody(
  request: Request,
  { config, secretOf, now, report }: RecordsApiOptions,
): Promise<{ readonly id: string; readonly body: string } | Response> {
  if (config.recordsSecret === null) {
    const detail =
      "Nothing is recorded here: the configuration has no `records`. " +
      'Write records: { secret: "SONDE_RECORDS_SECRET" } in it, the name of a secret that is set.';
    return problemAnswer({ status: 404, type: "closed", title: "Closed", detail });
  }
  if (request.method !== "POST") {
    const detail = "Records are sent by POST; they are read on the pages and in the reports.";
    const headers = { allow: "POST" };
    return problemAnswer({ status: 405, type: "method", title: "Only POST", detail, headers });
  }
  const signer = signerOf(secretOf(config.recordsSecret) ?? "");
  if (signer === null) {
    report(`the secret ${config.recordsSecret} is not set, or is not whsec_ and 24 to 64 bytes of base64`);
    const detail = "Nothing can be recorded until whoever runs this has set its secret.";
    return problemAnswer({ status: 503, type: "no-secret", title: "Not ready", detail });
  }
  const bytes = await readBody(request);
  if (bytes === null) {
    const detail = `The body is longer than ${BODY_BYTES_MAX} bytes: send it in parts.`;
    return problemAnswer({ status: 413, type: "too-large", title: "Too large", detail });
  }
  const body = textOf(bytes);
  const id = body === null ? null : signedId(signer, request.headers, body, now());
  if (body !== null && id !== null) return { id, body };
  // Never which part: whoever has the secret finds it in the sender, whoever has not should not find it at all.
  const detail =
    "Sign id, timestamp and body after Standard Webhooks, with the secret of this place and a right clock.";
  const headers = { "www-authenticate": "StandardWebhooks" };
  return problemAnswer({ status: 401, type: "signature", title: "No valid signature", detail, headers });
}

/** Null: too long. A body that breaks off is an empty one, which no signature fits. */
async function readBody(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) return null;
  try {
    return await bytesOf(new Response(request.body), BODY_BYTES_MAX);
  } catch {
    return new Uint8Array(0);
  }
}

/** Byte for byte what was signed, a byte order mark included; null when it is not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function invalid(errors: readonly InputError[]): Response {
  const detail = "Nothing was recorded: each of `errors` says where and why.";
  return problemAnswer({ status: 422, type: "invalid", title: "Not understood", detail, errors });
}

/** As JSON. `withdrawn_by` only where there is one: what was sent again does not count, whoever believes that it does. */
function toldOf({ withdrawnBy, ...recorded }: Recorded): object {
  return withdrawnBy === undefined ? recorded : { ...recorded, withdrawn_by: withdrawnBy };
}

function conflicting(
  positions: readonly number[],
  events: readonly Placed<unknown>[],
  { whole: detail, each }: Door<never>["conflict"],
): Response {
  const errors = positions.map((position) => ({ pointer: events[position]?.at ?? "", detail: each }));
  return problemAnswer({ status: 409, type: "conflict", title: "Recorded otherwise", detail, errors });
}
