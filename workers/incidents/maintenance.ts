// Announced maintenance: when it is, in elapsed time, whatever the clocks do. Records are appended and never changed; what is
// called off is withdrawn by another record. Pure, time is an argument. Mutes pages and is shown, and never touches a minute:
// probing goes on, and whether such time counts is the contract's word (`sla/exclusions.ts`). Called by Duty and the page.

// Imported, never feature-detected: see `results/calendar.ts`.
import { Temporal } from "temporal-polyfill";
import type { Language } from "../../schema/words.ts";

const DAY_MINUTES = 1440;
/** Windows that touch each other are one mute, but nobody is muted by more than so many in a row. */
const CHAIN_MAX = 32;

/** Instants: whole ms since the epoch, half-open. Minutes: of the day, on a clock in `zone`. Days: ISO, 1 is Monday. */
export type MaintenanceWindow =
  | { readonly kind: "once"; readonly fromAt: number; readonly toAt: number }
  | {
      readonly kind: "weekly";
      readonly zone: string;
      /** On which it begins. */
      readonly days: readonly number[];
      readonly fromMinute: number;
      /** At most 1440; at or below `fromMinute` it is of the next day. */
      readonly toMinute: number;
      /** The first and the last day on which it may begin, YYYY-MM-DD; null: for ever. */
      readonly fromDay: string;
      readonly untilDay: string | null;
    };

/** As it is kept. */
export interface Maintenance {
  /** `chat-m3`: target, number. Given once. */
  readonly id: string;
  /** The writer's own: the same record sent twice is one. */
  readonly key: string;
  readonly target: string;
  /** Null: all regions. */
  readonly regions: readonly string[] | null;
  /** What is done, in at least one language. */
  readonly title: Readonly<Partial<Record<Language, string>>>;
  readonly window: MaintenanceWindow;
  readonly author: string;
  readonly recordedAt: number;
  /** The id of the record that this one calls off; its window and title then repeat that one's. Null: it calls nothing off. */
  readonly withdraws: string | null;
}

/** What is to be kept; id and time are given by whoever keeps it. */
export type NewMaintenance = Omit<Maintenance, "id" | "recordedAt">;

/** One time that it happens. */
export interface Occurrence extends Pick<Maintenance, "id" | "target" | "regions" | "title"> {
  readonly fromAt: number;
  /** Not included. */
  readonly toAt: number;
  /** How long before it was recorded; below 0: afterwards. */
  readonly noticeMs: number;
}

/**
 * Until when a region is under maintenance at an instant; windows that overlap or touch are one. Null: it is not. `records`: all
 * of one target, in any order.
 */
export function activeUntil(records: readonly Maintenance[], region: string, at: number): number | null {
  const own = records.filter(({ regions }) => regions === null || regions.includes(region));
  let until: number | null = null;
  for (let link = 0; link < CHAIN_MAX; link++) {
    const here: number = until ?? at;
    // A window that ends here is not among these: it is half-open.
    const ends = upcoming(own, here, here + 1, own.length).map(({ toAt }) => toAt);
    if (ends.length === 0) return until;
    until = Math.max(...ends);
  }
  return until;
}

/**
 * The first `limit` times of maintenance that overlap [from, to), by their beginning. Both are finite. A wall-clock time that
 * comes twice is the earlier one, as RFC 5545 (3.3.5) has it; one that the zone skips is the moment of the change, so that a
 * window which lies wholly in what is skipped is not there on that day. What is called off ends when that was recorded: what
 * happened until then has happened, and nobody was paged for it.
 */
export function upcoming(
  records: readonly Maintenance[],
  from: number,
  to: number,
  limit: number,
): readonly Occurrence[] {
  const calledOff = new Map<string, number>();
  for (const { withdraws, recordedAt } of records) {
    if (withdraws !== null) calledOff.set(withdraws, Math.min(recordedAt, calledOff.get(withdraws) ?? Infinity));
  }
  const occurrences = records.flatMap((record): Occurrence[] => {
    if (record.withdraws !== null) return [];
    const { id, target, regions, title, recordedAt } = record;
    const endAt = calledOff.get(id) ?? Infinity;
    const spans = spansOf(record.window, from, to, limit);
    return spans.map(({ fromAt, toAt }) => {
      return { id, target, regions, title, fromAt, toAt: Math.min(toAt, endAt), noticeMs: fromAt - recordedAt };
    });
  });
  const isThere = ({ fromAt, toAt }: Occurrence): boolean => fromAt < toAt && toAt > from;
  return occurrences
    .filter(isThere)
    .sort((a, b) => a.fromAt - b.fromAt || a.toAt - b.toAt || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}

interface Stretch {
  readonly fromAt: number;
  readonly toAt: number;
}

/** The first `limit` that overlap [from, to), ascending. */
function spansOf(window: MaintenanceWindow, from: number, to: number, limit: number): Stretch[] {
  const overlaps = ({ fromAt, toAt }: Stretch): boolean => fromAt < toAt && fromAt < to && toAt > from;
  if (window.kind === "once") return overlaps(window) ? [window] : [];
  if (!(from < to)) return [];
  const { zone, days, fromMinute, toMinute, fromDay, untilDay } = window;
  const spans: Stretch[] = [];
  // One that began two days ago is over: it crosses one midnight, and a date may come twice.
  let day = later(Temporal.PlainDate.from(fromDay), dateOf(from, zone).subtract({ days: 2 }));
  const last = earlier(untilDay === null ? null : Temporal.PlainDate.from(untilDay), dateOf(to, zone).add({ days: 1 }));
  for (; Temporal.PlainDate.compare(day, last) <= 0 && spans.length < limit; day = day.add({ days: 1 })) {
    if (!days.includes(day.dayOfWeek)) continue;
    const endDay = toMinute > fromMinute ? day : day.add({ days: 1 });
    const span = { fromAt: instantAt(day, fromMinute, zone), toAt: instantAt(endDay, toMinute, zone) };
    if (overlaps(span)) spans.push(span);
  }
  return spans;
}

/** When a clock in the zone shows this minute of the day; 1440 is the next midnight. */
function instantAt(date: Temporal.PlainDate, minute: number, zone: string): number {
  const day = minute === DAY_MINUTES ? date.add({ days: 1 }) : date;
  const ofDay = minute % DAY_MINUTES;
  const local = day.toPlainDateTime({ hour: Math.floor(ofDay / 60), minute: ofDay % 60 });
  const shown = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (shown.toPlainDateTime().equals(local)) return shown.epochMilliseconds;
  // Skipped: `shown` lies before the change by as much.
  return shown.getTimeZoneTransition("next")?.epochMilliseconds ?? shown.epochMilliseconds;
}

function dateOf(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) < 0 ? b : a;
}

function earlier(a: Temporal.PlainDate | null, b: Temporal.PlainDate): Temporal.PlainDate {
  return a === null || Temporal.PlainDate.compare(a, b) > 0 ? b : a;
}
