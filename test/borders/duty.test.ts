// Aim: from rounds at the collector's door to messages at a receiver: one story is one incident and one page at once, told again
// only for a reason; what nobody can see is the keepers' business; nothing that fails on the way loses or doubles a message.
// Method: the real Duty, collector and D1 in workerd, rounds written as signs, a clock that stands where the test put it,
// receivers that record what came; after each story the inspector, which compares D1's copy with what the Duty holds.

import { describe, expect, it } from "vitest";

import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import { readToken } from "../../workers/alerts/ack-link.ts";
import type { AckToken } from "../../workers/alerts/ack-link.ts";
import { linkKeyOf } from "../../workers/alerts/link-key.ts";
import { safeKey } from "../../workers/alerts/safe-key.ts";
import type { NewMaintenance } from "../../workers/incidents/maintenance.ts";
import { must } from "../observations.ts";
import { NOON } from "../world.ts";
import { ALERTS, BAD, GOOD, HOUR, hurry, MINUTE, onDuty, webhook } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";
import { envelopeOf } from "./rounds.ts";

const WEUR_BAD = { weur: BAD, enam: GOOD, oc: GOOD };
/** The second bad round proves it, 8 s after its slot. */
const PAGED_AT = NOON + MINUTE + 8_000;

const stories = async (on: OnDuty, target = "chat"): Promise<string[]> =>
  on.during(target, (duty) =>
    duty
      .incidents(target, 50, 1_000)
      .map(({ incident: { id, kind, scope, state, regions } }) => [id, kind, scope, state, ...regions].join(" ")),
  );

const publish = (on: OnDuty, incident: string, key: string) =>
  on.during("chat", (duty) =>
    duty.act("chat", {
      incident,
      act: { kind: "publish", statement: "identified", text: { en: `We know: ${key}.` } },
      who: "lin@example.com",
      at: null,
      key,
    }),
  );

describe("an outage", () => {
  it("is one incident and one page at once; it is over after the recovery, once, and resolved after a while", async () => {
    const on = await onDuty();
    await on.minutes(1, WEUR_BAD);
    expect(on.receivers.got, "a first bad round is no proof").toEqual([]);
    await on.minutes(4, WEUR_BAD);
    expect(on.receivers.got.map(({ at, channel, type }) => [at, channel, type])).toEqual([
      [PAGED_AT, "ops", "incident.triggered"],
    ]);
    expect(await stories(on)).toEqual(["chat-1 outage region open weur"]);
    await on.minutes(5, GOOD);
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1", "ops resolved chat-1"]);
    on.at(NOON + HOUR);
    await on.minutes(2, GOOD);
    expect(await stories(on)).toEqual(["chat-1 outage region resolved weur"]);
    expect(on.receivers.got).toHaveLength(2);
    const { events } = await on.stored();
    expect(events.map(({ change }) => (change as { kind: string }).kind)).toEqual([
      "opened",
      "measured",
      "measured",
      "restored",
      "measured",
      "resolved",
    ]);
    await on.fleet.inspect();
  });

  it("news of it go out together, and then at most every five minutes", async () => {
    const on = await onDuty();
    await on.minutes(2, WEUR_BAD);
    for (const [i, key] of ["one", "two", "three"].entries()) {
      on.at(PAGED_AT + (i + 1) * 5_000);
      expect(await publish(on, "chat-1", key)).toMatchObject({ ok: true, repeated: false });
    }
    expect(await publish(on, "chat-1", "three")).toMatchObject({ ok: true, repeated: true });
    expect(on.receivers.got).toHaveLength(1);
    expect(await on.ring(PAGED_AT + HOUR)).toBe(true);
    expect(on.receivers.got.map(({ at, type }) => [at, type]).slice(1)).toEqual([
      [PAGED_AT + 30_000, "incident.updated"],
    ]);
    await publish(on, "chat-1", "four");
    while (await on.ring(PAGED_AT + HOUR));
    // After minutes of silence the keepers have heard of something, too.
    const own = on.receivers.got.filter(({ channel }) => channel === "ops");
    expect(own.map(({ at }) => at - PAGED_AT)).toEqual([0, 30_000, 30_000 + 5 * MINUTE]);
    await on.fleet.inspect();
  });

  it("most regions at once are one global incident, which takes the regional one over", async () => {
    const on = await onDuty();
    await on.minutes(2, WEUR_BAD);
    await on.minutes(2, BAD);
    expect(await stories(on)).toEqual(["chat-2 outage global open weur enam oc", "chat-1 outage region merged weur"]);
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1", "ops resolved chat-1", "ops triggered chat-2"]);
    expect(on.receivers.got.at(-1)?.body.data["severity"]).toBe("critical");
    await on.minutes(5, GOOD);
    expect(on.receivers.heard().slice(3)).toEqual(["ops resolved chat-2"]);
    await on.fleet.inspect();
  });
});

