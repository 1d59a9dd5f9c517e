// Aim: whose part is broken, by the table of reference/sla.md 6; who is blind is set aside first, and what cannot be told is said to
// be so. One sentence in each language, with the numbers, in which labels stay text.
// Method: small fleets with faults put by hand, each with what must be said of it; exact sentences; hostile labels and counts.

import { describe, expect, test } from "vitest";
import { type Cause, explain, weigh } from "../../workers/incidents/likelihood.ts";
import { type Attribution, localise, type PairSeen, type RegionSeen } from "../../workers/incidents/localise.ts";
import { mulberry32, shuffled } from "../random.ts";
import { FAULTS, seenOf, type World } from "./fault-worlds.ts";

const FLEET: World = { ids: "abcdefg", loop: 20, questions: 5, rounds: 5, lost: () => 0 };
const BLIND = { controls: { asked: 3, answered: 1 } };
const HALF_BLIND = { controls: { asked: 3, answered: 2 } };
const FINE_BY_OTHER = { second: { attempted: 20, bad: 0 } };
const WHOLLY = (fault: (from: string, to: string) => boolean) => (from: string, to: string) =>
  fault(from, to) ? 1 : 0;
const regionOf = (id: string) => (from: string, to: string) => (from === id || to === id ? 1 : 0);

function world(changes: Partial<World>): Attribution {
  const { regions, pairs } = seenOf({ ...FLEET, ...changes });
  return localise(regions, pairs);
}

/** "publish c + publish d", "link c>d?" (suspected), "core cd", "unclear alike", "none"; then who is set aside, "-e controls". */
function short({ kind, unclear, regions, found, setAside }: Attribution): string {
  const faults = found.map(({ cause, suspected }) => named(cause, regions) + (suspected ? "?" : ""));
  const other = [kind, unclear ?? "", regions.join("")].filter((word) => word !== "").join(" ");
  const aside = setAside.map(({ region, why }) => ` -${region} ${why}`);
  return [faults.length > 0 ? faults.join(" + ") : other, ...aside].join("");
}

function named(cause: Cause, regions: readonly string[]): string {
  if (cause.kind === "core") return ["core", regions.join("")].join(" ").trim();
  return cause.kind === "link" ? `link ${cause.from}>${cause.to}` : `${cause.kind} ${cause.region}`;
}

const loopsOnly = (ids: string, bad: string, share = 1): Partial<World> => ({
  ids,
  questions: 0,
  lost: (from) => (bad.includes(from) ? share : 0),
});

