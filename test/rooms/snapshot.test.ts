// Aim: the page's document says what is known and nothing else: silence is unmeasured, a gap is never filled, the last
// rounds make the present state.
// Method: one target, one region, histories written by hand; the present instant is an argument.

import { describe, expect, it } from "vitest";

import { configOf } from "../../workers/config/parse.ts";
import type { Target } from "../../workers/config/config.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import { rollupMinutes } from "../../workers/results/rollup.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { samplesNeeded } from "../../workers/results/figures.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import type { RegionSnapshot } from "../../workers/results/snapshot-shape.ts";
import { composeSnapshot, summaryOf } from "../../workers/results/snapshot.ts";
import type { SeriesHistory } from "../../workers/results/snapshot.ts";
import { facts, MINUTE0, must, neverReady, observe, T0 } from "../observations.ts";

const config = configOf({
  name: "Test",
  regions: ["weur", "oc"],
  targets: [{ id: "chat", driver: "mqtt", address: "ws://127.0.0.1:1/mqtt", every: "60s" }],
});
const target = must(config.targets[0]) as Target;
const RULE = { ...config.objectives, lateLimitMs: config.objectives.latencyMsP99 };
const GOOD = ".".repeat(20);

function round(offset: number, signs: string, unfit: RoundRecord["unfit"] = "none"): RoundRecord {
  const slotAt = T0 + offset * 60_000;
  return recordRound(
    signs === "" ? neverReady({ unfit }, slotAt) : observe(signs, { unfit }, slotAt),
    facts({ slotAt, limitsMs: [200, 600] }),
  );
}

/** Minutes of the first day of November; `undefined` where nothing was recorded. */
function history(signs: readonly (string | undefined)[]): SeriesHistory {
  const rounds = signs.flatMap((line, offset) => (line === undefined ? [] : [round(offset, line)]));
  const minutes = rounds.map((record) =>
    foldMinute(record.slotAt / 60_000, [{ record, receivedAt: record.slotAt + 7_000, envelope: 1 }]),
  );
  const rollup = rollupMinutes(minutes, RULE);
  const newest = rounds.at(-1) ?? null;
  return {
    region: "weur",
    peer: "",
    journey: "loop",
    schedules: [{ fromMinute: MINUTE0, untilMinute: null, everyMs: 60_000 }],
    days: new Map([[MINUTE0 / 1_440, rollup]]),
    month: rollup,
    recent: rounds.slice(-5),
    newest,
    writtenMinute: newest === null ? null : newest.slotAt / 60_000,
  };
}

function weur(histories: readonly SeriesHistory[], now: number): RegionSnapshot {
  return must(composeSnapshot(config, target, histories, now).regions[0]);
}
const AFTER_MS = 9_000;

