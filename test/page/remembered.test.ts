// Aim: what is remembered is what would be said anew, whatever changed and in whatever order; and what did not change is not said
// again. Method: pairs of values by hand; seeded lives of a region, each step of which is compared with a region nobody has seen yet.

import { describe, expect, it, test } from "vitest";

import type { RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { regionView, regionViewKept } from "../../status-page/region-view.ts";
import { isSame, rememberedViews } from "../../status-page/remembered.ts";
import { EN } from "../../status-page/words/en.ts";
import type { Words } from "../../status-page/words/words.ts";
import { ZH } from "../../status-page/words/zh.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { NOW, latencyFigures, ninetyDays, other, period, recent, region, snapshot } from "./fixtures.ts";

test.each<[unknown, unknown, boolean]>([
  [1, 1, true],
  [1, 2, false],
  [1, "1", false],
  [0, null, false],
  [null, null, true],
  [null, {}, false],
  [null, [], false],
  ["a", "a", true],
  [[], {}, false],
  [{}, [], false],
  [[1, 2], [1, 2], true],
  [[1, 2], [2, 1], false],
  [[1, 2], [1], false],
  [[1], [1, 2], false],
  [[[1], null], [[1], null], true],
  [[[1], null], [[1], [2]], false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: undefined }, {}, true],
  [{}, { a: undefined }, true],
  [{ a: null }, {}, false],
  [{ a: { over_ms: 5 } }, { a: { over_ms: 5 } }, true],
  [{ a: { over_ms: 5 } }, { a: 5 }, false],
])("%j and %j: the same %s", (a, b, same) => {
  expect([isSame(a, b), isSame(b, a)]).toEqual([same, same]);
});

describe("a memory", () => {
  it("makes a view once for a content, anew for another one, and forgets the oldest", () => {
    const said: string[] = [];
    const memory = rememberedViews<string>(2);
    const ask = (id: string, content: unknown): string =>
      memory(id, content, () => (said.push(`${id} ${JSON.stringify(content)}`), `${id} ${said.length}`));
    expect([ask("a", [1]), ask("a", [1]), ask("b", [1]), ask("a", [2]), ask("a", [2])]).toEqual([
      "a 1",
      "a 1",
      "b 2",
      "a 3",
      "a 3",
    ]);
    // b was used longest ago of three.
    expect([ask("c", []), ask("a", [2]), ask("b", [1])]).toEqual(["c 4", "a 3", "b 5"]);
    expect(said).toHaveLength(5);
  });

  it("keeps nothing where making fails", () => {
    const memory = rememberedViews<number>(2);
    const fail = (): number => {
      throw new Error("no");
    };
    expect(memory("a", 1, () => 7)).toBe(7);
    expect(() => memory("a", 2, fail)).toThrow("no");
    expect(() => memory("a", 2, fail)).toThrow("no");
    expect(memory("a", 1, fail)).toBe(7);
  });
});

interface Moment {
  readonly snapshot: Snapshot;
  readonly region: RegionSnapshot;
  readonly now: number;
  readonly words: Words;
  readonly href: string | null;
}

type Step = (moment: Moment, pick: <T>(...of: readonly T[]) => T) => Partial<Moment>;
const inRegion =
  (change: (...args: Parameters<Step>) => Partial<RegionSnapshot>): Step =>
  (moment, pick) => ({ region: { ...moment.region, ...change(moment, pick) } });
const inSnapshot =
  (change: (...args: Parameters<Step>) => Partial<Snapshot>): Step =>
  (moment, pick) => ({ snapshot: { ...moment.snapshot, ...change(moment, pick) } });

