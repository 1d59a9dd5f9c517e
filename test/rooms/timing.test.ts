// Aim: what people write as durations, periods and placeholders becomes exactly what they meant, or nothing. Method:
// tables of spellings, and the allowed periods swept over a minute.

import { describe, expect, it } from "vitest";
import { fillPlaceholders } from "../../workers/config/placeholders.ts";
import { durationMs, durationText } from "../../workers/config/durations.ts";
import { everyAtLeast, isEvery, refusalOfEvery, refusalOfRound } from "../../workers/config/timing.ts";
import { JOURNEYS } from "../../schema/words.ts";
import type { Objectives } from "../../workers/config/config.ts";
import { lateLimitMsOf, limitsMsOf, roundsMsMax } from "../../workers/config/journeys.ts";

describe("durations and periods", () => {
  it("become whole milliseconds or nothing", () => {
    const table: readonly (readonly [string, number | null])[] = [
      ["0ms", 0],
      ["250ms", 250],
      ["5s", 5000],
      ["0.5s", 500],
      ["1.001s", 1001],
      ["0.3s", 300],
      ["2min", 120_000],
      ["0.1min", 6000],
      ["0.3ms", null],
      ["1.0001s", null],
      ["-1s", null],
      ["1e3ms", null],
      ["0x10ms", null],
      ["5", null],
      ["5 s", null],
      [" 5s", null],
      ["5S", null],
      ["s", null],
      ["1.s", null],
      ["9999999999999s", null],
      ["1h", null],
      ["Infinitys", null],
      ["", null],
    ];
    for (const [text, ms] of table) expect(durationMs(text), text).toBe(ms);
    for (const ms of [0, 1, 999, 1000, 1500, 60_000, 61_000, 120_000]) expect(durationMs(durationText(ms))).toBe(ms);
  });

  it("divide a minute or fill whole ones, and have a neighbour above", () => {
    for (const ms of [1000, 1500, 7500, 10_000, 30_000, 60_000, 120_000, 3_600_000])
      expect(isEvery(ms), `${ms}`).toBe(true);
    for (const ms of [0, 500, 7000, 45_000, 90_000, 7_200_000]) expect(isEvery(ms), `${ms}`).toBe(false);
    for (let ms = 1; ms <= 61_000; ms += 37) {
      const above = everyAtLeast(ms);
      expect(above !== null && isEvery(above) && above >= ms, `${ms}: ${above}`).toBe(true);
    }
    expect(everyAtLeast(3_600_001)).toBeNull();
  });
});

describe("the limit that makes one late", () => {
  it("is that of each delivery in it, and for connect its own", () => {
    const objectives = { latencyMsP99: 200, connectMsP99: 600, limitsMs: [100, 200] } as unknown as Objectives;
    const limits = JOURNEYS.map((journey) => [journey, lateLimitMsOf(journey, objectives)]);
    expect(Object.fromEntries(limits)).toEqual({ loop: 200, room: 200, mesh: 400, dialogue: 400, connect: 600 });
    expect(limitsMsOf("mesh", objectives), "and it is always counted").toEqual([100, 200, 400]);
  });
});

describe("placeholders", () => {
  it("are filled where they are known and left where they are not", () => {
    expect(fillPlaceholders("a/{region}/{target}/{x}/{constructor}", { region: "weur", target: "$&" })).toBe(
      "a/weur/$&/{x}/{constructor}",
    );
  });
});

describe("a round", () => {
  it("fits to the millisecond, and what is offered instead fits too", () => {
    const loop = { journey: "loop" } as const;
    const pace = { everyMs: 10_000, messages: 20, gapMs: 50, deadlineMs: 5550, connectDeadlineMs: 3000 };
    const timing = { ...pace, journeys: [loop] };
    expect(roundsMsMax(timing)).toBe(10_000);
    expect(refusalOfRound(timing, 601)).toBeNull();
    const over = refusalOfRound({ ...timing, deadlineMs: 5551 }, 601);
    expect(over?.mend).toBe('write every: "12s" or more, or deadline: "5550ms" or less');
    expect(refusalOfRound({ ...timing, everyMs: 12_000, deadlineMs: 5551 }, 601)).toBeNull();
    expect(refusalOfRound({ ...timing, deadlineMs: 5551 }, 5551)?.mend).toBe('write every: "12s" or more');
    const connect = { journey: "connect", attempts: 2 } as const;
    const both = refusalOfRound({ ...timing, journeys: [loop, connect] }, 601);
    expect(both?.problem).toContain("the rounds of all journeys");
    expect(both?.problem).toContain("connect 7000 = 17000 ms");
    expect(both?.mend).toBe('write every: "20s" or more');
  });

  it("is offered only periods that are allowed", () => {
    for (let ms = 1001; ms < 3_600_000; ms += 997) {
      const mend = refusalOfEvery(ms)?.mend ?? "";
      for (const [, text] of mend.matchAll(/"([^"]+)"/g))
        expect(isEvery(durationMs(text ?? "") ?? 0), `${ms}: ${text}`).toBe(true);
    }
  });
});
