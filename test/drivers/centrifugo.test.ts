// Aim: the Centrifugo driver says what happened, no more and no less, as far as a fake of the documented protocol can show.
// Method: whole rounds in workerd against `centrifugo.server.ts`, with real tokens; each class of failure is provoked, and
// no secret comes back in any of it. What a real Centrifugo does is not shown here.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FailureKind } from "../../schema/words.ts";
import type { CentrifugoServers } from "./centrifugo.server.ts";
import type { Ports } from "./ports.server.ts";
import { clean, serverOf, type Trial, type Tried, tryRound } from "./trial.ts";

const { port, secure, untrusted, tokens } = await serverOf<CentrifugoServers>("centrifugo");
const ports = await serverOf<Ports>("ports");

if (secure === null) console.warn("SKIPPED: openssl is not here, so nothing was tried over TLS");

const spoken: string[] = [];

beforeEach(() => {
  for (const method of ["log", "warn", "error", "debug", "info"] as const)
    vi.spyOn(console, method).mockImplementation((...words) => void spoken.push(words.map(String).join(" ")));
});

afterEach(() => {
  vi.restoreAllMocks();
  expectNoSecret(spoken);
});

function at(path = "/connection/websocket", to = port, scheme = "ws"): string {
  return `${scheme}://127.0.0.1:${to}${path}`;
}

function round(more: Partial<Trial> = {}): Promise<Tried> {
  return tryRound({
    driver: "centrifugo",
    address: at(),
    channel: "sonde:test",
    secrets: { token: tokens.good },
    // Long, for a busy machine: nothing waits for them unless it fails.
    connectDeadlineMs: 5_000,
    deadlineMs: 5_000,
    ...more,
  });
}

/** One that is meant to fail, and may wait for its deadlines. */
function failing(more: Partial<Trial> = {}): Promise<Tried> {
  return round({ connectDeadlineMs: 1_000, deadlineMs: 1_000, ...more });
}

/** Neither a token nor its signature. */
function expectNoSecret(words: unknown): void {
  const text = JSON.stringify(words);
  for (const token of Object.values(tokens)) expect(text).not.toContain(token.split(".")[2]);
}

describe("rounds", () => {
  it.each<[string, (one: number) => string, Record<string, string>]>([
    ["a connection's token", (one) => `sonde:${one}`, { token: tokens.good }],
    ["a subscription's token as well", () => "closed:own", { token: tokens.good, subscriptionToken: tokens.channel }],
  ])("1,000 messages with %s", async (_what, channelOf, secrets) => {
    const all = await Promise.all(
      [0, 1, 2, 3].map((one) => round({ channel: channelOf(one), secrets, messages: 250 })),
    );
    for (const { record } of all) {
      // One channel for all four: each hears the other three.
      const foreign = "subscriptionToken" in secrets ? record.foreign : 0;
      expect(record).toMatchObject({ ...clean(250), foreign });
      expect(record.failures).toEqual([]);
    }
  });

  it("messages of 32 KB", async () => {
    expect((await round({ messages: 4, payloadBytes: 32_768 })).record).toMatchObject(clean(4));
  });

  it("parallel sessions, each to its own channel", async () => {
    const channels = ["a", "b", "c", "d", "e"].map((name) => `sonde:${name}`);
    const all = await Promise.all(channels.map((channel) => round({ channel, messages: 40 })));
    for (const { record } of all) expect(record).toMatchObject({ ...clean(40), foreign: 0 });
  });

  it("answers pings while messages fly", async () => {
    expect((await round({ address: at("/brisk"), messages: 40, gapMs: 70 })).record).toMatchObject(clean(40));
  });

  it.skipIf(secure === null)("over TLS", async () => {
    expect((await round({ address: at("/", secure ?? 0, "wss"), messages: 20 })).record).toMatchObject(clean(20));
  });

  it.skipIf(untrusted === null)("over TLS with a certificate that nobody signed", async () => {
    const { observation } = await round({ address: at("/", untrusted ?? 0, "wss") });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls", sure: false });
  });
});

