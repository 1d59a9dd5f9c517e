// What is in force, as far as the page about the method speaks of it: from the configuration, or from the front row where that is refused.
// Pure. What only the configuration knows is null without it, never a usual value. No address, no secret. Called by method-routes.tsx.

import { createHash } from "node:crypto";

import type { DriverName, Journey, OkMeaning, Unit } from "../schema/words.ts";
import { canonicalJson } from "../workers/config/canonical.ts";
import { measuredOf } from "../workers/config/config.ts";
import type { Config, JourneyPlan, Target } from "../workers/config/config.ts";
import { UNIT_OF, journeyMsMax, lateLimitMsOf, roundsMsMax, scheduledOf } from "../workers/config/journeys.ts";
import { SOFTWARE } from "../workers/config/software.ts";
import { settingsOf } from "../workers/incidents/look.ts";
import { okMeaningOf } from "../workers/probes/capabilities.ts";
import { SCALE } from "../workers/results/histogram.ts";
import type { Snapshot } from "../workers/results/snapshot-shape.ts";
import { digitsSupported } from "../workers/sla/proportion.ts";
import { SPREAD_GAP_MS } from "../workers/sla/report.ts";
import { DESIGN_EFFECT_PRIOR, lossAtMost, sampleNeeded } from "../workers/sla/statistics.ts";
import { floorShare } from "./figures.ts";
import { controlHosts } from "./fleet-controls.ts";
import type { Share } from "./words/words.ts";

/** One-sided, of the examples: a contract says its own. */
export const CONFIDENCE = 0.95;
/** What an estimate is off at most, 0..1: (b - 1) / (b + 1) of the buckets' base b, in hundred-thousandths, rounded up. */
const BASE = 2 ** (2 ** -SCALE);
export const BUCKET_ERROR = Math.ceil(((BASE - 1) / (BASE + 1)) * 1e5) / 1e5;
const DAY_MS = 86_400_000;

export interface MethodJourney {
  readonly journey: Journey;
  readonly unit: Unit;
  readonly okMeans: OkMeaning;
  /** What a round of it holds, and a region's day (of `mesh`: with one peer); null: not known. */
  readonly perRound: number | null;
  readonly perDay: number | null;
  /** The longest that it can take; null: not known. */
  readonly msMax: number | null;
  /** Longer is late. */
  readonly lateMs: number;
  /** Its own numbers; null: not known, or it has none beside the target's. */
  readonly plan: JourneyPlan | null;
}

/** What a region's day of `loop` can prove of the promised delivery. Shares 0..1; null: nothing is promised that could be proven. */
export interface Proof {
  readonly perDay: number;
  /** So many messages without a loss, if each had a fate of its own. */
  readonly needed: number;
  /** What a day without a loss proves with the design effect that is assumed until one can be estimated. */
  readonly dayProves: Share;
  readonly prior: number;
}

export interface MethodTarget {
  readonly id: string;
  readonly label: Readonly<Record<string, string>>;
  readonly driver: DriverName;
  readonly okMeans: OkMeaning;
  readonly everyMs: number;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadlineMs: number;
  readonly connectDeadlineMs: number;
  readonly payloadBytes: number | null;
  /** All journeys of a slot, one after the other, at their longest; null: not known. */
  readonly roundsMsMax: number | null;
  readonly regions: number;
  readonly journeys: readonly MethodJourney[];
  /** Messages of `loop` that a minute is judged by (of a slot, where that is longer). */
  readonly perMinute: number;
  /** The fewest bad ones of these that make it down. */
  readonly downAt: number;
  /** Share of the time between the first and the last message of a round. */
  readonly watched: Share;
  readonly proof: Proof | null;
}

export interface MethodFacts {
  readonly targets: readonly MethodTarget[];
  readonly objectives: Snapshot["objectives"];
  /** Null: not known. */
  readonly limitsMs: readonly number[] | null;
  readonly zone: string;
  /** Hosts; null: not known. */
  readonly controls: readonly string[] | null;
  /** Null: not known. */
  readonly settings: { readonly resolveMs: number; readonly blindMs: number } | null;
  /** SHA-256 of what decides a measurement, as every record carries it; null: not known. */
  readonly hash: string | null;
  readonly software: string;
}

type Numbers = Pick<Target, "everyMs" | "messages" | "gapMs"> & { readonly okMeans: OkMeaning };

/** What follows from a target's numbers and the objectives. */
function derived({ everyMs, messages, gapMs }: Numbers, objectives: Snapshot["objectives"]) {
  const perMinute = messages * Math.max(1, 60_000 / everyMs);
  return {
    perMinute,
    downAt: Math.max(1, Math.ceil(objectives.down_share * perMinute - 1e-9)),
    watched: floorShare((messages - 1) * gapMs, everyMs) ?? { units: 0, digits: 0 },
    proof: proofOf(Math.floor((DAY_MS / everyMs) * messages), gapMs, objectives.delivery),
  };
}