describe("regions that go bad within a minute", () => {
  /** Each a few seconds after the one before; all have been bad once. */
  const oneByOne = async (...regions: readonly string[]): Promise<OnDuty> => {
    const on = await onDuty();
    await on.slot(NOON, BAD);
    for (const [nth, region] of regions.entries()) {
      await on.take(NOON + MINUTE, { [region]: BAD });
      on.at(NOON + MINUTE + (nth + 1) * 5_000);
      await on.look();
    }
    return on;
  };

  it("the first page leaves at once, the second waits for what may be most of them, and leaves if it is not", async () => {
    const on = await oneByOne("weur", "enam");
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1"]);
    const from = on.now();
    while (await on.ring(from + 20_000));
    const [, second] = on.receivers.got;
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1", "ops triggered chat-2"]);
    expect((second?.at ?? 0) - from).toBe(15_000);
  });

  it("and is no page of its own once it is most of them", async () => {
    const on = await oneByOne("weur", "enam", "oc");
    while (await on.ring(on.now() + MINUTE));
    expect(on.receivers.heard().toSorted()).toEqual([
      "ops resolved chat-1",
      "ops triggered chat-1",
      "ops triggered chat-3",
    ]);
  });
});

describe("what nobody can see", () => {
  it("two targets without a word of one region: one incident of the keepers, none of theirs", async () => {
    const on = await onDuty();
    await on.slot(NOON, GOOD, "push");
    on.at(NOON);
    for (let nth = 0; nth < 8; nth += 1) {
      await on.minutes(1, { enam: GOOD, oc: GOOD });
      await on.look("push");
      await on.look(KEEPERS);
    }
    expect([await stories(on), await stories(on, "push")]).toEqual([[], []]);
    expect(await stories(on, KEEPERS)).toEqual([`${KEEPERS}-1 blind region open weur`]);
    expect(on.receivers.heard()).toEqual([`ours triggered ${safeKey(`${KEEPERS}-1`)}`]);
    const from = on.now();
    await on.minutes(3, GOOD);
    expect(await stories(on, KEEPERS), "push is blind still").toEqual([`${KEEPERS}-1 blind region open weur`]);
    on.at(from);
    await on.minutes(3, GOOD, "push");
    await on.look(KEEPERS);
    expect(on.receivers.heard().slice(1)).toEqual([`ours resolved ${safeKey(`${KEEPERS}-1`)}`]);
    await on.fleet.inspect();
  });

  it("a Duty that fails with each look: the keepers hear of it within minutes, and that it looks again", async () => {
    const on = await onDuty();
    on.fleet.onDuty();
    const { live } = await on.during("push", ({ stores }) => {
      const before = { live: stores.store.live };
      stores.store.live = () => {
        throw new Error("broken");
      };
      return before;
    });
    for (let nth = 0; nth < 5; nth += 1) {
      await on.minutes(1, GOOD);
      await on.fleet.watch();
    }
    expect(await stories(on, KEEPERS)).toEqual([`${KEEPERS}-1 blind region open weur`]);
    expect(on.receivers.heard()).toEqual([`ours triggered ${safeKey(`${KEEPERS}-1`)}`]);
    await on.during("push", ({ stores }) => void (stores.store.live = live));
    await on.minutes(1, GOOD);
    await on.minutes(1, GOOD, "push");
    await on.fleet.watch();
    await on.look(KEEPERS);
    expect(on.receivers.heard().slice(1)).toEqual([`ours resolved ${safeKey(`${KEEPERS}-1`)}`]);
  });

  it("a collector that fails, or says nothing, is asked again: nothing is lost and nothing counts twice", async () => {
    const on = await onDuty();
    const { COLLECTOR } = on.fleet.bindings;
    const own = COLLECTOR.get;
    const answers = [() => Promise.reject(new Error("Network connection lost.")), () => new Promise(() => {})];
    const undo = hurry(10_000);
    for (const [nth, since] of answers.entries()) {
      await on.take(NOON + nth * MINUTE, WEUR_BAD);
      Object.assign(COLLECTOR, { get: () => ({ since }) });
      await on.look();
      Object.assign(COLLECTOR, { get: own });
    }
    undo();
    expect(on.receivers.got).toEqual([]);
    expect(must((await on.stored()).identity[0]).cursor, "as far as the two good minutes").toBe(6);
    await on.look();
    await on.look();
    expect(on.receivers.got.map(({ type, incident }) => [type, incident])).toEqual([["incident.triggered", "chat-1"]]);
    expect(must((await on.stored()).identity[0]).cursor).toBe(12);
    await on.fleet.inspect();
  });
});

