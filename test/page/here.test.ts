// Aim: /here tells one's own trouble from the service's: the nearest region is found, judged and named, the others are counted, unknown
// stays unknown, and nothing is kept. Method: the real app with rows from the fixtures and requests that carry `cf`, as on Cloudflare;
// the distances and verdicts also by tables.

import { describe, expect, it, test } from "vitest";

import type { FrontRow, PageBindings } from "../../status-page/front.ts";
import { kmBetween, nearestOf, whereaboutsOf } from "../../status-page/here-near.ts";
import { verdictOf } from "../../status-page/here-view.ts";
import { statusPage } from "../../status-page/app.tsx";
import * as fixtures from "./fixtures.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { missing, read } from "./world.ts";

const BERLIN = { continent: "EU", country: "DE", colo: "TXL", latitude: "52.52", longitude: "13.40" };
const TOKYO = { continent: "AS", country: "JP", colo: "NRT", latitude: "35.68", longitude: "139.69" };

/** An answer of /here to a visitor there. */
async function ask(row: FrontRow | Error | null, path: string, cf: unknown): Promise<Response> {
  const app = statusPage({
    now: () => NOW,
    read: () => (row instanceof Error ? Promise.reject(row) : Promise.resolve(row)),
    spare: null,
    report: () => undefined,
  });
  const request = new Request(`http://localhost${path}`);
  if (cf !== undefined) Reflect.defineProperty(request, "cf", { value: cf });
  return app.fetch(request, {} as PageBindings);
}

