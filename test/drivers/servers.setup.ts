// Before the driver tests: makes the certificates that workerd shall trust (vitest.config.ts hands them on), starts the
// process that starts their servers (`servers.cli.ts`), and gives them its URL.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { TestProject } from "vitest/node";

import { filesIn, makeTls, TLS_FOLDER } from "./tls.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly serversUrl: string;
  }
}

const START_MS = 60_000;

let child: ChildProcess | undefined;
let folder: string | undefined;

export async function setup(project: TestProject): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "sonde-tls-"));
  const isMade = await makeTls(folder);
  const program = join(import.meta.dirname, "servers.cli.ts");
  if (isMade) {
    process.env[TLS_FOLDER] = folder;
    // workerd, which is started after this, reads its authorities there.
    process.env["SSL_CERT_FILE"] = filesIn(folder).caPath;
  }
  child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const { stdout } = child;
  if (stdout === null) throw new Error("the servers have no output");
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no servers within ${START_MS} ms`)), START_MS);
    createInterface({ input: stdout }).once("line", (text) => {
      clearTimeout(timer);
      resolve(text);
    });
    child?.once("exit", (code) => reject(new Error(`the servers ended with ${code}`)));
  });
  project.provide("serversUrl", url);
}

export async function teardown(): Promise<void> {
  if (child !== undefined && child.exitCode === null) {
    const ended = new Promise((resolve) => child?.once("exit", resolve));
    child.stdin?.end();
    await ended;
  }
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
