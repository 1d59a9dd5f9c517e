// Reads the one front row from D1: all that the page ever asks of the database. Given to app.tsx by main.entry.ts. A
// failed read throws FrontUnreadable; no row yet is null, which is another thing: nothing has been measured.

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { front } from "../schema/d1-tables.ts";
import { outside, within } from "../workers/outside.ts";
import { type FrontRow, FrontUnreadable, type PageBindings } from "./front.ts";

/** A reader of a status page waits no longer than this for the database; what is at hand is served then. */
const READ_DEADLINE_MS = 3000;

/** The row with id 1, or null while nobody has written it. */
export async function readFront(env: PageBindings): Promise<FrontRow | null> {
  try {
    const query = drizzle(env.DB)
      .select({ composedAt: front.composedAt, body: front.body })
      .from(front)
      .where(eq(front.id, 1))
      .limit(1);
    const rows = await within(outside, READ_DEADLINE_MS, "D1", query.execute());
    return rows[0] ?? null;
  } catch (cause) {
    throw new FrontUnreadable("D1 did not give the front row", { cause });
  }
}
