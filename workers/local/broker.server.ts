// The messaging service that the fleet on this machine watches: an MQTT 3.1.1 broker (aedes) over WebSocket, with one user
// and password, on loopback only. Never delays or loses anything: that is the network simulator's trade. Started by
// `start.cli.ts` and by tests.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";

export interface Broker {
  readonly port: number;
  /** Publishes as the broker itself, QoS 0; resolves when every subscriber's copy has been handed on. */
  publish(topic: string, payload: string | Uint8Array, retain: boolean): Promise<void>;
  /** Ends all connections at once, and the port. Idempotent. */
  close(): Promise<void>;
}

/** A probe's message is some 100 bytes; a MiB leaves room for every payload that a person would try. */
const MAX_FRAME_BYTES = 1_048_576;
/** CONNACK 4, bad user name or password (MQTT 3.1.1, 3.2.2.3). */
const BAD_CREDENTIALS = 4;

/**
 * Starts the broker at `ws://127.0.0.1:<port>/mqtt`, subprotocol `mqtt`; port 0 or none takes a free one.
 * Rejects when the port is taken.
 */
export async function startBroker(options: { user: string; password: string; port?: number }): Promise<Broker> {
  const aedes = await Aedes.createBroker({
    authenticate: (_client, user, password, done) => {
      if (user === options.user && password?.toString() === options.password) return done(null, true);
      done(Object.assign(new Error("bad user name or password"), { returnCode: BAD_CREDENTIALS }), false);
    },
  });
  const server = createServer((_request, response) => response.writeHead(426).end("MQTT over WebSocket, path /mqtt\n"));
  const sockets = new WebSocketServer({
    server,
    path: "/mqtt",
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    // A client must offer the subprotocol (MQTT 3.1.1, 6.0.0-3); without it this is some other WebSocket's mistake.
    verifyClient: ({ req }, answer) => {
      const offered = (req.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
      answer(offered.includes("mqtt"), 400, "offer the subprotocol mqtt");
    },
    handleProtocols: () => "mqtt",
  });
  sockets.on("connection", (socket, request) => {
    const stream = createWebSocketStream(socket);
    // A client that vanishes is everyday here; aedes cleans up by itself and must not bring the process down.
    stream.on("error", () => {});
    aedes.handle(stream, request);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    for (const socket of sockets.clients) socket.terminate();
    await new Promise<void>((resolve) => aedes.close(resolve));
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  return {
    port,
    publish: (topic, payload, retain) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: "publish", topic, payload: Buffer.from(payload), qos: 0, dup: false, retain } as const;
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => (closing ??= closeAll()),
  };
}
