// Minutes into slots, each up, down, unmeasured, excluded or outside, by one objective; the slots of several regions into one
// line; and a line into sums and runs. Judges slots only: what their sum means for the contract says `availability.ts`.
// Called by `fold.ts`.

import type { RegionRule, SlotsObjective } from "../config/contracts/contract.ts";
import { MEASURED, OUTSIDE, REASONS } from "./line.ts";
import type { BadLine } from "./line.ts";
import { addReasons } from "./merge.ts";
import type { BadRun, Gap, SlotsPart } from "./part.ts";

/** States of a slot; those from `up` on are judged. */
const SLOT = { outside: 0, excluded: 1, unmeasured: 2, up: 3, down: 4 } as const;
type SlotState = (typeof SLOT)[keyof typeof SLOT];

/**
 * 7 of 100 at .07 is a rate reached, but .07 x 100 is 7.000000000000001 in doubles. No rate that people write differs by so
 * little; see `stateOfMinute`, which says up to how many messages the product errs by less.
 */
const SLACK = 1e-9;

/**
 * Fractions of a slot are kept as multiples of this, so that they add up to the same sum in any order and grouping: a double
 * adds them exactly up to 2^21 slots, and a year has 525,600 minutes. Each errs by 1.2e-10 at most.
 */
const FRACTION = 2 ** -32;

/** By slots; `attempted` and `bad` are those of measured minutes that are not excluded. */
export interface SlotLine {
  readonly state: Uint8Array;
  readonly attempted: Float64Array;
  readonly bad: Float64Array;
  /** 1: judged, with samples too few for the rule. */
  readonly coarse: Uint8Array;
  readonly unmeasuredMinutes: Readonly<Record<string, number>>;
}

/**
 * The slots of one region. The line begins at a slot's border and ends at one. `excluded`: by minutes of the line, 1 where it is;
 * null: nowhere. A slot is excluded if all its expected minutes are; in another one excluded minutes say nothing.
 */
export function judgeSlots(objective: SlotsObjective, line: BadLine, excluded: Uint8Array | null): SlotLine {
  const { slotMinutes } = objective;
  const slots = emptySlots(line.state.length / slotMinutes);
  const minutesByState = new Float64Array(REASONS.length + 1);
  for (let slot = 0; slot < slots.state.length; slot++) {
    let [expected, kept, attempted, bad] = [0, 0, 0, 0];
    for (let at = slot * slotMinutes; at < (slot + 1) * slotMinutes; at++) {
      const state = line.state[at] ?? OUTSIDE;
      if (state === OUTSIDE) continue;
      expected++;
      if (excluded?.[at] === 1) continue;
      kept++;
      if (state === MEASURED) {
        attempted += line.attempted[at] ?? 0;
        bad += line.bad[at] ?? 0;
      } else minutesByState[state] = (minutesByState[state] ?? 0) + 1;
    }
    setSlot(objective, slots, slot, expected, kept, attempted, bad);
  }
  const entries = REASONS.map((reason, at): [string, number] => [reason, minutesByState[at + 1] ?? 0]);
  return { ...slots, unmeasuredMinutes: addReasons([Object.fromEntries(entries)]) };
}

/**
 * The slots of several regions as one line, by the contract's rule. Regions for which a slot is excluded are left out of it. Unknown
 * regions make it unmeasured where they could decide it. `fractional` pools the messages instead, by what there is of them: it asks for a share, which the
 * messages of some regions estimate, as those of some minutes do for the slot. Minutes without measurement are added up over the
 * regions, so that what such a share does not rest on is told there.
 */
export function combineSlots(
  objective: SlotsObjective,
  rule: Exclude<RegionRule, "each">,
  lines: readonly SlotLine[],
): SlotLine {
  const slots = emptySlots(lines[0]?.state.length ?? 0);
  for (let slot = 0; slot < slots.state.length; slot++) {
    let [expected, up, down, unmeasured, attempted, bad, coarse] = [0, 0, 0, 0, 0, 0, 0];
    for (const line of lines) {
      const state = line.state[slot] ?? SLOT.outside;
      if (state !== SLOT.outside) expected++;
      if (state === SLOT.up) up++;
      else if (state === SLOT.down) down++;
      else if (state === SLOT.unmeasured) unmeasured++;
      // Both are 0 where the slot is outside or excluded.
      attempted += line.attempted[slot] ?? 0;
      bad += line.bad[slot] ?? 0;
      coarse += line.coarse[slot] ?? 0;
    }
    const kept = up + down + unmeasured;
    setSlot(objective, slots, slot, expected, kept, attempted, bad);
    if (kept === 0 || objective.downIf.rule === "fractional") continue;
    const enough = rule === "any-down" ? 1 : rule === "all-down" ? kept : rule.atLeast;
    const state = down >= enough ? SLOT.down : down + unmeasured >= enough ? SLOT.unmeasured : SLOT.up;
    slots.state[slot] = state;
    slots.coarse[slot] = coarse > 0 && state !== SLOT.unmeasured ? 1 : 0;
  }
  return { ...slots, unmeasuredMinutes: addReasons(lines.map((line) => line.unmeasuredMinutes)) };
}