describe("confirm rounds", () => {
  it("the prober of the region is asked, again while it is busy, and its word opens the incident before the next slot", async () => {
    const on = await onDuty();
    hurry(500);
    const busy = [false, false, true];
    on.confirms.answer = () => busy.shift() ?? true;
    await on.slot(NOON, WEUR_BAD);
    expect(on.asked).toEqual(Array.from({ length: 3 }, () => "weur.0.v1 chat"));
    const { hash } = await on.fleet.current();
    for (const slotAt of [NOON + 10_000, NOON + 16_000]) {
      on.at(slotAt + 8_000);
      const told = { slotAt, everyMs: MINUTE, configHash: hash, signs: "xxx", facts: { purpose: "confirm" as const } };
      await on.fleet.collector("chat").take("chat", [envelopeOf(told)]);
      await on.look();
    }
    expect(on.receivers.got.map(({ at, type }) => [at - NOON, type])).toEqual([[24_000, "incident.triggered"]]);
    await on.fleet.inspect();
  });

  it("one that is always busy is let go after eight tries, and one that fails stops nothing", async () => {
    const on = await onDuty();
    hurry(500);
    on.confirms.answer = () => false;
    await on.slot(NOON, WEUR_BAD);
    expect(on.asked).toHaveLength(8);
    on.confirms.answer = () => Promise.reject(new Error("Network connection lost."));
    await on.slot(NOON + MINUTE, BAD);
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1"]);
    await on.fleet.inspect();
  });

  it("what is told late asks for nothing: it was long ago", async () => {
    const on = await onDuty();
    await on.take(NOON, WEUR_BAD);
    on.at(NOON + 50_000);
    await on.look();
    expect(on.asked).toEqual([]);
  });
});

