// A past in a real D1, written by the collector's own store from minutes that are made here by a rule and without chance, for the tests
// of the pages that show it. Checks nothing itself.

import { resultsStore } from "../../workers/results/results.store.ts";
import { histogramOf } from "../../workers/results/histogram.ts";
import { dayNumbered, dayOf, monthOf } from "../../workers/results/calendar.ts";
import { rollupMinutes, sumRollups } from "../../workers/results/rollup.ts";
import type { RollupRecord } from "../../workers/results/rollup.ts";
import type { CountedMinute } from "../../workers/results/records.ts";
import type { HourRecord } from "../../workers/results/recount.ts";
import { calendarRow, hourRow } from "../../workers/results/rows.store.ts";
import type { PastJourney } from "../../status-page/history.ts";

export const RULE = { downShare: 0.2, degradedShare: 0.1, lateLimitMs: 200 } as const;

/** One minute of 24 messages: 10 to 33 ms where they came. */
export function counted(minute: number, change: Partial<CountedMinute> = {}): CountedMinute {
  const { ok = 24, lost = 0, error = 0 } = change;
  const values = Array.from({ length: ok }, (_, i) => 10 + i);
  const made = ok + lost + error === 0 ? [] : [histogramOf(values, lost + error, 5000)];
  return {
    minute,
    slots: 6,
    rounds: 6,
    revision: 0,
    scheduled: 24,
    ok,
    lost,
    error,
    connectFail: 0,
    notSent: 24 - ok - lost - error,
    duplicate: 0,
    reordered: 0,
    corrupt: 0,
    foreign: 0,
    afterDeadline: 0,
    afterDeadlineMsMax: 0,
    latencyMsMax: ok > 0 ? 9 + ok : null,
    lagMsMax: 3,
    queuedMsMax: 0,
    heard: null,
    reconnects: 0,
    unfit: "none",
    place: "FRA",
    over: [{ limitMs: 200, count: 0 }],
    failures: [],
    lossRuns: [],
    latency: made,
    connect: [],
    phases: { handshake: [], login: [] },
    ...change,
  };
}

/** What happened in a minute; null: nobody was there. */
export type Story = (minute: number) => Partial<CountedMinute> | null;

export function hourRecord(hour: number, story: Story): HourRecord | null {
  const minutes = Array.from({ length: 60 }, (_, i) => hour * 60 + i).flatMap((minute) => {
    const change = story(minute);
    return change === null ? [] : [counted(minute, change)];
  });
  if (minutes.length === 0) return null;
  return {
    hour,
    rollup: rollupMinutes(minutes, RULE),
    strip: new Map(minutes.map((each) => [each.minute % 60, each])),
  };
}

export interface Told {
  readonly target?: string;
  readonly region: string;
  readonly journey?: PastJourney;
  readonly zone?: string;
  /** Minutes since the epoch, whole hours: written [from, to). */
  readonly from: number;
  readonly to: number;
  /** The default is 24 of 24, always. */
  readonly story?: Story;
}

/** Writes hours, days and months of a series, and says its number. */
export async function tell(d1: D1Database, told: Told): Promise<number> {
  const { target = "chat", region, journey = "loop", zone = "UTC", from, to, story = () => ({}) } = told;
  const store = resultsStore(d1);
  const series = await store.seriesNumber({ target, region, journey, peer: "" }, "message", "delivered");
  const hours: HourRecord[] = [];
  for (let hour = from / 60; hour < to / 60; hour++) {
    const made = hourRecord(hour, story);
    if (made !== null) hours.push(made);
  }
  const days = new Map<number, RollupRecord[]>();
  const months = new Map<number, { at: number; list: RollupRecord[] }>();
  for (const { hour, rollup } of hours) {
    const number = dayOf(hour * 60, zone).number;
    days.set(number, [...(days.get(number) ?? []), rollup]);
    const month = monthOf(hour * 60, zone).number;
    months.set(month, { at: hour * 60, list: [...(months.get(month)?.list ?? []), rollup] });
  }
  await store.write({
    asOf: 1,
    minutes: [],
    hours: hours.map((each) => hourRow(series, 1, each)),
    days: [...days].map(([number, list]) => calendarRow(series, 1, zone, dayNumbered(number, zone), sumRollups(list))),
    months: [...months.values()].map(({ at, list }) =>
      calendarRow(series, 1, zone, monthOf(at, zone), sumRollups(list)),
    ),
    schedules: [{ series, schedules: [{ fromMinute: from, untilMinute: null, everyMs: 10_000 }] }],
    snapshot: null,
    front: { targets: [], contracts: [] },
    prune: [],
  });
  return series;
}
