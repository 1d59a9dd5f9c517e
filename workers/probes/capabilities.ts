// What each driver can do and prove: the exhaustive map that drivers, collector and page share, so that nothing claims
// more than its driver can know. Pure data.

import type { DriverName, Journey, OkMeaning } from "../../schema/words.ts";
import type { Options } from "../config/config.ts";
import type { Capabilities } from "./driver.ts";

// Brokers commonly take 1 MB and more; a probe message is small, and this is the most that a configuration may ask for.
const PAYLOAD_BYTES = 32_768;

export const CAPABILITIES: Readonly<Record<DriverName, Capabilities>> = {
  mqtt: {
    transports: ["ws", "wss", "tcp", "tls"],
    qos: [0, 1, 2],
    publishAck: "broker",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: "/",
  },
  nats: {
    transports: ["ws", "wss", "tcp", "tls"],
    qos: [0],
    // NATS core is at most once: it says when it refuses a message, and never that it took one.
    publishAck: "none",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: ".",
  },
  websocket: {
    transports: ["ws", "wss"],
    qos: [0],
    // The gateway's word, where its options say how it sounds: see `publishAckOf`.
    publishAck: "broker",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    // Names of rooms are every gateway's own; a dash is the one sign that few of them refuse.
    channelSeparator: "-",
  },
  socketio: {
    transports: ["ws", "wss"],
    qos: [0],
    // The word of the application, if it calls back at all: see `publishAckOf`.
    publishAck: "broker",
    // One connection keeps order, and so does one server; an application may still do as it likes.
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: "-",
  },
  centrifugo: {
    transports: ["ws", "wss"],
    qos: [0],
    publishAck: "broker",
    ordered: true,
    push: true,
    // Half of what the service takes in one frame by default, for JSON adds to it.
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: "-",
  },
  stomp: {
    transports: ["ws", "wss"],
    qos: [0],
    publishAck: "broker",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: ".",
  },
  amqp: {
    transports: ["tcp", "tls"],
    qos: [0],
    publishAck: "broker",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: ".",
  },
  // REST cannot receive. Whose word its answer is depends on the options: see `publishAckOf`. Requests run side by side.
  "agora-rest": {
    transports: ["http"],
    qos: [0],
    publishAck: "broker",
    ordered: false,
    push: false,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: "-",
  },
  "agora-sdk": {
    transports: ["wss"],
    qos: [0],
    publishAck: "broker",
    ordered: true,
    push: true,
    maxPayloadBytes: PAYLOAD_BYTES,
    channelSeparator: "-",
  },
};

/** Whose word the acknowledgement of a publish is, for a target with these options: none, where they ask for none. */
export function publishAckOf(driver: DriverName, options: Options): Capabilities["publishAck"] {
  if (!asksForAck(driver, options)) return "none";
  // It waits for the receiver only where one is named and the answer is asked to wait for it.
  const waits = driver === "agora-rest" && options["peer"] !== undefined && options["waitForAck"] === true;
  return waits ? "receiver" : CAPABILITIES[driver].publishAck;
}

/** Each driver's own default counts where nothing was written. */
function asksForAck(driver: DriverName, options: Options): boolean {
  switch (driver) {
    case "mqtt":
      return (options["qos"] ?? 0) !== 0;
    case "socketio":
      return options["ack"] === true;
    case "websocket": {
      const publish = options["publish"];
      return typeof publish === "object" && "ok" in publish;
    }
    case "stomp":
      return options["receipt"] !== false;
    case "amqp":
      return options["confirm"] !== false;
    case "nats":
    case "centrifugo":
    case "agora-rest":
    case "agora-sdk":
      return true;
  }
}

/**
 * What `ok` means in a series of a target with these options: only a driver that can receive may say "delivered", and a
 * session that was opened is accepted, whoever opened it.
 */
export function okMeaningOf(driver: DriverName, options: Options, journey: Journey = "loop"): OkMeaning {
  if (journey === "connect") return "accepted";
  if (CAPABILITIES[driver].push) return "delivered";
  return publishAckOf(driver, options) === "receiver" ? "acknowledged" : "accepted";
}
