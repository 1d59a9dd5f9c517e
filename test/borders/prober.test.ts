// Aim: a prober goes on, whatever breaks: its next slot is armed before this one runs, nothing that it measured is lost
// or told in two ways, and nobody waits for one who does not answer. Method: real probers and a real broker; one thing
// broken at a time inside the object, the inspector after each act.

import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { outside } from "../../workers/outside.ts";
import { decodeEnvelope } from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import type { Prober } from "../../workers/rounds/prober.do.ts";
import { must } from "../observations.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { alarmOf, counted, giveCollectors, kept, SLOT, started, WEUR } from "./probing.ts";

describe("slots", () => {
  it("are absolute, whenever the alarm comes, and armed before the round runs", async () => {
    const fleet = await started();
    expect(await alarmOf(fleet)).toBe(NOON);
    fleet.at(NOON + 1_700);
    const armedInRound = await fleet.inProber(WEUR, async (prober, { storage }) => {
      const { makeRoom } = prober.store;
      const armed: (number | null)[] = [];
      const asked: Promise<unknown>[] = [];
      prober.store.makeRoom = (...rest) => {
        asked.push(storage.getAlarm().then((at) => armed.push(at)));
        return makeRoom(...rest);
      };
      await storage.deleteAlarm();
      await prober.alarm();
      await Promise.all(asked);
      return armed;
    });
    expect(armedInRound).toEqual([NOON + SLOT]);
    const records = await kept(fleet);
    expect(records.map((record) => [record.series.target, record.slotAt])).toEqual([
      ["chat", NOON],
      ["push", NOON],
    ]);
    for (const record of records) {
      expect(record.startedAt - record.slotAt).toBeGreaterThanOrEqual(1_700);
      expect([record.ok, record.unfit, record.place]).toEqual([4, "none", "LOCAL"]);
    }
    await fleet.inspect();
  });

  it("run once, though the alarm is delivered twice and the object evicted between", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    await fleet.inProber(WEUR, (prober) => prober.alarm());
    await evictDurableObject(fleet.prober(WEUR));
    await fleet.inProber(WEUR, (prober) => prober.alarm());
    expect(await counted(fleet, "push")).toEqual([NOON]);
    expect(await fleet.inProber(WEUR, (prober) => prober.store.newest()?.sequence)).toBe(1);
    await fleet.inspect();
  });

  it("that come too late prove nothing, and are never run into the next one", async () => {
    const fleet = await started();
    fleet.at(NOON + 3_000);
    await fleet.wake(WEUR);
    fleet.at(NOON + SLOT + 8_000);
    await fleet.wake(WEUR);
    const { collectors } = await fleet.state();
    const told = must(collectors.find((each) => each.target === "push")).envelopes.map((row) =>
      must(decodeEnvelope(row.bytes).records[0]),
    );
    expect(told.map((record) => [record.unfit, record.ok, record.notSent])).toEqual([
      ["scheduler_lag", 4, 0],
      ["scheduler_lag", 0, 4],
    ]);
    expect(fleet.now()).toBeLessThan(NOON + 2 * SLOT);
    await fleet.inspect();
  });

  it("that were slept through are absent, not made up for", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    await fleet.slot(NOON + 5 * SLOT);
    expect(await counted(fleet, "push")).toEqual([NOON, NOON + 5 * SLOT]);
    await fleet.inspect();
  });

  it("are armed again by the watchdog when the alarm was lost, and only then", async () => {
    const fleet = await started();
    await fleet.inProber(WEUR, (_prober, { storage }) => storage.deleteAlarm());
    fleet.at(NOON + 61_000);
    await fleet.watch();
    expect(await alarmOf(fleet)).toBe(NOON + 70_000);
    await fleet.inProber(WEUR, (_prober, { storage }) => storage.setAlarm(NOON + 61_234));
    await fleet.watch();
    expect(await alarmOf(fleet)).toBe(NOON + 61_234);
    // One that stays in the past is lost as well (cloudflare-docs#18324).
    fleet.at(NOON + 90_000);
    await fleet.watch();
    expect(await alarmOf(fleet)).toBe(NOON + 100_000);
  });
});

