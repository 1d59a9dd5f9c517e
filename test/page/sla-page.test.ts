// Aim: what a visitor gets of contracts, by path, status, headers and words; who gets nothing; and what is said when reports
// cannot be read. Method: the real app, called in process; reports come in through a reader and visitors through a guard that
// the test holds. Nothing is patched.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import { KEPT_MS } from "../../status-page/sla-memory.ts";
import { SlaUnreadable } from "../../status-page/sla.ts";
import type { PageContract } from "../../status-page/sla.ts";
import {
  BREACHED,
  CONTRACTS,
  MEMBER,
  MONEY,
  NOBODY,
  ROWS,
  SECRET,
  STRANGER,
  UNKNOWN,
  as,
  contractOf,
  readerOf,
  slaWorld,
  stored,
} from "./sla-world.ts";
import { frontRow, healthy } from "./fixtures.ts";
import * as fixtures from "./sla-fixtures.ts";
import { missing, read, text, world } from "./world.ts";

const AMOUNT = /12,800|128,000|CNY/;

describe("routes", () => {
  test.each<[string, number, string, RegExp]>([
    ["/en/sla", 200, "text/html; charset=utf-8", /2 contracts, 1 of 2 judged, 1 breached in the present period/],
    ["/sla/", 200, "text/html; charset=utf-8", /SLA reports/],
    ["/zh/sla", 200, "text/html; charset=utf-8", /共 2 份合同/],
    [
      "/en/sla/messaging",
      200,
      "text/html; charset=utf-8",
      /So far the contract says: breached\. Sonde’s word: undetermined/,
    ],
    ["/zh/sla/messaging", 200, "text/html; charset=utf-8", /合同口径：未达标；Sonde 判定：无法判定；证据：证据不足/],
    ["/sla/messaging/2026-10", 200, "text/html; charset=utf-8", /It replaces revision 1/],
    ["/sla/messaging/2026-10?revision=1", 200, "text/html; charset=utf-8", /Revision 1\./],
    ["/en/sla/messaging/2026-10.json", 200, "application/json", /"revision":2/],
    ["/sla/messaging/2026-10.json?revision=1", 200, "application/json", /"revision":1/],
    ["/sla/messaging/2026-10.csv", 200, "text/csv; charset=utf-8; header=present", /messaging,2026-10,2/],
    ["/sla/messaging/claims.ics", 200, "text/calendar; charset=utf-8", /Claim deadline: Messaging 2026-10 \(10 %/],
    ["/zh/sla/messaging/claims.ics", 200, "text/calendar; charset=utf-8", /索赔截止/],
    ["/en/sla/new", 200, "text/html; charset=utf-8", /Judging takes place every five minutes/],
    ["/zh/sla/new", 200, "text/html; charset=utf-8", /每五分钟评判一次/],
    ["/en/sla/new/2026-10", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/new/2026-10.json", 404, "application/json", /^\{"error":"not_found"\}$/],
    ["/sla/new/claims.ics", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/en/sla/none", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/zh/sla/none/2026-10", 404, "text/html; charset=utf-8", /没有这份报告/],
    ["/sla/messaging/2025-01", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10?revision=7", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10?revision=-1", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10?revision=1e0", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10?revision=", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10.xml", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/..%2f..%2fetc", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/' or 1=1", 404, "text/html; charset=utf-8", /There is no such report/],
    ["/sla/messaging/2026-10/more", 404, "text/html; charset=utf-8", /There is no such page/],
  ])("GET %s is %i", async (path, status, type, words) => {
    const w = slaWorld();
    const response = await w.get(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, type]);
    expect(await text(response)).toMatch(words);
    const head = await w.get(path, {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([status, ""]);
    expect(w.reports).toEqual([]);
  });

  it("are not there without contracts, and neither is the way to them", async () => {
    const none = world(frontRow([healthy()]));
    expect((await none.get("/en/sla")).status).toBe(404);
    expect(await text(await none.get("/en"))).not.toContain("/sla");
    const some = slaWorld();
    expect(await text(await some.get("/en"))).toContain('<a href="/en/sla">SLA reports</a>');
    expect(await text(await some.get("/zh"))).toContain('<a href="/zh/sla">SLA 报告</a>');
  });

  it("keep a page's period and revision when the language is changed", async () => {
    const html = await text(await slaWorld().get("/en/sla/messaging/2026-10?revision=1"));
    expect(html).toContain('href="/zh/sla/messaging/2026-10?revision=1"');
    expect(html).toContain('href="/en/sla/messaging/2026-10.json?revision=1"');
  });

  it("list every period with its revisions, and say which one this is", async () => {
    const html = await text(await slaWorld().get("/en/sla/messaging/2026-10"));
    const links = [...html.matchAll(/<a href="\/en\/sla\/messaging\/([^".]+=\d)"( aria-current="page")?/g)];
    expect(links.map((m) => [m[1], m[2] !== undefined])).toEqual([
      ["2026-11?revision=0", false],
      ["2026-10?revision=2", true],
      ["2026-10?revision=1", false],
    ]);
  });
});

describe("a report's files", () => {
  it("JSON: the stored bytes, and the hash that they have", async () => {
    const w = slaWorld();
    const response = await w.get("/sla/messaging/2026-10.json");
    const bytes = new Uint8Array(await response.arrayBuffer());
    const row = stored(BREACHED);
    expect(new TextDecoder().decode(bytes)).toBe(row.body);
    const hash = createHash("sha256").update(bytes);
    expect(response.headers.get("repr-digest")).toBe(`sha-256=:${hash.copy().digest("base64")}:`);
    const hex = hash.digest("hex");
    expect([response.headers.get("x-sonde-report-sha256"), response.headers.get("etag")]).toEqual([hex, `"${hex}"`]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("CSV: with a name, and without money", async () => {
    const response = await slaWorld().get("/sla/messaging/2026-10.csv?revision=1");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="messaging-2026-10-r1.csv"');
    expect(await text(response)).not.toMatch(AMOUNT);
  });

  it("iCal: one event for each period that is owed something, of its newest revision", async () => {
    const response = await slaWorld().get("https://status.example/en/sla/messaging/claims.ics");
    const ics = await text(response);
    // The open month owes something as well, if it ended now: that is no claim.
    expect(ics.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(ics.replaceAll("\r\n ", "")).toContain("https://status.example/en/sla/messaging/2026-10");
    expect(ics).toContain("SEQUENCE:2");
  });

  it.each(["en", "zh"])("iCal and page say the same of a claim, in %s", async (language) => {
    const w = slaWorld();
    const ics = (await (await w.get(`/${language}/sla/messaging/claims.ics`)).text()).replaceAll("\r\n ", "");
    const told = /^DESCRIPTION:(.*)$/m.exec(ics)?.[1]?.trimEnd().replaceAll("\\n", "\n").replaceAll("\\", "") ?? "";
    const lines = told.split("\n");
    expect(lines).toHaveLength(4);
    expect(
      missing(await text(await w.get(`/${language}/sla/messaging/2026-10`)), ...lines.map((l) => `<p>${l}</p>`)),
    ).toEqual([]);
  });
});

describe("who may see what", () => {
  const CLOSED = [
    "/en/sla/secret",
    "/sla/secret/2026-10",
    "/zh/sla/secret/2026-10?revision=2",
    "/sla/secret/2026-10.json",
    "/sla/secret/2026-10.csv",
    "/sla/secret/claims.ics",
    "/sla/secret/2019-01",
    "/sla/secret/nonsense",
  ];
  const SAID = {
    401: ["Please sign in", "请先登录", '{"error":"unauthorized"}'],
    403: ["no way to sign in has been set up", "登录方式尚未配置", '{"error":"forbidden"}'],
    503: ["It cannot be told who you are", "暂时无法核实您的身份", '{"error":"guard_unavailable"}'],
  } as const;
  const cases = CLOSED.flatMap((path) => [STRANGER, NOBODY, UNKNOWN].map((visitor) => [path, visitor] as const));

  test.each(cases)("%s is closed to %o", async (path, visitor) => {
    const w = slaWorld(visitor);
    const response = await w.get(path);
    const body = await read(response);
    expect(response.status).toBe(visitor.ok ? 200 : visitor.status);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("etag")).toBeNull();
    expect(response.headers.get("retry-after")).toBe(visitor === UNKNOWN ? "10" : null);
    expect(body).not.toMatch(/breached|99\.8|未达标|no token|keys|configured|You have signed in|您已登录/);
    const said = visitor.ok ? [] : SAID[visitor.status];
    expect(body).toContain(said[path.endsWith(".json") ? 2 : path.startsWith("/zh") ? 1 : 0]);
    expect(w.reader.reads).toBe(0);
  });

  test.each(CLOSED.slice(0, 6))("%s is open to a member, kept by nobody, and never 304", async (path) => {
    const w = slaWorld(MEMBER);
    const response = await w.get(path, { "if-none-match": "*" });
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    expect([response.headers.get("etag"), response.headers.get("access-control-allow-origin")]).toEqual([null, null]);
  });

  it("shows amounts to members of a closed contract, and to nobody else", async () => {
    const closed = await text(await slaWorld(MEMBER).get("/en/sla/secret"));
    expect(closed).toContain("CNY 12,800.00, of a fee of CNY 128,000.00");
    let tried = 0;
    for (const visitor of [STRANGER, MEMBER]) {
      const files = ["", "/2026-10", "/2026-10.json", "/2026-10.csv", "/claims.ics"];
      for (const path of ["/en/sla", ...files.map((file) => `/zh/sla/messaging${file}`)]) {
        expect(await text(await slaWorld(visitor).get(path))).not.toMatch(AMOUNT);
        tried++;
      }
    }
    expect(tried).toBe(12);
  });

  it("lists closed contracts only to members, and keeps that list from caches", async () => {
    const open = await slaWorld().get("/en/sla");
    expect(open.headers.get("cache-control")).toContain("public");
    expect(await text(open)).not.toMatch(/secret|signed in/);
    const member = await slaWorld(MEMBER).get("/en/sla");
    expect(member.headers.get("cache-control")).toBe("private, no-store");
    expect(missing(await text(member), 'href="/en/sla/secret"', "only for those who have signed in")).toEqual([]);
    const only = await slaWorld(STRANGER, ROWS, { contracts: [contractOf(SECRET)] }).get("/en/sla");
    expect([only.status, /There are no contracts to show/.test(await text(only))]).toEqual([200, true]);
  });

  it("keeps a report closed that was composed so, though its contract is public by now", async () => {
    const contracts = [{ ...contractOf(SECRET), page: "public" as const }];
    const stranger = slaWorld(STRANGER, ROWS, { contracts });
    for (const path of ["/en/sla/secret", "/sla/secret/2026-10.json", "/sla/secret/claims.ics"]) {
      expect((await stranger.get(path)).status).toBe(401);
    }
    expect(await text(await stranger.get("/en/sla"))).not.toContain("/en/sla/secret");
    expect((await slaWorld(MEMBER, ROWS, { contracts }).get("/en/sla/secret")).status).toBe(200);
  });

  it("hides older periods of a contract that was closed then, verdict, credit and claim", async () => {
    const now = as(fixtures.openMonth(), "secret");
    const contracts = [contractOf(now)];
    const rows = [stored(now, MONEY), stored(SECRET, MONEY)];
    const stranger = slaWorld(STRANGER, rows, { contracts });
    const page = await stranger.get("/en/sla/secret");
    const html = await text(page);
    expect([page.status, html.includes("2026-11"), html.includes("2026-10<")]).toEqual([200, true, false]);
    expect(html).not.toContain("/sla/secret/2026-10");
    const ics = await stranger.get("/sla/secret/claims.ics");
    expect([ics.status, (await text(ics)).includes("VEVENT")]).toEqual([200, false]);
    expect(ics.headers.get("etag")).not.toContain(stored(SECRET).hash.slice(0, 16));
    expect((await stranger.get("/en/sla/secret/2026-10")).status).toBe(401);
    const member = await slaWorld(MEMBER, rows, { contracts }).get("/en/sla/secret/2026-10");
    expect(missing(await text(member), "/sla/secret/2026-11?revision=0", "/sla/secret/2026-10?revision=2")).toEqual([]);
    expect(member.headers.get("cache-control")).toBe("private, no-store");
  });

  test.each(["/en/sla/secret/2019-01", "/en/sla/secret/nonsense", "/sla/secret/2019-01.json"])(
    "%s is missing for a member, and no cache keeps that",
    async (path) => {
      const member = await slaWorld(MEMBER).get(path);
      expect([member.status, member.headers.get("cache-control")]).toEqual([404, "private, no-store"]);
      const open = await slaWorld(MEMBER).get(path.replace("secret", "messaging"));
      expect([open.status, open.headers.get("cache-control")]).toEqual([404, "public, max-age=5"]);
    },
  );

  test.each<[PageContract["effective"], string, string]>([
    [
      { from: "2027-01-01", to: null },
      "This contract does not hold yet It holds from 2027-01-01 (Asia/Shanghai).",
      "该合同尚未生效 合同自 2027-01-01 起生效",
    ],
    [
      { from: "2025-01-01", to: "2025-12-31" },
      "This contract is over It held until 2025-12-31 (Asia/Shanghai), and there is no report: nothing of it was measured",
      "该合同已终止 合同有效期至 2025-12-31",
    ],
  ])("a contract without a report says why: %o", async (effective, en, zh) => {
    const contracts = [{ ...contractOf(fixtures.kept()), effective }];
    const w = slaWorld(STRANGER, [], { contracts });
    for (const path of ["/sla/messaging", "/sla"]) {
      expect(missing(await read(await w.get(`/en${path}`)), en)).toEqual([]);
      expect(missing(await read(await w.get(`/zh${path}`)), zh)).toEqual([]);
    }
  });

  it("lets nobody in where the guard fails or is missing, and shows the public contracts all the same", async () => {
    const w = slaWorld(new Error("keys are away"));
    expect((await w.get("/en/sla/secret")).status).toBe(503);
    const list = await w.get("/en/sla");
    expect([list.status, /href="\/en\/sla\/messaging"/.test(await text(list)), w.reports.length]).toEqual([
      200,
      true,
      2,
    ]);
    const bare = world(frontRow([healthy()]), { contracts: CONTRACTS, sla: readerOf(ROWS) });
    expect((await bare.get("/en/sla/secret")).status).toBe(403);
  });
});

describe("caching", () => {
  test.each([
    "/en/sla",
    "/en/sla/messaging",
    "/zh/sla/messaging/2026-10",
    "/sla/messaging/2026-10.json",
    "/sla/messaging/2026-10.csv",
    "/sla/messaging/claims.ics",
  ])("%s answers 304 to its own ETag", async (path) => {
    const w = slaWorld();
    const first = await w.get(path);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^(W\/)?"[\w.-]+"$/);
    expect(first.headers.get("cache-control")).toBe(
      "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400",
    );
    const again = await w.get(path, { "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await w.get(path, { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("gives each language and each report its own ETag", async () => {
    const w = slaWorld();
    const paths = [
      "/en/sla/messaging",
      "/zh/sla/messaging",
      "/en/sla/messaging/2026-10",
      "/en/sla/messaging/2026-10?revision=1",
    ];
    const tags = await Promise.all(paths.map(async (path) => (await w.get(path)).headers.get("etag")));
    expect(new Set(tags).size).toBe(paths.length);
  });

  it("asks the database once in five seconds for the same thing", async () => {
    const w = slaWorld();
    for (let i = 0; i < 5; i++) await w.get("/en/sla/messaging");
    expect(w.reader.reads).toBe(2);
    w.now += KEPT_MS;
    await w.get("/en/sla/messaging");
    expect(w.reader.reads).toBe(4);
  });
});

describe("headers", () => {
  it("allow the two stylesheets by their hashes and nothing else", async () => {
    const w = slaWorld(MEMBER);
    for (const path of ["/en/sla", "/zh/sla/messaging", "/en/sla/secret", "/en/sla/new", "/en/sla/none"]) {
      const response = await w.get(path);
      const html = await response.text();
      const policy = response.headers.get("content-security-policy") ?? "";
      const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map((m) => m[1] ?? "");
      const hashes = styles.map((style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`);
      expect(hashes.length).toBeGreaterThan(0);
      expect(policy).toContain(`style-src ${hashes.join(" ")};`);
      expect(policy).not.toContain("unsafe");
      expect(html).not.toMatch(/<script(?!>\{let d=document,)|\sstyle=|\son[a-z]+=/i);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("when reports cannot be read", () => {
  const PATHS = [
    "/en/sla",
    "/en/sla/messaging",
    "/sla/messaging/2026-10",
    "/sla/messaging/2026-10.csv",
    "/sla/messaging/claims.ics",
  ];

  test.each(PATHS)("%s is a 503 that says so, and is whole again afterwards", async (path) => {
    const w = slaWorld();
    w.reader.away = true;
    const response = await w.get(path);
    expect([response.status, response.headers.get("cache-control"), response.headers.get("retry-after")]).toEqual([
      503,
      "private, no-store",
      "10",
    ]);
    expect(await text(response)).toContain("The reports cannot be read");
    expect(w.reports[0]).toBeInstanceOf(SlaUnreadable);
    w.reader.away = false;
    expect((await w.get(path)).status).toBe(200);
  });

  it("says it in Chinese and as JSON", async () => {
    const w = slaWorld();
    w.reader.away = true;
    expect(await text(await w.get("/zh/sla/messaging"))).toContain("暂时无法读取报告");
    const json = await w.get("/sla/messaging/2026-10.json");
    expect([json.status, await json.text()]).toEqual([503, '{"error":"reports_unreadable"}']);
  });

  it("does not take the front page along", async () => {
    const w = slaWorld();
    w.reader.away = true;
    expect((await w.get("/en")).status).toBe(200);
  });

  it("shows no page with amounts that it cannot read", async () => {
    const w = slaWorld(MEMBER, [{ ...stored(SECRET), money: "{" }]);
    expect((await w.get("/en/sla/secret")).status).toBe(503);
    // The JSON has no money in it, so it is not in doubt.
    expect((await w.get("/sla/secret/2026-10.json")).status).toBe(200);
  });
});
