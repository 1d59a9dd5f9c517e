// Silences in D1: since when until when the watchdog found a prober silent. Written when that changes, not each minute.

import { and, eq, isNotNull, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { silences } from "../../schema/d1-tables.ts";
import type { Silence } from "./silence.ts";

/** As long as hours are kept. */
const KEPT_MS = 400 * 86_400_000;

/** What the watchdog found of one prober. */
export interface Finding {
  readonly prober: string;
  readonly region: string;
  readonly silence: Silence | null;
  readonly newestWakeAt: number | null;
}

/** A silence that lasts. */
interface OpenSilence {
  readonly prober: string;
  /** When the watchdog saw it first. */
  readonly seenAt: number;
}

/** Those that last now. Rejects when D1 is away. */
export function openSilences(d1: D1Database): Promise<readonly OpenSilence[]> {
  const { prober, seenAt, untilAt } = silences;
  return drizzle(d1).select({ prober, seenAt }).from(silences).where(isNull(untilAt));
}

/** Opens and closes silences by what was found, in one batch. Answers how many it changed. Rejects when D1 is away. */
export async function rememberSilences(d1: D1Database, found: readonly Finding[], now: number): Promise<number> {
  const db = drizzle(d1);
  const open = await db.select().from(silences).where(isNull(silences.untilAt));
  const isOpen = ({ prober }: Finding): boolean => open.some((each) => each.prober === prober);
  const begun = found.flatMap((each) => {
    const { prober, region, silence: reason, newestWakeAt } = each;
    if (reason === null || isOpen(each)) return [];
    return [db.insert(silences).values({ prober, region, reason, newestWakeAt, seenAt: now })];
  });
  // A prober that the configuration no longer wants is not silent either: nobody waits for it.
  const silent = new Set(found.filter((each) => each.silence !== null).map((each) => each.prober));
  const ended = open
    .filter((each) => !silent.has(each.prober))
    .map(({ id }) => db.update(silences).set({ untilAt: now }).where(eq(silences.id, id)));
  // With each that ends, those of more than 400 days ago go.
  const old = and(isNotNull(silences.untilAt), lt(silences.untilAt, now - KEPT_MS));
  const pruned = ended.length > 0 ? [db.delete(silences).where(old)] : [];
  const [first, ...rest] = [...begun, ...ended, ...pruned] as const;
  if (first !== undefined) await db.batch([first, ...rest]);
  return begun.length + ended.length;
}
