// Aim: the figures of one objective as they are printed: cut off and never rounded up, evidence in its own sentence, unknown as
// unknown. Method: tables of figures against the words that the page must say; no HTML.

import { describe, expect, it, test } from "vitest";

import { periodClock } from "../../status-page/instants.ts";
import { cutShare, objectiveView, supported } from "../../status-page/sla-figures.ts";
import type { Writing } from "../../status-page/sla-figures.ts";
import { reportView } from "../../status-page/sla-view.ts";
import { slaWordsOf, wordsOf } from "../../status-page/words/languages.ts";
import { cutNumber, exactSpan, moneyText } from "../../status-page/words/numbers.ts";
import type { DownRule } from "../../workers/config/contracts/contract.ts";
import type { Report } from "../../workers/sla/report-shape.ts";
import * as fixtures from "./sla-fixtures.ts";
import {
  OCTOBER,
  badObjectives,
  evidence,
  proportion,
  quantile,
  ratio,
  scope,
  slots,
  slotsFigures,
} from "./sla-parts.ts";

const flat = (text: string): string => text.replaceAll("\u00a0", " ");
const EN: Writing = {
  words: wordsOf("en"),
  sla: slaWordsOf("en"),
  clock: periodClock("Asia/Shanghai", OCTOBER.from, OCTOBER.to),
};
const ZH: Writing = { ...EN, words: wordsOf("zh"), sla: slaWordsOf("zh") };
const viewOf = (report: Report) => reportView({ report, hash: "ab", money: null, words: EN.words, sla: EN.sla });

describe("shares are cut off", () => {
  test.each<[number, number, string]>([
    [0.998649, 43_020, "99.864 %"],
    [0.9999999, 44_640, "99.999 %"],
    [0.999, 44_640, "99.900 %"],
    [0.9999, 44_640, "99.990 %"],
    [44_639 / 44_640, 44_640, "99.997 %"],
    [1, 44_640, "100 %"],
    [0, 44_640, "0 %"],
    [0.5, 8640, "50.00 %"],
    [0.0001, 10, "0 %"],
  ])("%d of %i slots is %s", (value, whole, printed) => {
    expect(flat(EN.words.percent(cutShare(value, whole)))).toBe(printed);
  });

  it("never prints 100 % for less, nor more than there is: every quotient of 1,000 slots", () => {
    let tried = 0;
    for (let down = 0; down <= 1000; down++) {
      const share = cutShare((1000 - down) / 1000, 1000);
      expect(share.units / 10 ** share.digits / 100).toBeLessThanOrEqual((1000 - down) / 1000 + 1e-12);
      // One decimal of a percent is exactly one slot of a thousand: nothing may be lost either.
      expect(Math.round((share.units / 10 ** share.digits) * 10)).toBe(1000 - down);
      tried++;
    }
    expect(tried).toBe(1001);
  });

  test.each<[number, number, string, string]>([
    // 0 lost of 28,800: as the design says.
    [0.9998959869, 1, "99.9895 %", "100 %"],
    // Upper ends are rounded up: a service of at most 99.99951 % must not be said to have at most 99.9995 %.
    [0.99991, 0.9999951, "99.991 %", "99.9996 %"],
    // A wide interval supports few digits.
    [0.287014, 1, "28.7 %", "100 %"],
    [0.9931, 0.9935, "99.31 %", "99.35 %"],
  ])("prints what lies between %d and %d as %s to %s", (at_least, at_most, least, most) => {
    const bounds = supported({ at_least, at_most });
    expect(bounds && [flat(EN.words.percent(bounds.least)), flat(EN.words.percent(bounds.most))]).toEqual([
      least,
      most,
    ]);
  });

  test.each<[number, string]>([
    [1, "99.997 % – 99.998 %"],
    [0, "100 % – 100 %"],
    [446.4, "99.000 % – 99.000 %"],
    // Rounded up it is all, though a thousandth of a slot was not.
    [0.001, "99.999 % – 100 %"],
  ])("an upper bound is rounded up: %d of 44,640 slots down", (down, range) => {
    expect(flat(objectiveView(slots(slotsFigures(44_640, down, 0), []), EN).range)).toBe(range);
  });

  test.each<[number, string, string]>([
    [0.9999999, "≥ 99.99999 %", "P99.99999"],
    [0.999999999, "≥ 99.9999999 %", "P99.9999999"],
    [0.9999999999, "≥ 99.9999999 %", "P99.9999999"],
    [0.999, "≥ 99.9 %", "P99.9"],
    [0.29, "≥ 29 %", "P29"],
    [1, "≥ 100 %", "P100"],
  ])("a target of %d is %s, and never more than it is", (target, printed, percentile) => {
    expect(flat(objectiveView(ratio(proportion(100, 0), { target }), EN).target)).toBe(printed);
    expect(objectiveView(quantile(proportion(100, 0), { q: target }), EN).name).toMatch(
      new RegExp(`^${percentile.replace(".", "\\.")} delivery`),
    );
  });

  test.each<[number, string, string]>([
    [19.999, "CNY", "CNY 19.99"],
    [0.29, "CNY", "CNY 0.29"],
    [0.5, "JPY", "JPY 0"],
    [1234.5678, "KWD", "KWD 1,234.567"],
    [118.05, "EUR", "EUR 118.05"],
  ])("%d %s is %s", (amount, currency, printed) => {
    expect(flat(moneyText("en", amount, currency))).toBe(printed);
  });

  test.each<[number, "up" | "down", string]>([
    [17.36, "up", "17.36"],
    [17.361, "up", "17.37"],
    [41.649, "down", "41.64"],
    [0.1 + 0.2, "up", "0.3"],
    [-0.001, "up", "0"],
    [12_345.678, "down", "12,345.67"],
  ])("%d %s is %s", (n, toward, printed) => {
    expect(cutNumber("en", n, toward)).toBe(printed);
  });

  test.each<[number, string]>([
    [200, "200 ms"],
    [45_000, "45 s"],
    [900_000, "15 min"],
    [3_600_000, "1 h"],
    [5_430_000, "1 h 30 min"],
    [1_234_567, "20 min 34 s"],
    [345_600_000, "96 h"],
  ])("a span of %i ms is %s", (ms, printed) => {
    expect(exactSpan(ms, { ms: "ms", s: "s", min: "min", h: "h" }, " ")).toBe(printed);
  });
});

