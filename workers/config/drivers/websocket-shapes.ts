// The shapes of a gateway's entries, each by itself: which keys, which kinds, which placeholders. What a shape cannot know
// (the format, the credentials, the other entries) is judged in `websocket-conflicts.ts`. Never repeats a value itself.

import * as z from "zod";
import { isRecord } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import { nearest, type Path, type Refusal } from "../problems.ts";
import { isClosed, placeholdersIn, templateOf } from "../templates.ts";

/** What is wrong at a place below the entry. */
export interface Flaw {
  readonly path: Path;
  readonly refusal: Refusal;
}

export const CREDENTIALS = ["user", "password", "token"] as const;
const SECRETS = CREDENTIALS.map((name) => `secret.${name}`);

/** What each place may hold beside `var.*`. Matches of login and subscribe may name the frame that they answer. */
const KNOWN = {
  headers: SECRETS,
  "login.send": [...SECRETS, "id", "seq", "ts"],
  "login.match": ["id", "seq"],
  "subscribe.send": [...SECRETS, "id", "seq", "ts", "channel"],
  "subscribe.match": ["id", "seq", "channel"],
  "publish.send": [...SECRETS, "id", "seq", "ts", "channel", "payload"],
  "publish.match": ["channel"],
  "receive.match": ["channel"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Place = keyof typeof KNOWN;
type Judge = (value: Plain) => readonly Flaw[];

/** Names that say that what stands under them opens a door. */
export const SECRET_NAME = /passw|passphrase|pwd|secret|token|api.?key|access.?key|credential/i;
const SECRET_HEADER = /auth|cookie|signature/i;

const HEADERS_MAX = 20;
/** RFC 9110, section 5.6.2: what names of headers and of subprotocols are made of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
/** The handshake's own (RFC 6455, section 4.1; RFC 9110), which the runtime writes. */
const OURS = /^(host|connection|upgrade|content-.*|transfer-encoding|te|trailer|sec-websocket-.*|cf-.*)$/i;

/** A schema that reports each flaw at its own place. */
export function shaped(judge: Judge, presence: "required" | "optional"): z.ZodType<Plain> {
  return z.custom<Plain>().superRefine((value, context) => {
    // The words for what is missing are the field's own.
    const missing: readonly Flaw[] = presence === "required" ? [{ path: [], refusal: NOT_HERE }] : [];
    for (const { path, refusal } of value === undefined ? missing : judge(value)) {
      context.addIssue({ code: "custom", path: [...path], message: refusal.problem, params: { refusal } });
    }
  });
}

const NOT_HERE: Refusal = { problem: "is missing", mend: "write it" };

export function flawsOfExchange(step: "login" | "subscribe" | "publish"): Judge {
  const send = textWith(`${step}.send`);
  const match = matchWith(`${step}.match`);
  const keys: Readonly<Record<string, Judge>> = { send, ok: match, fail: match };
  const required = step === "login" ? ["ok"] : ["send"];
  return (value) => flawsOfRecord(value, step === "publish" ? { ...keys, id: judgePlace } : keys, required);
}

export const flawsOfReceive: Judge = (value) =>
  flawsOfRecord(value, { match: matchWith("receive.match"), payload: judgePlace }, ["payload"]);

export const flawsOfVars: Judge = (value) => {
  if (!isRecord(value)) return notRecord(value);
  return Object.entries(value).flatMap(([name, one]) => {
    if (!/^[a-z][A-Za-z0-9]{0,30}$/.test(name)) {
      return flaw([], "holds a name that is none", "write a small letter, then letters and digits, at most 31");
    }
    if (name === "constructor") return flaw([], "holds a word that JavaScript has taken", "choose another name");
    if (SECRET_NAME.test(name)) {
      return flaw([name], "is called like a secret, and vars are published", "write ${secret.token} where it belongs");
    }
    return typeof one === "string" ? judgeWellFormed(one, [name]) : notText(one, [name]);
  });
};

/** All at the record as a whole, so that no value of a header is ever shown. */
export const flawsOfHeaders: Judge = (value) => {
  if (!isRecord(value)) return notRecord(value);
  const entries = Object.entries(value);
  if (entries.length > HEADERS_MAX) return flaw([], `has ${entries.length} headers`, `write at most ${HEADERS_MAX}`);
  return entries.flatMap(([name, one]) => {
    if (!TOKEN.test(name)) return flaw([], "holds a name that no header can have", "write it as in X-App");
    const here = `at ${name}: `;
    if (OURS.test(name)) return flaw([], `${here}the handshake writes this header itself`, "take it out");
    if (one === REFUSED) return [];
    if (typeof one !== "string") return flaw([], `${here}the value is not text`, "write text");
    if (!/^[\x20-\x7e]{1,2000}$/.test(one)) {
      return flaw([], `${here}the value holds what is not printable ASCII`, "take it out");
    }
    if ((SECRET_NAME.test(name) || SECRET_HEADER.test(name)) && !one.includes("${secret.")) {
      return flaw([], `${here}the value stands here openly`, `write ${name}: "\${secret.token}", and credentials`);
    }
    return unknownPlaceholders(one, "headers").map((refusal) => flawAt([], here, refusal));
  });
};

export const flawsOfProtocols: Judge = (value) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > 10) {
    return value === REFUSED ? [] : flaw([], "is not a list of 1 to 10 protocols", 'write protocols: ["chat.v1"]');
  }
  return value.flatMap((one: Plain, index) => {
    if (typeof one !== "string") return notText(one, [index]);
    const unknown = unknownPlaceholders(one, "headers").map((refusal) => ({ path: [index], refusal }));
    if (unknown.length > 0) return unknown;
    if (value.indexOf(one) !== index) return flaw([index], "stands here twice", "take one of them out");
    const filled = one.replaceAll(/\$\{[^}]*\}/g, "x");
    return TOKEN.test(filled) ? [] : flaw([index], "is not a subprotocol's name", 'write it as in "chat.v1"');
  });
};

