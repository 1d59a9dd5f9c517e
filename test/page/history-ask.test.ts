// Aim: pages of the past are asked for by days and periods that exist, remember what they read by all that it depends on, and lead to
// each other. Method: tables of what is asked, and the app over a reader in memory that tells what was wanted of it.

import { expect, it, test } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import {
  dayAsked,
  lastDays,
  lastHours,
  lastMonths,
  monthText,
  numbersOf,
  periodAsked,
} from "../../status-page/history-ask.ts";
import { SERIES_MOST } from "../../status-page/history.ts";
import type { PastReader, PastWanted, SeriesHead } from "../../status-page/history.ts";
import { MORE_STYLES } from "../../status-page/styles.ts";
import { hashOf } from "../../status-page/headers.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { hourRecord } from "./history-world.ts";
import { missing, read } from "./world.ts";

const NOW = Date.parse("2026-10-27T12:00:17Z");
const MONTH = 2026 * 12 + 9;
const DAY = Date.parse("2026-10-27") / 86_400_000;

test.each<[string, number, number, string | null, string | null]>([
  ["2026", 2026 * 12, MONTH + 1, "2025", null],
  ["2025", 2025 * 12, 2026 * 12, "2024", "2026"],
  ["2026-10", DAY - 26, DAY + 1, "2026-09", null],
  ["2026-09", DAY - 56, DAY - 26, "2026-08", "2026-10"],
  ["2024-02", Date.parse("2024-02-01") / 86_400_000, Date.parse("2024-03-01") / 86_400_000, "2024-01", "2024-03"],
  ["2026-01", Date.parse("2026-01-01") / 86_400_000, Date.parse("2026-02-01") / 86_400_000, "2025-12", "2026-02"],
])("%s has its pieces up to now, and neighbours", (text, first, end, before, after) => {
  expect(periodAsked(text, NOW, "UTC")).toMatchObject({ text, range: [first, end], before, after });
});

test.each(["", "26", "2026-1", "2026-00", "2026-13", "2026-11", "2027", "1969", "2026-10-01", "20261", "2026 "])(
  "%j is no period",
  (text) => {
    expect(periodAsked(text, NOW, "UTC")).toBeNull();
  },
);

test.each<[string, string, boolean]>([
  ["2026-10-27", "UTC", true],
  ["2026-10-28", "UTC", false],
  // It is the 28th there already.
  ["2026-10-28", "Pacific/Kiritimati", true],
  ["2025-09-23", "UTC", true],
  ["2025-09-22", "UTC", false],
  ["2026-02-29", "UTC", false],
  ["2026-9-1", "UTC", false],
  ["+002026-09-01", "UTC", false],
])("%s in %s can be shown: %s", (text, zone, can) => {
  expect(dayAsked(text, NOW, zone) !== null).toBe(can);
});

it("knows no day that a zone never had, and the month around it whole", () => {
  const soon = Date.parse("2012-01-20T00:00:00Z");
  const zone = "Pacific/Apia";
  const days = ["29", "30", "31"].map((day) => dayAsked(`2011-12-${day}`, soon, zone));
  expect(days.map((day) => day && day.toMinute - day.fromMinute)).toEqual([1440, null, 1440]);
  expect(days[0]?.toMinute).toBe(days[2]?.fromMinute);
  const month = periodAsked("2011-12", soon, zone);
  expect(month && numbersOf(month.range)).toHaveLength(31);
});

it("knows what the last hours, days and months are", () => {
  const hour = Math.floor(NOW / 3_600_000);
  expect([lastHours(NOW), lastDays(NOW, "UTC", 90)]).toEqual([
    [hour - 23, hour + 1],
    [DAY - 89, DAY + 1],
  ]);
  expect(numbersOf(lastMonths(NOW, "UTC").range).map(monthText)).toEqual([
    "2025-10",
    "2025-11",
    "2025-12",
    ...Array.from({ length: 10 }, (_, i) => `2026-${String(i + 1).padStart(2, "0")}`),
  ]);
});

const REGIONS = Array.from({ length: SERIES_MOST + 3 }, (_, i) => `r${i}`);

const SCHEDULES = [{ fromMinute: (DAY - 26) * 1440, untilMinute: null, everyMs: 10_000 }];

/** Measured since the 1st of October; its sums were made in Tokyo's days. */
function site(asked: PastWanted[], schedulesOf: (region: string) => SeriesHead["schedules"] = () => SCHEDULES) {
  const past: PastReader = {
    read: (_, wanted) => {
      asked.push(wanted);
      const { region, journey, days, hours } = wanted;
      const rollup = hourRecord(DAY * 24, () => ({}))?.rollup;
      const days26 = {
        number: DAY - 1,
        zone: "Asia/Tokyo",
        fromMinute: (DAY - 1) * 1440 - 540,
        toMinute: DAY * 1440 - 540,
      };
      return Promise.resolve(
        REGIONS.filter((each) => region === null || each === region).map((each, i) => ({
          series: {
            id: i + 1,
            region: each,
            journey,
            unit: "message",
            okMeans: "delivered",
            schedules: schedulesOf(each),
          },
          hours: hours === null ? [] : numbersOf(hours).flatMap((hour) => hourRecord(hour, () => ({})) ?? []),
          days: days === null || rollup === undefined ? [] : [{ ...days26, rollup }],
          months: [],
        })),
      );
    },
  };
  const app = statusPage({
    now: () => NOW,
    read: () => Promise.resolve(frontRow([{ ...healthy(), target: "chat" }])),
    spare: null,
    report: (error) => {
      throw error;
    },
    past,
  });
  return (path: string): Promise<Response> => Promise.resolve(app.request(path, {}, {} as never));
}