describe("which region is nearest", () => {
  const regions = fixtures.REGIONS.map(([id]) => ({ hint: id }));
  test.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    ["Berlin", BERLIN, "weur", "coordinates"],
    ["Warsaw", { latitude: "52.23", longitude: "21.01" }, "eeur", "coordinates"],
    ["Tokyo", TOKYO, "apac-ne", "coordinates"],
    ["Jakarta", { latitude: -6.2, longitude: 106.8 }, "apac-se", "coordinates"],
    ["Auckland, across the date line", { latitude: "-36.85", longitude: "174.76" }, "oc", "coordinates"],
    ["Honolulu, across the ocean", { latitude: "21.3", longitude: "-157.9" }, "wnam", "coordinates"],
    ["a continent alone", { continent: "OC" }, "oc", "continent"],
    ["half of a point is none", { continent: "NA", latitude: "40" }, "enam", "continent"],
    ["a point that is nowhere", { continent: "EU", latitude: "140", longitude: "x" }, "weur", "continent"],
    ["the Antarctic alone", { continent: "AN" }, undefined, undefined],
    ["nothing", {}, undefined, undefined],
  ])("%s", (_, cf, region, by) => {
    const at = whereaboutsOf(cf);
    const near = at === null ? null : nearestOf(regions, at);
    expect([near?.region.hint, near?.by]).toEqual([region, by]);
  });

  it("takes nothing strange for a place", () => {
    for (const cf of [null, undefined, "EU", 7, [], { continent: "<b>", country: "DEU" }]) {
      expect(whereaboutsOf(cf)).toBeNull();
    }
    expect(whereaboutsOf({ continent: "EU", country: "XX", colo: "x'" })).toEqual({
      continent: "EU",
      country: null,
      colo: null,
      point: null,
    });
  });

  it("measures great circles", () => {
    const km = kmBetween({ latitude: 52.52, longitude: 13.405 }, { latitude: 35.68, longitude: 139.69 });
    // Berlin to Tokyo is 8,918 km on a sphere.
    expect(Math.round(km / 10)).toBe(892);
    expect(kmBetween({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(111.19, 1);
  });
});

describe("what it means", () => {
  test.each([
    ["up", { bad: 0, up: 6, unseen: 0 }, "all_well"],
    ["up", { bad: 0, up: 5, unseen: 1 }, "well_here"],
    ["up", { bad: 3, up: 3, unseen: 0 }, "well_here"],
    ["up", { bad: 0, up: 0, unseen: 0 }, "well_here"],
    ["down", { bad: 0, up: 6, unseen: 0 }, "only_here"],
    ["degraded", { bad: 0, up: 0, unseen: 6 }, "only_here"],
    ["down", { bad: 2, up: 4, unseen: 0 }, "here_too"],
    ["down", { bad: 5, up: 0, unseen: 1 }, "here_too"],
    ["down", { bad: 6, up: 0, unseen: 0 }, "everywhere"],
    ["unmeasured", { bad: 0, up: 6, unseen: 0 }, "unseen_here"],
    ["unmeasured", { bad: 6, up: 0, unseen: 0 }, "unseen_here"],
  ] as const)("%s here, others %j: %s", (here, others, verdict) => {
    expect(verdictOf(here, others)).toBe(verdict);
  });
});

describe("the page", () => {
  it("names the nearest region, what it was judged by, and how the others fare", async () => {
    const response = await ask(frontRow([fixtures.oneDown()]), "/en/here", BERLIN);
    const words = await read(response);
    expect(response.status).toBe(200);
    expect(
      missing(
        words,
        "Is it just me? Seen from Western Europe",
        "judged by where Cloudflare places your connection (Germany): about",
        "It is not just you: your region has trouble. No other region is known to.",
        "Of 6 other regions: 0 with trouble, 6 operational.",
        "41 of 120 delivered",
        "P50 > 5 s",
        "12:00:00 UTC, 17 s ago",
        "Neither is stored or passed on.",
      ),
    ).toEqual([]);
    const other = await read(await ask(frontRow([fixtures.oneDown()]), "/zh/here", TOKYO));
    expect(
      missing(other, "从东北亚看", "日本", "从您所在的区域看，服务正常", "其他 6 个区域中：1 个有问题，5 个正常。"),
    ).toEqual([]);
  });

  it("is kept by nobody and has the policy of a page", async () => {
    const { headers } = await ask(frontRow([healthy()]), "/here", TOKYO);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(headers.get("etag")).toBeNull();
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("lets those choose of whom nothing is known, and repeats nothing that they wrote", async () => {
    for (const path of ["/en/here", "/en/here?region=%3Cb%3Enowhere"]) {
      const html = await (await ask(frontRow([healthy()]), path, undefined)).text();
      expect(html).toContain("Choose the region nearest to you");
      expect(html).not.toContain("nowhere");
      expect(html.match(/\/en\/here\?region=/g)).toHaveLength(7);
    }
    const chosen = await read(await ask(frontRow([healthy()]), "/en/here?region=oc", TOKYO));
    expect(
      missing(chosen, "Seen from Oceania", "You chose this region.", "It works from your region and from all others"),
    ).toEqual([]);
  });

  it("keeps the chosen region where language or zone change", async () => {
    const html = await (await ask(frontRow([healthy()]), "/en/here?region=oc&zone=Asia/Tokyo", TOKYO)).text();
    expect(html).toContain('href="/zh/here?region=oc&amp;zone=Asia%2FTokyo"');
    expect(html).toContain('<input type="hidden" name="region" value="oc"/>');
  });

  it("does not take silence for well", async () => {
    const words = await read(await ask(frontRow([fixtures.oneSilent()]), "/en/here?region=oc", undefined));
    expect(missing(words, "We cannot see your region just now", "Not measured")).toEqual([]);
    const beside = await read(await ask(frontRow([fixtures.oneSilent()]), "/en/here?region=weur", undefined));
    expect(missing(beside, "not all others are known to work", "5 operational, 1 not measured")).toEqual([]);
  });

  it("says so when the figures cannot be read, and when there are none", async () => {
    expect((await ask(new Error("away"), "/en/here", TOKYO)).status).toBe(503);
    const empty = await ask(null, "/en/here", TOKYO);
    expect([empty.status, (await read(empty)).includes("Nothing has been measured yet")]).toEqual([200, true]);
  });

  it("lets no name be more than a name", async () => {
    const html = await (await ask(frontRow([fixtures.hostile()]), "/en/here", BERLIN)).text();
    expect(html).not.toMatch(/<script(?!>\{let d=document,)|<img|\u202e|\u2067/);
  });
});
