// Aim: history leaves our API as it was written: each row once whatever the page, nothing that somebody wrote as a formula, and whole ranges in
// bounded memory that break off where the database does. Method: a real D1 with 100,000 minutes; readers that count.

import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { RawUnreadable, keysOf } from "../../status-page/api/raw.ts";
import type { RawReader } from "../../status-page/api/raw.ts";
import { storedRows } from "../../status-page/api/raw.store.ts";
import { STEP_ROWS } from "../../status-page/api/streams.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { DAY, HISTOGRAM, HOUR, MINUTE, apiApp, day, hour, minute, series } from "./api-world.ts";
import { NOW } from "./fixtures.ts";

const FIRST = Date.UTC(2026, 10, 1);
const MANY = 100_000;
/** The many begin here: of a series of their own. */
const LONG = Date.UTC(2026, 7, 20);

/** Minutes of then are gone; their hours are there. */
const OLD = Date.UTC(2026, 6, 1);

let database: RealD1;
let DB: D1Database;
let api: ReturnType<typeof apiApp>;

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
  const hostile = { place: '=HYPERLINK("http://x")\u202e\r\n', failures: null, loss_runs: null };
  const long = JSON.stringify(Array.from({ length: 200 }, (_, i) => [1, FIRST + i, FIRST + i + 1]));
  await DB.batch([
    series(DB, 1),
    series(DB, 2, { peer: '@SUM(1)",<script>', target: "other" }),
    series(DB, 3),
    ...Array.from({ length: 25 }, (_, i) => minute(DB, 1, FIRST + i * MINUTE, { latency_ms_max: 19 + i })),
    minute(DB, 2, FIRST, hostile),
    minute(DB, 2, FIRST + MINUTE, { loss_runs: long, unfit: 2, over: "[]" }),
    ...Array.from({ length: 5 }, (_, i) => day(DB, 1, 20_750 + i)),
    ...Array.from({ length: 60 }, (_, i) => hour(DB, 1, OLD + i * HOUR)),
  ]);
  const id = 3 * 2 ** 26 + LONG / MINUTE;
  await DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY - 1})
     INSERT INTO minutes (id, as_of, revision, config, slots, rounds, scheduled, ok, lost, error, connect_fail, not_sent, duplicate,
       reordered, corrupt, foreign_messages, after_deadline, latency_ms_max, lag_ms_max, latency, connect, after_deadline_ms_max, unfit,
       place, over)
     SELECT ${id} + i, 1, 0, 1, 6, 6, 24, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, i, 1, ?1, ?1, 0, 0, 'FRA', '[[500,0]]' FROM n`,
  )
    .bind(HISTOGRAM)
    .run();
  api = apiApp({ DB });
}, 120_000);

afterAll(() => database.close());

interface Page {
  readonly rows: readonly { readonly from: number; readonly latency_ms_max: number }[];
  readonly next: string | null;
}

describe("pages", () => {
  it("hold together: each row once, in order, whatever the size", async () => {
    for (const limit of [1, 7, 25, 1000]) {
      const seen: number[] = [];
      let path: string | null = `/api/v1/series/1/minutes?from=2026-11-01&to=2026-11-02&limit=${limit}`;
      for (let i = 0; path !== null && i < 40; i++) {
        const response: Response = await api.get(path);
        const page = (await response.json()) as Page;
        expect(response.headers.get("link")).toBe(page.next === null ? null : `<${page.next}>; rel="next"`);
        seen.push(...page.rows.map(({ from }) => from));
        path = page.next;
      }
      expect(seen, `${limit} a page`).toEqual(Array.from({ length: 25 }, (_, i) => FIRST + i * MINUTE));
    }
  });

  test.each([
    ["2026-11-01T00:03:00Z", "2026-11-01T00:05Z", [3, 4]],
    ["2026-11-01T00:03:00.001Z", "2026-11-01T00:05:00.001Z", [4, 5]],
    ["2026-11-01T08:03:00%2B08:00", String(FIRST + 4 * MINUTE), [3]],
    [String(FIRST - DAY), String(FIRST), []],
  ])("from %s to %s have the minutes %j", async (from, to, minutes) => {
    const { rows } = (await (await api.get(`/api/v1/series/1/minutes?from=${from}&to=${to}`)).json()) as Page;
    expect(rows.map((row) => (row.from - FIRST) / MINUTE)).toEqual(minutes);
  });

  it("of days begin where the day begins in its zone", async () => {
    const begin = (20_752 * 1440 - 480) * MINUTE;
    const { rows } = (await (await api.get(`/api/v1/series/1/days?from=${begin}&to=${begin + 1}`)).json()) as Page;
    expect(rows.map(({ from }) => from)).toEqual([begin]);
    const later = (await (await api.get(`/api/v1/series/1/days?from=${begin + 1}&to=${begin + DAY}`)).json()) as Page;
    expect(later.rows).toEqual([]);
  });

  it("have keys for every zone", () => {
    expect(keysOf("minutes", { from: 1, to: 60_001 })).toEqual({ first: 1, end: 2 });
    expect(keysOf("months", { from: Date.UTC(2026, 11, 31, 23), to: Date.UTC(2027, 0, 1) })).toEqual({
      first: 2026 * 12 + 10,
      end: 2027 * 12 + 2,
    });
    expect(keysOf("days", { from: 0, to: 1 }).first).toBe(0);
  });

  it("get another ETag when a minute is revised, and when retention takes one away", async () => {
    const path = "/api/v1/series/1/minutes?from=2026-10-20&to=2026-11-02";
    const etag = async () => (await api.get(path)).headers.get("etag");
    const before = await etag();
    await DB.prepare("UPDATE days SET as_of = 2 WHERE id = ?")
      .bind(2 ** 26 + 20_754)
      .run();
    expect(await etag()).toBe(before);
    await day(DB, 1, Math.floor(FIRST / DAY), 7).run();
    const revised = await etag();
    expect(revised).not.toBe(before);
    await DB.prepare("DELETE FROM minutes WHERE id = ?")
      .bind(2 ** 26 + FIRST / MINUTE)
      .run();
    expect(await etag()).not.toBe(revised);
    await minute(DB, 1, FIRST, { latency_ms_max: 19 }).run();
  });
});

describe("what is older than is kept", () => {
  const KEPT_FROM = Math.ceil((NOW - 90 * DAY) / HOUR) * HOUR;
  interface Told extends Page {
    readonly kept_from: number | null;
    readonly older: string | null;
  }
  const told = async (path: string) => {
    const response = await api.get(`/api/v1/series/1/${path}`);
    return { page: (await response.json()) as Told, link: response.headers.get("link") };
  };

  test.each<[string, number | null, string | null]>([
    ["minutes?from=2026-11-01&to=2026-11-02", KEPT_FROM, null],
    [`minutes?from=${KEPT_FROM}&to=2026-11-02`, KEPT_FROM, null],
    [
      `minutes?from=${KEPT_FROM - 1}&to=2026-11-02`,
      KEPT_FROM,
      `/api/v1/series/1/hours?from=${KEPT_FROM - 1}&to=${KEPT_FROM}&minutes=true`,
    ],
    [
      "minutes?from=2026-07-01&to=2026-07-02",
      KEPT_FROM,
      `/api/v1/series/1/hours?from=${OLD}&to=${OLD + DAY}&minutes=true`,
    ],
    [
      "hours?from=2024-01-01&to=2024-02-01",
      Math.ceil((NOW - 400 * DAY) / HOUR) * HOUR,
      `/api/v1/series/1/days?from=${Date.UTC(2024, 0)}&to=${Date.UTC(2024, 1)}`,
    ],
    ["days?from=2020-01-01&to=2021-01-01", null, null],
    ["months?from=2020-01-01&to=2021-01-01", null, null],
  ])("is pointed to, and never reads as not measured: %s", async (path, keptFrom, older) => {
    const { page, link } = await told(path);
    expect([page.kept_from, page.older]).toEqual([keptFrom, older]);
    expect(link).toBe(older === null ? null : `<${older}>; rel="related"`);
    if (older !== null) expect((await api.get(older)).status).toBe(200);
    const file = await api.get(`/api/v1/series/1/${path}&format=ndjson`);
    await file.text();
    expect(file.headers.get("link")).toBe(link);
  });

  it("is the minutes inside the hours, as they were counted, in pages and in files", async () => {
    const { page } = await told("minutes?from=2026-07-01&to=2026-07-04");
    expect(page.rows).toEqual([]);
    const seen: (readonly [number, Record<string, unknown>[]])[] = [];
    let pages = 0;
    for (let path = page.older; path !== null && pages < 9; pages++) {
      const hours = (await (await api.get(path)).json()) as {
        rows: { from: number; minutes: Record<string, unknown>[] }[];
        next: string | null;
      };
      seen.push(...hours.rows.map(({ from, minutes }) => [from, minutes] as const));
      path = hours.next;
    }
    expect(seen.map(([from]) => from)).toEqual(Array.from({ length: 60 }, (_, i) => OLD + i * HOUR));
    expect(pages).toBe(2);
    const first = { from: OLD, scheduled: 24, ok: 22, lost: 1, error: 0, not_sent: 1, connect_fail: 0 };
    expect(seen[0]?.[1]).toEqual([
      { ...first, over: [{ limit_ms: 500, count: 2 }], unfit: "none", revision: 0 },
      {
        ...first,
        from: OLD + MINUTE,
        lost: 0,
        error: 1,
        connect_fail: 1,
        over: [{ limit_ms: 500, count: 1 }],
        unfit: "none",
        revision: 1,
      },
      {
        ...first,
        from: OLD + 2 * MINUTE,
        lost: 0,
        not_sent: 2,
        over: [{ limit_ms: 500, count: 0 }],
        unfit: "controls",
        revision: 2,
      },
    ]);
    const range = "/api/v1/series/1/hours?from=2026-07-01&to=2026-07-04";
    const lines = (await (await api.get(`${range}&minutes=true&format=ndjson`)).text()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { minutes: unknown }).minutes)).toEqual(seen.map(([, all]) => all));
    const [head = "", row = ""] = (await (await api.get(`${range}&minutes=true&format=csv`)).text()).split("\r\n");
    expect([head.endsWith(",minutes"), row.endsWith('""revision"":2}]"')]).toEqual([true, true]);
    // Another answer has another mark, and who did not ask is not sent them.
    const plain = await api.get(range);
    expect(plain.headers.get("etag")).not.toBe((await api.get(`${range}&minutes=true`)).headers.get("etag"));
    expect(((await plain.json()) as Page).rows[0]).not.toHaveProperty("minutes");
    expect((await api.get("/api/v1/series/1/days?minutes=true")).status).toBe(400);
  });
});

describe("percentiles", () => {
  it("come from the histogram with their sample, where asked for", async () => {
    const page = (await (
      await api.get("/api/v1/series/1/minutes?from=2026-11-01&to=2026-11-02&limit=1&latency=true")
    ).json()) as {
      rows: Record<string, unknown>[];
    };
    expect(page.rows[0]?.["latency"]).toEqual({ samples: 403, p50: 15, p95: 19, p99: 19, max_ms: 19 });
    const plain = (await (await api.get("/api/v1/series/1/minutes?from=2026-11-01&to=2026-11-02&limit=1")).json()) as {
      rows: Record<string, unknown>[];
    };
    expect(plain.rows[0]).not.toHaveProperty("latency");
  });
});

describe("what somebody wrote", () => {
  it("is no formula and no new line in CSV", async () => {
    const response = await api.get("/api/v1/series/2/minutes?from=2026-11-01&to=2026-11-02&format=csv");
    const text = Buffer.from(await response.arrayBuffer()).toString("utf8");
    const lines = text.split("\r\n");
    expect(text.startsWith("\ufefffrom,to,scheduled,")).toBe(true);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).not.toContain("\u202e");
    expect(lines[1]?.replaceAll(/"(""|[^"])*"/g, "x").split(",")).toHaveLength((lines[0] ?? "").split(",").length);
  });

  it("is text in NDJSON, a line a row, and lists without end are left out", async () => {
    const text = await (await api.get("/api/v1/series/2/minutes?from=2026-11-01&to=2026-11-02&format=ndjson")).text();
    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => [row["place"], row["loss_runs"], row["unfit"]])).toEqual([
      ['=HYPERLINK("http://x")', [], "none"],
      ["FRA", null, "clock_step"],
    ]);
  });
});

describe("a stream of 100,000 minutes", () => {
  const path = "/api/v1/series/3/minutes?from=2026-08-01&to=2026-12-01&format=ndjson";

  it("is whole, and no more than two steps are ever in memory", async () => {
    let held = 0;
    let most = 0;
    let steps = 0;
    const raw: RawReader = {
      ...storedRows,
      async rows(env, wanted, limit) {
        const rows = await storedRows.rows(env, wanted, limit);
        steps += 1;
        held += rows.length;
        most = Math.max(most, held);
        return rows;
      },
    };
    const { get } = apiApp({ DB }, { raw });
    const response = await get(path);
    let lines = 0;
    let next = 0;
    let rest = "";
    const decoder = new TextDecoder();
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        if ((JSON.parse(line) as { latency_ms_max: number }).latency_ms_max === next) next += 1;
      }
      lines += parts.length;
      held -= parts.length;
    }
    expect([lines, next, rest]).toEqual([MANY, MANY, ""]);
    expect(steps).toBe(Math.ceil(MANY / STEP_ROWS));
    // Free plan: 50 queries a request; one for the series and two for the mark stand beside these.
    expect(steps + 3).toBeLessThan(50);
    expect(most).toBeLessThanOrEqual(2 * STEP_ROWS);
  });

  it("reads no more than its reader takes", async () => {
    let steps = 0;
    const raw: RawReader = { ...storedRows, rows: (...args) => (steps++, storedRows.rows(...args)) };
    const response = await apiApp({ DB }, { raw }).get(path);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect(steps).toBe(2);
    await reader.cancel();
    expect(steps).toBe(2);
  });

  it("breaks off where the database does, and somebody is told", async () => {
    let steps = 0;
    const raw: RawReader = {
      ...storedRows,
      rows: (...args) => (++steps > 3 ? Promise.reject(new RawUnreadable("away")) : storedRows.rows(...args)),
    };
    const { get, reports } = apiApp({ DB }, { raw });
    const response = await get(path);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("away");
    expect(reports).toHaveLength(1);
  });
});
