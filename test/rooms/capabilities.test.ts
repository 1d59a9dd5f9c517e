// Aim: no target claims an acknowledgement that its options do not ask for, and the configuration and the probes agree on
// which drivers can receive. Method: a table of options of each driver; the two maps side by side.

import { describe, expect, it } from "vitest";

import { DRIVERS } from "../../schema/words.ts";
import type { DriverName } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import { DRIVER_RULES } from "../../workers/config/driver-rules.ts";
import { CAPABILITIES, publishAckOf } from "../../workers/probes/capabilities.ts";

describe("whose word the answer to a message is", () => {
  it.each<[DriverName, Options, "broker" | "receiver" | "none"]>([
    ["mqtt", {}, "none"],
    ["mqtt", { qos: 0 }, "none"],
    ["mqtt", { qos: 1 }, "broker"],
    ["mqtt", { qos: 2 }, "broker"],
    ["nats", {}, "none"],
    ["nats", { pattern: "request" }, "none"],
    ["socketio", {}, "none"],
    ["socketio", { ack: false }, "none"],
    ["socketio", { ack: true }, "broker"],
    ["websocket", { publish: { send: "x" } }, "none"],
    ["websocket", { publish: { send: "x", fail: { text: "NO" }, id: "rest" } }, "none"],
    ["websocket", { publish: { send: "x", ok: { text: "YES" }, id: "rest" } }, "broker"],
    ["centrifugo", {}, "broker"],
    ["stomp", {}, "broker"],
    ["stomp", { receipt: false }, "none"],
    ["amqp", {}, "broker"],
    ["amqp", { confirm: false }, "none"],
    ["agora-sdk", {}, "broker"],
    ["agora-rest", { peer: "bob", waitForAck: true }, "receiver"],
  ])("%s %j: %s", (driver, options, word) => expect(publishAckOf(driver, options)).toBe(word));
});

it.each(DRIVERS)("%s: its configuration allows receiving journeys iff it is pushed messages", (driver) => {
  expect(DRIVER_RULES[driver].canReceive).toBe(CAPABILITIES[driver].push);
});
