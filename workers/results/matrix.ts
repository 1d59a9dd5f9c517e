// The from-to matrix of `mesh`: what each region's questions to each other one came to, both halves of the way told apart.
// Latency is the sum of both directions, on the asker's clock; a half of it would be an estimate, and is not made here.
// Pure; made from the joined rounds (`pairs.ts`), shown in the snapshot.

import type { Config, Target } from "../config/config.ts";
import { peersOf } from "../config/fleet.ts";
import { lateLimitMsOf, roundsMsMax } from "../config/journeys.ts";
import { latencyFigures } from "./figures.ts";
import { mergeSets } from "./histogram.ts";
import { lateOf, stateOfRound } from "./minute.ts";
import type { RoundRecord } from "./records.ts";
import type { SeriesHistory } from "./snapshot.ts";
import type { MatrixCell } from "./snapshot-shape.ts";

/** From the end of a round to both sides' reports, with room for a hand-over that waits for the collector. */
const REPORT_MS = 5_000;

/**
 * A cell for each ordered pair of the target's regions, row by row. `from`: since when rounds count, ms; who is silent for
 * longer than `staleMs` is not seen any more.
 */
export function matrixOf(
  config: Config,
  target: Target,
  histories: readonly SeriesHistory[],
  now: number,
  staleMs: number,
): MatrixCell[] {
  if (!target.journeys.some((plan) => plan.journey === "mesh")) return [];
  const reportedMs = roundsMsMax(target) + REPORT_MS;
  return target.regions.flatMap((from) =>
    peersOf("mesh", from, target).map((to) => {
      const history = histories.find((each) => each.journey === "mesh" && each.region === from && each.peer === to);
      return cellOf(config, from, to, history ?? null, now, staleMs, reportedMs);
    }),
  );
}

function cellOf(
  config: Config,
  from: string,
  to: string,
  history: SeriesHistory | null,
  now: number,
  staleMs: number,
  reportedMs: number,
): MatrixCell {
  const newest = history?.newest ?? null;
  const recent = history?.recent ?? [];
  // Rounds of which the other side says nothing prove nothing about the way to it.
  const measured = recent.filter((round) => round.unfit === "none");
  const sum = (of: (round: RoundRecord) => number): number => measured.reduce((total, round) => total + of(round), 0);
  const [ok, lost, error] = [sum((r) => r.ok), sum((r) => r.lost), sum((r) => r.error)];
  const late = sum((round) => lateOf(round.over, lateLimitMsOf("mesh", config.objectives)));
  const slowest = measured.reduce<number | null>((most, round) => maxOf(most, round.latencyMsMax), null);
  const isSilent = newest === null || now - newest.slotAt > staleMs;
  // The other side of the newest round may simply not have reported yet.
  const last = recent.findLast((round) => round.unfit !== "peer" || now - round.slotAt > reportedMs);
  const facts = { scheduled: sum((round) => round.scheduled), ok, lost, error, late, unfit: "none" } as const;
  // Good minutes before do not make a blind one good.
  const isBlind = last !== undefined && last.unfit !== "none";
  const isKnown = !isSilent && !isBlind && measured.length > 0;
  const state = isKnown ? stateOfRound(facts, config.objectives) : "unmeasured";
  const why = state !== "unmeasured" ? null : isSilent ? "silent" : unfitOf(last);
  return {
    from,
    to,
    state,
    why,
    last_slot_at: newest?.slotAt ?? null,
    rounds: measured.length,
    rounds_unmeasured: recent.length - measured.length,
    sent: ok + lost,
    heard: sum((round) => round.heard ?? 0),
    ok,
    lost,
    error,
    late,
    latency: latencyFigures(mergeSets(measured.map((round) => [round.latency])), slowest),
  };
}

function unfitOf(round: RoundRecord | undefined): string {
  return round === undefined || round.unfit === "none" ? "not_sent" : round.unfit;
}

function maxOf(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
