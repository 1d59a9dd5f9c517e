// Aim: the console's pages of maintenance, fleet, deliveries and previews ask the real objects and tell what those say; one that hangs
// or fails is given up in time and holds up no other. Method: the real door, Duties, probers, collectors and D1; one of them replaced
// by one that fails or never answers; strangers at every path.

import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it, onTestFinished } from "vitest";

import { maintenance } from "../../schema/d1-tables.ts";
import { fleetDesk } from "../../workers/console/fleet-desk.entry.ts";
import type { FleetDesk } from "../../workers/console/fleet-desk.ts";
import type { NewMaintenance } from "../../workers/incidents/maintenance.ts";
import { outside } from "../../workers/outside.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { opsWorld, sent } from "../page/ops-world.ts";
import type { OpsWorld } from "../page/ops-world.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { ALERTS, BAD, GOOD, MINUTE, onDuty } from "./dutying.ts";
import { said } from "./ops-sending.ts";
import { started, WEUR } from "./probing.ts";

const KEY = `ops-${"k".repeat(32)}`;
const OTHER_KEY = `ops-${"o".repeat(32)}`;
const LANGUAGES = ["en", "zh"] as const;
const PATHS = ["/ops/maintenance", "/ops/maintenance/once", "/ops/maintenance/weekly", "/ops/fleet"];
PATHS.push("/ops/maintenance/chat-m1/call-off", "/ops/deliveries", "/ops/preview?service=chat");

// Three probers that load it at once, each first of all, would wait for one another's module.

/** The door to Ada, with this fleet behind it. */
async function doorTo(fleet: World, more: Partial<Parameters<typeof opsWorld>[0]> = {}): Promise<OpsWorld> {
  const { config } = await fleet.current();
  const desk = fleetDesk(outside, fleet.bindings);
  const made = opsWorld({ records: recordsStore(fleet.bindings.DB), config, fleet: desk, ...more });
  made.now = fleet.now();
  return made;
}

/** One object of a namespace is another one until the test ends. */
function replaced<N extends "PROBER" | "DUTY" | "COLLECTOR">(
  fleet: World,
  namespace: N,
  name: string,
  by: object,
): void {
  const real = fleet.bindings[namespace];
  const get = real.get as (id: DurableObjectId, options?: object) => unknown;
  const id = real.idFromName(name);
  onTestFinished(() => void Object.assign(real, { get }));
  Object.assign(real, {
    get: (asked: DurableObjectId, options?: object) => (asked.equals(id) ? by : get.call(real, asked, options)),
  });
}

/** Where nobody is on duty but for the test: the real Duties all the same. */
function deskOf({ bindings, duty }: World): FleetDesk {
  const DUTY = { idFromName: (name: string) => name, get: duty } as unknown as typeof bindings.DUTY;
  return fleetDesk(outside, { ...bindings, DUTY });
}

const ONCE = {
  key: KEY,
  service: "chat",
  title_en: "New broker",
  from: "2031-05-15T14:00",
  from_zone: "UTC",
  to: "2031-05-15T15:00",
  to_zone: "UTC",
};

