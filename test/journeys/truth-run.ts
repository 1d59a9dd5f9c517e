// The course of the truth test: what is done to which region before which round, the fleet that measures meanwhile, and
// all that it has stored and shown afterwards. Judges nothing: `truth.test.ts` compares with the ledger.

import { expect } from "vitest";

import { startFleet } from "../../workers/local/fleet.server.ts";
import type { Fleet } from "../../workers/local/fleet.server.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import { keptOnDisk } from "./disk.ts";
import type { Kept } from "./disk.ts";
import { snapshotAt, startService, until } from "./fleet.ts";
import type { Service } from "./fleet.ts";
import { refusedTruth, slotTruths } from "./ledger-truth.ts";
import type { Truth } from "./ledger-truth.ts";

const SEED = 20_261_122;
export const MINUTE_MS = 60_000;
export const MINUTES = 2;
export const TERMS = { everyMs: 5_000, messages: 20, limitMs: 600, deadlineMs: 1_800 };
export const SLOTS = MINUTE_MS / TERMS.everyMs;
export const ROUNDS = MINUTES * SLOTS;
export const REGIONS = ["weur", "eeur", "enam", "wnam", "apac-ne", "apac-se", "oc"] as const;
type Region = (typeof REGIONS)[number];

/**
 * Before round k: what is put in force. A round sends for 0.76 s and closes at 2.6 s, so 1,100 ms are late (limit 600,
 * deadline 1,800), 2,180 ms are after the deadline while the round is open, and 2,900 ms never arrive.
 */
const PLAN: Readonly<Record<number, readonly (readonly [Region, string])[]>> = {
  0: [
    ["eeur", "loss=5%"],
    ["wnam", "duplicate=10%"],
  ],
  1: [["enam", "drop=3"]],
  2: [["oc", "double=1 swap=2"]],
  3: [["enam", "late=2:1100ms"]],
  4: [
    ["apac-ne", "outage"],
    ["oc", "swap=1"],
  ],
  5: [
    ["enam", "late=1:2180ms"],
    ["apac-se", "refuse"],
  ],
  7: [["enam", "late=1:2900ms"]],
  8: [
    ["enam", "drop=1 late=1:1100ms double=1 swap=1"],
    ["oc", "double=7"],
  ],
  9: [
    ["apac-ne", "clear"],
    ["apac-se", "clear"],
  ],
  13: [
    ["wnam", "duplicate=10% loss=12%"],
    ["oc", "swap=9"],
  ],
  16: [
    ["enam", "delay=1100ms"],
    ["apac-ne", "drop=45"],
  ],
  18: [
    ["enam", "clear"],
    ["apac-se", "outage"],
  ],
  19: [["apac-se", "clear"]],
};
const STALL_EVERY_MS = 20;
/** Of a slot: all rounds have closed, the next have not begun. */
const [REST_FROM_MS, REST_UNTIL_MS] = [3_500, 4_600];

export interface Outcome {
  readonly firstMinute: number;
  /** By `region slotAt`, all slots of the minutes compared. */
  readonly slots: ReadonlyMap<string, Truth>;
  readonly snapshot: Snapshot;
  readonly html: string;
  readonly rows: Readonly<Record<"minutes" | (typeof PERIODS)[number], readonly Row[]>>;
  /** By region. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly disk: Kept;
  /** The longest that this process, in which the service and its network live, stood still while it ran. */
  readonly stalledMs: number;
}
export type Row = Readonly<Record<string, unknown>>;
export const PERIODS = ["hours", "days", "months"] as const;
/** Keys are series * 2^26 + period. */
export const SERIES_SPAN = 2 ** 26;

/** Runs it all; some two and a half minutes. `dataDir` is the caller's to remove. */
export async function runTruth(bundleDir: string, dataDir: string): Promise<Outcome> {
  const service = await startService({
    seed: SEED,
    regions: REGIONS.map((id, at) => ({ id, oneWayMs: 4 + 6 * at, jitterMs: 3 })),
    target: {
      id: "truth",
      every: "5s",
      messages: TERMS.messages,
      gap: "40ms",
      deadline: "1800ms",
      connectDeadline: "900ms",
    },
    rest: { name: "Truth", timeZone: awayFromMidnight(), objectives: { latencyP99: "600ms", limits: ["600ms"] } },
  });
  try {
    const fleet = await startFleet({
      bundleDir,
      dataDir,
      port: 0,
      bindings: service.bindings,
    });
    const stalledMs = watchStalls();
    const seen = await measure(service, fleet).finally(() => fleet.stop());
    return { ...seen, disk: keptOnDisk(dataDir), stalledMs: stalledMs() };
  } finally {
    await service.stop();
  }
}

