// The configuration that the SLA bench judges by: one target, 11 regions, five contracts. Pure.

import type { Config } from "../../../workers/config/config.ts";
import { configOf } from "../../../workers/config/parse.ts";

export const REGIONS = Array.from({ length: 11 }, (_, at) => ({ id: `region-${at + 1}`, hint: "weur" as const }));
export const FIRST_DAY = Date.UTC(2026, 0, 1) / 86_400_000;

/** Five contracts on the same measurements, all by calendar months, or all by years. */
export function configWith(unit: "month" | "year"): Config {
  const shared = { target: "broker", effective: { from: "2026-01-01" }, period: { unit, anchor: "calendar" } } as const;
  return configOf({
    name: "Bench",
    regions: REGIONS,
    targets: [{ id: "broker", driver: "mqtt", address: "wss://broker.example.com/mqtt" }],
    contracts: [
      { ...shared, id: "article", preset: "realtime-messaging" },
      { ...shared, id: "tencent", preset: "tencent-im" },
      { ...shared, id: "aws", preset: "aws-iot-core" },
      { ...shared, id: "pusher", preset: "pusher-channels" },
      { ...shared, id: "stream", preset: "stream" },
    ],
  });
}
