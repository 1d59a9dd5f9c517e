// A real D1 with the real migrations, for tests in Node: Miniflare's, of a Worker that does nothing else. Checks nothing itself.

import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { migrate } from "../workers/local/fleet.server.ts";

export interface RealD1 {
  readonly d1: D1Database;
  /** Migrations that were applied, by the names of their files. */
  readonly migrations: readonly string[];
  close(): Promise<void>;
}

export async function openD1(): Promise<RealD1> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      // Else it asks Cloudflare for a sample of request.cf, and telemetry for attention.
      cf: false,
      telemetry: { enabled: false },
      modules: true,
      script: "export default { fetch: () => new Response() }",
      d1Databases: { DB: "test" },
      compatibilityDate: "2026-10-20",
    }),
  );
  // Miniflare's own types of the same thing.
  const d1 = (await miniflare.getD1Database("DB")) as unknown as D1Database;
  return { d1, migrations: await migrate(d1), close: () => miniflare.dispose() };
}