/** Runs the plan from the first slot of a minute on, then waits until D1 and the page have its minutes. */
async function measure(service: Service, fleet: Fleet): Promise<Omit<Outcome, "disk" | "stalledMs">> {
  // A minute that begins with its first slot has no absent ones: armed within the slot before.
  await untilPhase(MINUTE_MS, MINUTE_MS - 4_500, MINUTE_MS - 1_500);
  const firstMinute = Math.floor(Date.now() / MINUTE_MS) + 1;
  for (const [region, words] of PLAN[0] ?? []) await service.fault(region, words);
  await fleet.watch();
  const refusals = { from: Infinity, to: Infinity };
  for (let next = 1; next < ROUNDS;) {
    const round = await untilBetweenRounds(firstMinute * MINUTE_MS);
    // A machine that slept through a slot takes up the plan where it is, in order.
    for (; next <= round; next++) {
      for (const [region, words] of PLAN[next] ?? []) {
        if (words === "refuse") refusals.from = Date.now();
        await service.fault(region, words);
        if (words === "clear" && region === "apac-se" && refusals.to === Infinity) refusals.to = Date.now();
      }
    }
  }
  const d1 = await fleet.d1();
  const minutes = await until("all minutes in D1", 60_000, async () => {
    const rows = await d1.prepare("SELECT * FROM minutes ORDER BY id").all<Row>();
    return rows.results.length >= MINUTES * REGIONS.length ? rows.results : null;
  });
  const snapshot = await until("the minutes on the page", 20_000, async () => {
    const seen = await snapshotAt(fleet.url, "truth");
    return seen !== null && seen.regions.every((region) => region.today.minutes_expected >= MINUTES) ? seen : null;
  });
  const html = await (await fetch(`${fleet.url}/en`)).text();
  const all = async (table: string): Promise<Row[]> =>
    (await d1.prepare(`SELECT * FROM ${table} ORDER BY id`).all<Row>()).results;
  const rows = { minutes, hours: await all("hours"), days: await all("days"), months: await all("months") };
  expect(service.network.ledger.left(), "the ledger still holds everything").toBe(0);
  const numbers = new Map((await all("series")).map((row) => [String(row["region"]), Number(row["id"])]));
  return { firstMinute, slots: truthOf(service, firstMinute, refusals), snapshot, html, rows, numbers };
}

/** Answers, when called, the longest that a timer was late since; and ends. */
function watchStalls(): () => number {
  let [longest, before] = [0, performance.now()];
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before - STALL_EVERY_MS);
    before = now;
  }, STALL_EVERY_MS);
  return () => (clearInterval(timer), longest);
}

function truthOf(service: Service, firstMinute: number, refusals: { from: number; to: number }): Map<string, Truth> {
  const [from, to] = [firstMinute * MINUTE_MS, (firstMinute + MINUTES) * MINUTE_MS];
  const slots = new Map(
    [...slotTruths(service.network.ledger.entries(), TERMS)].filter(([name]) => isBetween(name, from, to)),
  );
  for (let slotAt = from; slotAt < to; slotAt += TERMS.everyMs) {
    if (slotAt > refusals.from && slotAt < refusals.to) slots.set(`apac-se ${slotAt}`, refusedTruth(TERMS));
  }
  return slots;
}

function isBetween(name: string, from: number, to: number): boolean {
  const slotAt = Number(name.split(" ")[1]);
  return slotAt >= from && slotAt < to;
}

/** Waits until the clock, modulo `period`, lies in [from, to): at once if it does. */
async function untilPhase(period: number, from: number, to: number): Promise<void> {
  await until(`second ${from / 1_000} of ${period / 1_000}`, 2 * period, () => {
    const phase = Date.now() % period;
    return phase >= from && phase < to ? true : null;
  });
}

let lastSlotAt = -Infinity;

/** Waits for the last second of a slot, when all its rounds have closed; answers the number of the round that is next. */
async function untilBetweenRounds(startAt: number): Promise<number> {
  return until("the time between two rounds", 2 * MINUTE_MS, () => {
    const slotAt = Math.floor(Date.now() / TERMS.everyMs) * TERMS.everyMs;
    const phase = Date.now() - slotAt;
    if (slotAt <= lastSlotAt || slotAt < startAt || phase < REST_FROM_MS || phase > REST_UNTIL_MS) return null;
    lastSlotAt = slotAt;
    return (slotAt - startAt) / TERMS.everyMs + 1;
  });
}

/** A zone in which no day ends during the test. */
function awayFromMidnight(): string {
  const hour = new Date().getUTCHours();
  return hour >= 22 || hour < 1 ? "Asia/Shanghai" : "UTC";
}
