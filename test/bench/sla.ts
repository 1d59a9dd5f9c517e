// The SLA engine in workerd with real D1: a year of one target with 11 regions under five contracts, what the judge reads each
// five minutes, and that the present month does not cost more for a longer history. The Worker that does it is in sla/.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { migrate } from "../../workers/local/fleet.server.ts";
import { edges, spreadOf, timed } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { inPrivateFolder, startWorker } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const DAY_MS = 86_400_000;
const YEAR = Date.UTC(2026, 0, 1);
const ROUNDS = 3;
const ABOUT = { regions: 11, contracts: 5, messages_a_minute: 20 } as const;

interface Judged {
  readonly read: number;
  readonly written: number;
  /** Something is left for another alarm. */
  readonly left: boolean;
}

/** As many alarms as it takes; their rows together. */
async function judgeAll(worker: Running, unit: string, now: number): Promise<Judged> {
  let [read, written] = [0, 0];
  for (let alarms = 1; ; alarms++) {
    const judged = await worker.ask<Judged>(`/judge?unit=${unit}&now=${now}`);
    [read, written] = [read + judged.read, written + judged.written];
    if (!judged.left) return { read, written, left: false };
    if (alarms === 500) throw new Error("the judge does not come to an end");
  }
}

export const sla: Subject = {
  name: "sla",
  about: "the SLA engine: a year under five contracts, time, memory and rows of D1; the present month after a year",
  run: (report, progress) =>
    inPrivateFolder(async (folder) => {
      progress("bundling the bench's Worker");
      const entry = "test/bench/sla/main.entry.ts";
      const worker = await startWorker({ entry, folder, d1: ["DB"], objects: { JUDGES: "Judges" } });
      try {
        await migrate(await worker.d1("DB"));
        await worker.ask("/fill?from=0&to=20");
        await month(worker, report, 20, "20 days");
        progress("filling a year: 96,360 hours");
        await worker.ask("/fill?from=20&to=364");
        await month(worker, report, 354, "354 days");
        progress("a year, nothing kept");
        await year(worker, report);
        progress("the year in little memory");
        memory(report);
      } finally {
        await worker.stop();
      }
    }),
};

/** What each five minutes cost, with so much history: the judge has judged before, and its settled days are kept. */
async function month(worker: Running, report: Report, days: number, history: string): Promise<void> {
  const now = YEAR + days * DAY_MS - 600_000;
  await worker.ask("/forget");
  // Past months are frozen first.
  await judgeAll(worker, "month", now);
  const times: number[] = [];
  let rows: Judged = { read: 0, written: 0, left: false };
  for (let round = 0; round < ROUNDS; round++) {
    times.push(
      await timed(async () => {
        rows = await worker.ask<Judged>(`/judge?unit=month&now=${now + (round + 1) * 300_000}`);
      }),
    );
  }
  report("D1 rows read to judge the open month once more", rows.read, "rows", { ...ABOUT, history });
  const spread = spreadOf(times);
  report("the open month once more", spread.median, "ms", { ...ABOUT, history, ...edges(spread) });
}

async function year(worker: Running, report: Report): Promise<void> {
  const now = YEAR + 364 * DAY_MS - 600_000;
  await worker.ask("/forget");
  let rows: Judged = { read: 0, written: 0, left: false };
  const ms = await timed(async () => {
    rows = await judgeAll(worker, "year", now);
  });
  report("a year under five contracts, nothing kept", ms, "ms", { ...ABOUT, minutes: 364 * 1_440 * 11 });
  report("D1 rows read for it", rows.read, "rows", ABOUT);
  const again = await timed(async () => {
    rows = await worker.ask<Judged>(`/judge?unit=year&now=${now + 300_000}`);
  });
  report("the same once more, with the settled days kept", again, "ms", ABOUT);
  report("D1 rows read for it once more", rows.read, "rows", ABOUT);
}

/** A Durable Object has 128 MB, of which code and runtime take some. */
const HEAP_MB = 64;

/** The same judge in a Node whose heap is no larger: it comes to its end, or it does not fit. */
function memory(report: Report): void {
  const program = join(import.meta.dirname, "sla/memory.cli.ts");
  const words = execFileSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, "--max-semi-space-size=8", program],
    { timeout: 600_000 },
  );
  const { reports, peakMB, ms } = JSON.parse(String(words)) as { reports: number; peakMB: number; ms: number };
  if (reports !== ABOUT.contracts) throw new Error(`${reports} reports in a heap of ${HEAP_MB} MB`);
  const about = { ...ABOUT, heap_limit_mb: HEAP_MB, where: "Node, the same code" };
  report("peak heap of the year, nothing kept", peakMB, "MB", about);
  report("the year there, without D1", ms, "ms", about);
}
