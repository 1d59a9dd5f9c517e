// Aim: figures of the past are sums of what was written, in days that have 23, 24 or 25 hours, and whatever nobody wrote is unmeasured and
// not absent. Method: hours by hand around changes of clocks, folded for zones of all kinds, and counted again minute by minute.

import { describe, expect, it, test } from "vitest";

import { dayNumbered, dayOf } from "../../workers/results/calendar.ts";
import type { HourRecord } from "../../workers/results/recount.ts";
import { rollupMinutes, sumRollups } from "../../workers/results/rollup.ts";
import { decodeStrip, encodeStrip } from "../../workers/results/strip.ts";
import type { PageBindings } from "../../status-page/front.ts";
import type { PeriodAsked } from "../../status-page/history-ask.ts";
import { composeDay, composePeriod } from "../../status-page/history-compose.ts";
import { dayView } from "../../status-page/history-days.ts";
import { calendarPast, closedUntil, dayPast, hoursPast } from "../../status-page/history-figures.ts";
import type { DayPast } from "../../status-page/history-figures.ts";
import { sectionView } from "../../status-page/history-view.ts";
import type { PastReader, SeriesHead } from "../../status-page/history.ts";
import { EN } from "../../status-page/words/en.ts";
import { HISTORY_EN } from "../../status-page/words/history-en.ts";
import { counted, hourRecord, RULE } from "./history-world.ts";
import type { Story } from "./history-world.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SINCE = Date.UTC(2026, 0, 1) / MINUTE_MS;
const LATER = Date.UTC(2026, 11, 31);

const seriesOf = (schedules: SeriesHead["schedules"]): SeriesHead => ({
  id: 1,
  region: "weur",
  journey: "loop",
  unit: "message",
  okMeans: "delivered",
  schedules,
});
const ALWAYS = seriesOf([{ fromMinute: SINCE, untilMinute: null, everyMs: 10_000 }]);

const spanOf = (date: string, zone: string) => dayNumbered(Date.parse(`${date}T00:00:00Z`) / 86_400_000, zone);

function hoursOver(fromMinute: number, toMinute: number, story: Story): HourRecord[] {
  const hours: HourRecord[] = [];
  for (let hour = Math.floor(fromMinute / 60); hour * 60 < toMinute; hour++) {
    const made = hourRecord(hour, story);
    // As it comes from the database.
    if (made !== null) hours.push({ ...made, strip: decodeStrip(encodeStrip(made.strip)) });
  }
  return hours;
}

function pastOf(date: string, zone: string, story: Story, now = LATER, series = ALWAYS): DayPast {
  const span = spanOf(date, zone);
  const hours = hoursOver(span.fromMinute, span.toMinute, story);
  return dayPast({ series, hours, days: [], months: [] }, span, RULE, now);
}

const WRITING = { words: EN, said: HISTORY_EN, okMeans: "delivered", availability: 0.999, limitMs: 200 } as const;
const viewOf = (past: DayPast, zone: string, date: string) => dayView(past, zone, "Chat", date, WRITING);
const labelsOf = (heat: string): string[] =>
  [...heat.matchAll(/class="c-end"[^>]*>([^<]*)</g)].map(([, text]) => text ?? "");

