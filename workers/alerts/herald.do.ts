// The fleet's herald: one object that knows who subscribed to what, hears from the Duties what is for everybody, and sees that each
// subscriber is told. One for the fleet, since a subscription spans targets, and ending it must not need all of them. Apart from the
// Duties, so that a thousand subscribers never hold up a page. Needs no D1. Never throws out of `alarm()`; never logs an address.

import { DurableObject } from "cloudflare:workers";

import { secretOf } from "../bindings.ts";
import type { Bindings } from "../bindings.ts";
import { base64UrlOf } from "../config/base64.ts";
import { currentConfig } from "../config/current.ts";
import type { Config } from "../config/config.ts";
import { outside } from "../outside.ts";
import { worldOf } from "./courier.send.ts";
import { migrateDuty } from "./duty.store.ts";
import { carryNews, type HeraldErrand, provesItself } from "./herald.send.ts";
import { heraldStore, type NewsCursor, TO } from "./herald.store.ts";
import { linkKeyOf } from "./link-key.ts";
import type { HeraldEar } from "./news-teller.store.ts";
import type { News } from "./news.ts";
import { readSubscriptionToken, subscriptionToken, whoOf } from "./subscription-link.ts";
import { doorOf, hintOf, judgeAsk, judgeChoice } from "./subscription.ts";
import type {
  Choice,
  HeraldDesk,
  Subscriber,
  SubscriptionAnswer,
  SubscriptionAsk,
  SubscriptionRefusal,
} from "./subscription.ts";

/** Of the whole fleet. One news of one incident is then some eighteen minutes of mail. */
const SUBSCRIBERS_MAX = 2_000;
/** To one address, however often somebody asks: nobody can fill a stranger's mailbox. */
const ASKS_A_DAY = 3;
const CHALLENGES_A_DAY = 10;
/** To all addresses of one host, which need not be the visitor's. */
const CHALLENGES_AN_HOUR = 20;
const ASKS_AN_HOUR = 100;
/** Of one visitor, who shall not use up everybody's hundred. */
const ASKS_OF_ONE_AN_HOUR = 20;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAUSE_MS = 1_000;
const SAFETY_MS = 30_000;
const ID_BYTES = 16;
const SECRET_BYTES = 32;

type Refused = Extract<SubscriptionAnswer, { readonly ok: false }>;

