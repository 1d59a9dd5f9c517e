// Aim: fifty years of eleven regions, with outages, brown-outs, lost rounds, lost probers, lost channels and a Duty that dies, and in
// them nothing missed, nothing made up, nobody told twice or not at all. Method: test/sim lives them from seeds and judges them by what
// was true; `npm run sim` does the same with far more trouble a year. What is skipped there is first shown to change nothing.

import { expect, test } from "vitest";

import type { DetectorState } from "../../workers/incidents/detection.ts";
import { advance } from "../../workers/incidents/detector.ts";
import type { DetectorSettings } from "../../workers/incidents/detector.ts";
import { mulberry32, oneOf } from "../random.ts";
import { isSettled, skipped } from "../sim/fleet.ts";
import { everyOf, simulate, summaryOf, textOf } from "../sim/simulate.ts";
import { NOON, signal, upDetector } from "./detector-world.ts";

const SEEDS = 50;
/** A fifth of a year's trouble is lived in a fifth of the time. */
const SHARE = 1 / 5;
const SETTINGS: readonly DetectorSettings[] = [
  { messages: 20, everyMs: 60_000 },
  { messages: 4, everyMs: 10_000 },
];

/** After this round, and what it told. */
function after(state: DetectorState, signs: string, settings: DetectorSettings) {
  const slotAt = (state.newest?.slotAt ?? NOON) + settings.everyMs;
  return advance(state, signal({ slotAt, signs }), settings);
}

/** All but what says when, how many, and the place of 20 messages in small rounds. */
function withoutClocks(state: DetectorState) {
  const { newest: _, rounds: __, okRun: ___, slow, ...rest } = state;
  return { ...rest, slow: { ...slow, blocks: slow.blocks.map((block) => ({ ...block, at: 0 })), pending: null } };
}

test("good rounds leave a settled detector as it is, and what comes after them is told alike", () => {
  const random = mulberry32(3);
  let [rounds, told] = [0, 0];
  for (const settings of SETTINGS) {
    for (let nth = 0; nth < 40; nth += 1) {
      let state = upDetector(settings, NOON);
      const good = ".".repeat(settings.messages);
      while (!isSettled(state)) state = after(state, good, settings).state;
      let waited = state;
      // As many as make whole blocks of 20, so that both are in the same place of one.
      for (let quiet = 0; quiet < 200; quiet += 1) {
        const advanced = after(waited, good, settings);
        expect(advanced.changes).toEqual([]);
        expect(withoutClocks(advanced.state)).toEqual(withoutClocks(state));
        expect(isSettled(advanced.state)).toBe(true);
        waited = advanced.state;
        rounds += 1;
      }
      let asleep = skipped(state, waited.newest?.slotAt ?? 0);
      // Seven rounds of lead, as the fleet has them; then anything.
      for (let step = 0; step < 60; step += 1) {
        const loss = oneOf(random, [0, 0.02, 0.3, 1]);
        const signs =
          step < 40 / settings.messages + 5
            ? good
            : [...good].map(() => (random() < loss ? "x" : oneOf(random, [..."...o"]))).join("");
        const [a, b] = [after(waited, signs, settings), after(asleep, signs, settings)];
        expect(b.changes).toEqual(a.changes);
        [waited, asleep] = [a.state, b.state];
        told += a.changes.length;
      }
    }
  }
  console.log(`simulated-year.test.ts: ${rounds} good rounds changed nothing; ${told} changes told alike after them`);
  expect(told).toBeGreaterThan(400);
});

test(`${SEEDS} years: all that is true is found and told once, and nothing else`, { timeout: 240_000 }, () => {
  const years = Array.from({ length: SEEDS }, (_, i) => {
    const seed = i + 1;
    return simulate({ seed, everyMs: everyOf(seed), share: SHARE });
  });
  for (const { seed, everyMs, faults } of years) expect(faults, `seed ${seed}, every ${everyMs} ms`).toEqual([]);
  for (const everyMs of [60_000, 10_000] as const) {
    const summary = summaryOf(years, everyMs);
    console.log(textOf(summary));
    expect(summary.broken).toEqual([]);
    // There was something to find, to tell and to survive.
    const { outages, delays, brownouts, must, never, again, deaths, blindTroubles, givenUp } = summary;
    expect(Math.min(outages, delays, must, never, deaths, blindTroubles)).toBeGreaterThan(100);
    expect(Math.min(brownouts, again)).toBeGreaterThan(20);
    expect(givenUp).toBeGreaterThan(0);
  }
});
