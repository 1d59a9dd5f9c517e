// The API for people's acts: POST /api/v1/incidents/<id>/<act>, a test of a channel, what was sent. It lets in whom `caller.entry.ts`
// knows, reads strictly, and hands the act to the incident's Duty; the same act sent again is done once. Decides nothing about
// incidents. Called by the Worker's entry, which passes on what is null here.

import { bytesOf } from "../probes/http-ask.probe.ts";
import type { InputError } from "../sla/record-fields.ts";
import { meant } from "../sla/record-fields.ts";
import { ACTS, isOfAct, keyOfHeader, readAct, readTest, WRITE_KEY } from "./acts-input.ts";
import type { ActInput, ActName } from "./acts-input.ts";
import { refusalSaid } from "./acts-words.ts";
import { callerOf } from "./caller.entry.ts";
import type { Caller, CallerOptions } from "./caller.entry.ts";
import { targetOf } from "./duty-door.ts";
import type { DutyDoor, DutyOf } from "./duty-door.ts";
import { deliveryJson, incidentJson, testJson } from "./incident-json.ts";
import { isoOf } from "./local-time.ts";
import { jsonAnswer, problemAnswer } from "./problem-json.ts";

export interface ActsOptions extends Omit<CallerOptions, "config"> {
  /** Null: it is refused, and nobody is let in. */
  readonly config: CallerOptions["config"] | null;
  readonly dutyOf: DutyOf;
  /** Name of the keepers' Duty, which sends messages, too. */
  readonly keepers: string;
}

/** Three texts of 20 000 characters, most of them ASCII. */
const BODY_BYTES_MAX = 64 * 1_024;
const RETRY_AFTER = { "retry-after": "10" };
const DELIVERIES_MAX = 200;

const INCIDENTS = /^\/api\/v1\/incidents\/([^/]+)\/([^/]+)$/;
const ALERTS = /^\/api\/v1\/alerts\/([^/]+)$/;

/** Every route of this door, as it is asked: for whoever has to see that none of them is open. */
export const ACTS_ROUTES: readonly (readonly [method: "GET" | "POST", path: string])[] = [
  ...ACTS.map((act) => ["POST", `/api/v1/incidents/chat-1/${act}`] as const),
  ["POST", "/api/v1/alerts/test"],
  ["GET", "/api/v1/alerts/channels"],
  ["GET", "/api/v1/alerts/deliveries"],
];

type Inside = ActsOptions & CallerOptions;

/** Whether a request for this path is for this door, whatever its method. */
export function isActs(pathname: string): boolean {
  return INCIDENTS.test(pathname) || ALERTS.test(pathname);
}

/** For requests that are for this door. Never rejects. */
export function actsApi(options: ActsOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const { config } = options;
    if (config === null) return unanswered("The configuration is refused: nobody is let in, and nothing was done.");
    try {
      return await answered(request, { ...options, config });
    } catch (problem) {
      options.report(`nothing is known to be done: ${String(problem)}`);
      return unanswered(
        "Whoever is on duty does not answer. It is not known whether this was done: send the same again.",
      );
    }
  };
}

async function answered(request: Request, options: Inside): Promise<Response> {
  const caller = await callerOf(request, options);
  if (caller instanceof Response) return caller;
  const { pathname } = new URL(request.url);
  const [, id, act] = INCIDENTS.exec(pathname) ?? [];
  if (id !== undefined) {
    const name = ACTS.find((each) => each === act);
    if (name === undefined) return notFound(`There is no such act; there is ${ACTS.join(", ")}.`);
    return inPost(request, (body) => actOn(id, name, body, { request, caller, options }));
  }
  switch (ALERTS.exec(pathname)?.[1]) {
    case "test":
      return inPost(request, (body) => testOf(body, caller, options));
    case "channels":
      return request.method === "GET" ? channelsOf(options) : onlyBy("GET");
    case "deliveries":
      return request.method === "GET" ? await deliveriesOf(options) : onlyBy("GET");
    default:
      return notFound("There is no such thing about alerts; there is test, channels, deliveries.");
  }
}

