// Aim: D1 as the collector writes and reads it: one billed row a record, an older write never wins, bytes come back as
// they went, and a read that fails is an error, never nothing. Method: the real store on a real D1, its bill read from
// `meta`; a D1 that measures, and one that fails, stand in front of it.

import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { minutes } from "../../schema/d1-tables.ts";
import type { Bindings } from "../../workers/bindings.ts";
import { upsert } from "../../workers/results/bulk.store.ts";
import { dayOf, monthOf } from "../../workers/results/calendar.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import type { MinuteRecord } from "../../workers/results/records.ts";
import { resultsStore } from "../../workers/results/results.store.ts";
import type { ResultsWrite } from "../../workers/results/results.store.ts";
import { rollupMinutes } from "../../workers/results/rollup.ts";
import {
  calendarRow,
  hourFromRow,
  hourRow,
  idOf,
  minuteFromRow,
  minuteRow,
  rollupFromRow,
} from "../../workers/results/rows.store.ts";
import type { MinuteRow } from "../../workers/results/rows.store.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts, MINUTE0, must, randomObservation, T0 } from "../observations.ts";
import { mulberry32 } from "../random.ts";

const d1 = (env as unknown as Bindings).DB;
const NOBODY = { targets: [], contracts: [] };
const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

/** Any minute that rounds could fold to. */
function anyMinute(random: () => number, minute: number): MinuteRecord {
  const slotAt = minute * 60_000;
  const record = recordRound(randomObservation(random, 20, slotAt), facts({ slotAt }));
  return foldMinute(minute, [{ record, receivedAt: slotAt + 9_000, envelope: 1 }]);
}

function rowsFor(series: number, asOf: number, count: number, seed = 1): MinuteRow[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, i) => minuteRow(series, asOf, 1, anyMinute(random, MINUTE0 + i)));
}

function writeOf(more: Partial<ResultsWrite>): ResultsWrite {
  return {
    asOf: 1,
    minutes: [],
    hours: [],
    days: [],
    months: [],
    schedules: [],
    snapshot: null,
    front: NOBODY,
    prune: [],
    ...more,
  };
}

/** All rows of all tables, to see whether anything changed. */
async function everything(): Promise<string> {
  const tables = ["series", "config_versions", "minutes", "hours", "days", "months", "snapshots", "front"];
  const all = await d1.batch(tables.map((table) => d1.prepare(`SELECT * FROM "${table}" ORDER BY 1`)));
  return JSON.stringify(all.map((each) => each.results));
}

describe("the bill", () => {
  it.each([1, 500])("is one row a minute, inserted and replaced: %i in one statement", async (count) => {
    const [inserted] = await d1.batch([upsert(d1, minutes, rowsFor(1, 1, count))]);
    expect(inserted?.meta.rows_written).toBe(count);
    const [replaced] = await d1.batch([upsert(d1, minutes, rowsFor(1, 2, count, 2))]);
    expect(replaced?.meta.rows_written).toBe(count);
    const [older] = await d1.batch([upsert(d1, minutes, rowsFor(1, 1, count, 3))]);
    expect(older?.meta.rows_written).toBe(0);
    const { results } = await d1.prepare("SELECT count(*) AS n, min(as_of) AS a FROM minutes").all();
    expect(results).toEqual([{ n: count, a: 2 }]);
  });

  it("is one row for each hour, day, month, snapshot and front row", async () => {
    const store = resultsStore(d1);
    const write = (asOf: number): ResultsWrite => {
      const rollup = rollupMinutes([], RULE);
      const hour = { hour: 495_000, rollup, strip: new Map() };
      return writeOf({
        asOf,
        minutes: rowsFor(1, asOf, 1),
        hours: [hourRow(1, asOf, hour)],
        days: [calendarRow(1, asOf, "UTC", dayOf(MINUTE0, "UTC"), rollup)],
        months: [calendarRow(1, asOf, "UTC", monthOf(MINUTE0, "UTC"), rollup)],
        snapshot: { target: "chat", composedAt: asOf, body: "{}", summary: "{}" },
        front: { targets: ["chat"], contracts: [] },
      });
    };
    // A text key keeps its own index: the snapshot is two rows when it is new.
    expect(await store.write(write(1))).toBe(7);
    // Its body is the same as before: the front row stays as it is.
    expect(await store.write(write(2))).toBe(5);
    const changed = { target: "chat", composedAt: 3, body: '{"n":3}', summary: "{}" };
    expect(await store.write({ ...write(3), snapshot: changed })).toBe(6);
  });
});

