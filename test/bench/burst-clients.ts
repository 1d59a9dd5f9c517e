// Clients that Sonde is compared with, MQTT 3.1.1 at QoS 1 on loopback: the same library in plain Node, and mosquitto's own two
// programs, which are C. The third is in thin-client.ts.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import mqtt from "mqtt";
import type { MqttClient } from "mqtt";

import type { Dial } from "./burst.ts";

export interface Way {
  /** `ws://...` or `mqtt://...` */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly topic: string;
}

export const QOS = 1;
const OPEN_MS = 10_000;

/** mqtt.js as its manual has it: one client that publishes, another that subscribes. */
export function libraryDial(way: Way): Dial {
  return async (onPayload) => {
    const [publisher, subscriber] = await Promise.all([libraryClient(way), libraryClient(way)]);
    subscriber.on("message", (_topic, payload) => {
      const at = performance.now();
      onPayload(payload.toString("latin1"), at);
    });
    await subscriber.subscribeAsync(way.topic, { qos: QOS });
    return {
      send: (payload) => void publisher.publish(way.topic, payload, { qos: QOS }),
      async close() {
        await Promise.all([publisher.endAsync(true), subscriber.endAsync(true)]);
      },
    };
  };
}

function libraryClient(way: Way): Promise<MqttClient> {
  const { user: username, password } = way;
  const options = { username, password, protocolVersion: 4, reconnectPeriod: 0, connectTimeout: OPEN_MS } as const;
  return mqtt.connectAsync(way.address, options);
}

/** Whether mosquitto's clients are on this machine (Debian: mosquitto-clients). */
export async function hasNativeClients(): Promise<boolean> {
  const child = spawn("mosquitto_sub", ["--version"], { stdio: "ignore" });
  return new Promise((resolve) => child.once("error", () => resolve(false)).once("close", () => resolve(true)));
}

/**
 * mosquitto_pub reads a line a message; mosquitto_sub prints the instant, in ns since the epoch, at which it has it in hand.
 * Our stamp stands before the write into the pipe, so the way to the publishing process counts as latency. The user and the
 * password stand in their arguments, for every user of this machine to see: never with an account that is worth something.
 */
export function nativeDial(way: Way): Dial {
  return async (onPayload) => {
    const { hostname, port } = new URL(way.address);
    const to = ["-h", hostname, "-p", port, "-u", way.user, "-P", way.password, "-t", way.topic, "-q", String(QOS)];
    const subscriber = spawn("mosquitto_sub", [...to, "--nodelay", "-F", "%U %p"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const publisher = spawn("mosquitto_pub", [...to, "--nodelay", "-l"], { stdio: ["pipe", "ignore", "inherit"] });
    // One that has ended says so below; a write to it must not end the bench.
    publisher.stdin.on("error", () => {});
    let there = (): void => {};
    const isThere = new Promise<void>((resolve) => (there = resolve));
    createInterface({ input: subscriber.stdout }).on("line", (line) => {
      const space = line.indexOf(" ");
      const payload = line.slice(space + 1);
      if (payload === HELLO) there();
      else onPayload(payload, Number(line.slice(0, space)) * 1_000);
    });
    // Neither says when it is ready: a greeting is repeated until one has come through.
    const greeting = setInterval(() => publisher.stdin.write(`${HELLO}\n`), HELLO_EVERY_MS);
    const patience = setTimeout(() => subscriber.kill(), OPEN_MS);
    const gone = new Promise<never>((_, reject) => {
      subscriber.once("exit", () => reject(new Error("mosquitto's clients do not reach the broker")));
    });
    gone.catch(() => {});
    await Promise.race([isThere, gone]);
    clearInterval(greeting);
    clearTimeout(patience);
    return {
      send: (payload) => void publisher.stdin.write(`${payload}\n`),
      async close() {
        const ended = [publisher, subscriber].map((child) => new Promise((resolve) => child.once("exit", resolve)));
        publisher.kill();
        subscriber.kill();
        await Promise.all(ended);
      },
    };
  };
}

const HELLO = "hello";
const HELLO_EVERY_MS = 50;

/** The wall clock in ms with fractions, from a tick of it and the monotonic clock: good until the wall clock is stepped. */
export function wallClock(): () => number {
  const before = Date.now();
  let tick = before;
  while (tick === before) tick = Date.now();
  const offsetMs = tick - performance.now();
  return () => performance.now() + offsetMs;
}