export class Herald extends DurableObject<Bindings> implements HeraldEar, HeraldDesk {
  readonly store;
  #carrying: Promise<void> | null = null;
  #sweptAt = -Infinity;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.store = heraldStore(ctx.storage);
    void ctx.blockConcurrencyWhile(() => migrateDuty(ctx.storage));
  }

  heard(target: string): Promise<NewsCursor | null> {
    return Promise.resolve(this.store.cursor(target));
  }

  /** Answers when it is durable. */
  async hear(target: string, cursor: NewsCursor, news: readonly News[]): Promise<NewsCursor> {
    const upTo = this.store.hear(target, cursor, news, outside.now());
    await this.#rearm();
    return upTo;
  }

  /** The same answer for whoever is subscribed and whoever is not; and for an address that has been asked too often today. */
  async ask(asked: SubscriptionAsk, visitor: string | null): Promise<SubscriptionAnswer> {
    const errand = await this.#errand();
    if (errand === null) return refuse("closed");
    const ask = judgeAsk(asked, errand.config, worldOf({ ...errand, env: this.env }).allowsLoopback);
    if (typeof ask === "string") return refuse(ask);
    const now = outside.now();
    const who = await whoOf(ask.channel, ask.address, errand.key);
    const door = `${TO}${await whoOf(ask.channel, doorOf(ask), errand.key)}`;
    const from = visitor === null ? null : `from ${await whoOf("visitor", visitor, errand.key)}`;
    // Nothing is waited for between counting and writing: a hundred that come at once are counted one after the other.
    if (this.store.confirmedCount() >= SUBSCRIBERS_MAX) return refuse("full");
    if (this.store.askedSince(null, now - HOUR_MS) >= ASKS_AN_HOUR) return refuse("busy");
    if (from !== null && this.store.askedSince(from, now - HOUR_MS) >= ASKS_OF_ONE_AN_HOUR) return refuse("busy");
    const isWebhook = ask.channel === "webhook";
    if (this.store.askedSince(door, now - DAY_MS) >= ASKS_A_DAY) {
      return isWebhook ? refuse("busy") : { ok: true, done: "asked", secret: null, token: null };
    }
    const id = base64UrlOf(outside.random(ID_BYTES));
    const secret = isWebhook ? `whsec_${btoa(String.fromCharCode(...outside.random(SECRET_BYTES)))}` : null;
    const expiresAt = now + DAY_MS;
    const counted = from === null ? [door] : [door, from];
    this.store.begin({ ...ask, id, who, secret, askedAt: now, confirmedAt: null, expiresAt }, !isWebhook, counted);
    await this.#rearm();
    this.#soon();
    const token = isWebhook ? await subscriptionToken({ use: "confirm", id, expiresAt }, errand.key) : null;
    return { ok: true, done: "asked", secret, token };
  }

  /** What a link would confirm; changes nothing. */
  async unconfirmed(text: string): Promise<SubscriptionAnswer> {
    const found = await this.#found("confirm", text);
    return "refused" in found ? found : this.#kept("seen", found);
  }

  /** A webhook has to prove itself first. Who confirms twice has confirmed. */
  async confirm(text: string): Promise<SubscriptionAnswer> {
    const found = await this.#found("confirm", text);
    if ("refused" in found) return found;
    const { subscriber, errand } = found;
    if (subscriber.confirmedAt !== null) return this.#kept("confirmed", found);
    if (this.store.confirmedCount() >= SUBSCRIBERS_MAX) return refuse("full");
    if (subscriber.channel === "webhook") {
      const now = outside.now();
      const challenged = `challenge ${subscriber.who}`;
      const host = `host ${await whoOf("host", new URL(subscriber.address).host, errand.key)}`;
      if (this.store.askedSince(challenged, now - DAY_MS) >= CHALLENGES_A_DAY) return refuse("busy");
      if (this.store.askedSince(host, now - HOUR_MS) >= CHALLENGES_AN_HOUR) return refuse("busy");
      for (const who of [challenged, host]) this.store.noteAsked(who, now);
      if (!(await provesItself(subscriber, errand)).accepted) return refuse("unproven");
      // Meanwhile it may have run out.
      if (this.store.find(subscriber.id) === null) return refuse("unknown");
    }
    this.store.confirm(subscriber.id, outside.now());
    return this.#kept("confirmed", found);
  }

  /** What is kept, for its owner; changes nothing. */
  async show(text: string): Promise<SubscriptionAnswer> {
    const found = await this.#found("keep", text);
    return "refused" in found ? found : this.#kept("seen", found);
  }

  async change(text: string, choice: Choice): Promise<SubscriptionAnswer> {
    const found = await this.#found("keep", text);
    if ("refused" in found) return found;
    const judged = judgeChoice(choice, found.errand.config);
    if (judged === null) return refuse("choice");
    this.store.change(found.subscriber.id, judged);
    return this.#kept("changed", { ...found, subscriber: { ...found.subscriber, ...judged } });
  }

  /** From now on nothing is begun to be sent, and the address is gone. Who ends it twice has ended it. */
  async end(text: string): Promise<SubscriptionAnswer> {
    const errand = await this.#errand();
    if (errand === null) return refuse("closed");
    const token = await readSubscriptionToken("keep", text, errand.key, outside.now());
    if (token === null) return refuse("unknown");
    this.store.remove(token.id);
    return { ok: true, done: "ended" };
  }

  override async alarm(): Promise<void> {
    try {
      const now = outside.now();
      const isThorough = now - this.#sweptAt >= HOUR_MS;
      this.store.forget(now, isThorough);
      if (isThorough) this.#sweptAt = now;
      await this.#carry();
    } catch (problem) {
      console.error("herald: again in 30 s:", problem instanceof Error ? problem.name : "unknown");
      await this.ctx.storage.setAlarm(outside.now() + SAFETY_MS).catch(() => {});
    }
  }

  #soon(): void {
    this.ctx.waitUntil(this.#carry().catch(() => console.error("herald: nothing was sent")));
  }

  /** One batch at a time; the next one has an alarm of its own. */
  #carry(): Promise<void> {
    this.#carrying ??= (async () => {
      let pauseMs = PAUSE_MS;
      try {
        const errand = await this.#errand();
        // What waits stays due, and nobody may send it: without a longer pause that is an alarm each second.
        if (errand === null) pauseMs = HOUR_MS;
        else await carryNews(this.store, errand);
      } finally {
        this.#carrying = null;
        await this.#rearm(pauseMs);
      }
    })();
    return this.#carrying;
  }

  async #rearm(pauseMs = PAUSE_MS): Promise<void> {
    const next = this.store.nextAt();
    if (next === null) return;
    const at = Math.max(outside.now() + (this.#carrying === null ? pauseMs : SAFETY_MS), next);
    const armedAt = await this.ctx.storage.getAlarm();
    if (armedAt === null || armedAt > at) await this.ctx.storage.setAlarm(at);
  }

  /** Null: nobody can subscribe here. */
  async #errand(): Promise<HeraldErrand | null> {
    const { config } = await currentConfig(this.env);
    const key = this.#keyOf(config);
    if (config.subscriptions === null || config.url === null || key === null) return null;
    return { env: this.env, config, key, report: (problem) => console.error("herald:", problem) };
  }

  #keyOf({ alerting }: Config) {
    return linkKeyOf(alerting?.linkSecret ?? null, (name) => secretOf(this.env, name));
  }

  async #found(
    use: "confirm" | "keep",
    text: string,
  ): Promise<Refused | { readonly subscriber: Subscriber; readonly errand: HeraldErrand }> {
    const errand = await this.#errand();
    if (errand === null) return refuse("closed");
    const now = outside.now();
    const token = await readSubscriptionToken(use, text, errand.key, now);
    const subscriber = token === null ? null : this.store.find(token.id);
    // What has run out is forgotten with the next alarm, and is not there before that.
    const isOver = subscriber?.expiresAt !== null && (subscriber?.expiresAt ?? 0) <= now;
    return subscriber === null || isOver ? refuse("unknown") : { subscriber, errand };
  }

  async #kept(
    done: "seen" | "confirmed" | "changed",
    { subscriber, errand }: { readonly subscriber: Subscriber; readonly errand: HeraldErrand },
  ): Promise<SubscriptionAnswer> {
    const { channel, language, targets, regions, id } = subscriber;
    const token = await subscriptionToken({ use: "keep", id, expiresAt: null }, errand.key);
    return { ok: true, done, kept: { channel, language, targets, regions, hint: hintOf(subscriber), token } };
  }
}

function refuse(refused: SubscriptionRefusal): Refused {
  return { ok: false, refused };
}
