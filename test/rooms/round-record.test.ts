// Aim: a round's record adds up, shows every refusal and every run of loss, and a record that does not add up is caught.
// Method: rounds as lines of signs with the integers we expect; loss runs as a table; then each invariant broken by hand
// on a good record; then seeded rounds, whose records must all pass the assertions.

import { describe, expect, test } from "vitest";
import type { Observation } from "../../workers/probes/observation.ts";
import { histogramOf } from "../../workers/results/histogram.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { assertAccounting, assertRound, recordRound, sumFailures } from "../../workers/results/round-record.ts";
import { GAP_MS, HASH, READY_MS, T0, facts, failure, neverReady, observe, randomObservation } from "../observations.ts";
import { between, mulberry32 } from "../random.ts";

const record = (seen: Observation, scheduled: number): RoundRecord => recordRound(seen, facts({ scheduled }));
/** Intended send of message n, in ms since the slot. */
const intended = (seq: number): number => READY_MS + seq * GAP_MS;

describe("records", () => {
  test("a healthy round", () => {
    expect(record(observe("...o.", { corrupt: 1, foreign: 2 }), 5)).toEqual({
      series: { target: "chat", region: "weur", journey: "loop", peer: "" },
      slotAt: T0,
      purpose: "scheduled",
      startedAt: T0 + 3,
      readyAt: T0 + 120,
      endedAt: T0 + 6_000,
      everyMs: 60_000,
      deadlineMs: 5_000,
      scheduled: 5,
      ok: 5,
      lost: 0,
      error: 0,
      connectFail: 0,
      notSent: 0,
      duplicate: 0,
      // The slow one was overtaken by the last.
      reordered: 1,
      corrupt: 1,
      foreign: 2,
      afterDeadline: 0,
      over: [
        { limitMs: 100, count: 1 },
        { limitMs: 200, count: 1 },
        { limitMs: 500, count: 0 },
      ],
      latency: histogramOf([42, 42, 42, 300, 42], 0, 5_000),
      connect: histogramOf([70, 80], 0, 3_000),
      phases: null,
      queuedMsMax: 0,
      heard: null,
      reconnects: 0,
      controls: null,
      latencyMsMax: 300,
      failures: [],
      lossRuns: [],
      afterDeadlineMsMax: 0,
      unfit: "none",
      place: "FRA",
      configHash: HASH,
    });
  });

  test("a refused connect hides nothing: all are errors, infinite, and one run from the slot on", () => {
    expect(record(neverReady(), 20)).toMatchObject({
      scheduled: 20,
      ok: 0,
      error: 20,
      connectFail: 20,
      readyAt: null,
      latency: histogramOf([], 20, 5_000),
      connect: histogramOf([], 1, 3_000),
      latencyMsMax: null,
      over: facts().limitsMs.map((limitMs) => ({ limitMs, count: 0 })),
      failures: [{ phase: "connect", kind: "tcp", count: 20 }],
      lossRuns: [{ length: 20, firstBadAt: T0, nextGoodAt: null }],
    });
  });

  test("intended sends mean nothing when nothing became ready: the run begins with the slot", () => {
    const seen = neverReady({ messages: observe("--").messages });
    expect(record(seen, 4).lossRuns).toEqual([{ length: 4, firstBadAt: T0, nextGoodAt: null }]);
  });

  test("a refused login is a connect failure, a refused subscription is not", () => {
    expect(record(neverReady({ failure: failure("connect", "auth") }), 3).connectFail).toBe(3);
    expect(record(neverReady({ failure: failure("subscribe", "auth") }), 3)).toMatchObject({
      error: 3,
      connectFail: 0,
    });
  });

  test("our own fault is not held against the service", () => {
    const unfit = record(neverReady({ failure: null, unfit: "credentials", connects: [] }), 20);
    expect(unfit).toMatchObject({ notSent: 20, error: 0, lost: 0, unfit: "credentials", lossRuns: [], failures: [] });
    expect(unfit.latency).toEqual(histogramOf([], 0, 5_000));
  });

  test("each error has its own class, the message's before the round's", () => {
    const closed = failure("deliver", "closed");
    expect(record(observe(".!x!--", { failure: closed }), 8)).toMatchObject({
      ok: 1,
      lost: 1,
      error: 6,
      failures: [
        { phase: "publish", kind: "rate_limit", count: 2 },
        { phase: "deliver", kind: "closed", count: 4 },
      ],
    });
  });

  test("a limit is exceeded only above it", () => {
    const seen = recordRound(observe("..o"), facts({ scheduled: 3, limitsMs: [41, 42, 299, 300] }));
    expect(seen.over.map((each) => each.count)).toEqual([3, 1, 1, 0]);
  });
});

