// Gateways to talk to, on `ws`: one that speaks JSON, one that speaks text, one that speaks as Centrifugo does, and a real
// Socket.IO. All ask for a login and keep rooms. The path of a WebSocket says how this one misbehaves: `/json/silent-login`,
// `/json/close-login/4401`, `/text/swallow`, ... The JSON and the text one repeat secrets in what they say when they refuse.

import { createServer } from "node:http";
import type { Server as HttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Server as SocketIoServer } from "socket.io";
import { type VerifyClientCallbackAsync, type WebSocket, WebSocketServer } from "ws";

import { between, mulberry32 } from "../random.ts";
import { centrifugoLike, jsonGateway, textGateway, type Dialect } from "./gateway-dialects.ts";
import { hostileFrame } from "./hostile-frames.ts";
import type { Started } from "./servers.cli.ts";
import { tlsFiles } from "./tls.ts";

export interface Gateways {
  /** `/json`, `/text`, `/centrifugo`, each with a misbehaviour behind it. By plain HTTP: how many deaf ones are still open. */
  readonly port: number;
  readonly socketIoPort: number;
  /** Null where there is no openssl. */
  readonly tlsPorts: { readonly trusted: number; readonly misnamed: number; readonly stranger: number } | null;
  readonly user: string;
  readonly password: string;
  readonly token: string;
}

const USER = "gateway user";
const PASSWORD = 'quotes " and \\ in a password';
const TOKEN = "token-4f9d2c";

/** Hostile frames before each answer of a `/fuzz` gateway, to each that it concerns. */
const HOSTILE_AT_ONCE = 25;
/** Above what workerd takes in one message (32 MiB). */
const HUGE_CHARS = 34 * 1024 * 1024;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  json: jsonGateway,
  text: textGateway,
  centrifugo: centrifugoLike,
};

type Room = Set<WebSocket>;

