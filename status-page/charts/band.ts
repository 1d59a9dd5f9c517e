// Latency over time as SVG: a band from P50 to P99 with P95 in it, the limit of the SLA as a line, and a gap wherever nothing was
// measured. Pure, no DOM: d3 makes scales and paths. A percentile that falls among lost messages is a mark at the top: no
// line leads to it, since nobody measured what lies between. Nothing is told by colour alone. Called by the pages of the past.

import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";

import type { PrintableQuantile } from "../../workers/results/snapshot-shape.ts";
import { escapeHtml } from "../jsx/jsx-runtime.ts";

const WIDTH = 720;
const HEIGHT = 220;
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 712, 26, 190];
/** The limit stands at half of the height at least: what is far below it is not magnified. */
const HEADROOM = 2;
/** Words below the axis, about so far apart. */
const LABEL_PITCH = 74;

export interface BandPoint {
  readonly p50: PrintableQuantile;
  readonly p95: PrintableQuantile;
  readonly p99: PrintableQuantile;
  /** What a pointer is told. */
  readonly title: string;
  /** Below the axis, where there is room. */
  readonly label: string;
}

export interface BandText {
  /** Its id begins the ids within: one on a page. */
  readonly id: string;
  readonly title: string;
  /** All that the picture says, in words. */
  readonly summary: string;
  /** "200 ms, the SLA's limit" */
  readonly limit: string;
  /** Beside the marks at the top: "> 5 s"; null: there are none. */
  readonly over: string | null;
  ms(n: number): string;
}

const isNumber = (q: PrintableQuantile): boolean => typeof q === "number";
const isOver = (q: PrintableQuantile): boolean => q !== null && !isNumber(q);
const round = (n: number): number => Math.round(n * 10) / 10;

/** The picture; points stand at equal distances in their order. `limitMs` as the SLA has it. */
export function latencyBand(points: readonly BandPoint[], limitMs: number, text: BandText): string {
  const values = points.flatMap(({ p50, p95, p99 }) =>
    [p50, p95, p99].filter((q): q is number => typeof q === "number"),
  );
  const top = Math.max(HEADROOM * limitMs, ...values);
  const y = scaleLinear([0, top], [BOTTOM, TOP]).nice(4);
  const step = (RIGHT - LEFT) / Math.max(1, points.length);
  const x = (i: number): number => round(LEFT + step * (i + 0.5));
  // Above all numbers, at the edge: how much longer nobody knows.
  const at = (q: PrintableQuantile): number => (typeof q === "number" ? round(y(q)) : TOP);
  const band =
    area<BandPoint>()
      .defined(({ p50, p99 }) => isNumber(p50) && isNumber(p99))
      .x((_, i) => x(i))
      .y0(({ p50 }) => at(p50))
      .y1(({ p99 }) => at(p99))
      .digits(1)(points) ?? "";
  const lineOf = (q: Rank): string => {
    const path =
      line<BandPoint>()
        .defined((point) => isNumber(point[q]))
        .x((_, i) => x(i))
        .y((point) => at(point[q]))
        .digits(1)([...points]) ?? "";
    return `<path class="c-${q}" d="${path}"/>`;
  };
  const { id, title, summary } = text;
  return (
    `<svg class="chart band" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `<title id="${id}-t">${escapeHtml(title)}</title><desc id="${id}-d">${escapeHtml(summary)}</desc>` +
    axis(y.ticks(4), (n) => round(y(n)), text) +
    points.map((point, i) => gap(point, LEFT + step * i, step)).join("") +
    points.map((point, i) => column(point, LEFT + step * i, step, at)).join("") +
    `<path class="c-band" d="${band}"/>${lineOf("p50")}${lineOf("p95")}${lineOf("p99")}` +
    limitLine(round(y(limitMs)), text) +
    points.map((point, i) => marks(point, x(i), at, (q) => alone(points, i, q))).join("") +
    points.map((point, i) => touch(point, LEFT + step * i, step)).join("") +
    labels(points, x) +
    (text.over === null ? "" : `<text class="c-strong" x="${LEFT + 4}" y="12">\u25b2 ${escapeHtml(text.over)}</text>`) +
    `</svg>`
  );
}

type Rank = "p50" | "p95" | "p99";

/** A line can not show a point without neighbours; a small sample has a P50 and no P99, so each line has its own. */
const alone = (points: readonly BandPoint[], i: number, q: Rank): boolean => {
  const has = (at: number): boolean => isNumber(points[at]?.[q] ?? null);
  return has(i) && !has(i - 1) && !has(i + 1);
};

function axis(ticks: readonly number[], y: (n: number) => number, text: BandText): string {
  return ticks
    .map(
      (n) =>
        `<path class="c-grid" d="M${LEFT} ${y(n)}H${RIGHT}"/><text class="c-end" x="${LEFT - 6}" y="${y(n) + 4}">${escapeHtml(text.ms(n))}</text>`,
    )
    .join("");
}

function limitLine(y: number, { limit }: BandText): string {
  return `<path class="c-limit" d="M${LEFT} ${y}H${RIGHT}"/><text class="c-end c-strong" x="${RIGHT}" y="${y - 5}">${escapeHtml(limit)}</text>`;
}

function marks(
  point: BandPoint,
  x: number,
  at: (q: PrintableQuantile) => number,
  single: (q: Rank) => boolean,
): string {
  const dots = (["p50", "p95", "p99"] as const).filter(single);
  return (
    // A triangle that points beyond the picture.
    ([point.p50, point.p95, point.p99].some(isOver)
      ? `<path class="c-over" d="M${round(x - 4)} ${TOP - 4}h8l-4 -8z"/>`
      : "") + dots.map((q) => `<circle class="c-dot" cx="${x}" cy="${at(point[q])}" r="2.5"/>`).join("")
  );
}

const place = (x: number, step: number): string => `M${round(x)} ${TOP}h${round(step)}V${BOTTOM}h-${round(step)}z`;

/** From its P50 beyond the picture, at its own place alone: what P99 is among the lost has no height. */
const column = ({ p50, p99 }: BandPoint, x: number, step: number, at: (q: PrintableQuantile) => number): string =>
  isNumber(p50) && isOver(p99)
    ? `<path class="c-band" d="M${round(x)} ${TOP}h${round(step)}V${at(p50)}h-${round(step)}z"/>`
    : "";

/** Hatched where there is nothing; below all lines and words. */
const gap = ({ p50, p99 }: BandPoint, x: number, step: number): string =>
  p50 === null && p99 === null ? `<path class="h" d="${place(x, step)}"/>` : "";

/** Where a pointer is told the figures. */
const touch = ({ title }: BandPoint, x: number, step: number): string =>
  `<g><title>${escapeHtml(title)}</title><path class="c-touch" d="${place(x, step)}"/></g>`;

function labels(points: readonly BandPoint[], x: (i: number) => number): string {
  const every = Math.max(1, Math.ceil((points.length * LABEL_PITCH) / (RIGHT - LEFT)));
  return points
    .flatMap(({ label }, i) =>
      i % every === 0 ? [`<text class="c-mid" x="${x(i)}" y="${BOTTOM + 18}">${escapeHtml(label)}</text>`] : [],
    )
    .join("");
}

/** Whether any percentile of any point falls among lost messages. */
export const anyOver = (points: readonly BandPoint[]): boolean =>
  points.some(({ p50, p95, p99 }) => [p50, p95, p99].some(isOver));
