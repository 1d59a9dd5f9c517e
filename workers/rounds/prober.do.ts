// One prober: a Durable Object in one region, named region.shard.generation. Wakes on absolute slots, runs the rounds,
// keeps one packed row a wake, hands each collector its part. Never throws out of `alarm()`; on any error it forgets
// its memory and reads storage again at the next wake.

import { DurableObject } from "cloudflare:workers";

import type { UnfitReason } from "../../schema/words.ts";
import { secretOf } from "../bindings.ts";
import type { Bindings } from "../bindings.ts";
import { currentConfig } from "../config/current.ts";
import type { CurrentConfig } from "../config/current.ts";
import type { Target } from "../config/config.ts";
import { probersOf } from "../config/fleet.ts";
import { roundsMsMax } from "../config/journeys.ts";
import type { ProberPlan } from "../config/fleet.ts";
import { outside, within } from "../outside.ts";
import { openGate } from "../probes/gate.ts";
import { CONTROL_EVERY_MS, lookAtItself } from "../probes/health.probe.ts";
import { observePlace, PLACE_TIMEOUT_MS } from "../probes/place.probe.ts";
import { furtherRows, RowHolder } from "../probes/room-rows.probe.ts";
import type { Desk, RowOrder } from "../probes/room-rows.probe.ts";
import type { FurtherRows } from "../probes/rows.ts";
import { runRounds, unfitRounds } from "../probes/round.probe.ts";
import { decodeEnvelope, encodeEnvelope } from "../results/envelope.ts";
import type { RoundRecord } from "../results/records.ts";
import { isBad, recordsOf, withFindings } from "../results/slot-records.ts";
import type { SlotFacts } from "../results/slot-records.ts";
import { packWake, unpackWake } from "../results/wake.ts";
import { SOFTWARE } from "../config/software.ts";
import { migrateProber, proberStore } from "./prober.store.ts";
import type { ProberStore, Wake } from "./prober.store.ts";
import { confirmTarget, dueRounds, LAG_LIMIT_MS, nextWakeAt, slotAt as slotOf } from "./slots.ts";
import type { DueRound } from "./slots.ts";

/** What a flight may take beyond its rounds: the look at itself, and some room. */
const STUCK_AFTER_MS = 10_000;
/** A retired prober comes back this often until its collectors have what it holds. */
const FAREWELL_MS = 60_000;
/** Wakes read and handed over at once, however many are kept: 50 of ~1 kB, and of 30 kB with a mesh of fifty, in an RPC's 32 MiB. */
const READ_AT_ONCE = 50;
const HAND_OVER_MS = 10_000;
/** Hand-over ends this long before the next slot: a round never shares its time with storage or other calls. */
const QUIET_MS = 500;

/** Before the watchdog has named it. */
const NOBODY = { name: "", bornAt: 0, place: "", examinedAt: null } as const;

export interface ProberStatus {
  readonly name: string;
  readonly bornAt: number;
  readonly place: string;
  readonly alarmAt: number | null;
  readonly newestWakeAt: number | null;
}

/** What a prober's keepers want to know of it. Instants: ms since the epoch. */
export interface ProberHealth extends Omit<ProberStatus, "alarmAt"> {
  /** How late its newest rounds began, ms; null: it never woke. */
  readonly lagMs: number | null;
  /** Wakes that not all collectors have. */
  readonly backlog: number;
  readonly examinedAt: number | null;
  /** Of its newest rounds; null: none was asked after them. */
  readonly controls: { readonly asked: number; readonly answered: number } | null;
  readonly unfit: UnfitReason;
}

