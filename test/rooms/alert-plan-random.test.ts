// Aim: what must hold in every story: the same messages however often somebody looks, one trigger and one resolve for each channel
// and episode, in that order, and an end even when nobody can be told.
// Method: seeded stories (regions, severities, flapping, acknowledgements) and configurations, with channels that die and come back.

import { describe, expect, test } from "vitest";
import type { AlertKind } from "../../workers/alerts/alert.ts";
import { partsOf } from "../../workers/alerts/told.ts";
import type { Told } from "../../workers/alerts/told.ts";
import type { Alerting } from "../../workers/config/alerts/alerting.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { SCHEDULE, began, channel, facts } from "./alert-timelines.ts";
import { CHANGES, NIGHT, NOON, World, alertingOf, level, routeOf } from "./alert-worlds.ts";
import type { Happening } from "./alert-worlds.ts";

/** A story that may be: opened, then anything that may follow, over in the end. */
function randomStory(random: () => number): (readonly [string, Happening])[] {
  const story = [began({ severity: oneOf(random, ["error", "warning", "critical"]) })];
  if (random() < 0.2) story.unshift(facts("0:00:00", { mutedUntil: NOON + 1_000 * between(random, 0, 7_200) }));
  let state: "open" | "restored" = "open";
  let isAcked = false;
  let isFlapping = false;
  let at = 0;
  for (let i = between(random, 1, 14); i > 0; i -= 1) {
    at += 10_000 * oneOf(random, [0, 1, 2, 6, 40, 90, 700, 2_400]);
    const names: (keyof typeof CHANGES)[] =
      state === "open" ? ["joined", "left", "critical", "restored", "published", "noted"] : ["reopened", "published"];
    const name: keyof typeof CHANGES = oneOf<keyof typeof CHANGES>(random, [
      ...names,
      isFlapping ? "calm" : "flapping",
      ...(isAcked || state !== "open" ? [] : (["acked"] as const)),
    ]);
    if (name === "restored") state = "restored";
    if (name === "reopened") {
      state = "open";
      isAcked = false;
    }
    if (name === "acked") isAcked = true;
    if (name === "flapping" || name === "calm") isFlapping = name === "flapping";
    story.push([clockOf(at), { change: CHANGES[name] }]);
    if (random() < 0.1) story.push(facts(clockOf(at), { held: random() < 0.5 }));
    if (random() < 0.5) {
      const id = oneOf(random, ["ops", "pager", "boss", "mail", "phone"]);
      story.push([clockOf(at), { channel: id, health: oneOf(random, ["up", "up", "down", "dead"]) }]);
    }
  }
  story.push([clockOf(at + 600_000), { change: oneOf(random, [CHANGES.resolved, CHANGES.merged]) }]);
  return story;
}

const clockOf = (ms: number): string => `0:0:${ms / 1_000}`;

function randomAlerting(random: () => number): Alerting {
  const to = (): string => oneOf(random, ["ops", "pager", "boss", "lin", "ana", "shift"]);
  const levels = [level("0:00:00", to(), to()), level("0:15:00", to()), level("0:30:00", to())].slice(
    0,
    between(random, 1, 3),
  );
  const quiet = random() < 0.4 ? NIGHT : null;
  const fallback = oneOf(random, [null, "mail", "phone"]);
  const second = routeOf({
    id: "worst",
    severities: ["critical"],
    levels: [level("0:00:00", to()), level("0:10:00", to())],
    fallback,
  });
  const routes = [routeOf({ levels, quiet, fallback, next: true }), second];
  return alertingOf({ routes, schedules: [SCHEDULE], repeatMs: oneOf(random, [0, 3_600_000, 4 * 3_600_000]) });
}

describe("rules that hold in every story", () => {
  test("seeded: the same messages however often somebody looks; in order; nothing left over", () => {
    const random = mulberry32(606);
    const counts: Record<AlertKind | "stories" | "given_up" | "dropped" | "looks", number> = {
      stories: 0,
      trigger: 0,
      update: 0,
      acknowledge: 0,
      resolve: 0,
      test: 0,
      given_up: 0,
      dropped: 0,
      looks: 0,
    };
    for (let round = 0; round < 120; round += 1) {
      const [alerting, story] = [randomAlerting(random), randomStory(random)];
      const quiet = new World(alerting).run(story, "120:00:00");
      const looks = Array.from({ length: 40 }, () => NOON + between(random, 0, 60 * 3_600) * 1_000).sort(
        (a, b) => a - b,
      );
      const watched = new World(alerting).run(story, "120:00:00", looks);
      expect(watched.sent).toEqual(quiet.sent);
      expect([...watched.keys("sent", "given_up")].sort()).toEqual([...quiet.keys("sent", "given_up")].sort());
      expect(watched.planAt).toBeNull();
      expect(watched.keys("waiting")).toEqual([]);
      expectInOrder(watched.rows);
      counts.stories += 1;
      counts.looks += watched.plans;
      for (const { kind, state } of watched.rows) {
        if (state === "sent") counts[kind] += 1;
        else if (state !== "waiting") counts[state] += 1;
      }
    }
    console.log(
      `alert plans: ${Object.entries(counts)
        .map(([name, n]) => `${n} ${name}`)
        .join(", ")}`,
    );
    expect(
      Math.min(counts.trigger, counts.update, counts.acknowledge, counts.resolve, counts.given_up, counts.dropped),
    ).toBeGreaterThan(50);
  });

  test("every channel dead: it ends, and each was tried once an episode", () => {
    const random = mulberry32(607);
    let stories = 0;
    for (let round = 0; round < 100; round += 1) {
      const [alerting, story] = [randomAlerting(random), randomStory(random)];
      const dead = alerting.channels.map(({ id }) => channel("0:00:00", id, "dead"));
      const world = new World(alerting).run(
        [...dead, ...story.filter(([, happening]) => "change" in happening)],
        "120:00:00",
      );
      expect(world.sent).toEqual([]);
      expect(world.planAt).toBeNull();
      expect(world.keys("waiting")).toEqual([]);
      expect(world.keys("given_up").length).toBeGreaterThan(0);
      const tried = world.rows
        .filter(({ key, state }) => state === "given_up" && partsOf(key).what !== "instead")
        .map((row) => `${partsOf(row.key).episode} ${row.channel}`);
      expect(new Set(tried).size).toBe(tried.length);
      stories += 1;
    }
    expect(stories).toBe(100);
  });
});

/** Of each channel and episode: one trigger first, nothing after its resolve, and a resolve exactly where a trigger was sent. */
function expectInOrder(rows: readonly Told[]): void {
  const lines = Map.groupBy(rows, ({ key, channel: id }) => `${partsOf(key).episode} ${id}`);
  for (const line of lines.values()) {
    const sent = line.filter(({ state }) => state === "sent").sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0));
    const whats = sent.map(({ key }) => partsOf(key).what);
    if (sent.length === 0) continue;
    // One that was tried for a day may have arrived: its end is told, though it is not known whether its beginning was.
    const isUnsure = line.some(({ kind, gaveUp }) => kind === "trigger" && gaveUp === "too_long");
    if (!isUnsure || sent[0]?.kind !== "resolve") {
      expect(sent[0]?.kind).toBe("trigger");
      expect(["trigger", "instead"]).toContain(whats[0]);
    }
    expect(whats.filter((what) => what === "trigger").length).toBeLessThanOrEqual(1);
    const resolves = line.filter(({ kind, state }) => kind === "resolve" && state !== "dropped");
    expect(resolves).toHaveLength(1);
    if (resolves[0]?.state === "sent") expect(sent.at(-1)?.kind).toBe("resolve");
  }
}
