// Aim: the NATS driver says what happened, no more and no less, and never hangs on a server.
// Method: whole rounds in workerd against real nats-servers, by each transport, pattern and way to log in; then against
// servers that misbehave in one way each (`nats-hostile.server.ts`), and against ports that fail below any protocol.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";
import { outside } from "../../workers/outside.ts";
import { runDialogue } from "../../workers/probes/dialogue.probe.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { must } from "../observations.ts";
import type { NatsHostile } from "./nats-hostile.server.ts";
import type { Nats } from "./nats.server.ts";
import type { Ports } from "./ports.server.ts";
import { clean, foreignServerOf, serverOf, tryRound } from "./trial.ts";
import type { Trial, Tried } from "./trial.ts";

const nats = await foreignServerOf<Nats>("nats", "nats-server");
const hostile = await serverOf<NatsHostile>("nats-hostile");
const ports = await serverOf<Ports>("ports");

type Secrets = Readonly<Record<string, string>>;
const CHANNEL = "sonde.test.weur";
const channelOf = (_region: string, ...parts: readonly string[]): string => [CHANNEL, ...parts].join(".");
const DIALOGUE_TARGET = must(
  configOf({
    name: "Test",
    regions: ["weur"],
    targets: [{ id: "bus", driver: "nats", address: "nats://h", deadline: "1s", connectDeadline: "1s" }],
  }).targets[0],
);
const REQUEST: Options = { pattern: "request" };
const PASSWORD = "hunter2-which-nobody-may-see";
const LOGIN: Secrets = { user: "sonde-user-nobody-may-see", password: PASSWORD };

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words.map(textOf).join(" ")));
  }
});
afterEach(() => vi.restoreAllMocks());

/** One round, which must end in time and keep its secrets, whatever comes. */
async function natsRound(trial: Omit<Trial, "driver" | "channel"> & { channel?: string }): Promise<Tried> {
  const { connectDeadlineMs = 1_000, deadlineMs = 1_000, messages = 8, gapMs = 10, secrets = LOGIN } = trial;
  const full = { ...trial, secrets, connectDeadlineMs, deadlineMs, messages, gapMs };
  const tried = await tryRound({ driver: "nats", channel: CHANNEL, ...full });
  const { startedAt, endedAt } = tried.observation;
  expect(endedAt - startedAt).toBeLessThan(connectDeadlineMs + messages * gapMs + deadlineMs + 1_000);
  const words = `${JSON.stringify(tried.observation)} ${said.join(" ")}`;
  for (const secret of Object.values(secrets)) expect(words).not.toContain(secret);
  expect(said).toEqual([]);
  return tried;
}

const on = (port: number | undefined, scheme = "nats"): string => `${scheme}://127.0.0.1:${port ?? 0}`;
const hostileAddress = (way: string): string => `ws://127.0.0.1:${hostile.ws}/${encodeURIComponent(way)}`;

