// Aim: nobody reads or records anything in the console but somebody whom Access has let in, or a developer on his own machine,
// and nothing is recorded but from a form of ours. Method: the real door on a real D1, the real guard with keys made here; every
// route against every wrong visitor, sender and pass; counts of rows after each.

import { applyD1Migrations, createExecutionContext, reset } from "cloudflare:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, inject, it } from "vitest";

import { accessGuard } from "../../workers/console/access.entry.ts";
import type { OpsOptions } from "../../workers/console/ops.entry.tsx";
import { newestVerdicts } from "../../workers/console/verdicts.store.ts";
import worker from "../../workers/main.entry.ts";
import { outside } from "../../workers/outside.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { ACCESS, CONFIG, NOW, opsWorld, ORIGIN, sent } from "../page/ops-world.ts";
import type { OpsWorld } from "../page/ops-world.ts";
import {
  ADA,
  bindings,
  counts,
  d1,
  EXCLUSION,
  expectSealed,
  FORMS,
  KEY,
  open,
  said,
  STORED,
  TICKET,
} from "./ops-sending.ts";

const PATHS = [
  "/ops",
  "/ops/",
  "/ops/exclusions",
  "/ops/exclusions/1/withdraw",
  "/ops/tickets",
  "/ops/none",
  "/ops/%00",
];

let pair: { readonly privateKey: CryptoKey; readonly jwk: object };
let stranger: typeof pair;

async function pairOf(): Promise<typeof pair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" } };
}

function tokenOf(signer: typeof pair, more: Record<string, unknown> = {}): Promise<string> {
  const claims = {
    email: ADA,
    iss: "https://acme.cloudflareaccess.com",
    aud: [ACCESS.audience],
    exp: NOW / 1_000 + 60,
  };
  return new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(signer.privateKey);
}

/** The door with the real guard: nobody is Ada without her token. */
function guarded(more: Partial<OpsOptions> = {}): OpsWorld {
  const keys = { ...outside, now: () => NOW, fetch: async () => Response.json({ keys: [pair.jwk] }) };
  const guardOf: OpsOptions["guardOf"] = (config) => accessGuard(keys, config.access);
  return opsWorld({ records: recordsStore(d1), verdicts: () => newestVerdicts(d1), guardOf, ...more });
}

/** The real guard, where the team's page of keys is down. */
const keyless: OpsOptions["guardOf"] = (config) =>
  accessGuard({ ...outside, now: () => NOW, fetch: () => Promise.reject(new Error("network")) }, config.access);

beforeAll(async () => {
  [pair, stranger] = await Promise.all([pairOf(), pairOf()]);
});

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

describe("who is not let in", () => {
  type Case = readonly [
    what: string,
    status: 401 | 403 | 503,
    headers: () => Promise<Record<string, string>>,
    more?: Partial<OpsOptions>,
  ];
  const bearing = (jwt: string): Record<string, string> => ({ "cf-access-jwt-assertion": jwt });
  const CASES: readonly Case[] = [
    ["nobody", 401, async () => ({})],
    ["garbage", 401, async () => bearing("garbage")],
    ["a forged token", 401, async () => bearing(await tokenOf(stranger))],
    ["a token of yesterday", 401, async () => bearing(await tokenOf(pair, { exp: NOW / 1_000 - 60 }))],
    ["a token of another application", 401, async () => bearing(await tokenOf(pair, { aud: ["b2".repeat(32)] }))],
    [
      "a good token where Access is not configured",
      403,
      async () => bearing(await tokenOf(pair)),
      { config: { ...CONFIG, access: null } },
    ],
    ["a good token whose key cannot be had", 503, async () => bearing(await tokenOf(pair)), { guardOf: keyless }],
  ];
  const all = CASES.flatMap(([what, status, headers, more]) =>
    PATHS.map((path) => ({ what, status, headers, more, path })),
  );

  it.each(all)("$what at $path: $status, and nothing is told", async ({ status, headers, more, path }) => {
    const world = guarded(more);
    await recordsStore(d1).appendExclusions([{ ...STORED, reason: "not for strangers" }]);
    const form = sent(EXCLUSION, await headers());
    for (const init of [{ headers: await headers() }, { method: "HEAD", headers: await headers() }, form]) {
      const answer = await world.ask(path, init);
      expect([path, answer.status]).toEqual([path, status]);
      expectSealed(answer);
      expect(await answer.text()).not.toMatch(/not for strangers|Acme|chat|standard|<form/);
    }
    expect([world.told, await counts()]).toEqual([0, [1, 0]]);
  });

  it("is everybody where the configuration is refused", async () => {
    for (const path of PATHS) expect((await open({ config: null }).ask(path)).status).toBe(403);
    console.log(`console: ${all.length} x 3 requests of strangers`);
    expect(all).toHaveLength(49);
  });

  it("is everybody at the Worker itself, which has no Access here; other paths are not the console's", async () => {
    const ask = (path: string): Promise<Response> =>
      worker.fetch(
        new Request(`${ORIGIN}${path}`) as Parameters<typeof worker.fetch>[0],
        bindings,
        createExecutionContext(),
      );
    for (const path of PATHS) {
      const answer = await ask(path);
      expect(answer.status).toBe(403);
      expectSealed(answer);
    }
    for (const path of ["/opsy", "/OPS", "//ops"]) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });
});

