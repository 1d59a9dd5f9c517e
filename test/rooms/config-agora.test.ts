// Aim: what a configuration says of Agora is read as it was meant, and what cannot be measured honestly is refused with its
// entry and what to write instead. Method: two good targets and exactly what becomes of them; a table of spoilt ones.

import { describe, expect, it } from "vitest";

import { type ConfigInput, defineConfig } from "../../workers/config/define.ts";
import { probersOf } from "../../workers/config/fleet.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { okMeaningOf, publishAckOf } from "../../workers/probes/capabilities.ts";
import { chat, type Change, drop, set } from "./config-changes.ts";

const APP_ID = "0123456789abcdef0123456789abcdef";

const REST = defineConfig({
  name: "Acme",
  regions: ["weur", "oc"],
  targets: [
    {
      id: "signals",
      driver: "agora-rest",
      address: "https://api.agora.io",
      credentials: { appCertificate: "AGORA_APP_CERTIFICATE" },
      options: { appId: APP_ID, peer: "echo-{region}", waitForAck: true },
      gap: "1s",
    },
    { id: "broker", driver: "mqtt", address: "wss://h" },
  ],
});
const SDK = defineConfig({
  name: "Acme",
  regions: ["weur"],
  targets: [
    {
      id: "signals",
      driver: "agora-sdk",
      address: "https://ap-web-1.agora.io",
      credentials: { appCertificate: "AGORA_APP_CERTIFICATE" },
      options: { appId: APP_ID },
    },
  ],
});

describe("a good target", () => {
  it("of agora-rest yields exactly this", () => {
    expect(configOf(REST).targets[0]).toMatchObject({
      driver: "agora-rest",
      address: { weur: "https://api.agora.io", oc: "https://api.agora.io" },
      channel: "sonde-{target}-{region}",
      options: { appId: APP_ID, user: "sonde-{target}-{region}", peer: "echo-{region}", waitForAck: true },
      secrets: { appCertificate: "AGORA_APP_CERTIFICATE" },
      gapMs: 1000,
    });
  });

  it("of agora-sdk yields exactly this", () => {
    expect(configOf(SDK).targets[0]).toMatchObject({
      driver: "agora-sdk",
      channel: "sonde-{target}-{region}",
      options: { appId: APP_ID, user: "sonde-{target}-{region}" },
      secrets: { appCertificate: "AGORA_APP_CERTIFICATE" },
    });
  });

  it.each<[string, Change]>([
    [
      "a customer key and its secret",
      chat({ credentials: { customerKey: "AGORA_KEY", customerSecret: "AGORA_SECRET" } }),
    ],
    ["http on this machine", chat({ address: "http://127.0.0.1:8080" })],
    ["http on this machine, by name", chat({ address: "http://localhost:8080" })],
    ["a channel, by default", set("targets.0.options", { appId: APP_ID })],
    ["a channel of a name", set("targets.0.options", { appId: APP_ID, channel: "probe.{region}:1" })],
    ["a peer without waiting", set("targets.0.options", { appId: APP_ID, peer: "bob" })],
    ["six messages at any gap", chat({ messages: 6, gap: "50ms" })],
    ["a gap just above a sixth of the deadline", chat({ gap: "834ms" })],
  ])("may have %s", (_, change) => {
    const config: unknown = structuredClone(REST);
    change(config);
    expect(parseConfig(config)).toMatchObject({ ok: true });
  });

  it("has a prober to itself: its messages need all six places", () => {
    const aloud = probersOf(configOf(REST)).map((prober) => prober.targets.map((target) => target.id).join(" "));
    expect(aloud).toEqual(["signals", "broker", "signals", "broker"]);
  });
});

describe("what ok means", () => {
  it.each([
    ["a receiver that acknowledges", { peer: "bob", waitForAck: true }, "acknowledged", "receiver"],
    ["a receiver that is not waited for", { peer: "bob", waitForAck: false }, "accepted", "broker"],
    ["a receiver, nothing said", { peer: "bob" }, "accepted", "broker"],
    ["a channel", {}, "accepted", "broker"],
    ["waiting for nobody", { waitForAck: true }, "accepted", "broker"],
  ] as const)("%s", (_, options, meaning, ack) => {
    expect(okMeaningOf("agora-rest", options)).toBe(meaning);
    expect(publishAckOf("agora-rest", options)).toBe(ack);
  });

  it("is delivery only where the driver can receive, whatever the options say", () => {
    expect(okMeaningOf("agora-sdk", {})).toBe("delivered");
    expect(okMeaningOf("mqtt", { peer: "bob", waitForAck: true })).toBe("delivered");
    expect(publishAckOf("mqtt", { qos: 1, peer: "bob", waitForAck: true })).toBe("broker");
  });
});

const options = (change: Readonly<Record<string, unknown>>): Change =>
  set("targets.0.options", { appId: APP_ID, ...change });