describe("connections that fail", () => {
  const FAULTS: readonly (readonly [string, Partial<Trial>, FailureKind, boolean, number | undefined])[] = [
    ["a forged token", { secrets: { token: tokens.forged } }, "auth", true, 3500],
    ["an expired token", { secrets: { token: tokens.expired } }, "auth", true, 109],
    ["no token", { secrets: {} }, "auth", false, 3501],
    ["error 100", { address: at("/connect-error/100") }, "handshake", true, 100],
    ["error 101", { address: at("/connect-error/101") }, "auth", true, 101],
    ["error 103", { address: at("/connect-error/103") }, "auth", true, 103],
    ["error 106", { address: at("/connect-error/106") }, "rate_limit", true, 106],
    ["error 107", { address: at("/connect-error/107") }, "protocol", true, 107],
    ["error 108", { address: at("/connect-error/108") }, "handshake", true, 108],
    ["error 110", { address: at("/connect-error/110") }, "auth", true, 110],
    ["error 111", { address: at("/connect-error/111") }, "rate_limit", true, 111],
    ["error 113", { address: at("/connect-error/113") }, "auth", true, 113],
    ["an error of the application's own", { address: at("/connect-error/1000") }, "handshake", true, 1000],
    ["an error that repeats the token", { address: at("/echo-error/101") }, "auth", true, 101],
    ["a close that repeats the token", { address: at("/echo-close/3500") }, "auth", true, 3500],
    ["shutting down", { address: at("/connect-close/3001") }, "closed", true, 3001],
    ["a login that came too late", { address: at("/connect-close/3502") }, "timeout", true, 3502],
    ["one connection too many", { address: at("/connect-close/3504") }, "rate_limit", true, 3504],
    ["a close of the application's own", { address: at("/connect-close/4501") }, "closed", true, 4501],
    ["a disconnect that is pushed", { address: at("/connect-push/3500") }, "auth", true, 3500],
    ["a disconnect that would be tried again", { address: at("/connect-push/3001") }, "closed", true, 3001],
    ["a close in place of a login", { address: at("/hang-up") }, "closed", true, 1005],
    ["a cut in place of a login", { address: at("/cut") }, "closed", true, 1006],
    ["silence after the connect command", { address: at("/silent") }, "timeout", true, undefined],
    ["garbage at once", { address: at("/garbage-at-once") }, "protocol", true, undefined],
    ["garbage in place of a reply", { address: at("/garbage") }, "protocol", true, undefined],
    ["bytes in place of text", { address: at("/binary") }, "protocol", true, undefined],
    ["a reply of another shape", { address: at("/shapeless") }, "protocol", true, undefined],
    ["HTTP status 401", { address: at("/status/401") }, "auth", true, 401],
    ["HTTP status 404", { address: at("/status/404") }, "handshake", true, 404],
    ["HTTP status 429", { address: at("/status/429") }, "rate_limit", true, 429],
    ["HTTP status 503", { address: at("/status/503") }, "handshake", true, 503],
    ["a refused port", { address: at("/", ports.closed) }, "tcp", false, undefined],
    ["silence after TCP", { address: at("/", ports.silent) }, "timeout", true, undefined],
    ["a handshake that drips", { address: at("/", ports.drip) }, "timeout", true, undefined],
    ["no TLS", { address: at("/", ports.garbage, "wss") }, "tls", false, undefined],
  ];

  it.each(FAULTS)("%s", async (_what, trial, kind, sure, code) => {
    const { observation, record } = await failing(trial);
    expect(observation.failure).toMatchObject({ phase: "connect", kind, sure });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase: "connect", kind, count: 8 }]);
    expectNoSecret(observation);
    // The connect's deadline, a look at two layers and a goodbye.
    expect(observation.endedAt - observation.startedAt).toBeLessThan(1_000 + 3 * 400 + 1_000);
  });
});