/** The sum of a line whose first slot begins at `fromMinute`. */
export function sumSlots(objective: SlotsObjective, fromMinute: number, line: SlotLine): SlotsPart {
  const { slotMinutes, minRunSlots } = objective;
  const isFractional = objective.downIf.rule === "fractional";
  let [judged, unmeasured, excluded, coarse] = [0, 0, 0, 0];
  const runs: BadRun[] = [];
  const gaps: Gap[] = [];
  let last: number = SLOT.outside;
  for (let slot = 0; slot < line.state.length; slot++) {
    const state = line.state[slot] ?? SLOT.outside;
    const from = fromMinute + slot * slotMinutes;
    const to = from + slotMinutes;
    if (state >= SLOT.up) judged++;
    else if (state === SLOT.unmeasured) unmeasured++;
    else if (state === SLOT.excluded) excluded++;
    coarse += line.coarse[slot] ?? 0;
    if (state === SLOT.down) {
      const share = isFractional ? fractionOf(line.bad[slot] ?? 0, line.attempted[slot] ?? 0) : 1;
      const run = last === SLOT.down ? runs.pop() : undefined;
      runs.push({
        fromMinute: run?.fromMinute ?? from,
        toMinute: to,
        slots: (run?.slots ?? 0) + 1,
        down: (run?.down ?? 0) + share,
        bad: (run?.bad ?? 0) + (line.bad[slot] ?? 0),
        attempted: (run?.attempted ?? 0) + (line.attempted[slot] ?? 0),
      });
    } else if (state === SLOT.unmeasured && minRunSlots > 1) {
      const gap = last === SLOT.unmeasured ? gaps.pop() : undefined;
      gaps.push({ fromMinute: gap?.fromMinute ?? from, toMinute: to });
    }
    last = state;
  }
  const counted = judged + unmeasured + (objective.excludedSlots === "count-up" ? excluded : 0);
  return { counted, unmeasured, excluded, coarse, runs, gaps, unmeasuredMinutes: line.unmeasuredMinutes };
}

/** What a line says slot by slot. */
type Slots = Pick<SlotLine, "state" | "attempted" | "bad" | "coarse">;

function emptySlots(size: number): Slots {
  return {
    state: new Uint8Array(size),
    attempted: new Float64Array(size),
    bad: new Float64Array(size),
    coarse: new Uint8Array(size),
  };
}

/** `expected`, `kept`: how many minutes (or regions) are not outside, and how many of these are not excluded. */
function setSlot(
  objective: SlotsObjective,
  slots: Slots,
  slot: number,
  expected: number,
  kept: number,
  attempted: number,
  bad: number,
): void {
  const state: SlotState =
    expected === 0 ? SLOT.outside : kept === 0 ? SLOT.excluded : judge(objective, attempted, bad);
  slots.state[slot] = state;
  slots.attempted[slot] = attempted;
  slots.bad[slot] = bad;
  slots.coarse[slot] = state >= SLOT.up && isCoarse(objective, attempted) ? 1 : 0;
}

function judge(objective: SlotsObjective, attempted: number, bad: number): SlotState {
  const { downIf, minSamples } = objective;
  if (attempted < minSamples) return SLOT.unmeasured;
  switch (downIf.rule) {
    case "all-fail":
      return bad >= attempted ? SLOT.down : SLOT.up;
    case "rate": {
      const limit = downIf.value * attempted;
      return (downIf.op === ">" ? bad > limit + SLACK : bad >= limit - SLACK) ? SLOT.down : SLOT.up;
    }
    case "count":
      return bad >= downIf.gte ? SLOT.down : SLOT.up;
    case "fractional":
      return bad > 0 ? SLOT.down : SLOT.up;
  }
}

/** One bad message would already pass the rule's rate, or not even all of them reach its count (sla.md, section 1: resolution). */
function isCoarse({ downIf }: SlotsObjective, attempted: number): boolean {
  if (downIf.rule === "rate") return attempted * downIf.value < 1 - SLACK;
  return downIf.rule === "count" && attempted < downIf.gte;
}

function fractionOf(bad: number, attempted: number): number {
  return Math.round(bad / attempted / FRACTION) * FRACTION;
}