const CASES: readonly (readonly [string, Partial<World>, string])[] = [
  ["nothing is lost", {}, "none"],
  ["one message of a loop", { lost: (from, to) => (from + to === "cc" ? 0.05 : 0) }, "none"],
  // The table.
  ["row c", { lost: WHOLLY(FAULTS.publish) }, "publish c"],
  ["column c", { lost: WHOLLY(FAULTS.subscribe) }, "subscribe c"],
  ["row and column c", { lost: WHOLLY(FAULTS.region) }, "region c"],
  ["everything", { lost: () => 1 }, "core abcdefg"],
  ["a third of everything", { lost: () => 0.34 }, "core abcdefg"],
  ["one cell", { lost: WHOLLY(FAULTS.link) }, "link c>d"],
  ["one cell both ways", { lost: (from, to) => (["cd", "dc"].includes(from + to) ? 1 : 0) }, "link c>d + link d>c"],
  ["row c, a third", { lost: (from) => (from === "c" ? 0.34 : 0) }, "publish c"],
  ["four of seven regions", { lost: (from, to) => (/[abcd]/.test(from + to) ? 1 : 0) }, "core abcd"],
  // A link is only suspected for a while.
  ["a cell of 2 messages", { questions: 1, loop: 0, rounds: 1, lost: WHOLLY(FAULTS.link) }, "link c>d?"],
  ["a cell in 1 round", { rounds: 1, lost: WHOLLY(FAULTS.link) }, "link c>d?"],
  ["a cell in 2 rounds", { rounds: 2, lost: WHOLLY(FAULTS.link) }, "link c>d?"],
  ["a cell in 3 rounds", { rounds: 3, lost: WHOLLY(FAULTS.link) }, "link c>d"],
  // Half its answers fly only if heard: 2 questions and 2 answers.
  ["4 messages in 3 rounds", { questions: 2, rounds: 3, lost: WHOLLY(FAULTS.link) }, "link c>d?"],
  // Without a mesh.
  ["loops: one of seven", loopsOnly("abcdefg", "c"), "region c"],
  ["loops: one of two", loopsOnly("ab", "b"), "region b"],
  ["loops: one of three", loopsOnly("abc", "c"), "region c"],
  ["loops: two of three", loopsOnly("abc", "ab"), "core ab"],
  ["loops: two of four", loopsOnly("abcd", "ab"), "core ab"],
  ["loops: two of five", loopsOnly("abcde", "ab"), "region a + region b"],
  ["loops: three of seven", loopsOnly("abcdefg", "abc"), "region a + region b + region c"],
  ["loops: four of seven", loopsOnly("abcdefg", "abcd"), "core abcd"],
  ["loops: two of two", loopsOnly("ab", "ab"), "core ab"],
  ["loops: the only one", loopsOnly("a", "a"), "unclear alone a"],
  ["loops: the only one, a little", loopsOnly("a", "a", 0.1), "unclear alone a"],
  ["loops: a fifth in half of four", loopsOnly("abcd", "ab", 0.2), "core ab"],
  ["loops: less than a fifth everywhere", loopsOnly("abcd", "abcd", 0.15), "core"],
  ["loops: two bad of ten messages in three", { ...loopsOnly("abc", "ab", 0.2), loop: 5 }, "core ab"],
  // Who is blind says nothing.
  ["blind and bad", { lost: regionOf("c"), but: { c: BLIND } }, "prober c -c controls"],
  ["blind and good", { but: { c: BLIND } }, "prober c -c controls"],
  ["2 of 3 controls answered", { lost: regionOf("c"), but: { c: HALF_BLIND } }, "region c"],
  ["no control was asked", { lost: regionOf("c"), but: { c: { controls: { asked: 0, answered: 0 } } } }, "region c"],
  ["not fit", { lost: regionOf("c"), but: { c: { fit: false } } }, "prober c -c unfit"],
  [
    "blind c, broken d",
    { lost: (f, t) => Math.max(regionOf("c")(f, t), regionOf("d")(f, t)), but: { c: BLIND } },
    "region d -c controls",
  ],
  ["blind c, broken core", { lost: () => 1, but: { c: BLIND } }, "core abdefg -c controls"],
  [
    "all blind",
    { ids: "abc", lost: () => 1, but: { a: BLIND, b: BLIND, c: BLIND } },
    "prober abc -a controls -b controls -c controls",
  ],
  [
    "two of three blind, one bad",
    { ...loopsOnly("abc", "c"), but: { a: BLIND, b: { fit: false } } },
    "unclear alone c -a controls -b unfit",
  ],
  [
    "half bad only with the blind",
    { ...loopsOnly("abcdef", "abc"), but: { a: BLIND } },
    "region b + region c -a controls",
  ],
  // A second provider.
  ["another provider is fine", { lost: regionOf("c"), but: { c: FINE_BY_OTHER } }, "prober c -c provider"],
  ["another provider is bad", { lost: regionOf("c"), but: { c: { second: { attempted: 3, bad: 3 } } } }, "region c"],
  ["another provider sent 2", { lost: regionOf("c"), but: { c: { second: { attempted: 2, bad: 0 } } } }, "region c"],
  ["another provider, nothing bad", { but: { c: FINE_BY_OTHER } }, "none"],
  // Missing pairs.
  ["c could not connect, so nobody reached it", { lost: regionOf("c"), missing: (_, to) => to === "c" }, "region c"],
  ["row c, half of the pairs missing", { lost: WHOLLY(FAULTS.publish), missing: (from, to) => from > to }, "publish c"],
  [
    "only the cell itself, no loops",
    { loop: 0, lost: WHOLLY(FAULTS.link), missing: (f, t) => f + t !== "cd" },
    "unclear alike",
  ],
  ["nothing was measured", { loop: 0, questions: 0 }, "unclear nothing"],
  ["loops of nothing, mesh alone", { loop: 0, lost: WHOLLY(FAULTS.publish) }, "publish c"],
  ["a mesh of two, all lost", { ids: "cd", loop: 0, lost: () => 1 }, "unclear alike"],
  [
    "two bad loops, eight good regions without",
    {
      ids: "abcdefghij",
      lost: (f, t) => (f === t && f < "c" ? 1 : 0),
      but: Object.fromEntries([..."cdefghij"].map((id) => [id, { attempted: 0, bad: 0 }])),
    },
    "unclear own_loop ab",
  ],
  // A loop alone.
  ["the loop of c alone", { lost: (from, to) => (from + to === "cc" ? 1 : 0) }, "unclear own_loop c"],
  // Two at once.
  ["rows c and d", { lost: (from) => ("cd".includes(from) ? 1 : 0) }, "publish c + publish d"],
  ["columns c and d", { lost: (_, to) => ("cd".includes(to) ? 1 : 0) }, "subscribe c + subscribe d"],
  ["row c, column d", { lost: (from, to) => (from === "c" || to === "d" ? 1 : 0) }, "publish c + subscribe d"],
  ["regions a and g", { lost: (f, t) => Math.max(regionOf("a")(f, t), regionOf("g")(f, t)) }, "region a + region g"],
  [
    "region a, and g's publishing",
    { lost: (f, t) => Math.max(regionOf("a")(f, t), f === "g" ? 1 : 0) },
    "region a + publish g",
  ],
  ["row c and half of column c", { lost: (from, to) => (from === "c" ? 1 : to === "c" ? 0.5 : 0) }, "region c"],
  [
    "row c, and one way elsewhere",
    { lost: (from, to) => (from === "c" || from + to === "ef" ? 1 : 0) },
    "publish c + link e>f",
  ],
  [
    "row c, and a stray message to c",
    {
      ids: "abcdefghij",
      loop: 0,
      questions: 1,
      rounds: 1,
      lost: (from, to) => (from === "c" || from + to === "ac" ? 1 : 0),
    },
    "publish c",
  ],
  [
    "loops of half the regions, a good mesh",
    { ids: "abcd", lost: (from, to) => (from === to && from < "c" ? 1 : 0) },
    "core ab",
  ],
  ["rows of most regions, no loops", { loop: 0, lost: (from) => (from < "e" ? 1 : 0) }, "core"],
];

