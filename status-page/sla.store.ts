// Reads stored reports from D1: the table `reports`, and nothing else. Given to the page by main.entry.ts. A failed read
// throws SlaUnreadable and is never an empty list; columns are named, so that bodies of a list of heads stay in the database.

import { and, desc, eq, max, sql } from "drizzle-orm";
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
  page: sql<string>`json_extract(${reports.body}, '$.contract.page')`,
  hash: reports.hash,
} as const;

type HeadRow = Pick<typeof reports.$inferSelect, Exclude<keyof typeof HEAD, "page">> & { readonly page: string };

// Judged words that this version does not know would be printed as nothing: they are an error instead.
const SAYS: readonly string[] = ["met", "breached", "no_data"] satisfies ReportHead["contractSays"][];
const VERDICTS: readonly string[] = [
  "met",
  "breached",
  "undetermined",
  "resolution_insufficient",
  "no_data",
] satisfies ReportHead["verdict"][];
const PAGES: readonly string[] = ["public", "access"] satisfies ReportHead["page"][];

function headOf(row: HeadRow): ReportHead {
  if (!SAYS.includes(row.contractSays) || !VERDICTS.includes(row.verdict)) {
    throw new SlaUnreadable(`report ${row.contract} ${row.period} says ${row.contractSays} and ${row.verdict}`);
  }
  if (!PAGES.includes(row.page)) {
    throw new SlaUnreadable(`report ${row.contract} ${row.period} does not say whom it is for: ${row.page}`);
  }
  const { contract, period, revision, fromAt, toAt, composedAt, creditPct, hash } = row;
  const judged = { contractSays: row.contractSays, verdict: row.verdict, page: row.page } as Pick<
    ReportHead,
    "contractSays" | "verdict" | "page"
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
  const db = drizzle(env.DB);
  // In minutes, to stay below 2^53. The newest are found first, since bodies are looked into, and only theirs should be.
  const rank = sql<number>`${reports.fromAt} / 60000 * 1000000 + ${reports.revision}`;
  const newest = db
    .select({ contract: reports.contract, rank: max(rank).as("rank") })
    .from(reports)
    .groupBy(reports.contract)
    .as("newest");
  const query = db
    .select(HEAD)
    .from(reports)
    .innerJoin(newest, and(eq(newest.contract, reports.contract), eq(newest.rank, rank)))
    .orderBy(reports.contract);
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
