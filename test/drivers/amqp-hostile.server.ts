// An AMQP broker of our own that misbehaves in one way, which the user's name says: `nack 3`, `cut bind`, `channel 404 declare`,
// `noisy 7`, ... Its texts repeat the password, as a careless server's would. Clients of one user hear each other.

import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { readFile } from "node:fs/promises";

import { between, mulberry32 } from "../random.ts";
import { delivery, content, long, method, mutated, oddity, short, u16, u32, u64, u8 } from "./amqp-wire.ts";
import type { Started } from "./servers.cli.ts";
import { tlsFiles } from "./tls.ts";

export interface HostileAmqp {
  readonly port: number;
  /** The same behind TLS, for another name than the one dialled; null without openssl. */
  readonly misnamedPort: number | null;
}

/** Odd frames that a `noisy` connection sends before its good ones. */
export const ODDITIES = 150;

const START = method(0, 10, 10, u8(0), u8(9), u32(0), long("PLAIN"), long("en_US"));
const STAGES: Readonly<Record<number, string>> = {
  0x000a_000b: "start",
  0x000a_0028: "open",
  0x0014_000a: "channel",
  0x0055_000a: "confirm",
  0x0032_000a: "declare",
  0x0032_0014: "bind",
  0x003c_0014: "consume",
  0x000a_0032: "close",
  0x003c_0028: "publish",
};
const GARBAGE = Buffer.from("ffffffffffffffff00133700ff", "hex");

interface Peer {
  readonly socket: Socket;
  key: string;
}
const consumers = new Map<string, Set<Peer>>();
let connections = 0;

export async function start(): Promise<Started> {
  const sockets = new Set<Socket>();
  const clients = new WeakSet<Client>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    clients.add(new Client(socket));
  };
  const plain = createServer(serve);
  const tls = tlsFiles();
  const misnamed =
    tls === null
      ? null
      : createTlsServer(
          { key: await readFile(tls.misnamed.keyPath), cert: await readFile(tls.misnamed.certPath) },
          serve,
        );
  const servers = misnamed === null ? [plain] : [plain, misnamed];
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const portOf = (server: typeof plain): number => (server.address() as AddressInfo).port;
  const address: HostileAmqp = { port: portOf(plain), misnamedPort: misnamed === null ? null : portOf(misnamed) };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

class Client {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #number = ++connections;
  #bytes: Buffer = Buffer.alloc(0);
  #user = "";
  #text = "";
  #random: () => number = mulberry32(0);
  #published = 0;
  #body = { missing: 0, parts: [] as Buffer[] };
  #greeted = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#peer = { socket, key: "" };
    socket.on("data", (chunk) => this.#read(chunk));
    socket.once("close", () => consumers.get(this.#user)?.delete(this.#peer));
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (!this.#greeted && this.#bytes.length >= 8) {
      this.#greeted = true;
      this.#bytes = this.#bytes.subarray(8);
      this.#socket.write(START);
    }
    while (this.#greeted && this.#bytes.length >= 7 && this.#bytes.length >= this.#bytes.readUInt32BE(3) + 8) {
      const size = this.#bytes.readUInt32BE(3);
      const payload = this.#bytes.subarray(7, 7 + size);
      const type = this.#bytes[0];
      this.#bytes = this.#bytes.subarray(size + 8);
      if (type === 1) this.#asked(payload);
      if (type === 2) this.#body = { missing: Number(payload.readBigUInt64BE(4)), parts: [] };
      if (type === 3) this.#got(payload);
    }
  }

  #asked(payload: Buffer): void {
    const stage = STAGES[payload.readUInt32BE(0)];
    if (stage === undefined) return;
    if (stage === "start") this.#introduce(payload);
    const [kind = "", value = "", where = ""] = this.#user.split(" ");
    if (kind === "mutant" && stage === "start") this.#random = mulberry32(Number(value) * 2 + (this.#number % 2));
    if (stage === "publish") {
      const exchangeBytes = payload[6] ?? 0;
      this.#peer.key = payload
        .subarray(8 + exchangeBytes, 8 + exchangeBytes + (payload[7 + exchangeBytes] ?? 0))
        .toString();
      return;
    }
    if (kind === "silent" && value === stage) return;
    if (kind === "cut" && value === stage) return void this.#socket.destroy();
    if (kind === "garbage" && value === stage) return this.#send(GARBAGE);
    if (kind === "connection" && where === stage) return this.#send(this.#closing(0, Number(value)));
    if (kind === "channel" && where === stage) return this.#send(this.#closing(1, Number(value)));
    if (stage === "bind") this.#peer.key = keyOfBind(payload);
    const answer = this.#answer(stage, kind);
    const sent = kind === "mutant" && this.#random() < 0.3 ? mutated(this.#random, answer) : answer;
    const more = stage === "consume" || stage === "confirm" ? this.#ready(stage, kind, Number(value)) : [];
    // In one piece, so that what comes after the answer is there before anybody can act on it.
    if (kind === "drip") this.#drip(sent);
    else this.#send(Buffer.concat([sent, ...more]));
    if (stage === "close") this.#socket.end();
  }

  #introduce(payload: Buffer): void {
    let at = 4;
    at += 4 + payload.readUInt32BE(at);
    at += 1 + (payload[at] ?? 0);
    const [, user = "", password = ""] = payload
      .subarray(at + 4, at + 4 + payload.readUInt32BE(at))
      .toString()
      .split("\0");
    this.#user = user;
    this.#text = `${user}:${password} is not welcome`;
  }

