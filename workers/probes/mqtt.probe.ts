// MQTT 3.1.1 over ws and wss: mqtt.js's client on a socket that we opened ourselves, so that refusals keep their HTTP status.
// Its reconnect, keep-alive and caches are off: one session is one try. Its acknowledgement is the broker's word.

// The client class by its file, not the package's front door: that one resolves to a browser build, whose nextTick queue
// is shared by all Durable Objects of an isolate and runs one object's I/O in another's context (seen: logins that hang).
import clientModule from "mqtt/lib/client";
import type { IClientOptions, MqttClient } from "mqtt";

import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import { TimeoutError, within } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { Driver, DriverContext, Endpoint, Failure, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { openWebSocket } from "./websocket-open.probe.ts";
import { streamOf } from "./websocket-stream.probe.ts";

// A CommonJS file: bundlers that follow Node's rule give its exports as the default, others unwrap them.
const Client = ("default" in clientModule ? clientModule.default : clientModule) as typeof MqttClient;

/** The driver, on a given outside. Options: `qos` 0 or 1. Secrets: `user`, `password`. */
export function mqttDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.mqtt,
    connect: (endpoint, role, context) => connect(outside, endpoint, role, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, endpoint, failure, context),
  };
}

async function connect(
  outside: Outside,
  endpoint: Endpoint,
  role: "publisher" | "subscriber",
  context: DriverContext,
): Promise<Session> {
  const { connectMs } = context.deadlines;
  const askedAt = outside.now();
  const { value: socket, queuedMs } = await context.gate.run(() =>
    openWebSocket(outside, endpoint.address, ["mqtt"], connectMs),
  );
  const openedAt = outside.now();
  const handshakeMs = openedAt - askedAt - queuedMs;
  const client = clientOn(socket, endpoint, role, outside);
  try {
    // Never less than 1 ms: a handshake that took all of the deadline has lost, by a timeout of the login.
    await within(outside, Math.max(1, connectMs - handshakeMs), "MQTT login", loggedIn(client));
  } catch (problem) {
    client.end(true);
    throw problem instanceof TimeoutError
      ? failed("timeout", "connect", `no CONNACK within ${connectMs} ms`, { transient: true })
      : problem;
  }
  const timing = { queuedMs, handshakeMs, loginMs: outside.now() - openedAt };
  return sessionOn(outside, client, timing, endpoint.options["qos"] === 1 ? 1 : 0, context);
}

function clientOn(socket: WebSocket, endpoint: Endpoint, role: string, outside: Outside): MqttClient {
  const options: IClientOptions = {
    // 23 characters is the most that every 3.1.1 broker must take (MQTT 3.1.1, section 3.1.3.1).
    clientId: `sonde-${role.slice(0, 3)}-${hexOf(outside.random(6))}`,
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: 3_600_000,
    timerVariant: "native",
    // Else mqtt-packet builds 65,536 buffers at first use: 40 ms of CPU in each cold isolate.
    writeCache: false,
  };
  const { user, password } = endpoint.secrets;
  if (user !== undefined) options.username = user;
  if (password !== undefined) options.password = password;
  // An error that nobody listens to would be thrown at the whole object.
  return new Client(() => streamOf(socket), options).on("error", () => {});
}

/** Resolves at CONNACK 0. Rejects with a Failure: refused by code, closed, or not MQTT at all. */
function loggedIn(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", (error: Error & { code?: unknown }) => reject(refusedLogin(error.code)));
    client.once("close", () => reject(failed("closed", "connect", "closed before CONNACK", { transient: true })));
  });
}

/** CONNACK return codes: MQTT 3.1.1, section 3.2.2.3. */
function refusedLogin(code: unknown): Failure {
  switch (code) {
    case 1:
      return failed("protocol", "connect", "CONNACK 1: protocol version refused", { code });
    case 2:
      return failed("config", "connect", "CONNACK 2: client identifier rejected", { code });
    case 3:
      return failed("rate_limit", "connect", "CONNACK 3: server unavailable", { code, transient: true });
    case 4:
    case 5:
      return failed("auth", "connect", `CONNACK ${code}: not authorised`, { code });
    default:
      return failed("protocol", "connect", "the answer to CONNECT was not MQTT", { transient: true, sure: false });
  }
}

function sessionOn(
  outside: Outside,
  client: MqttClient,
  timing: Session["timing"],
  qos: 0 | 1,
  context: DriverContext,
): Session {
  const { subscribeMs, closeMs } = context.deadlines;
  let ending = false;
  let failure: Failure | null = null;
  let tell: ((failure: Failure) => void) | null = null;
  const ended = (why: Failure): void => {
    if (ending || failure !== null) return;
    failure = why;
    tell?.(why);
  };
  client.on("error", () =>
    ended(failed("protocol", "deliver", "the service sent what is not MQTT", { transient: true })),
  );
  client.on("close", () => ended(failed("closed", "deliver", "closed by the service", { transient: true })));
  return {
    timing,
    async subscribe(channel, onMessage) {
      client.on("message", (topic, data) => {
        const receivedAt = outside.now();
        if (topic === channel) onMessage({ data, receivedAt });
      });
      try {
        const granted = await within(outside, subscribeMs, "SUBACK", client.subscribeAsync(channel, { qos }));
        if (granted.some((grant) => grant.qos >= 128))
          throw failed("subscribe", "subscribe", "SUBACK 128", { code: 128 });
      } catch (problem) {
        throw refusedSubscribe(problem, failure, subscribeMs);
      }
    },
    publish(channel, data) {
      const sentAt = outside.now();
      // 3.1.1 has no word for a refused publish: the broker acknowledges, says nothing, or closes.
      client.publish(channel, data as Buffer, { qos });
      return { sentAt, refused: Promise.resolve(null) };
    },
    onClosed(listener) {
      tell = listener;
      if (failure !== null) listener(failure);
    },
    async close() {
      if (ending) return;
      ending = true;
      // A polite DISCONNECT, where the service lets us; unacknowledged publishes must not hold the round.
      await within(outside, closeMs, "close", client.endAsync(false)).catch(() => client.end(true));
    },
  };
}

function refusedSubscribe(problem: unknown, closed: Failure | null, subscribeMs: number): Failure {
  if (problem instanceof TimeoutError) {
    return failed("timeout", "subscribe", `no SUBACK within ${subscribeMs} ms`, { transient: true });
  }
  if (closed !== null) return failed(closed.kind, "subscribe", "closed while subscribing", { transient: true });
  return failed("subscribe", "subscribe", "the subscription was refused", { code: 128 });
}

/** Only a failure that was inferred is worth a second look: refused, unknown name and bad TLS look alike to fetch(). */
async function diagnose(
  outside: Outside,
  endpoint: Endpoint,
  failure: Failure,
  context: DriverContext,
): Promise<Failure> {
  if (failure.sure || failure.phase !== "connect" || failure.kind !== "tcp") return failure;
  const url = new URL(endpoint.address);
  const secure = url.protocol === "wss:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const reached = await outside.reach(url.hostname, port, secure, context.deadlines.closeMs);
  // Reachable after all: it was the handshake above it that failed, or the service has just come back.
  const kind = reached === "open" ? "handshake" : reached;
  return failed(kind, "connect", WHAT_FAILED[kind], { transient: kind !== "tls", sure: false });
}

const WHAT_FAILED = {
  dns: "the name does not resolve",
  tcp: "the connection was refused",
  tls: "TLS failed",
  timeout: "the connection was not answered",
  handshake: "the WebSocket handshake failed",
} as const;
