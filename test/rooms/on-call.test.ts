// Aim: whoever the wall's calendar says is on call is called, in every zone, also while clocks change; and nobody is made up for a gap.
// Method: tables of instants counted by hand from the zones' rules, to the millisecond at each hand-over; seeded schedules in UTC against
// arithmetic, and in zones with odd clocks against a walk by half hours.

import { describe, expect, it } from "vitest";
import type { OnCallSchedule, Rotation } from "../../workers/config/alerts/alerting.ts";
import { nextHandover, onCallAt } from "../../workers/alerts/on-call.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const HALF_HOUR_MS = 1_800_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/** "2026-01-05T09:00 7 lin,ana", perhaps with "1-5 09:00-17:00" (days from 1 to 5). */
function rotationOf(text: string): Rotation {
  const [from = "", every = "", who = "", days = "", hours = ""] = text.split(" ");
  const [first = Number.NaN, last = first] = days.split("-").map(Number);
  const [fromMinute = Number.NaN, toMinute = Number.NaN] = hours.split("-").map((time) => {
    const [hour = Number.NaN, minute = Number.NaN] = time.split(":").map(Number);
    return hour * 60 + minute;
  });
  const only = { days: ALL_DAYS.filter((day) => day >= first && day <= last), fromMinute, toMinute };
  return { from, everyDays: Number(every), contacts: who.split(","), only: days === "" ? null : only };
}

/** Overrides as "2026-01-05T09:00 2026-01-06T09:00 ana". */
function scheduleOf(zone: string, rotations: readonly string[], overrides: readonly string[] = []): OnCallSchedule {
  const swaps = overrides.map((text) => {
    const [from = "", to = "", contact = ""] = text.split(" ");
    return { from, to, contact };
  });
  return { id: "primary", zone, rotations: rotations.map(rotationOf), overrides: swaps };
}

const isoOf = (at: number | null): string => (at === null ? "never" : `${new Date(at).toISOString().slice(0, 16)}Z`);

/** What it is about, the schedule, an instant, who until then and who from then on ("-": nobody). */
type Handover = readonly [string, OnCallSchedule, string, string, string];

const BERLIN = scheduleOf("Europe/Berlin", ["2026-01-05T09:00 7 lin,ana"]);
const GAP = scheduleOf("America/New_York", ["2026-03-06T02:30 1 a,b,c"]);
const TWICE = scheduleOf("America/New_York", ["2026-10-31T01:30 1 a,b,c"]);
const HOWE_GAP = scheduleOf("Australia/Lord_Howe", ["2026-10-02T02:15 1 a,b,c"]);
const HOWE_TWICE = scheduleOf("Australia/Lord_Howe", ["2026-04-04T01:45 1 a,b,c"]);
const LEAP = scheduleOf("UTC", ["2028-02-28T00:00 1 a,b,c"]);
const COMMON = scheduleOf("UTC", ["2027-02-28T00:00 1 a,b,c"]);
const OFFICE = scheduleOf("Europe/Berlin", ["2026-01-05T09:00 7 lin,ana 1-5 09:00-17:00"]);
const NIGHTS = scheduleOf("Europe/Berlin", ["2026-01-05T00:00 7 lin 5-6 22:00-02:30"]);
const LAYERS = scheduleOf(
  "Asia/Shanghai",
  ["2026-01-05T09:00 7 lin,ana", "2026-02-01T00:00 1 bo 1-7 22:00-06:00"],
  ["2026-03-01T12:00 2026-03-03T12:00 cy", "2026-03-02T00:00 2026-03-02T06:00 di"],
);
const SUNDAYS = scheduleOf("America/New_York", ["2026-01-04T00:00 7 a 7-7 02:00-03:00"]);
const ST_JOHNS = scheduleOf("America/St_Johns", ["2010-11-05T00:00 1 a,b,c"]);
const OVER_DST = scheduleOf("Europe/Berlin", ["2026-01-05T09:00 7 lin"], ["2026-03-29T02:30 2026-03-29T05:00 ana"]);