describe.skipIf(nats === null)("a real nats-server", () => {
  const { users, token, operator, full, tlsFirst, tls, misnamed, stranger, secrets, maxPayloadBytes } = nats ?? NOTHING;

  const WAYS: readonly (readonly [string, string, Secrets])[] = [
    ["ws, user and password", on(users.ws, "ws"), secrets.whole],
    ["tcp, user and password", on(users.tcp), secrets.whole],
    ["tcp, token", on(token.tcp), secrets.token],
    ["ws, nkey", on(users.ws, "ws"), secrets.nkey],
    ["tcp, JWT and nkey", on(operator.tcp), secrets.jwt],
    ["ws, .creds", on(operator.ws, "ws"), secrets.creds],
  ];

  it.each(WAYS)("%s: 40 messages, by publish and by request", async (_, address, login) => {
    const both = [{}, REQUEST].map((options, at) =>
      natsRound({ address, secrets: login, options, messages: 20, channel: `${CHANNEL}.${at}` }),
    );
    for (const { record } of await Promise.all(both)) expect(record).toMatchObject(clean(20));
  });

  it.each([
    ["ws", on(users.ws, "ws"), {}],
    ["tcp", on(users.tcp), {}],
    ["tcp, request and reply", on(users.tcp), REQUEST],
  ] as const)(
    "1,000 messages over %s, ten rounds at once, each of its own: none lost, doubled or reordered",
    async (_, address, options) => {
      const rounds = Array.from({ length: 10 }, (_round, at) =>
        natsRound({
          address,
          secrets: secrets.whole,
          options,
          messages: 100,
          channel: `${CHANNEL}.${at}`,
          deadlineMs: 3_000,
        }),
      );
      for (const { record } of await Promise.all(rounds)) expect(record).toMatchObject(clean(100));
    },
  );

  it.each([
    ["pubsub", {}],
    ["request", REQUEST],
  ] as const)("a dialogue by %s: every turn is answered", async (pattern, options) => {
    const address = on(users.tcp);
    const driver = await driverFor("nats", outside);
    const deadlines = { connectMs: 1_000, subscribeMs: 1_000, closeMs: 400 };
    const context = { deadlines, gate: openGate(outside.now) };
    const endpoint = { address, options, secrets: secrets.whole };
    const plan = { turns: 5, gapMs: 30, payloadBytesLast: 1_000 };
    const way = { outside, driver, endpoint, context, region: "weur", slotAt: 0 };
    const observation = await runDialogue({ ...way, target: DIALOGUE_TARGET, channelOf }, plan);
    expect(judge(observation, 1_000, plan.turns).outcomes, pattern).toEqual(Array(plan.turns).fill("ok"));
    const asker = await driver.connect(endpoint, "publisher", context);
    // By this a journey knows where its answers come from.
    expect(asker.onReply !== undefined).toBe(pattern === "request");
    await asker.close();
  });

  it("three kinds of sessions at once in one isolate, three rounds each", async () => {
    const three = async ([_what, address, login]: (typeof WAYS)[number]): Promise<RoundRecord[]> => {
      const records: RoundRecord[] = [];
      for (let round = 0; round < 3; round++) {
        records.push(
          (await natsRound({ address, secrets: login, channel: `${CHANNEL}.${login["user"] ?? "other"}` })).record,
        );
      }
      return records;
    };
    const all = await Promise.all(
      [WAYS[0], WAYS[2], WAYS[5]].flatMap((way) => (way === undefined ? [] : [three(way)])),
    );
    expect(all.flat()).toHaveLength(9);
    for (const record of all.flat()) expect(record).toMatchObject(clean(8));
  });

  describe.skipIf(tls === null)("with TLS", () => {
    it.each([
      ["tls:// after INFO", on(tls?.tcp, "tls"), {}],
      ["tls:// by name", `tls://localhost:${tls?.tcp}`, {}],
      ["nats:// where the server wants TLS", on(tls?.tcp), {}],
      ["wss://", on(tls?.ws, "wss"), {}],
      ["tls:// with tlsFirst", on(tlsFirst ?? 0, "tls"), { tlsFirst: true }],
    ] as const)("%s: 1,000 messages, half of them requests", async (_, address, options) => {
      const rounds = Array.from({ length: 10 }, (_round, at) => {
        const own = { options: at % 2 === 0 ? options : { ...options, ...REQUEST }, channel: `${CHANNEL}.${at}` };
        return natsRound({ address, secrets: secrets.whole, messages: 100, deadlineMs: 3_000, ...own });
      });
      for (const { record } of await Promise.all(rounds)) expect(record).toMatchObject(clean(100));
    });

    it("TLS over an open connection never fails by chance: 60 logins", async () => {
      for (let round = 0; round < 10; round++) {
        const three = [0, 1, 2].map((at) =>
          natsRound({ address: on(tls?.tcp, "tls"), secrets: secrets.whole, messages: 1, channel: `${CHANNEL}.${at}` }),
        );
        for (const { record } of await Promise.all(three)) expect(record).toMatchObject(clean(1));
      }
    });

    it.each([
      ["a certificate of another name", on(misnamed?.tcp, "tls"), {}, true],
      ["a certificate of another name, over nats://", on(misnamed?.tcp), {}, true],
      ["a certificate of nobody known", on(stranger?.tcp, "tls"), {}, true],
      ["a certificate of nobody known, over wss", on(stranger?.ws, "wss"), {}, false],
      ["tls:// at a server without TLS", on(users.tcp, "tls"), {}, true],
      ["tlsFirst at a server whose TLS comes after INFO", on(tls?.tcp, "tls"), { tlsFirst: true }, false],
    ] as const)("%s is refused, before the login", async (_, address, options, sure) => {
      const { observation, record } = await natsRound({ address, options, secrets: secrets.whole });
      expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls", sure });
      expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
    });
  });

  const REFUSED: readonly (readonly [string, string, Secrets, FailureKind])[] = [
    ["a wrong password", on(users.tcp), { user: "whole", password: "wrong" }, "auth"],
    ["a wrong password, over ws", on(users.ws, "ws"), { user: "whole", password: "wrong" }, "auth"],
    ["no login where one is wanted", on(users.tcp), {}, "auth"],
    ["a wrong token", on(token.tcp), { token: "wrong-token" }, "auth"],
    ["a stranger's nkey", on(users.tcp), secrets.strangersNkey, "auth"],
    ["a stranger's .creds", on(operator.ws, "ws"), secrets.strangersCreds, "auth"],
    ["one connection too many", on(full.tcp), {}, "rate_limit"],
  ];

  it.each(REFUSED)("%s", async (_, address, login, kind) => {
    const { observation, record } = await natsRound({ address, secrets: login });
    expect(observation.failure).toMatchObject({ phase: "connect", kind, sure: true });
    expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
  });

  it.each([
    ["nkey", { nkey: "SUAnotanyseedatall" }],
    ["creds", { creds: "-----BEGIN NATS USER JWT-----\nx\n------END" }],
  ] as const)("a secret for %s that is none is our own fault: it proves nothing", async (_, login) => {
    const { observation, record } = await natsRound({ address: on(users.tcp), secrets: login });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "config" });
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  const FORBIDDEN: readonly (readonly [string, Options, Secrets, Phase, FailureKind, Partial<RoundRecord>])[] = [
    ["publish", {}, secrets.listener, "publish", "publish", { error: 8, lost: 0 }],
    ["subscribe", {}, secrets.speaker, "subscribe", "subscribe", { error: 8, lost: 0 }],
    ["publish a request", REQUEST, secrets.listener, "publish", "publish", { error: 8, lost: 0 }],
    ["have an inbox", REQUEST, secrets.deaf, "subscribe", "subscribe", { error: 8, lost: 0 }],
    ["answer", REQUEST, secrets.mute, "deliver", "publish", {}],
  ];

  it.each(FORBIDDEN)("an account that may not %s", async (_, options, login, phase, kind, counts) => {
    const { record } = await natsRound({ address: on(users.tcp), options, secrets: login });
    expect(record).toMatchObject({ ok: 0, connectFail: 0, unfit: "none", ...counts });
    expect(record.failures).toEqual([{ phase, kind, count: record.error }]);
    expect(record.lost + record.error).toBe(8);
  });

  it("a JWT whose permissions end elsewhere", async () => {
    const { record } = await natsRound({ address: on(operator.ws, "ws"), secrets: secrets.bounded });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 8 }]);
  });

  it("a message that is larger than the server takes is refused, and does not end the session", async () => {
    const address = on(users.tcp);
    const { record } = await natsRound({ address, secrets: secrets.whole, payloadBytes: maxPayloadBytes + 1 });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 8 }]);
    const largest = await natsRound({ address, secrets: secrets.whole, payloadBytes: maxPayloadBytes });
    expect(largest.record).toMatchObject(clean(8));
  });
});

