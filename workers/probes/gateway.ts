// A gateway's language, made from the options of the driver `websocket`: how its frames are written, read and told apart.
// Pure: what goes over the wire and when is `websocket.probe.ts`. Whatever a frame holds, nothing here throws or recurses.

import type { Options, OptionValue } from "../config/config.ts";
import { NOTHING, stepsOf, valueAt } from "../config/json-pointer.ts";
import { asItIs, fillTemplate, jsonEscaped, type Template, templateOf, type Values } from "../config/templates.ts";

/** One step: what is sent, and the frames that answer it. */
export interface Exchange {
  readonly send: Template | null;
  readonly ok: Match | null;
  readonly fail: Match | null;
}

export interface Gateway {
  readonly json: boolean;
  readonly protocols: readonly Template[];
  readonly headers: readonly (readonly [string, Template])[];
  readonly vars: Options;
  readonly login: Exchange | null;
  readonly subscribe: Exchange | null;
  /** `id`: where an answer names its message; null: it does not. */
  readonly publish: Exchange & { readonly id: Place | null; readonly namedBy: "id" | "seq" };
  readonly receive: { readonly match: Match | null; readonly payload: Place };
}

/** A place in a frame: steps of a JSON pointer, or what is left of a text when its match is taken off. */
type Place = readonly string[] | "rest";

/** What a frame has to be; its templates are not yet filled. Every claim must hold. */
type Match =
  | { readonly kind: "json"; readonly claims: readonly Claim[] }
  | { readonly kind: "text"; readonly text: Template | null; readonly prefix: Template; readonly suffix: Template };

interface Claim {
  readonly steps: readonly string[];
  /** One of these stands there; or merely something does (or nothing). */
  readonly expected: readonly (Template | number | boolean)[] | "present" | "absent";
}

/** A frame that could be read: a parsed document, or the text itself. */
export type Frame =
  | { readonly kind: "json"; readonly document: unknown }
  | { readonly kind: "text"; readonly text: string };

/** A match with its templates filled, ready for many frames. */
export interface Expectation {
  holds(frame: Frame): boolean;
  /** The text at a place of a frame for which it holds; null where there is none. */
  read(frame: Frame, place: Place): string | number | null;
}

/**
 * A frame above this is not ours and is not read: our payload has at most 32 KiB, and what a gateway puts around it or
 * says at login is seldom more; to parse this much takes about 10 ms.
 */
export const FRAME_CHARS_MAX = 1_048_576;

// Bytes that are no UTF-8 are no text (RFC 6455, section 8.1); a decoder that mends them would hide the damage.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Of options that the configuration has accepted; of any others, something that will match little. */
export function gatewayOf(options: Options): Gateway {
  const json = options["format"] !== "text";
  const publish = recordOf(options["publish"]);
  const receive = recordOf(options["receive"]);
  const { protocols = [] } = options;
  const send = String(publish["send"] ?? "");
  return {
    json,
    protocols: (Array.isArray(protocols) ? protocols : []).map((one) => templateOf(String(one))),
    headers: Object.entries(recordOf(options["headers"])).map(
      ([name, one]) => [name, templateOf(String(one))] as const,
    ),
    vars: recordOf(options["vars"]),
    login: options["login"] === undefined ? null : exchangeOf(recordOf(options["login"]), json),
    subscribe: options["subscribe"] === undefined ? null : exchangeOf(recordOf(options["subscribe"]), json),
    publish: {
      ...exchangeOf(publish, json),
      id: publish["id"] === undefined ? null : placeOf(String(publish["id"]), json),
      namedBy: send.includes("${id}") ? "id" : "seq",
    },
    receive: {
      match: receive["match"] === undefined ? null : matchOf(recordOf(receive["match"]), json),
      payload: placeOf(String(receive["payload"] ?? ""), json),
    },
  };
}

function exchangeOf(written: Options, json: boolean): Exchange {
  const { send, ok, fail } = written;
  return {
    send: send === undefined ? null : templateOf(String(send)),
    ok: ok === undefined ? null : matchOf(recordOf(ok), json),
    fail: fail === undefined ? null : matchOf(recordOf(fail), json),
  };
}

