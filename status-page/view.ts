// Everything the page says, from the snapshots, the present instant and a language. Pure: decisions are made here and
// in the files it calls, the JSX only prints. Called by pages/, once for each rendering.

import { matrixStates, matrixView } from "./matrix-view.ts";
import type { MatrixView } from "./matrix-view.ts";
import { OK_MEANINGS } from "../schema/words.ts";
import type { OkMeaning, State } from "../schema/words.ts";
import type { PeriodFigures, PrintableQuantile, RegionSnapshot, Snapshot } from "../workers/results/snapshot-shape.ts";
import { availability, floorShare, quantile, rankOf } from "./figures.ts";
import type { QuantileView } from "./figures.ts";
import { isUtc, stamp, zoneName } from "./instants.ts";
import { journeyViews } from "./journeys-view.ts";
import type { RegionInFull } from "./journeys-view.ts";
import { anchor, plainLabel } from "./labels.ts";
import { availabilityView, delivery, regionViewKept, saidOf, stateNow } from "./region-view.ts";
import { WORST_FIRST, sentenceOf, sentenceOfAll, worst } from "./sentence.ts";
import type { Said } from "./sentence.ts";
import type { RegionHref } from "./region-view.ts";
import type { MethodFacts, Verdict, Words } from "./words/words.ts";

/** One objective over all regions of a target, this month. */
export interface Tile {
  readonly title: string;
  readonly text: string;
  /** Which region, counts, or the interval. */
  readonly notes: readonly string[];
  readonly target: string;
  /** The judgement in words, and which sign stands beside it. */
  readonly judged: string | null;
  readonly sign: Verdict | null;
}

type Counts = readonly { readonly state: State; readonly text: string }[];

export interface TargetView {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly driver: string;
  readonly state: State;
  readonly sentence: string;
  readonly counts: Counts;
  readonly period: string;
  /** That these figures are about no deliveries, where that is so. */
  readonly noDelivery: string | null;
  readonly tiles: readonly Tile[];
  /** Null where the target is one row among several: a hundred targets in full are no page, and cost 200 ms. */
  readonly detail: {
    readonly regions: readonly RegionInFull[] /** Null where the target has no mesh. */;
    readonly matrix: MatrixView | null;
    readonly methodLines: readonly string[];
  } | null;
  /** The place of each region's state in WORST_FIRST. */
  readonly judged: string;
}

export interface PageView {
  readonly state: State;
  readonly sentence: string;
  readonly asOf: string;
  readonly composedAt: number;
  readonly counts: Counts;
  /** Worst first. */
  readonly targets: readonly TargetView[];
  /** Changes whenever something was judged otherwise, though no new data came: part of the ETag. */
  readonly judged: string;
}

/** Pages of ours that are there to be linked to. */
export interface Onward {
  readonly here: boolean;
  readonly method: boolean;
  readonly incidents: boolean;
  readonly regions: boolean;
}

/** Where the view's links lead, and in which zone its instants are printed; null: the target's own. */
export interface Ways {
  readonly target: (target: string) => string;
  readonly region: RegionHref;
  readonly zone: string | null;
}

