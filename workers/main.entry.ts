// The Worker's door: the page for visitors, the console, the API, the minute's cron for the watchdog, and the objects it exports.

import { storedRows } from "../status-page/api/raw.store.ts";
import { parseFront } from "../status-page/front.ts";
import { readFront } from "../status-page/read.store.ts";
import { storedPast } from "../status-page/history.store.ts";
import { storedSilences } from "../status-page/fleet.store.ts";
import { storedIncidents } from "../status-page/incidents.store.ts";
import { storedReports } from "../status-page/sla.store.ts";
import { cacheSpare } from "../status-page/spare.store.ts";
import { heraldDesk } from "../status-page/subscribe.store.ts";
import { statusPage } from "../status-page/app.tsx";
import { negotiate } from "../status-page/words/languages.ts";
import { secretOf } from "./bindings.ts";
import type { Bindings } from "./bindings.ts";
import { KEEPERS } from "./alerts/duty.do.ts";
import { currentConfig } from "./config/current.ts";
import type { Config } from "./config/config.ts";
import type { Contract } from "./config/contracts/contract.ts";
import { probersOf } from "./config/fleet.ts";
import type { ProberPlan } from "./config/fleet.ts";
import { accessGuard } from "./console/access.entry.ts";
import { ackDoor, isAck } from "./console/ack.entry.tsx";
import { actsApi, isActs } from "./console/acts.entry.ts";
import type { DutyDoor } from "./console/duty-door.ts";
import { fleetDesk } from "./console/fleet-desk.entry.ts";
import { incidentDesk } from "./console/incident-desk.entry.ts";
import { isOps, opsConsole } from "./console/ops.entry.tsx";
import { isRecords, recordsApi } from "./console/records.entry.ts";
import { newestVerdicts } from "./console/verdicts.store.ts";
import { monthLatencies } from "./metrics/latency.store.ts";
import { pushMetrics } from "./metrics/otlp.send.ts";
import { outside, within } from "./outside.ts";
import { silenceOf } from "./rounds/silence.ts";
import { rememberSilences } from "./rounds/silences.store.ts";
import type { Finding } from "./rounds/silences.store.ts";
import type { Judge } from "./sla/judge.do.ts";
import { recordsStore } from "./sla/records.store.ts";

export { Duty } from "./alerts/duty.do.ts";
export { Herald } from "./alerts/herald.do.ts";
export { Collector } from "./results/collector.do.ts";
export { Prober } from "./rounds/prober.do.ts";
export { Judge } from "./sla/judge.do.ts";

type Page = ReturnType<typeof statusPage>;

// One page an isolate: it keeps the last good figures in memory. One guard, too: it keeps the keys of Access.
let page: Page | null = null;
let guard: ReturnType<typeof accessGuard> | null = null;

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
    incidents: storedIncidents,
    herald: heraldDesk,
    raw: storedRows,
    silences: storedSilences,
    past: storedPast,
    ...(config === undefined
      ? {}
      : {
          config,
          name: config.name,
          languages: config.languages,
          knownTargets: config.targets.map((target) => target.id),
          contracts: newestOf(config.contracts),
          sla: storedReports,
          places: config,
          guard: guardOf(config),
        }),
  });
}

