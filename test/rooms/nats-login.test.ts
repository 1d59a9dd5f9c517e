// Aim: the NATS driver signs as the library does, and reads each error of a server as one class, in our own words.
// Method: seeds and nonces against the library's own authenticators, bad seeds; and a table of the server's words.

import { credsAuthenticator, nkeyAuthenticator } from "@nats-io/nats-core";
import { fmtCreds } from "@nats-io/jwt";
import { createAccount, createUser } from "@nats-io/nkeys";
import { describe, expect, it } from "vitest";

import { failureOfViolation, failureOfWord, textOfErr, violationOf } from "../../workers/probes/nats-failures.ts";
import { connectLine, readGreeting } from "../../workers/probes/nats-login.ts";
import { signNonce } from "../../workers/probes/nats-nkey.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe("an nkey", () => {
  it("signs 20 nonces as the library does, to the byte", async () => {
    for (let each = 0; each < 20; each++) {
      const seed = createUser().getSeed();
      const nonce = `nonce-${each}`;
      expect(await signNonce(text(seed), nonce)).toEqual(nkeyAuthenticator(seed)(nonce));
    }
  });

  it("that is none is refused: an account's, a mistyped one, a short one, another alphabet", async () => {
    const seed = text(createUser().getSeed());
    const mistyped = `${seed.slice(0, 20)}${seed[20] === "A" ? "B" : "A"}${seed.slice(21)}`;
    for (const bad of [
      text(createAccount().getSeed()),
      mistyped,
      seed.slice(0, -1),
      `${seed}A`,
      seed.toLowerCase(),
      "",
    ]) {
      expect(await signNonce(bad, "n")).toBeNull();
    }
  });

  it.each([
    ["as it was written", (creds: string) => creds],
    ["with the line ends of Windows", (creds: string) => creds.replaceAll("\n", "\r\n")],
    ["trimmed", (creds: string) => creds.trim()],
  ])("in a .creds file, %s, gives the library's CONNECT", async (_, change) => {
    const creds = fmtCreds("aaa.bbb.ccc-_", createUser());
    const greeting = { tls: "none", maxPayloadBytes: 1, headers: true, nonce: "n" } as const;
    const line = await connectLine(greeting, { creds: change(text(creds)) });
    const connect: unknown = JSON.parse(line.slice("CONNECT ".length));
    expect(connect).toMatchObject(credsAuthenticator(creds)("n") ?? {});
  });
});

it("an INFO that is none is none", () => {
  for (const bad of [
    "",
    "null",
    "[]",
    "7",
    "{",
    "{}",
    '{"max_payload":-1}',
    '{"max_payload":"1"}',
    '{"max_payload":1.5}',
  ]) {
    expect(readGreeting(bytes(bad)), bad).toBeNull();
  }
  expect(readGreeting(bytes('{"max_payload":9,"tls_available":true,"nonce":"n"}'))).toEqual({
    tls: "available",
    maxPayloadBytes: 9,
    headers: false,
    nonce: "n",
  });
});

describe("an error", () => {
  it.each([
    ["Authorization Violation", "auth", "connect", true],
    ["User Authentication Expired", "auth", "connect", true],
    ["User Authentication Revoked", "auth", "connect", true],
    ["Account Authentication Expired", "auth", "connect", true],
    ["Authentication Timeout", "timeout", "connect", true],
    ["maximum connections exceeded", "rate_limit", "connect", true],
    ["maximum account active connections exceeded", "rate_limit", "connect", true],
    ["maximum subscriptions exceeded", "subscribe", "subscribe", false],
    ["Invalid Subject", "protocol", "connect", false],
    ["Maximum Payload Violation", "publish", "publish", true],
    ["Slow Consumer", "closed", "connect", true],
    ["Stale Connection", "closed", "connect", true],
    ["Secure Connection - TLS Required", "tls", "connect", true],
    ["Attempted To Connect To Route Port", "config", "connect", true],
    ["Unknown Protocol Operation", "protocol", "connect", true],
    ["Parser Error", "protocol", "connect", true],
  ] as const)("%s", (said, kind, phase, ends) => {
    const secret = "hunter2";
    const { failure, ...read } = failureOfWord(textOfErr(bytes(`'${said} ${secret}'`)), "connect");
    expect({ ...read, ...failure }).toMatchObject({ kind, phase, ends, sure: true });
    expect(JSON.stringify(failure)).not.toContain(secret);
  });

  it("that is not known is a guess, and ends nothing", () => {
    const { failure, ends } = failureOfWord("hunter2", "deliver");
    expect([failure.kind, failure.sure, ends]).toEqual(["protocol", false, false]);
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });

  it("about permissions names what and where", () => {
    expect(violationOf('Permissions Violation for Publish to "a.b"')).toEqual({ of: "publish", subject: "a.b" });
    const queue = 'Permissions Violation for Subscription to "a.>" using queue "q"';
    expect(violationOf(queue)).toEqual({ of: "subscription", subject: "a.>" });
    const reply = 'Permissions Violation for Publish with Reply of "_INBOX.a.1"';
    expect(violationOf(reply)).toEqual({ of: "publish", subject: "_INBOX.a.1" });
    expect(violationOf("Permissions Violation")).toBeNull();
    expect(failureOfViolation("subscription")).toMatchObject({ kind: "subscribe", phase: "subscribe" });
  });
});
