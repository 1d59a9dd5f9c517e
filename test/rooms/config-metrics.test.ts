// Aim: where metrics are pushed to is read strictly, without a secret in it and without repeating one. Method: tables of what is
// taken and what is refused, through the whole parser.

import { expect, it, test } from "vitest";

import { measuredOf } from "../../workers/config/config.ts";
import { parseConfig } from "../../workers/config/parse.ts";

const BASE = {
  name: "Acme",
  regions: ["weur"],
  targets: [{ id: "chat", driver: "nats", address: "nats://nats.example:4222" }],
};

const parsed = (metrics: unknown): ReturnType<typeof parseConfig> => parseConfig({ ...BASE, metrics });
const otlp = (endpoint: unknown, headers?: unknown): unknown => ({
  otlp: headers === undefined ? { endpoint } : { endpoint, headers },
});

test.each([
  ["nothing", undefined, null],
  ["an endpoint", otlp("https://otlp.example"), { endpoint: "https://otlp.example", headers: {} }],
  ["slashes at its end", otlp("https://otlp.example/otlp//"), { endpoint: "https://otlp.example/otlp", headers: {} }],
  ["a port", otlp("https://otlp.example:4318"), { endpoint: "https://otlp.example:4318", headers: {} }],
  ["one's own machine", otlp("http://127.0.0.1:4318"), { endpoint: "http://127.0.0.1:4318", headers: {} }],
  [
    "headers",
    otlp("https://otlp.example", { Authorization: "OTLP_AUTHORIZATION", "x-scope-orgid": "OTLP_TENANT" }),
    {
      endpoint: "https://otlp.example",
      headers: { authorization: "OTLP_AUTHORIZATION", "x-scope-orgid": "OTLP_TENANT" },
    },
  ],
])("takes %s", (_name, metrics, expected) => {
  const answer = parsed(metrics);
  expect(answer).toMatchObject({ ok: true, config: { metrics: expected } });
});

const SECRET = "s3cr3t-0123456789";
const MANY = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`x-${i}`, "NAME_OF_IT"]));

test.each([
  ["no endpoint", {}, "metrics.otlp", "is missing"],
  ["another key", { otlp: { endpoint: "https://otlp.example", token: SECRET } }, "metrics.otlp.token", "is not a key"],
  ["a number", otlp(7), "metrics.otlp.endpoint", "is not an https address"],
  ["plain http", otlp("http://otlp.example"), "metrics.otlp.endpoint", "is not an https address"],
  ["a user", otlp(`https://me:${SECRET}@otlp.example`), "metrics.otlp.endpoint", "holds a user or a password"],
  ["a query", otlp(`https://otlp.example/?key=${SECRET}`), "metrics.otlp.endpoint", "has a query or a fragment"],
  ["the whole way", otlp("https://otlp.example/v1/metrics/"), "metrics.otlp.endpoint", "ends in /v1/metrics"],
  [
    "a value",
    otlp("https://otlp.example", { "x-team": SECRET }),
    'metrics.otlp.headers["x-team"]',
    "is not the name of a secret",
  ],
  [
    "a number for one",
    otlp("https://otlp.example", { "x-team": 7 }),
    'metrics.otlp.headers["x-team"]',
    "is not the name of a secret",
  ],
  [
    "our header",
    otlp("https://otlp.example", { "Content-Type": "NAME_OF_IT" }),
    'metrics.otlp.headers["Content-Type"]',
    "may be set",
  ],
  ["the host", otlp("https://otlp.example", { host: "NAME_OF_IT" }), "metrics.otlp.headers.host", "may be set"],
  [
    "a line break",
    otlp("https://otlp.example", { "a\r\nb": "NAME_OF_IT" }),
    'metrics.otlp.headers["a<000d><000a>b"]',
    "may be set",
  ],
  [
    "one twice",
    otlp("https://otlp.example", { "X-A": "NAME_OF_IT", "x-a": "NAME_OF_IT" }),
    'metrics.otlp.headers["x-a"]',
    "twice",
  ],
  ["a list", otlp("https://otlp.example", ["NAME_OF_IT"]), "metrics.otlp.headers", "is not an object"],
  ["too many", otlp("https://otlp.example", MANY), "metrics.otlp.headers", "has more than 8 headers"],
])("refuses %s, and repeats nothing", (_name, metrics, entry, problem) => {
  const answer = parsed(metrics);
  const problems = answer.ok ? [] : answer.problems;
  expect(problems.length).toBe(1);
  expect(problems[0]?.entry).toBe(entry);
  expect(problems[0]?.problem).toContain(problem);
  expect(JSON.stringify(problems)).not.toContain("s3cr3t");
});

it("is no part of what decides a measurement", () => {
  const answer = parsed(otlp("https://otlp.example"));
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  expect(Object.keys(measuredOf(answer.config))).not.toContain("metrics");
});
