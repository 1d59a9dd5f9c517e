// Aim: whoever reads a Config may trust it, and whoever wrote a bad one is told every mistake, where it is and what to
// write instead, and never sees a secret repeated. Method: one good configuration and exactly what becomes of it; a
// table of bad ones, each a good one with one thing changed, with the exact entry and a part of the mend.

import { describe, expect, it } from "vitest";
import example from "../../sonde.config.ts";
import { type ConfigInput, defineConfig } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { ConfigError, explainProblems, type Problem } from "../../workers/config/problems.ts";
import { chat, type Change, drop, goals, set, top } from "./config-changes.ts";

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
          options: { user: "CHAT_USER", password: "CHAT_PASSWORD", qos: 1, topic: "probe/{target}/{region}" },
          journeys: ["loop"],
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
          options: {},
          journeys: ["loop"],
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

// Each row: what is wrong, how to get there from GOOD, the exact entry, a part of the mend.
const explode = (): never => {
  throw new Error("hunter2");
};
const LONG = "x".repeat(100_000);

const BAD: readonly (readonly [string, Change, string, string])[] = [
  ["no name", drop("name"), "name", 'write name: "Acme messaging"'],
  ["a name of spaces", top({ name: "   " }), "name", "1 to 80 characters"],
  ["a name of 81 characters", top({ name: "n".repeat(81) }), "name", "1 to 80 characters"],
  ["a name that turns its direction", top({ name: "a\u202egnp" }), "name", "take them out"],
  ["a name with a line break", top({ name: "a\nb" }), "name", "take them out"],
  ["a name that is a number", top({ name: 7 }), "name", 'write name: "Acme'],
  ["an endless name", top({ name: LONG }), "name", "at most 2000"],
  ["an unknown language", top({ languages: ["en", "fr"] }), "languages[1]", 'languages: ["en", "zh"]'],
  ["a language twice", top({ languages: ["en", "en"] }), "languages[1]", "take one of them out"],
  ["no language", top({ languages: [] }), "languages", 'languages: ["en", "zh"]'],
  ["an unknown zone", top({ timeZone: "Europe/Atlantis" }), "timeZone", "IANA"],
  ["an offset for a zone", top({ timeZone: "+08:00" }), "timeZone", "IANA"],
  ["an unknown key", top({ objectvies: {} }), "objectvies", "did you mean objectives?"],
  ["an unknown key like none of ours", top({ zzzzzzzzz: 1 }), "zzzzzzzzz", "known here: name, languages"],
  ["constructor as a key", top({ constructor: 1 }), "constructor", "known here"],
  [
    "__proto__ as a key",
    (c) => void Object.defineProperty(c, "__proto__", { value: {}, enumerable: true }),
    "__proto__",
    "take it out",
  ],
  ["a place page over http", top({ placeUrl: "http://example.com" }), "placeUrl", "https://www.cloudflare.com"],
  ["no regions", drop("regions"), "regions", 'write regions: ["weur", "enam"]'],
  ["an empty list of regions", set("regions", []), "regions", "1 to 50"],
  [
    "51 regions",
    set(
      "regions",
      Array.from({ length: 51 }, (_, i) => ({ id: `r${i}`, hint: "weur" })),
    ),
    "regions",
    "1 to 50",
  ],
  ["a misspelt region", set("regions.2", "enamm"), "regions[2]", 'did you mean "enam"?'],
  ["sam", set("regions.2", "sam"), "regions[2]", "private location"],
  ["afr as a hint", set("regions.2", { id: "lagos", hint: "afr" }), "regions[2].hint", "private location"],
  ["me as a hint", set("regions.1.hint", "me"), "regions[1].hint", "private location"],
  ["apac", set("regions.2", "apac"), "regions[2]", '"apac-ne" or "apac-se"'],
  ["a region twice", set("regions.2", "weur"), "regions[2]", "its own id"],
  ["a region without a hint", drop("regions.1.hint"), "regions[1].hint", "write hint: one of wnam"],
  ["a known id with another hint", set("regions.2", { id: "oc", hint: "weur" }), "regions[2].hint", 'hint: "oc"'],
  ["a region id in capitals", set("regions.1.id", "Tokyo"), "regions[1].id", "lower case letters"],
  ["a region called constructor", set("regions.2", { id: "constructor", hint: "oc" }), "regions[2].id", "lower case"],
  ["generation 0", set("regions.1.generation", 0), "regions[1].generation", "generation: 1"],
  ["half a generation", set("regions.1.generation", 1.5), "regions[1].generation", "generation: 1"],
  ["a label in one language only", set("regions.1.label", { en: "Tokyo" }), "regions[1].label.zh", "西欧"],
  ["no targets", set("targets", []), "targets", "1 to 100"],
  ["targets that are no list", set("targets", {}), "targets", "write targets: ["],
  [
    "10,000 targets",
    set(
      "targets",
      Array.from({ length: 10_000 }, () => GOOD.targets[0]),
    ),
    "targets",
    "at most 100",
  ],
  ["a target id twice", set("targets.1.id", "chat"), "targets[1].id", "its own id"],
  ["a target id that begins with a digit", chat({ id: "1chat" }), "targets[0].id", "a letter first"],
  ["a target id of 32 characters", chat({ id: "a".repeat(32) }), "targets[0].id", "at most 31"],
  ["no driver", drop("targets.0.driver"), "targets[0].driver", 'driver: "mqtt"'],
  ["an unknown driver", chat({ driver: "carrier-pigeon" }), "targets[0].driver", 'driver: "mqtt"'],
  ["no address", drop("targets.0.address"), "targets[0].address", "wss://broker.example.com/mqtt"],
  ["an address of another scheme", chat({ address: "mqtts://h:8883" }), "targets[0].address", "wss://"],
  ["an address without a scheme", chat({ address: "broker.example.com" }), "targets[0].address", "wss://"],
  ["an address without a host", chat({ address: "wss://" }), "targets[0].address", "wss://"],
  ["a password in an address", chat({ address: "wss://u:hunter2@h/" }), "targets[0].address", "MQTT_PASSWORD"],
  ["a user in an address", chat({ address: "wss://bob@h/" }), "targets[0].address", "credentials"],
  ["a token in an address", chat({ address: "wss://h/?access_token=hunter2" }), "targets[0].address", "credentials"],
  ["another placeholder", chat({ address: "wss://{zone}.h" }), "targets[0].address", "{region}"],
  ["an unclosed placeholder", chat({ address: "wss://{region.h" }), "targets[0].address", "{region}"],
  ["a space in an address", chat({ address: "wss://h/a b" }), "targets[0].address", "wss://"],
  [
    "an address for an unknown region",
    chat({ address: { weur: "wss://h", tokio: "wss://h" }, regions: ["weur"] }),
    "targets[0].address.tokio",
    'did you mean "tokyo"?',
  ],
  [
    "a region without an address",
    chat({ address: { weur: "wss://h" } }),
    "targets[0].address.tokyo",
    "leave tokyo out",
  ],
  [
    "a bad address for one region",
    chat({ address: { weur: "wss://h", tokyo: "http://h" } }),
    "targets[0].address.tokyo",
    "wss://",
  ],
  ["an address that is a number", chat({ address: 5 }), "targets[0].address", "one for each region"],
  [
    "an unknown region of a target",
    chat({ regions: ["weur", "mars"] }),
    "targets[0].regions[1]",
    "id of an entry of regions",
  ],
  ["a region of a target twice", chat({ regions: ["weur", "weur"] }), "targets[0].regions[1]", "take one"],
  ["a target for nowhere", chat({ regions: [] }), "targets[0].regions", "for all regions"],
  ["an unknown journey", chat({ journeys: ["mesh"] }), "targets[0].journeys[0]", 'journeys: ["loop"]'],
  ["a journey twice", chat({ journeys: ["loop", "loop"] }), "targets[0].journeys[1]", "take one"],
  [
    "a password's value",
    chat({ credentials: { password: "hunter2" } }),
    "targets[0].credentials.password",
    "secret put",
  ],
  ["a user's name", chat({ credentials: { user: "bob" } }), "targets[0].credentials.user", "secret"],
  ["credentials as text", chat({ credentials: "bob:hunter2" }), "targets[0].credentials", "{ user, password }"],
  [
    "an unknown credential",
    chat({ credentials: { pasword: "hunter2" } }),
    "targets[0].credentials.pasword",
    "password?",
  ],
  ["qos 2", chat({ options: { qos: 2 } }), "targets[0].options.qos", "qos: 0 or qos: 1"],
  ["an unknown option", chat({ options: { topics: "a" } }), "targets[0].options.topics", "did you mean topic?"],
  ["a wildcard", chat({ options: { topic: "a/#" } }), "targets[0].options.topic", "sonde/{target}/{region}"],
  ["a NUL in a topic", chat({ options: { topic: "a\0b" } }), "targets[0].options.topic", "sonde/{target}/{region}"],
  ["a topic of 201 characters", chat({ options: { topic: "t".repeat(201) } }), "targets[0].options.topic", "1 to 200"],
  ["a topic of the broker's own", chat({ options: { topic: "$SYS/x" } }), "targets[0].options.topic", "sonde/"],
  [
    "an unknown placeholder in a topic",
    chat({ options: { topic: "a/{colo}" } }),
    "targets[0].options.topic",
    "{target} and {region}",
  ],
  ["a duration as a number", chat({ every: 60 }), "targets[0].every", 'write every: "60s"'],
  ["a duration without a unit", chat({ every: "60" }), "targets[0].every", "ms, s or min"],
  ["a negative duration", chat({ gap: "-5ms" }), "targets[0].gap", "ms, s or min"],
  ["a third of a millisecond", chat({ gap: "0.3ms" }), "targets[0].gap", "ms, s or min"],
  ["every 7 s", chat({ every: "7s" }), "targets[0].every", 'every: "6s" or every: "7500ms"'],
  ["every 90 s", chat({ every: "90s" }), "targets[0].every", 'every: "60s" or every: "2min"'],
  ["every half second", chat({ every: "500ms" }), "targets[0].every", "1s to 60min"],
  ["every two hours", chat({ every: "120min" }), "targets[0].every", "1s to 60min"],
  [
    "a round that is too long",
    chat({ every: "6s" }),
    "targets[0].every",
    'every: "7500ms" or more, or deadline: "2600ms" or less',
  ],
  ["a round that no deadline saves", chat({ every: "2s" }), "targets[0].every", 'write every: "7500ms" or more'],
  [
    "a round that no period saves",
    chat({ messages: 1000, gap: "10s", every: "60min" }),
    "targets[0].every",
    "fewer messages",
  ],
  ["no messages", chat({ messages: 0 }), "targets[0].messages", "messages: 20"],
  ["1001 messages", chat({ messages: 1001 }), "targets[0].messages", "messages: 20"],
  ["messages without a number", chat({ messages: Number.NaN }), "targets[0].messages", "messages: 20"],
  ["a gap of 9 ms", chat({ gap: "9ms" }), "targets[0].gap", 'gap: "10ms" or more'],
  ["a payload of 63 bytes", chat({ payloadBytes: 63 }), "targets[0].payloadBytes", "payloadBytes: 100"],
  ["a payload of 32769 bytes", chat({ payloadBytes: 32_769 }), "targets[0].payloadBytes", "payloadBytes: 100"],
  [
    "a round of 20 MB",
    chat({ payloadBytes: 32_000, messages: 600, gap: "10ms" }),
    "targets[0].payloadBytes",
    "6990 or less",
  ],
  [
    "a deadline below twice the P99",
    goals({ latencyP99: "3s", limits: [] }),
    "targets[0].deadline",
    'deadline: "6s" or more',
  ],
  ["a limit above a deadline", goals({ limits: ["4s"] }), "targets[0].deadline", "take 4s out of the limits"],
  [
    "a connect deadline below the P99",
    chat({ connectDeadline: "600ms" }),
    "targets[0].connectDeadline",
    'above "600ms"',
  ],
  ["limits out of order", goals({ limits: ["600ms", "200ms"] }), "objectives.limits[1]", 'limits: ["200ms", "600ms"]'],
  ["a limit twice", goals({ limits: ["1s", "1000ms"] }), "objectives.limits[1]", 'limits: ["1s"]'],
  ["seven limits", goals({ limits: ["1ms", "2ms", "3ms", "4ms", "5ms", "6ms"] }), "objectives.limits", "at most 6"],
  ["a limit of nothing", goals({ limits: ["0ms"] }), "objectives.limits[0]", "1ms to 10min"],
  ["availability in percent", goals({ availability: 99.9 }), "objectives.availability", "write .999"],
  ["delivery in percent", goals({ delivery: 99.99 }), "objectives.delivery", "write .9999"],
  ["availability of 1", goals({ availability: 1 }), "objectives.availability", "as in availability: .999"],
  ["a share in percent", goals({ downShare: 20 }), "objectives.downShare", "write .2"],
  ["a share of 0", goals({ degradedShare: 0 }), "objectives.degradedShare", "as in degradedShare: .1"],
  ["degraded above down", goals({ downShare: 0.2, degradedShare: 0.3 }), "objectives.degradedShare", "0.2 or less"],
  ["objectives of null", top({ objectives: null }), "objectives", "{ availability, delivery"],
  ["options of null", chat({ options: null }), "targets[0].options", "{ qos, topic }"],
  ["a function", chat({ label: () => "x" }), "targets[0].label", "plain data"],
  ["a date", chat({ every: new Date(0) }), "targets[0].every", "plain data"],
  [
    "a getter that throws",
    (c) => void Object.defineProperty(c, "name", { get: explode, enumerable: true }),
    "name",
    "plain data",
  ],
  ["a cycle", (c) => set("targets.0.options", c)(c), "targets[0].options", "write it out"],
];

describe("a bad configuration", () => {
  it(`is refused with its entry and a mend, ${BAD.length} ways, and with nothing else`, () => {
    expect(BAD.length).toBeGreaterThanOrEqual(45);
    console.log(`config.test.ts: ${BAD.length} bad configurations`);
    for (const [what, change, entry, mend] of BAD) {
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
    top({ "targets.0.every": "45s", "targets.1.address": { tokyo: "mqtt://h" } })(config);
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
