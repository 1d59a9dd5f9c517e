// The real Worker in workerd on this machine: bundled by wrangler from the untouched wrangler.toml, with its real
// Durable Objects and D1 on disk. Node only; used by `npm start`, by tests and by the bench.

import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";

import { ROOT } from "./bundle.server.ts";

const MIGRATIONS = join(ROOT, "schema/migrations/d1");

export interface Fleet {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Runs the watchdog, as the platform's cron does each minute: locally nobody else does. */
  watch(): Promise<void>;
  /** The D1 that the Worker writes. */
  d1(): Promise<D1Database>;
  stop(): Promise<void>;
}

/**
 * Starts workerd on 127.0.0.1:`port` (0: any free one) with its data below `dataDir`, and applies D1's migrations.
 * `bindings`: the configuration and the secrets. `onLog` gets what the Worker prints.
 */
export async function startFleet(options: {
  readonly bundleDir: string;
  readonly dataDir: string;
  readonly port: number;
  readonly bindings: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
}): Promise<Fleet> {
  await mkdir(options.dataDir, { recursive: true });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const modules = await modulesOf(options.bundleDir, "main.entry.js");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      // Else it asks Cloudflare for a sample of request.cf, and telemetry for attention: this machine talks to itself only.
      cf: false,
      telemetry: { enabled: false },
      port: options.port,
      log: new Log(LogLevel.NONE),
      resourcePersistencePath: options.dataDir,
      handleStructuredLogs: ({ level, message }) => options.onLog?.(`${level}: ${message}`),
      workers: [
        {
          ...(workerOptions as object),
          // Here all are one address: the start, who develops, and the page in their browser.
          ratelimits: {},
          name: "sonde",
          rootPath: options.bundleDir,
          modulesRoot: "/",
          modules,
          bindings: options.bindings,
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  const d1 = async (): Promise<D1Database> => (await miniflare.getD1Database("DB")) as unknown as D1Database;
  await migrate(await d1());
  return {
    url,
    d1,
    async watch() {
      const worker = await miniflare.getWorker();
      const { outcome } = await worker.scheduled({ cron: "* * * * *" });
      if (outcome !== "ok") throw new Error(`the watchdog ended with ${outcome}`);
    },
    stop: () => miniflare.dispose(),
  };
}

/** What wrangler bundled into a folder, as Miniflare takes it: the script, and the migrations that it imports as text. */
export async function modulesOf(bundleDir: string, main: string) {
  const names = (await readdir(bundleDir)).filter((name) => name.endsWith(".sql"));
  const read = (path: string): Promise<string> => readFile(join(bundleDir, path), "utf8");
  return [
    { type: "ESModule" as const, path: main, contents: await read(main) },
    ...(await Promise.all(names.map(async (path) => ({ type: "Text" as const, path, contents: await read(path) })))),
  ];
}

/** As `wrangler d1 migrations apply` does: each file once, in order, and its name in the same batch. */
export async function migrate(d1: D1Database, files?: readonly string[]): Promise<string[]> {
  await d1.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TEXT)",
  );
  const applied = await d1.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const done = new Set(applied.results.map((row) => row.name));
  const wanted = files ?? (await readdir(MIGRATIONS)).filter((name) => name.endsWith(".sql")).toSorted();
  const fresh = wanted.filter((name) => !done.has(name));
  for (const name of fresh) {
    const text = await readFile(join(MIGRATIONS, name), "utf8");
    const statements = text.split("--> statement-breakpoint").map((statement) => d1.prepare(statement));
    const mark = d1.prepare("INSERT INTO d1_migrations (name, applied_at) VALUES (?1, CURRENT_TIMESTAMP)").bind(name);
    await d1.batch([...statements, mark]);
  }
  return fresh;
}