describe("every form", () => {
  type Sender = readonly [what: string, status: number, headers: Record<string, string>];
  const SENDERS: readonly Sender[] = [
    ["nobody", 401, { "cf-access-jwt-assertion": "" }],
    ["a forged token", 401, { "cf-access-jwt-assertion": "forged" }],
    ["another origin", 403, { origin: "https://evil.example" }],
    ["our name on another port", 403, { origin: `${ORIGIN}:8443` }],
    ["our name without TLS", 403, { origin: "http://sonde.example" }],
    ["an origin that is hidden", 403, { origin: "null" }],
    ["no origin", 403, { origin: "" }],
    ["another site, whatever its origin says", 403, { "sec-fetch-site": "cross-site" }],
    ["a neighbour of our site", 403, { "sec-fetch-site": "same-site" }],
    ["JSON", 403, { "content-type": "application/json" }],
    ["plain text", 403, { "content-type": "text/plain" }],
    ["another kind of form", 403, { "content-type": "multipart/form-data; boundary=x" }],
    ["no kind of content", 403, { "content-type": "x" }],
    ["too long a body", 403, { "x-long": "yes" }],
    ["what is right", 303, {}],
    ["what is right, without Sec-Fetch-Site", 303, { "sec-fetch-site": "" }],
    ["what is right, with a charset", 303, { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }],
  ];
  const all = SENDERS.flatMap(([what, status, headers]) =>
    FORMS.map(([path, values]) => ({ what, status, headers, path, values })),
  );

  it.each(all)("$path from $what: $status", async ({ status, headers, path, values }) => {
    await recordsStore(d1).appendExclusions([STORED]);
    const { "x-long": long, ...own } = headers;
    const token = own["cf-access-jwt-assertion"] ?? (await tokenOf(pair));
    const jwt = token === "forged" ? await tokenOf(stranger) : token;
    const more = long === undefined ? {} : { note: "n".repeat(70_000) };
    const world = guarded();
    const answer = await world.ask(path, sent({ ...values, ...more }, { ...own, "cf-access-jwt-assertion": jwt }));
    expect(answer.status).toBe(status);
    expectSealed(answer);
    const isRight = status === 303;
    expect(await counts()).toEqual(isRight ? (path === "/ops/tickets" ? [1, 1] : [2, 0]) : [1, 0]);
    expect(world.told).toBe(isRight ? 1 : 0);
    if (isRight) expect(answer.headers.get("location")).toMatch(/^\/ops\/(exclusions|tickets)\?recorded=\d$/);
  });

  it("were tried, and other methods change nothing", async () => {
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
      for (const path of PATHS) {
        const answer = await open().ask(path, { method, headers: { origin: ORIGIN } });
        expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
      }
    }
    expect((await open().ask("/ops", sent(EXCLUSION))).status).toBe(405);
    expect((await open().ask("/ops/exclusions/1/withdraw", sent({ key: KEY, reason: "r" }))).status).toBe(404);
    expect(await counts()).toEqual([0, 0]);
    console.log(`console: ${FORMS.length} forms, ${SENDERS.length} senders each`);
    expect(all).toHaveLength(51);
  });

  it("that is endless is not read to its end", async () => {
    let chunks = 0;
    const body = new ReadableStream({
      pull(controller) {
        chunks += 1;
        controller.enqueue(new Uint8Array(8_192).fill(97));
      },
    });
    const { body: _, ...rest } = sent({});
    expect((await open().ask("/ops/tickets", { ...rest, body })).status).toBe(403);
    expect(chunks).toBeLessThan(20);
  });
});

