// Aim: what a user writes about a contract becomes exactly the terms that the engine computes with, defaults and presets included, and
// the same choice always becomes the same bytes. Method: one contract that says everything and one that says the least, compared
// whole; presets with something over them; versions and orders shuffled; our own configuration, here and on one machine.

import { describe, expect, it } from "vitest";
import example from "../../sonde.config.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { measuredOf } from "../../workers/config/config.ts";
import type { ContractInput } from "../../workers/config/contracts/define-contract.ts";
import { SCENES } from "../../workers/config/contracts/preset-names.ts";
import { PRESET_NAMES, PRESETS } from "../../workers/config/contracts/presets.ts";
import type { ConfigInput, TargetInput } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { localConfig } from "../../workers/local/local-config.ts";
import { sampleNeeded } from "../../workers/sla/statistics.ts";
import { both, meshOf, objective } from "./contract-changes.ts";
import { GOLD, GOOD } from "./contract-worlds.ts";

const LEAST: ContractInput = {
  id: "least",
  target: "calls",
  effective: { from: "2026-01-01" },
  objectives: [{ id: "up", kind: "slots", target: 0.99 }],
};

/** The contracts of GOOD with these in their place. */
const contractsOf = (...contracts: readonly ContractInput[]) => configOf({ ...GOOD, contracts }).contracts;
const standard = (more: Partial<ContractInput>): ContractInput => ({
  id: "standard",
  target: "calls",
  preset: "tencent-im",
  effective: { from: "2026-03-17" },
  ...more,
});

