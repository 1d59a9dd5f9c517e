// The social card: the sentence as a picture of 1200 x 630, for who embeds it himself. Pure drawing and its route; mounted by app.tsx. The
// instant stands in it, since a picture outlives its truth wherever it is copied to: that is why no page names it as its og:image.

import { Hono } from "hono";

import type { State } from "../schema/words.ts";
import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { xmlSafe } from "./feeds/entries.tsx";
import { CACHED, SECURITY, matches } from "./headers.ts";
import { plainLabel } from "./labels.ts";
import { etagOf } from "./render.tsx";
import { pageView } from "./view.ts";

const TINT: Readonly<Record<State, string>> = {
  up: "#1d7a48",
  degraded: "#8a5200",
  down: "#b3201b",
  unmeasured: "#565c66",
};
const SHAPE: Readonly<Record<State, string>> = {
  up: "M8 0a8 8 0 1 1-.1 0z",
  degraded: "M8 0l8 15H0z",
  down: "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z",
  unmeasured: "M8 0a8 8 0 1 1-.1 0zm0 4a4 4 0 1 0 .1 0z",
};
/** Widths of a line in halves of a Chinese character, at 52 px. */
const LINE = 38;
const LINES_MAX = 4;

/** Words put into lines; what finds no room ends in an ellipsis. SVG breaks no lines by itself. */
export function linesOf(text: string): readonly string[] {
  const pieces = text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? [];
  const lines = [""];
  const width = (line: string): number => Array.from(line).reduce((sum, one) => sum + (one > "\u2e7f" ? 2 : 1), 0);
  for (const piece of pieces) {
    const line = lines.at(-1) ?? "";
    if (width(line + piece.trimEnd()) <= LINE) lines[lines.length - 1] = line + piece;
    else lines.push(plainLabel(piece, "", LINE));
  }
  const kept = lines.map((line) => line.trim()).filter((line) => line !== "");
  return kept.length <= LINES_MAX ? kept : [...kept.slice(0, LINES_MAX - 1), `${kept[LINES_MAX - 1] ?? ""} …`];
}

interface CardProps {
  readonly state: State;
  readonly stateWord: string;
  readonly sentence: string;
  readonly asOf: string;
  readonly name: string;
}

function Card({ state, stateWord, sentence, asOf, name }: CardProps) {
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width="1200"
      height="630"
      viewBox="0 0 1200 630"
      role="img"
      aria-label={`${name}: ${stateWord}. ${sentence}. ${asOf}`}
      font-family='system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'
      fill="#1a1c20"
    >
      <rect width="1200" height="630" fill="#fafaf8" />
      <path d={SHAPE[state]} fill={TINT[state]} fill-rule="evenodd" transform="translate(80 150) scale(4.5)" />
      <text x="80" y="100" font-size="34" fill="#585d66">
        {name}
      </text>
      <text x="176" y="200" font-size="40" font-weight="600" fill={TINT[state]}>
        {stateWord}
      </text>
      {linesOf(sentence).map((line, at) => (
        <text x="80" y={300 + at * 66} font-size="52" font-weight="600">
          {line}
        </text>
      ))}
      <text x="80" y="580" font-size="26" fill="#585d66">
        {asOf}
      </text>
    </svg>
  );
}

export function cardPages(door: PageDoor): Hono<PageEnv> {
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/card.svg", ...door.languages.map((language) => `/${language}/card.svg`)]) {
    app.get(base, (c) => card(c, door));
  }
  return app;
}

async function card(c: PageContext, door: PageDoor): Promise<Response> {
  const shown = await door.front(c);
  if (shown.kind === "unreadable") return door.plain(c, 503, "unreadable");
  const { words, zone, zoneChosen, name } = door.frameOf(c, null);
  const now = door.now();
  const zoned = zoneChosen === true ? zone : null;
  const view = pageView(shown.front?.snapshots ?? [], now, words, {
    target: () => "",
    region: () => null,
    zone: zoned,
  });
  const stale = shown.kind === "stale";
  const age = Math.floor((now - (view?.composedAt ?? now)) / 60_000);
  const etag = etagOf(shown.front, "card", words.language, view?.judged ?? "empty", age, stale);
  const headers = new Headers({ ...SECURITY, "cache-control": CACHED, vary: "Accept-Language", etag });
  headers.set("content-language", words.tag);
  if (stale) headers.set("x-sonde-stale", "1");
  if (matches(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  headers.set("content-type", "image/svg+xml; charset=utf-8");
  const state = view?.state ?? "unmeasured";
  const drawn = (
    <Card
      state={state}
      stateWord={words.states[state]}
      sentence={xmlSafe(view?.sentence ?? words.nothingYet)}
      asOf={view?.asOf ?? ""}
      name={xmlSafe(name)}
    />
  );
  return new Response(drawn.toString() as string, { headers });
}
