// Aim: the pages of the past say what the rows say, in both languages and in the visitor's zone, are as long as their day is, and never
// take silence, or a database that is away, for good news. Method: the app over a real D1 in workerd that the collector's own store
// filled; texts of pages; the database taken away by hand.

import { afterAll, beforeAll, expect, it, test } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { storedPast } from "../../status-page/history.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { tell } from "./history-world.ts";
import { missing, read } from "./world.ts";

const MINUTE = 60_000;
const at = (text: string): number => Date.parse(text) / MINUTE;
const NOW = Date.parse("2026-10-27T12:00:17Z");
const PLACES = {
  timeZone: "UTC",
  targets: [{ id: "chat", label: { en: "Chat <b>", zh: "聊天" } }],
  regions: [{ id: "weur", label: { en: "Western Europe", zh: "西欧" } }],
};

let database: RealD1;
let away = false;
let now = NOW;

beforeAll(async () => {
  database = await openD1();
  await tell(database.d1, {
    region: "weur",
    from: at("2026-10-20T00:00:00Z"),
    to: at("2026-10-27T12:00:00Z"),
    story: (minute) => {
      const from = at("2026-10-25T00:00:00Z");
      // Down for a quarter of an hour, then nobody was there for an hour.
      if (minute >= from + 123 && minute < from + 138) return { ok: 12, lost: 12 };
      if (minute >= from + 300 && minute < from + 360) return null;
      return {};
    },
  });
}, 120_000);

afterAll(async () => {
  await database.close();
});

const reports: unknown[] = [];
const site = () => {
  const DB = {
    prepare: (text: string) => database.d1.prepare(text),
    batch: (all: D1PreparedStatement[]) => (away ? Promise.reject(new Error("away")) : database.d1.batch(all)),
  };
  const app = statusPage({
    now: () => now,
    read: () => Promise.resolve(frontRow([{ ...healthy(), target: "chat" }])),
    spare: null,
    report: (error) => reports.push(error),
    places: PLACES,
    past: storedPast,
  });
  return (path: string, headers: Record<string, string> = {}, method = "GET") =>
    app.request(path, { headers, method }, { DB } as never) as Promise<Response>;
};

test.each<[string, string, readonly string[]]>([
  ["the list", "/en/history", ["History of Chat &lt;b>"]],
  ["the last months", "/en/targets/chat/history", ["2026-10", "Western Europe"]],
  ["a year", "/en/targets/chat/history/2026", ["Chat &lt;b> in 2026", "2026-10", "15 min"]],
  [
    "a month",
    "/en/targets/chat/history/2026-10",
    ["in October 2026", "2026-10-25", "1,380 of 1,440 min", "98.91 %", "P99"],
  ],
  [
    "a region",
    "/en/targets/chat/regions/weur",
    ["The last 24 hours", "The last 90 days", "Months", "All times in UTC."],
  ],
  [
    "a day",
    "/en/targets/chat/regions/weur/days/2026-10-25",
    [
      "1,380 of 1,440 min",
      "02:03 to 02:18",
      "15 min",
      "1,365 minutes up",
      "60 minutes not measured",
      "it has 24 hours",
    ],
  ],
  [
    "a day in Chinese",
    "/zh/targets/chat/regions/weur/days/2026-10-25",
    ["共 24 小时", "中断时段", "02:03 至 02:18", "从西欧测量"],
  ],
  ["a month in Chinese", "/zh/targets/chat/history/2026-10", ["聊天", "西欧", "可用性", "1,380 / 1,440 分钟"]],
])("%s", async (_, path, sayings) => {
  const response = await site()(path);
  expect(response.status).toBe(200);
  const words = await read(response);
  expect(missing(words, ...sayings)).toEqual([]);
});

const DAY = "/en/targets/chat/regions/weur/days/";

