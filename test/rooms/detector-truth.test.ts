// Aim: the detector is as fast and as quiet as the tables of sla.md 6 promise. Method: Monte Carlo with seeds, a service that loses by
// chance, outages at a random phase of the schedule, and for what is too rare to be drawn, every pattern of bad rounds there is.

import { describe, expect, test } from "vitest";

import { advance } from "../../workers/incidents/detector.ts";
import type { DetectorSettings } from "../../workers/incidents/detector.ts";
import { between, mulberry32 } from "../random.ts";
import type { Confirming } from "./detector-world.ts";
import { meanOf, NOON, p95Of, signal, untilDown, upDetector } from "./detector-world.ts";

const burst = (everyMs: number): DetectorSettings => ({ messages: 20, everyMs });
const SMALL: DetectorSettings = { messages: 4, everyMs: 10_000 };
const SPREAD: DetectorSettings = { messages: 1, everyMs: 3_000 };
/** As the reference reckons: whole bursts, 6 s each. */
const FULL: Confirming = { messages: 20, tookMs: 6_000 };
/** As the fleet's probers confirm: three messages a second apart, and a deadline of 5 s. */
const THREE: Confirming = { messages: 3, tookMs: 8_000 };
const TRIES = 600;

interface Row {
  readonly what: string;
  readonly settings: DetectorSettings;
  readonly confirming: Confirming | null;
  readonly loss: number;
  /** Of the reference: seconds from the first lost message until it is known, mean and p95; null: it has none. */
  readonly expected: readonly [number, number] | null;
}

const ROWS: readonly Row[] = [
  ...(
    [
      [10, 20, 25],
      [30, 50, 64],
      [60, 95, 122],
    ] as const
  ).map(([every, mean, p95]): Row => ({
    what: `2 of 3, every ${every} s`,
    settings: burst(every * 1_000),
    confirming: null,
    loss: 1,
    expected: [mean, p95],
  })),
  ...(
    [
      [30, 32, 45],
      [60, 47, 74],
    ] as const
  ).map(([every, mean, p95]): Row => ({
    what: `fast confirm, every ${every} s`,
    settings: burst(every * 1_000),
    confirming: FULL,
    loss: 1,
    expected: [mean, p95],
  })),
  ...(
    [
      [30, 86, 215],
      [60, 150, 411],
    ] as const
  ).map(([every, mean, p95]): Row => ({
    what: `fast confirm, every ${every} s`,
    settings: burst(every * 1_000),
    confirming: FULL,
    loss: 0.2,
    expected: [mean, p95],
  })),
  { what: "confirm of 3, every 60 s", settings: burst(60_000), confirming: THREE, loss: 1, expected: null },
  { what: "confirm of 3, every 60 s", settings: burst(60_000), confirming: THREE, loss: 0.5, expected: null },
  { what: "confirm of 3, every 60 s", settings: burst(60_000), confirming: THREE, loss: 0.2, expected: null },
  { what: "4 every 10 s", settings: SMALL, confirming: null, loss: 1, expected: null },
  { what: "4 every 10 s", settings: SMALL, confirming: null, loss: 0.5, expected: null },
  { what: "4 every 10 s", settings: SMALL, confirming: null, loss: 0.2, expected: null },
  { what: "1 every 3 s", settings: SPREAD, confirming: null, loss: 1, expected: [19, 20] },
  { what: "1 every 3 s", settings: SPREAD, confirming: null, loss: 0.5, expected: [34, 52] },
  { what: "1 every 3 s", settings: SPREAD, confirming: null, loss: 0.2, expected: [105, 249] },
];

/** Seconds until each of the tries is known; an outage begins at a random time before the first slot. */
function seconds({ settings, confirming, loss }: Row, random: () => number): number[] {
  const start = upDetector(settings, NOON);
  return Array.from({ length: TRIES }, () => {
    const waitMs = random() * settings.everyMs;
    const isLost = (): boolean => random() < loss;
    const untilAt = NOON + 500 * settings.everyMs;
    const { downAt } = untilDown({ start, settings, confirming, isLost, fromAt: NOON, untilAt });
    return ((downAt ?? untilAt) - NOON + waitMs) / 1_000;
  });
}

