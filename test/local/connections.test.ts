// Aim: connections through the simulator behave as the broker's own, and `refuse` and `hang` as a network that does so, for
// their region only. Method: real clients and bare TCP sockets on the ports; that nothing was said is shown by something
// later that was.

import { connect as tcpConnect } from "node:net";
import { expect, test } from "vitest";
import { startNetwork } from "../../workers/local/network.server.ts";
import { connect, payloadOf, publish, within } from "./clients.ts";
import { broker, network, open, openForEachTest, pair, portOf, setFault, TOPIC } from "./world.ts";

openForEachTest();

test("a wrong password is refused by CONNACK, through the simulator as before it", async () => {
  for (const port of [broker.port, portOf("weur")]) {
    await expect(connect(port, { password: "wrong" })).rejects.toMatchObject({ code: 4 });
  }
});

test("refuse: the port is closed and open connections are cut; clear opens the same port", async () => {
  const { publisher } = await pair("weur", 1);
  const cut = new Promise<void>((resolve) => publisher.once("close", () => resolve()));
  const elsewhere = await pair("oc", 1);
  // One that has not said anything yet holds a port open as well, if nobody cuts it.
  const mute = tcpConnect(portOf("weur"), "127.0.0.1");
  await within("TCP", new Promise<void>((resolve) => mute.once("connect", () => resolve())));
  mute.on("error", () => {});
  await within("the refusal", setFault("weur", "refuse"));
  await within("the cut", cut);
  expect(await tcpError(portOf("weur"))).toBe("ECONNREFUSED");
  await expect(connect(portOf("weur"))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await publish(elsewhere.publisher, TOPIC, 1, "r", 0);
  await elsewhere.inbox.has("r/0");
  await setFault("weur", "clear");
  const again = await pair("weur", 1);
  await publish(again.publisher, TOPIC, 1, "r", 1);
  await again.inbox.has("r/1");
});

test("refuse and clear in one breath leave the port as the last one says", async () => {
  await Promise.all([setFault("weur", "refuse"), setFault("weur", "clear"), setFault("weur", "refuse")]);
  expect(await tcpError(portOf("weur"))).toBe("ECONNREFUSED");
  await Promise.all([setFault("weur", "hang"), setFault("weur", "loss=1%")]);
  await open("weur");
  expect(network.faults()["weur"]).toBe("loss=1%");
});

test("hang: TCP is accepted and nothing is said, to old connections as to new ones", async () => {
  const { publisher, inbox } = await pair("weur", 1);
  const cut = new Promise<void>((resolve) => publisher.once("close", () => resolve()));
  await setFault("weur", "hang");
  const tcp = tcpConnect(portOf("weur"), "127.0.0.1");
  await within("TCP", new Promise<void>((resolve) => tcp.once("connect", () => resolve())));
  await expect(connect(portOf("weur"), { connectTimeout: 200 })).rejects.toThrow(/connack timeout|closed before/i);
  let acknowledged = false;
  const lost = publisher.publishAsync(TOPIC, payloadOf("r", 0), { qos: 1 }).then(
    () => (acknowledged = true),
    () => {},
  );
  const elsewhere = await pair("oc", 1);
  await publish(elsewhere.publisher, TOPIC, 1, "r", 1);
  await elsewhere.inbox.has("r/1");
  expect(inbox.keys).toEqual([]);
  expect(network.ledger.entries().map((one) => one.key)).toEqual(["r/1"]);
  const ended = new Promise<void>((resolve) => tcp.once("close", () => resolve()));
  await setFault("weur", "clear");
  // What hung is cut, not resumed: a half-open handshake has no second half.
  await within("the end of the hanging socket", ended);
  await within("the end of the connection that was open before", cut);
  publisher.end(true);
  await within("the end of the publish", lost);
  expect(acknowledged).toBe(false);
  await open("weur");
});

test("what is no MQTT over WebSocket is refused with a status", async () => {
  const url = `http://127.0.0.1:${portOf("weur")}`;
  expect((await fetch(`${url}/mqtt`)).status).toBe(426);
  expect(await upgradeStatus("/elsewhere", "mqtt")).toBe(400);
  expect(await upgradeStatus("/mqtt", "chat")).toBe(400);
  expect(await upgradeStatus("/mqtt", "mqtt")).toBe(101);
});

test("a broker that is not there reads as 502", async () => {
  await broker.close();
  expect(await upgradeStatus("/mqtt", "mqtt")).toBe(502);
});

test("a port that is taken rejects, and leaves no other port open", async () => {
  const free = await startNetwork({ brokerPort: broker.port, regions: [{ id: "a", oneWayMs: 0, jitterMs: 0 }] });
  const port = free.ports["a"] as number;
  await free.close();
  const regions = [
    { id: "a", port, oneWayMs: 0, jitterMs: 0 },
    { id: "b", port: broker.port, oneWayMs: 0, jitterMs: 0 },
  ];
  await expect(startNetwork({ brokerPort: broker.port, regions })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(await tcpError(port)).toBe("ECONNREFUSED");
});

test("an unknown region rejects", async () => {
  await expect(setFault("mars", "outage")).rejects.toThrow(/no region mars/);
});

function tcpError(port: number): Promise<string> {
  const socket = tcpConnect(port, "127.0.0.1");
  return within(
    "an answer of TCP",
    new Promise<string>((resolve) => {
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    }),
  ).finally(() => socket.destroy());
}

function upgradeStatus(path: string, protocol: string): Promise<number> {
  const socket = tcpConnect(portOf("weur"), "127.0.0.1");
  const key = Buffer.alloc(16).toString("base64");
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  return within(
    "a status line",
    new Promise<number>((resolve, reject) => {
      socket.once("data", (data) => resolve(Number(data.toString("latin1").split(" ")[1])));
      socket.once("close", () => reject(new Error("closed without a status")));
    }),
  ).finally(() => socket.destroy());
}
