// Aim: a minute is a pure function of its rounds: sums that add up, absent slots as not sent, runs joined across rounds,
// revisions by late envelopes, and a state that never calls unknown good or bad.
// Method: minutes of six rounds as lines of signs (one round each 10 s, 4 messages); a table of arrivals for revisions; a
// table of counts for states; then seeded minutes, shuffled.

import { describe, expect, test } from "vitest";
import type { State } from "../../schema/words.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { count, histogramOf } from "../../workers/results/histogram.ts";
import type { ArrivedRound, StateFacts } from "../../workers/results/minute.ts";
import { foldMinute, isComplete, lateOf, sealAt, stateOfMinute, stateOfRound } from "../../workers/results/minute.ts";
import { assertAccounting, recordRound } from "../../workers/results/round-record.ts";
import type { RoundFacts } from "../../workers/results/round-record.ts";
import {
  GAP_MS,
  MINUTE0,
  READY_MS,
  T0,
  facts,
  failure,
  must,
  neverReady,
  observe,
  randomObservation,
} from "../observations.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";

const EVERY_MS = 10_000;
const SEALED_AT = sealAt(MINUTE0);

/** The round of slot n (0..5) that arrived in envelope n, in time. */
function arrived(slot: number, seen: (slotAt: number) => Observation, more: Partial<RoundFacts> = {}): ArrivedRound {
  const slotAt = T0 + slot * EVERY_MS;
  const scheduled = more.scheduled ?? 4;
  const record = recordRound(seen(slotAt), facts({ slotAt, everyMs: EVERY_MS, ...more, scheduled }));
  return { record, receivedAt: slotAt + 7_000, envelope: slot };
}

/** Rounds of a minute, a line of signs a slot: `R` is a round that was refused, `U` an unfit one, null an absent one. */
function rounds(lines: readonly (string | null)[]): ArrivedRound[] {
  return lines.flatMap((line, slot) => {
    if (line === null) return [];
    if (line === "R") return [arrived(slot, (slotAt) => neverReady({}, slotAt))];
    if (line === "U") return [arrived(slot, (slotAt) => neverReady({ failure: null, unfit: "controls" }, slotAt))];
    return [arrived(slot, (slotAt) => observe(line, {}, slotAt))];
  });
}

