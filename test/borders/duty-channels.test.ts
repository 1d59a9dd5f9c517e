// Aim: whatever a receiver does (down for hours, too busy, silent, gone, taking a message and not saying so), exactly the expected
// messages arrive, in order, each tried when it should be, and whoever cannot be told has somebody told in their place.
// Method: a real Duty driven by its own alarms through hours of simulated time, receivers that answer as the test says; all tries
// with their instants and receipts; after each story the inspector.

import { describe, expect, it } from "vitest";

import { must } from "../observations.ts";
import { ALERTS, BAD, GOOD, HOUR, hurry, MINUTE, onDuty, webhook } from "./dutying.ts";
import type { Arrival, OnDuty } from "./dutying.ts";

const WEUR_BAD = { weur: BAD, enam: GOOD, oc: GOOD };
const DAY = 24 * HOUR;
/** What the schedule of tries says: each of them give or take a fifth, the last for ever. */
const WAITS_MS = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

const PAIR = {
  ...ALERTS,
  channels: [webhook("ops"), webhook("mail")],
  routes: [{ id: "service", to: ["ops"], fallback: "mail" }],
};

const on = (channel: string, { receivers }: OnDuty): Arrival[] =>
  receivers.got.filter((each) => each.channel === channel);

/** Waits between the tries of one message, ms. */
function waitsOf(tries: readonly Arrival[]): number[] {
  return tries.slice(1).map(({ at }, i) => at - must(tries[i]).at);
}

const until = async (duty: OnDuty, untilMs: number): Promise<void> => {
  while (await duty.ring(untilMs));
  duty.at(untilMs);
};

const say = (duty: OnDuty, key: string) =>
  duty.during("chat", (object) =>
    object.act("chat", {
      incident: "chat-1",
      act: { kind: "publish", statement: "identified", text: { en: key } },
      who: "lin@example.com",
      at: null,
      key,
    }),
  );

describe("a channel that is down for six hours", () => {
  it("is tried by the schedule; then it hears that it began, what is new and that it is over; another channel waits for nothing", async () => {
    const alerts = {
      ...ALERTS,
      channels: [webhook("ops"), webhook("quick")],
      routes: [{ id: "service", to: ["ops", "quick"] }],
    };
    const duty = await onDuty(alerts);
    duty.receivers.says = (channel) => (channel === "ops" ? 503 : 204);
    await duty.minutes(2, WEUR_BAD);
    const from = duty.now();
    await until(duty, from + 2 * HOUR);
    await say(duty, "It is the core.");
    await until(duty, from + 6 * HOUR);
    const tries = on("ops", duty);
    const waits = waitsOf(tries);
    const off = waits.filter((wait, i) => {
      const expected = WAITS_MS[Math.min(i, WAITS_MS.length - 1)] ?? 0;
      return wait < expected * 0.8 - 1 || wait > expected * 1.2 + 1;
    });
    console.log(`duty: ${tries.length} tries in six hours`);
    expect(off).toEqual([]);
    expect(tries.length).toBeGreaterThan(30);
    expect(new Set(tries.map(({ key }) => key)), "only the first one is tried").toEqual(
      new Set(["chat-1/0/trigger/ops"]),
    );
    // Who was told six hours ago what is new.
    expect(duty.receivers.heard()).toEqual(["quick triggered chat-1", "quick updated chat-1"]);
    duty.receivers.says = () => 204;
    await until(duty, from + 7 * HOUR);
    // What it was told at last was written for the first try, so that the news follow.
    const heard = (channel: string): string[] => duty.receivers.heard().filter((each) => each.startsWith(channel));
    expect(heard("ops")).toEqual(["ops triggered chat-1", "ops updated chat-1"]);
    duty.at(from + 7 * HOUR);
    await duty.minutes(7, GOOD);
    await until(duty, duty.now() + HOUR);
    expect(heard("ops")).toEqual(["ops triggered chat-1", "ops updated chat-1", "ops resolved chat-1"]);
    expect(heard("quick")).toEqual(["quick triggered chat-1", "quick updated chat-1", "quick resolved chat-1"]);
    await duty.fleet.inspect();
  });

  it("an outage that came and went meanwhile is told whole, in order: the end is not lost with the beginning", async () => {
    const duty = await onDuty();
    duty.receivers.says = () => 500;
    await duty.minutes(2, WEUR_BAD);
    const from = duty.now();
    await duty.minutes(6, GOOD);
    await until(duty, from + 6 * HOUR);
    expect(duty.receivers.heard()).toEqual([]);
    duty.receivers.says = () => 204;
    await until(duty, from + 7 * HOUR);
    const heard = duty.receivers.heard().filter((each) => each.startsWith("ops"));
    expect(heard).toEqual(["ops triggered chat-1", "ops resolved chat-1"]);
    expect(on("ops", duty).filter(({ taken }) => taken)).toHaveLength(2);
    await duty.fleet.inspect();
  });
});

