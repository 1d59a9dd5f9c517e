// What is said about one region: its state as of now, why, where from, and its figures over three periods. Pure;
// called by view.ts. The state that was stored ages: a region from which nothing new came is not seen any more.

import { FAILURE_KINDS, PHASES, UNFIT_REASONS } from "../schema/words.ts";
import type { FailureKind, OkMeaning, Phase, State } from "../schema/words.ts";
import type { PeriodFigures, RecentFigures, RegionSnapshot, Snapshot } from "../workers/results/snapshot-shape.ts";
import { closedDays, daysView } from "./days.ts";
import type { ClosedDays, DaysView } from "./days.ts";
import { availability, latency } from "./figures.ts";
import type { LatencyView } from "./figures.ts";
import { clock } from "./instants.ts";
import { anchor, plainLabel } from "./labels.ts";
import { rememberedViews } from "./remembered.ts";
import { troubleOf } from "./sentence.ts";
import type { Said } from "./sentence.ts";
import { trendView } from "./trend.ts";
import type { TrendView } from "./trend.ts";
import { frontWordsOf } from "./words/languages.ts";
import type { Unknown, Verdict, Words } from "./words/words.ts";

export interface AvailabilityView {
  readonly text: string;
  /** The interval and the coverage; null where every minute was measured, or none. */
  readonly interval: string | null;
  readonly verdict: Verdict;
  /** Null where nothing was promised for such a period. */
  readonly verdictText: string | null;
}

export interface DeliveryView {
  /** "259,171 of 259,200 delivered" */
  readonly text: string;
  /** The same without its word; null where nothing was attempted. */
  readonly counts: string | null;
  /** Lost, refused, late and the rest, as far as there are any. */
  readonly missing: string | null;
}

/** One column of a region's figures. */
export interface PeriodView {
  readonly title: string;
  /** Null for the last rounds: their minutes are still open. */
  readonly availability: AvailabilityView | null;
  readonly delivery: DeliveryView;
  readonly latency: LatencyView;
  readonly connect: LatencyView | null;
}

export interface RegionView extends Said {
  readonly id: string;
  /** Its own page; null where there is none. */
  readonly href: string | null;
  readonly code: string;
  readonly stateWord: string;
  /** What is wrong, or why nothing is known; null while up. */
  readonly because: string | null;
  readonly failure: string | null;
  readonly place: string;
  readonly lastRound: string;
  /** For the overview: one figure while up, else the state. */
  readonly glance: string;
  readonly okWord: string;
  /** What latency is the time of. */
  readonly latencyWord: string;
  readonly figuresOf: string;
  readonly othersOf: string;
  readonly periods: readonly [recent: PeriodView, today: PeriodView, month: PeriodView];
  readonly days: DaysView;
  /** Null where the row has none. */
  readonly trend: TrendView | null;
}

/** The address of a region's own page. */
export type RegionHref = (target: string, region: string) => string | null;

/** The state as of `now`: silence makes it unmeasured, whatever was stored. */
export function stateNow(
  region: Pick<RegionSnapshot, "state" | "why" | "last_slot_at" | "stale_after_ms">,
  now: number,
): { state: State; why: Unknown | null } {
  if (region.last_slot_at === null) return { state: "unmeasured", why: "never" };
  if (now - region.last_slot_at > region.stale_after_ms) return { state: "unmeasured", why: "silent" };
  if (region.state !== "unmeasured") return { state: region.state, why: null };
  const why = region.why;
  const known = UNFIT_REASONS.find((reason) => reason === why);
  if (known !== undefined && known !== "none") return { state: "unmeasured", why: known };
  return { state: "unmeasured", why: why === "silent" ? "silent" : "unclear" };
}

function failureText(failure: string, words: Words): string {
  const [phase = "", kind = ""] = failure.split(":").map((part) => part.trim());
  return words.failure(
    PHASES.find((p): p is Phase => p === phase) ?? null,
    FAILURE_KINDS.find((k): k is FailureKind => k === kind) ?? null,
    plainLabel(failure, "?"),
  );
}

type Counts = Pick<PeriodFigures, "ok" | "lost" | "error" | "not_sent" | "late"> &
  Partial<Pick<PeriodFigures, "duplicate" | "reordered" | "corrupt" | "late_of">>;

