// Aim: Sonde says what happened, exactly, and nothing else. Method: seven regions measure a service whose network loses,
// delays, doubles, reorders and refuses by plan and by chance, and keeps a ledger of it. Afterwards rounds, minutes, hours,
// days, months and the page must say what the LEDGER says; each level is recounted from it, never from the level below.
// Injected delays are far from every limit (500 ms and more), so that a busy machine makes no borderline case.

import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { count, decodeHistograms } from "../../workers/results/histogram.ts";
import type { PeriodFigures } from "../../workers/results/snapshot-shape.ts";
import { decodeStrip } from "../../workers/results/strip.ts";
import { keyOf } from "./disk.ts";
import { temporaryFolder } from "./fleet.ts";
import { minuteTruths, stateOfTruth, sumTruths } from "./ledger-truth.ts";
import type { Truth } from "./ledger-truth.ts";
import { MINUTES, PERIODS, REGIONS, ROUNDS, runTruth, SERIES_SPAN, SLOTS, TERMS } from "./truth-run.ts";
import type { Outcome, Row } from "./truth-run.ts";

let outcome: Outcome;
let remove: (() => Promise<void>) | null = null;

/** Of the 500 ms that injected delays are away from every limit. A stall makes messages late that the network did not delay. */
const STALL_MS = 250;
const TRIES = 3;

beforeAll(async () => {
  for (let tries = 1; ; tries += 1) {
    const folder = await temporaryFolder();
    remove = folder.remove;
    outcome = await runTruth(inject("bundleDir"), folder.path);
    // A round that begins too late is not begun, or is unfit, as it must be: then there is nothing to compare.
    const absent = ROUNDS * REGIONS.length - outcome.slots.size;
    const compared = outcome.disk.collected.filter(({ series, slotAt }) =>
      outcome.slots.has(`${series.region} ${slotAt}`),
    );
    const unfit = compared.filter((record) => record.unfit === "scheduler_lag").length;
    if ((outcome.stalledMs <= STALL_MS && absent === 0 && unfit === 0) || tries === TRIES) break;
    const stalled = `stood still for ${Math.round(outcome.stalledMs)} ms; ${absent} rounds are absent, ${unfit} began too late`;
    console.log(`truth: this machine ${stalled}: all of it once more`);
    await folder.remove();
  }
}, 800_000);

afterAll(async () => remove?.());

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
