// From the segments of a period to its row: which series and exclusions belong to a segment, where the edges of its outages lie,
// and the report as it is stored, with its hash. Reads D1 for edges and texts, writes nothing. Called by `judgement.store.ts`.

import { canonicalJson } from "../config/canonical.ts";
import type { Config, Target } from "../config/config.ts";
import type { Contract, SlotsObjective } from "../config/contracts/contract.ts";
import { sha256Of } from "../config/hex.ts";
import { SOFTWARE } from "../config/software.ts";
import type { LossRun } from "../results/records.ts";
import { idOf } from "../results/rows.store.ts";
import { countedRuns } from "./availability.ts";
import type { FoldedSegment, SegmentMatter } from "./day-folding.store.ts";
import { judgeExclusions } from "./exclusions.ts";
import type { DaysStore } from "./days.store.ts";
import type { KeptIncidents } from "./incident-times.ts";
import type { IncidentsStore } from "./incidents.store.ts";
import type { FrozenPeriod, JudgedSeries, JudgeStore, ReportRow } from "./judge.store.ts";
import type { LookedStore } from "./looked.store.ts";
import type { BadRun } from "./part.ts";
import type { PeriodSpan, VersionSpan } from "./periods.ts";
import type { ExclusionRecord, TicketEvent } from "./records.ts";
import type { RecordsStore } from "./records.store.ts";
import { composeReport } from "./report.ts";
import type { JudgedSegment, ReportMatter } from "./report.ts";
import type { JudgedExclusion, Report } from "./report-shape.ts";
import type { RunInstants, SegmentTime } from "./results.ts";
import { readClocks } from "./support.ts";

const MINUTE_MS = 60_000;
/** A minute is written a second or two after its seal (minute.ts, 90 s): until then it is not yet silent. */
const WRITTEN_AFTER_MS = 120_000;
/** Runs of one objective in one scope whose edges are looked up, the longest: two rows each and region. */
const EDGES_LOOKED_UP = 20;

export interface JudgeStores {
  readonly d1: JudgeStore;
  readonly records: Pick<RecordsStore, "exclusionsOf" | "ticketEventsOf">;
  readonly incidents: IncidentsStore;
  readonly days: DaysStore;
  /** What a frozen period was last made of, and when it was looked at; lost with the object, it is looked at again. */
  readonly looked: LookedStore;
}

/** What the verdicts on one contract are made of. */
export interface Judging {
  readonly stores: JudgeStores;
  readonly config: Config;
  readonly target: Target;
  readonly id: string;
  /** All versions of the configuration, ascending. */
  readonly versions: readonly Contract[];
  readonly series: readonly JudgedSeries[];
  readonly exclusions: readonly ExclusionRecord[];
  readonly tickets: readonly TicketEvent[];
  readonly incidents: KeptIncidents;
  readonly frozen: readonly FrozenPeriod[];
  /** The first minute that anything was measured in. */
  readonly since: number;
  readonly now: number;
}

/** A version of a contract in the part of a period where it holds, ready to be folded. */
export interface Prepared extends SegmentMatter {
  readonly text: string;
  /** All records of the period, on its first segment; none on the others. */
  readonly judged: readonly JudgedExclusion[];
}

/** Without those segments that have not begun yet. */
export async function prepare(judging: Judging, segments: readonly VersionSpan[]): Promise<Prepared[]> {
  const begun = segments.flatMap(({ contract, fromMinute, toMinute }) => {
    const time = timeOf(contract, fromMinute, toMinute, judging.now);
    return time === null ? [] : [{ contract, time }];
  });
  const { spans, judged } = judgeExclusions(
    begun.map(({ contract, time }) => ({ contract, fromMinute: time.fromMinute, toMinute: time.toMinute })),
    judging.exclusions,
  );
  const prepared: Prepared[] = [];
  for (const [at, { contract, time }] of begun.entries()) {
    const journeys = new Set(contract.objectives.flatMap((each) => (each.kind === "duration" ? [] : [each.journey])));
    const series = judging.series.filter(
      (each) => contract.regions.includes(each.region) && journeys.has(each.journey),
    );
    const text = canonicalJson(withoutFee(contract));
    const hash = await sha256Of(text);
    prepared.push({ contract, hash, text, time, series, spans: spans[at] ?? [], judged: at === 0 ? judged : [] });
  }
  return prepared;
}

/** Judged up to the newest whole slot whose minutes are written; null: nothing of it is. */
function timeOf({ objectives }: Contract, fromMinute: number, toMinute: number, now: number): SegmentTime | null {
  // Of 1, 5 and 10 minutes: the longest ends with all others, counted from the beginning of the segment.
  const slotMinutes = Math.max(1, ...objectives.map((each) => (each.kind === "slots" ? each.slotMinutes : 1)));
  const written = Math.min(toMinute, Math.floor((now - WRITTEN_AFTER_MS) / MINUTE_MS));
  const throughMinute = written === toMinute ? toMinute : written - ((written - fromMinute) % slotMinutes);
  return throughMinute <= fromMinute ? null : { fromMinute, toMinute, throughMinute };
}

