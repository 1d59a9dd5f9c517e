// What is measured, as metrics: states, how the fleet itself is, counts of messages, and times. Pure. Counts are those of the calendar month and begin anew
// with it, which `startedAt` says; percentiles are the stored ones, never averaged, and infinite where their rank falls among
// messages that were lost. What is not measured has no point, except as the state `unmeasured`. Called by `families.ts`.

import { STATES } from "../../schema/words.ts";
import type { PeriodFigures, PrintableQuantile, Snapshot } from "../results/snapshot-shape.ts";
import type { Bucketed, Counted, Family, Labels, Point } from "./family.ts";
import { measuredOf } from "./measured.ts";
import type { Measured } from "./measured.ts";

const COUNTERS: readonly (readonly [what: string, help: string, of: (month: PeriodFigures) => number])[] = [
  ["scheduled", "Messages that the schedule had, whether they were sent or not", (m) => m.scheduled],
  ["sent", "Messages that were attempted: delivered, lost and refused ones", attempted],
  ["delivered", "Messages that arrived by the deadline", (m) => m.ok],
  ["late", "Delivered messages that took longer than the limit; part of delivered", (m) => m.late],
  ["lost", "Messages that were sent and did not arrive by the deadline", (m) => m.lost],
  ["refused", "Messages that the service refused, or for which there was no session", (m) => m.error],
  [
    "not_sent",
    "Scheduled messages that our own side did not attempt: they say nothing about the service",
    (m) => m.not_sent,
  ],
  ["duplicated", "Deliveries of a message that had been delivered already", (m) => m.duplicate],
  ["reordered", "Messages that arrived behind a later one", (m) => m.reordered],
  ["corrupt", "Deliveries whose contents were not what was sent", (m) => m.corrupt],
];

const ABOUT_COUNTS =
  "of the calendar month, which begins anew with each month; counted in deliveries for room, turns for dialogue, connections for connect";

/** The families of all targets, in one order whatever was measured. */
export function probeFamilies(snapshots: readonly Snapshot[], now: number): readonly Family[] {
  const all = snapshots.flatMap((snapshot) => measuredOf(snapshot, now));
  const months = all.flatMap((one) => (one.month === null ? [] : [{ ...one, month: one.month }]));
  const counters = COUNTERS.map(([what, help, of]): Family => {
    const points = months.map(({ labels, month }): Counted => ({ labels, value: of(month), startedAt: month.from }));
    const name = `probe_messages_${what}`;
    return { name, type: "counter", unit: null, help: `${help}; ${ABOUT_COUNTS}.`, points };
  });
  return [
    ...stateFamilies(all),
    ...selfFamilies(all),
    ...counters,
    ...sumFamilies(months),
    ...timeFamilies(snapshots, all),
  ];
}

function attempted({ ok, lost, error }: Pick<PeriodFigures, "ok" | "lost" | "error">): number {
  return ok + lost + error;
}

function stateFamilies(all: readonly Measured[]): readonly Family[] {
  const known = all.filter(({ state }) => state !== "unmeasured");
  return [
    {
      name: "probe_success",
      type: "gauge",
      unit: null,
      help: "1 if the last rounds were up or degraded, 0 if down; no sample while unmeasured (see probe_state).",
      points: known.map(({ labels, state }) => ({ labels, value: state === "down" ? 0 : 1 })),
    },
    {
      name: "probe_state",
      type: "stateset",
      unit: null,
      help: "The state now, of which exactly one is 1; unmeasured is neither good nor bad news about the service.",
      states: STATES,
      points: all.map(({ labels, state }) => ({ labels, state })),
    },
    {
      name: "probe_last_run_timestamp_seconds",
      type: "gauge",
      unit: "seconds",
      help: "When the newest recorded round began, in seconds since the epoch; no sample before the first one.",
      points: all.flatMap(({ labels, lastSlotAt }) =>
        lastSlotAt === null ? [] : [{ labels, value: lastSlotAt / 1000 }],
      ),
    },
  ];
}

/** About the fleet itself: who measures late, or cannot reach anything, proves nothing about the service. */
function selfFamilies(all: readonly Measured[]): readonly Family[] {
  // The controls are asked once for all journeys of a region.
  const looks = all.flatMap(({ labels, journey, self }) => {
    const { service = "", driver = "", region_from = "" } = labels;
    const asked = journey === "loop" ? (self?.controls ?? null) : null;
    return asked === null ? [] : [{ labels: { service, driver, region_from, check: "controls" }, ...asked }];
  });
  return [
    {
      name: "probe_schedule_lag_seconds",
      type: "gauge",
      unit: "seconds",
      help: "The longest that one of the last rounds began behind its slot; no sample where none was recorded.",
      points: all.flatMap(({ labels, self }) =>
        self?.lag_ms_max === undefined ? [] : [{ labels, value: self.lag_ms_max / 1000 }],
      ),
    },
    {
      name: "probe_control_success",
      type: "gauge",
      unit: null,
      help: "1 if half of the independent endpoints answered at least, else 0: then bad rounds prove nothing. No sample where none was asked in the last rounds.",
      // As `findingOf` of probes/controls.ts judges.
      points: looks.map(({ labels, asked, answered }) => ({ labels, value: answered * 2 >= asked ? 1 : 0 })),
    },
    {
      name: "probe_control_answered_ratio",
      type: "gauge",
      unit: "ratio",
      help: "Which share of the independent endpoints answered when they were last asked in the last rounds.",
      points: looks.map(({ labels, asked, answered }) => ({ labels, value: answered / asked })),
    },
  ];
}