describe("what a receiver asks for", () => {
  it.each([
    ["120", 120_000, 144_000],
    ["86400", HOUR, HOUR],
    ["0", 1_000, 1_200],
    ["soon", 4_000, 6_000],
  ])("Retry-After: %s", async (retryAfter, leastMs, mostMs) => {
    const duty = await onDuty();
    const busy = [{ status: 429, retryAfter }];
    duty.receivers.says = () => busy.shift() ?? 204;
    await duty.minutes(2, WEUR_BAD);
    await until(duty, duty.now() + 2 * HOUR);
    const tries = on("ops", duty);
    const [wait = 0] = waitsOf(tries);
    expect(tries.map(({ taken }) => taken)).toEqual([false, true]);
    expect([wait >= leastMs, wait <= mostMs, wait]).toEqual([true, true, wait]);
    await duty.fleet.inspect();
  });

  it("one that has the message and does not say so, or says nothing at all, gets the same words under the same key", async () => {
    const duty = await onDuty();
    // The limit of one try.
    hurry(15_000);
    const odd = ["lost", "hang", "lost"] as const;
    const left: (typeof odd)[number][] = [...odd];
    duty.receivers.says = () => left.shift() ?? 204;
    await duty.minutes(2, WEUR_BAD);
    await until(duty, duty.now() + 10 * MINUTE);
    const tries = on("ops", duty);
    expect(tries.map(({ taken }) => taken)).toEqual([true, false, true, true]);
    expect(new Set(tries.map(({ key }) => key))).toEqual(new Set(["chat-1/0/trigger/ops"]));
    expect(new Set(tries.map(({ body }) => JSON.stringify(body.data))).size).toBe(1);
    expect(duty.receivers.heard()).toEqual(["ops triggered chat-1"]);
    const { receipts } = await duty.stored();
    expect(receipts.map(({ attempt, accepted, httpStatus }) => [attempt, accepted, httpStatus])).toEqual([
      [1, false, null],
      [2, false, null],
      [3, false, null],
      [4, true, 204],
    ]);
    await duty.fleet.inspect();
  });
});

