// Aim: what a Duty keeps, and what D1 gets of it: a look costs the same after a thousand incidents, and a database that was away gets
// everything, each row once. Method: the real Duty and D1 in workerd, as in duty.test.ts; rows are counted by their own cursors.

import { describe, expect, it } from "vitest";

import { NOON } from "../world.ts";
import { BAD, GOOD, HOUR, MINUTE, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

const says = (on: OnDuty, key: string) =>
  on.during("chat", (duty) =>
    duty.act("chat", {
      incident: "chat-1",
      act: { kind: "publish", statement: "identified", text: { en: `We know: ${key}.` } },
      who: "lin@example.com",
      at: null,
      key,
    }),
  );

describe("its own disk", () => {
  it("is read by what lives, waits or is owed, not by all that ever was: a look after a thousand incidents costs the same", async () => {
    const on = await onDuty();
    await on.minutes(2, GOOD);
    const rowsOfLook = (): Promise<{ readonly read: number; readonly written: number }> =>
      on.during("chat", async (duty, { storage }) => {
        const exec = storage.sql.exec.bind(storage.sql);
        const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
        storage.sql.exec = ((query: string, ...bindings: unknown[]) => {
          const cursor = exec(query, ...bindings);
          cursors.push(cursor);
          return cursor;
        }) as typeof storage.sql.exec;
        try {
          await duty.look("chat");
        } finally {
          Reflect.deleteProperty(storage.sql, "exec");
        }
        const sum = (of: "rowsRead" | "rowsWritten"): number => cursors.reduce((all, each) => all + each[of], 0);
        return { read: sum("rowsRead"), written: sum("rowsWritten") };
      });
    const few = await rowsOfLook();
    await on.during("chat", (_, { storage: { sql } }) => {
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
        INSERT INTO incidents (id, number, live) SELECT 'chat-' || i, i, 0 FROM n`);
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
        INSERT INTO events (incident, number, "key", at, recorded_at, author, change, owed)
        SELECT 'chat-' || i, 1, 'k' || i, 1, 1, 'sonde', '{}', 0 FROM n`);
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
        INSERT INTO outbox ("key", incident, channel, route, kind, event, level, state, planned_at, due_at, try_at, owed)
        SELECT 'm' || i, 'chat-' || i, 'ops', '', 'trigger', 1, 0, 'sent', 1, 1, 1, 0 FROM n`);
      sql.exec(
        `INSERT INTO receipts ("key", attempt, at, accepted, said, owed) SELECT "key", 1, 1, 1, '', 0 FROM outbox`,
      );
    });
    const many = await rowsOfLook();
    await on.take(NOON + 10 * MINUTE, GOOD);
    const news = await rowsOfLook();
    console.log(
      `duty: a look reads ${few.read} rows of its disk and writes ${few.written}, after a thousand incidents ${many.read} and ${many.written}, with a round of three regions ${news.read} and ${news.written}`,
    );
    expect(few.read).toBeGreaterThan(0);
    expect(many.read).toBeLessThanOrEqual(few.read + 5);
    expect(news.written).toBeLessThanOrEqual(3);
  });
});

describe("D1", () => {
  it("away for an hour: pages leave all the same, and then it gets everything, each row once", async () => {
    const on = await onDuty();
    const { DB } = on.fleet.bindings;
    let asked = 0;
    const away = { ...DB, prepare: DB.prepare.bind(DB), batch: () => (asked++, Promise.reject(new Error("D1_ERROR"))) };
    on.fleet.bindings.DB = away as unknown as D1Database;
    await on.minutes(2, { weur: BAD, enam: GOOD, oc: GOOD });
    for (const key of Array.from({ length: 12 }, (_, i) => `word-${i}`)) await says(on, key);
    on.at(NOON + 50 * MINUTE);
    await on.minutes(5, GOOD);
    expect(asked).toBeGreaterThan(12);
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1", "ops updated chat-1", "ops resolved chat-1"]);
    expect((await on.fleet.state()).d1.incidents).toEqual([]);
    await on.fleet.inspect();
    on.fleet.bindings.DB = DB;
    on.at(NOON + HOUR);
    await on.look();
    const { events, outbox } = await on.stored();
    const { d1 } = await on.fleet.state();
    const rows = [d1.incidents, d1.incidentEvents, d1.deliveries];
    const ours = rows.map((each) => each.filter((row) => JSON.stringify(row).includes('"chat-1')).length);
    expect(ours).toEqual([1, events.length, outbox.length]);
    // One batch holds ten of each.
    expect(events.length).toBeGreaterThan(14);
    expect([...events, ...outbox].filter(({ owed }) => owed)).toEqual([]);
    await on.fleet.inspect();
  });
});
