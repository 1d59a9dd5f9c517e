// Aim: the past is read from D1 as it was written, each page in one batch of at most 400 rows, and a fault is an error and never "there
// is none". Method: a real D1 in workerd with the real migrations, filled by the collector's own store; rows counted by D1 itself.

import { afterAll, beforeAll, expect, it, test } from "vitest";

import { PastUnreadable, SERIES_MOST } from "../../status-page/history.ts";
import type { PastWanted } from "../../status-page/history.ts";
import { storedPast } from "../../status-page/history.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { hourRecord, tell } from "./history-world.ts";

let database: RealD1;
let DB: D1Database;
const TO = Date.UTC(2026, 10, 1) / 60_000;
const FROM = Date.UTC(2026, 9, 1) / 60_000;
const REGIONS = Array.from({ length: 11 }, (_, i) => `r${String(i).padStart(2, "0")}`);

/** Counts what D1 says that it read. */
function counting(): { readonly DB: D1Database; rows: number; batches: number } {
  const seen = {
    rows: 0,
    batches: 0,
    DB: {
      prepare: (text: string) => DB.prepare(text),
      batch: async (statements: D1PreparedStatement[]) => {
        const results = await DB.batch(statements);
        seen.batches++;
        for (const { meta } of results) seen.rows += meta.rows_read;
        return results;
      },
    } as unknown as D1Database,
  };
  return seen;
}

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
  for (const region of REGIONS) {
    await tell(DB, { region, from: FROM, to: TO, story: (minute) => (minute % 60 === 7 ? { lost: 12, ok: 12 } : {}) });
  }
  // The other journeys and each pair of a mesh are in the same index.
  const other = DB.prepare(
    "INSERT INTO series (target, region, journey, peer, unit, ok_means) VALUES (?, ?, ?, ?, 'message', 'delivered')",
  );
  const pairs = REGIONS.flatMap((from) =>
    REGIONS.filter((to) => to !== from).map((to) => other.bind("chat", from, "mesh", to)),
  );
  const journeys = REGIONS.flatMap((region) =>
    ["room", "dialogue", "connect"].map((each) => other.bind("chat", region, each, "")),
  );
  await DB.batch([...pairs, ...journeys]);
}, 120_000);

afterAll(async () => {
  await database.close();
});

const NONE = { region: null, journey: "loop", hours: null, days: null, months: null } as const;
const firstDay = FROM / 1440;
const firstMonth = 2026 * 12 + 9;

test.each<[string, Partial<PastWanted>, number, number]>([
  ["a day of a region", { region: "r03", hours: [FROM / 60, FROM / 60 + 24] }, 1, 24],
  [
    "a region: a day, 90 days, 13 months",
    {
      region: "r03",
      hours: [TO / 60 - 24, TO / 60],
      days: [firstDay - 59, firstDay + 31],
      months: [firstMonth - 12, firstMonth + 1],
    },
    1,
    24 + 31 + 1,
  ],
  ["a month of eleven regions", { days: [firstDay, firstDay + 31] }, 11, SERIES_MOST * 31],
  ["a year of eleven regions", { months: [2026 * 12, 2026 * 12 + 12] }, 11, SERIES_MOST],
])("reads %s in one batch of at most 400 rows", async (name, wanted, seriesCount, rowCount) => {
  const env = counting();
  const found = await storedPast.read(env as never, { ...NONE, target: "chat", ...wanted });
  const rows = found.reduce((sum, one) => sum + one.hours.length + one.days.length + one.months.length, 0);
  console.log(`${name}: ${env.rows} rows read for ${rows} rows of ${found.length} series`);
  expect([found.length, rows, env.batches]).toEqual([seriesCount, rowCount, 1]);
  expect(env.rows).toBeLessThanOrEqual(400);
});

it("reads rows of regions that are still measured before those of others", async () => {
  const retired = REGIONS.slice(0, 4);
  const own = `"target" = 'chat' AND "journey" = 'loop' AND "region" IN (SELECT value FROM json_each(?1))`;
  const set = DB.prepare(`UPDATE "series" SET "schedules" = json_set("schedules", '$[0][1]', ?2) WHERE ${own}`);
  await set.bind(JSON.stringify(retired), TO).run();
  const env = counting();
  const found = await storedPast.read(env as never, { ...NONE, target: "chat", days: [firstDay, firstDay + 31] });
  await set.bind(JSON.stringify(retired), null).run();
  expect(found.map(({ series }) => series.region)).toEqual([...REGIONS.slice(4), ...retired]);
  expect(found.map(({ days }) => days.length)).toEqual([...Array<number>(8).fill(31), 0, 0, 0]);
  expect(env.rows).toBeLessThanOrEqual(400);
});

it("gives hours as they were written, histograms, strip and all", async () => {
  const [one] = await storedPast.read({ DB } as never, {
    ...NONE,
    target: "chat",
    region: "r05",
    hours: [FROM / 60, FROM / 60 + 2],
  });
  const written = hourRecord(FROM / 60 + 1, (minute) => (minute % 60 === 7 ? { lost: 12, ok: 12 } : {}));
  expect(one?.hours[1]?.rollup).toEqual(written?.rollup);
  expect(one?.hours[1]?.strip.get(7)).toMatchObject({ scheduled: 24, ok: 12, lost: 12, error: 0, unfit: "none" });
  expect(one?.series).toMatchObject({
    region: "r05",
    journey: "loop",
    schedules: [{ fromMinute: FROM, untilMinute: null, everyMs: 10_000 }],
  });
});

it("knows a series without rows, and says of what never was that there is none", async () => {
  const wanted = { ...NONE, target: "chat", months: [firstMonth, firstMonth + 1] } as const;
  const rooms = await storedPast.read({ DB } as never, { ...wanted, journey: "room" });
  expect([rooms.length, rooms.flatMap((one) => one.months).length]).toEqual([11, 0]);
  expect(await storedPast.read({ DB } as never, { ...wanted, target: "nobody" })).toEqual([]);
  expect(await storedPast.read({ DB } as never, { ...wanted, region: "nowhere" })).toEqual([]);
});

it("throws where D1 does not answer, and where a row is not what we write", async () => {
  const away = {
    DB: { prepare: () => DB.prepare("SELECT 1"), batch: () => Promise.reject(new Error("D1_ERROR")) },
  } as never;
  await expect(storedPast.read(away, { ...NONE, target: "chat" })).rejects.toThrow(PastUnreadable);
  await DB.prepare("UPDATE hours SET strip = x'09' WHERE id = (SELECT max(id) FROM hours)").run();
  const wanted = { ...NONE, target: "chat", region: "r10", hours: [TO / 60 - 1, TO / 60] } as const;
  await expect(storedPast.read({ DB } as never, wanted)).rejects.toThrow(PastUnreadable);
});
