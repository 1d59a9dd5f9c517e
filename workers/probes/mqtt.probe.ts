// MQTT 3.1.1 and 5 over ws, wss, tcp and tls: mqtt.js's client on a connection that we opened ourselves, so that refusals
// keep their HTTP status and mqtt:// stays TCP (the library would make a WebSocket of it here). Its reconnect, keep-alive
// and caches are off: one session is one try, and leaves nothing behind. Its acknowledgement is the broker's word.

import type { Duplex } from "node:stream";

// The client class by its file, not the package's front door: that one resolves to a browser build, whose nextTick queue
// is shared by all Durable Objects of an isolate and runs one object's I/O in another's context (seen: logins that hang).
import clientModule from "mqtt/lib/client";
import type { IClientOptions, MqttClient } from "mqtt";

import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Driver, DriverContext, Endpoint, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { type MqttVersion, refusedLogin, sentAway } from "./mqtt-failures.ts";
import { type ConnackProperties, limitsOf, type Qos } from "./mqtt-limits.ts";
import { sessionOn } from "./mqtt-session.probe.ts";
import { loginInTime, throughGate, timingOf } from "./opening.probe.ts";
import { openSocket } from "./socket-open.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";
import { streamOf } from "./websocket-stream.probe.ts";

// A CommonJS file: bundlers that follow Node's rule give its exports as the default, others unwrap them.
const Client = ("default" in clientModule ? clientModule.default : clientModule) as typeof MqttClient;

/**
 * The driver, on a given outside. Options: `version`, `qos`, `inflight`. Secrets: `user`, and `password` or `token`, which
 * travels as the password: MQTT has no other place for it without an authentication method of its own.
 */
export function mqttDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.mqtt,
    connect: (endpoint, role, context) => connect(outside, endpoint, role, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(
  outside: Outside,
  endpoint: Endpoint,
  role: "publisher" | "subscriber",
  context: DriverContext,
): Promise<Session> {
  const { connectMs } = context.deadlines;
  const opening = await throughGate(outside, context, () => openStream(outside, endpoint.address, connectMs));
  const stream = opening.value;
  const options = optionsFor(endpoint, role, outside);
  // An error that nobody listens to would be thrown at the whole object.
  const client = new Client(() => stream, options).on("error", () => {});
  try {
    const login = loggedIn(client, options.protocolVersion === 5 ? "5" : "3.1.1");
    const offered = await loginInTime(outside, opening, context, "CONNACK", login);
    const timing = timingOf(outside, opening);
    const qos = (endpoint.options["qos"] ?? 0) as Qos;
    const allowed = limitsOf(offered, qos, endpoint.options["inflight"] as number | undefined);
    if ("failure" in allowed) throw allowed.failure;
    return sessionOn(outside, { client, stream, timing, qos, limits: allowed.limits }, context.deadlines);
  } catch (problem) {
    client.end(true);
    stream.destroy();
    throw problem;
  }
}

/** A connection that is open, by the address's scheme. */
async function openStream(outside: Outside, address: string, timeoutMs: number): Promise<Duplex> {
  if (/^mqtts?:/i.test(address)) return openSocket(outside, hostOf(address), timeoutMs);
  return streamOf(await openWebSocket(outside, address, ["mqtt"], timeoutMs));
}

function optionsFor(endpoint: Endpoint, role: string, outside: Outside): IClientOptions {
  const options: IClientOptions = {
    // 23 characters is the most that every 3.1.1 broker must take (MQTT 3.1.1, section 3.1.3.1).
    clientId: `sonde-${role.slice(0, 3)}-${hexOf(outside.random(6))}`,
    protocolVersion: endpoint.options["version"] === "5" ? 5 : 4,
    clean: true,
    keepalive: 0,
    reconnectPeriod: 0,
    resubscribe: false,
    connectTimeout: 3_600_000,
    timerVariant: "native",
    // Else mqtt-packet builds 65,536 buffers at first use: 40 ms of CPU in each cold isolate.
    writeCache: false,
  };
  // Nothing is kept for us when we are gone (MQTT 5.0, section 3.1.2.11.2): the other half of `clean`.
  if (options.protocolVersion === 5) options.properties = { sessionExpiryInterval: 0 };
  const { user, token, password = token } = endpoint.secrets;
  if (user !== undefined) options.username = user;
  if (password !== undefined) {
    options.password = password;
    // 3.1.1 forbids a password without a user name (section 3.1.2.9), and the library does in 5 as well: an empty one is one.
    options.username ??= "";
  }
  return options;
}

/** Resolves at CONNACK 0, with what the service said there. Rejects with a Failure: refused by code, closed, or not MQTT. */
function loggedIn(client: MqttClient, version: MqttVersion): Promise<ConnackProperties | undefined> {
  const closed = failed("closed", "connect", "closed before CONNACK", { transient: true });
  return new Promise((resolve, reject) => {
    client.once("connect", ({ properties }) => resolve(properties as ConnackProperties | undefined));
    client.once("disconnect", ({ reasonCode }) => reject({ ...sentAway(reasonCode ?? 0), phase: "connect" }));
    client.once("error", ({ code }: Error & { code?: unknown }) =>
      // Text is the code of a socket that broke (ECONNRESET).
      reject(typeof code === "string" ? closed : refusedLogin(version, code)),
    );
    client.once("close", () => reject(closed));
  });
}
