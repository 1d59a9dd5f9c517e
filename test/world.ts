// A running fleet in workerd, for one test: the real Worker, its Durable Objects and D1 with the real migrations. The test
// holds the clock at its one door, so that no alarm fires by itself: time stands where the test put it and goes on from
// there at its own pace; alarms run when told to. `inspect()` re-checks every invariant, and every act ends with it.

import {
  applyD1Migrations,
  createScheduledController,
  listDurableObjectIds,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { drizzle as drizzleD1 } from "drizzle-orm/d1";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { inject, onTestFinished } from "vitest";

import * as collectorTables from "../schema/collector-tables.ts";
import * as d1Tables from "../schema/d1-tables.ts";
import * as dutyTables from "../schema/duty-tables.ts";
import * as proberTables from "../schema/prober-tables.ts";
import type { Bindings } from "../workers/bindings.ts";
import { currentConfig } from "../workers/config/current.ts";
import type { CurrentConfig } from "../workers/config/current.ts";
import type { ConfigInput } from "../workers/config/define.ts";
import { probersOf } from "../workers/config/fleet.ts";
import { driverFor } from "../workers/probes/drivers.probe.ts";
import { readLedgerLines } from "../workers/local/ledger.ts";
import type { LedgerEntry } from "../workers/local/ledger.ts";
import worker from "../workers/main.entry.ts";
import { outside } from "../workers/outside.ts";
import type { Collector } from "../workers/results/collector.do.ts";
import type { Prober } from "../workers/rounds/prober.do.ts";
import type { Judge } from "../workers/sla/judge.do.ts";
import type { Duty } from "../workers/alerts/duty.do.ts";
import { inspect, ruleOf } from "./inspect.ts";
import type { CollectorState, D1State, DutyState, FleetState, InspectReport, ProberState } from "./inspect.ts";

/** Noon of a day far ahead: what is armed for it does not fire while a test runs. */
export const NOON = Date.UTC(2031, 4, 15, 12);

/** Bindings as the test may change them: the objects see it at once, as after a deploy. */
export type OpenBindings = { -readonly [K in keyof Bindings]: Bindings[K] } & Record<string, unknown>;

export interface World {
  readonly bindings: OpenBindings;
  current(): Promise<CurrentConfig>;
  /** Another configuration, as after a deploy. Undone when the test ends. */
  reconfigure(change: (input: ConfigInput) => ConfigInput): void;
  /** Sets the clock; it goes on from there. */
  at(ms: number): void;
  now(): number;
  prober(name: string): DurableObjectStub<Prober>;
  collector(target: string): DurableObjectStub<Collector>;
  inProber<R>(name: string, step: (prober: Prober, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  inCollector<R>(target: string, step: (collector: Collector, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  /** The watchdog: what the platform's cron does each minute. */
  watch(): Promise<void>;
  /** Runs the alarms of these probers, or of all, at once. Answers how many had one. */
  wake(...names: string[]): Promise<number>;
  /** Sets the clock to this slot and wakes all probers. */
  slot(at: number): Promise<void>;
  /** Runs the alarms of these collectors, or of all. Answers how many had one. */
  collect(...targets: string[]): Promise<number>;
  judge(target: string): DurableObjectStub<Judge>;
  inJudge<R>(target: string, step: (judge: Judge, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  /** Runs this judge's alarm; arms it first. */
  judged(target: string): Promise<void>;
  /** From now on somebody is on duty. Until then nobody looks at rounds, so that tests of other rooms see no confirm round. */
  onDuty(): void;
  duty(target: string): DurableObjectStub<Duty>;
  inDuty<R>(target: string, step: (duty: Duty, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  /** Runs this Duty's alarm. Answers whether it had one. */
  rung(target: string): Promise<boolean>;
  fault(region: string, ...words: string[]): Promise<void>;
  ledger(): Promise<LedgerEntry[]>;
  state(): Promise<FleetState>;
  inspect(): Promise<InspectReport>;
}

// The real ones, whatever a test puts into their place for the objects to find.
const REAL = { ...(env as unknown as Bindings & Record<string, unknown>) };
const { get: getDuty } = REAL.DUTY;

/** An empty fleet, and the clock at noon. Nothing is armed yet: `watch()` does it. */
export async function world(): Promise<World> {
  const bindings = env as unknown as OpenBindings;
  await reset();
  await applyD1Migrations(REAL.DB, inject("migrations"));
  // The runner loads a module once for all objects, and objects that wait for one of them's load hang. A deployed Worker is one file.
  await driverFor("mqtt", outside);
  let shiftMs = 0;
  const { now: realNow } = outside;
  outside.now = () => realNow() + shiftMs;
  onTestFinished(async () => {
    outside.now = realNow;
    Object.assign(bindings, REAL);
    Object.assign(REAL.DUTY, { get: getDuty });
    await command({ region: "all", words: ["clear"] });
  });

  const { PROBER, COLLECTOR, JUDGE, DUTY } = REAL;
  Object.assign(DUTY, { get: () => NOBODY });
  const prober = (name: string): DurableObjectStub<Prober> => PROBER.get(PROBER.idFromName(name));
  const collector = (target: string): DurableObjectStub<Collector> => COLLECTOR.get(COLLECTOR.idFromName(target));
  const judge = (target: string): DurableObjectStub<Judge> => JUDGE.get(JUDGE.idFromName(target));
  const duty = (target: string): DurableObjectStub<Duty> => getDuty.call(DUTY, DUTY.idFromName(target));
  const current = (): Promise<CurrentConfig> => currentConfig(bindings);
  const alarms = async (stubs: readonly DurableObjectStub[]): Promise<number> =>
    (await Promise.all(stubs.map((stub) => runDurableObjectAlarm(stub)))).filter(Boolean).length;
  const everyone = async (namespace: DurableObjectNamespace): Promise<DurableObjectStub[]> =>
    (await listDurableObjectIds(namespace)).map((id) => namespace.get(id));

  const made: World = {
    bindings,
    current,
    reconfigure(change) {
      bindings.SONDE_CONFIG = JSON.stringify(change(JSON.parse(bindings.SONDE_CONFIG ?? "{}") as ConfigInput));
    },
    at(ms) {
      shiftMs = ms - realNow();
    },
    now: () => outside.now(),
    prober,
    collector,
    judge,
    inJudge: (target, step) => runInDurableObject(judge(target), step),
    async judged(target) {
      await judge(target).arm(target);
      await alarms([judge(target)]);
    },
    onDuty() {
      Object.assign(DUTY, { get: getDuty });
    },
    duty,
    inDuty: (target, step) => runInDurableObject(duty(target), step),
    rung: (target) => runDurableObjectAlarm(duty(target)),
    inProber: (name, step) => runInDurableObject(prober(name), step),
    inCollector: (target, step) => runInDurableObject(collector(target), step),
    async watch() {
      await worker.scheduled(createScheduledController(), bindings);
    },
    wake: async (...names) => alarms(names.length > 0 ? names.map(prober) : await everyone(PROBER)),
    async slot(at) {
      made.at(at + 1);
      await made.wake();
    },
    collect: async (...targets) => alarms(targets.length > 0 ? targets.map(collector) : await everyone(COLLECTOR)),
    fault: (region, ...words) => command({ region, words }),
    async ledger() {
      const answer = await fetch(`http://127.0.0.1:${inject("servers").controlPort}/ledger`);
      return readLedgerLines(await answer.text());
    },
    state: async () => stateInWorkerd(REAL, (await current()).config),
    inspect: async () => inspect(await made.state()),
  };
  made.at(NOON);
  return made;
}

/** Answers and does nothing. */
const NOBODY = { look: () => Promise.resolve(), report: () => Promise.resolve() };

async function command(body: { region: string; words: readonly string[] }): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${inject("servers").controlPort}/fault`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the simulator refused ${JSON.stringify(body)}: ${await answer.text()}`);
  await answer.body?.cancel();
}

/** All probers of the configuration, by name. */
export async function proberNames(fleet: World): Promise<string[]> {
  return probersOf((await fleet.current()).config).map((plan) => plan.name);
}

/** Everything that the fleet of this test has stored. */
export async function stateInWorkerd(bindings: Bindings, config: CurrentConfig["config"]): Promise<FleetState> {
  const probers: ProberState[] = [];
  for (const id of await listDurableObjectIds(bindings.PROBER)) {
    const read = await runInDurableObject(bindings.PROBER.get(id), (_prober, { storage }) => {
      const db = drizzle(storage);
      return {
        identity: db.select().from(proberTables.identity).all(),
        wakes: db.select().from(proberTables.wakes).all(),
      };
    });
    const name = read.identity[0]?.name;
    if (name !== undefined) probers.push({ name, wakes: read.wakes });
  }
  const collectors: CollectorState[] = [];
  for (const id of await listDurableObjectIds(bindings.COLLECTOR)) {
    const read = await runInDurableObject(bindings.COLLECTOR.get(id), (_collector, { storage }) => {
      const db = drizzle(storage);
      const { identity, envelopes, rounds, localSeries, dueMinutes } = collectorTables;
      return {
        identity: db.select().from(identity).all(),
        envelopes: db.select().from(envelopes).all(),
        rounds: db.select().from(rounds).all(),
        series: db.select().from(localSeries).all(),
        dueMinutes: db.select().from(dueMinutes).all(),
      };
    });
    const target = read.identity[0]?.target;
    if (target !== undefined) collectors.push({ target, ...read });
  }
  const duties: DutyState[] = [];
  for (const id of await listDurableObjectIds(bindings.DUTY)) {
    const read = await runInDurableObject(getDuty.call(bindings.DUTY, id), (_duty, { storage }) => {
      const db = drizzle(storage);
      const { duty, events, incidents, outbox, receipts, maintenance } = dutyTables;
      return {
        identity: db.select().from(duty).all(),
        events: db.select().from(events).all(),
        incidents: db.select().from(incidents).all(),
        outbox: db.select().from(outbox).all(),
        receipts: db.select().from(receipts).all(),
        maintenance: db.select().from(maintenance).all(),
      };
    });
    const target = read.identity[0]?.target;
    if (target !== undefined) duties.push({ target, ...read });
  }
  return {
    collectors,
    probers,
    duties,
    d1: await historyOf(bindings.DB),
    zone: config.timeZone,
    rule: ruleOf(config.objectives),
    targets: config.targets.map((target) => target.id),
  };
}

async function historyOf(d1: D1Database): Promise<D1State> {
  const db = drizzleD1(d1);
  return {
    series: await db.select().from(d1Tables.series),
    configVersions: await db.select().from(d1Tables.configVersions),
    minutes: await db.select().from(d1Tables.minutes),
    hours: await db.select().from(d1Tables.hours),
    days: await db.select().from(d1Tables.days),
    months: await db.select().from(d1Tables.months),
    snapshots: await db.select().from(d1Tables.snapshots),
    front: await db.select().from(d1Tables.front),
    frontParts: await db.select().from(d1Tables.frontParts),
    reports: await db.select().from(d1Tables.reports),
    incidents: await db.select().from(d1Tables.incidents),
    incidentEvents: await db.select().from(d1Tables.incidentEvents),
    deliveries: await db.select().from(d1Tables.deliveries),
    receipts: await db.select().from(d1Tables.receipts),
    maintenance: await db.select().from(d1Tables.maintenance),
  };
}