describe("the present state", () => {
  it.each([
    ["all delivered", [GOOD], "up", null],
    ["one lost", [`x${GOOD.slice(1)}`], "up", null],
    ["two late", [`oo${GOOD.slice(2)}`], "degraded", null],
    ["four lost", [`xxxx${GOOD.slice(4)}`], "down", null],
    ["refused", [""], "down", null],
    ["good again", ["", GOOD], "up", null],
  ] as const)("%s: %s", (_, signs, state, why) => {
    expect(weur([history(signs)], T0 + (signs.length - 1) * 60_000 + AFTER_MS)).toMatchObject({ state, why });
  });

  it("an unfit round is unmeasured and says why", () => {
    const unfit = { ...history([GOOD]), recent: [round(0, GOOD, "clock_step")], newest: round(0, GOOD, "clock_step") };
    expect(weur([unfit], T0 + AFTER_MS)).toMatchObject({ state: "unmeasured", why: "clock_step" });
  });

  it("names the failure that most messages met, over all the recent rounds together", () => {
    const refused = (offset: number): RoundRecord => round(offset, "");
    const cut = (offset: number): RoundRecord => ({
      ...round(offset, ""),
      failures: [{ phase: "subscribe", kind: "closed", count: 20 }],
    });
    const failureOf = (recent: readonly RoundRecord[]): string | null | undefined =>
      weur([{ ...history([GOOD]), recent, newest: must(recent.at(-1)) }], T0 + 2 * 60_000 + AFTER_MS).recent?.failure;
    // One cut in the middle has as many as each refusal after it, and is not named for being the first.
    expect(failureOf([cut(0), refused(1), refused(2)])).toBe("connect: tcp");
    expect(failureOf([cut(0), cut(1), refused(2)])).toBe("subscribe: closed");
  });

  it("says how late the last rounds began and what the controls answered last, of unfit rounds too", () => {
    const began = (offset: number, lagMs: number, controls: RoundRecord["controls"], unfit: RoundRecord["unfit"]) => {
      const one = round(offset, GOOD, unfit);
      return { ...one, startedAt: one.slotAt + lagMs, controls };
    };
    const rounds = [
      began(0, 12, { asked: 4, answered: 4 }, "none"),
      began(1, 2_400, { asked: 4, answered: 1 }, "scheduler_lag"),
      began(2, 31, null, "none"),
    ];
    const seenAt = (recent: readonly RoundRecord[]) =>
      weur([{ ...history([GOOD]), recent, newest: must(recent.at(-1)) }], T0 + 2 * 60_000 + AFTER_MS).recent;
    expect(seenAt(rounds)).toMatchObject({
      lag_ms_max: 2_400,
      controls: { at: T0 + 60_000, asked: 4, answered: 1 },
    });
    expect(seenAt(rounds.slice(2))).toMatchObject({ lag_ms_max: 31, controls: null });
  });

  it("a round that proves nothing has no say in the next one's state, nor in the figures", () => {
    const small = (offset: number, signs: string, unfit: RoundRecord["unfit"]): RoundRecord => {
      const slotAt = T0 + offset * 60_000;
      return recordRound(observe(signs, { unfit }, slotAt), facts({ slotAt, scheduled: 4, limitsMs: [200, 600] }));
    };
    const [blind, good] = [small(0, "xxxx", "controls"), small(1, "....", "none")];
    const seen = weur([{ ...history([GOOD]), recent: [blind, good], newest: good }], T0 + 60_000 + AFTER_MS);
    expect(seen).toMatchObject({ state: "up", why: null });
    expect(seen.recent).toMatchObject({ attempted: 4, ok: 4, lost: 0, not_sent: 4 });
    const still = weur([{ ...history([GOOD]), recent: [blind], newest: blind }], T0 + AFTER_MS);
    expect(still).toMatchObject({ state: "unmeasured", why: "controls" });
  });

  it("silence is unmeasured after two slots and a round, never up and never down", () => {
    const quiet = history([GOOD]);
    expect(weur([quiet], T0 + 120_000).state).toBe("up");
    expect(weur([quiet], T0 + 140_000)).toMatchObject({ state: "unmeasured", why: "silent" });
  });

  it("a region without any record is there, unmeasured, and without a past", () => {
    const oc = must(composeSnapshot(config, target, [history([GOOD])], T0 + AFTER_MS).regions[1]);
    expect(oc).toMatchObject({
      region: "oc",
      state: "unmeasured",
      why: "silent",
      last_slot_at: null,
      measured_since: null,
      recent: null,
    });
    expect(oc.month).toMatchObject({ minutes_expected: 0, minutes_unmeasured: 0, scheduled: 0 });
    expect(oc.days.every((day) => day === null)).toBe(true);
  });
});

describe("periods", () => {
  it("silent minutes are unmeasured once their time is up, and not before", () => {
    const gap = history([GOOD, undefined, undefined, GOOD, "xxxx................"]);
    const figures = weur([gap], T0 + 4 * 60_000 + AFTER_MS).today;
    expect(figures).toMatchObject({
      minutes_expected: 5,
      minutes_up: 2,
      minutes_down: 1,
      minutes_unmeasured: 2,
      ok: 56,
      lost: 4,
    });
    // Twenty minutes later nobody has reported: all that are sealed by now are unmeasured.
    const later = weur([gap], T0 + 25 * 60_000).today;
    expect(later).toMatchObject({ minutes_expected: 23, minutes_unmeasured: 20 });
  });

  it("the trend is P50 and P99 of thirty days, today last; nothing of days before the first record", () => {
    const { trend, today } = weur([history([GOOD, GOOD])], T0 + 60_000 + AFTER_MS);
    expect(trend).toHaveLength(30);
    expect(trend?.slice(0, 29)).toEqual(Array.from({ length: 29 }, () => [null, null]));
    expect(trend?.[29]).toEqual([today.latency.p50, null]);
    expect(today.latency.p50, "forty messages are enough for a P50").not.toBeNull();
  });

  it("days before the first record are no days; today is the last of ninety", () => {
    const { days } = weur([history([GOOD, GOOD])], T0 + 60_000 + AFTER_MS);
    expect(days).toHaveLength(90);
    expect(days.slice(0, 89).every((day) => day === null)).toBe(true);
    expect(days[89]).toEqual([2, 2, 0, 0, 40, 40]);
  });

  it("a percentile needs its sample, and a lost message is beyond the deadline", () => {
    expect([0.5, 0.95, 0.99].map(samplesNeeded)).toEqual([5, 59, 299]);
    const few = weur([history([GOOD, GOOD])], T0 + 60_000 + AFTER_MS).today.latency;
    expect(few).toEqual({ samples: 40, p50: 42, p95: null, p99: null, max_ms: 42 });
    const many = weur(
      [history(Array.from({ length: 15 }, (_, i) => (i === 3 ? "" : GOOD)))],
      T0 + 14 * 60_000 + AFTER_MS,
    ).today.latency;
    expect(many).toEqual({ samples: 300, p50: 42, p95: { over_ms: 5_000 }, p99: { over_ms: 5_000 }, max_ms: 42 });
  });
});