describe("subscriptions that fail", () => {
  const own = { channel: "closed:own" };
  it.each<[string, Partial<Trial>, FailureKind, number | undefined]>([
    ["an unknown namespace", { channel: "nobody:x" }, "subscribe", 102],
    ["no subscription token where one is wanted", own, "subscribe", 103],
    [
      "an expired one",
      { ...own, secrets: { token: tokens.good, subscriptionToken: tokens.channelExpired } },
      "auth",
      109,
    ],
    [
      "a forged one",
      { ...own, secrets: { token: tokens.good, subscriptionToken: tokens.channelForged } },
      "subscribe",
      103,
    ],
    [
      "one for another channel",
      { channel: "closed:other", secrets: { token: tokens.good, subscriptionToken: tokens.channel } },
      "subscribe",
      103,
    ],
    ["error 100, for the moment", { address: at("/subscribe-error/100") }, "subscribe", 100],
    ["error 101", { address: at("/subscribe-error/101") }, "auth", 101],
    ["error 106", { address: at("/subscribe-error/106") }, "rate_limit", 106],
    ["error 111, for the moment", { address: at("/subscribe-error/111") }, "rate_limit", 111],
    [
      "an error that repeats the token",
      { address: at("/echo-subscribe/103"), secrets: { token: tokens.good, subscriptionToken: tokens.channel } },
      "subscribe",
      103,
    ],
    ["silence", { address: at("/silent-subscribe") }, "timeout", undefined],
    ["a cut", { address: at("/cut-at-subscribe") }, "closed", 1006],
  ])("%s", async (_what, trial, kind, code) => {
    const { observation, record } = await failing(trial);
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind, sure: true });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 0, notSent: 0, unfit: "none" });
    expectNoSecret(observation);
    expect(observation.endedAt - observation.startedAt).toBeLessThan(1_000 + 400 + 1_000);
  });
});

describe("messages that fail", () => {
  it.each([
    ["permission denied", "quiet:x", "publish", 0, 8],
    ["not available", "off:x", "publish", 0, 8],
    ["each second one too many", "busy:x", "rate_limit", 4, 4],
  ] as const)("%s", async (_what, channel, kind, ok, error) => {
    const { record } = await failing({ channel });
    expect(record).toMatchObject({ ok, lost: 0, error });
    expect(record.failures).toEqual([{ phase: "publish", kind, count: error }]);
  });

  it.each([
    ["cut in mid-round", "/cut-after/3", "closed"],
    ["shut down in mid-round", "/shutdown-after/3", "closed"],
    ["the subscriber cut", "/cut-subscriber-after/3", "closed"],
    ["unsubscribed by the service", "/unsubscribe-after/3", "closed"],
    ["the subscription expired", "/resubscribe-after/3", "auth"],
    ["garbage in mid-round", "/garbage-after/3", "protocol"],
  ] as const)("%s", async (_what, path, kind) => {
    const { record } = await failing({ address: at(path), gapMs: 60 });
    expect(record.ok).toBeGreaterThanOrEqual(2);
    expect(record.error).toBeGreaterThan(0);
    expect(record.ok + record.lost + record.error).toBe(8);
    expect(record.failures).toEqual([{ phase: "deliver", kind, count: record.error }]);
  });

  it("a message above the service's limit", async () => {
    const { record, observation } = await failing({ payloadBytes: 70_000, gapMs: 60 });
    expect(record).toMatchObject({ ok: 0, lost: 8 - record.error });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: record.error }]);
    expect(observation.failure).toMatchObject({ code: 1009 });
  });

  it("a service that swallows everything", async () => {
    expect((await failing({ address: at("/swallow") })).record).toMatchObject({ ok: 0, lost: 8, error: 0 });
  });
});

describe("hostile replies", () => {
  it("10,000 that mean nothing: every good message between them counts", async () => {
    for (let batch = 0; batch < 4; batch++) {
      const seeds = [0, 1, 2, 3, 4].map((one) => batch * 5 + one);
      const all = await Promise.all(
        seeds.map((seed) => round({ address: at(`/fuzz/${seed}`), channel: `sonde:${seed}`, messages: 4 })),
      );
      for (const { record } of all) expect(record).toMatchObject({ ...clean(4), foreign: record.foreign });
    }
  });

  it("20,000 of all kinds: rounds end in time, with a class and no secret", async () => {
    for (let batch = 0; batch < 20; batch++) {
      const seeds = Array.from({ length: 10 }, (_, one) => 1_000 + batch * 10 + one);
      const all = await Promise.all(
        seeds.map((seed) =>
          round({
            address: at(`/wild/${seed}`),
            channel: `sonde:${seed}`,
            messages: 2,
            deadlineMs: 300,
            connectDeadlineMs: 600,
          }),
        ),
      );
      for (const { observation, record } of all) {
        expect(record.ok + record.lost + record.error).toBe(2);
        expect(record.notSent).toBe(0);
        expect(observation.endedAt - observation.startedAt).toBeLessThan(600 + 300 + 400 + 1_000);
        expectNoSecret(observation);
      }
    }
  });
});
