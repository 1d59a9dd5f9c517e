// The bench's own Worker: writes to D1 and to a Durable Object's SQLite with the stores of production, inside workerd,
// where they run. One GET a measurement; the answer is JSON. Never deployed.

import { DurableObject } from "cloudflare:workers";

import { days, hours, minutes, months } from "../../../schema/d1-tables.ts";
import { upsert } from "../../../workers/results/bulk.store.ts";
import { dayOf, monthOf } from "../../../workers/results/calendar.ts";
import { migrateCollector } from "../../../workers/results/collector.store.ts";
import { migrateProber, proberStore } from "../../../workers/rounds/prober.store.ts";
import { FIRST_MINUTE } from "../month.ts";
import { countedStorage } from "./counted.ts";
import { calendarRows, hourRows, minuteRows, minutesOf } from "./rows.ts";
import { steadyRows } from "./steady.ts";
import { statementsOf } from "./ways.ts";
import type { Way } from "./ways.ts";

interface Env {
  readonly DB: D1Database;
  readonly SPACE: D1Database;
  readonly STEADY: D1Database;
  readonly STORES: DurableObjectNamespace<Stores>;
}

const WRITTEN = 500;
const made = new Map<number, ReturnType<typeof minutesOf>>();

function minutesOnce(series: number, count: number): ReturnType<typeof minutesOf> {
  const known = made.get(series) ?? minutesOf(series, FIRST_MINUTE, count);
  made.set(series, known);
  return known;
}

export class Stores extends DurableObject<Env> {
  async collector(): Promise<unknown> {
    await migrateCollector(this.ctx.storage);
    return steadyRows(this.ctx.storage, this.env.STEADY);
  }

  /** Rows of a wake, beside the alarm: the row is kept, and the one before it goes when it has been acknowledged. */
  async prober(wakes: number): Promise<unknown> {
    await migrateProber(this.ctx.storage);
    const counted = countedStorage(this.ctx.storage);
    const store = proberStore(counted.storage);
    store.nameOnce("weur.0.v1", 0);
    store.keep({ sequence: 1, beganAt: 0, bytes: new Uint8Array(157) });
    counted.rows();
    for (let sequence = 2; sequence <= wakes + 1; sequence++) {
      store.identity();
      store.newest();
      store.makeRoom();
      store.keep({ sequence, beganAt: sequence, bytes: new Uint8Array(157) });
      store.pendingAfter(0, 20_000);
      store.forgetThrough(sequence);
    }
    return { wakes, ...counted.rows() };
  }
}

/** Rows that D1 bills for each record, first inserted and then replaced. */
async function billed(db: D1Database): Promise<unknown> {
  const of = minutesOnce(1, 1_440);
  const each = async (asOf: number) => {
    const written = async (statement: D1PreparedStatement, rows: number) =>
      (await statement.run()).meta.rows_written / rows;
    const hour = hourRows(1, asOf, of);
    return {
      minutes: await written(upsert(db, minutes, minuteRows(1, asOf, of.slice(0, WRITTEN))), WRITTEN),
      hours: await written(upsert(db, hours, hour), hour.length),
      days: await written(upsert(db, days, calendarRows(1, asOf, of, dayOf)), 1),
      months: await written(upsert(db, months, calendarRows(1, asOf, of, monthOf)), 1),
    };
  };
  return { insert: await each(1), replace: await each(2), older: await each(1) };
}

/** Bytes that a day of seven regions takes, in the order in which it comes: minute by minute, not series by series. */
async function space(db: D1Database): Promise<unknown> {
  const series = [1, 2, 3, 4, 5, 6, 7];
  const all = series.map((each) => minutesOnce(each, 1_440));
  const size = async (statements: readonly D1PreparedStatement[]): Promise<number> => {
    let bytes = 0;
    for (let at = 0; at < statements.length; at += 60) {
      const results = await db.batch(statements.slice(at, at + 60));
      bytes = results.at(-1)?.meta.size_after ?? bytes;
    }
    return bytes;
  };
  const at = (index: number) => all.flatMap((list, i) => minuteRows(i + 1, 1, list.slice(index, index + 1)));
  const hour = (index: number) => all.flatMap((list, i) => hourRows(i + 1, 1, list.slice(index * 60, index * 60 + 60)));
  const before = await size([db.prepare("UPDATE minutes SET as_of = 0 WHERE id = 0")]);
  const afterMinutes = await size(Array.from({ length: 1_440 }, (_, i) => upsert(db, minutes, at(i))));
  const afterHours = await size(Array.from({ length: 24 }, (_, i) => upsert(db, hours, hour(i))));
  const afterDays = await size([
    upsert(
      db,
      days,
      all.flatMap((list, i) => calendarRows(i + 1, 1, list, dayOf)),
    ),
  ]);
  return { before, afterMinutes, afterHours, afterDays };
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const stores = env.STORES.get(env.STORES.idFromName(pathname));
    switch (pathname) {
      case "/ready":
        return Response.json(minutesOnce(1, 1_440).length);
      case "/write": {
        const series = Number(searchParams.get("series"));
        const asOf = Number(searchParams.get("as_of"));
        const rows = minuteRows(series, asOf, minutesOnce(1, 1_440).slice(0, WRITTEN));
        const results = await env.DB.batch(statementsOf(searchParams.get("way") as Way, env.DB, rows));
        return Response.json({
          statements: results.length,
          written: results.reduce((sum, { meta }) => sum + meta.rows_written, 0),
        });
      }
      case "/billed":
        return Response.json(await billed(env.DB));
      case "/space":
        return Response.json(await space(env.SPACE));
      case "/collector":
        return Response.json(await stores.collector());
      case "/prober":
        return Response.json(await stores.prober(100));
      default:
        return new Response("not found", { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;
