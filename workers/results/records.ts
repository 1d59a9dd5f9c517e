// What is kept of a round and of a minute: exact integers, histograms, and where they came from. Types only.
// Accounting that always holds: scheduled = sent + error + notSent; sent = ok + lost; attempted = sent + error.

import type { ConfiguredSeries } from "../config/fleet.ts";
import type { FailureKind, Phase, Purpose, UnfitReason } from "../../schema/words.ts";
import type { Histogram } from "./histogram.ts";

/** Target, region, journey (and peer region for `mesh`): what one series of numbers is about. */
export type SeriesName = ConfiguredSeries;

/** How many messages took longer than a limit; they are part of `ok`. */
export interface OverLimit {
  readonly limitMs: number;
  readonly count: number;
}

/** One class of failure and how many messages it cost. */
export interface FailureCount {
  readonly phase: Phase;
  readonly kind: FailureKind;
  readonly count: number;
}

/** Consecutive bad messages, by intended send time (RFC 3357's loss period, refused messages included). */
export interface LossRun {
  readonly length: number;
  readonly firstBadAt: number;
  /** Intended send of the next good message; null while the run was still open when the record ended. */
  readonly nextGoodAt: number | null;
}

/** The integers that rounds and minutes share, and that add up. */
export interface Counts {
  readonly scheduled: number;
  readonly ok: number;
  /** Not delivered by the deadline. One that came later stays lost. */
  readonly lost: number;
  /** Refused: connect, auth, subscribe, publish. */
  readonly error: number;
  /** Part of `error`: those whose class is phase connect (kind auth included). Contracts call it connect-fail. */
  readonly connectFail: number;
  /** Our fault: never attempted. */
  readonly notSent: number;
  readonly duplicate: number;
  /** RFC 4737: below the highest sequence number seen, duplicates aside. */
  readonly reordered: number;
  readonly corrupt: number;
  /** Messages on our channel that no prober of this round sent: retained ones, other people's. Evidence only. */
  readonly foreign: number;
  /** Arrived after the deadline: they are among `lost`. Evidence only. */
  readonly afterDeadline: number;
}

export interface ControlTally {
  readonly asked: number;
  readonly answered: number;
}

/** Where the time of a connect went: the parts of each sample that `connect` holds. */
export interface ConnectPhases<H> {
  /** TCP, TLS and the HTTP 101, or TCP and TLS. */
  readonly handshake: H;
  /** The protocol's own login. */
  readonly login: H;
}

/** One journey in one absolute slot: what a prober measured. Its key: series, slotAt, purpose. Instants: ms since epoch. */
export interface RoundRecord extends Counts {
  readonly series: SeriesName;
  readonly slotAt: number;
  readonly purpose: Purpose;
  /** When the target's rounds of this slot really began; startedAt - slotAt is the scheduler's lag. */
  readonly startedAt: number;
  /** Intended send of the first message; null when no session became ready. */
  readonly readyAt: number | null;
  readonly endedAt: number;
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly over: readonly OverLimit[];
  /** Round trips of `ok`; infinite = lost + error; deadline = deadlineMs. */
  readonly latency: Histogram;
  /** Connect times of each session; infinite = sessions refused; deadline = the connect deadline. */
  readonly connect: Histogram;
  /** Of the journey `connect` only; else null. */
  readonly phases: ConnectPhases<Histogram> | null;
  /** The longest that a session of this round waited for a free handshake, ms: in no other figure. */
  readonly queuedMsMax: number;
  /**
   * `mesh`: of the peer's messages of this slot, how many reached this region, each once. Null: this region was not there
   * the whole time, and says nothing about the peer's messages; or it is another journey.
   */
  readonly heard: number | null;
  /** `dialogue`: sessions opened anew because the service ended one. */
  readonly reconnects: number;
  /** Control checks that were asked after this round, and how many answered; null: none was asked. */
  readonly controls: ControlTally | null;
  readonly latencyMsMax: number | null;
  readonly failures: readonly FailureCount[];
  readonly lossRuns: readonly LossRun[];
  /** Largest delay of a message that came after its deadline, ms; 0 when none did. */
  readonly afterDeadlineMsMax: number;
  readonly unfit: UnfitReason;
  /** The place that was observed (a colo), "" while unknown. */
  readonly place: string;
  /** SHA-256 of the configuration's canonical JSON, hex. */
  readonly configHash: string;
}

/** A minute of one series, made from the rounds whose slot lies in it. A pure function of those rounds. */
export interface MinuteRecord extends Counts {
  /** Minutes since the epoch. */
  readonly minute: number;
  /** Rounds that the schedule holds for this minute, and rounds that were recorded. The absent ones are in notSent. */
  readonly slots: number;
  readonly rounds: number;
  readonly over: readonly OverLimit[];
  /** One for each deadline that the minute saw, ascending. */
  readonly latency: readonly Histogram[];
  readonly connect: readonly Histogram[];
  /** Empty sets in all journeys but `connect`. */
  readonly phases: ConnectPhases<readonly Histogram[]>;
  readonly queuedMsMax: number;
  /** `mesh`: messages of this series that its peer says it heard; null in other journeys. */
  readonly heard: number | null;
  readonly reconnects: number;
  readonly latencyMsMax: number | null;
  readonly failures: readonly FailureCount[];
  readonly lossRuns: readonly LossRun[];
  readonly afterDeadlineMsMax: number;
  /** The first reason in the minute, if any round of it was unfit: then the minute is unmeasured. */
  readonly unfit: UnfitReason;
  readonly place: string;
  readonly lagMsMax: number;
  /** 0 as first sealed; one more for each late envelope that changed it. */
  readonly revision: number;
  readonly configHash: string;
}

/** A minute as it can be read back from the history, where the configuration is a number. */
export type CountedMinute = Omit<MinuteRecord, "configHash">;
