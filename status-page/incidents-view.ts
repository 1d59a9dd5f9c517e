// What the list of incidents says, and what it has in common with the page of one: names, instants, spans and texts. Pure: the
// present is an argument. Called by incidents-render.tsx and incident-story.ts.

import { LANGUAGES } from "../schema/words.ts";
import type { State } from "../schema/words.ts";
import type { IncidentList, Places, PublicIncident, PublicText } from "./incidents.ts";
import { periodClock, zoneName } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import type { IncidentWords } from "./words/incident-words.ts";
import { wordsOf } from "./words/languages.ts";
import type { Words } from "./words/words.ts";

const MINUTE_MS = 60_000;
/** From here on what still grows is told in days. */
const LONG_MINUTES = 2880;
/** Sentences are made of numbers and names; longer than this is none of ours. */
const SENTENCE_MOST = 400;
/** Names of regions in one line; the rest is a number. */
const NAMES_MOST = 12;

/** What every sentence here needs. `now`: ms since the epoch. */
export interface Telling {
  readonly words: Words;
  readonly said: IncidentWords;
  readonly places: Places;
  readonly now: number;
}

/** A state's sign, or that of a story which goes on elsewhere. */
export type Sign = State | "merged";

/** A text, and its language where that is not the page's. */
export interface Spoken {
  readonly text: string;
  readonly lang: string | undefined;
}

export interface Link {
  readonly href: string;
  readonly text: string;
}

export interface IncidentRow extends Link {
  readonly sign: Sign;
  readonly state: string;
  readonly regions: string;
  readonly when: string;
  readonly lasted: string | null;
  readonly sentence: Spoken | null;
  /** How long it took until somebody said something. */
  readonly published: string;
  readonly merged: readonly IncidentRow[];
}

export interface ListView {
  readonly sentence: string;
  readonly state: State;
  /** Something is open: else the sentence makes no claim about the service, and has no sign. */
  readonly open: boolean;
  readonly months: readonly { readonly name: string; readonly rows: readonly IncidentRow[] }[];
}

export const pathOfIncident = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

/** In the page's language, else in another one; null where nothing was said. */
export function spoken(text: PublicText, words: Words): Spoken | null {
  for (const language of [words.language, ...LANGUAGES]) {
    const found = text[language] ?? "";
    if (found.trim() === "") continue;
    return { text: found, lang: language === words.language ? undefined : wordsOf(language).tag };
  }
  return null;
}

/** A sentence on one line, bounded. */
export function sentenceOf(text: PublicText, { words }: Telling): Spoken | null {
  const found = spoken(text, words);
  return found === null ? null : { ...found, text: plainLabel(found.text, "–", SENTENCE_MOST) };
}

const nameIn = (named: Places["regions"], id: string, words: Words): string =>
  plainLabel(named.find((one) => one.id === id)?.label[words.language], plainLabel(id, "–"));

export const regionName = (id: string, { places, words }: Telling): string => nameIn(places.regions, id, words);

/** Names of regions as one list; "" of none. */
export function regionNames(ids: readonly string[], telling: Telling): string {
  const names = ids.slice(0, NAMES_MOST).map((id) => regionName(id, telling));
  return names.length === 0 ? "" : telling.words.list(names, ids.length - names.length);
}

export const titleOf = ({ kind, target }: PublicIncident, { said, places, words }: Telling): string =>
  said.title(kind, nameIn(places.targets, target, words));

export const linkTo = (id: string, text: string, { words }: Telling): Link => ({
  href: `/${words.language}${pathOfIncident(id)}`,
  text,
});

/** Open: how bad it is. Over: it is good again, as measured or declared. */
export function signOf({ state, kind }: PublicIncident): Sign {
  if (state === "merged") return "merged";
  if (state !== "open") return "up";
  return kind === "outage" ? "down" : "degraded";
}

