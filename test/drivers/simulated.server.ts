// The MQTT service of this machine for driver tests and the bench, in a process of its own: the broker itself, and the
// network simulator in front of it with one region that only delays and three that lose by count. Chance is seeded, faults
// and ledger are behind the control door (`/fault`, `/ledger`).

import { randomBytes } from "node:crypto";

import { startBroker } from "../../workers/local/broker.server.ts";
import { startControl } from "../../workers/local/control.server.ts";
import { parseFault } from "../../workers/local/fault.ts";
import { startNetwork } from "../../workers/local/network.server.ts";
import { mulberry32 } from "../random.ts";
import type { Started } from "./servers.cli.ts";

/** From publisher to subscriber behind the region `far`. */
const FAR_MS = 50;
/** Regions by which message in how many they lose: 0.1 %, 1 % and 20 %. */
const LOSSES = { "one-in-1000": 1_000, "one-in-100": 100, "one-in-5": 5 } as const;
export type LossRegion = keyof typeof LOSSES;

export interface Simulated {
  readonly user: string;
  readonly password: string;
  /** The broker without the simulator: `ws://127.0.0.1:<port>/mqtt`. */
  readonly brokerPort: number;
  /** The same behind the simulator. */
  readonly ports: Readonly<Record<LossRegion | "far", number>>;
  readonly farMs: number;
  readonly losses: Readonly<Record<LossRegion, number>>;
  readonly controlPort: number;
}

export async function start(): Promise<Started> {
  const [user, password] = ["sonde", randomBytes(12).toString("hex")];
  const broker = await startBroker({ user, password });
  const losses = Object.keys(LOSSES).map((id) => ({ id, oneWayMs: 0, jitterMs: 0 }));
  const network = await startNetwork({
    brokerPort: broker.port,
    regions: [{ id: "far", oneWayMs: FAR_MS, jitterMs: 0 }, ...losses],
    random: mulberry32(1),
  });
  for (const [region, every] of Object.entries(LOSSES)) {
    const fault = parseFault([`every=${every}`]);
    if ("refusal" in fault) throw new Error(fault.refusal);
    await network.fault(region, fault);
  }
  const control = await startControl({ network });
  const ports = network.ports as Simulated["ports"];
  const ways = { brokerPort: broker.port, ports, controlPort: control.port, farMs: FAR_MS, losses: LOSSES };
  const address: Simulated = { user, password, ...ways };
  return {
    address,
    async stop() {
      await control.close();
      await network.close();
      await broker.close();
    },
  };
}
