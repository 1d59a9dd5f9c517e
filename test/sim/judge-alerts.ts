// Holds what arrived at the receivers of a simulated year against what had to: nothing missing, nothing twice, nothing after the end, in
// order, and given up only when a day was tried, which the fallback then hears. Pure. Called by `simulate.ts`.

import { expectedOf, episodesOf } from "./expected-alerts.ts";
import type { Around, Episode } from "./expected-alerts.ts";
import { alertingOf } from "./alertings.ts";
import type { Arrival } from "./receivers.ts";
import { isIn } from "./rounds.ts";
import type { Disk, Row } from "./stores.ts";
import type { Span } from "./truth.ts";
import type { Year } from "./year.ts";

const DAY_MS = 86_400_000;
/** A try that is under way when something ends still arrives; one that died is repeated. */
const FLIGHT_MS = 45_000;
const AHEAD_MS = 60_000;

export interface AlertFigures {
  /** Messages as receivers keep them, each once, and how often one came again. */
  readonly arrived: number;
  readonly again: number;
  readonly must: number;
  readonly never: number;
  readonly may: number;
  /** Bad times of which nobody can say by hand who had to be told. */
  readonly unsaid: number;
  readonly givenUp: number;
  readonly dropped: number;
  /** Incidents of most regions at once; and pages about single regions just before, which are then told as over. */
  readonly globals: number;
  readonly pagesAhead: number;
  readonly alertFaults: readonly string[];
}

export function judgeAlerts(year: Year): AlertFigures {
  const faults: string[] = [];
  const counts = { must: 0, never: 0, may: 0, unsaid: 0 };
  const alerting = alertingOf(year.seed);
  const isQuiet = alerting.routes.some(({ quiet }) => quiet !== null);
  const byIncident = Map.groupBy(year.receivers.arrivals, ({ incident }) => incident);
  for (const disk of [year.service, year.keepers]) {
    for (const [id, events] of disk.events) {
      const [opened] = events;
      if (opened?.change.kind !== "opened") continue;
      const { audience, scope, of } = opened.change;
      // An outage of most regions explains whatever else is bad, a brown-out only brown-outs.
      const held = globalSpans(year.service, of === "outage" ? ["outage"] : ["outage", of]);
      const around: Around = { audience, scope, isQuiet, maintenance: year.truth.maintenance, held };
      for (const episode of episodesOf(events)) {
        const rows = disk.of(id).filter(({ key }) => key.startsWith(`${id}/${episode.number}/`));
        const keys = new Set(rows.map(({ key }) => key));
        const arrivals = (byIncident.get(id) ?? []).filter(({ key }) => keys.has(key));
        judgeExpected(`${id}/${episode.number}`, episode, around, rows, arrivals, counts, faults);
        for (const [channel, own] of Map.groupBy(rows, (row) => row.channel))
          judgeLine(`${id}/${episode.number} on ${channel}`, episode, own, ofChannel(arrivals, channel), faults);
        judgeGivenUp(year, rows, faults);
      }
    }
  }
  const all = [...year.service.rows, ...year.keepers.rows];
  for (const { key, state } of all) if (state === "waiting") faults.push(`${key} waits for ever`);
  const arrived = new Set(year.receivers.arrivals.map(({ key }) => key)).size;
  return {
    arrived,
    again: year.receivers.arrivals.length - arrived,
    ...counts,
    givenUp: all.filter(({ state }) => state === "given_up").length,
    dropped: all.filter(({ state }) => state === "dropped").length,
    ...aheadOf(year),
    alertFaults: faults,
  };
}

function aheadOf({ service, receivers }: Year): { readonly globals: number; readonly pagesAhead: number } {
  const isGlobal = (id: string): boolean => {
    const change = service.events.get(id)?.[0]?.change;
    return change?.kind === "opened" && change.of === "outage" && change.scope === "global";
  };
  const ahead = new Set<string>();
  for (const [id, events] of service.events) {
    const merged = events.find(({ change }) => change.kind === "merged");
    if (merged?.change.kind !== "merged" || !isGlobal(merged.change.into)) continue;
    if (merged.recordedAt - (events[0]?.recordedAt ?? 0) < AHEAD_MS) ahead.add(id);
  }
  const pages = receivers.arrivals.filter(({ incident, kind }) => kind === "trigger" && ahead.has(incident));
  return {
    globals: [...service.events.keys()].filter(isGlobal).length,
    pagesAhead: new Set(pages.map(({ key }) => key)).size,
  };
}

function ofChannel(arrivals: readonly Arrival[], channel: string): Arrival[] {
  return arrivals.filter((arrival) => arrival.channel === channel);
}

