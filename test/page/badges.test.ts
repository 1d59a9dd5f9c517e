// Aim: that a badge never says more than was measured: unknown is grey and says so, shares are cut off, the worst region is shown, and
// what is wrong is said in a picture that is there. Method: the real app in process, tables of snapshots, contrast computed from the
// colours, hostile labels. Nothing is patched.

import { describe, expect, it, test } from "vitest";

import { BADGE_COLOURS } from "../../status-page/badges/badge.ts";
import { LABEL_GROUND } from "../../status-page/badges/badge-svg.tsx";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import {
  NOW,
  firstSeconds,
  frontRow,
  healthy,
  latencyFigures,
  mixed,
  notStarted,
  oneDegraded,
  oneDown,
  oneSilent,
  period,
  region,
  snapshot,
} from "./fixtures.ts";
import { world } from "./world.ts";

const MONTH = Date.UTC(2026, 10, 1);
const UP = BADGE_COLOURS.up;
const DOWN = BADGE_COLOURS.down;
const GREY = BADGE_COLOURS.unmeasured;

interface Shield {
  readonly schemaVersion: number;
  readonly label: string;
  readonly message: string;
  readonly color: string;
  readonly isError: boolean;
  readonly sonde_title: string;
}

const rowOf = (one: Snapshot | null) => (one === null ? null : frontRow([one]));
async function shield(one: Snapshot | null, path: string): Promise<Shield> {
  const found = (await (await world(rowOf(one)).get(path)).json()) as Shield;
  return {
    ...found,
    message: found.message.replaceAll("\u00a0", " "),
    sonde_title: found.sonde_title.replaceAll("\u00a0", " "),
  };
}

const month = (up: number, down: number, change = {}) =>
  snapshot([region(0), region(1, { month: period(MONTH, { up, down }, 50, change) })]);
const silent = snapshot([region(0), region(1, { month: period(MONTH, { up: 0, unmeasured: 900 }, 50) })]);

const partly = (unmeasured: number) =>
  snapshot([region(0), region(1, { month: period(MONTH, { up: 9000, unmeasured }, 50) })]);

describe("a badge", () => {
  test.each<[string, Snapshot | null, string, string, string, string]>([
    ["up", healthy(), "/badge.json", "status", "Operational", UP],
    ["degraded", oneDegraded(), "/badge.json", "status", "Degraded", BADGE_COLOURS.degraded],
    ["down", oneDown(), "/badge.json", "status", "Down", DOWN],
    ["worst of all", mixed(), "/badge.json", "status", "Down", DOWN],
    ["silent", oneSilent(), "/badge.json", "status", "Not measured", GREY],
    ["not started", notStarted(), "/badge.json", "status", "Not measured", GREY],
    ["nothing", null, "/badge.json", "status", "Not measured", GREY],
    ["one region of it", oneDown(), "/badge.json?region=enam", "status", "Operational", UP],
    ["one region that is down", oneDown(), "/targets/rtm/badge.json?region=weur", "status", "Down", DOWN],
    ["zh", oneDown(), "/zh/badge.json", "状态", "中断", DOWN],
    ["zh unknown", oneSilent(), "/zh/targets/rtm/badge.json?show=status", "状态", "未测得", GREY],
    // 43,199 of 43,200 is 99.9976...: cut off, no 100.
    ["uptime", month(43_199, 1), "/badge.json?show=uptime&region=enam", "uptime", "99.997 % · November 2026", UP],
    ["uptime missed", month(43_000, 200), "/badge.json?show=uptime", "uptime", "99.537 % · November 2026", DOWN],
    ["uptime of all", month(43_200, 0), "/badge.json?show=uptime&region=enam", "uptime", "100 % · November 2026", UP],
    ["uptime of none", notStarted(), "/badge.json?show=uptime", "uptime", "not measured", GREY],
    ["uptime of some", silent, "/badge.json?show=uptime", "uptime", "99.990 % · November 2026", GREY],
    ["uptime of a part", partly(900), "/badge.json?show=uptime&region=enam", "uptime", "100 % · November 2026", GREY],
    ["uptime of nearly all", partly(1), "/badge.json?show=uptime&region=enam", "uptime", "100 % · November 2026", UP],
    [
      "delivery",
      month(43_199, 1),
      "/badge.json?show=delivery&region=enam",
      "delivery",
      "99.9976 % · November 2026",
      UP,
    ],
    ["delivery of none", firstSeconds(), "/badge.json?show=delivery", "delivery", "not measured", GREY],
    ["p99", healthy(), "/badge.json?show=p99", "P99 latency", "155 ms · November 2026", UP],
    [
      "p99 among lost ones",
      month(100, 9, { latency: { ...latencyFigures(50, 2000), p99: { over_ms: 5000 } } }),
      "/badge.json?show=p99",
      "P99 latency",
      "> 5 s · November 2026",
      DOWN,
    ],
    [
      "p99 of too few",
      month(1, 0, { latency: latencyFigures(50, 24) }),
      "/badge.json?show=p99&region=enam",
      "P99 latency",
      "too few samples (24)",
      GREY,
    ],
    ["its own label", healthy(), "/badge.json?label=our%20chat", "our chat", "Operational", UP],
  ])("%s", async (_, one, path, label, message, color) => {
    const found = await shield(one, path);
    expect(found).toMatchObject({ schemaVersion: 1, label, message, color, isError: false });
  });

  it("says whose figure it is, of when, and what is missing", async () => {
    const found = await shield(silent, "/badge.json?show=uptime");
    expect(found.sonde_title).toContain("1 not measured");
    const part = await shield(partly(1000), "/badge.json?show=uptime&region=enam");
    expect(part.sonde_title).toContain("90.00 % measured");
    expect((await shield(healthy(), "/badge.json?show=uptime")).sonde_title).toMatch(
      /lowest of 7 regions.*as of 2026-11-22 12:00:14 UTC/,
    );
    expect((await shield(healthy(), "/badge.json?show=p99")).sonde_title).toContain("highest of 7 regions");
  });

  it("of a service that only accepts does not say delivery", async () => {
    const one = snapshot([region(0, { ok_means: "accepted" }), region(1)]);
    expect((await shield(one, "/badge.json?show=delivery")).label).toBe("accepted");
    expect((await shield(one, "/zh/badge.json?show=delivery")).label).toBe("受理率");
  });

  test.each([
    ["/badge.json?show=x", "cannot show that"],
    ["/badge.json?region=mars", "no such region"],
    ["/badge.json?region=", "no such region"],
    ["/targets/A%22/badge.json", "no such target"],
    ["/zh/targets/A%22/badge.json", "没有这个服务"],
  ])("that cannot be is a badge that says so: %s", async (path, message) => {
    const w = world(frontRow([healthy()]));
    for (const file of [path, path.replace(".json", ".svg")]) {
      const response = await w.get(file);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain(message);
    }
    expect(await shield(healthy(), path)).toMatchObject({ message, color: GREY, isError: true });
  });

  it("is there, grey and an error, while nothing can be read; and the last one, marked, where something could", async () => {
    const w = world(new Error("D1 is away"));
    const json = await w.get("/badge.json");
    expect([json.status, await json.json()]).toMatchObject([
      200,
      { isError: true, message: "unreadable now", color: GREY },
    ]);
    expect((await w.get("/badge.svg")).status).toBe(200);
    w.row = frontRow([healthy()]);
    w.now += 10_000;
    await w.get("/badge.json");
    w.row = new Error("D1 is away");
    w.now += 10_000;
    const stale = await w.get("/badge.json");
    expect([stale.headers.get("x-sonde-stale"), ((await stale.json()) as Shield).message]).toEqual([
      "1",
      "Operational",
    ]);
    w.now += 600_000;
    expect(((await (await w.get("/badge.json")).json()) as Shield).message).toBe("Not measured");
  });
});

