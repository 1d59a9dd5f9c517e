// Judges all contracts of one target: the open period each time, a closed one until it is frozen, and again when something that
// it was made of has changed. Reads first, then decides, then writes one row. Whatever fails is tried again as a whole.

import { canonicalJson } from "../config/canonical.ts";
import type { Config, Target } from "../config/config.ts";
import type { Contract } from "../config/contracts/contract.ts";
import { hexOf } from "../config/hex.ts";
import { SOFTWARE } from "../config/software.ts";
import { idOf, SERIES_SPAN } from "../results/rows.store.ts";
import type { DaysStore } from "./days.store.ts";
import { foldSegments } from "./day-folding.store.ts";
import type { FoldedSegment, SegmentMatter } from "./day-folding.store.ts";
import { judgeExclusions } from "./exclusions.ts";
import type { JudgedSeries, JudgeStore, ReportRow } from "./judge.store.ts";
import type { LookedStore } from "./looked.store.ts";
import type { BadRun } from "./part.ts";
import { periodAt, periodsBetween, segmentsOf } from "./periods.ts";
import type { PeriodSpan } from "./periods.ts";
import type { ExclusionRecord, TicketEvent } from "./records.ts";
import type { RecordsStore } from "./records.store.ts";
import { composeReport, contentOf } from "./report.ts";
import type { JudgedSegment, ReportMatter } from "./report.ts";
import type { JudgedExclusion, Report } from "./report-shape.ts";
import type { RunInstants, SegmentTime } from "./results.ts";
import { readClocks } from "./support.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A minute is written a second or two after its seal (minute.ts, 90 s): until then it is not yet silent. */
const WRITTEN_AFTER_MS = 120_000;
/** A period is frozen so long after its end: regions that were cut off for a while have delivered. Later comes a revision. */
const FROZEN_AFTER_MS = 3_600_000;
/** Late records come for seven days. */
const LATE_MS = 8 * DAY_MS;
/** Hours are kept for 400 days; of an older period some may be gone, which must not pass for silence. */
const KEPT_MS = 399 * DAY_MS;
/** All slots end with these minutes (1, 5 and 10), counted from the beginning of a segment. */
const SLOT_MINUTES = 10;
/** Runs whose edges are looked up in the minutes: two rows a run and region. */
const EDGES_LOOKED_UP = 100;

export interface JudgeStores {
  readonly d1: JudgeStore;
  readonly records: Pick<RecordsStore, "exclusionsOf" | "ticketEventsOf">;
  readonly days: DaysStore;
  /** What a frozen period was last made of, and when it was looked at; lost with the object, it is looked at again. */
  readonly looked: LookedStore;
}

/** What is to come next: more at once, since so much is judged in one call and no more; the first minute; or the next turn. */
export type Next = "more" | "first" | "turn";

export async function judgeTarget(stores: JudgeStores, config: Config, target: Target, now: number): Promise<Next> {
  const contracts = config.contracts.filter((contract) => contract.target === target.id);
  if (contracts.length === 0) return "turn";
  const series = await stores.d1.seriesOf(target.id);
  const begun = series.flatMap((each) => each.schedules.map((schedule) => schedule.fromMinute));
  // Nothing was ever measured: there is nothing to say, not even that it was silent.
  if (begun.length === 0) return "first";
  const since = Math.min(...begun);
  const exclusions = await stores.records.exclusionsOf(target.id);
  const all: Judging[] = [];
  for (const id of new Set(contracts.map((contract) => contract.id))) {
    const versions = contracts.filter((contract) => contract.id === id);
    const tickets = await stores.records.ticketEventsOf(id);
    all.push({ stores, config, target, id, versions, series, exclusions, tickets, since, now });
  }
  if (!(await judgeOpen(stores, all, now))) return "more";
  for (const judging of all) if (await judgePast(judging)) return "more";
  return "turn";
}

/** What the verdicts on one contract are made of. */
interface Judging {
  readonly stores: JudgeStores;
  readonly config: Config;
  readonly target: Target;
  readonly id: string;
  readonly versions: readonly Contract[];
  readonly series: readonly JudgedSeries[];
  readonly exclusions: readonly ExclusionRecord[];
  readonly tickets: readonly TicketEvent[];
  /** The first minute that anything was measured in. */
  readonly since: number;
  readonly now: number;
}

/** A version of a contract in the part of a period where it holds, ready to be folded. */
interface Prepared extends SegmentMatter {
  readonly judged: readonly JudgedExclusion[];
  readonly text: string;
}

