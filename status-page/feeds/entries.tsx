// Incidents as entries of a feed: one each, updated in place, with an id that never changes. Pure: nothing in an entry depends on the
// present, so that a feed is the same bytes until something happens. Called by feeds-routes.ts. What people wrote is printed from
// the blocks of their Markdown; there is no way to markup of their own.

import { blocksOf, plainOf } from "../../workers/incidents/markdown.ts";
import type { Language } from "../../schema/words.ts";
import { changedAt, sayIn, toldOf, updatesOf } from "../compat/told.ts";
import type { ToldIncident, Update } from "../compat/told.ts";
import type { Places, PublicIncident } from "../incidents.ts";
import { pathOfIncident } from "../incidents-view.ts";
import { stamp } from "../instants.ts";
import { plainLabel } from "../labels.ts";
import { Markdown } from "../parts/markdown.tsx";
import { feedWordsOf, incidentWordsOf, wordsOf } from "../words/languages.ts";

/** Longest summary, in UTF-16 units. */
const SUMMARY_MOST = 400;
/** Updates in one entry: the whole story is on its page. */
const UPDATES_MOST = 20;
/** Of each text, in UTF-16 units. */
const TEXT_MOST = 4_000;
/** A tag URI says since when the host is ours (RFC 4151); a constant, so that ids stay. */
const TAG_YEAR = "2026";

export interface FeedEntry {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly summary: string;
  /** HTML without any markup of those who wrote. */
  readonly html: string;
  readonly published: number;
  readonly updated: number;
}

export interface FeedSite {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly language: Language;
  readonly places: Places;
}

/** `tag:status.example,2026:incident/chat-7` */
export const tagOf = (origin: string, path: string): string => `tag:${new URL(origin).hostname},${TAG_YEAR}:${path}`;

/** Characters that no XML document may hold (XML 1.0, 2.2), lone surrogates among them. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export const xmlSafe = (text: string): string => text.replace(NOT_XML, "");

/** In their order; without those that were merged into others. */
export function entriesOf(incidents: readonly PublicIncident[], site: FeedSite): readonly FeedEntry[] {
  return incidents.flatMap((one) => {
    const told = toldOf(one);
    return told === null ? [] : [entryOf(told, site)];
  });
}

function entryOf(one: ToldIncident, site: FeedSite): FeedEntry {
  const { origin, language, places } = site;
  const said = incidentWordsOf(language);
  const sentence = sayIn(one.sentence, language);
  const title = said.title(one.kind, targetName(one.target, site));
  return {
    id: tagOf(origin, `incident/${one.id}`),
    url: `${origin}/${language}${pathOfIncident(one.id)}`,
    title: xmlSafe(feedWordsOf(language).entryTitle(title, said.states[one.state])),
    summary: xmlSafe(plainLabel(sentence?.text, title, SUMMARY_MOST)),
    html: xmlSafe((<Entry one={one} site={site} zone={places.timeZone} />).toString() as string),
    published: one.detected,
    updated: changedAt(one),
  };
}

export function targetName(id: string, { places, language }: Pick<FeedSite, "places" | "language">): string {
  return plainLabel(places.targets.find((one) => one.id === id)?.label[language], plainLabel(id, "–"));
}

function Entry({ one, site, zone }: { readonly one: ToldIncident; readonly site: FeedSite; readonly zone: string }) {
  const { language, origin } = site;
  const said = incidentWordsOf(language);
  const words = wordsOf(language);
  const sentence = sayIn(one.sentence, language);
  const names = one.regions
    .slice(0, 12)
    .map((id) =>
      plainLabel(site.places.regions.find((region) => region.id === id)?.label[language], plainLabel(id, "–")),
    );
  const facts = [
    names.length === 0 ? said.noRegions : words.list(names, one.regions.length - names.length),
    `${said.stamps.impactStart[one.kind]}: ${stamp(one.impactStart, zone)}`,
    one.state === "open"
      ? said.stillGoingOn
      : one.impactEnd === null
        ? said.endNotMeasured
        : `${said.stamps.impactEnd}: ${stamp(one.impactEnd, zone)}`,
  ];
  const updates = updatesOf(one).slice(0, UPDATES_MOST);
  return (
    <>
      {sentence !== null && <p>{plainLabel(sentence.text, "–", SUMMARY_MOST)}</p>}
      <ul>
        {facts.map((fact) => (
          <li>{fact}</li>
        ))}
      </ul>
      {updates.map((update) => (
        <>
          <h3>
            {headOf(update, language)} · {stamp(update.at, zone)}
          </h3>
          <Said update={update} language={language} />
        </>
      ))}
      <p>
        <a href={`${origin}/${language}${pathOfIncident(one.id)}`}>{feedWordsOf(language).theStory}</a>
      </p>
    </>
  );
}

function headOf({ status, by }: Update, language: Language): string {
  const said = incidentWordsOf(language);
  const what = status === "postmortem" ? said.postmortem : said.statements[status];
  return said.saidBy(what, said.speakers[by]);
}

function Said({ update, language }: { readonly update: Update; readonly language: Language }) {
  const found = update.text === null ? null : sayIn(update.text, language);
  if (found === null) return <p>{feedWordsOf(language).measured[update.measured ?? "detected"]}</p>;
  const cut = found.text.length > TEXT_MOST ? `${found.text.slice(0, TEXT_MOST)}…` : found.text;
  const blocks = blocksOf(cut);
  const other = found.language === language ? undefined : wordsOf(found.language).tag;
  // A text of unseen characters only leaves nothing to print.
  if (plainOf(blocks).trim() === "") return <p>–</p>;
  return (
    <div lang={other}>
      <Markdown blocks={blocks} below={3} />
    </div>
  );
}
