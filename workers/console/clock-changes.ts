// On which days a weekly window of maintenance meets a change of its zone's clocks, so that a time of it is not there, or is there
// twice. Pure; called by the console's pages, which say it. What becomes of the window then is decided in `incidents/maintenance.ts`.

// Imported, never feature-detected: as in results/calendar.ts.
import { Temporal } from "temporal-polyfill";
import type { MaintenanceWindow } from "../incidents/maintenance.ts";
import type { ChangedTime } from "./duty-words.ts";
import { instantIn } from "./local-time.ts";

type Weekly = Extract<MaintenanceWindow, { readonly kind: "weekly" }>;

const DAY_MINUTES = 1_440;
/** No zone changes its clocks more often in a year or so; Ramadan's two more are among them. */
const CHANGES_MAX = 8;

/** `day`, YYYY-MM-DD, and `time`, HH:MM, as a clock of the zone would show them. */
interface ClockChange {
  readonly why: ChangedTime;
  readonly day: string;
  readonly time: string;
  /** It is the window's beginning, else its end. */
  readonly starts: boolean;
}

/** From one instant to another, both finite, in ms; by day. */
export function clockChanges(window: Weekly, from: number, to: number): readonly ClockChange[] {
  const found = new Map<string, ClockChange>();
  let at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(window.zone);
  for (let nth = 0; nth < CHANGES_MAX; nth += 1) {
    const change = at.getTimeZoneTransition("next");
    if (change === null || change.epochMilliseconds >= to) break;
    // What is skipped, or comes twice, lies on the day before the change or on the one after it: often the same one.
    const days = [change.subtract({ nanoseconds: 1 }).toPlainDate(), change.toPlainDate()];
    // A window may have begun the day before.
    for (const day of [...days.map((each) => each.subtract({ days: 1 })), ...days]) {
      for (const met of metBy(window, day)) found.set(`${met.day} ${met.time} ${met.starts}`, met);
    }
    at = change;
  }
  return [...found.values()].sort((a, b) => (a.day + a.time < b.day + b.time ? -1 : 1));
}

/** By the window that begins on this day, if one does. */
function metBy({ zone, days, fromMinute, toMinute, fromDay, untilDay }: Weekly, day: Temporal.PlainDate) {
  const name = day.toString();
  if (!days.includes(day.dayOfWeek) || name < fromDay || (untilDay !== null && name > untilDay)) return [];
  const isLater = toMinute <= fromMinute || toMinute === DAY_MINUTES;
  const ends = isLater ? day.add({ days: 1 }) : day;
  const both = [
    { day: name, time: timeOf(fromMinute), starts: true },
    { day: ends.toString(), time: timeOf(toMinute % DAY_MINUTES), starts: false },
  ];
  const met = both.flatMap((each): ClockChange[] => {
    const read = instantIn(`${each.day}T${each.time}`, zone);
    return read.ok || read.why === "malformed" ? [] : [{ ...each, why: read.why }];
  });
  // Both are the moment of the change then: nothing lies between them.
  const [first] = met;
  const isGone = first !== undefined && met.length === 2 && met.every(({ why }) => why === "skipped");
  return isGone ? [{ ...first, why: "gone" as const }] : met;
}

/** 02:30 of 150; 24:00 of 1440. */
export function timeOf(minute: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
