// Holds the incidents of a simulated year against what was true: what was missed, how late the rest was found, what was told
// without being so, what was split in two and what never ended. Answers figures and sentences of fault. Pure. Called by `simulate.ts`.

import type { Bout } from "./bouts.ts";
import { boutsOf } from "./bouts.ts";
import { clock } from "./duty.ts";
import type { Span, Trouble } from "./truth.ts";
import { DAY } from "./truth.ts";
import type { Year } from "./year.ts";

const MINUTE_MS = 60_000;
/** Trouble so near to other trouble of its region is no longer the simple case that a table of delays is about. */
const APART_MS = 60 * MINUTE_MS;
/** So much of an outage in one piece without the fleet's own trouble must be enough. */
const ENOUGH_MS = 10 * MINUTE_MS;
/** A prober that was away is trusted again, and its Duty asked again, within this. */
const AFTERMATH_MS = 20 * MINUTE_MS;
/** Outages of most regions are one incident. */
const WIDE = 6;
const AFTER_SLOT_MS = 10_000;
const BLIND_TOLD_MS = 10 * MINUTE_MS;

export interface IncidentFigures {
  /** From the first lost message until it is an incident, of outages with nothing else around. */
  readonly delaysMs: readonly number[];
  /** An outage in a region counts once for each region. */
  readonly outages: number;
  readonly missed: number;
  readonly short: number;
  readonly shortFound: number;
  readonly brownouts: number;
  readonly brownoutsFound: number;
  readonly incidents: number;
  /** Bad times of a region that were over when they became known. */
  readonly afterwards: number;
  /** Service incidents that nothing true is behind, and those of them that paged somebody. */
  readonly falseIncidents: number;
  readonly falsePages: number;
  readonly probePages: number;
  readonly blindTroubles: number;
  readonly faults: readonly string[];
}

export function judgeIncidents(year: Year): IncidentFigures {
  const faults: string[] = [];
  const bouts = boutsOf(year.service.events);
  const found = judgeOutages(year, bouts, faults);
  const brownouts = judgeBrownouts(year, bouts);
  const untrue = judgeUntrue(year, bouts, faults);
  judgeEnds(year, bouts, faults);
  const blindTroubles = judgeBlind(year, faults);
  const afterwards = bouts.filter(isAfterwards).length;
  return { ...found, ...brownouts, ...untrue, blindTroubles, afterwards, incidents: year.service.events.size, faults };
}

function overlaps(a: Span, b: Span): boolean {
  return a.fromAt < b.toAt && b.fromAt < a.toAt;
}

function spanOf({ fromAt, toAt }: Pick<Bout, "fromAt" | "toAt">): Span {
  return { fromAt, toAt: toAt ?? Number.MAX_SAFE_INTEGER };
}

function widened({ fromAt, toAt }: Span, beforeMs: number, afterMs: number): Span {
  return { fromAt: fromAt - beforeMs, toAt: toAt + afterMs };
}

function shortestMs({ truth }: Year): number {
  return truth.everyMs === 60_000 ? 90_000 : 30_000;
}

function isAlone({ truth }: Year, trouble: Trouble, region: string): boolean {
  const around = widened(trouble, APART_MS, APART_MS);
  return truth.troubles.every(
    (other) => other === trouble || !other.regions.includes(region) || !overlaps(around, other),
  );
}

/** A Duty that dies while it should ask for confirm rounds is back too late for an outage that is that short. */
function isDead({ deaths, truth }: Year, { fromAt, toAt }: Trouble): boolean {
  return toAt - fromAt < 3 * truth.everyMs && deaths.some((at) => at > fromAt && at < toAt + AFTER_SLOT_MS);
}

function isProbed({ truth }: Year, region: string, span: Span): boolean {
  return truth.probe.every((each) => each.region !== region || !overlaps(span, jumped(each, truth.everyMs)));
}

/** A clock that jumped ahead has written slots that are still to come: until then no other one is newer. */
function jumped(each: Year["truth"]["probe"][number], everyMs: number): Span {
  return each.kind === "clock" ? widened(each, 0, Math.max(0, each.slots) * everyMs) : each;
}

