// Aim: whatever a service does, the MQTT driver says what it was, in our own words, within its deadlines. Method: rounds
// in workerd against a server that misbehaves in one way each (`mqtt-hostile.server.ts`), for 3.1.1 and 5, and that repeats
// the password wherever it can; then more than 10,000 hostile frames from seeds.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { outside } from "../../workers/outside.ts";
import type { Answer, Session } from "../../workers/probes/driver.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { MqttHostile } from "./mqtt-hostile.server.ts";
import { clean, serverOf, tryRound } from "./trial.ts";
import type { Trial, Tried } from "./trial.ts";

const { address, framesUrl } = await serverOf<MqttHostile>("mqtt-hostile");
const PASSWORD = "never-to-be-seen-5d1f";
const CONNECT_MS = 500;
const DEADLINE_MS = 500;
const CLOSE_MS = 400;
/** All deadlines of a round of 8 messages 10 ms apart, and a second for a machine that is busy. */
const ROUND_MS = CONNECT_MS + 8 * 10 + DEADLINE_MS + CLOSE_MS + 1_000;

const said: unknown[] = [];
beforeEach(() => {
  said.length = 0;
  for (const way of ["debug", "log", "info", "warn", "error"] as const)
    vi.spyOn(console, way).mockImplementation((...words) => void said.push(words));
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(JSON.stringify(said)).not.toContain(PASSWORD);
});

async function framesWritten(): Promise<number> {
  return Number(await (await fetch(framesUrl)).text());
}

async function against(behaviour: string, version: string, qos: number, more: Partial<Trial> = {}): Promise<Tried> {
  const { options, ...others } = more;
  const tried = await tryRound({
    driver: "mqtt",
    address,
    channel: `sonde/${crypto.randomUUID()}`,
    secrets: { user: behaviour, password: PASSWORD },
    options: { version, qos, ...options },
    connectDeadlineMs: CONNECT_MS,
    deadlineMs: DEADLINE_MS,
    ...others,
  });
  expect(JSON.stringify(tried.observation)).not.toContain(PASSWORD);
  expect(tried.observation.endedAt - tried.observation.startedAt).toBeLessThan(ROUND_MS + (more.deadlineMs ?? 0));
  return tried;
}

describe("a login that fails", () => {
  const LOGINS: readonly (readonly [string, string, FailureKind, number | undefined])[] = [
    ["connack/1", "3.1.1", "protocol", 1],
    ["connack/3", "3.1.1", "rate_limit", 3],
    ["connack/4", "3.1.1", "auth", 4],
    ["connack/5", "3.1.1", "auth", 5],
    ["connack/9", "3.1.1", "protocol", undefined],
    ["connack/132", "5", "protocol", 132],
    ["connack/134", "5", "auth", 134],
    ["connack/135", "5", "auth", 135],
    ["connack/136", "5", "rate_limit", 136],
    ["connack/138", "5", "auth", 138],
    ["connack/151", "5", "rate_limit", 151],
    ["connack/157", "5", "handshake", 157],
    ["connack/159", "5", "rate_limit", 159],
    ["away-first/137", "5", "rate_limit", 137],
    ["silent", "3.1.1", "timeout", undefined],
    ["silent", "5", "timeout", undefined],
    ["garbage", "5", "protocol", undefined],
    ["cut", "5", "closed", undefined],
  ];

  it.each(LOGINS)("%s in MQTT %s", async (behaviour, version, kind, code) => {
    const { observation, record } = await against(behaviour, version, 1);
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(observation.failure?.code).toBe(code);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, unfit: "none" });
  });

  it.each(["connack/133", "maximum-qos/1"])("%s is our own configuration's fault, and proves nothing", async (one) => {
    const { record } = await against(one, "5", 2);
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  it("a service that offers the QoS that was asked for, and no more, is fine", async () => {
    expect((await against("maximum-qos/1", "5", 1)).record).toMatchObject(clean(8));
  });
});

describe("a subscription that fails", () => {
  const SUBSCRIPTIONS: readonly (readonly [string, string, FailureKind, number | undefined])[] = [
    ["suback/128", "3.1.1", "subscribe", 128],
    ["suback/135", "5", "subscribe", 135],
    ["suback/143", "5", "subscribe", 143],
    ["suback/151", "5", "rate_limit", 151],
    ["suback-two", "3.1.1", "protocol", undefined],
    ["suback-two", "5", "protocol", undefined],
    ["suback-silent", "5", "timeout", undefined],
    ["suback-garbage", "3.1.1", "protocol", undefined],
    ["suback-garbage", "5", "protocol", undefined],
    ["suback-cut", "5", "closed", undefined],
    ["suback-away/142", "5", "closed", 142],
    ["suback-away/135", "5", "auth", 135],
  ];

  it.each(SUBSCRIPTIONS)("%s in MQTT %s", async (behaviour, version, kind, code) => {
    const { observation, record } = await against(behaviour, version, 1);
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind });
    expect(observation.failure?.code).toBe(code);
    expect(record.failures).toEqual([{ phase: "subscribe", kind, count: 8 }]);
    expect(record).toMatchObject({ ok: 0, lost: 0, notSent: 0, unfit: "none" });
  });
});

