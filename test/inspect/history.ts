// The rollups in D1: hours are the sum of their minutes and carry them in their strip, days the sum of hours (and of
// minutes at their edges, in zones of half an hour), months the sum of days. Recounted, and compared field by field.

import { dayNumbered, dayOf, daysIn, monthOf } from "../../workers/results/calendar.ts";
import type { CalendarSpan } from "../../workers/results/calendar.ts";
import { decodeHistograms } from "../../workers/results/histogram.ts";
import type { CountedMinute } from "../../workers/results/records.ts";
import { rollupMinutes, sumRollups } from "../../workers/results/rollup.ts";
import type { RollupRecord } from "../../workers/results/rollup.ts";
import { minuteFromRow, rollupFromRow } from "../../workers/results/rows.store.ts";
import { assertAccounting } from "../../workers/results/round-record.ts";
import { decodeStrip } from "../../workers/results/strip.ts";
import type { Findings } from "./findings.ts";
import { inspectLatency } from "./minutes.ts";
import { periodOf, SERIES_SPAN, seriesOf, journeyOf } from "./state.ts";
import type { CalendarRow, FleetState, HourRow } from "./state.ts";

const HOURS_KEPT_DAYS = 399;

const INTEGERS = [
  "minutesUp",
  "minutesDegraded",
  "minutesDown",
  "minutesUnmeasured",
  "scheduled",
  "ok",
  "lost",
  "error",
  "connectFail",
  "notSent",
  "duplicate",
  "reordered",
  "corrupt",
  "foreign",
  "afterDeadline",
  "latencyMsMax",
  "lagMsMax",
] as const;

type RollupRow = Omit<HourRow, "strip">;

export function inspectHistory(state: FleetState, findings: Findings): void {
  const { d1 } = state;
  const minutes = new Map<number, CountedMinute>();
  const oldestMinute = new Map<number, number>();
  for (const row of d1.minutes) {
    findings.holds(`D1 minute ${row.id}`, () => void minutes.set(row.id, minuteFromRow(row)));
    const number = seriesOf(row.id);
    oldestMinute.set(number, Math.min(oldestMinute.get(number) ?? Infinity, periodOf(row.id)));
  }
  const hours = new Map(d1.hours.map((row) => [row.id, row]));
  const days = new Map(d1.days.map((row) => [row.id, row]));
  const months = new Map(d1.months.map((row) => [row.id, row]));
  for (const row of d1.hours)
    inspectHour(row, minutes, oldestMinute.get(seriesOf(row.id)) ?? Infinity, state, findings);
  const newest = d1.days.reduce((most, row) => Math.max(most, row.toMinute), 0);
  for (const row of d1.days) {
    // Hours are kept for 400 days, days for ever: an older one can no longer be recounted.
    if (newest - row.fromMinute < HOURS_KEPT_DAYS * 1_440) inspectDay(row, minutes, hours, state, findings);
  }
  for (const row of d1.months) inspectMonth(row, days, findings);

  // Nothing is left out above: each minute has its hour, day and month.
  const spans = new Map<number, CalendarSpan>();
  for (const id of minutes.keys()) {
    const [number, minute] = [seriesOf(id), periodOf(id)];
    const hour = Math.floor(minute / 60);
    // Calendars are slow; no zone's day begins within a quarter of an hour.
    const quarter = Math.floor(minute / 15);
    const day = spans.get(quarter) ?? dayOf(minute, state.zone);
    spans.set(quarter, day);
    if (!hours.has(number * SERIES_SPAN + hour)) findings.bad(`minute ${number}/${minute} has no hour`);
    if (!days.has(number * SERIES_SPAN + day.number)) findings.bad(`minute ${number}/${minute} has no day ${day.text}`);
  }
  for (const row of d1.days) {
    const month = monthOf(dayNumbered(periodOf(row.id), row.zone).fromMinute, row.zone);
    if (!months.has(seriesOf(row.id) * SERIES_SPAN + month.number))
      findings.bad(`day ${row.id} has no month ${month.text}`);
  }
}

