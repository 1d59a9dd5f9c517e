// Reads stored reports from D1: the table `reports`, and nothing else. Given to the page by main.entry.ts. A failed read
// throws SlaUnreadable and is never an empty list; columns are named, so that a list of heads never loads bodies.

import { and, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { reports } from "../schema/d1-tables.ts";
import { outside, within } from "../workers/outside.ts";
import type { PageBindings } from "./front.ts";
import { SlaUnreadable, parseReport } from "./sla.ts";
import type { ReportHead, SlaReader, StoredReport } from "./sla.ts";

/** A reader of a page waits no longer than this for the database. */
const READ_DEADLINE_MS = 3000;

const HEAD = {
  contract: reports.contract,
  period: reports.period,
  revision: reports.revision,
  fromAt: reports.fromAt,
  toAt: reports.toAt,
  composedAt: reports.composedAt,
  contractSays: reports.contractSays,
  verdict: reports.verdict,
  creditPct: reports.creditPct,
  hash: reports.hash,
} as const;

type HeadRow = Pick<typeof reports.$inferSelect, keyof typeof HEAD>;

// Judged words that this version does not know would be printed as nothing: they are an error instead.
const SAYS: readonly string[] = ["met", "breached", "no_data"] satisfies ReportHead["contractSays"][];
const VERDICTS: readonly string[] = [
  "met",
  "breached",
  "undetermined",
  "resolution_insufficient",
  "no_data",
] satisfies ReportHead["verdict"][];

function headOf(row: HeadRow): ReportHead {
  if (!SAYS.includes(row.contractSays) || !VERDICTS.includes(row.verdict)) {
    throw new SlaUnreadable(`report ${row.contract} ${row.period} says ${row.contractSays} and ${row.verdict}`);
  }
  const { contract, period, revision, fromAt, toAt, composedAt, creditPct, hash } = row;
  const judged = { contractSays: row.contractSays, verdict: row.verdict } as Pick<
    ReportHead,
    "contractSays" | "verdict"
  >;
  return { contract, period, revision, fromAt, toAt, composedAt, ...judged, creditPct, hash };
}

async function reading<T>(what: string, query: Promise<T>): Promise<T> {
  try {
    return await within(outside, READ_DEADLINE_MS, "D1", query);
  } catch (cause) {
    throw new SlaUnreadable(`D1 did not give ${what}`, { cause });
  }
}

async function heads(env: PageBindings): Promise<readonly ReportHead[]> {
  // SQLite takes the other columns of the row that has the maximum (documented: "bare columns in an aggregate query"), so
  // one walk along the key finds the newest of every contract. In minutes, to stay below 2^53.
  const newest = sql<number>`max(${reports.fromAt} / 60000 * 1000000 + ${reports.revision})`;
  const query = drizzle(env.DB)
    .select({ ...HEAD, newest })
    .from(reports)
    .groupBy(reports.contract);
  return (await reading("the heads of reports", query.execute())).map(headOf);
}

async function report(
  env: PageBindings,
  contract: string,
  period: string | null,
  revision: number | null,
): Promise<StoredReport | null> {
  const db = drizzle(env.DB);
  const ofContract = eq(reports.contract, contract);
  // Which period is the newest is found without touching a body; the row itself is then found by its key.
  const newest = db
    .select({ period: reports.period })
    .from(reports)
    .where(ofContract)
    .orderBy(desc(reports.fromAt))
    .limit(1);
  const query = db
    .select({ ...HEAD, body: reports.body, money: reports.money })
    .from(reports)
    .where(
      and(
        ofContract,
        period === null ? eq(reports.period, newest) : eq(reports.period, period),
        revision === null ? undefined : eq(reports.revision, revision),
      ),
    )
    .orderBy(desc(reports.revision))
    .limit(1);
  const [row] = await reading(`the report of ${contract}`, query.execute());
  if (row === undefined) return null;
  const head = headOf(row);
  return { ...head, body: row.body, money: row.money, report: parseReport(head, row.body) };
}

async function periods(env: PageBindings, contract: string): Promise<readonly ReportHead[]> {
  const query = drizzle(env.DB)
    .select(HEAD)
    .from(reports)
    .where(eq(reports.contract, contract))
    .orderBy(desc(reports.fromAt), desc(reports.revision));
  return (await reading(`the periods of ${contract}`, query.execute())).map(headOf);
}

/** Reports as D1 holds them. */
export const storedReports: SlaReader = { heads, report, periods };
