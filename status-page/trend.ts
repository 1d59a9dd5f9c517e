// Thirty days of P99 as one small line against the limit: a gap where nothing was measured or too little, a mark at the top where the
// rank falls among lost messages, to which no line leads. Pure, no DOM: d3 makes the path. Called by region-view.ts.

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";

import type { PrintableQuantile, RegionSnapshot } from "../workers/results/snapshot-shape.ts";
import type { FrontWords } from "./words/front-words.ts";
import type { Words } from "./words/words.ts";

/** The drawing's own units. */
export const TREND = { width: 120, height: 24 } as const;
/** The limit stands at half of the height at least: what is far below it is not magnified. */
const HEADROOM = 2;

export interface TrendView {
  readonly title: string;
  readonly summary: string;
  /** Of days that follow each other; gaps are moves. */
  readonly path: string;
  /** Of days that stand alone, and of those whose P99 is among the lost: [x, y]. */
  readonly dots: readonly (readonly [number, number, isOver: boolean])[];
  readonly limitY: number;
}

/** Null where the row has no trend. */
export function trendView(
  { trend }: Pick<RegionSnapshot, "trend">,
  name: string,
  limitMs: number,
  { words, front }: { readonly words: Words; readonly front: FrontWords },
): TrendView | null {
  if (trend === undefined || trend.length === 0) return null;
  const days = trend.map(([, p99]) => p99);
  const known = days.filter((day) => day !== null);
  const title = front.trend(name);
  if (known.length === 0) return { title, summary: front.trendNothing(days.length), path: "", dots: [], limitY: 12 };
  const numbers = known.filter((day): day is number => typeof day === "number");
  const top = Math.max(HEADROOM * limitMs, ...numbers);
  const x = scaleLinear([0, Math.max(1, days.length - 1)], [1, TREND.width - 1]);
  const y = scaleLinear([0, top], [TREND.height - 1, 1]);
  const at = (day: PrintableQuantile): number => round(typeof day === "number" ? y(day) : 1);
  const path =
    line<PrintableQuantile>()
      .defined((day) => typeof day === "number")
      .x((_, i) => round(x(i)))
      .y(at)
      .digits(1)(days) ?? "";
  const isAlone = (i: number): boolean => typeof days[i - 1] !== "number" && typeof days[i + 1] !== "number";
  const dots = days.flatMap((day, i): [number, number, boolean][] => {
    if (day === null) return [];
    const isOver = typeof day !== "number";
    return isOver || isAlone(i) ? [[round(x(i)), at(day), isOver]] : [];
  });
  const sorted = known.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  // As the figure beside it is judged: what is printed as the limit may have been a little more.
  const below = numbers.filter((day) => day < limitMs).length;
  const said = (day: PrintableQuantile | undefined): string =>
    typeof day === "number" ? words.ms(day) : words.over(words.duration(day?.over_ms ?? 0));
  const limit = words.duration(limitMs);
  const missing = days.length - known.length;
  const summary = front.trendSummary(said(sorted[0]), said(sorted.at(-1)), below, known.length, limit, missing);
  return {
    title,
    summary,
    path,
    dots,
    limitY: round(y(limitMs)),
  };
}

const sizeOf = (day: PrintableQuantile): number => (typeof day === "number" ? day : Infinity);
const round = (n: number): number => Math.round(n * 10) / 10;
