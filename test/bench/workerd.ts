// Bundles a Worker of the bench as a deploy would, and runs it in the workerd that Sonde runs in. The Worker is asked over
// a port of its own, past Miniflare's proxy, so that the proxy's time is in no figure. Called by the subjects.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import { bundleEntry, runtimeRules } from "../../workers/local/bundle.server.ts";
import { modulesOf } from "../../workers/local/fleet.server.ts";

/** A folder of our own, gone when the work is done. */
export async function inPrivateFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Running {
  /** Straight to the Worker, past Miniflare's proxy. */
  readonly url: URL;
  /** What the Worker answers, as JSON; a `body` is sent as JSON, by POST. Rejects unless it answers 200. */
  ask<T>(path: string, body?: unknown): Promise<T>;
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
  return startBundle({
    ...options,
    bundleDir: await bundleEntry(options.entry, options.folder),
    main: "main.entry.js",
  });
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
  const { compatibility_date, compatibility_flags } = runtimeRules();
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
          compatibilityDate: compatibility_date,
          compatibilityFlags: compatibility_flags,
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
    async ask<T>(path: string, body?: unknown): Promise<T> {
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(new URL(path, url), init);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: HTTP ${response.status}: ${text.slice(0, 2_000)}`);
      return JSON.parse(text) as T;
    },
    d1: async (binding) => (await miniflare.getD1Database(binding)) as unknown as D1Database,
    stop: () => miniflare.dispose(),
  };
}
