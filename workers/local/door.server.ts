// One region's TCP port: lets clients in to the broker, refuses them (`refuse`), or takes them and says nothing (`hang`).
// Owns the sockets and the handshakes; packets and their fates belong to `link.server.ts` and `network.server.ts`, which
// opens one door for each region.

import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { CLEAR } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { joinLink } from "./link.server.ts";
import type { Link, LinkWorld } from "./link.server.ts";

/** One region's port, and the faults in force there. */
export interface Door {
  readonly port: number;
  /** Written by whoever decides fates, too: counts are used up. */
  fault: Fault;
  /** Replaces the faults; resolves when the port is as they say. Rejects when a refused port cannot be opened again. */
  change(fault: Fault): Promise<void>;
  /** Cuts every connection and closes the port. */
  close(): Promise<void>;
}

const MAX_FRAME_BYTES = 1_048_576;
/** A port that was closed by `refuse` may be taken meanwhile, by an outgoing connection's own end; they pass quickly. */
const REOPEN_TRIES = 100;
const REOPEN_PAUSE_MS = 50;

/** Opens 127.0.0.1:`wantedPort` (0: a free one); `newWorld` is asked for each connection. Rejects when it is taken. */
export async function openDoor(
  wantedPort: number,
  brokerPort: number,
  newWorld: (door: Door) => LinkWorld,
): Promise<Door> {
  const links = new Set<Link>();
  const sockets = new Set<Socket>();
  /** Accepted while the region hung: they never got an answer, and never will. */
  const unanswered = new Set<Socket>();
  const upgrades = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("mqtt") ? "mqtt" : false),
  });

  // Not listening itself: it reads the requests of sockets that the TCP server below hands to it, or does not (`hang`).
  const http = createHttpServer((_request, response) => response.writeHead(426).end("MQTT over WebSocket\n"));
  http.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    dialBroker(brokerPort, request, socket, (broker) => {
      let joined = false;
      upgrades.handleUpgrade(request, socket, head, (client) => {
        const link = joinLink(client, broker, newWorld(door), () => links.delete(link));
        links.add(link);
        joined = true;
        if (door.fault.gate === "hang") link.silence();
      });
      // ws answers a bad handshake itself; then nobody is left for whom the broker's side was opened.
      if (!joined) broker.terminate();
    });
  });

  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      sockets.delete(socket);
      unanswered.delete(socket);
    });
    if (door.fault.gate === "hang") {
      unanswered.add(socket);
      socket.resume();
    } else http.emit("connection", socket);
  });

  function endHanging(): void {
    for (const socket of unanswered) socket.destroy();
    for (const link of links) if (link.silent) link.cut();
  }

  async function shut(): Promise<void> {
    const closed = tcp.listening ? new Promise<void>((resolve) => tcp.close(() => resolve())) : undefined;
    for (const link of links) link.cut();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  async function apply(fault: Fault): Promise<void> {
    const before = door.fault.gate;
    door.fault = fault;
    if (before === "hang" && fault.gate !== "hang") endHanging();
    if (fault.gate === "hang") for (const link of links) link.silence();
    if (fault.gate === "refuse") await shut();
    else if (!tcp.listening) await reopen(tcp, door.port);
  }

  await listen(tcp, wantedPort);
  // Changes follow one another: a port cannot be opened while it is being closed.
  let changes = Promise.resolve();
  let closed = false;
  const door: Door = {
    port: (tcp.address() as AddressInfo).port,
    fault: CLEAR,
    change(fault) {
      const change = changes.then(() => (closed ? undefined : apply(fault)));
      changes = change.catch(() => {});
      return change;
    },
    async close() {
      closed = true;
      await changes;
      await shut();
    },
  };
  return door;
}

/** Opens our own WebSocket to the broker before the client's is accepted, so that a refusal there is one here. */
function dialBroker(
  brokerPort: number,
  request: IncomingMessage,
  socket: Duplex,
  onOpen: (broker: WebSocket) => void,
): void {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const broker = new WebSocket(
    `ws://127.0.0.1:${brokerPort}${request.url ?? "/"}`,
    offered.filter((name) => name === "mqtt"),
    { perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES },
  );
  // Refused or joined, whichever is first: an error that comes later must not write HTTP into an open WebSocket.
  let settled = false;
  const refuse = (status: string): void => {
    if (!settled) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    settled = true;
  };
  socket.once("close", () => {
    if (!settled) broker.terminate();
    settled = true;
  });
  broker.once("unexpected-response", (_ours, answer) => {
    refuse(`${answer.statusCode ?? 502} ${answer.statusMessage ?? ""}`);
    broker.terminate();
  });
  broker.on("error", () => refuse("502 Bad Gateway"));
  broker.once("open", () => {
    if (settled) return broker.terminate();
    settled = true;
    onOpen(broker);
  });
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function reopen(server: Server, port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(server, port);
    } catch (error) {
      if (attempt === REOPEN_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, REOPEN_PAUSE_MS));
    }
  }
}
