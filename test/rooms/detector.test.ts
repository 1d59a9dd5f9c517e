// Aim: the state machine of sla.md 6, line by line: what is suspected, proven, over, and unknown, and since when. Method: timelines to
// read, and random lives of a region that must keep its laws: nothing is concluded from what is not known, what opens closes once.

import { describe, expect, test } from "vitest";

import { findingOf, newDetector } from "../../workers/incidents/detection.ts";
import type { Change, DetectorState } from "../../workers/incidents/detection.ts";
import { advance, tick } from "../../workers/incidents/detector.ts";
import type { DetectorSettings } from "../../workers/incidents/detector.ts";
import type { Signal } from "../../workers/incidents/signal.ts";
import { must } from "../observations.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { BURSTS } from "./detector-bursts.ts";
import { OTHERS } from "./detector-others.ts";
import { BURST, SMALL, SPREAD, told } from "./detector-told.ts";
import { NOON, signal, upDetector } from "./detector-world.ts";

const KINDS: Readonly<Record<string, DetectorSettings>> = { burst: BURST, small: SMALL, spread: SPREAD };

const timelines = [BURSTS, OTHERS].flatMap((text) =>
  text
    .trim()
    .split("\n\n")
    .map((part) => {
      const [head = "", ...lines] = part.split("\n");
      const [, name = "", fresh, kind = ""] = /^(.*) \((fresh )?(\w+)\)$/.exec(head) ?? [];
      return {
        name,
        fresh: fresh !== undefined,
        kind,
        lines: lines.map((line) => line.split("|").map((side) => side.trim())),
      };
    }),
);

describe("timelines", () => {
  test("there are sixty of them at least", () => {
    console.log(`${timelines.length} timelines, ${timelines.flatMap(({ lines }) => lines).length} lines`);
    expect(timelines.length).toBeGreaterThanOrEqual(60);
  });

  test.each(timelines)("$kind: $name", ({ kind, fresh, lines }) => {
    const happens = lines.map(([left = ""]) => left);
    expect(told(must(KINDS[kind]), happens, fresh)).toEqual(lines.map(([, right]) => right));
  });
});

describe("what it remembers", () => {
  test("a round that is not newer than the newest changes nothing", () => {
    const up = upDetector(BURST, NOON);
    const at = (slotAt: number, confirm = false): Signal =>
      signal({ slotAt, confirm, signs: "x".repeat(confirm ? 3 : 20) });
    const suspect = advance(up, at(NOON), BURST).state;
    expect(suspect.state).toBe("suspect");
    for (const old of [at(NOON), at(NOON - 60_000), at(NOON - 7 * 86_400_000), at(NOON - 60_000, true)]) {
      const again = advance(suspect, old, BURST);
      expect(again.state).toBe(suspect);
      expect(again.changes).toEqual([]);
    }
    expect(advance(suspect, at(NOON, true), BURST).changes).not.toEqual([]);
  });

  test("what decides about incidents reads it: since when nothing is known, what is bad, what was", () => {
    expect(findingOf(newDetector(NOON))).toEqual({
      measured: false,
      outage: null,
      brownout: null,
      blindSince: NOON,
      blindReason: "new",
    });
    let state = upDetector(BURST, NOON);
    for (const slot of [0, 1])
      state = advance(state, signal({ slotAt: NOON + slot * 60_000, signs: "x".repeat(20) }), BURST).state;
    const outage = {
      startedAt: NOON,
      endedAt: null,
      attempted: 40,
      bad: 40,
      late: 0,
      worst: { attempted: 20, bad: 20 },
      flapping: false,
    };
    expect(findingOf(state)).toEqual({ measured: true, outage, brownout: null, blindSince: null, blindReason: null });
    state = tick(state, NOON + 60_000 + 150_001, BURST).state;
    expect(findingOf(state)).toMatchObject({
      measured: false,
      outage,
      blindSince: NOON + 120_000,
      blindReason: "silence",
    });
    const unfit = signal({ slotAt: NOON + 300_000, signs: "", unfit: "credentials" });
    expect(findingOf(advance(state, unfit, BURST).state)).toMatchObject({
      blindSince: NOON + 120_000,
      blindReason: "credentials",
    });
  });

  test("silence begins after two slots and 30 s, whatever the interval", () => {
    for (const everyMs of [3_000, 10_000, 60_000, 300_000]) {
      const settings = { messages: 20, everyMs };
      const up = upDetector(settings, NOON);
      const last = NOON - everyMs;
      expect(tick(up, last + 2 * everyMs + 30_000, settings)).toEqual({ state: up, changes: [] });
      expect(tick(up, last + 2 * everyMs + 30_001, settings).state).toMatchObject({ state: "unmeasured", since: NOON });
    }
  });
});

