// The exhaustive map of drivers: one line each. A library is loaded only when a target uses its driver.

import type { DriverName } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";
import type { Driver } from "./driver.ts";

const DRIVERS: Readonly<Record<DriverName, (outside: Outside) => Promise<Driver>>> = {
  mqtt: async (outside) => (await import("./mqtt.probe.ts")).mqttDriver(outside),
};

export function driverFor(name: DriverName, outside: Outside): Promise<Driver> {
  return DRIVERS[name](outside);
}
