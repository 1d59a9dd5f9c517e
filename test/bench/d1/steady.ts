// What a minute costs in rows once a fleet has run for years: seven regions through the collector's real store, the real
// `publish` and D1, with the past laid out so that everything that retention removes each minute is there to be removed.
// Method: half an hour of 8 days ago, 90 days of days, half an hour of minutes; then 28 minutes more are counted, in which
// the turn to be pruned comes to each series four times.

import { days, hours, minutes } from "../../../schema/d1-tables.ts";
import { configOf } from "../../../workers/config/parse.ts";
import { LOCATION_HINTS } from "../../../schema/words.ts";
import { upsert } from "../../../workers/results/bulk.store.ts";
import { calendarRow } from "../../../workers/results/rows.store.ts";
import { dayNumbered, dayOf } from "../../../workers/results/calendar.ts";
import { collectorStore } from "../../../workers/results/collector.store.ts";
import { encodeEnvelope } from "../../../workers/results/envelope.ts";
import { publish } from "../../../workers/results/publish.store.ts";
import { resultsStore } from "../../../workers/results/results.store.ts";
import { rollupMinutes } from "../../../workers/results/rollup.ts";
import { mulberry32 } from "../../random.ts";
import { FIRST_MINUTE, roundOf, roundTrips } from "../month.ts";
import { countedD1, countedStorage } from "./counted.ts";
import type { Rows } from "./counted.ts";
import { hourRows, minuteRows, minutesOf, RULE } from "./rows.ts";

/** 2026-11-22T12:30Z: the middle of a day and of an hour, three weeks into a month. */
const NOON = FIRST_MINUTE + 21 * 1_440 + 12 * 60 + 30;
const DAY = 1_440;
const COUNTED = 28;
const HASH = "0123456789abcdef".repeat(4);

export interface SteadyRows {
  readonly minutes: number;
  readonly regions: number;
  readonly collector: Rows;
  readonly d1: Rows;
}

export async function steadyRows(real: DurableObjectStorage, d1: D1Database): Promise<SteadyRows> {
  const counted = countedStorage(real);
  const store = collectorStore(counted.storage);
  const d1Rows = { read: 0, written: 0 };
  const config = configOf({
    name: "Bench",
    regions: [...LOCATION_HINTS],
    targets: [{ id: "broker", driver: "mqtt", address: "wss://broker.example.com/mqtt" }],
  });
  const current = { config, hash: HASH, body: JSON.stringify(config) };
  const random = mulberry32(7);
  let sequence = 0;

  /** One minute of the fleet: each region hands over its round, then the collector's alarm writes. */
  async function live(minute: number, db: D1Database): Promise<void> {
    const now = minute * 60_000 + 3_000;
    for (const region of LOCATION_HINTS) {
      const series = { target: "broker", region, journey: "loop", peer: "" } as const;
      const record = { ...roundOf(series, minute, roundTrips(random, 20, "whole ms"), random), configHash: HASH };
      sequence += 1;
      const head = { prober: `${region}.0`, generation: 1, software: "bench", configHash: HASH, sequence, dropped: 0 };
      store.nameOnce("broker");
      store.has([record]);
      store.keep(encodeEnvelope({ ...head, records: [record], signature: null }), now, [record], [0]);
    }
    await publish(store, resultsStore(db), current, now);
  }

  // The rounds that are 8 days old when the counting begins: one of each series falls due for removal each minute.
  for (let i = 1; i <= COUNTED; i++) await live(NOON - 8 * DAY + i, d1);
  await layOutThePast(d1);
  counted.rows();
  for (let i = 1; i <= COUNTED; i++) await live(NOON + i, countedD1(d1, d1Rows));
  return { minutes: COUNTED, regions: LOCATION_HINTS.length, collector: counted.rows(), d1: d1Rows };
}

/** What D1 holds of each series beside what this run writes. */
async function layOutThePast(d1: D1Database): Promise<void> {
  const today = dayOf(NOON, "UTC").number;
  for (let series = 1; series <= LOCATION_HINTS.length; series++) {
    const hour = minutesOf(series, NOON - 30, 31);
    const midnight = NOON - 750;
    const morning = Array.from({ length: 12 }, (_, i) =>
      hourRows(series, 1, minutesOf(series, midnight + i * 60, 60)),
    ).flat();
    // Each write prunes one series, in turn. At the end a series has waited three minutes for its turn, on average: so it
    // begins with three that are too old.
    const old = minutesOf(series, NOON - 90 * DAY - 3, 2 * COUNTED);
    const rollup = rollupMinutes(minutesOf(series, midnight, 60), RULE);
    const past = Array.from({ length: 89 }, (_, i) =>
      calendarRow(series, 1, "UTC", dayNumbered(today - 89 + i, "UTC"), rollup),
    );
    await d1.batch([
      upsert(d1, minutes, [...minuteRows(series, 1, hour), ...minuteRows(series, 1, old)]),
      upsert(d1, hours, morning),
      upsert(d1, days, past),
    ]);
  }
}
