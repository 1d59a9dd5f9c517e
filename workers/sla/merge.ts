// Two parts that follow each other into one, as if they had been folded at once: days into months, whatever the grouping.
// Adds integers and joins runs at the border; judges nothing. Called by `day-folding.store.ts`.

import type { BadRun, CountsPart, Gap, ObjectivePart, Part, ScopePart, SlotsPart } from "./part.ts";

/** RangeError unless `later` begins where `earlier` ends, with the same scopes and objectives in the same order. */
export function mergeParts(earlier: Part, later: Part): Part {
  if (earlier.toMinute !== later.fromMinute) {
    throw new RangeError(`a part from minute ${later.fromMinute} after one to ${earlier.toMinute}`);
  }
  return {
    fromMinute: earlier.fromMinute,
    toMinute: later.toMinute,
    scopes: pairs(earlier.scopes, later.scopes, "scopes").map(([a, b]) => mergeScopes(a, b)),
  };
}

/** Minutes by reason, added up; reasons without any are left out, the others in the order of the alphabet. */
export function addReasons(list: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [reason, minutes] of list.flatMap((each) => Object.entries(each))) {
    if (minutes > 0) sums.set(reason, (sums.get(reason) ?? 0) + minutes);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mergeScopes(a: ScopePart, b: ScopePart): ScopePart {
  if (a.region !== b.region) throw new RangeError(`a part of region ${b.region} after one of ${a.region}`);
  const objectives = pairs(a.objectives, b.objectives, "objectives");
  return { region: a.region, objectives: objectives.map(([one, other]) => mergeObjectives(one, other)) };
}

/** Where nothing is excluded, with and without exclusions is one object, and so it stays: a year of runs is held once. */
function mergeObjectives(a: ObjectivePart, b: ObjectivePart): ObjectivePart {
  const isSame = a.applied === a.raw && b.applied === b.raw;
  if (a.id === b.id && a.kind === "slots" && b.kind === "slots") {
    const applied = mergeSlots(a.applied, b.applied);
    return { kind: "slots", id: a.id, applied, raw: isSame ? applied : mergeSlots(a.raw, b.raw) };
  }
  if (a.id === b.id && a.kind === "counts" && b.kind === "counts") {
    const applied = addCounts(a.applied, b.applied);
    return { kind: "counts", id: a.id, applied, raw: isSame ? applied : addCounts(a.raw, b.raw) };
  }
  throw new RangeError(`a part of objective ${b.id} (${b.kind}) after one of ${a.id} (${a.kind})`);
}

function mergeSlots(a: SlotsPart, b: SlotsPart): SlotsPart {
  return {
    counted: a.counted + b.counted,
    unmeasured: a.unmeasured + b.unmeasured,
    excluded: a.excluded + b.excluded,
    coarse: a.coarse + b.coarse,
    runs: joined(a.runs, b.runs, joinRuns),
    gaps: joined(a.gaps, b.gaps, (gap, next) => ({ fromMinute: gap.fromMinute, toMinute: next.toMinute })),
    unmeasuredMinutes: addReasons([a.unmeasuredMinutes, b.unmeasuredMinutes]),
  };
}

function joinRuns(run: BadRun, next: BadRun): BadRun {
  return {
    fromMinute: run.fromMinute,
    toMinute: next.toMinute,
    slots: run.slots + next.slots,
    down: run.down + next.down,
    bad: run.bad + next.bad,
    attempted: run.attempted + next.attempted,
  };
}

/** Both lists; a stretch that ends where the next one begins is one with it, which can only be at the border. */
function joined<T extends Gap>(a: readonly T[], b: readonly T[], join: (one: T, next: T) => T): readonly T[] {
  const [last, first] = [a.at(-1), b[0]];
  if (last === undefined || first === undefined || last.toMinute !== first.fromMinute) return [...a, ...b];
  return [...a.slice(0, -1), join(last, first), ...b.slice(1)];
}

function addCounts(a: CountsPart, b: CountsPart): CountsPart {
  return {
    n: a.n + b.n,
    bad: a.bad + b.bad,
    unjudged: a.unjudged + b.unjudged,
    minutes: a.minutes + b.minutes,
    measured: a.measured + b.measured,
    unmeasured: a.unmeasured + b.unmeasured,
    badBad: a.badBad + b.badBad,
    badN: a.badN + b.badN,
    nn: a.nn + b.nn,
    blocks: {
      count: a.blocks.count + b.blocks.count,
      badBad: a.blocks.badBad + b.blocks.badBad,
      badN: a.blocks.badN + b.blocks.badN,
      nn: a.blocks.nn + b.blocks.nn,
    },
  };
}

function pairs<T>(a: readonly T[], b: readonly T[], what: string): (readonly [T, T])[] {
  if (a.length !== b.length) throw new RangeError(`a part of ${b.length} ${what} after one of ${a.length}`);
  return a.flatMap((one, at) => b.slice(at, at + 1).map((other) => [one, other] as const));
}
