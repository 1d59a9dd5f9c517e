// Ports that misbehave below any protocol, each in one way: what every driver must survive with the right class.

import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

import type { Started } from "./servers.cli.ts";

export interface Ports {
  /** Nobody listens. */
  readonly closed: number;
  /** TCP is accepted, and nothing is ever said. Speaks no TLS. */
  readonly silent: number;
  /** A byte of a WebSocket's 101 now and then, never all of it. */
  readonly drip: number;
  /** `/<status>`: that HTTP status, whatever was asked for. */
  readonly status: number;
  /** Says what is no protocol at all, at once, and stays. */
  readonly garbage: number;
  /** Closes as soon as something was said. */
  readonly slam: number;
}

export async function start(): Promise<Started> {
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
    socket.end(`HTTP/1.1 ${statusOf(request.url)} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
  );
  const garbage = createServer((socket) => void socket.write(Buffer.from("ffffffffffffffff00133700ff", "hex")));
  const slam = createServer((socket) => void socket.once("data", () => socket.destroy()));

  const servers: Readonly<Record<Exclude<keyof Ports, "closed">, Server>> = { silent, drip, status, garbage, slam };
  for (const server of Object.values(servers)) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const closed = portOf(gone);
  await new Promise((resolve) => gone.close(resolve));
  const open = Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, portOf(server)]));
  return {
    address: { ...open, closed } as unknown as Ports,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(Object.values(servers).map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function statusOf(url: string | undefined): number {
  return Number(/^\/(\d{3})$/.exec(url ?? "")?.[1] ?? 404);
}
