// Reports as they stand in the database, and the app with its reader and its guard in the hand of the test. Used by the tests
// that look at answers; not a fake of D1, since the app takes a reader, not a database.

import { createHash } from "node:crypto";

import type { StatusPageOptions } from "../../status-page/app.tsx";
import { SlaUnreadable, parseReport } from "../../status-page/sla.ts";
import type { PageContract, ReportHead, SlaReader, StoredReport } from "../../status-page/sla.ts";
import type { Visitor } from "../../workers/console/visitor.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import type { Report, ReportMoney } from "../../workers/sla/report-shape.ts";
import { frontRow, healthy } from "./fixtures.ts";
import * as fixtures from "./sla-fixtures.ts";
import { world } from "./world.ts";
import type { World } from "./world.ts";

export const MONEY: ReportMoney = { fee: 128_000, currency: "CNY", owed: 12_800, note: null };

/** As it stands in the database. */
export function stored(one: Report, money: ReportMoney | null = null): StoredReport {
  const body = canonicalJson(one);
  const head: ReportHead = {
    contract: one.contract.id,
    period: one.period.name,
    revision: one.revision,
    fromAt: one.period.from,
    toAt: one.period.to,
    composedAt: one.composed_at,
    contractSays: one.contract_says,
    verdict: one.verdict,
    creditPct: one.credit.pct,
    page: one.contract.page,
    hash: createHash("sha256").update(body).digest("hex"),
  };
  return { ...head, body, report: parseReport(head, body), money: money === null ? null : JSON.stringify(money) };
}

export const contractOf = (one: Report): PageContract => ({
  id: one.contract.id,
  label: one.contract.label,
  tier: one.contract.tier,
  page: one.contract.page,
  target: one.contract.target,
  effective: { from: "2026-10-01", to: null },
  period: { zone: one.period.zone },
});

/** The same report as another contract's. */
export const as = (one: Report, id: string, page: "public" | "access" = "public"): Report => ({
  ...one,
  contract: { ...one.contract, id, page },
});

/** A reader that holds these rows; every method throws while `away.now` is true. Counts how often it was asked. */
export function readerOf(rows: readonly StoredReport[]): SlaReader & { away: boolean; reads: number } {
  const newestFirst = rows.toSorted((a, b) => b.fromAt - a.fromAt || b.revision - a.revision);
  const reader = {
    away: false,
    reads: 0,
    heads: () =>
      asked(() => {
        const ids = [...new Set(newestFirst.map((row) => row.contract))];
        return ids.flatMap((id) => newestFirst.find((row) => row.contract === id) ?? []);
      }),
    periods: (_: unknown, contract: string) => asked(() => newestFirst.filter((row) => row.contract === contract)),
    report: (_: unknown, contract: string, period: string | null, revision: number | null) =>
      asked(
        () =>
          newestFirst.find(
            (row) =>
              row.contract === contract &&
              (period === null || row.period === period) &&
              (revision === null || row.revision === revision),
          ) ?? null,
      ),
  };
  function asked<T>(answer: () => T): Promise<T> {
    reader.reads++;
    return reader.away ? Promise.reject(new SlaUnreadable("D1 is away")) : Promise.resolve(answer());
  }
  return reader;
}

export const BREACHED = fixtures.breached();
export const FIRST: Report = { ...BREACHED, revision: 1, replaces: null };
const OPEN = as(fixtures.openMonth(), "messaging");
export const SECRET = as(BREACHED, "secret", "access");
const NEW: PageContract = { ...contractOf(OPEN), id: "new", label: { en: "New", zh: "新合同" } };
export const CONTRACTS = [contractOf(OPEN), contractOf(SECRET), NEW];
// Every row has money, those of public contracts as well.
export const ROWS = [BREACHED, FIRST, OPEN, SECRET].map((one) => stored(one, MONEY));

export const STRANGER: Visitor = { ok: false, status: 401, reason: "no token" };
export const NOBODY: Visitor = { ok: false, status: 403, reason: "Access is not configured" };
export const UNKNOWN: Visitor = { ok: false, status: 503, reason: "keys unavailable" };
export const MEMBER: Visitor = { ok: true, who: "lin@example.com" };

interface Sla extends World {
  readonly reader: ReturnType<typeof readerOf>;
}

export function slaWorld(
  visitor: Visitor | Error = STRANGER,
  rows: readonly StoredReport[] = ROWS,
  options: Partial<StatusPageOptions> = {},
): Sla {
  const reader = readerOf(rows);
  const guard = (): Promise<Visitor> => (visitor instanceof Error ? Promise.reject(visitor) : Promise.resolve(visitor));
  return Object.assign(world(frontRow([healthy()]), { contracts: CONTRACTS, sla: reader, guard, ...options }), {
    reader,
  });
}
