// Hostile MQTT frames from a seed. Harmless: well formed, though nobody asked for them, so that a session must live on.
// Deadly: mutated, cut or made of chance, so that it may end, and nothing worse. Called by `mqtt-hostile.server.ts`.

import { generate } from "mqtt-packet";
import type { Packet } from "mqtt-packet";

import { between, oneOf } from "../random.ts";

export type Version = 4 | 5;

/** A burst of them. */
export const FRAMES_AT_ONCE = 60;

type Chance = () => number;

/**
 * `near`: an identifier that the session has just given out. They begin anywhere and go up by one, so what lies 20,000 away
 * answers no question of a round.
 */
export function harmlessFrame(random: Chance, version: Version, topic: string, secret: string, near = 0): Buffer {
  const messageId = 1 + ((near + between(random, 20_000, 40_000)) % 65_535);
  const reasonString = `your password is ${secret}`;
  const answers = { messageId, ...(version === 5 && { reasonCode: 0x97, properties: { reasonString } }) };
  const payload = oneOf(random, [
    bytes(random, between(random, 0, 300)),
    secret,
    "sonde1 ",
    "",
    `sonde1 ${secret} 0 0 `,
  ]);
  const chosen = oneOf<Packet>(random, [
    { cmd: "publish", topic, payload, qos: 0, dup: false, retain: random() < 0.5 },
    { cmd: "publish", topic: `${topic}/else`, payload, qos: 1, messageId, dup: random() < 0.5, retain: false },
    { cmd: "publish", topic, payload, qos: 2, messageId, dup: random() < 0.5, retain: false },
    { cmd: "puback", ...answers },
    { cmd: "pubrec", ...answers },
    { cmd: "pubrel", messageId },
    { cmd: "pubcomp", messageId },
    { cmd: "suback", messageId, granted: [random() < 0.5 ? 128 : 0] },
    { cmd: "unsuback", messageId, granted: version === 5 ? [0] : [] },
    { cmd: "pingresp" },
  ]);
  return generate(chosen, { protocolVersion: version });
}

export function deadlyFrame(random: Chance, secret: string): Buffer {
  const kind = between(random, 0, 4);
  if (kind === 0) return bytes(random, between(random, 1, 60));
  // A header of some kind that promises up to 256 MB, and a few bytes of it.
  if (kind === 1) return Buffer.concat([bytes(random, 1), Buffer.from("ffffff7f", "hex"), bytes(random, 20)]);
  if (kind === 2) return generate(outOfPlace(random), { protocolVersion: 5 });
  const whole = harmlessFrame(random, oneOf(random, [4, 5]), "sonde/fuzz", secret);
  if (kind === 3) return whole.subarray(0, between(random, 1, whole.length));
  for (let i = between(random, 1, 6); i > 0; i--) whole[between(random, 0, whole.length - 1)] = between(random, 0, 255);
  return whole;
}

/** Whole packets that a service may not send, or not now. */
function outOfPlace(random: Chance): Packet {
  return oneOf<Packet>(random, [
    { cmd: "connack", returnCode: 0, reasonCode: 0, sessionPresent: true },
    { cmd: "pingreq" },
    { cmd: "connect", clientId: "x", protocolId: "MQTT", protocolVersion: 4, clean: true, keepalive: 0 },
    { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0 }] },
    { cmd: "suback", messageId: between(random, 1, 20), granted: [0, 0, 0] },
    { cmd: "puback", messageId: between(random, 1, 20) },
    { cmd: "pubcomp", messageId: between(random, 1, 20) },
    { cmd: "disconnect", reasonCode: oneOf(random, [0, 0x8e, 0x95, 0x97]) },
    { cmd: "auth", reasonCode: 24 },
  ]);
}

function bytes(random: Chance, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => between(random, 0, 255)));
}