describe("maintenance", () => {
  it("that a form records is kept by the target's Duty once, told to D1, and called off by a record of its own", async () => {
    const fleet = await world();
    fleet.onDuty();
    const door = await doorTo(fleet);
    for (let twice = 0; twice < 2; twice += 1) {
      const answer = await door.ask("/ops/maintenance/once", sent(ONCE));
      expect(answer.headers.get("location")).toBe("/ops/maintenance?recorded=chat-m1");
    }
    const other = await door.ask("/ops/maintenance/once", sent({ ...ONCE, service: "chat", title_en: "Other" }));
    expect(other.status).toBe(409);
    const weekly = {
      key: OTHER_KEY,
      service: "chat",
      regions: "oc",
      title_zh: "例行重启",
      days: "7",
      from_time: "02:30",
      to_time: "04:00",
      time_zone: "UTC",
      from_day: "2031-05-18",
    };
    expect((await door.ask("/ops/maintenance/weekly", sent(weekly))).headers.get("location")).toMatch(/chat-m2$/);
    const off = await door.ask("/ops/maintenance/chat-m2/call-off", sent({ key: `ops-${"f".repeat(32)}` }));
    expect(off.headers.get("location")).toBe("/ops/maintenance?recorded=chat-m3");
    const kept = await fleet.inDuty("chat", (duty) => duty.maintenance());
    expect(kept.map(({ id, author, withdraws }) => [id, author, withdraws])).toEqual([
      ["chat-m1", "ada@acme.example", null],
      ["chat-m2", "ada@acme.example", null],
      ["chat-m3", "ada@acme.example", "chat-m2"],
    ]);
    expect(kept[0]?.window).toEqual({ kind: "once", fromAt: NOON + 120 * MINUTE, toAt: NOON + 180 * MINUTE });
    const listed = await said(await door.ask("/ops/maintenance?recorded=chat-m3"));
    expect(listed).toContain("chat-m2 is called off, by record chat-m3.");
    expect(listed).toMatch(/Running and upcoming chat-m1.*Over or called off .*chat-m2.*Called off by record chat-m3/);
    await expect.poll(() => drizzle(fleet.bindings.DB).select().from(maintenance)).toHaveLength(3);
  });

  it("mutes the pages of what begins inside it until it ends, as the page says", async () => {
    const on = await onDuty();
    const door = await doorTo(on.fleet, { fleet: deskOf(on.fleet) });
    const from = new Date(on.now()).toISOString().slice(0, 16);
    const to = new Date(on.now() + 60 * MINUTE).toISOString().slice(0, 16);
    const form = { ...ONCE, regions: "enam", from, to };
    expect((await door.ask("/ops/maintenance/once", sent(form))).status).toBe(303);
    await on.minutes(3, { weur: GOOD, enam: BAD, oc: GOOD });
    expect(on.receivers.heard()).toEqual([]);
    const told = await said(await door.ask("/ops/deliveries"));
    expect(told).toMatch(
      /◔ waiting Channel ops \(webhook\) Incident chat-1 ; opening .*Next try 2031-05-15 12:59 UTC Tries 0/,
    );
  });

  it("whose Duty is away is not known: the form stays, and sent again it is one record", async () => {
    const fleet = await world();
    fleet.onDuty();
    const duty = fleet.duty("chat");
    const announce: typeof duty.announce = (...all) => duty.announce(...all);
    let isLost = true;
    replaced(fleet, "DUTY", "chat", {
      maintenance: () => duty.maintenance(),
      announce: async (...all: Parameters<typeof announce>) => {
        const kept = await announce(...all);
        if (!isLost) return kept;
        isLost = false;
        throw new Error("Network connection lost.");
      },
    });
    const door = await doorTo(fleet);
    const away = await door.ask("/ops/maintenance/once", sent(ONCE));
    expect([away.status, await said(away)]).toEqual([503, expect.stringContaining("it is recorded once")]);
    expect((await door.ask("/ops/maintenance/once", sent(ONCE))).status).toBe(303);
    expect(await duty.maintenance()).toHaveLength(1);
  });
});

