// Reads the current month's latency histograms from D1 for the push of metrics: a row of `months` for each region of each target, and the
// list of series. A failed read throws, and is never an empty list. Given to `otlp.send.ts` by main.entry.ts.

import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { months, series } from "../../schema/d1-tables.ts";
import { outside, within } from "../outside.ts";
import { monthOf } from "../results/calendar.ts";
import { decodeHistograms } from "../results/histogram.ts";
import { SERIES_SPAN } from "../results/rows.store.ts";
import type { MonthLatency } from "./latency.ts";

const MINUTE_MS = 60_000;
const READ_DEADLINE_MS = 3_000;

/** Of all targets' `loop`, in the month of `zone` that holds `now` (ms). A region without a record in it is not among them. */
export async function monthLatencies(db: D1Database, zone: string, now: number): Promise<readonly MonthLatency[]> {
  const { number } = monthOf(Math.floor(now / MINUTE_MS), zone);
  const query = drizzle(db)
    .select({
      target: series.target,
      region: series.region,
      fromMinute: months.fromMinute,
      latency: months.latency,
    })
    .from(series)
    .innerJoin(months, eq(months.id, sql`${series.id} * ${SERIES_SPAN} + ${number}`))
    .where(eq(series.journey, "loop"));
  const rows = await within(outside, READ_DEADLINE_MS, "D1", query.execute());
  return rows.map(({ target, region, fromMinute, latency }) => {
    return { target, region, startedAt: fromMinute * MINUTE_MS, latency: decodeHistograms(latency) };
  });
}
