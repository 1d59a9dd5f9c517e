// Aim: faults are put where they are as often as the reference says, and quiet rounds give no finding (reference/sla.md 6).
// Method: seeded dice lose messages of a fleet of ten; the likeliest cause is compared with the truth, a tie counting half; the same
// with the attribution as it is said, on the real mesh, where an answer flies only if its question was heard.

import { describe, expect, test } from "vitest";
import { type Cause, type Leg, weigh } from "../../workers/incidents/likelihood.ts";
import { localise } from "../../workers/incidents/localise.ts";
import { mulberry32 } from "../random.ts";
import { diced, FAULTS, seenOf } from "./fault-worlds.ts";

const IDS = "abcdefghij";
const CHANCE = 1e-4;
const KINDS = ["core", "publish", "subscribe", "region", "link"] as const;
type Kind = (typeof KINDS)[number];

const TRUTH: Readonly<Record<Kind, Cause>> = {
  core: { kind: "core" },
  publish: { kind: "publish", region: "c" },
  subscribe: { kind: "subscribe", region: "c" },
  region: { kind: "region", region: "c" },
  link: { kind: "link", from: "c", to: "d" },
};

function legsOf(kind: Kind | "none", share: number, messages: number, draw: (n: number, p: number) => number): Leg[] {
  return [...IDS].flatMap((from) =>
    [...IDS]
      .filter((to) => to !== from)
      .map((to) => {
        const bad = draw(messages, FAULTS[kind](from, to) ? share : CHANCE);
        return { from, to, attempted: messages, bad };
      }),
  );
}

/** 1: the likeliest; a half: as likely as one other; 0: not it, or chance is likelier. */
function scoreOf(legs: readonly Leg[], truth: Cause): number {
  const [best, ...others] = weigh(legs);
  if (best === undefined || best.nats <= 0) return 0;
  const first = [best, ...others.filter(({ nats }) => best.nats - nats < 1e-9)].map(({ cause }) =>
    JSON.stringify(cause),
  );
  return first.includes(JSON.stringify(truth)) ? 1 / first.length : 0;
}

describe("the likeliest cause of one round", () => {
  // Kinds, loss, messages a pair, and the reference's range in per cent; the dice may miss it by 2.
  const table: readonly (readonly [readonly Kind[], number, number, number, number])[] = [
    [KINDS, 1, 2, 100, 100],
    [["publish", "subscribe", "region", "core"], 0.3, 2, 98, 100],
    [["link"], 0.3, 2, 10, 10],
    [["publish", "subscribe", "region"], 0.1, 2, 64, 72],
    [["core"], 0.1, 2, 100, 100],
    [["publish", "subscribe", "region"], 0.1, 5, 93, 98],
  ];
  const TRIES = 2_000;

  test("is the true one as often as the reference says", () => {
    const lines: string[] = [];
    for (const [kinds, share, messages, low, high] of table) {
      for (const kind of kinds) {
        const draw = diced(mulberry32(71));
        let right = 0;
        for (let at = 0; at < TRIES; at++) right += scoreOf(legsOf(kind, share, messages, draw), TRUTH[kind]);
        const percent = Math.floor((1_000 * right) / TRIES) / 10;
        lines.push(`${kind} ${share * 100} % x ${messages}: ${percent} % right (${low}-${high})`);
        expect.soft(percent, lines.at(-1)).toBeGreaterThanOrEqual(low - 2);
        expect.soft(percent, lines.at(-1)).toBeLessThanOrEqual(high + 2);
      }
    }
    console.log(`${lines.join("\n")}\n${lines.length} kinds and losses, ${TRIES} rounds each`);
    expect(lines).toHaveLength(17);
  });

  test("of a quiet round is none in 98 % at least", () => {
    const draw = diced(mulberry32(72));
    const rounds = 20_000;
    let found = 0;
    for (let at = 0; at < rounds; at++) if ((weigh(legsOf("none", 0, 2, draw))[0]?.nats ?? 0) > 0) found++;
    console.log(`quiet: ${found} of ${rounds} rounds look like a fault`);
    expect(found / rounds).toBeLessThanOrEqual(0.02);
    // Each single loss does: this is what "after an alarm only" is about.
    expect(found / rounds).toBeGreaterThan(0.015);
  });
});

describe("what is said of a round of the real mesh", () => {
  const TRIES = 400;
  interface Tally {
    right: number;
    /** The right region, not the right half of its ways. */
    near: number;
    unclear: number;
    none: number;
    wrong: number;
  }

  function tallyOf(kind: Kind | "none", share: number, questions: number, loop: number, tries: number): Tally {
    const draw = diced(mulberry32(73));
    const tally = { right: 0, near: 0, unclear: 0, none: 0, wrong: 0 };
    const truth = kind === "none" ? null : JSON.stringify([TRUTH[kind]]);
    for (let at = 0; at < tries; at++) {
      const lost = (from: string, to: string): number => (FAULTS[kind](from, to) ? share : CHANCE);
      const { regions, pairs } = seenOf({ ids: IDS, loop, questions, rounds: 1, lost, draw });
      const said = localise(regions, pairs);
      if (said.kind === "unclear" || said.kind === "none") tally[said.kind]++;
      else if (JSON.stringify(said.found.map(({ cause }) => cause)) === truth) tally.right++;
      else if (truth !== null && said.found.every(({ cause }) => "region" in cause && cause.region === "c"))
        tally.near++;
      else tally.wrong++;
    }
    return tally;
  }

  test("is right or open, and seldom wrong", () => {
    const lines: string[] = [];
    for (const loop of [0, 20]) {
      for (const questions of [1, 5]) {
        for (const share of [1, 0.3, 0.1]) {
          for (const kind of KINDS) {
            const { right, near, unclear, none, wrong } = tallyOf(kind, share, questions, loop, TRIES);
            lines.push(
              `${kind} ${share * 100} %, ${questions} a pair, loops of ${loop}: ${right} right, ${near} near, ${unclear} unclear, ${none} none, ${wrong} wrong`,
            );
            if (share === 1) expect.soft(right / TRIES, lines.at(-1)).toBeGreaterThanOrEqual(0.98);
            if (share === 0.3 && kind !== "link") expect.soft(right / TRIES, lines.at(-1)).toBeGreaterThanOrEqual(0.97);
            expect.soft(wrong / TRIES, lines.at(-1)).toBeLessThanOrEqual(0.04);
          }
        }
      }
    }
    console.log(`${lines.join("\n")}\n${lines.length} worlds, ${TRIES} rounds each`);
    expect(lines).toHaveLength(60);
  });

  test("of a quiet round is a fault in 1 of 1,000 at most", () => {
    const tally = tallyOf("none", 0, 1, 20, 3_000);
    console.log("quiet", tally);
    expect(tally.wrong).toBeLessThanOrEqual(3);
    expect(tally.none + tally.unclear + tally.near + tally.wrong).toBe(3_000);
  });
});