const HANDOVERS: readonly Handover[] = [
  ["the first shift", BERLIN, "2026-01-05T08:00Z", "-", "lin"],
  ["a week in winter", BERLIN, "2026-01-12T08:00Z", "lin", "ana"],
  ["the last one in winter", BERLIN, "2026-03-23T08:00Z", "lin", "ana"],
  ["the first one in summer is an hour sooner", BERLIN, "2026-03-30T07:00Z", "ana", "lin"],
  ["the last one in summer", BERLIN, "2026-10-19T07:00Z", "lin", "ana"],
  ["the first one in winter again", BERLIN, "2026-10-26T08:00Z", "ana", "lin"],
  ["ten years on", BERLIN, "2036-01-07T08:00Z", "ana", "lin"],
  ["New York, a day before the gap", GAP, "2026-03-07T07:30Z", "a", "b"],
  ["at 02:30, which is skipped: 03:30", GAP, "2026-03-08T07:30Z", "b", "c"],
  ["the day after it is 02:30 again", GAP, "2026-03-09T06:30Z", "c", "a"],
  ["at 01:30, which comes twice: the first", TWICE, "2026-11-01T05:30Z", "a", "b"],
  ["and the day after", TWICE, "2026-11-02T06:30Z", "b", "c"],
  ["Lord Howe skips half an hour", HOWE_GAP, "2026-10-03T15:45Z", "b", "c"],
  ["Lord Howe, a day later", HOWE_GAP, "2026-10-04T15:15Z", "c", "a"],
  ["Lord Howe repeats half an hour", HOWE_TWICE, "2026-04-04T14:45Z", "a", "b"],
  ["Lord Howe, a day after that", HOWE_TWICE, "2026-04-05T15:15Z", "b", "c"],
  ["a leap day is a day", LEAP, "2028-02-29T00:00Z", "a", "b"],
  ["and then comes March", LEAP, "2028-03-01T00:00Z", "b", "c"],
  ["without one March comes first", COMMON, "2027-03-01T00:00Z", "a", "b"],
  ["office hours begin", OFFICE, "2026-01-05T08:00Z", "-", "lin"],
  ["office hours end", OFFICE, "2026-01-05T16:00Z", "lin", "-"],
  ["after the weekend the other one", OFFICE, "2026-01-12T08:00Z", "-", "ana"],
  ["office hours in summer", OFFICE, "2026-07-01T15:00Z", "ana", "-"],
  ["Friday night", NIGHTS, "2026-01-09T21:00Z", "-", "lin"],
  ["goes on on Saturday", NIGHTS, "2026-01-10T01:30Z", "lin", "-"],
  ["Saturday night goes on on Sunday", NIGHTS, "2026-01-11T01:30Z", "lin", "-"],
  ["Saturday night over the gap: until 03:30", NIGHTS, "2026-03-29T01:30Z", "lin", "-"],
  ["Saturday night over the repeated hour: until the first 02:30", NIGHTS, "2026-10-25T00:30Z", "lin", "-"],
  ["a layer above", LAYERS, "2026-02-01T14:00Z", "ana", "bo"],
  ["which ends over midnight", LAYERS, "2026-02-01T22:00Z", "bo", "ana"],
  ["an override", LAYERS, "2026-03-01T04:00Z", "ana", "cy"],
  ["an override of an override", LAYERS, "2026-03-01T16:00Z", "cy", "di"],
  ["which gives back", LAYERS, "2026-03-01T22:00Z", "di", "cy"],
  ["and the first ends", LAYERS, "2026-03-03T04:00Z", "cy", "lin"],
  ["an override from 02:30, which is skipped", OVER_DST, "2026-03-29T01:30Z", "lin", "ana"],
  ["until 05:00", OVER_DST, "2026-03-29T03:00Z", "ana", "lin"],
];

