// The console's door: everything below /ops. Lets in only whom the guard knows (or a developer on this very machine), takes
// forms only from its own pages, and hands each request to its page. Decides nothing about records, and lets nobody keep what
// it answers. Called by the Worker's entry.

import { base64UrlOf } from "../config/base64.ts";
import type { Config } from "../config/config.ts";
import type { Language } from "../../schema/words.ts";
import { Markdown } from "../../status-page/parts/markdown.tsx";
import { blocksOf } from "../incidents/markdown.ts";
import { bytesOf } from "../probes/http-ask.probe.ts";
import { callOffPage } from "./call-off-page.tsx";
import { deliveriesPage } from "./deliveries-page.tsx";
import { fleetPage } from "./fleet-page.tsx";
import { maintenanceFormPage } from "./maintenance-form-page.tsx";
import { maintenancePage } from "./maintenance-page.tsx";
import { previewPage } from "./preview-page.tsx";
import { developerOf, type PassFacts, passCookie } from "./dev-pass.ts";
import { exclusionsPage } from "./exclusions-page.tsx";
import { incidentPage } from "./incident-page.tsx";
import { incidentsPage } from "./incidents-page.tsx";
import { htmlHeaders, OPS_HEADERS } from "./ops-headers.ts";
import { htmlOf, plainHtml } from "./ops-layout.tsx";
import type { OpsPage, SeeOther, Shown, Visit } from "./ops-page.ts";
import { overviewPage } from "./overview-page.tsx";
import { ticketsPage } from "./tickets-page.tsx";
import type { Visitor } from "./visitor.ts";
import { withdrawPage } from "./withdraw-page.tsx";
import { OPS_EN } from "./words-en.ts";
import { OPS_ZH } from "./words-zh.ts";
import type { Said, Words } from "./words.ts";

/** In the order of the menu; each is asked for in the table of who is let in. */
export const PAGES: readonly OpsPage[] = [
  overviewPage,
  incidentsPage,
  incidentPage,
  exclusionsPage,
  withdrawPage,
  ticketsPage,
  maintenancePage,
  maintenanceFormPage,
  callOffPage,
  fleetPage,
  deliveriesPage,
  previewPage,
];
const MENU = PAGES.flatMap(({ menu }) => menu ?? []);

const WORDS: Readonly<Record<Language, Words>> = { en: OPS_EN, zh: OPS_ZH };

/** A form of two texts of 2000 characters, each of nine bytes, with room for the rest. */
const BODY_BYTES_MAX = 64 * 1_024;
const KEY_BYTES = 24;
const RETRY_AFTER_S = "10";

const REFUSED: Readonly<Record<401 | 403 | 503, Said>> = { 401: "signIn", 403: "denied", 503: "unsure" };

export interface OpsOptions extends Pick<
  Visit,
  "records" | "verdicts" | "fleet" | "incidents" | "report" | "onRecorded"
> {
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Null: it is refused, and nobody is let in. */
  readonly config: Config | null;
  /** Makes `accessGuard` of access.entry.ts, or has it. */
  readonly guardOf: (config: Config) => (request: Request) => Promise<Visitor>;
  /** The pass that `npm start` has made; null in every deployed Worker. */
  readonly devPass: string | null;
  /** By the browser's Accept-Language. */
  readonly languageOf: (header: string | undefined) => Language;
}

/** Whether a request for this path is for the console. */
export function isOps(pathname: string): boolean {
  return /^\/ops(\/|$)/.test(pathname);
}

/** For requests that are for the console. Never rejects. */
export function opsConsole(options: OpsOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const words = WORDS[options.languageOf(request.headers.get("accept-language") ?? undefined)];
    try {
      return await answered(request, options, words);
    } catch (problem) {
      options.report(String(problem));
      return plain(words, 500, "broken");
    }
  };
}

async function answered(request: Request, options: OpsOptions, words: Words): Promise<Response> {
  const { config, devPass } = options;
  const url = new URL(request.url);
  if (config === null) return plain(words, 403, "denied");
  const cookie = request.headers.get("cookie");
  const facts: PassFacts = { url, cookie, pass: devPass, hasAccess: config.access !== null };
  const toSet = request.method === "GET" ? passCookie(facts) : null;
  if (toSet !== null) return seeOther("/ops", { "set-cookie": toSet });
  const visitor = developerOf(facts) ?? (await options.guardOf(config)(request));
  if (!visitor.ok) return plain(words, visitor.status, REFUSED[visitor.status]);

  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead && request.method !== "POST") return plain(words, 405, "method", { allow: "GET, HEAD, POST" });
  const page = PAGES.find(({ match }) => match.test(url.pathname));
  const found = (page?.match.exec(url.pathname) ?? []).slice(1);
  if (page === undefined) return plain(words, 404, "notFound");
  const { records, verdicts, fleet, incidents, report, onRecorded } = options;
  const desks = { records, verdicts, fleet, incidents, prose };
  const shared = { words, config, who: visitor.who, url, ...desks, report, onRecorded };
  const visit: Visit = { ...shared, now: options.now(), freshKey: () => keyFrom(options.random(KEY_BYTES)) };
  if (isRead) return shownAs(visit, await page.get(visit, found), request.method === "HEAD");
  if (page.post === undefined) return plain(words, 405, "method", { allow: "GET, HEAD" });
  const values = await ownForm(request, url, page.bytesMax ?? BODY_BYTES_MAX);
  if (values === null) return plain(words, 403, "forged");
  return shownAs(visit, await page.post(visit, values, found), false);
}

/** What one of our own pages has sent. Null: it comes from elsewhere, or is no form, or none that we make. */
async function ownForm(request: Request, { origin }: URL, bytesMax: number): Promise<URLSearchParams | null> {
  const { headers } = request;
  // Every browser sends the first with a POST, and the second to an address that it trusts; whoever sends none is no browser.
  if (headers.get("origin") !== origin) return null;
  if ((headers.get("sec-fetch-site") ?? "same-origin") !== "same-origin") return null;
  const [type = ""] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  if (type.trim() !== "application/x-www-form-urlencoded") return null;
  const bytes = await bytesOf(new Response(request.body), bytesMax).catch(() => null);
  return bytes === null ? null : new URLSearchParams(new TextDecoder().decode(bytes));
}

/** Here, since only a door knows the page that prints it to everybody. */
function prose(text: string, below: 2 | 3) {
  return <Markdown blocks={blocksOf(text)} below={below} />;
}

function keyFrom(bytes: Uint8Array): string {
  return `ops-${base64UrlOf(bytes)}`;
}

function shownAs({ words, config, who, url }: Visit, shown: Shown | SeeOther, isHead: boolean): Response {
  if ("seeOther" in shown) return seeOther(shown.seeOther);
  const { status, title, body } = shown;
  const headers = htmlHeaders(words.tag);
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  const path = url.pathname.replace(/\/$/, "");
  const html = htmlOf({ words, name: config.name, title, who, menu: MENU, path, children: body });
  return new Response(isHead ? null : html, { status, headers });
}

function seeOther(location: string, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 303, headers: { ...OPS_HEADERS, location, ...more } });
}

function plain(
  words: Words,
  status: 401 | 403 | 404 | 405 | 500 | 503,
  said: Said,
  more: Readonly<Record<string, string>> = {},
) {
  const headers = htmlHeaders(words.tag);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  return new Response(plainHtml(words, said), { status, headers });
}
