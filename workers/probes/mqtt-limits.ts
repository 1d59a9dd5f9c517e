// What a service lets its clients do, and how large our packets are. Pure arithmetic on CONNACK's properties
// (MQTT 5.0, sections 3.2.2.3 and 3.3); 3.1.1 has no words for any of it.

import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

export type Qos = 0 | 1 | 2;

export interface Limits {
  /** Publishes at QoS 1 and 2 that may be without an answer at one time. */
  readonly inflight: number;
  /** Null: no limit was named. */
  readonly packetBytesMax: number | null;
}

/**
 * Brokers drop or refuse what goes beyond their own limit, and in 3.1.1 without a word (500 at once to mosquitto: only
 * what fits arrives). 20 is mosquitto's default, and a round of 20 messages, which is ours, never waits for it.
 */
const INFLIGHT = 20;

/** The properties that matter here, as mqtt.js names them. */
export interface ConnackProperties {
  readonly receiveMaximum?: number | undefined;
  readonly maximumPacketSize?: number | undefined;
  readonly maximumQoS?: number | undefined;
}

/** The service's limits and ours; a Failure where it does not offer the QoS that was asked for. */
export function limitsOf(
  offered: ConnackProperties | undefined,
  qos: Qos,
  wanted: number = INFLIGHT,
): { limits: Limits } | { failure: Failure } {
  const qosMax = offered?.maximumQoS;
  if (qosMax !== undefined && qos > qosMax) {
    const detail = `the service offers QoS ${qosMax} at most, and QoS ${qos} is configured`;
    return { failure: failed("config", "connect", detail, { code: 0x9b }) };
  }
  const inflight = Math.max(1, Math.min(wanted, offered?.receiveMaximum ?? wanted));
  return { limits: { inflight, packetBytesMax: offered?.maximumPacketSize ?? null } };
}

/** The size of a PUBLISH of MQTT 5 without properties: sections 2.1.4 and 3.3. */
export function publishBytes(topic: string, payloadBytes: number, qos: Qos): number {
  const topicBytes = new TextEncoder().encode(topic).length;
  const remaining = 2 + topicBytes + (qos === 0 ? 0 : 2) + 1 + payloadBytes;
  const lengthBytes = remaining < 128 ? 1 : remaining < 16_384 ? 2 : remaining < 2_097_152 ? 3 : 4;
  return 1 + lengthBytes + remaining;
}
