// Reads `calendars` of a contract: whose hours and days are business time. A day in the list of holidays is never worked, a day in
// that of workdays always is, as China moves days. Pure; called by `terms.ts`.

import * as z from "zod";
import { field, id, inner, isRecord, judged, readFields, reportRepeated } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { refusalOfZone } from "../zones.ts";
import type { BusinessCalendar } from "./contract.ts";
import { DAY, readEach } from "./term-fields.ts";
import { overlap, readWindow } from "./windows.ts";

const CALENDARS_MAX = 10;
const HOURS_MAX = 20;
const EXAMPLE = 'office: { zone: "Asia/Shanghai", hours: [{ days: ["mon-fri"], from: "09:00", to: "18:00" }] }';
const NAME = { calendar: id("office") };

const CALENDAR_FIELDS = {
  zone: field(judged(z.string(), refusalOfZone), 'zone: "Asia/Shanghai"'),
  hours: inner('hours: [{ days: ["mon-fri"], from: "09:00", to: "18:00" }]', "required"),
  holidays: field(z.array(DAY).default([]), 'holidays: ["2027-01-01"]'),
  workdays: field(z.array(DAY).default([]), 'workdays: ["2027-02-06"]'),
};

/** What could be read, and every name that was written: who refers to a bad one is not told off a second time. */
export interface CalendarsRead {
  readonly calendars: Readonly<Record<string, BusinessCalendar>>;
  readonly names: readonly string[];
}

export function readCalendars(value: Plain, path: Path, report: Report): CalendarsRead {
  if (value === undefined || value === REFUSED) return { calendars: {}, names: [] };
  if (!isRecord(value)) {
    report.add(path, value, { problem: "is not an object", mend: `write calendars: { ${EXAMPLE} }` });
    return { calendars: {}, names: [] };
  }
  const names = Object.keys(value);
  if (names.length > CALENDARS_MAX) {
    report.add(path, value, { problem: `has ${names.length} calendars`, mend: `write at most ${CALENDARS_MAX}` });
    return { calendars: {}, names };
  }
  const read = names.flatMap((name) => {
    const problem = NAME.calendar.schema.safeParse(name);
    if (!problem.success) {
      const mend = `write lower case letters, digits and dashes, a letter first, at most 31: ${EXAMPLE}`;
      report.addHidden([...path, name], { problem: "is not a name for a calendar", mend });
    }
    const calendar = readCalendar(value[name], [...path, name], report);
    return calendar === null ? [] : [[name, calendar] as const];
  });
  return { calendars: Object.fromEntries(read), names };
}

function readCalendar(value: Plain, path: Path, report: Report): BusinessCalendar | null {
  const read = readFields(CALENDAR_FIELDS, value, path, report);
  if (!isRecord(value)) return null;
  for (const key of ["holidays", "workdays"]) reportRepeated(value[key], [...path, key], report);
  const { zone, holidays, workdays } = read;
  const hours = readHours(read.hours, [...path, "hours"], report);
  if (zone === undefined || holidays === undefined || workdays === undefined) return null;
  workdays.forEach((day, index) => {
    if (!holidays.includes(day)) return;
    report.add([...path, "workdays", index], day, { problem: "is a holiday as well", mend: "take one of them out" });
  });
  if (workdays.length > 0 && hours.length > 0 && !hours.some(({ days }) => days.includes(1))) {
    const mend = 'write hours for "mon", or leave workdays out';
    report.add([...path, "workdays"], workdays, { problem: "have the hours of a Monday, and it has none", mend });
  }
  return { zone, hours, holidays: [...holidays].sort(), workdays: [...workdays].sort() };
}

function readHours(list: Plain, path: Path, report: Report): BusinessCalendar["hours"] {
  const shape = { max: HOURS_MAX, write: CALENDAR_FIELDS.hours.write };
  if (Array.isArray(list) && list.length === 0) {
    report.add(path, list, { problem: "has 0 entries: no time would be worked", mend: `write ${shape.write}` });
  }
  const read = readEach(list, path, shape, report, (one, at) => {
    const window = readWindow(one, at, report);
    return window === null ? null : { window, at };
  });
  read.forEach(({ window, at }, index) => {
    const other = read.slice(0, index).find((before) => overlap(before.window, window));
    if (other === undefined) return;
    const mend = "write hours that do not overlap: each minute counts once";
    report.add(at, undefined, { problem: `overlaps hours[${other.at.at(-1)}]`, mend });
  });
  return read.map(({ window }) => window);
}
