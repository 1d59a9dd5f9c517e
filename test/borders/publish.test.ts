// Aim: D1 is what the rounds say, whatever happens to D1, to the order of things and to the configuration. Method: rounds
// by hand at the collector's door, its alarm run by hand, the clock in hand; the inspector recounts all of D1 after each act.

import { describe, expect, it } from "vitest";

import { dayOf } from "../../workers/results/calendar.ts";
import { sealAt } from "../../workers/results/minute.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import { must } from "../observations.ts";
import { NOON, world } from "../world.ts";
import { act, alarmOf, d1Of, DAY, HOUR, MINUTE, snapshotOf } from "./acting.ts";
import { slotsOf } from "./rounds.ts";

describe("a minute is written", () => {
  it("as soon as its last slot is there", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const six = slotsOf(NOON, NOON + MINUTE, { configHash: hash });
    await act(fleet, NOON + 49_000, six.slice(0, 5));
    expect((await d1Of(fleet)).minutes).toEqual([]);
    expect(await alarmOf(fleet), "it waits for the seal").toBe(sealAt(NOON / MINUTE));
    await act(fleet, NOON + 51_000, six.slice(5));
    expect((await d1Of(fleet)).minutes.map((row) => [row.rounds, row.revision])).toEqual([[6, 0]]);
    expect(await alarmOf(fleet), "nothing is left to do").toBeNull();
  });

  it("at its seal, if a slot is missing; and once more when that one comes late", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const six = slotsOf(NOON, NOON + MINUTE, { configHash: hash, signs: ".o.x" });
    const late = must(six[2]);
    await act(
      fleet,
      NOON + 55_000,
      six.filter((each) => each !== late),
    );
    await act(fleet, sealAt(NOON / MINUTE) - 1_000, []);
    expect((await d1Of(fleet)).minutes).toEqual([]);
    await act(fleet, sealAt(NOON / MINUTE), []);
    const before = await d1Of(fleet);
    expect(before.minutes.map((row) => [row.rounds, row.notSent, row.revision])).toEqual([[5, 4, 0]]);
    expect(before.hours.map((row) => row.notSent)).toEqual([4]);

    await act(fleet, NOON + 6 * DAY, [late]);
    const after = await d1Of(fleet);
    expect(after.minutes.map((row) => [row.rounds, row.notSent, row.revision])).toEqual([[6, 0, 1]]);
    for (const rows of [after.hours, after.days, after.months]) {
      expect(rows.map((row) => [row.scheduled, row.ok, row.lost, row.notSent])).toEqual([[24, 18, 6, 0]]);
      expect(must(rows[0]).asOf).toBeGreaterThan(must(before.hours[0]).asOf);
    }
  });

  it("with each round of a late hour in whatever order it comes", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const hour = slotsOf(NOON - 3 * HOUR, NOON - 2 * HOUR, { configHash: hash, signs: ".x" });
    await act(
      fleet,
      NOON,
      hour.filter((_, i) => i % 3 === 2),
    );
    await act(fleet, NOON + MINUTE, hour.filter((_, i) => i % 3 === 0).reverse());
    await act(
      fleet,
      NOON + 2 * MINUTE,
      hour.filter((_, i) => i % 3 === 1),
    );
    const { minutes, hours } = await d1Of(fleet);
    expect(minutes).toHaveLength(60);
    expect(new Set(minutes.map((row) => row.revision)).size, "each late call is a revision").toBe(1);
    expect(hours.map((row) => [row.scheduled, row.ok, row.lost])).toEqual([[720, 360, 360]]);
  });
});

