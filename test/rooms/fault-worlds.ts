// A fleet's loops and mesh as `localise.ts` sees them, with a loss of ours in each way: exact shares, or dice. An answer flies
// only if its question was heard, as in the real journey. Called by the tests of localisation.

import type { PairSeen, RegionSeen } from "../../workers/incidents/localise.ts";

export interface World {
  /** A letter for each region. */
  readonly ids: string;
  /** Messages of each own loop; 0: none. */
  readonly loop: number;
  /** Questions of each ordered pair in all rounds together; 0: no mesh. */
  readonly questions: number;
  readonly rounds: number;
  /** Share of messages lost from one region to another. */
  readonly lost: (from: string, to: string) => number;
  /** How many of n are lost at a share: exact unless diced. */
  readonly draw?: (n: number, share: number) => number;
  /** What one region says otherwise. */
  readonly but?: Readonly<Record<string, Partial<RegionSeen>>>;
  /** Ordered pairs ("ab") of which nothing is known. */
  readonly missing?: (from: string, to: string) => boolean;
}

export function seenOf(world: World): { regions: RegionSeen[]; pairs: PairSeen[] } {
  const { loop, questions, rounds, lost, draw = exact, but = {}, missing = () => false } = world;
  const ids = [...world.ids];
  const regions = ids.map((region) => ({
    region,
    attempted: loop,
    bad: draw(loop, lost(region, region)),
    fit: true,
    controls: null,
    second: null,
    ...but[region],
  }));
  const pairs = ids.flatMap((from) =>
    ids.flatMap((to) => {
      if (from === to || questions === 0 || missing(from, to)) return [];
      const lostThere = draw(questions, lost(from, to));
      const lostBack = draw(questions - lostThere, lost(to, from));
      return [{ from, to, rounds, attempted: questions, lostThere, lostBack }];
    }),
  );
  return { regions, pairs };
}

function exact(n: number, share: number): number {
  return Math.round(n * share);
}

/** A binomial draw from a seeded generator. */
export function diced(random: () => number): (n: number, share: number) => number {
  return (n, share) => {
    let hits = 0;
    for (let at = 0; at < n; at++) if (random() < share) hits++;
    return hits;
  };
}

/** Loss by where the fault is; everything else is lossless unless `chance` says otherwise. */
export const FAULTS = {
  none: () => false,
  core: () => true,
  publish: (from: string) => from === "c",
  subscribe: (_: string, to: string) => to === "c",
  region: (from: string, to: string) => from === "c" || to === "c",
  link: (from: string, to: string) => from === "c" && to === "d",
} as const satisfies Record<string, (from: string, to: string) => boolean>;
