// Tables of the SLA pages: objectives with all that is said about them, all regions at a glance, and plain lists. Pure. Every
// judgement has its sign and its word. Roles repeat what the elements say where a phone lays the rows out as blocks.

import type { Judgement, ObjectiveView } from "../sla-figures.ts";
import type { Cell, TableView } from "../sla-lists.ts";
import type { OverviewView } from "../sla-view.ts";
import type { SlaWords } from "../words/sla-words.ts";
import { Judged } from "./icon.tsx";

/** A judgement on a line of its own. */
export function Word({ of }: { readonly of: Judgement }) {
  return <Judged sign={of.sign} text={of.text} />;
}

// A stamp is compared with others below it, and is not broken at its dashes.
const STAMP = /^\d{4}-\d\d-\d\d [\d: +-]*$/;
const stampClass = (cell: Cell): string | undefined =>
  typeof cell === "string" && STAMP.test(cell) ? "at" : undefined;

function Lines({ cell }: { readonly cell: Cell }) {
  if (typeof cell === "string") return <>{cell}</>;
  const [main = "", ...notes] = "href" in cell ? cell.lines : cell;
  return (
    <>
      {"href" in cell ? <a href={cell.href}>{main}</a> : main}
      {notes.map((note) => (
        <small>{note}</small>
      ))}
    </>
  );
}

/** A list; `titled`: a heading above it says what its caption says. It scrolls in its own box, which takes the focus, so that it can be scrolled without a pointer. */
export function List({ table, titled = false }: { readonly table: TableView; readonly titled?: boolean }) {
  return (
    <>
      {table.rows.length > 0 && (
        <div class="slist" tabindex={0} role="group" aria-label={table.label}>
          <table>
            <caption class={titled ? "hidden" : undefined}>{table.caption}</caption>
            <thead>
              <tr>
                {table.head.map((head) => (
                  <th scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row) => (
                <tr>
                  {row.map((cell, i) =>
                    i === 0 ? (
                      <th scope="row" class={stampClass(cell)}>
                        <Lines cell={cell} />
                      </th>
                    ) : (
                      <td class={stampClass(cell)}>
                        <Lines cell={cell} />
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {table.notes.map((note) => (
        <p class="soft">{note}</p>
      ))}
    </>
  );
}

interface ObjectivesProps {
  readonly objectives: readonly ObjectiveView[];
  readonly caption: string;
  readonly sla: SlaWords;
}

/** What was promised, what was measured, what the contract says, what Sonde says, what the sample proves, what is left. */
export function Objectives({ objectives, caption, sla }: ObjectivesProps) {
  const { heads } = sla;
  const columns = [heads.objective, heads.measured, heads.range, heads.says, heads.word, heads.budget];
  return (
    <table class="sobj" role="table">
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      {objectives.map((one) => (
        <tbody role="rowgroup">
          <Objective one={one} sla={sla} />
        </tbody>
      ))}
    </table>
  );
}

function Objective({ one, sla }: { readonly one: ObjectiveView; readonly sla: SlaWords }) {
  const { heads } = sla;
  return (
    <>
      <tr role="row">
        <th scope="row" role="rowheader">
          <b>{one.name}</b>
          <small>
            {heads.target} {one.target}
          </small>
        </th>
        <td role="cell" data-h={heads.measured}>
          <b>{one.value}</b>
          {one.notes.map((note) => (
            <small>{note}</small>
          ))}
        </td>
        <td role="cell" data-h={heads.range}>
          {one.range}
          {one.rangeNotes.map((note) => (
            <small>{note}</small>
          ))}
        </td>
        <td role="cell" data-h={heads.says}>
          <Word of={one.says} />
        </td>
        <td role="cell" data-h={heads.word}>
          <Word of={one.word} />
        </td>
        <td role="cell" data-h={heads.budget}>
          {one.budget}
          {one.budgetNotes.map((note) => (
            <small>{note}</small>
          ))}
        </td>
      </tr>
      {(one.evidence !== null || one.rules.length > 0) && (
        <tr role="row" class="proof">
          <td role="cell" colspan={6}>
            {one.rules.map((rule) => (
              <p>{rule}</p>
            ))}
            {one.evidence !== null && (
              <p>
                {heads.evidence}: <Word of={one.evidence} /> {one.proof.join(" ")}
              </p>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

/** All regions against all objectives; each name leads to its own figures. */
export function Overview({ overview, sla }: { readonly overview: OverviewView; readonly sla: SlaWords }) {
  return (
    <section class="spart">
      <h2>{sla.overview}</h2>
      <p class="soft">
        {sla.heads.measured} · {sla.wordTitle}
      </p>
      <div class="slist" tabindex={0} role="group" aria-label={sla.overview}>
        <table>
          <caption class="hidden">{sla.overview}</caption>
          <thead>
            <tr>
              <th scope="col">{sla.heads.region}</th>
              {overview.objectives.map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {overview.rows.map((row) => (
              <tr>
                <th scope="row">
                  <a href={row.href}>{row.name}</a>
                </th>
                {row.cells.map((cell) => (
                  <td>
                    <b>{cell.value}</b> <Word of={cell.word} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
