// What the SLA pages answer with: a page, a report's exact bytes, a table, claim dates, or what is wrong. Called by
// sla-routes.tsx once it is known who asks; touches nothing itself.

import type { Context } from "hono";

import type { Visitor } from "../workers/console/visitor.ts";
import type { Language } from "../schema/words.ts";
import { claimsCalendar } from "../workers/sla/claims-feed.ts";
import { reportCsv } from "../workers/sla/report-csv.ts";
import type { PageDoor } from "./door.ts";
import type { PageBindings } from "./front.ts";
import { CACHED, PRIVATE, RETRY_AFTER_S, SECURITY, htmlHeaders, matches, securityOf } from "./headers.ts";
import { plainLabel } from "./labels.ts";
import { PlainPage } from "./pages/plain.tsx";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";
import { renderReport } from "./sla-render.tsx";
import { seenBy } from "./sla.ts";
import type { ReportHead, SlaReader, StoredReport, Unjudged } from "./sla.ts";
import { languageFor, slaWordsOf } from "./words/languages.ts";

export type PageEnv = { Bindings: PageBindings };
export type Ctx = Context<PageEnv>;
export type Format = "html" | "json" | "csv" | "ics";

/** What every answer needs. */
export interface Site {
  readonly reader: SlaReader;
  readonly languages: readonly Language[];
  readonly frameOf: PageDoor["frameOf"];
}

/** What was asked for. `period: null`: the newest. */
export interface Wanted {
  readonly format: Format;
  readonly period: string | null;
  readonly revision: number | null;
}

interface Found {
  readonly stored: StoredReport;
  readonly wanted: Wanted;
  /** The guard let the visitor in, to what is not for everybody. */
  readonly letIn: boolean;
}

/** What is wrong, as JSON says it. */
type Trouble = "unauthorized" | "forbidden" | "guard_unavailable" | "not_found" | "reports_unreadable";
const STATUSES: Readonly<Record<Trouble, 401 | 403 | 404 | 503>> = {
  unauthorized: 401,
  forbidden: 403,
  guard_unavailable: 503,
  not_found: 404,
  reports_unreadable: 503,
};

/** Why a visitor is not let in. */
export const REFUSALS: Readonly<Record<Exclude<Visitor, { ok: true }>["status"], Trouble>> = {
  401: "unauthorized",
  403: "forbidden",
  503: "guard_unavailable",
};

/** Claims that are older than so many periods are history. */
const CLAIMS_MOST = 12;

export const languageOf = (c: Ctx, { languages }: Site): Language =>
  languageFor(c.req.path, c.req.header("accept-language"), languages);

/** A page that says what is wrong, or the same as JSON. To those who were let in: kept by nobody. */
export function trouble(c: Ctx, site: Site, what: Trouble, format: Format, letIn = false): Response {
  const status = STATUSES[what];
  const frame = site.frameOf(c, null);
  const sla = slaWordsOf(frame.words.language);
  const headers = htmlHeaders(SECURITY, frame.words.tag);
  headers.set("cache-control", status === 404 && !letIn ? "public, max-age=5" : PRIVATE);
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  if (status === 401) headers.set("www-authenticate", "Cloudflare-Access");
  if (format === "json") {
    headers.set("content-type", "application/json");
    headers.delete("content-language");
    return new Response(`{"error":"${what}"}`, { status, headers });
  }
  const texts = {
    unauthorized: [sla.refused[401], sla.refusedMore[401]],
    forbidden: [sla.refused[403], sla.refusedMore[403]],
    guard_unavailable: [sla.refused[503], sla.refusedMore[503]],
    not_found: [sla.notFound, sla.notFoundMore],
    reports_unreadable: [sla.unreadable, sla.unreadableMore],
  } as const;
  const [sentence, more] = texts[what];
  return new Response(toBytes(<PlainPage {...frame} sentence={sentence} more={more} notice={null} />), {
    status,
    headers,
  });
}

/** The contract exists, and nothing has been said about it: that is no error and no verdict. */
export function notYet(c: Ctx, site: Site, id: string, why: Unjudged, letIn: boolean): Response {
  const frame = site.frameOf(c, `/sla/${encodeURIComponent(id)}`);
  const sla = slaWordsOf(frame.words.language);
  const headers = htmlHeaders(SECURITY, frame.words.tag);
  headers.set("cache-control", letIn ? PRIVATE : "public, max-age=5");
  const saying = <PlainPage {...frame} sentence={sla.notYet[why.why]} more={sla.notYetMore(why)} notice={null} />;
  return new Response(toBytes(saying), { headers });
}

