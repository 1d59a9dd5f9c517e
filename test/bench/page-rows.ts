// A front page as a fleet of a year writes it: seven regions, 90 days, composed by the collector's own functions and
// written by its own store. Each write says something new, as it does every few seconds in real life.

import { LOCATION_HINTS } from "../../schema/words.ts";
import type { Config } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";
import { dayOf, monthOf } from "../../workers/results/calendar.ts";
import { resultsStore } from "../../workers/results/results.store.ts";
import type { RollupRecord } from "../../workers/results/rollup.ts";
import { rollupMinutes, sumRollups } from "../../workers/results/rollup.ts";
import { composeSnapshot, summaryOf } from "../../workers/results/snapshot.ts";
import { mulberry32 } from "../random.ts";
import { minuteOf, roundOf, roundTrips } from "./month.ts";

const DAY = 1_440;
const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 };
const CONFIG: Config = configOf({
  name: "Bench",
  regions: [...LOCATION_HINTS],
  targets: [{ id: "broker", driver: "mqtt", address: "wss://broker.example.com/mqtt" }],
});

/** Writes the front row anew each time it is called. `now` in ms. */
export function frontWriter(d1: D1Database): (now: number) => Promise<void> {
  const store = resultsStore(d1);
  const random = mulberry32(11);
  const past = new Map<string, RollupRecord>();
  let asOf = 0;

  const round = (region: string, minute: number) =>
    roundOf(
      { target: "broker", region, journey: "loop", peer: "" },
      minute,
      roundTrips(random, 20, "whole ms"),
      random,
    );

  /** A whole day of the region, from a sample of it. */
  const day = (region: string): RollupRecord => {
    const known = past.get(region);
    if (known !== undefined) return known;
    const sample = rollupMinutes(
      Array.from({ length: 60 }, (_, i) => minuteOf(round(region, i))),
      RULE,
    );
    const whole = sumRollups(Array.from({ length: DAY / 60 }, () => sample));
    past.set(region, whole);
    return whole;
  };

  return async (now) => {
    const target = CONFIG.targets[0];
    if (target === undefined) throw new Error("no target");
    const minute = Math.floor(now / 60_000);
    const today = dayOf(minute, "UTC").number;
    const dayOfMonth = today - dayOf(monthOf(minute, "UTC").fromMinute, "UTC").number + 1;
    const histories = target.regions.map((region) => {
      const recent = Array.from({ length: 5 }, (_, i) => round(region, minute - 5 + i));
      return {
        region,
        peer: "",
        journey: "loop" as const,
        schedules: [{ fromMinute: minute - 365 * DAY, untilMinute: null, everyMs: 60_000 }],
        days: new Map(Array.from({ length: 90 }, (_, i) => [today - i, day(region)] as const)),
        month: sumRollups(Array.from({ length: dayOfMonth }, () => day(region))),
        recent,
        newest: recent.at(-1) ?? null,
        writtenMinute: minute - 1,
      };
    });
    const snapshot = composeSnapshot(CONFIG, target, histories, now);
    asOf += 1;
    await store.write({
      asOf,
      minutes: [],
      hours: [],
      days: [],
      months: [],
      schedules: [],
      snapshot: {
        target: target.id,
        composedAt: now,
        body: JSON.stringify(snapshot),
        summary: JSON.stringify(summaryOf(snapshot)),
      },
      targets: [target.id],
      prune: [],
    });
  };
}