it("a summary is the same without the days", () => {
  const snapshot = composeSnapshot(config, target, [history([GOOD])], T0 + AFTER_MS);
  expect(summaryOf(snapshot).regions.every((region) => region.days.length === 0)).toBe(true);
  expect(JSON.stringify(summaryOf(snapshot))).not.toContain('"trend"');
  expect({ ...summaryOf(snapshot), regions: [] }).toEqual({ ...snapshot, regions: [] });
});

describe("other journeys of a region", () => {
  const wide = configOf({
    name: "Test",
    regions: ["weur", "oc"],
    targets: [
      {
        id: "chat",
        driver: "mqtt",
        address: "ws://127.0.0.1:1/mqtt",
        every: "60s",
        journeys: ["loop", "mesh", { journey: "dialogue", turns: 20 }, "connect"],
      },
    ],
  });
  const own = must(wide.targets[0]) as Target;
  /** What a series of 20 a round has after these minutes. */
  const past = (journey: "dialogue" | "connect", signs: readonly string[], change: object = {}): SeriesHistory => {
    const rounds = signs.map((line, offset) => {
      const slotAt = T0 + offset * 60_000;
      const series = { target: "chat", region: "weur", journey, peer: "" } as const;
      const limitsMs = journey === "connect" ? [200, 600] : [200, 400];
      return recordRound(observe(line, change, slotAt), facts({ series, slotAt, limitsMs }));
    });
    const minutes = rounds.map((record) =>
      foldMinute(record.slotAt / 60_000, [{ record, receivedAt: record.slotAt + 7_000, envelope: 1 }]),
    );
    const rollup = rollupMinutes(minutes, { ...RULE, lateLimitMs: journey === "connect" ? 600 : 400 });
    const newest = must(rounds.at(-1));
    const days = new Map([[MINUTE0 / 1_440, rollup]]);
    const written = newest.slotAt / 60_000;
    return { ...history([GOOD]), journey, days, month: rollup, recent: rounds, newest, writtenMinute: written };
  };
  const of = (...histories: SeriesHistory[]): RegionSnapshot =>
    must(composeSnapshot(wide, own, histories, T0 + AFTER_MS).regions[0]);

  it("stand beside loop, in order, without mesh, and change nothing of loop", () => {
    const region = of(history([GOOD]), past("dialogue", [`xxxx${GOOD.slice(4)}`]), past("connect", [GOOD]));
    expect(
      region.others?.map(({ journey, unit, ok_means: okMeans, state }) => [journey, unit, okMeans, state]),
    ).toEqual([
      ["dialogue", "turn", "delivered", "down"],
      ["connect", "connection", "accepted", "up"],
    ]);
    expect(region).toEqual({ ...of(history([GOOD])), others: region.others });
  });

  it("count sessions opened anew; only connect has phases; each has its own limit", () => {
    // 300 ms each: above the limit of a delivery, below that of a question and its answer, and of connecting.
    const slow = "o".repeat(20);
    const region = of(past("dialogue", [slow], { reconnects: 2 }), past("connect", [slow]));
    const [dialogue, connect] = must(region.others);
    expect(dialogue?.month).toMatchObject({ reconnects: 2, phases: null, late: 0 });
    expect(connect?.month).toMatchObject({ reconnects: 0, late: 0, phases: { login: { samples: 2, max_ms: null } } });
  });

  it("that have never been seen are unmeasured, not absent", () => {
    expect(must(of(history([GOOD])).others).map(({ state, why }) => [state, why])).toEqual([
      ["unmeasured", "silent"],
      ["unmeasured", "silent"],
    ]);
  });

  it("are in no summary, and in no snapshot of a target without any", () => {
    const snapshot = composeSnapshot(wide, own, [history([GOOD]), past("connect", [GOOD])], T0 + AFTER_MS);
    expect(JSON.stringify(summaryOf(snapshot))).not.toContain("others");
    expect(weur([history([GOOD])], T0 + AFTER_MS)).not.toHaveProperty("others");
  });
});