describe("whose part is broken", () => {
  test.each(CASES)("%s", (_, changes, expected) => {
    const said = world(changes);
    expect(short(said)).toBe(expected);
    const [main] = said.found;
    expect(said.kind).toBe(main?.cause.kind ?? expected.split(" ")[0]);
    const alike = said.found.filter(({ cause }) => cause.kind === said.kind);
    if (main !== undefined && "region" in main.cause) {
      expect(said.regions).toEqual(alike.map(({ cause }) => ("region" in cause ? cause.region : "")));
    }
    expect(JSON.parse(JSON.stringify(said))).toEqual(said);
    for (const count of numbersOf(said)) expect(count).toBeGreaterThanOrEqual(0);
  });

  test("says how many were tried", () => {
    console.log(`${CASES.length} fleets`);
    expect(CASES.length).toBeGreaterThanOrEqual(30);
  });

  test("its numbers: messages where the fault is, the other paths, and how sure", () => {
    const link = world({ rounds: 3, lost: WHOLLY(FAULTS.link) });
    // 5 questions there; of d's 5 questions all were heard and none was answered.
    expect(link).toMatchObject({ kind: "link", regions: ["c", "d"], bad: 10, attempted: 10 });
    expect(link.otherPaths).toEqual({ measured: 48, healthy: 48 });
    expect(link.loops).toEqual({ measured: 7, bad: 0 });
    // 10 ln(1e4) - 9, ahead of publishing from c: 10 of 75 and its penalty of 5 (5 answers never flew).
    const row = 20 + 6 * 10;
    const rival = 10 * Math.log(10 / row / 1e-4) + (row - 10) * Math.log((1 - 10 / row) / (1 - 1e-4)) - 5;
    expect(link.nats).toBeCloseTo(10 * Math.log(1e4) - 9 - rival, 9);
    const region = world({ lost: WHOLLY(FAULTS.region) });
    // Its loop, 6 x 5 questions to it and 6 x 5 of its own: nothing was heard, so nothing was answered.
    expect(region).toMatchObject({ bad: 80, attempted: 80, otherPaths: { measured: 36, healthy: 36 } });
    const aside = world({ lost: () => 1, but: { c: BLIND, d: FINE_BY_OTHER } });
    expect(aside.loops).toEqual({ measured: 5, bad: 5 });
    expect(aside.setAside).toEqual([
      { region: "c", why: "controls", failed: 2, asked: 3 },
      { region: "d", why: "provider", bad: 20, attempted: 20, secondBad: 0, secondAttempted: 20 },
    ]);
    expect(world({ but: { c: BLIND } }).nats).toBeNull();
  });

  test("does not depend on order", () => {
    let tried = 0;
    const random = mulberry32(74);
    for (const [, changes] of CASES) {
      const { regions, pairs } = seenOf({ ...FLEET, ...changes });
      const mixed = localise(regions, shuffled(random, pairs));
      expect(short(mixed)).toBe(short(localise(regions, pairs)));
      tried++;
    }
    expect(tried).toBe(CASES.length);
  });
});

