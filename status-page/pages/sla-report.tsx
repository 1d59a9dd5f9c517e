// The page of one report: the sentence, the period, then every scope, and below what explains it. Made to be read on a screen
// and to be printed and kept. Pure; it prints what sla-view.ts says and decides nothing.

import { Hero } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import { List, Objectives, Overview, Word } from "../parts/sla-tables.tsx";
import type { PeriodRow } from "../sla-list.ts";
import type { CreditView } from "../sla-lists.ts";
import type { ReportView, ScopeView, SegmentView, TileView } from "../sla-view.ts";
import type { SlaWords } from "../words/sla-words.ts";

interface ReportProps extends Frame {
  readonly view: ReportView;
  readonly sla: SlaWords;
  /** Of this report's files, without their endings; and of the contract. */
  readonly files: { readonly report: string; readonly query: string; readonly contract: string };
  readonly periods: readonly PeriodRow[];
}

function Tile({ tile }: { readonly tile: TileView }) {
  return (
    <div class="tile">
      <h2>{tile.title}</h2>
      <p class="big">{tile.judgement === null ? tile.text : <Word of={tile.judgement} />}</p>
      {tile.notes.map((note) => (
        <p>{note}</p>
      ))}
    </div>
  );
}

function Scope({ scope, sla }: { readonly scope: ScopeView; readonly sla: SlaWords }) {
  return (
    <section class="sscope" id={scope.id}>
      <h3>
        {scope.title} <span class="soft">{scope.code}</span>
      </h3>
      {scope.note !== null && <p class="soft">{scope.note}</p>}
      <Objectives objectives={scope.objectives} caption={scope.caption} sla={sla} />
      {scope.runs.map((runs) => (
        <>
          {runs.table.rows.length > 0 ? (
            <List table={runs.table} />
          ) : (
            runs.none !== null && <p class="soft">{runs.none}</p>
          )}
          {runs.unmeasured !== null && <p class="soft">{runs.unmeasured}</p>}
        </>
      ))}
      {scope.latency.length > 0 && (
        <p class="soft">
          {sla.latencyTitle}: {scope.latency.join("; ")}
        </p>
      )}
    </section>
  );
}

function Segment({ segment, sla }: { readonly segment: SegmentView; readonly sla: SlaWords }) {
  return (
    <>
      {segment.title !== null && (
        <div class="head">
          <h2>{segment.title}</h2>
        </div>
      )}
      {segment.overview !== null && <Overview overview={segment.overview} sla={sla} />}
      {segment.scopes.map((scope) => (
        <Scope scope={scope} sla={sla} />
      ))}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <>
      {lines.map((line) => (
        <p>{line}</p>
      ))}
    </>
  );
}

function Credit({ credit, sla }: { readonly credit: CreditView; readonly sla: SlaWords }) {
  return (
    <section class="spart">
      <h2>{sla.creditTitle}</h2>
      {credit.table !== null && <List table={credit.table} titled />}
      <Lines lines={credit.lines} />
      {credit.money.length > 0 && (
        <p class="money">
          <b>{credit.money.join(" ")}</b>
        </p>
      )}
      {credit.claim.length > 0 && (
        <>
          <h3>{sla.claim}</h3>
          <Lines lines={credit.claim} />
        </>
      )}
    </section>
  );
}

function Periods({ rows, sla }: { readonly rows: readonly PeriodRow[]; readonly sla: SlaWords }) {
  const { heads } = sla;
  return (
    <section class="spart noprint">
      <h2>{sla.older}</h2>
      <div class="slist" tabindex={0} role="group" aria-label={sla.older}>
        <table>
          <caption class="hidden">{sla.older}</caption>
          <thead>
            <tr>
              {[heads.period, heads.says, heads.word, heads.credit, heads.composed, heads.revision].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                <th scope="row">{row.period}</th>
                <td>
                  <Word of={row.says} />
                </td>
                <td>
                  <Word of={row.word} />
                </td>
                <td>{row.credit}</td>
                <td>{row.composed}</td>
                <td class="revisions">
                  {row.revisions.map((one) => (
                    <a
                      href={one.href}
                      aria-current={one.current ? "page" : undefined}
                      aria-label={`${row.period}, ${heads.revision} ${one.text}`}
                    >
                      {one.text}
                    </a>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The whole report. */
export function ReportPage({ view, sla, files, periods, ...frame }: ReportProps) {
  const { words } = frame;
  const json = `${files.report}.json${files.query}`;
  return (
    <Layout
      {...frame}
      title={words.title(`${view.label} – ${view.sentence}`, frame.name)}
      state={view.state}
      more="sla"
      raw={json}
    >
      <p class="back">
        <a href={`/${words.language}/sla`}>← {sla.all}</a>
      </p>
      <Hero state={view.state} sentence={view.sentence} counts={[]} asOf={null}>
        <p class="more">
          <b>{view.label}</b> · {view.facts.join(" · ")}
        </p>
        <p class="asof">{view.period.join(" · ")}</p>
      </Hero>
      {view.warning !== null && <p class="notice">{view.warning}</p>}
      <div class="tiles">
        {view.tiles.map((tile) => (
          <Tile tile={tile} />
        ))}
      </div>
      {view.segments.map((segment) => (
        <Segment segment={segment} sla={sla} />
      ))}
      <section class="spart">
        <h2>{sla.exclusions}</h2>
        <List table={view.exclusions} titled />
      </section>
      {view.incidents !== null && (
        <section class="spart">
          <h2>{sla.incidentsTitle}</h2>
          <List table={view.incidents} titled />
        </section>
      )}
      {view.support !== null && (
        <section class="spart">
          <h2>{sla.support}</h2>
          <List table={view.support} titled />
        </section>
      )}
      <Credit credit={view.credit} sla={sla} />
      {periods.length > 0 && <Periods rows={periods} sla={sla} />}
      <section class="method">
        <h2>{sla.method}</h2>
        <ul>
          {view.method.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
        <h2>{sla.record}</h2>
        <Lines lines={view.record} />
      </section>
      <p class="sfiles">
        <b>{sla.downloads}</b>
        <a href={json}>JSON</a>
        <a href={`${files.report}.csv${files.query}`}>CSV</a>
        <a href={`${files.contract}/claims.ics`}>{sla.calendarFile}</a>
      </p>
    </Layout>
  );
}
