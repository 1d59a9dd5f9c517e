// Aim: the STOMP driver says what happened, no more and no less, whatever is at the other end. Method: rounds in workerd against
// a real RabbitMQ with accounts that may not do everything, then against a server of our own that misbehaves in one way each.

import { afterAll, describe, expect, it, vi } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { outside } from "../../workers/outside.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { Ports } from "./ports.server.ts";
import type { RabbitMq } from "./rabbitmq.server.ts";
import type { HostileStomp } from "./stomp-hostile.server.ts";
import { clean, foreignServerOf, serverOf, tryRound } from "./trial.ts";
import type { Trial, Tried } from "./trial.ts";

const SECRET = "t0p-s3cret-stomp";
const rabbit = await foreignServerOf<RabbitMq>("rabbitmq", "rabbitmq-server");
const hostile = await serverOf<HostileStomp>("stomp-hostile");
const ports = await serverOf<Ports>("ports");

const said: string[] = [];
for (const way of ["log", "warn", "error", "info", "debug"] as const)
  vi.spyOn(console, way).mockImplementation((...words: unknown[]) => void said.push(words.map(String).join(" ")));
afterAll(() => expect(said.join("\n")).not.toContain(SECRET));

let channels = 0;
/** A round of its own channel, no longer than its deadlines. */
async function round(trial: Partial<Trial> & { address: string }): Promise<Tried> {
  const whole = { driver: "stomp", channel: `/topic/sonde.${++channels}`, ...trial } as const;
  const tried = await tryRound(whole);
  const { messages = 8, gapMs = 10, deadlineMs = 2_000, connectDeadlineMs = 2_000 } = whole;
  const { startedAt, endedAt } = tried.observation;
  expect(endedAt - startedAt).toBeLessThan(connectDeadlineMs + messages * gapMs + deadlineMs + 1_000 + 3 * 400);
  expect(JSON.stringify(tried.observation)).not.toContain(SECRET);
  return tried;
}

describe.skipIf(rabbit === null)("a real RabbitMQ", () => {
  const plain = `ws://127.0.0.1:${rabbit?.plain.stomp}/ws`;
  const secure = `wss://127.0.0.1:${rabbit?.tls?.stomp}/ws`;
  const none = { user: "", password: "" };
  const { whole, listener, speaker } = rabbit?.accounts ?? { whole: none, listener: none, speaker: none };

  it.each([
    ["ws", plain, {}],
    ["ws without receipts", plain, { receipt: false }],
    ...(rabbit?.tls === null ? [] : [["wss", secure, {}] as const]),
  ] as const)("1,000 messages over %s: each comes once, in order", async (_, address, options) => {
    const trial = { address, secrets: { ...whole }, messages: 100, options };
    for (let i = 0; i < 2; i++) {
      const five = await Promise.all(Array.from({ length: 5 }, () => round(trial)));
      for (const { record, observation } of five) {
        expect(record).toMatchObject(clean(100));
        expect(observation.messages.every((each) => each.failure === null)).toBe(true);
      }
    }
  });

  it("a large message, an exchange by name, and a virtual host", async () => {
    const trial = { address: plain, secrets: { ...whole } };
    expect((await round({ ...trial, payloadBytes: 32_768 })).record).toMatchObject(clean(8));
    expect((await round({ ...trial, channel: "/exchange/amq.direct/sonde.x" })).record).toMatchObject(clean(8));
    const options = { host: rabbit?.vhosts.open ?? "" };
    expect((await round({ ...trial, options })).record).toMatchObject(clean(8));
  });

  it("three rounds at once, each to its own", async () => {
    const trial = { address: plain, secrets: { ...whole }, messages: 50 };
    const all = await Promise.all([round(trial), round(trial), round(trial)]);
    for (const { record } of all) expect(record).toMatchObject(clean(50));
  });

  it.each([
    ["a wrong password", { ...whole, password: SECRET }, {}, {}, "connect", "auth", "Bad CONNECT"],
    ["no account at all", {}, {}, {}, "connect", "auth", "Bad CONNECT"],
    ["a virtual host that is not there", whole, { host: "nowhere" }, {}, "connect", "auth", "Bad CONNECT"],
    ["a virtual host of others", whole, { host: "barred" }, {}, "connect", "auth", "Bad CONNECT"],
    // RabbitMQ 3.10 refuses these three by a close, without an ERROR frame.
    ["an account that may not read", speaker, {}, {}, "subscribe", "subscribe", 1000],
    ["an account that may not write", listener, {}, {}, "publish", "publish", 1000],
    ["an exchange that is not there", whole, {}, { channel: "/exchange/nowhere/x" }, "subscribe", "subscribe", 1000],
    ["no kind of destination", whole, {}, { channel: "/nowhere/x" }, "subscribe", "subscribe", "Unknown destination"],
    ["a message larger than it takes", whole, {}, { payloadBytes: 70_000 }, "publish", "publish", 1000],
  ] as const)("%s", async (_what, account, options, more, phase, kind, code) => {
    const { observation, record } = await round({ address: plain, secrets: { ...account }, options, ...more });
    expect(observation.failure).toMatchObject({ phase, kind, code, sure: code !== 1000 });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase, kind, count: 8 }]);
  });

  it("another path, and TLS to a port that speaks none", async () => {
    const elsewhere = await round({ address: `${plain}x`, secrets: { ...whole } });
    expect(elsewhere.observation.failure).toMatchObject({ phase: "connect", kind: "handshake", code: 404 });
    const { observation } = await round({ address: plain.replace("ws:", "wss:"), secrets: { ...whole } });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls" });
  });

  it("answers: acknowledged once each, refused, and none when nobody asked", async () => {
    const publisher = async (account: object, options: Trial["options"] = {}) =>
      (await driverFor("stomp", outside)).connect({ address: plain, options, secrets: { ...account } }, "publisher", {
        deadlines: { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400, answerMs: 2_000 },
        gate: openGate(outside.now),
      });
    const session = await publisher(whole);
    const both = ["a", "b"].map((key) => session.publish(`/topic/${key}`, new Uint8Array([0xff, 0, 0x41])).answer);
    for (const answer of await Promise.all(both)) expect(answer).toMatchObject({ kind: "acknowledged" });
    await session.close();
    await session.close();
    expect(await session.publish("/topic/a", new Uint8Array(3)).answer).toEqual({ kind: "none" });
    const refused = await publisher(listener);
    let ends = 0;
    const ended = new Promise((resolve) => refused.onClosed((failure) => void (ends++, resolve(failure))));
    const { answer } = refused.publish("/topic/a", new Uint8Array(3));
    expect(await answer).toMatchObject({ kind: "refused", failure: { phase: "publish", kind: "publish" } });
    expect(await ended).toMatchObject({ phase: "publish", kind: "publish" });
    await refused.close();
    expect(ends).toBe(1);
    const quiet = await publisher(whole, { receipt: false });
    const unasked = quiet.publish("/topic/a", new Uint8Array(3)).answer;
    await quiet.close();
    expect(await unasked).toEqual({ kind: "none" });
  });
});

