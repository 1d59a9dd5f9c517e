// One look of a target's Duty: takes new rounds to each region's detector, and keeps what else later looks need: the last rounds
// for telling where a fault is, and the minutes that budgets burn by. Pure, and its memory is plain data of bounded size. Never
// decides about incidents: `decide.ts` does, from what this has seen.

import type { Config, Target } from "../config/config.ts";
import type { RoundRecord } from "../results/records.ts";
import type { MinuteCounts } from "./burn.ts";
import { findingOf, newDetector } from "./detection.ts";
import type { Change, DetectorState } from "./detection.ts";
import { advance, tick } from "./detector.ts";
import { signalOf } from "./signal.ts";
import type { RegionSeen } from "./spells.ts";

const MINUTE_MS = 60_000;
/** Of each loop and of each pair so many rounds are kept: three of a pair name it without a doubt (sla.md 6), a minute of loops at 10 s. */
const LOOPS_KEPT = 6;
const PAIRS_KEPT = 4;

/** A round as localisation needs it. */
export interface LoopRound {
  readonly slotAt: number;
  readonly attempted: number;
  readonly bad: number;
  readonly fit: boolean;
  readonly controls: { readonly asked: number; readonly answered: number } | null;
}

/** What a region says of its questions to a peer, and of the peer's questions to it. */
export interface PairRound {
  readonly slotAt: number;
  readonly attempted: number;
  readonly ok: number;
  readonly fit: boolean;
  /** Of the peer's messages; null: it was not there. */
  readonly heard: number | null;
}

export interface Watch {
  /** By region. */
  readonly detectors: Readonly<Record<string, DetectorState>>;
  readonly loops: Readonly<Record<string, readonly LoopRound[]>>;
  /** By asker, then by peer. */
  readonly pairs: Readonly<Record<string, Readonly<Record<string, readonly PairRound[]>>>>;
}

export const NOTHING_WATCHED: Watch = { detectors: {}, loops: {}, pairs: {} };

export interface Watched {
  readonly watch: Watch;
  /** Regions whose detectors want a confirm round, with the newest word of each; `dueAt`: not to be begun sooner. */
  readonly confirm: readonly (Extract<Change, { readonly kind: "confirm" }> & {
    readonly region: string;
    readonly dueAt: number;
  })[];
  /** What all regions' scheduled rounds of `loop` add to the minutes that budgets burn by; several of one minute are not joined. */
  readonly pooled: readonly MinuteCounts[];
}

/** `records`: new rounds in the order of their arrival, each once; those of regions that the target no longer has are left out. */
export function watchRounds(
  before: Watch,
  records: readonly RoundRecord[],
  facts: { readonly config: Pick<Config, "objectives">; readonly target: Target; readonly now: number },
): Watched {
  const { config, target, now } = facts;
  const detectors: Record<string, DetectorState> = {};
  for (const region of target.regions) detectors[region] = before.detectors[region] ?? newDetector(now);
  const loops = { ...before.loops };
  const pairs: Record<string, Record<string, readonly PairRound[]>> = { ...before.pairs };
  const confirm = new Map<string, Watched["confirm"][number]>();
  const pooled: MinuteCounts[] = [];
  for (const record of records) {
    const { region, journey, peer } = record.series;
    if (!target.regions.includes(region)) continue;
    if (journey === "mesh") {
      const own = { ...pairs[region] };
      pairs[region] = { ...own, [peer]: lastOf([...(own[peer] ?? []), pairRound(record)], PAIRS_KEPT) };
    }
    const signal = signalOf(record, config.objectives.latencyMsP99);
    const known = detectors[region];
    if (signal === null || known === undefined) continue;
    const { state, changes } = advance(known, signal, target);
    detectors[region] = state;
    // A newer round takes back the question that an older one asked.
    confirm.delete(region);
    for (const change of changes)
      if (change.kind === "confirm") confirm.set(region, { ...change, region, dueAt: record.slotAt + change.apartMs });
    loops[region] = lastOf([...(loops[region] ?? []), loopRound(record)], LOOPS_KEPT);
    if (record.purpose === "scheduled" && record.unfit === "none") pooled.push(pooledOf(record));
  }
  for (const region of target.regions) {
    const known = detectors[region];
    if (known !== undefined) detectors[region] = tick(known, now, target).state;
  }
  return { watch: { detectors, loops, pairs }, confirm: [...confirm.values()], pooled };
}

/** What is known of each region of the target. */
export function seenOf(watch: Watch, target: Target): readonly RegionSeen[] {
  return target.regions.flatMap((region) => {
    const state = watch.detectors[region];
    return state === undefined ? [] : [{ region, ...findingOf(state) }];
  });
}

function lastOf<T extends { readonly slotAt: number }>(rounds: readonly T[], kept: number): readonly T[] {
  return rounds.toSorted((a, b) => a.slotAt - b.slotAt).slice(-kept);
}

function loopRound({ slotAt, ok, lost, error, unfit, controls }: RoundRecord): LoopRound {
  return { slotAt, attempted: ok + lost + error, bad: lost + error, fit: unfit === "none", controls };
}

function pairRound({ slotAt, ok, lost, error, unfit, heard }: RoundRecord): PairRound {
  return { slotAt, attempted: ok + lost + error, ok, fit: unfit === "none", heard };
}

function pooledOf({ slotAt, ok, lost, error, over }: RoundRecord): MinuteCounts {
  const counts = { attempted: ok + lost + error, bad: lost + error, over };
  return { minute: Math.floor(slotAt / MINUTE_MS), ...counts };
}