/** False: so many days had to be folded that it takes another call. */
async function judgeOpen(stores: JudgeStores, all: readonly Judging[], now: number): Promise<boolean> {
  const open: { judging: Judging; period: PeriodSpan; prepared: readonly Prepared[] }[] = [];
  for (const judging of all) {
    const period = periodAt(judging.versions, Math.floor(now / MINUTE_MS));
    if (period === null) continue;
    await stores.days.forgetBefore(judging.id, period.fromMinute);
    const prepared = await prepare(judging, period);
    if (prepared.length > 0) open.push({ judging, period, prepared });
  }
  const matters = open.flatMap((each) => each.prepared);
  const folded = await foldSegments(stores.d1, stores.days, matters, now);
  if (folded === null) return false;
  const partOf = new Map(matters.map((matter, at) => [matter, folded[at]] as const));
  for (const { judging, period, prepared } of open) {
    const revision = { closed: false, revision: 0, replaces: null };
    await stores.d1.writeOpen(await rowOf(judging, period, prepared, (one) => partOf.get(one), revision));
  }
  return true;
}

/** Closed periods: frozen once, looked at again while something may still change them. At most one is judged in a call. */
async function judgePast(judging: Judging): Promise<boolean> {
  const { stores, id, versions, since, now } = judging;
  const from = Math.max(since, Math.ceil((now - KEPT_MS) / MINUTE_MS));
  const closedThrough = Math.floor((now - FROZEN_AFTER_MS) / MINUTE_MS);
  const past = periodsBetween(versions, from, closedThrough).filter(
    // One that began before anything was measured is judged with what there is; one whose hours may be gone is not.
    (period) => period.toMinute <= closedThrough && now - period.fromMinute * MINUTE_MS < KEPT_MS,
  );
  const frozen = await stores.d1.frozen(id);
  for (const period of past) {
    const isFrozen = frozen.has(period.name);
    const madeOf = inputsOf(judging, period);
    const looked = await stores.looked.get(id, period.name);
    const mayBeLate = now - period.toMinute * MINUTE_MS < LATE_MS && now - (looked?.at ?? 0) > FROZEN_AFTER_MS;
    if (isFrozen && looked?.madeOf === madeOf && !mayBeLate) continue;
    await freeze(judging, period);
    await stores.looked.put(id, period.name, { madeOf, at: now });
    return true;
  }
  return false;
}

/** Writes the next revision, unless the newest says the same already. */
async function freeze(judging: Judging, period: PeriodSpan): Promise<void> {
  const { d1 } = judging.stores;
  const prepared = await prepare(judging, period);
  // What is frozen is made of D1's hours alone, never of a copy.
  const folded = await foldSegments(d1, null, prepared, judging.now);
  const foldedOf = (one: Prepared): FoldedSegment | undefined => folded?.[prepared.indexOf(one)];
  const newest = await d1.newest(judging.id, period.name);
  const isFirst = newest === null || newest.revision === 0;
  const replaces = isFirst ? null : { revision: newest.revision, hash: newest.hash };
  const revision = { closed: true, revision: isFirst ? 1 : newest.revision + 1, replaces };
  const row = await rowOf(judging, period, prepared, foldedOf, revision);
  const isNews = isFirst || contentText(row.body) !== contentText(newest.body) || row.money !== newest.money;
  if (isNews) await d1.freeze(row);
}

function contentText(body: string): string {
  return canonicalJson(contentOf(JSON.parse(body) as Report));
}

async function prepare(judging: Judging, period: PeriodSpan): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const segment of segmentsOf(judging.versions, period)) {
    const { contract } = segment;
    const time = timeOf(segment, judging.now);
    // It has not begun yet.
    if (time.throughMinute < time.fromMinute) continue;
    const journeys = new Set(contract.objectives.flatMap((each) => (each.kind === "duration" ? [] : [each.journey])));
    const series = judging.series.filter(
      (each) => contract.regions.includes(each.region) && journeys.has(each.journey),
    );
    const { spans, judged } = judgeExclusions(contract, time, judging.exclusions);
    const text = canonicalJson(withoutFee(contract));
    prepared.push({ contract, hash: await sha256(text), text, time, series, spans, judged });
  }
  return prepared;
}

async function rowOf(
  judging: Judging,
  period: PeriodSpan,
  prepared: readonly Prepared[],
  foldedOf: (one: Prepared) => FoldedSegment | undefined,
  revision: Pick<ReportMatter, "closed" | "revision" | "replaces">,
): Promise<ReportRow> {
  const { config, target, id, versions, now } = judging;
  const segments: JudgedSegment[] = [];
  for (const one of prepared) {
    const folded = foldedOf(one);
    if (folded === undefined) throw new Error(`a segment of ${id} ${period.name} was not folded`);
    segments.push(await judgedSegment(judging, one, folded));
  }
  const clocks = readClocks(versions, ticketsIn(judging.tickets, period), now);
  const matter = { config, target, versions, period, segments, clocks, ...revision, software: SOFTWARE, now };
  const { report, money } = composeReport(matter);
  const body = canonicalJson(report);
  return {
    contract: id,
    period: period.name,
    revision: report.revision,
    target: target.id,
    fromAt: report.period.from,
    toAt: report.period.to,
    composedAt: now,
    contractSays: report.contract_says,
    verdict: report.verdict,
    creditPct: report.credit.pct,
    hash: await sha256(body),
    body,
    money: money === null ? null : canonicalJson(money),
  };
}

