// The bench's own Worker: a year of one target with 11 regions in D1, and the judge of production over it, in a Durable Object
// with the storage that it has there. One GET a measurement; the answer is JSON. Never deployed.

import { DurableObject } from "cloudflare:workers";

import { hours } from "../../../schema/d1-tables.ts";
import { upsert } from "../../../workers/results/bulk.store.ts";
import type { HourRow } from "../../../workers/results/rows.store.ts";
import { daysStore } from "../../../workers/sla/days.store.ts";
import { incidentsStore } from "../../../workers/sla/incidents.store.ts";
import { judgeStore } from "../../../workers/sla/judge.store.ts";
import { judgeTarget } from "../../../workers/sla/judgement.store.ts";
import { lookedStore } from "../../../workers/sla/looked.store.ts";
import { recordsStore } from "../../../workers/sla/records.store.ts";
import { countedD1 } from "../d1/counted.ts";
import { hourRows, minutesOf } from "../d1/rows.ts";
import { configWith, FIRST_DAY, REGIONS } from "./contracts.ts";

interface Env {
  readonly DB: D1Database;
  readonly JUDGES: DurableObjectNamespace<Judges>;
}

const DAY_HOURS = 24;

export class Judges extends DurableObject<Env> {
  /** Answers rows of D1 that were read and written. */
  async judge(unit: "month" | "year", now: number): Promise<unknown> {
    const rows = { read: 0, written: 0 };
    const d1 = countedD1(this.env.DB, rows);
    const config = configWith(unit);
    const [target] = config.targets;
    if (target === undefined) throw new Error("no target");
    const stores = {
      d1: judgeStore(d1),
      records: recordsStore(d1),
      days: daysStore(this.ctx.storage),
      incidents: incidentsStore(d1),
      looked: lookedStore(this.ctx.storage),
    };
    const { next, problems } = await judgeTarget(stores, config, target, now);
    if (problems.length > 0) throw problems[0];
    return { ...rows, left: next === "more" };
  }

  async forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
    await this.env.DB.exec("DELETE FROM reports");
  }
}

/** The same day of each region again and again, on the days [from, to) of the year. Answers how many rows that are. */
async function fill(db: D1Database, fromDay: number, toDay: number): Promise<number> {
  let filled = 0;
  for (const at of REGIONS.keys()) {
    const series = at + 1;
    const schedules = JSON.stringify([[FIRST_DAY * 1_440, null, 60_000]]);
    await db
      .prepare(`INSERT INTO "series" ("id", "target", "region", "journey", "peer", "unit", "ok_means", "schedules")
        VALUES (?1, 'broker', ?2, 'loop', '', 'message', 'delivered', ?3) ON CONFLICT DO NOTHING`)
      .bind(series, REGIONS[at]?.id, schedules)
      .run();
    const day = hourRows(series, 1, minutesOf(series, FIRST_DAY * 1_440, 1_440));
    for (let from = fromDay; from < toDay; from += 10) {
      const rows: HourRow[] = [];
      for (let more = from; more < Math.min(toDay, from + 10); more++)
        rows.push(...day.map((row) => ({ ...row, id: row.id + more * DAY_HOURS })));
      await upsert(db, hours, rows).run();
      filled += rows.length;
    }
  }
  return filled;
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const judges = env.JUDGES.get(env.JUDGES.idFromName("bench"));
    switch (pathname) {
      case "/fill":
        return Response.json(await fill(env.DB, Number(searchParams.get("from")), Number(searchParams.get("to"))));
      case "/judge":
        return Response.json(
          await judges.judge(searchParams.get("unit") === "year" ? "year" : "month", Number(searchParams.get("now"))),
        );
      case "/forget":
        await judges.forget();
        return Response.json(true);
      default:
        return new Response("not found", { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;
