// Aim: a target of the driver `nats` says what the driver can do, and whoever wrote a bad one is told the entry and the mend.
// Method: good targets and exactly what becomes of them; a table of bad ones, each the good one with one thing changed.

import { describe, expect, it } from "vitest";

import { defineConfig } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { chat, type Change, set, top } from "./config-changes.ts";

const GOOD = defineConfig({
  name: "Acme",
  regions: ["weur"],
  targets: [
    {
      id: "bus",
      driver: "nats",
      address: "tls://nats.example.com:4222",
      credentials: { jwt: "BUS_JWT", nkey: "BUS_NKEY" },
      options: { subject: "probe.{target}.{region}", pattern: "request", tlsFirst: true },
    },
  ],
});

describe("a good target of nats", () => {
  it("yields exactly this", () => {
    expect(configOf(GOOD).targets[0]).toMatchObject({
      driver: "nats",
      address: { weur: "tls://nats.example.com:4222" },
      channel: "probe.{target}.{region}",
      options: { pattern: "request", tlsFirst: true },
      secrets: { jwt: "BUS_JWT", nkey: "BUS_NKEY" },
    });
  });

  it("needs no more than an address", () => {
    const bare = { name: "a", regions: ["weur"], targets: [{ id: "bus", driver: "nats", address: "wss://h/x" }] };
    const [target] = configOf(bare).targets;
    expect(target).toMatchObject({ channel: "sonde.{target}.{region}", options: {}, secrets: {} });
  });

  it("may ask for replies in a loop, a dialogue and connects, and lets a room hear what is published", () => {
    expect(problemsOf(chat({ journeys: ["loop", "dialogue", "connect"] }))).toEqual([]);
    expect(problemsOf(chat({ journeys: ["loop", "room"], "options.pattern": "pubsub" }))).toEqual([]);
  });

  const PLAIN = { "options.tlsFirst": undefined, address: "nats://h" };
  it.each([
    ["a token", { ...PLAIN, credentials: { token: "T_1" } }],
    ["user and password", { ...PLAIN, credentials: { user: "U_1", password: "P_1" } }],
    ["an nkey", { ...PLAIN, credentials: { nkey: "N_1" } }],
    [".creds", { ...PLAIN, credentials: { creds: "C_1" } }],
    ["nobody", { ...PLAIN, credentials: {} }],
    ["IPv6 and no port", { ...PLAIN, address: "nats://[::1]" }],
    ["a path of a WebSocket", { ...PLAIN, address: "ws://127.0.0.1:8080/nats" }],
  ])("may log in with %s", (_, changes) => {
    expect(problemsOf(chat(changes))).toEqual([]);
  });
});

const BAD: readonly (readonly [string, Change, string, string])[] = [
  ["another scheme", set("targets.0.address", "mqtt://h"), "targets[0].address", "wss://nats.example.com"],
  ["several servers", set("targets.0.address", "tls://a,b:4222"), "targets[0].address", "write one"],
  ["a path without WebSocket", set("targets.0.address", "tls://h:4222/x"), "targets[0].address", "take it out"],
  ["tlsFirst over wss", set("targets.0.address", "wss://h"), "targets[0].options.tlsFirst", 'address: "tls://..."'],
  ["tlsFirst over nats", set("targets.0.address", "nats://h"), "targets[0].options.tlsFirst", "take tlsFirst out"],
  ["tlsFirst as text", chat({ "options.tlsFirst": "yes" }), "targets[0].options.tlsFirst", "tlsFirst: true"],
  ["another pattern", chat({ "options.pattern": "queue" }), "targets[0].options.pattern", 'pattern: "request"'],
  ["qos", chat({ "options.qos": 1 }), "targets[0].options.qos", "known here: pattern, tlsFirst, subject"],
  ["no subject", chat({ "options.subject": "" }), "targets[0].options.subject", "1 to 200 characters"],
  ["a long subject", chat({ "options.subject": "a".repeat(201) }), "targets[0].options.subject", "1 to 200 characters"],
  ["a wildcard", chat({ "options.subject": "a.*" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["the other wildcard", chat({ "options.subject": "a.>" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["a space", chat({ "options.subject": "a b" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["a line break", chat({ "options.subject": "a\r\nPUB b" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["an empty part", chat({ "options.subject": "a..b" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["the server's own", chat({ "options.subject": "$SYS.a" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  ["an inbox", chat({ "options.subject": "_INBOX.a" }), "targets[0].options.subject", "sonde.{target}.{region}"],
  [
    "a strange placeholder",
    chat({ "options.subject": "a.{id}" }),
    "targets[0].options.subject",
    "{target} and {region}",
  ],
  [
    "a user alone",
    chat({ credentials: { user: "U_1" } }),
    "targets[0].credentials.password",
    'password: "NATS_PASSWORD"',
  ],
  ["a password alone", chat({ credentials: { password: "P_1" } }), "targets[0].credentials.user", 'user: "NATS_USER"'],
  ["a JWT alone", chat({ credentials: { jwt: "J_1" } }), "targets[0].credentials.nkey", 'nkey: "NATS_NKEY"'],
  ["two ways", chat({ credentials: { token: "T_1", nkey: "N_1" } }), "targets[0].credentials", "name one of"],
  ["creds and a JWT", chat({ credentials: { creds: "C_1", jwt: "J_1" } }), "targets[0].credentials", "name one of"],
  ["requests in a room", chat({ journeys: ["loop", "room"] }), "targets[0].journeys", 'write pattern: "pubsub"'],
  [
    "requests in a mesh",
    top({ regions: ["weur", "oc"], "targets.0.journeys": ["loop", "mesh"] }),
    "targets[0].journeys",
    'write pattern: "pubsub"',
  ],
  ["an unknown secret", chat({ credentials: { pass: "P_1" } }), "targets[0].credentials.pass", "password"],
  ["a seed itself", chat({ credentials: { nkey: "SUAabc/x" } }), "targets[0].credentials.nkey", "put it in a secret"],
];

describe("a bad target of nats", () => {
  it.each(BAD)("%s", (_, change, entry, mend) => {
    const problems = problemsOf(change);
    expect(problems.map((each) => each.entry)).toEqual([entry]);
    expect(problems[0]?.mend).toContain(mend);
    expect(JSON.stringify(problems)).not.toContain("SUAabc");
  });
});

function problemsOf(change: Change) {
  const config = structuredClone(GOOD);
  change(config);
  const parsed = parseConfig(config);
  return parsed.ok ? [] : parsed.problems;
}
