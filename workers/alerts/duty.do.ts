// One target's Duty: looks at each round that its collector has taken, decides incidents, and sees that whoever should know is
// told. Wakes when it is told of rounds, each minute by the watchdog, and when a message is due. Needs no D1: D1 is told later.
// The keepers' Duty has no rounds: the others tell it which regions see nothing. Never throws out of `alarm()`.

import { DurableObject } from "cloudflare:workers";

import type { Bindings } from "../bindings.ts";
import { currentConfig } from "../config/current.ts";
import type { Config } from "../config/config.ts";
import { probersOf } from "../config/fleet.ts";
import type { NewIncidentEvent } from "../incidents/incident.ts";
import { incidentOf } from "../incidents/life.ts";
import { BURN_EVERY_MS, lookAtBlind, lookAtGone, lookAtRounds, NO_MEMORY } from "../incidents/look.ts";
import type { BlindRegion, Looked, Memory } from "../incidents/look.ts";
import { BURN_MINUTES } from "../incidents/burn.ts";
import { promisesOf, supportLook } from "../incidents/support-look.ts";
import type { SupportFacts } from "../incidents/support-look.ts";
import type { Maintenance, NewMaintenance } from "../incidents/maintenance.ts";
import { outside, within } from "../outside.ts";
import { countedIn } from "../results/collector.store.ts";
import type { ArrivedEnvelope } from "../results/collector.store.ts";
import { recordsStore } from "../sla/records.store.ts";
import type { AckToken } from "./ack-link.ts";
import { carry, testChannel } from "./courier.send.ts";
import type { Errand } from "./courier.send.ts";
import { settle } from "./decision.store.ts";
import type { Decision, DutyStores } from "./decision.store.ts";
import { deliveriesOf, eventsOfOrder, healthOf, linkAnswer, previewOf, reportOf } from "./duty-desk.store.ts";
import type {
  ActAnswer,
  DeliveryReport,
  DrillOrder,
  DutyHealth,
  IncidentReport,
  LinkAnswer,
  ListedIncident,
  ListQuery,
  Order,
  Preview,
  TestAnswer,
} from "./duty-answers.ts";
import { drillOf, listedOf } from "./duty-lists.store.ts";
import { dutyStore, migrateDuty } from "./duty.store.ts";
import type { Story } from "./duty.store.ts";
import { type FrontParts, frontParts } from "./front-parts.store.ts";
import { mirrorOwed } from "./mirror.store.ts";
import { newsTeller } from "./news-teller.store.ts";
import { outboxStore } from "./outbox.store.ts";
import { ticketsStore } from "./tickets.store.ts";
import type { TicketsStore } from "./tickets.store.ts";

/** The Duty of the fleet's keepers; no target has this id, since none may hold an underscore. */
export const KEEPERS = "fleet_keepers";

/** Envelopes of one look; a prober that was silent for hours brings hundreds, look by look. */
const ENVELOPES_AT_ONCE = 100;
const ASK_MS = 10_000;
/** A confirm round takes up to its prober's next slot; the prober may be handing over still, and is asked again. */
const CONFIRM_MS = 20_000;
const CONFIRM_AGAIN_MS = 500;
const CONFIRM_TRIES = 8;
/** Longer than D1's own limit for a batch; what was given up may still land, which is harmless. */
const MIRROR_MS = 35_000;
/** A try ends within half of this, whatever the receiver does. */
const SAFETY_MS = 30_000;
const PAUSE_MS = 1_000;
const MINUTE_MS = 60_000;

