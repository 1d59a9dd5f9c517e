// Aim: what clients of Statuspage's API v2 read from this page: every document to the letter, what is unknown never as operational,
// what is not for everybody never at all. Method: the real app in process and on a loopback port; a schema that refuses any word and
// any missing field beside the format's own; tables of states. Nothing is patched.

import { describe, expect, it, test } from "vitest";
import type { z } from "zod";

import { componentsOf, overallOf } from "../../status-page/compat/statuspage-components.ts";
import { DOCUMENTS } from "../../status-page/compat/statuspage.ts";
import type { StatusPageOptions } from "../../status-page/app.tsx";
import type { FrontIncident } from "../../workers/incidents/front-parts.ts";
import type { RegionSnapshot } from "../../workers/results/snapshot-shape.ts";
import {
  NOW,
  frontRow,
  healthy,
  hostile as hostileSnapshot,
  many,
  notStarted,
  oneSilent,
  recent,
  region,
  snapshot,
} from "./fixtures.ts";
import { frontIncident, frontMaintenance, incidentsPart, maintenancePart, pastIncident } from "./part-fixtures.ts";
import { ALL, HIDDEN, NOTE, PERSON, incident, incidentWorld, readerOf } from "./incident-world.ts";
import { serve } from "./serve.ts";
import { SCHEMAS } from "./statuspage-schema.ts";
import type { component, incidentObject, indicator, maintenanceObject } from "./statuspage-schema.ts";
import { world } from "./world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const EPOCH = "1970-01-01T00:00:00.000Z";
const statement = (minute: number, said: "investigating" | "resolved" | "identified", text: string) => ({
  at: NOW - minute * 60_000,
  statement: said,
  text: { en: text },
});
const FULL = frontRow([healthy()], NOW - 2000, [
  incidentsPart([frontIncident({ statement: statement(9, "identified", "A **node** is gone.") })], [pastIncident()]),
  maintenancePart([
    frontMaintenance(),
    frontMaintenance({ id: "rtm-m2", window: { kind: "once", fromAt: NOW - HOUR, toAt: NOW + HOUR } }),
    frontMaintenance({ id: "rtm-m3", window: { kind: "once", fromAt: NOW - 3 * DAY, toAt: NOW - 2 * DAY } }),
  ]),
]);
const ROWS = {
  full: FULL,
  "no parts": frontRow([healthy()]),
  "forty targets": frontRow(many(40)),
  silent: frontRow([oneSilent()]),
  "not started": frontRow([notStarted()]),
  hostile: frontRow([hostileSnapshot()]),
  nothing: null,
};

interface Doc {
  readonly page: { readonly id: string; readonly updated_at: string };
  readonly incidents: readonly z.infer<typeof incidentObject>[];
  readonly scheduled_maintenances: readonly z.infer<typeof maintenanceObject>[];
  readonly components: readonly z.infer<typeof component>[];
  readonly status: z.infer<typeof indicator>;
}
async function docOf(row: Parameters<typeof world>[0], name: string, options: Partial<StatusPageOptions> = {}) {
  return (await (await world(row, options).get(`/api/v2/${name}.json`)).json()) as Doc;
}

describe("the documents", () => {
  test.each(Object.keys(ROWS))("are what strict clients take: %s", async (which) => {
    const reader = readerOf([...HIDDEN]);
    let documents = 0;
    for (const name of DOCUMENTS) {
      const document = await docOf(ROWS[which as keyof typeof ROWS], name, { incidents: reader });
      const checked = SCHEMAS[name].safeParse(document);
      expect(checked.error?.issues ?? [], name).toEqual([]);
      documents++;
    }
    expect(documents).toBe(8);
  });

  it("are read by a client over HTTP, from any origin, with ETag, 304 and HEAD", async () => {
    const served = await serve(() => Promise.resolve(FULL), { incidents: readerOf([]) });
    try {
      for (const name of DOCUMENTS) {
        const url = `${served.url}/api/v2/${name}.json`;
        const response = await fetch(url);
        expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
        expect(response.headers.get("cache-control")).toBe("public, max-age=30, stale-while-revalidate=60");
        expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
        expect(SCHEMAS[name].safeParse(await response.json()).success).toBe(true);
        const etag = response.headers.get("etag") ?? "";
        const again = await fetch(url, { headers: { "if-none-match": etag } });
        expect([again.status, await again.text()]).toEqual([304, ""]);
        const head = await fetch(url, { method: "HEAD" });
        expect([head.status, head.headers.get("etag"), await head.text()]).toEqual([200, etag, ""]);
      }
    } finally {
      await served.close();
    }
  });

  it("give everything the same id a day later, and on another copy", async () => {
    const idsOf = async (row: Parameters<typeof world>[0]) =>
      (await docOf(row, "components")).components.map((one) => one.id);
    const ids = await idsOf(frontRow([healthy()]));
    expect(await idsOf(frontRow([oneSilent()], NOW + DAY))).toEqual(ids);
    expect(new Set(ids).size).toBe(8);
    // These are promised: a change of them breaks whoever has subscribed to a component.
    expect(ids.slice(0, 2)).toEqual(["37elr9f5bez3", "4incal5vzsuw"]);
  });
});

