// What was promised and announced, as metrics: budgets, burn rates and verdicts of contracts whose page is public, maintenance that
// is under way, incidents that are open. Pure. Budgets are those that the contract's judge stored; nothing is computed anew, and
// what a contract does not say has no point. Called by `families.ts`.

import type { AlertSeverity } from "../../schema/words.ts";
import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { IncidentsPart, MaintenancePart } from "../incidents/front-parts.ts";
import { upcoming } from "../incidents/maintenance.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import type { Snapshot } from "../results/snapshot-shape.ts";
import type { BoardObjective, BoardPart } from "../sla/board.ts";
import type { Verdict } from "../sla/report-shape.ts";
import type { Family, Labels, Point, Stated } from "./family.ts";

const VERDICTS = [
  "met",
  "breached",
  "undetermined",
  "resolution_insufficient",
  "no_data",
] as const satisfies readonly Verdict[];

export function boardFamilies(boards: readonly BoardPart[]): readonly Family[] {
  const all = boards.flatMap((board) =>
    board.objectives.map((objective) => ({ labels: labelsOf(board, objective), objective })),
  );
  const family = (name: string, unit: "ratio" | null, help: string, of: (one: BoardObjective) => Point[]): Family => {
    const points = all.flatMap(({ labels, objective }) =>
      of(objective).map((point) => ({ ...point, labels: { ...labels, ...point.labels } })),
    );
    return { name, type: "gauge", unit, help, points };
  };
  return [
    family("slo_objective_ratio", "ratio", "The share that is promised.", ({ target }) => pointOf(target)),
    family("slo_indicator_ratio", "ratio", "The share that was measured in the period.", indicator),
    family("slo_coverage_ratio", "ratio", "How much of what counts was measured.", ({ coverage }) => pointOf(coverage)),
    family("slo_samples", null, "Slots counted, messages attempted, or incidents, by objective.", ({ sample }) =>
      pointOf(sample),
    ),
    family(
      "slo_error_budget_remaining_ratio",
      "ratio",
      "What is left of the period's error budget, as a share of it; below 0: overdrawn; no sample where nothing is allowed.",
      ({ budget }) => pointOf(budget === null || budget.allowed <= 0 ? null : budget.left / budget.allowed),
    ),
    family(
      "slo_burn_rate",
      null,
      "Share of the budget used / share of the period that has passed: 1 uses it up exactly at the end.",
      ({ budget }) => pointOf(budget?.burn_rate ?? null, { window: "period" }),
    ),
    {
      name: "slo_verdict",
      type: "stateset",
      unit: null,
      help: "What is proven of the open period, whatever is still unknown; exactly one is 1.",
      states: VERDICTS,
      points: all.map(({ labels, objective }): Stated => ({ labels, state: objective.verdict })),
    },
  ];
}

function labelsOf(board: BoardPart, { id, region }: BoardObjective): Labels {
  const { target, contract } = board;
  const labels = { service: target, contract, objective: id };
  // Judged region by region: the worst one is shown, by its name.
  return region === null ? labels : { ...labels, region: region.id };
}

function pointOf(value: number | null, labels: Labels = {}): Point[] {
  return value === null || !Number.isFinite(value) ? [] : [{ labels, value }];
}

/** Of a duration the value is no share. */
function indicator({ kind, value }: BoardObjective): Point[] {
  return kind === "duration" ? [] : pointOf(value);
}

/** A target without announcements has none; one whose part was left out of the row has no point. */
export function announcedFamilies(
  snapshots: readonly Snapshot[],
  parts: {
    readonly incidents: ReadonlyMap<string, IncidentsPart>;
    readonly maintenance: ReadonlyMap<string, MaintenancePart>;
    readonly leftOut: readonly string[];
  },
  now: number,
): readonly Family[] {
  return [
    {
      name: "maintenance_active",
      type: "gauge",
      unit: null,
      help: "1 while announced maintenance is under way in the region, else 0; probing goes on.",
      points: snapshots.flatMap(({ target, driver, regions }): Point[] => {
        if (parts.leftOut.includes(`maintenance/${target}`)) return [];
        const part = parts.maintenance.get(target);
        const records = part === undefined ? [] : recordsOf(part);
        // Once for all regions: a weekly window is a calendar's work.
        const active = upcoming(records, now, now + 1, records.length);
        return regions.map(({ region }) => {
          const isActive = active.some((one) => one.regions === null || one.regions.includes(region));
          return { labels: { service: target, driver, region }, value: isActive ? 1 : 0 };
        });
      }),
    },
    {
      name: "incidents_open",
      type: "gauge",
      unit: null,
      help: "Public incidents that are not resolved, by severity.",
      points: snapshots.flatMap(({ target, driver }): Point[] => {
        if (parts.leftOut.includes(`incidents/${target}`)) return [];
        const live = parts.incidents.get(target)?.live ?? [];
        const count = (severity: AlertSeverity): number => live.filter((one) => one.severity === severity).length;
        return ALERT_SEVERITIES.map((severity) => {
          return { labels: { service: target, driver, severity }, value: count(severity) };
        });
      }),
    },
  ];
}

/** Who announced it, and under which key, is not in what is public, and does not matter for when it is. */
function recordsOf({ target, records }: MaintenancePart): readonly Maintenance[] {
  return records.map(({ id, regions, title, window, recorded_at, withdraws }) => {
    return { id, key: id, target, regions, title, window, author: "", recordedAt: recorded_at, withdraws };
  });
}