describe("a write that lands late", () => {
  it("changes nothing: rows, schedules and snapshot stay those of the newer one", async () => {
    const store = resultsStore(d1);
    const number = await store.seriesNumber(
      { target: "chat", region: "weur", journey: "loop", peer: "" },
      "message",
      "delivered",
    );
    const write = (asOf: number): ResultsWrite => ({
      ...writeOf({ asOf, minutes: rowsFor(number, asOf, 3, asOf), front: { targets: ["chat"], contracts: [] } }),
      schedules: [{ series: number, schedules: [{ fromMinute: asOf, untilMinute: null, everyMs: 60_000 }] }],
      snapshot: { target: "chat", composedAt: asOf, body: `{"as_of":${asOf}}`, summary: "{}" },
    });
    await store.write(write(2));
    const before = await everything();
    await store.write(write(1));
    expect(await everything()).toBe(before);
    await store.write(write(2));
    expect(await everything()).toBe(before);
    await store.write(write(3));
    expect(await everything()).not.toBe(before);
  });

  it("is whole or not at all", async () => {
    const store = resultsStore(d1);
    const before = await everything();
    const broken = [{ ...must(rowsFor(1, 1, 1)[0]), ok: null as unknown as number }];
    const snapshot = { target: "chat", composedAt: 1, body: "{}", summary: "{}" };
    await expect(
      store.write(
        writeOf({
          minutes: rowsFor(1, 1, 2),
          days: [],
          hours: [],
          snapshot,
          front: { targets: ["chat"], contracts: [] },
        }),
      ),
    ).resolves.toBeGreaterThan(0);
    const after = await everything();
    expect(after).not.toBe(before);
    const hour = { ...hourRow(1, 2, { hour: 1, rollup: rollupMinutes([], RULE), strip: new Map() }) };
    await expect(store.write(writeOf({ asOf: 2, hours: [hour], minutes: broken, snapshot }))).rejects.toThrow(
      /NOT NULL/,
    );
    expect(await everything()).toBe(after);
  });
});

describe("what was written", () => {
  it("comes back as it was: any minute, hour, day and month", async () => {
    const store = resultsStore(d1);
    const random = mulberry32(42);
    const written = Array.from({ length: 120 }, (_, i) => anyMinute(random, MINUTE0 + i));
    const inHour = (hour: number): MinuteRecord[] => written.filter((each) => Math.floor(each.minute / 60) === hour);
    const hourOf = (hour: number) => ({
      hour,
      rollup: rollupMinutes(inHour(hour), RULE),
      strip: new Map(inHour(hour).map((each) => [each.minute % 60, each])),
    });
    const hourNumbers = [MINUTE0 / 60, MINUTE0 / 60 + 1];
    const rollup = rollupMinutes(written, RULE);
    const [day, month] = [dayOf(MINUTE0, "Asia/Kolkata"), monthOf(MINUTE0, "Asia/Kolkata")];
    await store.write(
      writeOf({
        minutes: written.map((each) => minuteRow(3, 1, 1, each)),
        hours: hourNumbers.map((hour) => hourRow(3, 1, hourOf(hour))),
        days: [calendarRow(3, 1, "Asia/Kolkata", day, rollup)],
        months: [calendarRow(3, 1, "Asia/Kolkata", month, rollup)],
      }),
    );
    const all = [[idOf(3, 0), idOf(4, 0)]] as const;
    const bare = ({ configHash: _hash, ...rest }: MinuteRecord) => rest;
    expect((await store.minutes(all)).map(minuteFromRow)).toEqual(written.map(bare));
    expect((await store.hours(all)).map(hourFromRow).map((each) => each.rollup)).toEqual(
      hourNumbers.map((hour) => hourOf(hour).rollup),
    );
    expect((await store.days(all)).map(rollupFromRow)).toEqual([rollup]);
    expect((await store.months(all)).map((row) => [row.zone, row.fromMinute, row.toMinute])).toEqual([
      ["Asia/Kolkata", month.fromMinute, month.toMinute],
    ]);
    expect(written.some((each) => each.lossRuns.length > 0 && each.failures.length > 0 && each.place !== "")).toBe(
      true,
    );
  });

  it("is byte for byte the same, whatever the bytes and the text", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const place = `quote " slash \\ null-free \u{1f600} 中文 '); DROP TABLE minutes;--`;
    const row = { ...must(rowsFor(1, 1, 1)[0]), latency: bytes, connect: Buffer.alloc(0), place };
    await d1.batch([upsert(d1, minutes, [row])]);
    const [read] = await resultsStore(d1).minutes([[0, idOf(2, 0)]]);
    expect([...must(read).latency]).toEqual([...bytes]);
    expect([...must(read).connect]).toEqual([]);
    expect(must(read).place).toBe(place);
  });

  it("is written however long: more JSON than one parameter of D1 may hold", async () => {
    // 6,000 messages a minute, every other one lost: the most that a configuration allows, and 60 minutes of it.
    const rows = rowsFor(1, 1, 60).map((row) => ({
      ...row,
      lossRuns: Array.from({ length: 3_000 }, (_, i) => [1, T0 + i * 20, T0 + i * 20 + 10] as const),
    }));
    expect(JSON.stringify(rows.map((row) => row.lossRuns)).length).toBeGreaterThan(2_000_000);
    const rowsWritten = await resultsStore(d1).write(writeOf({ minutes: rows }));
    expect(rowsWritten).toBe(60);
    expect(await resultsStore(d1).minutes([[0, idOf(2, 0)]])).toHaveLength(60);
    // The platform's limit is not enforced here, so it is looked for in what was sent.
    let longest = 0;
    const watching = intercepted((_sql, values) => {
      longest = Math.max(longest, ...values.map((value) => (typeof value === "string" ? value.length : 0)));
    });
    await resultsStore(watching).write(writeOf({ asOf: 2, minutes: rows }));
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(2_000_000);
  });
});

