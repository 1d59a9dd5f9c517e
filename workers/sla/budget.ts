// How much of what an objective allows is used up: minutes of downtime, or bad messages. Pure arithmetic on figures that are
// already judged; it judges nothing and never rounds in anybody's favour. Called for each objective when a report is composed.

import type { SlotsObjective } from "../config/contracts/contract.ts";
import type { Budget, ProportionFigures, SlotsFigures } from "./report-shape.ts";

const MINUTE_MS = 60_000;

/** Minutes since the epoch: the period ends before `toMinute` and is judged up to `throughMinute`. */
interface BudgetTime {
  readonly toMinute: number;
  readonly throughMinute: number;
}

/**
 * Downtime in minutes: allowed is (1 - target) of all slots of the whole period, `slotsWhole` (counted until now, and to come).
 * The share of the period that has passed is that of its slots, so that a time before the first probe, or a pause, is neither passed
 * nor to come.
 */
export function slotsBudget(
  objective: SlotsObjective,
  figures: SlotsFigures,
  time: BudgetTime & { readonly slotsWhole: number },
): Budget {
  const { slotsWhole } = time;
  const allowed = tidy(badShare(objective.target) * slotsWhole * objective.slotMinutes);
  const passed = figures.value === null || slotsWhole <= 0 ? 0 : Math.min(1, figures.counted / slotsWhole);
  return budgetOf("minute", allowed, figures.minutes_down, passed, time);
}

/**
 * Bad messages: allowed is (1 - target) of those attempted in the whole period, of which `messagesToCome` are still expected.
 * `target` of a quantile is its q.
 */
export function proportionBudget(
  target: number,
  figures: ProportionFigures,
  time: BudgetTime & { readonly messagesToCome: number },
): Budget {
  const whole = figures.attempted + time.messagesToCome;
  const passed = whole > 0 ? figures.attempted / whole : 0;
  return budgetOf("message", tidy(badShare(target) * whole), figures.bad, passed, time);
}

function budgetOf(unit: Budget["unit"], allowed: number, used: number, passed: number, time: BudgetTime): Budget {
  const left = tidy(allowed - used);
  return {
    unit,
    allowed,
    used,
    left,
    // Where nothing is allowed there is no rate to speak of: the first bad one overdraws it.
    burn_rate: passed > 0 && allowed > 0 ? used / allowed / passed : null,
    exhausted_at: exhaustedAt(used, left, passed, time),
  };
}

/**
 * When the mean pace until now uses up what is left. An overdrawn budget was used up at an instant that these sums do not know:
 * null as well, and `left` below 0 tells it.
 */
function exhaustedAt(
  used: number,
  left: number,
  passed: number,
  { toMinute, throughMinute }: BudgetTime,
): number | null {
  if (used <= 0 || left < 0 || passed <= 0 || passed >= 1 || throughMinute >= toMinute) return null;
  const toComeMs = (toMinute - throughMinute) * MINUTE_MS;
  // What has passed is to what is to come as the one share is to the other.
  const afterMs = Math.floor(tidy(((left / used) * toComeMs * passed) / (1 - passed)));
  return afterMs < toComeMs ? throughMinute * MINUTE_MS + afterMs : null;
}

/** 1 - .9999 is .00009999999999998899 in binary: a floor of 4.32 minutes would print 4.31. */
function badShare(target: number): number {
  return tidy(1 - target);
}

/** Without the dust of binary fractions: targets have few digits, and nobody prints twelve. */
function tidy(value: number): number {
  return Number(value.toFixed(12));
}
