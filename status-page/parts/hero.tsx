// The top of a page: the one sentence, what stands behind it in numbers, and how old it is. Pure.
/* @jsxImportSource ../jsx */

import type { Child } from "hono/jsx";

import type { State } from "../../schema/words.ts";
import { StateIcon } from "./icon.tsx";

interface HeroProps {
  readonly state: State;
  readonly sentence: string;
  readonly counts: readonly { readonly state: State; readonly text: string }[];
  readonly asOf: string | null;
  /** Of a page that has a title of its own: the sentence stands below it. */
  readonly below?: boolean;
  readonly children?: Child;
}

/** The sentence with its sign. */
export function Hero({ state, sentence, counts, asOf, below, children }: HeroProps) {
  return (
    <section class={`hero is-${state}`}>
      <StateIcon state={state} />
      <div>
        {below === true ? <h2>{sentence}</h2> : <h1>{sentence}</h1>}
        {counts.length > 1 && (
          <p class="counts">
            {counts.map((c) => (
              <span class={c.state}>{c.text}</span>
            ))}
          </p>
        )}
        {asOf !== null && <p class="asof">{asOf}</p>}
        {children}
      </div>
    </section>
  );
}

/** What the reader must know about the page itself before its figures. */
export function Notice({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p class="notice" role="status">
      <StateIcon state="degraded" />
      <strong>{text}</strong>
    </p>
  );
}
