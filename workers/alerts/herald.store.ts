// The herald on its own disk: subscribers, what may be told of each matter, what each of them has been told and what is on its way, and
// receipts, which name nobody. Removing a subscriber removes the address and all that waits for it, at once. Synchronous: what is
// written when a call returns is durable before any answer leaves. Reads that fail throw. Owned by `herald.do.ts`.

import { and, asc, desc, eq, gt, isNotNull, isNull, like, lt, lte, ne, or, sql } from "drizzle-orm";
import type { SQLWrapper } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";

import type { Language } from "../../schema/words.ts";
import { news, newsAsked, newsCursors, newsLines, newsReceipts, subscribers } from "../../schema/duty-tables.ts";
import type { ChannelAnswer } from "./alert.ts";
import { type NewsLine, wanting } from "./news-line.ts";
import { isChosen, type News } from "./news.ts";
import type { Choice, Subscriber, SubscriberChannel } from "./subscription.ts";

export type HeraldStore = ReturnType<typeof heraldStore>;

/** Up to where a Duty has told: rowids of its events and its records of maintenance. */
export interface NewsCursor {
  readonly event: number;
  readonly maintenance: number;
}

/** The matter of a line that asks for a confirmation. */
export const CONFIRM = "";
/** Begins the name under which messages to one door are counted. */
export const TO = "to ";
const DAY_MS = 86_400_000;
/** Receipts go by the hour, not one by one. */
const HOUR_MS = 3_600_000;
/** Receipts, and what was told: for whoever asks why a mail came, or did not. */
const KEPT_MS = 30 * DAY_MS;

