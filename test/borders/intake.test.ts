// Aim: whatever reaches a collector, in whatever order and however often, counts once or not at all, and is answered for
// only when it is safe. Method: envelopes by hand at the real object's door, with evictions and crashes between; after
// each act the inspector, and a look at what is stored.

import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import { decodeEnvelope, encodeEnvelope } from "../../workers/results/envelope.ts";
import { AHEAD_LIMIT_MS, LATE_LIMIT_MS } from "../../workers/results/intake.ts";
import { must } from "../observations.ts";
import { mulberry32, shuffled } from "../random.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { envelopeOf, roundOf, slotsOf } from "./rounds.ts";

interface Held {
  readonly envelopes: number;
  readonly rounds: number;
  readonly due: number;
  readonly series: readonly string[];
}

async function held(fleet: World, target = "chat"): Promise<Held> {
  const state = await fleet.state();
  const own = state.collectors.find((each) => each.target === target);
  return {
    envelopes: own?.envelopes.length ?? 0,
    rounds: own?.rounds.length ?? 0,
    due: own?.dueMinutes.length ?? 0,
    series: (own?.series ?? []).map((each) => each.region),
  };
}

const slots = (hash: string, region = "weur", signs = ".o.x"): Uint8Array[] =>
  slotsOf(NOON, NOON + 60_000, { region, configHash: hash, signs });

describe("an envelope that comes again", () => {
  const ORDERS: readonly (readonly [string, (six: readonly Uint8Array[]) => Uint8Array[][]])[] = [
    ["twice in one call", (six) => [six.flatMap((each) => [each, each])]],
    ["twice, one after the other", (six) => [[...six], [...six]]],
    ["thrice, forwards, backwards and mixed", (six) => [[...six], six.toReversed(), shuffled(mulberry32(3), six)]],
    ["backwards only", (six) => [six.toReversed()]],
    ["one by one, each twice", (six) => six.flatMap((each) => [[each], [each]])],
  ];

  it.each(ORDERS)("counts once: %s", async (_how, calls) => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    for (const call of calls(slots(hash))) {
      expect(await fleet.collector("chat").take("chat", call)).toBe(call.length);
      await fleet.inspect();
    }
    expect(await held(fleet)).toEqual({ envelopes: 6, rounds: 6, due: 1, series: ["weur"] });
    await fleet.collect();
    const { d1 } = await fleet.state();
    expect(d1.minutes.map((row) => [row.rounds, row.scheduled, row.ok, row.lost, row.revision])).toEqual([
      [6, 24, 18, 6, 0],
    ]);
    await fleet.inspect();
  });

  it("counts once across an eviction, after D1 has it, and makes no revision", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    await fleet.collector("chat").take("chat", slots(hash));
    await evictDurableObject(fleet.collector("chat"));
    await fleet.collector("chat").take("chat", slots(hash));
    await fleet.collect();
    await evictDurableObject(fleet.collector("chat"));
    fleet.at(NOON + 10 * 60_000);
    await fleet.collector("chat").take("chat", slots(hash));
    expect(await held(fleet)).toEqual({ envelopes: 6, rounds: 6, due: 0, series: ["weur"] });
    await fleet.collect();
    expect((await fleet.state()).d1.minutes.map((row) => row.revision)).toEqual([0]);
    await fleet.inspect();
  });

  it("brings only what is new of it", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    const told = (second: number) => ({ slotAt: NOON + second * 1_000, configHash: hash });
    fleet.at(NOON + 61_000);
    await fleet.collector("chat").take("chat", [envelopeOf(told(0), told(10))]);
    await fleet.collector("chat").take("chat", [envelopeOf(told(10), told(20)), envelopeOf(told(0), told(30))]);
    expect(await held(fleet)).toMatchObject({ envelopes: 3, rounds: 4 });
    await fleet.inspect();
  });
});

describe("the answer", () => {
  it("is not given before the envelope is safe: a crash in place of it leaves the round to be sent again", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    await fleet.inCollector("chat", (_collector, state) => {
      // The platform's promise that all is on disk: here the machine dies before it.
      state.storage.sync = () => {
        state.abort("power cut");
        return new Promise(() => {});
      };
    });
    await expect(fleet.collector("chat").take("chat", slots(hash))).rejects.toThrow();
    await fleet.collector("chat").take("chat", slots(hash));
    expect(await held(fleet)).toMatchObject({ envelopes: 6, rounds: 6 });
    await fleet.inspect();
  });

  it("is kept: whatever was acknowledged survives a crash in the very next moment", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    for (const [i, envelope] of slots(hash).entries()) {
      await fleet.collector("chat").take("chat", [envelope]);
      await fleet.inCollector("chat", (_collector, state) => state.abort("power cut")).catch(() => {});
      expect(await held(fleet)).toMatchObject({ rounds: i + 1 });
    }
    // The alarm survived as well.
    expect(await fleet.collect()).toBe(1);
    expect((await fleet.inspect())["minutes recounted from rounds"]).toBe(1);
  });
});

