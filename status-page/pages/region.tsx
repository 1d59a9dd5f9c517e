// The page of one region of a service: now, the last 24 hours, the last 90 days and the months. Pure; prints what history-render.tsx
// has put together.
/* @jsxImportSource ../jsx */

import type { State } from "../../schema/words.ts";
import type { SectionView } from "../history-view.ts";
import { BandKey, Section, Steps } from "../parts/history-parts.tsx";
import type { Link } from "../parts/history-parts.tsx";
import { Hero } from "../parts/hero.tsx";
import { PastLayout } from "./history.tsx";
import type { PastFrame } from "./history.tsx";

interface RegionProps extends PastFrame {
  /** Null: it could not be read. */
  readonly now: {
    readonly state: State;
    readonly sentence: string;
    readonly asOf: string;
    readonly place: string;
  } | null;
  readonly journeys: readonly Link[];
  readonly sections: readonly {
    readonly id: string;
    readonly heading: string;
    readonly first: string;
    readonly view: SectionView;
  }[];
  readonly ok: string;
}

export function RegionPage(props: RegionProps) {
  const { now, journeys, sections, ok, said, frame } = props;
  const { words } = frame;
  return (
    <PastLayout {...props} state={now?.state ?? "unmeasured"}>
      {now === null ? (
        <p>{said.nowUnknown}</p>
      ) : (
        <Hero state={now.state} sentence={now.sentence} counts={[]} asOf={now.asOf} below>
          <p class="more">{now.place}</p>
        </Hero>
      )}
      {journeys.length > 1 && <Steps links={journeys} label={said.journey} />}
      {sections.map(({ id, heading, first, view }) => (
        <section id={id}>
          <h2>{heading}</h2>
          <Section view={view} first={first} ok={ok} words={words} said={said} />
        </section>
      ))}
      <BandKey said={said} />
      <p class="soft">{said.merged}</p>
    </PastLayout>
  );
}
