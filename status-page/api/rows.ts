// Rows of history as answers of our API: a page of them as JSON, or the whole range as NDJSON or CSV. Pure: clock and database are given.
// Reads at most one page, or one step ahead of its reader; what changes nothing is not read at all. Called by api-routes.tsx.

import { matches } from "../headers.ts";
import { addressWith } from "./answers.ts";
import type { Asking } from "./answers.ts";
import { PAGE_MOST, formatOf } from "./asked.ts";
import type { Asked, Format } from "./asked.ts";
import { Refusal } from "./problem.ts";
import { KEPT_MS, RawUnreadable, USUAL_MS } from "./raw.ts";
import type { Kind, RawReader, Span, Wanted } from "./raw.ts";
import { rowStream, writingOf } from "./streams.ts";

const USUAL_ROWS = 500;
/** Of hours with their minutes. */
const USUAL_HOURS = 48;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** As asked; else the newest. Throws Refusal for a range that ends before it begins. */
export function spanOf(asked: Asked, kind: Kind, now: number): Span {
  const to = asked.to ?? (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
  const from = asked.from ?? Math.max(0, to - USUAL_MS[kind]);
  if (from < to) return { from, to };
  const detail = `from must be before to: ${from} is not before ${to}`;
  throw new Refusal("bad_parameter", detail, [{ parameter: "from", detail }]);
}

/** Which rows, in which format, by which mark. */
export interface Found {
  readonly wanted: Wanted;
  readonly format: Format;
  readonly etag: string;
  /** The reader has them: nothing is to be sent. */
  readonly known: boolean;
  /** Rows before this instant are not kept; null: they are for ever. */
  readonly keptFrom: number | null;
  /** Address of the range before it, in coarser rows; null: the range does not reach there. */
  readonly older: string | null;
}

/** Reads the series, and what the rows of the range were made by: three queries. Throws Refusal, RawUnreadable. */
export async function findRows({ c, door, asked, route }: Asking, raw: RawReader): Promise<Found> {
  const kind = route.id as Kind;
  const format = formatOf(asked, c.req.header("accept"));
  if (format !== "json" && asked.limit !== undefined) {
    const detail = `${format} has the whole range: leave limit out, or ask for JSON`;
    throw new Refusal("bad_parameter", `limit: ${detail}`, [{ parameter: "limit", detail }]);
  }
  const { series = 0, latency = false, minutes = false, limit = usualOf(asked) } = asked;
  const now = door.now();
  const span = spanOf(asked, kind, now);
  if ((await raw.one(c.env, series)) === null) {
    throw new Refusal("not_found", `There is no series ${series}: /api/v1/series has all of them.`);
  }
  const wanted = { series, kind, span, latency, minutes };
  const { keptFrom, older } = olderOf(wanted, now);
  // Before the rows: what comes in between is then told by the next mark.
  const mark = await raw.mark(c.env, wanted);
  const parts = [
    series,
    kind,
    format,
    latency ? "l" : "",
    minutes ? "m" : "",
    older === null ? "" : "o",
    span.from.toString(36),
    span.to.toString(36),
    limit,
    mark,
  ];
  const etag = `W/"${parts.join("-")}"`;
  return { wanted, format, etag, known: matches(c.req.header("if-none-match"), etag), keptFrom, older };
}

const usualOf = ({ minutes = false }: Asked): number => (minutes ? USUAL_HOURS : USUAL_ROWS);

/**
 * What the range has of a time from which no such rows are kept: minutes are then in their hours, and hours in days. No rows there would
 * otherwise read as "not measured". By whole hours, so that it changes nothing from one second to the next.
 */
function olderOf({ series, kind, span }: Wanted, now: number): Pick<Found, "keptFrom" | "older"> {
  const kept = KEPT_MS[kind];
  if (kept === null) return { keptFrom: null, older: null };
  const keptFrom = Math.ceil((now - kept) / HOUR_MS) * HOUR_MS;
  if (span.from >= keptFrom) return { keptFrom, older: null };
  const to = Math.min(span.to, keptFrom);
  const older =
    kind === "minutes"
      ? addressWith(`/api/v1/series/${series}/hours`, { from: span.from, to, minutes: true })
      : addressWith(`/api/v1/series/${series}/days`, { from: span.from, to });
  return { keptFrom, older };
}

/** A page of them. */
export async function rowsPage({ c, asked, route }: Asking, raw: RawReader, found: Found) {
  const { wanted, keptFrom, older } = found;
  const limit = Math.min(asked.limit ?? usualOf(asked), PAGE_MOST);
  const { series, span, latency, minutes } = wanted;
  const rows = await raw.rows(c.env, wanted, limit + 1);
  const beyond = rows[limit];
  const query = {
    ...(latency ? { latency } : {}),
    ...(minutes ? { minutes } : {}),
    ...(asked.limit === undefined ? {} : { limit }),
  };
  const path = route.path.replace("{series}", String(series));
  const next = beyond === undefined ? null : addressWith(path, { from: beyond.from, to: span.to, ...query });
  const body = {
    version: 1,
    series,
    from: span.from,
    to: span.to,
    kept_from: keptFrom,
    older,
    rows: rows.slice(0, limit),
    next,
  };
  return { body, next, stale: false };
}

/** All of them, as a stream. */
export function rowsStream({ c, door }: Asking, raw: RawReader, { wanted, format }: Found) {
  if (format === "json") throw new RangeError("JSON has pages");
  return rowStream({
    span: wanted.span,
    writing: writingOf(format, wanted),
    read: (span, most) => raw.rows(c.env, { ...wanted, span }, most),
    report: door.report,
  });
}

/** The database's, not the caller's fault. */
export const isAway = (error: unknown): boolean => error instanceof RawUnreadable;
