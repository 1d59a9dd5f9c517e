// A law of `npm run check`: migrations are in step with the tables. For each database drizzle-kit itself is asked, in a
// copy of schema/ that is thrown away: its check must pass, and generating must change nothing. An argument names another
// folder that holds schema/ and the drizzle configs. One line a database; exit 1 with what to do when one is out of step.

import { spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const DATABASES = ["d1", "prober", "collector", "duty"] as const;
const KIT_TIMEOUT_MS = 60_000;
/** drizzle-kit ends with 0 even when it fails, so success is what it says. Its version is pinned, and so are its words. */
const COMMANDS = [
  ["check", "Everything's fine"],
  ["generate", "No schema changes"],
] as const;
const FIX = "write the missing migration: npm run migrations -- --name what_it_does";

/** What is wrong with one database's migrations; null when nothing is. `count`: its migrations. */
interface Verdict {
  readonly count: number;
  readonly problem: string | null;
}

/** `copy` holds schema/, the configs and a way to node_modules; it is changed. */
async function judge(copy: string, database: string): Promise<Verdict> {
  const folder = join(copy, "schema/migrations", database);
  const before = await filesBelow(folder);
  const count = [...before.keys()].filter((name) => name.endsWith(".sql")).length;
  // A law that checked nothing has not been kept.
  if (count === 0) return { count, problem: "has no migrations at all" };
  for (const [command, success] of COMMANDS) {
    const { code, said } = await drizzleKit(copy, [command, "--config", `drizzle.${database}.config.ts`]);
    // What it would write it says too; and where it must ask a person whether a column was renamed, nobody answers here.
    if (code !== 0 || !said.includes(success))
      return { count, problem: `drizzle-kit ${command} does not say "${success}":\n${said.trim()}` };
  }
  const after = await filesBelow(folder);
  const names = new Set([...before.keys(), ...after.keys()]);
  const changed = [...names].filter((name) => before.get(name) !== after.get(name)).toSorted();
  return { count, problem: changed.length === 0 ? null : `generating changes ${changed.join(", ")}` };
}

async function filesBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "utf8")] as const),
  );
  return new Map(texts);
}

async function drizzleKit(cwd: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const bin = join(ROOT, "node_modules/drizzle-kit/bin.cjs");
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: KIT_TIMEOUT_MS,
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  return { code: await new Promise((done) => child.on("close", done)), said };
}

async function main(from: string): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "sonde-migrations-"));
  try {
    await cp(join(from, "schema"), join(copy, "schema"), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
    for (const database of DATABASES) {
      const config = `drizzle.${database}.config.ts`;
      await cp(join(from, config), join(copy, config));
      const { count, problem } = await judge(copy, database);
      console.log(
        `migrations: ${database}: ${count} in step with its tables: ${problem === null ? "yes" : `NO: ${problem}`}`,
      );
      if (problem !== null) process.exitCode = 1;
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
  if (process.exitCode === 1) console.error(FIX);
}

await main(resolve(process.argv[2] ?? ROOT));