  #answer(stage: string, kind: string): Buffer {
    switch (stage) {
      case "start":
        return method(0, 10, 30, u16(9), u32(kind === "unlimited" ? 0 : kind === "tiny" ? 100 : 131_072), u16(60));
      case "open":
        return method(0, 10, 41, short(""));
      case "channel":
        // As if it had mixed up two questions.
        return kind === "muddle" ? method(1, 50, 21) : method(1, 20, 11, long(""));
      case "confirm":
        return kind === "muddle" ? method(1, 50, 21) : method(1, 85, 11);
      case "declare":
        return method(1, 50, 11, short("amq.gen-1"), u32(0), u32(0));
      case "bind":
        return method(1, 50, 21);
      case "consume":
        return method(1, 60, 21, short("consumer"));
      default:
        return method(0, 10, 51);
    }
  }

  /** What follows the last answer of the login, or of the subscription. */
  #ready(stage: string, kind: string, value: number): readonly Buffer[] {
    const key = this.#peer.key;
    if (stage === "consume") {
      const own = consumers.get(this.#user) ?? new Set();
      consumers.set(this.#user, own.add(this.#peer));
    }
    if (kind === "blocked" && stage === "confirm") return [method(0, 10, 60, short(this.#text))];
    if (kind === "garbage-later" && stage === "confirm") return [GARBAGE];
    if (kind === "huge" && stage === "consume") return [HUGE];
    if (kind !== "noisy") return [];
    const random = mulberry32(value * 2 + (stage === "consume" ? 1 : 0));
    const odd = Array.from({ length: ODDITIES }, () => oddity(random));
    if (stage === "confirm") return odd;
    // Proof that it was all read, and a message in more than one frame.
    return [...odd, delivery("consumer", key, Buffer.alloc(between(random, 1, 40_000), 0x41))];
  }

  #got(part: Buffer): void {
    this.#body.parts.push(part);
    this.#body.missing -= part.length;
    if (this.#body.missing > 0) return;
    this.#published += 1;
    const [kind = "", value = ""] = this.#user.split(" ");
    const isHit = this.#published === Number(value);
    const tag = this.#published;
    const body = Buffer.concat(this.#body.parts);
    const own = [...(consumers.get(this.#user) ?? [])].filter(({ key }) => key === this.#peer.key);
    if (kind === "nack" && isHit) return this.#send(method(1, 60, 120, u64(tag), u8(0)));
    if (kind === "return" && isHit) {
      // flags: message id alone, which the driver counts from 1.
      const properties = Buffer.concat([u16(0x0080), short(String(tag))]);
      const back = method(1, 60, 50, u16(312), short(this.#text), short("amq.topic"), short(this.#peer.key));
      return this.#send(Buffer.concat([back, content(1, body, properties), method(1, 60, 80, u64(tag), u8(0))]));
    }
    if (kind === "refuse" && isHit) return this.#send(this.#closing(1, 403));
    if (kind !== "swallow")
      for (const { socket, key } of own) this.#relay(socket, delivery("consumer", key, body), kind);
    if (kind !== "mute") this.#send(method(1, 60, 80, u64(tag), u8(0)));
    if (kind === "force" && isHit) for (const { socket } of [...own, this.#peer]) socket.write(this.#closing(0, 320));
    if (kind === "cut-after" && isHit) for (const { socket } of [...own, this.#peer]) socket.destroy();
    if (kind === "cancel" && isHit)
      for (const { socket } of own) socket.write(method(1, 60, 30, short("consumer"), u8(1)));
  }

  #relay(to: Socket, bytes: Buffer, kind: string): void {
    to.write(kind === "mutant" && this.#random() < 0.1 ? mutated(this.#random, bytes) : bytes);
  }

  #closing(channel: 0 | 1, code: number): Buffer {
    return method(channel, channel === 0 ? 10 : 20, channel === 0 ? 50 : 40, u16(code), short(this.#text), u32(0));
  }

  #send(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  #drip(bytes: Buffer): void {
    [...bytes].forEach((byte, i) => setTimeout(() => this.#send(u8(byte)), 3 * i));
  }
}

/** A message of a thousand gigabytes is announced. */
const HUGE = Buffer.concat([
  method(1, 60, 60, short("consumer"), u64(1), u8(0), short("amq.topic"), short("k")),
  Buffer.concat([u8(2), u16(1), u32(14), u16(60), u16(0), u64(1n << 40n), u16(0), u8(0xce)]),
]);

/** queue.bind: a reserved number, queue, exchange, routing key. */
function keyOfBind(payload: Buffer): string {
  let at = 6;
  at += 1 + (payload[at] ?? 0);
  at += 1 + (payload[at] ?? 0);
  return payload.subarray(at + 1, at + 1 + (payload[at] ?? 0)).toString();
}
