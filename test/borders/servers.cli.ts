// The outside of the border tests, in a process of its own: MQTT broker, network simulator with its control door, hostile
// servers. Loopback only, free ports only. Prints one line of JSON (`Servers`) when all of them listen, and ends when its
// standard input does: also when the tests were killed.

import { randomBytes } from "node:crypto";

import { startBroker } from "../../workers/local/broker.server.ts";
import { startControl } from "../../workers/local/control.server.ts";
import { startNetwork } from "../../workers/local/network.server.ts";
import { startHostile } from "./hostile.server.ts";
import type { Hostile } from "./hostile.server.ts";

export interface Servers {
  readonly user: string;
  readonly password: string;
  /** The simulator's port of each region. */
  readonly ports: Readonly<Record<string, number>>;
  /** Past the simulator: for meddlers, whose messages it must not enter into its ledger. */
  readonly brokerPort: number;
  readonly controlPort: number;
  readonly hostile: Hostile["ports"];
}

/** Quick, and different, so that regions can be told apart. */
const REGIONS = [
  { id: "weur", oneWayMs: 2, jitterMs: 0 },
  { id: "enam", oneWayMs: 6, jitterMs: 0 },
  { id: "oc", oneWayMs: 10, jitterMs: 0 },
  // No fleet measures it: here the driver is tried by itself.
  { id: "lab", oneWayMs: 2, jitterMs: 0 },
];

/** The broker holds a message of an older run here. */
const RETAINED_TOPIC = "lab/retained";

const user = "sonde-user";
const password = randomBytes(12).toString("hex");
const broker = await startBroker({ user, password });
await broker.publish(RETAINED_TOPIC, `sonde1 aaaaaaaaaaaaaaaa 0 bbbbbbbbbbbbbbbb ${".".repeat(60)}`, true);
const network = await startNetwork({ brokerPort: broker.port, regions: REGIONS });
const control = await startControl({ network });
const hostile = await startHostile();
const servers: Servers = {
  user,
  password,
  ports: network.ports,
  brokerPort: broker.port,
  controlPort: control.port,
  hostile: hostile.ports,
};
process.stdout.write(`${JSON.stringify(servers)}\n`);

process.stdin.resume();
process.stdin.once("end", () => void stop());
process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  await Promise.allSettled([control.close(), network.close(), hostile.close()]);
  await broker.close();
  process.exit(0);
}
