// Aim: the AMQP driver says what happened, no more and no less, whatever is at the other end. Method: rounds in workerd against
// a real RabbitMQ with accounts that may not do everything, then against a broker of our own that misbehaves in one way each.

import { afterAll, describe, expect, it, vi } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { outside } from "../../workers/outside.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { HostileAmqp } from "./amqp-hostile.server.ts";
import type { Ports } from "./ports.server.ts";
import type { RabbitMq } from "./rabbitmq.server.ts";
import { clean, foreignServerOf, serverOf, tryRound } from "./trial.ts";
import type { Trial, Tried } from "./trial.ts";

const SECRET = "t0p-s3cret-amqp";
const rabbit = await foreignServerOf<RabbitMq>("rabbitmq", "rabbitmq-server");
const hostile = await serverOf<HostileAmqp>("amqp-hostile");
const ports = await serverOf<Ports>("ports");

const said: string[] = [];
for (const way of ["log", "warn", "error", "info", "debug"] as const)
  vi.spyOn(console, way).mockImplementation((...words: unknown[]) => void said.push(words.map(String).join(" ")));
afterAll(() => expect(said.join("\n")).not.toContain(SECRET));

let channels = 0;
/** A round of its own channel, no longer than its deadlines. */
async function round(trial: Partial<Trial> & { address: string }): Promise<Tried> {
  const whole = { driver: "amqp", channel: `sonde.${++channels}`, ...trial } as const;
  const tried = await tryRound(whole);
  const { messages = 8, gapMs = 10, deadlineMs = 2_000, connectDeadlineMs = 2_000 } = whole;
  const { startedAt, endedAt } = tried.observation;
  expect(endedAt - startedAt).toBeLessThan(connectDeadlineMs + messages * gapMs + deadlineMs + 1_000 + 3 * 400);
  expect(JSON.stringify(tried.observation)).not.toContain(SECRET);
  return tried;
}

describe.skipIf(rabbit === null)("a real RabbitMQ", () => {
  const plain = `amqp://127.0.0.1:${rabbit?.plain.amqp}`;
  const secure = `amqps://127.0.0.1:${rabbit?.tls?.amqp}`;
  const none = { user: "", password: "" };
  const { whole, listener, speaker } = rabbit?.accounts ?? { whole: none, listener: none, speaker: none };

  it.each([
    ["amqp", plain, {}],
    ["amqp without confirms", plain, { confirm: false }],
    ["amqp through a direct exchange", plain, { exchange: "amq.direct" }],
    ...(rabbit?.tls === null ? [] : [["amqps", secure, {}] as const]),
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

  it("a message in several frames, and a virtual host whose name holds a slash", async () => {
    const address = `${plain}/${encodeURIComponent(rabbit?.vhosts.open ?? "")}`;
    const { record } = await round({ address, secrets: { ...whole }, payloadBytes: 32_768 });
    expect(record).toMatchObject(clean(8));
  });

  it("three rounds at once, each to its own", async () => {
    const trial = { address: plain, secrets: { ...whole }, messages: 50 };
    const all = await Promise.all([round(trial), round(trial), round(trial)]);
    for (const { record } of all) expect(record).toMatchObject(clean(50));
  });

  it.each([
    ["a wrong password", "", { ...whole, password: SECRET }, "connect", "auth", 403],
    ["no account at all", "", {}, "connect", "auth", 403],
    ["a virtual host that is not there", "/nowhere", whole, "connect", "auth", 530],
    ["a virtual host of others", "/barred", whole, "connect", "auth", 530],
    ["an account that may not read", "", speaker, "subscribe", "subscribe", 403],
    ["an account that may not write", "", listener, "publish", "publish", 403],
  ] as const)("%s", async (_what, path, account, phase, kind, code) => {
    const { observation, record } = await round({ address: plain + path, secrets: { ...account } });
    expect(observation.failure).toMatchObject({ phase, kind, code, sure: code !== 530 });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, notSent: 0, unfit: "none" });
    expect(record.failures).toEqual([{ phase, kind, count: 8 }]);
  });

  it("an exchange that is not there, and the one that nothing can be bound to", async () => {
    for (const [exchange, code] of [
      ["nowhere", 404],
      ["", 403],
    ] as const) {
      const { observation } = await round({ address: plain, secrets: { ...whole }, options: { exchange } });
      expect(observation.failure).toMatchObject({ phase: "subscribe", kind: "subscribe", code });
    }
  });

  it("a message larger than the broker takes", async () => {
    const payloadBytes = (rabbit?.messageBytesMax ?? 0) + 1;
    const { record } = await round({ address: plain, secrets: { ...whole }, payloadBytes });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 8 }]);
  });

  it("answers: acknowledged, returned where no queue takes it, refused where there is no exchange", async () => {
    const publisher = async (options: Trial["options"] = {}) =>
      (await driverFor("amqp", outside)).connect({ address: plain, options, secrets: { ...whole } }, "publisher", {
        deadlines: { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400, answerMs: 2_000 },
        gate: openGate(outside.now),
      });
    const session = await publisher();
    const back = await session.publish("nobody.is.here", new Uint8Array(9)).answer;
    expect(back).toMatchObject({ kind: "refused", failure: { phase: "publish", kind: "publish", code: 312 } });
    await session.close();
    await session.close();
    const taken = await publisher({ exchange: "amq.fanout", confirm: false });
    const { answer } = taken.publish("k", new Uint8Array(9));
    const lost = await publisher({ exchange: "nowhere" });
    const ended = new Promise((resolve) => lost.onClosed(resolve));
    const refused = { phase: "publish", kind: "publish", code: 404 };
    expect(await lost.publish("k", new Uint8Array(9)).answer).toMatchObject({ kind: "refused", failure: refused });
    expect(await ended).toMatchObject(refused);
    expect(await lost.publish("k", new Uint8Array(9)).answer).toEqual({ kind: "none" });
    await Promise.all([lost.close(), taken.close()]);
    expect(await answer).toMatchObject({ kind: "refused", failure: { code: 312 } });
  });

  it("TLS to a port that speaks none", async () => {
    const { observation } = await round({ address: plain.replace("amqp:", "amqps:"), secrets: { ...whole } });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls" });
  });
});

