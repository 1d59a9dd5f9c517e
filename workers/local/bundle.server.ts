// Bundles Workers with wrangler, as a deploy would: ours, or another entry by the same rules (aliases, flags and date of
// wrangler.toml). Node only; used by `npm start`, the load test, `npm run agora:prove`, tests and the bench.

import { spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { unstable_readConfig } from "wrangler";

/** The folder that holds wrangler.toml. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** Generous: 3 s here, when nothing else runs. */
const BUILD_TIMEOUT_MS = 120_000;

/** Bundles the Worker as a deploy would, into `outDir`. Rejects with wrangler's own words. */
export async function buildWorker(outDir: string): Promise<void> {
  await rm(outDir, { recursive: true, force: true });
  await wrangler(["--outdir", outDir], ROOT);
}

/** What wrangler.toml says of how the runtime and the bundler behave. */
export function runtimeRules() {
  const config = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  const { alias = {}, compatibility_date, compatibility_flags, rules } = config;
  if (compatibility_date === undefined) throw new Error("wrangler.toml names no compatibility date");
  const absolute = Object.entries(alias as Readonly<Record<string, string>>).map(([name, to]) => [
    name,
    to.startsWith(".") ? join(ROOT, to) : to,
  ]);
  return { compatibility_date, compatibility_flags, rules, alias: Object.fromEntries(absolute) as Aliases };
}

export type Aliases = Readonly<Record<string, string>>;

/**
 * Bundles `main` (absolute, or from the root) into a folder below `folder`, and answers that folder. `aliases` may change
 * what wrangler.toml puts in a package's place.
 */
export async function bundleEntry(
  main: string,
  folder: string,
  more: { readonly minify?: boolean; readonly aliases?: (before: Aliases) => Aliases } = {},
): Promise<string> {
  const config = join(folder, "wrangler.json");
  const outDir = join(folder, "bundle");
  await mkdir(outDir, { recursive: true });
  const rules = runtimeRules();
  const alias = more.aliases?.(rules.alias) ?? rules.alias;
  const entry = { name: "entry", main: resolve(ROOT, main), minify: more.minify ?? false };
  await writeFile(config, JSON.stringify({ ...entry, ...rules, alias }));
  await wrangler(["--outdir", outDir, "--config", config], folder);
  return outDir;
}

async function wrangler(words: readonly string[], cwd: string): Promise<void> {
  const args = [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", ...words];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", CLOUDFLARE_CF_FETCH_ENABLED: "false" };
  const stdio = ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"];
  const child = spawn(process.execPath, args, { cwd, env, stdio, timeout: BUILD_TIMEOUT_MS });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  if (code !== 0) throw new Error(`wrangler could not bundle the Worker (exit ${code}):\n${said}`);
}
