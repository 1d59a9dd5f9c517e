// Aim: the simulator does to messages what its faults say, to those of its region only, and its ledger is the truth.
// Method: real mqtt.js pairs through real loopback ports to the real broker; after every case the ledger is compared,
// message by message, with what the subscriber saw. That nothing arrives is shown by a later message that does.

import type { AddressInfo } from "node:net";
import { generate, parser } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { CLEAR } from "../../workers/local/fault.ts";
import { ledgerCounts } from "../../workers/local/ledger.ts";
import { startNetwork } from "../../workers/local/network.server.ts";
import { connect, payloadOf, publish, subscribe, USER, PASSWORD, within } from "./clients.ts";
import {
  broker,
  clients,
  entry,
  inspect,
  JITTER_MS,
  LIMITS,
  network,
  ONE_WAY_MS,
  open,
  openForEachTest,
  pair,
  portOf,
  setFault,
  TOPIC,
} from "./world.ts";

openForEachTest();

const sequence = (from: number, many: number, runId = "r"): string[] =>
  Array.from({ length: many }, (_, i) => `${runId}/${from + i}`);

describe.each([0, 1] as const)("QoS %i", (qos) => {
  test("200 messages without a fault arrive once and in order, and take the base delay", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await Promise.all(Array.from({ length: 200 }, (_, seq) => publish(publisher, TOPIC, qos, "r", seq)));
    await inbox.holds(200);
    await publish(publisher, TOPIC, qos, "r", 200);
    await inbox.has("r/200");
    expect(inbox.keys).toEqual(sequence(0, 201));
    inspect(inbox);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ seen: 201, delivered: 201, duplicated: 0 });
    for (const one of network.ledger.entries()) expect(one.delaysMs[0]).toBeGreaterThanOrEqual(ONE_WAY_MS);
    // A single message through an idle machine: base delay, jitter, and what Node and the broker add.
    expect(entry("r/200").delaysMs[0]).toBeLessThan(ONE_WAY_MS + JITTER_MS + 50);
  });

  test("an outage loses everything and the publisher does not notice", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "outage");
    for (let seq = 0; seq < 20; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    const newcomer = await open("weur");
    await publish(newcomer, TOPIC, qos, "r", 20);
    // QoS 0 is "sent" before the simulator has seen it, and the fate is decided when it does.
    await within("CONNACK behind it", open("weur"));
    await setFault("weur", "clear");
    await publish(publisher, TOPIC, qos, "r", 21);
    await inbox.has("r/21");
    expect(inbox.keys).toEqual(["r/21"]);
    inspect(inbox);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ seen: 22, dropped: 21, delivered: 1 });
  });

  test("drop=3 loses exactly the next three, and the ledger says which", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await publish(publisher, TOPIC, qos, "r", 0);
    await inbox.has("r/0");
    await setFault("weur", "drop=3");
    for (let seq = 1; seq < 8; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    await inbox.has("r/7");
    expect(inbox.keys).toEqual(["r/0", ...sequence(4, 4)]);
    const dropped = network.ledger.entries().filter((one) => one.dropped);
    expect(dropped.map((one) => one.key)).toEqual(sequence(1, 3));
    expect(network.faults()).toEqual({ weur: "clear", oc: "clear" });
    inspect(inbox);
  });

  test("every=4 loses each fourth message, and the ledger says which", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "every=4");
    for (let seq = 0; seq < 10; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    await inbox.has("r/9");
    expect(inbox.keys).toEqual([...sequence(0, 3), ...sequence(4, 3), ...sequence(8, 2)]);
    const dropped = network.ledger.entries().filter((one) => one.dropped);
    expect(dropped.map((one) => one.key)).toEqual(["r/3", "r/7"]);
    expect(network.faults()["weur"]).toBe("every=4");
    inspect(inbox);
  });

  test("double=1 delivers exactly the next one twice; the broker hears of it once", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "double=1");
    for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    await inbox.has("r/2");
    expect(inbox.keys).toEqual(["r/0", "r/0", "r/1", "r/2"]);
    expect(inbox.dup).toEqual([false, qos === 1, false, false]);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ seen: 3, delivered: 3, duplicated: 1 });
    inspect(inbox);
  });

  test("swap=1 puts exactly one behind its successor", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "swap=1");
    for (let seq = 0; seq < 4; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    await inbox.holds(4);
    expect(inbox.keys).toEqual(["r/1", "r/0", "r/2", "r/3"]);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ delivered: 4, reordered: 1 });
    inspect(inbox);
  });

  test("swap=2 reorders two; a held message with no successor goes by itself", async () => {
    const { publisher, inbox } = await pair("oc", qos);
    await setFault("oc", "swap=2");
    for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, qos, "r", seq);
    await inbox.holds(3);
    expect(inbox.keys).toEqual(["r/2", "r/1", "r/0"]);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ reordered: 2 });
    await setFault("oc", "swap=1");
    await publish(publisher, TOPIC, qos, "r", 3);
    await inbox.has("r/3");
    expect(entry("r/3").delaysMs[0]).toBeGreaterThan(1_000);
    inspect(inbox);
  });

  test("late=1 delays that message, not those behind it, and not the acknowledgement", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "late=1:300ms");
    const startedMs = performance.now();
    await publish(publisher, TOPIC, qos, "r", 0);
    expect(performance.now() - startedMs).toBeLessThan(250);
    await publish(publisher, TOPIC, qos, "r", 1);
    await inbox.holds(2);
    expect(inbox.keys).toEqual(["r/1", "r/0"]);
    expect(entry("r/1").delaysMs[0]).toBeLessThan(250);
    expect(entry("r/0").delaysMs[0]).toBeGreaterThanOrEqual(300 + ONE_WAY_MS);
    expect(entry("r/0").delaysMs[0]).toBeLessThan(300 + ONE_WAY_MS + JITTER_MS + 100);
    expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ delivered: 2, overLimit: 1, reordered: 1 });
    inspect(inbox);
  });

  test("delay=300ms delays every message and keeps their order; loss keeps its share", async () => {
    const { publisher, inbox } = await pair("weur", qos);
    await setFault("weur", "delay=300ms loss=30%");
    await Promise.all(Array.from({ length: 100 }, (_, seq) => publish(publisher, TOPIC, qos, "r", seq)));
    // At QoS 0 the last may still be on its way to the simulator: a connection made later is behind none of them.
    await within("all are seen", seen(100));
    await setFault("weur", "clear");
    const { dropped } = ledgerCounts(network.ledger.entries(), LIMITS);
    await inbox.holds(100 - dropped);
    expect(Math.abs(dropped - 30)).toBeLessThan(5 * Math.sqrt(100 * 0.3 * 0.7));
    const counts = ledgerCounts(network.ledger.entries(), LIMITS);
    expect(counts).toMatchObject({ seen: 100, delivered: 100 - dropped, overLimit: 100 - dropped, reordered: 0 });
    inspect(inbox);
  });
});

