// Real MQTT clients for the tests of this folder, and chance that repeats itself. Waits are for events, each with a
// deadline that says what did not come; nothing here sleeps.

import mqtt from "mqtt";
import type { MqttClient } from "mqtt";

export const USER = "prober";
export const PASSWORD = "correct horse";
// Below vitest's own 5 s, so that it is this message that is read.
const DEADLINE_MS = 4_000;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function within<T>(what: string, promise: Promise<T>, deadlineMs: number = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not come within ${deadlineMs} ms: ${what}`)), deadlineMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A connected client. Rejects with what mqtt.js says when the broker or the way to it refuses. */
export async function connect(
  port: number,
  options: { password?: string; connectTimeout?: number } = {},
): Promise<MqttClient> {
  const client = mqtt.connect(`ws://127.0.0.1:${port}/mqtt`, {
    username: USER,
    password: PASSWORD,
    reconnectPeriod: 0,
    protocolVersion: 4,
    connectTimeout: 3_000,
    ...options,
  });
  try {
    await within(
      `a connection to ${port}`,
      new Promise<void>((resolve, reject) => {
        client.once("connect", () => resolve());
        client.once("error", reject);
        client.once("close", () => reject(new Error("closed before CONNACK")));
      }),
    );
  } catch (error) {
    client.end(true);
    throw error;
  }
  client.on("error", () => {});
  return client;
}

export interface Inbox {
  /** `<runId>/<seq>` of each arrival, in order, duplicates included. */
  readonly keys: string[];
  readonly arrivedMs: number[];
  readonly dup: boolean[];
  /** Resolves when `key` has arrived. */
  has(key: string): Promise<void>;
  /** Resolves when `many` messages have arrived. */
  holds(many: number): Promise<void>;
}

export async function subscribe(client: MqttClient, topic: string, qos: 0 | 1): Promise<Inbox> {
  const keys: string[] = [];
  const arrivedMs: number[] = [];
  const dup: boolean[] = [];
  let check = (): void => {};
  const until = (what: string, met: () => boolean): Promise<void> =>
    within(
      `${what}; there was ${keys.join(" ")}`,
      new Promise((resolve) => {
        check = () => {
          if (met()) resolve();
        };
        check();
      }),
    );
  client.on("message", (_topic, payload, packet) => {
    const [, runId, seq] = payload.toString("latin1").split(" ");
    keys.push(`${runId}/${seq}`);
    arrivedMs.push(performance.now());
    dup.push(packet.dup);
    check();
  });
  await within("SUBACK", client.subscribeAsync(topic, { qos }));
  return {
    keys,
    arrivedMs,
    dup,
    has: (key) => until(key, () => keys.includes(key)),
    holds: (many) => until(`${many} messages`, () => keys.length >= many),
  };
}

/** Publishes one of Sonde's messages; resolves when mqtt.js says it is sent (QoS 0) or acknowledged (QoS 1). */
export async function publish(
  client: MqttClient,
  topic: string,
  qos: 0 | 1,
  runId: string,
  seq: number,
): Promise<void> {
  await within(`the end of publishing ${runId}/${seq}`, client.publishAsync(topic, payloadOf(runId, seq), { qos }));
}

export function payloadOf(runId: string, seq: number): Buffer {
  return Buffer.from(`sonde1 ${runId} ${seq} nonce ${"x".repeat(60)}`);
}
