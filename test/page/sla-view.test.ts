// Aim: a report as a whole: verdicts beside each other and never merged, lists in the contract's own zone, what is open said to
// be open, and a stored report that is not what its hash says refused. Method: fixtures against the words; no HTML.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import { periodClock } from "../../status-page/instants.ts";
import type { Writing } from "../../status-page/sla-figures.ts";
import type { Cell } from "../../status-page/sla-lists.ts";
import { reportView, stateOf, worstGrade } from "../../status-page/sla-view.ts";
import { parseMoney, parseReport } from "../../status-page/sla.ts";
import { slaWordsOf, wordsOf } from "../../status-page/words/languages.ts";
import type { Report, Verdict } from "../../workers/sla/report-shape.ts";
import * as fixtures from "./sla-fixtures.ts";
import { OCTOBER, scope, slots, slotsFigures } from "./sla-parts.ts";
import { MONEY, stored } from "./sla-world.ts";

const flat = (text: string): string => text.replaceAll("\u00a0", " ");
const EN: Writing = {
  words: wordsOf("en"),
  sla: slaWordsOf("en"),
  clock: periodClock("Asia/Shanghai", OCTOBER.from, OCTOBER.to),
};
const viewOf = (report: Report, money = null as typeof MONEY | null) =>
  reportView({ report, hash: "ab", money, words: EN.words, sla: EN.sla });

describe("the three words stand beside each other", () => {
  test.each<[Report["contract_says"], Verdict, string]>([
    ["met", "met", "up"],
    ["breached", "breached", "down"],
    ["breached", "undetermined", "degraded"],
    ["breached", "resolution_insufficient", "degraded"],
    ["met", "breached", "degraded"],
    ["met", "undetermined", "unmeasured"],
    ["met", "resolution_insufficient", "unmeasured"],
    ["no_data", "no_data", "unmeasured"],
  ])("%s and %s is %s", (says, verdict, state) => {
    expect(stateOf({ contract_says: says, verdict })).toBe(state);
    const view = viewOf({ ...fixtures.kept(), contract_says: says, verdict });
    expect(view.sentence).toContain(`contract says: ${EN.sla.says[says]}.`);
    expect(view.sentence).toContain(`Sonde’s word: ${EN.sla.verdicts[verdict]}.`);
    expect(view.tiles.slice(0, 2).map((tile) => tile.text)).toEqual([EN.sla.says[says], EN.sla.verdicts[verdict]]);
  });

  it("takes the worst grade of what binds, and none where nothing asks for proof", () => {
    expect(worstGrade(fixtures.kept())).toBe("proven_met");
    expect(worstGrade(fixtures.breached())).toBe("proven_breached");
    expect(worstGrade(fixtures.openMonth())).toBe("not_enough_evidence");
    const looked = fixtures.breached();
    const unbound = looked.segments.map((one) => ({
      ...one,
      scopes: one.scopes.map((each, i) => ({ ...each, binding: i !== 2 })),
    }));
    expect(worstGrade({ ...looked, segments: unbound })).toBe("proven_met");
    const bare = fixtures.report([scope(0, [slots(slotsFigures(44_640, 0, 0), [])])]);
    expect(worstGrade(bare)).toBeNull();
    expect(viewOf(bare).sentence).toBe("The contract says: met. Sonde’s word: met.");
  });

  it("says of an open period that it is so far", () => {
    const view = viewOf(fixtures.openMonth());
    expect(view.sentence).toMatch(/^So far the contract says: breached/);
    expect(view.period.map(flat)).toEqual([
      "2026-11-01 00:00 – 2026-12-01 00:00 Asia/Shanghai",
      "43,200 minutes",
      "judged so far: 31,430 min (72.754 %)",
      "The period is still open: all figures are so far.",
    ]);
    expect(flat(view.credit.lines[0] ?? "")).toMatch(/^If the period ended now: 10 %/);
  });
});