/** A report in the format that was asked for. */
export function reportAnswer(c: Ctx, site: Site, found: Found): Response | Promise<Response> {
  switch (found.wanted.format) {
    case "html":
      return page(c, site, found);
    case "json":
      return json(c, found);
    case "csv":
      return csv(c, found);
    case "ics":
      return calendar(c, site, found);
  }
}

async function page(c: Ctx, site: Site, { stored, wanted, letIn }: Found): Promise<Response> {
  const { contract, period } = stored;
  const heads = seenBy(await site.reader.periods(c.env, contract), letIn);
  const query = wanted.revision === null ? "" : `?revision=${wanted.revision}`;
  const base = `/sla/${encodeURIComponent(contract)}`;
  const path = wanted.period === null ? base : `${base}/${encodeURIComponent(period)}${query}`;
  const frame = site.frameOf(c, path);
  return answer(
    c,
    renderReport({ frame, stored, heads, letIn }),
    htmlHeaders(securityOf("sla"), frame.words.tag),
    letIn,
  );
}

function fileHeaders({ stored, letIn }: Found, type: string): Headers {
  const headers = new Headers(SECURITY);
  headers.set("content-type", type);
  headers.set("x-sonde-report-sha256", stored.hash);
  if (!letIn) headers.set("access-control-allow-origin", "*");
  return headers;
}

/** The exact stored bytes: whoever hashes them gets the hash of the header (RFC 9530 says it a second time). */
function json(c: Ctx, found: Found): Response {
  const { body, hash } = found.stored;
  const headers = fileHeaders(found, "application/json");
  const binary = hash.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  headers.set("repr-digest", `sha-256=:${btoa(binary)}:`);
  return answer(c, { bytes: new TextEncoder().encode(body), etag: `"${hash}"` }, headers, found.letIn);
}

function csv(c: Ctx, found: Found): Response {
  const { contract, period, revision, hash, report } = found.stored;
  const headers = fileHeaders(found, "text/csv; charset=utf-8; header=present");
  headers.set("content-disposition", `attachment; filename="${contract}-${period}-r${revision}.csv"`);
  const bytes = new TextEncoder().encode(reportCsv(report));
  return answer(c, { bytes, etag: `W/"${hash}-csv"` }, headers, found.letIn);
}

async function calendar(c: Ctx, site: Site, { stored, letIn }: Found): Promise<Response> {
  const language = languageOf(c, site);
  const newest = new Map<string, ReportHead>();
  // A report that was composed for a closed page stays closed.
  for (const head of seenBy(await site.reader.periods(c.env, stored.contract), letIn)) {
    if ((newest.get(head.period)?.revision ?? -1) < head.revision) newest.set(head.period, head);
  }
  const owed = [...newest.values()].filter((head) => head.creditPct > 0).slice(0, CLAIMS_MOST);
  const read = owed.map((head) => site.reader.report(c.env, head.contract, head.period, head.revision));
  const reports = (await Promise.all(read)).flatMap((one) => (one === null ? [] : [one.report]));
  const label = plainLabel(stored.report.contract.label[language], stored.contract);
  // The page's own address, as in all other files; where nobody said it, the one that was asked.
  const origin = site.frameOf(c, null).url ?? new URL(c.req.url).origin;
  const body = claimsCalendar(reports, {
    name: `${label} · ${slaWordsOf(language).calendarFile}`,
    url: (contract, period) => `${origin}/${language}/sla/${[contract, period].map(encodeURIComponent).join("/")}`,
    stampAt: Math.max(stored.composedAt, ...owed.map((head) => head.composedAt)),
    language,
  });
  const headers = new Headers(SECURITY);
  headers.set("content-type", "text/calendar; charset=utf-8");
  headers.set("vary", "Accept-Language");
  const marks = [stored, ...owed].map((head) => head.hash.slice(0, 16));
  const bytes = new TextEncoder().encode(body);
  return answer(c, { bytes, etag: `W/"ics-${language}-${marks.join("-")}"` }, headers, letIn);
}

/** Prepared bytes, or 304 where the reader has them; what only some may see is kept by nobody. */
export function answer(c: Ctx, { bytes, etag }: Rendering, headers: Headers, letIn: boolean): Response {
  if (letIn) {
    headers.set("cache-control", PRIVATE);
    return new Response(bytes, { headers });
  }
  headers.set("cache-control", CACHED);
  headers.set("etag", etag);
  if (matches(c.req.header("if-none-match"), etag)) {
    headers.delete("content-type");
    return new Response(null, { status: 304, headers });
  }
  return new Response(bytes, { headers });
}
