// What the pages of the past can say, as one interface that every language fills completely, beside words.ts. Functions take numbers
// and finished texts and return whole phrases. Pure; called by history-view.ts and the pages.

export interface HistoryWords {
  readonly history: string;
  /** "History of Messaging" */
  historyOf(target: string): string;
  /** "Messaging, history of 2026", "…of October 2026" */
  historyIn(target: string, period: string): string;
  /** "Messaging from Western Europe" */
  regionOf(target: string, region: string): string;
  /** "Messaging from Western Europe on 2026-11-21" */
  dayOf(target: string, region: string, date: string): string;
  readonly indexMore: string;
  readonly noTargets: string;

  // Zones
  /** The day from its first to its last instant in a zone, and how long it was. */
  dayInZone(zone: string, hours: string): string;
  hours(n: string): string;
  /** Days and months have been summed up in the page's zone, and the visitor has chosen another. */
  sumsInZone(own: string, chosen: string): string;
  /** Beside a day or a month that was summed up in another zone than the page's. */
  inZone(zone: string): string;
  timesIn(zone: string): string;

  // Headings
  readonly now: string;
  readonly nowUnknown: string;
  readonly last24h: string;
  last90d(days: number): string;
  readonly months: string;
  readonly totals: string;
  readonly minutes: string;
  readonly hourly: string;
  readonly downTimes: string;
  readonly noDownTimes: string;
  readonly journey: string;

  // Heads of tables
  readonly heads: Readonly<
    Record<"month" | "day" | "hour" | "minutes" | "state" | "measured" | "down" | "latency", string>
  >;
  /** Attempted, and what came of it. */
  readonly countHeads: Readonly<Record<"scheduled" | "ok" | "lost" | "refused" | "notSent", string>>;
  readonly asTable: string;
  readonly minuteTable: string;
  minutesOf(measured: string, expected: string): string;
  readonly nothingScheduled: string;
  readonly stillToCome: string;
  readonly notWritten: string;
  readonly goesOn: string;
  /** Hours that lie in two days have no percentiles in either. */
  readonly cutHours: string;
  readonly otherRule: string;
  /** Percentiles are of all messages of a period together. */
  readonly merged: string;

  // Charts
  latencyChart(name: string): string;
  /** The lowest P50, the highest P99, how many of how many pieces are below the limit, and how many have none. */
  latencySummary(parts: {
    p50: string;
    p99: string;
    within: number;
    known: number;
    limit: string;
    none: number;
  }): string;
  latencyNothing(pieces: number): string;
  limit(text: string): string;
  readonly overAtTop: string;
  readonly bandKey: Readonly<Record<"p50" | "p95" | "p99" | "gap" | "limit", string>>;
  barsLabel(name: string, pieces: number, measured: number): string;
  heatTitle(name: string, date: string): string;
  heatSummary(minutes: Readonly<Record<"up" | "degraded" | "down" | "unmeasured", number>>): string;
  readonly heatKey: Readonly<Record<"up" | "degraded" | "down" | "unmeasured", string>>;
  fromTo(from: string, to: string): string;
  span(minutes: number): string;

  // Ways
  readonly dayBefore: string;
  readonly dayAfter: string;
  readonly incidents: string;
  readonly rawMinutes: string;
  readonly rawHours: string;
  allOf(target: string): string;
  /** Regions whose rows were not read for this page. */
  readonly moreRegions: string;

  // Troubles
  away(readAt: string, age: string): string;
  readonly unreadable: string;
  readonly unreadableMore: string;
  readonly notFound: string;
  targetsThatExist(names: string): string;
  regionsThatExist(names: string): string;
  daysThatExist(first: string, last: string, zone: string): string;
  periodsThatExist(first: string, last: string): string;
  /** `names`: as they are written in an address. */
  journeysThatExist(names: string): string;
  readonly neverMeasured: string;
  readonly neverMeasuredMore: string;
}
