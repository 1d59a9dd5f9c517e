// The pages with figures: the front page (one target in full, or a list of several) and a target's own page. Pure.

import { Glance, Target, TargetRow } from "../parts/target.tsx";
import { Hero, Notice } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { PageView } from "../view.ts";

interface StatusProps extends Frame {
  readonly view: PageView;
  /** What must be said about the page itself: that the database cannot be read. */
  readonly notice: string | null;
  /** On a target's own page, where there are others: the way back. */
  readonly back: boolean;
}

/** The front page or a target's page, by how many targets the view has. */
export function StatusPage({ view, notice, back, ...frame }: StatusProps) {
  const { words } = frame;
  const [first] = view.targets;
  const detail = first?.detail ?? null;
  return (
    <Layout {...frame} title={words.title(view.sentence, frame.name)} state={view.state}>
      <Notice text={notice} />
      {back && (
        <p class="back">
          <a href={`/${words.language}`}>← {words.backToAll}</a>
        </p>
      )}
      <Hero state={view.state} sentence={view.sentence} counts={view.counts} asOf={view.asOf} />
      {first !== undefined && detail !== null ? (
        <>
          <Glance detail={detail} words={words} />
          <Target target={first} detail={detail} words={words} />
        </>
      ) : (
        <>
          <div class="head">
            <h2>{words.services}</h2>
            <p class="soft">{first?.period ?? ""}</p>
          </div>
          <ul class="targets">
            {view.targets.map((target) => (
              <TargetRow target={target} />
            ))}
          </ul>
        </>
      )}
    </Layout>
  );
}
