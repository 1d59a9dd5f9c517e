// From what a prober saw in a slot to the records that it keeps, and what its own health makes of them. Pure.
// Called by the prober.

import type { Config, Objectives, Target } from "../config/config.ts";
import { deadlineMsOf, lateLimitMsOf, limitsMsOf, scheduledOf } from "../config/journeys.ts";
import type { SeenSeries } from "../probes/journey.ts";
import type { Purpose, UnfitReason } from "../../schema/words.ts";
import { lateOf, stateOfRound } from "./minute.ts";
import type { ControlTally, RoundRecord } from "./records.ts";
import { recordRound } from "./round-record.ts";

/** What the records of one target and slot share. */
export interface SlotFacts {
  readonly config: Config;
  readonly configHash: string;
  readonly target: Target;
  readonly region: string;
  readonly slotAt: number;
  readonly startedAt: number;
  readonly purpose: Purpose;
  readonly place: string;
  /** Why all of it proves nothing, though it was run: it began too late. */
  readonly unfit: UnfitReason;
}

/** One record for each series of the target. */
export function recordsOf(seen: readonly SeenSeries[], slot: SlotFacts): RoundRecord[] {
  const { config, target, region, startedAt } = slot;
  return seen.map(({ plan, peer, observation }) => {
    const unfit = observation.unfit === "none" ? slot.unfit : observation.unfit;
    return recordRound(
      { ...observation, startedAt, unfit },
      {
        series: { target: target.id, region, journey: plan.journey, peer },
        slotAt: slot.slotAt,
        purpose: slot.purpose,
        everyMs: target.everyMs,
        deadlineMs: deadlineMsOf(plan, target),
        connectDeadlineMs: target.connectDeadlineMs,
        limitsMs: limitsMsOf(plan.journey, config.objectives),
        scheduled: scheduledOf(plan, target),
        place: slot.place,
        configHash: slot.configHash,
      },
    );
  });
}

/** Whether a round is a reason to doubt the prober itself: it would count as degraded or down. */
export function isBad(record: RoundRecord, objectives: Objectives): boolean {
  const late = lateOf(record.over, lateLimitMsOf(record.series.journey, objectives));
  const state = stateOfRound({ ...record, late }, objectives);
  return state === "down" || state === "degraded";
}

/** What the prober found when it looked at itself. */
export interface Findings {
  readonly controls: ControlTally;
  /** What makes bad rounds prove nothing; good ones prove themselves. */
  readonly finding: UnfitReason;
  /** It was somewhere else before: nothing of this slot belongs to either place. */
  readonly hasMoved: boolean;
}

/** The same records, with what was found. Counts stay as they are: they are evidence. */
export function withFindings(
  records: readonly RoundRecord[],
  { controls, finding, hasMoved }: Findings,
  objectives: Objectives,
): RoundRecord[] {
  return records.map((record) => {
    const own = isBad(record, objectives) ? finding : "none";
    const unfit = record.unfit !== "none" ? record.unfit : hasMoved ? "moved" : own;
    return { ...record, controls: controls.asked === 0 ? null : controls, unfit };
  });
}