describe("a day", () => {
  it.each<[string, string, number, number]>([
    ["2026-03-29", "Europe/Berlin", 23, 0],
    ["2026-10-25", "Europe/Berlin", 25, 0],
    ["2026-06-01", "Europe/Berlin", 24, 0],
    ["2026-03-08", "America/New_York", 23, 0],
    ["2026-11-01", "America/New_York", 25, 0],
    ["2026-06-01", "Asia/Kolkata", 24, 2],
    ["2026-06-01", "Asia/Kathmandu", 24, 2],
    ["2026-04-05", "Australia/Lord_Howe", 24.5, 1],
    ["2026-06-01", "Asia/Shanghai", 24, 0],
  ])("%s in %s has %d hours, of which %i hours of UTC are cut", (date, zone, lasts, cuts) => {
    const story: Story = (minute) => (minute % 7 === 0 ? { ok: 20, lost: 4 } : minute % 11 === 0 ? null : {});
    const past = pastOf(date, zone, story);
    const { fromMinute, toMinute } = spanOf(date, zone);
    expect([(toMinute - fromMinute) / 60, past.hours.filter(({ cut }) => cut).length]).toEqual([lasts, cuts]);
    // Counted again, minute by minute.
    let [written, lost, silent] = [0, 0, 0];
    for (let minute = fromMinute; minute < toMinute; minute++) {
      const told = story(minute);
      if (told === null) silent++;
      else written++;
      lost += told?.lost ?? 0;
    }
    const { figures } = past.day;
    expect([figures.scheduled, figures.lost, figures.minutes_unmeasured, figures.minutes_expected]).toEqual([
      written * 24,
      lost,
      silent,
      lasts * 60,
    ]);
    const sum = (of: "ok" | "lost" | "scheduled" | "minutes_up" | "minutes_unmeasured"): number =>
      past.hours.reduce((total, hour) => total + hour.figures[of], 0);
    for (const name of ["ok", "lost", "scheduled", "minutes_up", "minutes_unmeasured"] as const)
      expect([name, sum(name)]).toEqual([name, figures[name]]);
    expect(past.day.cut).toBe(cuts > 0);
  });

  it("has percentiles of all its messages, which are not the mean of its hours'", () => {
    const from = spanOf("2026-06-01", "UTC").fromMinute;
    const past = pastOf("2026-06-01", "UTC", (minute) => (minute < from + 60 ? { ok: 12, lost: 12 } : {}));
    expect(past.hours.map(({ figures }) => typeof figures.latency.p99)).toEqual([
      "object",
      ...Array.from({ length: 23 }, () => "number"),
    ]);
    // One hour loses a half: two in a hundred of the day.
    expect(past.day.figures.latency).toMatchObject({ samples: 1440 * 24, p99: { over_ms: 5000 } });
    expect(past.day.figures.latency.p50).toBeLessThan(30);
  });

  it("has no percentiles of a part of its messages: all of them are in its own row, or there is a dash", async () => {
    const zone = "Australia/Adelaide";
    const span = spanOf("2026-06-02", zone);
    const story: Story = (minute) =>
      minute >= span.fromMinute && minute < span.fromMinute + 30 ? { ok: 4, lost: 20 } : {};
    const hours = hoursOver(span.fromMinute, span.toMinute, story);
    const minutes = Array.from({ length: span.toMinute - span.fromMinute }, (_, i) => span.fromMinute + i);
    const rollup = rollupMinutes(
      minutes.map((minute) => counted(minute, story(minute) ?? {})),
      RULE,
    );
    const reader: PastReader = {
      read: (_, { days }) =>
        Promise.resolve([
          { series: ALWAYS, hours, days: days === null ? [] : [{ ...span, zone, rollup }], months: [] },
        ]),
    };
    const cellsIn = async (own: string) => {
      const asking = {
        env: {} as PageBindings,
        reader,
        target: "chat",
        journey: "loop",
        rule: RULE,
        zone: own,
        now: LATER,
      } as const;
      const past = await composeDay(asking, "weur", span);
      if (past === null) throw new Error("no day");
      const sums = viewOf(past, zone, span.text).sums ?? [];
      return [past.day.figures.ok + past.day.figures.lost, sums.at(-1)?.[0].replaceAll("\u00a0", " ")];
    };
    expect(await cellsIn(zone)).toEqual([1440 * 24, expect.stringMatching(/ · > 5 s$/)]);
    expect(await cellsIn("UTC")).toEqual([1440 * 24, "–"]);
  });

  it("leaves latencies of cut hours out, and only those", () => {
    const past = pastOf("2026-06-01", "Asia/Kolkata", () => ({}));
    expect(past.hours.map(({ figures }) => figures.latency.samples)).toEqual([
      0,
      ...Array.from({ length: 23 }, () => 60 * 24),
      0,
    ]);
    expect([past.day.figures.ok, past.day.figures.latency.samples]).toEqual([1440 * 24, 23 * 60 * 24]);
  });

  it("knows from when to when it was down, over the ends of hours", () => {
    const from = spanOf("2026-06-01", "UTC").fromMinute;
    const past = pastOf("2026-06-01", "UTC", (minute) =>
      (minute >= from + 590 && minute < from + 613) || minute === from + 700 ? { ok: 0, lost: 24 } : {},
    );
    expect(past.down.map((each) => [each.fromMinute - from, each.toMinute - from])).toEqual([
      [590, 613],
      [700, 701],
    ]);
    expect(past.day.figures.minutes_down).toBe(24);
    const view = viewOf(past, "UTC", "2026-06-01");
    expect(view.down.map(({ when, open }) => [when, open])).toEqual([
      ["09:50 to 10:13", false],
      ["11:40 to 11:41", false],
    ]);
  });

  it("says when its sums were made by another rule than the one that draws its minutes", () => {
    const story: Story = (minute) => (minute % 60 === 0 ? { ok: 20, lost: 4 } : {});
    const span = spanOf("2026-06-01", "UTC");
    const hours = hoursOver(span.fromMinute, span.toMinute, story);
    const by = (downShare: number): boolean =>
      dayPast({ series: ALWAYS, hours, days: [], months: [] }, span, { ...RULE, downShare }, LATER).otherRule;
    expect([by(RULE.downShare), by(0.15)]).toEqual([false, true]);
  });
});