describe("sums", () => {
  test("six rounds", () => {
    const minute = foldMinute(MINUTE0, rounds(["....", "...o", "..x.", "R", "..!.", "...X"]));
    expect(minute).toMatchObject({
      minute: MINUTE0,
      slots: 6,
      rounds: 6,
      scheduled: 24,
      ok: 17,
      lost: 2,
      error: 5,
      connectFail: 4,
      notSent: 0,
      afterDeadline: 1,
      afterDeadlineMsMax: 6_000,
      latencyMsMax: 300,
      lagMsMax: 3,
      unfit: "none",
      revision: 0,
      over: [
        { limitMs: 100, count: 1 },
        { limitMs: 200, count: 1 },
        { limitMs: 500, count: 0 },
      ],
      latency: [histogramOf([...Array<number>(16).fill(42), 300], 7, 5_000)],
      connect: [histogramOf([70, 80, 70, 80, 70, 80, 70, 80, 70, 80], 1, 3_000)],
      failures: [
        { phase: "connect", kind: "tcp", count: 4 },
        { phase: "publish", kind: "rate_limit", count: 1 },
      ],
    });
  });

  test("absent slots are messages that we did not send", () => {
    const minute = foldMinute(MINUTE0, rounds(["....", null, null, "..x.", null, null]));
    expect(minute).toMatchObject({ slots: 6, rounds: 2, scheduled: 24, ok: 7, lost: 1, notSent: 16 });
  });

  test("the newest slot's record says how many slots there are; never fewer than came", () => {
    const slower = arrived(3, (slotAt) => observe("....", {}, slotAt), { everyMs: 30_000 });
    const two = foldMinute(MINUTE0, [...rounds(["....", "...."]), slower]);
    expect(two).toMatchObject({ slots: 3, rounds: 3, notSent: 0 });
    const each5 = arrived(0, () => observe("...."), { everyMs: 300_000 });
    expect(foldMinute(MINUTE0, [each5])).toMatchObject({ slots: 1, scheduled: 4, notSent: 0 });
  });

  test("place and configuration are the newest round's, the reason is the first one's", () => {
    const more: Partial<RoundFacts>[] = [{ place: "FRA" }, { place: "AMS", configHash: "a".repeat(64) }, { place: "" }];
    const minute = foldMinute(
      MINUTE0,
      more.map((each, slot) => arrived(slot, (slotAt) => observe("....", {}, slotAt), each)),
    );
    expect(minute).toMatchObject({ place: "AMS", configHash: facts().configHash });
    const unfit = (["none", "clock_step", "platform"] as const).map((reason, slot) =>
      arrived(slot, (slotAt) => observe("....", { unfit: reason }, slotAt)),
    );
    expect(foldMinute(MINUTE0, shuffled(mulberry32(1), unfit)).unfit).toBe("clock_step");
  });

  test("only limits that the whole minute counted are stated", () => {
    const a = arrived(0, (slotAt) => observe("..o.", {}, slotAt), { limitsMs: [100, 200] });
    const b = arrived(1, (slotAt) => observe("..oo", {}, slotAt), { limitsMs: [200, 500] });
    const refused = arrived(2, (slotAt) => neverReady({}, slotAt), { limitsMs: [1_000] });
    expect(foldMinute(MINUTE0, [a, b]).over).toEqual([{ limitMs: 200, count: 3 }]);
    // A round without delivered messages exceeds no limit, whichever it counted.
    expect(foldMinute(MINUTE0, [a, b, refused]).over).toEqual([{ limitMs: 200, count: 3 }]);
    expect(foldMinute(MINUTE0, [refused]).over).toEqual([{ limitMs: 1_000, count: 0 }]);
  });

  test("two deadlines in a minute are two histograms", () => {
    const short = arrived(0, (slotAt) => observe("..x.", {}, slotAt), { deadlineMs: 3_000 });
    const minute = foldMinute(MINUTE0, [...rounds([null, "...."]), short]);
    expect(minute.latency.map((each) => [each.deadlineMs, count(each), each.infinite])).toEqual([
      [3_000, 3, 1],
      [5_000, 4, 0],
    ]);
  });

  test("a round delivered twice is one round: the first delivery's", () => {
    const first = must(rounds(["...."])[0]);
    const again = { record: { ...first.record, place: "XXX" }, receivedAt: SEALED_AT + 1, envelope: 99 };
    expect(foldMinute(MINUTE0, [again, first])).toEqual(foldMinute(MINUTE0, [first]));
  });

  test.each<[string, number, ArrivedRound[], string]>([
    ["no rounds", MINUTE0, [], "has no rounds"],
    ["another minute's round", MINUTE0 + 1, rounds(["...."]), "is not in minute"],
    ["a confirming round", MINUTE0, [arrived(0, () => observe("...."), { purpose: "confirm" })], "a confirm round"],
    [
      "another series",
      MINUTE0,
      [
        ...rounds(["...."]),
        arrived(1, (at) => observe("....", {}, at), { series: { ...facts().series, region: "oc" } }),
      ],
      "two series",
    ],
  ])("%s is a broken belief", (_, minute, list, message) => {
    expect(() => foldMinute(minute, list)).toThrow(message);
  });
});

