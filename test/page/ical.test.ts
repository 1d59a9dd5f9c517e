// Aim: that calendars show announced maintenance at its true instants, whatever clocks do, take back what was called off, and break on
// nobody's text. Method: the real app in process, read by an independent parser (ical.js); octets counted by hand. Nothing is patched.

import ICAL from "ical.js";
import { describe, expect, it, test } from "vitest";

import type { FrontMaintenance } from "../../workers/incidents/front-parts.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { frontMaintenance, maintenancePart } from "./part-fixtures.ts";
import { world } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const fileOf = async (records: readonly FrontMaintenance[], path = "/maintenance.ics", now = NOW) => {
  const w = world(frontRow([healthy()], NOW, [maintenancePart(records)]));
  w.now = now;
  return w.get(path);
};

interface Read {
  readonly uid: string;
  readonly from: number;
  readonly to: number;
  readonly status: string;
  readonly sequence: number;
  readonly stamp: number;
  readonly summary: string;
  readonly description: string;
}

function eventsOf(text: string): readonly Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const value = (name: string): string => String(component.getFirstPropertyValue(name) ?? "");
    return {
      uid: event.uid,
      from: event.startDate.toJSDate().getTime(),
      to: event.endDate.toJSDate().getTime(),
      status: value("status"),
      sequence: event.sequence,
      stamp: (component.getFirstPropertyValue("dtstamp") as ICAL.Time).toJSDate().getTime(),
      summary: event.summary,
      description: event.description,
    };
  });
}

const read = async (records: readonly FrontMaintenance[], path?: string, now?: number) =>
  eventsOf(await (await fileOf(records, path, now)).text());

const weekly = (change: Partial<Extract<FrontMaintenance["window"], { kind: "weekly" }>>): FrontMaintenance =>
  frontMaintenance({
    window: {
      kind: "weekly",
      zone: "America/New_York",
      days: [7],
      fromMinute: 150,
      toMinute: 270,
      fromDay: "2026-01-01",
      untilDay: null,
      ...change,
    },
  });

