// Aim: each code of MQTT has its class, and what no table knows is no crash. Method: a table of recorded codes with the
// kind they must have; then every byte. And the arithmetic of packet sizes, against the library's own packets.

import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";

import { FAILURE_KINDS, type FailureKind } from "../../schema/words.ts";
import { refusedLogin, refusedPublish, refusedSubscription, sentAway } from "../../workers/probes/mqtt-failures.ts";
import { limitsOf, publishBytes } from "../../workers/probes/mqtt-limits.ts";
import { between, mulberry32 } from "../random.ts";

describe("codes", () => {
  it.each([
    ["3.1.1", 1, "protocol"],
    ["3.1.1", 2, "config"],
    ["3.1.1", 3, "rate_limit"],
    ["3.1.1", 4, "auth"],
    ["3.1.1", 5, "auth"],
    ["5", 1, "protocol"],
    ["5", 0x84, "protocol"],
    ["5", 0x85, "config"],
    ["5", 0x86, "auth"],
    ["5", 0x87, "auth"],
    ["5", 0x88, "rate_limit"],
    ["5", 0x89, "rate_limit"],
    ["5", 0x8a, "auth"],
    ["5", 0x8c, "auth"],
    ["5", 0x95, "publish"],
    ["5", 0x97, "rate_limit"],
    ["5", 0x9b, "config"],
    ["5", 0x9d, "handshake"],
    ["5", 0x9f, "rate_limit"],
  ] as const)("CONNACK of %s: %i is %s", (version, code, kind) => {
    const failure = refusedLogin(version, code);
    expect(failure).toMatchObject({ phase: "connect", kind, code, sure: true });
    expect(failure.detail).toContain(String(code));
  });

  it.each([
    [0x00, "closed", "deliver"],
    [0x81, "protocol", "deliver"],
    [0x87, "auth", "deliver"],
    [0x8b, "closed", "deliver"],
    [0x8e, "closed", "deliver"],
    [0x8f, "subscribe", "subscribe"],
    [0x93, "protocol", "deliver"],
    [0x95, "publish", "publish"],
    [0x97, "rate_limit", "deliver"],
    [0x98, "closed", "deliver"],
  ] as const)("DISCONNECT %i is %s", (code, kind, phase) => {
    expect(sentAway(code)).toMatchObject({ phase, kind, code, sure: true });
  });

  it("a refused publish is publish, a refused subscription subscribe, and too many is rate_limit", () => {
    const limits: ReadonlySet<number> = new Set([0x88, 0x89, 0x96, 0x97, 0x9f]);
    for (let code = 0x80; code < 0x100; code++) {
      const limit: FailureKind | null = limits.has(code) ? "rate_limit" : null;
      expect(refusedPublish(code)).toMatchObject({ phase: "publish", kind: limit ?? "publish", code });
      expect(refusedSubscription(code)).toMatchObject({ phase: "subscribe", kind: limit ?? "subscribe", code });
    }
    expect(refusedPublish(1)).toMatchObject({ phase: "publish", kind: "protocol", code: 1 });
  });

  it("every other byte, and what is no number, has a kind too", () => {
    for (const code of [...Array(256).keys(), -1, 256, Number.NaN, undefined, null, "5", {}]) {
      for (const version of ["3.1.1", "5"] as const) expect(FAILURE_KINDS).toContain(refusedLogin(version, code).kind);
      if (typeof code === "number") expect(FAILURE_KINDS).toContain(sentAway(code).kind);
    }
    expect(refusedLogin("3.1.1", "ECONNRESET")).toMatchObject({ kind: "protocol", sure: false });
    expect(refusedLogin("3.1.1", 0x87)).toMatchObject({ kind: "protocol", sure: false });
  });
});

describe("limits", () => {
  it.each([
    [undefined, 1, undefined, 20],
    [{}, 1, undefined, 20],
    [{ receiveMaximum: 10 }, 2, undefined, 10],
    [{ receiveMaximum: 100 }, 2, undefined, 20],
    [{ receiveMaximum: 100 }, 2, 500, 100],
    [{ receiveMaximum: 100 }, 2, 7, 7],
    // A service may not say 0 (MQTT 5.0, section 3.2.2.3.3); one message at a time is the least there is.
    [{ receiveMaximum: 0 }, 2, undefined, 1],
  ] as const)("%o at QoS %i, %s wanted: %i in flight", (offered, qos, wanted, inflight) => {
    expect(limitsOf(offered, qos, wanted)).toEqual({ limits: { inflight, packetBytesMax: null } });
  });

  it("a QoS that is not offered is a matter of configuration", () => {
    expect(limitsOf({ maximumQoS: 1 }, 2)).toMatchObject({ failure: { kind: "config", phase: "connect", code: 0x9b } });
    expect(limitsOf({ maximumQoS: 1, maximumPacketSize: 99 }, 1)).toMatchObject({ limits: { packetBytesMax: 99 } });
  });

  it("our packets are as large as the library makes them: 500 from a seed, and all edges of the length", () => {
    const random = mulberry32(5);
    const chosen = Array.from({ length: 500 }, () => between(random, 0, 40_000));
    const edges = [100, 128, 16_360, 16_384, 2_097_140, 2_097_152].flatMap((at) =>
      [...Array(20).keys()].map((i) => at + i),
    );
    for (const length of [...chosen, ...edges]) {
      const topic = "t/é/".repeat(between(random, 1, 9));
      const qos = ([0, 1, 2] as const)[length % 3] ?? 0;
      const payload = Buffer.alloc(length);
      const packet = { cmd: "publish", topic, payload, qos, messageId: 1, dup: false, retain: false } as const;
      expect(publishBytes(topic, length, qos)).toBe(generate(packet, { protocolVersion: 5 }).length);
    }
  });
});
