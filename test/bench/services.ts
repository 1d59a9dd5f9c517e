// The messaging services that the bench measures through: a process of its own (the one of the driver tests) starts each
// when it is first asked for, so that no server's work is in a figure of ours.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { ROOT } from "../../workers/local/bundle.server.ts";

const START_MS = 120_000;

export interface Services {
  /** What `test/drivers/<name>.server.ts` says of itself once it runs; null where its program is not on this machine. */
  start<T>(name: string): Promise<T | null>;
  stop(): Promise<void>;
}

export async function startServices(): Promise<Services> {
  const program = join(ROOT, "test/drivers/servers.cli.ts");
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    void ended.then(() => reject(new Error("the servers of test/drivers ended at once")));
  });
  return {
    async start<T>(name: string): Promise<T | null> {
      const signal = AbortSignal.timeout(START_MS);
      const answer = await fetch(`${url}/start/${name}`, { method: "POST", signal });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as T | null;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Runs `work` with the services, and ends them in any case. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const services = await startServices();
  try {
    return await work(services);
  } finally {
    await services.stop();
  }
}
