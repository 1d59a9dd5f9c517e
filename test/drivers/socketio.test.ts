// Aim: the Socket.IO driver says what happened, no more and no less. Method: whole rounds in workerd against real socket.io
// servers with authentication on, whose namespaces behave in one way each, and against one that speaks Engine.IO by hand
// and misbehaves; each class of failure is provoked, and no secret comes back in any of it.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FailureKind } from "../../schema/words.ts";
import type { Ports } from "./ports.server.ts";
import type { SocketIoServers } from "./socketio.server.ts";
import { clean, serverOf, type Trial, type Tried, tryRound } from "./trial.ts";

const servers = await serverOf<SocketIoServers>("socketio");
const ports = await serverOf<Ports>("ports");
const { token, user, password } = servers;
const byToken = { token };

if (servers.secure === null) console.warn("SKIPPED: openssl is not here, so nothing was tried over TLS");

const spoken: string[] = [];

beforeEach(() => {
  for (const method of ["log", "warn", "error", "debug", "info"] as const)
    vi.spyOn(console, method).mockImplementation((...words) => void spoken.push(words.map(String).join(" ")));
});

afterEach(() => {
  vi.restoreAllMocks();
  expectNoSecret(spoken);
});

function at(port: number, path = "/", scheme = "ws"): string {
  return `${scheme}://127.0.0.1:${port}${path}`;
}

