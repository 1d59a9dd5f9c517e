// Aim: the MQTT driver works with a broker that we did not write, by every transport, version and quality of service, and
// says what that broker refuses. Method: whole rounds in workerd against Debian's mosquitto, with users, an access list,
// roles, limits and TLS; nothing may be lost. (Its WebSockets add 100 ms now and then: latencies are not looked at.)

import { describe, expect, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import type { Mosquitto } from "./mosquitto.server.ts";
import type { Ports } from "./ports.server.ts";
import { clean, foreignServerOf, serverOf, tryRound } from "./trial.ts";
import type { Trial, Tried } from "./trial.ts";

const ports = await serverOf<Ports>("ports");
const mosquitto = await foreignServerOf<Mosquitto>("mosquitto", "mosquitto");
const { user, password } = mosquitto ?? { user: "", password: "" };
const hasTls = mosquitto === null || mosquitto.tls !== null;
if (!hasTls) console.warn("SKIPPED: openssl is not here, so nothing was tried by TLS");
if (mosquitto?.guarded === null)
  console.warn("SKIPPED: mosquitto's plugin for roles is not here: no refused subscription");

const ANY = [
  ["3.1.1", 0],
  ["3.1.1", 1],
  ["3.1.1", 2],
  ["5", 0],
  ["5", 1],
  ["5", 2],
] as const;
const LEAVE_MS = 1_000;

function round(address: string | null | undefined, more: Partial<Trial>): Promise<Tried> {
  const channel = `sonde/${crypto.randomUUID()}`;
  return tryRound({ driver: "mqtt", address: address ?? "", channel, secrets: { user, password }, ...more });
}

describe.skipIf(mosquitto === null)("mosquitto", () => {
  const TRANSPORTS = (["ws", "tcp", "wss", "tls"] as const).filter((one) => hasTls || !["wss", "tls"].includes(one));

  it.each(TRANSPORTS)("by %s: 1,020 messages in six rounds at once, each version and QoS, all arrive", async (by) => {
    const more = { messages: 170, deadlineMs: 10_000, connectDeadlineMs: 10_000 };
    const tried = await Promise.all(
      ANY.map(([version, qos]) => round(mosquitto?.[by], { ...more, options: { version, qos } })),
    );
    for (const { record, observation } of tried) {
      expect(record, JSON.stringify(observation.failure)).toMatchObject(clean(170));
      expect(record.failures).toEqual([]);
    }
  });

  it.each([
    ["3.1.1", 1],
    ["3.1.1", 2],
    ["5", 1],
    ["5", 2],
  ] as const)("MQTT %s at QoS %i: 500 messages written at once all arrive", async (version, qos) => {
    const more = { messages: 500, gapMs: 0, deadlineMs: 20_000, options: { version, qos } };
    const { record } = await round(mosquitto?.tcp, more);
    expect(record).toMatchObject(clean(500));
  });

  it.each([
    ["3.1.1", { inflight: 5 }],
    ["5", {}],
  ] as const)("MQTT %s holds back for a broker that takes 5 at a time", async (version, options) => {
    const more = { messages: 300, gapMs: 0, deadlineMs: 20_000, options: { version, qos: 2, ...options } };
    const { record } = await round(mosquitto?.strict, more);
    expect(record).toMatchObject(clean(300));
  });

  it("without the cap it drops what is too much, in silence: why there is one", async () => {
    const options = { version: "3.1.1", qos: 2, inflight: 500 };
    const { record } = await round(mosquitto?.tcp, { messages: 500, gapMs: 0, deadlineMs: 1_000, options });
    expect(record).toMatchObject({ error: 0, unfit: "none" });
    expect(record.lost).toBeGreaterThan(250);
  });

  describe.each(ANY)("MQTT %s at QoS %i", (version, qos) => {
    const code = version === "5" ? 135 : 5;
    const quick = { options: { version, qos }, deadlineMs: 500 };

    it.each([
      ["a wrong password", { user, password: "wrong on purpose" }],
      ["a wrong token, without a user", { token: "wrong on purpose" }],
      ["nobody", {}],
    ])("refuses %s", async (_, secrets) => {
      const { observation, record } = await round(mosquitto?.tcp, { ...quick, secrets });
      expect(observation.failure).toMatchObject({ phase: "connect", kind: "auth", code, sure: true });
      expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
      expect(JSON.stringify(observation)).not.toContain("wrong on purpose");
    });

    it("takes the password as a token", async () => {
      const { record } = await round(mosquitto?.tcp, { ...quick, secrets: { user, token: password } });
      expect(record).toMatchObject(clean(8));
    });

    it("what may not be published is refused where MQTT has a word for it, and lost where it has none", async () => {
      const { record } = await round(mosquitto?.tcp, { ...quick, channel: "guarded/no-write" });
      if (version === "5" && qos > 0) {
        expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, unfit: "none" });
        expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 8 }]);
      } else expect(record).toMatchObject({ ok: 0, lost: 8, error: 0, unfit: "none" });
    });

    it("what may not be read is lost: the access list lets subscribe, and says nothing", async () => {
      const { record } = await round(mosquitto?.tcp, { ...quick, channel: "guarded/no-read" });
      expect(record).toMatchObject({ ok: 0, lost: 8, error: 0, unfit: "none" });
    });

    it.skipIf(mosquitto?.guarded === null)("a subscription that is refused", async () => {
      const { observation, record } = await round(mosquitto?.guarded, { ...quick, channel: "guarded/no-read" });
      const refusal = { phase: "subscribe", kind: "subscribe", code: version === "5" ? 135 : 128, sure: true };
      expect(observation.failure).toMatchObject(refusal);
      expect(record.failures).toEqual([{ phase: "subscribe", kind: "subscribe", count: 8 }]);
    });

    it("a message above the broker's size: dropped in silence, or refused by a code", async () => {
      const { observation, record } = await round(mosquitto?.strict, { ...quick, payloadBytes: 2_500 });
      expect(record).toMatchObject({ ok: 0, unfit: "none" });
      expect(record.lost + record.error).toBe(8);
      if (version === "5" && qos > 0)
        expect(observation.failure).toMatchObject({ phase: "publish", kind: "publish", sure: false });
      else expect(observation.failure).toBeNull();
    });

    it("a packet above the broker's size: cut, or never sent since the broker has said so", async () => {
      const { observation, record } = await round(mosquitto?.narrow, { ...quick, payloadBytes: 3_500 });
      expect(record).toMatchObject({ ok: 0, unfit: "none" });
      expect(record.lost + record.error).toBe(8);
      if (version === "3.1.1") expect(observation.failure).toMatchObject({ phase: "deliver", kind: "closed" });
      else expect(observation.messages.map((message) => message.failure?.code)).toEqual(Array(8).fill(0x95));
    });
  });

  it("a packet of just the size that the broker takes is sent", async () => {
    // 3,000 less header 1, length 2, topic 2 + 13, identifier 2, no properties 1.
    const trial = { channel: "sonde/free-ab", payloadBytes: 2_979, options: { version: "5", qos: 1 } };
    expect((await round(mosquitto?.narrow, trial)).record).toMatchObject(clean(8));
    const { record } = await round(mosquitto?.narrow, { ...trial, payloadBytes: 2_980 });
    expect(record).toMatchObject({ ok: 0, error: 8 });
  });

  it.skipIf(!hasTls).each(["stranger", "misnamed"] as const)(
    "a certificate that is not to be trusted: %s",
    async (by) => {
      const { observation, record } = await round(mosquitto?.[by], {});
      expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls", sure: false, transient: false });
      expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
    },
  );
});

