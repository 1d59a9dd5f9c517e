// Reads the watchdog's silences from D1 for the public page of the fleet: the newest ones, and those that last. At most 100 rows a read
// (and again the 30 of the index of lasting ones). Given to the page by main.entry.ts. A failed read throws SilencesUnreadable.

import { desc, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";

import { silences } from "../schema/d1-tables.ts";
import { outside, within } from "../workers/outside.ts";
import { NEWEST_MOST, OPEN_MOST, SilencesUnreadable, parseSilence } from "./fleet.ts";
import type { SilenceList, SilenceReader } from "./fleet.ts";
import type { PageBindings } from "./front.ts";

/** A reader of a page waits no longer than this for the database. */
const READ_DEADLINE_MS = 3000;

const { id, prober, region, reason, newestWakeAt, seenAt, untilAt } = silences;
const ROW = { id, prober, region, reason, newestWakeAt, seenAt, untilAt } as const;

async function read(env: PageBindings): Promise<SilenceList> {
  const db = drizzle(env.DB);
  // By their numbers, backwards: nothing that is older is looked at.
  const newest = db.select(ROW).from(silences).orderBy(desc(id)).limit(NEWEST_MOST);
  const open = db.select(ROW).from(silences).where(isNull(untilAt)).limit(OPEN_MOST);
  const [recent, lasting] = await within(outside, READ_DEADLINE_MS, "D1", db.batch([newest, open])).catch(
    (cause: unknown) => {
      throw new SilencesUnreadable("D1 did not give the silences", { cause });
    },
  );
  const rows = new Map([...recent, ...lasting].map((row) => [row.id, row]));
  return {
    silences: [...rows.values()].toSorted((a, b) => b.id - a.id).map(parseSilence),
    cut: recent.length === NEWEST_MOST || lasting.length === OPEN_MOST,
  };
}

/** Silences as D1 holds them. */
export const storedSilences: SilenceReader = { read };
