// What the page reads: each snapshot says what the rows say that were written with it, never older and never newer ones;
// its own counts add up; the front row is made of exactly these snapshots, and of the parts that are kept beside them.

import type { IncidentsPart, MaintenancePart } from "../../workers/incidents/front-parts.ts";
import type { Incident } from "../../workers/incidents/incident.ts";
import { isPublic } from "../../workers/incidents/life.ts";
import { dayOf, monthOf } from "../../workers/results/calendar.ts";
import type { Schedule } from "../../workers/results/expected.ts";
import { expectedMinutes } from "../../workers/results/expected.ts";
import type { PeriodFigures, RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import type { BoardPart } from "../../workers/sla/board.ts";
import type { Findings } from "./findings.ts";
import { MINUTE_MS, SERIES_SPAN, seriesOf } from "./state.ts";
import type { CalendarRow, FleetState } from "./state.ts";

/** Up to here the front row holds whole snapshots, beyond it their summaries (front.store.ts says why). */
const WHOLE_CHARACTERS = 1_200_000;

export function inspectPage(state: FleetState, findings: Findings): void {
  const rows = new Map([
    ...state.d1.days.map((row) => [`d${row.id}`, row] as const),
    ...state.d1.months.map((row) => [`m${row.id}`, row] as const),
  ]);
  for (const row of state.d1.snapshots) {
    findings.count("snapshots");
    findings.holds(`snapshot ${row.target}`, () => {
      const snapshot = JSON.parse(row.body) as Snapshot;
      findings.equal(
        `snapshot ${row.target}: target, composed`,
        [snapshot.target, snapshot.composed_at],
        [row.target, row.composedAt],
      );
      const bare = snapshot.regions.map((region) => ({ ...region, days: [], others: undefined, trend: undefined }));
      // As it was written: what is undefined is not there.
      const summary = JSON.parse(JSON.stringify({ ...snapshot, matrix: [], regions: bare })) as Snapshot;
      findings.equal(`snapshot ${row.target}: summary`, JSON.parse(row.summary), summary);
      for (const region of snapshot.regions) {
        inspectRegion(state, rows, row.asOf, snapshot, region, findings);
        inspectOthers(state, rows, row.asOf, snapshot, region, findings);
      }
    });
    if (state.targets.includes(row.target)) inspectTogether(state, row.target, row.asOf, findings);
  }
  inspectFront(state, findings);
}

/** One batch writes both, so no row of a target is newer than its snapshot. */
function inspectTogether(state: FleetState, target: string, asOf: number, findings: Findings): void {
  const own = new Set(state.d1.series.filter((row) => row.target === target).map((row) => row.id));
  for (const table of ["minutes", "hours", "days", "months"] as const) {
    const newer = state.d1[table].filter((row) => own.has(seriesOf(row.id)) && row.asOf > asOf);
    if (newer.length > 0)
      findings.bad(`${newer.length} ${table} of ${target} are newer than its snapshot (write ${asOf})`);
  }
}

function inspectRegion(
  state: FleetState,
  rows: ReadonlyMap<string, CalendarRow>,
  asOf: number,
  snapshot: Snapshot,
  region: RegionSnapshot,
  findings: Findings,
): void {
  findings.count("regions in snapshots");
  const what = `snapshot ${snapshot.target}, ${region.region}`;
  const series = state.d1.series.find(
    (row) =>
      row.target === snapshot.target &&
      row.region === region.region &&
      row.journey === region.journey &&
      row.peer === "",
  );
  const minute = Math.floor(snapshot.composed_at / MINUTE_MS);
  const [today, month] = [dayOf(minute, snapshot.time_zone), monthOf(minute, snapshot.time_zone)];
  findings.equal(`${what}: today`, snapshot.today, today.text);
  findings.equal(`${what}: trend of today`, region.trend?.at(-1), [region.today.latency.p50, region.today.latency.p99]);
  const rowOf = (kind: "d" | "m", number: number): CalendarRow | undefined =>
    series === undefined ? undefined : rows.get(`${kind}${series.id * SERIES_SPAN + number}`);
  inspectPeriod(`${what}: today`, region.today, rowOf("d", today.number), asOf, findings);
  inspectPeriod(`${what}: month`, region.month, rowOf("m", month.number), asOf, findings);
  if (series !== undefined && series.asOf <= asOf) {
    const schedules = series.schedules.map(([fromMinute, untilMinute, everyMs]): Schedule => ({
      fromMinute,
      untilMinute,
      everyMs,
    }));
    for (const [name, figures] of [
      ["today", region.today],
      ["month", region.month],
    ] as const) {
      const [from, to] = [figures.from / MINUTE_MS, figures.to / MINUTE_MS];
      // Minutes that wait for their seal (90 s after their end) are not expected yet: three at most.
      const scheduled = expectedMinutes(schedules, from, Math.max(from, to));
      const open = scheduled - figures.minutes_expected;
      if (open < 0 || open > 3)
        findings.bad(`${what}: ${name}: expects ${figures.minutes_expected} of ${scheduled} minutes`);
    }
  }
  findings.equal(`${what}: number of days`, region.days.length, 90);
  region.days.forEach((counts, i) => {
    const row = rowOf("d", today.number - 89 + i);
    if (row === undefined)
      return findings.equal(`${what}: day ${i} has no row`, counts?.slice(1) ?? [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]);
    if (row.asOf > asOf) return;
    const { minutesUp, minutesDegraded, minutesDown, ok, lost, error } = row;
    findings.equal(`${what}: day ${i}`, counts?.slice(1), [
      minutesUp,
      minutesDegraded,
      minutesDown,
      ok + lost + error,
      ok,
    ]);
  });
  const { recent } = region;
  if (recent !== null)
    findings.equal(`${what}: recent adds up`, recent.attempted, recent.ok + recent.lost + recent.error);
}

/** The other journeys of a region: each from its own series, and none mixed with another. */
function inspectOthers(
  state: FleetState,
  rows: ReadonlyMap<string, CalendarRow>,
  asOf: number,
  snapshot: Snapshot,
  { region, others = [] }: RegionSnapshot,
  findings: Findings,
): void {
  const minute = Math.floor(snapshot.composed_at / MINUTE_MS);
  const [today, month] = [dayOf(minute, snapshot.time_zone), monthOf(minute, snapshot.time_zone)];
  for (const other of others) {
    findings.count("other journeys in snapshots");
    const what = `snapshot ${snapshot.target}, ${region}, ${other.journey}`;
    const series = state.d1.series.find(
      (row) => row.target === snapshot.target && row.region === region && row.journey === other.journey,
    );
    const rowOf = (key: string): CalendarRow | undefined =>
      series === undefined ? undefined : rows.get(`${key[0]}${series.id * SERIES_SPAN + Number(key.slice(1))}`);
    inspectPeriod(`${what}: today`, other.today, rowOf(`d${today.number}`), asOf, findings);
    inspectPeriod(`${what}: month`, other.month, rowOf(`m${month.number}`), asOf, findings);
    const { phases, connect } = other.month;
    findings.equal(`${what}: phases`, phases !== null, other.journey === "connect");
    if (phases === null) continue;
    // Those of the refused have no parts.
    const parts = [phases.handshake.samples, phases.login.samples];
    findings.equal(`${what}: phases are of the same sessions`, parts[0], parts[1]);
    if (phases.login.samples > connect.samples) findings.bad(`${what}: more parts than sessions`);
  }
}

function inspectPeriod(
  what: string,
  figures: PeriodFigures,
  row: CalendarRow | undefined,
  asOf: number,
  findings: Findings,
): void {
  findings.count("periods in snapshots");
  const { ok, lost, error, not_sent: notSent } = figures;
  findings.equal(`${what}: messages add up`, figures.scheduled, ok + lost + error + notSent);
  findings.equal(`${what}: samples`, figures.latency.samples, ok + lost + error);
  const known = figures.minutes_up + figures.minutes_degraded + figures.minutes_down;
  findings.equal(`${what}: minutes add up`, figures.minutes_expected, known + figures.minutes_unmeasured);
  if (figures.minutes_unmeasured < 0) findings.bad(`${what}: ${figures.minutes_unmeasured} minutes unmeasured`);
  if (row !== undefined && row.asOf > asOf) return;
  const shown = [known, figures.minutes_up, figures.minutes_degraded, figures.minutes_down, ok, lost, error, notSent];
  const more = [figures.duplicate, figures.reordered, figures.corrupt, figures.latency.max_ms];
  if (row === undefined)
    findings.equal(`${what}: nothing is stored`, [...shown, ...more], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null]);
  else {
    const { minutesUp, minutesDegraded, minutesDown, duplicate, reordered, corrupt, latencyMsMax } = row;
    const minutes = [minutesUp + minutesDegraded + minutesDown, minutesUp, minutesDegraded, minutesDown];
    const stored = [...minutes, row.ok, row.lost, row.error, row.notSent, duplicate, reordered, corrupt, latencyMsMax];
    findings.equal(`${what}: as stored`, [...shown, ...more], stored);
  }
}

