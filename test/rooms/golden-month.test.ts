// Aim: twelve real contracts judge one month as reference/sla.md, section 3 says, integer by integer. Method: the record from its
// seed, checked by its first draws, its totals and losses typed in by hand; folded at once and day by day; the whole table.

import { describe, expect, test } from "vitest";
import { mulberry32 } from "../random.ts";
import { slotsFigures } from "../../workers/sla/availability.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import { mergeParts } from "../../workers/sla/merge.ts";
import type { ObjectivePart, Part } from "../../workers/sla/part.ts";
import type { Contract } from "../../workers/config/contracts/contract.ts";
import {
  GOLDEN_RULES,
  LATE_MS,
  MAINTENANCE,
  MONTH_MINUTES,
  ORIGIN,
  contractOf,
  goldenMinutes,
  goldenStream,
  slotsObjective,
} from "./golden-month.ts";

const { minutes, draws } = goldenMinutes();
const stream = goldenStream(minutes);
const numbers = (text: string): number[] => text.trim().split(/\s+/).map(Number);

/** Losses of B, of C, and the other minutes with one loss, as the reference has them. */
const B = numbers("9 4 6 4 7 7 6 6 6 7 8 5 4 4 5 8 4 5 9 6 5 1 9 8 5 9 6 2 6 6 5 6 6 6 4 4 6 9 5 9");
const C = numbers("15 15 14 16 16 17 14 16");
const SINGLE = numbers(`
  293 556 842 1591 2320 2486 2805 2910 3420 3789 3839 3881 4509 4614 5108 5394 5395 7045 7292 7339 8337 8602 9038 9259 9540
  9982 10075 10217 11918 12399 12678 13782 13991 14749 16405 17115 17568 18842 18985 19704 20279 20744 20809 21070 22362
  23449 23634 23989 24273 24353 24953 24962 25092 25615 26719 27601 29103 29824 29952 30686 30856 31047 31187 31810 32735
  32811 32816 33024 33661 35275 37397 37579 38111 38381 38550 38806 39006 39039 41556 41588 42319 42814`);

function fold(contract: Contract, spans = [MAINTENANCE], from = 0, to = MONTH_MINUTES): Part {
  return foldPart(contract, ORIGIN, ORIGIN + from, ORIGIN + to, [stream], spans);
}

function only(part: Part): ObjectivePart {
  const found = part.scopes[0]?.objectives[0];
  if (found === undefined || part.scopes.length !== 1) throw new RangeError("not one scope");
  return found;
}

/** Thirty days, one after the other. */
function byDays(contract: Contract, spans = [MAINTENANCE]): Part {
  const days = Array.from({ length: 30 }, (_, day) => fold(contract, spans, day * 1_440, (day + 1) * 1_440));
  return days.reduce((sum, day) => mergeParts(sum, day));
}

describe("the record", () => {
  test("is the one of the reference", () => {
    const random = mulberry32(7);
    const first = Array.from({ length: 5 }, () => random() * 2 ** 32);
    expect(first).toEqual([50271532, 266108690, 4195786334, 3002305430, 2239590375]);
    expect(draws).toBe(1_723_318);
    const sum = (of: (minute: (typeof minutes)[number]) => number): number =>
      minutes.reduce((total, minute) => total + of(minute), 0);
    expect([sum((m) => m.sent), sum((m) => m.lost), sum((m) => m.late)]).toEqual([862_200, 1_082, 3_837]);
  });

  test("has the losses that were written down by hand", () => {
    const lost = minutes.map((minute) => minute.lost);
    expect(lost.slice(5_000, 5_012)).toEqual(Array<number>(12).fill(20));
    expect(lost.slice(12_000, 12_040)).toEqual(B);
    expect(minutes.slice(12_000, 12_040).map((minute) => minute.late)).toEqual(B.map((_, at) => (at === 2 ? 1 : 0)));
    expect(C.map((_, at) => lost[20_000 + 100 * at])).toEqual(C);
    expect(lost.slice(25_000, 25_020)).toEqual(Array<number>(20).fill(20));
    expect(minutes.slice(30_000, 30_090).every((minute) => minute.sent === 0)).toBe(true);
    const named = (minute: number): boolean =>
      (minute >= 5_000 && minute < 5_012) ||
      (minute >= 12_000 && minute < 12_040) ||
      (minute >= 25_000 && minute < 25_020) ||
      (minute >= 20_000 && minute <= 20_700 && minute % 100 === 0);
    expect(lost.flatMap((each, minute) => (each > 0 && !named(minute) ? [minute] : []))).toEqual(SINGLE);
    expect(SINGLE.every((minute) => lost[minute] === 1)).toBe(true);
    expect(SINGLE).toHaveLength(82);
    expect(minutes.slice(35_000, 35_030).reduce((sum, minute) => sum + minute.late, 0)).toBe(344);
  });
});