describe("who cannot be told", () => {
  it("after a day it is given up, and the fallback hears what happened and that the other has not; and the end of it", async () => {
    const duty = await onDuty(PAIR);
    duty.receivers.says = (channel) => (channel === "ops" ? 500 : 204);
    await duty.minutes(2, WEUR_BAD);
    const from = duty.now();
    await until(duty, from + HOUR);
    // Hours of which there is nothing new to show.
    duty.at(from + 23 * HOUR);
    await until(duty, from + DAY - 1);
    expect(duty.receivers.heard()).toEqual([]);
    await until(duty, from + DAY + HOUR);
    const last = must(on("ops", duty).at(-1));
    expect(last.at).toBe(from + DAY);
    const [told, ...more] = on("mail", duty);
    expect([more, told?.at, told?.type]).toEqual([[], from + DAY, "incident.triggered"]);
    expect(String(told?.body.data["sentence"])).toContain("ops");
    await duty.minutes(7, GOOD);
    await until(duty, duty.now() + HOUR);
    expect(duty.receivers.heard()).toEqual(["mail triggered chat-1", "mail resolved chat-1"]);
    // A server that fails may have taken it all the same: whoever has an incident open there must see it end.
    duty.receivers.says = () => 204;
    await until(duty, duty.now() + HOUR);
    expect(duty.receivers.heard()).toEqual(["mail triggered chat-1", "mail resolved chat-1", "ops resolved chat-1"]);
    await duty.fleet.inspect();
  });

  it("a message that cannot be written is tried like any other: it is given up aloud, and holds up nobody", async () => {
    const duty = await onDuty(PAIR);
    duty.receivers.says = () => 500;
    await duty.minutes(2, WEUR_BAD);
    await duty.during("chat", (_, state) => {
      // As a disk that lost it would leave it: what it is about is gone.
      state.storage.sql.exec(`UPDATE outbox SET alert = NULL, incident = 'chat-99' WHERE channel = 'ops'`);
    });
    const from = duty.now();
    await until(duty, from + HOUR);
    const { receipts } = await duty.stored();
    const ours = receipts.filter(({ code }) => code === "sonde");
    expect(ours.length, "with the pauses of any failure").toBeGreaterThan(3);
    expect(ours.length).toBeLessThan(20);
  });

  it("receivers that let it wait leave a way for what has not been tried yet", async () => {
    const silent = Array.from({ length: 8 }, (_, nth) => `silent${nth}`);
    const duty = await onDuty({
      channels: [...silent, "quick"].map((id) => webhook(id)),
      routes: [
        { id: "service", to: [...silent], next: true },
        { id: "wide", severities: ["critical"], to: ["quick"] },
      ],
    });
    duty.receivers.says = (channel) => (channel === "quick" ? 204 : 503);
    await duty.minutes(2, WEUR_BAD);
    const flying = new Set<string>();
    let most = 0;
    duty.receivers.says = (channel) => {
      flying.add(channel);
      most = Math.max(most, flying.size);
      return channel === "quick" ? 204 : "hang";
    };
    hurry(15_000);
    duty.at(duty.now() + 10_000);
    await duty.look();
    console.log(`duty: ${most} of ${silent.length} silent receivers are tried again at once`);
    expect(most).toBeLessThanOrEqual(3);
    await duty.fleet.inspect();
  });

  it("an address that is gone is asked once, and the fallback is told at once", async () => {
    const duty = await onDuty(PAIR);
    duty.receivers.says = (channel) => (channel === "ops" ? 410 : 204);
    await duty.minutes(2, WEUR_BAD);
    const at = duty.now();
    expect(duty.receivers.got.map((each) => [each.channel, each.type, each.at])).toEqual([
      ["ops", "incident.triggered", at],
      ["mail", "incident.triggered", at],
    ]);
    const { outbox } = await duty.stored();
    expect(outbox.map(({ channel, state, tries }) => [channel, state, tries])).toEqual([
      ["ops", "given_up", 1],
      ["mail", "sent", 1],
    ]);
    await duty.fleet.inspect();
  });

  it("a channel that is taken out of the configuration while it is down: its fallback is told instead", async () => {
    const duty = await onDuty(PAIR);
    duty.receivers.says = (channel) => (channel === "ops" ? 500 : 204);
    await duty.minutes(2, WEUR_BAD);
    duty.fleet.bindings["HOOK_URL_QUICK"] = "https://hooks.example.com/quick";
    duty.fleet.reconfigure((input) => ({
      ...input,
      alerts: {
        ...PAIR,
        channels: [webhook("mail"), webhook("quick")],
        routes: [{ id: "service", to: ["quick"], fallback: "mail" }],
      },
    }));
    await until(duty, duty.now() + HOUR);
    expect(duty.receivers.heard().toSorted()).toEqual(["mail triggered chat-1", "quick triggered chat-1"]);
    expect(String(on("mail", duty)[0]?.body.data["sentence"])).toContain("ops");
    await duty.fleet.inspect();
  });
});

describe("a test message", () => {
  it("goes through the outbox, is tried once, says what was answered, and is no incident", async () => {
    const duty = await onDuty();
    const ask = (channel: string) => duty.during("chat", (object) => object.tryOut("chat", channel, "lin@example.com"));
    expect(await ask("nobody")).toEqual({ ok: false, refused: "no_channel" });
    expect(await ask("ops")).toMatchObject({ ok: true, answer: { accepted: true, httpStatus: 204 } });
    duty.receivers.says = () => 500;
    expect(await ask("ops")).toMatchObject({ ok: true, answer: { accepted: false, httpStatus: 500 } });
    await until(duty, duty.now() + HOUR);
    expect(duty.receivers.got.map(({ type }) => type)).toEqual(["incident.test", "incident.test"]);
    const { outbox, incidents } = await duty.stored();
    expect(outbox.map(({ state }) => state)).toEqual(["sent", "given_up"]);
    expect(incidents).toEqual([]);
    await duty.look();
    await duty.fleet.inspect();
  });
});
