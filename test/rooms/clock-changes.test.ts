// Aim: a weekly window says on which days a time of it is not there or comes twice, and on no other day. Method: a table of zones
// that change their clocks by an hour, by half an hour and at midnight; and each is held against every day of a year, minute by
// minute as a clock of the zone reads it.

import { describe, expect, it } from "vitest";

import { clockChanges, timeOf } from "../../workers/console/clock-changes.ts";
import { instantIn } from "../../workers/console/local-time.ts";

const FROM = Date.parse("2027-01-01T00:00:00Z");
const TO = Date.parse("2028-01-01T00:00:00Z");
const EVERY = [1, 2, 3, 4, 5, 6, 7];

const window = (zone: string, from: string, to: string, more: { days?: number[]; untilDay?: string } = {}) => {
  const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const times = { fromMinute: minute(from), toMinute: minute(to) };
  return { kind: "weekly", zone, days: EVERY, fromDay: "2026-01-01", untilDay: null, ...times, ...more } as const;
};

describe("a weekly window", () => {
  it.each([
    ["Europe/Berlin", "02:30", "05:00", {}, ["2027-03-28 02:30 begins skipped", "2027-10-31 02:30 begins twice"]],
    ["Europe/Berlin", "01:00", "02:00", {}, ["2027-03-28 02:00 ends skipped", "2027-10-31 02:00 ends twice"]],
    ["Europe/Berlin", "23:00", "02:15", {}, ["2027-03-28 02:15 ends skipped", "2027-10-31 02:15 ends twice"]],
    [
      "Europe/Berlin",
      "23:00",
      "02:15",
      { days: [6] },
      ["2027-03-28 02:15 ends skipped", "2027-10-31 02:15 ends twice"],
    ],
    ["Europe/Berlin", "23:00", "02:15", { days: [7] }, []],
    ["Europe/Berlin", "02:30", "05:00", { days: [1, 2, 3, 4, 5, 6] }, []],
    ["Europe/Berlin", "02:30", "05:00", { untilDay: "2027-06-01" }, ["2027-03-28 02:30 begins skipped"]],
    ["Europe/Berlin", "03:00", "05:00", {}, []],
    ["Europe/Berlin", "02:10", "02:50", { untilDay: "2027-06-01" }, ["2027-03-28 02:10 begins gone"]],
    ["Asia/Shanghai", "02:30", "05:00", {}, []],
    ["UTC", "02:30", "05:00", {}, []],
    ["Australia/Lord_Howe", "01:45", "02:15", {}, ["2027-04-04 01:45 begins twice", "2027-10-03 02:15 ends skipped"]],
    ["America/Santiago", "20:00", "24:00", {}, ["2027-09-05 00:00 ends skipped"]],
    ["America/Santiago", "23:30", "01:00", {}, ["2027-04-03 23:30 begins twice"]],
  ] as const)("in %s, %s to %s, %j", (zone, from, to, more, expected) => {
    const found = clockChanges(window(zone, from, to, more as object), FROM, TO);
    expect(found.map((each) => `${each.day} ${each.time} ${each.starts ? "begins" : "ends"} ${each.why}`)).toEqual(
      expected,
    );
  });

  it("finds exactly the days on which its beginning cannot be read, whatever its time", () => {
    let tried = 0;
    let met = 0;
    for (const zone of ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "America/New_York"]) {
      for (let minute = 0; minute < 1_440; minute += 20) {
        const from = timeOf(minute);
        const expected: string[] = [];
        for (let at = FROM; at < TO; at += 86_400_000) {
          const day = new Date(at).toISOString().slice(0, 10);
          // Only in these months do these zones change their clocks; the rest of the year would take a minute to read.
          if (!/^2027-(03|04|09|10|11)/.test(day)) continue;
          const read = instantIn(`${day}T${from}`, zone);
          if (!read.ok) expected.push(`${day} ${read.why}`);
          tried += 1;
        }
        const found = clockChanges(window(zone, from, "12:01"), FROM, TO).filter(({ starts }) => starts);
        expect([zone, from, found.map(({ day, why }) => `${day} ${why}`)]).toEqual([zone, from, expected]);
        met += expected.length;
      }
    }
    console.log(`clock changes: ${tried} days and times, ${met} of them are not there or come twice`);
    expect(tried).toBe(4 * 72 * 152);
    // Three in an hour, twice a year, in three zones; of half an hour two and one.
    expect(met).toBe(3 * 6 + 3);
  });

  it("is not asked about what lies behind", () => {
    const after = Date.parse("2027-03-28T12:00:00Z");
    expect(clockChanges(window("Europe/Berlin", "02:30", "05:00"), after, TO)).toHaveLength(1);
    expect(clockChanges(window("Europe/Berlin", "02:30", "05:00"), after, after + 86_400_000)).toEqual([]);
  });
});
