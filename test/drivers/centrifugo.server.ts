// A fake of Centrifugo's client protocol (version 2, JSON) as its documentation has it, for no real server can be had here:
// commands and replies by number, several in a frame, pushes, pings, errors and disconnects by code, real HS256 tokens. What
// agrees with it need not agree with a real Centrifugo. The path of a connection says how it misbehaves, if at all.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

import { mulberry32 } from "../random.ts";
import { hostileReplies } from "./centrifugo-frames.ts";
import type { Started } from "./servers.cli.ts";
import { tlsFiles } from "./tls.ts";

export interface CentrifugoServers {
  readonly port: number;
  /** The same over TLS, with a certificate that is trusted, and with one that is not; null: no TLS here. */
  readonly secure: number | null;
  readonly untrusted: number | null;
  readonly tokens: Readonly<
    Record<"good" | "expired" | "forged" | "channel" | "channelExpired" | "channelForged", string>
  >;
}

type Words = Readonly<Record<string, unknown>>;

const KEY = randomBytes(32);
/** What the channel tokens are for. */
const OWN_CHANNEL = "closed:own";
const MESSAGE_BYTES_MAX = 65_536;
const PING_MS = 1_000;

export async function start(): Promise<Started> {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const channels = new Map<string, Set<Client>>();
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    const upgrades = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
    server.on("upgrade", (request, socket: Socket, head: Buffer) => {
      const path = (request.url ?? "/").split("?")[0] ?? "/";
      const status = /^\/status\/(\d{3})$/.exec(path)?.[1];
      if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      upgrades.handleUpgrade(request, socket, head, (opened) => void new Client(opened, path, channels));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const tls = tlsFiles();
  const secureOn = (pair: { keyPath: string; certPath: string }): Promise<number> =>
    listen(createSecureServer({ key: readFileSync(pair.keyPath), cert: readFileSync(pair.certPath) }));
  const now = Math.floor(Date.now() / 1_000);
  const address: CentrifugoServers = {
    port: await listen(createServer()),
    secure: tls === null ? null : await secureOn(tls.trusted),
    untrusted: tls === null ? null : await secureOn(tls.stranger),
    tokens: {
      good: signed({ sub: "sonde", exp: now + 3_600 }, KEY),
      expired: signed({ sub: "sonde", exp: now - 60 }, KEY),
      forged: signed({ sub: "sonde", exp: now + 3_600 }, randomBytes(32)),
      channel: signed({ sub: "sonde", channel: OWN_CHANNEL, exp: now + 3_600 }, KEY),
      channelExpired: signed({ sub: "sonde", channel: OWN_CHANNEL, exp: now - 60 }, KEY),
      channelForged: signed({ sub: "sonde", channel: OWN_CHANNEL, exp: now + 3_600 }, randomBytes(32)),
    },
  };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** One connection. */
class Client {
  readonly #socket: WebSocket;
  readonly #kind: string;
  readonly #value: number;
  readonly #channels: Map<string, Set<Client>>;
  #user: string | null = null;
  #published = 0;
  #awaitsPong = false;
  #replies: Words[] = [];

  constructor(socket: WebSocket, path: string, channels: Map<string, Set<Client>>) {
    const [, kind = "", value = ""] = path.split("/");
    this.#socket = socket;
    this.#kind = kind;
    this.#value = Number(value);
    this.#channels = channels;
    socket.on("error", () => {});
    socket.on("message", (data) => this.#read(String(data)));
    const pinging = setInterval(() => this.#ping(), PING_MS);
    socket.once("close", () => {
      clearInterval(pinging);
      for (const members of channels.values()) members.delete(this);
    });
    if (kind === "garbage-at-once") socket.send(Uint8Array.from([0xff, 0xff, 0x00]));
  }

  say(words: Words | string): void {
    if (this.#socket.readyState === 1) this.#socket.send(typeof words === "string" ? words : JSON.stringify(words));
  }

  cut(): void {
    this.#socket.terminate();
  }

  #ping(): void {
    if (this.#kind !== "brisk" || this.#user === null) return;
    if (this.#awaitsPong) return this.#socket.close(3_012, "no pong");
    this.#awaitsPong = true;
    this.say({});
  }

  /** Commands, a line each; their replies go back in one frame. */
  #read(frame: string): void {
    for (const line of frame.split("\n")) {
      const command = JSON.parse(line) as Words;
      if (command["id"] === undefined) this.#awaitsPong = false;
      else this.#obey(command["id"] as number, command);
    }
    const replies = this.#replies.map((reply) => JSON.stringify(reply)).join("\n");
    this.#replies = [];
    if (replies !== "") this.say(replies);
  }

  #obey(id: number, command: Words): void {
    const { connect, subscribe, publish } = command as Readonly<Record<string, Words | undefined>>;
    if (this.#kind === "silent") return;
    if (connect !== undefined) return this.#connect(id, connect);
    if (this.#user === null) return this.#socket.close(3_501, "bad request");
    if (subscribe !== undefined) return this.#subscribe(id, subscribe);
    if (publish !== undefined) return this.#publish(id, publish);
    this.#refuse(id, 104);
  }

  #reply(id: number, result: Words): void {
    this.#replies.push({ id, ...result });
  }

  #refuse(id: number, code: number, message = "refused"): void {
    this.#reply(id, { error: { code, message, ...((code === 100 || code === 111) && { temporary: true }) } });
  }

  #connect(id: number, { token }: Words): void {
    const kind = this.#kind;
    if (kind === "garbage") return this.say("}{");
    if (kind === "binary") return this.#socket.send(Uint8Array.from([1, 2, 3]));
    if (kind === "shapeless") return this.say({ id, connect: 17 });
    if (kind === "hang-up") return this.#socket.close();
    if (kind === "cut") return this.#socket.terminate();
    if (kind === "connect-error") return this.#refuse(id, this.#value);
    if (kind === "connect-close") return this.#socket.close(this.#value, "no");
    if (kind === "connect-push") return this.say({ push: { disconnect: { code: this.#value, reason: "no" } } });
    // As a careless server would: it repeats what it was given.
    if (kind === "echo-error") return this.#refuse(id, this.#value, `bad token ${String(token)}`);
    if (kind === "echo-close") return this.#socket.close(this.#value, `bad ${String(token).slice(-80)}`);
    if (token === undefined) return this.#socket.close(3_501, "bad request");
    const claims = verified(String(token));
    if (claims === null) return this.#socket.close(3_500, "invalid token");
    if (isExpired(claims)) return this.#refuse(id, 109);
    this.#user = String(claims["sub"]);
    const ping = kind === "brisk" ? 1 : 25;
    this.#reply(id, { connect: { client: "c", version: "fake", ping, pong: true, expires: true, ttl: 3_600 } });
  }

  #subscribe(id: number, { channel, token }: Words): void {
    const kind = this.#kind;
    const name = String(channel);
    if (kind === "silent-subscribe") return;
    if (kind === "cut-at-subscribe") return this.#socket.terminate();
    if (kind === "subscribe-error") return this.#refuse(id, this.#value);
    if (kind === "echo-subscribe") return this.#refuse(id, this.#value, `bad token ${String(token)}`);
    const namespace = name.split(":")[0] ?? "";
    if (!["sonde", "closed", "quiet", "off", "busy"].includes(namespace)) return this.#refuse(id, 102);
    if (token !== undefined) {
      const claims = verified(String(token));
      if (claims === null || claims["channel"] !== name || claims["sub"] !== this.#user) return this.#refuse(id, 103);
      if (isExpired(claims)) return this.#refuse(id, 109);
    } else if (namespace === "closed") return this.#refuse(id, 103);
    const members = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, members.add(this));
    this.#reply(id, { subscribe: {} });
    if (kind !== "fuzz" && kind !== "wild") return;
    const count = kind === "fuzz" ? 500 : 100;
    for (const each of hostileReplies(mulberry32(this.#value), count, kind, name)) this.#socket.send(each);
  }

  #publish(id: number, { channel, data }: Words): void {
    const kind = this.#kind;
    const name = String(channel);
    const namespace = name.split(":")[0] ?? "";
    this.#published += 1;
    if (namespace === "quiet") return this.#refuse(id, 103);
    if (namespace === "off") return this.#refuse(id, 108);
    if (namespace === "busy" && this.#published % 2 === 0) return this.#refuse(id, 111);
    this.#reply(id, { publish: {} });
    if (kind === "swallow") return;
    const members = this.#channels.get(name) ?? [];
    for (const member of members) member.say({ push: { channel: name, pub: { data, offset: this.#published } } });
    if (this.#published !== this.#value) return;
    if (kind === "cut-after") this.#socket.terminate();
    if (kind === "cut-subscriber-after") for (const member of members) member.cut();
    if (kind === "unsubscribe-after") {
      for (const member of members) member.say({ push: { channel: name, unsubscribe: { code: 2_000, reason: "no" } } });
    }
    if (kind === "resubscribe-after") {
      for (const member of members)
        member.say({ push: { channel: name, unsubscribe: { code: 2_501, reason: "old" } } });
    }
    if (kind === "shutdown-after") this.#socket.close(3_001, "shutdown");
    if (kind === "garbage-after") this.say('{"id":');
  }
}

// JSON Web Tokens with HMAC-SHA256: RFC 7515 and RFC 7519.

function signed(claims: Words, key: Buffer): string {
  const part = (words: Words): string => Buffer.from(JSON.stringify(words)).toString("base64url");
  const head = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${head}.${createHmac("sha256", key).update(head).digest("base64url")}`;
}

function verified(token: string): Words | null {
  const [head = "", body = "", signature = ""] = token.split(".");
  const right = createHmac("sha256", KEY).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const header = JSON.parse(Buffer.from(head, "base64url").toString()) as Words;
  return header["alg"] === "HS256" ? (JSON.parse(Buffer.from(body, "base64url").toString()) as Words) : null;
}

function isExpired(claims: Words): boolean {
  return Number(claims["exp"]) <= Date.now() / 1_000;
}
