// Aim: whoever names a preset gets the terms that its source gives, judged by the same rules as terms of their own, and is told
// where they come from and what is not certain. Method: each preset is parsed for a target that can carry it, and what becomes
// of it is compared with the table of the providers' rules; scenes are held to the minute and to the Free plan's requests.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Contract, SlotsObjective } from "../../workers/config/contracts/contract.ts";
import { PRESETS } from "../../workers/config/contracts/presets.ts";
import { PROVIDER_PRESETS, SCENES } from "../../workers/config/contracts/preset-names.ts";
import type { PresetName, Scene } from "../../workers/config/contracts/preset-names.ts";
import { handshakesAtOnce, limitsMsOf, roundsMsMax } from "../../workers/config/journeys.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { PRESET_RULES } from "./preset-rules.ts";

const NAMES: readonly PresetName[] = [...PROVIDER_PRESETS, ...SCENES];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function isScene(name: PresetName): name is Scene {
  return SCENES.some((scene) => scene === name);
}

/** A configuration whose only target can carry the preset: a scene's own journeys; a hundred messages for its one per cent. */
function configWith(name: PresetName, target: object = {}): unknown {
  const needed = isScene(name) ? { scene: name } : name === "pusher-chatkit" ? { messages: 100 } : {};
  return {
    name: "Acme",
    regions: ["weur", "enam"],
    targets: [{ id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt", ...needed, ...target }],
    contracts: [{ id: "standard", target: "chat", preset: name, effective: { from: "2026-03-17" } }],
  };
}

function contractOf(name: PresetName): Contract {
  const [contract] = configOf(configWith(name)).contracts;
  if (contract === undefined) throw new Error(`${name} gives no contract`);
  return contract;
}

function slotsOf(name: PresetName): SlotsObjective {
  const slots = contractOf(name).objectives.find((objective) => objective.kind === "slots");
  if (slots === undefined) throw new Error(`${name} has no objective of kind slots`);
  return slots;
}

describe("every preset", () => {
  it("is accepted by the parser for a target that can carry it, and says where it comes from", () => {
    for (const name of NAMES) {
      const parsed = parseConfig(configWith(name));
      expect(parsed.ok ? [] : parsed.problems, name).toEqual([]);
      const { source } = PRESETS[name];
      expect(contractOf(name).source, name).toEqual({ preset: name, ...source });
    }
    console.log(`presets: ${NAMES.length} parsed`);
    expect(NAMES.length).toBe(12);
  });

  it("has an address of the provider's text or none, a day, and a warning in both languages", () => {
    for (const name of NAMES) {
      const { url, checkedOn, warning } = PRESETS[name].source;
      expect(checkedOn, name).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(warning?.en ?? "", name).toMatch(/^[\x20-\x7e]{40,}\.$/);
      expect(warning?.zh ?? "", name).toMatch(/[\u4e00-\u9fff].*。$/u);
      expect(url === null, name).toBe(isScene(name) || name === "realtime-messaging");
      if (url !== null) expect(new URL(url).protocol, name).toBe("https:");
    }
  });

  it("stands in docs/contracts.md with its target, its address and its day", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/contracts.md"), "utf8");
    for (const name of NAMES) {
      const { url, checkedOn } = PRESETS[name].source;
      const row = text.split("\n").find((line) => line.startsWith(`| \`${name}\``));
      expect(row, name).toBeDefined();
      if (isScene(name)) continue;
      expect(row, name).toContain(`${Number((slotsOf(name).target * 100).toFixed(3))} %`);
      expect(row, name).toContain(checkedOn);
      if (url !== null) expect(row, name).toContain(`(${url})`);
    }
  });
});

describe("docs/contracts.md", () => {
  it("has examples that are accepted as they stand", async () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/contracts.md"), "utf8");
    const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = ""]) => block.trim());
    const list = blocks.map((block) => block.replace(/^contracts: \[([\s\S]*)\],$/, "$1")).join(",");
    const { default: contracts } = await import(
      /* @vite-ignore */ `data:text/javascript,export default ${encodeURIComponent(`[${list}]`)}`
    );
    const parsed = parseConfig({
      name: "Acme",
      regions: ["weur", "enam"],
      targets: [{ id: "broker", driver: "mqtt", address: "wss://broker.example.com/mqtt" }],
      access: { team: "acme", audience: "0".repeat(64) },
      contracts,
    });
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    expect(parsed.ok ? parsed.config.contracts.map((contract) => contract.id) : []).toEqual([
      "standard",
      "business",
      "acme",
    ]);
  });
});

