// What the front page says of incidents and maintenance: what goes on now, what is announced, what is over. Pure: the present is an
// argument; everything comes from the front row. Called by render.tsx. Judges nothing: states are those of the incidents.

import { upcoming } from "../workers/incidents/maintenance.ts";
import type { Maintenance } from "../workers/incidents/maintenance.ts";
import type { FrontIncident, FrontMaintenance } from "../workers/incidents/front-parts.ts";
import type { Snapshot } from "../workers/results/snapshot-shape.ts";
import type { State } from "../schema/words.ts";
import type { FrontParts } from "./front.ts";
import type { Places } from "./incidents.ts";
import { linkTo, pathOfIncident, regionNames, sentenceOf, soFar, spoken } from "./incidents-view.ts";
import type { Spoken, Telling } from "./incidents-view.ts";
import { stamp } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import type { FrontWords } from "./words/front-words.ts";

const DAY_MS = 86_400_000;
/** So far ahead maintenance is announced on the front page. */
const AHEAD_MS = 7 * DAY_MS;
const WINDOWS_MOST = 10;
const PAST_MOST = 10;
const TITLE_MOST = 160;
/** What is over for longer is on the page of incidents: the row may have been written long ago. */
const PAST_MS = 90 * DAY_MS;

export interface LiveIncident {
  readonly href: string;
  readonly title: string;
  readonly sign: State;
  readonly state: string;
  readonly regions: string;
  readonly sentence: Spoken | null;
  readonly since: string;
  /** The newest public word and when it was said; null: nobody has said anything. */
  readonly said: { readonly when: string; readonly text: Spoken | null } | null;
  /** How long nobody has said anything; null: somebody has. */
  readonly unsaid: string | null;
}

export interface Window {
  readonly title: Spoken;
  readonly when: string;
  readonly active: boolean;
  readonly regions: string;
}

export interface PastIncident {
  readonly href: string;
  readonly title: string;
  readonly day: string;
  readonly regions: string;
  readonly when: string;
  readonly lessons: boolean;
}

export interface NewsView {
  readonly incidents: readonly LiveIncident[];
  readonly windows: readonly Window[];
  readonly past: readonly PastIncident[];
  /** That `past` is empty means that there were none. */
  readonly isPastKnown: boolean;
  /** Not everything fitted into the row. */
  readonly isCut: boolean;
}

export interface NewsFacts extends Telling {
  readonly front: FrontWords;
  readonly zone: string;
}

/** Names as the snapshots have them: they are there also where the configuration is refused. */
export function placesOf(snapshots: readonly Snapshot[], timeZone: string): Places {
  const regions = new Map(snapshots.flatMap((one) => one.regions.map(({ region, label }) => [region, label] as const)));
  return {
    timeZone,
    targets: snapshots.map(({ target, label }) => ({ id: target, label })),
    regions: [...regions].map(([id, label]) => ({ id, label })),
  };
}

/** Of these targets. */
export function newsView(parts: FrontParts, targets: readonly string[], facts: NewsFacts): NewsView {
  const own = targets.flatMap((target) => parts.incidents.get(target) ?? []);
  const byStart = (a: FrontIncident, b: FrontIncident): number => b.impact_start - a.impact_start;
  const told = own.flatMap(({ target, live }) => live.map((one) => ({ ...one, target }))).sort(byStart);
  const since = facts.now - PAST_MS;
  const past = own
    .flatMap(({ target, past: over }) => over.map((one) => ({ ...one, target })))
    .filter(({ resolved_at: at }) => at === null || at > since)
    .sort(byStart);
  const windows = targets.map((target) => windowsOf(target, parts.maintenance.get(target)?.records ?? [], facts));
  const isLeftOut = (part: string): boolean => targets.some((target) => parts.leftOut.includes(`${part}/${target}`));
  return {
    incidents: told.map((one) => liveOf(one, facts)),
    windows: windows.flatMap((each) => each.slice(0, WINDOWS_MOST)),
    past: past.slice(0, PAST_MOST).map((one) => pastOf(one, facts)),
    isPastKnown: !isLeftOut("incidents"),
    isCut: isLeftOut("incidents") || isLeftOut("maintenance") || windows.some(({ length }) => length > WINDOWS_MOST),
  };
}

type Told = FrontIncident & { readonly target: string };

const titleOf = ({ kind, target }: Told, { said, places, words }: NewsFacts): string => {
  const label = places.targets.find(({ id }) => id === target)?.label[words.language];
  return said.title(kind, plainLabel(label, plainLabel(target, "–")));
};

function liveOf(one: Told, facts: NewsFacts): LiveIncident {
  const { said, front, words, zone, now } = facts;
  const { statement, published_at: publishedAt, impact_start: from, impact_end: to } = one;
  const isOpen = one.state === "open";
  const shown = one.bad_regions.length > 0 ? one.bad_regions : one.regions;
  return {
    href: `/${words.language}${pathOfIncident(one.id)}`,
    title: titleOf(one, facts),
    sign: isOpen ? (one.kind === "outage" ? "down" : "degraded") : "up",
    state: isOpen ? said.states.open : front.restored,
    regions: one.scope === "global" ? said.global(regionNames(shown, facts)) : regionNames(shown, facts),
    sentence: sentenceOf(one.sentence, facts),
    since:
      isOpen || to === null
        ? front.since(stamp(from, zone), soFar(from, facts))
        : words.missing([stamp(from, zone), front.lasted(said.span(to - from))]),
    said:
      statement === null
        ? null
        : {
            when: front.said(said.statements[statement.statement], stamp(statement.at, zone)),
            text: spoken(statement.text, words),
          },
    unsaid: publishedAt === null ? said.noPublicWordYet(soFar(from, { ...facts, now })) : null,
  };
}

/** As `upcoming` has it; who announced it is not told. */
function recordOf(target: string, record: FrontMaintenance): Maintenance {
  const { id, regions, title, window, withdraws, recorded_at: recordedAt } = record;
  return { id, key: id, target, regions, title, window, author: "", recordedAt, withdraws };
}

/** One more than is shown, where there are more. */
function windowsOf(target: string, records: readonly FrontMaintenance[], facts: NewsFacts): Window[] {
  const { now, words, front, zone } = facts;
  const all = records.map((record) => recordOf(target, record));
  return upcoming(all, now, now + AHEAD_MS, WINDOWS_MOST + 1).map(({ title, regions, fromAt, toAt }) => {
    const active = fromAt <= now;
    const named = spoken(title, words);
    return {
      title:
        named === null
          ? { text: front.untitled, lang: undefined }
          : { ...named, text: plainLabel(named.text, front.untitled, TITLE_MOST) },
      when: active
        ? front.maintenanceUntil(stamp(toAt, zone))
        : front.maintenanceFrom(stamp(fromAt, zone), stamp(toAt, zone)),
      active,
      regions: regions === null ? front.allRegions : regionNames(regions, facts),
    };
  });
}

function pastOf(one: Told, facts: NewsFacts): PastIncident {
  const { said, front, zone } = facts;
  const { impact_start: from, impact_end: to } = one;
  const when = to === null ? said.endNotMeasured : front.lasted(said.span(to - from));
  return {
    href: linkTo(one.id, "", facts).href,
    title: titleOf(one, facts),
    day: stamp(from, zone).slice(0, 16),
    regions: regionNames(one.regions, facts),
    when,
    lessons: one.postmortem,
  };
}