function inspectHour(
  row: HourRow,
  minutes: ReadonlyMap<number, CountedMinute>,
  oldestMinute: number,
  state: FleetState,
  findings: Findings,
): void {
  const hour = periodOf(row.id);
  const what = `hour ${seriesOf(row.id)}/${hour}`;
  findings.count("hours");
  inspectSums(what, row, findings);
  findings.holds(what, () => {
    const strip = decodeStrip(row.strip);
    const counted = row.minutesUp + row.minutesDegraded + row.minutesDown + row.minutesUnmeasured;
    findings.equal(`${what}: minutes in its strip`, strip.size, counted);
    // Minutes are kept for 90 days, hours for 400: beyond that the strip is what is left.
    if (hour * 60 + Math.min(...strip.keys()) < oldestMinute) return;
    const own: CountedMinute[] = [];
    for (let at = 0; at < 60; at++) {
      const minute = minutes.get(seriesOf(row.id) * SERIES_SPAN + hour * 60 + at);
      if (minute !== undefined) own.push(minute);
      const bare = (from: typeof minute | ReturnType<typeof strip.get>): unknown =>
        from && [
          from.scheduled,
          from.ok,
          from.lost,
          from.error,
          from.connectFail,
          from.over,
          from.unfit,
          from.revision,
        ];
      findings.equal(`${what}: strip, minute ${at}`, bare(strip.get(at)), bare(minute));
    }
    findings.count("hours recounted from minutes");
    inspectEqual(what, row, rollupMinutes(own, state.rule(journeyOf(state, row.id))), findings);
  });
}

function inspectDay(
  row: CalendarRow,
  minutes: ReadonlyMap<number, CountedMinute>,
  hours: ReadonlyMap<number, HourRow>,
  state: FleetState,
  findings: Findings,
): void {
  const base = seriesOf(row.id) * SERIES_SPAN;
  const span = dayNumbered(periodOf(row.id), row.zone);
  const what = `day ${seriesOf(row.id)}/${span.text}`;
  findings.count("days");
  inspectSums(what, row, findings);
  findings.equal(`${what}: span`, [row.fromMinute, row.toMinute], [span.fromMinute, span.toMinute]);
  findings.holds(what, () => {
    const parts: RollupRecord[] = [];
    const [first, end] = [Math.ceil(span.fromMinute / 60), Math.floor(span.toMinute / 60)];
    for (let hour = first; hour < end; hour++) {
      const found = hours.get(base + hour);
      if (found !== undefined) parts.push(rollupFromRow(found));
    }
    const edge: CountedMinute[] = [];
    for (let minute = span.fromMinute; minute < first * 60; minute++) push(edge, minutes.get(base + minute));
    for (let minute = end * 60; minute < span.toMinute; minute++) push(edge, minutes.get(base + minute));
    inspectEqual(
      what,
      row,
      sumRollups([...parts, rollupMinutes(edge, state.rule(journeyOf(state, row.id)))]),
      findings,
    );
  });
}

function inspectMonth(row: CalendarRow, days: ReadonlyMap<number, CalendarRow>, findings: Findings): void {
  const base = seriesOf(row.id) * SERIES_SPAN;
  const number = periodOf(row.id);
  const what = `month ${seriesOf(row.id)}/${Math.floor(number / 12)}-${(number % 12) + 1}`;
  findings.count("months");
  inspectSums(what, row, findings);
  findings.holds(what, () => {
    const month = monthOf(row.fromMinute, row.zone);
    findings.equal(
      `${what}: span`,
      [row.fromMinute, row.toMinute, number],
      [month.fromMinute, month.toMinute, month.number],
    );
    const { first, last } = daysIn(month, row.zone);
    const parts: RollupRecord[] = [];
    for (let day = first; day <= last; day++) {
      const found = days.get(base + day);
      if (found !== undefined) parts.push(rollupFromRow(found));
    }
    inspectEqual(what, row, sumRollups(parts), findings);
  });
}

function inspectSums(what: string, row: RollupRow, findings: Findings): void {
  // Limits of a sum may have different bases, so only each one by itself is bounded.
  const { over: _over, ...counts } = row;
  findings.holds(what, () => assertAccounting(counts));
  for (const [limitMs, times, of] of row.over) {
    if (times > of || of > row.ok) findings.bad(`${what}: ${times} of ${of} over ${limitMs} ms, ${row.ok} delivered`);
  }
  inspectLatency(what, row, findings);
}

function inspectEqual(what: string, row: RollupRow, rollup: RollupRecord, findings: Findings): void {
  for (const field of INTEGERS) findings.equal(`${what}: ${field}`, row[field], rollup[field]);
  findings.equal(
    `${what}: over`,
    row.over,
    rollup.over.map((each) => [each.limitMs, each.count, each.of]),
  );
  findings.equal(`${what}: latency`, decodeHistograms(row.latency), rollup.latency);
  findings.equal(`${what}: connect`, decodeHistograms(row.connect), rollup.connect);
}

function push<T>(list: T[], each: T | undefined): void {
  if (each !== undefined) list.push(each);
}
