// Judges all contracts of one target: the open period each time, a closed one until it is frozen, and again when something that
// it was made of has changed: a late minute, an exclusion, a ticket, an incident. Never because a text changed: what is frozen is judged by the text
// that it was frozen with. Reads first, then decides, then writes one row; one contract that fails does not stop the others.

import { canonicalJson } from "../config/canonical.ts";
import type { Config, Target } from "../config/config.ts";
import type { Contract } from "../config/contracts/contract.ts";
import { dayOf } from "../results/calendar.ts";
import { frontScopeOf, partKey } from "../results/front.store.ts";
import { foldAnew, foldSegments } from "./day-folding.store.ts";
import type { FoldedSegment } from "./day-folding.store.ts";
import { incidentsOf } from "./incident-times.ts";
import { periodAt, periodsBetween, segmentsOf } from "./periods.ts";
import type { PeriodSpan, VersionSpan } from "./periods.ts";
import { boardOf } from "./board.ts";
import { contentOf } from "./report.ts";
import type { Report, ReportMoney } from "./report-shape.ts";
import { prepare, rowOf, ticketsIn } from "./report-row.store.ts";
import type { ReportRow, ShownBoard } from "./judge.store.ts";
import type { Judging, JudgeStores, Prepared } from "./report-row.store.ts";
import { readClocks } from "./support.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A period is frozen so long after its end: regions that were cut off for a while have delivered. Later comes a revision. */
const FROZEN_AFTER_MS = 3_600_000;
/** Late records come for seven days: so long a frozen period is looked at again, once a day, since all its hours are read for it. */
const LATE_MS = 9 * DAY_MS;
const LOOKED_AGAIN_MS = DAY_MS;
/** Hours are kept for 400 days; of an older period some may be gone, which must not pass for silence. */
const KEPT_MS = 399 * DAY_MS;
/** Periods of the past that one call judges: a year of 25 regions takes some 12 s of CPU, and a call has 30. */
const PAST_AT_ONCE = 2;
/** Under which it is remembered whose boards are kept; no contract has an empty id. */
const BOARDS = ["", "boards"] as const;

export interface Judged {
  /** What is to come: more at once, since so much is judged in one call and no more; the first minute; or the next turn. */
  readonly next: "more" | "first" | "turn";
  /** The open periods are judged; what is left is of the past. */
  readonly opened: boolean;
  /** What kept a contract from being judged; the others were. */
  readonly problems: readonly unknown[];
}

/** Rejects when what all contracts need cannot be read. `open`: judge the open periods, too, not only what is left of the past. */
export async function judgeTarget(
  stores: JudgeStores,
  config: Config,
  target: Target,
  now: number,
  open = true,
): Promise<Judged> {
  const problems: unknown[] = [];
  const contracts = config.contracts.filter((contract) => contract.target === target.id);
  await attempt(problems, () => keepBoards(stores, config, target, now));
  if (contracts.length === 0) return { next: "turn", opened: open, problems };
  const series = await stores.d1.seriesOf(target.id);
  const begun = series.flatMap((each) => each.schedules.map((schedule) => schedule.fromMinute));
  // Nothing was ever measured: there is nothing to say, not even that it was silent.
  if (begun.length === 0) return { next: "first", opened: false, problems };
  const since = Math.min(...begun);
  const exclusions = await stores.records.exclusionsOf(target.id);
  const incidents = await stores.incidents.keptOf(target.id, now - KEPT_MS - DAY_MS);
  const all: Judging[] = [];
  for (const id of new Set(contracts.map((contract) => contract.id))) {
    const versions = contracts.filter((contract) => contract.id === id);
    const tickets = await stores.records.ticketEventsOf(id);
    const frozen = await stores.d1.frozen(id);
    all.push({ stores, config, target, id, versions, series, exclusions, tickets, incidents, frozen, since, now });
  }
  if (open && !(await judgeOpen(stores, all, now, problems))) return { next: "more", opened: false, problems };
  let left = PAST_AT_ONCE;
  for (const judging of all) {
    await attempt(problems, async () => {
      left -= await judgePast(judging, left);
    });
  }
  return { next: left === 0 ? "more" : "turn", opened: open, problems };
}

