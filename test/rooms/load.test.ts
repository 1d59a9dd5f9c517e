// Aim: a load test does what was asked for and no more, and its report adds up. Method: the words of the command line as a
// table; the schedule against its own rate; then loads on a virtual clock with a service whose every message has a fate.

import { describe, expect, it } from "vitest";

import { dueMs, plannedMessages, progressLine, readLoadArgs, reportText } from "../../workers/local/load.ts";
import type { LoadPlan } from "../../workers/local/load.ts";
import { Load } from "../../workers/local/load.probe.ts";
import type { Answer, Driver, Failure, Incoming, Session } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { virtualOutside } from "../virtual.ts";

const T0 = Date.UTC(2026, 10, 22);
const PLAN: LoadPlan = { target: "t", region: "weur", rate: 100, rampMs: 2_000, forMs: 6_000, maxMessages: 10_000 };
const LIMITS = ["--target", "t", "--rate", "100", "--for", "6s", "--max-messages", "500"];

describe("the command line", () => {
  it("takes a target and all limits, and fills in the rest", () => {
    expect(readLoadArgs(LIMITS)).toEqual({
      kind: "plan",
      json: false,
      plan: { target: "t", region: null, rate: 100, rampMs: 1_500, forMs: 6_000, maxMessages: 500 },
    });
    const more = readLoadArgs([...LIMITS, "--ramp", "0s", "--region", "oc", "--json"]);
    expect(more).toMatchObject({ json: true, plan: { rampMs: 0, region: "oc" } });
    expect(readLoadArgs(["--help", "--nonsense"])).toEqual({ kind: "help" });
  });

  it.each<[string, readonly string[], string]>([
    ["nothing", [], "--target, --rate, --for, --max-messages is missing"],
    ["no limit", LIMITS.slice(0, 6), "--max-messages is missing"],
    ["no target", LIMITS.slice(2), "--target is missing"],
    ["a rate of nothing", LIMITS.with(3, "0"), "--rate takes"],
    ["a rate above all", LIMITS.with(3, "2001"), "--rate takes"],
    ["half a message", LIMITS.with(3, "1.5"), "--rate takes"],
    ["too long", LIMITS.with(5, "11min"), "--for takes"],
    ["no time", LIMITS.with(5, "soon"), "--for takes"],
    ["too many", LIMITS.with(7, "1000001"), "--max-messages takes"],
    ["a ramp that never ends", [...LIMITS, "--ramp", "7s"], "--ramp takes"],
    ["twice", [...LIMITS, "--rate", "5"], "given twice"],
    ["no value", LIMITS.slice(0, 7), "--max-messages needs a value"],
    ["a stranger", [...LIMITS, "--force"], 'no option "--force"'],
  ])("refuses %s", (_, words, said) => {
    expect(readLoadArgs(words)).toMatchObject({ kind: "refused", words: expect.stringContaining(said) as string });
  });
});

describe("the schedule", () => {
  it("ramps evenly, then keeps its rate, and holds its limits", () => {
    // 2 s of ramp are 100 messages, 4 s at 100/s are 400.
    expect(plannedMessages(PLAN)).toBe(500);
    expect(plannedMessages({ ...PLAN, maxMessages: 7 })).toBe(7);
    expect([0, 25, 100, 101, 499].map((seq) => Math.round(dueMs(PLAN, seq)))).toEqual([0, 1_000, 2_000, 2_010, 5_990]);
    expect([0, 1, 599].map((seq) => dueMs({ ...PLAN, rampMs: 0 }, seq))).toEqual([0, 10, 5_990]);
    for (let seq = 1; seq < 500; seq++) expect(dueMs(PLAN, seq)).toBeGreaterThan(dueMs(PLAN, seq - 1));
  });
});

interface Service {
  readonly delaysMs?: (seq: number) => readonly number[];
  readonly answer?: (seq: number) => Answer;
  readonly closesAfter?: number;
  readonly refuses?: Failure;
  readonly push?: boolean;
  readonly tamper?: (seq: number, data: Uint8Array) => Uint8Array;
}

