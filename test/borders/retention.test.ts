// Aim: what is old goes, in small steps, and nothing else: rounds after 8 days, minutes after 90, hours after 400; days,
// months and the envelopes' bytes stay. Method: forty minutes at noon, then the clock goes on and writes come, each of
// which may remove a little.

import { expect, it } from "vitest";

import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { act, d1Of, DAY, MINUTE } from "./acting.ts";
import { envelopeOf, slotsOf } from "./rounds.ts";

const FORTY = 40 * MINUTE;

interface Kept {
  readonly rounds: number;
  readonly envelopes: number;
  readonly minutes: number;
  readonly hours: number;
  readonly days: number;
  readonly months: number;
}

/** What is kept of the forty minutes at noon. */
async function kept(fleet: World): Promise<Kept> {
  const state = await fleet.state();
  const [collector] = state.collectors;
  if (collector === undefined) throw new Error("no collector");
  const { minutes, hours, days, months } = await d1Of(fleet);
  const early = new Set(collector.envelopes.filter((each) => each.receivedAt < NOON + DAY).map((each) => each.id));
  const old = (id: number, unitMs: number): boolean => (id % 2 ** 26) * unitMs <= NOON + FORTY;
  return {
    rounds: collector.rounds.filter((round) => early.has(round.envelope)).length,
    envelopes: early.size,
    minutes: minutes.filter((row) => old(row.id, MINUTE)).length,
    hours: hours.filter((row) => old(row.id, 60 * MINUTE)).length,
    days: days.filter((row) => old(row.id, DAY)).length,
    months: months.length,
  };
}

it("keeps each kind of record for as long as it says", async () => {
  const fleet = await world();
  const { hash } = await fleet.current();
  await act(fleet, NOON + FORTY, slotsOf(NOON, NOON + FORTY, { configHash: hash }));
  const all = { rounds: 240, envelopes: 240, minutes: 40, hours: 1, days: 1, months: 1 };
  expect(await kept(fleet)).toEqual(all);

  /** A round of the present, and the write that follows it. */
  const write = async (at: number): Promise<Kept> => {
    await act(fleet, at + 2 * MINUTE, [envelopeOf({ slotAt: at, configHash: hash })]);
    return kept(fleet);
  };
  expect(await write(NOON + 7 * DAY), "late ones may still come").toEqual(all);
  expect(await write(NOON + 9 * DAY), "at most 200 at once").toEqual({ ...all, rounds: 40 });
  expect(await write(NOON + 9 * DAY + MINUTE)).toEqual({ ...all, rounds: 0 });
  expect((await write(NOON + 89 * DAY)).minutes).toBe(40);
  expect(await write(NOON + 91 * DAY)).toMatchObject({ minutes: 0, hours: 1, days: 1, envelopes: 240 });
  expect((await write(NOON + 399 * DAY)).hours).toBe(1);
  expect(await write(NOON + 401 * DAY)).toMatchObject({ minutes: 0, hours: 0, days: 1, envelopes: 240 });
  // May and August of one year, June of the next.
  expect((await kept(fleet)).months).toBe(3);
});
