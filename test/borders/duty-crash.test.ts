// Aim: every durable write of a Duty can be lost, or done and reported as lost, and the machine can die between any two steps:
// one story stays one incident, who should hear of it hears of it once, and D1 ends up with exactly what the Duty holds.
// Method: outage after outage in one fleet, each with another write broken or a crash at another step, inside the real object;
// afterwards only what comes by itself (rounds, the next look), then what arrived, by key, and the inspector.

import { describe, expect, it } from "vitest";

import { outside } from "../../workers/outside.ts";
import { NOON } from "../world.ts";
import { breakOnce, crashAt, WAYS } from "./breaking.ts";
import { ALERTS, BAD, GOOD, MINUTE, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

type InDuty = Parameters<OnDuty["during"]>[1];

/** From one outage to the next: nothing flaps, and the incident before it is resolved. */
const APART_MS = 28 * MINUTE;
const INSPECTED_EACH = 5;
const SLOTS = [GOOD, BAD, BAD, GOOD, GOOD, GOOD, GOOD];
/** The round that proves the outage, and the one that proves its end. Behind each of them somebody looks once more; nobody need look at the others. */
const PROOFS = { page: 2, resolve: 6 } as const;

const LOOKED: ReadonlySet<number> = new Set([PROOFS.page, PROOFS.page + 1, PROOFS.resolve]);

/** `push` alone: one region is enough, and quick. Keepers are told of nothing here: they are another object. */
async function oneRegion(): Promise<OnDuty> {
  const on = await onDuty({ ...ALERTS, resolve: "1m" });
  Object.assign(on.fleet.bindings.DUTY, {
    get: () => ({ look: () => Promise.resolve(), report: () => Promise.resolve() }),
  });
  return on;
}

/**
 * The nth outage, from 1: `step` is the Duty's look at the slot `at`, whose errors are nobody's, and `mend` follows on it. Answers the
 * messages of its incident that arrived, by key, and how many requests those were.
 */
async function outage(
  on: OnDuty,
  nth: number,
  at: number,
  step: InDuty,
  mend: () => void = () => {},
): Promise<{ readonly heard: string[]; readonly requests: number }> {
  const from = NOON + nth * APART_MS;
  const before = on.receivers.got.length;
  for (const [slot, signs] of SLOTS.entries()) {
    await on.take(from + slot * MINUTE, signs, "push");
    if (slot !== at) {
      if (LOOKED.has(slot)) await on.look("push");
      continue;
    }
    await on.during("push", step).catch(() => {});
    mend();
    // Whoever lived through it dies now, and what was broken with it.
    await on.fleet.inDuty("push", (_duty, state) => state.abort("at the end")).catch(() => {});
  }
  // What Sonde itself failed to send is tried again after a moment.
  on.at(on.now() + 2_000);
  // What comes by itself: a look that follows, and one with which D1 gets what left because of that.
  await on.look("push");
  await on.look("push");
  const heard = on.receivers.heard().filter((each) => each.endsWith(` push-${nth}`));
  return { heard, requests: on.receivers.got.length - before };
}

async function checked(on: OnDuty, nth: number, what: string, heard: readonly string[]): Promise<void> {
  expect(heard, what).toEqual([`ops triggered push-${nth}`, `ops resolved push-${nth}`]);
  const left = await on.during("push", ({ stores: { store, outbox } }) => ({
    incidents: store.head()?.incidents,
    live: store.live().length,
    waiting: outbox.waiting(),
    owed: store.owedEvents(9).length + outbox.owed(9).length + outbox.owedReceipts(9).length,
  }));
  // The incident is spent only when its outage is shown no more.
  expect(left, what).toEqual({ incidents: nth, live: 1, waiting: 0, owed: 0 });
  // It looks at all that there is: once in a while, and at the end.
  if (nth % INSPECTED_EACH === 0) await on.fleet.inspect();
}

const STORE = [
  "nameOnce",
  "atOnce",
  "remember",
  "pool",
  "append",
  "setLive",
  "notified",
  "beginWrite",
  "settle",
] as const;
const OUTBOX = ["plan", "drop", "compose", "answered", "settle"] as const;
const WRITES = [
  ...STORE.map((name) => ["store", name] as const),
  ...OUTBOX.map((name) => ["outbox", name] as const),
  ["storage", "setAlarm"] as const,
  ["D1", "batch"] as const,
];

describe("each durable write broken", () => {
  it.each(WAYS)("%s: who should hear hears once, and D1 has it all", async (way) => {
    const on = await oneRegion();
    let tried = 0;
    const broken = new Set<string>();
    for (const [part, name] of WRITES) {
      for (const at of Object.values(PROOFS)) {
        tried += 1;
        let broke = (): boolean => false;
        const { heard, requests } = await outage(on, tried, at, async (duty, { storage }) => {
          // The one before it has fired: time stands still here.
          await storage.deleteAlarm();
          const owners = { ...duty.stores, storage, D1: on.fleet.bindings.DB };
          ({ broke } = breakOnce(owners[part], name, way));
          await duty.look("push");
        });
        const what = `${part}.${name} at ${at}`;
        if (broke()) broken.add(`${part}.${name}`);
        await checked(on, tried, what, heard);
        expect(requests, what).toBeLessThanOrEqual(3);
      }
    }
    await on.fleet.inspect();
    console.log(`duty: ${tried} looks with a write ${way}`);
    // Each of them is written with one look or the other, or with what leaves because of it.
    expect([...broken]).toEqual(WRITES.map((each) => each.join(".")));
    expect(tried).toBe(2 * WRITES.length);
  });
});

describe("a crash at each step", () => {
  it.each(Object.entries(PROOFS))("of a look that leads to a %s", { timeout: 120_000 }, async (_name, at) => {
    const on = await oneRegion();
    const places: string[] = [];
    for (let step = 1; ; step += 1) {
      const seen = { steps: () => 0, at: () => "" };
      const { fetch } = outside;
      const { DB } = on.fleet.bindings;
      const mend = (): void => {
        outside.fetch = fetch;
        on.fleet.bindings.DB = DB;
        on.receivers.before = () => Promise.resolve();
      };
      const crash: InDuty = async (duty, state) => {
        const { storage } = state;
        await storage.deleteAlarm();
        const d1 = { prepare: DB.prepare.bind(DB), batch: DB.batch.bind(DB) };
        on.fleet.bindings.DB = d1 as D1Database;
        // What leaves is let go when what was written before it is on disk: the platform's output gate.
        on.receivers.before = () => storage.sync();
        const owners = [
          [duty.stores.store, STORE],
          [duty.stores.outbox, OUTBOX],
          [storage, ["setAlarm", "getAlarm"]],
          [outside, ["fetch"]],
          [d1, ["batch"]],
        ] as const;
        Object.assign(seen, crashAt(step, state, owners));
        await duty.look("push");
      };
      const { heard } = await outage(on, step, at, crash, mend);
      await checked(on, step, seen.at(), heard);
      if (seen.steps() < step) break;
      places.push(seen.at());
    }
    await on.fleet.inspect();
    console.log(`duty: crashed at ${places.length} steps: ${[...new Set(places)].join(", ")}`);
    expect(places.length).toBeGreaterThan(40);
    expect(places).toContain("after fetch");
  });
});
