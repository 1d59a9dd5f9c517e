// Aim: the loop journey sends by the clock, whatever the service does, and notes exactly what it saw.
// Method: a virtual clock and a service whose every message has a fate that the test wrote down.

import { describe, expect, it } from "vitest";

import { judge } from "../../workers/probes/outcomes.ts";
import type { Driver, Failure, Incoming, Session } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { runLoop } from "../../workers/probes/loop.probe.ts";
import type { LoopPlan } from "../../workers/probes/loop.probe.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { virtualOutside } from "../virtual.ts";
import type { VirtualOutside } from "../virtual.ts";

const T0 = Date.UTC(2026, 10, 22);
const PLAN: LoopPlan = {
  slotAt: T0,
  channel: "sonde/broker/weur",
  messages: 10,
  gapMs: 50,
  deadlineMs: 1_000,
  connectDeadlineMs: 500,
  payloadBytes: 100,
};
/** Delays in ms of each copy of a message; none: it is lost. */
type Fates = Readonly<Record<number, readonly number[]>>;

interface Service {
  readonly fates?: Fates;
  readonly connect?: (role: string) => Promise<void>;
  readonly subscribe?: () => Promise<void>;
  /** After how many messages the service closes the publisher, or the subscriber. */
  readonly closes?: { readonly role: "publisher" | "subscriber"; readonly after: number };
  readonly onSend?: (seq: number) => void;
}

const CLOSED: Failure = failed("closed", "deliver", "closed by the service");

function serviceOn(outside: VirtualOutside, service: Service): Driver & { sentAt: number[] } {
  let deliver: (message: Incoming) => void = () => {};
  const closers: Partial<Record<string, (failure: Failure) => void>> = {};
  const sentAt: number[] = [];
  const session = (role: string): Session => ({
    timing: { queuedMs: 0, handshakeMs: 5, loginMs: 5 },
    async subscribe(_channel, onMessage) {
      await service.subscribe?.();
      deliver = onMessage;
    },
    publish(_channel, data) {
      const seq = sentAt.push(outside.now()) - 1;
      for (const delayMs of service.fates?.[seq] ?? [20]) {
        outside.after(delayMs, () => deliver({ data, receivedAt: outside.now() }));
      }
      service.onSend?.(seq);
      if (service.closes?.after === seq + 1) closers[service.closes.role]?.(CLOSED);
      return { sentAt: outside.now(), answer: Promise.resolve({ kind: "none" }) };
    },
    onClosed: (listener) => void (closers[role] = listener),
    close: () => Promise.resolve(),
  });
  return {
    sentAt,
    capabilities: {
      transports: ["ws"],
      qos: [0],
      publishAck: "broker",
      ordered: true,
      push: true,
      maxPayloadBytes: 1_000,
      channelSeparator: "/",
    },
    async connect(_endpoint, role) {
      await service.connect?.(role);
      return session(role);
    },
    diagnose: (_endpoint, failure) => Promise.resolve(failure),
  };
}

async function fly(
  service: Service,
  during?: (outside: VirtualOutside) => Promise<void>,
): Promise<{ seen: Observation; sentAt: number[]; tookMs: number }> {
  const outside = virtualOutside(T0);
  const driver = serviceOn(outside, service);
  const context = { deadlines: { connectMs: 500, subscribeMs: 500, closeMs: 100 }, gate: openGate(outside.now) };
  const endpoint = { address: "ws://127.0.0.1:1/mqtt", options: {}, secrets: {} };
  const flight = runLoop(outside, driver, endpoint, PLAN, context);
  await during?.(outside);
  await outside.run(60_000);
  const seen = await flight;
  return { seen, sentAt: driver.sentAt, tookMs: seen.endedAt - T0 };
}

const outcomes = (seen: Observation): string =>
  judge(seen, PLAN.deadlineMs, PLAN.messages)
    .outcomes.map((o) => o[0])
    .join("");