describe("ports that fail below NATS", () => {
  const PORTS: readonly (readonly [string, string, FailureKind, boolean])[] = [
    ["refused, tcp", on(ports.closed), "tcp", false],
    ["refused, ws", on(ports.closed, "ws"), "tcp", false],
    ["refused, tls", on(ports.closed, "tls"), "tcp", false],
    ["silence, tcp", on(ports.silent), "timeout", true],
    ["silence, ws", on(ports.silent, "ws"), "timeout", true],
    ["silence in place of TLS", on(ports.silent, "wss"), "timeout", true],
    ["a 101 that never ends", on(ports.drip, "ws"), "timeout", true],
    ["no TLS", on(ports.status, "wss"), "tls", false],
    ["HTTP 401", `${on(ports.status, "ws")}/401`, "auth", true],
    ["HTTP 429", `${on(ports.status, "ws")}/429`, "rate_limit", true],
    ["HTTP 404", `${on(ports.status, "ws")}/404`, "handshake", true],
    ["HTTP 503", `${on(ports.status, "ws")}/503`, "handshake", true],
    ["garbage", on(ports.garbage), "protocol", true],
  ];

  it.each(PORTS)("%s", async (_, address, kind, sure) => {
    const { observation, record } = await natsRound({ address });
    expect(observation.failure).toMatchObject({ phase: "connect", kind, sure });
    expect(record).toMatchObject({ error: 8, connectFail: 8, ok: 0, unfit: "none" });
  });
});

