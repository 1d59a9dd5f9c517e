// The pages with figures: the front page (one target in full, or a list of several) and a target's own page. Pure.
/* @jsxImportSource ../jsx */

import type { BoardView } from "../board-view.ts";
import type { NewsView } from "../front-view.ts";
import { Board } from "../parts/board.tsx";
import { Live, Past } from "../parts/news.tsx";
import { Glance, Method, Target, TargetRow } from "../parts/target.tsx";
import { Hero, Notice } from "../parts/hero.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { Onward, PageView } from "../view.ts";
import type { FrontSaid } from "../words/languages.ts";

interface StatusProps extends Frame {
  readonly view: PageView;
  readonly news: NewsView;
  readonly boards: readonly BoardView[];
  /** There are more of them than the row had room for. */
  readonly boardsCut: boolean;
  readonly said: FrontSaid;
  readonly onward: Onward;
  /** What must be said about the page itself: that the database cannot be read. */
  readonly notice: string | null;
  /** On a target's own page, where there are others: the way back. */
  readonly back: boolean;
}

/** The front page or a target's page, by how many targets the view has. */
export function StatusPage({ view, news, boards, boardsCut, said, onward, notice, back, ...frame }: StatusProps) {
  const { words } = frame;
  const to = (path: string): string => `/${words.language}${path}`;
  const { front, sla } = said;
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
      <Live news={news} front={front} />
      {first !== undefined && detail !== null ? (
        <>
          <Glance detail={detail} words={words} />
          <Board boards={boards} isCut={boardsCut} front={front} sla={sla} />
          <Target target={first} detail={detail} words={words} />
        </>
      ) : (
        <>
          <Board boards={boards} isCut={boardsCut} front={front} sla={sla} />
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
      {onward.here && (
        <p class="onward">
          <a href={to("/here")}>{front.isItMe}</a> <span class="soft">{front.isItMeMore}</span>
        </p>
      )}
      <Past news={news} front={front} href={onward.incidents ? to("/incidents") : null} />
      {detail !== null && <Method lines={detail.methodLines} words={words} />}
      {onward.method && (
        <p class="onward">
          <a href={to("/method")}>{front.howMeasured}</a>
        </p>
      )}
    </Layout>
  );
}
