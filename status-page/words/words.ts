// What the page can say, as one interface that every language fills completely: a missing sentence does not compile.
// Functions take numbers and finished names and return whole phrases, so that each language orders and counts its own
// way. Pure; called by the view and the parts.

import type { FailureKind, Journey, Language, OkMeaning, Phase, State, UnfitReason, Unit } from "../../schema/words.ts";
import type { OfferedZone } from "../zones.ts";

/**
 * What is wrong with a region, as far as its last rounds tell. `some_*` belong to `degraded`. Where no delivery is measured,
 * a message that did not count was not lost, as far as one can tell: it was not answered.
 */
export type Trouble =
  | "connections"
  | "refused"
  | "lost"
  | "unanswered"
  | "down"
  | "some_connections"
  | "some_refused"
  | "some_lost"
  | "some_unanswered"
  | "slow"
  | "degraded";

/** Why nothing is known about a region. `silent`: nothing new arrived; `never`: nothing arrived yet. */
export type Unknown = Exclude<UnfitReason, "none"> | "silent" | "never" | "unclear";

/** Measured against a target: three answers, and a fourth where there is nothing to answer with. */
export type Verdict = "met" | "breached" | "undetermined" | "no_data";

/** A share of 1 in units of 10^-digits percent, cut off and never rounded up. */
export interface Share {
  readonly units: number;
  readonly digits: number;
}

export interface MethodFacts {
  readonly every: string;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadline: string;
  readonly connectDeadline: string;
  readonly downShare: string;
  readonly degradedShare: string;
  readonly latencyLimit: string;
  readonly zone: string;
  readonly okMeans: OkMeaning;
}

export interface Words {
  readonly language: Language;
  /** For `lang` attributes and Intl. */
  readonly tag: string;
  /** The language's own name, for the switch. */
  readonly ownName: string;

  // Figures
  number(n: number): string;
  percent(share: Share): string;
  /** A configured proportion, exactly: 0.999 is 99.9 %. */
  target(share: number): string;
  ms(n: number): string;
  /** Whole seconds where it is whole seconds: 5 s, 1.5 s, 250 ms. */
  duration(ms: number): string;
  /** A span in its largest fitting unit: 5 min, 40 s. */
  roughly(ms: number): string;
  over(duration: string): string;
  ago(ms: number): string;
  month(at: number, zone: string): string;

  // The sentence on top
  readonly states: Readonly<Record<State, string>>;
  readonly troubles: Readonly<Record<Trouble, string>>;
  list(names: readonly string[], more: number): string;
  /** `name` is the only region's, where there is only one. */
  allUp(regions: number, name: string): string;
  troubled(names: string, trouble: Trouble): string;
  everywhere(regions: number, trouble: Trouble): string;
  cannotSee(names: string, opens: boolean): string;
  cannotSeeAny(regions: number): string;
  readonly noRoundYet: string;
  parts(parts: readonly string[]): string;
  allServicesUp(services: number): string;
  serviceTrouble(service: string, sentence: string): string;
  servicesTroubled(names: string, state: Exclude<State, "up">): string;
  stateCount(count: number, state: State): string;

  // The frame
  /** What the ways to our pages are called together, and each. */
  readonly pages: string;
  readonly ways: Readonly<Record<"status" | "history" | "method" | "fleet" | "api" | "subscribe", string>>;
  readonly zoneOfTimes: string;
  readonly showTimes: string;
  /** With {} where the zone's name stands. */
  readonly zoneOffer: string;
  /** What people call an offered zone. */
  readonly zones: Readonly<Record<OfferedZone, string>>;
  /** Said by the page itself, when it could not ask for news. */
  readonly notRefreshed: string;
  readonly skipToContent: string;
  readonly languages: string;
  title(sentence: string, page: string): string;
  dataAsOf(stamp: string, utc: string | null, age: string): string;
  oldestOf(asOf: string, targets: number): string;
  databaseAway(stamp: string): string;
  readonly databaseAwayEmpty: string;
  readonly footer: string;
  readonly rawFigures: string;
  readonly backToAll: string;

  // Plain pages
  readonly nothingYet: string;
  readonly nothingYetMore: string;
  readonly notFound: string;
  readonly notFoundMore: string;
  readonly unreadable: string;
  readonly unreadableMore: string;
  readonly broken: string;
  readonly brokenMore: string;

  // A target
  readonly services: string;
  readonly regions: string;
  regionCount(n: number): string;
  readonly journeys: Readonly<Record<Journey, string>>;
  readonly units: Readonly<Record<Unit, string>>;
  /** "deliveries, delivered": what a journey counts, and what counts as good. */
  countedAs(unit: string, okWord: string): string;
  readonly otherJourneys: string;
  othersOf(region: string): string;
  readonly matrix: string;
  readonly matrixHow: string;
  readonly fromTo: string;
  lostThere(n: number): string;
  lostBack(n: number): string;
  readonly otherSideAbsent: string;
  readonly phases: Readonly<Record<"handshake" | "login", string>>;
  reconnects(n: number): string;
  readonly thisMonth: string;
  readonly availability: string;
  readonly okRate: Readonly<Record<OkMeaning, string>>;
  /** What is no delivery, in a sentence that stands beside the figures. */
  readonly noDelivery: Readonly<Record<Exclude<OkMeaning, "delivered">, string>>;
  /** What latency is the time of. */
  readonly latencyOf: Readonly<Record<OkMeaning, string>>;
  readonly connecting: string;
  readonly noData: string;
  targetAtLeast(percent: string): string;
  targetBelow(duration: string): string;
  lowestOf(region: string): string;
  highestOf(region: string): string;
  readonly sameEverywhere: string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  verdictIn(verdict: Verdict, regions: number, of: number): string;
  between(low: string, high: string): string;
  coverage(percent: string): string;
  within(limit: string): string;
  notWithin(limit: string): string;

  // A region
  seenFrom(place: string): string;
  readonly placeUnknown: string;
  lastRound(clock: string): string;
  readonly noRound: string;
  unknown(why: Unknown, since: string | null): string;
  failure(phase: Phase | null, kind: FailureKind | null, text: string): string;
  recentSpan(duration: string): string;
  readonly recentNothing: string;
  readonly today: string;
  soFar(period: string): string;
  readonly notCounted: string;
  okOf(meaning: OkMeaning, ok: number, attempted: number): string;
  /** The same without its word, where a heading says it. */
  of(ok: number, attempted: number): string;
  readonly nothingAttempted: string;
  readonly misses: Readonly<
    Record<
      "lost" | "unanswered" | "refused" | "late" | "notSent" | "duplicate" | "reordered" | "corrupt",
      (n: number) => string
    >
  >;
  /** Of so many as were held against the present limit. */
  lateOf(n: number, of: number): string;
  missing(parts: readonly string[]): string;
  tooFew(samples: number, needed: number | null): string;
  samples(count: number): string;
  missingFigure(name: string, why: string): string;
  slowest(max: string): string;
  readonly noSamples: string;
  figuresOf(region: string): string;
  readonly figure: string;

  // Days
  daysLabel(days: number, withData: number, lowest: { percent: string; date: string | null } | null): string;
  daysAgo(days: number): string;
  readonly todayOpen: string;
  readonly dayByDayShort: string;
  dayTitle(date: string, parts: readonly string[]): string;
  minutesDown(n: number): string;
  minutesDegraded(n: number): string;
  minutesUnmeasured(n: number): string;
  readonly notMeasured: string;
  readonly open: string;
  readonly legend: Readonly<Record<State, string>>;

  // Method
  readonly method: string;
  methodLines(facts: MethodFacts): readonly string[];
}