describe("what is still open", () => {
  it("is not counted as unmeasured, whatever is closed behind it", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const all = slotsOf(NOON, NOON + 3 * MINUTE, { configHash: hash });
    // The second minute lacks a slot and waits for its seal; the third is whole.
    await act(
      fleet,
      NOON + 3 * MINUTE,
      all.filter((_, i) => i !== 8),
    );
    const [weur] = (await snapshotOf(fleet)).regions;
    expect([weur?.today.minutes_expected, weur?.today.minutes_up, weur?.today.minutes_unmeasured]).toEqual([2, 2, 0]);
    await act(fleet, sealAt(NOON / MINUTE + 1), []);
    const [after] = (await snapshotOf(fleet)).regions;
    expect([after?.today.minutes_expected, after?.today.minutes_up, after?.today.minutes_unmeasured]).toEqual([
      3, 3, 0,
    ]);
  });

  it("is not counted either when it comes while D1 is being read", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    await fleet.collector("chat").take("chat", slotsOf(NOON - MINUTE, NOON, { configHash: hash }));
    await fleet.inCollector("chat", (collector) => {
      const { hours } = collector.results;
      collector.results.hours = async (ranges) => {
        await collector.take("chat", slotsOf(NOON, NOON + 20_000, { configHash: hash }));
        return hours(ranges);
      };
    });
    await act(fleet, NOON + 15_000, []);
    const [weur] = (await snapshotOf(fleet)).regions;
    expect([weur?.today.minutes_expected, weur?.today.minutes_up, weur?.today.minutes_unmeasured]).toEqual([1, 1, 0]);
  });

  it("may be a whole new region: its first round can come at any moment of a write", async () => {
    const MOMENTS = ["seriesNumber", "configVersion", "minutes", "hours", "days", "months", "schedules"] as const;
    for (const moment of MOMENTS) {
      const fleet = await world();
      const { hash } = await fleet.current();
      await fleet.collector("chat").take("chat", slotsOf(NOON - MINUTE, NOON, { configHash: hash }));
      await fleet.inCollector("chat", (collector) => {
        const asked = collector.results[moment] as (...rest: unknown[]) => Promise<unknown>;
        const meddle = async (...rest: unknown[]): Promise<unknown> => {
          await collector.take("chat", slotsOf(NOON - MINUTE, NOON, { configHash: hash, region: "oc" }));
          return asked(...rest);
        };
        Object.assign(collector.results, { [moment]: meddle });
      });
      await act(fleet, NOON + 1_000, []);
      expect((await d1Of(fleet)).minutes, `at ${moment}: not held up by it`).toHaveLength(1);
      await act(fleet, NOON + 3_000, []);
      expect((await d1Of(fleet)).minutes, moment).toHaveLength(2);
    }
  });

  it("or a late round of the very minute that is being written: it is not forgotten", async () => {
    const MOMENTS = ["seriesNumber", "configVersion", "minutes", "months", "schedules", "write"] as const;
    for (const moment of MOMENTS) {
      const fleet = await world();
      const { hash } = await fleet.current();
      const six = slotsOf(NOON - 10 * MINUTE, NOON - 9 * MINUTE, { configHash: hash });
      fleet.at(NOON - 9 * MINUTE);
      await fleet.collector("chat").take("chat", six.slice(0, 5));
      await fleet.inCollector("chat", (collector) => {
        const asked = collector.results[moment] as (...rest: unknown[]) => Promise<unknown>;
        const meddle = async (...rest: unknown[]): Promise<unknown> => {
          await collector.take("chat", six.slice(5));
          return asked(...rest);
        };
        Object.assign(collector.results, { [moment]: meddle });
      });
      await act(fleet, NOON, []);
      expect(
        (await d1Of(fleet)).minutes.map((row) => [row.rounds, row.revision]),
        moment,
      ).toEqual([[5, 0]]);
      await act(fleet, NOON + 3_000, []);
      expect(
        (await d1Of(fleet)).minutes.map((row) => [row.rounds, row.revision]),
        moment,
      ).toEqual([[6, 1]]);
    }
  });
});

