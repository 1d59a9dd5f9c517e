// What a round saw, before anything is concluded from it: instants and failures, message by message. Types only.
// Made by the code that runs a journey (`*.probe.ts`), read by `outcomes.ts`, which decides what became of each message.

import type { UnfitReason } from "../../schema/words.ts";
import type { ConnectTiming, Failure } from "./driver.ts";

/** One message of the open-loop schedule. Instants: ms since the epoch, all on this process's clock. */
export interface ObservedMessage {
  readonly seq: number;
  /** By the schedule; never moved by a slow predecessor. Meaningless (the slot's start) when nothing became ready. */
  readonly intendedAt: number;
  /** When it was really written; null when it never was. */
  readonly sentAt: number | null;
  /** First arrival, whole and ours; null when none came before the round closed. */
  readonly receivedAt: number | null;
  /** The service's refusal of this very message, if it refused it. */
  readonly failure: Failure | null;
}

/** One session that was tried. */
export type ObservedConnect =
  | { readonly timing: ConnectTiming; readonly connectMs: number }
  | { readonly failure: Failure };

export interface Observation {
  readonly startedAt: number;
  /** Intended send of message 0; null when a session or the subscription failed. */
  readonly readyAt: number | null;
  readonly endedAt: number;
  readonly connects: readonly ObservedConnect[];
  readonly messages: readonly ObservedMessage[];
  /** Sequence numbers in order of arrival, duplicates included, corrupt and foreign ones not. */
  readonly arrivals: readonly number[];
  readonly corrupt: number;
  /** `mesh`: how many of the peer's messages of this slot reached us, each once. Null: we were not there all the time. */
  readonly heard: number | null;
  /** `dialogue`: sessions that had to be opened anew because the service ended one. */
  readonly reconnects: number;
  readonly foreign: number;
  /** Why the round could not begin or was cut short: refused connect, refused subscribe, closed by the service. */
  readonly failure: Failure | null;
  /** Our own fault, which makes the round prove nothing: then unsent messages are `not_sent`, not `error`. */
  readonly unfit: UnfitReason;
}
