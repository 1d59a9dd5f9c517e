// Durations as people write them ("5s") and as the house keeps them (whole milliseconds). Pure; a field and its arithmetic.

import * as z from "zod";
import type { Duration } from "./define.ts";
import { type Field, field, judged } from "./fields.ts";
import type { Refusal } from "./problems.ts";

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** Whole milliseconds; null when the text is no duration or not whole milliseconds. Never negative. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|min)$/.exec(text);
  const unit = UNITS_MS[match?.[2] ?? ""];
  if (match === null || unit === undefined) return null;
  const ms = Number(match[1]) * unit;
  const whole = Math.round(ms);
  // 1.001 * 1000 is 1000.9999999999999: six decimals of a minute are never nearer to a whole millisecond than this.
  return Math.abs(ms - whole) < 0.001 ? whole : null;
}

/** The shortest way to write it: 60000 is "60s", 1500 is "1500ms", 300000 is "5min". */
export function durationText(ms: number): Duration {
  if (ms % 60_000 === 0 && ms > 60_000) return `${ms / 60_000}min`;
  return ms % 1000 === 0 && ms > 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** One duration between two bounds, both included. */
export function durationSchema(minMs: number, maxMs: number, write: string): z.ZodType<number> {
  const bad = (text: string): Refusal | null => {
    const ms = durationMs(text);
    if (ms === null) {
      return { problem: "is not a duration of whole milliseconds", mend: `write ${write} (a number and ms, s or min)` };
    }
    if (ms >= minMs && ms <= maxMs) return null;
    const range = `${durationText(minMs)} to ${durationText(maxMs)}`;
    return { problem: `is not within ${range}`, mend: `write ${range}, as in ${write}` };
  };
  return judged(z.string(), bad).transform((text) => durationMs(text) ?? 0);
}

export function duration(minMs: number, maxMs: number, fallback: Duration, key: string): Field<number> {
  const write = `${key}: "${fallback}"`;
  return field(durationSchema(minMs, maxMs, write).prefault(fallback), write);
}
