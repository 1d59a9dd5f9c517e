// Aim: a target of the driver `centrifugo` is read exactly, and each mistake in it is told with its entry, its value and what
// to write. Method: good targets and what becomes of them; a table of bad ones, each a good one with one thing changed.

import { describe, expect, it } from "vitest";

import { driverConfig } from "./driver-config.ts";

const { read, problemsOf } = driverConfig("centrifugo", "wss://rt.example.com/connection/websocket");

describe("a good target", () => {
  it("needs an address alone", () => {
    expect(read({})).toEqual({
      channel: "sonde:{target}-{region}",
      options: {},
      secrets: {},
      address: { weur: "wss://rt.example.com/connection/websocket" },
    });
  });

  it("keeps what was written", () => {
    const credentials = { token: "RT_TOKEN", subscriptionToken: "RT_CHANNEL_TOKEN" };
    const address = "ws://127.0.0.1:8000/connection/websocket";
    expect(read({ address, credentials, options: { channel: "$probe:{target}#42" } })).toEqual({
      channel: "$probe:{target}#42",
      options: {},
      secrets: credentials,
      address: { weur: address },
    });
  });
});

const ONE_CHANNEL = { credentials: { subscriptionToken: "RT_CHANNEL_TOKEN" }, options: { channel: "probe:{target}" } };
it("a token for one channel is enough for a loop and connects", () => {
  expect(read({ ...ONE_CHANNEL, journeys: ["loop", "connect"] })).toMatchObject({ channel: "probe:{target}" });
});

const BAD: readonly (readonly [object, string, string])[] = [
  [{ address: "https://rt.example.com" }, "targets[0].address", "/connection/websocket"],
  [{ address: "wss://rt.example.com/?format=protobuf" }, "targets[0].address", "take the format out"],
  [{ address: "wss://rt.example.com/?cf_protocol=protobuf" }, "targets[0].address", "take the format out"],
  [{ credentials: { token: "eyJhbGciOiJIUzI1NiJ9.hunter2" } }, "targets[0].credentials.token", "write the name"],
  [{ credentials: { user: "A_USER" } }, "targets[0].credentials.user", "known here: token, subscriptionToken"],
  [{ options: { channel: "" } }, "targets[0].options.channel", "write 1 to 255"],
  [{ options: { channel: "x".repeat(256) } }, "targets[0].options.channel", "write 1 to 255"],
  [{ options: { channel: "a b" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "频道" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "a/b" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "a*" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: ":a" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "sonde:" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "constructor" } }, "targets[0].options.channel", 'write channel: "sonde:{target}-{region}"'],
  [{ options: { channel: "a{place}" } }, "targets[0].options.channel", "there are {target} and {region}"],
  [{ options: { chanel: "a" } }, "targets[0].options.chanel", "did you mean channel?"],
  [{ ...ONE_CHANNEL, journeys: ["loop", "dialogue"] }, "targets[0].journeys", "subscriptionToken out of credentials"],
  [{ ...ONE_CHANNEL, journeys: ["loop", "room"] }, "targets[0].journeys", "subscriptionToken out of credentials"],
  [{ options: { qos: 1 } }, "targets[0].options.qos", "known here: channel"],
  [
    { credentials: { subscriptionToken: "RT_TOKEN" } },
    "targets[0].options.channel",
    "the channel that the token names",
  ],
];

describe("a bad target", () => {
  it.each(BAD)("%j", (target, entry, mend) => {
    const problems = problemsOf(target);
    expect(problems).toEqual([expect.objectContaining({ entry, mend: expect.stringContaining(mend) })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
