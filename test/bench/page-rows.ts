// Front rows as a fleet of a year writes them: eleven regions, 365 days, composed by the collector's own functions and
// written by its own store. Each write says something new of one target, as it does every few seconds in real life.

import { LOCATION_HINTS } from "../../schema/words.ts";
import type { Config, Target } from "../../workers/config/config.ts";
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
const HISTORY_DAYS = 365;
const MORE_REGIONS = [
  { id: "sam", hint: "enam", label: { en: "South America", zh: "南美" } },
  { id: "afr", hint: "weur", label: { en: "Africa", zh: "非洲" } },
  { id: "me", hint: "eeur", label: { en: "Middle East", zh: "中东" } },
  { id: "apac", hint: "apac-se", label: { en: "South Asia", zh: "南亚" } },
] as const;

export interface Fleet {
  readonly targets: number;
  /** How much of its past is there: of what is older, the row says that nothing is known. */
  readonly days?: number;
}

function configFor(targets: number): Config {
  return configOf({
    name: "Bench",
    regions: [...LOCATION_HINTS, ...MORE_REGIONS],
    targets: Array.from({ length: targets }, (_, i) => ({
      id: `broker-${i + 1}`,
      label: { en: `Broker ${i + 1}`, zh: `消息代理 ${i + 1}` },
      driver: "mqtt" as const,
      address: "wss://broker.example.com/mqtt",
    })),
  });
}

/** Writes the front row anew each time it is called: at first all targets, then one after the other. `now` in ms. */
export function frontWriter(d1: D1Database, fleet: Fleet = { targets: 1 }): (now: number) => Promise<void> {
  const config = configFor(fleet.targets);
  const shownDays = Math.min(HISTORY_DAYS, fleet.days ?? HISTORY_DAYS);
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

  const write = async (target: Target, now: number): Promise<void> => {
    const minute = Math.floor(now / 60_000);
    const today = dayOf(minute, "UTC").number;
    const dayOfMonth = today - dayOf(monthOf(minute, "UTC").fromMinute, "UTC").number + 1;
    const histories = target.regions.map((region) => {
      const recent = Array.from({ length: 5 }, (_, i) => round(region, minute - 5 + i));
      return {
        region,
        peer: "",
        journey: "loop" as const,
        schedules: [{ fromMinute: minute - shownDays * DAY, untilMinute: null, everyMs: 60_000 }],
        days: new Map(Array.from({ length: shownDays }, (_, i) => [today - i, day(region)] as const)),
        month: sumRollups(Array.from({ length: dayOfMonth }, () => day(region))),
        recent,
        newest: recent.at(-1) ?? null,
        writtenMinute: minute - 1,
      };
    });
    const snapshot = composeSnapshot(config, target, histories, now);
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
      front: { targets: config.targets.map(({ id }) => id), contracts: [] },
      prune: [],
    });
  };

  let next = 0;
  return async (now) => {
    if (next === 0) for (const target of config.targets) await write(target, now);
    const target = config.targets[next++ % config.targets.length];
    if (target !== undefined) await write(target, now);
  };
}
