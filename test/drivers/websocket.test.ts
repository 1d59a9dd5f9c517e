// Aim: the driver `websocket` speaks whatever gateway its options describe, and says what happened, no more and no less.
// Method: whole rounds in workerd against gateways in three dialects, a real Socket.IO spoken raw, and every class of failure
// provoked by a gateway that misbehaves in that one way and repeats secrets while it does.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { outside } from "../../workers/outside.ts";
import type { Options } from "../../workers/config/config.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { CENTRIFUGO_OPTIONS, JSON_OPTIONS, SOCKET_IO_OPTIONS, TEXT_OPTIONS } from "./gateway-options.ts";
import type { Gateways } from "./gateway.server.ts";
import type { Ports } from "./ports.server.ts";
import { clean, serverOf, type Trial, type Tried, tryRound } from "./trial.ts";

const gateways = await serverOf<Gateways>("gateway");
const ports = await serverOf<Ports>("ports");
const { user, password, token } = gateways;
const SECRETS = { user, password, token };

function trial(path: string, options: Options, more: Partial<Trial> = {}): Trial {
  const address = `ws://127.0.0.1:${gateways.port}/${path}`;
  return { driver: "websocket", address, channel: "lab room", options, secrets: SECRETS, ...more };
}

const json = (path: string, more: Partial<Trial> = {}): Trial => trial(`json/${path}`, JSON_OPTIONS, more);
const text = (path: string, more: Partial<Trial> = {}): Trial =>
  trial(`text/${path}`, TEXT_OPTIONS, { channel: "lab", ...more });
const without = (options: Options, ...names: readonly string[]): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));