describe("the lists of a report", () => {
  const view = viewOf(fixtures.breached());
  const cells = (row: readonly Cell[] | undefined): readonly string[] =>
    (row ?? []).flatMap((cell) => (typeof cell === "object" && "lines" in cell ? cell.lines : cell)).map(flat);

  it("runs stand in the contract's zone, with what is known of their edges", () => {
    const runs = view.segments[0]?.scopes[2]?.runs[0];
    expect(runs?.table.rows.map((row) => cells(row))).toEqual([
      [
        "2026-10-04 11:20",
        "2026-10-04 11:32",
        "12 min",
        "12",
        "233 of 240",
        "2026-10-04 11:20:14, 2026-10-04 11:32:03",
      ],
      ["2026-10-09 08:00", "2026-10-09 08:40", "40 min", "40", "793 of 800", "not kept, 2026-10-09 08:40:03"],
      ["2026-10-21 20:00", "2026-10-21 20:10", "10 min", "10", "193 of 200", "–"],
    ]);
    expect(runs?.table.notes).toEqual(["4 shorter ones are not listed."]);
  });

  it("exclusions say who, why, since when it was known, and whether they count", () => {
    const [first, second, third] = view.exclusions.rows;
    expect(cells(first)).toEqual([
      "Scheduled maintenance",
      "all regions",
      "2026-10-18 08:40",
      "2026-10-18 11:40",
      "counts: 180 min",
      "Replacement of the message store, announced in the console",
      "lin@example.com, 2026-10-14 09:40",
      "2026-10-14 08:40, 96 h ahead",
      "https://status.example/notices/81",
      expect.stringMatching(/^SHA-256 [0-9a-f]{64}$/),
    ]);
    expect(cells(second)).toContain("does not count: no proof");
    expect(cells(second)).toContain("Western Europe and Eastern Europe");
    expect(cells(third)).toContain("counts in part: 30 min; more than the contract allows");
    expect(cells(third)).toContain("2026-10-18 08:41, after it began");
    expect(viewOf(fixtures.kept()).exclusions.notes).toEqual(["Nobody has asked to exclude anything."]);
  });

  it("credit goes line by line; a claim begins and ends at its instants", () => {
    expect(view.credit.table?.rows.map((row) => cells(row))).toEqual([
      ["Western Europe", "Availability", "99.8602 %", "≥ 99.9 %", "below 99.9 %, at least 99 %: 10 %", "100 %", "10 %"],
      [
        "Western Europe",
        "Delivery",
        "99.8780 %",
        "≥ 99.99 %",
        "by a multiple of the share that was down",
        "100 %",
        "5.5 %",
        "not added: another line is larger, or the incident was credited already",
      ],
    ]);
    expect(flat(view.credit.claim[0] ?? "")).toBe(
      "Claims are accepted from 2026-11-07 00:00 until 2026-12-31 00:00 (Asia/Shanghai).",
    );
    expect(view.credit.money).toEqual([]);
  });

  it("amounts are said only where they are given", () => {
    const rich = viewOf(fixtures.breached(), { ...MONEY, owed: 0, note: "below_minimum" });
    expect(rich.credit.money.map(flat)).toEqual([
      "CNY 0.00, of a fee of CNY 128,000.00",
      "The amount is below the least that is paid.",
    ]);
  });

  it("a claim that ends at another zone's midnight does not lose its last day", () => {
    const whole = fixtures.breached();
    const claim = whole.claim && { ...whole.claim, deadline_at: Date.UTC(2026, 11, 31, 8) };
    expect(viewOf({ ...whole, claim }).credit.claim[0]).toContain("until 2026-12-31 16:00 (Asia/Shanghai)");
  });

  test.each<[string, Partial<Report["credit"]>, string, string, string]>([
    ["without terms", { terms_written: false }, "–", "No credit terms are written down.", "合同未约定赔付条款。"],
    ["open, without terms", { terms_written: false, provisional: true }, "–", "No credit terms", "合同未约定"],
    ["open", { provisional: true }, "0 %", "Nothing so far.", "截至目前无赔付。"],
    ["closed", {}, "0 %", "Nothing is owed.", "无需赔付。"],
  ])("no credit, %s: says no more than is known", (_, change, big, note, zh) => {
    const whole = fixtures.kept();
    const report = { ...whole, credit: { ...whole.credit, ...change } };
    const { tiles, credit } = viewOf(report);
    expect([flat(tiles[3]?.text ?? ""), tiles[3]?.notes]).toEqual([big, [expect.stringContaining(note)]]);
    expect(credit.lines[0]).toContain(note);
    const chinese = reportView({ report, hash: "ab", money: null, words: wordsOf("zh"), sla: slaWordsOf("zh") });
    expect(chinese.tiles[3]?.notes[0]).toContain(zh);
  });

  it("support clocks are spans", () => {
    expect(view.support?.rows.map((row) => cells(row))).toEqual([
      ["P1 · First response", "≤ 1 h", "24 × 7", "4", "3", "1", "0", "21 min", "1 h 30 min"],
      ["P2 · Restored", "≤ 4 h", "office", "1", "0", "0", "1", "–", "–"],
    ]);
  });

  it("incidents say how long everything took, and lead to their own pages", () => {
    const { incidents } = view;
    expect(incidents?.rows[0]?.[0]).toEqual({
      href: "/en/incidents/rtm-1",
      lines: ["rtm-1", "outage", "Western Europe, Eastern Europe and Eastern North America"],
    });
    expect(incidents?.rows.map((row) => cells(row.slice(1)))).toEqual([
      ["11 min 46 s", "2026-10-05 01:20:14 –", "2026-10-05 01:32:00", "+1 min", "2026-10-05 01:21:14"].concat(
        ["+1 min 2 s", "2026-10-05 01:21:16", "+5 min", "2026-10-05 01:26:16"],
        ["+44 min 46 s", "2026-10-05 02:05:00", "+8 min 46 s", "2026-10-05 01:29:00"],
      ),
      ["not restored", "2026-10-11 06:00:00 –", "+10 min", "2026-10-11 06:10:00", "–", "–", "–", "–"],
    ]);
    expect(incidents?.notes.map(flat)).toEqual([
      "Time to detect: median 5 min 30 s, longest 10 min (2 of 2) · to acknowledge: median 5 min, longest 5 min (1 of 2) · to restore: median 11 min 46 s, longest 11 min 46 s (1 of 2) · to resolve: – (0 of 2) · to the first public word: median 8 min 46 s, longest 8 min 46 s (1 of 2)",
      expect.stringMatching(/^Incidents have been written down since 2026-10-05 00:00\./),
    ]);
    const chinese = reportView({
      report: fixtures.breached(),
      hash: "ab",
      money: null,
      words: wordsOf("zh"),
      sla: slaWordsOf("zh"),
    });
    expect(chinese.incidents?.rows[0]?.[0]).toMatchObject({ href: "/zh/incidents/rtm-1" });
    expect(chinese.incidents?.notes[0]).toMatch(/^发现用时：中位数 5/);
  });

  it("a month without incidents says so; a report from before there were any says nothing of them", () => {
    expect(viewOf(fixtures.kept()).incidents).toMatchObject({ rows: [], notes: ["No incident began in this period."] });
    const { incidents: _none, ...old } = fixtures.kept();
    expect(viewOf(old).incidents).toBeNull();
  });

  it("tiles count the regions that are meant", () => {
    expect(view.tiles.map((tile) => tile.notes[0])).toEqual([
      "in 1 of 7 regions",
      "in 1 of 7 regions",
      "in 1 of 7 regions",
      expect.stringContaining("of the service’s fee"),
    ]);
  });
});

