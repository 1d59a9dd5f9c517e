// The fleet's own objects in memory, as the console's pages ask them: what each says is in the hand of the test, and who is not
// there does not answer. Used by the tests of these pages. Checks nothing itself.

import type { DeliveryReport, DutyHealth, Preview } from "../../workers/alerts/duty-answers.ts";
import type { FleetDesk, ProberSeen } from "../../workers/console/fleet-desk.ts";
import type { Maintenance } from "../../workers/incidents/maintenance.ts";

const KEEPERS = "fleet_keepers";
const away = (): Promise<never> => Promise.reject(new Error("no answer on purpose"));

/** Nobody answers anything. */
export const NOBODY_THERE: FleetDesk = {
  keepers: KEEPERS,
  maintenance: away,
  announce: away,
  deliveries: away,
  preview: away,
  prober: away,
  duty: away,
  owedMinutes: away,
  silences: away,
};

export interface FleetInMemory {
  readonly desk: FleetDesk;
  readonly windows: Maintenance[];
  readonly deliveries: Record<string, DeliveryReport[]>;
  previews: Preview[];
  /** By name; who is not here does not answer. */
  readonly probers: Record<string, ProberSeen | null>;
  readonly duties: Record<string, DutyHealth>;
  readonly silences: Map<string, number>;
  /** What becomes of the next record: kept, lost before it was kept, or kept without an answer. */
  next: "kept" | "lost" | "unanswered";
  /** What was asked of previews: target, regions. */
  readonly asked: (readonly [target: string, regions: readonly string[]])[];
}

export const HEALTHY: ProberSeen = {
  bornAt: Date.UTC(2031, 4, 1),
  place: "FRA",
  newestWakeAt: Date.UTC(2031, 4, 15, 11, 59, 30),
  lagMs: 12,
  backlog: 0,
  controls: { asked: 3, answered: 3 },
  unfit: "none",
};

/** Those on duty have nothing to say yet. `now` is when records are kept. */
export function fleetInMemory(now: () => number): FleetInMemory {
  const said = <T>(value: T | undefined): Promise<T> => (value === undefined ? away() : Promise.resolve(value));
  const made: FleetInMemory = {
    windows: [],
    deliveries: { chat: [], push: [], [KEEPERS]: [] },
    previews: [],
    probers: {},
    duties: {},
    silences: new Map(),
    next: "kept",
    asked: [],
    desk: {
      keepers: KEEPERS,
      maintenance: (target) => Promise.resolve(made.windows.filter((each) => each.target === target)),
      announce(record) {
        const { next } = made;
        made.next = "kept";
        if (next === "lost") return away();
        const known = made.windows.find(({ key }) => key === record.key);
        const kept = known ?? { ...record, id: `${record.target}-m${made.windows.length + 1}`, recordedAt: now() };
        if (known === undefined) made.windows.push(kept);
        return next === "unanswered" ? away() : Promise.resolve(kept);
      },
      deliveries: (duty, limit) => said(made.deliveries[duty]?.slice(0, limit)),
      preview(target, regions) {
        made.asked.push([target, regions]);
        return Promise.resolve(made.previews);
      },
      prober: ({ name }) => said(made.probers[name]),
      duty: (name) => said(made.duties[name]),
      owedMinutes: (target) => (made.duties[target] === undefined ? away() : Promise.resolve(3)),
      silences: () => Promise.resolve(made.silences),
    },
  };
  return made;
}
