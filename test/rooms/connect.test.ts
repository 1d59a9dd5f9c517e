// Aim: the connect journey times sessions from nothing to usable, one after the other, and never counts a queue.
// Method: a virtual clock, a service that takes as long as the test wrote down, the record's own accounting after each round.

import { describe, expect, it } from "vitest";

import { failed } from "../../workers/probes/failure.ts";
import { runConnect } from "../../workers/probes/connect.probe.ts";
import { count } from "../../workers/results/histogram.ts";
import { flyJourney, REFUSED, signsOf, T0 } from "./journey-world.ts";
import type { Flown, Service } from "./journey-world.ts";

const PLAN = { journey: "connect", attempts: 4 } as const;
type More = Parameters<typeof flyJourney>[3];
const fly = (service: Service = {}, more: More = {}): Promise<Flown> =>
  flyJourney(PLAN, (order, plan) => runConnect(order, plan.attempts), service, more);
const took =
  (handshakeMs: number, loginMs: number): NonNullable<Service["connect"]> =>
  () =>
    Promise.resolve({ handshakeMs, loginMs });
const never = (): Promise<never> => new Promise(() => {});

describe("connect", () => {
  it("opens and closes one session after another; latency is handshake and login", async () => {
    const flown = await fly({ connect: took(120, 30) });
    expect(signsOf(flown)).toBe("oooo");
    expect(flown.seen.messages.map((m) => m.intendedAt - T0)).toEqual([0, 150, 300, 450]);
    expect(flown.seen.messages.map((m) => (m.receivedAt ?? 0) - m.intendedAt)).toEqual([150, 150, 150, 150]);
    expect(flown.the.openMost()).toBe(1);
    expect(flown.seen.connects).toHaveLength(4);
    const { phases } = flown.record;
    expect([count(flown.record.connect), phases && count(phases.handshake), phases && count(phases.login)]).toEqual([
      4, 4, 4,
    ]);
    expect(flown.record.lossRuns).toEqual([]);
  });

  it("an attempt begins when its handshake has a place: the queue is reported, and in no other figure", async () => {
    const flown = await fly(
      { connect: took(50, 10) },
      {
        order: (outside, order) => {
          // Somebody else holds all six places for 400 ms.
          for (let i = 0; i < 6; i++) {
            void order.context.gate.run(() => new Promise((resolve) => void outside.after(400, () => resolve(null))));
          }
          return {};
        },
      },
    );
    expect(signsOf(flown)).toBe("oooo");
    expect(flown.seen.messages[0]?.intendedAt).toBe(T0 + 400);
    expect([flown.record.latencyMsMax, flown.record.queuedMsMax]).toEqual([60, 400]);
  });

  it("a refused one is an error with its phase and kind, and the others go on", async () => {
    const flown = await fly({
      connect: (opened) => (opened === 1 ? Promise.reject(REFUSED) : Promise.resolve({ handshakeMs: 10, loginMs: 10 })),
    });
    expect(signsOf(flown)).toBe("oeoo");
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "auth", count: 1 }]);
    expect([flown.record.connectFail, flown.record.connect.infinite]).toEqual([1, 1]);
    expect(flown.record.lossRuns).toMatchObject([{ length: 1, nextGoodAt: flown.seen.messages[2]?.intendedAt }]);
  });

  it("all refused: the round was ready, and each has its instant", async () => {
    const flown = await fly({ connect: () => Promise.reject(REFUSED) });
    expect(signsOf(flown)).toBe("eeee");
    expect([flown.seen.readyAt, flown.record.unfit]).toEqual([T0, "none"]);
  });

  it("an inferred failure is looked at once more, where there is time", async () => {
    const vague = failed("tcp", "connect", "the connection failed", { sure: false });
    const dns = failed("dns", "connect", "the name does not resolve", { sure: false });
    const flown = await fly({ connect: () => Promise.reject(vague), diagnose: () => dns });
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "dns", count: 4 }]);
  });

  it("a service that says nothing costs one deadline an attempt", async () => {
    const flown = await fly({ connect: never });
    expect(signsOf(flown)).toBe("eeee");
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "timeout", count: 4 }]);
    expect(flown.tookMs).toBe(4 * 700);
  });

  it("slower than the objective is late, as slow as the deadline is refused", async () => {
    const slow = await fly({ connect: took(500, 150) });
    expect(signsOf(slow)).toBe("oooo");
    expect(slow.record.over.find(({ limitMs }) => limitMs === 600)?.count).toBe(4);
    const late = await fly({ connect: took(500, 201) });
    expect(signsOf(late)).toBe("eeee");
    expect(late.record.failures).toEqual([{ phase: "connect", kind: "timeout", count: 4 }]);
  });

  it("our own fault is never the service's: what could not be tried was not sent", async () => {
    const broken = await fly({ connect: () => Promise.reject(new TypeError("oops")) });
    expect([signsOf(broken), broken.record.unfit]).toEqual(["nnnn", "platform"]);
    const crowded = await fly(
      {},
      {
        order: (_, order) => {
          for (let i = 0; i < 6; i++) void order.context.gate.run(never);
          return {};
        },
      },
    );
    expect([signsOf(crowded), crowded.record.unfit]).toEqual(["nnnn", "platform"]);
  });

  it.each([
    ["standing still", "stall", 2_000, "scheduler_lag"],
    ["a clock set forward", "stepClock", 3_600_000, "scheduler_lag"],
    ["a clock set back", "stepClock", -3_600_000, "clock_step"],
  ] as const)("%s makes the round prove nothing, and does not hang it", async (_, what, ms, unfit) => {
    const flown = await fly(
      { connect: took(300, 50) },
      {
        clockIsSound: false,
        during: async (outside) => {
          await outside.run(400);
          outside[what](ms);
        },
      },
    );
    expect(flown.record.unfit).toBe(unfit);
  });
});
