// The ways of the page, as its navigation has them: which exist, what they are called, and which one the visitor is on. Pure; called by
// app.tsx, which knows the routes.

import type { FeedLink } from "./feeds/feed-links.ts";
import type { Way } from "./parts/layout.tsx";
import { incidentWordsOf, slaWordsOf } from "./words/languages.ts";
import type { Words } from "./words/words.ts";

const WAYS = ["", "/incidents", "/sla", "/history", "/method", "/fleet", "/api", "/subscribe"] as const;
type WayPath = (typeof WAYS)[number];

function wordOf(way: WayPath, words: Words): string {
  switch (way) {
    case "":
      return words.ways.status;
    case "/incidents":
      return incidentWordsOf(words.language).incidents;
    case "/sla":
      return slaWordsOf(words.language).reports;
    case "/history":
      return words.ways.history;
    case "/method":
      return words.ways.method;
    case "/fleet":
      return words.ways.fleet;
    case "/api":
      return words.ways.api;
    case "/subscribe":
      return words.ways.subscribe;
  }
}

/** Where a page belongs: pages of a target are the status, save those of its past. */
function wayOf(path: string): string {
  if (!path.startsWith("/targets/")) return path === "" ? "" : `/${path.split(/[/?]/)[1] ?? ""}`;
  return /^\/targets\/[^/]+\/(?:.*\/)?(?:history|days)(?:[/?]|$)/.test(path) ? "/history" : "";
}

/** `path`: of the page, without its language; null: it has no address, and is on no way. `has`: of a route, as it is written. */
export function waysOf(words: Words, path: string | null, has: (route: string) => boolean): readonly Way[] {
  return WAYS.filter((way) => has(way === "" ? "/" : way)).map((way) => ({
    href: `/${words.language}${way}`,
    word: wordOf(way, words),
    current: path === way ? "page" : path !== null && wayOf(path) === way ? "true" : null,
  }));
}

/** The feeds that are really there. */
export function feedsThatAre(links: readonly FeedLink[], has: (route: string) => boolean): readonly FeedLink[] {
  return links.filter(({ href }) => has(href.split("?")[0] ?? href));
}
