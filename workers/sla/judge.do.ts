// One target's judge: wakes every five minutes, judges the contracts of its target from what D1 holds, writes their reports.
// What it keeps can be lost, and is made anew; neither probing nor alerting waits for it.

import { DurableObject } from "cloudflare:workers";

import type { Bindings } from "../bindings.ts";
import { currentConfig } from "../config/current.ts";
import { outside, within } from "../outside.ts";
import { daysStore } from "./days.store.ts";
import { incidentsStore } from "./incidents.store.ts";
import { judgeStore } from "./judge.store.ts";
import { judgeTarget } from "./judgement.store.ts";
import type { JudgeStores } from "./report-row.store.ts";
import { lookedStore } from "./looked.store.ts";
import { recordsStore } from "./records.store.ts";

/**
 * A report reads the last nine days: 7 regions x 9 x 24 hours are 1,512 rows of D1, 288 times a day 435,000 of the Free plan's
 * five million.
 */
const EVERY_MS = 300_000;
/** Periods of the past come one after the other; between two of them others have their turn. */
const MORE_MS = 1_000;
/** A fleet that has just been started writes its first minute within two. */
const FIRST_MS = 60_000;
/** D1 may be slow, and some hundred queries come one after the other; what hangs is given up, and tried again. */
const JUDGING_MS = 120_000;

export class Judge extends DurableObject<Bindings> {
  readonly stores: JudgeStores;
  /** Until then only the past is judged: the open periods were a moment ago, and the past takes several calls. */
  #pastUntil = 0;

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    this.stores = {
      d1: judgeStore(env.DB),
      records: recordsStore(env.DB),
      incidents: incidentsStore(env.DB),
      days: daysStore(ctx.storage),
      looked: lookedStore(ctx.storage),
    };
  }

  /** Says whose judge it is, and sees that it wakes: at once where nothing is armed, or when there is news. */
  async arm(target: string, news = false): Promise<void> {
    const known = await this.ctx.storage.get<string>("target");
    if (known === undefined) await this.ctx.storage.put("target", target);
    else if (known !== target) throw new Error(`this is the judge of ${known}, not of ${target}`);
    const soonAt = outside.now() + MORE_MS;
    const armedAt = await this.ctx.storage.getAlarm();
    // One that is nearer stays: news that do not stop must not put it off for ever.
    if (armedAt === null || (news && armedAt > soonAt)) await this.ctx.storage.setAlarm(soonAt);
    if (news) this.#pastUntil = 0;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(outside.now() + EVERY_MS);
    try {
      const name = await this.ctx.storage.get<string>("target");
      const { config } = await currentConfig(this.env);
      const target = config.targets.find((each) => each.id === name);
      if (target === undefined) return await this.ctx.storage.deleteAlarm();
      // What is left of the past does not need the open periods once more.
      const now = outside.now();
      const open = now >= this.#pastUntil;
      const { next, opened, problems } = await within(
        outside,
        JUDGING_MS,
        "judging",
        judgeTarget(this.stores, config, target, now, open),
      );
      if (next !== "more") this.#pastUntil = 0;
      else if (opened) this.#pastUntil = now + EVERY_MS;
      for (const problem of problems) console.error("judge: a contract was not judged:", String(problem));
      if (next !== "turn") await this.ctx.storage.setAlarm(outside.now() + (next === "more" ? MORE_MS : FIRST_MS));
    } catch (problem) {
      console.error("judge: nothing written, again in five minutes:", String(problem));
    }
  }
}
