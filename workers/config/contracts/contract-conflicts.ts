// What an objective needs of the target that it judges: the journey, the latency limit, as many messages as its rule can see one
// bad one in, and no more pairs of regions than a judge can hold. A contract never changes what is measured, so what is missing is
// refused with the line to write. Called by `contracts.ts`.

import type { JourneyPlan, Objectives, Target } from "../config.ts";
import { durationText } from "../durations.ts";
import { deadlineMsOf, limitsMsOf, scheduledOf } from "../journeys.ts";
import { LIMITS_MAX } from "../objectives.ts";
import type { Path, Report } from "../problems.ts";
import type { Objective, SlotsObjective } from "./contract.ts";

const MINUTE_MS = 60_000;
/**
 * A judge reads a whole day at once, and 34 kB for each hour and pair of `mesh`: 8 regions with 7 peers each are
 * 8 x 7 x 24 x 34 kB = 46 MB of an object's 128; 9 with 8 would be 59 MB. A region's pairs are those with all its peers, whether
 * these are in the contract or not.
 */
const MESH_PAIRS_MAX = 8 * 7;
const MESH_DAY_BYTES = 24 * 34_000;

/** `path` is that of the contract's objectives; `regions` are the contract's. */
export function reportAgainstTarget(
  all: readonly Objective[],
  path: Path,
  around: { readonly target: Target; readonly regions: readonly string[]; readonly objectives: Objectives },
  report: Report,
): void {
  const { target, regions } = around;
  all.forEach((objective, index) => {
    if (objective.kind === "duration") return;
    const entry = [...path, index];
    const plan = target.journeys.find(({ journey }) => journey === objective.journey);
    if (plan === undefined) {
      const named = [...target.journeys.map(({ journey }) => journey), objective.journey];
      const journeys = named.map((journey) => `"${journey}"`).join(", ");
      report.add([...entry, "journey"], objective.journey, {
        problem: `is what the objective "${objective.id}" judges, and the target "${target.id}" does not measure it`,
        mend: `write journeys: [${journeys}] in the target, or judge another journey`,
      });
      return;
    }
    if (plan.journey === "mesh") reportPairs(regions.length, target, [...entry, "journey"], report);
    for (const [key, limitMs] of limitsOf(objective)) {
      reportLimit(limitMs, plan, [...entry, key], around, report);
    }
    if (objective.kind === "slots") reportResolution(objective, plan, entry, target, report);
  });
}

/** `count`: of the contract's regions. */
function reportPairs(count: number, target: Target, path: Path, report: Report): void {
  const peers = target.regions.length - 1;
  const pairs = count * peers;
  if (pairs <= MESH_PAIRS_MAX) return;
  const megabytes = (some: number): number => Math.ceil((some * MESH_DAY_BYTES) / 1e6);
  const fit = Math.floor(MESH_PAIRS_MAX / peers);
  report.add(path, "mesh", {
    problem:
      `is about ${count} regions with ${peers} peers each: a day of ${pairs} pairs takes ${megabytes(pairs)} MB to judge, and ` +
      `${MESH_PAIRS_MAX} pairs (${megabytes(MESH_PAIRS_MAX)} MB) are the most`,
    mend:
      `write regions: [...] with at most ${fit} of them in the contract, or judge another journey, ` +
      "or let at most 8 regions measure the target",
  });
}

/** Limits that have to be counted, ms, by the key that says them. */
function limitsOf(objective: Exclude<Objective, { kind: "duration" }>): readonly (readonly [string, number])[] {
  const { kind } = objective;
  if (kind === "quantile") return [["limit", objective.countedMs]];
  const limitMs = kind === "slots" ? objective.lateMs : objective.withinMs;
  return limitMs === null ? [] : [[kind === "slots" ? "late" : "within", limitMs]];
}

function reportLimit(
  limitMs: number,
  plan: JourneyPlan,
  path: Path,
  around: { readonly target: Target; readonly objectives: Objectives },
  report: Report,
): void {
  const { target, objectives } = around;
  const text = durationText(limitMs);
  const deadlineMs = deadlineMsOf(plan, target);
  if (limitMs >= deadlineMs) {
    const key = plan.journey === "connect" ? "connectDeadline" : "deadline";
    report.add(path, text, {
      problem: `is not below the ${key} of the target "${target.id}" (${durationText(deadlineMs)}): what is slower is lost, and never late`,
      mend: `write a limit below that, or a longer ${key} in the target`,
    });
    return;
  }
  if (limitsMsOf(plan.journey, objectives).includes(limitMs)) return;
  const all = [...new Set([...objectives.limitsMs, limitMs])].sort((a, b) => a - b);
  const list = all.map((ms) => `"${durationText(ms)}"`).join(", ");
  report.add(path, text, {
    problem: `is not among the limits that each minute of ${plan.journey} counts`,
    mend:
      all.length <= LIMITS_MAX
        ? `write objectives: { limits: [${list}] } in the configuration`
        : `write one of ${LIMITS_MAX} limits that are counted already, or change objectives: { limits } in the configuration`,
  });
}