type Counts = Measured & { readonly month: PeriodFigures };

function sumFamilies(months: readonly Counts[]): readonly Family[] {
  const minutes = ["up", "degraded", "down", "unmeasured"] as const;
  return [
    {
      name: "probe_message_latency_seconds",
      type: "histogram",
      unit: "seconds",
      help: `How many messages were at most as slow as the limit and as the deadline; lost and refused ones only in +Inf. Of loop, ${ABOUT_COUNTS}.`,
      points: months.filter(({ journey }) => journey === "loop").map(bucketed),
    },
    {
      name: "probe_all_success",
      type: "summary",
      unit: null,
      help: `Delivered (sum) and attempted (count) messages: rate(sum) / rate(count) is the share delivered; ${ABOUT_COUNTS}.`,
      points: months.map(({ labels, month }) => {
        return { labels, startedAt: month.from, sum: month.ok, count: attempted(month) };
      }),
    },
    {
      name: "probe_month_state_seconds",
      type: "gauge",
      unit: "seconds",
      help: "How long it was in each state in the calendar month until now, by whole minutes.",
      points: months.flatMap(({ labels, month }) =>
        minutes.map((state) => ({ labels: { ...labels, state }, value: month[`minutes_${state}`] * 60 })),
      ),
    },
  ];
}

/**
 * Two counts of the month make two exact buckets; what was lost or refused is above every limit. Where not all messages were held
 * against the limit there is no bucket of it.
 */
function bucketed({ labels, month, latencyLimitMs, deadlineMs }: Counts): Bucketed {
  const limit = [latencyLimitMs / 1000, month.ok - month.late] as const;
  const deadline = [deadlineMs / 1000, month.ok] as const;
  const buckets = latencyLimitMs < deadlineMs && month.late_of === undefined ? [limit, deadline] : [deadline];
  return { labels, startedAt: month.from, buckets, count: attempted(month) };
}

function timeFamilies(snapshots: readonly Snapshot[], all: readonly Measured[]): readonly Family[] {
  const parts = all.flatMap(({ labels, phases }) =>
    phases.map(({ phase, window, latency }) => ({ labels: { ...labels, phase, window }, latency })),
  );
  return [
    {
      name: "probe_duration_seconds",
      type: "gauge",
      unit: "seconds",
      help: "Percentiles over delivered, lost and refused ones together; +Inf where the rank falls among those that never came, no sample where there are too few.",
      points: parts.flatMap(({ labels, latency }) => percentiles(labels, latency)),
    },
    {
      name: "probe_duration_samples",
      type: "gauge",
      unit: null,
      help: "How many messages or connections the percentiles of probe_duration_seconds are ranked over.",
      points: parts.map(({ labels, latency }) => ({ labels, value: latency.samples })),
    },
    {
      name: "probe_month_start_timestamp_seconds",
      type: "gauge",
      unit: "seconds",
      help: "When the calendar month began in the service's zone, and with it all counters, in seconds since the epoch.",
      points: snapshots.flatMap(({ target, driver, regions }): Point[] => {
        const from = regions[0]?.month.from;
        return from === undefined ? [] : [{ labels: { service: target, driver }, value: from / 1000 }];
      }),
    },
    {
      name: "probe_duration_objective_seconds",
      type: "gauge",
      unit: "seconds",
      help: "What the 99th percentile is held to, by phase.",
      points: snapshots.flatMap(({ target, driver, objectives }): Point[] => [
        { labels: { service: target, driver, phase: "deliver" }, value: objectives.latency_ms_p99 / 1000 },
        { labels: { service: target, driver, phase: "connect" }, value: objectives.connect_ms_p99 / 1000 },
      ]),
    },
  ];
}

function percentiles(
  labels: Labels,
  { p50, p95, p99 }: Readonly<Record<"p50" | "p95" | "p99", PrintableQuantile>>,
): readonly Point[] {
  const all = [
    ["50", p50],
    ["95", p95],
    ["99", p99],
  ] as const;
  return all.flatMap(([percentile, quantile]): Point[] => {
    if (quantile === null) return [];
    const value = typeof quantile === "number" ? quantile / 1000 : Infinity;
    return [{ labels: { ...labels, percentile }, value }];
  });
}
