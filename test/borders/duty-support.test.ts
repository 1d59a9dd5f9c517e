// Aim: support clocks reach the people of support: on tickets that D1 has, and on the target's own incidents; D1 is asked at most every
// five minutes, and may be away. Method: the real Duty, collector and D1 in workerd, a clock that stands where the test put it,
// tickets recorded as the help desk sends them, receivers that record what came; the inspector after each story.

import { describe, expect, it } from "vitest";

import type { ContractInput } from "../../workers/config/contracts/define-contract.ts";
import type { AlertsInput } from "../../workers/config/alerts/define-alerts.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import type { NewTicketEvent } from "../../workers/sla/record-input.ts";
import { NOON } from "../world.ts";
import { ALERTS, BAD, GOOD, HOUR, MINUTE, onDuty, webhook } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

const GOLD: ContractInput = {
  id: "gold",
  target: "chat",
  page: "public",
  effective: { from: "2026-01-01" },
  // Not of messages, so that no budget burns beside it.
  objectives: [{ id: "availability", kind: "slots", target: 0.9, downIf: "all-fail" }],
  support: [{ severity: "P2", clock: "first-response", target: "40min" }],
};
const HELP: AlertsInput = {
  ...ALERTS,
  channels: [...ALERTS.channels, webhook("help")],
  routes: [...ALERTS.routes, { id: "support", audience: "support", to: ["help"] }],
};

async function supported(): Promise<OnDuty> {
  const on = await onDuty(HELP);
  on.fleet.reconfigure((input) => ({ ...input, contracts: [GOLD] }));
  return on;
}

const event = (kind: NewTicketEvent["kind"], minute: number): NewTicketEvent => ({
  key: `T-1 ${kind}`,
  contract: "gold",
  ticket: "T-1",
  kind,
  at: NOON + minute * MINUTE,
  severity: kind === "opened" ? "P2" : null,
  waiting: null,
  by: "human",
  author: "desk",
  note: "",
  recordedAt: NOON + minute * MINUTE,
});
const record = async (on: OnDuty, ...events: readonly NewTicketEvent[]): Promise<void> => {
  expect(await recordsStore(on.fleet.bindings.DB).appendTicketEvents(events)).toMatchObject({ ok: true });
};

/** A minute without news, and two looks in it: what the first has read the second knows. */
async function minuteOf(on: OnDuty, nth: number, signs = GOOD): Promise<void> {
  await on.slot(NOON + nth * MINUTE, signs);
  await on.look();
}

const support = (on: OnDuty): string[] => on.receivers.heard().filter((each) => each.startsWith("help "));
const about = (on: OnDuty): Promise<(string | null)[]> =>
  on.during("chat", (duty) => duty.incidents("chat", 50, 1_000).map(({ incident }) => incident.about));

describe("a ticket", () => {
  it("that nobody answers opens one incident of support, is told when it runs out, and ends with the answer", async () => {
    const on = await supported();
    await record(on, event("opened", 0));
    for (let nth = 1; nth <= 45; nth += 1) await minuteOf(on, nth);
    expect(await about(on)).toEqual(["gold/first-response/T-1"]);
    expect(support(on)[0]).toBe("help triggered chat-1");
    expect(on.receivers.got.filter(({ channel }) => channel !== "help")).toEqual([]);
    await record(on, event("replied", 46));
    for (let nth = 46; nth <= 53; nth += 1) await minuteOf(on, nth);
    expect(support(on).at(-1)).toBe("help resolved chat-1");
    expect(await about(on)).toHaveLength(1);
    await on.fleet.inspect();
  });
});

describe("an incident of the service", () => {
  it("runs the clocks of the contract; whoever acknowledges it stops them at once", async () => {
    const on = await supported();
    for (let nth = 1; nth <= 50; nth += 1) await minuteOf(on, nth, BAD);
    const own = await about(on);
    // All regions at once are critical, and P1 is not in this contract.
    expect(own).toEqual([null]);
    await on.fleet.inspect();

    const one = await supported();
    const weur = (nth: number) => one.slot(NOON + nth * MINUTE, { weur: BAD, enam: GOOD, oc: GOOD });
    for (let nth = 1; nth <= 50; nth += 1) await weur(nth);
    expect(await about(one)).toEqual(["gold/first-response/chat-1", null]);
    expect(support(one)).toContain("help triggered chat-2");
    one.at(NOON + 50 * MINUTE + 30_000);
    const act = { kind: "acknowledge", note: "" } as const;
    await one.during("chat", (duty) =>
      duty.act("chat", { incident: "chat-1", act, who: "lin@example.com", at: null, key: "seen" }),
    );
    await weur(51);
    expect(support(one).at(-1)).toBe("help resolved chat-2");
    await one.fleet.inspect();
  });
});

describe("D1", () => {
  /** Counts how often the tickets are asked for, and fails while `isAway`. */
  function watchTickets(on: OnDuty): { asked: number; isAway: boolean } {
    const seen = { asked: 0, isAway: false };
    const { DB } = on.fleet.bindings;
    const prepare = (sql: string) => {
      if (!sql.includes('from "ticket_events"')) return DB.prepare(sql);
      seen.asked += 1;
      if (seen.isAway) throw new Error("D1_ERROR: away");
      return DB.prepare(sql);
    };
    on.fleet.bindings.DB = { prepare, batch: DB.batch.bind(DB) } as unknown as D1Database;
    return seen;
  }

  it("is asked once in five minutes, also by a Duty that has died, and never without a promise", async () => {
    const on = await supported();
    const seen = watchTickets(on);
    for (let nth = 1; nth <= 10; nth += 1) await minuteOf(on, nth);
    expect(seen.asked).toBe(2);
    await on.fleet.inDuty("chat", (_duty, state) => state.abort("died")).catch(() => undefined);
    await on.look().catch(() => undefined);
    await on.look();
    expect(seen.asked, "its disk knows when it asked").toBe(2);
    on.fleet.reconfigure((input) => ({ ...input, contracts: [{ ...GOLD, support: [] }] }));
    on.at(NOON + HOUR);
    await on.look();
    expect(seen.asked).toBe(2);
  });

  it("away: what was known stays known, clocks go on, and it is asked no more often", async () => {
    const on = await supported();
    const seen = watchTickets(on);
    await record(on, event("opened", 0));
    await minuteOf(on, 1);
    expect(seen.asked).toBe(1);
    seen.isAway = true;
    for (let nth = 2; nth <= 45; nth += 1) await minuteOf(on, nth);
    expect(seen.asked).toBe(9);
    expect(await about(on)).toEqual(["gold/first-response/T-1"]);
    expect(support(on)[0]).toBe("help triggered chat-1");
    await on.fleet.inspect();
  });
});