describe("a good contract", () => {
  it("yields exactly this when it says everything", () => {
    const config = configOf(GOOD);
    expect(config.contracts[0]).toEqual(GOLD);
    expect(config.access).toEqual({ team: "acme", audience: "0123456789abcdef".repeat(4) });
    expect(config.recordsSecret).toBe("ACME_RECORDS");
  });

  it("yields exactly this when it says the least", () => {
    expect(contractsOf(LEAST)).toEqual([
      {
        id: "least",
        version: 1,
        label: { en: "least", zh: "least" },
        tier: "standard",
        page: "public",
        source: null,
        target: "calls",
        regions: ["weur", "enam", "oc"],
        regionRule: "each",
        effective: { from: "2026-01-01", to: null },
        period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "Europe/Berlin", clip: "none" },
        objectives: [
          {
            id: "up",
            kind: "slots",
            journey: "loop",
            target: 0.99,
            slotMinutes: 1,
            bad: ["lost", "error"],
            lateMs: null,
            downIf: { rule: "rate", op: ">=", value: 0.2 },
            minSamples: 1,
            belowMin: "unmeasured",
            minRunSlots: 1,
            runRounding: "exact",
            denominator: "measured",
            excludedSlots: "drop",
          },
        ],
        exclusions: [],
        credits: [],
        creditTerms: {
          basis: "service-fee",
          capPct: 100,
          minAmount: null,
          form: "credit",
          stacking: "max",
          onePerIncident: false,
          roundTo: 0.01,
          rounding: "down",
        },
        claim: null,
        calendars: {},
        support: [],
        escalation: [],
        fee: null,
      },
    ]);
  });

  it("is the same bytes however it was written, and survives canonical JSON", () => {
    const config = configOf(GOOD);
    const [gold] = config.contracts;
    const written = structuredClone(GOOD.contracts?.[0]);
    const shuffled = {
      ...Object.fromEntries(Object.entries(written ?? {}).toReversed()),
      regions: ["weur", "oc"],
      credits: [
        {
          kind: "ladder",
          objective: "up",
          tiers: [
            { pct: 10, atLeast: 0.95, below: 0.999 },
            { below: 0.95, atLeast: 0, pct: 100 },
          ],
        },
        { factor: 25, kind: "accelerated", objective: "delivery" },
      ],
    };
    const again = configOf({ ...GOOD, contracts: [shuffled] });
    expect(canonicalJson(again.contracts[0])).toBe(canonicalJson(gold));
    expect(JSON.parse(canonicalJson(gold))).toEqual(GOLD);
    // What is promised about results decides no measurement: both fleets send records under one hash.
    expect(canonicalJson(measuredOf(configOf({ ...GOOD, contracts: [] })))).toBe(canonicalJson(measuredOf(config)));
    expect(canonicalJson(measuredOf(config))).not.toMatch(/gold|12345|ACME_RECORDS/);
  });

  it("says each kind of rule in the engine's words", () => {
    const rules = [
      ["all-fail", { rule: "all-fail" }],
      ["fractional", { rule: "fractional" }],
      [{ count: 3 }, { rule: "count", gte: 3 }],
      [{ rate: ">=0.25" }, { rule: "rate", op: ">=", value: 0.25 }],
      [{ rate: " > .05 " }, { rule: "rate", op: ">", value: 0.05 }],
      [{ rate: ">= 1" }, { rule: "rate", op: ">=", value: 1 }],
    ] as const;
    for (const [downIf, rule] of rules) {
      const [contract] = contractsOf({ ...LEAST, objectives: [{ id: "up", kind: "slots", target: 0.99, downIf }] });
      expect(contract?.objectives[0]).toMatchObject({ downIf: rule });
    }
    console.log(`contracts.test.ts: ${rules.length} rules`);
  });

  it("counts one delivery of a journey that goes there and back as half of it, and all of a round trip", () => {
    const limits = [
      ["loop", "delivery", "200ms", 200],
      ["mesh", "delivery", "100ms", 200],
      ["mesh", "delivery", "200ms", 400],
      ["mesh", "round-trip", "200ms", 200],
      ["connect", "connect", "600ms", 600],
    ] as const;
    for (const [journey, direction, limit, countedMs] of limits) {
      const objectives = [{ id: "p99", kind: "quantile", journey, direction, limit, q: 0.99 }] as const;
      const [contract] = contractsOf({ ...LEAST, target: "chat", objectives });
      expect(contract?.objectives[0], `${journey} ${direction}`).toMatchObject({ journey, direction, countedMs });
    }
    console.log(`contracts.test.ts: ${limits.length} limits`);
  });

  it("may need exactly as many messages as a slot holds", () => {
    const fine = { id: "up", kind: "slots", target: 0.99, downIf: { rate: "> .05" }, minSamples: 20 } as const;
    expect(contractsOf({ ...LEAST, objectives: [fine] })).toHaveLength(1);
    const counted = { ...fine, slot: "300s", downIf: { count: 100 }, minSamples: 100 } as const;
    expect(contractsOf({ ...LEAST, objectives: [counted] })).toHaveLength(1);
    for (const more of [{ downIf: { rate: "> .049" } }, { minSamples: 21 }, { downIf: { count: 21 } }] as const) {
      expect(parseConfig({ ...GOOD, contracts: [{ ...LEAST, objectives: [{ ...fine, ...more }] }] }).ok).toBe(false);
    }
  });

  it("may promise seven nines at a confidence of four: a sample that proves it can still be counted", () => {
    const objectives = [
      { id: "up", kind: "slots", target: 0.9999999 },
      { id: "delivery", kind: "ratio", target: 0.9999999, confidence: 0.9999 },
      { id: "p99", kind: "quantile", q: 0.9999999, limit: "200ms", direction: "delivery", confidence: 0.9999 },
    ] as const;
    const [contract] = contractsOf({ ...LEAST, objectives });
    expect(contract?.objectives).toMatchObject([
      { target: 0.9999999 },
      { target: 0.9999999, confidence: 0.9999 },
      { q: 0.9999999, confidence: 0.9999 },
    ]);
    expect(sampleNeeded(0, 1 - 0.9999999, 0.95)).toBe(29_957_322);
    expect(sampleNeeded(0, 1 - 0.9999999, 0.9999)).toBe(92_103_400);
  });

  it("may judge as many pairs of a mesh as a judge can hold", () => {
    const sizes = [
      [8, 8],
      [7, 9],
      [2, 25],
      [1, 50],
    ] as const;
    for (const [some, all] of sizes) {
      const config = structuredClone(GOOD) as ConfigInput;
      meshOf(some, all)(config);
      expect(configOf(config).contracts[0]?.regions, `${some} of ${all}`).toHaveLength(some);
    }
    // Without the mesh there are no pairs.
    const config = structuredClone(GOOD) as ConfigInput;
    both(meshOf(9, 9), objective(2, "journey", "loop"), objective(2, "limit", "600ms"))(config);
    expect(configOf(config).contracts[0]?.regions).toHaveLength(9);
    console.log(`contracts.test.ts: ${sizes.length} meshes`);
  });

  it("may have any id, and share the regions' fees where each is held to it by itself", () => {
    expect(contractsOf({ ...LEAST, id: "index" }, { ...LEAST, id: "feed" }).map(({ id }) => id)).toEqual([
      "index",
      "feed",
    ]);
    const creditTerms = { basis: "region-fee" } as const;
    expect(contractsOf({ ...LEAST, creditTerms })[0]).toMatchObject({ regionRule: "each", creditTerms });
    // A preset's smallest amount waits for a fee.
    expect(contractsOf(standard({ preset: "aws-iot-core" }))[0]).toMatchObject({
      fee: null,
      creditTerms: { minAmount: 1 },
    });
  });

  it("may hold for one day, and have hours that touch", () => {
    const hours = ["9:00-12:00", "12:00-18:00"].map((text) => {
      const [from, to] = text.split("-") as [`${number}:${number}`, `${number}:${number}`];
      return { days: ["mon-fri"], from, to };
    });
    const day = { from: "2026-02-28", to: "2026-02-28" };
    const [contract] = contractsOf({ ...LEAST, effective: day, calendars: { a: { zone: "UTC", hours } } });
    expect(contract?.effective).toEqual(day);
    expect(contract?.calendars["a"]?.hours).toHaveLength(2);
  });

  it("may have fifty entries with full calendars", () => {
    const holidays = Array.from({ length: 100 }, (_, i) =>
      new Date(Date.UTC(2026, 0, 1 + 7 * i)).toISOString().slice(0, 10),
    );
    const hours = [{ days: ["mon-fri"], from: "9:00", to: "18:00" }] as const;
    const calendars = {
      a: { zone: "UTC", hours, holidays },
      b: { zone: "UTC", hours, holidays },
      c: { zone: "UTC", hours, holidays },
    };
    const [written] = GOOD.contracts ?? [];
    const office = written?.calendars?.["office"];
    const contracts = Array.from({ length: 50 }, (_, i) => ({
      ...written,
      id: `c${i}`,
      calendars: { ...calendars, ...(office === undefined ? {} : { office }) },
    }));
    const read = configOf({ ...GOOD, contracts }).contracts;
    expect(read.map(({ calendars: own }) => own["b"]?.holidays.length)).toEqual(Array.from({ length: 50 }, () => 100));
  });
});

