// Aim: business time counts what the calendar's wall clock says is worked, in elapsed milliseconds. Method: a table of instants
// worked out by hand (lunch breaks, holidays, moved days, both changes to and from summer time); seeded calendars in which
// adding and measuring must undo each other.

import { describe, expect, it } from "vitest";
import type { BusinessCalendar } from "../../workers/config/contracts/contract.ts";
import { addBusinessDays, addBusinessTime, businessTimeBetween } from "../../workers/sla/business.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const isoOf = (at: number): string => new Date(at).toISOString().replace(":00.000Z", "Z");

/** "1-5 09:00-12:30 13:30-17:00" */
function calendar(zone: string, week: string, own: Partial<BusinessCalendar> = {}): BusinessCalendar {
  const hours = week.split(", ").flatMap((part) => {
    const [days = "", ...spans] = part.split(" ");
    const [first = 1, last = first] = days.split("-").map(Number);
    return spans.map((span) => {
      const [fromMinute = 0, toMinute = 0] = span.split("-").map((clock) => {
        const [h = 0, min = 0] = clock.split(":").map(Number);
        return h * 60 + min;
      });
      return { days: Array.from({ length: last - first + 1 }, (_, at) => first + at), fromMinute, toMinute };
    });
  });
  return { zone, hours, holidays: [], workdays: [], ...own };
}

const UTC = calendar("UTC", "1-5 09:30-17:00");
const LUNCH = calendar("UTC", "1-5 09:00-12:30 13:30-17:00");
const SHANGHAI = calendar("Asia/Shanghai", "1-5 09:00-18:00", {
  // A Monday to a Wednesday off, and the Sunday before worked for it.
  holidays: ["2026-10-05", "2026-10-06", "2026-10-07"],
  workdays: ["2026-10-04"],
});
const BERLIN_NIGHTS = calendar("Europe/Berlin", "1-7 00:00-06:00");
const BERLIN_ALWAYS = calendar("Europe/Berlin", "1-7 00:00-24:00");

