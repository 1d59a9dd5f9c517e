// D1 in workerd: rows that are billed for each record, one JSON parameter against other ways of writing many rows, bytes on
// disk, and what a minute of a whole fleet costs in rows. The Worker that does the work is in d1/.

import { migrate } from "../../workers/local/fleet.server.ts";
import { edges, inTurn, timed } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import type { SteadyRows } from "./d1/steady.ts";
import type { Way } from "./d1/ways.ts";
import { inPrivateFolder, startWorker } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const ROUNDS = 9;
const WRITTEN = 500;
const REGIONS = 7;

export const d1: Subject = {
  name: "d1",
  about: "D1 in workerd: billed rows, ways of writing 500 minutes, bytes on disk, rows a minute of a fleet",
  run: (report, progress) =>
    inPrivateFolder(async (folder) => {
      progress("bundling the bench's Worker");
      const entry = "test/bench/d1/main.entry.ts";
      const worker = await startWorker({ entry, folder, d1: ["DB", "SPACE", "STEADY"], objects: { STORES: "Stores" } });
      try {
        for (const name of ["DB", "SPACE", "STEADY"]) await migrate(await worker.d1(name));
        progress("rows billed");
        await billed(worker, report);
        progress("500 minutes, three ways");
        await ways(worker, report);
        progress("bytes on disk");
        await space(worker, report);
        progress("a minute of seven regions");
        await steady(worker, report);
      } finally {
        await worker.stop();
      }
    }),
};

async function billed(worker: Running, report: Report): Promise<void> {
  const rows = await worker.ask<Record<string, Record<string, number>>>("/billed");
  for (const [how, tables] of Object.entries(rows)) {
    for (const [table, value] of Object.entries(tables)) {
      const words = how === "older" ? "write that an older attempt repeats" : how;
      report(`rows written a record, ${words}`, value, "rows", { table });
    }
  }
}

/** Timed around a request on loopback; the empty request is a figure of its own. */
async function ways(worker: Running, report: Report): Promise<void> {
  let series = 100;
  const statements = new Map<string, number>();
  const write = (way: Way, asOf: () => number, to: () => number) => () =>
    timed(async () => {
      const { statements: count, written } = await worker.ask<{ statements: number; written: number }>(
        `/write?way=${way}&series=${to()}&as_of=${asOf()}`,
      );
      statements.set(way, count);
      if (written !== WRITTEN) throw new Error(`${way} wrote ${written} rows instead of ${WRITTEN}`);
    });
  const empty = await inTurn(ROUNDS, { empty: () => timed(() => worker.ask("/ready")) });
  report("empty request, part of the times below", empty.empty.median, "ms", edges(empty.empty));

  const fresh = (): number => (series += 1);
  const inserted = await inTurn(ROUNDS, {
    json_each: write("json_each", () => 1, fresh),
    chunks: write("chunks", () => 1, fresh),
    singles: write("singles", () => 1, fresh),
  });
  let asOf = 10;
  const newer = (): number => (asOf += 1);
  const replaced = await inTurn(ROUNDS, {
    json_each: write("json_each", newer, () => 101),
    chunks: write("chunks", newer, () => 101),
    singles: write("singles", newer, () => 101),
  });
  for (const [figure, spreads] of Object.entries({ inserted, replaced })) {
    for (const [way, spread] of Object.entries(spreads)) {
      report(`500 minutes ${figure}`, spread.median, "ms", {
        way,
        statements: statements.get(way) ?? null,
        ...edges(spread),
        rounds: ROUNDS,
      });
    }
  }
}

async function space(worker: Running, report: Report): Promise<void> {
  const { before, afterMinutes, afterHours, afterDays } = await worker.ask<Sizes>("/space");
  const about = { regions: REGIONS, order: "as it comes, minute by minute" };
  report("bytes on disk a minute record", (afterMinutes - before) / (REGIONS * 1_440), "B", {
    ...about,
    records: REGIONS * 1_440,
  });
  report("bytes on disk an hour record", (afterHours - afterMinutes) / (REGIONS * 24), "B", {
    ...about,
    records: REGIONS * 24,
  });
  report("bytes on disk a day record", (afterDays - afterHours) / REGIONS, "B", {
    ...about,
    records: REGIONS,
    note: "whole pages of 4096 B",
  });
  report("bytes on disk a day of seven regions", afterDays - before, "B", about);
}

interface Sizes {
  readonly before: number;
  readonly afterMinutes: number;
  readonly afterHours: number;
  readonly afterDays: number;
}

async function steady(worker: Running, report: Report): Promise<void> {
  const { minutes, regions, collector, d1: db } = await worker.ask<SteadyRows>("/collector");
  const about = { regions, minutes, every: "60s", state: "everything that retention removes is there" };
  report("collector's own rows written a minute, alarms aside", collector.written / minutes, "rows", about);
  report("collector's own rows read a minute", collector.read / minutes, "rows", about);
  report("D1 rows written a minute", db.written / minutes, "rows", about);
  report("D1 rows read a minute", db.read / minutes, "rows", { ...about, at: "half past noon on the 22nd" });
  const prober = await worker.ask<{ wakes: number; read: number; written: number }>("/prober");
  report("prober's own rows written a wake, alarm aside", prober.written / prober.wakes, "rows", {
    wakes: prober.wakes,
  });
  report("prober's own rows read a wake", prober.read / prober.wakes, "rows", { wakes: prober.wakes });
}