describe("the open schedule", () => {
  it("sends each message at ready + i gaps and closes 250 ms after the last arrival", async () => {
    const { seen, sentAt, tookMs } = await fly({});
    expect(sentAt).toEqual(Array.from({ length: 10 }, (_, i) => T0 + i * 50));
    expect(seen.messages.map((m) => m.intendedAt)).toEqual(sentAt);
    expect(outcomes(seen)).toBe("oooooooooo");
    expect(tookMs).toBe(9 * 50 + 20 + 250);
  });

  it("ends all the same when a message comes again and again without end", async () => {
    const storm = Array.from({ length: 500 }, (_, copy) => 20 + copy * 100);
    const { seen, tookMs } = await fly({ fates: { 9: storm } });
    expect(outcomes(seen)).toBe("oooooooooo");
    expect(tookMs).toBe(9 * 50 + 20 + 250);
    expect(seen.arrivals.length).toBeLessThan(20);
  });

  it("never waits for a slow predecessor", async () => {
    const { seen, sentAt } = await fly({ fates: { 0: [900] } });
    expect(sentAt).toEqual(Array.from({ length: 10 }, (_, i) => T0 + i * 50));
    expect(judge(seen, PLAN.deadlineMs, 10).latencyMs[0]).toBe(900);
  });

  it("a message that was sent late keeps its intended time: the wait is latency, not forgotten", async () => {
    // The process stands still for 300 ms just after message 2.
    const { seen } = await fly({}, async (outside) => {
      await outside.run(110);
      outside.stall(300);
    });
    const latency = judge(seen, PLAN.deadlineMs, 10).latencyMs;
    expect(latency.slice(0, 3)).toEqual([20, 20, 300 + 10]);
    // Message 3 was intended at 150 and left at 410.
    expect(latency[3]).toBe(410 + 20 - 150);
    expect(seen.unfit).toBe("none");
  });
});

describe("what became of the messages", () => {
  it("lost: waits for the last deadline, and no longer", async () => {
    const { seen, tookMs } = await fly({ fates: { 4: [] } });
    expect(outcomes(seen)).toBe("oooolooooo");
    expect(tookMs).toBe(9 * 50 + 1_000 + 1);
  });

  it("duplicates, reordering and a late one are seen as such", async () => {
    const { seen } = await fly({ fates: { 1: [20, 30], 3: [130], 5: [1_200] } });
    const judged = judge(seen, PLAN.deadlineMs, 10);
    expect(judged).toMatchObject({ duplicate: 1, reordered: 2, afterDeadline: 1, afterDeadlineMsMax: 1_200 });
    expect(outcomes(seen)).toBe("ooooolo".padEnd(10, "o"));
  });

  it("a publisher closed in mid-round: sent ones may still arrive, the rest are errors", async () => {
    const { seen } = await fly({ closes: { role: "publisher", after: 4 }, fates: { 3: [] } });
    expect(outcomes(seen)).toBe("oooleeeeee");
    expect(seen.failure).toMatchObject({ kind: "closed" });
  });

  it("a subscriber closed in mid-round: what is out is lost at once, nobody waits for the deadline", async () => {
    const { seen, tookMs } = await fly({ closes: { role: "subscriber", after: 4 } });
    expect(outcomes(seen)).toBe("oooleeeeee");
    expect(tookMs).toBeLessThan(500);
  });
});

describe("rounds that never begin", () => {
  const refused = failed("auth", "connect", "CONNACK 5", { code: 5 });

  it("a refused connect is an observation with the service's own word", async () => {
    const { seen } = await fly({
      connect: (role) => (role === "publisher" ? Promise.reject(refused) : Promise.resolve()),
    });
    expect(seen).toMatchObject({ readyAt: null, failure: refused, unfit: "none", messages: [] });
    expect(seen.connects).toHaveLength(2);
    expect(outcomes(seen)).toBe("eeeeeeeeee");
  });

  it("a subscription that is never confirmed costs the connect deadline, and no more", async () => {
    const { seen, tookMs } = await fly({ subscribe: () => new Promise(() => {}) });
    expect(seen.failure).toMatchObject({ kind: "timeout", phase: "subscribe" });
    expect(tookMs).toBe(500);
  });

  it("a driver that throws what is no failure is our defect: unmeasured, never down", async () => {
    const { seen } = await fly({ connect: () => Promise.reject(new TypeError("oops")) });
    expect(seen.unfit).toBe("platform");
    expect(outcomes(seen)).toBe("nnnnnnnnnn");
  });
});

describe("a process that stands still, a clock that steps", () => {
  it.each([
    ["two seconds of standing still", "stall", 2_000, "scheduler_lag"],
    ["an hour of standing still", "stall", 3_600_000, "scheduler_lag"],
    ["a clock set forward by an hour", "stepClock", 3_600_000, "scheduler_lag"],
    ["a clock set back by an hour", "stepClock", -3_600_000, "clock_step"],
  ] as const)("%s makes the round prove nothing, and does not hang it", async (_, what, ms, unfit) => {
    const { seen } = await fly({}, async (outside) => {
      await outside.run(110);
      outside[what](ms);
    });
    expect(seen.unfit).toBe(unfit);
  });
});