function matchOf(written: Options, json: boolean): Match {
  if (json) {
    const claims = Object.entries(written).map(([pointer, one]) => ({
      steps: stepsOf(pointer),
      expected: expectedOf(one),
    }));
    return { kind: "json", claims };
  }
  const { text, prefix = "", suffix = "" } = written;
  return {
    kind: "text",
    text: text === undefined ? null : templateOf(String(text)),
    prefix: templateOf(String(prefix)),
    suffix: templateOf(String(suffix)),
  };
}

function expectedOf(written: OptionValue): Claim["expected"] {
  if (typeof written === "object" && !Array.isArray(written)) {
    return recordOf(written)["present"] === false ? "absent" : "present";
  }
  const several: readonly OptionValue[] = Array.isArray(written) ? written : [written];
  return several
    .filter((one) => typeof one !== "object")
    .map((one) => (typeof one === "string" ? templateOf(one) : one));
}

function placeOf(written: string, json: boolean): Place {
  return json ? stepsOf(written) : "rest";
}

/** The frame to send. In JSON each value is escaped for the string that it stands in. */
export function frameOf(template: Template, json: boolean, values: Values): string {
  return fillTemplate(template, values, json ? jsonEscaped : asItIs);
}

/** What came, as text or document; null: unreadable, or too large to be read. */
export function readFrame(data: unknown, json: boolean): Frame | null {
  try {
    if (typeof data !== "string" && !(data instanceof ArrayBuffer)) return null;
    if ((typeof data === "string" ? data.length : data.byteLength) > FRAME_CHARS_MAX) return null;
    const text = typeof data === "string" ? data : decoder.decode(data);
    return json ? { kind: "json", document: JSON.parse(text) } : { kind: "text", text };
  } catch {
    return null;
  }
}

/** Null: any frame will do. */
export function expectationOf(match: Match | null, values: Values): Expectation {
  if (match === null) return { holds: () => true, read: readAnywhere };
  if (match.kind === "json") {
    const tests = match.claims.map(({ steps, expected }) => ({ steps, test: testOf(expected, values) }));
    const holds = (frame: Frame): boolean =>
      frame.kind === "json" && tests.every(({ steps, test }) => test(valueAt(frame.document, steps)));
    return { holds, read: readAnywhere };
  }
  const fill = (template: Template): string => fillTemplate(template, values, asItIs);
  const whole = match.text === null ? null : fill(match.text);
  const prefix = fill(match.prefix);
  const suffix = fill(match.suffix);
  const fits = (text: string): boolean => {
    if (whole !== null) return text === whole;
    return text.length >= prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix);
  };
  return {
    holds: (frame) => frame.kind === "text" && fits(frame.text),
    read: (frame) =>
      frame.kind === "text" ? frame.text.slice(prefix.length, frame.text.length - suffix.length) : null,
  };
}

function readAnywhere(frame: Frame, place: Place): string | number | null {
  if (frame.kind === "text") return frame.text;
  const value = place === "rest" ? NOTHING : valueAt(frame.document, place);
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function testOf(expected: Claim["expected"], values: Values): (value: unknown) => boolean {
  if (expected === "present") return (value) => value !== NOTHING;
  if (expected === "absent") return (value) => value === NOTHING;
  const tests = expected.map((one): ((value: unknown) => boolean) => {
    if (typeof one !== "object") return (value) => value === one;
    const text = fillTemplate(one, values, asItIs);
    // A gateway that was sent a number answers with a number: a template cannot say which of the two it is.
    const anyKind = one.some((part) => typeof part !== "string");
    return (value) => value === text || (anyKind && typeof value === "number" && String(value) === text);
  });
  return (value) => tests.some((test) => test(value));
}

function recordOf(value: OptionValue | undefined): Options {
  return typeof value === "object" && !Array.isArray(value) ? (value as Options) : {};
}
