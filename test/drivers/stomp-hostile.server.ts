// A STOMP server of our own over WebSocket that misbehaves in one way, which its path says: `/error/connect`, `/silent/subscribe`,
// `/noisy/7`, ... Its texts repeat the password, as a careless server's would. Clients of one path hear each other.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

import { between, mulberry32, oneOf } from "../random.ts";
import type { Started } from "./servers.cli.ts";

export interface HostileStomp {
  readonly port: number;
}

/** Odd frames that a `noisy` connection sends before its good ones. */
export const ODDITIES = 150;

export async function start(): Promise<Started> {
  const server = createServer();
  const upgrades = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  const subscribers = new Map<string, Set<WebSocket>>();
  let connections = 0;
  upgrades.on("connection", (socket, request) => {
    const path = request.url ?? "/";
    const own = subscribers.get(path) ?? new Set();
    subscribers.set(path, own);
    serve(socket, request.socket, path, own, ++connections);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: HostileStomp = { port: (server.address() as AddressInfo).port };
  return {
    address,
    async stop() {
      for (const socket of upgrades.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function frame(command: string, headers: Readonly<Record<string, string>>, body = ""): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  return `${[command, ...lines].join("\n")}\n\n${body}\0`;
}

function serve(socket: WebSocket, line: Duplex, path: string, own: Set<WebSocket>, number: number): void {
  const [, kind = "", value = "", word = ""] = decodeURIComponent(path).split("/");
  const random = mulberry32(Number(value) * 2 + (number % 2));
  let published = 0;
  let secret = "";
  socket.on("error", () => {});
  socket.once("close", () => own.delete(socket));
  const send = (text: string): void => {
    const bytes = Buffer.from(kind === "mutant" && random() < 0.3 ? mutated(random, text) : text);
    // Text or binary, whole or in two pieces: all the same to a client.
    if (kind === "binary") return void socket.send(bytes);
    if (kind !== "pieces") return void socket.send(bytes.toString());
    for (const byte of bytes.toString()) socket.send(byte);
  };
  const refuse = (receipt?: string): void => {
    const named = receipt === undefined ? {} : { "receipt-id": receipt };
    socket.send(frame("ERROR", { message: word === "" ? `bad ${secret}` : word, ...named }, `no ${secret}`));
    socket.close(1000, "after an ERROR");
  };
  const odd = (): void => {
    if (kind !== "noisy") return;
    for (let i = 0; i < ODDITIES; i++) socket.send(oddity(random));
    socket.send(
      frame("MESSAGE", { subscription: "sonde", "message-id": "1", destination: "/x" }, "proof that it was read"),
    );
  };
  if (kind === "at-once") socket.send(value === "text" ? "hello\n\n\0" : Buffer.from("ffff0a0a00133700ff", "hex"));

  socket.on("message", (data, isBinary) => {
    const { command, headers, body } = read((data as Buffer).toString());
    secret = headers["passcode"] ?? secret;
    const at = command === "CONNECT" ? "connect" : command.toLowerCase();
    if (kind === "silent" && value === at) return;
    if (kind === "error" && value === at) return refuse(headers["receipt"]);
    if (kind === "cut" && value === at) return socket.terminate();
    // No frame of a WebSocket at all: reserved bits and an opcode that nobody knows (RFC 6455, section 5.2).
    if (kind === "broken" && value === at) return void line.write(Buffer.from([0xff, 0x01, 0x78]));
    if (kind === "hang-up" && value === at) return socket.close(4_001, `bad ${secret}`);
    if (kind === "died" && value === at) return socket.close(1000, "STOMP died");
    if (kind === "garbage" && value === at) return void socket.send("\u0001\u0002 garbage\n\n\0");
    if (kind === "endless" && value === at) return endless(socket, word);
    switch (command) {
      case "CONNECT":
        return send(frame("CONNECTED", { version: "1.2", "heart-beat": "1,1", server: "ours" }));
      case "SUBSCRIBE":
        own.add(socket);
        send(frame("RECEIPT", { "receipt-id": headers["receipt"] ?? "" }));
        return odd();
      case "SEND": {
        published += 1;
        const isHit = published === Number(value);
        if (kind === "error-after" && isHit) return refuse(headers["receipt"]);
        const copy = frame(
          "MESSAGE",
          { subscription: "sonde", "message-id": String(published), destination: "/x", ack: "1" },
          body,
        );
        if (kind !== "swallow") for (const each of own) sendTo(each, copy, kind, random, isBinary);
        if (kind !== "mute" && headers["receipt"] !== undefined)
          send(frame("RECEIPT", { "receipt-id": headers["receipt"] }));
        if (kind === "cut-after" && isHit) for (const each of [...own, socket]) each.terminate();
        if (kind === "garbage-after" && isHit) for (const each of own) each.send("NONSENSE\n\n\0");
        if (kind === "shutdown-after" && isHit)
          for (const each of own) each.send(frame("ERROR", { message: "connection_forced" }, "bye"));
        return;
      }
      case "DISCONNECT":
        return send(frame("RECEIPT", { "receipt-id": headers["receipt"] ?? "" }));
      default:
    }
  });
}

function sendTo(to: WebSocket, text: string, kind: string, random: () => number, isBinary: boolean): void {
  const bytes = Buffer.from(kind === "mutant" && random() < 0.1 ? mutated(random, text) : text);
  to.send(isBinary ? bytes : bytes.toString());
}

function read(text: string): { command: string; headers: Record<string, string>; body: string } {
  const end = text.indexOf("\n\n");
  const [command = "", ...lines] = text.slice(0, end).split("\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(":")[0] ?? "", line.slice(line.indexOf(":") + 1)]),
  );
  return { command, headers, body: text.slice(end + 2).replace(/\0\n?$/, "") };
}

/** Never an end: of a command, of the headers, or of a body that claims to be far longer. Three megabytes, then silence. */
function endless(socket: WebSocket, what: string): void {
  const piece = what === "headers" ? "name:value\n".repeat(6_000) : "x".repeat(60_000);
  if (what === "headers") socket.send("MESSAGE\n");
  if (what === "body") socket.send("MESSAGE\nsubscription:sonde\ncontent-length:-1\n\n");
  for (let i = 0; i < 50; i++) socket.send(piece);
}

function noise(random: () => number, most: number): string {
  // No NUL and no line break: those would make frames of their own.
  const letters = Array.from({ length: between(random, 0, most) }, () =>
    String.fromCharCode(between(random, 11, 1_100)),
  );
  return letters.join("").replaceAll("\r", "");
}

/** What no service should send, and what ends no session: it means nothing, and is passed over. */
function oddity(random: () => number): string | Buffer {
  const name = (): string =>
    oneOf(random, ["__proto__", "constructor", "toString", "sub\\c1", "\\x", "", noise(random, 20)]);
  return oneOf(random, [
    () => "\n".repeat(between(random, 1, 40)),
    () => "\0".repeat(between(random, 1, 40)),
    () => Buffer.from("\r\n\0\r\n"),
    () => frame("RECEIPT", { "receipt-id": name() }, noise(random, 50)),
    () => frame("RECEIPT", {}),
    () => frame("MESSAGE", { subscription: name(), "message-id": name() }, noise(random, 300)),
    () => frame("MESSAGE", { destination: "/x", "content-length": "0" }),
    () => frame("MESSAGE", { subscription: "elsewhere", "content-length": "5" }, "\0\0\0\0\0"),
    () => frame("MESSAGE", Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`h${i}`, noise(random, 30)]))),
    () => frame("MESSAGE", { subscription: "elsewhere", long: "x".repeat(9_000) }),
    () =>
      Buffer.concat([
        Buffer.from("MESSAGE\nsubscription:elsewhere\n\n"),
        Buffer.from("fffec0800a", "hex"),
        Buffer.of(0),
      ]),
    () => frame(oneOf(random, ["constructor", "toString", "__proto__", "hasOwnProperty"]), {}, "x"),
    () => frame("CONNECTED", { version: "1.2", "heart-beat": "0,0" }),
  ])();
}

/** The frame with something wrong: a letter, a wrong length, a part missing, or more than there should be. */
function mutated(random: () => number, text: string): string {
  const at = between(random, 0, text.length - 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (between(random, 0, 6)) {
    case 0:
      return before + String.fromCharCode(between(random, 0, 255)) + after.slice(1);
    case 1:
      return before;
    case 2:
      return `${before}\0${after}`;
    case 3:
      return before + noise(random, 60) + after;
    case 4:
      return `${before}\n${after}`;
    case 5:
      return text.replace(
        "\n",
        `\ncontent-length:${oneOf(random, ["-1", "1e9", "0", "3", "NaN", "99999999999999999999"])}\n`,
      );
    default:
      return text.replaceAll(":", "");
  }
}
