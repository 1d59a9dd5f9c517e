// Aim: our API refuses what is not right and says what would be, shows nothing that is not for everybody, and is never silent about a read that
// failed. Method: tables of requests; a real D1; readers and counters in the hand of the test.

import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

import { LIMITS, addressOf } from "../../status-page/api/limits.ts";
import { RawUnreadable } from "../../status-page/api/raw.ts";
import type { RawReader } from "../../status-page/api/raw.ts";
import type { RateCounter } from "../../status-page/front.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { MINUTE, apiApp, minute, series } from "./api-world.ts";
import { NOW, frontRow, oneSilent } from "./fixtures.ts";
import { HIDDEN, NOTE, PERSON } from "./incident-world.ts";
import * as fixtures from "./sla-fixtures.ts";
import { CONTRACTS, ROWS, as, contractOf, readerOf, stored } from "./sla-world.ts";

const FIRST = Date.UTC(2026, 10, 1);

let database: RealD1;
let DB: D1Database;
let api: ReturnType<typeof apiApp>;

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
  await DB.batch([series(DB, 1), ...Array.from({ length: 5 }, (_, i) => minute(DB, 1, FIRST + i * MINUTE))]);
  api = apiApp({ DB });
}, 60_000);

afterAll(() => database.close());

const REFUSED: readonly (readonly [path: string, status: number, detail: RegExp])[] = [
  ["series/1/minutes?from=tomorrow", 400, /^from: write whole ms since the epoch/],
  ["series/1/minutes?from=2026-02-30", 400, /^from: /],
  ["series/1/minutes?from=2026-11-22T10:00", 400, /^from: /],
  ["series/1/minutes?from=2026-11-22T10:00+08:00", 400, /%2B08:00/],
  ["series/1/minutes?from=-5", 400, /^from: /],
  ["series/1/minutes?from=1e3", 400, /^from: /],
  ["series/1/minutes?to=9999999999999", 400, /before the year 2097/],
  ["series/1/minutes?from=5&to=5", 400, /from must be before to/],
  ["series/1/minutes?from=1&from=2", 400, /^from: write it once/],
  ["series/1/minutes?fromm=1", 400, /^fromm: there is from, to, limit/],
  ["series/1/minutes?limit=0", 400, /^limit: write a whole number from 1 to 1000/],
  ["series/1/minutes?limit=1001", 400, /^limit: /],
  ["series/1/minutes?limit=5&format=csv", 400, /^limit: csv has the whole range/],
  ["series/1/minutes?latency=yes", 400, /^latency: write true or false/],
  ["series/1/minutes?format=xml", 400, /^format: write one of json, ndjson, csv/],
  ["series?target=../../etc", 400, /^target: write an id/],
  ["series?after=x", 400, /^after: write the number/],
  ["targets?x=1&y=2", 400, /^x: there is none here; y: there is none here$/],
  ["series/9/minutes", 404, /no series 9: \/api\/v1\/series/],
  ["series/0/minutes", 404, /^series: write a whole number/],
  ["series/1%20or%201/minutes", 404, /^series: /],
  ["series/1/years", 404, /openapi\.json/],
  ["regions?target=nowhere", 404, /no target nowhere/],
  ["verdicts?contract=nothing", 404, /no public contract nothing/],
  ["incidents/rtm-999", 404, /no incident rtm-999/],
  ["incidents/RTM", 404, /^incident: write an incident's id/],
  ["", 404, /openapi\.json/],
  ["nothing/at/all", 404, /openapi\.json/],
];

describe(`${REFUSED.length} requests that are not right`, () => {
  test.each(REFUSED)("%s: %d", async (path, status, detail) => {
    const response = await api.get(`/api/v1/${path}`);
    const problem = (await response.json()) as Record<string, unknown>;
    expect([response.status, response.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(problem["status"]).toBe(status);
    expect(problem["detail"]).toMatch(detail);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(api.reports).toEqual([]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])("%s is refused with what is allowed", async (method) => {
    for (const path of ["targets", "series/1/minutes", "snapshot.json"]) {
      const response = await api.get(`/api/v1/${path}`, {}, method);
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
  });

  it("may be sent from any origin, once it has been asked whether", async () => {
    const response = await api.get("/api/v1/series/1/minutes", { origin: "https://x.example" }, "OPTIONS");
    expect([response.status, response.headers.get("access-control-allow-methods")]).toEqual([
      204,
      "GET, HEAD, OPTIONS",
    ]);
    expect(response.headers.get("access-control-allow-headers")).toContain("if-none-match");
  });
});

describe("the format", () => {
  test.each([
    [undefined, "application/json"],
    ["*/*", "application/json"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "application/json"],
    ["text/csv", "text/csv"],
    ["text/*", "text/csv"],
    ["application/x-ndjson, application/json;q=0.5", "application/x-ndjson"],
    ["application/json;q=0, */*", "application/x-ndjson"],
    ["image/png", "application/problem+json"],
  ])("for Accept: %s is %s", async (accept, type) => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const response = await api.get("/api/v1/series/1/minutes?from=2026-11-01&to=2026-11-02", headers);
    expect((response.headers.get("content-type") ?? "").split(";")[0]).toBe(type);
    expect(response.status).toBe(type === "application/problem+json" ? 406 : 200);
    await response.body?.cancel();
  });
});

describe("without the database", () => {
  const away = () => Promise.reject(new RawUnreadable("away"));
  const raw: RawReader = { list: away, one: away, mark: away, rows: away };

  test.each([
    "series",
    "series/1/minutes",
    "series/1/hours?format=csv",
    "series/1/days?format=ndjson",
    "targets",
    "snapshot.json",
    "verdicts",
    "incidents",
  ])("%s is a 503 that says so, never an empty list", async (path) => {
    const sla = Object.assign(readerOf(ROWS), { away: true });
    const incidents = { list: () => Promise.reject(new Error("x")), story: () => Promise.reject(new Error("x")) };
    const { get, reports } = apiApp({ DB }, { raw, sla, read: away, ...(path === "incidents" ? { incidents } : {}) });
    const response = await get(`/api/v1/${path}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      path === "incidents" ? 500 : 503,
      "application/problem+json",
    ]);
    if (response.status === 503) expect(response.headers.get("retry-after")).toBe("10");
    expect(reports.length).toBeGreaterThan(0);
  });

  it("gives the last good figures with their age, and says that they are old", async () => {
    let now = NOW;
    let broken = false;
    const read = () => (broken ? Promise.reject(new Error("away")) : Promise.resolve(frontRow([oneSilent()])));
    const { get } = apiApp({ DB }, { read, now: () => now });
    const fresh = await get("/api/v1/targets");
    expect(await fresh.json()).toMatchObject({ stale: false, targets: [{ regions: { up: 6, unmeasured: 1 } }] });
    broken = true;
    now += 3_600_000;
    const old = await get("/api/v1/targets");
    expect(old.headers.get("x-sonde-stale")).toBe("1");
    // Nothing new for an hour: nothing is known of any region.
    expect(await old.json()).toMatchObject({ stale: true, targets: [{ regions: { up: 0, unmeasured: 7 } }] });
    const regions = (await (await get("/api/v1/regions")).json()) as { regions: { state: string; why: string }[] };
    expect(new Set(regions.regions.map(({ state, why }) => `${state} ${why}`))).toEqual(new Set(["unmeasured silent"]));
  });
});

describe("what is not for everybody", () => {
  it("never appears: contracts whose page is for few, by the configuration or by their report", async () => {
    const closed = stored(as(fixtures.breached(), "messaging", "access"));
    const { get } = apiApp({ DB }, { sla: readerOf([...ROWS, { ...closed, revision: 9 }]), contracts: CONTRACTS });
    const addresses = ["verdicts", "verdicts?contract=messaging", "openapi.json", "targets", "incidents"];
    for (const address of addresses) {
      const response = await get(`/api/v1/${address}`);
      const text = await response.text();
      expect(response.status).toBe(200);
      expect(text).not.toContain('"secret"');
      expect(text).not.toContain('"revision":9');
      expect(text).not.toContain("128000");
    }
    for (const contract of ["secret", "nothing"]) {
      const response = await get(`/api/v1/verdicts?contract=${contract}`);
      const problem = (await response.json()) as { detail: string };
      expect([response.status, problem.detail.replace(contract, "X")]).toEqual([
        404,
        "There is no public contract X: /api/v1/verdicts has the newest of all.",
      ]);
    }
  });

  it("never appears: names of people, notes, and incidents of the fleet", async () => {
    const list = await (await api.get("/api/v1/incidents")).text();
    const story = await (await api.get("/api/v1/incidents/rtm-9")).text();
    expect(story).toContain('"id":"rtm-9"');
    for (const text of [list, story]) {
      expect(text).not.toContain(PERSON);
      expect(text).not.toContain(NOTE);
    }
    expect(HIDDEN.length).toBeGreaterThan(2);
    for (const { incident } of HIDDEN) {
      expect(list).not.toContain(`"id":"${incident.id}"`);
      expect((await api.get(`/api/v1/incidents/${incident.id}`)).status).toBe(404);
    }
  });

  it("verdicts have the hash that the report's bytes have", async () => {
    const { verdicts } = (await (await api.get("/api/v1/verdicts?contract=messaging")).json()) as {
      verdicts: { hash: string; report: string; open: boolean }[];
    };
    expect(verdicts.length).toBeGreaterThan(2);
    expect(verdicts.filter(({ open }) => open)).toHaveLength(1);
    for (const { hash, report } of verdicts) {
      const bytes = await (await api.get(report)).arrayBuffer();
      const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
      expect(digest).toBe(hash);
    }
    const pages = [];
    for (let path: string | null = "/api/v1/verdicts?contract=messaging&limit=1"; path !== null && pages.length < 9;) {
      const page: { verdicts: unknown[]; next: string | null } = await (await api.get(path)).json();
      pages.push(...page.verdicts);
      path = page.next;
    }
    expect(pages).toEqual(verdicts);
    expect(contractOf(fixtures.breached()).page).toBe("public");
  });
});

describe("who asks too often", () => {
  const counter = (most: number) => {
    const seen = new Map<string, number>();
    const limit: RateCounter["limit"] = ({ key }) => {
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return Promise.resolve({ success: (seen.get(key) ?? 0) <= most });
    };
    return { limit, seen };
  };

  it("gets 429 with when to come back, and nobody else does", async () => {
    const API_RATE = counter(2);
    const { get } = apiApp({ DB, API_RATE });
    const from = (address: string) => get("/api/v1/targets", { "cf-connecting-ip": address });
    const mine = await Promise.all([from("192.0.2.1"), from("192.0.2.1"), from("192.0.2.1"), from("192.0.2.2")]);
    expect(mine.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    const refused = mine[2] as Response;
    expect(["retry-after", "ratelimit", "ratelimit-policy"].map((name) => refused.headers.get(name))).toEqual([
      "60",
      '"api";r=0;t=60',
      '"api";q=120;w=60',
    ]);
    expect(mine[0]?.headers.get("ratelimit-policy")).toBe('"api";q=120;w=60');
  });

  it("is counted apart for streams, and not for what has not changed", async () => {
    const API_STREAM_RATE = counter(1);
    const { get } = apiApp({ DB, API_STREAM_RATE });
    const path = "/api/v1/series/1/minutes?from=2026-11-01&to=2026-11-02&format=csv";
    const me = { "cf-connecting-ip": "192.0.2.1" };
    const first = await get(path, me);
    expect([first.status, (await get(path, me)).status]).toEqual([200, 429]);
    expect((await get(path, { ...me, "if-none-match": first.headers.get("etag") ?? "" })).status).toBe(304);
    expect((await get(path.replace("csv", "json"), me)).status).toBe(200);
  });

  it("is answered where the counter fails", async () => {
    const API_RATE: RateCounter = { limit: () => Promise.reject(new Error("away")) };
    const { get, reports } = apiApp({ DB, API_RATE });
    expect((await get("/api/v1/targets", { "cf-connecting-ip": "192.0.2.1" })).status).toBe(200);
    expect(reports).toHaveLength(1);
  });

  it("is counted as wrangler.toml says", async () => {
    const toml = await readFile("wrangler.toml", "utf8");
    for (const [binding, { limit, periodS }] of Object.entries(LIMITS)) {
      const block = toml.split("[[ratelimits]]").find((each) => each.includes(`name = "${binding}"`));
      expect(block).toContain(`simple = { limit = ${limit}, period = ${periodS} }`);
    }
  });

  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:DB8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
  ])("%s is counted as %s", (address, key) => {
    expect(addressOf(address)).toBe(key);
  });
});