/** A place in a frame: its own rules depend on the format. */
const judgePlace: Judge = (value) => (typeof value === "string" ? judgeWellFormed(value, []) : notText(value, []));

function textWith(place: Place): Judge {
  return (value) => {
    if (typeof value !== "string") return notText(value, []);
    if (value === "") return flaw([], "has 0 characters", "write the frame as the gateway wants it");
    const unknown = unknownPlaceholders(value, place).map((refusal) => ({ path: [], refusal }));
    return [...judgeWellFormed(value, []), ...unknown];
  };
}

/** Keys and values depend on the format; texts and their placeholders do not. */
function matchWith(place: Place): Judge {
  return (value) => {
    if (!isRecord(value)) return notRecord(value);
    if (Object.keys(value).length === 0) {
      return flaw([], "is empty: every frame would match", 'write what tells this frame: { "/type": "welcome" }');
    }
    return Object.entries(value).flatMap(([key, one]) => {
      if (!key.isWellFormed()) return flaw([], "holds a name with half a character", "take it out");
      const texts: readonly Plain[] = Array.isArray(one) ? one : [one];
      return texts.flatMap((text) => {
        if (typeof text !== "string") return [];
        const unknown = unknownPlaceholders(text, place).map((refusal) => ({ path: [key], refusal }));
        return [...judgeWellFormed(text, [key]), ...unknown];
      });
    });
  };
}

function flawsOfRecord(value: Plain, judges: Readonly<Record<string, Judge>>, required: readonly string[]): Flaw[] {
  if (!isRecord(value)) return notRecord(value);
  const known = Object.keys(judges);
  // The value of an unknown key is never shown: nobody knows what it was meant to be.
  const unknown = Object.keys(value)
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const near = nearest(key, known);
      const mend = near === null ? `take it out; known here: ${known.join(", ")}` : `did you mean ${near}?`;
      return flaw([], `holds a key that is not known here${/^\w{1,30}$/.test(key) ? `: ${key}` : ""}`, mend);
    });
  const own = Object.entries(judges).flatMap(([key, judge]): readonly Flaw[] => {
    const one = value[key];
    if (one === undefined) return required.includes(key) ? flaw([key], "is missing", `write ${key}`) : [];
    return judge(one).map(({ path, refusal }) => ({ path: [key, ...path], refusal }));
  });
  return [...unknown, ...own];
}

function unknownPlaceholders(text: string, place: Place): Refusal[] {
  const template = templateOf(text);
  const known: readonly string[] = KNOWN[place];
  const list = known.map((name) => `\${${name}}`).join(", ");
  if (!isClosed(template)) return [{ problem: "holds ${ without its }", mend: `known here: ${list}, \${var.x}` }];
  return placeholdersIn(template)
    .filter((name) => !known.includes(name) && !/^var\.[a-z][A-Za-z0-9]*$/.test(name))
    .map((name) => {
      const near = nearest(name, known);
      const mend = near === null ? `known here: ${list}, \${var.x}` : `did you mean \${${near}}? Known here: ${list}`;
      return { problem: `holds a placeholder that is not known here${shownName(name)}`, mend };
    });
}

function shownName(name: string): string {
  return /^[\w.-]{1,30}$/.test(name) ? `: \${${name}}` : "";
}

/** Half a surrogate pair has no UTF-8, so it could be neither sent nor hashed. */
function judgeWellFormed(text: string, path: Path): Flaw[] {
  return text.isWellFormed() ? [] : flaw(path, "holds half a character", "take it out");
}

function notRecord(value: Plain): Flaw[] {
  return value === REFUSED ? [] : flaw([], "is not an object", "write { ... }");
}

function notText(value: Plain, path: Path): Flaw[] {
  return value === REFUSED ? [] : flaw(path, "is not text", "write text in quotes");
}

function flaw(path: Path, problem: string, mend: string): Flaw[] {
  return [{ path, refusal: { problem, mend } }];
}

function flawAt(path: Path, here: string, refusal: Refusal): Flaw {
  return { path, refusal: { problem: `${here}${refusal.problem}`, mend: refusal.mend } };
}
