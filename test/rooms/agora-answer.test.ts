// Aim: an answer of Agora's gateway counts only if it says what was wanted of it, and every other one has its class. Method:
// the documented answers and statuses as a table; then 100,000 hostile bodies from a seed, held against a slow, literal
// reading of the same rule.

import { describe, expect, it } from "vitest";

import { FAILURE_KINDS } from "../../schema/words.ts";
import { failureOfMessage, failureOfOpening } from "../../workers/probes/agora-answer.ts";
import { hostileBody } from "../hostile-json.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const said = (code?: string, result = "success"): string => JSON.stringify({ result, request_id: "101", code });

describe("the answer to a message", () => {
  it.each([
    ["sent, accepted is enough", 200, said("message_sent"), "accepted", null],
    ["a channel's, without a code", 200, said(), "accepted", null],
    ["delivered, accepted is enough", 200, said("message_delivered"), "accepted", null],
    ["delivered", 200, said("message_delivered"), "acknowledged", null],
    ["sent, an acknowledgement was wanted", 200, said("message_sent"), "acknowledged", "protocol"],
    ["no code, an acknowledgement was wanted", 200, said(), "acknowledged", "protocol"],
    ["offline", 200, said("message_offline"), "acknowledged", "receiver_offline"],
    ["offline, accepted is enough", 200, said("message_offline"), "accepted", "receiver_offline"],
    ["another code", 200, said("message_teleported"), "accepted", "protocol"],
    ["failed", 200, said("message_sent", "failed"), "accepted", "publish"],
    ["a list", 200, "[]", "accepted", "protocol"],
    ["null", 200, "null", "accepted", "protocol"],
    ["nothing", 200, "", "accepted", "protocol"],
    ["HTML", 200, "<html>", "accepted", "protocol"],
    ["a result that is inherited", 200, '{"__proto__":{"result":"success"}}', "accepted", "publish"],
    ["a good body under another status", 201, said("message_sent"), "accepted", "publish"],
    ["400", 400, said("message_sent"), "accepted", "publish"],
    ["401", 401, "", "accepted", "auth"],
    ["403", 403, "", "accepted", "auth"],
    ["404", 404, "", "accepted", "publish"],
    ["408", 408, "", "accepted", "timeout"],
    ["413", 413, "", "accepted", "publish"],
    ["415", 415, "", "accepted", "protocol"],
    ["429", 429, "", "accepted", "rate_limit"],
    ["435", 435, "", "accepted", "publish"],
    ["302", 302, "", "accepted", "protocol"],
    ["500", 500, "", "accepted", "publish"],
    ["503", 503, "", "accepted", "publish"],
  ] as const)("%s", (_, status, body, wanted, kind) => {
    const failure = failureOfMessage(status, body, wanted);
    expect(failure?.kind ?? null).toBe(kind);
    if (failure === null) return;
    expect(failure).toMatchObject({ phase: "publish", sure: true });
    expect(failure.transient).toBe([408, 429, 500, 503].includes(status) || kind === "receiver_offline");
    if (status !== 200) expect(failure.code).toBe(status);
  });
});

describe("the answer to the call that opens a session", () => {
  it.each([
    ["refused for its content, as documented", 400, '{"errorCode":400}', null],
    ["taken all the same", 200, said("message_sent"), null],
    ["refused by something else", 400, "<html>", "protocol"],
    ["a portal", 200, "<html>", "protocol"],
    ["401", 401, "{}", "auth"],
    ["403", 403, "{}", "auth"],
    ["404", 404, "{}", "handshake"],
    ["408", 408, "{}", "timeout"],
    ["429", 429, "{}", "rate_limit"],
    ["301", 301, "{}", "protocol"],
    ["503", 503, "{}", "handshake"],
  ] as const)("%s", (_, status, body, kind) => {
    const failure = failureOfOpening(status, body);
    expect(failure?.kind ?? null).toBe(kind);
    if (failure !== null) expect(failure.phase).toBe("connect");
  });
});

it("100,000 hostile answers: none breaks it, none counts that should not, none gets into our words", () => {
  const random = mulberry32(100_000);
  const details = new Set<string>();
  let counted = 0;
  for (let round = 0; round < 100_000; round += 1) {
    const body = hostileBody(random);
    const status = random() < 0.7 ? 200 : between(random, 100, 599);
    const wanted = oneOf(random, ["accepted", "acknowledged"] as const);
    const failure = random() < 0.9 ? failureOfMessage(status, body, wanted) : failureOfOpening(status, body);
    if (failure === null) counted += 1;
    else {
      details.add(failure.detail);
      if (!FAILURE_KINDS.includes(failure.kind)) throw new Error(`kind ${failure.kind}`);
    }
    const message = failureOfMessage(status, body, wanted) === null;
    if (message !== isGood(status, body, wanted)) throw new Error(`${status} ${wanted} ${body}`);
  }
  expect(counted).toBeGreaterThan(100);
  expect(counted).toBeLessThan(20_000);
  // As many sentences as are written in the file, whatever came in.
  expect(details.size).toBeLessThan(20);
  console.log(`agora-answer.test.ts: 100,000 answers, ${counted} counted, ${details.size} sentences`);
});

/** The rule once more, as one would read it aloud. */
function isGood(status: number, body: string, wanted: string): boolean {
  if (status !== 200) return false;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return false;
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const own = (key: string): unknown => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined);
  if (own("result") !== "success") return false;
  const code = own("code");
  return wanted === "acknowledged"
    ? code === "message_delivered"
    : code === undefined || code === "message_sent" || code === "message_delivered";
}
