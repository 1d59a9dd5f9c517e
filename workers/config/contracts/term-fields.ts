// The kinds of value that only contracts have: words of a list, spans of hours and days, spans of business days, days of a calendar.
// And lists, read entry by entry. Pure; used by the readers of terms beside it.

import * as z from "zod";
import { refusalOfDate } from "../dates.ts";
import { type Field, field, judged, shareSchema } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import { nearest, type Path, type Refusal, type Report } from "../problems.ts";
import type { ClaimSpan } from "./contract.ts";

/** Text that `read` turns into a value, or refuses. */
export function textOf<T>(read: (text: string) => { readonly value: T } | Refusal): z.ZodType<T> {
  return z.string().transform((text, context): T => {
    const result = read(text);
    if ("value" in result) return result.value;
    context.addIssue({ code: "custom", message: result.problem, params: { refusal: result } });
    return z.NEVER;
  });
}

/** One of the words; another one is refused with the nearest. */
export function oneOf<const T extends string>(words: readonly T[]): z.ZodType<T> {
  return textOf((text) => {
    const value = words.find((word) => word === text);
    if (value !== undefined) return { value };
    const near = nearest(text, words);
    const all = words.join(", ");
    return {
      problem: `is not one of: ${all}`,
      mend: near === null ? `write one of: ${all}` : `did you mean "${near}"?`,
    };
  });
}

/**
 * Seven nines: without one loss it takes 30 million messages to prove them at a confidence of .95, and 92 million at .9999; at a
 * share of 1 - 1e-16 more than a number can count.
 */
const PROMISED_MAX = 0.9999999;

/** A promised proportion that must be there, below one by as much as can still be counted. */
export function neededShare(write: string): Field<number> {
  const schema = judged(shareSchema(write, "below one"), (value) =>
    value > PROMISED_MAX && value < 1
      ? { problem: "is above .9999999: nobody sends enough messages to see less", mend: "write .9999999 or less" }
      : null,
  );
  return field(schema, write);
}

const SPAN_UNITS_MS: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
/** A year: nobody answers for longer than that. */
const SPAN_MS_MAX = 366 * 86_400_000;

/** "90s", "15min", "4h", "2d" as whole ms. */
export function span(msMin: number, write: string): z.ZodType<number> {
  return textOf((text) => {
    const match = /^(\d{1,9}(?:\.\d{1,3})?)(s|min|h|d)$/.exec(text);
    const ms = Math.round(Number(match?.[1] ?? Number.NaN) * (SPAN_UNITS_MS[match?.[2] ?? ""] ?? Number.NaN));
    const mend = `write ${write} (a number and s, min, h or d)`;
    if (Number.isNaN(ms)) return { problem: "is not a span of time", mend };
    if (ms > SPAN_MS_MAX) return { problem: "is more than 366 days", mend };
    return ms < msMin ? { problem: `is less than ${msMin / 1000}s`, mend } : { value: ms };
  });
}

const CLAIM_UNITS: Readonly<Record<string, ClaimSpan["unit"]>> = {
  d: "day",
  bd: "business-day",
  cycles: "billing-cycle",
};
/** Ten years of days. */
const CLAIM_COUNT_MAX = 3660;

/** "30d", "5bd", "2cycles". */
export function claimSpan(write: string): z.ZodType<ClaimSpan> {
  return textOf((text) => {
    const match = /^(\d{1,5})(d|bd|cycles)$/.exec(text);
    const unit = CLAIM_UNITS[match?.[2] ?? ""];
    const count = Number(match?.[1]);
    const mend = `write ${write} (days), "5bd" (business days) or "2cycles" (billing periods)`;
    if (unit === undefined) return { problem: "is not a number of days, business days or billing cycles", mend };
    if (count >= 1 && count <= CLAIM_COUNT_MAX) return { value: { unit, count } };
    return { problem: `is not within 1 to ${CLAIM_COUNT_MAX}`, mend };
  });
}

/** A day in the years that a contract of ours can have. */
export const DAY: z.ZodType<string> = judged(z.string(), (text) => {
  const refusal = refusalOfDate(text);
  if (refusal !== null || (text >= "2000-01-01" && text < "2101-01-01")) return refusal;
  return { problem: "is not within the years 2000 to 2100", mend: 'write it as in "2027-01-31"' };
});

/** A number above 0 that no sum of money and no factor exceeds. */
export function positive(write: string, max = 1e12): z.ZodType<number> {
  return judged(z.number(), (value) =>
    value > 0 && value <= max
      ? null
      : { problem: value > 0 ? `is more than ${max}` : "is not above 0", mend: `write ${write}` },
  );
}

/** Reads a list entry by entry; absent is empty. Null from `read`: bad, and reported. */
export function readEach<T>(
  list: Plain,
  path: Path,
  shape: { readonly max: number; readonly write: string },
  report: Report,
  read: (one: Plain, path: Path) => T | null,
): readonly T[] {
  if (list === undefined || list === REFUSED) return [];
  if (!Array.isArray(list)) {
    report.add(path, list, { problem: "is not a list", mend: `write ${shape.write}` });
    return [];
  }
  if (list.length > shape.max) {
    report.add(path, list, { problem: `has ${list.length} entries`, mend: `write at most ${shape.max}` });
    return [];
  }
  return list.flatMap((one: Plain, index) => (one === REFUSED ? [] : (read(one, [...path, index]) ?? [])));
}
