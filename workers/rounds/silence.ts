// Whether a prober is silent: a slot has passed that it should have run, and it has nothing to show for it. No clock: `now`
// is an argument. Called by the watchdog, each minute.

import type { ProberPlan } from "../config/fleet.ts";
import { roundsMsMax } from "../config/journeys.ts";
import { slotAt } from "./slots.ts";

/** What a prober says of itself, as far as it matters here. */
export interface Life {
  /** When it was first armed. */
  readonly bornAt: number;
  /** When its newest recorded wake began; null before the first. */
  readonly newestWakeAt: number | null;
}

export type Silence = "no_wake" | "no_answer";

/** A round may still be under way for this long after its slot, and its row is written after it. */
const GRACE_MS = 15_000;
/** So that a prober at 60 s that fell silent right after a wake is seen 120 s later: its next slot, and this. */
const GRACE_MS_MAX = 60_000;

/** Why it counts as silent; null: it does not. `life` null: it did not answer. */
export function silenceOf(plan: ProberPlan, life: Life | "flying" | null, now: number): Silence | null {
  if (life === "flying") return null;
  if (life === null) return "no_answer";
  const alive = Math.max(life.bornAt, life.newestWakeAt ?? 0);
  const missed = plan.targets.some((target) => {
    const graceMs = Math.min(GRACE_MS_MAX, roundsMsMax(target) + GRACE_MS);
    return alive < slotAt(now - graceMs, target.everyMs);
  });
  return missed ? "no_wake" : null;
}
