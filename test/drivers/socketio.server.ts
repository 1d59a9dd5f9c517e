// Socket.IO applications that driver tests talk to: one real server whose namespaces behave in one way each, one that takes
// small messages only, and one below Socket.IO that speaks Engine.IO by hand and misbehaves as its path says.

import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo, Server as NetServer, Socket as NetSocket } from "node:net";
import { Server, type Socket } from "socket.io";
import { type WebSocket, WebSocketServer } from "ws";

import { mulberry32 } from "../random.ts";
import type { Started } from "./servers.cli.ts";
import { hostileFrames } from "./socketio-frames.ts";
import { tlsFiles } from "./tls.ts";

export interface SocketIoServers {
  readonly token: string;
  readonly user: string;
  readonly password: string;
  /** The real one; namespaces: see `behave`. */
  readonly real: number;
  /** The same over TLS, with a certificate that is trusted, and with one that is not; null: no TLS here. */
  readonly secure: number | null;
  readonly untrusted: number | null;
  /** Takes at most 2,000 bytes in a message. */
  readonly small: number;
  /** Pings each 40 ms, and drops who does not answer within 800 ms. */
  readonly brisk: number;
  readonly hostile: number;
}

type Callback = (word?: unknown) => void;
type Middleware = (socket: Socket, next: (error?: Error & { data?: unknown }) => void) => void;

const SECRETS = { token: "tok-5f0c-secret", user: "sonde-user", password: "pass-77aa-secret" };

