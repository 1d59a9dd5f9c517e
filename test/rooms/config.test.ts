// Aim: whoever reads a Config may trust it, and whoever wrote a bad one is told every mistake, where it is and what to
// write instead, and never sees a secret repeated. Method: one good configuration and exactly what becomes of it; a
// table of bad ones, each a good one with one thing changed, with the exact entry and a part of the mend.

import { describe, expect, it } from "vitest";
import example from "../../sonde.config.ts";
import { type ConfigInput, defineConfig } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { ConfigError, explainProblems, type Problem } from "../../workers/config/problems.ts";
import { chat, top } from "./config-changes.ts";
import { REFUSALS } from "./config-refusals.ts";

const GOOD = defineConfig({
  name: "Acme",
  languages: ["zh"],
  timeZone: "Asia/Shanghai",
  regions: ["weur", { id: "tokyo", label: "Tokyo", hint: "apac-ne", generation: 3 }],
  targets: [
    {
      id: "chat",
      label: { en: "Chat", zh: "聊天" },
      driver: "mqtt",
      address: "wss://{region}.example.com/mqtt",
      credentials: { user: "CHAT_USER", password: "CHAT_PASSWORD" },
      options: { qos: 1, topic: "probe/{target}/{region}" },
      every: "30s",
      messages: 10,
      gap: "0.1s",
      deadline: "4s",
      connectDeadline: "2s",
      payloadBytes: 200,
    },
    { id: "calls", driver: "mqtt", address: { tokyo: "ws://127.0.0.1:1883" }, regions: ["tokyo"] },
  ],
  objectives: { availability: 0.99, latencyP99: "300ms", limits: ["200ms", "1s"], downShare: 1 },
});

function problemsOf(input: unknown): readonly Problem[] {
  const parsed = parseConfig(input);
  return parsed.ok ? [] : parsed.problems;
}

describe("a good configuration", () => {
  it("yields exactly this, defaults included", () => {
    expect(configOf(GOOD)).toEqual({
      name: "Acme",
      languages: ["zh"],
      timeZone: "Asia/Shanghai",
      regions: [
        { id: "weur", label: { en: "Western Europe", zh: "西欧" }, hint: "weur", generation: 1 },
        { id: "tokyo", label: { en: "Tokyo", zh: "Tokyo" }, hint: "apac-ne", generation: 3 },
      ],
      targets: [
        {
          id: "chat",
          label: { en: "Chat", zh: "聊天" },
          driver: "mqtt",
          address: { weur: "wss://weur.example.com/mqtt", tokyo: "wss://tokyo.example.com/mqtt" },
          channel: "probe/{target}/{region}",
          options: { qos: 1 },
          secrets: { user: "CHAT_USER", password: "CHAT_PASSWORD" },
          secretsExpireAt: null,
          journeys: [{ journey: "loop" }],
          regions: ["weur", "tokyo"],
          everyMs: 30_000,
          messages: 10,
          gapMs: 100,
          deadlineMs: 4000,
          connectDeadlineMs: 2000,
          payloadBytes: 200,
        },
        {
          id: "calls",
          label: { en: "calls", zh: "calls" },
          driver: "mqtt",
          address: { tokyo: "ws://127.0.0.1:1883" },
          channel: "sonde/{target}/{region}",
          options: {},
          secrets: {},
          secretsExpireAt: null,
          journeys: [{ journey: "loop" }],
          regions: ["tokyo"],
          everyMs: 60_000,
          messages: 20,
          gapMs: 50,
          deadlineMs: 5000,
          connectDeadlineMs: 3000,
          payloadBytes: 100,
        },
      ],
      objectives: {
        availability: 0.99,
        delivery: 0.9999,
        latencyMsP99: 300,
        connectMsP99: 600,
        downShare: 1,
        degradedShare: 0.1,
        limitsMs: [200, 300, 1000],
      },
      placeUrl: "https://www.cloudflare.com/cdn-cgi/trace",
      controls: [
        "https://www.gstatic.com/generate_204",
        "https://detectportal.firefox.com/success.txt",
        "https://cp.cloudflare.com/generate_204",
      ],
      contracts: [],
      access: null,
      recordsSecret: null,
      url: null,
      alerting: null,
      metrics: null,
      subscriptions: null,
      brand: null,
    });
  });

  it("may be our own sonde.config.ts, and round trips through JSON", () => {
    const config = configOf(example);
    expect(config.regions.map((region) => region.id)).toEqual([
      "wnam",
      "enam",
      "weur",
      "eeur",
      "apac-ne",
      "apac-se",
      "oc",
    ]);
    expect(config.targets[0]?.everyMs).toBe(60_000);
    expect(configOf(JSON.parse(JSON.stringify(example)))).toEqual(config);
  });

  it("takes a known region with a generation alone, a message alone without a gap, and the order of its regions", () => {
    const config = configOf({
      name: "a",
      regions: [{ id: "oc", generation: 2 }, "weur"],
      targets: [
        {
          id: "t",
          driver: "mqtt",
          address: "ws://h",
          messages: 1,
          gap: "0ms",
          every: "3s",
          deadline: "1s",
          connectDeadline: "1s",
          regions: ["weur", "oc"],
        },
      ],
    });
    expect(config.regions[0]).toEqual({ id: "oc", label: { en: "Oceania", zh: "大洋洲" }, hint: "oc", generation: 2 });
    expect(config.targets[0]?.regions).toEqual(["oc", "weur"]);
  });
});

