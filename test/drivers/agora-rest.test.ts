// Aim: the driver for Agora's REST API says what the gateway said, claims nothing more, and never waits longer than it may.
// Method: whole rounds in workerd against a fake that honours the documented contract and verifies tokens with Agora's own
// library (`agora.server.ts`), then against each way in which it may misbehave.

import { describe, expect, it } from "vitest";

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import { outside } from "../../workers/outside.ts";
import { agoraRestDriver } from "../../workers/probes/agora-rest.probe.ts";
import { signAgoraToken } from "../../workers/probes/agora-token.ts";
import type { Answer, Session } from "../../workers/probes/driver.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { AgoraAddress, AgoraSeen } from "./agora.server.ts";
import type { Ports } from "./ports.server.ts";
import { clean, serverOf, type Trial, type Tried, tryRound } from "./trial.ts";

const agora = await serverOf<AgoraAddress>("agora");
const ports = await serverOf<Ports>("ports");

const { appId, appCertificate, customerKey, customerSecret } = agora;
const BASIC = { customerKey, customerSecret };
const TOKEN = { appCertificate };
const ACK: Options = { waitForAck: true };

function to(peer: string | null, more: Partial<Trial> & { readonly extra?: Options } = {}): Promise<Tried> {
  const { extra = {}, ...rest } = more;
  const options = { appId, user: "sonde-rtm-weur", ...(peer === null ? {} : { peer }), ...extra };
  return tryRound({ driver: "agora-rest", address: agora.url, channel: "room", options, secrets: TOKEN, ...rest });
}

async function seen(): Promise<AgoraSeen> {
  return (await fetch(agora.seenUrl)).json<AgoraSeen>();
}

function expectNoSecret(words: unknown): void {
  const text = JSON.stringify(words);
  for (const secret of [appCertificate, customerKey, customerSecret, "007eJ"]) expect(text).not.toContain(secret);
}

describe("what is sent", () => {
  it.each([
    ["to a channel, by token", null, TOKEN, {}, { channel_name: "room", enable_historical_messaging: false }, ""],
    [
      "to a channel, by customer key",
      null,
      BASIC,
      {},
      { channel_name: "room", enable_historical_messaging: false },
      "",
    ],
    [
      "to a user, accepted is enough",
      "bob",
      TOKEN,
      {},
      { destination: "bob", enable_offline_messaging: false },
      "?wait_for_ack=false",
    ],
    [
      "to a user who acknowledges",
      "bob",
      BASIC,
      ACK,
      { destination: "bob", enable_offline_messaging: false },
      "?wait_for_ack=true",
    ],
  ] as const)("%s, is what the document asks for", async (_, peer, secrets, extra, body, query) => {
    await seen();
    const { observation, record } = await to(peer, { secrets, extra });
    expect(record).toMatchObject(clean(8));
    expect(observation.connects).toHaveLength(1);
    const gateway = await seen();
    expect(gateway).toMatchObject({ messages: 8, openings: 1, lastBody: body, lastQuery: query });
    expect(String(gateway.lastBody?.["payload"])).toMatch(/^sonde1 /);
    expect(Object.keys(gateway.lastBody ?? {})).toHaveLength(3);
  });

  it("is signed in workerd byte for byte as by Agora's library", async () => {
    const { token, ...grant } = agora.reference;
    expect(await signAgoraToken({ ...grant, appId, appCertificate, expiresAfterS: 7_200 })).toBe(token);
  });

  it.each([
    ["acknowledged by the receiver", "bob", ACK],
    ["accepted by the service", null, {}],
  ] as const)("1,000 messages, none lost, %s", async (_, peer, extra) => {
    let ok = 0;
    for (let round = 0; round < 5; round += 1) {
      const pace = { extra, messages: 100, gapMs: 10 };
      const both = await Promise.all([to(peer, { ...pace, secrets: TOKEN }), to(peer, { ...pace, secrets: BASIC })]);
      for (const { record } of both) {
        expect(record).toMatchObject(clean(100));
        ok += record.ok;
      }
    }
    expect(ok).toBe(1_000);
  });

  it("several sessions at once, each to its own", async () => {
    const all = await Promise.all([to("ann", { extra: ACK }), to("bob", { extra: ACK }), to(null)]);
    for (const { record } of all) expect(record).toMatchObject(clean(8));
  });

  it("the largest message that a configuration may ask for is taken; a larger one is refused", async () => {
    expect((await to("bob", { payloadBytes: 32_768 })).record).toMatchObject(clean(8));
    const { record } = await to("bob", { payloadBytes: 32_769, messages: 2 });
    expect(record.failures).toEqual([{ phase: "publish", kind: "publish", count: 2 }]);
  });
});

