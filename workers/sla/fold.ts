// Folds minutes into a part: one stretch of one contract, every region and objective of it, with exclusions and as if there
// were none. Owns which minutes belong to which scope; the words for slots are in `slots.ts`. Pure arithmetic: the same minutes
// give the same part, and parts of neighbouring stretches add up (`merge.ts`). Called by
// `day-folding.store.ts`, a local day at a time.

import type {
  Bad,
  Contract,
  QuantileObjective,
  RatioObjective,
  RegionRule,
  SlotsObjective,
} from "../config/contracts/contract.ts";
import type { Journey } from "../../schema/words.ts";
import { LIMIT_NOT_COUNTED, MEASURED, OUTSIDE, badLineOf, lineOf, stepsOf } from "./line.ts";
import type { BadLine, MinuteLine, Recorded } from "./line.ts";
import type { CountsPart, ExcludedSpan, ObjectivePart, Part } from "./part.ts";
import { combineSlots, judgeSlots, sumSlots } from "./slots.ts";
import type { SlotLine } from "./slots.ts";

/** What one series says: of `mesh` there are several streams of one region and journey, one for each peer. */
export interface Stream extends Recorded {
  readonly region: string;
  readonly journey: Journey;
}

type SummedObjective = SlotsObjective | RatioObjective | QuantileObjective;

/** A region's line by one objective, and where it is excluded: by minutes, 1; null: nowhere. */
interface RegionLine {
  readonly line: BadLine;
  readonly excluded: Uint8Array | null;
}

/**
 * The part [fromMinute, toMinute) of a contract whose slots are aligned to `originMinute`, where the segment begins. Streams of
 * other regions and journeys than the contract's are not looked at. The blocks of its counts are this one part, so give one local
 * day at a time. RangeError if a border cuts a slot, if the part is reversed, or if schedules of a stream overlap.
 */
export function foldPart(
  contract: Contract,
  originMinute: number,
  fromMinute: number,
  toMinute: number,
  streams: readonly Stream[],
  spans: readonly ExcludedSpan[],
): Part {
  const objectives = contract.objectives.filter((objective) => objective.kind !== "duration");
  assertBorders(objectives, originMinute, fromMinute, toMinute);
  const journeys = new Set(objectives.map((objective) => objective.journey));
  const judged = streams.filter(({ region, journey }) => contract.regions.includes(region) && journeys.has(journey));
  // A region that is not measured has no cadence of its own: the target's is all the others'.
  const steps = stepsOf(
    judged.flatMap(({ schedules }) => schedules),
    fromMinute,
    toMinute,
  );
  const lines = new Map<string, MinuteLine>();
  const minuteLine = (region: string, journey: Journey): MinuteLine => {
    const key = `${journey} ${region}`;
    const own = judged.filter((stream) => stream.region === region && stream.journey === journey);
    const line = lines.get(key) ?? lineOf(own, limitsOf(objectives, journey), fromMinute, toMinute, steps);
    lines.set(key, line);
    return line;
  };
  const masks = contract.regions.map((region) => maskOf(spans, region, fromMinute, toMinute));
  // By objectives, then by scopes in the order of the part.
  const folded = objectives.map((objective) => {
    const { bad, limitMs } = badOf(objective);
    const regions = contract.regions.map((region, at) => ({
      line: badLineOf(minuteLine(region, objective.journey), bad, limitMs),
      excluded: masks[at] ?? null,
    }));
    return objective.kind === "slots"
      ? slotsParts(objective, contract.regionRule, fromMinute, regions)
      : countsParts(objective.id, contract.regionRule, regions);
  });
  const scopes = contract.regionRule === "each" ? contract.regions : [...contract.regions, null];
  return {
    fromMinute,
    toMinute,
    scopes: scopes.map((region, at) => ({ region, objectives: folded.flatMap((parts) => parts.slice(at, at + 1)) })),
  };
}

function assertBorders(
  objectives: readonly SummedObjective[],
  originMinute: number,
  fromMinute: number,
  toMinute: number,
): void {
  if (!(fromMinute <= toMinute)) throw new RangeError(`a part from minute ${fromMinute} to ${toMinute}`);
  for (const objective of objectives) {
    if (objective.kind !== "slots") continue;
    const cut = [fromMinute, toMinute].find((minute) => (minute - originMinute) % objective.slotMinutes !== 0);
    if (cut === undefined) continue;
    throw new RangeError(
      `minute ${cut} cuts a slot of ${objective.slotMinutes} minutes of ${objective.id}, counted from ${originMinute}`,
    );
  }
}

