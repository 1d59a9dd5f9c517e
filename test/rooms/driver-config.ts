// One target of one driver, as the tests of each driver's configuration read it: good ones by what becomes of them, bad ones
// by what is told. Checks nothing itself.

import { configOf, parseConfig } from "../../workers/config/parse.ts";
import type { Problem } from "../../workers/config/problems.ts";

/** A configuration whose only target has this driver and address, unless `target` says otherwise. */
function configWith(driver: string, address: string, target: object): unknown {
  return { name: "Acme", regions: ["weur"], targets: [{ id: "chat", driver, address, ...target }] };
}

export function driverConfig(driver: string, address: string) {
  return {
    read(target: object): unknown {
      const parsed = configOf(configWith(driver, address, target)).targets[0];
      return { channel: parsed?.channel, options: parsed?.options, secrets: parsed?.secrets, address: parsed?.address };
    },
    problemsOf(target: object): readonly Problem[] {
      const parsed = parseConfig(configWith(driver, address, target));
      return parsed.ok ? [] : parsed.problems;
    },
  };
}
