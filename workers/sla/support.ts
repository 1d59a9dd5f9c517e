// Support clocks, computed on read from what happened to a ticket: first response, updates, workaround, restore. A clock is
// type x severity x calendar (sla.md 7). Pure: the present is an argument, and the same events give the same readings.
// Never fills in an event that nobody wrote down. Called by reports.

import type { BusinessCalendar, Clock, Contract, Severity, SupportClock } from "../config/contracts/contract.ts";
import { CLOCKS } from "../config/contracts/contract.ts";
import { addBusinessTime, businessTimeBetween } from "./business.ts";
import { type VersionSpan, segmentsOf } from "./periods.ts";
import type { ClockReading, TicketEvent } from "./records.ts";
import type { SupportResult } from "./report-shape.ts";

const MINUTE_MS = 60_000;

/** A time in which something holds, ms since the epoch; `toAt` may be Infinity. */
interface Stretch {
  readonly fromAt: number;
  readonly toAt: number;
}

/** One in which these hours hold; null: 24x7. */
interface HoursStretch extends Stretch {
  readonly calendar: BusinessCalendar | null;
}

/** What a ticket was, once its events are in order. */
interface Ticket {
  readonly id: string;
  readonly openedAt: number;
  /** From the opening on, ascending. */
  readonly events: readonly TicketEvent[];
  /** Ascending; the last goes on for ever. At least one. */
  readonly grades: readonly (Stretch & { readonly severity: Severity })[];
  /** From each closing to the reopening after it; the last may be open. */
  readonly closings: readonly Stretch[];
}

interface Ended {
  readonly at: number;
  readonly isByEvent: boolean;
}

/**
 * All clocks of all tickets of one contract, by the instant of opening, then the ticket's own name. `versions` of the contract,
 * ascending; `events` in any order, of other contracts too. One reading for each stretch between updates. RangeError if a
 * clock names a calendar that its version does not have.
 *
 * Rules where sla.md leaves a choice:
 * - Targets, pauses and what counts as an answer are those of the version in force when the clock started; hours of business
 *   are those of each day's version, so that next year's holidays may come with a new version. No version then: no clock.
 * - `waiting` for a reason of `pauseOn` pauses that clock until `resumed` or `closed`; a reply does not resume it. Another
 *   `waiting` takes the place of the one before.
 * - A response is a human's reply, workaround, restoring or closing; an automatic one only where `stopOn` says so. Each reply or
 *   workaround ends a stretch between updates and begins the next. Who restored or closed does not matter to the other clocks.
 * - `reopened` goes on with what closing alone had stopped, from the original start, without the time in between. A response
 *   that was given stays given, and one that is missing is not excused by closing.
 * - `regraded`: the new severity's target counts from the same start. What the old one had missed by then stays missed beside it.
 * - Dropped: events of the future, before `opened`, of tickets never opened, and all but the first of those with one key.
 */
export function readClocks(
  versions: readonly Contract[],
  events: readonly TicketEvent[],
  now: number,
): readonly ClockReading[] {
  const holds = segmentsOf(versions, { fromMinute: -Infinity, toMinute: Infinity });
  return ticketsOf(events.filter((event) => event.contract === versions[0]?.id && event.at <= now)).flatMap(
    (ticket) => {
      const isInForce = holds.some(
        (hold) => hold.fromMinute * MINUTE_MS <= ticket.openedAt && ticket.openedAt < hold.toMinute * MINUTE_MS,
      );
      if (!isInForce) return [];
      return CLOCKS.flatMap((clock) => readingsOf(clock, ticket, holds, now));
    },
  );
}

/** One line for each clock of the contract, from the readings of its severity and type; median and max of those that stopped. */
export function supportResults(contract: Contract, readings: readonly ClockReading[]): readonly SupportResult[] {
  return contract.support.map(({ severity, clock, targetMs, calendar }) => {
    const own = readings.filter((reading) => reading.severity === severity && reading.clock === clock);
    const count = (verdict: ClockReading["verdict"]) => own.filter((reading) => reading.verdict === verdict).length;
    const stopped = own.filter((reading) => reading.stoppedAt !== null).map((reading) => reading.countedMs);
    return {
      severity,
      clock,
      target_ms: targetMs,
      calendar,
      tickets: new Set(own.map((reading) => reading.ticket)).size,
      kept: count("kept"),
      missed: count("missed"),
      running: count("running"),
      median_ms: medianOf(stopped),
      max_ms: stopped.length === 0 ? null : Math.max(...stopped),
    };
  });
}

/** Of an even number the mean of the middle two, cut to whole ms. */
function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? null : Math.floor((low + high) / 2);
}

