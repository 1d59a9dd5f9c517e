// Turns what a round saw into what is kept of it: exact integers that add up, two histograms, failure classes, loss runs.
// Owns the accounting's assertions, which every maker and reader of a record calls. Never decides what a message became
// (`probes/outcomes.ts` does), never stores. Called by the prober, the agent, and by the envelope's reader.

import type { FailureKind, Outcome, Phase, Purpose } from "../../schema/words.ts";
import { FAILURE_KINDS, PHASES } from "../../schema/words.ts";
import type { ConnectTiming } from "../probes/driver.ts";
import { judge } from "../probes/outcomes.ts";
import type { Observation } from "../probes/observation.ts";
import { count, histogramOf, samples } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import type { ConnectPhases, Counts, FailureCount, LossRun, OverLimit, RoundRecord, SeriesName } from "./records.ts";

const MINUTE_MS = 60_000;
/**
 * Messages, arrivals or sessions of one round. A million is far beyond what one object can send; and 60 such rounds a
 * minute for 31 days sum up to 2.7e12, so that no sum of ours can reach 2^53 = 9.0e15.
 */
const MAX_COUNT = 1_000_000;

/** Loss runs kept of a round: all that 1,000 messages can have. A room's 50,000 deliveries could have 25,000. */
const ROUND_RUNS = 500;

/** What the prober knows of a round beside what it saw. Durations in ms, instants in ms since the epoch. */
export interface RoundFacts {
  readonly series: SeriesName;
  readonly slotAt: number;
  readonly purpose: Purpose;
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly connectDeadlineMs: number;
  /** Ascending, distinct. */
  readonly limitsMs: readonly number[];
  /** Messages that the schedule holds for this round, whether it came to send them or not. */
  readonly scheduled: number;
  readonly place: string;
  /** SHA-256, 64 hex digits. */
  readonly configHash: string;
}

/** The record of one round. RangeError where the observation contradicts itself. */
export function recordRound(observation: Observation, facts: RoundFacts): RoundRecord {
  const judged = judge(observation, facts.deadlineMs, facts.scheduled);
  const tally = (outcome: Outcome): number => judged.outcomes.filter((each) => each === outcome).length;
  const okMs = judged.latencyMs.filter((ms) => ms !== null);
  const failures = failuresOf(observation, judged.outcomes);
  const [lost, error] = [tally("lost"), tally("error")];
  const connectMs = observation.connects.flatMap((each) => ("connectMs" in each ? [each.connectMs] : []));
  const timings = timingsOf(observation);
  const record: RoundRecord = {
    series: facts.series,
    slotAt: facts.slotAt,
    purpose: facts.purpose,
    startedAt: observation.startedAt,
    readyAt: observation.readyAt,
    endedAt: observation.endedAt,
    everyMs: facts.everyMs,
    deadlineMs: facts.deadlineMs,
    scheduled: facts.scheduled,
    ok: tally("ok"),
    lost,
    error,
    connectFail: failures.reduce((sum, each) => sum + (each.phase === "connect" ? each.count : 0), 0),
    notSent: tally("not_sent"),
    duplicate: judged.duplicate,
    reordered: judged.reordered,
    corrupt: observation.corrupt,
    foreign: observation.foreign,
    afterDeadline: judged.afterDeadline,
    over: facts.limitsMs.map((limitMs) => ({ limitMs, count: okMs.filter((ms) => ms > limitMs).length })),
    latency: histogramOf(okMs, lost + error, facts.deadlineMs),
    connect: histogramOf(connectMs, observation.connects.length - connectMs.length, facts.connectDeadlineMs),
    phases: facts.series.journey === "connect" ? phasesOf(observation, facts.connectDeadlineMs) : null,
    queuedMsMax: mostOf(timings.map((timing) => timing.queuedMs)),
    heard: observation.heard,
    reconnects: observation.reconnects,
    controls: null,
    latencyMsMax: okMs.length === 0 ? null : mostOf(okMs),
    failures,
    lossRuns: boundedRuns(lossRunsOf(observation, judged.outcomes, facts.slotAt), ROUND_RUNS),
    afterDeadlineMsMax: judged.afterDeadlineMsMax,
    unfit: observation.unfit,
    place: facts.place,
    configHash: facts.configHash,
  };
  assertRound(record);
  return record;
}