describe("a preset", () => {
  it("is known by each of its names, and its terms fit into what is read of a configuration", () => {
    expect(Object.keys(PRESETS).toSorted()).toEqual([...PRESET_NAMES].toSorted());
    for (const name of PRESET_NAMES) {
      const scene = SCENES.find((one) => one === name);
      const target = { id: "t", driver: "mqtt", address: "wss://h", messages: 100, ...(scene ? { scene } : {}) };
      const contracts = [{ id: "c", target: "t", preset: name, effective: { from: "2026-01-01" } }];
      const [contract] = configOf({ ...GOOD, targets: [target], contracts }).contracts;
      expect(contract?.source, name).toEqual({ preset: name, ...PRESETS[name].source });
      expect(() => canonicalJson(contract), name).not.toThrow();
    }
    console.log(`contracts.test.ts: ${PRESET_NAMES.length} presets`);
  });

  it("gives way key by key, and its period within", () => {
    const [own] = contractsOf(standard({}));
    expect(own?.period).toMatchObject({ unit: "month", anchor: "service-start", zone: "Asia/Shanghai" });
    const [zoned] = contractsOf(standard({ period: { zone: "UTC" }, credits: [], regionRule: "any-down" }));
    expect(zoned).toEqual({ ...own, period: { ...own?.period, zone: "UTC" }, credits: [], regionRule: "any-down" });
    const claim = { deadline: "30d", channel: "mail" } as const;
    const [claimed] = contractsOf(standard({ claim }));
    // Nothing of the preset's claim is left beside the user's.
    expect(claimed?.claim).toMatchObject({ opensAfter: null, deadline: { unit: "day", count: 30 }, channel: "mail" });
  });

  it("takes its day along when another anchor is written", () => {
    const [day] = contractsOf(standard({ preset: "aws-iot-core" }));
    expect(day?.period).toMatchObject({ anchor: "billing-day", anchorDay: 1 });
    const [calendar] = contractsOf(standard({ preset: "aws-iot-core", period: { anchor: "calendar" } }));
    expect(calendar?.period).toMatchObject({ anchor: "calendar", anchorDay: null });
    const [other] = contractsOf(standard({ preset: "aws-iot-core", period: { anchorDay: 15 } }));
    expect(other?.period).toMatchObject({ anchor: "billing-day", anchorDay: 15 });
  });

  it("leaves undefined entries to the preset", () => {
    const [own] = contractsOf(standard({}));
    expect(contractsOf({ ...standard({}), objectives: undefined, period: undefined } as never)).toEqual([own]);
  });
});

