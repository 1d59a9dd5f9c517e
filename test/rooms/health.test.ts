// Aim: a blind, moved, stepped or expired prober is never held against the service, and a silent one is seen in time.
// Method: tables of what controls answered, what credentials say of themselves, what a prober was last heard of; then
// records with findings laid over them, counts untouched.

import { describe, expect, it } from "vitest";

import type { Objectives } from "../../workers/config/config.ts";
import type { ProberPlan } from "../../workers/config/fleet.ts";
import { findingOf } from "../../workers/probes/controls.ts";
import type { ControlAnswer } from "../../workers/probes/controls.ts";
import { expiryOf } from "../../workers/probes/expiry.ts";
import { CONTROL_EVERY_MS, lookAtItself } from "../../workers/probes/health.probe.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { isBad, withFindings } from "../../workers/results/slot-records.ts";
import { silenceOf } from "../../workers/rounds/silence.ts";
import { facts, observe, T0 } from "../observations.ts";
import { virtualOutside } from "../virtual.ts";

const OBJECTIVES = {
  latencyMsP99: 200,
  connectMsP99: 600,
  downShare: 0.2,
  degradedShare: 0.1,
} as unknown as Objectives;

describe("controls", () => {
  const yes: ControlAnswer = { answeredAt: T0, serverAt: null };
  const no: ControlAnswer = { answeredAt: null, serverAt: null };
  const off = (ms: number): ControlAnswer => ({ answeredAt: T0, serverAt: T0 - ms });

  it.each<[string, readonly ControlAnswer[], string]>([
    ["none asked", [], "none"],
    ["all answered", [yes, yes, yes], "none"],
    ["half of them", [yes, no], "none"],
    ["two of three", [yes, yes, no], "none"],
    ["one of three", [yes, no, no], "controls"],
    ["nobody", [no, no], "controls"],
    ["a clock that is right", [off(0), off(900), off(-400)], "none"],
    ["one server's clock is wrong", [off(60_000), off(0), off(0)], "none"],
    ["our clock is behind", [off(-30_000), off(-30_000), yes], "clock_step"],
    ["our clock is ahead", [off(6_000), off(6_000), no], "clock_step"],
    ["four seconds prove nothing", [off(4_000), off(4_000), off(4_000)], "none"],
  ])("%s", (_, answers, finding) => {
    expect(findingOf(answers)).toBe(finding);
  });

  it("are asked for this region, within their patience, and a refusal is an answer", async () => {
    const outside = virtualOutside(T0);
    const asked: string[] = [];
    outside.fetch = (url) => {
      asked.push(url);
      if (url.includes("dead")) return new Promise(() => {});
      return Promise.resolve(new Response("colo=FRA\n", { status: url.includes("ill") ? 503 : 200 }));
    };
    const config = {
      controls: ["https://one/{region}", "https://dead/", "https://ill/"],
      placeUrl: "https://place/",
    };
    const looking = lookAtItself(outside, config, "weur", T0 + 1_200);
    await outside.run(1_200);
    expect(await looking).toEqual({ asked: 3, answered: 1, finding: "controls", place: "FRA" });
    expect(asked).toEqual(["https://one/weur", "https://dead/", "https://ill/", "https://place/"]);
    expect(outside.now()).toBe(T0 + 1_200);
    expect(CONTROL_EVERY_MS).toBe(600_000);
  });
});

