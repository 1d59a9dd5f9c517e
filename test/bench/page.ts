// The front page against the least that Hono can do: a Worker that answers the same bytes and headers each time. As visitors get it
// while its figures change every second; rendered anew each time with news of every region, against a Worker that reads the same row of
// D1; of a hundred targets; and young against old. All in the same workerd, asked in turn over loopback by the same load generator
// (load.cli.ts, its own process, 16 connections), past Miniflare's proxy. The ratio is what counts: goals are about ratios, and say `met`.

import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { readFront } from "../../status-page/read.store.ts";
import { buildWorker, bundleEntry, ROOT } from "../../workers/local/bundle.server.ts";
import { migrate } from "../../workers/local/fleet.server.ts";
import { countedD1 } from "./d1/counted.ts";
import { edges, inTurn, spreadOf } from "./figure.ts";
import type { Report, Spread, Subject } from "./figure.ts";
import { frontWriter } from "./page-rows.ts";
import type { Fleet } from "./page-rows.ts";
import { inPrivateFolder, startBundle } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const ROUNDS = 10;
const SECONDS = 1.5;
const CONNECTIONS = 16;
const WRITE_EVERY_MS = 1_000;
const GOALS = { cached: 0.85, uncached: 0.7, alike: 0.9, bytesOne: 20_000, bytesHundred: 60_000 } as const;
/** What belongs to the connection, or changes with each answer. */
const NOT_OURS = new Set(["content-length", "date", "connection", "keep-alive", "transfer-encoding"]);
const OBJECTS = { PROBER: "Prober", COLLECTOR: "Collector" };

/** Bundles by what they are. */
interface Bundles {
  readonly sonde: string;
  readonly uncached: string;
  readonly trivial: string;
}

interface Case {
  readonly name: string;
  readonly fleet: Fleet;
  readonly kind: "cached" | "uncached";
}

const CASES: readonly Case[] = [
  { name: "one target", fleet: { targets: 1 }, kind: "cached" },
  { name: "30 days of history", fleet: { targets: 1, days: 30 }, kind: "cached" },
  { name: "100 targets", fleet: { targets: 100 }, kind: "cached" },
  { name: "one target", fleet: { targets: 1 }, kind: "uncached" },
];

export const page: Subject = {
  name: "page",
  about: "requests a second of the front page against trivial Hono Workers, in turn; bytes; D1 rows read",
  run: (report, progress) =>
    inPrivateFolder(async (folder) => {
      progress("bundling Sonde and the Workers beside it");
      const sonde = join(folder, "sonde");
      await buildWorker(sonde);
      const bundle = async (name: string): Promise<string> => {
        const own = join(folder, name);
        await mkdir(own);
        return bundleEntry(`test/bench/${name}/main.entry.ts`, own);
      };
      const bundles: Bundles = { sonde, uncached: await bundle("page"), trivial: await bundle("trivial") };
      const ratios: number[] = [];
      for (const [at, each] of CASES.entries()) {
        progress(`${each.name}, ${each.kind}: ${ROUNDS} rounds of ${SECONDS} s each, in turn`);
        const own = join(folder, `case-${at}`);
        await mkdir(own);
        ratios.push(await measure(each, bundles, own, report));
      }
      const [year = 0, month = 0, hundred = 0] = ratios;
      alike(report, "ratio at 365 days of history / at 30", year / month);
      alike(report, "ratio of 100 targets / of one", hundred / year);
    }),
};

function alike(report: Report, figure: string, value: number): void {
  report(figure, value, "ratio", { goal: GOALS.alike, met: value >= GOALS.alike });
}

