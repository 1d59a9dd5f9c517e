// Runs one round of one target in one region: chooses address and secrets, starts the journey, and reports what was
// seen. A round that could not be tried at all is an observation too, with the reason why it proves nothing.

import type { Target } from "../config/config.ts";
import { fillPlaceholders } from "../config/addresses.ts";
import type { Outside } from "../outside.ts";
import type { UnfitReason } from "../../schema/words.ts";
import type { Gate } from "./driver.ts";
import { driverFor } from "./drivers.probe.ts";
import { runLoop } from "./loop.probe.ts";
import type { Observation } from "./observation.ts";

export interface RoundOrder {
  readonly target: Target;
  readonly region: string;
  readonly slotAt: number;
  /** The secret of that name, or null when nobody has set it. */
  readonly secret: (name: string) => string | null;
  readonly gate: Gate;
}

/** How long a polite goodbye may take, ms; part of the 0.5 s that each round has beside its own waits. */
const CLOSE_MS = 400;

/** Never rejects. */
export async function runRound(outside: Outside, order: RoundOrder): Promise<Observation> {
  const { target, region } = order;
  const address = target.address[region];
  const secrets = secretsOf(target, order.secret);
  if (address === undefined) return unfitRound(outside.now(), "configuration");
  if (secrets === null) return unfitRound(outside.now(), "credentials");
  const topic = target.options["topic"];
  const channel = typeof topic === "string" ? topic : "sonde/{target}/{region}";
  const deadlines = { connectMs: target.connectDeadlineMs, subscribeMs: target.connectDeadlineMs, closeMs: CLOSE_MS };
  try {
    const driver = await driverFor(target.driver, outside);
    return await runLoop(
      outside,
      driver,
      { address, options: target.options, secrets },
      { ...target, slotAt: order.slotAt, channel: fillPlaceholders(channel, { target: target.id, region }) },
      { deadlines, gate: order.gate },
    );
  } catch (problem) {
    console.error("round: the driver broke:", scrubbed(problem, Object.values(secrets)));
    // A driver that throws is a defect of ours; the service is not to blame, and the wake must go on.
    return unfitRound(outside.now(), "platform");
  }
}

/** Nothing was tried, by our own fault. */
export function unfitRound(at: number, unfit: UnfitReason): Observation {
  const nothing = { readyAt: null, connects: [], messages: [], arrivals: [], corrupt: 0, foreign: 0, failure: null };
  return { ...nothing, startedAt: at, endedAt: at, unfit };
}

/** Values by option name; null when one of them has not been set. */
function secretsOf(target: Target, secret: RoundOrder["secret"]): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const option of ["user", "password"]) {
    const name = target.options[option];
    if (typeof name !== "string") continue;
    const value = secret(name);
    if (value === null) return null;
    values[option] = value;
  }
  return values;
}

/** A stack for whoever mends the driver, without the values of secrets, should a library have put one into its words. */
function scrubbed(problem: unknown, secrets: readonly string[]): string {
  const text = problem instanceof Error ? (problem.stack ?? problem.message) : "not an Error";
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text).slice(0, 2_000);
}
