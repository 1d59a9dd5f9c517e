// Reads one object of the configuration, field by field, so that one bad field never hides what is wrong with another.
// Owns what kinds of value there are (duration, share, line of text) and the words for a value of the wrong kind.

// As a namespace: `import { z }` brings zod's translations along, 780 kB instead of 205 in the Worker.
import * as z from "zod";
import { type Plain, REFUSED } from "./plain.ts";
import { hasUnprintable, nearest, type Path, type Refusal, type Report } from "./problems.ts";

/** What may stand in one entry: its schema, and an example of what to write there. */
export interface Field<T> {
  readonly schema: z.ZodType<T>;
  readonly write: string;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
/** What was read; undefined: bad, and reported. (Optional fields may be undefined and good.) */
export type Read<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]["schema"]> | undefined };

export function field<T>(schema: z.ZodType<T>, write: string): Field<T> {
  return { schema, write };
}

/** A field whose inner shape is read by its own room: here it only has to be there (or not even that). */
export function inner(write: string, presence: "required" | "optional"): Field<Plain> {
  const there = (value: unknown): boolean => value !== undefined || presence === "optional";
  return field(z.custom<Plain>(there), write);
}

/** A value of `schema` that `judge` accepts too; what it answers is the refusal, null: fine. */
export function judged<T>(schema: z.ZodType<T>, judge: (value: T) => Refusal | null): z.ZodType<T> {
  return schema.superRefine((value, context) => {
    const refusal = judge(value);
    if (refusal !== null) context.addIssue({ code: "custom", message: refusal.problem, params: { refusal } });
  });
}

/** Reads an object strictly: unknown keys are refused with the nearest known one, each bad field is reported. */
export function readFields<F extends Fields>(fields: F, value: Plain, path: Path, report: Report): Read<F> {
  const out: Record<string, unknown> = {};
  const known = Object.keys(fields);
  if (!isRecord(value)) {
    if (value !== REFUSED)
      report.add(path, value, { problem: "is not an object", mend: `write { ${known.join(", ")} }` });
    return out as Read<F>;
  }
  for (const key of Object.keys(value)) {
    // The value of an unknown key is never shown: nobody knows what it was meant to be.
    if (!known.includes(key)) report.addHidden([...path, key], unknownKey(key, known));
  }
  for (const [key, one] of Object.entries(fields)) {
    const given = value[key];
    if (given === REFUSED) continue;
    const result = one.schema.safeParse(given);
    if (result.success) out[key] = result.data;
    else reportIssues(result.error.issues, given, [...path, key], one.write, report);
  }
  return out as Read<F>;
}

export function isRecord(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reports each entry of a list that stands there a second time. */
export function reportRepeated(list: Plain, path: Path, report: Report): void {
  if (!Array.isArray(list)) return;
  list.forEach((one: Plain, index) => {
    if (typeof one !== "string" || list.indexOf(one) === index) return;
    report.add([...path, index], one, { problem: "stands here twice", mend: "take one of them out" });
  });
}

const ID = /^[a-z][a-z0-9-]{0,30}$/;

/** An id of a target or region: it becomes part of names and URLs, and a key of plain objects. */
export function id(write: string): Field<string> {
  const mend = `write lower case letters, digits and dashes, a letter first, at most 31: ${write}`;
  const judge = (text: string): Refusal | null => {
    // The one word of the grammar that every JavaScript object already has as a key.
    if (text === "constructor") return { problem: "is a word that JavaScript has taken", mend };
    return ID.test(text) ? null : { problem: "is not an id", mend };
  };
  return field(judged(z.string(), judge), write);
}

/** Text for people: one line, 1 to 80 characters, nothing that hides or reorders its neighbours. */
export function lineSchema(): z.ZodType<string> {
  return judged(z.string(), (text) => {
    if (text.trim() === "" || [...text].length > 80) {
      return { problem: `has ${[...text].length} characters`, mend: "write 1 to 80 characters, not only spaces" };
    }
    if (!hasUnprintable(text)) return null;
    return { problem: "holds characters that cannot be seen or that turn its direction", mend: "take them out" };
  });
}

export function wholeNumber(min: number, max: number, fallback: number, write: string): Field<number> {
  return field(z.number().int().min(min).max(max).default(fallback), write);
}

/** A proportion: 0 < value < 1, and 1 itself where `upTo` is "one included". */
export function shareSchema(write: string, upTo: "below one" | "one included"): z.ZodType<number> {
  return judged(z.number(), (value) => {
    if (value > 0 && (value < 1 || (value === 1 && upTo === "one included"))) return null;
    const problem = upTo === "below one" ? "is not between 0 and 1" : "is not above 0 and at most 1";
    if (upTo === "below one" ? value >= 50 && value < 100 : value > 1 && value <= 100) {
      const proportion = String(Number((value / 100).toPrecision(12))).replace(/^0\./, ".");
      return { problem: `${problem}: it looks like a percentage`, mend: `write ${proportion}` };
    }
    return { problem, mend: `write a proportion, as in ${write}` };
  });
}

export function share(fallback: number, write: string, upTo: "below one" | "one included"): Field<number> {
  return field(shareSchema(write, upTo).default(fallback), write);
}

function unknownKey(key: string, known: readonly string[]): Refusal {
  const near = nearest(key, known);
  const mend = near === null ? `take it out; known here: ${known.join(", ")}` : `did you mean ${near}?`;
  return { problem: "is not a key that is known here", mend };
}

function reportIssues(
  issues: readonly z.core.$ZodIssue[],
  given: unknown,
  path: Path,
  write: string,
  report: Report,
): void {
  for (const issue of issues) {
    const steps = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
    const value = steps.reduce<unknown>((holder, step) => Reflect.get(Object(holder), step), given);
    if (value !== REFUSED) report.add([...path, ...steps], value, refusalOf(issue, value, write));
  }
}

function refusalOf(issue: z.core.$ZodIssue, value: unknown, write: string): Refusal {
  const mend = `write ${write}`;
  if (value === undefined) return { problem: "is missing", mend };
  switch (issue.code) {
    case "custom":
      return (issue.params?.["refusal"] as Refusal | undefined) ?? { problem: "is not accepted", mend };
    case "invalid_type":
      return { problem: `is not ${KINDS[issue.expected] ?? issue.expected}`, mend };
    case "too_small":
      return { problem: `is less than ${issue.minimum}${issue.origin === "array" ? " entry" : ""}`, mend };
    case "too_big":
      return { problem: `is more than ${issue.maximum}${issue.origin === "array" ? " entries" : ""}`, mend };
    case "invalid_value":
      return { problem: `is not one of: ${issue.values.map(String).join(", ")}`, mend };
    default:
      return { problem: "is not accepted", mend };
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
};
