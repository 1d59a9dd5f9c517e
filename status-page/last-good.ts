// The last good front row in this isolate's memory: fresh for two seconds, read once for all who ask at the same
// time, kept when the database is away. Decides what a visitor gets; knows neither D1 nor HTTP. Called by app.tsx.

import { parseFront } from "./front.ts";
import type { Front, FrontRow } from "./front.ts";

/** A copy younger than this is served without asking; and for as long nobody asks again after a failure. */
export const FRESH_MS = 2000;
/** A read that others wait for; after this it is taken for dead (its request may have been cut off). */
const PATIENCE_MS = 4000;

/** Where a copy of the last row outlives this isolate. Best effort. */
export interface Spare {
  get(): Promise<FrontRow | null>;
  put(row: FrontRow): Promise<void>;
}

/** What can be shown. `front: null`: the database was read and holds nothing yet. */
export type Shown =
  | { readonly kind: "fresh" | "stale"; readonly front: Front | null }
  | { readonly kind: "unreadable" };

export interface LastGoodOptions<Env> {
  readonly now: () => number;
  readonly read: (env: Env) => Promise<FrontRow | null>;
  readonly spare: Spare | null;
  /** Told of each failed read, so that the fleet's keepers hear of it. */
  readonly report: (error: unknown) => void;
}

/** Keeps a promise alive after the response: ExecutionContext.waitUntil. */
export type Background = (work: Promise<unknown>) => void;

/** The keeper of the last good row; one for each app, that is for each isolate. */
export function lastGood<Env>(options: LastGoodOptions<Env>): (env: Env, background: Background) => Promise<Shown> {
  const { now, read, spare, report } = options;
  let good: { readonly front: Front | null } | null = null;
  let asked = { at: Number.NEGATIVE_INFINITY, well: false };
  let running: { readonly at: number; readonly work: Promise<void> } | null = null;
  // Reads are numbered: one that was taken for dead and answers after its successor changes nothing.
  let begun = 0;
  let settled = 0;

  const store = (row: FrontRow, background: Background): void => {
    if (spare !== null) background(spare.put(row).catch(report));
  };

  async function ask(env: Env, background: Background): Promise<void> {
    const mine = ++begun;
    try {
      const row = await read(env);
      if (mine < settled) return;
      const kept = good?.front ?? null;
      const same =
        row !== null && kept !== null && kept.row.composedAt === row.composedAt && kept.row.body === row.body;
      if (!same) {
        good = { front: row === null ? null : parseFront(row) };
        // From here on the new row is what everybody gets; the spare copy only matters to isolates not yet born.
        if (row !== null) store(row, background);
      }
      settled = mine;
      asked = { at: now(), well: true };
    } catch (error) {
      report(error);
      if (mine < settled) return;
      settled = mine;
      if (good === null) good = await fromSpare();
      asked = { at: now(), well: false };
    }
  }

  async function fromSpare(): Promise<{ readonly front: Front } | null> {
    try {
      const row = (await spare?.get()) ?? null;
      return row === null ? null : { front: parseFront(row) };
    } catch (error) {
      report(error);
      return null;
    }
  }

  return async (env, background) => {
    const at = now();
    if (at - asked.at >= FRESH_MS || at < asked.at) {
      if (running === null || at - running.at > PATIENCE_MS) {
        const mine = { at, work: ask(env, background) };
        running = mine;
        background(mine.work);
        void mine.work.finally(() => {
          if (running === mine) running = null;
        });
      }
      await running.work;
    }
    if (good === null) return { kind: "unreadable" };
    return { kind: asked.well ? "fresh" : "stale", front: good.front };
  };
}
