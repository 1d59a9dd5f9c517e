// Aim: what a Centrifugo says is read for what it means, and nothing of another shape, and no text but a message, gets to its
// client. Method: tables of codes and replies as the documentation has them; 100,000 hostile frames from a seed.

import { describe, expect, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { disconnectedBy, refusedBy, unsubscribedBy } from "../../workers/probes/centrifugo-failures.ts";
import { type ReplyJudge, replyJudge } from "../../workers/probes/centrifugo-replies.ts";
import { hostileReplies } from "../drivers/centrifugo-frames.ts";
import { mulberry32 } from "../random.ts";

describe("errors", () => {
  it.each<[number, FailureKind, FailureKind, FailureKind, boolean]>([
    [100, "handshake", "subscribe", "publish", true],
    [101, "auth", "auth", "auth", false],
    [102, "handshake", "subscribe", "publish", false],
    [103, "auth", "subscribe", "publish", false],
    [104, "handshake", "subscribe", "publish", false],
    [105, "handshake", "subscribe", "publish", false],
    [106, "rate_limit", "rate_limit", "rate_limit", false],
    [107, "protocol", "protocol", "protocol", false],
    [108, "handshake", "subscribe", "publish", false],
    [109, "auth", "auth", "auth", false],
    [110, "auth", "auth", "auth", false],
    [111, "rate_limit", "rate_limit", "rate_limit", true],
    [112, "handshake", "subscribe", "publish", false],
    [113, "auth", "auth", "auth", false],
    [1_000, "handshake", "subscribe", "publish", false],
  ])("%i", (code, connect, subscribe, publish, transient) => {
    for (const [phase, kind] of Object.entries({ connect, subscribe, publish })) {
      const failure = refusedBy(code, phase as "connect" | "subscribe" | "publish");
      expect(failure).toMatchObject({ code, phase, kind, transient, sure: true });
    }
  });
});

describe("disconnects", () => {
  it.each<[number, FailureKind, Phase, boolean]>([
    [1_000, "closed", "deliver", true],
    [1_006, "closed", "deliver", true],
    [1_009, "publish", "publish", false],
    [3_000, "closed", "deliver", true],
    [3_001, "closed", "deliver", true],
    [3_005, "auth", "deliver", false],
    [3_006, "auth", "deliver", false],
    [3_012, "closed", "deliver", true],
    [3_013, "rate_limit", "deliver", true],
    [3_500, "auth", "deliver", false],
    [3_501, "protocol", "deliver", false],
    [3_502, "timeout", "deliver", true],
    [3_503, "closed", "deliver", false],
    [3_504, "rate_limit", "deliver", false],
    [3_507, "auth", "deliver", false],
    [4_000, "closed", "deliver", true],
    [4_999, "closed", "deliver", false],
  ])("%i", (code, kind, phase, transient) => {
    expect(disconnectedBy(code)).toMatchObject({ code, kind, phase, transient });
  });

  it("and unsubscribes", () => {
    expect(unsubscribedBy(2_000)).toMatchObject({ kind: "closed", transient: false });
    expect(unsubscribedBy(2_500)).toMatchObject({ kind: "closed", transient: true });
    expect(unsubscribedBy(2_501)).toMatchObject({ kind: "auth" });
  });
});

describe("replies", () => {
  it.each<[string, string]>([
    ["{}", "{}"],
    [
      '{"id":1,"connect":{"client":"c","data":"secret","ping":25,"pong":true,"expires":true,"ttl":9}}',
      '{"id":1,"connect":{"client":"c","ping":25,"pong":true}}',
    ],
    ['{"id":1,"connect":{"ping":1e9}}', '{"id":1,"connect":{"client":""}}'],
    ['{"id":2,"subscribe":{"epoch":"x","recoverable":true}}', '{"id":2,"subscribe":{}}'],
    ['{"id":3,"publish":{}}', '{"id":3,"publish":{}}'],
    ['{"id":3}', '{"id":3,"publish":{}}'],
    [
      '{"id":3,"error":{"code":103,"message":"secret"}}',
      '{"id":3,"error":{"code":103,"message":"","temporary":false}}',
    ],
    ['{"id":9,"publish":{}}', ""],
    ['{"id":3,"publish":{}}\n\n{}\n', '{"id":3,"publish":{}}\n{}'],
    [
      '{"push":{"channel":"own","pub":{"data":"x","offset":1,"info":{"user":"u"}}}}',
      '{"push":{"channel":"own","pub":{"data":"x"}}}',
    ],
    ['{"push":{"channel":"own","pub":{"data":{"a":1}}}}', '{"push":{"channel":"own","pub":{"data":"{\\"a\\":1}"}}}'],
    ['{"push":{"id":7,"pub":{"data":"x"}}}', '{"push":{"id":7,"pub":{"data":"x"}}}'],
    ['{"push":{"channel":"other","pub":{"data":"x"}}}', ""],
    ['{"push":{"channel":"constructor","pub":{"data":"x"}}}', ""],
    ['{"push":{"channel":"constructor","unsubscribe":{"code":2000}}}', ""],
    [
      '{"push":{"channel":"own","unsubscribe":{"code":2000,"reason":"secret"}}}',
      '{"push":{"channel":"own","unsubscribe":{"code":2000,"reason":""}}}',
    ],
    ['{"push":{"channel":"own","join":{"info":{}}}}', ""],
    ['{"push":{"disconnect":{"code":3001,"reason":"secret"}}}', '{"push":{"disconnect":{"code":3001,"reason":""}}}'],
  ])("%s", (frame, admitted) => expect(judge().admit(frame)).toBe(admitted));

  it.each([
    "null",
    "[]",
    "17",
    "{",
    '{"id":"1"}',
    '{"id":1}',
    '{"id":1,"connect":17}',
    '{"id":2,"subscribe":null}',
    '{"id":3,"error":{"code":3}}',
    '{"push":17}',
    '{"push":{"pub":17}}',
    '{"push":{"disconnect":{"code":"x"}}}',
    "{}\n{",
  ])("%s is malformed", (frame) => expect(judge().admit(frame)).toBeNull());

  it("a number is answered once", () => {
    const one = judge();
    expect(one.admit('{"id":3,"publish":{}}')).not.toBe("");
    expect(one.admit('{"id":3,"publish":{}}')).toBe("");
  });

  it("a pushed disconnect is told, and bytes are none of this protocol", () => {
    const heard: number[] = [];
    const one = replyJudge((code) => void heard.push(code));
    one.admit('{"push":{"disconnect":{"code":3500}}}');
    expect(heard).toEqual([3_500]);
    expect(one.admit(new ArrayBuffer(2))).toBeNull();
  });

  it("100,000 hostile frames: what is admitted has one of five shapes", () => {
    const shape =
      /^(\{\}|\{"id":\d+,("(connect|subscribe|publish)":\{.*\}|"error":\{"code":\d+,"message":"","temporary":(true|false)\})\}|\{"push":\{("channel":"own",|"id":\d+,|("channel":".*",)?(?="disconnect"))?("pub":\{"data":".*"\}|"(unsubscribe|disconnect)":\{"code":\d+,"reason":""\})\}\})$/s;
    let malformed = 0;
    let admitted = 0;
    let one = judge();
    let i = 0;
    for (const frame of hostileReplies(mulberry32(5), 100_000, "wild", "own")) {
      if (i++ % 20 === 0) one = judge();
      const kept = one.admit(typeof frame === "string" ? frame : (frame.buffer as ArrayBuffer));
      if (kept === null) malformed += 1;
      for (const line of (kept ?? "").split("\n").filter((each) => each !== "")) {
        expect(line).toMatch(shape);
        admitted += 1;
      }
    }
    expect(malformed).toBeGreaterThan(1_000);
    expect(admitted).toBeGreaterThan(1_000);
  });

  function judge(): ReplyJudge {
    const one = replyJudge(() => {});
    one.sent('{"connect":{"token":"t"},"id":1}\n{"subscribe":{"channel":"own"},"id":2}');
    one.sent('{"publish":{"channel":"own","data":"x"},"id":3}');
    return one;
  }
});
