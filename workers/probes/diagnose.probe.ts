// After a failed connect, never while this target's messages fly: layer by layer, and the first that fails names the kind.
// Shared by all drivers, since refused, unknown name and bad TLS look alike to most libraries.

import type { Outside } from "../outside.ts";
import type { Failure, Gate } from "./driver.ts";
import { failed } from "./failure.ts";

/** Where an address leads. */
export interface Host {
  readonly host: string;
  readonly port: number;
  /** Whether TLS begins with the connection. */
  readonly secure: boolean;
}

/** Default ports: IANA's, where the scheme has one. */
const PORTS: Readonly<Record<string, number>> = {
  ws: 80,
  http: 80,
  wss: 443,
  https: 443,
  mqtt: 1883,
  mqtts: 8883,
  nats: 4222,
  tls: 4222,
  amqp: 5672,
  amqps: 5671,
};
const SECURE: ReadonlySet<string> = new Set(["wss", "https", "mqtts", "tls", "amqps"]);

/** The address was accepted by the configuration, so it is a URL of a scheme that is known here. */
export function hostOf(address: string): Host {
  const url = new URL(address);
  const scheme = url.protocol.slice(0, -1);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { host, port: url.port === "" ? (PORTS[scheme] ?? 443) : Number(url.port), secure: SECURE.has(scheme) };
}

/** TCP and TLS to the other side of the world take less than half of it; a lost packet is sent again within a second. */
const LAYER_MS = 1_500;

/**
 * Only a failure that was inferred is worth a second look. Takes a place at the gate, as it opens connections too, and then at
 * most `LAYER_MS` for each of two layers.
 */
export async function diagnose(outside: Outside, at: Host, failure: Failure, gate: Gate): Promise<Failure> {
  if (failure.sure || failure.phase !== "connect" || failure.kind !== "tcp") return failure;
  const { value: reached } = await gate.run(() => outside.reach(at.host, at.port, at.secure, LAYER_MS));
  // Reachable after all: it was the handshake above it that failed, or the service has just come back.
  const kind = reached === "open" ? "handshake" : reached;
  return failed(kind, "connect", WHAT_FAILED[kind], { transient: kind !== "tls", sure: false });
}

const WHAT_FAILED = {
  dns: "the name does not resolve",
  tcp: "the connection was refused",
  tls: "TLS failed",
  timeout: "the connection was not answered",
  handshake: "the handshake above TCP and TLS failed",
} as const;