describe("minutes that nobody wrote", () => {
  const span = spanOf("2026-06-01", "UTC");
  const from = span.fromMinute;

  it("are unmeasured where they were scheduled, and outside where they were not", () => {
    const until = seriesOf([{ fromMinute: from + 60, untilMinute: from + 180, everyMs: 120_000 }]);
    const { day, hours } = pastOf("2026-06-01", "UTC", () => null, LATER, until);
    expect(day.figures).toMatchObject({
      minutes_expected: 60,
      minutes_whole: 60,
      minutes_unmeasured: 60,
      scheduled: 0,
    });
    expect(hours.map(({ figures }) => figures.minutes_expected)).toEqual([
      0,
      30,
      30,
      ...Array.from({ length: 21 }, () => 0),
    ]);
    const states = new Set(hours.flatMap(({ runs }) => runs.map(({ state }) => state)));
    expect([...states]).toEqual([null, "unmeasured"]);
  });

  it("are still to come where that may be, and are not before they are due", () => {
    const now = (from + 600) * MINUTE_MS;
    const { day, hours } = pastOf("2026-06-01", "UTC", (minute) => (minute < from + 590 ? {} : null), now);
    expect([day.open, hours[0]?.open, hours[9]?.open, hours[10]?.open]).toEqual([true, false, true, true]);
    // The last ones are not sealed yet, or not written yet.
    expect(day.figures).toMatchObject({ minutes_expected: 596, minutes_whole: 1440, minutes_unmeasured: 6 });
    expect(hours[12]?.runs).toEqual([{ fromMinute: from + 720, toMinute: from + 780, state: null, minute: null }]);
  });

  it("are not called unmeasured in a chart while they are to come", () => {
    const now = (from + 600) * MINUTE_MS;
    const { hours } = pastOf("2026-06-01", "UTC", (minute) => (minute < from + 590 ? {} : null), now);
    const pieces = hours.map((piece, i) => ({ piece, name: `hour ${i}`, short: String(i), href: null, note: null }));
    const { band } = sectionView("hours", "Hours", pieces, WRITING);
    expect(band).toContain("hour 23: still to come");
    expect(band).not.toContain(`hour 23: ${EN.notMeasured}`);
  });

  it("leave none of the minutes out that were written early", () => {
    const now = (from + 600) * MINUTE_MS;
    const { day } = pastOf("2026-06-01", "UTC", (minute) => (minute < from + 600 ? {} : null), now);
    expect(day.figures).toMatchObject({ minutes_expected: 600, minutes_up: 600, minutes_unmeasured: 0 });
    expect([closedUntil(now, null), closedUntil(now, from + 599)]).toEqual([from + 596, from + 600]);
  });

  it("are not made up for by those that were written early, in a month that is open", async () => {
    const now = (from + 600) * MINUTE_MS;
    const hours = hoursOver(from, from + 600, (minute) => (minute >= from + 300 && minute < from + 304 ? null : {}));
    const rollup = sumRollups(hours.map((each) => each.rollup));
    const reader: PastReader = {
      read: (_, asked) => {
        expect(asked.hours).toBe(null);
        return Promise.resolve([{ series: ALWAYS, hours: [], days: [{ ...span, zone: "UTC", rollup }], months: [] }]);
      },
    };
    const asking = {
      env: {} as PageBindings,
      reader,
      target: "chat",
      journey: "loop",
      rule: RULE,
      zone: "UTC",
      now,
    } as const;
    const number = Math.floor(from / 1440);
    const period = { kind: "month", range: [number, number + 1] } as unknown as PeriodAsked;
    const past = await composePeriod(asking, null, period, () => from + 599);
    const figures = past?.parts[0]?.pieces[0]?.piece.figures;
    expect(figures).toMatchObject({ minutes_expected: 600, minutes_up: 596, minutes_unmeasured: 4 });
  });

  it("are hours too", () => {
    const hours = hoursOver(from, from + 180, (minute) => (minute < from + 60 || minute >= from + 120 ? {} : null));
    const first = from / 60;
    const pieces = hoursPast({ series: ALWAYS, hours, days: [], months: [] }, first, first + 4, 200, LATER);
    expect(pieces.map(({ figures: { minutes_up: up, minutes_unmeasured: none } }) => [up, none])).toEqual([
      [60, 0],
      [0, 60],
      [60, 0],
      [0, 60],
    ]);
  });
});

