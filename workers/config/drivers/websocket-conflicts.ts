// What must hold between the entries of a gateway: frames are JSON once they are filled, matches and places suit the
// format, answers can be told apart, and every placeholder has its value. Called when each entry is good by itself.

import { isRecord } from "../fields.ts";
import { refusalOfPointer } from "../json-pointer.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Refusal } from "../problems.ts";
import { fillTemplate, jsonEscaped, placeholdersIn, templateOf } from "../templates.ts";
import type { Conflict, WrittenTarget } from "./rules.ts";
import { CREDENTIALS, SECRET_NAME } from "./websocket-shapes.ts";

/** Text that is JSON only inside quotes, and there only when escaped. */
const SAMPLE_TEXT = 'say "hello" \\';

/** One frame to send, or one match, and where it stands. */
interface Place {
  readonly path: Path;
  readonly value: Plain;
}

export function conflictsOfGateway(target: WrittenTarget): readonly Conflict[] {
  const options: Plain = target.options;
  // What was refused before anyone read it stands here still: its problem has been reported.
  if (holdsRefused(options)) return [];
  const json = target.options["format"] !== "text";
  const sends = ["login", "subscribe", "publish"].flatMap((step) => placeAt(options, ["options", step, "send"]));
  const matches = MATCHES.flatMap((path) => placeAt(options, ["options", ...path]));
  return [
    ...sends.flatMap((place) => (json ? flawsOfFrame(place, target) : [])),
    ...matches.flatMap((place) => (json ? flawsOfJsonMatch(place) : flawsOfTextMatch(place))),
    ...PLACES.flatMap((path) => placeAt(options, ["options", ...path])).flatMap((place) => flawOfPlace(place, json)),
    ...flawsOfSubscribe(options),
    ...flawsOfPublish(options),
    ...SAME.flatMap((step) => flawOfSameAnswers(options, step)),
    ...flawsOfValues(target),
  ];
}

const MATCHES: readonly Path[] = [
  ["login", "ok"],
  ["login", "fail"],
  ["subscribe", "ok"],
  ["subscribe", "fail"],
  ["publish", "ok"],
  ["publish", "fail"],
  ["receive", "match"],
];
const PLACES: readonly Path[] = [
  ["publish", "id"],
  ["receive", "payload"],
];
const SAME = ["login", "subscribe", "publish"] as const;

/** What stands for each placeholder in a trial: text that breaks whatever does not quote and escape it. */
function sampleOf(target: WrittenTarget): (name: string) => string {
  const vars = at(target.options, ["vars"]);
  return (name) => {
    if (name === "seq" || name === "ts") return "1";
    const own = name.startsWith("var.") && isRecord(vars) ? vars[name.slice(4)] : undefined;
    return typeof own === "string" ? own : SAMPLE_TEXT;
  };
}

function flawsOfFrame({ path, value }: Place, target: WrittenTarget): Conflict[] {
  const filled = fillTemplate(templateOf(String(value)), sampleOf(target), jsonEscaped);
  const [parsed] = parsedOf(filled);
  if (parsed === undefined) {
    const mend = 'write it as JSON, with quotes around text: {"text":"${payload}"}, or format: "text"';
    return [conflict(path, value, "is not JSON once its placeholders are filled", mend)];
  }
  return openSecrets(parsed).map((key) =>
    // At a path of its own, whose name keeps the report from showing the value.
    conflict(
      [...path, key],
      value,
      "stands here openly, and the configuration is published with the evidence",
      'write "${secret.token}" there, and credentials: { token: "GATEWAY_TOKEN" }',
    ),
  );
}

/** The parsed document in a list, or an empty list. */
function parsedOf(text: string): readonly unknown[] {
  try {
    const document: unknown = JSON.parse(text);
    return [document];
  } catch {
    return [];
  }
}

/** Names that are called like a secret and hold text of the configuration. Without recursion: vars may nest very deep. */
function openSecrets(document: unknown): string[] {
  const found = new Set<string>();
  const left: unknown[] = [document];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== "object" || one === null) continue;
    for (const [key, inner] of Object.entries(one)) {
      const open = typeof inner === "string" && inner !== "" && !inner.includes(SAMPLE_TEXT);
      if (open && SECRET_NAME.test(key) && !/type$/i.test(key)) found.add(key);
      left.push(inner);
    }
  }
  return [...found];
}

function flawsOfJsonMatch({ path, value }: Place): Conflict[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([pointer, expected]) => {
    const problem = refusalOfPointer(pointer);
    const here = [...path, pointer];
    if (problem !== null) {
      const mend = `write "/${/^\w{1,30}$/.test(pointer) ? pointer : "type"}", or format: "text"`;
      return [conflict(here, expected, problem, mend)];
    }
    if (isScalar(expected)) return [];
    if (Array.isArray(expected) && expected.length > 0 && expected.every(isScalar)) return [];
    const keys = isRecord(expected) ? Object.keys(expected) : [];
    if (isRecord(expected) && keys.length === 1 && typeof expected["present"] === "boolean") return [];
    const mend = 'write "welcome", 200, true, ["ok", "done"], { present: true } or { present: false }';
    return [conflict(here, expected, "is nothing that a frame can be compared with", mend)];
  });
}

