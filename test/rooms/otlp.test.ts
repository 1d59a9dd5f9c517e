// Aim: the push says what /metrics says, in OTLP's spelling; it sends once, waits when it is told to, reads what was not taken, goes to no
// address inside, and tells no secret. Method: real requests to a receiver on loopback that checks every key against metrics.proto
// and complains; its troubles are a table. The clock and the timer are the test's.

import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";

import { parseFront } from "../../status-page/front.ts";
import { writeMetrics } from "../../status-page/metrics/text.ts";
import { familiesOf } from "../../workers/metrics/families.ts";
import { otlpRequest, pointsOf } from "../../workers/metrics/otlp.ts";
import { type PushErrand, pushMetrics } from "../../workers/metrics/otlp.send.ts";
import type { MonthLatency } from "../../workers/metrics/latency.ts";
import { outside } from "../../workers/outside.ts";
import { emptyHistogram, histogramOf, quantile } from "../../workers/results/histogram.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../local/otlp-receiver.server.ts";
import { NOW } from "../page/fixtures.ts";
import { metricsRow } from "../page/metrics-world.ts";

const TOKEN = "Bearer otlp-token-0123456789";
const MINUTE = 60_000;

let receiver: OtlpReceiver;
let reports: string[];

beforeAll(async () => {
  receiver = await startOtlpReceiver(TOKEN);
});
beforeEach(() => {
  reports = [];
  receiver.reply = null;
});
afterAll(() => receiver.close());

const LATENCY = histogramOf(
  [...Array.from({ length: 930 }, (_, i) => 30 + i / 4), ...Array.from({ length: 10 }, () => 4_900)],
  60,
  5_000,
);
const OLDER = histogramOf([41, 42, 43], 1, 2_000);
const MONTHS: readonly MonthLatency[] = [
  { target: "chat", region: "weur", startedAt: Date.UTC(2026, 10, 1), latency: [OLDER, LATENCY] },
  { target: "chat", region: "wnam", startedAt: Date.UTC(2026, 10, 1), latency: [emptyHistogram(5_000)] },
  { target: "not on the page", region: "weur", startedAt: Date.UTC(2026, 10, 1), latency: [LATENCY] },
];

function errand(change: Partial<PushErrand> = {}): PushErrand {
  return {
    outside: { ...outside, now: () => NOW },
    settings: { endpoint: receiver.origin, headers: { authorization: "OTLP_AUTHORIZATION" } },
    name: "Acme \ud800 messaging",
    secretOf: (name) => (name === "OTLP_AUTHORIZATION" ? ` ${TOKEN}\n` : null),
    allowsLoopback: true,
    read: () => Promise.resolve(parseFront(metricsRow())),
    readLatency: () => Promise.resolve(MONTHS),
    report: (problem) => void reports.push(problem),
    ...change,
  };
}

const families = () => familiesOf(parseFront(metricsRow()), { now: NOW, isStale: false, services: null });