export function heraldStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);
  const count = sql<number>`count(*)`;

  const find = (id: string): Subscriber | null => {
    const row = db.select().from(subscribers).where(eq(subscribers.id, id)).get();
    return row === undefined ? null : subscriberOf(row);
  };
  const lineOf = (subscriber: string, matter: string): NewsLine | null => {
    const own = and(eq(newsLines.subscriber, subscriber), eq(newsLines.matter, matter));
    return db.select().from(newsLines).where(own).get() ?? null;
  };
  const keepLine = (line: NewsLine): void => {
    const key = [newsLines.subscriber, newsLines.matter];
    db.insert(newsLines).values(line).onConflictDoUpdate({ target: key, set: line }).run();
  };
  const remove = (id: string): void => {
    db.delete(newsLines).where(eq(newsLines.subscriber, id)).run();
    db.delete(subscribers).where(eq(subscribers.id, id)).run();
  };
  const confirmed = (): Subscriber[] =>
    db.select().from(subscribers).where(isNotNull(subscribers.confirmedAt)).all().map(subscriberOf);
  const cursor = (target: string): NewsCursor | null => {
    const row = db.select().from(newsCursors).where(eq(newsCursors.target, target)).get();
    return row === undefined ? null : { event: row.event, maintenance: row.maintenance };
  };
  const newsOf = (matter: string, number: number): News | null => {
    const own = and(eq(news.matter, matter), eq(news.number, number));
    return (db.select().from(news).where(own).get()?.body as News | undefined) ?? null;
  };
  /** Number of the newest news of a matter; 0: there is none. */
  const newest = (matter: string): number =>
    db.select().from(news).where(eq(news.matter, matter)).orderBy(desc(news.number)).limit(1).get()?.number ?? 0;

  return {
    find,
    lineOf,
    keepLine,
    remove: (id: string): void => storage.transactionSync(() => remove(id)),
    confirmedCount: (): number =>
      db.select({ count }).from(subscribers).where(isNotNull(subscribers.confirmedAt)).get()?.count ?? 0,

    /** How often was counted since under this name; null: how often anybody was asked to confirm. */
    askedSince(who: string | null, since: number): number {
      const named = who === null ? like(newsAsked.who, `${TO}%`) : eq(newsAsked.who, who);
      return (
        db
          .select({ count })
          .from(newsAsked)
          .where(and(gt(newsAsked.at, since), named))
          .get()?.count ?? 0
      );
    },
    noteAsked(who: string, at: number): void {
      db.insert(newsAsked).values({ who, at }).run();
    },
    /** Not confirmed yet. `isAsked`: a message goes there that asks for it. `counted`: the names under which it counts. */
    begin(subscriber: Subscriber, isAsked: boolean, counted: readonly string[]): void {
      storage.transactionSync(() => {
        for (const who of counted) db.insert(newsAsked).values({ who, at: subscriber.askedAt }).run();
        db.insert(subscribers).values(subscriber).run();
        const of = { subscriber: subscriber.id, matter: CONFIRM };
        if (isAsked) keepLine(wanting(null, of, 1, subscriber.askedAt));
      });
    },
    /** From now on it is the only one of this address. */
    confirm(id: string, now: number): void {
      storage.transactionSync(() => {
        const who = find(id)?.who;
        if (who === undefined) throw new Error("who confirms is gone");
        const others = and(eq(subscribers.who, who), ne(subscribers.id, id));
        for (const other of db.select().from(subscribers).where(others).all()) remove(other.id);
        db.delete(newsLines).where(eq(newsLines.subscriber, id)).run();
        db.update(subscribers).set({ confirmedAt: now, expiresAt: null }).where(eq(subscribers.id, id)).run();
      });
    },
    /** What waits, was not tried and is not wanted any more is forgotten. The end of what is still wanted is not. */
    change(id: string, { language, targets, regions }: Choice): void {
      storage.transactionSync(() => {
        db.update(subscribers).set({ language, targets, regions }).where(eq(subscribers.id, id)).run();
        const waiting = and(eq(newsLines.subscriber, id), isNull(newsLines.trying), isNotNull(newsLines.tryAt));
        for (const line of db.select().from(newsLines).where(waiting).all()) {
          const wanted = newsOf(line.matter, line.wanted);
          if (wanted === null || !isChosen({ language, targets, regions }, wanted)) keepLine({ ...line, tryAt: null });
        }
      });
    },

    cursor,
    /** Keeps what is new and plans whom it is told. What was heard before (a cursor that is not further) changes nothing. */
    hear(target: string, upTo: NewsCursor, heard: readonly News[], now: number): NewsCursor {
      return storage.transactionSync(() => {
        const before = cursor(target);
        if (before !== null && before.event >= upTo.event && before.maintenance >= upTo.maintenance) return before;
        db.insert(newsCursors)
          .values({ target, ...upTo })
          .onConflictDoUpdate({ target: newsCursors.target, set: upTo })
          .run();
        const all = heard.length === 0 ? [] : confirmed();
        for (const one of heard) {
          // By its instant: what is told of a matter whose older news were forgotten has never the key of one of those.
          const number = Math.max(newest(one.matter) + 1, one.recordedAt);
          db.insert(news).values({ matter: one.matter, number, recordedAt: one.recordedAt, body: one }).run();
          if (one.kind === "off") {
            const waiting = and(eq(newsLines.matter, one.matter), isNull(newsLines.trying));
            db.update(newsLines).set({ tryAt: null }).where(waiting).run();
            continue;
          }
          for (const subscriber of all) {
            if (!isChosen(subscriber, one) || (subscriber.confirmedAt ?? Infinity) > one.recordedAt) continue;
            const of = { subscriber: subscriber.id, matter: one.matter };
            keepLine(wanting(lineOf(of.subscriber, of.matter), of, number, now));
          }
        }
        return upTo;
      });
    },
    news: newsOf,
    /** Another incident has taken it over: nothing of it is told any more, not even what was tried already. */
    isOff: (matter: string): boolean => newsOf(matter, newest(matter))?.kind === "off",

    /** Those to try now, the one that waits longest first. */
    due(now: number, limit: number): NewsLine[] {
      const ripe = lte(newsLines.tryAt, now);
      return db.select().from(newsLines).where(ripe).orderBy(asc(newsLines.tryAt)).limit(limit).all();
    },
    /** When something is to be sent, or forgotten, next; null: nothing is. */
    nextAt(): number | null {
      const least = (column: SQLWrapper) => sql<number | null>`min(${column})`;
      const sent =
        db
          .select({ at: least(newsLines.tryAt) })
          .from(newsLines)
          .get()?.at ?? Infinity;
      const unconfirmed =
        db
          .select({ at: least(subscribers.expiresAt) })
          .from(subscribers)
          .get()?.at ?? Infinity;
      const receipt =
        db
          .select({ at: least(newsReceipts.at) })
          .from(newsReceipts)
          .get()?.at ?? Infinity;
      const [first] = db.select().from(newsAsked).orderBy(asc(newsAsked.id)).limit(1).all();
      const counted = first === undefined ? Infinity : first.at + DAY_MS;
      const at = Math.min(sent, unconfirmed, receipt + KEPT_MS + HOUR_MS, counted);
      return Number.isFinite(at) ? at : null;
    },
    waiting(): number {
      return db.select({ count }).from(newsLines).where(isNotNull(newsLines.tryAt)).get()?.count ?? 0;
    },
    /** What was answered; the line as it goes on is kept only while its subscriber is there. */
    answered(key: string, who: string, attempt: number, answer: ChannelAnswer, at: number, line: NewsLine): void {
      const { accepted, httpStatus, code, said } = answer;
      storage.transactionSync(() => {
        const receipt = { key, attempt, at, who, accepted, httpStatus, code, said };
        db.insert(newsReceipts).values(receipt).onConflictDoNothing().run();
        if (lineOf(line.subscriber, line.matter) === null) return;
        // News may have come meanwhile.
        const wanted = Math.max(line.wanted, lineOf(line.subscriber, line.matter)?.wanted ?? 0);
        keepLine({ ...line, wanted });
      });
    },
    /**
     * What was not confirmed in time, and what nobody asks about any more. `isThorough`: also what was told, which reads every line of
     * everybody: a thousand mails are fifty wakes, and rows read are paid for.
     */
    forget(now: number, isThorough: boolean): void {
      storage.transactionSync(() => {
        for (const { id } of db.select().from(subscribers).where(lte(subscribers.expiresAt, now)).all()) remove(id);
        db.delete(newsAsked)
          .where(lte(newsAsked.at, now - DAY_MS))
          .run();
        db.delete(newsReceipts)
          .where(lt(newsReceipts.at, now - KEPT_MS))
          .run();
        if (!isThorough) return;
        const told = and(isNull(newsLines.tryAt), or(isNull(newsLines.toldAt), lt(newsLines.toldAt, now - KEPT_MS)));
        db.delete(newsLines).where(told).run();
        const isUsed = sql`${news.matter} IN (SELECT matter FROM news_lines)`;
        db.delete(news)
          .where(and(lt(news.recordedAt, now - KEPT_MS), sql`NOT ${isUsed}`))
          .run();
      });
    },
  };
}

function subscriberOf(row: typeof subscribers.$inferSelect): Subscriber {
  return {
    ...row,
    channel: row.channel as SubscriberChannel,
    language: row.language as Language,
    targets: row.targets as readonly string[] | null,
    regions: row.regions as readonly string[] | null,
  };
}