describe("who is not to be woken", () => {
  const work = (on: OnDuty, toAt: number): Promise<unknown> => {
    const record: NewMaintenance = {
      key: "work-1",
      target: "chat",
      regions: ["weur"],
      title: { en: "New certificates" },
      window: { kind: "once", fromAt: NOON - MINUTE, toAt },
      author: "lin@example.com",
      withdraws: null,
    };
    return on.during("chat", (duty) => duty.announce("chat", record));
  };

  it("an outage within a maintenance is told when that ends, and not at all if it is over by then", async () => {
    const on = await onDuty();
    const endsAt = NOON + 20 * MINUTE;
    await work(on, endsAt);
    expect(await work(on, endsAt + HOUR), "the same key is one record").toMatchObject({ id: "chat-m1" });
    await on.minutes(3, WEUR_BAD);
    await on.minutes(5, GOOD);
    expect(await stories(on)).toEqual(["chat-1 outage region restored weur"]);
    await on.minutes(4, { weur: GOOD, enam: BAD, oc: GOOD });
    expect(on.receivers.heard(), "another region is not muted").toEqual(["ops triggered chat-2"]);
    await on.minutes(3, WEUR_BAD);
    expect(on.receivers.heard().filter((each) => each.endsWith("chat-1"))).toEqual([]);
    while (await on.ring(endsAt));
    const own = on.receivers.got.filter(({ incident }) => incident === "chat-1");
    expect(own.map(({ at, type }) => [at, type])).toEqual([[endsAt, "incident.triggered"]]);
    await on.fleet.inspect();
  });

  it("quiet hours hold an error until they end, and let a critical one through", async () => {
    const quiet = { zone: "UTC", from: "11:00", to: "13:00" } as const;
    const on = await onDuty({ ...ALERTS, routes: [{ id: "service", to: ["ops"], quiet }] });
    await on.minutes(3, WEUR_BAD);
    expect(on.receivers.got).toEqual([]);
    await on.minutes(2, BAD);
    expect(on.receivers.heard()).toEqual(["ops triggered chat-2"]);
    const another = await onDuty({ ...ALERTS, routes: [{ id: "service", to: ["ops"], quiet }] });
    await another.minutes(3, WEUR_BAD);
    while (await another.ring(NOON + 2 * HOUR));
    expect(another.receivers.got.map(({ at, type }) => [at, type])).toEqual([[NOON + HOUR, "incident.triggered"]]);
    await another.fleet.inspect();
  });

  it("a link in the message acknowledges once, and whoever would have been woken next sleeps", async () => {
    const levels = [
      { after: "0s", to: ["ops"] },
      { after: "15m", to: ["boss"] },
    ] as const;
    const alerts = { ...ALERTS, channels: [webhook("ops"), webhook("boss")], routes: [{ id: "service", levels }] };
    const unheard = await onDuty(alerts);
    await unheard.minutes(2, WEUR_BAD);
    while (await unheard.ring(PAGED_AT + HOUR));
    expect(unheard.receivers.got.map(({ at, channel }) => [at - PAGED_AT, channel])).toEqual([
      [0, "ops"],
      [15 * MINUTE, "ops"],
      [15 * MINUTE, "boss"],
    ]);

    const on = await onDuty(alerts);
    await on.minutes(2, WEUR_BAD);
    const token = await tokenIn(on);
    expect(await on.during("chat", (duty) => duty.link("chat", token))).toMatchObject({ ok: true, to: "ops" });
    on.at(PAGED_AT + 14 * MINUTE);
    expect(await on.during("chat", (duty) => duty.follow("chat", token))).toMatchObject({
      ok: true,
      incident: { acked: { by: "ops", at: PAGED_AT + 14 * MINUTE } },
    });
    expect(await on.during("chat", (duty) => duty.follow("chat", token))).toMatchObject({
      ok: false,
      refused: "already_acknowledged",
    });
    while (await on.ring(PAGED_AT + 5 * HOUR));
    expect(on.receivers.heard()).toEqual(["ops triggered chat-1", "ops acknowledged chat-1"]);
    expect(on.receivers.got.at(-1)?.body.data["ack_url"], "nothing is left to be acknowledged").toBeNull();
    await on.fleet.inspect();
  });
});

async function tokenIn(on: OnDuty): Promise<AckToken> {
  const url = String(must(on.receivers.got.at(-1)).body.data["ack_url"]);
  const key = linkKeyOf("LINK_SECRET", (name) => String(on.fleet.bindings[name]));
  expect(url).toMatch(/^https:\/\/status\.example\.com\/ack\/./);
  if (key === null) throw new Error("no key");
  const token = await readToken(url.slice("https://status.example.com/ack/".length), key, on.now());
  if (typeof token === "string") throw new Error(token);
  return token;
}