describe("what is pushed", () => {
  it("is taken by a receiver that checks every key, in one request", async () => {
    const before = receiver.seen.length;
    expect(await pushMetrics(errand())).toBe(0);
    const [one, ...more] = receiver.seen.slice(before);
    expect([one?.complaint, one?.at, more.length, reports]).toEqual(["", "/v1/metrics", 0, []]);
    const sent = [...(one?.points.values() ?? [])].reduce((sum, points) => sum + points.length, 0);
    expect(sent).toBe(pointsOf(families()) + 3);
    expect(sent).toBeGreaterThan(250);
  });

  it("has the month's whole histograms, from which a receiver computes the percentiles of all that was attempted", async () => {
    const before = receiver.seen.length;
    await pushMetrics(errand());
    const points = receiver.seen[before]?.points.get("probe_message_latency") ?? [];
    const told = points.map(({ attributes, count }) => {
      const labels = (attributes as { key: string; value: { stringValue: string } }[]).map(
        ({ value }) => value.stringValue,
      );
      return [...labels, count];
    });
    expect(told).toEqual([
      ["chat", "mqtt", "weur", "weur", "loop", "2000", "4"],
      ["chat", "mqtt", "weur", "weur", "loop", "5000", "1000"],
      ["chat", "mqtt", "wnam", "wnam", "loop", "5000", "0"],
    ]);
    const { scale, positive, startTimeUnixNano } = points[1] as {
      readonly scale: number;
      readonly positive: { readonly offset: number; readonly bucketCounts: readonly string[] };
      readonly startTimeUnixNano: string;
    };
    expect([scale, startTimeUnixNano, positive.bucketCounts.at(-1)]).toEqual([
      4,
      `${Date.UTC(2026, 10, 1)}000000`,
      "60",
    ]);
    // As receivers do it: the bucket in which the rank falls, as metrics.proto bounds it.
    const rankedIn = (share: number): readonly number[] => {
      let below = 0;
      const at = positive.bucketCounts.findIndex((n) => (below += Number(n)) >= share * 1_000);
      return [positive.offset + at, positive.offset + at + 1].map((power) => 2 ** (power / 2 ** scale));
    };
    const exact = quantile([LATENCY], 0.5);
    const [from = 0, to = 0] = rankedIn(0.5);
    expect(exact.kind === "value" && from < exact.ms && exact.ms <= to && to / from < 1.05).toBe(true);
    // 60 of 1,000 never came: the 95th percentile of all is above the deadline, that of the survivors would be 0.26 s.
    expect(rankedIn(0.95)[0]).toBeGreaterThanOrEqual(5_000);
  });

  it("is without histograms where they cannot be read, and says so", async () => {
    const before = receiver.seen.length;
    expect(await pushMetrics(errand({ readLatency: () => Promise.reject(new Error("D1 is away")) }))).toBe(0);
    expect(receiver.seen[before]?.points.has("probe_message_latency")).toBe(false);
    expect(receiver.seen[before]?.points.has("probe_success")).toBe(true);
    expect(reports).toEqual(["no histograms were pushed: Error: D1 is away"]);
  });

  it("has the series of /metrics: the same names, labels and values", () => {
    const { resourceMetrics } = otlpRequest(families(), "x", NOW);
    const metrics = (resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? []) as readonly Record<string, unknown>[];
    const series = metrics.flatMap((metric) => {
      const kind = (["gauge", "sum"] as const).find((one) => metric[one] !== undefined);
      if (kind === undefined) return [];
      const { dataPoints } = metric[kind] as { readonly dataPoints: readonly Record<string, unknown>[] };
      return dataPoints.map((point) => {
        const labels = (point["attributes"] as { key: string; value: { stringValue: string } }[]).map(
          ({ key, value }) => `${key}="${value.stringValue}"`,
        );
        const value = String(point["asInt"] ?? point["asDouble"]).replace("Infinity", "+Inf");
        const all = labels.length === 0 ? "" : `{${labels.join(",")}}`;
        return `${String(metric["name"])}${kind === "sum" ? "_total" : ""}${all} ${value}`;
      });
    });
    const text = writeMetrics(families(), "prometheus").split("\n");
    const own = text.filter((line) => line !== "" && !/^#|^\w+_(bucket|sum|count)\{/.test(line));
    expect(series.toSorted()).toEqual(own.toSorted());
    expect(series.length).toBeGreaterThan(200);
  });

  it("spells sums and buckets as the protocol wants them, since the month began", () => {
    const text = JSON.stringify(otlpRequest(families(), "x", NOW));
    const start = `"startTimeUnixNano":"${Date.UTC(2026, 10, 1)}000000","timeUnixNano":"${NOW}000000"`;
    expect(text).toContain(`${start},"asInt":"940"`);
    expect(text).toContain(`${start},"count":"1000","bucketCounts":["900","40","60"],"explicitBounds":[0.2,5]`);
    expect(text).toContain(`${start},"count":"1000","sum":940,"quantileValues":[]`);
    expect(text).toContain('"aggregationTemporality":2,"isMonotonic":true');
    expect(text).toContain('"asDouble":"Infinity"');
  });

  it("is little where nothing was measured, and nothing where the row cannot be read", async () => {
    const before = receiver.seen.length;
    expect(await pushMetrics(errand({ read: () => Promise.resolve(null) }))).toBe(0);
    expect([...(receiver.seen[before]?.points.keys() ?? [])]).toEqual(["sonde_front_stale"]);
    expect(await pushMetrics(errand({ read: () => Promise.reject(new Error("D1 is away")) }))).toBe(0);
    expect([receiver.seen.length, reports]).toEqual([before + 1, ["nothing was pushed: Error: D1 is away"]]);
  });
});

const date = new Date(NOW + 90_000).toUTCString();
test.each<[string, OtlpReceiver["reply"], number, RegExp | null]>([
  ["an empty 200", { status: 200 }, 0, null],
  ["202 with words that are no JSON", { status: 202, body: "ok" }, 0, null],
  ["a partial success that says nothing", { status: 200, body: '{"partialSuccess":{}}' }, 0, null],
  ["null", { status: 200, body: "null" }, 0, null],
  [
    "points that were not taken",
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":"7","errorMessage":"too old"}}' },
    0,
    /^7 of \d+ points were rejected \(too old\)$/,
  ],
  [
    "the same as a number",
    { status: 200, body: '{"partialSuccess":{"rejectedDataPoints":7}}' },
    0,
    /^7 of \d+ points were rejected$/,
  ],
  [
    "a warning",
    { status: 200, body: '{"partialSuccess":{"errorMessage":"soon too many"}}' },
    0,
    /^0 of .*soon too many/,
  ],
  ["429 with seconds", { status: 429, headers: { "retry-after": "120" } }, NOW + 120_000, /^HTTP 429, again in 120 s/],
  ["503 with a date", { status: 503, headers: { "retry-after": date } }, NOW + 90_000, /^HTTP 503, again in 90 s/],
  ["503 for a week", { status: 503, headers: { "retry-after": "604800" } }, NOW + 60 * MINUTE, /again in 3600 s/],
  ["502 without a word", { status: 502 }, 0, /^HTTP 502, again with the next minute$/],
  [
    "504 with nonsense",
    { status: 504, headers: { "retry-after": "soon" } },
    0,
    /^HTTP 504, again with the next minute$/,
  ],
  ["400", { status: 400, body: "bad unit" }, NOW + 15 * MINUTE, /^HTTP 400, again in 15 min \(bad unit\)$/],
  ["401", { status: 401 }, NOW + 15 * MINUTE, /^HTTP 401/],
  ["500, which OTLP does not retry", { status: 500, headers: { "retry-after": "1" } }, NOW + 15 * MINUTE, /^HTTP 500/],
  [
    "a way to somewhere else",
    { status: 307, headers: { location: "http://127.0.0.1:1/" } },
    NOW + 15 * MINUTE,
    /^HTTP 307/,
  ],
  [
    "a token that comes back",
    { status: 403, body: `no ${TOKEN}` },
    NOW + 15 * MINUTE,
    /^HTTP 403, again in 15 min \(no (\(hidden\) ?)+\)$/,
  ],
])("%s: one request, and the next one when it is wanted", async (_name, reply, until, said) => {
  receiver.reply = reply;
  const before = receiver.seen.length;
  expect(await pushMetrics(errand())).toBe(until);
  expect(receiver.seen.length).toBe(before + 1);
  expect(reports.length).toBe(said === null ? 0 : 1);
  if (said !== null) expect(reports[0]).toMatch(said);
  expect(reports.join()).not.toContain("otlp-token");
});

it("does not wait for a receiver that hangs", async () => {
  receiver.reply = "hang";
  const waits: number[] = [];
  const timer = (delayMs: number, callback: () => void): (() => void) => {
    waits.push(delayMs);
    return outside.after(20, callback);
  };
  expect(await pushMetrics(errand({ outside: { ...outside, now: () => NOW, after: timer } }))).toBe(0);
  expect([waits, reports.length]).toEqual([[10_000], 1]);
});

it("says so when nobody is there", async () => {
  const nobody = { endpoint: "http://127.0.0.1:9", headers: {} };
  expect(await pushMetrics(errand({ settings: nobody }))).toBe(0);
  expect(reports[0]).toMatch(/^no answer to a push of \d+ points/);
});

test.each([
  ["http://otlp.example.com", /does not begin with https/],
  ["https://169.254.169.254", /not one of the public internet/],
  ["https://10.0.0.8/otlp", /not one of the public internet/],
  ["https://[::ffff:10.0.0.1]", /not one of the public internet/],
  ["https://metrics.internal", /not a name of the public internet/],
  ["https://127.0.0.1:4318", /this machine's own/],
  ["https://otlp.example.org:8443", /a port/],
])("%s is not asked", async (endpoint, why) => {
  const asked: string[] = [];
  const fetch = (url: string): Promise<Response> => {
    asked.push(url);
    return Promise.reject(new Error("asked"));
  };
  const until = await pushMetrics(
    errand({
      settings: { endpoint, headers: {} },
      allowsLoopback: false,
      outside: { ...outside, now: () => NOW, fetch },
    }),
  );
  expect([until, asked, reports.length]).toEqual([NOW + 15 * MINUTE, [], 1]);
  expect(reports[0]).toMatch(why);
});

it("sends nothing without its secret, and names it", async () => {
  const before = receiver.seen.length;
  expect(await pushMetrics(errand({ secretOf: () => null }))).toBe(NOW + 15 * MINUTE);
  expect([receiver.seen.length, reports]).toEqual([
    before,
    ["nothing was pushed: the secret OTLP_AUTHORIZATION is not set"],
  ]);
});