it("remembers a page by region, journey, and the first and last minute of its day", async () => {
  const asked: PastWanted[] = [];
  const get = site(asked);
  const day = "/en/targets/chat/regions/r1/days/2026-10-20";
  const paths = [
    day,
    `${day}?zone=Asia/Tokyo`,
    `${day}?journey=room`,
    day.replace("r1", "r2"),
    "/en/targets/chat/regions/r1",
  ];
  for (const path of [...paths, "/en/targets/chat/regions/r1?journey=room"]) expect((await get(path)).status).toBe(200);
  expect(asked.map(({ region, journey, hours }) => [region, journey, hours?.[0]])).toEqual([
    ["r1", "loop", (DAY - 7) * 24],
    ["r1", "loop", (DAY - 7) * 24 - 9],
    ["r1", "room", (DAY - 7) * 24],
    ["r2", "loop", (DAY - 7) * 24],
    ["r1", "loop", (DAY - 1) * 24 + 13],
    ["r1", "room", (DAY - 1) * 24 + 13],
  ]);
  for (const path of paths) await get(path.replace("/en/", "/zh/"));
  // Another language is another page of the same figures.
  expect(asked).toHaveLength(6);
});

it("leads to the days around it, and to none that can not be shown", async () => {
  const get = site([]);
  const hrefs = async (date: string): Promise<string[]> =>
    [
      ...(await (await get(`/en/targets/chat/regions/r1/days/${date}`)).text()).matchAll(
        /href="[^"]*\/days\/([^"]*)"/g,
      ),
    ].map(([, day]) => day ?? "");
  const of = async (date: string): Promise<string[]> => [...new Set(await hrefs(date))].filter((each) => each !== date);
  expect([await of("2026-10-20"), await of("2026-10-27"), await of("2025-09-23")]).toEqual([
    ["2026-10-19", "2026-10-21"],
    ["2026-10-26"],
    ["2025-09-24"],
  ]);
});

it("has a month with the newest day first, says in which zone a day was summed up, and where the other regions are", async () => {
  const response = await site([])("/en/targets/chat/history/2026-10");
  const html = await response.clone().text();
  const days = [...html.matchAll(/regions\/r0\/days\/(2026-10-\d\d)/g)].map(([, day]) => day ?? "");
  expect([days.length, days[0], days.at(-1)]).toEqual([27, "2026-10-27", "2026-10-01"]);
  expect(missing(await read(response), "in Asia/Tokyo", "More regions")).toEqual([]);
  const more = REGIONS.filter((region) => html.includes(`/history/2026-10?region=${region}"`));
  expect(more).toEqual(REGIONS.slice(SERIES_MOST));
});

it("has its stylesheet in its policy, and in the page", async () => {
  const response = await site([])("/en/targets/chat/regions/r1");
  expect(response.headers.get("content-security-policy")).toContain(hashOf(MORE_STYLES.history));
  expect(await response.text()).toContain(MORE_STYLES.history);
});

it("has a page of a period in which only regions were measured that it does not read, and leads to those alone", async () => {
  const [old, fresh] = [REGIONS.slice(0, SERIES_MOST), REGIONS.slice(SERIES_MOST, SERIES_MOST + 2)];
  const from = (day: number, until: number | null) => [
    { fromMinute: day * 1440, untilMinute: until === null ? null : until * 1440, everyMs: 10_000 },
  ];
  // The last one is measured since yesterday.
  const get = site([], (region) =>
    old.includes(region)
      ? from(DAY - 500, DAY - 400)
      : fresh.includes(region)
        ? from(DAY - 90, null)
        : from(DAY - 1, null),
  );
  const page = async (path: string): Promise<readonly [number, readonly string[]]> => {
    const response = await get(`/en/targets/chat/history${path}`);
    const links = (await response.text()).matchAll(/\?region=(r\d+)"/g);
    return [response.status, [...new Set([...links].map(([, region]) => region ?? ""))]];
  };
  expect(await page("/2026-09")).toEqual([200, fresh]);
  expect(await page("/2026-10")).toEqual([200, REGIONS.slice(SERIES_MOST)]);
  expect(await page("/2025-07"), "of the old ones only").toEqual([200, []]);
  expect(await page("/2026-01"), "of none").toEqual([404, []]);
  expect(await page("/2024"), "before any").toEqual([404, []]);
});
