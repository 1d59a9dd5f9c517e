// The page about our API: what holds everywhere, then every address with its parameters and examples to follow. Pure; made from the list that
// the routes are made from, so that nothing is left out. Called by api/api-routes.tsx.

import { FORMATS, TYPES } from "../api/asked.ts";
import type { Names } from "../api/document.ts";
import { LIMITS } from "../api/limits.ts";
import { addressOf, inPath } from "../api/routes.ts";
import type { ApiRoute } from "../api/routes.ts";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { ApiWords } from "../words/api-words.ts";

interface ApiPageProps extends Frame {
  readonly said: ApiWords;
  readonly routes: readonly ApiRoute[];
  readonly names: Names;
}

const DOCUMENT = "/api/v1/openapi.json";

/** A sentence with what stands between backticks as code. */
function Coded({ text }: { readonly text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}</>;
}

function Parameters({ route, said }: { readonly route: ApiRoute; readonly said: ApiWords }) {
  const names = [...inPath(route), ...route.query];
  if (names.length === 0) return null;
  return (
    <table class="aparams">
      <thead>
        <tr>
          <th scope="col">{said.heads.parameter}</th>
          <th scope="col">{said.heads.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <Coded text={said.parameters[name]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Route({ route, said, names }: { readonly route: ApiRoute; readonly said: ApiWords; readonly names: Names }) {
  const { summary, about } = said.routes[route.id];
  const formats = route.streams ? FORMATS.map((format) => TYPES[format]) : [TYPES.json];
  return (
    <section class="aroute" id={route.id}>
      <h3>{summary}</h3>
      <p class="apath">
        <code>GET {route.path}</code>
      </p>
      <p>
        <Coded text={about} />
      </p>
      <Parameters route={route} said={said} />
      <p class="asoft">
        {said.heads.formats}: {formats.join(", ")} · {said.heads.cost}: {said.costs[route.id]}
      </p>
      <p class="asoft">{said.heads.examples}:</p>
      <ul class="atry">
        {route.examples.map((example) => {
          const address = addressOf(route, example, names);
          return (
            <li>
              <a href={address}>
                <code>{address}</code>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The whole page. */
export function ApiPage({ said, routes, names, ...frame }: ApiPageProps) {
  const { limit, periodS } = LIMITS.API_RATE;
  return (
    <Layout {...frame} title={frame.words.title(said.title, frame.name)} state="unmeasured" more="desk" raw={DOCUMENT}>
      <div class="prose api">
        <h1>{said.title}</h1>
        <p>{said.lead}</p>
        <p>
          <a href={DOCUMENT}>{said.document}</a>
        </p>
        <h2>{said.rules}</h2>
        <ul>
          {said.laws.map((law) => (
            <li>
              <Coded text={law} />
            </li>
          ))}
          <li>{said.rates(limit, LIMITS.API_STREAM_RATE.limit, periodS)}</li>
        </ul>
        <h2>{said.addresses}</h2>
        {routes.map((route) => (
          <Route route={route} said={said} names={names} />
        ))}
        <h2>{said.elsewhere}</h2>
        <ul>
          {said.others.map(([path, about]) => (
            <li>
              <a href={path}>
                <code>{path}</code>
              </a>{" "}
              {about}
            </li>
          ))}
        </ul>
      </div>
    </Layout>
  );
}