describe("ports that misbehave", () => {
  it.each([
    ["closed", "tcp"],
    ["silent", "timeout"],
    // The beginning of HTTP is enough to tell that it is not AMQP.
    ["drip", "protocol"],
    ["status", "protocol"],
    ["garbage", "protocol"],
    ["slam", "closed"],
  ] as const)("%s: %s", async (name, kind) => {
    const secrets = { user: "u", password: SECRET };
    const { observation, record } = await round({ address: `amqp://127.0.0.1:${ports[name]}`, secrets });
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, unfit: "none" });
  });

  it.skipIf(hostile.misnamedPort === null)("a certificate for another name", async () => {
    const { observation } = await round({ address: `amqps://127.0.0.1:${hostile.misnamedPort}` });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "tls" });
  });
});

describe("a broker that misbehaves", () => {
  const address = `amqp://127.0.0.1:${hostile.port}`;
  const against = (user: string, more: Partial<Trial> = {}): Promise<Tried> =>
    round({ address, secrets: { user, password: SECRET }, connectDeadlineMs: 600, deadlineMs: 600, ...more });

  it("not at all", async () => {
    for (const user of ["good", "unlimited", "drip", "mute"]) {
      const { record } = await against(user, { connectDeadlineMs: 2_000 });
      expect(record, user).toMatchObject(clean(8));
    }
  });

  it("what is unanswered when we leave was not refused", async () => {
    const driver = await driverFor("amqp", outside);
    const endpoint = { address, options: {}, secrets: { user: "mute", password: SECRET } };
    const deadlines = { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400 };
    const session = await driver.connect(endpoint, "publisher", { deadlines, gate: openGate(outside.now) });
    const answers = ["a", "b"].map((key) => session.publish(key, new Uint8Array(3)).answer);
    const closing = session.close();
    // The library takes no more, and that is our own doing as well.
    answers.push(session.publish("c", new Uint8Array(3)).answer);
    await closing;
    expect(await Promise.all(answers)).toEqual([{ kind: "none" }, { kind: "none" }, { kind: "none" }]);
  });

  const REFUSED: readonly [string, Phase, FailureKind, number?][] = [
    ["silent start", "connect", "timeout"],
    ["silent open", "connect", "timeout"],
    ["silent channel", "connect", "timeout"],
    ["silent confirm", "connect", "timeout"],
    ["cut start", "connect", "closed"],
    ["cut open", "connect", "closed"],
    ["garbage start", "connect", "protocol"],
    ["garbage channel", "connect", "protocol"],
    ["tiny", "connect", "protocol"],
    ["connection 403 start", "connect", "auth", 403],
    ["connection 530 open", "connect", "auth", 530],
    ["connection 320 open", "connect", "closed", 320],
    ["connection 501 open", "connect", "protocol", 501],
    ["connection 506 channel", "connect", "rate_limit", 506],
    ["connection 999 open", "connect", "closed", 999],
    ["channel 504 confirm", "connect", "protocol", 504],
    ["silent declare", "subscribe", "timeout"],
    ["silent consume", "subscribe", "timeout"],
    ["cut bind", "subscribe", "closed"],
    ["garbage bind", "subscribe", "protocol"],
    ["channel 404 bind", "subscribe", "subscribe", 404],
    ["channel 403 declare", "subscribe", "subscribe", 403],
    ["connection 530 consume", "subscribe", "subscribe", 530],
  ];
  it.each(REFUSED)("%s", async (...[user, phase, kind, code]) => {
    const { observation, record } = await against(user);
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
    ["nack 3", { ok: 7, lost: 0, error: 1 }, [["publish", "publish"]]],
    ["return 3", { ok: 7, lost: 0, error: 1 }, [["publish", "publish"]]],
    ["refuse 3", { ok: 2, lost: 0, error: 6 }, [["publish", "publish"]]],
    ["blocked", { ok: 0, lost: 0, error: 8 }, [["publish", "rate_limit"]]],
    ["force 3", { ok: 3, lost: 0, error: 5 }, [["deliver", "closed"]]],
    ["cut-after 3", { ok: 3, lost: 0, error: 5 }, [["deliver", "closed"]]],
    ["cancel 3", { ok: 3, lost: 0, error: 5 }, [["deliver", "closed"]]],
    ["huge", { ok: 0, lost: 0, error: 8 }, [["subscribe", "protocol"]]],
    ["garbage-later", { ok: 0, lost: 0, error: 8 }, [["deliver", "protocol"]]],
    // Nothing was ever confirmed, yet everything arrived.
    ["muddle", { ok: 8, lost: 0, error: 0 }, []],
  ];
  it.each(IN_FLIGHT)("%s, in mid-round", async (user, counts, failures) => {
    const { record } = await against(user, { gapMs: 60 });
    expect(record).toMatchObject({ scheduled: 8, notSent: 0, unfit: "none", duplicate: 0, corrupt: 0, ...counts });
    expect(record.failures).toEqual(failures.map(([phase, kind]) => ({ phase, kind, count: counts.error })));
  });

  // Reading them takes the one thread a while, and on a busy machine a longer one.
  const SLOW = { connectDeadlineMs: 5_000, deadlineMs: 5_000 };
  it("12,000 odd frames beside good messages, which all count", async () => {
    // 40 rounds of two sessions with 150 each (ODDITIES), four rounds at a time.
    for (let seed = 0; seed < 40; seed += 4) {
      const four = [0, 1, 2, 3].map((more) => against(`noisy ${seed + more}`, SLOW));
      for (const { record, observation } of await Promise.all(four)) {
        expect(observation.failure).toBeNull();
        expect(record).toMatchObject({ ...clean(8), foreign: 1 });
      }
    }
  });

  it("300 rounds of frames with something wrong in them: no hang, no crash, and every message is accounted for", async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 300; seed += 20) {
      const twenty = Array.from({ length: 20 }, (_, i) =>
        against(`mutant ${seed + i}`, { connectDeadlineMs: 250, deadlineMs: 250, gapMs: 10 }),
      );
      for (const { record, observation } of await Promise.all(twenty)) {
        expect(record.ok + record.lost + record.error + record.notSent).toBe(8);
        expect(record.notSent, JSON.stringify(observation.failure)).toBe(0);
        outcomes.add(observation.failure?.kind ?? "none");
      }
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(["none", "protocol", "timeout"]));
  });
});
