// Aim: whoever should know of an incident is told once that it began, of what is new in good time, and once that it is over;
// whatever fails, waits or is overtaken meanwhile.
// Method: timelines as tables (what happens when, and what then arrives when) in a world with an outbox that keeps its order.

import { describe, expect, test } from "vitest";
import { plan } from "../../workers/alerts/plan.ts";
import { unheardOf } from "../../workers/alerts/told.ts";
import type { Told } from "../../workers/alerts/told.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { TIMELINES, began, channel, did, one } from "./alert-timelines.ts";
import { HARD_TIMELINES } from "./alert-timelines-hard.ts";
import { NOON, OPENED, World, alertingOf } from "./alert-worlds.ts";

const ALL = [...TIMELINES, ...HARD_TIMELINES];

describe("timelines", () => {
  test.each(ALL.map((timeline) => ({ name: timeline[0], timeline })))("$name", ({ timeline }) => {
    const [, alerting, happenings, sent, until = "60:00:00"] = timeline;
    const world = new World(alerting === null ? null : alertingOf(alerting)).run(happenings, until);
    expect(world.sent.join(", ")).toBe(sent);
    expect(world.keys("waiting")).toEqual([]);
    // The same without any hurry: somebody looks each ten minutes though nothing happens.
    const looks = Array.from({ length: 6 * 60 }, (_, i) => NOON + i * 600_000 + 7_000);
    const watched = new World(alerting === null ? null : alertingOf(alerting)).run(happenings, until, looks);
    expect(watched.sent.join(", ")).toBe(sent);
    expect(watched.plans).toBeGreaterThan(world.plans);
  });

  test("there are enough of them", () => {
    console.log(`alert plans: ${ALL.length} timelines, each in two ways`);
    expect(ALL.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ALL.map(([name]) => name)).size).toBe(ALL.length);
  });
});

describe("what is told in whose place", () => {
  test("a notice names the message that was given up", () => {
    const world = new World(alertingOf(one({ fallback: "mail" }))).run(
      [channel("0:00:00", "ops", "dead"), began()],
      "0:01:00",
    );
    const key = "chat-7/0/instead/ops/mail";
    expect(world.keys("sent")).toEqual([key]);
    expect(unheardOf(key, world.rows)?.key).toBe("chat-7/0/trigger/ops");
    expect(unheardOf("chat-7/0/trigger/ops", world.rows)).toBeNull();
  });

  test("the resolve is in the outbox with the event that ends it, though the trigger is still being tried", () => {
    const happenings = [channel("0:00:00", "ops", "down"), began(), did("0:10:00", "restored")];
    const world = new World(alertingOf()).run(happenings, "0:10:00");
    expect(world.keys("waiting")).toEqual(["chat-7/0/trigger/ops", "chat-7/0/resolve/ops"]);
  });

  test("without alerting, what waits is dropped", () => {
    const event = {
      incident: "chat-7",
      number: 1,
      key: "e1",
      at: NOON,
      recordedAt: NOON,
      author: "sonde",
      change: OPENED,
    };
    const told: Told = {
      key: "chat-7/0/trigger/ops",
      channel: "ops",
      route: "all",
      kind: "trigger",
      state: "waiting",
      dueAt: NOON,
      sentAt: null,
      event: 1,
    };
    const nothing = { alerting: null, tiers: [], now: NOON, mutedUntil: null, held: false };
    const planned = plan(incidentOf("chat", [event]), [event], [told], nothing);
    expect(planned).toEqual({ entries: [], drop: ["chat-7/0/trigger/ops"], nextAt: null });
  });
});