/** Raw counts: what came of what was attempted, and what is missing, kind by kind. */
export function delivery(counts: Counts, meaning: OkMeaning, words: Words): DeliveryView {
  const attempted = counts.ok + counts.lost + counts.error;
  const { late_of: base } = counts;
  const kinds = [
    [meaning === "delivered" ? words.misses.lost : words.misses.unanswered, counts.lost],
    [words.misses.refused, counts.error],
    [(n: number) => (base === undefined ? words.misses.late(n) : words.lateOf(n, base)), counts.late],
    [words.misses.notSent, counts.not_sent],
    [words.misses.duplicate, counts.duplicate ?? 0],
    [words.misses.reordered, counts.reordered ?? 0],
    [words.misses.corrupt, counts.corrupt ?? 0],
  ] as const;
  const missing = kinds.filter(([, n]) => n > 0).map(([say, n]) => say(n));
  return {
    text:
      attempted > 0
        ? words.okOf(meaning, counts.ok, attempted)
        : counts.not_sent > 0
          ? words.nothingAttempted
          : words.noData,
    counts: attempted > 0 ? words.of(counts.ok, attempted) : null,
    missing: missing.length > 0 ? words.missing(missing) : null,
  };
}

/** Availability in words, with everything that the unmeasured minutes leave open. */
export function availabilityView(period: PeriodFigures, target: number, words: Words): AvailabilityView {
  const a = availability(period, target);
  if (a.value === null) {
    return { text: words.noData, interval: null, verdict: "no_data", verdictText: words.verdicts.no_data };
  }
  const interval = a.complete
    ? null
    : words.missing([
        words.between(words.percent(a.low), words.percent(a.high)),
        words.coverage(words.percent(a.coverage)),
      ]);
  return { text: words.percent(a.value), interval, verdict: a.verdict, verdictText: words.verdicts[a.verdict] };
}

type Objectives = Snapshot["objectives"];

function periodView(title: string, p: PeriodFigures, o: Objectives, meaning: OkMeaning, words: Words): PeriodView {
  return {
    title,
    availability: availabilityView(p, o.availability, words),
    delivery: delivery(p, meaning, words),
    latency: latency(p.latency, o.latency_ms_p99, words),
    connect: latency(p.connect, o.connect_ms_p99, words),
  };
}

const unjudgedOf = new WeakMap<PeriodView, PeriodView>();

/** The promise is about a month: a day has figures, and no verdict on them. */
function unjudgedPeriod(judged: PeriodView): PeriodView {
  let view = unjudgedOf.get(judged);
  if (view === undefined) {
    const { availability: shown } = judged;
    view = { ...judged, availability: shown === null ? null : { ...shown, verdictText: null } };
    unjudgedOf.set(judged, view);
  }
  return view;
}

const EMPTY_LATENCY = { samples: 0, p50: null, p95: null, p99: null, max_ms: null };

function recentView(recent: RecentFigures | null, o: Objectives, meaning: OkMeaning, words: Words): PeriodView {
  const span = recent === null ? 300_000 : Math.max(1000, recent.to - recent.from);
  return {
    title: words.recentSpan(words.roughly(span)),
    availability: null,
    delivery:
      recent === null ? { text: words.recentNothing, counts: null, missing: null } : delivery(recent, meaning, words),
    latency: latency(recent?.latency ?? EMPTY_LATENCY, o.latency_ms_p99, words),
    connect: null,
  };
}

/** What the sentence needs of a region: enough where a target is one row among many. */
export function saidOf(region: RegionSnapshot, snapshot: Snapshot, now: number, words: Words): Said {
  const { state } = stateNow(region, now);
  const several = snapshot.regions.some((r) => r.region === region.region && r.journey !== region.journey);
  const label = plainLabel(region.label[words.language], region.region);
  return {
    name: several ? `${label} (${words.journeys[region.journey]})` : label,
    state,
    trouble: troubleOf(state, region.recent, region.ok_means),
    started: region.last_slot_at !== null,
  };
}

