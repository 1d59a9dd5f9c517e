// Aim: what a visitor gets, by path, status, headers and words: in good times, before the first result, and while the
// database is away. Method: the real app, called in process; rows and failures come in through `read`, the present
// through `now`, the copy for bad times through `spare`. Nothing is patched.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import type { StatusPageOptions } from "../../status-page/app.tsx";
import type { FrontRow } from "../../status-page/front.ts";
import { FRESH_MS } from "../../status-page/last-good.ts";
import * as fixtures from "./fixtures.ts";
import { NOW, frontRow, healthy, many } from "./fixtures.ts";
import { read, text, world } from "./world.ts";

const AWAY = new Error("D1 is away");

describe("routes", () => {
  test.each<[string, number, string, RegExp]>([
    ["/", 200, "text/html; charset=utf-8", /All 7 regions measured and operational/],
    ["/en", 200, "text/html; charset=utf-8", /All 7 regions measured and operational/],
    ["/en/", 200, "text/html; charset=utf-8", /All 7 regions measured and operational/],
    ["/zh", 200, "text/html; charset=utf-8", /全部 7 个区域均已测量，运行正常/],
    ["/targets/rtm", 200, "text/html; charset=utf-8", /Real-time messaging/],
    ["/zh/targets/rtm", 200, "text/html; charset=utf-8", /实时消息/],
    ["/targets/none", 404, "text/html; charset=utf-8", /There is no such page/],
    ["/zh/nothing", 404, "text/html; charset=utf-8", /没有这个页面/],
    ["/de", 404, "text/html; charset=utf-8", /There is no such page/],
    ["/healthz", 200, "text/plain; charset=utf-8", /^ok$/],
    ["/api/v1/snapshot.json", 200, "application/json", /^\[\{"version":1,"target":"rtm"/],
  ])("GET %s is %i", async (path, status, type, words) => {
    const w = world(frontRow([healthy()]));
    const response = await w.get(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, type]);
    expect(await text(response)).toMatch(words);
    const head = await w.get(path, {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([status, ""]);
  });

  it("asks the database for no health check", async () => {
    const w = world(AWAY);
    expect(await text(await w.get("/healthz"))).toBe("ok");
    expect(w.reads).toBe(0);
  });

  it("follows Accept-Language where the path is silent, and only there", async () => {
    const w = world(frontRow([healthy()]));
    const zh = { "accept-language": "zh-CN,zh;q=0.9" };
    expect((await w.get("/", zh)).headers.get("content-language")).toBe("zh-Hans");
    expect((await w.get("/en", zh)).headers.get("content-language")).toBe("en");
    expect((await w.get("/", zh)).headers.get("vary")).toBe("Accept-Language");
  });

  it("offers only the languages of the configuration", async () => {
    const w = world(frontRow([healthy()]), { languages: ["zh"] });
    expect((await w.get("/")).headers.get("content-language")).toBe("zh-Hans");
    expect((await w.get("/en")).status).toBe(404);
    expect(await text(await w.get("/"))).not.toContain("English");
  });

  it("lists many services worst first, each with a page of its own and a way back", async () => {
    const w = world(frontRow(many(100)));
    const html = await text(await w.get("/en"));
    expect(html.match(/href="\/en\/targets\/[^"]+"/g)?.slice(0, 2)).toEqual([
      // Equally bad ones by their ids, whatever the order in the row.
      'href="/en/targets/service-39"',
      'href="/en/targets/service-70"',
    ]);
    expect(html.match(/href="\/en\/targets\//g)).toHaveLength(100);
    // Each figure with what it is of: the region, the counts, the sample.
    for (const note of [/the same in every region/, /[\d,]+ of [\d,]+/, /highest: /, /[\d,]+ samples/]) {
      expect(html.match(new RegExp(`<small>${note.source}`, "g"))?.length, String(note)).toBeGreaterThanOrEqual(100);
    }
    const one = await text(await w.get("/en/targets/service-8"));
    expect(one).toContain("messages are being lost");
    expect(one).toContain("← All services");
  });

  it("knows a target that was configured but not measured yet", async () => {
    const w = world(frontRow([healthy()]), { knownTargets: ["new"] });
    const response = await w.get("/en/targets/new");
    expect([response.status, /Nothing has been measured yet/.test(await text(response))]).toEqual([200, true]);
  });
});

describe("headers", () => {
  it("allow the one stylesheet by its hash and nothing else", async () => {
    for (const path of ["/en", "/zh/nothing"]) {
      const response = await world(frontRow([healthy()])).get(path);
      const html = await response.text();
      const [style, ...others] = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map((m) => m[1] ?? "");
      const hash = createHash("sha256")
        .update(style ?? "")
        .digest("base64");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(others).toEqual([]);
      expect(policy).toContain(`style-src 'sha256-${hash}'`);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(html).not.toMatch(/<script(?!>\{let d=document,)|\sstyle=|\son[a-z]+=/i);
    }
  });

  test.each(["/en", "/healthz", "/api/v1/snapshot.json", "/nothing"])("are safe on %s", async (path) => {
    const { headers } = await world(frontRow([healthy()])).get(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("let the API be read from any origin", async () => {
    const w = world(frontRow([healthy()]));
    const response = await w.get("/api/v1/snapshot.json");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.text()).toBe(JSON.stringify([healthy()]));
  });
});

describe("caching", () => {
  test.each(["/", "/en", "/zh/targets/rtm", "/api/v1/snapshot.json"])(
    "%s answers 304 to its own ETag",
    async (path) => {
      const w = world(frontRow([healthy()]));
      const first = await w.get(path);
      const etag = first.headers.get("etag") ?? "";
      expect(etag).toMatch(/^W\/"[\w.-]+"$/);
      expect(first.headers.get("cache-control")).toBe(
        "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400",
      );
      for (const tag of [etag, etag.slice(2), `"x", ${etag}`, "*"]) {
        const again = await w.get(path, { "if-none-match": tag });
        expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
      }
      expect((await w.get(path, { "if-none-match": '"other"' })).status).toBe(200);
    },
  );

  it("gives each language its own ETag", async () => {
    const w = world(frontRow([healthy()]));
    expect((await w.get("/en")).headers.get("etag")).not.toBe((await w.get("/zh")).headers.get("etag"));
  });

  it("gives a new ETag to a new row, and to a page that has turned from green to unknown", async () => {
    const w = world(frontRow([healthy()], NOW - 2000));
    const first = (await w.get("/en")).headers.get("etag") ?? "";
    w.now += 200_000;
    const silent = await w.get("/en", { "if-none-match": first });
    expect([silent.status, /We cannot see any/.test(await text(silent))]).toEqual([200, true]);
    w.row = frontRow([healthy()], NOW + 1000);
    w.now = NOW + FRESH_MS + 200_001;
    expect((await w.get("/en", { "if-none-match": first })).status).toBe(200);
  });

  it("reads once while its copy is fresh, however many ask", async () => {
    const w = world(frontRow([healthy()]));
    await Promise.all(Array.from({ length: 50 }, (_, i) => w.get(i % 2 === 0 ? "/en" : "/zh")));
    expect(w.reads).toBe(1);
    w.now += FRESH_MS - 1;
    await w.get("/en");
    expect(w.reads).toBe(1);
    w.now += 1;
    await w.get("/en");
    expect(w.reads).toBe(2);
  });

  it("prints the age anew each second", async () => {
    const w = world(frontRow([healthy()]));
    expect(await text(await w.get("/en"))).toContain("12:00:14 UTC, 3 s ago");
    w.now += 1000;
    expect(await text(await w.get("/en"))).toContain("12:00:14 UTC, 4 s ago");
  });

  it("does not wait for ever for a read that never ends", async () => {
    let calls = 0;
    const hung = new Promise<FrontRow>(() => undefined);
    const w = world(null, { read: () => (++calls === 1 ? hung : Promise.resolve(frontRow([healthy()]))) });
    void w.get("/en");
    w.now += 4001;
    expect((await w.get("/en")).status).toBe(200);
  });

  it("does not let a read that was taken for dead undo its successor", async () => {
    let late: (row: FrontRow) => void = () => undefined;
    let calls = 0;
    const first = new Promise<FrontRow>((resolve) => (late = resolve));
    const w = world(null, { read: () => (++calls === 1 ? first : Promise.resolve(frontRow([healthy()], NOW))) });
    const waiting = w.get("/en");
    w.now += 4001;
    await w.get("/en");
    late(frontRow([fixtures.oneDown()], NOW - 60_000));
    expect(await text(await waiting)).toContain("All 7 regions measured and operational");
  });
});

describe("while the database is away", () => {
  test.each<[string, Error | FrontRow]>([
    ["it cannot be reached", AWAY],
    ["its row is not JSON", { composedAt: NOW, body: "[{" }],
    ["its row is no array", { composedAt: NOW, body: "{}" }],
    [
      "a snapshot is of another version",
      { composedAt: NOW, body: JSON.stringify([healthy(), { ...healthy(), version: 2 }]) },
    ],
  ])("the last good figures are shown with a notice when %s", async (_, failure) => {
    const w = world(frontRow([healthy()]));
    await w.get("/en");
    w.row = failure;
    w.now += FRESH_MS;
    const response = await w.get("/en");
    expect([response.status, response.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
    const words = await read(response);
    expect(words).toContain("Our own database cannot be read; figures as of 2026-11-22 12:00:15 UTC");
    expect(words).toContain("All 7 regions measured and operational");
    expect((await w.get("/api/v1/snapshot.json")).headers.get("x-sonde-stale")).toBe("1");
    expect(w.reports).toHaveLength(1);
  });

  it("green does not outlive what is known", async () => {
    const w = world(frontRow([healthy()]));
    await w.get("/en");
    w.row = AWAY;
    w.now += 3_600_000;
    expect(await read(await w.get("/en"))).toMatch(
      /Our own database cannot be read.*We cannot see any of the 7 regions/,
    );
  });

  it("asks again only when its copy is old, and is itself again at once", async () => {
    const w = world(frontRow([healthy()]));
    await w.get("/en");
    w.row = AWAY;
    w.now += FRESH_MS;
    await w.get("/en");
    await w.get("/zh");
    expect(w.reads).toBe(2);
    w.row = frontRow([healthy()], NOW + 60_000);
    w.now += FRESH_MS;
    expect((await w.get("/en")).headers.get("x-sonde-stale")).toBeNull();
  });

  it("takes the spare copy in an isolate that knows nothing", async () => {
    const kept: FrontRow[] = [];
    const spare = { get: async () => kept.at(-1) ?? null, put: async (row: FrontRow) => void kept.push(row) };
    const before = world(frontRow([healthy()]), { spare });
    await before.get("/en");
    before.now += FRESH_MS;
    await before.get("/en");
    expect(kept).toHaveLength(1);
    const after = world(AWAY, { spare });
    const response = await after.get("/en");
    expect([response.status, response.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
    expect(await read(response)).toContain("All 7 regions");
  });

  test.each<[string, Partial<StatusPageOptions>]>([
    ["without a spare copy", {}],
    [
      "with a spare that fails too",
      { spare: { get: () => Promise.reject(new Error("no cache")), put: async () => undefined } },
    ],
    [
      "with a spare that is broken",
      { spare: { get: async () => ({ composedAt: 1, body: "?" }), put: async () => undefined } },
    ],
  ])("is 503 %s, and never an empty page", async (_, options) => {
    const w = world(AWAY, options);
    for (const [path, words] of [
      ["/en", "The figures cannot be read"],
      ["/zh", "暂时无法读取数据"],
      ["/zh/targets/x", "暂时无法读取数据"],
    ] as const) {
      const response = await w.get(path);
      expect([response.status, response.headers.get("retry-after"), response.headers.get("cache-control")]).toEqual([
        503,
        "10",
        "no-store",
      ]);
      expect(await text(response)).toContain(words);
    }
    const api = await w.get("/api/v1/snapshot.json");
    expect([api.status, await api.json()]).toMatchObject([503, { type: "urn:sonde:problem:database_unreadable" }]);
  });

  it("is not the same as nothing measured yet", async () => {
    const w = world(null);
    const response = await w.get("/en");
    expect([response.status, response.headers.get("x-sonde-stale")]).toEqual([200, null]);
    expect(await read(response)).toContain("Nothing has been measured yet");
    expect(await text(await w.get("/api/v1/snapshot.json"))).toBe("[]");
    w.row = AWAY;
    w.now += FRESH_MS;
    expect(await read(await w.get("/en"))).toContain("Our own database cannot be read; when it last could");
  });

  it("answers 500 in the house's look when a page breaks, and reports it", async () => {
    const broken = { ...healthy(), time_zone: "Mars/Olympus" };
    const w = world(frontRow([broken]));
    const response = await w.get("/en");
    expect([response.status, response.headers.get("cache-control"), w.reports.length]).toEqual([500, "no-store", 1]);
    expect(await read(response)).toContain("This page is broken");
  });
});
