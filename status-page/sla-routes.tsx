// The routes of the SLA pages: the list, a contract, a report as page, JSON and CSV, and claim dates as iCal. Mounted by
// app.tsx. Keeps two laws: nothing of a contract whose page is `access` leaves without the guard's word, and a failed read is
// a 503 that says so. Touches nothing itself: clock, database and guard are given.

import { Hono } from "hono";

import type { Visitor } from "../workers/console/visitor.ts";
import type { Language } from "../schema/words.ts";
import type { PageDoor } from "./door.ts";
import { htmlHeaders, securityOf } from "./headers.ts";
import { REFUSALS, answer, notYet, reportAnswer, trouble } from "./sla-answers.tsx";
import type { Ctx, Format, PageEnv, Site, Wanted } from "./sla-answers.tsx";
import type { Listed } from "./sla-list.ts";
import { rememberedReports } from "./sla-memory.ts";
import { renderList } from "./sla-render.tsx";
import { SlaUnreadable, seenBy, unjudged } from "./sla.ts";
import type { Guard, PageContract, SlaReader } from "./sla.ts";

interface SlaPagesOptions {
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  readonly languages: readonly Language[];
  readonly contracts: readonly PageContract[];
  readonly sla: SlaReader;
  readonly guard: Guard;
  readonly frameOf: PageDoor["frameOf"];
}

interface Door extends Site, Pick<SlaPagesOptions, "now" | "contracts" | "guard" | "report"> {}

/** 2026, 2026-11, 2026-11-17, 2026-Q4; then the format. */
const FILE = /^(\d{4}(?:-(?:\d{2}(?:-\d{2})?|Q[1-4]))?)(?:\.(json|csv))?$/;
const REVISION = /^\d{1,6}$/;

function wantedOf(file: string, revision: string | undefined): Wanted | null {
  const match = FILE.exec(file);
  if (match === null || (revision !== undefined && !REVISION.test(revision))) return null;
  const format = (match[2] ?? "html") as Format;
  return { format, period: match[1] ?? null, revision: revision === undefined ? null : Number(revision) };
}

/** All routes below /sla, without a language and with each. */
export function slaPages(options: SlaPagesOptions): Hono<PageEnv> {
  const door: Door = { ...options, reader: rememberedReports(options.sla, options.now) };
  const newest = { period: null, revision: null };
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/sla", ...options.languages.map((language) => `/${language}/sla`)]) {
    app.get(base, (c) => guarded(c, door, "html", () => list(c, door)));
    // A revision is one of a period: without it there is none.
    app.get(`${base}/:contract`, (c) =>
      contractAnswer(c, door, c.req.query("revision") === undefined ? { format: "html", ...newest } : null),
    );
    app.get(`${base}/:contract/claims.ics`, (c) => contractAnswer(c, door, { format: "ics", ...newest }));
    app.get(`${base}/:contract/:file`, (c) =>
      contractAnswer(c, door, wantedOf(c.req.param("file") ?? "", c.req.query("revision"))),
    );
  }
  return app;
}

async function guarded(c: Ctx, door: Door, format: Format, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SlaUnreadable)) throw error;
    door.report(error);
    return trouble(c, door, "reports_unreadable", format);
  }
}

/** A guard that fails lets nobody in; the public contracts are shown all the same. */
async function visitorOf(c: Ctx, door: Door): Promise<Visitor> {
  try {
    return await door.guard(c.req.raw, c.env);
  } catch (error) {
    door.report(error);
    return { ok: false, status: 503, reason: "the guard failed" };
  }
}

async function list(c: Ctx, door: Door): Promise<Response> {
  const { contracts, reader } = door;
  const letIn = contracts.some((contract) => contract.page === "access") && (await visitorOf(c, door)).ok;
  const heads = new Map((await reader.heads(c.env)).map((head) => [head.contract, head]));
  // By the configuration, and by the newest report: one that was composed for a closed page stays closed.
  const shown = seenBy(contracts, letIn).filter(({ id }) => letIn || heads.get(id)?.page !== "access");
  const listed = await Promise.all(
    shown.map(async (contract): Promise<Listed> => {
      const head = heads.get(contract.id);
      const stored = head === undefined ? null : await reader.report(c.env, contract.id, head.period, head.revision);
      return { contract, report: stored?.report ?? unjudged(contract, door.now()) };
    }),
  );
  const frame = door.frameOf(c, "/sla");
  return answer(c, renderList(frame, listed), htmlHeaders(securityOf("sla"), frame.words.tag), letIn);
}

async function contractAnswer(c: Ctx, door: Door, wanted: Wanted | null): Promise<Response> {
  const id = c.req.param("contract") ?? "";
  const contract = door.contracts.find((one) => one.id === id);
  const format = wanted?.format ?? (c.req.path.endsWith(".json") ? "json" : "html");
  if (contract === undefined) return trouble(c, door, "not_found", format);
  // Asked before anything is read, so that a stranger cannot tell which periods there are.
  let visitor = contract.page === "access" ? await visitorOf(c, door) : null;
  if (visitor?.ok === false) return trouble(c, door, REFUSALS[visitor.status], format);
  if (wanted === null) return trouble(c, door, "not_found", format, visitor !== null);
  return guarded(c, door, format, async () => {
    const stored = await door.reader.report(c.env, id, wanted.period, wanted.revision);
    if (stored === null) {
      const letIn = visitor !== null;
      if (wanted.period !== null || format !== "html") return trouble(c, door, "not_found", format, letIn);
      return notYet(c, door, id, unjudged(contract, door.now()), letIn);
    }
    if (stored.report.contract.page === "access") visitor ??= await visitorOf(c, door);
    if (visitor?.ok === false) return trouble(c, door, REFUSALS[visitor.status], format);
    return reportAnswer(c, door, { stored, wanted, letIn: visitor !== null });
  });
}
