// The document that the page reads: one row for a target, composed by its collector. JSON, hence snake_case.
// Everything in it is as of `composed_at`; the page adds only the present instant, to say how old that is.

import type { Driver } from "../probes/driver.ts";
import type { DriverName, Journey, Language, OkMeaning, State, Unit } from "../../schema/words.ts";

/** A percentile as it may be printed: whole ms; "> limit" where the rank falls among lost ones; null: too few samples. */
export type PrintableQuantile = number | { readonly over_ms: number } | null;

export interface LatencyFigures {
  /** Delivered, lost and refused messages together: what the percentiles are ranked over. */
  readonly samples: number;
  readonly p50: PrintableQuantile;
  readonly p95: PrintableQuantile;
  readonly p99: PrintableQuantile;
  /** Largest delivered; null when none was. */
  readonly max_ms: number | null;
}

/** What one region's questions to another came to in the last minutes. sent - heard were lost on the way there. */
export interface MatrixCell {
  readonly from: string;
  readonly to: string;
  readonly state: State;
  /** Null unless `unmeasured`. */
  readonly why: string | null;
  readonly last_slot_at: number | null;
  /** Rounds in which both sides were there, and rounds in which one was not. */
  readonly rounds: number;
  readonly rounds_unmeasured: number;
  /** Questions that were written; refused ones are in `error`. */
  readonly sent: number;
  /** Questions that the other side says it heard; heard - ok were lost on the way back. */
  readonly heard: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly late: number;
  /** Both directions together. */
  readonly latency: LatencyFigures;
}

export interface PeriodFigures {
  readonly from: number;
  readonly to: number;
  /** Minutes that had a slot by the schedule, whether anything was recorded or not. */
  readonly minutes_expected: number;
  /** The same for the whole calendar period, the minutes still to come included: a verdict is about these. */
  readonly minutes_whole: number;
  readonly minutes_up: number;
  readonly minutes_degraded: number;
  readonly minutes_down: number;
  /** expected - up - degraded - down: recorded as unmeasured, or silent. */
  readonly minutes_unmeasured: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly not_sent: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly corrupt: number;
  /** Over the SLA's latency limit; part of ok. */
  readonly late: number;
  /** How many of `ok` were held against that limit, where not all were: it was another one then. */
  readonly late_of?: number | undefined;
  readonly latency: LatencyFigures;
  readonly connect: LatencyFigures;
}

/** What the last rounds said: never mixed with minutes, which are closed before they count. */
export interface RecentFigures {
  readonly from: number;
  readonly to: number;
  readonly rounds: number;
  readonly attempted: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly not_sent: number;
  readonly late: number;
  readonly latency: LatencyFigures;
  /** The most frequent failure class, "connect: tcp"; null when nothing was refused. */
  readonly failure: string | null;
  /** The longest that one of these rounds began behind its slot, ms. Left out by an older collector. */
  readonly lag_ms_max?: number | undefined;
  /** The newest look at the controls among these rounds; null: none was asked. Left out by an older collector. */
  readonly controls?: { readonly at: number; readonly asked: number; readonly answered: number } | null | undefined;
}

/** A period of a journey beside `loop`. */
export interface JourneyFigures extends PeriodFigures {
  /** Sessions that had to be opened anew because the service ended one: of `dialogue`. */
  readonly reconnects: number;
  /** Where the time of connecting goes: of `connect`; null in all others. */
  readonly phases: { readonly handshake: LatencyFigures; readonly login: LatencyFigures } | null;
}

/** A journey of a region beside `loop`, by which the region is judged. `mesh` is in the matrix. */
export interface JourneySnapshot {
  readonly journey: Exclude<Journey, "loop" | "mesh">;
  /** What its counts count. */
  readonly unit: Unit;
  readonly ok_means: OkMeaning;
  readonly state: State;
  readonly why: string | null;
  readonly last_slot_at: number | null;
  readonly stale_after_ms: number;
  readonly measured_since: number | null;
  readonly recent: RecentFigures | null;
  readonly today: JourneyFigures;
  readonly month: JourneyFigures;
}

/** [expected, up, degraded, down, attempted, ok] of one day; null where nothing was scheduled or recorded. */
export type DayCounts = readonly [number, number, number, number, number, number] | null;

/** [P50, P99] of one day's messages, lost ones among them; each null where they are too few. */
export type TrendDay = readonly [p50: PrintableQuantile, p99: PrintableQuantile];

export interface RegionSnapshot {
  readonly region: string;
  readonly label: Readonly<Record<Language, string>>;
  readonly journey: Journey;
  readonly ok_means: OkMeaning;
  /** The observed colo; "" while unknown. */
  readonly place: string;
  /** Judged from the last round at `composed_at`. */
  readonly state: State;
  /** Why it is unmeasured, in a word of UNFIT_REASONS or "silent"; null otherwise. */
  readonly why: string | null;
  /** Start of the newest recorded slot; null before the first result. */
  readonly last_slot_at: number | null;
  /** If `last_slot_at` is older than this, the region is not seen any more: unmeasured, whatever `state` says. */
  readonly stale_after_ms: number;
  /** Since when it has been measured at all. */
  readonly measured_since: number | null;
  readonly recent: RecentFigures | null;
  readonly today: PeriodFigures;
  readonly month: PeriodFigures;
  /** In the order of schema/words.ts. Left out where the target has none, and in a summary. */
  readonly others?: readonly JourneySnapshot[] | undefined;
  /** The last 90 days, oldest first, the last is today. */
  readonly days: readonly DayCounts[];
  /** The last 30 days, oldest first, the last is today. Left out in a summary, and in rows of an older collector. */
  readonly trend?: readonly TrendDay[] | undefined;
}

export interface Snapshot {
  readonly version: 1;
  readonly target: string;
  readonly label: Readonly<Record<Language, string>>;
  readonly driver: DriverName;
  readonly publish_ack: Driver["capabilities"]["publishAck"];
  readonly composed_at: number;
  /** IANA zone of its days and months. */
  readonly time_zone: string;
  /** Today in that zone, YYYY-MM-DD: the last of `days`. */
  readonly today: string;
  readonly every_ms: number;
  readonly messages: number;
  readonly gap_ms: number;
  readonly deadline_ms: number;
  readonly connect_deadline_ms: number;
  readonly objectives: {
    readonly availability: number;
    readonly delivery: number;
    readonly latency_ms_p99: number;
    readonly connect_ms_p99: number;
    readonly down_share: number;
    readonly degraded_share: number;
  };
  readonly regions: readonly RegionSnapshot[];
  /** From each region to each other one, row by row; empty where the target has no `mesh`. */
  readonly matrix: readonly MatrixCell[];
}