/** All that a region's words depend on, and some that they do not. */
const STEPS: readonly Step[] = [
  (moment, pick) => ({ now: moment.now + pick(1_000, 60_000, 170_000, 13 * 3_600_000, -30_000) }),
  (_, pick) => ({ words: pick(EN, ZH) }),
  (_, pick) => ({ href: pick(null, "/a", "/b") }),
  inRegion(({ now }) => ({ last_slot_at: now - 3_000 })),
  inRegion((_, pick) => ({ last_slot_at: pick(null, NOW - 3_600_000) })),
  inRegion((_, pick) => ({ stale_after_ms: pick(30_000, 180_000, 7_200_000) })),
  inRegion((_, pick) => ({
    state: pick("up", "down", "degraded", "unmeasured"),
    why: pick(null, "controls", "silent"),
  })),
  inRegion((_, pick) => ({ place: pick("", "AMS", "FRA") })),
  inRegion((_, pick) => ({ label: pick({ en: "West", zh: "西" }, { en: "West", zh: "西欧" }, { en: "W", zh: "西" }) })),
  inRegion((_, pick) => ({ ok_means: pick("delivered", "acknowledged", "accepted") })),
  inRegion((_, pick) => ({ journey: pick("loop", "connect") })),
  inRegion((_, pick) => ({
    recent: pick(null, recent(43), recent(44), recent(43, { ok: 0, error: 120, failure: pick("connect: tcp", "?") })),
  })),
  inRegion((_, pick) => {
    const latency = pick(latencyFigures(43, 9), { ...latencyFigures(43, 900), p99: { over_ms: pick(5_000, 3_000) } });
    return { today: period(Date.UTC(2026, 10, 22), { up: pick(719, 720), down: pick(0, 1) }, 43, { latency }) };
  }),
  inRegion((_, pick) => ({
    month: period(Date.UTC(2026, pick(9, 10), 1), { up: 30_000, unmeasured: pick(0, 2) }, pick(43, 44)),
  })),
  inRegion((_, pick) => ({ days: pick(ninetyDays(90, 1), ninetyDays(90, 2), ninetyDays(3), []) })),
  inRegion(({ region: { days } }, pick) => ({
    days: [...days.slice(0, -1), [720, 700, pick(0, 20), pick(0, 1), 9, 9]],
  })),
  inRegion((_, pick) => ({
    trend: pick(
      undefined,
      [],
      [[40, 90]],
      [
        [40, 90],
        [null, null],
        [41, { over_ms: 5_000 }],
      ],
    ),
  })),
  inRegion((_, pick) => ({ others: pick(undefined, [other("room", 58)], [other("room", 59)]) })),
  inSnapshot((_, pick) => ({ time_zone: pick("UTC", "Asia/Shanghai"), today: pick("2026-11-22", "2026-11-23") })),
  inSnapshot(({ snapshot: { objectives } }, pick) => ({
    objectives: {
      ...objectives,
      availability: pick(0.99, 0.999),
      latency_ms_p99: pick(90, 200),
      connect_ms_p99: pick(9, 600),
    },
  })),
  inSnapshot(({ region: own }, pick) => ({
    regions: pick([own], [own, { ...own, journey: "dialogue" as const }], [own, region(4)]),
  })),
];

const after = (moment: Moment, change: Partial<Moment>): Moment => ({ ...moment, ...change });

describe("a region that is remembered", () => {
  it("is at each step of its life what it would be if nobody had seen it before", () => {
    let fresh = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = mulberry32(seed);
      const pick = <T>(...of: readonly T[]): T => of[between(random, 0, of.length - 1)] as T;
      const own = region(2);
      let moment: Moment = { snapshot: snapshot([own]), region: own, now: NOW, words: EN, href: "/a" };
      for (let at = 0; at < 40; at++) {
        moment = after(moment, oneOf(random, STEPS)(moment, pick));
        const { now, words, href, region: shown } = moment;
        const kept = regionViewKept(shown, moment.snapshot, now, words, () => href, moment.snapshot.time_zone);
        const unseen = { ...moment.snapshot, target: `unseen-${(fresh += 1)}` };
        const { id: _, ...anew } = regionView(shown, unseen, now, words, () => href);
        const { id: __, ...said } = kept;
        expect(said, `seed ${seed}, step ${at}`).toEqual(anew);
        expect(
          regionViewKept(structuredClone(shown), moment.snapshot, now, words, () => href, moment.snapshot.time_zone),
        ).toBe(kept);
      }
    }
    expect(fresh).toBe(2_400);
  });
});
