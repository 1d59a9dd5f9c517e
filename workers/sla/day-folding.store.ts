// The days of a segment, folded: what is kept is taken, the rest is read from D1's hours a few days at a time. Reads and folds;
// decides nothing. Called by `judgement.store.ts`.

import type { Contract } from "../config/contracts/contract.ts";
import { canonicalJson } from "../config/canonical.ts";
import { decodeHistograms, encodeHistograms, mergeSets } from "../results/histogram.ts";
import { idOf } from "../results/rows.store.ts";
import type { StripMinute } from "../results/strip.ts";
import { DAY_SHAPE } from "./days.store.ts";
import type { DaysStore, FoldedDay } from "./days.store.ts";
import { foldPart } from "./fold.ts";
import type { JudgedHour, JudgedSeries, JudgeStore } from "./judge.store.ts";
import { mergeParts } from "./merge.ts";
import type { ExcludedSpan, Part } from "./part.ts";
import { daysOf } from "./periods.ts";
import type { SegmentLatency } from "./report.ts";
import type { SegmentTime } from "./results.ts";

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 1_440;
/**
 * Hours that are read at once, but a whole day always. Unpacked, one takes about 40 kB (bench): 500 are 20 MB of an object's 128,
 * and a day of 50 regions 48 MB.
 */
const HOURS_AT_ONCE = 500;
/**
 * Days of a region that one call folds and keeps before it lets others have their turn: at about a millisecond each (bench),
 * with 30 s of CPU for all. Those of the last days, which cannot be kept, come on top.
 */
const REGION_DAYS_AT_ONCE = 3_000;
/** A late record comes within seven days; a day more, since one writes when D1 is there. */
const SETTLED_MINUTES = 8 * DAY_MINUTES;

/** What the days of one segment are folded from. */
export interface SegmentMatter {
  readonly contract: Contract;
  /** Of its text. */
  readonly hash: string;
  readonly time: SegmentTime;
  /** Of the target, in the contract's regions and journeys. */
  readonly series: readonly JudgedSeries[];
  readonly spans: readonly ExcludedSpan[];
}

export interface FoldedSegment {
  readonly part: Part;
  readonly latency: readonly SegmentLatency[];
}

/** One day of one segment. */
interface Work {
  readonly day: Day;
  /** Not null: it is settled, and may be kept under this. */
  readonly madeOf: string | null;
}

/**
 * All segments, in one walk through time: an hour is read once, however many contracts judge it. Days that are settled are kept.
 * Null: so much had to be folded that the rest is left for another call, which finds what this one kept.
 */
export async function foldSegments(
  store: JudgeStore,
  days: DaysStore,
  matters: readonly SegmentMatter[],
  now: number,
): Promise<FoldedSegment[] | null> {
  const plans: Plan[] = [];
  for (const matter of matters) {
    const works = worksOf(matter, now);
    const settled = new Map(
      works.flatMap(({ day, madeOf: of }) => (of === null ? [] : [[day.fromMinute, of] as const])),
    );
    const known = await days.known(matter.contract.id, settled, now);
    plans.push({ matter, works, known, held: new Map() });
  }
  let kept = 0;
  for (const turn of inTurns(plans.flatMap(missingOf))) {
    if (kept >= REGION_DAYS_AT_ONCE) return null;
    const hours = await hoursOf(store, turn);
    for (const { plan, work } of turn) {
      const { contract } = plan.matter;
      const one = foldDay(plan.matter, hours, work.day);
      const from = work.day.fromMinute;
      if (work.madeOf !== null && (await days.put(contract.id, from, work.madeOf, one, now))) {
        plan.known.add(from);
        kept += contract.regions.length;
      } else plan.held.set(from, one);
    }
  }
  const folded: FoldedSegment[] = [];
  for (const plan of plans) folded.push(await sumOf(days, plan));
  return folded;
}

