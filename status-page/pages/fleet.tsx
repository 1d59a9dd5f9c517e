// The public page of the fleet: places, silences, controls. Pure; prints what fleet-view.ts says. Called by fleet-routes.tsx.

import type { PlaceRow, SilencesView, TargetPlaces } from "../fleet-view.ts";
import { anchor } from "../labels.ts";
import { Notice } from "../parts/hero.tsx";
import { StateIcon } from "../parts/icon.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { FleetWords } from "../words/fleet-words.ts";

interface FleetProps extends Frame {
  readonly said: FleetWords;
  readonly places: readonly TargetPlaces[];
  readonly silences: SilencesView;
  /** Null: not known. */
  readonly controls: readonly string[] | null;
  readonly asOf: string;
  readonly notice: string | null;
  /** Where it is explained; null: nowhere. */
  readonly method: string | null;
}

function Place({ row }: { readonly row: PlaceRow }) {
  return (
    <tr>
      <th scope="row">
        {row.region} <code>{row.code}</code>
      </th>
      <td class={row.measuring ? undefined : "unmeasured"}>
        {!row.measuring && (
          <>
            <StateIcon state="unmeasured" />{" "}
          </>
        )}
        {row.stateWord}
        {row.because !== null && <small>{row.because}</small>}
      </td>
      <td>{row.place}</td>
      <td>{row.hint}</td>
      <td>{row.last}</td>
      <td>{row.today}</td>
      <td>{row.month}</td>
    </tr>
  );
}

function Places({ target, said }: { readonly target: TargetPlaces; readonly said: FleetWords }) {
  const [today, month] = target.periods ?? [said.heads[5], said.heads[6]];
  const id = anchor("places", target.id);
  return (
    <section>
      <h2 id={id}>{target.name}</h2>
      {target.rows.length === 0 && <p>{said.noRegions}</p>}
      {target.rows.length > 0 && (
        <div class="wide" tabindex={0} role="region" aria-labelledby={id}>
          <table>
            <thead>
              <tr>
                {[...said.heads.slice(0, 5), today, month].map((head) => (
                  <th scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {target.rows.map((row) => (
                <Place row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Silences({ view, said }: { readonly view: SilencesView; readonly said: FleetWords }) {
  return (
    <section>
      <h2 id="silences">{said.silences}</h2>
      <p>{said.silencesAbout}</p>
      {view.notes.map((note) => (
        <p class={view.rows === null ? "unmeasured" : undefined}>{note}</p>
      ))}
      {view.rows !== null && view.rows.length > 0 && (
        <div class="wide" tabindex={0} role="region" aria-labelledby="silences">
          <table>
            <thead>
              <tr>
                {said.silenceHeads.map((head) => (
                  <th scope="col">{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.rows.map((row) => (
                <tr>
                  <th scope="row">
                    {row.region} <code>{row.prober}</code>
                  </th>
                  <td>{row.reason}</td>
                  <td>{row.lastSign}</td>
                  <td>{row.found}</td>
                  <td>{row.lasts ? <b>{row.until}</b> : row.until}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The whole page. */
export function FleetPage({ said, places, silences, controls, asOf, notice, method, ...frame }: FleetProps) {
  return (
    <Layout
      {...frame}
      title={frame.words.title(said.title, frame.name)}
      description={said.lead}
      state="unmeasured"
      more="desk"
    >
      <Notice text={notice} />
      <div class="desk">
        <h1>{said.title}</h1>
        <p>{said.lead}</p>
        <p class="asoft">{asOf}</p>
        {places.length === 0 && <p>{said.noRegions}</p>}
        {places.map((target) => (
          <Places target={target} said={said} />
        ))}
        <p class="asoft">{said.placeMeaning}</p>
        <Silences view={silences} said={said} />
        <section>
          <h2 id="controls">{said.controls}</h2>
          {controls === null && <p class="unmeasured">{said.controlsUnknown}</p>}
          {controls?.length === 0 && <p>{said.controlsNone}</p>}
          {controls !== null && controls.length > 0 && (
            <>
              <p>{said.controlsAbout}</p>
              <ul>
                {controls.map((host) => (
                  <li>
                    <code>{host}</code>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        {method !== null && (
          <p>
            <a href={method}>{said.moreInMethod}</a>
          </p>
        )}
      </div>
    </Layout>
  );
}
