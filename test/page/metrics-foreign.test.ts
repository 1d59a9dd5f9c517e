// Aim: foreign programs understand /metrics and the dashboard: Prometheus' own judge, the Python client's strict OpenMetrics parser, and
// Prometheus' query engine. Method: the texts of the real app go to those programs; every query of the dashboard is parsed and run by
// promtool over the very series that /metrics gave, and each metric and label in it must be there.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { frontRow, hostile, many, notStarted, withJourneys } from "./fixtures.ts";
import { metricsRow } from "./metrics-world.ts";
import { world } from "./world.ts";

const SKIPPED = (process.env["SONDE_SKIP"] ?? "").split(",");
const PYTHON = process.env["PYTHON"] ?? "/usr/bin/python3";
const DASHBOARD = resolve(import.meta.dirname, "../../docs/grafana/sonde.json");
/** Prints what it understood: families, and each sample with its labels, sorted. */
const READER = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
print(json.dumps([[f.name, f.type, f.unit, len(f.samples)] for f in families]))`;

const ROWS = [
  ["everything", metricsRow()],
  ["all journeys", frontRow([withJourneys()])],
  ["names that are an attack", frontRow([hostile()])],
  ["nothing measured yet", frontRow([notStarted()])],
  ["no row at all", null],
  ["a hundred services", frontRow(many(100))],
] as const;

async function scrape(row: (typeof ROWS)[number][1], accept = ""): Promise<string> {
  return (await world(row).get("/metrics", { accept })).text();
}

function run(
  program: string,
  args: readonly string[],
  input: string,
): { code: number | null; said: string; out: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 1e8 });
  if (error !== undefined) throw error;
  return { code: status, said: `${stdout}${stderr}`.slice(0, 2_000), out: stdout };
}

describe.skipIf(SKIPPED.includes("promtool"))("promtool", () => {
  it.each(ROWS)("finds nothing to mend in the plain text of %s", async (_name, row) => {
    const text = await scrape(row);
    const { code, said } = run("promtool", ["check", "metrics"], text);
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("does find what is wrong with a text", () => {
    expect(run("promtool", ["check", "metrics"], "# TYPE x counter\nx 1\n").code).not.toBe(0);
  });
});

describe.skipIf(SKIPPED.includes("python3-prometheus-client"))("the Python client's OpenMetrics parser", () => {
  it.each(ROWS)("reads %s", async (_name, row) => {
    const text = await scrape(row, "application/openmetrics-text");
    const { code, said, out } = run(PYTHON, ["-c", READER], text);
    expect([code, said.includes("Traceback")], said).toEqual([0, false]);
    const families = JSON.parse(out) as readonly (readonly [string, string, string, number])[];
    const samples = families.reduce((sum, [, , , count]) => sum + count, 0);
    expect(samples).toBe(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length);
    if (_name !== "everything") return;
    expect(new Set(families.map(([, type]) => type))).toEqual(
      new Set(["gauge", "counter", "histogram", "summary", "stateset", "info"]),
    );
    expect(families.find(([name]) => name === "probe_duration_seconds")?.[2]).toBe("seconds");
  });

  it("refuses a text without its end", () => {
    expect(run(PYTHON, ["-c", READER], "# TYPE x gauge\nx 1\n").code).not.toBe(0);
  });
});

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(DASHBOARD, "utf8")) as {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
};
const QUERIES = dashboard.panels.flatMap(({ title, targets }) => targets.map((target) => ({ title, ...target })));

/** Names of metrics and their labels, as a text of /metrics has them. */
function seriesOf(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const series = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const match = /^([a-z_]+)(?:\{(.*)\})? /.exec(line);
    if (match === null) continue;
    const labels = series.get(match[1] ?? "") ?? new Set<string>();
    for (const [, label = ""] of (match[2] ?? "").matchAll(/([a-z_]+)="/g)) labels.add(label);
    series.set(match[1] ?? "", labels);
  }
  return series;
}

/** As Grafana fills it in for all services and a day. */
const filled = (expr: string): string => expr.replaceAll("$service", ".*").replaceAll("$__rate_interval", "4m");

describe("the dashboard", () => {
  it("asks only for metrics and labels that are in both texts", async () => {
    let checked = 0;
    const texts = [await scrape(metricsRow()), await scrape(metricsRow(), "application/openmetrics-text")];
    for (const series of texts.map(seriesOf)) {
      for (const { title, expr } of QUERIES) {
        const selectors = [
          ...expr.matchAll(/((?:probe|slo|sonde|incidents|maintenance)_\w+)(?:\{([^}]*)\})?(?=[[)\s{,]|$)/g),
        ];
        for (const [whole, name = "", matchers = ""] of selectors) {
          // In ignoring(probe_state) it is the label of the states, not the metric.
          if (whole === "probe_state") continue;
          const labels = series.get(name);
          expect(labels, `${title}: ${name}`).toBeDefined();
          for (const [, label = ""] of matchers.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)) {
            expect([...(labels ?? [])], `${title}: ${name}{${label}}`).toContain(label);
            checked += 1;
          }
        }
      }
    }
    expect([dashboard.panels.length, QUERIES.length, checked > 60, dashboard.schemaVersion]).toEqual([
      13,
      20,
      true,
      39,
    ]);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(["datasource", "service"]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it.skipIf(SKIPPED.includes("promtool"))(
    "has queries that Prometheus runs, and each of them finds something",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "sonde-metrics-"));
      try {
        const rules = QUERIES.map(({ expr }, at) => ({ record: `query_${at}`, expr: filled(expr) }));
        writeFileSync(
          join(folder, "rules.json"),
          JSON.stringify({ groups: [{ name: "dashboard", interval: "1m", rules }] }),
        );
        // The notation of tests knows no +Inf. Counters stand still in this text, so that a rate is 0 and a share is 0/0: both are answers.
        const samples = (await scrape(metricsRow())).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
        const input = samples.map((line) => {
          const cut = line.lastIndexOf(" ");
          return { series: line.slice(0, cut), values: `${line.slice(cut + 1).replace("+Inf", "1e9")}+0x10` };
        });
        // promtool knows no "at least one": what is there is counted, and counting nothing is empty.
        const found = rules.map((_, at) => ({
          expr: `count(query_${at}) > bool 0`,
          eval_time: "10m",
          exp_samples: [{ labels: "{}", value: 1 }],
        }));
        const state = 'query_0{service="chat"}';
        const states = {
          expr: state,
          eval_time: "10m",
          exp_samples: [
            ["weur", 0],
            ["wnam", 1],
            ["apac-ne", 3],
          ].map(([region, value]) => {
            return { labels: `query_0{service="chat",region_from="${region}",region_to="${region}"}`, value };
          }),
        };
        const tests = [{ interval: "1m", input_series: input, promql_expr_test: [...found, states] }];
        writeFileSync(
          join(folder, "tests.json"),
          JSON.stringify({ rule_files: ["rules.json"], evaluation_interval: "1m", tests }),
        );
        const { code, said } = run("promtool", ["test", "rules", join(folder, "tests.json")], "");
        expect(code, said).toBe(0);
        expect(found.length).toBe(QUERIES.length);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
