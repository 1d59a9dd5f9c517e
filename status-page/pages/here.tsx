// The page /here: how the visitor's own region fares beside the others. Pure; prints what here-view.ts says. Called by here-routes.tsx.

import type { Choice, HereView } from "../here-view.ts";
import { Hero, Notice } from "../parts/hero.tsx";
import { StateIcon } from "../parts/icon.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { HereWords } from "../words/here-words.ts";

interface HereProps extends Frame {
  /** Null: the visitor must choose. */
  readonly view: HereView | null;
  readonly choices: readonly Choice[];
  readonly said: HereWords;
  readonly asOf: string;
  readonly notice: string | null;
}

/** The whole page. */
export function HerePage({ view, choices, said, asOf, notice, ...frame }: HereProps) {
  const { words } = frame;
  const state = view?.targets[0]?.state ?? "unmeasured";
  const sentence = view === null ? said.chooseFirst : said.seenFrom(view.region);
  return (
    <Layout {...frame} title={words.title(sentence, frame.name)} state={state} more="desk">
      <Notice text={notice} />
      <Hero state={state} sentence={sentence} counts={[]} asOf={asOf}>
        <p class="more">{view === null ? said.chooseMore : view.judgedBy}</p>
      </Hero>
      {view !== null && view.targets.length === 0 && <p class="here">{said.notHere}</p>}
      {view?.targets.map((target) => (
        <section class="here">
          <h2>
            <StateIcon state={target.state} />
            {target.name} <span class={target.state}>{target.stateWord}</span>
          </h2>
          <p>
            <b>{target.verdict}</b>
          </p>
          <p>{target.others}</p>
          {target.because !== null && <p>{target.because}</p>}
          {target.figures.length > 0 && <p class="soft">{target.figures.join(" · ")}</p>}
        </section>
      ))}
      <section class="here">
        {view !== null && <h2>{said.chooseOther}</h2>}
        <ul class="choices">
          {choices.map((choice) => (
            <li>
              <a href={`/${words.language}/here?region=${encodeURIComponent(choice.id)}`}>{choice.name}</a>
            </li>
          ))}
        </ul>
        <p class="soft">{said.notKept}</p>
      </section>
    </Layout>
  );
}
