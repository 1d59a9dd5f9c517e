// Aim: the slots and counts of several regions become the contract's by its rule, and what is unknown stays unknown. Method: every
// mix of three regions against all the ways in which the unknown ones could have been; small tables; and seeded stretches that
// are cut, grouped, silenced and excluded at random.

import { describe, expect, test } from "vitest";
import type { Objective, RegionRule, SlotsObjective } from "../../workers/config/contracts/contract.ts";
import { slotsFigures } from "../../workers/sla/availability.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import { mergeParts } from "../../workers/sla/merge.ts";
import type { ExcludedSpan, Part } from "../../workers/sla/part.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { ORIGIN, contractOf, slotsObjective } from "./golden-month.ts";
import { countsPart, minuteOf, slotsOf, slotsPart, span, streamOf } from "./sla-minutes.ts";

const ALL_FAIL = slotsObjective({ downIf: { rule: "all-fail" } });
const RATIO: Objective = { id: "r", kind: "ratio", journey: "loop", target: 0.99, withinMs: 200, confidence: 0.95 };

describe("all regions together", () => {
  const regions = ["weur", "enam", "oc"];
  const RULES: readonly Exclude<RegionRule, "each">[] = [
    "any-down",
    "all-down",
    { atLeast: 1 },
    { atLeast: 2 },
    { atLeast: 3 },
  ];
  const STATES = [".", "x", "?", "e", "-"] as const;
  type Sign = (typeof STATES)[number];

  /** What the rule says when everything is known. */
  function isDown(rule: Exclude<RegionRule, "each">, known: readonly Sign[]): boolean {
    const down = known.filter((state) => state === "x").length;
    return down >= (rule === "any-down" ? 1 : rule === "all-down" ? known.length : rule.atLeast);
  }

  /** Every way in which the unknown ones could have been. */
  function ways(states: readonly Sign[]): Sign[][] {
    return states.reduce<Sign[][]>(
      (all, state) =>
        (state === "?" ? ([".", "x"] as const) : [state]).flatMap((each) => all.map((way) => [...way, each])),
      [[]],
    );
  }

  test("a slot is unknown exactly where the unknown regions decide it", () => {
    let tried = 0;
    for (const rule of RULES) {
      for (const states of STATES.flatMap((a) => STATES.flatMap((b) => STATES.map((c): Sign[] => [a, b, c])))) {
        const streams = states.map((state, at) => streamOf(state === "e" ? "x" : state, { region: regions[at] ?? "" }));
        const spans = states.flatMap((state, at) => (state === "e" ? [span(0, 1, [regions[at] ?? ""])] : []));
        const contract = contractOf([ALL_FAIL], { regions, regionRule: rule });
        const { applied } = slotsPart(foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 1, streams, spans), null);
        // A region that was not scheduled is as unknown as a silent one.
        const kept = states.filter((state) => state !== "e").map((state) => (state === "-" ? "?" : state));
        const outcomes = new Set(ways(kept).map((way) => isDown(rule, way)));
        const isThere = kept.length > 0;
        const isUnknown = isThere && outcomes.size === 2;
        expect({ states, rule, ...applied }).toMatchObject({
          counted: isThere ? 1 : 0,
          excluded: isThere ? 0 : 1,
          unmeasured: isUnknown ? 1 : 0,
          runs: isThere && !isUnknown && outcomes.has(true) ? [{ slots: 1 }] : [],
        });
        const [silent, never] = ["?", "-"].map((sign) => states.filter((state) => state === sign).length);
        const { silent: ofSilent = 0, never_scheduled: ofNever = 0, ...others } = applied.unmeasuredMinutes;
        expect([ofSilent, ofNever, others]).toEqual([silent, never, {}]);
        tried++;
      }
    }
    console.log(`${tried} mixes of three regions under ${RULES.length} rules`);
    expect(tried).toBe(625);
  });

  describe("a region that was never measured", () => {
    const two = ["weur", "enam"];
    const combined = (
      regionRule: RegionRule,
      streams: readonly Stream[],
      size: number,
      spans: readonly ExcludedSpan[] = [],
      objective = ALL_FAIL,
    ) => {
      const contract = contractOf([objective], { regions: two, regionRule });
      return foldPart(contract, ORIGIN, ORIGIN, ORIGIN + size, streams, spans);
    };

    test.each([
      // Of an hour by minutes; only weur has a series.
      ["any-down", ".", "no_data", 60, 0],
      ["all-down", ".", "met", 0, 0],
      [{ atLeast: 1 }, ".", "no_data", 60, 0],
      [{ atLeast: 2 }, ".", "met", 0, 0],
      ["any-down", "x", "breached", 0, 60],
      ["all-down", "x", "no_data", 60, 0],
      [{ atLeast: 2 }, "x", "no_data", 60, 0],
    ] as const)("%j, the other one %s: %s", (rule, sign, verdict, unmeasured, down) => {
      const part = combined(rule, [streamOf(sign.repeat(60))], 60);
      const { applied } = slotsPart(part, null);
      const coverage = (60 - unmeasured) / 60;
      expect(slotsFigures(ALL_FAIL, applied, 0)).toMatchObject({ counted: 60, unmeasured, down, verdict, coverage });
      expect(applied.unmeasuredMinutes).toEqual({ never_scheduled: 60 });
      // By itself it is all unknown, and the other one is what it is.
      const own = slotsPart(part, "enam").applied;
      expect(slotsFigures(ALL_FAIL, own, 0)).toMatchObject({ counted: 60, unmeasured: 60, verdict: "no_data" });
      expect(own.unmeasuredMinutes).toEqual({ never_scheduled: 60 });
      expect(slotsPart(part, "weur").applied).toMatchObject({ counted: 60, unmeasured: 0 });
    });

    test("is no data by itself, where each region is held to the contract", () => {
      const part = combined("each", [streamOf(".".repeat(60))], 60);
      const verdicts = two.map((region) => slotsFigures(ALL_FAIL, slotsPart(part, region).applied, 0).verdict);
      expect(verdicts).toEqual(["met", "no_data"]);
      expect(part.scopes.map(({ region }) => region)).toEqual(two);
    });

    test("is unknown to its own first slot, and where none has one all is", () => {
      const streams = [streamOf("-....x", { region: "weur" }), streamOf("---..?", { region: "enam" })];
      const { applied } = slotsPart(combined("any-down", streams, 6), null);
      expect(applied).toMatchObject({ counted: 6, unmeasured: 3, runs: [{ fromMinute: ORIGIN + 5 }] });
      expect(applied.unmeasuredMinutes).toEqual({ never_scheduled: 4, silent: 1 });
    });

    test("is excluded where an exclusion is its own, and only there", () => {
      const streams = [streamOf("......")];
      const spans = [span(0, 2), span(2, 4, ["weur"]), span(4, 5, ["enam"])];
      const { applied, raw } = slotsPart(combined("any-down", streams, 6, spans), null);
      expect(applied).toMatchObject({ counted: 4, excluded: 2, unmeasured: 3 });
      expect(applied.unmeasuredMinutes).toEqual({ never_scheduled: 3 });
      expect(raw).toMatchObject({ counted: 6, excluded: 0, unmeasured: 6, unmeasuredMinutes: { never_scheduled: 6 } });
    });

    test("is unknown only in slots that it has no minute of, and its excluded minutes are not", () => {
      const five = { ...ALL_FAIL, slotMinutes: 5 } as const;
      const streams = [
        streamOf("--... ..... -----", { region: "weur" }),
        streamOf("----- --... -----", { region: "enam" }),
      ];
      const { applied } = slotsPart(combined("any-down", streams, 15, [span(2, 3, ["enam"])], five), null);
      expect(applied).toMatchObject({ counted: 3, unmeasured: 2, unmeasuredMinutes: { never_scheduled: 7 + 11 } });
      // By themselves: the last slot of the one, the first and the last of the other.
      expect(slotsPart(combined("each", streams, 15, [], five), "weur").applied.unmeasured).toBe(1);
      expect(slotsPart(combined("each", streams, 15, [], five), "enam").applied.unmeasured).toBe(2);
    });

    test("leaves a pooled fraction to those that are there, and is told among the minutes", () => {
      const fractional = slotsObjective({ downIf: { rule: "fractional" } });
      const { applied } = slotsPart(combined("any-down", [streamOf("5..")], 3, [], fractional), null);
      expect(applied).toMatchObject({ counted: 3, unmeasured: 0, unmeasuredMinutes: { never_scheduled: 3 } });
      expect(applied.runs).toMatchObject([{ down: 0.25, bad: 5, attempted: 20 }]);
    });

    test("counts as unmeasured all of its minutes but those that are excluded", () => {
      const streams = [streamOf("-12?.x", { region: "weur" }), streamOf("----..", { region: "enam" })];
      const contract = contractOf([RATIO], { regions: two, regionRule: "any-down" });
      const spans = [span(1, 2, ["enam"]), span(5, 6, ["weur"])];
      const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 6, streams, spans);
      expect(countsPart(part, null).applied).toMatchObject({ n: 100, minutes: 4, measured: 5, unmeasured: 5 });
      expect(countsPart(part, null).raw).toMatchObject({ n: 120, minutes: 4, measured: 6, unmeasured: 6 });
      expect(countsPart(part, "enam").applied).toMatchObject({ measured: 2, unmeasured: 3 });
      expect(countsPart(part, "weur").raw).toMatchObject({ measured: 4, unmeasured: 2 });
      const each = foldPart(contractOf([RATIO], { regions: two }), ORIGIN, ORIGIN, ORIGIN + 6, streams, spans);
      expect(each.scopes).toEqual(part.scopes.slice(0, 2));
    });
  });

  test("scopes are the regions in the contract's order, then all; runs have the messages of all", () => {
    const streams = [
      streamOf("x5.", { region: "oc" }),
      streamOf("x4x", { region: "weur" }),
      streamOf("xxx", { region: "me" }),
    ];
    const any = foldPart(
      contractOf([ALL_FAIL], { regions, regionRule: "any-down" }),
      ORIGIN,
      ORIGIN,
      ORIGIN + 3,
      streams,
      [],
    );
    expect(any.scopes.map((scope) => scope.region)).toEqual([...regions, null]);
    expect(slotsPart(any, "enam").applied).toMatchObject({ counted: 3, unmeasured: 3, runs: [] });
    expect(slotsPart(any, null).applied.runs.map(({ bad, attempted }) => [bad, attempted])).toEqual([
      [40, 40],
      [20, 40],
    ]);
    const each = foldPart(contractOf([ALL_FAIL], { regions }), ORIGIN, ORIGIN, ORIGIN + 3, streams, []);
    expect(each.scopes).toEqual(any.scopes.slice(0, 3));
  });

  test("fractions pool the messages, also of slots that alone are too few", () => {
    const fractional = slotsObjective({ downIf: { rule: "fractional" }, minSamples: 30 });
    const streams = [streamOf("5?1", { region: "weur" }), streamOf("3?x", { region: "enam" })];
    const contract = contractOf([fractional], { regions, regionRule: "all-down" });
    const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 3, streams, [span(2, 3, ["enam"])]);
    expect(slotsPart(part, "weur").applied).toMatchObject({ counted: 3, unmeasured: 3 });
    const { applied, raw } = slotsPart(part, null);
    expect(applied).toMatchObject({ counted: 3, unmeasured: 2, excluded: 0 });
    expect(applied.unmeasuredMinutes).toEqual({ silent: 2, never_scheduled: 3 });
    expect(applied.runs.map((run) => [run.down, run.bad, run.attempted])).toEqual([
      [8 / 40, 8, 40].map((each, at) => (at === 0 ? expect.closeTo(each, 9) : each)),
    ]);
    expect(raw.runs.map((run) => [run.bad, run.attempted])).toEqual([
      [8, 40],
      [21, 40],
    ]);
  });

  test("a slot is coarse if any of its judged regions is", () => {
    const rate = slotsObjective({ downIf: { rule: "rate", op: ">", value: 0.05 }, minSamples: 10 });
    const few = minuteOf({ scheduled: 12 });
    const stream = (region: string, list: readonly (typeof few)[]) => ({
      ...streamOf("....", { region }),
      minutes: new Map(list.map((minute, at) => [ORIGIN + at, minute])),
    });
    const streams = [stream("weur", [minuteOf(), few, few, few]), stream("oc", [minuteOf(), minuteOf(), few])];
    const contract = contractOf([rate], { regions: ["weur", "oc"], regionRule: "any-down" });
    const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 4, streams, []);
    expect([slotsPart(part, "weur"), slotsPart(part, "oc")].map((each) => each.applied.coarse)).toEqual([3, 1]);
    // In the last minute one region is coarse, and the other unknown: so is all.
    expect(slotsPart(part, null).applied).toMatchObject({ coarse: 2, unmeasured: 1 });
  });

  test("counts are pooled minute by minute, without what is excluded", () => {
    const streams = [streamOf("12?", { region: "weur" }), streamOf("34u", { region: "enam" })];
    const contract = contractOf([RATIO], { regions: ["weur", "enam"], regionRule: "any-down" });
    const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 3, streams, [span(1, 2, ["weur"])]);
    const blocks = { count: 1, badBad: 64, badN: 8 * 60, nn: 3_600 };
    const minutes = { minutes: 2, measured: 3, unmeasured: 2 };
    const sums = { n: 60, bad: 8, unjudged: 0, ...minutes, badBad: 32, badN: 4 * 40 + 4 * 20, nn: 2_000, blocks };
    expect(countsPart(part, null).applied).toEqual(sums);
    expect(countsPart(part, null).raw).toMatchObject({ n: 80, bad: 10, minutes: 2, badBad: 52, nn: 3_200 });
    expect(countsPart(part, "weur").applied).toMatchObject({ n: 20, bad: 1, blocks: { count: 1 } });
    const none = foldPart(contract, ORIGIN, ORIGIN + 2, ORIGIN + 3, streams, []);
    expect(countsPart(none, null).applied).toMatchObject({ n: 0, minutes: 0, blocks: { count: 0, nn: 0 } });
  });
});

