// What each journey is measured by: its unit, how much a round of it holds, how long it may take. A pure function of the
// configuration, so that prober, collector and page agree. `targets.ts` refuses with it what does not fit.

import type { Journey, Unit } from "../../schema/words.ts";
import type { JourneyPlan, Objectives, Target } from "./config.ts";

/** After the last deadline a round still closes its sessions and writes its row. */
export const CLOSING_MS = 500;
/** Sessions that one Durable Object holds for a room; more are spread over further objects of the same region. */
export const ROOM_PER_OBJECT = 50;

export const UNIT_OF: Readonly<Record<Journey, Unit>> = {
  loop: "message",
  mesh: "message",
  room: "delivery",
  dialogue: "turn",
  connect: "connection",
};

/** A target's numbers that decide how long its rounds take; whole ms. */
export type Timing = Pick<Target, "messages" | "gapMs" | "deadlineMs" | "connectDeadlineMs">;

/** What the round of a series holds: messages, deliveries, turns or connections, whether it came to send them or not. */
export function scheduledOf(plan: JourneyPlan, target: Timing): number {
  switch (plan.journey) {
    case "loop":
      return target.messages;
    case "mesh":
      return plan.messages;
    case "room":
      return plan.messages * plan.subscribers;
    case "dialogue":
      return plan.turns;
    case "connect":
      return plan.attempts;
  }
}

/** What a round trip (or a connect) must not exceed, else it is lost (or refused). */
export function deadlineMsOf(plan: JourneyPlan, target: Timing): number {
  return plan.journey === "connect" ? target.connectDeadlineMs : target.deadlineMs;
}

/** The longest that a round can take: everything late to its deadline. */
export function journeyMsMax(plan: JourneyPlan, target: Timing): number {
  const { connectDeadlineMs, deadlineMs } = target;
  switch (plan.journey) {
    case "loop":
      return connectDeadlineMs + (target.messages - 1) * target.gapMs + deadlineMs + CLOSING_MS;
    case "mesh":
      // Within a gap the peers have their turns one after the other.
      return connectDeadlineMs + plan.messages * plan.gapMs + deadlineMs + CLOSING_MS;
    case "room":
      return plan.joinDeadlineMs + (plan.messages - 1) * plan.gapMs + deadlineMs + CLOSING_MS;
    case "dialogue":
      return connectDeadlineMs + (plan.turns - 1) * plan.gapMs + deadlineMs + CLOSING_MS;
    case "connect":
      return plan.attempts * (connectDeadlineMs + CLOSING_MS);
  }
}

/** The longest that a wake can take for this target: its journeys run one after the other, so as not to disturb each other. */
export function roundsMsMax(target: Timing & Pick<Target, "journeys">): number {
  return target.journeys.reduce((sum, plan) => sum + journeyMsMax(plan, target), 0);
}

/** Handshakes that a target has under way at once, at most: see `fleet.ts`. */
export function handshakesAtOnce(target: Pick<Target, "journeys">): number {
  return Math.max(...target.journeys.map((plan) => HANDSHAKES[plan.journey]));
}

// A room opens as many as it may.
const HANDSHAKES: Readonly<Record<Journey, number>> = { loop: 2, mesh: 2, dialogue: 2, connect: 1, room: 6 };

/** Deliveries that one latency is made of: a question and its answer are two, and the objective is about one. */
export const DELIVERIES: Readonly<Record<Exclude<Journey, "connect">, number>> = {
  loop: 1,
  room: 1,
  mesh: 2,
  dialogue: 2,
};

/** The limit that makes one late: for `connect` the objective of connecting, else that of each delivery in it. */
export function lateLimitMsOf(
  journey: Journey,
  { connectMsP99, latencyMsP99 }: Pick<Objectives, "connectMsP99" | "latencyMsP99">,
): number {
  return journey === "connect" ? connectMsP99 : DELIVERIES[journey] * latencyMsP99;
}

/** Limits whose excess is counted in each record of a journey: ascending, distinct. */
export function limitsMsOf(journey: Journey, objectives: Objectives): readonly number[] {
  const all = new Set([...objectives.limitsMs, lateLimitMsOf(journey, objectives)]);
  return [...all].sort((a, b) => a - b);
}