describe("hours, days and months", () => {
  it("are recounted across their borders, for two regions at once", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    // Over midnight and the end of a month, 40 minutes on either side.
    const midnight = Date.UTC(2031, 5, 1);
    const both = ["weur", "oc"].flatMap((region) =>
      slotsOf(midnight - 40 * MINUTE, midnight + 40 * MINUTE, {
        configHash: hash,
        region,
        signs: region === "oc" ? "xx.." : "....",
      }),
    );
    await act(fleet, midnight + 45 * MINUTE, both);
    const { minutes, hours, days, months } = await d1Of(fleet);
    expect([minutes, hours, days, months].map((rows) => rows.length)).toEqual([160, 4, 4, 4]);
    expect(days.map((row) => row.minutesDown + row.minutesUp)).toEqual([40, 40, 40, 40]);
    expect(days.map((row) => row.minutesDown).toSorted((a, b) => a - b)).toEqual([0, 0, 40, 40]);
    const { regions } = await snapshotOf(fleet);
    expect(regions.find((each) => each.region === "oc")?.today.minutes_down).toBe(40);
  });

  it.each([
    ["Asia/Shanghai", Date.UTC(2031, 4, 14, 16)],
    // Its midnight is in the middle of an hour.
    ["Asia/Kolkata", Date.UTC(2031, 4, 14, 18, 30)],
    ["Asia/Kathmandu", Date.UTC(2031, 4, 14, 18, 15)],
  ])("begin at the midnights of %s", async (timeZone, midnight) => {
    const fleet = await world();
    fleet.reconfigure((input) => ({ ...input, timeZone }));
    const { hash } = await fleet.current();
    const around = slotsOf(midnight - 50 * MINUTE, midnight + 50 * MINUTE, { configHash: hash, signs: ".x.." });
    // In three parts, so that stored minutes and hours meet new ones on both sides of midnight.
    await act(
      fleet,
      midnight + HOUR,
      around.filter((_, i) => i % 3 === 0),
    );
    await act(
      fleet,
      midnight + HOUR + MINUTE,
      around.filter((_, i) => i % 3 === 1),
    );
    await act(
      fleet,
      midnight + HOUR + 2 * MINUTE,
      around.filter((_, i) => i % 3 === 2),
    );
    const { days } = await d1Of(fleet);
    const [before, after] = [dayOf(midnight / MINUTE - 1, timeZone), dayOf(midnight / MINUTE, timeZone)];
    expect(days.map((row) => [row.zone, row.fromMinute, row.toMinute, row.ok + row.lost])).toEqual(
      [before, after].map((day) => [timeZone, day.fromMinute, day.toMinute, 50 * 6 * 4]),
    );
  });
});

