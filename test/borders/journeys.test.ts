// Aim: connect, dialogue and room measure a real service as it is, over several objects where one is not enough, and reach
// D1 as series of their own. Method: real probers in workerd, a real broker behind the simulator, whose ledger is the
// truth; sessions are cut by a hostile server.

import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";

import type { ConfigInput } from "../../workers/config/define.ts";
import { ledgerCounts } from "../../workers/local/ledger.ts";
import type { LedgerEntry } from "../../workers/local/ledger.ts";
import { quantile } from "../../workers/results/histogram.ts";
import type { Histogram } from "../../workers/results/histogram.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import { must } from "../observations.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { hostileAddress } from "./lab.ts";
import { kept, WEUR } from "./probing.ts";

type Journeys = NonNullable<ConfigInput["targets"][number]["journeys"]>;
const SUBSCRIBERS = 120;
const MESSAGES = 5;
const ROOM = {
  journey: "room",
  subscribers: SUBSCRIBERS,
  messages: MESSAGES,
  gap: "50ms",
  joinDeadline: "10s",
} as const;

/** A fleet with these journeys beside loop, in one region unless said otherwise. */
async function fleetWith(
  journeys: Journeys,
  more: Partial<ConfigInput["targets"][number]> = {},
  regions: readonly string[] = ["weur"],
): Promise<World> {
  const fleet = await world();
  fleet.reconfigure((input) => ({
    ...input,
    regions: input.regions.filter((region) => regions.includes(region as string)),
    targets: input.targets
      .filter(({ id }) => id === "chat")
      .map((target) => {
        const all = Object.entries(target.address as Readonly<Record<string, string>>);
        const address = Object.fromEntries(all.filter(([id]) => regions.includes(id)));
        const changed = { ...target, address, every: "60s", journeys: ["loop", ...journeys], ...more };
        return changed as ConfigInput["targets"][number];
      }),
  }));
  fleet.at(NOON - 5_000);
  await fleet.watch();
  return fleet;
}

async function recordsOf(fleet: World, name = WEUR): Promise<Map<string, RoundRecord>> {
  const records = await kept(fleet, name);
  return new Map(records.map((record) => [record.series.journey, record]));
}

const onTopic = (entries: readonly LedgerEntry[], topic: string, sinceAt: number): LedgerEntry[] =>
  entries.filter((entry) => entry.topic === topic && entry.seenAt >= sinceAt);

const quantileMs = (histogram: Histogram, q: number): number => {
  const found = quantile([histogram], q);
  return found.kind === "value" ? found.ms : Infinity;
};

/** Objects that hold seats, and whatever makes a prober of one. */
async function others(fleet: World): Promise<{ named: string[]; nameless: number; armed: number }> {
  const named: string[] = [];
  let [nameless, armed] = [0, 0];
  for (const id of await listDurableObjectIds(fleet.bindings.PROBER)) {
    const [name, alarmAt] = await runInDurableObject(fleet.bindings.PROBER.get(id), async (prober, { storage }) => [
      prober.store.identity()?.name ?? null,
      await storage.getAlarm(),
    ]);
    if (name === null) {
      nameless += 1;
      if (alarmAt !== null) armed += 1;
    } else named.push(name);
  }
  return { named, nameless, armed };
}

