// Aim: a gateway's frames are told apart exactly as its options say, and a close means what its code and its moment say.
// Method: tables over the pure parts; then the driver on a fake socket with a clock that the test holds.

import { describe, expect, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import { expectationOf, FRAME_CHARS_MAX, frameOf, gatewayOf, readFrame } from "../../workers/probes/gateway.ts";
import { SETTLE_MS } from "../../workers/probes/gateway-talk.probe.ts";
import { closedBy } from "../../workers/probes/websocket-failures.ts";
import { JSON_OPTIONS, TEXT_OPTIONS } from "../drivers/gateway-options.ts";
import { dialFake } from "./fake-socket.ts";

const values = (name: string): string => ({ channel: "lab", seq: "7", "var.x": "x" })[name] ?? "";

/** Whether a frame is taken for an answer to the subscription. */
function holds(ok: Options, frame: string, format: string): boolean {
  const gateway = gatewayOf({ ...JSON_OPTIONS, format, subscribe: { send: "{}", ok } });
  const read = readFrame(frame, format === "json");
  return read !== null && expectationOf(gateway.subscribe?.ok ?? null, values).holds(read);
}

describe("JSON frames", () => {
  it.each<[Options, string, boolean]>([
    [{ "/type": "joined" }, '{"type":"joined","more":[1]}', true],
    [{ "/type": "joined" }, '{"type":"Joined"}', false],
    [{ "/type": "joined", "/room": "${channel}" }, '{"type":"joined","room":"lab"}', true],
    [{ "/type": "joined", "/room": "${channel}" }, '{"type":"joined","room":"lab2"}', false],
    [{ "/code": 200 }, '{"code":200}', true],
    [{ "/code": 200 }, '{"code":"200"}', false],
    [{ "/code": "200" }, '{"code":200}', false],
    [{ "/id": "${seq}" }, '{"id":7}', true],
    [{ "/id": "${seq}" }, '{"id":"7"}', true],
    [{ "/id": "${seq}" }, '{"id":[7]}', false],
    [{ "/code": [200, "done", true] }, '{"code":"done"}', true],
    [{ "/code": [200, "done", true] }, '{"code":true}', true],
    [{ "/code": [200, "done", true] }, '{"code":false}', false],
    [{ "/result": { present: true } }, '{"result":null}', true],
    [{ "/result": { present: true } }, "{}", false],
    [{ "/error": { present: false } }, "{}", true],
    [{ "/error": { present: false } }, '{"error":null}', false],
    [{ "/0": "phx_reply", "/2/ok": true }, '["phx_reply",null,{"ok":true}]', true],
    [{ "": "READY" }, '"READY"', true],
    [{ "/type": "joined" }, '[{"type":"joined"}]', false],
    [{ "/type": "joined" }, '{"__proto__":{"type":"joined"}}', false],
    [{ "/length": 1 }, "[1]", false],
  ])("%j and %s: %s", (ok, frame, expected) => expect(holds(ok, frame, "json")).toBe(expected));
});

describe("text frames", () => {
  it.each<[Options, string, boolean]>([
    [{ text: "READY" }, "READY", true],
    [{ text: "READY" }, "READY ", false],
    [{ prefix: "JOINED ${channel}" }, "JOINED lab at noon", true],
    [{ prefix: "ab", suffix: "bc" }, "abc", false],
    [{ prefix: "ab", suffix: "bc" }, "abbc", true],
    [{ suffix: "!" }, "joined!", true],
  ])("%j and %s: %s", (ok, frame, expected) => expect(holds(ok, frame, "text")).toBe(expected));
});

describe("what came", () => {
  it.each([
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0x22).buffer],
    ["half a document", '{"type":'],
    ["two documents", "{} {}"],
    ["nothing", ""],
    ["something that is neither text nor bytes", { type: "said" }],
    ["more than is ever ours", `"${"x".repeat(FRAME_CHARS_MAX)}"`],
  ])("%s is not read", (_, data) => expect(readFrame(data, true)).toBeNull());

  it("is read from bytes as from text, and however deep it nests", () => {
    expect(readFrame(new TextEncoder().encode('{"a":1}').buffer, true)).toEqual({ kind: "json", document: { a: 1 } });
    expect(readFrame("[".repeat(300_000) + "]".repeat(300_000), true)?.kind).toBe("json");
  });

  it("what is sent is escaped in JSON, and left alone in text", () => {
    const { publish } = gatewayOf(JSON_OPTIONS);
    const quote = (): string => '"\\\n';
    expect(frameOf(publish.send ?? [], true, quote)).toContain('"text":"\\"\\\\\\n"');
    expect(frameOf(gatewayOf(TEXT_OPTIONS).publish.send ?? [], false, quote)).toBe('SAY "\\\n "\\\n "\\\n');
  });

  it("strange options make a gateway that understands little, and throw nothing", () => {
    for (const strange of [
      {},
      { publish: 1 },
      { login: "x", publish: [], receive: { match: 5, payload: {} } },
    ] as Options[]) {
      expect(gatewayOf(strange).publish.id).toBeNull();
    }
  });
});

