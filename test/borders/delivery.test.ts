// Aim: what a prober has measured arrives, though collectors be away, silent or retired with it; and nobody waits for one
// who does not answer. Method: real probers and a real broker, collectors that answer as they are told, the inspector.

import { describe, expect, it } from "vitest";

import { decodeEnvelope } from "../../workers/results/envelope.ts";
import { packWake } from "../../workers/results/wake.ts";
import { must } from "../observations.ts";
import { NOON } from "../world.ts";
import type { World } from "../world.ts";
import { alarmOf, counted, kept, replaceCollector, SLOT, started, WEUR } from "./probing.ts";
import { envelopeOf } from "./rounds.ts";

describe("a collector that is away", () => {
  it("gets everything when it is back; the other's never waits", async () => {
    const fleet = await started();
    const mend = await replaceCollector(fleet, "chat", () => Promise.reject(new Error("Network connection lost.")));
    for (const i of [0, 1, 2]) await fleet.slot(NOON + i * SLOT);
    expect(await counted(fleet, "push")).toEqual([0, 1, 2].map((i) => NOON + i * SLOT));
    expect(await counted(fleet, "chat")).toEqual([]);
    expect((await kept(fleet)).filter((record) => record.series.target === "chat")).toHaveLength(3);
    await fleet.inspect();
    await mend();
    await fleet.slot(NOON + 3 * SLOT);
    const slots = [0, 1, 2, 3].map((i) => NOON + i * SLOT);
    expect(await counted(fleet, "chat")).toEqual(slots);
    expect(await kept(fleet), "only the newest wake stays").toHaveLength(2);
    await fleet.collect();
    await fleet.inspect();
  });

  it.each([
    ["both were measured all the time", ["chat", "push"]],
    ["the other is new", ["chat"]],
  ])("for longer than is handed over at once: the other still gets its newest, when %s", async (_when, before) => {
    const fleet = await started();
    const mend = await replaceCollector(fleet, "chat", () => Promise.reject(new Error("away")));
    const { hash } = await fleet.current();
    await fleet.inProber(WEUR, (prober) => {
      for (let i = 0; i < 120; i++) {
        const slotAt = NOON - (120 - i) * SLOT;
        const parts = before.map((target) => ({
          target,
          envelope: envelopeOf({ slotAt, target, configHash: hash, sequence: i + 1 }),
        }));
        prober.store.keep({ sequence: i + 1, beganAt: slotAt, bytes: packWake(parts) });
      }
    });
    await fleet.slot(NOON);
    await fleet.slot(NOON + SLOT);
    const push = await counted(fleet, "push");
    expect(push).toHaveLength(before.includes("push") ? 122 : 2);
    expect(push.at(-1)).toBe(NOON + SLOT);
    await mend();
    await fleet.slot(NOON + 2 * SLOT);
    expect(await counted(fleet, "chat")).toHaveLength(123);
    expect(await kept(fleet)).toHaveLength(2);
    await fleet.inspect();
  });

  it("and says nothing at all: it is not waited for beyond the next slot", async () => {
    const fleet = await started();
    const mend = await replaceCollector(fleet, "chat", () => new Promise<never>(() => {}));
    // Late in the slot, so that patience is shorter than a test.
    fleet.at(NOON + 8_500);
    await fleet.wake(WEUR);
    expect(fleet.now()).toBeLessThan(NOON + SLOT);
    expect(await counted(fleet, "push")).toEqual([NOON]);
    await mend();
    await fleet.slot(NOON + SLOT);
    expect(await counted(fleet, "chat")).toEqual([NOON, NOON + SLOT]);
    await fleet.inspect();
  });

  it("until the prober is full: the oldest goes, and the next envelope says how many went", async () => {
    const fleet = await started();
    const mend = await replaceCollector(fleet, "chat", () => Promise.reject(new Error("away")));
    const small = (): Promise<void> =>
      fleet.inProber(WEUR, (prober) => {
        const { makeRoom } = prober.store;
        prober.store.makeRoom = () => makeRoom(3);
      });
    await small();
    for (let i = 0; i < 6; i++) await fleet.slot(NOON + i * SLOT);
    expect(
      (await kept(fleet)).filter((record) => record.series.target === "chat").map((record) => record.slotAt),
    ).toEqual([3, 4, 5].map((i) => NOON + i * SLOT));
    await mend();
    await fleet.slot(NOON + 6 * SLOT);
    const { collectors } = await fleet.state();
    const chat = must(collectors.find((each) => each.target === "chat")).envelopes.map((row) =>
      decodeEnvelope(row.bytes),
    );
    const own = chat.filter((envelope) => envelope.prober === "weur.0");
    // Four had to go unheard: three until the sixth slot, one more for the seventh.
    expect(own.map((envelope) => [envelope.sequence, envelope.dropped])).toEqual([
      [5, 1],
      [6, 1],
      [7, 1],
    ]);
    await fleet.inspect();
  });
});

describe("a prober that is not wanted any more", () => {
  const withoutWeur = (fleet: World): void =>
    fleet.reconfigure((input) => ({
      ...input,
      targets: input.targets
        .filter((target) => target.id === "chat")
        .map(({ address, ...rest }) => ({
          ...rest,
          regions: ["enam", "oc"],
          address: without(address as Record<string, string>, "weur"),
        })),
    }));
  const without = ({ ...addresses }: Record<string, string>, region: string): Record<string, string> => {
    delete addresses[region];
    return addresses;
  };

  it("delivers what it holds, and stops by itself", async () => {
    const fleet = await started();
    const mend = await replaceCollector(fleet, "chat", () => Promise.reject(new Error("away")));
    await fleet.slot(NOON);
    withoutWeur(fleet);
    await fleet.slot(NOON + SLOT);
    expect(await alarmOf(fleet), "it comes back until it is rid of it").toBeGreaterThanOrEqual(NOON + SLOT + 60_000);
    expect(await fleet.inProber(WEUR, (prober) => prober.store.newest()?.sequence), "and measures no more").toBe(1);
    await mend();
    fleet.at(NOON + SLOT + 60_000);
    await fleet.wake(WEUR);
    expect(await counted(fleet, "chat")).toContain(NOON);
    expect(await alarmOf(fleet)).toBeNull();
    await fleet.watch();
    expect(await alarmOf(fleet), "nor does the watchdog wake it").toBeNull();
    await fleet.inspect();
  });

  it("is followed by its next generation, another object with another name", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    fleet.reconfigure((input) => ({ ...input, regions: [{ id: "weur", generation: 2 }, "enam", "oc"] }));
    await fleet.watch();
    await fleet.slot(NOON + SLOT);
    expect(await alarmOf(fleet)).toBeNull();
    expect(await alarmOf(fleet, "weur.0.v2")).toBe(NOON + 2 * SLOT);
    expect(await counted(fleet, "push"), "one series, two probers").toEqual([NOON, NOON + SLOT]);
    await fleet.collect();
    expect((await fleet.state()).d1.series.filter((row) => row.region === "weur")).toHaveLength(2);
    await fleet.inspect();
  });
});