/** The longest piece of it in which the fleet was well. */
function seenMs({ truth }: Year, trouble: Trouble, region: string): number {
  let [from, longest] = [trouble.fromAt, 0];
  for (const each of truth.probe) {
    const away = jumped(each, truth.everyMs);
    if (each.region !== region || !overlaps(trouble, away)) continue;
    longest = Math.max(longest, away.fromAt - from);
    from = Math.max(from, away.toAt);
  }
  return Math.max(longest, trouble.toAt - from);
}

function judgeOutages(year: Year, bouts: readonly Bout[], faults: string[]) {
  const delaysMs: number[] = [];
  const counts = { outages: 0, missed: 0, short: 0, shortFound: 0 };
  for (const trouble of year.truth.troubles) {
    if (trouble.kind !== "outage") continue;
    const wide = new Set<string>();
    let known = 0;
    for (const region of trouble.regions) {
      const own = bouts.filter((bout) => bout.region === region && overlaps(spanOf(bout), trouble));
      const outages = own.filter(({ kind }) => kind === "outage");
      const isShort = trouble.toAt - trouble.fromAt < shortestMs(year);
      const begin = widened({ fromAt: trouble.fromAt, toAt: trouble.fromAt }, AFTERMATH_MS, AFTERMATH_MS);
      const isAlike = isAlone(year, trouble, region);
      const isClean = isAlike && isProbed(year, region, begin);
      const isDue = isClean ? !isShort && !isDead(year, trouble) : seenMs(year, trouble, region) >= ENOUGH_MS;
      if (isClean && isShort) {
        counts.short += 1;
        if (outages.length > 0) counts.shortFound += 1;
      }
      if (isDue) counts.outages += 1;
      if (isDue && outages.length === 0) {
        counts.missed += 1;
        faults.push(`${named(trouble)} in ${region} was missed`);
      }
      const firstLost = year.firstLost.get(`${trouble.id}/${region}`);
      if (isClean && !isShort && outages.length > 0 && firstLost !== undefined)
        delaysMs.push(Math.min(...outages.map(({ knownAt }) => knownAt)) - firstLost);
      if (!isAlike) continue;
      const told = new Set(outages.filter((bout) => !isAfterwards(bout)).map((bout) => bout.told));
      for (const id of told) wide.add(id);
      if (told.size > 0) known += 1;
      if (told.size > 1) faults.push(`${named(trouble)} in ${region} was told as ${[...told].join(" and ")}`);
      judgeEdges(year, trouble, region, outages, faults);
    }
    const isLong = trouble.toAt - trouble.fromAt >= shortestMs(year);
    if (isLong && known >= WIDE && wide.size > 1)
      faults.push(`${named(trouble)} of ${trouble.regions.length} regions was told as ${[...wide].join(" and ")}`);
  }
  return { delaysMs, ...counts };
}

/** What was handed over when all was over: each region's is told for itself, over at once, and nobody is paged. */
function isAfterwards({ knownAt, toAt }: Bout): boolean {
  return toAt !== null && knownAt >= toAt;
}

/** Where the fleet was well at the end, the end is the first good message after it. */
function judgeEdges(year: Year, trouble: Trouble, region: string, outages: readonly Bout[], faults: string[]): void {
  const { everyMs } = year.truth;
  // One that was merged says nothing of its own end.
  const final = outages.filter(({ incident, told }) => incident === told);
  const [last] = final.sort((a, b) => (b.toAt ?? Infinity) - (a.toAt ?? Infinity));
  const end = { fromAt: trouble.toAt, toAt: trouble.toAt };
  if (last === undefined || !isProbed(year, region, widened(end, 3 * everyMs, AFTERMATH_MS))) return;
  // A round that is lost while it recovers is the same outage.
  const blips = [...(year.truth.blips.get(region) ?? [])];
  if (blips.some((at) => at >= trouble.toAt && at <= trouble.toAt + 5 * MINUTE_MS)) return;
  const by = (last.toAt ?? Infinity) - trouble.toAt;
  if (by > everyMs + 5_000 || by < -2_000)
    faults.push(`${named(trouble)} in ${region} ends ${Math.round(by / 1_000)} s off in ${last.incident}`);
}

