// Aim: the front page says what goes on, what was promised and what is over, in this order, in both languages, and nothing that it does not
// know. Method: front rows with parts, read as a person reads the page; views of single parts by tables; hostile names.

import { describe, expect, test } from "vitest";

import type { FrontIncident } from "../../workers/incidents/front-parts.ts";
import type { PrintableQuantile } from "../../workers/results/snapshot-shape.ts";
import type { BoardObjective } from "../../workers/sla/board.ts";
import { boardViews } from "../../status-page/board-view.ts";
import { TREND, trendView } from "../../status-page/trend.ts";
import { frontSaidOf, wordsOf } from "../../status-page/words/languages.ts";
import { frontRow, NOW, region, snapshot } from "./fixtures.ts";
import {
  boardObjective,
  boardPart,
  frontIncident,
  frontMaintenance,
  incidentsPart,
  maintenancePart,
  pastIncident,
} from "./part-fixtures.ts";
import { missing, read, text, world } from "./world.ts";

const MINUTE = 60_000;
const ROW = frontRow([snapshot([region(2)])], NOW - 2000, [
  incidentsPart([frontIncident()], [pastIncident()]),
  maintenancePart(),
  boardPart(),
]);
const NEVER = {
  list: () => Promise.reject(new Error("not asked")),
  story: () => Promise.reject(new Error("not asked")),
};

