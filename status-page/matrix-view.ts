// What is said of the from-to matrix: a row for each region that asks, a column for each that answers. Pure; called by
// view.ts. A pair that is not known is said to be so, never coloured as good, and has no heat.

import type { State } from "../schema/words.ts";
import { lateLimitMsOf } from "../workers/config/journeys.ts";
import type { MatrixCell, Snapshot } from "../workers/results/snapshot-shape.ts";
import { plainLabel } from "./labels.ts";
import type { Words } from "./words/words.ts";

export interface CellView {
  readonly state: State;
  /** "15 of 15", or why nothing is known. */
  readonly text: string;
  /** "2 lost there, 1 lost back", "slowest 240 ms". */
  readonly notes: readonly string[];
  readonly heat: Heat;
}

/** Quarters of the limit that the time has used up, begun ones counted; 4 also where the limit is broken. 0: no time is known. */
export type Heat = 0 | 1 | 2 | 3 | 4;

export interface MatrixRow {
  readonly name: string;
  /** Null on the diagonal: a region does not ask itself here. */
  readonly cells: readonly (CellView | null)[];
}

export interface MatrixView {
  readonly names: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** What the bar in a cell is measured against. */
  readonly limit: string;
}

/** Null where the target has no mesh. */
export function matrixView(snapshot: Snapshot, now: number, words: Words): MatrixView | null {
  const { matrix = [], regions } = snapshot;
  if (matrix.length === 0) return null;
  const staleMs = staleMsOf(snapshot);
  const { connect_ms_p99: connectMsP99, latency_ms_p99: latencyMsP99 } = snapshot.objectives;
  const limitMs = lateLimitMsOf("mesh", { connectMsP99, latencyMsP99 });
  const names = regions.map((region) => plainLabel(region.label[words.language], region.region));
  const rows = regions.map((from, at) => ({
    name: names[at] ?? from.region,
    cells: regions.map((to) => {
      const cell = matrix.find((each) => each.from === from.region && each.to === to.region);
      return cell === undefined ? null : cellView(cell, isSilentAt(cell, now, staleMs), limitMs, words);
    }),
  }));
  return { names, rows, limit: words.duration(limitMs) };
}

/** Each pair's state as of `now`: what the page is judged to have changed by. */
export function matrixStates(snapshot: Snapshot, now: number): State[] {
  const staleMs = staleMsOf(snapshot);
  return (snapshot.matrix ?? []).map((cell) => (isSilentAt(cell, now, staleMs) ? "unmeasured" : cell.state));
}

function staleMsOf({ regions }: Snapshot): number {
  return Math.max(0, ...regions.map((region) => region.stale_after_ms));
}

function isSilentAt(cell: MatrixCell, now: number, staleMs: number): boolean {
  return cell.last_slot_at === null || now - cell.last_slot_at > staleMs;
}

/** Of the median, since a pair has few messages; where even that is not known, of the slowest. */
function heatOf({ p50, max_ms: max }: MatrixCell["latency"], limitMs: number): Heat {
  const ms = p50 ?? max;
  if (ms === null) return 0;
  if (typeof ms !== "number") return 4;
  const quarter = 1 + Math.floor((4 * ms) / limitMs);
  return quarter <= 1 ? 1 : quarter === 2 ? 2 : quarter === 3 ? 3 : 4;
}

function cellView(cell: MatrixCell, isSilent: boolean, limitMs: number, words: Words): CellView {
  if (isSilent || cell.state === "unmeasured") {
    const isAbsent = !isSilent && cell.why === "peer";
    return { state: "unmeasured", text: words.notMeasured, notes: isAbsent ? [words.otherSideAbsent] : [], heat: 0 };
  }
  const there = cell.sent - cell.heard;
  const back = Math.max(0, cell.heard - cell.ok);
  const { p50, max_ms: max } = cell.latency;
  return {
    state: cell.state,
    text: words.of(cell.ok, cell.sent + cell.error),
    notes: [
      ...(there > 0 ? [words.lostThere(there)] : []),
      ...(back > 0 ? [words.lostBack(back)] : []),
      ...(cell.error > 0 ? [words.misses.refused(cell.error)] : []),
      ...(typeof p50 === "number"
        ? [`P50 ${words.ms(p50)}`]
        : p50 !== null
          ? [`P50 ${words.over(words.duration(p50.over_ms))}`]
          : max === null
            ? []
            : [words.slowest(words.ms(max))]),
    ],
    heat: heatOf(cell.latency, limitMs),
  };
}
