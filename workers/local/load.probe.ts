// Flies a load: one publisher, one subscriber, an open schedule. Each payload is known until it has come back or its
// deadline has passed, so that memory follows what is under way and not what was sent.

import { hexOf } from "../config/hex.ts";
import { payloadOf } from "../probes/payload.ts";
import { openWithin, subscribeWithin } from "../probes/session.probe.ts";
import type { Way } from "../probes/session.probe.ts";
import { asFailure } from "../probes/attempts.ts";
import type { Answer, Failure, Incoming, Session } from "../probes/driver.ts";
import { sleep } from "../outside.ts";
import { latencyFigures } from "../results/figures.ts";
import { bucketIndex, emptyHistogram } from "../results/histogram.ts";
import type { Histogram } from "../results/histogram.ts";
import { dueMs, plannedMessages } from "./load.ts";
import type { LoadPlan, LoadReport } from "./load.ts";

export interface LoadOrder {
  readonly way: Way;
  readonly plan: LoadPlan;
  readonly channel: string;
  readonly deadlineMs: number;
  readonly connectDeadlineMs: number;
  readonly payloadBytes: number;
}

/** Sends are made in steps of this; each message keeps its own intended instant. */
const STEP_MS = 5;
const RATE_WINDOW_MS = 1_000;
/** As the histogram has it: the clock's steps are 1 ms, and a logarithm has no zero. */
const FLOOR_MS = 0.1;

/** A message that is under way. */
interface Flying {
  readonly payload: Uint8Array;
  readonly dueAt: number;
}

export class Load {
  readonly #order: LoadOrder;
  readonly #runId: string;
  readonly #flying = new Map<number, Flying>();
  /** One bit a message: it has come back, in time or not. */
  readonly #seen: Uint8Array;
  readonly #histogram: Histogram;
  readonly #buckets = new Map<number, number>();
  readonly #planned: number;
  #beganAt = 0;
  #endedAt: number | null = null;
  #sent = 0;
  #sentInRamp = 0;
  #lastSentAt = 0;
  #ok = 0;
  #lost = 0;
  #refused = 0;
  #duplicate = 0;
  #corrupt = 0;
  #maxMs: number | null = null;
  #lastSends: { at: number; sent: number }[] = [];
  #firstFailure: LoadReport["firstFailure"] = null;
  #failure: Failure | null = null;

  constructor(order: LoadOrder) {
    this.#order = order;
    this.#runId = hexOf(order.way.outside.random(8));
    this.#planned = plannedMessages(order.plan);
    this.#seen = new Uint8Array(Math.ceil(this.#planned / 8));
    this.#histogram = emptyHistogram(order.deadlineMs);
  }

