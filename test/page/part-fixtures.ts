// Builders of what stands beside the snapshots in the front row: incidents, maintenance, boards of contracts. No chance in them.
// All of the target "rtm" of fixtures.ts, whose `frontRow` takes them. Used by test/page/ and by tests of their writers.

import type {
  FrontIncident,
  FrontMaintenance,
  IncidentsPart,
  MaintenancePart,
} from "../../workers/incidents/front-parts.ts";
import type { BoardObjective, BoardPart } from "../../workers/sla/board.ts";
import { NOW } from "./fixtures.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Open since half an hour, in Western Europe, nobody has said anything; changed as the test needs. */
export function frontIncident(change: Partial<FrontIncident> = {}): FrontIncident {
  return {
    id: "rtm-7",
    kind: "outage",
    severity: "critical",
    scope: "region",
    state: "open",
    regions: ["weur"],
    bad_regions: ["weur"],
    sentence: {
      en: "Western Europe: 79 of 120 messages lost or refused.",
      zh: "西欧：120 条消息中有 79 条丢失或被拒绝。",
    },
    impact_start: NOW - 30 * MINUTE,
    impact_end: null,
    detected_at: NOW - 29 * MINUTE,
    acknowledged_at: null,
    resolved_at: null,
    published_at: null,
    statement: null,
    postmortem: false,
    ...change,
  };
}

/** The same, over for a day. */
export function pastIncident(change: Partial<FrontIncident> = {}): FrontIncident {
  return frontIncident({
    id: "rtm-6",
    state: "resolved",
    bad_regions: [],
    impact_start: NOW - DAY - 40 * MINUTE,
    detected_at: NOW - DAY - 39 * MINUTE,
    impact_end: NOW - DAY,
    resolved_at: NOW - DAY + 30 * MINUTE,
    ...change,
  });
}

export function incidentsPart(
  live: readonly FrontIncident[] = [frontIncident()],
  past: readonly FrontIncident[] = [],
  target = "rtm",
): IncidentsPart {
  return { part: "incidents", target, as_of: NOW - 5000, live, past };
}

/** Announced two days ago for tomorrow, two hours, all regions; changed as the test needs. */
export function frontMaintenance(change: Partial<FrontMaintenance> = {}): FrontMaintenance {
  return {
    id: "rtm-m1",
    regions: null,
    title: { en: "Broker upgrade", zh: "升级消息代理" },
    window: { kind: "once", fromAt: NOW + DAY, toAt: NOW + DAY + 120 * MINUTE },
    recorded_at: NOW - 2 * DAY,
    withdraws: null,
    ...change,
  };
}

export function maintenancePart(
  records: readonly FrontMaintenance[] = [frontMaintenance()],
  target = "rtm",
): MaintenancePart {
  return { part: "maintenance", target, as_of: NOW - 5000, records };
}

/** Availability of `loop`, of all regions together, with half of its budget left; changed as the test needs. */
export function boardObjective(change: Partial<BoardObjective> = {}): BoardObjective {
  return {
    id: "availability",
    kind: "slots",
    journey: "loop",
    region: null,
    target: 0.999,
    limit_ms: null,
    direction: null,
    duration: null,
    value: 0.99951,
    low: 0.9993,
    high: 0.99951,
    coverage: 0.9998,
    sample: 30_960,
    contract_says: "met",
    verdict: "undetermined",
    grade: null,
    more_good_needed: null,
    budget: { unit: "minute", allowed: 43.2, used: 15, left: 28.2, burn_rate: 0.48, exhausted_at: null },
    ...change,
  };
}

/** November of the contract "gold"; changed as the test needs. */
export function boardPart(change: Partial<BoardPart> = {}): BoardPart {
  return {
    part: "board",
    target: "rtm",
    contract: "gold",
    label: { en: "Gold", zh: "金牌" },
    tier: "gold",
    period: {
      name: "2026-11",
      from: Date.UTC(2026, 10, 1),
      to: Date.UTC(2026, 11, 1),
      zone: "UTC",
      through: Date.UTC(2026, 10, 22, 11, 55),
    },
    composed_at: NOW - 100_000,
    contract_says: "met",
    verdict: "undetermined",
    objectives: [boardObjective()],
    ...change,
  };
}
