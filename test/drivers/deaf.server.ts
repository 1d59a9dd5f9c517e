// Completes WebSocket handshakes by hand (RFC 6455, section 4.2.2) and never says anything again: no close frame is answered,
// no connection ended. Tells how many connections it holds.

import { createHash } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

import type { Started } from "./servers.cli.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export async function start(): Promise<Started> {
  const held = new Set<Socket>();
  const deaf = createServer((socket) => {
    held.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => held.delete(socket));
    socket.once("data", (data) => {
      const key = /^sec-websocket-key: *(\S+)/im.exec(data.toString("latin1"))?.[1] ?? "";
      const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: any\r\n\r\n`,
      );
    });
  });
  const count = createHttpServer((_request, response) => response.end(String(held.size)));
  const listen = async (server: Server): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const address = { port: await listen(deaf), countPort: await listen(count) };
  return {
    address,
    async stop() {
      for (const socket of held) socket.destroy();
      count.closeAllConnections();
      await Promise.all([deaf, count].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