describe("whatever breaks", () => {
  const broken = (): never => {
    throw new Error("broken on purpose");
  };
  const rejected = (): Promise<never> => Promise.reject(new Error("broken on purpose"));
  type Break = (prober: Prober, state: DurableObjectState, fleet: World) => void;
  const STORE = ["identity", "newest", "makeRoom", "keep", "pendingAfter", "forgetThrough", "rememberPlace"] as const;
  const CASES: readonly (readonly [string, Break])[] = [
    ...STORE.map((name): readonly [string, Break] => [
      `store.${name} throws`,
      (prober) => void Object.assign(prober.store, { [name]: broken }),
    ]),
    ["setAlarm rejects", (_prober, { storage }) => void (storage.setAlarm = rejected)],
    ["sync rejects", (_prober, { storage }) => void (storage.sync = rejected)],
    ["the configuration is refused", (_prober, _state, fleet) => void (fleet.bindings.SONDE_CONFIG = '{"name":""}')],
    ["the configuration is not JSON", (_prober, _state, fleet) => void (fleet.bindings.SONDE_CONFIG = "{")],
    ["collectors cannot be named", (prober, _state, fleet) => giveCollectors(prober, fleet, { idFromName: broken })],
    [
      "collectors throw",
      (prober, _state, fleet) =>
        giveCollectors(prober, fleet, { idFromName: () => ({}), get: () => ({ take: broken }) }),
    ],
    [
      "collectors reject",
      (prober, _state, fleet) =>
        giveCollectors(prober, fleet, { idFromName: () => ({}), get: () => ({ take: rejected }) }),
    ],
  ];

  it.each(CASES)("alarm() does not throw, and it goes on when mended: %s", async (_what, breakIt) => {
    const fleet = await started();
    const { SONDE_CONFIG: configuration } = fleet.bindings;
    await fleet.slot(NOON);
    fleet.at(NOON + SLOT + 1);
    await fleet.inProber(WEUR, async (prober, state) => {
      await state.storage.deleteAlarm();
      breakIt(prober, state, fleet);
      await expect(prober.alarm()).resolves.toBeUndefined();
    });
    // Mended: a new version of the Worker, and the watchdog's next minute.
    if (configuration !== undefined) fleet.bindings.SONDE_CONFIG = configuration;
    await fleet.inProber(WEUR, (_prober, state) => state.abort("a new version")).catch(() => {});
    fleet.at(NOON + 2 * SLOT + 1);
    await fleet.watch();
    await fleet.slot(NOON + 3 * SLOT);
    const slots = await counted(fleet, "chat");
    expect(slots.filter((slot) => slot === NOON)).toHaveLength(1);
    expect(slots).toContain(NOON + 3 * SLOT);
    await fleet.collect();
    await fleet.inspect();
  });

  it("the next slot is armed all the same, except where arming itself is what breaks", async () => {
    for (const [what, breakIt] of CASES) {
      const unarmable = /identity|setAlarm|configuration/.test(what);
      if (unarmable) continue;
      const fleet = await started();
      fleet.at(NOON + 1);
      await fleet.inProber(WEUR, async (prober, state) => {
        await state.storage.deleteAlarm();
        breakIt(prober, state, fleet);
        await prober.alarm();
        expect(await state.storage.getAlarm(), what).toBe(NOON + SLOT);
      });
    }
  });
});