describe("seeded months", () => {
  const REGION_RULES: readonly RegionRule[] = ["each", "any-down", "all-down", { atLeast: 2 }];
  const regions = ["weur", "enam", "oc"];
  const SIZE = 240;

  function randomStreams(random: () => number): Stream[] {
    return regions.flatMap((region) =>
      Array.from({ length: between(random, 0, 2) }, () => {
        let sign = ".";
        const signs = Array.from(
          { length: SIZE },
          () => (sign = random() < 0.7 ? sign : oneOf(random, [..."...12x4xuf?-!"])),
        );
        return streamOf(signs.join(""), { region });
      }),
    );
  }

  function randomSpans(random: () => number): ExcludedSpan[] {
    return Array.from({ length: between(random, 0, 3) }, () => {
      const from = between(random, -20, SIZE);
      return span(from, from + between(random, 0, 60), oneOf(random, [null, ["weur"], ["enam", "oc"]]));
    });
  }

  function randomSlots(random: () => number, slotMinutes: 1 | 5 | 10): SlotsObjective {
    return slotsObjective({
      id: `slots-${slotMinutes}`,
      slotMinutes,
      minSamples: oneOf(random, [1, 10, 21]),
      minRunSlots: oneOf(random, [1, 2, 3]),
      excludedSlots: oneOf(random, ["drop", "count-up"]),
      downIf: oneOf<SlotsObjective["downIf"]>(random, [
        { rule: "all-fail" },
        { rule: "rate", op: ">", value: 0.07 },
        { rule: "count", gte: 2 },
        { rule: "fractional" },
      ]),
    });
  }

  /** Blocks are one for each part: only the rest adds up wherever it is cut. */
  const withoutBlocks = (part: Part): unknown =>
    JSON.parse(JSON.stringify(part, (key, value: unknown) => (key === "blocks" ? null : value)));

  test("cut anywhere and merged in any grouping, they add up exactly", () => {
    const random = mulberry32(31);
    let merges = 0;
    for (let round = 0; round < 150; round++) {
      const step = oneOf(random, [1, 5, 10] as const);
      const objectives = [randomSlots(random, 1), RATIO, ...(step === 1 ? [] : [randomSlots(random, step)])];
      const contract = contractOf(objectives, { regions, regionRule: oneOf(random, REGION_RULES) });
      const [streams, spans] = [randomStreams(random), randomSpans(random)];
      const fold = (from: number, to: number) => foldPart(contract, ORIGIN, ORIGIN + from, ORIGIN + to, streams, spans);
      const cuts = Array.from({ length: between(random, 1, 12) }, () => step * between(random, 0, SIZE / step));
      const borders = [0, ...cuts.sort((a, b) => a - b), SIZE];
      const parts = borders.slice(1).map((to, at) => fold(borders[at] ?? 0, to));
      const blocks = parts.reduce((sum, part) => sum + countsPart(part, "weur", 1).applied.blocks.count, 0);
      while (parts.length > 1) {
        const at = between(random, 0, parts.length - 2);
        const [a, b] = parts.slice(at, at + 2);
        if (a !== undefined && b !== undefined) parts.splice(at, 2, mergeParts(a, b));
        merges++;
      }
      const [merged] = parts;
      const whole = fold(0, SIZE);
      expect(merged === undefined ? null : withoutBlocks(merged)).toEqual(withoutBlocks(whole));
      if (merged !== undefined) expect(countsPart(merged, "weur", 1).applied.blocks.count).toBe(blocks);
    }
    console.log(`${merges} merges of 150 stretches`);
    expect(merges).toBeGreaterThan(800);
  });

  test("more silence never raises low and never lowers high, in slots of a minute", () => {
    const random = mulberry32(32);
    let compared = 0;
    for (let round = 0; round < 150; round++) {
      const objective = randomSlots(random, 1);
      const regionRule = oneOf(random, REGION_RULES);
      const contract = contractOf([objective], { regions, regionRule });
      // One stream a region: of two the silence of one is no silence.
      const streams = regions.flatMap((region) =>
        randomStreams(random)
          .filter((each) => each.region === region)
          .slice(0, 1),
      );
      const silenced = streams.map((stream) => ({
        ...stream,
        minutes: new Map([...stream.minutes].filter(() => random() < 0.9)),
      }));
      const fold = (of: readonly Stream[]) => foldPart(contract, ORIGIN, ORIGIN, ORIGIN + SIZE, of, []);
      const [before, after] = [fold(streams), fold(silenced)];
      for (const { region } of before.scopes) {
        // Pooled fractions are of other messages then: they may go either way.
        if (region === null && objective.downIf.rule === "fractional") continue;
        const [full, less] = [before, after].map((part) => slotsFigures(objective, slotsPart(part, region).applied, 0));
        expect(less?.counted).toBe(full?.counted);
        expect(less?.unmeasured).toBeGreaterThanOrEqual(full?.unmeasured ?? 0);
        expect(less?.low).toBeLessThanOrEqual(full?.low ?? 0);
        expect(less?.high).toBeGreaterThanOrEqual(full?.high ?? 1);
        compared++;
      }
    }
    console.log(`${compared} scopes before and after silence`);
    expect(compared).toBeGreaterThan(400);
  });

  test("an exclusion never adds downtime to slots of a minute, unless all regions must be down", () => {
    const random = mulberry32(33);
    let compared = 0;
    for (let round = 0; round < 150; round++) {
      const objective = randomSlots(random, 1);
      const contract = contractOf([objective], {
        regions,
        regionRule: oneOf(random, ["each", "any-down", { atLeast: 2 }]),
      });
      const part = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + SIZE, randomStreams(random), randomSpans(random));
      for (const { region } of part.scopes) {
        if (region === null && objective.downIf.rule === "fractional") continue;
        const { applied, raw } = slotsPart(part, region);
        expect(slotsFigures(objective, applied, 0).down).toBeLessThanOrEqual(slotsFigures(objective, raw, 0).down);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(400);
  });

  test("where it does add: the region that was up is left out, or a slot loses its good minutes", () => {
    const two = ["weur", "enam"];
    const contract = contractOf([ALL_FAIL], { regions: two, regionRule: "all-down" });
    const streams = [streamOf(".", { region: "weur" }), streamOf("x", { region: "enam" })];
    const all = slotsPart(foldPart(contract, ORIGIN, ORIGIN, ORIGIN + 1, streams, [span(0, 1, ["weur"])]), null);
    expect([all.applied.runs.length, all.raw.runs.length]).toEqual([1, 0]);
    const five = slotsOf({ ...ALL_FAIL, slotMinutes: 5 }, "...xx", [span(0, 3)]);
    expect([five.applied.runs.length, five.raw.runs.length]).toEqual([1, 0]);
  });
});