describe("the fleet", () => {
  it("tells of real probers, Duties and collectors what they say of themselves", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    fleet.onDuty();
    await fleet.duty("chat").look("chat");
    fleet.at(NOON + 5_000);
    const answer = await (await doorTo(fleet)).ask("/ops/fleet");
    const text = await said(answer);
    expect([answer.status, text.match(/✓ on time/g)]).toEqual([200, ["✓ on time", "✓ on time", "✓ on time"]]);
    expect(text).toMatch(
      /weur\.0\.v1 ✓ on time .*Place observed LOCAL Newest round 2031-05-15 12:00.*Controls answered 3 of 3/,
    );
    expect(text).toMatch(
      /chat Newest look 2031-05-15 12:00.* Newest round looked at 2031-05-15 12:00 UTC .*Messages waiting 0/,
    );
    // Three regions' minutes are taken, and D1 has none of them yet.
    expect(text).toMatch(/Minutes owed to D1 3/);
    expect(text).toContain("the fleet’s keepers Newest look");
  });

  it("tells since when one is silent, and D1's absence hides nothing else", async () => {
    const fleet = await started();
    await fleet.slot(NOON);
    for (const minute of [1, 2, 3]) {
      fleet.at(NOON + minute * MINUTE + 1);
      await fleet.wake("enam.0.v1", "oc.0.v1");
      fleet.at(NOON + minute * MINUTE + 5_000);
      await fleet.watch();
    }
    fleet.onDuty();
    const silent = await said(await (await doorTo(fleet)).ask("/ops/fleet"));
    // The watchdog's minutes were set by hand, and this machine's own time goes on between them.
    expect(silent).toMatch(/weur\.0\.v1 ✕ silent: .*Silent since 2031-05-15 12:01:0\d UTC, for (2 min|1 min 5\d s)/);
    const desk = fleetDesk(outside, fleet.bindings);
    const away = { ...desk, silences: () => Promise.reject(new Error("D1 is away")) };
    const answer = await (await doorTo(fleet, { fleet: away })).ask("/ops/fleet");
    const text = await said(answer);
    expect(answer.status).toBe(503);
    expect(text).toMatch(/since when a prober is silent cannot be shown.*weur\.0\.v1 ✕ silent.*Silent since not known/);
  });

  it.each([
    ["fails", 0, () => Promise.reject(new Error("broken on purpose"))],
    ["never answers", 3, () => new Promise<never>(() => {})],
  ])("gives up a prober, a Duty and a collector that %s, and tells of the others", async (_what, hanging, health) => {
    const fleet = await started();
    fleet.onDuty();
    await fleet.slot(NOON);
    replaced(fleet, "PROBER", WEUR, { health });
    replaced(fleet, "DUTY", "push", { health });
    replaced(fleet, "COLLECTOR", "chat", { owedMinutes: health });
    // Patience ends when the test says so: those who do answer have all the time that they need.
    const waiting = new Set<() => void>();
    const delaysMs: number[] = [];
    const after = (delayMs: number, callback: () => void) => {
      delaysMs.push(delayMs);
      waiting.add(callback);
      return () => void waiting.delete(callback);
    };
    const door = await doorTo(fleet, { fleet: fleetDesk({ ...outside, after }, fleet.bindings) });
    const asked = door.ask("/ops/fleet");
    await expect.poll(() => delaysMs.length > 0 && waiting.size).toBe(hanging);
    for (const giveUp of waiting) giveUp();
    const answer = await asked;
    const text = await said(answer);
    expect(answer.status).toBe(503);
    expect(text).toMatch(/weur\.0\.v1 \? no answer .*enam\.0\.v1 ✓ on time .*oc\.0\.v1 ✓ on time/);
    expect(text).toMatch(/chat Newest look .*Minutes owed to D1 no answer push \? No answer from push/);
    expect(door.reports).toHaveLength(3);
    // Three probers, three on duty, two collectors, D1: all at once, and none for longer.
    expect(delaysMs).toEqual(Array.from({ length: 9 }, () => 5_000));
  });

  it("does not take a prober in mid-round for one that is away", async () => {
    const fleet = await started();
    fleet.onDuty();
    await fleet.slot(NOON);
    replaced(fleet, "PROBER", WEUR, { health: () => Promise.resolve(null) });
    const answer = await (await doorTo(fleet)).ask("/ops/fleet");
    expect([answer.status, await said(answer)]).toEqual([200, expect.stringMatching(/weur\.0\.v1 ◔ in mid-round/)]);
  });

  it("births a prober that nobody has armed in its own region: the hint goes along", async () => {
    const fleet = await world();
    const hints: unknown[] = [];
    const { PROBER } = fleet.bindings;
    const get = PROBER.get as (id: DurableObjectId, options?: object) => unknown;
    onTestFinished(() => void Object.assign(PROBER, { get }));
    Object.assign(PROBER, {
      get: (id: DurableObjectId, options?: object) => (hints.push(options), get.call(PROBER, id, options)),
    });
    fleet.onDuty();
    const text = await said(await (await doorTo(fleet)).ask("/ops/fleet"));
    expect(hints).toEqual([{ locationHint: "weur" }, { locationHint: "enam" }, { locationHint: "oc" }]);
    expect(text.match(/○ not armed yet/g)).toHaveLength(3);
  });
});

