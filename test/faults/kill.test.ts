// Aim: whatever moment workerd dies in, nothing that was safe is lost, nothing counts twice, and no more is missing than must
// be. Method: a real fleet measures every 2 s; its workerd is killed 50 times (SIGKILL) at seeded moments, most of them in
// rounds and hand-overs, and started again at once on the same data. What is on disk at each death must be there at the
// end. Then it runs in peace until nothing is owed, is stopped, and the inspector re-checks everything that is stored.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { freePort } from "../free-port.ts";
import { inspect } from "../inspect.ts";
import { stateOnDisk } from "../inspect-files.ts";
import { keptOnDisk, keyOf } from "../journeys/disk.ts";
import type { Kept } from "../journeys/disk.ts";
import { startService, temporaryFolder, until } from "../journeys/fleet.ts";
import type { Service } from "../journeys/fleet.ts";
import { between, mulberry32 } from "../random.ts";
import { startKilledFleet } from "./killed-fleet.ts";
import type { Death, KilledFleet } from "./killed-fleet.ts";

const SEED = 50;
const KILLS = 50;
const EVERY_MS = 2_000;
const MINUTE_MS = 60_000;
const REGIONS = ["weur", "enam", "oc"] as const;
/** A round takes some 350 ms, its hand-over and the collector's write as much again: four of five deaths are aimed there. */
const BUSY_MS = 900;
/** The next minute has to come and go, and is sealed 90 s after its end; then the collector writes it. */
const SEALED_MS = 2 * MINUTE_MS + 90_000 + 30_000;
/** When a slot's work is done, and before the next begins: nothing is in flight. */
const REST_FROM_MS = 1_300;
const REST_UNTIL_MS = 1_800;

let folder: { path: string; remove: () => Promise<void> };
let service: Service;
let fleet: KilledFleet;
let stoppedAt = 0;
/** What each death found on disk. */
const found: Kept[] = [];
const log: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  service = await startService({
    seed: SEED,
    regions: REGIONS.map((id, at) => ({ id, oneWayMs: 5 + 20 * at, jitterMs: 3 })),
    // 500 + 1 x 20 + 400 + 500 = 1,420 ms of each 2,000: what is left is how late a busy machine may be.
    target: { id: "kill", every: "2s", messages: 2, gap: "20ms", deadline: "400ms", connectDeadline: "500ms" },
    rest: { name: "Kill", objectives: { latencyP99: "200ms", connectP99: "400ms", limits: ["200ms"] } },
  });
  const order = {
    bundleDir: inject("bundleDir"),
    dataDir: folder.path,
    port: await freePort(),
    bindings: service.bindings,
  };
  fleet = await startKilledFleet(order, (line) => log.push(line));
  const random = mulberry32(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    // A moment within a slot; from now on, so that the fleet has lived for anything from no time to two slots.
    const phase = random() < 0.8 ? between(random, 0, BUSY_MS) : between(random, 0, EVERY_MS - 1);
    const wait = (phase - (Date.now() % EVERY_MS) + EVERY_MS) % EVERY_MS;
    await new Promise((resolve) => setTimeout(resolve, wait));
    await fleet.kill(() => found.push(keptOnDisk(folder.path)));
  }
  await untilNothingIsOwed();
  stoppedAt = Date.now();
  await fleet.stop();
}, 600_000);

afterAll(async () => {
  await fleet?.end();
  await service?.stop();
  await folder?.remove();
});

/**
 * In D1 are all minutes of which a death found a round on disk, and the first that began after the last death; then it is a moment
 * between two rounds. A fleet that started a moment before its first minute ended may have been killed in each round of it: of such a
 * minute there is nothing to write.
 */
async function untilNothingIsOwed(): Promise<void> {
  const minuteOf = (slotAt: number): number => Math.floor(slotAt / MINUTE_MS);
  const records = found.flatMap(({ collected, held }) => [...collected, ...held]);
  const firstWhole = minuteOf(fleet.deaths.at(-1)?.readyAt ?? 0) + 1;
  const wanted = new Set([
    ...records.map(({ series, slotAt }) => `${series.region} ${minuteOf(slotAt)}`),
    ...REGIONS.map((region) => `${region} ${firstWhole}`),
  ]).size;
  const minutes = [...new Set([...records.map(({ slotAt }) => minuteOf(slotAt)), firstWhole])].join(", ");
  const sql = `SELECT count(*) AS n FROM minutes WHERE id % ${2 ** 26} IN (${minutes})`;
  let seen = 0;
  await until(
    "all minutes of the deaths in D1",
    SEALED_MS,
    async () => {
      seen = Number((await fleet.query(sql))[0]?.["n"]);
      // More where a region had none of them on disk before the last death, and has measured since.
      return seen >= wanted ? true : null;
    },
    () => `${seen} of ${wanted}; ${log.slice(-10).join("\n")}`,
  );
  await until("a moment between two rounds", 10 * EVERY_MS, () => {
    const phase = Date.now() % EVERY_MS;
    return phase >= REST_FROM_MS && phase < REST_UNTIL_MS ? true : null;
  });
}

/** The first slot that began when the fleet was there. */
function firstSlot(): number {
  return Math.ceil(fleet.startedAt / EVERY_MS) * EVERY_MS;
}

const slotOf = (at: number): number => Math.floor(at / EVERY_MS) * EVERY_MS;

/**
 * Slots that one death may cost a region, with K = killed and R = ready, in slots of 2 s:
 * - slot(K), whose round may have been in flight: it began at or before K, and is durable before the next slot begins
 *   (1,420 ms, or it is not begun), so no earlier one can be; and not even this one, if it was on disk at the death;
 * - slot(K) + 2 s ... slot(R), which began while nothing ran: floor(R / 2 s) - floor(K / 2 s) of them.
 */
