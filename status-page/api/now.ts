// What the front row says, as answers of our API: targets, regions, matrix. Pure: the present is an argument, and a region of which nothing
// new came is unmeasured whatever was stored. Names that users gave are cleaned. Called by answers.ts.

import type { Config } from "../../workers/config/config.ts";
import type { Language, State } from "../../schema/words.ts";
import type { RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import type { Front } from "../front.ts";
import { plainLabel } from "../labels.ts";
import { matrixStates } from "../matrix-view.ts";
import { stateNow } from "../region-view.ts";
import type { CellAnswer, RegionAnswer, TargetAnswer } from "./shapes.ts";

/** Targets whose regions are in one answer. */
export const TARGETS_AT_ONCE = 20;

export function labelOf(label: Readonly<Partial<Record<Language, string>>>, id: string): Record<Language, string> {
  return { en: plainLabel(label.en, id), zh: plainLabel(label.zh, id) };
}

/** When the newest of these was composed; null of none. */
export function composedAt(front: Front | null): number | null {
  const all = front?.snapshots.map((snapshot) => snapshot.composed_at) ?? [];
  return all.length === 0 ? null : Math.max(...all);
}

/** A part of all targets in the order of their ids; `after`: the id of the last one that was seen. */
export function someTargets(
  front: Front | null,
  wanted: string | undefined,
  after: string | undefined,
): { readonly snapshots: readonly Snapshot[]; readonly last: string | null } {
  const all = (front?.snapshots ?? [])
    .filter((snapshot) => wanted === undefined || snapshot.target === wanted)
    .toSorted((a, b) => (a.target < b.target ? -1 : 1))
    .filter((snapshot) => after === undefined || snapshot.target > after);
  const snapshots = all.slice(0, TARGETS_AT_ONCE);
  return { snapshots, last: all.length > snapshots.length ? (snapshots.at(-1)?.target ?? null) : null };
}

export function targetAnswer(snapshot: Snapshot, now: number): TargetAnswer {
  const regions: Record<State, number> = { up: 0, degraded: 0, down: 0, unmeasured: 0 };
  for (const region of snapshot.regions) regions[stateNow(region, now).state] += 1;
  return {
    id: snapshot.target,
    label: labelOf(snapshot.label, snapshot.target),
    driver: snapshot.driver,
    publish_ack: snapshot.publish_ack,
    composed_at: snapshot.composed_at,
    time_zone: snapshot.time_zone,
    every_ms: snapshot.every_ms,
    messages: snapshot.messages,
    gap_ms: snapshot.gap_ms,
    deadline_ms: snapshot.deadline_ms,
    connect_deadline_ms: snapshot.connect_deadline_ms,
    objectives: snapshot.objectives,
    regions,
  };
}

/** Targets of the configuration of which there are no figures. */
export function notMeasured(front: Front | null, config: Config | null): string[] {
  const known = new Set(front?.snapshots.map((snapshot) => snapshot.target));
  return (config?.targets ?? []).map(({ id }) => id).filter((id) => !known.has(id));
}

function regionAnswer(target: string, region: RegionSnapshot, now: number): RegionAnswer {
  const { days: _days, others, ...rest } = region;
  return {
    target,
    ...rest,
    ...stateNow(region, now),
    label: labelOf(region.label, region.region),
    place: region.place === "" ? "" : plainLabel(region.place, "?"),
    others: others === undefined ? null : others.map((each) => ({ ...each, ...stateNow(each, now) })),
  };
}

export function regionAnswers({ target, regions }: Snapshot, now: number): RegionAnswer[] {
  return regions.map((region) => regionAnswer(target, region, now));
}

export function cellAnswers(snapshot: Snapshot, now: number): CellAnswer[] {
  const states = matrixStates(snapshot, now);
  return (snapshot.matrix ?? []).map((cell, i) => {
    const state = states[i] ?? "unmeasured";
    if (state !== "unmeasured") return { target: snapshot.target, ...cell, state, why: null };
    return { target: snapshot.target, ...cell, state, why: cell.state === "unmeasured" ? cell.why : "silent" };
  });
}
