// The front row's figures as a flat list: one entry for each region's journey and for each pair of regions, with the state as of now.
// Pure. Decides what is known: silence makes a state unmeasured, whatever was stored, by the same rule as the page. Called by
// `probe-families.ts`.

import type { Journey, State } from "../../schema/words.ts";
import type {
  LatencyFigures,
  PeriodFigures,
  RecentFigures,
  RegionSnapshot,
  Snapshot,
} from "../results/snapshot-shape.ts";
import type { Labels } from "./family.ts";

/** `recent`: the last rounds, or the matrix's last minutes. `month`: the calendar month in the target's zone. */
export type WindowName = "recent" | "month";

export interface Phase {
  readonly phase: "deliver" | "connect" | "handshake" | "login";
  readonly window: WindowName;
  readonly latency: LatencyFigures;
}

export interface Measured {
  /** `service, driver, region_from, region_to, journey`. */
  readonly labels: Labels;
  readonly journey: Journey;
  readonly state: State;
  /** ms since the epoch; null: never. */
  readonly lastSlotAt: number | null;
  /** Null: the matrix keeps no months. */
  readonly month: PeriodFigures | null;
  readonly phases: readonly Phase[];
  readonly latencyLimitMs: number;
  readonly deadlineMs: number;
  /** About the prober's own last rounds; null: there are none, or the row says nothing of it. */
  readonly self: Pick<RecentFigures, "lag_ms_max" | "controls"> | null;
}

/** All that the snapshot has measured, in its order. */
export function measuredOf(snapshot: Snapshot, now: number): readonly Measured[] {
  const staleMs = Math.max(0, ...snapshot.regions.map((region) => region.stale_after_ms));
  const cells = snapshot.matrix.map((cell): Measured => {
    const { from, to, latency } = cell;
    const phases = [{ phase: "deliver", window: "recent", latency }] as const;
    return { ...entry(snapshot, from, to, "mesh"), ...seen(cell, staleMs, now), month: null, phases, self: null };
  });
  return [...snapshot.regions.flatMap((region) => ofRegion(snapshot, region, now)), ...cells];
}

function ofRegion(snapshot: Snapshot, region: RegionSnapshot, now: number): readonly Measured[] {
  const id = region.region;
  const { month, recent } = region;
  const phases: Phase[] = [
    ...(recent === null ? [] : [{ phase: "deliver", window: "recent", latency: recent.latency } as const]),
    { phase: "deliver", window: "month", latency: month.latency },
    { phase: "connect", window: "month", latency: month.connect },
  ];
  const own = {
    ...entry(snapshot, id, id, region.journey),
    ...seen(region, region.stale_after_ms, now),
    month,
    phases,
    self: recent,
  };
  const others = (region.others ?? []).map((other): Measured => {
    // Of `connect` the latency is the time of connecting, and there is nothing else.
    const phase = other.journey === "connect" ? "connect" : "deliver";
    const inside = other.month.phases;
    const otherPhases: Phase[] = [
      ...(other.recent === null ? [] : [{ phase, window: "recent", latency: other.recent.latency } as const]),
      { phase, window: "month", latency: other.month.latency },
      ...(inside === null
        ? []
        : ([
            { phase: "handshake", window: "month", latency: inside.handshake },
            { phase: "login", window: "month", latency: inside.login },
          ] as const)),
    ];
    const state = seen(other, other.stale_after_ms, now);
    return {
      ...entry(snapshot, id, id, other.journey),
      ...state,
      month: other.month,
      phases: otherPhases,
      self: other.recent,
    };
  });
  return [own, ...others];
}

function entry(
  { target, driver, objectives, deadline_ms }: Snapshot,
  from: string,
  to: string,
  journey: Journey,
): Pick<Measured, "labels" | "journey" | "latencyLimitMs" | "deadlineMs"> {
  return {
    labels: { service: target, driver, region_from: from, region_to: to, journey },
    journey,
    latencyLimitMs: objectives.latency_ms_p99,
    deadlineMs: deadline_ms,
  };
}

function seen(
  { state, last_slot_at }: { readonly state: State; readonly last_slot_at: number | null },
  staleMs: number,
  now: number,
): Pick<Measured, "state" | "lastSlotAt"> {
  const isSilent = last_slot_at === null || now - last_slot_at > staleMs;
  return { state: isSilent ? "unmeasured" : state, lastSlotAt: last_slot_at };
}