describe("ports that misbehave", () => {
  it.each([
    ["closed", "/", "tcp"],
    ["silent", "/", "timeout"],
    ["drip", "/", "timeout"],
    ["garbage", "/", "handshake"],
    ["slam", "/", "handshake"],
    ["status", "/401", "auth"],
    ["status", "/403", "auth"],
    ["status", "/429", "rate_limit"],
    ["status", "/503", "handshake"],
  ] as const)("%s%s: %s", async (name, path, kind) => {
    const secrets = { user: "u", password: SECRET };
    const { observation, record } = await round({ address: `ws://127.0.0.1:${ports[name]}${path}`, secrets });
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, unfit: "none" });
  });
});

describe("a service that misbehaves", () => {
  const against = (path: string, more: Partial<Trial> = {}): Promise<Tried> =>
    round({
      address: `ws://127.0.0.1:${hostile.port}/${path}`,
      secrets: { user: "u", password: SECRET },
      connectDeadlineMs: 600,
      deadlineMs: 600,
      ...more,
    });

  it("not at all", async () => {
    for (const path of ["good", "binary", "pieces", "mute", "silent/disconnect"]) {
      const { record } = await against(path, { connectDeadlineMs: 2_000 });
      expect(record, path).toMatchObject(clean(8));
    }
  });

  it("without receipts, nothing waits for a word but the last message", async () => {
    const driver = await driverFor("stomp", outside);
    const endpoint = { address: `ws://127.0.0.1:${hostile.port}/good`, options: { receipt: false }, secrets: {} };
    const deadlines = { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400 };
    const session = await driver.connect(endpoint, "publisher", { deadlines, gate: openGate(outside.now) });
    const [first, last] = ["a", "b"].map((key) => session.publish(`/topic/${key}`, new Uint8Array(3)).answer);
    let settled = "";
    void last?.then(() => (settled += "last"));
    expect(await first).toEqual({ kind: "none" });
    expect(settled).toBe("");
    await session.close();
    expect(await last).toEqual({ kind: "none" });
  });

  it("a credential with a line break is our own fault: it proves nothing", async () => {
    const { record } = await against("good", { secrets: { user: "u", password: `${SECRET}\nheart-beat:1,1` } });
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  const REFUSED: readonly [string, Phase, FailureKind, (string | number)?][] = [
    ["silent/connect", "connect", "timeout"],
    ["cut/connect", "connect", "closed", 1006],
    ["broken/connect", "connect", "closed", 1006],
    ["broken/subscribe", "subscribe", "closed", 1006],
    ["hang-up/connect", "connect", "closed", 4001],
    ["garbage/connect", "connect", "protocol"],
    ["at-once/text", "connect", "protocol"],
    ["at-once/bytes", "connect", "protocol"],
    ["endless/connect/command", "connect", "protocol"],
    ["endless/connect/headers", "connect", "protocol"],
    ["endless/connect/body", "connect", "protocol"],
    ["error/connect", "connect", "auth"],
    ["error/connect/Bad CONNECT", "connect", "auth", "Bad CONNECT"],
    ["error/connect/Version mismatch", "connect", "protocol", "Version mismatch"],
    ["error/connect/resource_error", "connect", "rate_limit", "resource_error"],
    ["silent/subscribe", "subscribe", "timeout"],
    ["cut/subscribe", "subscribe", "closed", 1006],
    ["died/subscribe", "subscribe", "subscribe", 1000],
    ["garbage/subscribe", "subscribe", "protocol"],
    ["endless/subscribe/headers", "subscribe", "protocol"],
    ["error/subscribe", "subscribe", "subscribe"],
    ["error/subscribe/access_refused", "subscribe", "subscribe", "access_refused"],
  ];
  it.each(REFUSED)("%s", async (...[path, phase, kind, code]) => {
    const { observation, record } = await against(path);
    expect(observation.failure).toMatchObject({ phase, kind });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase, kind, count: 8 }]);
  });

  const IN_FLIGHT: readonly (readonly [
    string,
    Partial<Tried["record"]>,
    readonly (readonly [Phase, FailureKind])[],
  ])[] = [
    ["swallow", { ok: 0, lost: 8, error: 0 }, []],
    ["silent/send", { ok: 0, lost: 8, error: 0 }, []],
    ["error-after/3", { ok: 2, lost: 0, error: 6 }, [["publish", "publish"]]],
    ["error/send/access_refused", { ok: 0, lost: 0, error: 8 }, [["publish", "publish"]]],
    ["died/send", { ok: 0, lost: 0, error: 8 }, [["publish", "publish"]]],
    ["cut-after/3", { ok: 3, lost: 0, error: 5 }, [["deliver", "closed"]]],
    ["shutdown-after/3", { ok: 3, lost: 0, error: 5 }, [["deliver", "closed"]]],
    ["garbage-after/3", { ok: 3, lost: 0, error: 5 }, [["deliver", "protocol"]]],
  ];
  it.each(IN_FLIGHT)("%s, in mid-round", async (path, counts, failures) => {
    const { record } = await against(path, { gapMs: 60 });
    expect(record).toMatchObject({ scheduled: 8, notSent: 0, unfit: "none", duplicate: 0, corrupt: 0, ...counts });
    expect(record.failures).toEqual(failures.map(([phase, kind]) => ({ phase, kind, count: counts.error })));
  });

  // Reading them takes the one thread a while, and on a busy machine a longer one.
  const SLOW = { connectDeadlineMs: 5_000, deadlineMs: 5_000 };
  it("12,000 odd frames beside good messages, which all count", async () => {
    // 80 rounds whose subscriber is sent 150 (ODDITIES), eight rounds at a time.
    for (let seed = 0; seed < 80; seed += 8) {
      const eight = Array.from({ length: 8 }, (_, i) => against(`noisy/${seed + i}`, SLOW));
      for (const { record, observation } of await Promise.all(eight)) {
        expect(observation.failure).toBeNull();
        expect(record).toMatchObject({ ...clean(8), foreign: 1 });
      }
    }
  });

  it("200 rounds of frames with something wrong in them: no hang, no crash, and every message is accounted for", async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 200; seed += 25) {
      const many = Array.from({ length: 25 }, (_, i) =>
        against(`mutant/${seed + i}`, { connectDeadlineMs: 250, deadlineMs: 250, gapMs: 10 }),
      );
      for (const { record, observation } of await Promise.all(many)) {
        expect(record.ok + record.lost + record.error + record.notSent).toBe(8);
        expect(record.notSent, JSON.stringify(observation.failure)).toBe(0);
        outcomes.add(observation.failure?.kind ?? "none");
      }
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(["none", "protocol", "timeout"]));
  });
});
