// The thinnest client that Node can be: MQTT 3.1.1 packets at QoS 1 on a bare socket or WebSocket, with no library's state
// between them. What it sees is the broker, the kernel and Node's event loop.

import { connect } from "node:net";
import type { Socket } from "node:net";

import { generate, parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { WebSocket } from "ws";

import { QOS } from "./burst-clients.ts";
import type { Way } from "./burst-clients.ts";
import type { Dial } from "./burst.ts";

/** A publisher and a subscriber, each acknowledging at once. */
export function thinDial(way: Way): Dial {
  return async (onPayload) => {
    let heard = (_packet: Packet): void => {};
    const [publisher, subscriber] = await Promise.all([
      thinClient(way, () => {}),
      thinClient(way, (packet) => {
        const at = performance.now();
        if (packet.cmd === "publish") onPayload(packet.payload.toString("latin1"), at);
        else heard(packet);
      }),
    ]);
    const granted = new Promise<void>((resolve) => {
      heard = ({ cmd }) => (cmd === "suback" ? resolve() : undefined);
    });
    subscriber.write({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: way.topic, qos: QOS }] });
    await granted;
    let messageId = 0;
    return {
      send(payload) {
        messageId += 1;
        publisher.write({
          cmd: "publish",
          topic: way.topic,
          payload,
          qos: QOS,
          messageId,
          dup: false,
          retain: false,
        } as const);
      },
      close: () => Promise.all([publisher.close(), subscriber.close()]).then(() => undefined),
    };
  };
}

interface Thin {
  write(packet: Packet): void;
  close(): Promise<void>;
}

async function thinClient(way: Way, onPacket: (packet: Packet) => void): Promise<Thin> {
  const packets = parser();
  let welcomed = (): void => {};
  const welcome = new Promise<void>((resolve) => (welcomed = resolve));
  const pipe = await (way.address.startsWith("ws") ? webSocketPipe : socketPipe)(way.address, (chunk) =>
    packets.parse(chunk),
  );
  packets.on("packet", (packet) => {
    if (packet.cmd === "connack") return welcomed();
    onPacket(packet);
    if (packet.cmd === "publish" && packet.messageId !== undefined)
      pipe.write(generate({ cmd: "puback", messageId: packet.messageId }));
  });
  const { user: username, password } = way;
  const clientId = `thin-${Math.random().toString(36).slice(2, 12)}`;
  pipe.write(
    generate({ cmd: "connect", clientId, username, password: Buffer.from(password), clean: true, keepalive: 0 }),
  );
  await welcome;
  return { write: (packet) => pipe.write(generate(packet)), close: () => pipe.close() };
}

interface Pipe {
  write(bytes: Buffer): void;
  close(): Promise<void>;
}

async function webSocketPipe(address: string, onChunk: (chunk: Buffer) => void): Promise<Pipe> {
  const socket = new WebSocket(address, ["mqtt"], { perMessageDeflate: false });
  socket.on("message", (data) => onChunk(data as Buffer));
  await new Promise<void>((resolve, reject) => socket.once("open", () => resolve()).once("error", reject));
  return {
    write: (bytes) => socket.send(bytes),
    close: () => {
      const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
      socket.terminate();
      return closed;
    },
  };
}

async function socketPipe(address: string, onChunk: (chunk: Buffer) => void): Promise<Pipe> {
  const { hostname: host, port } = new URL(address);
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ host, port: Number(port), noDelay: true }, () => resolve(opening)).once("error", reject);
  });
  socket.on("data", onChunk);
  return {
    write: (bytes) => void socket.write(bytes),
    close: () => {
      const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
      socket.destroy();
      return closed;
    },
  };
}
