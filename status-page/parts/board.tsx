// The SLA board: of each public contract one line an objective, with what was promised, what was measured, Sonde's word, the evidence
// and the budget apart from each other. Pure; prints what board-view.ts says.
/* @jsxImportSource ../jsx */

import type { BoardView } from "../board-view.ts";
import type { FrontWords } from "../words/front-words.ts";
import type { SlaWords } from "../words/sla-words.ts";
import { Judged } from "./icon.tsx";

interface BoardProps {
  readonly boards: readonly BoardView[];
  /** There are more, which did not fit into the row. */
  readonly isCut: boolean;
  readonly front: FrontWords;
  readonly sla: SlaWords;
}

/** Nothing where nobody has promised anything in public. */
export function Board({ boards, isCut, front, sla }: BoardProps) {
  if (boards.length === 0 && !isCut) return null;
  const { heads } = sla;
  const columns = [heads.objective, heads.target, heads.measured, sla.wordTitle, sla.evidenceTitle, heads.budget];
  return (
    <section class="board">
      <div class="head">
        <h2>{front.board}</h2>
        <p class="soft">{front.boardMore}</p>
      </div>
      {boards.map((board) => (
        <div class="scroll" tabindex={0} role="region" aria-label={board.title}>
          <table>
            <caption>
              <b>{board.title}</b> <Judged sign={board.word.sign} text={board.word.text} />{" "}
              <span class="soft">
                {sla.saysTitle}: {board.says} · {board.asOf}
              </span>{" "}
              <a href={board.href}>{front.report}</a>
            </caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th scope="col">{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {board.rows.map((row) => (
                <tr>
                  <th scope="row">{row.name}</th>
                  <td>{row.target}</td>
                  <td>
                    <b>{row.value}</b>
                    {row.notes.map((note) => (
                      <small>{note}</small>
                    ))}
                  </td>
                  <td>
                    <Judged sign={row.word.sign} text={row.word.text} />
                  </td>
                  <td>
                    {row.evidence === null ? "–" : <Judged sign={row.evidence.sign} text={row.evidence.text} />}
                    {row.more !== null && <small>{row.more}</small>}
                  </td>
                  <td>
                    {row.budget}
                    {row.budgetNotes.map((note) => (
                      <small>{note}</small>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
      {isCut && <p class="soft">{front.boardLeftOut}</p>}
    </section>
  );
}
