// Aim: the MQTT driver says what happened, no more and no less. Method: whole rounds in workerd, through the network
// simulator to a real broker, compared with the simulator's own ledger; then against servers that misbehave in one way
// each (`hostile.server.ts`), so that every class of failure is provoked by the real thing.

import { afterEach, describe, expect, inject, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { NOON, world } from "../world.ts";
import { breakLab, hostileAddress, labAddress, labLedger, tryRound } from "./lab.ts";
import type { Tried } from "./lab.ts";

const { user, password, hostile } = inject("servers");

afterEach(() => breakLab("clear"));

describe("through the simulator", () => {
  it.each([
    [0, 20],
    [1, 20],
  ] as const)("a clean round at QoS %i: all %i come, once, in order", async (qos, messages) => {
    const sinceAt = Date.now();
    const { record } = await tryRound({ address: labAddress(), qos, messages });
    expect(record).toMatchObject({
      ok: messages,
      lost: 0,
      error: 0,
      notSent: 0,
      duplicate: 0,
      reordered: 0,
      corrupt: 0,
      foreign: 0,
      unfit: "none",
    });
    expect(record.failures).toEqual([]);
    expect(record.latencyMsMax).toBeGreaterThanOrEqual(2);
    expect(await labLedger(sinceAt)).toMatchObject({
      seen: messages,
      delivered: messages,
      duplicated: 0,
      reordered: 0,
    });
  });

  const FAULTS: readonly (readonly [string, Partial<Tried["record"]>])[] = [
    ["drop=3", { ok: 17, lost: 3 }],
    ["double=2", { ok: 20, duplicate: 2 }],
    ["swap=1", { ok: 20, reordered: 1 }],
    ["late=2:300ms", { ok: 20, over: [{ limitMs: 200, count: 2 }] }],
    ["drop=2 late=1:300ms double=1", { ok: 18, lost: 2, duplicate: 1, over: [{ limitMs: 200, count: 1 }] }],
    ["late=1:3s", { ok: 19, lost: 1, afterDeadline: 0 }],
    ["delay=300ms", { ok: 20, over: [{ limitMs: 200, count: 20 }] }],
    ["outage", { ok: 0, lost: 20 }],
  ];

  describe.each([0, 1] as const)("at QoS %i", (qos) => {
    // A machine that stands still for longer than the limit makes a message late that the ledger saw leave in time.
    it.each(FAULTS)("%s is counted exactly", { retry: 1 }, async (words, counts) => {
      const sinceAt = Date.now();
      await breakLab(words);
      const { record } = await tryRound({ address: labAddress(), qos, messages: 20, gapMs: 20 });
      expect(record).toMatchObject({
        scheduled: 20,
        error: 0,
        notSent: 0,
        corrupt: 0,
        foreign: 0,
        unfit: "none",
        ...counts,
      });
      const truth = await labLedger(sinceAt);
      expect(record.ok, "as the ledger has it").toBe(truth.delivered);
      expect(record.lost).toBe(truth.dropped + truth.afterDeadline + truth.unwritten);
      expect(record.duplicate).toBe(truth.duplicated);
      expect(record.over[0]?.count).toBe(truth.overLimit);
      if (words.startsWith("swap")) expect(record.reordered).toBe(truth.reordered);
    });
  });
});

describe("messages that are not this round's", () => {
  it("a message that the broker retained from an older run never counts", async () => {
    const { record } = await tryRound({
      address: `ws://127.0.0.1:${inject("servers").brokerPort}/mqtt`,
      topic: "lab/retained",
    });
    expect(record).toMatchObject({ ok: 8, duplicate: 0, corrupt: 0, foreign: 1 });
  });

  it.each([
    ["retained", { foreign: 1 }],
    ["strangers", { foreign: 4 }],
    ["elsewhere", { foreign: 0 }],
  ])("nor does what %s send", async (path, counts) => {
    const { record } = await tryRound({ address: hostileAddress(path) });
    expect(record).toMatchObject({ ok: 8, lost: 0, duplicate: 0, reordered: 0, corrupt: 0, ...counts });
  });

  it("a second copy that comes when all have arrived is still seen", async () => {
    const { record } = await tryRound({ address: hostileAddress("again/8") });
    expect(record).toMatchObject({ ok: 8, duplicate: 1, reordered: 0 });
  });

  it("another round on the same topic at the same time never counts either", async () => {
    const trial = { address: labAddress(), topic: "lab/shared", messages: 10 };
    const both = await Promise.all([tryRound(trial), tryRound(trial)]);
    for (const { record } of both) {
      expect(record).toMatchObject({ ok: 10, lost: 0, duplicate: 0, corrupt: 0 });
      expect(record.foreign).toBeLessThanOrEqual(10);
    }
  });

  it.each(["tamper/3", "tamper-nonce/3", "tamper-run/3", "truncate/3"])(
    "a message that was changed on the way is corrupt, and lost: %s",
    async (path) => {
      const { record } = await tryRound({ address: hostileAddress(path) });
      expect(record).toMatchObject({ ok: 7, lost: 1, corrupt: 1, foreign: 0, error: 0 });
    },
  );
});

describe("objects that share an isolate", () => {
  it("do not disturb each other: all probers fly at once, four slots in a row", async () => {
    const fleet = await world();
    fleet.at(NOON - 5_000);
    await fleet.watch();
    for (let i = 0; i < 4; i++) await fleet.slot(NOON + i * 10_000);
    const { collectors } = await fleet.state();
    expect(collectors.map((each) => [each.target, each.rounds.length])).toEqual(
      expect.arrayContaining([
        ["chat", 12],
        ["push", 4],
      ]),
    );
    await fleet.slot(NOON + 50_000);
    fleet.at(NOON + 5 * 60_000);
    await fleet.collect();
    const { d1 } = await fleet.state();
    expect(d1.minutes.map((row) => [row.rounds, row.ok, row.lost, row.error, row.unfit])).toEqual(
      Array.from({ length: 4 }, () => [5, 20, 0, 0, 0]),
    );
    await fleet.inspect();
  });
});

describe("failures by class and phase", () => {
  const status = (code: number): string => `ws://127.0.0.1:${hostile.status}/${code}`;
  const CONNECT: readonly (readonly [string, string, FailureKind, string | number | undefined])[] = [
    ["a closed port", `ws://127.0.0.1:${hostile.closed}/mqtt`, "tcp", undefined],
    ["TLS to a port that speaks none", `wss://127.0.0.1:${hostile.status}/mqtt`, "tls", undefined],
    ["HTTP 401", status(401), "auth", 401],
    ["HTTP 403", status(403), "auth", 403],
    ["HTTP 404", status(404), "handshake", 404],
    ["HTTP 429", status(429), "rate_limit", 429],
    ["HTTP 503", status(503), "handshake", 503],
    ["HTTP 200", status(200), "handshake", 200],
    ["HTTP 302", status(302), "handshake", 302],
    ["TCP that is accepted and silent", `ws://127.0.0.1:${hostile.silent}/mqtt`, "timeout", undefined],
    ["a handshake that drips and never ends", `ws://127.0.0.1:${hostile.drip}/mqtt`, "timeout", undefined],
    ["a WebSocket that is opened and silent", hostileAddress("silent"), "timeout", undefined],
    ["silence after CONNECT", hostileAddress("silent-after/connect"), "timeout", undefined],
    ["CONNACK 1", hostileAddress("connack/1"), "protocol", 1],
    ["CONNACK 3", hostileAddress("connack/3"), "rate_limit", 3],
    ["CONNACK 4", hostileAddress("connack/4"), "auth", 4],
    ["CONNACK 5", hostileAddress("connack/5"), "auth", 5],
    ["a close in place of CONNACK", hostileAddress("hang-up"), "closed", undefined],
    ["a cut in place of CONNACK", hostileAddress("cut"), "closed", undefined],
    ["a close that repeats the password", hostileAddress("echo"), "closed", undefined],
    ["garbage before anything was asked", hostileAddress("garbage-at-once"), "protocol", undefined],
    ["garbage in place of CONNACK", hostileAddress("garbage"), "protocol", undefined],
    ["text in place of CONNACK", hostileAddress("text"), "protocol", undefined],
  ];

  it.each(CONNECT)("%s", async (_what, address, kind, code) => {
    const { observation, record } = await tryRound({ address });
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase: "connect", kind, count: 8 }]);
    expect(record.connect.infinite, "the sessions that were refused").toBeGreaterThan(0);
    expectNoSecret(observation);
    // Two deadlines of a second, a diagnosis and a goodbye; and a machine that may be busy.
    expect(observation.endedAt - observation.startedAt).toBeLessThan(8_000);
  });

  it("a name that nobody has is refused at connect, and the class is not sure", async () => {
    // workerd (2026-10) gives its sockets no code for this, so that it reads as TCP; where it does, the class is dns.
    const { observation, record } = await tryRound({ address: "wss://name.invalid/mqtt" });
    expect(observation.failure).toMatchObject({ phase: "connect", sure: false });
    expect(["dns", "tcp"]).toContain(observation.failure?.kind);
    expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
    expectNoSecret(observation);
  });

  it("a client identifier that is refused is our own fault: it proves nothing", async () => {
    const { record } = await tryRound({ address: hostileAddress("connack/2") });
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  const SUBSCRIBE: readonly (readonly [string, string, FailureKind])[] = [
    ["silence after SUBSCRIBE", "silent-after/subscribe", "timeout"],
    ["SUBACK 128", "suback/128", "subscribe"],
    ["a cut in place of SUBACK", "cut-at-subscribe", "closed"],
  ];

  it.each(SUBSCRIBE)("%s", async (_what, path, kind) => {
    const { observation, record } = await tryRound({ address: hostileAddress(path) });
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 0, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase: "subscribe", kind, count: 8 }]);
    expect(record.connect.infinite).toBe(0);
    expectNoSecret(observation);
  });

  const DELIVER: readonly (readonly [string, string, Phase, FailureKind | null, Partial<Tried["record"]>])[] = [
    ["a broker that swallows everything", "swallow", "deliver", null, { ok: 0, lost: 8, error: 0 }],
    ["a close in mid-round", "close-after/3", "deliver", "closed", { ok: 3, lost: 0, error: 5 }],
    ["a cut in mid-round", "cut-after/3", "deliver", "closed", { ok: 3, lost: 0, error: 5 }],
    [
      "the subscriber cut after the last message",
      "cut-subscriber-after/8",
      "deliver",
      "closed",
      { ok: 8, lost: 0, error: 0 },
    ],
  ];

  it.each(DELIVER)("%s", async (_what, path, phase, kind, counts) => {
    const { observation, record } = await tryRound({ address: hostileAddress(path), gapMs: 60 });
    if (kind === null) expect(observation.failure).toBeNull();
    else if (counts.error !== 0) expect(record.failures).toEqual([{ phase, kind, count: counts.error }]);
    expect(record).toMatchObject({ scheduled: 8, notSent: 0, unfit: "none", ...counts });
    expectNoSecret(observation);
  });

  it("a subscriber that is cut: what was out is lost, what was not yet sent is refused", async () => {
    const { record } = await tryRound({ address: hostileAddress("cut-subscriber-after/4"), gapMs: 60 });
    expect(record.ok + record.lost).toBeLessThan(8);
    expect(record.error).toBe(8 - record.ok - record.lost);
    expect(record.failures).toEqual([{ phase: "deliver", kind: "closed", count: record.error }]);
  });

  it("garbage after a good beginning is a protocol error of the service", async () => {
    const { record } = await tryRound({ address: hostileAddress("garbage-later") });
    expect(record.failures.map((each) => each.kind)).toEqual(["protocol"]);
    expect(record.ok + record.lost + record.error).toBe(8);
    expect(record.unfit).toBe("none");
  });

  it("bytes that drip in one by one are read as if they had come at once", async () => {
    const { record } = await tryRound({ address: hostileAddress("drip") });
    expect(record).toMatchObject({ ok: 8, lost: 0, error: 0 });
  });

  it("a wrong password at the real broker", async () => {
    const { observation, record } = await tryRound({ address: labAddress(), password: "wrong on purpose" });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "auth", sure: true });
    expect(record).toMatchObject({ error: 8, connectFail: 8 });
    expect(JSON.stringify(observation)).not.toContain("wrong on purpose");
  });

  function expectNoSecret(observation: Tried["observation"]): void {
    const words = JSON.stringify(observation);
    expect(words).not.toContain(password);
    expect(words).not.toContain(user);
  }
});
