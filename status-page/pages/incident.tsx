// The page of one incident: its times, then what was measured and what was published side by side, the timeline, the
// postmortem. Made to be read on a screen and to be printed and kept. Pure; it prints what incident-story.ts says.

import type { Line, StampView, StoryView } from "../incident-story.ts";
import { Notice } from "../parts/hero.tsx";
import { Other, Sentence, SignIcon, Text, When } from "../parts/incident-parts.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { IncidentWords } from "../words/incident-words.ts";

interface StoryProps extends Frame {
  readonly view: StoryView;
  readonly said: IncidentWords;
  readonly notice: string | null;
  readonly json: string;
}

interface Part {
  readonly view: StoryView;
  readonly said: IncidentWords;
}

function Stamp({ stamp }: { readonly stamp: StampView }) {
  return (
    <div>
      <dt>{stamp.label}</dt>
      <dd>
        {stamp.at !== null && (
          <b>
            <When at={stamp.at} />
          </b>
        )}
        {stamp.note !== null && <span class={stamp.at === null ? "none" : undefined}>{stamp.note}</span>}
      </dd>
    </div>
  );
}

function Times({ view, said }: Part) {
  return (
    <section class="ibox">
      <h2>
        {said.times} <small>{said.timesIn(view.zone)}</small>
      </h2>
      <dl class="itimes">
        {view.stamps.map((stamp) => (
          <Stamp stamp={stamp} />
        ))}
      </dl>
    </section>
  );
}

function Impact({ view, said }: Part) {
  if (view.impact.length === 0) return <p>{said.noRegions}</p>;
  const open = view.impact.some((one) => one.now !== null);
  return (
    <table class="itable">
      <caption class="hidden">{said.impact}</caption>
      <thead>
        <tr>
          {said.heads.slice(0, open ? 3 : 2).map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.impact.map((one) => (
          <tr>
            <th scope="row">{one.region}</th>
            <td>{one.counts}</td>
            {one.now !== null && <td>{one.now}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Measured({ view, said }: Part) {
  return (
    <section class="ibox">
      <h2>
        {said.measured} <small>{view.severity}</small>
      </h2>
      <Sentence of={view.sentence} />
      <p>
        {view.when}
        {view.lasted !== null && <b> {view.lasted}</b>}
      </p>
      <Impact view={view} said={said} />
      {view.notes.map((note) => (
        <p>{note}</p>
      ))}
      {view.absorbed.length > 0 && (
        <>
          <h3>{said.tookOver}</h3>
          <ul class="imerged">
            {view.absorbed.map((one) => (
              <li>
                <a href={one.href}>{one.text}</a> {one.regions}
                <small>{one.when}</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Published({ view, said }: Part) {
  return (
    <section class="ibox">
      <h2>{said.said}</h2>
      {view.statements.length === 0 && <p>{said.nothingSaid}</p>}
      {view.statementsCut && <p class="isoft">{said.cut}</p>}
      {view.statements.map((one) => (
        <div class="isaid">
          <h3>{one.head}</h3>
          <small>
            <When at={one.at} />
          </small>
          {one.text !== null && <Text of={one.text} said={said} below={3} />}
        </div>
      ))}
    </section>
  );
}

function TimelineRow({ line }: { readonly line: Line }) {
  return (
    <tr>
      <td class="iline-at">
        <When at={line.at} />
        {line.entered !== null && <small>{line.entered}</small>}
      </td>
      <td class="iline-what">
        {line.what}
        {line.link !== null && (
          <>
            {" "}
            <Other of={line.link} />
          </>
        )}
        {line.sentence !== null && <small lang={line.sentence.lang}>{line.sentence.text}</small>}
      </td>
      <td class="iline-who">{line.who}</td>
    </tr>
  );
}

function Timeline({ view, said }: Part) {
  const half = view.leftOut === 0 ? view.lines.length : view.lines.length / 2;
  return (
    <section class="ibox">
      <h2>
        {said.timeline} <small>{said.timesIn(view.zone)}</small>
      </h2>
      <table class="itable lines">
        <caption class="hidden">{said.timeline}</caption>
        <thead>
          <tr>
            {said.timelineHeads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.lines.slice(0, half).map((line) => (
            <TimelineRow line={line} />
          ))}
          {view.leftOut > 0 && (
            <tr>
              <td colspan={3}>{said.leftOut(view.leftOut)}</td>
            </tr>
          )}
          {view.lines.slice(half).map((line) => (
            <TimelineRow line={line} />
          ))}
        </tbody>
      </table>
      {view.cut && <p class="isoft">{said.cut}</p>}
    </section>
  );
}

/** The whole page. */
export function IncidentPage({ view, said, notice, json, ...frame }: StoryProps) {
  const { words } = frame;
  const title = words.title(`${view.title} – ${view.state}`, frame.name);
  const ground = view.sign === "merged" ? "unmeasured" : view.sign;
  return (
    <Layout {...frame} title={title} state={ground} more="incidents" raw={json}>
      <Notice text={notice} />
      <p class="back">
        <a href={`/${words.language}/incidents`}>← {said.all}</a>
      </p>
      <section class={`hero is-${ground}`}>
        <SignIcon sign={view.sign} />
        <div>
          <h1>{view.title}</h1>
          <p class="iline">
            <b class={view.sign}>{view.state}</b>
            <span>{view.regions}</span>
            {view.lasted !== null && <span>{view.lasted}</span>}
            <span>{view.id}</span>
          </p>
          {view.into !== null && (
            <p class="more">
              {said.wentOnIn} <Other of={view.into} />
            </p>
          )}
        </div>
      </section>
      <Times view={view} said={said} />
      <div class="iboth">
        <Measured view={view} said={said} />
        <Published view={view} said={said} />
      </div>
      <Timeline view={view} said={said} />
      <section class="ibox post">
        <h2>{said.postmortem}</h2>
        {view.postmortem === null ? (
          <p>{said.noPostmortem}</p>
        ) : (
          <>
            <p class="isoft">{view.postmortem.head}</p>
            <Text of={view.postmortem.text} said={said} below={2} />
          </>
        )}
      </section>
    </Layout>
  );
}
