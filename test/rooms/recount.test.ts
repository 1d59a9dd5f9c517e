// Aim: hours, days and months are always the sum of their minutes, whichever minutes are written when, in any zone.
// Method: three days of seeded minutes written in shuffled pieces through needsOf and recount, as a collector does;
// afterwards each rollup must equal the rollup of all its minutes, counted at once.

import { describe, expect, it } from "vitest";

import { dayNumbered, monthOf } from "../../workers/results/calendar.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import type { CountedMinute } from "../../workers/results/records.ts";
import { needsOf, recount } from "../../workers/results/recount.ts";
import type { HourRecord, Range } from "../../workers/results/recount.ts";
import { rollupMinutes } from "../../workers/results/rollup.ts";
import type { RollupRecord } from "../../workers/results/rollup.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts, MINUTE0, randomObservation } from "../observations.ts";
import { between, mulberry32, shuffled } from "../random.ts";

const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };
const random = mulberry32(11);
// The turn from October to November, every third minute: three local days in any zone.
const FROM = MINUTE0 - 1_440;
const minutes: CountedMinute[] = Array.from({ length: 960 }, (_, i) => {
  const minute = FROM + i * 3;
  const slotAt = minute * 60_000;
  const record = recordRound(randomObservation(random, 4, slotAt), facts({ slotAt, scheduled: 4 }));
  return foldMinute(minute, [{ record, receivedAt: slotAt + 7_000, envelope: i + 1 }]);
});

/** Stores whatever a collector would, and gives back only what was asked for. */
function store(zone: string) {
  const held = {
    minutes: new Map<number, CountedMinute>(),
    hours: new Map<number, HourRecord>(),
    days: new Map<number, RollupRecord>(),
    months: new Map<number, RollupRecord>(),
  };
  const pick = <T>(from: ReadonlyMap<number, T>, ranges: readonly Range[]): Map<number, T> =>
    new Map([...from].filter(([key]) => ranges.some(([a, b]) => key >= a && key < b)));
  return {
    held,
    write(piece: readonly CountedMinute[]): void {
      const needs = needsOf(
        piece.map((minute) => minute.minute),
        zone,
      );
      const stored = {
        minutes: [...pick(held.minutes, needs.minutes).values()],
        hours: [...pick(held.hours, needs.hours).values()],
        days: pick(held.days, needs.days),
      };
      const counted = recount(piece, stored, zone, RULE);
      for (const minute of piece) held.minutes.set(minute.minute, minute);
      for (const hour of counted.hours) held.hours.set(hour.hour, hour);
      for (const day of counted.days) held.days.set(day.span.number, day.rollup);
      for (const month of counted.months) held.months.set(month.span.number, month.rollup);
    },
  };
}

describe.each(["UTC", "Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu"])(
  "in %s",
  (zone) => {
    it("any order and any pieces give the same rollups as counting everything at once", () => {
      const { held, write } = store(zone);
      let rest = shuffled(mulberry32(3), minutes);
      while (rest.length > 0) {
        const piece = rest.slice(0, between(random, 1, 60));
        rest = rest.slice(piece.length);
        write(piece);
      }
      let checked = 0;
      const within = (from: number, to: number): RollupRecord =>
        rollupMinutes(
          minutes.filter((m) => m.minute >= from && m.minute < to),
          RULE,
        );
      for (const [number, rollup] of held.days) {
        const day = dayNumbered(number, zone);
        expect(rollup, `${zone} ${day.text}`).toEqual(within(day.fromMinute, day.toMinute));
        checked += rollup.scheduled;
      }
      for (const [number, rollup] of held.months) {
        const month = [FROM, FROM + 2_879]
          .map((minute) => monthOf(minute, zone))
          .find((each) => each.number === number);
        expect(rollup).toEqual(within(month?.fromMinute ?? NaN, month?.toMinute ?? NaN));
      }
      for (const hour of held.hours.values()) expect(hour.strip.size).toBe(20);
      expect(checked).toBe(960 * 4);
      expect(held.months.size).toBe(2);
    });

    it("a revision replaces its minute and is not added to it", () => {
      const { held, write } = store(zone);
      write(minutes);
      const before = structuredClone([...held.days.values()]);
      write(minutes.slice(100, 140));
      expect([...held.days.values()]).toEqual(before);
    });
  },
);