// Each row: what is wrong, how to get there, the exact entry, a part of the mend.
const BAD: readonly (readonly [string, ConfigInput, Change, string, string])[] = [
  ["no App ID", REST, drop("targets.0.options.appId"), "targets[0].options.appId", "appId:"],
  ["no options", REST, drop("targets.0.options"), "targets[0].options.appId", "appId:"],
  ["half an App ID", REST, chat({ "options.appId": "0123" }), "targets[0].options.appId", "32 hexadecimal"],
  ["an App ID of other letters", REST, chat({ "options.appId": "z".repeat(32) }), "targets[0].options.appId", "32 hex"],
  ["no credentials", REST, drop("targets.0.credentials"), "targets[0].credentials", "AGORA_APP_CERTIFICATE"],
  [
    "half of the key",
    REST,
    chat({ credentials: { customerKey: "AGORA_KEY" } }),
    "targets[0].credentials",
    "customerSecret",
  ],
  [
    "two ways to prove who we are",
    REST,
    chat({ "credentials.customerKey": "K1", "credentials.customerSecret": "S1" }),
    "targets[0].credentials",
    "appCertificate",
  ],
  [
    "the certificate itself",
    REST,
    chat({ credentials: { appCertificate: "fedcba9876543210fedcba9876543210" } }),
    "targets[0].credentials.appCertificate",
    "secret put",
  ],
  ["http elsewhere", REST, chat({ address: "http://api.agora.io" }), "targets[0].address", "https://api.agora.io"],
  ["http almost here", REST, chat({ address: "http://127.0.0.1.evil.com" }), "targets[0].address", "https://api"],
  ["http by region", REST, chat({ address: "http://{region}.agora.io" }), "targets[0].address", "https://api.agora.io"],
  ["a path", REST, chat({ address: "https://api.agora.io/dev/v2" }), "targets[0].address", "https://api.agora.io"],
  ["a query", REST, chat({ address: "https://api.agora.io/?a=1" }), "targets[0].address", "https://api.agora.io"],
  ["a WebSocket", REST, chat({ address: "wss://api.agora.io" }), "targets[0].address", "https://api.agora.io"],
  ["an acknowledgement of nobody", REST, options({ waitForAck: true }), "targets[0].options.waitForAck", "peer:"],
  ["a word for yes", REST, options({ peer: "bob", waitForAck: "yes" }), "targets[0].options.waitForAck", "true"],
  ["a peer and a channel", REST, options({ peer: "bob", channel: "room" }), "targets[0].options.channel", "take one"],
  ["an empty peer", REST, options({ peer: "" }), "targets[0].options.peer", "1 to 64"],
  ["a peer of 65 letters", REST, options({ peer: "p".repeat(65) }), "targets[0].options.peer", "1 to 64"],
  ["a peer called null", REST, options({ peer: "null" }), "targets[0].options.peer", "1 to 64"],
  ["a user with a space behind", REST, options({ user: "bob " }), "targets[0].options.user", "1 to 64"],
  ["a user with a slash", REST, options({ user: "a/b" }), "targets[0].options.user", "1 to 64"],
  ["a user of one place", REST, options({ user: "bob-{colo}" }), "targets[0].options.user", "{target} and {region}"],
  ["a channel with a line break", REST, options({ channel: "a\nb" }), "targets[0].options.channel", "1 to 64"],
  ["the default pace", REST, drop("targets.0.gap"), "targets[0].gap", 'gap: "834ms" or more, or messages: 6 or fewer'],
  ["seven at once", REST, chat({ messages: 7, gap: "800ms" }), "targets[0].gap", 'gap: "834ms"'],
  ["an unknown option", REST, chat({ "options.waitForAcks": true }), "targets[0].options.waitForAcks", "waitForAck?"],
  ["a journey with a receiver", REST, chat({ journeys: ["mesh"] }), "targets[0].journeys[0]", ""],
  ["no App ID", SDK, drop("targets.0.options.appId"), "targets[0].options.appId", "appId:"],
  ["no certificate", SDK, drop("targets.0.credentials"), "targets[0].credentials.appCertificate", "AGORA_APP_CERT"],
  ["a customer key", SDK, chat({ credentials: { customerKey: "K1" } }), "targets[0].credentials.customerKey", ""],
  ["plain http", SDK, chat({ address: "http://ap-web-1.agora.io" }), "targets[0].address", "https://ap-web-1"],
  ["a peer", SDK, chat({ "options.peer": "bob" }), "targets[0].options.peer", "user?"],
];

describe("a bad target", () => {
  it(`is refused with its entry and a mend, ${BAD.length} ways`, () => {
    for (const [what, good, change, entry, mend] of BAD) {
      const config: unknown = structuredClone(good);
      change(config);
      const parsed = parseConfig(config);
      const problems = parsed.ok ? [] : parsed.problems;
      const found = problems.find((one) => one.entry === entry && one.mend.includes(mend));
      expect(found, `${what}: ${entry}, ${mend}\n${JSON.stringify(problems, null, 1)}`).toBeDefined();
      expect(new Set(problems.map((one) => one.entry.split(/[.[]/)[0])).size, what).toBe(1);
      expect(JSON.stringify(problems), what).not.toContain("fedcba9876543210");
    }
  });
});
