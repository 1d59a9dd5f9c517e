// What the tests of maintenance, fleet, deliveries and previews share: forms that are right, alerts that lead somewhere, and the door
// to Ada with the fleet in memory behind it. Checks nothing itself.

import { configOf } from "../../workers/config/parse.ts";
import { fleetInMemory } from "./fleet-world.ts";
import type { FleetInMemory } from "./fleet-world.ts";
import { CONFIG, NOW, opsWorld, recordsInMemory } from "./ops-world.ts";
import type { OpsWorld } from "./ops-world.ts";

export const KEY = `ops-${"k".repeat(32)}`;
export const ONCE = {
  key: KEY,
  service: "chat",
  regions: "weur",
  title_en: "New broker",
  title_zh: "",
  from: "2031-05-20T04:00",
  from_zone: "Europe/Berlin",
  to: "2031-05-20T03:00",
  to_zone: "UTC",
};
export const WEEKLY = {
  key: KEY,
  service: "push",
  title_en: "",
  title_zh: "例行重启",
  days: "7",
  from_time: "02:30",
  to_time: "04:00",
  time_zone: "Europe/Berlin",
  from_day: "2031-05-18",
  until_day: "",
};
export const ONE = "/ops/maintenance/once";
export const WEEK = "/ops/maintenance/weekly";

const CHANNEL = { id: "pager", channel: "webhook", url: "HOOK_URL", key: "HOOK_KEY" } as const;
export const ALERTING = configOf({
  name: "Acme",
  regions: ["weur", "oc"],
  targets: [{ id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt" }],
  alerts: { channels: [CHANNEL], routes: [{ id: "all", to: ["pager"] }] },
}).alerting;

/** The door to Ada, and the fleet behind it. */
export function fleetWorld(): OpsWorld & { readonly fleet: FleetInMemory } {
  const fleet = fleetInMemory(() => NOW);
  const world = opsWorld({ records: recordsInMemory(), fleet: fleet.desk, config: { ...CONFIG, alerting: ALERTING } });
  return Object.assign(world, { fleet });
}

export const said = async (answer: Response): Promise<string> =>
  (await answer.text()).replace(/<style>.*?<\/style>|<[^>]*>/gs, " ").replace(/\s+/g, " ");
