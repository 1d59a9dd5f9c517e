// The collectors: every envelope decodes or is mere evidence; every round is there once, points to a record that exists
// and is about what its key says; what is due has rounds. Yields the rounds by minute, for the next steps.

import { JOURNEYS, PURPOSES } from "../../schema/words.ts";
import { decodeEnvelope } from "../../workers/results/envelope.ts";
import type { Envelope } from "../../workers/results/envelope.ts";
import type { ArrivedRound } from "../../workers/results/minute.ts";
import { assertRound } from "../../workers/results/round-record.ts";
import type { Findings } from "./findings.ts";
import { MINUTE_MS, ROUND_SPAN, seriesOf } from "./state.ts";
import type { CollectorState, FleetState } from "./state.ts";

/** Seven days that a record may be late, and one more (publish.store.ts). */
const ROUNDS_KEPT_MS = 8 * 86_400_000;

/** One collector, read. */
export interface Taken {
  readonly target: string;
  /** By id; null where the bytes are no envelope. */
  readonly envelopes: ReadonlyMap<number, Envelope | null>;
  /** Scheduled rounds by local series and minute: `<series> <minute>`. */
  readonly byMinute: ReadonlyMap<string, readonly ArrivedRound[]>;
  /** The record that counts, by region, journey, peer, slot and purpose. */
  readonly counted: ReadonlyMap<string, ArrivedRound>;
  /** Rounds of minutes before this one may have been forgotten. */
  readonly prunedBefore: number;
  readonly due: ReadonlySet<string>;
  readonly state: CollectorState;
}

export function keyOf(record: ArrivedRound["record"]): string {
  const { target, region, journey, peer } = record.series;
  return [target, region, journey, peer, record.slotAt, record.purpose].join(" ");
}

export function inspectIntake(state: FleetState, findings: Findings): Taken[] {
  const names = new Set<string>();
  return state.collectors.map((collector) => {
    if (names.has(collector.target)) findings.bad(`two collectors of ${collector.target}`);
    names.add(collector.target);
    // The clock's last known instant: its newest envelope, or its newest write.
    const written = state.d1.snapshots.filter((row) => row.target === collector.target).map((row) => row.composedAt);
    return inspectCollector(collector, Math.max(0, ...written), findings);
  });
}

function inspectCollector(collector: CollectorState, writtenAt: number, findings: Findings): Taken {
  const { target } = collector;
  findings.count("collectors");
  if (collector.envelopes.length > 0) {
    findings.equal(
      `collector ${target}: identity`,
      collector.identity.map((row) => row.target),
      [target],
    );
  }
  const envelopes = new Map<number, Envelope | null>();
  const receivedAt = new Map<number, number>();
  for (const row of collector.envelopes) {
    envelopes.set(row.id, decoded(row.bytes));
    receivedAt.set(row.id, row.receivedAt);
    findings.count(envelopes.get(row.id) === null ? "envelopes that are mere evidence" : "envelopes");
  }
  inspectSeries(collector, findings);

  const byMinute = new Map<string, ArrivedRound[]>();
  const counted = new Map<string, ArrivedRound>();
  const places = new Set<string>();
  const localSeries = new Map(collector.series.map((each) => [each.id, each]));
  for (const row of collector.rounds) {
    findings.count("rounds");
    const what = `collector ${target}: round ${row.id}`;
    const envelope = envelopes.get(row.envelope);
    const record = envelope?.records[row.position];
    if (record === undefined) {
      findings.bad(`${what}: envelope ${row.envelope} has no record ${row.position} that could be read`);
      continue;
    }
    const place = `${row.envelope} ${row.position}`;
    if (places.has(place)) findings.bad(`${what}: record ${place} counts twice`);
    places.add(place);

    const slot = Math.floor(row.id / 4);
    const local = Math.floor(slot / ROUND_SPAN);
    const series = localSeries.get(local);
    const { region, journey, peer } = record.series;
    findings.equal(`${what}: target`, record.series.target, target);
    findings.equal(`${what}: series`, [region, journey, peer], [series?.region, series?.journey, series?.peer]);
    findings.equal(`${what}: slot`, record.slotAt, (slot % ROUND_SPAN) * 1_000);
    findings.equal(`${what}: purpose`, record.purpose, PURPOSES[row.id % 4]);
    findings.holds(what, () => assertRound(record));

    const arrived = { record, receivedAt: receivedAt.get(row.envelope) ?? 0, envelope: row.envelope };
    if (counted.has(keyOf(record))) findings.bad(`${what}: ${keyOf(record)} counts twice`);
    counted.set(keyOf(record), arrived);
    if (record.purpose !== "scheduled") continue;
    const minute = Math.floor(record.slotAt / MINUTE_MS);
    const group = byMinute.get(`${local} ${minute}`);
    if (group === undefined) byMinute.set(`${local} ${minute}`, [arrived]);
    else group.push(arrived);
  }

  const due = inspectDue(collector, byMinute, findings);
  const newestAt = collector.envelopes.reduce((most, row) => Math.max(most, row.receivedAt), writtenAt);
  const prunedBefore = Math.ceil((newestAt - ROUNDS_KEPT_MS) / MINUTE_MS);
  return { target, envelopes, byMinute, counted, prunedBefore, due, state: collector };
}

function inspectSeries(collector: CollectorState, findings: Findings): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  for (const { region, journey, peer, number } of collector.series) {
    findings.count("series of collectors");
    const name = [region, journey, peer].join(" ");
    if (names.has(name)) findings.bad(`collector ${collector.target}: series ${name} is there twice`);
    names.add(name);
    if (!(JOURNEYS as readonly string[]).includes(journey)) findings.bad(`series ${name}: no such journey`);
    if (number !== null && numbers.has(number))
      findings.bad(`collector ${collector.target}: two series have number ${number}`);
    if (number !== null) numbers.add(number);
  }
}

function inspectDue(
  collector: CollectorState,
  byMinute: ReadonlyMap<string, readonly ArrivedRound[]>,
  findings: Findings,
): Set<string> {
  const due = new Set<string>();
  for (const row of collector.dueMinutes) {
    findings.count("minutes owed to D1");
    const key = `${seriesOf(row.id)} ${row.id % 2 ** 26}`;
    due.add(key);
    const rounds = byMinute.get(key);
    if (rounds === undefined) findings.bad(`collector ${collector.target}: minute ${key} is due and has no rounds`);
    else {
      const newest = Math.max(...rounds.map((round) => round.envelope));
      findings.equal(`collector ${collector.target}: due minute ${key}: newest envelope`, row.envelope, newest);
    }
  }
  return due;
}

function decoded(bytes: Uint8Array): Envelope | null {
  try {
    return decodeEnvelope(bytes);
  } catch {
    return null;
  }
}
