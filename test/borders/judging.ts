// A month in D1 for the judge: the golden month's minutes as strips of hours, in the place of what probers and collectors would have
// written; and the contract that is judged by them. Checks nothing itself.

import type { reports } from "../../schema/d1-tables.ts";
import { hours } from "../../schema/d1-tables.ts";
import type { ContractInput } from "../../workers/config/contracts/define-contract.ts";
import { upserts } from "../../workers/results/bulk.store.ts";
import { histogramOf } from "../../workers/results/histogram.ts";
import { rollupMinutes } from "../../workers/results/rollup.ts";
import { hourRow } from "../../workers/results/rows.store.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import type { Report, SlotsResult } from "../../workers/sla/report-shape.ts";
import { drizzle } from "drizzle-orm/d1";
import * as tables from "../../schema/d1-tables.ts";
import { newFindings } from "../inspect/findings.ts";
import { inspectReports } from "../inspect/reports.ts";
import { must } from "../observations.ts";
import { goldenMinutes, goldenStream, ORIGIN } from "../rooms/golden-month.ts";
import type { World } from "../world.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A month of 30 days, far ahead: what a judge arms for it does not fire while a test runs. */
export const APRIL = Date.UTC(2031, 3, 1);
export const MAY = Date.UTC(2031, 4, 1);
const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };

/** Rule 1 of the golden month, with delivery and latency beside it, and everything that a report can hold. */
export const GOLDEN: ContractInput = {
  id: "golden",
  target: "push",
  page: "public",
  effective: { from: "2031-04-01" },
  objectives: [
    { id: "availability", kind: "slots", target: 0.999, downIf: { rate: ">= .2" }, minSamples: 10 },
    { id: "delivery", kind: "ratio", target: 0.9999 },
    { id: "latency", kind: "quantile", q: 0.99, limit: "200ms", direction: "delivery" },
  ],
  exclusions: [{ type: "scheduled-maintenance", notice: "24h" }],
  credits: [
    {
      kind: "ladder",
      tiers: [
        { below: 0.999, atLeast: 0.99, pct: 10 },
        { below: 0.99, atLeast: 0.95, pct: 25 },
        { below: 0.95, atLeast: 0, pct: 50 },
      ],
    },
  ],
  claim: { deadline: "30d", channel: "ticket" },
  support: [{ severity: "P1", clock: "first-response", target: "1h" }],
  fee: { amount: 1_000, currency: "USD" },
};

/** The golden month's minutes, moved to begin at `fromAt` (ms); as many as `count`. */
export function goldenAt(fromAt: number, count = 43_200): Map<number, StripMinute> {
  const { minutes } = goldenStream(goldenMinutes().minutes);
  const shift = fromAt / MINUTE - ORIGIN;
  return new Map(
    [...minutes].flatMap(([at, counts]) => {
      // None of them took longer than the second limit that is counted by default.
      const over = [...counts.over, { limitMs: 600, count: 0 }];
      return at - ORIGIN < count ? [[at + shift, { ...counts, over }] as const] : [];
    }),
  );
}

/** One series of `push` in weur, scheduled from `fromAt` on; answers its number. */
export async function oneSeries(fleet: World, fromAt: number, id = 1): Promise<number> {
  await fleet.bindings.DB.prepare(
    `INSERT INTO "series" ("id", "target", "region", "journey", "peer", "unit", "ok_means", "schedules")
     VALUES (?1, 'push', 'weur', 'loop', '', 'message', 'delivered', ?2)`,
  )
    .bind(id, JSON.stringify([[fromAt / MINUTE, null, 60_000]]))
    .run();
  return id;
}

/** Writes the hours of these minutes, as the collector's write number `asOf`. */
export async function writeHours(
  fleet: World,
  series: number,
  minutes: ReadonlyMap<number, StripMinute>,
  asOf = 1,
): Promise<void> {
  const byHour = Map.groupBy([...minutes], ([minute]) => Math.floor(minute / 60));
  const latency = [histogramOf([40, 42, 45], 0, 1_000)];
  const rows = Array.from(byHour, ([hour, inside]) => {
    const strip = new Map(inside.map(([minute, counts]) => [minute - hour * 60, counts] as const));
    return hourRow(series, asOf, { hour, strip, rollup: { ...rollupMinutes([], RULE), latency, latencyMsMax: 45 } });
  });
  for (const statement of upserts(fleet.bindings.DB, hours, rows)) await statement.run();
}

export type ReportRow = typeof reports.$inferSelect;

/** All reports, ascending by contract, period, revision, after the inspector has seen them. */
export async function reportsOf(fleet: World): Promise<ReportRow[]> {
  const rows = await drizzle(fleet.bindings.DB)
    .select()
    .from(tables.reports)
    .orderBy(tables.reports.contract, tables.reports.period, tables.reports.revision);
  const findings = newFindings();
  inspectReports(rows, findings);
  if (findings.violations.length > 0) throw new Error(findings.violations.join("\n"));
  return rows;
}

export function documentOf(row: ReportRow | undefined): Report {
  return JSON.parse(must(row).body) as Report;
}

/** The availability of the only region. */
export function availabilityOf(report: Report): SlotsResult {
  const found = report.segments[0]?.scopes[0]?.objectives.find((each) => each.kind === "slots");
  return must(found);
}