function flawsOfTextMatch({ path, value }: Place): Conflict[] {
  if (!isRecord(value)) return [];
  const mend = 'write { text: "READY" }, or { prefix: "MSG " } with or without a suffix';
  const bad = Object.entries(value).filter(([, one]) => typeof one !== "string" || one === "");
  if (bad.length > 0) return bad.map(([key, one]) => conflict([...path, key], one, "is not text of a frame", mend));
  const known = Object.keys(value).every((key) => ["text", "prefix", "suffix"].includes(key));
  const alone = !("text" in value) || Object.keys(value).length === 1;
  return known && alone ? [] : [conflict(path, value, "is no match of a text frame", mend)];
}

function flawOfPlace({ path, value }: Place, json: boolean): Conflict[] {
  const text = String(value);
  const option = path.at(-1) === "id" ? 'id: "/id"' : 'payload: "/text"';
  if (!json) {
    const mend = 'write "rest": what is left of the frame when prefix and suffix of its match are taken off';
    return text === "rest" ? [] : [conflict(path, value, "is no place in a text frame", mend)];
  }
  const problem = refusalOfPointer(text);
  return problem === null ? [] : [conflict(path, value, problem, `write ${option}, or format: "text"`)];
}

/** Fail without ok: silence would have to mean yes. That is bearable for a message, never for a subscription. */
function flawsOfSubscribe(options: Plain): Conflict[] {
  const path = ["options", "subscribe", "ok"];
  if (at(options, ["subscribe", "fail"]) === undefined || at(options, ["subscribe", "ok"]) !== undefined) return [];
  return [conflict(path, undefined, "is missing, though fail is there", "write ok too, or take fail out")];
}

function flawsOfPublish(options: Plain): Conflict[] {
  const found: Conflict[] = [];
  const send = at(options, ["publish", "send"]);
  const id = at(options, ["publish", "id"]);
  const names = placeholdersIn(templateOf(String(send)));
  const answered = ["ok", "fail"].some((key) => at(options, ["publish", key]) !== undefined);
  const path = ["options", "publish"];
  if (!names.includes("payload")) {
    const mend = 'write "${payload}" where the text of a message belongs';
    found.push(conflict([...path, "send"], send, "holds no ${payload}: nothing of ours would be sent", mend));
  }
  if (answered && id === undefined) {
    const problem = "is missing: nobody could say which message an answer speaks of";
    found.push(conflict([...path, "id"], id, problem, 'write id: "/id" (or "rest"), or take ok and fail out'));
  }
  if (!answered && id !== undefined) {
    found.push(conflict([...path, "id"], id, "is there without ok or fail", 'write ok: { "/type": "ack" }, too'));
  }
  if (answered && !names.includes("id") && !names.includes("seq")) {
    const problem = "holds neither ${id} nor ${seq}: no answer could name its message";
    found.push(conflict([...path, "send"], send, problem, 'write "id":"${id}" or "id":${seq} into it'));
  }
  return found;
}

function flawOfSameAnswers(options: Plain, step: string): Conflict[] {
  const ok = at(options, [step, "ok"]);
  const fail = at(options, [step, "fail"]);
  if (ok === undefined || JSON.stringify(ok) !== JSON.stringify(fail)) return [];
  const mend = "write what only a refusal holds; fail is tried first";
  return [conflict(["options", step, "fail"], fail, "is the same as ok", mend)];
}

/** Each `${secret.x}` has a credential, each credential a use, each `${var.x}` a value. */
function flawsOfValues(target: WrittenTarget): Conflict[] {
  const used = new Set<string>();
  const found: Conflict[] = [];
  const vars = at(target.options, ["vars"]);
  for (const { path, value: text } of textsIn(target.options, ["options"])) {
    // What a header holds is never shown.
    const value = path[1] === "headers" ? at(target.options, ["headers"]) : text;
    for (const name of placeholdersIn(templateOf(String(text)))) {
      const own = name.slice(name.indexOf(".") + 1);
      used.add(name);
      if (name.startsWith("secret.") && !Object.hasOwn(target.secrets, own)) {
        const mend = `write credentials: { ${own}: "GATEWAY_${own.toUpperCase()}" }`;
        found.push(conflict(path, value, `holds \${${name}}, and credentials has no ${own}`, mend));
      }
      if (name.startsWith("var.") && !(isRecord(vars) && Object.hasOwn(vars, own))) {
        found.push(conflict(path, value, `holds \${${name}}, and vars has no ${own}`, `write vars: { ${own}: "..." }`));
      }
    }
  }
  for (const name of CREDENTIALS.filter((one) => Object.hasOwn(target.secrets, one) && !used.has(`secret.${one}`))) {
    const mend = `write \${secret.${name}} into login.send or headers, or take it out`;
    found.push(conflict(["credentials", name], target.secrets[name], "is used by no frame and no header", mend));
  }
  return found;
}

/** Every text that may hold placeholders: all but what vars hold, which are put in as they are. */
function textsIn(value: Plain, path: Path): Place[] {
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]: [string, Plain]) =>
    path.length === 1 && key === "vars" ? [] : textsIn(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function placeAt(options: Plain, path: Path): Place[] {
  const value = at(options, path.slice(1));
  return value === undefined ? [] : [{ path, value }];
}

function at(value: Plain, path: Path): Plain {
  return path.reduce<Plain>((holder, step) => (isRecord(holder) ? holder[step] : undefined), value);
}

function holdsRefused(value: Plain): boolean {
  if (value === REFUSED) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsRefused);
}

function isScalar(value: Plain): boolean {
  return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && isFinite(value));
}

function conflict(path: Path, value: Plain, problem: string, mend: string): Conflict {
  const refusal: Refusal = { problem, mend };
  return { path, value, refusal };
}
