// What each route of our API answers with. Pure: clock, database and memory are given. Contracts that are not public do not exist
// here, whoever asks; a failed read is an error and never an empty list. Called by api-routes.tsx, which makes bytes of it.

import type { z } from "zod";

import type { PageContext, PageDoor } from "../door.ts";
import type { RememberedIncidents } from "../incidents-memory.ts";
import { listJson, storyJson } from "../incidents-json.ts";
import { plainLabel } from "../labels.ts";
import type { PageContract, ReportHead, SlaReader } from "../sla.ts";
import type { Front } from "../front.ts";
import type { Asked, Parameter } from "./asked.ts";
import { cellAnswers, composedAt, labelOf, notMeasured, regionAnswers, someTargets, targetAnswer } from "./now.ts";
import { Refusal } from "./problem.ts";
import type { RawReader } from "./raw.ts";
import type { ANSWERS, ApiRoute, RouteId } from "./routes.ts";
import type { VerdictAnswer } from "./shapes-told.ts";

/** Verdicts and series that are shown where nothing else is asked for. */
const USUAL_ROWS = 100;

/** What the answers are made from. Null: that is not there. */
export interface ApiSources {
  readonly raw: RawReader | null;
  readonly reports: SlaReader | null;
  readonly contracts: readonly PageContract[];
  readonly incidents: RememberedIncidents | null;
  /** The document that describes all of this. */
  readonly openapi: () => Readonly<Record<string, unknown>>;
}

export interface Asking {
  readonly c: PageContext;
  readonly door: PageDoor;
  readonly sources: ApiSources;
  readonly route: ApiRoute;
  readonly asked: Asked;
}

/** JSON, or its text; and where what follows is. */
export interface Answer {
  readonly body: object | Uint8Array;
  readonly next: string | null;
  /** Our database does not answer: this is what it said last. */
  readonly stale: boolean;
}

type Value<Id extends RouteId> = z.input<(typeof ANSWERS)[Id]>;
type Answering = (asking: Asking) => Promise<Answer>;

