// How our API reads a request: parameters and their meaning, as zod, and the format that is wanted. Pure. What is not
// understood is refused with what would be right; nothing is guessed, cut or ignored. Called by routes.ts and api-routes.tsx.

import { z } from "zod";

import { Refusal } from "./problem.ts";
import type { Wrong } from "./problem.ts";

/** Rows of history are numbered by minutes up to here: in 2097. */
const END_OF_TIME = 2 ** 26 * 60_000;
const ISO = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const INSTANT_WRITE = "write whole ms since the epoch, 2026-11-22 (UTC), 2026-11-22T10:00Z, or with +08:00 as %2B08:00";

function instantOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const match = ISO.exec(text);
  const at = match === null ? Number.NaN : Date.parse(text);
  // 31 February is no day: the runtime takes it for the 3 March.
  const day = match?.[1] ?? "";
  if (!Number.isFinite(at) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day) return Number.NaN;
  return at;
}

/** The schema that the document shows in place of what the code makes of it. */
const shown = (schema: Readonly<Record<string, unknown>>) => ({ shown: schema });

const instant = z
  .string()
  .transform(instantOf)
  .pipe(z.int(INSTANT_WRITE).min(0, INSTANT_WRITE).max(END_OF_TIME, "write an instant before the year 2097"))
  .meta(
    shown({
      oneOf: [
        { type: "integer", minimum: 0, maximum: END_OF_TIME },
        { type: "string", format: "date-time" },
        { type: "string", format: "date" },
      ],
    }),
  );

const whole = (least: number, most: number) => {
  const write = `write a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, write)
    .transform(Number)
    .pipe(z.int().min(least, write).max(most, write));
};

const id = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "write an id: small letters, digits and dashes");
const yes = z
  .enum(["true", "false"], "write true or false")
  .transform((text) => text === "true")
  .meta(shown({ type: "boolean" }));

export const PAGE_MOST = 1000;
export const FORMATS = ["json", "ndjson", "csv"] as const;
export type Format = (typeof FORMATS)[number];

/** Every parameter that there is, with one meaning everywhere. */
export const PARAMETERS = {
  target: id,
  region: id,
  contract: id,
  journey: id,
  series: whole(1, 999_999_999),
  incident: z.string().regex(/^[a-z][a-z0-9-]{0,30}-[1-9]\d{0,8}$/, "write an incident's id: chat-7"),
  from: instant,
  to: instant,
  before: instant,
  limit: whole(1, PAGE_MOST),
  after: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "write what `next` says"),
  latency: yes,
  minutes: yes,
  format: z.enum(FORMATS, `write one of ${FORMATS.join(", ")}`),
} as const;
export type Parameter = keyof typeof PARAMETERS;

/** What was asked for; what was not asked for is missing. */
export type Asked = { readonly [P in Parameter]?: z.output<(typeof PARAMETERS)[P]> };

/** Throws Refusal with all that is wrong: unknown parameters, one that comes twice, and values that are not understood. */
export function askedOf(given: Readonly<Record<string, readonly string[]>>, known: readonly Parameter[]): Asked {
  const wrong: Wrong[] = [];
  const asked: Record<string, unknown> = {};
  for (const [name, values] of Object.entries(given)) {
    const parameter = known.find((each) => each === name);
    const refuse = (detail: string) => wrong.push({ parameter: name.slice(0, 40), detail });
    if (parameter === undefined) refuse(`there is ${known.length === 0 ? "none here" : known.join(", ")}`);
    else if (values.length !== 1) refuse("write it once");
    else {
      const parsed = PARAMETERS[parameter].safeParse(values[0]);
      if (parsed.success) asked[parameter] = parsed.data;
      else refuse(parsed.error.issues[0]?.message ?? "is not understood");
    }
  }
  if (wrong.length > 0) {
    throw new Refusal("bad_parameter", wrong.map((each) => `${each.parameter}: ${each.detail}`).join("; "), wrong);
  }
  return asked;
}

export const TYPES: Readonly<Record<Format, string>> = {
  json: "application/json",
  ndjson: "application/x-ndjson",
  csv: "text/csv",
};

/** The weight that an Accept header gives to a type: the most specific range counts (RFC 9110, 12.5.1). */
function weightOf(accept: string, type: string): number {
  let best = { specific: -1, weight: 0 };
  for (const part of accept.slice(0, 500).split(",")) {
    const [range = "", ...parameters] = part.split(";").map((each) => each.trim().toLowerCase());
    const specific = [["*/*"], [`${type.split("/")[0] ?? ""}/*`], [type]].findIndex(([each]) => each === range);
    const q = Number(parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1");
    if (specific > best.specific) best = { specific, weight: Number.isFinite(q) ? q : 0 };
  }
  return best.weight;
}

/** By `format`, else by Accept; of several that are as welcome the first of FORMATS. Throws Refusal where none is. */
export function formatOf(asked: Asked, accept: string | undefined): Format {
  if (asked.format !== undefined) return asked.format;
  if (accept === undefined || accept.trim() === "") return "json";
  const weights = FORMATS.map((format) => ({ format, weight: weightOf(accept, TYPES[format]) }));
  const best = weights.reduce((a, b) => (b.weight > a.weight ? b : a));
  if (best.weight > 0) return best.format;
  throw new Refusal("not_acceptable", `There is ${FORMATS.map((each) => TYPES[each]).join(", ")}.`);
}
