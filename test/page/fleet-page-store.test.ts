// Aim: silences are read from D1 as the watchdog wrote them, within a bounded number of rows however many there are, the old ones that still
// last included; a fault is an error. Method: a real D1 in workerd with the real migrations; D1 itself counts the rows that it read.

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { storedSilences } from "../../status-page/fleet.store.ts";
import { NEWEST_MOST, OPEN_MOST, SilencesUnreadable } from "../../status-page/fleet.ts";
import { rememberSilences } from "../../workers/rounds/silences.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { NOW } from "./fixtures.ts";

let database: RealD1;
let DB: D1Database;

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
}, 30_000);

afterAll(async () => {
  await database.close();
});

beforeEach(async () => {
  await DB.prepare("delete from silences").run();
});

const finding = (prober: string, silence: "no_wake" | "no_answer" | null) => ({
  prober,
  region: prober.split(".")[0] ?? "",
  silence,
  newestWakeAt: NOW - 90_000,
});

it("gives what the watchdog wrote, the newest first", async () => {
  await rememberSilences(DB, [finding("weur.0.v1", "no_wake")], NOW);
  await rememberSilences(DB, [finding("weur.0.v1", null), finding("oc.0.v1", "no_answer")], NOW + 60_000);
  const { silences, cut } = await storedSilences.read({ DB });
  expect(silences).toEqual([
    {
      prober: "oc.0.v1",
      region: "oc",
      reason: "no_answer",
      newestWakeAt: NOW - 90_000,
      seenAt: NOW + 60_000,
      untilAt: null,
    },
    {
      prober: "weur.0.v1",
      region: "weur",
      reason: "no_wake",
      newestWakeAt: NOW - 90_000,
      seenAt: NOW,
      untilAt: NOW + 60_000,
    },
  ]);
  expect(cut).toBe(false);
});

it("reads few of very many, and an old one that lasts", async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    seenAt: NOW - (3000 - i) * 60_000,
    open: i === 5 || i === 2999,
  }));
  // One statement: three thousand would keep workerd busy for half a minute.
  await DB.prepare(
    `insert into silences (prober, region, reason, seen_at, until_at)
     select 'a.0.v1', 'a', 'no_wake', json_extract(value, '$.seenAt'),
       iif(json_extract(value, '$.open'), null, json_extract(value, '$.seenAt') + 30000) from json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run();
  let rowsRead = 0;
  const counting = {
    prepare: (sql: string) => DB.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await DB.batch(statements);
      for (const { meta } of results) rowsRead += meta.rows_read;
      return results;
    },
  } as unknown as D1Database;
  const { silences, cut } = await storedSilences.read({ DB: counting });
  console.log(`${rowsRead} rows read of ${rows.length}`);
  expect([silences.length, silences.filter((one) => one.untilAt === null).length, cut]).toEqual([
    NEWEST_MOST + 1,
    2,
    true,
  ]);
  expect(silences.at(-1)?.seenAt).toBe(rows[5]?.seenAt);
  expect(rowsRead).toBeLessThanOrEqual(NEWEST_MOST + 2 * OPEN_MOST);
});

it("takes a fault for a fault", async () => {
  const away = { prepare: (sql: string) => DB.prepare(sql), batch: () => Promise.reject(new Error("away")) };
  await expect(storedSilences.read({ DB: away as unknown as D1Database })).rejects.toThrow(SilencesUnreadable);
  await DB.prepare("insert into silences (prober, region, reason, seen_at) values ('a.0.v1', 'a', 'bored', 1)").run();
  await expect(storedSilences.read({ DB })).rejects.toThrow(SilencesUnreadable);
});
