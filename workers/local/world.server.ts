// The service under watch, on this machine: broker, network simulator and control door, on the ports of the last start
// where they are free, so that the configuration (and its version) stays the same between starts.

import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

import { startBroker } from "./broker.server.ts";
import { startControl } from "./control.server.ts";
import { localRegion } from "./local-config.ts";
import { startNetwork } from "./network.server.ts";
import type { Network } from "./network.server.ts";

export interface LocalWorld {
  readonly network: Network;
  readonly controlPort: number;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
}

interface Ports {
  readonly control?: number;
  readonly regions?: Readonly<Record<string, number>>;
}

export async function startLocalWorld(regions: readonly string[], portsPath: string): Promise<LocalWorld> {
  const user = "sonde";
  const password = randomBytes(12).toString("hex");
  const broker = await startBroker({ user, password });
  const before = await readPorts(portsPath);
  const start = (ports: Ports): Promise<Network> =>
    startNetwork({
      brokerPort: broker.port,
      regions: regions.map((id) => ({ ...localRegion(id), port: ports.regions?.[id] ?? 0 })),
    });
  // Somebody else may have a port of ours by now: then all are new, and so is the configuration's version.
  const network = await start(before).catch(() => start({}));
  const control = await startControl({ network, port: before.control ?? 0 }).catch(() => startControl({ network }));
  await writeFile(portsPath, JSON.stringify({ control: control.port, regions: network.ports } satisfies Ports));
  return {
    network,
    controlPort: control.port,
    user,
    password,
    async stop() {
      await control.close();
      await network.close();
      await broker.close();
    },
  };
}

async function readPorts(path: string): Promise<Ports> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Ports;
  } catch {
    // The first start, or a file that was cut short: free ports will do.
    return {};
  }
}