/** Resolves when the ledger has seen so many messages; looks again with every turn of the event loop. */
async function seen(many: number): Promise<void> {
  while (network.ledger.entries().length < many) await new Promise((resolve) => setImmediate(resolve));
}

test("the broker's session is not left with messages that nobody acknowledged", async () => {
  // A session that outlives its connection: what the broker holds as unacknowledged it sends again on return.
  const { default: mqtt } = await import("mqtt");
  const options = {
    username: USER,
    password: PASSWORD,
    clean: false,
    clientId: "durable",
    reconnectPeriod: 0,
    protocolVersion: 4,
  } as const;
  const url = `ws://127.0.0.1:${portOf("oc")}/mqtt`;
  const first = await within("CONNACK", mqtt.connectAsync(url, options));
  clients.push(first);
  const inbox = await subscribe(first, TOPIC, 1);
  const publisher = await open("oc");
  await setFault("oc", "drop=1 double=1");
  for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, 1, "r", seq);
  await inbox.has("r/2");
  await within("DISCONNECT", first.endAsync());
  const again: string[] = [];
  const second = mqtt.connect(url, options);
  clients.push(second);
  second.on("message", (_topic, payload) => again.push(payload.toString().split(" ")[2] as string));
  await within("CONNACK", new Promise<void>((resolve) => second.once("connect", () => resolve())));
  const marker = new Promise<void>((resolve) => {
    second.on("message", (_topic, payload) => {
      if (payload.toString().split(" ")[2] === "3") resolve();
    });
  });
  await publish(publisher, TOPIC, 1, "r", 3);
  await within("the marker", marker);
  expect(again).toEqual(["3"]);
});

test("a message that the subscriber did not wait for is in the ledger as unwritten", async () => {
  const publisher = await open("oc");
  const subscriber = await open("oc");
  await subscribe(subscriber, TOPIC, 0);
  await setFault("oc", "delay=200ms");
  await publish(publisher, TOPIC, 1, "r", 0);
  await within("the end of the subscriber", subscriber.endAsync());
  const other = await subscribe(await open("oc"), TOPIC, 0);
  await publish(publisher, TOPIC, 1, "r", 1);
  await other.has("r/1");
  expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ seen: 2, delivered: 1, unwritten: 1 });
  inspect(other);
});

test("the copies that the simulator made are acknowledged to the broker once", async () => {
  const fake = await startAckCounter();
  const alone = await startNetwork({ brokerPort: fake.port, regions: [{ id: "x", oneWayMs: 0, jitterMs: 0 }] });
  try {
    const publisher = await connect(alone.ports["x"] as number);
    clients.push(publisher);
    const inbox = await subscribe(publisher, TOPIC, 1);
    await alone.fault("x", { ...CLEAR, doubleNext: 1, dropNext: 1 });
    for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, 1, "r", seq);
    await inbox.has("r/2");
    // A SUBSCRIBE behind them: when it is answered, the broker has had every PUBACK that was written before it.
    await within("SUBACK", publisher.subscribeAsync("other", { qos: 1 }));
    expect(inbox.keys).toEqual(["r/1", "r/1", "r/2"]);
    expect(fake.acknowledged).toEqual([1, 2, 3]);
  } finally {
    await alone.close();
    await fake.close();
  }
});

