// What people and their tools write down about a contract: exclusions and tickets. Events with author and time, appended and
// never changed; what is wrong is withdrawn by another record. Types only. Instants: whole ms since the epoch.

import type { Clock, ExclusionType, PauseReason, Severity } from "../config/contracts/contract.ts";

/** Somebody says that a stretch of time should not count, and why. Minutes are never touched by it. */
export interface ExclusionRecord {
  /** Given at first sight, ascending with `recordedAt`. */
  readonly id: number;
  /** The writer's own key: the same record sent twice is one. */
  readonly key: string;
  readonly target: string;
  /** Null: for every contract of the target. */
  readonly contract: string | null;
  readonly type: ExclusionType;
  readonly fromAt: number;
  /** Not included. */
  readonly toAt: number;
  /** Null: all regions. */
  readonly regions: readonly string[] | null;
  /** When the customers were told; null: they were not. */
  readonly announcedAt: number | null;
  readonly author: string;
  readonly reason: string;
  /** Where the proof lies (an address or a name), and the SHA-256 of what lay there, 64 hex digits. */
  readonly proof: { readonly where: string; readonly sha256: string } | null;
  readonly recordedAt: number;
  /** The id of the record that this one takes back; its other fields then repeat that one's. Null: it takes nothing back. */
  readonly withdraws: number | null;
}

export const TICKET_EVENTS = [
  "opened",
  "replied",
  "waiting",
  "resumed",
  "workaround",
  "restored",
  "closed",
  "reopened",
  "regraded",
] as const;
export type TicketEventKind = (typeof TICKET_EVENTS)[number];

export interface TicketEvent {
  readonly id: number;
  readonly key: string;
  readonly contract: string;
  /** The help desk's own number. */
  readonly ticket: string;
  readonly kind: TicketEventKind;
  /** When it happened. */
  readonly at: number;
  /** Of `opened` and `regraded`, else null. */
  readonly severity: Severity | null;
  /** Of `waiting`: on whom; else null. */
  readonly waiting: PauseReason | null;
  /** An automatic reply is no response. */
  readonly by: "human" | "automatic";
  readonly author: string;
  readonly note: string;
  readonly recordedAt: number;
}

/** What one clock of one ticket says. */
export interface ClockReading {
  readonly ticket: string;
  readonly severity: Severity;
  readonly clock: Clock;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly stoppedAt: number | null;
  /** Time that counts, ms: business time where its calendar says so, without pauses. */
  readonly countedMs: number;
  readonly targetMs: number;
  /** When it runs out, or ran out, as things stand; null while it is paused or was stopped in time. */
  readonly dueAt: number | null;
  readonly verdict: "kept" | "missed" | "running";
}
