// What the inspector is given: plain rows as they are stored, by the Drizzle tables' own types. Types, and the rule that
// rollups are judged by. Made by `world.ts` and `inspect-files.ts`.

import type { Journey } from "../../schema/words.ts";
import type { dueMinutes, envelopes, identity, localSeries, rounds } from "../../schema/collector-tables.ts";
import type {
  configVersions,
  days,
  deliveries,
  front,
  frontParts,
  hours,
  incidentEvents,
  incidents,
  maintenance,
  minutes,
  months,
  receipts,
  reports,
  series,
  snapshots,
} from "../../schema/d1-tables.ts";
import type * as dutyTables from "../../schema/duty-tables.ts";
import type { wakes } from "../../schema/prober-tables.ts";
import type { Objectives } from "../../workers/config/config.ts";
import type { RollupRule } from "../../workers/results/rollup.ts";

export interface CollectorState {
  readonly target: string;
  readonly envelopes: readonly (typeof envelopes.$inferSelect)[];
  readonly rounds: readonly (typeof rounds.$inferSelect)[];
  readonly series: readonly (typeof localSeries.$inferSelect)[];
  readonly dueMinutes: readonly (typeof dueMinutes.$inferSelect)[];
  readonly identity: readonly (typeof identity.$inferSelect)[];
}

export interface ProberState {
  /** `weur.0.v1` */
  readonly name: string;
  readonly wakes: readonly (typeof wakes.$inferSelect)[];
}

/** What one Duty has decided and sent. */
export interface DutyState {
  readonly target: string;
  readonly identity: readonly (typeof dutyTables.duty.$inferSelect)[];
  readonly events: readonly (typeof dutyTables.events.$inferSelect)[];
  readonly incidents: readonly (typeof dutyTables.incidents.$inferSelect)[];
  readonly outbox: readonly (typeof dutyTables.outbox.$inferSelect)[];
  readonly receipts: readonly (typeof dutyTables.receipts.$inferSelect)[];
  readonly maintenance: readonly (typeof dutyTables.maintenance.$inferSelect)[];
}

export type MinuteRow = typeof minutes.$inferSelect;
export type HourRow = typeof hours.$inferSelect;
export type CalendarRow = typeof days.$inferSelect;

export interface D1State {
  readonly series: readonly (typeof series.$inferSelect)[];
  readonly configVersions: readonly (typeof configVersions.$inferSelect)[];
  readonly minutes: readonly MinuteRow[];
  readonly hours: readonly HourRow[];
  readonly days: readonly CalendarRow[];
  readonly months: readonly (typeof months.$inferSelect)[];
  readonly snapshots: readonly (typeof snapshots.$inferSelect)[];
  readonly front: readonly (typeof front.$inferSelect)[];
  readonly frontParts: readonly (typeof frontParts.$inferSelect)[];
  readonly reports: readonly (typeof reports.$inferSelect)[];
  readonly incidents: readonly (typeof incidents.$inferSelect)[];
  readonly incidentEvents: readonly (typeof incidentEvents.$inferSelect)[];
  readonly deliveries: readonly (typeof deliveries.$inferSelect)[];
  readonly receipts: readonly (typeof receipts.$inferSelect)[];
  readonly maintenance: readonly (typeof maintenance.$inferSelect)[];
}

export interface FleetState {
  readonly collectors: readonly CollectorState[];
  readonly probers: readonly ProberState[];
  readonly duties: readonly DutyState[];
  readonly d1: D1State;
  readonly zone: string;
  readonly rule: (journey: Journey) => RollupRule;
  /** Targets that the configuration names: theirs are the snapshots of the front row. */
  readonly targets: readonly string[];
}

/** How many of each thing were checked. */
export type InspectReport = Readonly<Record<string, number>>;

/** The rule that production makes of the objectives: a connection is late by another limit than a message. */
export function ruleOf(objectives: Objectives): FleetState["rule"] {
  const { downShare, degradedShare, latencyMsP99, connectMsP99 } = objectives;
  return (journey) => ({
    downShare,
    degradedShare,
    // A question and its answer are two deliveries.
    lateLimitMs:
      journey === "connect" ? connectMsP99 : (journey === "mesh" || journey === "dialogue" ? 2 : 1) * latencyMsP99,
  });
}

/** The journey of the series that a row's id begins with; `loop` where there is no such series, which is found elsewhere. */
export function journeyOf(state: FleetState, id: number): Journey {
  return (state.d1.series.find((row) => row.id === seriesOf(id))?.journey ?? "loop") as Journey;
}

// Keys, as the tables' comments say them. Written out again here: an inspector that shared production's arithmetic
// would share its mistakes.
export const SERIES_SPAN = 2 ** 26;
export const ROUND_SPAN = 2 ** 32;
export const MINUTE_MS = 60_000;

export function seriesOf(id: number): number {
  return Math.floor(id / SERIES_SPAN);
}

export function periodOf(id: number): number {
  return id % SERIES_SPAN;
}
