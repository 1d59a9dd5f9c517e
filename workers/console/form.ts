// What a form of the console holds: what was typed, what is wrong with which field, and the key that makes a double submit one
// record. Pure. Turns typed values into what the readers of the API take, and their refusals into sentences beside fields.
// Called by the console's pages; it judges nothing that the readers judge.

import { EXCLUSION_TYPES, SEVERITIES } from "../config/contracts/contract.ts";
import type { Config } from "../config/config.ts";
import type { InputError } from "../sla/record-fields.ts";
import { TICKET_EVENTS } from "../sla/records.ts";
import { instantIn, stampIn } from "./local-time.ts";
import type { Field, Words } from "./words.ts";

/** `field` null: it is about the form as a whole. */
export interface FieldError {
  readonly field: Field | null;
  readonly text: string;
}

export interface Filled {
  readonly key: string;
  readonly values: URLSearchParams;
  readonly errors: readonly FieldError[];
}

/** As `Visit.freshKey` makes them: a form has one, whatever its sender says otherwise. */
const KEY = /^ops-[A-Za-z0-9_-]{32}$/;

/** Null: this is none of our forms. */
export function keyOf(values: URLSearchParams): string | null {
  const key = values.get("key") ?? "";
  return KEY.test(key) ? key : null;
}

/** Trimmed; "" counts as left out. */
export function typed(values: URLSearchParams, name: string): string | undefined {
  const value = (values.get(name) ?? "").trim();
  return value === "" ? undefined : value;
}

/** Zones that may be chosen: those of contracts, the page's, UTC. The first is the one that a form begins with. */
export function zonesOf(config: Pick<Config, "contracts" | "timeZone">): readonly string[] {
  return [...new Set([...config.contracts.map(({ period }) => period.zone), config.timeZone, "UTC"])];
}

/** Of a contract the zone of its newest version; the page's for what is about no contract. */
export function zoneOf(config: Pick<Config, "contracts" | "timeZone">, contract: string | null): string {
  return config.contracts.findLast(({ id }) => id === contract)?.period.zone ?? config.timeZone;
}

/** The instant that field `name` and the zone beside it say. Undefined: nothing was typed, or it is refused in `errors`. */
export function instantOf(
  values: URLSearchParams,
  name: Field,
  zones: readonly string[],
  words: Words,
  errors: FieldError[],
): number | undefined {
  const text = typed(values, name);
  if (text === undefined) return undefined;
  const zone = zones.find((each) => each === values.get(`${name}_zone`));
  const read = zone === undefined ? null : instantIn(text, zone);
  if (zone === undefined || read === null) errors.push({ field: name, text: words.zoneUnknown });
  else if (read.ok) return read.at;
  else if (read.why === "malformed") errors.push({ field: name, text: words.refused.unclear(words.write[name]) });
  else {
    const [first, second] = read.candidates.map((at) => `${stampIn(at, zone)} (${stampIn(at, "UTC")})`);
    errors.push({ field: name, text: words.changed[read.why](first ?? "", second ?? "") });
  }
  return undefined;
}

/** Only in the API do these stand apart from the field that they are chosen with. */
const FIELD_OF: Readonly<Record<string, Field | null>> = {
  target: "about",
  author: null,
  key: null,
  withdraws: null,
  "": null,
};

/** Refusals of the readers, in the words of the form. `about`: the form chooses target and contract in one field. */
export function refusalsOf(
  errors: readonly InputError[],
  already: readonly FieldError[],
  words: Words,
  about: boolean,
): readonly FieldError[] {
  const said = new Set(already.map(({ field }) => field));
  const more = errors.flatMap(({ pointer, detail }): FieldError[] => {
    const [, first = "", second] = pointer.split("/");
    const name = first === "proof" ? (second ?? "where") : first === "contract" && about ? "target" : first;
    const field = Object.hasOwn(FIELD_OF, name) ? (FIELD_OF[name] ?? null) : (name as Field);
    // Of a time that is refused as it stands, the reader only knows that it is missing.
    return field !== null && said.has(field) ? [] : [{ field, text: sentence(detail, field, words) }];
  });
  return [...already, ...more];
}

/** What the readers say, by how it begins. Whatever else they say is said as what to write. */
function sentence(detail: string, field: Field | null, { refused, write }: Words): string {
  const [, number = ""] = /(\d+)/.exec(detail) ?? [];
  if (field === null) {
    return detail.startsWith("was withdrawn already") ? refused.withdrawn(number) : refused.whole;
  }
  if (detail.startsWith("is missing")) return refused.missing(write[field]);
  if (detail.startsWith("is not after")) return refused.notAfter;
  if (detail.startsWith("is in the future")) return refused.future;
  if (/^is more than \d+ days ago/.test(detail)) return refused.tooOld(number);
  if (/^is more than \d+ days ahead/.test(detail)) return refused.tooFar(number);
  if (detail.startsWith("belongs to opened")) return refused.onlyGraded;
  if (detail.startsWith("belongs to waiting")) return refused.onlyWaiting;
  return refused.unclear(write[field]);
}

/** What is chosen from, in the order of the forms. */
export const CHOICES = {
  type: EXCLUSION_TYPES,
  kind: TICKET_EVENTS,
  severity: SEVERITIES,
  waiting: ["waiting-customer", "waiting-vendor"],
  by: ["human", "automatic"],
} as const;