describe("six requests at once", () => {
  it("are never exceeded, and whoever must wait is still counted from when it was meant to be sent", async () => {
    await seen();
    const { observation, record } = await to("slow-150", { messages: 24, gapMs: 10, extra: ACK });
    expect(record).toMatchObject(clean(24));
    expect((await seen()).atOnce).toBe(6);
    // The schedule did not wait for them; the last six began after three times 150 ms.
    const [first, last] = [observation.messages[0], observation.messages[23]];
    expect((last?.sentAt ?? 0) - (first?.sentAt ?? 0)).toBeLessThan(450);
    expect((last?.receivedAt ?? 0) - (last?.intendedAt ?? 0)).toBeGreaterThanOrEqual(300);
  });

  it("at a pace that the configuration allows, none waits", async () => {
    await seen();
    const { record } = await to("slow-150", { messages: 12, gapMs: 60, deadlineMs: 350, extra: ACK });
    expect(record).toMatchObject(clean(12));
    expect(record.latencyMsMax).toBeLessThan(350);
    expect((await seen()).atOnce).toBeLessThanOrEqual(6);
  });

  it("and those that nobody answers are let go at their deadline, so that the next find a place", async () => {
    await seen();
    const { record } = await to("silent", { messages: 12, gapMs: 60, deadlineMs: 350, extra: ACK });
    expect(record).toMatchObject({ ok: 0, lost: 12, error: 0, notSent: 0 });
    expect((await seen()).atOnce).toBeLessThanOrEqual(6);
  });
});

describe("a session that cannot be opened", () => {
  const wrong = "0ff0ff0ff0ff0ff0ff0ff0ff0ff0ff0f";
  const REFUSED: readonly (readonly [
    string,
    Partial<Trial> & { extra?: Options },
    string | null,
    FailureKind,
    unknown,
  ])[] = [
    ["a token forged with another certificate", { secrets: { appCertificate: wrong } }, "bob", "auth", 401],
    ["a token that has expired", { extra: { appId: agora.aheadAppId } }, "bob", "auth", 401],
    ["a token for another app", { extra: { appId: wrong } }, "bob", "auth", 401],
    ["a wrong customer secret", { secrets: { customerKey, customerSecret: "wrong" } }, "bob", "auth", 401],
    ["HTTP 403", {}, "open.status-403", "auth", 403],
    ["HTTP 404", {}, "open.status-404", "handshake", 404],
    ["HTTP 408", {}, "open.status-408", "timeout", 408],
    ["HTTP 429", {}, "open.status-429", "rate_limit", 429],
    ["HTTP 500", {}, "open.status-500", "handshake", 500],
    ["HTTP 503", {}, "open.status-503", "handshake", 503],
    ["HTML in place of JSON", {}, "open.html", "protocol", 200],
    ["HTML in place of JSON, 400", {}, "open.html-400", "protocol", 400],
    ["a redirect", {}, "open.redirect", "protocol", 307],
    ["a redirect to another place", {}, "open.redirect-away", "protocol", 302],
    ["an endless answer", {}, "open.endless", "protocol", undefined],
    ["silence", {}, "open.silent", "timeout", undefined],
    ["an answer that drips", {}, "open.drip", "timeout", undefined],
    ["a cut", {}, "open.cut", "handshake", undefined],
    ["a closed port", { address: `http://127.0.0.1:${ports.closed}` }, "bob", "tcp", undefined],
    ["TLS to a port that speaks none", { address: `https://127.0.0.1:${ports.garbage}` }, "bob", "tls", undefined],
    ["garbage in place of HTTP", { address: `http://127.0.0.1:${ports.garbage}` }, "bob", "handshake", undefined],
    ["a port that accepts and is silent", { address: `http://127.0.0.1:${ports.silent}` }, "bob", "timeout", undefined],
  ];

  it.each(REFUSED)("%s", async (_, more, peer, kind, code) => {
    const { observation, record } = await to(peer, { connectDeadlineMs: 400, ...more });
    expect(observation.failure).toMatchObject({ phase: "connect", kind });
    expect(observation.failure?.code).toBe(code);
    expect(observation.failure?.sure).toBe(
      !["a cut", "a closed port", "garbage in place of HTTP"].includes(_) && kind !== "tls",
    );
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, connectFail: 8, notSent: 0, unfit: "none" });
    // The deadline of connecting and a diagnosis of two layers.
    expect(observation.endedAt - observation.startedAt).toBeLessThan(400 + 2 * 400 + 1_000);
    expectNoSecret(observation);
  });

  it("a user id that is too long is our own fault: it proves nothing", async () => {
    const { record } = await to("bob", { extra: { user: "u".repeat(65) } });
    expect(record).toMatchObject({ error: 0, notSent: 8, unfit: "configuration" });
  });

  it("the fake itself refuses a token under another's name, and a body that is no JSON", async () => {
    const token = await signAgoraToken({
      ...agora.reference,
      appId,
      appCertificate,
      expiresAfterS: 7_200,
      issuedAtS: nowS(),
    });
    const call = async (user: string, uid: string, type = "application/json"): Promise<number> => {
      const headers = { "x-agora-token": token, "x-agora-uid": uid, "content-type": type };
      const url = `${agora.url}/dev/v2/project/${appId}/rtm/users/${user}/channel_messages`;
      const body = JSON.stringify({ channel_name: "room", payload: "x" });
      const answer = await fetch(url, { method: "POST", headers, body });
      await answer.text();
      return answer.status;
    };
    expect(await call("sonde", "sonde")).toBe(200);
    expect(await call("mallory", "sonde")).toBe(401);
    expect(await call("mallory", "mallory")).toBe(401);
    expect(await call("sonde", "sonde", "text/plain")).toBe(415);
  });
});