describe("the front row", () => {
  const snapshot = (target: string, composedAt: number) => ({
    target,
    composedAt,
    body: `{"t":"${target}","at":${composedAt}}`,
    summary: "{}",
  });
  const rowOf = (snapshots: string): string => `{"version":2,"parts":[],"snapshots":[${snapshots}]}`;
  /** Without the mark of what it was composed for. */
  const front = async (): Promise<unknown> =>
    (await d1.prepare(`SELECT id, composed_at, replace(body, substr(body, 14, 27), '') AS body FROM front`).all())
      .results;

  it("is made of the snapshots of configured targets, in the transaction that writes them", async () => {
    const store = resultsStore(d1);
    await store.write(writeOf({ front: { targets: ["chat", "push"], contracts: [] } }));
    expect(await front(), "no snapshot, no row").toEqual([]);
    await store.write(
      writeOf({ asOf: 1, snapshot: snapshot("chat", 10), front: { targets: ["chat", "push"], contracts: [] } }),
    );
    await store.write(
      writeOf({ asOf: 1, snapshot: snapshot("push", 20), front: { targets: ["chat", "push"], contracts: [] } }),
    );
    expect(await front()).toEqual([
      { id: 1, composed_at: 20, body: rowOf('{"t":"chat","at":10},{"t":"push","at":20}') },
    ]);
    // "chat" was taken out of the configuration: its snapshot stays in its table, and leaves the front.
    await store.write(
      writeOf({ asOf: 2, snapshot: snapshot("push", 30), front: { targets: ["push"], contracts: [] } }),
    );
    expect(await front()).toEqual([{ id: 1, composed_at: 30, body: rowOf('{"t":"push","at":30}') }]);
    expect((await d1.prepare("SELECT count(*) AS n FROM snapshots").all()).results).toEqual([{ n: 2 }]);
  });

  it("holds summaries where whole snapshots would come near to what a row may hold", async () => {
    const body = JSON.stringify({ days: "x".repeat(500_000) });
    for (const target of ["a", "b", "c"]) {
      const write = {
        snapshot: { target, composedAt: 1, body, summary: `{"t":"${target}"}` },
        front: { targets: ["a", "b", "c"], contracts: [] },
      };
      await resultsStore(d1).write(writeOf(write));
    }
    // All were composed at 1, and the row was written three times: each time it is one more.
    expect(await front()).toEqual([{ id: 1, composed_at: 3, body: rowOf('{"t":"a"},{"t":"b"},{"t":"c"}') }]);
  });
});