/** The same from D1's hours alone, whatever is kept: what is frozen is made of nothing else. */
export async function foldAnew(
  store: JudgeStore,
  matters: readonly SegmentMatter[],
  now: number,
): Promise<FoldedSegment[]> {
  const sums = new Map(matters.map((matter) => [matter, summing(matter)] as const));
  const missing = matters.flatMap((matter) =>
    missingOf({ matter, works: worksOf(matter, now), known: new Set(), held: new Map() }),
  );
  for (const turn of inTurns(missing)) {
    const hours = await hoursOf(store, turn);
    // Each day is added at once and let go: a year of them is too much for an object's memory.
    for (const { plan, work } of turn) sums.get(plan.matter)?.add(foldDay(plan.matter, hours, work.day));
  }
  return [...sums.values()].map((sum) => sum.done());
}

/** What is done for one segment: its days, which of them are kept, and those that are not. */
interface Plan {
  readonly matter: SegmentMatter;
  readonly works: readonly Work[];
  readonly known: Set<number>;
  readonly held: Map<number, FoldedDay>;
}

interface Missing {
  readonly plan: Plan;
  readonly work: Work;
}

function missingOf(plan: Plan): Missing[] {
  return plan.works.filter(({ day }) => !plan.known.has(day.fromMinute)).map((work) => ({ plan, work }));
}

/** All days added up. Kept ones are read a few at a time. */
async function sumOf(days: DaysStore, { matter, works, known, held }: Plan): Promise<FoldedSegment> {
  const sum = summing(matter);
  const keptDays = works.flatMap(({ day }) => (known.has(day.fromMinute) ? [day.fromMinute] : []));
  const reading = days.read(matter.contract.id, keptDays);
  for (const { day } of works) {
    const own = held.get(day.fromMinute) ?? (await reading.next()).value;
    if (own === undefined) throw new Error(`${matter.contract.id}: a day is neither kept nor folded`);
    sum.add(own);
  }
  return sum.done();
}

/** A segment's days are added in order of time. */
function summing({ contract, time }: SegmentMatter) {
  let part = foldPart(contract, time.fromMinute, time.fromMinute, time.fromMinute, [], []);
  const latency = new Map<string, SegmentLatency>();
  return {
    add(day: FoldedDay): void {
      part = mergeParts(part, day.part);
      for (const each of day.latency) {
        const key = `${each.region} ${each.journey}`;
        latency.set(key, addLatency(latency.get(key), each));
      }
    },
    done: (): FoldedSegment => ({ part, latency: [...latency.values()] }),
  };
}

function addLatency(before: SegmentLatency | undefined, day: FoldedDay["latency"][number]): SegmentLatency {
  const { region, journey, hex, maxMs } = day;
  const set = decodeHistograms(Buffer.from(hex, "hex"));
  const maxima = [before?.maxMs ?? null, maxMs].filter((ms) => ms !== null);
  return {
    region,
    journey,
    set: before === undefined ? set : mergeSets([before.set, set]),
    maxMs: maxima.length === 0 ? null : Math.max(...maxima),
  };
}

function worksOf(matter: SegmentMatter, now: number): Work[] {
  const { contract, time } = matter;
  const settledBefore = Math.floor(now / MINUTE_MS) - SETTLED_MINUTES;
  return daysOf(time.fromMinute, time.throughMinute, contract.period.zone).map((day) => ({
    day,
    madeOf: day.toMinute <= settledBefore ? madeOf(matter, day) : null,
  }));
}

/** Days whose hours are read at once, in order of time. */
function inTurns(missing: readonly Missing[]): Missing[][] {
  const turns: Missing[][] = [];
  const series = new Set(missing.flatMap(({ plan }) => plan.matter.series.map((each) => each.id))).size;
  const days = Math.max(1, Math.floor(HOURS_AT_ONCE / (24 * Math.max(1, series))));
  let from = -Infinity;
  for (const each of [...missing].sort((a, b) => a.work.day.fromMinute - b.work.day.fromMinute)) {
    const turn = turns.at(-1);
    if (turn !== undefined && each.work.day.fromMinute < from + days * DAY_MINUTES) turn.push(each);
    else {
      turns.push([each]);
      from = each.work.day.fromMinute;
    }
  }
  return turns;
}