/** The largest, 0 for none. No spread: 50,000 deliveries of a room as arguments may be more than the stack takes. */
function mostOf(values: readonly number[]): number {
  return values.reduce((most, each) => Math.max(most, each), 0);
}

function timingsOf(observation: Observation): ConnectTiming[] {
  return observation.connects.flatMap((each) => ("timing" in each ? [each.timing] : []));
}

/** Of the sessions that became ready: a refused one has no parts to show. */
function phasesOf(observation: Observation, deadlineMs: number): ConnectPhases<Histogram> {
  const timings = timingsOf(observation);
  const part = (of: (timing: ConnectTiming) => number): Histogram => histogramOf(timings.map(of), 0, deadlineMs);
  return { handshake: part((timing) => timing.handshakeMs), login: part((timing) => timing.loginMs) };
}

/**
 * Throws RangeError unless the integers add up: scheduled = ok + lost + error + notSent, connectFail <= error,
 * afterDeadline <= lost, and counts over limits (where there are any) at most ok, not rising with an ascending limit.
 */
export function assertAccounting(counts: Counts & { readonly over?: readonly OverLimit[] }): void {
  const { scheduled, ok, lost, error, connectFail, notSent, duplicate, reordered, corrupt, foreign } = counts;
  const all = [scheduled, ok, lost, error, connectFail, notSent, duplicate, reordered, corrupt, foreign];
  for (const each of [...all, counts.afterDeadline]) {
    if (!Number.isSafeInteger(each) || each < 0) throw new RangeError(`accounting: ${each} is no count`);
  }
  if (scheduled !== ok + lost + error + notSent) {
    const parts = `${ok} ok + ${lost} lost + ${error} error + ${notSent} not sent`;
    throw new RangeError(`accounting: ${scheduled} scheduled, but ${parts}`);
  }
  if (connectFail > error) throw new RangeError(`accounting: ${connectFail} connect failures among ${error} errors`);
  if (counts.afterDeadline > lost) {
    throw new RangeError(`accounting: ${counts.afterDeadline} after the deadline among ${lost} lost`);
  }
  let [previousMs, atMost] = [-1, ok];
  for (const { limitMs, count: over } of counts.over ?? []) {
    if (!(limitMs > previousMs)) throw new RangeError(`accounting: limits do not ascend at ${limitMs} ms`);
    if (!Number.isSafeInteger(over) || over < 0 || over > atMost) {
      throw new RangeError(`accounting: ${over} over ${limitMs} ms, at most ${atMost} can be`);
    }
    [previousMs, atMost] = [limitMs, over];
  }
}

/** Throws RangeError unless a round's parts tell one story: accounting, limits, histogram, failure classes, loss runs. */
export function assertRound(record: RoundRecord): void {
  assertAccounting(record);
  const most = Math.max(
    record.scheduled,
    record.duplicate,
    record.corrupt,
    record.foreign,
    record.heard ?? 0,
    record.reconnects,
    samples([record.connect]),
  );
  if (most > MAX_COUNT) throw new RangeError(`accounting: a count of ${most}; the limit is ${MAX_COUNT}`);
  const { everyMs } = record;
  // Else no minute could say how many slots it has, and one bad record would stop the fold of its neighbours.
  if (record.purpose === "scheduled" && MINUTE_MS % everyMs !== 0 && (everyMs === 0 || everyMs % MINUTE_MS !== 0)) {
    throw new RangeError(`every ${everyMs} ms neither divides a minute nor is a multiple of it`);
  }
  const bad = record.lost + record.error;
  for (const own of [record.queuedMsMax, record.reconnects, record.heard ?? 0]) {
    if (!Number.isSafeInteger(own) || own < 0) throw new RangeError(`accounting: ${own} is no count`);
  }
  const { asked, answered } = record.controls ?? { asked: 0, answered: 0 };
  if (!Number.isSafeInteger(asked) || !(answered >= 0 && answered <= asked && asked <= MAX_COUNT)) {
    throw new RangeError(`accounting: ${answered} of ${asked} controls answered`);
  }
  const total = (counts: readonly number[]): number => {
    if (counts.some((each) => !(each > 0))) throw new RangeError("accounting: an empty failure class or loss run");
    return counts.reduce((sum, each) => sum + each, 0);
  };
  const expect = (what: string, actual: number, expected: number): void => {
    if (actual !== expected) throw new RangeError(`accounting: ${what} is ${actual}, not ${expected}`);
  };
  expect("values in the latency histogram", count(record.latency), record.ok);
  expect("infinite ones in the latency histogram", record.latency.infinite, bad);
  expect("deadline of the latency histogram", record.latency.deadlineMs, record.deadlineMs);
  expect("sum of failure classes", total(record.failures.map((each) => each.count)), record.error);
  const connectFailures = record.failures.filter((each) => each.phase === "connect");
  expect("sum of connect failures", total(connectFailures.map((each) => each.count)), record.connectFail);
  expect("sum of loss runs", total(record.lossRuns.map((each) => each.length)), bad);
}

