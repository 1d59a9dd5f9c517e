// When rounds happen: absolute slots, counted from the epoch, so that every region and every restart agrees on them.
// No clock: `now` is an argument. Called by the prober.

import type { Target } from "../config/config.ts";
import { roundsMsMax } from "../config/journeys.ts";

/** A prober that wakes later than this proves nothing about the service (reference: sla.md 4.7). */
export const LAG_LIMIT_MS = 2_000;

/** Start of the slot that `now` lies in, ms since the epoch. */
export function slotAt(now: number, everyMs: number): number {
  return Math.floor(now / everyMs) * everyMs;
}

/** The next moment, strictly after `now`, at which any of these intervals begins a slot; null when there are none. */
export function nextWakeAt(now: number, everyMs: readonly number[]): number | null {
  return everyMs.length === 0 ? null : Math.min(...everyMs.map((every) => slotAt(now, every) + every));
}

/** Three messages a second apart tell a hiccup from an outage (reference: sla.md, detectors). */
const FEW = { messages: 3, gapMs: 1_000 } as const;
/** A burst is judged by 4 of 20: three messages would miss a loss of 20 % two times in three, and see it minutes later. */
const BURST = 20;

/** The target as a confirm round measures it: only its loop, a burst where its rounds are bursts. */
export function confirmTarget(target: Target): Target {
  const round = target.messages >= BURST ? { messages: BURST } : FEW;
  return { ...target, ...round, journeys: [{ journey: "loop" }] };
}

export interface DueRound {
  readonly target: Target;
  readonly slotAt: number;
  /** How late we are. */
  readonly lagMs: number;
  /**
   * Whether it is worth running: it ends before its next slot begins, or is so little late that it proves something and
   * delays the next by no more than that. If not, it is recorded as not sent.
   */
  readonly fits: boolean;
}

/**
 * Which targets have a slot to run now. `lastBeganAt`: when the last recorded wake began (null: never) — its slots were
 * run then. A slot that passed while nobody was awake is absent, not made up for. After a clock that went backwards by
 * more than a slot everything counts as due again: the round's key makes a second delivery harmless.
 */
export function dueRounds(now: number, targets: readonly Target[], lastBeganAt: number | null): DueRound[] {
  return targets.flatMap((target) => {
    const start = slotAt(now, target.everyMs);
    const done = lastBeganAt !== null && start <= lastBeganAt && lastBeganAt < start + target.everyMs;
    if (done) return [];
    const lagMs = now - start;
    const fits = lagMs <= LAG_LIMIT_MS || lagMs + roundsMsMax(target) <= target.everyMs;
    return [{ target, slotAt: start, lagMs, fits }];
  });
}