describe("the calendar", () => {
  it("has what was announced, with its stamp, in UTC", async () => {
    const response = await fileOf([frontMaintenance()]);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
    const text = await response.text();
    expect(text).toMatch(/DTSTART:20261123T120017Z\r\n/);
    expect(eventsOf(text)).toEqual([
      {
        uid: `maintenance/rtm-m1/${NOW + DAY}@localhost`,
        from: NOW + DAY,
        to: NOW + DAY + 2 * HOUR,
        status: "CONFIRMED",
        sequence: 0,
        stamp: NOW - 2 * DAY,
        summary: "rtm: Broker upgrade",
        description: "In all regions\nMeasuring goes on meanwhile.",
      },
    ]);
    const zh = await read([frontMaintenance({ regions: ["weur"] })], "/zh/maintenance.ics");
    expect(zh.map((one) => [one.summary, one.description])).toEqual([
      ["rtm：升级消息代理", "涉及区域：weur\n维护期间测量照常进行。"],
    ]);
  });

  it("tells the same again with ETag, 304 and HEAD, and of one target only where asked", async () => {
    const w = world(frontRow([healthy()], NOW, [maintenancePart()]));
    const etag = (await w.get("/maintenance.ics")).headers.get("etag") ?? "";
    w.now += HOUR;
    expect((await w.get("/maintenance.ics", { "if-none-match": etag })).status).toBe(304);
    const head = await w.get("/maintenance.ics", {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(eventsOf(await (await w.get("/maintenance.ics?target=rtm")).text())).toHaveLength(1);
    expect(eventsOf(await (await w.get("/maintenance.ics?target=other")).text())).toHaveLength(0);
    expect((await w.get("/maintenance.ics?target=%22")).status).toBe(404);
  });

  it("keeps to the zone's clock across its changes", async () => {
    // 02:30 to 04:30 in New York. On 1 November 2026 the clocks go back at 06:00 UTC, on 14 March 2027 they skip 02:00 to 03:00.
    const events = await read([weekly({})]);
    expect(events.slice(0, 3).map((one) => new Date(one.from).toISOString())).toEqual([
      "2026-10-25T06:30:00.000Z",
      "2026-11-01T07:30:00.000Z",
      "2026-11-08T07:30:00.000Z",
    ]);
    const spring = await read([weekly({})], undefined, Date.UTC(2027, 1, 20));
    const skipped = spring.find((one) => new Date(one.from).toISOString().startsWith("2027-03-14"));
    expect([skipped?.from, skipped?.to]).toEqual([Date.UTC(2027, 2, 14, 7), Date.UTC(2027, 2, 14, 8, 30)]);
    expect(new Set(events.map((one) => one.uid)).size).toBe(events.length);
    // 30 days back and 90 ahead.
    expect(events.length).toBe(17);
  });

  it("keeps the uid of each time while the present moves on", async () => {
    const [early, late] = [await read([weekly({})]), await read([weekly({})], undefined, NOW + 20 * DAY)];
    const shared = early.filter((one) => late.some((other) => other.uid === one.uid));
    expect(shared.length).toBeGreaterThan(12);
    for (const one of shared) expect(late).toContainEqual(one);
  });

  it("cancels what was called off, and ends what was called off on its way", async () => {
    const off = (at: number): FrontMaintenance =>
      frontMaintenance({ id: "rtm-m2", withdraws: "rtm-m1", recorded_at: at });
    const [cancelled, ...more] = await read([frontMaintenance(), off(NOW - HOUR)]);
    expect(more).toEqual([]);
    expect(cancelled).toMatchObject({ status: "CANCELLED", sequence: 1, stamp: NOW - HOUR, to: NOW + DAY + 2 * HOUR });
    expect(cancelled?.uid).toBe(`maintenance/rtm-m1/${NOW + DAY}@localhost`);
    const window = { kind: "once", fromAt: NOW - 2 * HOUR, toAt: NOW + 2 * HOUR } as const;
    const [ended] = await read([frontMaintenance({ window }), off(NOW - HOUR)]);
    expect(ended).toMatchObject({ status: "CONFIRMED", sequence: 1, from: NOW - 2 * HOUR, to: NOW - HOUR });
    const series = await read([weekly({}), off(NOW)]);
    expect(series.map((one) => one.status)).toEqual([
      ...Array.from({ length: 5 }, () => "CONFIRMED"),
      ...Array.from({ length: 12 }, () => "CANCELLED"),
    ]);
  });

  it("that cannot be read is 503, and never an empty one", async () => {
    expect((await world(new Error("D1 is away")).get("/maintenance.ics")).status).toBe(503);
    const body = JSON.stringify({ version: 2, snapshots: [healthy()], parts: [], left_out: ["maintenance/rtm"] });
    const w = world({ composedAt: NOW, body });
    const response = await w.get("/maintenance.ics");
    expect([response.status, await response.text()]).toEqual([503, '{"error":"maintenance_unreadable"}']);
    expect((await w.get("/maintenance.ics?target=other")).status).toBe(200);
  });
});

describe("hostile titles", () => {
  const EVIL = [
    "\r\nATTENDEE:mailto:x@example.com",
    "a\nEND:VEVENT\nBEGIN:VALARM",
    "x;y,z\\n\\;\\,:\"'",
    "\u0000\u0007\u001b\u007f",
    "\u202eevil\u2066\u2069",
    "\ud800lone\udfff",
    "长".repeat(400),
    "😀".repeat(300),
    "",
  ];
  test.each(EVIL.map((evil, i) => [i, evil] as const))("stay text on one line, case %i", async (_, evil) => {
    const text = await (await fileOf([frontMaintenance({ title: { en: evil }, regions: [evil, "weur"] })])).text();
    const lines = text.split("\r\n");
    expect(lines.pop()).toBe("");
    const longest = Math.max(...lines.map((line) => new TextEncoder().encode(line).length));
    expect(longest).toBeLessThanOrEqual(75);
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(/[\u0000-\u001f\u007f\ufffd\u202a-\u202e\u2066-\u2069]/.exec(lines.join(""))).toBeNull();
    expect(lines.filter((line) => /^(ATTENDEE|BEGIN:VALARM)/.test(line))).toEqual([]);
    expect(eventsOf(text)).toHaveLength(1);
    expect(eventsOf(text)[0]?.summary.length).toBeLessThanOrEqual(420);
  });
});
