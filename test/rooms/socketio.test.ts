// Aim: what a Socket.IO service says is read for what it means, and nothing that it says can break the client or carry a
// text of its own into a failure. Method: tables of words as real servers send them; 100,000 damaged frames from a seed.

import { describe, expect, it } from "vitest";

import type { FailureKind } from "../../schema/words.ts";
import { cutBy, endedBy, frameJudge, refusalIn, refusedConnect } from "../../workers/probes/socketio-failures.ts";
import {
  authOf,
  engineAddress,
  joinArguments,
  messageIn,
  publishArguments,
  socketIoSettings,
} from "../../workers/probes/socketio-settings.ts";
import { hostileFrames } from "../drivers/socketio-frames.ts";
import { mulberry32 } from "../random.ts";

const SECRET = "tok-secret";

describe("a refused connection", () => {
  it.each<[unknown, unknown, FailureKind, boolean]>([
    ["not authorized", undefined, "auth", false],
    ["Authentication error", undefined, "auth", false],
    ["invalid credentials", undefined, "auth", false],
    ["jwt expired", undefined, "auth", false],
    ["xyz", { code: 401 }, "auth", true],
    ["xyz", { statusCode: 403, content: SECRET }, "auth", true],
    ["xyz", { code: "invalid_token" }, "auth", true],
    ["xyz", { type: "UnauthorizedError", code: SECRET }, "auth", true],
    ["xyz", { code: 429 }, "rate_limit", true],
    ["Too many connections", undefined, "rate_limit", false],
    ["Invalid namespace", undefined, "handshake", false],
    [SECRET, undefined, "handshake", false],
    ["xyz", { code: 17 }, "handshake", false],
    [undefined, null, "handshake", false],
    [{ toString: 1 }, [SECRET], "handshake", false],
  ])("%j, %j: %s", (message, data, kind, sure) => {
    const failure = refusedConnect(message, data);
    expect(failure).toMatchObject({ phase: "connect", kind, sure });
    expect(JSON.stringify(failure)).not.toContain(SECRET);
  });
});

describe("a callback", () => {
  it.each([
    [undefined],
    [null],
    [true],
    ["ok"],
    [""],
    [0],
    [{}],
    [{ status: "ok" }],
    [{ error: null }],
    [{ error: 0 }],
    [{ code: 600 }],
    [{ code: 1000, data: "x" }],
    [{ status: 200 }],
    [[]],
  ])("%j says yes", (word) => expect(refusalIn(word, "publish")).toBeNull());

  it.each<[unknown, FailureKind, boolean]>([
    [false, "publish", false],
    [{ ok: false }, "publish", false],
    [{ success: false, reason: SECRET }, "publish", false],
    [{ error: SECRET }, "publish", false],
    [{ error: { code: 429 } }, "rate_limit", true],
    [{ status: "error" }, "publish", false],
    [{ status: 403 }, "auth", true],
    [{ code: 500 }, "publish", false],
    [{ code: 599 }, "publish", false],
    [{ error: 1 }, "publish", false],
    [{ code: 1000, error: SECRET }, "publish", false],
  ])("%j refuses", (word, kind, sure) => {
    const failure = refusalIn(word, "publish");
    expect(failure).toMatchObject({ phase: "publish", kind, sure });
    expect(JSON.stringify(failure)).not.toContain(SECRET);
  });
});

describe("an end", () => {
  it.each([
    ["io server disconnect", "closed"],
    ["ping timeout", "timeout"],
    ["parse error", "protocol"],
    ["transport error", "protocol"],
  ])("%s", (reason, kind) => expect(endedBy(reason)).toMatchObject({ phase: "deliver", kind }));

  it("is the socket's own where the client says nothing new", () => {
    expect(endedBy("transport close")).toBeNull();
    expect(endedBy("io client disconnect")).toBeNull();
    expect(cutBy(1006)).toMatchObject({ phase: "deliver", kind: "closed", code: 1006 });
    expect(cutBy(1009)).toMatchObject({ phase: "publish", kind: "publish", code: 1009 });
  });
});