describe("a hostile server", () => {
  const CONNECT: readonly (readonly [string, FailureKind, boolean])[] = [
    ["silent", "timeout", true],
    ["garbage", "protocol", true],
    ["http", "protocol", true],
    ["bad-info", "protocol", true],
    ["null-info", "protocol", true],
    ["full", "rate_limit", true],
    ["mute", "timeout", true],
    ["hang-up", "closed", true],
    ["cut", "closed", true],
    ["err/Authentication Timeout", "timeout", true],
    ["err/User Authentication Expired", "auth", true],
    ["err/Something New", "protocol", false],
    ["echo-refusal", "auth", true],
    ["echo-unknown", "protocol", false],
    ["echo-garbage", "protocol", true],
    ["echo-info", "protocol", true],
  ];

  it.each(CONNECT)("at the login: %s", async (way, kind, sure) => {
    const { observation, record } = await natsRound({ address: hostileAddress(way) });
    expect(observation.failure).toMatchObject({ phase: "connect", kind, sure });
    expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
  });

  it.each([
    ["garbage", "protocol"],
    ["mute", "timeout"],
    ["hang-up", "closed"],
    ["wants-tls", "timeout"],
    ["wants-tls-in-pieces", "timeout"],
  ] as const)("at the login, over TCP: %s", async (way, kind) => {
    const { observation } = await natsRound({ address: on(hostile.tcp[way]) });
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
  });

  it.each([
    ["mute-after-sub", "timeout"],
    ["cut-at-sub", "closed"],
    ["err-at-sub/maximum subscriptions exceeded", "subscribe"],
    ["err-at-sub/Invalid Subject", "protocol"],
  ] as const)("at the subscription: %s", async (way, kind) => {
    const { observation, record } = await natsRound({ address: hostileAddress(way) });
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind });
    expect(record).toMatchObject({ ok: 0, error: 8, connectFail: 0, unfit: "none" });
  });

  const DELIVER: readonly (readonly [string, Phase, FailureKind])[] = [
    ["close-after/3", "deliver", "closed"],
    ["cut-after/3", "deliver", "closed"],
    ["err-after-3/Stale Connection", "deliver", "closed"],
    ["err-after-3/Slow Consumer", "deliver", "closed"],
    ["err-after-3/User Authentication Revoked", "deliver", "auth"],
    ["err-after-3/Maximum Payload Violation", "publish", "publish"],
    ["err-after-3/Parser Error", "deliver", "protocol"],
  ];

  it.each(DELIVER)("in mid-round: %s", async (way, phase, kind) => {
    const { record } = await natsRound({ address: hostileAddress(way), gapMs: 60 });
    expect(record).toMatchObject({ ok: 3, lost: 0, error: 5, unfit: "none" });
    expect(record.failures).toEqual([{ phase, kind, count: 5 }]);
  });

  it("an error that nobody knows ends nothing", async () => {
    const { record } = await natsRound({ address: hostileAddress("err-after-3/Something New") });
    expect(record).toMatchObject(clean(8));
  });

  it("a server that swallows everything", async () => {
    const { observation, record } = await natsRound({ address: hostileAddress("swallow") });
    expect(observation.failure).toBeNull();
    expect(record).toMatchObject({ ok: 0, lost: 8, error: 0 });
  });

  it("a request that nobody is subscribed to", async () => {
    const { record } = await natsRound({ address: hostileAddress("no-responders"), options: REQUEST });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8 });
    expect(record.failures).toEqual([{ phase: "publish", kind: "receiver_offline", count: 8 }]);
  });

  it("a subscriber that is cut: what was out is lost, what was not yet sent is refused", async () => {
    const { record } = await natsRound({ address: hostileAddress("cut-subscriber-after/4"), gapMs: 60 });
    expect(record.ok + record.lost + record.error).toBe(8);
    expect(record.failures).toEqual([{ phase: "deliver", kind: "closed", count: record.error }]);
  });

  it.each(["garbage-later", "endless"])("what is no NATS any more: %s", async (way) => {
    const { record } = await natsRound({ address: hostileAddress(way), gapMs: 60 });
    expect(record.failures).toEqual([expect.objectContaining({ kind: "protocol" })]);
    expect(record.ok + record.lost + record.error).toBe(8);
  });

  it.each(["good", "drip"])("bytes one by one, and all at once, over TCP: %s", async (way) => {
    const { record } = await natsRound({ address: on(hostile.tcp[way]), connectDeadlineMs: 2_000 });
    expect(record).toMatchObject(clean(8));
  });

  it("strange frames between the messages cost none of them: 11,520 of them", async () => {
    const rounds = Array.from({ length: 12 }, (_, at) => natsRound({ address: hostileAddress(`storm/${at}`) }));
    for (const { record } of await Promise.all(rounds)) expect(record).toMatchObject({ ok: 8, lost: 0, error: 0 });
  });

  it("a thousand PINGs are answered, and cost no message", async () => {
    const { record } = await natsRound({ address: hostileAddress("ping-storm") });
    expect(record).toMatchObject(clean(8));
  });
});

function textOf(value: unknown): string {
  return value instanceof Error ? `${value.stack}` : typeof value === "string" ? value : JSON.stringify(value);
}

/** Where there is no nats-server, what is skipped still has its titles. */
const NOTHING = {
  ...Object.fromEntries(["users", "token", "operator", "full"].map((name) => [name, { tcp: 0, ws: 0 }])),
  tls: null,
  misnamed: null,
  stranger: null,
  tlsFirst: null,
  secrets: {},
  maxPayloadBytes: 0,
} as unknown as Nats;
