// The front page, as a visitor gets it while its figures change every second, against the least that Hono can do: a Worker
// that answers the same bytes and headers each time. Both in the same workerd, asked in turn over loopback by the same
// load generator (load.cli.ts, its own process, 16 connections), past Miniflare's proxy. The ratio is what counts.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { readFront } from "../../status-page/read.store.ts";
import { buildWorker, ROOT } from "../../workers/local/bundle.server.ts";
import { migrate } from "../../workers/local/fleet.server.ts";
import { countedD1 } from "./d1/counted.ts";
import { edges, inTurn, spreadOf } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { frontWriter } from "./page-rows.ts";
import { inPrivateFolder, startBundle, startWorker } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const ROUNDS = 12;
const SECONDS = 2;
const CONNECTIONS = 16;
const WRITE_EVERY_MS = 1_000;
/** What belongs to the connection, or changes with each answer. */
const NOT_OURS = new Set(["content-length", "date", "connection", "keep-alive", "transfer-encoding"]);

export const page: Subject = {
  name: "page",
  about: "requests a second of the front page against a trivial Hono Worker, in turn; bytes; D1 rows read",
  run: (report, progress) =>
    inPrivateFolder(async (folder) => {
      progress("bundling Sonde and the trivial Worker");
      const bundleDir = join(folder, "sonde");
      await buildWorker(bundleDir);
      const objects = { PROBER: "Prober", COLLECTOR: "Collector" };
      const sonde = await startBundle({ bundleDir, main: "main.entry.js", folder, d1: ["DB"], objects });
      try {
        await measure(sonde, folder, report, progress);
      } finally {
        await sonde.stop();
      }
    }),
};

async function measure(
  sonde: Running,
  folder: string,
  report: Report,
  progress: (words: string) => void,
): Promise<void> {
  const d1 = await sonde.d1("DB");
  await migrate(d1);
  const write = frontWriter(d1);
  await write(Date.now());
  const rows = { read: 0, written: 0 };
  await readFront({ DB: countedD1(d1, rows) });
  report("D1 rows read by a front page that is not in memory", rows.read, "rows", {
    note: "at most once in 2 s an isolate",
  });

  const answer = await fetch(sonde.url);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`the front page answers ${answer.status}`);
  const headers = [...answer.headers].filter(([name]) => !NOT_OURS.has(name));
  const about = { regions: 7, days: 90, language: answer.headers.get("content-language") };
  report("bytes of the front page", Buffer.byteLength(body), "B", about);
  report("bytes of the front page, gzip", gzipSync(body).length, "B", about);
  report("bytes of the front page, brotli", brotliCompressSync(body).length, "B", about);

  const bindings = { BODY: body, HEADERS: JSON.stringify(headers) };
  const trivial = await startWorker({
    entry: "test/bench/trivial/main.entry.ts",
    folder: join(folder, "trivial"),
    bindings,
  });
  let writes = 0;
  let failed: unknown = null;
  const writer = setInterval(() => {
    write(Date.now()).then(
      () => (writes += 1),
      (problem: unknown) => (failed = problem),
    );
  }, WRITE_EVERY_MS);
  try {
    progress(`${ROUNDS} rounds of ${SECONDS} s each, in turn`);
    const ratios: number[] = [];
    let last = 0;
    const rates = await inTurn(ROUNDS, {
      sonde: async () => (last = await rate(sonde.url)),
      trivial: async () => {
        const other = await rate(trivial.url);
        ratios.push(last / other);
        return other;
      },
    });
    if (failed !== null) throw failed;
    const how = {
      rounds: ROUNDS,
      seconds: SECONDS,
      connections: CONNECTIONS,
      headers: headers.length,
      bytes: Buffer.byteLength(body),
    };
    report("front page, its row rewritten each second", rates.sonde.median, "requests/s", {
      ...how,
      ...edges(rates.sonde, 0),
      writes,
    });
    report("trivial Hono Worker, same bytes and headers", rates.trivial.median, "requests/s", {
      ...how,
      ...edges(rates.trivial, 0),
    });
    // Each round's own ratio, so that what slows both down falls out; the first one was the warm-up.
    const paired = spreadOf(ratios.slice(1));
    report("front page / trivial, of each round", paired.median, "ratio", { ...edges(paired), rounds: ROUNDS });
  } finally {
    clearInterval(writer);
    await trivial.stop();
  }
}

/** Requests a second over one round. */
async function rate(url: URL): Promise<number> {
  const args = [join(ROOT, "test/bench/load.cli.ts"), url.href, String(CONNECTIONS), String(SECONDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: (SECONDS + 30) * 1_000 });
  const { requests, ms } = JSON.parse(stdout) as { requests: number; ms: number };
  return requests / (ms / 1_000);
}
