// Aim: what an MQTT target may say, and no more. Method: good ones and exactly what becomes of them; bad ones, each a good
// one with one thing changed, with the entry, the value and the mend.

import { describe, expect, it } from "vitest";

import { type ConfigInput, defineConfig } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import type { Problem } from "../../workers/config/problems.ts";
import { type Change, chat, drop, set } from "./config-changes.ts";

const GOOD = defineConfig({
  name: "Acme",
  regions: ["weur"],
  targets: [
    {
      id: "chat",
      driver: "mqtt",
      address: "mqtts://broker.example.com",
      credentials: { user: "CHAT_USER", token: "CHAT_TOKEN" },
      options: { version: "5", qos: 2, inflight: 10, topic: "probe/{target}/{region}" },
    },
  ],
});

function problemsAfter(...changes: readonly Change[]): readonly Problem[] {
  const config: ConfigInput = structuredClone(GOOD);
  for (const change of changes) change(config);
  const parsed = parseConfig(config);
  return parsed.ok ? [] : parsed.problems;
}

describe("good ones", () => {
  it("yield exactly this", () => {
    expect(configOf(GOOD).targets[0]).toMatchObject({
      driver: "mqtt",
      address: { weur: "mqtts://broker.example.com" },
      channel: "probe/{target}/{region}",
      options: { version: "5", qos: 2, inflight: 10 },
      secrets: { user: "CHAT_USER", token: "CHAT_TOKEN" },
    });
  });

  it("what is left out stays out, and the topic has its fallback", () => {
    const plain = structuredClone(GOOD);
    for (const change of [drop("targets.0.options"), drop("targets.0.credentials")]) change(plain);
    const [target] = configOf(plain).targets;
    expect([target?.options, target?.secrets, target?.channel]).toEqual([{}, {}, "sonde/{target}/{region}"]);
  });

  it.each([
    ["ws://127.0.0.1:1883"],
    ["wss://broker.example.com/mqtt"],
    ["mqtt://broker.example.com"],
    ["mqtt://broker.example.com:1884"],
    ["mqtt://[::1]:1883"],
    ["MQTTS://broker.example.com/"],
  ])("address %s", (address) => {
    expect(problemsAfter(set("targets.0.address", address))).toEqual([]);
  });

  it.each([
    [{ user: "A_USER", password: "A_PASSWORD" }],
    [{ token: "A_TOKEN" }],
    [{ user: "A_USER" }],
    [{ user: "A_USER", token: "A_TOKEN" }],
  ])("credentials %o", (credentials) => {
    expect(problemsAfter(chat({ credentials }))).toEqual([]);
  });

  it.each([[{}], [{ version: "3.1.1" }], [{ qos: 1, inflight: 1 }], [{ qos: 2, inflight: 65_535 }], [{ qos: 0 }]])(
    "options %o",
    (options) => {
      expect(problemsAfter(chat({ options }))).toEqual([]);
    },
  );
});

describe("bad ones are refused, with the entry, the value and the mend", () => {
  const both = { password: "A_PASSWORD", token: "A_TOKEN", user: "A_USER" };
  it.each<readonly [string, Change, string, string]>([
    ["options.version", chat({ options: { version: "3.1" } }), '"3.1"', 'version: "3.1.1" or version: "5"'],
    ["options.version", chat({ options: { version: 5 } }), "5", 'version: "5"'],
    ["options.qos", chat({ options: { qos: 3 } }), "3", "qos: 0, qos: 1 or qos: 2"],
    ["options.qos", chat({ options: { qos: "1" } }), '"1"', "qos: 1"],
    ["options.inflight", chat({ options: { qos: 1, inflight: 0 } }), "0", "inflight: 20"],
    ["options.inflight", chat({ options: { qos: 1, inflight: 65_536 } }), "65536", "inflight: 20"],
    ["options.inflight", chat({ options: { qos: 1, inflight: 1.5 } }), "1.5", "inflight: 20"],
    ["options.inflight", chat({ options: { qos: 0, inflight: 5 } }), "5", "qos: 1 or 2"],
    ["options.inflight", chat({ options: { inflight: 5 } }), "5", "qos: 1 or 2"],
    ["options.topic", chat({ options: { topic: "a/#" } }), '"a/#"', "write topic"],
    ["options.topic", chat({ options: { topic: "$SYS/a" } }), '"$SYS/a"', "write topic"],
    ["credentials.token", chat({ credentials: both }), "(not shown)", "take one of them out"],
    [
      "credentials.password",
      chat({ credentials: { password: "A_PASSWORD" } }),
      "(not shown)",
      "name the secret as token",
    ],
    ["address", set("targets.0.address", "mqtt://broker.example.com/mqtt"), "mqtt://broker.example.com/mqtt", "wss://"],
    ["address", set("targets.0.address", "mqtts://broker.example.com?x=1"), "?(not shown)", "wss://"],
    ["address", set("targets.0.address", "https://broker.example.com"), "https://", "wss://broker.example.com/mqtt"],
    ["address", set("targets.0.address", "tcp://broker.example.com"), "tcp://", "wss://broker.example.com/mqtt"],
  ])("%s", (entry, change, value, mend) => {
    const [problem, ...others] = problemsAfter(change);
    expect(others).toEqual([]);
    expect(problem?.entry).toBe(`targets[0].${entry}`);
    expect(problem?.value).toContain(value);
    expect(problem?.mend).toContain(mend);
  });

  it.each(["options.will", "options.clean", "credentials.key"])("%s is no key that is known", (entry) => {
    expect(problemsAfter(set(`targets.0.${entry}`, "X"))).toHaveLength(1);
  });
});
