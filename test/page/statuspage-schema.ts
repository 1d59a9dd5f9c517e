// Statuspage's documents as the strictest of clients would read them: any word beside the format's own is refused, and so is any field
// that is missing. Written from the format's description, not from our types. Used by statuspage.test.ts.

import { z } from "zod";

import type { DOCUMENTS } from "../../status-page/compat/statuspage.ts";

const instant = z.iso.datetime({ precision: 3 });
const id = z.string().regex(/^[0-9a-z]{12}$/);
const status = z.enum(["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]);
const page = z.strictObject({
  id,
  name: z.string().min(1),
  url: z.url(),
  time_zone: z.string(),
  updated_at: instant,
});
export const component = z.strictObject({
  id,
  page_id: id,
  name: z.string().min(1),
  description: z.string().nullable(),
  status,
  position: z.int().positive(),
  group: z.boolean(),
  group_id: id.nullable(),
  components: z.array(id).optional(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  only_show_if_degraded: z.boolean(),
  created_at: instant,
  updated_at: instant,
  sonde: z.object({ state: z.enum(["up", "degraded", "down", "unmeasured"]) }),
});
const told = (statuses: readonly [string, ...string[]], impact: z.ZodType) =>
  z.object({
    id,
    page_id: id,
    name: z.string().min(1),
    status: z.enum(statuses),
    impact,
    shortlink: z.url(),
    created_at: instant,
    updated_at: instant,
    started_at: instant,
    monitoring_at: instant.nullable(),
    resolved_at: instant.nullable(),
    components: z.array(component),
    incident_updates: z
      .array(
        z.strictObject({
          id,
          incident_id: id,
          status: z.enum(statuses),
          body: z.string().min(1),
          display_at: instant,
          created_at: instant,
          updated_at: instant,
          deliver_notifications: z.boolean(),
          affected_components: z.array(
            z.strictObject({ code: id, name: z.string(), old_status: status, new_status: status }),
          ),
          sonde: z.object({}),
        }),
      )
      .min(1),
  });
export const incidentObject = told(
  ["investigating", "identified", "monitoring", "resolved", "postmortem"],
  z.enum(["none", "minor", "major", "critical"]),
);
export const maintenanceObject = told(
  ["scheduled", "in_progress", "verifying", "completed"],
  z.literal("maintenance"),
).extend({ scheduled_for: instant, scheduled_until: instant });
export const indicator = z.object({
  indicator: z.enum(["none", "minor", "major", "critical"]),
  description: z.string().min(1),
  sonde: z.object({}),
});
const lists = {
  components: z.array(component),
  incidents: z.array(incidentObject),
  scheduled_maintenances: z.array(maintenanceObject),
};
export const SCHEMAS: Readonly<Record<(typeof DOCUMENTS)[number], z.ZodType>> = {
  summary: z.strictObject({ page, ...lists, status: indicator, sonde: z.object({}) }),
  status: z.strictObject({ page, status: indicator }),
  components: z.strictObject({ page, components: lists.components }),
  incidents: z.strictObject({ page, incidents: lists.incidents }),
  "incidents/unresolved": z.strictObject({ page, incidents: lists.incidents }),
  "scheduled-maintenances": z.strictObject({ page, scheduled_maintenances: lists.scheduled_maintenances }),
  "scheduled-maintenances/upcoming": z.strictObject({ page, scheduled_maintenances: lists.scheduled_maintenances }),
  "scheduled-maintenances/active": z.strictObject({ page, scheduled_maintenances: lists.scheduled_maintenances }),
};
