// Aim: no route that is not public answers anybody but whom it should: a page that is added and forgets to ask is seen here. Method:
// routes as the doors themselves list them, each asked of the Worker's own entry in workerd by every kind of sender, with real tokens
// and the team's keys at the one door to the network; the status of each, and that strangers are told nothing and write nothing.

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Webhook } from "standardwebhooks";

import { slaPages } from "../../status-page/sla-routes.tsx";
import { ACTS_ROUTES } from "../../workers/console/acts.entry.ts";
import { PAGES } from "../../workers/console/ops.entry.tsx";
import worker from "../../workers/main.entry.ts";
import { outside } from "../../workers/outside.ts";
import { must } from "../observations.ts";
import { world } from "../world.ts";
import type { World } from "../world.ts";
import { counts } from "./ops-sending.ts";

const ORIGIN = "https://status.example.com";
const ACCESS = { team: "acme", audience: "a1".repeat(32) };
const TOKEN = "t0ken-of-the-operators-of-this-place";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

type Kind = "console" | "form" | "acts" | "records" | "report";
interface Route {
  readonly kind: Kind;
  readonly method: "GET" | "HEAD" | "POST";
  readonly path: string;
}

/** What the groups of our patterns take, the likeliest first. */
const SAMPLES = ["1", "chat-1", "chat", "chat-m1", "once", "weur"];

/** A path that the pattern takes. Throws where none is found: then this table has to learn what is new about it. */
function sampleOf(match: RegExp): string {
  const parts = match.source
    .replace(/^\^|\$$/g, "")
    .replaceAll("\\/?", "")
    .replaceAll("\\/", "/")
    .split(/\((?!\?)[^()]*\)/);
  const tried = parts.length === 1 ? [parts.join("")] : SAMPLES.map((sample) => parts.join(sample));
  const found = tried.find((path) => match.test(path));
  if (found === undefined) throw new Error(`no address is known for ${match.source}: write one into SAMPLES`);
  return found;
}

const read = (kind: Kind, path: string): Route[] => [
  { kind, method: "GET", path },
  { kind, method: "HEAD", path },
];

const CONSOLE: readonly Route[] = PAGES.flatMap(({ match, post }): Route[] => {
  const path = sampleOf(match);
  return [...read("console", path), ...(post === undefined ? [] : [{ kind: "form", method: "POST", path } as const])];
});
const NOT_ASKED = (): never => {
  throw new Error("routes are listed, not asked");
};
const REPORTS: readonly Route[] = slaPages({
  now: NOT_ASKED,
  report: NOT_ASKED,
  languages: ["en", "zh"],
  contracts: [],
  sla: { heads: NOT_ASKED, report: NOT_ASKED, periods: NOT_ASKED } as never,
  guard: NOT_ASKED,
  frameOf: NOT_ASKED,
}).routes.flatMap(({ path }) => {
  // The list itself is public, and says nothing of closed contracts; its tests are its own.
  if (!path.includes(":contract")) return [];
  const own = path.replace(":contract", "closed");
  const files = path.includes(":file") ? ["2031-05", "2031-05.json", "2031-05.csv"] : [""];
  return files.flatMap((file) => read("report", own.replace(":file", file)));
});
const ROUTES: readonly Route[] = [
  ...CONSOLE,
  ...ACTS_ROUTES.flatMap(([method, path]): Route[] => [{ kind: "acts", method, path }]),
  ...["exclusions", "tickets"].map((name): Route => ({ kind: "records", method: "POST", path: `/api/v1/${name}` })),
  ...REPORTS,
];

let pair: { readonly privateKey: CryptoKey; readonly jwk: object };
let stranger: typeof pair;

async function pairOf(): Promise<typeof pair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" } };
}

beforeAll(async () => {
  [pair, stranger] = await Promise.all([pairOf(), pairOf()]);
});

const seconds = (): number => Math.floor(outside.now() / 1_000);
const claims = (more: object = {}): Record<string, unknown> => ({
  email: "ada@acme.example",
  iss: "https://acme.cloudflareaccess.com",
  aud: [ACCESS.audience],
  exp: seconds() + 3_600,
  ...more,
});

function tokenOf(signer: typeof pair, more: object = {}): Promise<string> {
  return new SignJWT(claims(more)).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(signer.privateKey);
}

function unsigned(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", kid: "k1" })}.${part(claims())}.`;
}

