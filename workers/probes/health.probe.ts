// The instrument looks at itself: do independent endpoints answer, is the clock right, is it still where it was? Asked when
// a round goes bad, and now and then. Never while messages fly. What it finds makes rounds unmeasured, never down.

import type { Config } from "../config/config.ts";
import { fillPlaceholders } from "../config/placeholders.ts";
import type { Outside } from "../outside.ts";
import type { UnfitReason } from "../../schema/words.ts";
import { askControls, CONTROL_TIMEOUT_MS } from "./controls.probe.ts";
import { findingOf } from "./controls.ts";
import { observePlace } from "./place.probe.ts";

/** A prober whose rounds are good looks at its controls this often: who never asks learns too late that they are gone. */
export const CONTROL_EVERY_MS = 10 * 60_000;
/** Less than this is no fair chance to answer. */
const PATIENCE_MS_MIN = 500;

export interface Health {
  readonly asked: number;
  readonly answered: number;
  /** What makes bad rounds prove nothing. */
  readonly finding: Extract<UnfitReason, "none" | "controls" | "clock_step">;
  /** Where the prober is now; "" when it could not be learnt. */
  readonly place: string;
}

/** Never rejects; takes at most until `untilAt` (but half a second in any case), and at most 3 s. */
export async function lookAtItself(
  outside: Outside,
  config: Pick<Config, "controls" | "placeUrl">,
  region: string,
  untilAt: number,
): Promise<Health> {
  const patienceMs = Math.min(CONTROL_TIMEOUT_MS, Math.max(PATIENCE_MS_MIN, untilAt - outside.now()));
  const urls = config.controls.map((url) => fillPlaceholders(url, { region }));
  const [answers, place] = await Promise.all([
    askControls(outside, urls, patienceMs),
    observePlace(outside, config.placeUrl, patienceMs),
  ]);
  const answered = answers.filter((each) => each.answeredAt !== null).length;
  return { asked: answers.length, answered, finding: findingOf(answers), place };
}
