// A region's other journeys: a row each, over the same three periods as the region's own figures. Pure.
/* @jsxImportSource ../jsx */

import type { JourneyCell, JourneyView } from "../journeys-view.ts";
import type { Words } from "../words/words.ts";
import { Latency } from "./latency.tsx";
import { StateIcon } from "./icon.tsx";

function Cell({ cell }: { readonly cell: JourneyCell }) {
  const { counts, text, missing } = cell.delivery;
  return (
    <td role="cell">
      {counts === null ? <span class="soft">{text}</span> : <span class="main">{counts}</span>}
      {missing !== null && <small>{missing}</small>}
      {counts !== null && <Latency view={cell.latency} />}
      {cell.notes.map((note) => (
        <small>{note}</small>
      ))}
    </td>
  );
}

interface JourneysProps {
  readonly journeys: readonly JourneyView[];
  readonly caption: string;
  readonly titles: readonly string[];
  readonly words: Words;
}

// The roles repeat what the elements say: on a phone the rows are laid out as grids, and some browsers then forget it.
export function Journeys({ journeys, caption, titles, words }: JourneysProps) {
  if (journeys.length === 0) return null;
  return (
    <table class="figures more" role="table">
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {words.otherJourneys}
          </th>
          {titles.map((title) => (
            <th scope="col" role="columnheader">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {journeys.map((journey) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              <span class="journey">
                <StateIcon state={journey.state} />
                {journey.name}
              </span>
              <small>{journey.stateText}</small>
              <small>{journey.counted}</small>
            </th>
            {journey.cells.map((cell) => (
              <Cell cell={cell} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
