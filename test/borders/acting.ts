// What the tests at the collector's door share: hand over, run the alarm, have everything re-checked.

import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import type { D1State } from "../inspect.ts";
import { must } from "../observations.ts";
import type { World } from "../world.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const alarmOf = (fleet: World): Promise<number | null> =>
  fleet.inCollector("chat", (_collector, { storage }) => storage.getAlarm());

export const d1Of = async (fleet: World): Promise<D1State> => (await fleet.state()).d1;

export const snapshotOf = async (fleet: World): Promise<Snapshot> =>
  JSON.parse(must((await d1Of(fleet)).snapshots[0]).body) as Snapshot;

/** Sets the clock, hands over to the collector of "chat", runs its alarm, and has everything re-checked. */
export async function act(fleet: World, at: number, envelopes: readonly Uint8Array[]): Promise<void> {
  fleet.at(at);
  if (envelopes.length > 0) await fleet.collector("chat").take("chat", envelopes);
  await fleet.collect("chat");
  await fleet.inspect();
}