function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

describe("counts that cannot be", () => {
  const { regions, pairs } = seenOf({ ...FLEET, ids: "ab" });
  const [a, b] = regions as [RegionSeen, RegionSeen];
  const [ab] = pairs as [PairSeen];
  const REFUSED: readonly (readonly [string, readonly RegionSeen[], readonly PairSeen[]])[] = [
    ["a region twice", [a, a], []],
    ["more bad than attempted", [{ ...a, bad: 21 }, b], []],
    ["half a message", [{ ...a, bad: 0.5 }, b], []],
    ["NaN", [{ ...a, attempted: Number.NaN }, b], []],
    ["Infinity", [{ ...a, attempted: Number.POSITIVE_INFINITY }, b], []],
    ["a negative", [{ ...a, bad: -1 }, b], []],
    ["more controls answered than asked", [{ ...a, controls: { asked: 2, answered: 3 } }, b], []],
    ["a second provider's", [{ ...a, second: { attempted: 1, bad: 2 } }, b], []],
    ["an unknown region", [a], [ab]],
    ["a region with itself", [a, b], [{ ...ab, to: "a" }]],
    ["a pair twice", [a, b], [ab, ab]],
    ["lost there and back, more than asked", [a, b], [{ ...ab, lostThere: 3, lostBack: 3 }]],
    ["no rounds that can be", [a, b], [{ ...ab, rounds: Number.NaN }]],
  ];

  test.each(REFUSED)("%s", (_, someRegions, somePairs) => {
    expect(() => localise(someRegions, somePairs)).toThrow(RangeError);
  });

  test("zeros are no error, and no NaN", () => {
    const nothing = regions.map((each) => ({ ...each, attempted: 0, bad: 0 }));
    const silent = pairs.map((pair) => ({ ...pair, rounds: 0, attempted: 0 }));
    expect(short(localise(nothing, silent))).toBe("unclear nothing");
    expect(short(localise([], []))).toBe("unclear nothing");
    expect(weigh([]).map(({ nats }) => nats)).toEqual([-3]);
    const empty = { from: "a", to: "b", attempted: 0, bad: 0 };
    for (const { nats } of weigh([empty])) expect(Number.isFinite(nats)).toBe(true);
    expect(explain([], 3)).toEqual({ causes: [], nats: 3 });
  });

  test("a fleet of fifty is put through as well", () => {
    const ids = String.fromCodePoint(...Array.from({ length: 50 }, (_, at) => 0x4e00 + at), 0x63, 0x64);
    expect(short(world({ ids, lost: WHOLLY(FAULTS.publish) }))).toBe("publish c");
  });
});