/** A service that is good, bad, half bad or late for a while; a prober that is blind or silent now and then. */
function life(
  seed: number,
  settings: DetectorSettings,
  slots: number,
): { readonly at: number; readonly signal: Signal | null }[] {
  const random = mulberry32(seed);
  const steps: { at: number; signal: Signal | null }[] = [];
  let [mood, left] = ["good", 0];
  for (let slot = 0; slot < slots; slot++) {
    if (left-- <= 0)
      [mood, left] = [
        oneOf(random, ["good", "good", "bad", "half", "slow", "late", "blind", "silent"]),
        between(random, 1, 25),
      ];
    const slotAt = NOON + slot * settings.everyMs;
    const share = { bad: 1, half: 0.5, slow: 0.06 }[mood] ?? 0.002;
    const sign = (): string => (random() < share ? "x" : mood === "late" && random() < 0.3 ? "o" : ".");
    const signs = (count: number): string => Array.from({ length: count }, sign).join("");
    const unfit = mood === "blind" ? oneOf(random, ["controls", "platform", "not_sent"] as const) : null;
    if (mood === "silent") steps.push({ at: slotAt, signal: null });
    else steps.push({ at: slotAt, signal: signal({ slotAt, signs: signs(settings.messages), unfit }) });
    if (mood !== "silent" && random() < 0.2) {
      const confirm = signal({ slotAt: slotAt + 1_000, signs: signs(3), confirm: true, gapMs: 500 });
      steps.push({ at: slotAt, signal: confirm });
    }
  }
  return steps;
}

/** Freezes all of it, so that a change in place throws. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** The laws of every change, one after the other. */
function obey(before: DetectorState, after: DetectorState, changes: readonly Change[]): void {
  let state = before.state;
  const isOpen = { outage: before.outage?.endedAt === null, brownout: before.brownout?.endedAt === null };
  for (const change of changes) {
    if (change.kind === "state") {
      expect(change.from).toBe(state);
      if (state === "unmeasured") expect(change.to).toBe("suspect");
      if (change.to === "down") expect(["suspect", "recovering"]).toContain(state);
      state = change.to;
    }
    if (change.kind === "opened" || change.kind === "closed") {
      expect(isOpen[change.of]).toBe(change.kind === "closed");
      isOpen[change.of] = change.kind === "opened";
      const { startedAt, endedAt, attempted, bad, late } = change.episode;
      if (change.kind === "closed") expect(must(endedAt ?? undefined)).toBeGreaterThanOrEqual(startedAt);
      expect(bad + late).toBeLessThanOrEqual(attempted);
      if (change.of === "outage") expect(bad).toBeGreaterThan(0);
    }
  }
  expect(after.state).toBe(state);
  expect(isOpen).toEqual({ outage: after.outage?.endedAt === null, brownout: after.brownout?.endedAt === null });
  // Up and degraded are words of peace; an outage that is open has its own, or is waited for.
  if (state === "up") expect(isOpen).toEqual({ outage: false, brownout: false });
  if (state === "degraded") expect(isOpen).toEqual({ outage: false, brownout: true });
  if (state === "down" || state === "recovering") expect(isOpen.outage).toBe(true);
  if (state === "unmeasured") expect(changes.some(({ kind }) => kind === "closed" || kind === "opened")).toBe(false);
}

test("60 random lives: laws are kept, and a state that was stored goes on as one that was not", () => {
  let [steps, outages, brownouts, longest] = [0, 0, 0, 0];
  const came = new Set<string>();
  for (let seed = 1; seed <= 60; seed++) {
    const settings = must([BURST, SMALL, SPREAD][seed % 3]);
    let state = frozen(newDetector(NOON));
    for (const { at, signal: round } of life(seed, settings, 400)) {
      const next = round === null ? tick(state, at, settings) : advance(state, round, settings);
      obey(state, next.state, next.changes);
      if (round !== null && round.unfit !== null) expect(next.state.state).toBe("unmeasured");
      const json = JSON.stringify(next.state);
      expect(JSON.parse(json)).toEqual(next.state);
      longest = Math.max(longest, json.length);
      for (const change of next.changes) {
        if (change.kind === "state") came.add(`${change.from} > ${change.to}`);
        if (change.kind === "opened")
          [outages, brownouts] = change.of === "outage" ? [outages + 1, brownouts] : [outages, brownouts + 1];
      }
      state = frozen(JSON.parse(json) as DetectorState);
      steps += 1;
    }
    // Peace for an hour, in the slots after: everything is over.
    const from = NOON + 400 * settings.everyMs;
    for (let nth = 0; nth < Math.max(80, 9_000_000 / settings.everyMs); nth++) {
      const slotAt = from + nth * settings.everyMs;
      state = advance(state, signal({ slotAt, signs: ".".repeat(settings.messages) }), settings).state;
    }
    expect([state.state, state.flapping]).toEqual(["up", false]);
  }
  console.log(
    `${steps} steps, ${outages} outages, ${brownouts} brown-outs; ${came.size} ways: ${[...came].sort().join(", ")}`,
  );
  console.log(`the longest state: ${longest} bytes of JSON`);
  expect(outages).toBeGreaterThan(100);
  expect(brownouts).toBeGreaterThan(50);
  expect(longest).toBeLessThan(2_500);
});