describe("a provider's preset", () => {
  it("has the provider's rule, periods and credits", () => {
    for (const { name, regionRule, period, slots, credits, creditTerms } of PRESET_RULES) {
      const contract = contractOf(name);
      expect(contract.regionRule, name).toEqual(regionRule);
      expect(contract.period, name).toEqual(period);
      expect(slotsOf(name), name).toMatchObject(slots);
      expect(contract.credits, name).toEqual(credits);
      expect(contract.creditTerms, name).toMatchObject(creditTerms ?? {});
    }
    console.log(`provider presets: ${PRESET_RULES.length} compared`);
    expect(PRESET_RULES.map((rule) => rule.name)).toEqual([...PROVIDER_PRESETS]);
  });

  it("pays from its own target down to nothing, without a gap", () => {
    let steps = 0;
    for (const { name } of PRESET_RULES) {
      for (const credit of contractOf(name).credits) {
        if (credit.kind !== "ladder") continue;
        // Whatever order they stand in: each step begins where the one above it ends.
        const tiers = [...credit.tiers].sort((a, b) => b.below - a.below);
        const edges = [slotsOf(name).target, ...tiers.map((tier) => tier.atLeast)];
        expect(
          tiers.map((tier) => tier.below),
          name,
        ).toEqual(edges.slice(0, -1));
        expect(edges.at(-1), name).toBe(0);
        steps += tiers.length;
      }
    }
    expect(steps).toBe(13);
  });

  it("is the article's promise: delivery, P99 of a delivery, an answer within the hour at any time", () => {
    const { objectives, support, escalation, exclusions } = contractOf("realtime-messaging");
    expect(objectives.slice(1)).toEqual([
      { id: "delivery", kind: "ratio", journey: "loop", target: 0.9999, withinMs: null, confidence: 0.95 },
      {
        id: "latency",
        kind: "quantile",
        journey: "loop",
        q: 0.99,
        limitMs: 200,
        direction: "delivery",
        countedMs: 200,
        confidence: 0.95,
      },
    ]);
    expect(support).toEqual([
      {
        severity: "P1",
        clock: "first-response",
        targetMs: HOUR_MS,
        calendar: "24x7",
        pauseOn: [],
        stopOn: "human-reply",
      },
    ]);
    expect(escalation.map((step) => [step.level, step.afterMs])).toEqual([
      [2, 15 * 60_000],
      [3, 30 * 60_000],
    ]);
    expect(exclusions).toEqual([]);
  });

  it("has the provider's claims, exclusions and answers", () => {
    const claims = PRESET_RULES.map(({ name }) => {
      const { claim } = contractOf(name);
      return [name, claim?.opensAfter ?? null, claim?.deadline ?? null, claim?.from ?? null];
    });
    const day = (count: number) => ({ unit: "day", count });
    expect(claims).toEqual([
      ["realtime-messaging", null, null, null],
      ["tencent-im", { unit: "business-day", count: 5 }, day(60), "period-end"],
      ["aws-iot-core", null, { unit: "billing-cycle", count: 2 }, "period-end"],
      // The provider's claim form counts from the close of the month, not from the incident.
      ["gcp-pubsub", null, day(30), "period-end"],
      ["pusher-channels", null, null, null],
      ["pusher-chatkit", null, null, null],
      ["twilio", null, day(30), "period-end"],
      ["stream", null, null, null],
      ["emqx-cloud", null, null, null],
    ]);
    const notices = PRESET_RULES.flatMap(({ name }) =>
      contractOf(name)
        .exclusions.filter((rule) => rule.noticeMs !== null)
        .map((rule) => [name, rule.type, rule.noticeMs, rule.needsProof]),
    );
    expect(notices).toEqual([
      ["tencent-im", "scheduled-maintenance", 0, false],
      ["tencent-im", "provider-announced-event", 0, true],
      ["pusher-channels", "scheduled-maintenance", 0, false],
      ["twilio", "scheduled-maintenance", 0, false],
      ["stream", "scheduled-maintenance", 0, false],
      ["emqx-cloud", "scheduled-maintenance", DAY_MS, false],
    ]);
    const answers = (["pusher-channels", "pusher-chatkit", "stream"] as const).map((name) =>
      contractOf(name).support.map((clock) => `${clock.severity} ${clock.targetMs / HOUR_MS} h ${clock.calendar}`),
    );
    expect(answers).toEqual([
      ["P1 4 h 24x7", "P2 12 h business", "P3 12 h business", "P4 12 h business"],
      ["P1 4 h 24x7", "P2 24 h business", "P3 24 h business", "P4 24 h business"],
      ["P1 2 h 24x7", "P2 48 h 24x7", "P3 48 h 24x7", "P4 48 h 24x7"],
    ]);
  });

  it("that needs a hundred messages a minute is refused to a target with twenty", () => {
    const parsed = parseConfig(configWith("pusher-chatkit", { messages: 20 }));
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.entry)).toContain("contracts[0].preset");
  });
});