async function judgedSegment(judging: Judging, one: Prepared, folded: FoldedSegment): Promise<JudgedSegment> {
  const { contract, hash, text, time, series, judged } = one;
  const { d1 } = judging.stores;
  const runs = folded.part.scopes.flatMap((scope) =>
    scope.objectives.flatMap((each) =>
      each.kind === "slots" ? each.applied.runs.map((run) => ({ region: scope.region, run })) : [],
    ),
  );
  return {
    contract,
    hash,
    seenAt: await d1.seenAt(contract.id, contract.version, hash, text, judging.now),
    time,
    ...folded,
    exclusions: judged,
    schedulesOf: (region, journey) =>
      series.filter((each) => each.region === region && each.journey === journey).map((each) => each.schedules),
    instantsOf: await edgesOf(d1, series, runs),
  };
}

/** Judged up to the newest whole slot whose minutes are written. */
function timeOf({ fromMinute, toMinute }: { fromMinute: number; toMinute: number }, now: number): SegmentTime {
  const written = Math.min(toMinute, Math.floor((now - WRITTEN_AFTER_MS) / MINUTE_MS));
  const whole = written === toMinute ? toMinute : written - ((written - fromMinute) % SLOT_MINUTES);
  return { fromMinute, toMinute, throughMinute: whole };
}

/** First bad and next good message of the longest runs, from the minutes at their edges. */
async function edgesOf(
  store: JudgeStore,
  series: readonly JudgedSeries[],
  all: readonly { readonly region: string | null; readonly run: BadRun }[],
): Promise<(region: string | null, run: BadRun) => RunInstants> {
  const longest = [...all].sort((a, b) => b.run.down - a.run.down).slice(0, EDGES_LOOKED_UP);
  const ownOf = (region: string | null): readonly JudgedSeries[] =>
    series.filter((each) => region === null || each.region === region);
  const ranges = longest.flatMap(({ region, run }) =>
    ownOf(region).flatMap(({ id }) =>
      [run.fromMinute, run.toMinute - 1].map((minute) => [idOf(id, minute), idOf(id, minute + 1)] as const),
    ),
  );
  const rows = ranges.length === 0 ? [] : await store.lossRuns(ranges);
  return (region, run) => {
    const ids = new Set(ownOf(region).map((each) => each.id));
    const at = (minute: number) =>
      rows.flatMap((row) =>
        row.id % SERIES_SPAN === minute && ids.has(Math.floor(row.id / SERIES_SPAN)) ? row.runs : [],
      );
    const firsts = at(run.fromMinute).map((loss) => loss.firstBadAt);
    const lasts = at(run.toMinute - 1).flatMap((loss) => (loss.nextGoodAt === null ? [] : [loss.nextGoodAt]));
    return {
      firstBadAt: firsts.length === 0 ? null : Math.min(...firsts),
      nextGoodAt: lasts.length === 0 ? null : Math.max(...lasts),
    };
  };
}

/** What a report of this period is made of, but the minutes: when it differs, the period is judged again. */
function inputsOf({ versions, exclusions, tickets }: Judging, period: PeriodSpan): string {
  const isIn = (fromAt: number, toAt: number): boolean =>
    fromAt < period.toMinute * MINUTE_MS && toAt > period.fromMinute * MINUTE_MS;
  return canonicalJson([
    segmentsOf(versions, period).map((each) => each.contract),
    exclusions.filter((each) => isIn(each.fromAt, each.toAt)).map((each) => each.id),
    ticketsIn(tickets, period).map((each) => each.id),
  ]);
}

/** All events of the tickets that were opened in the period. */
function ticketsIn(events: readonly TicketEvent[], period: PeriodSpan): readonly TicketEvent[] {
  const opened = new Set(
    events
      .filter(
        ({ kind, at }) => kind === "opened" && at >= period.fromMinute * MINUTE_MS && at < period.toMinute * MINUTE_MS,
      )
      .map((event) => event.ticket),
  );
  return events.filter((event) => opened.has(event.ticket));
}

function withoutFee({ fee: _fee, ...terms }: Contract): Omit<Contract, "fee"> {
  return terms;
}

async function sha256(text: string): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}
