// The eight documents of Statuspage's public API v2, made from the front row and, for the list of all incidents, from their own rows.
// Pure: the present is an argument. Called by statuspage-routes.ts. What the front row had no room for is named below `sonde`, or
// is no list at all: what is not known is never an empty list.

import type { Language } from "../../schema/words.ts";
import type { Config } from "../../workers/config/config.ts";
import type { Front } from "../front.ts";
import { pathOfIncident } from "../incidents-view.ts";
import type { PublicIncident } from "../incidents.ts";
import { plainLabel } from "../labels.ts";
import { componentsOf, overallOf } from "./statuspage-components.ts";
import type { KnownTarget } from "./statuspage-components.ts";
import { idOf, iso } from "./statuspage-ids.ts";
import { incidentObject } from "./statuspage-incidents.ts";
import { maintenanceObjects, recordsOf } from "./statuspage-maintenance.ts";
import type { ComponentObject, IncidentObject, MaintenanceObject, PageObject } from "./statuspage-shape.ts";
import { toldOf, toldOfFront } from "./told.ts";
import type { ToldIncident } from "./told.ts";

export const DOCUMENTS = [
  "summary",
  "status",
  "components",
  "incidents",
  "incidents/unresolved",
  "scheduled-maintenances",
  "scheduled-maintenances/upcoming",
  "scheduled-maintenances/active",
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

export interface StatuspageInput {
  readonly front: Front | null;
  /** The database could not be read: these are the last good figures. */
  readonly stale: boolean;
  readonly config: Pick<Config, "name" | "url" | "timeZone" | "targets"> | null;
  /** Without a slash at its end. */
  readonly origin: string;
  readonly language: Language;
  readonly now: number;
  /** For the list of all incidents; null: they were not asked for. */
  readonly latest: readonly PublicIncident[] | null;
}

/** A list of which the front row does not know whether it is empty. */
export type NotKnown = "incidents_unreadable" | "maintenance_unreadable";

interface Made {
  readonly page: PageObject;
  readonly components: readonly ComponentObject[];
  readonly incidentsOf: (told: readonly ToldIncident[]) => readonly IncidentObject[];
  readonly maintenance: () => readonly MaintenanceObject[];
}

/** The document, or why there is none. */
export function statuspageDocument(name: DocumentName, input: StatuspageInput): object | NotKnown {
  const { front, latest } = input;
  const lacks = (part: string): boolean => front?.parts.leftOut.some((key) => key.startsWith(`${part}/`)) ?? false;
  if (name === "incidents/unresolved" && lacks("incidents")) return "incidents_unreadable";
  if (name.startsWith("scheduled-maintenances") && lacks("maintenance")) return "maintenance_unreadable";
  const { page, components, incidentsOf, maintenance } = made(input);
  const live = (): readonly IncidentObject[] => incidentsOf(liveOf(front));
  switch (name) {
    case "status":
      return { page, status: overallOf(components) };
    case "components":
      return { page, components };
    case "incidents":
      return { page, incidents: incidentsOf((latest ?? []).flatMap((one) => toldOf(one) ?? [])) };
    case "incidents/unresolved":
      return { page, incidents: live() };
    case "scheduled-maintenances":
      return { page, scheduled_maintenances: maintenance() };
    case "scheduled-maintenances/upcoming":
      return { page, scheduled_maintenances: soonest(maintenance(), "scheduled") };
    case "scheduled-maintenances/active":
      return { page, scheduled_maintenances: soonest(maintenance(), "in_progress") };
    case "summary":
      return {
        page,
        components,
        incidents: live(),
        scheduled_maintenances: soonest(maintenance(), "scheduled", "in_progress"),
        status: overallOf(components),
        sonde: { stale: input.stale, left_out: front?.parts.leftOut ?? [] },
      };
  }
}

const soonest = (all: readonly MaintenanceObject[], ...statuses: readonly string[]): readonly MaintenanceObject[] =>
  all.filter(({ status }) => statuses.includes(status)).toReversed();

function liveOf(front: Front | null): readonly ToldIncident[] {
  const parts = [...(front?.parts.incidents.values() ?? [])];
  return parts
    .flatMap(({ target, live }) => live.map((one) => toldOfFront(target, one)))
    .toSorted((a, b) => b.impactStart - a.impactStart || (a.id < b.id ? -1 : 1));
}

function made(input: StatuspageInput): Made {
  const { front, config, origin, language, now } = input;
  const name = config?.name ?? "Sonde";
  const pageId = idOf("page", config?.url ?? name);
  const pageUrl = `${origin}/${language}`;
  const targets = targetsOf(input);
  const components = componentsOf(targets, { pageId, language, now });
  const targetName = (id: string): string =>
    plainLabel(targets.find((one) => one.id === id)?.label[language], plainLabel(id, "–"));
  const urlOf = (id: string): string => `${pageUrl}${pathOfIncident(id)}`;
  const site = { pageId, urlOf, language, targetName, components };
  return {
    page: {
      id: pageId,
      name: plainLabel(name, "Sonde"),
      url: origin,
      time_zone: config?.timeZone ?? front?.snapshots[0]?.time_zone ?? "Etc/UTC",
      // Nothing was ever composed: no instant of ours is one of the figures.
      updated_at: iso(front?.row.composedAt ?? 0),
    },
    components,
    incidentsOf: (told) => told.map((one) => incidentObject(one, site)),
    maintenance: () => {
      const records = targets.flatMap((target) => target.maintenance);
      return maintenanceObjects(records, { pageId, pageUrl, language, now, components });
    },
  };
}

/** In the order of the configuration, also those of which nothing was measured yet. */
function targetsOf({ front, config }: StatuspageInput): readonly KnownTarget[] {
  const snapshots = front?.snapshots ?? [];
  const known = config?.targets ?? snapshots.map(({ target, label }) => ({ id: target, label }));
  return known.map(({ id, label }) => ({
    id,
    label,
    snapshot: snapshots.find((one) => one.target === id) ?? null,
    maintenance: recordsOf(front?.parts.maintenance.get(id)),
  }));
}