describe("segments and scopes", () => {
  const view = viewOf(fixtures.combined());

  it("follow each other with their versions and dates", () => {
    expect(view.segments.map((one) => one.title)).toEqual([
      "Contract version 1: 2026-10-01 00:00 – 2026-10-15 00:00",
      "Contract version 2: 2026-10-15 00:00 – 2026-11-01 00:00",
    ]);
  });

  it("begin with what the contract is judged by, and say what it is not judged by", () => {
    const scopes = view.segments[0]?.scopes ?? [];
    expect(scopes.map((one) => [one.title, one.note === null])).toEqual([
      ["All 3 regions together: down when at least 2 are", true],
      ["Western North America", false],
      ["Western Europe", false],
      ["Northeast Asia", false],
    ]);
    expect(view.segments[0]?.overview?.rows.map((row) => row.name)).toEqual(scopes.map((one) => one.title));
  });
});

describe("zones", () => {
  it("say the offset from UTC where it changes within the period, since an hour then comes twice", () => {
    const from = Date.UTC(2026, 8, 30, 22);
    const clock = periodClock("Europe/Berlin", from, Date.UTC(2026, 9, 31, 23));
    expect(clock.minute(Date.UTC(2026, 9, 25, 0, 30))).toBe("2026-10-25 02:30 +02:00");
    expect(clock.minute(Date.UTC(2026, 9, 25, 1, 30))).toBe("2026-10-25 02:30 +01:00");
    expect(EN.clock.minute(OCTOBER.from)).toBe("2026-10-01 00:00");
    expect(periodClock("UTC", from, from + 1).second(from)).toBe("2026-09-30 22:00:00");
  });

  test.each<[string, string, number, number, number, string]>([
    // The same offset at both ends, another in between.
    ["a year", "Europe/Berlin", Date.UTC(2025, 11, 31, 23), Date.UTC(2026, 11, 31, 23), 1, " +01:00"],
    ["a quarter with one change", "Europe/Berlin", Date.UTC(2026, 8, 30, 22), Date.UTC(2026, 11, 31, 23), 1, " +01:00"],
    // Ramadan, 15 February to 22 March 2026.
    [
      "a quarter with a month of its own",
      "Africa/Casablanca",
      Date.UTC(2025, 11, 31, 23),
      Date.UTC(2026, 2, 31, 23),
      0,
      " +00:00",
    ],
    ["a year without changes", "Asia/Shanghai", Date.UTC(2025, 11, 31, 16), Date.UTC(2026, 11, 31, 16), 8, ""],
  ])("say the offset throughout %s", (_, zone, from, to, hours, tail) => {
    const at = zone === "Africa/Casablanca" ? Date.UTC(2026, 2, 1, 2, 30) : Date.UTC(2026, 9, 25, 1, 30);
    const date = new Date(at + hours * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
    expect(periodClock(zone, from, to).minute(at)).toBe(`${date}${tail}`);
  });

  it("count the minutes that really pass: the month has an hour more", () => {
    const whole = fixtures.kept();
    const period = {
      ...whole.period,
      zone: "Europe/Berlin",
      from: Date.UTC(2026, 8, 30, 22),
      to: Date.UTC(2026, 9, 31, 23),
    };
    expect(flat(viewOf({ ...whole, period: { ...period, through: period.to } }).period[1] ?? "")).toBe(
      "44,700 minutes",
    );
  });
});

describe("what is stored", () => {
  const whole = stored(fixtures.breached(), MONEY);

  test.each<[string, string]>([
    ["a changed body", whole.body.replace("lin@example.com", "eve@example.com")],
    ["no JSON", "{"],
    ["an empty text", ""],
  ])("is an error as %s, never an empty report", (_, body) => {
    expect(() => parseReport(whole, body)).toThrow("does not have the hash");
  });

  test.each(["[]", "null", "{}", '{"version":2}', '{"version":1,"segments":{}}'])(
    "is an error as %s with a right hash",
    (body) => {
      const hash = createHash("sha256").update(body).digest("hex");
      expect(() => parseReport({ ...whole, hash }, body)).toThrow("is not of version 1");
    },
  );

  test.each(["{", "[]", "{}", '{"fee":1,"owed":"2","currency":"CNY"}', '{"fee":1,"owed":2,"currency":"<b>"}'])(
    "has no amounts in %s",
    (money) => {
      expect(() => parseMoney({ ...whole, money })).toThrow("money of report messaging 2026-10");
    },
  );

  it("gives back what was put in", () => {
    expect(parseReport(whole, whole.body)).toEqual(fixtures.breached());
    expect(parseMoney(whole)).toEqual(MONEY);
    expect(parseMoney({ ...whole, money: null })).toBeNull();
  });
});
