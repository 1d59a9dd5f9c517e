// One region in full: state and place, its 90 days, and its figures over three periods. Pure.

import type { RegionInFull } from "../journeys-view.ts";
import type { PeriodView, RegionView } from "../region-view.ts";
import type { Words } from "../words/words.ts";
import { Days } from "./bars.tsx";
import { Judged, StateIcon } from "./icon.tsx";
import { Journeys } from "./journeys.tsx";
import { Latency } from "./latency.tsx";

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

// The roles repeat what the elements say: on a phone the rows are laid out as grids, and some browsers then forget it.
function Figures({ region, words }: { readonly region: RegionView; readonly words: Words }) {
  const { periods } = region;
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
        <tr role="row">
          <th scope="row" role="rowheader">
            {words.availability}
          </th>
          {periods.map((p) => (
            <td role="cell">
              <Availability period={p} words={words} />
            </td>
          ))}
        </tr>
        <tr role="row">
          <th scope="row" role="rowheader">
            {region.okWord}
          </th>
          {periods.map((p) => (
            <td role="cell">
              {p.delivery.counts === null ? (
                <span class="soft">{p.delivery.text}</span>
              ) : (
                <span class="main">{p.delivery.counts}</span>
              )}
              {p.delivery.missing !== null && <small>{p.delivery.missing}</small>}
            </td>
          ))}
        </tr>
        <tr role="row">
          <th scope="row" role="rowheader">
            {region.latencyWord}
          </th>
          {periods.map((p) => (
            <td role="cell">
              <Latency view={p.latency} />
            </td>
          ))}
        </tr>
        <tr role="row">
          <th scope="row" role="rowheader">
            {words.connecting}
          </th>
          {periods.map((p) => (
            <td role="cell">
              <Latency view={p.connect} />
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** A region's card; the overview links to it by `id`. */
export function Region({ region, words }: { readonly region: RegionInFull; readonly words: Words }) {
  const state = region.because === null ? region.stateWord : `${region.stateWord} – ${region.because}`;
  return (
    <li class="region" id={region.id}>
      <header>
        <h3>
          <StateIcon state={region.state} />
          {region.name}
        </h3>
        <p class={`state ${region.state}`}>{state}</p>
        <p class="where">
          {[region.code, region.place, region.lastRound, ...(region.failure === null ? [] : [region.failure])].join(
            " · ",
          )}
        </p>
      </header>
      <Days view={region.days} caption={region.dayByDay} okWord={region.okWord} words={words} />
      <Figures region={region} words={words} />
      <Journeys
        journeys={region.journeys}
        caption={region.othersOf}
        titles={region.periods.map((period) => period.title)}
        words={words}
      />
    </li>
  );
}
