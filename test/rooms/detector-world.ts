// A region to try the detector on: rounds written as signs, and a service that loses by chance, with confirm rounds run as they are
// asked for. Fakes nothing of the detector: it makes the signals that rounds would have made. Used by the detector's tests.

import { advance } from "../../workers/incidents/detector.ts";
import type { Change, DetectorState } from "../../workers/incidents/detection.ts";
import { newDetector } from "../../workers/incidents/detection.ts";
import type { DetectorSettings } from "../../workers/incidents/detector.ts";
import type { Signal, SignalRun } from "../../workers/incidents/signal.ts";

export const NOON = Date.UTC(2026, 10, 1, 12);

/** `.` good, `o` late, `x` lost or refused; or a reason why the round was not fit. Sends begin at the slot. */
export interface Round {
  readonly slotAt: number;
  readonly signs: string;
  readonly gapMs?: number;
  readonly confirm?: boolean;
  readonly unfit?: Signal["unfit"];
  readonly endedAt?: number;
}

export function signal({ slotAt, signs, gapMs = 50, confirm = false, unfit = null, endedAt }: Round): Signal {
  const runs: { ok: boolean; count: number; at: number }[] = [];
  for (const [seq, sign] of [...signs].entries()) {
    const ok = sign !== "x";
    const last = runs.at(-1);
    if (last?.ok === ok) last.count += 1;
    else runs.push({ ok, count: 1, at: slotAt + seq * gapMs });
  }
  const tally = (sign: string): number => [...signs].filter((each) => each === sign).length;
  return {
    region: "weur",
    slotAt,
    endedAt: endedAt ?? slotAt + (signs.length - 1) * gapMs + (signs.includes("x") ? 5_000 : 300),
    purpose: confirm ? "confirm" : "scheduled",
    unfit,
    attempted: signs.length,
    bad: tally("x"),
    late: tally("o"),
    runs: unfit === null ? (runs satisfies SignalRun[]) : [],
  };
}

/** A detector that has seen a region well for long enough to call it up. */
export function upDetector(settings: DetectorSettings, at: number): DetectorState {
  const signs = ".".repeat(settings.messages);
  let state = newDetector(at - 100 * settings.everyMs);
  for (let nth = 30; nth >= 1; nth--) {
    state = advance(state, signal({ slotAt: at - nth * settings.everyMs, signs }), settings).state;
  }
  return state;
}

/** How confirm rounds go; null: none is ever run. */
export interface Confirming {
  readonly messages: number;
  /** From its begin to its end, when something is lost. */
  readonly tookMs: number;
}

export interface Trial {
  /** Up, as `upDetector` makes it. */
  readonly start: DetectorState;
  readonly settings: DetectorSettings;
  readonly confirming: Confirming | null;
  /** Whether a message that is meant to be sent at this time is lost. */
  readonly isLost: (at: number) => boolean;
  /** The first slot, and when to give up. */
  readonly fromAt: number;
  readonly untilAt: number;
}

export interface Found {
  /** When it was known; null: it was not. */
  readonly downAt: number | null;
  readonly rounds: number;
}

/** Scheduled rounds, and between them the confirm rounds that are asked for, until it is down. Rounds are known 5 s after their slot. */
export function untilDown({ start, settings, confirming, isLost, fromAt, untilAt }: Trial): Found {
  let state = start;
  let rounds = 0;
  const run = (round: Round): readonly Change[] => {
    const advanced = advance(state, signal(round), settings);
    state = advanced.state;
    return advanced.changes;
  };
  const signsFrom = (at: number, messages: number): string =>
    Array.from({ length: messages }, (_, seq) => (isLost(at + seq * 50) ? "x" : ".")).join("");
  for (let slotAt = fromAt; slotAt < untilAt; slotAt += settings.everyMs) {
    let changes = run({ slotAt, signs: signsFrom(slotAt, settings.messages), endedAt: slotAt + 5_000 });
    rounds += 1;
    if (confirming !== null) {
      // One after the other, as long as they are asked for and end before the next slot.
      for (let at = slotAt + 5_000; at + confirming.tookMs <= slotAt + settings.everyMs; at += confirming.tookMs) {
        if (!changes.some((each) => each.kind === "confirm")) break;
        const signs = signsFrom(at, confirming.messages);
        changes = run({ slotAt: at, signs, confirm: true, endedAt: at + confirming.tookMs });
      }
    }
    if (state.state === "down") return { downAt: state.since, rounds };
  }
  return { downAt: null, rounds };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The value of rank ceil(.95 n). */
export function p95Of(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
}