export class Duty extends DurableObject<Bindings> {
  readonly stores: DutyStores;
  readonly #tickets: TicketsStore;
  readonly #parts: FrontParts;
  readonly #teller = newsTeller(this.ctx.storage, this.env);
  readonly #underWay = new Set<string>();
  #looking: Promise<void> | null = null;
  /** Somebody has come since the look under way began. */
  #asked = false;
  #mirroring = false;
  /** When to plan again though nothing happens; null: then something will. */
  #planAt: number | null = null;
  /** Lost with the object: nobody needs it but who asks how it is. */
  #lookedAt: number | null = null;
  /** What the keepers' Duty has been told last; null: nothing yet. */
  #reported: string | null = null;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.stores = { store: dutyStore(ctx.storage), outbox: outboxStore(ctx.storage) };
    this.#tickets = ticketsStore(ctx.storage);
    this.#parts = frontParts(this.stores.store);
    void ctx.blockConcurrencyWhile(() => migrateDuty(ctx.storage));
  }

  /** Looks at what is new, and at what is silent. Resolves when what was decided is durable; messages leave meanwhile. */
  look(target: string): Promise<void> {
    this.stores.store.nameOnce(target);
    this.#asked = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    try {
      while (this.#asked) {
        this.#asked = false;
        await this.#lookOnce();
      }
    } finally {
      // Whatever went wrong with looking, what waits to be told is told.
      this.#soon((await currentConfig(this.env)).config, this.#name());
      await this.#rearm();
    }
  }

  async #lookOnce(): Promise<void> {
    const { config } = await currentConfig(this.env);
    const name = this.#name();
    for (let isMore = true; isMore;) {
      const arrived = name === KEEPERS ? [] : await this.#pull(name);
      isMore = arrived.length === ENVELOPES_AT_ONCE;
      const looked = this.#decide(config, name, arrived, await this.#tickets.known());
      for (const wanted of looked.confirm) this.#later("confirm", this.#confirm(config, name, wanted));
      if (name !== KEEPERS) this.#later("keepers", this.#tellKeepers(name, looked.blind));
    }
    this.#lookedAt = outside.now();
    this.#later("tickets", this.#askTickets(config, name));
  }

  /** What the configuration no longer has ends, and nobody is paged about it again. */
  #decide(config: Config, name: string, arrived: readonly ArrivedEnvelope[], tickets: SupportFacts["tickets"]): Looked {
    const { store } = this.stores;
    const now = outside.now();
    const target = config.targets.find(({ id }) => id === name);
    let looked: Looked | undefined;
    const decide = (stories: readonly Story[]): Decision => {
      const head = store.head();
      if (head === null) throw new Error("a Duty looks before it has a name");
      const memory: Memory = head.memory === "" ? NO_MEMORY : (JSON.parse(head.memory) as Memory);
      const incidents = stories.map((story) => incidentOf(name, story.events));
      const input = { config, now, memory, incidents, nextNumber: head.incidents + 1 };
      const cursor = arrived.at(-1)?.id ?? head.cursor;
      if (name === KEEPERS) looked = lookAtBlind({ ...input, keepers: KEEPERS });
      else if (target === undefined) looked = lookAtGone(input);
      else {
        const isDue = now - memory.burnLookedAt >= BURN_EVERY_MS;
        const minutes = isDue ? store.pooledSince(Math.floor(now / MINUTE_MS) - BURN_MINUTES) : null;
        const support = supportLook({ ...input, target: name, tickets, stories });
        looked = lookAtRounds({ ...input, target, records: countedIn(arrived), minutes, support });
      }
      const { events, pooled, isSpent } = looked;
      return { events, look: { cursor, memory: looked.memory, pooled, isSpent } };
    };
    this.#settle(config, name, decide);
    if (looked === undefined) throw new Error("a look that saw nothing");
    return looked;
  }

  #settle(config: Config, target: string, decide: (stories: readonly Story[]) => Decision) {
    const tiers = config.contracts.filter((contract) => contract.target === target).map(({ tier }) => tier);
    const facts = { target, alerting: config.alerting, tiers: [...new Set(tiers)], now: outside.now() };
    const { kept, nextAt } = settle(this.stores, facts, decide);
    this.#planAt = nextAt;
    return kept;
  }

  /** What the collector has taken since. One that does not answer is asked again with the next look; silence goes on meanwhile. */
  async #pull(target: string): Promise<readonly ArrivedEnvelope[]> {
    const collector = this.env.COLLECTOR.get(this.env.COLLECTOR.idFromName(target));
    const cursor = this.stores.store.head()?.cursor ?? 0;
    try {
      const asked = Promise.resolve(collector.since(cursor, ENVELOPES_AT_ONCE));
      return (await within(outside, ASK_MS, "collector", asked)) as readonly ArrivedEnvelope[];
    } catch (problem) {
      console.error("duty: the collector did not answer:", String(problem));
      return [];
    }
  }

  /** What people have written down about tickets since; the next look knows it. */
  #askTickets(config: Config, target: string): Promise<void> {
    const own = promisesOf(config, target);
    return this.#tickets.refresh(own, recordsStore(this.env.DB), outside.now());
  }

  /** Asks a region's prober for a confirm round. Its result comes as any other round does. */
  async #confirm(config: Config, target: string, { region, at, dueAt }: Looked["confirm"][number]): Promise<void> {
    const plan = probersOf(config).find(
      (each) => each.region.id === region && each.targets.some(({ id }) => id === target),
    );
    // Rounds that were handed over late ask about what was long ago.
    if (plan === undefined || outside.now() - at > CONFIRM_MS) return;
    // A refused round is over at once: three of those in a row would be one hiccup.
    const waitMs = dueAt - outside.now();
    if (waitMs > 0) await new Promise<void>((resolve) => void outside.after(waitMs, resolve));
    const prober = this.env.PROBER.get(this.env.PROBER.idFromName(plan.name), { locationHint: plan.region.hint });
    for (let tried = 0; tried < CONFIRM_TRIES; tried += 1) {
      if (await within(outside, CONFIRM_MS, plan.name, Promise.resolve(prober.confirm(target)))) return;
      await new Promise<void>((resolve) => void outside.after(CONFIRM_AGAIN_MS, resolve));
    }
  }

  /** Until it has had the news of a change; while a region is blind with each look, since what it keeps may be lost. */
  async #tellKeepers(target: string, blind: readonly BlindRegion[]): Promise<void> {
    const report = JSON.stringify(blind);
    if (report === this.#reported && blind.length === 0) return;
    const keepers = this.env.DUTY.get(this.env.DUTY.idFromName(KEEPERS));
    await within(outside, ASK_MS, "keepers", Promise.resolve(keepers.report(KEEPERS, target, blind)));
    this.#reported = report;
  }

  /** Of the keepers' Duty: which regions a target's Duty sees nothing of. */
  async report(name: string, target: string, blind: readonly BlindRegion[]): Promise<void> {
    const { store } = this.stores;
    store.nameOnce(name);
    store.atOnce(() => {
      const head = store.head();
      const memory: Memory = head === null || head.memory === "" ? NO_MEMORY : (JSON.parse(head.memory) as Memory);
      store.remember(head?.cursor ?? 0, JSON.stringify({ ...memory, blind: { ...memory.blind, [target]: blind } }));
    });
    await this.look(name);
  }

  /** One try of what is due, again and again while that changes what else is due. */
  async #carry(config: Config, target: string): Promise<void> {
    const errand = this.#errand(config, target);
    while (await carry(this.stores, errand, this.#underWay)) this.#settle(config, target, () => NOTHING);
    await this.#rearm();
  }

  /** What a person does. Answers when it is durable, with what it has made of the incident. */
  async act(target: string, order: Order): Promise<ActAnswer> {
    const { config } = await currentConfig(this.env);
    const { store } = this.stores;
    store.nameOnce(target);
    const events = eventsOfOrder(this.stores, target, order, outside.now());
    if ("ok" in events) return events;
    return this.#acted(config, target, order.incident, events);
  }

  /** Opens a rehearsal: told like a real one, marked, and over when a person resolves it. */
  async drill(target: string, order: DrillOrder): Promise<ActAnswer> {
    const { config } = await currentConfig(this.env);
    this.stores.store.nameOnce(target);
    const { id, events } = drillOf(this.stores, target, order, outside.now());
    return "refused" in events ? { ok: false, ...events } : this.#acted(config, target, id, events);
  }

  #acted(config: Config, target: string, id: string, events: readonly NewIncidentEvent[]): ActAnswer {
    const kept = this.#settle(config, target, () => ({ events, look: null }));
    this.#soon(config, target);
    const report = reportOf(this.stores, target, id);
    if (report === null) throw new Error(`${id} is gone`);
    return { ok: true, repeated: kept.length === 0, incident: report.incident };
  }

  /** What a link in a message would do. */
  link(target: string, token: AckToken): LinkAnswer {
    return linkAnswer(this.stores, target, token);
  }

  /** Follows it to its end: somebody has been asked, and has said yes. It works once. */
  async follow(target: string, token: AckToken): Promise<LinkAnswer> {
    const answer = linkAnswer(this.stores, target, token);
    if (!answer.ok) return answer;
    const key = `link/${token.nonce}`;
    const order = {
      incident: token.incident,
      act: { kind: "acknowledge", note: "" },
      who: token.to,
      at: null,
      key,
    } as const;
    const acted = await this.act(target, order);
    if (!acted.ok) {
      const refused = acted.refused === "already_acknowledged" ? "already_acknowledged" : "over";
      return { ok: false, refused, before: acted.before };
    }
    this.stores.store.spend(token.nonce, token.expiresAt, outside.now());
    return { ...answer, incident: acted.incident };
  }

  /** Newest first; `before`: only those with lower numbers. */
  incidents(target: string, limit: number, before: number): readonly IncidentReport[] {
    return this.stores.store.newest(limit, before).flatMap(({ id }) => reportOf(this.stores, target, id) ?? []);
  }

  /** Newest first. */
  listed(target: string, query: ListQuery): readonly ListedIncident[] {
    return listedOf(this.stores, target, query);
  }

  incident(target: string, id: string): IncidentReport | null {
    return reportOf(this.stores, target, id);
  }

  /** Newest first. */
  deliveries(limit: number): readonly DeliveryReport[] {
    return deliveriesOf(this.stores, this.stores.outbox.newest(limit));
  }

  /** Writes nothing, and asks nobody. */
  health(): DutyHealth {
    return healthOf(this.stores, this.#lookedAt);
  }

  maintenance(): readonly Maintenance[] {
    return this.stores.store.maintenance();
  }

  /** The record as it is kept; the same key again answers what was kept first. */
  async announce(target: string, record: NewMaintenance): Promise<Maintenance> {
    const { config } = await currentConfig(this.env);
    this.stores.store.nameOnce(target);
    const kept = this.stores.store.atOnce(() => this.stores.store.announce(record, outside.now()));
    // What is muted now, or no longer, is planned anew.
    this.#settle(config, target, () => NOTHING);
    this.#soon(config, target);
    return kept;
  }

  /** What would be sent if these regions went down now. */
  async preview(target: string, regions: readonly string[]): Promise<readonly Preview[]> {
    const { config } = await currentConfig(this.env);
    return previewOf(config, target, { regions, windows: this.stores.store.maintenance(), now: outside.now() });
  }

  /** A marked test through the same outbox as everything, tried once; answers what the receiver said. Not `test`: the runtime keeps that name. */
  async tryOut(target: string, channel: string, who: string): Promise<TestAnswer> {
    const { config } = await currentConfig(this.env);
    this.stores.store.nameOnce(target);
    const answer = await testChannel(this.stores, this.#errand(config, target), {
      id: channel,
      who,
      underWay: this.#underWay,
    });
    this.#mirrorSoon(config, target);
    return answer;
  }

  #soon(config: Config, target: string): void {
    this.#later("herald", this.#teller.tell(config, target));
    // D1 hears of what was decided, and of what became of the messages.
    this.#later(
      "carry",
      this.#carry(config, target).finally(() => this.#mirrorSoon(config, target)),
    );
    this.#mirrorSoon(config, target);
  }

  override async alarm(): Promise<void> {
    try {
      const name = this.stores.store.head()?.target;
      if (name !== undefined) await this.look(name);
    } catch (problem) {
      console.error("duty: nothing decided, again in 30 s:", problem instanceof Error ? problem.message : "unknown");
      await this.ctx.storage.setAlarm(outside.now() + SAFETY_MS).catch(() => {});
    }
  }

  /** For the next message or plan that falls due by itself. Rounds and the watchdog come on their own, also to one that died. */
  async #rearm(): Promise<void> {
    const times = [this.stores.outbox.nextAt(), this.#planAt].flatMap((at) => at ?? []);
    if (times.length === 0) return;
    // What is under way is due still; if it hangs, that is when somebody looks again. What is due and fails each time must not
    // ring without a pause.
    const soonest = outside.now() + (this.#underWay.size > 0 ? SAFETY_MS : PAUSE_MS);
    const at = Math.max(soonest, Math.min(...times));
    const armedAt = await this.ctx.storage.getAlarm();
    // One that is nearer stays: a look too many does no harm.
    if (armedAt === null || armedAt > at) await this.ctx.storage.setAlarm(at);
  }

  /** D1 gets what it is owed; nobody waits for it, and one that is away is told again a minute later. */
  #mirrorSoon(config: Config, target: string): void {
    if (this.#mirroring) return;
    this.#mirroring = true;
    const done = mirrorOwed(this.env.DB, { ...this.stores, parts: this.#parts }, config, target).finally(() => {
      this.#mirroring = false;
    });
    this.#later("D1", within(outside, MIRROR_MS, "D1", done));
  }

  #errand(config: Config, target: string): Errand {
    return { env: this.env, config, target, report: (problem) => console.error("duty:", problem) };
  }

  #name(): string {
    const name = this.stores.store.head()?.target;
    if (name === undefined) throw new Error("a Duty without a name");
    return name;
  }

  #later(what: string, work: Promise<unknown>): void {
    this.ctx.waitUntil(work.catch((problem: unknown) => console.error(`duty: ${what}:`, String(problem))));
  }
}

const NOTHING: Decision = { events: [], look: null };
