// A front row with everything that has a metric: two services, each journey, a silent region, a matrix, a contract, maintenance, an
// incident, and messages that were lost. Used by the tests of /metrics, of the dashboard, and of the push.

import type { FrontRow } from "../../status-page/front.ts";
import type { MatrixCell, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { NOW, frontRow, latencyFigures, other, period, recent, region, snapshot } from "./fixtures.ts";
import { boardObjective, boardPart, frontMaintenance, incidentsPart, maintenancePart } from "./part-fixtures.ts";

const MONTH = Date.UTC(2026, 10, 1);
const HOUR = 3_600_000;

export function cell(from: string, to: string, change: Partial<MatrixCell> = {}): MatrixCell {
  return {
    from,
    to,
    state: "up",
    why: null,
    last_slot_at: NOW - 7000,
    rounds: 10,
    rounds_unmeasured: 0,
    sent: 30,
    heard: 30,
    ok: 30,
    lost: 0,
    error: 0,
    late: 0,
    latency: { ...latencyFigures(80, 30), p95: 120, p99: { over_ms: 5000 } },
    ...change,
  };
}

/** 1,000 attempted: 940 delivered, 40 of them late, 50 lost, 10 refused. */
export const COUNTS = {
  scheduled: 1003,
  ok: 940,
  late: 40,
  lost: 50,
  error: 10,
  not_sent: 3,
  duplicate: 2,
  reordered: 1,
};

export function chat(): Snapshot {
  const month = period(MONTH, { up: 30_000, degraded: 5, down: 7, unmeasured: 11 }, 43, {
    ...COUNTS,
    latency: { samples: 1000, p50: 43, p95: { over_ms: 5000 }, p99: { over_ms: 5000 }, max_ms: 4100 },
  });
  const self = { lag_ms_max: 37, controls: { at: NOW - 17_000, asked: 4, answered: 3 } };
  const weur = region(2, {
    month,
    recent: recent(43, self),
    others: [other("room", 58), other("dialogue", 91), other("connect", 140)],
  });
  const silent = region(0, { last_slot_at: NOW - HOUR, state: "up" });
  const cut = { lag_ms_max: 1_900, controls: { at: NOW - 17_000, asked: 5, answered: 2 } };
  const down = region(4, {
    state: "down",
    recent: recent(31, { ok: 0, lost: 120, latency: latencyFigures(31, 0), ...cut }),
  });
  return snapshot([weur, silent, down], { target: "chat", matrix: [cell("weur", "wnam"), cell("wnam", "weur")] });
}

export function metricsRow(): FrontRow {
  const now = frontMaintenance({
    id: "chat-m1",
    regions: ["weur"],
    window: { kind: "once", fromAt: NOW - HOUR, toAt: NOW + HOUR },
  });
  const board = boardPart({
    target: "chat",
    objectives: [
      boardObjective(),
      boardObjective({
        id: "delivery",
        kind: "ratio",
        verdict: "breached",
        region: { id: "weur", label: { en: "Western Europe", zh: "西欧" }, of: 3 },
        budget: { unit: "message", allowed: 10, used: 25, left: -15, burn_rate: 3.5, exhausted_at: NOW - HOUR },
      }),
      boardObjective({ id: "support", kind: "duration", journey: null, target: null, value: 90_000, budget: null }),
    ],
  });
  const mail = snapshot([region(1)], { target: "mail", driver: "amqp" });
  const parts = [maintenancePart([now], "chat"), incidentsPart(undefined, [], "chat"), board];
  return frontRow([chat(), mail], NOW - 2000, parts);
}
