// Aim: a record takes out exactly the minutes that the contract lets it, and says why not otherwise. Method: a table of single
// records by rule; weekly windows in zones whose clocks change, the open minutes found by reading a wall clock for each; caps over
// several records; seeded records against a count minute by minute, and cut in two.

import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import type { Contract, ExclusionRule, WeeklyWindow } from "../../workers/config/contracts/contract.ts";
import type { Span } from "../../workers/results/calendar.ts";
import { judgeExclusions } from "../../workers/sla/exclusions.ts";
import type { ExclusionRecord } from "../../workers/sla/records.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";
import { at, contractWith, HOUR, minutesOf, MS, PROOF, recordOf, SPAN } from "./exclusion-literals.ts";
import { GOLDEN_RULES, MAINTENANCE, ORIGIN } from "./golden-month.ts";

type Judged = ReturnType<typeof judgeExclusions>;
/** A period of one version. */
function judgeOne(contract: Contract, span: Span, records: readonly ExclusionRecord[]) {
  const { spans, judged } = judgeExclusions([{ contract, ...span }], records);
  expect(spans).toHaveLength(1);
  return { spans: spans[0] ?? [], judged };
}
const word = ({ judged }: Pick<Judged, "judged">) => judged.map((each) => [each.minutes, each.refused]);

