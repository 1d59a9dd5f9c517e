// What is sent to the API about incidents and channels, read strictly: unknown entries are refused, since a misspelt one would be lost,
// and every mistake is named with its place (RFC 6901). Pure; called by the door for acts. Whether an act may be is `acts.ts`'s word.

import * as z from "zod";

import type { ActOrder } from "../alerts/duty-answers.ts";
import { hasUnprintable } from "../config/problems.ts";
import { STATEMENTS } from "../incidents/incident.ts";
import type { IncidentEvent } from "../incidents/incident.ts";
import { instantOf, isRecord, unknownKey } from "../sla/record-fields.ts";
import type { InputError } from "../sla/record-fields.ts";

export const ACTS = ["acknowledge", "publish", "note", "resolve", "reopen", "merge", "postmortem"] as const;
export type ActName = (typeof ACTS)[number];

export interface ActInput {
  readonly act: ActOrder;
  /** The sender's own; null: the body has none. */
  readonly key: string | null;
  /** Null: not said. */
  readonly who: string | null;
  /** When it was so, ms; null: now. */
  readonly at: number | null;
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly InputError[] };

export const WRITE_KEY = "write 1 to 150 letters, digits and signs of ASCII, without spaces";
const WRITE_WHO = "write who does it: 1 to 100 visible characters, in one line";
const WRITE_AT =
  'write an instant with its offset, as in "2026-11-01T02:00:00+08:00", or whole milliseconds since 1970';
const WRITE_NOTE = "write a note, as text";
const WRITE_TEXT = "write the text, Markdown, as { en, zh } or one of the two";
const WRITE_STATEMENT = `write one of ${STATEMENTS.join(", ")}`;

/** As an idempotency key may be: it goes into logs and headers. */
const KEY = /^[\x21-\x7e]{1,150}$/;

const line = (max: number, write: string): z.ZodType<string> =>
  z
    .string({ error: write })
    .trim()
    .min(1, { error: write })
    .max(max, { error: write })
    .refine((text) => !hasUnprintable(text), { error: write });

/** Lines are parted by "\n" alone from here on. How long it may be, and of which letters, is judged where it is kept. */
const text = (write: string) => z.string({ error: write }).transform((said) => said.replaceAll(/\r\n?/g, "\n"));

const orNull = <T extends z.ZodType>(inner: T) => z.nullish(inner).transform((value) => value ?? null);

const instant = z.unknown().transform((value, context): number => {
  const at = instantOf(value);
  if (at !== null) return at;
  context.addIssue({ code: "custom", message: WRITE_AT });
  return z.NEVER;
});

const OURS = {
  key: orNull(z.string({ error: WRITE_KEY }).regex(KEY, { error: WRITE_KEY })),
  who: orNull(line(100, WRITE_WHO)),
  at: orNull(instant),
};
const maybeNote = z.optional(text(WRITE_NOTE)).transform((note) => note ?? "");
const both = z
  .strictObject({ en: z.optional(text(WRITE_TEXT)), zh: z.optional(text(WRITE_TEXT)) }, { error: WRITE_TEXT })
  .transform(({ en, zh }) => ({ ...(en === undefined ? {} : { en }), ...(zh === undefined ? {} : { zh }) }));

const FIELDS = {
  acknowledge: z.strictObject({ ...OURS, note: maybeNote }),
  publish: z.strictObject({ ...OURS, statement: z.enum(STATEMENTS, { error: WRITE_STATEMENT }), text: both }),
  note: z.strictObject({ ...OURS, note: text(WRITE_NOTE) }),
  resolve: z.strictObject({
    ...OURS,
    note: maybeNote,
    force: z.optional(z.boolean({ error: "write true or false" })).transform((force) => force ?? false),
  }),
  reopen: z.strictObject({ ...OURS, note: text(WRITE_NOTE) }),
  merge: z.strictObject({ ...OURS, into: line(120, "write the id of the incident that goes on, as in chat-7") }),
  postmortem: z.strictObject({ ...OURS, text: both }),
} satisfies Record<ActName, z.ZodObject>;

const TEST = z.strictObject({
  channel: line(100, "write the id of a channel"),
  target: orNull(line(100, "write the id of a target, or leave it out")),
  who: orNull(line(100, WRITE_WHO)),
});

export function readAct(name: ActName, body: unknown): Read<ActInput> {
  const read = readWith(FIELDS[name], body);
  if (!read.ok) return read;
  const { key, who, at, ...rest } = read.value;
  // Each schema above has what its kind of act has, and no more.
  return { ok: true, value: { key, who, at, act: { kind: name, ...rest } as ActOrder } };
}

export function readTest(body: unknown): Read<z.output<typeof TEST>> {
  return readWith(TEST, body);
}

/** The header `Idempotency-Key`, in quotation marks (its draft's form) or without; null: it is none. */
export function keyOfHeader(header: string): string | null {
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  return KEY.test(key) ? key : null;
}

/** Whether an event that is kept under an act's key is that act: else the sender has used the key for something else. */
export function isOfAct({ change, author, at }: IncidentEvent, act: ActOrder, who: string, saidAt: number | null) {
  if (author !== who || (saidAt !== null && saidAt !== at)) return false;
  switch (act.kind) {
    case "acknowledge":
      return change.kind === "acknowledged" && change.note === act.note;
    case "publish":
      return change.kind === "published" && change.statement === act.statement && isSameText(change.text, act.text);
    case "note":
      return change.kind === "noted" && change.note === act.note;
    case "resolve":
      return change.kind === "resolved" && change.note === act.note;
    case "reopen":
      return change.kind === "reopened" && change.note === act.note;
    case "merge":
      return change.kind === "merged" && change.into === act.into;
    case "postmortem":
      return change.kind === "postmortem" && isSameText(change.text, act.text);
  }
}

type Text = { readonly en?: string; readonly zh?: string };
const isSameText = (a: Text, b: Text): boolean => a.en === b.en && a.zh === b.zh;

function readWith<S extends z.ZodObject>(schema: S, body: unknown): Read<z.output<S>> {
  if (!isRecord(body)) return { ok: false, errors: [{ pointer: "", detail: "is no JSON object" }] };
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data };
  const errors = read.error.issues.flatMap(({ path, message, ...issue }): InputError[] => {
    if (issue.code === "unrecognized_keys") {
      const within = path.length === 0 ? Object.keys(schema.shape) : ["en", "zh"];
      return issue.keys.map((key) => unknownKey(key, within, pointerOf(path)));
    }
    const isThere = path.length !== 1 || body[String(path[0])] !== undefined;
    return [{ pointer: pointerOf(path), detail: `${isThere ? "is not understood" : "is missing"}: ${message}` }];
  });
  return { ok: false, errors };
}

/** RFC 6901, section 3. Only our own names come here. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step)}`).join("");
}