describe("the picture", () => {
  it("has a title, the same name for who hears it, headers, ETag, 304 and HEAD", async () => {
    const w = world(frontRow([oneDown()]));
    const response = await w.get("/zh/targets/rtm/badge.svg");
    expect(response.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toContain("max-age=5");
    const svg = await response.text();
    const title = /<title>(.*?)<\/title>/.exec(svg)?.[1] ?? "";
    expect(title).toContain("状态：中断");
    expect(svg).toContain(`role="img" aria-label="${title}" lang="zh`);
    expect(svg).not.toMatch(/style|script|href|url\(/);
    const etag = response.headers.get("etag") ?? "";
    expect((await w.get("/zh/targets/rtm/badge.svg", { "if-none-match": etag })).status).toBe(304);
    const head = await w.get("/badge.svg", {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("has a contrast of 4.5 : 1 or more in every colour", () => {
    const luminance = (hex: string): number => {
      const [r = 0, g = 0, b = 0] = [0, 2, 4]
        .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const grounds = [...Object.values(BADGE_COLOURS), LABEL_GROUND];
    const ratios = grounds.map((hex) => 1.05 / (luminance(hex) + 0.05));
    expect(ratios).toHaveLength(5);
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    "<script>alert(1)</script>",
    `" onload="alert(1)`,
    "]]>&lt;&#0;&x;",
    "\u202eevil\u2066",
    "\u0000\u0007\ufffe",
    "\ud800",
    "长".repeat(5000),
    "x".repeat(5000),
  ])("holds a label as text, bounded, case %#", async (label) => {
    const w = world(frontRow([healthy()], NOW));
    const svg = await (await w.get(`/badge.svg?label=${encodeURIComponent(label.toWellFormed())}`)).text();
    const tags = [...svg.matchAll(/<([^\s/>]+)/g)].map((match) => match[1]);
    expect(tags).toEqual(["svg", "title", "rect", "rect", "g", "text", "text"]);
    expect(svg).not.toMatch(/<[^>]*\sonload="/);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069\ufffe\uffff]/.exec(svg)).toBeNull();
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(620);
    expect(svg.length).toBeLessThan(2500);
  });
});
