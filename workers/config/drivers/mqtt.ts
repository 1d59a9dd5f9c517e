// What a target of the driver `mqtt` may say.

import * as z from "zod";
import { field } from "../fields.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";
import { refusalOfTopic } from "./topic.ts";

export interface MqttInput {
  readonly driver: "mqtt";
  readonly credentials?: {
    readonly user?: string;
    readonly password?: string;
    /** Sent as the password; in its place. */
    readonly token?: string;
  };
  readonly options?: {
    /** Default "3.1.1", which every broker speaks; "5" says why it refuses. */
    readonly version?: "3.1.1" | "5";
    /** Default 0. */
    readonly qos?: 0 | 1 | 2;
    /** How many messages at QoS 1 or 2 may wait for the service's answer at one time. Default 20. */
    readonly inflight?: number;
    /** Default "sonde/{target}/{region}": regions must not hear each other. No wildcards. */
    readonly topic?: string;
  };
}

/** A packet identifier has 16 bits, and 0 is none (MQTT 3.1.1, section 2.3.1). */
const INFLIGHT_MAX = 65_535;

export const MQTT_RULES: DriverRules = {
  schemes: ["ws", "wss", "mqtt", "mqtts"],
  example: "wss://broker.example.com/mqtt",
  credentials: ["user", "password", "token"],
  options: {
    version: field(z.literal(["3.1.1", "5"]).optional(), 'version: "3.1.1" or version: "5"'),
    qos: field(z.literal([0, 1, 2]).optional(), "qos: 0, qos: 1 or qos: 2"),
    inflight: field(z.number().int().min(1).max(INFLIGHT_MAX).optional(), "inflight: 20"),
  },
  channel: { option: "topic", fallback: "sonde/{target}/{region}", judge: refusalOfTopic },
  conflicts,
  canReceive: true,
};

function conflicts({ addresses, secrets, options }: WrittenTarget): Conflict[] {
  const { user, password, token } = secrets;
  const found: Conflict[] = [];
  if (password !== undefined && token !== undefined) {
    found.push({
      path: ["credentials", "token"],
      value: token,
      refusal: {
        problem: "stands beside a password, and a token is sent as the password",
        mend: "take one of them out",
      },
    });
  }
  if (password !== undefined && user === undefined) {
    found.push({
      path: ["credentials", "password"],
      value: password,
      refusal: {
        problem: "stands without a user, which MQTT 3.1.1 forbids",
        mend: 'write user: "MQTT_USER" beside it, or name the secret as token where the service wants no user',
      },
    });
  }
  if (options["inflight"] !== undefined && (options["qos"] ?? 0) === 0) {
    found.push({
      path: ["options", "inflight"],
      value: options["inflight"],
      refusal: { problem: "has no meaning at QoS 0, which has no answers", mend: "write qos: 1 or 2, or take it out" },
    });
  }
  const withPath = addresses.find((address) => /^mqtts?:\/\/[^/?]*[/?]./i.test(address));
  if (withPath !== undefined) {
    const mend = "write mqtts://broker.example.com:8883, or wss:// where the service listens on a path";
    found.push({ path: ["address"], value: withPath, refusal: { problem: "holds a path, and TCP has none", mend } });
  }
  return found;
}
