// Aim: incidents are read from D1 as they were written, the newest first, only what is for everybody, and a fault is an error and
// never "there is none". Method: a real D1 in workerd with the real migrations, by miniflare; faults are made by changing rows.

import { afterAll, beforeAll, beforeEach, expect, it, test } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { storedIncidents } from "../../status-page/incidents.store.ts";
import { IncidentsUnreadable, parseEvent, parseIncident } from "../../status-page/incidents.ts";
import type { Incident } from "../../workers/incidents/incident.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { NOW } from "./fixtures.ts";
import { ALL, HIDDEN, MINUTE, eventsOf, global, incident, ongoing, readerOf } from "./incident-world.ts";
import type { Kept } from "./incident-world.ts";

let database: RealD1;
let DB: D1Database;

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
}, 30_000);

afterAll(async () => {
  await database.close();
});

beforeEach(async () => {
  await DB.batch([DB.prepare("delete from incidents"), DB.prepare("delete from incident_events")]);
});

async function insert(kept: readonly Kept[]): Promise<void> {
  if (kept.length === 0) return;
  await DB.batch(
    kept.flatMap(({ incident: one, notifiedAt, events }) => [
      DB.prepare("insert into incidents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").bind(
        one.id,
        one.events,
        one.target,
        one.kind,
        one.audience,
        one.state,
        one.impactStart,
        one.impactEnd,
        notifiedAt,
        JSON.stringify(one),
      ),
      ...events.map((event) =>
        DB.prepare("insert into incident_events values (?, ?, ?, ?, ?, ?, ?, ?)").bind(
          event.incident,
          event.number,
          event.key,
          event.at,
          event.recordedAt,
          event.author,
          event.change.kind,
          JSON.stringify(event.change),
        ),
      ),
    ]),
  );
}

const many = (count: number, startOf: (i: number) => number, change: Partial<Incident> = {}): readonly Kept[] =>
  Array.from({ length: count }, (_, i) => ({
    incident: incident(`rtm-${i + 1}`, startOf(i), change),
    notifiedAt: null,
    events: [],
  }));

/** Every page, from the newest on, as ids. */
async function pages(): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for (let before: number | null = null; found.length < 20;) {
    const list = await storedIncidents.list({ DB }, before);
    found.push(list.incidents.map((one) => one.id));
    if (list.olderBefore === null) break;
    before = list.olderBefore;
  }
  return found;
}

it("says that there is none while nothing was written", async () => {
  expect(await storedIncidents.list({ DB }, null)).toEqual({ incidents: [], merged: [], olderBefore: null });
  expect(await storedIncidents.story({ DB }, "rtm-1")).toBeNull();
});

it("gives what a reader in memory gives of the same: only what is public, merged ones inside", async () => {
  await insert(ALL);
  const env = { DB };
  const reader = readerOf(ALL);
  expect(await storedIncidents.list(env, null)).toEqual(await reader.list(env, null));
  expect(await storedIncidents.list(env, NOW - MINUTE * 60)).toEqual(await reader.list(env, NOW - MINUTE * 60));
  expect(await storedIncidents.list(env, null, "other")).toEqual({ incidents: [], merged: [], olderBefore: null });
  let tried = 0;
  for (const { incident: one } of ALL) {
    expect([one.id, await storedIncidents.story(env, one.id)]).toEqual([one.id, await reader.story(env, one.id)]);
    tried++;
  }
  expect([tried, HIDDEN.length]).toEqual([11, 5]);
});

test.each<[string, number, (i: number) => number, readonly number[]]>([
  ["none", 0, (i) => NOW - i, [0]],
  ["exactly one page", 20, (i) => NOW - i, [20]],
  ["one more", 21, (i) => NOW - i, [20, 1]],
  ["two pages and a half", 50, (i) => NOW - i, [20, 20, 10]],
  ["pairs of the same instant across the border", 41, (i) => NOW - Math.floor((i + 1) / 2), [21, 20]],
  ["all of the same instant", 45, () => NOW, [45]],
])("pages: %s", async (_, count, startOf, lengths) => {
  await insert(many(count, startOf));
  const found = await pages();
  expect(found.map((page) => page.length)).toEqual(lengths);
  expect(new Set(found.flat()).size).toBe(count);
});

it("gives those of one target, however many others are newer", async () => {
  await insert(many(70, (i) => NOW - i));
  const quotes = many(25, (i) => NOW - 1_000 - i, { target: "quotes" });
  const own = quotes.map((one, i) => ({ ...one, incident: { ...one.incident, id: `quotes-${i + 1}` } }));
  await insert(own);
  const ids = own.map((one) => one.incident.id);
  const first = await storedIncidents.list({ DB }, null, "quotes");
  const rest = await storedIncidents.list({ DB }, first.olderBefore, "quotes");
  expect([...first.incidents, ...rest.incidents].map((one) => one.id)).toEqual(ids);
  expect([first.incidents.length, rest.olderBefore]).toEqual([20, null]);
});

