// What is said of the from-to matrix: a row for each region that asks, a column for each that answers. Pure; called by
// view.ts. A pair that is not known is said to be so, and never coloured as good.

import type { State } from "../schema/words.ts";
import type { MatrixCell, Snapshot } from "../workers/results/snapshot-shape.ts";
import { plainLabel } from "./labels.ts";
import type { Words } from "./words/words.ts";

export interface CellView {
  readonly state: State;
  /** "15 of 15", or why nothing is known. */
  readonly text: string;
  /** "2 lost there, 1 lost back", "slowest 240 ms". */
  readonly notes: readonly string[];
}

export interface MatrixRow {
  readonly name: string;
  /** Null on the diagonal: a region does not ask itself here. */
  readonly cells: readonly (CellView | null)[];
}

export interface MatrixView {
  readonly names: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Null where the target has no mesh. */
export function matrixView(snapshot: Snapshot, now: number, words: Words): MatrixView | null {
  const { matrix = [], regions } = snapshot;
  if (matrix.length === 0) return null;
  const staleMs = staleMsOf(snapshot);
  const names = regions.map((region) => plainLabel(region.label[words.language], region.region));
  const rows = regions.map((from, at) => ({
    name: names[at] ?? from.region,
    cells: regions.map((to) => {
      const cell = matrix.find((each) => each.from === from.region && each.to === to.region);
      return cell === undefined ? null : cellView(cell, now, staleMs, words);
    }),
  }));
  return { names, rows };
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

function cellView(cell: MatrixCell, now: number, staleMs: number, words: Words): CellView {
  const isSilent = isSilentAt(cell, now, staleMs);
  if (isSilent || cell.state === "unmeasured") {
    const isAbsent = !isSilent && cell.why === "peer";
    return { state: "unmeasured", text: words.notMeasured, notes: isAbsent ? [words.otherSideAbsent] : [] };
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
      ...(typeof p50 === "number" ? [`P50 ${words.ms(p50)}`] : max === null ? [] : [words.slowest(words.ms(max))]),
    ],
  };
}
