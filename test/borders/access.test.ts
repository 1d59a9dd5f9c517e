// Aim: only who brings a fresh token, signed by the team's key for our application, is let in; every other one is not,
// whatever it says of itself, and nobody is when the keys cannot be had. Method: real keys made here, tokens good and
// forged by hand, in workerd; a fake of the team's key page at the one door, with the clock in hand, that may rotate, fail,
// lead elsewhere, hang or never end.

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";

import { accessGuard } from "../../workers/console/access.entry.ts";
import type { Visitor } from "../../workers/console/visitor.ts";
import { outside } from "../../workers/outside.ts";
import type { Outside } from "../../workers/outside.ts";

const NOW = Date.UTC(2031, 4, 15, 12);
const HOUR = 3_600_000;
const ACCESS = { team: "acme", audience: "a1".repeat(32) };
const ISSUER = "https://acme.cloudflareaccess.com";

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

let first: Pair;
let second: Pair;
let stranger: Pair;

async function pairOf(kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}

beforeAll(async () => {
  [first, second, stranger] = await Promise.all([pairOf("k1"), pairOf("k2"), pairOf("k1")]);
});

const CLAIMS = { email: "ada@acme.example", sub: "7f0c", type: "app" };
const seconds = (ms: number): number => Math.floor(ms / 1_000);
const without = (name: string): Record<string, unknown> => ({ [name]: undefined });

/** A token as Access makes it, other than what is said. */
function token(
  claims: Record<string, unknown> = {},
  pair: Pair = first,
  header: Record<string, unknown> = {},
): Promise<string> {
  const times = { iat: seconds(NOW - HOUR), nbf: seconds(NOW - HOUR), exp: seconds(NOW + HOUR) };
  const all = { ...CLAIMS, iss: ISSUER, aud: [ACCESS.audience], ...times, ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "RS256", kid: String(pair.jwk.kid), typ: "JWT", ...header })
    .sign(pair.privateKey);
}

const base64url = (text: string): string => Buffer.from(text).toString("base64url");

