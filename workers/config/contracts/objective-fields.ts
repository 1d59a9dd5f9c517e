// Reads `objectives` of a contract, each by its kind: what is promised. Fields first, then what must hold between them. Pure; called by
// `terms.ts`. Whether the target measures what they judge is seen to in `contract-conflicts.ts`.

import * as z from "zod";
import { JOURNEYS, type Journey } from "../../../schema/words.ts";
import { durationSchema } from "../durations.ts";
import {
  type Field,
  field,
  id,
  inner,
  isRecord,
  judged,
  readFields,
  reportRepeated,
  shareSchema,
  wholeNumber,
} from "../fields.ts";
import { DELIVERIES } from "../journeys.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Refusal, Report } from "../problems.ts";
import type { Bad, Objective, QuantileObjective, RatioObjective, SlotsObjective } from "./contract.ts";
import { readDownRule } from "./down-rules.ts";
import { neededShare, oneOf, readEach, span, textOf } from "./term-fields.ts";

const OBJECTIVES_MAX = 20;
const LIMIT_MS_MAX = 600_000;
/** Wrong once in ten thousand periods: by how much losses come in bursts is estimated, and not as finely. */
const CONFIDENCE_MAX = 0.9999;
const BAD: readonly Bad[] = ["lost", "error", "connect-fail", "late"];
const KINDS = ["slots", "ratio", "quantile", "duration"] as const;
const SLOT_MINUTES = { "60s": 1, "300s": 5, "600s": 10 } as const;
const SLOTS = ["60s", "300s", "600s"] as const;
const EXAMPLE = 'objectives: [{ id: "availability", kind: "slots", target: .999 }]';

const KIND = { kind: field(oneOf(KINDS), 'kind: "slots"') };
const HEAD = { id: id('id: "availability"'), ...KIND };
const JUDGING = { ...HEAD, journey: field(oneOf(JOURNEYS).optional(), 'journey: "loop"') };
const CONFIDENCE = confidence();

const SLOTS_FIELDS = {
  ...JUDGING,
  target: neededShare("target: .999"),
  slot: field(oneOf(SLOTS).default("60s"), 'slot: "60s"'),
  bad: field(z.array(textOf(badOf)).min(1).default(["lost", "error"]), 'bad: ["lost", "error"]'),
  late: limit("late").optional,
  downIf: inner('downIf: { rate: ">= .2" }', "optional"),
  minSamples: wholeNumber(1, 1_000_000, 1, "minSamples: 1"),
  belowMin: field(oneOf(["unmeasured", "up", "down"]).default("unmeasured"), 'belowMin: "unmeasured"'),
  minRunSlots: wholeNumber(1, 1440, 1, "minRunSlots: 1"),
  runRounding: field(oneOf(["exact", "ceil-minute"]).default("exact"), 'runRounding: "exact"'),
  denominator: field(oneOf(["measured", "all"]).default("measured"), 'denominator: "measured"'),
  excludedSlots: field(oneOf(["drop", "count-up"]).default("drop"), 'excludedSlots: "drop"'),
};
const RATIO_FIELDS = {
  ...JUDGING,
  target: neededShare("target: .9999"),
  within: limit("within").optional,
  confidence: CONFIDENCE,
};
const QUANTILE_FIELDS = {
  ...JUDGING,
  q: neededShare("q: .99"),
  limit: limit("limit").needed,
  direction: field(oneOf(["delivery", "round-trip", "connect"]), 'direction: "delivery", "round-trip" or "connect"'),
  confidence: CONFIDENCE,
};
const DURATION_FIELDS = {
  ...HEAD,
  of: field(oneOf(["detect", "ack", "recover"]), 'of: "recover"'),
  limit: field(span(1000, 'limit: "4h"'), 'limit: "4h"'),
  stat: field(oneOf(["max", "mean", "p90"]).default("max"), 'stat: "max"'),
};

export interface ObjectiveListRead {
  readonly objectives: readonly Objective[];
  /** Every one that was written is there: only then is it judged who refers to them. */
  readonly isWhole: boolean;
}

export function readContractObjectives(list: Plain, path: Path, report: Report): ObjectiveListRead {
  if (list === undefined || (Array.isArray(list) && list.length === 0)) {
    const problem = list === undefined ? "is missing, and no preset brings any" : "has 0 entries";
    report.add(path, list, { problem, mend: `write ${EXAMPLE}, or preset: "realtime-messaging"` });
  }
  const ids: string[] = [];
  const shape = { max: OBJECTIVES_MAX, write: EXAMPLE };
  const objectives = readEach(list, path, shape, report, (one, at): Objective | null => {
    const own = isRecord(one) ? one["id"] : undefined;
    if (typeof own === "string") {
      const mend = "give each objective its own id: reports and credits name it";
      if (ids.includes(own)) report.add([...at, "id"], own, { problem: "stands here twice", mend });
      ids.push(own);
    }
    return readObjective(one, at, report);
  });
  return { objectives, isWhole: Array.isArray(list) && list.length > 0 && objectives.length === list.length };
}

