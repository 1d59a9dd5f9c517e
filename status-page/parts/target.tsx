// A target in full, and a target as one row among several. Pure; called by pages/status.tsx.
/* @jsxImportSource ../jsx */

import type { TargetView, Tile } from "../view.ts";
import type { Words } from "../words/words.ts";
import { Legend } from "./bars.tsx";
import { Judged, StateIcon } from "./icon.tsx";
import { Matrix } from "./matrix.tsx";
import { Region } from "./region.tsx";

type Detail = NonNullable<TargetView["detail"]>;

/** All regions at a glance; each leads to its own figures. */
export function Glance({ detail, words }: { readonly detail: Detail; readonly words: Words }) {
  return (
    <ul class="glance" aria-label={words.regions}>
      {detail.regions.map(({ view: r }) => (
        <li>
          <a href={`#${r.id}`}>
            <b>
              <StateIcon state={r.state} />
              {r.name}
            </b>
            <span>{r.glance}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function TileBox({ tile, words }: { readonly tile: Tile; readonly words: Words }) {
  return (
    <div class="tile">
      <h3>{tile.title}</h3>
      <p class={tile.text === words.noData ? "big none" : "big"}>{tile.text}</p>
      <p>{tile.target}</p>
      {tile.judged !== null && tile.sign !== null && <Judged sign={tile.sign} text={tile.judged} />}
      {tile.notes.map((note) => (
        <p>{note}</p>
      ))}
    </div>
  );
}

interface TargetProps {
  readonly target: TargetView;
  readonly detail: Detail;
  readonly words: Words;
}

/** Objectives, regions and method of one target. */
export function Target({ target, detail, words }: TargetProps) {
  return (
    <>
      <div class="head">
        <h2>{target.name}</h2>
        <p class="soft">{[target.driver, target.period].join(" · ")}</p>
      </div>
      {target.noDelivery !== null && <p class="meaning">{target.noDelivery}</p>}
      <div class="tiles">
        {target.tiles.map((tile) => (
          <TileBox tile={tile} words={words} />
        ))}
      </div>
      <div class="head">
        <h2>{words.regions}</h2>
        <Legend words={words} />
      </div>
      <ul>
        {detail.regions.map((region) => (
          <Region region={region} words={words} />
        ))}
      </ul>
      {detail.matrix !== null && <Matrix matrix={detail.matrix} words={words} />}
    </>
  );
}

/** How it is measured, in short; last on the page. */
export function Method({ lines, words }: { readonly lines: readonly string[]; readonly words: Words }) {
  return (
    <section class="method">
      <h2>{words.method}</h2>
      <ul>
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** One line of the front page where there are several targets. */
export function TargetRow({ target }: { readonly target: TargetView }) {
  return (
    <li>
      <div>
        <h3>
          <StateIcon state={target.state} />
          <a href={target.href}>{target.name}</a>
        </h3>
        <p class="say">{target.sentence}</p>
        {target.noDelivery !== null && <p class="say">{target.noDelivery}</p>}
      </div>
      {target.tiles.slice(0, 3).map((tile) => (
        <dl>
          <dt>{tile.title}</dt>
          <dd>
            {tile.text}
            {tile.judged !== null && <small>{tile.judged}</small>}
            {tile.notes.map((note) => (
              <small>{note}</small>
            ))}
          </dd>
        </dl>
      ))}
    </li>
  );
}
