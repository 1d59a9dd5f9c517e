// Aim: Sonde says what happened, exactly, and nothing else. Method: seven regions measure a service whose network loses,
// delays, doubles, reorders and refuses by plan and by chance, and keeps a ledger of it. Afterwards rounds, minutes, hours,
// days, months and the page must say what the LEDGER says; each level is recounted from it, never from the level below.
// Injected delays are far from every limit (500 ms and more), so that a busy machine makes no borderline case.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { count, decodeHistograms } from "../../workers/results/histogram.ts";
import type { PeriodFigures, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { decodeStrip } from "../../workers/results/strip.ts";
import { startFleet } from "../../workers/local/fleet.server.ts";
import type { Fleet } from "../../workers/local/fleet.server.ts";
import { keptOnDisk, keyOf } from "./disk.ts";
import type { Kept } from "./disk.ts";
import { snapshotAt, startService, temporaryFolder, until } from "./fleet.ts";
import type { Service } from "./fleet.ts";
import { minuteTruths, refusedTruth, slotTruths, stateOfTruth, sumTruths } from "./ledger-truth.ts";
import type { Truth } from "./ledger-truth.ts";

const SEED = 20_261_122;
const MINUTE_MS = 60_000;
const MINUTES = 2;
const TERMS = { everyMs: 5_000, messages: 20, limitMs: 600, deadlineMs: 1_800 };
const SLOTS = MINUTE_MS / TERMS.everyMs;
const ROUNDS = MINUTES * SLOTS;
const REGIONS = ["weur", "eeur", "enam", "wnam", "apac-ne", "apac-se", "oc"] as const;
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
/** Of a slot: all rounds have closed, the next have not begun. */
const [REST_FROM_MS, REST_UNTIL_MS] = [3_500, 4_600];

interface Outcome {
  readonly firstMinute: number;
  /** By `region slotAt`, all slots of the minutes compared. */
  readonly slots: ReadonlyMap<string, Truth>;
  readonly snapshot: Snapshot;
  readonly html: string;
  readonly rows: Readonly<Record<"minutes" | (typeof PERIODS)[number], readonly Row[]>>;
  /** By region. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly disk: Kept;
}
type Row = Readonly<Record<string, unknown>>;
const PERIODS = ["hours", "days", "months"] as const;
/** Keys are series * 2^26 + period. */
const SERIES_SPAN = 2 ** 26;

let outcome: Outcome;
let remove: (() => Promise<void>) | null = null;

beforeAll(async () => {
  const folder = await temporaryFolder();
  remove = folder.remove;
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
      bundleDir: inject("bundleDir"),
      dataDir: folder.path,
      port: 0,
      bindings: service.bindings,
    });
    const seen = await measure(service, fleet).finally(() => fleet.stop());
    outcome = { ...seen, disk: keptOnDisk(folder.path) };
  } finally {
    await service.stop();
  }
}, 420_000);

afterAll(async () => remove?.());