export async function start(): Promise<Started> {
  const sockets = new Set<NetSocket>();
  const servers: NetServer[] = [];
  const listen = async (server: NetServer): Promise<number> => {
    servers.push(server);
    server.on("connection", (socket: NetSocket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const applicationOn = (server: NetServer, options: object = {}): Promise<number> => {
    behave(new Server(server as ReturnType<typeof createServer>, options));
    return listen(server);
  };
  const tls = tlsFiles();
  const secureOn = (pair: { keyPath: string; certPath: string }): Promise<number> =>
    applicationOn(createSecureServer({ key: readFileSync(pair.keyPath), cert: readFileSync(pair.certPath) }));
  const byHand = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  byHand.on("upgrade", (request, socket, head) => {
    const { pathname } = new URL(request.url ?? "/", "ws://h");
    const status = /^\/status\/(\d{3})\//.exec(pathname)?.[1];
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    upgrades.handleUpgrade(request, socket, head, (opened) => misbehave(opened, pathname));
  });
  const address: SocketIoServers = {
    ...SECRETS,
    real: await applicationOn(createServer()),
    secure: tls === null ? null : await secureOn(tls.trusted),
    untrusted: tls === null ? null : await secureOn(tls.stranger),
    small: await applicationOn(createServer(), { maxHttpBufferSize: 2_000 }),
    brisk: await applicationOn(createServer(), { pingInterval: 40, pingTimeout: 800 }),
    hostile: await listen(byHand),
  };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Either the token or the user and the password, under the usual names or others. */
const authorise: Middleware = (socket, next) => {
  const { token, jwt, user, username, password } = socket.handshake.auth;
  const named = (user ?? username) === SECRETS.user && password === SECRETS.password;
  if (token === SECRETS.token || jwt === SECRETS.token || named) next();
  else next(new Error("not authorized"));
};

function refuse(message: (socket: Socket) => string, data?: unknown): Middleware {
  return (socket, next) => next(Object.assign(new Error(message(socket)), data === undefined ? {} : { data }));
}

function behave(io: Server): void {
  const relay = (room: string, text: string): void => void io.of("/").to(room).emit("message", text);
  io.use(authorise).on("connection", (socket) => {
    socket.on("join", async (room: string, done?: Callback) => {
      await socket.join(room);
      done?.({ status: "ok" });
    });
    socket.on("message", (room: string, text: string, done?: Callback) => {
      relay(room, text);
      done?.({ status: "ok" });
    });
  });
  const json = io.of("/json").use(authorise);
  json.on("connection", (socket) => {
    socket.on("enter", ({ room }: { room: string }) => {
      void socket.join(room);
      socket.emit("entered", { room });
    });
    socket.on("say", ({ room, body }: { room: string; body: string }, done?: Callback) => {
      json.to(room).emit("said", { room, body, by: socket.id });
      done?.(true);
    });
  });
  // Whoever is connected hears everything, with the room in front.
  const open = io.of("/open").use(authorise);
  open.on("connection", (socket) =>
    socket.on("message", (room: string, text: string) => void open.emit("message", room, text)),
  );
  io.of("/coded").use(refuse(() => "no", { code: 401 }));
  io.of("/named").use(refuse(() => "no", { type: "UnauthorizedError" }));
  io.of("/busy").use(refuse(() => "no", { status: 429 }));
  io.of("/odd").use(refuse(() => "come back on Monday"));
  // As a careless server would.
  const repeat = (socket: Socket): string => `bad password or token: ${JSON.stringify(socket.handshake.auth)}`;
  io.of("/echo").use(refuse(repeat, { code: SECRETS.token, type: SECRETS.password }));
  io.of("/picky").on("connection", (socket) =>
    socket.on("join", (_room: string, done: Callback) => done({ error: SECRETS.token })),
  );
  io.of("/forbidden").on("connection", (socket) =>
    socket.on("join", (_room: string, done: Callback) => done({ code: 403 })),
  );
  io.of("/deaf").on("connection", () => {});
  const partly = io.of("/partly");
  partly.on("connection", (socket) => {
    let published = 0;
    socket.on("join", async (room: string, done: Callback) => {
      await socket.join(room);
      done();
    });
    socket.on("message", (room: string, text: string, done: Callback) => {
      published += 1;
      if (published % 2 === 0) return done({ ok: false, message: SECRETS.token });
      partly.to(room).emit("message", text);
      done({ ok: true });
    });
  });
  const leaver = io.of("/leaver");
  leaver.on("connection", (socket) => {
    let published = 0;
    socket.on("join", async (room: string, done: Callback) => {
      await socket.join(room);
      done();
    });
    socket.on("message", (room: string, text: string) => {
      published += 1;
      leaver.to(room).emit("message", text);
      if (published === 3) socket.disconnect();
    });
  });
}

const OPEN = `0${JSON.stringify({ sid: "s", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1e6 })}`;
const subscribers = new Map<string, Set<WebSocket>>();

/** `/<kind>/<number>/`: one client of the server that speaks by hand. Clients of one path hear each other. */
function misbehave(socket: WebSocket, path: string): void {
  const [, kind = "", number = ""] = path.split("/");
  const own = subscribers.get(path) ?? new Set();
  subscribers.set(path, own);
  socket.on("error", () => {});
  socket.once("close", () => own.delete(socket));
  const say = (frame: string | Uint8Array): void => void (socket.readyState === 1 && socket.send(frame));
  if (kind === "silent") return;
  if (kind === "garbage") return say(Uint8Array.from([0xff, 0x00, 0x13, 0x37]));
  if (kind === "text") return say("hello, who is there?");
  if (kind === "broken-open") return say('0{"sid":');
  if (kind === "half-open") return say("0{}");
  say(kind === "hasty" ? OPEN.replace("25000", "500").replace("20000", "500") : OPEN);
  let published = 0;
  socket.on("message", (data) => {
    const frame = String(data);
    if (frame.startsWith("40")) {
      if (kind === "silent-login") return;
      if (kind === "old") return say("40");
      if (kind === "bare-refusal") return say("44");
      if (kind === "hang-up") return socket.close();
      // The one text that a close can carry, from one that repeats what it was given.
      if (kind === "echo") return socket.close(4_001, frame.slice(0, 100));
      if (kind === "cut") return socket.terminate();
      return say('40{"sid":"s"}');
    }
    const join = /^42(\d+)\["join",/.exec(frame);
    if (join !== null) {
      if (kind === "cut-at-join") return socket.terminate();
      own.add(socket);
      say(`43${join[1]}[]`);
      if (kind === "garbage-later") say("4xyz");
      if (kind === "fuzz") for (const each of hostileFrames(mulberry32(Number(number)), 500, "harmless")) say(each);
      if (kind === "wild") for (const each of hostileFrames(mulberry32(Number(number)), 100, "wild")) say(each);
      return;
    }
    const message = /^42(\d*)\["message","[^"]*",("[^"]*")\]$/.exec(frame);
    if (message === null) return;
    published += 1;
    if (kind === "swallow") return;
    for (const each of own) if (each.readyState === 1) each.send(`42["message",${message[2]}]`);
    if (kind === "cut-after" && published === Number(number)) socket.terminate();
  });
}