describe("a room of 120 subscribers", () => {
  it("over three objects is exact against the ledger, and the two others are no probers", async () => {
    const fleet = await fleetWith([ROOM]);
    const sinceAt = Date.now();
    await fleet.slot(NOON);
    const record = must((await recordsOf(fleet)).get("room"));
    expect(record).toMatchObject({
      scheduled: SUBSCRIBERS * MESSAGES,
      ok: SUBSCRIBERS * MESSAGES,
      unfit: "none",
      duplicate: 0,
      reordered: 0,
      foreign: 0,
      failures: [],
    });
    const entries = onTopic(await fleet.ledger(), "sonde/chat/weur/room", sinceAt);
    expect(entries).toHaveLength(MESSAGES);
    for (const entry of entries) expect(new Set(entry.to).size).toBe(SUBSCRIBERS);
    expect(ledgerCounts(entries, { limitMs: 200, deadlineMs: 1_000 })).toMatchObject({ seen: MESSAGES });
    expect([...record.connect.buckets.values()].reduce((sum, n) => sum + n, 0)).toBe(SUBSCRIBERS);
    expect(await others(fleet)).toEqual({ named: [WEUR], nameless: 2, armed: 0 });
    await fleet.inspect();
  });

  it("500 of them, over ten objects, hear everything", async () => {
    // Past the simulator: in one Node process with the broker it would be what is measured.
    const address = { weur: `ws://127.0.0.1:${inject("servers").brokerPort}/mqtt` };
    const room = { ...ROOM, subscribers: 500, messages: 10, gap: "200ms", joinDeadline: "30s" } as const;
    const fleet = await fleetWith([room], { address, deadline: "5s", connectDeadline: "5s" });
    await fleet.slot(NOON);
    const record = must((await recordsOf(fleet)).get("room"));
    const tookMs = record.endedAt - record.slotAt;
    const [p50Ms, p99Ms] = [0.5, 0.99].map((q) => Math.round(quantileMs(record.latency, q)));
    console.log(`room of 500: ${record.ok} deliveries in ${tookMs} ms, P50 ${p50Ms} ms, P99 ${p99Ms} ms`);
    expect(record).toMatchObject({ scheduled: 5_000, ok: 5_000, duplicate: 0, reordered: 0, unfit: "none" });
    expect((await others(fleet)).nameless).toBe(9);
    await fleet.inspect();
  });

  it("what the network loses is lost for every subscriber, and nothing else is", async () => {
    const fleet = await fleetWith([ROOM]);
    await fleet.fault("weur", "every=4");
    const sinceAt = Date.now();
    await fleet.slot(NOON);
    const record = must((await recordsOf(fleet)).get("room"));
    const dropped = onTopic(await fleet.ledger(), "sonde/chat/weur/room", sinceAt).filter((entry) => entry.dropped);
    expect(dropped.length).toBeGreaterThan(0);
    expect([record.lost, record.error, record.notSent]).toEqual([dropped.length * SUBSCRIBERS, 0, 0]);
    await fleet.inspect();
  });

  it("an object that can not be had is our own fault, and the next round is whole again", async () => {
    const fleet = await fleetWith([ROOM]);
    const real = fleet.bindings.PROBER;
    await fleet.inProber(WEUR, async (prober) => {
      const get = (id: DurableObjectId, options?: DurableObjectNamespaceGetDurableObjectOptions): unknown =>
        id.equals(real.idFromName(`${WEUR}.room.2`))
          ? { sit: () => Promise.reject(new Error("overloaded")), rise: () => Promise.resolve() }
          : real.get(id, options);
      const env = new Proxy(fleet.bindings, {
        get: (all, key): unknown =>
          key === "PROBER" ? { idFromName: (name: string) => real.idFromName(name), get } : Reflect.get(all, key),
      });
      Object.assign(prober, { env });
    });
    await fleet.slot(NOON);
    const first = must((await recordsOf(fleet)).get("room"));
    expect(first).toMatchObject({ unfit: "platform", ok: 100 * MESSAGES, notSent: 20 * MESSAGES, lost: 0, error: 0 });
    await fleet.inProber(WEUR, (prober) => void Object.assign(prober, { env: fleet.bindings }));
    await fleet.slot(NOON + 60_000);
    expect(must((await recordsOf(fleet)).get("room"))).toMatchObject({ unfit: "none", ok: SUBSCRIBERS * MESSAGES });
    await fleet.inspect();
  });

  it("a prober that dies in mid-round leaves no seats behind", async () => {
    const fleet = await fleetWith([{ ...ROOM, messages: 100, gap: "100ms" }]);
    const seats = (): Promise<number> => fleet.inProber(`${WEUR}.room.1`, (prober) => prober.rowsHeld()).catch(() => 0);
    fleet.at(NOON + 1);
    const woken = fleet.inProber(WEUR, (prober) => prober.alarm()).catch(() => {});
    const until = async (wanted: number): Promise<number> => {
      for (let tries = 0; tries < 200; tries++) {
        if ((await seats()) === wanted) return wanted;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return seats();
    };
    expect(await until(1)).toBe(1);
    await fleet.inProber(WEUR, (_prober, state) => state.abort("killed on purpose")).catch(() => {});
    await woken;
    expect(await until(0)).toBe(0);
  });

  it("a closed port refuses everyone, and no seat is lost", async () => {
    const fleet = await fleetWith([{ ...ROOM, joinDeadline: "2s" }]);
    await fleet.fault("weur", "refuse");
    await fleet.slot(NOON);
    const record = must((await recordsOf(fleet)).get("room"));
    expect(record).toMatchObject({ error: SUBSCRIBERS * MESSAGES, connectFail: SUBSCRIBERS * MESSAGES, unfit: "none" });
    expect(record.failures).toEqual([{ phase: "connect", kind: "tcp", count: SUBSCRIBERS * MESSAGES }]);
  });
});

describe("a dialogue", () => {
  const DIALOGUE = { journey: "dialogue", turns: 10, gap: "100ms", payloadBytesLast: 4_096 } as const;

  it("is whole through a real broker, with growing payloads", async () => {
    const fleet = await fleetWith([DIALOGUE]);
    const sinceAt = Date.now();
    await fleet.slot(NOON);
    const record = must((await recordsOf(fleet)).get("dialogue"));
    expect(record).toMatchObject({ scheduled: 10, ok: 10, reconnects: 0, reordered: 0, duplicate: 0, corrupt: 0 });
    const entries = await fleet.ledger();
    for (const part of ["ask", "answer"]) {
      expect(onTopic(entries, `sonde/chat/weur/dialogue/${part}`, sinceAt)).toHaveLength(10);
    }
    await fleet.inspect();
  });

  it("whose session the service cuts: one turn is an error, one reconnect, and the rest go on", async () => {
    // Question and answer in turn: the 7th message behind the four of loop is question 3, and the asker is cut right behind it.
    const address = { weur: hostileAddress(`cut-once/${4 + 7}/${crypto.randomUUID()}`) };
    const fleet = await fleetWith([DIALOGUE], { address, messages: 4 });
    await fleet.slot(NOON);
    const found = await recordsOf(fleet);
    expect(found.get("loop")).toMatchObject({ ok: 4 });
    expect(found.get("dialogue")).toMatchObject({
      ok: 9,
      error: 1,
      reconnects: 1,
      unfit: "none",
      failures: [{ phase: "deliver", kind: "closed", count: 1 }],
    });
    await fleet.inspect();
  });

  it("whose service goes away: the turns that are left are errors, none is lost in silence", async () => {
    const fleet = await fleetWith([{ ...DIALOGUE, turns: 20 }]);
    fleet.at(NOON + 1);
    const woken = fleet.wake(WEUR);
    const topic = "sonde/chat/weur/dialogue/answer";
    const sinceAt = Date.now();
    while (onTopic(await fleet.ledger(), topic, sinceAt).length < 3) await new Promise((r) => setTimeout(r, 20));
    await fleet.fault("weur", "refuse");
    await woken;
    const record = must((await recordsOf(fleet)).get("dialogue"));
    expect(record.ok).toBeGreaterThanOrEqual(2);
    expect([record.ok + record.error, record.lost, record.notSent, record.unfit]).toEqual([20, 0, 0, "none"]);
    expect(record.reconnects).toBeGreaterThanOrEqual(1);
    expect(record.failures.map(({ phase, kind }) => `${phase} ${kind}`)).toContain("connect tcp");
  });
});

describe("connect", () => {
  it("tells the handshake from the login, and a far region from a near one", async () => {
    const fleet = await fleetWith([{ journey: "connect", attempts: 5 }], {}, ["weur", "oc"]);
    await fleet.slot(NOON);
    const near = must((await recordsOf(fleet)).get("connect"));
    const far = must((await recordsOf(fleet, "oc.0.v1")).get("connect"));
    for (const record of [near, far]) {
      expect(record).toMatchObject({ scheduled: 5, ok: 5, unfit: "none", failures: [] });
      expect(record.phases).not.toBeNull();
      expect(record.over.map(({ limitMs }) => limitMs)).toContain(600);
    }
    // The simulator delays packets, not TCP: 10 ms there and back in all, of which the login has its share.
    expect(quantileMs(must(far.phases ?? undefined).login, 0.5)).toBeGreaterThanOrEqual(9);
    await fleet.inspect();
  });

  it("a wrong password is refused each time, by kind", async () => {
    const fleet = await fleetWith([{ journey: "connect", attempts: 3 }]);
    fleet.bindings["TEST_PASSWORD"] = "wrong-on-purpose";
    await fleet.slot(NOON);
    expect((await recordsOf(fleet)).get("connect")).toMatchObject({
      error: 3,
      failures: [{ phase: "connect", kind: "auth", count: 3 }],
    });
  });
});

describe("in D1", () => {
  it("each journey is a series of its own unit, and loop's minutes hold loop's messages only", async () => {
    const fleet = await fleetWith([
      { journey: "room", subscribers: 3, messages: 2, gap: "20ms", joinDeadline: "3s" },
      { journey: "dialogue", turns: 6, gap: "50ms" },
      { journey: "connect", attempts: 2 },
    ]);
    await fleet.slot(NOON);
    // Written as soon as the minute has all its slots; two minutes later it would be silent.
    await fleet.collect();
    await fleet.inspect();
    const { d1 } = await fleet.state();
    const told = d1.series.map(({ id, journey, unit, okMeans }) => {
      const minute = must(d1.minutes.find((row) => Math.floor(row.id / 2 ** 26) === id));
      const { scheduled, ok, reconnects, handshake } = minute;
      return [journey, { unit, okMeans, scheduled, ok, reconnects, phases: handshake !== null }];
    });
    const delivered = { okMeans: "delivered", reconnects: 0, phases: false };
    expect(Object.fromEntries(told)).toEqual({
      loop: { ...delivered, unit: "message", scheduled: 4, ok: 4 },
      room: { ...delivered, unit: "delivery", scheduled: 6, ok: 6 },
      dialogue: { ...delivered, unit: "turn", scheduled: 6, ok: 6 },
      connect: { unit: "connection", okMeans: "accepted", scheduled: 2, ok: 2, reconnects: 0, phases: true },
    });
    const shown = JSON.parse(must(d1.snapshots[0]).body) as Snapshot;
    expect(must(shown.regions[0]).others?.map((other) => [other.journey, other.state, other.month.ok])).toEqual([
      ["room", "up", 6],
      ["dialogue", "up", 6],
      ["connect", "up", 2],
    ]);
    expect(must(shown.regions[0]).month.ok).toBe(4);
  });
});