describe("frames", () => {
  it.each([
    "",
    "42",
    "42 ",
    "4217",
    "42/x",
    "42/x,1",
    "44",
    "44/x,",
    "44[]",
    "44null",
    '44"x"',
    "44{",
    "451-",
    "451-/x,2",
    "45-",
  ])("%j would make the client throw, and is refused", (frame) => expect(opened()(frame)).toBeNull());

  it.each([
    "2",
    '42["a"]',
    '42/x,12["a"]',
    "43",
    "4317[]",
    '40{"sid":"s"}',
    '451-["a",{"_placeholder":true,"num":0}]',
    "x",
  ])("%j goes on", (frame) => expect(opened()(frame)).toBe(frame));

  it("a refusal's message is text, whatever it was", () => {
    expect(opened()('44/x,{"message":{"toString":1},"data":{"code":401},"more":1}')).toBe(
      '44/x,{"message":"","data":{"code":401}}',
    );
  });

  it("the first must open", () => {
    expect(frameJudge()("2")).toBeNull();
    expect(frameJudge()(new ArrayBuffer(3))).toBeNull();
    const judge = opened();
    expect(judge(new ArrayBuffer(3))).toBeInstanceOf(ArrayBuffer);
  });

  it("100,000 damaged ones are judged, and none of them throws", () => {
    const judge = opened();
    let refused = 0;
    for (const frame of hostileFrames(mulberry32(11), 100_000, "wild")) {
      if (judge(typeof frame === "string" ? frame : (frame.buffer as ArrayBuffer)) === null) refused += 1;
    }
    expect(refused).toBeGreaterThan(1_000);
    expect(refused).toBeLessThan(50_000);
  });

  function opened(): ReturnType<typeof frameJudge> {
    const judge = frameJudge();
    judge('0{"sid":"s"}');
    return judge;
  }
});

describe("what is sent and read", () => {
  const text = socketIoSettings({});
  const json = socketIoSettings({ payload: "json", dataKey: "body" });

  it("has the shape that the application asked for", () => {
    expect(joinArguments(text, "r")).toEqual(["r"]);
    expect(publishArguments(text, "r", "m")).toEqual(["r", "m"]);
    expect(joinArguments(json, "r")).toEqual([{ room: "r" }]);
    expect(publishArguments(json, "r", "m")).toEqual([{ room: "r", body: "m" }]);
    const secrets = { token: "t", user: "u" };
    expect(authOf(text, secrets)).toEqual(secrets);
    expect(authOf(socketIoSettings({ authKeys: { token: "jwt" } }), secrets)).toEqual({ jwt: "t", user: "u" });
  });

  it.each<[unknown[], string | null]>([
    [["m"], "m"],
    [["r", "m"], "m"],
    [["m", "more"], "m"],
    [["r"], null],
    [[], null],
    [[{ room: "r", body: "m" }], null],
  ])("text: %j", (given, message) => expect(messageIn(text, "r", given)).toBe(message));

  it.each<[unknown[], string | null]>([
    [[{ room: "r", body: "m", by: 1 }], "m"],
    [[{ body: "m" }], "m"],
    [[{ room: "other", body: "m" }], null],
    [[{ room: "r", body: 1 }], null],
    [[{ room: "r" }], null],
    [["m"], null],
    [[null], null],
  ])("json: %j", (given, message) => expect(messageIn(json, "r", given)).toBe(message));

  it.each([
    ["wss://h", "wss://h/socket.io/?EIO=4&transport=websocket"],
    ["wss://h/", "wss://h/socket.io/?EIO=4&transport=websocket"],
    ["ws://h:3000/rt/socket?v=2", "ws://h:3000/rt/socket/?v=2&EIO=4&transport=websocket"],
  ])("%s is dialled at %s", (address, dialled) => expect(engineAddress(address)).toBe(dialled));
});
