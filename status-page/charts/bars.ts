// Pieces of time as bars in SVG: hours, days or months, each divided into what was not measured, up, degraded and down. Pure, no DOM. A
// bar is read without colour: hatched is unknown, a dark foot with a mark under it is downtime, and one that goes on has an outline.
// Called by the pages of the past.

import { scaleSqrt } from "d3-scale";

import type { PeriodFigures } from "../../workers/results/snapshot-shape.ts";
import { escapeHtml } from "../jsx/jsx-runtime.ts";

const WIDTH = 720;
const HEIGHT = 56;
const MARK_TOP = 60;
const MARK_HEIGHT = 5;
/** Share of its place that a bar takes. */
const FILL = 0.8;
/** A single bad minute of a day is 0.07 %: the square root and a floor keep it to be seen, the number is in the title. */
const LEAST = { down: 0.25, degraded: 0.2, hatched: 0.12 } as const;

export interface Bar {
  readonly figures: PeriodFigures;
  readonly open: boolean;
  /** What a pointer is told. */
  readonly title: string;
}

const round = (n: number): number => Math.round(n * 10) / 10;
const visible = scaleSqrt([0, 1], [0, 1]).clamp(true);
const share = (part: number, of: number, least: number): number =>
  part <= 0 || of <= 0 ? 0 : Math.max(least, visible(part / of));

function shapes({ figures, open }: Bar, x: number, width: number): string {
  const { minutes_expected: expected, minutes_up: up, minutes_degraded: degraded, minutes_down: down } = figures;
  const measured = up + degraded + down;
  const box = (kind: string, y: number, height: number): string =>
    height <= 0 ? "" : `<path class="${kind}" d="M${x} ${round(y)}h${width}v${round(height)}h-${width}z"/>`;
  const outline = open ? `<path class="o" d="M${x} .5h${width}v${HEIGHT - 1}h-${width}z"/>` : "";
  if (expected <= 0) return box("n", 0, HEIGHT) + outline;
  const unmeasured = Math.max(0, expected - measured) / expected;
  const hatched = measured <= 0 ? HEIGHT : HEIGHT * (unmeasured === 0 ? 0 : Math.max(LEAST.hatched, unmeasured));
  const solid = HEIGHT - hatched;
  const downHeight = solid * share(down, measured, LEAST.down);
  const degradedHeight = Math.min(solid - downHeight, solid * share(degraded, measured, LEAST.degraded));
  const good = solid - downHeight - degradedHeight;
  return (
    box("h", 0, hatched) +
    box("u", hatched, good) +
    box("g", hatched + good, degradedHeight) +
    box("d", hatched + good + degradedHeight, downHeight) +
    (down > 0 ? box("d", MARK_TOP, MARK_HEIGHT) : degraded > 0 ? box("g", MARK_TOP + 2, MARK_HEIGHT - 2) : "") +
    outline
  );
}

/** The picture, the oldest at the left. `label` says all of it in words. */
export function barChart(bars: readonly Bar[], label: string): string {
  const step = WIDTH / Math.max(1, bars.length);
  const width = round(step * FILL);
  const drawn = bars.map((bar, i) => {
    const x = round(step * i + (step - width) / 2);
    return `<g><title>${escapeHtml(bar.title)}</title>${shapes(bar, x, width)}</g>`;
  });
  return (
    `<svg class="chart hbars" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${WIDTH} ${MARK_TOP + MARK_HEIGHT}">` +
    `${drawn.join("")}</svg>`
  );
}
