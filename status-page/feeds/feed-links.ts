// Where the feeds are, for the head of a page and for the routes: one list, so that no page names one that is not there. Pure.

import type { Language } from "../../schema/words.ts";
import { feedWordsOf } from "../words/languages.ts";

export const FEEDS = [
  ["history.atom", "atom", "application/atom+xml"],
  ["history.rss", "rss", "application/rss+xml"],
  ["feed.json", "json", "application/feed+json"],
] as const;
export type FeedFormat = (typeof FEEDS)[number][1];

export interface FeedLink {
  readonly href: string;
  readonly type: string;
  readonly title: string;
}

/**
 * `<link rel="alternate">` for the head, by which readers find the feeds and the calendar; `target`: those of one target. Without pages of
 * incidents there are no feeds.
 */
export function feedLinks(
  language: Language,
  hasIncidents: boolean,
  target: string | null = null,
): readonly FeedLink[] {
  const query = target === null ? "" : `?target=${encodeURIComponent(target)}`;
  const { feedLinks: titles, calendarLink } = feedWordsOf(language);
  const feeds = FEEDS.map(([file, format, type]) => ({
    href: `/${language}/${file}${query}`,
    type,
    title: titles[format],
  }));
  const calendar = { href: `/${language}/maintenance.ics${query}`, type: "text/calendar", title: calendarLink };
  return hasIncidents ? [...feeds, calendar] : [calendar];
}