/** The hours of all these days, of all their series, in one query. By series. */
async function hoursOf(
  store: JudgeStore,
  turn: readonly Missing[],
): Promise<ReadonlyMap<number, readonly JudgedHour[]>> {
  const ids = new Set(turn.flatMap(({ plan }) => plan.matter.series.map((each) => each.id)));
  const from = Math.floor(Math.min(...turn.map(({ work }) => work.day.fromMinute)) / HOUR_MINUTES);
  const to = Math.ceil(Math.max(...turn.map(({ work }) => work.day.toMinute)) / HOUR_MINUTES);
  const hours = await store.hours([...ids].map((id) => [idOf(id, from), idOf(id, to)] as const));
  const bySeries = new Map<number, JudgedHour[]>([...ids].map((id) => [id, []]));
  for (const hour of hours) bySeries.get(hour.series)?.push(hour);
  return bySeries;
}

interface Day {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Everything that a folded day depends on, but the minutes themselves. */
function madeOf({ hash, time, series, spans }: SegmentMatter, day: Day): string {
  const own = spans.filter((span) => span.fromMinute < day.toMinute && span.toMinute > day.fromMinute);
  const schedules = series.map((each) => [
    each.id,
    each.schedules.map((one) => [one.fromMinute, one.untilMinute, one.everyMs]),
  ]);
  return canonicalJson([DAY_SHAPE, hash, time.fromMinute, day.toMinute, schedules, own.map((span) => ({ ...span }))]);
}

function foldDay(
  { contract, time, series, spans }: SegmentMatter,
  hours: ReadonlyMap<number, readonly JudgedHour[]>,
  day: Day,
): FoldedDay {
  // Where a zone is off by half an hour, a day's first and last hour are shared with its neighbours.
  const touched = (id: number): JudgedHour[] =>
    (hours.get(id) ?? []).filter(
      ({ hour }) => (hour + 1) * HOUR_MINUTES > day.fromMinute && hour * HOUR_MINUTES < day.toMinute,
    );
  const streams = series.map(({ id, region, journey, schedules }) => ({
    region,
    journey,
    schedules,
    minutes: minutesOf(touched(id)),
  }));
  const part = foldPart(contract, time.fromMinute, day.fromMinute, day.toMinute, streams, spans);
  const latency = placesOf(series).map(({ region, journey, ids }) => {
    // Each hour is shown with the day that it begins in, so that none is shown twice.
    const own = ids.flatMap((id) => touched(id).filter(({ hour }) => hour * HOUR_MINUTES >= day.fromMinute));
    const maxima = own.flatMap((hour) => (hour.latencyMsMax === null ? [] : [hour.latencyMsMax]));
    return {
      region,
      journey,
      hex: Buffer.from(encodeHistograms(mergeSets(own.map((hour) => hour.latency)))).toString("hex"),
      maxMs: maxima.length === 0 ? null : Math.max(...maxima),
    };
  });
  return { part, latency };
}

function minutesOf(hours: readonly JudgedHour[]): Map<number, StripMinute> {
  const minutes = new Map<number, StripMinute>();
  for (const { hour, strip } of hours)
    for (const [minute, counts] of strip) minutes.set(hour * HOUR_MINUTES + minute, counts);
  return minutes;
}

/** Region and journey with the numbers of its series: `mesh` has one a peer. */
function placesOf(series: readonly JudgedSeries[]) {
  const places = new Map<string, { region: string; journey: JudgedSeries["journey"]; ids: number[] }>();
  for (const { id, region, journey } of series) {
    const key = `${region} ${journey}`;
    const place = places.get(key) ?? { region, journey, ids: [] };
    place.ids.push(id);
    places.set(key, place);
  }
  return [...places.values()];
}
