// Announced maintenance as an iCalendar file (RFC 5545). Pure: the present is an argument and decides only which times are listed.
// Called by feeds-routes.ts.
//
// What comes back each week is written as single events in UTC, not as RRULE: a rule on a zone's clock needs that zone's VTIMEZONE,
// which calendars read in different ways, and at a change of clocks our rule (a skipped minute is the moment of the change) is
// not theirs. Single events are the same instants everywhere.

import {
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  ICalEventTransparency,
  escape as escapeText,
} from "ical-generator";

import type { Language } from "../../schema/words.ts";
import { upcoming } from "../../workers/incidents/maintenance.ts";
import type { Maintenance, Occurrence } from "../../workers/incidents/maintenance.ts";
import { sayIn } from "../compat/told.ts";
import type { Places } from "../incidents.ts";
import { plainLabel } from "../labels.ts";
import { feedWordsOf, wordsOf } from "../words/languages.ts";
import { targetName, xmlSafe } from "./entries.tsx";

const DAY_MS = 86_400_000;
/** Older ones are not in the front row; later ones come with the next reading. */
const BACK_MS = 30 * DAY_MS;
const AHEAD_MS = 90 * DAY_MS;
const EVENTS_MOST = 500;
const TITLE_MOST = 200;
/** How long a calendar should wait until it asks again, in seconds. */
const TTL_S = 3_600;

interface CalendarSite {
  readonly origin: string;
  readonly language: Language;
  readonly places: Places;
  readonly name: string;
  readonly now: number;
}

/** A time that it happens, or that it would have. */
interface Slot extends Occurrence {
  readonly record: Maintenance;
  /** When it was called off before its end; null: it was not. */
  readonly calledOffAt: number | null;
}

/** CRLF line ends, folded at 75 octets, UTC. The same records give the same bytes as long as the same times are in reach. */
export function maintenanceCalendar(records: readonly Maintenance[], site: CalendarSite): string {
  const { language, name, origin } = site;
  const words = feedWordsOf(language);
  const calendar = new ICalCalendar({
    prodId: { company: "sonde", product: "maintenance", language },
    // The library writes this one as it is.
    name: escapeText(words.calendarTitle(plainLabel(name, "Sonde")), false),
    method: ICalCalendarMethod.PUBLISH,
    ttl: TTL_S,
  });
  for (const slot of slotsOf(records, site.now)) {
    const { record, fromAt, toAt, calledOffAt } = slot;
    const cancelled = calledOffAt !== null && calledOffAt <= fromAt;
    calendar.createEvent({
      // Everything that the library would take from clock or chance is given.
      // The library writes this one as it is, too.
      id: `maintenance/${encodeURIComponent(record.id.toWellFormed())}/${fromAt}@${new URL(origin).hostname}`,
      stamp: new Date(calledOffAt ?? record.recordedAt),
      // Records never change: there is the announcement, and there is its end.
      sequence: calledOffAt === null ? 0 : 1,
      start: new Date(fromAt),
      end: new Date(cancelled || calledOffAt === null ? toAt : Math.min(toAt, calledOffAt)),
      summary: summaryOf(slot, site),
      description: descriptionOf(slot, cancelled, site),
      url: `${origin}/${language}`,
      status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      // It keeps nobody from meeting somebody.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString()}\r\n`;
}

/** By their beginning; one that was called off is there with what it was. */
function slotsOf(records: readonly Maintenance[], now: number): readonly Slot[] {
  const calledOff = new Map<string, number>();
  for (const { withdraws, recordedAt } of records)
    if (withdraws !== null) calledOff.set(withdraws, Math.min(recordedAt, calledOff.get(withdraws) ?? Infinity));
  const slots = records.flatMap((record): Slot[] => {
    const at = calledOff.get(record.id) ?? null;
    return upcoming([record], now - BACK_MS, now + AHEAD_MS, EVENTS_MOST).map((time) => {
      return { ...time, record, calledOffAt: at !== null && at < time.toAt ? at : null };
    });
  });
  return slots.toSorted((a, b) => a.fromAt - b.fromAt || (a.id < b.id ? -1 : 1)).slice(0, EVENTS_MOST);
}

/** On one line: RFC 5545 forbids control characters in text. */
function summaryOf({ title, target }: Slot, { language, places }: CalendarSite): string {
  const words = feedWordsOf(language);
  const said = plainLabel(sayIn(title, language)?.text, words.maintenance, TITLE_MOST);
  return xmlSafe(words.calendarSummary(said, targetName(target, { places, language })));
}

function descriptionOf({ regions }: Slot, cancelled: boolean, { language, places }: CalendarSite): string {
  const words = feedWordsOf(language);
  const names = (regions ?? []).map((id) =>
    plainLabel(places.regions.find((one) => one.id === id)?.label[language], plainLabel(id, "–")),
  );
  const where = regions === null ? words.allRegions : words.inRegions(wordsOf(language).list(names, 0));
  const lines = cancelled ? [words.calledOff, where] : [where, words.goesOnMeasuring];
  return xmlSafe(lines.join("\n"));
}
