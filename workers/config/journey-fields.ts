// Reads `journeys` of a target: bare names or objects with their own numbers. Reports everything that is wrong with them.
// Called by `targets.ts`; how long they take is judged there.

import * as z from "zod";
import { type DriverName, JOURNEYS, type Journey } from "../../schema/words.ts";
import type { JourneyPlan } from "./config.ts";
import { duration } from "./durations.ts";
import { field, isRecord, readFields, wholeNumber } from "./fields.ts";
import { type Plain, REFUSED } from "./plain.ts";
import { nearest, type Path, type Report } from "./problems.ts";

/** What the journeys of a target are checked against. */
export interface AroundJourneys {
  readonly driver: DriverName | undefined;
  /** Whether the driver can receive. */
  readonly canReceive: boolean;
  readonly regions: readonly string[];
}

const JOURNEY_NAME = field(z.enum(JOURNEYS), 'journey: "mesh"');
const GAP_MS_MIN = 10;
/** Above a minute nobody calls it a pace any more. */
const GAP_MS_MAX = 60_000;

const FIELDS = {
  mesh: {
    journey: JOURNEY_NAME,
    messages: wholeNumber(1, 100, 3, "messages: 3"),
    gap: duration(GAP_MS_MIN, GAP_MS_MAX, "100ms", "gap"),
  },
  room: {
    journey: JOURNEY_NAME,
    subscribers: wholeNumber(1, 500, 50, "subscribers: 50"),
    messages: wholeNumber(1, 100, 10, "messages: 10"),
    gap: duration(GAP_MS_MIN, GAP_MS_MAX, "100ms", "gap"),
    joinDeadline: duration(1, 300_000, "10s", "joinDeadline"),
  },
  dialogue: {
    journey: JOURNEY_NAME,
    turns: wholeNumber(2, 200, 10, "turns: 10"),
    gap: duration(GAP_MS_MIN, GAP_MS_MAX, "300ms", "gap"),
    payloadBytesLast: wholeNumber(64, 32_768, 4_096, "payloadBytesLast: 4096"),
  },
  connect: { journey: JOURNEY_NAME, attempts: wholeNumber(1, 20, 3, "attempts: 3") },
  loop: { journey: JOURNEY_NAME },
};

/** In the order of schema/words.ts, however they were written: the same choice gives the same hash. */
export function readJourneys(list: Plain, path: Path, around: AroundJourneys, report: Report): readonly JourneyPlan[] {
  const written = list === undefined ? ["loop"] : list;
  if (!Array.isArray(written) || written.length === 0) {
    if (written !== REFUSED) {
      const mend = 'write journeys: ["loop"], or leave it out';
      report.add(path, written, { problem: "is not a list of at least one journey", mend });
    }
    return [];
  }
  const plans = new Map<Journey, JourneyPlan>();
  const named: (Journey | undefined)[] = [];
  written.forEach((one: Plain, index) => {
    const entry = [...path, index];
    const journey = readName(one, entry, report);
    named.push(journey);
    if (journey === undefined) return;
    if (named.indexOf(journey) !== index) {
      report.add(entry, journey, { problem: "stands here twice", mend: "take one of them out" });
      return;
    }
    reportImpossible(journey, entry, around, report);
    const plan = readPlan(journey, typeof one === "string" ? { journey } : one, entry, report);
    if (plan !== null) plans.set(journey, plan);
  });
  if (!named.includes("loop") && !named.includes(undefined)) {
    const mend = 'write journeys: ["loop", ...]: the page judges a region by it';
    report.add(path, undefined, { problem: "has no loop", mend });
  }
  return JOURNEYS.flatMap((journey) => plans.get(journey) ?? []);
}

function readName(one: Plain, path: Path, report: Report): Journey | undefined {
  if (one === REFUSED) return undefined;
  const name = isRecord(one) ? one["journey"] : one;
  const known = JOURNEYS.find((journey) => journey === name);
  if (known !== undefined) return known;
  const near = typeof name === "string" ? nearest(name, JOURNEYS) : null;
  const mend = `write one of ${JOURNEYS.join(", ")}, or { journey: "mesh", messages: 3 }`;
  report.add(isRecord(one) ? [...path, "journey"] : path, name, {
    problem: "is not a journey",
    mend: near === null ? mend : `did you mean "${near}"?`,
  });
  return undefined;
}

function reportImpossible(journey: Journey, path: Path, around: AroundJourneys, report: Report): void {
  const receives = journey === "mesh" || journey === "room" || journey === "dialogue";
  if (receives && !around.canReceive) {
    const mend = "take it out: this driver can send and be answered, and that is what loop measures with it";
    report.add(path, journey, { problem: `needs a driver that can receive, and ${around.driver} can not`, mend });
  }
  if (journey === "mesh" && around.regions.length === 1) {
    report.add(path, journey, { problem: "needs two regions at least", mend: "take it out, or add a region" });
  }
}

function readPlan(journey: Journey, one: Plain, path: Path, report: Report): JourneyPlan | null {
  switch (journey) {
    case "loop":
      readFields(FIELDS.loop, one, path, report);
      return { journey };
    case "mesh": {
      const { messages, gap } = readFields(FIELDS.mesh, one, path, report);
      return messages === undefined || gap === undefined ? null : { journey, messages, gapMs: gap };
    }
    case "room": {
      const { subscribers, messages, gap, joinDeadline } = readFields(FIELDS.room, one, path, report);
      if (subscribers === undefined || messages === undefined) return null;
      if (gap === undefined || joinDeadline === undefined) return null;
      return { journey, subscribers, messages, gapMs: gap, joinDeadlineMs: joinDeadline };
    }
    case "dialogue": {
      const { turns, gap, payloadBytesLast } = readFields(FIELDS.dialogue, one, path, report);
      if (turns === undefined || gap === undefined || payloadBytesLast === undefined) return null;
      return { journey, turns, gapMs: gap, payloadBytesLast };
    }
    case "connect": {
      const { attempts } = readFields(FIELDS.connect, one, path, report);
      return attempts === undefined ? null : { journey, attempts };
    }
  }
}