type Headings = Readonly<Record<string, string>>;
const access = (token: string): Headings => ({ "cf-access-jwt-assertion": token });
const bearer = (token: string): Headings => ({ authorization: `Bearer ${token}` });

/** `in`: past the door, whatever is found behind it. */
type Seen = 401 | 403 | "in";
interface Sender {
  readonly what: string;
  readonly headers: (route: Route, body: string) => Promise<Headings> | Headings;
  readonly seen: Readonly<Record<Kind, Seen>>;
}

const NOBODY = { console: 401, form: 401, acts: 401, records: 401, report: 401 } as const;
/** Whoever signed in: records are for programs, which sign. */
const SIGNED_IN = { console: "in", form: "in", acts: "in", records: 401, report: "in" } as const;
const sign = (body: string, at: number, secret = SECRET): Headings => ({
  "webhook-id": "msg_1",
  "webhook-timestamp": String(Math.floor(at / 1_000)),
  "webhook-signature": new Webhook(secret).sign("msg_1", new Date(at), body),
});

const SENDERS: readonly Sender[] = [
  { what: "nobody", headers: () => ({}), seen: NOBODY },
  {
    what: "another audience",
    headers: async () => access(await tokenOf(pair, { aud: ["b2".repeat(32)] })),
    seen: NOBODY,
  },
  {
    what: "another team",
    headers: async () => access(await tokenOf(pair, { iss: "https://evil.cloudflareaccess.com" })),
    seen: NOBODY,
  },
  { what: "expired", headers: async () => access(await tokenOf(pair, { exp: seconds() - 60 })), seen: NOBODY },
  { what: "forged", headers: async () => access(await tokenOf(stranger)), seen: NOBODY },
  { what: "alg none", headers: () => access(unsigned()), seen: NOBODY },
  { what: "another bearer", headers: () => bearer("x".repeat(TOKEN.length)), seen: NOBODY },
  { what: "part of the bearer", headers: () => bearer(TOKEN.slice(0, -1)), seen: NOBODY },
  { what: "the bearer by another scheme", headers: () => ({ authorization: `Basic ${TOKEN}` }), seen: NOBODY },
  { what: "a token of Access as bearer", headers: async () => bearer(await tokenOf(pair)), seen: NOBODY },
  {
    what: "another bearer beside a right token",
    headers: async () => ({ ...access(await tokenOf(pair)), ...bearer("x".repeat(30)) }),
    seen: { ...SIGNED_IN, acts: 401 },
  },
  { what: "a developer's pass", headers: () => ({ cookie: "sonde-dev-default=pass" }), seen: NOBODY },
  { what: "an old signature", headers: (_, body) => sign(body, outside.now() - 600_000), seen: NOBODY },
  {
    what: "another secret's signature",
    headers: (_, body) => sign(body, outside.now(), `whsec_${btoa("y".repeat(32))}`),
    seen: NOBODY,
  },
  // Where a browser shows it, a cookie does; where a program acts, it would be somebody else's page that sends it.
  {
    what: "a right cookie alone",
    headers: async () => ({ cookie: `CF_Authorization=${await tokenOf(pair)}` }),
    seen: { ...SIGNED_IN, acts: 401 },
  },
  {
    what: "a right token from another origin",
    headers: async () => ({
      ...access(await tokenOf(pair)),
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
    }),
    seen: { ...SIGNED_IN, form: 403, acts: 403 },
  },
  {
    what: "a right bearer from another origin",
    headers: () => ({ ...bearer(TOKEN), origin: "https://evil.example" }),
    seen: { ...NOBODY, acts: 403 },
  },
  {
    what: "a right token from a neighbour",
    headers: async () => ({ ...access(await tokenOf(pair)), "sec-fetch-site": "same-site" }),
    seen: { ...SIGNED_IN, form: 403, acts: 403 },
  },
  { what: "the right token", headers: async () => access(await tokenOf(pair)), seen: SIGNED_IN },
  { what: "the right bearer", headers: () => bearer(TOKEN), seen: { ...NOBODY, acts: "in" } },
  { what: "the right signature", headers: (_, body) => sign(body, outside.now()), seen: { ...NOBODY, records: "in" } },
];

