// The newest verdict on each contract, from the heads of reports in D1: no body is loaded. A read that fails throws, and is never
// an empty list. Called by the Worker's entry for the console.

import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { reports } from "../../schema/d1-tables.ts";
import type { ContractSays, Verdict } from "../sla/report-shape.ts";
import type { NewestVerdict } from "./ops-page.ts";

/** Of each contract the newest revision of the newest period. */
export async function newestVerdicts(d1: D1Database): Promise<readonly NewestVerdict[]> {
  const { contract, period, revision, contractSays, verdict, fromAt } = reports;
  // SQLite takes the other columns of the row that has the maximum; in minutes, to stay below 2^53.
  const newest = sql<number>`max(${fromAt} / 60000 * 1000000 + ${revision})`;
  const rows = await drizzle(d1)
    .select({ contract, period, revision, contractSays, verdict, newest })
    .from(reports)
    .groupBy(contract);
  return rows.map((row) => ({
    contract: row.contract,
    period: row.period,
    revision: row.revision,
    contractSays: row.contractSays as ContractSays,
    verdict: row.verdict as Verdict,
  }));
}
