// Ninety days as a picture, with a sentence for those who do not see it; as a table they are on the region's own page, to which a link
// leads. Pure; called by parts/region.tsx. A block is read without colour: hatched is unknown, a dark foot with a mark under it is
// downtime, an open day is outlined. Built as strings, and all that looks alike as one path: it is 90 blocks for each region, and a
// Worker on the Free plan has 10 ms of CPU for a page. Every text goes through escapeHtml.
/* @jsxImportSource ../jsx */

import type { DayBlock, DaysView } from "../days.ts";
import { escapeHtml, markup } from "../jsx/jsx-runtime.ts";
import type { Words } from "../words/words.ts";

const PITCH = 10;
const WIDTH = 7.6;
const HEIGHT = 34;
/** Below the blocks, for the mark under a bad day. */
const MARK_TOP = 37;
const MARK_HEIGHT = 4;

const round = (n: number): number => Math.round(n * 10) / 10;

/** Up, degraded, down, hatched, hatched where nothing was to be measured. */
type Fill = "u" | "g" | "d" | "h" | "n";

/** One path of boxes that look alike: each is drawn from where the last one began. */
interface Boxes {
  d: string;
  x: number;
  y: number;
}

function addBox(all: Map<Fill, Boxes>, fill: Fill, x: number, y: number, height: number): void {
  if (height <= 0) return;
  const top = round(y);
  const before = all.get(fill);
  const move = before === undefined ? `M${x} ${top}` : `m${x - before.x} ${round(top - before.y)}`;
  const d = `${before?.d ?? ""}${move}h${WIDTH}v${round(height)}h-${WIDTH}z`;
  all.set(fill, { d, x, y: top });
}

function addBlock(all: Map<Fill, Boxes>, block: DayBlock, x: number): void {
  const hatched = round(HEIGHT * block.hatched);
  const solid = HEIGHT - hatched;
  const down = round(solid * block.down);
  const degraded = round(solid * block.degraded);
  const good = solid - down - degraded;
  addBox(all, block.kind === "none" ? "n" : "h", x, 0, hatched);
  addBox(all, "u", x, hatched, good);
  addBox(all, "g", x, hatched + good, degraded);
  addBox(all, "d", x, hatched + good + degraded, down);
  if (down > 0) addBox(all, "d", x, MARK_TOP, MARK_HEIGHT);
  else if (degraded > 0) addBox(all, "g", x, MARK_TOP + 2, MARK_HEIGHT - 2);
}

/** Blocks from left to right, the first of them at place `first`. */
function pathsSvg(blocks: readonly DayBlock[], first = 0): string {
  const all = new Map<Fill, Boxes>();
  blocks.forEach((block, i) => addBlock(all, block, (first + i) * PITCH));
  return [...all].map(([fill, { d }]) => `<path class="${fill}" d="${d}"/>`).join("");
}

const closedPaths = new WeakMap<readonly DayBlock[], string>();

/** The closed days change once a day: they are drawn once. */
function closedSvg(blocks: readonly DayBlock[]): string {
  let svg = closedPaths.get(blocks);
  if (svg === undefined) closedPaths.set(blocks, (svg = pathsSvg(blocks)));
  return svg;
}

function todaySvg(block: DayBlock, at: number): string {
  const outline = `M${at * PITCH + 0.4} .5h${WIDTH - 0.8}v${HEIGHT - 1}h-${round(WIDTH - 0.8)}z`;
  return `${pathsSvg([block], at)}<path class="o" d="${outline}"/>`;
}

/** The picture as SVG markup. */
export function barsSvg({ closed, today, label }: DaysView): string {
  const count = closed.length + (today === null ? 0 : 1);
  const width = Math.max(1, count) * PITCH - (PITCH - WIDTH);
  return (
    `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${round(width)} ${MARK_TOP + MARK_HEIGHT}" preserveAspectRatio="none">` +
    `${closedSvg(closed)}${today === null ? "" : todaySvg(today, closed.length)}</svg>`
  );
}

/** Bars and scale, and the way to the same as a table. `name`, `href`: of the region and its own page; null where it has none. */
export function daysHtml(view: DaysView, name: string, href: string | null, words: Words): string {
  const ago = Math.max(0, view.closed.length + (view.today === null ? 0 : 1) - 1);
  const table =
    href === null
      ? ""
      : `<p class="days"><a href="${escapeHtml(`${href}#days`)}">${escapeHtml(words.dayByDayShort)}<span class="hidden">: ${escapeHtml(name)}</span></a></p>`;
  return (
    `<div class="bars">${barsSvg(view)}</div>` +
    `<p class="scale" aria-hidden="true"><span class="full">${escapeHtml(words.daysAgo(ago))}</span>` +
    `<span class="half">${escapeHtml(words.daysAgo(Math.ceil((ago + 1) / 2) - 1))}</span><span>${escapeHtml(words.todayOpen)}</span></p>` +
    table
  );
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
    const picture = pathsSvg([{ kind, ...SAMPLES[kind] }]);
    return `<li><svg viewBox="0 0 ${WIDTH} ${MARK_TOP + MARK_HEIGHT}" aria-hidden="true">${picture}</svg>${escapeHtml(words.legend[kind])}</li>`;
  });
  return <ul class="legend">{markup(items.join(""))}</ul>;
}