export default {
  async fetch(request, bindings, context): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (isOps(pathname)) return ops(request, bindings, context);
    if (isAck(pathname) || isActs(pathname)) return act(request, bindings, pathname);
    // The page of a fleet whose configuration is refused stays, and must not ask for it.
    const recorded = isRecords(pathname) ? await record(request, bindings) : null;
    if (recorded === null) {
      page ??= await openPage(bindings);
      return page.fetch(request, bindings, context);
    }
    // What was recorded may change verdicts: their judges are told, and nobody waits for that.
    if (recorded.status === 201) context.waitUntil(armJudges(bindings, (await currentConfig(bindings)).config, true));
    return recorded;
  },

  /**
   * Watchdog: each prober is named, and armed if its alarm was lost; one that is silent is remembered. One that fails does
   * not keep the others waiting, and neither does D1.
   */
  async scheduled(controller, bindings): Promise<void> {
    const { config } = await currentConfig(bindings);
    const found = await Promise.all(probersOf(config).map((plan) => watch(bindings, plan)));
    // Nobody waits for D1 to hear of an outage.
    await Promise.all([
      lookAround(bindings, config),
      rememberSilences(bindings.DB, found, outside.now()).catch((problem: unknown) =>
        console.error("watchdog: silences were not written:", String(problem)),
      ),
    ]);
    // Nor for a receiver of metrics.
    const pushed = pushFigures(bindings, config);
    if (controller.scheduledTime - armedAt >= ARM_JUDGES_MS) {
      armedAt = controller.scheduledTime;
      await armJudges(bindings, config, false);
    }
    await pushed;
  },
} satisfies ExportedHandler<Bindings>;

function guardOf(config: Config): NonNullable<typeof guard> {
  guard ??= accessGuard(outside, config.access);
  return guard;
}

/** The console. A configuration that is refused lets nobody in. */
async function ops(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
  const report = (problem: string): void => console.error("console:", problem);
  const config = await currentConfig(bindings).then(
    (current) => current.config,
    (problem: unknown) => (report(`no configuration: ${String(problem)}`), null),
  );
  return opsConsole({
    now: outside.now,
    random: outside.random,
    config,
    guardOf,
    devPass: secretOf(bindings, "SONDE_DEV_PASS"),
    languageOf: (header) => negotiate(header, config?.languages ?? ["en", "zh"]),
    records: recordsStore(bindings.DB),
    verdicts: () => newestVerdicts(bindings.DB),
    fleet: fleetDesk(outside, bindings),
    incidents: incidentDesk(outside, bindings),
    report,
    onRecorded: () => {
      if (config !== null) context.waitUntil(armJudges(bindings, config, true));
    },
  })(request);
}

/** What people do to incidents from elsewhere: by the link in a message, and by the API. */
async function act(request: Request, bindings: Bindings, pathname: string): Promise<Response> {
  const report = (problem: string): void => console.error("acts:", problem);
  const config = await currentConfig(bindings).then(
    (current) => current.config,
    (problem: unknown) => (report(`no configuration: ${String(problem)}`), null),
  );
  const shared = {
    config,
    report,
    secretOf: (name: string) => secretOf(bindings, name),
    dutyOf: (name: string) => dutyDoor(bindings, name),
  };
  if (isActs(pathname)) return actsApi({ ...shared, guardOf, keepers: KEEPERS })(request);
  const languageOf = (header: string | undefined) => negotiate(header, config?.languages ?? ["en", "zh"]);
  return ackDoor({ ...shared, now: outside.now, languageOf })(request);
}

/** A try of a channel ends within half of this. */
const DUTY_MS = 30_000;

function dutyDoor(bindings: Bindings, name: string): DutyDoor {
  // What it answers is plain data; the types of remote calls lose that.
  const duty = bindings.DUTY.get(bindings.DUTY.idFromName(name)) as unknown as DutyDoor;
  const soon = <T>(answer: Promise<T>): Promise<T> => within(outside, DUTY_MS, `duty ${name}`, Promise.resolve(answer));
  return {
    link: (target, token) => soon(duty.link(target, token)),
    follow: (target, token) => soon(duty.follow(target, token)),
    incident: (target, id) => soon(duty.incident(target, id)),
    act: (target, order) => soon(duty.act(target, order)),
    tryOut: (target, channel, who) => soon(duty.tryOut(target, channel, who)),
    deliveries: (limit) => soon(duty.deliveries(limit)),
  };
}

/** Null: the request is not about records. */
async function record(request: Request, bindings: Bindings): Promise<Response | null> {
  const { config } = await currentConfig(bindings);
  return recordsApi({
    now: outside.now,
    config,
    secretOf: (name) => secretOf(bindings, name),
    store: recordsStore(bindings.DB),
    report: (problem) => console.error("records:", problem),
  })(request);
}

