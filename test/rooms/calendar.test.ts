// Aim: days and months are elapsed minutes in a named zone, summer time and half hours included.
// Method: a table of days with their length, known from the zones' rules; every day of a year joins the next.

import { describe, expect, it } from "vitest";

import { dayNumbered, dayOf, daysIn, monthOf } from "../../workers/results/calendar.ts";

const minuteOf = (iso: string): number => Date.parse(iso) / 60_000;

describe("days", () => {
  it.each([
    ["UTC", "2026-11-22T12:00Z", "2026-11-22", 1440],
    ["Asia/Shanghai", "2026-11-22T17:00Z", "2026-11-23", 1440],
    ["Asia/Kolkata", "2026-11-22T18:29Z", "2026-11-22", 1440],
    ["Asia/Kolkata", "2026-11-22T18:30Z", "2026-11-23", 1440],
    ["Europe/Berlin", "2026-03-29T12:00Z", "2026-03-29", 1380],
    ["Europe/Berlin", "2026-10-25T12:00Z", "2026-10-25", 1500],
    ["America/New_York", "2026-03-08T12:00Z", "2026-03-08", 1380],
    ["America/New_York", "2026-11-01T12:00Z", "2026-11-01", 1500],
    ["Australia/Lord_Howe", "2026-10-04T06:00Z", "2026-10-04", 1410],
    ["Australia/Lord_Howe", "2026-04-05T06:00Z", "2026-04-05", 1470],
    // Summer time began at midnight: the day has no 00:00.
    ["America/Sao_Paulo", "2018-11-04T12:00Z", "2018-11-04", 1380],
  ])("%s %s lies in %s, %i minutes", (zone, iso, text, minutes) => {
    const day = dayOf(minuteOf(iso), zone);
    expect(day.text).toBe(text);
    expect(day.toMinute - day.fromMinute).toBe(minutes);
    expect(dayNumbered(day.number, zone)).toEqual(day);
  });

  it.each(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"])("the days of 2026 join in %s", (zone) => {
    const first = dayOf(minuteOf("2026-01-01T12:00Z"), zone).number;
    for (let number = first; number < first + 365; number++) {
      expect(dayNumbered(number + 1, zone).fromMinute).toBe(dayNumbered(number, zone).toMinute);
    }
  });

  it("refuses a zone that does not exist", () => {
    expect(() => dayOf(0, "Mars/Olympus")).toThrow(RangeError);
  });
});

describe("months", () => {
  it.each([
    ["UTC", "2026-02-10T00:00Z", "2026-02", 28 * 1440, 28],
    ["UTC", "2028-02-10T00:00Z", "2028-02", 29 * 1440, 29],
    ["Asia/Shanghai", "2026-11-30T16:00Z", "2026-12", 31 * 1440, 31],
    ["Europe/Berlin", "2026-03-10T00:00Z", "2026-03", 31 * 1440 - 60, 31],
    ["Europe/Berlin", "2026-10-10T00:00Z", "2026-10", 31 * 1440 + 60, 31],
  ])("%s %s lies in %s", (zone, iso, text, minutes, days) => {
    const month = monthOf(minuteOf(iso), zone);
    expect(month.text).toBe(text);
    expect(month.toMinute - month.fromMinute).toBe(minutes);
    const { first, last } = daysIn(month, zone);
    expect(last - first + 1).toBe(days);
    expect(dayNumbered(first, zone).fromMinute).toBe(month.fromMinute);
    expect(dayNumbered(last, zone).toMinute).toBe(month.toMinute);
  });

  it("numbers months without a gap over the turn of the year", () => {
    expect(
      monthOf(minuteOf("2027-01-01T00:00Z"), "UTC").number - monthOf(minuteOf("2026-12-31T23:59Z"), "UTC").number,
    ).toBe(1);
  });
});