describe("loss runs", () => {
  // Runs as [length, first bad, next good]: ms since the slot.
  test.each<[string, string, Partial<Observation>, [number, number, number | null][]]>([
    ["none", ".....", {}, []],
    ["one in the middle", "..x..", {}, [[1, intended(2), intended(3)]]],
    ["lost and refused are one run", ".xX!.", {}, [[3, intended(1), intended(4)]]],
    ["from the first one on", "xx...", {}, [[2, intended(0), intended(2)]]],
    ["still open at the end", "...xx", {}, [[2, intended(3), null]]],
    [
      "two of them",
      "x.x.x",
      {},
      [
        [1, intended(0), intended(1)],
        [1, intended(2), intended(3)],
        [1, intended(4), null],
      ],
    ],
    [
      "unsent ends a run without a good one",
      ".x-x.",
      {},
      [
        [1, intended(1), null],
        [1, intended(3), intended(4)],
      ],
    ],
    ["unsent, then good: still unknown", ".x-..", {}, [[1, intended(1), null]]],
    [
      "unsent for the service's failure goes on",
      "..x--",
      { failure: failure("deliver", "closed") },
      [[3, intended(2), null]],
    ],
  ])("%s", (_, signs, more, expected) => {
    const runs = record(observe(signs, more), 5).lossRuns;
    expect(runs.map((run) => [run.length, run.firstBadAt - T0, run.nextGoodAt && run.nextGoodAt - T0])).toEqual(
      expected,
    );
  });
});

describe("assertions", () => {
  const good = record(observe(".ox!-."), 6);
  test("pass a good record", () => {
    expect(() => assertRound(good)).not.toThrow();
    expect(() => assertAccounting(good)).not.toThrow();
  });

  test.each<[string, Partial<RoundRecord>, string]>([
    ["one message too many", { ok: 4 }, "6 scheduled, but 4 ok + 1 lost + 1 error + 1 not sent"],
    ["a hidden refusal", { error: 0 }, "6 scheduled"],
    ["connect failures beyond the errors", { connectFail: 2 }, "2 connect failures among 1 errors"],
    ["arrivals after the deadline that were not lost", { afterDeadline: 2 }, "2 after the deadline among 1 lost"],
    ["more over a limit than delivered", { over: [{ limitMs: 100, count: 4 }] }, "4 over 100 ms, at most 3"],
    [
      "more over a higher limit",
      {
        over: [
          { limitMs: 1, count: 1 },
          { limitMs: 2, count: 2 },
        ],
      },
      "2 over 2 ms, at most 1",
    ],
    [
      "limits that do not ascend",
      {
        over: [
          { limitMs: 2, count: 1 },
          { limitMs: 2, count: 1 },
        ],
      },
      "do not ascend at 2 ms",
    ],
    ["half a message", { ok: 2.5, notSent: 1.5 }, "2.5 is no count"],
    ["a negative count", { duplicate: -1 }, "-1 is no count"],
  ])("catch %s", (_, change, message) => {
    expect(() => assertAccounting({ ...good, ...change })).toThrow(message);
    expect(() => assertRound({ ...good, ...change })).toThrow(RangeError);
  });

  test.each<[string, Partial<RoundRecord>]>([
    ["a lost message left out of the histogram", { latency: histogramOf([42, 42, 300], 1, 5_000) }],
    ["a delivered message left out of it", { latency: histogramOf([42, 42], 2, 5_000) }],
    ["another deadline", { deadlineMs: 4_000 }],
    ["an error without a class", { failures: [] }],
    ["an empty class", { failures: [...good.failures, { phase: "close", kind: "unknown", count: 0 }] }],
    ["a connect failure that is not counted", { failures: [{ phase: "connect", kind: "tcp", count: 1 }] }],
    ["a forgotten run", { lossRuns: [] }],
    ["a cadence that fits no minute", { everyMs: 7_000 }],
    ["no cadence", { everyMs: 0 }],
    ["a count that no round can have", { foreign: 1_000_001 }],
  ])("catch %s", (_, change) => {
    expect(() => assertRound({ ...good, ...change })).toThrow(RangeError);
  });
});

test("failure classes add up in one order", () => {
  const tcp = { phase: "connect", kind: "tcp", count: 1 } as const;
  const dns = { phase: "connect", kind: "dns", count: 2 } as const;
  const publish = { phase: "publish", kind: "dns", count: 3 } as const;
  expect(sumFailures([publish, tcp, dns, tcp])).toEqual([dns, { ...tcp, count: 2 }, publish]);
});

test("every record of a seeded round adds up", () => {
  const random = mulberry32(12);
  for (let round = 0; round < 2_000; round++) {
    const scheduled = between(random, 1, 30);
    const made = record(randomObservation(random, scheduled), scheduled);
    expect(made.scheduled).toBe(scheduled);
    expect(made.latencyMsMax === null).toBe(made.ok === 0);
  }
});
