// The entries of what is sent about exclusions and tickets: which there are, what each may hold, what to write when one is
// missing or is not understood. Pure, and strict: unknown keys are refused, since a misspelt one would be lost. Read by
// `record-input.ts`, which judges what no entry can know by itself.

import { Temporal } from "temporal-polyfill";
import * as z from "zod";

import { EXCLUSION_TYPES, SEVERITIES } from "../config/contracts/contract.ts";
import { hasUnprintable, nearest } from "../config/problems.ts";
import { TICKET_EVENTS } from "./records.ts";

export const EVENTS_MAX = 100;

export interface InputError {
  /** JSON Pointer into the body: "/events/3/from". "" is the body as a whole. */
  readonly pointer: string;
  readonly detail: string;
}

/** What to write, by the name of the entry: said whenever one is missing or is not understood. */
export const WRITE: Readonly<Record<string, string>> = {
  key: "1 to 200 letters, digits and signs of ASCII, without spaces",
  target: "the id of a target",
  contract: "the id of a contract",
  type: `one of ${EXCLUSION_TYPES.join(", ")}`,
  from: 'an instant with its offset, as in "2026-11-01T02:00:00+08:00", or whole milliseconds since 1970',
  regions: "a list of region ids, or leave it out: all regions",
  author: "who says so: 1 to 200 visible characters, in one line",
  reason: "why: 1 to 2000 visible characters, in one line",
  proof: '{ "where": "where it lies", "sha256": "64 hex digits" }',
  where: "where the proof lies: 1 to 500 visible characters, in one line",
  sha256: "the SHA-256 of the proof, 64 hex digits",
  withdraws: "the id of the record that is taken back",
  ticket: "the help desk's number: 1 to 100 visible characters, in one line",
  kind: `one of ${TICKET_EVENTS.join(", ")}`,
  severity: `one of ${SEVERITIES.join(", ")}`,
  waiting: "one of waiting-customer, waiting-vendor",
  by: "human or automatic",
  note: "at most 2000 visible characters, in one line",
  events: `a list of 1 to ${EVENTS_MAX} events`,
};
const WRITE_AS: Readonly<Record<string, string>> = { to: "from", at: "from", announced_at: "from" };

const text = (max: number, min = 1): z.ZodType<string> =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((line) => !hasUnprintable(line));

const instant = z.unknown().transform((value, context): number => {
  const at = instantOf(value);
  if (at !== null) return at;
  context.addIssue({ code: "custom" });
  return z.NEVER;
});

const orNull = <T extends z.ZodType>(inner: T) => z.nullish(inner).transform((value) => value ?? null);

const ours = { key: z.optional(z.string().regex(/^[\x21-\x7e]{1,200}$/)), author: text(200) };

export const EXCLUSION = z.strictObject({
  ...ours,
  target: text(100),
  contract: orNull(text(100)),
  type: z.enum(EXCLUSION_TYPES),
  from: instant,
  to: instant,
  regions: orNull(z.array(text(100)).min(1).max(100)),
  announced_at: orNull(instant),
  reason: text(2_000),
  proof: orNull(
    z.strictObject({
      where: text(500),
      sha256: z
        .string()
        .trim()
        .toLowerCase()
        .regex(/^[0-9a-f]{64}$/),
    }),
  ),
  withdraws: z.optional(z.null()),
});

export const WITHDRAWAL = z.strictObject({
  ...ours,
  withdraws: z.int().min(1),
  target: text(100),
  reason: text(2_000),
});

export const TICKET_EVENT = z.strictObject({
  ...ours,
  contract: text(100),
  ticket: text(100),
  kind: z.enum(TICKET_EVENTS),
  at: instant,
  severity: orNull(z.enum(SEVERITIES)),
  waiting: orNull(z.enum(["waiting-customer", "waiting-vendor"])),
  by: z.enum(["human", "automatic"]),
  note: z.optional(text(2_000, 0)),
});

/** RFC 3339 with an offset, seconds left out where they are 0, or whole ms since the epoch. Null: neither; a date that does not exist is none. */
export function instantOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  const shape = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;
  if (typeof value !== "string" || !shape.test(value)) return null;
  try {
    return Temporal.Instant.from(value).epochMilliseconds;
  } catch {
    return null;
  }
}

/** One event, with every entry that is wrong. Pointers begin at the event. */
export function readOne<S extends z.ZodObject>(
  schema: S,
  event: unknown,
): { readonly value: z.output<S> } | { readonly errors: readonly InputError[] } {
  if (!isRecord(event)) return { errors: [{ pointer: "", detail: "is no JSON object" }] };
  const read = schema.safeParse(event);
  if (read.success) return { value: read.data };
  const known = Object.keys(schema.shape);
  return {
    errors: read.error.issues.flatMap(({ path, ...issue }): InputError[] => {
      if (issue.code === "unrecognized_keys") {
        const within = path.length === 0 ? known : ["where", "sha256"];
        return issue.keys.map((key) => unknownKey(key, within, pointerOf(path)));
      }
      const name = String(path.findLast((step) => typeof step === "string"));
      const what = name in event && event[name] !== undefined ? "is not understood" : "is missing";
      const write = WRITE[WRITE_AS[name] ?? name] ?? "something else";
      return [{ pointer: pointerOf(path), detail: `${path.length > 1 ? "is not understood" : what}: write ${write}` }];
    }),
  };
}

/** `at`: pointer to the object that has the key. */
export function unknownKey(key: string, known: readonly string[], at = ""): InputError {
  return { pointer: `${at}${pointerOf([key])}`, detail: `is not known here; ${meant(key, known)}` };
}

/** The known word that was meant, or those that there are. */
export function meant(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null ? `there is ${known.slice(0, 20).join(", ")}` : `did you mean ${near}?`;
}

/** RFC 6901, section 3; cut, since a stranger's key may be as long as the body. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).slice(0, 60).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
