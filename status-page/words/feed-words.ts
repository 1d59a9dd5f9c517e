// What feeds, calendars, badges and Statuspage's documents can say, as one interface that every language fills completely, beside
// words.ts and incident-words.ts. Functions take numbers and finished texts and return whole phrases. Pure.

import type { OkMeaning } from "../../schema/words.ts";

export interface FeedWords {
  // Updates that nobody wrote
  readonly measured: Readonly<Record<"detected" | "restored" | "resolved", string>>;
  readonly maintenance: string;
  readonly maintenanceIs: Readonly<Record<"in_progress" | "completed", string>>;

  // Feeds
  feedTitle(name: string): string;
  feedOf(name: string, target: string): string;
  readonly feedAbout: string;
  /** In the head of a page. */
  readonly feedLinks: Readonly<Record<"atom" | "rss" | "json", string>>;
  /** The title of an entry: what, and how it stands. */
  entryTitle(title: string, state: string): string;
  readonly theStory: string;

  // The calendar
  calendarTitle(name: string): string;
  calendarSummary(title: string, target: string): string;
  readonly allRegions: string;
  inRegions(regions: string): string;
  readonly goesOnMeasuring: string;
  readonly calledOff: string;
  readonly calendarLink: string;

  // Badges
  readonly badgeLabels: Readonly<Record<"status" | "uptime" | "p99", string>> & {
    readonly delivery: Readonly<Record<OkMeaning, string>>;
  };
  /** A figure and its calendar month: "99.98 % · November 2026". */
  figureIn(figure: string, month: string): string;
  /** A badge in a sentence, for who does not see it. */
  badgeTitle(label: string, message: string): string;
  lowestOf(regions: number): string;
  highestOf(regions: number): string;
  asOf(stamp: string): string;
  readonly notMeasured: string;
  tooFew(samples: number): string;
  /** Why there is no badge: a fault of whoever asks, or of ours. */
  readonly badgeFaults: Readonly<Record<"target" | "region" | "show" | "unreadable", string>>;
}