test("months without a row are unmeasured since the series began, and their sum is of all", () => {
  const zone = "UTC";
  const months = [0, 1, 2].map((at) => ({
    fromMinute: Date.UTC(2026, at, 1) / MINUTE_MS,
    toMinute: Date.UTC(2026, at + 1, 1) / MINUTE_MS,
  }));
  const begun = seriesOf([{ fromMinute: Date.UTC(2026, 1, 15) / MINUTE_MS, untilMinute: null, everyMs: 60_000 }]);
  const record = hourRecord(Date.UTC(2026, 2, 3) / HOUR_MS, () => ({}));
  const spanOfMonth = (number: number) => months[number - 2026 * 12] ?? { fromMinute: 0, toMinute: 0 };
  const march = { number: 2026 * 12 + 2, zone: "Asia/Tokyo", ...spanOfMonth(2026 * 12 + 2) };
  const rows = record === null ? [] : [{ ...march, rollup: record.rollup }];
  const numbers = [0, 1, 2].map((at) => 2026 * 12 + at);
  const { pieces, sum } = calendarPast(begun, rows, numbers, {
    zone,
    spanOf: spanOfMonth,
    limitMs: 200,
    now: LATER,
    newest: null,
  });
  expect(pieces.map(({ piece: { figures }, zone: of }) => [of, figures.minutes_expected, figures.minutes_up])).toEqual([
    ["UTC", 0, 0],
    ["UTC", 14 * 1440, 0],
    ["Asia/Tokyo", 31 * 1440, 60],
  ]);
  expect(sum?.figures).toMatchObject({ minutes_expected: 45 * 1440, minutes_up: 60, ok: 60 * 24 });
  expect(
    calendarPast(begun, rows, [], { zone, spanOf: spanOfMonth, limitMs: 200, now: LATER, newest: null }).sum,
  ).toBeNull();
});