/** What a POST has brought, as JSON. */
async function inPost(request: Request, work: (body: unknown) => Promise<Response>): Promise<Response> {
  if (request.method !== "POST") return onlyBy("POST");
  const [type = ""] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  if (type.trim() !== "application/json") {
    const detail = "Send JSON, with content-type: application/json.";
    return problemAnswer({ status: 415, type: "media-type", title: "Only JSON", detail });
  }
  // A body that breaks off is none.
  const bytes = await bytesOf(new Response(request.body), BODY_BYTES_MAX).catch(() => new Uint8Array(0));
  if (bytes === null) {
    const detail = `The body is longer than ${BODY_BYTES_MAX} bytes.`;
    return problemAnswer({ status: 413, type: "too-large", title: "Too large", detail });
  }
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return problemAnswer({ status: 400, type: "not-json", title: "Not JSON", detail: "The body is no JSON." });
  }
  return work(body);
}

interface Asked {
  readonly request: Request;
  readonly caller: Caller;
  readonly options: Inside;
}

async function actOn(id: string, name: ActName, body: unknown, asked: Asked): Promise<Response> {
  const read = readAct(name, body);
  if (!read.ok) return invalid(read.errors);
  const { act, at } = read.value;
  const who = whoOf(asked.caller, read.value.who, true);
  const key = keyOf(asked.request, read.value);
  const errors = [...("errors" in who ? who.errors : []), ...("errors" in key ? key.errors : [])];
  if ("errors" in who || "errors" in key) return invalid(errors);
  const target = targetOf(id);
  const duty = target === null ? null : asked.options.dutyOf(target);
  // Asked first: a Duty that is told to act for a name that never was would take it.
  if (target === null || duty === null || (await duty.incident(target, id)) === null) {
    return notFound("There is no such incident.");
  }
  // Keys are one target's, and Sonde's own events have some: another's can never be hit by chance.
  const ownKey = `api/${id}/${key.key}`;
  const acted = await duty.act(target, { incident: id, act, who: who.who, at, key: ownKey });
  if (!acted.ok) {
    if (acted.refused === "unknown_incident")
      return invalid([{ pointer: "/into", detail: "there is no such incident" }]);
    return refused(acted, name);
  }
  if (acted.repeated && !(await isSameAct(duty, target, ownKey, { id, input: read.value, who: who.who }))) {
    const detail = "Nothing was done: this key was used for something else. Another act needs another key.";
    return problemAnswer({ status: 409, type: "key-is-used", title: "Done otherwise", detail });
  }
  return jsonAnswer(200, { repeated: acted.repeated, incident: incidentJson(acted.incident) });
}

async function isSameAct(
  duty: DutyDoor,
  target: string,
  key: string,
  { id, input, who }: { readonly id: string; readonly input: ActInput; readonly who: string },
): Promise<boolean> {
  const report = await duty.incident(target, id);
  const event = report?.events.find((each) => each.key === key);
  return event !== undefined && isOfAct(event, input.act, who, input.at);
}

type Errors = { readonly errors: readonly InputError[] };

/** A program says for whom it acts; whoever signed in is who that says, and nobody else. */
function whoOf(caller: Caller, said: string | null, isNeeded: boolean): { readonly who: string } | Errors {
  if (caller.by === "api" && said !== null) return { who: `api:${said}` };
  if (caller.by === "api") {
    return isNeeded ? { errors: [{ pointer: "/who", detail: "is missing: write who does it" }] } : { who: "api" };
  }
  const detail = "leave it out: you are who signed in";
  return said === null ? { who: caller.who } : { errors: [{ pointer: "/who", detail }] };
}

