// Aim: what every page has around it: ways that lead somewhere, the visitor's zone on all of them, addresses for machines, a policy that
// fits the script, and the brand. Method: the real app in process; pure pieces by tables.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import type { Config } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";
import { SCRIPT } from "../../status-page/script.ts";
import { ZONES, carryZone, zoneFor, zoneNamed, zoneOptions } from "../../status-page/zones.ts";
import { waysOf } from "../../status-page/ways.ts";
import { wordsOf } from "../../status-page/words/languages.ts";
import { frontRow, healthy, many } from "./fixtures.ts";
import { missing, text, world } from "./world.ts";

const hash = (inline: string): string => `'sha256-${createHash("sha256").update(inline).digest("base64")}'`;

const LOGO = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 14"><path d="M0 0h60v14z"/></svg>')}`;
const config = (more: Record<string, unknown>): Config =>
  configOf({
    name: "Acme",
    regions: ["weur"],
    targets: [{ id: "rtm", driver: "mqtt", address: "mqtts://broker.example" }],
    ...more,
  });

describe("the ways", () => {
  const all = (): boolean => true;
  test.each<[string | null, string | undefined, string | null]>([
    ["", "Status", "page"],
    ["/targets/rtm", "Status", "true"],
    ["/targets/rtm/regions/weur", "Status", "true"],
    ["/targets/rtm/history/2026", "History", "true"],
    ["/targets/rtm/regions/weur/days/2026-11-22", "History", "true"],
    ["/targets/history", "Status", "true"],
    ["/incidents", "Incidents", "page"],
    ["/incidents?before=5", "Incidents", "true"],
    ["/incidents/rtm-1", "Incidents", "true"],
    ["/sla/messaging/2026-11", "SLA reports", "true"],
    ["/method", "Method", "page"],
    ["/here", undefined, null],
    [null, undefined, null],
  ])("on %s it is %s", (path, word, current) => {
    const here = waysOf(wordsOf("en"), path, all).filter((way) => way.current !== null);
    expect([here.length, here[0]?.word, here[0]?.current ?? null]).toEqual([word === undefined ? 0 : 1, word, current]);
  });

  it("are in one order, and only those that exist", async () => {
    const words = waysOf(wordsOf("zh"), "", all).map((way) => way.word);
    expect(words).toEqual(["状态", "事件", "SLA 报告", "历史", "测量方法", "探针", "API", "订阅"]);
    const w = world(frontRow([healthy()]));
    const html = await text(await w.get("/en"));
    const hrefs = [...(/<nav class="ways".*?<\/nav>/s.exec(html)?.[0] ?? "").matchAll(/href="([^"]+)"/g)].map(
      (m) => m[1] ?? "",
    );
    expect(hrefs.length).toBeGreaterThan(1);
    expect(hrefs).not.toContain("/en/incidents");
    for (const href of hrefs) expect([href, (await w.get(href)).status]).toEqual([href, 200]);
  });
});

describe("the zone", () => {
  test.each<[string, string | null]>([
    ["Asia/Tokyo", "Asia/Tokyo"],
    ["asia/shanghai", "Asia/Shanghai"],
    ["Etc/UTC", "UTC"],
    ["+08:00", null],
    ["Mars/Olympus", null],
    ["../etc/passwd", null],
    ["", null],
    ["<b>", null],
    [`Europe/${"x".repeat(5000)}`, null],
  ])("%s is %s", (asked, name) => {
    expect(zoneNamed(asked)).toBe(name);
  });

  it("is the page's own where nothing, the same or nonsense was asked for", () => {
    for (const asked of [undefined, "nowhere", "europe/berlin", ""]) {
      expect(zoneFor(asked, "Europe/Berlin")).toEqual({ zone: "Europe/Berlin", chosen: false });
    }
    expect(zoneFor("asia/tokyo", "Europe/Berlin")).toEqual({ zone: "Asia/Tokyo", chosen: true });
  });

  it("offers each zone once and marks one", () => {
    const cases = [
      ["UTC", "UTC", ZONES.length],
      ["Asia/Kathmandu", "UTC", ZONES.length + 1],
      ["Asia/Calcutta", "Europe/Paris", ZONES.length + 1],
      ["Asia/Tokyo", "Etc/UTC", ZONES.length],
    ] as const;
    for (const [zone, own, count] of cases) {
      const options = zoneOptions(zone, own);
      expect([zone, options.length, options.filter((one) => one.selected).length]).toEqual([zone, count, 1]);
      expect(zoneNamed(options.find((one) => one.selected)?.zone ?? "")).toBe(zoneNamed(zone));
    }
    // As they are offered, whatever the runtime calls them.
    expect(ZONES.map(zoneNamed)).toEqual(ZONES);
    expect(zoneNamed("Asia/Calcutta")).toBe("Asia/Kolkata");
  });

  test.each<[string, string]>([
    ['<a href="/en">', '<a href="/en?zone=Asia%2FTokyo">'],
    ['<a class="x" href="/zh/targets/a%2Fb#r">', '<a class="x" href="/zh/targets/a%2Fb?zone=Asia%2FTokyo#r">'],
    ['<a href="/en/incidents?before=5">', '<a href="/en/incidents?before=5&amp;zone=Asia%2FTokyo">'],
    ['<a href="/en?zone=UTC">', '<a href="/en?zone=UTC">'],
    ['<a href="/en/sla/x/2026-11.csv">', '<a href="/en/sla/x/2026-11.csv">'],
    ['<a href="/api/v1/snapshot.json">', '<a href="/api/v1/snapshot.json">'],
    ['<a href="#main">', '<a href="#main">'],
    ['<a href="https://x.example/en/">', '<a href="https://x.example/en/">'],
    ['<link rel="alternate" href="/en"/>', '<link rel="alternate" href="/en"/>'],
    ["&lt;a href=&quot;/en&quot;&gt;", "&lt;a href=&quot;/en&quot;&gt;"],
  ])("on %s", (before, after) => {
    expect(carryZone(before, "Asia/Tokyo")).toBe(after);
  });

  it("is that of the times, stands beside them, and goes along", async () => {
    const w = world(frontRow(many(3)));
    const html = await text(await w.get("/en?zone=asia/tokyo"));
    expect(html).toContain("2026-11-22 21:00:14 Asia/Tokyo (2026-11-22 12:00:14 UTC)");
    const links = [...html.matchAll(/<a\b[^>]*?href="(\/en[^".#]*|\/zh[^".#]*)"/g)].map((m) => m[1] ?? "");
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !link.includes("zone=Asia%2FTokyo"))).toEqual([]);
    expect(html).toContain('<option value="Asia/Tokyo" selected="">Tokyo</option>');
    // The other zone's page is not the one that was kept.
    expect(await text(await w.get("/en"))).toContain("12:00:14 UTC, 3 s ago");
  });

  it("is never repeated where it is none", async () => {
    const w = world(frontRow([healthy()]));
    const plain = await text(await w.get("/en"));
    for (const asked of ["%3Cscript%3E", "Nowhere/Land", "x%22y"]) {
      expect(await text(await w.get(`/en?zone=${asked}`))).toBe(plain);
    }
  });

  it("is asked for by a form that keeps the rest of the address", async () => {
    const html = await text(await world(frontRow([healthy()])).get("/zh"));
    expect(html).toContain('<form id="zones" action="/zh" data-zone="UTC"');
    expect(await text(await world(frontRow([healthy()])).get("/nowhere"))).not.toContain("<form");
  });
});

