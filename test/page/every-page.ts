// The whole public page on loopback, in the states that it can be in, and the list of every kind of its pages: for the sweep in a real
// browser and for the pictures (shots.cli.ts). Rows, reports, incidents and the past are in memory; no chance in them. Checks nothing.

import type { StatusPageOptions } from "../../status-page/app.tsx";
import type { FrontRow } from "../../status-page/front.ts";
import type { HeraldDesk, KeptChoice } from "../../workers/alerts/subscription.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { Snapshot } from "../../workers/results/snapshot-shape.ts";
import * as fixtures from "./fixtures.ts";
import { NOW, REGIONS, frontRow, healthy, many } from "./fixtures.ts";
import * as incidents from "./incident-world.ts";
import { cell } from "./metrics-world.ts";
import * as parts from "./part-fixtures.ts";
import { PAST } from "./past-in-memory.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";
import * as reports from "./sla-fixtures.ts";
import { MONEY, as, contractOf, readerOf, stored } from "./sla-world.ts";

const REPORTS = [
  as(reports.kept(), "kept"),
  as(reports.breached(), "breached", "access"),
  as(reports.openMonth(), "open"),
  as(reports.combined(), "combined"),
  as(reports.nothingMeasured(), "nothing"),
  as(reports.hostileReport(), "hostile"),
];

const CONFIG = configOf({
  name: "Sonde",
  url: "https://status.example",
  regions: REGIONS.map(([id]) => id),
  targets: [
    {
      id: "rtm",
      label: { en: "Real-time messaging", zh: "实时消息" },
      driver: "mqtt",
      address: "mqtts://broker.example",
      journeys: ["loop", { journey: "mesh", messages: 3 }],
    },
  ],
  alerts: {
    channels: [{ id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } }],
    routes: [{ id: "all", to: ["post"] }],
    links: "LINKS",
  },
  subscriptions: { email: "post", webhooks: true, slack: true },
});

const KEPT: KeptChoice = {
  channel: "email",
  language: "en",
  targets: ["rtm"],
  regions: null,
  hint: "l…@example.org",
  token: "tok.en",
};
const HERALD: HeraldDesk = {
  ask: async ({ channel }) =>
    channel === "webhook"
      ? { ok: true, done: "asked", secret: `whsec_${"A".repeat(43)}=`, token: "tok.en" }
      : { ok: true, done: "asked", secret: null, token: null },
  unconfirmed: async () => ({ ok: true, done: "seen", kept: KEPT }),
  confirm: async () => ({ ok: true, done: "confirmed", kept: KEPT }),
  show: async () => ({ ok: true, done: "seen", kept: KEPT }),
  change: async () => ({ ok: true, done: "changed", kept: KEPT }),
  end: async () => ({ ok: true, done: "ended" }),
};

const silence = { region: "weur", reason: "no_wake", newestWakeAt: NOW - 900_000, seenAt: NOW - 800_000 } as const;
const SILENCES = [
  { ...silence, prober: "weur.0.v1", untilAt: null },
  { ...silence, prober: "weur.0.v1", seenAt: NOW - 9e7, untilAt: NOW - 8e7 },
];

const WHOLE: Partial<StatusPageOptions> = {
  config: CONFIG,
  places: { ...incidents.PLACES, timeZone: "UTC", targets: CONFIG.targets },
  knownTargets: ["rtm"],
  incidents: incidents.readerOf(incidents.ALL),
  contracts: [...REPORTS.map(contractOf), { ...contractOf(reports.kept()), id: "new" }],
  sla: readerOf(REPORTS.map((one) => stored(one, MONEY))),
  guard: () => Promise.resolve({ ok: true, who: "lin@example.com" }),
  herald: () => HERALD,
  past: PAST,
  silences: { read: () => Promise.resolve({ silences: SILENCES, cut: false }) },
};

/** Each pair of regions, one of them in trouble. */
const MATRIX = REGIONS.flatMap(([from, , , , p50]) =>
  REGIONS.filter(([to]) => to !== from).map(([to], i) =>
    cell(from, to, {
      latency: { ...fixtures.latencyFigures(p50 + 20 * i, 30) },
      ...(from === "weur" && to === "oc" && { state: "down", ok: 9, lost: 21 }),
    }),
  ),
);
const BOARD = parts.boardPart({
  contract: "kept",
  contract_says: "breached",
  verdict: "breached",
  objectives: [
    parts.boardObjective(),
    parts.boardObjective({
      id: "delivery",
      kind: "ratio",
      target: 0.9999,
      value: 0.99981,
      low: 0.9997,
      high: 0.99981,
      sample: 743_040,
      contract_says: "breached",
      verdict: "breached",
      region: { id: "weur", label: { en: "Western Europe", zh: "西欧" }, of: 7 },
      budget: {
        unit: "message",
        allowed: 74,
        used: 141,
        left: -67,
        burn_rate: 1.9,
        exhausted_at: NOW - 3 * 86_400_000,
      },
    }),
  ],
});
const LIVE = parts.frontIncident({ id: "rtm-9" });
const OVER = parts.pastIncident({ id: "rtm-8" });