describe("an objective", () => {
  const [availability, delivery, latency] = badObjectives();

  it("of slots says what is down, what is unknown, and what exclusions change", () => {
    if (availability === undefined) throw new Error("no objective");
    const view = objectiveView(availability, EN);
    expect([view.name, flat(view.target), flat(view.value), flat(view.range)]).toEqual([
      "Availability",
      "≥ 99.9 %",
      "99.860 %",
      "99.658 % – 99.861 %",
    ]);
    expect(view.notes.map(flat)).toEqual([
      "62 of 44,460 slots down: 62 min",
      "180 excluded",
      "without exclusions 99.815 %",
    ]);
    expect(view.rangeNotes.map(flat)).toEqual(["99.797 % measured", "90 unmeasured"]);
    expect([flat(view.budget), view.budgetNotes.map(flat)]).toEqual([
      "overdrawn by ≥ 17.36 min; 44.64 min were allowed",
      ["burn rate ≥ 1.39"],
    ]);
    expect(view.evidence).toBeNull();
    // Of five measured slots there are no five digits, however many were to be measured.
    if (availability.kind !== "slots") throw new Error("no slots");
    const few = { ...availability.figures, value: 0.2, unmeasured: availability.figures.counted - 5 };
    expect(flat(objectiveView({ ...availability, figures: few }, EN).value)).toBe("20 %");
  });

  it("of messages has its evidence in a sentence, with the design effect", () => {
    if (delivery === undefined) throw new Error("no objective");
    const view = objectiveView(delivery, EN);
    expect(view.proof.map(flat)).toEqual([
      "1,082 of 887,400 lost or refused. This supports ≤ 99.9012 % (95 %): 99.99 % is proven missed.",
      "Design effect 4.72 (estimated from these losses): the sample weighs as much as 188,281 independent messages.",
    ]);
    expect(view.word.text).toBe("breached");
  });

  it("of latency is a share of messages, and says that it is an estimate", () => {
    if (latency === undefined) throw new Error("no objective");
    const view = objectiveView(latency, EN);
    expect([flat(view.name), flat(view.target), flat(view.value)]).toEqual([
      "P99 delivery time ≤ 200 ms",
      "≥ 99 % within 200 ms",
      "99.3329 %",
    ]);
    expect(view.rules).toEqual(["an estimate: half of a measured round trip"]);
    expect(flat(objectiveView(latency, ZH).name)).toBe("P99 送达延迟 ≤ 200 ms");
  });

  it("says as the design has it that 0 lost of 28,800 is not enough", () => {
    const proof = { grade: "not_enough_evidence", at_least: 0.9998959869, at_most: 1, more_good_needed: 1156 } as const;
    const one = ratio(proportion(28_800, 0, proof));
    expect(objectiveView(one, EN).proof.map(flat)).toEqual([
      "0 of 28,800 lost or refused. This supports ≥ 99.9895 % (95 %). 99.99 % needs 1,156 more good messages without a bad one.",
    ]);
    expect(objectiveView(one, ZH).proof.map(flat)).toEqual([
      "28,800 条中 0 条丢失或被拒绝。这支持 ≥ 99.9895%（95%）。要证实 99.99%，还需连续 1,156 条消息全部正常。",
    ]);
  });

  it("has no value, no bound and no budget where nothing was measured", () => {
    const [first] = viewOf(fixtures.nothingMeasured()).segments[0]?.scopes ?? [];
    expect(first?.objectives.map((one) => [one.value, one.says.text, one.word.text, one.budget])).toEqual(
      Array.from({ length: 3 }, () => ["–", "no data", "no data", "–"]),
    );
    expect(first?.objectives[0]?.range && flat(first.objectives[0].range)).toBe("0 % – 100 %");
    expect(first?.objectives[1]?.proof).toEqual(["No message was attempted: nothing is proven."]);
    expect(first?.runs.map((runs) => [runs.none, flat(runs.unmeasured ?? "")])).toEqual([
      [null, "44,640 min unmeasured (nothing was recorded: 44,640 min)"],
    ]);
  });

  it("says where the limit was not counted yet", () => {
    const one = ratio(proportion(1000, 0, {}, { unjudged: 28_000 }), { within_ms: 250 });
    expect(objectiveView(one, EN).notes.map(flat)).toContain("28,000 while this limit was not counted: in no share");
  });

  test.each<[DownRule, number, string]>([
    [
      { rule: "rate", op: ">", value: 0.01 },
      1,
      "A minute is down when more than 1 % of its messages are lost or refused",
    ],
    [
      { rule: "rate", op: ">=", value: 0.2 },
      5,
      "A slot of 5 minutes is down when at least 20 % of its messages are lost or refused",
    ],
    [{ rule: "all-fail" }, 1, "A minute is down when all of its messages are lost or refused"],
    [{ rule: "count", gte: 5 }, 1, "A minute is down when at least 5 of its messages are lost or refused"],
    [{ rule: "fractional" }, 5, "A slot of 5 minutes is down by the share of its messages that are lost or refused"],
  ])("has its rule in words: %o", (downIf, minutes, sentence) => {
    const one = slots(slotsFigures(8640, 0, 0), [], { down_if: downIf, slot_minutes: minutes });
    expect(objectiveView(one, EN).rules.map(flat)).toEqual([sentence]);
  });

  it("one is one: no plural where there is a single message, region, run or incident", () => {
    const budget = { unit: "message", allowed: 2, used: 1, left: 1, burn_rate: 0.5, exhausted_at: null } as const;
    const few = { grade: "not_enough_evidence", more_good_needed: 1, design_effect: 2, effective_sample: 1.5 } as const;
    const view = objectiveView(ratio(proportion(20_000, 1, few), { budget }), EN);
    expect(flat(view.budget)).toBe("1 bad message left of 2 bad messages");
    expect(view.proof.join(" ")).toContain("needs 1 more good message without a bad one.");
    expect(view.proof.join(" ")).toContain("as much as 1 independent message.");
    expect([EN.sla.moreRuns(1), EN.sla.moreRuns(2)]).toEqual([
      "1 shorter one is not listed.",
      "2 shorter ones are not listed.",
    ]);
    expect([EN.sla.incidents(1, 1), EN.sla.incidents(0, 2)]).toEqual([
      "1 of 1 incident has this time",
      "0 of 2 incidents have this time",
    ]);
    expect([EN.sla.combined("any-down", 1), ZH.sla.combined("any-down", 1)]).toEqual([
      "The only region: down when it is",
      "唯一区域：中断即为中断",
    ]);
    expect(EN.sla.latencyLine("loop", "–", "1")).toBe("loop: –; 1 sample");
    const count = slots(slotsFigures(8640, 0, 0), [], { down_if: { rule: "count", gte: 1 } });
    expect(objectiveView(count, EN).rules).toEqual([
      "A minute is down when at least 1 of its messages is lost or refused",
    ]);
  });

  it("a failed connection is the service's fault, and never said to be ours", () => {
    const one = slots(slotsFigures(8640, 0, 0), [], { bad: ["lost", "connect-fail"] });
    expect(objectiveView(one, EN).rules[0]).toContain("lost or refused at connecting");
    expect(objectiveView(one, ZH).rules[0]).toContain("丢失或连接被拒绝");
  });

  it("is told from another of the same name by its id", () => {
    const two = ["in-app", "push"].map((id) => ratio(proportion(28_800, 0), { id }));
    const [first] = viewOf(fixtures.report([scope(0, two)])).segments[0]?.scopes ?? [];
    expect(first?.objectives.map((one) => one.name)).toEqual(["Delivery (in-app)", "Delivery (push)"]);
  });

  it("says which journey it is about, where that is not the usual", () => {
    const one = ratio(proportion(28_800, 0), { journey: "room" });
    expect(objectiveView(one, EN).name).toBe("Delivery · room with many receivers");
  });

  it("prints no bound below its confidence: 99 % is not 95 %", () => {
    const one = ratio({ ...proportion(28_800, 0), evidence: evidence({ confidence: 0.99 }) });
    expect(objectiveView(one, EN).rangeNotes.map(flat)).toEqual(["each end 99 % sure"]);
  });
});
