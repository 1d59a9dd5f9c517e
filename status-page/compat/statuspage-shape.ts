// The documents of Statuspage's public API v2, as its clients read them. Types only: the format is Atlassian's and stays as it is.
// What only Sonde knows stands below the key `sonde`, which those clients skip. Instants are ISO 8601 in UTC.

import type { Language, State } from "../../schema/words.ts";

export const COMPONENT_STATUSES = [
  "operational",
  "under_maintenance",
  "degraded_performance",
  "partial_outage",
  "major_outage",
] as const;
/** From the best to the worst: a group has its worst child's. */
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number];

/** There is no fifth one: strict clients refuse it. */
export type Indicator = "none" | "minor" | "major" | "critical";
export type IncidentStatus = "investigating" | "identified" | "monitoring" | "resolved" | "postmortem";
export type MaintenanceStatus = "scheduled" | "in_progress" | "completed";

export interface PageObject {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly time_zone: string;
  readonly updated_at: string;
}

export interface ComponentObject {
  readonly id: string;
  readonly page_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: ComponentStatus;
  readonly position: number;
  readonly group: boolean;
  readonly group_id: string | null;
  /** Ids of the children; of groups only. */
  readonly components?: readonly string[];
  readonly showcase: boolean;
  readonly start_date: string | null;
  readonly only_show_if_degraded: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  /** `why`: of an unmeasured one. `as_of`: when its newest round began, ms since the epoch; null: none did. */
  readonly sonde: {
    readonly target: string;
    readonly region: string | null;
    readonly state: State;
    readonly why: string | null;
    readonly maintenance: boolean;
    readonly as_of: number | null;
  };
}

export interface UpdateObject<Status extends string> {
  readonly id: string;
  readonly incident_id: string;
  readonly status: Status;
  readonly body: string;
  readonly display_at: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deliver_notifications: boolean;
  readonly affected_components: readonly {
    readonly code: string;
    readonly name: string;
    readonly old_status: ComponentStatus;
    readonly new_status: ComponentStatus;
  }[];
  /** Who says so: the measurement, or people. */
  readonly sonde: { readonly by: "sonde" | "operations"; readonly language: Language };
}

interface Told<Status extends string, Impact extends string, Sonde> {
  readonly id: string;
  readonly page_id: string;
  readonly name: string;
  readonly status: Status;
  readonly impact: Impact;
  readonly shortlink: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at: string;
  readonly monitoring_at: string | null;
  readonly resolved_at: string | null;
  readonly components: readonly ComponentObject[];
  /** The newest first. */
  readonly incident_updates: readonly UpdateObject<Status>[];
  readonly sonde: Sonde;
}

export type IncidentObject = Told<
  IncidentStatus,
  Indicator,
  {
    readonly id: string;
    readonly target: string;
    readonly kind: "outage" | "brownout";
    readonly state: "open" | "restored" | "resolved";
    readonly regions: readonly string[];
    /** False: only the newest of what people said is here. */
    readonly updates_complete: boolean;
  }
>;

export type MaintenanceObject = Told<
  MaintenanceStatus,
  "maintenance",
  { readonly id: string; readonly target: string; readonly regions: readonly string[] | null }
> & { readonly scheduled_for: string; readonly scheduled_until: string };

export interface StatusObject {
  readonly indicator: Indicator;
  readonly description: string;
  readonly sonde: { readonly state: State; readonly regions: Readonly<Record<State, number>> };
}
