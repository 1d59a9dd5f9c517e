// Aim: from what regions show, look by look, the right incidents open, merge, end and come back, once each. Method: timelines as tables,
// a sign for each region and what follows; each look is decided twice, with two kinds of memory of what has ended. World:
// incident-world.ts.

import { describe, expect, test } from "vitest";
import { decide } from "../../workers/incidents/decide.ts";
import type { StoryFacts } from "../../workers/incidents/story.ts";
import { must } from "../observations.ts";
import { TIMELINES } from "./incident-timelines.ts";
import type { Row } from "./incident-timelines.ts";
import { act, MIN, SETTINGS, short, T0, World } from "./incident-world.ts";

function run(rows: readonly Row[], forgetful = false): World {
  const world = new World([..."abcdefg"].slice(0, must(rows[0])[1].length), forgetful);
  for (const [minute, signs, decided] of rows) {
    const at = T0 + minute * MIN;
    world.show(signs, at);
    const events = world.look(at).filter(({ change }) => change.kind !== "measured");
    expect(`${minute} ${events.map(short).join(", ")}`).toBe(`${minute} ${decided}`);
  }
  return world;
}

describe("timelines", () => {
  test.each(Object.entries(TIMELINES))("%s", (_, rows) => {
    run(rows);
    run(rows, true);
  });
  test("how many", () => {
    const rows = Object.values(TIMELINES).reduce((sum, each) => sum + each.length, 0);
    console.log(`${Object.keys(TIMELINES).length} timelines, ${rows} looks, each with both kinds of memory`);
    expect(Object.keys(TIMELINES).length).toBeGreaterThanOrEqual(30);
  });
});

