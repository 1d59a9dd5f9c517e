// A fleet in a process of its own, for tests that kill its workerd: started with an IPC channel by `killed-fleet.ts`, does
// one order at a time and answers each. Ends when its parent does.

import { startFleet } from "../../workers/local/fleet.server.ts";
import type { Fleet } from "../../workers/local/fleet.server.ts";

export type Order =
  | {
      readonly kind: "start";
      readonly bundleDir: string;
      readonly dataDir: string;
      readonly port: number;
      readonly bindings: Readonly<Record<string, string>>;
    }
  | { readonly kind: "query"; readonly sql: string }
  | { readonly kind: "stop" };

export type Answer = { readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly problem: string };

/** Miniflare may wait for a workerd that is dead: then what is left of it is left. */
const DISPOSE_MS = 5_000;

let fleet: Fleet | null = null;

async function obey(order: Order): Promise<Answer> {
  switch (order.kind) {
    case "start":
      await dispose();
      fleet = await startFleet({ ...order, onLog: (line) => console.log(`workerd: ${line}`) });
      // As the platform's cron would within the minute: names new probers, re-arms those that lost their alarm.
      await fleet.watch();
      return { rows: [] };
    case "query": {
      if (fleet === null) return { problem: "no fleet runs" };
      const d1 = await fleet.d1();
      return { rows: (await d1.prepare(order.sql).all<Record<string, unknown>>()).results };
    }
    case "stop":
      await dispose();
      return { rows: [] };
  }
}

async function dispose(): Promise<void> {
  const last = fleet;
  fleet = null;
  if (last === null) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, DISPOSE_MS)));
  await Promise.race([last.stop().catch(() => {}), patience]);
  clearTimeout(timer);
}

process.on("message", (order: Order) => {
  obey(order)
    .catch((problem: unknown): Answer => ({
      problem: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem),
    }))
    .then((answer) => process.send?.(answer))
    .catch(() => {});
});
process.on("disconnect", () => process.exit(0));