describe("one record", () => {
  const start = at("2026-09-10T02:00Z");
  const notice = { noticeMs: 72 * HOUR };
  const cases: readonly [string, Partial<ExclusionRule>, Partial<ExclusionRecord>, number, string | null][] = [
    ["counts without a condition", {}, { announcedAt: null }, 60, null],
    ["of another type", { type: "dos" }, {}, 0, "not_in_contract"],
    ["of foreign regions only", {}, { regions: ["oc"] }, 0, "not_in_contract"],
    ["of no region", {}, { regions: [] }, 0, "not_in_contract"],
    ["of one own region and a foreign one", {}, { regions: ["oc", "enam"] }, 60, null],
    ["announced in time", notice, {}, 60, null],
    ["announced just in time", notice, { announcedAt: start - 72 * HOUR, recordedAt: start - 72 * HOUR }, 60, null],
    ["announced 1 ms late: all of it is downtime", notice, { announcedAt: start - 72 * HOUR + 1 }, 0, "short_notice"],
    ["never announced", notice, { announcedAt: null, proof: PROOF }, 0, "not_announced"],
    ["no notice needed but that it is announced", { noticeMs: 0 }, { announcedAt: null }, 0, "not_announced"],
    ["announced as it began", { noticeMs: 0 }, { announcedAt: start, recordedAt: start }, 60, null],
    ["announced after it began", { noticeMs: 0 }, { announcedAt: start + 1, proof: PROOF }, 0, "short_notice"],
    ["claimed in time, written too late, no proof", notice, { recordedAt: start - 71 * HOUR }, 0, "no_proof"],
    ["claimed in time, written afterwards, proven", notice, { recordedAt: start + HOUR, proof: PROOF }, 60, null],
    ["proof cannot make a late notice early", notice, { announcedAt: start - HOUR, proof: PROOF }, 0, "short_notice"],
    ["written afterwards where nothing has to be announced", {}, { recordedAt: start + HOUR }, 60, null],
    ["wants a proof", { needsProof: true }, {}, 0, "no_proof"],
    ["has the proof", { needsProof: true }, { proof: PROOF }, 60, null],
    ["begins and ends within minutes", {}, { fromAt: start + 1, toAt: start + 60 * MS - 1 }, 58, null],
    ["shorter than a minute", {}, { fromAt: start + 1, toAt: start + 2 * MS - 1 }, 0, null],
    [
      "begins before the span",
      {},
      { fromAt: SPAN.fromMinute * MS - HOUR, toAt: SPAN.fromMinute * MS + HOUR },
      60,
      null,
    ],
    ["goes on after the span", {}, { fromAt: SPAN.toMinute * MS - HOUR, toAt: SPAN.toMinute * MS + HOUR }, 60, null],
    ["up to its cap", { capMinutes: 60 }, {}, 60, null],
    ["over its cap", { capMinutes: 59 }, {}, 59, "over_cap"],
    ["nothing is allowed", { capMinutes: 0 }, {}, 0, "over_cap"],
    ["for this contract by name", {}, { contract: "golden" }, 60, null],
  ];

  test.each(cases)("%s", (_, rule, own, minutes, refused) => {
    const result = judgeOne(contractWith([rule]), SPAN, [recordOf(own)]);
    expect(word(result)).toEqual([[minutes, refused]]);
    expect(minutesOf(result.spans).size).toBe(minutes);
  });

  test("how many were tried", () => {
    console.log(`exclusions: ${cases.length} single records judged`);
    expect(cases.length).toBe(26);
  });

  test("is listed as it was written, and its span has its regions", () => {
    const own = { id: 9, regions: ["enam"], proof: PROOF, contract: "golden" };
    expect(judgeOne(contractWith([{}]), SPAN, [recordOf(own)])).toEqual({
      spans: [{ fromMinute: start / MS, toMinute: start / MS + 60, regions: ["enam"] }],
      judged: [
        {
          id: 9,
          type: "scheduled-maintenance",
          from: start,
          to: start + HOUR,
          regions: ["enam"],
          announced_at: at("2026-09-03T00:00Z"),
          author: "ops",
          reason: "new disks",
          proof: PROOF,
          recorded_at: at("2026-09-03T01:00Z"),
          minutes: 60,
          refused: null,
        },
      ],
    });
  });

  test.each<[string, Partial<ExclusionRecord>]>([
    ["of another target", { target: "other" }],
    ["of another contract", { contract: "enterprise" }],
    ["that ends as the span begins", { fromAt: 0, toAt: SPAN.fromMinute * MS }],
    ["that begins as the span ends", { fromAt: SPAN.toMinute * MS, toAt: SPAN.toMinute * MS + HOUR }],
  ])("one %s is not listed", (_, own) => {
    expect(judgeOne(contractWith([{}]), SPAN, [recordOf(own)])).toEqual({ spans: [], judged: [] });
  });

  test("the golden month's maintenance comes out of a record", () => {
    const fromAt = (ORIGIN + 25_000) * MS;
    const record = recordOf({ fromAt, toAt: fromAt + 180 * MS });
    const span = { fromMinute: ORIGIN, toMinute: ORIGIN + 43_200 };
    const spans = GOLDEN_RULES.map((rule) => judgeOne(rule.contract, span, [record]).spans);
    expect(spans).toEqual(GOLDEN_RULES.map((rule) => rule.spans));
    expect(spans.filter((each) => each.length > 0)).toEqual(Array.from({ length: 7 }, () => [MAINTENANCE]));
  });
});