export class Prober extends DurableObject<Bindings> {
  readonly store: ProberStore;
  readonly #gate = openGate(outside.now);
  readonly #rows = new RowHolder(outside, this.#gate, (name) => secretOf(this.env, name));
  /** By target, the sequence up to which its collector has acknowledged. Lost with the object: then it is told again. */
  readonly #acknowledged = new Map<string, number>();
  /** While messages fly, and until what was seen is kept; `endsBy`: after that something hangs, and it counts as silent. */
  #flight: { readonly endsBy: number } | null = null;
  /** A wake is under way, its hand-over included. */
  #busy = false;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.store = proberStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => migrateProber(ctx.storage));
  }

  /** Called by the watchdog each minute: names a new prober, and re-arms one whose alarm was lost. Null in mid-round. */
  async arm(name: string): Promise<ProberStatus | null> {
    const now = outside.now();
    // Neither storage nor a request of ours while messages fly; and a prober in mid-round needs no arming.
    if (this.#flight !== null && now <= this.#flight.endsBy) return null;
    this.store.nameOnce(name, now);
    const { plan, current } = await this.#plan();
    const intervalsMs = (plan?.targets ?? []).map((target) => target.everyMs);
    const alarmAt = await this.ctx.storage.getAlarm();
    const longestMs = Math.max(0, ...intervalsMs);
    const wakeAt = nextWakeAt(now, intervalsMs);
    // An alarm may stay in the past for days (cloudflare-docs#18324): two intervals without firing is lost.
    const lost = alarmAt === null || alarmAt < now - 2 * longestMs;
    if (lost && wakeAt !== null) await this.ctx.storage.setAlarm(wakeAt);
    const newest = this.store.newest();
    // A slot that has begun and was not run may take off at any moment: it must not find a request of ours in the air.
    const isDue = newest !== null && dueRounds(now, plan?.targets ?? [], newest.beganAt).length > 0;
    if (wakeAt !== null && !isDue) await this.#observePlace(current.config.placeUrl, wakeAt - QUIET_MS);
    const { place = "", bornAt = now } = this.store.identity() ?? {};
    return {
      name,
      bornAt,
      place,
      alarmAt: lost ? wakeAt : alarmAt,
      newestWakeAt: newest?.beganAt ?? null,
    };
  }

  /** What it knows of itself; null in mid-round, when neither storage nor a request of ours has its time. Writes nothing. */
  health(): ProberHealth | null {
    if (this.#flight !== null && outside.now() <= this.#flight.endsBy) return null;
    const { name, bornAt, place, examinedAt } = this.store.identity() ?? NOBODY;
    const newest = this.store.newestWhole();
    const parts = newest === null ? [] : unpackWake(newest.wake.bytes);
    const records = parts.flatMap(({ envelope }) => decodeEnvelope(envelope).records);
    const told = newest !== null && this.#isAcknowledged(newest.wake);
    return {
      name,
      bornAt,
      place,
      examinedAt,
      newestWakeAt: newest?.wake.beganAt ?? null,
      lagMs: records.length === 0 ? null : Math.max(...records.map((record) => record.startedAt - record.slotAt)),
      backlog: newest === null ? 0 : newest.kept - (told ? 1 : 0),
      controls: records.find((record) => record.controls !== null)?.controls ?? null,
      unfit: records.find((record) => record.unfit !== "none")?.unfit ?? "none",
    };
  }

  /**
   * Runs a confirm round of one target now, if it ends before the next slot and this one has been run. It is told to the
   * collector as any other, and never enters a minute. Answers whether it was run.
   */
  async confirm(target: string): Promise<boolean> {
    if (this.#busy) return false;
    const { plan, current } = await this.#plan();
    const own = plan?.targets.find((each) => each.id === target);
    if (plan === null || own === undefined) return false;
    const now = outside.now();
    const confirming = confirmTarget(own);
    const nextAt = nextWakeAt(
      now,
      plan.targets.map((each) => each.everyMs),
    );
    const newest = this.store.newest();
    const isFree = nextAt !== null && now + roundsMsMax(confirming) + QUIET_MS <= nextAt;
    if (!isFree || newest === null || dueRounds(now, plan.targets, newest.beganAt).length > 0) return false;
    // Asked again: another one may have begun while the configuration was read.
    if (this.#busy) return false;
    this.#busy = true;
    const flight = { endsBy: nextAt };
    this.#flight = flight;
    try {
      const order = { target: confirming, region: plan.region.id, slotAt: slotOf(now, 1_000) };
      const seen = await runRounds(outside, { ...order, secret: this.#secret, gate: this.#gate });
      const facts = { ...this.#slot(current), ...order, startedAt: now, purpose: "confirm", unfit: "none" } as const;
      const flown = recordsOf(seen, facts);
      const records = await this.#examined(plan, current, flown, nextAt - QUIET_MS);
      this.#keep(plan, current, records, now);
      this.#flight = null;
      await this.ctx.storage.sync();
      await this.#handOver(new Set([target]), nextAt - QUIET_MS);
    } finally {
      if (this.#flight === flight) this.#flight = null;
      // A collector that was slow may have kept us into the next slot, whose wake is busy now.
      if (outside.now() < nextAt) this.#busy = false;
    }
    return true;
  }

  override async alarm(): Promise<void> {
    this.#busy = true;
    try {
      await this.#wake();
    } catch (problem) {
      // The next alarm is armed already; whatever is in storage goes out then.
      this.#acknowledged.clear();
      console.error("prober: wake failed", problem instanceof Error ? problem.message : "unknown");
    } finally {
      this.#flight = null;
      this.#busy = false;
    }
  }

  async #wake(): Promise<void> {
    const { plan, current } = await this.#plan();
    const wakeAt = outside.now();
    const targets = plan?.targets ?? [];
    const nextAt = nextWakeAt(
      wakeAt,
      targets.map((target) => target.everyMs),
    );
    // A prober that the configuration no longer wants arms no slot: it only delivers what it still holds.
    if (nextAt !== null) await this.ctx.storage.setAlarm(nextAt);
    else if (this.#owed().size > 0) await this.ctx.storage.setAlarm(wakeAt + FAREWELL_MS);
    // Unconfirmed writes would delay each send on a socket; and until this is durable a crash could lose the alarm.
    await this.ctx.storage.sync();

    const newest = this.store.newest();
    const due = dueRounds(outside.now(), targets, newest?.beganAt ?? null);
    if (plan !== null && due.length > 0) {
      const beganAt = outside.now();
      const flown = await this.#fly(plan, current, due);
      const records = await this.#examined(plan, current, flown, (nextAt ?? wakeAt) - QUIET_MS);
      this.#keep(plan, current, records, beganAt);
      this.#flight = null;
      await this.ctx.storage.sync();
      // From here on the rounds are safe: a crash below only delays their delivery.
    }
    // What is measured now may stand far behind what another one's collector does not take.
    const owed = new Set([...targets.map((target) => target.id), ...this.#owed()]);
    await this.#handOver(owed, (nextAt ?? wakeAt + FAREWELL_MS) - QUIET_MS);
    if (plan === null && this.#owed().size === 0) await this.ctx.storage.deleteAlarm();
    else if (nextAt !== null) await this.#observePlace(current.config.placeUrl, nextAt - QUIET_MS);
  }

  async #fly(plan: ProberPlan, current: CurrentConfig, due: readonly DueRound[]): Promise<RoundRecord[]> {
    const longestMs = Math.max(...due.map((round) => roundsMsMax(round.target)));
    this.#flight = { endsBy: outside.now() + longestMs + STUCK_AFTER_MS };
    return (await Promise.all(due.map((round) => this.#record(plan, current, round)))).flat();
  }

  async #record(plan: ProberPlan, current: CurrentConfig, round: DueRound): Promise<RoundRecord[]> {
    const { target, slotAt, lagMs } = round;
    const region = plan.region.id;
    const startedAt = outside.now();
    const seen = round.fits
      ? await runRounds(outside, {
          target,
          region,
          slotAt,
          secret: this.#secret,
          gate: this.#gate,
          further: this.#further(plan, target),
        })
      : unfitRounds(outside, { target, region }, "scheduler_lag");
    const unfit = lagMs > LAG_LIMIT_MS ? "scheduler_lag" : "none";
    return recordsOf(seen, { ...this.#slot(current), target, region, slotAt, startedAt, purpose: "scheduled", unfit });
  }

  readonly #secret = (name: string): string | null => secretOf(this.env, name);

  #slot(current: CurrentConfig): Pick<SlotFacts, "config" | "configHash" | "place"> {
    return { config: current.config, configHash: current.hash, place: this.store.identity()?.place ?? "" };
  }

  /** Looks at itself when a round went bad, and now and then; the rounds carry what was found. */
  async #examined(
    plan: ProberPlan,
    { config }: CurrentConfig,
    records: readonly RoundRecord[],
    untilAt: number,
  ): Promise<readonly RoundRecord[]> {
    const { objectives } = config;
    const known = this.store.identity();
    // Kept on disk: between two wakes of a minute an object is usually gone from memory.
    const isDue = outside.now() - (known?.examinedAt ?? 0) >= CONTROL_EVERY_MS;
    if (!isDue && !records.some((record) => isBad(record, objectives))) return records;
    const { asked, answered, finding, place } = await lookAtItself(outside, config, plan.region.id, untilAt);
    if (isDue) this.store.rememberExamined(outside.now());
    if (finding !== "none") console.warn(`prober: ${answered} of ${asked} controls answered: ${finding}`);
    const before = known?.place ?? "";
    const hasMoved = place !== "" && before !== "" && place !== before;
    if (place !== "" && place !== before) this.store.rememberPlace(place, outside.now());
    return withFindings(records, { controls: { asked, answered }, finding, hasMoved }, objectives);
  }

  #keep(plan: ProberPlan, current: CurrentConfig, records: readonly RoundRecord[], beganAt: number): void {
    const sequence = (this.store.newest()?.sequence ?? 0) + 1;
    const { generation, id } = plan.region;
    const head = { prober: `${id}.${plan.shard}`, generation, software: SOFTWARE, configHash: current.hash, sequence };
    const dropped = this.store.makeRoom();
    const parts = [...new Set(records.map((record) => record.series.target))].map((target) => ({
      target,
      envelope: encodeEnvelope({
        ...head,
        dropped,
        records: records.filter((record) => record.series.target === target),
        signature: null,
      }),
    }));
    this.store.keep({ sequence, beganAt, bytes: packWake(parts) });
  }

  /** Each collector apart: one that does not answer holds up nobody else. Then forgets what all have acknowledged. */
  async #handOver(targets: ReadonlySet<string>, untilAt: number): Promise<void> {
    await Promise.all(Array.from(targets, (target) => this.#deliver(target, untilAt)));
    for (;;) {
      const oldest = this.store.pendingAfter(0, READ_AT_ONCE);
      const open = oldest.findIndex((wake) => !this.#isAcknowledged(wake));
      const last = oldest.slice(0, open === -1 ? oldest.length : open).at(-1);
      if (last === undefined || !this.store.forgetThrough(last.sequence)) return;
    }
  }

  /**
   * Oldest first, until nothing is left or the next slot is near. Once in any case: rounds that take all of their slot
   * are those of an outage, and must not be the ones that nobody hears of.
   */
  async #deliver(target: string, untilAt: number): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const wakes = this.store.pendingAfter(this.#acknowledged.get(target) ?? 0, READ_AT_ONCE);
      const last = wakes.at(-1);
      if (last === undefined || (!isFirst && outside.now() >= untilAt)) return;
      const parts = wakes.flatMap((wake) => unpackWake(wake.bytes)).filter((part) => part.target === target);
      try {
        const collector = this.env.COLLECTOR.get(this.env.COLLECTOR.idFromName(target));
        const taking =
          parts.length > 0
            ? collector.take(
                target,
                parts.map((part) => part.envelope),
              )
            : null;
        const patienceMs = Math.max(QUIET_MS, Math.min(HAND_OVER_MS, untilAt - outside.now()));
        await within(outside, patienceMs, `collector ${target}`, Promise.resolve(taking));
      } catch (problem) {
        console.warn("prober: hand-over failed, kept for the next wake:", String(problem));
        return;
      }
      this.#acknowledged.set(target, last.sequence);
    }
  }

  #isAcknowledged(wake: Wake): boolean {
    return unpackWake(wake.bytes).every((part) => wake.sequence <= (this.#acknowledged.get(part.target) ?? 0));
  }

  /**
   * Targets that are owed something, also those which the configuration no longer names: what they are owed is the
   * oldest, so a look at the oldest rows finds them.
   */
  #owed(): Set<string> {
    const open = this.store.pendingAfter(0, READ_AT_ONCE).filter((wake) => !this.#isAcknowledged(wake));
    return new Set(open.flatMap((wake) => unpackWake(wake.bytes)).map((part) => part.target));
  }

  /** Only where it ends before `untilAt`: it must not share its time with a round. */
  async #observePlace(placeUrl: string, untilAt: number): Promise<void> {
    const known = this.store.identity();
    // A known one is looked at again with the controls (`#examined`); there it is noticed if it has changed.
    if (known === null || known.place !== "" || outside.now() + PLACE_TIMEOUT_MS > untilAt) return;
    const place = await observePlace(outside, placeUrl);
    // Unknown is asked for again at the next wake.
    if (place !== "") this.store.rememberPlace(place, outside.now());
  }

  /** Rows of a room that is too large for one object: further objects of this region, which are no probers. */
  #further({ name, region }: ProberPlan, target: Target): FurtherRows {
    const { PROBER } = this.env;
    const reach = (k: number): DurableObjectStub<Prober> =>
      PROBER.get(PROBER.idFromName(`${name}.room.${k}`), { locationHint: region.hint });
    return furtherRows(outside, { target, region: region.id }, reach, (what) => console.warn("prober: room:", what));
  }

  /** Called by the prober whose room it is: see probes/room-rows.probe.ts. Needs no name, arms nothing, keeps nothing. */
  sit(order: RowOrder, desk: Desk): Promise<void> {
    return this.#rows.sit(order, desk);
  }

  rowsHeld(): number {
    return this.#rows.held;
  }

  rise(id: string): Promise<void> {
    return this.#rows.rise(id);
  }

  async #plan(): Promise<{ plan: ProberPlan | null; current: CurrentConfig }> {
    const current = await currentConfig(this.env);
    const name = this.store.identity()?.name;
    return { plan: probersOf(current.config).find((plan) => plan.name === name) ?? null, current };
  }
}
