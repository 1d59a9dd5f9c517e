// Aim: no input makes the parser crash, talk without end, take over a terminal or repeat a secret. Method: strangers of
// every kind (proxies, getters, cycles, depths, widths, polluting keys), and one secret put into every place there is.

import { describe, expect, it } from "vitest";
import example from "../../sonde.config.ts";
import { parseConfig } from "../../workers/config/parse.ts";
import { explainProblems, PROBLEMS_MAX, type Problem } from "../../workers/config/problems.ts";
import { chat, type Change, top } from "./config-changes.ts";

const GOOD = example;
const LONG = "x".repeat(100_000);
const explode = (): never => {
  throw new Error("no");
};

function problemsOf(input: unknown): readonly Problem[] {
  const parsed = parseConfig(input);
  return parsed.ok ? [] : parsed.problems;
}

describe("hostile input", () => {
  const throwing = new Proxy({}, { get: explode, ownKeys: explode });
  const endless: Record<string, unknown> = {};
  endless["name"] = endless;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  let deep: unknown = "x";
  for (let i = 0; i < 100_000; i += 1) deep = { deep };
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, GOOD]));
  const laughs = Array.from({ length: 5 }).reduce<unknown>((inner) => Array.from({ length: 100 }, () => inner), "ha");
  const strangers: readonly unknown[] = [
    undefined,
    null,
    0,
    "",
    LONG,
    [],
    true,
    Symbol("s"),
    10n,
    () => 0,
    new Map(),
    new Date(0),
    new (class Stranger {
      readonly name = "x";
    })(),
    throwing,
    endless,
    revoked.proxy,
    deep,
    wide,
    laughs,
    { targets: laughs, regions: laughs },
    JSON.parse('{"__proto__": {"name": "x"}, "constructor": {"prototype": {"polluted": 1}}}'),
    { ...GOOD, targets: Array.from({ length: 100 }, () => ({ every: LONG, id: 5, deadline: {}, [LONG]: 1 })) },
    { name: "\u001b[2J\u202e", [`\u001b]0;${LONG}`]: 1, regions: { length: -1 }, targets: { length: 2 ** 53 } },
    Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, i])),
  ];

  it("never crashes, answers in bounded size, pollutes nothing and never disturbs the terminal", () => {
    strangers.forEach((stranger, index) => {
      const problems = problemsOf(stranger);
      expect(problems.length, `stranger ${index}`).toBeGreaterThan(0);
      expect(problems.length, `stranger ${index}`).toBeLessThanOrEqual(PROBLEMS_MAX + 1);
      const text = explainProblems(problems);
      expect(text.length, `stranger ${index}`).toBeLessThan(40_000);
      expect(text.replaceAll("\n", ""), `stranger ${index}`).not.toMatch(/[\p{Cc}\u202e]/u);
    });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    console.log(`config-hostile.test.ts: ${strangers.length} strangers`);
  });

  it("counts what it no longer lists", () => {
    const many = {
      ...GOOD,
      contracts: [],
      targets: Array.from({ length: 100 }, (_, i) => ({ id: `t${i}`, driver: "mqtt" })),
    };
    const problems = problemsOf(many);
    expect(problems).toHaveLength(PROBLEMS_MAX + 1);
    expect(problems.at(-1)?.problem).toBe("has 40 more problems");
  });

  it("shows no secret, wherever it was put", () => {
    const secret = "s3cr3tS3cr3tS3cr3tS3cr3t";
    const places: readonly Change[] = [
      chat({ password: secret }),
      chat({ credentials: { token: secret } }),
      chat({ credentials: [secret] }),
      chat({ credentials: { [secret]: 1 } }),
      chat({ options: { password: secret } }),
      chat({ address: `wss://u:${secret}@h` }),
      chat({ address: `wss://u:a/b${secret}@h` }),
      chat({ address: `${secret}@h` }),
      chat({ address: `wss://h?sig=${secret}` }),
      chat({ address: `http://h/?x=${secret}` }),
      chat({ driver: secret }),
      chat({ [secret]: true }),
      top({ apiKey: secret }),
      chat({ address: { weur: `wss://u:${secret}@h`, enam: "wss://h" } }),
      top({ placeUrl: `https://u:${secret}@h` }),
      chat({ every: secret }),
      chat({ regions: [secret] }),
      top({ timeZone: secret }),
      top({ languages: [secret] }),
    ];
    for (const [index, change] of places.entries()) {
      const config: unknown = structuredClone(GOOD);
      change(config);
      const problems = problemsOf(config);
      expect(problems.length, `place ${index}`).toBeGreaterThan(0);
      expect(explainProblems(problems), `place ${index}`).not.toContain(secret);
    }
  });
});