/** A span that still grows, in whole minutes, cut off: the page then stays the same for a minute. */
export function soFar(from: number, { said, words, now }: Telling): string {
  const minutes = Math.floor((now - from) / MINUTE_MS);
  if (minutes < 1) return said.lessThanMinute;
  return minutes < LONG_MINUTES ? said.span(minutes * MINUTE_MS) : words.roughly(minutes * MINUTE_MS);
}

/** "2 min after the first failed message". */
export function sinceStart(at: number, { impactStart, kind }: PublicIncident, { said }: Telling): string {
  const ms = at - impactStart;
  if (Math.abs(ms) < 1000) return said.together(kind);
  return ms < 0 ? said.before(said.span(-ms), kind) : said.after(said.span(ms), kind);
}

/** When somebody first said something in public, or that nobody has. */
export function publishedOf(incident: PublicIncident, telling: Telling): string {
  const { said } = telling;
  const { publishedAt, state, impactStart } = incident;
  if (publishedAt !== null) return sinceStart(publishedAt, incident, telling);
  const waiting = state === "open" || state === "restored";
  return waiting ? said.noPublicWordYet(soFar(impactStart, telling)) : said.noPublicWord;
}

/** From when to when, and how long that is. */
export function whenOf(incident: PublicIncident, telling: Telling): { when: string; lasted: string | null } {
  const { said, places, now } = telling;
  const { impactStart, impactEnd, state } = incident;
  const clock = periodClock(places.timeZone, impactStart, impactEnd ?? Math.max(now, impactStart));
  const going = state === "open";
  const end = { open: said.stillGoingOn, merged: said.thenMerged, restored: null, resolved: null }[state];
  const to = end ?? (impactEnd === null ? said.endNotMeasured : clock.second(impactEnd));
  const closed =
    end !== null || impactEnd === null ? null : said.lasted(said.span(Math.max(0, impactEnd - impactStart)));
  return {
    when: said.fromTo(clock.second(impactStart), to, zoneName(places.timeZone)),
    lasted: going ? said.lastsSoFar(soFar(impactStart, telling)) : closed,
  };
}

/** Where it is bad or was. */
export function whereOf({ scope, regions }: PublicIncident, telling: Telling): string {
  const { said } = telling;
  const names = regionNames(regions, telling);
  if (names === "") return said.noRegions;
  return scope === "global" ? said.global(names) : names;
}

function rowOf(incident: PublicIncident, merged: readonly PublicIncident[], telling: Telling): IncidentRow {
  return {
    ...linkTo(incident.id, titleOf(incident, telling), telling),
    ...whenOf(incident, telling),
    sign: signOf(incident),
    state: telling.said.states[incident.state],
    regions: whereOf(incident, telling),
    sentence: sentenceOf(incident.sentence, telling),
    published: publishedOf(incident, telling),
    merged: merged.map((one) => rowOf(one, [], telling)),
  };
}

/** A page of the list. `newest`: its first one. */
export function listView(list: IncidentList, newest: boolean, telling: Telling): ListView {
  const { said, words, places } = telling;
  const open = list.incidents.filter((one) => one.state === "open");
  const outages = open.filter((one) => one.kind === "outage").length;
  const months: { name: string; rows: IncidentRow[] }[] = [];
  for (const incident of list.incidents) {
    const name = words.month(incident.impactStart, places.timeZone);
    if (months.at(-1)?.name !== name) months.push({ name, rows: [] });
    const merged = list.merged.filter((one) => incident.absorbed.includes(one.id));
    months.at(-1)?.rows.push(rowOf(incident, merged, telling));
  }
  const none =
    list.incidents.length === 0 ? said.none : said.noneOpen(list.olderBefore === null ? null : list.incidents.length);
  const opened = open.length > 0 ? said.openSentence(outages, open.length - outages) : none;
  return {
    sentence: newest ? opened : said.older,
    // No green: that nothing was found does not say that everything is measured.
    state: !newest || open.length === 0 ? "unmeasured" : outages > 0 ? "down" : "degraded",
    open: newest && open.length > 0,
    months,
  };
}
