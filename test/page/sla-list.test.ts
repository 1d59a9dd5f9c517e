// Aim: the list of contracts says of each the worst that is known, what is not known, and what was not judged at all; the list of
// periods shows each once. Method: fixtures against the words; no HTML.

import { describe, expect, it, test } from "vitest";

import { listView, periodRows } from "../../status-page/sla-list.ts";
import type { Listed } from "../../status-page/sla-list.ts";
import { unjudged } from "../../status-page/sla.ts";
import type { Unjudged } from "../../status-page/sla.ts";
import { slaWordsOf, wordsOf } from "../../status-page/words/languages.ts";
import type { Report } from "../../workers/sla/report-shape.ts";
import * as fixtures from "./sla-fixtures.ts";
import { badObjectives, goodObjectives, scope } from "./sla-parts.ts";
import { contractOf, stored } from "./sla-world.ts";

const flat = (text: string): string => text.replaceAll("\u00a0", " ");
const EN = { words: wordsOf("en"), sla: slaWordsOf("en") };

describe("the lists of contracts and periods", () => {
  it("names the worst region, and says where all are the same", () => {
    const one = (report: Report) =>
      listView([{ contract: contractOf(report), report }], EN.words, EN.sla).rows[0]?.judged;
    expect(one(fixtures.breached())?.objectives.map((each) => [flat(each.value), each.where, each.says.text])).toEqual([
      ["99.860 %", "worst: Western Europe", "breached"],
      ["99.8780 %", "worst: Western Europe", "breached"],
      ["99.3329 %", "worst: Western Europe", "met"],
    ]);
    expect(one(fixtures.openMonth())?.objectives[0]?.where).toBe("the same in every region");
    expect(one(fixtures.kept())?.objectives[0]?.where).toBeNull();
    expect(one(fixtures.openMonth())?.period).toBe("2026-11 so far");
  });

  it("an unknown region is not the best: says in how many there is no data, and names the worst of the others", () => {
    const [good, none] = [goodObjectives(), fixtures.nothingMeasured().segments[0]?.scopes[0]?.objectives ?? []];
    const [bad] = [badObjectives()];
    const first = (...regions: readonly (typeof good)[]) => {
      const report = fixtures.report(regions.map((objectives, i) => scope(i, objectives)));
      const listed = [{ contract: contractOf(report), report }];
      const [en] = listView(listed, EN.words, EN.sla).rows[0]?.judged?.objectives ?? [];
      const [zh] = listView(listed, wordsOf("zh"), slaWordsOf("zh")).rows[0]?.judged?.objectives ?? [];
      return [en?.value && flat(en.value), en?.where, en?.says.text, zh?.where];
    };
    expect(first(none, none)).toEqual(["–", "no data in 2 regions", "no data", "2 个区域无数据"]);
    expect(first(none)).toEqual(["–", null, "no data", null]);
    expect(first(good, none)).toEqual([
      "99.993 %",
      "worst: Western North America; no data in 1 region",
      "no data",
      "最差：北美西部；1 个区域无数据",
    ]);
    expect(first(good, good, none)).toEqual(["99.993 %", "no data in 1 region", "no data", "1 个区域无数据"]);
    expect(first(none, bad, good).slice(0, 3)).toEqual([
      "99.860 %",
      "worst: Eastern North America; no data in 1 region",
      "breached",
    ]);
  });

  it("sums up what was judged, and calls present what is", () => {
    const sentence = (language: "en" | "zh", ...reports: readonly Listed["report"][]) =>
      listView(
        reports.map((report) => ({ contract: contractOf(fixtures.kept()), report })),
        wordsOf(language),
        slaWordsOf(language),
      ).sentence;
    const [open, old, none] = [fixtures.openMonth(), fixtures.breached(), fixtures.nothingMeasured()];
    const fine: Report = { ...open, contract_says: "met" };
    const own = "(contract’s own count)";
    expect([
      sentence("en", none, { why: "due" }),
      sentence("en", none),
      sentence("en", fine, none),
      sentence("en", fine, open),
      sentence("en", fine),
      sentence("en", open, old),
      sentence("en", fine, old),
      sentence("en", fixtures.kept()),
    ]).toEqual([
      "2 contracts, 0 of 2 judged",
      "1 contract, 0 of 1 judged",
      `2 contracts, 1 of 2 judged, none breached in the present period ${own}`,
      `2 contracts, 1 breached in the present period ${own}`,
      `1 contract, none breached in the present period ${own}`,
      `2 contracts, 2 breached in their newest periods ${own}`,
      `2 contracts, 1 breached in its newest period ${own}`,
      `1 contract, none breached in its newest period ${own}`,
    ]);
    expect([sentence("zh", none), sentence("zh", fine, none), sentence("zh", open, old)]).toEqual([
      "共 1 份合同，其中 0 份已评判",
      "共 2 份合同，其中 1 份已评判：按合同口径，本周期均无未达标",
      "共 2 份合同：按合同口径，各自最新周期有 2 份未达标",
    ]);
  });

  test.each<[string, string | null, string, Unjudged]>([
    ["2026-11-24", null, "Asia/Shanghai", { why: "early", day: "2026-11-24", zone: "Asia/Shanghai" }],
    ["2026-11-01", null, "Asia/Shanghai", { why: "due" }],
    ["2026-01-01", "2026-10-31", "Etc/UTC", { why: "over", day: "2026-10-31", zone: "UTC" }],
    // At 16:30 in UTC it is the next day in Shanghai.
    ["2026-11-23", null, "Asia/Shanghai", { why: "due" }],
    ["2026-11-23", null, "UTC", { why: "early", day: "2026-11-23", zone: "UTC" }],
    ["2026-01-01", "2026-11-22", "UTC", { why: "due" }],
    ["2026-01-01", "2026-11-22", "Asia/Shanghai", { why: "over", day: "2026-11-22", zone: "Asia/Shanghai" }],
  ])("from %s to %s in %s is %o on 22 November at 16:30", (from, to, zone, why) => {
    const contract = { ...contractOf(fixtures.kept()), effective: { from, to }, period: { zone } };
    expect(unjudged(contract, Date.UTC(2026, 10, 22, 16, 30))).toEqual(why);
  });

  it("is green only if every contract is", () => {
    const state = (...reports: readonly Listed["report"][]) =>
      listView(
        reports.map((report) => ({ contract: contractOf(fixtures.kept()), report })),
        EN.words,
        EN.sla,
      ).state;
    expect(state(fixtures.kept(), fixtures.kept())).toBe("up");
    expect(state(fixtures.kept(), { why: "due" })).toBe("unmeasured");
    expect(state(fixtures.kept(), { why: "due" }, fixtures.openMonth())).toBe("degraded");
    expect(state(fixtures.openMonth(), fixtures.breached())).toBe("down");
  });

  it("shows each period once, by its newest revision", () => {
    const heads = [fixtures.openMonth(), { ...fixtures.breached(), revision: 1 }, fixtures.breached()].map((one) =>
      stored(one),
    );
    const rows = periodRows(heads, { period: "2026-10", revision: 1, zone: "Asia/Shanghai" }, EN.words, EN.sla);
    // The open month owes something, if it ended now; of a 0 only the report says what it means.
    const [none] = periodRows(
      [stored(fixtures.kept())],
      { period: "2026-10", revision: 1, zone: "UTC" },
      EN.words,
      EN.sla,
    );
    expect([...rows.map((row) => flat(row.credit)), none?.credit]).toEqual(["10 %", "10 %", "–"]);
    expect(rows.map((row) => [row.period, row.revisions.map((one) => [one.text, one.current])])).toEqual([
      ["2026-11", [["0", false]]],
      [
        "2026-10",
        [
          ["2", false],
          ["1", true],
        ],
      ],
    ]);
  });
});
