// Aim: a period is the time between two midnights of the contract's zone, in elapsed minutes, whatever summer time, short
// months, anchors and new versions do. Method: tables of instants and minutes counted by hand from the zones' rules; versions
// that end, pause and change; seeded contracts whose periods must join, and whose days must add up.

import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import type { Contract, Period } from "../../workers/config/contracts/contract.ts";
import { cycleEnd, daysOf, periodAt, periodsBetween, segmentsOf } from "../../workers/sla/periods.ts";
import { periodNamed } from "./period-named.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { contractOf } from "./golden-month.ts";

const DAY = 1440;
const minuteOf = (iso: string): number => Date.parse(iso) / 60_000;
const isoOf = (minute: number): string => `${new Date(minute * 60_000).toISOString().slice(0, 16)}Z`;

/** "month calendar UTC", "quarter billing-day:20 Asia/Shanghai clip" */
function periodOf(text: string): Period {
  const [unit, anchor, zone, clip] = text.split(" ");
  const [word, day] = (anchor ?? "").split(":");
  return {
    unit: unit as Period["unit"],
    anchor: word as Period["anchor"],
    anchorDay: day === undefined ? null : Number(day),
    zone: zone ?? "",
    clip: clip === "clip" ? "calendar" : "none",
  };
}

/** "2026-01-01.." or "2026-01-01..2026-11-10" and a period, for each version. */
function versionsOf(...terms: readonly (readonly [string, string])[]): Contract[] {
  return terms.map(([effective, period], at) => {
    const [from = "", to = ""] = effective.split("..");
    const own = { version: at + 1, effective: { from, to: to === "" ? null : to }, period: periodOf(period) };
    return contractOf([], own);
  });
}

/** "2026-11 2026-11-01T00:00Z 43200" */
const line = (period: { name: string; fromMinute: number; toMinute: number }): string =>
  `${period.name} ${isoOf(period.fromMinute)} ${period.toMinute - period.fromMinute}`;

describe("calendar periods", () => {
  it.each([
    ["month", "UTC", "2026-02", "2026-02-01T00:00Z", 28 * DAY, 40.32],
    ["month", "UTC", "2028-02", "2028-02-01T00:00Z", 29 * DAY, 41.76],
    ["month", "UTC", "2026-11", "2026-11-01T00:00Z", 30 * DAY, 43.2],
    ["month", "UTC", "2026-12", "2026-12-01T00:00Z", 31 * DAY, 44.64],
    ["month", "America/New_York", "2026-03", "2026-03-01T05:00Z", 31 * DAY - 60, 44.58],
    ["month", "America/New_York", "2026-11", "2026-11-01T04:00Z", 30 * DAY + 60, 43.26],
    ["month", "Europe/Berlin", "2026-03", "2026-02-28T23:00Z", 31 * DAY - 60, 44.58],
    ["month", "Europe/Berlin", "2026-10", "2026-09-30T22:00Z", 31 * DAY + 60, 44.7],
    ["month", "Australia/Lord_Howe", "2026-04", "2026-03-31T13:00Z", 30 * DAY + 30, 43.23],
    ["month", "Australia/Lord_Howe", "2026-10", "2026-09-30T13:30Z", 31 * DAY - 30, 44.61],
    ["month", "Asia/Shanghai", "2026-11", "2026-10-31T16:00Z", 30 * DAY, 43.2],
    ["month", "Asia/Kathmandu", "2026-11", "2026-10-31T18:15Z", 30 * DAY, 43.2],
    // 30 December 2011 was skipped there.
    ["month", "Pacific/Apia", "2011-12", "2011-12-01T10:00Z", 30 * DAY, 43.2],
    // Clocks change at midnight: on 8 March 2026 there is none, on 1 November there are two.
    ["month", "America/Havana", "2026-03", "2026-03-01T05:00Z", 31 * DAY - 60, 44.58],
    ["month", "America/Havana", "2026-11", "2026-11-01T04:00Z", 30 * DAY + 60, 43.26],
    ["month", "Africa/Cairo", "2026-04", "2026-03-31T22:00Z", 30 * DAY - 60, 43.14],
    ["month", "Africa/Cairo", "2026-10", "2026-09-30T21:00Z", 31 * DAY + 60, 44.7],
    ["quarter", "Europe/Berlin", "2026-Q1", "2025-12-31T23:00Z", 90 * DAY - 60, 129.54],
    ["quarter", "Europe/Berlin", "2026-Q4", "2026-09-30T22:00Z", 92 * DAY + 60, 132.54],
    ["year", "America/New_York", "2026", "2026-01-01T05:00Z", 365 * DAY, 525.6],
    ["year", "UTC", "2028", "2028-01-01T00:00Z", 366 * DAY, 527.04],
  ])("%s in %s: %s begins %s, %i minutes, .1 %% of it %f", (unit, zone, name, from, minutes, budget) => {
    const versions = versionsOf(["2005-01-01..", `${unit} calendar ${zone}`]);
    const period = periodNamed(versions, name);
    expect(period && line(period)).toBe(`${name} ${from} ${minutes}`);
    expect(Math.round(minutes * 0.001 * 100) / 100).toBe(budget);
    expect(periodAt(versions, minuteOf(from))).toEqual(period);
    expect(periodAt(versions, minuteOf(from) + minutes - 1)).toEqual(period);
    expect(periodAt(versions, minuteOf(from) - 1)?.toMinute).toBe(minuteOf(from));
    expect(periodAt(versions, minuteOf(from) + minutes)?.fromMinute).toBe(minuteOf(from) + minutes);
  });
});

