// One broker behind one simulator with two regions, opened for each test and closed after it, with what the tests of this
// folder ask of it. `inspect` compares the ledger with what the subscribers saw.

import { afterEach, beforeEach, expect } from "vitest";
import type { MqttClient } from "mqtt";
import { startBroker } from "../../workers/local/broker.server.ts";
import type { Broker } from "../../workers/local/broker.server.ts";
import { parseFault } from "../../workers/local/fault.ts";
import type { LedgerEntry } from "../../workers/local/ledger.ts";
import { startNetwork } from "../../workers/local/network.server.ts";
import type { Network } from "../../workers/local/network.server.ts";
import { connect, PASSWORD, seededChance, subscribe, USER, within } from "./clients.ts";
import type { Inbox } from "./clients.ts";

export const LIMITS = { limitMs: 200, deadlineMs: 5_000 };
export const TOPIC = "sonde/loop";
export const ONE_WAY_MS = 10;
export const JITTER_MS = 4;

export let broker: Broker;
export let network: Network;
export let clients: MqttClient[] = [];

/** Called once at the top of a test file. */
export function openForEachTest(): void {
  beforeEach(async () => {
    broker = await startBroker({ user: USER, password: PASSWORD });
    network = await startNetwork({
      brokerPort: broker.port,
      regions: [
        { id: "weur", oneWayMs: ONE_WAY_MS, jitterMs: JITTER_MS },
        { id: "oc", oneWayMs: 0, jitterMs: 0 },
      ],
      random: seededChance(42),
    });
  });

  afterEach(async () => {
    for (const client of clients) client.end(true);
    clients = [];
    await within("the end of the network", network.close());
    await within("the end of the broker", broker.close());
  });
}

export function portOf(region: string): number {
  return network.ports[region] as number;
}

export async function open(region: string): Promise<MqttClient> {
  const client = await connect(portOf(region));
  clients.push(client);
  return client;
}

export async function pair(region: string, qos: 0 | 1): Promise<{ publisher: MqttClient; inbox: Inbox }> {
  const publisher = await open(region);
  return { publisher, inbox: await subscribe(await open(region), TOPIC, qos) };
}

export async function setFault(region: string, words: string): Promise<void> {
  const fault = parseFault([words]);
  if ("refusal" in fault) throw new Error(fault.refusal);
  await network.fault(region, fault);
}

export function entry(key: string): LedgerEntry {
  const found = network.ledger.entries().find((one) => one.key === key);
  if (found === undefined) throw new Error(`the ledger has no ${key}`);
  return found;
}

/** What the ledger says was written, in its order, is what arrived, in its order. */
export function inspect(...inboxes: Inbox[]): void {
  const written = network.ledger
    .entries()
    .flatMap((one) => one.writtenOrder.map((order, i) => ({ order, to: one.to[i] as number, key: one.key })))
    .sort((a, b) => a.order - b.order);
  const streams = Map.groupBy(written, (write) => write.to);
  const saw = (lists: string[][]): string[] => lists.map((list) => list.join(" ")).sort();
  expect(saw([...streams.values()].map((stream) => stream.map((write) => write.key)))).toEqual(
    saw(inboxes.map((inbox) => inbox.keys).filter((keys) => keys.length > 0)),
  );
}