/** Of each contract the version that comes last, in force since its first one was. */
function newestOf(contracts: readonly Contract[]): readonly Contract[] {
  const newest = new Map<string, Contract>();
  for (const contract of contracts) {
    const from = newest.get(contract.id)?.effective.from ?? contract.effective.from;
    newest.set(contract.id, { ...contract, effective: { ...contract.effective, from } });
  }
  return [...newest.values()];
}

/** Each target's Duty looks at what is silent, and last of all the keepers' at what the others have told it. */
async function lookAround(bindings: Bindings, config: Config): Promise<void> {
  const look = (name: string): Promise<void> =>
    within(
      outside,
      ANSWER_MS,
      `duty ${name}`,
      Promise.resolve(bindings.DUTY.get(bindings.DUTY.idFromName(name)).look(name)),
    );
  const looked = await Promise.allSettled(config.targets.map(({ id }) => look(id)));
  const told = await Promise.allSettled(
    config.targets.map((target, nth) => tellOfDuty(bindings, target, looked[nth]?.status === "rejected")),
  );
  const last = await Promise.allSettled([look(KEEPERS)]);
  for (const each of [...looked, ...told, ...last])
    if (each.status === "rejected") console.error("watchdog: nobody is on duty:", String(each.reason));
}

/** Before this a receiver that refused, or asked for a pause, is left alone. */
let pushAfter = 0;

/** All metrics to where the configuration says, at most one request a minute; one row of D1, and a month's for each region. */
async function pushFigures(bindings: Bindings, config: Config): Promise<void> {
  if (config.metrics === null || outside.now() < pushAfter) return;
  const host = config.url === null ? "" : new URL(config.url).hostname;
  pushAfter = await pushMetrics({
    outside,
    settings: config.metrics,
    name: config.name,
    secretOf: (name) => secretOf(bindings, name),
    allowsLoopback: secretOf(bindings, "SONDE_DEV_PASS") !== null && (host === "127.0.0.1" || host === "localhost"),
    read: async () => {
      const row = await readFront(bindings);
      return row === null ? null : parseFront(row);
    },
    readLatency: () => monthLatencies(bindings.DB, config.timeZone, outside.now()),
    report: (problem) => console.error("metrics:", problem),
  });
}

/** Since when the Duty of a target has not looked, as far as this isolate knows. */
const failingSince = new Map<string, number>();

/** A target that nobody looks at is blind in all its regions; its own Duty cannot say so. Once it looks again it speaks for itself. */
async function tellOfDuty(
  bindings: Bindings,
  { id, regions }: Config["targets"][number],
  fails: boolean,
): Promise<void> {
  const since = failingSince.get(id);
  if (!fails && since === undefined) return;
  if (fails) failingSince.set(id, since ?? outside.now());
  const blind = fails ? regions.map((region) => ({ region, since: since ?? outside.now(), reason: "duty" })) : [];
  const keepers = bindings.DUTY.get(bindings.DUTY.idFromName(KEEPERS));
  await within(outside, ANSWER_MS, KEEPERS, Promise.resolve(keepers.report(KEEPERS, id, blind)));
  if (!fails) failingSince.delete(id);
}

/** Judges arm themselves; this is for the first time, for an alarm that was lost, and for news. */
const ARM_JUDGES_MS = 300_000;
let armedAt = 0;

async function armJudges(bindings: Bindings, config: Config, news: boolean): Promise<void> {
  const targets = new Set(config.contracts.map((contract) => contract.target));
  const arm = (name: string): Promise<void> =>
    within(outside, ANSWER_MS, name, Promise.resolve(judgeOf(bindings, name).arm(name, news)));
  const armed = await Promise.allSettled([...targets].map(arm));
  for (const each of armed)
    if (each.status === "rejected") console.error("watchdog: a judge did not answer:", String(each.reason));
}

function judgeOf(bindings: Bindings, target: string): DurableObjectStub<Judge> {
  return bindings.JUDGE.get(bindings.JUDGE.idFromName(target));
}

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