describe("a scene", () => {
  const LONGEST: Readonly<Record<Scene, number>> = {
    "voice-room": 25_850,
    "one-to-one": 19_950,
    "ai-dialogue": 23_650,
  };
  const FREE_PLAN_REQUESTS = 50;

  it("gives a target its journeys, which fit into a minute with the default timings", () => {
    for (const scene of SCENES) {
      const [target] = configOf(configWith(scene)).targets;
      if (target === undefined) throw new Error("no target");
      expect(roundsMsMax(target), scene).toBe(LONGEST[scene]);
      expect(roundsMsMax(target), scene).toBeLessThanOrEqual(target.everyMs);
      expect(handshakesAtOnce(target), scene).toBeLessThanOrEqual(6);
      // What one wake opens: two sessions for each journey, a publisher and its subscribers, an attempt each.
      const sessions = target.journeys.map((plan) => {
        if (plan.journey === "room") return plan.subscribers + 1;
        return plan.journey === "connect" ? plan.attempts : 2;
      });
      expect(
        sessions.reduce((sum, each) => sum + each),
        scene,
      ).toBeLessThanOrEqual(FREE_PLAN_REQUESTS);
    }
  });

  it("judges each journey that it adds, by limits that are counted without asking", () => {
    let limits = 0;
    for (const scene of SCENES) {
      const config = configOf(configWith(scene));
      const [contract] = config.contracts;
      const judged = (contract?.objectives ?? []).flatMap((each) => (each.kind === "duration" ? [] : [each]));
      const added = (config.targets[0]?.journeys ?? []).map((plan) => plan.journey);
      expect([...new Set(judged.map((each) => each.journey))].sort(), scene).toEqual([...added].sort());
      for (const objective of judged) {
        if (objective.kind !== "quantile") continue;
        expect(limitsMsOf(objective.journey, config.objectives), scene).toContain(objective.countedMs);
        limits++;
      }
    }
    expect(limits).toBe(5);
  });

  it("weighs what its scene lives by", () => {
    const weighs = (scene: Scene) =>
      contractOf(scene).objectives.map((each) => {
        if (each.kind === "quantile") return `${each.journey} P${each.q * 100} ${each.direction} ${each.limitMs} ms`;
        if (each.kind === "slots") return `${each.journey} ${each.target} ${JSON.stringify(each.downIf)}`;
        return each.kind === "ratio" ? `${each.journey} ${each.target}` : each.id;
      });
    const up = 'loop 0.999 {"rule":"rate","op":">=","value":0.2}';
    expect(weighs("voice-room")).toEqual([up, "room 0.9999", "room P99 delivery 200 ms"]);
    expect(weighs("one-to-one")).toEqual([
      up,
      "loop 0.9999",
      "connect P95 connect 600 ms",
      "connect P99 connect 600 ms",
      "loop P99 delivery 200 ms",
    ]);
    expect(weighs("ai-dialogue")).toEqual([
      up,
      "dialogue P99 round-trip 400 ms",
      'dialogue 0.995 {"rule":"count","gte":1}',
    ]);
  });

  it("asks of a session no more than a delivery of 99.99 % can keep", () => {
    const session = contractOf("ai-dialogue").objectives.find((each) => each.id === "unbroken-session");
    const turns = PRESETS["ai-dialogue"].journeys?.flatMap((each) =>
      typeof each === "object" && "turns" in each ? [each.turns ?? 0] : [],
    );
    const unbroken = 0.9999 ** (2 * (turns?.[0] ?? 0));
    expect(unbroken).toBeCloseTo(0.996, 4);
    expect(session?.kind === "slots" ? session.target : 1).toBeLessThan(unbroken);
  });
});