test.each<[string, string, number, readonly string[]]>([
  // Clocks in Berlin went back at 03:00 on the 25th: the day has 25 hours, and 02:00 comes twice.
  [
    "25 hours",
    "2026-10-25?zone=Europe/Berlin",
    25,
    ["it has 25 hours", "02:00 +02:00 to", "02:00 +01:00 to", "1,440 of 1,500 min"],
  ],
  ["24 hours", "2026-10-24?zone=Europe/Berlin", 24, ["it has 24 hours", "Europe/Berlin", "1,440 of 1,440 min"]],
  // Half an hour from UTC: its hours begin in the middle of those of UTC.
  [
    "half hours",
    "2026-10-25?zone=Asia/Kolkata",
    24,
    ["it has 24 hours", "00:00 to 00:30", "23:30 to 24:00", "1,380 of 1,440 min", "part hour have no percentiles"],
  ],
])("has a day of %s", async (_, path, rows, sayings) => {
  const response = await site()(DAY + path);
  const html = await response.clone().text();
  expect(html.match(/<text class="c-end" x="88"/g)?.length).toBe(rows);
  expect(missing(await read(response), ...sayings)).toEqual([]);
});

it("takes no minute to come for unmeasured, and says that the day goes on", async () => {
  const words = await read(await site()(`${DAY}2026-10-27`));
  // Twelve hours and nothing else: the next minute is sealed at 12:02:30.
  expect(missing(words, "720 of 720 min", "still to come", "720 minutes up", "0 minutes not measured")).toEqual([]);
  now = NOW + 10 * MINUTE;
  try {
    // Ten minutes later, and nobody wrote anything since: sealed are those up to 12:06:47, that is six, and two may be on their way.
    expect(missing(await read(await site()(`${DAY}2026-10-27`)), "720 of 726 min", "6 minutes not measured")).toEqual(
      [],
    );
  } finally {
    now = NOW;
  }
});

it("measures nothing before it began: neither good nor bad", async () => {
  const words = await read(await site()(`${DAY}2026-10-19`));
  expect(missing(words, "nothing was scheduled", "0 minutes up")).toEqual([]);
  expect(words).not.toMatch(/100%|was down/);
});

test.each<[string, string]>([
  ["/en/targets/nobody/history", "There is a history of: Chat"],
  ["/en/targets/nobody/regions/weur", "There is a history of: Chat"],
  ["/en/targets/chat/regions/nowhere", "There is a history of: Chat"],
  ["/en/targets/chat/regions/weur?journey=mesh", "On this page there are: loop"],
  ["/en/targets/chat/history/2026-13", "exist from 2026-10 to 2026-10"],
  ["/en/targets/chat/history/2027", "exist from 2026-10 to 2026-10"],
  ["/en/targets/chat/history/2025", "exist from 2026-10 to 2026-10"],
  [`${DAY}2026-10-28`, "from 2025-09-23 to 2026-10-27"],
  [`${DAY}2025-09-22`, "from 2025-09-23 to 2026-10-27"],
  [`${DAY}2026-02-30`, "written like"],
  ["/zh/targets/chat/regions/weur/days/tomorrow", "单日页面的范围为"],
])("has no %s, and says what there is", async (path, more) => {
  const response = await site()(path);
  expect([response.status, missing(await read(response), more)]).toEqual([404, []]);
});

it("answers HEAD and If-None-Match, and every page has its policy", async () => {
  const get = site();
  const paths = ["/en/history", "/en/targets/chat/history", "/en/targets/chat/regions/weur", `${DAY}2026-10-25`];
  for (const path of paths) {
    const response = await get(path);
    const etag = response.headers.get("etag") ?? "";
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/ style="/);
    expect((await get(path, { "if-none-match": etag })).status).toBe(304);
    expect([(await get(path, {}, "HEAD")).status, etag.length > 20]).toEqual([200, true]);
  }
  expect(paths.length).toBe(4);
});

it("shows the last good answer with its age while the database is away, and 503 where there is none", async () => {
  const get = site();
  const paths = [`${DAY}2026-10-25`, "/en/targets/chat/history/2026-10", "/en/targets/chat/regions/weur"];
  for (const path of paths) expect((await get(path)).status).toBe(200);
  reports.length = 0;
  away = true;
  now = NOW + 150_000;
  try {
    for (const path of paths) {
      const response = await get(path);
      expect([response.status, response.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
      expect(missing(await read(response), "The database cannot be read right now", "2 min ago")).toEqual([]);
    }
    const none = await get(`${DAY}2026-10-24`);
    expect([none.status, none.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(missing(await read(none), "The history cannot be read right now")).toEqual([]);
    expect(reports.length).toBe(paths.length + 1);
  } finally {
    away = false;
    now = NOW;
  }
});