/** The row of a report. `before`: the one that it takes the place of, or corrects; null: the period has none. */
export async function rowOf(
  judging: Judging,
  period: PeriodSpan,
  prepared: readonly Prepared[],
  folded: readonly FoldedSegment[],
  before: Report | null,
  revision: Pick<ReportMatter, "closed" | "revision" | "replaces">,
): Promise<ReportRow> {
  const { config, target, id, versions, incidents, now } = judging;
  const segments: JudgedSegment[] = [];
  for (const [at, one] of prepared.entries()) {
    const part = folded[at];
    if (part === undefined) throw new Error(`a segment of ${id} ${period.name} was not folded`);
    segments.push(await judgedSegment(judging, one, part, before));
  }
  const clocks = readClocks(versions, ticketsIn(judging.tickets, period), now);
  // What a frozen report says of how it was measured stays, whatever is measured now.
  const frozen = before?.period.closed === true ? before : null;
  const told = { clocks, incidents, frozen, software: SOFTWARE, now };
  const matter = { config, target, versions, period, segments, ...told, ...revision };
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
    hash: await sha256Of(body),
    body,
    money: money === null ? null : canonicalJson(money),
  };
}

async function judgedSegment(
  judging: Judging,
  one: Prepared,
  folded: FoldedSegment,
  before: Report | null,
): Promise<JudgedSegment> {
  const { contract, hash, text, time, judged } = one;
  const { d1 } = judging.stores;
  return {
    contract,
    hash,
    seenAt: await d1.seenAt(contract.id, contract.version, hash, text, judging.now),
    time,
    ...folded,
    exclusions: judged,
    instantsOf: await edgesOf(judging, one, folded, before),
  };
}

/** A run of an objective in a scope, by the minute that it begins with. */
const keyOf = (region: string | null, objective: string, fromMinute: number, toMinute: number): string =>
  `${region ?? ""} ${objective} ${fromMinute} ${toMinute}`;

/**
 * First bad and next good message of runs: as the report before says, where it does, since its minutes may be gone by now; else, of
 * the longest, from the minutes at their edges.
 */
async function edgesOf(
  judging: Judging,
  { contract, series }: Prepared,
  { part }: FoldedSegment,
  before: Report | null,
): Promise<JudgedSegment["instantsOf"]> {
  const known = knownEdges(before);
  const wanted = part.scopes.flatMap(({ region, objectives }) =>
    contract.objectives.flatMap((objective) => {
      const own = objectives.find((each) => each.id === objective.id);
      if (objective.kind !== "slots" || own?.kind !== "slots") return [];
      const unknown = countedRuns(objective, own.applied).filter(
        (run) => !known.has(keyOf(region, objective.id, run.fromMinute, run.toMinute)),
      );
      const longest = unknown.toSorted((a, b) => b.down - a.down).slice(0, EDGES_LOOKED_UP);
      return longest.map((run) => ({ objective, region, run, ids: idsOf(series, region, objective) }));
    }),
  );
  const ranges = wanted.flatMap(({ run, ids }) =>
    ids.flatMap((id) =>
      [run.fromMinute, run.toMinute - 1].map((minute) => [idOf(id, minute), idOf(id, minute + 1)] as const),
    ),
  );
  const rows = ranges.length === 0 ? [] : await judging.stores.d1.lossRuns(ranges);
  const runsOf = new Map(rows.map((row) => [row.id, row.runs]));
  for (const { objective, region, run, ids } of wanted)
    known.set(keyOf(region, objective.id, run.fromMinute, run.toMinute), edges(run, ids, runsOf));
  const nothing = { firstBadAt: null, nextGoodAt: null };
  return (region, objective, run) => known.get(keyOf(region, objective, run.fromMinute, run.toMinute)) ?? nothing;
}

function edges(run: BadRun, ids: readonly number[], runsOf: ReadonlyMap<number, readonly LossRun[]>): RunInstants {
  const at = (minute: number) => ids.flatMap((id) => runsOf.get(idOf(id, minute)) ?? []);
  const firsts = at(run.fromMinute).map((loss) => loss.firstBadAt);
  const lasts = at(run.toMinute - 1).flatMap((loss) => (loss.nextGoodAt === null ? [] : [loss.nextGoodAt]));
  return {
    firstBadAt: firsts.length === 0 ? null : Math.min(...firsts),
    nextGoodAt: lasts.length === 0 ? null : Math.max(...lasts),
  };
}

function idsOf(series: readonly JudgedSeries[], region: string | null, { journey }: SlotsObjective): number[] {
  return series
    .filter((each) => each.journey === journey && (region === null || each.region === region))
    .map((each) => each.id);
}

/** Those that the report before tells wholly; of others the minutes may tell more by now. */
function knownEdges(before: Report | null): Map<string, RunInstants> {
  const known = new Map<string, RunInstants>();
  for (const segment of before?.segments ?? [])
    for (const scope of segment.scopes)
      for (const objective of scope.objectives)
        for (const run of objective.kind === "slots" ? objective.runs : []) {
          if (run.first_bad_at === null || run.next_good_at === null) continue;
          const key = keyOf(scope.region, objective.id, run.from / MINUTE_MS, run.to / MINUTE_MS);
          known.set(key, { firstBadAt: run.first_bad_at, nextGoodAt: run.next_good_at });
        }
  return known;
}

function withoutFee({ fee: _fee, ...terms }: Contract): Omit<Contract, "fee"> {
  return terms;
}

/** All events of the tickets that were opened in the period. */
export function ticketsIn(events: readonly TicketEvent[], period: PeriodSpan): readonly TicketEvent[] {
  const [from, to] = [period.fromMinute * MINUTE_MS, period.toMinute * MINUTE_MS];
  const opened = new Set(
    events.filter(({ kind, at }) => kind === "opened" && at >= from && at < to).map((event) => event.ticket),
  );
  return events.filter((event) => opened.has(event.ticket));
}