describe("who is on call", () => {
  it(`changes at the millisecond, ${HANDOVERS.length} times`, () => {
    console.log(`on-call.test.ts: ${HANDOVERS.length} hand-overs`);
    for (const [what, schedule, text, before, after] of HANDOVERS) {
      const at = Date.parse(text);
      expect
        .soft(`${onCallAt(schedule, at - 1) ?? "-"} ${onCallAt(schedule, at) ?? "-"}`, what)
        .toBe(`${before} ${after}`);
      expect.soft(isoOf(nextHandover(schedule, at - 1)), what).toBe(isoOf(at));
    }
  });

  it.each([
    ["the second 01:15 does not give it back", TWICE, "2026-11-01T06:15Z", "b", "2026-11-02T06:30Z"],
    ["the second 01:45 on Lord Howe neither", HOWE_TWICE, "2026-04-04T15:15Z", "b", "2026-04-05T15:15Z"],
    ["a year before the first shift", BERLIN, "2025-01-01T00:00Z", null, "2026-01-05T08:00Z"],
    ["a weekend", OFFICE, "2026-01-10T12:00Z", null, "2026-01-12T08:00Z"],
    [
      "a date that comes back (00:01 was 23:01 again): not who had it",
      ST_JOHNS,
      "2010-11-07T02:45Z",
      "c",
      "2010-11-08T03:30Z",
    ],
    [
      "one alone, and a year from now an override",
      scheduleOf("UTC", ["2026-01-01T00:00 1 lin"], ["2027-03-01T00:00 2027-03-02T00:00 ana"]),
      "2026-03-01T00:00Z",
      "lin",
      "2027-03-01T00:00Z",
    ],
    ["hours of a Sunday that are skipped once", SUNDAYS, "2026-03-01T08:00Z", null, "2026-03-15T06:00Z"],
    ["Friday morning is not Friday night", NIGHTS, "2026-01-09T01:00Z", null, "2026-01-09T21:00Z"],
    [
      "who has two shifts of three",
      scheduleOf("UTC", ["2026-01-01T00:00 1 lin,lin,ana"]),
      "2026-01-04T00:00Z",
      "lin",
      "2026-01-06T00:00Z",
    ],
    ["one alone", scheduleOf("UTC", ["2026-01-01T00:00 1 lin"]), "2026-03-01T00:00Z", "lin", "never"],
    [
      "one alone, whoever is beneath",
      scheduleOf("UTC", ["2026-01-01T00:00 1 a,b", "2026-01-01T00:00 1 lin"]),
      "2026-03-01T00:00Z",
      "lin",
      "never",
    ],
    [
      "one in two layers",
      scheduleOf("UTC", ["2026-01-01T00:00 1 lin", "2026-01-01T00:00 1 lin 1-5 09:00-17:00"]),
      "2026-03-01T00:00Z",
      "lin",
      "never",
    ],
    [
      "around the clock by hours",
      scheduleOf("UTC", ["2026-01-01T00:00 2 a,b 1-7 00:00-24:00"]),
      "2026-01-01T05:00Z",
      "a",
      "2026-01-03T00:00Z",
    ],
    [
      "an override in a gap",
      scheduleOf("UTC", ["2026-01-01T00:00 7 a 1-1 09:00-10:00"], ["2026-01-07T00:00 2026-01-08T00:00 b"]),
      "2026-01-06T00:00Z",
      null,
      "2026-01-07T00:00Z",
    ],
    [
      "an override to oneself is no hand-over",
      scheduleOf("UTC", ["2026-01-01T00:00 7 a"], ["2026-01-07T00:00 2026-01-08T00:00 a"]),
      "2026-01-06T00:00Z",
      "a",
      "never",
    ],
    [
      "an override inside the skipped hour is none",
      scheduleOf("Europe/Berlin", ["2026-01-01T00:00 7 a"], ["2026-03-29T02:30 2026-03-29T03:00 b"]),
      "2026-03-29T01:15Z",
      "a",
      "never",
    ],
  ])("knows %s", (_what, schedule, text, who, until) => {
    expect(onCallAt(schedule, Date.parse(text))).toBe(who);
    expect(isoOf(nextHandover(schedule, Date.parse(text)))).toBe(until);
  });

  it("is what arithmetic says in a zone whose days are all alike", () => {
    const random = mulberry32(41);
    let [cases, gaps] = [0, 0];
    for (; cases < 400; cases += 1) {
      const contacts = ["a", "b", "c", "d"].slice(0, between(random, 1, 4));
      const [fromMinute, length] = [between(random, 0, 1439), between(random, 1, 1439)];
      const days = ALL_DAYS.filter(() => random() < 0.6);
      const isOnly = days.length > 0 && random() < 0.7;
      const first = Date.UTC(2026, 0, between(random, 1, 90), between(random, 0, 23), between(random, 0, 59));
      const rotation: Rotation = {
        from: new Date(first).toISOString().slice(0, 16),
        everyDays: between(random, 1, 20),
        contacts,
        only: isOnly ? { days, fromMinute, toMinute: (fromMinute + length) % 1440 } : null,
      };
      const at = first + between(random, -DAY_MS, 400 * DAY_MS);
      const shift = Math.floor((at - first) / (rotation.everyDays * DAY_MS));
      // 1970-01-01 was a Thursday.
      const isIn = [0, 1].some((ago) => {
        const day = Math.floor(at / DAY_MS) - ago;
        const minute = (at - day * DAY_MS) / MINUTE_MS;
        return days.includes(((day + 3) % 7) + 1) && minute >= fromMinute && minute < fromMinute + length;
      });
      const expected = at < first || (isOnly && !isIn) ? null : (contacts[shift % contacts.length] ?? null);
      if (expected === null) gaps += 1;
      const schedule = { id: "x", zone: "UTC", rotations: [rotation], overrides: [] };
      expect(onCallAt(schedule, at), JSON.stringify({ rotation, at: new Date(at) })).toBe(expected);
    }
    console.log(`on-call.test.ts: ${cases} seeded instants, ${gaps} in gaps`);
    expect(gaps).toBeGreaterThan(50);
    expect(gaps).toBeLessThan(350);
  });

  it("changes next when a walk by half hours sees it change, whatever the clocks do", () => {
    const random = mulberry32(42);
    const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "America/Havana"];
    const seasons = [
      Date.UTC(2026, 2, 5),
      Date.UTC(2026, 2, 26),
      Date.UTC(2026, 3, 2),
      Date.UTC(2026, 9, 1),
      Date.UTC(2026, 9, 22),
    ];
    const time = (at: number): string => new Date(at).toISOString().slice(0, 16);
    let [cases, found] = [0, 0];
    for (; cases < 60; cases += 1) {
      const start = oneOf(random, seasons);
      const moment = (): number => start + between(random, 0, 8 * 48) * HALF_HOUR_MS;
      const rotations = Array.from({ length: between(random, 1, 2) }, (): Rotation => {
        const hours = { fromMinute: between(random, 0, 47) * 30, toMinute: between(random, 0, 47) * 30 };
        const days = ALL_DAYS.filter(() => random() < 0.5);
        const isOnly = days.length > 0 && hours.fromMinute !== hours.toMinute && random() < 0.6;
        const contacts = ["a", "b", "c"].slice(0, between(random, 1, 3));
        return {
          from: time(moment()),
          everyDays: between(random, 1, 3),
          contacts,
          only: isOnly ? { days, ...hours } : null,
        };
      });
      const from = moment();
      const override = { from: time(from), to: time(from + between(random, 1, 96) * HALF_HOUR_MS), contact: "o" };
      const schedule = { id: "x", zone: oneOf(random, zones), rotations, overrides: [override] };
      const at = moment();
      const who = onCallAt(schedule, at);
      let walked: number | null = null;
      for (let step = 1; step <= 48 * 8 && walked === null; step += 1) {
        if (onCallAt(schedule, at + step * HALF_HOUR_MS) !== who) walked = at + step * HALF_HOUR_MS;
      }
      if (walked === null) continue;
      found += 1;
      expect(isoOf(nextHandover(schedule, at)), JSON.stringify({ schedule, at: time(at) })).toBe(isoOf(walked));
    }
    console.log(`on-call.test.ts: ${cases} seeded schedules walked, ${found} with a change`);
    expect(found).toBeGreaterThan(40);
  });
});
