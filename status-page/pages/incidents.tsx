// The list of incidents: by month, the newest first, each with its state, where and how long it was, and what it was. Pure; it
// prints what incidents-view.ts says and decides nothing.

import type { IncidentRow, ListView } from "../incidents-view.ts";
import { Hero, Notice } from "../parts/hero.tsx";
import { Sentence, SignIcon } from "../parts/incident-parts.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { IncidentWords } from "../words/incident-words.ts";

interface ListProps extends Frame {
  readonly view: ListView;
  readonly said: IncidentWords;
  readonly notice: string | null;
  /** The page of older ones; null: there are none. */
  readonly older: string | null;
  /** This is not the first page. */
  readonly later: boolean;
  readonly json: string;
}

function Merged({ rows, said }: { readonly rows: readonly IncidentRow[]; readonly said: IncidentWords }) {
  if (rows.length === 0) return null;
  return (
    <ul class="imerged" aria-label={said.tookOver}>
      {rows.map((row) => (
        <li>
          {said.tookOver} <a href={row.href}>{row.regions}</a>
          <small>{row.when}</small>
        </li>
      ))}
    </ul>
  );
}

function Row({ row, said }: { readonly row: IncidentRow; readonly said: IncidentWords }) {
  return (
    <li>
      <h3>
        <SignIcon sign={row.sign} />
        <a href={row.href}>{row.text}</a>
      </h3>
      <p class="iline">
        <b class={row.sign}>{row.state}</b>
        <span>{row.regions}</span>
      </p>
      <p class="iline">
        <span>{row.when}</span>
        {row.lasted !== null && <b>{row.lasted}</b>}
      </p>
      <Sentence of={row.sentence} />
      <p class="isoft">
        {said.stamps.published}: {row.published}
      </p>
      <Merged rows={row.merged} said={said} />
    </li>
  );
}

/** One page of the list. */
export function IncidentsPage({ view, said, notice, older, later, json, ...frame }: ListProps) {
  const { words } = frame;
  const title = words.title(later ? said.older : said.incidents, frame.name);
  return (
    <Layout {...frame} title={title} state={view.state} more="incidents" raw={json}>
      <Notice text={notice} />
      {later && (
        <p class="back">
          <a href={`/${words.language}/incidents`}>← {said.newest}</a>
        </p>
      )}
      {view.open ? (
        <Hero state={view.state} sentence={view.sentence} counts={[]} asOf={null} />
      ) : (
        <section class="hero is-unmeasured">
          <div>
            <h1>{view.sentence}</h1>
            {!later && (
              <p class="more">
                {said.noneOpenMore} <a href={`/${words.language}`}>{said.toStatus}</a>
              </p>
            )}
            {later && view.months.length === 0 && <p class="more">{said.noneOlder}</p>}
          </div>
        </section>
      )}
      {view.months.map((month) => (
        <section>
          <h2 class="imonth">{month.name}</h2>
          <ul class="ilist">
            {month.rows.map((row) => (
              <Row row={row} said={said} />
            ))}
          </ul>
        </section>
      ))}
      {older !== null && (
        <p class="ipages">
          <a href={older} rel="next">
            {said.older} →
          </a>
        </p>
      )}
      <section class="method">
        <h2>{words.method}</h2>
        <ul>
          {said.method.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      </section>
    </Layout>
  );
}