/** The page for these snapshots; null when there is none, which is "nothing measured yet". */
export function pageView(snapshots: readonly Snapshot[], now: number, words: Words, ways: Ways): PageView | null {
  const single = snapshots.length === 1;
  const targets = snapshots
    .map((snapshot) => targetView(snapshot, now, words, ways, single))
    .toSorted((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const [only] = targets;
  const oldest = snapshots.toSorted((a, b) => a.composed_at - b.composed_at)[0];
  if (only === undefined || oldest === undefined) return null;
  const asOf = asOfText(oldest, now, words, ways.zone);
  return {
    state: worst(targets.map((t) => t.state)),
    sentence: single ? only.sentence : sentenceOfAll(targets, words),
    asOf: single ? asOf : words.oldestOf(asOf, targets.length),
    composedAt: oldest.composed_at,
    counts: single
      ? only.counts
      : countsOf(
          targets.map((t) => t.state),
          words,
        ),
    targets,
    judged: targets.map((t) => t.judged).join("."),
  };
}

/** States of all other journeys: shown, and in no sentence. */
function othersOf(snapshot: Snapshot, now: number): State[] {
  const journeys = snapshot.regions.flatMap((region) =>
    (region.others ?? []).map((other) => stateNow(other, now).state),
  );
  return [...journeys, ...matrixStates(snapshot, now)];
}

function asOfText(snapshot: Snapshot, now: number, words: Words, chosen: string | null): string {
  const { composed_at: at } = snapshot;
  const zone = chosen ?? snapshot.time_zone;
  return words.dataAsOf(stamp(at, zone), isUtc(zone) ? null : stamp(at, "UTC"), words.ago(now - at));
}

function countsOf(states: readonly State[], words: Words): Counts {
  return WORST_FIRST.map((state) => ({ state, n: states.filter((s) => s === state).length }))
    .filter(({ n }) => n > 0)
    .map(({ state, n }) => ({ state, text: words.stateCount(n, state) }));
}

function targetView(snapshot: Snapshot, now: number, words: Words, ways: Ways, inFull: boolean): TargetView {
  const regions = snapshot.regions.map((region) => saidOf(region, snapshot, now, words));
  const states = regions.map((r) => r.state);
  const meaning = meaningOf(snapshot);
  const month = snapshot.regions[0]?.month.from ?? snapshot.composed_at;
  const clockZone = ways.zone ?? snapshot.time_zone;
  return {
    id: anchor("t", snapshot.target),
    href: ways.target(snapshot.target),
    name: plainLabel(snapshot.label[words.language], snapshot.target),
    driver: snapshot.driver.toUpperCase(),
    state: worst(states),
    sentence: sentenceOf(regions, words),
    counts: countsOf(states, words),
    period: words.soFar(words.month(month, snapshot.time_zone)),
    noDelivery: meaning === "delivered" ? null : words.noDelivery[meaning],
    tiles: tilesOf(snapshot, regions, words),
    detail: inFull
      ? {
          regions: snapshot.regions.map((region) => ({
            view: regionViewKept(region, snapshot, now, words, ways.region, clockZone),
            journeys: journeyViews(region, snapshot, now, words, clockZone),
          })),
          matrix: matrixView(snapshot, now, words),
          methodLines: words.methodLines(methodFacts(snapshot, words)),
        }
      : null,
    judged: [...states, ...othersOf(snapshot, now)].map((state) => WORST_FIRST.indexOf(state)).join(""),
  };
}

/** What the figures of a target may claim of messages: the least that any of its series does. Connecting sends none. */
function meaningOf(snapshot: Snapshot): OkMeaning {
  const messages = snapshot.regions.filter((r) => r.journey !== "connect");
  return OK_MEANINGS.toReversed().find((meaning) => messages.some((r) => r.ok_means === meaning)) ?? "delivered";
}

function tilesOf(snapshot: Snapshot, regions: readonly Said[], words: Words): readonly Tile[] {
  const o = snapshot.objectives;
  const names = regions.map((r) => r.name);
  const meaning = meaningOf(snapshot);
  return [
    availabilityTile(snapshot.regions, names, o.availability, words),
    deliveryTile(snapshot.regions, meaning, o.delivery, words),
    latencyTile(words.latencyOf[meaning], snapshot.regions, names, (p) => p.latency, o.latency_ms_p99, words),
    latencyTile(words.connecting, snapshot.regions, names, (p) => p.connect, o.connect_ms_p99, words),
  ];
}

/** Regions are not averaged: the lowest is named. */
function availabilityTile(
  regions: readonly RegionSnapshot[],
  names: readonly string[],
  objective: number,
  words: Words,
): Tile {
  const all = regions.map((r, i) => {
    const good = r.month.minutes_up + r.month.minutes_degraded;
    const measured = good + r.month.minutes_down;
    const { verdict } = availability(r.month, objective);
    return { month: r.month, name: names[i] ?? "", ratio: measured > 0 ? good / measured : null, verdict };
  });
  const [lowest] = all
    .filter((r) => r.ratio !== null)
    .toSorted((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0) || b.month.minutes_unmeasured - a.month.minutes_unmeasured);
  const target = words.targetAtLeast(words.target(objective));
  const title = words.availability;
  if (lowest === undefined) {
    return { title, text: words.noData, notes: [], target, judged: null, sign: null };
  }
  const shown = availabilityView(lowest.month, objective, words);
  // One breach is a breach; met is said only if it is true of every region.
  const verdict: Verdict = all.some((r) => r.verdict === "breached")
    ? "breached"
    : all.every((r) => r.verdict === "met")
      ? "met"
      : "undetermined";
  const agreeing = all.filter((r) => (verdict === "undetermined" ? r.verdict !== "met" : r.verdict === verdict));
  const same = all.every(
    (r) => r.ratio === lowest.ratio && r.month.minutes_unmeasured === lowest.month.minutes_unmeasured,
  );
  const where = all.length === 1 ? [] : [same ? words.sameEverywhere : words.lowestOf(lowest.name)];
  return {
    title,
    text: shown.text,
    notes: shown.interval === null ? where : [...where, shown.interval],
    target,
    judged: words.verdictIn(verdict, agreeing.length, all.length),
    sign: verdict,
  };
}

/** Counts of regions do add up. The contract's verdict on delivery needs statistics, so none is given here. */
function deliveryTile(regions: readonly RegionSnapshot[], meaning: OkMeaning, objective: number, words: Words): Tile {
  const sumOf = (of: (month: PeriodFigures) => number): number => regions.reduce((all, r) => all + of(r.month), 0);
  const sum = (field: "ok" | "lost" | "error" | "not_sent" | "late"): number => sumOf((month) => month[field]);
  const counts = {
    ok: sum("ok"),
    lost: sum("lost"),
    error: sum("error"),
    not_sent: sum("not_sent"),
    late: sum("late"),
    ...(regions.every((r) => r.month.late_of === undefined) ? {} : { late_of: sumOf((m) => m.late_of ?? m.ok) }),
  };
  const share = floorShare(counts.ok, counts.ok + counts.lost + counts.error);
  const shown = delivery(counts, meaning, words);
  const notes = shown.missing === null ? [shown.text] : [shown.text, shown.missing];
  return {
    title: words.okRate[meaning],
    text: share === null ? words.noData : words.percent(share),
    notes: share === null ? [] : notes,
    target: words.targetAtLeast(words.target(objective)),
    judged: null,
    sign: null,
  };
}

/** Percentiles are never averaged, and without histograms not merged: the highest region is named. */
function latencyTile(
  title: string,
  regions: readonly RegionSnapshot[],
  names: readonly string[],
  pick: (period: PeriodFigures) => PeriodFigures["latency"],
  limitMs: number,
  words: Words,
): Tile {
  const all = regions.map((r, i) => ({ figures: pick(r.month), name: names[i] ?? "" }));
  const [highest] = all
    .filter((r) => r.figures.p99 !== null)
    .toSorted((a, b) => rankOf(b.figures.p99) - rankOf(a.figures.p99));
  const p99: PrintableQuantile = highest?.figures.p99 ?? null;
  const samples = highest?.figures.samples ?? all.reduce((most, r) => Math.max(most, r.figures.samples), 0);
  const shown: QuantileView = quantile("P99", p99, samples, limitMs, words);
  const where = highest === undefined || all.length === 1 ? [] : [words.highestOf(highest.name)];
  return {
    title: `${title} P99`,
    text: p99 === null ? words.noData : shown.text,
    notes: [...where, shown.why ?? words.samples(samples)],
    target: words.targetBelow(words.duration(limitMs)),
    judged: shown.judged,
    sign: shown.ok === null ? null : shown.ok ? "met" : "breached",
  };
}

function methodFacts(snapshot: Snapshot, words: Words): MethodFacts {
  const o = snapshot.objectives;
  return {
    every: words.duration(snapshot.every_ms),
    messages: snapshot.messages,
    gapMs: snapshot.gap_ms,
    deadline: words.duration(snapshot.deadline_ms),
    connectDeadline: words.duration(snapshot.connect_deadline_ms),
    downShare: words.target(o.down_share),
    degradedShare: words.target(o.degraded_share),
    latencyLimit: words.duration(o.latency_ms_p99),
    zone: zoneName(snapshot.time_zone),
    okMeans: meaningOf(snapshot),
  };
}