const said: unknown[] = [];
beforeEach(() => {
  for (const way of ["log", "warn", "error", "info", "debug"] as const) {
    vi.spyOn(console, way).mockImplementation((...words) => void said.push(words));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  expectNoSecret(said);
  said.length = 0;
});

function expectNoSecret(seen: unknown): void {
  const words = JSON.stringify(seen);
  for (const secret of Object.values(SECRETS)) expect(words).not.toContain(JSON.stringify(secret).slice(1, -1));
}

describe("a thousand messages, none lost, twice or out of order", () => {
  const secure =
    gateways.tlsPorts === null
      ? []
      : [["JSON over TLS", `wss://localhost:${gateways.tlsPorts.trusted}/json/good`, JSON_OPTIONS] as const];
  const VARIANTS: readonly (readonly [string, string, Options])[] = [
    ["JSON", `ws://127.0.0.1:${gateways.port}/json/good`, JSON_OPTIONS],
    ...secure,
    ["text", `ws://127.0.0.1:${gateways.port}/text/good`, TEXT_OPTIONS],
    ["as Centrifugo speaks", `ws://127.0.0.1:${gateways.port}/centrifugo/good`, CENTRIFUGO_OPTIONS],
    [
      "raw Socket.IO",
      `ws://127.0.0.1:${gateways.socketIoPort}/socket.io/?EIO=4&transport=websocket`,
      SOCKET_IO_OPTIONS,
    ],
  ];

  // Five rounds fly at once in one isolate, each in a room of its own.
  it.each(VARIANTS)("%s", { timeout: 60_000 }, async (what, address, options) => {
    for (const wave of [5, 5]) {
      const rounds = Array.from({ length: wave }, (_, room) =>
        tryRound({ driver: "websocket", address, options, secrets: SECRETS, channel: `lab-${room}`, messages: 100 }),
      );
      for (const { record, observation } of await Promise.all(rounds)) {
        expect(record, what).toMatchObject(clean(100));
        expect(observation.messages.every((message) => message.failure === null)).toBe(true);
      }
    }
  });

  it("with large payloads, too", async () => {
    const { record } = await tryRound(json("good", { messages: 20, payloadBytes: 32_768 }));
    expect(record).toMatchObject(clean(20));
  });
});

describe("what gateways do differently", () => {
  it.each([
    ["frames are binary", "binary"],
    ["frames come in pieces", "fragments"],
    ["a message comes before the login", "early"],
    ["the room's last message comes before the yes", "history"],
    ["answers to nobody, and each answer again as a refusal", "foreign-acks"],
  ])("%s", async (_, path) => {
    const { record } = await tryRound(json(path));
    expect(record).toMatchObject({ ...clean(8), foreign: path === "history" ? 1 : 0 });
  });

  it.each(["header", "no-login"])("no login frame: %s", async (path) => {
    const options = { ...without(JSON_OPTIONS, "login"), headers: { Authorization: "Bearer ${secret.token}" } };
    const { record } = await tryRound(json(path, { options }));
    expect(record).toMatchObject(clean(8));
  });

  it("no confirmation of a subscription: a moment is waited, and nothing is lost", async () => {
    const subscribe = { send: '{"type":"join","room":"${channel}"}' };
    const { record } = await tryRound(json("mute-join", { options: { ...JSON_OPTIONS, subscribe } }));
    expect(record).toMatchObject(clean(8));
  });

  it("no acknowledgements are asked for: there is none", async () => {
    const publish = { send: '{"type":"say","room":"${channel}","text":"${payload}"}' };
    const { record } = await tryRound(json("good", { options: { ...JSON_OPTIONS, publish } }));
    expect(record).toMatchObject(clean(8));
  });

  it("each message gets the gateway's word, once", async () => {
    const driver = await driverFor("websocket", outside);
    const context = {
      deadlines: { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400, answerMs: 2_000 },
      gate: openGate(outside.now),
    };
    const endpoint = {
      address: `ws://127.0.0.1:${gateways.port}/json/refuse-say`,
      options: JSON_OPTIONS,
      secrets: SECRETS,
    };
    const session = await driver.connect(endpoint, "publisher", context);
    const sent = Array.from({ length: 6 }, () => session.publish("lab", new TextEncoder().encode("hello")));
    const answers = await Promise.all(sent.map(({ answer }) => answer));
    expect(answers.map((answer) => answer.kind)).toEqual(
      Array.from({ length: 3 }, () => ["acknowledged", "refused"]).flat(),
    );
    expectNoSecret(answers);
    await session.close();
    await session.close();
    expect(await session.publish("lab", new Uint8Array(1)).answer).toMatchObject({ kind: "refused" });
  });
});

describe("failures by class and phase", () => {
  const status = (code: number): Partial<Trial> => ({ address: `ws://127.0.0.1:${ports.status}/${code}` });
  const port = (which: keyof Ports, scheme = "ws"): Partial<Trial> => ({
    address: `${scheme}://127.0.0.1:${ports[which]}/`,
  });
  const CONNECT: readonly (readonly [string, Trial, FailureKind, number | undefined])[] = [
    ["a closed port", json("", port("closed")), "tcp", undefined],
    ["TLS to a port that speaks none", json("", port("garbage", "wss")), "tls", undefined],
    ["HTTP 401", json("", status(401)), "auth", 401],
    ["HTTP 403", json("", status(403)), "auth", 403],
    ["HTTP 404", json("", status(404)), "handshake", 404],
    ["HTTP 429", json("", status(429)), "rate_limit", 429],
    ["HTTP 503", json("", status(503)), "handshake", 503],
    ["TCP that is accepted and silent", json("", port("silent")), "timeout", undefined],
    ["a handshake that drips", json("", port("drip")), "timeout", undefined],
    ["a wrong password", json("good", { secrets: { ...SECRETS, password: "wrong" } }), "auth", undefined],
    ["a wrong token, in text", text("good", { secrets: { token: "wrong" } }), "auth", undefined],
    ["a header that is not accepted", json("header", { options: { ...JSON_OPTIONS, headers: {} } }), "auth", 401],
    ["silence after the login", json("silent-login"), "timeout", undefined],
    ["silence after the login, in text", text("silent-login"), "timeout", undefined],
    ["a frame that never ends", json("drip-login"), "timeout", undefined],
    ["garbage in place of a welcome", json("garbage-login"), "protocol", undefined],
    ["close 1008 in place of a welcome", json("close-login/1008"), "auth", 1008],
    ["close 4401", json("close-login/4401"), "auth", 4401],
    ["close 4001", json("close-login/4001"), "auth", 4001],
    ["close 1013", json("close-login/1013"), "rate_limit", 1013],
    ["close 1000", json("close-login/1000"), "closed", 1000],
    ["close 1002", json("close-login/1002"), "protocol", 1002],
    ["close before anything was asked", json("close-at-once/4403"), "auth", 4403],
    ["a cut in place of a welcome", json("cut-login"), "closed", 1006],
  ];

  it.each(CONNECT)("%s", async (_, order, kind, code) => {
    const { observation, record } = await quick(order);
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, notSent: 0, unfit: "none" });
  });

  const tlsPorts = gateways.tlsPorts;
  it.skipIf(tlsPorts === null).each(["misnamed", "stranger"] as const)("a certificate that is %s", async (which) => {
    const address = `wss://localhost:${tlsPorts?.[which] ?? 0}/json/good`;
    const { observation } = await quick(json("", { address }));
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls", sure: false });
  });

  it("a secret that no header can hold is our own fault: it proves nothing", async () => {
    const options = { ...JSON_OPTIONS, headers: { Authorization: "Bearer ${secret.token}" } };
    const { observation, record } = await quick(
      json("header", { options, secrets: { ...SECRETS, token: "a\r\nX: b" } }),
    );
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "config" });
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  const SUBSCRIBE: readonly (readonly [string, Trial, FailureKind])[] = [
    ["silence", json("silent-join"), "timeout"],
    ["a subscription that is never confirmed", json("mute-join"), "timeout"],
    ["a refusal", json("refuse-join"), "subscribe"],
    ["a refusal, in text", text("refuse-join"), "subscribe"],
    // The round's own deadline, of which the connect has used some, comes before the driver's.
    ["garbage", json("garbage-join"), "timeout"],
    ["a close that looks like auth, yet the login was confirmed", json("close-join/4401"), "closed"],
    [
      "the same where there is no login",
      json("no-login", { options: without(JSON_OPTIONS, "login"), ...noLogin("close-join/4401") }),
      "auth",
    ],
    ["a cut", json("cut-join"), "closed"],
  ];

  function noLogin(path: string): Partial<Trial> {
    return { address: `ws://127.0.0.1:${gateways.port}/json/${path}` };
  }

  it.each(SUBSCRIBE)("in place of a subscription: %s", async (_, order, kind) => {
    const { observation, record } = await quick(order);
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 0, notSent: 0, unfit: "none" });
  });

  const DELIVER: readonly (readonly [string, Trial, readonly [Phase, FailureKind] | null, Partial<Tried["record"]>])[] =
    [
      ["a gateway that swallows everything", json("swallow"), null, { lost: 8, error: 0 }],
      ["a refusal of every second message", json("refuse-say"), ["publish", "publish"], { ok: 4, error: 4 }],
      ["a refusal of every second message, in text", text("refuse-say"), ["publish", "publish"], { ok: 4, error: 4 }],
      [
        "a close in mid-round",
        json("close-after/3", { gapMs: 60 }),
        ["deliver", "closed"],
        { ok: 2, lost: 1, error: 5 },
      ],
      [
        "a cut of all in mid-round",
        json("cut-after/3", { gapMs: 60 }),
        ["deliver", "closed"],
        { ok: 2, lost: 1, error: 5 },
      ],
      ["garbage in place of an answer", json("garbage-say"), null, { lost: 8, error: 0 }],
      [
        "a message that is too big",
        json("good", { payloadBytes: 45_000, gapMs: 60 }),
        ["publish", "publish"],
        { lost: 1, error: 7 },
      ],
    ];

  it.each(DELIVER)("%s", async (_, order, failure, counts) => {
    const { record } = await quick(order);
    const classes = failure === null ? [] : [{ phase: failure[0], kind: failure[1], count: counts.error }];
    expect(record.failures).toEqual(classes);
    expect(record).toMatchObject({ scheduled: 8, notSent: 0, unfit: "none", ...counts });
  });

  it("a gateway that never says goodbye costs one deadline, and the connection is gone after it", async () => {
    const { record } = await quick(json("deaf/8"));
    expect(record).toMatchObject({ ok: 8, lost: 0, error: 0 });
    await vi.waitFor(async () => {
      const open = await fetch(`http://127.0.0.1:${gateways.port}/`);
      expect(await open.text()).toBe("0");
    });
  });

  /** Deadlines of half a second; the round takes no longer than all of them, the diagnosis and a second. */
  async function quick(order: Trial): Promise<Tried> {
    const began = outside.now();
    const tried = await tryRound({ deadlineMs: 500, connectDeadlineMs: 500, ...order });
    expect(outside.now() - began).toBeLessThan(500 + 2 * 400 + 7 * (order.gapMs ?? 10) + 500 + 400 + 1_000);
    expectNoSecret(tried);
    return tried;
  }
});
