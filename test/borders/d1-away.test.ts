// Aim: D1 may be away, fail or hang for as long as it likes: nothing is lost, nothing counts twice, and afterwards D1 is
// what the rounds say. Method: rounds by hand at the collector's door, D1 broken inside the real object, the clock in
// hand; a week of absence takes no longer than a second of it.

import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { outside } from "../../workers/outside.ts";
import { must } from "../observations.ts";
import { NOON, world } from "../world.ts";
import { act, alarmOf, d1Of, DAY, HOUR, MINUTE } from "./acting.ts";
import { envelopeOf, slotsOf } from "./rounds.ts";

describe("when D1 is away", () => {
  it("for an hour, all of it is caught up with: nothing lost, nothing twice", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    await fleet.inCollector("chat", (collector) => {
      collector.results.write = () => Promise.reject(new Error("D1_ERROR: storage operation exceeded timeout"));
    });
    const backoffs: number[] = [];
    for (let i = 0; i < 60; i++) {
      fleet.at(NOON + (i + 1) * MINUTE);
      const told = { configHash: hash, signs: i % 7 === 0 ? "xx.." : "...." };
      await fleet.collector("chat").take("chat", slotsOf(NOON + i * MINUTE, NOON + (i + 1) * MINUTE, told));
      expect(await fleet.collect("chat")).toBe(1);
      backoffs.push(must((await alarmOf(fleet)) ?? undefined) - fleet.now());
    }
    const away = await fleet.state();
    expect(away.d1.minutes).toEqual([]);
    expect(away.collectors[0]?.dueMinutes).toHaveLength(60);
    // 2, 5, 10, 30 and then 60 s: soon at first, never in a rush, never given up.
    expect(backoffs.every((ms) => ms > 0 && ms <= 60_000)).toBe(true);
    expect(must(backoffs[0])).toBeLessThanOrEqual(2_000);
    expect(must(backoffs.at(-1))).toBeGreaterThan(30_000);
    await fleet.inspect();

    await fleet.inCollector("chat", (_collector, state) => state.abort("a new version")).catch(() => {});
    await act(fleet, NOON + 61 * MINUTE, []);
    const { minutes, hours } = await d1Of(fleet);
    expect(minutes).toHaveLength(60);
    expect(minutes.every((row) => row.rounds === 6 && row.revision === 0)).toBe(true);
    expect(hours.map((row) => [row.minutesUp, row.minutesDown, row.scheduled])).toEqual([[51, 9, 1_440]]);
    expect((await fleet.state()).collectors[0]?.dueMinutes).toEqual([]);
  });

  it("a prober's answer never waits for it, and a read that fails writes nothing", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + MINUTE);
    for (const read of ["seriesNumber", "configVersion", "minutes", "hours", "days", "months", "schedules"] as const) {
      await fleet.inCollector("chat", (collector) => {
        Object.assign(collector.results, { [read]: () => Promise.reject(new Error("D1_ERROR: no such luck")) });
      });
      expect(await fleet.collector("chat").take("chat", slotsOf(NOON, NOON + MINUTE, { configHash: hash }))).toBe(6);
      await fleet.collect("chat");
      expect((await d1Of(fleet)).minutes, read).toEqual([]);
      await fleet.inspect();
      await fleet.inCollector("chat", (_collector, state) => state.abort("restart")).catch(() => {});
    }
    await act(fleet, NOON + 2 * MINUTE, []);
    expect((await d1Of(fleet)).minutes).toHaveLength(1);
  });

  it("for more than a week, with a backlog of many writes: still everything is caught up with", async () => {
    const fleet = await world();
    // A round a minute, so that the backlog is long in minutes rather than in rounds.
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((each) => ({ ...each, every: "60s" as const })),
    }));
    const { hash } = await fleet.current();
    const fromAt = NOON - 9 * DAY;
    // Each came in time; D1 has been away since then.
    for (const region of ["weur", "oc"]) {
      fleet.at(fromAt + 10 * HOUR);
      const told = { configHash: hash, region, everyMs: MINUTE, signs: ".." };
      await fleet.collector("chat").take("chat", slotsOf(fromAt, fromAt + 10 * HOUR, told));
    }
    let alarms = 0;
    fleet.at(NOON);
    do {
      expect((alarms += 1)).toBeLessThan(20);
      fleet.at(NOON + alarms * MINUTE);
      await fleet.collect("chat");
      await fleet.inspect();
    } while ((await fleet.state()).collectors[0]?.dueMinutes.length !== 0);
    expect((await d1Of(fleet)).minutes).toHaveLength(1_200);
  });
});