describe("what does not count", () => {
  const CASES: readonly (readonly [string, (hash: string) => Uint8Array])[] = [
    ["no bytes", () => new Uint8Array(0)],
    ["bytes that are no envelope", () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
    ["an envelope without its end", (hash) => must(slots(hash)[0]).slice(0, -7)],
    [
      "an envelope with a bit turned over",
      (hash) => must(slots(hash)[0]).map((byte, i) => (i === 60 ? byte ^ 255 : byte)),
    ],
    [
      "a record of another target, for a slot that is counted",
      (hash) => envelopeOf({ slotAt: NOON, configHash: hash, target: "push", signs: "xxxx" }),
    ],
    [
      "a record of another target in a region of its own",
      (hash) => envelopeOf({ slotAt: NOON, configHash: hash, target: "push", region: "mars" }),
    ],
    [
      "a slot more than seven days old",
      (hash) => envelopeOf({ slotAt: NOON - LATE_LIMIT_MS, configHash: hash, region: "oc" }),
    ],
    [
      "a slot more than five minutes ahead",
      (hash) => envelopeOf({ slotAt: NOON + AHEAD_LIMIT_MS + 70_000, configHash: hash, region: "oc" }),
    ],
    ["a slot at the end of time", (hash) => envelopeOf({ slotAt: 4.5e15, configHash: hash, region: "oc" })],
    ["the beginning of time", (hash) => envelopeOf({ slotAt: 0, configHash: hash, region: "oc" })],
  ];

  it.each(CASES)("is kept as evidence and holds up nothing: %s", async (_what, bytesFor) => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    const six = slots(hash);
    const bad = bytesFor(hash);
    const call = [...six.slice(0, 3), bad, ...six.slice(3)];
    expect(await fleet.collector("chat").take("chat", call)).toBe(7);
    expect(await held(fleet)).toEqual({ envelopes: 7, rounds: 6, due: 1, series: ["weur"] });
    const { collectors } = await fleet.state();
    expect(collectors[0]?.envelopes.map((row) => Buffer.from(row.bytes).toString("hex"))).toContain(
      Buffer.from(bad).toString("hex"),
    );
    await fleet.inspect();

    // Told again because the answer was lost: it is not kept twice.
    await fleet.collector("chat").take("chat", call);
    expect(await held(fleet)).toEqual({ envelopes: 7, rounds: 6, due: 1, series: ["weur"] });

    await fleet.collect();
    const { d1 } = await fleet.state();
    expect(d1.series.map((row) => [row.target, row.region])).toEqual([["chat", "weur"]]);
    expect(d1.minutes.map((row) => [row.rounds, row.ok, row.revision])).toEqual([[6, 18, 0]]);
    await fleet.inspect();
  });

  it("has sharp borders: seven days exactly and five minutes exactly still count", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON);
    const now = NOON + 2_000;
    const taken = await fleet.inCollector("chat", async (collector) => {
      const edge = [
        Math.ceil((now - LATE_LIMIT_MS) / 10_000) * 10_000,
        Math.floor((NOON + AHEAD_LIMIT_MS) / 10_000) * 10_000,
      ];
      return collector.take(
        "chat",
        edge.map((slotAt) => envelopeOf({ slotAt, configHash: hash })),
      );
    });
    expect(taken).toBe(2);
    expect(await held(fleet)).toMatchObject({ rounds: 2, due: 2 });
    await fleet.inspect();
  });

  it("is one record of an envelope whose others count", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    const records = [
      roundOf({ slotAt: NOON, configHash: hash }),
      roundOf({ slotAt: NOON + 10_000, configHash: hash, target: "push" }),
      roundOf({ slotAt: NOON + 20_000, configHash: hash }),
    ];
    const head = {
      prober: "weur.0",
      generation: 1,
      software: "0",
      configHash: hash,
      sequence: 1,
      dropped: 0,
      signature: null,
    };
    await fleet.collector("chat").take("chat", [encodeEnvelope({ ...head, records })]);
    expect(await held(fleet)).toMatchObject({ envelopes: 1, rounds: 2 });
    await fleet.inspect();
  });
});

describe("a slot that is told in two ways", () => {
  it("stays as it was told first, and the other telling is kept as evidence", async () => {
    const fleet = await world();
    const { hash } = await fleet.current();
    fleet.at(NOON + 61_000);
    const [good, bad] = ["....", "xxxx"].map((signs) => envelopeOf({ slotAt: NOON, configHash: hash, signs }));
    await fleet.collector("chat").take("chat", [must(good)]);
    await fleet.collector("chat").take("chat", [must(bad)]);
    await fleet.collector("chat").take("chat", [must(bad), must(good)]);
    fleet.at(NOON + 5 * 60_000);
    await fleet.collect();
    const { collectors, d1 } = await fleet.state();
    expect(d1.minutes.map((row) => [row.rounds, row.ok, row.lost, row.revision])).toEqual([[1, 4, 0, 0]]);
    const kept = (collectors[0]?.envelopes ?? []).map((row) => decodeEnvelope(row.bytes).records[0]?.ok);
    expect(kept, "both, each once").toEqual([4, 0]);
    await fleet.inspect();
  });
});
