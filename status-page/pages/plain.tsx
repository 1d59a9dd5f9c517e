// Pages that say one thing: nothing measured yet, no such page, figures unreadable, page broken. Pure. None of them
// says anything about the service: all show the sign for "not measured".
/* @jsxImportSource ../jsx */

import { Hero, Notice } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";

interface PlainProps extends Frame {
  readonly sentence: string;
  readonly more: string;
  readonly notice: string | null;
}

/** One sentence, and what to do about it. */
export function PlainPage({ sentence, more, notice, ...frame }: PlainProps) {
  return (
    <Layout {...frame} title={frame.words.title(sentence, frame.name)} state="unmeasured">
      <Notice text={notice} />
      <Hero state="unmeasured" sentence={sentence} counts={[]} asOf={null}>
        <p class="more">{more}</p>
      </Hero>
    </Layout>
  );
}