function keyOf({ headers }: Request, { key }: ActInput): { readonly key: string } | Errors {
  const wrong = (detail: string): Errors => ({ errors: [{ pointer: "/key", detail }] });
  const header = headers.get("idempotency-key");
  if (header === null)
    return key === null ? wrong(`is missing, and so is the header Idempotency-Key: ${WRITE_KEY}`) : { key };
  const said = keyOfHeader(header);
  if (said === null) return wrong(`the header Idempotency-Key is not understood: ${WRITE_KEY}`);
  return key === null || key === said ? { key: said } : wrong("is another one than the header Idempotency-Key says");
}

async function testOf(body: unknown, caller: Caller, { config, dutyOf, keepers }: Inside): Promise<Response> {
  const read = readTest(body);
  if (!read.ok) return invalid(read.errors);
  const { channel, target = null } = read.value;
  const who = whoOf(caller, read.value.who, false);
  if ("errors" in who) return invalid(who.errors);
  const channels = (config.alerting?.channels ?? []).map(({ id }) => id);
  const targets = [...config.targets.map(({ id }) => id), keepers];
  const unknownId = (pointer: string, word: string, known: readonly string[]): InputError => {
    const near = known.length === 0 ? "there is none" : meant(word, known);
    return { pointer, detail: `there is no such ${pointer.slice(1)} in the configuration; ${near}` };
  };
  const errors = [
    ...(channels.includes(channel) ? [] : [unknownId("/channel", channel, channels)]),
    ...(target === null || targets.includes(target) ? [] : [unknownId("/target", target, targets)]),
  ];
  if (errors.length > 0) return invalid(errors);
  const name = target ?? targets[0] ?? keepers;
  const tested = await dutyOf(name).tryOut(name, channel, who.who);
  if (!tested.ok) return invalid([unknownId("/channel", channel, channels)]);
  return jsonAnswer(200, testJson(channel, tested));
}

/** Never an address or a secret, nor their names. */
function channelsOf({ config }: Inside): Response {
  const channels = (config.alerting?.channels ?? []).map(({ id, channel, language }) => ({ id, channel, language }));
  return jsonAnswer(200, { channels });
}

/** Of all targets together, newest first. One Duty that does not answer is an error: what it has sent is not nothing. */
async function deliveriesOf({ config, dutyOf, keepers }: Inside): Promise<Response> {
  const names = [...config.targets.map(({ id }) => id), keepers];
  const all = await Promise.all(
    names.map(async (name) => (await dutyOf(name).deliveries(DELIVERIES_MAX)).map((each) => ({ name, each }))),
  );
  const newest = all.flat().toSorted((a, b) => b.each.plannedAt - a.each.plannedAt);
  const deliveries = newest.slice(0, DELIVERIES_MAX).map(({ name, each }) => deliveryJson(name, each));
  return jsonAnswer(200, { deliveries, complete: newest.length < DELIVERIES_MAX });
}

function refused(
  { refused: word, before }: Extract<Awaited<ReturnType<DutyDoor["act"]>>, { readonly ok: false }>,
  act: ActName,
): Response {
  if (word === "unknown_incident") return notFound("There is no such incident.");
  const { sentence, pointer } = refusalSaid(word, act);
  const detail = before === null ? sentence : `${sentence} By ${before.by}, at ${isoOf(before.at)}.`;
  const errors = pointer === null ? {} : { errors: [{ pointer, detail: sentence }] };
  const type = word.replaceAll("_", "-");
  return problemAnswer({ status: 409, type, title: "Not done", detail, ...errors });
}

function invalid(errors: readonly InputError[]): Response {
  const detail = "Nothing was done: each of `errors` says where and why.";
  return problemAnswer({ status: 422, type: "invalid", title: "Not understood", detail, errors });
}

function notFound(detail: string): Response {
  return problemAnswer({ status: 404, type: "not-found", title: "Not found", detail });
}

function onlyBy(method: "GET" | "POST"): Response {
  const detail = `This is asked by ${method} only.`;
  return problemAnswer({ status: 405, type: "method", title: `Only ${method}`, detail, headers: { allow: method } });
}

function unanswered(detail: string): Response {
  return problemAnswer({ status: 503, type: "not-known", title: "No answer", detail, headers: RETRY_AFTER });
}
