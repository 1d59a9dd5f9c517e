// The Worker's door: the page for visitors, the minute's cron for the watchdog, and the objects it exports.

import type { Bindings } from "./bindings.ts";
import { currentConfig } from "./config/current.ts";
import { probersOf } from "./config/fleet.ts";
import { outside } from "./outside.ts";
import { statusPage } from "../status-page/app.tsx";

export { Collector } from "./results/collector.do.ts";
export { Prober } from "./rounds/prober.do.ts";

const page = statusPage({ now: outside.now });

export default {
  fetch: page.fetch,

  /** Watchdog: each prober is named, and armed if its alarm was lost. One that fails does not keep the others waiting. */
  async scheduled(_controller, bindings): Promise<void> {
    const { config } = await currentConfig(bindings);
    const armed = await Promise.allSettled(
      probersOf(config).map((plan) => {
        const id = bindings.PROBER.idFromName(plan.name);
        // Only the first get of an id honours the hint; it does no harm afterwards.
        return bindings.PROBER.get(id, { locationHint: plan.region.hint }).arm(plan.name);
      }),
    );
    for (const failure of armed.filter((each) => each.status === "rejected")) {
      console.error("watchdog: a prober did not answer:", String(failure.reason));
    }
  },
} satisfies ExportedHandler<Bindings>;