describe("the script", () => {
  it("is below 2 kB, is allowed by its hash, and is the only one", async () => {
    expect(Buffer.byteLength(SCRIPT)).toBeLessThan(2048);
    for (const path of ["/en", "/zh/here", "/en/api", "/nothing"]) {
      const response = await world(frontRow([healthy()])).get(path);
      const scripts = [...(await response.text()).matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map((m) => m[1] ?? "");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(scripts).toEqual([SCRIPT]);
      expect(policy).toContain(`script-src ${hash(SCRIPT)};`);
      expect(policy).toContain("connect-src 'self';");
      expect(policy).toContain("form-action 'self';");
      expect(policy).not.toContain("unsafe");
    }
  });
});

describe("for machines", () => {
  it("the addresses are whole where the configuration says where the page is", async () => {
    const w = world(frontRow([healthy()]), { config: config({ url: "https://status.example" }) });
    const html = await text(await w.get("/zh/targets/rtm?zone=Asia/Tokyo"));
    expect(
      missing(
        html,
        '<link rel="canonical" href="https://status.example/zh/targets/rtm"/>',
        '<link rel="alternate" hreflang="en" href="https://status.example/en/targets/rtm"/>',
        '<link rel="alternate" hreflang="zh-Hans" href="https://status.example/zh/targets/rtm"/>',
        '<meta property="og:url" content="https://status.example/zh/targets/rtm"/>',
        '<meta property="og:title" content="全部 7 个区域均已测量，运行正常',
      ),
    ).toEqual([]);
    const bare = await text(await world(frontRow([healthy()])).get("/en"));
    expect(bare).not.toMatch(/canonical|og:url|og:image|rel="alternate" hreflang/);
    expect(await text(await w.get("/nowhere"))).not.toMatch(/canonical|hreflang="en" href="https/);
  });
});

describe("the brand", () => {
  it("is a logo, a way home and two colours, with their hash in the policy", async () => {
    const brand = { logo: LOGO, accent: { light: "#0B5D3B", dark: "#8fe0b8" }, link: "https://acme.example" };
    const w = world(frontRow([healthy()]), { config: config({ brand }) });
    const response = await w.get("/en");
    const html = await response.text();
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map((m) => m[1] ?? "");
    expect(styles.at(-1)).toContain("--link:#0b5d3b");
    const policy = response.headers.get("content-security-policy") ?? "";
    for (const style of styles) expect(policy).toContain(hash(style));
    expect(html).toContain(`<img src="${LOGO}" width="120" height="28" alt=""/>`);
    expect(html).toContain('<a class="brand" href="https://acme.example/">');
    const etag = response.headers.get("etag") ?? "";
    const again = await w.get("/en", { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    // Browsers put the headers of a 304 on the page that they kept: a policy without its hashes would undress it.
    expect(again.headers.get("content-security-policy")).toBeNull();
    expect((await w.get("/api/v1/snapshot.json")).headers.get("content-security-policy")).not.toContain(
      hash(styles.at(-1) ?? ""),
    );
  });

  it("leaves the page as it is where there is none", async () => {
    const html = await text(await world(frontRow([healthy()]), { config: config({}) }).get("/en"));
    expect(html).not.toContain("<img");
    expect(html.match(/<style>/g)).toHaveLength(1);
  });
});