describe("what a prober can not do is told apart from what the service refuses", () => {
  const recordsOf = async (fleet: World): Promise<Map<string, RoundRecord>> => {
    await fleet.slot(NOON);
    const found = new Map<string, RoundRecord>();
    for (const name of [WEUR, "enam.0.v1"]) {
      for (const record of await kept(fleet, name))
        found.set(`${record.series.target} ${record.series.region}`, record);
    }
    await fleet.collect();
    await fleet.inspect();
    return found;
  };

  it("a secret that nobody has set: not measured, by our own fault", async () => {
    const fleet = await started();
    const { TEST_PASSWORD: secret } = fleet.bindings;
    fleet.bindings["TEST_PASSWORD"] = "";
    const record = must((await recordsOf(fleet)).get("push weur"));
    fleet.bindings["TEST_PASSWORD"] = secret;
    expect([record.unfit, record.notSent, record.error, record.lost]).toEqual(["credentials", 4, 0, 0]);
  });

  it("a wrong password: refused, and down", async () => {
    const fleet = await started();
    const { TEST_PASSWORD: secret } = fleet.bindings;
    fleet.bindings["TEST_PASSWORD"] = "wrong-on-purpose";
    const record = must((await recordsOf(fleet)).get("push weur"));
    fleet.bindings["TEST_PASSWORD"] = secret;
    expect([record.unfit, record.error, record.connectFail]).toEqual(["none", 4, 4]);
    expect(record.failures).toEqual([{ phase: "connect", kind: "auth", count: 4 }]);
  });

  it("a closed port: refused at TCP, in that region only", async () => {
    const fleet = await started();
    await fleet.fault("weur", "refuse");
    const found = await recordsOf(fleet);
    expect(must(found.get("push weur")).failures).toEqual([{ phase: "connect", kind: "tcp", count: 4 }]);
    expect(must(found.get("chat enam")).ok).toBe(4);
  });

  it("a service that accepts and is silent: a timeout within the deadlines", async () => {
    const fleet = await started();
    await fleet.fault("weur", "hang");
    const found = await recordsOf(fleet);
    const record = must(found.get("push weur"));
    expect(record.failures).toEqual([{ phase: "connect", kind: "timeout", count: 4 }]);
    expect(record.endedAt - record.startedAt).toBeLessThan(SLOT);
  });

  it("messages that are lost: lost, and nothing else", async () => {
    const fleet = await started();
    await fleet.fault("weur", "outage");
    const record = must((await recordsOf(fleet)).get("chat weur"));
    expect([record.lost, record.error, record.notSent, record.unfit]).toEqual([4, 0, 0, "none"]);
  });
});

describe("the observed place", () => {
  it("is recorded, looked at again now and then, kept when the page is away, and never asked for while messages fly", async () => {
    const fleet = await world();
    const { fetch } = outside;
    const seen: string[] = [];
    let colo: string | null = null;
    outside.fetch = (url, init) => {
      // The first thing that a prober does after its flight is to look at itself.
      if (url.includes("/control/")) seen.push("looked");
      else if (!url.endsWith("/cdn-cgi/trace")) seen.push("round");
      if (!url.endsWith("/cdn-cgi/trace")) return fetch(url, init);
      seen.push("place");
      return colo === null ? Promise.reject(new Error("away")) : Promise.resolve(new Response(`fl=1\ncolo=${colo}\n`));
    };
    const newest = async () => (await kept(fleet)).map((record) => [record.place, record.unfit]);
    try {
      fleet.at(NOON - 5_000);
      await fleet.prober(WEUR).arm(WEUR);
      await fleet.inProber(WEUR, async (prober) => {
        fleet.at(NOON + 1);
        const alarm = prober.alarm();
        const meddling = (async () => {
          while (!seen.includes("looked")) {
            await prober.arm(WEUR);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        })();
        await Promise.all([alarm, meddling]);
      });
      const flight = seen.slice(seen.indexOf("round"), seen.indexOf("looked"));
      expect(flight.filter((each) => each === "place")).toEqual([]);
      expect(flight.length).toBeGreaterThan(0);
      expect((await kept(fleet)).map((record) => record.place)).toEqual(["", ""]);
      colo = "AMS";
      await fleet.slot(NOON + SLOT);
      colo = "WAW";
      await fleet.slot(NOON + 2 * SLOT);
      expect(await newest(), "what is known is not asked for at each wake").toEqual([
        ["AMS", "none"],
        ["AMS", "none"],
      ]);
      colo = null;
      await fleet.slot(NOON + 3_600_000);
      expect(await newest(), "a page that is away takes nothing away").toEqual([
        ["AMS", "none"],
        ["AMS", "none"],
      ]);
      colo = "WAW";
      await fleet.slot(NOON + 2 * 3_600_000);
      expect(await newest(), "nothing of that slot belongs to either place").toEqual([
        ["AMS", "moved"],
        ["AMS", "moved"],
      ]);
      await fleet.slot(NOON + 2 * 3_600_000 + SLOT);
      expect(await newest()).toEqual([
        ["WAW", "none"],
        ["WAW", "none"],
      ]);
      await fleet.inspect();
    } finally {
      outside.fetch = fetch;
    }
  });
});
