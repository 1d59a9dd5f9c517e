// The front page's news: what goes on now and is announced, above; what is over, below. Pure; prints what front-view.ts says. What
// people wrote goes through the Markdown printer: there is no way to markup of their own.
/* @jsxImportSource ../jsx */

import { blocksOf } from "../../workers/incidents/markdown.ts";
import type { NewsView } from "../front-view.ts";
import type { FrontWords } from "../words/front-words.ts";
import { StateIcon } from "./icon.tsx";
import { Markdown } from "./markdown.tsx";

interface NewsProps {
  readonly news: NewsView;
  readonly front: FrontWords;
}

/** Nothing where nothing goes on and nothing is announced. */
export function Live({ news, front }: NewsProps) {
  if (news.incidents.length === 0 && news.windows.length === 0 && !news.isCut) return null;
  return (
    <section class="news" aria-label={front.goingOn}>
      {news.incidents.map((one) => (
        <article class={`on-${one.sign}`}>
          <h2>
            <StateIcon state={one.sign} />
            <a href={one.href}>{one.title}</a>
          </h2>
          <p>
            <b>{one.state}</b> · {one.regions} · {one.since}
          </p>
          {one.sentence !== null && <p lang={one.sentence.lang}>{one.sentence.text}</p>}
          {one.said !== null && (
            <blockquote>
              <p class="soft">{one.said.when}</p>
              {one.said.text !== null && (
                <div lang={one.said.text.lang}>
                  <Markdown blocks={blocksOf(one.said.text.text)} below={2} />
                </div>
              )}
            </blockquote>
          )}
          {one.unsaid !== null && <p class="soft">{one.unsaid}</p>}
        </article>
      ))}
      {news.windows.map((window) => (
        <article class="window">
          <h2>
            {front.maintenance} <span lang={window.title.lang}>{window.title.text}</span>
          </h2>
          <p>
            {window.active ? <b>{window.when}</b> : window.when} · {window.regions}
          </p>
        </article>
      ))}
      {news.isCut && <p class="soft">{front.leftOut}</p>}
    </section>
  );
}

/** What is over. `href`: of all incidents; null where they have no pages. */
export function Past({ news, front, href }: NewsProps & { readonly href: string | null }) {
  if (href === null) return null;
  return (
    <section class="past">
      <div class="head">
        <h2>{front.past}</h2>
        <a href={href}>{front.allIncidents}</a>
      </div>
      {news.past.length === 0 ? (
        <p class="soft">{news.isPastKnown ? front.nonePast : front.leftOut}</p>
      ) : (
        <ul>
          {news.past.map((one) => (
            <li>
              <time>{one.day}</time> <a href={one.href}>{one.title}</a>{" "}
              <span class="soft">{[one.regions, one.when, ...(one.lessons ? [front.lessons] : [])].join(" · ")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
