// The judge over a year in a Node process whose heap is limited by whoever starts it: what an isolate of 128 MB can do. Hours are
// made as they are asked for, and what the judge keeps goes to a file, as in an object. Prints one JSON line when it is through.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { decodeHistograms } from "../../../workers/results/histogram.ts";
import { SERIES_SPAN } from "../../../workers/results/rows.store.ts";
import { decodeStrip } from "../../../workers/results/strip.ts";
import { daysStore } from "../../../workers/sla/days.store.ts";
import type { JudgedHour, JudgeStore } from "../../../workers/sla/judge.store.ts";
import { judgeTarget } from "../../../workers/sla/judgement.store.ts";
import { lookedStore } from "../../../workers/sla/looked.store.ts";
import { hourRows, minutesOf } from "../d1/rows.ts";
import { configWith, FIRST_DAY, REGIONS } from "./contracts.ts";

const DAY_MS = 86_400_000;
const now = (FIRST_DAY + 364) * DAY_MS - 600_000;
const days = REGIONS.map((_, at) => hourRows(at + 1, 1, minutesOf(at + 1, FIRST_DAY * 1_440, 1_440)));
let peak = 0;
let written = 0;

const store: Partial<JudgeStore> = {
  seriesOf: () =>
    Promise.resolve(
      REGIONS.map(({ id }, at) => {
        const schedules = [{ fromMinute: FIRST_DAY * 1_440, untilMinute: null, everyMs: 60_000 }];
        return { id: at + 1, region: id, journey: "loop" as const, schedules };
      }),
    ),
  hours(ranges) {
    const hours = ranges.flatMap(([from, to]): JudgedHour[] => {
      const series = Math.floor(from / SERIES_SPAN);
      return Array.from({ length: to - from }, (_, at) => hourOf(series, (from % SERIES_SPAN) + at));
    });
    peak = Math.max(peak, process.memoryUsage().heapUsed);
    return Promise.resolve(hours);
  },
  lossRuns: () => Promise.resolve([]),
  seenAt: () => Promise.resolve(0),
  frozen: () => Promise.resolve([]),
  newest: () => Promise.resolve(null),
  writeOpen() {
    written += 1;
    peak = Math.max(peak, process.memoryUsage().heapUsed);
    return Promise.resolve();
  },
};

function hourOf(series: number, hour: number): JudgedHour {
  const row = days[series - 1]?.[hour % 24];
  if (row === undefined) throw new Error(`no series ${series}`);
  const { latencyMsMax } = row;
  return { series, hour, strip: decodeStrip(row.strip), latency: decodeHistograms(row.latency), latencyMsMax };
}

/** As much of an object's storage as the judge uses, in a file. */
function storageIn(path: string): DurableObjectStorage {
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT)");
  const find = db.prepare("SELECT value FROM kept WHERE key = ?");
  const write = db.prepare("INSERT OR REPLACE INTO kept VALUES (?, ?)");
  const one = (key: string): unknown => {
    const text = find.get(key)?.["value"];
    return typeof text === "string" ? JSON.parse(text) : undefined;
  };
  const storage = {
    get: (keys: string | string[]) =>
      Promise.resolve(
        typeof keys === "string"
          ? one(keys)
          : new Map(keys.flatMap((key) => (one(key) === undefined ? [] : [[key, one(key)] as const]))),
      ),
    put(key: string | object, value?: unknown) {
      const entries = typeof key === "string" ? [[key, value] as const] : Object.entries(key);
      for (const [name, each] of entries) write.run(name, JSON.stringify(each));
      return Promise.resolve();
    },
    list: () => Promise.resolve(new Map()),
  };
  return storage as unknown as DurableObjectStorage;
}

const folder = mkdtempSync(join(tmpdir(), "sonde-bench-"));
try {
  const storage = storageIn(join(folder, "kept.sqlite"));
  const config = configWith("year");
  const [target] = config.targets;
  if (target === undefined) throw new Error("no target");
  const stores = {
    d1: store as JudgeStore,
    records: { exclusionsOf: () => Promise.resolve([]), ticketEventsOf: () => Promise.resolve([]) },
    incidents: { keptOf: () => Promise.resolve({ since: null, list: [] }) },
    days: daysStore(storage),
    looked: lookedStore(storage),
  };
  const from = performance.now();
  while ((await judgeTarget(stores, config, target, now)).next === "more") continue;
  console.log(JSON.stringify({ reports: written, peakMB: peak / 1e6, ms: performance.now() - from }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
