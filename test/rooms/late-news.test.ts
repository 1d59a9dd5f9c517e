// Aim: what is heard of when it is over belongs to the story that it was part of, and ends in the look that told it. Method: regions
// whose bad times began and ended between two looks, as a collector that was away brings them. World: incident-world.ts.

import { expect, test } from "vitest";

import { MIN, short, T0, World } from "./incident-world.ts";

function past(world: World, region: string, fromMinute: number, toMinute: number): void {
  const place = world.places.get(region);
  if (place === undefined) throw new Error(`no region ${region}`);
  const [startedAt, endedAt] = [T0 + fromMinute * MIN, T0 + toMinute * MIN];
  place.outage = { startedAt, endedAt, attempted: 40, bad: 40, flapping: false };
}

function afterGlobal(): World {
  const world = new World([..."abcd"]);
  world.show("xxx.", T0);
  world.look(T0);
  world.show("....", T0 + 5 * MIN);
  world.look(T0 + 5 * MIN);
  expect(world.all().map(({ state, scope }) => `${state} ${scope}`)).toEqual(["restored global"]);
  return world;
}

test("a region that is heard of late was part of what most regions had, and makes it end no sooner", () => {
  const world = afterGlobal();
  world.show("....", T0 + 9 * MIN);
  past(world, "d", 1, 3);
  expect(world.look(T0 + 9 * MIN).map(short)).toEqual(["1 again d", "1 restored 5", "1 measured"]);
  const [incident, ...others] = world.all();
  expect(others).toEqual([]);
  expect(incident).toMatchObject({ state: "restored", regions: [..."abcd"], badRegions: [], impactEnd: T0 + 5 * MIN });
});

test("one that was bad at another time is another story", () => {
  const world = afterGlobal();
  world.show("....", T0 + 9 * MIN);
  past(world, "d", 6, 8);
  world.look(T0 + 9 * MIN);
  expect(world.all().map(({ regions, state }) => `${regions.join("")} ${state}`)).toEqual([
    "abc restored",
    "d restored",
  ]);
});

test("two regions that came back and were good again, told in one look: it is over after that look", () => {
  const world = afterGlobal();
  past(world, "a", 7, 8);
  past(world, "b", 7, 9);
  const told = world.look(T0 + 10 * MIN).map(short);
  expect(told.slice(0, 4)).toEqual(["1 again a", "1 restored 8", "1 again b", "1 restored 9"]);
  expect(world.all()).toMatchObject([{ state: "restored", badRegions: [], impactEnd: T0 + 9 * MIN }]);
});