/** A token by hand, for what no library signs. */
async function forged(
  header: object,
  sign: (input: string) => Promise<string> | string,
  claims: object = {},
): Promise<string> {
  const all = { ...CLAIMS, iss: ISSUER, aud: [ACCESS.audience], exp: seconds(NOW + HOUR), ...claims };
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(all))}`;
  return `${input}.${await sign(input)}`;
}

/** The classic: the public key, which everybody has, as the secret of an HMAC. */
async function hmac(input: string, secret: string): Promise<string> {
  const bytes = new TextEncoder().encode(secret);
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(input));
  return Buffer.from(signed).toString("base64url");
}

const keysOf = (...pairs: Pair[]): Response => Response.json({ keys: pairs.map(({ jwk }) => jwk), public_certs: [] });

interface Door extends Outside {
  at: number;
  readonly asked: string[];
}

/** The outside with the clock in hand; `keys` answers whoever asks for the team's keys. */
function doorTo(keys: (init: RequestInit | undefined) => Response | Promise<Response>): Door {
  const asked: string[] = [];
  const door: Door = {
    ...outside,
    at: NOW,
    asked,
    now: () => door.at,
    fetch: async (url, init) => {
      asked.push(url);
      return keys(init);
    },
  };
  return door;
}

function request(jwt: string | null, cookie = ""): Request {
  const headers = new Headers(cookie === "" ? {} : { cookie });
  if (jwt !== null) headers.set("Cf-Access-Jwt-Assertion", jwt);
  return new Request("https://sonde.example/sla/enterprise", { headers });
}

const ADA: Visitor = { ok: true, who: "ada@acme.example" };
const no = (status: 401 | 403 | 503, reason: string): Visitor => ({ ok: false, status, reason });
const INVALID = no(401, "no valid token");

describe("a visitor", () => {
  const cut = async (): Promise<string> => (await token()).slice(0, -8);
  const swapped = async (): Promise<string> => {
    const [head, , signature] = (await token()).split(".");
    const [, payload] = (await token({ email: "eve@acme.example" })).split(".");
    return `${head}.${payload}.${signature}`;
  };
  const CASES: readonly (readonly [what: string, jwt: () => Promise<string> | string | null, seen: Visitor])[] = [
    ["with a right token", () => token(), ADA],
    ["with one for several applications", () => token({ aud: ["b", ACCESS.audience] }), ADA],
    ["with one audience as text", () => token({ aud: ACCESS.audience }), ADA],
    ["whose clock is 29 s behind", () => token({ exp: seconds(NOW) - 29 }), ADA],
    ["whose clock is 30 s ahead", () => token({ nbf: seconds(NOW) + 30 }), ADA],
    [
      "that is a service",
      () => token({ ...without("email"), sub: "", common_name: "e367.access" }),
      { ok: true, who: "e367.access" },
    ],
    ["with nothing but a sub", () => token(without("email")), { ok: true, who: "7f0c" }],
    ["that is nobody", () => null, no(401, "no token")],
    ["with an empty token", () => "", no(401, "no token")],
    ["with an endless token", () => "e".repeat(20_000), no(401, "no token")],
    ["with garbage", () => "garbage", INVALID],
    ["with three parts of garbage", () => "a.b.c", INVALID],
    ["with five parts, an encrypted token", () => "eyJhbGciOiJSU0EtT0FFUCJ9.b.c.d.e", INVALID],
    [
      "of another application",
      () => token({ aud: ["b2".repeat(32)] }),
      no(401, "the token is for another application"),
    ],
    ["of no application", () => token(without("aud")), no(401, "the token is for another application")],
    [
      "of another team",
      () => token({ iss: "https://evil.cloudflareaccess.com" }),
      no(401, "the token is of another team"),
    ],
    ["of no team", () => token(without("iss")), no(401, "the token is of another team")],
    ["that came too late", () => token({ exp: seconds(NOW) - 30 }), no(401, "the token has expired")],
    ["whose token never ends", () => token(without("exp")), INVALID],
    ["whose token ends some day", () => token({ exp: "2040" }), INVALID],
    ["that came too early", () => token({ nbf: seconds(NOW) + 31 }), no(401, "the token is not valid yet")],
    ["with a stranger's signature under our key's name", () => token({}, stranger), INVALID],
    ["with a signature cut short", cut, INVALID],
    ["with another one's claims", swapped, INVALID],
    ["without a signature", async () => `${(await token()).split(".").slice(0, 2).join(".")}.`, INVALID],
    ["with alg none", () => forged({ alg: "none", kid: "k1" }, () => ""), INVALID],
    ["with alg none in disguise", () => forged({ alg: "nOnE", kid: "k1" }, () => ""), INVALID],
    [
      "with HS256 by our public key",
      () => forged({ alg: "HS256", kid: "k1" }, (input) => hmac(input, JSON.stringify(first.jwk))),
      INVALID,
    ],
    [
      "with HS256 by the modulus",
      () => forged({ alg: "HS256", kid: "k1" }, (input) => hmac(input, String(first.jwk.n))),
      INVALID,
    ],
    ["with RS512 in the header", () => forged({ alg: "RS512", kid: "k1" }, () => "AAAA"), INVALID],
    ["that brings its own key", () => token({}, stranger, { jwk: stranger.jwk }), INVALID],
    ["that says where keys are", () => token({}, stranger, { jku: "https://evil.example/keys" }), INVALID],
    [
      "with a critical header that we do not know",
      () => forged({ alg: "RS256", kid: "k1", crit: ["x"], x: 1 }, () => "AAAA"),
      INVALID,
    ],
    ["with a key that nobody knows", () => token({}, second), INVALID],
    ["without a key's id", () => token({}, first, { kid: undefined }), INVALID],
    ["without a name", () => token({ ...without("email"), ...without("sub") }), no(401, "the token names nobody")],
    [
      "with a name that cannot be shown",
      () => token({ email: "a\u202eb", sub: "" }),
      no(401, "the token names nobody"),
    ],
  ];

  it.each(CASES)("%s", async (_what, jwt, seen) => {
    const door = doorTo(() => keysOf(first));
    const guard = accessGuard(door, ACCESS);
    expect(await guard(request(await jwt()))).toEqual(seen);
    expect(door.asked.every((url) => url === `${ISSUER}/cdn-cgi/access/certs`)).toBe(true);
  });

  it("were tried", () => {
    console.log(`access: ${CASES.length} tokens`);
    expect(CASES).toHaveLength(37);
  });

  it("may bring the token as a cookie; the header goes before it", async () => {
    const guard = accessGuard(
      doorTo(() => keysOf(first)),
      ACCESS,
    );
    const jwt = await token();
    expect(await guard(request(null, `theme=dark; CF_Authorization=${jwt}; x=y`))).toEqual(ADA);
    expect(await guard(request(null, `XCF_Authorization=${jwt}`))).toEqual(no(401, "no token"));
    expect(await guard(request("garbage", `CF_Authorization=${jwt}`))).toEqual(INVALID);
  });

  it("may bring a stale cookie beside the right one, in any order; no more than four are tried", async () => {
    const guard = accessGuard(
      doorTo(() => keysOf(first)),
      ACCESS,
    );
    const right = await token();
    const stale = await token({ exp: seconds(NOW - HOUR) });
    const cookies = (...all: string[]): Request =>
      request(null, all.map((one) => `CF_Authorization=${one}`).join("; "));
    const EXPIRED = no(401, "the token has expired");
    const all: readonly (readonly [readonly string[], Visitor])[] = [
      [[stale, right], ADA],
      [[right, stale], ADA],
      [["garbage", stale, right], ADA],
      [[stale, stale, stale, right], ADA],
      [[stale, stale, stale, stale, right], EXPIRED],
      [[stale, "garbage"], EXPIRED],
      [["garbage", stale], INVALID],
    ];
    for (const [brought, seen] of all) expect(await guard(cookies(...brought))).toEqual(seen);
    const keyless = accessGuard(
      doorTo(() => new Response(null, { status: 500 })),
      ACCESS,
    );
    expect(await keyless(cookies("garbage", right))).toEqual(no(503, "keys unavailable"));
    expect(all).toHaveLength(7);
  });

  it("is told to come again, not that it is a stranger, when the guard itself fails", async () => {
    const door = doorTo(() => keysOf(first));
    door.now = () => {
      throw new Error("no clock");
    };
    expect(await accessGuard(door, ACCESS)(request(await token()))).toEqual(no(503, "the guard failed"));
  });

  it("is not let in, nor are keys asked for, where Access is not configured", async () => {
    const door = doorTo(() => keysOf(first));
    expect(await accessGuard(door, null)(request(await token()))).toEqual(no(403, "Access is not configured"));
    expect(door.asked).toEqual([]);
  });
});

describe("the team's keys", () => {
  const UNAVAILABLE = no(503, "keys unavailable");

  it("are asked for once an hour, by many visitors", async () => {
    const door = doorTo(() => keysOf(first, second));
    const guard = accessGuard(door, ACCESS);
    const jwt = await token({ exp: seconds(NOW + 3 * HOUR) });
    for (const minutes of [0, 10, 20, 59]) {
      door.at = NOW + minutes * 60_000;
      expect(await guard(request(jwt))).toEqual(ADA);
      expect(await guard(request(await token({}, second)))).toEqual(ADA);
    }
    expect(door.asked).toHaveLength(1);
    door.at = NOW + HOUR;
    expect(await guard(request(jwt))).toEqual(ADA);
    expect(door.asked).toHaveLength(2);
  });

  it("that are new are found at once, but made up ones make us ask only every ten seconds", async () => {
    let published = [first];
    const door = doorTo(() => keysOf(...published));
    const guard = accessGuard(door, ACCESS);
    expect(await guard(request(await token()))).toEqual(ADA);
    published = [first, second];
    door.at = NOW + 10_000;
    expect(await guard(request(await token({}, second)))).toEqual(ADA);
    expect(door.asked).toHaveLength(2);
    const unknown = await token({}, { ...stranger, jwk: { ...stranger.jwk, kid: "made-up" } });
    for (let i = 0; i < 50; i++) {
      door.at = NOW + 10_000 + i * 1_000;
      expect(await guard(request(unknown))).toEqual(INVALID);
      expect(await guard(request(await token()))).toEqual(ADA);
    }
    expect(door.asked).toHaveLength(6);
    // One that is published no more is worth nothing.
    published = [second];
    door.at = NOW + HOUR + 60_000;
    const late = { exp: seconds(NOW + 3 * HOUR) };
    expect(await guard(request(await token(late)))).toEqual(INVALID);
    expect(await guard(request(await token(late, second)))).toEqual(ADA);
  });

  it("that come no more are used for a day, then nobody is let in, until they come again", async () => {
    let isDown = false;
    const door = doorTo(() => (isDown ? Promise.reject(new Error("network")) : keysOf(first)));
    const guard = accessGuard(door, ACCESS);
    const jwt = await token({ exp: seconds(NOW + 100 * HOUR) });
    expect(await guard(request(jwt))).toEqual(ADA);
    isDown = true;
    door.at = NOW + 24 * HOUR - 1;
    expect(await guard(request(jwt))).toEqual(ADA);
    door.at = NOW + 24 * HOUR + 10_000;
    expect(await guard(request(jwt))).toEqual(UNAVAILABLE);
    isDown = false;
    // Asked a moment ago.
    expect(await guard(request(jwt))).toEqual(UNAVAILABLE);
    door.at += 10_000;
    expect(await guard(request(jwt))).toEqual(ADA);
  });

  it("are waited for by none but those who ask: all who come first at once are let in", async () => {
    const door = doorTo(() => keysOf(first));
    const guard = accessGuard(door, ACCESS);
    const jwt = await token();
    const seen = await Promise.all(Array.from({ length: 5 }, () => guard(request(jwt))));
    expect(seen).toEqual(Array.from({ length: 5 }, () => ADA));
    const stuck = doorTo(() => keysOf(first));
    const hangs = accessGuard(stuck, ACCESS);
    stuck.fetch = () => new Promise(() => {});
    stuck.after = () => () => {};
    // A request that died while it asked for keys: it is never settled.
    void hangs(request(jwt));
    stuck.fetch = async () => keysOf(first);
    expect(await hangs(request(jwt))).toEqual(ADA);
  });

  const endless = (): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(8_192).fill(32)),
      }),
    );
  const WRONG: readonly (readonly [what: string, answer: () => Response | Promise<Response>])[] = [
    ["are down", () => Promise.reject(new Error("network"))],
    ["answer 500", () => new Response("no", { status: 500 })],
    ["answer 204", () => new Response(null, { status: 204 })],
    ["lead elsewhere", () => new Response(null, { status: 302, headers: { location: "https://evil.example/" } })],
    ["are no JSON", () => new Response("<html>")],
    ["are null", () => Response.json(null)],
    ["are another shape", () => Response.json({ keys: 3 })],
    ["are none", () => Response.json({ keys: [] })],
    ["are of another kind", () => Response.json({ keys: [{ kid: "k1", kty: "oct", k: "AAAA" }] })],
    ["are for encryption", () => Response.json({ keys: [{ ...first.jwk, use: "enc" }] })],
    ["have no id", () => Response.json({ keys: [{ ...first.jwk, kid: undefined }] })],
    ["are broken", () => Response.json({ keys: [{ ...first.jwk, n: "!" }] })],
    ["are huge", () => Response.json({ keys: [first.jwk], more: "x".repeat(70_000) })],
    ["never end", endless],
  ];

  it.each(WRONG)("that %s let nobody in", async (_what, answer) => {
    expect(
      await accessGuard(
        doorTo(() => answer()),
        ACCESS,
      )(request(await token())),
    ).toEqual(UNAVAILABLE);
  });

  it("that never come are given up, and the request for them is called off; redirects are never followed", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const redirects: (string | undefined)[] = [];
    const door = doorTo((init) => {
      signals.push(init?.signal);
      redirects.push(init?.redirect);
      return new Promise(() => {});
    });
    let giveUp = (): void => {};
    door.after = (delayMs, callback) => {
      expect(delayMs).toBe(3_000);
      giveUp = callback;
      return () => {};
    };
    const seen = accessGuard(door, ACCESS)(request(await token()));
    await new Promise((resolve) => setTimeout(resolve, 1));
    giveUp();
    expect(await seen).toEqual(UNAVAILABLE);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(redirects).toEqual(["manual"]);
    console.log(`access: ${WRONG.length + 1} ways in which keys do not come`);
    expect(WRONG).toHaveLength(14);
  });
});
