// Which probers a configuration wants, and which series they measure. A pure function of the configuration, so that the
// watchdog, the collector and the page all derive the same fleet without asking each other.

import type { Journey } from "../../schema/words.ts";
import type { Config, Region, Target } from "./config.ts";
import { DRIVER_RULES } from "./driver-rules.ts";
import { handshakesAtOnce, roundsMsMax } from "./journeys.ts";

/**
 * At most six handshakes may wait for an answer in one Durable Object (platform limit; a seventh queues). All targets of a
 * prober begin in the same instant when their slots meet, and a round of `loop` opens two connections, publisher and
 * subscriber: 3 targets x 2 connections = 6. A target with a `room` opens six at once and has a prober to itself;
 * so has one whose messages are requests that wait for an answer (`alone` in its driver's rules).
 */
const HANDSHAKES_PER_PROBER = 6;

/** One Durable Object of class Prober. */
export interface ProberPlan {
  /** `weur.0.v1`: region, shard, generation. The object's name, so a new generation is a new object elsewhere. */
  readonly name: string;
  readonly region: Region;
  /** From 0. */
  readonly shard: number;
  /** In the order of the configuration; at least one. */
  readonly targets: readonly Target[];
}

/** What one series of numbers is about: target, region, journey (and peer region for `mesh`). */
export interface ConfiguredSeries {
  readonly target: string;
  readonly region: string;
  readonly journey: Journey;
  /** The region at the other end, for `mesh`; else "". */
  readonly peer: string;
}

/** All probers, region by region in the order of the configuration. A region that no target lists has none. */
export function probersOf(config: Config): ProberPlan[] {
  return config.regions.flatMap((region) => {
    const targets = config.targets.filter((target) => target.regions.includes(region.id));
    return shardsOf(targets).map((own, shard) => ({
      name: `${region.id}.${shard}.v${region.generation}`,
      region,
      shard,
      targets: own,
    }));
  });
}

/** As many targets together as have their handshakes at once and do not hold each other up, in the order of the configuration. */
function shardsOf(targets: readonly Target[]): Target[][] {
  const shards: Target[][] = [];
  let open = 0;
  for (const target of targets) {
    const own = DRIVER_RULES[target.driver].alone === true ? HANDSHAKES_PER_PROBER : handshakesAtOnce(target);
    const last = shards.at(-1);
    if (last === undefined || open + own > HANDSHAKES_PER_PROBER || !fitTogether([...last, target])) {
      shards.push([target]);
      open = own;
    } else {
      last.push(target);
      open += own;
    }
  }
  return shards;
}

/** A wake ends with the last of its targets' rounds: it must not run into the next slot of the quickest one. */
function fitTogether(targets: readonly Target[]): boolean {
  return Math.max(...targets.map(roundsMsMax)) <= Math.min(...targets.map((target) => target.everyMs));
}

/** All series that the configuration measures: target by target, region by region, journey by journey. */
export function seriesOf(config: Config): ConfiguredSeries[] {
  return config.targets.flatMap((target) =>
    target.regions.flatMap((region) =>
      target.journeys.flatMap(({ journey }) =>
        peersOf(journey, region, target).map((peer) => ({ target: target.id, region, journey, peer })),
      ),
    ),
  );
}

/** Who is at the other end: only `mesh` has one, and then every other region of the target. */
export function peersOf(journey: Journey, region: string, target: Target): readonly string[] {
  return journey === "mesh" ? target.regions.filter((other) => other !== region) : [""];
}
