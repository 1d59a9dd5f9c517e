// Aim: "sent" means that the receiver itself said so, whatever the status; every other answer leads to the right next step; no answer has
// a secret in it. Method: each channel against a local receiver that speaks its documented contract, through each trouble.

import { afterAll, describe, expect, test } from "vitest";

import { send } from "../../workers/alerts/channels.send.ts";
import { type Reply, startReceiver } from "../local/alert-receivers.server.ts";
import { ALERT, DIALECTS, expectKept, impatient, inShort, judged, line, signaturesOf } from "./alert-sending.ts";

afterAll(() => console.log(`alert channels: ${judged()} answers judged`));

describe.each(DIALECTS)("%s", (dialect) => {
  test("each kind of message is taken by a receiver that keeps to the contract", async () => {
    const { receiver, send: sent, secrets } = await line(dialect);
    for (const kind of ["trigger", "update", "acknowledge", "resolve", "test"] as const) {
      for (const severity of ["critical", "error", "warning", "info"] as const) {
        const endedAt = kind === "resolve" ? ALERT.startedAt + 60_000 : null;
        const language = severity === "error" ? "zh" : "en";
        const answer = await sent({ ...ALERT, key: `chat-7/0/${kind}/${severity}`, kind, severity, endedAt, language });
        expect(answer).toMatchObject({ accepted: true, disable: false });
        expect(answer.httpStatus).toBeGreaterThanOrEqual(200);
        expectKept(answer, secrets);
      }
    }
    expect(receiver.seen).toHaveLength(20);
  });

  test("an alert with nothing but its title is taken, and so is one on a machine without a name", async () => {
    const { send: sent } = await line(dialect);
    const bare = { ...ALERT, sentence: "", facts: [], regions: [], pageUrl: null, ackUrl: null };
    expect(inShort(await sent(bare))).toBe("accepted");
    expect(inShort(await sent({ ...ALERT, key: "other", pageUrl: "http://127.0.0.1:8787/" }))).toBe("accepted");
  });

  // Where the general rule is not this channel's, see the tables below.
  const general: readonly [string, Reply, string][] = [
    ["says nothing", "hang", "backoff"],
    ["stops within its answer", "drip", "backoff"],
    ["closes the connection", "cut", "backoff"],
    ["closes it within the answer", "torn", "backoff"],
    ["500", { status: 500, body: "oops" }, "backoff"],
    ["502 with a page", { status: 502, body: "<html>Bad Gateway" }, "backoff"],
    ["503 with a time", { status: 503, headers: { "retry-after": "7" } }, "after 7000"],
    ["429 with a time", { status: 429, headers: { "retry-after": "30" } }, "after 30000"],
    ["429 with an absurd time", { status: 429, headers: { "retry-after": "999999999" } }, "after 86400000"],
    ["408", { status: 408 }, "backoff"],
    ["410", { status: 410 }, "never, disabled"],
    ["301", { status: 301, headers: { location: "https://elsewhere.example.com/" } }, "never"],
    ["302", { status: 302, headers: { location: "https://elsewhere.example.com/" } }, "backoff"],
  ];
  test.each(general)("%s", async (_, reply, expected) => {
    const { receiver, send: sent, secrets, world } = await line(dialect);
    receiver.reply = reply;
    const isSilent = reply === "hang" || reply === "drip";
    const answer = await sent(ALERT, isSilent ? { outside: impatient(world.outside) } : {});
    expect(inShort(answer)).toBe(expected);
    expectKept(answer, secrets);
    if (!isSilent) expect(receiver.seen).toHaveLength(1);
  });

  test("200 with a page of somebody in between is no success, save where any 2xx is the contract", async () => {
    const { receiver, send: sent, secrets } = await line(dialect);
    for (const body of ["<!doctype html><title>Sign in</title>", "<html>ok</html>"]) {
      receiver.reply = { status: 200, body };
      const answer = await sent();
      expect(answer.accepted).toBe(dialect === "webhook");
      expectKept(answer, secrets);
    }
  });

  test("200 with JSON that is not the receiver's word is no success", async () => {
    const bodies = [
      "",
      "null",
      "[]",
      "0",
      "{}",
      '"ok"',
      '{"ok":"true"}',
      '{"ok":1}',
      '{"errcode":"0"}',
      '{"code":"0"}',
    ];
    const { receiver, send: sent, secrets } = await line(dialect);
    // Any 2xx of a webhook is its word, and Alertmanager says nothing but 200.
    const isBareStatus = dialect === "webhook" || dialect === "alertmanager";
    for (const body of [
      ...bodies,
      '{"status":"success"}',
      '{"id":""}',
      '{"code":0,"StatusCode":1}',
      '{"__proto__":{"ok":true}}',
    ]) {
      receiver.reply = { status: 200, body };
      const answer = await sent();
      expect([body, answer.accepted]).toEqual([body, isBareStatus]);
      expectKept(answer, secrets);
    }
  });

  test("a megabyte of answer is not read to its end", async () => {
    const { receiver, send: sent, secrets } = await line(dialect);
    receiver.reply = "huge";
    const answer = await sent();
    expect(answer.accepted).toBe(dialect === "webhook" || dialect === "alertmanager");
    expectKept(answer, secrets);
  });

  test("a redirect inside is not followed", async () => {
    const trap = await startReceiver("webhook", { key: null, keyword: null });
    const { receiver, send: sent } = await line(dialect);
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.reply = { status, headers: { location: `${trap.origin}/latest/meta-data/` } };
      const answer = await sent();
      expect([answer.accepted, answer.disable, answer.httpStatus]).toEqual([false, false, status]);
    }
    expect([trap.seen.length, receiver.seen.length]).toEqual([0, 5]);
    await trap.close();
  });

  test("a receiver that sends back what it was sent gives nothing away", async () => {
    const { receiver, send: sent, secrets, settings, world } = await line(dialect);
    await sent();
    const first = receiver.seen[0];
    // Nor the beginning of one, where a sentence is cut.
    const told = [...secrets, ...signaturesOf(first)];
    const beginnings = told.filter((secret) => !/^(http|\/)/.test(secret)).map((secret) => secret.slice(0, 9));
    const echoes = [
      first?.body ?? "",
      JSON.stringify(first?.headers),
      secrets.join(" "),
      secrets.join("").toUpperCase(),
      secrets.map(encodeURIComponent).join("\n"),
      secrets.map((secret) => [...secret].join("\u200b")).join(" "),
      ...secrets.flatMap((secret) => ["y".repeat(120) + secret, "y".repeat(130) + secret]),
      " ".repeat(131_000) + secrets.join(" ").repeat(30),
    ];
    for (const echo of echoes) {
      for (const body of [
        echo,
        JSON.stringify({
          message: echo,
          description: echo,
          errmsg: echo,
          msg: echo,
          code: echo,
          errcode: echo,
          name: echo,
        }),
      ]) {
        receiver.reply = { status: 400, body };
        expectKept(await send(ALERT, settings, world), [...told, ...beginnings]);
      }
    }
  });

  test("where nothing listens, where the runtime throws, and where its words hold the address", async () => {
    const { receiver, send: sent, secrets, world } = await line(dialect);
    await receiver.close();
    const closed = await sent();
    expect(inShort(closed)).toBe("backoff");
    expectKept(closed, secrets);
    const failing = { ...world.outside, fetch: (url: string) => Promise.reject(new TypeError(`Invalid URL: ${url}`)) };
    const thrown = await sent(ALERT, { outside: failing });
    expect([inShort(thrown), thrown.said]).toEqual(["backoff", "The connection failed."]);
    expectKept(thrown, secrets);
  });

  test("a secret that nobody has set, and an address inside: nothing is sent, and it says what to mend", async () => {
    const { receiver, send: sent, secrets, settings } = await line(dialect);
    const unset = await sent(ALERT, { secretOf: () => null });
    expect([inShort(unset), unset.httpStatus]).toEqual(["never", null]);
    expect(unset.said).toMatch(/^Nothing was sent: the secret (URL|KEY) is not set\.$/);
    if (settings.urlSecret !== null) {
      const inside = await sent(ALERT, { allowsLoopback: false });
      expect([inShort(inside), inside.said]).toEqual(["never", "Nothing was sent: the address is this machine's own."]);
      expectKept(inside, secrets);
    }
    const broken = await sent(ALERT, {
      secretOf: () => {
        throw new Error("no vault at hunter2");
      },
    });
    expect(inShort(broken)).toBe("backoff");
    expect(broken.said).not.toContain("hunter2");
    expect(receiver.seen).toHaveLength(0);
  });
});
