// Announced maintenance in Statuspage's words, each time that it happens as one. Pure: the present is an argument. Called by
// statuspage.ts. From 30 days ago, since older ones are not in the front row, to 30 days ahead.

import type { Language } from "../../schema/words.ts";
import type { MaintenancePart } from "../../workers/incidents/front-parts.ts";
import { upcoming } from "../../workers/incidents/maintenance.ts";
import type { Maintenance, Occurrence } from "../../workers/incidents/maintenance.ts";
import { plainLabel } from "../labels.ts";
import { feedWordsOf } from "../words/languages.ts";
import { idOf, iso } from "./statuspage-ids.ts";
import type { ComponentObject, MaintenanceObject, MaintenanceStatus, UpdateObject } from "./statuspage-shape.ts";
import { sayIn } from "./told.ts";

const DAY_MS = 86_400_000;
const SPAN_MS = 30 * DAY_MS;
const MOST = 50;
const TITLE_MOST = 200;

interface MaintenanceSite {
  readonly pageId: string;
  readonly pageUrl: string;
  readonly language: Language;
  readonly now: number;
  readonly components: readonly ComponentObject[];
}

/** As `upcoming` and `activeUntil` take them: who announced it is not among what everybody is told. */
export function recordsOf(part: MaintenancePart | undefined): readonly Maintenance[] {
  if (part === undefined) return [];
  return part.records.map(({ id, regions, title, window, recorded_at: recordedAt, withdraws }) => {
    return { id, key: id, target: part.target, regions, title, window, author: "", recordedAt, withdraws };
  });
}

/** All of these, the one that begins last first; at most fifty. */
export function maintenanceObjects(
  records: readonly Maintenance[],
  site: MaintenanceSite,
): readonly MaintenanceObject[] {
  const { now } = site;
  const times = upcoming(records, now - SPAN_MS, now + SPAN_MS, 2 * MOST);
  // The nearest ones are what matters where there are too many.
  const nearest = times.toSorted((a, b) => Math.abs(a.fromAt - now) - Math.abs(b.fromAt - now)).slice(0, MOST);
  return nearest.toSorted((a, b) => b.fromAt - a.fromAt).map((time) => objectOf(time, site));
}

function statusAt({ fromAt, toAt }: Occurrence, now: number): MaintenanceStatus {
  if (now < fromAt) return "scheduled";
  return now < toAt ? "in_progress" : "completed";
}

function objectOf(time: Occurrence, site: MaintenanceSite): MaintenanceObject {
  const { pageId, pageUrl, language, now } = site;
  const status = statusAt(time, now);
  const id = idOf("maintenance", time.id, time.fromAt);
  const announcedAt = time.fromAt - time.noticeMs;
  const title = sayIn(time.title, language);
  const name = plainLabel(title?.text, feedWordsOf(language).maintenance, TITLE_MOST);
  const components = site.components.filter(
    ({ group, sonde }) =>
      !group && sonde.target === time.target && (time.regions === null || time.regions.includes(sonde.region ?? "")),
  );
  const updates = updatesOf(time, announcedAt, status).map(([of, at]): UpdateObject<MaintenanceStatus> => {
    const instant = iso(at);
    return {
      id: idOf("maintenance-update", time.id, time.fromAt, of),
      incident_id: id,
      status: of,
      body: of === "scheduled" ? name : feedWordsOf(language).maintenanceIs[of],
      display_at: instant,
      created_at: instant,
      updated_at: instant,
      deliver_notifications: true,
      affected_components: components.map((one) => ({
        code: one.id,
        name: one.name,
        old_status: of === "completed" ? "under_maintenance" : "operational",
        new_status: of === "in_progress" ? "under_maintenance" : "operational",
      })),
      sonde: { by: "operations", language: title?.language ?? language },
    };
  });
  return {
    id,
    page_id: pageId,
    name,
    status,
    impact: "maintenance",
    shortlink: pageUrl,
    created_at: iso(announcedAt),
    updated_at: updates[0]?.updated_at ?? iso(announcedAt),
    started_at: iso(time.fromAt),
    monitoring_at: null,
    resolved_at: status === "completed" ? iso(time.toAt) : null,
    components,
    incident_updates: updates,
    scheduled_for: iso(time.fromAt),
    scheduled_until: iso(time.toAt),
    sonde: { id: time.id, target: time.target, regions: time.regions },
  };
}

/** The newest first. What was announced only when it had begun was scheduled at that moment all the same. */
function updatesOf(
  { fromAt, toAt }: Occurrence,
  announcedAt: number,
  status: MaintenanceStatus,
): readonly (readonly [MaintenanceStatus, number])[] {
  const updates: (readonly [MaintenanceStatus, number])[] = [["scheduled", Math.min(announcedAt, fromAt)]];
  if (status !== "scheduled") updates.push(["in_progress", fromAt]);
  if (status === "completed") updates.push(["completed", toAt]);
  return updates.toReversed();
}
