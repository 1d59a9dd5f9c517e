// What whole-fleet tests share: a service of their own (broker, network simulator with seeded chance, control door), the
// real Worker on it with its own data, and the waiting for things that must become true. Knows no figures.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Config } from "../../workers/config/config.ts";
import type { ConfigInput, TargetInput } from "../../workers/config/define.ts";
import { configOf } from "../../workers/config/parse.ts";
import { startBroker } from "../../workers/local/broker.server.ts";
import { startControl } from "../../workers/local/control.server.ts";
import { parseFault } from "../../workers/local/fault.ts";
import { LOCAL_SECRETS, localHealth } from "../../workers/local/local-config.ts";
import { startNetwork } from "../../workers/local/network.server.ts";
import type { Network, NetworkRegion } from "../../workers/local/network.server.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import type { LocationHint } from "../../schema/words.ts";
import { mulberry32 } from "../random.ts";

export interface Service {
  readonly network: Network;
  /** The configuration that measures it, as the Worker parses it, and what the Worker is to be given. */
  readonly config: Config;
  readonly bindings: Readonly<Record<string, string>>;
  /** Puts faults of the grammar in force: `loss=5%`. Throws for words that it does not know. */
  fault(region: string, words: string): Promise<void>;
  stop(): Promise<void>;
}

/** All of a target but what the service itself knows. */
export type Pace = Omit<Extract<TargetInput, { driver: "mqtt" }>, "driver" | "address" | "credentials">;

/** Starts the service under watch on free ports. `seed` decides jitter and every fate that is left to chance. */
export async function startService(options: {
  readonly seed: number;
  readonly regions: readonly (NetworkRegion & { readonly id: LocationHint })[];
  readonly target: Pace;
  readonly rest: Omit<ConfigInput, "targets" | "regions" | "placeUrl" | "controls">;
}): Promise<Service> {
  const [user, password] = ["sonde", `seed-${options.seed}`];
  const broker = await startBroker({ user, password });
  const network = await startNetwork({
    brokerPort: broker.port,
    regions: options.regions,
    random: mulberry32(options.seed),
  });
  const control = await startControl({ network });
  const address = Object.fromEntries(
    Object.entries(network.ports).map(([id, port]) => [id, `ws://127.0.0.1:${port}/mqtt`]),
  );
  const input: ConfigInput = {
    ...options.rest,
    regions: options.regions.map((region) => region.id),
    ...localHealth(control.port),
    targets: [{ ...options.target, driver: "mqtt", address, credentials: LOCAL_SECRETS }],
  };
  return {
    network,
    config: configOf(input),
    bindings: { SONDE_CONFIG: JSON.stringify(input), [LOCAL_SECRETS.user]: user, [LOCAL_SECRETS.password]: password },
    async fault(region, words) {
      const fault = parseFault([words]);
      if ("refusal" in fault) throw new Error(fault.refusal);
      await network.fault(region, fault);
    },
    async stop() {
      await control.close();
      await network.close();
      await broker.close();
    },
  };
}

/** A temporary folder, and its removal. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "sonde-journey-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

/**
 * Asks again and again until the answer is not null, and gives it back. Bounded in time; then it throws, with the last
 * reason that `why` gives. A question that throws is a failure of the test, not a "not yet".
 */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | null> | T | null,
  why?: () => string,
): Promise<T> {
  const beganAt = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() - beganAt > limitMs) {
      throw new Error(`${what}: not within ${limitMs} ms${why === undefined ? "" : `; ${why()}`}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the page publishes of a target; null while there is nothing. */
export async function snapshotAt(url: string, target: string): Promise<Snapshot | null> {
  const response = await fetch(`${url}/api/v1/snapshot.json`);
  if (!response.ok) return null;
  const all = (await response.json()) as readonly Snapshot[];
  return all.find((snapshot) => snapshot.target === target) ?? null;
}
