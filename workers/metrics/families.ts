// All metrics of the fleet, made from the front row alone: the row that the page shows, so that a dashboard and the page say the same.
// Pure; the present instant is an argument, and decides only what is silent and which maintenance is under way. Reads nothing else:
// whole histograms are not in the row, and are pushed by `otlp.ts` alone. Called by the page's /metrics and by `otlp.ts`.

import type { IncidentsPart, MaintenancePart } from "../incidents/front-parts.ts";
import type { Snapshot } from "../results/snapshot-shape.ts";
import type { BoardPart } from "../sla/board.ts";
import type { Family } from "./family.ts";
import { probeFamilies } from "./probe-families.ts";
import { announcedFamilies, boardFamilies } from "./promise-families.ts";

/** The front row as its reader has understood it. */
export interface FrontFigures {
  readonly row: { readonly composedAt: number };
  readonly snapshots: readonly Snapshot[];
  readonly parts: {
    readonly incidents: ReadonlyMap<string, IncidentsPart>;
    readonly maintenance: ReadonlyMap<string, MaintenancePart>;
    readonly boards: readonly BoardPart[];
    /** Keys of parts that there was no room for, "incidents/chat": of these nothing is known. */
    readonly leftOut: readonly string[];
  };
}

export interface Asked {
  readonly now: number;
  /** The database did not answer: these are the last good figures. */
  readonly isStale: boolean;
  /** Ids of targets; null: all. */
  readonly services: readonly string[] | null;
}

/** Families without a point are left out. `front` null: the database was read, and nothing has been measured yet. */
export function familiesOf(front: FrontFigures | null, { now, isStale, services }: Asked): readonly Family[] {
  const isAsked = ({ target }: { readonly target: string }): boolean => services === null || services.includes(target);
  const snapshots = front?.snapshots.filter(isAsked) ?? [];
  const boards = front?.parts.boards.filter(isAsked) ?? [];
  const families = [
    ...aboutSonde(front, snapshots, isStale),
    ...probeFamilies(snapshots, now),
    ...(front === null ? [] : announcedFamilies(snapshots, front.parts, now)),
    ...boardFamilies(boards),
  ];
  return families.filter(({ points }) => points.length > 0);
}

function aboutSonde(front: FrontFigures | null, snapshots: readonly Snapshot[], isStale: boolean): readonly Family[] {
  const at = front?.row.composedAt;
  return [
    {
      name: "sonde_front_stale",
      type: "gauge",
      unit: null,
      help: "1 if the database did not answer and these are the last figures that it gave, else 0.",
      points: [{ labels: {}, value: isStale ? 1 : 0 }],
    },
    {
      name: "sonde_front_timestamp_seconds",
      type: "gauge",
      unit: "seconds",
      help: "When the figures were composed, in seconds since the epoch: time() minus it is their age.",
      points: at === undefined ? [] : [{ labels: {}, value: at / 1000 }],
    },
    {
      name: "sonde_composed_timestamp_seconds",
      type: "gauge",
      unit: "seconds",
      help: "When the figures of the service were composed, in seconds since the epoch.",
      points: snapshots.map(({ target, driver, composed_at }) => {
        return { labels: { service: target, driver }, value: composed_at / 1000 };
      }),
    },
    {
      name: "probe_target",
      type: "info",
      unit: null,
      help: "What is watched, and the zone in which its months begin.",
      points: snapshots.map(({ target, driver, label, time_zone }) => {
        return { labels: { service: target, driver, name: label.en, time_zone } };
      }),
    },
  ];
}
