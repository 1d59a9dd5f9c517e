// CPU of a round, by driver: two connects, a subscription, 20 messages, and the goodbyes, in workerd against a real server.
// The CPU is that of the whole workerd process, so it is an upper bound: kernel and event loop are in it, and the request that
// asks for the round, which is a figure of its own. Cold: the first round of a fresh process, the library's first load included,
// its own start not. A free Worker may use 10 ms a request, a Durable Object 30 s (reference: platform.md, sections 2 and 4).

import { join } from "node:path";

import { DRIVERS } from "../../schema/words.ts";
import { workerdsOf } from "../journeys/workerd.ts";
import { DRIVER_ROWS } from "./driver-rows.ts";
import type { DriverRow } from "./driver-rows.ts";
import { edges, inTurn, mean, spreadOf } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { cpuMsOf, tellsCpu, untilIdle } from "./process-cpu.ts";
import { countsOf, isClean } from "./rounds/order.ts";
import type { RoundAnswer, RoundOrder } from "./rounds/order.ts";
import { withServices } from "./services.ts";
import type { Services } from "./services.ts";
import { bundleEntry } from "../../workers/local/bundle.server.ts";
import { inPrivateFolder, startBundle } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const MESSAGES = 20;
const PACED_MS = 20;
const ROUNDS = 3;
const TURNS = 2;
const COLD_STARTS = 3;
const EMPTY = 50;
const LIMITS = { free_worker_ms: 10, durable_object_ms: 30_000 } as const;

/** A row whose server runs and whose rounds are clean. */
interface Tried {
  readonly name: string;
  readonly row: DriverRow;
  order(rounds: number, gapMs: number): RoundOrder;
}

export const cpu: Subject = {
  name: "cpu",
  about: `CPU of a round of ${MESSAGES} messages by driver: cold, warm in a burst, warm ${PACED_MS} ms apart (cpu=1: so many rounds a turn)`,
  run: (report, progress, choice) =>
    inPrivateFolder((folder) =>
      withServices(async (services) => {
        if (!tellsCpu()) return progress("LEFT OUT: this machine does not tell a process's CPU time (no schedstat)");
        const without = DRIVERS.filter((driver) => !DRIVER_ROWS.some((row) => row.driver === driver));
        for (const driver of without) progress(`LEFT OUT: ${driver} has no row in driver-rows.ts`);
        progress("bundling the bench's Worker");
        const bundleDir = await bundleEntry("test/bench/rounds/main.entry.ts", folder);
        let starts = 0;
        const start = (): Promise<Running> => {
          starts += 1;
          const own = { bundleDir, main: "main.entry.js", folder: join(folder, String(starts)) };
          return startBundle({ ...own, objects: { SESSIONS: "RoundSession" } });
        };
        const tried = await warm(start, services, choice.size ?? ROUNDS, report, progress);
        for (const [at, one] of [null, ...tried].entries()) {
          progress(`cold ${one?.name ?? "empty"} (${at} of ${tried.length})`);
          await cold(start, one, report);
        }
      }),
    ),
};

async function warm(
  start: () => Promise<Running>,
  services: Services,
  rounds: number,
  report: Report,
  progress: (words: string) => void,
): Promise<readonly Tried[]> {
  const worker = await start();
  try {
    const pid = onlyWorkerd();
    const tried: Tried[] = [];
    for (const row of DRIVER_ROWS) {
      const one = await attempt(row, services, worker, progress);
      if (one !== null) tried.push(one);
    }
    const some = tried[0]?.order(0, 0);
    if (some === undefined) throw new Error("no driver could be tried");
    const empty = await inTurn(TURNS, { empty: () => usedBy(pid, EMPTY, () => repeat(EMPTY, worker, some)) });
    report("empty request, part of the figures below", empty.empty.median, "ms", {
      state: "warm",
      ...edges(empty.empty),
    });
    for (const [state, gapMs] of [
      ["warm, in a burst", 0],
      [`warm, ${PACED_MS} ms apart`, PACED_MS],
    ] as const) {
      progress(`${state}: ${tried.length} drivers, ${TURNS + 1} turns of ${rounds} rounds`);
      const ways = Object.fromEntries(
        tried.map((one) => [one.name, () => usedBy(pid, rounds, () => ask(worker, one.order(rounds, gapMs)))]),
      );
      for (const [name, spread] of Object.entries(await inTurn(TURNS, ways))) {
        const about = { driver: name, state, messages: MESSAGES, rounds: TURNS * rounds };
        report("CPU of a round", spread.median, "ms", { ...about, ...edges(spread), ...LIMITS });
      }
    }
    return tried;
  } finally {
    await worker.stop();
  }
}

async function cold(start: () => Promise<Running>, one: Tried | null, report: Report): Promise<void> {
  const values: number[] = [];
  for (let count = 0; count < COLD_STARTS; count++) {
    const worker = await start();
    try {
      const pid = onlyWorkerd();
      const order = one === null ? EMPTY_ORDER : one.order(1, 0);
      values.push(await usedBy(pid, 1, () => ask(worker, order)));
    } finally {
      await worker.stop();
    }
  }
  const spread = spreadOf(values);
  const about = { driver: one?.name ?? "none", state: "cold, in a burst", starts: COLD_STARTS };
  const figure = one === null ? "empty request, part of the figures below" : "CPU of a round";
  report(figure, spread.median, "ms", { ...about, ...edges(spread), ...LIMITS });
}

/** Starts the row's server and tries a round; null, and said why, when either does not work. */
async function attempt(
  row: DriverRow,
  services: Services,
  worker: Running,
  progress: (words: string) => void,
): Promise<Tried | null> {
  const name = `${row.driver} ${row.variant}`;
  try {
    const address = await services.start<unknown>(row.server);
    if (address === null) throw new Error(`the program of ${row.server}.server.ts is not on this machine`);
    const endpoint = row.endpointOf(address);
    const fixed = { driver: row.driver, endpoint, channel: row.channel, messages: MESSAGES };
    const order = (rounds: number, gapMs: number): RoundOrder => {
      return { ...fixed, rounds, gapMs, deadlineMs: 5_000, payloadBytes: 100 };
    };
    await ask(worker, order(ROUNDS, 0));
    return { name, row, order };
  } catch (problem) {
    progress(`LEFT OUT: ${name}: ${String(problem).slice(0, 500)}`);
    return null;
  }
}

const EMPTY_ORDER: RoundOrder = {
  driver: "mqtt",
  endpoint: { address: "", options: {}, secrets: {} },
  channel: "",
  rounds: 0,
  messages: 0,
  gapMs: 0,
  deadlineMs: 0,
  payloadBytes: 0,
};

async function ask(worker: Running, order: RoundOrder): Promise<void> {
  const answer = await worker.ask<RoundAnswer>("/cpu", order);
  if (!isClean(answer)) throw new Error(`its round was not clean: ${JSON.stringify(countsOf(answer))}`);
}

async function repeat(times: number, worker: Running, order: RoundOrder): Promise<void> {
  for (let time = 0; time < times; time++) await ask(worker, order);
}

/** CPU in ms of each of `times` that `work` does. */
async function usedBy(pid: number, times: number, work: () => Promise<void>): Promise<number> {
  await untilIdle(pid);
  const before = cpuMsOf(pid);
  await work();
  await untilIdle(pid);
  return mean([(cpuMsOf(pid) - before) / times]);
}

function onlyWorkerd(): number {
  const [pid, ...others] = workerdsOf(process.pid);
  if (pid === undefined || others.length > 0) throw new Error("the bench does not run exactly one workerd");
  return pid;
}
