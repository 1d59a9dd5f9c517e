// Aim: what is the prober's own fault makes minutes unmeasured with its reason, never down; who is silent is seen; and a
// confirm round is evidence that never enters a minute. Method: real probers, collectors and D1 behind the simulator; one
// thing wrong at a time; the inspector after each act.

import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it } from "vitest";

import { silences } from "../../schema/d1-tables.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { UnfitReason } from "../../schema/words.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { decodeEnvelope } from "../../workers/results/envelope.ts";
import { outside } from "../../workers/outside.ts";
import { must } from "../observations.ts";
import { NOON } from "../world.ts";
import type { World } from "../world.ts";
import { SLOT, started, WEUR } from "./probing.ts";

/** All records that a collector was told, in order of arrival. */
async function told(fleet: World, target: string): Promise<RoundRecord[]> {
  const { collectors } = await fleet.state();
  const own = must(collectors.find((each) => each.target === target));
  return own.envelopes.flatMap((row) => decodeEnvelope(row.bytes).records);
}

/** Runs a whole minute of slots and brings it to D1; answers the unfit reasons of its minutes by region. */
async function minuteOf(fleet: World, from: number, break_: () => Promise<void>): Promise<Record<string, UnfitReason>> {
  for (let slot = 0; slot < 6; slot++) {
    if (slot === 3) await break_();
    await fleet.slot(from + slot * SLOT);
  }
  fleet.at(from + 152_000);
  await fleet.collect();
  const { d1 } = await fleet.state();
  const minutes = d1.minutes.filter((row) => row.id % 2 ** 26 === from / 60_000);
  return Object.fromEntries(
    minutes.map((row) => {
      const series = must(d1.series.find((each) => each.id === Math.floor(row.id / 2 ** 26)));
      return [`${series.target} ${series.region}`, must(UNFIT_REASONS[row.unfit])];
    }),
  );
}

describe("a prober that can not see", () => {
  it("is unmeasured when its controls fail as well, and down when only the service does", async () => {
    const fleet = await started();
    const reasons = await minuteOf(fleet, NOON, async () => {
      await fleet.fault("weur", "blind");
      await fleet.fault("enam", "refuse");
    });
    expect(reasons).toMatchObject({
      "chat weur": "controls",
      "push weur": "controls",
      "chat enam": "none",
      "chat oc": "none",
    });
    const { d1 } = await fleet.state();
    const enam = must(d1.series.find((row) => row.region === "enam"));
    const down = d1.hours.filter((row) => Math.floor(row.id / 2 ** 26) === enam.id);
    expect(down.map((row) => row.minutesDown)).toEqual([1]);
    const records = (await told(fleet, "chat")).filter((record) => record.series.region === "weur");
    const blind = records.filter((record) => record.unfit === "controls");
    expect(blind).toHaveLength(3);
    for (const record of blind) expect(record).toMatchObject({ error: 4, controls: { asked: 3, answered: 0 } });
    await fleet.inspect();
  });

  it("looks at its controls now and then while all is well, and remembers that it did", async () => {
    const fleet = await started();
    for (const at of [0, SLOT, 61 * SLOT, 62 * SLOT]) await fleet.slot(NOON + at);
    const records = (await told(fleet, "push")).map((record) => record.controls);
    expect(records).toEqual([{ asked: 3, answered: 3 }, null, { asked: 3, answered: 3 }, null]);
    await fleet.inspect();
  });
});

describe("a prober that moved", () => {
  it("leaves that minute unmeasured, and goes on in its new place", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    await fleet.inProber(WEUR, (prober) => prober.store.rememberPlace("AMS", NOON));
    const reasons = await minuteOf(fleet, NOON + 60_000, () => fleet.fault("weur", "outage"));
    expect(reasons["push weur"]).toBe("moved");
    const records = await told(fleet, "push");
    expect(records.map((record) => [record.place, record.unfit])).toEqual([
      ["LOCAL", "none"],
      ["AMS", "none"],
      ["AMS", "none"],
      ["AMS", "none"],
      ["AMS", "moved"],
      ["LOCAL", "none"],
      ["LOCAL", "none"],
    ]);
    await fleet.inspect();
  });
});

describe("credentials that have run out", () => {
  it("are ours when they are refused, and are not doubted while they are accepted", async () => {
    const fleet = await started();
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((target) =>
        target.id === "push" ? { ...target, credentialsExpire: "2031-05-14" } : target,
      ),
    }));
    await fleet.slot(NOON);
    fleet.bindings["TEST_PASSWORD"] = "no longer good";
    await fleet.slot(NOON + SLOT);
    const push = await told(fleet, "push");
    expect(push.map((record) => [record.ok, record.unfit])).toEqual([
      [4, "none"],
      [0, "credentials"],
    ]);
    const chat = (await told(fleet, "chat")).filter((record) => record.series.region === "weur");
    expect(chat.map((record) => [record.ok, record.error, record.unfit])).toEqual([
      [4, 0, "none"],
      [0, 4, "none"],
    ]);
    await fleet.inspect();
  });
});

