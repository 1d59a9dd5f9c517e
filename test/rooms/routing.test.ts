// Aim: an incident reaches exactly those whom the configuration names, each channel once, and nobody is woken in quiet hours by the
// wrong clock. Method: tables of routes and subjects; a small world of channels, people and a schedule with a gap; quiet hours at the
// millisecond in zones whose clocks change, counted by hand.

import { describe, expect, it } from "vitest";
import type { Alerting, QuietHours, Route } from "../../workers/config/alerts/alerting.ts";
import { quietUntil } from "../../workers/alerts/quiet.ts";
import { channelsOf, routesOf } from "../../workers/alerts/routing.ts";
import { alertingOf, routeOf } from "./alert-worlds.ts";

const SUBJECT = {
  audience: "service",
  target: "chat",
  regions: ["weur", "oc"],
  severity: "error",
  tiers: ["gold", "free"],
} as const;

/** "a", "b>" (says `next`), with filters as "a[targets=chat,calls]". */
function routes(text: string): readonly Route[] {
  return text.split(" ").map((one) => {
    const [, id = "", next, filters = ""] = /^(\w+)(>?)(?:\[(.+)\])?$/.exec(one) ?? [];
    const pairs = filters === "" ? [] : filters.split(";").map((filter) => filter.split("="));
    const read = pairs.map(([key = "", value = ""]) => [key, key === "audience" ? value : value.split(",")] as const);
    return routeOf({ id, next: next === ">", ...Object.fromEntries(read) });
  });
}

const ids = (text: string, subject: Partial<Parameters<typeof routesOf>[1]> = {}): string =>
  routesOf(alertingOf({ routes: routes(text) }), { ...SUBJECT, ...subject })
    .map(({ id }) => id)
    .join(" ");

describe("routes", () => {
  const cases: readonly (readonly [string, string, Partial<Parameters<typeof routesOf>[1]>, string])[] = [
    ["the first", "a b", {}, "a"],
    ["the next as well", "a> b c", {}, "a b"],
    ["as long as each says so", "a> b> c", {}, "a b c"],
    ["the last may say so too", "a> b>", {}, "a b"],
    ["what does not match is passed over, whatever it says", "a[targets=calls] b> c[targets=calls] d e", {}, "b d"],
    ["its next does not count", "a>[targets=calls] b c", {}, "b"],
    ["none", "a[targets=calls]", {}, ""],
    ["a target among others", "a[targets=calls,chat]", {}, "a"],
    ["one of its regions", "a[regions=oc]", {}, "a"],
    ["none of its regions", "a[regions=enam]", {}, ""],
    ["an incident about all regions", "a[regions=enam]", { regions: [] }, "a"],
    ["a severity", "a[severities=critical,error]", {}, "a"],
    ["another severity", "a[severities=critical]", {}, ""],
    ["one of its tiers", "a[tiers=free,silver]", {}, "a"],
    ["none of its tiers", "a[tiers=silver]", {}, ""],
    ["no contract, no tier", "a[tiers=gold]", { tiers: [] }, ""],
    ["any tier, without a contract", "a", { tiers: [] }, "a"],
    ["every filter at once", "a[targets=chat;regions=oc;severities=error;tiers=gold]", {}, "a"],
    ["all but one", "a[targets=chat;regions=oc;severities=info;tiers=gold]", {}, ""],
    ["another audience", "a[audience=keepers] b", {}, "b"],
    ["our own audience", "a[audience=keepers] b", { audience: "keepers" }, "a"],
    ["never the service's route for us", "a b", { audience: "keepers" }, ""],
    ["support", "a>[audience=service] b[audience=support]", { audience: "support" }, "b"],
  ];

  it.each(cases)("%s", (_what, text, subject, expected) => {
    expect(ids(text, subject)).toBe(expected);
  });
});

describe("channels behind ids", () => {
  const alerting: Alerting = alertingOf({
    contacts: [
      { id: "lin", channels: ["mail", "phone"] },
      { id: "ana", channels: ["pager", "gone"] },
    ],
    schedules: [
      {
        id: "primary",
        zone: "Europe/Berlin",
        rotations: [
          {
            from: "2026-01-05T09:00",
            everyDays: 7,
            contacts: ["lin", "ana"],
            only: { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 },
          },
        ],
        overrides: [],
      },
    ],
  });
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["a channel", "ops", "2026-01-05T12:00Z", "ops"],
    ["a contact: each of its channels", "lin", "2026-01-05T12:00Z", "mail phone"],
    ["a schedule: who is on call", "primary", "2026-01-05T12:00Z", "mail phone"],
    ["the week after, the other; a channel that is gone is not told", "primary", "2026-01-12T12:00Z", "pager"],
    ["in summer at ten past nine", "primary", "2026-06-08T07:10Z", "mail phone"],
    ["in summer at ten to nine", "primary", "2026-06-08T06:50Z", ""],
    ["a gap yields nothing", "primary", "2026-01-10T12:00Z", ""],
    ["a gap beside a channel", "primary ops", "2026-01-10T12:00Z", "ops"],
    ["each once, in the order of ids", "phone primary ops lin mail", "2026-01-05T12:00Z", "phone mail ops"],
    ["the order is that of the list", "ops lin pager", "2026-01-05T12:00Z", "ops mail phone pager"],
    ["an id that is gone", "nobody ops", "2026-01-05T12:00Z", "ops"],
    ["nothing", "", "2026-01-05T12:00Z", ""],
  ];

  it.each(cases)("%s", (_what, to, at, expected) => {
    const list = to === "" ? [] : to.split(" ");
    expect(channelsOf(alerting, list, Date.parse(at)).join(" ")).toBe(expected);
  });
});

