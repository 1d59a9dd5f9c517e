// One row a driver and transport: which server of test/drivers it is measured with, and what it is told. A new driver gets a
// row here; one without a row is said so, loudly, by the subjects that use the table.

import type { DriverName } from "../../schema/words.ts";
import type { Endpoint } from "../../workers/probes/driver.ts";
import type { AgoraAddress } from "../drivers/agora.server.ts";
import type { CentrifugoServers } from "../drivers/centrifugo.server.ts";
import { JSON_OPTIONS } from "../drivers/gateway-options.ts";
import type { Gateways } from "../drivers/gateway.server.ts";
import type { Mosquitto } from "../drivers/mosquitto.server.ts";
import type { Nats } from "../drivers/nats.server.ts";
import type { RabbitMq } from "../drivers/rabbitmq.server.ts";
import type { Simulated } from "../drivers/simulated.server.ts";
import type { SocketIoServers } from "../drivers/socketio.server.ts";

export interface DriverRow {
  readonly driver: DriverName;
  /** What is measured beside the driver's name: the transport, a version. */
  readonly variant: string;
  /** `test/drivers/<server>.server.ts` */
  readonly server: string;
  readonly channel: string;
  /** From what the server said of itself. */
  endpointOf(address: unknown): Endpoint;
}

export const DRIVER_ROWS: readonly DriverRow[] = [
  row<Simulated>("mqtt", "ws", "simulated", "sonde/bench", ({ brokerPort, user, password }) => ({
    address: `ws://127.0.0.1:${brokerPort}/mqtt`,
    options: { qos: 1 },
    secrets: { user, password },
  })),
  row<Mosquitto>("mqtt", "tcp", "mosquitto", "sonde/bench", ({ tcp: address, user, password }) => ({
    address,
    options: { qos: 1 },
    secrets: { user, password },
  })),
  row<Nats>("nats", "ws", "nats", "sonde.bench", ({ users, secrets }) => ({
    address: `ws://127.0.0.1:${users.ws}`,
    options: {},
    secrets: secrets.whole,
  })),
  row<Nats>("nats", "tcp", "nats", "sonde.bench", ({ users, secrets }) => ({
    address: `nats://127.0.0.1:${users.tcp}`,
    options: {},
    secrets: secrets.whole,
  })),
  row<Gateways>("websocket", "ws", "gateway", "sonde-bench", ({ port, user, password, token }) => ({
    address: `ws://127.0.0.1:${port}/json/good`,
    options: JSON_OPTIONS,
    secrets: { user, password, token },
  })),
  row<SocketIoServers>("socketio", "ws", "socketio", "sonde-bench", ({ real, token }) => ({
    address: `ws://127.0.0.1:${real}/`,
    options: {},
    secrets: { token },
  })),
  row<CentrifugoServers>("centrifugo", "ws", "centrifugo", "sonde:bench", ({ port, tokens }) => ({
    address: `ws://127.0.0.1:${port}/connection/websocket`,
    options: {},
    secrets: { token: tokens.good },
  })),
  row<RabbitMq>("stomp", "ws", "rabbitmq", "/topic/sonde.bench", ({ plain, accounts }) => ({
    address: `ws://127.0.0.1:${plain.stomp}/ws`,
    options: {},
    secrets: { ...accounts.whole },
  })),
  row<RabbitMq>("amqp", "tcp", "rabbitmq", "sonde.bench", ({ plain, accounts }) => ({
    address: `amqp://127.0.0.1:${plain.amqp}`,
    options: {},
    secrets: { ...accounts.whole },
  })),
  row<AgoraAddress>("agora-rest", "http", "agora", "sonde-bench", ({ url, appId, customerKey, customerSecret }) => ({
    address: url,
    options: { appId, user: "sonde-bench" },
    secrets: { customerKey, customerSecret },
  })),
];

function row<A>(
  driver: DriverName,
  variant: string,
  server: string,
  channel: string,
  of: (address: A) => Endpoint,
): DriverRow {
  return { driver, variant, server, channel, endpointOf: (address) => of(address as A) };
}