test("what a publisher sent just before it left is still on its way", async () => {
  const { publisher, inbox } = await pair("weur", 0);
  for (let seq = 0; seq < 5; seq += 1) publisher.publish(TOPIC, payloadOf("r", seq), { qos: 0 });
  await within("the end of the publisher", publisher.endAsync());
  await inbox.has("r/4");
  expect(inbox.keys).toEqual(sequence(0, 5));
  inspect(inbox);
});

test("a room: every subscriber gets the message, or none does", async () => {
  const publisher = await open("oc");
  const inboxes = await Promise.all([0, 1, 2].map(async () => subscribe(await open("oc"), TOPIC, 0)));
  await setFault("oc", "drop=1 double=1");
  for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, 1, "r", seq);
  for (const inbox of inboxes) {
    await inbox.has("r/2");
    expect(inbox.keys).toEqual(["r/1", "r/1", "r/2"]);
  }
  expect(ledgerCounts(network.ledger.entries(), LIMITS)).toMatchObject({ seen: 3, dropped: 1, duplicated: 3 });
  inspect(...inboxes);
});

test("a retained message of the broker's own is delivered and is not in the ledger", async () => {
  await broker.publish(TOPIC, payloadOf("retained", 0), true);
  const inbox = await subscribe(await open("oc"), TOPIC, 0);
  await inbox.has("retained/0");
  expect(network.ledger.entries()).toEqual([]);
});

test("a fate is for those who were there: a retained message read later is as it was", async () => {
  const { publisher, inbox } = await pair("oc", 1);
  await setFault("oc", "double=1");
  await within("PUBACK", publisher.publishAsync(TOPIC, payloadOf("r", 0), { qos: 1, retain: true }));
  await inbox.holds(2);
  const later = await subscribe(await open("oc"), TOPIC, 1);
  await publish(publisher, TOPIC, 1, "r", 1);
  await later.has("r/1");
  expect(later.keys).toEqual(["r/0", "r/1"]);
  expect(entry("r/0").delaysMs.length).toBe(2);
});

test("one region's faults leave another's messages alone", async () => {
  const west = await pair("weur", 1);
  const south = await open("oc");
  const inboxSouth = await subscribe(await open("oc"), "sonde/oc", 1);
  await setFault("weur", "outage");
  for (let seq = 0; seq < 5; seq += 1) {
    await publish(west.publisher, TOPIC, 1, "west", seq);
    await publish(south, "sonde/oc", 1, "south", seq);
  }
  await inboxSouth.has("south/4");
  expect(inboxSouth.keys).toEqual(sequence(0, 5, "south"));
  expect(west.inbox.keys).toEqual([]);
  expect(network.faults()).toEqual({ weur: "outage", oc: "clear" });
  inspect(inboxSouth, west.inbox);
});

test("region to region: the publisher's region decides the fate", async () => {
  const inbox = await subscribe(await open("weur"), TOPIC, 0);
  const publisher = await open("oc");
  await setFault("oc", "drop=1");
  await setFault("weur", "drop=1");
  for (let seq = 0; seq < 3; seq += 1) await publish(publisher, TOPIC, 1, "r", seq);
  await inbox.has("r/2");
  expect(inbox.keys).toEqual(["r/1", "r/2"]);
  expect(network.faults()).toEqual({ weur: "drop=1", oc: "clear" });
  expect(network.ledger.entries().map((one) => one.region)).toEqual(["oc", "oc", "oc"]);
});

/** A broker that answers everything at once, echoes each message with ids 1, 2, 3 ... and notes each PUBACK it gets. */
async function startAckCounter(): Promise<{ port: number; acknowledged: number[]; close(): Promise<void> }> {
  const acknowledged: number[] = [];
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "mqtt" });
  server.on("connection", (socket) => {
    const packets = parser();
    let lastId = 0;
    packets.on("packet", (packet) => {
      const { messageId = 0 } = packet;
      if (packet.cmd === "connect") socket.send(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      if (packet.cmd === "subscribe") socket.send(generate({ cmd: "suback", messageId, granted: [1] }));
      if (packet.cmd === "puback") acknowledged.push(messageId);
      if (packet.cmd !== "publish") return;
      socket.send(generate({ cmd: "puback", messageId }));
      socket.send(generate({ ...packet, messageId: (lastId += 1) }));
    });
    socket.on("message", (data) => packets.parse(data as Buffer));
  });
  await within("the fake broker", new Promise<void>((resolve) => server.once("listening", () => resolve())));
  return {
    port: (server.address() as AddressInfo).port,
    acknowledged,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