describe("components", () => {
  it("are targets as groups with their regions, also where there is one target only", async () => {
    const { components } = await docOf(FULL, "components");
    const [group, ...children] = components;
    expect([group?.group, group?.group_id, group?.name]).toEqual([true, null, "Real-time messaging"]);
    expect(group?.components).toEqual(children.map((one) => one.id));
    expect(children.every((one) => one.group_id === group?.id && !one.group)).toBe(true);
    expect(children.map((one) => one.position)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  const quiet = { last_slot_at: NOW - HOUR, recent: null };
  const down = { state: "down", recent: recent(50, { ok: 0, lost: 120 }) } as const;
  const partly = { state: "down", recent: recent(50, { ok: 60, lost: 60 }) } as const;
  const slow = { state: "degraded", recent: recent(50, { late: 30 }) } as const;
  const unfit = { state: "unmeasured", why: "controls" } as const;
  type Case = readonly [regions: readonly Partial<RegionSnapshot>[], statuses: string, group: string, overall: string];
  test.each<Case>([
    [[{}, {}], "operational operational", "operational", "none All Systems Operational"],
    [[slow, {}], "degraded_performance operational", "degraded_performance", "minor Partially Degraded Service"],
    [[partly, {}], "partial_outage operational", "partial_outage", "major Partial System Outage"],
    [[down, {}], "major_outage operational", "major_outage", "major Partial System Outage"],
    [[down, partly], "major_outage partial_outage", "major_outage", "critical Major System Outage"],
    [[down, slow], "major_outage degraded_performance", "major_outage", "major Partial System Outage"],
    [[quiet, {}], "degraded_performance operational", "degraded_performance", "minor Partly Not Measured"],
    [[unfit, quiet], "degraded_performance degraded_performance", "degraded_performance", "minor Not Measured"],
    [[down, quiet], "major_outage degraded_performance", "major_outage", "critical Major System Outage"],
    [[], "", "degraded_performance", "minor Not Measured"],
  ])("in Statuspage's words, case %#", (regions, statuses, group, overall) => {
    const seen = snapshot(regions.map((change, i) => region(i, change)));
    const targets = [{ id: "rtm", label: seen.label, snapshot: seen, maintenance: [] }];
    const [head, ...children] = componentsOf(targets, { pageId: "p", language: "en", now: NOW });
    const said = overallOf([...(head === undefined ? [] : [head]), ...children]);
    expect(children.map((one) => one.status).join(" ")).toBe(statuses);
    expect(head?.status).toBe(group);
    expect(`${said.indicator} ${said.description}`).toBe(overall);
    const unmeasured = children.filter((one) => one.sonde.state === "unmeasured");
    expect(unmeasured.every((one) => one.status !== "operational" && one.sonde.why !== null)).toBe(true);
  });

  it("are under maintenance where they are measured good, and in trouble where they are not", async () => {
    const now = frontMaintenance({
      regions: ["wnam", "enam"],
      window: { kind: "once", fromAt: NOW - HOUR, toAt: NOW + HOUR },
    });
    const row = frontRow([snapshot([region(0), region(1, down), region(2)])], NOW, [maintenancePart([now])]);
    const { components } = await docOf(row, "components");
    expect(components.map((one) => one.status)).toEqual([
      "major_outage",
      "under_maintenance",
      "major_outage",
      "operational",
    ]);
    const calm = frontRow([snapshot([region(0), region(2)])], NOW, [maintenancePart([now])]);
    expect((await docOf(calm, "status")).status).toMatchObject({
      indicator: "none",
      description: "Service Under Maintenance",
    });
  });

  it("are never operational where nothing was measured, and nothing at all is not all well", async () => {
    const none = await docOf(null, "summary");
    expect(none.status).toMatchObject({ indicator: "minor", description: "Not Measured" });
    expect([none.components, none.page.updated_at]).toEqual([[], EPOCH]);
    const silent = await docOf(frontRow([oneSilent()]), "components");
    const oceania = silent.components.find((one) => one.name === "Oceania");
    expect(oceania).toMatchObject({ status: "degraded_performance", sonde: { state: "unmeasured", why: "silent" } });
  });
});

describe("incidents", () => {
  it("in the summary are those that are not over, with the newest word first", async () => {
    const { incidents } = await docOf(FULL, "summary");
    expect(incidents).toHaveLength(1);
    const [one] = incidents;
    expect([one?.status, one?.impact, one?.name]).toEqual(["identified", "critical", "Outage of Real-time messaging"]);
    expect(one?.incident_updates.map((update) => [update.status, update.body])).toEqual([
      ["identified", "A node is gone."],
      ["investigating", "Western Europe: 79 of 120 messages lost or refused."],
    ]);
    expect(one?.components.map((affected) => affected.name)).toEqual(["Western Europe"]);
    expect(one?.shortlink).toBe("http://localhost/en/incidents/rtm-7");
  });

  const spoke = statement(5, "resolved", "Over.");
  interface Spoken {
    readonly change: Partial<FrontIncident>;
    readonly expected: string;
    readonly impact?: string;
  }
  test.each<Spoken>([
    { change: {}, expected: "investigating" },
    { change: { statement: spoke }, expected: "monitoring" },
    { change: { statement: statement(5, "identified", "x") }, expected: "identified" },
    {
      change: { state: "restored", impact_end: NOW - 60_000, statement: statement(5, "identified", "x") },
      expected: "monitoring",
    },
    { change: { severity: "error" }, expected: "investigating", impact: "major" },
    { change: { severity: "warning" }, expected: "investigating", impact: "minor" },
    { change: { severity: "info" }, expected: "investigating", impact: "none" },
  ])("say what people said as far as it is measured, case %#", async ({ change, expected, impact = "critical" }) => {
    const row = frontRow([healthy()], NOW, [incidentsPart([frontIncident(change)])]);
    const { incidents } = await docOf(row, "incidents/unresolved");
    expect([incidents[0]?.status, incidents[0]?.impact]).toEqual([expected, impact]);
  });

  it("are all listed from their own rows, the newest first, at most fifty, without names, notes, drills and merged ones", async () => {
    const more = Array.from({ length: 70 }, (_, i) => ({
      incident: incident(`rtm-${900 - i}`, NOW - (30 + i) * DAY, { state: "resolved", resolvedAt: NOW - 20 * DAY }),
      notifiedAt: null,
      events: [],
    }));
    const w = incidentWorld([...ALL, ...more]);
    const body = await (await w.get("/api/v2/incidents.json")).text();
    const { incidents } = JSON.parse(body) as Doc;
    expect(SCHEMAS.incidents.safeParse(JSON.parse(body)).error?.issues ?? []).toEqual([]);
    expect(incidents).toHaveLength(50);
    expect(w.reader.reads).toBe(3);
    expect([PERSON, NOTE, "rtm-6", "rtm-7", "rtm-101"].filter((hidden) => body.includes(`${hidden}"`))).toEqual([]);
    expect(body).not.toContain(NOTE);
    const starts = incidents.map((one) => one.started_at);
    expect(starts).toEqual(starts.toSorted().toReversed());
    let updates = 0;
    for (const one of incidents) {
      const times = one.incident_updates.map((update) => update.display_at);
      expect(times).toEqual(times.toSorted().toReversed());
      expect(new Set(one.incident_updates.map((update) => update.id)).size).toBe(times.length);
      updates += times.length;
    }
    expect(updates).toBeGreaterThan(100);
  });

  it("have the same ids in the summary and in the list", async () => {
    const one = incident("rtm-7", NOW - 30 * 60_000, {
      statements: [{ ...statement(9, "identified", "A node is gone."), author: PERSON }],
    });
    const reader = readerOf([{ incident: { ...one, detected: NOW - 29 * 60_000 }, notifiedAt: null, events: [] }]);
    const listed = (await docOf(FULL, "incidents", { incidents: reader })).incidents[0];
    const live = (await docOf(FULL, "incidents/unresolved")).incidents[0];
    expect(listed?.id).toBe(live?.id);
    expect(listed?.incident_updates.map((update) => update.id)).toEqual(live?.incident_updates.map((u) => u.id));
    expect(listed?.incident_updates).toHaveLength(2);
  });

  it("with a postmortem end with it", async () => {
    const { incidents } = (await (await incidentWorld().get("/api/v2/incidents.json")).json()) as Doc;
    const postmortem = incidents.find((one) => one.status === "postmortem");
    expect(postmortem?.incident_updates[0]?.status).toBe("postmortem");
    expect(postmortem?.resolved_at).not.toBeNull();
  });
});

describe("maintenance", () => {
  const idsIn = (document: Doc): readonly string[] =>
    document.scheduled_maintenances.map((one) => (one as unknown as { sonde: { id: string } }).sonde.id);

  it("is scheduled, in progress or completed by the clock", async () => {
    const all = await docOf(FULL, "scheduled-maintenances");
    expect(all.scheduled_maintenances.map((one) => one.status)).toEqual(["scheduled", "in_progress", "completed"]);
    expect(idsIn(all)).toEqual(["rtm-m1", "rtm-m2", "rtm-m3"]);
    expect(idsIn(await docOf(FULL, "scheduled-maintenances/upcoming"))).toEqual(["rtm-m1"]);
    expect(idsIn(await docOf(FULL, "scheduled-maintenances/active"))).toEqual(["rtm-m2"]);
    expect(idsIn(await docOf(FULL, "summary"))).toEqual(["rtm-m2", "rtm-m1"]);
    const [, , over] = all.scheduled_maintenances;
    expect(over?.incident_updates.map((update) => update.status)).toEqual(["completed", "in_progress", "scheduled"]);
  });

  it("that comes back each week is several, and one that was called off is none", async () => {
    const weekly = frontMaintenance({
      window: {
        kind: "weekly",
        zone: "Europe/Berlin",
        days: [7],
        fromMinute: 180,
        toMinute: 240,
        fromDay: "2026-10-01",
        untilDay: null,
      },
    });
    const row = frontRow([healthy()], NOW, [maintenancePart([weekly])]);
    const { scheduled_maintenances: all } = await docOf(row, "scheduled-maintenances");
    // 03:00 in Berlin, where summer time ended that morning.
    expect(all.map((one) => one.scheduled_for.slice(5, 16)).toReversed()).toEqual([
      "10-25T02:00",
      "11-01T02:00",
      "11-08T02:00",
      "11-15T02:00",
      "11-22T02:00",
      "11-29T02:00",
      "12-06T02:00",
      "12-13T02:00",
      "12-20T02:00",
    ]);
    const off = frontMaintenance({ id: "rtm-m2", withdraws: "rtm-m1", recorded_at: NOW - DAY });
    const none = frontRow([healthy()], NOW, [maintenancePart([frontMaintenance(), off])]);
    expect((await docOf(none, "scheduled-maintenances")).scheduled_maintenances).toEqual([]);
  });
});

describe("what is not known", () => {
  const leftOut = (...keys: readonly string[]) => ({
    composedAt: NOW,
    body: JSON.stringify({ version: 2, snapshots: [healthy()], parts: [], left_out: keys }),
  });

  it("is an error, and never an empty list", async () => {
    const w = world(new Error("D1 is away"));
    for (const name of DOCUMENTS) {
      const response = await w.get(`/api/v2/${name}.json`);
      expect([response.status, response.headers.get("retry-after")], name).toEqual([503, "10"]);
      expect(await response.text()).toBe('{"error":"database_unreadable"}');
    }
    const lost = world(leftOut("incidents/rtm", "maintenance/rtm"));
    expect((await lost.get("/api/v2/incidents/unresolved.json")).status).toBe(503);
    expect((await lost.get("/api/v2/scheduled-maintenances/active.json")).status).toBe(503);
    const summary = await (await lost.get("/api/v2/summary.json")).json();
    expect(summary).toMatchObject({ sonde: { left_out: ["incidents/rtm", "maintenance/rtm"] } });
  });

  it("of incidents is the last list, marked, or 503", async () => {
    const w = incidentWorld();
    w.reader.away = true;
    expect((await w.get("/api/v2/incidents.json")).status).toBe(503);
    w.reader.away = false;
    const first = await w.get("/api/v2/incidents.json");
    w.now += 10_000;
    w.reader.away = true;
    const later = await w.get("/api/v2/incidents.json");
    expect([first.headers.get("x-sonde-stale"), later.status, later.headers.get("x-sonde-stale")]).toEqual([
      null,
      200,
      "1",
    ]);
  });

  it("of the database is the last answer, marked", async () => {
    const w = world(FULL);
    await w.get("/api/v2/summary.json");
    w.row = new Error("D1 is away");
    w.now += 10_000;
    const response = await w.get("/api/v2/summary.json");
    expect([response.status, response.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
    expect(await response.json()).toMatchObject({ sonde: { stale: true } });
  });
});
