// One prober: a Durable Object in one region, named region.shard.generation. Wakes on absolute slots, runs the rounds,
// keeps one packed row a wake, hands each collector its part. Never throws out of `alarm()`; on any error it forgets
// its memory and reads storage again at the next wake.

import { DurableObject } from "cloudflare:workers";

import { secretOf } from "../bindings.ts";
import type { Bindings } from "../bindings.ts";
import { currentConfig } from "../config/current.ts";
import type { CurrentConfig } from "../config/current.ts";
import { probersOf } from "../config/fleet.ts";
import type { ProberPlan } from "../config/fleet.ts";
import { outside, within } from "../outside.ts";
import { openGate } from "../probes/gate.ts";
import { observePlace, PLACE_TIMEOUT_MS } from "../probes/place.probe.ts";
import { runRound, unfitRound } from "../probes/round.probe.ts";
import { encodeEnvelope } from "../results/envelope.ts";
import type { RoundRecord } from "../results/records.ts";
import { recordRound } from "../results/round-record.ts";
import { packWake, unpackWake } from "../results/wake.ts";
import { SOFTWARE } from "../config/software.ts";
import { migrateProber, proberStore } from "./prober.store.ts";
import type { ProberStore, Wake } from "./prober.store.ts";
import { dueRounds, LAG_LIMIT_MS, nextWakeAt } from "./slots.ts";
import type { DueRound } from "./slots.ts";

const DAY_MS = 86_400_000;
/** A retired prober comes back this often until its collectors have what it holds. */
const FAREWELL_MS = 60_000;
/** Wakes read and handed over at once, however many are kept: 50 x 3 envelopes x ~250 bytes are 38 kB of an RPC's 32 MiB. */
const READ_AT_ONCE = 50;
const HAND_OVER_MS = 10_000;
/** Hand-over ends this long before the next slot: a round never shares its time with storage or other calls. */
const QUIET_MS = 500;

export interface ProberStatus {
  readonly name: string;
  readonly place: string;
  readonly alarmAt: number | null;
  readonly newestWakeAt: number | null;
}

export class Prober extends DurableObject<Bindings> {
  readonly store: ProberStore;
  readonly #gate = openGate(outside.now);
  /** By target, the sequence up to which its collector has acknowledged. Lost with the object: then it is told again. */
  readonly #acknowledged = new Map<string, number>();
  #flying = false;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.store = proberStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => migrateProber(ctx.storage));
  }

  /** Called by the watchdog each minute: names a new prober, and re-arms one whose alarm was lost. Null in mid-round. */
  async arm(name: string): Promise<ProberStatus | null> {
    // Neither storage nor a request of ours while messages fly; and a prober in mid-round needs no arming.
    if (this.#flying) return null;
    const now = outside.now();
    this.store.nameOnce(name, now);
    const { plan, current } = await this.#plan();
    const intervalsMs = (plan?.targets ?? []).map((target) => target.everyMs);
    const alarmAt = await this.ctx.storage.getAlarm();
    const longestMs = Math.max(0, ...intervalsMs);
    const wakeAt = nextWakeAt(now, intervalsMs);
    // An alarm may stay in the past for days (cloudflare-docs#18324): two intervals without firing is lost.
    const lost = alarmAt === null || alarmAt < now - 2 * longestMs;
    if (lost && wakeAt !== null) await this.ctx.storage.setAlarm(wakeAt);
    if (wakeAt !== null) await this.#observePlace(current.config.placeUrl, wakeAt - QUIET_MS);
    const place = this.store.identity()?.place ?? "";
    return { name, place, alarmAt: lost ? wakeAt : alarmAt, newestWakeAt: this.store.newest()?.beganAt ?? null };
  }

  override async alarm(): Promise<void> {
    try {
      await this.#wake();
    } catch (problem) {
      // The next alarm is armed already; whatever is in storage goes out then.
      this.#acknowledged.clear();
      console.error("prober: wake failed", problem instanceof Error ? problem.message : "unknown");
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
      const records = await this.#fly(plan, current, due);
      this.#keep(plan, current, records, (newest?.sequence ?? 0) + 1, beganAt);
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
    this.#flying = true;
    try {
      return await Promise.all(due.map((round) => this.#record(plan, current, round)));
    } finally {
      this.#flying = false;
    }
  }

  async #record(plan: ProberPlan, current: CurrentConfig, round: DueRound): Promise<RoundRecord> {
    const { target, slotAt, lagMs } = round;
    const region = plan.region.id;
    const secret = (name: string): string | null => secretOf(this.env, name);
    const seen = round.fits
      ? await runRound(outside, { target, region, slotAt, secret, gate: this.#gate })
      : unfitRound(outside.now(), "scheduler_lag");
    return recordRound(lagMs > LAG_LIMIT_MS && seen.unfit === "none" ? { ...seen, unfit: "scheduler_lag" } : seen, {
      ...target,
      series: { target: target.id, region, journey: "loop", peer: "" },
      slotAt,
      purpose: "scheduled",
      limitsMs: current.config.objectives.limitsMs,
      scheduled: target.messages,
      place: this.store.identity()?.place ?? "",
      configHash: current.hash,
    });
  }

  #keep(
    plan: ProberPlan,
    current: CurrentConfig,
    records: readonly RoundRecord[],
    sequence: number,
    beganAt: number,
  ): void {
    const { generation, id } = plan.region;
    const head = { prober: `${id}.${plan.shard}`, generation, software: SOFTWARE, configHash: current.hash, sequence };
    const dropped = this.store.makeRoom();
    const parts = records.map((record) => ({
      target: record.series.target,
      envelope: encodeEnvelope({ ...head, dropped, records: [record], signature: null }),
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
    const now = outside.now();
    if (known === null || (known.placeAt !== null && now - known.placeAt < DAY_MS)) return;
    if (now + PLACE_TIMEOUT_MS > untilAt) return;
    const place = await observePlace(outside, placeUrl);
    // Unknown is asked for again at the next wake; a known place is not forgotten because a page did not answer.
    if (place !== "") this.store.rememberPlace(place, outside.now());
  }

  async #plan(): Promise<{ plan: ProberPlan | null; current: CurrentConfig }> {
    const current = await currentConfig(this.env);
    const name = this.store.identity()?.name;
    return { plan: probersOf(current.config).find((plan) => plan.name === name) ?? null, current };
  }
}