function nowS(): number {
  return Math.floor(outside.now() / 1_000);
}

describe("a message that does not count", () => {
  const REFUSED: readonly (readonly [string, FailureKind])[] = [
    ["offline", "receiver_offline"],
    ["unacknowledged", "protocol"],
    ["failed", "publish"],
    ["unknown-code", "protocol"],
    ["html", "protocol"],
    ["endless", "protocol"],
    ["redirect", "protocol"],
    ["redirect-away", "protocol"],
    ["cut", "tcp"],
    ["half", "tcp"],
    ["status-400", "publish"],
    ["status-401", "auth"],
    ["status-403", "auth"],
    ["status-408", "timeout"],
    ["status-413", "publish"],
    ["status-415", "protocol"],
    ["status-429", "rate_limit"],
    ["status-435", "publish"],
    ["status-500", "publish"],
    ["status-503", "publish"],
  ];

  it.each(REFUSED)("%s: each is refused, and none is delivered, lost or left out", async (way, kind) => {
    const { observation, record } = await to(way, { extra: ACK });
    expect(record).toMatchObject({ ok: 0, lost: 0, error: 8, notSent: 0, connectFail: 0, unfit: "none" });
    const phase: Phase = "publish";
    expect(record.failures).toEqual([{ phase, kind, count: 8 }]);
    expectNoSecret(observation);
    expect(observation.endedAt - observation.startedAt).toBeLessThan(2_000 + 70 + 2_000 + 500);
  });

  it.each(["silent", "drip", "slow-3000"])("%s: lost at its deadline, and the round ends with it", async (way) => {
    const { observation, record } = await to(way, { extra: ACK, messages: 6, deadlineMs: 400 });
    expect(record).toMatchObject({ ok: 0, lost: 6, error: 0, notSent: 0, failures: [] });
    expect(observation.endedAt - observation.startedAt).toBeLessThan(400 + 50 + 400 + 1_000);
  });

  it("after the session was closed nothing is sent, and what was out is given up at once", async () => {
    const session = await open("silent");
    const { answer } = session.publish("room", new TextEncoder().encode("x"));
    await session.close();
    await session.close();
    expect(await answer).toEqual({ kind: "none" });
    await seen();
    expect(await session.publish("room", new TextEncoder().encode("y")).answer).toEqual({ kind: "none" });
    expect((await seen()).messages).toBe(0);
  });

  it("it cannot subscribe, and says so", async () => {
    const session = await open("bob");
    await expect(session.subscribe("room", () => {})).rejects.toMatchObject({ kind: "subscribe", phase: "subscribe" });
    await session.close();
  });
});

function open(peer: string): Promise<Session> {
  const endpoint = { address: agora.url, options: { appId, user: "sonde", peer, ...ACK }, secrets: TOKEN };
  const deadlines = { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400, answerMs: 5_000 };
  return agoraRestDriver(outside).connect(endpoint, "publisher", { deadlines, gate: openGate(outside.now) });
}

describe("placeholders", () => {
  it("of user and peer are those of the round's target and region", async () => {
    await seen();
    const endpoint = {
      address: agora.url,
      options: { appId, user: "sonde-{target}-{region}", peer: "echo-{region}", ...ACK },
      secrets: TOKEN,
      names: { target: "rtm", region: "oc" },
    };
    const deadlines = { connectMs: 2_000, subscribeMs: 2_000, closeMs: 400 };
    const session = await agoraRestDriver(outside).connect(endpoint, "publisher", {
      deadlines,
      gate: openGate(outside.now),
    });
    const said: Answer = await session.publish("room", new TextEncoder().encode("x")).answer;
    expect(said.kind).toBe("acknowledged");
    expect((await seen()).lastBody).toMatchObject({ destination: "echo-oc" });
    await session.close();
  });
});

it("2,000 hostile answers over HTTP: the good ones in between count, nothing breaks, no secret gets out", async () => {
  let ok = 0;
  let refused = 0;
  for (let round = 0; round < 4; round += 1) {
    const { observation, record } = await to("fuzz", { extra: ACK, messages: 500, gapMs: 3 });
    // One in ten is answered as it should be; of the others a few are good by chance, and none is left open.
    expect(record.ok).toBeGreaterThanOrEqual(50);
    expect(record.ok).toBeLessThan(100);
    expect(record).toMatchObject({ scheduled: 500, lost: 0, notSent: 0, unfit: "none" });
    ok += record.ok;
    refused += record.error;
    expectNoSecret(observation);
  }
  expect(ok + refused).toBe(2_000);
  console.log(`agora-rest.test.ts: 2,000 hostile answers, ${ok} counted, ${refused} refused`);
});
