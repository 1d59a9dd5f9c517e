// What a badge says: its label, its message, its colour, and a sentence for who does not see it. Pure: the present is an argument.
// Called by badges-routes.ts. Regions are not averaged: of several the worst is shown, and the sentence says so. Shares are cut off.

import type { OkMeaning, State } from "../../schema/words.ts";
import type { PrintableQuantile, RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { floorShare, quantile, rankOf } from "../figures.ts";
import { stamp } from "../instants.ts";
import { plainLabel } from "../labels.ts";
import { stateNow } from "../region-view.ts";
import { worst } from "../sentence.ts";
import type { FeedWords } from "../words/feed-words.ts";
import type { Words } from "../words/words.ts";

export const SHOWS = ["status", "uptime", "delivery", "p99"] as const;
export type Show = (typeof SHOWS)[number];

/** Hex without its sign; white text on each has a contrast of 4.5 : 1 or more (WCAG 2.2, 1.4.3). */
export const BADGE_COLOURS = {
  up: "1d7a48",
  degraded: "8a5a00",
  down: "b3201b",
  unmeasured: "5f646b",
} as const satisfies Readonly<Record<State, string>>;

/** Characters of a label or a message; a badge stands in a line of text. */
const TEXT_MOST = 40;

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly colour: string;
  /** The whole sentence: which region, how many, as of when. */
  readonly title: string;
  readonly isError: boolean;
}

interface Badged {
  readonly words: Words;
  readonly said: FeedWords;
  /** What the visitor wants it to be called; null: the usual. */
  readonly label: string | null;
  readonly now: number;
}

/** A region with the snapshot that it is of. */
interface Seen {
  readonly region: RegionSnapshot;
  readonly snapshot: Snapshot;
}

interface Figure {
  readonly message: string;
  readonly state: State;
  readonly note: string | null;
}

/** A badge that says why there is none. */
export function faultBadge(fault: keyof FeedWords["badgeFaults"], { said, label }: Omit<Badged, "now">): Badge {
  const message = said.badgeFaults[fault];
  const name = labelText(label, said.badgeLabels.status);
  return {
    label: name,
    message,
    colour: BADGE_COLOURS.unmeasured,
    title: said.badgeTitle(name, message),
    isError: true,
  };
}

/** Of these snapshots, of one region of theirs (null: of all). Null: no such region. */
export function badgeOf(
  show: Show,
  snapshots: readonly Snapshot[],
  region: string | null,
  badged: Badged,
): Badge | null {
  const all = snapshots.flatMap((snapshot) => snapshot.regions.map((one): Seen => ({ region: one, snapshot })));
  const seen = region === null ? all : all.filter((one) => one.region.region === region);
  if (region !== null && seen.length === 0) return null;
  const { words, said, label } = badged;
  const figure = FIGURES[show](seen, badged);
  const name = labelText(label, usualLabel(show, seen, said));
  const message = plainLabel(figure.message, said.notMeasured, TEXT_MOST);
  const [oldest] = seen.map((one) => one.snapshot).toSorted((a, b) => a.composed_at - b.composed_at);
  const asOf = oldest === undefined ? null : said.asOf(stamp(oldest.composed_at, oldest.time_zone));
  const notes = [figure.note, asOf].filter((note) => note !== null);
  const title = [said.badgeTitle(name, message), ...(notes.length === 0 ? [] : [words.missing(notes)])].join(" · ");
  return { label: name, message, colour: BADGE_COLOURS[figure.state], title, isError: false };
}

const labelText = (label: string | null, usual: string): string => plainLabel(label ?? undefined, usual, TEXT_MOST);

function usualLabel(show: Show, seen: readonly Seen[], said: FeedWords): string {
  return show === "delivery" ? said.badgeLabels.delivery[meaningOf(seen)] : said.badgeLabels[show];
}

/** The least that any of them proves. */
function meaningOf(seen: readonly Seen[]): OkMeaning {
  const least = (["accepted", "acknowledged"] as const).find((meaning) =>
    seen.some(({ region }) => region.ok_means === meaning),
  );
  return least ?? "delivered";
}