function ticketsOf(events: readonly TicketEvent[]): Ticket[] {
  const firstByKey = new Map<string, TicketEvent>();
  for (const event of [...events].sort((a, b) => a.id - b.id)) {
    if (!firstByKey.has(event.key)) firstByKey.set(event.key, event);
  }
  const byTicket = new Map<string, TicketEvent[]>();
  for (const event of [...firstByKey.values()].sort((a, b) => a.at - b.at || a.id - b.id)) {
    const own = byTicket.get(event.ticket);
    if (own === undefined) byTicket.set(event.ticket, [event]);
    else own.push(event);
  }
  const tickets = [...byTicket].flatMap(([id, own]) => ticketOf(id, own) ?? []);
  return tickets.sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
}

function ticketOf(id: string, ascending: readonly TicketEvent[]): Ticket | null {
  const openedAt = ascending.find((event) => event.kind === "opened")?.at;
  if (openedAt === undefined) return null;
  const events = ascending.filter((event) => event.at >= openedAt);
  const grades: { severity: Severity; fromAt: number; toAt: number }[] = [];
  const closings: { fromAt: number; toAt: number }[] = [];
  for (const { kind, at, severity } of events) {
    const grade = grades.at(-1);
    if (severity !== null && severity !== grade?.severity && (kind === "regraded" || grade === undefined)) {
      if (grade !== undefined) grade.toAt = at;
      // The first severity that is known is that of the opening.
      grades.push({ severity, fromAt: grade === undefined ? openedAt : at, toAt: Infinity });
    }
    const closing = closings.at(-1);
    const isClosed = closing !== undefined && closing.toAt === Infinity;
    if (kind === "closed" && !isClosed) closings.push({ fromAt: at, toAt: Infinity });
    if (kind === "reopened" && isClosed) closing.toAt = at;
  }
  return grades.length === 0 ? null : { id, openedAt, events, grades, closings };
}

function readingsOf(clock: Clock, ticket: Ticket, holds: readonly VersionSpan[], now: number): ClockReading[] {
  if (clock !== "update") return readingsFrom(ticket.openedAt, -1, clock, ticket, holds, now).readings;
  // Updates are owed from the first reply on, and from each one to the next.
  const readings: ClockReading[] = [];
  let last = ticket.events.findIndex((event) => {
    const line = lineAt(clock, severityAt(ticket, event.at), holds, event.at);
    return ends(event, ticket) || speaks(event, line?.stopOn ?? "human-reply");
  });
  for (;;) {
    const from = ticket.events[last];
    if (from === undefined || ends(from, ticket)) return readings;
    const stretch = readingsFrom(from.at, last, clock, ticket, holds, now);
    readings.push(...stretch.readings);
    last = stretch.stoppedBy;
  }
}

/** One run of a clock from `startedAt`, stopped by an event behind number `after`; `stoppedBy` -1: by none. */
function readingsFrom(
  startedAt: number,
  after: number,
  clock: Clock,
  ticket: Ticket,
  holds: readonly VersionSpan[],
  now: number,
): { readonly readings: ClockReading[]; readonly stoppedBy: number } {
  const bySeverity = new Map<Severity, ClockReading>();
  const result = (stoppedBy: number) => ({ readings: [...bySeverity.values()], stoppedBy });
  for (const grade of ticket.grades) {
    if (grade.toAt <= startedAt) continue;
    const line = lineAt(clock, grade.severity, holds, startedAt);
    const stopOn = line?.stopOn ?? "human-reply";
    const stoppedBy = ticket.events.findIndex(
      (event, at) =>
        at > after && event.at >= grade.fromAt && event.at < grade.toAt && stops(event, clock, stopOn, ticket),
    );
    const stop = ticket.events[stoppedBy];
    if (line !== null) {
      const isRegraded = stop === undefined && grade.toAt !== Infinity;
      const ended = { at: stop?.at ?? (isRegraded ? grade.toAt : now), isByEvent: stop !== undefined || isRegraded };
      const reading = readingOf(startedAt, ended, line, ticket, holds);
      // Graded back later, the same clock is read again from the same start: the later reading holds the earlier.
      if (!isRegraded || reading.verdict === "missed") bySeverity.set(line.severity, reading);
    }
    // Stopped while its severity had no such clock, it is no promise's business.
    if (stop !== undefined) return result(stoppedBy);
  }
  return result(-1);
}

function readingOf(
  startedAt: number,
  ended: Ended,
  line: SupportClock,
  ticket: Ticket,
  holds: readonly VersionSpan[],
): ClockReading {
  const active = activeStretches(startedAt, line, ticket).flatMap((each) => inHours(each, startedAt, line, holds));
  const countedMs = active.reduce((sumMs, { fromAt, toAt, calendar }) => {
    const until = Math.min(toAt, ended.at);
    return fromAt < until ? sumMs + businessTimeBetween(fromAt, until, calendar) : sumMs;
  }, 0);
  const isMissed = countedMs > line.targetMs;
  const verdict = isMissed ? "missed" : ended.isByEvent ? "kept" : "running";
  return {
    ticket: ticket.id,
    severity: line.severity,
    clock: line.clock,
    startedAt,
    stoppedAt: ended.isByEvent ? ended.at : null,
    countedMs,
    targetMs: line.targetMs,
    dueAt: verdict === "kept" ? null : dueOf(active, line.targetMs),
    verdict,
  };
}

