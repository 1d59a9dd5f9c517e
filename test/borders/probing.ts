// What the tests of probers share: a started fleet, what a prober keeps, what the collectors have counted of it, and
// collectors that answer as they are told.

import { decodeEnvelope } from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { unpackWake } from "../../workers/results/wake.ts";
import type { Prober } from "../../workers/rounds/prober.do.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";

export const WEUR = "weur.0.v1";
export const SLOT = 10_000;

export const alarmOf = (fleet: World, name = WEUR): Promise<number | null> =>
  fleet.inProber(name, (_prober, { storage }) => storage.getAlarm());

/** Records in what the prober keeps, by sequence. */
export const kept = (fleet: World, name = WEUR): Promise<RoundRecord[]> =>
  fleet.inProber(name, (prober) =>
    prober.store
      .pendingAfter(0, 1_000)
      .flatMap((wake) => unpackWake(wake.bytes))
      .flatMap((part) => decodeEnvelope(part.envelope).records),
  );

/** Slots that the collector of a target has counted, of this prober's region. */
export async function counted(fleet: World, target: string, region = "weur"): Promise<number[]> {
  const { collectors } = await fleet.state();
  const own = collectors.find((each) => each.target === target);
  const series = own?.series.find((each) => each.region === region)?.id;
  return (own?.rounds ?? [])
    .map((row) => Math.floor(row.id / 4))
    .filter((slot) => Math.floor(slot / 2 ** 32) === series)
    .map((slot) => (slot % 2 ** 32) * 1_000)
    .toSorted((a, b) => a - b);
}

/** Puts another namespace of collectors before this prober; the tests' own look at the real ones. */
export function giveCollectors(prober: Prober, fleet: World, collectors: object): void {
  const env = new Proxy(fleet.bindings, {
    get: (real, key): unknown => (key === "COLLECTOR" ? collectors : Reflect.get(real, key)),
  });
  Object.assign(prober, { env });
}

/** A collector that answers as it is told, in place of the real one; all others are real. Answers how to undo it. */
export async function replaceCollector(
  fleet: World,
  target: string,
  take: (envelopes: readonly Uint8Array[]) => Promise<number>,
): Promise<() => Promise<void>> {
  const real = fleet.bindings.COLLECTOR;
  const stub = {
    take(name: string, envelopes: readonly Uint8Array[]): Promise<number> {
      if (name !== target) throw new Error(`the collector of ${target} was given what is of ${name}`);
      return take(envelopes);
    },
  };
  const get = (id: DurableObjectId): unknown => (id.equals(real.idFromName(target)) ? stub : real.get(id));
  const collectors = { idFromName: (name: string) => real.idFromName(name), get };
  await fleet.inProber(WEUR, (prober) => giveCollectors(prober, fleet, collectors));
  return () => fleet.inProber(WEUR, (prober) => giveCollectors(prober, fleet, real));
}

export async function started(): Promise<World> {
  const fleet = await world();
  fleet.at(NOON - 5_000);
  await fleet.watch();
  return fleet;
}
