// The widget: a page of its own that is made to stand in a frame of somebody else's. Pure; called by widget-routes.tsx. No script; it asks
// for itself again each minute. Its link opens a new tab, since the frame is too small for the page.

import { raw } from "hono/html";

import type { State } from "../../schema/words.ts";
import { Definitions, StateIcon } from "../parts/icon.tsx";
import { WIDGET_STYLE } from "../widget-style.ts";
import type { HereWords } from "../words/here-words.ts";
import type { Words } from "../words/words.ts";

interface WidgetProps {
  readonly words: Words;
  readonly said: HereWords;
  readonly name: string;
  readonly state: State;
  readonly sentence: string;
  /** Worst first; empty where the sentence says it all. */
  readonly targets: readonly { readonly name: string; readonly state: State }[];
  readonly more: number;
  readonly notice: string | null;
  readonly asOf: string | null;
  readonly href: string;
}

const STYLE_TAG = raw(`<style>${WIDGET_STYLE}</style>`);

/** A whole document. */
export function Widget({ words, said, name, state, sentence, targets, more, notice, asOf, href }: WidgetProps) {
  return (
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="60" />
        <title>{words.title(sentence, name)}</title>
        {STYLE_TAG}
      </head>
      <body>
        <Definitions />
        <main>
          <h1>
            <StateIcon state={state} />
            {sentence}
          </h1>
          {notice !== null && <p>{notice}</p>}
          {targets.length > 0 && (
            <ul>
              {targets.map((target) => (
                <li>
                  <StateIcon state={target.state} /> {target.name}:{" "}
                  <span class={target.state}>{words.states[target.state]}</span>
                </li>
              ))}
              {more > 0 && <li>{said.andMore(more)}</li>}
            </ul>
          )}
          {asOf !== null && <p>{asOf}</p>}
          <p>
            <a href={href} target="_blank" rel="noopener">
              {said.openPage}
            </a>
          </p>
        </main>
      </body>
    </html>
  );
}