describe("quiet hours", () => {
  /** "Europe/Berlin 1,2,3 22:00-07:00" */
  function quietOf(text: string): QuietHours {
    const [zone = "", days = "", hours = ""] = text.split(" ");
    const [fromMinute = 0, toMinute = 0] = hours.split("-").map((time) => {
      const [hour = 0, minute = 0] = time.split(":").map(Number);
      return hour * 60 + minute;
    });
    return { zone, days: days.split(",").map(Number), fromMinute, toMinute, except: [] };
  }
  const NIGHTS = "Europe/Berlin 1,2,3,4,5,6,7 22:00-07:00";
  const GAP = "America/New_York 7 02:00-03:00";
  const HOWE = "Australia/Lord_Howe 1,2,3,4,5,6,7 01:00-02:15";
  // When they begin and when they end, UTC.
  const spans: readonly (readonly [string, string, string, string])[] = [
    ["a night in winter: nine hours", NIGHTS, "2026-01-05T21:00Z", "2026-01-06T06:00Z"],
    ["a night in summer", NIGHTS, "2026-07-01T20:00Z", "2026-07-02T05:00Z"],
    ["the night that skips an hour", NIGHTS, "2026-03-28T21:00Z", "2026-03-29T05:00Z"],
    ["the night that repeats one", NIGHTS, "2026-10-24T20:00Z", "2026-10-25T06:00Z"],
    ["a Friday night ends on Saturday", "UTC 5 22:00-07:00", "2026-01-09T22:00Z", "2026-01-10T07:00Z"],
    ["a weekend is one", "UTC 6,7 00:00-24:00", "2026-01-10T00:00Z", "2026-01-12T00:00Z"],
    ["six days are one", "UTC 1,2,3,4,5,6 00:00-24:00", "2026-01-12T00:00Z", "2026-01-18T00:00Z"],
    ["until midnight", "UTC 3 22:00-00:00", "2026-01-07T22:00Z", "2026-01-08T00:00Z"],
    ["New York, 02:00 to 03:00, any Sunday", GAP, "2026-03-01T07:00Z", "2026-03-01T08:00Z"],
    ["New York, the Sunday after that on which it is skipped", GAP, "2026-03-15T06:00Z", "2026-03-15T07:00Z"],
    [
      "New York, from the first 01:00 to 02:00",
      "America/New_York 7 01:00-02:00",
      "2026-11-01T05:00Z",
      "2026-11-01T07:00Z",
    ],
    ["over the skipped half hour, 02:15 is 02:45", HOWE, "2026-10-03T14:30Z", "2026-10-03T15:45Z"],
    ["over the repeated one", HOWE, "2026-04-04T14:00Z", "2026-04-04T15:45Z"],
    ["Shanghai knows no summer", "Asia/Shanghai 1 09:00-18:00", "2026-07-06T01:00Z", "2026-07-06T10:00Z"],
    ["a leap day", "UTC 2 00:00-24:00", "2028-02-29T00:00Z", "2028-03-01T00:00Z"],
  ];

  it(`begin and end at the millisecond, ${spans.length} times`, () => {
    console.log(`routing.test.ts: ${spans.length} quiet spans`);
    for (const [what, text, from, to] of spans) {
      const [quiet, begins, ends] = [quietOf(text), Date.parse(from), Date.parse(to)];
      const asked = [begins - 1, begins, Math.floor((begins + ends) / 2), ends - 1, ends];
      expect
        .soft(
          asked.map((at) => quietUntil(quiet, at)),
          what,
        )
        .toEqual([null, ends, ends, ends, null]);
    }
  });

  it("which the clocks skip wholly come an hour later", () => {
    // 02:00 to 03:00 on the Sunday on which 02:00 is followed by 03:00: from 03:00, and until 03:00.
    expect(quietUntil(quietOf(GAP), Date.parse("2026-03-08T07:00Z"))).toBeNull();
    const half = quietOf("America/New_York 7 02:00-02:30");
    expect(quietUntil(half, Date.parse("2026-03-08T07:00Z"))).toBe(Date.parse("2026-03-08T07:30Z"));
  });
});
