// Ninety days as a picture, and the same as a table below it. Pure; called by parts/region.tsx. A block is read
// without colour: hatched is unknown, a dark foot with a mark under it is downtime, an open day is outlined.
// Built as strings, not as elements: it is 90 blocks and 90 rows for each region, and a Worker on the Free plan has
// 10 ms of CPU for a page. Every text goes through escapeHtml.

import { raw } from "hono/html";

import type { DayBlock, DayRow, DaysView } from "../days.ts";
import type { Words } from "../words/words.ts";

const PITCH = 10;
const WIDTH = 7.6;
const HEIGHT = 34;
/** Below the blocks, for the mark under a bad day. */
const MARK_TOP = 37;
const MARK_HEIGHT = 4;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? "");

const round = (n: number): number => Math.round(n * 10) / 10;

function box(kind: string, x: number, y: number, height: number): string {
  return height <= 0 ? "" : `<path class="${kind}" d="M${x} ${round(y)}h${WIDTH}v${round(height)}h-${WIDTH}z"/>`;
}

function blockSvg(block: DayBlock, index: number): string {
  const x = index * PITCH;
  const hatched = round(HEIGHT * block.hatched);
  const solid = HEIGHT - hatched;
  const down = round(solid * block.down);
  const degraded = round(solid * block.degraded);
  const good = solid - down - degraded;
  const shapes =
    box(block.kind === "none" ? "n" : "h", x, 0, hatched) +
    box("u", x, hatched, good) +
    box("g", x, hatched + good, degraded) +
    box("d", x, hatched + good + degraded, down) +
    (down > 0 ? box("d", x, MARK_TOP, MARK_HEIGHT) : degraded > 0 ? box("g", x, MARK_TOP + 2, MARK_HEIGHT - 2) : "") +
    (block.open ? `<path class="o" d="M${x + 0.4} .5h${WIDTH - 0.8}v${HEIGHT - 1}h-${round(WIDTH - 0.8)}z"/>` : "");
  return `<g><title>${escapeHtml(block.title)}</title>${shapes}</g>`;
}

/** The picture as SVG markup. */
export function barsSvg(view: DaysView): string {
  const width = Math.max(1, view.blocks.length) * PITCH - (PITCH - WIDTH);
  return (
    `<svg role="img" aria-label="${escapeHtml(view.label)}" viewBox="0 0 ${round(width)} ${MARK_TOP + MARK_HEIGHT}" preserveAspectRatio="none">` +
    `${view.blocks.map(blockSvg).join("")}</svg>`
  );
}

function rowHtml(row: DayRow, words: Words): string {
  const day = `<th scope="row">${escapeHtml(row.day)}</th>`;
  if (row.cells === null) return `<tr>${day}<td colspan="4">${escapeHtml(words.noData)}</td></tr>`;
  return `<tr>${day}${row.cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}

function daysHtml(view: DaysView, caption: string, okWord: string, words: Words): string {
  const count = view.blocks.length;
  const [day, availability, measured, down] = words.dayHeads;
  const heads = [day, availability, measured, down, okWord]
    .map((h) => `<th scope="col">${escapeHtml(h)}</th>`)
    .join("");
  // The scrolling box takes the focus, so that it can be scrolled without a pointer (WCAG 2.1.1).
  return (
    `<div class="bars">${barsSvg(view)}</div>` +
    `<p class="scale" aria-hidden="true"><span class="full">${escapeHtml(words.daysAgo(count - 1))}</span>` +
    `<span class="half">${escapeHtml(words.daysAgo(Math.ceil(count / 2) - 1))}</span><span>${escapeHtml(words.todayOpen)}</span></p>` +
    `<details class="days"><summary>${escapeHtml(words.dayByDayShort)}<span class="hidden">: ${escapeHtml(caption)}</span></summary>` +
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption class="hidden">${escapeHtml(view.label)}</caption>` +
    `<thead><tr>${heads}</tr></thead><tbody>${view.rows.map((row) => rowHtml(row, words)).join("")}</tbody></table></div></details>`
  );
}

const remembered = new WeakMap<DaysView, string>();

/** Bars, scale and table. The view of the days is kept as long as its snapshot, so its markup is made once. */
export function Days(props: {
  readonly view: DaysView;
  readonly caption: string;
  readonly okWord: string;
  readonly words: Words;
}) {
  let html = remembered.get(props.view);
  if (html === undefined) {
    html = daysHtml(props.view, props.caption, props.okWord, props.words);
    remembered.set(props.view, html);
  }
  return raw(html);
}

const SAMPLES = {
  up: { hatched: 0, degraded: 0, down: 0 },
  degraded: { hatched: 0, degraded: 0.3, down: 0 },
  down: { hatched: 0, degraded: 0, down: 0.4 },
  unmeasured: { hatched: 1, degraded: 0, down: 0 },
} as const;

/** What the blocks mean, in the same shapes. */
export function Legend({ words }: { readonly words: Words }) {
  const items = (["up", "degraded", "down", "unmeasured"] as const).map((kind) => {
    const picture = blockSvg({ kind, ...SAMPLES[kind], open: false, title: "" }, 0).replace("<title></title>", "");
    return `<li><svg viewBox="0 0 ${WIDTH} ${MARK_TOP + MARK_HEIGHT}" aria-hidden="true">${picture}</svg>${escapeHtml(words.legend[kind])}</li>`;
  });
  return <ul class="legend">{raw(items.join(""))}</ul>;
}
