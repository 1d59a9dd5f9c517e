// Aim: an hour's strip gives back every integer that a contract's minute rule needs, in few bytes, and tells a minute that
// was not recorded from one in which nothing was sent.
// Method: a quiet hour with its size printed; seeded hours there and back; every truncation and changed byte, with
// MalformedBytes as the only error allowed; one contract rule recomputed from the strip.

import { describe, expect, test } from "vitest";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import { decodeStrip, encodeStrip } from "../../workers/results/strip.ts";
import { MalformedBytes } from "../../workers/results/varint.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";

const LIMITS = [100, 150, 200, 500, 1_000];
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function minuteOf(more: Partial<StripMinute> = {}): StripMinute {
  const over = LIMITS.map((limitMs) => ({ limitMs, count: 0 }));
  return { scheduled: 20, ok: 20, lost: 0, error: 0, connectFail: 0, over, unfit: "none", revision: 0, ...more };
}

function hourOf(make: (minute: number) => StripMinute | null): Map<number, StripMinute> {
  const made = Array.from({ length: 60 }, (_, minute) => [minute, make(minute)] as const);
  return new Map(made.flatMap(([minute, one]) => (one === null ? [] : [[minute, one] as const])));
}

function randomMinute(random: () => number): StripMinute {
  const [ok, lost, error, notSent] = Array.from({ length: 4 }, () =>
    random() < 0.5 ? 0 : between(random, 0, 300),
  ) as [number, number, number, number];
  let atMost = ok;
  const limitsMs = oneOf(random, [LIMITS, [], [200], [200, 700]]);
  const over = limitsMs.map((limitMs) => ({ limitMs, count: (atMost = between(random, 0, atMost)) }));
  const [unfit, revision] = [oneOf(random, UNFIT_REASONS), between(random, 0, 2)];
  return {
    scheduled: ok + lost + error + notSent,
    ok,
    lost,
    error,
    connectFail: between(random, 0, error),
    over,
    unfit,
    revision,
  };
}

describe("there and back", () => {
  test("hours of every kind", () => {
    const random = mulberry32(51);
    for (let round = 0; round < 300; round++) {
      const presence = random();
      const hour = hourOf(() => (random() < presence ? randomMinute(random) : null));
      expect(decodeStrip(encodeStrip(hour))).toEqual(hour);
      expect(encodeStrip(new Map(shuffled(random, [...hour])))).toEqual(encodeStrip(hour));
    }
  });

  test("an absent minute stays absent, a silent one stays silent", () => {
    const silent = minuteOf({ ok: 0, unfit: "controls" });
    const hour = new Map([
      [7, silent],
      [59, minuteOf()],
    ]);
    const back = decodeStrip(encodeStrip(hour));
    expect(back.get(7)).toEqual(silent);
    expect([...back.keys()]).toEqual([7, 59]);
    expect(decodeStrip(encodeStrip(new Map()))).toEqual(new Map());
  });

  test("the bytes of a short hour, by hand", () => {
    // Version; one list of limits: 200; minutes 0 and 1; minute 0: scheduled 20; minute 1: two lost, one over.
    const over = (count: number) => [{ limitMs: 200, count }];
    const hour = new Map([
      [0, minuteOf({ over: over(0) })],
      [1, minuteOf({ ok: 18, lost: 2, over: over(1) })],
    ]);
    expect(hexOf(encodeStrip(hour))).toBe("010101c80103000000000000000114220201");
  });

  test("small", () => {
    const quiet = encodeStrip(hourOf(() => minuteOf())).length;
    const slow = LIMITS.map((limitMs) => ({ limitMs, count: limitMs < 500 ? 2 : 0 }));
    const usual = encodeStrip(
      hourOf((minute) => (minute % 5 === 0 ? minuteOf({ ok: 19, lost: 1, over: slow }) : minuteOf())),
    ).length;
    const outage = encodeStrip(hourOf(() => minuteOf({ ok: 0, error: 20, connectFail: 20 }))).length;
    console.log(
      `strip of 60 minutes: quiet ${quiet}, losses and late ones each 5 min ${usual}, refused ${outage} bytes`,
    );
    expect(quiet).toBeLessThan(100);
    expect(outage).toBeLessThan(400);
  });
});

test("any contract's rule can be applied: down if more than 5 % are lost, refused or above 150 ms", () => {
  const late = LIMITS.map((limitMs) => ({ limitMs, count: limitMs <= 150 ? 2 : 0 }));
  const hour = hourOf((minute) =>
    minute < 3 ? minuteOf({ over: late }) : minute < 5 ? minuteOf({ ok: 18, lost: 2 }) : minuteOf(),
  );
  const down = [...decodeStrip(encodeStrip(hour))].filter(([, m]) => {
    const over = m.over.find((each) => each.limitMs === 150)?.count ?? Number.NaN;
    return (m.lost + m.error + over) / (m.ok + m.lost + m.error) > 0.05;
  });
  expect(down.map(([minute]) => minute)).toEqual([0, 1, 2, 3, 4]);
});

describe("refused", () => {
  test.each<[string, Map<number, StripMinute>]>([
    ["minute 60", new Map([[60, minuteOf()]])],
    ["minute -1", new Map([[-1, minuteOf()]])],
    ["half a minute", new Map([[0.5, minuteOf()]])],
    ["more than were scheduled", new Map([[0, minuteOf({ lost: 1 })]])],
    ["connect failures without an error", new Map([[0, minuteOf({ connectFail: 1 })]])],
    [
      "33 limits",
      new Map([[0, minuteOf({ over: Array.from({ length: 33 }, (_, at) => ({ limitMs: at, count: 0 })) })]]),
    ],
  ])("%s is not written", (_, hour) => {
    expect(() => encodeStrip(hour)).toThrow(RangeError);
  });

  const random = mulberry32(52);
  const hour = hourOf((minute) => (minute % 7 === 3 ? null : minute % 5 === 0 ? randomMinute(random) : minuteOf()));
  const bytes = encodeStrip(hour);

  test("every truncation, and bytes behind the end", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeStrip(bytes.subarray(0, length))).toThrow(MalformedBytes);
    }
    expect(() => decodeStrip(Uint8Array.of(...bytes, 0))).toThrow("strip: 1 trailing bytes");
    expect(() => decodeStrip(bytes.with(0, 2))).toThrow("strip version: 2 is unknown at byte 0");
  });

  test("a 61st minute", () => {
    const empty = encodeStrip(new Map());
    expect(() => decodeStrip(empty.with(empty.length - 1, 16))).toThrow("strip minutes: more than 60");
  });

  test("every changed byte decodes or is refused by name", () => {
    const seen = { decoded: 0, refused: 0 };
    for (let at = 0; at < bytes.length; at++) {
      // Every fourth value, another quarter at each place: all 256 would take seconds and find the same.
      for (let value = at % 4; value < 256; value += 4) {
        try {
          // What decodes adds up: it can be written again.
          encodeStrip(decodeStrip(bytes.with(at, value)));
          seen.decoded += 1;
        } catch (error) {
          if (!(error instanceof MalformedBytes)) throw error;
          seen.refused += 1;
        }
      }
    }
    expect(seen.decoded).toBeGreaterThan(1_000);
    expect(seen.refused).toBeGreaterThan(1_000);
  });
});
