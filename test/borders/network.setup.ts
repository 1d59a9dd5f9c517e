// Before the border tests: starts their outside (`servers.cli.ts`, a process of its own, since this file runs with the
// resolution of a browser) and gives them its ports, the configuration that measures it, its secrets and D1's migrations.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { TestProject } from "vitest/node";

import type { ConfigInput } from "../../workers/config/define.ts";
import { localHealth } from "../../workers/local/local-config.ts";
import type { Servers } from "./servers.cli.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** JSON of a ConfigInput: the binding SONDE_CONFIG. */
    readonly sondeConfig: string;
    /** Values by the names that the configuration uses: bindings, too. */
    readonly secrets: Record<string, string>;
    readonly servers: Servers;
    readonly migrations: { name: string; queries: string[] }[];
  }
}

const ROOT = join(import.meta.dirname, "../..");
/** Two loopback servers and a broker take 200 ms; a machine that is busy with other tests may need far longer. */
const START_MS = 60_000;

/**
 * Two targets, so that one's failure can be seen not to be the other's. A round takes at most
 * 1 s + 3 x 10 ms + 1 s + 0.5 s = 2.53 s of each 10 s.
 */
function configFor(servers: Servers): ConfigInput {
  const regions = ["weur", "enam", "oc"] as const;
  const address = Object.fromEntries(regions.map((id) => [id, `ws://127.0.0.1:${servers.ports[id]}/mqtt`]));
  const pace = { every: "10s", messages: 4, gap: "10ms", deadline: "1s", connectDeadline: "1s" } as const;
  const credentials = { user: "TEST_USER", password: "TEST_PASSWORD" };
  return {
    name: "Border tests",
    regions,
    targets: [
      { id: "chat", driver: "mqtt", address, credentials, ...pace },
      { id: "push", driver: "mqtt", address: address["weur"] ?? "", credentials, ...pace, regions: ["weur"] },
    ],
    ...localHealth(servers.controlPort),
  };
}

let child: ChildProcess | undefined;

export async function setup(project: TestProject): Promise<void> {
  const servers = await start();
  project.provide("servers", servers);
  project.provide("sondeConfig", JSON.stringify(configFor(servers)));
  project.provide("secrets", { TEST_USER: servers.user, TEST_PASSWORD: servers.password });
  project.provide("migrations", await migrations());
}

export async function teardown(): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child?.once("exit", resolve));
  child.stdin?.end();
  await ended;
}

async function start(): Promise<Servers> {
  const program = join(ROOT, "test/borders/servers.cli.ts");
  child = spawn(process.execPath, [program], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const { stdout } = child;
  if (stdout === null) throw new Error("the servers have no output");
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the servers did not listen within ${START_MS} ms`)), START_MS);
    createInterface({ input: stdout }).once("line", (text) => {
      clearTimeout(timer);
      resolve(text);
    });
    child?.once("exit", (code) => reject(new Error(`the servers ended with ${code}`)));
  });
  return JSON.parse(line) as Servers;
}

/** As `wrangler d1 migrations apply` reads them: each file's statements, in the order of the names. */
async function migrations(): Promise<{ name: string; queries: string[] }[]> {
  const folder = join(ROOT, "schema/migrations/d1");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name,
      queries: (await readFile(join(folder, name), "utf8"))
        .split("--> statement-breakpoint")
        .map((each) => each.trim()),
    })),
  );
}
