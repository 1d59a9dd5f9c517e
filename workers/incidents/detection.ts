// What a detector remembers of one region, and what it tells: plain data that can be stored and restored, a few kilobytes at
// most. Types, the first state, and what an outsider may read from it. Instants: ms since the epoch. `detector.ts` moves it on.

import type { NoProof } from "./signal.ts";
import { NOTHING_SLOW } from "./slow.ts";
import type { Slow } from "./slow.ts";
import type { Window } from "./window.ts";

/** sla.md 6. `suspect`: bad, not proven yet; or measured again after a time in which nothing was known. */
export type RegionState = "up" | "suspect" | "down" | "recovering" | "degraded" | "unmeasured";

/** Why nothing is known: no proof in what came, nothing came, or nothing has come yet. */
export type BlindReason = NoProof | "silence" | "new";

/** An outage or a brown-out of one region. */
export interface Episode {
  /** Intended send of the first bad message of the run that led to it; of a late one: the slot of its round. */
  readonly startedAt: number;
  /** Intended send of the first good message of the run that ended it; null: it goes on. */
  readonly endedAt: number | null;
  /** Scheduled messages from its start to its last bad one; `bad`: lost or refused among them. */
  readonly attempted: number;
  readonly bad: number;
  readonly late: number;
  /** The worst round, or the worst 20 messages where rounds are smaller. */
  readonly worst: { readonly attempted: number; readonly bad: number };
}

export type EpisodeKind = "outage" | "brownout";

/** What happened. `at`: the end of the round that told. */
export type Change =
  | { readonly kind: "state"; readonly at: number; readonly from: RegionState; readonly to: RegionState }
  /**
   * Confirm rounds are wanted: so many, each begun `apartMs` after the last one. Said anew with every round that leaves the
   * question open: the newest word replaces those before it. An old `at` means that the question is old.
   */
  | { readonly kind: "confirm"; readonly at: number; readonly rounds: number; readonly apartMs: number }
  | { readonly kind: "opened" | "closed"; readonly at: number; readonly of: EpisodeKind; readonly episode: Episode }
  | { readonly kind: "flapping"; readonly at: number; readonly on: boolean };

/** Bad messages that may become an outage, or are one: from the first of them to the last. */
export interface Impact {
  readonly at: number;
  readonly attempted: number;
  readonly bad: number;
  /** Good ones since the last bad one. */
  readonly beyond: number;
  readonly worst: { readonly attempted: number; readonly bad: number };
}

export interface DetectorState {
  readonly state: RegionState;
  /** When it became so; of `unmeasured`: the first slot that nothing is known of. */
  readonly since: number;
  /** Of `unmeasured`; else null. */
  readonly blindReason: BlindReason | null;
  /** The newest round that was looked at, fit or not; null: none yet. */
  readonly newest: { readonly slotAt: number; readonly purpose: "scheduled" | "confirm" } | null;
  /** How many were; numbers the rounds in `window`. */
  readonly rounds: number;
  readonly window: Window;
  /** Consecutive good messages up to now; `at`: intended send of the first of them. */
  readonly okRun: { readonly count: number; readonly at: number | null };
  readonly impact: Impact | null;
  /** What rounds said since the one that raised the suspicion, bad or not; `answered`: a confirm round was among them. Null: none did. */
  readonly suspicion: { readonly votes: readonly boolean[]; readonly answered: boolean } | null;
  /** The last five scheduled rounds, bad or not. */
  readonly recent: readonly boolean[];
  /** Of `recovering`: the first good message, and since when at most 1 of 20 is bad. */
  readonly good: { readonly at: number; readonly since: number } | null;
  readonly slow: Slow;
  /** The newest of each, over or not. */
  readonly outage: Episode | null;
  readonly brownout: Episode | null;
  /** When it last went down, four times at most; and when it was last seen to be. */
  readonly downs: readonly number[];
  readonly downAt: number | null;
  /** Overlay: four times down within an hour. */
  readonly flapping: boolean;
}

/** A region of which nothing is known yet. */
export function newDetector(now: number): DetectorState {
  return {
    state: "unmeasured",
    since: now,
    blindReason: "new",
    newest: null,
    rounds: 0,
    window: [],
    okRun: { count: 0, at: null },
    impact: null,
    suspicion: null,
    recent: [],
    good: null,
    slow: NOTHING_SLOW,
    outage: null,
    brownout: null,
    downs: [],
    downAt: null,
    flapping: false,
  };
}

/** What decides about incidents: what is bad, since when nothing is known, and why. */
export function findingOf(state: DetectorState) {
  const blind = state.state === "unmeasured";
  const shown = (episode: Episode | null) => (episode === null ? null : { ...episode, flapping: state.flapping });
  return {
    measured: !blind,
    outage: shown(state.outage),
    brownout: shown(state.brownout),
    blindSince: blind ? state.since : null,
    blindReason: state.blindReason,
  };
}