/** What is bad by an objective, and the limit that `late` is about. */
function badOf(objective: SummedObjective): { readonly bad: readonly Bad[]; readonly limitMs: number | null } {
  switch (objective.kind) {
    case "slots":
      return { bad: objective.bad, limitMs: objective.lateMs };
    case "ratio":
      return objective.withinMs === null
        ? { bad: ["lost", "error"], limitMs: null }
        : { bad: ["lost", "error", "late"], limitMs: objective.withinMs };
    case "quantile":
      return { bad: ["lost", "error", "late"], limitMs: objective.countedMs };
  }
}

function limitsOf(objectives: readonly SummedObjective[], journey: Journey): number[] {
  const own = objectives
    .filter((objective) => objective.journey === journey)
    .map((objective) => badOf(objective).limitMs);
  return [...new Set(own.filter((limitMs) => limitMs !== null))];
}

function maskOf(
  spans: readonly ExcludedSpan[],
  region: string,
  fromMinute: number,
  toMinute: number,
): Uint8Array | null {
  const own = spans.filter(
    (span) =>
      (span.regions === null || span.regions.includes(region)) &&
      Math.max(span.fromMinute, fromMinute) < Math.min(span.toMinute, toMinute),
  );
  if (own.length === 0) return null;
  const mask = new Uint8Array(toMinute - fromMinute);
  for (const span of own) {
    // A negative end would count from the other side; it can not be, as the span reaches into the part.
    mask.fill(1, Math.max(span.fromMinute, fromMinute) - fromMinute, span.toMinute - fromMinute);
  }
  return mask;
}

function slotsParts(
  objective: SlotsObjective,
  rule: RegionRule,
  fromMinute: number,
  regions: readonly RegionLine[],
): ObjectivePart[] {
  const judged = (line: BadLine, excluded: Uint8Array | null): SlotLine => judgeSlots(objective, line, excluded);
  const raw = regions.map(({ line }) => judged(line, null));
  const applied = regions.map(({ line, excluded }, at) =>
    excluded === null ? (raw[at] ?? judged(line, null)) : judged(line, excluded),
  );
  if (rule !== "each") {
    const isSame = regions.every(({ excluded }) => excluded === null);
    const all = combineSlots(objective, rule, raw);
    applied.push(isSame ? all : combineSlots(objective, rule, applied));
    raw.push(all);
  }
  return applied.map((line, at) => {
    const [own, without] = [sumSlots(objective, fromMinute, line), raw[at]];
    const isSame = without === undefined || without === line;
    return {
      kind: "slots",
      id: objective.id,
      applied: own,
      raw: isSame ? own : sumSlots(objective, fromMinute, without),
    };
  });
}

function countsParts(id: string, rule: RegionRule, regions: readonly RegionLine[]): ObjectivePart[] {
  const scopes = regions.map((region) => [region]);
  if (rule !== "each") scopes.push([...regions]);
  return scopes.map((own) => {
    const applied = sumCounts(own);
    const isSame = own.every(({ excluded }) => excluded === null);
    return {
      kind: "counts",
      id,
      applied,
      raw: isSame ? applied : sumCounts(own.map(({ line }) => ({ line, excluded: null }))),
    };
  });
}

/** Several regions are pooled minute by minute, since what they lose in the same minute may have one cause. */
function sumCounts(regions: readonly RegionLine[]): CountsPart {
  const size = regions[0]?.line.state.length ?? 0;
  const [ns, bads] = [new Float64Array(size), new Float64Array(size)];
  let [n, bad, unjudged, minutes, measured, unmeasured, badBad, badN, nn] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const { line, excluded } of regions) {
    for (let at = 0; at < size; at++) {
      if (excluded?.[at] === 1) continue;
      const state = line.state[at];
      if (state === MEASURED) {
        measured++;
        ns[at] = (ns[at] ?? 0) + (line.attempted[at] ?? 0);
        bads[at] = (bads[at] ?? 0) + (line.bad[at] ?? 0);
      } else if (state === LIMIT_NOT_COUNTED) unjudged += line.attempted[at] ?? 0;
      else if (state !== OUTSIDE) unmeasured++;
    }
  }
  for (let at = 0; at < size; at++) {
    const [ofMinute, badOfMinute] = [ns[at] ?? 0, bads[at] ?? 0];
    if (ofMinute === 0) continue;
    minutes++;
    n += ofMinute;
    bad += badOfMinute;
    badBad += badOfMinute * badOfMinute;
    badN += badOfMinute * ofMinute;
    nn += ofMinute * ofMinute;
  }
  const blocks = { count: n > 0 ? 1 : 0, badBad: bad * bad, badN: bad * n, nn: n * n };
  return { n, bad, unjudged, minutes, measured, unmeasured, badBad, badN, nn, blocks };
}
