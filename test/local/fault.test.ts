// Aim: a person's words become exactly the fault they meant, or a refusal that helps; and a fault strikes the share of
// messages, or the very messages, that it names. Method: tables of words, positive and negative; the way back from a fault
// to its words; 10,000 seeded draws for each share, within five standard deviations.

import { describe, expect, test } from "vitest";
import { CLEAR, fateOf, FAULT_HELP, faultSentence, faultWords, parseFault } from "../../workers/local/fault.ts";
import type { Fault } from "../../workers/local/fault.ts";
import { seededChance } from "./clients.ts";

function fault(words: string): Fault {
  const parsed = parseFault(words.split(" "));
  if ("refusal" in parsed) throw new Error(parsed.refusal);
  return parsed;
}

const UNDERSTOOD: [words: string, fault: Partial<Fault>, sentence: string][] = [
  ["clear", {}, "works without faults"],
  ["outage", { outage: true }, "loses every message"],
  ["loss=20%", { lossShare: 0.2 }, "loses 20 % of messages"],
  ["loss=0.1%", { lossShare: 0.001 }, "loses 0.1 % of messages"],
  ["loss=100%", { lossShare: 1 }, "loses 100 % of messages"],
  ["delay=300ms", { delayMs: 300 }, "delays every message by 300 ms"],
  ["delay=6s", { delayMs: 6_000 }, "delays every message by 6000 ms"],
  ["delay=1.5s", { delayMs: 1_500 }, "delays every message by 1500 ms"],
  ["delay=60s", { delayMs: 60_000 }, "delays every message by 60000 ms"],
  ["jitter=40ms", { jitterMs: 40 }, "delays every message by up to 40 ms more"],
  ["duplicate", { duplicateShare: 1 }, "delivers 100 % of messages twice"],
  ["duplicate=10%", { duplicateShare: 0.1 }, "delivers 10 % of messages twice"],
  ["reorder=10%", { reorderShare: 0.1 }, "holds 10 % of messages until after the next"],
  ["drop=3", { dropNext: 3 }, "will lose the next 3 messages"],
  ["late=2:300ms", { lateNext: 2, lateMs: 300 }, "will delay the next 2 messages by 300 ms"],
  ["double=1", { doubleNext: 1 }, "will deliver the next message twice"],
  ["swap=1", { swapNext: 1 }, "will hold the next message until after the one that follows"],
  ["every=1000", { dropEvery: 1_000, dropIn: 1_000 }, "loses one message in 1000, by count"],
  ["refuse", { gate: "refuse" }, "refuses every connection"],
  ["hang", { gate: "hang" }, "accepts connections and says nothing"],
  [
    "loss=5% delay=100ms",
    { lossShare: 0.05, delayMs: 100 },
    "loses 5 % of messages and delays every message by 100 ms",
  ],
];

const REFUSED: [words: string[], says: RegExp][] = [
  [[], /no fault was named; say one or more of: outage, loss/],
  [[" "], /no fault was named/],
  [["los=20%"], /"los=20%" is no fault; say one or more of: outage, loss/],
  [["constructor"], /"constructor" is no fault/],
  [["Outage"], /"Outage" is no fault/],
  [["outage=yes"], /"outage=yes" is not understood; say outage/],
  [["loss"], /"loss" is not understood; say loss=20%/],
  [["loss="], /say loss=20%/],
  [["loss=20"], /"loss=20" is not understood; say loss=20%/],
  [["loss=0%"], /say loss=20%/],
  [["loss=101%"], /say loss=20%/],
  [["loss=-5%"], /say loss=20%/],
  [["loss=1e1%"], /say loss=20%/],
  [["delay=300"], /"delay=300" is not understood; say delay=300ms or delay=6s, up to 60s/],
  [["delay=0ms"], /say delay=300ms/],
  [["delay=61s"], /up to 60s/],
  [["delay=1m"], /say delay=300ms/],
  [["jitter=40%"], /say jitter=40ms/],
  [["duplicate=2"], /say duplicate or duplicate=10%/],
  [["reorder"], /say reorder=10%/],
  [["drop=0"], /say drop=3/],
  [["drop=1.5"], /say drop=3/],
  [["drop=10000"], /up to 9999/],
  [["late=2"], /say late=2:300ms/],
  [["late=300ms"], /say late=2:300ms/],
  [["late=2:300ms:1"], /say late=2:300ms/],
  [["double"], /say double=1/],
  [["swap=x"], /say swap=1/],
  [["every"], /"every" is not understood; say every=1000, up to 9999/],
  [["every=0"], /say every=1000/],
  [["every=20%"], /say every=1000/],
  [["clear=1"], /clear takes no value/],
  [["clear", "loss=5%"], /"clear" stands alone/],
  [["loss=5%", "refuse"], /"refuse" stands alone/],
  [["hang", "refuse"], /stands alone/],
  [["loss=5%", "loss=6%"], /"loss" is said twice/],
];