const meshed = (one: Snapshot): Snapshot => ({ ...one, matrix: MATRIX });
const ROWS = {
  /** All well, with everything that a page may have beside the figures. */
  well: () =>
    frontRow([meshed(healthy())], NOW - 2000, [
      parts.incidentsPart([], [OVER]),
      parts.maintenancePart(),
      parts.boardPart({ contract: "kept" }),
    ]),
  /** The same, with one region in trouble and an incident of it. */
  trouble: () =>
    frontRow([meshed(fixtures.oneDown())], NOW - 2000, [
      parts.incidentsPart([LIVE], [OVER]),
      parts.maintenancePart(),
      BOARD,
    ]),
  mixed: () => frontRow([fixtures.mixed()]),
  journeys: () => frontRow([fixtures.withJourneys()]),
  first: () => frontRow([fixtures.firstSeconds()]),
  young: () => frontRow([fixtures.young()]),
  many: () => frontRow(many(100)),
  hostile: () => frontRow([fixtures.hostile()]),
  empty: () => null,
} as const satisfies Record<string, () => FrontRow | null>;

/** `away`: the database never answers; `stale`: it did once, ten minutes ago. */
export type SiteName = keyof typeof ROWS | "away" | "stale";

export interface PageKind {
  readonly name: string;
  readonly site: SiteName;
  /** Without its language: "" or "/history". */
  readonly path: string;
  readonly status: number;
  /** A kind that is in the list already, in another state. */
  readonly again: boolean;
}

const TARGET = "/targets/rtm";
const kind = (name: string, path: string, site: SiteName = "well", status = 200): PageKind => ({
  name,
  site,
  path,
  status,
  again: false,
});
const again = (...of: Parameters<typeof kind>): PageKind => ({ ...kind(...of), again: true });

/** Every kind of page, and those that look different in another state. */
export const EVERY_PAGE: readonly PageKind[] = [
  kind("front", ""),
  kind("front-trouble", "", "trouble"),
  kind("front-journeys", "", "journeys"),
  kind("front-many", "", "many"),
  kind("front-stale", "", "stale"),
  kind("front-away", "", "away", 503),
  again("front-mixed", "", "mixed"),
  again("front-first", "", "first"),
  again("front-young", "", "young"),
  again("front-hostile", "", "hostile"),
  again("front-empty", "", "empty"),
  kind("target", TARGET, "trouble"),
  kind("history", "/history"),
  kind("month", `${TARGET}/history/2026-11`),
  kind("year", `${TARGET}/history/2026`),
  kind("region", `${TARGET}/regions/weur`, "trouble"),
  kind("day", `${TARGET}/regions/weur/days/2026-11-20`),
  kind("incidents", "/incidents", "trouble"),
  kind("incident-open", "/incidents/rtm-9", "trouble"),
  kind("incident-over", "/incidents/rtm-8"),
  again("incident-merged", "/incidents/rtm-7"),
  again("incident-hostile", "/incidents/rtm-2"),
  kind("sla", "/sla"),
  kind("sla-breached", "/sla/breached"),
  ...["kept", "open", "combined", "nothing", "hostile", "new"].map((id) => again(`sla-${id}`, `/sla/${id}`)),
  kind("method", "/method"),
  kind("fleet", "/fleet"),
  kind("here", "/here", "trouble"),
  again("here-region", "/here?region=weur", "trouble"),
  kind("api", "/api"),
  kind("subscribe", "/subscribe"),
  kind("subscribe-confirm", "/subscribe/confirm/tok.en"),
  kind("subscription", "/subscription/tok.en"),
  kind("widget", "/widget"),
  again("widget-many", "/widget", "many"),
  kind("missing", "/no-such-page", "well", 404),
  again("missing-day", `${TARGET}/regions/weur/days/2019-01-01`, "well", 404),
];

export interface Sites {
  /** The origin of a state. */
  readonly of: (site: SiteName) => string;
  readonly close: () => Promise<void>;
}

/** All states, each on a port of its own. */
export async function serveSites(): Promise<Sites> {
  const sites = new Map<SiteName, Served>();
  for (const [name, row] of Object.entries(ROWS) as [keyof typeof ROWS, () => FrontRow | null][]) {
    const made = row();
    sites.set(name, await serve(async () => made, WHOLE));
  }
  sites.set("away", await serve(() => Promise.reject(new Error("away")), WHOLE));
  let asked = 0;
  const once = (): Promise<FrontRow> =>
    asked++ === 0 ? Promise.resolve(ROWS.well()) : Promise.reject(new Error("away"));
  let now = NOW;
  const stale = await serve(once, { ...WHOLE, now: () => now });
  await fetch(`${stale.url}/en`);
  now += 600_000;
  sites.set("stale", stale);
  const of = (site: SiteName): string => sites.get(site)?.url ?? "";
  return {
    of,
    close: async () => {
      for (const each of sites.values()) await each.close();
    },
  };
}
