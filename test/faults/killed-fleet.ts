// The other end of `fleet.cli.ts`: a fleet whose workerd can be killed and started again on the same data and port. Keeps
// the log of when it was killed and when it was ready again. Ends its processes by their ids.

import { fork } from "node:child_process";
import { join } from "node:path";

import { until } from "../journeys/fleet.ts";
import { workerdsOf } from "../journeys/workerd.ts";
import type { Answer, Order } from "./fleet.cli.ts";

export interface Death {
  /** Just before SIGKILL was sent, ms since the epoch. */
  readonly killedAt: number;
  /** When the fleet had been started again, and its watchdog had run. */
  readonly readyAt: number;
}

export type StartOrder = Omit<Extract<Order, { kind: "start" }>, "kind">;
export type KilledFleet = Awaited<ReturnType<typeof startKilledFleet>>;

/** An order is a start at most: 1 s here, and a busy machine may need far longer. */
const ORDER_MS = 60_000;
const DEATH_MS = 10_000;

export async function startKilledFleet(order: StartOrder, onLog: (line: string) => void) {
  const child = fork(join(import.meta.dirname, "fleet.cli.ts"), {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error("the fleet's process did not start");
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => onLog(String(chunk).trimEnd()));
  const deaths: Death[] = [];

  function obey(one: Order): Promise<Exclude<Answer, { problem: string }>["rows"]> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.off("message", answered);
        child.off("exit", ended);
        settle();
      };
      const answered = (answer: Answer): void =>
        end(() => ("problem" in answer ? reject(new Error(`${one.kind}: ${answer.problem}`)) : resolve(answer.rows)));
      const ended = (code: number | null): void =>
        end(() => reject(new Error(`${one.kind}: the fleet's process ended with ${code}`)));
      const timer = setTimeout(
        () => end(() => reject(new Error(`${one.kind}: no answer in ${ORDER_MS} ms`))),
        ORDER_MS,
      );
      child.on("message", answered);
      child.on("exit", ended);
      child.send(one);
    });
  }

  await obey({ kind: "start", ...order });
  return {
    startedAt: Date.now(),
    deaths: deaths as readonly Death[],
    /** Kills workerd, looks at what is left (`meanwhile`), and starts again. */
    async kill(meanwhile: () => void): Promise<void> {
      const workerds = workerdsOf(pid);
      if (workerds.length !== 1) throw new Error(`${workerds.length} workerd processes below ${pid}, not one`);
      const killedAt = Date.now();
      for (const each of workerds) process.kill(each, "SIGKILL");
      await until("the death of workerd", DEATH_MS, () => (workerdsOf(pid).length === 0 ? true : null));
      meanwhile();
      await obey({ kind: "start", ...order });
      deaths.push({ killedAt, readyAt: Date.now() });
    },
    query: (sql: string) => obey({ kind: "query", sql }),
    async stop(): Promise<void> {
      await obey({ kind: "stop" });
      await this.end();
    },
    /** Whatever it is doing. */
    async end(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const left = workerdsOf(pid);
      child.kill("SIGKILL");
      await ended;
      for (const each of left) {
        try {
          process.kill(each, "SIGKILL");
        } catch {
          // It had ended by itself.
        }
      }
    },
  };
}
