// The list of contracts: each with its newest period, the two verdicts and the evidence apart, and its objectives. Pure.

import { StateIcon } from "../parts/icon.tsx";
import { Hero } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import { Word } from "../parts/sla-tables.tsx";
import type { ListRow, ListView } from "../sla-list.ts";
import type { SlaWords } from "../words/sla-words.ts";

interface ListProps extends Frame {
  readonly view: ListView;
  readonly sla: SlaWords;
}

function Row({ row, sla }: { readonly row: ListRow; readonly sla: SlaWords }) {
  const { judged } = row;
  const { heads } = sla;
  return (
    <li class="scontract">
      <h2>
        <StateIcon state={row.state} />
        <a href={row.href}>{row.name}</a>
      </h2>
      <p class="soft">{row.facts.join(" · ")}</p>
      {judged === null ? (
        row.unjudged.map((line) => <p>{line}</p>)
      ) : (
        <>
          <dl>
            <div>
              <dt>{heads.period}</dt>
              <dd>{judged.period}</dd>
            </div>
            <div>
              <dt>{heads.says}</dt>
              <dd>
                <Word of={judged.says} />
              </dd>
            </div>
            <div>
              <dt>{heads.word}</dt>
              <dd>
                <Word of={judged.word} />
              </dd>
            </div>
            <div>
              <dt>{heads.evidence}</dt>
              <dd>
                <Word of={judged.evidence} />
              </dd>
            </div>
          </dl>
          <div class="slist" tabindex={0} role="group" aria-label={sla.objectivesOf(row.name)}>
            <table>
              <caption class="hidden">{sla.objectivesOf(row.name)}</caption>
              <thead>
                <tr>
                  {[heads.objective, heads.measured, heads.target, heads.says, heads.budget].map((head) => (
                    <th scope="col">{head}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {judged.objectives.map((one) => (
                  <tr>
                    <th scope="row">{one.name}</th>
                    <td>
                      <b>{one.value}</b>
                      {one.where !== null && <small>{one.where}</small>}
                    </td>
                    <td>{one.target}</td>
                    <td>
                      <Word of={one.says} />
                    </td>
                    <td>{one.budget}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </li>
  );
}

/** All contracts that the visitor may see. */
export function ListPage({ view, sla, ...frame }: ListProps) {
  return (
    <Layout {...frame} title={frame.words.title(sla.reports, frame.name)} state={view.state} more="sla" raw={null}>
      <Hero state={view.state} sentence={view.sentence} counts={[]} asOf={null} />
      <ul class="scontracts">
        {view.rows.map((row) => (
          <Row row={row} sla={sla} />
        ))}
      </ul>
    </Layout>
  );
}