it("looks past a hundred that are not public, and past a hundred that were merged", async () => {
  const drills = many(100, (i) => NOW - i, { drill: true });
  const merged = many(100, (i) => NOW - 200 - i, { state: "merged", mergedInto: "rtm-999" });
  const last = incident("rtm-999", NOW - 1000, { absorbed: merged.map((_, i) => `rtm-${i + 101}`) });
  await insert(drills);
  await insert(merged.map((one, i) => ({ ...one, incident: { ...one.incident, id: `rtm-${i + 101}` } })));
  await insert([{ incident: last, notifiedAt: null, events: [] }]);
  const list = await storedIncidents.list({ DB }, null);
  expect([list.incidents.map((one) => one.id), list.merged.length, list.olderBefore]).toEqual([["rtm-999"], 100, null]);
});

it("gives events in their order without notes, and says when there are more", async () => {
  await insert([ongoing()]);
  const story = await storedIncidents.story({ DB }, "rtm-9");
  expect(story?.events.map((event) => event.number)).toEqual([1, 2, 3, 4, 6, 7, 8]);
  expect([story?.cut, JSON.stringify(story).includes("Wang Wei")]).toEqual([false, false]);
  const told = Array.from({ length: 1005 }, (_, i) => [i, "sonde", { kind: "left", region: "weur" }] as const);
  const long = { ...ongoing().incident, id: "rtm-10" };
  await insert([{ incident: long, notifiedAt: null, events: eventsOf("rtm-10", NOW, told) }]);
  const cut = await storedIncidents.story({ DB }, "rtm-10");
  expect([cut?.events.length, cut?.cut]).toEqual([1000, true]);
});

test.each<[string, string]>([
  ["no JSON", "update incidents set body = '{'"],
  ["nothing", "update incidents set body = ''"],
  ["another shape", `update incidents set body = '{"drill":false,"audience":"service","kind":"outage"}'`],
  ["a word that nobody knows", `update incidents set body = replace(body, '"state":"open"', '"state":"odd"')`],
  ["another incident's", "update incidents set body = replace(body, 'rtm-9', 'rtm-8')"],
  ["an instant that is none", `update incidents set body = json_set(body, '$.detected', 1e300)`],
  ["a page sent at no instant", "update incidents set notified_at = 9e15"],
])("throws for a body of %s, and the pages say so", async (_, fault) => {
  await insert([ongoing()]);
  await DB.prepare(fault).run();
  await expect(storedIncidents.list({ DB }, null)).rejects.toBeInstanceOf(IncidentsUnreadable);
  await expect(storedIncidents.story({ DB }, "rtm-9")).rejects.toBeInstanceOf(IncidentsUnreadable);
  const reports: unknown[] = [];
  const app = pageOf((error) => reports.push(error));
  for (const path of ["/en/incidents", "/incidents.json", "/en/incidents/rtm-9", "/incidents/rtm-9.json"]) {
    expect((await app.request(path, {}, { DB })).status).toBe(503);
  }
  expect(reports).toHaveLength(4);
});

it("throws for an event that it cannot read", async () => {
  await insert([ongoing()]);
  await DB.prepare("update incident_events set change = '{}' where number = 2").run();
  await expect(storedIncidents.story({ DB }, "rtm-9")).rejects.toBeInstanceOf(IncidentsUnreadable);
});

it("keeps what is not public to itself even where the columns say otherwise", async () => {
  const [drill] = HIDDEN;
  if (drill === undefined) throw new Error("no drill");
  await insert([drill]);
  await DB.prepare(
    `update incidents set body = json_set(body, '$.drill', json('true'), '$.audience', 'keepers')`,
  ).run();
  expect(await storedIncidents.story({ DB }, drill.incident.id)).toBeNull();
  await DB.prepare(`update incidents set body = json_set(body, '$.drill', json('false'))`).run();
  expect((await storedIncidents.list({ DB }, null)).incidents).toEqual([]);
});

it("understands what was written before a language, a key or a name was added", () => {
  const one = incident("rtm-1", NOW);
  const body = JSON.stringify({ ...one, sentence: { en: "x", fr: "y" }, added: [1], firstAckedAt: 5 });
  expect(parseIncident({ id: "rtm-1", notifiedAt: null, body })).toMatchObject({
    sentence: { en: "x" },
    firstAckedAt: 5,
  });
  const event = {
    incident: "rtm-1",
    number: 1,
    at: 1,
    recordedAt: 2,
    author: "lin",
    change: '{"kind":"resolved","note":"n"}',
  };
  expect(parseEvent(event)).toEqual({
    number: 1,
    at: 1,
    recordedAt: 2,
    author: "operations",
    change: { kind: "resolved" },
  });
});

it("shows what D1 holds", async () => {
  await insert([global()]);
  const app = pageOf((error) => expect(error).toBeNull());
  expect(await (await app.request("/en/incidents", {}, { DB })).text()).toContain("7 of 7 regions: 1,204 of 6,720");
  expect(await (await app.request("/zh/incidents/rtm-8", {}, { DB })).text()).toContain("事后复盘");
});

const pageOf = (report: (error: unknown) => void) =>
  statusPage({ now: () => NOW, read: () => Promise.resolve(null), spare: null, report, incidents: storedIncidents });

// The last: it takes the tables away.
it("throws when the tables cannot be read", async () => {
  await DB.prepare("drop table incident_events").run();
  await expect(storedIncidents.story({ DB }, "rtm-9")).rejects.toBeInstanceOf(IncidentsUnreadable);
  await DB.prepare("drop table incidents").run();
  await expect(storedIncidents.list({ DB }, null)).rejects.toBeInstanceOf(IncidentsUnreadable);
});