describe("anchored periods", () => {
  it.each([
    [
      "bought on the 31st, through a leap February",
      "2027-10-31..",
      "month service-start UTC",
      ["2027-10-31 30", "2027-11-30 31", "2027-12-31 31", "2028-01-31 29", "2028-02-29 31", "2028-03-31 30"],
    ],
    [
      "the 31st through a common February",
      "2026-12-31..",
      "month service-start Asia/Shanghai",
      ["2026-12-31 31", "2027-01-31 28", "2027-02-28 31", "2027-03-31 30"],
    ],
    [
      "a year from 29 February",
      "2028-02-29..",
      "year service-start UTC",
      ["2028-02-29 365", "2029-02-28 365", "2030-02-28 365", "2031-02-28 366", "2032-02-29 365"],
    ],
    ["Tencent's 17th", "2026-03-17..", "month service-start Asia/Shanghai", ["2026-03-17 31", "2026-04-17 30"]],
    [
      "the bill comes on the 20th: the first period is short",
      "2026-11-05..",
      "month billing-day:20 UTC",
      ["2026-11-05 15", "2026-11-20 30", "2026-12-20 31"],
    ],
    ["the bill comes on the day itself", "2026-11-20..", "month billing-day:20 UTC", ["2026-11-20 30"]],
    ["billed on the 31st", "2027-02-01..", "month billing-day:31 UTC", ["2027-02-01 27", "2027-02-28 31"]],
    [
      "quarters from 30 November",
      "2026-11-30..",
      "quarter service-start UTC",
      ["2026-11-30 90", "2027-02-28 91", "2027-05-30 92", "2027-08-30 92"],
    ],
    [
      "clipped to the calendar",
      "2026-11-17..",
      "month service-start UTC clip",
      ["2026-11-17 14", "2026-12-01 16", "2026-12-17 15", "2027-01-01 16", "2027-01-17 15"],
    ],
    ["clipped, from the 1st: nothing to clip", "2026-11-01..", "month service-start UTC clip", ["2026-11-01 30"]],
  ])("%s", (_, effective, period, expected) => {
    const versions = versionsOf([effective, period]);
    const first = segmentsOf(versions, { fromMinute: -Infinity, toMinute: Infinity })[0]?.fromMinute ?? NaN;
    const days = expected.reduce((sum, text) => sum + Number(text.split(" ")[1]), 0);
    const periods = periodsBetween(versions, first - 99 * DAY, first + days * DAY);
    expect(periods.map((each) => `${each.name} ${(each.toMinute - each.fromMinute) / DAY}`)).toEqual(expected);
    for (const each of periods) expect(periodNamed(versions, each.name)).toEqual(each);
  });

  it("is as long as its days are, not as many times 24 hours", () => {
    const versions = versionsOf(["2026-02-17..", "month service-start America/New_York"]);
    expect(periodsBetween(versions, minuteOf("2026-03-01T00:00Z"), minuteOf("2026-03-02T00:00Z")).map(line)).toEqual([
      `2026-02-17 2026-02-17T05:00Z ${28 * DAY - 60}`,
    ]);
  });
});

