// Between records and D1's rows: the same integers under the tables' names. One function a direction and a kind.

import type { days, hours, minutes } from "../../schema/d1-tables.ts";
import type { FailureKind, Phase } from "../../schema/words.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { CalendarSpan } from "./calendar.ts";
import { decodeHistograms, encodeHistograms } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import type { CountedMinute, MinuteRecord } from "./records.ts";
import type { HourRecord } from "./recount.ts";
import type { RollupRecord } from "./rollup.ts";
import { decodeStrip, encodeStrip } from "./strip.ts";

export type MinuteRow = typeof minutes.$inferSelect;
export type HourRow = typeof hours.$inferSelect;
export type CalendarRow = typeof days.$inferSelect;
type RollupColumns = Omit<HourRow, "id" | "asOf" | "strip">;

/** What a key starts with: 2^26 of each kind of period a series. Minutes since the epoch pass 2^26 in 2097. */
export const SERIES_SPAN = 2 ** 26;

export function idOf(series: number, period: number): number {
  return series * SERIES_SPAN + period;
}

export function minuteRow(series: number, asOf: number, config: number, minute: MinuteRecord): MinuteRow {
  const { latency, connect, phases, over, failures, lossRuns, unfit, ...rest } = minute;
  const { configHash: _hash, minute: number, ...integers } = rest;
  return {
    ...integers,
    ...phaseColumns(phases),
    id: idOf(series, number),
    asOf,
    config,
    unfit: UNFIT_REASONS.indexOf(unfit),
    latency: Buffer.from(encodeHistograms(latency)),
    connect: Buffer.from(encodeHistograms(connect)),
    over: over.map((each) => [each.limitMs, each.count] as const),
    failures: failures.length === 0 ? null : failures.map((each) => [each.phase, each.kind, each.count] as const),
    lossRuns:
      lossRuns.length === 0 ? null : lossRuns.map((run) => [run.length, run.firstBadAt, run.nextGoodAt] as const),
  };
}

export function minuteFromRow(row: MinuteRow): CountedMinute {
  const { id, asOf: _asOf, config: _config, unfit, latency, connect, handshake, login, ...rest } = row;
  const { over, failures, lossRuns, ...integers } = rest;
  const reason = UNFIT_REASONS[unfit];
  if (reason === undefined) throw new Error(`minute ${id}: no reason has the number ${unfit}`);
  return {
    ...integers,
    minute: id % SERIES_SPAN,
    unfit: reason,
    latency: decodeHistograms(latency),
    connect: decodeHistograms(connect),
    phases: phasesFromColumns({ handshake, login }),
    over: over.map(([limitMs, count]) => ({ limitMs, count })),
    failures: (failures ?? []).map(([phase, kind, count]) => ({
      phase: phase as Phase,
      kind: kind as FailureKind,
      count,
    })),
    lossRuns: (lossRuns ?? []).map(([length, firstBadAt, nextGoodAt]) => ({ length, firstBadAt, nextGoodAt })),
  };
}

export function hourRow(series: number, asOf: number, hour: HourRecord): HourRow {
  return {
    ...rollupColumns(hour.rollup),
    id: idOf(series, hour.hour),
    asOf,
    strip: Buffer.from(encodeStrip(hour.strip)),
  };
}

export function hourFromRow(row: HourRow): HourRecord {
  return { hour: row.id % SERIES_SPAN, rollup: rollupFromRow(row), strip: decodeStrip(row.strip) };
}

export function calendarRow(
  series: number,
  asOf: number,
  zone: string,
  span: CalendarSpan,
  rollup: RollupRecord,
): CalendarRow {
  const { fromMinute, toMinute } = span;
  return { ...rollupColumns(rollup), id: idOf(series, span.number), asOf, zone, fromMinute, toMinute };
}

export function rollupFromRow(row: RollupColumns): RollupRecord {
  const { latency, connect, handshake, login, over, ...integers } = row;
  return {
    minutesUp: integers.minutesUp,
    minutesDegraded: integers.minutesDegraded,
    minutesDown: integers.minutesDown,
    minutesUnmeasured: integers.minutesUnmeasured,
    scheduled: integers.scheduled,
    ok: integers.ok,
    lost: integers.lost,
    error: integers.error,
    connectFail: integers.connectFail,
    notSent: integers.notSent,
    duplicate: integers.duplicate,
    reordered: integers.reordered,
    corrupt: integers.corrupt,
    foreign: integers.foreign,
    afterDeadline: integers.afterDeadline,
    latencyMsMax: integers.latencyMsMax,
    lagMsMax: integers.lagMsMax,
    latency: decodeHistograms(latency),
    connect: decodeHistograms(connect),
    phases: phasesFromColumns({ handshake, login }),
    heard: integers.heard,
    reconnects: integers.reconnects,
    over: over.map(([limitMs, count, of]) => ({ limitMs, count, of })),
  };
}

type PhaseColumns = Pick<MinuteRow, "handshake" | "login">;

/** Null in place of an empty set: most rows have no phases, and a null costs nothing. */
function phaseColumns({ handshake, login }: MinuteRecord["phases"]): PhaseColumns {
  const column = (set: readonly Histogram[]): Buffer | null =>
    set.length === 0 ? null : Buffer.from(encodeHistograms(set));
  return { handshake: column(handshake), login: column(login) };
}

function phasesFromColumns({ handshake, login }: PhaseColumns): MinuteRecord["phases"] {
  const set = (bytes: Buffer | null): readonly Histogram[] => (bytes === null ? [] : decodeHistograms(bytes));
  return { handshake: set(handshake), login: set(login) };
}

function rollupColumns(rollup: RollupRecord): RollupColumns {
  const { latency, connect, phases, over, ...integers } = rollup;
  return {
    ...integers,
    ...phaseColumns(phases),
    latency: Buffer.from(encodeHistograms(latency)),
    connect: Buffer.from(encodeHistograms(connect)),
    over: over.map((each) => [each.limitMs, each.count, each.of] as const),
  };
}
