// Aim: maintenance is when it was announced to be, on the clocks of its zone, until it is called off. Method: tables of windows over
// changes of clocks, and of moments of mutes; seeded windows against a clock that is read minute by minute.

import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import {
  activeUntil,
  type Maintenance,
  type MaintenanceWindow,
  upcoming,
} from "../../workers/incidents/maintenance.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);
/** "2026-11-01T02:00Z", without what is always the same. */
const text = (instant: number): string => new Date(instant).toISOString().slice(0, 16);

function weekly(
  zone: string,
  days: readonly number[],
  span: string,
  own: { fromDay?: string; untilDay?: string } = {},
) {
  const minuteOf = (clock = "") => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const [from, to] = span.split("-");
  return {
    kind: "weekly",
    zone,
    days,
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
    fromDay: own.fromDay ?? "2026-01-01",
    untilDay: own.untilDay ?? null,
  } as const;
}
const once = (from: string, to: string): MaintenanceWindow => ({ kind: "once", fromAt: at(from), toAt: at(to) });

function record(window: MaintenanceWindow, own: Partial<Maintenance> = {}): Maintenance {
  return {
    id: "chat-m1",
    key: "k1",
    target: "chat",
    regions: null,
    title: { en: "New broker" },
    window,
    author: "Ada",
    recordedAt: at("2026-01-01T00:00Z"),
    withdraws: null,
    ...own,
  };
}
const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/** [what, window, from, to, times] */
const TIMES: readonly (readonly [string, MaintenanceWindow, string, string, string])[] = [
  ["once", once("2026-05-01T02:00Z", "2026-05-01T03:00Z"), "2026-05-01", "2026-05-02", "05-01T02:00 to 05-01T03:00"],
  ["over by then", once("2026-05-01T02:00Z", "2026-05-01T03:00Z"), "2026-05-01T03:00Z", "2026-06-01", ""],
  ["not yet", once("2026-05-01T02:00Z", "2026-05-01T03:00Z"), "2026-04-01", "2026-05-01T02:00Z", ""],
  [
    "under way",
    once("2026-05-01T02:00Z", "2026-05-03T03:00Z"),
    "2026-05-02",
    "2026-05-02T00:01Z",
    "05-01T02:00 to 05-03T03:00",
  ],
  [
    "Tuesdays and Fridays",
    weekly("UTC", [2, 5], "02:00-04:30"),
    "2026-03-02",
    "2026-03-08",
    "03-03T02:00 to 03-03T04:30, 03-06T02:00 to 03-06T04:30",
  ],
  ["until midnight", weekly("UTC", [2], "23:00-24:00"), "2026-03-02", "2026-03-08", "03-03T23:00 to 03-04T00:00"],
  [
    "until midnight, said otherwise",
    weekly("UTC", [2], "23:00-00:00"),
    "2026-03-02",
    "2026-03-08",
    "03-03T23:00 to 03-04T00:00",
  ],
  ["over midnight", weekly("UTC", [7], "23:00-01:00"), "2026-03-03", "2026-03-09", "03-08T23:00 to 03-09T01:00"],
  [
    "over midnight, seen from the day after",
    weekly("UTC", [7], "23:00-01:00"),
    "2026-03-09",
    "2026-03-10",
    "03-08T23:00 to 03-09T01:00",
  ],
  [
    "days of the zone",
    weekly("Asia/Shanghai", [1], "02:00-04:00"),
    "2026-03-01",
    "2026-03-03",
    "03-01T18:00 to 03-01T20:00",
  ],
  [
    "from a day on, until a day",
    weekly("UTC", [2], "02:00-03:00", { fromDay: "2026-03-10", untilDay: "2026-03-17" }),
    "2026-03-01",
    "2026-04-01",
    "03-10T02:00 to 03-10T03:00, 03-17T02:00 to 03-17T03:00",
  ],
  [
    "Berlin in winter, then in summer",
    weekly("Europe/Berlin", [7], "04:00-05:00"),
    "2026-03-22",
    "2026-03-30",
    "03-22T03:00 to 03-22T04:00, 03-29T02:00 to 03-29T03:00",
  ],
  [
    "Berlin, begins before what is skipped",
    weekly("Europe/Berlin", [7], "01:30-03:30"),
    "2026-03-29",
    "2026-03-30",
    "03-29T00:30 to 03-29T01:30",
  ],
  [
    "Berlin, ends in what is skipped",
    weekly("Europe/Berlin", [7], "01:30-02:30"),
    "2026-03-29",
    "2026-03-30",
    "03-29T00:30 to 03-29T01:00",
  ],
  [
    "Berlin, begins in what is skipped",
    weekly("Europe/Berlin", [7], "02:30-04:00"),
    "2026-03-29",
    "2026-03-30",
    "03-29T01:00 to 03-29T02:00",
  ],
  [
    "Berlin, begins where the skipped begins",
    weekly("Europe/Berlin", [7], "02:00-04:00"),
    "2026-03-29",
    "2026-03-30",
    "03-29T01:00 to 03-29T02:00",
  ],
  ["Berlin, skipped as a whole", weekly("Europe/Berlin", [7], "02:00-03:00"), "2026-03-28", "2026-03-30", ""],
  [
    "Berlin, an hour that comes twice is the first",
    weekly("Europe/Berlin", [7], "02:00-03:00"),
    "2026-10-25",
    "2026-10-26",
    "10-25T00:00 to 10-25T02:00",
  ],
  [
    "Berlin, within the hour that comes twice",
    weekly("Europe/Berlin", [7], "02:15-02:45"),
    "2026-10-25",
    "2026-10-26",
    "10-25T00:15 to 10-25T00:45",
  ],
  [
    "New York, night of the change",
    weekly("America/New_York", [7], "00:00-06:00"),
    "2026-03-08",
    "2026-03-09",
    "03-08T05:00 to 03-08T10:00",
  ],
  [
    "Lord Howe skips half an hour",
    weekly("Australia/Lord_Howe", [7], "01:00-03:00"),
    "2026-10-03",
    "2026-10-04T12:00Z",
    "10-03T14:30 to 10-03T16:00",
  ],
  [
    "Santiago has no midnight that day",
    weekly("America/Santiago", [7], "00:00-02:00"),
    "2026-09-05",
    "2026-09-07",
    "09-06T04:00 to 09-06T05:00",
  ],
  [
    "a leap day",
    weekly("UTC", ALL_DAYS, "02:00-03:00"),
    "2028-02-28T12:00Z",
    "2028-03-01",
    "02-29T02:00 to 02-29T03:00",
  ],
];

