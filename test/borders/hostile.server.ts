// Servers that misbehave, one way each, so that every class of failure is provoked by the real thing. The path of a
// WebSocket says what this one does: `/connack/5`, `/silent-after/connect`, `/close-after/2`, `/garbage`, `/tamper/1`, ...
// Beside them: a closed port, one that accepts and is silent, and one that answers plain HTTP with a status.

import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { generate, parser } from "mqtt-packet";
import type { IPublishPacket, Packet } from "mqtt-packet";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

export interface Hostile {
  readonly ports: {
    /** Nobody listens. */
    readonly closed: number;
    /** TCP is accepted, and nothing is ever said. */
    readonly silent: number;
    /** A byte of a WebSocket's 101 now and then, never all of it. */
    readonly drip: number;
    /** `/<status>`: that status, whatever was asked for. Speaks no TLS. */
    readonly status: number;
    /** A broker that misbehaves as its path says. */
    readonly broker: number;
  };
  close(): Promise<void>;
}

export async function startHostile(): Promise<Hostile> {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void socket.resume());
  const drip = createServer((socket) => {
    const text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n";
    let at = 0;
    const timer = setInterval(() => void socket.write(text[at++ % text.length] ?? ""), 100);
    socket.once("close", () => clearInterval(timer));
  });
  const status = createHttpServer((request, response) => response.writeHead(statusOf(request.url)).end("no\n"));
  status.on("upgrade", (request, socket) =>
    socket.end(`HTTP/1.1 ${statusOf(request.url)} No\r\nContent-Length: 0\r\n\r\n`),
  );
  const broker = createHttpServer();
  const upgrades = new WebSocketServer({ server: broker, handleProtocols: () => "mqtt" });
  const subscribers = new Map<string, Set<WebSocket>>();
  upgrades.on("connection", (socket, request) => serve(socket, request.url ?? "/", subscribers));

  const servers: readonly Server[] = [silent, drip, status, broker];
  for (const server of servers) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const closed = portOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  return {
    ports: { closed, silent: portOf(silent), drip: portOf(drip), status: portOf(status), broker: portOf(broker) },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function statusOf(url: string | undefined): number {
  return Number(/^\/(\d{3})$/.exec(url ?? "")?.[1] ?? 404);
}

const GARBAGE = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x13, 0x37]);
const DRIP_MS = 40;
const AGAIN_MS = 100;
/** A message of another run: what a broker may have retained since then. */
const OLD = `sonde1 aaaaaaaaaaaaaaaa 0 bbbbbbbbbbbbbbbb ${".".repeat(60)}`;

/** Messages published, by path. */
const counts = new Map<string, number>();

/** One client of the misbehaving broker. Clients of one path hear each other, unless the path says otherwise. */
function serve(socket: WebSocket, path: string, subscribers: Map<string, Set<WebSocket>>): void {
  const [, kind = "", value = ""] = path.split("/");
  const own = subscribers.get(path) ?? new Set();
  subscribers.set(path, own);
  const countOn = (of: string): number => {
    const count = (counts.get(of) ?? 0) + 1;
    counts.set(of, count);
    return count;
  };
  socket.once("close", () => own.delete(socket));
  socket.on("error", () => {});
  let published = 0;
  const send = (packet: Packet): void => void socket.send(generate(packet));

  if (kind === "garbage-at-once") socket.send(GARBAGE);
  if (kind === "silent") return;
  const packets = parser();
  packets.on("error", () => socket.terminate());
  socket.on("message", (data) => void packets.parse(data as Buffer));
  packets.on("packet", (packet: Packet) => {
    switch (packet.cmd) {
      case "connect": {
        if (kind === "garbage") return socket.send(GARBAGE);
        if (kind === "text") return socket.send("CONNACK 0, all is well");
        if (kind === "hang-up") return socket.close();
        // As a careless server would, in the one text that a close can carry.
        if (kind === "echo") return socket.close(4_001, `bad password ${String(packet.password)}`);
        if (kind === "cut") return socket.terminate();
        if (kind === "silent-after" && value === "connect") return;
        if (kind === "drip") return dripped(socket, generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
        return send({ cmd: "connack", returnCode: kind === "connack" ? Number(value) : 0, sessionPresent: false });
      }
      case "subscribe": {
        if (kind === "silent-after" && value === "subscribe") return;
        if (kind === "cut-at-subscribe") return socket.terminate();
        const messageId = packet.messageId ?? 1;
        send({ cmd: "suback", messageId, granted: [kind === "suback" ? Number(value) : 0] });
        own.add(socket);
        if (kind === "garbage-later") socket.send(GARBAGE);
        const topic = packet.subscriptions[0]?.topic ?? "";
        if (kind === "elsewhere") send(message("another/topic", OLD));
        if (kind === "retained") send({ ...message(topic, OLD), retain: true });
        if (kind === "strangers") for (const text of ["hello", "", "sonde1", OLD]) send(message(topic, text));
        return;
      }
      case "publish": {
        published += 1;
        if (packet.qos === 1) send({ cmd: "puback", messageId: packet.messageId ?? 1 });
        relay(packet, kind, Number(value), published, own);
        // The last one comes a second time, a moment after everything has arrived.
        if (kind === "again" && published === Number(value)) {
          setTimeout(() => relay(packet, kind, 0, published, own), AGAIN_MS);
        }
        if (kind === "close-after" && published === Number(value)) socket.close();
        if (kind === "cut-after" && published === Number(value)) socket.terminate();
        // Of all that its clients have published, so that only one of them is cut, and once.
        if (kind === "cut-once" && countOn(path) === Number(value)) socket.terminate();
        if (kind === "cut-subscriber-after" && published === Number(value)) for (const each of own) each.terminate();
        return;
      }
      case "pingreq":
        return send({ cmd: "pingresp" });
      default:
    }
  });
}

/** `published`: which message of this publisher it is, from 1. */
function relay(packet: IPublishPacket, kind: string, value: number, published: number, own: Set<WebSocket>): void {
  const payload = Buffer.from(packet.payload);
  const hit = published === value;
  if (kind === "swallow") return;
  // A byte of the padding, of the nonce, of the run id; or the end is missing.
  if (hit && kind === "tamper") payload[payload.length - 5] = 0x21;
  if (hit && kind === "tamper-nonce") payload[28] = (payload[28] ?? 0) ^ 1;
  if (hit && kind === "tamper-run") payload[9] = (payload[9] ?? 0) ^ 1;
  const bytes = hit && kind === "truncate" ? payload.subarray(0, 40) : payload;
  for (const each of own) each.send(generate({ ...packet, qos: 0, dup: false, payload: bytes }));
}

function message(topic: string, payload: string): IPublishPacket {
  return { cmd: "publish", topic, payload, qos: 0, dup: false, retain: false };
}

function dripped(socket: WebSocket, bytes: Buffer): void {
  [...bytes].forEach((byte, i) => setTimeout(() => void socket.send(Uint8Array.of(byte)), DRIP_MS * (i + 1)));
}