/** The median of the rounds' own ratios. */
async function measure(one: Case, bundles: Bundles, folder: string, report: Report): Promise<number> {
  const bundleDir = one.kind === "cached" ? bundles.sonde : bundles.uncached;
  const objects = one.kind === "cached" ? OBJECTS : {};
  const options = { main: "main.entry.js", d1: ["DB"] };
  const subject = await startBundle({ ...options, bundleDir, folder: join(folder, "subject"), objects });
  try {
    const write = await writerFor(subject, one.fleet);
    if (one.kind === "cached") await rowsRead(subject, report);
    const { body, headers } = await whole(subject);
    if (one.kind === "cached") sizes(one, body, report);
    const trivial = await startBundle({
      ...options,
      bundleDir: bundles.trivial,
      folder: join(folder, "trivial"),
      bindings: { BODY: body, HEADERS: JSON.stringify(headers) },
    });
    try {
      // Local D1 lives in the Worker's own process: what it costs to be written to falls on both.
      const writeBeside = await writerFor(trivial, one.fleet);
      const writeBoth = async (): Promise<void> => void (await Promise.all([write(), writeBeside()]));
      const path = one.kind === "cached" ? "/" : "/row";
      const found = await race(subject.url, new URL(path, trivial.url), writeBoth);
      const about = { kind: one.kind, targets: one.fleet.targets, bytes: Buffer.byteLength(body), ...found.how };
      const { paired } = found;
      report(`front page, ${one.kind}, ${one.name}`, found.ours.median, "requests/s", {
        ...about,
        ...edges(found.ours, 0),
      });
      report("trivial Worker beside it", found.theirs.median, "requests/s", { ...about, ...edges(found.theirs, 0) });
      const goal = GOALS[one.kind];
      const judged = { goal, met: paired.median >= goal };
      report(`front page / trivial, ${one.kind}, ${one.name}`, paired.median, "ratio", {
        ...about,
        ...edges(paired),
        ...judged,
      });
      return paired.median;
    } finally {
      await trivial.stop();
    }
  } finally {
    await subject.stop();
  }
}

async function writerFor(running: Running, fleet: Fleet): Promise<() => Promise<void>> {
  const d1 = await running.d1("DB");
  await migrate(d1);
  const write = frontWriter(d1, fleet);
  await write(Date.now());
  return () => write(Date.now());
}

async function rowsRead(running: Running, report: Report): Promise<void> {
  const rows = { read: 0, written: 0 };
  await readFront({ DB: countedD1(await running.d1("DB"), rows) });
  const note = "at most once in 2 s an isolate";
  report("D1 rows read by a front page that is not in memory", rows.read, "rows", { note });
}

interface Whole {
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
}

async function whole(running: Running): Promise<Whole> {
  const answer = await fetch(running.url);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`the front page answers ${answer.status}`);
  return { body, headers: [...answer.headers].filter(([name]) => !NOT_OURS.has(name)) };
}

function sizes({ fleet, name }: Case, body: string, report: Report): void {
  const about = { case: name, targets: fleet.targets, regions: 11, days: fleet.days ?? 365 };
  report("bytes of the front page", Buffer.byteLength(body), "B", about);
  const zipped = gzipSync(body, { level: 6 }).length;
  const goal = fleet.targets === 1 ? GOALS.bytesOne : GOALS.bytesHundred;
  report("bytes of the front page, gzip -6", zipped, "B", { ...about, goal, met: zipped <= goal });
  report("bytes of the front page, brotli", brotliCompressSync(body).length, "B", about);
}

interface Race {
  readonly ours: Spread;
  readonly theirs: Spread;
  /** Each round's own ratio, so that what slows both down falls out; the first one was the warm-up. */
  readonly paired: Spread;
  readonly how: { readonly rounds: number; readonly connections: number; readonly writes: number };
}

async function race(url: URL, other: URL, write: () => Promise<void>): Promise<Race> {
  let writes = 0;
  let failed: unknown = null;
  const writer = setInterval(() => {
    write().then(
      () => (writes += 1),
      (problem: unknown) => (failed = problem),
    );
  }, WRITE_EVERY_MS);
  try {
    const ratios: number[] = [];
    let last = 0;
    const { ours, theirs } = await inTurn(ROUNDS, {
      ours: async () => (last = await rate(url)),
      theirs: async () => {
        const beside = await rate(other);
        ratios.push(last / beside);
        return beside;
      },
    });
    if (failed !== null) throw failed;
    const how = { rounds: ROUNDS, connections: CONNECTIONS, writes };
    return { ours, theirs, paired: spreadOf(ratios.slice(1)), how };
  } finally {
    clearInterval(writer);
  }
}

/** Requests a second over one round. */
async function rate(url: URL): Promise<number> {
  const args = [join(ROOT, "test/bench/load.cli.ts"), url.href, String(CONNECTIONS), String(SECONDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: (SECONDS + 30) * 1_000 });
  const { requests, ms } = JSON.parse(stdout) as { requests: number; ms: number };
  return requests / (ms / 1_000);
}
