// What the pages of incidents can say, as one interface that every language fills completely, beside words.ts. Functions take
// numbers and finished texts and return whole phrases. Pure; called by incidents-view.ts and the pages.

import type { AlertSeverity } from "../../schema/words.ts";
import type { IncidentState, Statement } from "../../workers/incidents/incident.ts";
import type { PublicKind, Speaker } from "../incidents.ts";

/** The stamps of an incident, in the order of a good one. */
export const STAMPS = ["impactStart", "detected", "notified", "acked", "published", "impactEnd", "resolved"] as const;
export type Stamp = (typeof STAMPS)[number];

export interface IncidentWords {
  readonly incidents: string;
  readonly all: string;
  readonly older: string;
  readonly newest: string;
  openSentence(outages: number, brownouts: number): string;
  /** `newest`: said of so many only, since there are older ones that were not read; null: of all. */
  noneOpen(newest: number | null): string;
  /** A list of incidents is no measurement. */
  readonly noneOpenMore: string;
  readonly toStatus: string;
  readonly none: string;
  readonly noneOlder: string;
  readonly method: readonly string[];

  readonly kinds: Readonly<Record<PublicKind, string>>;
  readonly states: Readonly<Record<IncidentState, string>>;
  readonly severities: Readonly<Record<AlertSeverity, string>>;
  readonly statements: Readonly<Record<Statement, string>>;
  readonly speakers: Readonly<Record<Speaker, string>>;
  /** "Outage of Messaging". */
  title(kind: PublicKind, target: string): string;
  /** Most regions at once. */
  global(regions: string): string;
  severity(word: string): string;
  fromTo(from: string, to: string, zone: string): string;
  readonly stillGoingOn: string;
  /** It is over, or goes on elsewhere, and nobody measured when it was good again. */
  readonly endNotMeasured: string;
  /** Instead of an end: a larger one has its story. */
  readonly thenMerged: string;
  /** Spans: 1 h 5 min, 40 s, cut off. */
  span(ms: number): string;
  lasted(span: string): string;
  lastsSoFar(span: string): string;
  readonly lessThanMinute: string;

  // The times
  readonly times: string;
  timesIn(zone: string): string;
  readonly stamps: Readonly<Record<Exclude<Stamp, "impactStart">, string>> & {
    readonly impactStart: Readonly<Record<PublicKind, string>>;
  };
  /** After, before, or in the second of, the first failed message. */
  after(span: string, kind: PublicKind): string;
  before(span: string, kind: PublicKind): string;
  together(kind: PublicKind): string;
  readonly notYet: string;
  readonly never: string;
  /** Of what has not happened in one whose story another has. */
  readonly inTheOther: string;
  noPublicWordYet(span: string): string;
  readonly noPublicWord: string;
  readonly noPage: string;

  // What was measured
  readonly measured: string;
  readonly impact: string;
  readonly heads: readonly [region: string, bad: string, now: string];
  counts(bad: string, attempted: string, share: string): string;
  readonly noCounts: string;
  moreRegions(more: number): string;
  readonly badNow: string;
  readonly goodAgain: string;
  readonly noRegions: string;
  readonly flapping: string;
  reopened(times: number): string;
  readonly wentOnIn: string;
  readonly tookOver: string;

  // What was said
  readonly said: string;
  readonly nothingSaid: string;
  saidBy(statement: string, speaker: string): string;
  /** A text in another language than the page's. */
  readonly otherLanguage: string;

  // The timeline
  readonly timeline: string;
  readonly timelineHeads: readonly [time: string, what: string, who: string];
  readonly cut: string;
  leftOut(entries: number): string;
  enteredAt(stamp: string): string;
  readonly did: {
    readonly began: Readonly<Record<PublicKind, string>>;
    opened(regions: string, severity: string): string;
    joined(region: string): string;
    left(region: string): string;
    removed(region: string): string;
    measured(severity: string): string;
    readonly notified: string;
    readonly acknowledged: string;
    published(statement: string): string;
    readonly restored: string;
    readonly resolved: string;
    reopened(region: string | null): string;
    /** A link to it stands behind these. */
    readonly merged: string;
    absorbed(regions: string): string;
    readonly postmortem: string;
    flapping(on: boolean): string;
  };

  readonly postmortem: string;
  readonly noPostmortem: string;
  postmortemBy(stamp: string, speaker: string): string;

  // Where it cannot be shown
  away(stamp: string, age: string): string;
  readonly notFound: string;
  readonly notFoundMore: string;
  readonly unreadable: string;
  readonly unreadableMore: string;
}
