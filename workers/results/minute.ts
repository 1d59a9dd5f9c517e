// Folds the rounds of one minute into its record, and says what state such numbers mean. Owns when a minute is sealed,
// how late envelopes make revisions, and how loss runs join across rounds. No clock, no database; the same rounds give
// the same record in any order. Called by the collector (fold) and by whoever shows a state (stateOf...).

import type { State, UnfitReason } from "../../schema/words.ts";
import { mergeSets } from "./histogram.ts";
import type { Counts, LossRun, MinuteRecord, OverLimit, RoundRecord } from "./records.ts";
import { assertAccounting, boundedRuns, sumFailures } from "./round-record.ts";

const MINUTE_MS = 60_000;
/**
 * A minute is published this long after its end. A wake takes at most its slot (timing.ts), 60 s for the last slot of a minute;
 * a hand-over that failed is tried again with the next wake; and what is left is for transport. What comes later revises.
 */
export const SEAL_AFTER_MS = 90_000;

/** Loss runs kept of a minute: all that 6,000 messages can have, some 100,000 characters of D1's 2 MB a row. */
const MINUTE_RUNS = 3_000;

/** A round as the collector took it. */
export interface ArrivedRound {
  readonly record: RoundRecord;
  /** When the collector took it, ms since the epoch on its clock. */
  readonly receivedAt: number;
  /** The collector's number of the envelope it came in; ascends with arrival. */
  readonly envelope: number;
}

/** Shares (0..1) of attempted messages that make a minute down or degraded. */
export interface StateRule {
  readonly downShare: number;
  readonly degradedShare: number;
}

/** The integers that a state is judged by; `late` is part of `ok`. */
export interface StateFacts {
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly unfit: UnfitReason;
  readonly late: number;
}

/** When the first version of a minute is published, ms since the epoch. `minute`: minutes since the epoch. */
export function sealAt(minute: number): number {
  return (minute + 1) * MINUTE_MS + SEAL_AFTER_MS;
}

/** Whether every slot of the minute has its round. No rounds at all: false, since the schedule is then unknown. */
export function isComplete(minute: number, rounds: readonly ArrivedRound[]): boolean {
  const ordered = inOrder(minute, rounds);
  const newest = ordered.at(-1);
  return newest !== undefined && ordered.length >= slotsOf(newest.record.everyMs);
}

/**
 * The record of a minute (minutes since the epoch) from its rounds, in any order; of a slot that came twice the first
 * arrival counts. `witnesses`: rounds of another series that these were joined with (`pairs.ts`): late ones revise, too. RangeError without rounds (a silent minute has no record: it is unmeasured, not zero), and for rounds
 * of another minute, of two series, or not `scheduled`.
 */
export function foldMinute(
  minute: number,
  rounds: readonly ArrivedRound[],
  witnesses: readonly ArrivedRound[] = [],
): MinuteRecord {
  const ordered = inOrder(minute, rounds);
  const records = ordered.map((round) => round.record);
  const newest = records.at(-1);
  if (newest === undefined) throw new RangeError(`minute ${minute} has no rounds`);
  const slots = Math.max(slotsOf(newest.everyMs), records.length);
  const absent = (slots - records.length) * newest.scheduled;
  const sum = (key: keyof Counts): number => records.reduce((total, record) => total + record[key], 0);
  const most = (of: (record: RoundRecord) => number): number => Math.max(0, ...records.map(of));
  const folded: MinuteRecord = {
    minute,
    slots,
    rounds: records.length,
    // Rounds that never came are messages that we did not send: ours, not the service's.
    scheduled: sum("scheduled") + absent,
    ok: sum("ok"),
    lost: sum("lost"),
    error: sum("error"),
    connectFail: sum("connectFail"),
    notSent: sum("notSent") + absent,
    duplicate: sum("duplicate"),
    reordered: sum("reordered"),
    corrupt: sum("corrupt"),
    foreign: sum("foreign"),
    afterDeadline: sum("afterDeadline"),
    over: sharedOver(records),
    latency: mergeSets(records.map((record) => [record.latency])),
    connect: mergeSets(records.map((record) => [record.connect])),
    phases: {
      handshake: mergeSets(records.flatMap((record) => (record.phases === null ? [] : [[record.phases.handshake]]))),
      login: mergeSets(records.flatMap((record) => (record.phases === null ? [] : [[record.phases.login]]))),
    },
    queuedMsMax: most((record) => record.queuedMsMax),
    heard: records.some((record) => record.heard !== null)
      ? records.reduce((total, record) => total + (record.heard ?? 0), 0)
      : null,
    reconnects: records.reduce((total, record) => total + record.reconnects, 0),
    latencyMsMax: records.some((record) => record.latencyMsMax !== null)
      ? most((record) => record.latencyMsMax ?? 0)
      : null,
    failures: sumFailures(records.flatMap((record) => record.failures)),
    lossRuns: boundedRuns(joinedRuns(records), MINUTE_RUNS),
    afterDeadlineMsMax: most((record) => record.afterDeadlineMsMax),
    unfit: records.find((record) => record.unfit !== "none")?.unfit ?? "none",
    place: records.findLast((record) => record.place !== "")?.place ?? "",
    lagMsMax: most((record) => record.startedAt - record.slotAt),
    revision: revisionOf(minute, ordered, witnesses),
    configHash: newest.configHash,
  };
  assertAccounting(folded);
  return folded;
}

/**
 * The state of a minute by design.md 2.5 and 2.6: `unmeasured` if unfit or less than half was attempted; `down` and
 * `degraded` at or above the rule's shares of what was attempted.
 */