function proofOf(perDay: number, gapMs: number, delivery: number): Proof | null {
  const share = 1 - delivery;
  // Nothing proves that none is ever lost, and seven nines take more than a page should count.
  if (!(share >= 1e-7 && share < 1) || perDay < 1) return null;
  const prior = DESIGN_EFFECT_PRIOR[gapMs >= SPREAD_GAP_MS ? "spread" : "burst"];
  const atLeast = 1 - lossAtMost(0, perDay / prior, CONFIDENCE);
  const digits = digitsSupported({ at_least: atLeast, at_most: 1 });
  return {
    perDay,
    needed: sampleNeeded(0, share, CONFIDENCE),
    dayProves: { units: Math.floor(atLeast * 10 ** (digits + 2)), digits },
    prior,
  };
}

/** Of a configuration in force. */
export function factsOf(config: Config): MethodFacts {
  const { objectives: o } = config;
  const objectives = {
    availability: o.availability,
    delivery: o.delivery,
    latency_ms_p99: o.latencyMsP99,
    connect_ms_p99: o.connectMsP99,
    down_share: o.downShare,
    degraded_share: o.degradedShare,
  };
  return {
    targets: config.targets.map((target): MethodTarget => {
      const { id, label, driver, everyMs, messages, gapMs, deadlineMs, connectDeadlineMs, payloadBytes } = target;
      const okMeans = okMeaningOf(driver, target.options);
      return {
        id,
        label,
        driver,
        okMeans,
        everyMs,
        messages,
        gapMs,
        deadlineMs,
        connectDeadlineMs,
        payloadBytes,
        roundsMsMax: roundsMsMax(target),
        regions: target.regions.length,
        journeys: target.journeys.map((plan) => journeyOf(plan, target, config)),
        ...derived({ everyMs, messages, gapMs, okMeans }, objectives),
      };
    }),
    objectives,
    limitsMs: o.limitsMs,
    zone: config.timeZone,
    controls: controlHosts(config.controls),
    settings: settingsOf(config),
    hash: createHash("sha256")
      .update(canonicalJson(measuredOf(config)))
      .digest("hex"),
    software: SOFTWARE,
  };
}

function journeyOf(plan: JourneyPlan, target: Target, { objectives }: Config): MethodJourney {
  const perRound = scheduledOf(plan, target);
  return {
    journey: plan.journey,
    unit: UNIT_OF[plan.journey],
    okMeans: okMeaningOf(target.driver, target.options, plan.journey),
    perRound,
    perDay: Math.floor((DAY_MS / target.everyMs) * perRound),
    msMax: journeyMsMax(plan, target),
    lateMs: lateLimitMsOf(plan.journey, objectives),
    plan,
  };
}

/** Of the newest figures, where the configuration is refused; null: there are none either. */
export function factsFromFront(snapshots: readonly Snapshot[]): MethodFacts | null {
  const [first] = snapshots;
  if (first === undefined) return null;
  return {
    targets: snapshots.map((snapshot): MethodTarget => {
      const { every_ms: everyMs, messages, gap_ms: gapMs } = snapshot;
      const okMeans = snapshot.regions[0]?.ok_means ?? "accepted";
      return {
        id: snapshot.target,
        label: snapshot.label,
        driver: snapshot.driver,
        okMeans,
        everyMs,
        messages,
        gapMs,
        payloadBytes: null,
        roundsMsMax: null,
        deadlineMs: snapshot.deadline_ms,
        connectDeadlineMs: snapshot.connect_deadline_ms,
        regions: new Set(snapshot.regions.map((one) => one.region)).size,
        journeys: journeysSeen(snapshot, okMeans),
        ...derived({ everyMs, messages, gapMs, okMeans }, snapshot.objectives),
      };
    }),
    objectives: first.objectives,
    limitsMs: null,
    zone: first.time_zone,
    controls: null,
    settings: null,
    hash: null,
    software: SOFTWARE,
  };
}

function journeysSeen(snapshot: Snapshot, okMeans: OkMeaning): readonly MethodJourney[] {
  const { latency_ms_p99: latencyMsP99, connect_ms_p99: connectMsP99 } = snapshot.objectives;
  const late = (journey: Journey): number => lateLimitMsOf(journey, { latencyMsP99, connectMsP99 });
  const unknown = { perRound: null, perDay: null, msMax: null, plan: null };
  const others = snapshot.regions[0]?.others ?? [];
  return [
    {
      ...unknown,
      journey: "loop",
      unit: UNIT_OF.loop,
      okMeans,
      perRound: snapshot.messages,
      perDay: Math.floor((DAY_MS / snapshot.every_ms) * snapshot.messages),
      lateMs: late("loop"),
    },
    ...(snapshot.matrix.length > 0
      ? [{ ...unknown, journey: "mesh" as const, unit: UNIT_OF.mesh, okMeans, lateMs: late("mesh") }]
      : []),
    ...others.map(({ journey, unit, ok_means: means }) => ({
      ...unknown,
      journey,
      unit,
      okMeans: means,
      lateMs: late(journey),
    })),
  ];
}