/** Address of this route with other parameters. */
export function addressWith(
  path: string,
  query: Readonly<Partial<Record<Parameter, string | number | boolean>>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function frontOf({ c, door }: Asking): Promise<{ readonly front: Front | null; readonly stale: boolean }> {
  const shown = await door.front(c);
  if (shown.kind === "unreadable") throw new Refusal("database_unreadable", "Ask again in some seconds.");
  return { front: shown.front, stale: shown.kind === "stale" };
}

/** Throws Refusal where neither figures nor the configuration know the target. */
function checkTarget(wanted: string | undefined, front: Front | null, door: PageDoor): void {
  if (wanted === undefined || door.config?.targets.some(({ id }) => id === wanted)) return;
  if (front?.snapshots.some((snapshot) => snapshot.target === wanted)) return;
  throw new Refusal("not_found", `There is no target ${wanted}: /api/v1/targets has all of them.`);
}

async function targets(asking: Asking): Promise<Answer> {
  const { front, stale } = await frontOf(asking);
  const now = asking.door.now();
  const body: Value<"targets"> = {
    version: 1,
    composed_at: composedAt(front),
    stale,
    targets: (front?.snapshots ?? []).map((snapshot) => targetAnswer(snapshot, now)),
    not_measured: notMeasured(front, asking.door.config),
  };
  return { body, next: null, stale };
}

async function regions(asking: Asking): Promise<Answer> {
  const { asked, route } = asking;
  const { front, stale } = await frontOf(asking);
  checkTarget(asked.target, front, asking.door);
  const { snapshots, last } = someTargets(front, asked.target, asked.after);
  const now = asking.door.now();
  const next = last === null ? null : addressWith(route.path, { after: last });
  const all = snapshots.flatMap((snapshot) => regionAnswers(snapshot, now));
  const body: Value<"regions"> = { version: 1, composed_at: composedAt(front), stale, regions: all, next };
  return { body, next, stale };
}

async function matrix(asking: Asking): Promise<Answer> {
  const { asked, route } = asking;
  const { front, stale } = await frontOf(asking);
  checkTarget(asked.target, front, asking.door);
  const { snapshots, last } = someTargets(front, asked.target, asked.after);
  const now = asking.door.now();
  const next = last === null ? null : addressWith(route.path, { after: last });
  const cells = snapshots.flatMap((snapshot) => cellAnswers(snapshot, now));
  const body: Value<"matrix"> = { version: 1, composed_at: composedAt(front), stale, cells, next };
  return { body, next, stale };
}

const EMPTY = new TextEncoder().encode("[]");

async function snapshotFile(asking: Asking): Promise<Answer> {
  const { front, stale } = await frontOf(asking);
  return { body: front?.json ?? EMPTY, next: null, stale };
}

async function series({ c, sources, route, asked }: Asking): Promise<Answer> {
  const { target = null, region = null, journey = null, after, limit = USUAL_ROWS } = asked;
  if (after !== undefined && !/^\d{1,9}$/.test(after)) {
    throw new Refusal("bad_parameter", "after: write the number that `next` says", [
      { parameter: "after", detail: "write the number that `next` says" },
    ]);
  }
  const filter = { target, region, journey, after: Number(after ?? 0) };
  const found = (await sources.raw?.list(c.env, filter, limit + 1)) ?? [];
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const next = last === undefined ? null : addressWith(route.path, { ...asked, after: last.id, limit });
  const body: Value<"series"> = { version: 1, series: shown, next };
  return { body, next, stale: false };
}

function verdictAnswer(head: ReportHead, contract: PageContract): VerdictAnswer {
  const address = `/sla/${encodeURIComponent(head.contract)}/${encodeURIComponent(head.period)}.json`;
  return {
    contract: head.contract,
    label: labelOf(contract.label, contract.id),
    tier: plainLabel(contract.tier, "?"),
    target: contract.target,
    period: head.period,
    from: head.fromAt,
    to: head.toAt,
    revision: head.revision,
    open: head.revision === 0,
    composed_at: head.composedAt,
    contract_says: head.contractSays,
    verdict: head.verdict,
    credit_pct: head.creditPct,
    hash: head.hash,
    report: `${address}?revision=${head.revision}`,
  };
}

async function verdicts({ c, sources, route, asked }: Asking): Promise<Answer> {
  const { contract, before = Number.POSITIVE_INFINITY, limit = USUAL_ROWS } = asked;
  // By the configuration, and by each report: one that was composed for a closed page stays closed.
  const open = new Map(sources.contracts.filter(({ page }) => page === "public").map((each) => [each.id, each]));
  if (contract !== undefined && !open.has(contract)) {
    throw new Refusal("not_found", `There is no public contract ${contract}: /api/v1/verdicts has the newest of all.`);
  }
  const { reports } = sources;
  const heads = contract === undefined ? await reports?.heads(c.env) : await reports?.periods(c.env, contract);
  const all = (heads ?? [])
    .filter((head) => head.page === "public" && head.fromAt < before)
    .toSorted((a, b) => b.fromAt - a.fromAt || b.revision - a.revision || (a.contract < b.contract ? -1 : 1))
    .flatMap((head) => {
      const known = open.get(head.contract);
      return known === undefined ? [] : [verdictAnswer(head, known)];
    });
  // All that begin with the last one stand with it: whoever goes on before its begin misses none.
  const least = all[limit - 1]?.from ?? Number.NEGATIVE_INFINITY;
  const shown = all.filter((each) => each.from >= least);
  const next = shown.length < all.length ? addressWith(route.path, { ...asked, before: least }) : null;
  const body: Value<"verdicts"> = { version: 1, verdicts: shown, next };
  return { body, next, stale: false };
}

async function incidents({ c, sources, route, asked }: Asking): Promise<Answer> {
  const found = await sources.incidents?.list(c.env, asked.before ?? null);
  if (found === undefined) throw new Refusal("not_found", "This fleet has no incidents to read.");
  const { olderBefore } = found.value;
  const next = olderBefore === null ? null : addressWith(route.path, { before: olderBefore });
  return {
    body: { ...(JSON.parse(listJson(found.value)) as object), stale: found.stale, next },
    next,
    stale: found.stale,
  };
}

async function incident({ c, sources, asked }: Asking): Promise<Answer> {
  const id = asked.incident ?? "";
  const found = await sources.incidents?.story(c.env, id);
  if (found === undefined || found.value === null) {
    throw new Refusal("not_found", `There is no incident ${id}: /api/v1/incidents has all of them.`);
  }
  const body = { ...(JSON.parse(storyJson(found.value)) as object), stale: found.stale };
  return { body, next: null, stale: found.stale };
}

const openapi = ({ sources }: Asking): Promise<Answer> =>
  Promise.resolve({ body: sources.openapi(), next: null, stale: false });

/** All but the rows of history, which rows.ts answers. */
export const ANSWERING: Readonly<Record<Exclude<RouteId, "minutes" | "hours" | "days" | "months">, Answering>> = {
  targets,
  regions,
  matrix,
  snapshot: snapshotFile,
  series,
  verdicts,
  incidents,
  incident,
  openapi,
};
