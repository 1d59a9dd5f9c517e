// The minutes in D1: each adds up, and is what its rounds fold to, field by field, or is owed. None without rounds, no
// rounds without a minute. And the series they belong to: numbered once, scheduled sanely, covering every minute.

import { FAILURE_KINDS, PHASES, UNFIT_REASONS } from "../../schema/words.ts";
import { expectedMinutes } from "../../workers/results/expected.ts";
import type { Schedule } from "../../workers/results/expected.ts";
import { count, decodeHistograms } from "../../workers/results/histogram.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import type { ArrivedRound } from "../../workers/results/minute.ts";
import { joinPairs } from "../../workers/results/pairs.ts";
import { assertAccounting } from "../../workers/results/round-record.ts";
import type { Findings } from "./findings.ts";
import type { Taken } from "./intake.ts";
import { periodOf, SERIES_SPAN, seriesOf } from "./state.ts";
import type { FleetState, MinuteRow } from "./state.ts";

/** Integers and texts that a minute and its row have under the same name. */
const SAME = [
  "revision",
  "slots",
  "rounds",
  "scheduled",
  "ok",
  "lost",
  "error",
  "connectFail",
  "notSent",
  "duplicate",
  "reordered",
  "corrupt",
  "foreign",
  "afterDeadline",
  "latencyMsMax",
  "lagMsMax",
  "afterDeadlineMsMax",
  "place",
  "heard",
  "reconnects",
  "queuedMsMax",
] as const;

export function inspectMinutes(state: FleetState, taken: readonly Taken[], findings: Findings): void {
  const versions = new Map(state.d1.configVersions.map((row) => [row.version, row.hash]));
  if (new Set(versions.values()).size !== versions.size) findings.bad("a configuration has two numbers");
  const rows = new Map(state.d1.minutes.map((row) => [row.id, row]));
  for (const row of state.d1.minutes) inspectMinute(row, versions, findings);
  inspectSeries(state, taken, findings);
  for (const collector of taken) inspectFolded(collector, rows, versions, findings);
}

function inspectMinute(row: MinuteRow, versions: ReadonlyMap<number, string>, findings: Findings): void {
  findings.count("minutes");
  const what = `D1 minute ${seriesOf(row.id)}/${periodOf(row.id)}`;
  const over = row.over.map(([limitMs, times]) => ({ limitMs, count: times }));
  findings.holds(what, () => assertAccounting({ ...row, over }));
  if (!versions.has(row.config)) findings.bad(`${what}: no configuration has the number ${row.config}`);
  if (UNFIT_REASONS[row.unfit] === undefined) findings.bad(`${what}: no reason has the number ${row.unfit}`);
  if (row.rounds < 1 || row.slots < row.rounds) findings.bad(`${what}: ${row.rounds} rounds in ${row.slots} slots`);
  const bad = row.lost + row.error;
  inspectLatency(what, row, findings);
  const failures = row.failures ?? [];
  const unknown = failures.filter(
    ([phase, kind]) =>
      !(PHASES as readonly string[]).includes(phase) || !(FAILURE_KINDS as readonly string[]).includes(kind),
  );
  if (unknown.length > 0) findings.bad(`${what}: unknown class of failure ${JSON.stringify(unknown)}`);
  findings.equal(`${what}: classes of failure`, sum(failures.map(([, , times]) => times)), row.error);
  findings.equal(`${what}: loss runs`, sum((row.lossRuns ?? []).map(([length]) => length)), bad);
}

/** Delivered ones are the histogram's values, lost and refused ones its infinite ones: in minutes and in any sum of them. */
export function inspectLatency(
  what: string,
  row: {
    readonly latency: Uint8Array;
    readonly connect: Uint8Array;
    readonly ok: number;
    readonly lost: number;
    readonly error: number;
    readonly latencyMsMax: number | null;
  },
  findings: Findings,
): void {
  findings.holds(what, () => {
    const set = decodeHistograms(row.latency);
    findings.equal(`${what}: values of latency`, sum(set.map(count)), row.ok);
    findings.equal(`${what}: infinite ones of latency`, sum(set.map((each) => each.infinite)), row.lost + row.error);
    findings.equal(`${what}: has a largest latency`, row.latencyMsMax !== null, row.ok > 0);
    decodeHistograms(row.connect);
  });
}