describe("business time", () => {
  // 20 November 2026 is a Friday.
  it.each<[string, BusinessCalendar | null, string, number, string]>([
    ["the last half hour, then the first", UTC, "2026-11-19T16:30Z", HOUR, "2026-11-20T10:00Z"],
    ["over the weekend", UTC, "2026-11-20T16:30Z", HOUR, "2026-11-23T10:00Z"],
    ["exactly at closing", UTC, "2026-11-20T16:30Z", HOUR / 2, "2026-11-20T17:00Z"],
    ["before opening", UTC, "2026-11-20T03:00Z", MINUTE, "2026-11-20T09:31Z"],
    ["after closing", UTC, "2026-11-20T17:00Z", MINUTE, "2026-11-23T09:31Z"],
    ["on a Sunday", UTC, "2026-11-22T12:00Z", MINUTE, "2026-11-23T09:31Z"],
    ["nothing", UTC, "2026-11-22T12:00Z", 0, "2026-11-22T12:00Z"],
    ["around the clock", null, "2026-11-22T12:00Z", 30 * HOUR, "2026-11-23T18:00Z"],
    ["a lunch break", LUNCH, "2026-11-20T12:00Z", HOUR, "2026-11-20T14:00Z"],
    ["in the lunch break", LUNCH, "2026-11-20T13:00Z", HOUR, "2026-11-20T14:30Z"],
    ["a week of days", LUNCH, "2026-11-16T09:00Z", 35 * HOUR, "2026-11-20T17:00Z"],
    // 17:30 on Saturday in Shanghai: Sunday is worked, Monday to Wednesday are not.
    ["days that China moves", SHANGHAI, "2026-10-03T09:30Z", HOUR, "2026-10-04T02:00Z"],
    ["the holidays after", SHANGHAI, "2026-10-04T09:30Z", HOUR, "2026-10-08T01:30Z"],
    // 29 March 2026: 02:00 is 03:00, so that night has 5 hours. 25 October: 7 hours.
    ["the night in which summer time begins", BERLIN_NIGHTS, "2026-03-28T23:00Z", 5 * HOUR, "2026-03-29T04:00Z"],
    ["and a minute more", BERLIN_NIGHTS, "2026-03-28T23:00Z", 5 * HOUR + MINUTE, "2026-03-29T22:01Z"],
    ["the night in which it ends", BERLIN_NIGHTS, "2026-10-24T22:00Z", 7 * HOUR, "2026-10-25T05:00Z"],
    ["all day, to the end of summer time", BERLIN_ALWAYS, "2026-10-24T12:00Z", 24 * HOUR, "2026-10-25T12:00Z"],
    [
      "an hour that the zone skips lies later",
      calendar("Europe/Berlin", "1-7 02:00-03:00 12:00-13:00"),
      "2026-03-28T23:00Z",
      HOUR,
      "2026-03-29T11:00Z",
    ],
    [
      "an hour that comes twice is the earlier one",
      calendar("Europe/Berlin", "1-7 02:00-02:30"),
      "2026-10-25T00:00Z",
      40 * MINUTE,
      "2026-10-26T01:10Z",
    ],
    // 09:00 of the 29th, the skipped 30th, the 31st.
    [
      "a day that the zone skips is not worked",
      calendar("Pacific/Apia", "1-7 09:00-17:00"),
      "2011-12-29T19:00Z",
      12 * HOUR,
      "2011-12-30T23:00Z",
    ],
    [
      "hours listed twice are hours once",
      calendar("UTC", "1-5 09:00-12:00, 1-5 11:00-13:00 13:00-14:00"),
      "2026-11-20T09:00Z",
      5 * HOUR,
      "2026-11-20T14:00Z",
    ],
    [
      "a holiday that is listed as a workday is a holiday",
      calendar("UTC", "1-5 09:00-17:00", { holidays: ["2026-11-23"], workdays: ["2026-11-23"] }),
      "2026-11-20T17:00Z",
      HOUR,
      "2026-11-24T10:00Z",
    ],
    [
      "a workday has the hours of a Monday",
      calendar("UTC", "1-4 09:00-17:00, 5-5 09:00-12:00", { workdays: ["2026-11-21"] }),
      "2026-11-20T12:00Z",
      8 * HOUR,
      "2026-11-21T17:00Z",
    ],
  ])("%s", (_, hours, from, ms, to) => {
    const at = addBusinessTime(Date.parse(from), ms, hours);
    expect(isoOf(at)).toBe(to);
    expect(businessTimeBetween(Date.parse(from), at, hours)).toBe(ms);
  });

  it("16:30 + 1 h with closing at 17:00 gives 09:30 where work begins at 09:00", () => {
    const at = addBusinessTime(Date.parse("2026-11-19T16:30Z"), HOUR, calendar("UTC", "1-5 09:00-17:00"));
    expect(isoOf(at)).toBe("2026-11-20T09:30Z");
  });

  it("refuses what has no answer", () => {
    const idle = calendar("UTC", "1-5 09:00-17:00");
    const never = { ...idle, hours: [] };
    expect(() => addBusinessTime(0, 1, never)).toThrow(RangeError);
    expect(() => addBusinessDays(0, 1, never, "UTC")).toThrow(RangeError);
    expect(() => addBusinessTime(0, Infinity, idle)).toThrow(RangeError);
    expect(() => addBusinessTime(0, -1, idle)).toThrow(RangeError);
    expect(() => addBusinessTime(0, Number.NaN, null)).toThrow(RangeError);
    expect(() => businessTimeBetween(1, 0, idle)).toThrow(RangeError);
    expect(() => businessTimeBetween(0, Infinity, idle)).toThrow(RangeError);
    expect(() => addBusinessDays(0, 0, idle, "UTC")).toThrow(RangeError);
    expect(() => addBusinessDays(0, 1.5, idle, "UTC")).toThrow(RangeError);
    expect(businessTimeBetween(0, 40 * 86_400_000, never)).toBe(0);
  });

  it("waits for the one day that is worked in a year", () => {
    const once = { ...calendar("UTC", "1-1 09:00-10:00"), holidays: [] as string[], workdays: ["2027-11-22"] };
    const mondays = Array.from({ length: 56 }, (_, week) =>
      new Date(Date.parse("2026-11-02") + week * 7 * 86_400_000).toISOString().slice(0, 10),
    );
    const rare = { ...once, holidays: mondays.filter((day) => day !== "2027-11-22") };
    expect(isoOf(addBusinessTime(Date.parse("2026-11-22T00:00Z"), HOUR, rare))).toBe("2027-11-22T10:00Z");
  });
});