export async function start(): Promise<Started> {
  const rooms = new Map<string, Room>();
  const frozen = new Set<Duplex>();
  const servers: HttpServer[] = [];
  const listen = async (server: HttpServer): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const serving = (server: HttpServer): HttpServer => {
    // A header that is asked for, before anything is opened.
    const verifyClient: VerifyClientCallbackAsync = ({ req }, done) =>
      done(!req.url?.includes("/header") || req.headers["authorization"] === `Bearer ${TOKEN}`, 401, "No");
    const upgrades = new WebSocketServer({ server, verifyClient, maxPayload: 40_000, clientTracking: true });
    upgrades.on("connection", (socket, request) => {
      serve(socket, request.url ?? "/", rooms, request.socket, frozen);
    });
    server.on("request", (_, response) => response.end(String(frozen.size)));
    return server;
  };
  const port = await listen(serving(createServer()));
  const files = tlsFiles();
  const secure = (pair: { keyPath: string; certPath: string }): Promise<number> =>
    listen(serving(createTlsServer({ key: readFileSync(pair.keyPath), cert: readFileSync(pair.certPath) })));
  const tlsPorts = files && {
    trusted: await secure(files.trusted),
    misnamed: await secure(files.misnamed),
    stranger: await secure(files.stranger),
  };
  const io = createServer();
  const socketIo = socketIoOn(io);
  const socketIoPort = await listen(io);
  const address: Gateways = { port, socketIoPort, tlsPorts, user: USER, password: PASSWORD, token: TOKEN };
  return {
    address,
    async stop() {
      await socketIo.close();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function serve(
  socket: WebSocket,
  path: string,
  rooms: Map<string, Room>,
  connection: Duplex,
  frozen: Set<Duplex>,
): void {
  const [dialectName = "json", what = "", argument = ""] = path.split("?", 1).join("").split("/").slice(1);
  const dialect = DIALECTS[dialectName] ?? jsonGateway;
  const random = mulberry32(Number(argument) || 1);
  const mine: Room[] = [];
  let loggedIn = what === "header" || what === "no-login";
  let said = 0;
  const say = (text: string): void => {
    if (what === "binary") socket.send(Buffer.from(text));
    else if (what === "fragments")
      for (const [i, one] of [...text].entries()) socket.send(one, { fin: i === text.length - 1 });
    else socket.send(text);
  };
  const fuzz = (sockets: readonly WebSocket[]): void => {
    if (what !== "fuzz") return;
    for (const one of sockets) for (let i = 0; i < HOSTILE_AT_ONCE; i += 1) one.send(hostileFrame(random));
  };
  socket.on("error", () => {});
  socket.on("close", () => mine.forEach((room) => room.delete(socket)));
  if (what === "early") say(dialect.said("lab", "before any login"));
  if (what === "close-at-once") return void socket.close(Number(argument));
  socket.on("message", (data: Buffer) => {
    const frame = dialect.read(data.toString());
    if (frame === null) return;
    if (what === `silent-${frame.step}`) return;
    if (what === `close-${frame.step}`) return void socket.close(Number(argument), `refused ${TOKEN} ${PASSWORD}`);
    if (what === `cut-${frame.step}`) return void socket.terminate();
    if (what === `garbage-${frame.step}`) return void socket.send(Buffer.from("ff00fe", "hex"));
    if (what === `drip-${frame.step}`) return drip(socket);
    if (frame.step === "login") {
      const { user, password, token } = frame;
      loggedIn = (user === USER && password === PASSWORD) || token === TOKEN;
      fuzz([socket]);
      return say(loggedIn ? dialect.welcome(frame) : dialect.denied(frame, `${user} ${password} ${token}`));
    }
    if (!loggedIn) return void socket.close(4401, `who are you, ${PASSWORD}?`);
    if (frame.step === "join") {
      if (what === "refuse-join") return say(dialect.refused(frame, PASSWORD));
      const room = rooms.get(path + frame.room) ?? new Set();
      rooms.set(path + frame.room, room.add(socket));
      mine.push(room);
      if (what === "history") say(dialect.said(frame.room, "an old one"));
      fuzz([socket]);
      if (what === "huge") socket.send("x".repeat(HUGE_CHARS));
      if (what === "raw") connection.write(Uint8Array.from({ length: 200 }, () => between(random, 0, 255)));
      if (what !== "mute-join") say(dialect.joined(frame));
      return;
    }
    said += 1;
    if (what === "refuse-say" && said % 2 === 0) return say(dialect.refused(frame, TOKEN));
    if (what === "close-after" && said === Number(argument)) return void socket.close(1001);
    if (what === "foreign-acks")
      for (const ref of ["nobody", "", "0", "constructor"]) say(dialect.accepted({ ...frame, ref }));
    const members = [...(rooms.get(path + frame.room) ?? [])];
    fuzz([socket, ...members]);
    if (what === "cut-after" && said === Number(argument)) return void members.forEach((one) => one.terminate());
    if (what !== "swallow") members.forEach((one) => one.send(dialect.said(frame.room, frame.text)));
    say(dialect.accepted(frame));
    if (what === "foreign-acks") say(dialect.refused(frame, TOKEN));
    if (what === "deaf" && said === Number(argument)) freeze(connection, frozen);
  });
}

/** From now on nothing is understood, so that no goodbye is ever answered; only the end of the connection is noticed. */
function freeze(connection: Duplex, frozen: Set<Duplex>): void {
  connection.removeAllListeners("data");
  connection.on("data", () => {});
  frozen.add(connection);
  for (const event of ["end", "close", "error"]) connection.once(event, () => frozen.delete(connection));
}

/** A frame that never ends. */
function drip(socket: WebSocket): void {
  const timer = setInterval(() => socket.send(" ", { fin: false }), 50);
  socket.once("close", () => clearInterval(timer));
}

/** Answers `join` and `say` by Socket.IO's own acknowledgements. */
function socketIoOn(server: HttpServer): SocketIoServer {
  const io = new SocketIoServer(server);
  io.use((socket, next) => next(socket.handshake.auth["token"] === TOKEN ? undefined : new Error(`not with ${TOKEN}`)));
  io.on("connection", (socket) => {
    socket.on("join", (room: string, done: (word: string) => void) => {
      void socket.join(room);
      done("ok");
    });
    socket.on("say", (room: string, text: string, done: (word: string) => void) => {
      io.to(room).emit("said", room, text);
      done("ok");
    });
  });
  return io;
}