describe("seconds until an outage is known", () => {
  test.each(ROWS)("$what, $loss lost", (row) => {
    const times = seconds(row, mulberry32(7));
    const [mean, p95] = [meanOf(times), p95Of(times)];
    const { what, loss, expected } = row;
    const table = expected === null ? "not in the table" : `table ${expected[0]} (${expected[1]})`;
    console.log(`${what}, ${loss} lost: ${mean.toFixed(1)} s (${p95.toFixed(0)}), ${table}, ${TRIES} tries`);
    // Sooner is no fault: more than one rule proves an outage here. Later than a twelfth would be.
    if (expected !== null) {
      expect(mean).toBeLessThan(expected[0] * 1.08 + 1);
      expect(mean).toBeGreaterThan(expected[0] * 0.88 - 1);
      expect(p95).toBeLessThan(expected[1] * 1.1 + 2);
    }
    expect(Math.max(...times)).toBeLessThan(500 * (row.settings.everyMs / 1_000));
  });

  test("rounds to detect by 2 of 3, every 60 s: 2, 2, 3.7 (8)", () => {
    const random = mulberry32(5);
    const settings = burst(60_000);
    const start = upDetector(settings, NOON);
    const rounds = [1, 0.5, 0.2].map((loss) =>
      Array.from({ length: 1_500 }, () => {
        const isLost = (): boolean => random() < loss;
        return untilDown({ start, settings, confirming: null, isLost, fromAt: NOON, untilAt: NOON + 6_000_000 }).rounds;
      }),
    );
    const means = rounds.map(meanOf);
    console.log(
      `rounds: ${means.map((mean) => mean.toFixed(2)).join(", ")}, p95 ${rounds.map(p95Of).join(", ")}; 1,500 tries each`,
    );
    expect(means[0]).toBe(2);
    expect(means[1]).toBeLessThan(2.1);
    expect(means[2]).toBeGreaterThan(3.4);
    expect(means[2]).toBeLessThan(4);
    expect(Math.abs(p95Of(rounds[2] ?? []) - 8)).toBeLessThanOrEqual(1);
  });
});

describe("short outages", () => {
  test.each([
    {
      what: "90 s at 60 s, whole bursts confirm",
      settings: burst(60_000),
      confirming: FULL,
      lastsMs: 90_000,
      caught: 1,
    },
    {
      what: "90 s at 60 s, three messages confirm",
      settings: burst(60_000),
      confirming: THREE,
      lastsMs: 90_000,
      caught: 1,
    },
    { what: "30 s at 10 s, bursts of 20", settings: burst(10_000), confirming: FULL, lastsMs: 30_000, caught: 1 },
    { what: "30 s at 10 s, four messages", settings: SMALL, confirming: null, lastsMs: 30_000, caught: 1 },
    { what: "90 s at 60 s, no confirm round", settings: burst(60_000), confirming: null, lastsMs: 90_000, caught: 0.5 },
    {
      what: "30 s at 60 s, whole bursts confirm",
      settings: burst(60_000),
      confirming: FULL,
      lastsMs: 30_000,
      caught: 0.3,
    },
  ])("$what: caught in $caught of 2,000", ({ what, settings, confirming, lastsMs, caught }) => {
    const random = mulberry32(9);
    const start = upDetector(settings, NOON);
    let found = 0;
    for (let nth = 0; nth < 2_000; nth++) {
      const beganAt = NOON - random() * settings.everyMs;
      const isLost = (at: number): boolean => at >= beganAt && at < beganAt + lastsMs;
      const trial = { start, settings, confirming, isLost, fromAt: NOON, untilAt: NOON + 180_000 };
      if (untilDown(trial).downAt !== null) found += 1;
    }
    console.log(`${what}: ${found} of 2,000`);
    if (caught === 1) expect(found).toBe(2_000);
    else expect(Math.abs(found / 2_000 - caught)).toBeLessThan(0.04);
  });
});

/** Whether it goes down where the n-th round that is run (confirm rounds included) is lost if `pattern` has bit n. */
function alarms(pattern: number, rounds: number, confirming: Confirming | null): boolean {
  let state = UP;
  let [slotAt, confirms] = [NOON - 60_000, 0];
  let asked = false;
  for (let run = 0; run < rounds; run++) {
    const confirm = asked && confirming !== null;
    confirms = confirm ? confirms + 1 : 0;
    if (!confirm) slotAt += 60_000;
    const signs = ((pattern >> run) & 1 ? "x" : ".").repeat(confirm ? confirming.messages : 20);
    const advanced = advance(state, signal({ slotAt: slotAt + confirms * 8_000, signs, confirm }), burst(60_000));
    state = advanced.state;
    if (state.state === "down") return true;
    asked = advanced.changes.some((each) => each.kind === "confirm");
  }
  return false;
}
const UP = upDetector(burst(60_000), NOON);