async function fly(service: Service, plan: LoadPlan = PLAN, inMs = 60_000) {
  const outside = virtualOutside(T0);
  let deliver: (message: Incoming) => void = () => {};
  let sent = 0;
  const session = (role: string): Session => {
    let tell: (failure: Failure) => void = () => {};
    return {
      timing: { queuedMs: 0, handshakeMs: 1, loginMs: 1 },
      subscribe: async (_channel, onMessage) => void (deliver = onMessage),
      publish(_channel, data) {
        const seq = sent++;
        const copy = service.tamper?.(seq, data) ?? data;
        for (const ms of service.delaysMs?.(seq) ?? [20]) {
          outside.after(ms, () => deliver({ data: copy, receivedAt: outside.now() }));
        }
        if (service.closesAfter === sent) outside.after(0, () => tell(failed("closed", "deliver", "closed")));
        return { sentAt: outside.now(), answer: Promise.resolve(service.answer?.(seq) ?? { kind: "none" }) };
      },
      onClosed: (listener) => void (role === "publisher" && (tell = listener)),
      close: () => Promise.resolve(),
    };
  };
  const driver: Driver = {
    capabilities: {
      transports: ["ws"],
      qos: [0],
      publishAck: "broker",
      ordered: true,
      push: service.push ?? true,
      maxPayloadBytes: 1_000,
      channelSeparator: "/",
    },
    connect: (_endpoint, role) =>
      service.refuses === undefined ? Promise.resolve(session(role)) : Promise.reject(service.refuses as unknown),
    diagnose: (_endpoint, failure) => Promise.resolve(failure),
  };
  const deadlines = { connectMs: 1_000, subscribeMs: 1_000, closeMs: 400, answerMs: 1_000 };
  const load = new Load({
    way: {
      outside,
      driver,
      endpoint: { address: "ws://h", options: {}, secrets: {}, names: { target: "t", region: "weur" } },
      context: { deadlines, gate: openGate(outside.now) },
    },
    plan,
    channel: "c",
    deadlineMs: 1_000,
    connectDeadlineMs: 1_000,
    payloadBytes: 100,
  });
  let isOver = false;
  void load.run().then(() => (isOver = true));
  await outside.run(inMs);
  expect(isOver, "it ends by itself").toBe(true);
  const report = load.report();
  expect(report.ok + report.lost + report.refused, "all that was sent is accounted for").toBe(report.sent);
  expect(report.underWay).toBe(0);
  return report;
}

describe("a load", () => {
  it("reaches its rate, and everything comes back", async () => {
    const report = await fly({});
    expect(report).toMatchObject({ planned: 500, sent: 500, ok: 500, lost: 0, refused: 0, failure: null });
    expect(report).toMatchObject({ ratePerSecond: 100, p50: 20, maxMs: 20, firstFailure: null });
    expect(reportText(PLAN, report)).toContain("100 messages/s reached of 100");
    expect(progressLine(PLAN, report)).toContain("sent 500 of 500");
  });

  it("counts exactly what was lost, late, doubled, damaged and refused, and names the first", async () => {
    const report = await fly({
      delaysMs: (seq) => (seq % 100 === 99 ? [] : seq === 250 ? [1_500] : seq === 300 ? [20, 30] : [20]),
      answer: (seq) =>
        seq === 400 ? { kind: "refused", failure: failed("rate_limit", "publish", "too fast") } : { kind: "none" },
      tamper: (seq, data) => (seq === 350 ? data.with(99, 0) : data),
    });
    // Five lost, one after the deadline, one damaged for good; the refused one comes back all the same, too late to matter.
    expect(report).toMatchObject({ sent: 500, lost: 7, refused: 1, ok: 492, duplicate: 1, corrupt: 1 });
    expect(report.firstFailure).toEqual({ atMs: 1_990, what: "lost, not back within 1000 ms" });
    expect(report.p99).toEqual({ over_ms: 1_000 });
  });

  it("ends where the service ends it, and says so", async () => {
    const report = await fly({ closesAfter: 50, delaysMs: () => [] });
    expect(report).toMatchObject({ ok: 0, failure: "deliver: closed: closed" });
    expect(report.sent).toBeLessThan(60);
    const refused = await fly({ refuses: failed("auth", "connect", "no") });
    expect(refused).toMatchObject({ sent: 0, failure: "connect: auth: no" });
  });

  it("counts answers where nothing can be received", async () => {
    const report = await fly({
      push: false,
      delaysMs: () => [],
      answer: () => ({ kind: "acknowledged", receivedAt: T0 + 5_000 }),
    });
    expect(report).toMatchObject({ sent: 500, lost: report.lost, refused: 0 });
    expect(report.ok).toBeGreaterThan(0);
  });
});
