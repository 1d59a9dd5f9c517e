// Aim: a target of the driver `stomp` is read exactly, and each mistake in it is told with its entry, its value and what to
// write. Method: good targets and what becomes of them; a table of bad ones, each a good one with one thing changed.

import { describe, expect, it } from "vitest";

import { driverConfig } from "./driver-config.ts";

const { read, problemsOf } = driverConfig("stomp", "wss://mq.example.com/ws");

describe("a good target", () => {
  it("needs an address alone", () => {
    expect(read({})).toEqual({
      channel: "/topic/sonde.{target}.{region}",
      options: {},
      secrets: {},
      address: { weur: "wss://mq.example.com/ws" },
    });
  });

  it("keeps what was written", () => {
    const credentials = { user: "MQ_USER", password: "MQ_PASSWORD" };
    const options = { host: "a/b", receipt: false };
    const destination = "/exchange/amq.direct/{target}";
    expect(read({ credentials, options: { ...options, destination } })).toEqual({
      channel: destination,
      options,
      secrets: credentials,
      address: { weur: "wss://mq.example.com/ws" },
    });
  });

  it("takes a destination without a slash, as some services name them", () => {
    expect(read({ options: { destination: "probes::{region}" } })).toMatchObject({ channel: "probes::{region}" });
  });

  it("takes a queue for each region, and a topic for a room", () => {
    const destination = "/queue/probe.{region}";
    const journeys = ["loop", "dialogue"];
    expect(read({ options: { destination }, journeys })).toMatchObject({ channel: destination });
    expect(read({ journeys: ["loop", "room"] })).toMatchObject({ channel: "/topic/sonde.{target}.{region}" });
  });
});

const DESTINATION = 'write destination: "/topic/sonde.{target}.{region}"';
const BAD: readonly (readonly [object, string, string])[] = [
  [{ address: "stomp://mq.example.com" }, "targets[0].address", "wss://broker.example.com/ws"],
  [{ address: "wss://me:hunter2@mq.example.com" }, "targets[0].address", "credentials"],
  [{ credentials: { user: "MQ_USER" } }, "targets[0].credentials.password", 'password: "STOMP_PASSWORD" beside user'],
  [{ credentials: { password: "MQ_PASSWORD" } }, "targets[0].credentials.user", 'user: "STOMP_USER" beside password'],
  [{ credentials: { user: "MQ_USER", password: "hunter2" } }, "targets[0].credentials.password", "write the name"],
  [{ credentials: { token: "MQ_TOKEN" } }, "targets[0].credentials.token", "known here: user, password"],
  [{ options: { destination: "" } }, "targets[0].options.destination", "write 1 to 200"],
  [{ options: { destination: "x".repeat(201) } }, "targets[0].options.destination", "write 1 to 200"],
  [{ options: { destination: "/topic/a b" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/topic/a\nb" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/topic/#" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/topic/*" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/topic/a.>" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/temp-queue/a" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/reply-queue/a" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/topic/{place}" } }, "targets[0].options.destination", "there are {target} and {region}"],
  [{ options: { destination: "/queue/probe" } }, "targets[0].options.destination", DESTINATION],
  [{ options: { destination: "/amq/queue/{target}" } }, "targets[0].options.destination", DESTINATION],
  [
    { options: { destination: "/queue/probe.{region}" }, journeys: ["loop", "room"] },
    "targets[0].options.destination",
    DESTINATION,
  ],
  [{ options: { host: "" } }, "targets[0].options.host", 'write host: "/"'],
  [{ options: { host: "a\u0000b" } }, "targets[0].options.host", 'write host: "/"'],
  [{ options: { host: 5 } }, "targets[0].options.host", 'write host: "vhost"'],
  [{ options: { receipt: "yes" } }, "targets[0].options.receipt", "receipt: true or receipt: false"],
  [{ options: { reciept: true } }, "targets[0].options.reciept", "did you mean receipt?"],
];

describe("a bad target", () => {
  it.each(BAD)("%j", (target, entry, mend) => {
    const problems = problemsOf(target);
    expect(problems).toEqual([expect.objectContaining({ entry, mend: expect.stringContaining(mend) })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