function reportResolution(
  objective: SlotsObjective,
  plan: JourneyPlan,
  path: Path,
  target: Target,
  report: Report,
): void {
  const { slotMinutes, downIf, minSamples } = objective;
  const rounds = roundsOf(slotMinutes, target);
  if (rounds === 0) {
    const every = durationText(target.everyMs);
    const longer = SLOT_TEXTS.find(([minutes]) => roundsOf(minutes, target) > 0);
    const ways = longer === undefined ? [] : [`slot: "${longer[1]}"`];
    report.add([...path, "slot"], `${slotMinutes * 60}s`, {
      problem: `is shorter than the time from round to round of the target "${target.id}" (${every}): some slots would be empty`,
      mend: `write ${[...ways, `every: "${slotMinutes * 60}s" or less in the target`].join(", or ")}`,
    });
    return;
  }
  const samples = samplesOf(plan, target, slotMinutes);
  const short = (key: readonly string[], value: number | string, needed: number, problem: string): void =>
    report.add([...path, ...key], value, { problem, mend: waysTo(needed, objective, plan, target) });
  const holds = `a slot of ${slotMinutes * 60}s holds ${samples} of ${plan.journey}`;
  if (minSamples > samples) short(["minSamples"], minSamples, minSamples, `is more than there are: ${holds}`);
  if (downIf.rule === "count" && downIf.gte > samples) {
    short(["downIf", "count"], downIf.gte, downIf.gte, `is more than there are: ${holds}`);
  }
  // One bad message of fewer than 1 / value is more than value: nobody could see less. 1 / .07 is 14.2857...: it takes fifteen.
  const needed = downIf.rule === "rate" ? Math.ceil(1 / downIf.value) : 0;
  if (downIf.rule === "rate" && samples < needed) {
    const problem = `is finer than the samples: it needs ${needed}, and ${holds}, of which one bad one is ${shareOfOne(samples)}`;
    short(["downIf", "rate"], `${downIf.op} ${downIf.value}`, needed, problem);
  }
}

const SLOT_TEXTS = [
  [1, "60s"],
  [5, "300s"],
  [10, "600s"],
] as const;

/** Rounds that begin in every slot of this length; some slots have one more where the periods do not divide. */
function roundsOf(slotMinutes: number, target: Target): number {
  return Math.floor((slotMinutes * MINUTE_MS) / target.everyMs);
}

/** A region's mesh is its messages to each of its peers. */
function peersOf(plan: JourneyPlan, target: Target): number {
  return plan.journey === "mesh" ? target.regions.length - 1 : 1;
}

function samplesOf(plan: JourneyPlan, target: Target, slotMinutes: number): number {
  return scheduledOf(plan, target) * peersOf(plan, target) * roundsOf(slotMinutes, target);
}

/** What to write so that a slot holds that many. */
function waysTo(needed: number, { slotMinutes }: SlotsObjective, plan: JourneyPlan, target: Target): string {
  const each = Math.ceil(needed / (roundsOf(slotMinutes, target) * peersOf(plan, target)));
  const more = roundFor(each, plan, target);
  const longer = SLOT_TEXTS.find(([minutes]) => minutes > slotMinutes && samplesOf(plan, target, minutes) >= needed);
  const ways = [
    ...(more === null ? [] : [`${more} in the target`]),
    ...(longer === undefined ? [] : [`slot: "${longer[1]}"`]),
    "a coarser rule",
  ];
  return `write ${ways.join(", or ")}`;
}

/** The number of a journey that makes a round hold so many; null: none that may stand there does. */
function roundFor(samples: number, plan: JourneyPlan, target: Target): string | null {
  switch (plan.journey) {
    case "loop":
      return samples <= 1000 ? `messages: ${samples}` : null;
    case "mesh":
      return samples <= 100 ? `{ journey: "mesh", messages: ${samples} }` : null;
    case "room": {
      const messages = Math.ceil((samples * plan.messages) / scheduledOf(plan, target));
      return messages <= 100 ? `{ journey: "room", messages: ${messages} }` : null;
    }
    case "dialogue":
      return samples <= 200 ? `{ journey: "dialogue", turns: ${samples} }` : null;
    case "connect":
      return samples <= 20 ? `{ journey: "connect", attempts: ${samples} }` : null;
  }
}

/** One of three is ".333". */
function shareOfOne(samples: number): string {
  return String(Number((1 / samples).toPrecision(3))).replace(/^0\./, ".");
}
