// Rows of history as NDJSON and CSV, read in steps as fast as the reader takes them: one step is in memory, and one is being sent. Pure:
// who reads is given. A read that fails breaks the answer off, so that what is missing is never taken for what was not measured.

import { csvLine } from "../../workers/sla/csv.ts";
import type { Cell } from "../../workers/sla/csv.ts";
import type { PrintableQuantile } from "../../workers/results/snapshot-shape.ts";
import type { Kind, Span, Wanted } from "./raw.ts";
import type { RowAnswer } from "./shapes-rows.ts";

/** 3,000 minutes are about 2 MB. 44 steps and two reads ahead are below 50, and 132,000 rows: more than 90 days of minutes. */
export const STEP_ROWS = 3000;
export const STEPS_MOST = 44;
/** Of hours with their minutes: 2 MB as well, and 44 steps are more than the 400 days for which hours are kept. */
const STEP_HOURS = 250;

const COUNTS = [
  "scheduled",
  "ok",
  "lost",
  "error",
  "not_sent",
  "connect_fail",
  "duplicate",
  "reordered",
  "corrupt",
  "foreign",
  "after_deadline",
  "latency_ms_max",
  "lag_ms_max",
  "heard",
  "reconnects",
] as const;
const MINUTES = [
  "slots",
  "rounds",
  "revision",
  "config",
  "unfit",
  "place",
  "queued_ms_max",
  "after_deadline_ms_max",
  "over",
  "failures",
  "loss_runs",
] as const;
const ROLLUP = ["minutes_up", "minutes_degraded", "minutes_down", "minutes_unmeasured", "over"] as const;
const LATENCIES = ["latency", "connect"] as const;
const FIGURES = ["samples", "p50", "p95", "p99", "max_ms"] as const;

/** Columns of a kind. Lists stand in one cell, as JSON. */
export function columnsOf(kind: Kind, latency: boolean, minutes = false): readonly string[] {
  const own = kind === "minutes" ? MINUTES : kind === "hours" ? ROLLUP : [...ROLLUP, "zone"];
  const figures = LATENCIES.flatMap((each) => FIGURES.map((figure) => `${each}_${figure}`));
  return ["from", "to", ...COUNTS, ...own, ...(latency ? figures : []), ...(minutes ? ["minutes"] : [])];
}

/** ">5000": the rank falls among lost messages, which took longer than that. */
function quantileCell(value: PrintableQuantile): Cell {
  return typeof value === "object" && value !== null ? `>${value.over_ms}` : value;
}

function cellsOf(row: RowAnswer, columns: readonly string[]): readonly Cell[] {
  const flat: Record<string, unknown> = { ...row };
  for (const each of LATENCIES) {
    for (const figure of FIGURES) {
      const value = row[each]?.[figure] ?? null;
      flat[`${each}_${figure}`] = quantileCell(value);
    }
  }
  return columns.map((column) => {
    const value = flat[column] ?? null;
    if (typeof value === "string" || typeof value === "number" || value === null) return value;
    return JSON.stringify(value);
  });
}

/** How rows become text: what stands ahead, each row's line, and how many rows are read at once. */
interface Writing {
  readonly head: string;
  readonly line: (row: RowAnswer) => string;
  readonly step: number;
}

export function writingOf(format: "ndjson" | "csv", { kind, latency, minutes }: Omit<Wanted, "span">): Writing {
  const step = minutes ? STEP_HOURS : STEP_ROWS;
  if (format === "ndjson") return { head: "", line: (row) => `${JSON.stringify(row)}\n`, step };
  const columns = columnsOf(kind, latency, minutes);
  // Without the mark spreadsheets take Chinese for something else.
  return { head: `\ufeff${csvLine(columns)}`, line: (row) => csvLine(cellsOf(row, columns)), step };
}

interface Source {
  readonly read: (span: Span, most: number) => Promise<readonly RowAnswer[]>;
  readonly span: Span;
  readonly writing: Writing;
  /** Told of a read that broke the answer off. */
  readonly report: (error: unknown) => void;
}

/** Bytes of all rows. Rejects, before anything was sent, when the first step cannot be read. */
export async function rowStream({ read, span, writing, report }: Source): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let rows = await read(span, writing.step);
  let steps = 1;
  let head = writing.head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const text = head + rows.map(writing.line).join("");
          head = "";
          if (text !== "") controller.enqueue(encoder.encode(text));
          const last = rows.at(-1);
          if (last === undefined || rows.length < writing.step) {
            controller.close();
            return;
          }
          if (steps >= STEPS_MOST) throw new Error(`more than ${STEPS_MOST * writing.step} rows in one answer`);
          steps += 1;
          rows = await read({ from: last.from + 1, to: span.to }, writing.step);
        } catch (error) {
          report(error);
          controller.error(error);
        }
      },
    },
    // Nothing is read ahead of who reads us.
    { highWaterMark: 0 },
  );
}
