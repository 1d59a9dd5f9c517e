// One target's collector: the single writer of its target. Takes envelopes, acknowledges what is durable, and owes the
// minutes to D1 until D1 has them. D1 may be away for as long as it likes: nothing is lost, nothing counts twice.
// On any error it reads storage again at the next alarm.

import { DurableObject } from "cloudflare:workers";

import type { Bindings } from "../bindings.ts";
import { currentConfig } from "../config/current.ts";
import { outside, within } from "../outside.ts";
import { collectorStore, migrateCollector } from "./collector.store.ts";
import type { ArrivedEnvelope, CollectorStore } from "./collector.store.ts";
import { decodeEnvelope } from "./envelope.ts";
import { countable } from "./intake.ts";
import { publish } from "./publish.store.ts";
import { resultsStore } from "./results.store.ts";
import type { ResultsStore } from "./results.store.ts";

/** Regions report within a second or two of each other: one write for all of them. */
const GATHER_MS = 1_000;
/** Longer than D1's own limit for a batch (30 s). What was given up may still land: `as_of` makes that harmless. */
const WRITE_MS = 35_000;
/** Regions report within moments of each other: one look for those that come together, and nobody waits long. */
const TELL_AFTER_MS = 1_000;
/** A look is a read and a write of its own storage. */
const TELL_MS = 15_000;
/** An alarm that is armed before the work: if the object dies in it, this is when it tries again. */
const SAFETY_MS = 60_000;
const BACKOFF_MS = [2_000, 5_000, 10_000, 30_000, 60_000] as const;

export class Collector extends DurableObject<Bindings> {
  readonly store: CollectorStore;
  readonly results: ResultsStore;
  /** Envelopes taken since this object woke: tells a write whether more has come meanwhile. */
  #taken = 0;
  #armedAt: number | null = null;
  #failures = 0;
  /** The detector is about to be told. */
  #telling = false;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.store = collectorStore(ctx.storage);
    this.results = resultsStore(env.DB);
    void ctx.blockConcurrencyWhile(() => migrateCollector(ctx.storage));
  }

  /** Answers, once they are durable, how many envelopes it has: all of them. Given twice, they count once. */
  async take(target: string, envelopes: readonly Uint8Array[]): Promise<number> {
    this.store.nameOnce(target);
    const now = outside.now();
    for (const bytes of envelopes) this.#keep(target, bytes, now);
    await this.#arm(now + GATHER_MS);
    await this.ctx.storage.sync();
    // From here on the envelopes are safe: a crash below only delays their publication, and who is told of them asks himself.
    if (!this.#telling) this.ctx.waitUntil(this.#tell(target));
    return envelopes.length;
  }

  /** What came after the envelope with this id and counts, oldest first. */
  since(id: number, limit: number): readonly ArrivedEnvelope[] {
    return this.store.since(id, limit);
  }

  /** How many minutes D1 is owed: one or two a series while all is well. Writes nothing. */
  owedMinutes(): number {
    return this.store.dueCount();
  }

  /** The detector asks for what is new; nothing is lost if it does not hear of it, since it also asks each minute. */
  async #tell(target: string): Promise<void> {
    this.#telling = true;
    await new Promise<void>((resolve) => void outside.after(TELL_AFTER_MS, resolve));
    this.#telling = false;
    const duty = this.env.DUTY.get(this.env.DUTY.idFromName(target));
    await within(outside, TELL_MS, "duty", Promise.resolve(duty.look(target))).catch((problem: unknown) =>
      console.error("collector: nobody looks at what has come:", String(problem)),
    );
  }

  #keep(target: string, bytes: Uint8Array, now: number): void {
    const judged = countable(target, bytes, now, decodeEnvelope);
    if (judged.refusal !== null) console.error("collector: kept as evidence, not counted:", judged.refusal);
    const known = this.store.has(judged.counted.flatMap((position) => judged.records[position] ?? []));
    // A second delivery brings nothing: not even its bytes are kept again. Other bytes that count for nothing are evidence.
    if (known.every(Boolean) && this.store.keptLately(bytes)) return;
    this.store.keep(bytes, now, judged.records, judged.counted);
    this.#taken += 1;
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null;
    try {
      const now = outside.now();
      await this.#arm(now + SAFETY_MS);
      const taken = this.#taken;
      const current = await currentConfig(this.env);
      const done = publish(this.store, this.results, current, now);
      const next = await within(outside, WRITE_MS, "D1", done);
      this.#failures = 0;
      await this.#rearm(taken === this.#taken ? next : outside.now() + GATHER_MS);
    } catch (problem) {
      const backoffMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? SAFETY_MS;
      this.#failures += 1;
      console.error(
        `collector: not written, again in ${backoffMs} ms:`,
        problem instanceof Error ? problem.message : "unknown",
      );
      await this.#rearm(outside.now() + backoffMs).catch(() => {});
    }
  }

  /** Arms an alarm at `at` unless an earlier one is armed already. */
  async #arm(at: number): Promise<void> {
    this.#armedAt ??= await this.ctx.storage.getAlarm();
    if (this.#armedAt !== null && this.#armedAt <= at) return;
    await this.#rearm(at);
  }

  async #rearm(at: number | null): Promise<void> {
    // Unknown until it is done: one that failed must not pass for armed, or nobody would ever arm it again.
    this.#armedAt = null;
    if (at === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(at);
    this.#armedAt = at;
  }
}