function judgeBrownouts(year: Year, bouts: readonly Bout[]) {
  const counts = { brownouts: 0, brownoutsFound: 0 };
  for (const trouble of year.truth.troubles) {
    if (trouble.kind !== "brownout" || trouble.toAt - trouble.fromAt < 30 * MINUTE_MS) continue;
    for (const region of trouble.regions) {
      if (!isAlone(year, trouble, region) || !isProbed(year, region, trouble)) continue;
      counts.brownouts += 1;
      if (bouts.some((bout) => bout.region === region && overlaps(spanOf(bout), trouble))) counts.brownoutsFound += 1;
    }
  }
  return counts;
}

function judgeUntrue(year: Year, bouts: readonly Bout[], faults: string[]) {
  const { truth, receivers } = year;
  const counts = { falseIncidents: 0, falsePages: 0, probePages: 0 };
  for (const [told, own] of Map.groupBy(bouts, (bout) => bout.told)) {
    // A service that recovers within a round is still as it was to who measured it.
    const isTrue = own.some((bout) =>
      truth.troubles.some(
        (each) => each.regions.includes(bout.region) && overlaps(spanOf(bout), widened(each, 0, 5_000)),
      ),
    );
    if (isTrue) continue;
    counts.falseIncidents += 1;
    const ids = new Set(own.map(({ incident }) => incident));
    if (!receivers.arrivals.some(({ incident, kind }) => ids.has(incident) && kind === "trigger")) continue;
    counts.falsePages += 1;
    const near = own.map((bout) => ({ bout, span: widened(spanOf(bout), AFTERMATH_MS, AFTERMATH_MS) }));
    if (near.every(({ bout, span }) => isProbed(year, bout.region, span))) continue;
    counts.probePages += 1;
    faults.push(`${told} paged about the fleet's own trouble`);
  }
  return counts;
}

/** A day after all that was true of it is over, and measured again, so is the incident. */
function judgeEnds(year: Year, bouts: readonly Bout[], faults: string[]): void {
  const { truth, service } = year;
  for (const [told, own] of Map.groupBy(bouts, (bout) => bout.told)) {
    const resolved = service.events.get(told)?.findLast(({ change }) => change.kind === "resolved");
    const regions = new Set(own.map(({ region }) => region));
    const from = Math.min(...own.map(({ fromAt }) => fromAt));
    let lastAt = from;
    // Whatever follows on what it tells of may have kept it open.
    for (const each of [...truth.troubles, ...truth.probe].sort((a, b) => a.fromAt - b.fromAt)) {
      const isOf = "regions" in each ? each.regions.some((region) => regions.has(region)) : regions.has(each.region);
      if (isOf && each.toAt > from && each.fromAt <= lastAt + APART_MS) lastAt = Math.max(lastAt, each.toAt);
    }
    if (resolved === undefined) faults.push(`${told} never ended`);
    else if (resolved.recordedAt > lastAt + DAY) faults.push(`${told} ended ${clock(resolved.recordedAt)}, a day late`);
  }
}

/** The keepers hear of each prober that was away for long, and of nothing else. */
function judgeBlind(year: Year, faults: string[]): number {
  const bouts = boutsOf(year.keepers.events);
  const { probe } = year.truth;
  let told = 0;
  for (const each of probe) {
    if (each.kind === "unfit" || each.kind === "clock" || each.toAt - each.fromAt < BLIND_TOLD_MS) continue;
    told += 1;
    if (!bouts.some((bout) => bout.region === each.region && overlaps(spanOf(bout), each)))
      faults.push(`nobody told the keepers: ${each.kind} in ${each.region} ${clock(each.fromAt)}`);
  }
  for (const bout of bouts) {
    const isTrue = !isProbed(year, bout.region, widened(spanOf(bout), MINUTE_MS, MINUTE_MS));
    if (!isTrue) faults.push(`${bout.incident}: ${bout.region} is called blind at ${clock(bout.fromAt)}, and was not`);
  }
  for (const [id, events] of year.keepers.events)
    if (!events.some(({ change }) => change.kind === "resolved" || change.kind === "merged"))
      faults.push(`${id} of the keepers never ended`);
  return told;
}

function named({ kind, id, fromAt, toAt }: Trouble): string {
  return `${kind} ${id} (${clock(fromAt)}, ${Math.round((toAt - fromAt) / 1_000)} s)`;
}
