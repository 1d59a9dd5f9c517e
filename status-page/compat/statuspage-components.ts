// Targets as groups and their regions as components, in Statuspage's words, and the one indicator over all of them. Pure: the
// present is an argument. Called by statuspage.ts. The format has no word for unknown: what is not measured is
// `degraded_performance` there, and `unmeasured` below `sonde`; it is never `operational`.

import type { Language, State } from "../../schema/words.ts";
import { activeUntil } from "../../workers/incidents/maintenance.ts";
import type { Maintenance } from "../../workers/incidents/maintenance.ts";
import type { RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { plainLabel } from "../labels.ts";
import { saidOf, stateNow } from "../region-view.ts";
import { worst } from "../sentence.ts";
import { wordsOf } from "../words/languages.ts";
import { idOf, iso } from "./statuspage-ids.ts";
import { COMPONENT_STATUSES } from "./statuspage-shape.ts";
import type { ComponentObject, ComponentStatus, Indicator, StatusObject } from "./statuspage-shape.ts";

/** A target as it is known: measured, or only configured. */
export interface KnownTarget {
  readonly id: string;
  readonly label: Readonly<Partial<Record<Language, string>>>;
  readonly snapshot: Snapshot | null;
  readonly maintenance: readonly Maintenance[];
}

interface Site {
  readonly pageId: string;
  readonly language: Language;
  readonly now: number;
}

export const groupIdOf = (target: string): string => idOf("target", target);

/** Each target as a group, its regions behind it; `position` counts groups, and the children of each. */
export function componentsOf(targets: readonly KnownTarget[], site: Site): readonly ComponentObject[] {
  return targets.flatMap((target, i) => {
    const children = (target.snapshot?.regions ?? []).map((region, at) => childOf(target, region, at + 1, site));
    return [groupOf(target, children, i + 1, site), ...children];
  });
}

/**
 * A region that is down is a `major_outage` where nothing came through in its last rounds, else a `partial_outage`. Maintenance is
 * said where the region is measured good: announced or not, measured trouble is told.
 */
function statusOf(region: RegionSnapshot, state: State, maintenance: boolean): ComponentStatus {
  if (state === "down") return (region.recent?.ok ?? 0) > 0 ? "partial_outage" : "major_outage";
  if (state !== "up") return "degraded_performance";
  return maintenance ? "under_maintenance" : "operational";
}

function childOf(target: KnownTarget, region: RegionSnapshot, position: number, site: Site): ComponentObject {
  const { now, language, pageId } = site;
  const { state, why } = stateNow(region, now);
  const maintenance = activeUntil(target.maintenance, region.region, now) !== null;
  const since = region.measured_since;
  const words = wordsOf(language);
  const name =
    target.snapshot === null ? plainLabel(region.region, "–") : saidOf(region, target.snapshot, now, words).name;
  return {
    id: idOf("region", target.id, region.region, region.journey),
    page_id: pageId,
    name,
    description: null,
    status: statusOf(region, state, maintenance),
    position,
    group: false,
    group_id: groupIdOf(target.id),
    showcase: true,
    start_date: since === null ? null : iso(since).slice(0, 10),
    only_show_if_degraded: false,
    created_at: iso(since ?? 0),
    updated_at: iso(region.last_slot_at ?? since ?? 0),
    sonde: { target: target.id, region: region.region, state, why, maintenance, as_of: region.last_slot_at },
  };
}

function groupOf(
  target: KnownTarget,
  children: readonly ComponentObject[],
  position: number,
  { pageId, language }: Site,
): ComponentObject {
  const times = children.map((child) => child.sonde.as_of ?? 0);
  const newest = Math.max(0, ...times);
  const created = children.map((child) => child.created_at).toSorted();
  const dates = children.flatMap((child) => child.start_date ?? []).toSorted();
  return {
    id: groupIdOf(target.id),
    page_id: pageId,
    name: plainLabel(target.label[language], target.id),
    description: null,
    // A target of which nothing is known yet is not operational.
    status: children.length === 0 ? "degraded_performance" : worstOf(children),
    position,
    group: true,
    group_id: null,
    components: children.map((child) => child.id),
    showcase: true,
    start_date: dates[0] ?? null,
    only_show_if_degraded: false,
    created_at: created[0] ?? iso(0),
    updated_at: iso(newest),
    sonde: {
      target: target.id,
      region: null,
      state: worst(children.map((child) => child.sonde.state)),
      why: children.length === 0 ? "never" : null,
      maintenance: children.some((child) => child.sonde.maintenance),
      as_of: newest === 0 ? null : newest,
    },
  };
}

function worstOf(children: readonly ComponentObject[]): ComponentStatus {
  return COMPONENT_STATUSES.toReversed().find((s) => children.some((c) => c.status === s)) ?? "degraded_performance";
}

/** Statuspage's own sentences where it has one. They are English in every language: clients compare them. */
const DESCRIPTIONS: Readonly<Record<Indicator, string>> = {
  none: "All Systems Operational",
  minor: "Partially Degraded Service",
  major: "Partial System Outage",
  critical: "Major System Outage",
};

/**
 * `critical`: in some target every measured region is down. `major`: some region is. `minor`: some region is degraded or not
 * measured, or there is nothing at all. `none`: all that is there is measured good.
 */
export function overallOf(components: readonly ComponentObject[]): StatusObject {
  const children = components.filter((one) => !one.group);
  const groups = components.filter((one) => one.group);
  const count = (state: State): number => children.filter((one) => one.sonde.state === state).length;
  const regions = {
    up: count("up"),
    degraded: count("degraded"),
    down: count("down"),
    unmeasured: count("unmeasured"),
  };
  const state = worst(groups.map((one) => one.sonde.state));
  const isDown = (group: ComponentObject): boolean => {
    const measured = children.filter((one) => one.group_id === group.id && one.sonde.state !== "unmeasured");
    return measured.length > 0 && measured.every((one) => one.sonde.state === "down");
  };
  const indicator: Indicator = groups.some(isDown)
    ? "critical"
    : regions.down > 0
      ? "major"
      : state === "up"
        ? "none"
        : "minor";
  return { indicator, description: describe(indicator, state, components, regions), sonde: { state, regions } };
}

function describe(
  indicator: Indicator,
  state: State,
  components: readonly ComponentObject[],
  { up, degraded }: Readonly<Record<State, number>>,
): string {
  if (state === "unmeasured") return up + degraded === 0 ? "Not Measured" : "Partly Not Measured";
  if (indicator !== "none") return DESCRIPTIONS[indicator];
  return components.some((one) => one.status === "under_maintenance") ? "Service Under Maintenance" : DESCRIPTIONS.none;
}
