// Aim: every series that the configuration promises has exactly one prober, and no prober has more handshakes than the
// platform allows. Method: small configurations with the fleet read aloud, then the same counted over many sizes.

import { describe, expect, it } from "vitest";
import type { Config } from "../../workers/config/config.ts";
import { probersOf, seriesOf } from "../../workers/config/fleet.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { SeriesName } from "../../workers/results/records.ts";

function fleet(targets: Readonly<Record<string, readonly string[]>>): Config {
  return configOf({
    name: "f",
    regions: ["weur", { id: "oc", generation: 4 }, "enam"],
    targets: Object.entries(targets).map(([id, regions]) => ({ id, driver: "mqtt", address: "wss://h", regions })),
  });
}

const aloud = (config: Config): string[] =>
  probersOf(config).map((prober) => `${prober.name}: ${prober.targets.map((target) => target.id).join(" ")}`);

describe("probersOf", () => {
  it("puts three targets into a prober, in the order of the configuration", () => {
    const all = ["weur", "oc"];
    expect(aloud(fleet({ d: all, c: ["weur"], b: all, a: ["weur"], z: all }))).toEqual([
      "weur.0.v1: d c b",
      "weur.1.v1: a z",
      "oc.0.v4: d b z",
    ]);
  });

  it("gives a target with a room a prober to itself: it opens six sessions at once", () => {
    const config = fleet({ a: ["oc"], b: ["oc"], c: ["oc"], d: ["oc"] });
    const room = { journey: "room", subscribers: 50, messages: 10, gapMs: 100, joinDeadlineMs: 10_000 } as const;
    const targets = config.targets.map((target) =>
      target.id === "b" ? { ...target, journeys: [{ journey: "loop" } as const, room] } : target,
    );
    expect(aloud({ ...config, targets })).toEqual(["oc.0.v4: a", "oc.1.v4: b", "oc.2.v4: c d"]);
  });

  it("keeps apart what would hold each other up: a long wake and a short slot", () => {
    const config = fleet({ quick: ["oc"], slow: ["oc"], other: ["oc"] });
    const mesh = { journey: "mesh", messages: 3, gapMs: 100 } as const;
    const targets = config.targets.map((target) => ({
      ...target,
      everyMs: target.id === "quick" ? 10_000 : 60_000,
      journeys: target.id === "slow" ? [{ journey: "loop" } as const, mesh] : target.journeys,
    }));
    expect(aloud({ ...config, targets })).toEqual(["oc.0.v4: quick", "oc.1.v4: slow other"]);
  });

  it("wants no prober where nothing is measured", () => {
    expect(aloud(fleet({ a: ["oc"] }))).toEqual(["oc.0.v4: a"]);
    expect(probersOf({ ...fleet({ a: ["oc"] }), targets: [] })).toEqual([]);
  });

  it("never has more than six handshakes in one prober, and covers each region of each target once", () => {
    for (let count = 1; count <= 20; count += 1) {
      const config = fleet(Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, ["weur", "enam"]])));
      const probers = probersOf(config);
      expect(probers).toHaveLength(2 * Math.ceil(count / 3));
      expect(new Set(probers.map((prober) => prober.name)).size).toBe(probers.length);
      for (const prober of probers) expect(prober.targets.length * 2).toBeLessThanOrEqual(6);
      const measured = probers.flatMap((prober) => prober.targets.map((target) => `${target.id} ${prober.region.id}`));
      expect(measured.toSorted()).toEqual(
        seriesOf(config)
          .map((one) => `${one.target} ${one.region}`)
          .toSorted(),
      );
    }
  });
});

describe("seriesOf", () => {
  it("names target, region and journey, in the order of the configuration", () => {
    const series: readonly SeriesName[] = seriesOf(fleet({ b: ["oc", "weur"], a: ["enam"] }));
    expect(series).toEqual([
      { target: "b", region: "weur", journey: "loop", peer: "" },
      { target: "b", region: "oc", journey: "loop", peer: "" },
      { target: "a", region: "enam", journey: "loop", peer: "" },
    ]);
  });

  it("gives mesh a series for each other region", () => {
    const config = fleet({ a: ["weur", "oc", "enam"] });
    const targets = config.targets.map((target) => ({
      ...target,
      journeys: [{ journey: "mesh", messages: 3, gapMs: 100 }] as const,
    }));
    expect(seriesOf({ ...config, targets }).map((one) => `${one.region}>${one.peer}`)).toEqual([
      "weur>oc",
      "weur>enam",
      "oc>weur",
      "oc>enam",
      "enam>weur",
      "enam>oc",
    ]);
  });
});
