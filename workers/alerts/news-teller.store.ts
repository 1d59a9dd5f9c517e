// Tells the fleet's herald what a Duty has decided that is for everybody. Reads the Duty's own disk, writes nothing there: up to where it
// has told is on the herald's. Told again until the herald has it. Called by the Duty after each decision; nobody waits for it.

import { asc, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";

import { events, maintenance } from "../../schema/duty-tables.ts";
import type { Bindings } from "../bindings.ts";
import type { Config } from "../config/config.ts";
import { incidentOf } from "../incidents/life.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import { outside, within } from "../outside.ts";
import { dutyStore } from "./duty.store.ts";
import type { NewsCursor } from "./herald.store.ts";
import { HERALD } from "./subscription.ts";
import { type News, newsOfIncident, newsOfMaintenance } from "./news.ts";

/** The herald's side of it. */
export interface HeraldEar {
  /** Null: it has never heard of this target. */
  heard(target: string): Promise<NewsCursor | null>;
  hear(target: string, cursor: NewsCursor, news: readonly News[]): Promise<NewsCursor>;
}

const AT_ONCE = 50;
const TELL_MS = 10_000;
const EVENT_ROW = sql<number>`"events".rowid`;
const MAINTENANCE_ROW = sql<number>`"maintenance".rowid`;

export function newsTeller(storage: DurableObjectStorage, { HERALD: heralds }: Pick<Bindings, "HERALD">) {
  const db = drizzle(storage);
  const store = dutyStore(storage);
  /** Null: the herald is to be asked. */
  let at: NewsCursor | null = null;
  let telling: Promise<void> | null = null;
  let isAsked = false;

  const newestRows = (): NewsCursor => ({
    event:
      db
        .select({ row: sql<number | null>`max("events".rowid)` })
        .from(events)
        .get()?.row ?? 0,
    maintenance:
      db
        .select({ row: sql<number | null>`max("maintenance".rowid)` })
        .from(maintenance)
        .get()?.row ?? 0,
  });

  function after(target: string, from: NewsCursor): { readonly cursor: NewsCursor; readonly news: News[] } {
    const told = db
      .select({ row: EVENT_ROW, incident: events.incident, number: events.number })
      .from(events)
      .where(gt(EVENT_ROW, from.event))
      .orderBy(asc(EVENT_ROW))
      .limit(AT_ONCE)
      .all();
    const records = db
      .select({ row: MAINTENANCE_ROW, body: maintenance.body })
      .from(maintenance)
      .where(gt(MAINTENANCE_ROW, from.maintenance))
      .orderBy(asc(MAINTENANCE_ROW))
      .limit(AT_ONCE)
      .all();
    const news = [...Map.groupBy(told, ({ incident }) => incident)].flatMap(([id, rows]): News[] => {
      const numbers = rows.map(({ number }) => number);
      // As it was then: what came after is told with what comes after.
      const known = (store.story(id)?.events ?? []).filter(({ number }) => number <= Math.max(...numbers));
      const one = newsOfIncident(
        incidentOf(target, known),
        known.filter(({ number }) => numbers.includes(number)),
      );
      return one === null ? [] : [one];
    });
    return {
      cursor: { event: told.at(-1)?.row ?? from.event, maintenance: records.at(-1)?.row ?? from.maintenance },
      news: [...news, ...records.map(({ body }) => newsOfMaintenance(body as Maintenance))],
    };
  }

  async function tellOnce(herald: HeraldEar, target: string): Promise<void> {
    const soon = <T>(answer: Promise<T>): Promise<T> => within(outside, TELL_MS, "herald", Promise.resolve(answer));
    // What happened before anybody could subscribe is no news.
    at ??= (await soon(herald.heard(target))) ?? (await soon(herald.hear(target, newestRows(), [])));
    for (;;) {
      const newest = newestRows();
      if (newest.event <= at.event && newest.maintenance <= at.maintenance) return;
      const { cursor, news } = after(target, at);
      at = await soon(herald.hear(target, cursor, news));
    }
  }

  return {
    /** Rejects when the herald does not answer: it is told with the next decision, or the next look. */
    async tell({ subscriptions }: Pick<Config, "subscriptions">, target: string): Promise<void> {
      if (subscriptions === null) return;
      // What it answers is plain data; the types of remote calls lose that.
      const herald = heralds.get(heralds.idFromName(HERALD)) as unknown as HeraldEar;
      isAsked = true;
      telling ??= (async () => {
        try {
          while (isAsked) {
            isAsked = false;
            await tellOnce(herald, target);
          }
        } catch (problem) {
          at = null;
          throw problem;
        } finally {
          telling = null;
        }
      })();
      await telling;
    },
  };
}