describe("credentials", () => {
  const jwt = (claims: unknown): string =>
    [{ alg: "HS256" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".") +
    ".sig";

  it("say themselves when they run out, where they do", () => {
    expect(expiryOf(["hunter2", jwt({ sub: "a" })])).toBeNull();
    expect(expiryOf([jwt({ exp: 1_900_000_000 })])).toBe(1_900_000_000_000);
    expect(expiryOf([jwt({ exp: 2_000_000_000 }), jwt({ exp: 1_900_000_000 })])).toBe(1_900_000_000_000);
    expect(expiryOf([`-----BEGIN NATS USER JWT-----\n${jwt({ exp: 1_800_000_000 })}\n------END`])).toBe(
      1_800_000_000_000,
    );
    for (const nothing of [
      "",
      "eyJ.eyJ.",
      jwt({ exp: "soon" }),
      jwt({ exp: 0 }),
      jwt(null),
      jwt([1]),
      "eyJ".repeat(9_999),
    ]) {
      expect(expiryOf([nothing])).toBeNull();
    }
  });
});

describe("findings", () => {
  const good = recordRound(observe("...................."), facts());
  const bad = recordRound(observe("xxxx................"), facts());
  const unable = recordRound(observe("....................", { unfit: "scheduler_lag" }), facts());
  const controls = { asked: 3, answered: 1 };

  it("doubt bad rounds only: a good one proves itself", () => {
    expect([good, bad, unable].map((record) => isBad(record, OBJECTIVES))).toEqual([false, true, false]);
    const found = withFindings([good, bad, unable], { controls, finding: "controls", hasMoved: false }, OBJECTIVES);
    expect(found.map((record) => record.unfit)).toEqual(["none", "controls", "scheduler_lag"]);
    expect(found.map((record) => record.controls)).toEqual([controls, controls, controls]);
    expect(found.map(({ ok, lost }) => [ok, lost])).toEqual([good, bad, unable].map(({ ok, lost }) => [ok, lost]));
  });

  it("leave nothing of a slot in which the prober moved", () => {
    const found = withFindings([good, bad, unable], { controls, finding: "none", hasMoved: true }, OBJECTIVES);
    expect(found.map((record) => record.unfit)).toEqual(["moved", "moved", "scheduler_lag"]);
  });

  it("change nothing where all is well", () => {
    const none = { controls: { asked: 0, answered: 0 }, finding: "none", hasMoved: false } as const;
    expect(withFindings([good, bad], none, OBJECTIVES)).toEqual([good, bad]);
  });
});

describe("silence", () => {
  const plan = (everyMs: number): ProberPlan =>
    ({
      name: "weur.0.v1",
      targets: [
        {
          everyMs,
          messages: 20,
          gapMs: 50,
          deadlineMs: 5_000,
          connectDeadlineMs: 3_000,
          journeys: [{ journey: "loop" }],
        },
      ],
    }) as unknown as ProberPlan;
  const wokenAt = (newestWakeAt: number | null, bornAt = T0 - 3_600_000) => ({ bornAt, newestWakeAt });

  it("is seen by a watchdog that comes each minute within two minutes of the last sign of life", () => {
    for (const everyMs of [1_000, 10_000, 30_000, 60_000]) {
      for (let offset = 0; offset < 60_000; offset += 5_000) {
        const rounds = [T0 + offset + 60_000, T0 + offset + 120_000];
        expect(silenceOf(plan(everyMs), wokenAt(T0), must(rounds[1])), `${everyMs} ${offset}`).toBe("no_wake");
      }
    }
  });

  it("is not seen where a prober does its work", () => {
    for (const everyMs of [10_000, 60_000, 300_000]) {
      for (let now = T0; now < T0 + 2 * everyMs; now += 977) {
        // Its row is there when its round has ended: 9.45 s after the slot at most.
        const newest = Math.floor((now - 9_450) / everyMs) * everyMs;
        expect(silenceOf(plan(everyMs), wokenAt(newest), now), `${everyMs} ${now - T0}`).toBeNull();
      }
    }
    expect(silenceOf(plan(60_000), "flying", T0)).toBeNull();
    expect(silenceOf(plan(60_000), wokenAt(null, T0), T0 + 59_000), "born a minute ago").toBeNull();
    expect(silenceOf(plan(60_000), wokenAt(null, T0), T0 + 180_000), "born, and never woken").toBe("no_wake");
    expect(silenceOf(plan(60_000), null, T0)).toBe("no_answer");
  });
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing there");
  return value;
}