function inspectFront(state: FleetState, findings: Findings): void {
  const own = state.d1.snapshots.filter((row) => state.targets.includes(row.target));
  const front = state.d1.front[0];
  if (state.d1.front.length > 1) findings.bad("two front rows");
  if (front === undefined) {
    if (own.length > 0) findings.bad("there are snapshots and no front row");
    return;
  }
  // No configured target has anything to show yet: then the row is still what it was.
  if (own.length === 0) return;
  findings.count("front rows");
  findings.holds("front row", () => {
    const row = JSON.parse(front.body) as FrontBody;
    const parts = row.parts.map((each) => JSON.stringify(each));
    const characters = own.reduce((sum, each) => sum + each.body.length, 0) + parts.join(",").length;
    const whole = characters <= WHOLE_CHARACTERS;
    const bodies = row.snapshots.map((each) => JSON.stringify(each)).sort();
    findings.equal("front row", bodies, own.map((each) => (whole ? each.body : each.summary)).sort());
    const newest = Math.max(...own.map((each) => each.composedAt));
    if (front.composedAt < newest) findings.bad(`front row: composed at ${front.composedAt}, a snapshot at ${newest}`);
    inspectParts(state, row, findings);
  });
}

interface FrontBody {
  readonly version: 2;
  readonly snapshots: readonly Snapshot[];
  readonly parts: readonly (IncidentsPart | MaintenancePart | BoardPart)[];
  readonly left_out?: readonly string[];
}

/** As they are kept, all that belong there, and nothing that is not for everybody. */
function inspectParts(state: FleetState, row: FrontBody, findings: Findings): void {
  const shown = row.parts.map((each) => JSON.stringify(each));
  const kept = state.d1.frontParts.filter((each) => state.targets.includes(each.target));
  for (const body of shown)
    if (!kept.some((each) => each.body === body)) findings.bad("front row: a part that is not kept, or of nobody");
  for (const { key, body } of kept) {
    const isOut = key.startsWith("board/") || row.left_out?.includes(key) === true;
    if (!isOut && !shown.includes(body)) findings.bad(`front row: it lacks ${key}`);
  }
  const incidents = new Map(state.d1.incidents.map((each) => [each.id, JSON.parse(each.body) as Incident]));
  for (const part of row.parts) {
    for (const { id } of part.part === "incidents" ? [...part.live, ...part.past] : []) {
      findings.count("incidents of the front row");
      const incident = incidents.get(id);
      // One that D1 is owed still is not there; what kind it is was said when it was opened.
      if (incident !== undefined && !isPublic(incident)) findings.bad(`front row: ${id} is not for everybody`);
    }
  }
}