describe("loss runs", () => {
  const at = (slot: number, seq: number): number => slot * EVERY_MS + READY_MS + seq * GAP_MS;
  // [length, first bad, next good] in ms since the minute began.
  test.each<[string, (string | null)[], [number, number, number | null][]]>([
    ["within a round", [".xx.", "...."], [[2, at(0, 1), at(0, 3)]]],
    ["ends at the border: the next round's first is the good one", ["...x", "...."], [[1, at(0, 3), at(1, 0)]]],
    ["goes on across a border", ["..xx", "x..."], [[3, at(0, 2), at(1, 1)]]],
    ["goes on across two borders, a refused round between", ["..xx", "R", "!..."], [[7, at(0, 2), at(2, 1)]]],
    ["a refused minute is one run", ["R", "R", "R", "R", "R", "R"], [[24, 0, null]]],
    ["a refused round, then a good one", ["R", "...."], [[4, 0, at(1, 0)]]],
    [
      "closed at both sides, then another",
      [".x..", "x..x", "...."],
      [
        [1, at(0, 1), at(0, 2)],
        [1, at(1, 0), at(1, 1)],
        [1, at(1, 3), at(2, 0)],
      ],
    ],
    ["open at the end of the minute", ["....", "..xx"], [[2, at(1, 2), null]]],
    ["joined to the next recorded round over an absent one", ["..xx", null, "xx.."], [[4, at(0, 2), at(2, 2)]]],
    [
      "an unfit round proves nothing: the run ends there, without a good one",
      ["..xx", "U", "x..."],
      [
        [2, at(0, 2), null],
        [1, at(2, 0), at(2, 1)],
      ],
    ],
    [
      "unsent after it: not joined",
      ["..x-", "x..."],
      [
        [1, at(0, 2), null],
        [1, at(1, 0), at(1, 1)],
      ],
    ],
    ["unsent before the next good one: unknown when", ["...x", "-..."], [[1, at(0, 3), null]]],
  ])("%s", (_, lines, expected) => {
    const runs = foldMinute(MINUTE0, shuffled(mulberry32(9), rounds(lines))).lossRuns;
    expect(runs.map((run) => [run.length, run.firstBadAt - T0, run.nextGoodAt && run.nextGoodAt - T0])).toEqual(
      expected,
    );
  });

  test("a round that the service closed runs on into the next refused one", () => {
    const closed = arrived(0, (slotAt) => observe("..x-", { failure: failure("deliver", "closed") }, slotAt));
    const minute = foldMinute(MINUTE0, [closed, ...rounds([null, "R", "...."])]);
    expect(minute.lossRuns).toEqual([{ length: 6, firstBadAt: T0 + at(0, 2), nextGoodAt: T0 + at(2, 0) }]);
  });
});

describe("revision", () => {
  // Arrivals as [envelope, ms after the seal].
  test.each<[string, [number, number][], number]>([
    [
      "all in time",
      [
        [1, -60_000],
        [2, -5],
      ],
      0,
    ],
    [
      "at the very instant of the seal",
      [
        [1, -1],
        [2, 0],
      ],
      0,
    ],
    [
      "one late",
      [
        [1, -1],
        [2, 1],
      ],
      1,
    ],
    [
      "two late, in one envelope",
      [
        [1, -1],
        [2, 1],
        [2, 1],
      ],
      1,
    ],
    [
      "two late, in two",
      [
        [1, -1],
        [2, 1],
        [3, 500],
      ],
      2,
    ],
    [
      "all late, in one: that was the first version",
      [
        [2, 1],
        [2, 1],
      ],
      0,
    ],
    [
      "all late, in three",
      [
        [2, 1],
        [3, 2],
        [4, 3],
      ],
      2,
    ],
  ])("%s", (_, arrivals, revision) => {
    const list = rounds(arrivals.map(() => "....")).map((round, at) => {
      const [envelope, afterMs] = arrivals[at] ?? [0, 0];
      return { ...round, envelope, receivedAt: SEALED_AT + afterMs };
    });
    expect(foldMinute(MINUTE0, list).revision).toBe(revision);
  });

  test("a minute is sealed 90 s after its end", () => {
    expect(SEALED_AT).toBe(T0 + 150_000);
  });
});

test("complete when every slot is there", () => {
  expect(isComplete(MINUTE0, [])).toBe(false);
  expect(isComplete(MINUTE0, rounds(["....", "....", "....", "....", "...."]))).toBe(false);
  expect(isComplete(MINUTE0, rounds(["....", "R", "U", "....", "....", "...."]))).toBe(true);
  const five = rounds(["....", "....", "....", "....", "...."]);
  expect(isComplete(MINUTE0, [...five, must(five[0])])).toBe(false);
  expect(isComplete(MINUTE0, [arrived(0, () => observe("...."), { everyMs: 60_000 })])).toBe(true);
});