describe("by hand", () => {
  const bout = { startedAt: T0, endedAt: null, attempted: 20, bad: 18, flapping: false };
  const region = { measured: true, outage: null, brownout: null, blindSince: null, blindReason: null };
  const facts = { target: "chat", settings: SETTINGS, sentenceOf: () => ({ en: "Bad.", zh: "坏。" }) };

  test("what began and ended between two looks is told whole, once", () => {
    const world = new World(["a"]);
    const place = must(world.places.get("a"));
    place.outage = { ...bout, endedAt: T0 + MIN };
    expect(world.look(T0 + 5 * MIN).map(short)).toEqual(["+1 outage error a 0", "1 restored 1", "1 measured"]);
    place.outage = { ...bout, startedAt: T0 + 6 * MIN, endedAt: T0 + 7 * MIN };
    expect(
      world
        .look(T0 + 8 * MIN)
        .map(short)
        .slice(0, 2),
    ).toEqual(["1 again a", "1 restored 7"]);
    expect(world.look(T0 + 40 * MIN).map(short)).toEqual(["1 resolved"]);
    expect(world.look(T0 + 90 * MIN)).toEqual([]);
  });

  test("found late, long after its end: opened, restored and resolved in one look, and then no more", () => {
    const world = new World(["a"]);
    must(world.places.get("a")).outage = { ...bout, endedAt: T0 + MIN };
    const kinds = world.look(T0 + 100 * MIN).map(({ change }) => change.kind);
    expect(kinds).toEqual(["opened", "restored", "measured", "resolved"]);
    expect(world.look(T0 + 200 * MIN)).toEqual([]);
    expect(world.incident("chat-1")).toMatchObject({ impactStart: T0, impactEnd: T0 + MIN, detected: T0 + 100 * MIN });
  });

  test("numbers are told at the opening, when they have doubled, and at the end", () => {
    const world = new World(["a", "b"]);
    const told: number[] = [];
    for (let minute = 0; minute <= 200; minute++) {
      world.show(minute < 200 ? "x." : "..", T0 + minute * MIN);
      for (const { change } of world.look(T0 + minute * MIN)) {
        if (change.kind === "measured") told.push(must(change.impact[0]).bad);
      }
    }
    expect(told).toEqual([18, 36, 72, 144, 288, 576, 1152, 2304, 3600]);
    expect(world.incident("chat-1").impact).toEqual([{ region: "a", attempted: 4000, bad: 3600 }]);
  });

  test("resolved by force while bad: the same outage opens no other, its return does", () => {
    const world = new World(["a"]);
    world.show("x", T0);
    world.look(T0);
    const note = "The probe's address was wrong.";
    expect(act(world, { kind: "resolve", note, force: true }, T0 + MIN)).toBe(true);
    for (let minute = 1; minute < 90; minute++) {
      world.show("x", T0 + minute * MIN);
      expect(world.look(T0 + minute * MIN)).toEqual([]);
    }
    expect(world.incident("chat-1")).toMatchObject({ state: "resolved", impactEnd: null, resolvedAt: T0 + MIN });
    world.show(".", T0 + 90 * MIN);
    expect(world.look(T0 + 90 * MIN)).toEqual([]);
    world.show("x", T0 + 95 * MIN);
    expect(world.look(T0 + 95 * MIN).map(short)[0]).toBe("+2 outage error a 95");
  });

  test("a detector that forgot what was bad does not end what is unmeasured", () => {
    const world = new World(["a"]);
    world.show("x", T0);
    world.look(T0);
    world.show("?", T0 + MIN);
    must(world.places.get("a")).outage = null;
    expect(world.look(T0 + 2 * MIN)).toEqual([]);
    world.show(".", T0 + 3 * MIN);
    expect(world.look(T0 + 3 * MIN).map(short)).toEqual(["1 restored 3"]);
  });

  test("an outage that turns out to go on, after its incident was resolved, is told", () => {
    const world = new World(["a"]);
    const place = must(world.places.get("a"));
    place.outage = { ...bout, endedAt: T0 + MIN };
    world.look(T0 + 100 * MIN);
    place.outage = bout;
    expect(world.look(T0 + 101 * MIN).map(short)[0]).toBe("+2 outage error a 0");
  });

  test("two open incidents of one region, by a person's reopening, become one", () => {
    const world = new World(["a"]);
    world.show("x", T0);
    world.look(T0);
    act(world, { kind: "resolve", note: "Done.", force: true }, T0 + MIN);
    world.show(".", T0 + 2 * MIN);
    world.look(T0 + 2 * MIN);
    world.show("x", T0 + 3 * MIN);
    expect(world.look(T0 + 3 * MIN).map(short)[0]).toBe("+2 outage error a 3");
    act(world, { kind: "reopen", note: "Not done." }, T0 + 4 * MIN);
    expect(
      world
        .look(T0 + 4 * MIN)
        .map(short)
        .slice(0, 2),
    ).toEqual(["2>1", "1<2 a"]);
  });

  test("a return whose first bad message was before Sonde's own resolution is not missed", () => {
    const world = new World(["a"]);
    world.show("x", T0);
    world.look(T0);
    world.show(".", T0 + MIN);
    world.look(T0 + MIN);
    expect(world.look(T0 + 31 * MIN).map(short)).toEqual(["1 resolved"]);
    must(world.places.get("a")).outage = { ...bout, startedAt: T0 + 30.9 * MIN };
    expect(world.look(T0 + 32 * MIN).map(short)[0]).toBe("+2 outage error a 30.9");
  });

  test("a person keeps it open while all is good, and ends it", () => {
    const world = new World(["a"]);
    world.show("x", T0);
    world.look(T0);
    world.show(".", T0 + MIN);
    world.look(T0 + MIN);
    act(world, { kind: "reopen", note: "Customers still complain." }, T0 + 2 * MIN);
    expect(world.look(T0 + 500 * MIN)).toEqual([]);
    expect(world.incident("chat-1")).toMatchObject({ state: "open", badRegions: [], impactEnd: null, reopened: 1 });
    act(world, { kind: "resolve", note: "", force: false }, T0 + 501 * MIN);
    expect(world.incident("chat-1")).toMatchObject({ state: "resolved", impactEnd: T0 + 501 * MIN });
  });

  test("a drill is left alone, and the real outage beside it is told", () => {
    const world = new World(["a"]);
    const opened = {
      kind: "opened",
      of: "outage",
      audience: "service",
      severity: "critical",
      scope: "global",
    } as const;
    const change = { ...opened, regions: ["a"], about: null, sentence: { en: "Drill.", zh: "演练。" }, drill: true };
    world.keep([{ incident: "chat-1", key: "d", at: T0, author: "lin", change }], T0);
    expect(world.look(T0 + 60 * MIN)).toEqual([]);
    world.show("x", T0 + 61 * MIN);
    expect(world.look(T0 + 61 * MIN).map(short)[0]).toBe("+2 outage error a 61");
  });

  test("the sentence is made from who is bad, with their numbers", () => {
    const asked: StoryFacts[] = [];
    const seen = ["a", "b", "c"].map((id) => ({ ...region, region: id, outage: id === "b" ? bout : null }));
    const sentenceOf = (story: StoryFacts) => (asked.push(story), { en: story.regions.join(), zh: "" });
    const events = decide({ incidents: [], nextNumber: 7 }, seen, { ...facts, now: T0, sentenceOf });
    expect(events.map(({ key }) => key)).toEqual(["chat-7/opened", "chat-7/measured/0"]);
    const impact = [{ region: "b", attempted: 20, bad: 18 }];
    expect(asked[0]).toEqual({ kind: "outage", scope: "region", regions: ["b"], impact, reason: null });
    expect(asked).toHaveLength(2);
  });

  test("nobody is said to be good again who is not measured from any more", () => {
    const world = new World(["a", "b"]);
    for (const [minute, signs] of [
      [1, "x."],
      [2, "-."],
    ] as const) {
      world.show(signs, T0 + minute * MIN);
      world.look(T0 + minute * MIN);
    }
    expect(world.incident("chat-1")).toMatchObject({ state: "resolved", impactEnd: null, badRegions: ["a"] });
    const last = must(world.eventsOf("chat-1").at(-1)).change;
    expect(last).toMatchObject({ kind: "resolved", note: expect.stringContaining("is not known") });
  });

  test("what is over keeps its sentence when only its numbers change, whatever else is bad by then", () => {
    const world = new World(["a", "b"]);
    const past = { ...bout, endedAt: T0 + MIN };
    must(world.places.get("a")).outage = past;
    world.look(T0 + 2 * MIN);
    const told = world.incident("chat-1").sentence;
    const seen = ["a", "b"].map((id) => ({ ...region, region: id, outage: id === "a" ? { ...past, bad: 19 } : bout }));
    const sentenceOf = () => ({ en: "To and from b.", zh: "" });
    const known = { incidents: [world.incident("chat-1")], nextNumber: 2 };
    const events = decide(known, seen, { ...facts, now: T0 + 3 * MIN, sentenceOf });
    const measured = events.flatMap(({ incident, change }) =>
      change.kind === "measured" ? [{ incident, change }] : [],
    );
    expect(measured.map(({ incident, change }) => [incident, change.sentence.en])).toEqual([
      ["chat-2", "To and from b."],
      ["chat-1", told.en],
    ]);
    expect(must(measured[1]).change.impact).toEqual([{ region: "a", attempted: 20, bad: 19 }]);
  });

  test("a budget that is over is resolved in peace as well", () => {
    const world = new World(["a"]);
    const of = {
      of: "budget",
      audience: "service",
      severity: "warning",
      scope: "global",
      about: "gold/delivery",
    } as const;
    const opened = { kind: "opened", ...of, regions: [], sentence: { en: "", zh: "" }, drill: false } as const;
    const base = { incident: "chat-1", author: "sonde" };
    world.keep([{ ...base, key: "o", at: T0, change: opened }], T0);
    world.keep([{ ...base, key: "r", at: T0 + MIN, change: { kind: "restored" } }], T0 + MIN);
    const known = { incidents: [world.incident("chat-1")], nextNumber: 2 };
    expect(decide(known, [], { ...facts, now: T0 + 30 * MIN })).toEqual([]);
    const [event, ...more] = decide(known, [], { ...facts, now: T0 + 31 * MIN });
    expect([must(event).change.kind, more]).toEqual(["resolved", []]);
  });
});