  /** Runs the whole of it. Never rejects; `report().failure` says why it ended early. */
  async run(): Promise<void> {
    const { way, connectDeadlineMs, channel } = this.#order;
    const { outside, driver } = way;
    const sessions: Session[] = [];
    this.#beganAt = outside.now();
    try {
      const publisher = await openWithin(way, "publisher", connectDeadlineMs);
      sessions.push(publisher);
      publisher.onClosed((failure) => (this.#failure ??= failure));
      const receive = (message: Incoming): void => this.#receive(message);
      publisher.onReply?.(receive);
      if (driver.capabilities.push) {
        const subscriber = await openWithin(way, "subscriber", connectDeadlineMs);
        sessions.push(subscriber);
        subscriber.onClosed((failure) => (this.#failure ??= failure));
        await subscribeWithin(outside, subscriber, channel, connectDeadlineMs, receive);
      }
      this.#beganAt = outside.now();
      await this.#send(publisher);
      while (this.#flying.size > 0 && this.#failure === null) {
        await sleep(outside, STEP_MS);
        this.#giveUp();
      }
    } catch (problem) {
      this.#failure ??= asFailure(problem);
    } finally {
      for (const seq of this.#flying.keys()) this.#lose(seq, "never came back: the session ended");
      this.#endedAt = outside.now();
      await Promise.all(sessions.map((session) => session.close()));
    }
  }

  report(): LoadReport {
    const { outside } = this.#order.way;
    const elapsedMs = Math.max(1, (this.#endedAt ?? outside.now()) - this.#beganAt);
    const buckets = new Map([...this.#buckets].sort(([a], [b]) => a - b));
    const set = [{ ...this.#histogram, buckets, infinite: this.#lost + this.#refused }];
    const { p50, p95, p99 } = latencyFigures(set, this.#maxMs);
    const failure = this.#failure;
    return {
      elapsedMs,
      planned: this.#planned,
      sent: this.#sent,
      ok: this.#ok,
      lost: this.#lost,
      refused: this.#refused,
      duplicate: this.#duplicate,
      corrupt: this.#corrupt,
      underWay: this.#flying.size,
      ratePerSecond: this.#endedAt === null ? this.#rateNow() : this.#rateReached(),
      p50,
      p95,
      p99,
      maxMs: this.#maxMs,
      firstFailure: this.#firstFailure,
      failure: failure === null ? null : `${failure.phase}: ${failure.kind}: ${failure.detail}`,
    };
  }

  async #send(publisher: Session): Promise<void> {
    const { way, plan, channel, payloadBytes } = this.#order;
    const { outside } = way;
    for (let seq = 0; seq < this.#planned && this.#failure === null;) {
      const dueAt = this.#beganAt + dueMs(plan, seq);
      if (dueAt > outside.now()) {
        await sleep(outside, Math.min(STEP_MS, dueAt - outside.now()));
        this.#giveUp();
        continue;
      }
      const payload = payloadOf(this.#runId, seq, hexOf(outside.random(8)), payloadBytes);
      this.#flying.set(seq, { payload, dueAt });
      void this.#hear(seq, publisher.publish(channel, payload).answer);
      this.#sent += 1;
      this.#lastSentAt = outside.now();
      if (dueMs(plan, seq) < plan.rampMs) this.#sentInRamp = this.#sent;
      seq += 1;
    }
  }

  /** Where nothing can be received, the service's answer is all that comes back. */
  async #hear(seq: number, answer: Promise<Answer>): Promise<void> {
    const word = await answer;
    if (word.kind === "refused") this.#refuse(seq, word.failure);
    const answersOnly = !this.#order.way.driver.capabilities.push;
    if (word.kind === "acknowledged" && answersOnly) this.#arrived(seq, word.receivedAt);
  }

  #receive({ data, receivedAt }: Incoming): void {
    const [magic, runId, number] = new TextDecoder().decode(data.subarray(0, 60)).split(" ", 3);
    if (magic !== "sonde1" || runId !== this.#runId) return;
    const seq = Number(number);
    if (!Number.isInteger(seq) || seq < 0 || seq >= this.#planned) return void (this.#corrupt += 1);
    if (this.#hasSeen(seq)) return void (this.#duplicate += 1);
    const flying = this.#flying.get(seq);
    // Given up before: it stays lost, however late it comes.
    if (flying === undefined) return void this.#mark(seq);
    if (!flying.payload.every((byte, at) => byte === data[at]) || data.length !== flying.payload.length) {
      return void (this.#corrupt += 1);
    }
    this.#arrived(seq, receivedAt);
  }

  #arrived(seq: number, receivedAt: number): void {
    const flying = this.#flying.get(seq);
    if (flying === undefined) return;
    this.#mark(seq);
    const ms = Math.max(0, Math.round(receivedAt - flying.dueAt));
    if (ms > this.#order.deadlineMs) return this.#lose(seq, `came after ${ms} ms`);
    this.#flying.delete(seq);
    this.#ok += 1;
    this.#maxMs = Math.max(this.#maxMs ?? 0, ms);
    const index = bucketIndex(Math.max(FLOOR_MS, ms));
    this.#buckets.set(index, (this.#buckets.get(index) ?? 0) + 1);
  }

  #refuse(seq: number, failure: Failure): void {
    const flying = this.#flying.get(seq);
    if (flying === undefined) return;
    this.#flying.delete(seq);
    this.#refused += 1;
    this.#noteFailure(flying.dueAt, `refused, ${failure.phase}: ${failure.kind}`);
  }

  #lose(seq: number, how: string): void {
    const flying = this.#flying.get(seq);
    if (flying === undefined) return;
    this.#flying.delete(seq);
    this.#lost += 1;
    this.#noteFailure(flying.dueAt, `lost, ${how}`);
  }

  #noteFailure(dueAt: number, what: string): void {
    const atMs = Math.round(dueAt - this.#beganAt);
    if (this.#firstFailure === null || atMs < this.#firstFailure.atMs) this.#firstFailure = { atMs, what };
  }

  /** Messages are kept in the order in which they were due: the first that may still come ends the search. */
  #giveUp(): void {
    const now = this.#order.way.outside.now();
    for (const [seq, { dueAt }] of this.#flying) {
      if (now - dueAt <= this.#order.deadlineMs) return;
      this.#lose(seq, `not back within ${this.#order.deadlineMs} ms`);
    }
  }

  #rateNow(): number {
    const now = this.#order.way.outside.now();
    this.#lastSends.push({ at: now, sent: this.#sent });
    const from = this.#lastSends.findLast((each) => each.at <= now - RATE_WINDOW_MS) ?? this.#lastSends[0];
    this.#lastSends = this.#lastSends.slice(-20);
    if (from === undefined || from.at === now) return 0;
    return Math.round(((this.#sent - from.sent) * 1_000) / (now - from.at));
  }

  /** By the clock, after the ramp (or in all, where it ended in it); the wait for the last answers is no part of it. */
  #rateReached(): number {
    const steady = this.#sent - this.#sentInRamp;
    const fromAt = this.#beganAt + (steady > 1 ? this.#order.plan.rampMs : 0);
    // Between n messages lie n - 1 gaps.
    const gaps = (steady > 1 ? steady : this.#sent) - 1;
    return gaps < 1 ? this.#sent : Math.round((gaps * 1_000) / Math.max(1, this.#lastSentAt - fromAt));
  }

  #hasSeen(seq: number): boolean {
    return ((this.#seen[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0;
  }

  #mark(seq: number): void {
    this.#seen[seq >> 3] = (this.#seen[seq >> 3] ?? 0) | (1 << (seq & 7));
  }
}
