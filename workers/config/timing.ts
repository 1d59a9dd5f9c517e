// The arithmetic of a round: which periods are allowed, how long a round may take, and whether it fits. Pure numbers.
// `targets.ts` refuses with it what does not fit; the limits are explained in design.md, section 2.2.

import { durationText } from "./durations.ts";
import { CLOSING_MS, journeyMsMax, roundsMsMax } from "./journeys.ts";
import type { Target } from "./config.ts";
import type { Refusal } from "./problems.ts";

export const EVERY_MS_MIN = 1000;
export const EVERY_MS_MAX = 3_600_000;
const MINUTE_MS = 60_000;

/** All of a target's numbers that decide how long its rounds take; whole ms. */
export type Timing = Pick<Target, "everyMs" | "messages" | "gapMs" | "deadlineMs" | "connectDeadlineMs" | "journeys">;

/** Whether slots of this length start anew with each minute, or fill whole minutes. */
export function isEvery(everyMs: number): boolean {
  return everyMs >= EVERY_MS_MIN && everyMs <= EVERY_MS_MAX && (MINUTE_MS % everyMs === 0 || everyMs % MINUTE_MS === 0);
}

/** The nearest allowed period at or above `ms`; null above an hour. */
export function everyAtLeast(ms: number): number | null {
  if (ms > EVERY_MS_MAX) return null;
  if (ms > MINUTE_MS) return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
  let slots = Math.floor(MINUTE_MS / Math.max(ms, EVERY_MS_MIN));
  while (MINUTE_MS % slots !== 0) slots -= 1;
  return MINUTE_MS / slots;
}

/** Why a period is refused, with its neighbours; null: it is allowed. `everyMs` is within the bounds already. */
export function refusalOfEvery(everyMs: number): Refusal | null {
  if (isEvery(everyMs)) return null;
  const above = everyAtLeast(everyMs);
  // Below a minute: one slot more each time, until the minute divides evenly.
  let slots = Math.ceil(MINUTE_MS / everyMs);
  while (MINUTE_MS % slots !== 0) slots += 1;
  const below = everyMs > MINUTE_MS ? Math.floor(everyMs / MINUTE_MS) * MINUTE_MS : MINUTE_MS / slots;
  const neighbours = above === null ? [below] : [below, above];
  const mend = `write ${neighbours.map((ms) => `every: "${durationText(ms)}"`).join(" or ")}`;
  return { problem: "neither divides a minute nor is a multiple of it, so minutes would not be alike", mend };
}

/**
 * Why a round does not fit into its period, with the sum and what would do; null: it fits.
 * `deadlineMsLeast` is the smallest deadline that the objectives allow: a smaller one is not offered.
 */
export function refusalOfRound(timing: Timing, deadlineMsLeast: number): Refusal | null {
  const needMs = roundsMsMax(timing);
  if (needMs <= timing.everyMs) return null;
  const gaps = timing.messages - 1;
  const loop = [
    `connectDeadline ${timing.connectDeadlineMs}`,
    `${gaps} x gap ${timing.gapMs} (${gaps * timing.gapMs})`,
    `deadline ${timing.deadlineMs}`,
    `closing ${CLOSING_MS}`,
  ].join(" + ");
  const others = timing.journeys.filter((plan) => plan.journey !== "loop");
  const sum = [loop, ...others.map((plan) => `${plan.journey} ${journeyMsMax(plan, timing)}`)].join(" + ");
  const every = everyAtLeast(needMs);
  const deadlineMsMost = timing.deadlineMs - (needMs - timing.everyMs);
  const ways = [
    ...(every === null ? [] : [`every: "${durationText(every)}" or more`]),
    ...(deadlineMsMost < Math.max(1, deadlineMsLeast) ? [] : [`deadline: "${durationText(deadlineMsMost)}" or less`]),
  ];
  return {
    problem: `is too short for ${others.length === 0 ? "a round" : "the rounds of all journeys"}: ${sum} = ${needMs} ms, but every is ${timing.everyMs} ms`,
    mend: ways.length === 0 ? "write fewer messages, a smaller gap or fewer journeys" : `write ${ways.join(", or ")}`,
  };
}