describe("a publish that is refused", () => {
  const REFUSALS: readonly (readonly [string, number, FailureKind, number])[] = [
    ["puback/135", 1, "publish", 135],
    ["puback/135", 2, "publish", 135],
    ["puback/144", 1, "publish", 144],
    ["puback/151", 1, "rate_limit", 151],
    ["puback/151", 2, "rate_limit", 151],
    ["puback/128", 2, "publish", 128],
  ];

  it.each(REFUSALS)("%s at QoS %i", async (behaviour, qos, kind, code) => {
    const { observation, record } = await against(behaviour, "5", qos);
    expect(observation.failure).toBeNull();
    expect(observation.messages.map((message) => message.failure?.code)).toEqual(Array(8).fill(code));
    expect(record.failures).toEqual([{ phase: "publish", kind, count: 8 }]);
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, unfit: "none" });
  });

  it("16, nobody listens, is no refusal: the message is lost", async () => {
    expect((await against("puback/16", "5", 1)).record).toMatchObject({ ok: 0, lost: 8, error: 0 });
  });
});

describe("a session that ends in mid-round", () => {
  const ENDS: readonly (readonly [string, string, Phase, FailureKind])[] = [
    ["away/3/142", "5", "deliver", "closed"],
    ["away/3/139", "5", "deliver", "closed"],
    ["away/3/151", "5", "deliver", "rate_limit"],
    ["away/3/149", "5", "publish", "publish"],
    ["away/3/130", "5", "deliver", "protocol"],
    ["away/3/0", "5", "deliver", "closed"],
    ["cut-after/3", "3.1.1", "deliver", "closed"],
    ["cut-after/3", "5", "deliver", "closed"],
    ["garbage-after/3", "3.1.1", "deliver", "protocol"],
    ["garbage-after/3", "5", "deliver", "protocol"],
    ["wrong-answer", "5", "deliver", "protocol"],
  ];

  it.each(ENDS)("%s in MQTT %s", async (behaviour, version, phase, kind) => {
    const { observation, record } = await against(behaviour, version, 1, { gapMs: 40 });
    expect(observation.failure).toMatchObject({ phase, kind });
    expect(record.failures).toEqual([{ phase, kind, count: record.error }]);
    expect(record.error).toBeGreaterThan(0);
    expect(record).toMatchObject({ notSent: 0, unfit: "none" });
  });
});

describe("the cap of what flies", () => {
  it.each([
    ["3.1.1", 1, { inflight: 4 }],
    ["3.1.1", 2, { inflight: 4 }],
    ["5", 1, {}],
    ["5", 2, {}],
  ] as const)("MQTT %s at QoS %i: a service with room for 4 gets no more, and all of them", async (version, qos, o) => {
    const more = { messages: 200, gapMs: 0, deadlineMs: 5_000, options: o };
    const { record } = await against("room/4", version, qos, more);
    expect(record).toMatchObject(clean(200));
    // What had to wait is counted from when it was meant to go: 200 by 4 at 3 ms each.
    expect(record.latencyMsMax).toBeGreaterThan(50);
  });

  it("without it they would be lost: the test can fail", async () => {
    const more = { messages: 100, gapMs: 0, options: { inflight: 100 } };
    expect((await against("room/4", "3.1.1", 2, more)).record.lost).toBeGreaterThan(50);
  });

  it("a service that never answers gets as many as may fly; the others are lost, not forgotten", async () => {
    const { record } = await against("no-answer", "3.1.1", 1, { messages: 30, gapMs: 0, options: { inflight: 10 } });
    expect(record).toMatchObject({ scheduled: 30, ok: 10, lost: 20, error: 0, notSent: 0, unfit: "none" });
  });
});