describe("versions", () => {
  const UTC = "month calendar UTC";
  it.each<[string, [string, string][], string[]]>([
    ["begins in the middle: keeps the name", [["2026-11-10..", UTC]], ["2026-11 2026-11-10T00:00Z 30240"]],
    ["begins in the middle of a year", [["2026-11-10..", "year calendar UTC"]], ["2026 2026-11-10T00:00Z 74880"]],
    [
      "ends: the last period is short, and nothing follows",
      [["2026-11-10..2026-11-10", UTC]],
      ["2026-11 2026-11-10T00:00Z 1440"],
    ],
    [
      "another version with the same periods does not cut them",
      [
        ["2026-11-01..", UTC],
        ["2026-11-20..2026-11-30", UTC],
      ],
      ["2026-11 2026-11-01T00:00Z 43200"],
    ],
    [
      "days without a version are cut off the ends, and stay in the middle",
      [
        ["2026-11-05..2026-11-09", UTC],
        ["2026-11-20..2026-11-24", UTC],
      ],
      ["2026-11 2026-11-05T00:00Z 28800"],
    ],
    [
      "a period without any version is none",
      [
        ["2026-11-01..2026-11-09", UTC],
        ["2027-01-11..2027-01-12", UTC],
      ],
      ["2026-11 2026-11-01T00:00Z 12960", "2027-01 2027-01-11T00:00Z 2880"],
    ],
    [
      "other settings cut, and what is left of the month has the name of its first day",
      [
        ["2026-11-01..", "quarter calendar UTC"],
        ["2026-12-11..2027-01-02", UTC],
      ],
      ["2026-Q4 2026-11-01T00:00Z 57600", "2026-12-11 2026-12-11T00:00Z 30240", "2027-01 2027-01-01T00:00Z 2880"],
    ],
    [
      "from the calendar to the day of the bill",
      [
        ["2026-11-01..", UTC],
        ["2026-11-11..2026-11-25", "month billing-day:20 UTC"],
      ],
      ["2026-11 2026-11-01T00:00Z 14400", "2026-11-11 2026-11-11T00:00Z 12960", "2026-11-20 2026-11-20T00:00Z 8640"],
    ],
    [
      "a zone farther west: the hours between the midnights belong to the old month",
      [
        ["2026-11-01..", UTC],
        ["2026-12-01..2026-12-01", "month calendar America/New_York"],
      ],
      ["2026-11 2026-11-01T00:00Z 43500", "2026-12 2026-12-01T05:00Z 1440"],
    ],
    [
      "a zone farther east: the old month is cut",
      [
        ["2026-11-01..", UTC],
        ["2026-12-01..2026-12-01", "month calendar Asia/Shanghai"],
      ],
      ["2026-11 2026-11-01T00:00Z 42720", "2026-12 2026-11-30T16:00Z 1440"],
    ],
    [
      "service-start stays the day of version 1",
      [
        ["2026-11-05..", UTC],
        ["2026-12-10..2027-01-05", "month service-start UTC"],
      ],
      [
        "2026-11 2026-11-05T00:00Z 37440",
        "2026-12 2026-12-01T00:00Z 12960",
        "2026-12-10 2026-12-10T00:00Z 37440",
        "2027-01-05 2027-01-05T00:00Z 1440",
      ],
    ],
  ])("%s", (_, terms, expected) => {
    const versions = versionsOf(...terms);
    const end = minuteOf("2027-03-01T00:00Z");
    // A contract that goes on is looked at until the end of its first period.
    const until = terms.at(-1)?.[0].endsWith("..") ? minuteOf("2026-12-01T00:00Z") : end;
    const periods = periodsBetween(versions, 0, until);
    expect(periods.map(line)).toEqual(expected);
    for (const period of periods) {
      expect(periodNamed(versions, period.name)).toEqual(period);
      expect(periodAt(versions, period.fromMinute)).toEqual(period);
      expect(periodAt(versions, period.toMinute - 1)).toEqual(period);
    }
    expect(periodAt(versions, (periods[0]?.fromMinute ?? NaN) - 1)).toBeNull();
    if (until === end) expect(periodAt(versions, periods.at(-1)?.toMinute ?? NaN)).toBeNull();
  });

  it("no minute of a gap is in a period of its own", () => {
    const versions = versionsOf(["2026-11-05..2026-11-09", UTC], ["2026-11-20..", UTC]);
    expect(periodAt(versions, minuteOf("2026-11-10T00:00Z"))).toBeNull();
    expect(periodAt(versions, minuteOf("2026-11-20T00:00Z"))?.name).toBe("2026-11");
  });

  it("segments are the versions in force, cut to the span", () => {
    const versions = versionsOf(["2026-11-05..2026-11-09", UTC], ["2026-11-20..", UTC], ["2026-11-25..", UTC]);
    const span = { fromMinute: minuteOf("2026-11-08T00:00Z"), toMinute: minuteOf("2026-12-01T00:00Z") };
    expect(
      segmentsOf(versions, span).map(
        (each) => `${each.contract.version} ${isoOf(each.fromMinute)} ${isoOf(each.toMinute)}`,
      ),
    ).toEqual([
      "1 2026-11-08T00:00Z 2026-11-10T00:00Z",
      "2 2026-11-20T00:00Z 2026-11-25T00:00Z",
      "3 2026-11-25T00:00Z 2026-12-01T00:00Z",
    ]);
    expect(segmentsOf(versions, { fromMinute: span.toMinute, toMinute: span.toMinute })).toEqual([]);
    expect(periodsBetween([], 0, 1)).toEqual([]);
  });
});

