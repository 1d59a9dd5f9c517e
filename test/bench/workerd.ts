// Bundles a Worker of the bench as a deploy would, and runs it in the workerd that Sonde runs in. The Worker is asked over
// a port of its own, past Miniflare's proxy, so that the proxy's time is in no figure. Called by the subjects.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import { modulesOf, ROOT } from "../../workers/local/fleet.server.ts";

const BUNDLE_TIMEOUT_MS = 120_000;

/** A folder of our own, gone when the work is done. */
export async function inPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines of wrangler.toml that decide how the runtime behaves: the same date, flags and rules as the real Worker. */
async function runtimeOf(): Promise<{ date: string; flags: string[] }> {
  const toml = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const date = /^compatibility_date = "(.+)"$/m.exec(toml)?.[1];
  const flags = /^compatibility_flags = (\[.*\])$/m.exec(toml)?.[1];
  if (date === undefined || flags === undefined) throw new Error("wrangler.toml names no compatibility date or flags");
  return { date, flags: JSON.parse(flags) as string[] };
}

async function bundle(entry: string, folder: string): Promise<string> {
  const { date, flags } = await runtimeOf();
  const config = join(folder, "wrangler.json");
  const outDir = join(folder, "bundle");
  await mkdir(outDir, { recursive: true });
  const rules = [{ type: "Text", globs: ["**/*.sql"], fallthrough: true }];
  const main = join(ROOT, entry);
  await writeFile(
    config,
    JSON.stringify({ name: "bench", main, compatibility_date: date, compatibility_flags: flags, rules }),
  );
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const args = [wrangler, "deploy", "--dry-run", "--outdir", outDir, "--config", config];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: BUNDLE_TIMEOUT_MS,
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== 0) throw new Error(`wrangler could not bundle ${entry} (exit ${code}):\n${said}`);
  return outDir;
}

export interface Running {
  /** Straight to the Worker, past Miniflare's proxy. */
  readonly url: URL;
  /** What the Worker answers, as JSON. Rejects unless it answers 200. */
  ask<T>(path: string): Promise<T>;
  d1(binding: string): Promise<D1Database>;
  stop(): Promise<void>;
}

/** Text bindings, D1 bindings and Durable Object classes are by name. */
export async function startWorker(options: {
  readonly entry: string;
  readonly folder: string;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly d1?: readonly string[];
  readonly objects?: Readonly<Record<string, string>>;
}): Promise<Running> {
  return startBundle({ ...options, bundleDir: await bundle(options.entry, options.folder), main: "main.entry.js" });
}

/** The same for a Worker that is bundled already. */
export async function startBundle(options: {
  readonly bundleDir: string;
  readonly main: string;
  readonly folder: string;
  readonly bindings?: Readonly<Record<string, string>>;
  readonly d1?: readonly string[];
  readonly objects?: Readonly<Record<string, string>>;
}): Promise<Running> {
  const { date, flags } = await runtimeOf();
  const modules = await modulesOf(options.bundleDir, options.main);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      resourcePersistencePath: join(options.folder, "data"),
      workers: [
        {
          name: "bench",
          rootPath: options.bundleDir,
          modulesRoot: "/",
          modules,
          compatibilityDate: date,
          compatibilityFlags: flags,
          bindings: { ...options.bindings },
          d1Databases: Object.fromEntries((options.d1 ?? []).map((name) => [name, name.toLowerCase()])),
          durableObjects: Object.fromEntries(
            Object.entries(options.objects ?? {}).map(([name, className]) => [name, { className, useSQLite: true }]),
          ),
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL("bench");
  return {
    url,
    async ask<T>(path: string): Promise<T> {
      const response = await fetch(new URL(path, url));
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: HTTP ${response.status}: ${text.slice(0, 2_000)}`);
      return JSON.parse(text) as T;
    },
    d1: async (binding) => (await miniflare.getD1Database(binding)) as unknown as D1Database,
    stop: () => miniflare.dispose(),
  };
}
