// Entries as Atom 1.0, RSS 2.0 and JSON Feed 1.1. Pure. Called by feeds-routes.ts. Atom and RSS are written by the package `feed`, which
// takes the present for any `updated` that it is not given: all are given. JSON is written here, since the package's is version 1.

import { Feed } from "feed";

import type { Language } from "../../schema/words.ts";
import { feedWordsOf, wordsOf } from "../words/languages.ts";
import { tagOf, targetName, xmlSafe } from "./entries.tsx";
import type { FeedEntry, FeedSite } from "./entries.tsx";
import { FEEDS } from "./feed-links.ts";
import type { FeedFormat } from "./feed-links.ts";

/** Where nothing has ever happened, nothing was ever updated. */
const NEVER = 0;

interface FeedFile extends FeedSite {
  readonly name: string;
  /** Null: all. */
  readonly target: string | null;
}

interface Head {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly home: string;
  readonly self: string;
  readonly updated: number;
  readonly language: Language;
}

/** The whole file. */
export function feedFile(format: FeedFormat, entries: readonly FeedEntry[], site: FeedFile): string {
  const head = headOf(format, entries, site);
  if (format === "json") return jsonFeed(head, entries);
  const feed = new Feed({
    id: head.id,
    title: head.title,
    description: head.about,
    link: head.home,
    feed: head.self,
    language: wordsOf(head.language).tag,
    updated: new Date(head.updated),
    generator: "Sonde",
    author: { name: xmlSafe(site.name) },
  });
  for (const { id, url, title, summary, html, published, updated } of entries) {
    feed.addItem({
      id,
      link: url,
      // Both formats take it for HTML.
      title: escaped(title),
      description: escaped(summary),
      content: html,
      published: new Date(published),
      date: new Date(updated),
    });
  }
  return format === "atom" ? feed.atom1() : feed.rss2();
}

function headOf(format: FeedFormat, entries: readonly FeedEntry[], site: FeedFile): Head {
  const { origin, language, name, target } = site;
  const words = feedWordsOf(language);
  const query = target === null ? "" : `?target=${encodeURIComponent(target)}`;
  const [file] = FEEDS.find(([, one]) => one === format) ?? FEEDS[0];
  return {
    id: tagOf(origin, `incidents/${language}${target === null ? "" : `/${target}`}`),
    title: xmlSafe(target === null ? words.feedTitle(name) : words.feedOf(name, targetName(target, site))),
    about: words.feedAbout,
    home: `${origin}/${language}/incidents`,
    self: `${origin}/${language}/${file}${query}`,
    updated: Math.max(NEVER, ...entries.map((entry) => entry.updated)),
    language,
  };
}

/** https://www.jsonfeed.org/version/1.1/ */
function jsonFeed(head: Head, entries: readonly FeedEntry[]): string {
  return JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: head.title,
    description: head.about,
    home_page_url: head.home,
    feed_url: head.self,
    language: wordsOf(head.language).tag,
    items: entries.map(({ id, url, title, summary, html, published, updated }) => ({
      id,
      url,
      title,
      summary,
      content_html: html,
      date_published: new Date(published).toISOString(),
      date_modified: new Date(updated).toISOString(),
    })),
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