function globalSpans(disk: Disk, kinds: readonly string[]): Span[] {
  return [...disk.events.values()].flatMap((events) => {
    const [opened] = events;
    if (opened?.change.kind !== "opened" || opened.change.scope !== "global") return [];
    if (!kinds.includes(opened.change.of)) return [];
    // Flapping or not: it is open until it is restored.
    const spans: { fromAt: number; toAt: number }[] = [];
    for (const { change, recordedAt } of events) {
      const last = spans.at(-1);
      if (change.kind === "opened" || change.kind === "reopened") spans.push({ fromAt: recordedAt, toAt: Infinity });
      else if (last?.toAt === Infinity && (change.kind === "restored" || change.kind === "merged"))
        last.toAt = recordedAt;
    }
    return spans;
  });
}

function judgeExpected(
  name: string,
  episode: Episode,
  around: Around,
  rows: readonly Row[],
  arrivals: readonly Arrival[],
  counts: { must: number; never: number; may: number; unsaid: number },
  faults: string[],
): void {
  const expected = expectedOf(episode, around);
  if (expected === null) {
    counts.unsaid += 1;
    return;
  }
  for (const { channel, word } of expected) {
    counts[word] += 1;
    const isThere = ofChannel(arrivals, channel).some(({ kind }) => kind === "trigger");
    const isGivenUp = rows.some((row) => row.channel === channel && row.state === "given_up");
    if (word === "must" && !isThere && !isGivenUp) faults.push(`${name}: ${channel} was never told`);
    if (word === "never" && isThere) faults.push(`${name}: ${channel} was told and should not`);
  }
}

/** One episode on one channel. */
function judgeLine(
  name: string,
  { toAt }: Episode,
  rows: readonly Row[],
  arrivals: readonly Arrival[],
  faults: string[],
): void {
  const firsts = [...new Map([...arrivals].reverse().map((arrival) => [arrival.key, arrival])).values()].reverse();
  const inOrder = [...firsts].sort((a, b) => a.at - b.at);
  const openings = inOrder.filter(({ kind, key }) => kind === "trigger" && !key.includes("/again/"));
  const resolves = inOrder.filter(({ kind }) => kind === "resolve");
  const isGivenUp = (kind: Row["kind"]): boolean => rows.some((row) => row.kind === kind && row.state === "given_up");
  if (openings.length > 1) faults.push(`${name}: two triggers, ${openings.map(({ key }) => key).join(" and ")}`);
  if (resolves.length > 1) faults.push(`${name}: two resolves`);
  const isRefused = rows.some(({ kind, gaveUp }) => kind === "trigger" && gaveUp !== null && gaveUp !== "too_long");
  const isTooLong = rows.some(({ kind, gaveUp }) => kind === "trigger" && gaveUp === "too_long");
  // Whoever took a trigger and answered that it did not hears no more: the fallback does.
  if (openings.length > 0 && resolves.length === 0 && !isGivenUp("resolve") && !isRefused)
    faults.push(`${name}: told, and not that it is over`);
  if (resolves.length > 0 && openings.length === 0 && !isTooLong)
    faults.push(`${name}: told that it is over, and not that it was`);
  if (openings.length > 0 && inOrder[0]?.kind !== "trigger") faults.push(`${name}: begins with ${inOrder[0]?.key}`);
  if (resolves[0] !== undefined && inOrder.at(-1) !== resolves[0])
    faults.push(`${name}: ${inOrder.at(-1)?.key} after it is over`);
  for (const { key, kind } of inOrder) {
    const row = rows.find((each) => each.key === key);
    // The fallback hears what was given up whenever that was.
    const isInstead = key.includes("/instead/");
    if (row !== undefined && kind !== "resolve" && !isInstead && row.dueAt > toAt + FLIGHT_MS)
      faults.push(`${name}: ${key} was due after the end`);
  }
  for (const [i, one] of inOrder.entries()) {
    const next = inOrder[i + 1];
    const last = arrivals.findLast(({ key }) => key === one.key);
    if (next !== undefined && last !== undefined && last.at > next.at)
      faults.push(`${name}: ${one.key} came again after ${next.key}`);
  }
}

function judgeGivenUp(year: Year, rows: readonly Row[], faults: string[]): void {
  for (const row of rows) {
    if (row.state !== "given_up") continue;
    const { key, channel, firstTriedAt, tryAt, kind } = row;
    const around = { fromAt: tryAt - FLIGHT_MS, toAt: tryAt };
    const isRefused = year.truth.channels.some(
      (each) =>
        each.channel === channel &&
        (each.mode === "refusing" || each.mode === "gone") &&
        (isIn(each, around.fromAt) || isIn(each, around.toAt) || isIn(around, each.fromAt)),
    );
    if (!isRefused && tryAt - (firstTriedAt ?? tryAt) < DAY_MS) faults.push(`${key} was given up within a day`);
    if (channel === "mail") continue;
    const mail = rows.filter((each) => each.channel === "mail" && each.state !== "dropped");
    const isTold = mail.some((each) => each.key.includes(`/instead/${channel}/`));
    const isOut = mail.some((each) => each.state === "given_up");
    const isOver = mail.some((each) => each.kind === "resolve");
    if (!isTold && !isOut && !isOver) faults.push(`${key} (${kind}) was given up, and the fallback knows nothing`);
  }
}
