// The pages of months and years: which services have a past, and one service's months or days, region by region. Pure; prints what
// history-render.tsx has put together.
/* @jsxImportSource ../jsx */

import type { State } from "../../schema/words.ts";
import type { Cell, SectionView } from "../history-view.ts";
import { Notice } from "../parts/hero.tsx";
import { BandKey, Section, Steps, Sums } from "../parts/history-parts.tsx";
import type { Link } from "../parts/history-parts.tsx";
import { Layout } from "../parts/layout.tsx";
import type { Frame } from "../parts/layout.tsx";
import type { HistoryWords } from "../words/history-words.ts";

export interface PastFrame {
  readonly frame: Frame;
  readonly said: HistoryWords;
  readonly title: string;
  readonly notice: string | null;
  readonly links: readonly Link[];
  /** What must be known of the times on this page. */
  readonly notes: readonly string[];
  /** Where the same rows are as JSON. */
  readonly raw: string | null;
}

/** The frame of all pages of the past. */
export function PastLayout(
  props: PastFrame & { readonly state?: State; readonly children?: Parameters<typeof Layout>[0]["children"] },
) {
  const { frame, said, title, notice, links, notes, state = "unmeasured", children, raw } = props;
  const { words, name } = frame;
  return (
    <Layout {...frame} title={words.title(title, name)} state={state} more="history" raw={raw}>
      <Notice text={notice} />
      <div class="past">
        <h1>{title}</h1>
        <Steps links={links} label={said.history} />
        {notes.map((note) => (
          <p class="soft">{note}</p>
        ))}
        {children}
      </div>
    </Layout>
  );
}

/** All services that have a past. */
export function HistoryIndexPage(props: PastFrame & { readonly targets: readonly Link[] }) {
  const { targets, said } = props;
  return (
    <PastLayout {...props}>
      <ul class="list">
        {targets.map(({ href, word }) => (
          <li>
            <a href={href}>{word}</a>
          </li>
        ))}
      </ul>
      {targets.length === 0 && <p>{said.noTargets}</p>}
    </PastLayout>
  );
}

/** One region's part of a period. */
export interface RegionPart {
  readonly href: string;
  readonly name: string;
  readonly ok: string;
  readonly sums: readonly Cell[] | null;
  readonly section: SectionView;
}

interface PeriodProps extends PastFrame {
  readonly parts: readonly RegionPart[];
  /** Whose rows were not read. */
  readonly more: readonly Link[];
  readonly first: string;
}

/** Months or days of one service, region by region. */
export function PeriodPage(props: PeriodProps) {
  const { parts, more, first, said, frame } = props;
  const { words } = frame;
  return (
    <PastLayout {...props}>
      {parts.map(({ href, name, ok, sums, section }) => (
        <section>
          <h2>
            <a href={href}>{name}</a>
          </h2>
          {sums === null ? <p>{said.nothingScheduled}</p> : <Sums words={words} said={said} cells={sums} ok={ok} />}
          <Section view={section} first={first} ok={ok} words={words} said={said} open={parts.length === 1} />
        </section>
      ))}
      <BandKey said={said} />
      <p class="soft">{said.merged}</p>
      {more.length > 0 && <h2>{said.moreRegions}</h2>}
      <Steps links={more} label={said.moreRegions} />
    </PastLayout>
  );
}