describe("deliveries", () => {
  it("are those of the real outbox, with what the receiver answered to each try and when the next one is", async () => {
    const on = await onDuty();
    on.receivers.says = () => 503;
    await on.minutes(3, { weur: BAD, enam: GOOD, oc: GOOD });
    const door = await doorTo(on.fleet, { fleet: deskOf(on.fleet) });
    const waiting = await (await door.ask("/ops/deliveries")).text();
    expect(waiting).toContain("waiting");
    expect(waiting).toMatch(/<dt>Next try<\/dt>/);
    expect(waiting).toMatch(/Try 1.*not accepted; HTTP 503/);
    on.receivers.says = () => 204;
    // Some alarms are for a plan: a try is among the next few.
    for (let rings = 0; rings < 5; rings += 1) await on.ring(on.now() + 60 * MINUTE);
    const sentNow = await (await door.ask("/ops/deliveries")).text();
    expect(sentNow).toMatch(/Try \d.*: accepted; HTTP 204/);
    expect(sentNow).toContain('href="/ops/incidents/chat-1"');
    expect(sentNow).toContain("ops (webhook)");
    // Whoever has the link in a message may acknowledge: it is in none of these pages.
    const link = JSON.stringify(must(on.receivers.got[0]).body);
    expect(link).toMatch(/\/ack\//);
    for (const language of LANGUAGES)
      for (const path of PATHS) {
        const html = await (await door.ask(path, { headers: { "accept-language": language } })).text();
        expect([path, html]).toEqual([path, expect.not.stringContaining("/ack/")]);
      }
  });
});

describe("previews", () => {
  it("are what the plan says: levels in their order, and nobody where no route leads", async () => {
    const routes = [
      {
        id: "pages",
        targets: ["chat"],
        levels: [
          { after: "0s", to: ["ops"] },
          { after: "15m", to: ["ours"] },
        ],
      },
    ] as const;
    const on = await onDuty({ ...ALERTS, routes });
    const door = await doorTo(on.fleet, { fleet: deskOf(on.fleet) });
    const text = await said(await door.ask("/ops/preview?service=chat&regions=oc"));
    expect(text).toMatch(
      /at once level 1 of route pages ops webhook .*after 15 min level 2 of route pages ours webhook/,
    );
    expect(await said(await door.ask("/ops/preview?service=push"))).toContain("Nobody would be told.");
    expect(on.receivers.got).toEqual([]);
    expect(await on.during("chat", (duty) => duty.deliveries(100))).toEqual([]);
  });

  it("know the maintenance that goes on: nobody is told before it ends", async () => {
    const on = await onDuty();
    const record: NewMaintenance = {
      key: "work-1",
      target: "chat",
      regions: ["oc"],
      title: { en: "New certificates" },
      window: { kind: "once", fromAt: on.now() - MINUTE, toAt: on.now() + 30 * MINUTE },
      author: "lin@example.com",
      withdraws: null,
    };
    await on.during("chat", (duty) => duty.announce("chat", record));
    const first = (regions: readonly string[]) =>
      on.during("chat", async (duty) => (await duty.preview("chat", regions))[0]?.afterMs);
    expect(await first(["oc"])).toBe(30 * MINUTE);
    expect(await first(["oc", "weur"])).toBe(0);
  });
});

describe("strangers", () => {
  it("see none of it and record nothing", async () => {
    const fleet = await world();
    fleet.onDuty();
    const stranger = { ok: false, status: 401, reason: "no token" } as const;
    const door = await doorTo(fleet, { guardOf: () => () => Promise.resolve(stranger) });
    for (const path of PATHS) {
      for (const init of [{}, { method: "HEAD" }, sent(ONCE)]) {
        const answer = await door.ask(path, init);
        expect([path, answer.status]).toEqual([path, 401]);
        expect(await answer.text()).not.toMatch(/chat|weur|<form/);
      }
    }
    const own = await doorTo(fleet);
    const evil = await own.ask("/ops/maintenance/once", sent(ONCE, { origin: "https://evil.example" }));
    expect(evil.status).toBe(403);
    expect(await fleet.duty("chat").maintenance()).toEqual([]);
    console.log(`console: ${PATHS.length} paths of duty, 3 requests of strangers each`);
    expect(PATHS).toHaveLength(7);
  });
});