describe("what a session says of each publish", () => {
  const CHANNEL = "sonde/answers";

  async function publisher(behaviour: string, qos: number, inflight = 20): Promise<Session> {
    const driver = await driverFor("mqtt", outside);
    const secrets = { user: behaviour, password: PASSWORD };
    const options = qos === 0 ? { version: "5", qos } : { version: "5", qos, inflight };
    const deadlines = { connectMs: CONNECT_MS, subscribeMs: CONNECT_MS, closeMs: CLOSE_MS };
    return driver.connect({ address, options, secrets }, "publisher", { deadlines, gate: openGate(outside.now) });
  }

  const publish = (session: Session, times: number): Promise<Answer[]> =>
    Promise.all(Array.from({ length: times }, () => session.publish(CHANNEL, new Uint8Array(60)).answer));

  it.each([
    [0, "none"],
    [1, "acknowledged"],
    [2, "acknowledged"],
  ] as const)("at QoS %i: %s", async (qos, kind) => {
    const session = await publisher("good", qos);
    const { sentAt, answer } = session.publish(CHANNEL, new Uint8Array(60));
    const word = await answer;
    expect(word.kind).toBe(kind);
    if (word.kind === "acknowledged") expect(word.receivedAt).toBeGreaterThanOrEqual(sentAt);
    await session.close();
    await session.close();
    expect(await session.publish(CHANNEL, new Uint8Array(60)).answer).toEqual({ kind: "none" });
  });

  it("a wait for room is part of the answer's time, and none of the stamp's", async () => {
    const session = await publisher("room/1", 1);
    const all = Array.from({ length: 20 }, () => session.publish(CHANNEL, new Uint8Array(60)));
    const answers = await Promise.all(all.map((one) => one.answer));
    expect(answers.map((one) => one.kind)).toEqual(Array(20).fill("acknowledged"));
    const [first, last] = [all.at(0)?.sentAt ?? 0, all.at(-1)?.sentAt ?? 0];
    // Twenty by one, 3 ms each: the last was asked for at once, and answered when all others had been.
    const answeredAt = answers.at(-1);
    expect(answeredAt?.kind === "acknowledged" && answeredAt.receivedAt - last).toBeGreaterThan(40);
    expect(last - first).toBeLessThan(40);
    await session.close();
  });

  it("at a close of our own nothing is left open, within the deadline", async () => {
    const session = await publisher("no-answer", 2, 3);
    const answers = publish(session, 9);
    const closedAt = outside.now();
    await session.close();
    expect(outside.now() - closedAt).toBeLessThan(CLOSE_MS + 1_000);
    expect((await answers).map((one) => one.kind)).toEqual(Array(9).fill("none"));
  });

  it("at a close of the service what flew has no answer, and what waited was refused", async () => {
    const session = await publisher("away/3/142", 1, 3);
    const ends: unknown[] = [];
    session.onClosed((failure) => ends.push(failure.code));
    const answers = await publish(session, 9);
    expect(answers.filter((one) => one.kind === "refused").length).toBeGreaterThanOrEqual(3);
    for (const one of answers)
      if (one.kind === "refused") expect(one.failure).toMatchObject({ kind: "closed", phase: "publish" });
    expect(await session.publish(CHANNEL, new Uint8Array(60)).answer).toMatchObject({ kind: "refused" });
    expect(ends).toEqual([142]);
    await session.close();
  });
});

describe("hostile frames", () => {
  it("that are allowed disturb nothing: 15,000 of them, and each good message counts", async () => {
    const both = ["3.1.1", "5"].flatMap((version) => [1, 2].map((qos) => [version, qos] as const));
    const rounds = both.map(([version, qos]) =>
      against("harmless", version, qos, { messages: 32, channel: `sonde/${version}/${qos}`, deadlineMs: 5_000 }),
    );
    for (const { record } of await Promise.all(rounds)) {
      expect(record).toMatchObject({ ok: 32, lost: 0, error: 0, duplicate: 0, reordered: 0, unfit: "none" });
      expect(record.foreign + record.corrupt).toBeGreaterThan(100);
    }
    expect(await framesWritten()).toBeGreaterThan(15_000);
  });

  it.each(["connect", "subscribe", "publish", "deliver"])(
    "that are not allowed end a session at most: at %s",
    async (stage) => {
      const before = await framesWritten();
      const kinds = new Set<string>();
      for (let burst = 0; burst < 5; burst++) {
        const rounds = Array.from({ length: 10 }, (_, i) =>
          against(`deadly/${stage}`, i % 2 === 0 ? "3.1.1" : "5", i % 3, { connectDeadlineMs: 200, deadlineMs: 200 }),
        );
        for (const { observation, record } of await Promise.all(rounds)) {
          expect(record.ok + record.lost + record.error + record.notSent).toBe(8);
          kinds.add(observation.failure?.kind ?? "none");
        }
      }
      expect((await framesWritten()) - before).toBeGreaterThan(2_500);
      expect([...kinds]).toContain("protocol");
      expect([...kinds]).not.toContain("platform");
    },
  );
});