describe("when the configuration changes", () => {
  it.each([
    ["Australia/Adelaide", "Pacific/Auckland"],
    ["Pacific/Auckland", "America/New_York"],
  ])("to another zone no message counts twice: %s to %s", async (from, to) => {
    const fleet = await world();
    fleet.reconfigure((input) => ({ ...input, timeZone: from }));
    const write = async (at: number, minutes: number): Promise<void> => {
      const { hash } = await fleet.current();
      fleet.at(at);
      const slots = slotsOf(at - minutes * MINUTE, at, { configHash: hash, signs: ".x.." });
      await fleet.collector("chat").take("chat", slots);
      await fleet.collect("chat");
    };
    // Six days of the middle of a month, 20 minutes before each noon and each midnight of UTC.
    const HALF_DAY = 12 * HOUR;
    for (let i = 0; i < 12; i++) await write(NOON + i * HALF_DAY, 20);
    await fleet.inspect();
    fleet.reconfigure((input) => ({ ...input, timeZone: to }));
    const last = NOON + 12 * HALF_DAY;
    const counts: number[] = [];
    for (let i = 0; i < 12; i++) {
      await write(last + i * MINUTE, i === 0 ? 20 : 1);
      const { regions } = await snapshotOf(fleet);
      const { ok, lost, minutes_unmeasured: unmeasured } = must(regions.find((each) => each.region === "weur")).month;
      counts.push(ok + lost);
      expect(ok + lost).toBeLessThanOrEqual((13 * 20 + i) * 6 * 4);
      expect(unmeasured).toBeGreaterThanOrEqual(0);
    }
    // What is not counted anew yet is not known; in the end all of it is.
    expect(must(counts[0])).toBeLessThan(must(counts.at(-1)));
    expect(counts.at(-1)).toBe((13 * 20 + 11) * 6 * 4);
    const { days } = await d1Of(fleet);
    expect(new Set(days.map((row) => row.zone))).toEqual(new Set([to]));
    await fleet.inspect();
  });

  it("a retired region keeps its past and expects no more; one that is added has no empty past", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    await act(fleet, NOON + 2 * MINUTE, slotsOf(NOON, NOON + 2 * MINUTE, { configHash: hash, region: "oc" }));
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((each) =>
        each.id === "chat"
          ? { ...each, regions: ["weur"], address: (each.address as Record<string, string>)["weur"] ?? "" }
          : each,
      ),
    }));
    const { hash: newHash } = await fleet.current();
    expect(newHash).not.toBe(hash);
    const weur = (from: number, to: number): Uint8Array[] =>
      slotsOf(NOON + from * MINUTE, NOON + to * MINUTE, { configHash: newHash });
    await act(fleet, NOON + 4 * MINUTE, weur(3, 4));
    await act(fleet, NOON + 60 * MINUTE, weur(4, 60));
    const { series } = await d1Of(fleet);
    const from = NOON / MINUTE;
    expect(series.map((row) => [row.region, row.schedules])).toEqual([
      // Expected until the change was seen, two minutes after its last round: that silence was its own.
      ["oc", [[from, from + 4, 10_000]]],
      ["weur", [[from + 3, null, 10_000]]],
    ]);
    const { regions } = await snapshotOf(fleet);
    expect(regions.map((each) => [each.region, each.today.minutes_expected])).toEqual([["weur", 57]]);

    // What it still held when it was retired is counted, in its own time.
    const last = slotsOf(NOON + 2 * MINUTE, NOON + 3 * MINUTE, { configHash: hash, region: "oc" });
    await act(fleet, NOON + 61 * MINUTE, last);
    const after = await d1Of(fleet);
    expect(after.minutes.filter((row) => row.id < 2 ** 26 * 2)).toHaveLength(3);
    expect(after.series[0]?.schedules).toEqual([[from, from + 4, 10_000]]);
  });

  it("a region comes back after an hour: the hour between is outside of everything", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const all = fleet.bindings.SONDE_CONFIG;
    await act(fleet, NOON + 2 * MINUTE, slotsOf(NOON, NOON + 2 * MINUTE, { configHash: hash, region: "oc" }));
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((each) =>
        each.id === "chat"
          ? { ...each, regions: ["weur"], address: (each.address as Record<string, string>)["weur"] ?? "" }
          : each,
      ),
    }));
    await act(fleet, NOON + 10 * MINUTE, slotsOf(NOON + 8 * MINUTE, NOON + 9 * MINUTE, { configHash: hash }));
    if (all !== undefined) fleet.bindings.SONDE_CONFIG = all;
    await act(
      fleet,
      NOON + 70 * MINUTE,
      slotsOf(NOON + 62 * MINUTE, NOON + 70 * MINUTE, { configHash: hash, region: "oc" }),
    );
    // And a prober of an earlier generation, cut off meanwhile, tells what it measured in that hour.
    await act(
      fleet,
      NOON + 72 * MINUTE,
      slotsOf(NOON + 30 * MINUTE, NOON + 31 * MINUTE, { configHash: hash, region: "oc" }),
    );
    // It was let go when the collector wrote next, ten minutes after noon: of the eight minutes before that nobody knows.
    const oc = (await snapshotOf(fleet)).regions.find((each) => each.region === "oc");
    expect([oc?.today.minutes_expected, oc?.today.minutes_up, oc?.today.minutes_unmeasured]).toEqual([19, 11, 8]);
  });

  it.each([
    [10_000, 60_000],
    [60_000, 10_000],
    [60_000, 300_000],
    [300_000, 60_000],
  ])("from every %i ms to every %i ms, both are expected in their own time", async (beforeMs, afterMs) => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const changeAt = NOON + 10 * MINUTE;
    const before = slotsOf(NOON, changeAt, { configHash: hash, everyMs: beforeMs });
    const after = slotsOf(changeAt, changeAt + 20 * MINUTE, { configHash: hash, everyMs: afterMs });
    await act(fleet, changeAt + 10_000, before);
    await act(fleet, changeAt + 30 * MINUTE, after);
    const from = NOON / MINUTE;
    expect((await d1Of(fleet)).series.map((row) => row.schedules)).toEqual([
      [
        [from, from + 10, beforeMs],
        [from + 10, null, afterMs],
      ],
    ]);
    const { minutes } = await d1Of(fleet);
    expect(minutes.map((row) => row.slots)).toEqual(minutes.map((row) => row.rounds));
  });

  it("a target that is no longer named keeps its history and leaves the page", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    await act(fleet, NOON + MINUTE, slotsOf(NOON, NOON + MINUTE, { configHash: hash }));
    fleet.reconfigure((input) => ({ ...input, targets: input.targets.filter((each) => each.id !== "chat") }));
    await act(fleet, NOON + 2 * MINUTE, slotsOf(NOON + MINUTE, NOON + 2 * MINUTE, { configHash: hash }));
    const { minutes, series, snapshots } = await d1Of(fleet);
    expect(minutes).toHaveLength(2);
    expect(series[0]?.schedules).toEqual([[NOON / MINUTE, NOON / MINUTE + 2, 10_000]]);
    expect(snapshots).toHaveLength(1);
    fleet.at(NOON + 3 * MINUTE);
    await fleet.collector("push").take("push", slotsOf(NOON, NOON + MINUTE, { configHash: hash, target: "push" }));
    await fleet.collect("push");
    const front = JSON.parse(must((await d1Of(fleet)).front[0]).body) as { readonly snapshots: readonly Snapshot[] };
    expect(front.snapshots.map((each) => each.target)).toEqual(["push"]);
    await fleet.inspect();
  });
});
