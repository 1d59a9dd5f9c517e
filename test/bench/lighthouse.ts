// The front page as Lighthouse judges it with its phone settings (a slow phone on a slow network, simulated): the real Worker, bundled
// as a deploy bundles it, with a year of eleven regions in its D1, in both languages, in the system's Chromium. Before it stands what
// Cloudflare's edge does to a page: it is compressed. Lighthouse is not among our packages: it is a hundred of them, 176 MB, for four
// figures. npx fetches that very version when the subject is named.

import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

import { LANGUAGES } from "../../schema/words.ts";
import { buildWorker } from "../../workers/local/bundle.server.ts";
import { migrate } from "../../workers/local/fleet.server.ts";
import { edges, spreadOf } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { frontWriter } from "./page-rows.ts";
import { inPrivateFolder, startBundle } from "./workerd.ts";

const VERSION = "13.5.0";
const GOAL = 100;
const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
const CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run";
const TIMEOUT_MS = 180_000;
/** What belongs to the connection. */
const NOT_PASSED_ON = new Set(["content-length", "connection", "keep-alive", "transfer-encoding"]);
/** Figures behind the performance score, as Lighthouse calls them. */
const BEHIND = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];

interface Audit {
  readonly title: string;
  readonly score: number | null;
  readonly numericValue?: number;
}

/** What we read of its report. */
interface Judged {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { id: string; weight: number }[] }>
  >;
  readonly audits: Readonly<Record<string, Audit>>;
}

export const lighthouse: Subject = {
  name: "lighthouse",
  about: "Lighthouse's four scores of the front page, phone settings; only when named, by npx",
  run: async (report, progress, { named }) => {
    if (!named) {
      progress("only when named: it fetches Lighthouse from the registry");
      return;
    }
    await inPrivateFolder(async (folder) => {
      progress("bundling Sonde");
      const bundleDir = join(folder, "sonde");
      await buildWorker(bundleDir);
      const own = join(folder, "worker");
      await mkdir(own);
      const objects = { PROBER: "Prober", COLLECTOR: "Collector" };
      const running = await startBundle({ bundleDir, main: "main.entry.js", d1: ["DB"], folder: own, objects });
      try {
        const d1 = await running.d1("DB");
        await migrate(d1);
        await frontWriter(d1, { targets: 1 })(Date.now());
        const edge = await edgeBefore(running.url);
        try {
          for (const language of LANGUAGES) {
            const runs: Judged[] = [];
            for (let run = 1; run <= RUNS; run++) {
              progress(`/${language}, run ${run} of ${RUNS}`);
              runs.push(await judge(new URL(`/${language}`, edge.url), join(folder, `${language}-${run}.json`)));
            }
            tell(runs, language, report, progress);
          }
        } finally {
          edge.close();
        }
      } finally {
        await running.stop();
      }
    });
  },
};

/** A loopback port that gives the Worker's answers, gzipped where they are text. */
async function edgeBefore(worker: URL): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    try {
      const answer = await fetch(new URL(request.url ?? "/", worker), { redirect: "manual" });
      const body = Buffer.from(await answer.arrayBuffer());
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => !NOT_PASSED_ON.has(name)));
      response.writeHead(answer.status, { ...headers, "content-encoding": "gzip" });
      response.end(gzipSync(body, { level: 6 }));
    } catch (problem) {
      response.writeHead(502).end(String(problem));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function judge(url: URL, file: string): Promise<Judged> {
  const asked = [url.href, "--quiet", "--output=json", `--output-path=${file}`, `--chrome-flags=${CHROMIUM_FLAGS}`];
  const env = { ...process.env, CHROME_PATH: process.env["CHROMIUM"] ?? "/usr/bin/chromium", CI: "1" };
  const run = () =>
    promisify(execFile)("npx", ["--yes", `lighthouse@${VERSION}`, ...asked], { env, timeout: TIMEOUT_MS });
  // On a busy machine it misses its own trace now and then, and says to run it again.
  await run().catch(run);
  return JSON.parse(await readFile(file, "utf8")) as Judged;
}

/** The median of the runs, as Lighthouse's own advice is: what else the machine does costs the performance points. */
function tell(runs: readonly Judged[], language: string, report: Report, progress: (words: string) => void): void {
  const about = { language, form: "phone", runs: runs.length, lighthouse: VERSION };
  for (const category of CATEGORIES) {
    const points = spreadOf(runs.map((run) => pointsOf(run, category)));
    const judged = { goal: GOAL, met: points.median >= GOAL };
    report(`Lighthouse ${category}`, points.median, "of 100", { ...about, ...edges(points), ...judged });
    const faults = new Set(runs.flatMap((run) => faultsOf(run, category)));
    if (!judged.met) progress(`${category} lost points by: ${[...faults].join("; ")}`);
  }
  for (const id of BEHIND) {
    const found = spreadOf(runs.map(({ audits }) => audits[id]?.numericValue ?? Number.NaN));
    if (Number.isNaN(found.median)) throw new Error(`Lighthouse did not measure ${id}`);
    const unit = id === "cumulative-layout-shift" ? "shift" : "ms";
    report(id.replaceAll("-", " "), found.median, unit, { ...about, ...edges(found) });
  }
}

/** 0 to 100, cut off. */
function pointsOf({ categories }: Judged, category: string): number {
  const score = categories[category]?.score ?? null;
  if (score === null) throw new Error(`Lighthouse gives no score for ${category}`);
  // A score of two digits times a hundred is not always whole: 0.29 * 100 is 28.999999999999996.
  return Math.floor(Number((score * 100).toFixed(6)));
}

function faultsOf({ categories, audits }: Judged, category: string): readonly string[] {
  return (categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
    const audit = audits[id];
    return weight > 0 && audit !== undefined && audit.score !== null && audit.score < 1 ? [audit.title] : [];
  });
}
