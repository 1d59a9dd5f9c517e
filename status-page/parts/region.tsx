// One region in full: state and place, its 90 days, and its figures over three periods. Pure.
/* @jsxImportSource ../jsx */

import { inBytes, markup } from "../jsx/jsx-runtime.ts";
import type { RegionInFull } from "../journeys-view.ts";
import type { PeriodView, RegionView } from "../region-view.ts";
import type { Words } from "../words/words.ts";
import { daysHtml } from "./bars.tsx";
import { Judged, StateIcon } from "./icon.tsx";
import { Journeys } from "./journeys.tsx";
import { Latency } from "./latency.tsx";
import { Trend } from "./trend.tsx";

function Availability({ period, words }: { readonly period: PeriodView; readonly words: Words }) {
  const view = period.availability;
  if (view === null) return <span class="soft">{words.notCounted}</span>;
  if (view.verdict === "no_data") return <span class="soft">{view.text}</span>;
  return (
    <>
      <span class="main">{view.text}</span>
      {view.verdictText !== null && <Judged sign={view.verdict} text={view.verdictText} />}
      {view.interval !== null && <small>{view.interval}</small>}
    </>
  );
}

/** A column: what stands in each row of it. */
interface Column {
  readonly period: PeriodView;
  readonly words: Words;
}

function AvailabilityCell({ period, words }: Column) {
  return (
    <td role="cell">
      <Availability period={period} words={words} />
    </td>
  );
}

function DeliveryCell({ period }: Column) {
  const { counts, text, missing } = period.delivery;
  return (
    <td role="cell">
      {counts === null ? <span class="soft">{text}</span> : <span class="main">{counts}</span>}
      {missing !== null && <small>{missing}</small>}
    </td>
  );
}

const LatencyCell = ({ period }: Column) => (
  <td role="cell">
    <Latency view={period.latency} />
  </td>
);

const ConnectCell = ({ period }: Column) => (
  <td role="cell">
    <Latency view={period.connect} />
  </td>
);

const CELLS = [AvailabilityCell, DeliveryCell, LatencyCell, ConnectCell] as const;
const cells = new WeakMap<PeriodView, readonly string[]>();

/** A period that is the same object has the same cells: today and the month change once a minute. */
function cellsOf(period: PeriodView, words: Words): readonly string[] {
  let own = cells.get(period);
  if (own === undefined) cells.set(period, (own = CELLS.map((Cell) => String(<Cell period={period} words={words} />))));
  return own;
}

// The roles repeat what the elements say: on a phone the rows are laid out as grids, and some browsers then forget it.
function Figures({ region, words }: { readonly region: RegionView; readonly words: Words }) {
  const { periods } = region;
  const columns = periods.map((period) => cellsOf(period, words));
  const names = [words.availability, region.okWord, region.latencyWord, words.connecting];
  return (
    <table class="figures" role="table">
      <caption class="hidden">{region.figuresOf}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            <span class="hidden">{words.figure}</span>
          </th>
          {periods.map((p) => (
            <th scope="col" role="columnheader">
              {p.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {names.map((name, row) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {name}
            </th>
            {columns.map((column) => markup(column[row] ?? ""))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Own {
  readonly region: RegionView;
  readonly words: Words;
}

function Head({ region }: Own) {
  const state = region.because === null ? region.stateWord : `${region.stateWord} – ${region.because}`;
  return (
    <header>
      <h3>
        <StateIcon state={region.state} />
        {region.href === null ? region.name : <a href={region.href}>{region.name}</a>}
      </h3>
      <p class={`state ${region.state}`}>{state}</p>
      <p class="where">
        {[region.code, region.place, region.lastRound, ...(region.failure === null ? [] : [region.failure])].join(
          " · ",
        )}
      </p>
    </header>
  );
}

function Tail({ region, words }: Own) {
  return (
    <>
      <Trend view={region.trend} />
      <Figures region={region} words={words} />
    </>
  );
}

const encoder = new TextEncoder();
const kept = new WeakMap<RegionView, Uint8Array>();

/** A region without its journeys. The view is the same object as long as it says the same. */
function written(region: RegionView, words: Words): Uint8Array {
  const known = kept.get(region);
  if (known !== undefined) return known;
  const own = { region, words };
  const days = daysHtml(region.days, region.name, region.href, words);
  const fresh = encoder.encode(`${String(<Head {...own} />)}${days}${String(<Tail {...own} />)}`);
  kept.set(region, fresh);
  return fresh;
}

/** A region's card; the overview links to it by `id`. */
export function Region({
  region: { view, journeys },
  words,
}: {
  readonly region: RegionInFull;
  readonly words: Words;
}) {
  return (
    <li class="region" id={view.id}>
      {inBytes(written(view, words))}
      <Journeys
        journeys={journeys}
        caption={view.othersOf}
        titles={view.periods.map((period) => period.title)}
        words={words}
      />
    </li>
  );
}
