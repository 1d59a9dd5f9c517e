// Aim: what a visitor gets of incidents, by path, status, headers and words; what nobody gets; and what is said when they cannot
// be read. Method: the real app, called in process; incidents come in through a reader that the test holds. Nothing is patched.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import { KEPT_MS } from "../../status-page/incidents-memory.ts";
import { IncidentsUnreadable } from "../../status-page/incidents.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { ALL, HIDDEN, MINUTE, NOTE, PERSON, incident, incidentWorld, ongoing } from "./incident-world.ts";
import { missing, read, text, world } from "./world.ts";

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";
/** Twenty-five, one a day, the newest first. */
const MANY = Array.from({ length: 25 }, (_, i) => ({
  incident: incident(`rtm-${500 - i}`, NOW - (i + 1) * 1440 * MINUTE, { state: "resolved", badRegions: [] }),
  notifiedAt: null,
  events: [],
}));

const startsOf = (html: string): readonly string[] =>
  [...html.matchAll(/href="\/en\/incidents\/(rtm-\d+)"/g)].map((m) => m[1] ?? "");

describe("routes", () => {
  test.each<[string, number, string, RegExp]>([
    ["/en/incidents", 200, HTML, /2 outages open now/],
    ["/incidents/", 200, HTML, /2 outages open now/],
    ["/zh/incidents", 200, HTML, /目前有 2 起中断未结束/],
    ["/en/incidents?before=1000", 200, HTML, /There are no older incidents/],
    ["/incidents.json", 200, JSON_TYPE, /^\{"version":1,"incidents":\[\{"id":"rtm-9"/],
    ["/incidents.json?before=1000", 200, JSON_TYPE, /"incidents":\[\],"merged":\[\],"older_before":null/],
    ["/en/incidents/rtm-9", 200, HTML, /Outage of Messaging/],
    ["/zh/incidents/rtm-8", 200, HTML, /实时消息：中断/],
    ["/incidents/rtm-9.json", 200, JSON_TYPE, /"incident":\{"id":"rtm-9"/],
    ["/en/incidents/rtm-7", 200, HTML, /The story goes on in <a href="\/en\/incidents\/rtm-8">rtm-8<\/a>/],
    ["/en/incidents/rtm-4711", 404, HTML, /There is no such incident/],
    ["/zh/incidents/rtm-4711", 404, HTML, /没有这个事件/],
    ["/incidents/rtm-4711.json", 404, JSON_TYPE, /^\{"error":"not_found"\}$/],
    ["/incidents/rtm-09", 404, HTML, /There is no such incident/],
    ["/incidents/RTM-9", 404, HTML, /There is no such incident/],
    ["/incidents/rtm-9.xml", 404, HTML, /There is no such incident/],
    ["/incidents/..%2f..%2fetc", 404, HTML, /There is no such incident/],
    ["/incidents/' or 1=1", 404, HTML, /There is no such incident/],
    ["/incidents?before=-1", 404, HTML, /There is no such incident/],
    ["/incidents?before=1e9", 404, HTML, /There is no such incident/],
    ["/incidents?before=", 404, HTML, /There is no such incident/],
    ["/incidents.json?before=x", 404, JSON_TYPE, /not_found/],
    ["/incidents/rtm-9/more", 404, HTML, /There is no such page/],
  ])("GET %s is %i", async (path, status, type, words) => {
    const w = incidentWorld();
    const response = await w.get(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([status, type]);
    expect(await text(response)).toMatch(words);
    const head = await w.get(path, {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([status, ""]);
    expect(w.reports).toEqual([]);
  });

  it("are not there without a reader, and neither is the way to them", async () => {
    const none = world(frontRow([healthy()]));
    expect((await none.get("/en/incidents")).status).toBe(404);
    expect(await text(await none.get("/en"))).not.toContain("/incidents");
    const some = incidentWorld();
    expect(await text(await some.get("/en"))).toContain('<a href="/en/incidents">Incidents</a>');
    expect(await text(await some.get("/zh"))).toContain('<a href="/zh/incidents">事件</a>');
  });

  it("keep the place in the list when the language is changed, and link to the JSON of what is shown", async () => {
    const html = await text(await incidentWorld().get("/en/incidents?before=1790000000000"));
    expect(
      missing(html, 'href="/zh/incidents?before=1790000000000"', 'href="/incidents.json?before=1790000000000"'),
    ).toEqual([]);
    const one = await text(await incidentWorld().get("/en/incidents/rtm-9"));
    expect(missing(one, 'href="/zh/incidents/rtm-9"', 'href="/incidents/rtm-9.json"')).toEqual([]);
  });
});

describe("the list", () => {
  it("is the newest first, twenty a page, and the pages together are all of them once", async () => {
    const w = incidentWorld(MANY);
    const first = await text(await w.get("/en/incidents"));
    const next = /href="(\/en\/incidents\?before=\d+)" rel="next"/.exec(first)?.[1] ?? "";
    expect(startsOf(first)).toHaveLength(20);
    const second = await text(await w.get(next));
    expect(second).not.toContain('rel="next"');
    expect([...startsOf(first), ...startsOf(second)]).toEqual(MANY.map((one) => one.incident.id));
    const json = (await (await w.get("/incidents.json")).json()) as { older_before: number };
    expect(next).toBe(`/en/incidents?before=${json.older_before}`);
  });

  it("does not claim that nothing is open where older ones were not read, and is never green", async () => {
    expect(await read(await incidentWorld(MANY).get("/en/incidents"))).toContain(
      "None of the newest 20 incidents is open",
    );
    const few = await text(await incidentWorld(MANY.slice(0, 3)).get("/en/incidents"));
    expect(
      missing(few, "No incident is open", "hero is-unmeasured", "says nothing about what is not measured"),
    ).toEqual([]);
    expect(few).not.toContain("hero is-up");
    expect(await read(await incidentWorld([]).get("/en/incidents"))).toContain("No incident has been recorded.");
    expect(await read(await incidentWorld([]).get("/zh/incidents"))).toContain("尚无事件记录。");
  });

  it("shows those that were merged away inside the one that has their story, and nowhere else", async () => {
    const html = await text(await incidentWorld().get("/en/incidents"));
    expect(html.match(/<li><h3>/g)).toHaveLength(4);
    const outer = html.split("<li><h3>").find((each) => each.includes("/en/incidents/rtm-8")) ?? "";
    expect(missing(outer, 'href="/en/incidents/rtm-6">Eastern North America', 'href="/en/incidents/rtm-7"')).toEqual(
      [],
    );
    expect(html.match(/rtm-[67]"/g)).toHaveLength(2);
    const json = (await (await incidentWorld().get("/incidents.json")).json()) as Record<string, { id: string }[]>;
    expect(json["incidents"]?.map((one) => one.id)).toEqual(["rtm-9", "rtm-8", "rtm-5", "rtm-2"]);
    expect(json["merged"]?.map((one) => one.id)).toEqual(["rtm-6", "rtm-7"]);
  });
});

describe("what nobody gets", () => {
  test.each(HIDDEN.map((one) => [one.incident.id, one.incident] as const))(
    "%s: 404 in each format",
    async (id, hidden) => {
      const w = incidentWorld();
      for (const path of [`/en/incidents/${id}`, `/zh/incidents/${id}`, `/incidents/${id}.json`]) {
        expect([path, (await w.get(path)).status, hidden.state]).toEqual([path, 404, "open"]);
      }
      for (const path of ["/en/incidents", "/incidents.json"]) expect(await text(await w.get(path))).not.toContain(id);
    },
  );

  it("names of people, and notes among ourselves", async () => {
    const w = incidentWorld();
    let tried = 0;
    for (const { incident: one } of ALL) {
      for (const path of [`/en/incidents/${one.id}`, `/zh/incidents/${one.id}`, `/incidents/${one.id}.json`]) {
        expect(await text(await w.get(path))).not.toMatch(new RegExp(`${PERSON}|lin@|Wang Wei|"key"|"note"|"noted"`));
        tried++;
      }
    }
    for (const path of ["/en/incidents", "/incidents.json"])
      expect(await text(await w.get(path))).not.toContain("lin@");
    expect([tried, NOTE.includes("Wang Wei")]).toEqual([33, true]);
  });
});

describe("one as JSON", () => {
  it("has the stamps, the statements in order and the events without what is ours", async () => {
    const json = (await (await incidentWorld().get("/incidents/rtm-8.json")).json()) as Record<string, unknown>;
    const start = NOW - 3 * 1440 * MINUTE;
    expect(json["incident"]).toMatchObject({
      impact_start: start,
      detected: start + 40_000,
      notified: start + 52_000,
      acked: start + 3 * MINUTE,
      published: start + 14 * MINUTE,
      impact_end: start + 48 * MINUTE + 12_000,
      resolved: start + 55 * MINUTE,
      absorbed: ["rtm-6", "rtm-7"],
    });
    expect(json["statements"]).toMatchObject([
      { at: start + 14 * MINUTE, by: "operations", statement: "investigating" },
      { statement: "identified" },
      { statement: "resolved" },
    ]);
    const events = json["events"] as Record<string, unknown>[];
    expect(events[3]).toEqual({
      number: 4,
      at: start + 3 * MINUTE,
      recorded_at: start + 3 * MINUTE + 2000,
      by: "operations",
      kind: "acknowledged",
    });
    expect([events.length, json["events_complete"]]).toEqual([12, true]);
  });

  it("leaves gaps in the numbers where notes are, and says by whom without a name", async () => {
    const json = (await (await incidentWorld().get("/incidents/rtm-9.json")).json()) as Record<string, unknown>;
    const events = json["events"] as { number: number; by: string }[];
    expect(events.map((one) => [one.number, one.by])).toEqual([
      [1, "sonde"],
      [2, "sonde"],
      [3, "operations"],
      [4, "sonde"],
      [6, "sonde"],
      [7, "sonde"],
      [8, "sonde"],
    ]);
  });
});

describe("caching", () => {
  const PATHS = ["/en/incidents", "/zh/incidents", "/en/incidents/rtm-9", "/incidents.json", "/incidents/rtm-8.json"];

  test.each(PATHS)("%s answers 304 to its own ETag", async (path) => {
    const w = incidentWorld();
    const first = await w.get(path);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\/"[\w.-]+"$/);
    expect(first.headers.get("cache-control")).toBe(
      "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400",
    );
    w.now += 1000;
    const again = await w.get(path, { "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await w.get(path, { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("gives each page its own ETag, and an open one another after a minute; the JSON keeps its own", async () => {
    const w = incidentWorld([ongoing()]);
    const tags = async () =>
      Promise.all(PATHS.slice(0, 4).map(async (path) => (await w.get(path)).headers.get("etag")));
    const before = await tags();
    expect(new Set(before).size).toBe(4);
    w.now += MINUTE;
    const after = await tags();
    expect(after.map((tag, i) => tag === before[i])).toEqual([false, false, false, true]);
  });

  it("asks the database once in five seconds for the same thing, and keeps no missing ones", async () => {
    const w = incidentWorld();
    for (let i = 0; i < 5; i++) for (const path of PATHS) await w.get(path);
    expect(w.reader.reads).toBe(3);
    w.now += KEPT_MS;
    await w.get("/en/incidents");
    expect(w.reader.reads).toBe(4);
    // Strangers who ask for what is not there push nothing out.
    for (let i = 1; i <= 100; i++) await w.get(`/incidents/none-${i}`);
    for (let i = 1; i <= 100; i++) await w.get(`/incidents?before=${i}`);
    w.reader.away = true;
    w.now += KEPT_MS;
    expect((await w.get("/en/incidents/rtm-9")).status).toBe(200);
    expect((await w.get("/en/incidents")).status).toBe(200);
  });

  it("gives JSON to every origin, and lets the two stylesheets in by their hashes and nothing else", async () => {
    const w = incidentWorld();
    expect((await w.get("/incidents.json")).headers.get("access-control-allow-origin")).toBe("*");
    for (const path of ["/en/incidents", "/zh/incidents/rtm-8", "/en/incidents/rtm-2", "/en/incidents/none-1"]) {
      const response = await w.get(path);
      const html = await response.text();
      const policy = response.headers.get("content-security-policy") ?? "";
      const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map((m) => m[1] ?? "");
      const hashes = styles.map((style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`);
      expect(hashes).toHaveLength(path.endsWith("none-1") ? 1 : 2);
      expect(policy).toContain(`style-src ${hashes.join(" ")};`);
      expect(policy).not.toContain("unsafe");
      expect(html).not.toMatch(/<script(?!>\{let d=document,)|<[^>]*\sstyle=|<[^>]*\son[a-z]+=|href="javascript:/i);
    }
  });
});

describe("when the database is away", () => {
  const PATHS = [
    "/en/incidents",
    "/en/incidents/rtm-8",
    "/incidents.json",
    "/incidents/rtm-9.json",
    "/en/incidents?before=2000000000000",
  ];

  test.each(PATHS)("%s is a 503 that says so where nothing was ever read, and whole afterwards", async (path) => {
    const w = incidentWorld();
    w.reader.away = true;
    const response = await w.get(path);
    expect([response.status, response.headers.get("cache-control"), response.headers.get("retry-after")]).toEqual([
      503,
      "private, no-store",
      "10",
    ]);
    const body = await text(response);
    expect(body).toContain(
      path.includes(".json") ? '{"error":"incidents_unreadable"}' : "The incidents cannot be read",
    );
    expect(w.reports[0]).toBeInstanceOf(IncidentsUnreadable);
    w.reader.away = false;
    expect((await w.get(path)).status).toBe(200);
  });

  test.each(PATHS)("%s is the last good answer with its age, and fresh again afterwards", async (path) => {
    const w = incidentWorld();
    const good = await w.get(path);
    w.reader.away = true;
    w.now += 3 * MINUTE;
    for (let i = 0; i < 3; i++) {
      const stale = await w.get(path);
      expect([stale.status, stale.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
      const said =
        "Our database cannot be read at the moment; this was read at 2026-11-22 20:00:17 Asia/Shanghai, 3 min ago.";
      if (!path.includes(".json")) expect(await text(stale)).toContain(said);
    }
    expect([w.reader.reads, w.reports.length]).toEqual([2, 1]);
    expect(good.headers.get("x-sonde-stale")).toBeNull();
    w.reader.away = false;
    w.now += KEPT_MS;
    const fresh = await w.get(path);
    expect([fresh.status, fresh.headers.get("x-sonde-stale")]).toEqual([200, null]);
    expect(await text(fresh)).not.toContain("cannot be read");
  });

  it("does not take the front page along", async () => {
    const w = incidentWorld();
    w.reader.away = true;
    expect((await w.get("/en")).status).toBe(200);
    expect(await text(await w.get("/zh/incidents"))).toContain("暂时无法读取事件");
  });
});
