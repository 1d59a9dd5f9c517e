// Runs the rounds of one target in one region: chooses address and secrets, runs the journeys one after the other, and
// reports what was seen. A round that could not be tried at all is an observation too, with the reason why it proves
// nothing.

import type { JourneyPlan, Target } from "../config/config.ts";
import { peersOf } from "../config/fleet.ts";
import { fillPlaceholders } from "../config/placeholders.ts";
import type { Outside } from "../outside.ts";
import type { UnfitReason } from "../../schema/words.ts";
import { runConnect } from "./connect.probe.ts";
import { runDialogue } from "./dialogue.probe.ts";
import type { Gate } from "./driver.ts";
import { driverFor } from "./drivers.probe.ts";
import { expiryOf } from "./expiry.ts";
import type { JourneyOrder } from "./journey-order.probe.ts";
import type { Seen, SeenSeries } from "./journey.ts";
import { runLoop } from "./loop.probe.ts";
import { runMesh } from "./mesh.probe.ts";
import type { Observation } from "./observation.ts";
import { runRoom } from "./room.probe.ts";
import type { FurtherRows } from "./rows.ts";
import type { Way } from "./session.probe.ts";

export interface RoundOrder {
  readonly target: Target;
  readonly region: string;
  readonly slotAt: number;
  /** The secret of that name, or null when nobody has set it. */
  readonly secret: (name: string) => string | null;
  readonly gate: Gate;
  /** As `JourneyOrder` has it. */
  readonly further?: FurtherRows | undefined;
}

/** How long a polite goodbye may take, ms; part of the 0.5 s that each round has beside its own waits. */
const CLOSE_MS = 400;

/** Never rejects. One entry for each series of the target in this region, in the order of the configuration. */
export async function runRounds(outside: Outside, order: RoundOrder): Promise<SeenSeries[]> {
  try {
    const way = await wayOf(outside, order);
    if (typeof way === "string") return unfitRounds(outside, order, way);
    const seen = await runJourneys(order, way);
    const expiresAt = expiryOf(Object.values(way.endpoint.secrets)) ?? Infinity;
    const isExpired = outside.now() >= Math.min(expiresAt, order.target.secretsExpireAt ?? Infinity);
    return isExpired ? seen.map(blamedOnCredentials) : seen;
  } catch (problem) {
    const secrets = Object.values(secretsOf(order.target, order.secret) ?? {});
    console.error("round: the driver broke:", scrubbed(problem, secrets));
    // A driver that throws is a defect of ours; the service is not to blame, and the wake must go on.
    return unfitRounds(outside, order, "platform");
  }
}

/** How a target is reached from a region: driver, address, secrets, deadlines; or why it can not be tried at all. */
export async function wayOf(
  outside: Outside,
  { target, region, secret, gate }: Pick<RoundOrder, "target" | "region" | "secret" | "gate">,
): Promise<Way | UnfitReason> {
  const address = target.address[region];
  const secrets = secretsOf(target, secret);
  if (address === undefined) return "configuration";
  if (secrets === null) return "credentials";
  const { connectDeadlineMs, deadlineMs: answerMs } = target;
  const deadlines = { connectMs: connectDeadlineMs, subscribeMs: connectDeadlineMs, closeMs: CLOSE_MS, answerMs };
  return {
    outside,
    driver: await driverFor(target.driver, outside),
    endpoint: { address, options: target.options, secrets, names: { target: target.id, region } },
    context: { deadlines, gate },
  };
}

/** Nothing was tried, by our own fault. */
export function unfitRounds(
  outside: Outside,
  { target, region }: Pick<RoundOrder, "target" | "region">,
  unfit: UnfitReason,
): SeenSeries[] {
  const at = outside.now();
  const nothing = { readyAt: null, connects: [], messages: [], arrivals: [], failure: null };
  const counts = { corrupt: 0, foreign: 0, heard: null, reconnects: 0 };
  const observation: Observation = { ...nothing, ...counts, startedAt: at, endedAt: at, unfit };
  return target.journeys.flatMap((plan) =>
    peersOf(plan.journey, region, target).map((peer) => ({ plan, peer, observation })),
  );
}

/** Refused after the credentials had run out: that is ours, and says nothing about the service. */
function blamedOnCredentials(seen: SeenSeries): SeenSeries {
  const { observation } = seen;
  const failures = [observation.failure, ...observation.messages.map((message) => message.failure)];
  if (observation.unfit !== "none" || !failures.some((failure) => failure?.kind === "auth")) return seen;
  return { ...seen, observation: { ...observation, unfit: "credentials" } };
}

/** One after the other, so that none disturbs another's figures. */
async function runJourneys(order: RoundOrder, way: Way): Promise<SeenSeries[]> {
  const { target, region, slotAt, further } = order;
  const journeyOrder: JourneyOrder = {
    ...way,
    target,
    region,
    slotAt,
    channelOf: (of, ...parts) =>
      [fillPlaceholders(target.channel, { target: target.id, region: of }), ...parts].join(
        way.driver.capabilities.channelSeparator,
      ),
    further,
  };
  const seen = new Map<JourneyPlan, readonly Seen[]>();
  // Mesh begins with the slot, which is the same instant in all regions.
  for (const plan of target.journeys.toSorted((a, b) => Number(b.journey === "mesh") - Number(a.journey === "mesh"))) {
    seen.set(plan, await runJourney(journeyOrder, plan));
  }
  return target.journeys.flatMap((plan) => (seen.get(plan) ?? []).map((each) => ({ plan, ...each })));
}

async function runJourney(order: JourneyOrder, plan: JourneyPlan): Promise<readonly Seen[]> {
  const alone = (observation: Observation): Seen[] => [{ peer: "", observation }];
  const { outside, driver, endpoint, target, slotAt, region, context } = order;
  switch (plan.journey) {
    case "loop":
      return alone(
        await runLoop(outside, driver, endpoint, { ...target, slotAt, channel: order.channelOf(region) }, context),
      );
    case "mesh":
      return runMesh(order, plan);
    case "room":
      return alone(await runRoom(order, plan));
    case "dialogue":
      return alone(await runDialogue(order, plan));
    case "connect":
      return alone(await runConnect(order, plan.attempts));
  }
}

/** Values by what they are for; null when one of them has not been set. */
function secretsOf(target: Target, secret: RoundOrder["secret"]): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const [purpose, name] of Object.entries(target.secrets)) {
    const value = secret(name);
    if (value === null) return null;
    values[purpose] = value;
  }
  return values;
}

/** A stack for whoever mends the driver, without the values of secrets, should a library have put one into its words. */
function scrubbed(problem: unknown, secrets: readonly string[]): string {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : "not an Error";
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text).slice(0, 2_000);
}