describe("a developer's pass", () => {
  const PASS = "p".repeat(32);
  const LOCAL = "http://127.0.0.1:8787";
  const own = { config: { ...CONFIG, access: null }, devPass: PASS };
  const cookie = { cookie: `other=1; sonde-dev-8787=${PASS}` };

  it("opens the console of this machine, and is put away in a cookie at once", async () => {
    const world = guarded(own);
    const entered = await world.ask(`/ops?pass=${PASS}`, { origin: LOCAL });
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/ops"]);
    expect(entered.headers.get("set-cookie")).toBe(`sonde-dev-8787=${PASS}; Path=/ops; HttpOnly; SameSite=Strict`);
    expectSealed(entered);
    const page = await world.ask("/ops", { origin: LOCAL, headers: cookie });
    expect([page.status, await said(page)]).toEqual([200, expect.stringContaining("developer on this machine")]);
    const form = sent(TICKET, { ...cookie, origin: LOCAL });
    expect((await world.ask("/ops/tickets", { ...form, origin: LOCAL })).status).toBe(303);
    expect(await recordsStore(d1).ticketEventsOf("standard")).toMatchObject([{ author: "developer on this machine" }]);
    const evil = sent({ ...TICKET, key: `${KEY.slice(0, -1)}2` }, { ...cookie, origin: "http://127.0.0.1:9999" });
    expect((await world.ask("/ops/tickets", { ...evil, origin: LOCAL })).status).toBe(403);
    expect(await counts()).toEqual([0, 1]);
  });

  const WRONG: readonly (readonly [what: string, origin: string, more: Partial<OpsOptions>, sentCookie: string])[] = [
    ["at a public name", "https://sonde.example", own, cookie.cookie],
    ["at a public name with our port", "http://sonde.example:8787", own, cookie.cookie],
    ["at a name that begins as ours", "http://127.0.0.1.evil.example:8787", own, cookie.cookie],
    ["at a name that ends as ours", "http://evil.localhost:8787", own, cookie.cookie],
    ["in the network at home", "http://192.168.1.2:8787", own, cookie.cookie],
    ["where Access is configured", LOCAL, { ...own, config: CONFIG }, cookie.cookie],
    ["where none was made", LOCAL, { ...own, devPass: null }, cookie.cookie],
    ["where none was made, and none is brought", LOCAL, { ...own, devPass: null }, "sonde-dev-8787="],
    ["that somebody has made up", LOCAL, { ...own, devPass: "short" }, "sonde-dev-8787=short"],
    ["that is another", LOCAL, own, `sonde-dev-8787=${"q".repeat(32)}`],
    ["that is part of it", LOCAL, own, `sonde-dev-8787=${PASS.slice(1)}`],
    ["that is empty", LOCAL, own, "sonde-dev-8787="],
    ["of another port", LOCAL, own, `sonde-dev-9999=${PASS}`],
    ["that is not brought", LOCAL, own, ""],
  ];

  it.each(WRONG)("%s opens nothing, as cookie or in the address", async (_what, origin, more, sentCookie) => {
    const world = guarded(more);
    const pass = sentCookie.split("=").at(-1) ?? "";
    for (const path of [
      "/ops",
      "/ops/tickets",
      ...(sentCookie === "" || sentCookie.includes("9999") ? [] : [`/ops?pass=${pass}`]),
    ]) {
      const answer = await world.ask(path, { origin, headers: { cookie: sentCookie } });
      expect([401, 403]).toContain(answer.status);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    const form = sent(TICKET, { cookie: sentCookie, origin });
    expect([401, 403]).toContain((await world.ask("/ops/tickets", { ...form, origin })).status);
    expect(await counts()).toEqual([0, 0]);
  });

  it("were tried", () => {
    console.log(`console: ${WRONG.length} passes that open nothing`);
    expect(WRONG).toHaveLength(14);
  });
});
