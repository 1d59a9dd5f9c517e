// Aim: the push of metrics works in the runtime that it will run in: what is read from a real D1 leaves it compressed, whole and once.
// Method: in workerd, with the real migrations; the request is caught where it would leave, made a real Request, and unpacked again.

import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, inject, it, onTestFinished } from "vitest";

import { drizzle } from "drizzle-orm/d1";

import { months } from "../../schema/d1-tables.ts";
import { parseFront } from "../../status-page/front.ts";
import { readFront } from "../../status-page/read.store.ts";
import type { Bindings } from "../../workers/bindings.ts";
import { monthLatencies } from "../../workers/metrics/latency.store.ts";
import { pushMetrics } from "../../workers/metrics/otlp.send.ts";
import { outside } from "../../workers/outside.ts";
import { monthOf } from "../../workers/results/calendar.ts";
import { histogramOf, samples } from "../../workers/results/histogram.ts";
import { resultsStore } from "../../workers/results/results.store.ts";
import { sumRollups } from "../../workers/results/rollup.ts";
import { calendarRow } from "../../workers/results/rows.store.ts";
import { NOW } from "../page/fixtures.ts";
import { metricsRow } from "../page/metrics-world.ts";
import { NOON, world } from "../world.ts";

const MINUTE = 60_000;

/** November of two regions as a collector writes it, October of one of them, and another journey. */
async function writeMonths(d1: D1Database): Promise<void> {
  const results = resultsStore(d1);
  const rows: readonly (readonly ["loop" | "room", string, number, number])[] = [
    ["loop", "weur", NOW, 3],
    ["loop", "wnam", NOW, 5],
    ["loop", "weur", NOW - 30 * 1440 * MINUTE, 7],
    ["room", "weur", NOW, 9],
  ];
  for (const [journey, region, at, messages] of rows) {
    const series = await results.seriesNumber({ target: "chat", region, journey, peer: "" }, "message", "delivered");
    const latency = [
      histogramOf(
        Array.from({ length: messages }, (_, i) => 40 + i),
        1,
        5_000,
      ),
    ];
    const span = monthOf(Math.floor(at / MINUTE), "UTC");
    await drizzle(d1)
      .insert(months)
      .values(calendarRow(series, 1, "UTC", span, { ...sumRollups([]), latency }));
  }
}

it("reads the one row and the month's, and sends all of it compressed", async () => {
  const { DB } = env as unknown as Bindings;
  await applyD1Migrations(DB, inject("migrations"));
  await writeMonths(DB);
  expect((await monthLatencies(DB, "UTC", NOW)).map(({ region, latency }) => [region, samples(latency)])).toEqual([
    ["weur", 4],
    ["wnam", 6],
  ]);
  expect(await monthLatencies(DB, "UTC", NOW + 30 * 1440 * MINUTE)).toEqual([]);
  const row = metricsRow();
  await DB.prepare("insert or replace into front (id, composed_at, body) values (1, ?, ?)")
    .bind(row.composedAt, row.body)
    .run();
  const caught: Request[] = [];
  const reports: string[] = [];
  const again = await pushMetrics({
    outside: {
      ...outside,
      fetch: (url, init) => {
        caught.push(new Request(url, init));
        return Promise.resolve(Response.json({}));
      },
    },
    settings: { endpoint: "https://otlp.sonde.dev", headers: { authorization: "OTLP_AUTHORIZATION" } },
    name: "Acme",
    secretOf: () => "Bearer token",
    allowsLoopback: false,
    read: async () => {
      const found = await readFront({ DB });
      return found === null ? null : parseFront(found);
    },
    readLatency: () => monthLatencies(DB, "UTC", NOW),
    report: (problem) => void reports.push(problem),
  });
  const [request, ...more] = caught;
  expect([again, reports, more.length, request?.url, request?.redirect]).toEqual([
    0,
    [],
    0,
    "https://otlp.sonde.dev/v1/metrics",
    "manual",
  ]);
  const { headers, body } = request ?? new Request("https://nowhere.dev");
  expect([headers.get("authorization"), headers.get("content-encoding")]).toEqual(["Bearer token", "gzip"]);
  const text = await new Response(body?.pipeThrough(new DecompressionStream("gzip"))).text();
  expect(text).toContain('"name":"probe_messages_delivered"');
  expect(text).toMatch(
    /"name":"probe_message_latency",.*"exponentialHistogram":\{"dataPoints":\[\{.*"count":"4","scale":4,/,
  );
  expect(text.length).toBeGreaterThan(50_000);
  expect(JSON.parse(text)).toMatchObject({ resourceMetrics: [{ scopeMetrics: [{ scope: { name: "sonde" } }] }] });
});

it("is what the cron does once a minute, but not while the receiver wants a pause", async () => {
  const fleet = await world();
  const { fetch } = outside;
  onTestFinished(() => {
    outside.fetch = fetch;
  });
  const pushedAt: number[] = [];
  const answers = [
    new Response(null, { status: 200 }),
    new Response(null, { status: 429, headers: { "retry-after": "290" } }),
  ];
  outside.fetch = (url, init) => {
    if (!url.startsWith("https://otlp.sonde.dev/")) return fetch(url, init);
    pushedAt.push(Math.floor((fleet.now() - NOON) / MINUTE));
    return Promise.resolve(answers.shift() ?? Response.json({}));
  };
  fleet.at(NOON);
  await fleet.watch();
  expect(pushedAt).toEqual([]);
  fleet.reconfigure((config) => ({ ...config, metrics: { otlp: { endpoint: "https://otlp.sonde.dev" } } }));
  for (let minute = 0; minute < 9; minute++) {
    fleet.at(NOON + minute * MINUTE + 5_000);
    await fleet.watch();
  }
  expect(pushedAt).toEqual([0, 1, 6, 7, 8]);
});
