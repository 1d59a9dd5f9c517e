// Aim: the mesh works end to end: real probers of several regions meet at one broker, both sides' reports are joined, and
// the matrix says which way lost what. Method: the real fleet behind the simulator; one region broken or silent; minutes in
// D1 and the page's snapshot compared with what was broken; the inspector, which joins and folds all of it again.

import { describe, expect, it } from "vitest";

import { UNFIT_REASONS } from "../../schema/words.ts";
import type { ConfigInput } from "../../workers/config/define.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import { must } from "../observations.ts";
import { NOON } from "../world.ts";
import type { World } from "../world.ts";
import { started } from "./probing.ts";

const REGIONS = ["weur", "enam", "oc"] as const;
const MESSAGES = 3;

/** Every minute, so that nothing else is measured between. */
function withMesh(input: ConfigInput): ConfigInput {
  const mesh = { journey: "mesh", messages: MESSAGES, gap: "30ms" } as const;
  return {
    ...input,
    targets: input.targets
      .filter((target) => target.id === "chat")
      .map((target) => ({ ...target, every: "60s" as const, journeys: ["loop" as const, mesh] })),
  };
}

async function fleetWithMesh(): Promise<World> {
  const fleet = await started();
  fleet.reconfigure(withMesh);
  await fleet.watch();
  return fleet;
}

/** Minutes of the mesh in D1 by "from>to". */
async function pairs(fleet: World, at: number) {
  const { d1 } = await fleet.state();
  return Object.fromEntries(
    d1.minutes
      .filter((row) => row.id % 2 ** 26 === at / 60_000)
      .flatMap((row) => {
        const series = must(d1.series.find((each) => each.id === Math.floor(row.id / 2 ** 26)));
        if (series.journey !== "mesh") return [];
        const { scheduled, ok, lost, error, heard, unfit } = row;
        return [
          [`${series.region}>${series.peer}`, { scheduled, ok, lost, error, heard, unfit: UNFIT_REASONS[unfit] }],
        ];
      }),
  );
}

async function snapshotOf(fleet: World): Promise<Snapshot> {
  const { d1 } = await fleet.state();
  return JSON.parse(must(d1.snapshots.find((row) => row.target === "chat")).body) as Snapshot;
}

const whole = { scheduled: MESSAGES, ok: MESSAGES, lost: 0, error: 0, heard: MESSAGES, unfit: "none" };
const ALL = REGIONS.flatMap((from) => REGIONS.filter((to) => to !== from).map((to) => `${from}>${to}`));

describe("the mesh of three regions", () => {
  it("measures each way, beside a loop that it does not disturb", async () => {
    const fleet = await fleetWithMesh();
    await fleet.slot(NOON);
    fleet.at(NOON + 12_000);
    await fleet.collect();
    expect(await pairs(fleet, NOON), "as soon as both sides are there").toEqual(
      Object.fromEntries(ALL.map((pair) => [pair, whole])),
    );
    const { regions, matrix } = await snapshotOf(fleet);
    expect(regions.map((each) => [each.region, each.recent?.ok, each.recent?.attempted])).toEqual(
      REGIONS.map((region) => [region, 4, 4]),
    );
    expect(matrix.map((cell) => `${cell.from}>${cell.to}`)).toEqual(ALL);
    for (const cell of matrix) {
      expect(cell).toMatchObject({ state: "up", rounds: 1, rounds_unmeasured: 0, sent: 3, heard: 3, ok: 3, lost: 0 });
      // One way each through the simulator: 2, 6 and 10 ms there and back.
      expect(cell.latency.max_ms).toBeGreaterThanOrEqual(8);
    }
    await fleet.inspect();
  });

  it("leaves the ways to and from a silent region unmeasured, and says why", async () => {
    const fleet = await fleetWithMesh();
    fleet.at(NOON + 1);
    await fleet.wake("weur.0.v1", "enam.0.v1");
    fleet.at(NOON + 12_000);
    await fleet.collect();
    const { matrix } = await snapshotOf(fleet);
    const states = Object.fromEntries(matrix.map((cell) => [`${cell.from}>${cell.to}`, [cell.state, cell.why]]));
    expect(states).toMatchObject({
      "weur>enam": ["up", null],
      "weur>oc": ["unmeasured", "peer"],
      "oc>weur": ["unmeasured", "silent"],
    });
    fleet.at(NOON + 152_000);
    await fleet.collect();
    const unknown = { scheduled: MESSAGES, ok: 0, lost: MESSAGES, error: 0, heard: null, unfit: "peer" };
    expect(await pairs(fleet, NOON)).toEqual({
      "weur>enam": whole,
      "enam>weur": whole,
      "weur>oc": unknown,
      "enam>oc": unknown,
    });
    await fleet.inspect();
  });

  it("tells which way loses: what one region's subscriber does not get", async () => {
    const fleet = await fleetWithMesh();
    await fleet.fault("oc", "outage");
    await fleet.slot(NOON);
    fleet.at(NOON + 20_000);
    await fleet.collect();
    const found = await pairs(fleet, NOON);
    expect(found["weur>enam"]).toEqual(whole);
    // The simulator loses what a region sends: its questions, and its answers to the others' questions.
    expect(found["oc>weur"]).toMatchObject({ ok: 0, lost: MESSAGES, heard: 0, unfit: "none" });
    expect(found["weur>oc"]).toMatchObject({ ok: 0, lost: MESSAGES, heard: MESSAGES, unfit: "none" });
    await fleet.inspect();
  });

  it("is revised when one side's report comes late", async () => {
    const fleet = await fleetWithMesh();
    const later: (() => void)[] = [];
    await fleet.inProber("oc.0.v1", (prober) => {
      const { pendingAfter } = prober.store;
      prober.store.pendingAfter = (...rest) => (later.length > 0 ? pendingAfter(...rest) : []);
    });
    await fleet.slot(NOON);
    fleet.at(NOON + 152_000);
    await fleet.collect();
    expect((await pairs(fleet, NOON))["weur>oc"]).toMatchObject({ ok: MESSAGES, heard: null, unfit: "peer" });
    later.push(() => {});
    await fleet.slot(NOON + 180_000);
    fleet.at(NOON + 195_000);
    await fleet.collect();
    expect(await pairs(fleet, NOON)).toEqual(Object.fromEntries(ALL.map((pair) => [pair, whole])));
    const { d1 } = await fleet.state();
    const revised = d1.minutes.filter((row) => row.id % 2 ** 26 === NOON / 60_000 && row.revision === 1);
    expect(revised.length, "the two ways to oc, which had been published").toBe(2);
    await fleet.inspect();
  });
});