describe("false alarms", () => {
  const ROUNDS = 14;
  const bits = (pattern: number): number => pattern.toString(2).replaceAll("0", "").length;
  const patterns = Array.from({ length: 2 ** ROUNDS }, (_, pattern) => pattern);

  test.each([
    { what: "whole bursts confirm", confirming: FULL, needs: 3, yearly: 1e-5 },
    { what: "three messages confirm", confirming: THREE, needs: 3, yearly: 1e-5 },
    { what: "no confirm round is ever run", confirming: null, needs: 2, yearly: 0.012 },
  ])("$what: fewer than $needs rounds that are lost by chance never alarm", ({ what, confirming, needs, yearly }) => {
    const few = patterns.filter((pattern) => bits(pattern) < needs);
    for (const pattern of few) expect(alarms(pattern, ROUNDS, confirming)).toBe(false);
    // Each alarm of just so many has a first lost round: those that begin with it are all there are, for each round of the year.
    const least = patterns.filter((pattern) => bits(pattern) === needs && (pattern & 1) === 1);
    const alarming = least.filter((pattern) => alarms(pattern, ROUNDS, confirming)).length;
    const rate = alarming * 1e-4 ** needs * 525_600;
    console.log(
      `${what}: ${few.length} patterns of fewer, ${alarming} of ${least.length} of ${needs} alarm: ${rate.toExponential(1)} a year at 60 s`,
    );
    expect(alarming).toBeGreaterThan(0);
    expect(rate).toBeLessThanOrEqual(yearly);
  });

  test("one bad round, whatever it lost, never alarms: 2,000 hiccups, 340 good messages after each", () => {
    const random = mulberry32(21);
    let [hiccups, alarmed] = [0, 0];
    for (const settings of [burst(60_000), burst(10_000), SMALL, { messages: 10, everyMs: 30_000 }]) {
      let state = upDetector(settings, NOON);
      let slotAt = NOON;
      const next = (signs: string): void => {
        const advanced = advance(state, signal({ slotAt, signs }), settings);
        state = advanced.state;
        slotAt += settings.everyMs;
        if (advanced.changes.some((each) => each.kind === "opened")) alarmed += 1;
      };
      for (let nth = 0; nth < 500; nth++) {
        const lost = between(random, 1, settings.messages);
        const before = between(random, 0, settings.messages - lost);
        next(".".repeat(before) + "x".repeat(lost) + ".".repeat(settings.messages - before - lost));
        for (let peace = 0; peace < 340 / settings.messages; peace++) next(".".repeat(settings.messages));
        hiccups += 1;
      }
    }
    console.log(`${hiccups} hiccups, ${alarmed} alarms`);
    expect(alarmed).toBe(0);
  });

  test("spread messages alarm just when five of the last twenty are lost: 600 lives against a plain count", () => {
    const random = mulberry32(31);
    const start = upDetector(SPREAD, NOON);
    let alarmed = 0;
    for (let nth = 0; nth < 600; nth++) {
      const loss = [0.05, 0.1, 0.2, 0.5][nth % 4] ?? 0;
      const lost = Array.from({ length: 150 }, () => random() < loss);
      const expected = lost.findIndex((_, at) => lost.slice(Math.max(0, at - 19), at + 1).filter(Boolean).length >= 5);
      let state = start;
      const found = lost.findIndex((isLost, at) => {
        state = advance(state, signal({ slotAt: NOON + at * 3_000, signs: isLost ? "x" : "." }), SPREAD).state;
        return state.state === "down";
      });
      expect(found).toBe(expected);
      if (found >= 0) alarmed += 1;
    }
    console.log(`600 lives of 150 messages, ${alarmed} alarms, each at its message`);
    expect(alarmed).toBeGreaterThan(250);
  });
});

test("a loss of 5 % is found, as slow loss or as an outage; one of 1e-4 raises nothing in 40 days", () => {
  const random = mulberry32(41);
  const settings = burst(60_000);
  const start = upDetector(settings, NOON);
  const line = (loss: number): string => Array.from({ length: 20 }, () => (random() < loss ? "x" : ".")).join("");
  const rounds = Array.from({ length: 500 }, () => {
    let state = start;
    for (let nth = 0; nth < 200; nth++) {
      const advanced = advance(state, signal({ slotAt: NOON + nth * 60_000, signs: line(0.05) }), settings);
      state = advanced.state;
      if (advanced.changes.some((each) => each.kind === "opened")) return nth + 1;
    }
    return Number.POSITIVE_INFINITY;
  });
  let state = start;
  let opened = 0;
  for (let nth = 0; nth < 40 * 1_440; nth++) {
    const advanced = advance(state, signal({ slotAt: NOON + nth * 60_000, signs: line(1e-4) }), settings);
    state = advanced.state;
    opened += advanced.changes.filter((each) => each.kind === "opened").length;
  }
  console.log(
    `5 %: ${meanOf(rounds).toFixed(2)} rounds (${p95Of(rounds)}), 500 tries; 1e-4: ${opened} in 57,600 rounds`,
  );
  expect(meanOf(rounds)).toBeLessThan(5.6);
  expect(p95Of(rounds)).toBeLessThanOrEqual(10);
  expect(opened).toBe(0);
});
