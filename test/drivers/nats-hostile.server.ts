// NATS servers that misbehave, one way each, so that every class of failure is provoked by the real thing: over WebSocket
// the path says how (`/mute`, `/err/stale connection`, `/cut-after/3`), over TCP there is a port for each of a few ways.
// Only as much NATS as the driver speaks: INFO, CONNECT, SUB, PUB, MSG, HMSG, PING, PONG, -ERR.

import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { WebSocketServer } from "ws";

import { between, mulberry32, oneOf } from "../random.ts";
import type { Started } from "./servers.cli.ts";

export interface NatsHostile {
  readonly ws: number;
  /** By the way it misbehaves. */
  readonly tcp: Readonly<Record<string, number>>;
}

const TCP_WAYS = ["good", "garbage", "mute", "hang-up", "wants-tls", "wants-tls-in-pieces", "drip", "cut-after/3"];
/** Frames that any client must bear, between two messages. */
export const STORM_FRAMES = 120;

export async function start(): Promise<Started> {
  const sockets = new Set<Socket>();
  const hubs = new Map<string, Set<Client>>();
  const hubOf = (way: string): Set<Client> => {
    const hub = hubs.get(way) ?? new Set();
    hubs.set(way, hub);
    return hub;
  };
  const http = createHttpServer();
  new WebSocketServer({ server: http }).on("connection", (socket, request) => {
    const way = decodeURIComponent((request.url ?? "/").slice(1));
    const line = {
      send: (data: string | Uint8Array) => socket.send(Buffer.from(data)),
      end: () => socket.close(),
      cut: () => socket.terminate(),
    };
    const client = new Client(line, way, hubOf(way));
    socket.on("error", () => {});
    socket.on("close", () => client.left());
    socket.on("message", (data) => client.read(data as Buffer));
  });
  const byWay = TCP_WAYS.map((way) => ({
    way,
    server: createServer((socket) => {
      socket.setNoDelay(true);
      const line = {
        send: (data: string | Uint8Array) => void socket.write(data),
        end: () => void socket.end(),
        cut: () => void socket.destroy(),
      };
      const client = new Client(line, way, hubOf(`tcp ${way}`));
      socket.on("close", () => client.left());
      socket.on("data", (data) => client.read(data));
    }),
  }));
  const servers: readonly Server[] = [http, ...byWay.map(({ server }) => server)];
  for (const server of servers) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const address: NatsHostile = {
    ws: portOf(http),
    tcp: Object.fromEntries(byWay.map(({ way, server }) => [way, portOf(server)])),
  };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

interface Line {
  send(data: string | Uint8Array): void;
  end(): void;
  cut(): void;
}

const DRIP_MS = 2;
const PIECE_BYTES = 7;
const MEGABYTE = "x".repeat(1024 * 1024);

class Client {
  readonly #line: Line;
  readonly #kind: string;
  readonly #value: string;
  readonly #hub: Set<Client>;
  readonly #random = mulberry32(11);
  #held = Buffer.alloc(0);
  #login = "";
  #published = 0;
  #sid: string | null = null;
  #isGone = false;
  #dripAt = 0;

  constructor(line: Line, way: string, hub: Set<Client>) {
    [this.#line, this.#hub] = [line, hub];
    [this.#kind = "", this.#value = ""] = way.split("/");
    this.#greet();
  }

  #greet(): void {
    const line = this.#line;
    const more = this.#kind.startsWith("wants-tls") ? { tls_required: true } : {};
    const info = `INFO ${JSON.stringify({ server_id: "N", version: "2.9.10", proto: 1, headers: true, max_payload: 65_536, ...more })}\r\n`;
    switch (this.#kind) {
      case "silent":
        return;
      case "garbage":
        return line.send(Buffer.from("ffff00133700ff0d0a", "hex"));
      case "http":
        return line.send("HTTP/1.1 400 Bad Request\r\n\r\n");
      case "bad-info":
        return line.send("INFO {not json}\r\n");
      case "null-info":
        return line.send("INFO null\r\n");
      case "wants-tls-in-pieces":
        line.send(info.slice(0, 20));
        setTimeout(() => line.send(info.slice(20)), 30);
        return;
      case "full":
        line.send("-ERR 'maximum connections exceeded'\r\n");
        return line.end();
      case "drip":
        return this.#drip(Buffer.from(info));
      default:
        line.send(info);
    }
  }

  left(): void {
    this.#isGone = true;
    this.#hub.delete(this);
  }

  read(data: Uint8Array): void {
    this.#held = Buffer.concat([this.#held, data]);
    for (;;) {
      const end = this.#held.indexOf("\r\n");
      if (end < 0) return;
      const line = this.#held.subarray(0, end).toString();
      const [verb = "", ...words] = line.split(" ");
      if (verb !== "PUB") {
        this.#held = this.#held.subarray(end + 2);
        this.#take(verb, words, line);
        continue;
      }
      const length = Number(words.at(-1));
      if (this.#held.length < end + 2 + length + 2) return;
      const body = this.#held.subarray(end + 2, end + 2 + length);
      this.#held = this.#held.subarray(end + 2 + length + 2);
      this.#publish(words[0] ?? "", words.length === 3 ? (words[1] ?? "") : "", Buffer.from(body));
    }
  }

  #take(verb: string, words: readonly string[], line: string): void {
    if (verb === "CONNECT") {
      this.#login = line;
      return;
    }
    if (verb === "SUB") {
      this.#sid = words.at(-1) ?? "";
      this.#hub.add(this);
    }
    if (verb === "PING") this.#ping();
  }

  /** The driver asks by PING whether it is logged in, and then whether it is subscribed. */
  #ping(): void {
    const isLogin = this.#sid === null;
    const err = (text: string): void => this.#line.send(`-ERR '${text}'\r\n`);
    const kind = this.#kind;
    if (isLogin && kind === "mute") return;
    if (isLogin && kind === "hang-up") return this.#line.end();
    if (isLogin && kind === "cut") return this.#line.cut();
    if (isLogin && kind === "err") return err(this.#value);
    if (isLogin && kind === "echo-refusal") {
      err(`Authorization Violation for ${this.#login}`);
      return this.#line.end();
    }
    if (isLogin && kind === "echo-unknown") return err(`what is ${this.#login}`);
    if (isLogin && kind === "echo-garbage") return this.#line.send(`${this.#login}\r\n`);
    if (isLogin && kind === "echo-info") return this.#line.send(`INFO ${this.#login}\r\n`);
    if (!isLogin && kind === "mute-after-sub") return;
    if (!isLogin && kind === "cut-at-sub") return this.#line.cut();
    if (!isLogin && kind === "err-at-sub") err(this.#value);
    if (kind === "ping-storm") this.#line.send("PING\r\n".repeat(1_000));
    if (kind === "drip") this.#drip(Buffer.from("PONG\r\n"));
    else this.#line.send("PONG\r\n");
    if (!isLogin && kind === "garbage-later") this.#line.send(`${this.#login}\r\n`);
    if (!isLogin && kind === "endless") {
      this.#line.send("MSG a 1 60000000\r\n");
      for (let each = 0; each < 20; each++) this.#line.send(MEGABYTE);
    }
  }

  #publish(subject: string, reply: string, body: Buffer): void {
    this.#published += 1;
    const isIt = this.#published === Number(this.#value);
    if (this.#kind === "swallow") return;
    if (this.#kind === "no-responders") return void [...this.#hub].forEach((each) => each.#nobody(reply));
    for (const each of this.#hub) {
      if (each !== this) each.#deliver(subject, reply, body);
      else if (subject.startsWith("_INBOX")) each.#deliver(subject, reply, body);
    }
    if (this.#kind === "err-after-3" && this.#published === 3) {
      this.#line.send(`-ERR '${this.#value} ${this.#login}'\r\n`);
      if (this.#value !== "Something New") this.#line.end();
    }
    if (isIt && this.#kind === "close-after") this.#line.end();
    if (isIt && this.#kind === "cut-after") this.#line.cut();
    if (isIt && this.#kind === "cut-subscriber-after") for (const each of this.#hub) each.#line.cut();
  }

  #nobody(reply: string): void {
    const head = "NATS/1.0 503\r\n\r\n";
    this.#line.send(`HMSG ${reply} ${this.#sid} ${head.length} ${head.length}\r\n${head}\r\n`);
  }

  #deliver(subject: string, reply: string, body: Buffer): void {
    const words = [subject, this.#sid ?? "", ...(reply === "" ? [] : [reply])].join(" ");
    const frame = Buffer.concat([Buffer.from(`MSG ${words} ${body.length}\r\n`), body, Buffer.from("\r\n")]);
    if (this.#kind === "storm") this.#line.send(Buffer.from(storm(this.#random, this.#login), "latin1"));
    if (this.#kind === "drip") this.#drip(frame);
    else this.#line.send(frame);
  }

  /** A few bytes at a time, one frame after the other. */
  #drip(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      this.#dripAt = Math.max(this.#dripAt + DRIP_MS, Date.now());
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      setTimeout(() => this.#isGone || this.#line.send(piece), this.#dripAt - Date.now());
    }
  }
}

/** Frames that are strange, and yet NATS: a client must not lose a message over them. */
function storm(random: () => number, echo: string): string {
  const junk = (): string =>
    Array.from({ length: between(random, 0, 40) }, () => String.fromCharCode(between(random, 0, 255))).join("");
  const word = (): string => oneOf(random, ["a", "a.b", "$SYS.x", "\u00ff\u00fe", "x".repeat(300), "1"]);
  const kinds: readonly (() => string)[] = [
    () => "PING\r\n",
    () => "PONG\r\n",
    () => "+OK\r\n",
    () => "+OK what ever\r\n",
    () => `-ERR '${word()} ${echo}'\r\n`,
    () => "-ERR\t''\r\n",
    () => `-ERR 'Permissions Violation for Publish to "${word()}"'\r\n`,
    () => {
      const body = junk();
      return `MSG ${word()} ${oneOf(random, [0, 3, 99, 4_294_967_295])} ${body.length}\r\n${body}\r\n`;
    },
    () => {
      const body = junk();
      return `msg\t${word()}   1  ${word()}\t${body.length}\r\n${body}\r\n`;
    },
    () => {
      const [head, body] = [
        oneOf(random, ["NATS/1.0\r\n\r\n", "NATS/1.0 503\r\n\r\n", "NATS/9 999\r\nx\r\n\r\n", ""]),
        junk(),
      ];
      return `HMSG ${word()} 2 ${head.length} ${head.length + body.length}\r\n${head}${body}\r\n`;
    },
    () => 'INFO {"max_payload":65536,"ldm":true,"connect_urls":["10.0.0.1:1",7,null],"nonce":{}}\r\n',
  ];
  return Array.from({ length: STORM_FRAMES }, () => oneOf(random, kinds)()).join("");
}