function round(more: Partial<Trial> = {}): Promise<Tried> {
  return tryRound({
    driver: "socketio",
    address: at(servers.real),
    channel: "sonde-test",
    secrets: byToken,
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

function expectNoSecret(words: unknown): void {
  for (const secret of [token, password]) expect(JSON.stringify(words)).not.toContain(secret);
}

describe("a real server", () => {
  const FORMS: readonly (readonly [string, Partial<Trial>])[] = [
    ["a token, text, callbacks for the join alone", {}],
    ["a user and a password, callbacks for all", { secrets: { user, password }, options: { ack: true } }],
    [
      "a namespace, JSON, events and keys of its own, a join that an event confirms",
      {
        secrets: { token, user },
        options: {
          namespace: "/json",
          joinEvent: "enter",
          joinedEvent: "entered",
          publishEvent: "say",
          receiveEvent: "said",
          payload: "json",
          dataKey: "body",
          ack: true,
          authKeys: { token: "jwt", user: "username" },
        },
      },
    ],
    ["no join, and the room in front of the text", { options: { namespace: "/open", joinEvent: "" } }],
  ];

  it.each(FORMS)("1,000 messages, in four rounds at once: %s", async (_what, form) => {
    const rooms = ["a", "b", "c", "d"];
    const all = await Promise.all(rooms.map((channel) => round({ ...form, channel, messages: 250 })));
    for (const { record } of all) {
      // Without rooms, each round hears the other three.
      const foreign = form.options?.["joinEvent"] === "" ? record.foreign : 0;
      expect(record).toMatchObject({ ...clean(250), foreign });
      expect(record.failures).toEqual([]);
    }
  });

  it("messages of 32 KB", async () => {
    const { record } = await round({ messages: 4, payloadBytes: 32_768 });
    expect(record).toMatchObject(clean(4));
  });

  it("parallel sessions, each to its own room", async () => {
    const rooms = ["a", "b", "c", "d", "e"];
    const all = await Promise.all(rooms.map((channel) => round({ channel, messages: 40, options: { ack: true } })));
    for (const { record } of all) expect(record).toMatchObject({ ...clean(40), foreign: 0 });
  });

  it("answers pings while messages fly", async () => {
    const { record } = await round({ address: at(servers.brisk), messages: 60, gapMs: 30 });
    expect(record).toMatchObject(clean(60));
  });

  it.skipIf(servers.secure === null)("over TLS", async () => {
    const { record } = await round({ address: at(servers.secure ?? 0, "/socket.io", "wss"), messages: 20 });
    expect(record).toMatchObject(clean(20));
  });

  it.skipIf(servers.untrusted === null)("over TLS with a certificate that nobody signed", async () => {
    const { observation } = await round({ address: at(servers.untrusted ?? 0, "/", "wss") });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls", sure: false });
  });
});

describe("connections that fail", () => {
  const REAL: readonly (readonly [string, Partial<Trial>, FailureKind, boolean, number | undefined])[] = [
    ["a wrong token: told by the text alone", { secrets: { token: "wrong" } }, "auth", false, undefined],
    ["no credentials", { secrets: {} }, "auth", false, undefined],
    ["a middleware with a code", { options: { namespace: "/coded" } }, "auth", true, 401],
    ["a middleware with a name", { options: { namespace: "/named" } }, "auth", true, undefined],
    ["a middleware that counts", { options: { namespace: "/busy" } }, "rate_limit", true, 429],
    ["a middleware that says something else", { options: { namespace: "/odd" } }, "handshake", false, undefined],
    ["a middleware that repeats the secrets", { options: { namespace: "/echo" } }, "auth", false, undefined],
    ["a namespace that nobody made", { options: { namespace: "/nowhere" } }, "handshake", false, undefined],
    // Such a server hangs up after a second, without an answer.
    [
      "a path that is not Socket.IO's",
      { address: at(servers.real, "/elsewhere/"), connectDeadlineMs: 2_500 },
      "handshake",
      false,
      undefined,
    ],
    ["a refused port", { address: at(ports.closed) }, "tcp", false, undefined],
    ["silence after TCP", { address: at(ports.silent) }, "timeout", true, undefined],
    ["a handshake that drips", { address: at(ports.drip) }, "timeout", true, undefined],
    ["garbage in place of HTTP", { address: at(ports.garbage) }, "handshake", false, undefined],
    ["no TLS", { address: at(ports.garbage, "/", "wss") }, "tls", false, undefined],
    ["silence after the 101", { address: at(servers.hostile, "/silent/") }, "timeout", true, undefined],
    ["silence after the CONNECT", { address: at(servers.hostile, "/silent-login/") }, "timeout", true, undefined],
    ["garbage", { address: at(servers.hostile, "/garbage/") }, "protocol", true, undefined],
    ["text that is no frame", { address: at(servers.hostile, "/text/") }, "protocol", true, undefined],
    ["an open frame cut short", { address: at(servers.hostile, "/broken-open/") }, "protocol", true, undefined],
    ["an open frame with nothing in it", { address: at(servers.hostile, "/half-open/") }, "protocol", true, undefined],
    ["a refusal without a word", { address: at(servers.hostile, "/bare-refusal/") }, "protocol", true, undefined],
    ["a server of Socket.IO 2", { address: at(servers.hostile, "/old/") }, "handshake", false, undefined],
    ["a close in place of a login", { address: at(servers.hostile, "/hang-up/") }, "closed", true, 1005],
    ["a cut in place of a login", { address: at(servers.hostile, "/cut/") }, "closed", true, 1006],
    ["a close that repeats the token", { address: at(servers.hostile, "/echo/") }, "closed", true, 4001],
  ];

  it.each(REAL)("%s", async (_what, trial, kind, sure, code) => {
    const { observation, record } = await failing(trial);
    expect(observation.failure).toMatchObject({ phase: "connect", kind, sure });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase: "connect", kind, count: 8 }]);
    expectNoSecret(observation);
    // The connect's deadline, a look at two layers and a goodbye.
    const { connectDeadlineMs = 1_000 } = trial;
    expect(observation.endedAt - observation.startedAt).toBeLessThan(connectDeadlineMs + 3 * 400 + 1_000);
  });

  it.each([
    [401, "auth"],
    [403, "auth"],
    [404, "handshake"],
    [429, "rate_limit"],
    [503, "handshake"],
  ] as const)("HTTP status %i", async (status, kind) => {
    const { observation } = await failing({ address: at(servers.hostile, `/status/${status}`) });
    expect(observation.failure).toMatchObject({ phase: "connect", kind, code: status, sure: true });
  });
});