describe("versions", () => {
  it("follow each other by number, whatever their order, and may leave a gap in time", () => {
    const first = standard({ effective: { from: "2026-01-01", to: "2026-03-31" } });
    const second = standard({
      version: 2,
      preset: "twilio",
      effective: { from: "2026-05-01" },
      period: { zone: "Asia/Shanghai" },
    });
    const fifth = standard({ version: 5, effective: { from: "2026-07-01" } });
    const all = contractsOf(fifth, LEAST, first, second);
    expect(all.map(({ id, version }) => `${id} ${version}`)).toEqual([
      "standard 1",
      "standard 2",
      "standard 5",
      "least 1",
    ]);
    expect(all[0]?.effective).toEqual({ from: "2026-01-01", to: "2026-03-31" });
  });
});

describe("a scene", () => {
  const target: TargetInput = { id: "t", driver: "mqtt", address: "wss://h" };
  const journeysOf = (more: Partial<TargetInput>) =>
    configOf({ ...GOOD, contracts: [], targets: [{ ...target, ...more } as TargetInput] }).targets[0]?.journeys;

  it("brings its journeys, and own ones win when they have them all", () => {
    expect(journeysOf({ scene: "one-to-one" })).toEqual([{ journey: "loop" }, { journey: "connect", attempts: 3 }]);
    const own = ["loop", { journey: "connect", attempts: 5 }, "mesh"] as const;
    expect(journeysOf({ scene: "one-to-one", journeys: own })).toEqual([
      { journey: "loop" },
      { journey: "mesh", messages: 3, gapMs: 100 },
      { journey: "connect", attempts: 5 },
    ]);
    expect(journeysOf({})).toEqual([{ journey: "loop" }]);
  });

  it("measures the same as its journeys written out", () => {
    for (const scene of SCENES) {
      expect(journeysOf({ scene }), scene).toEqual(journeysOf({ journeys: PRESETS[scene].journeys ?? [] }));
    }
  });
});

describe("our own configuration", () => {
  const ports = Object.fromEntries(configOf(example).regions.map(({ id }, index) => [id, 4000 + index]));

  it("holds a contract of a preset", () => {
    const [contract] = configOf(example).contracts;
    expect(contract).toMatchObject({ id: "standard", target: "broker", source: { preset: "realtime-messaging" } });
  });

  it("keeps its contracts on one machine, where rounds are shorter, whatever is measured", () => {
    const [broker] = example.targets;
    const variants: readonly Partial<TargetInput>[] = [
      {},
      { messages: 100 },
      { messages: 900, gap: "10ms", every: "60s" },
      { journeys: ["loop", "connect"] },
      { journeys: ["loop", "mesh", "room", "dialogue", "connect"] },
      { messages: 100, scene: "one-to-one" },
      { scene: "voice-room" },
      { scene: "ai-dialogue" },
      { every: "10s", messages: 4 },
    ];
    for (const variant of variants) {
      const input = { ...example, targets: [{ ...broker, journeys: undefined, ...variant } as TargetInput] };
      const contracts = configOf(input).contracts;
      const local = configOf(localConfig(input, ports, 5000));
      expect(local.contracts, JSON.stringify(variant)).toEqual(contracts);
    }
    console.log(`contracts.test.ts: ${variants.length} configurations on one machine`);
  });

  it("has messages enough there for a rule of one per cent", () => {
    const contracts = [
      { id: "c", target: "broker", preset: "pusher-chatkit", effective: { from: "2026-01-01" } },
    ] as const;
    const targets = example.targets.map((target) => ({ ...target, messages: 100 }));
    const local = configOf(localConfig({ ...example, targets, contracts }, ports, 5000));
    expect(local.targets[0]).toMatchObject({ everyMs: 10_000, messages: 17, gapMs: 50 });
    expect(configOf(localConfig(example, ports, 5000)).targets[0]).toMatchObject({ everyMs: 10_000, messages: 4 });
  });
});

// The types refuse what they can: this block only has to compile.
export const typed: ContractInput = {
  ...LEAST,
  // @ts-expect-error no preset of that name
  preset: "acme",
  // @ts-expect-error a quantile needs a direction
  objectives: [{ id: "p99", kind: "quantile", q: 0.99, limit: "200ms" }],
};