function inspectFolded(
  collector: Taken,
  rows: ReadonlyMap<number, MinuteRow>,
  versions: ReadonlyMap<number, string>,
  findings: Findings,
): void {
  const locals = new Map(collector.state.series.map((each) => [each.id, each]));
  const known = new Set<number>();
  for (const [key, rounds] of collector.byMinute) {
    const [local, minute] = key.split(" ").map(Number) as [number, number];
    const number = locals.get(local)?.number ?? null;
    const row = number === null ? undefined : rows.get(number * SERIES_SPAN + minute);
    if (row !== undefined) known.add(row.id);
    // What is owed may be in D1 as it was, or not at all.
    if (collector.due.has(key)) continue;
    const what = `${collector.target} minute ${key}`;
    if (row === undefined) {
      findings.bad(`${what}: has ${rounds.length} rounds, is not in D1 and not due`);
      continue;
    }
    // A few hundred rounds are forgotten at a time: the oldest minute may be left in part.
    if (minute <= collector.prunedBefore && rounds.length < row.rounds) continue;
    findings.count("minutes recounted from rounds");
    findings.holds(what, () => {
      const folded = foldMinute(minute, ...sidesOf(collector, local, minute, rounds));
      for (const field of SAME) findings.equal(`${what}: ${field}`, row[field], folded[field]);
      findings.equal(`${what}: unfit`, UNFIT_REASONS[row.unfit], folded.unfit);
      findings.equal(
        `${what}: over`,
        row.over,
        folded.over.map((each) => [each.limitMs, each.count]),
      );
      findings.equal(`${what}: latency`, decodeHistograms(row.latency), folded.latency);
      findings.equal(`${what}: connect`, decodeHistograms(row.connect), folded.connect);
      const failures = folded.failures.map((each) => [each.phase, each.kind, each.count]);
      findings.equal(`${what}: failures`, row.failures ?? [], failures);
      const lossRuns = folded.lossRuns.map((run) => [run.length, run.firstBadAt, run.nextGoodAt]);
      findings.equal(`${what}: loss runs`, row.lossRuns ?? [], lossRuns);
      findings.equal(`${what}: configuration`, versions.get(row.config), folded.configHash);
    });
  }
  const byNumber = new Map(collector.state.series.map((each) => [each.number, each.id]));
  for (const row of rows.values()) {
    const local = byNumber.get(seriesOf(row.id));
    if (local === undefined || known.has(row.id)) continue;
    if (periodOf(row.id) > collector.prunedBefore) {
      findings.bad(`D1 minute ${seriesOf(row.id)}/${periodOf(row.id)} of ${collector.target} has no rounds`);
    }
  }
}

/** The rounds of a minute as they are folded: those of a mesh joined with what the other side said in the same minute. */
function sidesOf(
  collector: Taken,
  local: number,
  minute: number,
  rounds: readonly ArrivedRound[],
): [rounds: readonly ArrivedRound[], witnesses: readonly ArrivedRound[]] {
  const own = collector.state.series.find((each) => each.id === local);
  if (own === undefined || own.peer === "") return [rounds, []];
  const back = collector.state.series.find(
    (each) => each.journey === own.journey && each.region === own.peer && each.peer === own.region,
  );
  const witnesses = collector.byMinute.get(`${back?.id} ${minute}`) ?? [];
  return [joinPairs(rounds, witnesses), witnesses];
}

function inspectSeries(state: FleetState, taken: readonly Taken[], findings: Findings): void {
  const collectors = new Map(taken.map((each) => [each.target, each]));
  const minutes = Map.groupBy(state.d1.minutes, (row) => seriesOf(row.id));
  const names = new Set<string>();
  for (const row of state.d1.series) {
    findings.count("series");
    const what = `series ${row.id} (${row.target} ${row.region} ${row.journey})`;
    const name = [row.target, row.region, row.journey, row.peer].join(" ");
    if (names.has(name)) findings.bad(`${what}: has two numbers`);
    names.add(name);
    const collector = collectors.get(row.target)?.state;
    const local = collector?.series.find(
      (each) => [row.target, each.region, each.journey, each.peer].join(" ") === name,
    );
    if (collector !== undefined && local?.number !== null)
      findings.equal(`${what}: number at its collector`, local?.number, row.id);
    const begun = collector?.identity[0]?.writesBegun;
    const newest = Math.max(row.asOf, ...(minutes.get(row.id) ?? []).map((minute) => minute.asOf));
    if (begun !== undefined && newest > begun)
      findings.bad(`${what}: as of write ${newest}, but only ${begun} were begun`);
    const schedules = row.schedules.map(([fromMinute, untilMinute, everyMs]) => ({ fromMinute, untilMinute, everyMs }));
    inspectSchedules(
      what,
      schedules,
      (minutes.get(row.id) ?? []).map((minute) => periodOf(minute.id)),
      findings,
    );
    minutes.delete(row.id);
  }
  for (const [number] of minutes) findings.bad(`minutes of series ${number}, which is not there`);
}

function inspectSchedules(
  what: string,
  schedules: readonly Schedule[],
  recorded: readonly number[],
  findings: Findings,
): void {
  const ordered = schedules.toSorted((a, b) => a.fromMinute - b.fromMinute);
  findings.equal(`${what}: schedules ascend`, schedules, ordered);
  // Throws where two hold the same minute.
  findings.holds(what, () => void expectedMinutes(schedules, 0, SERIES_SPAN));
  const minutes = recorded.toSorted((a, b) => a - b);
  let at = 0;
  for (const minute of minutes) {
    while (at < ordered.length && (ordered[at]?.untilMinute ?? Infinity) <= minute) at += 1;
    const schedule = ordered[at];
    const covers =
      schedule !== undefined &&
      schedule.fromMinute <= minute &&
      (schedule.everyMs <= 60_000 || (minute * 60_000) % schedule.everyMs === 0);
    if (!covers)
      findings.bad(`${what}: minute ${minute} was recorded, but no schedule expects it: ${JSON.stringify(schedules)}`);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
