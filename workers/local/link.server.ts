// One client's connection through the simulator: its WebSocket, ours to the broker, and the MQTT packets between them.
// Owns the base delay in order (FIFO each way), and carries out the fate of each PUBLISH on its way down. Decides no fate
// and listens on no port: `network.server.ts` does, and makes one link for each connection.

import { generate, parser } from "mqtt-packet";
import type { IPublishPacket, Packet } from "mqtt-packet";
import { WebSocket } from "ws";
import type { Flight } from "./flight.ts";
import type { Schedule } from "./schedule.server.ts";

/** What a link asks of the network around it. */
export interface LinkWorld {
  readonly schedule: Schedule;
  /** Base delay of one packet in one direction, ms; asked again for each. */
  delayMs(): number;
  /** A PUBLISH came up: decide its fate and enter it. */
  up(topic: string, payload: Uint8Array, retransmission: boolean): void;
  /** A PUBLISH comes down: what was decided about it, or null where nothing was. */
  down(topic: string, payload: Uint8Array): Flight | null;
  /** A copy was written to the client. */
  wrote(flight: Flight): void;
}

export interface Link {
  /** From now on nothing is read, written or closed: the line is open and dead. */
  silence(): void;
  readonly silent: boolean;
  /** Cuts both sides at once. Idempotent. */
  cut(): void;
}

/**
 * A held message waits for the next one on its topic; the last of a burst would wait for ever. After this it goes by
 * itself: long enough for the next of a schedule of 1 s, and far below a deadline of 5 s.
 */
const HOLD_MS = 1_500;

/** Joins two open WebSockets. `onGone` is called once, when the client's side has ended. */
export function joinLink(client: WebSocket, broker: WebSocket, world: LinkWorld, onGone: () => void): Link {
  let silent = false;
  let upDueMs = 0;
  let downDueMs = 0;
  /** QoS 1 messages that the client has and the broker does not know yet: each is acknowledged to it once. */
  const unacknowledged = new Set<number>();
  /** Messages that wait for the next one on their topic. */
  const held = new Map<string, { packet: IPublishPacket; flight: Flight }[]>();

  const write = (socket: WebSocket, packet: Packet): void => {
    if (!silent && socket.readyState === WebSocket.OPEN) socket.send(generate(packet));
  };

  function cut(): void {
    client.terminate();
    broker.terminate();
  }

  function passUp(run: () => void): void {
    upDueMs = Math.max(upDueMs, performance.now() + world.delayMs());
    world.schedule.at(upDueMs, run);
  }

  function fromClient(packet: Packet): void {
    if (packet.cmd === "publish") world.up(packet.topic, bytes(packet), packet.dup);
    // The copies that we made are acknowledged too; the broker must hear of its one message once.
    if (packet.cmd === "puback" && !unacknowledged.delete(packet.messageId as number)) return;
    passUp(() => write(broker, packet));
  }

  function fromBroker(packet: Packet): void {
    const flight = packet.cmd === "publish" ? world.down(packet.topic, bytes(packet)) : null;
    if (packet.cmd === "publish" && flight?.fate.drop === true) {
      // To the broker it was delivered: lost in silence, not a message that a persistent session would send again.
      if (packet.qos === 1) write(broker, { cmd: "puback", messageId: packet.messageId as number });
      return;
    }
    downDueMs = Math.max(downDueMs, performance.now() + world.delayMs());
    if (packet.cmd !== "publish") return world.schedule.at(downDueMs, () => write(client, packet));
    // A fault's delay is this message's own: those behind it are due by the base delay alone.
    world.schedule.at(downDueMs + (flight?.fate.extraDelayMs ?? 0), () => arrive(packet, flight));
  }

  function arrive(packet: IPublishPacket, flight: Flight | null): void {
    if (flight?.fate.hold === true) {
      const waiting = held.get(packet.topic) ?? [];
      waiting.push({ packet, flight });
      held.set(packet.topic, waiting);
      world.schedule.at(performance.now() + HOLD_MS, () => {
        if (waiting.some((one) => one.packet === packet)) release(packet.topic);
      });
      return;
    }
    deliver(packet, flight);
    release(packet.topic);
  }

  /** Each was held until after the next one, and that may have been held as well: so the last goes first. */
  function release(topic: string): void {
    const waiting = held.get(topic);
    held.delete(topic);
    for (let one = waiting?.pop(); one !== undefined; one = waiting?.pop()) deliver(one.packet, one.flight);
  }

  function deliver(packet: IPublishPacket, flight: Flight | null): void {
    if (silent || client.readyState !== WebSocket.OPEN) return;
    if (packet.qos === 1) unacknowledged.add(packet.messageId as number);
    // A receiver of QoS 2 would rightly suppress a copy, so there is none to make.
    const copies = packet.qos === 2 ? 1 : (flight?.fate.copies ?? 1);
    for (let copy = 0; copy < copies; copy += 1) {
      // DUP marks a repeated delivery, and must be 0 at QoS 0 (MQTT 3.1.1, 3.3.1.1).
      client.send(generate(copy > 0 && packet.qos === 1 ? { ...packet, dup: true } : packet));
      if (flight !== null) world.wrote(flight);
    }
  }

  listen(client, fromClient);
  listen(broker, fromBroker);

  /** Feeds one side's frames to a parser of its own. What is not MQTT ends the connection, as a broker would end it. */
  function listen(socket: WebSocket, onPacket: (packet: Packet) => void): void {
    const packets = parser();
    packets.on("packet", onPacket);
    packets.on("error", cut);
    socket.on("message", (data, isBinary) => {
      if (silent) return;
      // MQTT travels in binary frames only (MQTT 3.1.1, 6.0.0-1). ws hands a frame over as one Buffer unless told otherwise.
      if (isBinary) packets.parse(data as Buffer);
      else cut();
    });
    socket.on("error", () => {});
  }

  // A close is the last packet: it keeps its place behind those that are still on the way.
  client.on("close", (code) => {
    onGone();
    passUp(() => end(broker, code));
  });
  broker.on("close", (code) => {
    downDueMs = Math.max(downDueMs, performance.now() + world.delayMs());
    world.schedule.at(downDueMs, () => {
      if (!silent) end(client, code);
    });
  });

  return {
    silence: () => {
      silent = true;
    },
    get silent() {
      return silent;
    },
    cut,
  };
}

/** Hands a close on as it came: 1005 and 1006 are a close without a code and no close at all, and cannot be sent. */
function end(socket: WebSocket, code: number): void {
  if (code === 1005) socket.close();
  else if (code === 1006 || code === 1015) socket.terminate();
  else socket.close(code);
}

function bytes(packet: IPublishPacket): Uint8Array {
  return typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
}
