// The Worker's door: the page for visitors, the minute's cron for the watchdog, and the objects it exports.

import { readFront } from "../status-page/read.store.ts";
import { cacheSpare } from "../status-page/spare.store.ts";
import { statusPage } from "../status-page/app.tsx";
import type { Bindings } from "./bindings.ts";
import { currentConfig } from "./config/current.ts";
import { probersOf } from "./config/fleet.ts";
import { outside } from "./outside.ts";

export { Collector } from "./results/collector.do.ts";
export { Prober } from "./rounds/prober.do.ts";

type Page = ReturnType<typeof statusPage>;

// One page an isolate: it keeps the last good figures in memory.
let page: Page | null = null;

async function openPage(bindings: Bindings): Promise<Page> {
  // A configuration that is refused stops the fleet; what was measured before is still worth showing.
  const config = await currentConfig(bindings).then(
    (current) => current.config,
    (problem: unknown) => void console.error("page: no configuration:", String(problem)),
  );
  return statusPage({
    now: outside.now,
    read: readFront,
    spare: cacheSpare(),
    report: (problem) => console.error("page:", problem),
    ...(config === undefined
      ? {}
      : { name: config.name, languages: config.languages, knownTargets: config.targets.map((target) => target.id) }),
  });
}

export default {
  async fetch(request, bindings, context): Promise<Response> {
    page ??= await openPage(bindings);
    return page.fetch(request, bindings, context);
  },

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