describe("a close", () => {
  it.each<[number, Phase, boolean, FailureKind, Phase, boolean]>([
    [1008, "connect", true, "auth", "connect", false],
    [3000, "connect", true, "auth", "connect", true],
    [4001, "connect", true, "auth", "connect", false],
    [4401, "subscribe", true, "auth", "subscribe", false],
    [4401, "subscribe", false, "closed", "subscribe", true],
    [1008, "deliver", false, "closed", "deliver", true],
    [1000, "connect", true, "closed", "connect", true],
    [1006, "deliver", false, "closed", "deliver", true],
    [4000, "connect", true, "closed", "connect", true],
    [1013, "connect", true, "rate_limit", "connect", true],
    [4429, "deliver", false, "rate_limit", "deliver", true],
    [1002, "connect", true, "protocol", "connect", true],
    [1007, "deliver", false, "protocol", "deliver", true],
    [1009, "deliver", false, "publish", "publish", true],
    [1009, "connect", true, "closed", "connect", true],
  ])("with %i at %s (logging in: %s) is %s at %s", (code, phase, loggingIn, kind, where, sure) =>
    expect(closedBy(code, phase, loggingIn)).toMatchObject({ kind, phase: where, code, sure }),
  );
});

describe("a session on a fake socket", () => {
  const secrets = { user: "u", password: "p", token: "t" };

  it("logs in, subscribes, publishes, and hears only what is its own", async () => {
    const { outside, socket, connecting } = dialFake(JSON_OPTIONS, secrets);
    await outside.run(0);
    expect(socket.frames).toEqual([{ type: "login", user: "u", password: "p" }]);
    socket.say('{"type":"said","room":"lab","text":"too early"}');
    socket.say('{"type":"welcome","list":[{"a":1}]}');
    const session = await connecting;
    const heard: string[] = [];
    const subscribing = session.subscribe("lab", ({ data }) => void heard.push(new TextDecoder().decode(data)));
    const join = socket.frames[1] as { id: string };
    socket.say(JSON.stringify({ type: "joined", ref: "somebody-else" }));
    socket.say(JSON.stringify({ type: "said", room: "lab", text: "before the yes" }));
    socket.say(JSON.stringify({ type: "joined", ref: join.id }));
    await subscribing;
    const { answer } = session.publish("lab", new TextEncoder().encode("hello"));
    const { id } = socket.frames[2] as { id: string };
    for (const ref of ["nobody", 7, null, { id }]) socket.say(JSON.stringify({ type: "ack", ref }));
    await outside.run(30);
    socket.say(JSON.stringify({ type: "ack", ref: id }));
    socket.say(JSON.stringify({ type: "refused", ref: id }));
    expect(await answer).toEqual({ kind: "acknowledged", receivedAt: outside.now() });
    socket.say(JSON.stringify({ type: "said", room: "elsewhere", text: "foreign" }));
    socket.say(JSON.stringify({ type: "said", room: "lab", text: ["no text"] }));
    socket.say(JSON.stringify({ type: "said", room: "lab", text: "hello" }));
    expect(heard).toEqual(["before the yes", "hello"]);
    const unanswered = session.publish("lab", new Uint8Array(0)).answer;
    const closing = session.close();
    expect(await unanswered).toEqual({ kind: "none" });
    await outside.run(1_000);
    await closing;
    expect(socket.wasCut, "nobody said goodbye").toBe(true);
  });

  it("a login that only garbage answers is a protocol failure, at the deadline", async () => {
    const { outside, socket, connecting } = dialFake(JSON_OPTIONS, secrets);
    const failing = expect(connecting).rejects.toMatchObject({ kind: "protocol", phase: "connect", sure: false });
    await outside.run(10);
    socket.say("garbage");
    await outside.run(2_000);
    await failing;
  });

  it("two subscriptions at once each get their own answer", async () => {
    const { outside, socket, connecting } = dialFake({ ...JSON_OPTIONS, login: { ok: { "/type": "hello" } } }, secrets);
    await outside.run(0);
    socket.say('{"type":"hello"}');
    const session = await connecting;
    const both = Promise.allSettled([session.subscribe("a", () => {}), session.subscribe("b", () => {})]);
    const [first, second] = socket.frames as { id: string }[];
    socket.say(JSON.stringify({ type: "joined", ref: second?.id }));
    socket.say(JSON.stringify({ type: "refused", ref: first?.id }));
    const [a, b] = await both;
    expect(a).toMatchObject({ status: "rejected", reason: { kind: "subscribe", phase: "subscribe" } });
    expect(b?.status).toBe("fulfilled");
  });

  it("a subscription that nobody confirms takes a moment, unless the gateway closes", async () => {
    const subscribe = { send: "{}" };
    const options = { ...JSON_OPTIONS, login: { ok: { "/type": "hello" } }, subscribe };
    for (const closes of [false, true]) {
      const { outside, socket, connecting } = dialFake(options, secrets);
      await outside.run(0);
      socket.say('{"type":"hello"}');
      const session = await connecting;
      let state = "waiting";
      void session
        .subscribe("lab", () => {})
        .then(
          () => (state = "subscribed"),
          ({ kind }: { kind: string }) => (state = kind),
        );
      await outside.run(SETTLE_MS - 1);
      expect(state).toBe("waiting");
      if (closes) socket.end(1001);
      await outside.run(1);
      expect(state).toBe(closes ? "closed" : "subscribed");
    }
  });
});