describe("when it is", () => {
  test.each(TIMES)("%s", (_, window, from, to, times) => {
    const said = upcoming([record(window)], at(from), at(to), 99).map(
      ({ fromAt, toAt }) => `${text(fromAt).slice(5)} to ${text(toAt).slice(5)}`,
    );
    expect(said.join(", ")).toBe(times);
  });

  test("several in order, so many at most, each with its notice", () => {
    const records = [
      record(weekly("UTC", ALL_DAYS, "02:00-03:00"), {
        id: "chat-m2",
        regions: ["oc"],
        recordedAt: at("2026-03-02T12:00Z"),
      }),
      record(once("2026-03-02T01:00Z", "2026-03-02T05:00Z")),
    ];
    const times = upcoming(records, at("2026-03-02"), at("2026-05-02"), 3);
    expect(times.map(({ id, fromAt, noticeMs }) => [id, text(fromAt), noticeMs / HOUR])).toEqual([
      ["chat-m1", "2026-03-02T01:00", 60 * 24 + 1],
      ["chat-m2", "2026-03-02T02:00", -10],
      ["chat-m2", "2026-03-03T02:00", 14],
    ]);
    expect(times[1]).toMatchObject({ regions: ["oc"], target: "chat", title: { en: "New broker" } });
    expect(upcoming(records, at("2026-03-02"), at("2026-05-02"), 99)).toHaveLength(62);
    expect(upcoming(records, at("2026-03-02"), at("2026-03-02"), 99)).toEqual([]);
  });

  test("called off: what is to come is gone, what goes on ends, what was stays", () => {
    const window = weekly("UTC", [2], "02:00-04:00");
    const off = record(window, { id: "chat-m2", withdraws: "chat-m1", recordedAt: at("2026-03-10T03:00Z") });
    const again = record(window, { id: "chat-m3", withdraws: "chat-m1", recordedAt: at("2026-03-20T03:00Z") });
    const times = upcoming([again, off, record(window)], at("2026-03-01"), at("2026-04-01"), 99);
    expect(times.map(({ id, fromAt, toAt }) => [id, text(fromAt), text(toAt)])).toEqual([
      ["chat-m1", "2026-03-03T02:00", "2026-03-03T04:00"],
      ["chat-m1", "2026-03-10T02:00", "2026-03-10T03:00"],
    ]);
    const single = record(once("2026-03-10T02:00Z", "2026-03-10T04:00Z"));
    expect(upcoming([single, { ...off, recordedAt: at("2026-03-09") }], at("2026-03-01"), at("2026-04-01"), 9)).toEqual(
      [],
    );
    expect(activeUntil([single, off], "oc", at("2026-03-10T02:30Z"))).toBe(at("2026-03-10T03:00Z"));
    expect(activeUntil([single, off], "oc", at("2026-03-10T03:00Z"))).toBeNull();
  });
});

