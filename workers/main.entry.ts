// The Worker's door: the page for visitors, the minute's cron for the watchdog, and the objects it exports.

import { readFront } from "../status-page/read.store.ts";
import { cacheSpare } from "../status-page/spare.store.ts";
import { statusPage } from "../status-page/app.tsx";
import type { Bindings } from "./bindings.ts";
import { currentConfig } from "./config/current.ts";
import { probersOf } from "./config/fleet.ts";
import type { ProberPlan } from "./config/fleet.ts";
import { outside, within } from "./outside.ts";
import { silenceOf } from "./rounds/silence.ts";
import { rememberSilences } from "./rounds/silences.store.ts";
import type { Finding } from "./rounds/silences.store.ts";

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

  /**
   * Watchdog: each prober is named, and armed if its alarm was lost; one that is silent is remembered. One that fails does
   * not keep the others waiting, and neither does D1.
   */
  async scheduled(_controller, bindings): Promise<void> {
    const { config } = await currentConfig(bindings);
    const found = await Promise.all(probersOf(config).map((plan) => watch(bindings, plan)));
    await rememberSilences(bindings.DB, found, outside.now()).catch((problem: unknown) =>
      console.error("watchdog: silences were not written:", String(problem)),
    );
  },
} satisfies ExportedHandler<Bindings>;

/** A prober that does not answer by then is silent. Below the minute after which the watchdog comes again. */
const ANSWER_MS = 20_000;

async function watch(bindings: Bindings, plan: ProberPlan): Promise<Finding> {
  const { name } = plan;
  const region = plan.region.id;
  try {
    // Only the first get of an id honours the hint; it does no harm afterwards.
    const prober = bindings.PROBER.get(bindings.PROBER.idFromName(name), { locationHint: plan.region.hint });
    const life = await within(outside, ANSWER_MS, name, Promise.resolve(prober.arm(name)));
    const silence = silenceOf(plan, life ?? "flying", outside.now());
    const newestWakeAt = life?.newestWakeAt ?? null;
    if (silence !== null) console.error(`watchdog: ${name} is silent, its newest wake began at ${newestWakeAt}`);
    return { prober: name, region, silence, newestWakeAt };
  } catch (problem) {
    console.error("watchdog: a prober did not answer:", String(problem));
    return { prober: name, region, silence: silenceOf(plan, null, outside.now()), newestWakeAt: null };
  }
}
