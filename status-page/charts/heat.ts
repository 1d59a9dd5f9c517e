// A day as a heat map in SVG: a row for each hour, a minute beside the other, by state. Pure, no DOM. Height and pattern tell what
// colour does: up is a thin line, degraded half of the row, down all of it, not measured is hatched, and where nothing was scheduled
// there is nothing. Called by the page of a day.

import { scaleLinear } from "d3-scale";

import type { State } from "../../schema/words.ts";
import { escapeHtml } from "../jsx/jsx-runtime.ts";

const WIDTH = 720;
const [LEFT, RIGHT] = [96, 712];
const PITCH = 15;
const ROW = 12;
const TOP = 18;

/** Share of the row's height, from its bottom. */
const HEIGHTS: Readonly<Record<State, number>> = { up: 0.34, degraded: 0.67, down: 1, unmeasured: 1 };
const KINDS: Readonly<Record<State, string>> = { up: "u", degraded: "g", down: "d", unmeasured: "h" };

export interface HeatCell {
  /** Minutes after the row's begin, half-open. */
  readonly from: number;
  readonly to: number;
  readonly state: State;
  /** What a pointer is told: "12:03 to 12:17, down". */
  readonly title: string;
}

export interface HeatRow {
  readonly label: string;
  readonly cells: readonly HeatCell[];
}

const round = (n: number): number => Math.round(n * 10) / 10;

/** The picture. `id` begins the ids within; `summary` says all of it in words. */
export function heatMap(rows: readonly HeatRow[], id: string, title: string, summary: string): string {
  const x = scaleLinear([0, 60], [LEFT, RIGHT]);
  const cell = ({ from, to, state, title: said }: HeatCell, top: number): string => {
    const height = round(ROW * HEIGHTS[state]);
    const width = round(x(to) - x(from));
    const begin = round(x(from));
    return `<g><title>${escapeHtml(said)}</title><path class="${KINDS[state]}" d="M${begin} ${round(top + ROW - height)}h${width}v${height}h-${width}z"/></g>`;
  };
  // Minutes after the row's begin, whatever the clock said then.
  const ticks = [15, 30, 45].map((n) => `<text class="c-mid" x="${round(x(n))}" y="11">+${n}</text>`);
  const drawn = rows.map(({ label, cells }, i) => {
    const top = TOP + i * PITCH;
    const name = `<text class="c-end" x="${LEFT - 8}" y="${top + ROW - 2}">${escapeHtml(label)}</text>`;
    return name + cells.map((each) => cell(each, top)).join("");
  });
  return (
    `<svg class="chart heat" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${WIDTH} ${TOP + rows.length * PITCH}">` +
    `<title id="${id}-t">${escapeHtml(title)}</title><desc id="${id}-d">${escapeHtml(summary)}</desc>` +
    `${ticks.join("")}${drawn.join("")}</svg>`
  );
}