describe("business days", () => {
  it.each<[string, string, number, BusinessCalendar | null, string, string, string]>([
    ["the next", "2026-11-19T12:00Z", 1, null, "UTC", "2026-11-20T00:00Z", "2026-11-21T00:00Z"],
    ["over a weekend", "2026-11-20T12:00Z", 1, null, "UTC", "2026-11-23T00:00Z", "2026-11-24T00:00Z"],
    ["from a weekend", "2026-11-21T12:00Z", 5, null, "UTC", "2026-11-27T00:00Z", "2026-11-28T00:00Z"],
    ["in another zone", "2026-11-20T17:00Z", 1, null, "Asia/Shanghai", "2026-11-22T16:00Z", "2026-11-23T16:00Z"],
    ["moved days", "2026-10-03T04:00Z", 2, SHANGHAI, "UTC", "2026-10-07T16:00Z", "2026-10-08T16:00Z"],
    ["summer time", "2026-03-06T12:00Z", 1, null, "America/New_York", "2026-03-09T04:00Z", "2026-03-10T04:00Z"],
    [
      "a Sunday of 23 hours",
      "2026-03-07T12:00Z",
      1,
      calendar("America/New_York", "7-7 09:00-10:00"),
      "UTC",
      "2026-03-08T05:00Z",
      "2026-03-09T04:00Z",
    ],
  ])("%s", (_, at, count, hours, zone, from, to) => {
    const day = addBusinessDays(Date.parse(at), count, hours, zone);
    expect([isoOf(day.fromAt), isoOf(day.toAt)]).toEqual([from, to]);
  });
});

it("what was added is what is measured, stretches add up, and no earlier instant would do", () => {
  const random = mulberry32(71);
  const zones = ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"];
  const weeks = [
    "1-5 09:00-17:00",
    "1-5 09:00-12:30 13:30-18:00, 6-6 10:00-12:00",
    "1-7 00:00-24:00",
    "3-3 01:30-02:30",
  ];
  const from2026 = Date.parse("2026-01-01");
  const dayOf = (): string => new Date(from2026 + between(random, 0, 700) * 86_400_000).toISOString().slice(0, 10);
  let cases = 0;
  for (; cases < 500; cases++) {
    const own = { holidays: Array.from({ length: 30 }, dayOf), workdays: Array.from({ length: 10 }, dayOf) };
    const hours = random() < 0.1 ? null : calendar(oneOf(random, zones), oneOf(random, weeks), own);
    const from = from2026 + between(random, 0, 500 * 24 * HOUR);
    const ms = between(random, 1, 30 * HOUR);
    const to = addBusinessTime(from, ms, hours);
    expect(businessTimeBetween(from, to, hours)).toBe(ms);
    expect(businessTimeBetween(from, to - 1, hours)).toBe(ms - 1);
    const part = between(random, 0, ms);
    expect(addBusinessTime(addBusinessTime(from, part, hours), ms - part, hours)).toBe(to);
    const middle = between(random, from, to);
    const parts = businessTimeBetween(from, middle, hours) + businessTimeBetween(middle, to, hours);
    expect(parts).toBe(ms);
  }
  console.log(`business time: ${cases} cases`);
  expect(cases).toBe(500);
});