describe("state", () => {
  const rule = { downShare: 0.2, degradedShare: 0.1 };
  const minute = (ok: number, lost: number, error: number, more: Partial<StateFacts> = {}): StateFacts => {
    return { scheduled: ok + lost + error, ok, lost, error, unfit: "none", late: 0, ...more };
  };
  test.each<[string, StateFacts, State]>([
    ["all delivered", minute(20, 0, 0), "up"],
    ["one of 20 lost", minute(19, 1, 0), "up"],
    ["two of 20 lost", minute(18, 2, 0), "degraded"],
    ["three of 20 lost", minute(17, 3, 0), "degraded"],
    ["four of 20 lost", minute(16, 4, 0), "down"],
    ["lost and refused together", minute(16, 2, 2), "down"],
    ["one lost and one late", minute(19, 1, 0, { late: 1 }), "degraded"],
    ["all late is not down", minute(20, 0, 0, { late: 20 }), "degraded"],
    ["all refused", minute(0, 0, 20), "down"],
    ["half attempted", minute(10, 0, 0, { scheduled: 20 }), "up"],
    ["shares are of what was attempted", minute(8, 2, 0, { scheduled: 20 }), "down"],
    ["less than half attempted, all lost", minute(0, 9, 0, { scheduled: 20 }), "unmeasured"],
    ["nothing attempted", minute(0, 0, 0, { scheduled: 20 }), "unmeasured"],
    ["nothing scheduled", minute(0, 0, 0), "unmeasured"],
  ])("%s: %o is %s", (_, facts_, state) => {
    expect(stateOfMinute(facts_, rule)).toBe(state);
  });

  test.each(UNFIT_REASONS.filter((reason) => reason !== "none"))("unfit by %s proves nothing", (unfit) => {
    expect(stateOfMinute(minute(0, 20, 0, { unfit }), rule)).toBe("unmeasured");
    expect(stateOfMinute(minute(20, 0, 0, { unfit }), rule)).toBe("unmeasured");
  });

  test("at a share of k/n, k is down and k - 1 is not, whatever doubles make of it", () => {
    for (let n = 1; n <= 400; n++) {
      for (const hundredths of [1, 3, 7, 14, 20, 28, 29, 33, 55, 56, 57, 58, 100]) {
        const least = Number((BigInt(hundredths * n) + 99n) / 100n);
        const state = (bad: number) =>
          stateOfMinute(minute(n - bad, bad, 0), { downShare: hundredths / 100, degradedShare: 1 });
        expect(state(least)).toBe("down");
        expect(state(least - 1)).not.toBe("down");
      }
    }
  });

  test("a round is judged by the same rule", () => {
    expect(stateOfRound).toBe(stateOfMinute);
  });

  test("late is what is proven: the count at the limit, else at the next higher one", () => {
    const over = [
      { limitMs: 100, count: 9 },
      { limitMs: 200, count: 4 },
      { limitMs: 500, count: 1 },
    ];
    expect([50, 100, 150, 200, 500, 501].map((limitMs) => lateOf(over, limitMs))).toEqual([9, 9, 4, 4, 1, 0]);
    expect(lateOf([], 200)).toBe(0);
  });
});

test("seeded minutes: any order gives the same record, and it adds up", () => {
  const random = mulberry32(41);
  for (let round = 0; round < 300; round++) {
    const list = Array.from({ length: 6 }, (_, slot) => slot)
      .filter(() => random() < 0.9)
      .map((slot) => {
        const scheduled = between(random, 1, 20);
        const limitsMs = oneOf(random, [[100, 200], [200], [200, 500]]);
        const one = arrived(slot, (slotAt) => randomObservation(random, scheduled, slotAt), { scheduled, limitsMs });
        return { ...one, receivedAt: SEALED_AT + between(random, -5, 5), envelope: between(random, 0, 3) };
      });
    if (list.length === 0) continue;
    const minute = foldMinute(MINUTE0, list);
    expect(foldMinute(MINUTE0, shuffled(random, list))).toEqual(minute);
    assertAccounting(minute);
    const sum = (lengths: readonly number[]): number => lengths.reduce((total, each) => total + each, 0);
    expect(sum(minute.lossRuns.map((run) => run.length))).toBe(minute.lost + minute.error);
    expect(sum(minute.latency.map(count))).toBe(minute.ok);
    expect(sum(minute.latency.map((each) => each.infinite))).toBe(minute.lost + minute.error);
    expect(sum(minute.failures.map((each) => each.count))).toBe(minute.error);
    const ends = minute.lossRuns.map((run) => run.nextGoodAt ?? run.firstBadAt);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  }
});