describe("a silent region", () => {
  /** Prober, reason, and when it was seen and ended, in seconds after noon. */
  const rows = async (fleet: World) => {
    const found = await drizzle(fleet.bindings.DB).select().from(silences);
    const second = (at: number): number => Math.floor((at - NOON) / 1_000);
    return found.map((row) => [row.prober, row.reason, second(row.seenAt), row.untilAt && second(row.untilAt)]);
  };

  it("is seen by the watchdog within two minutes, once, and its end as well", async () => {
    const fleet = await started();
    const others = ["enam.0.v1", "oc.0.v1"];
    await fleet.slot(NOON);
    for (const minute of [1, 2, 3]) {
      fleet.at(NOON + minute * 60_000 + 1);
      await fleet.wake(...others);
      fleet.at(NOON + minute * 60_000 + 5_000);
      await fleet.watch();
      if (minute === 1) expect(await rows(fleet)).toEqual([[WEUR, "no_wake", 65, null]]);
    }
    expect(await rows(fleet)).toHaveLength(1);
    await fleet.slot(NOON + 240_000);
    fleet.at(NOON + 245_000);
    await fleet.watch();
    expect(await rows(fleet)).toEqual([[WEUR, "no_wake", 65, 245]]);
    await fleet.inspect();
  });

  it("is seen as well when it does not even answer, and D1's absence stops no arming", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    const real = fleet.bindings.PROBER;
    fleet.bindings.PROBER = new Proxy(real, {
      get: (whole, key) =>
        key === "get"
          ? (id: DurableObjectId, options: object) =>
              id.equals(real.idFromName(WEUR))
                ? { arm: () => Promise.reject(new Error("broken on purpose")) }
                : real.get(id, options)
          : (Reflect.get(whole, key) as () => unknown).bind(whole),
    }) as typeof real;
    fleet.at(NOON + 5_000);
    await fleet.watch();
    expect(await rows(fleet)).toEqual([[WEUR, "no_answer", 5, null]]);
    fleet.bindings.DB = {
      prepare: () => {
        throw new Error("D1 is away");
      },
    } as unknown as D1Database;
    await fleet.watch();
  });
});

describe("a flight that never lands", () => {
  it("is taken for what it is: alive while it may fly, and silent after that", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    const { fetch, after } = outside;
    const release: (() => void)[] = [];
    const statusAt = async (ms: number) => {
      fleet.at(ms);
      return (await fleet.inProber(WEUR, (prober) => prober.arm(WEUR)))?.newestWakeAt ?? "flying";
    };
    try {
      // No answer and no timer: nothing that a round waits for ever comes.
      outside.fetch = () => new Promise((_, reject) => release.push(() => reject(new Error("over"))));
      outside.after = () => () => {};
      fleet.at(NOON + SLOT);
      const hanging = await fleet.inProber(WEUR, (prober) => {
        const alarm = prober.alarm();
        return { alarm };
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await statusAt(NOON + SLOT + 5_000)).toBe("flying");
      expect(await statusAt(NOON + SLOT + 60_000)).toBeTypeOf("number");
      outside.after = after;
      for (const each of release) each();
      await fleet.inProber(WEUR, () => hanging.alarm);
    } finally {
      Object.assign(outside, { fetch, after });
    }
  });
});

describe("a confirm round", () => {
  it("sends three messages a second apart, is told to the collector, and enters no minute", async () => {
    const fleet = await started();
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets.map((target) => ({ ...target, every: "60s" as const })),
    }));
    await fleet.slot(NOON);
    fleet.at(NOON + 20_500);
    const asked = await Promise.all([fleet.prober(WEUR).confirm("push"), fleet.prober(WEUR).confirm("push")]);
    expect(asked.toSorted(), "one at a time, however often it is asked for").toEqual([false, true]);
    const [, confirm] = await told(fleet, "push");
    expect(confirm).toMatchObject({ purpose: "confirm", scheduled: 3, ok: 3, lost: 0, slotAt: NOON + 20_000 });
    expect(must(confirm).endedAt - must(must(confirm).readyAt ?? undefined)).toBeGreaterThanOrEqual(2_000);
    fleet.at(NOON + 152_000);
    await fleet.collect();
    const { d1, collectors } = await fleet.state();
    const push = must(d1.series.find((row) => row.target === "push"));
    const minutes = d1.minutes.filter((row) => Math.floor(row.id / 2 ** 26) === push.id);
    expect(minutes.map((row) => [row.scheduled, row.ok, row.rounds])).toEqual([[4, 4, 1]]);
    const own = must(collectors.find((each) => each.target === "push"));
    expect(own.rounds).toHaveLength(2);
    await fleet.slot(NOON + 180_000);
    expect((await told(fleet, "push")).map((record) => record.purpose)).toEqual(["scheduled", "confirm", "scheduled"]);
    await fleet.inspect();
  });

  it("is not run where it would meet a slot, nor for what the prober does not measure", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    expect(await fleet.prober(WEUR).confirm("push"), "10 s are too short for it").toBe(true);
    fleet.at(NOON + 6_000);
    expect(await fleet.prober(WEUR).confirm("push")).toBe(false);
    expect(await fleet.prober(WEUR).confirm("mars")).toBe(false);
    fleet.at(NOON + SLOT + 100);
    expect(await fleet.prober(WEUR).confirm("push"), "its own slot comes first").toBe(false);
    await fleet.inspect();
  });
});
