// Aim: a packet of MQTT leaves as one WebSocket frame, and what comes in goes on as it came. Method: mqtt-packet, which
// writes in small pieces, on a socket that remembers what it was given.

import { generate, writeToStream } from "mqtt-packet";
import type { Packet } from "mqtt-packet";
import { describe, expect, it } from "vitest";

import { streamOf } from "../../workers/probes/websocket-stream.probe.ts";

class RememberingSocket extends EventTarget {
  readonly sent: Uint8Array[] = [];
  readonly closedBy: number[] = [];
  isClosed = false;
  send(bytes: Uint8Array): void {
    if (this.isClosed) throw new Error("closed");
    this.sent.push(bytes);
  }
  close(code: number): void {
    this.closedBy.push(code);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a WebSocket as a stream", () => {
  const publish: Packet = {
    cmd: "publish",
    topic: "a/b",
    payload: "x",
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  };
  const connect: Packet = {
    cmd: "connect",
    clientId: "c",
    protocolId: "MQTT",
    protocolVersion: 5,
    clean: true,
    keepalive: 0,
  };

  it("sends each packet as one frame", async () => {
    const socket = new RememberingSocket();
    const stream = streamOf(socket as unknown as WebSocket);
    for (const packet of [connect, publish, publish]) {
      writeToStream(packet, stream, { protocolVersion: 5 });
      await turn();
    }
    expect(socket.sent.map((bytes) => Buffer.from(bytes))).toEqual(
      [connect, publish, publish].map((packet) => generate(packet, { protocolVersion: 5 })),
    );
  });

  it("is destroyed by a send that fails, and by the socket's end; neither throws", async () => {
    for (const end of [
      (socket: RememberingSocket) => void (socket.isClosed = true),
      (socket: RememberingSocket) => void socket.dispatchEvent(new Event("close")),
      (socket: RememberingSocket) => void socket.dispatchEvent(new Event("error")),
    ]) {
      const socket = new RememberingSocket();
      const stream = streamOf(socket as unknown as WebSocket).on("error", () => {});
      end(socket);
      if (!stream.destroyed) stream.write("x");
      await turn();
      expect(stream.destroyed).toBe(true);
    }
  });
});
