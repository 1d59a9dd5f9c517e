// A badge as SVG, and as the JSON that shields.io reads. Pure. Called by badges-routes.ts. Widths are guessed from the characters and
// fixed by `textLength`, so that the text fits whatever font is there; nothing in it is loaded or run.

import { xmlSafe } from "../feeds/entries.tsx";
import type { Badge } from "./badge.ts";

const HEIGHT = 20;
const PAD = 6;
export const LABEL_GROUND = "3a3f45";
/** How wide characters are in an 11 px sans-serif: most letters, and those that fill a square (East Asian, emoji). */
const NARROW_PX = 6.6;
const WIDE_PX = 11.5;
const SQUARE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1ffff}\u{20000}-\u{3ffff}]/u;
/** Seconds for which shields.io may keep it. */
const SHIELDS_S = 60;

function widthOf(text: string): number {
  let px = 0;
  for (const character of text) px += SQUARE.test(character) ? WIDE_PX : NARROW_PX;
  return Math.ceil(px);
}

/** The whole file. `lang`: of its texts. */
export function badgeSvg(badge: Badge, lang: string): string {
  const label = xmlSafe(badge.label);
  const message = xmlSafe(badge.message);
  const title = xmlSafe(badge.title);
  const left = widthOf(label);
  const right = widthOf(message);
  const split = left + 2 * PAD;
  const width = split + right + 2 * PAD;
  const svg = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={title}
      lang={lang}
    >
      <title>{title}</title>
      <rect width={split} height={HEIGHT} fill={`#${LABEL_GROUND}`} />
      <rect x={split} width={width - split} height={HEIGHT} fill={`#${badge.colour}`} />
      <g fill="#ffffff" font-family="Verdana,DejaVu Sans,Noto Sans,sans-serif" font-size="11" aria-hidden="true">
        <text x={PAD} y="14" textLength={left} lengthAdjust="spacingAndGlyphs">
          {label}
        </text>
        <text x={split + PAD} y="14" textLength={right} lengthAdjust="spacingAndGlyphs">
          {message}
        </text>
      </g>
    </svg>
  );
  return svg.toString() as string;
}

/** https://shields.io/badges/endpoint-badge. `sonde_title` is ours; they skip it. */
export function badgeJson({ label, message, colour, isError, title }: Badge): string {
  return JSON.stringify({
    schemaVersion: 1,
    label,
    message,
    color: colour,
    labelColor: LABEL_GROUND,
    isError,
    cacheSeconds: SHIELDS_S,
    sonde_title: title,
  });
}