/** When the target is used up, beyond the present too, as things stand; null: it never is. */
function dueOf(active: readonly HoursStretch[], targetMs: number): number | null {
  let leftMs = targetMs;
  for (const { fromAt, toAt, calendar } of active) {
    const roomMs = toAt === Infinity ? Infinity : businessTimeBetween(fromAt, toAt, calendar);
    if (roomMs >= leftMs) return addBusinessTime(fromAt, leftMs, calendar);
    leftMs -= roomMs;
  }
  return null;
}

/** The time that counts from `startedAt` on, as things stand at the end: open-ended unless it is paused then. */
function activeStretches(startedAt: number, line: SupportClock, ticket: Ticket): Stretch[] {
  // A response is owed even to a ticket that somebody's automaton has closed.
  const pauses = [...waits(line, ticket), ...(line.clock === "first-response" ? [] : ticket.closings)];
  const active: Stretch[] = [];
  let from = startedAt;
  for (const pause of pauses.sort((a, b) => a.fromAt - b.fromAt)) {
    if (pause.fromAt > from) active.push({ fromAt: from, toAt: pause.fromAt });
    from = Math.max(from, pause.toAt);
  }
  return from === Infinity ? active : [...active, { fromAt: from, toAt: Infinity }];
}

function waits(line: SupportClock, ticket: Ticket): Stretch[] {
  const stretches: { fromAt: number; toAt: number }[] = [];
  for (const { kind, at, waiting } of ticket.events) {
    const open = stretches.at(-1)?.toAt === Infinity ? stretches.at(-1) : undefined;
    const isPause = kind === "waiting" && waiting !== null && line.pauseOn.includes(waiting);
    if (isPause && open === undefined) stretches.push({ fromAt: at, toAt: Infinity });
    const isOver = kind === "resumed" || kind === "closed" || (kind === "waiting" && waiting !== null && !isPause);
    if (isOver && open !== undefined) open.toAt = at;
  }
  return stretches;
}

/** Cut where another version begins, each with that version's hours. A version without this calendar has those of before. */
function inHours(
  stretch: Stretch,
  startedAt: number,
  line: SupportClock,
  holds: readonly VersionSpan[],
): HoursStretch[] {
  if (line.calendar === "24x7") return [{ ...stretch, calendar: null }];
  let calendar = versionAt(holds, startedAt)?.calendars[line.calendar];
  if (calendar === undefined) throw new RangeError(`no calendar "${line.calendar}" for ${line.clock}`);
  const pieces = [];
  for (const [at, hold] of holds.entries()) {
    calendar = hold.contract.calendars[line.calendar] ?? calendar;
    const next = holds[at + 1];
    const fromAt = Math.max(stretch.fromAt, at === 0 ? -Infinity : hold.fromMinute * MINUTE_MS);
    const toAt = Math.min(stretch.toAt, next === undefined ? Infinity : next.fromMinute * MINUTE_MS);
    if (fromAt < toAt) pieces.push({ fromAt, toAt, calendar });
  }
  return pieces;
}

function stops(
  event: TicketEvent,
  clock: Clock,
  stopOn: SupportClock["stopOn"] = "human-reply",
  ticket: Ticket,
): boolean {
  const { kind, by } = event;
  switch (clock) {
    case "first-response":
      return (
        speaks(event, stopOn) || ((kind === "restored" || kind === "closed") && (by === "human" || stopOn === "auto"))
      );
    case "update":
      return speaks(event, stopOn) || ends(event, ticket);
    case "workaround":
      return kind === "workaround" || ends(event, ticket);
    case "restore":
      return ends(event, ticket);
  }
}

/** Says something to the customer. */
function speaks({ kind, by }: TicketEvent, stopOn: SupportClock["stopOn"]): boolean {
  return (kind === "replied" || kind === "workaround") && (by === "human" || stopOn === "auto");
}

/** Restored, or closed for good. */
function ends({ kind, at }: TicketEvent, { closings }: Ticket): boolean {
  if (kind !== "closed") return kind === "restored";
  return closings.some((closing) => closing.fromAt === at && closing.toAt === Infinity);
}

function severityAt({ grades }: Ticket, at: number): Severity | undefined {
  return grades.findLast((grade) => grade.fromAt <= at)?.severity;
}

function lineAt(
  clock: Clock,
  severity: Severity | undefined,
  holds: readonly VersionSpan[],
  at: number,
): SupportClock | null {
  return versionAt(holds, at)?.support.find((line) => line.clock === clock && line.severity === severity) ?? null;
}

/** The version in force, or the one before where none is. */
function versionAt(holds: readonly VersionSpan[], at: number): Contract | undefined {
  return holds.findLast((hold) => hold.fromMinute * MINUTE_MS <= at)?.contract;
}