/** Once for each change of what is public, and again when the object has forgotten. */
async function keepBoards({ d1, looked }: JudgeStores, config: Config, target: Target, now: number): Promise<void> {
  const own = config.contracts.filter((contract) => contract.target === target.id);
  const { contracts } = frontScopeOf({ targets: [], contracts: own });
  const madeOf = canonicalJson(contracts);
  if ((await looked.get(...BOARDS))?.madeOf === madeOf) return;
  await d1.keepBoards(target.id, contracts, frontScopeOf(config));
  await looked.put(...BOARDS, { madeOf, at: now });
}

/** Null: the contract is not for everybody. */
function shownOf({ contract, target, composedAt, body }: ReportRow, config: Config): ShownBoard | null {
  const report = JSON.parse(body) as Report;
  if (report.contract.page !== "public") return null;
  const board = { key: partKey("board", contract), target, asOf: composedAt, body: JSON.stringify(boardOf(report)) };
  return { board, front: frontScopeOf(config) };
}

async function attempt(problems: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (problem) {
    problems.push(problem);
  }
}

interface Open {
  readonly judging: Judging;
  readonly period: PeriodSpan;
  readonly prepared: readonly Prepared[];
}

/** False: so many days had to be folded that it takes another call. */
async function judgeOpen(
  stores: JudgeStores,
  all: readonly Judging[],
  now: number,
  problems: unknown[],
): Promise<boolean> {
  const open: Open[] = [];
  for (const judging of all) {
    await attempt(problems, async () => {
      const whole = periodAt(judging.versions, Math.floor(now / MINUTE_MS));
      const period = whole === null ? null : unfrozen(whole, judging);
      if (period === null) return;
      await stores.days.forgetBefore(judging.id, period.fromMinute);
      const prepared = await prepare(judging, segmentsOf(judging.versions, period));
      if (prepared.length > 0) open.push({ judging, period, prepared });
    });
  }
  const folded = await foldAll(stores, open, now, problems);
  if (folded === null) return false;
  for (const { judging, period, prepared } of open) {
    const parts = prepared.flatMap((one) => folded.get(one) ?? []);
    // It could not be folded, and is among the problems.
    if (parts.length < prepared.length) continue;
    await attempt(problems, async () => {
      const before = await stores.d1.newest(judging.id, period.name);
      const known = before === null ? null : (JSON.parse(before.body) as Report);
      const revision = { closed: false, revision: 0, replaces: null };
      const row = await rowOf(judging, period, prepared, parts, known, revision);
      await stores.d1.writeOpen(row, shownOf(row, judging.config));
    });
  }
  return true;
}

/** All in one walk; where one of them spoils that for all, each by itself. Null: more is to be folded in another call. */
async function foldAll(
  stores: JudgeStores,
  open: readonly Open[],
  now: number,
  problems: unknown[],
): Promise<ReadonlyMap<Prepared, FoldedSegment> | null> {
  const fold = (some: readonly Prepared[]) => foldSegments(stores.d1, stores.days, some, now);
  const pairs = (some: readonly Prepared[], parts: readonly FoldedSegment[]) =>
    some.flatMap((one, at): (readonly [Prepared, FoldedSegment])[] => {
      const part = parts[at];
      return part === undefined ? [] : [[one, part]];
    });
  const matters = open.flatMap((each) => each.prepared);
  try {
    const parts = await fold(matters);
    return parts === null ? null : new Map(pairs(matters, parts));
  } catch (problem) {
    if (open.length <= 1) {
      problems.push(problem);
      return new Map();
    }
  }
  const folded = new Map<Prepared, FoldedSegment>();
  let isLeft = false;
  for (const { prepared } of open) {
    await attempt(problems, async () => {
      const parts = await fold(prepared);
      if (parts === null) isLeft = true;
      else for (const [one, part] of pairs(prepared, parts)) folded.set(one, part);
    });
  }
  return isLeft ? null : folded;
}

/** What of a period no frozen report covers yet: named by its first day if one was frozen when less of it was in force. */
function unfrozen(period: PeriodSpan, { frozen, versions }: Judging): PeriodSpan | null {
  const before = frozen.filter((each) => each.fromMinute < period.toMinute && each.toMinute > period.fromMinute);
  const fromMinute = Math.max(period.fromMinute, ...before.map((each) => each.toMinute));
  if (fromMinute >= period.toMinute) return null;
  if (fromMinute === period.fromMinute) return period;
  const zone = versions[0]?.period.zone ?? "UTC";
  return { name: dayOf(fromMinute, zone).text, fromMinute, toMinute: period.toMinute };
}

