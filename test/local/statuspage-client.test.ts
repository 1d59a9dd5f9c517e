// Aim: a published client of Statuspage's API, which somebody else wrote, reads our page and finds there what the world holds. Method:
// the npm package `statuspage.io` with its own axios, over a real loopback port, pointed there by its own `setApiUrl`; a rich world:
// two targets, a region down and one silent, incidents open and over, maintenance planned, under way and past. Nothing is patched.

import { afterAll, beforeAll, expect, it } from "vitest";
import { Statuspage } from "statuspage.io";
import type { ScheduledMaintenances } from "statuspage.io";

import { NOW, REGIONS, frontRow, oneSilent, recent, region, snapshot } from "../page/fixtures.ts";
import { ALL, readerOf } from "../page/incident-world.ts";
import { frontIncident, frontMaintenance, incidentsPart, maintenancePart } from "../page/part-fixtures.ts";
import { serve } from "../page/serve.ts";
import type { Served } from "../page/serve.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (at: number): string => new Date(at).toISOString();

const down = { state: "down", recent: recent(50, { ok: 0, lost: 120 }) } as const;
const quotes = { ...snapshot([region(0), region(4, down)]), target: "quotes", label: { en: "Quotes", zh: "行情" } };
const said = { at: NOW - 9 * MINUTE, statement: "identified", text: { en: "A **node** is gone." } } as const;
const ROW = frontRow([quotes, oneSilent()], NOW - 2000, [
  incidentsPart([frontIncident({ statement: said })]),
  incidentsPart([frontIncident({ id: "quotes-3", severity: "warning", impact_start: NOW - 2 * HOUR })], [], "quotes"),
  maintenancePart([
    frontMaintenance(),
    frontMaintenance({ id: "rtm-m2", window: { kind: "once", fromAt: NOW - HOUR, toAt: NOW + HOUR } }),
    frontMaintenance({ id: "rtm-m3", window: { kind: "once", fromAt: NOW - 3 * DAY, toAt: NOW - 2 * DAY } }),
  ]),
]);

/** What we need of the client's own axios, of which its types say nothing. */
interface ItsAxios {
  get(path: string): Promise<{ readonly data: ScheduledMaintenances }>;
  readonly interceptors: { readonly request: { use(see: (request: { url: string }) => object): void } };
}
const axiosOf = (of: Statuspage): ItsAxios => (of as unknown as { readonly apiClient: ItsAxios }).apiClient;

let served: Served;
let client: Statuspage;
const asked: string[] = [];

beforeAll(async () => {
  served = await serve(() => Promise.resolve(ROW), { incidents: readerOf([...ALL]) });
  client = new Statuspage("sonde");
  client.setApiUrl(served.url);
  axiosOf(client).interceptors.request.use((request) => {
    asked.push(request.url);
    return request;
  });
});
afterAll(() => served.close());

const fromTo = ({ scheduled_maintenances: all }: ScheduledMaintenances): readonly string[][] =>
  all.map((one) => [one.status, one.scheduled_for, one.scheduled_until]);
const PLANNED = ["scheduled", iso(NOW + DAY), iso(NOW + DAY + 2 * HOUR)];
const UNDER_WAY = ["in_progress", iso(NOW - HOUR), iso(NOW + HOUR)];
const PAST = ["completed", iso(NOW - 3 * DAY), iso(NOW - 2 * DAY)];

it("reads page, components and the whole, as the world holds them", async () => {
  const { page, components } = await client.api.getComponents();
  expect(page).toMatchObject({ name: "Sonde", time_zone: "UTC", updated_at: iso(NOW - 2000) });
  const groups = components.filter((one) => one.group);
  expect(groups.map((one) => [one.name, one.status])).toEqual([
    ["Quotes", "major_outage"],
    ["Real-time messaging", "degraded_performance"],
  ]);
  const childrenOf = (at: number) => components.filter((one) => one.group_id === groups[at]?.id);
  const [prices, messaging] = [childrenOf(0), childrenOf(1)];
  expect(messaging.map((one) => one.name)).toEqual(REGIONS.map(([, en]) => en));
  // Nobody measures Oceania just now: no word of this API says so, and it is not `operational`.
  expect(messaging.filter((one) => one.status === "degraded_performance").map((one) => one.name)).toEqual(["Oceania"]);
  // What is announced and measured good is under maintenance.
  expect(messaging.filter((one) => one.status === "under_maintenance")).toHaveLength(REGIONS.length - 1);
  expect(prices.map((one) => one.status)).toEqual(["operational", "major_outage"]);

  const { status } = await client.api.getStatus();
  expect([status.indicator, status.description]).toEqual(["major", "Partial System Outage"]);
  const summary = await client.api.getSummary();
  expect(summary.status).toEqual(status);
  expect(summary.components).toEqual(components);
  expect(summary.incidents.map((one) => one.name)).toEqual(["Outage of Real-time messaging", "Outage of Quotes"]);
  expect(fromTo(summary)).toEqual([UNDER_WAY, PLANNED]);
});

it("reads incidents: what goes on, and the newest of all", async () => {
  const { incidents: live } = await client.api.incidents.getUnresolved();
  expect(live.map((one) => [one.name, one.impact, one.status, one.resolved_at])).toEqual([
    ["Outage of Real-time messaging", "critical", "identified", null],
    ["Outage of Quotes", "minor", "investigating", null],
  ]);
  expect(live[0]?.incident_updates.map((one) => [one.status, one.body, one.display_at])).toEqual([
    ["identified", "A node is gone.", iso(NOW - 9 * MINUTE)],
    ["investigating", "Western Europe: 79 of 120 messages lost or refused.", iso(NOW - 29 * MINUTE)],
  ]);

  const { incidents: all } = await client.api.incidents.getAll();
  // Those of the world that are for everybody and were not merged into another.
  const told = ALL.map((one) => one.incident)
    .filter((one) => !one.drill && one.state !== "merged" && one.audience === "service" && one.kind !== "budget")
    .toSorted((a, b) => b.impactStart - a.impactStart);
  expect(all.map((one) => one.created_at)).toEqual(told.map((one) => iso(one.detected)));
  expect(all.map((one) => one.status)).toEqual(["investigating", "postmortem", "monitoring", "monitoring"]);
  expect(all[1]?.resolved_at).toBe(iso(told[1]?.resolvedAt ?? 0));
});

it("reads maintenance, though two of its methods ask for the wrong list", async () => {
  asked.length = 0;
  const { scheduledMaintenances: api } = client.api;
  expect(fromTo(await api.getUpcoming())).toEqual([PLANNED]);
  expect(fromTo(await api.getActive())).toEqual([PLANNED]);
  expect(fromTo(await api.getAll())).toEqual([PLANNED]);
  // As 3.3.8 is published; the day that it asks rightly, the two lines above are to say so.
  expect(new Set(asked)).toEqual(new Set(["/api/v2/scheduled-maintenances/upcoming.json"]));

  const ask = async (path: string): Promise<ScheduledMaintenances> => (await axiosOf(client).get(path)).data;
  expect(fromTo(await ask("/api/v2/scheduled-maintenances/active.json"))).toEqual([UNDER_WAY]);
  expect(fromTo(await ask("/api/v2/scheduled-maintenances.json"))).toEqual([PLANNED, UNDER_WAY, PAST]);
});
