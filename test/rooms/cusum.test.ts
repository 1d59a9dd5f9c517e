// Aim: slow loss and lateness are found as fast as the tables of sla.md 6 say, end when it is over, and never come from one hiccup.
// Method: the arithmetic by hand, the table's row from seeds, lines of blocks.

import { describe, expect, test } from "vitest";

import { CUSUM_ALARM, cusumAfter } from "../../workers/incidents/cusum.ts";
import { isCalm, isSlow, NOTHING_SLOW, slowAfter, slowAfterBlindness } from "../../workers/incidents/slow.ts";
import type { Slow } from "../../workers/incidents/slow.ts";
import { mulberry32 } from "../random.ts";
import { meanOf, NOON, p95Of, signal } from "./detector-world.ts";

describe("the score", () => {
  test("one block of 20, by hand: ln 200 = 5.2983, ln (.98 / .9999) = -.0201", () => {
    expect(cusumAfter(0, 20, 0)).toBe(0);
    expect(cusumAfter(5, 20, 0)).toBeCloseTo(5 - 0.40205, 4);
    expect(cusumAfter(0, 20, 1)).toBeCloseTo(5.29832 - 19 * 0.0201, 3);
    expect(cusumAfter(0, 20, 2)).toBe(6);
    expect(cusumAfter(0, 20, 20)).toBe(6);
    expect(cusumAfter(0, 100, 100)).toBe(6);
    expect(cusumAfter(12, 20, 20)).toBe(CUSUM_ALARM);
  });

  test("rounds until it alarms, as the table has it: 3, 3, 3.0, 5.1 (9), 26 (57)", () => {
    const random = mulberry32(3);
    const found = (loss: number): number => {
      let [score, rounds] = [0, 0];
      while (score < CUSUM_ALARM) {
        const bad = Array.from({ length: 20 }, random).filter((draw) => draw < loss).length;
        score = cusumAfter(score, 20, bad);
        rounds += 1;
      }
      return rounds;
    };
    const rows = [1, 0.5, 0.2, 0.05, 0.01].map((loss) => {
      const rounds = Array.from({ length: 4_000 }, () => found(loss));
      return { loss, mean: meanOf(rounds), p95: p95Of(rounds) };
    });
    for (const { loss, mean, p95 } of rows)
      console.log(`loss ${loss}: ${mean.toFixed(2)} rounds (${p95}), 4,000 tries`);
    expect(rows.map(({ mean }) => Math.round(mean * 10) / 10).slice(0, 3)).toEqual([3, 3, 3]);
    expect(rows[3]?.mean).toBeGreaterThan(4.8);
    expect(rows[3]?.mean).toBeLessThan(5.4);
    expect(rows[3]?.p95).toBe(9);
    expect(rows[4]?.mean).toBeGreaterThan(24);
    expect(rows[4]?.mean).toBeLessThan(28);
    expect(Math.abs((rows[4]?.p95 ?? 0) - 57)).toBeLessThanOrEqual(4);
  });
});

/** Rounds a minute apart, each a line of signs. */
function after(lines: readonly string[], from: Slow = NOTHING_SLOW, first = 0): Slow {
  return lines.reduce(
    (slow, signs, nth) => slowAfter(slow, signal({ slotAt: NOON + (first + nth) * 60_000, signs }), false),
    from,
  );
}
const good = ".".repeat(20);
const times = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

describe("slow loss and lateness", () => {
  test("one round that lost everything is no brown-out, three in a row are", () => {
    expect(isSlow(after(["x".repeat(20)]))).toBe(false);
    expect(isSlow(after([good, "x".repeat(20), good, good]))).toBe(false);
    expect(isSlow(after(["x".repeat(100)]))).toBe(false);
    expect(after(times(2, "x".repeat(20))).score).toBe(12);
    expect(after(times(3, "x".repeat(20))).score).toBe(CUSUM_ALARM);
    expect(isSlow(after(times(3, "x".repeat(20))))).toBe(true);
  });

  test("one lost in a round, again and again: the fourth one tells; and when it began", () => {
    const one = `.......x............`;
    const walk = [one, one, one, one].map((_, nth) => isSlow(after([good, ...times(nth + 1, one)])));
    expect(walk).toEqual([false, false, false, true]);
    expect(after([good, good, one, one]).trouble).toMatchObject({
      at: NOON + 120_000 + 7 * 50,
      attempted: 40,
      bad: 2,
      late: 0,
    });
  });

  test("late: 9 of 100 are none, 10 are; lost ones count with them", () => {
    const late = (count: number): string => "o".repeat(count).padEnd(20, ".");
    expect(isSlow(after([late(2), late(2), late(2), late(2), late(1)]))).toBe(false);
    expect(isSlow(after([late(2), late(2), late(2), late(2), late(2)]))).toBe(true);
    expect(isSlow(after([late(20)]))).toBe(false);
    expect(isSlow(after([late(20), late(4)]))).toBe(false);
    expect(isSlow(after([late(20), late(4), late(1)]))).toBe(true);
    // The hundred messages before that are forgotten.
    expect(isSlow(after([late(9), ...times(4, good), late(6)]))).toBe(false);
    expect(isSlow(after([late(4), late(4), "xx.................."]))).toBe(true);
  });

  test("over when the score has been 0 for 15 minutes and 3 of 100 are late at most", () => {
    const slow = after(times(4, `x...................`));
    expect(isSlow(slow)).toBe(true);
    // 15 / .402: the score is 0 after 38 good rounds.
    const at = (nth: number): number => NOON + (4 + nth) * 60_000 + 1_250;
    const calm = [37, 38, 52, 53].map((rounds) => isCalm(after(times(rounds, good), slow, 4), at(rounds - 1)));
    expect(calm).toEqual([false, false, false, true]);
    const stillLate = after([...times(53, good), `oooo................`], slow, 4);
    expect(stillLate.score).toBe(0);
    expect(isCalm(stillLate, at(54))).toBe(false);
    expect(isCalm(after([...times(53, good), `ooo.................`], slow, 4), at(54))).toBe(true);
  });

  test("small rounds are joined to blocks of 20: 4 each, and one each", () => {
    const rounds = (signs: string, count: number): Slow => after(times(count, signs));
    expect(rounds("x...", 4).score).toBe(0);
    expect(rounds("x...", 5).score).toBe(6);
    expect(isSlow(rounds("x...", 15))).toBe(true);
    expect(isSlow(rounds("x", 20))).toBe(false);
    expect(isSlow(rounds("x", 39))).toBe(false);
    expect(isSlow(rounds("x", 40))).toBe(true);
    expect(rounds("o", 100).blocks.length).toBe(5);
    expect(rounds(".".repeat(7), 200).blocks.length).toBe(5);
  });

  test("blindness: the score stays, peace and lateness begin anew", () => {
    const slow = after([...times(4, `oo..................`), `x...................`]);
    const blind = slowAfterBlindness(slow);
    expect(blind.score).toBe(slow.score);
    expect(isSlow(after([`oo..................`], blind, 5))).toBe(false);
    expect(isSlow(after([`oo..................`], after(times(4, `oo..................`)), 5))).toBe(true);
    const peace = after(times(30, good));
    expect(isCalm(peace, NOON + 30 * 60_000)).toBe(true);
    expect(isCalm(slowAfterBlindness(peace), NOON + 30 * 60_000)).toBe(false);
  });
});