describe("a day in words", () => {
  it("tells an hour that comes twice apart", () => {
    const past = pastOf("2026-10-25", "Europe/Berlin", () => ({}));
    const { heat, hours } = viewOf(past, "Europe/Berlin", "2026-10-25");
    const labels = labelsOf(heat);
    expect(labels.slice(1, 4)).toEqual(["01:00 +02:00", "02:00 +02:00", "02:00 +01:00"]);
    expect([labels.length, new Set(labels).size, new Set(hours.map(({ name }) => name)).size]).toEqual([25, 25, 25]);
  });

  it("begins its rows when the day begins, in zones of half hours too", () => {
    const zone = "Asia/Kolkata";
    const from = spanOf("2026-06-01", zone).fromMinute;
    // 00:10 to 00:40 there, which is in two hours of UTC.
    const past = pastOf("2026-06-01", zone, (minute) =>
      minute >= from + 10 && minute < from + 40 ? { ok: 0, lost: 24 } : {},
    );
    const { heat, summary, down, sums } = viewOf(past, zone, "2026-06-01");
    const labels = labelsOf(heat);
    expect([labels.length, labels[0], labels[23]]).toEqual([24, "00:00", "23:00"]);
    const [, x, width] = /<path class="d" d="M([\d.]+) [\d.]+h([\d.]+)v/.exec(heat) ?? [];
    expect([Number(x), Number(width)].map((n) => Math.round(n))).toEqual([
      Math.round(96 + (616 * 10) / 60),
      Math.round(616 / 2),
    ]);
    expect(heat).toContain("<title>00:10 to 00:40: ");
    expect(down.map(({ when }) => when)).toEqual(["00:10 to 00:40"]);
    expect(summary.replaceAll("\u00a0", " ")).toBe(
      "1,410 minutes up, 0 minutes degraded, 30 minutes down, 0 minutes not measured.",
    );
    expect(sums?.[0]?.[0]).toMatch(/^97\.9/);
  });

  it("goes on being down only where nothing newer is known", () => {
    const from = spanOf("2026-06-01", "UTC").fromMinute;
    const now = (from + 100) * MINUTE_MS;
    const open = (goodAt: number): boolean[] =>
      viewOf(
        pastOf("2026-06-01", "UTC", (at) => (at < from + 97 ? (at === goodAt ? {} : { ok: 0, lost: 24 }) : null), now),
        "UTC",
        "2026-06-01",
      ).down.map((each) => each.open);
    expect([open(from + 50), open(from + 96)]).toEqual([[false, true], [false]]);
  });

  it("of which nothing was measured has no shares, and is neither good nor bad", () => {
    const view = viewOf(
      pastOf("2026-06-01", "UTC", () => null),
      "UTC",
      "2026-06-01",
    );
    expect([view.measured, view.down, view.sums?.[0]?.[0]]).toEqual([false, [], EN.notMeasured]);
    expect(view.heat).not.toMatch(/class="[ugd]"/);
  });
});

test("every minute of a year's days is in one day, whatever the zone", () => {
  let [days, folded] = [0, 0];
  for (const zone of [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "America/Santiago",
  ]) {
    let end = spanOf("2026-01-01", zone).fromMinute;
    for (let number = dayOf(end, zone).number; number < Date.UTC(2027, 0, 1) / 86_400_000; number++) {
      const { fromMinute, toMinute } = dayNumbered(number, zone);
      expect(fromMinute).toBe(end);
      const usual = toMinute - fromMinute === 1440 && number % 40 > 0;
      end = toMinute;
      days++;
      if (usual) continue;
      const { hours } = dayPast(
        { series: ALWAYS, hours: [], days: [], months: [] },
        { fromMinute, toMinute },
        RULE,
        LATER,
      );
      expect([hours[0]?.fromMinute, hours.at(-1)?.toMinute]).toEqual([fromMinute, toMinute]);
      expect(hours.reduce((sum, hour) => sum + hour.toMinute - hour.fromMinute, 0)).toBe(toMinute - fromMinute);
      folded++;
    }
  }
  console.log(`${days} days, ${folded} of them folded`);
  expect([days, folded > 40]).toEqual([6 * 365, true]);
});
