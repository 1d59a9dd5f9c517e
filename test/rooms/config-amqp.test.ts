// Aim: a target of the driver `amqp` is read exactly, and each mistake in it is told with its entry, its value and what to
// write. Method: good targets and what becomes of them; a table of bad ones, each a good one with one thing changed.

import { describe, expect, it } from "vitest";

import { driverConfig } from "./driver-config.ts";

const { read, problemsOf } = driverConfig("amqp", "amqps://mq.example.com");

describe("a good target", () => {
  it("needs an address alone", () => {
    expect(read({})).toEqual({
      channel: "sonde.{target}.{region}",
      options: {},
      secrets: {},
      address: { weur: "amqps://mq.example.com" },
    });
  });

  it("keeps what was written", () => {
    const credentials = { user: "MQ_USER", password: "MQ_PASSWORD" };
    const options = { exchange: "probes", confirm: false };
    const address = "amqp://127.0.0.1:5673/a%2Fb";
    expect(read({ address, credentials, options: { ...options, routingKey: "探测.{region}" } })).toEqual({
      channel: "探测.{region}",
      options,
      secrets: credentials,
      address: { weur: address },
    });
  });

  it.each(["amqp://mq.example.com/", "amqp://[::1]:5672/v", "amqps://{region}.example.com/v"])(
    "dials %s",
    (address) => {
      expect(problemsOf({ address })).toEqual([]);
    },
  );
});

const KEY = 'write routingKey: "sonde.{target}.{region}"';
const VHOST = "write the virtual host percent-encoded";
const BAD: readonly (readonly [object, string, string])[] = [
  [{ address: "https://mq.example.com" }, "targets[0].address", "amqps://broker.example.com/vhost"],
  [{ address: "amqps://mq.example.com/a/b" }, "targets[0].address", "as %2F"],
  [{ address: "amqps://mq.example.com/v?heartbeat=5" }, "targets[0].address", "take it out"],
  [{ address: "amqps://mq.example.com/%zz" }, "targets[0].address", VHOST],
  [{ address: "amqps://mq.example.com/%00" }, "targets[0].address", VHOST],
  [{ address: `amqps://mq.example.com/${"x".repeat(256)}` }, "targets[0].address", VHOST],
  [{ address: "amqps://me:hunter2@mq.example.com" }, "targets[0].address", "credentials"],
  [{ credentials: { user: "MQ_USER" } }, "targets[0].credentials.password", 'password: "AMQP_PASSWORD" beside user'],
  [{ credentials: { password: "MQ_PASSWORD" } }, "targets[0].credentials.user", 'user: "AMQP_USER" beside password'],
  [{ credentials: { user: "MQ_USER", password: "hunter2" } }, "targets[0].credentials.password", "write the name"],
  [{ credentials: { token: "MQ_TOKEN" } }, "targets[0].credentials.token", "known here: user, password"],
  [{ options: { routingKey: "" } }, "targets[0].options.routingKey", "write 1 to 255 bytes"],
  [{ options: { routingKey: "x".repeat(256) } }, "targets[0].options.routingKey", "write 1 to 255 bytes"],
  [{ options: { routingKey: `${"x".repeat(225)}{region}` } }, "targets[0].options.routingKey", "write 1 to 255 bytes"],
  [{ options: { routingKey: "键".repeat(86) } }, "targets[0].options.routingKey", "write 1 to 255 bytes"],
  [{ options: { routingKey: "sonde.#" } }, "targets[0].options.routingKey", KEY],
  [{ options: { routingKey: "sonde.*" } }, "targets[0].options.routingKey", KEY],
  [{ options: { routingKey: "a\u0000b" } }, "targets[0].options.routingKey", KEY],
  [{ options: { routingKey: "{place}" } }, "targets[0].options.routingKey", "there are {target} and {region}"],
  [{ options: { exchange: "" } }, "targets[0].options.exchange", 'write exchange: "amq.topic"'],
  [{ options: { exchange: "x".repeat(256) } }, "targets[0].options.exchange", 'write exchange: "amq.topic"'],
  [{ options: { exchange: 5 } }, "targets[0].options.exchange", 'write exchange: "amq.topic"'],
  [{ options: { confirm: "yes" } }, "targets[0].options.confirm", "confirm: true or confirm: false"],
  [{ options: { exchnge: "a" } }, "targets[0].options.exchnge", "did you mean exchange?"],
];

describe("a bad target", () => {
  it.each(BAD)("%j", (target, entry, mend) => {
    const problems = problemsOf(target);
    expect(problems).toEqual([expect.objectContaining({ entry, mend: expect.stringContaining(mend) })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