test("twelve rules, one record: the whole table", () => {
  const rows = GOLDEN_RULES.map(({ name, contract, objective, spans, ...expected }) => {
    const folded = only(fold(contract, [...spans]));
    if (folded.kind !== "slots") throw new RangeError("not of slots");
    const figures = slotsFigures(objective, folded.applied, 0);
    const { counted, unmeasured, down, value, low, high, contract_says: says, verdict } = figures;
    expect({ name, slots: counted, unmeasured, down, says, verdict }).toEqual({
      name,
      slots: expected.slots,
      unmeasured: expected.unmeasured,
      down: expected.down,
      says: expected.says,
      verdict: expected.verdict,
    });
    expect([value ?? 0, low, high].map((share) => (100 * share).toFixed(4))).toEqual(expected.shares);
    expect(figures.excluded).toBe(spans.length === 0 ? 0 : 180 / objective.slotMinutes);
    expect(figures.minutes_down).toBe(name === "pusher-channels" ? 10 : expected.down * objective.slotMinutes);
    expect(folded.applied.unmeasuredMinutes).toEqual({ silent: 45, too_few: 45 });
    expect(only(byDays(contract, [...spans]))).toEqual(folded);
    return [name, counted, unmeasured, down, ...expected.shares, says, verdict].join(" | ");
  });
  console.log(`${rows.length} rules over ${MONTH_MINUTES} minutes, at once and by 30 days:\n${rows.join("\n")}`);
  expect(rows).toHaveLength(12);
});

test("without its exclusion a contract reads otherwise, and both are in the part", () => {
  const contract = contractOf([slotsObjective({ downIf: { rule: "all-fail" }, belowMin: "up", denominator: "all" })]);
  const folded = only(fold(contract));
  if (folded.kind !== "slots") throw new RangeError("not of slots");
  expect(folded.applied).toMatchObject({ counted: 43_020, excluded: 180, runs: [{ slots: 12 }] });
  expect(folded.raw).toMatchObject({ counted: 43_200, excluded: 0, runs: [{ slots: 12 }, { slots: 20 }] });
  expect(folded.raw.runs.map(({ bad, attempted }) => [bad, attempted])).toEqual([
    [240, 240],
    [400, 400],
  ]);
});

test("maintenance counted as up instead of dropped: 99.9722 for rule 2", () => {
  const objective = slotsObjective({
    target: 0.99,
    downIf: { rule: "all-fail" },
    belowMin: "up",
    denominator: "all",
    excludedSlots: "count-up",
  });
  const folded = only(fold(contractOf([objective])));
  if (folded.kind !== "slots") throw new RangeError("not of slots");
  const figures = slotsFigures(objective, folded.applied, 0);
  expect(figures).toMatchObject({ counted: 43_200, excluded: 180, unmeasured: 90, down: 12 });
  expect((100 * (figures.value ?? 0)).toFixed(4)).toBe("99.9722");
});

test("a fleet that came on the last day: no rule is met by it, whatever the contract makes of silence", () => {
  const since = 29 * 1_440;
  const schedules = [{ fromMinute: ORIGIN + since, untilMinute: null, everyMs: 60_000 }];
  const verdicts = GOLDEN_RULES.map(({ name, contract, objective, spans, verdict }) => {
    const all = foldPart(contract, ORIGIN, ORIGIN, ORIGIN + MONTH_MINUTES, [{ ...stream, schedules }], spans);
    const folded = only(all);
    if (folded.kind !== "slots") throw new RangeError("not of slots");
    const figures = slotsFigures(objective, folded.applied, 0);
    const { slotMinutes } = objective;
    const excluded = spans.length === 0 ? 0 : 180;
    expect(folded.applied.unmeasuredMinutes).toEqual({ never_scheduled: since - excluded });
    expect(figures).toMatchObject({
      counted: (MONTH_MINUTES - excluded) / slotMinutes,
      unmeasured: (since - excluded) / slotMinutes,
      excluded: excluded / slotMinutes,
    });
    expect(figures.coverage).toBeLessThan(1 / 29);
    // What a day of 20 messages a minute is too coarse for it is, however little of the month it was.
    const expected = verdict === "resolution_insufficient" ? verdict : "undetermined";
    expect([name, figures.verdict]).toEqual([name, expected]);
    return figures.verdict;
  });
  expect(verdicts.filter((each) => each === "undetermined")).toHaveLength(9);
});

test("delivery and latency of the month: .998745, and .0057052 late or lost", () => {
  const common = { journey: "loop", confidence: 0.95 } as const;
  const contract = contractOf([
    { id: "delivery", kind: "ratio", target: 0.9999, withinMs: null, ...common },
    {
      id: "latency",
      kind: "quantile",
      q: 0.99,
      limitMs: LATE_MS,
      direction: "round-trip",
      countedMs: LATE_MS,
      ...common,
    },
  ]);
  const parts = byDays(contract, []).scopes[0]?.objectives ?? [];
  const [delivery, latency] = parts.map((part) => (part.kind === "counts" ? part.applied : null));
  expect(delivery).toMatchObject({ n: 862_200, bad: 1_082, unjudged: 0, minutes: 43_110, nn: 43_110 * 400 });
  expect(delivery?.badN).toBe(20 * 1_082);
  expect(delivery?.badBad).toBe(minutes.reduce((sum, minute) => sum + minute.lost ** 2, 0));
  expect(delivery?.blocks.count).toBe(30);
  expect(latency).toMatchObject({ n: 862_200, bad: 1_082 + 3_837, unjudged: 0 });
  expect((1 - 1_082 / 862_200).toFixed(6)).toBe("0.998745");
  expect(((latency?.bad ?? 0) / (latency?.n ?? 0)).toFixed(7)).toBe("0.0057052");
});
