// Where a fault is, from the last rounds that a Duty has watched: turns them into what `localise.ts` weighs. Pure. Called when an
// incident's sentence is made, never to raise an alarm.

import type { Target } from "../config/config.ts";
import { localise } from "./localise.ts";
import type { Attribution, PairSeen, RegionSeen } from "./localise.ts";
import type { LoopRound, Watch } from "./watch.ts";

/** `since`: the first bad message; rounds of slots before its own say how it was when all was well. */
export function placeOf(watch: Watch, target: Target, since: number): Attribution {
  const from = since - target.everyMs;
  const regions = target.regions.map((region) => regionSeen(region, (watch.loops[region] ?? []).filter(isSince(from))));
  const pairs = target.regions.flatMap((asker) =>
    target.regions.flatMap((peer) => {
      const seen = asker === peer ? null : pairSeen(watch, asker, peer, from);
      return seen === null ? [] : [seen];
    }),
  );
  return localise(regions, pairs);
}

function isSince(from: number): (round: { readonly slotAt: number }) => boolean {
  return ({ slotAt }) => slotAt > from;
}

function regionSeen(region: string, rounds: readonly LoopRound[]): RegionSeen {
  const fit = rounds.filter((round) => round.fit);
  const newest = rounds.at(-1);
  const controls = rounds.findLast((round) => round.controls !== null)?.controls ?? null;
  return {
    region,
    attempted: sum(fit.map(({ attempted }) => attempted)),
    bad: sum(fit.map(({ bad }) => bad)),
    fit: newest === undefined || newest.fit,
    controls,
    second: null,
  };
}

/** Only rounds that both sides tell of; null: there is none. */
function pairSeen(watch: Watch, from: string, to: string, since: number): PairSeen | null {
  const others = new Map((watch.pairs[to]?.[from] ?? []).map((round) => [round.slotAt, round.heard]));
  const joined = (watch.pairs[from]?.[to] ?? []).flatMap((round) => {
    const heard = others.get(round.slotAt) ?? null;
    return heard === null || !round.fit || round.slotAt <= since
      ? []
      : [{ ...round, heard: Math.min(heard, round.attempted) }];
  });
  if (joined.length === 0) return null;
  const attempted = sum(joined.map((round) => round.attempted));
  const lostThere = sum(joined.map((round) => round.attempted - round.heard));
  const lostBack = sum(joined.map((round) => Math.max(0, round.heard - round.ok)));
  return { from, to, rounds: joined.length, attempted, lostThere, lostBack };
}

function sum(list: readonly number[]): number {
  return list.reduce((total, each) => total + each, 0);
}
