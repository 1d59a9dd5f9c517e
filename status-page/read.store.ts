// Reads the one front row from D1: all that the page ever asks of the database. Called by last-good.ts. A failed read
// throws FrontUnreadable; no row yet is null, which is another thing: nothing has been measured.

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { front } from "../schema/d1-tables.ts";
import { FrontUnreadable } from "./front.ts";
import type { FrontRow } from "./front.ts";

export interface PageBindings {
  readonly DB: D1Database;
}

/** A reader of a status page waits no longer than this for the database; what is at hand is served then. */
const READ_DEADLINE_MS = 3000;

/** The row with id 1, or null while nobody has written it. */
export async function readFront(env: PageBindings): Promise<FrontRow | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${READ_DEADLINE_MS} ms`)), READ_DEADLINE_MS);
  });
  try {
    const query = drizzle(env.DB)
      .select({ composedAt: front.composedAt, body: front.body })
      .from(front)
      .where(eq(front.id, 1))
      .limit(1);
    const rows = await Promise.race([query.execute(), late]);
    return rows[0] ?? null;
  } catch (cause) {
    throw new FrontUnreadable("D1 did not give the front row", { cause });
  } finally {
    clearTimeout(timer);
  }
}