const FIGURES: Readonly<Record<Show, (seen: readonly Seen[], badged: Badged) => Figure>> = {
  status: (seen, { words, now }) => {
    const state = worst(seen.map(({ region }) => stateNow(region, now).state));
    return { message: words.states[state], state, note: null };
  },
  uptime: (seen, badged) => lowest(seen.map(uptimeOf), badged),
  delivery: (seen, badged) => lowest(seen.map(deliveryOf), badged),
  p99: highestP99,
};

const unknown = (message: string): Figure => ({ message, state: "unmeasured", note: null });

/** Counts of one region this month so far. `unseen`: what might have been either. */
interface Counted extends Seen {
  readonly good: number;
  readonly all: number;
  readonly unseen: number;
  readonly objective: number;
}

function uptimeOf(seen: Seen): Counted {
  const {
    minutes_up: up,
    minutes_degraded: degraded,
    minutes_down: down,
    minutes_unmeasured: unseen,
  } = seen.region.month;
  const good = up + degraded;
  return { ...seen, good, all: good + down, unseen, objective: seen.snapshot.objectives.availability };
}

function deliveryOf(seen: Seen): Counted {
  const { ok, lost, error } = seen.region.month;
  return { ...seen, good: ok, all: ok + lost + error, unseen: 0, objective: seen.snapshot.objectives.delivery };
}

/** Against the objective, so far: met though all that was not seen were bad, missed though it were good, else not known. */
function judge({ good, all, unseen, objective }: Counted): State {
  const needed = objective * (all + unseen) - 1e-6;
  return good >= needed ? "up" : good + unseen < needed ? "down" : "unmeasured";
}

/** The region that has the lowest share. One of which nothing was measured is no 0, and is told. */
function lowest(counted: readonly Counted[], { words, said }: Badged): Figure {
  const known = counted.filter(({ all }) => all > 0);
  const [worstOne] = known.toSorted((a, b) => a.good / a.all - b.good / b.all);
  const share = worstOne === undefined ? null : floorShare(worstOne.good, worstOne.all);
  if (worstOne === undefined || share === null) return unknown(said.notMeasured);
  const { all, unseen } = worstOne;
  const coverage = unseen > 0 ? floorShare(all, all + unseen) : null;
  return {
    message: inMonth(worstOne, words.percent(share), words, said),
    state: worst([...known.map(judge), ...(known.length < counted.length ? ["unmeasured" as const] : [])]),
    note: noteOf(
      [
        ...(known.length > 1 ? [said.lowestOf(known.length)] : []),
        ...(coverage === null ? [] : [words.coverage(words.percent(coverage))]),
      ],
      counted.length - known.length,
      said,
      words,
    ),
  };
}

function highestP99(seen: readonly Seen[], { words, said }: Badged): Figure {
  const of = ({ region }: Seen): { readonly p99: PrintableQuantile; readonly samples: number } => region.month.latency;
  const known = seen.filter((one) => of(one).p99 !== null);
  const [worstOne] = known.toSorted((a, b) => rankOf(of(b).p99) - rankOf(of(a).p99));
  if (worstOne === undefined) {
    const samples = Math.max(0, ...seen.map((one) => of(one).samples));
    return unknown(samples === 0 ? said.notMeasured : said.tooFew(samples));
  }
  const { p99, samples } = of(worstOne);
  const { text } = quantile("P99", p99, samples, null, words);
  const missed = known.some((one) => rankOf(of(one).p99) >= one.snapshot.objectives.latency_ms_p99);
  return {
    message: inMonth(worstOne, text, words, said),
    state: missed ? "down" : known.length < seen.length ? "unmeasured" : "up",
    note: noteOf(known.length > 1 ? [said.highestOf(known.length)] : [], seen.length - known.length, said, words),
  };
}

const inMonth = ({ region, snapshot }: Seen, figure: string, words: Words, said: FeedWords): string =>
  said.figureIn(figure, words.month(region.month.from, snapshot.time_zone));

function noteOf(notes: readonly string[], missing: number, said: FeedWords, words: Words): string | null {
  const all = missing > 0 ? [...notes, `${words.number(missing)} ${said.notMeasured}`] : notes;
  return all.length === 0 ? null : words.missing(all);
}