describe("several records", () => {
  test("a withdrawn one takes out nothing, and who withdraws is not listed", () => {
    const first = recordOf({ id: 1 });
    const back = recordOf({ id: 2, withdraws: 1 });
    const again = recordOf({ id: 3 });
    const result = judgeOne(contractWith([{ capMinutes: 60 }]), SPAN, [again, back, first]);
    expect(result.judged.map((each) => [each.id, each.minutes, each.refused])).toEqual([
      [1, 0, "withdrawn"],
      [3, 60, null],
    ]);
    expect(result.spans).toHaveLength(1);
  });

  test("a withdrawal by another target, or one that was there before, withdraws nothing", () => {
    const records = [
      recordOf({ id: 5 }),
      recordOf({ id: 6, withdraws: 5, target: "other" }),
      recordOf({ id: 7, withdraws: 5, contract: "enterprise" }),
      recordOf({ id: 4, withdraws: 5 }),
    ];
    expect(word(judgeOne(contractWith([{}]), SPAN, records))).toEqual([[60, null]]);
  });

  test("overlapping records both say what they take out, and a cap counts their minutes once", () => {
    const start = at("2026-09-10T02:00Z");
    const records = [
      recordOf({ id: 1 }),
      recordOf({ id: 2, fromAt: start + 30 * MS, toAt: start + 90 * MS, regions: ["enam"] }),
    ];
    expect(word(judgeOne(contractWith([{}]), SPAN, records))).toEqual([
      [60, null],
      [60, null],
    ]);
    const capped = judgeOne(contractWith([{ capMinutes: 75 }]), SPAN, records);
    expect(word(capped)).toEqual([
      [60, null],
      [45, "over_cap"],
    ]);
    expect(minutesOf(capped.spans).size).toBe(75);
  });

  test("a cap is of one type, and refused records use none of it", () => {
    const rules = [
      { noticeMs: 72 * HOUR, capMinutes: 60 },
      { type: "dos", needsProof: true },
    ] as const;
    const late = recordOf({ id: 1, fromAt: at("2026-09-09T00:00Z"), announcedAt: at("2026-09-08T00:00Z") });
    const foreign = recordOf({ id: 2, fromAt: at("2026-09-09T00:00Z"), regions: ["oc"] });
    const attack = recordOf({ id: 3, type: "dos", proof: PROOF });
    const good = recordOf({ id: 4 });
    const result = judgeOne(contractWith(rules), SPAN, [good, attack, foreign, late]);
    expect(result.judged.map((each) => [each.id, each.minutes, each.refused])).toEqual([
      [1, 0, "short_notice"],
      [2, 0, "not_in_contract"],
      [3, 60, null],
      [4, 60, null],
    ]);
  });
});

