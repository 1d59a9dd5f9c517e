// Aim: rounds happen on absolute slots, once each, and never run into the next one.
// Method: tables of instants; a timeline of wakes, late and lost ones among them.

import { describe, expect, it } from "vitest";

import type { Target } from "../../workers/config/config.ts";
import { confirmTarget, dueRounds, nextWakeAt, slotAt } from "../../workers/rounds/slots.ts";

const T0 = Date.UTC(2026, 10, 22, 12, 0, 0);
const PACE = { messages: 20, gapMs: 50, deadlineMs: 5_000, connectDeadlineMs: 3_000 };
const LOOP: Target["journeys"] = [{ journey: "loop" }];
const slow = { id: "slow", everyMs: 60_000, journeys: LOOP, ...PACE } as Target;
const fast = { id: "fast", everyMs: 10_000, journeys: LOOP, ...PACE, messages: 4 } as Target;

describe("slots", () => {
  it.each([
    [T0, 60_000, T0],
    [T0 + 1, 60_000, T0],
    [T0 + 59_999, 60_000, T0],
    [T0 + 60_000, 60_000, T0 + 60_000],
    [T0 + 12_345, 10_000, T0 + 10_000],
    [T0 + 12_345, 600_000, T0],
  ])("slotAt(%i, %i) is %i", (now, everyMs, start) => {
    expect(slotAt(now, everyMs)).toBe(start);
  });

  it("the next wake is strictly later, whatever the intervals", () => {
    expect(nextWakeAt(T0, [60_000])).toBe(T0 + 60_000);
    expect(nextWakeAt(T0, [60_000, 10_000])).toBe(T0 + 10_000);
    expect(nextWakeAt(T0 + 55_000, [60_000, 10_000])).toBe(T0 + 60_000);
    expect(nextWakeAt(T0, [])).toBeNull();
  });
});

describe("due rounds", () => {
  const ids = (now: number, last: number | null): string[] =>
    dueRounds(now, [slow, fast], last).map((due) => due.target.id);

  it("a first wake runs everything; each slot once; a slot that passed asleep is absent", () => {
    expect(ids(T0 + 3, null)).toEqual(["slow", "fast"]);
    expect(ids(T0 + 900, T0 + 3)).toEqual([]);
    expect(ids(T0 + 10_002, T0 + 3)).toEqual(["fast"]);
    // Asleep from :10 to :47: the slots of :20 and :30 are gone, that of :40 is now.
    expect(dueRounds(T0 + 47_000, [slow, fast], T0 + 10_002)).toMatchObject([{ slotAt: T0 + 40_000, lagMs: 7_000 }]);
    expect(ids(T0 + 60_001, T0 + 47_000)).toEqual(["slow", "fast"]);
  });

  it("a round that is late and would run into its next slot does not fit; two seconds are forgiven", () => {
    // 3 + 0.15 + 5 + 0.5 s = 8.65 s of 10 s.
    expect(dueRounds(T0 + 2_000, [fast], null)[0]?.fits).toBe(true);
    expect(dueRounds(T0 + 2_001, [fast], null)[0]?.fits).toBe(false);
    expect(dueRounds(T0 + 50_000, [slow], null)[0]?.fits).toBe(true);
  });

  it("a clock that went back by more than a slot makes everything due again", () => {
    expect(ids(T0, T0 + 3_600_000)).toEqual(["slow", "fast"]);
    // Back by less than a slot: it is still the same one.
    expect(ids(T0 + 2_000, T0 + 9_000)).toEqual([]);
  });
});

describe("a confirm round", () => {
  it.each([
    [4, 50, 3, 1_000],
    [19, 50, 3, 1_000],
    [20, 50, 20, 50],
    [400, 10, 20, 10],
  ])(
    "of rounds of %i messages %i ms apart has %i, %i ms apart, and no other journey",
    (messages, gapMs, asked, apart) => {
      const journeys: Target["journeys"] = [...LOOP, { journey: "connect", attempts: 3 }];
      const confirming = confirmTarget({ ...slow, messages, gapMs, journeys });
      expect(confirming).toMatchObject({ messages: asked, gapMs: apart, journeys: LOOP, deadlineMs: 5_000 });
    },
  );
});