/** Adds up classes of failure; ordered by phase and kind as in schema/words.ts, so that equal facts are equal records. */
export function sumFailures(failures: readonly FailureCount[]): FailureCount[] {
  const byClass = new Map<number, FailureCount>();
  for (const { phase, kind, count: more } of failures) {
    const place = PHASES.indexOf(phase) * FAILURE_KINDS.length + FAILURE_KINDS.indexOf(kind);
    byClass.set(place, { phase, kind, count: (byClass.get(place)?.count ?? 0) + more });
  }
  return [...byClass.keys()].sort((a, b) => a - b).flatMap((place) => byClass.get(place) ?? []);
}

/** The class of each `error`: the message's own refusal, else the round's. Lost ones have none: lost speaks for itself. */
function failuresOf(observation: Observation, outcomes: readonly Outcome[]): FailureCount[] {
  const own = new Map(observation.messages.map((message) => [message.seq, message.failure]));
  const each = outcomes.flatMap((outcome, seq): { phase: Phase; kind: FailureKind; count: number }[] => {
    if (outcome !== "error") return [];
    const failure = own.get(seq) ?? observation.failure;
    if (failure === null) throw new RangeError(`seq ${seq} is an error without a failure`);
    return [{ phase: failure.phase, kind: failure.kind, count: 1 }];
  });
  return sumFailures(each);
}

/**
 * Runs of consecutive lost or refused messages by intended send (RFC 3357's loss periods). A message that was not sent
 * ends a run without being a good one: what the service would have done with it is unknown, so `nextGoodAt` stays null.
 * In a room each subscriber's deliveries are a stream of their own, and no run goes on from one to the next.
 */
function lossRunsOf(observation: Observation, outcomes: readonly Outcome[], slotAt: number): LossRun[] {
  const intended = new Map(observation.messages.map((message) => [message.seq, message.intendedAt]));
  const runs: { length: number; firstBadAt: number; nextGoodAt: number | null }[] = [];
  let open: (typeof runs)[number] | undefined;
  // A round that never became ready has no intended sends; its run begins with its slot.
  let at = slotAt;
  for (const [seq, outcome] of outcomes.entries()) {
    const before = at;
    at = observation.readyAt === null ? slotAt : (intended.get(seq) ?? at);
    if (at < before) open = undefined;
    if (outcome === "lost" || outcome === "error") {
      if (open === undefined) {
        open = { length: 0, firstBadAt: at, nextGoodAt: null };
        runs.push(open);
      }
      open.length += 1;
    } else if (open !== undefined) {
      if (outcome === "ok") open.nextGoodAt = at;
      open = undefined;
    }
  }
  return runs;
}

/** At most so many runs: the last one holds all the rest, so that they still add up to what was lost and refused. */
export function boundedRuns(runs: readonly LossRun[], most: number): readonly LossRun[] {
  const [first, ...others] = runs.slice(most - 1);
  if (first === undefined || others.length === 0) return runs;
  const length = others.reduce((sum, run) => sum + run.length, first.length);
  return [...runs.slice(0, most - 1), { ...first, length, nextGoodAt: runs.at(-1)?.nextGoodAt ?? null }];
}