describe("when D1 hangs", () => {
  /** The waits that the objects ask for; those of 30 s and more come when the test says so. */
  function holdLongWaits(): { giveUp(): void } {
    const { after } = outside;
    const held: (() => void)[] = [];
    outside.after = (delayMs, callback) => {
      if (delayMs < 30_000) return after(delayMs, callback);
      held.push(callback);
      return () => void held.splice(held.indexOf(callback), 1);
    };
    return {
      giveUp() {
        outside.after = after;
        for (const callback of held) callback();
      },
    };
  }

  it("the write is given up and tried again; the first may land later and changes nothing", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    await fleet.collector("chat").take("chat", slotsOf(NOON - 2 * MINUTE, NOON - MINUTE, { configHash: hash }));
    const waits = holdLongWaits();
    let land = (): void => {};
    const hung = await fleet.inCollector("chat", (collector) => {
      const { write } = collector.results;
      return new Promise<{ alarm: Promise<boolean> }>((resolve) => {
        collector.results.write = async (change) => {
          collector.results.write = write;
          resolve({ alarm });
          await new Promise<void>((landed) => (land = landed));
          return write(change);
        };
        const alarm = collector.alarm().then(() => true);
      }).then(async ({ alarm }) => {
        waits.giveUp();
        await alarm;
        // Meanwhile more has come, and the next write is through.
        await collector.take("chat", slotsOf(NOON - MINUTE, NOON, { configHash: hash, signs: "xx.." }));
        await collector.alarm();
        const settled = collector.store.due(10).length;
        land();
        return settled;
      });
    });
    expect(hung).toBe(0);
    await act(fleet, NOON + 3_000, []);
    const { minutes, hours } = await d1Of(fleet);
    expect(minutes.map((row) => row.asOf)).toEqual([2, 2]);
    expect(hours.map((row) => row.scheduled)).toEqual([48]);
    expect(await runDurableObjectAlarm(fleet.collector("chat"))).toBe(false);
  });

  it("a write that was given up settles nothing after another has begun", async () => {
    const fleet = await world();
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((each) => ({ ...each, every: "60s" as const })),
    }));
    const { hash } = await fleet.current();
    const told = { configHash: hash, everyMs: MINUTE, signs: "." };
    // As many as one write takes; one more, older, comes while the first hangs, and pushes the newest out of the second.
    const fromAt = NOON - 505 * MINUTE;
    await fleet.collector("chat").take("chat", slotsOf(fromAt + MINUTE, fromAt + 501 * MINUTE, told));
    const waits = holdLongWaits();
    await fleet.inCollector("chat", async (collector) => {
      const { write } = collector.results;
      let land = (): void => {};
      let landed = Promise.resolve(0);
      const begun = new Promise<void>((resolve) => {
        collector.results.write = (change) => {
          collector.results.write = write;
          resolve();
          landed = new Promise<void>((go) => (land = go)).then(() => write(change));
          return landed;
        };
      });
      const alarm = collector.alarm();
      await begun;
      waits.giveUp();
      await alarm;
      await collector.take("chat", [envelopeOf({ ...told, slotAt: fromAt })]);
      await collector.alarm();
      land();
      await landed;
    });
    // Until the next write D1 may have a minute that its hour lacks; that minute must still be owed.
    await act(fleet, NOON + MINUTE, []);
    expect((await d1Of(fleet)).minutes).toHaveLength(501);
  });
});
