// Aim: over the versions of a contract a period is one: what a cap gives is given once, and a record is listed once. Method: a table
// of two versions with rules of their own, and records before, after and across the day on which the second begins.

import { describe, expect, test } from "vitest";
import type { ExclusionRule } from "../../workers/config/contracts/contract.ts";
import { judgeExclusions } from "../../workers/sla/exclusions.ts";
import type { ExclusionRecord } from "../../workers/sla/records.ts";
import { at, contractWith, HOUR, minutesOf, MS, recordOf, SPAN } from "./exclusion-literals.ts";

describe("several versions", () => {
  const middle = at("2026-09-15T00:00Z") / MS;
  const [before, after] = [
    { fromMinute: SPAN.fromMinute, toMinute: middle },
    { fromMinute: middle, toMinute: SPAN.toMinute },
  ];
  const early = recordOf({ id: 1 });
  const late = recordOf({ id: 2, fromAt: at("2026-09-20T02:00Z"), toAt: at("2026-09-20T03:00Z") });
  /** An hour before the second version begins and an hour after. */
  const across = recordOf({ id: 3, fromAt: (middle - 60) * MS, toAt: (middle + 60) * MS });
  const judgeBoth = (
    first: readonly Partial<ExclusionRule>[],
    second: readonly Partial<ExclusionRule>[],
    records: readonly ExclusionRecord[],
  ) => {
    const parts = [
      { contract: contractWith(first), ...before },
      { contract: contractWith(second, "UTC", { version: 2 }), ...after },
    ];
    const { spans, judged } = judgeExclusions(parts, records);
    return [spans.map((part) => minutesOf(part).size), judged.map((one) => [one.id, one.minutes, one.refused])];
  };
  const short = { noticeMs: 30 * 24 * HOUR };
  const closed = { window: { days: [4], fromMinute: 0, toMinute: 1440 } };

  const cases: readonly [
    string,
    readonly Partial<ExclusionRule>[],
    readonly Partial<ExclusionRule>[],
    readonly ExclusionRecord[],
    readonly [number, number],
    readonly (readonly [number, number, string | null])[],
  ][] = [
    [
      "use up one cap, the earlier first",
      [{ capMinutes: 60 }],
      [{ capMinutes: 60 }],
      [late, early],
      [60, 0],
      [
        [1, 60, null],
        [2, 0, "over_cap"],
      ],
    ],
    [
      "leave to the later what is left of its own cap",
      [{ capMinutes: 60 }],
      [{ capMinutes: 90 }],
      [early, late],
      [60, 30],
      [
        [1, 60, null],
        [2, 30, "over_cap"],
      ],
    ],
    [
      "leave nothing where the cap became less than was used",
      [{ capMinutes: 60 }],
      [{ capMinutes: 30 }],
      [early, late],
      [60, 0],
      [
        [1, 60, null],
        [2, 0, "over_cap"],
      ],
    ],
    [
      "count what was taken out before there was a cap",
      [{}],
      [{ capMinutes: 75 }],
      [early, late],
      [60, 15],
      [
        [1, 60, null],
        [2, 15, "over_cap"],
      ],
    ],
    [
      "use a cap for one type only",
      [{ type: "dos", capMinutes: 60 }],
      [{ type: "dos" }, { capMinutes: 60 }],
      [recordOf({ id: 1, type: "dos" }), late],
      [60, 60],
      [
        [1, 60, null],
        [2, 60, null],
      ],
    ],
    [
      "use nothing for what is refused",
      [{ capMinutes: 60, needsProof: true }],
      [{ capMinutes: 60 }],
      [early, late],
      [0, 60],
      [
        [1, 0, "no_proof"],
        [2, 60, null],
      ],
    ],
    ["list a record of both once, its minutes added up", [{}], [{}], [across], [60, 60], [[3, 120, null]]],
    [
      "cut it where the cap of both ends",
      [{ capMinutes: 90 }],
      [{ capMinutes: 90 }],
      [across],
      [60, 30],
      [[3, 90, "over_cap"]],
    ],
    ["say that a part of it is outside the window", [{}], [closed], [across], [60, 0], [[3, 60, "outside_window"]]],
    ["let the earlier part count that the later refuses", [{}], [short], [across], [60, 0], [[3, 60, null]]],
    ["let the later part count that the earlier refuses", [short], [{}], [across], [0, 60], [[3, 60, null]]],
    ["let a part count where the other knows no such type", [], [{}], [across], [0, 60], [[3, 60, null]]],
    [
      "say the first objection where nothing counts",
      [short],
      [{ needsProof: true }],
      [across],
      [0, 0],
      [[3, 0, "short_notice"]],
    ],
    [
      "say an objection though a part of less than a minute had none",
      [{}],
      [{ needsProof: true }],
      [recordOf({ id: 3, fromAt: middle * MS - 30_000, toAt: (middle + 60) * MS })],
      [0, 0],
      [[3, 0, "no_proof"]],
    ],
  ];

  test.each(cases)("%s", (_, first, second, records, minutes, judged) => {
    expect(judgeBoth(first, second, records)).toEqual([minutes, judged]);
  });

  test("how many were tried", () => {
    console.log(`exclusions: ${cases.length} periods of two versions judged`);
    expect(cases.length).toBe(14);
  });

  test("spans stay within their part", () => {
    const { spans } = judgeExclusions(
      [
        { contract: contractWith([{}]), ...before },
        { contract: contractWith([{}]), ...after },
      ],
      [across],
    );
    expect(spans).toEqual([
      [{ fromMinute: middle - 60, toMinute: middle, regions: null }],
      [{ fromMinute: middle, toMinute: middle + 60, regions: null }],
    ]);
  });

  test("a third part has what both before it left", () => {
    const contract = contractWith([{ capMinutes: 150 }]);
    const days = [10, 15, 20].map((day) => at(`2026-09-${day}T00:00Z`) / MS);
    const parts = days.map((fromMinute) => ({ contract, fromMinute, toMinute: fromMinute + 1440 }));
    const records = days.map((minute, index) =>
      recordOf({ id: index + 1, fromAt: minute * MS, toAt: minute * MS + HOUR }),
    );
    const { spans, judged } = judgeExclusions(parts, records);
    expect(spans.map((part) => minutesOf(part).size)).toEqual([60, 60, 30]);
    expect(judged.map((one) => [one.id, one.minutes, one.refused])).toEqual([
      [1, 60, null],
      [2, 60, null],
      [3, 30, "over_cap"],
    ]);
  });

  test("without a part there is nothing", () => {
    expect(judgeExclusions([], [early])).toEqual({ spans: [], judged: [] });
  });
});
