// What the pages of the past are made of: sums, a section with bars, latencies and table, keys, links. Pure; prints what the views say.
/* @jsxImportSource ../jsx */

import { raw } from "hono/html";

import type { Cell, PastRow, SectionView } from "../history-view.ts";
import type { HistoryWords } from "../words/history-words.ts";
import type { Words } from "../words/words.ts";

interface Worded {
  readonly words: Words;
  readonly said: HistoryWords;
}

export interface Link {
  readonly href: string;
  readonly word: string;
  /** Where one is. */
  readonly current?: boolean;
}

/** Ways to pages beside this one. */
export function Steps({ links, label }: { readonly links: readonly Link[]; readonly label: string }) {
  if (links.length === 0) return null;
  return (
    <nav class="steps" aria-label={label}>
      {links.map(({ href, word, current }) => (
        <a href={href} aria-current={current === true ? "true" : undefined}>
          {word}
        </a>
      ))}
    </nav>
  );
}

function TwoLines({ cell: [text, more] }: { readonly cell: Cell }) {
  return (
    <>
      {text}
      {more !== null && <small>{more}</small>}
    </>
  );
}

const headsOf = ({ words, said }: Worded, ok: string): readonly string[] => {
  const { measured, down, latency } = said.heads;
  return [words.availability, measured, down, ok, latency];
};

/** A period in five figures. */
export function Sums(props: Worded & { readonly cells: readonly Cell[]; readonly ok: string }) {
  const heads = headsOf(props, props.ok);
  return (
    <dl class="sums">
      {props.cells.map(([text, more], i) => (
        <div>
          <dt>{heads[i] ?? ""}</dt>
          <dd>
            <span class="big">{text}</span>
            {more !== null && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Cells of a row, or why there are none. */
export function Cells({ cells, nothing }: { readonly cells: readonly Cell[] | null; readonly nothing: string }) {
  if (cells === null) return <td colspan={5}>{nothing}</td>;
  return (
    <>
      {cells.map((cell) => (
        <td>
          <TwoLines cell={cell} />
        </td>
      ))}
    </>
  );
}

/** The head of a table of pieces. */
export function Heads(props: Worded & { readonly first: string; readonly ok: string }) {
  return (
    <thead>
      <tr>
        {[props.first, ...headsOf(props, props.ok)].map((head) => (
          <th scope="col">{head}</th>
        ))}
      </tr>
    </thead>
  );
}

function Row({ row }: { readonly row: PastRow }) {
  return (
    <tr>
      <th scope="row">
        {row.href === null ? row.name : <a href={row.href}>{row.name}</a>}
        {row.note !== null && <small> {row.note}</small>}
      </th>
      <Cells cells={row.cells} nothing={row.nothing} />
    </tr>
  );
}

interface SectionProps extends Worded {
  readonly view: SectionView;
  /** What a row is: a day, a month, an hour. */
  readonly first: string;
  readonly ok: string;
  /** The table is most of what one looks for. */
  readonly open?: boolean;
}

/** Bars, the band of latencies, and the same as a table. */
export function Section({ view, first, ok, open = false, words, said }: SectionProps) {
  return (
    <>
      {raw(view.bars)}
      <div class="plot" tabindex={0} role="region" aria-label={view.title}>
        {raw(view.band)}
      </div>
      <p class="soft">
        {view.summary}
        {view.over ? ` ▲ ${said.overAtTop}` : ""}
      </p>
      <details open={open}>
        <summary>
          {said.asTable}
          <span class="hidden">: {view.title}</span>
        </summary>
        <div class="scroll" tabindex={0} role="region" aria-label={`${said.asTable}: ${view.title}`}>
          <table>
            <caption class="hidden">{view.title}</caption>
            <Heads words={words} said={said} first={first} ok={ok} />
            <tbody>
              {view.rows.map((row) => (
                <Row row={row} />
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

const LINES = [
  ["c-p50", "p50"],
  ["c-p95", "p95"],
  ["c-p99", "p99"],
  ["c-limit", "limit"],
] as const;

/** What the lines of a band are. */
export function BandKey({ said }: { readonly said: HistoryWords }) {
  return (
    <ul class="key">
      {LINES.map(([kind, word]) => (
        <li>
          <svg viewBox="0 0 26 12" aria-hidden="true">
            <path class={kind} d="M0 6h26" />
          </svg>
          {said.bandKey[word]}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path class="h" d="M0 0h26v12h-26z" />
        </svg>
        {said.bandKey.gap}
      </li>
    </ul>
  );
}

const HEIGHTS = [
  ["u", "up", 4],
  ["g", "degraded", 8],
  ["d", "down", 12],
  ["h", "unmeasured", 12],
] as const;

/** What the heights of a heat map are. */
export function HeatKey({ said }: { readonly said: HistoryWords }) {
  return (
    <ul class="key">
      {HEIGHTS.map(([kind, word, height]) => (
        <li>
          <svg viewBox="0 0 26 12" aria-hidden="true">
            <path class={kind} d={`M0 ${12 - height}h26v${height}h-26z`} />
          </svg>
          {said.heatKey[word]}
        </li>
      ))}
    </ul>
  );
}
