// Aim: each word that an AMQP or STOMP service has for "no" becomes the right class, and none of its text is passed on. Method:
// tables of what RabbitMQ and our own hostile servers were seen to say, and of the codes of the specification.

import { describe, expect, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import { failureOfEnding } from "../../workers/probes/amqp-failures.ts";
import type { Ending } from "../../workers/probes/amqp-failures.ts";
import { failureOfClose, failureOfErrorFrame, failureOfGarbage } from "../../workers/probes/stomp-failures.ts";

describe("AMQP", () => {
  const ENDINGS: readonly (readonly [Ending, Phase, FailureKind, boolean])[] = [
    [{ of: "connection", code: 403 }, "connect", "auth", true],
    [{ of: "connection", code: 530 }, "connect", "auth", false],
    [{ of: "connection", code: 320 }, "connect", "closed", true],
    [{ of: "connection", code: 501 }, "connect", "protocol", true],
    [{ of: "connection", code: 506 }, "connect", "rate_limit", true],
    [{ of: "connection", code: 541 }, "deliver", "closed", true],
    [{ of: "channel", code: 403 }, "subscribe", "subscribe", true],
    [{ of: "channel", code: 404 }, "subscribe", "subscribe", true],
    [{ of: "channel", code: 405 }, "subscribe", "subscribe", true],
    [{ of: "channel", code: 403 }, "publish", "publish", true],
    [{ of: "channel", code: 404 }, "publish", "publish", true],
    [{ of: "channel", code: 406 }, "publish", "publish", true],
    [{ of: "channel", code: 404 }, "deliver", "closed", true],
    [{ of: "channel", code: 504 }, "publish", "protocol", true],
    ["cut", "deliver", "closed", true],
    ["garbage", "connect", "protocol", true],
    ["cancelled", "deliver", "closed", true],
  ];
  it.each(ENDINGS)("%j in %s: %s", (ending, phase, kind, sure) => {
    const failure = failureOfEnding(ending, phase);
    expect(failure).toMatchObject({ phase, kind, sure });
    expect(failure.code).toBe(typeof ending === "object" ? ending.code : undefined);
  });

  it("any code at all has a class", () => {
    const kinds = new Set<FailureKind>();
    for (let code = 0; code <= 0xffff; code++) kinds.add(failureOfEnding({ of: "channel", code }, "publish").kind);
    expect([...kinds].sort()).toEqual(["closed", "protocol", "publish", "rate_limit"]);
  });
});

describe("STOMP", () => {
  const ERRORS: readonly (readonly [string | undefined, Phase, boolean, FailureKind, boolean])[] = [
    ["Bad CONNECT", "connect", false, "auth", true],
    ["Version mismatch", "connect", false, "protocol", true],
    ["password hunter2 is wrong", "connect", false, "auth", false],
    [undefined, "connect", false, "auth", false],
    ["Unknown destination", "subscribe", false, "subscribe", true],
    ["hunter2", "subscribe", true, "subscribe", true],
    ["hunter2", "subscribe", false, "subscribe", false],
    ["access_refused", "publish", false, "publish", true],
    ["resource_error", "publish", false, "rate_limit", true],
    ["hunter2", "publish", false, "publish", false],
    ["connection_forced", "deliver", false, "closed", true],
    ["hunter2", "deliver", false, "closed", false],
  ];
  it.each(ERRORS)("ERROR %j in %s (answer: %s): %s", (message, phase, isAnswer, kind, sure) => {
    const failure = failureOfErrorFrame(message, phase, isAnswer);
    expect(failure).toMatchObject({ phase, kind, sure });
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });

  const CLOSES: readonly (readonly [number, string, Phase, Phase, FailureKind, boolean])[] = [
    [1000, "STOMP died", "subscribe", "subscribe", "subscribe", false],
    [1000, "STOMP died", "publish", "publish", "publish", false],
    [1000, "STOMP died", "deliver", "deliver", "closed", true],
    [1006, "", "connect", "connect", "closed", true],
    [1006, "", "publish", "deliver", "closed", true],
    [4001, "hunter2", "subscribe", "subscribe", "closed", true],
  ];
  it.each(CLOSES)("a close %i %j in %s", (code, reason, doing, phase, kind, sure) => {
    const failure = failureOfClose(code, reason, doing);
    expect(failure).toMatchObject({ phase, kind, sure, code });
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });

  it("garbage is the service's, wherever it comes", () => {
    expect(failureOfGarbage("connect")).toMatchObject({ phase: "connect", kind: "protocol" });
    expect(failureOfGarbage("publish")).toMatchObject({ phase: "deliver", kind: "protocol" });
  });
});