describe("the grammar", () => {
  test.each(UNDERSTOOD)("%s", (words, change, sentence) => {
    const parsed = parseFault(words.split(" "));
    expect(parsed).toEqual({ ...CLEAR, ...change });
    expect(faultSentence(parsed as Fault)).toBe(sentence);
    expect(parseFault([faultWords(parsed as Fault)])).toEqual(parsed);
  });

  test("one argument may hold several words, as a shell's quotes make it", () => {
    expect(parseFault(["loss=5%  delay=100ms"])).toEqual(parseFault(["loss=5%", "delay=100ms"]));
  });

  test.each(REFUSED)("refuses %j", (words, says) => {
    const parsed = parseFault(words);
    expect(parsed).toHaveProperty("refusal");
    expect("refusal" in parsed && parsed.refusal).toMatch(says);
  });

  test("the help names every word", () => {
    for (const [words] of UNDERSTOOD) expect(FAULT_HELP).toContain(words.split(/[= ]/)[0]);
  });
});

describe("the fate of a message", () => {
  const DRAWS = 10_000;
  const shares: [words: string, proportion: number, struck: (fate: ReturnType<typeof fateOf>) => boolean][] = [
    ["loss=20%", 0.2, (fate) => fate.drop],
    ["loss=0.1%", 0.001, (fate) => fate.drop],
    ["duplicate=10%", 0.1, (fate) => fate.copies === 2],
    ["reorder=50%", 0.5, (fate) => fate.hold],
    ["outage", 1, (fate) => fate.drop],
    ["loss=100%", 1, (fate) => fate.drop],
    ["duplicate", 1, (fate) => fate.copies === 2],
    ["clear", 0, (fate) => fate.drop || fate.hold || fate.copies !== 1 || fate.extraDelayMs !== 0],
  ];
  test.each(shares)("%s strikes its share", (words, proportion, struck) => {
    const chance = seededChance(7);
    let hits = 0;
    for (let i = 0; i < DRAWS; i += 1) if (struck(fateOf(fault(words), chance))) hits += 1;
    const spread = 5 * Math.sqrt(DRAWS * proportion * (1 - proportion));
    expect(Math.abs(hits - DRAWS * proportion)).toBeLessThanOrEqual(spread);
  });

  test("jitter is spread evenly above the delay, and never below it", () => {
    const chance = seededChance(11);
    const extras = Array.from({ length: DRAWS }, () => fateOf(fault("delay=100ms jitter=40ms"), chance).extraDelayMs);
    expect(Math.min(...extras)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...extras)).toBeLessThan(140);
    // Even on [100, 140): mean 120, standard error 40 / sqrt(12 x 10,000) = 0.115.
    expect(Math.abs(extras.reduce((sum, extra) => sum + extra, 0) / DRAWS - 120)).toBeLessThan(0.6);
  });

  test("counts are used up one by one, in the order drop, late, double, swap; then all is clear", () => {
    const noChance = (): number => {
      throw new Error("a count must not be left to chance");
    };
    let left = fault("swap=1 double=1 late=2:300ms drop=2");
    const fates: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { next, ...fate } = fateOf(left, noChance);
      fates.push(`${fate.drop ? "drop" : "-"} ${fate.extraDelayMs} x${fate.copies} ${fate.hold ? "hold" : "-"}`);
      left = next;
    }
    expect(fates).toEqual([
      "drop 0 x1 -",
      "drop 0 x1 -",
      "- 300 x1 -",
      "- 300 x1 -",
      "- 0 x2 -",
      "- 0 x1 hold",
      "- 0 x1 -",
    ]);
    expect(left).toEqual(CLEAR);
  });

  test("a count comes on top of the standing delay, and goes before the shares", () => {
    const always = (): number => 0;
    const first = fateOf(fault("loss=5% delay=100ms late=1:300ms"), always);
    expect(first).toMatchObject({ drop: false, extraDelayMs: 400 });
    expect(fateOf(first.next, always)).toMatchObject({ drop: true });
  });

  test("every=3 loses exactly each third message, whatever else is in force, and leaves the counts to the others", () => {
    let left = fault("every=3 double=3 delay=10ms");
    const fates: string[] = [];
    for (let i = 0; i < 9; i += 1) {
      const { next, ...fate } = fateOf(left, () => 0.5);
      fates.push(fate.drop ? "drop" : `x${fate.copies}`);
      left = next;
    }
    expect(fates).toEqual(["x2", "x2", "drop", "x2", "x1", "drop", "x1", "x1", "drop"]);
  });

  test.each([1, 5, 1_000])("every=%i loses the share of 10,000 messages that it says, to the message", (every) => {
    let left = fault(`every=${every}`);
    let dropped = 0;
    for (let i = 0; i < DRAWS; i += 1) {
      const fate = fateOf(left, Math.random);
      if (fate.drop) dropped += 1;
      left = fate.next;
    }
    expect(dropped).toBe(DRAWS / every);
  });

  test("the fault that was given is not changed", () => {
    const given = Object.freeze(fault("drop=2"));
    expect(fateOf(given, Math.random).next.dropNext).toBe(1);
    expect(given.dropNext).toBe(2);
  });
});
