// Aim: what a scraper gets from /metrics: which format, which figures, which headers; and what it gets while the database is away.
// Method: the real app, called in process with a row that the test holds; samples are read from the text by name and labels.

import { describe, expect, it, test } from "vitest";

import { formatFor } from "../../status-page/metrics/accept.ts";
import { writeMetrics } from "../../status-page/metrics/text.ts";
import type { Family } from "../../workers/metrics/family.ts";
import { NOW, frontRow, hostile, notStarted } from "./fixtures.ts";
import { chat, metricsRow } from "./metrics-world.ts";
import { world } from "./world.ts";

const OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PLAIN = "text/plain; version=0.0.4; charset=utf-8";
const WEUR = 'service="chat",driver="mqtt",region_from="weur",region_to="weur",journey="loop"';
const WNAM = WEUR.replaceAll("weur", "wnam");
const NE = WEUR.replaceAll("weur", "apac-ne");

async function scrape(accept = "", query = ""): Promise<string> {
  const response = await world(metricsRow()).get(`/metrics${query}`, { accept });
  expect(response.status).toBe(200);
  return response.text();
}

const lines = (text: string, start: string): readonly string[] =>
  text.split("\n").filter((line) => line.startsWith(start));

test.each([
  [undefined, "prometheus"],
  ["", "prometheus"],
  ["*/*", "prometheus"],
  ["text/html,application/xhtml+xml,*/*;q=0.8", "prometheus"],
  ["text/plain", "prometheus"],
  ["application/openmetrics-text", "openmetrics"],
  ["application/openmetrics-text; version=1.0.0; charset=utf-8", "openmetrics"],
  ["APPLICATION/OpenMetrics-Text;Version=1.0.0", "openmetrics"],
  // What Prometheus 2.42 and 3 send.
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  ["text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.9", "prometheus"],
  ["application/openmetrics-text;q=0", "prometheus"],
  ["application/openmetrics-text;q=0.000, text/plain;q=0.1", "prometheus"],
  ["application/openmetrics-text;version=0.0.1", "prometheus"],
  ["application/openmetrics-text;version=2.0.0", "prometheus"],
  ["application/openmetrics-text;q=nonsense", "prometheus"],
  ["application/openmetrics-text;q=7", "prometheus"],
  [`${"a/b,".repeat(100_000)}application/openmetrics-text`, "prometheus"],
])("Accept %s is answered with %s", (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

describe("figures", () => {
  it("count the month's messages, and say when counting began where the format can", async () => {
    const [plain, open] = [await scrape(), await scrape(OPENMETRICS)];
    const counts = { scheduled: 1003, sent: 1000, delivered: 940, late: 40, lost: 50, refused: 10, not_sent: 3 };
    const more = { duplicated: 2, reordered: 1, corrupt: 0 };
    const all = Object.entries({ ...counts, ...more });
    for (const [what, value] of all) {
      const total = `probe_messages_${what}_total{${WEUR}}`;
      expect([lines(plain, total), lines(open, total)]).toEqual([[`${total} ${value}`], [`${total} ${value}`]]);
      const created = `probe_messages_${what}_created{${WEUR}}`;
      expect(lines(open, created)).toEqual([`${created} ${Date.UTC(2026, 10, 1) / 1000}`]);
      expect(open).toContain(`# TYPE probe_messages_${what} counter\n`);
      expect(plain).toContain(`# TYPE probe_messages_${what}_total counter\n`);
    }
    expect(all.length).toBe(10);
    expect(plain).not.toContain("_created");
    const began = 'probe_month_start_timestamp_seconds{service="chat",driver="mqtt"}';
    expect(lines(plain, began)).toEqual([`${began} 1793491200`]);
  });

  it("make two exact buckets, with what never came above both", async () => {
    const [plain, open] = [await scrape(), await scrape(OPENMETRICS)];
    const name = "probe_message_latency_seconds";
    const buckets = [`0.2"} 900`, `5.0"} 940`, `+Inf"} 1000`].map((end) => `${name}_bucket{${WEUR},le="${end}`);
    expect(lines(plain, `${name}_bucket{${WEUR}`)).toEqual(buckets);
    expect(lines(open, `${name}_bucket{${WEUR}`)).toEqual(buckets);
    expect([lines(plain, `${name}_count{${WEUR}`), lines(open, `${name}_count`)]).toEqual([
      [`${name}_count{${WEUR}} 1000`],
      [],
    ]);
    expect(`${plain}${open}`).not.toContain(`${name}_sum`);
  });

  it("have no bucket of a limit that not all messages were held against", async () => {
    const snap = chat();
    const regions = snap.regions.map((one) => ({ ...one, month: { ...one.month, late_of: 24 } }));
    const text = await (await world(frontRow([{ ...snap, regions }])).get("/metrics")).text();
    const name = "probe_message_latency_seconds_bucket";
    expect(lines(text, `${name}{${WEUR}`)).toEqual([
      `${name}{${WEUR},le="5.0"} 940`,
      `${name}{${WEUR},le="+Inf"} 1000`,
    ]);
  });

  it("never turn unknown into good or bad", async () => {
    const text = await scrape();
    expect(lines(text, `probe_success{${WNAM}`)).toEqual([]);
    expect(lines(text, `probe_success{${WEUR}`)).toEqual([`probe_success{${WEUR}} 1`]);
    expect(lines(text, `probe_success{${NE}`)).toEqual([`probe_success{${NE}} 0`]);
    const states = (labels: string): readonly string[] =>
      lines(text, `probe_state{${labels}`).flatMap((line) => /probe_state="(\w+)"\} 1$/.exec(line)?.[1] ?? []);
    expect([states(WEUR), states(WNAM), states(NE)]).toEqual([["up"], ["unmeasured"], ["down"]]);
    const seconds = lines(text, `probe_month_state_seconds{${WEUR}`).map((line) => line.slice(line.indexOf(",state=")));
    expect(seconds).toEqual([
      ',state="up"} 1800000',
      ',state="degraded"} 300',
      ',state="down"} 420',
      ',state="unmeasured"} 660',
    ]);
  });

  it("give percentiles as they are: seconds, infinite among the lost, absent with too few samples, never averaged", async () => {
    const text = await scrape();
    const of = (labels: string): readonly string[] =>
      lines(text, `probe_duration_seconds{${labels}`).map((line) => line.slice(line.indexOf("percentile=")));
    expect(of(`${WEUR},phase="deliver",window="month"`)).toEqual([
      'percentile="50"} 0.043',
      'percentile="95"} +Inf',
      'percentile="99"} +Inf',
    ]);
    expect(of(`${NE},phase="deliver",window="recent"`)).toEqual([]);
    const mesh = 'service="chat",driver="mqtt",region_from="weur",region_to="wnam",journey="mesh"';
    expect(of(`${mesh},phase="deliver",window="recent"`)).toEqual([
      'percentile="50"} 0.08',
      'percentile="95"} 0.12',
      'percentile="99"} +Inf',
    ]);
    expect(lines(text, `probe_duration_samples{${WEUR},phase="deliver",window="month"`)).toEqual([
      `probe_duration_samples{${WEUR},phase="deliver",window="month"} 1000`,
    ]);
    const connect = WEUR.replace("loop", "connect");
    expect(
      ["connect", "handshake", "login"].map((phase) => of(`${connect},phase="${phase}",window="month"`).length),
    ).toEqual([3, 3, 3]);
    expect(lines(text, 'probe_duration_objective_seconds{service="mail",driver="amqp",phase="deliver"}')).toHaveLength(
      1,
    );
  });

  it("tell of the fleet itself: how late its rounds began, whether its controls answered, and nothing where none were asked", async () => {
    for (const text of [await scrape(), await scrape(OPENMETRICS)]) {
      // What an older collector wrote says nothing of it.
      expect(lines(text, "probe_schedule_lag_seconds{")).toEqual([
        `probe_schedule_lag_seconds{${WEUR}} 0.037`,
        `probe_schedule_lag_seconds{${NE}} 1.9`,
      ]);
      const of = (region: string): string => `{service="chat",driver="mqtt",region_from="${region}",check="controls"}`;
      expect(lines(text, "probe_control_success{")).toEqual([
        `probe_control_success${of("weur")} 1`,
        `probe_control_success${of("apac-ne")} 0`,
      ]);
      expect(lines(text, "probe_control_answered_ratio{")).toEqual([
        `probe_control_answered_ratio${of("weur")} 0.75`,
        `probe_control_answered_ratio${of("apac-ne")} 0.4`,
      ]);
    }
  });

  it("tell budgets, verdicts, maintenance and incidents", async () => {
    const text = await scrape();
    const objective = 'service="chat",contract="gold",objective=';
    expect(lines(text, "slo_error_budget_remaining_ratio{")).toEqual([
      `slo_error_budget_remaining_ratio{${objective}"availability"} ${28.2 / 43.2}`,
      `slo_error_budget_remaining_ratio{${objective}"delivery",region="weur"} -1.5`,
    ]);
    expect(lines(text, "slo_burn_rate{")).toEqual([
      `slo_burn_rate{${objective}"availability",window="period"} 0.48`,
      `slo_burn_rate{${objective}"delivery",region="weur",window="period"} 3.5`,
    ]);
    expect(lines(text, "slo_verdict{").filter((line) => line.endsWith(" 1"))).toEqual([
      `slo_verdict{${objective}"availability",slo_verdict="undetermined"} 1`,
      `slo_verdict{${objective}"delivery",region="weur",slo_verdict="breached"} 1`,
      `slo_verdict{${objective}"support",slo_verdict="undetermined"} 1`,
    ]);
    expect(lines(text, "slo_indicator_ratio{").some((line) => line.includes("support"))).toBe(false);
    const active = lines(text, "maintenance_active{").map((line) =>
      line.replace(/.*service="(\w+)".*region="([\w-]+)"\}/, "$1 $2"),
    );
    expect(active).toEqual(["chat weur 1", "chat wnam 0", "chat apac-ne 0", "mail enam 0"]);
    expect(lines(text, 'incidents_open{service="chat",driver="mqtt",severity="critical"')).toHaveLength(1);
    expect(text).toContain('severity="critical"} 1\n');
  });

  it("are of the services that are asked for", async () => {
    const services = (text: string): readonly string[] => [
      ...new Set([...text.matchAll(/service="([^"]*)"/g)].map((match) => match[1] ?? "")),
    ];
    expect(services(await scrape())).toEqual(["chat", "mail"]);
    expect(services(await scrape("", "?service=mail"))).toEqual(["mail"]);
    expect(services(await scrape("", "?service=mail&service=chat&service=mail"))).toEqual(["chat", "mail"]);
    expect(services(await scrape("", "?service=nobody"))).toEqual([]);
  });
});

describe("text", () => {
  it("has no carriage return and no empty line, and ends as its format says", async () => {
    const [plain, open] = [await scrape(), await scrape(OPENMETRICS)];
    expect([/\r|\n\n/.test(plain), /\r|\n\n/.test(open)]).toEqual([false, false]);
    expect([open.endsWith("\n# EOF\n"), plain.includes("# EOF"), plain.endsWith("\n")]).toEqual([true, false, true]);
    expect(open).toContain("# TYPE probe_duration_seconds gauge\n# UNIT probe_duration_seconds seconds\n# HELP probe_");
  });

  it("escapes what a name could break out with, and takes out what cannot be seen", async () => {
    const evil: Family = {
      name: "x",
      type: "gauge",
      unit: null,
      help: 'a "b" \\ c',
      points: [{ labels: { a: 'q"\\n\n\u202e\u0000\ud800} 1\nforged 2' }, value: 1 }],
    };
    expect(writeMetrics([evil], "openmetrics")).toBe(
      '# TYPE x gauge\n# HELP x a \\"b\\" \\\\ c\nx{a="q\\"\\\\n \ufffd} 1 forged 2"} 1\n# EOF\n',
    );
    expect(writeMetrics([evil], "prometheus")).toContain('# HELP x a "b" \\\\ c\n');
    const text = await (await world(frontRow([hostile()])).get("/metrics")).text();
    expect(text.split("\n").every((line) => line === "" || /^(# (HELP|TYPE) )?[a-z_]+[ {]/.test(line))).toBe(true);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });
});

describe("answers", () => {
  it("carry type, policy, cache and ETag; HEAD and If-None-Match work", async () => {
    const w = world(metricsRow());
    for (const [accept, type] of [
      ["", PLAIN],
      [OPENMETRICS, OPENMETRICS],
    ] as const) {
      const response = await w.get("/metrics", { accept });
      const { headers } = response;
      expect([headers.get("content-type"), headers.get("vary")]).toEqual([type, "Accept"]);
      expect(headers.get("cache-control")).toContain("max-age=5");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      const etag = headers.get("etag") ?? "";
      const again = await w.get("/metrics", { accept, "if-none-match": etag });
      expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
      const head = await w.get("/metrics", { accept }, "HEAD");
      expect([head.status, await head.text(), head.headers.get("etag")]).toEqual([200, "", etag]);
    }
    const [plain, open] = [await w.get("/metrics"), await w.get("/metrics", { accept: OPENMETRICS })];
    expect(plain.headers.get("etag")).not.toBe(open.headers.get("etag"));
    expect(w.reads).toBe(1);
  });

  it("are the last good figures while the database is away, and say so; without any it is a 503", async () => {
    const w = world(metricsRow());
    expect(await (await w.get("/metrics")).text()).toContain("\nsonde_front_stale 0\n");
    w.row = new Error("away");
    w.now += 60_000;
    const stale = await w.get("/metrics");
    const text = await stale.text();
    expect([stale.status, stale.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
    expect(text).toContain("\nsonde_front_stale 1\n");
    expect(text).toContain(`\nsonde_front_timestamp_seconds ${(NOW - 2000) / 1000}\n`);
    const away = await world(new Error("away")).get("/metrics");
    expect([away.status, away.headers.get("retry-after"), away.headers.get("cache-control")]).toEqual([
      503,
      "10",
      "no-store",
    ]);
    expect(await away.text()).not.toContain("probe_");
  });

  it("say nothing about what was never measured", async () => {
    const none = await (await world(null).get("/metrics")).text();
    expect(none.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual(["sonde_front_stale 0"]);
    const early = await (await world(frontRow([notStarted()])).get("/metrics")).text();
    expect([lines(early, "probe_success{"), lines(early, "probe_last_run_timestamp_seconds{")]).toEqual([[], []]);
    expect(lines(early, "probe_state{").filter((line) => line.endsWith('"unmeasured"} 1'))).toHaveLength(7);
  });
});