/** Runs the plan from the first slot of a minute on, then waits until D1 and the page have its minutes. */
async function measure(service: Service, fleet: Fleet): Promise<Omit<Outcome, "disk">> {
  // A minute that begins with its first slot has no absent ones: armed within the slot before.
  await untilPhase(MINUTE_MS, MINUTE_MS - 4_500, MINUTE_MS - 700);
  for (const [region, words] of PLAN[0] ?? []) await service.fault(region, words);
  await fleet.watch();
  const firstMinute = Math.floor(Date.now() / MINUTE_MS) + 1;
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

/** The truth of one region's minutes, in order. */
function minutesOf(region: string): [number, Truth][] {
  return [...minuteTruths(outcome.slots, region)].toSorted(([a], [b]) => a - b);
}

function rowTruth(row: Row): Truth {
  const integer = (name: string): number => {
    const value = row[name];
    if (typeof value !== "number") throw new Error(`column ${name} is ${String(value)}`);
    return value;
  };
  const over = JSON.parse(String(row["over"])) as [number, number][];
  return {
    scheduled: integer("scheduled"),
    ok: integer("ok"),
    lost: integer("lost"),
    error: integer("error"),
    notSent: integer("not_sent"),
    late: over.find(([limitMs]) => limitMs === TERMS.limitMs)?.[1] ?? -1,
    duplicate: integer("duplicate"),
    reordered: integer("reordered"),
  };
}

function histogramsOf(row: Row, column: string): ReturnType<typeof decodeHistograms> {
  return decodeHistograms(Uint8Array.from(row[column] as number[]));
}

/** D1's rows of a kind that belong to a region. */
function rowsOf(kind: keyof Outcome["rows"], region: string): Row[] {
  const number = outcome.numbers.get(region);
  return outcome.rows[kind].filter((row) => Math.floor(Number(row["id"]) / SERIES_SPAN) === number);
}

describe("what Sonde says is what the ledger says", () => {
  it("saw everything that the plan did to the service", () => {
    const total = sumTruths([...outcome.slots.values()]);
    console.log(
      `truth: ${outcome.slots.size} rounds of ${REGIONS.length} regions by the ledger: ${JSON.stringify(total)}`,
    );
    expect(total.scheduled).toBe(ROUNDS * TERMS.messages * REGIONS.length);
    expect(total.scheduled - total.notSent, "messages that were tried").toBeGreaterThanOrEqual(2_000);
    expect(total.notSent).toBe(0);
    for (const kind of ["lost", "error", "late", "duplicate", "reordered"] as const)
      expect(total[kind], kind).toBeGreaterThan(10);
    const states = REGIONS.flatMap((region) => minutesOf(region).map(([, truth]) => stateOfTruth(truth)));
    expect(new Set(states)).toEqual(new Set(["up", "degraded", "down"]));
  });

  it.for(REGIONS)("every round of %s, as its collector keeps it", (region) => {
    const records = outcome.disk.collected.filter((record) => record.series.region === region);
    const compared = new Map(records.map((record) => [`${region} ${record.slotAt}`, record]));
    expect(new Set(records.map(keyOf)).size, "each slot once").toBe(records.length);
    const own = [...outcome.slots].filter(([name]) => name.startsWith(`${region} `));
    expect(own.length).toBe(MINUTES * SLOTS);
    for (const [name, truth] of own) {
      const record = compared.get(name);
      expect(record, name).toBeDefined();
      if (record === undefined) continue;
      const { scheduled, ok, lost, error, notSent, duplicate, reordered } = record;
      const late = record.over.find((each) => each.limitMs === TERMS.limitMs)?.count;
      expect({ scheduled, ok, lost, error, notSent, late, duplicate, reordered }, name).toEqual(truth);
      expect([record.unfit, record.foreign, record.corrupt, record.latency.infinite], name).toEqual([
        "none",
        0,
        0,
        lost + error,
      ]);
      expect(record.failures, name).toEqual(error === 0 ? [] : [{ phase: "connect", kind: "tcp", count: error }]);
    }
  });

  it.for(REGIONS)("the minutes of %s in D1", (region) => {
    const rows = rowsOf("minutes", region);
    const truths = minutesOf(region);
    expect(rows.map((row) => Number(row["id"]) % SERIES_SPAN)).toEqual(truths.map(([minute]) => minute));
    for (const [at, row] of rows.entries()) {
      const truth = truths[at]?.[1];
      expect(rowTruth(row)).toEqual(truth);
      expect([
        row["slots"],
        row["rounds"],
        row["unfit"],
        row["revision"],
        row["corrupt"],
        row["foreign_messages"],
      ]).toEqual([SLOTS, SLOTS, 0, 0, 0, 0]);
      const [latency] = histogramsOf(row, "latency");
      expect(latency?.deadlineMs).toBe(TERMS.deadlineMs);
      expect([latency === undefined ? 0 : count(latency), latency?.infinite]).toEqual([
        truth?.ok,
        (truth?.lost ?? 0) + (truth?.error ?? 0),
      ]);
    }
  });

  it.for(REGIONS)("hours, days and months of %s, each from the ledger", (region) => {
    const truths = minutesOf(region);
    const states = (list: readonly Truth[]): number[] =>
      ["up", "degraded", "down", "unmeasured"].map(
        (state) => list.filter((truth) => stateOfTruth(truth) === state).length,
      );
    for (const kind of PERIODS) {
      const rows = rowsOf(kind, region);
      // Two minutes lie in one hour, or in two that follow each other; the day and the month are chosen to be one.
      const groups =
        kind === "hours" ? Map.groupBy(truths, ([minute]) => Math.floor(minute / 60)) : new Map([[0, truths]]);
      expect(rows.length, kind).toBe(groups.size);
      for (const [at, group] of [...groups.values()].entries()) {
        const row = rows[at] as Row;
        const list = group.map(([, truth]) => truth);
        expect(rowTruth(row), kind).toEqual(sumTruths(list));
        expect(
          [row["minutes_up"], row["minutes_degraded"], row["minutes_down"], row["minutes_unmeasured"]],
          kind,
        ).toEqual(states(list));
        const [latency] = histogramsOf(row, "latency");
        expect(latency === undefined ? 0 : count(latency), kind).toBe(sumTruths(list).ok);
      }
    }
    for (const row of rowsOf("hours", region)) {
      for (const [minute, seen] of decodeStrip(Uint8Array.from(row["strip"] as number[]))) {
        const truth = truths.find(([each]) => each === (Number(row["id"]) % SERIES_SPAN) * 60 + minute)?.[1];
        expect([seen.scheduled, seen.ok, seen.lost, seen.error, seen.over[0]?.count]).toEqual([
          truth?.scheduled,
          truth?.ok,
          truth?.lost,
          truth?.error,
          truth?.late,
        ]);
      }
    }
  });

  it.for(REGIONS)("the page's figures of %s", (region) => {
    const truths = minutesOf(region).map(([, truth]) => truth);
    const all = sumTruths(truths);
    const seen = outcome.snapshot.regions.find((each) => each.region === region);
    for (const period of [seen?.today, seen?.month]) {
      expect(period).toBeDefined();
      if (period === undefined) continue;
      expect(figuresTruth(period)).toEqual(all);
      expect([period.minutes_expected, period.minutes_unmeasured, period.corrupt]).toEqual([MINUTES, 0, 0]);
      expect(period.minutes_down).toBe(truths.filter((truth) => stateOfTruth(truth) === "down").length);
      expect(period.minutes_degraded).toBe(truths.filter((truth) => stateOfTruth(truth) === "degraded").length);
      expect(period.latency.samples).toBe(all.ok + all.lost + all.error);
    }
    expect(seen?.place).toBe("LOCAL");
    // In the card of the region: the last rounds, today, this month. In words, as a reader finds them.
    const [, today, month] = deliveredCells(outcome.html, region);
    expect([today, month]).toEqual([cellOf(all), cellOf(all)]);
  });
});

function figuresTruth(period: PeriodFigures): Truth {
  const { scheduled, ok, lost, error, not_sent: notSent, late, duplicate, reordered } = period;
  return { scheduled, ok, lost, error, notSent, late, duplicate, reordered };
}

/** What stands in the row "Delivered" of a region's card, cell by cell: the last rounds, today, the month. */
function deliveredCells(html: string, region: string): string[] {
  const card = html.split('<li class="region"').find((part) => part.includes(`>${region} · `));
  const row = card?.split("<tr").find((part) => /scope="row"[^>]*>Delivered<\/th>/.test(part));
  return (row ?? "")
    .split("<td")
    .slice(1)
    .map((cell) =>
      cell
        .replace(/^[^>]*>/, "")
        .replaceAll(/<[^>]*>/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim(),
    );
}

function cellOf({ ok, lost, error, late, duplicate, reordered }: Truth): string {
  const kinds = [
    [lost, "lost"],
    [error, "refused"],
    [late, "late"],
    [duplicate, duplicate === 1 ? "duplicate" : "duplicates"],
    [reordered, "out of order"],
  ] as const;
  const missing = kinds.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return [`${ok} of ${ok + lost + error}`, ...(missing.length > 0 ? [missing.join(", ")] : [])].join(" ");
}
