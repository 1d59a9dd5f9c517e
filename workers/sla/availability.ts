// What the summed slots of a period mean: the contract's own share, the bounds that hold whatever is unknown, and the word
// for it (sla.md, 3 and 4.7). Owns what a run is worth. No minutes, no regions, no money. Called by `results.ts`.

import type { SlotsObjective } from "../config/contracts/contract.ts";
import type { BadRun, SlotsPart } from "./part.ts";
import type { ContractSays, SlotsFigures, Verdict } from "./report-shape.ts";

/**
 * For comparing downtime with what is allowed: 43.2 of 43,200 slots leave .999 exactly, but (1 - .999) x 43,200 is 43.20000000000004
 * in doubles. It errs by less than 1e-10 in a year of minutes, and downtimes differ by 1e-6 at least (`tidy`).
 */
const SLACK = 1e-7;

/** Runs that the contract counts, of at least `minRunSlots`, in slots. */
export function countedRuns(objective: SlotsObjective, part: SlotsPart): readonly BadRun[] {
  return part.runs.flatMap((run) => (run.slots < objective.minRunSlots ? [] : [{ ...run, down: tidy(run.down) }]));
}

/**
 * The figures of a period. Its own shares are of the slots until now; the verdict is on the whole period, in which `slotsToCome` more
 * are as unknown as unmeasured ones. Without a counted slot low is 0 and high is 1, since nothing is known. Excluded slots that the
 * contract counts as up are in its shares, but nobody measured them: alone they are no data, and `coverage` is of the others.
 */
export function slotsFigures(objective: SlotsObjective, part: SlotsPart, slotsToCome: number): SlotsFigures {
  const { counted, unmeasured, excluded } = part;
  const { target, slotMinutes, belowMin, denominator } = objective;
  const runs = countedRuns(objective, part);
  const down = tidy(runs.reduce((sum, run) => sum + run.down, 0));
  const worst = worstDown(objective, part, 0);
  const toMeasure = slotsToMeasure(objective, part);
  const measured = toMeasure - unmeasured;
  // The contract's own arithmetic: what it makes of slots that nobody measured.
  const own = {
    down: belowMin === "down" ? worst.byRule : down,
    of: belowMin === "unmeasured" && denominator === "measured" ? counted - unmeasured : counted,
  };
  const minutes = runs.map((run) => run.down * slotMinutes);
  const rounded = objective.runRounding === "exact" ? minutes : minutes.map(Math.ceil);
  const says: ContractSays = measured === 0 ? "no_data" : keeps(own.down, target, own.of) ? "met" : "breached";
  return {
    counted,
    down,
    unmeasured,
    excluded,
    minutes_down: tidy(rounded.reduce((sum, each) => sum + each, 0)),
    value: measured === 0 ? null : shareUp(own.down, own.of),
    low: counted === 0 ? 0 : shareUp(worst.atMost, counted),
    high: counted === 0 ? 1 : shareUp(down, counted),
    coverage: toMeasure === 0 ? 0 : measured / toMeasure,
    contract_says: says,
    verdict: verdictOf(objective, part, down, slotsToCome),
  };
}

/** Counted slots without those that are excluded and count as up. */
function slotsToMeasure({ excludedSlots }: SlotsObjective, { counted, excluded }: SlotsPart): number {
  return excludedSlots === "count-up" ? counted - excluded : counted;
}

function verdictOf(objective: SlotsObjective, part: SlotsPart, down: number, slotsToCome: number): Verdict {
  const { counted, unmeasured, coarse } = part;
  const { target } = objective;
  if (slotsToMeasure(objective, part) === unmeasured) return "no_data";
  // So many slots too coarse for the rule that they could decide it alone.
  if (!keeps(coarse, target, counted)) return "resolution_insufficient";
  const whole = counted + slotsToCome;
  if (keeps(worstDown(objective, part, slotsToCome).atMost, target, whole)) return "met";
  return keeps(down, target, whole) ? "undetermined" : "breached";
}

/**
 * Downtime if all that is unknown was down. `byRule`: in runs that are long enough with it: a short run beside an unmeasured slot may
 * have been a long one. `atMost`: and every other unmeasured slot, too, however lonely. What is to come may prolong the last.
 */
function worstDown(
  objective: SlotsObjective,
  part: SlotsPart,
  slotsToCome: number,
): { readonly byRule: number; readonly atMost: number } {
  const { minRunSlots, slotMinutes } = objective;
  if (minRunSlots === 1) {
    const sum = part.runs.reduce((total, run) => total + run.down, part.unmeasured + slotsToCome);
    return { byRule: tidy(sum), atMost: tidy(sum) };
  }
  const gaps = part.gaps.map(({ fromMinute, toMinute }) => {
    const slots = (toMinute - fromMinute) / slotMinutes;
    return { fromMinute, toMinute, slots, down: slots, unknown: slots };
  });
  const stretches = [...part.runs.map((run) => ({ ...run, unknown: 0 })), ...gaps].sort(
    (a, b) => a.fromMinute - b.fromMinute,
  );
  let [byRule, lonely] = [slotsToCome, 0];
  let open = { toMinute: Number.NaN, slots: 0, down: 0, unknown: 0 };
  const close = (more: number): void => {
    if (open.slots + more >= minRunSlots) byRule += open.down;
    else lonely += open.unknown;
  };
  for (const { fromMinute, toMinute, slots, down, unknown } of stretches) {
    if (fromMinute === open.toMinute) {
      open = { toMinute, slots: open.slots + slots, down: open.down + down, unknown: open.unknown + unknown };
      continue;
    }
    close(0);
    open = { toMinute, slots, down, unknown };
  }
  close(slotsToCome);
  return { byRule: tidy(byRule), atMost: tidy(byRule + lonely) };
}

/** Whether so many bad ones of `of` leave at least the target. */
function keeps(bad: number, target: number, of: number): boolean {
  return bad <= (1 - target) * of + SLACK;
}

/** A quotient of what is there, not 1 minus one: 58 down of 42,930 leave 42,872 / 42,930. */
function shareUp(down: number, of: number): number {
  return (of - down) / of;
}

/** Without the dust of binary fractions: 10.82 slots, not 10.820000000065. Whole numbers stay what they are. */
function tidy(slots: number): number {
  return Math.round(slots * 1e6) / 1e6;
}