describe("until when", () => {
  const records = [
    record(once("2026-03-10T02:00Z", "2026-03-10T04:00Z"), { regions: ["oc", "weur"] }),
    record(once("2026-03-10T04:00Z", "2026-03-10T05:00Z"), { id: "chat-m2", regions: ["oc"] }),
    record(weekly("UTC", [2], "04:30-06:00"), { id: "chat-m3" }),
  ];
  /** [region, instant, until] */
  const MOMENTS: readonly (readonly [string, string, string | null])[] = [
    ["oc", "2026-03-10T01:59:59.999Z", null],
    ["oc", "2026-03-10T02:00Z", "2026-03-10T06:00"],
    ["weur", "2026-03-10T03:59Z", "2026-03-10T04:00"],
    ["weur", "2026-03-10T04:00Z", null],
    ["weur", "2026-03-10T04:30Z", "2026-03-10T06:00"],
    ["enam", "2026-03-10T03:00Z", null],
    ["enam", "2026-03-10T05:59:59.999Z", "2026-03-10T06:00"],
    ["enam", "2026-03-10T06:00Z", null],
    ["enam", "2026-03-11T05:00Z", null],
  ];
  test.each(MOMENTS)("%s at %s: %s", (region, instant, until) => {
    const found = activeUntil(records, region, at(instant));
    expect(found === null ? null : text(found)).toBe(until);
  });
  test("no mute without an end", () => {
    const found = activeUntil([record(weekly("UTC", ALL_DAYS, "00:00-24:00"))], "oc", at("2026-03-10T12:00Z"));
    expect(found).toBe(at("2026-03-10") + 32 * DAY);
  });
});

test("seeded windows are what a clock on the wall says, minute by minute", () => {
  const random = mulberry32(99);
  const changes = [
    ["Europe/Berlin", "2026-03-29T01:00Z"],
    ["Europe/Berlin", "2026-10-25T01:00Z"],
    ["America/New_York", "2026-11-01T06:00Z"],
    ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
    ["America/Santiago", "2026-09-06T04:00Z"],
    ["Asia/Kathmandu", "2026-06-01T00:00Z"],
  ] as const;
  let minutes = 0;
  for (let tried = 0; tried < 60; tried++) {
    const [zone, change] = oneOf(random, changes);
    const fromMinute = between(random, 0, 1439);
    const toMinute = fromMinute === 1439 ? 1440 : between(random, fromMinute + 1, 1440);
    const window = { ...weekly(zone, ALL_DAYS, "00:00-00:01"), fromMinute, toMinute };
    const from = at(change) - 5 * HOUR;
    const spans = upcoming([record(window)], from, from + 10 * HOUR, 9);
    for (let now = from; now < from + 10 * HOUR; now += MINUTE) {
      const clock = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
      const shown = clock.toPlainDateTime();
      const isSecond = clock.epochMilliseconds !== shown.toZonedDateTime(zone).epochMilliseconds;
      const ofDay = shown.hour * 60 + shown.minute;
      const isIn = spans.some(({ fromAt, toAt }) => fromAt <= now && now < toAt);
      // In an hour that comes twice, what began goes on until its end comes for the first time.
      const twice = isSecond || shown.add({ hours: 1 }).toZonedDateTime(zone).epochMilliseconds - now > HOUR;
      if (!twice)
        expect([zone, fromMinute, toMinute, String(clock), isIn]).toEqual([
          zone,
          fromMinute,
          toMinute,
          String(clock),
          fromMinute <= ofDay && ofDay < toMinute,
        ]);
      minutes++;
    }
  }
  console.log(`${minutes} minutes`);
  expect(minutes).toBe(60 * 600);
});

test("so many times were looked at", () => {
  expect(TIMES).toHaveLength(23);
});
