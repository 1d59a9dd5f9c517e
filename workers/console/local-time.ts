// Instants as people write and read them: a date and a time in a named zone. Pure. Called by the console's forms and pages.
// A time that a zone skips, or has twice, is never guessed at: both instants that may be meant are named.

// Imported, never feature-detected: as in results/calendar.ts.
import { Temporal } from "temporal-polyfill";

/** `skipped`, `twice`: the zone's clocks were changed; `candidates` are the two instants that may be meant, ascending, in ms. */
export type LocalRead =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly why: "malformed" }
  | { readonly ok: false; readonly why: "skipped" | "twice"; readonly candidates: readonly [number, number] };

/** As `<input type="datetime-local">` sends it; seconds are optional. */
const SHAPE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[0-5]\d(\.\d{1,3})?)?$/;
const MALFORMED: LocalRead = { ok: false, why: "malformed" };

/** The instant of a local time. RangeError for an unknown zone. */
export function instantIn(text: string, zone: string): LocalRead {
  if (!SHAPE.test(text)) return MALFORMED;
  const local = dateTimeOf(text.replace(" ", "T"));
  if (local === null) return MALFORMED;
  const first = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const second = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (first.epochNanoseconds === second.epochNanoseconds) return { ok: true, at: first.epochMilliseconds };
  const why = first.toPlainDateTime().equals(local) ? "twice" : "skipped";
  return { ok: false, why, candidates: [first.epochMilliseconds, second.epochMilliseconds] };
}

/** Null: there is no such day or hour. */
function dateTimeOf(iso: string): Temporal.PlainDateTime | null {
  try {
    return Temporal.PlainDateTime.from(iso);
  } catch {
    return null;
  }
}

/** 2026-11-22 20:00 +08:00, or UTC; seconds where there are some. The offset says which of two equal hours it is. */
export function stampIn(at: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: at % 60_000 === 0 ? "minute" : "second" });
  return `${local.toPlainDate().toString()} ${time} ${zone === "UTC" ? "UTC" : local.offset}`;
}

/** For `datetime` attributes: 2026-11-22T12:00:00Z. */
export function isoOf(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}