describe("ports that misbehave below MQTT", () => {
  const CONNECT: readonly (readonly [string, string, FailureKind])[] = [
    ["a closed port", `mqtt://127.0.0.1:${ports.closed}`, "tcp"],
    ["a closed port, by TLS", `mqtts://127.0.0.1:${ports.closed}`, "tcp"],
    ["a port that speaks no TLS", `mqtts://127.0.0.1:${ports.garbage}`, "tls"],
    ["silence after TCP", `mqtt://127.0.0.1:${ports.silent}`, "timeout"],
    ["silence in place of TLS", `mqtts://127.0.0.1:${ports.silent}`, "timeout"],
    ["garbage", `mqtt://127.0.0.1:${ports.garbage}`, "protocol"],
    ["a cut", `mqtt://127.0.0.1:${ports.slam}`, "closed"],
    ["a WebSocket's address that is not there", `ws://127.0.0.1:${ports.status}/404`, "handshake"],
  ];
  const BOTH: readonly Options[] = [{ version: "3.1.1" }, { version: "5" }];

  it.each(CONNECT)("%s", async (_, address, kind) => {
    for (const options of BOTH) {
      const { observation, record } = await round(address, { options, connectDeadlineMs: 500 });
      const phase: Phase = "connect";
      expect(observation.failure).toMatchObject({ phase, kind });
      expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
      // The connect's deadline, two layers of a diagnosis of 400 ms each, and a second for a machine that is busy.
      expect(observation.endedAt - observation.startedAt).toBeLessThan(500 + 2 * 400 + LEAVE_MS);
    }
  });
});