describe("the front page", () => {
  test.each([
    [
      "/en",
      [
        "Outage of",
        "for 30 min",
        "79 of 120 messages lost or refused",
        "Maintenance: Broker upgrade",
        "Announced: 2026-11-23",
        "Promised and measured",
        "Gold, 2026-11",
        "99.95",
        "28.2",
        "Past incidents",
        "All incidents",
        "lasted 40 min",
      ],
    ],
    [
      "/zh",
      [
        "120 条消息中有 79 条丢失或被拒绝",
        "维护： 升级消息代理",
        "已公告",
        "承诺与实测",
        "金牌，2026-11",
        "历史事件",
        "全部事件",
      ],
    ],
  ])("%s says it in this order", async (path, sayings) => {
    const page = await read(await world(ROW, { incidents: NEVER }).get(path));
    expect(missing(page, ...sayings)).toEqual([]);
    const places = sayings.map((saying) => page.indexOf(saying));
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  test("reads one row, and asks nobody about incidents", async () => {
    const w = world(ROW, { incidents: NEVER });
    expect((await w.get("/en")).status).toBe(200);
    expect([w.reads, w.reports]).toEqual([1, []]);
  });

  test("says nothing of what is not there: no board, no news, no claim of peace", async () => {
    const page = await read(await world(frontRow([snapshot([region(2)])])).get("/en"));
    for (const words of ["Promised and measured", "Going on now", "Maintenance", "Past incidents"])
      expect(page).not.toContain(words);
  });

  const CUT = "Not all of it fits here";
  const NONE = "No incident of the last 90 days is kept";
  const long = (change: Partial<FrontIncident>) => pastIncident({ resolved_at: NOW - 91 * 86_400_000, ...change });
  test.each<[string, string, boolean, boolean]>([
    ["nothing ever was", frontRow([snapshot([region(2)])]).body, false, true],
    [
      "all of it is over for 91 days, and nobody has written since",
      frontRow([snapshot([region(2)])], NOW, [incidentsPart([], [long({})])]).body,
      false,
      true,
    ],
    [
      "its part did not fit",
      JSON.stringify({ version: 2, snapshots: [snapshot([region(2)])], parts: [], left_out: ["incidents/rtm"] }),
      true,
      false,
    ],
    [
      "more go on than are kept",
      frontRow([snapshot([region(2)])], NOW, [{ ...incidentsPart(), more: 3 }]).body,
      true,
      false,
    ],
    ["it was composed before there were parts", JSON.stringify([snapshot([region(2)])]), true, false],
    [
      "eleven windows in a week",
      frontRow([snapshot([region(2)])], NOW, [
        maintenancePart(
          Array.from({ length: 11 }, (_, i) => {
            const fromAt = NOW + (i + 1) * 3_600_000;
            return frontMaintenance({ id: `rtm-m${i}`, window: { kind: "once", fromAt, toAt: fromAt + 60_000 } });
          }),
        ),
      ]).body,
      true,
      true,
    ],
  ])("says that there was nothing only where it knows: %s", async (_name, body, isCut, isNone) => {
    const page = await read(await world({ composedAt: NOW - 2000, body }, { incidents: NEVER }).get("/en"));
    expect([page.includes(CUT), page.includes(NONE)]).toEqual([isCut, isNone]);
  });

  test("says that some contracts did not fit, with and without others beside them", async () => {
    for (const parts of [[], [boardPart()]]) {
      const body = JSON.stringify({ version: 2, snapshots: [snapshot([region(2)])], parts, left_out: ["board/x"] });
      const page = await read(await world({ composedAt: NOW, body }).get("/en"));
      expect(missing(page, "Promised and measured", "Not every contract fits here")).toEqual([]);
      expect(page).not.toContain(CUT);
    }
    expect(await read(await world(ROW).get("/en"))).not.toContain("Not every contract");
  });

  test("a target's page has its own news only", async () => {
    const other = frontIncident({ id: "push-3", sentence: { en: "PUSH IS BAD", zh: "推送异常" } });
    const row = frontRow([snapshot([region(2)]), snapshot([region(3)], { target: "push" })], NOW - 2000, [
      incidentsPart(),
      incidentsPart([other], [], "push"),
    ]);
    const page = await read(await world(row).get("/en/targets/push"));
    expect(page).toContain("PUSH IS BAD");
    expect(page).not.toContain("79 of 120");
    expect(missing(await read(await world(row).get("/en")), "PUSH IS BAD", "79 of 120")).toEqual([]);
  });

  test.each<[string, Partial<FrontIncident>, readonly string[], readonly string[]]>([
    ["nobody has said anything", {}, ["30 min"], ["Identified"]],
    [
      "somebody has",
      {
        published_at: NOW - 20 * MINUTE,
        statement: { at: NOW - 20 * MINUTE, statement: "identified", text: { en: "A **broken** cable." } },
      },
      ["Identified, 2026-11-22 11:40:17 UTC", "A broken cable."],
      ["**"],
    ],
    ["good again", { state: "restored", bad_regions: [], impact_end: NOW - MINUTE }, ["not declared over yet"], []],
    ["most regions", { scope: "global" }, ["Western Europe"], []],
  ])("an incident: %s", async (_name, change, sayings, unsaid) => {
    const row = frontRow([snapshot([region(2)])], NOW - 2000, [incidentsPart([frontIncident(change)])]);
    const page = await read(await world(row).get("/en"));
    expect(missing(page, ...sayings)).toEqual([]);
    for (const words of unsaid) expect(page).not.toContain(words);
  });

  test("maintenance: under way, called off, too far ahead, without a title", async () => {
    const once = (from: number, to: number) => ({ kind: "once", fromAt: from, toAt: to }) as const;
    const records = [
      frontMaintenance({ id: "rtm-m1", window: once(NOW - MINUTE, NOW + MINUTE), title: {}, regions: ["weur"] }),
      frontMaintenance({ id: "rtm-m2", title: { en: "CALLED OFF" } }),
      frontMaintenance({ id: "rtm-m3", withdraws: "rtm-m2", recorded_at: NOW - MINUTE }),
      frontMaintenance({ id: "rtm-m4", title: { en: "FAR AHEAD" }, window: once(NOW + 9e8, NOW + 9.1e8) }),
    ];
    const row = frontRow([snapshot([region(2)])], NOW - 2000, [maintenancePart(records)]);
    const page = await read(await world(row).get("/en"));
    expect(missing(page, "Announced maintenance", "Under way, until 2026-11-22 12:01:17 UTC")).toEqual([]);
    expect(page).not.toMatch(/CALLED OFF|FAR AHEAD/);
  });

  test("hostile words of people are text", async () => {
    const evil = `</h2><script>alert(1)</script>\u202e<img src=x onerror=alert(1)>[x](javascript:alert(1))`;
    const statement = { at: NOW, statement: "identified", text: { en: evil } } as const;
    const row = frontRow([snapshot([region(2)])], NOW - 2000, [
      incidentsPart([frontIncident({ statement, sentence: { en: evil, zh: evil } })], [pastIncident()]),
      maintenancePart([frontMaintenance({ title: { en: evil } })]),
      boardPart({ label: { en: evil, zh: evil }, contract: `a"b`, period: { ...boardPart().period, name: evil } }),
    ]);
    for (const path of ["/en", "/zh"]) {
      const page = await text(await world(row).get(path));
      expect(page).not.toMatch(/<script>alert|<img src=x|href="javascript/);
      expect(page).not.toContain("\u202e");
    }
  });
});

describe("the board", () => {
  const rowOf = (change: Partial<BoardObjective>) => {
    const words = wordsOf("en");
    const board = boardPart({ objectives: [boardObjective(change)] });
    const [view] = boardViews([board], ["rtm"], { words, zone: "UTC", ...frontSaidOf("en") });
    const [row] = view?.rows ?? [];
    if (row === undefined) throw new Error("no row");
    return JSON.parse(JSON.stringify(row).replaceAll("\u00a0", " ").replaceAll("\u202f", " ")) as typeof row;
  };

  test("of slots: cut off, with the interval where minutes are unmeasured", () => {
    const row = rowOf({});
    expect(row.value).toMatch(/^99\.95\d? ?%$/);
    expect(row.notes.join(" ")).toMatch(/30,960 slots.*99\.93/);
    expect(row.evidence).toBeNull();
    expect(rowOf({ coverage: 1 }).notes).toHaveLength(1);
  });

  test("of messages: the evidence stands apart, with what is missing", () => {
    const row = rowOf({
      kind: "ratio",
      target: 0.9999,
      grade: "not_enough_evidence",
      more_good_needed: 12_345,
      low: null,
    });
    expect(row.more).toContain("12,345");
    expect(row.evidence?.sign).toBe("undetermined");
    expect(rowOf({ kind: "ratio", grade: "proven_met", more_good_needed: 0 }).more).toBeNull();
  });

  test("of little says no more than the little supports: digits, sample, and what is left at most", () => {
    const label = { en: "Tokyo", zh: "东京" };
    const tokyo = { id: "tyo", label, of: 4 };
    const row = rowOf({ region: tokyo, value: 0.2, sample: 5, low: 0.000_03, high: 0.999_878, coverage: 0.000_152 });
    expect([row.value, row.budget]).toEqual(["20 %", "≤ 28.2 min left of 43.2 min"]);
    expect(row.notes[1]).toBe("5 slots measured");
    expect(row.notes.join(" ")).toContain("0.0152 % measured");
    expect(row.budgetNotes[0]).toContain("≥ 0.48");
    expect(rowOf({ coverage: 1 }).budget).toBe("28.2 min left of 43.2 min");
    expect(rowOf({ coverage: 1 }).budgetNotes[0]).not.toContain("≥");
    expect(rowOf({ region: tokyo, value: null }).notes[0]).not.toContain("worst");
  });

  test("nothing measured is no figure, and has no budget", () => {
    expect(rowOf({ value: null, verdict: "no_data", contract_says: "no_data" })).toMatchObject({ budget: "–" });
    expect(rowOf({ value: null }).value).toBe(wordsOf("en").noData);
  });

  test("judged region by region, the worst is named with how many there are", () => {
    const label = { en: "Tokyo", zh: "东京" };
    expect(rowOf({ region: { id: "tyo", label, of: 11 } }).notes[0]).toBe("Tokyo, the worst of 11 regions");
  });
});

describe("thirty days in one line", () => {
  const said = { words: wordsOf("en"), front: frontSaidOf("en").front };
  const of = (...p99: readonly PrintableQuantile[]) =>
    trendView({ trend: p99.map((day) => [day === null ? null : 40, day] as const) }, "Tokyo", 200, said);

  test("has a gap where nothing was measured, and a mark where the rank falls among the lost", () => {
    const view = of(60, 70, null, { over_ms: 5000 }, null, 90);
    expect(view?.path.match(/M/g)).toHaveLength(2);
    expect(view?.dots.map(([, , isOver]) => isOver)).toEqual([true, false]);
    expect(view?.dots[0]?.[1]).toBe(1);
    expect(view?.summary.replaceAll("\u00a0", " ")).toBe(
      "P99 of the days: 60 ms to > 5 s; below 200 ms on 3 of 4 days. 2 days have none.",
    );
    // Rounded to whole ms: what is printed as the limit may be more than it.
    expect(of(199, 200)?.summary.replaceAll("\u00a0", " ")).toContain("below 200 ms on 1 of 2 days");
  });

  test("leads no line to what is lost, and shows what stands between as points", () => {
    const over = { over_ms: 5000 };
    expect(of(60, 70, over, 80, 90)?.path.match(/M/g)).toHaveLength(2);
    expect(of(over, 70, over)?.dots.map(([, y, isOver]) => [y > 1, isOver])).toEqual([
      [false, true],
      [true, false],
      [false, true],
    ]);
    expect(of(over, over)?.path).toBe("");
  });

  test("is in the picture whatever it was, and null where the row has none", () => {
    for (const worst of [1, 199, 200, 5_000, 4_000_000]) {
      const view = of(10, worst, 20);
      const numbers = (view?.path.match(/-?[\d.]+/g) ?? []).map(Number);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(TREND.width);
      expect(Math.min(...numbers, view?.limitY ?? -1)).toBeGreaterThanOrEqual(0);
    }
    expect(of()).toBeNull();
    expect(of(null, null)?.summary).toContain("No P99 on any of 2 days");
  });
});
