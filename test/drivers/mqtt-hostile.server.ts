// An MQTT server over TCP that misbehaves in one way, for 3.1.1 and 5. The user name of a client says how, since TCP has no
// path: `connack/135`, `puback/151`, `away/3/142`, `room/4`, ... Its words repeat the password wherever MQTT has room for
// words. Clients of one user name hear each other. How it speaks hostile frames: `mqtt-fuzz.ts`.

import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { generate, parser } from "mqtt-packet";
import type { IConnackPacket, IPublishPacket, Packet } from "mqtt-packet";

import { between, mulberry32 } from "../random.ts";
import { deadlyFrame, FRAMES_AT_ONCE, harmlessFrame, type Version } from "./mqtt-fuzz.ts";
import type { Started } from "./servers.cli.ts";

export interface MqttHostile {
  readonly address: string;
  /** Answers by HTTP how many hostile frames it has written. */
  readonly framesUrl: string;
}

interface Subscriber {
  readonly send: (packet: Packet) => void;
  readonly write: (bytes: Uint8Array) => void;
  readonly version: Version;
}

const ANSWER_MS = 3;

export async function start(): Promise<Started> {
  const sockets = new Set<Socket>();
  const subscribers = new Map<string, Set<Subscriber>>();
  let clients = 0;
  let frames = 0;
  const count = (written: number): void => void (frames += written);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    serve(socket, subscribers, ++clients, count);
  });
  const counter = createHttpServer((_, response) => response.end(String(frames)));
  const servers: readonly Server[] = [server, counter];
  for (const one of servers) await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  const [port, framesPort] = servers.map((one) => (one.address() as AddressInfo).port);
  const address: MqttHostile = {
    address: `mqtt://127.0.0.1:${port}`,
    framesUrl: `http://127.0.0.1:${framesPort}/`,
  };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      counter.closeAllConnections();
      await Promise.all(servers.map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
}

function serve(
  socket: Socket,
  all: Map<string, Set<Subscriber>>,
  client: number,
  count: (written: number) => void,
): void {
  const random = mulberry32(client);
  const packets = parser();
  let [kind, value, more] = ["", "", ""];
  let version: Version = 4;
  let secret = "";
  let own = new Set<Subscriber>();
  let published = 0;
  let flying = 0;
  const write = (bytes: Uint8Array): void => void (socket.writable && socket.write(bytes));
  const send = (packet: Packet): void => write(generate(packet, { protocolVersion: version }));
  const sendAway = (code: number): void => {
    send({ cmd: "disconnect", reasonCode: code, properties: { reasonString: `your password is ${secret}` } });
    socket.end();
  };
  const garbage = (): void => write(Buffer.from("ffffffffffffffff00133700ff", "hex"));
  const fuzz = (stage: string, to: readonly Pick<Subscriber, "write">[] = [{ write }]): boolean => {
    if (kind !== "deadly" || value !== stage) return false;
    for (const one of to) {
      const frames = Array.from({ length: FRAMES_AT_ONCE }, () => deadlyFrame(random, secret));
      count(frames.length);
      // In one piece, or in as many as there are frames.
      if (random() < 0.5) one.write(Buffer.concat(frames));
      else for (const frame of frames) one.write(frame);
    }
    if (random() < 0.3) setTimeout(() => socket.destroy(), between(random, 0, 100));
    return true;
  };

  packets.on("error", () => socket.destroy());
  socket.on("data", (data) => void packets.parse(data));
  packets.on("packet", (packet: Packet) => {
    switch (packet.cmd) {
      case "connect": {
        version = packet.protocolVersion === 5 ? 5 : 4;
        secret = String(packet.password);
        const name = String(packet.username);
        [kind = "", value = "", more = ""] = name.split("/");
        own = all.get(name) ?? new Set();
        all.set(name, own);
        if (fuzz("connect") || kind === "silent") return;
        if (kind === "garbage") return garbage();
        if (kind === "cut") return void socket.destroy();
        if (kind === "away-first") return sendAway(Number(value));
        return send(connack(version, kind === "connack" ? Number(value) : 0, kind, value, secret));
      }
      case "subscribe": {
        if (fuzz("subscribe") || kind === "suback-silent") return;
        if (kind === "suback-garbage") return garbage();
        if (kind === "suback-cut") return void socket.destroy();
        if (kind === "suback-away") return sendAway(Number(value));
        const granted = kind === "suback-two" ? [0, 0] : [kind === "suback" ? Number(value) : 0];
        send({
          cmd: "suback",
          messageId: packet.messageId ?? 1,
          granted,
          properties: { reasonString: `your password is ${secret}` },
        });
        const subscriber = { send, write, version };
        own.add(subscriber);
        socket.once("close", () => own.delete(subscriber));
        return;
      }
      case "publish": {
        published += 1;
        flying += packet.qos === 0 ? 0 : 1;
        if (kind === "room" && flying > Number(value)) {
          // Too many at once: 5 has a word for it; in 3.1.1 brokers drop, and say nothing.
          if (version === 5) sendAway(0x93);
          flying -= 1;
          return;
        }
        if (kind === "harmless") {
          // To all who listen, and to the publisher: what is allowed, and what nobody asked for.
          for (const one of [...own, { write, version }]) {
            const frame = (): Buffer => harmlessFrame(random, one.version, packet.topic, secret, packet.messageId);
            one.write(Buffer.concat(Array.from({ length: FRAMES_AT_ONCE }, frame)));
            count(FRAMES_AT_ONCE);
          }
        }
        if (kind !== "puback") for (const each of own) each.send({ ...packet, qos: 0, dup: false, properties: {} });
        if (kind !== "no-answer") {
          setTimeout(
            () => {
              if (packet.qos === 1) flying -= 1;
              answer(packet, send, kind === "puback" ? Number(value) : 0, kind, secret);
            },
            kind === "room" ? ANSWER_MS : 0,
          );
        }
        if (kind === "cut-after" && published === Number(value)) socket.destroy();
        if (kind === "garbage-after" && published === Number(value)) garbage();
        if (kind === "away" && published === Number(value)) sendAway(Number(more));
        if (published === 2) {
          fuzz("publish");
          fuzz("deliver", [...own]);
        }
        return;
      }
      case "pubrel":
        flying -= 1;
        return send({ cmd: "pubcomp", messageId: packet.messageId ?? 1 });
      case "disconnect":
        return void socket.end();
      default:
    }
  });
}

function connack(version: Version, code: number, kind: string, value: string, secret: string): IConnackPacket {
  if (version === 4) return { cmd: "connack", returnCode: code, sessionPresent: false };
  const properties = {
    reasonString: `your password is ${secret}`,
    ...(kind === "maximum-qos" && { maximumQoS: Number(value) }),
    ...(kind === "room" && { receiveMaximum: Number(value) }),
  };
  return { cmd: "connack", reasonCode: code, sessionPresent: false, properties };
}

function answer(
  packet: IPublishPacket,
  send: (packet: Packet) => void,
  code: number,
  kind: string,
  secret: string,
): void {
  const messageId = packet.messageId ?? 1;
  const words = { reasonCode: code, properties: { reasonString: `your password is ${secret}` } };
  if (kind === "wrong-answer") return send({ cmd: "suback", messageId, granted: [0] });
  if (packet.qos === 1) send({ cmd: "puback", messageId, ...words });
  if (packet.qos === 2) send({ cmd: "pubrec", messageId, ...words });
}