/** The Worker with everything closed that can be closed. Nobody else is asked: only the team's page of keys answers. */
async function closed(): Promise<World> {
  const fleet = await world();
  fleet.onDuty();
  Object.assign(fleet.bindings, {
    OPS_TOKEN: TOKEN,
    RECORDS_SECRET: SECRET,
    HOOK_URL: "https://hooks.example.com/ops",
    HOOK_KEY: SECRET,
  });
  fleet.reconfigure((input) => ({
    ...input,
    url: ORIGIN,
    access: ACCESS,
    records: { secret: "RECORDS_SECRET" },
    contracts: [
      {
        id: "closed",
        label: { en: "Not for strangers", zh: "内部" },
        target: "chat",
        page: "access",
        preset: "realtime-messaging",
        effective: { from: "2026-01-01" },
      },
    ],
    alerts: {
      channels: [{ id: "ops", channel: "webhook", url: "HOOK_URL", key: "HOOK_KEY" }],
      routes: [{ id: "all", to: ["ops"] }],
      token: "OPS_TOKEN",
    },
  }));
  const { fetch } = outside;
  onTestFinished(() => void (outside.fetch = fetch));
  outside.fetch = async (url) => {
    if (!url.startsWith("https://acme.cloudflareaccess.com/")) throw new Error("nobody else is asked");
    return Response.json({ keys: [pair.jwk] });
  };
  return fleet;
}

async function ask(fleet: World, { kind, method, path }: Route, { headers }: Sender): Promise<Response> {
  const body = kind === "form" ? "" : "{}";
  const own = { origin: ORIGIN, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  const json = { "content-type": "application/json" };
  const sent = method === "POST" ? { ...(kind === "form" ? own : json) } : {};
  const all = { ...sent, ...(await headers({ kind, method, path }, body)) };
  const request = new Request(`${ORIGIN}${path}`, { method, headers: all, ...(method === "POST" ? { body } : {}) });
  const context = createExecutionContext();
  const answer = await worker.fetch(request as never, fleet.bindings, context);
  await waitOnExecutionContext(context);
  return answer as unknown as Response;
}

describe("every route that is not public", () => {
  it.each(SENDERS)("asked by $what", async (sender) => {
    const fleet = await closed();
    for (const route of ROUTES) {
      const answer = await ask(fleet, route, sender);
      const text = await answer.text();
      const what = `${route.method} ${route.path} by ${sender.what}`;
      const seen = sender.seen[route.kind];
      if (seen === "in") expect([what, [401, 403, 405, 500, 503].includes(answer.status)]).toEqual([what, false]);
      else expect([what, answer.status]).toEqual([what, seen]);
      // Nobody keeps it, and no page of another origin reads it.
      expect([what, answer.headers.get("cache-control")]).toEqual([what, expect.stringMatching(/no-store|private/)]);
      expect([what, answer.headers.get("access-control-allow-origin")]).toEqual([what, null]);
      if (seen !== "in")
        expect([what, text]).not.toEqual([what, expect.stringMatching(/Not for strangers|内部|hooks\.example|<form/)]);
    }
    // An empty form, or "{}", is nothing that is recorded, whoever sends it.
    expect(await counts()).toEqual([0, 0]);
  });

  it("was asked for, by all of them", () => {
    const kinds = Map.groupBy(ROUTES, ({ kind }) => kind);
    const told = [...kinds].map(([kind, routes]) => `${routes.length} of ${kind}`).join(", ");
    console.log(
      `authorisation: ${ROUTES.length} routes (${told}) x ${SENDERS.length} senders = ${ROUTES.length * SENDERS.length}`,
    );
    expect(SENDERS).toHaveLength(21);
    expect(must(kinds.get("acts"))).toHaveLength(10);
    expect(must(kinds.get("report")).length).toBe(30);
    expect(must(kinds.get("console")).length).toBe(2 * PAGES.length);
    expect(must(kinds.get("form")).length).toBeGreaterThanOrEqual(3);
    // No two pages are asked by one address: then one of them was not asked at all.
    const paths = PAGES.map(({ match }) => sampleOf(match));
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(PAGES.findIndex(({ match }) => match.test(path))).toBe(paths.indexOf(path));
  });

  it("is found by its pattern, or the table says that it has to learn", () => {
    expect(sampleOf(/^\/ops\/?$/)).toBe("/ops");
    expect(sampleOf(/^\/ops\/a\/([1-9]\d{0,14})\/b$/)).toBe("/ops/a/1/b");
    expect(() => sampleOf(/^\/ops\/(never-heard-of)$/)).toThrow(/no address is known/);
  });
});