describe("a weekly window", () => {
  const NIGHT: WeeklyWindow = { days: [6, 7], fromMinute: 60, toMinute: 180 };
  const open = (zone: string, window: WeeklyWindow, minute: number): boolean => {
    const clock = Temporal.Instant.fromEpochMilliseconds(minute * MS).toZonedDateTimeISO(zone);
    const ofDay = clock.hour * 60 + clock.minute;
    return window.days.includes(clock.dayOfWeek) && window.fromMinute <= ofDay && ofDay < window.toMinute;
  };

  test.each<[string, string, string, string, WeeklyWindow, number]>([
    ["an ordinary Sunday", "Europe/Berlin", "2026-09-05T22:00Z", "2026-09-06T22:00Z", NIGHT, 120],
    ["the hour that is skipped", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z", NIGHT, 60],
    ["the hour that comes twice", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z", NIGHT, 180],
    ["half an hour twice", "Australia/Lord_Howe", "2026-04-04T13:00Z", "2026-04-05T13:30Z", NIGHT, 150],
    ["an offset of 5:45", "Asia/Kathmandu", "2026-09-05T18:15Z", "2026-09-06T18:15Z", NIGHT, 120],
    ["a weekend", "Asia/Shanghai", "2026-09-04T16:00Z", "2026-09-07T16:00Z", NIGHT, 240],
    [
      "to the end of a day without an hour",
      "America/New_York",
      "2026-03-08T05:00Z",
      "2026-03-09T05:00Z",
      { days: [7], fromMinute: 0, toMinute: 1440 },
      1380,
    ],
  ])("%s", (_, zone, from, to, window, minutes) => {
    const span = { fromMinute: at(from) / MS, toMinute: at(to) / MS };
    const record = recordOf({ fromAt: at(from), toAt: at(to) });
    const result = judgeOne(contractWith([{ window }], zone), span, [record]);
    expect(word(result)).toEqual([[minutes, "outside_window"]]);
    const wanted = Array.from({ length: span.toMinute - span.fromMinute }, (_each, offset) => span.fromMinute + offset);
    expect([...minutesOf(result.spans)]).toEqual(wanted.filter((minute) => open(zone, window, minute)));
  });

  test.each<[string, string, string, number, string | null]>([
    ["wholly inside", "2026-09-06T01:00Z", "2026-09-06T03:00Z", 120, null],
    ["partly inside", "2026-09-06T02:30Z", "2026-09-06T04:00Z", 30, "outside_window"],
    ["the right hours of another day", "2026-09-07T01:00Z", "2026-09-07T03:00Z", 0, "outside_window"],
  ])("%s", (_, from, to, minutes, refused) => {
    const record = recordOf({ fromAt: at(from), toAt: at(to) });
    expect(word(judgeOne(contractWith([{ window: NIGHT }]), SPAN, [record]))).toEqual([[minutes, refused]]);
  });

  test("before 1970 the week goes on", () => {
    const record = recordOf({ fromAt: at("1969-12-28T00:00Z"), toAt: at("1969-12-29T00:00Z") });
    const span = { fromMinute: -10_080, toMinute: 0 };
    expect(word(judgeOne(contractWith([{ window: NIGHT }]), span, [record]))).toEqual([[120, "outside_window"]]);
  });
});

test("equals a count minute by minute, in any order of records", () => {
  const random = mulberry32(20_261);
  let tried = 0;
  let cut = 0;
  for (let round = 0; round < 150; round++) {
    const span = { fromMinute: SPAN.fromMinute, toMinute: SPAN.fromMinute + 3 * 1440 };
    const window = oneOf(random, [null, { days: [2, 4], fromMinute: 300, toMinute: between(random, 301, 1440) }]);
    const capMinutes = oneOf(random, [null, between(random, 0, 900)]);
    const records = Array.from({ length: between(random, 1, 6) }, (_, index) => {
      const fromAt = span.fromMinute * MS + between(random, -300, 4_300) * MS + between(random, 0, 1) * 30_000;
      return recordOf({ id: index + 1, fromAt, toAt: fromAt + between(random, 1, 900) * MS });
    });
    const inside = (minute: number, { fromAt, toAt }: ExclusionRecord): boolean => {
      const ofDay = ((minute % 1440) + 1440) % 1440;
      const isOpen = (day: number) => window === null || (window.days.includes(day) && ofDay >= window.fromMinute);
      const weekday = ((((Math.floor(minute / 1440) + 3) % 7) + 7) % 7) + 1;
      return (
        fromAt <= minute * MS && (minute + 1) * MS <= toAt && isOpen(weekday) && ofDay < (window?.toMinute ?? 1440)
      );
    };
    const wanted: number[] = [];
    for (let minute = span.fromMinute; minute < span.toMinute; minute++) {
      if (records.some((record) => inside(minute, record))) wanted.push(minute);
    }
    const kept = new Set(wanted.slice(0, capMinutes ?? wanted.length));
    if (kept.size < wanted.length) cut++;
    const result = judgeOne(contractWith([{ window, capMinutes }]), span, shuffled(random, records));
    expect([...minutesOf(result.spans)].sort((a, b) => a - b)).toEqual([...kept]);
    // The same terms in two versions, wherever the second begins, are one period still.
    const cutAt = between(random, span.fromMinute + 1, span.toMinute - 1);
    const contract = contractWith([{ window, capMinutes }]);
    const inTwo = judgeExclusions(
      [
        { contract, fromMinute: span.fromMinute, toMinute: cutAt },
        { contract, fromMinute: cutAt, toMinute: span.toMinute },
      ],
      records,
    );
    expect(minutesOf(inTwo.spans.flat())).toEqual(minutesOf(result.spans));
    expect(inTwo.judged).toEqual(result.judged);
    for (const judged of result.judged) {
      const record = records.find((each) => each.id === judged.id) ?? recordOf();
      expect(judged.minutes).toBe([...kept].filter((minute) => inside(minute, record)).length);
      tried++;
    }
  }
  console.log(`exclusions: ${tried} records in 150 random sets, ${cut} sets over their cap`);
  expect(tried).toBeGreaterThan(400);
  expect(cut).toBeGreaterThan(20);
});