function readObjective(one: Plain, path: Path, report: Report): Objective | null {
  const kind = isRecord(one) ? one["kind"] : undefined;
  switch (kind) {
    case "slots":
      return readSlots(one, path, report);
    case "ratio":
      return readRatio(one, path, report);
    case "quantile":
      return readQuantile(one, path, report);
    case "duration": {
      const { id: own, of, limit: limitMs, stat } = readFields(DURATION_FIELDS, one, path, report);
      if (own === undefined || of === undefined || limitMs === undefined || stat === undefined) return null;
      return { id: own, kind, of, limitMs, stat };
    }
    default:
      if (!isRecord(one)) report.add(path, one, { problem: "is not an object", mend: `write ${EXAMPLE}` });
      else if (kind !== REFUSED) readFields(KIND, { kind }, path, report);
      return null;
  }
}

function readSlots(one: Plain, path: Path, report: Report): SlotsObjective | null {
  const read = readFields(SLOTS_FIELDS, one, path, report);
  if (isRecord(one)) reportRepeated(one["bad"], [...path, "bad"], report);
  const downIf = readDownRule(read.downIf, [...path, "downIf"], report);
  const { bad, late } = read;
  if (bad?.includes("late") === true && late === undefined && isRecord(one) && one["late"] === undefined) {
    const problem = 'is missing: "late" is among bad, and nobody knows from when on';
    report.add([...path, "late"], undefined, { problem, mend: 'write late: "200ms", or take "late" out of bad' });
  }
  if (bad?.includes("late") === false && late !== undefined) {
    const mend = `write bad: [${[...bad, "late"].map((word) => `"${word}"`).join(", ")}], or leave late out`;
    report.add([...path, "late"], late, { problem: 'is a limit, and "late" is not among bad', mend });
  }
  const { id: own, target, slot, minSamples, belowMin, minRunSlots, runRounding, denominator, excludedSlots } = read;
  if (own === undefined || target === undefined || slot === undefined || bad === undefined) return null;
  if (downIf === null || minSamples === undefined || belowMin === undefined || minRunSlots === undefined) return null;
  if (runRounding === undefined || denominator === undefined || excludedSlots === undefined) return null;
  return {
    id: own,
    kind: "slots",
    journey: read.journey ?? "loop",
    target,
    slotMinutes: SLOT_MINUTES[slot],
    // In one order, however they were written: the same choice gives the same hash.
    bad: BAD.filter((word) => bad.includes(word)),
    lateMs: late ?? null,
    downIf,
    minSamples,
    belowMin,
    minRunSlots,
    runRounding,
    denominator,
    excludedSlots,
  };
}

function readRatio(one: Plain, path: Path, report: Report): RatioObjective | null {
  const { id: own, journey, target, within, confidence: level } = readFields(RATIO_FIELDS, one, path, report);
  if (own === undefined || target === undefined || level === undefined) return null;
  return { id: own, kind: "ratio", journey: journey ?? "loop", target, withinMs: within ?? null, confidence: level };
}

function readQuantile(one: Plain, path: Path, report: Report): QuantileObjective | null {
  const read = readFields(QUANTILE_FIELDS, one, path, report);
  const { id: own, q, limit: limitMs, direction, confidence: level } = read;
  const journey = read.journey ?? (direction === "connect" ? "connect" : "loop");
  if (direction === undefined) return null;
  const refusal = refusalOfDirection(direction, journey);
  if (refusal !== null) report.add([...path, "direction"], direction, refusal);
  // Which limit has to be counted depends on it.
  if (refusal !== null) return null;
  if (own === undefined || q === undefined || limitMs === undefined || level === undefined) return null;
  const countedMs = direction === "delivery" && journey !== "connect" ? DELIVERIES[journey] * limitMs : limitMs;
  return { id: own, kind: "quantile", journey, q, limitMs, direction, countedMs, confidence: level };
}

/** Only what goes there and back has a round trip; only `connect` connects. */
function refusalOfDirection(direction: QuantileObjective["direction"], journey: Journey): Refusal | null {
  if (direction === "connect" && journey !== "connect") {
    return { problem: `is not what ${journey} measures`, mend: 'write journey: "connect", or direction: "delivery"' };
  }
  if (direction !== "connect" && journey === "connect") {
    return { problem: "is not what connect measures", mend: 'write direction: "connect"' };
  }
  if (direction !== "round-trip" || (journey !== "connect" && DELIVERIES[journey] === 2)) return null;
  return {
    problem: `is not what ${journey} measures: its messages go one way, from a publisher through the service to subscribers`,
    mend: 'write direction: "delivery", or journey: "mesh" or "dialogue", whose messages are answered',
  };
}

function badOf(text: string): { readonly value: Bad } | Refusal {
  const value = BAD.find((word) => word === text);
  if (value !== undefined) return { value };
  const mend = `write some of: ${BAD.map((word) => `"${word}"`).join(", ")}`;
  if (text === "not_sent") return { problem: "was not attempted: that is our own fault, never the service's", mend };
  return { problem: "is not a bad outcome", mend };
}

function limit(key: string): { readonly needed: Field<number>; readonly optional: Field<number | undefined> } {
  const write = `${key}: "200ms"`;
  const schema = durationSchema(1, LIMIT_MS_MAX, write);
  return { needed: field(schema, write), optional: field(schema.optional(), write) };
}

function confidence(): Field<number> {
  const write = "confidence: .95";
  const schema = judged(shareSchema(write, "below one"), (value) => {
    if (value > 0 && value <= 0.5)
      return { problem: "is no better than a coin", mend: `write above .5, as in ${write}` };
    if (value <= CONFIDENCE_MAX || value >= 1) return null;
    const problem = "is above .9999: the sample is not known so well as that";
    return { problem, mend: `write .9999 or less, as in ${write}` };
  });
  return field(schema.default(0.95), write);
}
