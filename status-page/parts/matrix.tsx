// The from-to matrix as a real table: rows ask, columns answer. Each state has its sign and its word; the
// time has its number, and a bar whose length says how much of the limit it takes. Pure.
/* @jsxImportSource ../jsx */

import type { CellView, MatrixView } from "../matrix-view.ts";
import { frontWordsOf } from "../words/languages.ts";
import type { Words } from "../words/words.ts";
import { StateIcon } from "./icon.tsx";

function Cell({ cell }: { readonly cell: CellView | null }) {
  if (cell === null) return <td class="self">–</td>;
  return (
    <td class={cell.heat === 0 ? `on-${cell.state}` : `on-${cell.state} h${cell.heat}`}>
      <span class="pair">
        <StateIcon state={cell.state} />
        <span>{cell.text}</span>
      </span>
      {cell.notes.map((note) => (
        <small>{note}</small>
      ))}
    </td>
  );
}

export function Matrix({ matrix, words }: { readonly matrix: MatrixView; readonly words: Words }) {
  return (
    <section>
      <div class="head">
        <h2>{words.matrix}</h2>
        <p class="soft">
          {words.matrixHow} {frontWordsOf(words.language).heat(matrix.limit)}
        </p>
      </div>
      <div class="matrix" tabindex={0} role="region" aria-label={words.matrix}>
        <table>
          <thead>
            <tr>
              <td class="soft">{words.fromTo}</td>
              {matrix.names.map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((row) => (
              <tr>
                <th scope="row">{row.name}</th>
                {row.cells.map((cell) => (
                  <Cell cell={cell} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