describe("billing cycles to come", () => {
  it.each([
    ["2026-01-01..", "month billing-day:1 UTC", "2026-11-30T23:59Z", 2, "2027-02-01T00:00Z"],
    ["2026-01-01..2026-11-30", "month billing-day:1 UTC", "2026-11-30T23:59Z", 2, "2027-02-01T00:00Z"],
    ["2027-10-31..", "month service-start UTC", "2028-01-30T23:59Z", 1, "2028-02-29T00:00Z"],
    ["2026-03-17..", "month service-start Asia/Shanghai clip", "2026-03-31T15:59Z", 1, "2026-05-16T16:00Z"],
    ["2026-01-01..", "quarter calendar America/New_York", "2026-12-31T12:00Z", 1, "2027-04-01T04:00Z"],
  ])("%s %s: after %s, %i more end at %s", (effective, period, at, count, end) => {
    const versions = versionsOf([effective, period]);
    const [contract] = versions;
    if (contract === undefined) throw new Error("no contract");
    expect(isoOf(cycleEnd(versions, contract, minuteOf(at), count))).toBe(end);
  });
});

describe("days", () => {
  it.each([
    ["UTC", "2026-11-01T06:00Z", "2026-11-03T00:00Z", [1080, 1440]],
    ["America/New_York", "2026-11-01T04:00Z", "2026-11-03T05:00Z", [1500, 1440]],
    ["Australia/Lord_Howe", "2026-04-04T13:00Z", "2026-04-05T14:00Z", [1470, 30]],
    ["Asia/Kathmandu", "2026-11-01T00:00Z", "2026-11-02T00:00Z", [1095, 345]],
    ["Africa/Cairo", "2026-04-22T22:00Z", "2026-04-24T21:00Z", [1440, 1380]],
    // The 29th, then the 31st.
    ["Pacific/Apia", "2011-12-29T10:00Z", "2011-12-31T10:00Z", [1440, 1440]],
    ["UTC", "2026-11-01T06:00Z", "2026-11-01T06:00Z", []],
  ])("%s from %s to %s", (zone, from, to, minutes) => {
    const days = daysOf(minuteOf(from), minuteOf(to), zone);
    expect(days.map((day) => day.toMinute - day.fromMinute)).toEqual(minutes);
  });
});

it("periods join without a gap, have names of their own, and their days add up", () => {
  const random = mulberry32(20_261_122);
  const zones = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Shanghai", "Asia/Kathmandu"];
  zones.push("Pacific/Apia", "America/Havana", "Africa/Cairo", "Pacific/Kiritimati", "Africa/Casablanca");
  const randomPeriod = (): string => {
    const anchor = oneOf(random, ["calendar", "service-start", `billing-day:${between(random, 1, 31)}`]);
    const clip = oneOf(random, ["", " clip"]);
    return `${oneOf(random, ["month", "quarter", "year"])} ${anchor} ${oneOf(random, zones)}${clip}`;
  };
  let cases = 0;
  let seen = 0;
  for (; cases < 150; cases++) {
    const first = new Temporal.PlainDate(between(random, 2009, 2030), 1, 1).add({ days: between(random, 0, 364) });
    const second = first.add({ days: between(random, 1, 500) });
    const last = second.add({ days: between(random, 1, 500) });
    const terms = [randomPeriod(), randomPeriod()] as const;
    const versions = versionsOf([`${first}..`, terms[0]], [`${second}..${last}`, terms[1]]);
    const segments = segmentsOf(versions, { fromMinute: -Infinity, toMinute: Infinity });
    const what = `${first} ${second} ${last} ${terms.join(" / ")}`;
    const periods = periodsBetween(versions, -1e7, 1e8);
    seen += periods.length;
    expect(periods[0]?.fromMinute, what).toBe(segments[0]?.fromMinute);
    expect(periods.at(-1)?.toMinute, what).toBe(segments.at(-1)?.toMinute);
    expect(new Set(periods.map((period) => period.name)).size, what).toBe(periods.length);
    for (const [at, period] of periods.entries()) {
      expect(periods[at + 1]?.fromMinute ?? period.toMinute, what).toBe(period.toMinute);
      const probe = between(random, period.fromMinute, period.toMinute - 1);
      expect(periodAt(versions, probe), what).toEqual(period);
      expect(periodNamed(versions, period.name), what).toEqual(period);
      const days = daysOf(period.fromMinute, period.toMinute, oneOf(random, zones));
      const sum = days.reduce((minutes, day) => minutes + day.toMinute - day.fromMinute, 0);
      expect(sum, what).toBe(period.toMinute - period.fromMinute);
      expect(Math.min(...days.map((day) => day.toMinute - day.fromMinute)), what).toBeGreaterThan(0);
      expect(segmentsOf(versions, period).at(-1)?.toMinute, what).toBe(period.toMinute);
    }
  }
  console.log(`periods: ${cases} contracts of two versions, ${seen} periods`);
  expect(seen).toBeGreaterThan(1000);
});