describe("joins and messages that fail", () => {
  it.each([
    ["a callback with an error", { options: { namespace: "/picky" } }, "subscribe", false],
    ["a callback with 403", { options: { namespace: "/forbidden" } }, "auth", true],
    ["no callback", { options: { namespace: "/deaf" } }, "timeout", true],
    ["no event", { options: { joinedEvent: "joined" } }, "timeout", true],
    ["a cut in place of the callback", { address: at(servers.hostile, "/cut-at-join/") }, "closed", true],
  ] as const)("a join: %s", async (_what, trial, kind, sure) => {
    const { observation, record } = await failing(trial);
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind, sure });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 0, notSent: 0 });
    expect(observation.endedAt - observation.startedAt).toBeLessThan(1_000 + 400 + 1_000);
    expectNoSecret(observation);
  });

  it("each second message refused by its callback", async () => {
    const { observation, record } = await failing({ options: { namespace: "/partly", ack: true } });
    expect(record).toMatchObject({ ok: 4, lost: 0, error: 4 });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 4 }]);
    expectNoSecret(observation);
  });

  it("disconnected in mid-round", async () => {
    const { record } = await failing({ options: { namespace: "/leaver" }, gapMs: 60 });
    expect(record).toMatchObject({ ok: 3, lost: 5 - record.error });
    expect(record.failures).toEqual([{ phase: "deliver", kind: "closed", count: record.error }]);
  });

  it("cut in mid-round", async () => {
    const { record } = await failing({ address: at(servers.hostile, "/cut-after/3/"), gapMs: 60 });
    expect(record).toMatchObject({ ok: 3, lost: 5 - record.error });
    expect(record.failures).toEqual([{ phase: "deliver", kind: "closed", count: record.error }]);
  });

  it("a message above the server's limit", async () => {
    const { record, observation } = await failing({ address: at(servers.small), payloadBytes: 4_000, gapMs: 60 });
    expect(record).toMatchObject({ ok: 0, lost: 8 - record.error });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: record.error }]);
    expect(observation.failure).toMatchObject({ code: 1009 });
  });

  it("a server that promised pings and sends none", async () => {
    const { record } = await failing({ address: at(servers.hostile, "/hasty/"), gapMs: 200 });
    expect(record.error).toBeGreaterThan(0);
    expect(record.failures).toEqual([{ phase: "deliver", kind: "timeout", count: record.error }]);
  });

  it("a server that swallows everything", async () => {
    const { record } = await failing({ address: at(servers.hostile, "/swallow/"), options: { ack: true } });
    expect(record).toMatchObject({ ok: 0, lost: 8, error: 0 });
  });

  it("garbage after a good beginning", async () => {
    const { record } = await failing({ address: at(servers.hostile, "/garbage-later/") });
    expect(record.failures.map((each) => each.kind)).toEqual(["protocol"]);
    expect(record.ok + record.lost + record.error).toBe(8);
  });
});

describe("hostile frames", () => {
  it("10,000 that mean nothing: every good message between them counts", async () => {
    for (let batch = 0; batch < 4; batch++) {
      const seeds = [0, 1, 2, 3, 4].map((one) => batch * 5 + one);
      const all = await Promise.all(
        seeds.map((seed) => round({ address: at(servers.hostile, `/fuzz/${seed}/`), messages: 4 })),
      );
      for (const { record } of all) expect(record).toMatchObject(clean(4));
    }
  });

  it("20,000 of all kinds: rounds end in time, with a class and no secret", async () => {
    for (let batch = 0; batch < 20; batch++) {
      const seeds = Array.from({ length: 10 }, (_, one) => 1_000 + batch * 10 + one);
      const all = await Promise.all(
        seeds.map((seed) =>
          round({
            address: at(servers.hostile, `/wild/${seed}/`),
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