describe("a bad configuration", () => {
  it(`is refused with its entry and a mend, ${REFUSALS.length} ways, and with nothing else`, () => {
    expect(REFUSALS.length).toBeGreaterThanOrEqual(45);
    console.log(`config.test.ts: ${REFUSALS.length} bad configurations`);
    for (const [what, change, entry, mend] of REFUSALS) {
      const config: unknown = structuredClone(GOOD);
      change(config);
      const problems = problemsOf(config);
      const found = problems.find((one) => one.entry === entry && one.mend.includes(mend));
      expect(found, `${what}: ${entry}, ${mend}\n${explainProblems(problems)}`).toBeDefined();
      // Nothing else is complained about; only who renames a region hears of the targets that still name it.
      const sections = new Set(problems.map((one) => one.entry.split(/[.[]/)[0]));
      if (entry.startsWith("regions")) sections.delete("targets");
      expect(sections.size, `${what}\n${explainProblems(problems)}`).toBe(1);
      expect(JSON.stringify(problems), what).not.toMatch(/hunter2|bob/);
      expect(JSON.stringify(problems).length, what).toBeLessThan(3000);
    }
  });

  it("hears of all its problems at once, whatever section they are in", () => {
    const config: unknown = structuredClone(GOOD);
    top({ name: 7, extra: 1, "regions.2": "sam", "objectives.availability": 99.9 })(config);
    top({ "targets.0.every": "45s", "targets.1.address": { tokyo: "amqp://h" } })(config);
    expect(problemsOf(config).map((one) => one.entry)).toEqual([
      "extra",
      "name",
      "regions[2]",
      "objectives.availability",
      "targets[0].every",
      "targets[1].address.tokyo",
    ]);
  });

  it("prints the arithmetic of a round that does not fit", () => {
    const config: unknown = structuredClone(GOOD);
    chat({ every: "6s" })(config);
    expect(problemsOf(config)[0]?.problem).toContain(
      "connectDeadline 2000 + 9 x gap 100 (900) + deadline 4000 + closing 500 = 7400 ms, but every is 6000 ms",
    );
  });

  it("stops a deploy with a text for the terminal", () => {
    const throwing = (): unknown => configOf({ ...GOOD, name: 7, languages: ["fr"] });
    expect(throwing).toThrow(ConfigError);
    expect(throwing).toThrow(
      /^sonde\.config\.ts: 2 problems\n\n {2}name = 7\n {4}is not text\n {4}-> write name: "Acme messaging"\n\n {2}languages\[0\]/,
    );
  });
});

// The types refuse what they can: this block only has to compile.
export const typed: ConfigInput = {
  name: "x",
  // @ts-expect-error a hint that the platform does not keep
  regions: ["sam"],
  // @ts-expect-error a number is no duration
  targets: [{ id: "t", driver: "mqtt", address: "ws://h", every: 60 }],
};