/** One region of a snapshot in full, as of `now`. Days and months are those of the snapshot's zone, clocks those of `clockZone`. */
export function regionView(
  region: RegionSnapshot,
  snapshot: Snapshot,
  now: number,
  words: Words,
  hrefOf: RegionHref = () => null,
  clockZone = snapshot.time_zone,
): RegionView {
  const { state, why } = stateNow(region, now);
  const { recent } = region;
  const zone = snapshot.time_zone;
  const at = region.last_slot_at === null ? null : clock(region.last_slot_at, clockZone, now);
  const said = saidOf(region, snapshot, now, words);
  const { name, trouble } = said;
  const o = snapshot.objectives;
  const recentLatency = latency(recent?.latency ?? EMPTY_LATENCY, o.latency_ms_p99, words);
  const [p50] = recentLatency.quantiles;
  const id = idOf(region, snapshot, words);
  return {
    id: anchor("r", snapshot.target, region.region, region.journey),
    href: hrefOf(snapshot.target, region.region),
    code: plainLabel(region.region, "?"),
    ...said,
    stateWord: words.states[state],
    because: state === "up" ? null : why === null ? words.troubles[trouble] : words.unknown(why, at),
    failure: recent !== null && recent.error > 0 && recent.failure !== null ? failureText(recent.failure, words) : null,
    place: region.place === "" ? words.placeUnknown : words.seenFrom(plainLabel(region.place, "?")),
    lastRound: at === null ? words.noRound : words.lastRound(at),
    glance: state !== "up" || p50 === undefined ? words.states[state] : `${p50.name} ${p50.text}`,
    okWord: words.okRate[region.ok_means],
    latencyWord: words.latencyOf[region.ok_means],
    figuresOf: words.figuresOf(name),
    othersOf: words.othersOf(name),
    periods: [
      recentView(recent, o, region.ok_means, words),
      unjudgedPeriod(closedPeriod(`${id} today`, words.today, region.today, o, region.ok_means, words)),
      closedPeriod(
        `${id} month`,
        words.soFar(words.month(region.month.from, zone)),
        region.month,
        o,
        region.ok_means,
        words,
      ),
    ],
    days: daysOf(region, snapshot, words),
    trend: trendOf(region, snapshot, name, words),
  };
}

/** So many regions' days are kept in words: of 30 targets with 10 regions each, some 10 MB of markup. */
const rememberedDays = rememberedViews<ClosedDays>(300);
const rememberedPeriods = rememberedViews<PeriodView>(1_200);
const rememberedTrends = rememberedViews<{ readonly view: TrendView | null }>(600);

/** The closed days change once a day: looked at once for each content, and drawn once. */
function daysOf({ region, journey, days }: RegionSnapshot, { target, today }: Snapshot, words: Words): DaysView {
  const closed = days.slice(0, -1);
  const kept = rememberedDays(`${target} ${region} ${journey}`, closed, () => closedDays(closed));
  return daysView(days, today, words, kept);
}

function trendOf(region: RegionSnapshot, snapshot: Snapshot, name: string, words: Words): TrendView | null {
  const { trend } = region;
  if (trend === undefined) return null;
  const limitMs = snapshot.objectives.latency_ms_p99;
  const front = frontWordsOf(words.language);
  const make = (): { view: TrendView | null } => ({ view: trendView({ trend }, name, limitMs, { words, front }) });
  return rememberedTrends(idOf(region, snapshot, words), [name, limitMs, trend], make).view;
}

/** Today and the month change once a minute, when one is closed. `id`: which of them. */
function closedPeriod(
  id: string,
  title: string,
  p: PeriodFigures,
  o: Objectives,
  meaning: OkMeaning,
  words: Words,
): PeriodView {
  return rememberedPeriods(id, [title, meaning, o, p], () => periodView(title, p, o, meaning, words));
}

/** Of one region's words in one language. */
function idOf({ region, journey }: RegionSnapshot, { target }: Snapshot, { language }: Words): string {
  return `${language} ${target} ${region} ${journey}`;
}

const rememberedRegions = rememberedViews<RegionView>(300);

/**
 * The same as `regionView`, which is the same object as long as nothing in it changed: a row is written when one region has news, and
 * the others have none. Of `now` a region's words know no more than its state and the clock of its last slot.
 */
export function regionViewKept(
  region: RegionSnapshot,
  snapshot: Snapshot,
  now: number,
  words: Words,
  hrefOf: RegionHref,
  clockZone: string,
): RegionView {
  const { objectives, today, time_zone: zone, target } = snapshot;
  const at = region.last_slot_at === null ? null : clock(region.last_slot_at, clockZone, now);
  const { name } = saidOf(region, snapshot, now, words);
  const told = [stateNow(region, now), at, name, hrefOf(target, region.region)];
  return rememberedRegions(idOf(region, snapshot, words), [told, objectives, today, zone, region], () =>
    regionView(region, snapshot, now, words, hrefOf, clockZone),
  );
}