describe("pruning", () => {
  it("takes at most so many rows, the oldest, of that range only", async () => {
    await d1.batch([upsert(d1, minutes, [...rowsFor(1, 1, 30), ...rowsFor(2, 1, 30)])]);
    const prune = [{ table: "minutes" as const, range: [idOf(2, 0), idOf(2, MINUTE0 + 25)] as const, limit: 10 }];
    const ids = async (series: number): Promise<number[]> =>
      (await resultsStore(d1).minutes([[idOf(series, 0), idOf(series + 1, 0)]])).map(
        (row) => row.id - idOf(series, MINUTE0),
      );
    for (const left of [20, 10, 5, 5]) {
      await resultsStore(d1).write(writeOf({ prune }));
      expect(await ids(2)).toEqual(Array.from({ length: left }, (_, i) => 30 - left + i));
    }
    expect(await ids(1)).toHaveLength(30);
  });
});

/** D1 with somebody who sees each statement before it runs, and may throw. Answers are D1's own. */
function intercepted(
  before: (sql: string, values: readonly unknown[]) => void,
  after?: (meta: D1Meta) => void,
): D1Database {
  const wrapped = (sql: string, statement: D1PreparedStatement, values: readonly unknown[]): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, key) {
        if (key === "bind") {
          return (...bound: unknown[]) => {
            before(sql, bound);
            return wrapped(sql, target.bind(...bound), bound);
          };
        }
        const own: unknown = Reflect.get(target, key);
        if (typeof own !== "function") return own;
        return async (...rest: unknown[]) => {
          if (key === "raw" || key === "all" || key === "run" || key === "first") {
            before(sql, values);
            // Only `all` says what it cost.
            if (after !== undefined) after((await target.all()).meta);
          }
          return own.apply(target, rest) as unknown;
        };
      },
    });
  return new Proxy(d1, {
    get(target, key) {
      if (key === "prepare") return (sql: string) => wrapped(sql, target.prepare(sql), []);
      const own: unknown = Reflect.get(target, key);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

describe("reading", () => {
  it("reads only the rows in its ranges, and those by their key", async () => {
    await d1.batch([upsert(d1, minutes, [...rowsFor(1, 1, 300), ...rowsFor(2, 1, 300)])]);
    let read = 0;
    const measured = resultsStore(
      intercepted(
        () => {},
        (meta) => (read += meta.rows_read),
      ),
    );
    const ranges = [
      [idOf(1, MINUTE0 + 10), idOf(1, MINUTE0 + 20)],
      [idOf(2, MINUTE0 + 290), idOf(2, MINUTE0 + 400)],
      [idOf(3, 0), idOf(3, 9)],
    ] as const;
    expect(await measured.minutes(ranges)).toHaveLength(20);
    // 20 rows, the 3 elements of the list of ranges, and at most one row behind the end of each.
    expect(read).toBeLessThanOrEqual(26);
    read = 0;
    expect(await measured.minutes([])).toEqual([]);
    expect(read).toBe(0);
  });

  const name = { target: "chat", region: "weur", journey: "loop", peer: "" } as const;
  const READS: readonly (readonly [string, (store: ReturnType<typeof resultsStore>) => Promise<unknown>])[] = [
    ["minutes", (store) => store.minutes([[0, 1]])],
    ["hours", (store) => store.hours([[0, 1]])],
    ["days", (store) => store.days([[0, 1]])],
    ["months", (store) => store.months([[0, 1]])],
    ["schedules", (store) => store.schedules([1])],
    ["a series' number", (store) => store.seriesNumber(name, "message", "delivered")],
    ["a configuration's number", (store) => store.configVersion("aa", 1, null)],
  ];

  it.each(READS)("rejects when reading %s fails", async (_what, read) => {
    await expect(read(resultsStore(d1))).resolves.toBeDefined();
    const failing = intercepted((sql) => {
      if (/^select/i.test(sql)) throw new Error("D1_ERROR: Network connection lost.");
    });
    await expect(read(resultsStore(failing))).rejects.toThrow();
  });

  it("gives one number for a series and a configuration, however often and however many ask", async () => {
    const store = resultsStore(d1);
    const numbers = await Promise.all(
      Array.from({ length: 5 }, () => store.seriesNumber(name, "message", "delivered")),
    );
    expect(new Set(numbers).size).toBe(1);
    expect(await store.seriesNumber({ ...name, region: "enam" }, "message", "delivered")).not.toBe(numbers[0]);
    const versions = await Promise.all([null, null, "{}", null].map((body) => store.configVersion("ab", 7, body)));
    expect(new Set(versions).size).toBe(1);
    const { results } = await d1.prepare("SELECT hash, body, first_seen_at FROM config_versions").all();
    expect(results, "its text is learnt later").toEqual([{ hash: "ab", body: "{}", first_seen_at: 7 }]);
  });
});