/** Closed periods, oldest first: frozen once, looked at again while something may still change them. Answers how many were judged. */
async function judgePast(judging: Judging, most: number): Promise<number> {
  const { stores, id, versions, since, now } = judging;
  const from = Math.max(since, Math.ceil((now - KEPT_MS) / MINUTE_MS));
  const closedThrough = Math.floor((now - FROZEN_AFTER_MS) / MINUTE_MS);
  const fresh = periodsBetween(versions, from, closedThrough).flatMap((period) => unfrozen(period, judging) ?? []);
  const names = new Set(judging.frozen.map((each) => each.name));
  const past = [...judging.frozen, ...fresh]
    // One that began before anything was measured is judged with what there is; one whose hours may be gone is not.
    .filter((each) => each.toMinute <= closedThrough && now - each.fromMinute * MINUTE_MS < KEPT_MS)
    .sort((a, b) => a.fromMinute - b.fromMinute);
  let judged = 0;
  for (const period of past) {
    if (judged === most) break;
    const isFrozen = names.has(period.name);
    const madeOf = inputsOf(judging, period);
    const looked = await stores.looked.get(id, period.name);
    const mayBeLate = now - period.toMinute * MINUTE_MS < LATE_MS && now - (looked?.at ?? 0) >= LOOKED_AGAIN_MS;
    if (isFrozen && looked?.madeOf === madeOf && !mayBeLate) continue;
    await freeze(judging, { name: period.name, fromMinute: period.fromMinute, toMinute: period.toMinute });
    await stores.looked.put(id, period.name, { madeOf, at: now });
    judged += 1;
  }
  return judged;
}

/** Writes the next revision, unless the newest says the same already. */
async function freeze(judging: Judging, period: PeriodSpan): Promise<void> {
  const { d1 } = judging.stores;
  const newest = await d1.newest(judging.id, period.name);
  const last = newest === null || newest.revision === 0 ? null : newest;
  const before = newest === null ? null : (JSON.parse(newest.body) as Report);
  const isFrozen = last !== null && before !== null;
  const segments = isFrozen ? await frozenSegments(judging, before, last.money) : segmentsOf(judging.versions, period);
  const prepared = await prepare(judging, segments);
  const folded = await foldAnew(d1, prepared, judging.now);
  const replaces = isFrozen ? { revision: last.revision, hash: last.hash } : null;
  const revision = { closed: true, revision: (last?.revision ?? 0) + 1, replaces };
  const row = await rowOf(judging, period, prepared, folded, before, revision);
  const isNews =
    !isFrozen || contentText(JSON.parse(row.body) as Report) !== contentText(before) || row.money !== last.money;
  if (isNews) await d1.freeze(row);
}

function contentText(report: Report): string {
  return canonicalJson(contentOf(report));
}

/** The versions that a report was frozen with, by their texts as they were then; the fee is that of its amounts. */
async function frozenSegments(judging: Judging, report: Report, money: string | null): Promise<VersionSpan[]> {
  const { d1 } = judging.stores;
  const paid = money === null ? null : (JSON.parse(money) as ReportMoney);
  const fee = paid === null ? null : { amount: paid.fee, currency: paid.currency };
  const segments: VersionSpan[] = [];
  for (const { contract_version: version, contract_hash: hash, from, to } of report.segments) {
    const text = await d1.textOf(judging.id, version, hash);
    const contract = { ...(JSON.parse(text) as Omit<Contract, "fee">), fee };
    segments.push({ contract, fromMinute: from / MINUTE_MS, toMinute: to / MINUTE_MS });
  }
  return segments;
}

/** What a frozen report is made of, but the minutes: when it differs, the period is judged again. */
function inputsOf({ versions, exclusions, tickets, incidents, now }: Judging, period: PeriodSpan): string {
  const isIn = (fromAt: number, toAt: number): boolean =>
    fromAt < period.toMinute * MINUTE_MS && toAt > period.fromMinute * MINUTE_MS;
  const clocks = readClocks(versions, ticketsIn(tickets, period), now);
  const span = { from: period.fromMinute * MINUTE_MS, to: period.toMinute * MINUTE_MS };
  const regions = versions.flatMap((version) => version.regions);
  const told = incidentsOf(incidents, span, regions);
  return canonicalJson([
    exclusions.filter((each) => isIn(each.fromAt, each.toAt)).map((each) => each.id),
    // A ticket that nobody answers is missed by time alone.
    clocks.map((each) => [each.ticket, each.severity, each.clock, each.startedAt, each.verdict]),
    // What was looked at before there were incidents needs no second look.
    ...(told.kept_since === null ? [] : [told]),
  ]);
}