export function stateOfMinute(m: StateFacts, rule: StateRule): State {
  const attempted = m.ok + m.lost + m.error;
  // Nothing attempted of nothing scheduled is not half of it.
  if (m.unfit !== "none" || attempted === 0 || attempted * 2 < m.scheduled) return "unmeasured";
  // 7 of 100 at .07 is down, but .07 x 100 is 7.000000000000001 in doubles. The product errs by less than
  // attempted x 2^-52, which is below 1e-9 up to 4 million messages; no share that people write differs by so little.
  const reaches = (bad: number, share: number): boolean => bad >= share * attempted - 1e-9;
  if (reaches(m.lost + m.error, rule.downShare)) return "down";
  if (reaches(m.lost + m.error + m.late, rule.degradedShare)) return "degraded";
  return "up";
}

/** A round is judged as a minute is: one rule, so that "now" and history can not disagree. */
export const stateOfRound = stateOfMinute;

/**
 * How many messages are proven to have taken longer than a limit in ms: the count at the smallest counted limit that is
 * not below it. Exact where the limit itself was counted; else a lower bound, since `degraded` wants proof; 0 if none.
 */
export function lateOf(over: readonly OverLimit[], limitMs: number): number {
  return over.reduce((most, each) => (each.limitMs >= limitMs ? Math.max(most, each.count) : most), 0);
}

/** Slots of one minute: `everyMs` divides it, or is a multiple of it (RangeError for neither). */
function slotsOf(everyMs: number): number {
  const slots = everyMs <= MINUTE_MS ? MINUTE_MS / everyMs : 1;
  if (!Number.isInteger(slots) || slots < 1) throw new RangeError(`every ${everyMs} ms does not divide a minute`);
  return slots;
}

/** The rounds by slot, each slot once: the earliest envelope's, so that a repeated delivery changes nothing. */
function inOrder(minute: number, rounds: readonly ArrivedRound[]): ArrivedRound[] {
  const bySlot = new Map<number, ArrivedRound>();
  const seriesKey = (record: RoundRecord): string => JSON.stringify(Object.entries(record.series).sort());
  for (const round of rounds) {
    const { slotAt, purpose } = round.record;
    if (purpose !== "scheduled") throw new RangeError(`a ${purpose} round in minute ${minute}`);
    if (Math.floor(slotAt / MINUTE_MS) !== minute) throw new RangeError(`slot ${slotAt} is not in minute ${minute}`);
    if (seriesKey(round.record) !== seriesKey(rounds[0]?.record ?? round.record)) {
      throw new RangeError(`two series in minute ${minute}`);
    }
    const known = bySlot.get(slotAt);
    if (known === undefined || round.envelope < known.envelope) bySlot.set(slotAt, round);
  }
  return [...bySlot.values()].sort((a, b) => a.record.slotAt - b.record.slotAt);
}

/** Late envelopes, each a revision; but where all came late, the first of them published the minute: it is revision 0. */
function revisionOf(minute: number, rounds: readonly ArrivedRound[], witnesses: readonly ArrivedRound[]): number {
  const isLate = (round: ArrivedRound): boolean => round.receivedAt > sealAt(minute);
  const published = rounds.every(isLate) ? Math.min(...rounds.map((round) => round.envelope)) : 0;
  const late = [...rounds, ...witnesses].filter((round) => isLate(round) && round.envelope > published);
  return new Set(late.map((round) => round.envelope)).size;
}

/**
 * Counts over the limits that every round with delivered messages counted. After a change of limits within the minute
 * the others are unknown for a part of it, and a part's count would read as the whole's.
 */
function sharedOver(records: readonly RoundRecord[]): OverLimit[] {
  const counting = records.some((record) => record.ok > 0) ? records.filter((record) => record.ok > 0) : records;
  const sums = new Map<number, { rounds: number; count: number }>();
  for (const { limitMs, count } of counting.flatMap((record) => record.over)) {
    const known = sums.get(limitMs);
    sums.set(limitMs, { rounds: (known?.rounds ?? 0) + 1, count: (known?.count ?? 0) + count });
  }
  const shared = [...sums].filter(([, sum]) => sum.rounds === counting.length);
  return shared.sort(([a], [b]) => a - b).map(([limitMs, { count }]) => ({ limitMs, count }));
}

/**
 * Loss runs of consecutive recorded rounds, in order of slot, with those that go on across a border made one. Those of a
 * room do not: the last subscriber of one round is not the first of the next.
 */
function joinedRuns(records: readonly RoundRecord[]): LossRun[] {
  const runs: LossRun[] = [];
  /** Whether the last of `runs` reaches to the end of the round before. */
  let isOpen = false;
  for (const record of records) {
    const [first, ...others] = record.lossRuns;
    const beginsAt = record.readyAt ?? record.slotAt;
    const beginsBad = first !== undefined && first.firstBadAt === beginsAt;
    const last = runs.at(-1);
    if (isOpen && last !== undefined && beginsBad) {
      runs[runs.length - 1] = {
        length: last.length + first.length,
        firstBadAt: last.firstBadAt,
        nextGoodAt: first.nextGoodAt,
      };
    } else {
      // With nothing unsent, a round that does not begin bad begins good, at its first intended send. Where something
      // was not sent the first one may be unknown: the old run ends there, without a good one.
      if (isOpen && last !== undefined && record.notSent === 0)
        runs[runs.length - 1] = { ...last, nextGoodAt: beginsAt };
      if (first !== undefined) runs.push(first);
    }
    runs.push(...others);
    // Unsent ones may stand between the last bad one and the end, and unknown is not bad.
    const isStream = record.series.journey !== "room";
    isOpen = isStream && record.notSent === 0 && record.lossRuns.at(-1)?.nextGoodAt === null;
  }
  return runs;
}