function allowedBy({ killedAt, readyAt }: Death, safe: ReadonlySet<number>): { inFlight: number[]; dead: number[] } {
  const inFlight = safe.has(slotOf(killedAt)) ? [] : [slotOf(killedAt)];
  const dead: number[] = [];
  for (let slot = slotOf(killedAt) + EVERY_MS; slot <= readyAt; slot += EVERY_MS) dead.push(slot);
  return { inFlight, dead };
}

describe(`a fleet whose workerd was killed ${KILLS} times`, () => {
  it("stores nothing that contradicts itself", () => {
    const report = inspect(stateOnDisk(folder.path, service.config));
    console.log(`kill: inspected ${JSON.stringify(report)}`);
    expect(fleet.deaths.length).toBe(KILLS);
    expect(report["rounds"] ?? 0).toBeGreaterThan(KILLS);
  });

  it("has every round that was on disk at any death, as it was, and every minute that D1 had", () => {
    const { collected, minutes } = keptOnDisk(folder.path);
    const last = new Map(collected.map((record) => [keyOf(record), JSON.stringify(record)]));
    expect(last.size, "each slot once").toBe(collected.length);
    const rows = new Map(minutes.map((row) => [row.id, row]));
    let safe = 0;
    for (const [at, kept] of found.entries()) {
      for (const record of [...kept.collected, ...kept.held]) {
        safe += 1;
        expect(last.get(keyOf(record)), `death ${at + 1}: ${keyOf(record)}`).toBe(JSON.stringify(record));
      }
      for (const row of kept.minutes) {
        const now = rows.get(row.id);
        expect(now, `death ${at + 1}: minute ${row.id}`).toBeDefined();
        expect(now?.rounds).toBeGreaterThanOrEqual(row.rounds);
        expect(now?.asOf).toBeGreaterThanOrEqual(row.asOf);
      }
    }
    console.log(`kill: ${safe} times a round was on disk at a death: all are there at the end`);
    expect(safe).toBeGreaterThan(KILLS);
  });

  it("lacks no more slots than rounds were in flight and slots passed while it was dead", () => {
    const { collected } = keptOnDisk(folder.path);
    let [recorded, absent, inFlight, dead] = [0, 0, 0, 0];
    for (const region of REGIONS) {
      const own = new Set(collected.filter((record) => record.series.region === region).map((record) => record.slotAt));
      const allowed = new Set<number>();
      for (const [at, death] of fleet.deaths.entries()) {
        const kept = found[at] as Kept;
        const safe = [...kept.collected, ...kept.held].filter((record) => record.series.region === region);
        const cost = allowedBy(death, new Set(safe.map((record) => record.slotAt)));
        for (const slot of cost.inFlight) if (!allowed.has(slot)) inFlight += 1;
        for (const slot of cost.dead) if (!allowed.has(slot)) dead += 1;
        for (const slot of [...cost.inFlight, ...cost.dead]) allowed.add(slot);
      }
      for (let slot = firstSlot(); slot + EVERY_MS <= stoppedAt; slot += EVERY_MS) {
        if (own.has(slot)) recorded += 1;
        else {
          absent += 1;
          expect(
            allowed.has(slot),
            `${region}: slot ${slot} (${new Date(slot).toISOString()}) is absent, and no death explains it\n${nearest(slot)}`,
          ).toBe(true);
        }
      }
    }
    const deadMs = fleet.deaths.reduce((sum, death) => sum + death.readyAt - death.killedAt, 0);
    console.log(
      `kill: ${KILLS} kills, dead for ${deadMs} ms in all; ${recorded} slots recorded, ${absent} absent; allowed ${inFlight + dead} (${inFlight} in flight, ${dead} passed)`,
    );
    expect(absent).toBeLessThanOrEqual(inFlight + dead);
    expect(inFlight, "some deaths hit a round").toBeGreaterThan(10);
  });

  it("owes nothing at the end, and measures whole minutes again", () => {
    const { collected, held } = keptOnDisk(folder.path);
    const keys = new Set(collected.map(keyOf));
    expect(
      held.filter((record) => !keys.has(keyOf(record)) && record.slotAt + EVERY_MS <= stoppedAt - EVERY_MS).map(keyOf),
    ).toEqual([]);
    const lastDeath = Math.floor((fleet.deaths.at(-1)?.readyAt ?? 0) / MINUTE_MS);
    const state = stateOnDisk(folder.path, service.config);
    for (const collector of state.collectors) {
      expect(collector.dueMinutes.filter((due) => due.id % 2 ** 26 <= lastDeath)).toEqual([]);
    }
    const whole = state.d1.minutes.filter((row) => row.id % 2 ** 26 > lastDeath && row.rounds === MINUTE_MS / EVERY_MS);
    expect(whole.length, "whole minutes after the last death").toBeGreaterThanOrEqual(REGIONS.length);
    // Nothing lives on that a death has broken. A machine that stands still for 400 ms makes a message late, and that is no death's work.
    const sum = (of: (row: (typeof whole)[number]) => number): number =>
      whole.reduce((total, row) => total + of(row), 0);
    expect(sum((row) => row.lost + row.error)).toBeLessThan(0.05 * sum((row) => row.scheduled));
  });
});

/** The deaths around a slot, for whoever must explain it. */
function nearest(slot: number): string {
  return fleet.deaths
    .filter(({ killedAt, readyAt }) => killedAt - 10_000 < slot && slot < readyAt + 10_000)
    .map(({ killedAt, readyAt }) => `killed ${killedAt - slot} ms, ready ${readyAt - slot} ms after its beginning`)
    .join("\n");
}
